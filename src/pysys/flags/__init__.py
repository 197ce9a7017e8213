"""The flags and constants that system calls take, as types whose members explain themselves.

The standard library knows some of these values as bare integers; here each one says what it
does, what else it needs, and since which kernel at the latest. Every member is an int and can
be handed to any function that wants one. ``help(pysys.flags.CloneFlags)`` prints the lot, and a
single member explains itself: ``CloneFlags.CLONE_NEWUSER.__doc__``.

Classes and members are names of this module: ``from pysys.flags import OpenFlags, O_CLOEXEC``; so are the
headers' macros that make one number of several: ``QCMD(Q_GETQUOTA, USRQUOTA)``.
A module per family defines them, and is loaded when one of its names is first used; ``index``
knows which. ``from pysys.flags import *`` loads all of them, which takes some tenths of a second.
Values are those of Linux 7.2 for the architecture of this Python: literals where all architectures
agree, ``values.value`` where they do not; a member that this architecture lacks cannot be imported.
Bits that have no name here are kept when flags are combined, so that a newer kernel's flag can be
written as a number.
"""

from __future__ import annotations

from pysys.loading import hint as _hint
from pysys.loading import load as _load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# What `from pysys.flags import` may mean besides a class or a member: families of them, and these.
_MODULES = frozenset(["documented", "index", "values"])


def __getattr__(name: str) -> object:
    if name == "__all__":
        return _names()
    if name.startswith("__") and name.endswith("__"):  # there is __WALL as well
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    wanted = f"{__name__}.{name}"
    index = _load("pysys.flags.index", wanted)
    if (
        name in _MODULES or name in index.MODULES.values() or name in index.FUNCTIONS.values()
    ):  # Python loads it; a search for others would cost more
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    owner = index.MEMBERS.get(name, name)
    module = index.MODULES.get(owner) or index.FUNCTIONS.get(owner)
    if module is None:
        others = [other for other in ("termios", "fcntl", "errno") if hasattr(_load(other), name)]
        hint = (
            f": it is {others[0]}.{name}"
            if others
            else _hint(name, {*index.MODULES, *index.FUNCTIONS, *index.MEMBERS})
        )
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}", name=name)
    found: object = getattr(_load(f"pysys.flags.{module}", wanted), owner)
    if name != owner:
        found = getattr(found, index.RENAMED.get(name, name))
    globals()[name] = found
    return found


def _class(name: str) -> Any:
    return __getattr__(name)


def _names() -> list[str]:
    """The names that this architecture has."""
    index = _load("pysys.flags.index")
    lacking = {name for name in index.PARTIAL if name not in _class(index.MEMBERS[name]).__members__}
    return sorted({*index.MODULES, *index.FUNCTIONS, *index.MEMBERS} - lacking)


def __dir__() -> list[str]:
    return _names()
