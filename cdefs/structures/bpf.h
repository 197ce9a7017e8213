/* bpf(). */

struct kernel_bpf_common_attr {
    aligned_u64 log_buf;
    uint32_t log_size;
    uint32_t log_level;
    uint32_t log_true_size;
    MORE
};

struct kernel_bpf_insn {
    uint8_t code;
    uint8_t _registers;                     /* dst_reg, src_reg: 4 bits each */
    int16_t off;
    int32_t imm;
    MORE
};

struct kernel_bpf_prog_info {
    uint32_t type;
    uint32_t id;
    uint8_t tag[8];
    uint32_t jited_prog_len;
    uint32_t xlated_prog_len;
    aligned_u64 jited_prog_insns;
    aligned_u64 xlated_prog_insns;
    uint64_t load_time;
    uint32_t created_by_uid;
    uint32_t nr_map_ids;
    aligned_u64 map_ids;
    char name[16];
    uint32_t ifindex;
    uint32_t _bits;                         /* gpl_compatible */
    uint64_t netns_dev;
    uint64_t netns_ino;
    uint32_t nr_jited_ksyms;
    uint32_t nr_jited_func_lens;
    aligned_u64 jited_ksyms;
    aligned_u64 jited_func_lens;
    uint32_t btf_id;
    uint32_t func_info_rec_size;
    aligned_u64 func_info;
    uint32_t nr_func_info;
    uint32_t nr_line_info;
    aligned_u64 line_info;
    aligned_u64 jited_line_info;
    uint32_t nr_jited_line_info;
    uint32_t line_info_rec_size;
    uint32_t jited_line_info_rec_size;
    uint32_t nr_prog_tags;
    aligned_u64 prog_tags;
    uint64_t run_time_ns;
    uint64_t run_cnt;
    uint64_t recursion_misses;
    uint32_t verified_insns;
    uint32_t attach_btf_obj_id;
    uint32_t attach_btf_id;
    uint32_t _pad1;
    MORE
} ALIGNED(8);

struct kernel_bpf_map_info {
    uint32_t type;
    uint32_t id;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t map_flags;
    char name[16];
    uint32_t ifindex;
    uint32_t btf_vmlinux_value_type_id;
    uint64_t netns_dev;
    uint64_t netns_ino;
    uint32_t btf_id;
    uint32_t btf_key_type_id;
    uint32_t btf_value_type_id;
    uint32_t btf_vmlinux_id;
    uint64_t map_extra;
    aligned_u64 hash;
    uint32_t hash_size;
    uint32_t _pad2;
    MORE
} ALIGNED(8);

struct kernel_bpf_btf_info {
    aligned_u64 btf;
    uint32_t btf_size;
    uint32_t id;
    aligned_u64 name;
    uint32_t name_len;
    uint32_t kernel_btf;
    MORE
} ALIGNED(8);

struct kernel_bpf_attr_batch {
    aligned_u64 in_batch;
    aligned_u64 out_batch;
    aligned_u64 keys;
    aligned_u64 values;
    uint32_t count;
    uint32_t map_fd;
    uint64_t elem_flags;
    uint64_t flags;
    MORE
};

struct kernel_bpf_attr_test {
    uint32_t prog_fd;
    uint32_t retval;
    uint32_t data_size_in;
    uint32_t data_size_out;
    aligned_u64 data_in;
    aligned_u64 data_out;
    uint32_t repeat;
    uint32_t duration;
    uint32_t ctx_size_in;
    uint32_t ctx_size_out;
    aligned_u64 ctx_in;
    aligned_u64 ctx_out;
    uint32_t flags;
    uint32_t cpu;
    uint32_t batch_size;
    MORE
};

struct kernel_bpf_attr_info {
    uint32_t bpf_fd;
    uint32_t info_len;
    aligned_u64 info;
    MORE
};

struct kernel_bpf_attr_query {
    union {
        uint32_t target_fd;
        uint32_t target_ifindex;
    };
    uint32_t attach_type;
    uint32_t query_flags;
    uint32_t attach_flags;
    aligned_u64 prog_ids;
    union {
        uint32_t prog_cnt;
        uint32_t count;
    };
    uint32_t _pad3;
    aligned_u64 prog_attach_flags;
    aligned_u64 link_ids;
    aligned_u64 link_attach_flags;
    uint64_t revision;
    MORE
};

