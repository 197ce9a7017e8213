"""Memory that the kernel reads and writes is long enough, alive and writable, by every way to make a call."""

from __future__ import annotations

import array
import codecs
import ctypes
import gc
import os
import re
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
import safe_calls
from isolated import until
from paths import PROJECT
from patience import PATIENCE
from skips import skipped_if

from pysys import abi, calls, errors, flags, numbers, parameters, structures, syscall
from pysys._native import ffi
from pysys.calls import direct
from pysys.parameters import requests
from pysys.policy import restart
from pysys.policy.fate import fate

CANARY = b"\xa5"
BITS = abi.current().bits


def typed(name: str, *args: Any) -> int:
    result: int = getattr(direct, name)(*args)
    return result


def raw(name: str, *args: Any) -> int:
    return syscall(name, *args)


ways = pytest.mark.parametrize("way", [typed, raw])
Way = Callable[..., int]
refused = pytest.raises((TypeError, ValueError))


@contextmanager
def pipe(data: bytes = b"") -> Iterator[tuple[int, int]]:
    """A pipe that has these bytes in it."""
    ends = os.pipe()
    try:
        if data:
            os.write(ends[1], data)
        yield ends
    finally:
        os.close(ends[0])
        os.close(ends[1])


def behind(size: int, act: Callable[[Any], int]) -> tuple[int, bytes]:
    """What a call gives with memory of this size, and what is there then; nothing behind it changes."""
    memory = bytearray(CANARY * (size + 1024))
    with memoryview(memory) as full, full[:size] as space:
        result = act(space)
    assert memory[size:] == CANARY * 1024
    return result, bytes(memory[:size])


def told(act: Callable[[Any], object], empty: Any = None) -> int:
    """How many bytes a call says that it needs."""
    with pytest.raises(ValueError, match="bytes long, but ") as caught:
        act(bytearray() if empty is None else empty)
    return int(str(caught.value).rpartition(" ")[2])


# ---- what is passed itself ----

IDS = "getresuid32" if "getresuid32" in numbers.table() else "getresuid"
RECEIVES = "recvmmsg_time64" if "recvmmsg_time64" in numbers.table() else "recvmmsg"

# By heart: calls that write, how they are called, and which argument is written to.
WRITES = [
    ("read", (-1, None, 8), 1, 8),
    ("pread64", (-1, None, 8, 0), 1, 8),
    ("getrandom", (None, 8, 0), 0, 8),
    ("uname", (None,), 0, 390),
    ("getcwd", (None, 8), 0, 8),
    ("pipe2", (None, 1 << 30), 0, 8),
    ("getdents64", (-1, None, 8), 1, 8),
    ("statx", (-1, "", 0, 0, None), 4, 256),
    ("sysinfo", (None,), 0, structures.sysinfo.nbytes),
    ("sched_getaffinity", (0, 8, None), 2, 8),
    (
        "getresuid32" if "getresuid32" in numbers.table() else "getresuid",
        (None, bytearray(4), bytearray(4)),
        0,
        4,
    ),
    ("epoll_pwait", (-1, None, 1, 0, None, 8), 1, structures.epoll_event.nbytes),
    ("waitid", (0, -1, None, 0, None), 2, 128),
    ("getsockopt", (-1, 1, 3, None, array.array("i", [4])), 3, 4),
    ("recvfrom", (-1, None, 8, 0, None, None), 1, 8),
    ("mincore", (0, 1, None), 2, 1),
    ("flistxattr", (-1, None, 8), 1, 8),
]


def with_memory(args: tuple[Any, ...], index: int, memory: Any) -> list[Any]:
    return [*args[:index], memory, *args[index + 1 :]]


@ways
@pytest.mark.parametrize(("name", "args", "index", "size"), WRITES, ids=[one[0] for one in WRITES])
def test_what_is_written_is_writable_and_long_enough(
    way: Way, name: str, args: tuple[Any, ...], index: int, size: int
) -> None:
    """Bytes, read-only views and short buffers are refused by name, by typed and raw calls alike."""
    if name not in numbers.table():
        pytest.skip(f"{abi.current().name} has no {name}")
    known = (parameters.defined(name, abi.current()) or ())[index]
    for fixed in (bytes(size), memoryview(bytes(size))):
        with pytest.raises(TypeError, match=rf"{name}.*{known.python}.*writable buffer"):
            way(name, *with_memory(args, index, fixed))
    for short in (bytearray(size - 1), memoryview(bytearray(size - 1)), ffi.new("char[]", size - 1)):
        with pytest.raises(ValueError, match=rf"{name}.*{known.python}.* is {size - 1} bytes"):
            way(name, *with_memory(args, index, short))
    try:
        way(name, *with_memory(args, index, bytearray(size)))
    except errors.SyscallError:
        pass


def written() -> list[tuple[str, int]]:
    """Each parameter of each call of this ABI that the kernel writes to, where the kernel says so itself."""
    found = []
    for name in sorted(set(numbers.table()) - safe_calls.IN_CHILD):
        if fate(name).refusal:
            continue
        for index, one in enumerate(parameters.parameters(name, abi.current()) or ()):
            if one.kind == "memory" and one.direction != "in":
                found.append((name, index))
    return found


@ways
@pytest.mark.parametrize(("name", "index"), written())
def test_every_parameter_that_is_written(way: Way, name: str, index: int) -> None:
    """The same of every such parameter of every call."""
    args = list(safe_calls.safe(name)[0])
    passed = args[index]
    size = len(passed) if isinstance(passed, bytearray) else 4096
    for fixed in (bytes(size), memoryview(bytes(size))):
        with pytest.raises(TypeError):
            way(name, *[*args[:index], fixed, *args[index + 1 :]])


@pytest.mark.parametrize(("name", "index"), written())
def test_both_ways_want_memory_as_long(name: str, index: int) -> None:
    """Where a typed call says that memory is too short for it, so does the raw one."""
    for size in (0, 3):
        args = with_memory(safe_calls.safe(name)[0], index, bytearray(size))
        try:
            typed(name, *args)
        except ValueError as error:
            assert f"is {size} bytes" in str(error)
            with pytest.raises(ValueError, match=f"{name}: .* is {size} bytes"):
                raw(name, *args)
        except errors.SyscallError:
            pass


