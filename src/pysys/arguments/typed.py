"""What the arguments of typed calls become: what CFFI takes for a parameter, or an error that names it."""

from __future__ import annotations

import os
import sys
from _operator import index as whole

from pysys._native import ffi, lib
from pysys.arguments import bound, objects, pointers
from pysys.arguments.multiplexed import copied
from pysys.arguments.objects import Memory, Owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pysys.arguments.multiplexed import Told
    from pysys.parameters import Parameter

CData = objects.CData
OwnedCData = objects.OwnedCData
NULL = ffi.NULL
CHARS = ffi.typeof("char[]")
from_buffer = ffi.from_buffer
sizeof = ffi.sizeof
_BYTES = frozenset(map(ffi.typeof, ("char", "signed char", "unsigned char")))
_typeof = ffi.typeof
_ENCODING = sys.getfilesystemencoding()
_ERRORS = sys.getfilesystemencodeerrors()
MAX_WORD: int = (1 << 8 * sizeof("pysys_word")) - 1


def address(arg: Any) -> int:
    """The address of memory as a word: with a sign."""
    value: int = lib.pysys_address(arg)
    return value - MAX_WORD - 1 if value > MAX_WORD >> 1 else value


class Place(bound.Place):
    """A parameter of one call, with what CFFI knows of it.

    ctype: its C type. array: for memory, the type of as many of what it points to as there is room.
    """

    low: int
    high: int

    __slots__ = ("array", "ctype", "high", "low", "wraps")

    def __init__(self, call: str, parameter: Parameter, ctype: Any) -> None:
        super().__init__(f"{call}: {parameter.python}", parameter)
        self.ctype = ctype
        self.array = CHARS
        self.wraps = False
        if ctype.kind == "pointer":
            item = ctype.item
            if item.kind in ("struct", "union"):
                self.array = _typeof(f"{item.cname}[]")
            elif parameter.kind == "memory" and (number := bound.number(parameter.points)):
                self.array = _typeof(f"{number}[]")
        else:
            bits = 8 * sizeof(ctype)
            signed = int(ffi.cast(ctype, -1)) < 0
            self.low = -(1 << bits - 1) if signed else 0
            self.high = (1 << bits - 1 if signed else 1 << bits) - 1
            # A word may be meant with a sign or without one; flags reach the highest bit of an int; -1
            # is "leave it" where an id is expected; the kernel has most descriptors without a sign.
            self.wraps = (
                parameter.kind in ("word", "address")
                or (signed and bool(parameter.flags))
                or parameter.type.endswith(("uid_t", "gid_t", "qid_t"))
                or parameter.signed
                or (parameter.kind == "fd" and parameter.type.startswith(("unsigned", "compat_u")))
            )

    def under(self, call: str, parameter: Parameter) -> Place:
        """The place of the same parameter under a command."""
        ctype = self.ctype
        if parameter.kind == "memory":
            found = bound.structure(parameter.points)
            ctype = _typeof(ffi.getctype(found, "*")) if found else _typeof("void *")
        made = Place(call, parameter, ctype)
        made.wraps = True
        return made


