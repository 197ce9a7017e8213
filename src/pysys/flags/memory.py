"""Flags of the memory calls: mmap and its family, NUMA policies, protection keys, barriers."""

from __future__ import annotations

from pysys.flags import values
from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value

# What only some architectures have is not a member elsewhere if its bit means something else there.
_HERE = values.here()
_X86 = ("x86_64", "x32", "i386")
_ARM64 = ("aarch64",)
_POWERPC = ("ppc64", "ppc", "ppc_spu")
_SPARC = ("sparc64", "sparc")
_OWN_MAP_FLAGS = ("alpha", "mips_o32", "mips_n64", "mips_n32", "parisc64", "parisc", "xtensa")

MAP_HUGE_SHIFT = 26
"""Where in the flags of mmap the size of huge pages stands: its binary logarithm, six bits."""

MAP_HUGE_MASK = 0x3F
"""The six bits of that logarithm, before they are shifted."""


class ProtFlags(DocumentedFlag):
    """What may be done to the pages: prot of mmap, mprotect and pkey_mprotect.

    The processor may grant more than asked: most grant reading with writing. Whether reading
    grants executing too is up to Persona.READ_IMPLIES_EXEC. Since Linux 1.0 unless another version
    is named.
    """

    PROT_NONE = 0x0, "No access: a touch raises SIGSEGV. Keeps a range of addresses reserved."
    PROT_READ = 0x1, "Reading."
    PROT_WRITE = (
        0x2,
        """Writing. A shared mapping of a file needs the file open for reading and writing, also
        for a later mprotect.""",
    )
    PROT_EXEC = (
        0x4,
        """Executing. Refused with EPERM for a file on a mount with noexec. A security module may
        refuse it for memory that was written.""",
    )
    PROT_SEM = (
        value("PROT_SEM"),
        """Atomic operations. Accepted on every architecture, without effect on nearly all: plain
        PROT_READ | PROT_WRITE is enough. Since Linux 2.5.7.""",
    )
    PROT_GROWSDOWN = (
        0x01000000,
        """mprotect only: begin the change at the lower end of a mapping that grows down, such as
        the stack, whatever the address. EINVAL for other mappings. Since Linux 2.6.""",
    )
    PROT_GROWSUP = (
        0x02000000,
        """mprotect only: carry the change on to the upper end of a mapping that grows up. There
        are such mappings on parisc only (ia64 had them). Since Linux 2.6.""",
    )
    if _HERE in _POWERPC:
        PROT_SAO = (
            0x10,
            """powerpc only: strong order of accesses, for translated programs that rely on it.
            mprotect refuses it where the processor has none, as POWER10. Since Linux 2.6.27.""",
        )
    if _HERE in _SPARC:
        PROT_ADI = (
            0x10,
            """sparc only: check the version tag of each access (application data integrity). Since
            Linux 4.17.""",
        )
    if _HERE in _ARM64:
        PROT_BTI = (
            0x10,
            """arm64 only: an indirect branch may land only on an instruction that allows it. mprotect
            clears it unless it is given again. Since Linux 5.8.""",
        )
    if _HERE in _ARM64:
        PROT_MTE = (
            0x20,
            """arm64 only: memory with allocation tags. mprotect cannot take it away again. Anonymous
            memory and files in memory only. Since Linux 5.10.""",
        )


