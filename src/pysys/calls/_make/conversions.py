"""Calls made through others, by hand, where more than the arguments' order has to be computed.

A legacy call that an ABI may lack has a function of its name and with its parameters, which does what the
kernel's own does where it exists. The functions for new calls that a kernel may answer with ENOSYS return
NotImplemented where the older call would not do exactly the same. pysys.policy.replacements says which call
has one.
"""

from __future__ import annotations

import os
from errno import EACCES, EINVAL, EOVERFLOW, EPERM, ESRCH
from struct import calcsize, pack_into, unpack_from
from sys import byteorder

from pysys import abi as _abi
from pysys import errors, numbers
from pysys._native import ffi
from pysys.arguments import kept
from pysys.arguments.objects import address
from pysys.arguments.typed import BoundParameter, memory, number
from pysys.calls import direct
from pysys.calls._make import rearranged
from pysys.calls._values.paths import AT_EMPTY_PATH, AT_FDCWD, STATX_BASIC_STATS
from pysys.policy.fate import fate
from pysys.policy.replacements import implemented

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys._types import Buffer, Path

_ABI = _abi.current()
_FunctionType: Any = type(_abi.current)  # types, which has it, is a file more
_NULL = ffi.NULL
_new = ffi.new
_sizeof = ffi.sizeof
_copy = ffi.memmove

_INT_MAX = 0x7FFFFFFF
_ULONG_MAX = (1 << 8 * _sizeof("long")) - 1
# RLIM_INFINITY of a process: arch/mips/include/uapi/asm/resource.h and asm/compat.h, likewise of sparc.
_NO_LIMIT = 0x7FFFFFFF if _ABI.name in ("mips_o32", "mips_n32", "sparc") else _ULONG_MAX
_AT_SYMLINK_NOFOLLOW = 0x100
_AT_NO_AUTOMOUNT = 0x800
_CLOCK_REALTIME = 0
_CLOCK_REALTIME_COARSE = 5
_SIG_SETMASK = {"alpha": 3, "mips": 3, "sparc": 4}.get(_ABI.architecture, 2)
_SIGSET = _sizeof("struct kernel_sigset")
numbers.table()  # which says, where a call turns out to be missing, what there is instead


