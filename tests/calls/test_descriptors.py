"""Pipes, socket pairs, memory files, counters and timers as descriptors."""

from __future__ import annotations

import fcntl
import os
import select
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from isolated import open_descriptors

from pysys import calls, errors

CLOCK_MONOTONIC = 1
TIMER_ABSTIME = 1


@contextmanager
def closing(*fds: int) -> Iterator[tuple[int, ...]]:
    try:
        yield fds
    finally:
        for fd in fds:
            os.close(fd)


@pytest.mark.parametrize(
    "make",
    [
        calls.pipe,
        calls.pipe2,
        lambda: calls.pipe2(os.O_NONBLOCK),
        lambda: calls.socketpair(socket.AF_UNIX, socket.SOCK_STREAM),
        lambda: calls.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC),
    ],
)
def test_what_is_written_at_one_end_is_read_at_the_other(make: Callable[[], tuple[int, int]]) -> None:
    """Both descriptors are open and connected."""
    with closing(*make()) as (reader, writer):
        os.write(writer, b"text")
        assert os.read(reader, 10) == b"text"


@pytest.mark.parametrize(
    ("make", "inherited"),
    [
        (calls.pipe, True),
        (calls.pipe2, False),
        (lambda: calls.pipe2(0), True),
        (lambda: calls.socketpair(socket.AF_UNIX, socket.SOCK_STREAM), True),
        (lambda: (calls.memfd_create("pysys"),), False),
        (lambda: (calls.memfd_create("pysys", 0),), True),
        (lambda: (calls.eventfd2(),), False),
        (lambda: (calls.timerfd_create(CLOCK_MONOTONIC),), False),
        (lambda: (calls.signalfd4(-1, {10}),), False),
        (lambda: (calls.signalfd(-1, {10}),), True),
    ],
)
def test_which_descriptors_go_through_exec(make: Callable[[], tuple[int, ...]], inherited: bool) -> None:
    """Where a flag says so it is there by default; flags that are given are the kernel's own."""
    with closing(*make()) as fds:
        assert [os.get_inheritable(fd) for fd in fds] == [inherited] * len(fds)


def test_a_failed_call_leaves_no_descriptor() -> None:
    """After an error the process has the descriptors it had."""
    before = open_descriptors()
    for call, error in (
        (lambda: calls.pipe2(0x40000000), errors.EINVAL),
        (lambda: calls.socketpair(socket.AF_INET, socket.SOCK_STREAM), errors.EOPNOTSUPP),
        (lambda: calls.eventfd2(0, 0x40000000), errors.EINVAL),
        (lambda: calls.timerfd_create(99), errors.EINVAL),
        (lambda: calls.memfd_create("x" * 250), errors.EINVAL),
    ):
        with pytest.raises(error):
            call()
    assert open_descriptors() == before


def test_flags_reach_the_kernel() -> None:
    """O_NONBLOCK makes both ends of a pipe so; the counter begins as told; the name is the file's."""
    with closing(*calls.pipe2(os.O_NONBLOCK)) as fds:
        assert all(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK for fd in fds)
    with closing(calls.eventfd2(3)) as (fd,):
        assert int.from_bytes(os.read(fd, 8), sys.byteorder) == 3
    with closing(calls.memfd_create("a name")) as (fd,):
        assert os.readlink(f"/proc/self/fd/{fd}") == "/memfd:a name (deleted)"


def test_a_timer_expires_and_counts() -> None:
    """Once set it becomes readable; reading says how often it expired, and what is left is returned."""
    with closing(calls.timerfd_create(CLOCK_MONOTONIC)) as (fd,):
        assert not calls.timerfd_gettime(fd)
        assert not calls.timerfd_settime(fd, 0, (1000, 0.25))
        left = calls.timerfd_gettime(fd)
        assert 900 < left.it_value.seconds <= 1000 and left.it_interval.seconds == 0.25
        before = calls.timerfd_settime(fd, 0, 0.001)
        assert 900 < before.it_value.seconds <= 1000 and before.it_interval.tv_nsec == 250_000_000
        assert select.select([fd], [], [], 10)[0]
        assert calls.timerfd_read(fd) == 1
        # Long past: it has expired many times by now.
        calls.timerfd_settime(fd, TIMER_ABSTIME, (0.001, 0.001))
        assert calls.timerfd_read(fd) > 1
        calls.timerfd_settime(fd, 0, 0)
        assert not calls.timerfd_gettime(fd).it_value


def test_a_timer_that_does_not_block() -> None:
    """With TFD_NONBLOCK reading an idle timer is EAGAIN."""
    with closing(calls.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK)) as (fd,):
        with pytest.raises(errors.EAGAIN):
            calls.timerfd_read(fd)
        with pytest.raises(TypeError, match="utmr"):
            calls.timerfd_settime(fd, 0, "soon")  # type: ignore[arg-type]  # wrong on purpose
