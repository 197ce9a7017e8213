"""The classes by symbol and by number, and the one place where a result becomes an exception."""

from __future__ import annotations

from pysys.errors import files, network, rare, system
from pysys.errors.base import RefusedError, SyscallError
from pysys.loading import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 1 << 31  # which os.strerror takes
_PUBLIC = __name__.rpartition(".")[0]
_FAMILIES = (system, files, network, rare)

# Every symbol, aliases among them: EWOULDBLOCK is the same class as EAGAIN.
CLASSES: Mapping[str, type[SyscallError]] = {
    name: cls
    for family in _FAMILIES
    for name in family.__all__
    if (cls := getattr(family, name)) is not system.NoNumber
}

_BY_NUMBER = {cls.number: cls for cls in CLASSES.values() if cls.number is not None}

# Tracebacks and pickles name the public module, not the one that defines the class.
for _cls in (SyscallError, RefusedError, system.NoNumber, *CLASSES.values()):
    _cls.__module__ = _PUBLIC


def by_name(symbol: str) -> type[SyscallError]:
    """Return the class of a symbol: `by_name("EAGAIN")`. LookupError where there is none."""
    if not isinstance(symbol, str):
        raise TypeError(f"by_name: symbol must be a str, not {type(symbol).__name__}")
    try:
        return CLASSES[symbol]
    except KeyError:
        raise LookupError(f"no errno is called {symbol!r}{hint(symbol, CLASSES)}") from None


def by_number(number: int) -> type[SyscallError]:
    """Return the class that has the number on this ABI: `by_number(11)`. LookupError if none."""
    if not isinstance(number, int):
        raise TypeError(f"by_number: number must be an int, not {type(number).__name__}")
    try:
        return _BY_NUMBER[number]
    except KeyError:
        shown = number if number.bit_length() <= 32 else f"of {number.bit_length()} bits"
        raise LookupError(f"no errno has the number {shown} on this ABI") from None


def error(
    errno: int,
    syscall: str | None = None,
    *,
    filename: object = None,
    filename2: object = None,
    step: str | None = None,
) -> SyscallError:
    """Make the exception of an errno; the caller raises it.

    `errno` is the positive number on this ABI, `syscall` the name of the call that gave it,
    `filename` and `filename2` the paths it was called with, `step` the step of `spawn()`. A number
    that no class has gives a plain `SyscallError`.
    """
    if not isinstance(errno, int):
        raise TypeError(f"error: errno must be an int, not {type(errno).__name__}")
    if not -_MOST <= errno < _MOST:
        raise OverflowError("error: errno is out of range (-2**31 to 2**31 - 1)")
    cls = _BY_NUMBER.get(errno, SyscallError)
    return cls(errno, None, filename, None, filename2, syscall=syscall, step=step)
