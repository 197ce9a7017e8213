"""Flag types of perf: what its ring holds.

Values are those of ``linux/perf_event.h``. What perf_event_open takes is in pysys.flags.security.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class PerfRecord(DocumentedEnum):
    """What a record of the ring is: type of a perf_event_header.

    Since Linux 2.6.32 or earlier, unless a member says otherwise.
    """

    PERF_RECORD_MMAP = 1, "Executable memory was mapped."
    PERF_RECORD_LOST = 2, "Records were lost."
    PERF_RECORD_COMM = 3, "The name of a thread changed."
    PERF_RECORD_EXIT = 4, "A thread ended."
    PERF_RECORD_THROTTLE = 5, "There were too many samples: none for now."
    PERF_RECORD_UNTHROTTLE = 6, "There are samples again."
    PERF_RECORD_FORK = 7, "A thread was made."
    PERF_RECORD_READ = 8, "A counter's value, with inherit_stat."
    PERF_RECORD_SAMPLE = 9, "A sample: what sample_type asks for."
    PERF_RECORD_MMAP2 = (
        10,
        "Executable memory was mapped, with inode or build id. Since Linux 3.12 or earlier.",
    )
    PERF_RECORD_AUX = 11, "There is data in the second ring. Since Linux 4.1."
    PERF_RECORD_ITRACE_START = 12, "A trace of instructions began. Since Linux 4.1."
    PERF_RECORD_LOST_SAMPLES = 13, "Samples were lost, by the hardware. Since Linux 4.2."
    PERF_RECORD_SWITCH = 14, "The thread began or ceased to run. Since Linux 4.3."
    PERF_RECORD_SWITCH_CPU_WIDE = 15, "The same for a processor, with the other thread. Since Linux 4.3."
    PERF_RECORD_NAMESPACES = 16, "The namespaces of a thread. Since Linux 4.11."
    PERF_RECORD_KSYMBOL = 17, "Code was added to the kernel, or removed. Since Linux 5.1."
    PERF_RECORD_BPF_EVENT = 18, "A program of BPF was loaded or unloaded. Since Linux 5.1."
    PERF_RECORD_CGROUP = 19, "A control group was made. Since Linux 5.7."
    PERF_RECORD_TEXT_POKE = 20, "The kernel's code changed. Since Linux 5.9."
    PERF_RECORD_AUX_OUTPUT_HW_ID = (
        21,
        "The id that the hardware gave an event in the second ring. Since Linux 5.16.",
    )
    PERF_RECORD_CALLCHAIN_DEFERRED = 22, "A program's stack, after samples that lack it. Since Linux 6.19."


class PerfRecordMode(DocumentedEnum):
    """Where the processor was: the lowest three bits of misc in a perf_event_header.

    Since Linux 2.6.32 or earlier, unless a member says otherwise.
    """

    PERF_RECORD_MISC_CPUMODE_UNKNOWN = 0, "Not known."
    PERF_RECORD_MISC_KERNEL = 1, "In the kernel."
    PERF_RECORD_MISC_USER = 2, "In a program."
    PERF_RECORD_MISC_HYPERVISOR = 3, "In the hypervisor."
    PERF_RECORD_MISC_GUEST_KERNEL = 4, "In a guest's kernel. Since Linux 2.6.35."
    PERF_RECORD_MISC_GUEST_USER = 5, "In a guest's program. Since Linux 2.6.35."


class PerfRecordMisc(DocumentedFlag):
    """Bits of misc in a perf_event_header, above its PerfRecordMode.

    They mean what they mean by the PerfRecord.
    """

    PERF_RECORD_MISC_CPUMODE_MASK = 7, "The PerfRecordMode. Since Linux 2.6.32 or earlier."
    PERF_RECORD_MISC_PROC_MAP_PARSE_TIMEOUT = (
        0x1000,
        """Reading /proc/PID/maps took too long. The tool perf sets it, not the kernel. Since
        Linux 4.4 or earlier.""",
    )
    PERF_RECORD_MISC_MMAP_DATA = 0x2000, "PERF_RECORD_MMAP: memory that is not executable. Since Linux 3.10."
    PERF_RECORD_MISC_COMM_EXEC = PERF_RECORD_MISC_MMAP_DATA
    PERF_RECORD_MISC_FORK_EXEC = PERF_RECORD_MISC_MMAP_DATA
    PERF_RECORD_MISC_SWITCH_OUT = PERF_RECORD_MISC_MMAP_DATA
    PERF_RECORD_MISC_EXACT_IP = (
        0x4000,
        "PERF_RECORD_SAMPLE: the instruction is exactly that of the event. Since Linux 3.3 or earlier.",
    )
    PERF_RECORD_MISC_SWITCH_OUT_PREEMPT = PERF_RECORD_MISC_EXACT_IP
    PERF_RECORD_MISC_MMAP_BUILD_ID = PERF_RECORD_MISC_EXACT_IP
    PERF_RECORD_MISC_EXT_RESERVED = 0x8000, "Reserved. Since Linux 2.6.35."


class PerfContext(DocumentedEnum):
    """What stands in a chain of calls in the place of an address: where those that follow are from.

    Since Linux 2.6.32 or earlier, unless a member says otherwise.
    """

    PERF_CONTEXT_HV = 0xFFFFFFFFFFFFFFE0, "The hypervisor."
    PERF_CONTEXT_KERNEL = 0xFFFFFFFFFFFFFF80, "The kernel."
    PERF_CONTEXT_USER = 0xFFFFFFFFFFFFFE00, "The program."
    PERF_CONTEXT_USER_DEFERRED = (
        0xFFFFFFFFFFFFFD80,
        "The program: they come later, in PERF_RECORD_CALLCHAIN_DEFERRED. Since Linux 6.19.",
    )
    PERF_CONTEXT_GUEST = 0xFFFFFFFFFFFFF800, "A guest."
    PERF_CONTEXT_GUEST_KERNEL = 0xFFFFFFFFFFFFF780, "A guest's kernel."
    PERF_CONTEXT_GUEST_USER = 0xFFFFFFFFFFFFF600, "A guest's program."
    PERF_CONTEXT_MAX = 0xFFFFFFFFFFFFF001, "None is below this."


class PerfAuxFlags(DocumentedFlag):
    """flags of PERF_RECORD_AUX. Since Linux 5.13, unless a member says otherwise."""

    PERF_AUX_FLAG_TRUNCATED = 1, "It was cut to fit. Since Linux 4.4 or earlier."
    PERF_AUX_FLAG_OVERWRITE = 2, "It overwrote older data. Since Linux 4.4 or earlier."
    PERF_AUX_FLAG_PARTIAL = 4, "There are gaps. Since Linux 4.12 or earlier."
    PERF_AUX_FLAG_COLLISION = 8, "Samples collided with others. Since Linux 4.15."
    PERF_AUX_FLAG_CORESIGHT_FORMAT_RAW = 0x100, "Raw data of CoreSight."
    PERF_AUX_FLAG_PMU_FORMAT_TYPE_MASK = 0xFF00, "The format, of the unit."
    PERF_AUX_FLAG_CORESIGHT_FORMAT_CORESIGHT = 0, "Data of CoreSight in its own format."


class PerfKsymbolType(DocumentedEnum):
    """ksym_type of PERF_RECORD_KSYMBOL. Since Linux 5.1, unless a member says otherwise."""

    PERF_RECORD_KSYMBOL_TYPE_UNKNOWN = 0, "Not known."
    PERF_RECORD_KSYMBOL_TYPE_BPF = 1, "A program of BPF."
    PERF_RECORD_KSYMBOL_TYPE_OOL = 2, "Code out of line, such as that of kprobes. Since Linux 5.9."


class PerfKsymbolFlags(DocumentedFlag):
    """flags of PERF_RECORD_KSYMBOL."""

    PERF_RECORD_KSYMBOL_FLAGS_UNREGISTER = 1, "It was removed. Since Linux 5.1."


class PerfBpfEvent(DocumentedEnum):
    """type of PERF_RECORD_BPF_EVENT. Since Linux 5.1."""

    PERF_BPF_EVENT_UNKNOWN = 0, "Not known."
    PERF_BPF_EVENT_PROG_LOAD = 1, "A program was loaded."
    PERF_BPF_EVENT_PROG_UNLOAD = 2, "A program was unloaded."


class PerfBranchType(DocumentedEnum):
    """type of a perf_branch_entry, with PERF_SAMPLE_BRANCH_TYPE_SAVE.

    Since Linux 4.14 or earlier, unless a member says otherwise.
    """

    PERF_BR_UNKNOWN = 0, "Not known."
    PERF_BR_COND = 1, "Conditional."
    PERF_BR_UNCOND = 2, "Unconditional."
    PERF_BR_IND = 3, "Indirect."
    PERF_BR_CALL = 4, "A call."
    PERF_BR_IND_CALL = 5, "An indirect call."
    PERF_BR_RET = 6, "A return."
    PERF_BR_SYSCALL = 7, "A system call."
    PERF_BR_SYSRET = 8, "The return of a system call."
    PERF_BR_COND_CALL = 9, "A conditional call."
    PERF_BR_COND_RET = 10, "A conditional return."
    PERF_BR_ERET = 11, "The return of an exception. Since Linux 5.18."
    PERF_BR_IRQ = 12, "An interrupt. Since Linux 5.18."
    PERF_BR_SERROR = 13, "An error of the system. Since Linux 6.1."
    PERF_BR_NO_TX = 14, "Not in a transaction. Since Linux 6.1."
    PERF_BR_EXTEND_ABI = 15, "See new_type. Since Linux 6.1."


class PerfTransaction(DocumentedFlag):
    """A transaction of memory: what PERF_SAMPLE_TRANSACTION gives.

    The upper 32 bits are the abort's code. Since Linux 3.14 or earlier.
    """

    PERF_TXN_ELISION = 1, "Of a lock that was left out."
    PERF_TXN_TRANSACTION = 2, "Of a transaction."
    PERF_TXN_SYNC = 4, "The abort is by the instruction."
    PERF_TXN_ASYNC = 8, "The abort is not by the instruction."
    PERF_TXN_RETRY = 0x10, "To try again may help."
    PERF_TXN_CONFLICT = 0x20, "Others used the memory."
    PERF_TXN_CAPACITY_WRITE = 0x40, "Too much was written."
    PERF_TXN_CAPACITY_READ = 0x80, "Too much was read."


class PerfRegisterAbi(DocumentedEnum):
    """abi of the registers in a sample. Since Linux 3.12 or earlier, unless a member says otherwise."""

    PERF_SAMPLE_REGS_ABI_NONE = 0, "There are none. Since Linux 2.6.32 or earlier."
    PERF_SAMPLE_REGS_ABI_32 = 1, "Those of a 32-bit program."
    PERF_SAMPLE_REGS_ABI_64 = 2, "Those of a 64-bit program."


class PerfMemoryShift(DocumentedEnum):
    """Where the parts of a sample's data source are, the number that PERF_SAMPLE_DATA_SRC asks for: its value

    shifted by this many bits, with as many bits as the class of the part needs. Since Linux 3.10, unless a
    member says otherwise.
    """

    PERF_MEM_OP_SHIFT = 0, "The PerfMemoryOperation: 5 bits."
    PERF_MEM_LVL_SHIFT = 5, "The PerfMemoryLevel: 14 bits."
    PERF_MEM_SNOOP_SHIFT = 19, "The PerfMemorySnoop: 5 bits."
    PERF_MEM_LOCK_SHIFT = 24, "The PerfMemoryLock: 2 bits."
    PERF_MEM_TLB_SHIFT = 26, "The PerfMemoryTlb: 7 bits."
    PERF_MEM_LVLNUM_SHIFT = 33, "The PerfMemoryLevelNumber: 4 bits. Since Linux 4.14 or earlier."
    PERF_MEM_REMOTE_SHIFT = 37, "PERF_MEM_REMOTE_REMOTE: a bit. Since Linux 4.14 or earlier."
    PERF_MEM_SNOOPX_SHIFT = 38, "The PerfMemorySnoopMore: 2 bits. Since Linux 4.14 or earlier."
    PERF_MEM_BLK_SHIFT = 40, "The PerfMemoryBlock: 3 bits. Since Linux 5.12."
    PERF_MEM_HOPS_SHIFT = 43, "The PerfMemoryHops: 3 bits. Since Linux 5.16."
    PERF_MEM_REGION_SHIFT = 46, "The PerfMemoryRegion: 5 bits. Since Linux 7.0 or earlier."


class PerfMemoryOperation(DocumentedFlag):
    """What accessed memory, in a sample's data source. Since Linux 3.10."""

    PERF_MEM_OP_NA = 1, "Not known."
    PERF_MEM_OP_LOAD = 2, "A load."
    PERF_MEM_OP_STORE = 4, "A store."
    PERF_MEM_OP_PFETCH = 8, "A prefetch."
    PERF_MEM_OP_EXEC = 0x10, "The fetch of an instruction."