class MapFlags(DocumentedFlag):
    """The flags of mmap: exactly one of MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE and
    MAP_DROPPABLE, and what else is wanted.

    MAP_SHARED and MAP_PRIVATE overlook bits that they do not know, so that a new flag has no
    effect on an old kernel; MAP_SHARED_VALIDATE answers EOPNOTSUPP. remap_file_pages takes
    MAP_NONBLOCK. Most values differ between architectures. Since Linux 2.2 or earlier unless
    another version is named.

    The size of huge pages is a number in the upper bits, not a set of flags: one of the
    MAP_HUGE_* members, besides MAP_HUGETLB. The numbers work since Linux 3.8, whenever their names came.
    """

    MAP_FILE = 0x0, "Nothing: kept for old programs. A mapping is of a file unless it is anonymous."
    MAP_SHARED = (
        0x01,
        """Writes reach the file and everyone who maps it. When they reach the disk is up to the
        kernel, or msync.""",
    )
    MAP_PRIVATE = (
        0x02,
        """Writes stay in this mapping: a written page becomes a copy. Whether later changes to the
        file show in pages that were not written is undefined.""",
    )
    MAP_SHARED_VALIDATE = (
        0x03,
        """As MAP_SHARED, but refuse an unknown flag with EOPNOTSUPP. MAP_SYNC needs it. Since
        Linux 4.15.""",
    )
    MAP_DROPPABLE = (
        0x08,
        """Private anonymous memory that the kernel may discard when memory is short: it then reads
        as zeros, without a sign. Never swapped or dumped, locking has no effect; a child finds
        zeros. A separate type, instead of MAP_PRIVATE; refused with MAP_LOCKED and
        MAP_HUGETLB. 64-bit and powerpc only. Since Linux 6.11.""",
    )
    MAP_FIXED = (
        value("MAP_FIXED"),
        """Map exactly at the address, which must be a multiple of the page size. Whatever is mapped
        there is silently replaced: MAP_FIXED_NOREPLACE is nearly always meant.""",
    )
    MAP_ANONYMOUS = (
        value("MAP_ANONYMOUS"),
        """Zeroed memory without a file; the descriptor should be -1, the offset 0. With MAP_SHARED
        since Linux 2.4.""",
    )
    MAP_GROWSDOWN = (
        value("MAP_GROWSDOWN"),
        """A stack: an access just below the mapping extends it downwards, until only a gap remains
        to the mapping below. Not for the stacks of threads: another mapping may block it.""",
    )
    MAP_DENYWRITE = (
        value("MAP_DENYWRITE"),
        """Without effect: once it made writes to the file fail with ETXTBSY, which let any user
        block any file he could read.""",
    )
    MAP_EXECUTABLE = value("MAP_EXECUTABLE"), "Without effect; accepted for old programs."
    MAP_LOCKED = (
        value("MAP_LOCKED"),
        """Lock the pages into memory, as mlock does. Unlike with mlock the call succeeds even if
        not all could be brought in, so that a fault may still come later. Since Linux 2.5.37.""",
    )
    MAP_NORESERVE = (
        value("MAP_NORESERVE"),
        """Do not count the mapping against the memory that can be promised; a write may then end
        in the out-of-memory killer. Ignored where overcommitting is forbidden (mode 2). For
        huge pages: take none from the pool beforehand, and risk SIGBUS.""",
    )
    MAP_POPULATE = (
        value("MAP_POPULATE"),
        """Fill the page tables now: read a file ahead, give anonymous memory its pages. The call
        succeeds even if that failed; MADV_POPULATE_WRITE reports it. Since Linux 2.5.46, for private
        mappings since 2.6.23.""",
    )
    MAP_NONBLOCK = (
        value("MAP_NONBLOCK"),
        """With MAP_POPULATE: cancels it, since 2.6.23; before, it filled in only the pages that
        were already in memory. Since Linux 2.5.46.""",
    )
    MAP_STACK = (
        value("MAP_STACK"),
        """The memory is for a thread's stack. Since 6.7 that means no transparent huge pages;
        before, it meant nothing. Since Linux 2.6.27.""",
    )
    MAP_HUGETLB = (
        value("MAP_HUGETLB"),
        """Memory of huge pages from the pool, of the default size unless a MAP_HUGE_* says
        otherwise. Fails with ENOMEM if the pool (/proc/sys/vm/nr_hugepages) is too small;
        munmap takes only complete huge pages. Since Linux 2.6.32.""",
    )
    if _HERE not in _OWN_MAP_FLAGS:
        MAP_SYNC = (
            0x080000,
            """For files on persistent memory (DAX): a page that can be written is where the file's
            data is, also after a crash. MAP_SHARED_VALIDATE only. Since Linux 4.15.""",
        )
    MAP_FIXED_NOREPLACE = (
        value("MAP_FIXED_NOREPLACE"),
        """Map at the address or fail with EEXIST if anything is mapped there. An older kernel takes
        the address for a mere hint: compare the result. Since Linux 4.17.""",
    )
    MAP_UNINITIALIZED = (
        value("MAP_UNINITIALIZED", default=0),
        """Do not clear anonymous memory. Only on machines without a memory management unit, in
        kernels that were built to allow it. Since Linux 2.6.33.""",
    )
    if _HERE in _X86:
        MAP_32BIT = (
            0x40,
            """x86-64 only: an address in the first 2 gigabytes. Ignored together with MAP_FIXED. Since
            Linux 2.4.20.""",
        )
    if _HERE in _X86:
        MAP_ABOVE4G = (
            0x80,
            """x86-64 only: an address above the first 4 gigabytes, where shadow stacks must lie.
            Since Linux 6.6.""",
        )
    MAP_HUGE_16KB = 14 << 26, "Huge pages of 16 KiB. Named since Linux 5.10."
    MAP_HUGE_64KB = 16 << 26, "Huge pages of 64 KiB. Named since Linux 4.14."
    MAP_HUGE_512KB = 19 << 26, "Huge pages of 512 KiB. Named since Linux 4.14."
    MAP_HUGE_1MB = 20 << 26, "Huge pages of 1 MiB. Named since Linux 4.14."
    MAP_HUGE_2MB = 21 << 26, "Huge pages of 2 MiB, the usual size on x86 and arm64. Since Linux 3.8."
    MAP_HUGE_8MB = 23 << 26, "Huge pages of 8 MiB. Named since Linux 4.14."
    MAP_HUGE_16MB = 24 << 26, "Huge pages of 16 MiB. Named since Linux 4.14."
    MAP_HUGE_32MB = 25 << 26, "Huge pages of 32 MiB. Named since Linux 4.19."
    MAP_HUGE_256MB = 28 << 26, "Huge pages of 256 MiB. Named since Linux 4.14."
    MAP_HUGE_512MB = 29 << 26, "Huge pages of 512 MiB. Named since Linux 4.19."
    MAP_HUGE_1GB = 30 << 26, "Huge pages of 1 GiB. Since Linux 3.8."
    MAP_HUGE_2GB = 31 << 26, "Huge pages of 2 GiB. Named since Linux 4.14."
    MAP_HUGE_16GB = 34 << 26, "Huge pages of 16 GiB. Named since Linux 4.14."


