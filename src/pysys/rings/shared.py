"""Memory that a descriptor shares with the kernel, in the process that mapped it."""

from __future__ import annotations

import os

from pysys import calls
from pysys._native import ffi, lib
from pysys.flags import MAP_POPULATE, MAP_SHARED, PROT_READ, PROT_WRITE, MadviseAdvice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_forks = 0


def _forked() -> None:
    global _forks
    _forks += 1


os.register_at_fork(after_in_child=_forked)


class Shared:
    """A mapping. A child does not inherit it, so that it must be asked for check() before memory is touched.

    what: the name of its object in messages.
    """

    __slots__ = ("_forks", "_length", "_pid", "_start", "_what")

    def __init__(self, what: str, fd: int, length: int, offset: int = 0) -> None:
        self._what = what
        self._length = length
        self._pid, self._forks = os.getpid(), _forks
        prot, flags = PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE
        self._start = ffi.cast("char *", calls.mmap(None, length, prot, flags, fd, offset))
        try:
            calls.madvise(self._start, length, MadviseAdvice.MADV_DONTFORK)
        except BaseException:
            self.close()
            raise

    @property
    def is_foreign(self) -> bool:
        """Whether this process was forked from the one that has the mapping."""
        return (self._pid, self._forks) != (os.getpid(), _forks)

    def check(self) -> None:
        """Raises ValueError if it is closed, RuntimeError if it is another process's."""
        if self._start is None:
            raise ValueError(f"{self._what} is closed")
        if self.is_foreign:
            raise RuntimeError(f"{self._what} is that of process {self._pid}, which this one was forked from")

    def at(self, offset: int) -> Any:
        """Where a byte of it is, for CFFI."""
        return self._start + offset

    def load(self, offset: int) -> int:
        """A word of 32 bits; what is read later is not older."""
        return lib.pysys_load32(self._start + offset)

    def store(self, offset: int, value: int) -> None:
        """A word of 32 bits, seen after all that was written earlier."""
        lib.pysys_store32(self._start + offset, value)

    def close(self) -> None:
        """Unmap it, in the process that has it. It may be closed already."""
        start, self._start = self._start, None
        if start is not None and not self.is_foreign:
            calls.munmap(start, self._length)
