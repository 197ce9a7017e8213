/* Capabilities, seccomp, landlock, keys, security modules. */

struct kernel_cap_user_header {
    uint32_t version;
    int pid;
    MORE
};

struct kernel_cap_user_data {
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
    MORE
};

struct kernel_sock_filter {
    uint16_t code;
    uint8_t jt;
    uint8_t jf;
    uint32_t k;
    MORE
};

struct kernel_sock_fprog {
    unsigned short len;
    struct kernel_sock_filter *filter;
    MORE
};

struct kernel_landlock_ruleset_attr {
    uint64_t handled_access_fs;
    uint64_t handled_access_net;
    uint64_t scoped;
    uint64_t quiet_access_fs;
    uint64_t quiet_access_net;
    uint64_t quiet_scoped;
    MORE
};

struct kernel_landlock_path_beneath_attr {
    uint64_t allowed_access;
    int32_t parent_fd;
    MORE
} PACKED;

struct kernel_landlock_net_port_attr {
    uint64_t allowed_access;
    uint64_t port;
    MORE
};

struct kernel_seccomp_data {
    int nr;
    uint32_t arch;
    uint64_t instruction_pointer;
    uint64_t args[6];
    MORE
};

struct kernel_seccomp_notif_sizes {
    uint16_t seccomp_notif;
    uint16_t seccomp_notif_resp;
    uint16_t seccomp_data;
    MORE
};

struct kernel_seccomp_notif {
    uint64_t id;
    uint32_t pid;
    uint32_t flags;
    struct kernel_seccomp_data data;
    MORE
};

struct kernel_seccomp_notif_resp {
    uint64_t id;
    int64_t val;
    int32_t error;
    uint32_t flags;
    MORE
};

struct kernel_seccomp_notif_addfd {
    uint64_t id;
    uint32_t flags;
    uint32_t srcfd;
    uint32_t newfd;
    uint32_t newfd_flags;
    MORE
};

struct kernel_keyctl_dh_params {
    union {
        int32_t private;
        int32_t priv;
    };
    int32_t prime;
    int32_t base;
    MORE
};

struct kernel_keyctl_kdf_params {
    char *hashname;
    char *otherinfo;
    uint32_t otherinfolen;
    uint32_t _spare[8];
    MORE
};

struct kernel_keyctl_pkey_query {
    uint32_t supported_ops;
    uint32_t key_size;
    uint16_t max_data_size;
    uint16_t max_sig_size;
    uint16_t max_enc_size;
    uint16_t max_dec_size;
    uint32_t _spare[10];
    MORE
};

struct kernel_keyctl_pkey_params {
    int32_t key_id;
    uint32_t in_len;
    union {
        uint32_t out_len;
        uint32_t in2_len;
    };
    uint32_t _spare[7];
    MORE
};

struct kernel_lsm_ctx {
    uint64_t id;
    uint64_t flags;
    uint64_t len;
    uint64_t ctx_len;
    uint8_t ctx[];
    MORE
};
