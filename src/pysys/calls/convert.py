"""What the arguments of typed calls become: what CFFI takes for a parameter, or an error that names it."""

from __future__ import annotations

import os
import sys
from _operator import index as whole  # operator itself is Python, and takes longer to load

from pysys._native import ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pysys.parameters import Parameter

CData = ffi.CData
OwnedCData = type(ffi.new("char[1]"))  # what new() gives for arrays
NULL = ffi.NULL
CHARS = ffi.typeof("char[]")
from_buffer = ffi.from_buffer
_BYTES = frozenset(map(ffi.typeof, ("char", "signed char", "unsigned char")))
_sizeof = ffi.sizeof
_typeof = ffi.typeof
# Numbers that are wider for the kernel than for a program where pointers have 32 bits in 64-bit registers.
_KERNELS = {"long": "kernel_long", "unsigned long": "kernel_ulong"}
_ENCODING = sys.getfilesystemencoding()
_ERRORS = sys.getfilesystemencodeerrors()
MAX_WORD: int = (1 << 8 * ffi.sizeof("pysys_word")) - 1


def address(arg: Any) -> int:
    """The address of memory as a word: with a sign."""
    value: int = lib.pysys_address(arg)
    return value - MAX_WORD - 1 if value > MAX_WORD >> 1 else value


class Place:
    """A parameter of one call, with what CFFI knows of it.

    title: how messages speak of it. ctype: its C type. array: for memory, the type of as many of what it
    points to as there is room. size: of one of them.
    """

    low: int
    high: int

    __slots__ = ("array", "ctype", "high", "low", "name", "parameter", "size", "title", "wraps", "written")

    def __init__(self, call: str, parameter: Parameter, ctype: Any) -> None:
        self.parameter = parameter
        self.name = parameter.python
        self.title = f"{call}: {parameter.python}"
        self.ctype = ctype
        self.written = parameter.direction in ("out", "inout")
        self.array = CHARS
        self.size = 1
        self.wraps = False
        if ctype.kind == "pointer":
            item = ctype.item
            if item.kind in ("struct", "union"):
                self.array = _typeof(f"{item.cname}[]")
                self.size = _sizeof(item)
            elif parameter.kind == "memory" and parameter.points != "void":
                kind = _KERNELS.get(parameter.points, parameter.points)
                try:
                    self.size = _sizeof(kind)
                except ffi.error:  # a structure that is not among pysys.structures: bytes
                    self.size = 0
                else:
                    self.array = _typeof(f"{kind}[]")
        else:
            bits = 8 * _sizeof(ctype)
            signed = int(ffi.cast(ctype, -1)) < 0
            self.low = -(1 << bits - 1) if signed else 0
            self.high = (1 << bits - 1 if signed else 1 << bits) - 1
            # A word may be meant with a sign or without one; flags reach the highest bit of an int; -1
            # is "leave it" where an id is expected.
            self.wraps = (
                parameter.kind in ("word", "address")
                or (signed and bool(parameter.flags))
                or parameter.type.endswith(("uid_t", "gid_t", "qid_t"))
            )


def number(arg: Any, place: Place) -> int:
    """A number that fits the parameter."""
    kind = type(arg)
    if place.parameter.kind == "fd" and not hasattr(kind, "__index__") and hasattr(kind, "fileno"):
        value = arg.fileno()
        if not isinstance(value, int):
            raise TypeError(f"{place.title}: fileno() gave no int")
        if value < 0:
            raise ValueError(f"{place.title} is a {kind.__name__} without a descriptor")
    else:
        try:
            value = whole(arg)
        except TypeError:
            more = " or have fileno()" if place.parameter.kind == "fd" else ""
            raise TypeError(f"{place.title} must be an int{more}, not {kind.__name__}") from None
    if place.low <= value <= place.high:
        return int(value)
    if place.wraps:
        if place.low < 0 and place.high < value <= 2 * place.high + 1:
            return int(value) - 2 * (place.high + 1)
        if place.low == 0 and value == -1:
            return place.high
    shown = value if -100_000 < value < 100_000 else hex(value)
    raise OverflowError(f"{place.title}: {shown} is not from {place.low:#x} to {place.high:#x}")


def word(arg: Any, place: Place) -> Any:
    """For a parameter whose meaning depends on others: an int, or what has an address and has to be held.

    Text is copied: whether the kernel writes there depends on the others, too.
    """
    if arg is None:
        return 0
    if isinstance(arg, int):
        return int(arg)
    if isinstance(arg, (str, bytes)) or hasattr(type(arg), "__fspath__"):
        return ffi.new(CHARS, text(arg, place))
    if isinstance(arg, CData):
        if _typeof(arg).kind in ("pointer", "array", "function"):
            return arg
        return int(arg)
    cdata = getattr(arg, "cdata", None)
    if isinstance(cdata, CData):
        return cdata
    try:
        return from_buffer(arg, require_writable=True)
    except (BufferError, TypeError, ValueError):
        pass
    if hasattr(type(arg), "__index__"):
        return whole(arg)
    try:
        return from_buffer(arg)
    except (BufferError, TypeError, ValueError):
        pass
    if hasattr(type(arg), "fileno"):
        return arg.fileno()
    kind = type(arg).__name__
    raise TypeError(f"{place.title} must be an int, None, a buffer, a structure, a str or a path, not {kind}")


