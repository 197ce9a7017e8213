"""Which of a process's failed calls matter: those that it neither expected nor made again with success."""

from __future__ import annotations

import os
from re import escape, search

from pysys.diagnosis.failures import USES
from pysys.reasons.usual import CHANGING, SEARCHING, is_optional, is_usual
from pysys.tables.errnos import ERRNOS
from pysys.tracing import link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pysys.diagnosis.failures import Diagnosis
    from pysys.tracing import Call

__all__ = ["SEARCHED", "FailedCall", "FailedCalls", "chosen", "name_of", "path_of"]

SEARCHED = 4  # how likely what was looked for and not found is the reason
_MOST = 200  # failures of a process that are kept
_SHOWN = 3  # of those that matter alike
# A call that an old kernel lacks, or that a filter refuses, is made again through another.
_OLDER = {
    "clone3": ("clone", "clone", "fork", "vfork"),
    "openat2": ("openat", "open"),
    "faccessat2": ("faccessat", "access"),
    "statx": ("newfstatat", "fstatat64", "stat", "lstat"),
    "close_range": ("close",),
    "epoll_pwait2": ("epoll_pwait", "epoll_wait"),
}


class FailedCall:
    """A failed call: the last of those that were alike.

    path: the first path among its arguments, "" if it has none. directory: from which a relative one begins.
    order: how many calls of the process had failed by then. count: how often it failed. usual: whether
    programs expect it. retried: whether it, or what it looked for, came off later. tried: the other places
    where the same name was looked for. words: what registers held. diagnosis: of the first of them.
    """

    __slots__ = (
        "call",
        "count",
        "diagnosis",
        "directory",
        "order",
        "path",
        "retried",
        "tried",
        "usual",
        "words",
    )

    def __init__(self, call: Call, path: str, order: int) -> None:
        self.call: Call = call
        self.path: str = path
        self.order: int = order
        self.count: int = 1
        self.retried: bool = False
        self.usual: bool = False
        self.words: tuple[int, ...] = ()
        self.tried: tuple[str, ...] = ()
        self.directory: str = "" if path.startswith("/") or not path else link(call.tid, "cwd")
        self.diagnosis: Diagnosis | None = None

    @property
    def searches(self) -> bool:
        """Whether it may be one of several places in which something was looked for."""
        return bool(self.path) and self.call.errno in SEARCHING and self.call.name not in CHANGING


def path_of(call: Call) -> str:
    """The first path among the arguments of a call."""
    for use in USES.get(call.name, ()):
        found = call.arguments.get(use.path)
        if isinstance(found, str):
            return found
    return ""


def name_of(path: str) -> str:
    """The last component of a path."""
    return os.path.basename(path.rstrip("/"))


def _stem(path: str) -> str:
    """What remains of a name where endings are tried: libx of libx.so.1, json of json.cpython-312.so."""
    name = name_of(path)
    return name[:1] + name[1:].partition(".")[0]


class FailedCalls:
    """The failed calls of a process that may matter, in order."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], FailedCall] = {}
        self._order = 0

    def __iter__(self) -> Iterator[FailedCall]:
        return iter(self._kept.values())

    def clear(self) -> None:
        """The process runs another program: what failed before has not kept it from that."""
        self._kept.clear()

    def failed(self, call: Call) -> FailedCall | None:
        """Keep a failed call. Returns it if it is the first of its like; None for those that do not
        matter."""
        self._order += 1
        path = path_of(call)
        usual = is_usual(call.name, call.errno)
        if usual and not path:
            return None
        if call.errno == "ENOENT" and is_optional(path):
            return None
        key = call.name, call.errno, path or repr(call.arguments)
        before = self._kept.pop(key, None)
        if before is not None:
            before.call, before.order, before.retried = call, self._order, False
            before.count += 1
            self._kept[key] = before
            return None
        if len(self._kept) >= _MOST:
            del self._kept[next(iter(self._kept))]
        kept = self._kept[key] = FailedCall(call, path, self._order)
        kept.usual = usual
        return kept

    def succeeded(self, call: Call) -> None:
        """What failed before and has come off now does not matter, unless a message names it."""
        if not self._kept:
            return
        path = path_of(call)
        stem = _stem(path) if path else ""
        arguments = None
        for kept in self._kept.values():
            found = stem and kept.searches and _stem(kept.path) == stem
            if found or (kept.call.errno == "ENOSYS" and call.name in _OLDER.get(kept.call.name, ())):
                kept.retried = True
            elif kept.call.name == call.name:
                arguments = arguments or repr(call.arguments)
                kept.retried |= (kept.path == path) if path else repr(kept.call.arguments) == arguments


def chosen(record: FailedCalls, said: str) -> tuple[int, list[FailedCall]]:
    """The failures that matter, the last first, and how likely they are the reason.

    0, the likeliest: what it has said names the error, and the path if there is one; 1: the error and the
    path's last component; 2: the error; 3: any but searches; 4: what was looked for and not found.
    said: its last messages.
    """
    ranked: dict[int, list[FailedCall]] = {rank: [] for rank in range(SEARCHED + 1)}
    for kept in _joined(record):
        error = _names_error(kept.call, said)
        if error and (not kept.path or _names(kept.path, said)):
            ranked[0].append(kept)
        elif error and _names(name_of(kept.path), said):
            ranked[1].append(kept)
        elif kept.retried or kept.usual:
            continue
        elif error:
            ranked[2].append(kept)
        else:
            ranked[SEARCHED if kept.searches else 3].append(kept)
    for rank, found in ranked.items():
        if found:
            found.sort(key=lambda kept: -kept.order)
            return rank, found[:_SHOWN]
    return SEARCHED + 1, []


def _names(path: str, said: str) -> bool:
    """Whether a message has the path, and not as a part of a longer name."""
    return bool(path) and bool(search(rf"(?<![\w.-]){escape(path)}(?![\w-])", said))


def _joined(record: FailedCalls) -> Iterator[FailedCall]:
    """Failures, one for all places where the same name was looked for."""
    found: dict[tuple[str, str], FailedCall] = {}
    for kept in record:
        if not kept.searches:
            yield kept
            continue
        key = kept.call.errno, name_of(kept.path)
        before = found.get(key)
        if before is not None:
            others = dict.fromkeys((*before.tried, before.path))
            others.pop(kept.path, None)
            kept.tried = tuple(others)
            kept.retried |= before.retried
        found[key] = kept
    yield from found.values()


def _names_error(call: Call, said: str) -> bool:
    number = ERRNOS["generic"].get(call.errno)
    if call.errno in said:
        return True
    return number is not None and (os.strerror(number) in said or f"[Errno {number}]" in said)
