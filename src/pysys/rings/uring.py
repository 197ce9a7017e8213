"""Ring: io_uring's two queues."""

from __future__ import annotations

import os
from _warnings import warn  # which also works at the end of the interpreter

from pysys import calls, errors, structures
from pysys._native import ffi
from pysys.arguments import integers
from pysys.arguments.memory import copied
from pysys.flags import (
    IORING_OFF_CQ_RING,
    IORING_OFF_SQ_RING,
    IORING_OFF_SQES,
    IoUringCancelFlags,
    IoUringCqeFlags,
    IoUringEnterFlags,
    IoUringFeatures,
    IoUringOp,
    IoUringRegisterOp,
    IoUringSetupFlags,
    IoUringSqeFlags,
    IoUringSqFlags,
)
from pysys.loading import counted
from pysys.rings.shared import Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Any, Self

    from pysys.arguments.objects import Memory
    from pysys.owner import Owner
    from pysys.structures import io_uring_cqe, io_uring_sqe

_ENTRY = structures.io_uring_sqe.nbytes
_COMPLETION = structures.io_uring_cqe.nbytes
_PLACE = 4  # bytes of a number in the array of the submission queue
_COUNT = (1 << 32) - 1  # heads and tails go on from here at 0
_MOMENT = 10_000_000  # nanoseconds
_HERE = (1 << 64) - 1  # -1, of a field that has no sign: the position of the file
_OWN = 1 << 63  # where the numbers begin that a ring chooses itself

# What makes a ring that is not this one.
_REFUSED = {
    "SQE128 SQE_MIXED": "its entries have 128 bytes",
    "CQE32 CQE_MIXED": "its completions have 32 bytes",
    "NO_MMAP REGISTERED_FD_ONLY": "it lies in memory of the caller",
    "SQPOLL SQ_AFF": "a thread of the kernel takes entries at any time",
    "IOPOLL HYBRID_IOPOLL": "its completions have to be polled for",
    "ATTACH_WQ": "it needs another ring, for which there is no parameter",
    "SQ_REWIND": "it has neither head nor tail",
}
# Requests whose buffer has a plain address and length, and whether the kernel writes there.
_BUFFERS: dict[int, bool] = {
    IoUringOp.IORING_OP_READ: True,
    IoUringOp.IORING_OP_RECV: True,
    IoUringOp.IORING_OP_WRITE: False,
    IoUringOp.IORING_OP_SEND: False,
    IoUringOp.IORING_OP_SEND_ZC: False,
}
_WAITING = IoUringSqFlags.IORING_SQ_CQ_OVERFLOW | IoUringSqFlags.IORING_SQ_TASKRUN

# Memory that the kernel may still use, of rings that are gone: it is never freed.
_abandoned: list[object] = []