class PerfMemoryLevel(DocumentedFlag):
    """Where the data was, in a sample's data source.

    Newer processors report it as PerfMemoryLevelNumber, too. Since Linux 3.10.
    """

    PERF_MEM_LVL_NA = 1, "Not known."
    PERF_MEM_LVL_HIT = 2, "The level that is named had the data."
    PERF_MEM_LVL_MISS = 4, "The level that is named did not have it."
    PERF_MEM_LVL_L1 = 8, "The first cache."
    PERF_MEM_LVL_LFB = 0x10, "The line fill buffer."
    PERF_MEM_LVL_L2 = 0x20, "The second cache."
    PERF_MEM_LVL_L3 = 0x40, "The third cache."
    PERF_MEM_LVL_LOC_RAM = 0x80, "Memory of this node."
    PERF_MEM_LVL_REM_RAM1 = 0x100, "Memory of another node, one hop away."
    PERF_MEM_LVL_REM_RAM2 = 0x200, "Memory of another node, two hops away."
    PERF_MEM_LVL_REM_CCE1 = 0x400, "A cache of another node, one hop away."
    PERF_MEM_LVL_REM_CCE2 = 0x800, "A cache of another node, two hops away."
    PERF_MEM_LVL_IO = 0x1000, "A device's memory."
    PERF_MEM_LVL_UNC = 0x2000, "Memory that is not cached."


