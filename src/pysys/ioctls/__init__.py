"""The requests of ioctl, by the names that the kernel's exported headers give them.

Each name is a Request, an int with the number that the ABI of this Python has, and what its argument is:

    from pysys import calls, ioctls
    size = calls.ioctl(fd, ioctls.TIOCGWINSZ)  # a structures.winsize
    calls.ioctl(fd, ioctls.TIOCSWINSZ, size)

They are found in a table when they are first used; `dir(ioctls)` lists those that this ABI has, find() and
table() know those of other ABIs, names() has the names of a number. IO(), IOR(), IOW(), IOWR() and IOC() make
the numbers of other drivers, as the kernel's macros do. What is a macro with parameters in the headers is a
function here: `calls.ioctl(fd, ioctls.EVIOCGNAME(256))`.

Numbers are those of Linux 7.2, made with the headers alone: on ABIs of 32 bits, programs whose C library has
times of 64 bits have other numbers for some structures with times, as of video4linux.
"""

from __future__ import annotations

from pysys.ioctls.macros import find as _macro
from pysys.ioctls.macros import names as _macros
from pysys.ioctls.request import IO, IOC, IOR, IOW, IOWR, Request, find, names, table

__all__ = ["IO", "IOC", "IOR", "IOW", "IOWR", "Request", "find", "names", "table"]

for _value in (IO, IOC, IOR, IOW, IOWR, Request, find, names, table):
    _value.__module__ = __name__  # the public name, also for pickles
del _value


def __getattr__(name: str) -> object:
    why = ""
    if not name.startswith("_"):
        try:
            found: object = find(name)
        except LookupError as error:
            found = _macro(name)
            why = f": {error.args[0]}"
        if found is not None:
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{why}", name=name)


def __dir__() -> list[str]:
    return sorted([*__all__, *_macros(), *table()])