struct kernel_bpf_attr_raw_tracepoint {
    uint64_t name;
    uint32_t prog_fd;
    uint32_t _pad4;
    aligned_u64 cookie;
    MORE
};

struct kernel_bpf_attr_task_fd_query {
    uint32_t pid;
    uint32_t fd;
    uint32_t flags;
    uint32_t buf_len;
    aligned_u64 buf;
    uint32_t prog_id;
    uint32_t fd_type;
    uint64_t probe_offset;
    uint64_t probe_addr;
    MORE
};

struct kernel_bpf_attr_link_create_perf_event {
    uint64_t bpf_cookie;
    MORE
};

struct kernel_bpf_attr_link_create_kprobe_multi {
    uint32_t flags;
    uint32_t cnt;
    aligned_u64 syms;
    aligned_u64 addrs;
    aligned_u64 cookies;
    MORE
};

struct kernel_bpf_attr_link_create_tracing {
    uint32_t target_btf_id;
    uint64_t cookie;
    MORE
};

struct kernel_bpf_attr_link_create_netfilter {
    uint32_t pf;
    uint32_t hooknum;
    int32_t priority;
    uint32_t flags;
    MORE
};

struct kernel_bpf_attr_link_create_tcx {
    union {
        uint32_t relative_fd;
        uint32_t relative_id;
    };
    uint64_t expected_revision;
    MORE
};

struct kernel_bpf_attr_link_create_uprobe_multi {
    aligned_u64 path;
    aligned_u64 offsets;
    aligned_u64 ref_ctr_offsets;
    aligned_u64 cookies;
    uint32_t cnt;
    uint32_t flags;
    uint32_t pid;
    uint32_t path_fd;
    MORE
};

struct kernel_bpf_attr_link_create_netkit {
    union {
        uint32_t relative_fd;
        uint32_t relative_id;
    };
    uint64_t expected_revision;
    MORE
};

struct kernel_bpf_attr_link_create_cgroup {
    union {
        uint32_t relative_fd;
        uint32_t relative_id;
    };
    uint64_t expected_revision;
    MORE
};

struct kernel_bpf_attr_link_create_tracing_multi {
    aligned_u64 ids;
    aligned_u64 cookies;
    uint32_t cnt;
    MORE
};

struct kernel_bpf_attr_link_create {
    union {
        uint32_t prog_fd;
        uint32_t map_fd;
    };
    union {
        uint32_t target_fd;
        uint32_t target_ifindex;
    };
    uint32_t attach_type;
    uint32_t flags;
    union {
        uint32_t target_btf_id;
        struct {
            aligned_u64 iter_info;
            uint32_t iter_info_len;
        };
        struct kernel_bpf_attr_link_create_perf_event perf_event;
        struct kernel_bpf_attr_link_create_kprobe_multi kprobe_multi;
        struct kernel_bpf_attr_link_create_tracing tracing;
        struct kernel_bpf_attr_link_create_netfilter netfilter;
        struct kernel_bpf_attr_link_create_tcx tcx;
        struct kernel_bpf_attr_link_create_uprobe_multi uprobe_multi;
        struct kernel_bpf_attr_link_create_netkit netkit;
        struct kernel_bpf_attr_link_create_cgroup cgroup;
        struct kernel_bpf_attr_link_create_tracing_multi tracing_multi;
    };
    MORE
};

struct kernel_bpf_attr_link_update {
    uint32_t link_fd;
    union {
        uint32_t new_prog_fd;
        uint32_t new_map_fd;
    };
    uint32_t flags;
    union {
        uint32_t old_prog_fd;
        uint32_t old_map_fd;
    };
    MORE
};

struct kernel_bpf_attr_link_detach {
    uint32_t link_fd;
    MORE
};

struct kernel_bpf_attr_enable_stats {
    uint32_t type;
    MORE
};

struct kernel_bpf_attr_iter_create {
    uint32_t link_fd;
    uint32_t flags;
    MORE
};

struct kernel_bpf_attr_prog_bind_map {
    uint32_t prog_fd;
    uint32_t map_fd;
    uint32_t flags;
    MORE
};

struct kernel_bpf_attr_token_create {
    uint32_t flags;
    uint32_t bpffs_fd;
    MORE
};

struct kernel_bpf_attr_prog_stream_read {
    aligned_u64 stream_buf;
    uint32_t stream_buf_len;
    uint32_t stream_id;
    uint32_t prog_fd;
    MORE
};

