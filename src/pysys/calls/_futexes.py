"""Typed calls whose results are values: futex, and the futex calls of Linux 5.16 and 6.7.

A futex is a word of 32 bits, aligned, in memory that does not move: in an mmap that processes share, in an
array of CFFI. Pass what begins with it: the mmap itself, or memoryview(memory)[offset:] for one inside.
futex has the older operations, with those that priority inheritance needs.
"""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import iterables, memory
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._values import durations
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from pysys._types import Buffer, Word
    from pysys.calls._values.durations import Span

    _Waiter: TypeAlias = tuple[Buffer, int] | tuple[Buffer, int, int] | structures.futex_waitv

# Operations without their flags whose utime is a time; that of others is a number.
_TIMED = frozenset({0, 6, 9, 11, 13})  # FUTEX_WAIT, _LOCK_PI, _WAIT_BITSET, _WAIT_REQUEUE_PI, _LOCK_PI2
_OPERATION = 127
_ANY = 0xFFFFFFFF  # FUTEX_BITSET_MATCH_ANY
_SIZE_U32 = 2
_WORD = 4  # bytes, of any futex
_MONOTONIC = 1
_ALL = 0x7FFFFFFF


@documented_call
def futex(
    uaddr: Buffer,
    op: int,
    val: int,
    utime: Word | Span | None = None,
    uaddr2: Buffer | None = None,
    val3: int = 0,
) -> int:
    """futex(2): sleep until a word in memory changes, wake who sleeps on it, or take it as a lock.

    uaddr: the memory that begins with the word. op: flags.FutexOperation and flags.FutexFlags.
    val: the value that the word must have, or how many waiters.
    utime: of those that wait a limit: seconds, (seconds, nanoseconds) or structures.timespec; None waits
        forever. FUTEX_WAIT takes a span, the others a time of the clock. Of FUTEX_REQUEUE and its kin, and of
        FUTEX_WAKE_OP, an int: how many more waiters.
    uaddr2: the memory that begins with the second word. val3: a value, a mask or an operation.

    Returns the kernel's result, an int: how many were woken, or woken and moved.

    Raises: EAGAIN if the word has another value, ETIMEDOUT, EINTR. Since Linux 2.6.
    """
    if isinstance(utime, int | float | tuple) and isinstance(op, int) and op & _OPERATION in _TIMED:
        # By this name the time has 64 bits on every ABI.
        limit = durations.timespec("futex: utime", utime)
        return int(resolved.futex_time64(uaddr, op, val, limit, uaddr2, val3))
    return direct.futex(uaddr, op, val, utime, uaddr2, val3)  # type: ignore[arg-type]  # a pair, which it refuses


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
