"""Descriptors: integers, and what has fileno()."""

from __future__ import annotations

from pysys.arguments import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MORE = " or have fileno()"


def descriptor(title: str, arg: Any) -> int:
    """The number of a descriptor, as an int of the kernel's."""
    return integers.within(title, number(title, arg), integers.INT)


def path_or_descriptor(title: str, arg: Any) -> int:
    """A descriptor, where a path would be taken as well."""
    return integers.within(title, number(title, arg, ", str, bytes, a path or have fileno()"), integers.INT)


def number(title: str, arg: Any, more: str = _MORE) -> int:
    """The same, of any size."""
    if not hasattr(type(arg), "__index__"):
        found = of_object(title, arg)
        if found is not None:
            return found
    return integers.integer(title, arg, more)


def of_object(title: str, arg: Any) -> int | None:
    """The descriptor of what has fileno(), None for what has not.

    The method is looked up on the object, as os does it: proxies have it, too.
    """
    method = getattr(arg, "fileno", None)
    if not callable(method) or isinstance(arg, type):
        return None
    kind = type(arg).__name__
    try:
        value = method()
    except ValueError as error:  # io.UnsupportedOperation is one, and what closed files raise
        raise ValueError(f"{title} is a {kind} without a descriptor ({error})") from None
    if not isinstance(value, int):
        raise TypeError(f"{title} must have a fileno() that returns an int, not {type(value).__name__}")
    if value < 0:
        raise ValueError(f"{title} is a {kind} without a descriptor")
    return integers.within(title, value, integers.INT)
