"""Collections: iterables, tuples of a fixed length, and mappings."""

from __future__ import annotations

from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def items(title: str, arg: Any, what: str = "") -> list[Any]:
    """What is in an iterable, which is not text. what: of what there are to be several: "numbers"."""
    return list(iterable(title, arg, what))


def iterable(title: str, arg: Any, what: str = "") -> Any:
    """The iterable itself, which may be one that can be gone through once only."""
    kind = type(arg)
    is_iterable = hasattr(kind, "__iter__") or (hasattr(kind, "__getitem__") and hasattr(kind, "__len__"))
    if is_iterable and not isinstance(arg, (str, bytes)) and not hasattr(arg, "fileno"):  # not a file's lines
        return arg
    wanted = f"an iterable of {what}" if what else "an iterable"
    raise TypeError(f"{title} must be {wanted}, not {kind.__name__}")


def pairs(title: str, arg: Any, what: str) -> list[tuple[Any, Any]]:
    """The items of a mapping. what: what it maps: "a dict of names to values"."""
    method = getattr(arg, "items", None)
    if method is None or isinstance(arg, type):
        raise TypeError(f"{title} must be {what}, not {type(arg).__name__}")
    return list(method())


def parts(title: str, arg: Any, form: str, missing: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """The parts of a tuple or list. form: what it looks like: "(address, length)".

    missing: what stands for the last ones if they are missing.
    """
    if isinstance(arg, (tuple, list)):
        found, most = tuple(arg), form.count(",") + 1
        if most - len(missing) <= len(found) <= most:
            return found + missing[len(missing) - (most - len(found)) :] if len(found) < most else found
        raise ValueError(f"{title} must be {form}, not {counted(len(found), 'value')}")
    raise TypeError(f"{title} must be {form}, not {type(arg).__name__}")