class MremapFlags(DocumentedFlag):
    """The flags of mremap."""

    MREMAP_MAYMOVE = (
        1,
        """If there is no space to grow, move the mapping elsewhere. Pointers into it are stale then;
        without the flag the call fails with ENOMEM. Since Linux 2.0.""",
    )
    MREMAP_FIXED = (
        2,
        """Move to the address in new_addr and replace whatever is mapped there. Needs
        MREMAP_MAYMOVE. Since Linux 2.3.31.""",
    )
    MREMAP_DONTUNMAP = (
        4,
        """Move the pages and leave the old range mapped, empty. Needs MREMAP_MAYMOVE and an
        unchanged size. Since Linux 5.7 for private anonymous memory, since 5.13 for most.""",
    )


class MsyncFlags(DocumentedFlag):
    """The flags of msync: MS_SYNC or MS_ASYNC, not both, and perhaps MS_INVALIDATE. Since Linux 2.0."""

    MS_ASYNC = (
        value("MS_ASYNC"),
        """Does nothing but check the range: the kernel writes changed pages in its own time. Before
        2.6.19 it marked them for that.""",
    )
    MS_SYNC = (
        value("MS_SYNC"),
        "Write changed pages to the file and wait until that is done, as fdatasync does.",
    )
    MS_INVALIDATE = (
        value("MS_INVALIDATE"),
        """Fail with EBUSY if a page of the range is locked. It invalidates nothing: mappings of one
        file always agree on Linux.""",
    )


class MlockFlags(DocumentedFlag):
    """The flags of mlock2."""

    MLOCK_ONFAULT = (
        0x01,
        """Lock each page when it is first touched, instead of bringing all of them in now. Since
        Linux 4.4.""",
    )


class MlockallFlags(DocumentedFlag):
    """The flags of mlockall. An execve undoes them all, a child does not inherit them."""

    MCL_CURRENT = value("MCL_CURRENT"), "Lock what is mapped now. Since Linux 2.0."
    MCL_FUTURE = (
        value("MCL_FUTURE"),
        """Lock what will be mapped from now on. Past RLIMIT_MEMLOCK mmap then fails, and a stack
        that cannot grow raises SIGSEGV. Since Linux 2.0.""",
    )
    MCL_ONFAULT = (
        value("MCL_ONFAULT"),
        """With one of the others: lock each page when it is first touched. Since Linux 4.4.""",
    )


