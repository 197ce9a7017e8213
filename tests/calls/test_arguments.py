"""What typed calls take, refuse by name, hold and let go; and that no arguments crash the interpreter."""

from __future__ import annotations

import array
import ctypes
import gc
import mmap
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import safe_calls
from any_arguments import EDGES, NEEDED, OTHERS, Bit, Descriptor, Integer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isolated import only_calls

from pysys import abi, calls, errors, numbers, parameters, structures
from pysys._native import ffi
from pysys.calls import _HANDWRITTEN, direct
from pysys.calls._make.build import is_made
from pysys.calls._make.in_python import typed_call
from pysys.calls._make.written import identifier
from pysys.flags import FcntlCommand, FutexOperation, PrctlOption
from pysys.policy.fate import fate

isolated = pytest.mark.isolated(timeout=60)
NOTHING = b"\xa5"
BITMAP = 16 if abi.current().bits == 64 else 12  # bytes of 65 bits, in longs


class Converted(Integer):
    """As numpy's numbers are."""

    def __int__(self) -> int:
        return self.value


@pytest.fixture
def file() -> Iterator[int]:
    with tempfile.TemporaryFile() as made:
        made.write(b"0123456789")
        made.flush()
        yield made.fileno()


# ---- descriptors and numbers ----


def test_descriptor(file: int) -> None:
    """A descriptor is an int, what has __index__, or what has fileno()."""
    ways: tuple[Any, ...] = (file, Integer(file), Descriptor(file))
    for one in ways:
        target = bytearray(4)
        assert direct.pread64(one, target, 4, 2) == 4
        assert target == b"2345"


@pytest.mark.parametrize("fd", ["1", b"1", 1.0, None, [], object()])
def test_no_descriptor(fd: Any) -> None:
    """Another object is refused by the parameter's name."""
    with pytest.raises(TypeError, match="fsync: fd must be an int or have fileno"):
        direct.fsync(fd)


def test_closed_object(tmp_path: pathlib.Path) -> None:
    """An object without a descriptor is a ValueError, its own refusal goes through."""
    with pytest.raises(ValueError, match="fd is a Descriptor without"):
        direct.fsync(Descriptor(-1))
    with pytest.raises(TypeError, match="fileno"):
        direct.fsync(Descriptor("x"))
    with open(tmp_path / "closed", "w") as closed:
        pass
    with pytest.raises(ValueError, match="closed file"):
        direct.fsync(closed)


@pytest.mark.parametrize("value", [1.5, "1", None, [], b"1"])
def test_no_number(value: Any) -> None:
    """A number is never guessed from something else."""
    with pytest.raises(TypeError, match="getpgid: pid must be an int"):
        direct.getpgid(value)


def bounds() -> list[tuple[str, str, int, int]]:
    """A call, its parameter, and what it may be at least and at most, for each type of numbers."""
    bits = abi.current().bits
    return [
        ("getpgid", "pid", -(1 << 31), (1 << 31) - 1),
        ("inotify_add_watch", "mask", 0, (1 << 32) - 1),
        ("pread64", "pos", -(1 << 63), (1 << 63) - 1),
        ("fanotify_mark", "mask", 0, (1 << 64) - 1),
        ("fchmod", "mode", 0, (1 << 16) - 1),
        ("read", "count", 0, (1 << bits) - 1),
        ("ftruncate", "length", -(1 << bits - 1), (1 << bits - 1) - 1),
    ]


@pytest.mark.parametrize(("name", "parameter", "low", "high"), bounds())
def test_bounds(name: str, parameter: str, low: int, high: int) -> None:
    """A number that the parameter's type holds is taken, one more or less is an error that names it."""
    known = [one.python for one in parameters.parameters(name, abi.current()) or ()]
    at = known.index(parameter)
    for value in (low, high, low - 1, high + 1):
        args: list[Any] = list(safe_calls.safe(name)[0])
        args[at] = value
        fits = low <= value <= high
        if name == "getpgid":
            args = [value]
        if parameter == "count" and fits and value:  # more than there is space for
            with pytest.raises(ValueError, match="buf is 4096 bytes"):
                direct.read(*args)
        elif fits:
            with pytest.raises(errors.SyscallError):
                getattr(direct, name)(*args)
        else:
            with pytest.raises(OverflowError, match=f"{name}: {parameter}: "):
                getattr(direct, name)(*args)


