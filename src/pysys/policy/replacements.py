"""Which call does the work of one that an ABI, or an old kernel, does not have: the data, and a search.

There are two directions. A legacy call that an ABI lacks, or has only in a narrow form (ids of 16 bits, times
or file positions of 32), becomes a call that the ABI has: `find`. A new call that the running kernel answers
with ENOSYS becomes an older one, where that does exactly the same: `fallbacks`.

A rearrangement is written as the call it becomes: `openat(AT_FDCWD, filename, flags, mode)`. Names are the
parameters of the call that was asked for, everything else is in CONSTANTS. Without parentheses the arguments
stay as they are. What has to be computed is done by the function of pysys.calls._make.conversions that has
the name of the call that was asked for; its arguments here only show what it does.
"""

from __future__ import annotations

from pysys import abi as _abi
from pysys import numbering
from pysys.policy import refusals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pysys.abi import ABI

__all__ = [
    "CONSTANTS",
    "CONVERTED",
    "FALLBACKS",
    "NO_NUMBER",
    "ONLY_ENOSYS",
    "REARRANGED",
    "Fallback",
    "Replacement",
    "fallbacks",
    "find",
    "written_fallbacks",
]

# What arguments can be besides parameters. None: the value is this ABI's own (pysys.calls._make.rearranged).
CONSTANTS: dict[str, int | None] = {
    "NULL": 0,
    "-1": -1,
    "0": 0,
    "AT_FDCWD": -100,
    "AT_REMOVEDIR": 0x200,
    "AT_SYMLINK_NOFOLLOW": 0x100,
    "CLOCK_MONOTONIC": 1,
    "CLOCK_REALTIME": 0,
    "O_CREAT|O_WRONLY|O_TRUNC": None,
    "sizeof(long)": None,
}

# Calls with times of 32 bits on ABIs of 32 bits, and those with times of 64 bits everywhere.
_TIMES = {
    "clock_adjtime": "clock_adjtime64",
    "clock_getres": "clock_getres_time64",
    "clock_gettime": "clock_gettime64",
    "clock_nanosleep": "clock_nanosleep_time64",
    "clock_settime": "clock_settime64",
    "futex": "futex_time64",
    "io_pgetevents": "io_pgetevents_time64",
    "mq_timedreceive": "mq_timedreceive_time64",
    "mq_timedsend": "mq_timedsend_time64",
    "ppoll": "ppoll_time64",
    "pselect6": "pselect6_time64",
    "recvmmsg": "recvmmsg_time64",
    "rt_sigtimedwait": "rt_sigtimedwait_time64",
    "sched_rr_get_interval": "sched_rr_get_interval_time64",
    "semtimedop": "semtimedop_time64",
    "timer_gettime": "timer_gettime64",
    "timer_settime": "timer_settime64",
    "timerfd_gettime": "timerfd_gettime64",
    "timerfd_settime": "timerfd_settime64",
    "utimensat": "utimensat_time64",
}

# Calls with ids of 16 bits where there is another one with 32 in its name.
_IDS = (
    *("chown", "fchown", "lchown"),
    *("getuid", "geteuid", "getresuid", "setuid", "setreuid", "setresuid", "setfsuid"),
    *("getgid", "getegid", "getresgid", "setgid", "setregid", "setresgid", "setfsgid"),
    *("getgroups", "setgroups"),
)

# Calls with file positions as wide as a long, and their like with 64 bits.
_POSITIONS = {
    "fcntl": "fcntl64",
    "ftruncate": "ftruncate64",
    "sendfile": "sendfile64",
    "truncate": "truncate64",
}

