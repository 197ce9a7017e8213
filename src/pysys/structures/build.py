"""Makes the class of a structure from what the compiler knows of it, when it is first used."""

from __future__ import annotations

import sys

from pysys._native import ABI_NAME, ffi, number_reader
from pysys.arguments import descriptors, integers, iterables, memory
from pysys.arguments.objects import address, is_in_pieces
from pysys.arguments.pointers import TAG
from pysys.arguments.text import of_str
from pysys.loading import counted, hint
from pysys.structures import field_flags, messages, signals, times, unions
from pysys.structures import field_notes as tables
from pysys.structures.base import Array, Base, Structure, put, target
from pysys.structures.documentation import TEXTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_STRUCTS, _UNIONS = (
    frozenset(name[len(TAG) :] for name in kind if name.startswith(TAG)) for kind in ffi.list_types()[1:]
)
# Where the classes that can do more than the fields say come from.
_BASES: dict[str, type[Structure]] = {
    "iovec": messages.Iovec,
    "msghdr": messages.Msghdr,
    "siginfo": signals.Siginfo,
    "sigset": signals.Sigset,
    "timespec": times.Nanoseconds,
    "timespec32": times.Nanoseconds,
    "statx_timestamp": times.Nanoseconds,
    "timeval": times.Microseconds,
    "timeval32": times.Microseconds,
    "sock_timeval": times.Microseconds,
    "timex_timeval": times.Microseconds,
}
_KEYWORDS = frozenset(
    {"from", "in", "is", "as", "class", "def", "global", "import", "not", "or", "and", "pass"}
)
_MOST_KEPT = 256  # bytes of a structure of which an exception keeps the numbers
_classes: dict[str, type[Structure]] = {}
_offsets: dict[str, tuple[int, ...]] = {}


class Field:
    """A field as Python has it."""

    __slots__ = ("ctype", "flags", "name", "nbytes", "offset", "reads", "writes")

    def __init__(
        self,
        name: str,
        ctype: str,
        offset: int,
        nbytes: int,
        reads: str,
        writes: str,
        flags: tuple[str, ...] = (),
    ) -> None:
        self.name: str = name
        self.ctype: str = ctype
        self.offset: int = offset
        self.nbytes: int = nbytes
        self.reads: str = reads
        self.writes: str = writes
        self.flags: tuple[str, ...] = flags

    def __repr__(self) -> str:
        return f"<{self.name}: {self.ctype} at {self.offset}, {self.reads}>"


def names() -> frozenset[str]:
    """The names of all structures and unions that this ABI has.

    Returns a frozenset. Raises nothing.
    """
    return _STRUCTS | _UNIONS


def describe(name: str) -> tuple[Field, ...]:
    """The fields of a structure on this ABI.

    name: of a structure or union, "open_how".

    Returns a Field for each: name, C type, offset and size in bytes, the Python types that it reads as and
    takes, and the classes of pysys.flags with its values.

    Raises AttributeError if there is no such structure on this ABI.
    """
    return tuple(field for field, _ in build(name)._fields.values())


def parent(name: str) -> tuple[str, str]:
    """Module and name of the class that a structure's class inherits from."""
    base = _BASES.get(name)
    return (base.__module__, base.__name__) if base else ("pysys.structures.base", "Structure")


def build(name: str) -> type[Structure]:
    """The class of a structure. AttributeError if there is none of this name on this ABI."""
    if not isinstance(name, str):
        raise TypeError(f"describe: name must be a str, not {type(name).__name__}")
    name = tables.ALIASES.get(name, name)
    if name in _classes:
        return _classes[name]
    if name not in _STRUCTS and name not in _UNIONS:
        raise AttributeError(_missing(name), name=name)
    kind = "struct" if name in _STRUCTS else "union"
    ctype = ffi.typeof(f"{kind} {TAG}{name}")
    size = ffi.sizeof(ctype)
    members: dict[str, tuple[Field, property]] = {}
    tail, tail_offset = "", size
    for field, info in ctype.fields:
        if info.type.kind == "array" and not info.type.length:
            tail, tail_offset = field, info.offset
        if not field.startswith("_"):
            members[field + "_" * (field in _KEYWORDS)] = _member(name, field, info)
    members.update(_bits(name, dict(ctype.fields)))
    about, notes = _texts(name, members)
    body: dict[str, Any] = {
        "__slots__": (),
        "__module__": "pysys.structures",
        "__doc__": _documentation(about, notes, kind, size, members),
        "_size": size,
        "_pointer": ffi.typeof(f"{kind} {TAG}{name} *"),
        "_fields": members,
        "_tail": tail,
        "_tail_offset": tail_offset,
        "_plain": size if size <= _MOST_KEPT and _is_plain(ctype) else 0,
        "_choices": unions.UNIONS.get(name, ""),
        "_pointers": staticmethod(lambda: pointers(name)),
        "_other": staticmethod(build),
    }
    for field, (known, access) in members.items():
        access.__doc__ = known.ctype + _note(known, notes)
        inherited = vars(Structure).get(field)
        body[field] = access if inherited is None else _Beside(access, inherited)
    made = type(name, (_BASES.get(name, Structure),), body)
    return _classes.setdefault(name, made)  # another thread may have been first


