"""syscall: any call, by name or number, which C makes (cdefs/calls.c)."""

from __future__ import annotations

from pysys._native import NUMBERED
from pysys.functions import FAMILY, in_python
from pysys.loading import hold, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys.raw_in_python import syscall as syscall

hold("", "numbers raw_in_python")
hold("arguments", "words")
hold("tables/numbers", " ".join(NUMBERED))

# The calls that C makes if their arguments fit, by name and by number.
_plain: dict[str | int, object] = {}


_convert, _settle = in_python("pysys.raw_in_python", "pysys.syscall")


def _python() -> Any:
    return load("pysys.raw_in_python", "pysys.syscall")


def _misbound(function: object, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A call that C does not know yet, or something that names no call."""
    python = _python()
    if args:
        known = python.find(args[0])
        if known.plain and known.name:
            made = _plain.get(known.name) or _plain.setdefault(
                known.name, _family.raw(known.name, known.number)
            )
            if isinstance(args[0], int):
                _plain[known.number] = made
    return python.syscall(*args, **keywords)


def _about(function: object, what: str) -> object:
    syscall = _python().syscall
    return syscall.__doc__ if what == "__doc__" else load("inspect").signature(syscall)


def _names(call: object) -> list[str] | None:
    """The kernel's names of the words; None of a number without a name."""
    return _python().names(call) if isinstance(call, str) else None


_family = FAMILY.other(_convert, _settle, _misbound, _about, None, _names)
if not TYPE_CHECKING:
    syscall = _family.syscall(_plain)
