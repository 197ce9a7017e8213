"""Asynchronous I/O of the kernel: contexts, requests, what they gave, and who keeps their memory."""

from __future__ import annotations

import array
import errno
import gc
import os
import signal
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE
from skips import skipped_if

from pysys import calls, errors, structures
from pysys.calls import _aio
from pysys.flags import (
    IOCB_CMD_POLL,
    IOCB_CMD_PREAD,
    IOCB_CMD_PREADV,
    IOCB_CMD_PWRITE,
    IOCB_CMD_PWRITEV,
    POLLIN,
)
from pysys.structures import iocb, iovec

LIMIT = 60 * PATIENCE  # seconds


@pytest.fixture
def context() -> Iterator[int]:
    """A context for some requests; nothing is held at its end."""
    with skipped_if(errors.EAGAIN):
        made = calls.io_setup(8)
    assert not _aio._held
    yield made
    calls.io_destroy(made)
    assert not _aio._held


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    fd = os.open(path, os.O_RDWR)
    yield fd
    os.close(fd)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


class Buffer(bytearray):
    """One that weak references may lead to."""


def poll(fd: int, data: int = 0) -> iocb:
    """A request that ends when there is something to read."""
    return iocb(aio_lio_opcode=IOCB_CMD_POLL, aio_fildes=fd, aio_buf=POLLIN, aio_data=data)


def collected(context: int, count: int) -> list[tuple[int, int]]:
    events = calls.io_getevents(context, count, count, timeout=LIMIT)
    return sorted((event.data, event.res) for event in events)


def test_reads_and_writes(context: int, file: int) -> None:
    """Requests come in any iterable, and what they gave comes as structures of their own."""
    first, second = bytearray(4), bytearray(20)
    reads = [
        iocb(aio_lio_opcode=IOCB_CMD_PREAD, aio_fildes=file, aio_buf=first, aio_nbytes=4, aio_data=1),
        iocb(aio_fildes=file, aio_buf=second, aio_nbytes=20, aio_offset=6, aio_data=(1 << 64) - 1),
    ]
    assert calls.io_submit(context, iter(reads)) == 2
    events = calls.io_getevents(context, 2, 5, timeout=LIMIT)
    assert type(events) is tuple and {type(event) for event in events} == {structures.io_event}
    assert sorted((event.data, event.res) for event in events) == [(1, 4), ((1 << 64) - 1, 4)]
    assert first + second[:4] == b"01236789"
    pieces = [bytearray(2), bytearray(3)]
    vectors = structures.iocb.array(
        [
            iocb(aio_lio_opcode=IOCB_CMD_PREADV, aio_fildes=file, aio_buf=iovec.over(pieces), aio_nbytes=2),
            iocb(
                aio_lio_opcode=IOCB_CMD_PWRITEV,
                aio_fildes=file,
                aio_buf=iovec.over([b"ab", b"c"]),
                aio_nbytes=2,
                aio_offset=10,
                aio_data=2,
            ),
        ]
    )
    assert calls.io_submit(context, vectors) == 2
    assert collected(context, 2) == [(0, 5), (2, 3)]
    assert b" ".join(pieces) == b"01 234"
    assert os.pread(file, 9, 8) == b"89abc"


def test_one_request_in_two_contexts(context: int, file: int) -> None:
    """What one of them reports lets go of the request there; the other still has it, and its memory."""
    buffer = Buffer(4)
    alive = weakref.ref(buffer)
    request = iocb(aio_lio_opcode=IOCB_CMD_PREAD, aio_fildes=file, aio_buf=buffer, aio_nbytes=4, aio_data=3)
    with skipped_if(errors.EAGAIN):
        other = calls.io_setup(1)
    try:
        assert calls.io_submit(context, [request]) == calls.io_submit(other, [request]) == 1
        del request, buffer
        assert [where for where, *_ in _aio._held.values()] == [context, other]
        assert collected(other, 1) == [(3, 4)]  # that of the later request
        gc.collect()
        assert [where for where, *_ in _aio._held.values()] == [context]
        assert bytes(alive() or b"") == b"0123"
        assert collected(context, 1) == [(3, 4)]
        gc.collect()
        assert alive() is None
    finally:
        calls.io_destroy(other)


def test_an_error_of_an_operation_is_its_result(context: int, file: int) -> None:
    request = iocb(aio_lio_opcode=IOCB_CMD_PWRITE, aio_fildes=file, aio_buf=4096, aio_nbytes=1)
    assert calls.io_submit(context, [request]) == 1
    assert collected(context, 1) == [(0, -errno.EFAULT)]


