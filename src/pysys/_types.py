"""Names for annotations; nothing imports it at run time."""

from __future__ import annotations

import os
from typing import Any, Protocol, TypeAlias, Union

from typing_extensions import Buffer as Buffer


class HasFileno(Protocol):
    """An object that stands for a descriptor."""

    def fileno(self) -> int: ...


NativeFunction: TypeAlias = Any  # a CFFI `int (*)(void *)`; CFFI's pointers have no types of their own
Path: TypeAlias = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
Descriptor: TypeAlias = int | HasFileno
