"""io_uring's queues: requests, completions, and what the kernel may write to for how long."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from isolated import in_child, nothing_left, open_descriptors
from skips import skipped_if

import pysys
from pysys import calls, errors, structures
from pysys._native import ffi
from pysys.flags import (
    IORING_ASYNC_CANCEL_ANY,
    IORING_CQE_F_MORE,
    IORING_FEAT_NODROP,
    IORING_FEAT_RW_CUR_POS,
    IORING_OP_ACCEPT,
    IORING_OP_NOP,
    IORING_OP_POLL_ADD,
    IORING_OP_PROVIDE_BUFFERS,
    IORING_OP_READ,
    IORING_OP_READV,
    IORING_OP_RECV,
    IORING_OP_SEND,
    IORING_OP_TIMEOUT,
    IORING_OP_WRITE,
    IORING_OP_WRITEV,
    IORING_POLL_ADD_MULTI,
    IORING_REGISTER_SYNC_CANCEL,
    IOSQE_CQE_SKIP_SUCCESS,
    IOSQE_IO_DRAIN,
    IOSQE_IO_LINK,
    MAP_ANONYMOUS,
    MAP_FIXED_NOREPLACE,
    MAP_PRIVATE,
    MS_ASYNC,
    POLLIN,
    PROT_READ,
    IoUringSetupFlags,
)
from pysys.rings import Ring, uring
from pysys.rings.uring import _reached

isolated = pytest.mark.isolated(timeout=60)


def made(entries: int, flags: int = 0, *, cq_entries: int = 0) -> Ring:
    """A ring, where this process may have one of these flags."""
    with skipped_if(errors.EPERM, errors.EACCES, *((errors.EINVAL,) if flags else ())):
        return Ring(entries, flags, cq_entries=cq_entries)


def can_cancel(ring: Ring) -> bool:
    """Whether this kernel cancels requests when it is asked to, as since Linux 6.0; none is pending here."""
    request = structures.io_uring_sync_cancel_reg(
        flags=IORING_ASYNC_CANCEL_ANY, timeout={"tv_sec": -1, "tv_nsec": -1}
    )
    try:
        calls.io_uring_register(ring, IORING_REGISTER_SYNC_CANCEL, request, 1)
    except errors.ENOENT:
        return True
    except errors.EINVAL:
        return False
    return True


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def taken(ring: Ring) -> dict[int, int]:
    """The results of the completions that are there, by user_data."""
    return {one.user_data: one.res for one in ring.completions()}


FLAGS = "COOP_TASKRUN SINGLE_ISSUER SINGLE_ISSUER|DEFER_TASKRUN NO_SQARRAY SUBMIT_ALL CLAMP"


@pytest.mark.parametrize("names", ["", *FLAGS.split()])
def test_requests_are_done(names: str, pipe: tuple[int, int]) -> None:
    """They are written and read, and each completion has the user_data and the result of its request."""
    flags = 0
    for name in filter(None, names.split("|")):
        flags |= IoUringSetupFlags[f"IORING_SETUP_{name}"]
    reader, writer = pipe
    buffer = bytearray(16)
    with made(4, flags) as ring:
        assert (ring.sq_entries, ring.cq_entries, ring.pending) == (4, 8, 0)
        ring.push(opcode=IORING_OP_WRITE, fd=writer, addr=b"abcdef", len=6, user_data=1)
        ring.push(opcode=IORING_OP_READ, fd=reader, addr=buffer, len=16, user_data=2)
        assert (ring.pending, taken(ring)) == (2, {})
        assert ring.submit(wait=2) == 2
        assert taken(ring) == {1: 6, 2: 6}
        assert ring.pending == 0
        assert bytes(buffer) == b"abcdef".ljust(16, b"\0")


def test_the_position_of_the_file() -> None:
    """off=-1 reads where the file is, and moves it on."""
    with made(4) as ring:
        if not ring.features & IORING_FEAT_RW_CUR_POS:
            pytest.skip("requests have an offset of their own before Linux 5.6")
        fd = calls.memfd_create("place", 0)
        try:
            os.write(fd, b"abcdef")
            os.lseek(fd, 2, os.SEEK_SET)
            buffer = bytearray(3)
            ring.push(opcode=IORING_OP_READ, fd=fd, addr=buffer, len=3, off=-1, user_data=1)
            ring.submit(wait=1)
            assert (taken(ring), bytes(buffer), os.lseek(fd, 0, os.SEEK_CUR)) == ({1: 3}, b"cde", 5)
            with pytest.raises(OverflowError, match="off: -2 is out of range"):
                ring.push(opcode=IORING_OP_READ, fd=fd, addr=buffer, len=3, off=-2)
        finally:
            os.close(fd)


def test_numbers_are_chosen_and_unique() -> None:
    """Without a user_data a request gets one; with one that is pending it is refused, later it is not."""
    with made(8) as ring:
        chosen = [ring.push(opcode=IORING_OP_NOP) for _ in range(3)]
        assert len({*chosen}) == 3 and 0 not in chosen
        ring.push(opcode=IORING_OP_NOP, user_data=5)
        with pytest.raises(ValueError, match="user_data: a request with 5 is pending"):
            ring.push(opcode=IORING_OP_NOP, user_data=5)
        ring.submit(wait=4)
        assert taken(ring) == dict.fromkeys([*chosen, 5], 0)
        assert ring.push(opcode=IORING_OP_NOP, user_data=5) == 5


def test_a_structure_is_copied(pipe: tuple[int, int]) -> None:
    """It can be used again at once, and fields by name change only the copy."""
    with made(2) as ring:
        request = structures.io_uring_sqe(opcode=IORING_OP_WRITE, fd=pipe[1], addr=b"abc", len=3)
        one = ring.push(request)
        two = ring.push(request, len=1)
        request.fd = -1
        assert (request.user_data, request.len) == (0, 3)
        ring.submit(wait=2)
        assert taken(ring) == {one: 3, two: 1}


def test_heads_and_tails_go_on_from_zero() -> None:
    """The queues are used many times over; places are taken again in order, also past the last number."""
    with made(4, cq_entries=8) as ring:
        for number in range(1, 100):
            for part in range(number % 4 + 1):
                ring.push(opcode=IORING_OP_NOP, user_data=1000 * number + part)
            assert ring.submit(wait=number % 4 + 1) == number % 4 + 1
            found = [one.user_data for one in ring.completions()]
            assert found == [1000 * number + part for part in range(number % 4 + 1)]


def test_counters_have_32_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last number that a head or tail can have comes 0."""
    with made(4) as ring:
        sq, cq = ring._params.sq_off, ring._params.cq_off
        fake = {sq.head: (1 << 32) - 2, cq.head: (1 << 32) - 1, cq.tail: 1}
        real = ring._sq.load
        monkeypatch.setattr(type(ring._sq), "load", lambda self, place: fake.get(place, real(place)))
        ring._tail = 1
        assert (ring._queued(), ring._ready()) == (3, 2)
        monkeypatch.undo()
        ring._tail = 0


