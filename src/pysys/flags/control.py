"""Flag types of the calls that control processes: prctl, scheduling, limits, signals, ptrace, futex.

Those that create processes and wait for them are in ``process``. Values are those of the kernel's headers
(``linux/prctl.h``, ``linux/sched.h``, ``linux/resource.h``, ``linux/ioprio.h``,
``asm/signal.h``, ``linux/ptrace.h``, ``linux/kcmp.h``, ``linux/futex.h``, ``asm/prctl.h``).
Resource limits, SA_* and SIG_BLOCK and its kin differ between architectures; members have the
value of the one this interpreter runs on.
"""

from __future__ import annotations

from pysys import abi
from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import here, value


class PrctlOption(DocumentedEnum):
    """The option parameter of prctl.

    Unused arguments of newer options must be 0 or the answer is EINVAL; they are unsigned longs,
    so an int of C is not enough. Settings are of the thread unless said otherwise.
    """

    PR_SET_PDEATHSIG = (
        1,
        """Signal for this process when the thread that created it ends, 0 for none. Cleared by
        fork and by exec of a program with more privileges. Check getppid afterwards: the parent
        may be gone already. Since Linux 2.1.57.""",
    )
    PR_GET_PDEATHSIG = 2, "Store that signal at an int. Since Linux 2.3.15."
    PR_GET_DUMPABLE = 3, "Whether the process dumps core: 0, 1, or 2 for root only. Since Linux 2.3.20."
    PR_SET_DUMPABLE = (
        4,
        """1: dump core, be open to ptrace, own one's files in /proc; 0: none of it. For the
        process. Since Linux 2.3.20.""",
    )
    PR_GET_UNALIGN = (
        5,
        """Store what happens on unaligned access. alpha, ia64, parisc, powerpc, sh. Since Linux
        2.3.48.""",
    )
    PR_SET_UNALIGN = 6, "1: repair unaligned accesses silently, 2: SIGBUS. Since Linux 2.3.48."
    PR_GET_KEEPCAPS = 7, "Whether permitted capabilities outlive the loss of uid 0. Since Linux 2.2.18."
    PR_SET_KEEPCAPS = (
        8,
        """1: keep permitted capabilities when all uids become other than 0. The effective ones go
        anyway; exec clears it. Since Linux 2.2.18.""",
    )
    PR_GET_FPEMU = 9, "Store the floating-point emulation bits. ia64 only, which is gone. Since Linux 2.5.9."
    PR_SET_FPEMU = 10, "Set the floating-point emulation bits. ia64 only, which is gone. Since Linux 2.5.9."
    PR_GET_FPEXC = 11, "Store the mode of floating-point exceptions. powerpc. Since Linux 2.5.32."
    PR_SET_FPEXC = 12, "Set the mode of floating-point exceptions. powerpc. Since Linux 2.5.32."
    PR_GET_TIMING = 13, "The method of counting process time, always 0. Since Linux 2.6.0."
    PR_SET_TIMING = 14, "Takes only 0, statistical. Since Linux 2.6.0."
    PR_SET_NAME = 15, "Name of the thread, cut to 15 bytes; shown in /proc/PID/comm. Since Linux 2.6.9."
    PR_GET_NAME = 16, "Store the name of the thread, 16 bytes with the final zero. Since Linux 2.6.11."
    PR_GET_ENDIAN = 19, "Store the byte order. powerpc. Since Linux 2.6.18."
    PR_SET_ENDIAN = 20, "Set the byte order. powerpc. Since Linux 2.6.18."
    PR_GET_SECCOMP = 21, "The seccomp mode: 0 or 2; in mode 1 the call itself kills. Since Linux 2.6.23."
    PR_SET_SECCOMP = (
        22,
        """1: strict mode; 2: install the filter at the third argument. The call seccomp can do
        more. Since Linux 2.6.23.""",
    )
    PR_CAPBSET_READ = 23, "Whether the capability is in the bounding set. Since Linux 2.6.25."
    PR_CAPBSET_DROP = (
        24,
        """Take a capability out of the bounding set for good. Needs CAP_SETPCAP. Since Linux
        2.6.25.""",
    )
    PR_GET_TSC = 25, "Store whether the time stamp counter may be read. x86. Since Linux 2.6.26."
    PR_SET_TSC = 26, "1: allow rdtsc, 2: SIGSEGV; the vDSO clocks then fail too. x86. Since Linux 2.6.26."
    PR_GET_SECUREBITS = 27, "The secure bits. Since Linux 2.6.26."
    PR_SET_SECUREBITS = (
        28,
        """Set the secure bits, which take from uid 0 its special role. Needs CAP_SETPCAP. Since
        Linux 2.6.26.""",
    )
    PR_SET_TIMERSLACK = (
        29,
        """By how many nanoseconds sleeps may end late; 0 sets the default back. Not for real-time
        threads. Since Linux 2.6.28.""",
    )
    PR_GET_TIMERSLACK = (
        30,
        """The timer slack in nanoseconds, as the result: it may be cut to an int. Since Linux
        2.6.28.""",
    )
    PR_TASK_PERF_EVENTS_DISABLE = (
        31,
        """Stop all performance counters that the thread has opened. Since Linux 2.6.31.""",
    )
    PR_TASK_PERF_EVENTS_ENABLE = 32, "Start them again. Since Linux 2.6.31."
    PR_MCE_KILL = (
        33,
        """When a memory page of the process is found broken: kill early, late (on access) or by
        default. Since Linux 2.6.32.""",
    )
    PR_MCE_KILL_GET = 34, "That policy. Since Linux 2.6.32."
    PR_SET_MM = (
        35,
        """Change what the kernel knows of the memory layout, field by field or by PR_SET_MM_MAP.
        Mostly needs CAP_SYS_RESOURCE. Since Linux 3.3.""",
    )
    PR_SET_CHILD_SUBREAPER = (
        36,
        """Orphaned descendants become children of this process instead of init. Not inherited. For
        the process. Since Linux 3.4.""",
    )
    PR_GET_CHILD_SUBREAPER = 37, "Store whether the process is a subreaper. Since Linux 3.4."
    PR_SET_NO_NEW_PRIVS = (
        38,
        """1: exec grants no privileges any more, for this thread and its descendants, for good. A
        seccomp filter without CAP_SYS_ADMIN needs it. Since Linux 3.5.""",
    )
    PR_GET_NO_NEW_PRIVS = 39, "Whether it is set. Since Linux 3.5."
    PR_GET_TID_ADDRESS = (
        40,
        """Store the address that set_tid_address or CLONE_CHILD_CLEARTID has set. Needs a kernel
        with checkpoint support. Since Linux 3.5.""",
    )
    PR_SET_THP_DISABLE = (
        41,
        """No transparent huge pages for the process and its children; flags since Linux 6.18
        except advised memory. Since Linux 3.15.""",
    )
    PR_GET_THP_DISABLE = 42, "Whether they are off. Since Linux 3.15."
    PR_MPX_ENABLE_MANAGEMENT = 43, "Memory protection extensions of x86. Linux 3.19 to 5.3."
    PR_MPX_DISABLE_MANAGEMENT = 44, "Memory protection extensions of x86. Linux 3.19 to 5.3."
    PR_SET_FP_MODE = 45, "Mode of the floating-point registers. mips. Since Linux 4.0."
    PR_GET_FP_MODE = 46, "That mode. mips. Since Linux 4.0."
    PR_CAP_AMBIENT = (
        47,
        """Read or change the ambient capabilities, which exec keeps; PrctlAmbient says how. Since
        Linux 4.3.""",
    )
    PR_SVE_SET_VL = 50, "Length of the SVE vectors, with flags. arm64. Since Linux 4.15."
    PR_SVE_GET_VL = 51, "That length. arm64. Since Linux 4.15."
    PR_GET_SPECULATION_CTRL = (
        52,
        """State of a mitigation of speculation, see PrctlSpeculation. Since Linux 4.17.""",
    )
    PR_SET_SPECULATION_CTRL = 53, "Set it for this thread and its children. Since Linux 4.17."
    PR_PAC_RESET_KEYS = (
        54,
        """New random keys of pointer authentication. Dangerous: signed return addresses become
        invalid. arm64. Since Linux 5.0.""",
    )
    PR_SET_TAGGED_ADDR_CTRL = (
        55,
        """Accept tagged addresses in system calls, memory tagging. arm64 since Linux 5.4, riscv
        6.13.""",
    )
    PR_GET_TAGGED_ADDR_CTRL = 56, "That setting. arm64 since Linux 5.4, riscv 6.13."
    PR_SET_IO_FLUSHER = (
        57,
        """1: the thread is needed to write memory to disk, so its allocations must not wait for
        that. Needs CAP_SYS_RESOURCE. Since Linux 5.6.""",
    )
    PR_GET_IO_FLUSHER = 58, "Whether it is. Needs CAP_SYS_RESOURCE. Since Linux 5.6."
    PR_SET_SYSCALL_USER_DISPATCH = (
        59,
        """SIGSYS instead of a system call outside of an address range, as a byte in memory says:
        to emulate foreign systems. Since Linux 5.11; inside of a range since 6.17.""",
    )
    PR_PAC_SET_ENABLED_KEYS = 60, "Which keys of pointer authentication are in use. arm64. Since Linux 5.13."
    PR_PAC_GET_ENABLED_KEYS = 61, "Those keys. arm64. Since Linux 5.13."
    PR_SCHED_CORE = (
        62,
        """Which tasks may share a core's hardware threads, see PrctlSchedCore. Since Linux
        5.14.""",
    )
    PR_SME_SET_VL = 63, "Length of the SME vectors, with flags. arm64. Since Linux 5.19."
    PR_SME_GET_VL = 64, "That length. arm64. Since Linux 5.19."
    PR_SET_MDWE = (
        65,
        """1: no memory becomes executable that could be written; for good. For the process. Since
        Linux 6.3.""",
    )
    PR_GET_MDWE = 66, "That protection. Since Linux 6.3."
    PR_SET_MEMORY_MERGE = (
        67,
        """1: same-page merging for all memory of the process, inherited by fork. Since Linux
        6.4.""",
    )
    PR_GET_MEMORY_MERGE = 68, "Whether it is on. Since Linux 6.4."
    PR_RISCV_V_SET_CONTROL = 69, "Use of vectors by this thread and after exec. riscv. Since Linux 6.5."
    PR_RISCV_V_GET_CONTROL = 70, "That setting. riscv. Since Linux 6.5."
    PR_RISCV_SET_ICACHE_FLUSH_CTX = (
        71,
        """Permit the fence.i instruction in user space, across migration. riscv. Since Linux
        6.10.""",
    )
    PR_PPC_GET_DEXCR = 72, "An aspect of dynamic execution control. powerpc. Since Linux 6.10."
    PR_PPC_SET_DEXCR = 73, "Set such an aspect. powerpc. Since Linux 6.10."
    PR_GET_SHADOW_STACK_STATUS = 74, "Store the state of the shadow stack. arm64, riscv. Since Linux 6.13."
    PR_SET_SHADOW_STACK_STATUS = (
        75,
        """Switch the shadow stack on or off. arm64, riscv; x86 has arch_prctl. Since Linux
        6.13.""",
    )
    PR_LOCK_SHADOW_STACK_STATUS = 76, "Fix that state for good. arm64, riscv. Since Linux 6.13."
    PR_TIMER_CREATE_RESTORE_IDS = (
        77,
        """timer_create takes the id it finds in its result argument: for checkpoint and restore.
        For the process. Since Linux 6.15.""",
    )
    PR_FUTEX_HASH = 78, "The number of buckets of the process's own futex hash. Since Linux 6.17."
    PR_RSEQ_SLICE_EXTENSION = (
        79,
        """Extension of the time slice in critical sections of rseq: 1 reads, 2 sets. Since Linux
        7.0.""",
    )
    PR_GET_CFI = 80, "Store the state of forward-edge control flow integrity. riscv. Since Linux 7.0."
    PR_SET_CFI = 81, "Set it. riscv. Since Linux 7.0."
    PR_GET_AUXV = 0x41555856, "Store the auxiliary vector; the result is its full size. Since Linux 6.4."
    PR_SET_VMA = (
        0x53564D41,
        """With PR_SET_VMA_ANON_NAME (0): name a range of anonymous memory, shown in
        /proc/PID/maps. Since Linux 5.17.""",
    )
    PR_SET_PTRACER = (
        0x59616D61,
        """The process that may trace this one although Yama forbids it; 0 none, -1 any. Since
        Linux 3.4.""",
    )


