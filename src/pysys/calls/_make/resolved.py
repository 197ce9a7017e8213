"""Calls as direct has them, or what replaces them on this ABI: for those that are written by hand.

With it clock_gettime takes structures.timespec, getgroups ids of 32 bits, and readlink exists, on every ABI.
"""

from __future__ import annotations

from pysys.calls import direct
from pysys.loading import load
from pysys.policy import replacements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def __getattr__(name: str) -> Callable[..., int]:
    if name.startswith("__"):
        raise AttributeError(f"module 'pysys.calls._make.resolved' has no attribute {name!r}")
    found = replacements.find(name)
    function: Callable[..., int]
    if name in replacements.FALLBACKS or name in replacements.CONVERTED_FALLBACKS:
        function = load("pysys.calls._make.fallback").falling_back(name)
    elif found is None:
        function = getattr(direct, name)
    else:
        function = load("pysys.calls._make.conversions").function(found)
    globals()[name] = function
    return function