def pointers(name: str) -> tuple[int, ...]:
    """The offsets of what is an address in a structure, nested structures included."""
    if name not in _offsets:
        found = []
        for field, info in build(name)._pointer.item.fields:
            ctype, count = info.type, 1
            if ctype.kind == "pointer" or field in tables.listed(tables.ADDRESSES, name):
                found.append(info.offset)
            if ctype.kind == "array":
                ctype, count = ctype.item, ctype.length or 0
            if ctype.kind in ("struct", "union"):
                inner = pointers(ctype.cname.partition(TAG)[2])
                size = ffi.sizeof(ctype)
                found += [info.offset + size * index + one for index in range(count) for one in inner]
        _offsets[name] = tuple(dict.fromkeys(found))
    return _offsets[name]


def _is_plain(ctype: Any) -> bool:
    """Whether a structure consists of numbers and addresses alone, nested structures included."""
    return all(
        _is_plain(info.type) if info.type.kind in ("struct", "union") else info.type.kind != "array"
        for _, info in ctype.fields
    )


class _Beside:
    """A field with the name of something that the class has: the field on objects, the other on the class."""

    def __init__(self, access: property, inherited: Any) -> None:
        self.access = access
        self.inherited = inherited
        self.__doc__ = access.__doc__

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is not None:
            return self.access.__get__(instance, owner)
        bind = getattr(self.inherited, "__get__", None)
        return bind(None, owner) if bind else self.inherited

    def __set__(self, instance: Any, value: Any) -> None:
        self.access.__set__(instance, value)


def _missing(name: str) -> str:
    if name in TEXTS:
        return f"{ABI_NAME} has no structure {name}"
    return f"no structure {name!r}{hint(name, {*names(), *tables.ALIASES})}"


def _texts(name: str, members: dict[str, tuple[Field, property]]) -> tuple[str, dict[str, str]]:
    """The text about a structure, and about each of its fields."""
    notes = {"": ""}
    about = ""
    for line in (TEXTS.get(name) or _part(name)).splitlines():
        field, colon, meaning = line.strip().partition(": ")
        if colon and field in members:
            about, notes[field] = field, meaning
        else:
            notes[about] = f"{notes[about]} {line.strip()}".lstrip()
    return notes.pop(""), notes


def _documentation(
    about: str, notes: dict[str, str], kind: str, size: int, members: dict[str, tuple[Field, property]]
) -> str:
    """What help() shows: the text, and a line for each field."""
    lines = [f"    {field.name}: {field.ctype}{_note(field, notes)}" for field, _ in members.values()]
    return f"{about} ({kind}, {counted(size, 'byte')})\n\n" + "\n".join(lines)


def _note(field: Field, notes: dict[str, str]) -> str:
    """What stands behind the type of a field: what it means, and the classes with its values."""
    meaning, classes = notes.get(field.name, ""), ", ".join(field.flags)
    if meaning and classes:
        return f"; {meaning} ({classes})"
    return f"; {meaning or classes}" if meaning or classes else ""


def _part(name: str) -> str:
    """The text about a structure that the kernel declares within another one."""
    outer = max((other for other in names() if name.startswith(f"{other}_")), key=len, default="")
    return f"{name[len(outer) + 1 :]} in {outer}." if outer else "A structure of the kernel."


def _ctype_name(ctype: Any) -> str:
    return str(ctype.cname).replace(TAG, "")


