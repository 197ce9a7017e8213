"""Conversions of legacy calls, held against the kernel's own calls where this ABI has them."""

from __future__ import annotations

import errno
import os
import signal
import socket
import stat
import sys
import threading
import time
from array import array
from pathlib import Path
from typing import Any

import pytest

from pysys import abi, errors
from pysys._native import ffi
from pysys.calls import direct
from pysys.calls._make import conversions, resolved, through
from pysys.policy import replacements

HERE = abi.current().name
LONG = ffi.sizeof("long")


def own(name: str) -> Any:
    """The kernel's own call."""
    if replacements.find(name) or not replacements.implemented(name):
        pytest.skip(f"{HERE} has no {name} of its own")
    return getattr(direct, name)


def elsewhere(name: str, where: str = "aarch64") -> Any:
    """The function that another ABI would have, made here."""
    found = replacements.find(name, where)
    assert found is not None
    if not replacements.implemented(found.call):
        pytest.skip(f"{HERE} has no {found.call}")
    return through.function(found)


def errno_of(function: Any, *args: Any) -> int:
    with pytest.raises(OSError) as caught:
        function(*args)
    assert caught.value.errno
    return caught.value.errno


# ---- rearrangements ----


def test_files_by_rearrangement(tmp_path: Path) -> None:
    """open, creat, link, rename, chmod and the like do through the at calls what they say."""
    file, other = tmp_path / "file", tmp_path / "other"
    os.close(elsewhere("creat")(file, 0o600))
    fd = elsewhere("open")(file, os.O_RDWR | os.O_CLOEXEC, 0)
    assert os.write(fd, b"text") == 4
    os.close(fd)
    os.close(elsewhere("creat")(file, 0o600))
    assert file.stat().st_size == 0
    elsewhere("chmod")(file, 0o640)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    elsewhere("chown")(file, os.getuid(), os.getgid())
    elsewhere("lchown")(file, -1, -1)
    elsewhere("link")(file, other)
    assert other.stat().st_nlink == 2
    elsewhere("unlink")(file)
    elsewhere("rename")(other, file)
    elsewhere("rename", "riscv64")(file, other)
    elsewhere("symlink")("target", file)
    space = bytearray(10)
    assert elsewhere("readlink")(file, space, 10) == 6
    assert space[:6] == b"target"
    elsewhere("mkdir")(tmp_path / "folder", 0o700)
    elsewhere("rmdir")(tmp_path / "folder")
    elsewhere("mknod")(tmp_path / "fifo", stat.S_IFIFO | 0o600, 0)
    assert (tmp_path / "fifo").is_fifo()
    assert elsewhere("access")(other, os.R_OK) == 0
    assert errno_of(elsewhere("access"), tmp_path / "missing", 0) == errno.ENOENT
    assert errno_of(elsewhere("rmdir"), other) == errno.ENOTDIR


def test_descriptors_by_rearrangement() -> None:
    """pipe, eventfd, epoll, inotify, send and recv."""
    ends = array("i", [0, 0])
    elsewhere("pipe", "mips_o32")(ends)
    made = [*ends, elsewhere("eventfd")(3), elsewhere("inotify_init")(), elsewhere("epoll_create")(1)]
    assert os.write(ends[1], b"x") == 1
    assert elsewhere("epoll_wait")(made[4], bytearray(64), 1, 0) == 0
    for fd in made:
        os.close(fd)
    left, right = socket.socketpair()
    with left, right:
        assert elsewhere("send")(left, b"text", 4, 0) == 4
        space = bytearray(4)
        assert elsewhere("recv")(right, space, 4, 0) == 4
        assert space == b"text"


def test_processes_by_rearrangement() -> None:
    """getpgrp, and ids by their names with and without 32."""
    assert elsewhere("getpgrp")() == os.getpgrp()
    assert resolved.getuid32() == os.getuid()
    assert resolved.getuid() == os.getuid()


