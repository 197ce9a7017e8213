/* stat and statfs, which are different in nearly every architecture. */

#if defined(__i386__) || defined(__arm__) || defined(__sh__) || defined(__m68k__) || \
    (defined(__powerpc__) && !defined(__powerpc64__))
struct kernel_old_stat {
    unsigned short st_dev;
    unsigned short st_ino;
    unsigned short st_mode;
    unsigned short st_nlink;
    unsigned short st_uid;
    unsigned short st_gid;
    unsigned short st_rdev;
    unsigned long st_size;
    unsigned long st_atime;
    unsigned long st_mtime;
    unsigned long st_ctime;
    MORE
};
#endif

struct kernel_stat {
#if defined(__x86_64__)
    kernel_ulong st_dev;
    kernel_ulong st_ino;
    kernel_ulong st_nlink;
    unsigned int st_mode;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int _pad;
    kernel_ulong st_rdev;
    kernel_long st_size;
    kernel_long st_blksize;
    kernel_long st_blocks;
    kernel_ulong st_atime;
    kernel_ulong st_atime_nsec;
    kernel_ulong st_mtime;
    kernel_ulong st_mtime_nsec;
    kernel_ulong st_ctime;
    kernel_ulong st_ctime_nsec;
    kernel_long _unused[3];
#elif defined(__i386__) || defined(__sh__) || (defined(__arm__) && !defined(__ARMEB__))
    unsigned long st_dev;
    unsigned long st_ino;
    unsigned short st_mode;
    unsigned short st_nlink;
    unsigned short st_uid;
    unsigned short st_gid;
    unsigned long st_rdev;
    unsigned long st_size;
    unsigned long st_blksize;
    unsigned long st_blocks;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned long _unused[2];
#elif defined(__arm__) || defined(__m68k__)
    unsigned short st_dev;
    unsigned short _pad1;
    unsigned long st_ino;
    unsigned short st_mode;
    unsigned short st_nlink;
    unsigned short st_uid;
    unsigned short st_gid;
    unsigned short st_rdev;
    unsigned short _pad2;
    unsigned long st_size;
    unsigned long st_blksize;
    unsigned long st_blocks;
    unsigned long st_atime;
#if defined(__arm__)
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
#else
    unsigned long _unused1;
    unsigned long st_mtime;
    unsigned long _unused2;
    unsigned long st_ctime;
    unsigned long _unused3;
#endif
    unsigned long _unused[2];
#elif defined(__mips__) && _MIPS_SIM != _ABIO32       /* n32 has the stat of a 64-bit kernel */
    unsigned int st_dev;
    unsigned int _pad0[3];
    uint64_t st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int st_rdev;
    unsigned int _pad1[3];
    int64_t st_size;
    unsigned int st_atime;
    unsigned int st_atime_nsec;
    unsigned int st_mtime;
    unsigned int st_mtime_nsec;
    unsigned int st_ctime;
    unsigned int st_ctime_nsec;
    unsigned int st_blksize;
    unsigned int _pad2;
    uint64_t st_blocks;
#elif defined(__mips__)
    unsigned int st_dev;
    long _pad1[3];
    unsigned long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int st_rdev;
    long _pad2[2];
    long st_size;
    long _pad3;
    long st_atime;
    long st_atime_nsec;
    long st_mtime;
    long st_mtime_nsec;
    long st_ctime;
    long st_ctime_nsec;
    long st_blksize;
    long st_blocks;
    long _pad4[14];
#elif defined(__powerpc__)
    unsigned long st_dev;
    unsigned long st_ino;
#ifdef __powerpc64__
    unsigned long st_nlink;
    unsigned int st_mode;
#else
    unsigned int st_mode;
    unsigned short st_nlink;
#endif
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long st_rdev;
    long st_size;
    unsigned long st_blksize;
    unsigned long st_blocks;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned long _unused4;
    unsigned long _unused5;
#ifdef __powerpc64__
    unsigned long _unused6;
#endif
#elif defined(__s390x__)
    unsigned long st_dev;
    unsigned long st_ino;
    unsigned long st_nlink;
    unsigned int st_mode;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int _pad1;
    unsigned long st_rdev;
    unsigned long st_size;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned long st_blksize;
    long st_blocks;
    unsigned long _unused[3];
#elif defined(__hppa__)
    unsigned int st_dev;
    unsigned int st_ino;
    unsigned short st_mode;
    unsigned short st_nlink;
    unsigned short _reserved1;
    unsigned short _reserved2;
    unsigned int st_rdev;
    int st_size;
    int st_atime;
    unsigned int st_atime_nsec;
    int st_mtime;
    unsigned int st_mtime_nsec;
    int st_ctime;
    unsigned int st_ctime_nsec;
    int st_blksize;
    int st_blocks;
    unsigned int _unused[4];
    unsigned short _unused5;
    short st_fstype;
    unsigned int st_realdev;
    unsigned short st_basemode;
    unsigned short _spareshort;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int _spare4[3];
#elif defined(__sparc__) && defined(__arch64__)
    unsigned int st_dev;
    unsigned long st_ino;
    unsigned int st_mode;
    short st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int st_rdev;
    long st_size;
    long st_atime;
    long st_mtime;
    long st_ctime;
    long st_blksize;
    long st_blocks;
    unsigned long _unused4[2];
#elif defined(__sparc__)
    unsigned short st_dev;
    unsigned long st_ino;
    unsigned short st_mode;
    short st_nlink;
    unsigned short st_uid;
    unsigned short st_gid;
    unsigned short st_rdev;
    long st_size;
    long st_atime;
    unsigned long st_atime_nsec;
    long st_mtime;
    unsigned long st_mtime_nsec;
    long st_ctime;
    unsigned long st_ctime_nsec;
    long st_blksize;
    long st_blocks;
    unsigned long _unused4[2];
#elif defined(__alpha__)
    unsigned int st_dev;
    unsigned int st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int st_rdev;
    long st_size;
    unsigned long st_atime;
    unsigned long st_mtime;
    unsigned long st_ctime;
    unsigned int st_blksize;
    unsigned int st_blocks;
    unsigned int st_flags;
    unsigned int st_gen;
#elif defined(__xtensa__)
    unsigned long st_dev;
    unsigned long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long st_rdev;
    long st_size;
    unsigned long st_blksize;
    unsigned long st_blocks;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned long _unused[2];
#else                       /* what newer architectures share: aarch64, riscv, loongarch, arc, csky, ... */
    unsigned long st_dev;
    unsigned long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long st_rdev;
    unsigned long _pad1;
    long st_size;
    int st_blksize;
    int _pad2;
    long st_blocks;
    long st_atime;
    unsigned long st_atime_nsec;
    long st_mtime;
    unsigned long st_mtime_nsec;
    long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned int _unused[2];
#endif
    MORE
};

