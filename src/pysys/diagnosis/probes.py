"""For each call, arguments that the kernel refuses in a way of its own, and that do no harm.

Each probe is one that ends before anything is done, whatever the caller's rights: a descriptor that is not
open, memory that is never mapped, a flag that does not exist, a process that cannot be. What few calls do
without such an end, they do to the child that makes them.
"""

from __future__ import annotations

from pysys import abi as abis
from pysys import numbers
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.abi import ABI

# A line: what the kernel may answer, the arguments (missing ones are 0), the calls, and what else may have
# the kernel answer EPERM, or ENOSYS. POSITIVE is a result above 0, and ZERO is 0. BAD is an address that
# nothing can be mapped at; NOBODY is more than any process id; ALL is 32 bits, of which the call has no use
# for one at least.
_TABLE = """
EBADF : -1 : accept accept4 bind close connect dup dup2 fchdir fchmod fchown fchown32 fcntl fcntl64 fdatasync
    fstatfs fsync ftruncate ftruncate64 getpeername getsockname getsockopt inotify_rm_watch ioctl listen lseek
    mq_notify oldfstat pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readv recv recvfrom
    recvmmsg recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setns setsockopt shutdown spu_run
    sync_file_range sync_file_range2 arm_sync_file_range syncfs vmsplice write writev
EBADF : -1 BAD : fstat fstat64 getdents getdents64 readdir timerfd_gettime timerfd_gettime64
EBADF : -1 BAD 1 : _llseek
EBADF EINVAL : -1 0 0 : dup3 fadvise64 fadvise64_64 arm_fadvise64_64 fallocate flock fstatfs64
EBADF EINVAL : -1 -1 : sendfile sendfile64
EBADF EINVAL : -1 0 -1 0 1 : copy_file_range splice
EBADF EINVAL : -1 -1 1 : tee
EBADF EFAULT : -1 BAD BAD 0 0 : fgetxattr flistxattr fremovexattr fsetxattr
EBADF EFAULT : -1 0 BAD 0 : timerfd_settime timerfd_settime64
EBADF EFAULT : -1 0 -1 BAD : epoll_ctl
EBADF EINVAL : -1 BAD 0 0 : epoll_wait epoll_pwait epoll_pwait2
EBADF EINVAL : -1 BAD 0 : inotify_add_watch
EBADF EINVAL : -1 0 0 0 BAD : fanotify_mark
EBADF EINVAL EFAULT : -1 : mq_getsetattr mq_timedreceive mq_timedreceive_time64 mq_timedsend
    mq_timedsend_time64
EBADF EINVAL : -1 : io_uring_register
EBADF EOPNOTSUPP EINVAL : -1 : io_uring_enter
EBADF EOPNOTSUPP EINVAL : -1 : landlock_add_rule landlock_restrict_self
EBADF EINVAL : -1 BAD BAD ALL : cachestat
EINVAL : 1 0 ALL : close_range
EBADF EINVAL : -1 ALL : quotactl_fd process_mrelease
EINVAL EOPNOTSUPP : -1 99 : fsconfig
EINVAL EBADF : -1 0 0 ALL : pidfd_send_signal
EINVAL EBADF : -1 0 0 0 ALL : process_madvise
EINVAL : -1 : pidfd_open
EINVAL : -1 0 ALL : pidfd_getfd

EFAULT : BAD : access chdir chmod chown chown32 chroot creat execve lchown lchown32 mkdir mknod open rmdir
    truncate truncate64 umount unlink utime utimes
EFAULT : BAD : uselib : ENOSYS
EFAULT : BAD BAD : link lstat lstat64 oldlstat oldstat rename stat stat64 statfs symlink
EFAULT EINVAL : BAD 0 BAD : statfs64
EFAULT EINVAL : BAD BAD 1 : readlink
EFAULT : -1 BAD : execveat faccessat faccessat2 fchmodat fchmodat2 fchownat futimesat mkdirat mknodat openat
    unlinkat utimensat utimensat_time64
EFAULT : -1 BAD BAD : fstatat64 newfstatat
EFAULT EINVAL : -1 BAD BAD 1 : readlinkat
EFAULT : -1 BAD -1 BAD : linkat renameat renameat2
EFAULT : BAD -1 BAD : symlinkat
EFAULT : -1 BAD 0 0 BAD : statx
EFAULT : BAD BAD BAD 0 0 : getxattr lgetxattr listxattr llistxattr lremovexattr lsetxattr removexattr setxattr
EFAULT EINVAL : -1 BAD ALL BAD BAD 0 : getxattrat listxattrat removexattrat setxattrat
EFAULT EINVAL : -1 BAD BAD 0 ALL : file_getattr file_setattr
EINVAL : -1 BAD BAD 0 : openat2
EINVAL EFAULT : -1 BAD BAD BAD ALL : name_to_handle_at
EFAULT EBADF EINVAL ESTALE : -1 BAD 0 : open_by_handle_at : CAP_DAC_READ_SEARCH
EFAULT : BAD 0 : mq_open mq_unlink
EFAULT : 0 BAD BAD : mount
EINVAL : BAD ALL : umount2
EINVAL : -1 BAD 0x40000000 : open_tree
EINVAL : -1 BAD 0 0 1 : open_tree_attr
EINVAL : -1 BAD ALL BAD 0 : mount_setattr
EFAULT : BAD BAD : pivot_root : CAP_SYS_ADMIN
EINVAL : BAD ALL : fsopen : CAP_SYS_ADMIN
EINVAL : -1 BAD ALL : fspick : CAP_SYS_ADMIN
EINVAL : -1 ALL : fsmount : CAP_SYS_ADMIN
EINVAL : -1 BAD -1 BAD ALL : move_mount : CAP_SYS_ADMIN
EINVAL : ALL BAD : quotactl
EINVAL : BAD ALL : swapon
EFAULT : BAD : swapoff : CAP_SYS_ADMIN
EFAULT : BAD : acct : CAP_SYS_PACCT
EINVAL : BAD BAD 0 ALL : listmount listns statmount
EINVAL : 0 BAD : ustat
EINVAL : 99 : sysfs
ERANGE EFAULT ENOENT : BAD 0 : getcwd

EINVAL EFAULT : 99 BAD : clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime
    clock_gettime64 clock_settime clock_settime64
EINVAL : 99 0 BAD : clock_nanosleep clock_nanosleep_time64
EFAULT : BAD : adjtimex gettimeofday nanosleep oldolduname olduname settimeofday stime sysinfo time times
    uname
EFAULT : 99 BAD : setitimer
EINVAL : 99 BAD : getitimer getrlimit getrusage ugetrlimit
EINVAL EFAULT : 99 BAD : setrlimit
EINVAL : 0 99 : prlimit64
EINVAL : 99 0 BAD : timer_create
EINVAL : 99 : timerfd_create
EINVAL EFAULT : -1 0 BAD : timer_settime timer_settime64
EINVAL : -1 BAD : timer_delete timer_getoverrun timer_gettime timer_gettime64

EINVAL : -1 : getgroups getgroups32 setgid setgid32 setuid setuid32
EINVAL : 0x20000 BAD : setgroups setgroups32 : CAP_SETGID
EFAULT : BAD BAD BAD : getresgid getresgid32 getresuid getresuid32
EFAULT : BAD BAD : capget capset
ZERO : -1 -1 -1 : setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32
POSITIVE ZERO : -1 : setfsgid setfsgid32 setfsuid setfsuid32
POSITIVE ZERO : : getegid getegid32 geteuid geteuid32 getgid getgid32 getuid getuid32
POSITIVE : : getpid getppid gettid setsid
POSITIVE ZERO : : getpgrp
ESRCH : NOBODY : getpgid getsid
EINVAL : 0 -1 : setpgid
EINVAL : 99 : getpriority ioprio_get ioprio_set setpriority
ZERO : : nice
POSITIVE ZERO : 0o22 : umask
POSITIVE ZERO : ALL : personality
POSITIVE ZERO : : alarm
EFAULT : BAD BAD : getcpu
EINVAL : BAD 1 ALL : getrandom
EINVAL : -1 : prctl
EINVAL : BAD -1 : setdomainname sethostname : CAP_SYS_ADMIN
EINVAL : 3 0 -1 : syslog : dmesg_restrict
EINVAL : 0 : reboot : CAP_SYS_BOOT
EINVAL : 0 1 BAD 0x8000 : kexec_load : CAP_SYS_BOOT
EINVAL EOPNOTSUPP : -1 -1 0 BAD 0x80000000 : kexec_file_load : CAP_SYS_BOOT
ENOEXEC : BAD 0 BAD : init_module : CAP_SYS_MODULE
EINVAL EBADF : -1 BAD ALL : finit_module : CAP_SYS_MODULE
EFAULT : BAD : delete_module : CAP_SYS_MODULE
EFAULT EINVAL : 0 BAD : lookup_dcookie : CAP_SYS_ADMIN

EINVAL : 0x800 : clone
EINVAL : BAD : clone3
EINVAL : 1 : unshare
EAGAIN ENOMEM POSITIVE : : fork
EINVAL : -1 0 ALL : wait4 waitpid
EINVAL : 99 : waitid
ESRCH : NOBODY : kill
ESRCH : NOBODY NOBODY : kcmp
ESRCH EIO : 3 NOBODY : ptrace
EINVAL : -1 -1 : tgkill
EINVAL : -1 : tkill
EFAULT : NOBODY 0 BAD : rt_sigqueueinfo
EFAULT : NOBODY NOBODY 0 BAD : rt_tgsigqueueinfo
EINVAL : NOBODY 0 0 0 0 1 : process_vm_readv process_vm_writev
ESRCH EFAULT : NOBODY BAD BAD : get_robust_list
EINVAL : BAD : set_robust_list
EINVAL : BAD 0 ALL : rseq
ZERO : : rseq_slice_yield
EINTR : : restart_syscall
POSITIVE : : set_tid_address
EINVAL : 999 : rt_sigaction rt_sigprocmask sigaction signal
EINVAL : BAD 999 : rt_sigpending
EINVAL : BAD : rt_sigsuspend
EINVAL : BAD BAD BAD : rt_sigtimedwait rt_sigtimedwait_time64
EFAULT : BAD : sigaltstack sigpending
EFAULT : 0 BAD : sigprocmask
POSITIVE : : sgetmask
EINVAL EFAULT : -1 BAD : signalfd
EINVAL EFAULT : -1 BAD 0 ALL : signalfd4
EINVAL : 99 : sched_get_priority_max sched_get_priority_min
EINVAL : NOBODY 0 BAD : sched_getaffinity
ESRCH EINVAL : NOBODY 0 BAD : sched_setaffinity
EINVAL ESRCH : -1 BAD : sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval
    sched_rr_get_interval_time64 sched_setattr sched_setparam
EINVAL : -1 0 BAD : sched_setscheduler
ZERO : : sched_yield
EINVAL : 99 : seccomp
EINVAL : -1 : membarrier
EINVAL : 1 1 : futex futex_time64
EINVAL : 0 0 0 ALL : futex_wait futex_wake
EINVAL : 0 ALL : futex_requeue
EINVAL : 0 0 ALL : futex_waitv

EINVAL EFAULT EBADF : BAD 0 0 0x22 -1 : mmap mmap2
POSITIVE : : brk
EINVAL : 1 4096 -1 : madvise
EINVAL : 1 4096 -1 : mseal : ENOSYS on 32 bits
EINVAL : 1 0 BAD : mincore
EINVAL ENOMEM : BAD 4096 : mlock : RLIMIT_MEMLOCK
EINVAL : BAD 4096 ALL : mlock2
EINVAL : ALL : mlockall
EINVAL ENOMEM : BAD 4096 : munlock
ZERO : : munlockall
EINVAL : 1 4096 0 -1 : mprotect pkey_mprotect
EINVAL : 1 4096 4096 : mremap
EINVAL : 1 : msync munmap
EINVAL : 1 0 1 : remap_file_pages
EINVAL : ALL ALL : pkey_alloc
EINVAL : -1 : pkey_free
EINVAL EOPNOTSUPP : 1 0 ALL : map_shadow_stack
EINVAL : 1 4096 -1 : mbind
EINVAL : 0 0 0 0 ALL : get_mempolicy
EINVAL : -1 : set_mempolicy
EINVAL : 1 4096 0 1 : set_mempolicy_home_node
ESRCH : NOBODY : migrate_pages
EINVAL : NOBODY 0 0 0 0 ALL : move_pages
EINVAL : BAD ALL : memfd_create
EINVAL : ALL : memfd_secret : ENOSYS
EINVAL : ALL : userfaultfd
EINVAL : ALL : epoll_create1 inotify_init1
EINVAL : 0 : epoll_create
EINVAL : 0 ALL : eventfd2
POSITIVE EMFILE ENFILE ENOMEM : : eventfd inotify_init
EINVAL : 0x80000200 : fanotify_init
EFAULT EMFILE ENFILE POSITIVE : BAD : pipe
EINVAL : BAD ALL : pipe2
EINVAL EFAULT : BAD ALL : poll ppoll ppoll_time64
EINVAL EFAULT : -1 : _newselect pselect6 pselect6_time64 select
EINVAL EFAULT : 0 BAD : io_cancel io_destroy io_setup
EINVAL : 0 0 BAD : io_submit
EINVAL : 0 0 0 BAD : io_getevents io_pgetevents io_pgetevents_time64
EFAULT EINVAL : 0 BAD : io_uring_setup : io_uring_disabled

EAFNOSUPPORT EINVAL : -1 : socket
EAFNOSUPPORT EINVAL EFAULT EMFILE ENFILE : -1 0 0 BAD : socketpair
EINVAL : 99 BAD : socketcall
EINVAL : 2 0 -1 : ipc
EINVAL : -1 -1 : msgctl semctl shmctl
ENOENT EACCES POSITIVE ZERO : 0x70797379 : msgget
EINVAL EFAULT : -1 BAD 1 : msgrcv msgsnd
EINVAL : 0 -1 : semget
EINVAL : -1 BAD : semop semtimedop semtimedop_time64
EINVAL : -1 : shmat
EINVAL : 1 : shmdt
EINVAL : : shmget
EFAULT : BAD BAD : add_key request_key
EOPNOTSUPP : 9999 : keyctl
EINVAL EOPNOTSUPP : 0 0 ALL : landlock_create_ruleset
EINVAL EFAULT EOPNOTSUPP : 0 0 BAD ALL : lsm_get_self_attr
EINVAL EFAULT EOPNOTSUPP : BAD BAD ALL : lsm_list_modules
EINVAL EFAULT EOPNOTSUPP E2BIG : 0 BAD 0 ALL : lsm_set_self_attr
E2BIG : 9999 0 0x100000 : bpf
EINVAL : BAD 0 -1 -1 ALL : perf_event_open

EINVAL : : arch_prctl
EINVAL : 9 : iopl : ENOSYS
EINVAL : -1 1 : ioperm : ENOSYS
EINVAL : 1 BAD : modify_ldt
EINVAL EFAULT : BAD 1 : cacheflush
EINVAL : 99 : sysmips
EINVAL : 0 0 2 : riscv_flush_icache
EINVAL : 0 0 0 0 ALL : riscv_hwprobe
EINVAL EOPNOTSUPP : 99 : s390_guarded_storage s390_runtime_instr
EINVAL ENODEV : 0 BAD : s390_pci_mmio_read s390_pci_mmio_write
EINVAL EOPNOTSUPP : 99 BAD BAD : s390_sthyi
EFAULT EINVAL : BAD : rtas : CAP_SYS_ADMIN
EINVAL ENOENT : 1 : subpage_prot
"""
# Why others have none.
_WITHOUT = {
    "pause sigsuspend": "it waits for a signal",
    "rt_sigreturn sigreturn swapcontext": "without a frame of a signal it ends the process",
    "vfork": "it returns twice, on one stack",
    "sync": "it may take long",
    "vhangup": "it would hang up the terminal",
    "uprobe uretprobe": "only the kernel's own code makes it, which no filter is asked about",
    "set_thread_area set_tls switch_endian ssetmask": "it would change the process that makes the probe",
}
_CLONE_VM = 0x100  # with it, clone would take the flag that it refuses without
_BAD, _NOBODY, _ALL = -4096, 0x7FFFFFFE, 0xFFFFFFFF
_NAMES = {"BAD": _BAD, "NOBODY": _NOBODY, "ALL": _ALL}


