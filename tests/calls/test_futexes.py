"""futex, and the futex calls that take their flags in a parameter of their own."""

from __future__ import annotations

import mmap
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from isolated import until
from skips import skipped_if

from pysys import calls, errors, structures
from pysys._native import ffi
from pysys.flags import FutexOperation


@pytest.fixture
def words() -> Iterator[mmap.mmap]:
    """Memory for words, all 0, where the kernel has the calls that the tests need to wake a thread.

    They are asked for here: a test that is skipped halfway leaves views of the memory, and threads that wait.
    """
    with skipped_if():
        calls.futex_wake(bytearray(4))
    with mmap.mmap(-1, mmap.PAGESIZE) as memory:
        yield memory


def _woken(wait: Callable[[], object], wake: Callable[[], int]) -> object:
    """What a wait in another thread returns, once waking found it."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(wait()), daemon=True)  # else a failure would hang
    thread.start()
    until(wake)
    thread.join()
    return found[0]


def test_who_waits_is_woken(words: mmap.mmap) -> None:
    """futex_wake finds who waits in futex_wait, at the same word and by the mask."""
    with skipped_if():
        assert calls.futex_wake(words) == 0
    other = memoryview(words)[4:]
    assert _woken(lambda: calls.futex_wait(other, 0), lambda: calls.futex_wake(other)) is None
    wait = partial(calls.futex_wait, words, 0, 2)
    assert _woken(wait, lambda: calls.futex_wake(words, 1) or calls.futex_wake(words, 6)) is None
    other.release()


@pytest.mark.parametrize("mask", [1, 2, 1 << 31, 0xFFFFFFFF])
def test_who_gives_no_mask_matches_any(words: mmap.mmap, mask: int) -> None:
    """A waiter without a mask is woken by a waker with any, and a waker without one wakes any waiter."""
    wait = partial(calls.futex_wait, words, 0)
    assert _woken(wait, lambda: calls.futex_wake(words, mask)) is None
    assert _woken(partial(wait, mask), lambda: calls.futex_wake(words)) is None


def test_a_word_of_cffi(words: mmap.mmap) -> None:
    """Memory of CFFI is a word as well."""
    word = ffi.new("uint32_t[2]", [5, 6])
    with skipped_if(), pytest.raises(errors.EAGAIN):
        calls.futex_wait(word, 6)
    with pytest.raises(errors.ETIMEDOUT):
        calls.futex_waitv([(word, 5)], 0, 0.001)
    with pytest.raises(errors.EAGAIN):
        calls.futex_waitv([(word + 1, 5)])


def test_one_of_many_words(words: mmap.mmap) -> None:
    """futex_waitv returns which one was woken, and keeps nothing of the memory."""
    second = memoryview(words)[4:8]
    third = structures.futex_waitv(uaddr=memoryview(words)[8:], val=0, flags=2)
    with skipped_if():
        woken = _woken(
            lambda: calls.futex_waitv([(words, 0), (second, 0, 2), third]), lambda: calls.futex_wake(second)
        )
    assert woken == 1
    second.release()


def test_limits_are_times_of_the_clock(words: mmap.mmap) -> None:
    """A time that has passed, as seconds or structure, of either clock, is ETIMEDOUT."""
    for limit in (0.001, time.monotonic() + 0.002, structures.timespec(tv_sec=1)):
        with skipped_if(), pytest.raises(errors.ETIMEDOUT):
            calls.futex_wait(words, 0, timeout=limit)
        with pytest.raises(errors.ETIMEDOUT):
            calls.futex_waitv([(words, 0)], timeout=limit)
    with pytest.raises(errors.ETIMEDOUT):
        calls.futex_wait(words, 0, timeout=time.time() + 0.002, clockid=0)
    with pytest.raises(errors.EAGAIN):
        calls.futex_wait(words, 1)


def test_waiters_change_the_word(words: mmap.mmap) -> None:
    """futex_requeue moves who waits for the first word to the second, where it is woken."""
    second = memoryview(words)[4:8]
    with skipped_if():
        calls.futex_requeue([(words, 0), (second, 0)])
    move = partial(calls.futex_requeue, [(words, 0), (second, 0)], nr_wake=0)
    thread = threading.Thread(target=calls.futex_wait, args=(words, 0))
    thread.start()
    until(lambda: move() == 1)
    assert calls.futex_wake(words) == 0 and calls.futex_wake(second) == 1
    thread.join()
    with pytest.raises(errors.EAGAIN):
        calls.futex_requeue([(words, 1), (second, 0)])
    with pytest.raises(ValueError, match="two"):
        calls.futex_requeue([(words, 0)])
    second.release()


def test_a_word_is_memory_that_stays(words: mmap.mmap) -> None:
    """Bytes are not a word, and an int is not memory."""
    for wrong in [(b"0000", 0)], [("0000", 0)], [3], [(words,)]:
        with pytest.raises((TypeError, ValueError), match="waiters"):
            calls.futex_waitv(wrong)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError):
        calls.futex_wait(4096, 0)  # type: ignore[arg-type]  # wrong on purpose


def test_a_word_has_four_bytes() -> None:
    """Less than a word is refused before the kernel reads what lies behind it."""
    with pytest.raises(ValueError, match="waiters\\[0\\] is 2 bytes long, but the call uses 4"):
        calls.futex_waitv([(bytearray(2), 0)], timeout=0)


def test_futex_takes_seconds() -> None:
    """Of operations that wait; of others utime is a number. A span of FUTEX_WAIT, a time of the others."""
    word = ffi.new("uint32_t *", 5)
    kind = structures.timespec if sys.maxsize > 1 << 32 else structures.timespec32
    for limit in (0, 0.001, (0, 1000), kind(tv_nsec=1000)):
        with pytest.raises(errors.ETIMEDOUT):
            calls.futex(word, FutexOperation.FUTEX_WAIT, 5, limit)
    with pytest.raises(errors.ETIMEDOUT):
        calls.futex(word, FutexOperation.FUTEX_WAIT_BITSET, 5, time.monotonic() + 0.001, None, 1)
    with pytest.raises(errors.EAGAIN):
        calls.futex(word, FutexOperation.FUTEX_WAIT, 6, 60)
    second = ffi.new("uint32_t *", 0)
    assert calls.futex(word, FutexOperation.FUTEX_REQUEUE, 1, 1, second) == 0
    with pytest.raises(OverflowError, match="utime"):
        calls.futex(word, FutexOperation.FUTEX_WAIT, 5, float("inf"))
    with pytest.raises(TypeError, match="utime"):
        calls.futex(word, FutexOperation.FUTEX_REQUEUE, 1, (1, 1), second)
    with pytest.raises(TypeError, match="op"):
        calls.futex(word, "wait", 5, 1.0)  # type: ignore[arg-type]  # text, which is refused
