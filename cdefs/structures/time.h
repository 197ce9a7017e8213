/* Time. timespec, itimerspec and timex are 64-bit everywhere; the names that end in 32 are what the old
   calls of 32-bit ABIs take. */

struct kernel_timespec {
    long long tv_sec;
    long long tv_nsec;
    MORE
};

struct kernel_timespec32 {
    int32_t tv_sec;
    int32_t tv_nsec;
    MORE
};

struct kernel_timeval {
    kernel_long tv_sec;
#if defined(__sparc__) && defined(__arch64__)
    int tv_usec;
#else
    kernel_long tv_usec;
#endif
    MORE
};

struct kernel_timeval32 {
    int32_t tv_sec;
    int32_t tv_usec;
    MORE
};

struct kernel_sock_timeval {
    int64_t tv_sec;
    int64_t tv_usec;
    MORE
};

struct kernel_itimerspec {
    struct kernel_timespec it_interval;
    struct kernel_timespec it_value;
    MORE
};

struct kernel_itimerspec32 {
    struct kernel_timespec32 it_interval;
    struct kernel_timespec32 it_value;
    MORE
};

struct kernel_itimerval {
    struct kernel_timeval it_interval;
    struct kernel_timeval it_value;
    MORE
};

struct kernel_itimerval32 {
    struct kernel_timeval32 it_interval;
    struct kernel_timeval32 it_value;
    MORE
};

struct kernel_timezone {
    int tz_minuteswest;
    int tz_dsttime;
    MORE
};

struct kernel_timex_timeval {
    long long tv_sec;
    long long tv_usec;
    MORE
};

struct kernel_timex {
    unsigned int modes;
    int _pad1;
    long long offset;
    long long freq;
    long long maxerror;
    long long esterror;
    int status;
    int _pad2;
    long long constant;
    long long precision;
    long long tolerance;
    struct kernel_timex_timeval time;
    long long tick;
    long long ppsfreq;
    long long jitter;
    int shift;
    int _pad3;
    long long stabil;
    long long jitcnt;
    long long calcnt;
    long long errcnt;
    long long stbcnt;
    int tai;
    int _pad4[11];
    MORE
};

struct kernel_timex32 {
    uint32_t modes;
    int32_t offset;
    int32_t freq;
    int32_t maxerror;
    int32_t esterror;
    int32_t status;
    int32_t constant;
    int32_t precision;
    int32_t tolerance;
    struct kernel_timeval32 time;
    int32_t tick;
    int32_t ppsfreq;
    int32_t jitter;
    int32_t shift;
    int32_t stabil;
    int32_t jitcnt;
    int32_t calcnt;
    int32_t errcnt;
    int32_t stbcnt;
    int32_t tai;
    int32_t _pad[11];
    MORE
};

struct kernel_utimbuf {
    kernel_long actime;
    kernel_long modtime;
    MORE
};

struct kernel_utimbuf32 {
    int32_t actime;
    int32_t modtime;
    MORE
};

struct kernel_tms {
    kernel_long tms_utime;
    kernel_long tms_stime;
    kernel_long tms_cutime;
    kernel_long tms_cstime;
    MORE
};
