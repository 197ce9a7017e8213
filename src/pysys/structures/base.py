"""What every structure can do, and arrays of structures."""

from __future__ import annotations

from sys import maxsize

from pysys._native import ffi, structure_type
from pysys.arguments import integers, iterables, objects
from pysys.arguments.memory import no_buffer, too_short
from pysys.arguments.objects import address
from pysys.loading import counted, hint
from pysys.owner import Owner
from pysys.structures.unions import AS_BYTES, fields_shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, ClassVar, Generic, NoReturn, Self, TypeAlias, TypeVar, overload

    from typing_extensions import Buffer, disjoint_base

    from pysys.arguments.objects import Memory

    S = TypeVar("S", bound="Structure")
    Address: TypeAlias = "int | Buffer | Structure | Array[Any] | None"

    class _OfStructures(Generic[S]): ...

    @disjoint_base
    class Base:
        __slots__ = ("_extent", "_keep", "_owner", "cdata")
        cdata: Any
        _extent: int
        _keep: dict[int, Memory]
        _owner: Any

        @classmethod
        def _copied(cls, data: bytes) -> Self: ...

else:
    # What an object has of its memory (cdefs/structure.c). What was not set is made when it is asked for.
    Base = structure_type()

    class _OfStructures:
        __slots__ = ()

        @classmethod
        def __class_getitem__(cls, item: object) -> type:
            return cls


_MOST = maxsize // 2  # bytes of memory, which with what CFFI needs for itself is a number


class _Bytes:
    """How many bytes: on a class those of the structure, on an object those of its memory, extra ones too."""

    def __get__(self, instance: Structure | None, owner: type[Structure]) -> int:
        return owner._size if instance is None else instance._extent


class _NotAStructureError(TypeError, AttributeError):
    """The base is used as a structure: a TypeError for the caller, and an AttributeError for help(), which
    asks all classes of a structure for all attributes."""


class _OfTheClasses:
    """What the classes of structures have, and their common base has not."""

    def __get__(self, instance: Structure | None, owner: type[Structure]) -> NoReturn:
        text = "Structure is the base of the kernel's structures: use one of those, like timespec"
        raise _NotAStructureError(text)


