"""The functions of typed calls: C makes those that it has a row for (cdefs/calls.c).

Arguments that fit their parameters are converted there, by the table that build_table.py makes from
pysys.parameters. Where one does not fit, in_python gets all of them. What has no row, written makes.
"""

from __future__ import annotations

from pysys.functions import FAMILY, in_python, misbound
from pysys.loading import hold, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

hold("calls/_make", "describe in_python")
hold("parameters", "words")


convert, settle = in_python("pysys.calls._make.in_python")


def about(function: Any, what: str) -> Any:
    return load("pysys.calls._make.in_python").about(function, what)


def ctypes(name: str) -> Any:
    return load("pysys.calls._make.in_python").ctypes(name)


def names(call: str) -> list[str]:
    """The kernel's names of a call's parameters."""
    return [place.parameter.name for place in load("pysys.calls._make.in_python").typed_call(call).places]


family = FAMILY.other(convert, settle, misbound, about, ctypes, names)
_FUNCTION = type(family.typed("getpid", __name__, False))
# Those made by now: of pysys.calls.direct, and of pysys.calls.
_functions: dict[str, Callable[..., int]] = {}
_own: dict[str, Callable[..., int]] = {}


def build(name: str) -> Callable[..., int]:
    """The function of a call exactly as this ABI has it; for one that is not made, a function that says why.

    Raises numbers.UnknownCallError for a name that no ABI has.
    """
    made = _functions.get(name)
    if made is None:  # or another thread was first
        found = family.typed(name, "pysys.calls.direct", False)
        if found is None:
            wanted = f"pysys.calls.direct.{name}"
            fate = load("pysys.policy.fate", wanted).fate(name)
            found = load("pysys.calls._make.written", wanted).function(fate)
        made = _functions.setdefault(name, found)
    return made


def own(name: str) -> Callable[..., int] | None:
    """The function of a call that pysys.calls makes as this ABI has it, on any kernel; None for others."""
    made = _own.get(name)
    if made is None and family.kind(name) == "own":
        made = _own.setdefault(name, family.typed(name, "pysys.calls", True))
    return made


def is_made(function: object) -> bool:
    """Whether a function is one of those that C makes."""
    return type(function) is _FUNCTION
