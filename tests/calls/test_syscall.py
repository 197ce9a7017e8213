"""syscall: arguments, refusals, what a signal does to a call, errors, 64-bit arguments on 32-bit ABIs."""

from __future__ import annotations

import array
import ast
import builtins
import ctypes
import enum
import errno
import math
import mmap
import os
import pathlib
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import types
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import leftovers
import pytest
from any_arguments import Descriptor, Integer
from hypothesis import example, given
from hypothesis import strategies as st
from isolated import filter_calls, need_root, until
from patience import PATIENCE

from pysys import abi, calls, errors, metadata, numbers, syscall
from pysys import raw_in_python as way
from pysys._native import ffi
from pysys.arguments import bound, typed, words
from pysys.calls import direct
from pysys.calls._make import written as functions
from pysys.calls._make.in_python import convert
from pysys.policy import refusals, replacements, restart
from pysys.tables.wide import LAYOUTS

isolated = pytest.mark.isolated(timeout=30)
SIGSET = (signal.NSIG + 6) // 8  # bytes of the kernel's sigset_t: 16 on mips
on_64_bits = pytest.mark.skipif(abi.current().bits != 64, reason="the C long has 32 bits here")


@pytest.fixture
def memory_file() -> Iterator[int]:
    fd = syscall("memfd_create", "pysys", 0)
    yield fd
    os.close(fd)


def written(fd: int) -> bytes:
    size = os.fstat(fd).st_size
    return os.pread(fd, size, 0)


# ---- which call ----


def test_name_number_page() -> None:
    """A call is named by its name, its number or its page of the reference."""
    number = numbers.number("getppid")
    assert syscall("getppid") == os.getppid()
    for _ in range(2):
        assert syscall(number) == os.getppid()
        assert syscall(metadata.page("getppid")) == os.getppid()


def test_unknown_name() -> None:
    """A name that no ABI has is a LookupError that offers near misses."""
    with pytest.raises(numbers.UnknownCallError, match="getppid"):
        syscall("getpppid")


def test_absent_here() -> None:
    """A call that other ABIs have is a subclass of ENOSYS which says where it exists, and what to use."""
    other = "sync_file_range2" if "sync_file_range2" not in numbers.table() else "sync_file_range"
    with pytest.raises(errors.NoNumber, match="exists on") as caught:
        syscall(other)
    assert isinstance(caught.value, errors.ENOSYS)
    assert caught.value.errno == errno.ENOSYS
    assert caught.value.syscall == other
    assert f"use {replacements.find(other)}" in str(caught.value)


def test_absent_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where fork has no number, the error names pysys.fork."""
    monkeypatch.setattr(way, "_ABI", abi.get("aarch64"))
    monkeypatch.setattr(way, "_calls", {})
    with pytest.raises(errors.NoNumber, match=r"pysys\.fork"):
        syscall("fork")


def test_unknown_number() -> None:
    """A number that no table has goes to the kernel, whose errno names it."""
    with pytest.raises(errors.ENOSYS, match="3999"):
        syscall(3999)


@pytest.mark.parametrize("number", [-1, 1 << 31, (1 << 32) + 57, -(1 << 32) + 57, 1 << 64])
def test_number_out_of_bounds(number: int) -> None:
    """A number of more bits than kernels look at is a ValueError: it could end up as another call."""
    with pytest.raises(ValueError, match=r"syscall: call: \S+ is out of range \(0 to 2\*\*31 - 1\)"):
        syscall(number)


@pytest.mark.parametrize("call", [None, 39.0, [], b"getppid", object(), 110.0])
def test_no_call(call: Any) -> None:
    """What is neither a name nor a number nor a page is a TypeError, even if it equals a number."""
    syscall(numbers.number("getppid"))
    with pytest.raises(TypeError, match="call must be"):
        syscall(call)


# ---- refusals ----


@isolated
@pytest.mark.parametrize("name", sorted(refusals.REFUSED))
def test_refused_by_name(name: str) -> None:
    """What would end or corrupt the process is refused with the reason, and nothing happens."""
    if name in numbers.table():
        with pytest.raises(errors.RefusedError) as caught:
            syscall(name)
        assert caught.value.syscall == name
        reason, hint = refusals.REFUSED[name]
        assert reason in str(caught.value)
        assert str(caught.value).endswith(hint)
    else:
        with pytest.raises((errors.NoNumber, numbers.UnknownCallError)):
            syscall(name)


# The other ABIs whose numbers a process can use: x86's by a bit of the number, those of mips by its range.
ALSO = {
    "x86_64": ("x32",),
    "x32": ("x86_64",),
    "mips_o32": ("mips_n32", "mips_n64"),
    "mips_n32": ("mips_o32", "mips_n64"),
    "mips_n64": ("mips_o32", "mips_n32"),
}


@isolated
def test_refused_by_number() -> None:
    """A refused call cannot be had another way: neither by its number nor by another ABI's number for it."""
    tried = 0
    for other in (abi.current().name, *ALSO.get(abi.current().name, ())):
        for name in refusals.REFUSED:
            number = numbers.table(other).get(name)
            if number is None:
                continue
            for variant in {number, number | 0x40000000, number & ~0x40000000}:
                if other != abi.current().name and variant in numbers.table().values():
                    continue  # this ABI's own
                if abi.current().architecture != "x86" and variant != number:
                    continue
                tried += 1
                with pytest.raises(errors.RefusedError, match=str(variant)) as caught:
                    syscall(variant)
                assert caught.value.syscall == name
    assert tried >= len(refusals.REFUSED.keys() & numbers.table().keys()) > 4