#if !defined(__LP64__) && !defined(__x86_64__) || defined(__alpha__) || defined(__powerpc__) || \
    defined(__sparc__) || defined(__hppa__)
#define HAS_STAT64
#endif

#ifdef HAS_STAT64
struct kernel_stat64 {
#if defined(__i386__) || defined(__arm__) || defined(__sh__) || defined(__m68k__)
    unsigned long long st_dev;
#ifdef __m68k__
    unsigned char _pad0[2];
#else
    unsigned char _pad0[4];
#endif
    unsigned long _st_ino;      /* the low half; st_ino is at the end */
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned long st_uid;
    unsigned long st_gid;
    unsigned long long st_rdev;
#ifdef __m68k__
    unsigned char _pad3[2];
#else
    unsigned char _pad3[4];
#endif
    long long st_size;
    unsigned long st_blksize;
    unsigned long long st_blocks;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned long long st_ino;
#elif defined(__mips__)
    unsigned long st_dev;
    unsigned long _pad0[3];
    unsigned long long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long st_rdev;
    unsigned long _pad1[3];
    long long st_size;
    long st_atime;
    unsigned long st_atime_nsec;
    long st_mtime;
    unsigned long st_mtime_nsec;
    long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned long st_blksize;
    unsigned long _pad2;
    long long st_blocks;
#elif defined(__powerpc__)
    unsigned long long st_dev;
    unsigned long long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long long st_rdev;
    unsigned short _pad2;
    long long st_size;
    int st_blksize;
    long long st_blocks;
    int st_atime;
    unsigned int st_atime_nsec;
    int st_mtime;
    unsigned int st_mtime_nsec;
    int st_ctime;
    unsigned int st_ctime_nsec;
    unsigned int _unused[2];
#elif defined(__hppa__)
    unsigned long long st_dev;
    unsigned int _pad1;
    unsigned int _st_ino;       /* not filled; st_ino is at the end */
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long long st_rdev;
    unsigned int _pad2;
    long long st_size;
    int st_blksize;
    long long st_blocks;
    int st_atime;
    unsigned int st_atime_nsec;
    int st_mtime;
    unsigned int st_mtime_nsec;
    int st_ctime;
    unsigned int st_ctime_nsec;
    unsigned long long st_ino;
#elif defined(__sparc__) && defined(__arch64__)
    unsigned long st_dev;
    unsigned long st_ino;
    unsigned long st_nlink;
    unsigned int st_mode;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int _pad0;
    unsigned long st_rdev;
    long st_size;
    long st_blksize;
    long st_blocks;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    long _unused[3];
#elif defined(__sparc__)
    unsigned long long st_dev;
    unsigned long long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long long st_rdev;
    unsigned char _pad3[8];
    long long st_size;
    unsigned int st_blksize;
    unsigned char _pad4[8];
    unsigned int st_blocks;
    unsigned int st_atime;
    unsigned int st_atime_nsec;
    unsigned int st_mtime;
    unsigned int st_mtime_nsec;
    unsigned int st_ctime;
    unsigned int st_ctime_nsec;
    unsigned int _unused[2];
#elif defined(__alpha__)
    unsigned long st_dev;
    unsigned long st_ino;
    unsigned long st_rdev;
    long st_size;
    unsigned long st_blocks;
    unsigned int st_mode;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned int st_blksize;
    unsigned int st_nlink;
    unsigned int _pad0;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    long _unused[3];
#elif defined(__xtensa__)
    unsigned long long st_dev;
    unsigned long long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long long st_rdev;
    long long st_size;
    unsigned long st_blksize;
    unsigned long _unused2;
    unsigned long long st_blocks;
    unsigned long st_atime;
    unsigned long st_atime_nsec;
    unsigned long st_mtime;
    unsigned long st_mtime_nsec;
    unsigned long st_ctime;
    unsigned long st_ctime_nsec;
    unsigned long _unused[2];
#else
    unsigned long long st_dev;
    unsigned long long st_ino;
    unsigned int st_mode;
    unsigned int st_nlink;
    unsigned int st_uid;
    unsigned int st_gid;
    unsigned long long st_rdev;
    unsigned long long _pad1;
    long long st_size;
    int st_blksize;
    int _pad2;
    long long st_blocks;
    int st_atime;
    unsigned int st_atime_nsec;
    int st_mtime;
    unsigned int st_mtime_nsec;
    int st_ctime;
    unsigned int st_ctime_nsec;
    unsigned int _unused[2];
#endif
    MORE
};
#endif

