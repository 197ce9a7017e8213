"""Calls as this ABI and this kernel can make them: what pysys.calls has where nothing is written by hand.

A name is the call as pysys.calls.direct has it; or what replaces it on this ABI; or, where the running
kernel answers that it does not know it, an older call that does the same. With that clock_gettime takes
structures.timespec, getgroups takes ids of 32 bits, and readlink exists, on every ABI. Callers may omit the
last parameters that have a default.
"""

from __future__ import annotations

import struct  # noqa: F401  conversions is held, and imports it

from pysys import errors
from pysys._native import NUMBERED
from pysys.calls._make.build import about, convert, ctypes, family, names, own, settle
from pysys.functions import misbound
from pysys.loading import hold, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# For a kernel that does not know a call.
hold("calls/_make", "conversions rearranged through written")
hold("calls/_values", "paths")
hold("calls", "direct")
hold("", "numbers")
hold("tables/numbers", " ".join(NUMBERED))


def _through() -> Any:
    return load("pysys.calls._make.through")


def __getattr__(name: str) -> Callable[..., int]:
    if name.startswith("__"):
        raise AttributeError(f"module 'pysys.calls._make.resolved' has no attribute {name!r}")
    called = name.removesuffix("_")
    made: Any = own(called)
    if made is None and family.kind(called) == "newer":
        made = _falling_back.typed(called, "pysys.calls", True)
    elif made is None:
        made = load("pysys.calls._make.through", f"pysys.calls.{name}").resolved(called)
    globals()[name] = made
    return made  # type: ignore[no-any-return]  # a function


# ---- calls that are made through older ones where the kernel does not know them ----


def _convert(name: str, args: tuple[Any, ...]) -> Any:
    try:
        return convert(name, args)
    except errors.ENOSYS as error:
        return _through().older(name, args, error)


def _settle(name: str, args: tuple[Any, ...], result: int) -> Any:
    try:
        return settle(name, args, result)
    except errors.ENOSYS as error:
        return _through().older(name, args, error)


def _about(function: Any, what: str) -> Any:
    text = about(function, what)
    return _through().described(function.__name__, text) if what == "__doc__" else text


_falling_back = family.other(_convert, _settle, misbound, _about, ctypes, names)