@isolated
@pytest.mark.skipif(abi.current().name != "x86_64", reason="the numbers are those of x86_64 and x32")
@pytest.mark.parametrize(
    ("number", "name"),
    [
        (15, "rt_sigreturn"),
        (57, "fork"),
        (60, "exit"),
        (0x4000000F, "rt_sigreturn"),
        (0x40000039, "fork"),
        (0x40000201, "rt_sigreturn"),  # x32's own
        (0x40000212, "set_robust_list"),
    ],
)
def test_refused_numbers_of_x86(number: int, name: str) -> None:
    """The kernel of x86_64 takes x32's numbers from any process: their refused calls are refused, too."""
    with pytest.raises(errors.RefusedError, match=rf"make {name} \(number {number}\)"):
        syscall(number)


@isolated
def test_refused_numbers_of_arm() -> None:
    """Beyond its own calls ARM's kernel knows SIGILL alone; below, and elsewhere, there is ENOSYS."""
    is_arm = abi.current().name in refusals.FATAL_FROM
    with pytest.raises(errors.RefusedError if is_arm else errors.ENOSYS) as caught:
        syscall(0xF0800)
    if is_arm:
        assert "number 985088" in str(caught.value) and "SIGILL" in str(caught.value)
        with pytest.raises(errors.ENOSYS):
            syscall(0xF07FF)
        with pytest.raises(errors.RefusedError):
            syscall(1 << 20)


def test_refused_with_arguments() -> None:
    """Calls of which only some uses are refused: arch_prctl, prctl, brk."""
    heap = syscall("brk", 0)
    assert heap == syscall("brk")
    cases: list[tuple[Any, ...]] = [("brk", heap + 4096), ("brk", ffi.cast("void *", heap)), ("prctl", 75, 1)]
    if "arch_prctl" in numbers.table():
        cases += [("arch_prctl", code, 0) for code in (0x1002, 0x5001)]
    if abi.current().bits == 64 and "arch_prctl" in numbers.table():
        for code in (0x1002 | 7 << 32, 0x1002 - (1 << 63)):
            with pytest.raises(OverflowError, match=r"arch_prctl: option: .* is out of range"):
                syscall("arch_prctl", code, 0)
    for call, *args in cases:
        for name in (call, numbers.number(call)):
            with pytest.raises(errors.RefusedError) as caught:
                syscall(name, *args)
            assert caught.value.syscall == call
    assert syscall("prctl", 3, 0, 0, 0, 0) in (0, 1)  # PR_GET_DUMPABLE


def test_refusals_name_calls() -> None:
    """Every refused name is a call of some ABI, except clone2, which only ia64 had."""
    known = {name for one in abi.ABIS for name in numbers.table(one)}
    assert {*refusals.REFUSED, *refusals.REFUSED_VALUES} - known <= {"clone2", "set_tls", "usr26"}


# ---- arguments ----


@pytest.mark.parametrize(
    "own",
    [
        os.getpid,
        lambda: Integer(os.getpid()),
        lambda: ctypes.c_long(os.getpid()).value,
        lambda: ffi.cast("int", os.getpid()),
    ],
)
def test_ints(own: Any) -> None:
    """An int, an object with __index__ and a C integer of CFFI are passed as they are."""
    assert syscall("getpgid", own()) == os.getpgid(0)


def test_int_subclasses() -> None:
    """Flags and bool are ints."""
    flags = enum.IntFlag("flags", {"CLOEXEC": os.O_CLOEXEC, "NONBLOCK": os.O_NONBLOCK})
    both = array.array("i", [0, 0])
    assert syscall("pipe2", both, flags["CLOEXEC"] | flags["NONBLOCK"]) == 0
    try:
        assert not os.get_inheritable(both[0])
        assert not os.get_blocking(both[0])
    finally:
        os.close(both[0])
        os.close(both[1])
    assert syscall("getpgid", False) == os.getpgid(0)


def test_unsigned_is_as_signed(memory_file: int) -> None:
    """A value is the same to the kernel whether it is written signed or unsigned."""
    top = 1 << abi.current().register_bits
    for value in (-1, top - 1):
        with pytest.raises(errors.EBADF):
            syscall("fsync", value)
    assert syscall("lseek", memory_file, 5, os.SEEK_SET) == 5
    assert syscall("lseek", memory_file, top - 2, os.SEEK_CUR) == 3
    # The lowest int, and what is not an int any more.
    with pytest.raises(errors.EBADF):
        syscall("fsync", top - (1 << 31))
    if top > 1 << 32:
        with pytest.raises(OverflowError, match=r"^fsync: fd: "):
            syscall("fsync", top - (1 << 31) - 1)


@pytest.mark.parametrize("sign", [1, -1])
def test_overflow(sign: int) -> None:
    """A value that no register holds is an OverflowError which names the argument."""
    bits = abi.current().register_bits
    with pytest.raises(OverflowError, match=r"^kill: sig: .* is out of range \(-2\*\*"):
        syscall("kill", os.getpid(), sign * ((1 << bits) + 1 if sign > 0 else (1 << bits - 1) + 1))
    with pytest.raises(OverflowError, match="argument 1"):
        syscall(3999, 1 << 64)


def test_too_many_arguments() -> None:
    """More than six words are a TypeError."""
    most = words.registers(abi.current())
    for last in (0, None):
        for count in (most, most + 1, 20):
            with pytest.raises(TypeError, match=f"at most {most} "):
                syscall("getppid", *[0] * count, last)
    assert syscall("getppid", 1, 2, 3, 4, 5, 6) == os.getppid()


def test_missing_arguments() -> None:
    """Omitted arguments are 0."""
    assert syscall("getpgid") == os.getpgid(0)