/* The words of statfs: as wide as a register, but not on alpha, and on s390x the counts only. */
#if defined(__alpha__)
typedef uint32_t kernel_statfs_word;
typedef uint32_t kernel_statfs_count;
#elif defined(__s390x__)
typedef unsigned int kernel_statfs_word;
typedef unsigned long kernel_statfs_count;
#elif defined(__LP64__) || defined(__x86_64__)
typedef kernel_long kernel_statfs_word;
typedef kernel_long kernel_statfs_count;
#else
typedef uint32_t kernel_statfs_word;
typedef uint32_t kernel_statfs_count;
#endif

struct kernel_statfs {
#ifdef __mips__
    long f_type;
    long f_bsize;
    long f_frsize;
    long f_blocks;
    long f_bfree;
    long f_files;
    long f_ffree;
    long f_bavail;
    int f_fsid[2];
    long f_namelen;
    long f_flags;
    long _spare[5];
#else
    kernel_statfs_word f_type;
    kernel_statfs_word f_bsize;
    kernel_statfs_count f_blocks;
    kernel_statfs_count f_bfree;
    kernel_statfs_count f_bavail;
    kernel_statfs_count f_files;
    kernel_statfs_count f_ffree;
    int f_fsid[2];
    kernel_statfs_word f_namelen;
    kernel_statfs_word f_frsize;
    kernel_statfs_word f_flags;
#ifdef __s390x__
    kernel_statfs_word _spare[5];
#else
    kernel_statfs_word _spare[4];
#endif
#endif
    MORE
};

struct kernel_statfs64 {
#if defined(__mips__) && _MIPS_SIM == _ABI64
    long f_type;
    long f_bsize;
    long f_frsize;
    long f_blocks;
    long f_bfree;
    long f_files;
    long f_ffree;
    long f_bavail;
    int f_fsid[2];
    long f_namelen;
    long f_flags;
    long _spare[5];
#elif defined(__mips__)
    uint32_t f_type;
    uint32_t f_bsize;
    uint32_t f_frsize;
    uint32_t _pad;
    uint64_t f_blocks;
    uint64_t f_bfree;
    uint64_t f_files;
    uint64_t f_ffree;
    uint64_t f_bavail;
    int f_fsid[2];
    uint32_t f_namelen;
    uint32_t f_flags;
    uint32_t _spare[5];
#else
    kernel_statfs_word f_type;
    kernel_statfs_word f_bsize;
    uint64_t f_blocks;
    uint64_t f_bfree;
    uint64_t f_bavail;
    uint64_t f_files;
    uint64_t f_ffree;
    int f_fsid[2];
    kernel_statfs_word f_namelen;
    kernel_statfs_word f_frsize;
    kernel_statfs_word f_flags;
#ifdef __s390x__
    kernel_statfs_word _spare[5];
#else
    kernel_statfs_word _spare[4];
#endif
#endif
    MORE
#if defined(__arm__) && !defined(PYSYS_CDEF)
} __attribute__((packed, aligned(4)));
#else
};
#endif

struct kernel_ustat {
    kernel_daddr f_tfree;
#if defined(__alpha__) || defined(__s390x__)
    unsigned int f_tinode;
#else
    unsigned long f_tinode;
#endif
    char f_fname[6];
    char f_fpack[6];
    MORE
};