def number(arg: Any, place: Place) -> int:
    """A number that fits the parameter."""
    kind = type(arg)
    value: int | None = None
    if place.parameter.kind == "fd" and not hasattr(kind, "__index__"):
        value = objects.descriptor(arg, place.title)
    if value is None:
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
        least = -(place.high // 2) - 1 if place.parameter.signed else -1
        if place.low == 0 and least <= value < 0:
            return int(value) + place.high + 1
    shown = value if -100_000 < value < 100_000 else hex(value)
    raise OverflowError(f"{place.title}: {shown} is not from {place.low:#x} to {place.high:#x}")


def word(arg: Any, place: Place, told: Told | None = None, need: int = 0, first: Any = None) -> Any:
    """For a parameter whose meaning depends on others: an int, or what has an address and has to be held.

    told: what the command says, None for a call without commands; place: as the command has it. need: how
    many bytes there must be. first: the call's first argument. A Copy has to be given back after the call.
    """
    if arg is None:
        return 0
    if isinstance(arg, int):
        return int(arg)
    kind = place.parameter.kind
    if kind in ("int", "fd"):
        return number(arg, place)
    if isinstance(arg, str) or (hasattr(type(arg), "__fspath__") and not hasattr(arg, "fileno")):
        if place.written:
            raise _not_writable(place, arg)
        made = ffi.new(CHARS, text(os.fspath(arg), place))
        if len(made) < need:
            raise _short(place, len(made), need)
        return made
    found = objects.find(arg)
    if isinstance(found, int):
        return found
    if found is None:
        value = objects.descriptor(arg, place.title)
        if value is None:
            raise _no_word(arg, place)
        return value
    if kind in ("path", "string"):
        return _terminated(found, place)
    if kind == "memory":
        if place.written and not found.writable:
            raise _not_writable(place, arg)
        if found.room is not None and found.room < need:
            raise _short(place, found.room, need)
        if place.how and isinstance(arg, Owner):
            pointers.check(place.title, place.how, arg, need, first)
    copy = copied(told, found, place.title)
    return found.pointer if copy is None else copy


def _terminated(memory: Memory, place: Place) -> Any:
    """Memory that holds a string, or a copy with a null byte at its end."""
    if memory.room is None:
        return memory.pointer
    data = bytes(ffi.buffer(memory.pointer, memory.room)).rstrip(b"\0")
    if b"\0" in data:
        raise ValueError(f"{place.title} contains a null byte")
    return ffi.new(CHARS, data)


def _no_word(arg: Any, place: Place) -> TypeError:
    kind = type(arg).__name__
    if isinstance(arg, CData):
        return TypeError(f"{place.title}: a CFFI {_typeof(arg).cname} is no pointer: take its address")
    if objects.is_in_pieces(arg):
        return TypeError(f"{place.title}: the memory of this {kind} is not contiguous")
    return TypeError(
        f"{place.title} must be an int, None, a buffer, a structure, a str or a path, not {kind}"
    )


def _not_writable(place: Place, arg: Any) -> TypeError:
    kind = type(arg).__name__
    if isinstance(arg, (str, bytes)):
        return TypeError(f"{place.title} is written to by the kernel: pass a bytearray, not {kind}")
    return TypeError(f"{place.title} is written to by the kernel, and this {kind} is read-only")


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
        if ctype.kind not in ("pointer", "array"):
            raise TypeError(f"{place.title}: a CFFI {ctype.cname} is no pointer: take its address")
        as_bytes = ctype.item in _BYTES and place.ctype.item.kind != "void"
        # CFFI refuses a pointer to something else.
        if ctype.kind == "array" or ctype is place.ctype or as_bytes or place.ctype.item.kind == "void":
            room = objects.room(arg)
            if room is not None and room < need:
                raise _short(place, room, need)
        # Bytes may be any structure; CFFI would take them with a warning.
        return ffi.cast(place.ctype, arg) if as_bytes else arg
    if arg is None:
        if place.parameter.nullable:
            return NULL
        raise TypeError(f"{place.title} must not be None")
    cdata = getattr(arg, "cdata", None)
    if isinstance(cdata, CData):
        if not isinstance(arg, Owner):
            found = memory(cdata, place, need)
            # The object may make it anew each time: it has to live with the pointer.
            return found if found is cdata else ffi.gc(found, lambda _, held=cdata: None)
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


def followed(arg: Any, place: Place, need: int, first: Any) -> Any:
    """Memory with pointers that the call follows: they too must lead to as much as the kernel is told of."""
    if place.parameter.type.endswith("**") and isinstance(arg, Owner) and hasattr(type(arg), "__len__"):
        arg = list(arg)  # type: ignore[call-overload]  # structures in a row, where pointers to them are meant
    found = memory(arg, place, need)
    if isinstance(arg, Owner):
        pointers.check(place.title, place.how, arg, need, first)
    elif isinstance(arg, (list, tuple)):
        for one in arg[: need // max(place.size, 1)]:
            if isinstance(one, Owner):
                pointers.check(place.title, place.how, one, 0, first)
    return found


def _short(place: Place, room: int, need: int) -> ValueError:
    return ValueError(f"{place.title} has {room} bytes, and the kernel is told of {need}")


def _other(arg: Any, place: Place, need: int) -> Any:
    """Numbers in a sequence, for the kernel to read; or why this is no memory."""
    kind = type(arg).__name__
    if isinstance(arg, (list, tuple)) and not place.written and place.array is not CHARS:
        try:
            made = ffi.new(place.array, [_item(one, place) for one in arg])
        except (TypeError, OverflowError) as error:
            raise type(error)(f"{place.title}: {error}") from None
        if sizeof(made) < need:
            raise _short(place, sizeof(made), need)
        return made
    try:
        memoryview(arg).release()
    except TypeError:
        wanted = "a writable buffer" if place.written else "a buffer"
        point = place.parameter.points
        if point and point != "void":
            wanted += f" or {point if place.array is CHARS else _named(place)}"
        none = " or None" if place.parameter.nullable else ""
        raise TypeError(f"{place.title} must be {wanted}{none}, not {kind}") from None
    if objects.is_in_pieces(arg):
        raise TypeError(f"{place.title}: the memory of this {kind} is not contiguous")
    raise _not_writable(place, arg)


def _item(one: Any, place: Place) -> Any:
    """An item of a sequence: a number, a structure, or a pointer where an array of pointers is meant."""
    one = getattr(one, "cdata", one)
    if not isinstance(one, CData):
        return one
    if place.ctype.item.kind in ("struct", "union"):
        return one[0]
    return int(ffi.cast("uintptr_t", one)) if place.parameter.type.endswith("**") else one


def _named(place: Place) -> str:
    item = place.ctype.item
    if item.kind in ("struct", "union"):
        return f"structures.{place.parameter.points}"
    return f"an array of {place.parameter.points}"


def unsigned(arg: Any, place: Place, offset: int) -> int:
    """The unsigned int at an offset of memory, 0 if there is none: how much room the caller says there is."""
    if arg is None or isinstance(arg, int):
        return 0
    found = memory(arg, place, offset + sizeof("int"))
    return bound.unsigned(Memory(found, None, True), offset) if found else 0


def paths(places: Sequence[Place], args: Sequence[object]) -> list[object]:
    """The paths among the arguments, for the exception."""
    return [
        arg
        for place, arg in zip(places, args, strict=True)
        if place.parameter.kind == "path" and arg is not None and not isinstance(arg, CData)
    ]