def test_none_is_null() -> None:
    """None is a null pointer."""
    with pytest.raises(errors.EFAULT):
        syscall("pipe2", None, 0)
    with pytest.raises(errors.EFAULT):
        syscall("faccessat", -100, None, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"four",
        bytearray(b"four"),
        memoryview(b"..four..")[2:6],
        memoryview(bytearray(b"four")),
        array.array("B", b"four"),
        ctypes.create_string_buffer(b"four", 4),
        ffi.new("char[]", b"four"),
        ffi.from_buffer(b"four"),
        ffi.cast("void *", ffi.from_buffer(b"four")),
    ],
    ids=lambda data: type(data).__name__,
)
def test_memory_to_read(memory_file: int, data: Any) -> None:
    """The kernel reads from bytes, buffers of any kind and CFFI pointers."""
    source = data  # keeps alive what a pointer points to
    assert syscall("write", memory_file, source, 4) == 4
    assert written(memory_file) == b"four"


def test_memory_to_write(memory_file: int) -> None:
    """The kernel writes into writable buffers, at the place where a view starts, and into C memory."""
    os.write(memory_file, b"four")
    target = bytearray(b"........")
    assert syscall("pread64", memory_file, memoryview(target)[2:], 4, 0) == 4
    assert target == b"..four.."
    number = ctypes.c_int()
    assert syscall("pread64", memory_file, number, 4, 0) == 4
    assert bytes(number) == b"four"
    with mmap.mmap(-1, 100) as shared:
        assert syscall("pread64", memory_file, shared, 4, 0) == 4
        assert shared[:4] == b"four"
    memory = ffi.new("char[]", 4)
    assert syscall("pread64", memory_file, memory, 4, 0) == 4
    assert ffi.buffer(memory)[:] == b"four"
    assert syscall("pread64", memory_file, ffi.buffer(memory), 4, 1) == 3


@pytest.mark.parametrize("target", [b"....", memoryview(b"....")], ids=["bytes", "view"])
def test_read_only_is_not_written(memory_file: int, target: Any) -> None:
    """Memory that Python must not see changed is refused where the kernel would write to it."""
    os.write(memory_file, b"four")
    with pytest.raises(TypeError, match=r"^pread64: u?buf "):
        syscall("pread64", memory_file, target, 4, 0)
    with pytest.raises(TypeError, match=r"^pread64: u?buf "):
        syscall(numbers.number("pread64"), memory_file, target, 4, 0)
    assert bytes(target) == b"...."


def test_read_only_where_the_kernel_reads() -> None:
    """A parameter that lacks const in the kernel but is only read takes bytes."""
    with socket.socket(socket.AF_UNIX) as one, pytest.raises(errors.ENOENT):
        syscall("connect", one, struct.pack("H9s", socket.AF_UNIX, b"/missing"), 11)
    assert syscall("nanosleep", struct.pack("ll", 0, 1), None) == 0
    mask = struct.pack("Q", 0)
    with pytest.raises(errors.EINVAL):
        syscall("signalfd4", -1, mask, 3)


def test_buffer_that_is_not_an_index(memory_file: int) -> None:
    """A read-only buffer whose __index__ refuses, as that of numpy's arrays does, is a buffer."""

    class Array(mmap.mmap):
        def __index__(self) -> int:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")

    with Array(-1, 4096, access=mmap.ACCESS_READ) as zeros:
        assert syscall("write", memory_file, zeros, 4) == 4
    assert written(memory_file) == bytes(4)


def test_not_contiguous(memory_file: int) -> None:
    """Memory in pieces is refused, readable or writable."""
    for data in (b"abcdef", bytearray(b"abcdef")):
        with pytest.raises(TypeError, match="not contiguous"):
            syscall("write", memory_file, memoryview(data)[::2], 3)


@pytest.mark.parametrize("form", [str, pathlib.PurePath, os.fsencode, pathlib.PosixPath])
def test_paths(tmp_path: pathlib.Path, form: Any) -> None:
    """A name is a str, bytes or an object with __fspath__, encoded as the file system is."""
    path = str(tmp_path / "näme\udcff")
    fd = syscall("openat", -100, form(path), os.O_CREAT | os.O_RDWR, 0o600)
    os.close(fd)
    assert os.stat(path).st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["a\0b", b"a\0b", pathlib.PurePath("a\0b"), "\0"])
def test_null_in_a_name(path: Any) -> None:
    """A null byte inside of a name is a ValueError: the kernel would see another name."""
    with pytest.raises(ValueError, match=r"^openat: filename contains a null byte$"):
        syscall("openat", -100, path, 0)


def test_null_in_bytes(memory_file: int) -> None:
    """Bytes that are not a name may contain null bytes, and a name in bytes may end with some."""
    assert syscall("write", memory_file, b"a\0b", 3) == 3
    assert written(memory_file) == b"a\0b"
    os.close(syscall("openat", -100, b"/dev/null\0", 0))


def test_fileno() -> None:
    """A file, a socket, anything with fileno() is its descriptor."""
    with tempfile.TemporaryFile() as file:
        assert syscall("ftruncate" if abi.current().bits == 64 else "ftruncate64", file, 5) == 0
        assert os.fstat(file.fileno()).st_size == 5
    with pytest.raises(errors.ENOTSOCK):
        syscall("listen", Descriptor(os.dup(0)), 1)


@pytest.mark.parametrize("number", [-1, -5])
def test_closed_descriptor(number: int) -> None:
    """An object that has no descriptor any more is a ValueError."""
    with pytest.raises(ValueError, match="without a descriptor"):
        syscall("fsync", Descriptor(number))
    with pytest.raises(TypeError, match=r"a fileno\(\) that returns an int"):
        syscall("fsync", Descriptor("3"))


@pytest.mark.parametrize(
    "thing", [1.5, object(), [1], {}, (1,), ffi.cast("double", 1.5), ffi.new("struct pysys_create *")[0], len]
)
def test_no_argument(thing: Any) -> None:
    """Anything else is a TypeError that names the argument, and the kernel is not asked."""
    with pytest.raises(TypeError, match=r"^close: fd must be an int or have fileno\(\), not "):
        syscall("close", thing)