class PerfMemoryLevelNumber(DocumentedEnum):
    """Where the data was, in a sample's data source.

    Since Linux 4.14 or earlier, unless a member says otherwise.
    """

    PERF_MEM_LVLNUM_L1 = 1, "The first cache."
    PERF_MEM_LVLNUM_L2 = 2, "The second cache."
    PERF_MEM_LVLNUM_L3 = 3, "The third cache."
    PERF_MEM_LVLNUM_L4 = 4, "The fourth cache."
    PERF_MEM_LVLNUM_L2_MHB = 5, "The buffer for what the second cache lacks. Since Linux 6.11."
    PERF_MEM_LVLNUM_MSC = 6, "The cache in front of memory. Since Linux 6.11."
    PERF_MEM_LVLNUM_L0 = 7, "A cache in front of the first. Since Linux 7.0 or earlier."
    PERF_MEM_LVLNUM_UNC = 8, "Memory that is not cached. Since Linux 6.6."
    PERF_MEM_LVLNUM_CXL = 9, "Memory behind CXL. Since Linux 6.1."
    PERF_MEM_LVLNUM_IO = 10, "A device's memory. Since Linux 6.1."
    PERF_MEM_LVLNUM_ANY_CACHE = 11, "Some cache."
    PERF_MEM_LVLNUM_LFB = 12, "The line fill buffer."
    PERF_MEM_LVLNUM_RAM = 13, "Memory."
    PERF_MEM_LVLNUM_PMEM = 14, "Persistent memory."
    PERF_MEM_LVLNUM_NA = 15, "Not known."


