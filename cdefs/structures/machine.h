/* Structures of one architecture's calls, and of the calls that pass their arguments in memory. */

struct kernel_mmap_arg_struct {
    unsigned long addr;
    unsigned long len;
    unsigned long prot;
    unsigned long flags;
    unsigned long fd;
    unsigned long offset;
    MORE
};

struct kernel_sel_arg_struct {
    unsigned long n;
    void *inp;
    void *outp;
    void *exp;
    struct kernel_timeval *tvp;
    MORE
};

#if defined(__i386__) || defined(__x86_64__)
struct kernel_user_desc {
    unsigned int entry_number;
    unsigned int base_addr;
    unsigned int limit;
    unsigned int _flags;                    /* seg_32bit, contents, ... */
    MORE
};
#endif

#ifdef __i386__
struct kernel_vm86_regs {
    long ebx;
    long ecx;
    long edx;
    long esi;
    long edi;
    long ebp;
    long eax;
    long _null[4];
    long orig_eax;
    long eip;
    unsigned short cs;
    unsigned short _csh;
    long eflags;
    long esp;
    unsigned short ss;
    unsigned short _ssh;
    unsigned short es;
    unsigned short _esh;
    unsigned short ds;
    unsigned short _dsh;
    unsigned short fs;
    unsigned short _fsh;
    unsigned short gs;
    unsigned short _gsh;
    MORE
};

struct kernel_vm86_struct {
    struct kernel_vm86_regs regs;
    unsigned long flags;
    unsigned long screen_bitmap;
    unsigned long cpu_type;
    unsigned long int_revectored[8];
    unsigned long int21_revectored[8];
    MORE
};
#endif

#ifdef __riscv
struct kernel_riscv_hwprobe {
    int64_t key;
    uint64_t value;
    MORE
};
#endif

#ifdef __s390x__
struct kernel_gs_cb {
    uint64_t _reserved;
    uint64_t gsd;
    uint64_t gssm;
    uint64_t gs_epl_a;
    MORE
};
#endif

#ifdef __powerpc__
struct kernel_rtas_args {                   /* its numbers are big-endian */
    uint32_t token;
    uint32_t nargs;
    uint32_t nret;
    uint32_t args[16];
    uint32_t *rets;
    MORE
} ALIGNED(8);

struct kernel_sig_dbg_op {
    int dbg_type;
    unsigned long dbg_value;
    MORE
};
#endif

#ifdef __alpha__
struct kernel_osf_dirent {
    unsigned int d_ino;
    unsigned short d_reclen;
    unsigned short d_namlen;
    char d_name[];
    MORE
};

struct kernel_sigstack {
    void *ss_sp;
    int ss_onstack;
    MORE
};
#endif