@pytest.mark.parametrize("value", ["r", b"r", bytearray(8), pathlib.Path("r")])
def test_no_address_where_a_number_is_meant(value: object) -> None:
    """Text, bytes and buffers are refused, by name, for a parameter that the kernel defines as a number."""
    with pytest.raises(TypeError, match=r"^openat: flags must be an int, not "):
        syscall("openat", -100, "/", value)
    assert syscall("fcntl", 0, 1, 0) >= 0  # the third is a long there, which may be an address


def test_buffers_are_locked_during_the_call() -> None:
    """Memory that the kernel may write to can be neither resized nor closed meanwhile, but afterwards."""
    reader, writer = os.pipe()
    target = bytearray(4)
    with mmap.mmap(-1, 4096) as shared:
        for place in (target, shared):
            thread = threading.Thread(target=syscall, args=("read", reader, place, 4))
            thread.start()
            try:
                until(partial(_is_locked, place))
            finally:
                os.write(writer, b"four")
                thread.join()
            assert place[:4] == b"four"
            assert not _is_locked(place)
    os.close(reader)
    os.close(writer)


def _is_locked(place: Any) -> bool:
    try:
        place.resize(2048) if isinstance(place, mmap.mmap) else place.append(0)  # no mmap of 3.14 can grow
    except BufferError:
        return True
    return False


@pytest.mark.parametrize(
    "args",
    [(-1, "target", 4, 0), (0, "target", 1.5), (0, "target", 1 << 70)],
)
def test_buffers_are_released_by_an_error(args: tuple[Any, ...]) -> None:
    """An exception that is kept does not keep the buffers locked."""
    target = bytearray(4)
    kept = None
    try:
        syscall("pread64", *(target if arg == "target" else arg for arg in args))
    except (OSError, TypeError, ValueError, OverflowError) as error:
        kept = error
    assert kept is not None
    target.append(0)


# ---- results and errors ----


def test_error_says_what_failed() -> None:
    """An error is the class of its errno, with call, errno and the paths among the arguments."""
    with pytest.raises(errors.ENOENT) as caught:
        syscall("openat", -100, "/missing/file", os.O_RDONLY)
    assert caught.value.errno == errno.ENOENT
    assert caught.value.syscall == "openat"
    assert caught.value.filename == "/missing/file"
    with pytest.raises(FileNotFoundError) as two:
        syscall("renameat2", -100, pathlib.PurePath("/missing/1"), -100, b"/missing/2", 0)
    assert os.fspath(two.value.filename) == "/missing/1"
    assert two.value.filename2 == b"/missing/2"
    with pytest.raises(errors.EBADF) as none:
        syscall("write", -1, b"data", 4)
    assert none.value.filename is None


def test_error_by_number() -> None:
    """A call made by its number has the name in its error."""
    with pytest.raises(errors.EBADF, match="fsync"):
        syscall(numbers.number("fsync"), -1)


@on_64_bits
def test_negative_result_is_not_an_error() -> None:
    """A result below the range of errno values is a result."""
    fd = os.open("/proc/self/mem", os.O_RDONLY)
    try:
        assert syscall("lseek", fd, -(1 << 40), os.SEEK_SET) == -(1 << 40)
    finally:
        os.close(fd)


def test_address() -> None:
    """mmap's result is an address, and munmap takes it."""
    call = "mmap" if abi.current().bits == 64 else "mmap2"
    args: list[Any] = [0, 4096, mmap.PROT_READ, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0]
    if abi.current().name == "s390x":  # its mmap takes them in memory
        args = [struct.pack("6l", *args)]
    address = syscall(call, *args)
    assert address > 0
    assert bytes(ffi.buffer(ffi.cast("char *", address), 4)) == bytes(4)
    assert syscall("munmap", address, 4096) == 0