# A call, and what it becomes: several in the order of preference, of which the ABI's first is taken.
REARRANGED: dict[str, str] = {
    **{old: new for pairs in (_TIMES, _POSITIONS) for old, new in pairs.items()},
    **{new: old for pairs in (_TIMES, _POSITIONS) for old, new in pairs.items()},
    **{name: f"{name}32" for name in _IDS},
    **{f"{name}32": name for name in _IDS},
    "_llseek": "llseek",
    "_newselect": "select",
    "accept": "accept4(fd, upeer_sockaddr, upeer_addrlen, 0)",
    "access": "faccessat(AT_FDCWD, filename, mode)",
    "adjtimex": "clock_adjtime64(CLOCK_REALTIME, txc_p)",
    "arm_fadvise64_64": "fadvise64_64(fd, offset, len, advice) or fadvise64(fd, offset, len, advice)",
    "arm_sync_file_range": "sync_file_range2 or sync_file_range(fd, offset, nbytes, flags)",
    "chmod": "fchmodat(AT_FDCWD, filename, mode)",
    "chown": "chown32 or fchownat(AT_FDCWD, filename, user, group, 0)",
    "chown32": "chown or fchownat(AT_FDCWD, filename, user, group, 0)",
    "creat": "openat(AT_FDCWD, pathname, O_CREAT|O_WRONLY|O_TRUNC, mode)",
    "epoll_wait": "epoll_pwait(epfd, events, maxevents, timeout, NULL, 0)",
    "eventfd": "eventfd2(count, 0)",
    "fadvise64": "fadvise64_64 or arm_fadvise64_64(fd, advice, offset, len)",
    "fadvise64_64": "arm_fadvise64_64(fd, advice, offset, len) or fadvise64",
    "fstat": "fstat64",
    "fstat64": "fstat",
    "fstatat64": "newfstatat",
    "futimesat": "utimesat",
    "getpgrp": "getpgid(0)",
    "getrlimit": "ugetrlimit",
    "inotify_init": "inotify_init1(0)",
    "io_getevents": "io_pgetevents_time64(ctx_id, min_nr, nr, events, timeout, NULL)",
    "lchown": "lchown32 or fchownat(AT_FDCWD, filename, user, group, AT_SYMLINK_NOFOLLOW)",
    "lchown32": "lchown or fchownat(AT_FDCWD, filename, user, group, AT_SYMLINK_NOFOLLOW)",
    "link": "linkat(AT_FDCWD, oldname, AT_FDCWD, newname, 0)",
    "llseek": "_llseek",
    "lstat": "newfstatat(AT_FDCWD, filename, statbuf, AT_SYMLINK_NOFOLLOW)"
    " or fstatat64(AT_FDCWD, filename, statbuf, AT_SYMLINK_NOFOLLOW)",
    "lstat64": "lstat or newfstatat(AT_FDCWD, filename, statbuf, AT_SYMLINK_NOFOLLOW)"
    " or fstatat64(AT_FDCWD, filename, statbuf, AT_SYMLINK_NOFOLLOW)",
    "mkdir": "mkdirat(AT_FDCWD, pathname, mode)",
    "mknod": "mknodat(AT_FDCWD, filename, mode, dev)",
    "nanosleep": "clock_nanosleep_time64(CLOCK_MONOTONIC, 0, rqtp, rmtp)",
    "newfstatat": "fstatat64",
    "oldumount": "umount2(name, 0)",
    "open": "openat(AT_FDCWD, filename, flags, mode)",
    "pipe": "pipe2(fildes, 0)",
    "readlink": "readlinkat(AT_FDCWD, path, buf, bufsiz)",
    "recv": "recvfrom(fd, ubuf, size, flags, NULL, NULL)",
    "rename": "renameat(AT_FDCWD, oldname, AT_FDCWD, newname)"
    " or renameat2(AT_FDCWD, oldname, AT_FDCWD, newname, 0)",
    "renameat": "renameat2(olddfd, oldname, newdfd, newname, 0)",
    "rmdir": "unlinkat(AT_FDCWD, pathname, AT_REMOVEDIR)",
    "sched_get_affinity": "sched_getaffinity",
    "sched_set_affinity": "sched_setaffinity",
    "select": "_newselect",
    "semop": "semtimedop_time64(semid, tsops, nsops, NULL) or semtimedop(semid, tsops, nsops, NULL)",
    "send": "sendto(fd, buff, len, flags, NULL, 0)",
    "setpgrp": "setpgid",
    "signalfd": "signalfd4(ufd, user_mask, sizemask, 0)",
    "sigpending": "rt_sigpending(uset, sizeof(long))",
    "stat": "newfstatat(AT_FDCWD, filename, statbuf, 0) or fstatat64(AT_FDCWD, filename, statbuf, 0)",
    "stat64": "stat or newfstatat(AT_FDCWD, filename, statbuf, 0)"
    " or fstatat64(AT_FDCWD, filename, statbuf, 0)",
    "symlink": "symlinkat(oldname, AT_FDCWD, newname)",
    "sync_file_range": "sync_file_range2(fd, flags, offset, nbytes)",
    "sync_file_range2": "sync_file_range(fd, offset, nbytes, flags)",
    "ugetrlimit": "getrlimit",
    "umount": "umount2(name, 0)",
    "unlink": "unlinkat(AT_FDCWD, pathname, 0)",
    "utimesat": "futimesat",
    "waitpid": "wait4(pid, stat_addr, options, NULL)",
}