def test_minus_one_id() -> None:
    """-1 leaves an id as it is, though ids have no sign; so does its unsigned form."""
    name = "fchown32" if "fchown32" in numbers.table() else "fchown"
    with tempfile.TemporaryFile() as made:
        assert getattr(direct, name)(made, -1, -1) == 0
        assert getattr(direct, name)(made, 0xFFFFFFFF, 0xFFFFFFFF) == 0


@pytest.mark.parametrize("flags", [0, Bit.NONE, False, Integer(0)])
def test_flags(flags: Any) -> None:
    """Flags are ints, members of enumerations, or what has __index__."""
    assert direct.getrandom(bytearray(4), 4, flags) == 4


def test_missing_and_further() -> None:
    """All parameters are required, and by keyword they have the kernel's names."""
    target = bytearray(4)
    assert direct.getrandom(ubuf=target, len=4, flags=0) == 4
    with pytest.raises(TypeError, match="flags"):
        direct.getrandom(target, 4)  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(TypeError, match="4 were given"):
        direct.getrandom(target, 4, 0, 0)  # type: ignore[call-arg]  # wrong on purpose


# ---- paths and strings ----


def test_path(tmp_path: pathlib.Path) -> None:
    """A path is str, bytes or os.PathLike."""
    forms: tuple[Callable[[pathlib.Path], Any], ...] = (str, os.fsencode, pathlib.Path)
    for number, form in enumerate(forms):
        made = tmp_path / f"{number} é\udcff"
        assert direct.mkdirat(-100, form(made), 0o700) == 0
        assert made.is_dir()


@pytest.mark.parametrize(
    ("path", "error", "text"),
    [
        ("a\0b", ValueError, "pathname contains a null"),
        (b"a\0", ValueError, "pathname contains a null"),
        (None, TypeError, "pathname must not be None"),
        (1, TypeError, "pathname must be str, bytes or a path"),
        (bytearray(b"x"), TypeError, "pathname must be"),
    ],
)
def test_no_path(path: Any, error: type[Exception], text: str) -> None:
    """What is not a path, or has a null byte within, is refused by name."""
    with pytest.raises(error, match=f"mkdirat: {text}"):
        direct.mkdirat(-100, path, 0o700)


def test_string() -> None:
    """A string that is not a path is str or bytes, and no os.PathLike."""
    for name in ("pysys", b"pysys"):
        os.close(direct.memfd_create(name, 0))
    with pytest.raises(TypeError, match="memfd_create: uname must be str or bytes"):
        direct.memfd_create(pathlib.Path("pysys"), 0)  # type: ignore[arg-type]  # wrong on purpose


def test_path_in_error() -> None:
    """The error has the paths that were given, as they were given."""
    with pytest.raises(errors.ENOENT) as caught:
        direct.renameat2(-100, "/nonexistent/a", -100, b"/nonexistent/b", 0)
    assert (caught.value.filename, caught.value.filename2) == ("/nonexistent/a", b"/nonexistent/b")
    assert caught.value.syscall == "renameat2"


def test_strings() -> None:
    """An array of strings is a sequence of str and bytes, no string itself."""
    ways: tuple[Any, ...] = ([], ["a", b"b"], ("a",), None)
    for argv in ways:
        with pytest.raises(errors.ENOENT):
            direct.execve(safe_calls.NOWHERE, argv, [])
    # Once gone through, an iterator is empty: the call would be made with no strings.
    several: tuple[Any, ...] = ("ls", b"ls", 5, [5], ["a\0b"], {"A": "b"}, {"ls"}, iter(["ls"]))
    for wrong in several:
        with pytest.raises((TypeError, ValueError), match="execve: argv"):
            direct.execve(safe_calls.NOWHERE, wrong, [])


# ---- memory ----


