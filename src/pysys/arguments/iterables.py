"""Collections: iterables, tuples of a fixed length, and mappings."""

from __future__ import annotations

from pysys.arguments.protocols import is_own
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def items(title: str, arg: Any, what: str = "") -> list[Any]:
    """What is in an iterable, which is not text. what: of what there are to be several: "numbers"."""
    if type(arg) in (list, tuple):
        return list(arg)
    return list(each(title, iterable(title, arg, what)))


def each(title: str, arg: Any) -> Iterator[Any]:
    """What a for statement goes through, of an object that has __iter__ or __getitem__."""
    if type(arg) in (list, tuple):
        return iter(arg)
    try:
        found = iter(arg)
    except TypeError as error:
        if is_own(error):
            raise
        raise TypeError(f"{title}: __iter__ of {type(arg).__name__} must return an iterator") from None
    return _steps(found)


def _steps(found: Iterator[Any]) -> Iterator[Any]:
    # Not found itself, of which a list would ask the length and call __iter__ again.
    while True:
        try:
            one = next(found)
        except StopIteration:
            return
        yield one


def iterable(title: str, arg: Any, what: str = "") -> Any:
    """The iterable itself, which may be one that can be gone through once only."""
    kind = type(arg)
    method = getattr(kind, "__iter__", None)
    is_iterable = callable(method) or (hasattr(kind, "__getitem__") and hasattr(kind, "__len__"))
    if is_iterable and not isinstance(arg, (str, bytes)) and not hasattr(arg, "fileno"):  # not a file's lines
        return arg
    wanted = f"an iterable of {what}" if what else "an iterable"
    raise TypeError(f"{title} must be {wanted}, not {kind.__name__}")


def pairs(title: str, arg: Any, what: str) -> list[tuple[Any, Any]]:
    """The items of a mapping. what: what it maps: "a dict of names to values"."""
    method = getattr(arg, "items", None)
    kind = type(arg).__name__
    if not callable(method) or isinstance(arg, type):
        raise TypeError(f"{title} must be {what}, not {kind}")
    found = method()
    if not hasattr(type(found), "__iter__"):
        raise TypeError(f"{title}: items() of {kind} must return pairs, not {type(found).__name__}")
    listed = list(each(title, found))
    for one in listed:
        if not isinstance(one, tuple) or len(one) != 2:
            raise TypeError(f"{title}: items() of {kind} must return pairs, not {type(one).__name__}")
    return listed


def parts(title: str, arg: Any, form: str, missing: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """The parts of a tuple or list. form: what it looks like: "(address, length)".

    missing: what stands for the last ones if they are missing.
    """
    if isinstance(arg, (tuple, list)):
        found, most = tuple(each(title, arg)), form.count(",") + 1
        if most - len(missing) <= len(found) <= most:
            return found + missing[len(missing) - (most - len(found)) :] if len(found) < most else found
        raise ValueError(f"{title} must be {form}, not {counted(len(found), 'value')}")
    raise TypeError(f"{title} must be {form}, not {type(arg).__name__}")