def test_names_are_those_of_the_call_that_was_asked_for() -> None:
    """A rearrangement is called by position or by the legacy call's names."""
    made = elsewhere("access")
    assert made(filename="/", mode=0) == 0
    with pytest.raises(TypeError):
        made(dfd=0, filename="/", mode=0)
    with pytest.raises(TypeError, match="filename"):
        made(3, 0)


# ---- conversions ----


def test_dup2() -> None:
    """Equal descriptors are fine if they are open, and nothing else is different."""
    read, write = os.pipe()
    try:
        assert conversions.dup2(read, read) == read
        assert not os.get_inheritable(read)
        assert conversions.dup2(read, write) == write
        assert os.get_inheritable(write)
    finally:
        os.close(read)
        os.close(write)
    assert errno_of(conversions.dup2, read, read) == errno_of(own("dup2"), read, read) == errno.EBADF
    assert errno_of(conversions.dup2, read, 0) == errno.EBADF


def test_epoll_create() -> None:
    """A size that is not positive is refused."""
    os.close(conversions.epoll_create(1))
    for size in (0, -1):
        assert errno_of(conversions.epoll_create, size) == errno.EINVAL


@pytest.mark.parametrize("timeout", [0, 1, -1])
def test_poll(timeout: int) -> None:
    """poll through ppoll: a time that is over, and none."""
    read, write = os.pipe()
    try:
        if timeout < 0:
            os.write(write, b"x")
        ready = bytearray(array("i", [read]).tobytes() + array("h", [1, 0]).tobytes())
        assert conversions.poll(ready, 1, timeout) == (timeout < 0)
        assert int.from_bytes(ready[6:8], sys.byteorder) == (timeout < 0)
    finally:
        os.close(read)
        os.close(write)
    with pytest.raises(OverflowError, match="timeout_msecs"):
        conversions.poll(None, 0, 1 << 31)


def test_select() -> None:
    """select through pselect6 leaves what is left of the time, as the kernel's own does."""
    read, write = os.pipe()
    try:
        os.write(write, b"x")
        for call in (conversions.select, own("select")):
            readable = array("L", bytes(128))  # a set of descriptors is words
            readable[read // (8 * LONG)] |= 1 << read % (8 * LONG)
            limit = ffi.new("struct kernel_timeval *", (1, 3500000))
            assert call(read + 1, readable, None, None, limit) == 1
            assert (limit.tv_sec, limit.tv_usec > 0) == (4, True)
            assert call(0, None, None, None, ffi.new("struct kernel_timeval *")) == 0
            assert errno_of(call, 0, None, None, None, ffi.new("struct kernel_timeval *", (0, -1))) == 22
        assert conversions.select(read + 1, readable, None, None, None) == 1
    finally:
        os.close(read)
        os.close(write)


@pytest.mark.isolated
def test_pause() -> None:
    """It ends with a signal, not again before the next one, and the mask is what it was."""
    signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGUSR1})
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    assert errno_of(conversions.pause) == errno.EINTR
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == {signal.SIGUSR1}


@pytest.mark.isolated
def test_alarm() -> None:
    """What is left is rounded as the kernel rounds it."""
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    for call in (conversions.alarm, *([] if replacements.find("alarm") else [direct.alarm])):
        for left, told in ((0.2, 1), (10.3, 10), (10.8, 11), (0.0, 0)):
            for _ in range(100):
                began = time.monotonic()
                signal.setitimer(signal.ITIMER_REAL, left)
                seen = call(100)
                if time.monotonic() - began < 0.1:  # or what was left is no longer what was set
                    break
            assert seen == told
            assert 99 < signal.setitimer(signal.ITIMER_REAL, 0)[0] <= 100
    with pytest.raises(OverflowError, match="seconds"):
        conversions.alarm(-1)


