"""Typed calls whose results are values: epoll.

A descriptor is registered with a number, `data`, that comes back with its events: the descriptor itself, if
nothing else is said. select.epoll is the same for who needs neither data, nor signal masks, nor nanoseconds.
"""

from __future__ import annotations

from os import O_CLOEXEC
from struct import Struct

from pysys import flags as _flags
from pysys import structures
from pysys._native import ffi
from pysys.arguments import descriptors, integers, memory
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._make.values import in_c
from pysys.calls._values import durations, sets
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Descriptor
    from pysys.calls._values.durations import Span
    from pysys.calls._values.sets import Signals
    from pysys.flags import EpollEvents

_EPOLL_CTL_DEL = 2
_MOST_MEMBERS = 1024
# Packed on x86_64.
_EVENT = Struct("=IQ" if ffi.sizeof("struct kernel_epoll_event") == 12 else "=I4xQ")
_MOST_EVENTS = 0x7FFFFFFF // _EVENT.size


class _Members(dict[int, "EpollEvents"]):
    """Members of EpollEvents by their numbers: to look one up in the class takes longer than the call."""

    def __missing__(self, events: int) -> EpollEvents:
        found = _flags.EpollEvents(events)
        if len(self) < _MOST_MEMBERS:
            self[events] = found
        return found


_members = _Members()


@documented_call
def epoll_create1(flags: int = O_CLOEXEC) -> int:
    """epoll_create1(2): a set of descriptors to wait for, which is a descriptor itself.

    flags: flags.EpollCreateFlags.

    Returns its descriptor.

    Since Linux 2.6.27.
    """
    return direct.epoll_create1(flags)


@documented_call
def epoll_ctl(epfd: Descriptor, op: int, fd: Descriptor, events: int = 0, data: int | None = None) -> None:
    """epoll_ctl(2): add a descriptor to a set, change what it waits for, or remove it.

    epfd: the set. fd: the descriptor that the operation is about.
    op: flags.EpollOperation.
    events: flags.EpollEvents. EPOLLERR and EPOLLHUP are always reported.
    data: 64 bits of the caller's, which come back with the events; None: the number of the descriptor.

    Returns None.

    Since Linux 2.6.
    """
    if op == _EPOLL_CTL_DEL:
        direct.epoll_ctl(epfd, op, fd, None)
        return
    if data is None:
        data = max(descriptors.descriptor("epoll_ctl: fd", fd), 0)  # EBADF is the kernel's to say
    direct.epoll_ctl(epfd, op, fd, memory.made("epoll_ctl", structures.epoll_event, events=events, data=data))


@in_c(resolved, _members)
@documented_call
def epoll_wait(epfd: Descriptor, maxevents: int = 64, timeout: int = -1) -> list[tuple[int, EpollEvents]]:
    """epoll_wait(2): wait for events of the descriptors in a set. Returns (data, flags.EpollEvents) pairs.

    epfd: the set.
    maxevents: how many pairs at most; the others come next time.
    timeout: milliseconds; 0 does not wait, -1 waits forever. When it has passed the list is empty.

    Raises: EINTR when the handler of a signal has run, unless there is no timeout. Since Linux 2.6.
    """
    found = _events("epoll_wait", maxevents)
    return _pairs(found, resolved.epoll_wait(epfd, found, maxevents, timeout))


@documented_call
def epoll_pwait(
    epfd: Descriptor, maxevents: int = 64, timeout: int = -1, sigmask: Signals | None = None
) -> list[tuple[int, EpollEvents]]:
    """epoll_pwait(2): as epoll_wait, with other signals blocked meanwhile.

    epfd: the set. maxevents: how many pairs at most.
    timeout: milliseconds; 0 does not wait, -1 waits forever.
    sigmask: the signals that are blocked while it waits, and no others; None leaves the thread's mask.

    Returns (data, flags.EpollEvents) pairs.

    Raises: EINTR when the handler of a signal has run, unless there is neither timeout nor sigmask. Since
    Linux 2.6.19.
    """
    found = _events("epoll_pwait", maxevents)
    return _pairs(found, direct.epoll_pwait(epfd, found, maxevents, timeout, *_mask("epoll_pwait", sigmask)))


@documented_call
def epoll_pwait2(
    epfd: Descriptor, maxevents: int = 64, timeout: Span | None = None, sigmask: Signals | None = None
) -> list[tuple[int, EpollEvents]]:
    """epoll_pwait2(2): as epoll_pwait, with a limit in nanoseconds.

    epfd: the set. maxevents: how many pairs at most.
    timeout: seconds, (seconds, nanoseconds) or structures.timespec; 0 does not wait, None waits forever.
    sigmask: the signals that are blocked while it waits, and no others; None leaves the thread's mask.

    Returns (data, flags.EpollEvents) pairs.

    Raises: EINTR when the handler of a signal has run, unless there is neither timeout nor sigmask. Since
    Linux 5.11; before that through epoll_pwait, if the limit is of complete milliseconds.
    """
    found = _events("epoll_pwait2", maxevents)
    limit = durations.timespec("epoll_pwait2: timeout", timeout)
    count = resolved.epoll_pwait2(epfd, found, maxevents, limit, *_mask("epoll_pwait2", sigmask))
    return _pairs(found, count)


def _mask(call: str, sigmask: Signals | None) -> tuple[bytes | None, int]:
    return (None if sigmask is None else sets.sigset(f"{call}: sigmask", sigmask)), sets.SIGSET


def _events(call: str, count: int) -> bytearray:
    if type(count) is not int or not 1 <= count <= _MOST_EVENTS:
        count = integers.within(f"{call}: maxevents", count, (1, _MOST_EVENTS), below=ValueError)
    return bytearray(_EVENT.size * count)


def _pairs(found: bytearray, count: int) -> list[tuple[int, EpollEvents]]:
    if not count:
        return []
    with memoryview(found)[: _EVENT.size * count] as filled:
        return [(data, _members[events]) for events, data in _EVENT.iter_unpack(filled)]