def _member(structure: str, field: str, info: Any) -> tuple[Field, property]:
    ctype = info.type
    python = field + "_" * (field in _KEYWORDS)
    where = f"{structure}.{python}"

    def made(reads: str, writes: str, access: property, size: int | None = None) -> tuple[Field, property]:
        width = ffi.sizeof(ctype) if size is None else size
        flags = field_flags.of(structure, field)
        return Field(python, _ctype_name(ctype), info.offset, width, reads, writes, flags), access

    if ctype.kind == "pointer" or field in tables.listed(tables.ADDRESSES, structure):
        return made("int", "Address", _pointer(field, where, ctype))
    if ctype.kind == "primitive":
        if field == "fd" or field.endswith("_fd"):
            access = property(_number(field, info), _number_setter(field, where, ctype, fd=True))
            return made("int", "Descriptor", access)
        if field in tables.listed(tables.NETWORK, structure):
            return made("int", "int", _network(field, where, ctype))
        return made("int", "int", property(_number(field, info), _number_setter(field, where, ctype)))
    if ctype.kind in ("struct", "union"):
        inner = ctype.cname.partition(TAG)[2]
        return made(inner, f"{inner} | dict[str, Any]", _nested(field, where, inner))
    item = ctype.item
    if not ctype.length:
        return made(*_tail(field, where, info.offset, item), 0)
    if item.kind in ("struct", "union"):
        inner = item.cname.partition(TAG)[2]
        return made(f"Array[{inner}]", f"Iterable[{inner} | dict[str, Any]]", _row(field, where, inner))
    if ffi.sizeof(item) == 1:
        text = item.cname == "char"
        return made("bytes", "Buffer | str" if text else "Buffer", _bytes(field, where, ctype.length, text))
    return made("tuple[int, ...]", "Iterable[int]", _numbers(field, where, ctype))


def _number(field: str, info: Any) -> Callable[[Any], int]:
    """A function that reads a field which is a number."""
    is_signed = int(ffi.cast(info.type, -1)) < 0
    made: Callable[[Any], int] = number_reader(Base, field, info.offset, ffi.sizeof(info.type), is_signed)
    return made


def _number_setter(field: str, where: str, ctype: Any, *, fd: bool = False) -> Callable[[Any, Any], None]:
    def put_number(self: Any, value: Any) -> None:
        try:
            setattr(self.cdata, field, value)
        except (TypeError, OverflowError):
            if not fd or hasattr(type(value), "__index__"):
                raise _no_number(where, value, ctype) from None
            setattr(self.cdata, field, descriptors.number(where, value))

    return put_number


def _no_number(where: str, value: Any, ctype: Any) -> TypeError | OverflowError:
    """The error for what CFFI does not take for a number of this type."""
    try:
        number = integers.integer(where, value)
    except TypeError as error:
        return error
    return integers.out_of_range(where, number, *integers.bounds(ctype))


