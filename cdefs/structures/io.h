/* Asynchronous I/O: io_uring and the older aio. */

struct kernel_iocb {
    uint64_t aio_data;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t aio_key;
    int aio_rw_flags;
#else
    int aio_rw_flags;
    uint32_t aio_key;
#endif
    uint16_t aio_lio_opcode;
    int16_t aio_reqprio;
    uint32_t aio_fildes;
    uint64_t aio_buf;
    uint64_t aio_nbytes;
    int64_t aio_offset;
    uint64_t _aio_reserved2;
    uint32_t aio_flags;
    uint32_t aio_resfd;
    MORE
};

struct kernel_aio_sigset {
    void *sigmask;
    size_t sigsetsize;
    MORE
};

struct kernel_io_event {
    uint64_t data;
    uint64_t obj;
    int64_t res;
    int64_t res2;
    MORE
};

struct kernel_io_uring_sqe {
    uint8_t opcode;
    uint8_t flags;
    uint16_t ioprio;
    int32_t fd;
    union {
        uint64_t off;
        uint64_t addr2;
        struct {
            uint32_t cmd_op;
            uint32_t _pad1;
        };
    };
    union {
        uint64_t addr;
        uint64_t splice_off_in;
        struct {
            uint32_t level;
            uint32_t optname;
        };
    };
    uint32_t len;
    union {
        uint32_t rw_flags;
        uint32_t fsync_flags;
        uint16_t poll_events;
        uint32_t poll32_events;
        uint32_t sync_range_flags;
        uint32_t msg_flags;
        uint32_t timeout_flags;
        uint32_t accept_flags;
        uint32_t cancel_flags;
        uint32_t open_flags;
        uint32_t statx_flags;
        uint32_t fadvise_advice;
        uint32_t splice_flags;
        uint32_t rename_flags;
        uint32_t unlink_flags;
        uint32_t hardlink_flags;
        uint32_t xattr_flags;
        uint32_t msg_ring_flags;
        uint32_t uring_cmd_flags;
        uint32_t waitid_flags;
        uint32_t futex_flags;
        uint32_t install_fd_flags;
        uint32_t nop_flags;
        uint32_t pipe_flags;
    };
    uint64_t user_data;
    union {
        uint16_t buf_index;
        uint16_t buf_group;
    } PACKED;
    uint16_t personality;
    union {
        int32_t splice_fd_in;
        uint32_t file_index;
        uint32_t zcrx_ifq_idx;
        uint32_t optlen;
        struct {
            uint16_t addr_len;
            uint16_t _pad3[1];
        };
        struct {
            uint8_t write_stream;
            uint8_t _pad4[3];
        };
    };
    union {
        struct {
            uint64_t addr3;
            uint64_t _pad2[1];
        };
        struct {
            uint64_t attr_ptr;
            uint64_t attr_type_mask;
        };
        uint64_t optval;
        uint8_t cmd[0];
    };
    MORE
};

struct kernel_io_uring_cqe {
    uint64_t user_data;
    int32_t res;
    uint32_t flags;
    uint64_t big_cqe[];
    MORE
};

struct kernel_io_sqring_offsets {
    uint32_t head;
    uint32_t tail;
    uint32_t ring_mask;
    uint32_t ring_entries;
    uint32_t flags;
    uint32_t dropped;
    uint32_t array;
    uint32_t _resv1;
    uint64_t user_addr;
    MORE
};

struct kernel_io_cqring_offsets {
    uint32_t head;
    uint32_t tail;
    uint32_t ring_mask;
    uint32_t ring_entries;
    uint32_t overflow;
    uint32_t cqes;
    uint32_t flags;
    uint32_t _resv1;
    uint64_t user_addr;
    MORE
};

struct kernel_io_uring_params {
    uint32_t sq_entries;
    uint32_t cq_entries;
    uint32_t flags;
    uint32_t sq_thread_cpu;
    uint32_t sq_thread_idle;
    uint32_t features;
    uint32_t wq_fd;
    uint32_t _resv[3];
    struct kernel_io_sqring_offsets sq_off;
    struct kernel_io_cqring_offsets cq_off;
    MORE
};

