"""Calls as this ABI and this kernel can make them: what pysys.calls has where nothing is written by hand.

A name is the call as pysys.calls.direct has it; or what replaces it on this ABI; or, where the running
kernel answers that it does not know it, an older call that does the same. With that clock_gettime takes
structures.timespec, getgroups takes ids of 32 bits, and readlink exists, on every ABI. Callers may omit the
last parameters that have a default.
"""

from __future__ import annotations

from pysys import abi, errors
from pysys.arguments import kept
from pysys.calls._make import rearranged
from pysys.calls._make.build import build, finish, omitting
from pysys.loading import load
from pysys.metadata.doc import PageDoc
from pysys.numbers import UnknownCallError
from pysys.policy import replacements
from pysys.policy.fate import fate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys.policy.fate import Fate
    from pysys.policy.replacements import Fallback, Replacement

_ABI = abi.current()


def __getattr__(name: str) -> Callable[..., int]:
    if name.startswith("__"):
        raise AttributeError(f"module 'pysys.calls._make.resolved' has no attribute {name!r}")
    made = globals()[name] = resolved(fate(name.removesuffix("_"), _ABI))
    return made


def resolved(found: Fate) -> Callable[..., int]:
    """The function of a call."""
    made: Any = None
    if found.fallbacks:
        made = falling_back(found)
    elif found.replacement is not None:
        made = function(found.replacement)
    if made is not None:
        return omitting(made, (*(kept.usual(found.name) or ()), *kept.own(found.name)))
    try:
        return omitting(build(found))
    except UnknownCallError as error:
        raise AttributeError(str(error), name=found.name) from None


def function(found: Replacement | Fallback) -> Callable[..., Any]:
    """A function with the parameters of `found.name` that does what `found` says, on this process's ABI.

    That of a Fallback returns NotImplemented where its arguments do not allow it.
    """
    if not found.code:
        return rearranged.function(found)
    made: Callable[..., Any] = getattr(load("pysys.calls._make.conversions"), found.code)
    if not isinstance(made.__doc__, PageDoc):
        made.__doc__ = PageDoc(f"{found.name}(2): made through {found}.\n\n{made.__doc__}", found.name)
    return made


def falling_back(found: Fate) -> Callable[..., Any]:
    """The call, and where it raises ENOSYS an older one that does the same, if there is one."""
    name = found.name
    target: Any = build(found)
    names = ", ".join(target.__code__.co_varnames[: target.__code__.co_argcount])
    lines = [
        f"def {name}({names}):",
        f"    try: return target({names})",
        f"    except ENOSYS as error: return older(found, error, ({names},))",
    ]
    space: dict[str, Any] = {"target": target, "older": _older, "found": found, "ENOSYS": errors.ENOSYS}
    exec("\n".join(lines), space)
    known = " or ".join(map(str, replacements.written_fallbacks(name)))
    text = f"{target.__doc__}\n\nWhere the kernel does not know it: {known}."
    return finish(space[name], name, text, "pysys.calls")


def _older(found: Fate, error: errors.ENOSYS, args: tuple[Any, ...]) -> Any:
    for one in found.fallbacks:
        result = function(one)(*args)
        if result is not NotImplemented:
            return result
    raise error