# Where nothing above helps: the function of pysys.calls._make.conversions that has the call's name, and what
# it calls.
CONVERTED: dict[str, str] = {
    "_llseek": "lseek(fd, offset_high << 32 | offset_low, whence)",
    "_newselect": "pselect6_time64(n, inp, outp, exp, timespec(tvp), NULL)"
    " or pselect6(n, inp, outp, exp, timespec(tvp), NULL)",
    "alarm": "setitimer(ITIMER_REAL, itimerval(seconds), itimerval())",
    "dup2": "dup3(oldfd, newfd, 0)",
    "epoll_create": "epoll_create1(0)",
    "fstat": "statx(fd, '', AT_EMPTY_PATH, STATX_BASIC_STATS, statx())",
    "fstat64": "statx(fd, '', AT_EMPTY_PATH, STATX_BASIC_STATS, statx())",
    "fstatat64": "statx(dfd, filename, flag|AT_NO_AUTOMOUNT, STATX_BASIC_STATS, statx())",
    "fstatfs": "fstatfs64(fd, sizeof(statfs64), buf)",
    "fstatfs64": "fstatfs(fd, buf)",
    "futimesat": "utimensat_time64(dfd, filename, timespec(utimes), 0)"
    " or utimensat(dfd, filename, timespec(utimes), 0)",
    "getdents": "getdents64(fd, linux_dirent64(), count)",
    "getrlimit": "prlimit64(0, resource, NULL, rlimit64())",
    "gettimeofday": "clock_gettime64(CLOCK_REALTIME, timespec())",
    "llseek": "lseek(fd, offset_high << 32 | offset_low, whence)",
    "lseek": "_llseek(fd, offset >> 32, offset & 0xffffffff, loff_t(), whence)"
    " or llseek(fd, offset >> 32, offset & 0xffffffff, loff_t(), whence)",
    "lstat": "statx(AT_FDCWD, filename, AT_SYMLINK_NOFOLLOW|AT_NO_AUTOMOUNT, STATX_BASIC_STATS, statx())",
    "lstat64": "statx(AT_FDCWD, filename, AT_SYMLINK_NOFOLLOW|AT_NO_AUTOMOUNT, STATX_BASIC_STATS, statx())",
    "mmap": "mmap2(addr, len, prot, flags, fd, off / 4096) or mmap(mmap_arg_struct(addr, ..., off))",
    "mmap2": "mmap(addr, len, prot, flags, fd, pgoff * 4096)"
    " or mmap(mmap_arg_struct(addr, ..., pgoff * 4096))",
    "newfstatat": "statx(dfd, filename, flag|AT_NO_AUTOMOUNT, STATX_BASIC_STATS, statx())",
    "nice": "setpriority(PRIO_PROCESS, 0, 20 - getpriority(PRIO_PROCESS, 0) + increment)",
    "pause": "rt_sigsuspend(sigset(mask), sizeof(sigset))",
    "poll": "ppoll_time64(ufds, nfds, timespec(timeout_msecs), NULL, 0)"
    " or ppoll(ufds, nfds, timespec(timeout_msecs), NULL, 0)",
    "select": "pselect6_time64(n, inp, outp, exp, timespec(tvp), NULL)"
    " or pselect6(n, inp, outp, exp, timespec(tvp), NULL)",
    "setrlimit": "prlimit64(0, resource, rlimit64(rlim), NULL)",
    "settimeofday": "clock_settime64(CLOCK_REALTIME, timespec(tv))",
    "sgetmask": "rt_sigprocmask(SIG_BLOCK, NULL, sigset(), sizeof(sigset))",
    "signal": "rt_sigaction(sig, sigaction(handler), sigaction(), sizeof(sigset))",
    "sigprocmask": "rt_sigprocmask(how, sigset(nset), sigset(), sizeof(sigset))",
    "ssetmask": "rt_sigprocmask(SIG_SETMASK, sigset(newmask), sigset(), sizeof(sigset))",
    "stat": "statx(AT_FDCWD, filename, AT_NO_AUTOMOUNT, STATX_BASIC_STATS, statx())",
    "stat64": "statx(AT_FDCWD, filename, AT_NO_AUTOMOUNT, STATX_BASIC_STATS, statx())",
    "statfs": "statfs64(pathname, sizeof(statfs64), buf)",
    "statfs64": "statfs(pathname, buf)",
    "stime": "clock_settime64(CLOCK_REALTIME, timespec(tptr))"
    " or clock_settime(CLOCK_REALTIME, timespec(tptr))",
    "time": "clock_gettime64(CLOCK_REALTIME_COARSE, timespec())"
    " or clock_gettime(CLOCK_REALTIME_COARSE, timespec())",
    "ugetrlimit": "prlimit64(0, resource, NULL, rlimit64())",
    "utime": "utimensat_time64(AT_FDCWD, filename, timespec(times), 0)"
    " or utimensat(AT_FDCWD, filename, timespec(times), 0)",
    "utimes": "utimensat_time64(AT_FDCWD, filename, timespec(utimes), 0)"
    " or utimensat(AT_FDCWD, filename, timespec(utimes), 0)",
    "utimesat": "utimensat_time64(dfd, filename, timespec(utimes), 0)"
    " or utimensat(dfd, filename, timespec(utimes), 0)",
    "wait4": "waitid(P_PID, upid, siginfo(), options|WEXITED, ru)",
    "waitpid": "waitid(P_PID, pid, siginfo(), options|WEXITED, NULL)",
}

