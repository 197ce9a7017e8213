"""The pipes that spawn makes between this process and the new one.

Loaded when it is first needed, and held in memory until then (pysys.process.spawn).
"""

from __future__ import annotations

import os
from itertools import chain, repeat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys.process.child import Child


class Pipes:
    """Pipes, which close() closes until give() has handed them over.

    A signal handler may raise after each call. So a descriptor is put into the list, or taken out and closed,
    by one call of C.
    """

    __slots__ = ("_open", "_streams")

    def __init__(self) -> None:
        self._open: list[int] = []  # a reader and a writer for each
        self._streams: list[int] = []

    def made(self, stream: int) -> int:
        """Make the pipe of one of the streams 0 to 2. Returns the new process's end."""
        self._streams.append(stream)
        self._open.extend(chain.from_iterable(map(os.pipe2, (os.O_CLOEXEC,))))
        return self._open[-2 if stream == 0 else -1]

    def give(self, child: Child) -> None:
        """Make files of this process's ends, which are the Child's from now on, and close the others."""
        files: list[Any] = [None, None, None]
        child._streams = files  # type: ignore[assignment]  # in the end a tuple
        ends = self._open[:]
        for index, stream in enumerate(self._streams):
            ours = ends[2 * index + (stream == 0)]
            mode = "wb" if stream == 0 else "rb"
            files[stream : stream + 1] = map(open, (ours,), (mode,))
            self._open.remove(ours)
        self.close()
        child._streams = files[0], files[1], files[2]

    def close(self) -> None:
        """Close what was not handed over."""
        any(map(os.close, map(self._open.pop, repeat(-1, len(self._open)))))
