"""Arguments that no parameter of some kind can mean, and what a message about one must not be."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator

from pysys import errors

# What CFFI and Python say by themselves.
FOREIGN = re.compile(
    "initializer for ctype|cdata|ctype|not iterable|cannot unpack|not supported between|has no attribute"
    "|embedded null|unpack \\(expected|unsupported operand|cannot be interpreted|argument must be"
    "|required positional|bytes-like|not subscriptable|object is not|too big to convert|out of range for"
    "|integer is required|too large to convert|Exceeds the limit|invalid literal|unhashable"
    "|takes no keyword|concatenate|Traceback|returned non-|should return|not callable|expected "
)


class FilenoRaises:
    def fileno(self) -> int:
        raise io.UnsupportedOperation("there is none")


class FspathGivesAnInt:
    """An object of which the path is not text."""

    def __fspath__(self) -> int:
        return 5


class IterGivesAnInt:
    """What __iter__ returns is not an iterator."""

    def __iter__(self) -> int:
        return 5


class ItemsGivesAnInt:
    """What looks like a mapping, and has no pairs."""

    def items(self) -> int:
        return 5


class IndexGivesText:
    """An object whose __index__ returns text."""

    def __index__(self) -> str:
        return "5"  # noqa: PLE0305  # wrong on purpose


class FilenoIsANumber:
    """A descriptor where a method is expected."""

    fileno = 0


class FilenoGivesText:
    def fileno(self) -> str:
        return "3"


class FilenoIsTooLarge:
    def fileno(self) -> int:
        return 2**40


def closed_socket() -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.close()
    return made


def closed_file() -> io.TextIOWrapper:
    made = open("/dev/null")  # noqa: SIM115
    made.close()
    return made


def _never() -> Iterator[object]:
    yield object()


def nowhere() -> dict[str, object]:
    """What no parameter takes, whatever its kind, by a name for the report."""
    return {
        "object()": object(),
        "1.5": 1.5,
        "{'a': object()}": {"a": object()},
        "a generator of object()": _never(),
        "[object()]": [object()],
        "a class": object,
        "a class whose objects have fileno()": FilenoRaises,
        "fileno() that raises": FilenoRaises(),
        "fileno() that gives text": FilenoGivesText(),
        "fileno() of 2**40": FilenoIsTooLarge(),
        "fileno that is a number": FilenoIsANumber(),
        "__iter__ that gives an int": IterGivesAnInt(),
        "items() that gives an int": ItemsGivesAnInt(),
        "__index__ that gives text": IndexGivesText(),
        "__fspath__ that gives an int": FspathGivesAnInt(),
        "a closed socket": closed_socket(),
        "a closed file": closed_file(),
        "2**64": 1 << 64,
        "-2**63-1": -(1 << 63) - 1,
        "2**20000": 1 << 20000,
        "'a\\0b'": "a\0b",
    }


_TEXT: dict[str, object] = {"'text'": "text", "b'text'": b"text", "b'a\\0b'": b"a\0b"}
_NUMBERS: dict[str, object] = {"5": 5}
_LISTS: dict[str, object] = {
    "('a',)": ("a",),
    "[None]": [None],
    "[1.5]": [1.5],
    "[2**64]": [1 << 64],
    "[-2**63-1]": [-(1 << 63) - 1],
}
_ROWS: dict[str, object] = {
    "[(1,)]": [(1,)],
    "[(1, 2, 3, 4, 5)]": [(1, 2, 3, 4, 5)],
    "[('a', 'b')]": [("a", "b")],
    "[5]": [5],
}

# What else a parameter does not take, by its kind: those of pysys.parameters, and those that functions
# written by hand have besides.
_MORE: dict[str, dict[str, object]] = {
    "int": _TEXT,
    "fd": _TEXT,
    "path": _NUMBERS | {"b'a\\0b'": b"a\0b", "['text']": ["text"], "a bytearray": bytearray(b"text")},
    "string": _NUMBERS | {"b'a\\0b'": b"a\0b", "['text']": ["text"], "a bytearray": bytearray(b"text")},
    "strings": _NUMBERS | _TEXT | {"['a\\0b']": ["a\0b"], "{'a': 'b'}": {"a": "b"}},
    "memory": _NUMBERS | {"'text'": "text"},
    "word": {"(1,)": (1,)},
    "address": {"(1,)": (1,)},
    "position": _TEXT | {"(1, 2)": (1, 2), "a bytearray": bytearray(b"text")},
    "path or fd": {"b'a\\0b'": b"a\0b", "['text']": ["text"]},
    "seconds": {
        "'5'": "5",
        "nan": float("nan"),
        "1e300": 1e300,
        "(1,)": (1,),
        "(1, 1.5)": (1, 1.5),
        "(2**64, 0)": (1 << 64, 0),
    },
    "timer": {"'5'": "5", "nan": float("nan"), "(1, 2, 3)": (1, 2, 3), "(1, 'a')": (1, "a")},
    "buffer": _NUMBERS | {"'text'": "text"},
    "structure": _NUMBERS | _TEXT,
    "structure or int": _TEXT,
    "ints": _NUMBERS | _TEXT | _LISTS,
    "signals": _NUMBERS | _TEXT | _LISTS | {"[0]": [0], "[1000]": [1000]},
    "rows": _NUMBERS | _TEXT | _ROWS,
    "pair": _NUMBERS
    | _TEXT
    | {"(1,)": (1,), "(1, 2, 3)": (1, 2, 3), "(1, 'a')": (1, "a"), "(2**64, 0)": (1 << 64, 0)},
    "buffers": _NUMBERS | _TEXT | {"[5]": [5], "['text']": ["text"]},
    "buffers or word": _NUMBERS | {"'text'": "text", "[5]": [5], "['text']": ["text"]},
    "buffers or int": _TEXT | {"[5]": [5], "['text']": ["text"]},
    "option": {"(1,)": (1,)},
    "socket's name": _NUMBERS | {"b'a\\0b'": b"a\0b", "('text', 5)": ("text", 5), "()": ()},
}
# What other kinds do not take and these do.
_TAKEN = {
    "seconds": {"1.5"},
    "timer": {"1.5"},
}


def wrong(kind: str, *, raw: bool = False) -> dict[str, object]:
    """What a parameter of a kind does not take.

    raw: of pysys.syscall, for which a number may be an address, text may be memory, and memory text.
    """
    found = nowhere()
    if raw and kind in ("path", "string", "strings", "memory"):
        return found | ({"'text'": "text", "['text']": ["text"]} if kind == "strings" else {})
    found |= _MORE[kind]
    return {said: value for said, value in found.items() if said not in _TAKEN.get(kind, ())}


def complaint(error: BaseException | None, title: str) -> str | None:
    """What is wrong with this outcome of a call with a wrong argument; None if it is as it should be.

    title: what the message begins with, a regular expression.
    """
    if error is None:
        return "taken"
    text = str(error)
    if isinstance(error, errors.RefusedError):
        return None
    if isinstance(error, OSError) and not isinstance(error, ValueError):
        return f"the kernel was asked: {text}"
    if not isinstance(error, (TypeError, ValueError, OverflowError)):
        return f"{type(error).__name__}: {text}"
    if not re.match(rf"{title}(\[[^]]+\])*[: ]", text):
        return f"{type(error).__name__} without {title!r}: {text}"
    if FOREIGN.search(text):
        return f"not ours: {text}"
    if re.search("0x[0-9a-f]", text):
        return f"hexadecimal: {text}"
    return None