# A new call: with which arguments an older one does exactly the same, and that one.
FALLBACKS: dict[str, str] = {
    "accept4": "flags=0: accept(fd, upeer_sockaddr, upeer_addrlen)",
    "faccessat2": "flags=0: faccessat(dfd, filename, mode)",
    "fchmodat2": "flags=0: fchmodat(dfd, filename, mode)",
    "listxattrat": "dfd=AT_FDCWD at_flags=0: listxattr(pathname, list, size)"
    " or dfd=AT_FDCWD at_flags=AT_SYMLINK_NOFOLLOW: llistxattr(pathname, list, size)",
    "mlock2": "flags=0: mlock(start, len)",
    "open_tree_attr": "uattr=NULL usize=0: open_tree(dfd, filename, flags)",
    "preadv2": "pos=-1 flags=0: readv(fd, vec, vlen) or flags=0: preadv(fd, vec, vlen, pos)",
    "pwritev2": "pos=-1 flags=0: writev(fd, vec, vlen) or flags=0: pwritev(fd, vec, vlen, pos)",
    "removexattrat": "dfd=AT_FDCWD at_flags=0: removexattr(pathname, name)"
    " or dfd=AT_FDCWD at_flags=AT_SYMLINK_NOFOLLOW: lremovexattr(pathname, name)",
    "renameat2": "flags=0: renameat(olddfd, oldname, newdfd, newname)",
}

