"""Which members of a class of pysys.flags a parameter or field takes, where it does not take all, by hand.

After the kernel's masks and tables: the other members are refused, ignored, or have no meaning there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LINK = "AT_SYMLINK_NOFOLLOW AT_EMPTY_PATH"
_STAT = f"{_LINK} AT_NO_AUTOMOUNT AT_STATX_SYNC_AS_STAT AT_STATX_FORCE_SYNC AT_STATX_DONT_SYNC"
_TREE = f"{_LINK} AT_NO_AUTOMOUNT AT_RECURSIVE"
_NAMESPACES = """
    CLONE_NEWTIME CLONE_NEWNS CLONE_NEWCGROUP CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER CLONE_NEWPID
    CLONE_NEWNET
"""
_STEERED = "CLOCK_REALTIME CLOCK_AUX CLOCK_AUX_LAST"
_WITH_TIMERS = """
    CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_BOOTTIME CLOCK_TAI CLOCK_REALTIME_ALARM CLOCK_BOOTTIME_ALARM
    CLOCK_PROCESS_CPUTIME_ID
"""
_ONE_SIZE = "but FUTEX2_SIZE_U8 FUTEX2_SIZE_U16 FUTEX2_SIZE_U64"
_MAPPED = "but PROT_GROWSDOWN PROT_GROWSUP"
# Those of the kernel itself; a file system's own, which mount hands on, are not among them.
_INTERNAL = "but MS_KERNMOUNT MS_SUBMOUNT MS_NOREMOTELOCK MS_NOSEC MS_BORN MS_ACTIVE MS_NOUSER"
_PROPAGATION = "MS_SHARED MS_SLAVE MS_PRIVATE MS_UNBINDABLE"
_SENT = """
    but MSG_PEEK MSG_CTRUNC MSG_TRUNC MSG_WAITALL MSG_ERRQUEUE MSG_WAITFORONE MSG_SOCK_DEVMEM MSG_CMSG_CLOEXEC
"""
_RECEIVED = "MSG_OOB MSG_PEEK MSG_TRUNC MSG_DONTWAIT MSG_WAITALL MSG_ERRQUEUE"
# With a structure, whose msg_flags is an answer.
_ANSWERED = f"{_RECEIVED} MSG_CTRUNC MSG_EOR MSG_CONFIRM MSG_CMSG_CLOEXEC MSG_SOCK_DEVMEM"
_ENDED = "WNOHANG WUNTRACED WSTOPPED WCONTINUED WNOTHREAD WCLONE WALL"
_NO_OPTIONS = """
    SO_DEVMEM_LINEAR SO_DEVMEM_DMABUF
    SO_SECURITY_AUTHENTICATION SO_SECURITY_ENCRYPTION_TRANSPORT SO_SECURITY_ENCRYPTION_NETWORK
