"""What the arguments of calls mean on the command line: see `pysys call --help`."""

from __future__ import annotations

import re
from functools import cache

from pysys.cli.output import CommandError, UsageError, number_or_name
from pysys.loading import hint

MODULES = ("os", "fcntl", "mmap", "resource", "select", "signal", "socket", "stat", "termios")
LARGEST = 1 << 26  # bytes of a buffer
GUARD = 1 << 20  # inaccessible bytes, at most a page after a buffer
UNTOUCHED = 0xA5

_CONSTANT = re.compile(r"_*[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


class Buffer:
    """Memory for what a call writes. A wrong length among its arguments must not end this process.

    After it come some bytes in which an overrun is seen, and then memory that cannot be written to: EFAULT.
    """

    def __init__(self, size: int) -> None:
        from mmap import PAGESIZE, mmap

        from pysys._native import ffi
        from pysys.arguments.objects import address
        from pysys.raw import syscall

        usable = -(-(size + 1) // PAGESIZE) * PAGESIZE
        memory = mmap(-1, usable + GUARD)
        self.view: memoryview
        self.view, self._behind = memoryview(memory)[:size], memoryview(memory)[size:usable]
        self._behind[:] = bytes([UNTOUCHED]) * len(self._behind)
        start = address(ffi.from_buffer(memory))
        syscall("mprotect", start + usable, GUARD, 0)

    def overrun(self) -> bool:
        return self._behind.tobytes().strip(bytes([UNTOUCHED])) != b""


def argument(text: str) -> int | str | Buffer | None:
    """What an argument of the command line means: see `pysys call --help`."""
    kind, colon, rest = text.partition(":")
    if colon and kind == "str":
        return rest
    if colon and kind == "buf":
        size = number_or_name(rest)
        if not isinstance(size, int) or not 0 <= size <= LARGEST:
            raise UsageError(f"{text}: the size of a buffer is a number from 0 to {LARGEST}")
        try:
            return Buffer(size)
        except OSError as error:
            raise CommandError(f"{text}: {error}") from None
    if text in ("null", "NULL", "None"):
        return None
    if re.fullmatch(r"-?0[0-9]+", text):
        raise UsageError(f"{text}: octal is written 0o{text.lstrip('-0')}, a path str:{text}")
    value = _number(text)
    return text if value is None else value


def _number(text: str) -> int | None:
    """A number, or constants joined by |; None if it is neither, and a path."""
    value = number_or_name(text)
    if isinstance(value, int):
        return value
    total = 0
    parts = text.split("|")
    for part in parts:
        number = number_or_name(part)
        if isinstance(number, str):
            constant = _constant(number)
            if constant is None:
                break
            number = constant
        total |= number
    else:
        return total
    # What can hardly be a path is a slip.
    if _CONSTANT.fullmatch(part) and (len(parts) > 1 or "_" in part):
        better = hint(part, constants()) or ": give its number"
        raise UsageError(f"no constant {part}{better} (a path of that name: str:{text})")
    return None


def constants() -> list[str]:
    """The names of all constants that an argument may have."""
    from pysys.flags.index import MEMBERS, MODULES

    lone = (name for name in MODULES if _CONSTANT.fullmatch(name))
    return sorted({*lone, *MEMBERS, *_constants()})


def _constant(name: str) -> int | None:
    """The value of a constant, as the kernel has it if it is one of pysys.flags."""
    from pysys import flags

    value = getattr(flags, name, None) if _CONSTANT.fullmatch(name) else None
    return int(value) if isinstance(value, int) else _constants().get(name)


@cache
def _constants() -> dict[str, int]:
    """Python's own constants, by name."""
    from importlib import import_module

    found: dict[str, int] = {}
    for name in MODULES:
        for constant, value in vars(import_module(name)).items():
            if isinstance(value, int) and _CONSTANT.fullmatch(constant) and not isinstance(value, bool):
                found.setdefault(constant, int(value))
    return found
