"""Flag types of programs: what the kernel gives them, and their registers.

Values are those of ``linux/auxvec.h``, ``asm/auxvec.h`` and ``linux/elf.h``.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class AuxiliaryType(DocumentedEnum):
    """What an entry of the auxiliary vector is: in /proc/PID/auxv, by PR_GET_AUXV and getauxval.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    AT_NULL = 0, "The end."
    AT_IGNORE = 1, "Nothing."
    AT_EXECFD = 2, "A descriptor of the program, for its interpreter."
    AT_PHDR = 3, "Where the program's headers are."
    AT_PHENT = 4, "How long one is."
    AT_PHNUM = 5, "How many there are."
    AT_PAGESZ = 6, "The size of a page."
    AT_BASE = 7, "Where the interpreter is: the dynamic linker."
    AT_FLAGS = 8, "AuxiliaryFlags."
    AT_ENTRY = 9, "Where the program begins."
    AT_NOTELF = 10, "Without use."
    AT_UID = 11, "The real user."
    AT_EUID = 12, "The effective user."
    AT_GID = 13, "The real group."
    AT_EGID = 14, "The effective group."
    AT_PLATFORM = 15, "Where the name of the processor is."
    AT_HWCAP = 16, "What the processor can do, by bits that the architecture has."
    AT_CLKTCK = 17, "Ticks in a second, which times() counts."
    AT_FPUCW = 18, "The control word of the floating-point unit. sh. Since Linux 4.4 or earlier."
    AT_DCACHEBSIZE = 19, "The size of a block of the data cache. powerpc. Since Linux 2.6.18 or earlier."
    AT_ICACHEBSIZE = (
        20,
        "The size of a block of the instruction cache. powerpc. Since Linux 2.6.18 or earlier.",
    )
    AT_UCACHEBSIZE = 21, "The size of a block of a cache of both. powerpc. Since Linux 2.6.18 or earlier."
    AT_IGNOREPPC = 22, "Nothing. powerpc. Since Linux 2.6.18 or earlier."
    AT_SECURE = (
        23,
        """Not 0 if the program got rights by its file: it should not trust its environment. Since
        Linux 2.6.11 or earlier.""",
    )
    AT_BASE_PLATFORM = 24, "Where the true name of the processor is. Since Linux 2.6.32 or earlier."
    AT_RANDOM = 25, "Where 16 random bytes are. Since Linux 2.6.32 or earlier."
    AT_HWCAP2 = 26, "Further bits of AT_HWCAP. Since Linux 3.12 or earlier."
    AT_RSEQ_FEATURE_SIZE = 27, "How much of a struct rseq the kernel knows. Since Linux 6.3."
    AT_RSEQ_ALIGN = 28, "How a struct rseq is to be aligned. Since Linux 6.3."
    AT_HWCAP3 = 29, "Further bits of AT_HWCAP. Since Linux 6.9."
    AT_HWCAP4 = 30, "Further bits of AT_HWCAP. Since Linux 6.9."
    AT_EXECFN = 31, "Where the path of the program is. Since Linux 2.6.32 or earlier."
    AT_SYSINFO = 32, "Where to enter the kernel. i386. Since Linux 2.6.11 or earlier."
    AT_SYSINFO_EHDR = 33, "Where the vDSO is. Since Linux 2.6.11 or earlier."
    AT_L1I_CACHESHAPE = (
        34,
        "The shape of the first instruction cache. alpha, sh. Since Linux 2.6.18 or earlier.",
    )
    AT_L1D_CACHESHAPE = 35, "The shape of the first data cache. alpha, sh. Since Linux 2.6.18 or earlier."
    AT_L2_CACHESHAPE = 36, "The shape of the second cache. alpha, sh. Since Linux 2.6.18 or earlier."
    AT_L3_CACHESHAPE = 37, "The shape of the third cache. alpha. Since Linux 2.6.18 or earlier."
    AT_L1I_CACHESIZE = (
        40,
        "The size of the first instruction cache. powerpc, riscv. Since Linux 4.14 or earlier.",
    )
    AT_L1I_CACHEGEOMETRY = (
        41,
        "Its ways and the size of its lines. powerpc, riscv. Since Linux 4.14 or earlier.",
    )
    AT_L1D_CACHESIZE = 42, "The size of the first data cache. powerpc, riscv. Since Linux 4.14 or earlier."
    AT_L1D_CACHEGEOMETRY = (
        43,
        "Its ways and the size of its lines. powerpc, riscv. Since Linux 4.14 or earlier.",
    )
    AT_L2_CACHESIZE = 44, "The size of the second cache. powerpc, riscv. Since Linux 4.14 or earlier."
    AT_L2_CACHEGEOMETRY = (
        45,
        "Its ways and the size of its lines. powerpc, riscv. Since Linux 4.14 or earlier.",
    )
    AT_L3_CACHESIZE = 46, "The size of the third cache. powerpc, riscv. Since Linux 4.14 or earlier."
    AT_L3_CACHEGEOMETRY = (
        47,
        "Its ways and the size of its lines. powerpc, riscv. Since Linux 4.14 or earlier.",
    )
    AT_ADI_BLKSZ = 48, "The size of a block with a version of ADI. sparc64. Since Linux 7.2 or earlier."
    AT_ADI_NBITS = 49, "How many bits a version has. sparc64. Since Linux 7.2 or earlier."
    AT_ADI_UEONADI = (
        50,
        "Whether a wrong version is an error of the memory. sparc64. Since Linux 7.2 or earlier.",
    )
    AT_MINSIGSTKSZ = 51, "How much stack a signal needs at least. Since Linux 4.19 or earlier."


