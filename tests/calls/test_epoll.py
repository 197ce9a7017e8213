"""epoll."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator

import pytest

from pysys import calls, errors, numbers, structures
from pysys.flags import EpollEvents, EpollOperation

ADD, DEL, MOD = EpollOperation.EPOLL_CTL_ADD, EpollOperation.EPOLL_CTL_DEL, EpollOperation.EPOLL_CTL_MOD
IN, OUT, ET = EpollEvents.EPOLLIN, EpollEvents.EPOLLOUT, EpollEvents.EPOLLET


@pytest.fixture
def polled() -> Iterator[tuple[int, int, int]]:
    """An epoll descriptor, and the ends of a pipe."""
    fds = calls.epoll_create1(), *os.pipe()
    yield fds
    for fd in fds:
        os.close(fd)


WAITS = [
    lambda fd: calls.epoll_wait(fd, 4, 0),
    lambda fd: calls.epoll_wait(fd, timeout=5),
    lambda fd: calls.epoll_pwait(fd, 4, 0, {signal.SIGUSR1}),
    lambda fd: calls.epoll_pwait2(fd, 4, 0),
    lambda fd: calls.epoll_pwait2(fd, 4, 0.001, {signal.SIGUSR1}),
    lambda fd: calls.epoll_pwait2(fd, 4, structures.timespec(tv_nsec=1_000_000)),
]


@pytest.mark.parametrize("wait", WAITS)
def test_epoll_gives_what_was_registered_with_the_events(polled: tuple[int, int, int], wait: object) -> None:
    """Each waiting call gives pairs of data and events, and none when time has passed."""
    epoll, reader, writer = polled
    assert callable(wait)
    with open(reader, closefd=False) as file:
        calls.epoll_ctl(epoll, ADD, file, IN)
    assert wait(epoll) == []
    os.write(writer, b"x")
    assert wait(epoll) == [(reader, IN)]
    calls.epoll_ctl(epoll, MOD, reader, IN | ET, 2**64 - 1)
    calls.epoll_ctl(epoll, ADD, writer, OUT, 7)
    assert sorted(wait(epoll)) == [(7, OUT), (2**64 - 1, IN)]
    assert wait(epoll) == [(7, OUT)]  # the other one only once
    calls.epoll_ctl(epoll, DEL, writer)
    assert wait(epoll) == []
    with pytest.raises(errors.ENOENT):
        calls.epoll_ctl(epoll, DEL, writer)


def test_epoll_wants_at_least_one(polled: tuple[int, int, int]) -> None:
    """No event at all, or too many, is refused before the kernel is asked."""
    for count, error in ((0, ValueError), (-1, ValueError), (2**31, OverflowError)):
        with pytest.raises(error, match=r"epoll_wait: maxevents: .* is out of range"):
            calls.epoll_wait(polled[0], count, 0)


@pytest.mark.isolated
def test_epoll_waits_with_other_signals_blocked() -> None:
    """A signal that the mask blocks waits for the end of the call; another one interrupts it."""
    epoll = calls.epoll_create1()
    came: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, _: came.append(number))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    os.kill(os.getpid(), signal.SIGUSR1)
    assert calls.epoll_pwait2(epoll, 1, 0, {signal.SIGUSR1}) == [] and not came
    for wait in (calls.epoll_pwait, calls.epoll_pwait2):
        try:
            wait(epoll, 1, 20, ())
        except errors.EINTR:
            pass
        else:
            raise AssertionError("it was not interrupted")
        assert came.pop() == signal.SIGUSR1
        os.kill(os.getpid(), signal.SIGUSR1)


@pytest.mark.isolated
def test_epoll_pwait2_on_an_old_kernel() -> None:
    """Without epoll_pwait2 full milliseconds go through epoll_pwait; what is finer is ENOSYS."""
    from isolated import filter_calls

    epoll = calls.epoll_create1()
    filter_calls([numbers.number("epoll_pwait2")], errno.ENOSYS)
    assert calls.epoll_pwait2(epoll, 1, 0.001) == []
    try:
        calls.epoll_pwait2(epoll, 1, 0.0001)
    except errors.ENOSYS:
        return
    raise AssertionError("a limit that does not fit")
