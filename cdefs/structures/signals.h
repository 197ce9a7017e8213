/* Signals. */

union kernel_sigval {
    int sival_int;
    void *sival_ptr;
    MORE
};

struct kernel_sigset {
#if defined(__mips__) && _MIPS_SIM != _ABI64
    unsigned long sig[4];
#elif defined(__LP64__) && !defined(__mips__)
    unsigned long sig[1];
#else
    unsigned long sig[2];
#endif
    MORE
};

struct kernel_sigaction {
#ifdef __mips__
    unsigned int sa_flags;
    void *sa_handler;
#else
    void *sa_handler;
    unsigned long sa_flags;
#endif
#if defined(__arm__) || defined(__m68k__) || defined(__powerpc__) || defined(__s390x__) || defined(__sparc__) || \
    defined(__i386__) || defined(__x86_64__) || defined(__xtensa__) || defined(__aarch64__) || defined(__sh__) || defined(__arc__) || \
    defined(__nios2__)
    void *sa_restorer;
#endif
    struct kernel_sigset sa_mask;
    MORE
};

struct kernel_old_sigaction {
    void *sa_handler;
    unsigned long sa_mask;
    unsigned long sa_flags;
    void *sa_restorer;
    MORE
};

#ifdef __alpha__
struct kernel_osf_sigaction {
    void *sa_handler;
    unsigned long sa_mask;
    int sa_flags;
    MORE
};
#endif

struct kernel_stack {
    void *ss_sp;
#ifdef __mips__
    size_t ss_size;
    int ss_flags;
#else
    int ss_flags;
    size_t ss_size;
#endif
    MORE
};

#if defined(__x86_64__) && defined(__ILP32__)
#ifdef PYSYS_CDEF
typedef long long kernel_si_clock;
#else
typedef long long kernel_si_clock ALIGNED(4);
#endif
#else
typedef long kernel_si_clock;
#endif
#if defined(__sparc__) && defined(__arch64__)
typedef int kernel_si_band;
#else
typedef long kernel_si_band;
#endif

#ifdef __m68k__
typedef short kernel_si_pad;
#else
typedef void *kernel_si_pad;
#endif

struct kernel_siginfo {
    int si_signo;
#ifdef __mips__
    int si_code;
    int si_errno;
#else
    int si_errno;
    int si_code;
#endif
    union {
#ifdef __LP64__
        int _pad[28];
#else
        int _pad[29];
#endif
        struct {                            /* kill, sigqueue, SIGCHLD */
            int si_pid;
            unsigned int si_uid;
            union {
                union kernel_sigval si_value;
                int si_int;
                void *si_ptr;
                struct {
                    int si_status;
                    kernel_si_clock si_utime;
                    kernel_si_clock si_stime;
                };
            };
        };
        struct {                            /* timers; si_value as above */
            int si_tid;
            int si_overrun;
        };
        struct {                            /* SIGSEGV and the other faults */
            void *si_addr;
            union {
                int si_trapno;
                short si_addr_lsb;
                struct {
                    kernel_si_pad _bounds;
                    void *si_lower;
                    void *si_upper;
                };
                struct {
                    kernel_si_pad _key;
                    uint32_t si_pkey;
                };
                struct {
                    unsigned long si_perf_data;
                    uint32_t si_perf_type;
                    uint32_t si_perf_flags;
                };
            };
        };
        struct {                            /* SIGIO */
            kernel_si_band si_band;
            int si_fd;
        };
        struct {                            /* SIGSYS */
            void *si_call_addr;
            int si_syscall;
            unsigned int si_arch;
        };
    };
    MORE
#if defined(__x86_64__) && defined(__ILP32__)
} ALIGNED(8);
#else
};
#endif

struct kernel_sigevent {
    union kernel_sigval sigev_value;
    int sigev_signo;
    int sigev_notify;
    union {
#ifdef __LP64__
        int _pad[12];
#else
        int _pad[13];
#endif
        int sigev_notify_thread_id;
        struct {
            void *sigev_notify_function;
            void *sigev_notify_attributes;
        };
    };
    MORE
};