class PrctlMm(DocumentedEnum):
    """The second argument of PR_SET_MM.

    Since Linux 3.3, unless a member says otherwise.
    """

    PR_SET_MM_START_CODE = 1, "Where code begins."
    PR_SET_MM_END_CODE = 2, "Where code ends."
    PR_SET_MM_START_DATA = 3, "Where data begins."
    PR_SET_MM_END_DATA = 4, "Where data ends."
    PR_SET_MM_START_STACK = 5, "Where the stack begins."
    PR_SET_MM_START_BRK = 6, "Where the area of brk begins."
    PR_SET_MM_BRK = 7, "Where the area of brk ends now."
    PR_SET_MM_ARG_START = 8, "Where the arguments begin: what ps shows. Since Linux 3.5."
    PR_SET_MM_ARG_END = 9, "Where the arguments end. Since Linux 3.5."
    PR_SET_MM_ENV_START = 10, "Where the environment begins. Since Linux 3.5."
    PR_SET_MM_ENV_END = 11, "Where the environment ends. Since Linux 3.5."
    PR_SET_MM_AUXV = 12, "Replace the auxiliary vector. Since Linux 3.5."
    PR_SET_MM_EXE_FILE = 13, "The file that /proc/PID/exe shows, by descriptor. Since Linux 3.5."
    PR_SET_MM_MAP = (
        14,
        """All at once, struct prctl_mm_map; without CAP_SYS_RESOURCE if the file is left alone.
        Since Linux 3.18.""",
    )
    PR_SET_MM_MAP_SIZE = 15, "Store the size of that structure. Since Linux 3.18."


class PrctlAmbient(DocumentedEnum):
    """The second argument of PR_CAP_AMBIENT. Since Linux 4.3."""

    PR_CAP_AMBIENT_IS_SET = 1, "Whether the capability is ambient."
    PR_CAP_AMBIENT_RAISE = (
        2,
        """Make it ambient: it must be permitted and inheritable, and SECBIT_NO_CAP_AMBIENT_RAISE
        off.""",
    )
    PR_CAP_AMBIENT_LOWER = 3, "No longer."
    PR_CAP_AMBIENT_CLEAR_ALL = 4, "None is."


class PrctlSpeculation(DocumentedEnum):
    """The second argument of PR_GET_SPECULATION_CTRL and PR_SET_SPECULATION_CTRL."""

    PR_SPEC_STORE_BYPASS = 0, "Speculative store bypass. Since Linux 4.17."
    PR_SPEC_INDIRECT_BRANCH = 1, "Indirect branches. Since Linux 4.20."
    PR_SPEC_L1D_FLUSH = 2, "Flush of the first-level cache on a switch away from the task. Since Linux 5.15."


class PrctlSpeculationState(DocumentedFlag):
    """The state of a mitigation: third argument of PR_SET_SPECULATION_CTRL, result of the other.

    0 as a result: the processor is not affected. Since Linux 4.17, unless a member says otherwise.
    """

    PR_SPEC_NOT_AFFECTED = 0, "Result only: the processor does not have the weakness."
    PR_SPEC_PRCTL = 1 << 0, "Result only: it can be set by task."
    PR_SPEC_ENABLE = 1 << 1, "Speculation is on, the mitigation off."
    PR_SPEC_DISABLE = 1 << 2, "Speculation is off, the mitigation on."
    PR_SPEC_FORCE_DISABLE = 1 << 3, "As DISABLE, for good."
    PR_SPEC_DISABLE_NOEXEC = 1 << 4, "As DISABLE, until exec. Since Linux 5.1."


class PrctlSchedCore(DocumentedEnum):
    """The second argument of PR_SCHED_CORE. Since Linux 5.14."""

    PR_SCHED_CORE_GET = 0, "Store the cookie of a thread."
    PR_SCHED_CORE_CREATE = 1, "A new cookie for a task, process or group."
    PR_SCHED_CORE_SHARE_TO = 2, "Give one's own cookie to another."
    PR_SCHED_CORE_SHARE_FROM = 3, "Take the cookie of another thread."


class PrctlMdwe(DocumentedFlag):
    """The second argument of PR_SET_MDWE."""

    PR_MDWE_REFUSE_EXEC_GAIN = (
        1 << 0,
        """Refuse PROT_EXEC where the mapping was made without it, and together with PROT_WRITE.
        Since Linux 6.3.""",
    )
    PR_MDWE_NO_INHERIT = 1 << 1, "Children are free of it. Needs the other bit. Since Linux 6.7."


