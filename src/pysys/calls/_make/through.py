"""Calls that are made through others: where the ABI lacks them, or the kernel does not know them."""

from __future__ import annotations

from pysys import abi
from pysys.arguments import kept
from pysys.calls._make import conversions, rearranged
from pysys.calls._make.build import build
from pysys.calls._make.written import omitting
from pysys.doc import PageDoc
from pysys.numbers import UnknownCallError
from pysys.policy import replacements
from pysys.policy.fate import fate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys import errors
    from pysys.policy.replacements import Fallback, Replacement

_ABI = abi.current()


def resolved(name: str) -> Callable[..., Any]:
    """The function of a call that C does not make by itself."""
    instead = fate(name, _ABI).replacement
    if instead is not None:
        return omitting(function(instead), (*(kept.usual(name) or ()), *kept.own(name)))
    try:
        made = build(name)
    except UnknownCallError as error:
        raise AttributeError(str(error), name=name) from None
    return omitting(made, kept.usual(name) or ())


def function(found: Replacement | Fallback) -> Callable[..., Any]:
    """A function with the parameters of `found.name` that does what `found` says, on this process's ABI.

    That of a Fallback returns NotImplemented where its arguments do not allow it.
    """
    if not found.code:
        return rearranged.function(found)
    made: Callable[..., Any] = getattr(conversions, found.code)
    if not isinstance(made.__doc__, PageDoc):
        made.__doc__ = PageDoc(f"{found.name}(2): made through {found}.\n\n{made.__doc__}", found.name)
    return made


def older(name: str, args: tuple[Any, ...], error: errors.ENOSYS) -> Any:
    """The result of the first older call that does the same with these arguments. Raises the error if none
    does."""
    for one in fate(name, _ABI).fallbacks:
        result = function(one)(*args)
        if result is not NotImplemented:
            return result
    raise error


def described(name: str, text: str) -> PageDoc:
    """The docstring of a call with what it falls back on."""
    known = " or ".join(map(str, replacements.written_fallbacks(name)))
    return PageDoc(f"{text}\n\nWhere the kernel does not know it: {known}.", name)