@pytest.mark.isolated
@pytest.mark.parametrize("end", ["exit", "kill", "nothing", "stop"])
def test_wait(end: str) -> None:
    """wait4 through waitid gives the status that wait4 gives."""
    child = os.fork()
    if not child:
        if end == "exit":
            os._exit(7)
        signal.pause()
    if end in ("kill", "stop"):
        os.kill(child, signal.SIGTERM if end == "kill" else signal.SIGSTOP)
    status = array("i", [-1])
    options = os.WNOHANG if end == "nothing" else os.WUNTRACED
    assert conversions.wait4(child, status, options, None) == (0 if end == "nothing" else child)
    meant = {"exit": 7 << 8, "kill": signal.SIGTERM, "stop": signal.SIGSTOP << 8 | 0x7F, "nothing": -1}
    assert status[0] == meant[end]
    if end in ("nothing", "stop"):
        os.kill(child, signal.SIGKILL)
        assert conversions.waitpid(-1, status, 0) == child
        assert os.WTERMSIG(status[0]) == signal.SIGKILL


def test_wait_errors() -> None:
    """Options and groups that there are not."""
    for args in ((-1, None, 4, None), (-(1 << 31), None, 0, None), (1 << 22, None, 0, None)):
        assert errno_of(conversions.wait4, *args) == errno_of(own("wait4"), *args)


def test_wait_status() -> None:
    """The words of waitid in those of wait4."""
    assert [conversions.wait_status(code, 19) for code in (1, 2, 3, 4, 5, 6)] == [
        *(0x1300, 19, 19 | 0x80, 0x137F, 0x137F, 0xFFFF),
    ]


def test_clocks() -> None:
    """time and gettimeofday tell the time, and put it where they are told."""
    before = int(time.time())
    told = array("l", [0])
    assert before - 1 <= conversions.time(told) <= time.time()
    assert before - 1 <= told[0] <= time.time()
    assert conversions.time(None)
    value = ffi.new("struct kernel_timeval *")
    zone = bytearray(b"\1" * 8)
    assert conversions.gettimeofday(value, zone) == 0
    assert before <= value.tv_sec <= time.time()
    assert zone == bytes(8)
    assert conversions.gettimeofday(None, None) == 0


def test_setting_clocks() -> None:
    """settimeofday looks at microseconds, and does not pretend to set a time zone."""
    assert conversions.settimeofday(None, None) == 0
    for wrong in (-1, 1000000):
        with pytest.raises(errors.EINVAL) as caught:
            conversions.settimeofday(ffi.new("struct kernel_timeval *", (0, wrong)), None)
        assert caught.value.syscall == "settimeofday"
    with pytest.raises(errors.NoNumber):
        conversions.settimeofday(None, bytes(8))


def test_times_of_files(tmp_path: Path) -> None:
    """utime, utimes and futimesat set seconds and microseconds, or now."""
    file = tmp_path / "file"
    file.touch()
    conversions.utime(file, array("l", [10, 20]))
    assert (file.stat().st_atime_ns, file.stat().st_mtime_ns) == (10 * 10**9, 20 * 10**9)
    value = ffi.new("struct kernel_timeval[]", [(1, 2), (3, 4)])
    conversions.utimes(file, value)
    assert (file.stat().st_atime_ns, file.stat().st_mtime_ns) == (10**9 + 2000, 3 * 10**9 + 4000)
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        conversions.futimesat(folder, "file", None)
        assert file.stat().st_mtime > 1000
        conversions.utimesat(folder, "file", value)
        assert file.stat().st_mtime_ns == 3 * 10**9 + 4000
    finally:
        os.close(folder)
    wrong = ffi.new("struct kernel_timeval[]", [(1, 0), (3, 1000000)])
    narrow = ffi.new("struct kernel_timeval32[]", [(1, 0), (3, 1000000)])
    theirs = wrong if ffi.sizeof("long") == 8 else narrow
    assert errno_of(conversions.utimes, file, wrong) == errno_of(own("utimes"), file, theirs)
    with pytest.raises(ValueError, match="utimes is 8 bytes"):
        conversions.utimes(file, bytes(8))