class PrctlUnaligned(DocumentedFlag):
    """The second argument of PR_SET_UNALIGN. Since Linux 2.3.48."""

    PR_UNALIGN_NOPRINT = 1, "Repair unaligned accesses without a message."
    PR_UNALIGN_SIGBUS = 2, "SIGBUS."


class PrctlFloatException(DocumentedFlag):
    """The second argument of PR_SET_FPEXC. powerpc. Since Linux 2.5.32."""

    PR_FP_EXC_DISABLED = 0, "No exceptions."
    PR_FP_EXC_NONRECOV = 1, "Asynchronous, not recoverable."
    PR_FP_EXC_ASYNC = 2, "Asynchronous, recoverable."
    PR_FP_EXC_PRECISE = 3, "Precise."
    PR_FP_EXC_SW_ENABLE = 0x80, "Which exceptions are on is in the bits below."
    PR_FP_EXC_DIV = 0x010000, "Division by zero."
    PR_FP_EXC_OVF = 0x020000, "Overflow."
    PR_FP_EXC_UND = 0x040000, "Underflow."
    PR_FP_EXC_RES = 0x080000, "Inexact result."
    PR_FP_EXC_INV = 0x100000, "Invalid operation."


class PrctlEndian(DocumentedEnum):
    """The second argument of PR_SET_ENDIAN. powerpc. Since Linux 2.6.18."""

    PR_ENDIAN_BIG = 0, "Big-endian."
    PR_ENDIAN_LITTLE = 1, "Little-endian."
    PR_ENDIAN_PPC_LITTLE = 2, "The little-endian mode of old processors, which swaps addresses."


class PrctlTsc(DocumentedEnum):
    """The second argument of PR_SET_TSC. x86. Since Linux 2.6.26."""

    PR_TSC_ENABLE = 1, "rdtsc is allowed."
    PR_TSC_SIGSEGV = 2, "rdtsc is SIGSEGV."


class PrctlMachineCheck(DocumentedEnum):
    """The arguments of PR_MCE_KILL: first whether to set, then the policy.

    CLEAR and LATE are both 0, SET and EARLY both 1. Since Linux 2.6.32.
    """

    PR_MCE_KILL_CLEAR = 0, "Back to the policy of the system; the other argument must be 0."
    PR_MCE_KILL_LATE = PR_MCE_KILL_CLEAR
    PR_MCE_KILL_SET = 1, "Set the policy in the other argument."
    PR_MCE_KILL_EARLY = PR_MCE_KILL_SET
    PR_MCE_KILL_DEFAULT = 2, "The policy of the system, vm.memory_failure_early_kill."


class PrctlThpDisable(DocumentedFlag):
    """The third argument of PR_SET_THP_DISABLE."""

    PR_THP_DISABLE_EXCEPT_ADVISED = 1 << 1, "Huge pages stay where madvise asked for them. Since Linux 6.18."


class PrctlFpMode(DocumentedFlag):
    """The second argument of PR_SET_FP_MODE. mips. Since Linux 4.0."""

    PR_FP_MODE_FR = 1 << 0, "Registers of 64 bits."
    PR_FP_MODE_FRE = 1 << 1, "Emulate what 32-bit code expects."


class PrctlSve(DocumentedFlag):
    """What is added to the length for PR_SVE_SET_VL, and to the result. arm64. Since Linux 4.15."""

    PR_SVE_VL_INHERIT = 1 << 17, "Keep the length over exec."
    PR_SVE_SET_VL_ONEXEC = 1 << 18, "Only from the next exec on."


class PrctlSme(DocumentedFlag):
    """What is added to the length for PR_SME_SET_VL, and to the result. arm64. Since Linux 5.19."""

    PR_SME_VL_INHERIT = 1 << 17, "Keep the length over exec."
    PR_SME_SET_VL_ONEXEC = 1 << 18, "Only from the next exec on."


class PrctlPacKeys(DocumentedFlag):
    """The keys for PR_PAC_RESET_KEYS and PR_PAC_SET_ENABLED_KEYS. arm64. Since Linux 5.0."""

    PR_PAC_APIAKEY = 1 << 0, "Instruction key A, which signs return addresses."
    PR_PAC_APIBKEY = 1 << 1, "Instruction key B."
    PR_PAC_APDAKEY = 1 << 2, "Data key A."
    PR_PAC_APDBKEY = 1 << 3, "Data key B."
    PR_PAC_APGAKEY = 1 << 4, "The generic key; it cannot be disabled."


class PrctlTaggedAddress(DocumentedFlag):
    """The second argument of PR_SET_TAGGED_ADDR_CTRL.

    On arm64 the tags that may be generated are bits 3 to 18; on riscv the number of tag bits is in
    bits 24 to 30.
    """

    PR_TAGGED_ADDR_ENABLE = 1 << 0, "System calls take tagged addresses. arm64 since Linux 5.4, riscv 6.13."
    PR_MTE_TCF_NONE = 0, "Wrong tags are ignored. arm64, since Linux 5.10."
    PR_MTE_TCF_SYNC = 1 << 1, "SIGSEGV at the access. arm64, since Linux 5.10."
    PR_MTE_TCF_ASYNC = (
        1 << 2,
        """SIGSEGV some time later; with SYNC the processor's preference decides. arm64, since
        Linux 5.10.""",
    )
    PR_MTE_STORE_ONLY = 1 << 19, "Check stores only. arm64, since Linux 6.17."


class PrctlSyscallDispatch(DocumentedEnum):
    """The second argument of PR_SET_SYSCALL_USER_DISPATCH."""

    PR_SYS_DISPATCH_OFF = 0, "No dispatch. Since Linux 5.11."
    PR_SYS_DISPATCH_EXCLUSIVE_ON = (
        1,
        """Dispatch calls from everywhere but the range. Since Linux 5.11; until 6.16
        PR_SYS_DISPATCH_ON was its only name.""",
    )
    PR_SYS_DISPATCH_ON = PR_SYS_DISPATCH_EXCLUSIVE_ON
    PR_SYS_DISPATCH_INCLUSIVE_ON = 2, "Dispatch calls from within the range only. Since Linux 6.17."


class PrctlSchedCoreScope(DocumentedEnum):
    """The fourth argument of PR_SCHED_CORE: whom the process id names. Since Linux 5.14."""

    PR_SCHED_CORE_SCOPE_THREAD = 0, "A thread."
    PR_SCHED_CORE_SCOPE_THREAD_GROUP = 1, "A process."
    PR_SCHED_CORE_SCOPE_PROCESS_GROUP = 2, "A process group."


class PrctlShadowStack(DocumentedFlag):
    """The state for PR_SET_SHADOW_STACK_STATUS. arm64, riscv. Since Linux 6.13."""

    PR_SHADOW_STACK_ENABLE = 1 << 0, "The shadow stack is in use. 0 switches it off and frees it."
    PR_SHADOW_STACK_WRITE = 1 << 1, "Permit the instruction that writes to it."
    PR_SHADOW_STACK_PUSH = 1 << 2, "Permit the instruction that pushes on it."


class PrctlTimerRestore(DocumentedEnum):
    """The second argument of PR_TIMER_CREATE_RESTORE_IDS. Since Linux 6.15."""

    PR_TIMER_CREATE_RESTORE_IDS_OFF = 0, "timer_create chooses the id, as usual."
    PR_TIMER_CREATE_RESTORE_IDS_ON = 1, "timer_create takes the id it is given."
    PR_TIMER_CREATE_RESTORE_IDS_GET = 2, "Return which of the two."


class PrctlFutexHash(DocumentedEnum):
    """The second argument of PR_FUTEX_HASH. Since Linux 6.17: 6.16 knows it, and refuses it."""

    PR_FUTEX_HASH_SET_SLOTS = 1, "Set the number: a power of two, or 0 for the hash that all processes share."
    PR_FUTEX_HASH_GET_SLOTS = 2, "Return the number."


class PrctlRseqSlice(DocumentedEnum):
    """The second argument of PR_RSEQ_SLICE_EXTENSION. Since Linux 7.0."""

    PR_RSEQ_SLICE_EXTENSION_GET = 1, "Return the state."
    PR_RSEQ_SLICE_EXTENSION_SET = 2, "Set the state to the third argument: 1 on, 0 off."


