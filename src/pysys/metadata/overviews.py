"""The lists of overviews, made when they are shown: all calls, numbers without one, what is obsolete, ..."""

from __future__ import annotations

from pysys import abi as _abi
from pysys import numbers
from pysys.loading import load as load_module
from pysys.metadata import load
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pysys.metadata.model import Page

USUAL = "x86_64"  # whose numbers are shown where this process's ABI is unknown
# By width: ABIs with the calls that Linux gives to new architectures, and one with those from before.
NEW: dict[int, tuple[str, ...]] = {64: ("aarch64", "riscv64", "loongarch64"), 32: ("riscv32",)}
OLD = {64: "x86_64", 32: "i386"}
WIDE = ("32", "64")  # ends of names that only ABIs of 32 bits need
# Described elsewhere, by the library that makes them.
DESCRIBED = ("io_uring_",)


class Listing(Record):
    """What an overview lists, as a table.

    columns: their titles. rows: as many cells each.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def listing(name: str, pages: Iterable[Page]) -> Listing | None:
    """The list of an overview; None for other pages."""
    if name not in _LISTS:
        return None
    columns, rows = _LISTS[name]
    abi = next(iter(load.family()), USUAL)
    return Listing(tuple(column.format(abi=abi) for column in columns), tuple(rows(pages, abi)))


def _calls(pages: Iterable[Page], abi: str) -> Iterator[tuple[str, ...]]:
    table = numbers.table(abi)
    for page in pages:
        if page.kind == "call":
            yield page.name, str(table.get(page.name, "-")), page.since or "-"


def _unimplemented(pages: Iterable[Page], abi: str) -> Iterator[tuple[str, ...]]:
    for page in pages:
        if page.kind == "never":
            first = next(iter(page.entries), None)
            yield page.name, f"{first.number} on {first.abi}" if first else "none", page.summary


def _undocumented(pages: Iterable[Page], abi: str) -> Iterator[tuple[str, ...]]:
    for page in pages:
        if page.kind == "call" and not _documented(page.name):
            yield page.name, page.since or "-", page.summary


def _documented(name: str) -> bool:
    """Whether a manual describes the call, or another width of it."""
    short = name.removesuffix("_time64").removesuffix("64").removesuffix("32")
    known = (name, short, load.libc_names().get(name, ""))
    return name.startswith(DESCRIBED) or any(
        one in load.index() or load.see_also(one) or load.documented(one) for one in known
    )


def _obsolete(pages: Iterable[Page], abi: str) -> Iterator[tuple[str, ...]]:
    for page in pages:
        if page.kind == "removed":
            yield page.name, "-", page.summary
        elif page.kind == "call" and _left_behind(page.name) and (call := _successor(page)):
            yield page.name, call, page.summary


def _successor(page: Page) -> str:
    """The call that replaces one where it is missing."""
    return (page.replacement.replaced_by or page.instead[0]).partition("(")[0].partition(" or ")[0]


def _left_behind(name: str) -> bool:
    """Whether an old architecture has the call, and new ones of the same width do not."""
    for bits in 64, 32:
        if name in numbers.table(OLD[bits]):
            is_wide = bits == 32 and (name.endswith(WIDE) or name.startswith("_"))
            return not is_wide and not any(name in numbers.table(one) for one in NEW[bits])
    return False


def _requests(pages: Iterable[Page], abi: str) -> Iterator[tuple[str, ...]]:
    for name, request in sorted(load_module("pysys.ioctls").table(_abi.get(abi)).items()):
        yield name, f"{int(request):#x}", request.argument() or "-", request.header


_LISTS = {
    "syscalls": (("name", "on {abi}", "since"), _calls),
    "unimplemented": (("name", "number", "summary"), _unimplemented),
    "undocumented": (("name", "since", "summary"), _undocumented),
    "obsolete": (("name", "in its place", "summary"), _obsolete),
    "ioctl_list": (("name", "on {abi}", "argument", "header"), _requests),
}


Listing.__module__ = __package__  # the public name, also for pickles