"""

# call.parameter, call(COMMAND).parameter or structure.field: the members of all of its classes that it takes,
# or "but" and those that it does not take.
MEMBERS: dict[str, str] = {
    "execveat.flags": f"{_LINK} AT_EXECVE_CHECK",
    "faccessat2.flags": f"{_LINK} AT_EACCESS",
    "fchmodat2.flags": _LINK,
    "fchownat.flag": _LINK,
    "file_getattr.at_flags": _LINK,
    "file_setattr.at_flags": _LINK,
    "getxattrat.at_flags": _LINK,
    "listxattrat.at_flags": _LINK,
    "removexattrat.at_flags": _LINK,
    "setxattrat.at_flags": _LINK,
    "utimensat.flags": _LINK,
    "utimensat_time64.flags": _LINK,
    "newfstatat.flag": f"{_STAT} AT_STATX_SYNC_TYPE",
    "fstatat64.flag": f"{_STAT} AT_STATX_SYNC_TYPE",
    "statx.flags": _STAT,
    "linkat.flags": "AT_SYMLINK_FOLLOW AT_EMPTY_PATH",
    "unlinkat.flag": "AT_REMOVEDIR",
    "mount_setattr.flags": _TREE,
    "open_tree.flags": f"{_TREE} OPEN_TREE_CLONE OPEN_TREE_NAMESPACE OPEN_TREE_CLOEXEC",
    "open_tree_attr.flags": f"{_TREE} OPEN_TREE_CLONE OPEN_TREE_NAMESPACE OPEN_TREE_CLOEXEC",
    "open.flags": "but OPENAT2_REGULAR",
    "openat.flags": "but OPENAT2_REGULAR",
    "open_by_handle_at.flags": "but OPENAT2_REGULAR",
    "mq_open.oflag": "O_RDONLY O_WRONLY O_RDWR O_CREAT O_EXCL O_NONBLOCK O_CLOEXEC",
    "dup3.flags": "O_CLOEXEC",
    "fcntl(F_SETFL).arg": "O_APPEND O_NONBLOCK O_ASYNC FASYNC O_DIRECT O_NOATIME",
    "pipe2.flags": "O_CLOEXEC O_NONBLOCK O_DIRECT O_NOTIFICATION_PIPE",
    "fanotify_init.event_f_flags": """
        O_RDONLY O_WRONLY O_RDWR O_APPEND O_NONBLOCK O_SYNC O_DSYNC O_CLOEXEC O_LARGEFILE O_NOATIME
    """,
    "mkdir.mode": "but S_ISUID S_ISGID",
    "mkdirat.mode": "but S_ISUID S_ISGID",
    "umask.mask": "but S_ISUID S_ISGID S_ISVTX",
    "preadv2.flags": "but RWF_ATOMIC",
    "clone.clone_flags": """
        but CLONE_NEWTIME CLONE_CLEAR_SIGHAND CLONE_INTO_CGROUP CLONE_AUTOREAP CLONE_NNP CLONE_PIDFD_AUTOKILL
        CLONE_EMPTY_MNTNS
    """,
    "clone_args.flags": "but CLONE_DETACHED",
    "setns.flags": _NAMESPACES,
    "unshare.unshare_flags": f"""
        {_NAMESPACES} CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_THREAD CLONE_SYSVSEM
        UNSHARE_EMPTY_MNTNS
    """,
    "waitid.options": f"{_ENDED} WEXITED WNOWAIT",
    "wait4.options": _ENDED,
    "waitpid.options": _ENDED,
    "osf_wait4.options": _ENDED,
    "getrusage.who": "but RUSAGE_BOTH",
    "osf_getrusage.who": "RUSAGE_SELF RUSAGE_CHILDREN",
    "sched_get_priority_max.policy": "but SCHED_RESET_ON_FORK",
    "sched_get_priority_min.policy": "but SCHED_RESET_ON_FORK",
    "sched_setscheduler.policy": "but SCHED_DEADLINE",
    "sched_attr.sched_policy": "but SCHED_RESET_ON_FORK",
    "clock_settime.which_clock": _STEERED,
    "clock_settime64.which_clock": _STEERED,
    "clock_adjtime.which_clock": _STEERED,
    "clock_adjtime64.which_clock": _STEERED,
    "clock_gettime.which_clock": "but CLOCK_SGI_CYCLE",
    "clock_gettime64.which_clock": "but CLOCK_SGI_CYCLE",
    "clock_getres.which_clock": "but CLOCK_SGI_CYCLE",
    "clock_getres_time64.which_clock": "but CLOCK_SGI_CYCLE",
    "clock_nanosleep.which_clock": _WITH_TIMERS,
    "clock_nanosleep_time64.which_clock": _WITH_TIMERS,
    "timer_create.which_clock": f"{_WITH_TIMERS} CLOCK_THREAD_CPUTIME_ID",
    "timerfd_create.clockid": """
        CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_BOOTTIME CLOCK_REALTIME_ALARM CLOCK_BOOTTIME_ALARM
    """,
    "futex_wait.clockid": "CLOCK_REALTIME CLOCK_MONOTONIC",
    "futex_waitv.clockid": "CLOCK_REALTIME CLOCK_MONOTONIC",
    "futex_wait.flags": _ONE_SIZE,
    "futex_wake.flags": _ONE_SIZE,
    "futex_waitv.flags": _ONE_SIZE,
    "perf_event_attr.clockid": "CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_MONOTONIC_RAW CLOCK_BOOTTIME CLOCK_TAI",
    "mmap.prot": _MAPPED,
    "mmap2.prot": _MAPPED,
    "remap_file_pages.prot": "PROT_NONE",
    "remap_file_pages.flags": "MAP_NONBLOCK",
    "mbind.flags": "but MPOL_MF_LAZY",
    "move_pages.flags": "MPOL_MF_MOVE MPOL_MF_MOVE_ALL",
    "mount.flags": _INTERNAL,
    "osf_mount.flag": _INTERNAL,
    "mount_attr.propagation": _PROPAGATION,
    "statmount.mnt_propagation": _PROPAGATION,
    "statmount.sb_flags": "MS_RDONLY MS_SYNCHRONOUS MS_DIRSYNC MS_LAZYTIME",
    "msgget.msgflg": "IPC_CREAT IPC_EXCL",
    "semget.semflg": "IPC_CREAT IPC_EXCL",
    "msgsnd.msgflg": "IPC_NOWAIT",
    "msgrcv.msgflg": "MSG_NOERROR MSG_EXCEPT MSG_COPY IPC_NOWAIT",
    "sembuf.sem_flg": "SEM_UNDO IPC_NOWAIT",
    "mq_attr.mq_flags": "O_NONBLOCK",
    "send.flags": _SENT,
    "sendto.flags": _SENT,
    "sendmsg.flags": _SENT,
    "sendmmsg.flags": _SENT,
    "recv.flags": _RECEIVED,
    "recvfrom.flags": _RECEIVED,
    "recvmsg.flags": _ANSWERED,
    "recvmmsg.flags": f"{_ANSWERED} MSG_WAITFORONE",
    "recvmmsg_time64.flags": f"{_ANSWERED} MSG_WAITFORONE",
    "getsockopt.optname": f"""
        but SO_SNDBUFFORCE SO_RCVBUFFORCE SO_ATTACH_FILTER SO_DETACH_FILTER SO_ATTACH_BPF SO_DETACH_BPF
        SO_ATTACH_REUSEPORT_CBPF SO_ATTACH_REUSEPORT_EBPF SO_DETACH_REUSEPORT_BPF SO_CNX_ADVICE
        SO_BUSY_POLL_BUDGET SO_DEVMEM_DONTNEED {_NO_OPTIONS}
    """,
    "setsockopt.optname": f"""
        but SO_TYPE SO_ERROR SO_ACCEPTCONN SO_PROTOCOL SO_DOMAIN SO_SNDLOWAT SO_GET_FILTER SO_PEERCRED
        SO_PEERNAME SO_PEERSEC SO_PEERGROUPS SO_PEERPIDFD SO_COOKIE SO_NETNS_COOKIE SO_MEMINFO
        SO_INCOMING_NAPI_ID SO_BPF_EXTENSIONS {_NO_OPTIONS}
    """,
}


def taken(place: str, members: Iterable[str]) -> frozenset[str]:
    """Those members of a class that a parameter or a field takes: all of them for most."""
    first, *rest = MEMBERS.get(place, "but").split()
    return frozenset(members).difference(rest) if first == "but" else frozenset(members) & {first, *rest}