class PrctlCfi(DocumentedFlag):
    """The state for PR_SET_CFI; its second argument is 0, for landing pads of branches. riscv.

    Since Linux 7.0.
    """

    PR_CFI_ENABLE = 1 << 0, "Indirect branches must go to a landing pad."
    PR_CFI_DISABLE = 1 << 1, "They may go anywhere."
    PR_CFI_LOCK = 1 << 2, "Fix the state for good."


class PrctlRiscvVector(DocumentedFlag):
    """The second argument of PR_RISCV_V_SET_CONTROL; bits 2 and 3 hold the same for after exec.

    Since Linux 6.5.
    """

    PR_RISCV_V_VSTATE_CTRL_DEFAULT = 0, "As the system's default says."
    PR_RISCV_V_VSTATE_CTRL_OFF = 1, "No vectors."
    PR_RISCV_V_VSTATE_CTRL_ON = 2, "Vectors."
    PR_RISCV_V_VSTATE_CTRL_INHERIT = 1 << 4, "Keep the setting for after exec over further execs."


class PrctlDexcrAspect(DocumentedEnum):
    """The second argument of PR_PPC_GET_DEXCR and PR_PPC_SET_DEXCR. Since Linux 6.10."""

    PR_PPC_DEXCR_SBHE = 0, "Hints for speculative branches."
    PR_PPC_DEXCR_IBRTPD = 1, "Whether recurring targets of indirect branches are predicted."
    PR_PPC_DEXCR_SRAPD = 2, "Whether return addresses are predicted."
    PR_PPC_DEXCR_NPHIE = 3, "Hash instructions of user space, which protect return addresses."


class PrctlDexcrControl(DocumentedFlag):
    """The third argument of PR_PPC_SET_DEXCR, and the result of the other. Since Linux 6.10."""

    PR_PPC_DEXCR_CTRL_EDITABLE = 0x1, "Result only: it can be changed."
    PR_PPC_DEXCR_CTRL_SET = 0x2, "On."
    PR_PPC_DEXCR_CTRL_CLEAR = 0x4, "Off."
    PR_PPC_DEXCR_CTRL_SET_ONEXEC = 0x8, "On from the next exec."
    PR_PPC_DEXCR_CTRL_CLEAR_ONEXEC = 0x10, "Off from the next exec."


class SchedPolicy(DocumentedEnum):
    """The policy of sched_setscheduler and of struct sched_attr."""

    SCHED_NORMAL = 0, "The usual one, by nice value; POSIX's name is SCHED_OTHER. Since Linux 2.0."
    SCHED_FIFO = (
        1,
        """Real time, priority 1 to 99: runs until it waits, yields, or a higher one comes. Needs
        CAP_SYS_NICE or RLIMIT_RTPRIO. Since Linux 2.0.""",
    )
    SCHED_RR = 2, "As SCHED_FIFO, taking turns with those of equal priority. Since Linux 2.0."
    SCHED_BATCH = (
        3,
        """As SCHED_NORMAL, taken for a task that computes: woken less eagerly. Since Linux
        2.6.16.""",
    )
    SCHED_IDLE = 5, "Below every nice value. Since Linux 2.6.23."
    SCHED_DEADLINE = (
        6,
        """Runtime, deadline and period, guaranteed by admission. By sched_setattr only; needs
        CAP_SYS_NICE, and cannot fork without SCHED_FLAG_RESET_ON_FORK. Since Linux 3.14.""",
    )
    SCHED_EXT = 7, "Scheduled by a BPF program; as SCHED_NORMAL while there is none. Since Linux 6.12."
    SCHED_RESET_ON_FORK = (
        0x40000000,
        """Added to the policy of sched_setscheduler: children of a real-time or deadline thread
        begin with SCHED_NORMAL, and a negative nice value becomes 0. Since Linux 2.6.32.""",
    )


class SchedFlags(DocumentedFlag):
    """sched_flags of struct sched_attr, for sched_setattr."""

    SCHED_FLAG_RESET_ON_FORK = (
        0x01,
        """Children of a real-time or deadline thread begin with SCHED_NORMAL; a negative nice value
        becomes 0. Since Linux 3.14.""",
    )
    SCHED_FLAG_RECLAIM = (
        0x02,
        """SCHED_DEADLINE: use what other tasks leave of their bandwidth. Since Linux 4.13.""",
    )
    SCHED_FLAG_DL_OVERRUN = 0x04, "SCHED_DEADLINE: SIGXCPU when the runtime is exceeded. Since Linux 4.16."
    SCHED_FLAG_KEEP_POLICY = 0x08, "Leave the policy. Since Linux 5.3."
    SCHED_FLAG_KEEP_PARAMS = 0x10, "Leave priority, nice value and deadline parameters. Since Linux 5.3."
    SCHED_FLAG_KEEP_ALL = 0x18, "KEEP_POLICY and KEEP_PARAMS. Since Linux 5.3."
    SCHED_FLAG_UTIL_CLAMP_MIN = 0x20, "sched_util_min is set; -1 resets it (5.11). Since Linux 5.3."
    SCHED_FLAG_UTIL_CLAMP_MAX = 0x40, "sched_util_max is set; -1 resets it (5.11). Since Linux 5.3."
    SCHED_FLAG_UTIL_CLAMP = 0x60, "UTIL_CLAMP_MIN and UTIL_CLAMP_MAX. Since Linux 5.3."


class SchedGetattrFlags(DocumentedFlag):
    """The flags of sched_getattr."""

    SCHED_GETATTR_FLAG_DL_DYNAMIC = (
        0x01,
        """SCHED_DEADLINE: report the runtime that is left and the current absolute deadline
        instead of the parameters. Since Linux 7.1.""",
    )


class PriorityWhich(DocumentedEnum):
    """The which parameter of getpriority and setpriority.

    The raw getpriority returns 20 minus the nice value, so 1 to 40; setpriority takes the nice
    value. Since Linux 2.0 or earlier.
    """

    PRIO_PROCESS = 0, "A thread, by its id; 0 is the caller. Linux has a nice value for each thread."
    PRIO_PGRP = 1, "A process group; 0 is the caller's. Reading gives the best of them."
    PRIO_USER = 2, "All processes of a real uid; 0 is the caller's."


class RlimitResource(DocumentedEnum):
    """The resource parameter of getrlimit, setrlimit and prlimit64.

    A limit is a soft one, which holds, and a hard one, up to which anyone may raise it. Since Linux
    2.0 or earlier, unless a member says otherwise.
    """

    RLIMIT_CPU = (
        0,
        """Seconds of processor time: SIGXCPU each second from the soft limit on, SIGKILL at the
        hard one.""",
    )
    RLIMIT_FSIZE = 1, "Bytes to which a file may grow: SIGXFSZ, and EFBIG."
    RLIMIT_DATA = 2, "Bytes of data: brk, and private writable mappings since Linux 4.7."
    RLIMIT_STACK = (
        3,
        """Bytes of the main thread's stack; a quarter of it is for arguments and environment of
        exec. glibc takes it as the size of new threads' stacks.""",
    )
    RLIMIT_CORE = 4, "Bytes of a core file, 0 for none. To a pipe in core_pattern only 0 and 1 matter."
    RLIMIT_RSS = value("RLIMIT_RSS"), "Without effect since Linux 2.6."
    RLIMIT_NPROC = (
        value("RLIMIT_NPROC"),
        """Threads of the real uid, in its user namespace and all above: fork fails with EAGAIN.
        Not for uid 0 of the initial namespace, CAP_SYS_ADMIN, CAP_SYS_RESOURCE.""",
    )
    RLIMIT_NOFILE = (
        value("RLIMIT_NOFILE"),
        """One more than the highest descriptor number. EMFILE. At most fs.nr_open.""",
    )
    RLIMIT_MEMLOCK = (
        value("RLIMIT_MEMLOCK"),
        """Bytes locked in memory; CAP_IPC_LOCK is above it. io_uring and BPF (until 5.10) count
        too.""",
    )
    RLIMIT_AS = (
        value("RLIMIT_AS"),
        """Bytes of address space. ENOMEM from brk, mmap and mremap, and no more growth of the
        stack.""",
    )
    RLIMIT_LOCKS = 10, "File locks, counted in Linux 2.4.0 to 2.4.24 only."
    RLIMIT_SIGPENDING = (
        11,
        """Signals queued for the real uid; kill can still send one of each. Since Linux 2.6.8.""",
    )
    RLIMIT_MSGQUEUE = 12, "Bytes of POSIX message queues of the real uid. Since Linux 2.6.8."
    RLIMIT_NICE = 13, "20 minus the best nice value that may be set. Since Linux 2.6.12."
    RLIMIT_RTPRIO = 14, "Highest real-time priority that may be set without CAP_SYS_NICE. Since Linux 2.6.12."
    RLIMIT_RTTIME = (
        15,
        """Microseconds of processor time a real-time thread may use without blocking: SIGXCPU,
        then SIGKILL. Since Linux 2.6.25.""",
    )