class MadviseAdvice(DocumentedEnum):
    """What is coming, or wanted, for a range of memory: the advice of madvise and process_madvise.

    Not all of it is mere advice: MADV_DONTNEED, MADV_FREE, MADV_REMOVE and MADV_GUARD_INSTALL
    discard contents. In another process process_madvise allows MADV_COLD, MADV_PAGEOUT,
    MADV_WILLNEED and MADV_COLLAPSE only; in the caller's own, anything since Linux 6.13. Since
    Linux 2.4 unless another version is named.
    """

    MADV_NORMAL = 0, "Nothing special: undoes MADV_RANDOM and MADV_SEQUENTIAL."
    MADV_RANDOM = 1, "Accesses in no order: reading ahead is of little use."
    MADV_SEQUENTIAL = 2, "Accesses in order: read far ahead, and drop soon what was read."
    MADV_WILLNEED = 3, "Start reading the pages in, from the file or from swap."
    MADV_SPACEAVAIL = 5, "alpha only, a name of OSF/1: never implemented, EINVAL."
    MADV_DONTNEED = (
        value("MADV_DONTNEED"),
        """Drop the pages now. Private anonymous memory reads as zeros afterwards, a mapped file is
        read again: unlike the POSIX advice of that name, this loses data.""",
    )
    MADV_FREE = (
        8,
        """The contents may be dropped, whenever memory is short; a write before then keeps the
        page. Until dropped, the old contents still show. Private anonymous memory only. Since
        Linux 4.5.""",
    )
    MADV_REMOVE = (
        9,
        """Punch a hole into the file under a shared writable mapping: the range reads as zeros for
        everyone. Since Linux 2.6.16 for tmpfs, since 3.5 for files with holes.""",
    )
    MADV_DONTFORK = (
        10,
        """Leave the range out of the address space of children: a touch there raises SIGSEGV. For
        memory that a device writes to. Since Linux 2.6.16.""",
    )
    MADV_DOFORK = 11, "Undo MADV_DONTFORK. Since Linux 2.6.16."
    MADV_MERGEABLE = (
        12,
        """Let the kernel merge equal pages of private anonymous memory (KSM), within and between
        processes. Costs time, and lets others measure what you hold. Since Linux 2.6.32.""",
    )
    MADV_UNMERGEABLE = 13, "Undo MADV_MERGEABLE, and split what was merged. Since Linux 2.6.32."
    MADV_HUGEPAGE = (
        14,
        """Use transparent huge pages here, where they are not for all (setting "madvise"). Since
        Linux 2.6.38.""",
    )
    MADV_NOHUGEPAGE = 15, "No transparent huge pages here, whatever the setting. Since Linux 2.6.38."
    MADV_DONTDUMP = 16, "Leave the range out of core dumps, whatever coredump_filter says. Since Linux 3.4."
    MADV_DODUMP = 17, "Undo MADV_DONTDUMP. Since Linux 3.4."
    MADV_WIPEONFORK = (
        18,
        """A child finds zeros in the range: for keys and for the state of random generators.
        Children inherit the mark, execve clears it. Private anonymous memory only. Since Linux 4.14.""",
    )
    MADV_KEEPONFORK = 19, "Undo MADV_WIPEONFORK. Since Linux 4.14."
    MADV_COLD = 20, "The pages will not be used soon: first to go when memory is short. Since Linux 5.4."
    MADV_PAGEOUT = (
        21,
        """Reclaim the pages now: write them to swap or to their file. Contents stay. Shared pages
        are left alone. Since Linux 5.4.""",
    )
    MADV_POPULATE_READ = (
        22,
        """Bring the pages in as if each were read, and report what fails: EFAULT, EHWPOISON. Since
        Linux 5.14.""",
    )
    MADV_POPULATE_WRITE = (
        23,
        """Bring the pages in as if each were written, without changing them; anonymous memory gets
        its pages. Since Linux 5.14.""",
    )
    MADV_DONTNEED_LOCKED = (
        24,
        """As MADV_DONTNEED, for locked pages too, which that refuses. The range stays locked. Since
        Linux 5.18.""",
    )
    MADV_COLLAPSE = (
        25,
        """Gather the range into transparent huge pages now, whatever their setting. Since Linux 6.1.""",
    )
    MADV_HWPOISON = (
        100,
        """Treat the pages as broken memory: who touches them gets SIGBUS. For tests, with
        CAP_SYS_ADMIN. Since Linux 2.6.32.""",
    )
    MADV_SOFT_OFFLINE = (
        101,
        """Move the contents elsewhere and stop using the page frames. Nobody is harmed, the
        memory is lost to the system. Needs CAP_SYS_ADMIN. Since Linux 2.6.33.""",
    )
    MADV_GUARD_INSTALL = (
        102,
        """Make the range a guard: a touch raises SIGSEGV. Cheaper than PROT_NONE, as the mapping is
        not split; contents are lost. Since Linux 6.13 for anonymous memory, since 6.15 for files.""",
    )
    MADV_GUARD_REMOVE = 103, "Undo MADV_GUARD_INSTALL; other pages are left as they are. Since Linux 6.13."


