"""Arguments with which every call of this ABI can be made without harm, and what is then expected.

A call with a descriptor or a path gets one that does not exist, and the rest by kind: memory that is long
enough, zeros, NULL. Every other call stands in `_by_hand`, and so do the calls that would look at their
other arguments first: nothing is guessed about a call that nobody has thought about.
"""

from __future__ import annotations

import mmap
import os
import threading

import leftovers

from pysys import abi, parameters
from pysys._native import ffi
from pysys.policy.fate import fate

NOWHERE = "/nonexistent/pysys"
NAME = "pysys-none"  # no type of keys, module, filesystem is called so
IMPOSSIBLE = 0x7FFFFFFE  # more than any process id
ALL = 0xFFFFFFFF
ANONYMOUS = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
NULL = ffi.NULL
REFUSED = "RefusedError"
SIGSET = 16 if abi.current().architecture == "mips" else 8  # bytes of the kernel's sigset_t

# What the kernel says of a bad descriptor or path where it has nothing to object before.
UNKNOWN = "EBADF ENOENT EINVAL"
# A kernel may be built without a call, and a container's filter or the caller's rights may refuse it.
ANYWHERE = frozenset({"ENOSYS", "EPERM"})
# Numbers without a call: arm's get_tls is in no table of calls, and returns an address; before Linux 6.15 a
# kernel may have uselib, which is given a NULL.
WITHOUT_A_CALL = {"get_tls": "OK", "uselib": "EFAULT"}

# They change the process, or do not return to it: made in a child of its own.
IN_CHILD = frozenset(
    """
    adjtimex alarm exit_group ioperm iopl munlockall nice pause personality rt_sigaction rt_sigprocmask
    seccomp setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setpgid setregid
    setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setsid setuid setuid32
    sigaltstack
    signal sigprocmask sigsuspend ssetmask syslog umask unshare uprobe vhangup vm86 vm86old
    """.split()
)
# They wait for a signal: the child gets one.
WAITING = frozenset({"pause", "sigsuspend"})
# Their result is a descriptor.
OPENS = frozenset({"epoll_create1", "eventfd", "inotify_init"})
# What exit_group ends its child with.
EXIT_CODE = 7


def _buffer(size: int = 4096) -> bytearray:
    return bytearray(size)