def _again(made: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The same function for another name of the call: each has its own docstring."""
    copied: Callable[..., Any] = _FunctionType(made.__code__, globals(), name, made.__defaults__)
    copied.__doc__ = made.__doc__
    return copied


def _number(call: str, name: str, arg: Any, kind: str = "int") -> int:
    """An argument that fits a C type."""
    place = BoundParameter(call, _parameter(call, name), ffi.typeof(kind))
    return number(arg, place)


def _memory(call: str, name: str, arg: Any, size: int) -> Any:
    """A pointer to an argument of at least `size` bytes, NULL for None where that is allowed."""
    return memory(arg, BoundParameter(call, _parameter(call, name), ffi.typeof("void *")), size)


def _parameter(call: str, name: str) -> Any:
    return next(one for one in kept.usual(call) or () if one.python == name)


def _read(call: str, name: str, arg: Any, kind: str, count: int = 1) -> Any:
    """A copy of an argument in memory as an array of a C type; None for None."""
    found = _memory(call, name, arg, count * _sizeof(kind))
    if found == _NULL:
        return None
    copied = _new(f"{kind}[]", count)
    _copy(copied, found, _sizeof(copied))
    return copied


def _fits(call: str, fill: Callable[[], None]) -> None:
    """Fill in a structure; what is too large for it is EOVERFLOW, as in the kernel."""
    try:
        fill()
    except OverflowError:
        raise errors.error(EOVERFLOW, call) from None


# ---- descriptors ----


def dup2(oldfd: Any, newfd: Any) -> int:
    """Unlike dup3, which refuses equal descriptors, dup2 only looks whether they are open."""
    old, new = _number("dup2", "oldfd", oldfd), _number("dup2", "newfd", newfd)
    if old != new:
        return direct.dup3(old, new, 0)
    rearranged.fcntl(old, 1, 0)  # F_GETFD
    return new


def epoll_create(size: int) -> int:
    """The size only has to be positive."""
    if _number("epoll_create", "size", size) <= 0:
        raise errors.error(EINVAL, "epoll_create")
    return direct.epoll_create1(0)


# ---- waiting ----


def poll(ufds: Buffer | None, nfds: int, timeout_msecs: int) -> int:
    """A negative time waits forever."""
    limit = _number("poll", "timeout_msecs", timeout_msecs)
    time = None
    if limit >= 0:
        time = _new("struct kernel_timespec *", (limit // 1000, limit % 1000 * 1000000))
    return rearranged.ppoll(ufds, nfds, time, None, 0)


def select(n: int, inp: Buffer | None, outp: Buffer | None, exp: Buffer | None, tvp: Buffer | None) -> int:
    """The time that is left is in tvp afterwards."""
    size = _sizeof("struct kernel_timeval")
    passed = _memory("select", "tvp", tvp, size)
    if passed == _NULL:
        return rearranged.pselect6(n, inp, outp, exp, None, None)
    time = _new("struct kernel_timeval *")
    _copy(time, passed, size)
    # As in C: towards zero, and the rest has the sign of the number.
    seconds = abs(time.tv_usec) // 1000000
    rest = abs(time.tv_usec) % 1000000 * 1000
    if time.tv_usec < 0:
        seconds, rest = -seconds, -rest
    left = _new("struct kernel_timespec *", (time.tv_sec + seconds, rest))
    before = (left.tv_sec, left.tv_nsec)
    try:
        result = rearranged.pselect6(n, inp, outp, exp, left, None)
    finally:
        if (left.tv_sec, left.tv_nsec) != before:
            time.tv_sec, time.tv_usec = left.tv_sec, left.tv_nsec // 1000
            _copy(passed, time, size)
    return result


_newselect = _again(select, "_newselect")


def pause() -> int:
    """With the mask that there is. ppoll would be made again after a signal (pysys.policy.restart)."""
    return direct.rt_sigsuspend(_mask(None), _SIGSET)


def alarm(seconds: int) -> int:
    """A rest of less than a second counts as one, a longer one is rounded."""
    value = _number("alarm", "seconds", seconds, "unsigned int")
    if _ABI.bits == 32:
        value = min(value, _INT_MAX)
    new = _new("struct kernel_itimerval *")
    old = _new("struct kernel_itimerval *")
    new.it_value.tv_sec = value
    direct.setitimer(0, new, old)  # ITIMER_REAL
    left, rest = int(old.it_value.tv_sec), int(old.it_value.tv_usec)
    return left + ((not left and rest > 0) or rest >= 500000)


def wait4(upid: int, stat_addr: Buffer | None, options: int, ru: Buffer | None) -> int:
    """waitid says in other words which children are meant, and how one ended."""
    return _wait("wait4", "upid", upid, stat_addr, options, ru)


def waitpid(pid: int, stat_addr: Buffer | None, options: int) -> int:
    """wait4 without the usage."""
    return _wait("waitpid", "pid", pid, stat_addr, options, None)


def _wait(call: str, name: str, pid: int, stat_addr: Any, options: int, ru: Any) -> int:
    pid, options = _number(call, name, pid), _number(call, "options", options)
    status = _memory(call, "stat_addr", stat_addr, _sizeof("int"))
    if options & ~0xE000000B:  # WNOHANG, WUNTRACED, WCONTINUED, __WNOTHREAD, __WALL, __WCLONE
        raise errors.error(EINVAL, call)
    if pid == -_INT_MAX - 1:  # there is no process group of that number
        raise errors.error(ESRCH, call)
    if pid == -1:
        which, meant = 0, 0  # P_ALL
    elif pid > 0:
        which, meant = 1, pid  # P_PID
    else:
        which, meant = 2, -pid  # P_PGID; 0 is the caller's
    info = _new("struct kernel_siginfo *")
    direct.waitid(which, meant, info, options | 4, ru)  # WEXITED
    if info.si_pid and status != _NULL:
        _copy(status, _new("int *", wait_status(info.si_code, info.si_status)), _sizeof("int"))
    return int(info.si_pid)


def wait_status(code: int, status: int) -> int:
    """The status that wait4 gives, from what waitid reports."""
    if code == 1:  # CLD_EXITED
        return (status & 0xFF) << 8
    if code in (2, 3):  # CLD_KILLED, CLD_DUMPED
        return status | (0x80 if code == 3 else 0)
    if code == 6:  # CLD_CONTINUED
        return 0xFFFF
    return status << 8 | 0x7F  # CLD_TRAPPED, CLD_STOPPED


# ---- time ----


def time(tloc: Buffer | None) -> int:
    """The seconds of the coarse clock: the kernel's own call does not ask the fine one either."""
    passed = _memory("time", "tloc", tloc, _sizeof("long"))
    now = _new("struct kernel_timespec *")
    rearranged.clock_gettime(_CLOCK_REALTIME_COARSE, now)
    if passed != _NULL:
        value = _new("long *")

        def fill() -> None:
            value[0] = now.tv_sec

        _fits("time", fill)
        _copy(passed, value, _sizeof("long"))
    return int(now.tv_sec)


def stime(tptr: Buffer) -> int:
    """The time is a long."""
    (seconds,) = _read("stime", "tptr", tptr, "long")
    return rearranged.clock_settime(_CLOCK_REALTIME, _new("struct kernel_timespec *", (seconds, 0)))


def gettimeofday(tv: Buffer | None, tz: Buffer | None) -> int:
    """The kernel's time zone, which no other call reports and hardly a program sets, is zeros."""
    sizes = _sizeof("struct kernel_timeval"), _sizeof("struct kernel_timezone")
    passed, zone = _memory("gettimeofday", "tv", tv, sizes[0]), _memory("gettimeofday", "tz", tz, sizes[1])
    if passed != _NULL:
        now = _new("struct kernel_timespec *")
        rearranged.clock_gettime(_CLOCK_REALTIME, now)
        value = _new("struct kernel_timeval *")

        def fill() -> None:
            value.tv_sec, value.tv_usec = now.tv_sec, now.tv_nsec // 1000

        _fits("gettimeofday", fill)
        _copy(passed, value, sizes[0])
    if zone != _NULL:
        _copy(zone, _new("struct kernel_timezone *"), sizes[1])
    return 0


def settimeofday(tv: Buffer | None, tz: Buffer | None) -> int:
    """No other call sets the kernel's time zone."""
    passed = _read("settimeofday", "tv", tv, "struct kernel_timeval")
    if tz is not None:
        raise errors.NoNumber("settimeofday: no call of this ABI sets the time zone", syscall="settimeofday")
    if passed is None:
        return 0
    if not 0 <= passed[0].tv_usec < 1000000:
        raise errors.error(EINVAL, "settimeofday")
    value = _new("struct kernel_timespec *", (passed[0].tv_sec, passed[0].tv_usec * 1000))
    return rearranged.clock_settime(_CLOCK_REALTIME, value)


def utime(filename: Path, times: Buffer | None) -> int:
    """Times in seconds."""
    passed = _read("utime", "times", times, "struct kernel_utimbuf")
    value = None
    if passed is not None:
        value = _new("struct kernel_timespec[]", [(passed[0].actime, 0), (passed[0].modtime, 0)])
    return rearranged.utimensat(AT_FDCWD, filename, value, 0)


def utimes(filename: Path, utimes: Buffer | None) -> int:
    """Times in microseconds."""
    return _utimes("utimes", AT_FDCWD, filename, utimes)


def futimesat(dfd: Any, filename: Path | None, utimes: Buffer | None) -> int:
    """Times in microseconds, of a file below a directory."""
    return _utimes("futimesat", dfd, filename, utimes)


def utimesat(dfd: Any, filename: Path | None, utimes: Buffer | None) -> int:
    """The SPU's name of futimesat."""
    return _utimes("utimesat", dfd, filename, utimes)


def _utimes(call: str, dfd: Any, filename: Path | None, utimes: Any) -> int:
    passed = _read(call, "utimes", utimes, "struct kernel_timeval", 2)
    value = None
    if passed is not None:
        # Some values of tv_nsec have a meaning to utimensat.
        if not all(0 <= one.tv_usec < 1000000 for one in passed):
            raise errors.error(EINVAL, call)
        value = _new("struct kernel_timespec[]", [(one.tv_sec, one.tv_usec * 1000) for one in passed])
    return rearranged.utimensat(dfd, filename, value, 0)


# ---- files ----


def lseek(fd: Any, offset: int, whence: int) -> int:
    """The position goes in as two words, and comes out in memory."""
    where = _number("lseek", "offset", offset, "long long")
    found = _new("long long *")
    seek = getattr(direct, "_llseek" if implemented("_llseek", _ABI) else "llseek")
    seek(fd, where >> 32 & 0xFFFFFFFF, where & 0xFFFFFFFF, found, whence)
    return int(found[0])


def llseek(fd: Any, offset_high: int, offset_low: int, result: Buffer, whence: int) -> int:
    """Two words become one, and the result goes to memory."""
    found = _memory("llseek", "result", result, 8)
    high = _number("llseek", "offset_high", offset_high, "unsigned long")
    low = _number("llseek", "offset_low", offset_low, "unsigned long")
    where = int(ffi.cast("long long", high << 32 | low))
    _copy(found, _new("long long *", direct.lseek(fd, where, whence)), 8)
    return 0


_llseek = _again(llseek, "_llseek")


def mmap(addr: Any, len: int, prot: int, flags: int, fd: Any, off: int) -> int:
    """Through mmap2, which counts in pages, or an mmap that wants all arguments in memory."""
    start = _number("mmap", "off", off, "unsigned long long")
    if implemented("mmap2", _ABI):
        if start % _MMAP2_UNIT:
            raise errors.error(EINVAL, "mmap")
        return direct.mmap2(addr, len, prot, flags, fd, start // _MMAP2_UNIT)
    descriptor = _number("mmap", "fd", fd) & _ULONG_MAX
    passed = _new("struct kernel_mmap_arg_struct *", (addr or 0, len, prot, flags, descriptor, start))
    old: Any = direct.mmap
    return int(old(passed))


def mmap2(addr: Any, len: int, prot: int, flags: int, fd: Any, pgoff: int) -> int:
    """Its unit is 4096 bytes, whatever a page is."""
    start = _number("mmap2", "pgoff", pgoff, "unsigned long") * 4096
    # Where there is no mmap2, there is an mmap; that of s390x takes one pointer.
    call = mmap if fate("mmap", _ABI).replacement else direct.mmap
    return call(addr, len, prot, flags, fd, start)


# 4096, but for ABIs whose mmap2 is the kernel's mmap_pgoff, which counts in pages.
_MMAP2_UNIT = 4096
if _ABI.name in ("arc", "hexagon", "i386", "m68k", "nios2", "openrisc", "xtensa"):
    _MMAP2_UNIT = os.sysconf("SC_PAGE_SIZE")


def getdents(fd: Any, dirent: Buffer, count: int) -> int:
    """The type is in the last byte of a record, which is never longer than the new one."""
    size = _number("getdents", "count", count, "unsigned int")
    passed = _memory("getdents", "dirent", dirent, size)
    new = bytearray(size)
    end = direct.getdents64(fd, new, size)
    old = old_records(bytes(memoryview(new)[:end]))
    _copy(passed, old, len(old))
    return len(old)


def old_records(new: bytes) -> bytearray:
    """Records of getdents64 as getdents gives them."""
    old = bytearray()
    start = 0
    header = calcsize("@LLH")
    while start < len(new):
        inode, offset, length, kind = unpack_from("=QqHB", new, start)
        name = new[start + 19 : start + length].partition(b"\0")[0]
        if inode > _ULONG_MAX:
            raise errors.error(EOVERFLOW, "getdents")
        long = _sizeof("long")
        size = -(-(header + len(name) + 2) // long) * long
        record = bytearray(size)
        pack_into("@LLH", record, 0, inode, offset & _ULONG_MAX, size)
        record[header : header + len(name)] = name
        record[-1] = kind
        old += record
        start += length
    return old


def stat(filename: Path, statbuf: Buffer) -> int:
    """Of the file that a link leads to."""
    return _stat("stat", AT_FDCWD, filename, 0, statbuf)


def stat64(filename: Path, statbuf: Buffer) -> int:
    """Of the file that a link leads to."""
    return _stat("stat64", AT_FDCWD, filename, 0, statbuf)


def lstat(filename: Path, statbuf: Buffer) -> int:
    """Of a link itself."""
    return _stat("lstat", AT_FDCWD, filename, _AT_SYMLINK_NOFOLLOW, statbuf)


def lstat64(filename: Path, statbuf: Buffer) -> int:
    """Of a link itself."""
    return _stat("lstat64", AT_FDCWD, filename, _AT_SYMLINK_NOFOLLOW, statbuf)


def fstat(fd: Any, statbuf: Buffer) -> int:
    """Of an open file."""
    return _fstat("fstat", fd, statbuf)


def fstat64(fd: Any, statbuf: Buffer) -> int:
    """Of an open file."""
    return _fstat("fstat64", fd, statbuf)


def newfstatat(dfd: Any, filename: Path, statbuf: Buffer, flag: int) -> int:
    """Of a file below a directory."""
    return _stat("newfstatat", dfd, filename, _number("newfstatat", "flag", flag), statbuf)


def fstatat64(dfd: Any, filename: Path, statbuf: Buffer, flag: int) -> int:
    """Of a file below a directory."""
    return _stat("fstatat64", dfd, filename, _number("fstatat64", "flag", flag), statbuf)


def _fstat(call: str, fd: Any, statbuf: Any) -> int:
    # AT_FDCWD is not an open file.
    number = _number(call, "fd", fd)
    return _stat(call, max(number, -1), b"", AT_EMPTY_PATH, statbuf)


def _stat(call: str, dfd: Any, filename: Path, flags: int, statbuf: Any) -> int:
    kind = "struct kernel_stat64" if call.endswith("64") else "struct kernel_stat"
    passed = _memory(call, "statbuf", statbuf, _sizeof(kind))
    found = _new("struct kernel_statx *")
    direct.statx(dfd, filename, (flags | _AT_NO_AUTOMOUNT) & 0xFFFFFFFF, STATX_BASIC_STATS, found)
    value = _new(f"{kind} *")
    _fits(call, lambda: _fill_stat(found, value))
    _copy(passed, value, _sizeof(kind))
    return 0


def _fill_stat(found: Any, value: Any) -> None:
    for name in ("ino", "mode", "nlink", "uid", "gid", "size", "blksize", "blocks"):
        setattr(value, f"st_{name}", getattr(found, f"stx_{name}"))
    value.st_dev = device(found.stx_dev_major, found.stx_dev_minor)
    value.st_rdev = device(found.stx_rdev_major, found.stx_rdev_minor)
    for name in ("atime", "mtime", "ctime"):
        stamp = getattr(found, f"stx_{name}")
        setattr(value, f"st_{name}", stamp.tv_sec)
        setattr(value, f"st_{name}_nsec", stamp.tv_nsec)


def device(major: int, minor: int) -> int:
    """A device's number as the kernel's structures have it."""
    return (minor & 0xFF) | major << 8 | (minor & ~0xFF) << 12


def statfs(pathname: Path, buf: Buffer) -> int:
    """With the structure of statfs64."""
    return direct.statfs64(pathname, _sizeof("struct kernel_statfs64"), buf)


def fstatfs(fd: Any, buf: Buffer) -> int:
    """With the structure of fstatfs64."""
    return direct.fstatfs64(fd, _sizeof("struct kernel_statfs64"), buf)


def statfs64(pathname: Path, sz: int, buf: Buffer) -> int:
    """The size has to be that of the structure."""
    if sz != _sizeof("struct kernel_statfs"):
        raise errors.error(EINVAL, "statfs64")
    return direct.statfs(pathname, buf)


def fstatfs64(fd: Any, sz: int, buf: Buffer) -> int:
    """The size has to be that of the structure."""
    if sz != _sizeof("struct kernel_statfs"):
        raise errors.error(EINVAL, "fstatfs64")
    return direct.fstatfs(fd, buf)


# ---- processes ----


def getrlimit(resource: int, rlim: Buffer) -> int:
    """No limit, and one that is too large for a long, are this ABI's number for no limit."""
    size = _sizeof("struct kernel_rlimit")
    passed = _memory("getrlimit", "rlim", rlim, size)
    found = _new("struct kernel_rlimit64 *")
    direct.prlimit64(0, resource, None, found)
    values = min(found.rlim_cur, _NO_LIMIT), min(found.rlim_max, _NO_LIMIT)
    _copy(passed, _new("struct kernel_rlimit *", values), size)
    return 0


ugetrlimit = _again(getrlimit, "ugetrlimit")


def setrlimit(resource: int, rlim: Buffer) -> int:
    """This ABI's number for no limit is the kernel's."""
    (passed,) = _read("setrlimit", "rlim", rlim, "struct kernel_rlimit")
    largest = (1 << 64) - 1
    values = [largest if one == _NO_LIMIT else one for one in (passed.rlim_cur, passed.rlim_max)]
    return direct.prlimit64(0, resource, _new("struct kernel_rlimit64 *", values), None)


def nice(increment: int) -> int:
    """Relative to the thread's nice value; two calls, between which another may change it."""
    step = max(-40, min(40, _number("nice", "increment", increment)))
    raw = direct.getpriority(0, 0)  # PRIO_PROCESS; turned round, so that it is positive
    now = raw if _ABI.name == "alpha" else 20 - raw
    try:
        return direct.setpriority(0, 0, max(-20, min(19, now + step)))
    except OSError as error:
        if error.errno != EACCES:
            raise
        raise errors.error(EPERM, "nice") from None


# ---- signals ----


def sigprocmask(how: int, nset: Buffer | None, oset: Buffer | None) -> int:
    """A mask is one word, the first of the kernel's; the others stay."""
    word = _sizeof("long")
    new = _read("sigprocmask", "nset", nset, "unsigned long")
    passed = _memory("sigprocmask", "oset", oset, word)
    before = bytearray(_SIGSET)
    mask = None
    if new is not None:
        mask = bytearray(_SIGSET)
        if how == _SIG_SETMASK:
            direct.rt_sigprocmask(how, None, mask, _SIGSET)
        mask[:word] = ffi.buffer(new)
    direct.rt_sigprocmask(how, mask, before, _SIGSET)
    if passed != _NULL:
        _copy(passed, before, word)
    return 0


def sgetmask() -> int:
    """The first word of the mask, as a long."""
    return int.from_bytes(_mask(None)[: _sizeof("long")], byteorder, signed=True)


def ssetmask(newmask: int) -> int:
    """The first word of the mask is set from an int, the others are cleared; returns the old int."""
    value = _number("ssetmask", "newmask", newmask)
    word = _sizeof("long")
    old = _mask((value & _ULONG_MAX).to_bytes(word, byteorder) + bytes(_SIGSET - word))
    return int(ffi.cast("int", int.from_bytes(old[:word], byteorder)))


def _mask(new: bytes | None) -> bytearray:
    old = bytearray(_SIGSET)
    direct.rt_sigprocmask(_SIG_SETMASK, new, old, _SIGSET)
    return old


def signal(sig: int, handler: int) -> int:
    """SIG_DFL and SIG_IGN; the address of a handler only where the kernel brings the way back from it."""
    value = _number("signal", "handler", handler, "uintptr_t")
    new = _new("struct kernel_sigaction *")
    old = _new("struct kernel_sigaction *")
    if value > 1 and hasattr(new, "sa_restorer"):
        raise errors.NoNumber("signal: only SIG_DFL and SIG_IGN without the C library", syscall="signal")
    new.sa_handler = ffi.cast("void *", value)
    new.sa_flags = 0x18 if _ABI.name == "alpha" else 0xC0000000  # SA_RESETHAND, SA_NODEFER
    more = (None,) if _ABI.name == "alpha" else ()
    direct.rt_sigaction(sig, new, old, _SIGSET, *more)
    return address(old.sa_handler)


# ---- new calls through older ones ----


def openat2(dfd: Any, filename: Path, how: Buffer, usize: int) -> Any:
    """openat, where it would not ignore what openat2 looks at."""
    size = _sizeof("struct kernel_open_how")
    if usize != size:
        return NotImplemented
    (passed,) = _read("openat2", "how", how, "struct kernel_open_how")
    creates = passed.flags & (os.O_CREAT | os.O_TMPFILE & ~os.O_DIRECTORY)
    if (
        passed.resolve
        or passed.flags & ~_OPEN_FLAGS
        or passed.mode & ~0o7777
        or (passed.mode and not creates)
        or (passed.flags & os.O_PATH and passed.flags & ~_PATH_FLAGS)
    ):
        return NotImplemented
    return direct.openat(dfd, filename, passed.flags, passed.mode)


_PATH_FLAGS = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_PATH | os.O_CLOEXEC
_OPEN_FLAGS = (
    _PATH_FLAGS
    | os.O_ACCMODE
    | os.O_CREAT
    | os.O_EXCL
    | os.O_NOCTTY
    | os.O_TRUNC
    | os.O_APPEND
    | os.O_NONBLOCK
    | os.O_SYNC
    | os.O_DSYNC
    | os.O_ASYNC
    | os.O_DIRECT
    | os.O_LARGEFILE
    | os.O_NOATIME
    | os.O_TMPFILE
)


def close_range(fd: Any, max_fd: int, flags: int) -> Any:
    """The descriptors that /proc lists, each by itself."""
    first, last = (
        _number("close_range", "fd", fd, "unsigned int"),
        _number("close_range", "max_fd", max_fd, "unsigned int"),
    )
    if first > last or flags & ~6:
        return NotImplemented
    fcntl = rearranged.fcntl
    try:
        os.stat("/proc/thread-self/fd")
    except OSError:
        return NotImplemented
    if flags & 2:  # CLOSE_RANGE_UNSHARE
        direct.unshare(0x400)  # CLONE_FILES
    for name in os.listdir("/proc/thread-self/fd"):
        if first <= (one := int(name)) <= last:
            try:
                fcntl(one, 2, 1) if flags & 4 else direct.close(one)  # F_SETFD, CLOSE_RANGE_CLOEXEC
            except OSError:
                pass  # the list's own, and what the kernel would not report either
    return 0


def epoll_pwait2(
    epfd: Any, events: Buffer, maxevents: int, timeout: Buffer | None, sigmask: Buffer | None, sigsetsize: int
) -> Any:
    """epoll_pwait counts milliseconds, as many as fit an int."""
    passed = _read("epoll_pwait2", "timeout", timeout, "struct kernel_timespec")
    limit = -1
    if passed is not None:
        seconds, rest = int(passed[0].tv_sec), int(passed[0].tv_nsec)
        limit = seconds * 1000 + rest // 1000000
        if seconds < 0 or not 0 <= rest < 1000000000 or rest % 1000000 or limit > _INT_MAX:
            return NotImplemented
    return direct.epoll_pwait(epfd, events, maxevents, limit, sigmask, sigsetsize)
