"""Typed calls whose results are values: the futex calls of Linux 5.16 and 6.7.

A futex is a word of 32 bits, aligned, in memory that does not move: in an mmap that processes share, in an
array of CFFI. Pass what begins with it: the mmap itself, or memoryview(memory)[offset:] for one inside.
direct.futex has the older operations, with those that priority inheritance needs.
"""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import iterables, memory
from pysys.calls import direct
from pysys.calls._values import durations
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from pysys._types import Buffer
    from pysys.calls._values.durations import Span

    _Waiter: TypeAlias = tuple[Buffer, int] | tuple[Buffer, int, int] | structures.futex_waitv

_ANY = 0xFFFFFFFF  # FUTEX_BITSET_MATCH_ANY
_SIZE_U32 = 2
_WORD = 4  # bytes, of any futex
_MONOTONIC = 1
_ALL = 0x7FFFFFFF


@documented_call
def futex_wait(
    uaddr: Buffer,
    val: int,
    mask: int = _ANY,
    flags: int = _SIZE_U32,
    timeout: Span | None = None,
    clockid: int = _MONOTONIC,
) -> None:
    """futex_wait(2): sleep until woken, if the word still has this value.

    uaddr: the memory that begins with the word. val: the value.
    mask: bits, of which a waker's has to have one.
    flags: flags.Futex2Flags, with the size; FUTEX2_PRIVATE if one process alone uses the word.
    timeout: a time of the clock, not a span: seconds, (seconds, nanoseconds) or structures.timespec; None
        waits forever.
    clockid: CLOCK_MONOTONIC or CLOCK_REALTIME of flags.ClockId.

    Returns None.

    Raises: EAGAIN if the word has another value, ETIMEDOUT. Since Linux 6.7.
    """
    direct.futex_wait(uaddr, val, mask, flags, durations.timespec("futex_wait: timeout", timeout), clockid)


@documented_call
def futex_wake(uaddr: Buffer, mask: int = _ANY, nr: int = 1, flags: int = _SIZE_U32) -> int:
    """futex_wake(2): wake waiters of a word. Returns how many there were.

    uaddr, mask, flags: as for futex_wait. nr: how many at most.

    Since Linux 6.7.
    """
    return direct.futex_wake(uaddr, mask, nr, flags)


@documented_call
def futex_waitv(
    waiters: Iterable[_Waiter], flags: int = 0, timeout: Span | None = None, clockid: int = _MONOTONIC
) -> int:
    """futex_waitv(2): sleep until one of up to 128 words is woken. Returns which one, from 0.

    waiters: for each word (memory, value), or (memory, value, flags.Futex2Flags), or structures.futex_waitv.
    flags: 0. timeout, clockid: as for futex_wait.

    Raises: EAGAIN if a word has another value, ETIMEDOUT.
    Since Linux 5.16.
    """
    words = _words("futex_waitv: waiters", waiters)
    return direct.futex_waitv(
        words, len(words), flags, durations.timespec("futex_waitv: timeout", timeout), clockid
    )


@documented_call
def futex_requeue(
    waiters: Iterable[_Waiter], flags: int = 0, nr_wake: int = 1, nr_requeue: int = _ALL
) -> int:
    """futex_requeue(2): wake some waiters of a word, let the others wait for another. Returns how many.

    waiters: two, as for futex_waitv: the word they wait for, with the value that it must have; the other.
    flags: 0. nr_wake, nr_requeue: how many at most.

    Raises: EAGAIN if the first word has another value.
    Since Linux 6.7.
    """
    words = _words("futex_requeue: waiters", waiters)
    if len(words) != 2:
        raise ValueError(f"futex_requeue: waiters must be two, not {len(words)}")
    return direct.futex_requeue(words, flags, nr_wake, nr_requeue)


def _words(title: str, waiters: Iterable[_Waiter]) -> structures.Array[structures.futex_waitv]:
    found = iterables.items(title, waiters, "(memory, value)")
    return structures.futex_waitv.array([_word(f"{title}[{index}]", one) for index, one in enumerate(found)])


def _word(title: str, one: _Waiter) -> structures.futex_waitv:
    if isinstance(one, structures.futex_waitv):
        return one
    where, val, flags = iterables.parts(title, one, "(memory, value[, flags])", (_SIZE_U32,))
    # Bytes may be shared with another object, and a word that moves is not a futex.
    if not isinstance(where, ffi.CData):
        where = memory.writable(title, where, "char[]", _WORD)
    made: structures.futex_waitv = memory.tuple_of(
        title, structures.futex_waitv, "uaddr val flags", (where, val, flags)
    )
    return made
