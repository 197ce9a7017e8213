"""The class of each errno, and the one place where a result becomes an exception.

A class is made when it is first asked for: a program meets few of them, and all together take longer than the
rest of an import. What they are made of is in memory from the beginning, since the call that fails may be one
after which no file can be opened.
"""

from __future__ import annotations

import errno as _errno
from _collections_abc import Mapping  # as collections.abc has it, whose package takes longer
from errno import errorcode
from os import strerror

from pysys.errors import files, network, rare, system
from pysys.errors.base import SyscallError
from pysys.loading import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 1 << 31  # which os.strerror takes
_initialize = OSError.__init__
_PUBLIC = __name__.rpartition(".")[0]  # what tracebacks and pickles name

_TEXTS = {**system.TEXTS, **files.TEXTS, **network.TEXTS, **rare.TEXTS}
_ALIASES = {
    "EWOULDBLOCK": "EAGAIN",
    "ECANCELLED": "ECANCELED",  # how parisc spells it as well
    "EFSCORRUPTED": "EUCLEAN",
    "EFSBADCRC": "EBADMSG",
    "ENOTSUP": "EOPNOTSUPP",
    "EREFUSED": "ECONNREFUSED",  # how parisc spells it as well
}
if _errno.EDEADLOCK == _errno.EDEADLK:  # mips, powerpc and sparc count it apart
    _ALIASES["EDEADLOCK"] = "EDEADLK"


def _number(symbol: str) -> int | None:
    """The number on this ABI; None for an errno of other ABIs."""
    number: int | None = rare.NUMBERS.get(symbol) or getattr(_errno, symbol, None)
    return number


_NAMES = {**_TEXTS, **_ALIASES}
# The symbol of each number that this ABI has.
_SYMBOLS = {
    number: symbol for symbol in _TEXTS if symbol not in _ALIASES and (number := _number(symbol)) is not None
}
_made: dict[str, type[SyscallError]] = {}
_by_number: dict[int, type[SyscallError]] = {}


def _make(symbol: str) -> type[SyscallError]:
    """The class of a symbol, which is known."""
    number = _number(symbol)
    if symbol == "EDEADLOCK":
        bases: tuple[type, ...] = (of("EDEADLK"),)
    else:
        kind = type(OSError(number, ""))  # PermissionError for EPERM: the class that OSError has for it
        bases = (SyscallError,) if kind is OSError else (SyscallError, kind)
    body = {"__doc__": f"{symbol}: {_TEXTS[symbol]}", "__module__": _PUBLIC, "__qualname__": symbol}
    return type(symbol, bases, body, number=number)


def of(symbol: str) -> type[SyscallError]:
    """The class of a symbol; KeyError if no errno is called so."""
    symbol = _ALIASES.get(symbol, symbol)
    found = _made.get(symbol)
    if found is None:
        if symbol not in _TEXTS:
            raise KeyError(symbol)
        found = _made.setdefault(symbol, _make(symbol))  # of two threads that make it, both get one
    return found


class _Classes(Mapping[str, type[SyscallError]]):
    """Every symbol, aliases among them, with its class: EWOULDBLOCK has that of EAGAIN."""

    def __getitem__(self, symbol: str) -> type[SyscallError]:
        return of(symbol)

    def __contains__(self, symbol: object) -> bool:
        return symbol in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


CLASSES: Mapping[str, type[SyscallError]] = _Classes()


def no_number() -> type[SyscallError]:
    """The class of `errors.NoNumber`."""
    if "NoNumber" not in _made:
        body = {"__doc__": system.NO_NUMBER, "__module__": _PUBLIC}
        _made.setdefault("NoNumber", type("NoNumber", (of("ENOSYS"),), body))
    return _made["NoNumber"]


def by_name(symbol: str) -> type[SyscallError]:
    """The class of an errno's symbol: `by_name("EAGAIN")`.

    symbol: as in errno.h, aliases among them.

    Returns the class. Raises LookupError if no errno is called so.
    """
    if not isinstance(symbol, str):
        raise TypeError(f"by_name: symbol must be a str, not {type(symbol).__name__}")
    try:
        return of(symbol)
    except KeyError:
        raise LookupError(f"no errno is called {symbol!r}{hint(symbol, CLASSES)}") from None


def by_number(number: int) -> type[SyscallError]:
    """The class of an errno's number on this ABI: `by_number(11)`.

    number: positive.

    Returns the class. Raises LookupError if no errno of this ABI has the number.
    """
    if not isinstance(number, int):
        raise TypeError(f"by_number: number must be an int, not {type(number).__name__}")
    if number not in _SYMBOLS:
        shown = number if number.bit_length() <= 32 else f"of {number.bit_length()} bits"
        raise LookupError(f"no errno has the number {shown} on this ABI")
    return of(_SYMBOLS[number])


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
    cls = _by_number.get(errno)
    if cls is None:
        cls = _by_number[errno] = of(_SYMBOLS[errno]) if errno in _SYMBOLS else SyscallError
    # As cls(errno, None, filename, None, filename2, syscall=syscall, step=step), which looks at arguments.
    made = cls.__new__(cls)
    text = strerror(errno) if errno in errorcode else cls._strerror(errno)
    if filename is None:
        _initialize(made, errno, text)
    else:
        _initialize(made, errno, text, filename, None, filename2)
    made.syscall = syscall
    made.step = step
    return made