@pytest.mark.parametrize(
    "make",
    [
        bytearray,
        lambda size: memoryview(bytearray(size)),
        lambda size: array.array("B", bytes(size)),
        lambda size: (ctypes.c_char * size)(),
        lambda size: ffi.new("char[]", size),
        lambda size: mmap.mmap(-1, size),
    ],
)
def test_out(make: Callable[[int], Any], file: int) -> None:
    """Memory that the kernel writes to is any writable buffer or C array."""
    target = make(8)
    assert direct.pread64(file, target, 8, 1) == 8
    assert bytes(ffi.buffer(target) if isinstance(target, ffi.CData) else target) == b"12345678"


@pytest.mark.parametrize("target", [bytes(8), memoryview(bytes(8)), memoryview(bytearray(16))[::2]])
def test_out_refused(target: Any, file: int) -> None:
    """Memory that may not be written to, or is not in one piece, is refused by name."""
    with pytest.raises(TypeError, match="pread64: buf"):
        direct.pread64(file, target, 8, 0)


@pytest.mark.parametrize("target", [None, 5, "text", object(), [1, 2]])
def test_no_memory(target: Any, file: int) -> None:
    """An object without memory is refused by name."""
    with pytest.raises(TypeError, match="pread64: buf must"):
        direct.pread64(file, target, 8, 0)


