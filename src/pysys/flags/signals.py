"""Flag types of signals: why one came.

Values are those of ``asm/siginfo.h``. What belongs to one signal has the same small numbers as what
belongs to others, so that there is a class for each.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum
from pysys.flags.values import value


class SignalCode(DocumentedEnum):
    """Why a signal came: si_code of a siginfo, for any signal.

    What is above 0 is the kernel's, and 0 and below a process's. Since Linux 2.4 or earlier, unless
    a member says otherwise.
    """

    SI_USER = 0, "kill, or what amounts to it."
    SI_KERNEL = 128, "The kernel, without a better reason."
    SI_QUEUE = -1, "rt_sigqueueinfo."
    SI_TIMER = value("SI_TIMER"), "A timer of timer_create."
    SI_MESGQ = value("SI_MESGQ"), "A message queue, after mq_notify."
    SI_ASYNCIO = (
        value("SI_ASYNCIO"),
        "Asynchronous I/O has ended: that of usbfs, or the C library's aio_read. Not that of io_submit.",
    )
    SI_SIGIO = (
        -5,
        "A descriptor is ready, and F_SETSIG chose a signal with codes of its own, such as SIGSEGV.",
    )
    SI_TKILL = -6, "tkill or tgkill. Since Linux 2.4.19."
    SI_DETHREAD = (
        -7,
        "A thread of the process called execve. Without use in the kernel. Since Linux 2.6.11 or earlier.",
    )
    SI_ASYNCNL = -60, "A look-up of a name has ended, of glibc's getaddrinfo_a. Since Linux 4.17 or earlier."


class ChildCode(DocumentedEnum):
    """What happened to a child: si_code of SIGCHLD, and of waitid. Since Linux 2.4 or earlier."""

    CLD_EXITED = 1, "It ended by exit; si_status is its status."
    CLD_KILLED = 2, "A signal killed it; si_status is the signal."
    CLD_DUMPED = 3, "A signal killed it, and it dumped core."
    CLD_TRAPPED = 4, "It is traced, and stopped for its tracer."
    CLD_STOPPED = 5, "A signal stopped it."
    CLD_CONTINUED = 6, "SIGCONT made it go on."


class SegvCode(DocumentedEnum):
    """What was wrong with an access to memory: si_code of SIGSEGV."""

    SEGV_MAPERR = 1, "Nothing is mapped there. Since Linux 2.4 or earlier."
    SEGV_ACCERR = 2, "What is mapped there does not permit it. Since Linux 2.4 or earlier."
    SEGV_BNDERR = 3, "It is outside of bounds, si_lower to si_upper. Since Linux 3.19."
    SEGV_PKUERR = 4, "The protection key si_pkey denies it. Since Linux 4.6."
    SEGV_ACCADI = 5, "ADI is not enabled for the memory. sparc64. Since Linux 4.17 or earlier."
    SEGV_ADIDERR = 6, "The version of ADI is another one, noticed late. sparc64. Since Linux 4.17 or earlier."
    SEGV_ADIPERR = (
        7,
        "The version of ADI is another one, noticed at once. sparc64. Since Linux 4.17 or earlier.",
    )
    SEGV_MTEAERR = 8, "The tag is another one, noticed late: si_addr is not known. arm64. Since Linux 5.10."
    SEGV_MTESERR = 9, "The tag is another one, noticed at once. arm64. Since Linux 5.10."
    SEGV_CPERR = 10, "A return or a jump does not go where control flow protection permits. Since Linux 6.6."


class BusCode(DocumentedEnum):
    """What was wrong with an address: si_code of SIGBUS.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    BUS_ADRALN = 1, "It is not aligned."
    BUS_ADRERR = 2, "There is no memory, such as behind the end of a mapped file."
    BUS_OBJERR = 3, "An error of the hardware, of the object."
    BUS_MCEERR_AR = (
        4,
        "Memory is broken that the program needs now; si_addr_lsb says how much of it. Since Linux 2.6.32.",
    )
    BUS_MCEERR_AO = (
        5,
        "Memory is broken that the program does not need yet; needs PR_MCE_KILL_EARLY. Since Linux 2.6.32.",
    )


class FpeCode(DocumentedEnum):
    """What was wrong with a computation: si_code of SIGFPE.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    FPE_INTDIV = 1, "An integer was divided by 0."
    FPE_INTOVF = 2, "An integer is too large."
    FPE_FLTDIV = 3, "A floating-point number was divided by 0."
    FPE_FLTOVF = 4, "A floating-point number is too large."
    FPE_FLTUND = 5, "A floating-point number is too small."
    FPE_FLTRES = 6, "A floating-point number is not exact."
    FPE_FLTINV = 7, "The operation is not valid for these numbers."
    FPE_FLTSUB = 8, "An index is out of range."
    FPE_FLTUNK = 14, "A floating-point exception of an unknown kind. Since Linux 4.17 or earlier."
    FPE_CONDTRAP = 15, "A trap on a condition. Since Linux 4.17 or earlier."


class IllCode(DocumentedEnum):
    """What was wrong with an instruction: si_code of SIGILL.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    ILL_ILLOPC = 1, "There is none with this opcode."
    ILL_ILLOPN = 2, "It has an operand that it cannot have."
    ILL_ILLADR = 3, "It has an addressing mode that it cannot have."
    ILL_ILLTRP = 4, "It is a trap that does not exist."
    ILL_PRVOPC = 5, "It is for the kernel only."
    ILL_PRVREG = 6, "It uses a register that is for the kernel only."
    ILL_COPROC = 7, "A coprocessor had an error."
    ILL_BADSTK = 8, "The processor's own stack had an error."
    ILL_BADIADDR = 9, "It is at an address that cannot have one. Since Linux 2.4 or earlier."


class TrapCode(DocumentedEnum):
    """What a program ran into: si_code of SIGTRAP.

    ptrace has codes of its own there: SIGTRAP with a PtraceEvent << 8.
    """

    TRAP_BRKPT = 1, "A breakpoint. Since Linux 2.4 or earlier."
    TRAP_TRACE = 2, "A step. Since Linux 2.4 or earlier."
    TRAP_BRANCH = 3, "A branch, when branches are traced. Since Linux 2.4 or earlier."
    TRAP_HWBKPT = 4, "A breakpoint or a watchpoint of the hardware. Since Linux 2.4 or earlier."
    TRAP_UNK = 5, "A trap of an unknown kind. Since Linux 4.19 or earlier."
    TRAP_PERF = 6, "An event with sigtrap of perf_event_open; si_perf_data is its sig_data. Since Linux 5.13."


class PollCode(DocumentedEnum):
    """What happened to a descriptor: si_code of SIGIO, or of the signal that F_SETSIG set.

    Since Linux 2.4 or earlier.
    """

    POLL_IN = 1, "There is something to read."
    POLL_OUT = 2, "It can be written to."
    POLL_MSG = 3, "There is a message."
    POLL_ERR = 4, "There was an error."
    POLL_PRI = 5, "There is something urgent to read."
    POLL_HUP = 6, "The other end is gone."


class SigsysCode(DocumentedEnum):
    """What caught a system call: si_code of SIGSYS."""

    SYS_SECCOMP = 1, "A filter, with SECCOMP_RET_TRAP. Since Linux 3.5."
    SYS_USER_DISPATCH = 2, "PR_SET_SYSCALL_USER_DISPATCH. Since Linux 5.11."


class EmtCode(DocumentedEnum):
    """What was wrong with tagged arithmetic: si_code of SIGEMT, on sparc."""

    EMT_TAGOVF = 1, "A tag overflowed. Since Linux 4.20."
