"""Sets of signals, waiting for signals, signals as a descriptor, signals with a value."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated import open_descriptors

from pysys import calls, errors, structures
from pysys.calls._values import sets

isolated = pytest.mark.isolated(timeout=30)
USR1, USR2 = signal.SIGUSR1, signal.SIGUSR2


def _raises(error: type[BaseException], call: Callable[[], object]) -> BaseException:
    try:
        call()
    except error as raised:
        return raised
    raise AssertionError(f"{error.__name__} was expected")


@isolated
def test_masks_and_pending_signals_are_what_signal_says() -> None:
    """The mask is read and set, and a blocked signal that was sent is pending: as in signal, by number."""
    assert calls.rt_sigprocmask() == set()
    assert calls.rt_sigprocmask(signal.SIG_BLOCK, {USR1, 64}) == set()
    assert calls.rt_sigprocmask() == set(signal.pthread_sigmask(signal.SIG_BLOCK, [])) == {USR1, 64}
    os.kill(os.getpid(), USR1)
    assert calls.rt_sigpending() == signal.sigpending() == {USR1}
    assert calls.rt_sigtimedwait({USR1}, 0).si_signo == USR1
    assert calls.rt_sigprocmask(signal.SIG_SETMASK, structures.sigset.of([USR2])) == {USR1, 64}
    assert calls.rt_sigprocmask(signal.SIG_SETMASK, []) == {USR2}
    assert not calls.rt_sigpending()
    for wrong in (0, 65 if sets.SIGSET == 8 else 129, -1):
        _raises(OverflowError, lambda: calls.rt_sigprocmask(signal.SIG_BLOCK, [wrong]))
    _raises(errors.EINVAL, lambda: calls.rt_sigprocmask(7, [USR1]))


@isolated
def test_waiting_for_a_signal() -> None:
    """A signal comes with its sender; none in time is EAGAIN; another's handler is EINTR."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [USR1, USR2])
    _raises(errors.EAGAIN, lambda: calls.rt_sigtimedwait({USR1}, 0.001))
    _raises(errors.EAGAIN, lambda: calls.rt_sigtimedwait({USR1}, structures.timespec(tv_nsec=1)))
    os.kill(os.getpid(), USR2)
    info = calls.rt_sigtimedwait([USR1, USR2])
    assert (info.si_signo, info.si_pid, info.si_uid) == (USR2, os.getpid(), os.getuid())
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    _raises(errors.EINTR, lambda: calls.rt_sigtimedwait([USR1], 1000))
    signal.setitimer(signal.ITIMER_REAL, 0)


@isolated
def test_a_signal_carries_a_value() -> None:
    """The value arrives, at the process and at a thread; a kernel's si_code is not for others to send."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [USR1])
    pid = os.getpid()
    ways: tuple[Callable[[int], None], ...] = (
        lambda value: calls.rt_sigqueueinfo(pid, USR1, value),
        lambda value: calls.rt_tgsigqueueinfo(pid, threading.get_native_id(), USR1, value),
    )
    for send in ways:
        for value in (5, -5):
            send(value)
            info = calls.rt_sigtimedwait({USR1}, 0)
            assert (info.si_int, info.si_code, info.si_pid) == (value, -1, pid)
    own = structures.siginfo(si_signo=USR1, si_code=-7, si_int=9)
    calls.rt_sigqueueinfo(pid, USR1, own)
    info = calls.rt_sigtimedwait({USR1}, 0)
    assert (info.si_code, info.si_int) == (-7, 9)
    _raises(OverflowError, lambda: calls.rt_sigqueueinfo(pid, USR1, 1 << 40))
    _raises(TypeError, lambda: calls.rt_sigqueueinfo(pid, USR1, "value"))  # type: ignore[arg-type]  # wrong on purpose
    _raises(errors.ESRCH, lambda: calls.rt_sigqueueinfo(2**22 + 1, USR1, 0))
    assert not calls.rt_sigpending()


@isolated
def test_signals_as_a_descriptor() -> None:
    """Signals that were sent are read, at most as many as asked for, and the set can be changed."""
    before = open_descriptors()
    signal.pthread_sigmask(signal.SIG_BLOCK, [USR1, USR2])
    fd = calls.signalfd4(-1, {USR1}, os.O_CLOEXEC | os.O_NONBLOCK)
    _raises(errors.EAGAIN, lambda: calls.signalfd_read(fd))
    os.kill(os.getpid(), USR2)
    _raises(errors.EAGAIN, lambda: calls.signalfd_read(fd))
    assert calls.signalfd4(fd, {USR1, USR2}, os.O_CLOEXEC | os.O_NONBLOCK) == fd
    calls.rt_sigqueueinfo(os.getpid(), USR1, 42)
    found = calls.signalfd_read(fd, 5)
    assert [(one.ssi_signo, one.ssi_int) for one in found] == [(USR1, 42), (USR2, 0)]
    assert all(one.ssi_pid == os.getpid() for one in found)
    os.close(fd)
    fd = calls.signalfd(-1, [USR1])
    os.kill(os.getpid(), USR1)
    (one,) = calls.signalfd_read(fd)
    assert one.ssi_signo == USR1
    os.close(fd)
    _raises(errors.EBADF, lambda: calls.signalfd(fd, [USR1]))
    assert open_descriptors() == before


@given(st.sets(st.integers(0, 1000)))
def test_a_bitmap_holds_its_numbers(numbers: set[int]) -> None:
    """What is packed is unpacked, in longs."""
    packed = sets.pack("cpus", numbers, 1001)
    assert sets.unpack(packed) == numbers
    assert packed and len(packed) % sets._LONG == 0


def test_a_bitmap_in_longs_of_the_other_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a big-endian machine a bit is counted from the end of its long."""
    monkeypatch.setattr(sets, "_IS_LITTLE", False)
    long = sets._LONG
    assert sets.pack("cpus", {0, 8 * long}, 1000) == (bytes(long - 1) + b"\x01") * 2
    assert sets.unpack((bytes(long - 1) + b"\x01") * 2) == {0, 8 * long}