class PerfMemoryRemote(DocumentedFlag):
    """Whether the level is another node's, in a sample's data source. Since Linux 4.14 or earlier."""

    PERF_MEM_REMOTE_REMOTE = 1, "It is."


class PerfMemorySnoop(DocumentedFlag):
    """What other caches answered, in a sample's data source. Since Linux 3.10."""

    PERF_MEM_SNOOP_NA = 1, "Not known."
    PERF_MEM_SNOOP_NONE = 2, "None was asked."
    PERF_MEM_SNOOP_HIT = 4, "One had the data."
    PERF_MEM_SNOOP_MISS = 8, "None had it."
    PERF_MEM_SNOOP_HITM = 0x10, "One had changed it."


class PerfMemorySnoopMore(DocumentedFlag):
    """More about other caches, in a sample's data source."""

    PERF_MEM_SNOOPX_FWD = 1, "One passed the data on. Since Linux 4.14 or earlier."
    PERF_MEM_SNOOPX_PEER = 2, "It came from the cache of a peer. Since Linux 6.1."


class PerfMemoryLock(DocumentedFlag):
    """Whether the access was locked, in a sample's data source. Since Linux 3.10."""

    PERF_MEM_LOCK_NA = 1, "Not known."
    PERF_MEM_LOCK_LOCKED = 2, "It was."