@pytest.mark.parametrize(
    ("name", "args", "parameter"),
    [
        ("pread64", (-1, bytearray(7), 8, 0), "buf"),
        ("pread64", (-1, ffi.new("char[]", 7), 8, 0), "buf"),
        ("pread64", (-1, memoryview(bytearray(7)), 8, 0), "buf"),
        ("pread64", (-1, ffi.new("int *"), 8, 0), "buf"),
        ("pread64", (-1, ffi.new("int[2]"), 9, 0), "buf"),
        ("write", (-1, b"1234567", 8), "buf"),
        ("getrandom", (bytearray(), 1, 0), "ubuf"),
        ("pipe2", (bytearray(7), 0), "fildes"),
        ("uname", (bytearray(389),), "name"),
        ("epoll_pwait", (-1, bytearray(23), 2, 0, None, 8), "events"),
        ("writev", (-1, structures.iovec.array(1), 2), "vec"),
        ("statx", (-1, "/", 0, 0, bytearray(255)), "buffer"),
        ("openat2", (-1, "/", bytearray(23), 24), "how"),
        ("mincore", (0, mmap.PAGESIZE * 4 + 1, bytearray(4)), "vec"),
        ("getpeername", (-1, bytearray(15), bytearray(struct.pack("i", 16))), "usockaddr"),
        ("lsm_list_modules", (bytearray(8), bytearray(b"\xff" * 4), 0), "ids"),
        ("lsm_get_self_attr", (100, bytearray(8), bytearray(b"\xff" * 4), 0), "ctx"),
        ("bpf", (11, bytearray(4), 4, None, 0), "uattr"),
        ("getgroups", (2, bytearray(3)), "grouplist"),
        ("set_mempolicy", (0, bytearray(BITMAP - 1), 66), "nmask"),
        ("ppoll", (bytearray(15), 2, None, None, 8), "ufds"),
        ("pselect6", (65, bytearray(BITMAP - 1), None, None, structures.timespec(), None), "inp"),
        ("utimensat", (-1, "/", bytearray(15), 0), "utimes"),
        ("msgrcv", (-1, bytearray(11 if abi.current().bits == 64 else 7), 4, 0, 0), "msgp"),
        ("process_vm_readv", (1, structures.iovec.array(1), 2, b"", 0, 0), "lvec"),
    ],
)
def test_short(name: str, args: tuple[Any, ...], parameter: str) -> None:
    """Memory that is shorter than the other arguments say is refused, with both lengths."""
    if parameter == "utimes" and abi.current().bits == 32:
        parameter = next(one.python for one in parameters.parameters(name, abi.current()) or () if one.points)
    with pytest.raises(
        ValueError, match=rf"{name}: {parameter} is \d+ bytes long, but \w+( \w+)? (is|uses) \d+"
    ):
        getattr(direct, name)(*args)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("set_mempolicy", (-1, bytearray(BITMAP), 66)),
        ("set_mempolicy", (-1, bytearray(8), 65)),
        ("mincore", (1, mmap.PAGESIZE + 1, bytearray(2))),
        ("msgrcv", (-1, bytearray(4 + abi.current().bits // 8), 4, 0, 0)),
        ("epoll_pwait", (-1, bytearray(structures.epoll_event.nbytes * 2), 2, 0, None, 8)),
        ("writev", (-1, structures.iovec.array(2), 2)),
        ("pread64", (-1, bytearray(8), 8, 0)),
        ("utimensat", (-1, safe_calls.NOWHERE, None, 0)),
    ],
)
def test_just_long_enough(name: str, args: tuple[Any, ...]) -> None:
    """Memory of exactly the length that the other arguments say goes to the kernel."""
    with pytest.raises(errors.SyscallError):
        getattr(direct, name)(*args)


def test_null(file: int) -> None:
    """None is NULL where that is allowed, and a pointer may be NULL everywhere."""
    assert direct.getcpu(None, None, None) == 0
    with pytest.raises(TypeError, match="uname: name must not be None"):
        direct.uname(None)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(errors.EFAULT):
        direct.uname(ffi.NULL)


class Narrow(Converted):
    """A number of 8 bits, as numpy has them."""

    def __mul__(self, other: int) -> Narrow:
        return Narrow(self.value * other & 0xFF)

    def __gt__(self, other: int) -> bool:
        return self.value > other


def test_narrow_count() -> None:
    """How much memory there must be is counted in ints, whatever the number is."""
    with pytest.raises(ValueError, match=f"(is|uses) {32 * structures.iovec.nbytes}$"):
        direct.readv(-1, bytearray(0), Narrow(32))  # type: ignore[arg-type]  # wrong on purpose


def test_array_of_wide_numbers(file: int) -> None:
    """An array of CFFI has as many bytes as its numbers together."""
    for count, kind in ((2, "long long[1]"), (8, "int[2]"), (8, "int[8]"), (8, "long long *")):
        target = ffi.new(kind)
        assert direct.pread64(file, target, count, 0) == count
        assert ffi.buffer(target, count)[:] == b"01234567"[:count]


def test_wrong_pointer() -> None:
    """A pointer to something else is refused by name."""
    with pytest.raises(TypeError, match="fstat"):
        direct.fstat(0, ffi.new("int *"))


def test_structures() -> None:
    """Structures, their arrays, and sequences of structures that are read."""
    read, write = os.pipe()
    try:
        pieces = [structures.iovec(iov_base=piece, iov_len=len(piece)) for piece in (b"abc", b"de")]
        assert direct.writev(write, pieces, 2) == 5
        assert direct.writev(write, structures.iovec.array(pieces), 2) == 5
        assert direct.writev(write, tuple(pieces), 1) == 3
        assert os.read(read, 100) == b"abcdeabcdeabc"
        with pytest.raises(ValueError, match="writev: vec is"):
            direct.writev(write, pieces, 3)
        with pytest.raises(TypeError, match="writev: vec"):
            direct.writev(write, [b"abc"], 1)  # type: ignore[list-item]  # wrong on purpose
    finally:
        os.close(read)
        os.close(write)


@pytest.mark.parametrize("name", sorted(set(numbers.table()) - safe_calls.IN_CHILD))
def test_nothing_beyond(name: str) -> None:
    """What a call writes ends where the parameter's memory ends."""
    known = parameters.parameters(name, abi.current()) or ()
    if fate(name).refusal or not any(one.direction in ("out", "inout") for one in known):
        return
    args, filled = list(safe_calls.safe(name)[0]), []
    for index, one in enumerate(known):
        if one.direction in ("out", "inout") and isinstance(args[index], bytearray):
            size = least(name, args, index)
            target = bytearray(size) + NOTHING * 4096
            args[index] = memoryview(target)[:size]
            filled.append((one.python, target, size))
    try:
        result = getattr(direct, name)(*args)
    except errors.SyscallError:
        pass
    else:
        if name in safe_calls.OPENS:
            os.close(result)
    for parameter, target, size in filled:
        assert target[size:] == NOTHING * 4096, parameter


def least(name: str, args: list[Any], index: int) -> int:
    """How many bytes a call wants at an argument: the shortest that are not refused for being short."""
    low, high = 0, 8192
    while low < high:
        middle = (low + high) // 2
        if is_short(name, args, index, middle):
            low = middle + 1
        else:
            high = middle
    return low


def is_short(name: str, args: list[Any], index: int, size: int) -> bool:
    from pysys.arguments import typed

    call = typed_call(name)
    try:
        typed.memory(bytearray(size), call.places[index], call.needs(*args)[index])
    except ValueError:
        return True
    return False


# ---- what is held ----


@pytest.mark.parametrize("length", [4, 5])
def test_not_locked(length: int) -> None:
    """While the exception lives, the memory can be resized: a traceback holds nothing."""
    target = bytearray(4)
    with pytest.raises((errors.EBADF, ValueError)) as caught:
        direct.pread64(-1, target, length, 0)
    target.extend(bytes(100))
    assert caught.value.__traceback__ is not None


def test_not_locked_by_wrong_argument() -> None:
    """Nor does the refusal of another argument."""
    target = bytearray(4)
    with pytest.raises(TypeError) as caught:
        direct.pread64(-1, target, 4, "x")  # type: ignore[arg-type]  # wrong on purpose
    target.extend(bytes(100))
    assert "pos must be an int" in str(caught.value)


def test_not_locked_by_word() -> None:
    """Nor does a buffer that stands for a word."""
    target = bytearray(4)
    with pytest.raises(errors.EBADF) as caught:
        direct.ioctl(-1, 0, target)
    target.extend(bytes(100))
    assert caught.value.syscall == "ioctl"


# ---- words and addresses ----


def test_not_locked_by_handler() -> None:
    """Nor does the exception of a signal's handler, in the first round of a call or in a later one."""
    read, write = os.pipe()
    for rounds in (1, 2):
        target = bytearray(4)
        left = iter(range(rounds, 0, -1))

        def handler(*_: object, left: Iterator[int] = left) -> None:
            if next(left, None) == 1:
                raise InterruptedError

        old = signal.signal(signal.SIGALRM, handler)
        try:
            with pytest.raises(InterruptedError) as caught:
                signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
                direct.read(read, target, 4)
            signal.setitimer(signal.ITIMER_REAL, 0)
            target.extend(bytes(100))
            assert caught.value.__traceback__ is not None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, old)
    os.close(read)
    os.close(write)


