/* The types and marks that the other headers use. */

#ifdef PYSYS_CDEF
#define MORE ...;       /* the compiler says how the fields lie */
#define PACKED
#define ALIGNED(bytes)
typedef uint64_t aligned_u64;
#else
#define MORE
#define PACKED __attribute__((packed))
#define ALIGNED(bytes) __attribute__((aligned(bytes)))
typedef uint64_t aligned_u64 ALIGNED(8);
/* The C library's, for fields of its own. */
#undef st_atime
#undef st_mtime
#undef st_ctime
#undef st_atime_nsec
#undef st_mtime_nsec
#undef st_ctime_nsec
#undef sa_handler
#undef sa_restorer
#undef sigev_notify_function
#undef sigev_notify_attributes
#undef sigev_notify_thread_id
#undef si_pid
#undef si_uid
#undef si_tid
#undef si_timerid
#undef si_overrun
#undef si_sys_private
#undef si_status
#undef si_utime
#undef si_stime
#undef si_value
#undef si_int
#undef si_ptr
#undef si_addr
#undef si_trapno
#undef si_addr_lsb
#undef si_lower
#undef si_upper
#undef si_pkey
#undef si_perf_data
#undef si_perf_type
#undef si_perf_flags
#undef si_band
#undef si_fd
#undef si_call_addr
#undef si_syscall
#undef si_arch
#undef ifr_name
#undef ifr_hwaddr
#undef ifr_addr
#undef ifr_dstaddr
#undef ifr_broadaddr
#undef ifr_netmask
#undef ifr_flags
#undef ifr_metric
#undef ifr_mtu
#undef ifr_map
#undef ifr_slave
#undef ifr_data
#undef ifr_ifindex
#undef ifr_bandwidth
#undef ifr_qlen
#undef ifr_newname
#undef ifc_buf
#undef ifc_req
#undef input_event_sec
#undef input_event_usec
#endif

/* A long as the kernel sees it: x32 has 32-bit pointers under a 64-bit kernel's structures. */
#if defined(__x86_64__) && defined(__ILP32__)
typedef long long kernel_long;
typedef unsigned long long kernel_ulong;
#else
typedef long kernel_long;
typedef unsigned long kernel_ulong;
#endif

#if defined(__i386__) || defined(__arm__) || defined(__m68k__) || defined(__sh__) || \
    defined(__microblaze__) || (defined(__hppa__) && !defined(__LP64__)) || \
    (defined(__sparc__) && !defined(__arch64__))
#define KERNEL_MODE_IS_SHORT
typedef unsigned short kernel_mode;
#else
typedef unsigned int kernel_mode;
#endif

#if defined(__alpha__) || defined(__s390x__)
typedef unsigned int kernel_ino;
#else
typedef kernel_ulong kernel_ino;
#endif

#if defined(__mips__) || (defined(__sparc__) && !defined(__arch64__))
typedef long kernel_daddr;
#else
typedef int kernel_daddr;
#endif