class MempolicyMode(DocumentedEnum):
    """From which NUMA nodes memory comes: the mode of set_mempolicy and mbind, what get_mempolicy
    stores. Bits of MempolicyModeFlags may be added. Since Linux 2.6.6 unless another is named.
    """

    MPOL_DEFAULT = (
        0,
        """No separate policy: for a range that of the thread, for a thread the node of the
        processor. The set of nodes must be empty.""",
    )
    MPOL_PREFERRED = (
        1,
        "The first node of the set if it has free memory, else a near one. An empty set: as MPOL_LOCAL.",
    )
    MPOL_BIND = (
        2,
        """These nodes and no others, the nearest first. When they are full the process may be
        killed for want of memory, however much is free elsewhere.""",
    )
    MPOL_INTERLEAVE = 3, "The nodes in turn, a page each: bandwidth before distance."
    MPOL_LOCAL = 4, "The node of the processor that asks. The set must be empty. Since Linux 3.8."
    MPOL_PREFERRED_MANY = 5, "Any of these nodes, and others only when these are full. Since Linux 5.15."
    MPOL_WEIGHTED_INTERLEAVE = (
        6,
        """The nodes in turn, as many pages each as its weight says, in
        /sys/kernel/mm/mempolicy/weighted_interleave. Since Linux 6.9.""",
    )


class MempolicyModeFlags(DocumentedFlag):
    """What is added to a MempolicyMode: how its set of nodes is to be read when the allowed nodes
    change. Without either flag, nodes are renumbered as the allowed ones are.
    """

    MPOL_F_NUMA_BALANCING = (
        1 << 13,
        """With MPOL_BIND, since 6.9 with MPOL_PREFERRED_MANY: let automatic balancing move pages
        between the nodes of the set; EINVAL with other modes. Since Linux 5.12.""",
    )
    MPOL_F_RELATIVE_NODES = (
        1 << 14,
        """The numbers count within the nodes that are allowed: 0 is the first of those. Since Linux
        2.6.26.""",
    )
    MPOL_F_STATIC_NODES = (
        1 << 15,
        """The numbers are those of the machine and are never renumbered; nodes that are not
        allowed drop out. Excludes MPOL_F_RELATIVE_NODES. Since Linux 2.6.26.""",
    )


class MempolicyFlags(DocumentedFlag):
    """What happens to pages that are elsewhere: flags of mbind, and MPOL_MF_MOVE and
    MPOL_MF_MOVE_ALL also of move_pages.
    """

    MPOL_MF_STRICT = (
        1 << 0,
        """Fail with EIO if a page lies where the policy would not put it; with a flag that moves,
        if one could not be moved. Since Linux 2.6.6.""",
    )
    MPOL_MF_MOVE = 1 << 1, "Move pages that only this process maps. Since Linux 2.6.16."
    MPOL_MF_MOVE_ALL = (
        1 << 2,
        """Move shared pages too. Needs CAP_SYS_NICE. Since Linux 2.6.16.""",
    )
    MPOL_MF_LAZY = 1 << 3, "Refused: meant to move pages when they are next touched. Named since Linux 3.8."


