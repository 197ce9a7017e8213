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
from pysys.calls._make.build import about, build, convert, ctypes, family, omitting, settle
from pysys.functions import misbound
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
        made = _falling_back.typed(found.name, "pysys.calls", True)
    elif found.replacement is None:
        made = family.typed(found.name, "pysys.calls", True)
    else:
        return omitting(function(found.replacement), (*(kept.usual(found.name) or ()), *kept.own(found.name)))
    if made is not None:
        return made  # type: ignore[no-any-return]  # C's
    try:
        return omitting(build(found), kept.usual(found.name) or ())
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


# ---- calls that are made through older ones where the kernel does not know them ----


def _convert(name: str, args: tuple[Any, ...]) -> Any:
    try:
        return convert(name, args)
    except errors.ENOSYS as error:
        return _older(name, args, error)


def _settle(name: str, args: tuple[Any, ...], result: int) -> Any:
    try:
        return settle(name, args, result)
    except errors.ENOSYS as error:
        return _older(name, args, error)


def _older(name: str, args: tuple[Any, ...], error: errors.ENOSYS) -> Any:
    for one in fate(name, _ABI).fallbacks:
        result = function(one)(*args)
        if result is not NotImplemented:
            return result
    raise error


def _about(function: Any, what: str) -> Any:
    text = about(function, what)
    if what != "__doc__":
        return text
    name = function.__name__
    known = " or ".join(map(str, replacements.written_fallbacks(name)))
    return PageDoc(f"{text}\n\nWhere the kernel does not know it: {known}.", name)


_falling_back = family.other(_convert, _settle, misbound, _about, ctypes)