class Ring:
    """Requests to the kernel, which are done while the program goes on: io_uring.

    entries: how many requests fit into the submission queue; the kernel makes it a power of 2. flags:
        flags.IoUringSetupFlags; those that make entries of another size, or give the queues to a thread or
        to the caller's memory, are refused by name. cq_entries: how many completions fit; 0: twice the
        entries.

    push() puts requests into the queue, submit() gives them to the kernel, completions() takes what is
    done. What the addresses of a request lead to (buffers, structures, and what these lead to) stays alive
    until its last completion has been taken, or the ring is closed.

    A ring is for one thread at a time, handlers of signals among them. A process that was forked later is
    refused with RuntimeError; its close() only closes its descriptor. Leave no ring open: `with Ring(8) as
    ring`.

    Raises ValueError for flags that are refused, the exceptions of io_uring_setup (EPERM where
    kernel.io_uring_disabled or a filter forbids it, ENOSYS), and of mmap. Since Linux 5.1.
    """

    _fd = -1

    def __init__(self, entries: int, flags: int = 0, *, cq_entries: int = 0) -> None:
        entries = integers.unsigned("Ring: entries", entries)
        flags = integers.unsigned("Ring: flags", flags)
        cq_entries = integers.unsigned("Ring: cq_entries", cq_entries)
        for names, reason in _REFUSED.items():
            for name in names.split():
                if flags & IoUringSetupFlags[f"IORING_SETUP_{name}"]:
                    raise ValueError(
                        f"Ring: flags: a ring with IORING_SETUP_{name} is not supported: {reason}"
                    )
        if cq_entries:
            flags |= IoUringSetupFlags.IORING_SETUP_CQSIZE
        asked = structures.io_uring_params(flags=flags, cq_entries=cq_entries)
        self._shared: list[Shared] = []
        self._kept: dict[int, list[Any]] = {}
        self._provided: list[object] = []
        self._unsent: list[int] = []
        self._numbers = 0
        self._lost = 0
        self._tail = 0
        self._fd, self._params = calls.io_uring_setup(entries, asked)
        try:
            self._map()
        except BaseException:
            self._release()
            raise

    def _map(self) -> None:
        params, sq, cq = self._params, self._params.sq_off, self._params.cq_off
        submission = sq.array + params.sq_entries * _PLACE
        completion = cq.cqes + params.cq_entries * _COMPLETION
        one = params.features & IoUringFeatures.IORING_FEAT_SINGLE_MMAP
        self._sq = self._mapped(max(submission, completion) if one else submission, IORING_OFF_SQ_RING)
        self._cq = self._sq if one else self._mapped(completion, IORING_OFF_CQ_RING)
        self._sqes = self._mapped(params.sq_entries * _ENTRY, IORING_OFF_SQES)
        if not params.flags & IoUringSetupFlags.IORING_SETUP_NO_SQARRAY:
            for place in range(params.sq_entries):  # each place always has the entry of its number
                self._sq.store(sq.array + place * _PLACE, place)

    def _mapped(self, length: int, offset: int) -> Shared:
        made = Shared("the ring", self._fd, length, offset)
        self._shared.append(made)
        return made

    def fileno(self) -> int:
        """Its descriptor, readable to poll when there are completions. Raises ValueError if it is closed."""
        if self._fd < 0:
            raise ValueError("the ring is closed")
        return self._fd

    @property
    def sq_entries(self) -> int:
        """How many requests fit into the submission queue."""
        return self._params.sq_entries

    @property
    def cq_entries(self) -> int:
        """How many completions fit into the completion queue."""
        return self._params.cq_entries

    @property
    def features(self) -> IoUringFeatures:
        """What the kernel's io_uring can do."""
        return IoUringFeatures(self._params.features)

    @property
    def pending(self) -> int:
        """How many requests are in the queue or with the kernel, their last completion not taken."""
        return len(self._kept)

    def push(self, sqe: io_uring_sqe | None = None, /, **fields: Any) -> int:
        """Put a request into the submission queue; the kernel sees it with the next submit().

        sqe: structures.io_uring_sqe, which is copied; its addresses are followed until submit(). fields:
            those of one, instead of it or to change it: opcode=flags.IORING_OP_READ, fd=, addr=, len=, off=
            (-1: the position of the file, since Linux 5.6).
            user_data: what the completion has; 0: a number that the ring chooses. No other request with it
            may be pending, and no message of another ring (IORING_OP_MSG_RING) may have it.

        Returns the user_data. Raises BufferError if the queue is full; ValueError for a user_data that is
        pending, a len that is more than the buffer of READ, WRITE, RECV, SEND or SEND_ZC has, and
        IOSQE_CQE_SKIP_SUCCESS, with which nobody knows when the buffers are free; TypeError for one of READ
        or RECV that is read-only.
        """
        self._check()
        kind = structures.io_uring_sqe
        made = kind() if sqe is None else copied("Ring.push: sqe", kind, sqe)
        if fields.get("off") == -1:
            fields["off"] = _HERE
        made._assign(fields)
        if made.nbytes > _ENTRY:
            raise ValueError(f"Ring.push: sqe has {counted(made.nbytes, 'byte')}, but an entry has {_ENTRY}")
        if made.flags & IoUringSqeFlags.IOSQE_CQE_SKIP_SUCCESS:
            raise ValueError(
                "Ring.push: flags: with IOSQE_CQE_SKIP_SUCCESS nobody knows when its buffers are free"
            )
        _check_buffer(made)
        if not made.user_data:
            self._numbers += 1
            made.user_data = _OWN + self._numbers
        number = made.user_data
        if number in self._kept:
            raise ValueError(f"Ring.push: user_data: a request with {number} is pending")
        if self._queued() == self._params.sq_entries:
            raise BufferError(f"the submission queue has space for {self._params.sq_entries}: submit() first")
        place = self._tail & (self._params.sq_entries - 1)
        ffi.memmove(self._sqes.at(place * _ENTRY), made.cdata, _ENTRY)
        self._unsent.append(number)
        # No handler of a signal runs between these two.
        self._kept[number] = [made]
        self._tail = self._tail + 1 & _COUNT
        return number

    def submit(self, wait: int = 0) -> int:
        """Give the kernel what is in the submission queue.

        wait: until at least this number of completions is there to be taken, those from earlier among them;
            at most cq_entries. A request IORING_OP_TIMEOUT limits the time.

        Returns how many requests the kernel took; one with wrong fields has a completion that says so.
        Raises the exceptions of io_uring_enter: requests that the kernel has not taken stay in the queue.
        """
        self._check()
        wait = integers.within("Ring.submit: wait", wait, (0, self._params.cq_entries), below=ValueError)
        for number in self._unsent:
            kept = self._kept[number]
            kept[1:] = _reached(kept[0])
            if kept[0].opcode == IoUringOp.IORING_OP_PROVIDE_BUFFERS:
                self._provided += kept
        self._unsent.clear()
        self._sq.store(self._params.sq_off.tail, self._tail)
        flags = IoUringEnterFlags.IORING_ENTER_GETEVENTS if wait else 0
        taken = 0
        while (left := self._queued()) or self._ready() < wait:
            taken += calls.io_uring_enter(self._fd, left, wait, flags)
        return taken

    def completions(self) -> Iterator[io_uring_cqe]:
        """Take the completions that are there, one with each step; submit(wait=1) waits for them.

        Each is a structures.io_uring_cqe, a copy: its res is the result, or minus the errno, and user_data
        that of the request. With the last of a request (without IORING_CQE_F_MORE) its buffers are let go.

        Returns an iterator. Raises RuntimeError, after the others, if completions were lost because the
        kernel had no memory for those that the queue did not hold (before Linux 5.5: because the queue was
        full).
        """
        while (completion := self._take()) is not None:
            yield completion
        lost = self._losses()
        if lost != self._lost:
            count, self._lost = lost - self._lost & _COUNT, lost
            raise RuntimeError(f"the kernel had no space for {count} of the ring's completions")

    def close(self) -> None:
        """End the ring. It may be closed already.

        Requests that the kernel has not taken are dropped, the others cancelled; this waits until all have
        ended, because the kernel may write to their buffers until then, and drops their completions. If
        that is interrupted, the ring stays open. Where requests cannot be cancelled (before Linux 6.0, or
        if a filter forbids io_uring_register), or completions were lost, it does not wait: their buffers
        are never freed.

        Returns None. Raises what a signal handler raises.
        """
        if self._fd < 0:
            return
        if not self._shared[0].is_foreign:
            self._drop_queued()
            self._finish()
        self._release()

    def _drop_queued(self) -> None:
        mask, head = self._params.sq_entries - 1, self._sq.load(self._params.sq_off.head)
        while self._tail != head:
            last = self._tail - 1 & _COUNT
            entry = ffi.cast("struct kernel_io_uring_sqe *", self._sqes.at((last & mask) * _ENTRY))
            self._kept.pop(entry.user_data, None)
            self._tail = last
        self._unsent.clear()

    def _finish(self) -> None:
        every = IoUringCancelFlags.IORING_ASYNC_CANCEL_ANY | IoUringCancelFlags.IORING_ASYNC_CANCEL_ALL
        request = structures.io_uring_sync_cancel_reg(flags=every, timeout={"tv_sec": -1, "tv_nsec": -1})
        while self._drained() and not self._losses():
            try:
                # Each time: a request may have waited for one that was cancelled.
                calls.io_uring_register(self._fd, IoUringRegisterOp.IORING_REGISTER_SYNC_CANCEL, request, 1)
            except errors.ENOENT:  # all are about to end
                pass
            except errors.SyscallError:
                break
            try:
                self._wait_briefly()
            except errors.SyscallError:
                break
        if self._kept:
            self._abandon()

    def _drained(self) -> int:
        """Takes all completions. How many requests are pending."""
        while self._take() is not None:
            pass
        return len(self._kept)

    def _abandon(self) -> None:
        _abandoned.extend((self._kept, self._provided))

    def _release(self) -> None:
        fd, self._fd = self._fd, -1
        try:
            os.close(fd)
        finally:
            for shared in self._shared:
                shared.close()
            self._kept, self._provided = {}, []

    def _check(self) -> None:
        if self._fd < 0:
            raise ValueError("the ring is closed")
        self._sq.check()

    def _take(self) -> io_uring_cqe | None:
        offsets, mask = self._params.cq_off, self._params.cq_entries - 1
        self._check()
        head = self._cq.load(offsets.head)
        if head == self._cq.load(offsets.tail) and not self._fetch():
            return None
        place = self._cq.at(offsets.cqes + (head & mask) * _COMPLETION)
        completion = structures.io_uring_cqe.from_bytes(ffi.buffer(place, _COMPLETION)[:])
        # Before the place is free: if a handler of a signal raises in between, it is taken again.
        if not completion.flags & IoUringCqeFlags.IORING_CQE_F_MORE:
            self._kept.pop(completion.user_data, None)
        self._cq.store(offsets.head, head + 1 & _COUNT)
        return completion

    def _queued(self) -> int:
        return self._tail - self._sq.load(self._params.sq_off.head) & _COUNT

    def _ready(self) -> int:
        offsets = self._params.cq_off
        return self._cq.load(offsets.tail) - self._cq.load(offsets.head) & _COUNT

    def _losses(self) -> int:
        params = self._params
        return self._cq.load(params.cq_off.overflow) + self._sq.load(params.sq_off.dropped) & _COUNT

    def _fetch(self) -> bool:
        """Has the kernel put what it holds back into the empty queue. Whether there is something now."""
        deferred = self._params.flags & IoUringSetupFlags.IORING_SETUP_DEFER_TASKRUN
        if deferred or self._sq.load(self._params.sq_off.flags) & _WAITING:
            self._enter_for_events()
        return self._ready() > 0

    def _enter_for_events(self) -> None:
        try:
            calls.io_uring_enter(self._fd, 0, 0, IoUringEnterFlags.IORING_ENTER_GETEVENTS)
        except errors.EBADR:  # some were lost, which is counted
            pass

    def _wait_briefly(self) -> None:
        """Waits for an event for a moment: a request that waited for another may begin only now."""
        limit = structures.timespec(tv_nsec=_MOMENT)
        flags = IoUringEnterFlags.IORING_ENTER_GETEVENTS | IoUringEnterFlags.IORING_ENTER_EXT_ARG
        argument = structures.io_uring_getevents_arg(ts=limit)
        try:
            calls.io_uring_enter(self._fd, 0, 1, flags, argument, argument.nbytes)
        except (errors.EBADR, errors.ETIME):  # some were lost, which is counted; or nothing happened
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._fd >= 0 and self._shared and not self._shared[0].is_foreign:
            warn(f"{self!r} was not closed", ResourceWarning, 2, self)
            self._abandon()
            self._release()

    def __repr__(self) -> str:
        state = "closed" if self._fd < 0 else f"fd={self._fd}, {len(self._kept)} pending"
        return f"<Ring {state}>"


def _check_buffer(sqe: io_uring_sqe) -> None:
    """Refuses a buffer that the kernel would write or read beyond; an address alone is the caller's word."""
    written = _BUFFERS.get(sqe.opcode)
    if written is None or sqe.flags & IoUringSqeFlags.IOSQE_BUFFER_SELECT:
        return
    memory = next((one for one in sqe._keep.values() if one.has(sqe.addr)), None)
    if memory is None:
        return
    title = f"Ring.push: addr of {IoUringOp(sqe.opcode).name}"
    if written and not memory.writable:
        raise TypeError(f"{title} must be writable")
    left = sqe.len if memory.length is None else memory.address + memory.length - sqe.addr
    if sqe.len > left:
        raise ValueError(f"{title} has {counted(left, 'byte')} there, but len is {sqe.len}")


def _reached(owner: Owner) -> list[Memory]:
    """The memory that the pointers of a structure lead to, and those in there."""
    found: list[Memory] = []
    seen: set[int] = set()
    todo = [owner]
    while todo:
        one = todo.pop()
        if id(one) not in seen:
            seen.add(id(one))
            kept = list(one._keep.values())
            found += kept
            todo += [memory.owner for memory in kept if memory.owner is not None]
    return found