def test_address_that_looks_negative(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in the upper half of memory is positive; the result of another call stays as it is."""
    monkeypatch.setattr(way, "_ISSUE", (lambda *words: -8192,) * len(way._ISSUE))
    call = "mmap" if abi.current().bits == 64 else "mmap2"
    for args in ((0, 0), (None,)):
        assert way.syscall(call, *args) == way.settle(call, args, -8192) == (1 << abi.current().bits) - 8192
    assert way.syscall("lseek", 0, 0) == way.settle("lseek", (0, 0), -8192) == -8192


@isolated
@pytest.mark.parametrize("number", [1000, 65534, 1 << 31, (1 << 32) - 4, (1 << 32) - 38, (1 << 32) - 4095])
def test_an_id_is_not_taken_for_an_error(number: int) -> None:
    """Where a result has 32 bits, ids look like errors: the calls that give them do not fail."""
    need_root()
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    for name in ("getuid", "geteuid", "getgid", "getegid"):
        wide = f"{name}32" if f"{name}32" in numbers.table() else name
        args: tuple[Any, ...] = ()
        assert getattr(calls, name)() == number
        assert getattr(direct, wide)() == way.syscall(wide) == syscall(wide) == number
        assert convert(wide, args) == number
    wide = "setfsuid32" if "setfsuid32" in numbers.table() else "setfsuid"
    assert calls.setfsuid(-1) == syscall(wide, -1) == number


def test_address_of_a_call_without_a_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """ARM's get_tls, of which the kernel has no definition in C, returns an address in the upper half."""
    results = {1: -8192, 2: -errno.EBADF, 3: 5}
    monkeypatch.setattr(functions, "lib", types.SimpleNamespace(pysys_syscall0=results.get))
    assert functions._undefined("get_tls", 1)() == typed.MAX_WORD - 8191
    assert functions._undefined("breakpoint", 1)() == -8192
    assert functions._undefined("get_tls", 3)() == 5
    with pytest.raises(errors.EBADF):
        functions._undefined("get_tls", 2)()


def test_audit() -> None:
    """Hooks see each call with its name, whichever way it was named, and can forbid it."""
    seen: list[tuple[Any, ...]] = []
    veto = False

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "pysys.syscall" and listening:
            seen.append(args)
            if veto:
                raise PermissionError("no")

    listening = True
    sys.addaudithook(hook)
    try:
        syscall("getpgid", 0)
        syscall(numbers.number("getpgid"), 0)
        syscall("getpgid", None)
        syscall("brk", 0)
        with pytest.raises(errors.ENOSYS):
            syscall(3999)
        veto = True
        with pytest.raises(PermissionError):
            syscall("getppid")
    finally:
        listening = False
    assert seen == [
        ("getpgid", (0,)),
        ("getpgid", (0,)),
        ("getpgid", (None,)),
        ("brk", (0,)),
        (3999, ()),
        ("getppid", ()),
    ]


@isolated
def test_no_descriptor_left() -> None:
    """Calls and their errors work where nothing can be imported any more."""
    kept = [os.open("/dev/null", os.O_WRONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
    while max(kept) < 19:
        kept.append(os.dup(kept[0]))
    with pytest.raises(errors.EMFILE) as caught:
        syscall("openat", -100, "/dev/null", os.O_WRONLY)
    assert caught.value.filename == "/dev/null"
    assert syscall("write", kept[0], b"data", 4) == 4
    if module := sys.modules.pop("pysys.tables.signatures", None):
        del sys.modules[module.__package__ or ""].signatures
    assert syscall("pwrite64", kept[0], b"data", 4, 0) == 4
    with pytest.raises(errors.EMFILE, match="dup"):
        syscall("dup", kept[0])
    for fd in kept:
        os.close(fd)
    with pytest.raises(TypeError, match="buf"):
        syscall("read", 0, b"data", 4)


# What a first use of a call enters of the package, in a fresh interpreter. Modules that are imported on the
# way are not looked into, and those of `arguments` count as one.
WALK = """
import sys
{before}
events = []
def module(frame):
    name = frame.f_globals.get("__name__", "a function that was made")
    return "pysys.arguments" if name.startswith("pysys.arguments.") else name
def watch(frame, event, arg):
    if event != "call" or not module(frame).startswith("pysys"):
        return
    asker = frame.f_back
    while asker is not None and not module(asker).startswith(("pysys", "a function")):
        asker = asker.f_back
    outer = frame
    while outer is not None:
        if outer.f_code.co_name == "<module>" and module(outer) != "__main__":
            return
        outer = outer.f_back
    asked_by = "" if asker is None else module(asker)
    if asked_by != module(frame):
        events.append((asked_by, module(frame)))
sys.setprofile(watch)
{first}
sys.setprofile(None)
print(repr(events))
"""


def walk(before: str, first: str) -> list[tuple[str, str]]:
    """The modules that are entered, with those from which they are."""
    code = WALK.format(before=before, first=first)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60 * PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    events: list[tuple[str, str]] = ast.literal_eval(done.stdout)
    return events


def entered_again(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that are entered after they were left: whoever asks one thing after the other is not left."""
    wrong = []
    last: dict[str, str] = {}
    seen = set()
    for asker, module in events:
        if module == "pysys.loading":  # whoever loads something goes there
            continue
        if last.get(asker) != module:
            if module in seen:
                wrong.append((asker, module))
            seen.add(module)
            last[asker] = module
    return wrong


@pytest.mark.parametrize(
    ("before", "first", "through"),
    [
        (
            "from pysys import syscall",
            "syscall('openat', -100, '/dev/null', 0)",
            [],  # in C, without a module
        ),
        (
            "from pathlib import Path\nfrom pysys import syscall",
            "syscall('openat', -100, Path('/dev/null'), 0, 0)",  # which C leaves to Python
            ["pysys.functions", "pysys.raw_in_python", "pysys.policy.fate", "pysys.arguments"],
        ),
        (
            "from pysys import calls",
            "calls.openat",
            ["pysys.calls", "pysys.calls._make.build"],
        ),
        (
            "from pysys.calls import openat",
            "openat(-100, '/dev/null', 0, 0)",  # in C, without a module
            [],
        ),
        (
            "from pathlib import Path\nfrom pysys.calls import openat",
            "openat(-100, Path('/dev/null'), 0, 0)",  # which C leaves to Python
            [
                "pysys.functions",
                "pysys.calls._make.in_python",
                "pysys.policy.refusals",
                "pysys.arguments",
            ],
        ),
    ],
)
def test_a_first_call_takes_one_way(before: str, first: str, through: list[str]) -> None:
    """No module is entered again after it was left, except the one that asked."""
    events = walk(before, first)
    order = list(dict.fromkeys(module for _, module in events))
    assert [module for module in order if module in through] == through
    assert entered_again(events) == []


def test_the_walk_is_seen() -> None:
    """A way back is found: from another asker, and from the same one after a detour."""
    assert entered_again([("", "a"), ("a", "b"), ("a", "b"), ("b", "c"), ("a", "b")]) == []
    assert entered_again([("", "a"), ("a", "b"), ("a", "c"), ("a", "b")]) == [("a", "b")]
    assert entered_again([("", "a"), ("a", "b"), ("b", "c"), ("a", "c")]) == [("a", "c")]


# ---- threads and signals ----


@isolated
def test_other_threads_run() -> None:
    """While a call waits, other Python threads run."""
    reader, writer = os.pipe()
    target = bytearray(1)
    for argument in (target, ffi.from_buffer(target)):
        thread = threading.Thread(target=lambda: os.write(writer, b"x"))
        thread.start()
        assert syscall("read", reader, argument, 1) == 1
        thread.join()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])  # in the other thread, too
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    wanted = struct.pack("Q", 1 << signal.SIGUSR1 - 1).ljust(SIGSET, b"\0")
    assert syscall("rt_sigtimedwait", wanted, None, None, SIGSET) == signal.SIGUSR1


@isolated
def test_many_threads() -> None:
    """Calls from many threads at once keep arguments, results and errors apart."""
    wrong: list[object] = []

    def work(index: int) -> None:
        reader, writer = os.pipe()
        data = bytes([index]) * 8
        target = bytearray(8)
        for _ in range(500):
            syscall("write", writer, data, 8)
            if syscall("read", reader, target, 8) != 8 or target != data:
                wrong.append(target)
            if syscall("gettid") != threading.get_native_id():
                wrong.append("gettid")
            try:
                syscall("close", 100_000 + index)
            except errors.EBADF:
                continue
            wrong.append("close")

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_two_threads_make_a_call_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that finds the parameters of a call half known does not use them so."""
    call = words.RawCall("pread64", abi.current())
    real = bound.compiled
    seen: list[Any] = []

    def meanwhile() -> None:
        seen.append(len(call.places))
        seen.append(call.needs([0, 0, 7, 0])[1])

    def compiled(*args: Any) -> Any:
        if not seen:
            thread = threading.Thread(target=meanwhile)
            seen.append("begun")
            thread.start()
            thread.join()
        return real(*args)

    monkeypatch.setattr(words, "compiled", compiled)
    assert len(call.places) == 4
    assert seen == ["begun", 4, 7]


@contextmanager
def interrupted() -> Iterator[list[int]]:
    """Signals come as long as the block runs, on a slow machine too; which Python handlers have run."""
    ran: list[int] = []
    signal.signal(signal.SIGALRM, lambda number, frame: ran.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        yield ran
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@isolated
@pytest.mark.parametrize("buffer", [True, False])
def test_interrupted_call_is_repeated(buffer: bool) -> None:
    """The handlers run, each when its signal comes, and the call goes on: its result is the data."""
    reader, writer = os.pipe()
    target = bytearray(1)
    address = int(ffi.cast("uintptr_t", ffi.from_buffer(target)))
    with interrupted() as ran:

        def feed() -> None:
            until(lambda: len(ran) >= 2)  # in vain, if the handlers wait for the call
            os.write(writer, b"x")

        thread = threading.Thread(target=feed)
        thread.start()
        assert syscall("read", reader, target if buffer else address, 1) == 1
        thread.join()
    assert len(ran) >= 2
    assert target == b"x"


@isolated
@pytest.mark.parametrize("error", ["KeyboardInterrupt", "OverflowError", "IndexError"])
def test_handler_that_raises(error: str) -> None:
    """The exception of a handler ends the call, and it is not made again, whatever the exception."""
    kind: type[BaseException] = getattr(builtins, error)
    reader, _ = os.pipe()
    count = 0

    def handler(number: int, frame: object) -> None:
        nonlocal count
        count += 1
        raise kind

    signal.signal(signal.SIGALRM, handler)
    for target in (bytearray(1), 1):
        with pytest.raises(kind):
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            syscall("read", reader, target, 1)
    assert count == 2


@isolated
@pytest.mark.parametrize(
    "case",
    [
        "nanosleep",
        "ppoll",
        "pselect6",
        "rt_sigsuspend",
        "epoll_pwait",
        "clock_nanosleep",
        "futex",
        "semtimedop",
        "connect",
    ],
)
def test_interrupted_call_is_not_repeated(case: str) -> None:
    """Where a repetition would be wrong, EINTR is raised after the handlers have run."""
    call = case if case in numbers.table() else f"{case}_time64"  # i386 has semtimedop only so
    limit = struct.pack("ll" if call == case else "qq", 20, 0)
    remainder = bytearray(16)
    semaphore = syscall("semget", leftovers.key(), 1, 0o3600)  # created, exclusively
    with select.epoll() as poll, _full_listener() as name, socket.socket(socket.AF_UNIX) as client:
        calls: dict[str, tuple[Any, ...]] = {
            "nanosleep": (limit, remainder),
            "ppoll": (None, 0, bytearray(limit), None, 8),
            "pselect6": (0, None, None, None, bytearray(limit), None),
            "rt_sigsuspend": (bytes(SIGSET), SIGSET),
            "epoll_pwait": (poll, bytearray(16), 1, 20_000, None, 8),
            "clock_nanosleep": (time.CLOCK_MONOTONIC, 0, limit, None),
            "futex": (bytearray(4), 0, 0, limit, None, 0),
            "semtimedop": (semaphore, struct.pack("HhH", 0, -1, 0), 1, limit),
            "connect": (client, name, len(name)),
        }
        try:
            with interrupted() as ran, pytest.raises(errors.EINTR) as caught:
                syscall(call, *calls[case])
        finally:
            syscall("semctl", semaphore, 0, 0, 0)
    assert ran
    assert caught.value.syscall == call
    if case == "nanosleep":
        assert 0 < struct.unpack_from("ll", remainder)[0] < 20


@contextmanager
def _full_listener() -> Iterator[bytes]:
    """The kernel's form of an address where a connection has to wait to be accepted."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind("")
        listener.listen(0)
        name = listener.getsockname()
        while True:
            other = stack.enter_context(socket.socket(socket.AF_UNIX))
            other.setblocking(False)
            try:
                other.connect(name)
            except BlockingIOError:
                break
        yield struct.pack("H", socket.AF_UNIX) + name


@pytest.mark.parametrize(
    ("name", "words", "repeated"),
    [
        ("read", (0, 1, 2), True),
        (None, (), False),
        ("close", (3,), False),
        ("futex", (1, 0, 0), True),
        ("futex", (1, 0, 0, 4096), False),
        ("poll", (1, 1, -1), True),
        ("poll", (1, 1, 0xFFFFFFFF), True),
        ("poll", (1, 1, 1000), False),
        ("poll", (1, 1), False),
        ("ppoll", (1, 1, 0, 0, 8), True),
        ("ppoll", (1, 1, 0, 4096, 8), False),
        ("epoll_pwait", (1, 1, 1, -1, 0), True),
        ("epoll_pwait", (1, 1, 1, -1, 4096), False),
        ("clock_nanosleep", (1, 0, 4096), False),
        ("clock_nanosleep", (1, 1, 4096), True),
        ("nanosleep", (4096, 4096), False),
        ("io_uring_enter", (3, 1, 1, 0, 0, 0), False),
        ("epoll_pwait2", (3, 4096, 1, 0, 0), True),
        ("epoll_pwait2", (3, 4096, 1, 4096, 0), False),
        ("epoll_wait", (3, 4096, 1, -1), True),
        ("epoll_wait", (3, 4096, 1, 5), False),
        ("splice", (-1, 0, -1, 0, 1, 0), True),
        ("getpid", (), True),
        ("ppoll", (1, 1, 4096, 0, 8), False),
        ("epoll_pwait", (1, 1, 1, 0, 0), False),
        ("epoll_pwait2", (1, 1, 1, 0, 0, 8), True),
        ("epoll_pwait2", (1, 1, 1, 4096, 0, 8), False),
        ("epoll_pwait2", (1, 1, 1, 0, 4096, 8), False),
        ("io_pgetevents", (1, 1, 1, 1, 0, 0), True),
        ("io_pgetevents", (1, 1, 1, 1, 4096, 0), False),
        ("io_pgetevents", (1, 1, 1, 1, 0, 4096), False),
        ("pselect6", (0, 0, 0, 0, 4096, 0), False),
        ("pselect6", (0, 0, 0, 0, 0, 4096), False),
        ("pselect6", (0, 0, 0, 0, 0, 0), True),
        ("recvmmsg", (0, 0, 0, 0, 4096), False),
    ],
)
def test_what_is_repeated(name: str | None, words: tuple[int, ...], repeated: bool) -> None:
    """A time limit or a signal mask in the arguments decides; an unknown call is never repeated."""
    assert restart.is_repeated(name, words) is repeated


@pytest.mark.skipif(
    abi.current().name != "x86_64", reason="only x86-64 kernels return an errno as an unsigned int"
)
def test_an_errno_in_32_bits() -> None:
    """x86-64 returns modify_ldt's errors as an unsigned int, which the C library takes for results."""
    for call in ("modify_ldt", numbers.number("modify_ldt")):
        with pytest.raises(errors.ENOSYS):
            syscall(call, 5, 0, 0)
    for space in (calls, direct):
        with pytest.raises(errors.ENOSYS):
            space.modify_ldt(5, bytearray(16), 16)


@pytest.mark.isolated
@pytest.mark.parametrize("number", [1, 133, 4094, 4095])
def test_the_largest_errno_is_one(number: int) -> None:
    """A filter may answer with any errno up to 4095, whether or not it has a name: that is an error."""
    filter_calls([numbers.number("getpgid")], number)
    for make in (partial(syscall, "getpgid"), direct.getpgid):
        try:
            make(0)
        except errors.SyscallError as error:
            assert (error.errno, error.syscall) == (number, "getpgid")
        else:
            raise AssertionError("it succeeded")


# ---- 64-bit arguments on ABIs with 32-bit registers ----

OFFSET = 0x1122334455667788
LOW, HIGH = 0x55667788, 0x11223344


@pytest.mark.parametrize(
    ("where", "byteorder", "name", "args", "expected"),
    [
        ("i386", "little", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, LOW, HIGH]),
        ("arm", "little", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, 0, LOW, HIGH]),
        ("arm", "big", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, 0, HIGH, LOW]),
        ("armoabi", "little", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, LOW, HIGH]),
        ("ppc", "little", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, 0, HIGH, LOW]),
        ("mips_o32", "big", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, 0, HIGH, LOW]),
        ("sh", "little", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, 0, LOW, HIGH]),
        ("x86_64", "little", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, OFFSET]),
        ("x32", "little", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, OFFSET]),
        ("mips_n32", "big", "pread64", (3, 9, 8, OFFSET), [3, 9, 8, OFFSET]),
        ("i386", "little", "ftruncate64", (3, OFFSET), [3, LOW, HIGH]),
        ("arm", "little", "ftruncate64", (3, OFFSET), [3, 0, LOW, HIGH]),
        ("ppc", "big", "ftruncate64", (3, OFFSET), [3, 0, HIGH, LOW]),
        ("m68k", "big", "ftruncate64", (3, OFFSET), [3, HIGH, LOW]),
        ("i386", "little", "fallocate", (3, 1, OFFSET, 5), [3, 1, LOW, HIGH, 5, 0]),
        ("arm", "little", "fallocate", (3, 1, OFFSET, 5), [3, 1, LOW, HIGH, 5, 0]),
        ("ppc", "big", "fallocate", (3, 1, OFFSET, 5), [3, 1, HIGH, LOW, 0, 5]),
        ("arm", "little", "readahead", (3, OFFSET, 7), [3, 0, LOW, HIGH, 7]),
        ("i386", "little", "readahead", (3, OFFSET, 7), [3, LOW, HIGH, 7]),
        ("i386", "little", "fanotify_mark", (3, 1, OFFSET, -100, 9), [3, 1, LOW, HIGH, -100, 9]),
        ("ppc", "big", "fanotify_mark", (3, 1, OFFSET, -100, 9), [3, 1, HIGH, LOW, -100, 9]),
        ("i386", "little", "sync_file_range", (3, OFFSET, 5, 7), [3, LOW, HIGH, 5, 0, 7]),
        ("mips_o32", "little", "sync_file_range", (3, OFFSET, 5, 7), [3, 0, LOW, HIGH, 5, 0, 7]),
        ("arm", "little", "sync_file_range2", (3, 7, OFFSET, 5), [3, 7, LOW, HIGH, 5, 0]),
        ("arm", "little", "arm_fadvise64_64", (3, 2, OFFSET, 5), [3, 2, LOW, HIGH, 5, 0]),
        ("ppc", "big", "fadvise64_64", (3, OFFSET, 5, 2), [3, 2, HIGH, LOW, 0, 5]),
        ("i386", "little", "ftruncate64", (3, -1), [3, -1, -1]),
        ("i386", "little", "ftruncate64", (3, (1 << 64) - 1), [3, -1, -1]),
        ("i386", "little", "ftruncate64", (3, 0x80000000), [3, -0x80000000, 0]),
        ("arm", "little", "ftruncate64", (3,), [3, 0, 0, 0]),
        ("arm", "little", "ftruncate64", (3, 1, 9), [3, 0, 1, 0, 9]),
        ("i386", "little", "getpgid", (0xFFFFFFFF,), [-1]),
    ],
)
def test_words(where: str, byteorder: str, name: str, args: tuple[int, ...], expected: list[int]) -> None:
    """A 64-bit argument is two words, in the ABI's byte order and at the register where it wants them."""
    call = words.RawCall(name, abi.get(where))
    assert words.words(call, args, byteorder=byteorder) == expected