def test_a_full_submission_queue_says_so() -> None:
    """The request that does not fit is refused, is not pending, and fits after submit()."""
    with made(2) as ring:
        for _ in range(2):
            ring.push(opcode=IORING_OP_NOP)
        with pytest.raises(BufferError, match=r"space for 2: submit\(\) first"):
            ring.push(opcode=IORING_OP_NOP, user_data=7)
        assert ring.pending == 2
        assert ring.submit() == 2
        ring.push(opcode=IORING_OP_NOP, user_data=7)
        ring.submit(wait=3)
        assert taken(ring)[7] == 0


@pytest.mark.parametrize("names", ["", "SINGLE_ISSUER|DEFER_TASKRUN"])
def test_completions_beyond_the_queue_are_kept(names: str) -> None:
    """The kernel holds back what the completion queue does not hold; taking them fetches all, in order."""
    flags = 0
    for name in filter(None, names.split("|")):
        flags |= IoUringSetupFlags[f"IORING_SETUP_{name}"]
    with made(4, flags, cq_entries=4) as ring:
        if not ring.features & IORING_FEAT_NODROP:
            pytest.skip("this kernel does not keep completions that the queue does not hold")
        for number in range(1, 41):
            ring.push(opcode=IORING_OP_NOP, user_data=number)
            if number % 4 == 0:
                ring.submit()
        assert ring.pending == 40
        assert [one.user_data for one in ring.completions()] == list(range(1, 41))
        assert ring.pending == 0