# The same where the arguments have to be looked at: by a function of pysys.calls._make.conversions with the
# call's name, which returns NotImplemented where the older call would do something else.
CONVERTED_FALLBACKS: dict[str, tuple[str, str]] = {
    "close_range": (
        "CLOSE_RANGE_UNSHARE and CLOSE_RANGE_CLOEXEC are the only flags, and /proc lists the descriptors",
        "close(fd)",
    ),
    "epoll_pwait2": (
        "timeout is NULL or a number of milliseconds",
        "epoll_pwait(epfd, events, maxevents, milliseconds(timeout), sigmask, sigsetsize)",
    ),
    "openat2": (
        "how has no resolve flags, and nothing that openat would ignore",
        "openat(dfd, filename, how.flags, how.mode)",
    ),
}

# Why a call that the ABI does not have is replaced, or absent.
NO_NUMBER = "the ABI has no number for it"
ONLY_ENOSYS = "the kernel answers the ABI's number with ENOSYS"

# Entry points of a name that are not the call of that name on other ABIs, and how they differ.
_POINTER = "the ABI's own takes one pointer to all arguments"
_OTHERS = {
    ("getrlimit", "sys_old_getrlimit"): "the ABI's own knows limits of 31 bits",
    ("mmap", "sys_old_mmap"): _POINTER,
    ("select", "sys_old_select"): _POINTER,
    ("umount", "sys_umount"): "the ABI's own has flags as umount2 has",
}

_NARROW = {
    "16": "the ABI's own has ids of 16 bits",
    "32": "the ABI's own has times of 32 bits, which end in 2038",
    "": "the ABI's own has file positions of 32 bits",
}


class Replacement:
    """The call which another one becomes on an ABI.

    name, abi: the call that was asked for, and where.
    call: the call it becomes, which the ABI has; for `mmap` on s390x that is its own mmap.
    arguments: in the order of that call's parameters: names of the parameters of `name`, or CONSTANTS;
        None if they stay as they are. If there is code, they only show what it does.
    code: the name of the function in pysys.calls._make.conversions, with the parameters of `name`; "" if the
        arguments say all.
    why: what the ABI lacks.
    """

    __slots__ = ("abi", "arguments", "call", "code", "name", "why")

    def __init__(
        self, name: str, abi: str, call: str, arguments: tuple[str, ...] | None, code: str, why: str
    ) -> None:
        self.name: str = name
        self.abi: str = abi
        self.call: str = call
        self.arguments: tuple[str, ...] | None = arguments
        self.code: str = code
        self.why: str = why

    def __str__(self) -> str:
        return _shown(self.call, self.arguments)

    def __repr__(self) -> str:
        return f"<Replacement of {self.name} on {self.abi}: {self}>"


class Fallback:
    """An older call that does the same as a new one, for some of its arguments.

    name, call, arguments, code: as in Replacement; the function may return NotImplemented.
    when: parameters of `name` and the CONSTANTS that they must be; empty if there is code.
    condition: the same for people.
    """

    __slots__ = ("arguments", "call", "code", "condition", "name", "when")

    def __init__(
        self,
        name: str,
        call: str,
        arguments: tuple[str, ...] | None,
        code: str,
        when: Mapping[str, str],
        condition: str,
    ) -> None:
        self.name: str = name
        self.call: str = call
        self.arguments: tuple[str, ...] | None = arguments
        self.code: str = code
        self.when: Mapping[str, str] = when
        self.condition: str = condition

    def __str__(self) -> str:
        return f"{_shown(self.call, self.arguments)} if {self.condition}"

    def __repr__(self) -> str:
        return f"<Fallback of {self.name}: {self}>"