class RusageWho(DocumentedEnum):
    """The who parameter of getrusage.

    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    RUSAGE_SELF = 0, "All threads of the process."
    RUSAGE_CHILDREN = -1, "Children that ended and were waited for, and theirs in turn."
    RUSAGE_BOTH = -2, "Both; internal to wait4, refused by getrusage."
    RUSAGE_THREAD = 1, "The calling thread. Since Linux 2.6.26."


class IoprioWhich(DocumentedEnum):
    """The which parameter of ioprio_get and ioprio_set. Since Linux 2.6.13."""

    IOPRIO_WHO_PROCESS = 1, "A thread; 0 is the caller."
    IOPRIO_WHO_PGRP = 2, "A process group; 0 is the caller's. Reading gives the best of them."
    IOPRIO_WHO_USER = 3, "All processes of a real uid."


class IoprioClass(DocumentedEnum):
    """Classes of I/O priority: the upper three bits of the value, that is shifted by 13.

    The lower three bits are the level, 0 the best and 7 the worst. Schedulers other than BFQ and
    mq-deadline ignore it all. Since Linux 2.6.13, unless a member says otherwise.
    """

    IOPRIO_CLASS_NONE = 0, "Not set: it follows from the nice value."
    IOPRIO_CLASS_RT = 1, "Before all others. Needs CAP_SYS_ADMIN, or CAP_SYS_NICE since Linux 5.14."
    IOPRIO_CLASS_BE = 2, "Best effort, the usual one."
    IOPRIO_CLASS_IDLE = 3, "Only when no other process uses the disk. Needs no privilege since Linux 2.6.25."
    IOPRIO_CLASS_INVALID = 7, "What marks an invalid value. Since Linux 6.5."


class IoprioHint(DocumentedEnum):
    """Hints in an I/O priority, shifted by 3. Since Linux 6.5.

    The limits are those a SCSI or ATA device defines for the duration of commands.
    """

    IOPRIO_HINT_NONE = 0, "No hint."
    IOPRIO_HINT_DEV_DURATION_LIMIT_1 = 1, "Duration limit 1."
    IOPRIO_HINT_DEV_DURATION_LIMIT_2 = 2, "Duration limit 2."
    IOPRIO_HINT_DEV_DURATION_LIMIT_3 = 3, "Duration limit 3."
    IOPRIO_HINT_DEV_DURATION_LIMIT_4 = 4, "Duration limit 4."
    IOPRIO_HINT_DEV_DURATION_LIMIT_5 = 5, "Duration limit 5."
    IOPRIO_HINT_DEV_DURATION_LIMIT_6 = 6, "Duration limit 6."
    IOPRIO_HINT_DEV_DURATION_LIMIT_7 = 7, "Duration limit 7."


class SigprocmaskHow(DocumentedEnum):
    """The how parameter of rt_sigprocmask. SIGKILL and SIGSTOP in a mask are silently left out.

    Since Linux 2.2; sigprocmask had them in 2.0 or earlier.
    """

    SIG_BLOCK = value("SIG_BLOCK"), "Add to the signals that are blocked."
    SIG_UNBLOCK = value("SIG_UNBLOCK"), "Take away from them."
    SIG_SETMASK = value("SIG_SETMASK"), "Exactly these."


class SigactionFlags(DocumentedFlag):
    """sa_flags of struct sigaction, for rt_sigaction.

    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    SA_NOCLDSTOP = value("SA_NOCLDSTOP"), "SIGCHLD: not when a child stops or goes on."
    SA_NOCLDWAIT = value("SA_NOCLDWAIT"), "SIGCHLD: children leave no zombie. Since Linux 2.6.0."
    SA_SIGINFO = (
        value("SA_SIGINFO"),
        """The handler gets three arguments: signal, siginfo, context. Since Linux 2.2.""",
    )
    SA_UNSUPPORTED = (
        0x00000400,
        """Never supported: reading it back as 0 shows that the kernel (since Linux 5.11) clears
        bits it does not know.""",
    )
    SA_EXPOSE_TAGBITS = 0x00000800, "Leave the tag in the address of siginfo. arm64. Since Linux 5.11."
    SA_RESTORER = (
        0x04000000,
        """sa_restorer is given, which the C library sets: x86-64 kills the process with SIGSEGV
        without it. Only where the structure has the field. Since Linux 2.2.""",
    )
    SA_ONSTACK = (
        value("SA_ONSTACK"),
        """Run the handler on the alternate stack of sigaltstack, if there is one. Since Linux
        2.2.""",
    )
    SA_RESTART = value("SA_RESTART"), "Restart most calls that the signal interrupts, instead of EINTR."
    SA_NODEFER = value("SA_NODEFER"), "Do not block the signal while its handler runs."
    SA_NOMASK = value("SA_NODEFER")
    SA_RESETHAND = value("SA_RESETHAND"), "Back to the default action when the handler is entered."
    SA_ONESHOT = value("SA_RESETHAND")


class SigaltstackFlags(DocumentedFlag):
    """ss_flags of stack_t, for sigaltstack.

    Since Linux 2.2, unless a member says otherwise.
    """

    SS_ONSTACK = 1, "Result: the thread runs on it now, so that it cannot be changed (EPERM)."
    SS_DISABLE = 2, "No alternate stack."
    SS_AUTODISARM = (
        1 << 31,
        """No alternate stack while a handler runs, so that one may leave it by swapcontext. Since
        Linux 4.7.""",
    )


