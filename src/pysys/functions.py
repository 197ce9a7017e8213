"""Functions of calls that C makes (cdefs/calls.c): what those of one interpreter have in common."""

from __future__ import annotations

from sys import getfilesystemencoding

from pysys._native import call_family, ffi
from pysys.loading import hold, hold_errors, load
from pysys.owner import OwnedCData, Owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# What converts arguments in Python, settles what a call gave, and makes exceptions is loaded when it is first
# needed.
hold("", "abi numbering signatures")
hold("parameters", "requests")
hold(
    "arguments",
    "bound descriptors integers iterables kept memory multiplexed objects pointers protocols text typed",
)
hold("policy", "fate refusals replacements restart")
hold("tables", "wide")
hold("tables/numbers")
hold_errors()


def _error_maker() -> Any:
    return load("pysys.errors.classes").of_call


# other() makes one whose functions turn to others in Python.
FAMILY = call_family(
    getfilesystemencoding() == "utf-8",
    _error_maker,
    getattr,
    ffi.typeof,
    ffi.sizeof,
    ffi.buffer,
    ffi.CData,
    OwnedCData,
    ffi.typeof("void *"),
    Owner,
)


def in_python(module: str, wanted: str = "") -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`convert` and `settle` of a module that is loaded when one of them is first asked.

    wanted: what the error says could not be loaded.
    """

    def convert(name: str, args: tuple[Any, ...]) -> Any:
        return load(module, wanted).convert(name, args)

    def settle(name: str, args: tuple[Any, ...], result: int) -> Any:
        return load(module, wanted).settle(name, args, result)

    return convert, settle


def misbound(function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Raise Python's own error for arguments that are too many, too few, or unknown."""
    name = function.__name__
    space: dict[str, Any] = {}
    exec(f"def {name}({', '.join(function.parameters)}): pass", space)
    space[name].__defaults__ = function.__defaults__
    space[name](*args, **{str.__str__(key): value for key, value in keywords.items()})
    raise TypeError(f"{name}() got unknown arguments")  # strings that are equal to what they are not


def signature(function: Any) -> Any:
    """The inspect.Signature of a function that C makes."""
    inspect = load("inspect")
    defaults = function.__defaults__ or ()
    required = len(function.parameters) - len(defaults)
    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=defaults[index - required] if index >= required else inspect.Parameter.empty,
            )
            for index, name in enumerate(function.parameters)
        ]
    )
