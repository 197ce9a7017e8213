"""Calls made through others that take the same arguments, in another order or with more of them.

An attribute of this module is the call of that name, for the conversions by hand.
"""

from __future__ import annotations

import os

from pysys import abi
from pysys._native import ffi
from pysys.arguments import kept
from pysys.calls import direct
from pysys.calls._make.build import build
from pysys.calls._make.written import finish
from pysys.policy import replacements
from pysys.policy.fate import fate
from pysys.policy.replacements import Fallback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys.policy.replacements import Replacement

_ABI = abi.current()

# What stands for a constant among the arguments, on this ABI; None is NULL.
_CONSTANTS: dict[str, int | None] = {
    **replacements.CONSTANTS,
    "NULL": None,
    "O_CREAT|O_WRONLY|O_TRUNC": os.O_CREAT | os.O_WRONLY | os.O_TRUNC,
    "sizeof(long)": ffi.sizeof("long"),
}


def __getattr__(name: str) -> Callable[..., int]:
    """A call as this ABI has it, or through the one that replaces it; one that needs code is as it is."""
    if name.startswith("__"):
        raise AttributeError(f"module 'pysys.calls._make.rearranged' has no attribute {name!r}")
    found = fate(name, _ABI)
    instead = found.replacement
    made = globals()[name] = build(name) if instead is None or instead.code else function(instead)
    return made


def function(found: Replacement | Fallback) -> Callable[..., Any]:
    """A function with the parameters of `found.name` that does what `found` says, which has no code.

    That of a Fallback returns NotImplemented where its arguments do not allow it.
    """
    names = [one.python for one in kept.usual(found.name) or ()]
    target = getattr(direct, found.call)
    if found.arguments is None:
        passed = names
    else:
        passed = [one if one in names else repr(_CONSTANTS[one]) for one in found.arguments]
    body = f"target({', '.join(passed)})"
    if isinstance(found, Fallback) and found.when:
        values = {name: _CONSTANTS[value] for name, value in found.when.items()}
        tests = (f"{name} {'is' if value is None else '=='} {value!r}" for name, value in values.items())
        body = f"{body} if {' and '.join(tests)} else NotImplemented"
    space: dict[str, Any] = {"__name__": __name__, "target": target}
    exec(f"def {found.name}({', '.join(names)}):\n    return {body}", space)
    return finish(space[found.name], found.name, f"{found.name}(2): made through {found}.", "pysys.calls")