def test_word_does_not_write_to_bytes() -> None:
    """Bytes that stand for a word are refused where the command is known to write, else copied."""
    text = b"x" * 20
    with pytest.raises(TypeError, match="prctl: arg2 must be a writable buffer, such as a bytearray"):
        direct.prctl(16, text, 0, 0, 0)  # PR_GET_NAME
    with pytest.raises(errors.EINVAL):
        direct.prctl(9999, text, 0, 0, 0)
    assert text == b"x" * 20


def test_negative_result() -> None:
    """A negative result that is not an errno is a result."""
    fd = os.open("/proc/self/mem", os.O_RDONLY)
    try:
        position = -(1 << 20)
        assert direct.lseek(fd, position, os.SEEK_SET) == position
    finally:
        os.close(fd)


def test_word() -> None:
    """A word is an int with or without sign, None, memory, a structure or a string."""
    bits = abi.current().bits
    some = structures.winsize() if hasattr(structures, "winsize") else structures.timespec()
    taken: tuple[Any, ...] = (
        0,
        -1,
        (1 << bits) - 1,
        None,
        bytearray(8),
        b"text",
        "text",
        some,
        Integer(7),
        ffi.NULL,
        Bit.ONE,
    )
    for arg in taken:
        with pytest.raises(errors.EBADF):
            direct.ioctl(-1, 0, arg)
    for wrong in (1.5, object(), {}):
        with pytest.raises(TypeError, match="ioctl: arg must be"):
            direct.ioctl(-1, 0, wrong)  # type: ignore[arg-type]  # wrong on purpose
    for far in (1 << bits, -(1 << bits - 1) - 1):
        with pytest.raises(OverflowError, match="ioctl: arg: "):
            direct.ioctl(-1, 0, far)