def test_lost_completions_are_reported(pipe: tuple[int, int]) -> None:
    """What the kernel counts as lost is an error after those that are there, once; close() does not wait."""
    before = len(uring._abandoned)
    ring = made(4)
    with ring:
        ring.push(opcode=IORING_OP_NOP)
        ring.push(opcode=IORING_OP_READ, fd=pipe[0], addr=bytearray(4), len=4)
        ring.submit(wait=1)
        ring._cq.store(ring._params.cq_off.overflow, 3)  # the kernel's memory was not used up
        steps = ring.completions()
        assert next(steps).res == 0
        with pytest.raises(RuntimeError, match="no space for 3 of the ring's completions"):
            next(steps)
        assert taken(ring) == {}
    assert len(uring._abandoned) == before + 2 and uring._abandoned[before]


def test_a_request_with_wrong_fields_has_a_completion() -> None:
    """The kernel stops at it; those behind it are submitted all the same, by the same submit()."""
    with made(4) as ring:
        ring.push(opcode=IORING_OP_NOP, user_data=1)
        ring.push(opcode=255, user_data=2)
        ring.push(opcode=IORING_OP_NOP, user_data=3)
        assert ring.submit(wait=3) == 3
        assert taken(ring) == {1: 0, 2: -errno.EINVAL, 3: 0}


def test_a_timeout_limits_a_wait() -> None:
    """IORING_OP_TIMEOUT completes with ETIME; its time lies in a structure that nobody else keeps."""
    with made(2) as ring:
        number = ring.push(opcode=IORING_OP_TIMEOUT, addr=structures.timespec(tv_nsec=1000), len=1)
        ring.submit(wait=1)
        assert taken(ring) == {number: -errno.ETIME}


class Buffer(bytearray):
    """A buffer that can be watched."""


def test_buffers_live_until_their_completion_is_taken(pipe: tuple[int, int]) -> None:
    """Also those in structures that the request leads to; what is let go afterwards is freed."""
    reader, writer = pipe
    with made(4) as ring:
        plain, piece = Buffer(8), Buffer(8)
        ring.push(opcode=IORING_OP_READ, fd=reader, addr=plain, len=8, user_data=1)
        pieces = structures.iovec.over([piece])
        ring.push(opcode=IORING_OP_READV, fd=reader, addr=pieces, len=1, user_data=2)
        ring.submit()
        seen = [weakref.ref(one) for one in (plain, piece)]
        with pytest.raises(BufferError):
            plain.clear()
        pieces[0] = {}  # it does not keep the buffer any more
        del plain, piece, pieces
        gc.collect()
        assert all(ref() is not None for ref in seen)
        for left in (1, 0):
            os.write(writer, b"12345678")  # enough for one of them
            ring.submit(wait=1)
            assert [one.res for one in ring.completions()] == [8]
            gc.collect()
            assert ring.pending == len([ref for ref in seen if ref() is not None]) == left


def test_a_structure_that_leads_to_itself_is_followed_once() -> None:
    """What is reached has an end."""
    one, other = structures.iovec(), structures.iovec()
    one.iov_base, other.iov_base = other, one
    assert len(_reached(one)) == 2
    one.iov_base = None


def test_provided_buffers_live_as_long_as_the_ring() -> None:
    """The kernel may use them after the request that provides them is done."""
    with made(2) as ring:
        buffer = Buffer(64)
        seen = weakref.ref(buffer)
        ring.push(opcode=IORING_OP_PROVIDE_BUFFERS, fd=2, addr=buffer, len=32, buf_group=1)
        ring.submit(wait=1)
        del buffer
        assert [one.res >= 0 for one in ring.completions()] == [True]
        gc.collect()
        assert seen() is not None
    gc.collect()
    assert seen() is None


def test_a_request_with_several_completions_is_pending_until_the_last(pipe: tuple[int, int]) -> None:
    """A poll that goes on has IORING_CQE_F_MORE, and ends with the ring."""
    with made(4) as ring:
        number = ring.push(
            opcode=IORING_OP_POLL_ADD, fd=pipe[0], poll32_events=_poll_word(), len=IORING_POLL_ADD_MULTI
        )
        ring.submit()
        for _ in range(2):
            os.write(pipe[1], b"x")
            ring.submit(wait=1)
            (one,) = ring.completions()
            if one.res == -errno.EINVAL:
                pytest.skip("this kernel has no IORING_POLL_ADD_MULTI, as before Linux 5.13")
            assert one.user_data == number and one.flags & IORING_CQE_F_MORE
            assert ring.pending == 1
            os.read(pipe[0], 1)
    assert ring.pending == 0