class PerfMemoryTlb(DocumentedFlag):
    """Where the address was translated, in a sample's data source. Since Linux 3.10."""

    PERF_MEM_TLB_NA = 1, "Not known."
    PERF_MEM_TLB_HIT = 2, "The level that is named knew it."
    PERF_MEM_TLB_MISS = 4, "The level that is named did not know it."
    PERF_MEM_TLB_L1 = 8, "The first TLB."
    PERF_MEM_TLB_L2 = 0x10, "The second TLB."
    PERF_MEM_TLB_WK = 0x20, "The hardware that reads page tables."
    PERF_MEM_TLB_OS = 0x40, "The kernel, after a fault."


class PerfMemoryBlock(DocumentedFlag):
    """Why a load had to wait, in a sample's data source. Since Linux 5.12."""

    PERF_MEM_BLK_NA = 1, "Not known."
    PERF_MEM_BLK_DATA = 2, "The data of an earlier store could not be taken from it."
    PERF_MEM_BLK_ADDR = 4, "The address conflicted with that of another access."


class PerfMemoryHops(DocumentedEnum):
    """How far away the level is, in a sample's data source. Since Linux 5.16."""

    PERF_MEM_HOPS_0 = 1, "Another core of this node."
    PERF_MEM_HOPS_1 = 2, "Another node of this socket. Since Linux 5.17."
    PERF_MEM_HOPS_2 = 3, "Another socket of this board. Since Linux 5.17."
    PERF_MEM_HOPS_3 = 4, "Another board. Since Linux 5.17."


class PerfMemoryRegion(DocumentedEnum):
    """What part of memory it was, in a sample's data source. Since Linux 7.0 or earlier."""

    PERF_MEM_REGION_NA = 0, "Not known."
    PERF_MEM_REGION_RSVD = 1, "Reserved."
    PERF_MEM_REGION_L_SHARE = 2, "A cache of this agent that is shared."
    PERF_MEM_REGION_L_NON_SHARE = 3, "A cache of this agent that is not shared."
    PERF_MEM_REGION_O_IO = 4, "I/O of another agent."
    PERF_MEM_REGION_O_SHARE = 5, "A cache of another agent that is shared."
    PERF_MEM_REGION_O_NON_SHARE = 6, "A cache of another agent that is not shared."
    PERF_MEM_REGION_MMIO = 7, "A device's registers."
    PERF_MEM_REGION_MEM0 = 8, "Region 0 of memory."
    PERF_MEM_REGION_MEM1 = 9, "Region 1 of memory."
    PERF_MEM_REGION_MEM2 = 10, "Region 2 of memory."
    PERF_MEM_REGION_MEM3 = 11, "Region 3 of memory."
    PERF_MEM_REGION_MEM4 = 12, "Region 4 of memory."
    PERF_MEM_REGION_MEM5 = 13, "Region 5 of memory."
    PERF_MEM_REGION_MEM6 = 14, "Region 6 of memory."
    PERF_MEM_REGION_MEM7 = 15, "Region 7 of memory."
