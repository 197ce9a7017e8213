/* Processes and threads: limits, resources, scheduling, tracing. */

struct kernel_rlimit {
    kernel_ulong rlim_cur;
    kernel_ulong rlim_max;
    MORE
};

struct kernel_rlimit64 {
    uint64_t rlim_cur;
    uint64_t rlim_max;
    MORE
};

struct kernel_rusage {
    struct kernel_timeval ru_utime;
    struct kernel_timeval ru_stime;
    kernel_long ru_maxrss;
    kernel_long ru_ixrss;
    kernel_long ru_idrss;
    kernel_long ru_isrss;
    kernel_long ru_minflt;
    kernel_long ru_majflt;
    kernel_long ru_nswap;
    kernel_long ru_inblock;
    kernel_long ru_oublock;
    kernel_long ru_msgsnd;
    kernel_long ru_msgrcv;
    kernel_long ru_nsignals;
    kernel_long ru_nvcsw;
    kernel_long ru_nivcsw;
    MORE
};

struct kernel_oldold_utsname {
    char sysname[9];
    char nodename[9];
    char release[9];
    char version[9];
    char machine[9];
    MORE
};

struct kernel_old_utsname {
    char sysname[65];
    char nodename[65];
    char release[65];
    char version[65];
    char machine[65];
    MORE
};

struct kernel_utsname {
    char sysname[65];
    char nodename[65];
    char release[65];
    char version[65];
    char machine[65];
    char domainname[65];
    MORE
};

struct kernel_sysinfo {
    kernel_long uptime;
    kernel_ulong loads[3];
    kernel_ulong totalram;
    kernel_ulong freeram;
    kernel_ulong sharedram;
    kernel_ulong bufferram;
    kernel_ulong totalswap;
    kernel_ulong freeswap;
    uint16_t procs;
    uint16_t _pad;
    kernel_ulong totalhigh;
    kernel_ulong freehigh;
    uint32_t mem_unit;
#if !defined(__LP64__) && !defined(__x86_64__)
    char _f[8];
#endif
    MORE
};

struct kernel_sched_param {
    int sched_priority;
    MORE
};

struct kernel_robust_list {
    struct kernel_robust_list *next;
    MORE
};

struct kernel_robust_list_head {
    struct kernel_robust_list list;
    long futex_offset;
    struct kernel_robust_list *list_op_pending;
    MORE
};

struct kernel_kexec_segment {
    void *buf;
    size_t bufsz;
    void *mem;
    size_t memsz;
    MORE
};

struct kernel_ptrace_syscall_info_entry {
    uint64_t nr;
    uint64_t args[6];
    MORE
};

struct kernel_ptrace_syscall_info_exit {
    int64_t rval;
    uint8_t is_error;
    MORE
};

struct kernel_ptrace_syscall_info_seccomp {
    uint64_t nr;
    uint64_t args[6];
    uint32_t ret_data;
    uint32_t _reserved2;
    MORE
};

struct kernel_ptrace_syscall_info {
    uint8_t op;
    uint8_t _reserved;
    uint16_t flags;
    uint32_t arch;
    uint64_t instruction_pointer;
    uint64_t stack_pointer;
    union {
        struct kernel_ptrace_syscall_info_entry entry;
        struct kernel_ptrace_syscall_info_exit exit;
        struct kernel_ptrace_syscall_info_seccomp seccomp;
    };
    MORE
};

struct kernel_clone_args {
    aligned_u64 flags;
    aligned_u64 pidfd;
    aligned_u64 child_tid;
    aligned_u64 parent_tid;
    aligned_u64 exit_signal;
    aligned_u64 stack;
    aligned_u64 stack_size;
    aligned_u64 tls;
    aligned_u64 set_tid;
    aligned_u64 set_tid_size;
    aligned_u64 cgroup;
    MORE
};

struct kernel_sched_attr {
    uint32_t size;
    uint32_t sched_policy;
    uint64_t sched_flags;
    int32_t sched_nice;
    uint32_t sched_priority;
    uint64_t sched_runtime;
    uint64_t sched_deadline;
    uint64_t sched_period;
    uint32_t sched_util_min;
    uint32_t sched_util_max;
    MORE
};

struct kernel_prctl_mm_map {
    uint64_t start_code;
    uint64_t end_code;
    uint64_t start_data;
    uint64_t end_data;
    uint64_t start_brk;
    uint64_t brk;
    uint64_t start_stack;
    uint64_t arg_start;
    uint64_t arg_end;
    uint64_t env_start;
    uint64_t env_end;
    void *auxv;
    uint32_t auxv_size;
    uint32_t exe_fd;
    MORE
};

struct kernel_pidfd_info {
    uint64_t mask;
    uint64_t cgroupid;
    uint32_t pid;
    uint32_t tgid;
    uint32_t ppid;
    uint32_t ruid;
    uint32_t rgid;
    uint32_t euid;
    uint32_t egid;
    uint32_t suid;
    uint32_t sgid;
    uint32_t fsuid;
    uint32_t fsgid;
    int32_t exit_code;
    struct {
        uint32_t coredump_mask;
        uint32_t coredump_signal;
        uint32_t coredump_code;
        uint32_t _coredump_pad;
    };
    uint64_t supported_mask;
    MORE
};

struct kernel_ptrace_peeksiginfo_args {
    uint64_t off;
    uint32_t flags;
    int32_t nr;
    MORE
};

struct kernel_seccomp_metadata {
    uint64_t filter_off;
    uint64_t flags;
    MORE
};

struct kernel_ptrace_rseq_configuration {
    uint64_t rseq_abi_pointer;
    uint32_t rseq_abi_size;
    uint32_t signature;
    uint32_t flags;
    uint32_t _pad;
    MORE
};

struct kernel_ptrace_sud_config {
    uint64_t mode;
    uint64_t selector;
    uint64_t offset;
    uint64_t len;
    MORE
};

struct kernel_kcmp_epoll_slot {
    uint32_t efd;
    uint32_t tfd;
    uint32_t toff;
    MORE
};

struct kernel_futex_waitv {
    uint64_t val;
    uint64_t uaddr;
    uint32_t flags;
    uint32_t _reserved;
    MORE
};

struct kernel_rseq_cs {
    uint32_t version;
    uint32_t flags;
    uint64_t start_ip;
    uint64_t post_commit_offset;
    uint64_t abort_ip;
    MORE
} ALIGNED(32);

struct kernel_rseq_slice_ctrl {
    union {
        uint32_t all;
        struct {
            uint8_t request;
            uint8_t granted;
            uint16_t _reserved;
        };
    };
    MORE
};

struct kernel_rseq {
    uint32_t cpu_id_start;
    uint32_t cpu_id;
    uint64_t rseq_cs;
    uint32_t flags;
    uint32_t node_id;
    uint32_t mm_cid;
    struct kernel_rseq_slice_ctrl slice_ctrl;
    uint8_t _reserved;
    char end[];
    MORE
} ALIGNED(32);
