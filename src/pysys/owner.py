"""Who has memory for the kernel: structures and arrays of pysys, and what CFFI makes."""

from __future__ import annotations

from pysys._native import ffi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys.arguments.objects import Memory

OwnedCData: type[Any] = type(ffi.new("char[1]"))  # what ffi.new() makes


class Owner:
    """An object that has memory for the kernel, and keeps, by address, what pointers within lead to."""

    __slots__ = ()

    if TYPE_CHECKING:
        cdata: Any
        _keep: dict[int, Memory]

    @property
    def nbytes(self) -> int:
        """How many bytes of memory there are."""
        return int(ffi.sizeof(self.cdata))