def test_stat(tmp_path: Path) -> None:
    """The structure from statx is that of the kernel's own calls, byte by byte."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"text" * 5000)
    link.symlink_to(file)
    fd = os.open(file, os.O_RDONLY)
    size = ffi.sizeof("struct kernel_stat")
    try:
        for name, args in (
            ("stat", (link,)),
            ("stat", ("/dev/null",)),
            ("lstat", (link,)),
            ("fstat", (fd,)),
        ):
            ours, kernels = bytearray(size), bytearray(size)
            getattr(conversions, name)(*args, ours)
            own(name)(*args, kernels)
            assert ours == kernels, name
        ours = bytearray(size)
        conversions.newfstatat(fd, "", ours, 0x1000)
        own("newfstatat")(fd, "", kernels, 0x1000)
        assert ours == kernels
        assert errno_of(conversions.newfstatat, fd, "", ours, 1) == 22
    finally:
        os.close(fd)
    assert errno_of(conversions.stat, tmp_path / "missing", ours) == errno.ENOENT
    for flag in (-1, 0x200):
        assert errno_of(conversions.newfstatat, -100, "/", ours, flag) == errno.EINVAL
    for number in (-1, -100):  # AT_FDCWD is not an open file
        assert errno_of(conversions.fstat, number, ours) == errno.EBADF
    with pytest.raises(ValueError, match="stat: statbuf is 3 bytes"):
        conversions.stat(file, bytearray(3))


def test_device_numbers() -> None:
    """A device's number is the one that the C library makes of the same two."""
    for major, minor in ((8, 1), (259, 300), (4095, 0xFFFFF)):
        assert conversions.device(major, minor) == os.makedev(major, minor) & 0xFFFFFFFF