class AuxiliaryFlags(DocumentedFlag):
    """The value of AT_FLAGS."""

    AT_FLAGS_PRESERVE_ARGV0 = 1, "binfmt_misc kept argv[0] for the interpreter. Since Linux 5.12."


class RegisterSet(DocumentedEnum):
    """Which registers: addr of PTRACE_GETREGSET and PTRACE_SETREGSET.

    The type of a note in a core dump, too.
    """

    NT_PRSTATUS = 1, "General registers. Since Linux 2.4 or earlier."
    NT_PRFPREG = 2, "Floating-point registers. Since Linux 2.4 or earlier."
    NT_PRPSINFO = 3, "Of core dumps: the process. Since Linux 2.4 or earlier."
    NT_TASKSTRUCT = 4, "Of core dumps: the task_struct, once. Since Linux 2.4 or earlier."
    NT_AUXV = 6, "Of core dumps: the auxiliary vector. Since Linux 2.6.11 or earlier."
    NT_SIGINFO = 0x53494749, "Of core dumps: the siginfo of the signal. Since Linux 3.12 or earlier."
    NT_FILE = 0x46494C45, "Of core dumps: the files that are mapped. Since Linux 3.12 or earlier."
    NT_PRXFPREG = 0x46E62B7F, "SSE registers of i386. Since Linux 2.6.11 or earlier."
    NT_PPC_VMX = 0x100, "powerpc: AltiVec registers. Since Linux 2.6.24 or earlier."
    NT_PPC_SPE = 0x101, "powerpc: SPE registers. Since Linux 2.6.32 or earlier."
    NT_PPC_VSX = 0x102, "powerpc: VSX registers. Since Linux 2.6.32 or earlier."
    NT_PPC_TAR = 0x103, "powerpc: the target address register. Since Linux 4.8."
    NT_PPC_PPR = 0x104, "powerpc: the priority register. Since Linux 4.8."
    NT_PPC_DSCR = 0x105, "powerpc: the control of data streams. Since Linux 4.8."
    NT_PPC_EBB = 0x106, "powerpc: registers of event based branches. Since Linux 4.8."
    NT_PPC_PMU = 0x107, "powerpc: registers of the performance monitor. Since Linux 4.8."
    NT_PPC_TM_CGPR = 0x108, "powerpc: general registers before the transaction. Since Linux 4.8."
    NT_PPC_TM_CFPR = 0x109, "powerpc: floating-point registers before the transaction. Since Linux 4.8."
    NT_PPC_TM_CVMX = 0x10A, "powerpc: AltiVec registers before the transaction. Since Linux 4.8."
    NT_PPC_TM_CVSX = 0x10B, "powerpc: VSX registers before the transaction. Since Linux 4.8."
    NT_PPC_TM_SPR = 0x10C, "powerpc: special registers of the transaction. Since Linux 4.8."
    NT_PPC_TM_CTAR = 0x10D, "powerpc: NT_PPC_TAR before the transaction. Since Linux 4.8."
    NT_PPC_TM_CPPR = 0x10E, "powerpc: NT_PPC_PPR before the transaction. Since Linux 4.8."
    NT_PPC_TM_CDSCR = 0x10F, "powerpc: NT_PPC_DSCR before the transaction. Since Linux 4.8."
    NT_PPC_PKEY = 0x110, "powerpc: registers of protection keys. Since Linux 4.17 or earlier."
    NT_PPC_DEXCR = 0x111, "powerpc: the control of dynamic execution. Since Linux 6.5."
    NT_PPC_HASHKEYR = 0x112, "powerpc: the key of hashes. Since Linux 6.5."
    NT_386_TLS = 0x200, "x86: descriptors of thread areas. Since Linux 2.6.32 or earlier."
    NT_386_IOPERM = 0x201, "x86: permitted ports; a bit that is set denies. Since Linux 2.6.32 or earlier."
    NT_X86_XSTATE = 0x202, "x86: all that XSAVE stores. Since Linux 3.3 or earlier."
    NT_X86_SHSTK = 0x204, "x86: the pointer of the shadow stack. Since Linux 6.6."
    NT_X86_XSAVE_LAYOUT = 0x205, "x86, of core dumps: the layout of NT_X86_XSTATE. Since Linux 6.12."
    NT_S390_HIGH_GPRS = (
        0x300,
        "s390: upper halves of the registers of a 31-bit program. Since Linux 3.3 or earlier.",
    )
    NT_S390_TIMER = 0x301, "s390: the timer. Since Linux 3.3 or earlier."
    NT_S390_TODCMP = 0x302, "s390: the comparator of the clock. Since Linux 3.3 or earlier."
    NT_S390_TODPREG = 0x303, "s390: the programmable part of the clock. Since Linux 3.3 or earlier."
    NT_S390_CTRS = 0x304, "s390: control registers. Since Linux 3.3 or earlier."
    NT_S390_PREFIX = 0x305, "s390: the prefix register. Since Linux 3.3 or earlier."
    NT_S390_LAST_BREAK = 0x306, "s390: the address of the last branch. Since Linux 3.3 or earlier."
    NT_S390_SYSTEM_CALL = 0x307, "s390: the number of the system call. Since Linux 3.3 or earlier."
    NT_S390_TDB = 0x308, "s390: diagnosis of a transaction. Since Linux 3.12 or earlier."
    NT_S390_VXRS_LOW = 0x309, "s390: lower halves of vector registers 0 to 15. Since Linux 3.18 or earlier."
    NT_S390_VXRS_HIGH = 0x30A, "s390: vector registers 16 to 31. Since Linux 3.18 or earlier."
    NT_S390_GS_CB = 0x30B, "s390: guarded storage. Since Linux 4.12 or earlier."
    NT_S390_GS_BC = 0x30C, "s390: broadcast of guarded storage. Since Linux 4.12 or earlier."
    NT_S390_RI_CB = 0x30D, "s390: runtime instrumentation. Since Linux 4.15."
    NT_S390_PV_CPU_DATA = 0x30E, "s390: a processor of a protected guest, in its dump. Since Linux 6.0."
    NT_ARM_VFP = 0x400, "arm: VFP registers. Since Linux 3.3 or earlier."
    NT_ARM_TLS = 0x401, "arm64: the thread pointer. Since Linux 3.12 or earlier."
    NT_ARM_HW_BREAK = 0x402, "arm64: breakpoints of the hardware. Since Linux 3.12 or earlier."
    NT_ARM_HW_WATCH = 0x403, "arm64: watchpoints of the hardware. Since Linux 3.12 or earlier."
    NT_ARM_SYSTEM_CALL = 0x404, "arm64: the number of the system call. Since Linux 4.4 or earlier."
    NT_ARM_SVE = 0x405, "arm64: SVE registers. Since Linux 4.15."
    NT_ARM_PAC_MASK = 0x406, "arm64: which bits of pointers authenticate them. Since Linux 5.0."
    NT_ARM_PACA_KEYS = 0x407, "arm64: keys of addresses. Since Linux 5.1."
    NT_ARM_PACG_KEYS = 0x408, "arm64: the generic key. Since Linux 5.1."
    NT_ARM_TAGGED_ADDR_CTRL = 0x409, "arm64: what PR_SET_TAGGED_ADDR_CTRL sets. Since Linux 5.10."
    NT_ARM_PAC_ENABLED_KEYS = 0x40A, "arm64: what PR_PAC_SET_ENABLED_KEYS sets. Since Linux 5.13."
    NT_ARM_SSVE = 0x40B, "arm64: SVE registers of streaming mode. Since Linux 5.19."
    NT_ARM_ZA = 0x40C, "arm64: the ZA register. Since Linux 5.19."
    NT_ARM_ZT = 0x40D, "arm64: the ZT registers. Since Linux 6.3."
    NT_ARM_FPMR = 0x40E, "arm64: the mode of floating point. Since Linux 6.9."
    NT_ARM_POE = 0x40F, "arm64: permissions by overlay. Since Linux 6.12."
    NT_ARM_GCS = 0x410, "arm64: the shadow stack. Since Linux 7.2 or earlier."
    NT_ARC_V2 = 0x600, "arc: accumulators and further registers. Since Linux 4.12 or earlier."
    NT_MIPS_DSP = 0x800, "mips: DSP registers. Since Linux 4.19 or earlier."
    NT_MIPS_FP_MODE = 0x801, "mips: the mode of floating point. Since Linux 4.19 or earlier."
    NT_MIPS_MSA = 0x802, "mips: vector registers. Since Linux 5.0."
    NT_RISCV_CSR = 0x900, "riscv: control and status registers. Since Linux 6.6."
    NT_RISCV_VECTOR = 0x901, "riscv: vector registers. Since Linux 6.6."
    NT_RISCV_TAGGED_ADDR_CTRL = 0x902, "riscv: what PR_SET_TAGGED_ADDR_CTRL sets. Since Linux 7.2 or earlier."
    NT_RISCV_USER_CFI = 0x903, "riscv: the shadow stack and landing pads. Since Linux 7.2 or earlier."
    NT_LOONGARCH_CPUCFG = 0xA00, "loongarch: the configuration of the processor. Since Linux 5.19."
    NT_LOONGARCH_CSR = 0xA01, "loongarch: control and status registers. Since Linux 5.19."
    NT_LOONGARCH_LSX = 0xA02, "loongarch: LSX registers. Since Linux 5.19."
    NT_LOONGARCH_LASX = 0xA03, "loongarch: LASX registers. Since Linux 5.19."
    NT_LOONGARCH_LBT = 0xA04, "loongarch: registers of binary translation. Since Linux 5.19."
    NT_LOONGARCH_HW_BREAK = 0xA05, "loongarch: breakpoints of the hardware. Since Linux 6.3."
    NT_LOONGARCH_HW_WATCH = 0xA06, "loongarch: watchpoints of the hardware. Since Linux 6.3."