@pytest.mark.parametrize(
    ("where", "args"), [("i386", (1 << 32, 0)), ("arm", (3, 1 << 64)), ("i386", (-(1 << 31) - 1, 0))]
)
def test_words_out_of_range(where: str, args: tuple[int, ...]) -> None:
    """Only a 64-bit parameter takes more than the register has."""
    with pytest.raises(OverflowError, match=r"^ftruncate64: (fd|length): .* is out of range"):
        words.words(words.RawCall("ftruncate64", abi.get(where)), args)


@pytest.mark.parametrize("where", sorted(LAYOUTS))
def test_layouts_fit(where: str) -> None:
    """Every call with a 64-bit argument gets along with the registers that its ABI has."""
    which = abi.get(where)
    for name in LAYOUTS[where]:
        call = words.RawCall(name, which)
        wide = sum(size == 2 for _, size in call.layout)
        args = [1] * sum(index >= 0 for index, _ in call.layout)
        assert len(args) + wide <= len(words.words(call, args)) <= words.registers(which)


@given(st.integers(-(1 << 63), (1 << 64) - 1), st.sampled_from(["little", "big"]))
def test_words_lose_nothing(value: int, byteorder: str) -> None:
    """Both halves together are the value, as 64 bits."""
    call = words.RawCall("ftruncate64", abi.get("arm"))
    halves = words.words(call, (0, value), byteorder=byteorder)[2:]
    low, high = halves if byteorder == "little" else reversed(halves)
    assert (high & 0xFFFFFFFF) << 32 | low & 0xFFFFFFFF == value & (1 << 64) - 1