def _by_hand() -> dict[str, tuple[tuple[object, ...], str]]:
    """Arguments, and the result: "OK" or the names of errors. A new call of a family stands under its
    old name: clock_gettime for clock_gettime64, getuid for getuid32."""
    me, thread = os.getpid(), threading.get_native_id()
    zeros, ones = bytes(4096), b"\xff" * 4096
    return {
        "_newselect": ((0, None, None, None, _buffer()), "OK"),
        "add_key": ((NAME, NAME, b"", 0, -2), "ENODEV"),
        "adjtimex": ((_buffer(),), "OK"),  # no mode: it only reports
        "alarm": ((0,), "OK"),
        "arch_prctl": ((0, 0), "EINVAL"),
        "bpf": ((9999, _buffer(128), 128, None, 0), "EINVAL E2BIG"),
        "brk": ((0,), "OK"),
        "cachectl": ((NULL, 0, 0), "ENOSYS"),
        "cacheflush": ((0, 0, 1), "OK EINVAL"),  # no bytes: nothing to do on mips, wrong on arm
        "capget": ((_buffer(), None), "OK EINVAL"),
        "capset": ((_buffer(), zeros), "EINVAL"),  # no such version
        "clock_adjtime": ((99, _buffer()), "EINVAL"),
        "clock_getres": ((1, _buffer()), "OK"),
        "clock_gettime": ((1, _buffer()), "OK"),
        "clock_nanosleep": ((1, 0, zeros, None), "OK"),
        "clock_settime": ((99, zeros), "EINVAL"),
        "close_range": ((-1, 0, ALL), "EINVAL"),
        "delete_module": ((NAME, os.O_NONBLOCK), "ENOENT"),
        "epoll_create": ((0,), "EINVAL"),
        "epoll_create1": ((os.O_CLOEXEC,), "OK"),
        "eventfd": ((0,), "OK"),
        "eventfd2": ((0, ALL), "EINVAL"),
        "exit_group": ((EXIT_CODE,), "OK"),
        "fanotify_init": ((ALL, 0), "EINVAL"),
        "fsopen": ((NAME, 0), "ENODEV"),
        "futex": ((_buffer(), 0x7F, 0, None, None, 0), "ENOSYS"),
        "futex_requeue": ((zeros, ALL, 0, 0), "EINVAL"),
        "futex_wait": ((_buffer(), 0, 0, ALL, None, 1), "EINVAL"),
        "futex_waitv": ((NULL, 0, 0, None, 1), "EINVAL"),
        "futex_wake": ((_buffer(), 0, 0, ALL), "EINVAL"),
        "get_mempolicy": ((_buffer(), None, 0, None, 0), "OK"),
        "get_robust_list": ((0, _buffer(), _buffer()), "OK"),
        "get_thread_area": ((_buffer(),), "OK EINVAL"),
        "getcpu": ((_buffer(), _buffer(), None), "OK"),
        "getcwd": ((_buffer(), 4096), "OK"),
        "getegid": ((), "OK"),
        "geteuid": ((), "OK"),
        "getgid": ((), "OK"),
        "getgroups": ((0, None), "OK"),
        "getitimer": ((0, _buffer()), "OK"),
        "getpgid": ((0,), "OK"),
        "getpgrp": ((), "OK"),
        "getpid": ((), "OK"),
        "getppid": ((), "OK"),
        "getpriority": ((0, 0), "OK"),
        "getrandom": ((_buffer(), 16, 0), "OK"),
        "getresgid": ((_buffer(), _buffer(), _buffer()), "OK"),
        "getresuid": ((_buffer(), _buffer(), _buffer()), "OK"),
        "getrlimit": ((7, _buffer()), "OK"),
        "getrusage": ((0, _buffer()), "OK"),
        "getsid": ((0,), "OK"),
        "gettid": ((), "OK"),
        "gettimeofday": ((_buffer(), None), "OK"),
        "getuid": ((), "OK"),
        "init_module": ((zeros, 64, ""), "ENOEXEC"),
        "inotify_init": ((), "OK"),
        "inotify_init1": ((-1,), "EINVAL"),
        "io_cancel": ((0, _buffer(), None), "EINVAL"),
        "io_destroy": ((0,), "EINVAL"),
        "io_getevents": ((0, 0, 0, _buffer(), None), "EINVAL"),
        "io_pgetevents": ((0, 0, 0, _buffer(), None, None), "EINVAL"),
        "io_setup": ((0, _buffer()), "EINVAL"),
        "io_submit": ((0, 0, b""), "EINVAL"),
        "io_uring_setup": ((0, _buffer()), "EINVAL"),
        "ioperm": ((ALL, 1, 0), "EINVAL"),
        "iopl": ((9,), "EINVAL"),
        "ioprio_get": ((1, 0), "OK"),
        "ioprio_set": ((9, 0, 0), "EINVAL"),
        "ipc": ((99, 0, 0, 0, None, 0), "ENOSYS"),
        "kcmp": ((IMPOSSIBLE, IMPOSSIBLE, 0, 0, 0), "ESRCH"),
        "kexec_file_load": ((-1, -1, 0, None, 0x80000000), "EINVAL"),
        "kexec_load": ((0, 1, NULL, 0x8000), "EINVAL"),
        "keyctl": ((9999, 0, 0, 0, 0), "EOPNOTSUPP"),
        "kill": ((me, 0), "OK"),
        "landlock_create_ruleset": ((None, 0, 1), "OK EOPNOTSUPP"),  # which version there is
        "listmount": ((zeros, _buffer(), 8, ALL), "EINVAL"),
        "listns": ((zeros, _buffer(), 8, ALL), "EINVAL"),
        "lsm_get_self_attr": ((0, None, _buffer(), 0), "EINVAL EOPNOTSUPP"),
        "lsm_list_modules": ((_buffer(), _buffer(), ALL), "EINVAL"),
        "lsm_set_self_attr": ((0, _buffer(), 64, ALL), "EINVAL E2BIG EOPNOTSUPP"),
        "madvise": ((1, 4096, 0), "EINVAL"),
        "map_shadow_stack": ((1, 0, ALL), "EINVAL EOPNOTSUPP"),
        "mbind": ((1, 4096, 0, None, 0, 0), "EINVAL"),
        "membarrier": ((0, 0, 0), "OK"),
        "memfd_create": ((NAME, ALL), "EINVAL"),
        "memfd_secret": ((ALL,), "EINVAL"),
        "migrate_pages": ((IMPOSSIBLE, 0, None, None), "ESRCH"),
        "mincore": ((1, 4096, _buffer()), "EINVAL"),
        "mlock": ((0, 0), "OK"),
        "mlock2": ((0, 0, ALL), "EINVAL"),
        "mlockall": ((-1,), "EINVAL"),
        "mmap": ((None, 0, 0, ANONYMOUS, -1, 0), "EINVAL"),  # of no length
        "mmap2": ((None, 0, 0, ANONYMOUS, -1, 0), "EINVAL"),
        "modify_ldt": ((0, _buffer(), 0), "OK"),
        "mount_setattr": ((-1, NOWHERE, ALL, zeros, 64), "EINVAL"),
        "move_pages": ((IMPOSSIBLE, 0, b"", None, _buffer(), 0), "ESRCH"),
        "mprotect": ((1, 4096, 0), "EINVAL"),
        "mq_open": ((leftovers.name(), 0, 0, None), "ENOENT"),
        "mq_unlink": ((leftovers.name(),), "ENOENT EACCES"),
        "mremap": ((1, 4096, 4096, 0, 0), "EINVAL"),
        "mseal": ((1, 4096, 0), "EINVAL"),
        "msgctl": ((-1, 2, _buffer()), "EINVAL"),
        "msgget": ((leftovers.key(), 0), "ENOENT"),
        "msgrcv": ((-1, _buffer(), 64, 0, 0), "EINVAL"),
        "msgsnd": ((-1, b"\1" + zeros, 64, 0), "EINVAL"),
        "msync": ((1, 4096, 0), "EINVAL"),
        "munlock": ((0, 0), "OK"),
        "munlockall": ((), "OK"),
        "munmap": ((0, 0), "EINVAL"),
        "nanosleep": ((ones, None), "EINVAL"),
        "nice": ((0,), "OK"),
        "oldolduname": ((_buffer(),), "OK"),
        "olduname": ((_buffer(),), "OK"),
        "pause": ((), "EINTR"),
        "pciconfig_iobase": ((99, 0, 0), "EINVAL ENODEV EOPNOTSUPP"),
        "pciconfig_read": ((255, 255, 0, 1, _buffer()), "ENODEV"),
        "pciconfig_write": ((255, 255, 0, 1, zeros), "ENODEV"),
        "perf_event_open": ((_buffer(128), -1, -1, -1, 0), "EINVAL EACCES"),
        "personality": ((ALL,), "OK"),  # it only reports
        "pidfd_open": ((-1, 0), "EINVAL"),
        "pipe": ((NULL,), "EFAULT"),
        "pipe2": ((_buffer(), ALL >> 1), "EINVAL"),
        "pkey_alloc": ((ALL, ALL), "EINVAL"),
        "pkey_free": ((-1,), "EINVAL"),
        "pkey_mprotect": ((1, 4096, 0, -1), "EINVAL"),
        "poll": ((None, 0, 0), "OK"),
        "ppoll": ((None, 0, _buffer(), None, 0), "OK"),
        "prctl": ((-1, 0, 0, 0, 0), "EINVAL"),
        "prlimit64": ((0, 99, None, None), "EINVAL"),
        "process_vm_readv": ((IMPOSSIBLE, b"", 0, b"", 0, ALL), "EINVAL"),
        "process_vm_writev": ((IMPOSSIBLE, b"", 0, b"", 0, ALL), "EINVAL"),
        "pselect6": ((0, None, None, None, _buffer(), None), "OK"),
        "ptrace": ((3, IMPOSSIBLE, 0, 0), "ESRCH"),
        "quotactl": ((ALL, NOWHERE, 0, None), "EINVAL"),
        "reboot": ((0, 0, 0, None), "EINVAL"),
        "remap_file_pages": ((1, 0, 1, 0, 0), "EINVAL"),
        "request_key": ((NAME, NAME, None, 0), "ENOKEY ENODEV"),
        "riscv_flush_icache": ((0, 0, 2), "EINVAL"),
        "riscv_hwprobe": ((_buffer(), 0, 0, None, 0), "OK"),
        "rseq_slice_yield": ((), "OK"),
        "rt_sigaction": ((10, None, _buffer(), SIGSET), "OK"),
        "rt_sigpending": ((_buffer(), SIGSET), "OK"),
        "rt_sigprocmask": ((0, None, _buffer(), SIGSET), "OK"),
        "rt_sigqueueinfo": ((IMPOSSIBLE, 0, zeros), "ESRCH"),
        "rt_sigsuspend": ((zeros, 1), "EINVAL"),
        "rt_sigtimedwait": ((zeros, None, zeros, SIGSET), "EAGAIN"),
        "rt_tgsigqueueinfo": ((IMPOSSIBLE, IMPOSSIBLE, 0, zeros), "ESRCH"),
        "rtas": ((NULL,), "EFAULT EINVAL"),
        "s390_guarded_storage": ((99, None), "EINVAL EOPNOTSUPP"),
        "s390_pci_mmio_read": ((0, _buffer(), 0), "EINVAL ENODEV"),
        "s390_pci_mmio_write": ((0, zeros, 0), "EINVAL ENODEV"),
        "s390_runtime_instr": ((99, 0), "EINVAL EOPNOTSUPP"),
        "s390_sthyi": ((99, _buffer(), _buffer(), 0), "EOPNOTSUPP"),
        "sched_get_priority_max": ((0,), "OK"),
        "sched_get_priority_min": ((0,), "OK"),
        "sched_getaffinity": ((0, 4096, _buffer()), "OK"),
        "sched_getattr": ((0, _buffer(), 48, 0), "OK"),
        "sched_getparam": ((0, _buffer()), "OK"),
        "sched_getscheduler": ((0,), "OK"),
        "sched_rr_get_interval": ((0, _buffer()), "OK"),
        "sched_setaffinity": ((-1, 8, zeros), "ESRCH EINVAL"),
        "sched_setattr": ((-1, _buffer(), 0), "EINVAL"),
        "sched_setparam": ((-1, zeros), "EINVAL"),
        "sched_setscheduler": ((-1, 0, zeros), "EINVAL"),
        "sched_yield": ((), "OK"),
        "seccomp": ((99, 0, None), "EINVAL"),
        "select": ((0, None, None, None, _buffer()), "OK"),
        "semctl": ((-1, 0, 0, None), "EINVAL"),
        "semget": ((0, -1, 0), "EINVAL"),
        "semop": ((-1, zeros, 1), "EINVAL"),
        "semtimedop": ((-1, zeros, 1, None), "EINVAL"),
        "set_mempolicy": ((-1, None, 0), "EINVAL"),
        "set_mempolicy_home_node": ((1, 4096, 0, 0), "EINVAL"),
        "setdomainname": ((b"", -1), "EINVAL"),
        "setfsgid": ((-1,), "OK"),
        "setfsuid": ((-1,), "OK"),
        "setgid": ((-1,), "EINVAL"),
        "setgroups": ((0x20000, NULL), "EINVAL"),
        "sethostname": ((b"", -1), "EINVAL"),
        "setitimer": ((99, zeros, None), "EINVAL"),
        "setpgid": ((0, -1), "EINVAL"),
        "setpriority": ((-1, 0, 0), "EINVAL"),
        "setregid": ((-1, -1), "OK"),
        "setresgid": ((-1, -1, -1), "OK"),
        "setresuid": ((-1, -1, -1), "OK"),
        "setreuid": ((-1, -1), "OK"),
        "setrlimit": ((99, zeros), "EINVAL"),
        "setsid": ((), "OK"),
        "settimeofday": ((ones, None), "EINVAL"),
        "setuid": ((-1,), "EINVAL"),
        "sgetmask": ((), "OK"),
        "shmat": ((-1, None, 0), "EINVAL"),
        "shmctl": ((-1, 2, _buffer()), "EINVAL"),
        "shmdt": ((1,), "EINVAL"),
        "shmget": ((0, 0, 0), "EINVAL"),
        "sigaction": ((10, None, _buffer()), "OK"),
        "sigaltstack": ((None, _buffer()), "OK"),
        "signal": ((99, 0), "EINVAL"),
        "signalfd": ((-1, b"", 0), "EINVAL"),
        "signalfd4": ((-1, b"", 0, 0), "EINVAL"),
        "sigpending": ((_buffer(),), "OK"),
        "sigprocmask": ((0, None, _buffer()), "OK"),
        "sigsuspend": ((0, 0, 0), "EINTR"),
        "socket": ((-1, 0, 0), "EAFNOSUPPORT EINVAL"),
        "socketcall": ((99, _buffer()), "EINVAL"),
        "socketpair": ((-1, 0, 0, _buffer()), "EAFNOSUPPORT EINVAL"),
        "splice": ((-1, None, -1, None, 1, 0), "EBADF"),
        "ssetmask": ((0,), "OK"),
        "statmount": ((zeros, _buffer(), 512, ALL), "EINVAL"),
        "stime": ((NULL,), "EFAULT"),
        "subpage_prot": ((1, 0, None), "EINVAL ENOENT"),
        "sync": ((), "OK"),
        "sysfs": ((3, 0, 0), "OK"),
        "sysinfo": ((_buffer(),), "OK"),
        "syslog": ((99, None, 0), "EINVAL"),
        "sysmips": ((99, 0, 0), "EINVAL"),
        "tee": ((-1, -1, 1, 0), "EBADF"),
        "tgkill": ((me, thread, 0), "OK"),
        "time": ((None,), "OK"),
        "timer_create": ((99, None, _buffer()), "EINVAL"),
        "timer_delete": ((-1,), "EINVAL"),
        "timer_getoverrun": ((-1,), "EINVAL"),
        "timer_gettime": ((-1, _buffer()), "EINVAL"),
        "timer_settime": ((-1, 0, zeros, None), "EINVAL"),
        "timerfd_create": ((99, 0), "EINVAL"),
        "times": ((None,), "OK"),
        "tkill": ((thread, 0), "OK"),
        "ugetrlimit": ((7, _buffer()), "OK"),
        "umask": ((0o22,), "OK"),
        "uname": ((_buffer(),), "OK"),
        "unshare": ((0,), "OK"),
        "unused109": ((_buffer(),), "OK"),
        "unused59": ((_buffer(),), "OK"),
        "uprobe": ((), "EPROTO ENXIO"),  # only the kernel's own trampoline makes it
        "userfaultfd": ((0x40000000,), "EINVAL"),
        "ustat": ((0, _buffer()), "EINVAL"),
        "vhangup": ((), "OK"),  # there is no terminal to lose
        "vm86": ((99, 0), "EINVAL"),
        "vm86old": ((NULL,), "EFAULT"),
        "wait4": ((-1, None, os.WNOHANG, None), "ECHILD"),
        "waitid": ((99, 0, None, 0, None), "EINVAL"),
        "waitpid": ((-1, None, os.WNOHANG), "ECHILD"),
    }


