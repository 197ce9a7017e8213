"""What is in the memory of a traced process, and what its descriptors are."""

from __future__ import annotations

import os

from pysys.seccomp.memory import LARGEST as LARGEST
from pysys.seccomp.memory import read, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["descriptor", "link", "pointers", "read", "string"]


def pointers(tid: int, address: int, width: int, order: str) -> Iterator[int]:
    """The pointers of an array that NULL ends, or that ends where it cannot be read."""
    while True:
        piece = read(tid, address, width * 16)
        for at in range(0, len(piece) - width + 1, width):
            value = int.from_bytes(piece[at : at + width], "little" if order == "little" else "big")
            if value == 0:
                return
            yield value
        if len(piece) < width * 16:
            return
        address += len(piece)


def descriptor(tid: int, number: int) -> str:
    """What a descriptor of a thread is; "" if it is not open."""
    return "" if number < 0 else link(tid, f"fd/{number}")


def link(tid: int, name: str) -> str:
    """Where a link in a thread's folder of /proc leads: "cwd", "exe"; "" where it cannot be read."""
    try:
        return os.readlink(f"/proc/{tid}/{name}")
    except OSError:
        return ""
