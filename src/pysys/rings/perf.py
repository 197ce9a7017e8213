"""PerfRing: the records of a performance event."""

from __future__ import annotations

from mmap import PAGESIZE
from sys import byteorder

from pysys import structures
from pysys._native import ffi, lib
from pysys.arguments import descriptors, integers
from pysys.flags import PerfRecord
from pysys.loading import counted
from pysys.rings.shared import Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from pysys._types import Descriptor
    from pysys.structures import perf_event_header

_HEADER = structures.perf_event_header.nbytes
_PLACES = {field.name: field.offset for field in structures.describe("perf_event_mmap_page")}
_MOST_PAGES = (1 << 31) // PAGESIZE
_COUNT = (1 << 64) - 1
# Where the record says how many were lost, which is 64 bits wide: behind the event's id, or at once.
_LOST = {PerfRecord.PERF_RECORD_LOST: 8, PerfRecord.PERF_RECORD_LOST_SAMPLES: 0}
_NUMBER = 8


class PerfRing:
    """The memory into which the kernel writes an event's samples and other records: perf_event_open, mmap.

    fd: the event's descriptor, which stays the caller's; poll shows when there are records, as wakeup_events
        says. pages: how many pages of memory the ring has, a power of 2.

    What does not fit is not written: the kernel says later how much that was, and lost has the sum. The
    event must not have write_backward, which is for snapshots.

    A ring is for one thread at a time. A process that was forked later does not have the memory, and is
    refused with RuntimeError.

    Raises ValueError if pages is not a power of 2, and the exceptions of mmap: EPERM for more than
    kernel.perf_event_mlock_kb allows, EINVAL for an event with inherit that is not of one processor, or
    with a ring of another size. Since Linux 2.6.31.
    """

    def __init__(self, fd: Descriptor, pages: int = 8) -> None:
        number = descriptors.number("PerfRing: fd", fd)
        pages = integers.within("PerfRing: pages", pages, (1, _MOST_PAGES), below=ValueError)
        if pages & (pages - 1):
            raise ValueError(f"PerfRing: pages must be a power of 2, not {pages}")
        self._lost = 0
        self._shared = Shared("the ring", number, (1 + pages) * PAGESIZE)
        self._size = self._load("data_size") or pages * PAGESIZE  # before Linux 4.1 neither is there
        self._start = self._load("data_offset") or PAGESIZE
        self._tail = self._load("data_tail")

    @property
    def lost(self) -> int:
        """How many records were lost, as those say that were taken."""
        return self._lost

    def records(self) -> Iterator[tuple[perf_event_header, bytes]]:
        """Take the records that are there, one with each step.

        Each is a structures.perf_event_header, whose type is of flags.PerfRecord, and the bytes that
        follow it; both are copies. linux/perf_event.h has their layout.

        Returns an iterator. Raises RuntimeError for a record that cannot be: something else writes to the
        ring.
        """
        while True:
            self._shared.check()
            # The upper halves may be of different times, where words have 32 bits.
            left = self._load("data_head") - self._tail & 0xFFFFFFFF
            if not left:
                return
            header = structures.perf_event_header.from_bytes(self._copy(0, _HEADER))
            if not _HEADER <= header.size <= min(left, self._size):
                raise RuntimeError(f"a record of {counted(header.size, 'byte')} where the ring has {left}")
            data = self._copy(_HEADER, header.size - _HEADER)
            self._tail = self._tail + header.size & _COUNT
            if header.type in _LOST:
                self._lost += _number(data, _LOST[PerfRecord(header.type)])
            lib.pysys_store64(self._shared.at(_PLACES["data_tail"]), self._tail)
            yield header, data

    def close(self) -> None:
        """Unmap the memory. The event goes on until its descriptor is closed. It may be closed already.

        Returns None.
        """
        self._shared.close()

    def _load(self, field: str) -> int:
        return int(lib.pysys_load64(self._shared.at(_PLACES[field])))

    def _copy(self, offset: int, count: int) -> bytes:
        """Bytes from the tail on, which may go on at the ring's start."""
        place = (self._tail + offset) % self._size
        first = min(count, self._size - place)
        ring = self._shared.at(self._start)
        return bytes(ffi.buffer(ring + place, first)) + bytes(ffi.buffer(ring, count - first))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        shared = getattr(self, "_shared", None)
        if shared is not None:
            shared.close()


def _number(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + _NUMBER], byteorder)
