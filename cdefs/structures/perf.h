/* perf_event_open(), and what a mapping of its descriptor begins with. */

struct kernel_perf_event_attr {
    uint32_t type;
    uint32_t size;
    uint64_t config;
    union {
        uint64_t sample_period;
        uint64_t sample_freq;
    };
    uint64_t sample_type;
    uint64_t read_format;
    uint64_t _bits;                         /* disabled, inherit, ... */
    union {
        uint32_t wakeup_events;
        uint32_t wakeup_watermark;
    };
    uint32_t bp_type;
    union {
        uint64_t bp_addr;
        uint64_t kprobe_func;
        uint64_t uprobe_path;
        uint64_t config1;
    };
    union {
        uint64_t bp_len;
        uint64_t kprobe_addr;
        uint64_t probe_offset;
        uint64_t config2;
    };
    uint64_t branch_sample_type;
    uint64_t sample_regs_user;
    uint32_t sample_stack_user;
    int32_t clockid;
    uint64_t sample_regs_intr;
    uint32_t aux_watermark;
    uint16_t sample_max_stack;
    uint16_t _reserved_2;
    uint32_t aux_sample_size;
    union {
        uint32_t aux_action;
        uint32_t _aux_bits;                 /* aux_start_paused, ... */
    };
    uint64_t sig_data;
    uint64_t config3;
    uint64_t config4;
    MORE
};

struct kernel_perf_event_mmap_page {
    uint32_t version;
    uint32_t compat_version;
    uint32_t lock;
    uint32_t index;
    int64_t offset;
    uint64_t time_enabled;
    uint64_t time_running;
    union {
        uint64_t capabilities;
        uint64_t _bits;                     /* cap_bit0, cap_user_rdpmc, ... */
    };
    uint16_t pmc_width;
    uint16_t time_shift;
    uint32_t time_mult;
    uint64_t time_offset;
    uint64_t time_zero;
    uint32_t size;
    uint32_t _reserved_1;
    uint64_t time_cycles;
    uint64_t time_mask;
    uint8_t _reserved[928];
    uint64_t data_head;
    uint64_t data_tail;
    uint64_t data_offset;
    uint64_t data_size;
    uint64_t aux_head;
    uint64_t aux_tail;
    uint64_t aux_offset;
    uint64_t aux_size;
    MORE
};

struct kernel_perf_event_header {
    uint32_t type;
    uint16_t misc;
    uint16_t size;
    MORE
};
