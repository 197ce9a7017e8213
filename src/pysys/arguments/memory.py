"""Memory: buffers and structures whose bytes the kernel reads or writes."""

from __future__ import annotations

from pysys._native import ffi
from pysys.arguments import integers, iterables, objects
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def data(title: str, arg: Any) -> bytes:
    """The bytes of a buffer."""
    try:
        with memoryview(arg) as view:
            return view.tobytes()
    except TypeError:
        raise TypeError(f"{title} must be bytes or another buffer, not {type(arg).__name__}") from None


def filled(call: str, buffer: Any, count: Any) -> bytes:
    """The first count bytes of a buffer, which the kernel has filled; None: all of them."""
    found = data(f"{call}: buffer", buffer)
    if count is None:
        return found
    wanted = integers.integer(f"{call}: count", count, " or None")
    if not 0 <= wanted <= len(found):
        raise ValueError(f"{call}: count: {integers.beyond(wanted, 0, len(found))}")
    return found[:wanted]


def data_length(title: str, arg: Any) -> int:
    """How many bytes a buffer has."""
    try:
        with memoryview(arg) as view:
            return view.nbytes
    except TypeError:
        raise no_buffer(title, arg, writable=False) from None


def copied(title: str, kind: Any, arg: Any) -> Any:
    """A structure of this kind, copied."""
    return of_kind(title, kind, arg).copy()


def of_kind(title: str, kind: Any, arg: Any) -> Any:
    """A structure of this kind."""
    if not isinstance(arg, kind):
        raise TypeError(f"{title} must be structures.{kind.__name__}, not {type(arg).__name__}")
    return arg


def made(call: str, kind: Any, names: Mapping[str, str] | None = None, /, **fields: Any) -> Any:
    """A structure with these fields; what does not fit is refused by the name of the call's parameter.

    names: of the parameters that have another name than the field that they become.
    """
    found = kind()
    for field, value in fields.items():
        put(f"{call}: {(names or {}).get(field, field)}", found, field, value)
    return found


def tuple_of(title: str, kind: Any, fields: str, values: Any) -> Any:
    """A structure of a tuple of values for these fields, or such a structure as it is."""
    if isinstance(values, kind):
        return values
    names = fields.split()
    found = kind()
    for field, value in zip(names, iterables.parts(title, values, f"({', '.join(names)})"), strict=True):
        put(title, found, field, value)
    return found


def put(title: str, structure: Any, field: str, value: Any) -> None:
    """Set a field of a structure; what does not fit is refused by the name of the call's parameter."""
    try:
        setattr(structure, field, value)
    except (TypeError, ValueError, OverflowError) as error:
        where, text = f"{type(structure).__name__}.{field}", str(error)
        if not text.startswith(where):  # of the value's own method
            raise
        raise type(error)(f"{title}{text.removeprefix(where)}") from None


def writable(title: str, arg: Any, ctype: str, need: int, what: str = "") -> Any:
    """A CFFI array over a writable buffer of need bytes at least. what: which parameter says so."""
    try:
        found = ffi.from_buffer(ctype, arg, require_writable=True)
    except (BufferError, TypeError, ValueError):
        raise no_buffer(title, arg, writable=True) from None
    if ffi.sizeof(found) < need:
        raise too_short(title, ffi.sizeof(found), need, what)
    return found


def too_short(title: str, size: int, need: int, what: str = "") -> ValueError:
    """The error for memory that is shorter than what the call uses.

    what: the parameter that says how much it uses.
    """
    reason = f"{what} is {need}" if what else f"the call uses {need}"
    return ValueError(f"{title} is {counted(size, 'byte')} long, but {reason}")


def no_buffer(title: str, arg: Any, *, writable: bool, more: str = "") -> TypeError:
    """The error for an object without memory, or whose memory is read-only or not in one piece."""
    kind = type(arg).__name__
    if isinstance(arg, objects.CData):
        return no_pointer(title, arg)
    try:
        memoryview(arg).release()
    except (TypeError, ValueError):
        return TypeError(f"{title} must be a {'writable ' if writable else ''}buffer{more}, not {kind}")
    return in_pieces(title, arg) if objects.is_in_pieces(arg) else read_only(title, arg)


def read_only(title: str, arg: Any) -> TypeError:
    kind = type(arg).__name__
    if isinstance(arg, bytes):
        return TypeError(f"{title} must be a writable buffer, such as a bytearray, not {kind}")
    return TypeError(f"{title} must be a writable buffer, and this {kind} is read-only")


def in_pieces(title: str, arg: Any) -> TypeError:
    return TypeError(f"{title}: the memory of this {type(arg).__name__} is not contiguous")


def no_pointer(title: str, arg: Any) -> TypeError:
    """The error for CFFI's structures and numbers, which have no address by themselves."""
    return TypeError(f"{title}: a CFFI {ffi.typeof(arg).cname} is not a pointer: take its address")


def no_word(title: str, arg: Any) -> TypeError:
    """The error for an object that has no meaning to the kernel at all."""
    if isinstance(arg, objects.CData):
        return no_pointer(title, arg)
    if objects.is_in_pieces(arg):
        return in_pieces(title, arg)
    kind = type(arg).__name__
    return TypeError(f"{title} must be an int, None, a buffer, a structure, a str or a path, not {kind}")
