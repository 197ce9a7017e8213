"""Exceptions that explain themselves: one class per errno, still an OSError.

Layout: `base` has what they share, `classes` makes the one for a symbol or a number, of what `table` knows;
the texts stand by family in `system`, `files`, `network` and `rare`.
"""

from pysys.errors.base import MAX_ERRNO as MAX_ERRNO
from pysys.errors.base import RefusedError, SyscallError
from pysys.errors.base import put_first as put_first
from pysys.errors.classes import by_name as by_name
from pysys.errors.classes import by_number as by_number
from pysys.errors.classes import classes, no_number
from pysys.errors.classes import error as error
from pysys.errors.classes import of_call as of_call
from pysys.loading import NotLoadedError as NotLoadedError
from pysys.loading import hint, load

SyscallError.__module__ = RefusedError.__module__ = __name__  # for tracebacks and pickles

# In __all__, before the classes of errnos.
_HERE = (
    "CLASSES NoNumber NotLoadedError PassedMemory RefusedError SyscallError by_name by_number error".split()
)


def __getattr__(name: str) -> object:
    found: object
    if name == "NoNumber":
        found = no_number()
    elif name == "CLASSES":
        found = classes()
    elif name == "PassedMemory":
        found = load("pysys.errors.arguments").PassedMemory
    elif name == "__all__":
        found = [*_HERE, *classes()]
    elif name in (known := classes()):
        found = known[name]
    else:
        more = "" if name.startswith("__") else hint(name, known)
        # With the name alone: of both name and module, which it would add, Python makes a second suggestion.
        raise AttributeError(f"module 'pysys.errors' has no attribute {name!r}{more}", name=name)
    return globals().setdefault(name, found)


def __dir__() -> list[str]:
    return sorted(__getattr__("__all__"))
