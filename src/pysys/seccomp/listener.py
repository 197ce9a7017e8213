"""Listener: the supervisor's end of a filter that has calls wait for an answer."""

from __future__ import annotations

import os
import select
from threading import Condition, RLock
from time import monotonic

from pysys import calls, errors, ioctls, structures
from pysys.arguments import descriptors, integers
from pysys.seccomp.held import HeldCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import TracebackType
    from typing import Any, NoReturn

    from pysys._types import Descriptor

_RECV = ioctls.SECCOMP_IOCTL_NOTIF_RECV
_SET_FLAGS = ioctls.SECCOMP_IOCTL_NOTIF_SET_FLAGS
_SYNC_WAKE_UP = 1  # SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
_POLLIN, _POLLHUP = 0x1, 0x10
_MOMENT = 0.1  # seconds
_LONGEST = 1 << 30  # milliseconds that poll takes


class Listener:
    """Receives the calls that a filter with the action NOTIFY holds until there is an answer.

    spawn(argv, seccomp=filter).listener, and Filter.load(listener=True) of this process's own filter, are
    ones already.

    for call in listener:               # or `async for`; ends when no process has the filter any more
        if call.name == "mkdirat" and call.path("pathname") == "/forbidden":
            call.fail("EROFS")
        else:
            call.go_on()

    fd: the descriptor of a listener, which the object closes from now on.
    limit: how many calls may be without an answer at a time; receive() waits for an answer then. None: any
        number. It may be changed later.

    Several threads, and signal handlers, may use it at the same time, and tasks of asyncio: each call goes
    to one of them. A process that is forked later may use it as well; but as long as any has it open, what
    waits goes on waiting. When the last has closed it, or has ended, these calls fail with ENOSYS, and so do
    later ones.

    Since Linux 5.0.
    """

    __module__ = "pysys.seccomp"  # the public name

    _fd = -1

    def __init__(self, fd: Descriptor, *, limit: int | None = None) -> None:
        fd = descriptors.number("Listener: fd", fd)
        self.limit = None if limit is None else integers.within("Listener: limit", limit, (1, 1 << 30))
        self._begin()
        self._fd = fd

    @classmethod
    def _empty(cls) -> Listener:
        """One that gets its descriptor later, as _fd."""
        made = cls.__new__(cls)
        made.limit = None
        made._begin()
        return made

    def _begin(self) -> None:
        """What is of one process: a lock may be held in the other one when it forks."""
        self._changed = Condition(RLock())
        self._receiving = RLock()
        self._places: set[object] = set()
        self._waiting: list[tuple[Any, Any]] = []
        self._uses: list[None] = []
        self._readers: list[tuple[Any, Any]] = []
        self._bell = -1
        self._child: Any = None  # a weak reference to the Child that is known to be running
        self._closing = False
        self._process = os.getpid()

    def __repr__(self) -> str:
        state = "closed" if self._fd < 0 or self._closing else f"fd={self._fd}"
        return f"<pysys.seccomp.Listener {state}, {len(self._places)} at work>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Listener cannot be copied or pickled: its descriptor is closed once")

    # ---- its descriptor ----

    def fileno(self) -> int:
        """The descriptor, readable when there is a call. Raises ValueError if it is closed."""
        if self._fd < 0 or self._closing:
            raise ValueError("the listener is closed")
        return self._fd

    def close(self) -> None:
        """close(2): what waits for an answer fails with ENOSYS, and so do later calls.

        A thread or task that waits for a call gets ValueError. The descriptor is closed when no other thread
        uses it any more.
        """
        self._check()
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            self._wake_tasks(self._waiting)
            self._wake_tasks(self._readers)
            if self._bell >= 0:
                os.eventfd_write(self._bell, 1)
            self._close_unused()

    def _close_unused(self) -> None:
        if self._closing and not self._uses and self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)
            self._close_bell()

    def _close_bell(self) -> None:
        bell, self._bell = self._bell, -1
        if bell >= 0:
            os.close(bell)

    def _use(self) -> int:
        with self._changed:
            fd = self.fileno()
            self._uses.append(None)
            return fd

    def _done(self) -> None:
        with self._changed:
            self._uses.pop()
            self._close_unused()

    def _check(self) -> None:
        if self._process != os.getpid():
            self._close_bell()
            self._begin()

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self, _close: Any = os.close) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            _close(fd)
            if self._bell >= 0:
                _close(self._bell)

    def _ioctl(self, request: int, argument: Any) -> Any:
        """An ioctl that a signal does not end."""
        self._check()
        fd = self._use()
        try:
            while True:
                try:
                    return calls.ioctl(fd, request, argument)
                except errors.EINTR:
                    continue
        finally:
            self._done()

    def sync_wake_up(self, on: bool = True) -> bool:
        """ioctl(2) with SECCOMP_IOCTL_NOTIF_SET_FLAGS: wake up the other side on the same CPU.

        That is faster where both sides wait for each other, and slower where a supervisor goes on working.

        Returns whether the kernel has that (Linux 6.6).
        """
        try:
            self._ioctl(_SET_FLAGS, _SYNC_WAKE_UP if on else 0)
        except errors.EINVAL:
            return False
        return True

    # ---- calls ----

    def receive(self, timeout: float | None = None) -> HeldCall | None:
        """ioctl(2) with SECCOMP_IOCTL_NOTIF_RECV: wait for a call.

        timeout: how many seconds to wait at most; None waits forever. Signal handlers run meanwhile.

        Returns a HeldCall; None when no process has the filter any more (Linux 5.9; before, it goes on
        waiting). Before Linux 6.11 a process has its filter until it is reaped: the listener of a Child polls
        it when it has ended. Raises TimeoutError, Python's own, if there is no call in that time, or no place
        for one; ValueError if the listener is closed.
        """
        self._check()
        deadline = None if timeout is None else monotonic() + timeout
        place = self._enter(deadline)
        try:
            fd = self._use()
            try:
                while True:
                    found, over = self._take(fd, place)
                    if found is not None or over:
                        return found
                    left = None if deadline is None else deadline - monotonic()
                    if left is not None and left <= 0:
                        raise TimeoutError("no call has come in that time")
                    ending = self._ending()
                    if ending == -1:  # it has no descriptor
                        left = _MOMENT if left is None else min(left, _MOMENT)
                    _poll(left, fd, self._ears(), *(one for one in (ending,) if one is not None and one >= 0))
                    self.fileno()
            finally:
                self._done()
        finally:
            self._leave_unless_held(place)

    def __iter__(self) -> Iterator[HeldCall]:
        while (call := self.receive()) is not None:
            yield call

    async def receive_async(self) -> HeldCall | None:
        """The same for asyncio, whose loop goes on meanwhile; asyncio.timeout() limits the time."""
        import asyncio

        self._check()
        loop = asyncio.get_running_loop()
        while (place := self._free_place()) is None:
            changed = asyncio.Event()
            self._waiting.append((loop, changed))
            if self._is_full():  # otherwise it has changed before that
                await changed.wait()
        try:
            fd = self._use()
            try:
                while True:
                    found, over = self._take(fd, place)
                    if found is not None or over:
                        return found
                    await self._readable(loop, fd, asyncio.Event())
                    self.fileno()
            finally:
                self._done()
        finally:
            self._leave_unless_held(place)

    async def __aiter__(self) -> AsyncIterator[HeldCall]:
        while (call := await self.receive_async()) is not None:
            yield call

    def _take(self, fd: int, place: _Ticket) -> tuple[HeldCall | None, bool]:
        """A call that has come, and whether there can be no more. It does not wait."""
        with self._receiving:  # between seeing a call and taking it, no other thread may take it
            while True:
                seen = _poll(0, fd)
                if not seen & (_POLLIN | _POLLHUP) and self._child is not None and self._reaps():
                    continue
                if not seen & _POLLIN:
                    return None, bool(seen & _POLLHUP)
                received = structures.seccomp_notif()
                try:
                    calls.ioctl(fd, _RECV, received)
                except (errors.ENOENT, errors.EINTR):  # it has ended meanwhile
                    continue
                place.held = True
                return HeldCall(self, place, received), False

    def _reaps(self) -> bool:
        """Reaps the child, if it has ended."""
        child = self._child()
        try:
            if child is not None and child.poll() is None:
                return False
        except errors.ECHILD:  # others have
            pass
        self._child = None
        return True

    def _ending(self) -> int | None:
        """What is readable when the child has ended; -1 if nothing is; None if no child is known to run."""
        child = None if self._child is None else self._child()
        return None if child is None else -1 if child.pidfd is None else child.pidfd

    def _ears(self) -> int:
        """What close() makes readable for the threads that wait."""
        with self._changed:
            if self._bell < 0:
                self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
            return self._bell

    async def _readable(self, loop: Any, fd: int, ready: Any) -> None:
        """Until there is a call. By a descriptor of its own: a loop has one reader for each."""
        ending = self._ending()
        owned = [os.dup(one) for one in (fd, ending) if one is not None and one >= 0]
        waiter = (loop, ready)
        self._readers.append(waiter)
        later = None if ending != -1 else loop.call_later(_MOMENT, ready.set)
        try:
            for own in owned:
                loop.add_reader(own, ready.set)
            try:
                await ready.wait()
            finally:
                for own in owned:
                    loop.remove_reader(own)
                if later is not None:
                    later.cancel()
        finally:
            for own in owned:
                os.close(own)
            if waiter in self._readers:
                self._readers.remove(waiter)

    # ---- how many are at work ----

    def _is_full(self) -> bool:
        self.fileno()
        return self.limit is not None and len(self._places) >= self.limit

    def _free_place(self) -> _Ticket | None:
        with self._changed:
            if self._is_full():
                return None
            self._places.add(place := _Ticket())
            return place

    def _enter(self, deadline: float | None) -> _Ticket:
        with self._changed:
            while (place := self._free_place()) is None:
                left = None if deadline is None else deadline - monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError(f"{len(self._places)} calls are without an answer, as many as may be")
                self._changed.wait(left)
            return place

    def _leave(self, place: object) -> None:
        self._check()
        with self._changed:
            self._places.discard(place)
            self._changed.notify()
            self._wake_tasks(self._waiting)

    def _leave_unless_held(self, place: _Ticket) -> None:
        if not place.held:
            self._leave(place)

    def _wake_tasks(self, tasks: list[tuple[Any, Any]]) -> None:
        while tasks:
            loop, changed = tasks.pop()
            try:
                loop.call_soon_threadsafe(changed.set)
            except RuntimeError:  # its loop is closed
                continue


class _Ticket:
    """Of a call that may be at work. held: whether there is one."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held = False


def _poll(seconds: float | None, fd: int, *others: int) -> int:
    """What poll sees of the first descriptor."""
    poller = select.poll()
    for one in (fd, *others):
        poller.register(one, _POLLIN)
    milliseconds = None if seconds is None else min(int(seconds * 1000) + (seconds > 0), _LONGEST)
    return dict(poller.poll(milliseconds)).get(fd, 0)