@ways
def test_memory_for_more_than_there_is(way: Way) -> None:
    """Nor does the kernel read behind the end of what it is given; a count without a sign may be any size."""
    with pytest.raises(ValueError, match="is 4 bytes"):
        way("write", -1, b"four", 8)
    for count in (-1, (1 << BITS) - 1):
        with pytest.raises((ValueError, OverflowError)):
            way("getrandom", bytearray(1), count, 0)


@ways
def test_items_without_a_size(way: Way) -> None:
    """An array counts as many bytes as it has: none, if its items have no size."""
    with pipe(b"x" * 100) as (read, _):
        for kind in ("char[100][0]", "int[7][0]"):
            with pytest.raises(ValueError, match="is 0 bytes"):
                way("read", read, ffi.new(kind), 7)
        assert way("read", read, ffi.new("int[2]"), 8) == 8
        with pytest.raises(ValueError, match="is 8 bytes"):
            way("read", read, ffi.new("int[2]"), 9)
        with pytest.raises(ValueError, match="is 1 byte long"):  # too short a structure for uname
            way("uname", ffi.new("char *"))


class Fresh:
    """What it has for the kernel is made each time."""

    def __init__(self) -> None:
        self.made = 0
        self.gone: list[int] = []

    @property
    def cdata(self) -> Any:
        self.made += 1
        made = ffi.new("char[]", 64)
        weakref.finalize(made, self.gone.append, 1)
        return made

    nbytes = 4096  # it lies


@ways
def test_memory_that_an_object_makes_each_time(way: Way) -> None:
    """It lives as long as the call, and counts for what it is."""
    fresh = Fresh()
    alive: list[int] = []
    with pipe() as (read, write):

        def answer() -> None:
            until(lambda: fresh.made > 0)
            time.sleep(0.05)  # the call is being made by now, or at least about to be
            alive.append(fresh.made - len(fresh.gone))
            os.write(write, b"y" * 65)

        thread = threading.Thread(target=answer)
        thread.start()
        assert way("read", read, fresh, 64) == 64
        thread.join()
        assert alive[0] > 0
        with pytest.raises(ValueError, match="is 64 bytes"):
            way("read", read, fresh, 65)


# ---- behind pointers ----


@ways
def test_pieces_are_written_to(way: Way) -> None:
    """readv and its like refuse pieces that are fixed or shorter than they say, and name them."""
    letter = bytes([97])
    with pipe(b"ZZZZ") as (read, write), tempfile.TemporaryFile() as file:
        file.write(b"ZZZZ")
        file.flush()
        for fixed in (letter, memoryview(letter), memoryview(bytearray(1)).toreadonly()):
            for vector in (structures.iovec.over([bytearray(1), fixed]),):
                for name, args in (
                    ("readv", (read, vector, 2)),
                    ("preadv", (file, vector, 2, 0)),
                    ("preadv2", (file, vector, 2, 0)),
                    ("vmsplice", (read, vector, 2, 0)),
                    ("process_vm_readv", (os.getpid(), vector, 2, structures.iovec.over([b"a", b"b"]), 2, 0)),
                ):
                    rest: dict[str, dict[str, tuple[int, ...]]]
                    rest = {"typed": {"preadv2": (0,)}, "raw": {"preadv2": (0, 0), "preadv": (0,)}}
                    more = rest[way.__name__].get(name, ())
                    with pytest.raises(
                        TypeError, match=f"{name}.*vec.*iov_base leads to read-only|uiov.*read-only"
                    ):
                        way(name, *args, *more)
        assert letter == b"abc"[:1]
        assert bytes([97]) != b"Z"
        # The kernel only reads these.
        assert way("writev", write, structures.iovec.over([b"a", b"bc"]), 2) == 3
        assert way("vmsplice", write, structures.iovec.over([b"d"]), 1, 0) == 1
        assert os.read(read, 9) == b"ZZZZabcd"
        one = structures.iovec(iov_base=bytearray(4), iov_len=5)
        for name in ("readv", "writev"):
            with pytest.raises(ValueError, match=f"{name}.*iov_base leads to 4 bytes, .* uses 5"):
                way(name, write, one, 1)
        with pytest.raises(ValueError, match="iov_base leads to 4 bytes"):
            typed("writev", write, [one], 1)
        # What lies behind the count does not matter.
        two = structures.iovec.over([bytearray(4), b"fixed"])
        os.write(write, b"1234")
        assert way("readv", read, two, 1) == 4


@ways
def test_messages(way: Way) -> None:
    """So do recvmsg and recvmmsg, for pieces, the sender's name and control messages; sendmsg takes bytes."""
    ours, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, other:
        assert way("sendmsg", ours, structures.msghdr.over([b"one", b"two"]), 0) == 6
        over = structures.msghdr.over
        for wrong, field in (
            (over([b"abcdef"]), "iov_base"),
            (over([bytearray(6)], control=bytes(32)), "msg_control"),
            (over([bytearray(6)], name=bytes(16)), "msg_name"),
        ):
            several = structures.mmsghdr.array([{}, {"msg_hdr": wrong}])
            for name, args in (
                ("recvmsg", (other, wrong, 0)),
                (
                    "recvmmsg_time64" if "recvmmsg_time64" in numbers.table() else "recvmmsg",
                    (other, several, 2, 64, None),
                ),
            ):
                with pytest.raises(TypeError, match=f"{name}.*msg.*{field} leads to read-only"):
                    way(name, *args)
        short = over([bytearray(6)], control=bytearray(16))
        short.msg_controllen = 17
        with pytest.raises(ValueError, match="msg_control leads to 16 bytes, but the call uses 17"):
            way("recvmsg", other, short, 0)
        long = over([bytearray(6)])
        long.msg_iovlen = 2
        with pytest.raises(ValueError, match=f"msg_iov leads to {structures.iovec.nbytes} bytes"):
            way("recvmsg", other, long, 0)
        space = bytearray(6)
        assert way("recvmsg", other, over([space], control=bytearray(64)), 0) == 6
        assert space == b"onetwo"