class PtraceRequest(DocumentedEnum):
    """The request parameter of ptrace.

    Those of the C library return the word of a PEEK, the raw call stores it at data. Of the
    requests below 0x4200, architectures lack many; what this one lacks has the number of x86 here.
    PTRACE_GETREGSET works everywhere. Apart from TRACEME, ATTACH, SEIZE, INTERRUPT and KILL the
    tracee must be stopped. Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    PTRACE_TRACEME = 0, "Be traced by the parent."
    PTRACE_PEEKTEXT = 1, "Read a word at addr; the same as PEEKDATA."
    PTRACE_PEEKDATA = 2, "Read a word at addr."
    PTRACE_PEEKUSR = 3, "Read a word of the user area, that is registers, at an offset."
    PTRACE_POKETEXT = 4, "Write the word data at addr, also to read-only memory; the same as POKEDATA."
    PTRACE_POKEDATA = 5, "Write the word data at addr."
    PTRACE_POKEUSR = 6, "Write a word of the user area."
    PTRACE_CONT = 7, "Go on, with the signal in data or with none."
    PTRACE_KILL = 8, "Obsolete: send SIGKILL instead."
    PTRACE_SINGLESTEP = 9, "Go on for one instruction."
    PTRACE_GETREGS = (
        value("PTRACE_GETREGS", default=12),
        """General registers, struct user_regs_struct. x86 and others, not arm64, riscv, s390. Since
        Linux 2.2.""",
    )
    PTRACE_SETREGS = value("PTRACE_SETREGS", default=13), "Set them. Since Linux 2.2."
    PTRACE_GETFPREGS = 14, "Floating-point registers. Since Linux 2.2."
    PTRACE_SETFPREGS = 15, "Set them. Since Linux 2.2."
    PTRACE_ATTACH = 16, "Trace a thread and send it SIGSTOP; wait for the stop."
    PTRACE_DETACH = 17, "Stop tracing and go on, with the signal in data."
    PTRACE_GETFPXREGS = 18, "Extended floating-point registers. i386. Since Linux 2.4."
    PTRACE_SETFPXREGS = 19, "Set them. i386. Since Linux 2.4."
    PTRACE_OLDSETOPTIONS = 21, "PTRACE_SETOPTIONS under its first number. Since Linux 2.4.6."
    PTRACE_SYSCALL = 24, "Go on, and stop where a system call begins or ends."
    PTRACE_GET_THREAD_AREA = (
        value("PTRACE_GET_THREAD_AREA", default=25),
        """A segment for thread data, struct user_desc. x86. Since Linux 2.6.0.""",
    )
    PTRACE_SET_THREAD_AREA = 26, "Set it. x86. Since Linux 2.6.0."
    PTRACE_ARCH_PRCTL = 30, "arch_prctl in the tracee. x86-64. Since Linux 2.6.0."
    PTRACE_SYSEMU = (
        value("PTRACE_SYSEMU", default=31),
        """Go on, and stop at the next system call without making it. x86 since Linux 2.6.14,
        powerpc 4.20, arm64 5.3, others later.""",
    )
    PTRACE_SYSEMU_SINGLESTEP = (
        value("PTRACE_SYSEMU_SINGLESTEP", default=32),
        """Both SYSEMU and SINGLESTEP. x86 since Linux 2.6.14, others later.""",
    )
    PTRACE_SINGLEBLOCK = (
        value("PTRACE_SINGLEBLOCK", default=33),
        """Go on until the next branch. x86, m68k, parisc, powerpc, s390. Since Linux 2.6.25.""",
    )
    PTRACE_SETOPTIONS = 0x4200, "Set PtraceOptions. Since Linux 2.4.6."
    PTRACE_GETEVENTMSG = (
        0x4201,
        """What the last event is about: new process id, exit status, filter data. Since Linux
        2.5.46.""",
    )
    PTRACE_GETSIGINFO = (
        0x4202,
        """siginfo of the signal that stopped the tracee; EINVAL for a group stop. Since Linux
        2.3.99.""",
    )
    PTRACE_SETSIGINFO = 0x4203, "Replace it. Since Linux 2.3.99."
    PTRACE_GETREGSET = (
        0x4204,
        """A set of registers, by the NT_* type in addr, into the iovec at data. Since Linux
        2.6.34.""",
    )
    PTRACE_SETREGSET = 0x4205, "Set it. Since Linux 2.6.34."
    PTRACE_SEIZE = (
        0x4206,
        """Trace a thread without stopping it; options in data. What PTRACE_INTERRUPT and LISTEN
        need. Since Linux 3.4.""",
    )
    PTRACE_INTERRUPT = 0x4207, "Stop a seized tracee, with PTRACE_EVENT_STOP. Since Linux 3.4."
    PTRACE_LISTEN = 0x4208, "Leave the tracee in its group stop but report what ends it. Since Linux 3.4."
    PTRACE_PEEKSIGINFO = 0x4209, "Read queued signals without taking them. Since Linux 3.10."
    PTRACE_GETSIGMASK = 0x420A, "The mask of blocked signals; addr is its size. Since Linux 3.11."
    PTRACE_SETSIGMASK = 0x420B, "Set it. Since Linux 3.11."
    PTRACE_SECCOMP_GET_FILTER = (
        0x420C,
        """A classic filter of the tracee. Needs CAP_SYS_ADMIN, no seccomp of one's own. Since
        Linux 4.4.""",
    )
    PTRACE_SECCOMP_GET_METADATA = 0x420D, "Flags of such a filter. Since Linux 4.16."
    PTRACE_GET_SYSCALL_INFO = (
        0x420E,
        """Which system call the tracee is in, struct ptrace_syscall_info; the result is the size
        available. Since Linux 5.3.""",
    )
    PTRACE_GET_RSEQ_CONFIGURATION = 0x420F, "Where and how the tracee has registered rseq. Since Linux 5.13."
    PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG = (
        0x4210,
        """Set the tracee's syscall user dispatch. Since Linux 6.4.""",
    )
    PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG = 0x4211, "Read it. Since Linux 6.4."
    PTRACE_SET_SYSCALL_INFO = (
        0x4212,
        """Change number, arguments or result of the system call. Since Linux 6.16.""",
    )


class PtraceArm64Request(DocumentedEnum):
    """Requests of ptrace that only arm64 has."""

    PTRACE_PEEKMTETAGS = 33, "Read memory tags. Since Linux 5.10."
    PTRACE_POKEMTETAGS = 34, "Write memory tags. Since Linux 5.10."


class PtraceOptions(DocumentedFlag):
    """The data parameter of PTRACE_SETOPTIONS and PTRACE_SEIZE."""

    PTRACE_O_TRACESYSGOOD = (
        1 << 0,
        """Stops at system calls show SIGTRAP plus 0x80, so that they differ from a real SIGTRAP.
        Since Linux 2.4.6.""",
    )
    PTRACE_O_TRACEFORK = 1 << 1, "Stop at fork and trace the child from its start. Since Linux 2.5.46."
    PTRACE_O_TRACEVFORK = 1 << 2, "Stop at vfork and trace the child from its start. Since Linux 2.5.46."
    PTRACE_O_TRACECLONE = (
        1 << 3,
        """Stop at clone and trace the child from its start; not if it has CLONE_UNTRACED. Since
        Linux 2.5.46.""",
    )
    PTRACE_O_TRACEEXEC = 1 << 4, "Stop at exec, instead of an ordinary SIGTRAP. Since Linux 2.5.46."
    PTRACE_O_TRACEVFORKDONE = 1 << 5, "Stop when vfork returns to the parent. Since Linux 2.5.60."
    PTRACE_O_TRACEEXIT = (
        1 << 6,
        """Stop early in exit, with the registers still there; the exit cannot be prevented. Since
        Linux 2.5.60.""",
    )
    PTRACE_O_TRACESECCOMP = 1 << 7, "Stop where a filter says SECCOMP_RET_TRACE. Since Linux 3.5."
    PTRACE_O_EXITKILL = 1 << 20, "SIGKILL for the tracee when the tracer ends. Since Linux 3.8."
    PTRACE_O_SUSPEND_SECCOMP = (
        1 << 21,
        """Suspend the tracee's seccomp. Needs CAP_SYS_ADMIN and a kernel with checkpoint support.
        Since Linux 4.3.""",
    )


class PtraceEvent(DocumentedEnum):
    """The event of a stop: bits 16 and up of the status that wait returns.

    Since Linux 2.5.46, unless a member says otherwise.
    """

    PTRACE_EVENT_FORK = 1, "The tracee is in fork; the child's id is the message."
    PTRACE_EVENT_VFORK = 2, "The tracee is in vfork; the child's id is the message."
    PTRACE_EVENT_CLONE = 3, "The tracee is in clone; the child's id is the message."
    PTRACE_EVENT_EXEC = 4, "The tracee has executed a program; its former thread id is the message."
    PTRACE_EVENT_VFORK_DONE = 5, "vfork returns in the parent. Since Linux 2.5.60."
    PTRACE_EVENT_EXIT = 6, "The tracee exits; the status is the message. Since Linux 2.5.60."
    PTRACE_EVENT_SECCOMP = 7, "A filter asked for it; its data is the message. Since Linux 3.5."
    PTRACE_EVENT_STOP = (
        128,
        """A seized tracee stopped: by PTRACE_INTERRUPT, a group stop, or as a new child. Since
        Linux 3.4.""",
    )


class PtraceSyscallInfoOp(DocumentedEnum):
    """The op field of struct ptrace_syscall_info. Since Linux 5.3."""

    PTRACE_SYSCALL_INFO_NONE = 0, "The tracee is not at a system call."
    PTRACE_SYSCALL_INFO_ENTRY = 1, "It enters one."
    PTRACE_SYSCALL_INFO_EXIT = 2, "It leaves one."
    PTRACE_SYSCALL_INFO_SECCOMP = 3, "A filter has stopped it."


class KcmpType(DocumentedEnum):
    """The type parameter of kcmp: which resource of the two processes to compare.

    The result is 0 for the same, 1 or 2 for an order that can be sorted by, 3 for different without
    an order. Needs the permission to trace both. Since Linux 3.5, unless a member says otherwise.
    """

    KCMP_FILE = 0, "The open file descriptions of descriptors idx1 and idx2."
    KCMP_VM = 1, "Memory, see CLONE_VM."
    KCMP_FILES = 2, "Descriptor tables, see CLONE_FILES."
    KCMP_FS = 3, "Root, working directory and umask, see CLONE_FS."
    KCMP_SIGHAND = 4, "Signal handlers, see CLONE_SIGHAND."
    KCMP_IO = 5, "I/O contexts, see CLONE_IO."
    KCMP_SYSVSEM = 6, "Semaphore undo lists, see CLONE_SYSVSEM."
    KCMP_EPOLL_TFD = (
        7,
        """Descriptor idx1 with the entry of an epoll set that the struct kcmp_epoll_slot at idx2
        names. Since Linux 4.13.""",
    )