struct kernel_io_uring_files_update {
    uint32_t offset;
    uint32_t _resv;
    aligned_u64 fds;
    MORE
};

struct kernel_io_uring_region_desc {
    uint64_t user_addr;
    uint64_t size;
    uint32_t flags;
    uint32_t id;
    uint64_t mmap_offset;
    uint64_t _resv[4];
    MORE
};

struct kernel_io_uring_mem_region_reg {
    uint64_t region_uptr;
    uint64_t flags;
    uint64_t _resv[2];
    MORE
};

struct kernel_io_uring_rsrc_register {
    uint32_t nr;
    uint32_t flags;
    uint64_t _resv2;
    aligned_u64 data;
    aligned_u64 tags;
    MORE
};

struct kernel_io_uring_rsrc_update {
    uint32_t offset;
    uint32_t _resv;
    aligned_u64 data;
    MORE
};

struct kernel_io_uring_rsrc_update2 {
    uint32_t offset;
    uint32_t _resv;
    aligned_u64 data;
    aligned_u64 tags;
    uint32_t nr;
    uint32_t _resv2;
    MORE
};

struct kernel_io_uring_probe_op {
    uint8_t op;
    uint8_t _resv;
    uint16_t flags;
    uint32_t _resv2;
    MORE
};

struct kernel_io_uring_probe {
    uint8_t last_op;
    uint8_t ops_len;
    uint16_t _resv;
    uint32_t _resv2[3];
    struct kernel_io_uring_probe_op ops[];
    MORE
};

struct kernel_io_uring_restriction {
    uint16_t opcode;
    union {
        uint8_t register_op;
        uint8_t sqe_op;
        uint8_t sqe_flags;
    };
    uint8_t _resv;
    uint32_t _resv2[3];
    MORE
};

struct kernel_io_uring_task_restriction {
    uint16_t flags;
    uint16_t nr_res;
    uint32_t _resv[3];
    struct kernel_io_uring_restriction restrictions[];
    MORE
};

struct kernel_io_uring_clock_register {
    uint32_t clockid;
    uint32_t _resv[3];
    MORE
};

struct kernel_io_uring_clone_buffers {
    uint32_t src_fd;
    uint32_t flags;
    uint32_t src_off;
    uint32_t dst_off;
    uint32_t nr;
    uint32_t _pad[3];
    MORE
};

struct kernel_io_uring_buf {
    uint64_t addr;
    uint32_t len;
    uint16_t bid;
    uint16_t _resv;
    MORE
};

struct kernel_io_uring_buf_reg {
    uint64_t ring_addr;
    uint32_t ring_entries;
    uint16_t bgid;
    uint16_t flags;
    uint32_t min_left;
    uint32_t _resv[5];
    MORE
};

struct kernel_io_uring_buf_status {
    uint32_t buf_group;
    uint32_t head;
    uint32_t _resv[8];
    MORE
};

struct kernel_io_uring_napi {
    uint32_t busy_poll_to;
    uint8_t prefer_busy_poll;
    uint8_t opcode;
    uint8_t _pad[2];
    uint32_t op_param;
    uint32_t _resv;
    MORE
};

struct kernel_io_uring_reg_wait {
    struct kernel_timespec ts;
    uint32_t min_wait_usec;
    uint32_t flags;
    uint64_t sigmask;
    uint32_t sigmask_sz;
    uint32_t _pad[3];
    uint64_t _pad2[2];
    MORE
};

struct kernel_io_uring_getevents_arg {
    uint64_t sigmask;
    uint32_t sigmask_sz;
    uint32_t min_wait_usec;
    uint64_t ts;
    MORE
};

struct kernel_io_uring_sync_cancel_reg {
    uint64_t addr;
    int32_t fd;
    uint32_t flags;
    struct kernel_timespec timeout;
    uint8_t opcode;
    uint8_t _pad[7];
    uint64_t _pad2[3];
    MORE
};

struct kernel_io_uring_file_index_range {
    uint32_t off;
    uint32_t len;
    uint64_t _resv;
    MORE
};

struct kernel_io_uring_recvmsg_out {
    uint32_t namelen;
    uint32_t controllen;
    uint32_t payloadlen;
    uint32_t flags;
    MORE
};