@ways
@pytest.mark.parametrize("size", range(4))
def test_a_length_in_memory_that_is_too_short_for_it(way: Way, size: int) -> None:
    """What lies behind it is not part of the length: it is itself what is refused."""
    with pytest.raises(ValueError, match=rf"upeer_addrlen.* {size} bytes? long.* 4"):
        way("accept4", -1, bytearray(16), memoryview(bytearray(b"\xff" * 64))[:size], 0)


@ways
def test_a_pointer_that_is_moved_on(way: Way) -> None:
    """What a pointer leads to lives on while an int moves it within, and what is left of it counts."""
    with pipe(b"abcdefgh") as (read, _):
        data = array.array("B", bytes(8))
        gone = weakref.ref(data)
        piece = structures.iovec(iov_base=data, iov_len=8)
        del data
        piece.iov_base += 5
        gc.collect()
        assert gone() is not None
        with pytest.raises(ValueError, match="iov_base leads to 3 bytes, but the call uses 8"):
            way("readv", read, piece, 1)
        piece.iov_len = 3
        assert way("readv", read, piece, 1) == 3
        kept = gone()
        assert kept is not None
        assert kept.tobytes() == b"\0\0\0\0\0abc"
        del kept
        piece.iov_base += 2
        with pytest.raises(ValueError, match="iov_base leads to 1 byte, but the call uses 3"):
            way("readv", read, piece, 1)
        piece.iov_base += 1  # to its end
        gc.collect()
        assert gone() is not None
        with pytest.raises(ValueError, match="iov_base leads to 0 bytes, but the call uses 3"):
            way("readv", read, piece, 1)
        piece.iov_base += 1  # out of it
        gc.collect()
        assert gone() is None


@ways
def test_attribute_arguments(way: Way) -> None:
    """The value that getxattrat stores, behind a 64-bit number."""
    if "getxattrat" not in numbers.table():
        pytest.skip("no getxattrat here")
    for value, size, error in ((b"x" * 8, 8, TypeError), (bytearray(7), 8, ValueError)):
        args = structures.xattr_args(value=value, size=size)
        with pytest.raises(error, match=r"getxattrat.*uargs.*value leads to"):
            way("getxattrat", -100, "/", 0, "user.x", args, args.nbytes)
        if error is TypeError:
            with skipped_if(), pytest.raises(errors.SyscallError):
                way("setxattrat", -1, "x", 0, "user.x", args, args.nbytes)


def test_asynchronous_requests() -> None:
    """io_submit takes requests as they are, in a list or in a row, and looks at the buffers they name."""
    context = ffi.new("kernel_ulong *")
    with skipped_if(errors.EAGAIN), tempfile.TemporaryFile() as file:
        direct.io_setup(4, context)
        try:
            file.write(b"0123456789")
            file.flush()

            def request(buffer: Any, size: int, opcode: int = flags.IOCB_CMD_PREAD) -> Any:
                made = structures.iocb(aio_lio_opcode=opcode, aio_fildes=file.fileno(), aio_nbytes=size)
                made.aio_buf = buffer
                return made

            spaces = [bytearray(4), bytearray(10)]
            requests = [request(space, len(space)) for space in spaces]
            for pointers in (requests, tuple(requests), structures.iocb.array(requests)):
                spaces[0][:] = bytes(4)
                assert direct.io_submit(context[0], 2, pointers) == 2
                events = structures.io_event.array(2)
                limit = structures.timespec(tv_sec=60)
                name = "io_getevents" if BITS == 64 else "io_pgetevents_time64"
                more = () if BITS == 64 else (None,)
                assert getattr(direct, name)(context[0], 2, 2, events, limit, *more) == 2
                assert spaces == [b"0123", b"0123456789"]
            for wrong, error in (
                (request(b"fixed", 5), TypeError),
                (request(bytearray(4), 5), ValueError),
                (request(structures.iovec.over([b"a"]), 1, flags.IOCB_CMD_PREADV), TypeError),
                (request(structures.iovec.over([b"a"]), 2, flags.IOCB_CMD_PWRITEV), ValueError),
            ):
                with pytest.raises(error, match=r"io_submit: iocbpp: (aio_buf|iov_base) leads to"):
                    direct.io_submit(context[0], 1, [wrong])
            assert direct.io_submit(context[0], 1, [request(b"fixed", 5, flags.IOCB_CMD_PWRITE)]) == 1
        finally:
            direct.io_destroy(context[0])


def test_a_bpf_program_query_needs_more_than_its_count() -> None:
    """The kernel stores a revision behind the 48 bytes that are enough elsewhere; pointers are looked at."""
    attr = structures.bpf_attr
    for size in (48, 63):
        for way in (typed, raw):
            with pytest.raises(ValueError, match=r"(is|uses) 64$"):
                way("bpf", flags.BPF_PROG_QUERY, bytearray(size), 48, None, 0)
    with pytest.raises(TypeError, match="bpf: uattr: value leads to read-only memory"):
        direct.bpf(flags.BPF_MAP_LOOKUP_ELEM, attr(key=b"1234", value=b"12345678"), attr.nbytes, None, 0)
    query = attr(query={"prog_ids": bytearray(7), "prog_cnt": 2})
    with pytest.raises(ValueError, match="bpf: uattr: prog_ids leads to 7 bytes, but the call uses 8"):
        direct.bpf(flags.BPF_PROG_QUERY, query, attr.nbytes, None, 0)
    info = structures.bpf_prog_info(map_ids=b"fixed", nr_map_ids=1)
    named = attr(info={"info": info, "info_len": info.nbytes})
    with pytest.raises(TypeError, match="bpf: uattr: map_ids leads to read-only memory"):
        direct.bpf(flags.BPF_OBJ_GET_INFO_BY_FD, named, attr.nbytes, None, 0)


# ---- commands ----


