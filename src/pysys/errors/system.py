"""Errnos of processes, memory, arguments, locks, keys, and of calls as such."""

from __future__ import annotations

TEXTS = {
    "EPERM": """The caller lacks the privilege, whatever the permission bits say.

    From calls that want a capability or ownership: mount, setns, chown, kill, ptrace, bpf, setuid,
    clock_settime, and the creation of namespaces. Docker's default seccomp profile answers with it
    for what it denies, clone3 excepted.

    Look first: CapEff, NoNewPrivs and Seccomp in /proc/PID/status; for files, lsattr (immutable,
    append-only); for ptrace, /proc/sys/kernel/yama/ptrace_scope.
    """,
    "EACCES": """Permission bits, an ACL, a mount option or a security module refuse it.

    From calls that take a path (no search permission on one directory of it is enough), from execve
    (no x bit, a noexec mount), mmap and mprotect with PROT_EXEC, bind to a port below
    net.ipv4.ip_unprivileged_port_start, and bpf programs that the verifier rejects.

    Look first: namei -l PATH; getfacl; /proc/self/mountinfo for noexec; the audit log or dmesg for
    SELinux and AppArmor.
    """,
    "ESRCH": """No process, thread or group with this id, as seen from the caller's pid namespace.

    From kill, tgkill, pidfd_open, pidfd_send_signal, ptrace, prlimit64, setpriority, sched_* and
    process_vm_readv. ptrace says it as well of a tracee that is alive and not stopped. A zombie
    still counts as present for kill; once waited for, it is gone.

    Look first: /proc/PID, NSpid in /proc/PID/status; whether something else has reaped it.
    """,
    "ECHILD": """The caller has no child that this wait could report.

    From wait4, waitid and what the library builds on them: the child was waited for already (by
    another thread, an event loop), SIGCHLD is ignored so that children vanish at once, the process
    is another process's child, or it ends with a signal other than SIGCHLD and __WALL is missing.

    Look first: /proc/PID/task/*/children; PPid in the other's /proc/PID/status; SigIgn in one's
    own.
    """,
    "EINTR": """A signal handler ran before the call had anything to report.

    From calls that wait: read and write on pipes, terminals and sockets, futex, poll, select,
    nanosleep, semop, wait4. Those that ignore SA_RESTART (poll, epoll_wait, nanosleep, semop,
    sockets with a timeout) say so after every handler. After close the descriptor is gone all the
    same: do not close it again. A connect goes on in the background.

    Look first: SigCgt in /proc/PID/status; strace -e trace=signal for the signal that came.
    """,
    "EAGAIN": """Not now; the same call may succeed later.

    From I/O on a descriptor with O_NONBLOCK (nothing to read, no space to write), from futex when
    the value changed before the wait, and from calls that hit a limit: fork, clone and execve
    (tasks), mmap with MAP_LOCKED (RLIMIT_MEMLOCK), timer_create (RLIMIT_SIGPENDING). Only for the
    first kind is poll() the answer.

    Look first: flags in /proc/PID/fdinfo/FD; for limits, /proc/PID/limits and pids.max, pids.events
    of the cgroup.
    """,
    "EBUSY": """Something else is using the object in a way that excludes this.

    From umount2, mount, rmdir and rename on mount points, swapon, pivot_root, device ioctls and
    exclusive opens of block devices, cgroup writes (processes inside, controllers enabled below),
    and io_uring with a full completion queue.

    Look first: fuser -vm PATH; /proc/*/mountinfo (a mount may be held in another namespace); lsof;
    cgroup.procs.
    """,
    "EINVAL": """An argument, or this combination of arguments, makes no sense to this kernel.

    From nearly every call: unknown or reserved flag bits, misaligned addresses and O_DIRECT
    buffers, lengths out of range, an object of the wrong kind. A flag newer than the kernel is the
    usual surprise; EINVAL then serves as the test for it.

    Look first: uname -r against the flag's version; dmesg, where mount, bpf and module loading give
    their reason.
    """,
    "EFAULT": """A pointer leads to memory that is not mapped, or not with the access needed.

    From every call that reads or writes the caller's memory. From Python: an integer passed where
    an address is meant, memory unmapped or freed meanwhile, a read-only mapping given as the place
    for a result. The kernel may have done part of the work before it met the fault.

    Look first: which argument is an address; /proc/PID/maps; strace, which prints bad ones raw.
    """,
    "ENOSYS": """The kernel has no such call, or something in between says so.

    From any call: older than the kernel that introduced it, compiled out, absent on this ABI, or
    answered by a seccomp filter (Podman's default, and Docker's for clone3) or an emulator such as
    gVisor. Inside /proc, sysfs and FUSE it comes from the file, not the number.

    Look first: uname -r; Seccomp in /proc/PID/status; `pysys.resolve(NAME)`; zgrep CONFIG_
    /proc/config.gz.
    """,
    "E2BIG": """The argument list, or a structure, is larger than the kernel takes.

    From execve: arguments and environment together exceed a quarter of the soft RLIMIT_STACK (at
    least 128 KiB, at most 6 MiB), or one string is longer than 32 pages. From calls with extensible
    structures (clone3, openat2, sched_setattr, bpf, perf_event_open): a field that this kernel does
    not know is not zero. From msgrcv without MSG_NOERROR, and bpf programs too long.

    Look first: getconf ARG_MAX; ulimit -s; `env | wc -c`; uname -r for the structures.
    """,
    "ENOEXEC": """The file is of no format that this kernel can execute.

    From execve: a script without its #! line (a shell would run it, the kernel does not), an empty
    file, a binary for another architecture with no binfmt_misc handler. From init_module and
    finit_module: no module, or one built for another kernel.

    Look first: file PATH; head -c 64 PATH; /proc/sys/fs/binfmt_misc; dmesg for modules.
    """,
    "ENOMEM": """The kernel could not get memory, or a limit forbids it to try.

    From every call that allocates; above all mmap, brk, mremap, mprotect, fork, mlock. Besides real
    shortage: strict overcommit, RLIMIT_AS and RLIMIT_DATA, too many mappings (vm.max_map_count),
    the memory cgroup, addresses with nothing mapped (mlock, msync, madvise), and a fork in a pid
    namespace whose init has exited.

    Look first: CommitLimit and Committed_AS in /proc/meminfo; /proc/PID/limits; memory.events of
    the cgroup; wc -l /proc/PID/maps; dmesg.
    """,
    "EDOM": """A number lies outside the domain of the operation.

    From the C library's mathematics (logarithm of a negative number), and seldom from the kernel:
    setsockopt with a timeval whose microseconds exceed a second, some drivers.

    Look first: the value passed, and its unit.
    """,
    "ERANGE": """The result does not fit the buffer, or a value its range.

    From calls that fill a buffer of the caller's length: getcwd, getxattr, listxattr, the library's
    getpwnam_r. From semctl and semop with values above SEMVMX, from writes to /proc and sysfs
    numbers, and from strtol and its relatives.

    Look first: ask for the size (length 0, where the call allows it) and retry with a larger
    buffer.
    """,
    "EOVERFLOW": """The right answer exists and does not fit the type that has to carry it.

    From 32-bit calls on large files (open without O_LARGEFILE, stat, lseek), user and group ids
    that have no mapping in the user namespace or on an idmapped mount, name_to_handle_at with a
    short handle, reads and writes past the largest offset.

    Look first: stat PATH from a 64-bit program; /proc/PID/uid_map, gid_map.
    """,
    "EILSEQ": """A sequence of bytes that the encoding or protocol does not allow.

    From the C library's multibyte conversions (iconv, mbrtowc), from filesystems that check names,
    from block devices whose integrity data do not match, and from USB and MMC drivers, where it
    means a broken transfer (CRC, bit stuffing, a bad cable).

    Look first: the locale and the name's bytes; for devices, dmesg.
    """,
    "EDEADLK": """Waiting here would never end.

    From fcntl with F_SETLKW (each process waits for the other; OFD locks are not checked and hang),
    PI futexes (the caller holds it already), error-checking mutexes, a thread that joins itself,
    and keyctl links that would form a ring.

    Look first: /proc/locks or lslocks; the order in which the locks are taken.
    """,
    "EDEADLOCK": """Deadlock, by its second number.

    An EDEADLK that mips, powerpc and sparc number apart. The C libraries and the kernel's calls
    return EDEADLK; only old binaries and some drivers know this one.

    Look first: as for EDEADLK.
    """,
    "EUSERS": """Too many users of the thing for this operation.

    From setns into a time namespace by a process with several threads; from user namespaces nested
    deeper than 32 levels before Linux 4.9 (ENOSPC since); from old quota code and a few socket
    families.

    Look first: Threads in /proc/PID/status; lsns -t user.
    """,
    "EOWNERDEAD": """The lock is yours, its former owner died while holding it.

    From robust mutexes (pthread_mutex_lock): what the lock protects may be half changed; repair it,
    call pthread_mutex_consistent, go on. From io_uring when the ring a message was for has lost its
    task.

    Look first: the state that the lock guards; the log of the process that died.
    """,
    "ENOTRECOVERABLE": """The state that this guards was given up; only starting over helps.

    From robust mutexes that an owner unlocked after EOWNERDEAD without declaring them consistent;
    from devices and filesystems that have stopped for good.

    Look first: destroy and initialise the mutex again; for devices, dmesg.
    """,
    "ECANCELED": """The operation was called off before it was done.

    From completions of io_uring and aio requests that were cancelled or whose link broke, from
    reads of a timerfd with TFD_TIMER_CANCEL_ON_SET after the clock was set, and from USB requests
    of a device that is being closed.

    Look first: who cancels: a linked request that failed, a clock change (timedatectl, chronyc).
    """,
    "ETIME": """A timer ran out before the operation was done.

    From io_uring timeouts (their normal end), DRM and other device waits, block devices with a
    duration limit, USB. Calls of sockets, futexes and message queues say ETIMEDOUT instead.

    Look first: the timeout passed, in its unit; dmesg for a device that stopped answering.
    """,
    "ENOMSG": """The message queue holds no message of the type asked for.

    From msgrcv with IPC_NOWAIT, or with MSG_COPY at a position that is empty.

    Look first: ipcs -q for the queue's length; the type argument and its sign.
    """,
    "EIDRM": """The System V object was removed, perhaps while the caller slept on it.

    From msgsnd, msgrcv, msgctl, semop, semctl, shmat and shmctl after an IPC_RMID by any process.

    Look first: ipcs -a; who removes: systemd's RemoveIPC= does it when the user logs out.
    """,
    "ENOKEY": """The key needed is in no keyring that the caller can search.

    From keyctl and request_key; from open, rename and link in a directory encrypted with fscrypt
    that is locked; from network filesystems that need a key of their own (AFS, CIFS).

    Look first: keyctl show; /proc/keys; fscrypt status PATH.
    """,
    "EKEYEXPIRED": """The key was found, and its time is over.

    From keyctl, request_key and whatever authenticates with the key (AFS, NFS with Kerberos, CIFS).

    Look first: the timeout column of /proc/keys; klist for Kerberos.
    """,
    "EKEYREVOKED": """The key was found, but it has been revoked.

    From keyctl, add_key and request_key; a session keyring is revoked when the login that made it
    ends.

    Look first: flag R in /proc/keys; keyctl new_session, or KeyringMode= of the systemd unit.
    """,
    "EKEYREJECTED": """A key is there, and what was checked against it fails.

    From init_module, finit_module and kexec_file_load where signatures are enforced, from
    request_key when the key was negated so, and from services that refuse the credentials.

    Look first: dmesg; /proc/sys/kernel/tainted; mokutil --sb-state, /sys/kernel/security/lockdown.
    """,
    "ENOPKG": """The kernel lacks the algorithm that this object was made with.

    From keys, certificates and signatures (unknown hash or cipher), fscrypt and fsverity policies,
    module loading, and bridge or VLAN ioctls whose kernel module is absent.

    Look first: /proc/crypto; zgrep CRYPTO /proc/config.gz; modprobe of the algorithm.
    """,
    "EHWPOISON": """The memory page has a hardware error and was taken out of use.

    From calls that fault pages in for the caller: madvise with MADV_POPULATE_READ or _WRITE,
    KVM_RUN. Calls that copy from or to such a page say EFAULT or EIO. Touching the page directly
    gives SIGBUS with BUS_MCEERR_AR.

    Look first: HardwareCorrupted in /proc/meminfo; dmesg; /sys/devices/system/edac, rasdaemon.
    """,
    "ELIBACC": """A shared library that is needed cannot be accessed.

    A System V value. Of today's Linux only mount gives it, for CIFS with an iocharset= that is not
    there.

    Look first: dmesg; modprobe nls_CHARSET.
    """,
    "ELIBBAD": """The program's interpreter is not a valid ELF file.

    From execve: the file named by the program's PT_INTERP (the dynamic loader) exists and is
    damaged or for another architecture. Where it is absent the error is ENOENT.

    Look first: readelf -l PROGRAM | grep interpreter; file on that path.
    """,
    "ELIBSCN": """The library section of an executable is damaged.

    A System V value for COFF programs; the Linux kernel does not use it.

    Look first: who made the number up: a driver, an emulator, a FUSE filesystem.
    """,
    "ELIBMAX": """An executable asks for more shared libraries than the limit.

    A System V value; the Linux kernel does not use it, and the dynamic loader has no such limit.

    Look first: who made the number up: a driver, an emulator, a FUSE filesystem.
    """,
    "ELIBEXEC": """A shared library was executed as if it were a program.

    A System V value; Linux does not give it: execve of a library runs its entry point, if any.

    Look first: who made the number up: a driver, an emulator, a FUSE filesystem.
    """,
}

# Not an errno of the kernel's: pysys raises it, and the kernel is not asked.
NO_NUMBER = """ENOSYS: This ABI has no number for the call. The message says what to use instead.

    Raised by pysys without asking the kernel, in the place of the ENOSYS that it would answer.
    `except OSError` and `except errors.ENOSYS` catch it.

    Look first: `pysys.numbers.number(NAME, abi=...)` for the ABIs that have one.
    """
