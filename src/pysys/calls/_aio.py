"""Typed calls whose results are values: asynchronous I/O of the kernel (aio).

From io_submit on the kernel uses the buffers of a request. They are held here, and with them the request,
until its io_event has been collected or io_destroy has returned. What is collected otherwise, with
calls.direct or syscall(), stays held until io_destroy.
"""

from __future__ import annotations

import sys
from itertools import count

from pysys import structures
from pysys._native import ffi
from pysys.arguments import integers, iterables, memory, objects, pointers
from pysys.arguments.objects import address
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._values import durations, sets
from pysys.doc import documented_call
from pysys.errors import EINPROGRESS, SyscallError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias, overload

    from pysys._types import Buffer
    from pysys.calls._values.durations import Span
    from pysys.calls._values.sets import Signals
    from pysys.structures import Array, iocb

    _Events: TypeAlias = Buffer | structures.io_event | Array[structures.io_event]

_ADDRESS = ffi.sizeof("void *")  # which a context is
_CONTEXTS = 0, (1 << 8 * _ADDRESS) - 1

# What the kernel uses: the context, the address of the request, and what is kept alive. There is no lock,
# for which the handler of a signal would wait: a number is never used again, and each can be taken out alone.
_held: dict[int, tuple[int, int, list[object]]] = {}
_numbers = count()


def _hold(context: int, request: iocb) -> int:
    # The memory by itself, too: the fields may be set to other buffers while these are used.
    kept = list(request._keep.values())
    kept += [one for vector in kept if vector.owner is not None for one in list(vector.owner._keep.values())]
    number = next(_numbers)
    _held[number] = context, address(request.cdata), [request, *kept]
    return number


def _let_go(numbers: Iterable[int]) -> None:
    for number in numbers:
        _held.pop(number, None)


def _collected(context: int, events: Any, filled: int) -> None:
    """The kernel has reported these requests, and is done with their memory. events: CFFI's array."""
    ended: dict[int, int] = {}
    for event in events[0:filled]:
        ended[event.obj] = ended.get(event.obj, 0) + 1
    under_way: dict[int, list[int]] = {}
    for number, (where, place, _) in list(_held.items()):
        if where == context and place in ended:
            under_way.setdefault(place, []).append(number)
    for place, numbers in under_way.items():
        done = numbers[: ended[place]]
        last = _held.get(numbers[-1])
        if last is not None and len(done) < len(numbers):
            # Submitted several times: which of them has ended is not known.
            last[2].extend(_held.get(number) for number in done)
        _let_go(done)


@documented_call
def io_setup(nr_events: int, ctxp: Buffer | None = None) -> int:
    """io_setup(2): make a context for asynchronous I/O. Returns its id, an int.

    nr_events: how many requests may be under way.
    ctxp: memory for the id, of 0, as long as an address; then the result is the kernel's, 0.

    The context belongs to this process: a child does not have it.

    Raises: EAGAIN above the limit in /proc/sys/fs/aio-max-nr. Since Linux 2.6.
    """
    if ctxp is not None:
        return direct.io_setup(nr_events, ctxp)
    found = bytearray(_ADDRESS)
    direct.io_setup(nr_events, found)
    return int.from_bytes(found, sys.byteorder)


@documented_call
def io_destroy(ctx: int) -> None:
    """io_destroy(2): destroy a context. Requests that can be cancelled are, and the others are waited for.

    ctx: the id, of io_setup.

    Buffers that io_submit holds are let go when it returns: the kernel does not use them any more.

    Returns None.

    Since Linux 2.6.
    """
    context = integers.within("io_destroy: ctx", ctx, _CONTEXTS)
    numbers = [number for number, (where, _, _) in list(_held.items()) if where == context]
    direct.io_destroy(context)
    _let_go(numbers)  # not those of another thread's new context, which may have the id by now


@documented_call
def io_submit(ctx_id: int, iocbpp: Iterable[iocb]) -> int:
    """io_submit(2): start requests. Returns how many were started, in their order.

    ctx_id: the context, of io_setup.
    iocbpp: structures.iocb of each, in a list or another iterable. aio_buf takes a buffer, or for
        flags.IOCB_CMD_PREADV and PWRITEV structures.iovec.over(buffers); what aio_data is comes back in
        io_event.data.

    The requests and their buffers are held until io_getevents or io_pgetevents has given their io_event, or
    until io_destroy: a bytearray cannot be resized before. An address that was given as an int is the
    caller's own affair, and so is what calls.direct or syscall() submit.

    Raises: the error of the first request if that one is refused. EAGAIN if the context is full. Since Linux
    2.6.
    """
    context = integers.within("io_submit: ctx_id", ctx_id, _CONTEXTS)
    requests = iterables.items("io_submit: iocbpp", iocbpp, "structures.iocb")
    for index, one in enumerate(requests):
        title = f"io_submit: iocbpp[{index}]"
        pointers.check(title, {"aio_buf": "submits"}, memory.of_kind(title, structures.iocb, one), 0, context)
    # Before the call: another thread may collect the first ones while it is made.
    numbers = [_hold(context, one) for one in requests]
    try:
        started = direct.io_submit(context, len(requests), requests)
    except SyscallError:  # after anything else, of a signal's handler, they may have been started
        _let_go(numbers)
        raise
    _let_go(numbers[started:])
    return started