@ways
def test_system_v_objects(way: Way) -> None:
    """semctl, msgctl and shmctl: exactly as much as they store, for a set as much as it has semaphores."""
    sets = way("semget", flags.IPC_PRIVATE, 5, flags.IPC_CREAT | 0o600)
    queue = way("msgget", flags.IPC_PRIVATE, flags.IPC_CREAT | 0o600)
    segment = way("shmget", flags.IPC_PRIVATE, 100, flags.IPC_CREAT | 0o600)
    wide = flags.IPC_64 if numbers.entry("semctl").startswith(("sys_old", "compat_sys_old")) else 0

    def ctl(name: str, which: int, command: int) -> Callable[[Any], int]:
        middle = (0,) if name == "semctl" else ()
        return lambda space: way(name, which, *middle, command | wide, space)

    try:
        sizes = {}
        for name, which, command in (
            ("semctl", sets, flags.IPC_STAT),
            ("semctl", sets, flags.GETALL),
            ("semctl", 0, flags.IPC_INFO),
            ("semctl", 0, flags.SEM_INFO),
            ("msgctl", queue, flags.IPC_STAT),
            ("msgctl", 0, flags.IPC_INFO),
            ("msgctl", 0, flags.MSG_INFO),
            ("shmctl", segment, flags.IPC_STAT),
            ("shmctl", 0, flags.IPC_INFO),
            ("shmctl", 0, flags.SHM_INFO),
        ):
            act = ctl(name, which, command)
            size = sizes[name, int(command)] = told(act)
            result, data = behind(size, act)
            assert result >= 0
            assert data != CANARY * size
            with pytest.raises(TypeError, match=f"{name}.*(arg|buf).*writable buffer"):
                act(bytes(size))
            with pytest.raises(TypeError, match=f"{name}.*(arg|buf).*read-only"):
                act(memoryview(bytes(size)))
        assert sizes["semctl", flags.GETALL] == 10
        assert sizes["semctl", flags.IPC_INFO] == 40
        assert sizes["msgctl", flags.IPC_INFO] == 32
        if BITS == 64:
            assert sizes["msgctl", flags.IPC_STAT] == 120
            assert sizes["shmctl", flags.IPC_STAT] == 112
            assert sizes["semctl", flags.IPC_STAT] == (104 if abi.current().name == "x86_64" else 88)
        values = ctl("semctl", sets, flags.SETALL)
        with pytest.raises(ValueError, match=r"(is|uses) 10$"):
            values(array.array("H", range(4)))
        assert values(array.array("H", range(5)).tobytes()) == 0
        _, data = behind(10, ctl("semctl", sets, flags.GETALL))
        assert list(struct.unpack("5H", data)) == [0, 1, 2, 3, 4]
        assert way("semctl", sets, 2, flags.GETVAL | wide, 0) == 2
        with pytest.raises(TypeError):  # an address would become the value
            way("semctl", sets, 2, flags.SETVAL | wide, bytearray(4))
    finally:
        way("semctl", sets, 0, flags.IPC_RMID | wide, 0)
        way("msgctl", queue, flags.IPC_RMID | wide, None)
        way("shmctl", segment, flags.IPC_RMID | wide, None)


@ways
def test_prctl(way: Way) -> None:
    """What a command stores has its size, and a name is text that ends by itself."""
    old = bytearray(16)
    way("prctl", flags.PR_GET_NAME, old, 0, 0, 0)
    try:
        for command, size, wanted in (
            (flags.PR_GET_NAME, 16, None),
            (flags.PR_GET_PDEATHSIG, 4, None),
            (flags.PR_GET_CHILD_SUBREAPER, 4, 0),
        ):

            def act(space: Any, command: int = command) -> int:
                return way("prctl", command, space, 0, 0, 0)

            assert told(act) == size
            _, data = behind(size, act)
            assert wanted is None or int.from_bytes(data, sys.byteorder) == wanted
            for fixed in (bytes(size), memoryview(bytes(size)), "x" * size):
                with pytest.raises(TypeError, match=r"prctl.*arg2.*writable buffer"):
                    act(fixed)
        for name in ("pysys a", b"pysys b", b"pysys c\0", bytearray(b"pysys d")):
            assert way("prctl", flags.PR_SET_NAME, name, 0, 0, 0) == 0
            space = bytearray(16)
            way("prctl", flags.PR_GET_NAME, space, 0, 0, 0)
            text = os.fsencode(name) if isinstance(name, str) else bytes(name)
            assert space.rstrip(b"\0") == text.rstrip(b"\0")
        with refused:
            way("prctl", flags.PR_SET_NAME, "a\0b", 0, 0, 0)
        with refused:
            way("prctl", flags.PR_SET_PDEATHSIG, bytearray(8), 0, 0, 0)
    finally:
        way("prctl", flags.PR_SET_NAME, bytes(old), 0, 0, 0)


@ways
def test_fcntl(way: Way) -> None:
    """Locks, owners and hints; a number is not a buffer."""
    name = "fcntl64" if "fcntl64" in numbers.table() else "fcntl"
    with tempfile.TemporaryFile() as file:
        lock = structures.flock64 if name == "fcntl64" else structures.flock
        for command, size in (
            (flags.F_GETOWN_EX, 8),
            (flags.F_GETLK64 if name == "fcntl64" else flags.F_GETLK, lock.nbytes),
            (flags.F_OFD_GETLK, lock.nbytes),
            (flags.F_GET_RW_HINT, 8),
        ):

            def act(space: Any, command: int = command) -> int:
                return way(name, file, command, space)

            assert told(act) == size
            with pytest.raises(TypeError, match=r"fcntl.*arg.*writable buffer"):
                act(bytes(size))
        assert behind(8, lambda space: way(name, file, flags.F_GETOWN_EX, space))[1] == bytes(8)
        held = lock(l_type=flags.F_WRLCK, l_len=1)
        assert way(name, file, flags.F_OFD_SETLK, bytes(held)) == 0
        asked = bytearray(bytes(held))
        with tempfile.NamedTemporaryFile() as named, open(named.name, "r+b") as again:
            assert way(name, named, flags.F_OFD_SETLK, held) == 0
            assert way(name, again, flags.F_OFD_GETLK, asked) == 0
            assert lock.from_bytes(asked).l_type == flags.F_WRLCK
        with pytest.raises(ValueError, match="bytes long, but "):
            way(name, file, flags.F_OFD_SETLK, bytes(lock.nbytes - 2))
        for wrong in (bytearray(8), "text"):
            with pytest.raises(TypeError, match=r"fcntl.*arg"):
                way(name, file, flags.F_SETFD, wrong)
        assert way(name, file, flags.F_GETFD, 0) == flags.FD_CLOEXEC


