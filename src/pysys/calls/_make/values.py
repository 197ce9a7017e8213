"""Functions whose results are values, made in C (cdefs/values.c).

A function that is written by hand makes a call, and a value of what the kernel wrote. Where C has a form for
both, `in_c` gives a function in C that does the same. It has the docstring and the signature of the one in
Python, and calls it where an argument does not fit, where an audit hook would see the memory, and where the
call has to be made in another way. On an ABI that makes another call in its place, the function stays what it
is.
"""

from __future__ import annotations

from pysys import functions
from pysys.calls._make.build import is_made
from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Written = TypeVar("Written", bound=Callable[..., Any])


def in_c(calls: object, makes: object = None) -> Callable[[Written], Written]:
    """Decorate the function of a call.

    calls: pysys.calls.direct or resolved, whose function of that name it uses.
    makes: what values are made with, for some forms; None for the class of the structure that is returned.
    """

    def decorate(function: Written) -> Written:
        call, code = getattr(calls, function.__name__), function.__code__
        if not is_made(call):
            return function
        made: Written = _family.value(function, call, code.co_varnames[: code.co_argcount], makes)
        return made

    return decorate


def _in_python(function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return function.__wrapped__(*args, **keywords)


def _about(function: Any, what: str) -> Any:
    if what == "__signature__":
        return load("inspect").signature(function.__wrapped__)
    if what == "__doc__":
        return function.__wrapped__.__doc__
    known = load("pysys.arguments.kept").own(function.__name__)
    points = next(one.points for one in known if one.direction == "out")
    return load("pysys.structures.build").build(points)


def _repeats(name: str, args: tuple[Any, ...]) -> Any:
    return load("pysys.calls._make.in_python").is_repeated(name, args)


_family = functions.FAMILY.other(None, _repeats, _in_python, _about, None, None)
