"""Reads the memory of a traced process, and what its descriptors are."""

from __future__ import annotations

import os

from pysys import errors, structures
from pysys._native import ffi
from pysys.calls import direct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["descriptor", "link", "pointers", "read", "string"]

LARGEST = 1 << 16  # bytes that are read at once
_PIECE = 256  # of a string
_ADDRESSES = 1 << 8 * ffi.sizeof("void *")

_buffer = bytearray(LARGEST)
_here = structures.iovec(iov_base=_buffer)
_there = structures.iovec()


def read(tid: int, address: int, count: int) -> bytes:
    """The bytes at an address, count of them, or those before the first that cannot be read."""
    if count <= 0 or not 0 < address < _ADDRESSES:
        return b""
    count = min(count, LARGEST)
    _here.iov_len = _there.iov_len = count
    _there.iov_base = address
    try:
        return bytes(memoryview(_buffer)[: direct.process_vm_readv(tid, _here, 1, _there, 1, 0)])
    except errors.SyscallError:
        return b""


def string(tid: int, address: int, most: int) -> tuple[bytes, bool] | None:
    """What is before a null byte, and whether there was one in `most` bytes; None if nothing is there."""
    found = b""
    while len(found) <= most:
        piece = read(tid, address + len(found), min(_PIECE, most + 1 - len(found)))
        if not piece:
            return (found, False) if found else None
        end = piece.find(b"\0")
        if end >= 0:
            return found + piece[:end], True
        found += piece
    return found[:most], False


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
