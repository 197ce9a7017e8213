"""What the arguments of typed calls become: what CFFI takes for a parameter, or an error that names it."""

from __future__ import annotations

from _operator import index as _index  # operator itself is Python, and takes longer to load

from pysys._native import ffi, lib
from pysys.arguments import bound, descriptors, integers, objects, pointers
from pysys.arguments.iterables import each
from pysys.arguments.memory import no_pointer, no_word
from pysys.arguments.multiplexed import copied
from pysys.arguments.objects import Memory
from pysys.arguments.text import ENCODING, ERRORS, contains_null, encoded
from pysys.owner import Owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pysys.arguments.multiplexed import Told
    from pysys.parameters import Parameter

CData = objects.CData
NULL = ffi.NULL
CHARS = ffi.typeof("char[]")
from_buffer = ffi.from_buffer
sizeof = ffi.sizeof
_BYTES = frozenset(map(ffi.typeof, ("char", "signed char", "unsigned char")))
_typeof = ffi.typeof
MAX_WORD: int = (1 << 8 * sizeof("pysys_word")) - 1


def address(arg: Any) -> int:
    """The address of memory as a word: with a sign."""
    value: int = lib.pysys_address(arg)
    return value - MAX_WORD - 1 if value > MAX_WORD >> 1 else value


class BoundParameter(bound.BoundParameter):
    """A parameter of one call, with what CFFI knows of it.

    ctype: its C type. array: for memory, the type of an array of what it points to. low, high: what the C
    type holds, of numbers; most: what is taken.
    """

    low: int
    high: int
    most: int

    __slots__ = ("array", "ctype", "high", "low", "most", "wraps")

    def __init__(self, call: str, parameter: Parameter, ctype: Any) -> None:
        super().__init__(call, parameter)
        self.ctype: Any = ctype
        self.array: Any = CHARS
        self.wraps: bool = False
        if ctype.kind == "pointer":
            item = ctype.item
            if item.kind in ("struct", "union"):
                self.array = _typeof(f"{item.cname}[]")
            elif parameter.kind == "memory" and (number := bound.number(parameter.points)):
                self.array = _typeof(f"{number}[]")
        else:
            self.low, self.high = integers.bounds(ctype)
            signed = self.low < 0
            # A word may be meant with a sign or without one; flags reach the highest bit of an int; -1
            # is "leave it" where an id is expected; the kernel has most descriptors without a sign.
            self.wraps = (
                parameter.kind in ("word", "address")
                or (signed and bool(parameter.flags))
                or parameter.type.endswith(("uid_t", "gid_t", "qid_t"))
                or parameter.signed
                or (parameter.kind == "fd" and parameter.type.startswith(("unsigned", "compat_u")))
            )
            self.most = (1 << 8 * sizeof(ctype)) - 1 if self.wraps else self.high

    def under(self, call: str, parameter: Parameter) -> BoundParameter:
        """The same parameter under a command."""
        ctype = self.ctype
        if parameter.kind == "memory":
            found = bound.structure(parameter.points)
            ctype = _typeof(ffi.getctype(found, "*")) if found else _typeof("void *")
        made = BoundParameter(call, parameter, ctype)
        made.wraps = True
        return made