class FutexOperation(DocumentedEnum):
    """The operation in the op parameter of futex, to which FutexFlags are added.

    WAIT answers EAGAIN when the word has changed already, and may wake without a reason: look at
    the word again. Time limits are relative for WAIT and absolute for all others.
    """

    FUTEX_WAIT = 0, "Sleep if the word still has the value. Since Linux 2.6.0."
    FUTEX_WAKE = 1, "Wake at most this many; returns how many were woken. Since Linux 2.6.0."
    FUTEX_FD = 2, "Removed in Linux 2.6.26: it was a race."
    FUTEX_REQUEUE = (
        3,
        """Wake some, move the others to a second word. Racy: use CMP_REQUEUE. Since Linux
        2.6.0.""",
    )
    FUTEX_CMP_REQUEUE = (
        4,
        """As REQUEUE, if the first word still has the value, else EAGAIN. Since Linux 2.6.7.""",
    )
    FUTEX_WAKE_OP = (
        5,
        """Change a second word; wake waiters of the first, and of the second if its old value
        passes a test. Since Linux 2.6.14.""",
    )
    FUTEX_LOCK_PI = (
        6,
        """Take a lock with priority inheritance; the limit is by CLOCK_REALTIME. The word holds
        the owner's thread id. Since Linux 2.6.18.""",
    )
    FUTEX_UNLOCK_PI = 7, "Release it; only the owner may. Since Linux 2.6.18."
    FUTEX_TRYLOCK_PI = (
        8,
        """Take it or return EAGAIN; unlike user space, the kernel also sees a dead owner. Since
        Linux 2.6.18.""",
    )
    FUTEX_WAIT_BITSET = (
        9,
        """As WAIT with an absolute limit, and woken only if the masks have a bit in common. Since
        Linux 2.6.25.""",
    )
    FUTEX_WAKE_BITSET = 10, "Wake those whose masks have a bit in common. Since Linux 2.6.25."
    FUTEX_WAIT_REQUEUE_PI = (
        11,
        """Sleep until moved to a lock with priority inheritance, and get it. Since Linux
        2.6.31.""",
    )
    FUTEX_CMP_REQUEUE_PI = (
        12,
        """Move waiters of WAIT_REQUEUE_PI to such a lock, waking one. Since Linux 2.6.31.""",
    )
    FUTEX_LOCK_PI2 = 13, "As LOCK_PI with a choice of clocks. Since Linux 5.14."
    FUTEX_WAIT_PRIVATE = 128, "FUTEX_WAIT with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_WAKE_PRIVATE = 129, "FUTEX_WAKE with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_REQUEUE_PRIVATE = 131, "FUTEX_REQUEUE with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_CMP_REQUEUE_PRIVATE = 132, "FUTEX_CMP_REQUEUE with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_WAKE_OP_PRIVATE = 133, "FUTEX_WAKE_OP with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_LOCK_PI_PRIVATE = 134, "FUTEX_LOCK_PI with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_UNLOCK_PI_PRIVATE = 135, "FUTEX_UNLOCK_PI with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_TRYLOCK_PI_PRIVATE = 136, "FUTEX_TRYLOCK_PI with FUTEX_PRIVATE_FLAG. Since Linux 2.6.22."
    FUTEX_WAIT_BITSET_PRIVATE = 137, "FUTEX_WAIT_BITSET with FUTEX_PRIVATE_FLAG. Since Linux 2.6.25."
    FUTEX_WAKE_BITSET_PRIVATE = 138, "FUTEX_WAKE_BITSET with FUTEX_PRIVATE_FLAG. Since Linux 2.6.25."
    FUTEX_WAIT_REQUEUE_PI_PRIVATE = 139, "FUTEX_WAIT_REQUEUE_PI with FUTEX_PRIVATE_FLAG. Since Linux 2.6.31."
    FUTEX_CMP_REQUEUE_PI_PRIVATE = 140, "FUTEX_CMP_REQUEUE_PI with FUTEX_PRIVATE_FLAG. Since Linux 2.6.31."
    FUTEX_LOCK_PI2_PRIVATE = 141, "FUTEX_LOCK_PI2 with FUTEX_PRIVATE_FLAG. Since Linux 5.14."
    FUTEX_UNLOCK_WAKE_LIST64 = 513, "FUTEX_WAKE with FUTEX_ROBUST_UNLOCK. Since Linux 7.2."
    FUTEX_UNLOCK_PI_LIST64 = 519, "FUTEX_UNLOCK_PI with FUTEX_ROBUST_UNLOCK. Since Linux 7.2."
    FUTEX_UNLOCK_BITSET_LIST64 = 522, "FUTEX_WAKE_BITSET with FUTEX_ROBUST_UNLOCK. Since Linux 7.2."
    FUTEX_UNLOCK_WAKE_LIST64_PRIVATE = 641, "The same with FUTEX_PRIVATE_FLAG. Since Linux 7.2."
    FUTEX_UNLOCK_PI_LIST64_PRIVATE = 647, "The same with FUTEX_PRIVATE_FLAG. Since Linux 7.2."
    FUTEX_UNLOCK_BITSET_LIST64_PRIVATE = 650, "The same with FUTEX_PRIVATE_FLAG. Since Linux 7.2."
    FUTEX_UNLOCK_WAKE_LIST32 = 1537, "FUTEX_UNLOCK_WAKE_LIST64 for 32-bit lists. Since Linux 7.2."
    FUTEX_UNLOCK_PI_LIST32 = 1543, "FUTEX_UNLOCK_PI_LIST64 for 32-bit lists. Since Linux 7.2."
    FUTEX_UNLOCK_BITSET_LIST32 = 1546, "FUTEX_UNLOCK_BITSET_LIST64 for 32-bit lists. Since Linux 7.2."
    FUTEX_UNLOCK_WAKE_LIST32_PRIVATE = 1665, "The same with FUTEX_PRIVATE_FLAG. Since Linux 7.2."
    FUTEX_UNLOCK_PI_LIST32_PRIVATE = 1671, "The same with FUTEX_PRIVATE_FLAG. Since Linux 7.2."
    FUTEX_UNLOCK_BITSET_LIST32_PRIVATE = 1674, "The same with FUTEX_PRIVATE_FLAG. Since Linux 7.2."


class FutexFlags(DocumentedFlag):
    """What is added to the FutexOperation in the op parameter of futex."""

    FUTEX_PRIVATE_FLAG = (
        128,
        """The word is used by one process only: faster, and it does not find waiters of shared
        memory. Since Linux 2.6.22.""",
    )
    FUTEX_CLOCK_REALTIME = (
        256,
        """The limit is by CLOCK_REALTIME, not CLOCK_MONOTONIC. Since Linux 2.6.28 for WAIT_BITSET,
        2.6.31 for WAIT_REQUEUE_PI, 5.14 for LOCK_PI2; WAIT took it from 4.5 to 5.13 only.""",
    )
    FUTEX_ROBUST_UNLOCK = (
        512,
        """WAKE, WAKE_BITSET, UNLOCK_PI: release the lock, and clear the pending entry of the
        robust list, whose address is uaddr2, so that a death in between leaves nothing behind.
        Since Linux 7.2.""",
    )
    FUTEX_ROBUST_LIST32 = 1024, "With ROBUST_UNLOCK: that entry has 32 bits. Since Linux 7.2."


class FutexWakeOp(DocumentedEnum):
    """What FUTEX_WAKE_OP does to the second word: bits 28 to 30 of its last parameter.

    Bit 31 takes 1 << argument as the argument, which is bits 12 to 23. Since Linux 2.6.14.
    """

    FUTEX_OP_SET = 0, "Store the argument."
    FUTEX_OP_ADD = 1, "Add it."
    FUTEX_OP_OR = 2, "Set its bits."
    FUTEX_OP_ANDN = 3, "Clear its bits."
    FUTEX_OP_XOR = 4, "Invert its bits."
    FUTEX_OP_OPARG_SHIFT = 8, "Added to one of the others: the argument is 1 << what is given."


class FutexWakeCompare(DocumentedEnum):
    """How FUTEX_WAKE_OP tests the old value of the second word: bits 24 to 27 of its last parameter.

    Bits 0 to 11 are what it is compared with. Since Linux 2.6.14.
    """

    FUTEX_OP_CMP_EQ = 0, "Equal."
    FUTEX_OP_CMP_NE = 1, "Not equal."
    FUTEX_OP_CMP_LT = 2, "Less."
    FUTEX_OP_CMP_LE = 3, "Less or equal."
    FUTEX_OP_CMP_GT = 4, "Greater."
    FUTEX_OP_CMP_GE = 5, "Greater or equal."