def test_times_and_numbers(context: int, pipe: tuple[int, int]) -> None:
    """What has not ended is not there when the time has passed, whatever says how long that is."""
    assert calls.io_submit(context, []) == 0
    assert calls.io_getevents(context, 0, 0) == calls.io_getevents(context, 0, 3) == ()
    assert calls.io_submit(context, [poll(pipe[0], 5)]) == 1
    for limit in (0, 0.001, (0, 1000), structures.timespec(tv_nsec=1000)):
        assert calls.io_getevents(context, 1, 1, timeout=limit) == ()
        assert calls.io_pgetevents(context, 1, 1, timeout=limit) == ()
        assert calls.io_pgetevents(context, 1, 1, timeout=limit, usig={signal.SIGUSR1}) == ()
    assert len(_aio._held) == 1
    os.write(pipe[1], b"x")
    (event,) = calls.io_getevents(context, 1, 8)
    assert (event.data, event.res & POLLIN) == (5, POLLIN)
    with pytest.raises(errors.EINVAL):
        calls.io_getevents(context, 2, 1)


def test_signals_are_blocked_during_the_wait(context: int, pipe: tuple[int, int]) -> None:
    """Those of usig and no others: a handler runs as soon as io_pgetevents waits."""
    ran: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: ran.append(number))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        assert calls.io_pgetevents(context, 1, 1, timeout=0.001, usig=[signal.SIGUSR1]) == ()
        assert not ran
        none = structures.sigset.of([])
        mask = structures.aio_sigset(sigmask=bytes(none), sigsetsize=len(bytes(none)))
        with pytest.raises(errors.EINTR):
            calls.io_pgetevents(context, 1, 1, timeout=LIMIT, usig=none)
        assert ran == [signal.SIGUSR1]
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        with pytest.raises(errors.EINTR):
            calls.io_pgetevents(context, 1, 1, timeout=LIMIT, usig=mask)
        assert len(ran) == 2
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        signal.signal(signal.SIGUSR1, before)


def read(fd: int, buffer: bytearray) -> iocb:
    return iocb(aio_lio_opcode=IOCB_CMD_PREAD, aio_fildes=fd, aio_buf=buffer, aio_nbytes=len(buffer))


def alive(kept: list[weakref.ref[Any]]) -> int:
    gc.collect()
    return len([one for one in kept if one() is not None])


def test_memory_lives_until_it_is_collected(context: int, file: int) -> None:
    """What only the kernel knows of is held, and cannot be resized; each is let go with its own io_event."""
    buffers, requests = [], []
    for _ in range(5):
        buffer = Buffer(10)
        request = read(file, buffer)
        buffers.append(weakref.ref(buffer))
        requests.append(weakref.ref(request))
        assert calls.io_submit(context, [request]) == 1
        del buffer, request
    assert (alive(buffers), alive(requests)) == (5, 5)
    for one in buffers:
        held = one()
        assert held is not None and bytes(held) == b"0123456789"
        with pytest.raises(BufferError):
            held.extend(b"more")
    del held
    assert collected(context, 3) == [(0, 10)] * 3
    assert (alive(buffers), alive(requests)) == (2, 2)
    assert calls.io_getevents(context, 0, 0) == ()
    assert alive(buffers) == 2
    assert collected(context, 2) == [(0, 10)] * 2
    assert (alive(buffers), alive(requests)) == (0, 0)


def test_a_poll_is_held_as_long_as_it_waits(context: int, pipe: tuple[int, int]) -> None:
    """The address of a request means it, and no other one, until it has ended."""
    request = poll(pipe[0], 1)
    kept = [weakref.ref(request)]
    calls.io_submit(context, [request])
    del request
    assert calls.io_getevents(context, 0, 1) == ()
    assert alive(kept) == 1
    os.write(pipe[1], b"x")
    assert calls.io_getevents(context, 1, 1, timeout=LIMIT)[0].data == 1
    assert alive(kept) == 0


def test_memory_lives_where_the_fields_lead_elsewhere(context: int, file: int) -> None:
    """A request, or a vector, may be set to other memory while the first is in use."""
    buffers = [Buffer(4), Buffer(4)]
    kept = [weakref.ref(buffer) for buffer in buffers]
    vector = iovec.over([buffers[1]])
    requests = [
        read(file, buffers[0]),
        iocb(aio_lio_opcode=IOCB_CMD_PREADV, aio_fildes=file, aio_buf=vector, aio_nbytes=1),
    ]
    calls.io_submit(context, requests)
    requests[0].aio_buf = None
    vector[0].iov_base = None
    del buffers
    assert alive(kept) == 2
    assert collected(context, 2) == [(0, 4)] * 2
    assert alive(kept) == 0


def test_a_request_that_is_submitted_twice(context: int, file: int) -> None:
    """Its memory is held until both have ended, as nobody knows which one has."""
    request = read(file, bytearray(4))
    kept = []
    for _ in range(2):
        buffer = Buffer(4)
        kept.append(weakref.ref(buffer))
        request.aio_buf = buffer
        calls.io_submit(context, [request])
    request.aio_buf = None
    del buffer
    collected(context, 1)
    assert alive(kept) == 2
    collected(context, 1)
    assert alive(kept) == 0