def test_getdents(tmp_path: Path) -> None:
    """Records are those of the kernel's own getdents."""
    for name in ("a", "bb" * 20, "ü"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    found = []
    for call in (conversions.getdents, own("getdents")):
        fd = os.open(tmp_path, os.O_RDONLY)
        try:
            space = bytearray(1000)
            length = call(fd, space, 1000)
            assert call(fd, bytearray(100), 100) == 0
        finally:
            os.close(fd)
        found.append(cleared(space[:length]))
    assert found[0] == found[1]


def cleared(records: bytearray) -> bytearray:
    """Without what the kernel leaves as it was: the space between a name's end and the type."""
    start = 0
    while start < len(records):
        length = int.from_bytes(records[start + 2 * LONG : start + 2 * LONG + 2], "little")
        end = records.index(0, start + 2 * LONG + 2)
        records[end : start + length - 1] = bytes(start + length - 1 - end)
        start += length
    return records


def test_statfs() -> None:
    """statfs64 is statfs where there is one size only."""
    size = ffi.sizeof("struct kernel_statfs")
    ours, kernels = bytearray(size), bytearray(size)
    conversions.statfs64("/proc", size, ours)
    own("statfs")("/proc", kernels)
    assert ours == kernels
    assert errno_of(conversions.statfs64, "/proc", size - 1, ours) == 22
    assert errno_of(conversions.fstatfs64, 0, size + 1, bytearray(size + 1)) == 22


def test_positions(tmp_path: Path) -> None:
    """A position beyond 32 bits goes through two words and comes back."""
    with open(tmp_path / "file", "wb") as file:
        place = 5 << 32 | 7
        result = array("q", [0])
        assert resolved._llseek(file, 5, 7, result, os.SEEK_SET) == 0
        assert result[0] == place
        assert resolved.lseek(file, 0, os.SEEK_CUR) == place
        assert errno_of(resolved._llseek, file, 1 << 31, 0, result, os.SEEK_SET) == 22


def test_mmap() -> None:
    """mmap2's offset is in units of 4096 bytes."""
    with open(__file__, "rb") as file:
        address = resolved.mmap2(None, 4096, 1, 2, file, 0)
        assert bytes(ffi.buffer(ffi.cast("char *", address), 3)) == b'"""'
        direct.munmap(address, 4096)


def test_limits() -> None:
    """getrlimit and setrlimit through prlimit64."""
    ours, kernels = bytearray(2 * LONG), bytearray(2 * LONG)
    for resource in range(16):
        conversions.getrlimit(resource, ours)
        own("getrlimit")(resource, kernels)
        assert ours == kernels
        assert conversions.setrlimit(resource, ours) == 0
    assert errno_of(conversions.getrlimit, 99, ours) == 22


@pytest.mark.isolated
def test_nice() -> None:
    """nice moves the nice value, stops at its end, and says EPERM where it must not."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert conversions.nice(1) == 0
    assert os.getpriority(os.PRIO_PROCESS, 0) == min(before + 1, 19)
    conversions.nice(1000)
    assert os.getpriority(os.PRIO_PROCESS, 0) == 19
    if os.getuid():
        assert errno_of(conversions.nice, -1) == errno.EPERM


@pytest.mark.isolated
def test_masks() -> None:
    """The old calls see and set the first word of the mask."""
    bit = 1 << signal.SIGUSR1 - 1
    signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGUSR1})
    assert conversions.sgetmask() == bit
    old = array("L", [0])
    assert conversions.sigprocmask(signal.SIG_UNBLOCK, array("L", [bit]), old) == 0
    assert old[0] == bit
    assert conversions.sgetmask() == 0
    assert conversions.sigprocmask(signal.SIG_SETMASK, array("L", [bit]), None) == 0
    assert conversions.ssetmask(0) == bit
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())
    waiting = bytearray(LONG)
    assert resolved.sigpending(waiting) == 0


@pytest.mark.isolated
def test_signal() -> None:
    """A signal can be ignored; a handler needs the C library where the kernel brings no way back."""
    before = conversions.signal(signal.SIGUSR2, 1)
    os.kill(os.getpid(), signal.SIGUSR2)
    assert conversions.signal(signal.SIGUSR2, before) == 1
    if HERE in ("x86_64", "i386"):
        with pytest.raises(errors.ENOSYS):
            conversions.signal(signal.SIGUSR2, 4096)


# ---- new calls through older ones ----


def older(name: str) -> list[Any]:
    return [through.function(one) for one in replacements.fallbacks(name)]


def test_fallbacks_by_rearrangement() -> None:
    """Where flags are 0 the older call is made, elsewhere nothing is."""
    (access,) = older("faccessat2")
    assert access(-100, "/", 0, 0) == 0
    assert access(-100, "/", 0, 0x200) is NotImplemented
    assert errno_of(access, -100, "/missing", 0, 0) == errno.ENOENT
    (lists, own_lists) = older("listxattrat")
    assert lists(-100, "/", 0, None, 0) >= 0
    assert lists(3, "/", 0, None, 0) is NotImplemented
    assert own_lists(-100, "/", 0x100, None, 0) >= 0


def test_positions_of_fallbacks() -> None:
    """preadv2 without flags: at the file's position if pos is -1."""
    at_position, at_offset = older("preadv2")
    space = bytearray(3)
    memory = ffi.from_buffer(space)
    vec = ffi.new("struct kernel_iovec[]", [(memory, 3)])
    with open(__file__, "rb", buffering=0) as file:
        assert at_position(file, vec, 1, 0, 0) is NotImplemented
        assert at_offset(file, vec, 1, 3, 1) is NotImplemented
        assert at_offset(file, vec, 1, 3, 0) == 3
        assert space == Path(__file__).read_bytes()[3:6]
        assert file.tell() == 0
        assert at_position(file, vec, 1, -1, 0) == 3
        assert file.tell() == 3


def how(flags: int = 0, mode: int = 0, resolve: int = 0) -> Any:
    return ffi.new("struct kernel_open_how *", (flags, mode, resolve))


def test_openat2(tmp_path: Path) -> None:
    """openat2 by openat, unless openat would ignore something that openat2 looks at."""
    size = ffi.sizeof("struct kernel_open_how")
    os.close(conversions.openat2(-100, tmp_path / "new", how(os.O_CREAT | os.O_WRONLY, 0o600), size))
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    for arguments, length in (
        (how(resolve=1), size),
        (how(flags=1 << 40), size),
        (how(flags=1 << 30), size),
        (how(mode=0o600), size),
        (how(os.O_CREAT, 0o10000), size),
        (how(os.O_PATH | os.O_WRONLY), size),
        (how(), size - 1),
    ):
        assert conversions.openat2(-100, tmp_path / "new", arguments, length) is NotImplemented
    assert errno_of(conversions.openat2, -100, tmp_path / "none", how(), size) == errno.ENOENT


@pytest.mark.isolated
def test_close_range() -> None:
    """The descriptors of the range are closed, or marked, and no other."""
    fds = [os.dup(0) for _ in range(4)]
    for fd in fds:
        os.set_inheritable(fd, True)
    assert conversions.close_range(fds[0], fds[1], 4) == 0
    assert [os.get_inheritable(fd) for fd in fds] == [False, False, True, True]
    assert conversions.close_range(fds[1], fds[2], 0) == 0
    assert [Path(f"/proc/self/fd/{fd}").exists() for fd in fds] == [True, False, False, True]
    assert conversions.close_range(fds[3], 0xFFFFFFFF, 2) == 0
    assert errno_of(os.fstat, fds[3]) == errno.EBADF
    assert conversions.close_range(5, 4, 0) is NotImplemented
    assert conversions.close_range(5, 5, 8) is NotImplemented


@pytest.mark.isolated
def test_close_range_in_a_table_of_its_own() -> None:
    """With CLOSE_RANGE_UNSHARE the descriptors are closed for the calling thread, not for others."""
    fds = [os.dup(0) for _ in range(2)]
    for fd in fds:
        os.set_inheritable(fd, True)
    seen: list[object] = []

    def unshare(fd: int, flags: int) -> None:
        seen.append(conversions.close_range(fd, fd, flags))
        seen.append(Path(f"/proc/thread-self/fd/{fd}").exists() and os.get_inheritable(fd))

    def close_own() -> None:
        direct.unshare(0x400)  # CLONE_FILES
        fd = os.dup(0)
        seen.append(conversions.close_range(fd, fd, 0))
        seen.append(Path(f"/proc/thread-self/fd/{fd}").exists())

    for target, args in ((unshare, (fds[0], 2)), (unshare, (fds[1], 6)), (close_own, ())):
        thread = threading.Thread(target=target, args=args)
        thread.start()
        thread.join()
    assert all(map(os.get_inheritable, fds))
    assert seen == [0, False] * 3


def test_epoll_pwait2() -> None:
    """Times of full milliseconds that fit an int, and none."""
    read, write = os.pipe()
    epoll = direct.epoll_create1(0)
    try:
        event = ffi.new("struct kernel_timespec *")
        space = bytearray(64)
        assert conversions.epoll_pwait2(epoll, space, 1, event, None, 0) == 0
        event.tv_nsec = 2000000
        assert conversions.epoll_pwait2(epoll, space, 1, event, None, 0) == 0
        for seconds, rest in ((0, 1), (-1, 0), (0, 10**9), (1 << 31, 0)):
            event.tv_sec, event.tv_nsec = seconds, rest
            assert conversions.epoll_pwait2(epoll, space, 1, event, None, 0) is NotImplemented
    finally:
        for fd in (read, write, epoll):
            os.close(fd)
