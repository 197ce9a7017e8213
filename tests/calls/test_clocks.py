"""Clocks, sleeping and timers, against what time and signal say."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable

import pytest
from isolated import until

from pysys import calls, errors, structures
from pysys.calls import direct

isolated = pytest.mark.isolated(timeout=30)
TIMER_ABSTIME = 1
SIGEV_SIGNAL, SIGEV_NONE = 0, 1


@pytest.mark.parametrize("clock", [time.CLOCK_REALTIME, time.CLOCK_MONOTONIC, time.CLOCK_PROCESS_CPUTIME_ID])
def test_clock_gettime_lies_between_two_of_pythons(clock: int) -> None:
    """The time is that of time.clock_gettime_ns, exactly."""
    before = time.clock_gettime_ns(clock)
    now = calls.clock_gettime(clock)
    assert isinstance(now, structures.timespec)
    assert before <= now.nanoseconds <= time.clock_gettime_ns(clock)
    assert calls.clock_getres(clock).seconds == time.clock_getres(clock)


def test_errors_of_clocks() -> None:
    """An unknown clock is EINVAL, one that cannot be set, too; a time is a number or a structure."""
    for call in (calls.clock_gettime, calls.clock_getres):
        with pytest.raises(errors.EINVAL):
            call(99)
    with pytest.raises((errors.EINVAL, errors.EPERM)):
        calls.clock_settime(time.CLOCK_MONOTONIC, 1.5)
    with pytest.raises(TypeError, match="tp must be"):
        calls.clock_settime(time.CLOCK_MONOTONIC, "now")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(errors.EINVAL):
        calls.nanosleep(-1)


@pytest.mark.parametrize("span", [0, 0.001, (0, 1_000_000), structures.timespec(tv_nsec=1_000_000)])
def test_sleeping_to_the_end_leaves_nothing(span: float | tuple[int, int] | structures.timespec) -> None:
    """Both sleep as long as they are told, in seconds, as a pair or as a structure, and nothing is left."""
    wanted = 0 if span == 0 else 1_000_000
    sleeps: tuple[Callable[[], object], ...] = (
        lambda: calls.nanosleep(span),
        lambda: calls.clock_nanosleep(time.CLOCK_MONOTONIC, 0, span),
    )
    for sleep in sleeps:
        before = time.monotonic_ns()
        assert sleep() is None
        assert time.monotonic_ns() - before >= wanted


@isolated
def test_a_handler_ends_a_sleep_and_what_is_left_is_returned() -> None:
    """The handler has run, and the remainder is less than what was asked for."""
    seen: list[int] = []
    signal.signal(signal.SIGALRM, lambda number, _: seen.append(number))
    sleeps: tuple[Callable[[], structures.timespec | None], ...] = (
        lambda: calls.nanosleep(1000),
        lambda: calls.clock_nanosleep(time.CLOCK_MONOTONIC, 0, 1000.5),
    )
    for sleep in sleeps:
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)  # again, as the first may come before the sleep
        left = sleep()
        signal.setitimer(signal.ITIMER_REAL, 0)
        assert seen.pop() == signal.SIGALRM
        assert left is not None and 900 < left.seconds < 1000.5


@isolated
def test_a_sleep_until_a_time_goes_on_after_a_handler() -> None:
    """TIMER_ABSTIME sleeps until its time, whatever comes between."""
    seen: list[int] = []
    signal.signal(signal.SIGALRM, lambda number, _: seen.append(number))
    end = time.monotonic() + 0.1
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    assert calls.clock_nanosleep(time.CLOCK_MONOTONIC, TIMER_ABSTIME, end) is None
    assert seen and time.monotonic() >= end - 1e-6


@isolated
def test_an_exception_of_a_handler_comes_through() -> None:
    """A handler that raises ends the sleep with its exception."""

    def handler(number: int, frame: object) -> None:
        raise KeyError(number)

    signal.signal(signal.SIGALRM, handler)
    calls.nanosleep(0)  # an import may lose the exception: it calls back, where Python only prints one
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        calls.nanosleep(1000)
    except KeyError:
        return
    raise AssertionError("the handler's exception is lost")


def test_times_are_those_of_os() -> None:
    """Ticks used are what os.times gives in seconds."""
    ticks = os.sysconf("SC_CLK_TCK")
    before = os.times()
    elapsed, used = calls.times()
    after = os.times()
    assert round(before.user * ticks) <= used.tms_utime <= round(after.user * ticks)
    assert isinstance(elapsed, int)


@isolated
def test_interval_timers() -> None:
    """What was left is returned in turn; the signal comes; 0 stops the timer."""
    seen: list[int] = []
    signal.signal(signal.SIGALRM, lambda number, _: seen.append(number))
    which = signal.ITIMER_REAL
    assert not calls.setitimer(which, (1000, 0.25))
    left = calls.getitimer(which)
    assert 900 < left.it_value.seconds <= 1001 and left.it_interval.tv_usec == 250_000
    assert signal.getitimer(which)[1] == 0.25
    assert (
        calls.setitimer(which, structures.itimerval(it_value={"tv_usec": 1000})).it_interval.seconds == 0.25
    )
    until(lambda: seen)
    calls.setitimer(which, 5)
    calls.setitimer(which, 0)
    assert signal.getitimer(which) == (0.0, 0.0)
    try:
        calls.getitimer(7)
    except errors.EINVAL:
        return
    raise AssertionError("there are three timers")


@isolated
def test_timers_of_the_process() -> None:
    """A timer is made, set, read and sends its signal with its value; a deleted one is EINVAL."""
    seen: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, _: seen.append(number))
    quiet = calls.timer_create(time.CLOCK_MONOTONIC, structures.sigevent(sigev_notify=SIGEV_NONE))
    assert not calls.timer_settime(quiet, 0, (1000, 3))
    left = calls.timer_gettime(quiet)
    assert 900 < left.it_value.seconds <= 1000 and left.it_interval.tv_sec == 3
    assert calls.timer_settime(quiet, 0, 0).it_interval.tv_sec == 3
    calls.timer_delete(quiet)
    event = structures.sigevent(sigev_notify=SIGEV_SIGNAL, sigev_signo=signal.SIGUSR1)
    loud = calls.timer_create(time.CLOCK_MONOTONIC, event)
    calls.timer_settime(loud, TIMER_ABSTIME, 0.001)
    until(lambda: seen == [signal.SIGUSR1])
    calls.timer_delete(loud)
    try:
        calls.timer_gettime(loud)
    except errors.EINVAL:
        return
    raise AssertionError("a deleted timer is there")


def test_how_the_clock_is_steered() -> None:
    """Asking needs no right and returns the time, both calls return the same; the argument stays as it is."""
    before = time.time()
    state, told = calls.adjtimex()
    assert 0 <= state <= 5
    fraction = told.time.tv_usec / (1e9 if told.status & 0x2000 else 1e6)  # STA_NANO
    assert before - 1e-3 <= told.time.tv_sec + fraction <= time.time() + 1e-3
    question = structures.timex()
    same, other = calls.clock_adjtime(time.CLOCK_REALTIME, question)
    assert (same, other.tick, other.freq) == (state, told.tick, told.freq)
    assert question == structures.timex()
    with pytest.raises(errors.SyscallError):
        calls.clock_adjtime(99)


def test_times_that_look_like_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a program of 32 bits a number of ticks may; that the kernel has written shows that it is not one."""
    written = 0

    def answer(used: structures.tms) -> int:
        used.tms_utime = written
        raise errors.error(errno.EAGAIN, "times")

    monkeypatch.setattr(direct, "times", answer)
    assert calls.times()[0] == -errno.EAGAIN
    written = -1  # nothing: a filter refuses the call
    with pytest.raises(errors.EAGAIN):
        calls.times()