class Futex2Flags(DocumentedFlag):
    """Flags of futex_wait, futex_wake, futex_requeue and of struct futex_waitv.

    One of the sizes is needed, and only FUTEX2_SIZE_U32 is implemented.
    """

    FUTEX2_SIZE_U8 = 0x00, "A word of 8 bits. Refused so far. Since Linux 6.7."
    FUTEX2_SIZE_U16 = 0x01, "A word of 16 bits. Refused so far. Since Linux 6.7."
    FUTEX2_SIZE_U32 = 0x02, "A word of 32 bits. Since Linux 6.7; futex_waitv has it since 5.16 as FUTEX_32."
    FUTEX_32 = FUTEX2_SIZE_U32
    FUTEX2_SIZE_U64 = 0x03, "A word of 64 bits. Refused so far. Since Linux 6.7."
    FUTEX2_NUMA = (
        0x04,
        """The NUMA node is in a second word behind; -1 there is replaced by the current one. Since
        Linux 6.16.""",
    )
    FUTEX2_MPOL = 0x08, "The node follows from the memory policy of the address. Since Linux 6.16."
    FUTEX2_PRIVATE = (
        0x80,
        """The word is used by one process only. Since Linux 6.7; futex_waitv takes it since 5.16
        as FUTEX_PRIVATE_FLAG.""",
    )


class ArchPrctlOption(DocumentedEnum):
    """The option parameter of arch_prctl, which only x86 has.

    Since Linux 2.6.0, unless a member says otherwise.
    """

    ARCH_SET_GS = 0x1001, "Set the GS base. x86-64."
    ARCH_SET_FS = 0x1002, "Set the FS base, on which the C library's thread data stands. x86-64."
    ARCH_GET_FS = 0x1003, "Store the FS base. x86-64."
    ARCH_GET_GS = 0x1004, "Store the GS base. x86-64."
    ARCH_GET_CPUID = 0x1011, "Whether the cpuid instruction is allowed. Since Linux 4.12."
    ARCH_SET_CPUID = (
        0x1012,
        """0: SIGSEGV on cpuid, 1: allow it; ENODEV where the processor cannot. Since Linux
        4.12.""",
    )
    ARCH_GET_XCOMP_SUPP = 0x1021, "Store which state components the kernel supports. Since Linux 5.16."
    ARCH_GET_XCOMP_PERM = 0x1022, "Store which the process may use. Since Linux 5.16."
    ARCH_REQ_XCOMP_PERM = (
        0x1023,
        """Ask to use a state component, AMX tile data (18) for instance. For the process. Since
        Linux 5.16.""",
    )
    ARCH_GET_XCOMP_GUEST_PERM = 0x1024, "GET_XCOMP_PERM for guests of KVM. Since Linux 5.17."
    ARCH_REQ_XCOMP_GUEST_PERM = 0x1025, "REQ_XCOMP_PERM for guests of KVM. Since Linux 5.17."
    ARCH_MAP_VDSO_X32 = (
        0x2001,
        """Map the vDSO of x32 at an address: for checkpoint and restore. Since Linux 4.9.""",
    )
    ARCH_MAP_VDSO_32 = 0x2002, "Map the vDSO of i386. Since Linux 4.9."
    ARCH_MAP_VDSO_64 = 0x2003, "Map the vDSO of x86-64. Since Linux 4.9."
    ARCH_GET_UNTAG_MASK = 0x4001, "Store the mask that takes the tag off an address. Since Linux 6.4."
    ARCH_ENABLE_TAGGED_ADDR = (
        0x4002,
        """Use this many bits of addresses as a tag; for good, by a process with one thread. Since
        Linux 6.4.""",
    )
    ARCH_GET_MAX_TAG_BITS = 0x4003, "Store how many bits there can be. Since Linux 6.4."
    ARCH_FORCE_TAGGED_SVA = 0x4004, "Permit tags together with shared virtual addressing. Since Linux 6.4."
    ARCH_SHSTK_ENABLE = 0x5001, "Switch on features of the shadow stack. Since Linux 6.6."
    ARCH_SHSTK_DISABLE = 0x5002, "Switch them off. Since Linux 6.6."
    ARCH_SHSTK_LOCK = 0x5003, "Fix their state for good. Since Linux 6.6."
    ARCH_SHSTK_UNLOCK = 0x5004, "Undo that, only through ptrace. Since Linux 6.6."
    ARCH_SHSTK_STATUS = 0x5005, "Store which are on. Since Linux 6.6."


class ShadowStackFeatures(DocumentedFlag):
    """The features for ARCH_SHSTK_ENABLE and its kin. Since Linux 6.6."""

    ARCH_SHSTK_SHSTK = 1 << 0, "The shadow stack."
    ARCH_SHSTK_WRSS = 1 << 1, "The instruction that writes to it."


RLIM64_INFINITY = 0xFFFFFFFFFFFFFFFF
"""No limit, in struct rlimit64."""

IOPRIO_CLASS_SHIFT = 13
"""By how many bits an IoprioClass is shifted in an I/O priority."""

FUTEX_BITSET_MATCH_ANY = 0xFFFFFFFF
"""The mask of FUTEX_WAIT_BITSET and FUTEX_WAKE_BITSET that matches every other."""

FUTEX_WAITERS = 0x80000000
"""In the word of a robust or priority-inheriting lock: someone waits in the kernel."""

FUTEX_OWNER_DIED = 0x40000000
"""In the word of a robust lock: the owner ended while holding it."""

FUTEX_TID_MASK = 0x3FFFFFFF
"""In the word of a robust or priority-inheriting lock: the owner's thread id."""

FUTEX_WAITV_MAX = 128
"""Most words that futex_waitv takes."""


class PrctlTiming(DocumentedEnum):
    """The second argument of PR_SET_TIMING. Since Linux 2.6.0."""

    PR_TIMING_STATISTICAL = 0, "CPU time is estimated by samples. The only one that is taken."
    PR_TIMING_TIMESTAMP = 1, "CPU time is measured. No kernel takes it here."


class PrctlVma(DocumentedEnum):
    """The second argument of PR_SET_VMA."""

    PR_SET_VMA_ANON_NAME = 0, "Name anonymous memory, for /proc/PID/maps. Since Linux 5.17."


class PrctlRiscvIcache(DocumentedEnum):
    """The second argument of PR_RISCV_SET_ICACHE_FLUSH_CTX. riscv. Since Linux 6.10."""

    PR_RISCV_CTX_SW_FENCEI_ON = 0, "The program may use fence.i: the kernel repeats it where the thread goes."
    PR_RISCV_CTX_SW_FENCEI_OFF = 1, "It does not any more."


class PrctlRiscvScope(DocumentedEnum):
    """The third argument of PR_RISCV_SET_ICACHE_FLUSH_CTX. riscv. Since Linux 6.10."""

    PR_RISCV_SCOPE_PER_PROCESS = 0, "All threads of the process."
    PR_RISCV_SCOPE_PER_THREAD = 1, "The calling thread."


class PrctlRseqSliceFlags(DocumentedFlag):
    """The third argument of PR_RSEQ_SLICE_EXTENSION_SET. Since Linux 7.0."""

    PR_RSEQ_SLICE_EXT_ENABLE = 1, "Threads may ask for a little more time before they lose the processor."


class PrctlCfiBranch(DocumentedEnum):
    """The second argument of PR_SET_CFI and PR_GET_CFI. Since Linux 7.0."""

    PR_CFI_BRANCH_LANDING_PADS = 0, "Landing pads of indirect branches."


class PtraceEventMessage(DocumentedEnum):
    """What PTRACE_GETEVENTMSG stores at a stop of PTRACE_SYSCALL. Since Linux 5.3."""

    PTRACE_EVENTMSG_SYSCALL_ENTRY = 1, "The tracee is about to make a call."
    PTRACE_EVENTMSG_SYSCALL_EXIT = 2, "The call has been made."


class PtracePeeksiginfoFlags(DocumentedFlag):
    """The flags of a ptrace_peeksiginfo_args. Since Linux 3.10."""

    PTRACE_PEEKSIGINFO_SHARED = (
        1 << 0,
        "The signals that wait for the process; without it, those for the thread.",
    )


class PrctlPtracer(DocumentedEnum):
    """The second argument of PR_SET_PTRACER besides a process. 0 permits nobody."""

    PR_SET_PTRACER_ANY = (
        (1 << abi.get(here()).bits) - 1,
        "Any process may attach. Since Linux 3.12 or earlier.",
    )
