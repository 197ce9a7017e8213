"""Why a call that makes or takes a descriptor fails: how many are open, and what is open there."""

from __future__ import annotations

import errno
import os
import resource

from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_FILES = "/proc/sys/fs/file-nr"


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about an errno that descriptors are the reason of."""
    if symbol == "EMFILE":
        yield from _limit()
    elif symbol == "ENFILE":
        yield from _system()
    elif symbol in ("EBADF", "ENOTDIR"):
        for parameter in arguments.taken(call):
            if parameter.kind == "fd" and parameter.name in args:
                yield from _number(symbol, call, parameter.name, args[parameter.name], args)


def _limit() -> Iterator[Finding]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = sum(_is_open(number) for number in range(min(soft, 1 << 16)))
    source = f"{used} of the descriptors below the limit are open; RLIMIT_NOFILE is {soft}, at most {hard}"
    if soft <= 1 << 16 and used >= soft:
        advice = "close some (ls -l /proc/PID/fd), or raise the limit: resource.setrlimit, ulimit -n"
        yield Finding(Verdict.PROVEN, "This process has as many descriptors open as it may.", source, advice)
    else:
        text = "This process may open more descriptors than it has now."
        yield Finding(Verdict.UNKNOWN, text, source, "inotify, fanotify and others have limits of their own")


def _system() -> Iterator[Finding]:
    found = read(_FILES)
    if not found:
        text = "How many files this machine has open cannot be read."
        yield Finding(Verdict.UNKNOWN, text, found.unknown)
        return
    used, _, most = map(int, found.value.split())
    source = f"{_FILES}: {used} of {most}"
    if used >= most:
        text = "This machine has as many files open as it may."
        yield Finding(Verdict.PROVEN, text, source, "sysctl fs.file-max")
    else:
        yield Finding(Verdict.EXCLUDED, "This machine has fewer files open than it may.", source)


def _number(symbol: str, call: str, name: str, value: object, args: dict[str, Any]) -> Iterator[Finding]:
    number = arguments.descriptor(value)
    if number is None or (number == -100 and "dfd" in name):  # AT_FDCWD
        return
    if symbol == "ENOTDIR":
        path = next((args[one] for one in ("filename", "pathname", "path") if one in args), None)
        if path is not None and not str(path).startswith("/") and _is_open(number) and not _is_folder(number):
            text = f"{name} is {number}, which is not a directory."
            yield Finding(Verdict.PROVEN, text, f"fstat({number}): {_shown(number)}")
    elif not _is_open(number):
        yield Finding(Verdict.PROVEN, f"{name} is {number}, which is not open.", f"fstat({number}): EBADF")
    else:
        text = f"{name} is {number}, which is open: {_shown(number)}."
        yield Finding(Verdict.EXCLUDED, text, f"fstat({number})", "whether it is open for what the call does")


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError as error:
        return error.errno != errno.EBADF
    except OverflowError:
        return False
    return True


def _is_folder(number: int) -> bool:
    try:
        os.stat(".", dir_fd=number)
    except OSError:
        return False
    return True


def _shown(number: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return "something that cannot be read"
