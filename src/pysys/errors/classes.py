"""The class of each errno, and the one place where a result becomes an exception.

A class is made when it is first asked for: a program meets few of them, and all together take longer than the
rest of an import. What they are made of is in memory from the beginning, since the call that fails may be one
after which no file can be opened.
"""

from __future__ import annotations

from _thread import get_native_id
from errno import errorcode
from os import getpid, strerror

from pysys.errors.base import SyscallError
from pysys.loading import hint, hold_errors, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_MOST = 1 << 31  # which os.strerror takes
_initialize = OSError.__init__
_PUBLIC = __name__.rpartition(".")[0]  # what tracebacks and pickles name

hold_errors()
_made: dict[str, type[SyscallError]] = {}
_by_number: dict[int, type[SyscallError]] = {}


def _table() -> Any:
    return load("pysys.errors.table")


def classes() -> Mapping[str, type[SyscallError]]:
    """What `errors.CLASSES` is."""
    found: Mapping[str, type[SyscallError]] = _table().Classes(of)
    return found


def _make(symbol: str) -> type[SyscallError]:
    """The class of a symbol, which is known."""
    table = _table()
    number = table.number(symbol)
    if symbol == "EDEADLOCK":
        bases: tuple[type, ...] = (of("EDEADLK"),)
    else:
        kind = type(OSError(number, ""))  # PermissionError for EPERM: the class that OSError has for it
        bases = (SyscallError,) if kind is OSError else (SyscallError, kind)
    body = {"__doc__": f"{symbol}: {table.TEXTS[symbol]}", "__module__": _PUBLIC, "__qualname__": symbol}
    return type(symbol, bases, body, number=number)


def of(symbol: str) -> type[SyscallError]:
    """The class of a symbol; KeyError if no errno is called so."""
    found = _made.get(symbol)
    if found is None:
        table = _table()
        symbol = table.ALIASES.get(symbol, symbol)
        if symbol not in table.TEXTS:
            raise KeyError(symbol)
        found = _made.get(symbol) or _made.setdefault(symbol, _make(symbol))  # of two threads, both get one
    return found


def no_number() -> type[SyscallError]:
    """The class of `errors.NoNumber`."""
    if "NoNumber" not in _made:
        body = {"__doc__": _table().NO_NUMBER, "__module__": _PUBLIC}
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
        raise LookupError(f"no errno is called {symbol!r}{hint(symbol, _table().NAMES)}") from None


def by_number(number: int) -> type[SyscallError]:
    """The class of an errno's number on this ABI: `by_number(11)`.

    number: positive.

    Returns the class. Raises LookupError if no errno of this ABI has the number.
    """
    if not isinstance(number, int):
        raise TypeError(f"by_number: number must be an int, not {type(number).__name__}")
    symbol = _table().SYMBOLS.get(number)
    if symbol is None:
        shown = number if number.bit_length() <= 32 else f"of {number.bit_length()} bits"
        raise LookupError(f"no errno has the number {shown} on this ABI")
    return of(symbol)


def error(
    errno: int,
    syscall: str | None = None,
    *,
    filename: object = None,
    filename2: object = None,
    step: str | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> SyscallError:
    """Make the exception of an errno, for the caller to raise.

    errno: the positive number on this ABI.
    syscall: the name of the call that gave it.
    filename, filename2: the paths that the call was made with.
    step: the step of `spawn()`.
    arguments: what the exception keeps of the call's arguments: numbers, texts, None, PassedMemory.

    Returns an instance of the errno's class; of `SyscallError` if no class has the number.

    Raises TypeError or OverflowError for what cannot be an errno.
    """
    if not isinstance(errno, int):
        raise TypeError(f"error: errno must be an int, not {type(errno).__name__}")
    if not -_MOST <= errno < _MOST:
        raise OverflowError("error: errno is out of range (-2**31 to 2**31 - 1)")
    kept = getpid(), get_native_id(), None if arguments is None else dict(arguments)
    made = of_call(errno, syscall, kept, filename, filename2)
    if step is not None:
        made.step = step
    return made


def of_call(
    errno: int, syscall: str | None, kept: tuple[Any, ...], filename: object, filename2: object
) -> SyscallError:
    """The exception of a call that was made. kept: who made it, and with what (SyscallError._kept).

    What C makes exceptions with.
    """
    cls = _by_number.get(errno)
    if cls is None:
        symbol = _table().SYMBOLS.get(errno)
        cls = _by_number[errno] = SyscallError if symbol is None else of(symbol)
    # As cls(errno, None, filename, None, filename2, syscall=syscall), which looks at arguments.
    made = cls.__new__(cls)
    text = strerror(errno) if errno in errorcode else cls._strerror(errno)
    if filename is None:
        _initialize(made, errno, text)
    else:
        _initialize(made, errno, text, filename, None, filename2)
    made.syscall = syscall
    made._kept = kept
    return made