# ---- anything ----

# One of each kind: to sort all characters into kinds takes half a minute where a machine is emulated.
WRITTEN = "\t\n /.=aZ9\x7f\x80\xe9\u017f\u0301\u20ac\ufffe\U0001f600"
ANY_LETTERS = st.sampled_from(WRITTEN + "\0\ud800\udfff")
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-5, 5),
    st.floats(),
    st.text(ANY_LETTERS, max_size=8),
    st.binary(max_size=64),
    st.binary(max_size=64).map(bytearray),
    st.binary(max_size=64).map(lambda data: memoryview(data)[:]),
    st.binary(max_size=64).map(lambda data: memoryview(data)[::3]),
    st.text(st.sampled_from(WRITTEN), max_size=8).map(pathlib.PurePath),
    st.integers(0, 64).map(lambda size: ffi.new("char[]", size)),
    st.integers().map(Descriptor),
    st.builds(object),
    st.lists(st.integers(), max_size=2),
)


@given(st.lists(ANYTHING, max_size=9))
@example([1, 2, 3, 4, 5, 6, 7])
def test_any_arguments(args: list[Any]) -> None:
    """Whatever the arguments are, a harmless call answers or refuses, and the process goes on."""
    try:
        assert syscall("getppid", *args) == os.getppid()
    except (TypeError, ValueError, OverflowError, UnicodeEncodeError):
        pass


@given(
    st.sampled_from(["fsync", "read", "write", "fchdir", "pread64", "getdents64", "fgetxattr"]),
    st.lists(ANYTHING, max_size=5),
)
def test_any_arguments_of_a_bad_descriptor(name: str, args: list[Any]) -> None:
    """Likewise with a descriptor that is not open: an error of the kernel, or a refusal."""
    try:
        syscall(name, -1, *args)
    except (errors.SyscallError, TypeError, ValueError, OverflowError):
        return
    raise AssertionError("no error")


@given(
    st.one_of(
        st.text(ANY_LETTERS, max_size=9),
        st.integers(max_value=-1),
        st.integers(min_value=1 << 31),
        st.floats(),
        st.none(),
    )
)
@example(math.nan)
def test_any_name(call: Any) -> None:
    """What is not a call never becomes one."""
    if isinstance(call, str) and any(call in numbers.table(one) for one in abi.ABIS):
        return
    with pytest.raises((TypeError, ValueError, LookupError)):
        syscall(call)