def find(name: str, abi: str | ABI | None = None) -> Replacement | None:
    """What a call becomes on an ABI (None: that of this process).

    Returns None if the ABI has the call as it should be, or if no other call does the same. fork, vfork and
    clone3 are not here: functions of pysys make them.
    """
    if name not in REARRANGED and name not in CONVERTED:
        return None
    where = _known(abi)
    why = _need(name, where)
    if not why:
        return None
    for table in (REARRANGED, CONVERTED):
        # A conversion takes what the plain call takes, times of 32 bits too: nothing would be won.
        if table is CONVERTED and why in _NARROW.values() and name != "lseek":
            break
        for written in table.get(name, "").split(" or ") if name in table else ():
            call, arguments = _read(written)
            if implemented(call, where) and _takes(call, where, arguments, name):
                code = name if table is CONVERTED else ""
                return Replacement(name, where.name, call, arguments, code, why)
    return None


def fallbacks(name: str, abi: str | ABI | None = None) -> tuple[Fallback, ...]:
    """What a call may become on an ABI (None: this process's) whose kernel is too old for it, in order."""
    if name not in FALLBACKS and name not in CONVERTED_FALLBACKS:
        return ()
    where = _known(abi)
    return tuple(one for one in written_fallbacks(name) if implemented(one.call, where))


def implemented(name: str, abi: str | ABI | None = None) -> bool:
    """Whether an ABI has a number for a call behind which there is more than ENOSYS."""
    return name in numbering.table(abi) and numbering.entry(name, abi) not in numbering.NOT_IMPLEMENTED


def _known(abi: str | ABI | None) -> ABI:
    return abi if isinstance(abi, _abi.ABI) else _abi.current() if abi is None else _abi.get(abi)


def _need(name: str, abi: ABI) -> str:
    """Why a call is not made as it is, if there is another one; "" if it can be."""
    if name not in numbering.table(abi):
        return NO_NUMBER
    entry = numbering.entry(name, abi)
    if entry in numbering.NOT_IMPLEMENTED:
        return ONLY_ENOSYS
    if entry in refusals.TWO_RESULTS:
        return "the ABI's own gives its second result in a register, where it is lost"
    if (name, entry) in _OTHERS:
        return _OTHERS[name, entry]
    if name in REARRANGED and (width := _short(name, abi)):
        return _NARROW[width]
    if abi.bits == 32 and (name in _POSITIONS or name == "lseek"):
        return _NARROW[""]
    return ""


def _takes(call: str, abi: ABI, arguments: tuple[str, ...] | None, name: str) -> bool:
    """Whether an ABI's own call is the one that is meant, with these arguments."""
    if (call, numbering.entry(call, abi)) in _OTHERS:
        return arguments is not None and len(arguments) == 1
    return call != name and not _short(call, abi)


def _short(name: str, abi: ABI) -> str:
    """The number of bits as text, where that is too few: "16" for ids, "32" for times, else ""."""
    point = numbering.entry(name, abi)
    return next((width for width in ("16", "32") if point.endswith(width)), "")


def _read(written: str) -> tuple[str, tuple[str, ...] | None]:
    """The call and its arguments; between the parentheses of an argument there may be commas."""
    call, parenthesis, rest = written.partition("(")
    if not parenthesis:
        return call, None
    found, depth = [""], 0
    for letter in rest[:-1]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return call, tuple(one.strip() for one in found if one.strip())


def _shown(call: str, arguments: tuple[str, ...] | None) -> str:
    return call if arguments is None else f"{call}({', '.join(arguments)})"


def written_fallbacks(name: str) -> Iterator[Fallback]:
    for written in FALLBACKS[name].split(" or ") if name in FALLBACKS else ():
        condition, _, becomes = written.partition(": ")
        when = dict(one.split("=") for one in condition.split())
        text = " and ".join(f"{parameter} is {value}" for parameter, value in when.items())
        yield Fallback(name, *_read(becomes), "", when, text)
    if name in CONVERTED_FALLBACKS:
        text, becomes = CONVERTED_FALLBACKS[name]
        yield Fallback(name, *_read(becomes), name, {}, text)