def _poll_word() -> int:
    """POLLIN, as the 32 bits of poll32_events, whose halves are exchanged where bytes are."""
    import sys

    return POLLIN if sys.byteorder == "little" else POLLIN << 16


@pytest.mark.parametrize("names", ["", "SINGLE_ISSUER|DEFER_TASKRUN"])
@isolated
def test_close_cancels_and_waits(names: str) -> None:
    """Reads, accepts, timeouts, what waits behind them, and what was never submitted: all end, nothing is
    kept or written to."""
    flags = 0
    for name in filter(None, names.split("|")):
        flags |= IoUringSetupFlags[f"IORING_SETUP_{name}"]
    reader, _ = os.pipe()
    listener = socket.create_server(("127.0.0.1", 0))
    with made(2) as ring:
        cancels = can_cancel(ring)
    with nothing_left():
        buffer = Buffer(8)
        seen = weakref.ref(buffer)
        with made(16, flags) as ring:
            for _ in range(3):
                ring.push(opcode=IORING_OP_READ, fd=reader, addr=buffer, len=8)
            ring.push(opcode=IORING_OP_ACCEPT, fd=listener.fileno())
            ring.push(opcode=IORING_OP_TIMEOUT, addr=structures.timespec(tv_sec=1000), len=1)
            ring.push(opcode=IORING_OP_READ, fd=reader, addr=buffer, len=8, flags=IOSQE_IO_LINK)
            ring.push(opcode=IORING_OP_NOP)
            ring.push(opcode=IORING_OP_NOP, flags=IOSQE_IO_DRAIN)
            ring.push(opcode=IORING_OP_READ, fd=reader, addr=buffer, len=8)
            ring.submit()
            ring.push(opcode=IORING_OP_READ, fd=reader, addr=buffer, len=8)  # never submitted
            assert ring.pending == 10
            del buffer
        ring.close()
        assert (repr(ring), ring.pending) == ("<Ring closed>", 0)
        if not cancels:
            assert uring._abandoned
            pytest.skip("this kernel has no IORING_REGISTER_SYNC_CANCEL: nothing is waited for")
        assert not uring._abandoned
        gc.collect()
        assert seen() is None


@isolated
def test_close_cancels_what_begins_late() -> None:
    """A request that waited for another one may begin when the kernel has looked for what to cancel."""
    reader, _ = os.pipe()
    with made(2) as ring:
        if not can_cancel(ring):
            pytest.skip("this kernel has no IORING_REGISTER_SYNC_CANCEL: nothing is waited for")
        ring.push(opcode=IORING_OP_READ, fd=reader, addr=bytearray(8), len=8)
        ring.submit()
        found_nothing = errors.error(errno.ENOENT, "io_uring_register")
        register = calls.io_uring_register
        answers = iter([found_nothing])

        def answer(*args: Any) -> Any:
            if late := next(answers, None):
                raise late
            return register(*args)

        with patch.object(calls, "io_uring_register", answer):
            ring.close()
    assert next(answers, None) is None and not uring._abandoned


@isolated
def test_close_where_nothing_can_be_cancelled() -> None:
    """As before Linux 6.0: the buffers are never freed, and close() does not wait."""
    ring = made(2)

    buffer = Buffer(8)
    seen = weakref.ref(buffer)
    ring.push(opcode=IORING_OP_READ, fd=os.pipe()[0], addr=buffer, len=8)
    ring.submit()
    del buffer
    with patch.object(
        calls, "io_uring_register", side_effect=errors.error(errno.EINVAL, "io_uring_register")
    ):
        ring.close()
    del ring
    gc.collect()
    assert seen() is not None