def text(arg: Any, place: Place) -> Any:
    """A string that ends with a null byte."""
    if isinstance(arg, str):
        if "\0" in arg:
            raise ValueError(f"{place.title} contains a null character")
        return arg.encode(_ENCODING, _ERRORS)
    if isinstance(arg, bytes):
        if b"\0" in arg:
            raise ValueError(f"{place.title} contains a null byte")
        return arg
    if arg is None:
        if place.parameter.nullable:
            return NULL
        raise TypeError(f"{place.title} must not be None")
    kind = type(arg)
    if isinstance(arg, CData):
        if _typeof(arg).kind not in ("pointer", "array"):
            raise TypeError(f"{place.title}: a CFFI {_typeof(arg).cname} is no pointer: take its address")
        return ffi.cast("char *", arg)
    if place.parameter.kind != "string" and hasattr(kind, "__fspath__"):
        return text(os.fspath(arg), place)
    wanted = "str, bytes or a path" if place.parameter.kind == "path" else "str or bytes"
    raise TypeError(f"{place.title} must be {wanted}, not {kind.__name__}")


def strings(arg: Any, place: Place) -> tuple[Any, object]:
    """An array of strings that NULL ends, and what has to live as long."""
    if arg is None:
        if place.parameter.nullable:
            return NULL, None
        raise TypeError(f"{place.title} must not be None")
    if isinstance(arg, CData):
        return arg, None
    kind = type(arg)
    if isinstance(arg, (str, bytes)) or not hasattr(kind, "__getitem__") or hasattr(kind, "keys"):
        more = ", NAME=value each" if hasattr(kind, "keys") else ""
        raise TypeError(f"{place.title} must be a sequence of strings{more}, not {kind.__name__}")
    held = [ffi.new("char[]", text(one, place)) for one in arg]
    return ffi.new("char *[]", [*held, NULL]), held


def memory(arg: Any, place: Place, need: int) -> Any:
    """A pointer to at least so many bytes, into which the kernel may write if it does."""
    if isinstance(arg, CData):
        ctype = _typeof(arg)
        kind = ctype.kind
        if kind not in ("pointer", "array"):
            raise TypeError(f"{place.title}: a CFFI {ctype.cname} is no pointer: take its address")
        room = need
        if kind == "array":
            room = _sizeof(arg)
        elif type(arg) is OwnedCData and (ctype is place.ctype or place.ctype.item.kind == "void"):
            # What new() gave: it is known how much that is.
            room = _sizeof(arg[0] if ctype.item.kind in ("struct", "union") else ctype.item)
        if room < need:
            raise _short(place, room, need)
        # Bytes may be any structure; CFFI would take them with a warning.
        return ffi.cast(place.ctype, arg) if ctype.item in _BYTES else arg
    if arg is None:
        if place.parameter.nullable:
            return NULL
        raise TypeError(f"{place.title} must not be None")
    cdata = getattr(arg, "cdata", None)
    if isinstance(cdata, CData) and hasattr(arg, "nbytes"):
        if (room := arg.nbytes) < need:
            raise _short(place, room, need)
        return cdata
    try:
        found = from_buffer(CHARS, arg, place.written)
    except (BufferError, TypeError, ValueError):
        return _other(arg, place, need)
    if len(found) < need:
        raise _short(place, len(found), need)
    if place.ctype.item.kind in ("struct", "union"):
        return from_buffer(place.array, arg, place.written)
    return found


def _short(place: Place, room: int, need: int) -> ValueError:
    return ValueError(f"{place.title} has {room} bytes, and the kernel is told of {need}")


def _other(arg: Any, place: Place, need: int) -> Any:
    """Numbers in a sequence, for the kernel to read; or why this is no memory."""
    kind = type(arg).__name__
    if isinstance(arg, (list, tuple)) and not place.written and place.array is not CHARS:
        items = [getattr(one, "cdata", one) for one in arg]
        if place.ctype.item.kind in ("struct", "union"):
            items = [one[0] if isinstance(one, CData) else one for one in items]
        try:
            made = ffi.new(place.array, items)
        except (TypeError, OverflowError) as error:
            raise type(error)(f"{place.title}: {error}") from None
        if _sizeof(made) < need:
            raise _short(place, _sizeof(made), need)
        return made
    try:
        view = memoryview(arg)
    except TypeError:
        wanted = "a writable buffer" if place.written else "a buffer"
        point = place.parameter.points
        if point and point != "void":
            wanted += f" or {point if place.array is CHARS else _named(place)}"
        none = " or None" if place.parameter.nullable else ""
        raise TypeError(f"{place.title} must be {wanted}{none}, not {kind}") from None
    with view:
        if not view.c_contiguous:
            raise TypeError(f"{place.title}: the memory of this {kind} is not contiguous")
    raise TypeError(f"{place.title} is written to by the kernel, and this {kind} is read-only")


def _named(place: Place) -> str:
    item = place.ctype.item
    if item.kind in ("struct", "union"):
        return f"structures.{place.parameter.points}"
    return f"an array of {place.parameter.points}"


def pointed_int(arg: Any, place: Place) -> int:
    """The int that memory begins with, 0 if there is none: how much room the caller says there is."""
    if arg is None:
        return 0
    found = memory(arg, place, _sizeof("int"))
    # Without a sign: the kernel takes many of them so, and what it takes with one it refuses itself.
    return int(ffi.cast("unsigned int *", found)[0]) if found else 0


def paths(places: Sequence[Place], args: Sequence[object]) -> list[object]:
    """The paths among the arguments, for the exception."""
    return [
        arg
        for place, arg in zip(places, args, strict=True)
        if place.parameter.kind == "path" and arg is not None and not isinstance(arg, CData)
    ]
