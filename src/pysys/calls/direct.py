"""Every call exactly as the kernel defines it.

    from pysys.calls.direct import pread64, statx

All parameters, in the kernel's order and by its names, without what Python cannot spell: underscores in
front go, and Python's own words get one behind (`from_`). Callers may omit only what a newer kernel added to
a call that was there before: bpf(cmd, attr, size). The result is an int, or an exception of pysys.errors. A
name is there on every ABI; a call that this one does not have raises errors.NoNumber.

A function is made when its name is first used.
"""

from __future__ import annotations

from pysys.calls._make.build import build
from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return __dir__()
    if name.startswith("__"):
        raise AttributeError(f"module 'pysys.calls.direct' has no attribute {name!r}")
    try:
        function = build(name.removesuffix("_"))
    except LookupError as error:  # numbers.UnknownCallError, whose module need not be loaded
        raise AttributeError(str(error), name=name) from None
    globals()[name] = function
    return function


def __dir__() -> list[str]:
    return sorted(map(load("pysys.calls._make.written").identifier, load("pysys.numbers").calls()))
