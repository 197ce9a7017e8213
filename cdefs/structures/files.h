/* Files and directories. */

struct kernel_iovec {
    void *iov_base;
    size_t iov_len;
    MORE
};

struct kernel_file_handle {
    unsigned int handle_bytes;
    int handle_type;
    unsigned char f_handle[];
    MORE
};

struct kernel_linux_dirent {                /* getdents */
    kernel_ulong d_ino;
    kernel_ulong d_off;
    unsigned short d_reclen;
    char d_name[];                          /* the type is in the last byte of the record */
    MORE
};

struct kernel_linux_dirent64 {              /* getdents64 */
    uint64_t d_ino;
    int64_t d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[];
    MORE
};

struct kernel_old_linux_dirent {            /* readdir */
    unsigned long d_ino;
    unsigned long d_offset;
    unsigned short d_namlen;
    char d_name[];
    MORE
};

struct kernel_flock {
    short l_type;
    short l_whence;
    kernel_long l_start;
    kernel_long l_len;
    int l_pid;
#if defined(__mips__) && _MIPS_SIM != _ABI64
    long l_sysid;
    long _pad[4];
#elif defined(__sparc__)
    short _unused;
#endif
    MORE
};

struct kernel_flock64 {
    short l_type;
    short l_whence;
    long long l_start;
    long long l_len;
    int l_pid;
#ifdef __sparc__
    short _unused;
#endif
    MORE
};

struct kernel_f_owner_ex {
    int type;
    int pid;
    MORE
};

struct kernel_statx_timestamp {
    int64_t tv_sec;
    uint32_t tv_nsec;
    int32_t _reserved;
    MORE
};

struct kernel_statx {
    uint32_t stx_mask;
    uint32_t stx_blksize;
    uint64_t stx_attributes;
    uint32_t stx_nlink;
    uint32_t stx_uid;
    uint32_t stx_gid;
    uint16_t stx_mode;
    uint16_t _spare0[1];
    uint64_t stx_ino;
    uint64_t stx_size;
    uint64_t stx_blocks;
    uint64_t stx_attributes_mask;
    struct kernel_statx_timestamp stx_atime;
    struct kernel_statx_timestamp stx_btime;
    struct kernel_statx_timestamp stx_ctime;
    struct kernel_statx_timestamp stx_mtime;
    uint32_t stx_rdev_major;
    uint32_t stx_rdev_minor;
    uint32_t stx_dev_major;
    uint32_t stx_dev_minor;
    uint64_t stx_mnt_id;
    uint32_t stx_dio_mem_align;
    uint32_t stx_dio_offset_align;
    uint64_t stx_subvol;
    uint32_t stx_atomic_write_unit_min;
    uint32_t stx_atomic_write_unit_max;
    uint32_t stx_atomic_write_segments_max;
    uint32_t stx_dio_read_offset_align;
    uint32_t stx_atomic_write_unit_max_opt;
    uint32_t _spare2[1];
    uint64_t _spare3[8];
    MORE
};

struct kernel_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
    MORE
};

struct kernel_xattr_args {
    aligned_u64 value;
    uint32_t size;
    uint32_t flags;
    MORE
};

struct kernel_file_attr {
    uint64_t fa_xflags;
    uint32_t fa_extsize;
    uint32_t fa_nextents;
    uint32_t fa_projid;
    uint32_t fa_cowextsize;
    MORE
};

struct kernel_cachestat_range {
    uint64_t off;
    uint64_t len;
    MORE
};

struct kernel_cachestat {
    uint64_t nr_cache;
    uint64_t nr_dirty;
    uint64_t nr_writeback;
    uint64_t nr_evicted;
    uint64_t nr_recently_evicted;
    MORE
};

struct kernel_delegation {
    uint32_t d_flags;
    uint16_t d_type;
    uint16_t _pad;
    MORE
};

struct kernel_if_dqblk {
    uint64_t dqb_bhardlimit;
    uint64_t dqb_bsoftlimit;
    uint64_t dqb_curspace;
    uint64_t dqb_ihardlimit;
    uint64_t dqb_isoftlimit;
    uint64_t dqb_curinodes;
    uint64_t dqb_btime;
    uint64_t dqb_itime;
    uint32_t dqb_valid;
    MORE
};

struct kernel_if_nextdqblk {
    uint64_t dqb_bhardlimit;
    uint64_t dqb_bsoftlimit;
    uint64_t dqb_curspace;
    uint64_t dqb_ihardlimit;
    uint64_t dqb_isoftlimit;
    uint64_t dqb_curinodes;
    uint64_t dqb_btime;
    uint64_t dqb_itime;
    uint32_t dqb_valid;
    uint32_t dqb_id;
    MORE
};

struct kernel_if_dqinfo {
    uint64_t dqi_bgrace;
    uint64_t dqi_igrace;
    uint32_t dqi_flags;
    uint32_t dqi_valid;
    MORE
};

struct kernel_fs_disk_quota {
    int8_t d_version;
    int8_t d_flags;
    uint16_t d_fieldmask;
    uint32_t d_id;
    uint64_t d_blk_hardlimit;
    uint64_t d_blk_softlimit;
    uint64_t d_ino_hardlimit;
    uint64_t d_ino_softlimit;
    uint64_t d_bcount;
    uint64_t d_icount;
    int32_t d_itimer;
    int32_t d_btimer;
    uint16_t d_iwarns;
    uint16_t d_bwarns;
    int8_t d_itimer_hi;
    int8_t d_btimer_hi;
    int8_t d_rtbtimer_hi;
    int8_t _d_padding2;
    uint64_t d_rtb_hardlimit;
    uint64_t d_rtb_softlimit;
    uint64_t d_rtbcount;
    int32_t d_rtbtimer;
    uint16_t d_rtbwarns;
    int16_t _d_padding3;
    char _d_padding4[8];
    MORE
};

struct kernel_fs_qfilestat {
    uint64_t qfs_ino;
    uint64_t qfs_nblks;
    uint32_t qfs_nextents;
    MORE
};

struct kernel_fs_quota_stat {
    int8_t qs_version;
    uint16_t qs_flags;
    int8_t _qs_pad;
    struct kernel_fs_qfilestat qs_uquota;
    struct kernel_fs_qfilestat qs_gquota;
    uint32_t qs_incoredqs;
    int32_t qs_btimelimit;
    int32_t qs_itimelimit;
    int32_t qs_rtbtimelimit;
    uint16_t qs_bwarnlimit;
    uint16_t qs_iwarnlimit;
    MORE
};

struct kernel_fs_qfilestatv {
    uint64_t qfs_ino;
    uint64_t qfs_nblks;
    uint32_t qfs_nextents;
    uint32_t qfs_pad;
    MORE
};

struct kernel_fs_quota_statv {
    int8_t qs_version;
    uint8_t _qs_pad1;
    uint16_t qs_flags;
    uint32_t qs_incoredqs;
    struct kernel_fs_qfilestatv qs_uquota;
    struct kernel_fs_qfilestatv qs_gquota;
    struct kernel_fs_qfilestatv qs_pquota;
    int32_t qs_btimelimit;
    int32_t qs_itimelimit;
    int32_t qs_rtbtimelimit;
    uint16_t qs_bwarnlimit;
    uint16_t qs_iwarnlimit;
    uint16_t qs_rtbwarnlimit;
    uint16_t _qs_pad3;
    uint32_t _qs_pad4;
    uint64_t _qs_pad2[7];
    MORE
};