class Structure(Owner, Base):
    """A structure of the kernel: memory with its layout on this ABI, owned or viewed.

    timespec(tv_sec=1) is zeroed memory with fields set by name; a field is an attribute, to read and to
    write. A number takes an int that fits. A nested structure reads as a view into it, and takes a
    Structure or a dict. A char array is bytes up to the first null byte, an array of bytes all its bytes,
    another array a tuple; each takes what fits, and the rest becomes zero. A pointer reads as an int, and
    takes None, an int, a buffer, a Structure or an Array, which it keeps alive; also while it is moved on
    within it, by an int. repr() leaves out what is zero and, of fields that share their bytes, those that
    do not hold, where other fields say so.

    cdata: CFFI's pointer to the memory. nbytes: how many bytes there are, also on the class.
    """

    __module__ = "pysys.structures"  # the public name
    __slots__ = ("__weakref__",)
    __hash__: ClassVar[None]  # type: ignore[assignment]  # it has none

    if TYPE_CHECKING:
        _size: ClassVar[int]
        _plain: ClassVar[int]  # its size, if exceptions may keep a copy of its bytes, or 0
        _pointer: ClassVar[Any]
        _fields: ClassVar[Mapping[str, Any]]
        _tail: ClassVar[str]
        _tail_offset: ClassVar[int]
        # Functions: the offsets of the pointers in it, those of nested structures among them; and the class
        # of another structure, by its name.
        _pointers: ClassVar[Any]
        _other: ClassVar[Any]
    else:
        _pointer = _fields = _size = _tail = _OfTheClasses()

    _choices: ClassVar[str] = ""  # its lines in unions.UNIONS
    nbytes: _Bytes = _Bytes()

    def __init__(self, /, *values: Any, **fields: Any) -> None:
        if values:
            name = type(self).__name__
            raise TypeError(f"{name}: fields are set by name: {name}({next(iter(self._fields))}=...)")
        if fields:
            self._assign(fields)
        elif type(self) is Structure:
            self._pointer  # noqa: B018  it raises, and otherwise only the first use of the memory would

    if not TYPE_CHECKING:  # which knows the fields

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(_unknown(type(self).__name__, name, type(self)._fields), name=name)

    @classmethod
    def with_extra(cls, extra: int, /, **fields: Any) -> Self:
        """A structure with memory after it, for a last field that has no length in the definition.

        extra: how many bytes that field has. fields: as when one is made.

        Returns the structure. Raises what making one raises, and ValueError for what is not a size.
        """
        extra = integers.count(f"{cls.__name__}.with_extra: extra", extra, _MOST)
        extent = max(cls._size, cls._tail_offset + extra) if cls._tail else cls._size + extra
        # As long longs: a char array need not be aligned.
        memory = ffi.new("long long[]", (extent + 7) // 8)
        made = cls._view(ffi.cast(cls._pointer, memory), memory, {}, extent)
        made._assign(fields)
        return made

    @classmethod
    def from_buffer(cls, buffer: Buffer, offset: int = 0) -> Self:
        """A view of a writable buffer, which can be neither resized nor closed as long as there is a view.

        buffer: a bytearray, an mmap, a writable memoryview or array. offset: in bytes, where the structure
            begins; it extends to the buffer's end.

        Returns the structure. Raises TypeError for what is not a writable buffer, ValueError for one that is
        too short.
        """
        memory = _buffer(f"{cls.__name__}.from_buffer: buffer", buffer, writable=True)
        offset = integers.count(f"{cls.__name__}.from_buffer: offset", offset, _MOST)
        extent = cls._check(f"{cls.__name__}.from_buffer: buffer", len(memory), offset)
        return cls._view(ffi.cast(cls._pointer, memory + offset), memory, {}, extent)

    @classmethod
    def from_bytes(cls, data: Buffer) -> Self:
        """A copy of a structure's bytes.

        data: a buffer, of which the bytes at the start are taken; all if the last field has no length.

        Returns the structure. Raises TypeError for what is not a buffer, ValueError for one that is too
        short.
        """
        memory = _buffer(f"{cls.__name__}.from_bytes: data", data)
        extent = cls._check(f"{cls.__name__}.from_bytes: data", len(memory))
        if not cls._tail:
            return cls._copied(ffi.buffer(memory)[: cls._size])
        made = cls.with_extra(extent - cls._tail_offset)
        ffi.memmove(made.cdata, memory, extent)
        return made

    @classmethod
    def array(cls, items: int | Iterable[Structure | Mapping[str, Any]]) -> Array[Self]:
        """An array of structures in one piece of memory.

        items: how many, which are zeroed; or an iterable of structures and dicts of fields, which are copied.

        Returns an Array. Raises TypeError, ValueError and OverflowError for what does not fit.
        """
        title = f"{cls.__name__}.array: items"
        if isinstance(items, int):
            return Array(cls, integers.count(title, items, _MOST // cls._size))
        listed = iterables.items(title, items, f"{cls.__name__} or dicts")
        made = Array(cls, len(listed))
        for index, item in enumerate(listed):
            made[index] = item
        return made

    @classmethod
    def _check(cls, title: str, length: int, offset: int = 0) -> int:
        if length - offset < cls._size:
            left = max(length - offset, 0)
            raise too_short(title + " after the offset" * (offset > 0), left, cls._size, cls.__name__)
        return length - offset

    @classmethod
    def _memory(cls, copied: bytes | None) -> Any:
        """Memory of its own for an object, for cdata: zeroed, or a copy."""
        made = ffi.new(cls._pointer)
        if copied is not None:
            ffi.buffer(made)[:] = copied
        return made

    @classmethod
    def _view(cls, cdata: Any, owner: object, keep: dict[int, Memory], extent: int) -> Self:
        made = cls.__new__(cls)
        made.cdata = cdata
        made._owner = owner
        made._keep = keep
        made._extent = extent
        return made

    def _assign(self, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            if name not in self._fields:
                raise TypeError(_unknown(type(self).__name__, name, self._fields))
            setattr(self, name, value)

    def _take(self, value: Structure) -> None:
        """Becomes a copy of another structure of this type, which keeps what that one keeps."""
        count = min(self._extent, value._extent)
        ffi.memmove(self.cdata, value.cdata, count)
        if value._keep or self._keep:
            there, here = address(value.cdata), address(self.cdata)
            for offset in self._pointers():
                self._hold(here + offset, value._keep.get(there + offset))

    def _hold(self, place: int, kept: Memory | None) -> None:
        """Keeps alive what the pointer at this address points to, instead of what it pointed to."""
        if kept is None:
            self._keep.pop(place, None)
        else:
            self._keep[place] = kept

    def copy(self) -> Self:
        """Copy the structure. What its pointers point to is not copied, and is kept alive by both.

        Returns the copy, which has its own memory.
        """
        made = type(self).with_extra(max(self._extent - self._tail_offset, 0)) if self._tail else type(self)()
        made._take(self)
        return made

    def __copy__(self) -> Self:
        return Structure.copy(self)

    def __deepcopy__(self, memo: object) -> Self:
        return Structure.copy(self)

    def __bytes__(self) -> bytes:
        return bytes(ffi.buffer(self.cdata, self._extent if self._tail else self._size))

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    def __repr__(self) -> str:
        if self._choices == AS_BYTES:
            data = bytes(self).rstrip(b"\0")
            all_bytes = f".from_bytes({data!r}.ljust({self._size}, b'\\0'))" if data else "()"
            return f"{type(self).__name__}{all_bytes}"
        return self._represented(self._shown())

    def _represented(self, names: Iterable[str]) -> str:
        """The representation with these fields, if they are not zero."""
        shown = []
        for name in names:
            name, _, member = name.partition(".")
            value = getattr(self, name)
            if any(value) if isinstance(value, tuple | bytes) else value:
                shown.append(f"{name}={value._represented([member]) if member else repr(value)}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def _shown(self) -> Iterable[str]:
        """The fields that the representation has: of those that share their bytes, what holds."""
        return fields_shown(self, self._choices) if self._choices else self._fields

    def __bool__(self) -> bool:
        """Whether a byte of it is not zero."""
        return any(bytes(self))

    def __reduce__(self) -> Any:
        raise TypeError(f"{type(self).__name__} is memory of this process; bytes() and from_bytes() travel")


class Array(Owner, _OfStructures["S"]):
    """An array of structures: views by index, writable by Structure or dict; a slice is a view, too.

    element: the class of the structures. count: how many there are. cdata: CFFI's array. nbytes: how many
    bytes there are.

    Raises TypeError and ValueError for what cannot be the class or the number.
    """

    __module__ = "pysys.structures"
    __slots__ = ("__weakref__", "_element", "_keep", "_owner", "cdata")
    __hash__: ClassVar[None]  # type: ignore[assignment]  # it has none

    cdata: Any
    """CFFI's array."""

    def __init__(self, element: type[S], count: int) -> None:
        if not (isinstance(element, type) and issubclass(element, Structure) and element is not Structure):
            kind = element.__name__ if isinstance(element, type) else type(element).__name__
            raise TypeError(f"Array: element must be a structure of pysys.structures, not {kind}")
        count = integers.count("Array: count", count, _MOST // element._size)
        self._element = element
        self.cdata = self._owner = ffi.new(_array_type(element), count)
        self._keep: dict[int, Memory] = {}

    @classmethod
    def _view(cls, element: type[S], cdata: Any, owner: object, keep: dict[int, Memory]) -> Array[S]:
        made = cls.__new__(cls)
        made._element = element
        made.cdata = cdata
        made._owner = owner
        made._keep = keep
        return made

    @property
    def nbytes(self) -> int:
        """How many bytes the structures have together."""
        return len(self.cdata) * self._element._size

    def __len__(self) -> int:
        return len(self.cdata)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> S: ...
        @overload
        def __getitem__(self, index: slice) -> Array[S]: ...
        def __getitem__(self, index: Any) -> Any: ...
        @overload
        def __setitem__(self, index: int, value: Structure | Mapping[str, Any]) -> None: ...
        @overload
        def __setitem__(self, index: slice, value: Iterable[Structure | Mapping[str, Any]]) -> None: ...
        def __setitem__(self, index: Any, value: Any) -> None: ...

    else:

        def __getitem__(self, index):
            if isinstance(index, slice):
                return self._slice(index)
            count = len(self.cdata)
            if type(index) is not int:
                index = integers.integer(f"{self._element.__name__}.array: an index", index)
            position = index + count if index < 0 else index
            if not 0 <= position < count:
                raise IndexError(f"index {integers.shown(index)} of {count} structures")
            return self._element._view(self.cdata + position, self._owner, self._keep, self._element._size)

        def __setitem__(self, index, value):
            if isinstance(index, slice):
                self._set_slice(index, value)
            else:
                put(self[index], value, f"{self._element.__name__}[{index}]")

    def _slice(self, part: slice) -> Array[S]:
        start, stop, step = part.indices(len(self.cdata))
        if step != 1:
            raise ValueError(f"{self._element.__name__}.array: a slice is in one piece, without a step")
        cdata = self.cdata[start : max(start, stop)]
        return Array._view(self._element, cdata, self._owner, self._keep)

    def _set_slice(self, part: slice, value: Iterable[Structure | Mapping[str, Any]]) -> None:
        view, title = self._slice(part), f"{self._element.__name__}.array"
        items = self._element.array(
            iterables.items(title, value, "structures or dicts")
        )  # perhaps of this array
        if len(items) != len(view):
            raise ValueError(f"{title}: {counted(len(items), 'item')} for {counted(len(view), 'place')}")
        for place, item in zip(view, items, strict=True):
            place._take(item)

    def __iter__(self) -> Iterator[S]:
        for index in range(len(self.cdata)):
            yield self[index]

    def __bytes__(self) -> bytes:
        return bytes(ffi.buffer(self.cdata))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Array):
            return NotImplemented
        return len(self) == len(other) and all(map(_same, self, other))

    def __repr__(self) -> str:
        return f"{self._element.__name__}.array({list(self)!r})"


def _same(one: Structure, other: Structure) -> bool:
    return one == other


def _array_type(element: type[Structure]) -> Any:
    return ffi.typeof(ffi.getctype(element._pointer.item, "[]"))


def put(view: Structure, value: object, where: str) -> None:
    """Writes a Structure of the view's type, or a dict of fields (the others become zero), into the view."""
    if isinstance(value, type(view)):
        view._take(value)
    elif isinstance(value, dict):
        made = type(view)()
        made._assign(value)
        view._take(made)
    else:
        raise TypeError(
            f"{where} must be structures.{type(view).__name__} or a dict, not {type(value).__name__}"
        )


def target(value: object) -> tuple[int, Memory | None]:
    """The address that a pointer gets for this value, and the memory there; TypeError if none."""
    if value is None:
        return 0, None
    found = objects.find(value)
    if found is None:
        raise TypeError
    if isinstance(found, int):
        return found, None
    return address(found.pointer), found


def _buffer(title: str, value: Any, *, writable: bool = False) -> Any:
    """The memory of a buffer."""
    try:
        return ffi.from_buffer(value, require_writable=writable)
    except (BufferError, TypeError, ValueError):
        raise no_buffer(title, value, writable=writable) from None


def _unknown(structure: str, name: str, fields: Iterable[str]) -> str:
    known = (hint(name, fields) if isinstance(name, str) else "") or f"; it has {', '.join(fields)}"
    return f"{structure} has no field {name!r}{known}"
