"""Every system call as a typed function.

    from pysys.calls import openat2, statx, pidfd_getfd

`direct` has each call exactly as the kernel defines it, made from its definition. Here is the same, but:
callers may omit the last parameters where most do not need them (help() of a call shows which): prctl(3),
fcntl(fd, F_GETFD); where a call deserves it, results are values and not buffers; a call that this ABI lacks,
or has in a narrow form only, is made through the one that replaced it; and a new one that the kernel does not
know yet through an older one, where that does exactly the same. pysys.resolve says which.

A function is made when its name is first used, and with it is loaded what it and its errors need: what was
imported by name works after chroot, in a sandbox and without a descriptor left, too. A name that is first
used there is an errors.NotLoadedError; pysys.preload() loads them all.

Other Python threads run during a call, unless it is one that never waits and runs no code of the process:
getpid, umask, kill and the others that pysys.parameters.table calls brief, which keep the GIL, as os does.
What answers such a call for this process, by a seccomp notification, has to be in another process.

`from pysys.calls import *` gives all calls of every ABI, over Python's own open, exit and the like; making
them takes some tenths of a second. dir(pysys.calls) lists the names; help(pysys.calls.openat2) shows the page
of a call, and a parameter that takes flags names the class of pysys.flags that has them.
"""

from __future__ import annotations

# Not direct, which others import by its own name: a package and its module that wait for each other, in two
# threads, are a deadlock.
from pysys.calls._make import build as _build
from pysys.loading import NotLoadedError as _NotLoadedError
from pysys.loading import hold as _hold
from pysys.loading import load as _load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    __all__: list[str]

# Calls that are more than their definition, by the modules here that have them.
_FAMILIES = {
    "_files": "statx statfs fstatfs readlinkat readlink getcwd getdents64 dirents name_to_handle_at"
    " open_by_handle_at cachestat",
    "_system": "uname sysinfo getrandom getcpu sethostname setdomainname",
    "_descriptors": "pipe2 pipe socketpair memfd_create eventfd2 timerfd_create timerfd_settime"
    " timerfd_gettime timerfd_read",
    "_clocks": "clock_gettime clock_adjtime adjtimex clock_getres clock_settime clock_nanosleep nanosleep"
    " times getitimer setitimer timer_create timer_settime timer_gettime",
    "_credentials": "getresuid getresgid getgroups setgroups capget capset",
    "_scheduling": "sched_getattr sched_setattr sched_getaffinity sched_setaffinity sched_rr_get_interval"
    " get_mempolicy",
    "_processes": "wait4 waitid prlimit64 getrusage process_vm_readv process_vm_writev",
    "_signals": "signalfd4 signalfd signalfd_read rt_sigpending rt_sigprocmask rt_sigtimedwait"
    " rt_sigqueueinfo rt_tgsigqueueinfo",
    "_epoll": "epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2",
    "_notify": "inotify_init1 inotify_read fanotify_init fanotify_mark fanotify_read fanotify_respond",
    "_pidfd": "pidfd_open pidfd_getfd pidfd_send_signal pidfd_info",
    "_landlock": "landlock_create_ruleset landlock_abi landlock_add_rule landlock_restrict_self",
    "_mounts": "fsopen fspick fsconfig fscontext_read fsmount open_tree open_tree_attr move_mount"
    " mount_setattr statmount listmount listns",
    "_keys": "add_key request_key keyctl keyctl_get_keyring_id keyctl_join_session_keyring keyctl_update"
    " keyctl_revoke keyctl_invalidate keyctl_chown keyctl_setperm keyctl_describe keyctl_read"
    " keyctl_list keyctl_get_security keyctl_search keyctl_clear keyctl_link keyctl_unlink keyctl_move"
    " keyctl_restrict_keyring keyctl_set_timeout keyctl_set_reqkey_keyring keyctl_get_persistent"
    " keyctl_capabilities",
    "_futexes": "futex futex_wait futex_wake futex_waitv futex_requeue",
    "_filters": "seccomp_set_mode_filter seccomp_get_action_avail seccomp_get_notif_sizes",
    "_lsm": "lsm_get_self_attr lsm_set_self_attr lsm_list_modules",
    "_queues": "msgsnd msgrcv semop semtimedop mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify"
    " mq_getsetattr",
    "_attributes": "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr"
    " getxattrat setxattrat listxattrat removexattrat file_getattr file_setattr",
    "_transfers": "copy_file_range splice sendfile sendfile64",
    "_aio": "io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents",
    "_sockets": "accept accept4 bind connect getsockname getpeername sendto recvfrom sendmsg recvmsg"
    " getsockopt setsockopt",
    "_rings": "io_uring_setup io_uring_register",
    "_perf": "perf_event_open",
    "_commands": "fcntl ioctl prctl arch_prctl semctl msgctl shmctl quotactl quotactl_fd seccomp",
    "_ptrace": "ptrace",
    "_bpf": "bpf",
}
# What processes shut themselves in with, prctl and seccomp among them, needs no file at its first use.
_hold("calls", "_commands direct")
_HANDWRITTEN = {name: home for home, names in _FAMILIES.items() for name in names.split()}

# What `from pysys.calls import` may mean besides a call.
_MODULES = frozenset(["_make", "_values", *_FAMILIES])

# What functions that are written by hand make at their first call, and what makes it.
_MAKERS = ("pysys.calls._make.conversions", "pysys.structures.build")
# The classes of pysys.flags that their results are of, or that they look numbers up in: too much for a module
# to load with all its functions.
_FLAGS = {
    "epoll_pwait": ("EpollEvents",),
    "epoll_pwait2": ("EpollEvents",),
    "epoll_wait": ("EpollEvents",),
    "fanotify_read": ("FanotifyEvents",),
    "getsockopt": ("SocketOption",),
    "inotify_read": ("InotifyEvents",),
    "keyctl_describe": ("KeyPermissions",),
    "lsm_get_self_attr": ("LsmId",),
    "lsm_list_modules": ("LsmId",),
    "recvmsg": ("MessageFlags",),
    "statmount": ("MountAttributes", "StatmountMask"),
}


def __getattr__(name: str) -> Any:
    if name == "direct":
        return _load("pysys.calls.direct")
    if name == "__all__":
        return _names()
    if name.startswith("__") or name in _MODULES:
        raise AttributeError(f"module 'pysys.calls' has no attribute {name!r}")
    wanted = f"pysys.calls.{name}"
    function: Callable[..., Any] | None
    if name in _HANDWRITTEN:
        for maker in _MAKERS:
            try:
                _load(maker, wanted)
            except _NotLoadedError:
                if _HANDWRITTEN[name] != "_commands":  # those make nothing but what a command answers
                    raise
        for kind in _FLAGS.get(name, ()):
            getattr(_load("pysys.flags", wanted), kind)
        function = getattr(_load(f"pysys.calls.{_HANDWRITTEN[name]}", wanted), name)
    else:
        function = _build.own(name.removesuffix("_"))
        if function is None:
            function = getattr(_load("pysys.calls._make.resolved", wanted), name)
    if function.__module__ != "pysys.calls":
        function.__module__ = "pysys.calls"  # where it is to be found
    globals()[name] = function
    return function


def __dir__() -> list[str]:
    return ["direct", *_names()]


def _names() -> list[str]:
    return sorted({*_HANDWRITTEN, *dir(_load("pysys.calls.direct"))})
