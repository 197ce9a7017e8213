/* Registers of a traced thread: PTRACE_GETREGS, PTRACE_GETREGSET and their kin. The kernel exports x86's only in
   part, as pt_regs, whose names of fields these are. */

#if defined(__x86_64__)
struct kernel_user_regs_struct {
    kernel_ulong r15;
    kernel_ulong r14;
    kernel_ulong r13;
    kernel_ulong r12;
    kernel_ulong rbp;
    kernel_ulong rbx;
    kernel_ulong r11;
    kernel_ulong r10;
    kernel_ulong r9;
    kernel_ulong r8;
    kernel_ulong rax;
    kernel_ulong rcx;
    kernel_ulong rdx;
    kernel_ulong rsi;
    kernel_ulong rdi;
    kernel_ulong orig_rax;
    kernel_ulong rip;
    kernel_ulong cs;
    kernel_ulong eflags;
    kernel_ulong rsp;
    kernel_ulong ss;
    kernel_ulong fs_base;
    kernel_ulong gs_base;
    kernel_ulong ds;
    kernel_ulong es;
    kernel_ulong fs;
    kernel_ulong gs;
    MORE
};

struct kernel_user_i387_struct {
    uint16_t cwd;
    uint16_t swd;
    uint16_t twd;
    uint16_t fop;
    uint64_t rip;
    uint64_t rdp;
    uint32_t mxcsr;
    uint32_t mxcsr_mask;
    uint32_t st_space[32];
    uint32_t xmm_space[64];
    uint32_t _padding[24];
    MORE
};
#endif

#if defined(__i386__)
struct kernel_user_regs_struct {
    long ebx;
    long ecx;
    long edx;
    long esi;
    long edi;
    long ebp;
    long eax;
    int xds;
    int xes;
    int xfs;
    int xgs;
    long orig_eax;
    long eip;
    int xcs;
    long eflags;
    long esp;
    int xss;
    MORE
};

struct kernel_user_i387_struct {
    long cwd;
    long swd;
    long twd;
    long fip;
    long fcs;
    long foo;
    long fos;
    uint32_t st_space[20];
    MORE
};

struct kernel_user_fxsr_struct {
    uint16_t cwd;
    uint16_t swd;
    uint16_t twd;
    uint16_t fop;
    long fip;
    long fcs;
    long foo;
    long fos;
    long mxcsr;
    long _reserved;
    uint32_t st_space[32];
    uint32_t xmm_space[32];
    uint32_t _padding[56];
    MORE
};
#endif

#ifdef __aarch64__
struct kernel_user_pt_regs {
    uint64_t regs[31];
    uint64_t sp;
    uint64_t pc;
    uint64_t pstate;
    MORE
};

struct kernel_user_fpsimd_state {
    uint64_t vregs[64];                     /* 32 registers of 128 bits */
    uint32_t fpsr;
    uint32_t fpcr;
    uint32_t _reserved[2];
    MORE
} ALIGNED(16);
#endif

#ifdef __arm__
struct kernel_pt_regs {
    unsigned long uregs[18];
    MORE
};
#endif

#ifdef __riscv
struct kernel_user_regs_struct {
    unsigned long pc;
    unsigned long ra;
    unsigned long sp;
    unsigned long gp;
    unsigned long tp;
    unsigned long t0;
    unsigned long t1;
    unsigned long t2;
    unsigned long s0;
    unsigned long s1;
    unsigned long a0;
    unsigned long a1;
    unsigned long a2;
    unsigned long a3;
    unsigned long a4;
    unsigned long a5;
    unsigned long a6;
    unsigned long a7;
    unsigned long s2;
    unsigned long s3;
    unsigned long s4;
    unsigned long s5;
    unsigned long s6;
    unsigned long s7;
    unsigned long s8;
    unsigned long s9;
    unsigned long s10;
    unsigned long s11;
    unsigned long t3;
    unsigned long t4;
    unsigned long t5;
    unsigned long t6;
    MORE
};

struct kernel_riscv_d_ext_state {
    uint64_t f[32];
    uint32_t fcsr;
    MORE
};
#endif

#ifdef __powerpc__
struct kernel_pt_regs {
    unsigned long gpr[32];
    unsigned long nip;
    unsigned long msr;
    unsigned long orig_gpr3;
    unsigned long ctr;
    unsigned long link;
    unsigned long xer;
    unsigned long ccr;
#ifdef __powerpc64__
    unsigned long softe;
#else
    unsigned long mq;
#endif
    unsigned long trap;
    unsigned long dar;
    unsigned long dsisr;
    unsigned long result;
    MORE
};
#endif

#ifdef __s390x__
struct kernel_psw {
    unsigned long mask;
    unsigned long addr;
    MORE
} ALIGNED(8);

struct kernel_s390_regs {
    struct kernel_psw psw;
    unsigned long gprs[16];
    unsigned int acrs[16];
    unsigned long orig_gpr2;
    MORE
};

struct kernel_s390_fp_regs {
    uint32_t fpc;
    uint32_t _pad;
    uint64_t fprs[16];
    MORE
};
#endif

#ifdef __loongarch__
struct kernel_user_pt_regs {
    unsigned long regs[32];
    unsigned long orig_a0;
    unsigned long csr_era;
    unsigned long csr_badv;
    unsigned long _reserved[10];
    MORE
} ALIGNED(8);

struct kernel_user_fp_state {
    uint64_t fpr[32];
    uint64_t fcc;
    uint32_t fcsr;
    MORE
};
#endif

#ifdef __mips__
/* Of 64 bits for every process. */
struct kernel_pt_regs {
    uint64_t regs[32];
    uint64_t lo;
    uint64_t hi;
    uint64_t cp0_epc;
    uint64_t cp0_badvaddr;
    uint64_t cp0_status;
    uint64_t cp0_cause;
    MORE
} ALIGNED(8);
#endif