struct kernel_bpf_attr_prog_assoc_struct_ops {
    uint32_t map_fd;
    uint32_t prog_fd;
    uint32_t flags;
    MORE
};

union kernel_bpf_attr {
    struct {
        uint32_t map_type;
        uint32_t key_size;
        uint32_t value_size;
        uint32_t max_entries;
        uint32_t map_flags;
        uint32_t inner_map_fd;
        uint32_t numa_node;
        char map_name[16];
        uint32_t map_ifindex;
        uint32_t btf_fd;
        uint32_t btf_key_type_id;
        uint32_t btf_value_type_id;
        uint32_t btf_vmlinux_value_type_id;
        uint64_t map_extra;
        int32_t value_type_btf_obj_fd;
        int32_t map_token_fd;
        aligned_u64 excl_prog_hash;
        uint32_t excl_prog_hash_size;
    };
    struct {
        uint32_t map_fd;
        aligned_u64 key;
        union {
            aligned_u64 value;
            aligned_u64 next_key;
        };
        uint64_t flags;
    };
    struct kernel_bpf_attr_batch batch;
    struct {
        uint32_t prog_type;
        uint32_t insn_cnt;
        aligned_u64 insns;
        aligned_u64 license;
        uint32_t log_level;
        uint32_t log_size;
        aligned_u64 log_buf;
        uint32_t kern_version;
        uint32_t prog_flags;
        char prog_name[16];
        uint32_t prog_ifindex;
        uint32_t expected_attach_type;
        uint32_t prog_btf_fd;
        uint32_t func_info_rec_size;
        aligned_u64 func_info;
        uint32_t func_info_cnt;
        uint32_t line_info_rec_size;
        aligned_u64 line_info;
        uint32_t line_info_cnt;
        uint32_t attach_btf_id;
        union {
            uint32_t attach_prog_fd;
            uint32_t attach_btf_obj_fd;
        };
        uint32_t core_relo_cnt;
        aligned_u64 fd_array;
        aligned_u64 core_relos;
        uint32_t core_relo_rec_size;
        uint32_t log_true_size;
        int32_t prog_token_fd;
        uint32_t fd_array_cnt;
        aligned_u64 signature;
        uint32_t signature_size;
        int32_t keyring_id;
    };
    struct {
        aligned_u64 pathname;
        uint32_t bpf_fd;
        uint32_t file_flags;
        int32_t path_fd;
    };
    struct {
        union {
            uint32_t target_fd;
            uint32_t target_ifindex;
        };
        uint32_t attach_bpf_fd;
        uint32_t attach_type;
        uint32_t attach_flags;
        uint32_t replace_bpf_fd;
        union {
            uint32_t relative_fd;
            uint32_t relative_id;
        };
        uint64_t expected_revision;
    };
    struct kernel_bpf_attr_test test;
    struct {
        union {
            uint32_t start_id;
            uint32_t prog_id;
            uint32_t map_id;
            uint32_t btf_id;
            uint32_t link_id;
        };
        uint32_t next_id;
        uint32_t open_flags;
        int32_t fd_by_id_token_fd;
    };
    struct kernel_bpf_attr_info info;
    struct kernel_bpf_attr_query query;
    struct kernel_bpf_attr_raw_tracepoint raw_tracepoint;
    struct {
        aligned_u64 btf;
        aligned_u64 btf_log_buf;
        uint32_t btf_size;
        uint32_t btf_log_size;
        uint32_t btf_log_level;
        uint32_t btf_log_true_size;
        uint32_t btf_flags;
        int32_t btf_token_fd;
    };
    struct kernel_bpf_attr_task_fd_query task_fd_query;
    struct kernel_bpf_attr_link_create link_create;
    struct kernel_bpf_attr_link_update link_update;
    struct kernel_bpf_attr_link_detach link_detach;
    struct kernel_bpf_attr_enable_stats enable_stats;
    struct kernel_bpf_attr_iter_create iter_create;
    struct kernel_bpf_attr_prog_bind_map prog_bind_map;
    struct kernel_bpf_attr_token_create token_create;
    struct kernel_bpf_attr_prog_stream_read prog_stream_read;
    struct kernel_bpf_attr_prog_assoc_struct_ops prog_assoc_struct_ops;
    MORE
} ALIGNED(8);