def test_what_was_not_started_is_not_held(context: int, pipe: tuple[int, int]) -> None:
    """Of the requests behind the one that the kernel refuses, and of those that are refused here."""
    reader, _ = pipe
    wrong = iocb(aio_lio_opcode=99, aio_fildes=reader)
    assert calls.io_submit(context, [poll(reader), wrong, poll(reader)]) == 1
    assert len(_aio._held) == 1
    buffer = bytearray(4)
    for request, error in (
        (wrong, errors.EINVAL),
        (iocb(aio_fildes=reader, aio_buf=buffer, aio_nbytes=5), ValueError),
        (iocb(aio_fildes=reader, aio_buf=b"fixed", aio_nbytes=5), TypeError),
        (iocb(aio_fildes=1 << 20, aio_buf=buffer, aio_nbytes=4), errors.EBADF),
    ):
        with pytest.raises(error, match="io_submit"):
            calls.io_submit(context, [request])
    del request
    gc.collect()
    buffer.extend(b"more")
    assert len(_aio._held) == 1


def test_a_context_that_ends_lets_all_go(pipe: tuple[int, int]) -> None:
    """And only its own: another one keeps what it has."""
    with skipped_if(errors.EAGAIN):
        first, second = calls.io_setup(2), calls.io_setup(2)
    assert first != second
    kept = []
    for context in (first, second):
        request = poll(pipe[0])
        kept.append(weakref.ref(request))
        calls.io_submit(context, [request])
        del request
    calls.io_destroy(first)
    gc.collect()
    assert [one() is None for one in kept] == [True, False]
    with pytest.raises(errors.EINVAL):
        calls.io_destroy(first)
    assert kept[1]() is not None
    calls.io_destroy(second)
    gc.collect()
    assert kept[1]() is None


def test_a_request_in_two_contexts(context: int, pipe: tuple[int, int]) -> None:
    """It is held for the other one when the first has reported it."""
    with skipped_if(errors.EAGAIN):
        other = calls.io_setup(1)
    request = poll(pipe[0])
    kept = [weakref.ref(request)]
    for one in (context, other):
        calls.io_submit(one, [request])
    calls.io_cancel(context, request)
    collected(context, 1)
    del request
    assert alive(kept) == 1
    calls.io_destroy(other)
    assert alive(kept) == 0


def test_a_cancelled_request_comes_as_others_do(context: int, pipe: tuple[int, int]) -> None:
    request = poll(pipe[0], 7)
    with pytest.raises(errors.EINVAL):
        calls.io_cancel(context, request)
    calls.io_submit(context, [request])
    assert calls.io_cancel(context, request) is None
    assert collected(context, 1) == [(7, 0)]
    with pytest.raises(errors.EINVAL):
        calls.io_cancel(context, request)


def test_the_kernels_own_form(file: int, pipe: tuple[int, int]) -> None:
    """With memory of the caller the results are the kernel's ints, and what is held is let go as well."""
    found = array.array("L", [0])
    with skipped_if(errors.EAGAIN):
        assert calls.io_setup(4, found) == 0
    context = found[0]
    try:
        with pytest.raises(errors.EINVAL):
            calls.io_setup(4, found)  # it holds one
        memory: Any
        for memory in (structures.io_event.array(2), structures.io_event(), bytearray(32)):
            buffer = bytearray(4)
            request = iocb(aio_fildes=file, aio_buf=buffer, aio_nbytes=4, aio_data=3)
            assert calls.io_submit(context, [request]) == 1
            assert calls.io_getevents(context, 1, 1, memory, LIMIT) == 1
            assert structures.io_event.from_bytes(bytes(memory)).data == 3
            assert not _aio._held
            assert calls.io_submit(context, [request]) == 1
            assert calls.io_pgetevents(context, 1, 1, memory, (int(LIMIT), 0), None) == 1
            assert not _aio._held
        request = poll(pipe[0])
        calls.io_submit(context, [request])
        with pytest.raises(errors.EINPROGRESS):
            calls.io_cancel(context, request, structures.io_event())
        with pytest.raises(ValueError, match=r"^io_(p?)getevents(_time64)?: events is 32 bytes long"):
            calls.io_getevents(context, 1, 2, bytearray(32))
    finally:
        calls.io_destroy(context)


@pytest.mark.thorough
def test_threads_submit_and_collect(file: int) -> None:
    """Nothing is let go too early or too late while several threads submit, and others collect."""
    rounds, threads = 200, 4
    with skipped_if(errors.EAGAIN):
        context = calls.io_setup(rounds * threads)
    wrong: list[object] = []
    before = sys.getswitchinterval()

    def submit() -> None:
        for _ in range(rounds):
            request = iocb(aio_fildes=file, aio_buf=bytearray(10), aio_nbytes=10, aio_data=1)
            if calls.io_submit(context, [request]) != 1:
                wrong.append("not submitted")

    def collect() -> None:
        left = rounds
        while left:
            events = calls.io_getevents(context, 1, min(left, 3), timeout=LIMIT)
            wrong.extend(event for event in events if event.res != 10)
            left -= len(events)
            if not events:
                wrong.append("nothing")
                break

    work = [threading.Thread(target=one) for one in [submit, collect] * threads]
    sys.setswitchinterval(1e-5)
    try:
        for one in work:
            one.start()
        for one in work:
            one.join()
    finally:
        sys.setswitchinterval(before)
        calls.io_destroy(context)
    assert not wrong
    assert not _aio._held
