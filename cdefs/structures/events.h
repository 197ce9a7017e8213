/* What becomes ready or has happened: poll, epoll, signalfd, inotify, fanotify. */

struct kernel_pollfd {
    int fd;
    short events;
    short revents;
    MORE
};

struct kernel_epoll_event {
    uint32_t events;
    uint64_t data;
    MORE
#ifdef __x86_64__
} PACKED;
#else
};
#endif

struct kernel_epoll_params {
    uint32_t busy_poll_usecs;
    uint16_t busy_poll_budget;
    uint8_t prefer_busy_poll;
    uint8_t _pad;
    MORE
};

struct kernel_signalfd_siginfo {
    uint32_t ssi_signo;
    int32_t ssi_errno;
    int32_t ssi_code;
    uint32_t ssi_pid;
    uint32_t ssi_uid;
    int32_t ssi_fd;
    uint32_t ssi_tid;
    uint32_t ssi_band;
    uint32_t ssi_overrun;
    uint32_t ssi_trapno;
    int32_t ssi_status;
    int32_t ssi_int;
    uint64_t ssi_ptr;
    uint64_t ssi_utime;
    uint64_t ssi_stime;
    uint64_t ssi_addr;
    uint16_t ssi_addr_lsb;
    uint16_t _pad2;
    int32_t ssi_syscall;
    uint64_t ssi_call_addr;
    uint32_t ssi_arch;
    uint8_t _pad[28];
    MORE
};

struct kernel_inotify_event {
    int32_t wd;
    uint32_t mask;
    uint32_t cookie;
    uint32_t len;
    char name[];
    MORE
};

struct kernel_fanotify_event_metadata {
    uint32_t event_len;
    uint8_t vers;
    uint8_t _reserved;
    uint16_t metadata_len;
    aligned_u64 mask;
    int32_t fd;
    int32_t pid;
    MORE
};

struct kernel_fanotify_event_info_header {
    uint8_t info_type;
    uint8_t _pad;
    uint16_t len;
    MORE
};

struct kernel_fanotify_event_info_fid {
    struct kernel_fanotify_event_info_header hdr;
    int fsid[2];
    unsigned char handle[];
    MORE
};

struct kernel_fanotify_event_info_pidfd {
    struct kernel_fanotify_event_info_header hdr;
    int32_t pidfd;
    MORE
};

struct kernel_fanotify_event_info_error {
    struct kernel_fanotify_event_info_header hdr;
    int32_t error;
    uint32_t error_count;
    MORE
};

struct kernel_fanotify_event_info_range {
    struct kernel_fanotify_event_info_header hdr;
    uint32_t _pad;
    uint64_t offset;
    uint64_t count;
    MORE
};

struct kernel_fanotify_event_info_mnt {
    struct kernel_fanotify_event_info_header hdr;
    uint64_t mnt_id;
    MORE
};

struct kernel_fanotify_response {
    int32_t fd;
    uint32_t response;
    MORE
};

struct kernel_fanotify_response_info_header {
    uint8_t type;
    uint8_t _pad;
    uint16_t len;
    MORE
};

struct kernel_fanotify_response_info_audit_rule {
    struct kernel_fanotify_response_info_header hdr;
    uint32_t rule_number;
    uint32_t subj_trust;
    uint32_t obj_trust;
    MORE
};
