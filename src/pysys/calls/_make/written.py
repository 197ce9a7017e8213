"""Functions in Python, for calls that C has no row for, or that are made through others."""

from __future__ import annotations

from sys import audit

from pysys import errors
from pysys._native import lib
from pysys.arguments import kept
from pysys.calls._make.describe import describe
from pysys.doc import PageDoc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys.parameters import Parameter
    from pysys.policy.fate import Fate


def function(found: Fate) -> Callable[..., int]:
    """The function of a call that C has no row for. Raises numbers.UnknownCallError for what no ABI has."""
    text, number = found.unmade(), found.number
    if number is None:
        return _raising(found.name, "", lambda: errors.NoNumber(text, syscall=found.name))
    if found.refusal:
        return _raising(found.name, text, lambda: errors.RefusedError(text, syscall=found.name))
    return _undefined(found.name, number)


def _undefined(name: str, number: int) -> Callable[..., int]:
    """The function of a number without a definition in C: one made in assembly, or with nothing behind it."""

    def function() -> int:
        audit("pysys.syscall", name, ())
        result = kept.value(name, int(lib.pysys_syscall0(number)), errors.MAX_ERRNO)
        if -errors.MAX_ERRNO <= result < 0:
            raise errors.error(-result, name, arguments={})
        return result

    function.__name__ = identifier(name)
    return finish(function, name, describe(name, ()))


def default(one: Parameter) -> int | None:
    """What a call is given for a parameter with a default that its caller omits."""
    return None if one.default == "NULL" else 0


def omitting(function: Any, known: Sequence[Parameter]) -> Callable[..., int]:
    """The same function in Python, of which callers may omit the last arguments that have a default."""
    omitted = {one.python: default(one) for one in known if one.default}
    code = function.__code__
    defaults: list[int | None] = []
    for one in reversed(code.co_varnames[: code.co_argcount]):
        if one not in omitted:
            break
        defaults.insert(0, omitted[one])
    made: Callable[..., int] = function
    if len(defaults) > len(function.__defaults__ or ()):  # direct keeps its own, without defaults
        made = type(function)(code, function.__globals__, function.__name__, tuple(defaults))
        made.__doc__ = function.__doc__
        made.__module__ = function.__module__
        made.__qualname__ = function.__qualname__
    return made


def finish(function: Any, name: str, text: str, module: str = "pysys.calls.direct") -> Callable[..., Any]:
    """Give a function that was made here a docstring, below which help() shows the page."""
    function.__code__ = function.__code__.replace(co_filename=f"<{module}.{name}>")
    function.__module__ = module
    function.__qualname__ = function.__name__
    function.__doc__ = PageDoc(text, name)
    made: Callable[..., Any] = function
    return made


def _raising(name: str, refusal: str, error: Callable[[], Exception]) -> Callable[..., int]:
    """A function with the call's usual parameters that only says why it cannot be made.

    refusal: the reason, if that is not this ABI's alone.
    """
    known = kept.usual(name) or ()
    header = ", ".join(one.python for one in known)
    space: dict[str, Any] = {"error": error}
    exec(f"def {identifier(name)}({header}):\n    raise error()", space)
    function = space[identifier(name)]
    function.__defaults__ = tuple(default(one) for one in known if one.since) or None
    return finish(function, name, describe(name, known, refusal=refusal))


def identifier(name: str) -> str:
    """The name of a call's function: of all calls, one is named as a word of Python's."""
    return "break_" if name == "break" else name
