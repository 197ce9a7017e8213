/* The mount API and namespaces. */

struct kernel_mount_attr {
    uint64_t attr_set;
    uint64_t attr_clr;
    uint64_t propagation;
    uint64_t userns_fd;
    MORE
};

struct kernel_mnt_id_req {
    uint32_t size;
    union {
        uint32_t mnt_ns_fd;
        uint32_t mnt_fd;
    };
    uint64_t mnt_id;
    uint64_t param;
    uint64_t mnt_ns_id;
    MORE
};

struct kernel_statmount {
    uint32_t size;
    uint32_t mnt_opts;
    uint64_t mask;
    uint32_t sb_dev_major;
    uint32_t sb_dev_minor;
    uint64_t sb_magic;
    uint32_t sb_flags;
    uint32_t fs_type;
    uint64_t mnt_id;
    uint64_t mnt_parent_id;
    uint32_t mnt_id_old;
    uint32_t mnt_parent_id_old;
    uint64_t mnt_attr;
    uint64_t mnt_propagation;
    uint64_t mnt_peer_group;
    uint64_t mnt_master;
    uint64_t propagate_from;
    uint32_t mnt_root;
    uint32_t mnt_point;
    uint64_t mnt_ns_id;
    uint32_t fs_subtype;
    uint32_t sb_source;
    uint32_t opt_num;
    uint32_t opt_array;
    uint32_t opt_sec_num;
    uint32_t opt_sec_array;
    uint64_t supported_mask;
    uint32_t mnt_uidmap_num;
    uint32_t mnt_uidmap;
    uint32_t mnt_gidmap_num;
    uint32_t mnt_gidmap;
    uint64_t _spare2[43];
    char str[];
    MORE
};

struct kernel_mnt_ns_info {
    uint32_t size;
    uint32_t nr_mounts;
    uint64_t mnt_ns_id;
    MORE
};

struct kernel_ns_id_req {
    uint32_t size;
    uint32_t _spare;
    uint64_t ns_id;
    struct {
        uint32_t ns_type;
        uint32_t _spare2;
        uint64_t user_ns_id;
    };
    MORE
};