def number(arg: Any, place: BoundParameter) -> int:
    """A number that fits the parameter."""
    if place.parameter.kind == "fd":
        value = descriptors.number(place.title, arg)
    else:
        value = integers.integer(place.title, arg)
    if place.parameter.narrow:
        integers.within(place.title, value, integers.NARROW)
    if place.low <= value <= place.high:
        return value
    low = place.low
    if place.wraps:
        if low < 0 and place.high < value <= 2 * place.high + 1:
            return value - 2 * (place.high + 1)
        low = low or (-(place.high // 2) - 1 if place.parameter.signed else -1)
        if low <= value < 0 and place.low == 0:
            return value + place.high + 1
    raise integers.out_of_range(place.title, value, low, place.most)


def word(arg: Any, place: BoundParameter, told: Told | None = None, need: int = 0, first: Any = None) -> Any:
    """For a parameter whose meaning depends on others: an int, or what has an address and has to be held.

    told: what the command says, None for a call without commands; place: as the command has it. need: how
    many bytes there must be. first: the call's first argument. A Copy has to be given back after the call.
    """
    if arg is None:
        return 0
    if isinstance(arg, int):
        return integers.within(place.title, arg, integers.NARROW) if place.parameter.narrow else _index(arg)
    kind = place.parameter.kind
    if kind in ("int", "fd"):
        return number(arg, place)
    if isinstance(arg, str) or (hasattr(type(arg), "__fspath__") and not hasattr(arg, "fileno")):
        if place.written:
            raise place.no_memory(arg)
        made = ffi.new(CHARS, encoded(place.title, arg))
        if len(made) < need:
            raise place.too_short(len(made), need)
        return made
    found = objects.find(arg)
    if isinstance(found, int):
        return found
    if found is None:
        value = descriptors.of_object(place.title, arg)
        if value is None:
            raise place.no_memory(arg) if kind == "memory" else no_word(place.title, arg)
        return value
    if kind in ("path", "string"):
        return _terminated(found, place)
    if kind == "memory":
        if place.written and not found.writable:
            raise place.no_memory(arg)
        if found.length is not None and found.length < need:
            raise place.too_short(found.length, need)
        if place.how and isinstance(arg, Owner):
            pointers.check(place.title, place.how, arg, need, first)
    copy = copied(told, found, place.title)
    return found.pointer if copy is None else copy


def _terminated(found: Memory, place: BoundParameter) -> Any:
    """Memory that holds a string, or a copy with a null byte at its end."""
    if found.length is None:
        return found.pointer
    data = bytes(ffi.buffer(found.pointer, found.length)).rstrip(b"\0")
    if b"\0" in data:
        raise contains_null(place.title)
    return ffi.new(CHARS, data)


def text(arg: Any, place: BoundParameter) -> Any:
    """A string that ends with a null byte."""
    if type(arg) is str and "\0" not in arg:
        try:
            return arg.encode(ENCODING, ERRORS)
        except UnicodeEncodeError:
            pass
    if arg is None:
        if place.parameter.nullable:
            return NULL
        raise place.no_null()
    if isinstance(arg, CData):
        if _typeof(arg).kind not in ("pointer", "array"):
            raise no_pointer(place.title, arg)
        return ffi.cast("char *", arg)
    return encoded(place.title, arg, path=place.parameter.kind != "string")


def strings(arg: Any, place: BoundParameter) -> tuple[Any, object]:
    """An array of strings that NULL ends, and what has to live as long."""
    if arg is None:
        if place.parameter.nullable:
            return NULL, None
        raise place.no_null()
    if isinstance(arg, CData):
        if _typeof(arg).kind not in ("pointer", "array"):
            raise no_pointer(place.title, arg)
        return arg, None
    kind = type(arg)
    # Not an iterator: it would be empty when another argument makes it necessary to convert this one again.
    if isinstance(arg, (str, bytes)) or not hasattr(kind, "__getitem__") or hasattr(kind, "keys"):
        more = ", NAME=value each" if hasattr(kind, "keys") else ""
        raise TypeError(f"{place.title} must be a sequence of strings{more}, not {kind.__name__}")
    held = [
        ffi.new("char[]", encoded(f"{place.title}[{index}]", one))
        for index, one in enumerate(each(place.title, arg))
    ]
    return ffi.new("char *[]", [*held, NULL]), held


def memory(arg: Any, place: BoundParameter, need: int) -> Any:
    """A pointer to memory of at least the needed bytes, writable where the kernel writes."""
    if isinstance(arg, CData):
        ctype = _typeof(arg)
        if ctype.kind not in ("pointer", "array"):
            raise no_pointer(place.title, arg)
        as_bytes = ctype.item in _BYTES and place.ctype.item.kind != "void"
        # CFFI refuses a pointer to something else.
        if ctype.kind == "array" or ctype is place.ctype or as_bytes or place.ctype.item.kind == "void":
            length = objects.length(arg)
            if length is not None and length < need:
                raise place.too_short(length, need)
        # Bytes may be any structure; CFFI would take them with a warning.
        return ffi.cast(place.ctype, arg) if as_bytes else arg
    if arg is None:
        if place.parameter.nullable:
            return NULL
        raise place.no_null()
    cdata = getattr(arg, "cdata", None)
    if isinstance(cdata, CData):
        if not isinstance(arg, Owner):
            found = memory(cdata, place, need)
            # The object may make it again each time: it has to live with the pointer.
            return found if found is cdata else ffi.gc(found, lambda _, held=cdata: None)
        if (length := arg.nbytes) < need:
            raise place.too_short(length, need)
        return cdata
    try:
        found = from_buffer(CHARS, arg, place.written)
    except (BufferError, TypeError, ValueError):
        return _other(arg, place, need)
    if len(found) < need:
        raise place.too_short(len(found), need)
    if place.ctype.item.kind in ("struct", "union"):
        return from_buffer(place.array, arg, place.written)
    return found


def followed(arg: Any, place: BoundParameter, need: int, first: Any) -> Any:
    """Memory with pointers that the call follows: these too must lead to as much as the call uses."""
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


def _other(arg: Any, place: BoundParameter, need: int) -> Any:
    """Numbers in a sequence, for the kernel to read; or why this is not memory."""
    if isinstance(arg, (list, tuple)) and not place.written and place.array is not CHARS:
        values = [
            _item(one, f"{place.title}[{index}]", place) for index, one in enumerate(each(place.title, arg))
        ]
        try:
            made = ffi.new(place.array, values)
        except (TypeError, OverflowError):
            raise TypeError(f"{place.title} must be a sequence of {_wanted(place)}") from None
        if sizeof(made) < need:
            raise place.too_short(sizeof(made), need)
        return made
    raise place.no_memory(arg)


def _item(one: Any, title: str, place: BoundParameter) -> Any:
    """An item of a sequence: a number, a structure, or a pointer where an array of pointers is meant."""
    item = place.array.item
    one = getattr(one, "cdata", one)
    if isinstance(one, CData) and _typeof(one).kind in ("pointer", "array"):
        if item.kind in ("struct", "union"):
            if _typeof(one).item is item:
                return one[0]
        elif place.parameter.type.endswith("**"):
            return objects.address(one)
    elif item.kind in ("struct", "union"):
        if isinstance(one, dict):
            return one
    else:
        return integers.within(title, one, integers.bounds(item))
    raise TypeError(f"{title} must be {_wanted(place)}, not {type(one).__name__}")


def _wanted(place: BoundParameter) -> str:
    if place.parameter.type.endswith("**"):
        return f"a pointer or an address of {place.parameter.points}"
    return f"structures.{place.parameter.points}" if place.array.item.kind != "primitive" else "an int"


def unsigned(arg: Any, place: BoundParameter, offset: int) -> int:
    """The unsigned int at an offset of memory, 0 if there is none: what the caller says the length is."""
    if arg is None or isinstance(arg, int):
        return 0
    found = memory(arg, place, offset + sizeof("int"))
    return bound.unsigned(Memory(found, None, True), offset) if found else 0


def paths(places: Sequence[BoundParameter], args: Sequence[object]) -> list[object]:
    """The paths among the arguments, for the exception."""
    return [
        arg
        for place, arg in zip(places, args, strict=True)
        if place.parameter.kind == "path" and arg is not None and not isinstance(arg, CData)
    ]