class GetMempolicyFlags(DocumentedFlag):
    """What get_mempolicy reports: without flags, the thread's own policy."""

    MPOL_F_NODE = (
        1 << 0,
        """Store a node instead of a mode: with MPOL_F_ADDR that of the page, else the next one of
        an interleaving thread. Since Linux 2.6.6.""",
    )
    MPOL_F_ADDR = 1 << 1, "The policy of the memory at addr, which must be 0 without it. Since Linux 2.6.6."
    MPOL_F_MEMS_ALLOWED = (
        1 << 2,
        """The nodes the thread may use at all, its cpuset. Excludes the others. Since Linux 2.6.24.""",
    )


class PkeyRights(DocumentedFlag):
    """What memory with a protection key denies: the initial rights of pkey_alloc.

    They hold for the calling thread. A thread changes its own later without a call, in a
    register. They say nothing about execution on x86.
    """

    PKEY_UNRESTRICTED = 0x0, "Deny nothing beyond what the pages themselves deny. Named since Linux 6.15."
    PKEY_DISABLE_ACCESS = 0x1, "Neither read nor write. Since Linux 4.9."
    PKEY_DISABLE_WRITE = 0x2, "No writes. Since Linux 4.9."
    PKEY_DISABLE_EXECUTE = (
        0x4,
        """No execution: powerpc since Linux 4.16, arm64 since 6.12.""",
    )
    PKEY_DISABLE_READ = 0x8, "No reads, while writes may go on: arm64 only, since Linux 6.12."


class MembarrierCommand(DocumentedFlag):
    """The command of membarrier: one of them. MEMBARRIER_CMD_QUERY answers with the sum of those
    that the kernel has.

    The expedited ones interrupt the processors and are quick; a process must register before it
    uses a private one, or gets EPERM.
    """

    MEMBARRIER_CMD_QUERY = 0, "Which commands there are, as a sum of their bits. Since Linux 4.3."
    MEMBARRIER_CMD_GLOBAL = (
        1 << 0,
        """A full barrier on every running thread of the system. Takes milliseconds; EINVAL on a
        kernel with nohz_full. Since Linux 4.3, under this name since 4.16.""",
    )
    MEMBARRIER_CMD_SHARED = MEMBARRIER_CMD_GLOBAL
    MEMBARRIER_CMD_GLOBAL_EXPEDITED = (
        1 << 1,
        """A barrier on running threads of the processes that registered for it. The caller need
        not have. Since Linux 4.16.""",
    )
    MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = (
        1 << 2,
        """Take part in the barriers of MEMBARRIER_CMD_GLOBAL_EXPEDITED. Since Linux 4.16.""",
    )
    MEMBARRIER_CMD_PRIVATE_EXPEDITED = (
        1 << 3,
        """A barrier on the running threads of the calling process. Since Linux 4.14.""",
    )
    MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = (
        1 << 4,
        """Register for MEMBARRIER_CMD_PRIVATE_EXPEDITED. Since Linux 4.14.""",
    )
    MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE = (
        1 << 5,
        """The private barrier, and each of the threads executes an instruction that serializes its
        core: after changing code. Not on every architecture. Since Linux 4.16.""",
    )
    MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = (
        1 << 6,
        """Register for MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE. Since Linux 4.16.""",
    )
    MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ = (
        1 << 7,
        """Restart the restartable sequences (rseq) that threads of the process are in; on one
        processor with MEMBARRIER_CMD_FLAG_CPU. Since Linux 5.10.""",
    )
    MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ = (
        1 << 8,
        """Register for MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ. Since Linux 5.10.""",
    )
    MEMBARRIER_CMD_GET_REGISTRATIONS = (
        1 << 9,
        """Which registrations the process has made, as a sum of their bits. Since Linux 6.3.""",
    )


class MembarrierFlags(DocumentedFlag):
    """The flags of membarrier."""

    MEMBARRIER_CMD_FLAG_CPU = (
        1 << 0,
        """Only on the processor cpu_id. With MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ only. Since
        Linux 5.10.""",
    )


