"""Text: what the kernel gets as bytes with a null byte at the end."""

from __future__ import annotations

import sys
from os import fspath

from pysys.arguments.protocols import is_own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ENCODING, ERRORS = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()


def encoded(title: str, arg: Any, *, path: bool = True, wanted: str = "") -> bytes:
    """A str, bytes, or an object with __fspath__ where paths are taken, as bytes without a null byte.

    wanted: what messages say that the parameter takes, if it takes more.
    """
    if isinstance(arg, str):
        data = of_str(title, arg)
    elif isinstance(arg, bytes):
        data = arg
    elif path and hasattr(type(arg), "__fspath__"):
        try:
            found = fspath(arg)
        except TypeError as error:
            if is_own(error):
                raise
            kind = type(arg).__name__
            raise TypeError(f"{title}: __fspath__ of {kind} must return str or bytes") from None
        return encoded(title, found, path=False)
    else:
        wanted = wanted or ("str, bytes or a path" if path else "str or bytes")
        raise TypeError(f"{title} must be {wanted}, not {type(arg).__name__}")
    if bytes.__contains__(data, 0):
        raise contains_null(title)
    return data


def of_str(title: str, arg: str) -> bytes:
    """A str as the file system has it, which may contain null bytes."""
    try:
        return str.encode(arg, ENCODING, ERRORS)  # of a subclass, too, only what it is counts
    except UnicodeEncodeError as error:
        raise ValueError(f"{title} cannot be encoded: {error.reason}") from None


def contains_null(title: str) -> ValueError:
    return ValueError(f"{title} contains a null byte")


def string(title: str, arg: Any) -> bytes | None:
    """A str or bytes, or None for NULL, where the kernel would also take a number."""
    return None if arg is None else encoded(title, arg, path=False, wanted="str, bytes or None")


def is_path(arg: Any) -> bool:
    """Whether an argument is text, and not a descriptor."""
    return isinstance(arg, (str, bytes)) or hasattr(type(arg), "__fspath__")
