"""What Python objects are to the kernel: memory, a number, a descriptor.

The one place where that is decided, for raw and typed calls and for pointers in structures.
"""

from __future__ import annotations

from _operator import index  # operator itself is Python, and takes longer to load

from pysys._native import ffi
from pysys.arguments.protocols import is_own
from pysys.owner import OwnedCData, Owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CData = ffi.CData
_from_buffer = ffi.from_buffer
_sizeof = ffi.sizeof
_typeof = ffi.typeof


class Memory:
    """Memory that an object is or has.

    pointer: CFFI's; who has it keeps the memory alive, and in its place. length: in bytes, None where it is
    not known. writable: whether it may change. owner: whose it is, if that is an Owner.
    """

    __slots__ = ("length", "owner", "pointer", "writable")

    def __init__(self, pointer: Any, length: int | None, writable: bool, owner: Owner | None = None) -> None:
        self.pointer: Any = pointer
        self.length: int | None = length
        self.writable: bool = writable
        self.owner: Owner | None = owner

    def release(self) -> None:
        """Let go what lies there."""
        self.pointer = None

    @property
    def address(self) -> int:
        """Where it is."""
        return address(self.pointer)

    def has(self, address: int) -> bool:
        """Whether an address lies within, or is its end."""
        start = self.address
        return start <= address <= start + (self.length or 0)


def address(pointer: Any) -> int:
    """Where a CFFI pointer or array points to."""
    return int(ffi.cast("uintptr_t", pointer))


def length(arg: Any) -> int | None:
    """How many bytes there are behind a CFFI pointer or array; None if it does not know."""
    ctype = _typeof(arg)
    if ctype.kind == "array":
        return int(_sizeof(arg))
    if type(arg) is OwnedCData:
        # A structure may be longer than its type says.
        return int(_sizeof(arg[0] if ctype.item.kind in ("struct", "union") else ctype.item))
    return None


def find(arg: Any) -> Memory | int | None:
    """What an argument is by its nature: memory or a number; None for what is neither, or is in pieces."""
    if isinstance(arg, CData):
        return _cdata(arg)
    cdata = getattr(arg, "cdata", None)
    if isinstance(cdata, CData):
        if isinstance(arg, Owner):
            return Memory(cdata, arg.nbytes, True, arg)
        return _cdata(cdata)  # which is held itself: the object may make it again each time
    try:
        # Locks the memory: it can be neither resized nor closed.
        pointer = _from_buffer(arg, require_writable=True)
    except (BufferError, TypeError, ValueError):
        pass
    else:
        return Memory(pointer, len(pointer), True)
    refusal = None
    if hasattr(type(arg), "__index__"):
        try:
            return index(arg)
        except TypeError as error:  # numpy's read-only arrays have the method, and refuse
            refusal = error if is_own(error) else None
    try:
        pointer = _from_buffer(arg)
    except (BufferError, TypeError, ValueError):
        if refusal is not None:
            raise refusal from None
        return None
    refusal = None  # its traceback would keep the memory locked
    return Memory(pointer, len(pointer), False)


def _cdata(arg: Any) -> Memory | int | None:
    ctype = _typeof(arg)
    if ctype.kind in ("pointer", "array", "function"):
        return Memory(arg, length(arg) if ctype.kind != "function" else None, True)
    if ctype.kind in ("primitive", "enum") and ctype.cname not in ("float", "double", "long double"):
        return int(arg)
    return None


def is_in_pieces(arg: object) -> bool:
    """Whether an object has memory that is not contiguous, and so cannot be passed to the kernel."""
    try:
        view = memoryview(arg)  # type: ignore[arg-type]  # the TypeError is the answer
    except TypeError:
        return False
    with view:
        return not view.c_contiguous
