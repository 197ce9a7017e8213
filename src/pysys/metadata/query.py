"""Queries: one page, all pages, and the pages that match a condition."""

from __future__ import annotations

from collections import (
    abc,
)  # not a file: while another thread imports collections, collections.abc is not found
from functools import cache
from typing import TYPE_CHECKING

from pysys import numbers
from pysys.metadata import load
from pysys.metadata.load import UnknownPageError
from pysys.metadata.model import Cause, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pysys.abi import ABI


def page(name: str) -> Page:
    """The page of a name: a call, a library function, an overview.

    The page of a known name of which nothing is written has only what the tables contain. Raises
    UnknownPageError, a KeyError, for an unknown name.
    """
    _check_text("page: name", name)
    return _page(name)


@cache
def _page(name: str) -> Page:
    if name not in load.written() and name not in load.names():
        raise UnknownPageError(name)
    return Page(name)


class _Pages(abc.Mapping[str, Page]):
    """Every name in the reference, in alphabetical order."""

    def __getitem__(self, name: str) -> Page:
        return page(name)

    def __iter__(self) -> Iterator[str]:
        return iter(load.names())

    def __len__(self) -> int:
        return len(load.names())

    def __repr__(self) -> str:
        return f"<pysys.metadata.pages: {len(self)} names, {len(load.written())} of them by hand>"


pages: Mapping[str, Page] = _Pages()


def by_number(number: int, abi: str | ABI | None = None) -> tuple[Page, ...]:
    """The calls with this number on an ABI (default: this process's)."""
    return tuple(page(name) for name in numbers.names(number, abi) if name in load.names())


def by_abi(abi: str | ABI | None = None) -> tuple[Page, ...]:
    """Every call that has a number on an ABI (default: this process's), by number."""
    return tuple(page(name) for name in numbers.table(abi) if name in load.names())


def by_errno(errno: str | int) -> tuple[Page, ...]:
    """The pages that have a cause for the errno (a symbol, or its number in this process)."""
    symbol = _symbol("by_errno", errno)
    return tuple(page(name) for name in sorted(load.written()) if symbol in load.explained(name))


def since(version: str, until: str = "") -> tuple[Page, ...]:
    """The calls that this kernel version or a later one, up to and including `until`, introduced, in order.

    `since("5.3")` has what may be missing on a kernel older than 5.3.
    """
    low = _version("version", version)
    high = _version("until", until) if until != "" else (1 << 30,)
    found = []
    for name in load.names():
        introduced = load.since(name)
        if introduced and low <= load.version_key(introduced) <= high:
            found.append((load.version_key(introduced), name))
    return tuple(page(name) for _, name in sorted(found))


def search(text: str) -> tuple[Page, ...]:
    """The pages with every word of the text, in upper or lower case: first those that have them in the name,
    then in the summary, then anywhere."""
    _check_text("search: text", text)
    words = text.lower().split()
    found = []
    for name in load.names() if words else ():
        candidate = page(name)
        places = (name.lower(), candidate.summary.lower(), _prose(name))
        seen = ""
        for rank, place in enumerate(places):
            seen += place + "\n"
            if all(word in seen for word in words):
                found.append((rank, name))
                break
    return tuple(page(name) for _, name in sorted(found))


def causes(call: str, errno: str | int) -> tuple[Cause, ...]:
    """Why a call gives an errno (a symbol, or its number in this process); empty if that is unknown."""
    _check_text("causes: call", call)
    return _causes(call, _symbol("causes", errno))


@cache
def _causes(call: str, symbol: str) -> tuple[Cause, ...]:
    if symbol not in load.explained(call):
        return ()
    return tuple(cause for cause in page(call).errors if cause.errno == symbol)


def _check_text(title: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{title} must be a str, not {type(value).__name__}")


def _version(title: str, value: str) -> tuple[int, ...]:
    _check_text(f"since: {title}", value)
    try:
        return load.version_key(value)
    except ValueError:
        raise ValueError(f"since: {title}: {value!r} is not the version of a kernel, such as 5.3") from None


def _symbol(function: str, errno: str | int) -> str:
    if isinstance(errno, str):
        return errno
    if not isinstance(errno, int):
        raise TypeError(f"{function}: errno must be a symbol or an int, not {type(errno).__name__}")
    return load.errno_symbols().get(errno, "")


@cache
def _prose(name: str) -> str:
    """Every string of the page's file, in lower case."""

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, abc.Mapping):
            for item in value.values():
                yield from strings(item)
        elif isinstance(value, list):
            for item in value:
                yield from strings(item)

    return "\n".join(strings(page(name).text)).lower()
