"""Exceptions that explain themselves: one class per errno, still an OSError.

Layout: `base` has what they share, `classes` makes the one for a symbol or a number; the texts that
they are made from stand by family in `system`, `files`, `network` and `rare`.
"""

from pysys.errors.base import MAX_ERRNO as MAX_ERRNO
from pysys.errors.base import RefusedError, SyscallError
from pysys.errors.base import put_first as put_first
from pysys.errors.classes import CLASSES, by_name, by_number, error, no_number
from pysys.loading import NotLoadedError, hint

__all__ = ["CLASSES", "NoNumber", "NotLoadedError", "RefusedError", "SyscallError"]
__all__ += ["by_name", "by_number", "error"]
__all__ += list(CLASSES)

SyscallError.__module__ = RefusedError.__module__ = __name__  # for tracebacks and pickles


def __getattr__(name: str) -> object:
    if name == "NoNumber":
        found = no_number()
    elif name in CLASSES:
        found = CLASSES[name]
    else:
        more = "" if name.startswith("__") else hint(name, CLASSES)
        # With the name alone: of both name and module, which it would add, Python makes a second suggestion.
        raise AttributeError(f"module 'pysys.errors' has no attribute {name!r}{more}", name=name)
    return globals().setdefault(name, found)


def __dir__() -> list[str]:
    return sorted(__all__)
