"""What each structure is, who takes it, and what its fields mean where the name does not say.

By name, of all ABIs: what the structure is, then `field: meaning`, each from a new line on.
"""

from __future__ import annotations

TEXTS = {
    # time
    "timespec": """A time in seconds and nanoseconds, 64-bit on every ABI.
        tv_nsec: 0 to 999,999,999; utimensat also takes UTIME_NOW and UTIME_OMIT""",
    "timespec32": """A time in seconds and nanoseconds for the old calls of 32-bit ABIs, which ends in 2038.
        tv_nsec: 0 to 999,999,999""",
    "timeval": """A time in seconds and microseconds: gettimeofday, select, utimes, getrusage.
        tv_usec: 0 to 999,999""",
    "timeval32": "A time in seconds and microseconds, 32-bit: the old calls of 32-bit ABIs, and alpha's"
    " osf calls.",
    "sock_timeval": """A time in seconds and microseconds, 64-bit: SO_RCVTIMEO_NEW, SO_SNDTIMEO_NEW. Since
        Linux 5.1.""",
    "itimerspec": """A timer: timer_settime, timer_gettime, timerfd_settime, timerfd_gettime.
        it_interval: how often again after that; zero: once
        it_value: when first; zero: disarmed""",
    "itimerspec32": """A timer, for the old calls of 32-bit ABIs.
        it_interval: how often again after that; zero: once
        it_value: when first; zero: disarmed""",
    "itimerval": """An interval timer: setitimer, getitimer.
        it_interval: how often again after that; zero: once
        it_value: when first, or what is left; zero: disarmed""",
    "itimerval32": "An interval timer with 32-bit times: alpha's osf calls.",
    "timezone": """gettimeofday's and settimeofday's second argument, which Linux keeps for the hardware
        clock only.
        tz_minuteswest: minutes west of Greenwich""",
    "timex": """The state of the kernel's clock discipline, and what is to change: adjtimex, clock_adjtime.
        modes: which of the fields to set (ADJ_*); 0: only read
        offset: in microseconds, or nanoseconds with STA_NANO
        freq: parts per million, shifted left by 16
        status: STA_* bits
        tick: microseconds between two ticks
        tai: seconds between TAI and UTC""",
    "timex32": "timex for the old calls of 32-bit ABIs; its fields are timex's.",
    "timex_timeval": """The time in a timex.
        tv_usec: nanoseconds with STA_NANO""",
    "utimbuf": """A file's times in seconds: utime.
        actime: of the last access
        modtime: of the last modification""",
    "utimbuf32": "A file's times in seconds, 32-bit: the old utime of 32-bit ABIs.",
    "tms": """What a process and its waited-for children have used: times. In clock ticks, of which there
        are 100 a second.
        tms_utime: the process in user mode
        tms_stime: the kernel for it
        tms_cutime: its children in user mode
        tms_cstime: the kernel for them""",
    # files
    "statx": """What statx() reports of a file. Since Linux 4.11; later fields are zero on older kernels.
        stx_mask: which fields are filled (STATX_*)
        stx_attributes: STATX_ATTR_* bits, of which stx_attributes_mask says what the file system knows
        stx_btime: when it was created
        stx_rdev_major: of the device that the file is
        stx_dev_major: of the device that the file is on
        stx_mnt_id: since Linux 5.8; with STATX_MNT_ID_UNIQUE never used twice, since 6.8
        stx_dio_mem_align: what O_DIRECT wants of memory; since Linux 6.1
        stx_dio_offset_align: what O_DIRECT wants of offsets; since Linux 6.1
        stx_subvol: since Linux 6.10
        stx_atomic_write_unit_min: since Linux 6.11
        stx_dio_read_offset_align: what O_DIRECT wants of a read's offset; since Linux 6.14
        stx_atomic_write_unit_max_opt: since Linux 6.16""",
    "statx_timestamp": "A time in a statx.",
    "stat": """What stat, fstat, lstat and newfstatat report of a file, as this ABI has it. See also statx.
        st_blocks: of 512 bytes
        st_blksize: what suits the file system best""",
    "stat64": "stat with 64-bit sizes and inodes: stat64, fstat64, lstat64, fstatat64 of 32-bit ABIs,"
    " and of alpha and sparc64.",
    "old_stat": "The first stat, with 16-bit inodes: oldstat, oldfstat, oldlstat.",
    "statfs": """A mounted file system: statfs, fstatfs.
        f_type: its magic number
        f_bsize: the size of a block, in which the counts are
        f_bavail: free for those who are not root
        f_flags: ST_* bits of the mount""",
    "statfs64": "A mounted file system with 64-bit counts: statfs64, fstatfs64 of 32-bit ABIs.",
    "ustat": """A mounted file system, as ustat reported it before statfs.
        f_tfree: free blocks
        f_tinode: free inodes""",
    "open_how": """How openat2 opens. Since Linux 5.6.
        flags: O_*; one that is not known is an error
        mode: of a file that is made, else 0
        resolve: RESOLVE_* bits: where the path may lead""",
    "xattr_args": """Value and flags of an extended attribute: setxattrat, getxattrat. Since Linux 6.13.
        value: where its bytes are, or go to
        flags: XATTR_CREATE, XATTR_REPLACE""",
    "file_attr": """Attributes that file systems share with XFS: file_getattr, file_setattr. Since Linux 6.17.
        fa_xflags: FS_XFLAG_* bits""",
    "file_handle": """A file without its path: name_to_handle_at, open_by_handle_at. Since Linux 2.6.39.
        handle_bytes: how many bytes f_handle has; make the structure with with_extra(128, handle_bytes=128)
        f_handle: the file system's own""",
    "iovec": """A piece of memory: readv, writev, preadv, pwritev, vmsplice, process_vm_readv and others.
        iov_base: where it begins
        iov_len: how many bytes it has""",
    "linux_dirent": """An entry that getdents writes; readers.dirents takes it apart.
        d_off: where the next one is, for lseek
        d_reclen: bytes from this entry to the next""",
    "linux_dirent64": """An entry that getdents64 writes; readers.dirents64 takes it apart.
        d_off: where the next one is, for lseek
        d_reclen: bytes from this entry to the next
        d_type: DT_*""",
    "old_linux_dirent": "The one entry that readdir writes.",
    "flock": """A lock on part of a file: fcntl with F_GETLK, F_SETLK, F_SETLKW.
        l_type: F_RDLCK, F_WRLCK, F_UNLCK
        l_whence: what l_start counts from (SEEK_*)
        l_len: 0: to the end, however far that moves
        l_pid: who holds it, from F_GETLK; 0 for F_OFD_*""",
    "flock64": "flock with 64-bit offsets: fcntl64 of 32-bit ABIs with F_GETLK64 and the like.",
    "f_owner_ex": """Who gets a descriptor's signals: fcntl with F_SETOWN_EX. Since Linux 2.6.32.
        type: F_OWNER_TID, F_OWNER_PID, F_OWNER_PGRP""",
    "delegation": """A delegation on a file: fcntl with F_GETDELEG, F_SETDELEG. Since Linux 6.19.
        d_type: F_RDLCK, F_WRLCK, F_UNLCK""",
    "cachestat_range": """The part of a file that cachestat looks at. Since Linux 6.5.
        len: 0: to the end""",
    "cachestat": """Pages of a file in the page cache: cachestat. Since Linux 6.5.
        nr_cache: in the cache
        nr_evicted: were in it
        nr_recently_evicted: were, until not long ago""",
    "if_dqblk": """Limits and use of a user's, group's or project's quota: quotactl with Q_GETQUOTA,
        Q_SETQUOTA.
        dqb_bhardlimit: blocks of 1 KiB that cannot be exceeded
        dqb_bsoftlimit: blocks of 1 KiB that can for a while
        dqb_curspace: bytes in use
        dqb_valid: which fields count (QIF_*)""",
    "if_nextdqblk": """if_dqblk of the next id that has one: quotactl with Q_GETNEXTQUOTA. Since Linux 4.6.
        dqb_id: whose it is""",
    "if_dqinfo": """Grace times of a quota: quotactl with Q_GETINFO, Q_SETINFO.
        dqi_bgrace: seconds over the soft limit of blocks
        dqi_igrace: seconds over the soft limit of inodes""",
    "fs_disk_quota": "Limits and use of a quota on XFS: quotactl with Q_XGETQUOTA, Q_XSETQLIM.",
    "fs_qfilestat": "A quota file in an fs_quota_stat.",
    "fs_quota_stat": "Quotas of an XFS file system: quotactl with Q_XGETQSTAT.",
    "fs_qfilestatv": "A quota file in an fs_quota_statv.",
    "fs_quota_statv": "Quotas of an XFS file system: quotactl with Q_XGETQSTATV. Since Linux 3.12.",
    # events
    "pollfd": """A descriptor and what to wait for: poll, ppoll.
        fd: negative: none, revents becomes 0
        events: POLL* to wait for
        revents: POLL* that are there""",
    "epoll_event": """An event of epoll_wait, or what epoll_ctl watches for. Without padding on x86_64.
        events: EPOLL* bits
        data: comes back unchanged""",
    "epoll_params": "How an epoll descriptor polls network devices: ioctl with EPIOCSPARAMS. Since"
    " Linux 6.9.",
    "signalfd_siginfo": """What reading a signalfd gives, once for each signal. Since Linux 2.6.22.
        ssi_signo: the signal
        ssi_code: why (SI_*, CLD_*, ...)
        ssi_ptr: what sigqueue sent, as a pointer
        ssi_int: what sigqueue sent, as an int
        ssi_syscall: of SIGSYS""",
    "inotify_event": """What reading an inotify descriptor gives; readers.inotify_events takes it apart.
        wd: the watch
        mask: IN_* bits
        cookie: the same for the two events of a rename
        len: bytes of name, with the null bytes that fill it""",
    "fanotify_event_metadata": """What reading a fanotify descriptor gives; readers.fanotify_events takes it
        apart.
        event_len: bytes from this event to the next
        metadata_len: where the information records begin
        mask: FAN_* bits
        fd: the file, open; FAN_NOFD without one""",
    "fanotify_event_info_header": """What each information record of an event begins with. Since Linux 5.1.
        info_type: FAN_EVENT_INFO_TYPE_*
        len: with this header""",
    "fanotify_event_info_fid": """Which object an event is about. Since Linux 5.1.
        handle: a file_handle, and for some types a name""",
    "fanotify_event_info_pidfd": """The process behind an event, as a descriptor. Since Linux 5.15.
        pidfd: FAN_NOPIDFD if it is gone, FAN_EPIDFD if there was an error""",
    "fanotify_event_info_error": "An error of the file system. Since Linux 5.16.",
    "fanotify_event_info_range": "The part of a file that FAN_PRE_ACCESS is about. Since Linux 6.14.",
    "fanotify_event_info_mnt": "The mount that was attached or detached. Since Linux 6.15.",
    "fanotify_response": """An answer to a permission event, to be written to the fanotify descriptor.
        fd: the event's
        response: FAN_ALLOW or FAN_DENY, and FAN_AUDIT, FAN_INFO""",
    "fanotify_response_info_header": "What the information in an answer begins with. Since Linux 6.3.",
    "fanotify_response_info_audit_rule": "Which rule led to an answer, for the audit log. Since Linux 6.3.",
    # signals
    "sigval": "What comes with a signal: an int or a pointer.",
    "sigset": """A set of signals, a bit each: rt_sigprocmask, ppoll, signalfd4, epoll_pwait and others.
        sig: signal 1 is the lowest bit of the first""",
    "sigaction": """What a signal does: rt_sigaction.
        sa_handler: an address; 0: the default, 1: ignore
        sa_flags: SA_* bits
        sa_restorer: where a handler returns to, with SA_RESTORER
        sa_mask: what is blocked while it runs""",
    "old_sigaction": "What a signal does, with 32 or 64 signals at most: sigaction of old 32-bit ABIs.",
    "osf_sigaction": "What a signal does: alpha's sigaction.",
    "stack": """The stack that handlers with SA_ONSTACK run on: sigaltstack.
        ss_flags: SS_DISABLE, SS_AUTODISARM; SS_ONSTACK is only reported""",
    "sigstack": "The stack that handlers run on: alpha's osf_sigstack.",
    "siginfo": """What is known of a signal or a child: waitid, rt_sigtimedwait, rt_sigqueueinfo, ...
        si_signo: the signal; after waitid SIGCHLD, or 0 if there was no child in that state
        si_code: why (SI_*, CLD_*, SEGV_*, ...), which says which of the other fields count
        si_pid: of kill, sigqueue and SIGCHLD
        si_status: of SIGCHLD: the exit status, or the signal
        si_utime: of SIGCHLD: in clock ticks
        si_value: of sigqueue and timers
        si_int: si_value as an int
        si_ptr: si_value as a pointer
        si_tid: of timers: the timer
        si_overrun: of timers
        si_addr: of a fault
        si_addr_lsb: of a memory error: the lowest bit of the address that counts
        si_pkey: of SEGV_PKUERR
        si_band: of SIGIO: POLL* bits
        si_fd: of SIGIO
        si_call_addr: of SIGSYS: the instruction
        si_syscall: of SIGSYS: the number
        si_arch: of SIGSYS: AUDIT_ARCH_*""",
    "sigevent": """How a timer or a message queue notifies: timer_create, mq_notify.
        sigev_notify: SIGEV_*
        sigev_notify_thread_id: with SIGEV_THREAD_ID""",
    # processes
    "clone_args": """What clone3 makes. Since Linux 5.3; pysys.clone3 is the way to call it.
        flags: CLONE_* bits, without the exit signal
        pidfd: where the descriptor goes
        child_tid: where the child writes its id
        parent_tid: where the parent gets the child's id
        stack: its lowest address
        set_tid: ids that the child shall have, one for each PID namespace; since Linux 5.5
        cgroup: a descriptor, with CLONE_INTO_CGROUP; since Linux 5.7""",
    "rlimit": """A resource limit: getrlimit, setrlimit.
        rlim_cur: what counts; all ones: none
        rlim_max: how high rlim_cur may be set""",
    "rlimit64": """A resource limit, 64-bit on every ABI: prlimit64. Since Linux 2.6.36.
        rlim_cur: what counts; all ones: none
        rlim_max: how high rlim_cur may be set""",
    "rusage": """What processes have used: getrusage, wait4, waitid. What the kernel does not count is 0.
        ru_maxrss: the most memory that was resident, in KiB
        ru_minflt: page faults without I/O
        ru_majflt: page faults with I/O
        ru_inblock: reads by the file system, in blocks of 512 bytes
        ru_nvcsw: times that it waited for something
        ru_nivcsw: times that it was made to wait""",
    "utsname": "The system's names: uname.",
    "old_utsname": "The system's names without the domain's: the second of the three unames.",
    "oldold_utsname": "The system's names, of 8 bytes at most: olduname.",
    "sysinfo": """Memory, load and uptime: sysinfo.
        uptime: in seconds
        loads: of 1, 5 and 15 minutes, times 65,536
        totalram: in units of mem_unit, as the other sizes are
        procs: processes and threads""",
    "sched_param": """A thread's real-time priority: sched_setparam, sched_setscheduler.
        sched_priority: 1 to 99; 0 for the policies that have none""",
    "sched_attr": """How a thread is scheduled: sched_setattr, sched_getattr. Since Linux 3.14.
        size: of this structure as the caller knows it
        sched_policy: SCHED_*
        sched_flags: SCHED_FLAG_* bits
        sched_runtime: of SCHED_DEADLINE, in nanoseconds; of the others a slice, since Linux 6.12
        sched_util_min: since Linux 5.3
        sched_util_max: since Linux 5.3""",
    "robust_list": "A lock in a thread's robust list.",
    "robust_list_head": """The locks that the kernel releases when the thread ends: set_robust_list,
        get_robust_list.
        futex_offset: from a list entry to its futex""",
    "futex_waitv": """One of the futexes that futex_waitv waits for; futex_requeue takes two. Since Linux
        5.16.
        val: what it must hold
        uaddr: where it is
        flags: FUTEX2_* bits""",
    "rseq": """What a thread shares with the kernel about where it runs: rseq. Since Linux 4.18.
        cpu_id: where it runs; negative, as an int, if not registered
        rseq_cs: the critical section that it is in
        node_id: since Linux 6.3
        mm_cid: since Linux 6.3
        slice_ctrl: since Linux 7.0""",
    "rseq_cs": "A restartable sequence: where it begins and ends, and where to go if it is interrupted.",
    "rseq_slice_ctrl": "A thread's wish for a longer time slice, and whether it has it. Since Linux 7.0.",
    "prctl_mm_map": """The map of a process: prctl with PR_SET_MM_MAP. Since Linux 3.18.
        auxv: 0: unchanged
        exe_fd: all ones: unchanged""",
    "pidfd_info": """What a pidfd knows of its process: ioctl with PIDFD_GET_INFO. Since Linux 6.13.
        mask: what is asked for, then what is filled (PIDFD_INFO_*)
        exit_code: as wait gives it; since Linux 6.15
        coredump_mask: since Linux 6.16
        supported_mask: since Linux 6.19""",
    "ptrace_syscall_info": """The system call that a traced thread is in: ptrace with
        PTRACE_GET_SYSCALL_INFO. Since Linux 5.3.
        op: PTRACE_SYSCALL_INFO_*, which says which of entry, exit and seccomp counts
        arch: AUDIT_ARCH_*""",
    "ptrace_peeksiginfo_args": """Which pending signals to copy: ptrace with PTRACE_PEEKSIGINFO. Since Linux
        3.10.
        off: how many to skip
        nr: how many to copy""",
    "ptrace_rseq_configuration": "Where a thread has its rseq: ptrace with"
    " PTRACE_GET_RSEQ_CONFIGURATION. Since Linux 5.13.",
    "ptrace_sud_config": "A thread's dispatch of system calls: ptrace with"
    " PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG. Since Linux 6.4.",
    "seccomp_metadata": "Flags of a traced thread's filter: ptrace with PTRACE_SECCOMP_GET_METADATA."
    " Since Linux 4.16.",
    "user_regs_struct": """General registers of a traced thread: ptrace with PTRACE_GETREGS (of x86), and with
        PTRACE_GETREGSET and NT_PRSTATUS. At a system call, orig_rax, orig_eax or a7 has its number.""",
    "user_i387_struct": """Floating-point registers of a traced thread: ptrace with PTRACE_GETFPREGS, and with
        PTRACE_GETREGSET and NT_PRFPREG.""",
    "user_fxsr_struct": """Floating-point registers of a traced thread, with those of SSE: ptrace with
        PTRACE_GETFPXREGS, and with PTRACE_GETREGSET and NT_PRXFPREG.""",
    "user_pt_regs": """General registers of a traced thread: ptrace with PTRACE_GETREGSET and
        NT_PRSTATUS.""",
    "user_fpsimd_state": """Floating-point registers of a traced thread: ptrace with PTRACE_GETREGSET and
        NT_PRFPREG. vregs has two words of each register.""",
    "user_fp_state": """Floating-point registers of a traced thread: ptrace with PTRACE_GETREGSET and
        NT_PRFPREG.""",
    "riscv_d_ext_state": """Floating-point registers of a traced thread: ptrace with PTRACE_GETREGSET and
        NT_PRFPREG.""",
    "pt_regs": """General registers of a traced thread: ptrace with PTRACE_GETREGS, and with PTRACE_GETREGSET
        and NT_PRSTATUS.""",
    "s390_regs": """General registers of a traced thread: ptrace with PTRACE_GETREGSET and NT_PRSTATUS.""",
    "s390_fp_regs": """Floating-point registers of a traced thread: ptrace with PTRACE_GETREGSET and
        NT_PRFPREG.""",
    "psw": "The program status word in an s390_regs: addr is where the thread goes on.",
    "kcmp_epoll_slot": "A descriptor in an epoll: kcmp with KCMP_EPOLL_TFD. Since Linux 4.13.",
    "kexec_segment": """A piece of the kernel to start: kexec_load.
        buf: where it is now
        mem: where it has to be""",
    # terminals
    "winsize": """The size of a terminal: TIOCGWINSZ, TIOCSWINSZ.
        ws_row: lines of text
        ws_col: columns
        ws_xpixel: width in pixels, or 0
        ws_ypixel: height in pixels, or 0""",
    "termios": """The settings of a terminal, as the kernel has them: TCGETS, TCSETS. The C library's
        structure of this name is longer.
        c_iflag: what becomes of input
        c_oflag: what becomes of output
        c_cflag: the line: speed, size of a character, parity
        c_lflag: what the terminal does itself: echo, lines, signals
        c_line: the line discipline (N_TTY is 0)
        c_cc: control characters, by index
        c_ispeed: speed of input, on powerpc and alpha
        c_ospeed: speed of output, on powerpc and alpha""",
    "termios2": """The settings of a terminal with any speeds: TCGETS2, TCSETS2. Since Linux 2.6.20;
        powerpc has the speeds in termios.
        c_cflag: with BOTHER for a speed that has no constant
        c_line: the line discipline (N_TTY is 0)
        c_cc: control characters, by index
        c_ispeed: speed of input, bits per second
        c_ospeed: speed of output, bits per second""",
    "termio": """The settings of a terminal, the older half: TCGETA, TCSETA.
        c_line: the line discipline
        c_cc: control characters, by index""",
    "serial_struct": """A serial port: TIOCGSERIAL, TIOCSSERIAL.
        type: of its chip (PORT_*)
        line: its number
        port: where its registers are among the ports of x86
        flags: ASYNC_*
        baud_base: speed that is divided
        close_delay: how long it stays low after closing, in hundredths of a second
        closing_wait: how long closing waits for output, in hundredths of a second; 65535: not at all
        iomem_base: where its registers are in memory""",
    "serial_icounter_struct": """What a serial port has counted: TIOCGICOUNT.
        cts, dsr, rng, dcd: changes of these lines
        rx: characters that came
        tx: characters that went
        overrun: characters that the port lost
        brk: breaks
        buf_overrun: characters for which the kernel had no space""",
    "serial_rs485": """A serial port as part of a bus: TIOCGRS485, TIOCSRS485. Since Linux 2.6.38.
        flags: SER_RS485_*
        delay_rts_before_send: milliseconds
        delay_rts_after_send: milliseconds
        addr_recv: the port's own address, since Linux 6.0
        addr_dest: the other one's, since Linux 6.0""",
    "vt_mode": """Who decides about the change to another virtual console: VT_GETMODE, VT_SETMODE.
        mode: VT_AUTO, the kernel; VT_PROCESS, this process, which is asked by signals
        relsig: the signal that asks it to give up the console
        acqsig: the signal that says that it has the console""",
    "vt_stat": """Virtual consoles: VT_GETSTATE.
        v_active: the number of the one that is shown
        v_state: a bit for each that is open, of the first 16""",
    # devices
    "loop_info64": """A loop device: LOOP_GET_STATUS64, LOOP_SET_STATUS64.
        lo_device: of the file system that the file is on
        lo_inode: of the file
        lo_offset: where the device begins in the file
        lo_sizelimit: its bytes; 0: up to the end of the file
        lo_number: of the device
        lo_flags: LO_FLAGS_*
        lo_file_name: the name that was given for the file, for people to read
        lo_crypt_name, lo_encrypt_key: unused since Linux 5.16""",
    "loop_config": """A loop device, all in one request: LOOP_CONFIGURE. Since Linux 5.8.
        fd: of the file
        block_size: of the device; 0: 512
        info: what LOOP_SET_STATUS64 takes""",
    "rtc_time": """A date and time of a hardware clock: RTC_RD_TIME, RTC_SET_TIME. In it tm_mon is 0 to 11,
        and tm_year counts from 1900.
        tm_wday, tm_yday, tm_isdst: not used""",
    "rtc_wkalrm": """The alarm of a hardware clock, which may wake the machine: RTC_WKALM_RD, RTC_WKALM_SET.
        enabled: whether it is set
        pending: whether it has rung and nobody has read that
        time: when""",
    "watchdog_info": """A watchdog: WDIOC_GETSUPPORT.
        options: WDIOF_*
        identity: its name""",
    "hidraw_devinfo": """A device for people, as its bus knows it: HIDIOCGRAWINFO.
        bustype: BUS_*""",
    "input_id": """An input device, as its bus knows it: EVIOCGID.
        bustype: BUS_*""",
    "input_absinfo": """An axis of an input device: EVIOCGABS, EVIOCSABS.
        value: where it is
        fuzz: changes that are smaller are left out
        flat: values this near to the middle are taken for it
        resolution: units per millimetre, or per radian""",
    "input_event": """What happened: read from, and written to, a device of /dev/input. Times are unsigned
        and wrap where they have 32 bits.
        input_event_sec, input_event_usec: when
        type: EV_*
        code: which key, axis ...
        value: what it is now""",
    "uinput_setup": """An input device that a process makes: UI_DEV_SETUP. Since Linux 4.5.
        name: up to 79 bytes
        ff_effects_max: how many effects of force feedback it has at once""",
    "uinput_abs_setup": """An axis of an input device that a process makes: UI_ABS_SETUP. Since Linux 4.5.
        code: which axis""",
    # file systems
    "fiemap": """Where a file lies on its device: FS_IOC_FIEMAP; the extents follow in the same memory.
        fm_start: from this byte of the file
        fm_length: bytes of it
        fm_flags: FIEMAP_FLAG_*
        fm_mapped_extents: how many the kernel wrote, or would have if fm_extent_count is 0
        fm_extent_count: how many there is space for""",
    "fiemap_extent": """A piece of a file: FS_IOC_FIEMAP.
        fe_logical: where in the file
        fe_physical: where on the device
        fe_length: bytes
        fe_flags: FIEMAP_EXTENT_*""",
    "file_clone_range": """Which part of a file another one shares: FICLONERANGE. Since Linux 4.5.
        src_fd: the file that has it
        src_length: 0: up to the end""",
    "file_dedupe_range": """What other files are to share if it is equal: FIDEDUPERANGE. Since Linux 4.5.
        dest_count: how many elements info has
        info: the other files, each a file_dedupe_range_info""",
    "file_dedupe_range_info": """One of the files of FIDEDUPERANGE, with what became of it. Since Linux 4.5.
        dest_fd: the file
        bytes_deduped: bytes that it shares now
        status: FILE_DEDUPE_RANGE_SAME or _DIFFERS; below 0: minus an errno""",
    "fstrim_range": """Which unused blocks a device is to forget: FITRIM.
        len: after it the bytes that were
        minlen: shorter pieces are left out""",
    "fsuuid2": """A file system's id: FS_IOC_GETFSUUID. Since Linux 6.9.
        len: bytes of uuid that count""",
    "fs_sysfs_path": """Where a file system is below /sys/fs: FS_IOC_GETFSSYSFSPATH. Since Linux 6.9.
        len: bytes of name that count""",
    "fsxattr": """Attributes of a file that not all file systems have: FS_IOC_FSGETXATTR,
        FS_IOC_FSSETXATTR. Since Linux 4.5 on more than XFS.
        fsx_xflags: FS_XFLAG_*
        fsx_extsize: the least space that is taken at once, in bytes
        fsx_nextents: how many pieces it has
        fsx_projid: the project that its blocks count for
        fsx_cowextsize: the same as fsx_extsize, for shared blocks that are written to""",
    "pm_scan_arg": """Which pages of a process to look for: PAGEMAP_SCAN. Since Linux 6.7.
        size: of this structure
        flags: PM_SCAN_*
        walk_end: where the search ended
        vec: where the regions that are found go, an array of page_region
        vec_len: how many there is space for
        max_pages: 0: no limit
        category_inverted: PAGE_IS_* bits that are looked at turned around
        category_mask: those that a page must have, all of them
        category_anyof_mask: of which it must have one
        return_mask: those that are told""",
    "page_region": """Pages in a row: PAGEMAP_SCAN. Since Linux 6.7.
        start, end: their addresses, the first and the one behind the last
        categories: PAGE_IS_*""",
    "procmap_query": """A mapping of a process: PROCMAP_QUERY, on /proc/PID/maps. Since Linux 6.11.
        size: of this structure
        query_flags: PROCMAP_QUERY_*
        query_addr: the address that is asked for
        vma_flags: PROCMAP_QUERY_VMA_*
        vma_offset: where the mapping begins in its file
        vma_name_size: space for the name, and what it takes with its null byte; 0: it is not wanted
        build_id_size: space for the build id, and its bytes; 0: it is not wanted""",
    # interfaces
    "ifreq": """A network interface, by its name, and one thing about it: SIOCGIFFLAGS, SIOCGIFADDR,
        TUNSETIFF and others. Which of the fields behind the name counts is the request's matter.
        ifr_name: up to 15 bytes
        ifr_flags: IFF_*
        ifr_ifindex: its number
        ifr_newname: of SIOCSIFNAME
        ifr_data: memory with more, for requests of drivers""",
    "ifmap": "The resources of a network card: SIOCGIFMAP.",
    "ifconf": """Addresses of all interfaces: SIOCGIFCONF.
        ifc_len: bytes there are, and then those that were written
        ifc_buf: where they go; NULL: how many there would be
        ifc_req: the same, as an array of ifreq""",
    "arpreq": """An entry of the table of neighbours: SIOCGARP, SIOCSARP, SIOCDARP.
        arp_pa: the protocol's address
        arp_ha: the hardware's
        arp_flags: ATF_*
        arp_dev: the interface""",
    "tun_pi": """What is before each packet of a TUN device without IFF_NO_PI.
        flags: TUN_PKT_STRIP if the packet is cut off
        proto: ETH_P_*; big-endian in memory""",
    "rtattr": """What an attribute of rtnetlink begins with; it is padded to 4 bytes.
        rta_len: with this header""",
    "rtgenmsg": """The shortest request of rtnetlink.
        rtgen_family: AF_*""",
    "rtmsg": """A route: RTM_NEWROUTE, RTM_GETROUTE and others.
        rtm_family: AF_*
        rtm_dst_len: how many bits of the destination count
        rtm_src_len: how many bits of the source count
        rtm_table: RT_TABLE_*
        rtm_protocol: RTPROT_*, who made it
        rtm_scope: RT_SCOPE_*, how far away
        rtm_type: RTN_*
        rtm_flags: RTM_F_*""",
    "ifinfomsg": """An interface: RTM_NEWLINK, RTM_GETLINK and others.
        ifi_type: ARPHRD_*
        ifi_index: its number
        ifi_flags: IFF_*
        ifi_change: which of the flags to change""",
    "ifaddrmsg": """An address of an interface: RTM_NEWADDR, RTM_GETADDR and others.
        ifa_family: AF_*
        ifa_prefixlen: how many bits of it are the network's
        ifa_flags: IFA_F_*
        ifa_scope: RT_SCOPE_*
        ifa_index: the interface""",
    "nlmsgerr": """What netlink answers: NLMSG_ERROR.
        error: 0, or minus an errno
        msg: what the request began with""",
    "ip_mreq": "Membership of an IPv4 multicast group, by an address of the interface: IP_ADD_MEMBERSHIP.",
    "in6_pktinfo": "Where an IPv6 packet came in or goes out: IPV6_PKTINFO.",
    "sock_extended_err": """An error of a socket, from its queue: recvmsg with MSG_ERRQUEUE, IP_RECVERR.
        ee_errno: what it is
        ee_origin: SO_EE_ORIGIN_*
        ee_type, ee_code: of the ICMP message
        ee_info: the next hop's largest packet, the first number of what MSG_ZEROCOPY has sent ...
        ee_data: the last of those numbers""",
    "tcp_info": """What the kernel knows of a TCP connection: TCP_INFO. Older kernels write less of it.
        Times are in microseconds, but for tcpi_last_*, which are in milliseconds.
        tcpi_state: TCP_ESTABLISHED is 1
        tcpi_ca_state: of congestion control, TCP_CA_*
        tcpi_options: TCPI_OPT_*
        tcpi_snd_wscale, tcpi_rcv_wscale: how far windows are shifted
        tcpi_rto: after which it sends again
        tcpi_ato: after which it acknowledges
        tcpi_unacked: segments that are on their way
        tcpi_rtt: there and back, smoothed
        tcpi_rttvar: how much that varies
        tcpi_snd_cwnd: the congestion window, in segments
        tcpi_total_retrans: segments that were sent again, in all
        tcpi_pacing_rate: bytes per second
        tcpi_delivery_rate: bytes per second
        tcpi_notsent_bytes: bytes that wait to be sent
        tcpi_busy_time: when there was something to send""",
    # network
    "sockaddr": "A socket address of any family, as its first bytes: pysys.structures.addresses makes"
    " and reads them.",
    "sockaddr_storage": "Space for an address of any family.",
    "sockaddr_in": """An IPv4 address: bind, connect, sendto, accept and others.
        sin_family: AF_INET
        sin_port: the number; big-endian in memory""",
    "sockaddr_in6": """An IPv6 address.
        sin6_family: AF_INET6
        sin6_port: the number; big-endian in memory
        sin6_scope_id: the interface of a link-local address""",
    "sockaddr_un": """A socket's path.
        sun_family: AF_UNIX
        sun_path: reads up to a null byte; of an abstract name see addresses.unpack""",
    "sockaddr_nl": """A netlink address.
        nl_family: AF_NETLINK
        nl_pid: the port; 0: the kernel's
        nl_groups: a bit for each multicast group""",
    "sockaddr_ll": """An interface and a protocol, below IP.
        sll_family: AF_PACKET
        sll_protocol: ETH_P_*; big-endian in memory
        sll_halen: how many bytes of sll_addr count""",
    "sockaddr_vm": """An address between virtual machines and their host.
        svm_family: AF_VSOCK
        svm_cid: the machine (VMADDR_CID_*)""",
    "sockaddr_alg": """An algorithm of the kernel's cryptography.
        salg_family: AF_ALG
        salg_type: hash, skcipher, aead, rng
        salg_name: such as sha256""",
    "msghdr": """A message: sendmsg, recvmsg.
        msg_name: the other side's address
        msg_iov: an array of iovec
        msg_iovlen: how many it has
        msg_control: ancillary data; pysys.structures.control makes and reads it
        msg_controllen: its bytes
        msg_flags: MSG_* bits of what was received""",
    "mmsghdr": """One of several messages: sendmmsg, recvmmsg.
        msg_len: bytes that were sent or received""",
    "cmsghdr": """What a control message begins with; pysys.structures.control makes and reads them.
        cmsg_len: with this header""",
    "ucred": "Who is at the other end of a socket: SO_PEERCRED, SCM_CREDENTIALS.",
    "linger": """Whether close waits for what is not sent: SO_LINGER.
        l_linger: seconds""",
    "ip_mreqn": "Membership of an IPv4 multicast group: IP_ADD_MEMBERSHIP.",
    "ipv6_mreq": "Membership of an IPv6 multicast group: IPV6_ADD_MEMBERSHIP.",
    "in_pktinfo": "Where an IPv4 packet came in or goes out: IP_PKTINFO.",
    "packet_mreq": "Membership below IP: PACKET_ADD_MEMBERSHIP.",
    "nlmsghdr": """What a netlink message begins with.
        nlmsg_len: with this header""",
    "nlattr": """What a netlink attribute begins with.
        nla_len: with this header""",
    # ipc
    "ipc_perm": """Owner and mode of a System V object.
        key: IPC_PRIVATE is 0
        cuid: of who made it""",
    "semid_ds": """A set of semaphores: semctl with IPC_STAT, IPC_SET. 32-bit ABIs of old add IPC_64 to the
        command.
        sem_otime: of the last semop
        sem_ctime: of the last change""",
    "shmid_ds": """A shared memory segment: shmctl with IPC_STAT, IPC_SET. 32-bit ABIs of old add IPC_64 to
        the command.
        shm_segsz: in bytes
        shm_nattch: how often it is attached""",
    "msqid_ds": """A message queue: msgctl with IPC_STAT, IPC_SET. 32-bit ABIs of old add IPC_64 to the
        command.
        msg_cbytes: bytes in it
        msg_qnum: messages in it
        msg_qbytes: how many bytes may be""",
    "shminfo": "Limits of shared memory: shmctl with IPC_INFO.",
    "shm_info": """Use of shared memory: shmctl with SHM_INFO.
        shm_tot: pages, as the other sizes are""",
    "msginfo": "Limits or use of message queues: msgctl with IPC_INFO, MSG_INFO.",
    "seminfo": "Limits or use of semaphores: semctl with IPC_INFO, SEM_INFO.",
    "msgbuf": """A message: msgsnd, msgrcv.
        mtype: above 0
        mtext: its bytes; make the structure with with_extra()""",
    "sembuf": """An operation on a semaphore: semop, semtimedop.
        sem_op: added; 0: wait for 0
        sem_flg: IPC_NOWAIT, SEM_UNDO""",
    "mq_attr": """A POSIX message queue: mq_open, mq_getsetattr.
        mq_flags: O_NONBLOCK or 0
        mq_curmsgs: messages in it""",
    # mounts
    "mount_attr": """What mount_setattr, or open_tree_attr, changes. Since Linux 5.12.
        attr_set: MOUNT_ATTR_* to set
        attr_clr: MOUNT_ATTR_* to clear
        propagation: MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE or 0
        userns_fd: with MOUNT_ATTR_IDMAP""",
    "mnt_id_req": """Which mount statmount or listmount is asked about. Since Linux 6.8.
        size: of this structure as the caller knows it
        mnt_id: the one that is never used twice
        param: STATMOUNT_* for statmount, the last id seen for listmount
        mnt_ns_id: of another namespace; since Linux 6.11""",
    "statmount": """What statmount reports of a mount. Since Linux 6.8. with_extra() makes space for strings.
        size: of what was written, with the strings
        mask: what is filled (STATMOUNT_*)
        mnt_opts: where in str the options are, as is every number that stands for a string
        str: the strings, one after the other""",
    "mnt_ns_info": "A mount namespace: ioctl with NS_MNT_GET_INFO. Since Linux 6.12.",
    "ns_id_req": """Which namespaces listns lists. Since Linux 6.19.
        size: of this structure as the caller knows it
        ns_id: the last one seen; 0: from the first
        ns_type: CLONE_NEW* bits; 0: all""",
    # security
    "cap_user_header": """Whose capabilities: capget, capset.
        version: 0x20080522: then there are two cap_user_data
        pid: 0: this thread's""",
    "cap_user_data": "32 capabilities: capget, capset; an array of two has all.",
    "sock_filter": """An instruction of classic BPF: seccomp, SO_ATTACH_FILTER.
        code: of pysys.flags.BpfClass, with what it says
        jt: how many instructions to leave out if the condition is true
        jf: and if it is not
        k: the number that it uses""",
    "sock_fprog": """A program of classic BPF: seccomp, prctl, SO_ATTACH_FILTER.
        len: its instructions
        filter: an array of sock_filter""",
    "landlock_ruleset_attr": """What a ruleset will forbid unless a rule allows it: landlock_create_ruleset.
        Since Linux 5.13.
        handled_access_fs: LANDLOCK_ACCESS_FS_* bits
        handled_access_net: LANDLOCK_ACCESS_NET_* bits; since Linux 6.7
        scoped: LANDLOCK_SCOPE_* bits; since Linux 6.12""",
    "landlock_path_beneath_attr": """What is allowed below a directory: landlock_add_rule. Since Linux 5.13.
        Without padding.
        parent_fd: the directory, or a file""",
    "landlock_net_port_attr": """What is allowed with a port: landlock_add_rule. Since Linux 6.7.
        allowed_access: LANDLOCK_ACCESS_NET_* bits""",
    "seccomp_data": """What a filter sees of a call.
        nr: the number
        arch: AUDIT_ARCH_*: audit_arch of pysys.abi.current()""",
    "seccomp_notif_sizes": "How large this kernel's structures are: seccomp with"
    " SECCOMP_GET_NOTIF_SIZES. Since Linux 5.0.",
    "seccomp_notif": """A call that a supervisor has to answer: ioctl with SECCOMP_IOCTL_NOTIF_RECV. Since
        Linux 5.0.
        id: for the answer
        pid: the thread; 0 if it cannot be seen from here""",
    "seccomp_notif_resp": """The answer to a call: ioctl with SECCOMP_IOCTL_NOTIF_SEND. Since Linux 5.0.
        val: the call's result
        error: 0, or minus the errno
        flags: SECCOMP_USER_NOTIF_FLAG_CONTINUE; since Linux 5.5""",
    "seccomp_notif_addfd": """A descriptor for the thread that waits: ioctl with SECCOMP_IOCTL_NOTIF_ADDFD.
        Since Linux 5.9.
        srcfd: the supervisor's
        newfd: which number it shall have, with SECCOMP_ADDFD_FLAG_SETFD""",
    "keyctl_dh_params": """The keys of a Diffie-Hellman computation: keyctl with KEYCTL_DH_COMPUTE. Since
        Linux 4.7.
        priv: the same as private""",
    "keyctl_kdf_params": "How to derive a key from it. Since Linux 4.12.",
    "keyctl_pkey_query": "What an asymmetric key can do: keyctl with KEYCTL_PKEY_QUERY. Since Linux 4.20.",
    "keyctl_pkey_params": "Lengths for work with an asymmetric key: keyctl with KEYCTL_PKEY_ENCRYPT and"
    " others. Since Linux 4.20.",
    "lsm_ctx": """A security module's attribute: lsm_get_self_attr, lsm_set_self_attr. Since Linux 6.8.
        id: LSM_ID_*
        len: of everything, with the padding
        ctx_len: bytes of ctx that count""",
    # bpf
    "bpf_attr": """The arguments of a bpf command. Since Linux 3.18. Its unnamed parts belong to one command
        each.
        map_type: of BPF_MAP_CREATE, with what follows up to excl_prog_hash_size
        map_fd: of BPF_MAP_*_ELEM, with key, value, next_key and flags
        prog_type: of BPF_PROG_LOAD, with what follows up to keyring_id
        pathname: of BPF_OBJ_PIN and BPF_OBJ_GET, with bpf_fd, file_flags and path_fd
        target_fd: of BPF_PROG_ATTACH and BPF_PROG_DETACH, with what follows up to expected_revision
        start_id: of BPF_*_GET_NEXT_ID and BPF_*_GET_FD_BY_ID
        btf: of BPF_BTF_LOAD
        test: of BPF_PROG_TEST_RUN
        info: of BPF_OBJ_GET_INFO_BY_FD
        query: of BPF_PROG_QUERY
        link_create: of BPF_LINK_CREATE; since Linux 5.7""",
    "bpf_common_attr": "Where bpf logs, for commands without a log field.",
    "bpf_insn": """An instruction of eBPF.
        dst_reg: 0 to 10
        src_reg: 0 to 10""",
    "bpf_prog_info": "A loaded program: bpf with BPF_OBJ_GET_INFO_BY_FD. Since Linux 4.13.",
    "bpf_map_info": "A map: bpf with BPF_OBJ_GET_INFO_BY_FD. Since Linux 4.13.",
    "bpf_btf_info": "Type information: bpf with BPF_OBJ_GET_INFO_BY_FD. Since Linux 4.18.",
    # perf
    "perf_event_attr": """What perf_event_open counts or samples. Since Linux 2.6.31.
        type: PERF_TYPE_*
        size: of this structure as the caller knows it
        config: which event of the type
        sample_period: events between two samples
        sample_freq: samples a second, with freq
        sample_type: PERF_SAMPLE_* bits
        read_format: PERF_FORMAT_* bits
        disabled: off at first
        inherit: children count too
        precise_ip: 0 to 3: how near the address has to be
        wakeup_events: samples until a reader wakes
        wakeup_watermark: bytes until a reader wakes, with watermark""",
    "perf_event_mmap_page": """What a mapping of perf_event_open's descriptor begins with. Since Linux
        2.6.31.
        lock: changes while the kernel writes the fields up to time_mask
        index: of the processor's counter, plus 1; 0 if it cannot be read from here
        offset: to add to the counter's value
        time_enabled: nanoseconds that the event was enabled
        time_running: nanoseconds that it was counted
        cap_user_rdpmc: the counter can be read with an instruction of the processor
        cap_user_time: time_shift, time_mult and time_offset make nanoseconds of its clock
        cap_user_time_zero: so does time_zero
        cap_user_time_short: the clock is time_mask wide, and has been time_cycles
        pmc_width: bits of the counter
        size: up to the reserved bytes. Since Linux 3.12
        data_head: how many bytes the kernel has written to the ring
        data_tail: how many were read; the reader stores it
        data_offset: where the ring begins. Since Linux 4.1
        data_size: its bytes. Since Linux 4.1
        aux_head: how many bytes were written to the second ring, that of traces. Since Linux 4.1
        aux_tail: how many were read there
        aux_offset: where that is to be mapped; the reader stores it
        aux_size: its bytes; the reader stores it""",
    "perf_event_header": """What each record in perf's ring begins with. Since Linux 2.6.31.
        type: PERF_RECORD_*
        misc: PERF_RECORD_MISC_* bits
        size: of the record, this included""",
    # io
    "iocb": """An operation of aio: io_submit, io_cancel.
        aio_data: comes back in io_event.data
        aio_lio_opcode: IOCB_CMD_*
        aio_fildes: the descriptor
        aio_buf: where the bytes are or go to, or an array of iovec
        aio_resfd: an eventfd, with IOCB_FLAG_RESFD""",
    "io_event": """An operation of aio that is done: io_getevents, io_pgetevents.
        obj: the address of its iocb
        res: the result, or minus the errno""",
    "aio_sigset": """Which signals are blocked while io_pgetevents waits. Since Linux 4.18.
        sigmask: a sigset""",
    "io_uring_params": """How a ring is set up, and what the kernel says of it: io_uring_setup. Since Linux
        5.1.
        flags: IORING_SETUP_* bits
        features: IORING_FEAT_* bits, reported
        sq_off: where things are in the submission ring
        cq_off: where things are in the completion ring""",
    "io_sqring_offsets": "Where things are in the mapped submission ring, in bytes.",
    "io_cqring_offsets": "Where things are in the mapped completion ring, in bytes.",
    "io_uring_sqe": """A request, in the submission ring. Which names count depends on opcode.
        opcode: IORING_OP_*
        flags: IOSQE_* bits
        user_data: comes back in the completion""",
    "io_uring_cqe": """A completion, in the completion ring.
        user_data: the request's
        res: the result, or minus the errno
        flags: IORING_CQE_F_* bits""",
    "io_uring_files_update": "Registered files to replace: IORING_REGISTER_FILES_UPDATE. Since Linux 5.5.",
    "io_uring_region_desc": "Memory that a ring shares: IORING_REGISTER_MEM_REGION. Since Linux 6.13.",
    "io_uring_mem_region_reg": "Which memory a ring shares, and how: IORING_REGISTER_MEM_REGION. Since"
    " Linux 6.13.",
    "io_uring_rsrc_register": "Files or buffers to register: IORING_REGISTER_FILES2,"
    " IORING_REGISTER_BUFFERS2. Since Linux 5.13.",
    "io_uring_rsrc_update": "Registered files to replace: IORING_REGISTER_FILES_UPDATE. Since Linux 5.12.",
    "io_uring_rsrc_update2": "Registered files or buffers to replace, with tags. Since Linux 5.13.",
    "io_uring_probe_op": "Whether a ring knows an operation.",
    "io_uring_probe": """Which operations a ring knows: IORING_REGISTER_PROBE. Since Linux 5.6. Make it with
        with_extra().
        ops_len: how many ops has""",
    "io_uring_restriction": "Something that a ring is allowed: IORING_REGISTER_RESTRICTIONS. Since"
    " Linux 5.10.",
    "io_uring_task_restriction": "What the rings of a thread are allowed.",
    "io_uring_clock_register": "The clock of a ring's timeouts: IORING_REGISTER_CLOCK. Since Linux 6.12.",
    "io_uring_clone_buffers": "Buffers to take over from another ring: IORING_REGISTER_CLONE_BUFFERS."
    " Since Linux 6.12.",
    "io_uring_buf": "A buffer in a ring of buffers. Since Linux 5.19.",
    "io_uring_buf_reg": "A ring of buffers: IORING_REGISTER_PBUF_RING. Since Linux 5.19.",
    "io_uring_buf_status": "How far a ring of buffers is used: IORING_REGISTER_PBUF_STATUS. Since Linux 6.8.",
    "io_uring_napi": "How a ring polls network devices: IORING_REGISTER_NAPI. Since Linux 6.9.",
    "io_uring_reg_wait": "A wait that is registered: IORING_ENTER_EXT_ARG_REG. Since Linux 6.13.",
    "io_uring_getevents_arg": """Signals and time limit of a wait: io_uring_enter with IORING_ENTER_EXT_ARG.
        Since Linux 5.11.
        sigmask: a sigset
        ts: a timespec""",
    "io_uring_sync_cancel_reg": "What to cancel, waiting for it: IORING_REGISTER_SYNC_CANCEL. Since"
    " Linux 6.0.",
    "io_uring_file_index_range": "Slots that the kernel assigns:"
    " IORING_REGISTER_FILE_ALLOC_RANGE. Since Linux 6.0.",
    "io_uring_recvmsg_out": "What a buffer that a multishot recvmsg filled begins with. Since Linux 6.0.",
    # userfaultfd
    "uffd_msg": """What reading a userfaultfd gives. Since Linux 4.3.
        event: UFFD_EVENT_*, which says which part of arg counts""",
    "uffd_msg_pagefault": """A page fault.
        flags: UFFD_PAGEFAULT_FLAG_* bits
        ptid: the thread, with UFFD_FEATURE_THREAD_ID; the kernel's feat.ptid""",
    "uffdio_api": """What both sides can do: ioctl with UFFDIO_API. Since Linux 4.3.
        api: 0xAA
        features: UFFD_FEATURE_* bits""",
    "uffdio_range": "A range of addresses: ioctl with UFFDIO_UNREGISTER, UFFDIO_WAKE. Since Linux 4.3.",
    "uffdio_register": """A range to watch: ioctl with UFFDIO_REGISTER. Since Linux 4.3.
        mode: UFFDIO_REGISTER_MODE_* bits
        ioctls: what is possible there, reported""",
    "uffdio_copy": """Pages to fill: ioctl with UFFDIO_COPY. Since Linux 4.3.
        copy: bytes that were copied, or minus the errno; the method is Structure.copy(it)""",
    "uffdio_zeropage": """Pages to fill with zeros: ioctl with UFFDIO_ZEROPAGE. Since Linux 4.3.
        zeropage: bytes that were filled, or minus the errno""",
    "uffdio_writeprotect": "Pages to protect or not: ioctl with UFFDIO_WRITEPROTECT. Since Linux 5.7.",
    "uffdio_continue": "Pages that are in the cache, to map: ioctl with UFFDIO_CONTINUE. Since Linux 5.13.",
    "uffdio_poison": "Pages to poison: ioctl with UFFDIO_POISON. Since Linux 6.6.",
    "uffdio_move": "Pages to move: ioctl with UFFDIO_MOVE. Since Linux 6.8.",
    # machines
    "mmap_arg_struct": "mmap's arguments in memory: the old mmap of i386 and other 32-bit ABIs, and s390x.",
    "sel_arg_struct": "select's arguments in memory: the old select of i386 and other 32-bit ABIs.",
    "user_desc": """A segment: modify_ldt, set_thread_area, get_thread_area. On x86 only.
        entry_number: all ones: the kernel chooses
        limit: the last byte, or page""",
    "vm86_regs": "Registers of virtual 8086 mode. On i386 only.",
    "vm86_struct": "A virtual 8086 machine: vm86old. On i386 only.",
    "riscv_hwprobe": """A question about the processor, and its answer: riscv_hwprobe. Since Linux 6.4.
        key: RISCV_HWPROBE_KEY_*; becomes -1 if it is not known""",
    "gs_cb": "Guarded storage: s390_guarded_storage. On s390x only.",
    "rtas_args": "A call of the firmware: rtas. On powerpc only.",
    "sig_dbg_op": "A debug setting: debug_setcontext. On 32-bit powerpc only.",
    "osf_dirent": "An entry that alpha's osf_getdirentries writes.",
}