def _pointer(field: str, where: str, ctype: Any) -> property:
    is_pointer = ctype.kind == "pointer"
    limit = 1 << 8 * ffi.sizeof(ctype)

    def get(self: Any) -> int:
        value = getattr(self.cdata, field)
        return address(value) if is_pointer else value

    def put_address(self: Any, value: Any) -> None:
        try:
            number, kept = target(value)
        except TypeError:
            kind = type(value).__name__
            if is_in_pieces(value):
                raise memory.in_pieces(where, value) from None
            raise TypeError(
                f"{where} must be None, an int, a buffer, a structure or an array, not {kind}"
            ) from None
        if not -limit // 2 <= number < limit:
            raise integers.out_of_range(where, number, -limit // 2, limit - 1)
        number %= limit
        setattr(self.cdata, field, ffi.cast(ctype, number) if is_pointer else number)
        place = address(ffi.addressof(self.cdata[0], field))
        if kept is None and (held := self._keep.get(place)) and held.has(number):
            return  # it was moved on, and leads to the same memory
        self._hold(place, kept)

    return property(get, put_address)


def _network(field: str, where: str, ctype: Any) -> property:
    width = ffi.sizeof(ctype)
    put_raw = _number_setter(field, where, ctype)

    def get(self: Any) -> int:
        return int.from_bytes(getattr(self.cdata, field).to_bytes(width, sys.byteorder), "big")

    def put_network(self: Any, value: Any) -> None:
        raw = integers.within(where, value, (0, (1 << 8 * width) - 1)).to_bytes(width, "big")
        put_raw(self, int.from_bytes(raw, sys.byteorder))

    return property(get, put_network)


def _nested(field: str, where: str, inner: str) -> property:
    def get(self: Any) -> Structure:
        made = build(inner)
        return made._view(ffi.addressof(self.cdata[0], field), self._owner, self._keep, made._size)

    def put_structure(self: Any, value: Any) -> None:
        put(get(self), value, where)

    return property(get, put_structure)


def _row(field: str, where: str, inner: str) -> property:
    def get(self: Any) -> Array[Any]:
        return Array._view(build(inner), getattr(self.cdata, field), self._owner, self._keep)

    def put_row(self: Any, value: Any) -> None:
        row = get(self)
        items = iterables.items(where, value, inner)
        if len(items) > len(row):
            raise _too_many(where, len(items), len(row), "item")
        for index in range(len(row)):
            row[index] = items[index] if index < len(items) else {}

    return property(get, put_row)


def _bytes(field: str, where: str, length: int, text: bool) -> property:
    def get(self: Any) -> bytes:
        data = bytes(ffi.buffer(getattr(self.cdata, field)))
        return data.partition(b"\0")[0] if text else data

    def put_bytes(self: Any, value: Any) -> None:
        data = _data(value, where, text)
        if len(data) > length:
            raise _too_many(where, len(data), length, "byte")
        ffi.buffer(getattr(self.cdata, field))[:] = data.ljust(length, b"\0")

    return property(get, put_bytes)


def _data(value: Any, where: str, text: bool) -> bytes:
    if text and isinstance(value, str):
        return of_str(where, value)
    try:
        return bytes(memoryview(value))
    except TypeError:
        wanted = "str, bytes or another buffer" if text else "bytes or another buffer"
        raise TypeError(f"{where} must be {wanted}, not {type(value).__name__}") from None


def _too_many(where: str, count: int, most: int, what: str) -> ValueError:
    return ValueError(f"{where} has {counted(count, what)}, but at most {most} fit")


def _numbers(field: str, where: str, ctype: Any) -> property:
    length = ctype.length

    def get(self: Any) -> tuple[int, ...]:
        return tuple(getattr(self.cdata, field))

    def put_numbers(self: Any, value: Any) -> None:
        items = iterables.items(where, value, "ints")
        if len(items) > length:
            raise _too_many(where, len(items), length, "item")
        row = getattr(self.cdata, field)
        for index in range(length):
            item = items[index] if index < len(items) else 0
            try:
                row[index] = item
            except (TypeError, OverflowError):
                raise _no_number(f"{where}[{index}]", item, ctype.item) from None

    return property(get, put_numbers)


def _tail(field: str, where: str, offset: int, item: Any) -> tuple[str, str, property]:
    """A last field without a length: it goes as far as the memory that was asked for with with_extra()."""
    if item.kind == "struct":
        inner = item.cname.partition(TAG)[2]

        def get_row(self: Any) -> Array[Any]:
            made = build(inner)
            count = max(self._extent - offset, 0) // made._size
            start = ffi.cast("char *", self.cdata) + offset
            row = ffi.cast(f"struct {TAG}{inner}(*)[{count}]", start)[0]
            return Array._view(made, row, self._owner, self._keep)

        def put_row(self: Any, value: Any) -> None:
            row = get_row(self)
            items = iterables.items(where, value, inner)
            if len(items) > len(row):
                raise ValueError(f"{_too_many(where, len(items), len(row), 'item')}: see with_extra()")
            for index, one in enumerate(items):
                row[index] = one

        return f"Array[{inner}]", f"Iterable[{inner} | dict[str, Any]]", property(get_row, put_row)
    text = item.cname == "char"

    def behind(self: Any) -> Any:
        return ffi.buffer(ffi.cast("char *", self.cdata) + offset, max(self._extent - offset, 0))

    def get(self: Any) -> bytes:
        data = bytes(behind(self))
        return data.partition(b"\0")[0] if text else data

    def put_tail(self: Any, value: Any) -> None:
        data = _data(value, where, text)
        there = behind(self)
        if len(data) > len(there):
            raise ValueError(f"{_too_many(where, len(data), len(there), 'byte')}: see with_extra()")
        there[:] = data.ljust(len(there), b"\0")

    return "bytes", "Buffer | str" if text else "Buffer", property(get, put_tail)


def _bits(structure: str, infos: dict[str, Any]) -> dict[str, tuple[Field, property]]:
    if structure not in tables.BITS:
        return {}
    widths = {name: 8 * ffi.sizeof(infos[name].type) for name in tables.BITS[structure]}
    made = {}
    for name, (word, shift, width) in tables.bits(structure, widths, sys.byteorder == "big").items():
        info = infos[word]
        field = Field(
            name, f"{_ctype_name(info.type)}:{width}", info.offset, ffi.sizeof(info.type), "int", "int"
        )
        made[name] = (field, _bit(word, shift, width, f"{structure}.{name}"))
    return made


def _bit(word: str, shift: int, width: int, where: str) -> property:
    mask = (1 << width) - 1

    def get(self: Any) -> int:
        value: int = getattr(self.cdata, word) >> shift & mask
        return value

    def put_bits(self: Any, value: Any) -> None:
        number = integers.within(where, value, (0, mask))
        setattr(self.cdata, word, getattr(self.cdata, word) & ~(mask << shift) | number << shift)

    return property(get, put_bits)
