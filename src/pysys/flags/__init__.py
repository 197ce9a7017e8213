"""The flags and constants that system calls take, as types whose members explain themselves.

The standard library knows some of these values as bare integers; here each one says what it
does, what else it needs, and since which kernel. Every member is an int and can be handed to
any function that wants one. ``help(pysys.flags.CloneFlags)`` prints the lot, and a single
member explains itself: ``CloneFlags.CLONE_NEWUSER.__doc__``.

Classes and members are names of this module: ``from pysys.flags import OpenFlags, O_CLOEXEC``.
A module per family defines them, and is loaded when one of its names is first used; ``index``
knows which. Values are those of Linux 7.2 for the architecture of this Python: literals where
all architectures agree, ``values.value`` where they do not; a member that this architecture
lacks cannot be imported. Bits that have no name here are
kept when flags are combined, so that a newer kernel's flag can be written as a number.
"""

from __future__ import annotations

from pysys.loading import load


def __getattr__(name: str) -> object:
    if name.startswith("__") and name.endswith("__"):  # there is __WALL as well
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    wanted = f"{__name__}.{name}"
    index = load("pysys.flags.index", wanted)
    owner = index.MEMBERS.get(name, name)
    module = index.MODULES.get(owner)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(load(f"pysys.flags.{module}", wanted), owner)
    if name != owner:
        found = getattr(found, index.RENAMED.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    index = load("pysys.flags.index")
    return sorted({*globals(), *index.MODULES, *index.MEMBERS} - index.PARTIAL)