class UserfaultfdFlags(DocumentedFlag):
    """The flags of userfaultfd. Their values but the last are open flags."""

    O_CLOEXEC = value("O_CLOEXEC"), "Close the descriptor at an execve. Since Linux 4.3."
    O_NONBLOCK = (
        value("O_NONBLOCK"),
        """A read without a pending event fails with EAGAIN. poll needs it, or reports POLLERR. Since
        Linux 4.3.""",
    )
    UFFD_USER_MODE_ONLY = (
        1,
        """Handle faults of user code only; one inside a system call raises SIGBUS or fails the
        call. Without CAP_SYS_PTRACE it is required, unless the sysctl
        vm.unprivileged_userfaultfd is 1. Since Linux 5.11.""",
    )


class ShadowStackFlags(DocumentedFlag):
    """The flags of map_shadow_stack."""

    SHADOW_STACK_SET_TOKEN = (
        1 << 0,
        """Put a token at the top, without which no thread can switch to the new stack. Since Linux
        6.6.""",
    )
    SHADOW_STACK_SET_MARKER = (
        1 << 1,
        """Leave an empty entry at the very top, which shows an unwinder where to stop. arm64 only,
        EINVAL elsewhere. Since Linux 6.13.""",
    )


class MemfdSecretFlags(DocumentedFlag):
    """The flags of memfd_secret: only one of the open flags."""

    O_CLOEXEC = value("O_CLOEXEC"), "Close the descriptor at an execve. Since Linux 5.14."


class UffdFeatures(DocumentedFlag):
    """Features of userfaultfd, which UFFDIO_API asks for and reports: features of a uffdio_api."""

    UFFD_FEATURE_PAGEFAULT_FLAG_WP = (
        1 << 0,
        "Write protection, which the events of faults report. Since Linux 5.7.",
    )
    UFFD_FEATURE_EVENT_FORK = (
        1 << 1,
        """An event when the process forks, with a descriptor for the child. Needs CAP_SYS_PTRACE. Since
        Linux 4.11.""",
    )
    UFFD_FEATURE_EVENT_REMAP = (
        1 << 2,
        "An event when a registered range is moved by mremap. Since Linux 4.11.",
    )
    UFFD_FEATURE_EVENT_REMOVE = (
        1 << 3,
        "An event when pages are given up by MADV_REMOVE or MADV_DONTNEED. Since Linux 4.11.",
    )
    UFFD_FEATURE_MISSING_HUGETLBFS = 1 << 4, "Missing pages of hugetlbfs can be registered. Since Linux 4.11."
    UFFD_FEATURE_MISSING_SHMEM = 1 << 5, "Missing pages of shared memory can be registered. Since Linux 4.11."
    UFFD_FEATURE_EVENT_UNMAP = 1 << 6, "An event when a registered range is unmapped. Since Linux 4.11."
    UFFD_FEATURE_SIGBUS = 1 << 7, "A fault sends SIGBUS to the thread, and makes no event. Since Linux 4.14."
    UFFD_FEATURE_THREAD_ID = 1 << 8, "The events of faults name the thread. Since Linux 4.14."
    UFFD_FEATURE_MINOR_HUGETLBFS = 1 << 9, "Minor faults of hugetlbfs can be registered. Since Linux 5.13."
    UFFD_FEATURE_MINOR_SHMEM = 1 << 10, "Minor faults of shared memory can be registered. Since Linux 5.14."
    UFFD_FEATURE_EXACT_ADDRESS = (
        1 << 11,
        "The events have the address of the fault, and not that of its page. Since Linux 5.18.",
    )
    UFFD_FEATURE_WP_HUGETLBFS_SHMEM = (
        1 << 12,
        "Write protection of hugetlbfs and shared memory. Since Linux 5.19.",
    )
    UFFD_FEATURE_WP_UNPOPULATED = (
        1 << 13,
        "Write protection of pages that are not there yet. Since Linux 6.4.",
    )
    UFFD_FEATURE_POISON = 1 << 14, "UFFDIO_POISON is there. Since Linux 6.6."
    UFFD_FEATURE_WP_ASYNC = (
        1 << 15,
        """The kernel itself lifts the write protection at a write, without an event: to find changed
        pages. Since Linux 6.7.""",
    )
    UFFD_FEATURE_MOVE = 1 << 16, "UFFDIO_MOVE is there. Since Linux 6.8."


