"""Types for annotations. Nothing imports this module at run time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol, Required, TypeAlias, TypedDict, Union

from typing_extensions import Buffer as Buffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pysys.structures import Array, Structure, sock_filter


class HasFileno(Protocol):
    """An object that has a descriptor: a file, a socket, a Child."""

    def fileno(self) -> int: ...


NativeFunction: TypeAlias = Any  # a CFFI `int (*)(void *)`; CFFI's pointers have no types of their own
Path: TypeAlias = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
Descriptor: TypeAlias = int | HasFileno
# What depends on another argument, as in ioctl, fcntl, prctl and keyctl; a word may be left out.
Argument: TypeAlias = Union[int, Buffer, Path, "Structure", "Array[Any]", HasFileno]
Word: TypeAlias = Argument | None
# A filter of calls: its bytes, or its instructions.
Program: TypeAlias = Union[bytes, bytearray, memoryview, "Iterable[tuple[int, int, int, int] | sock_filter]"]


class HasProgram(Protocol):
    """An object that has a filter's program."""

    @property
    def program(self) -> Program: ...


class SpawnFilter(TypedDict, total=False):
    """A filter and its flags, for spawn."""

    filter: Required[Program | HasProgram]
    log: bool
    spec_allow: bool
    wait_killable: bool
    listener: bool


class LandlockRules(TypedDict, total=False):
    """Rules of Landlock in words, for spawn."""

    paths: Mapping[Any, int | str]
    bind: Iterable[int]
    connect: Iterable[int]
    scopes: int | str
    abi: int
