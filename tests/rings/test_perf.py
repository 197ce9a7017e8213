"""perf's ring: the records of an event, in order and complete."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterator
from struct import unpack_from

import pytest
from isolated import in_child, nothing_left
from skips import skipped_if

import pysys
from pysys import calls, errors, structures
from pysys.flags import (
    PERF_COUNT_SW_DUMMY,
    PERF_RECORD_COMM,
    PERF_RECORD_FORK,
    PERF_RECORD_LOST,
    PERF_RECORD_LOST_SAMPLES,
    PERF_TYPE_SOFTWARE,
    PR_GET_NAME,
    PR_SET_NAME,
    PerfRecord,
)
from pysys.rings import PerfRing
from pysys.rings.perf import _PLACES

isolated = pytest.mark.isolated(timeout=60)
PAGE = os.sysconf("SC_PAGE_SIZE")


def opened() -> int:
    """An event that has a record for each new name of this thread, and wakes the reader then."""
    event = structures.perf_event_attr(
        type=PERF_TYPE_SOFTWARE,
        config=PERF_COUNT_SW_DUMMY,
        comm=1,
        exclude_kernel=1,
        exclude_hv=1,
        watermark=1,
        wakeup_watermark=1,
    )
    with skipped_if(errors.EACCES, errors.EPERM, errors.ENOENT):
        return calls.perf_event_open(event)


def made(fd: int, pages: int = 1) -> PerfRing:
    with skipped_if(errors.EPERM):  # kernel.perf_event_mlock_kb
        return PerfRing(fd, pages)


@pytest.fixture
def event() -> Iterator[int]:
    fd = opened()
    name = calls.prctl(PR_GET_NAME)
    yield fd
    calls.prctl(PR_SET_NAME, name)
    os.close(fd)


def rename(name: str) -> None:
    calls.prctl(PR_SET_NAME, name)


def comms(ring: PerfRing) -> list[str]:
    """The names in the records that are there, which are of this thread."""
    found = []
    for header, data in ring.records():
        assert header.type == PERF_RECORD_COMM
        assert len(data) == header.size - header.nbytes
        assert unpack_from("=II", data) == (os.getpid(), threading.get_native_id())
        found.append(data[8:].partition(b"\0")[0].decode())
    return found


def test_records_are_taken_in_order(event: int) -> None:
    """Each once, as soon as it is there."""
    with made(event) as ring:
        assert comms(ring) == []
        rename("one")
        assert comms(ring) == ["one"]
        for name in ("two", "a longer name"):
            rename(name)
        steps = ring.records()
        assert b"two" in next(steps)[1]
        assert comms(ring) == ["a longer name"]
        assert list(steps) == [] and ring.lost == 0


def test_records_go_on_at_the_start_of_the_ring(event: int) -> None:
    """Of every length, several times around: those that are in two pieces are put together."""
    with made(event) as ring:
        ends, sizes = set(), set()
        for number in range(PAGE // 4):
            name = f"{number:05}" + "x" * (number % 10)
            rename(name)
            before = ring._tail
            assert comms(ring) == [name]
            ends.add(ring._tail // ring._size - before // ring._size)
            sizes.add(ring._tail - before)
        assert ring._tail > 4 * ring._size and ends == {0, 1} and len(sizes) > 1 and ring.lost == 0


def test_what_does_not_fit_is_counted(event: int) -> None:
    """The kernel writes as much as fits, and then, when there is space again, how much it did not write."""
    with made(event) as ring:
        for number in range(PAGE):
            rename(f"{number}")
        kept = comms(ring)
        assert kept == [f"{number}" for number in range(len(kept))] and 0 < len(kept) < PAGE
        assert ring.lost == 0
        rename("later")
        (lost, _), (comm, data) = ring.records()
        assert (lost.type, comm.type) == (PERF_RECORD_LOST, PERF_RECORD_COMM) and b"later" in data
        assert ring.lost == PAGE - len(kept)


def test_lost_samples_are_counted(event: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of the processor's losses has their number, without an id in front."""
    with made(event) as ring:
        rename("one")
        real = ring._copy
        header = bytes(structures.perf_event_header(type=PERF_RECORD_LOST_SAMPLES, size=16))
        pieces = iter([header, (5).to_bytes(8, "little" if real(0, 1) == b"\3" else "big")])
        monkeypatch.setattr(PerfRing, "_copy", lambda *_: next(pieces))
        next(ring.records())
        assert ring.lost == 5


