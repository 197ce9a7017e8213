/* System V and POSIX message queues, semaphores, shared memory. semid_ds, shmid_ds and msqid_ds are what
   their calls take with IPC_64, which 64-bit and newer architectures mean always: the kernel's semid64_ds
   and so on. Where a long has 32 bits, a time is in two words, whose order depends on the architecture. */

#if defined(__LP64__) || defined(__x86_64__)
#define TIME(name) kernel_long name;
#elif defined(__powerpc__) || defined(__hppa__) || defined(__sparc__) || \
    ((defined(__mips__) || defined(__xtensa__)) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define TIME(name) unsigned long name##_high; unsigned long name;
#else
#define TIME(name) unsigned long name; unsigned long name##_high;
#endif

struct kernel_ipc_perm {
    int key;
    unsigned int uid;
    unsigned int gid;
    unsigned int cuid;
    unsigned int cgid;
#if defined(__powerpc__)
    unsigned int mode;
    unsigned int seq;
    unsigned int _pad1;
    unsigned long long _unused1;
    unsigned long long _unused2;
#elif defined(__s390x__)
    unsigned int mode;
    unsigned short _pad1;
    unsigned short seq;
    unsigned long _unused1;
    unsigned long _unused2;
#elif defined(__hppa__)
#ifndef __LP64__
    unsigned short _pad1;
#endif
    kernel_mode mode;
    unsigned short _pad2;
    unsigned short seq;
    unsigned int _pad3;
    unsigned long long _unused1;
    unsigned long long _unused2;
#elif defined(__sparc__)
#ifndef __arch64__
    unsigned short _pad0;
#endif
    kernel_mode mode;
    unsigned short _pad1;
    unsigned short seq;
    unsigned long long _unused1;
    unsigned long long _unused2;
#elif defined(__xtensa__)
    unsigned int mode;
    unsigned long seq;
    unsigned long _unused1;
    unsigned long _unused2;
#else
    kernel_mode mode;
#ifdef KERNEL_MODE_IS_SHORT
    unsigned char _pad1[2];
#endif
    unsigned short seq;
    unsigned short _pad2;
    kernel_ulong _unused1;
    kernel_ulong _unused2;
#endif
    MORE
};

struct kernel_semid_ds {
    struct kernel_ipc_perm sem_perm;
#if defined(__x86_64__)
    kernel_long sem_otime;
    kernel_ulong _unused1;
    kernel_long sem_ctime;
    kernel_ulong _unused2;
    kernel_ulong sem_nsems;
    kernel_ulong _unused3;
    kernel_ulong _unused4;
#elif defined(__mips__) && _MIPS_SIM != _ABI64
    unsigned long sem_otime;
    unsigned long sem_ctime;
    unsigned long sem_nsems;
    unsigned long sem_otime_high;
    unsigned long sem_ctime_high;
#else
    TIME(sem_otime)
    TIME(sem_ctime)
    unsigned long sem_nsems;
    unsigned long _unused3;
    unsigned long _unused4;
#endif
    MORE
};

struct kernel_shmid_ds {
    struct kernel_ipc_perm shm_perm;
#if defined(__mips__) && _MIPS_SIM != _ABI64
    size_t shm_segsz;
    unsigned long shm_atime;
    unsigned long shm_dtime;
    unsigned long shm_ctime;
    int shm_cpid;
    int shm_lpid;
    unsigned long shm_nattch;
    unsigned short shm_atime_high;
    unsigned short shm_dtime_high;
    unsigned short shm_ctime_high;
    unsigned short _unused1;
#else
#if defined(__powerpc__) || defined(__hppa__) || defined(__sparc__)
    TIME(shm_atime)
    TIME(shm_dtime)
    TIME(shm_ctime)
#if (defined(__powerpc__) || defined(__hppa__)) && !defined(__LP64__)
    unsigned int _pad4;
#endif
    size_t shm_segsz;
#else
#if defined(__xtensa__)
    size_t shm_segsz;
    unsigned long shm_atime;
    unsigned long shm_atime_high;
    unsigned long shm_dtime;
    unsigned long shm_dtime_high;
    unsigned long shm_ctime;
    unsigned long shm_ctime_high;
#else
    size_t shm_segsz;
    TIME(shm_atime)
    TIME(shm_dtime)
    TIME(shm_ctime)
#endif
#endif
    int shm_cpid;
    int shm_lpid;
    kernel_ulong shm_nattch;
    kernel_ulong _unused4;
    kernel_ulong _unused5;
#endif
    MORE
};

struct kernel_shminfo {
    kernel_ulong shmmax;
    kernel_ulong shmmin;
    kernel_ulong shmmni;
    kernel_ulong shmseg;
    kernel_ulong shmall;
    kernel_ulong _unused[4];
    MORE
};

struct kernel_shm_info {
    int used_ids;
    kernel_ulong shm_tot;
    kernel_ulong shm_rss;
    kernel_ulong shm_swp;
    kernel_ulong swap_attempts;
    kernel_ulong swap_successes;
    MORE
};

struct kernel_msqid_ds {
    struct kernel_ipc_perm msg_perm;
    TIME(msg_stime)
    TIME(msg_rtime)
    TIME(msg_ctime)
    kernel_ulong msg_cbytes;
    kernel_ulong msg_qnum;
    kernel_ulong msg_qbytes;
    int msg_lspid;
    int msg_lrpid;
    kernel_ulong _unused4;
    kernel_ulong _unused5;
    MORE
};

struct kernel_msginfo {
    int msgpool;
    int msgmap;
    int msgmax;
    int msgmnb;
    int msgmni;
    int msgssz;
    int msgtql;
    unsigned short msgseg;
    MORE
};

struct kernel_msgbuf {
    kernel_long mtype;
    char mtext[];
    MORE
};

struct kernel_sembuf {
    unsigned short sem_num;
    short sem_op;
    short sem_flg;
    MORE
};

struct kernel_seminfo {
    int semmap;
    int semmni;
    int semmns;
    int semmnu;
    int semmsl;
    int semopm;
    int semume;
    int semusz;
    int semvmx;
    int semaem;
    MORE
};

struct kernel_mq_attr {
    kernel_long mq_flags;
    kernel_long mq_maxmsg;
    kernel_long mq_msgsize;
    kernel_long mq_curmsgs;
    kernel_long _reserved[4];
    MORE
};
