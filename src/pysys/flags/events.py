"""Flag types of the calls that wait and of clocks: epoll, poll, eventfd, signalfd, timers.

Values are those of the kernel's headers (``linux/eventpoll.h``, ``asm/poll.h``,
``linux/eventfd.h``, ``linux/signalfd.h``, ``linux/timerfd.h``, ``linux/time.h``, ``linux/timex.h``,
``asm/siginfo.h``). Flags of the ``*_CLOEXEC`` and ``*_NONBLOCK`` kind are open flags, whose
values differ between architectures.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value


class EpollEvents(DocumentedFlag):
    """The events field of struct epoll_event, for epoll_ctl and from epoll_wait and its kin.

    The same on every architecture, unlike PollEvents. Errors and hang-ups are always reported, also
    when events is 0. Since Linux 2.6.0, unless a member says otherwise.
    """

    EPOLLIN = 0x1, "Something can be read, or a connection accepted, or the end was reached."
    EPOLLPRI = (
        0x2,
        """Something exceptional: urgent data of TCP, a change of a cgroup or sysfs file, a
        packet-mode pty.""",
    )
    EPOLLOUT = 0x4, "Something can be written without waiting, or a connect has ended: look at SO_ERROR."
    EPOLLERR = 0x8, "An error, or a pipe that has lost its last reader. Reported unasked."
    EPOLLHUP = 0x10, "Both directions are closed; what was sent before may still be read. Reported unasked."
    EPOLLNVAL = (
        0x20,
        """The kernel's counterpart of POLLNVAL; epoll itself never reports it, since a closed file
        leaves the set. Since Linux 4.16.""",
    )
    EPOLLRDNORM = 0x40, "Reported with EPOLLIN, where a file distinguishes."
    EPOLLRDBAND = 0x80, "Priority data to read; next to no file has it."
    EPOLLWRNORM = 0x100, "Reported with EPOLLOUT, where a file distinguishes."
    EPOLLWRBAND = 0x200, "Priority data can be written; next to no file has it."
    EPOLLMSG = 0x400, "Without use in Linux."
    EPOLLRDHUP = 0x2000, "The peer of a stream has closed or shut down its sending side. Since Linux 2.6.17."
    EPOLL_URING_WAKE = 0x08000000, "Internal to the kernel: a wake-up caused by io_uring. Since Linux 6.2."
    EPOLLEXCLUSIVE = (
        0x10000000,
        """Of several epoll instances that wait for the file, wake at least one instead of all.
        Only with EPOLL_CTL_ADD, and then EPOLL_CTL_MOD is refused. Since Linux 4.5.""",
    )
    EPOLLWAKEUP = (
        0x20000000,
        """The system stays awake until the event was handled, that is until the next epoll_wait.
        Needs CAP_BLOCK_SUSPEND, is silently dropped without. Since Linux 3.5.""",
    )
    EPOLLONESHOT = (
        0x40000000,
        """After one report the file stays in the set but is silent until EPOLL_CTL_MOD. Since
        Linux 2.6.2.""",
    )
    EPOLLET = (
        0x80000000,
        """Edge-triggered: report arrivals, not the state. Read or write until EAGAIN, else the
        rest goes unreported.""",
    )


class EpollOperation(DocumentedEnum):
    """The op parameter of epoll_ctl.

    An entry is an open file description together with the descriptor number. It goes by itself only
    when the last copy of the descriptor is closed. Since Linux 2.6.0.
    """

    EPOLL_CTL_ADD = 1, "Add the file; EEXIST if it is there, EPERM for regular files and directories."
    EPOLL_CTL_DEL = 2, "Remove the file. The event is not looked at, and may be NULL since Linux 2.6.9."
    EPOLL_CTL_MOD = 3, "Replace events and data of a file that is there."


class EpollCreateFlags(DocumentedFlag):
    """The flags of epoll_create1."""

    EPOLL_CLOEXEC = value("EPOLL_CLOEXEC"), "Close the descriptor on exec. Since Linux 2.6.27."


class EventfdFlags(DocumentedFlag):
    """The flags of eventfd2.

    Reading returns the counter and resets it to 0; writing adds.
    """

    EFD_SEMAPHORE = 0x1, "A read takes 1 from the counter instead of all of it. Since Linux 2.6.30."
    EFD_CLOEXEC = value("EFD_CLOEXEC"), "Close the descriptor on exec. Since Linux 2.6.27."
    EFD_NONBLOCK = (
        value("EFD_NONBLOCK"),
        """EAGAIN when the counter is 0, or would overflow by a write. Since Linux 2.6.27.""",
    )


class SignalfdFlags(DocumentedFlag):
    """The flags of signalfd4.

    The signals must be blocked by sigprocmask, or they are delivered in the usual way.
    """

    SFD_CLOEXEC = value("SFD_CLOEXEC"), "Close the descriptor on exec. Since Linux 2.6.27."
    SFD_NONBLOCK = value("SFD_NONBLOCK"), "EAGAIN when no signal is pending. Since Linux 2.6.27."


class TimerfdFlags(DocumentedFlag):
    """The flags of timerfd_create."""

    TFD_CLOEXEC = value("TFD_CLOEXEC"), "Close the descriptor on exec. Since Linux 2.6.27."
    TFD_NONBLOCK = (
        value("TFD_NONBLOCK"),
        """EAGAIN when the timer has not expired since the last read. Since Linux 2.6.27.""",
    )


class TimerfdSetFlags(DocumentedFlag):
    """The flags of timerfd_settime."""

    TFD_TIMER_ABSTIME = (
        0x1,
        """The first expiration is a time of the clock, not a distance from now. Since Linux
        2.6.25.""",
    )
    TFD_TIMER_CANCEL_ON_SET = (
        0x2,
        """A jump of the real-time clock ends a read with ECANCELED. Only with TFD_TIMER_ABSTIME on
        a real-time clock, without effect otherwise. Since Linux 3.0.""",
    )


class PollEvents(DocumentedFlag):
    """The events and revents fields of struct pollfd, for poll and ppoll.

    From POLLWRNORM on the values differ between architectures. Errors and hang-ups are reported
    unasked. Since Linux 2.2, unless a member says otherwise.
    """

    POLLIN = 0x1, "Something can be read, or a connection accepted, or the end was reached."
    POLLPRI = (
        0x2,
        """Something exceptional: urgent data of TCP, a change of a cgroup or sysfs file, a
        packet-mode pty.""",
    )
    POLLOUT = 0x4, "Something can be written without waiting, or a connect has ended: look at SO_ERROR."
    POLLERR = 0x8, "An error, or a pipe that has lost its last reader. Only in revents."
    POLLHUP = 0x10, "Both directions are closed; what was sent before may still be read. Only in revents."
    POLLNVAL = 0x20, "The descriptor is not open. Only in revents; a negative descriptor is skipped instead."
    POLLRDNORM = 0x40, "Reported with POLLIN, where a file distinguishes."
    POLLRDBAND = 0x80, "Priority data to read; next to no file has it."
    POLLWRNORM = (
        value("POLLWRNORM"),
        """Reported with POLLOUT, where a file distinguishes. The same bit as POLLOUT on m68k,
        mips, sparc and xtensa.""",
    )
    POLLWRBAND = value("POLLWRBAND"), "Priority data can be written; next to no file has it."
    POLLMSG = value("POLLMSG"), "Without use in Linux."
    POLLREMOVE = value("POLLREMOVE"), "Without use in Linux. Since Linux 2.6.0."
    POLLRDHUP = (
        value("POLLRDHUP"),
        """The peer of a stream has closed or shut down its sending side. Since Linux 2.6.17.""",
    )


class ClockId(DocumentedEnum):
    """The clock parameter of clock_gettime, clock_settime, clock_nanosleep, timer_create, timerfd_create.

    Not every call takes every clock. Negative numbers are clocks too: of a process or thread, as
    the C library's clock_getcpuclockid makes them, or of a device, as ``~fd << 3 | 3``.
    """

    CLOCK_REALTIME = (
        0,
        """Time since 1970 in UTC. It jumps when it is set. To set it needs CAP_SYS_TIME. Since
        Linux 2.6.0.""",
    )
    CLOCK_MONOTONIC = (
        1,
        """Time from an arbitrary point, never backwards; not counted while the system is suspended.
        Shifted in a time namespace. Since Linux 2.6.0.""",
    )
    CLOCK_PROCESS_CPUTIME_ID = 2, "Processor time of all threads of the process. Since Linux 2.6.12."
    CLOCK_THREAD_CPUTIME_ID = (
        3,
        """Processor time of the thread. clock_nanosleep refuses it. Since Linux 2.6.12.""",
    )
    CLOCK_MONOTONIC_RAW = (
        4,
        """CLOCK_MONOTONIC without the corrections of adjtime and NTP. Not for timers. Since Linux
        2.6.28.""",
    )
    CLOCK_REALTIME_COARSE = (
        5,
        """CLOCK_REALTIME as of the last tick: faster, milliseconds off. Not for timers. Since
        Linux 2.6.32.""",
    )
    CLOCK_MONOTONIC_COARSE = (
        6,
        """CLOCK_MONOTONIC as of the last tick: faster, milliseconds off. Not for timers. Since
        Linux 2.6.32.""",
    )
    CLOCK_BOOTTIME = (
        7,
        """CLOCK_MONOTONIC with the time of suspension added. Shifted in a time namespace. Since
        Linux 2.6.39.""",
    )
    CLOCK_REALTIME_ALARM = (
        8,
        """For timers on CLOCK_REALTIME that wake a suspended system. Needs CAP_WAKE_ALARM. Since
        Linux 3.0.""",
    )
    CLOCK_BOOTTIME_ALARM = (
        9,
        """For timers on CLOCK_BOOTTIME that wake a suspended system. Needs CAP_WAKE_ALARM. Since
        Linux 3.0.""",
    )
    CLOCK_SGI_CYCLE = (
        10,
        """A hardware clock of SGI machines, in Linux 2.6 and some years after; the number is kept
        free.""",
    )
    CLOCK_TAI = (
        11,
        """CLOCK_REALTIME without leap seconds; the offset is 0 until an NTP program sets it. Since
        Linux 3.10.""",
    )
    CLOCK_AUX = (
        16,
        """The first of eight clocks to be steered apart from the system's time, for instance after
        a PTP network. Off until enabled in /sys/kernel/time/aux_clocks. Since Linux 6.17.""",
    )
    CLOCK_AUX_LAST = 23, "The last of the eight auxiliary clocks. Since Linux 6.17."


class TimerFlags(DocumentedFlag):
    """The flags of timer_settime and clock_nanosleep. Since Linux 2.6.0."""

    TIMER_ABSTIME = (
        0x1,
        """The time is one of the clock, not a distance from now: a sleep that a signal cut short
        can be repeated as it was.""",
    )


class ItimerWhich(DocumentedEnum):
    """The which parameter of setitimer and getitimer. Since Linux 2.0 or earlier."""

    ITIMER_REAL = 0, "Real time; sends SIGALRM. alarm uses the same timer."
    ITIMER_VIRTUAL = 1, "Time the process spends in user mode; sends SIGVTALRM."
    ITIMER_PROF = 2, "Time the process spends in user mode and in the kernel; sends SIGPROF."


class SigeventNotify(DocumentedEnum):
    """sigev_notify of struct sigevent, for timer_create and mq_notify. Since Linux 2.6.0."""

    SIGEV_SIGNAL = 0, "Send sigev_signo to the process, with sigev_value."
    SIGEV_NONE = 1, "Nothing; the timer is to be asked by timer_gettime."
    SIGEV_THREAD = (
        2,
        """A thread of the C library calls a function. timer_create treats it as a signal;
        mq_notify writes to the netlink socket in sigev_signo.""",
    )
    SIGEV_THREAD_ID = (
        4,
        """timer_create only, added to SIGEV_SIGNAL: to the thread of this process whose id is
        given. Since Linux 2.6.0.""",
    )


class TimexModes(DocumentedFlag):
    """The modes field of struct timex: what adjtimex and clock_adjtime change. 0 only reads.

    To change anything needs CAP_SYS_TIME. Since Linux 2.0 or earlier, unless a member says
    otherwise.
    """

    ADJ_OFFSET = 0x0001, "The offset, to be worked off; in microseconds unless STA_NANO is on."
    ADJ_FREQUENCY = 0x0002, "The frequency correction, parts per million times 65536."
    ADJ_MAXERROR = 0x0004, "The greatest error, in microseconds."
    ADJ_ESTERROR = 0x0008, "The estimated error, in microseconds."
    ADJ_STATUS = 0x0010, "The status bits, see TimexStatus."
    ADJ_TIMECONST = 0x0020, "The time constant of the control loop."
    ADJ_TAI = 0x0080, "The offset of CLOCK_TAI in seconds, in the constant field. Since Linux 2.6.26."
    ADJ_SETOFFSET = 0x0100, "Add the time field to the clock at once. Since Linux 2.6.39."
    ADJ_MICRO = 0x1000, "From now on microseconds in offset and time. Since Linux 2.6.26."
    ADJ_NANO = (
        0x2000,
        """From now on nanoseconds in offset and time. At most one of the two. Since Linux
        2.6.26.""",
    )
    ADJ_TICK = 0x4000, "The length of a tick, in microseconds."
    ADJ_OFFSET_SINGLESHOT = 0x8001, "Alone: a slow correction in the manner of the old adjtime."
    ADJ_OFFSET_SS_READ = 0xA001, "Alone: read what is left of the slow correction. Since Linux 2.6.28."


class TimexStatus(DocumentedFlag):
    """The status field of struct timex, set by ADJ_STATUS.

    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    STA_PLL = 0x0001, "Offsets go through the phase-locked loop."
    STA_PPSFREQ = 0x0002, "Follow the frequency of a pulse-per-second signal."
    STA_PPSTIME = 0x0004, "Follow the time of a pulse-per-second signal."
    STA_FLL = 0x0008, "Prefer the frequency-locked loop."
    STA_INS = 0x0010, "Insert a leap second at the end of the day, UTC."
    STA_DEL = 0x0020, "Leave out the last second of the day, UTC."
    STA_UNSYNC = (
        0x0040,
        """The clock is not synchronised; the kernel sets it when maxerror has grown to 16
        seconds.""",
    )
    STA_FREQHOLD = 0x0080, "Keep the frequency while offsets are worked off."
    STA_PPSSIGNAL = 0x0100, "A pulse-per-second signal is there. Read only."
    STA_PPSJITTER = 0x0200, "The signal jitters too much. Read only."
    STA_PPSWANDER = 0x0400, "The signal wanders too much. Read only."
    STA_PPSERROR = 0x0800, "The signal could not be calibrated. Read only."
    STA_CLOCKERR = 0x1000, "A fault of the clock's hardware. Read only."
    STA_NANO = 0x2000, "Nanoseconds; see ADJ_NANO. Read only. Since Linux 2.6.26."
    STA_MODE = 0x4000, "1: the frequency-locked loop is in use. Read only. Since Linux 2.6.26."
    STA_CLK = 0x8000, "The clock's source; always 0 in Linux. Read only. Since Linux 2.6.26."


class TimexState(DocumentedEnum):
    """What adjtimex and clock_adjtime return. Since Linux 2.0 or earlier."""

    TIME_OK = 0, "Synchronised, no leap second ahead."
    TIME_INS = 1, "A second will be inserted at the end of the day."
    TIME_DEL = 2, "A second will be left out at the end of the day."
    TIME_OOP = 3, "The inserted second is running."
    TIME_WAIT = 4, "A leap second is over; until STA_INS and STA_DEL are cleared."
    TIME_ERROR = 5, "Not synchronised."
    TIME_BAD = TIME_ERROR