def _size(request: int) -> int:
    return (requests.decode(request, abi.current().architecture) or ("", 0))[1]


@ways
def test_ioctl_of_a_pipe_and_a_terminal(way: Way) -> None:
    """Requests with and without a size in their number."""
    import termios

    try:
        main, other = os.openpty()
    except OSError as error:
        pytest.skip(f"no terminals here: {error}")
    try:
        with pipe(b"12345") as (read, _):
            assert told(lambda space: way("ioctl", read, termios.FIONREAD, space)) == 4
            _, data = behind(4, lambda space: way("ioctl", read, termios.FIONREAD, space))
            assert struct.unpack("i", data) == (5,)
            for fixed in (b"    ", memoryview(bytes(4))):
                with pytest.raises(TypeError, match=r"ioctl.*arg.*writable buffer"):
                    way("ioctl", read, termios.FIONREAD, fixed)
            if termios.FIONREAD == 0x541B:  # fcntl.ioctl() and others also write it with a sign
                assert way("ioctl", read, termios.FIONREAD, bytearray(8)) == 0
        assert told(lambda space: way("ioctl", main, termios.TIOCGWINSZ, space)) == 8
        assert way("ioctl", main, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0)) == 0
        _, data = behind(8, lambda space: way("ioctl", main, termios.TIOCGWINSZ, space))
        assert struct.unpack("4H", data) == (24, 80, 0, 0)
        number = requests.encode("r", ord("T"), 0x30, 4, abi.current().architecture)  # TIOCGPTN
        assert told(lambda space: way("ioctl", main, number, space)) == 4
        _, data = behind(4, lambda space: way("ioctl", main, number, space))
        assert os.readlink(f"/proc/self/fd/{other}") == f"/dev/pts/{struct.unpack('i', data)[0]}"
        signed = number - (1 << 32) if number >> 31 else number
        assert way("ioctl", main, signed, bytearray(4)) == 0
        # The number says that it reads an int, and that is what it does.
        unlock = requests.encode("w", ord("T"), 0x31, 4, abi.current().architecture)  # TIOCSPTLCK
        assert way("ioctl", main, unlock, struct.pack("i", 0)) == 0
        with pytest.raises(ValueError, match=r"(is|uses) 4$"):
            way("ioctl", main, unlock, b"123")
    finally:
        os.close(main)
        os.close(other)


