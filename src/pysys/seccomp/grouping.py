"""Groups of calls, for rules about many: "@clock", "@mount".

They are pysys's own. Those that systemd has too are for the same purpose, and may differ in single calls;
here each group also has the calls of old and of uncommon ABIs. A call may be in several groups.
"""

from __future__ import annotations

from pysys import numbers
from pysys.loading import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Name: what it is for, and its members, which may be groups.
_TEXTS: dict[str, tuple[str, str]] = {
    "@default": (
        "what every program needs: to run, to end, memory, threads, its own ids, and to read clocks",
        """
        arc_gettls arc_settls arch_prctl break breakpoint brk cachectl cacheflush clock_getres
        clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 execve
        exit exit_group ftime futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake
        get_robust_list get_thread_area get_tls getcpu getdtablesize getegid getegid32 geteuid geteuid32
        getgid getgid32 getgroups getgroups32 getpagesize getpgid getpgrp getpid getppid getrandom
        getresgid getresgid32 getresuid getresuid32 getrlimit getsid gettid gettimeofday getuid getuid32
        getxgid getxpid getxuid map_shadow_stack membarrier memory_ordering mmap mmap2 mprotect mseal
        munmap nanosleep osf_gettimeofday osf_getrusage osf_old_getpgrp osf_old_sigreturn osf_select
        osf_usleep_thread pause prlimit64 restart_syscall riscv_flush_icache riscv_hwprobe rseq
        rseq_slice_yield rt_sigreturn sched_get_affinity sched_getaffinity sched_yield set_robust_list
        set_thread_area set_tid_address set_tls sigreturn spill time ugetrlimit uprobe uretprobe xtensa
        """,
    ),
    "@aio": (
        "input and output that goes on while the caller does",
        """
        io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit
        io_uring_enter io_uring_register io_uring_setup
        """,
    ),
    "@basic-io": (
        "to read, write, seek in and close what is open",
        """
        _llseek close close_range dup dup2 dup3 llseek lseek pread64 preadv preadv2 pwrite64 pwritev
        pwritev2 read readv write writev
        """,
    ),
    "@chown": (
        "to change the owner of files",
        "chown chown32 fchown fchown32 fchownat lchown lchown32",
    ),
    "@clock": (
        "to set clocks",
        """
        adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 old_adjtimex osf_adjtime
        osf_ntp_adjtime osf_settimeofday osf_utc_adjtime settimeofday stime
        """,
    ),
    "@cpu-emulation": (
        "to run code of an older mode of the processor, or change how it executes",
        """
        modify_ldt osf_set_program_attributes osf_set_speculative osf_uswitch subpage_prot switch_endian
        sys_debug_setcontext usr26 usr32 utrap_install vm86 vm86old
        """,
    ),
    "@debug": (
        "to watch or change other processes, and the kernel's own traces",
        """
        kcmp lookup_dcookie osf_audcntl osf_audgen osf_old_vtrace perf_event_open perfctr pidfd_getfd
        process_madvise process_vm_readv process_vm_writev prof profil osf_profil ptrace rtas
        s390_runtime_instr
        """,
    ),
    "@file-system": (
        "files and directories: to open, make, name, list, link, remove and describe them",
        """
        access cachestat chdir chmod close creat faccessat faccessat2 fallocate fchdir fchmod fchmodat
        fchmodat2 fcntl fcntl64 fgetxattr file_getattr file_setattr flistxattr fremovexattr fsetxattr
        fstat fstat64 fstatat64 fstatfs fstatfs64 ftruncate ftruncate64 futimesat getcwd getdents
        getdents64 getxattr getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch
        lgetxattr link linkat listmount listns listxattr listxattrat llistxattr lremovexattr lsetxattr
        lstat lstat64 mkdir mkdirat mknod mknodat newfstatat oldfstat oldlstat oldstat open openat openat2
        osf_chflags osf_fchflags osf_fpathconf osf_fstat osf_fstatfs osf_fstatfs64 osf_getdirentries
        osf_getfsstat osf_lstat osf_old_creat osf_old_fstat osf_old_lstat osf_old_open osf_old_stat
        osf_pathconf osf_proplist_syscall osf_revoke osf_stat osf_statfs osf_statfs64 osf_utimes readdir
        readlink readlinkat removexattr removexattrat rename renameat renameat2 rmdir setxattr setxattrat
        stat stat64 statfs statfs64 statmount statx symlink symlinkat truncate truncate64 unlink unlinkat
        utime utimensat utimensat_time64 utimes utimesat
        """,
    ),
    "@io-event": (
        "to wait until something can be read, written or has happened",
        """
        _newselect epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
        epoll_wait_old eventfd eventfd2 osf_select poll ppoll ppoll_time64 pselect6 pselect6_time64 select
        """,
    ),
    "@ipc": (
        "between processes of a machine: pipes, queues, semaphores, shared memory",
        """
        ipc memfd_create mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64
        mq_timedsend mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd osf_mwakeup osf_msleep
        osf_shmat pipe pipe2 semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget
        """,
    ),
    "@keyring": ("the kernel's keys", "add_key keyctl request_key"),
    "@landlock": (
        "to restrict itself by rules about files, ports and scopes",
        "landlock_add_rule landlock_create_ruleset landlock_restrict_self",
    ),
    "@memlock": (
        "to keep memory from being swapped out",
        "lock mlock mlock2 mlockall munlock munlockall osf_alt_plock osf_plock",
    ),
    "@module": (
        "to load and unload code of the kernel",
        """
        create_module delete_module finit_module get_kernel_syms init_module osf_kloadcall osf_kmodcall
        query_module
        """,
    ),
    "@mount": (
        "to change what is mounted, and where",
        """
        chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount oldumount open_tree
        open_tree_attr osf_mount pivot_root umount umount2
        """,
    ),
    "@network-io": (
        "sockets",
        """
        accept accept4 bind connect getpeername getsockname getsockopt listen osf_naccept osf_ngetpeername
        osf_ngetsockname osf_nrecvfrom osf_nrecvmsg osf_nsendmsg recv recvfrom recvmmsg recvmmsg_time64
        recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socket socketcall socketpair
        """,
    ),
    "@numa": (
        "on which nodes memory lies",
        "get_mempolicy mbind migrate_pages move_pages set_mempolicy set_mempolicy_home_node",
    ),
    "@obsolete": (
        "what no program needs any more: superseded long ago, or never implemented",
        """
        _sysctl afs_syscall bdflush break create_module dipc exec_with_loader execv ftime get_kernel_syms
        getpmsg gtty idle lock mpx multiplexer nfsservctl old_adjtimex oldfstat oldlstat oldolduname
        oldstat olduname osf_adjtime osf_afs_syscall osf_alt_plock osf_alt_setsid osf_alt_sigpending
        osf_asynch_daemon osf_audcntl osf_audgen osf_chflags osf_exportfs osf_fchflags osf_fdatasync
        osf_fpathconf osf_fuser osf_getaddressconf osf_getfh osf_gethostid osf_getlogin osf_getmnt
        osf_kloadcall osf_kmodcall osf_memcntl osf_mincore osf_mremap osf_msfs_syscall osf_msleep
        osf_mvalid osf_mwakeup osf_naccept osf_nfssvc osf_ngetpeername osf_ngetsockname osf_nrecvfrom
        osf_nrecvmsg osf_nsendmsg osf_ntp_adjtime osf_ntp_gettime osf_old_creat osf_old_fstat
        osf_old_getpgrp osf_old_killpg osf_old_lstat osf_old_open osf_old_sigaction osf_old_sigblock
        osf_old_sigreturn osf_old_sigsetmask osf_old_sigvec osf_old_stat osf_old_vadvise osf_old_vtrace
        osf_old_wait osf_oldquota osf_pathconf osf_pid_block osf_pid_unblock osf_plock osf_priocntlset
        osf_profil osf_reboot osf_revoke osf_sbrk osf_security osf_set_speculative osf_sethostid
        osf_setlogin osf_signal osf_sigsendset osf_sigwaitprim osf_sstk osf_subsys_info osf_swapctl
        osf_syscall osf_table osf_uadmin osf_uswitch osf_utc_adjtime osf_utc_gettime osf_waitid perfctr
        prof profil putpmsg query_module readdir security sgetmask ssetmask stime stty sysfs timerfd
        tuxcall ulimit uselib ustat vserver
        """,
    ),
    "@pkey": ("keys that protect pages of memory", "pkey_alloc pkey_free pkey_mprotect"),
    "@privileged": (
        "what only a privileged process may do",
        """
        @chown @clock @module @raw-io @reboot @swap acct bpf capset chroot fanotify_init fanotify_mark
        mount_setattr nfsservctl open_by_handle_at osf_oldquota osf_setlogin pivot_root quotactl
        quotactl_fd s390_sthyi setdomainname setfsuid setfsuid32 setfsgid setfsgid32 setgroups setgroups32
        sethostname setresuid setresuid32 setreuid setreuid32 setuid setuid32 vhangup
        """,
    ),
    "@process": (
        "to make, end, signal and await processes, and what belongs to one",
        """
        capget clone clone3 exec_with_loader execv execveat fork getrusage kill osf_alt_setsid osf_execve
        osf_getrusage osf_old_killpg osf_old_wait osf_pid_block osf_pid_unblock osf_wait4 osf_waitid
        pidfd_open pidfd_send_signal prctl process_mrelease rt_sigqueueinfo rt_tgsigqueueinfo setns
        setpgid setpgrp setsid sethae swapcontext tgkill times tkill unshare vfork wait4 waitid waitpid
        """,
    ),
    "@raw-io": (
        "ports and memory of devices",
        """
        ioperm iopl osf_getsysinfo osf_setsysinfo pciconfig_iobase pciconfig_read pciconfig_write
        s390_pci_mmio_read s390_pci_mmio_write
        """,
    ),
    "@reboot": (
        "to end or replace the running kernel",
        "kexec_file_load kexec_load osf_reboot osf_uadmin reboot",
    ),
    "@resources": (
        "to change priorities, limits and placement, of memory too",
        """
        @numa ioprio_set nice osf_priocntlset prlimit64 sched_set_affinity sched_setaffinity sched_setattr
        sched_setparam sched_setscheduler setpriority setrlimit ulimit
        """,
    ),
    "@sandbox": (
        "to restrict itself",
        "@landlock lsm_set_self_attr seccomp",
    ),
    "@setuid": (
        "to change the user and groups of the process",
        """
        setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid setresgid32 setresuid
        setresuid32 setreuid setreuid32 setuid setuid32
        """,
    ),
    "@signal": (
        "to handle, block and await signals",
        """
        osf_alt_sigpending osf_old_sigaction osf_old_sigblock osf_old_sigsetmask osf_old_sigvec osf_signal
        osf_sigprocmask osf_sigsendset osf_sigstack osf_sigwaitprim rt_sigaction rt_sigpending
        rt_sigprocmask rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 sgetmask sigaction sigaltstack
        signal signalfd signalfd4 sigpending sigprocmask sigsuspend ssetmask
        """,
    ),
    "@spu": ("programs on the extra processors of a Cell", "spu_create spu_run"),
    "@swap": ("swap areas", "osf_swapctl osf_swapon swapoff swapon"),
    "@sync": (
        "to have data written to disks",
        """
        arm_sync_file_range fdatasync fsync msync osf_fdatasync sync sync_file_range sync_file_range2
        syncfs
        """,
    ),
    "@timer": (
        "timers, and what they leave behind",
        """
        alarm getitimer osf_getitimer osf_setitimer setitimer timer_create timer_delete timer_getoverrun
        timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd timerfd_create timerfd_gettime
        timerfd_gettime64 timerfd_settime timerfd_settime64 times
        """,
    ),
    "@userfaults": ("to handle page faults of a process in a program", "userfaultfd"),
    "@system-service": (
        "what a usual service needs, with none of what changes the system",
        """
        @aio @basic-io @chown @default @file-system @io-event @ipc @keyring @landlock @memlock @network-io
        @process @resources @setuid @signal @sync @timer arm_fadvise64_64 capget capset copy_file_range
        fadvise64 fadvise64_64 flock get_mempolicy getcpu getpriority ioctl ioprio_get kcmp
        lsm_get_self_attr lsm_list_modules madvise memfd_secret mincore mremap name_to_handle_at
        oldolduname olduname osf_utsname personality readahead readdir remap_file_pages rt_sigqueueinfo
        sched_get_priority_max sched_get_priority_min sched_getattr sched_getparam sched_getscheduler
        sched_rr_get_interval sched_rr_get_interval_time64 sendfile sendfile64 setfsgid setfsgid32
        setfsuid setfsuid32 splice sysinfo tee umask uname userfaultfd vmsplice
        """,
    ),
}
# Calls that are in none but, if at all, @system-service: each is for a purpose of its own.
ALONE = frozenset(
    """
    arc_usr_cmpxchg arm_fadvise64_64 atomic_barrier atomic_cmpxchg_32 copy_file_range fadvise64
    fadvise64_64 flock getdomainname gethostname getpriority ioctl ioprio_get kern_features
    lsm_get_self_attr lsm_list_modules madvise memfd_secret mincore mremap name_to_handle_at or1k_atomic
    osf_getdomainname osf_sysinfo osf_utsname personality readahead remap_file_pages s390_guarded_storage
    sched_get_priority_max sched_get_priority_min sched_getattr sched_getparam sched_getscheduler
    sched_rr_get_interval sched_rr_get_interval_time64 sendfile sendfile64 splice syscall sysinfo syslog
    sysmips tee umask uname vmsplice
    """.split()
)

_members: dict[str, tuple[str, ...]] = {}


def members(name: str) -> tuple[str, ...]:
    """The calls of a group, of all ABIs, in alphabetical order. name: with its @, "@clock"; "@known" is all.

    Raises LookupError for a group that does not exist.
    """
    found = _members.get(name)
    if found is None:
        if name == "@known":
            found = tuple(sorted(numbers.calls()))
        elif name in _TEXTS:
            every: set[str] = set()
            for word in _TEXTS[name][1].split():
                every.update(members(word) if word.startswith("@") else (word,))
            found = tuple(sorted(every))
        else:
            raise LookupError(f"no group {name!r}{hint(name, _TEXTS)}")
        _members[name] = found
    return found


def purpose(name: str) -> str:
    """What a group is for. Raises LookupError for one that does not exist."""
    members(name)
    return "all calls" if name == "@known" else _TEXTS[name][0]


def every() -> Mapping[str, tuple[str, ...]]:
    """All groups with their calls."""
    return {name: members(name) for name in (*_TEXTS, "@known")}