class Probe(Record):
    """How to ask who answers a call.

    call: its name. args: what it is made with. answers: the errnos that the kernel may answer with.
    positive, zero: whether a result above 0, or 0, may be the kernel's. doubt: what else may have the kernel
    answer EPERM: a capability, a sysctl or a limit; "ENOSYS" if it may answer that. kind: "forks" for a call
    that makes a process; "ends" for one that ends the process, with its argument as the status.
    """

    call: str
    args: tuple[int, ...]
    answers: frozenset[str]
    positive: bool
    zero: bool
    doubt: str
    kind: str


def probe(call: str, abi: ABI | None = None, flags: int = 0) -> Probe | str:
    """The probe of a call, or the reason why there is none.

    flags: that a filter shall see besides the ones that the kernel refuses: of clone, unshare and setns.
    """
    here = abi or abis.current()
    if call in ("exit", "exit_group"):
        return Probe(call, (ENDED,), frozenset(), False, False, "", "ends")
    lacking = numbers.entry(call, here) in numbers.NOT_IMPLEMENTED
    if lacking and call not in PROBES:
        return Probe(call, (), frozenset(["ENOSYS"]), False, False, "", "")
    if call == "fork" and here.architecture == "sparc":
        return "its result is in two registers"
    if call in ("get_thread_area", "set_thread_area") and here.architecture == "x86":
        return Probe(call, (_BAD,), frozenset(["EFAULT", "EINVAL"]), False, False, "", "")
    found = PROBES.get(call)
    if found is None:
        return REASONS.get(call, "there is no harmless way to make it that is known")
    if call == "pkey_free" and here.architecture == "powerpc":
        return found._replace(doubt="protection keys")
    if call in ("clone", "unshare", "setns"):
        found = found._replace(args=_with_flags(call, found.args, flags, here))
    return found._replace(answers=found.answers | {"ENOSYS"}) if lacking else found  # an older kernel has it


ENDED = 77  # the status of a process that exit has ended


def _with_flags(call: str, args: tuple[int, ...], flags: int, abi: ABI) -> tuple[int, ...]:
    """The arguments with further flags, at their place."""
    if call == "unshare":
        return (args[0] | flags,)
    if call == "setns":
        return (args[0], flags)
    placed = [0] * len(abi.clone_order)  # where they are not the first argument everywhere
    placed[abi.clone_order.index("flags")] = (args[0] | flags) & ~_CLONE_VM
    return tuple(placed)


def _parsed() -> dict[str, Probe]:
    found = {}
    for line in _TABLE.replace("\n    ", " ").splitlines():
        if not line:
            continue
        answers, args, calls, *doubt = (part.strip() for part in line.split(":"))
        words = frozenset(answers.split())
        for call in calls.split():
            found[call] = Probe(
                call,
                tuple(_NAMES[one] if one in _NAMES else int(one, 0) for one in args.split()),
                words - {"POSITIVE", "ZERO"},
                "POSITIVE" in words,
                "ZERO" in words,
                doubt[0] if doubt else "",
                "forks" if call == "fork" else "",
            )
    return found


PROBES = _parsed()
REASONS = {call: reason for calls, reason in _WITHOUT.items() for call in calls.split()}