def test_address() -> None:
    """An address comes back as mmap gives it, and goes in as an int or as the memory itself."""
    # s390x's own mmap takes one argument: calls has one with six.
    mapped = direct.mmap2 if "mmap2" in numbers.table() else calls.mmap
    place = mapped(None, 8192, 3, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    assert place > 0
    assert place % 4096 == 0
    target = bytearray(2)
    assert direct.mincore(place, 8192, target) == 0
    assert direct.madvise(ffi.cast("char *", place), 8192, 4) == 0
    assert direct.munmap(place, 8192) == 0
    with pytest.raises(errors.ENOMEM):
        direct.mincore(place, 4096, target)


# ---- signals ----


def test_handler_raises_type_error() -> None:
    """A TypeError out of a signal's handler ends the call: it is not taken for a refused argument."""
    read, write = os.pipe()
    calls = []

    def handler(*_: object) -> None:
        calls.append(1)
        raise TypeError("from the handler")

    old = signal.signal(signal.SIGALRM, handler)
    try:
        with pytest.raises(TypeError, match="from the handler"):
            signal.setitimer(signal.ITIMER_REAL, 0.05, 2)  # a second read would be seen
            direct.read(read, bytearray(1), 1)
        assert calls == [1]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
        os.close(read)
        os.close(write)


def test_interrupted_and_made_again() -> None:
    """A read that a handler interrupts goes on; a sleep does not: EINTR, as with syscall()."""
    read, write = os.pipe()
    thread = threading.Timer(0.15, os.write, (write, b"x"))
    seen = []
    old = signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
    try:
        thread.start()
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
        target = bytearray(1)
        assert direct.read(read, target, 1) == 1
        assert target == b"x"
        assert seen
        kind, name = (
            (structures.timespec, "clock_nanosleep_time64")
            if "clock_nanosleep_time64" in numbers.table()
            else (structures.timespec, "clock_nanosleep")
        )
        with pytest.raises(errors.EINTR):
            getattr(direct, name)(1, 0, kind(tv_sec=20), None)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
        thread.join()
        os.close(read)
        os.close(write)


# ---- defaults ----


def test_the_last_arguments_may_be_omitted(tmp_path: pathlib.Path) -> None:
    """What most callers do not use has a default in pysys.calls: the calls do what they do with zeros."""
    assert calls.prctl(PrctlOption.PR_GET_DUMPABLE) == direct.prctl(3, 0, 0, 0, 0)
    assert calls.prctl(PrctlOption.PR_GET_NO_NEW_PRIVS) in (0, 1)
    with open(tmp_path / "file", "w") as file:
        assert calls.fcntl(file, FcntlCommand.F_GETFD) == 1  # FD_CLOEXEC
        assert calls.fcntl(file, FcntlCommand.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
        calls.ioctl(file, termios.FIONCLEX)
        assert not calls.fcntl(file, FcntlCommand.F_GETFD)
    assert calls.futex(bytearray(4), FutexOperation.FUTEX_WAKE, 1) == 0
    assert calls.futex(array.array("i", [5]), FutexOperation.FUTEX_WAKE | 128, 1) == 0
    calls.renameat2(-100, tmp_path / "file", -100, tmp_path / "new")
    assert os.listdir(tmp_path) == ["new"]
    opened = calls.openat(-100, tmp_path / "new", os.O_RDONLY | os.O_CLOEXEC)
    os.close(opened)
    calls.unlinkat(-100, tmp_path / "new")
    with pytest.raises((errors.EPERM, errors.ENOENT)):
        calls.mount("none", tmp_path / "missing", "tmpfs")
    with pytest.raises((errors.EINVAL, errors.EPERM, errors.ENOSYS)):
        calls.bpf(0x7F, bytearray(64), 64)
    with pytest.raises((errors.EINVAL, errors.EPERM, errors.ENOSYS)):
        direct.bpf(0x7F, bytearray(64), 64)


def test_direct_has_the_kernels_parameters() -> None:
    """calls.direct makes nobody's choices: only what a newer kernel added may be omitted there."""
    for name, args in {
        "fcntl": (0, 1),
        "prctl": (3,),
        "mount": ("none", "/nonexistent/pysys", "tmpfs"),
        "futex": (bytearray(4), 1, 1),
        "renameat2": (-100, "a", -100, "b"),
        "sethostname": (b"box",),
    }.items():
        with pytest.raises(TypeError, match=r"missing .* required positional argument"):
            getattr(direct, name)(*args)
    assert direct.bpf.__defaults__ == (None, 0)
    for name in sorted(numbers.calls() - {"bpf"}):
        assert getattr(direct, identifier(name)).__defaults__ is None, name


def test_what_has_no_default_is_required() -> None:
    """A parameter that says what is done, or to what, cannot be omitted."""
    for name, args in {
        "acct": (),
        "dup3": (0, 1),
        "listen": (0,),
        "fcntl": (0,),
        "utimensat": (-100, "x"),
        "lseek": (0, 0),
        "kill": (0,),
    }.items():
        with pytest.raises(TypeError, match=r"missing .* required positional argument"):
            getattr(calls, name)(*args)


class AuditedError(Exception):
    """Of a hook, so that the call is not made."""


@isolated
def test_no_default_changes_what_the_kernel_gets() -> None:
    """Of every call that has some: for omitted arguments it is passed zeros and None."""
    seen: list[tuple[object, ...]] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "pysys.syscall":
            seen.append(args[1])
            raise AuditedError

    sys.addaudithook(hook)
    checked = set()
    for name in sorted(numbers.table()):
        known = parameters.parameters(name, abi.current()) or ()
        omitted = sum(bool(one.default) for one in known)
        becomes = fate(name)
        if not omitted or name in _HANDWRITTEN or becomes.replacement or becomes.unmade():
            continue
        function = getattr(calls, name)
        zeros = tuple(None if one.default == "NULL" else 0 for one in known[len(known) - omitted :])
        assert is_made(function) and function.__defaults__ == zeros, name  # as fast as direct's
        assert function.parameters == tuple(one.python for one in known), name
        checked.add(name)
        if "quiet" not in parameters.behaviour(name):
            first = safe_calls.safe(name)[0][: len(known) - omitted]
            with pytest.raises(AuditedError):
                function(*first)
            assert seen.pop() == (*first, *zeros), name
    assert not seen
    assert {"kcmp", "mount", "futex"} & set(numbers.table()) <= checked | {"futex"}


# ---- audit, refusals, absence ----


@isolated
def test_audit() -> None:
    """A call is audited with its name and arguments before it is made; one that only looks is not."""
    seen = []
    sys.addaudithook(lambda event, args: seen.append(args) if event == "pysys.syscall" else None)
    direct.getpid()
    direct.umask(0o22)
    try:
        direct.kill(-1, "x")  # type: ignore[arg-type]  # wrong on purpose
    except TypeError:
        pass
    assert seen == [("umask", (0o22,)), ("kill", (-1, "x"))]


@isolated
def test_audit_refuses() -> None:
    """An audit hook that raises prevents the call."""

    def hook(event: str, args: object) -> None:
        if event == "pysys.syscall":
            raise PermissionError("audited")

    old = os.umask(0o22)
    sys.addaudithook(hook)
    try:
        direct.umask(0o77)
    except PermissionError as error:
        assert str(error) == "audited"
    else:
        raise AssertionError("not prevented")
    assert os.umask(old) == 0o22


def test_refused_value() -> None:
    """What this process must not do is refused, by whatever form of the argument."""
    ends: tuple[Any, ...] = (0x1000, Integer(0x1000))
    for value in ends:
        with pytest.raises(errors.RefusedError, match="mmap"):
            direct.brk(value)
    assert direct.brk(None) == direct.brk(0) > 0
    if "arch_prctl" in numbers.table():
        options: tuple[Any, ...] = (0x1002, Integer(0x1002), True * 0x1002, Converted(0x1002))
        for value in options:
            with pytest.raises(errors.RefusedError, match="ARCH_SET_FS"):
                direct.arch_prctl(value, 0)


def test_absent() -> None:
    """A call of other ABIs exists and says so when it is made; a name without an ABI is not an attribute."""
    other = next(name for name in ("sync_file_range2", "sync_file_range") if name not in numbers.table())
    with pytest.raises(errors.NoNumber, match="exists on"):
        getattr(direct, other)(*(parameters.parameters(other) or ()))
    with pytest.raises(AttributeError, match="getppid"):
        direct.getpppid  # type: ignore[attr-defined]  # noqa: B018  # wrong on purpose


# ---- types ----


@pytest.mark.slow
def test_mypy(tmp_path: pathlib.Path) -> None:
    """Arguments of a wrong type are errors of mypy, right ones are not."""
    pytest.importorskip("mypy")
    good = [
        "d.pread64(0, bytearray(4), 4, 0)",
        'd.mkdirat(0, "x", 0)',
        "d.uname(structures.utsname())",
        "d.getpid()",
    ]
    bad = [
        'd.pread64("0", bytearray(4), 4, 0)',
        "d.mkdirat(0, 5, 0)",
        "d.uname(5)",
        "d.getpid(1)",
        "d.pipe2([1], 0)",
    ]
    script = tmp_path / "typed.py"
    script.write_text(
        "\n".join(["from pysys import structures", "from pysys.calls import direct as d", *good, *bad])
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--no-error-summary",
            "--cache-dir",
            str(tmp_path),
            str(script),
        ],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    lines = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    first = 3 + len(good)
    assert lines == set(range(first, first + len(bad))), done.stdout + done.stderr


# ---- fuzz ----

ANYTHING = st.one_of(
    st.sampled_from(EDGES),
    st.integers(),
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=40),
    st.integers(0, len(OTHERS) - 1).map(OTHERS.__getitem__),
    st.lists(
        st.one_of(st.integers(), st.text(max_size=2), st.none(), st.just(structures.iovec())), max_size=3
    ),
)


def fuzzed() -> list[str]:
    return [
        name
        for name in sorted(numbers.table())
        if name not in NEEDED and parameters.parameters(name, abi.current())
    ]


@pytest.mark.slow
@pytest.mark.isolated(timeout=200)
def test_fuzz() -> None:
    """Whatever the arguments are: a documented exception. The kernel refuses all that gets to it."""
    names = fuzzed()
    counts = {name: len(parameters.parameters(name, abi.current()) or ()) for name in names}

    @settings(
        max_examples=int(os.environ.get("PYSYS_ROUNDS", "1500")),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(names))
        args = data.draw(st.lists(ANYTHING, min_size=counts[name], max_size=counts[name]))
        try:
            result = getattr(direct, name)(*args)
        except (errors.SyscallError, TypeError, ValueError, OverflowError):
            return
        raise AssertionError(f"{name} went through: {result}")

    gc.unfreeze()  # Hypothesis asks the collector who refers to its generator
    for name in names:
        getattr(direct, name)
    direct.getrandom(bytearray(1), 1, 0)
    only_calls([numbers.number(name) for name in NEEDED if name in numbers.table()], 1)
    run()


@pytest.mark.slow
@isolated
def test_mutations() -> None:
    """Each argument of each safe call, replaced by whatever there is: no crash, no other exception."""
    names = fuzzed()
    values: list[Any] = [*EDGES, None, 1.5, "x", b"x" * 9, bytearray(3), [], [1], object(), ffi.NULL]
    for name in names:
        getattr(direct, name)
    only_calls([numbers.number(name) for name in NEEDED if name in numbers.table()], 1)
    for name in names:
        args = safe_calls.safe(name)[0]
        for index in range(len(args)):
            for value in values:
                changed = [*args[:index], value, *args[index + 1 :]]
                try:
                    getattr(direct, name)(*changed)
                except (errors.SyscallError, TypeError, ValueError, OverflowError) as error:
                    assert str(error), name
                    if isinstance(error, (TypeError, OverflowError)):
                        assert str(error).startswith(f"{name}: "), (name, changed, error)
                else:
                    raise AssertionError(f"{name}{tuple(changed)} went through")