@isolated
def test_a_close_that_is_interrupted_can_be_repeated() -> None:
    """What a signal handler raises comes out, the ring is open, its buffers are kept."""

    ring = made(2)
    buffer = Buffer(8)
    seen = weakref.ref(buffer)
    ring.push(opcode=IORING_OP_READ, fd=os.pipe()[0], addr=buffer, len=8)
    ring.submit()
    del buffer
    with (
        patch.object(calls, "io_uring_register", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        ring.close()
    assert ring.fileno() >= 0 and ring.pending == 1 and seen() is not None
    ring.close()


def test_a_wait_is_interrupted_by_a_handler_that_raises(pipe: tuple[int, int]) -> None:
    """And goes on after one that returns; the requests are pending all the while."""
    seen: list[int] = []

    class RangError(Exception):
        pass

    def handler(*_: object) -> None:
        seen.append(1)
        if len(seen) == 2:
            raise RangError
        signal.setitimer(signal.ITIMER_REAL, 0.01)

    old = signal.signal(signal.SIGALRM, handler)
    try:
        with made(2) as ring:
            ring.push(opcode=IORING_OP_READ, fd=pipe[0], addr=bytearray(4), len=4)
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            with pytest.raises(RangError):
                ring.submit(wait=1)
            assert ring.pending == 1 and len(seen) == 2
            os.write(pipe[1], b"abcd")
            assert ring.submit(wait=1) == 0
            assert [one.res for one in ring.completions()] == [4]
    finally:
        signal.signal(signal.SIGALRM, old)


def test_a_ring_that_is_forgotten_says_so(pipe: tuple[int, int]) -> None:
    """It is closed with a warning; the buffers of what is pending are never freed."""
    before = open_descriptors()
    ring = made(2)
    buffer = Buffer(8)
    seen = weakref.ref(buffer)
    ring.push(opcode=IORING_OP_READ, fd=pipe[0], addr=buffer, len=8)
    ring.submit()
    del buffer
    with pytest.warns(ResourceWarning, match="1 pending> was not closed"):
        del ring
        gc.collect()
    assert seen() is not None and open_descriptors() == before


@isolated
@pytest.mark.parametrize("way", ["fork", "vfork", "clone"])
def test_a_child_is_refused(way: str) -> None:
    """The memory is its parent's: each use says so, close() and the end of the object leave the parent's
    requests alone."""
    start: Callable[[], int] = {
        "fork": pysys.fork,
        "vfork": pysys.vfork,
        "clone": lambda: pysys.clone(0) or 0,
    }[way]
    reader, writer = os.pipe()
    buffer = bytearray(4)
    ring = made(2)
    ring.push(opcode=IORING_OP_READ, fd=reader, addr=buffer, len=4)
    ring.submit()

    def child() -> None:
        for use in (
            lambda: ring.push(opcode=IORING_OP_NOP),
            ring.submit,
            lambda: next(ring.completions()),
        ):
            with pytest.raises(RuntimeError, match=f"is that of process {os.getppid()}"):
                use()
        # Nothing of the child's is unmapped that lies where the ring lies in its parent.
        place = int(ffi.cast("uintptr_t", ring._sqes._start))
        how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE
        assert calls.mmap(place, ring._sqes._length, PROT_READ, how, -1, 0) == place
        ring.close()
        calls.msync(place, ring._sqes._length, MS_ASYNC)  # ENOMEM if it is not there
        with pytest.raises(ValueError, match="closed"):
            ring.fileno()
        with made(2) as own:
            own.push(opcode=IORING_OP_NOP)
            own.submit(wait=1)
            assert [one.res for one in own.completions()] == [0]

    in_child(start, child)
    os.write(writer, b"abcd")
    ring.submit(wait=1)
    assert [one.res for one in ring.completions()] == [4] and buffer == b"abcd"
    ring.close()


def test_a_closed_ring_is_refused() -> None:
    """Each use says so, iterators from before among them; closing it again is nothing."""
    ring = made(2)
    ring.push(opcode=IORING_OP_NOP)
    ring.submit(wait=1)
    steps = ring.completions()
    ring.close()
    ring.close()
    for use in (
        lambda: ring.push(opcode=IORING_OP_NOP),
        ring.submit,
        lambda: next(steps),
        lambda: list(ring.completions()),
        ring.fileno,
    ):
        with pytest.raises(ValueError, match="the ring is closed"):
            use()


def test_flags_of_other_rings_are_refused_by_name() -> None:
    """What this class would read wrongly does not reach the kernel."""
    for name in (
        "SQE128 SQE_MIXED CQE32 CQE_MIXED NO_MMAP REGISTERED_FD_ONLY SQPOLL SQ_AFF IOPOLL HYBRID_IOPOLL"
        " ATTACH_WQ SQ_REWIND"
    ).split():
        with pytest.raises(ValueError, match=f"IORING_SETUP_{name} is not supported: "):
            Ring(2, IoUringSetupFlags[f"IORING_SETUP_{name}"])


def test_wrong_arguments_are_refused_by_name() -> None:
    """Before the kernel sees them; a request that is refused is not pending."""
    wrong: list[tuple[type[Exception], str, Callable[[], object]]] = [
        (TypeError, "Ring: entries must be an int", lambda: Ring("4")),  # type: ignore[arg-type]  # wrong
        (OverflowError, "Ring: entries", lambda: Ring(1 << 32)),
        (TypeError, "Ring: flags must be an int", lambda: Ring(4, "x")),  # type: ignore[arg-type]  # wrong
        (OverflowError, "Ring: cq_entries", lambda: Ring(4, cq_entries=-1)),
    ]
    for kind, text, use in wrong:
        with pytest.raises(kind, match=text):
            use()
    with skipped_if(errors.EPERM, errors.EACCES), pytest.raises(errors.EINVAL):
        Ring(0)
    with made(4) as ring:
        buffer = bytearray(8)
        read, write = IORING_OP_READ, IORING_OP_WRITE
        more = structures.io_uring_sqe.with_extra(80)
        further: list[tuple[type[Exception], str, Callable[[], object]]] = [
            (TypeError, "Ring.push: sqe must be structures.io_uring_sqe", lambda: ring.push(b"")),  # type: ignore[arg-type]  # wrong
            (TypeError, "no field 'opkode'; |did you mean opcode", lambda: ring.push(opkode=1)),
            (OverflowError, "io_uring_sqe.opcode", lambda: ring.push(opcode=256)),
            (ValueError, "an entry has 64", lambda: ring.push(more)),
            (
                ValueError,
                "has 8 bytes there, but len is 9",
                lambda: ring.push(opcode=read, addr=buffer, len=9),
            ),
            (ValueError, "IORING_OP_WRITE has 3 bytes", lambda: ring.push(opcode=write, addr=b"abc", len=4)),
            (ValueError, "IORING_OP_SEND", lambda: ring.push(opcode=IORING_OP_SEND, addr=b"", len=1)),
            (TypeError, "must be writable", lambda: ring.push(opcode=read, addr=b"abc", len=1)),
            (TypeError, "must be writable", lambda: ring.push(opcode=IORING_OP_RECV, addr=b"abc", len=1)),
            (ValueError, "IOSQE_CQE_SKIP_SUCCESS", lambda: ring.push(flags=IOSQE_CQE_SKIP_SUCCESS)),
            (OverflowError, r"Ring.submit: wait: 9 is out of range \(0 to 8\)", lambda: ring.submit(9)),
            (ValueError, "Ring.submit: wait", lambda: ring.submit(-1)),
        ]
        for kind, text, use in further:
            with pytest.raises(kind, match=text):
                use()
        assert ring.pending == 0
        buffer.append(0)  # nothing keeps it


def test_many_pieces_at_once(pipe: tuple[int, int]) -> None:
    """writev of an array of iovec that only the ring keeps."""
    with made(2) as ring:
        ring.push(opcode=IORING_OP_WRITEV, fd=pipe[1], addr=structures.iovec.over([b"abc", b"def"]), len=2)
        gc.collect()
        ring.submit(wait=1)
        assert [one.res for one in ring.completions()] == [6]
        assert os.read(pipe[0], 9) == b"abcdef"


def test_another_thread_may_use_it_in_turn(pipe: tuple[int, int]) -> None:
    """One thread pushes and submits, another waits and takes: one after the other."""
    with made(2) as ring:
        ring.push(opcode=IORING_OP_WRITE, fd=pipe[1], addr=b"abc", len=3)
        ring.submit()
        found: list[int] = []

        def take() -> None:
            ring.submit(wait=1)
            found.extend(one.res for one in ring.completions())

        thread = threading.Thread(target=take)
        thread.start()
        thread.join()
        assert found == [3]


def test_a_ring_that_cannot_be_mapped_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The descriptor is closed, and nobody warns of it."""
    made(2).close()
    before = open_descriptors()
    real, count = calls.mmap, []

    def refused(*args: object) -> int:
        count.append(1)
        if len(count) == 2:
            raise errors.error(12, "mmap")
        return real(*args)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(calls, "mmap", refused)
    with pytest.raises(errors.ENOMEM):
        Ring(2)
    gc.collect()
    assert open_descriptors() == before


def test_what_setup_says_of_the_kernel() -> None:
    """The features are those of io_uring_setup, and the descriptor can be polled."""
    with made(2) as ring:
        with skipped_if(errors.EPERM):
            fd, params = calls.io_uring_setup(2)
        os.close(fd)
        assert ring.features == params.features
        assert ring.fileno() >= 0 and repr(ring) == f"<Ring fd={ring.fileno()}, 0 pending>"
