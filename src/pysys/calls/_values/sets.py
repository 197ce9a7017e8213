"""Sets of numbers as the kernel's bitmaps, in longs: CPUs, nodes of memory, signals."""

from __future__ import annotations

import sys

from pysys import structures
from pysys._native import ffi
from pysys.arguments import integers, iterables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    Signals: TypeAlias = Iterable[int] | structures.sigset

_IS_LITTLE = sys.byteorder == "little"
_LONG = ffi.sizeof("long")
SIGSET = ffi.sizeof("struct kernel_sigset")  # the only size that the kernel takes for a set of signals


def mask(title: str, numbers: Iterable[int], most: int) -> int:
    """The bits of these numbers, which are below most. title: how messages name the parameter."""
    found = 0
    for index, number in enumerate(iterables.items(title, numbers, "ints")):
        found |= 1 << integers.within(f"{title}[{index}]", number, (0, most - 1))
    return found


def numbers_of(mask: int) -> set[int]:
    """The numbers of the bits that are set."""
    found = set()
    while mask:
        found.add((mask & -mask).bit_length() - 1)
        mask &= mask - 1
    return found


def pack(title: str, numbers: Iterable[int], most: int) -> bytes:
    """A bitmap of these numbers, which are below most, in complete longs, at least one."""
    bits = mask(title, numbers, most)
    longs = max(1, -(-bits.bit_length() // (8 * _LONG)))
    return bytes(_little(bits.to_bytes(longs * _LONG, "little")))


def unpack(bitmap: bytes | bytearray) -> set[int]:
    """The numbers in a bitmap."""
    return numbers_of(int.from_bytes(bitmap if _IS_LITTLE else _little(bitmap), "little"))


def _little(bitmap: bytes | bytearray) -> bytes | bytearray:
    """A bitmap of this machine in little-endian order, and the reverse."""
    if _IS_LITTLE:
        return bitmap
    return b"".join(bitmap[at : at + _LONG][::-1] for at in range(0, len(bitmap), _LONG))


def sigset(title: str, signals: Any) -> Any:
    """A set of signals as the kernel takes it, from their numbers or structures.sigset.

    title: how messages speak of the parameter.
    """
    if isinstance(signals, structures.sigset):
        return bytes(signals)
    numbers = iterables.items(title, signals, "signals or structures.sigset")
    bounds = 1, 8 * SIGSET
    found = [integers.within(f"{title}[{index}]", one, bounds) for index, one in enumerate(numbers)]
    return bytes(structures.sigset.of(found))
