"""Reading: pages (TOML), traces, and the generated tables. What was read once is kept."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = os.path.dirname(__file__)
PAGES = os.path.join(HERE, "pages")
TRACES = os.path.join(HERE, "traces")


class UnknownPageError(KeyError):
    """The reference has never heard of the name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        from difflib import get_close_matches

        near = get_close_matches(self.name, names(), n=3)
        hint = f": did you mean {', '.join(near)}?" if near else ""
        return f"no page for {self.name!r}{hint}"


def text(name: str) -> Mapping[str, Any]:
    """The page's file as a dictionary; empty when it is not written."""
    import tomllib

    if not name.isidentifier():
        return {}
    try:
        with open(os.path.join(PAGES, name + ".toml"), "rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}


@cache
def written() -> frozenset[str]:
    """The names that have a file."""
    return frozenset(
        file.removesuffix(".toml") for file in os.listdir(PAGES) if file.endswith(".toml")
    )


def trace(name: str) -> str:
    """What strace recorded of the page's example; empty when nothing was."""
    try:
        with open(os.path.join(TRACES, name + ".txt"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


# The generated tables. Their layout is known here and nowhere else in this package.


@cache
def _tables(module: str) -> Any:
    return import_module(f"{__package__}.tables.{module}")


@cache
def table(abi: str) -> dict[str, tuple[int, str]]:
    """Number and entry point of every call of an ABI, by name."""
    found = _tables(f"numbers.{abi}")
    return {
        name: (number, found.ENTRIES.get(name, f"sys_{name}"))
        for name, number in found.NUMBERS.items()
    }


@cache
def abis() -> tuple[str, ...]:
    """The names of all ABIs."""
    from ..abi import ABIS

    return tuple(ABIS)


@cache
def family() -> tuple[str, ...]:
    """The ABIs of this process's architecture, its own first; without the extension nobody knows it."""
    from .. import abi

    try:
        own = abi.current()
    except ImportError:
        return ()
    others = (other.name for other in abi.ABIS.values() if other.architecture == own.architecture)
    return (own.name, *(name for name in others if name != own.name))


@cache
def names() -> tuple[str, ...]:
    """Every name the reference answers for: pages, the index of section 2, and the calls of all tables."""
    from .kinds import KINDS

    return tuple(sorted({*written(), *KINDS, *_tables("index").NAMES, *calls()}))


@cache
def calls() -> frozenset[str]:
    """Every name that has a number somewhere."""
    return frozenset(name for abi in abis() for name in table(abi))


def kind(name: str) -> tuple[str, str]:
    """What an unwritten name is, and a line about it where it is no call."""
    from .kinds import KINDS

    return KINDS.get(name, ("call", ""))


def entries(name: str) -> list[tuple[str, int, str]]:
    """ABI, number and entry point, for each ABI that has the call, this process's family first."""
    order = dict.fromkeys((*family(), *abis()))
    return [(abi, *table(abi)[name]) for abi in order if name in table(abi)]


def signatures(name: str) -> tuple[str, ...]:
    """The kernel's definitions of the call, as C prototypes."""
    return ()


def since(name: str) -> str:
    """The kernel version that introduced the call."""
    return ""


def profiles(name: str) -> dict[str, str]:
    """What the default profiles of container engines do with the call."""
    return {}


def optional(name: str) -> bool:
    """Whether a kernel configuration may leave the call out."""
    return False


def errno_values(symbol: str) -> dict[str, int]:
    """The errno's value in each of the tables of errnos that have it."""
    return {}


@cache
def errno_symbols() -> dict[int, str]:
    """The symbols of the errnos of this process."""
    from errno import errorcode

    return dict(errorcode)


def version_key(version: str) -> tuple[int, ...]:
    """A kernel version in an order that sorts 2.6.16 before 2.6.9's successors and 5.10 after 5.4."""
    return tuple(int(part) for part in version.split("."))
