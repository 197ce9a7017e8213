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
    """The class of an errno's symbol: `by_name("EAGAIN")`.

    symbol: as in errno.h, aliases among them.

    Returns the class. Raises LookupError if no errno is called so.
    """
    if not isinstance(symbol, str):
        raise TypeError(f"by_name: symbol must be a str, not {type(symbol).__name__}")
    try:
        return CLASSES[symbol]
    except KeyError:
        raise LookupError(f"no errno is called {symbol!r}{hint(symbol, CLASSES)}") from None


def by_number(number: int) -> type[SyscallError]:
    """The class of an errno's number on this ABI: `by_number(11)`.

    number: positive.

    Returns the class. Raises LookupError if no errno of this ABI has the number.
    """
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
    """Make the exception of an errno, for the caller to raise.

    errno: the positive number on this ABI.
    syscall: the name of the call that gave it.
    filename, filename2: the paths that the call was made with.
    step: the step of `spawn()`.

    Returns an instance of the errno's class; of `SyscallError` if no class has the number.

    Raises TypeError or OverflowError for what cannot be an errno.
    """
    if not isinstance(errno, int):
        raise TypeError(f"error: errno must be an int, not {type(errno).__name__}")
    if not -_MOST <= errno < _MOST:
        raise OverflowError("error: errno is out of range (-2**31 to 2**31 - 1)")
    cls = _BY_NUMBER.get(errno, SyscallError)
    return cls(errno, None, filename, None, filename2, syscall=syscall, step=step)