def test_a_second_ring_goes_on_where_the_first_ended(event: int) -> None:
    """What was taken is taken; what was not is there."""
    with made(event) as ring:
        for name in ("one", "two"):
            rename(name)
        next(ring.records())
        with made(event) as other:
            assert comms(other) == ["two"]
    assert PerfRecord(PERF_RECORD_COMM).name == "PERF_RECORD_COMM"


def test_poll_shows_that_there_are_records(event: int) -> None:
    """As the event's wakeup_watermark says."""
    with made(event) as ring:
        poll = select.poll()
        poll.register(event, select.POLLIN)
        assert poll.poll(0) == []
        rename("one")
        assert poll.poll(0) == [(event, select.POLLIN)]
        assert comms(ring) == ["one"]


def test_a_ring_of_several_pages(event: int) -> None:
    """Its size is that of its pages, the first one not counted."""
    with made(event, 4) as ring:
        assert (ring._size, ring._start) == (4 * PAGE, PAGE)
        for number in range(100):
            rename(f"{number}")
        assert comms(ring) == [f"{number}" for number in range(100)]


def test_a_record_that_cannot_be_is_refused(event: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing beyond the ring's records is read; the ring itself can only be written by the kernel."""
    with made(event) as ring:
        rename("one")
        for size in (0, 7, 32, 65535):
            header = bytes(structures.perf_event_header(type=PERF_RECORD_COMM, size=size))
            monkeypatch.setattr(PerfRing, "_copy", lambda *_: header)
            with pytest.raises(RuntimeError, match=f"a record of {size} bytes where the ring has 24"):
                next(ring.records())
        monkeypatch.undo()
        assert comms(ring) == ["one"]


@isolated
@pytest.mark.parametrize("way", ["fork", "vfork"])
def test_a_child_is_refused(way: str) -> None:
    """It does not have the memory; what it closes is not its parent's."""
    start: Callable[[], int] = {"fork": pysys.fork, "vfork": pysys.vfork}[way]
    ring = made(opened())
    steps = ring.records()

    def child() -> None:
        with pytest.raises(RuntimeError, match=f"is that of process {os.getppid()}"):
            next(steps)
        ring.close()
        with pytest.raises(ValueError, match="the ring is closed"):
            next(ring.records())

    in_child(start, child)
    rename("one")
    *forks, (header, _) = ring.records()
    assert header.type == PERF_RECORD_COMM and {one.type for one, _ in forks} <= {PERF_RECORD_FORK}


@isolated
def test_closing_leaves_nothing() -> None:
    """The memory is unmapped, by close() and with the object, and the descriptor is the caller's."""

    def mapped() -> int:
        with open("/proc/self/maps") as maps:
            return len([line for line in maps if "perf_event" in line])

    fd = opened()
    made(fd).close()
    with nothing_left():
        before = mapped()
        ring = made(fd)
        assert mapped() == before + 1
        ring.close()
        ring.close()
        assert mapped() == before
        with pytest.raises(ValueError, match="the ring is closed"):
            list(ring.records())
        forgotten = made(fd)
        assert mapped() == before + 1
        del forgotten
        assert mapped() == before
        os.fstat(fd)


def test_wrong_arguments_are_refused_by_name() -> None:
    """What the kernel refuses is its own error, and leaves nothing."""
    wrong: list[tuple[type[Exception], str, Callable[[], object]]] = [
        (TypeError, "PerfRing: fd must be", lambda: PerfRing("x")),  # type: ignore[arg-type]  # wrong
        (TypeError, "PerfRing: pages must be an int", lambda: PerfRing(0, 1.5)),  # type: ignore[arg-type]  # wrong
        (ValueError, "PerfRing: pages must be a power of 2, not 3", lambda: PerfRing(0, 3)),
        (ValueError, "PerfRing: pages: 0 is out of range", lambda: PerfRing(0, 0)),
        (OverflowError, "PerfRing: pages", lambda: PerfRing(0, 1 << 40)),
        (errors.EBADF, "mmap", lambda: PerfRing(-1)),
    ]
    for kind, text, use in wrong:
        with pytest.raises(kind, match=text):
            use()


def test_fields_are_where_the_kernel_writes_them(event: int) -> None:
    """The mapping's own description of itself agrees with the structure."""
    with made(event, 2) as ring:
        assert structures.perf_event_mmap_page.nbytes == 1088 and _PLACES["data_head"] == 1024
        rename("one")
        assert ring._load("data_head") == 24 and ring._load("data_tail") == 0
        assert comms(ring) == ["one"]
        assert ring._load("data_tail") == 24