def family(name: str) -> str:
    """The name under which a call of another width stands."""
    for suffix in ("_time64", "64", "32"):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def _by_kind(known: tuple[parameters.Parameter, ...]) -> tuple[object, ...]:
    """Arguments of a call that a descriptor or a path decides."""
    counts = {
        name
        for one in known
        for name in one.length.replace("-1", "").replace(">48", "").replace("*", "").split()
    }
    kinds: dict[str, object] = {
        "fd": -1,
        "path": NOWHERE,
        "string": NAME,
        "strings": None,
        "word": 0,
        "address": 0,
    }
    found: list[object] = []
    for one in known:
        if one.kind == "memory":
            size = max(4096, int(one.length) if one.length.isdigit() else 0)
            found.append(bytes(size) if one.direction == "in" else _buffer(size))
        elif one.kind == "int":
            found.append(64 if "bytes" in _units(one.name, known) else 8 if one.name in counts else 0)
        else:
            found.append(kinds[one.kind])
    return tuple(found)


def _units(name: str, known: tuple[parameters.Parameter, ...]) -> set[str]:
    pairs = [one.length.replace(">48", "").partition(" ") for one in known]
    return {unit for told, _, unit in pairs if told == name}


def safe(name: str, which: abi.ABI | None = None) -> tuple[tuple[object, ...], frozenset[str]]:
    """The arguments for a call of an ABI, made each time, and what may come of it.

    Raises KeyError for a call that nobody has thought about.
    """
    which = which or abi.current()
    known = parameters.parameters(name, which)
    if fate(name, which).refusal:  # its function has the usual parameters
        return tuple(None for _ in parameters.parameters(name) or ()), frozenset({REFUSED})
    if known is None:
        return (), frozenset({"ENOSYS", WITHOUT_A_CALL.get(name, "ENOSYS")})
    by_hand = _by_hand()
    found = by_hand.get(name) or by_hand.get(family(name))
    if name in ("mmap", "select") and len(known) == 1:  # where the arguments lie in memory
        found = (NULL,), "EFAULT"
    if found and name == "sigsuspend" and len(known) == 1:
        found = (bytes(SIGSET) if known[0].kind == "memory" else 0,), "EINTR"
    if found and name == "ipc":  # s390 has no sixth
        found = found[0][: len(known)], found[1]
    if found is None:
        if not any(one.kind in ("fd", "path") for one in known):
            raise KeyError(name)
        found = _by_kind(known), UNKNOWN
    args, expected = found
    return args, frozenset(expected.split()) | ANYWHERE
