"""Names for annotations; nothing imports it at run time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, Union

from typing_extensions import Buffer as Buffer

if TYPE_CHECKING:
    from pysys.structures import Array, Structure


class HasFileno(Protocol):
    """An object that stands for a descriptor."""

    def fileno(self) -> int: ...


NativeFunction: TypeAlias = Any  # a CFFI `int (*)(void *)`; CFFI's pointers have no types of their own
Path: TypeAlias = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
Descriptor: TypeAlias = int | HasFileno
# What means something else for each value of another argument: that of ioctl, fcntl, prctl, keyctl, ...
Word: TypeAlias = Union[int, Buffer, Path, "Structure", "Array[Any]", HasFileno, None]