@ways
def test_requests_that_say_something_else(way: Way) -> None:
    """The size in these numbers is not what the kernel reads or writes."""
    here = abi.current().architecture
    with tempfile.TemporaryFile(dir="/tmp") as file:
        get = requests.encode("r", ord("f"), 1, BITS // 8, here)  # FS_IOC_GETFLAGS
        assert told(lambda space: way("ioctl", file, get, space)) == 4
        interface = 40 if BITS == 64 else 32
        for number, length in (
            (requests.encode("w", ord("T"), 202, 4, here), interface),  # TUNSETIFF
            (requests.encode("r", ord("T"), 210, 4, here), interface),  # TUNGETIFF
            (requests.encode("r", 0x12, 114, BITS // 8, here), 8),  # BLKGETSIZE64
            (0x8933, interface),  # SIOCGIFINDEX
        ):
            assert told(partial(way, "ioctl", file, number)) == length
            with pytest.raises(TypeError, match="writable buffer"):
                way("ioctl", file, number, bytes(length))
        extents = bytearray(32)
        struct.pack_into("=I", extents, 24, 3)
        fiemap = requests.encode("rw", ord("f"), 11, 32, here)
        assert told(lambda space: way("ioctl", file, fiemap, space), extents) == 32 + 3 * 56
    with socket.socket() as interfaces:
        name = bytearray(struct.pack("16s24x", b"lo")[:interface])
        with skipped_if(errors.ENODEV):
            assert way("ioctl", interfaces, 0x8933, name) == 0
        assert struct.unpack_from("i", name, 16)[0] > 0


@ways
def test_a_request_that_nobody_knows(way: Way) -> None:
    """Enough memory gets the answer, behind too little nothing is written, and what is read-only stays."""
    unknown = 0x894B  # SIOCOUTQNSD, an int: a number without a size, and not in the table
    with socket.socket() as tcp:
        with skipped_if(errors.ENOTTY):  # an emulator passes only those on that it knows
            way("ioctl", tcp, unknown, bytearray(4))
        for size in (4, 100, 5000):
            result, data = behind(size, lambda space: way("ioctl", tcp, unknown, space))
            assert result == 0
            assert data == bytes(4) + CANARY * (size - 4)
        memory = bytearray(CANARY * 64)
        with (
            memoryview(memory) as full,
            full[:3] as space,
            pytest.raises(ValueError, match=r"arg.* is 3 bytes"),
        ):
            way("ioctl", tcp, unknown, space)
        assert memory == CANARY * 64
        fixed = bytes([1, 2, 3, 4])
        for one in (fixed, memoryview(fixed), "text"):
            assert way("ioctl", tcp, unknown, one) == 0
        assert fixed == bytes([1, 2, 3, 4])
        short = bytearray(3)
        with pytest.raises(ValueError, match="is 3 bytes") as caught:
            way("ioctl", tcp, unknown, short)
        short.append(0)  # the exception holds nothing
        assert caught.value.__traceback__ is not None
        with pytest.raises(errors.ENOTTY):
            way("ioctl", tcp, 0x5440, 5)


@pytest.mark.isolated(timeout=60)
def test_ptrace_of_a_child() -> None:
    """Registers, siginfo, masks and words of a stopped child, each exactly as long as it is."""
    word = ffi.sizeof("kernel_ulong")
    here = ffi.new("char[]", b"0123456789abcdef")
    place = int(ffi.cast("uintptr_t", here))
    pid = os.fork()
    if pid == 0:
        try:
            direct.ptrace(flags.PTRACE_TRACEME, 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
        finally:
            os._exit(0)
    try:
        with skipped_if(errors.EPERM):
            _, status = os.waitpid(pid, 0)
            if not os.WIFSTOPPED(status):
                pytest.skip("this process may not be traced")
        for way in (typed, raw):

            def act(request: int, addr: int, way: Way = way) -> Callable[[Any], int]:
                return lambda space: way("ptrace", request, pid, addr, space)

            for request, addr, size in (
                (flags.PTRACE_PEEKDATA, place, word),
                (flags.PTRACE_GETSIGINFO, 0, 128),
                (flags.PTRACE_GETSIGMASK, ffi.sizeof("struct kernel_sigset"), None),
                (flags.PTRACE_GETEVENTMSG, 0, word),
            ):
                needed = told(act(request, addr))
                assert size is None or needed == size
                result, data = behind(needed, act(request, addr))
                assert result == 0
                if request == flags.PTRACE_PEEKDATA:
                    assert data == b"0123456789abcdef"[:word]
                with pytest.raises(TypeError, match=r"ptrace.*data.*writable buffer"):
                    act(request, addr)(bytes(needed))
            if abi.current().architecture == "x86":
                needed = told(act(flags.PTRACE_GETREGS, 0))
                assert needed == (216 if BITS == 64 else 68)
                behind(needed, act(flags.PTRACE_GETREGS, 0))
                behind(told(act(flags.PTRACE_GETFPREGS, 0)), act(flags.PTRACE_GETFPREGS, 0))
            memory = bytearray(CANARY * 2048)
            with memoryview(memory) as full, full[:1024] as space:
                registers = structures.iovec(iov_base=space, iov_len=1024)
                assert way("ptrace", flags.PTRACE_GETREGSET, pid, 1, registers) == 0
                assert 0 < registers.iov_len < 1024
                registers.iov_len = 1025
                with pytest.raises(ValueError, match="iov_base leads to 1024 bytes"):
                    way("ptrace", flags.PTRACE_GETREGSET, pid, 1, registers)
                del registers
            assert memory[1024:] == CANARY * 1024
            with pytest.raises(TypeError, match="iov_base leads to read-only"):
                way(
                    "ptrace",
                    flags.PTRACE_GETREGSET,
                    pid,
                    1,
                    structures.iovec(iov_base=bytes(512), iov_len=512),
                )
            asked = bytes(structures.ptrace_peeksiginfo_args(off=0, flags=0, nr=2))
            with pytest.raises(ValueError, match=r"(is|uses) 256$"):
                way("ptrace", flags.PTRACE_PEEKSIGINFO, pid, asked, bytearray(255))
            assert way("ptrace", flags.PTRACE_PEEKSIGINFO, pid, asked, bytearray(256)) == 0
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@ways
def test_other_commands(way: Way) -> None:
    """Quotas, filters, rules, keys, probes: refused before the kernel sees them, by size and direction."""
    dqblk = structures.if_dqblk.nbytes
    for name, args, index, size in (
        ("quotactl", (flags.Q_GETQUOTA << 8, "/nowhere", 0, None), 3, dqblk),
        ("quotactl", (flags.Q_GETFMT << 8, "/nowhere", 0, None), 3, 4),
        ("seccomp", (3, 0, None), 2, 6),
        ("keyctl", (11, 0, None, 64, 0), 2, 64),
        ("keyctl", (31, None, 8, 0, 0), 1, 8),
        ("io_uring_register", (-1, 8, None, 4), 2, 16 + 4 * 8),
        ("io_uring_register", (-1, 19, None, 2), 2, 8),
        ("arch_prctl", (0x1003, None), 1, ffi.sizeof("kernel_ulong")),
    ):
        if name not in numbers.table():
            continue

        def act(space: Any, name: str = name, args: tuple[Any, ...] = args, index: int = index) -> int:
            return way(name, *with_memory(args, index, space))

        assert told(act) == size, name
        with pytest.raises(TypeError, match=f"{name}.*writable buffer"):
            act(memoryview(bytes(size)))
    too_short: tuple[tuple[str, tuple[Any, ...], int], ...] = (
        ("landlock_add_rule", (-1, 1, bytes(11), 0), 12),
        ("landlock_add_rule", (-1, 2, bytes(14), 0), 16),
        ("seccomp", (2, 0, bytearray(3)), 4),
        ("keyctl", (2, 1, b"", 64, 0), 64),
    )
    for name, args, size in too_short:
        if name in numbers.table():
            with pytest.raises(ValueError, match=f"(is|uses) {size}$"):
                way(name, *args)
    futex = "futex_time64" if "futex_time64" in numbers.table() else "futex"
    with pytest.raises(ValueError, match=r"utime.*, but "):
        way(futex, bytearray(4), 0, 1, bytearray(4), None, 0)
    assert way(futex, bytearray(4), 1, 1, None, None, 0) == 0


# ---- what stands for memory or a descriptor ----


class Proxy:
    """Finds what it has not itself somewhere else."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)


@ways
def test_what_has_fileno_is_a_descriptor(way: Way) -> None:
    """The method is looked up on the object, as os does it: in what wraps a file, too."""
    with tempfile.NamedTemporaryFile() as file:
        wrapped = codecs.StreamReaderWriter(file, *codecs.lookup("utf-8")[2:])
        for one in (file, wrapped, Proxy(file)):
            assert way("fsync", one) == 0
            assert os.fstat(one.fileno()).st_size == calls.statx(one, "", flags.AT_EMPTY_PATH).stx_size == 0
        ours, other = socket.socketpair()
        with ours, other, calls_poll() as poll:
            calls.epoll_ctl(poll, flags.EPOLL_CTL_ADD, Proxy(ours))
            with pytest.raises(errors.EBADF):
                calls.epoll_ctl(poll, flags.EPOLL_CTL_ADD, -1)
        for wrong in (Proxy(5), type(file), int):
            with pytest.raises(TypeError, match="fileno"):
                way("fsync", wrong)
        with pytest.raises(ValueError, match="without a descriptor"):
            calls.epoll_ctl(0, flags.EPOLL_CTL_ADD, Closed())


class Closed:
    def fileno(self) -> int:
        return -1


@contextmanager
def calls_poll() -> Iterator[int]:
    fd = calls.epoll_create1()
    try:
        yield fd
    finally:
        os.close(fd)


def test_memory_in_pieces() -> None:
    """Memory that is not contiguous is a TypeError with a name, wherever it is given."""
    spread = memoryview(bytearray(64))[::2]
    for act in (
        lambda: structures.timespec.from_bytes(spread),
        lambda: structures.timespec.from_buffer(spread),
        lambda: structures.iovec(iov_base=spread),
        lambda: structures.iovec.over([spread]),
        lambda: structures.msghdr.over([bytearray(1)], control=spread),
        lambda: calls.clock_nanosleep(1, 0, spread),  # type: ignore[arg-type]  # wrong on purpose
        lambda: typed("ioctl", -1, 0, spread),
        lambda: raw("ioctl", -1, 0, spread),
        lambda: raw("read", -1, spread, 1),
    ):
        with pytest.raises(TypeError, match="not contiguous"):
            act()
    with pytest.raises(TypeError, match="writable buffer"):
        structures.timespec.from_buffer(bytes(16))


# ---- numbers ----


@ways
def test_values_that_the_kernel_takes(way: Way) -> None:
    """Numbers without a sign that are usually written with one, and descriptors without a sign."""
    assert way("personality", -1) == way("personality", 0xFFFFFFFF)
    # Above the highest descriptor there is nothing to close; the kernel wants first before last.
    for first, last in ((1 << 31, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (1 << 31, -1), (-1, -1)):
        with skipped_if():
            assert way("close_range", first, last, 0) == 0
    with pytest.raises(errors.EINVAL):
        way("close_range", 0xFFFFFFFF, 1 << 31, 0)
    for closed in (0xFFFFFFFF, 1 << 31, -1):
        with pytest.raises(errors.EBADF):
            way("fsync", closed)
    word = bytearray(b"\xff" * 4)
    futex = "futex_time64" if "futex_time64" in numbers.table() else "futex"
    limit = structures.timespec(tv_nsec=1)
    for value in (-1, 0xFFFFFFFF):
        with pytest.raises(errors.ETIMEDOUT):
            way(futex, word, 0, value, limit, None, 0)
    with pytest.raises(errors.EAGAIN):
        way(futex, word, 0, -2, limit, None, 0)


@pytest.mark.parametrize("value", [1 << 32, (1 << 32) + 1000, 1 << 64, -2])
def test_keys_do_not_cut_numbers(value: int) -> None:
    """Ids, times, permissions and keys that do not fit are refused by name, and become no other numbers."""
    for act in (
        lambda: calls.keyctl_chown(1, value),
        lambda: calls.keyctl_chown(1, -1, value),
        lambda: calls.keyctl_get_persistent(value, 1),
        lambda: calls.keyctl_set_timeout(1, value),
        lambda: calls.keyctl_setperm(1, value),
    ):
        with pytest.raises(
            OverflowError, match=r"^keyctl_\w+: (uid|gid|seconds|permissions): .* is out of range"
        ):
            act()
    if value > 0:
        for function in (calls.keyctl_revoke, calls.keyctl_read, calls.keyctl_clear, calls.keyctl_describe):
            with pytest.raises(OverflowError, match=r"^keyctl_\w+: (key|keyring): "):
                function(value)


# ---- the tables ----

# By heart, or from the headers of these architectures.
NUMBERS = [
    ("r", "T", 0x30, 4, 0x80045430, 0x40045430, 0x40045430),  # TIOCGPTN
    ("w", "T", 0x31, 4, 0x40045431, 0x80045431, 0x80045431),  # TIOCSPTLCK
    ("rw", "X", 119, 4, 0xC0045877, 0xC0045877, 0xC0045877),  # FIFREEZE
    ("", "T", 0x41, 0, 0x5441, 0x20005441, 0x5441),  # TIOCGPTPEER
]


@pytest.mark.portable
@pytest.mark.parametrize(("direction", "letter", "number", "size", "usual", "older", "parisc"), NUMBERS)
def test_numbers_of_requests(
    direction: str, letter: str, number: int, size: int, usual: int, older: int, parisc: int
) -> None:
    """What is in a request's number, on architectures that have it in other places."""
    said = {"r": "out", "w": "in", "rw": "inout"}.get(direction)
    for architecture, expected in (
        *((one, usual) for one in ("x86", "arm", "arm64", "riscv", "s390", "loongarch", "m68k", "sh")),
        *((one, older) for one in ("mips", "powerpc", "sparc", "alpha")),
        ("parisc", parisc),
    ):
        assert requests.encode(direction, ord(letter), number, size, architecture) == expected, architecture
        assert requests.decode(expected, architecture) == (said and (said, size))
    assert requests.decode(requests.encode("r", 1, 1, 8192 + 5, "sparc"), "sparc") == ("out", 8197)
    assert requests.decode(requests.encode("", 1, 1, 0, "sparc"), "sparc") is None


@pytest.mark.portable
def test_the_table_of_commands() -> None:
    """On every ABI: known calls and parameters, notation that is understood, structures that exist."""
    from pysys.parameters import commands

    texts = "\n".join(path.read_text() for path in (safe_calls_folder() / "cdefs" / "structures").glob("*.h"))
    declared = set(re.findall(r"^(?:struct|union) kernel_(\w+)\s*\{", texts, re.MULTILINE))
    assert list(commands._FAMILIES) == sorted(commands._FAMILIES)
    for where in abi.ABIS.values():
        for call in commands._FAMILIES:
            known = {one.name: one for one in parameters.parameters(call, where) or ()}
            if not known or call not in numbers.table(where):
                continue
            head, *lines = commands.commands(call, where).splitlines()
            assert {head.split()[0], *re.findall(r"/ (\w+)", head)} <= known.keys(), (call, where)
            numbers_ = [line.split(" ")[0] for line in lines]
            # Names may share a number where an architecture has no such difference.
            assert len(set(numbers_)) == len(numbers_) or call == "fcntl", (call, where)
            for line in lines:
                for name, items in parameters.items(line.partition(" ")[2]).items():
                    if name not in known:
                        assert name in ("buf", "uptr", "arg2"), (call, name)
                        continue
                    found = known[name].under(items)
                    if found.kind == "memory":
                        assert (
                            found.points in declared | {"void"}
                            or " " in found.points
                            or found.points in ("int",)
                        ), (call, line)


def safe_calls_folder() -> Any:

    return PROJECT


CLASSES = {
    "arch_prctl": "ArchPrctlOption",
    "bpf": "BpfCommand",
    "fcntl": "FcntlCommand",
    "fsconfig": "FsconfigCommand",
    "futex": "FutexOperation",
    "io_uring_register": "IoUringRegisterOp",
    "ipc": "IpcCall",
    "kcmp": "KcmpType",
    "keyctl": "KeyctlOperation",
    "landlock_add_rule": "LandlockRuleType",
    "msgctl": "MsgctlCommand",
    "prctl": "PrctlOption",
    "ptrace": "PtraceRequest",
    "quotactl": "QuotaCommand",
    "seccomp": "SeccompOperation",
    "semctl": "SemctlCommand",
    "shmctl": "ShmctlCommand",
    "socketcall": "SocketCall",
}


@pytest.mark.parametrize("call", CLASSES)
def test_commands_have_the_numbers_of_the_flags(call: str) -> None:
    """Each command's name is a member of the call's flags, with this number."""
    from pysys.parameters import commands

    members = getattr(flags, CLASSES[call]).__members__
    common = flags.IpcCommand.__members__
    wrong = []
    for number, name, _ in commands.entries(commands._FAMILIES[call][1]):
        if not name:
            continue
        member = members.get(name, common.get(name))
        if member is None:
            wrong.append(f"no flag is named {name}")
        elif number and int(number.partition("/")[0], 0) != member:
            wrong.append(f"{name} is {int(member):#x}, not {number}")
    assert not wrong


def test_every_command_with_memory_is_in_the_table() -> None:
    """What the texts of the flags say of structures and arrays is in the table of commands."""
    from pysys.parameters import commands

    for call in ("semctl", "msgctl", "shmctl", "seccomp", "kcmp"):
        listed = {name for _, name, _ in commands.entries(commands._FAMILIES[call][1])}
        for name, member in getattr(flags, CLASSES[call]).__members__.items():
            if re.search(r"struct|array", member.__doc__ or ""):
                assert name in listed, (call, name)


def test_documented() -> None:
    """help() of such a call says what becomes of memory."""
    assert "Memory must be as long as the command requires" in str(direct.prctl.__doc__)
    assert "Short memory is copied, too" in str(direct.ioctl.__doc__)
    assert "Short memory is copied, too" not in str(direct.prctl.__doc__)
    assert "Memory must" not in str(direct.read.__doc__)


# ---- sockets with a limit of their own ----


@pytest.mark.isolated(timeout=60)
@pytest.mark.parametrize("way", ["typed", "raw"])
@pytest.mark.parametrize("name", ["recvfrom", "read", "recvmsg", "readv", "sendto", "write"])
def test_a_socket_with_a_limit_is_not_asked_again(name: str, way: str) -> None:
    """With SO_RCVTIMEO or SO_SNDTIMEO it raises EINTR when a signal came: its limit would start again."""
    made = {"typed": typed, "raw": raw}[way]
    ours, other = socket.socketpair()
    option = socket.SO_SNDTIMEO if name in ("sendto", "write") else socket.SO_RCVTIMEO
    space = bytearray(1 << 16)
    args: dict[str, tuple[Any, ...]] = {
        "recvfrom": (space, 8, 0, None, None),
        "read": (space, 8),
        "recvmsg": (structures.msghdr.over([space]), 0),
        "readv": (structures.iovec.over([space]), 1),
        "sendto": (space, len(space), 0, None, 0),
        "write": (space, len(space)),
    }
    ran: list[int] = []

    class EnoughError(Exception):
        pass

    def handler(*_: object) -> None:
        ran.append(1)
        if len(ran) == 5:
            raise EnoughError

    with ours, other:
        if name in ("sendto", "write"):
            ours.setblocking(False)
            try:
                while True:
                    ours.send(bytes(1 << 16))
            except BlockingIOError:
                ours.setblocking(True)
        signal.signal(signal.SIGALRM, handler)
        pause = 0.03 * max(PATIENCE / 3, 1)  # longer than a call begins
        signal.setitimer(signal.ITIMER_REAL, pause, pause)
        # Without a limit the call is made again, and again.
        with pytest.raises(EnoughError):
            made(name, ours, *args[name])
        try:
            ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", 3600, 0))
        except OSError:  # 64-bit times on an ABI of 32 bits
            ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("qq", 3600, 0))
        ran.clear()
        with pytest.raises(errors.EINTR):  # and not EnoughError: a signal may have come before the call
            made(name, ours, *args[name])
        assert ran
        signal.setitimer(signal.ITIMER_REAL, 0)


def test_ctypes_memory_counts_as_it_is() -> None:
    """The memory of ctypes, whose objects have a size of their own."""
    with pipe(b"12345678") as (read, _):
        with pytest.raises(ValueError, match="is 4 bytes"):
            typed("read", read, ctypes.c_int(), 8)
        number = ctypes.c_int()
        assert raw("read", read, number, 4) == 4
        assert bytes(number) == b"1234"


@pytest.mark.parametrize(("seconds", "microseconds"), [(1, 0), (0, 500_000), (1, 500_000)])
def test_a_limit_of_less_than_a_second_is_one(seconds: int, microseconds: int) -> None:
    """Both parts of the time count, for what the limit is of: receiving, or sending."""
    ours, other = socket.socketpair()
    with ours, other:
        limited: set[str] = set()
        for option, call in ((socket.SO_RCVTIMEO, "recvfrom"), (socket.SO_SNDTIMEO, "sendto")):
            limited.add(call)
            try:
                ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, microseconds))
            except OSError:  # 64-bit times on an ABI of 32 bits
                ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("qq", seconds, microseconds))
            for name in ("recvfrom", "sendto"):
                assert restart.is_repeated(name, (ours.fileno(),)) is (name not in limited)
                assert restart.is_repeated(name, (other.fileno(),))
