"""Reads the memory of another thread's process. Several threads may read at once."""

from __future__ import annotations

from pysys import errors, structures
from pysys._native import ffi
from pysys.calls import direct
from pysys.calls._files import PATH_MAX as PATH_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.structures import iovec

LARGEST = 1 << 16  # bytes that are read at once
_PIECE = 256  # of a string
_ADDRESSES = 1 << 8 * ffi.sizeof("void *")

# What is not in use just now: making it takes longer than the call.
_spare: list[tuple[bytearray, iovec, iovec]] = []


def _made() -> tuple[bytearray, iovec, iovec]:
    buffer = bytearray(LARGEST)
    return buffer, structures.iovec(iov_base=buffer), structures.iovec()


def taken(tid: int, address: int, count: int) -> bytes:
    """The bytes at an address, count of them, or those before the first that cannot be read.

    Raises the documented errors of process_vm_readv: EFAULT if there are none, ESRCH, EPERM.
    """
    if count <= 0 or not 0 < address < _ADDRESSES:
        return b""
    count = min(count, LARGEST)
    try:
        own = _spare.pop()
    except IndexError:
        own = _made()
    buffer, here, there = own
    try:
        here.iov_len = there.iov_len = count
        there.iov_base = address
        return bytes(memoryview(buffer)[: direct.process_vm_readv(tid, here, 1, there, 1, 0)])
    finally:
        _spare.append(own)


def read(tid: int, address: int, count: int) -> bytes:
    """The same, and nothing where it cannot be read."""
    try:
        return taken(tid, address, count)
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
