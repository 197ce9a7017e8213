"""Queries: one page, all pages, and the pages that match a condition."""

from __future__ import annotations

import _collections_abc as abc  # as collections.abc, whose package takes longer

from pysys import numbers
from pysys.loading import counted, hint
from pysys.loading import load as load_module
from pysys.metadata import load
from pysys.metadata.light import cache
from pysys.metadata.load import UnknownPageError
from pysys.metadata.model import Cause, Page, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from pysys.abi import ABI

# What find() takes of what the pages have.
ENGINES = ("docker", "podman")  # with a profile
DEPTHS = ("full", "short", "generated")
KINDS = ("call", "wrapper", "library", "overview", "removed", "never")
_FEW = 6  # names that a message lists


def page(name: str) -> Page:
    """The page of a name: a call, a library function, an overview.

    name: as in section 2 or the kernel's tables, "openat".

    Returns a Page. If nothing is written of a known name, it has only what the tables contain.

    Raises UnknownPageError, a KeyError, for an unknown name; NotLoadedError where the reference cannot be
    read any more.
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
        return f"<pysys.metadata.pages: {counted(len(self), 'name')}, {len(load.written())} of them by hand>"


pages: Mapping[str, Page] = _Pages()


def by_number(number: int, abi: str | ABI | None = None) -> tuple[Page, ...]:
    """The calls with this number on an ABI.

    number: as the ABI's table has it.
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a tuple of pages. Raises LookupError for an ABI that is unknown.
    """
    if not isinstance(number, int):
        raise TypeError(f"by_number: number must be an int, not {type(number).__name__}")
    return tuple(page(name) for name in numbers.names(number, abi) if name in load.names())


def by_abi(abi: str | ABI | None = None) -> tuple[Page, ...]:
    """Every call that has a number on an ABI.

    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a tuple of pages, in the order of numbers. Raises LookupError for an ABI that is unknown.
    """
    return tuple(page(name) for name in numbers.table(abi) if name in load.names())


def by_errno(errno: str | int) -> tuple[Page, ...]:
    """The pages that have a cause for an errno.

    errno: its symbol, "EXDEV", or its number on this ABI.

    Returns a tuple of pages, in alphabetical order.

    Raises LookupError for an errno that Linux does not have, NotLoadedError where the reference cannot be
    read any more.
    """
    symbol = _symbol("by_errno", errno)
    return tuple(page(name) for name in sorted(load.written()) if symbol in load.explained(name))


def since(version: str, until: str = "") -> tuple[Page, ...]:
    """The calls that a kernel version or a later one introduced.

    version: the first, "5.3": what is missing on a kernel older than that is among the result.
    until: the last one, included; "" for no limit.

    Returns a tuple of pages, the oldest calls first. Raises ValueError for what is not a version.
    """
    low = _version("since: version", version)
    high = _version("since: until", until) if until != "" else (1 << 30,)
    found = []
    for name in load.names():
        introduced = load.since(name)
        if introduced and low <= load.version_key(introduced) <= high:
            found.append((load.version_key(introduced), name))
    return tuple(page(name) for _, name in sorted(found))


def search(text: str) -> tuple[Page, ...]:
    """The pages with every word of a text, or with words that begin so.

    text: words, in upper or lower case. Besides the page's own text its flags, structures, errnos and topics
        count: search("RESOLVE_BENEATH") finds openat2.

    Returns a tuple of pages, the best first.

    Raises NotLoadedError where the reference cannot be read any more. It loads the standard library's sqlite3
    when it is first used.
    """
    _check_text("search: text", text)
    return tuple(page(name) for name in load.names_with(text.lower().split()))


def terms(text: str) -> tuple[Term, ...]:
    """The flags, classes of flags, structures and errnos with every word of a text.

    text: as for `search`: terms("beneath") has RESOLVE_BENEATH.

    Returns a tuple of terms, the best first.

    Raises NotLoadedError where the reference cannot be read any more.
    """
    _check_text("terms: text", text)
    return tuple(Term(*row) for row in load.terms_with(text.lower().split()))


def find(
    *,
    topic: str | None = None,
    depth: str | None = None,
    kind: str | None = None,
    since: str | None = None,
    abi: str | ABI | None = None,
    denied_by: str | None = None,
    takes: str | None = None,
    gives: str | None = None,
) -> tuple[Page, ...]:
    """The pages for which all that is asked for holds.

    topic: one of the page's topics, "memory".
    depth: "full", "short" or "generated".
    kind: "call", "wrapper", "library", "overview", "removed" or "never".
    since: introduced with this kernel or a later one, "6.0".
    abi: the call has a number there.
    denied_by: "docker" or "podman", whose default profile does not simply allow the call.
    takes: a class of pysys.flags, one of its members, or a structure: "ResolveFlags", "open_how".
    gives: an errno, "EXDEV", from a cause on the page or a manual.

    Returns a tuple of pages, in alphabetical order. Raises ValueError for what is not a version, LookupError
    for every other word that names nothing, with a suggestion.
    """
    texts = {
        "topic": topic,
        "depth": depth,
        "kind": kind,
        "denied_by": denied_by,
        "takes": takes,
        "gives": gives,
    }
    for name, value in texts.items():
        if value is not None:
            _check_text(f"find: {name}", value)
    _check_word("find: topic", "topic", topic, load.all_topics)
    _check_word("find: depth", "depth", depth, lambda: DEPTHS)
    _check_word("find: kind", "kind", kind, lambda: KINDS)
    _check_word("find: denied_by", "engine", denied_by, lambda: ENGINES)
    _check_word("find: takes", "flag or structure", takes, _takeable)
    gives = _symbol("find", gives, "gives") if gives is not None else None
    low = _version("find: since", since) if since is not None else None
    here = numbers.table(abi) if abi is not None else None

    def holds(one: Page) -> bool:
        if topic is not None and topic not in one.topics:
            return False
        if (depth is not None and one.depth != depth) or (kind is not None and one.kind != kind):
            return False
        if low is not None and not (one.since and load.version_key(one.since) >= low):
            return False
        if here is not None and one.name not in here:
            return False
        if denied_by is not None and (not one.profiles or one.profiles[denied_by].text == "Allowed."):
            return False
        if gives is not None and gives not in load.explained(one.name) and not named(one, gives):
            return False
        return takes is None or takes in _taken(one.name)

    return tuple(one for one in pages.values() if holds(one))


def named(one: Page, errno: str) -> bool:
    """Whether a manual names the errno for the call, and the page does not say that this is wrong."""
    return errno in load.documented(one.name) and errno in one.documented  # the first reads no page


def export() -> dict[str, Any]:
    """The complete reference as data.

    Returns a dictionary of lists, dictionaries, strings and numbers, as JSON wants them, which
    docs/export.schema.json describes: pages, errnos, and the classes of flags and structures of this ABI.

    Raises NotLoadedError where the reference cannot be read any more.
    """
    found: dict[str, Any] = load_module(f"{__package__}.exported").everything(pages.values())
    return found


@cache
def _takeable() -> frozenset[str]:
    """The names that `takes` may have: of the flags and the structures of every ABI."""
    index = load_module("pysys.flags.index")
    structures = load_module("pysys.structures.documentation").TEXTS
    return frozenset({*index.MODULES, *index.MEMBERS, *structures})


@cache
def _taken(name: str) -> frozenset[str]:
    """The structures, the classes of flags and their members that a call takes."""
    generated = load_module(f"{__package__}.generated")
    found = {group.name for group in generated.structures(name)}
    groups = list(generated.flags(page(name)))
    groups += filter(None, (generated.members(one) for _, one in generated.of_commands(name)))
    for group in groups:
        found |= {group.name, *(member for member, _ in (generated.taken(name, group.name) or group).items)}
    return frozenset(found)


def causes(call: str, errno: str | int) -> tuple[Cause, ...]:
    """Why a call gives an errno.

    call: its name.
    errno: its symbol, "EXDEV", or its number on this ABI.

    Returns a tuple of causes, empty if none is known.

    Raises UnknownPageError, a KeyError, for an unknown call; LookupError for an errno that does not exist;
    NotLoadedError where the reference cannot be read any more.
    """
    _check_text("causes: call", call)
    if errno not in load.explained(call):  # otherwise both exist, without a look at more files
        page(call)
        errno = _symbol("causes", errno)
    symbol = str(errno)
    if symbol not in load.explained(call):
        return ()
    return tuple(cause for cause in page(call).errors if cause.errno == symbol)


def _check_text(title: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{title} must be a str, not {type(value).__name__}")


def _check_word(title: str, what: str, word: str | None, known: Callable[[], Iterable[str]]) -> None:
    """Refuse a word that names nothing, with what may have been meant, or with all if they are few."""
    if word is None or word in known():
        return
    names = sorted(known())
    some = f"; there are {', '.join(names[:-1])} and {names[-1]}" if len(names) <= _FEW else ""
    raise LookupError(f"{title}: no {what} is called {word!r}{hint(word, names) or some}")


def _version(title: str, value: str) -> tuple[int, ...]:
    _check_text(title, value)
    try:
        return load.version_key(value)
    except ValueError:
        raise ValueError(f"{title}: {value!r} is not the version of a kernel, such as 5.3") from None


def _symbol(function: str, errno: str | int, parameter: str = "errno") -> str:
    """The symbol of an errno that exists."""
    title = f"{function}: {parameter}"
    if isinstance(errno, str):
        _check_word(title, "errno", errno, load.known_errnos)
        return load.main_symbol(errno)
    if not isinstance(errno, int):
        raise TypeError(f"{title} must be a symbol or an int, not {type(errno).__name__}")
    if errno not in load.errno_symbols():
        shown = errno if errno.bit_length() <= 32 else f"of {errno.bit_length()} bits"
        raise LookupError(f"{title}: no errno has the number {shown} on this ABI")
    return load.errno_symbols()[errno]