class UffdEvent(DocumentedEnum):
    """What a uffd_msg that is read from a userfaultfd reports."""

    UFFD_EVENT_PAGEFAULT = 0x12, "A thread waits for a page. Since Linux 4.3."
    UFFD_EVENT_FORK = 0x13, "The process has forked. Since Linux 4.11."
    UFFD_EVENT_REMAP = 0x14, "A range was moved. Since Linux 4.11."
    UFFD_EVENT_REMOVE = 0x15, "Pages were given up. Since Linux 4.11."
    UFFD_EVENT_UNMAP = 0x16, "A range was unmapped. Since Linux 4.11."


class UffdPagefaultFlags(DocumentedFlag):
    """The fault of a uffd_msg. No flag: a read of a missing page."""

    UFFD_PAGEFAULT_FLAG_WRITE = 1 << 0, "It was a write. Since Linux 4.3."
    UFFD_PAGEFAULT_FLAG_WP = 1 << 1, "The page is there, and protected from writing. Since Linux 5.7."
    UFFD_PAGEFAULT_FLAG_MINOR = (
        1 << 2,
        "The page is in the page cache, and not yet in the page table. Since Linux 5.13.",
    )


class UffdioRegisterMode(DocumentedFlag):
    """Which faults UFFDIO_REGISTER asks for, at least one kind."""

    UFFDIO_REGISTER_MODE_MISSING = 1 << 0, "Of pages that are not there. Since Linux 4.3."
    UFFDIO_REGISTER_MODE_WP = 1 << 1, "Writes to pages that UFFDIO_WRITEPROTECT protects. Since Linux 5.7."
    UFFDIO_REGISTER_MODE_MINOR = (
        1 << 2,
        "Of pages that are only in the page cache: hugetlbfs, shared memory. Since Linux 5.13.",
    )


class UffdioCopyMode(DocumentedFlag):
    """The mode of UFFDIO_COPY."""

    UFFDIO_COPY_MODE_DONTWAKE = 1 << 0, "Do not wake the threads that wait for the range. Since Linux 4.3."
    UFFDIO_COPY_MODE_WP = 1 << 1, "Protect the new pages from writing. Since Linux 5.7."


class UffdioZeropageMode(DocumentedFlag):
    """The mode of UFFDIO_ZEROPAGE."""

    UFFDIO_ZEROPAGE_MODE_DONTWAKE = (
        1 << 0,
        "Do not wake the threads that wait for the range. Since Linux 4.3.",
    )


class UffdioWriteprotectMode(DocumentedFlag):
    """The mode of UFFDIO_WRITEPROTECT."""

    UFFDIO_WRITEPROTECT_MODE_WP = (
        1 << 0,
        "Protect the range; without it, lift the protection and wake who waits. Since Linux 5.7.",
    )
    UFFDIO_WRITEPROTECT_MODE_DONTWAKE = (
        1 << 1,
        "Lift the protection, and do not wake the threads that wait. Since Linux 5.7.",
    )


class UffdioContinueMode(DocumentedFlag):
    """The mode of UFFDIO_CONTINUE."""

    UFFDIO_CONTINUE_MODE_DONTWAKE = (
        1 << 0,
        "Do not wake the threads that wait for the range. Since Linux 5.13.",
    )
    UFFDIO_CONTINUE_MODE_WP = 1 << 1, "Protect the pages from writing. Since Linux 6.4."


class UffdioPoisonMode(DocumentedFlag):
    """The mode of UFFDIO_POISON."""

    UFFDIO_POISON_MODE_DONTWAKE = 1 << 0, "Do not wake the threads that wait for the range. Since Linux 6.6."


class UffdioMoveMode(DocumentedFlag):
    """The mode of UFFDIO_MOVE."""

    UFFDIO_MOVE_MODE_DONTWAKE = 1 << 0, "Do not wake the threads that wait for the range. Since Linux 6.8."
    UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES = (
        1 << 1,
        """Leave out pages that the source does not have; without it they end the move with ENOENT. Since
        Linux 6.8.""",
    )


class UffdApi(DocumentedEnum):
    """The version of userfaultfd: api of a uffdio_api."""

    UFFD_API = 0xAA, "The only one. Since Linux 4.4 or earlier."
