/* What requests of ioctl ask of file systems, of their files and of the files of /proc. */

struct kernel_fiemap_extent {
    uint64_t fe_logical;
    uint64_t fe_physical;
    uint64_t fe_length;
    uint64_t _fe_reserved64[2];
    uint32_t fe_flags;
    uint32_t _fe_reserved[3];
    MORE
};

struct kernel_fiemap {
    uint64_t fm_start;
    uint64_t fm_length;
    uint32_t fm_flags;
    uint32_t fm_mapped_extents;
    uint32_t fm_extent_count;
    uint32_t _fm_reserved;
    struct kernel_fiemap_extent fm_extents[];
    MORE
};

struct kernel_file_clone_range {
    int64_t src_fd;
    uint64_t src_offset;
    uint64_t src_length;
    uint64_t dest_offset;
    MORE
};

struct kernel_file_dedupe_range_info {
    int64_t dest_fd;
    uint64_t dest_offset;
    uint64_t bytes_deduped;
    int32_t status;
    uint32_t _reserved;
    MORE
};

struct kernel_file_dedupe_range {
    uint64_t src_offset;
    uint64_t src_length;
    uint16_t dest_count;
    uint16_t _reserved1;
    uint32_t _reserved2;
    struct kernel_file_dedupe_range_info info[];
    MORE
};

struct kernel_fstrim_range {
    uint64_t start;
    uint64_t len;
    uint64_t minlen;
    MORE
};

struct kernel_fsuuid2 {
    uint8_t len;
    uint8_t uuid[16];
    MORE
};

struct kernel_fs_sysfs_path {
    uint8_t len;
    uint8_t name[128];
    MORE
};

struct kernel_fsxattr {
    uint32_t fsx_xflags;
    uint32_t fsx_extsize;
    uint32_t fsx_nextents;
    uint32_t fsx_projid;
    uint32_t fsx_cowextsize;
    unsigned char _fsx_pad[8];
    MORE
};

struct kernel_page_region {
    uint64_t start;
    uint64_t end;
    uint64_t categories;
    MORE
};

struct kernel_pm_scan_arg {
    uint64_t size;
    uint64_t flags;
    uint64_t start;
    uint64_t end;
    uint64_t walk_end;
    uint64_t vec;
    uint64_t vec_len;
    uint64_t max_pages;
    uint64_t category_inverted;
    uint64_t category_mask;
    uint64_t category_anyof_mask;
    uint64_t return_mask;
    MORE
};

struct kernel_procmap_query {
    uint64_t size;
    uint64_t query_flags;
    uint64_t query_addr;
    uint64_t vma_start;
    uint64_t vma_end;
    uint64_t vma_flags;
    uint64_t vma_page_size;
    uint64_t vma_offset;
    uint64_t inode;
    uint32_t dev_major;
    uint32_t dev_minor;
    uint32_t vma_name_size;
    uint32_t build_id_size;
    uint64_t vma_name_addr;
    uint64_t build_id_addr;
    MORE
};