if TYPE_CHECKING:

    @overload
    def io_cancel(ctx_id: int, iocb: structures.iocb | Buffer, result: None = None) -> None: ...
    @overload
    def io_cancel(ctx_id: int, iocb: structures.iocb | Buffer, result: _Events) -> int: ...


@documented_call
def io_cancel(ctx_id: int, iocb: structures.iocb | Buffer, result: _Events | None = None) -> int | None:
    """io_cancel(2): cancel a request. Its io_event comes as those of others do.

    ctx_id: the context. iocb: the structure that was given to io_submit, not a copy.
    result: memory for an io_event, which the kernel does not write to any more.

    Returns None if the request is being cancelled, which the kernel reports as EINPROGRESS. With result, the
    call is the kernel's own, and raises that.

    Raises: EINVAL for a request that has ended, and one that cannot be cancelled: all but
    flags.IOCB_CMD_POLL, mostly. Since Linux 2.6.
    """
    if result is not None:
        return direct.io_cancel(ctx_id, iocb, result)
    try:
        direct.io_cancel(ctx_id, iocb, None)
    except EINPROGRESS:
        pass
    return None


if TYPE_CHECKING:

    @overload
    def io_getevents(
        ctx_id: int, min_nr: int, nr: int, events: None = None, timeout: Span | None = None
    ) -> tuple[structures.io_event, ...]: ...
    @overload
    def io_getevents(
        ctx_id: int, min_nr: int, nr: int, events: _Events, timeout: Span | None = None
    ) -> int: ...


@documented_call
def io_getevents(
    ctx_id: int, min_nr: int, nr: int, events: _Events | None = None, timeout: Span | None = None
) -> Any:
    """io_getevents(2): collect requests that have ended: wait for min_nr of them, and take up to nr.

    ctx_id: the context.
    min_nr: how many to wait for; 0 does not wait. nr: how many at most.
    events: memory for them; None: they are the result.
    timeout: how long to wait: seconds, (seconds, nanoseconds), or structures.timespec; None waits forever.

    Returns structures.io_event of each, in a tuple; there are fewer than min_nr when the time has passed. Of
    an io_event, data is what aio_data of the request was, and res is what the operation gave: a number of
    bytes, or minus an errno. With events, the kernel's result: how many there are.

    What io_submit holds of these requests is let go.

    Raises: EINTR when the handler of a signal has run, unless there is no timeout. Since Linux 2.6.
    """
    context = integers.within("io_getevents: ctx_id", ctx_id, _CONTEXTS)
    limit = durations.timespec("io_getevents: timeout", timeout)
    made = _space("io_getevents", nr) if events is None else events
    return _taken(context, events, made, resolved.io_getevents(context, min_nr, nr, made, limit))


if TYPE_CHECKING:

    @overload
    def io_pgetevents(
        ctx_id: int,
        min_nr: int,
        nr: int,
        events: None = None,
        timeout: Span | None = None,
        usig: Signals | structures.aio_sigset | None = None,
    ) -> tuple[structures.io_event, ...]: ...
    @overload
    def io_pgetevents(
        ctx_id: int,
        min_nr: int,
        nr: int,
        events: _Events,
        timeout: Span | None = None,
        usig: Signals | structures.aio_sigset | None = None,
    ) -> int: ...


@documented_call
def io_pgetevents(
    ctx_id: int,
    min_nr: int,
    nr: int,
    events: _Events | None = None,
    timeout: Span | None = None,
    usig: Signals | structures.aio_sigset | None = None,
) -> Any:
    """io_pgetevents(2): as io_getevents, with other signals blocked meanwhile.

    ctx_id, min_nr, nr, events, timeout: as for io_getevents.
    usig: the signals that are blocked while it waits, and no others; or structures.aio_sigset. None leaves
        the thread's mask.

    Returns what io_getevents does.

    Raises: EINTR when the handler of a signal has run, unless there is neither timeout nor usig. Since Linux
    4.18.
    """
    context = integers.within("io_pgetevents: ctx_id", ctx_id, _CONTEXTS)
    limit = durations.timespec("io_pgetevents: timeout", timeout)
    mask = usig
    is_memory = isinstance(objects.find(usig), objects.Memory) and not isinstance(usig, structures.sigset)
    if usig is not None and not is_memory:
        blocked = sets.sigset("io_pgetevents: usig", usig)
        mask = structures.aio_sigset(sigmask=blocked, sigsetsize=len(blocked))
    made = _space("io_pgetevents", nr) if events is None else events
    # By this name its times have 64 bits on every ABI.
    return _taken(
        context, events, made, resolved.io_pgetevents_time64(context, min_nr, nr, made, limit, mask)
    )


def _space(call: str, nr: int) -> Array[structures.io_event]:
    return structures.io_event.array(integers.count(f"{call}: nr", nr))


def _taken(context: int, events: Any, made: Any, filled: int) -> Any:
    """The result. events: the caller's memory, or None; made: what the kernel has written to."""
    if events is None:
        _collected(context, made.cdata, filled)
        return tuple(made[index].copy() for index in range(filled))
    found = objects.find(events)
    if isinstance(found, objects.Memory):
        _collected(context, ffi.cast("struct kernel_io_event *", found.pointer), filled)
    return filled
