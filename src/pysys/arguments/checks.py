"""Arguments that go into a structure: looked at before, so that the error names the parameter."""

from __future__ import annotations

from operator import index

from pysys.arguments import objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pysys._types import Buffer, Descriptor


def descriptor(title: str, arg: Descriptor) -> int:
    """The number of a descriptor: an int, or what has fileno(). title: how messages speak of it."""
    kind = type(arg)
    if not hasattr(kind, "__index__"):
        found = objects.descriptor(arg, title)
        if found is not None:
            return found
    try:
        return index(arg)  # type: ignore[arg-type]  # the TypeError is the answer
    except TypeError:
        raise TypeError(f"{title} must be an int or have fileno(), not {kind.__name__}") from None


def data(title: str, arg: Buffer) -> bytes:
    """The bytes of a buffer."""
    try:
        with memoryview(arg) as view:
            return view.tobytes()
    except TypeError:
        raise TypeError(f"{title} must be bytes or another buffer, not {type(arg).__name__}") from None


def number(title: str, arg: int) -> int:
    """An int, where the kernel would also take an address."""
    try:
        return index(arg)
    except TypeError:
        raise TypeError(f"{title} must be an int, not {type(arg).__name__}") from None


def signed(title: str, arg: int) -> int:
    """An int of 32 bits with a sign, where the call itself would also take a wider one, and cut it."""
    return _within(title, arg, -(1 << 31), (1 << 31) - 1)


def unsigned(title: str, arg: int) -> int:
    """One without a sign."""
    return _within(title, arg, 0, (1 << 32) - 1)


def identity(title: str, arg: int) -> int:
    """The id of a user or a group; -1 leaves it, or is one's own."""
    return _within(title, arg, -1, (1 << 32) - 1) & 0xFFFFFFFF


def _within(title: str, arg: int, low: int, high: int) -> int:
    value = number(title, arg)
    if not low <= value <= high:
        shown = value if -100_000 < value < 100_000 else hex(value)
        raise OverflowError(f"{title}: {shown} is not from {low:#x} to {high:#x}")
    return value


def room(title: str, arg: int) -> int:
    """How much room is to be made."""
    count = number(title, arg)
    if count < 0:
        raise ValueError(f"{title} must be at least 0, not {count}")
    return count


def text(title: str, arg: str | bytes | None) -> str | bytes | None:
    """A string, or None for NULL, where the kernel would also take a number."""
    if arg is None or isinstance(arg, (str, bytes)):
        return arg
    raise TypeError(f"{title} must be str or bytes, not {type(arg).__name__}")


def items(title: str, arg: Iterable[Any]) -> list[Any]:
    """What is in an iterable."""
    try:
        iterator = iter(arg)
    except TypeError:
        raise TypeError(f"{title} must be a sequence, not {type(arg).__name__}") from None
    return list(iterator)


def copied(title: str, kind: Any, arg: Any) -> Any:
    """A structure of this kind, copied."""
    if not isinstance(arg, kind):
        raise TypeError(f"{title} must be structures.{kind.__name__}, not {type(arg).__name__}")
    return arg.copy()
