"""Typed calls whose results are values: clocks, sleeping and timers.

A time is structures.timespec, whose `seconds` and `nanoseconds` are numbers; as an argument it may also be a
number of seconds, or a pair of seconds and nanoseconds. On ABIs with 32 bits the calls are those with 64-bit
times.
"""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import memory
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._make.values import in_c
from pysys.calls._values import durations
from pysys.doc import documented_call
from pysys.errors import EINTR, SyscallError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.calls._values.durations import OldTimer, Span, Timer


@in_c(resolved)
@documented_call
def clock_gettime(which_clock: int) -> structures.timespec:
    """clock_gettime(2): the time of a clock, exactly.

    which_clock: flags.ClockId, or the id of a process's or a device's clock.

    A clock that the kernel maps into the process (the vDSO) is read there without a system call, as the C
    library reads it, except on 32-bit ABIs. direct.clock_gettime always makes the call.

    Returns structures.timespec.

    Since Linux 2.6.
    """
    found = structures.timespec()
    resolved.clock_gettime(which_clock, found)
    return found


@in_c(resolved)
@documented_call
def clock_getres(which_clock: int) -> structures.timespec:
    """clock_getres(2): the resolution of a clock.

    which_clock: flags.ClockId, or the id of a process's or a device's clock.

    Returns structures.timespec.

    Since Linux 2.6.
    """
    found = structures.timespec()
    resolved.clock_getres(which_clock, found)
    return found


@documented_call
def clock_settime(which_clock: int, tp: Span) -> None:
    """clock_settime(2): set a clock, which is CLOCK_REALTIME or a device's.

    which_clock: flags.ClockId, or the id of a device's clock.
    tp: seconds, (seconds, nanoseconds) or structures.timespec.

    Returns None.

    Raises: EPERM without CAP_SYS_TIME. Since Linux 2.6.
    """
    resolved.clock_settime(which_clock, durations.timespec("clock_settime: tp", tp))


@documented_call
def clock_nanosleep(which_clock: int, flags: int, rqtp: Span) -> structures.timespec | None:
    """clock_nanosleep(2): sleep by a clock. Returns the rest if a signal's handler has run, else None.

    which_clock: flags.ClockId. flags: flags.TimerFlags: 0 for a span of time; TIMER_ABSTIME for a time of the
        clock, until which it sleeps whatever handlers run.
    rqtp: seconds, (seconds, nanoseconds) or structures.timespec.

    Since Linux 2.6.
    """
    left = structures.timespec()
    try:
        resolved.clock_nanosleep(which_clock, flags, durations.timespec("clock_nanosleep: rqtp", rqtp), left)
    except EINTR:
        return left
    return None


@documented_call
def nanosleep(rqtp: Span) -> structures.timespec | None:
    """nanosleep(2): sleep. Returns the rest if a signal's handler has run, else None.

    rqtp: seconds, (seconds, nanoseconds) or structures.timespec.

    time.sleep sleeps on after a handler; this returns.

    Since Linux 2.0.
    """
    left = structures.timespec()
    try:
        resolved.nanosleep(durations.timespec("nanosleep: rqtp", rqtp), left)
    except EINTR:
        return left
    return None


@documented_call
def times() -> tuple[int, structures.tms]:
    """times(2): clock ticks since a moment in the past, and those that this process and its children used.

    A tick is 1/100 of a second (os.sysconf("SC_CLK_TCK")); os.times gives the same in seconds.

    Returns the ticks, and structures.tms.

    Since Linux 1.0.
    """
    used = structures.tms(tms_utime=-1)  # which the kernel never writes
    try:
        return direct.times(used), used
    except SyscallError as error:
        if used.tms_utime == -1:
            raise
        # The call was made: in 32 bits some numbers of ticks look like errors.
        return -(error.errno or 0), used


@in_c(direct)
@documented_call
def getitimer(which: int) -> structures.itimerval:
    """getitimer(2): how long until one of this process's three timers expires, and its interval.

    which: flags.ItimerWhich.

    Returns structures.itimerval.

    Since Linux 1.0.
    """
    found = structures.itimerval()
    direct.getitimer(which, found)
    return found


@documented_call
def setitimer(which: int, value: OldTimer) -> structures.itimerval:
    """setitimer(2): start or stop one of this process's three timers. Returns what was left of it.

    which: flags.ItimerWhich: it says which clock, and which signal comes.
    value: seconds until it expires, 0 to stop it; a pair of that and the seconds between later expirations;
        or structures.itimerval.

    Since Linux 1.0.
    """
    before = structures.itimerval()
    direct.setitimer(which, durations.itimerval("setitimer: value", value), before)
    return before


@documented_call
def timer_create(which_clock: int, timer_event_spec: structures.sigevent | None = None) -> int:
    """timer_create(2): make a timer of this process, not yet started. Returns its id.

    which_clock: flags.ClockId. timer_event_spec: structures.sigevent, what happens when it expires
        (flags.SigeventNotify); None sends SIGALRM, with the id as its value.

    timer_delete(id) ends it, as exec does; a child does not inherit it.

    Since Linux 2.6.
    """
    made = ffi.new("int *")
    direct.timer_create(which_clock, timer_event_spec, made)
    return int(made[0])


@documented_call
def timer_settime(timer_id: int, flags: int, new_setting: Timer) -> structures.itimerspec:
    """timer_settime(2): start or stop a timer of timer_create. Returns what was left of it.

    timer_id: what timer_create returned.
    flags: flags.TimerFlags; with TIMER_ABSTIME the first expiration is a time of the clock.
    new_setting: seconds until it expires, 0 to stop it; a pair of that and the seconds between later
        expirations; or structures.itimerspec.

    Since Linux 2.6.
    """
    before = structures.itimerspec()
    resolved.timer_settime(
        timer_id, flags, durations.itimerspec("timer_settime: new_setting", new_setting), before
    )
    return before


@in_c(resolved)
@documented_call
def timer_gettime(timer_id: int) -> structures.itimerspec:
    """timer_gettime(2): how long until a timer expires (it_value), and the time between expirations.

    timer_id: what timer_create returned.

    Returns structures.itimerspec.

    Since Linux 2.6.
    """
    found = structures.itimerspec()
    resolved.timer_gettime(timer_id, found)
    return found


@documented_call
def clock_adjtime(which_clock: int, utx: structures.timex | None = None) -> tuple[int, structures.timex]:
    """clock_adjtime(2): the state of a clock and how it is steered. With utx it is steered, too.

    which_clock: flags.ClockId: CLOCK_REALTIME, or a device's clock. utx: structures.timex, whose modes say
        what to set; None only asks. It is not changed: what the kernel answers is a structure of its own.

    Returns the state, 0 (TIME_OK) to 5 (TIME_ERROR: not synchronized), and structures.timex.

    Raises: EPERM if something is to be set without CAP_SYS_TIME. Since Linux 2.6.39.
    """
    answer = structures.timex() if utx is None else memory.copied("clock_adjtime: utx", structures.timex, utx)
    return resolved.clock_adjtime(which_clock, answer), answer


@documented_call
def adjtimex(txc_p: structures.timex | None = None) -> tuple[int, structures.timex]:
    """adjtimex(2): clock_adjtime of CLOCK_REALTIME.

    txc_p: structures.timex, whose modes say what to set; None only asks. It is not changed.

    Returns the state and structures.timex, as clock_adjtime.

    Since Linux 1.0.
    """
    answer = (
        structures.timex() if txc_p is None else memory.copied("adjtimex: txc_p", structures.timex, txc_p)
    )
    return resolved.adjtimex(answer), answer
