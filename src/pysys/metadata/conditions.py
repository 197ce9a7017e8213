"""Whether a cause is possible with the arguments that a call was made with.

A cause is only excluded where it cannot be: what is not known of an argument leaves it possible.
"""

from __future__ import annotations

import os

from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from pysys.metadata.model import Condition

PATHS = ("absolute", "relative", "empty", "slash")  # what a path may be; "slash": it ends in one
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "=": lambda one, other: one == other,
}
_UNKNOWN = object()


def possible(only: Iterable[Condition], arguments: Mapping[str, Any], step: str | None = None) -> bool:
    """Whether nothing that is known excludes a cause.

    only: its conditions. arguments: what the call was made with, by parameter. step: spawn's, or None.
    """
    for one in only:
        if one.name == "step":
            if step is not None and not any(_is_step(words.split(), step) for words in one.any_of):
                return False
        else:
            value = _value(one.name, arguments)
            if value is not _UNKNOWN and not any(
                all(_may_hold(word, value) for word in words.split()) for words in one.any_of
            ):
                return False
    return True


def _is_step(words: list[str], step: str) -> bool:
    return all((word.removeprefix("!") == step) != word.startswith("!") for word in words)


def _value(name: str, arguments: Mapping[str, Any]) -> Any:
    """An argument, or a field of a structure among them."""
    if name in arguments:
        return arguments[name]
    for argument in arguments.values():
        fields = getattr(argument, "fields", None)  # what an exception keeps of a structure
        if isinstance(fields, dict):
            if name in fields:
                return fields[name]
        elif name in getattr(type(argument), "_fields", ()):
            return getattr(argument, name)
    return _UNKNOWN


def _may_hold(word: str, value: Any) -> bool:
    if word in ("NULL", "!NULL"):
        return (value is None or value == 0) == (word == "NULL")
    for sign in COMPARISONS:
        if word.startswith(sign):
            return _compares(sign, int(word.removeprefix(sign), 0), value)
    if word in PATHS:
        return _is_path(word, value)
    if not isinstance(value, int):
        return True
    found = _flag(word.removeprefix("!"))
    if found is None:
        return True
    flag, is_bits = found
    if is_bits:
        return (value & flag == flag) != word.startswith("!")
    # The kernel may read 32 bits of it. What differs only beyond them may be equal, and may not.
    return value != flag if word.startswith("!") else (value - flag) % (1 << 32) == 0


def _compares(sign: str, number: int, value: Any) -> bool:
    """Of a text it is the length in bytes. A number may be read with a sign or without, in 32 bits or 64."""
    if isinstance(value, int):
        readings = {value}
        if not 0 <= value < 1 << 31:
            for bits in (32, 64):
                unsigned = value % (1 << bits)
                readings |= {unsigned, unsigned - (unsigned >> bits - 1 << bits)}
    else:
        encoded = _encoded(value)
        if encoded is None:
            return True
        readings = {len(encoded)}
    return any(COMPARISONS[sign](one, number) for one in readings)


def _is_path(word: str, value: Any) -> bool:
    path = _encoded(value)
    if path is None:
        return True
    if word == "empty":
        return not path
    if word == "slash":
        return path.endswith(b"/")
    return path.startswith(b"/") == (word == "absolute")


def _encoded(value: Any) -> bytes | None:
    """A text as the kernel reads it; None for anything else."""
    try:
        return os.fsencode(value)
    except (TypeError, ValueError):
        return None


def _flag(name: str) -> tuple[int, bool] | None:
    """The number of a flag on this ABI, and whether it is one of bits; None if that cannot be found."""
    try:
        found = getattr(load("pysys.flags"), name)
    except (AttributeError, ImportError):
        return None
    return int(found), isinstance(found, load("enum").Flag)
