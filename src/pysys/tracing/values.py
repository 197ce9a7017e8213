"""What arguments become that are neither numbers, flags nor structures."""

from __future__ import annotations

import _signal as signal

from pysys.calls._values.paths import AT_FDCWD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

__all__ = ["Address", "Data", "Descriptor", "SignalSet"]

_FIRST_RT = 32  # the kernel's first real-time signal, of which the C library takes two


class Address(int):
    """An address in the traced process, or a word that may be one; what lies there was not read."""

    __slots__ = ()

    def __repr__(self) -> str:
        return hex(self)


class Descriptor(int):
    """A descriptor of the traced process.

    path: what it was when the call was made: a path, "pipe:[5]", "socket:[6]"; "" where it was not open.
    """

    path: str

    def __new__(cls, number: int, path: str = "") -> Self:
        """The number, and what it is."""
        made = super().__new__(cls, number)
        made.path = path
        return made

    def __repr__(self) -> str:
        if self == AT_FDCWD:
            return "AT_FDCWD"
        return f"{int(self)}<{self.path}>" if self.path else str(int(self))


class Data(bytes):
    """Bytes of the traced process: the first ones, at most as many as were asked for.

    length: how many there are in all.
    """

    length: int

    def __new__(cls, data: bytes, length: int) -> Self:
        """The bytes that were read, and how many there are."""
        made = super().__new__(cls, data)
        made.length = length
        return made

    def __repr__(self) -> str:
        return super().__repr__() + "..." * (self.length > len(self))


class SignalSet(frozenset[int]):
    """A set of signals, by their numbers."""

    __slots__ = ()

    def __repr__(self) -> str:
        if len(self) > 32:  # all but few
            return f"~{{{', '.join(signal_name(one) for one in range(1, 65) if one not in self)}}}"
        return f"{{{', '.join(map(signal_name, sorted(self)))}}}"


_known: dict[int, str] = {}
_OTHER_NAMES = ("SIGCLD", "SIGPOLL", "SIGIOT")


def _names() -> dict[int, str]:
    if not _known:
        for name in dir(signal):
            if name.startswith("SIG") and name[3] != "_" and name not in _OTHER_NAMES:
                _known.setdefault(int(getattr(signal, name)), name)
    return _known


def signal_name(number: int) -> str:
    """SIGTERM for 15, SIGRT_3 for a real-time signal, the number for what has no name."""
    if _FIRST_RT <= number <= 64:
        return f"SIGRT_{number - _FIRST_RT}"
    return _names().get(number, str(number))
