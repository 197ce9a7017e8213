"""Reads the pages, in the file that build_reference.py makes, and the tables. What was read is kept."""

from __future__ import annotations

import errno
import os

from pysys import numbers
from pysys.abi import ABIS, current
from pysys.loading import NotLoadedError, failure, near, offer
from pysys.loading import load as load_module
from pysys.metadata.light import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set
    from typing import Any

HERE = os.path.dirname(__file__)
REFERENCE = os.path.join(HERE, "reference.bin")
SEARCH = os.path.join(HERE, "search.sqlite")
DIGITS = 10  # of the length of the index


class UnknownPageError(KeyError):
    """The reference does not have the name.

    name: what was asked for. The message offers names that look like it.
    """

    __module__ = "pysys.metadata"  # the public name

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        found = near(self.name, names()) if isinstance(self.name, str) else []
        return f"no page for {self.name!r}{offer(found)}"


@cache
def _reference() -> tuple[dict[str, str], dict[str, str], memoryview]:
    """The indexes of pages and of parts, and both of these. Read once: later the file may be out of reach."""
    try:
        with open(REFERENCE, "rb") as opened:
            data = memoryview(opened.read())
    except OSError as error:
        raise failure("the reference", error) from error
    try:
        start = DIGITS + int(data[:DIGITS])
        index, parts = str(data[DIGITS:start], "utf-8").split("\n\n")
        return _lines(index), _lines(parts), data[start:]
    except ValueError as error:
        raise _damaged(error) from error


def _lines(index: str) -> dict[str, str]:
    names, *lines = index.split("\n")
    return dict(zip(names.split("\t"), lines, strict=True))


def _damaged(error: Exception) -> ValueError:
    return ValueError(f"the reference is damaged: {error or type(error).__name__}")


def _unpacked(body: memoryview, about: str) -> dict[str, Any]:
    """The page or part that a line of an index is about, as `packed` of build_reference.py writes it."""
    zlib = load_module("zlib")
    try:
        offset, length, *_ = about.split("\t")
        packed = body[int(offset) : int(offset) + int(length)]
        items = iter(zlib.decompress(packed).decode().split("\0"))
        found = _value(items)
        if not isinstance(found, dict) or next(items, None) is not None:
            raise ValueError("it has no page where its index says so")
    except (zlib.error, IndexError, StopIteration, ValueError) as error:
        raise _damaged(error) from error
    return found


def _value(items: Iterator[str]) -> Any:
    item = next(items)
    kind = item[0]
    if kind == "s":
        return item[1:]
    if kind == "d":
        return {next(items): _value(items) for _ in range(int(item[1:]))}
    if kind == "l":
        return [_value(items) for _ in range(int(item[1:]))]
    if kind == "i":
        return int(item[1:])
    raise ValueError(f"{item!r:.20} is not a value")


_KEPT = 8  # pages, of those that were last read: all of them would be several megabytes
_texts: dict[str, Mapping[str, Any]] = {}


def text(name: str) -> Mapping[str, Any]:
    """What is written of the page; empty if nothing is."""
    index, _, body = _reference()
    if name not in index:
        return {}
    found = _texts.get(name)
    if found is None:
        found = _unpacked(body, index[name])
        if len(_texts) >= _KEPT:
            _texts.clear()
        _texts[name] = found
    return found


@cache
def _part(name: str) -> dict[str, Any]:
    """What the file has besides pages: "errnos", "python", "instead"."""
    _, parts, body = _reference()
    return _unpacked(body, parts[name])


def written() -> Set[str]:
    """The names of which something is written."""
    return _reference()[0].keys()


def summary(name: str) -> str:
    """The summary that is written; empty if there is none."""
    return _about(name)[0]


def topics(name: str) -> tuple[str, ...]:
    """The topics of a name, the one whose folder it is in first."""
    return tuple(_about(name)[1].split())


def depth(name: str) -> str:
    """How much is written: "full", "short", or "generated": the page has only what the tables know."""
    return _about(name)[2]


def explained(name: str) -> tuple[str, ...]:
    """The errnos for which the page has causes."""
    return tuple(_about(name)[3].split())


def _about(name: str) -> list[str]:
    about = _reference()[0].get(name, "0\t0\t\t\tgenerated\t")
    return about.split("\t")[2:]


def meaning(errno: str) -> str:
    """What an errno means in general; empty for one that Linux does not have."""
    return str(_part("errnos").get(errno, ""))


def errnos() -> tuple[str, ...]:
    """Every errno that has a meaning."""
    return tuple(_part("errnos"))


@cache
def _words() -> tuple[Any, bytes]:
    """The module sqlite3, and the database of words: later the file may be out of reach."""
    sqlite3 = load_module("sqlite3")
    try:
        with open(SEARCH, "rb") as opened:
            return sqlite3, opened.read()
    except OSError as error:
        raise failure("the words of the reference", error) from error


# How much more a word counts in the name, the summary, and among flags, structures and errnos than in prose.
_RANKED = """
    SELECT names.name FROM words JOIN names ON names.rowid = words.rowid WHERE words MATCH ?
    ORDER BY names.name <> ?, bm25(words, 20, 6, 3, 1)
"""
_RANKED_TERMS = """
    SELECT name, kind, about FROM (
        SELECT things.name, kind, about, bm25(terms, 10, 1) AS rank
        FROM terms JOIN things ON things.rowid = terms.rowid WHERE terms MATCH ?
    ) ORDER BY lower(name) <> ?, rank
"""


def names_with(words: list[str]) -> list[str]:
    """The names for which all the words are there, or what begins with them, best first."""
    return [name for (name,) in _ranked(_RANKED, words)]


def terms_with(words: list[str]) -> list[tuple[str, str, str]]:
    """The flags, their classes, structures and errnos with all the words: name, kind, text; best first."""
    return _ranked(_RANKED_TERMS, words)


def _ranked(query: str, words: list[str]) -> list[Any]:
    # What sqlite cannot take, such as a surrogate, is not in any text.
    asked = " ".join(f'"{word}"*' for word in words if _is_sought(word))
    if not asked:
        return []
    sqlite3, data = _words()
    database = sqlite3.connect(":memory:")  # for each search: one that is never closed is warned of
    try:
        database.deserialize(data)
        return list(database.execute(query, (asked, words[0])))
    except sqlite3.Error as error:
        raise ValueError(f"the words of the reference cannot be searched: {error}") from error
    finally:
        database.close()


def _is_sought(word: str) -> bool:
    return '"' not in word and "\0" not in word and word.encode(errors="ignore").decode() == word


def python_call(name: str) -> str:
    """How Python makes the call, "calls.openat2(dfd, filename, how, usize)", or in a comment why it does not.

    Empty for what is not a call.
    """
    return str(_part("python").get(name, ""))


def instead(name: str) -> tuple[str, str]:
    """What pysys makes where an ABI lacks the call, and on a kernel that is too old; empty for nothing."""
    replaced, fallback = _part("instead").get(name, ("", ""))
    return replaced, fallback


def read_ahead() -> None:
    """Read everything, for a process in which the files will be out of reach."""
    names()
    for part in _reference()[1]:
        _part(part)
    try:
        _words()
    except NotLoadedError as error:
        if not isinstance(error.__cause__, ModuleNotFoundError):  # of a Python without sqlite3
            raise


@cache
def _tables(module: str) -> Any:
    return load_module(f"pysys.tables.{module}")


def family() -> tuple[str, ...]:
    """The ABIs of this process's architecture, its own first; none where that is unknown."""
    try:
        own = current()
    except ImportError:
        return ()
    others = (other.name for other in ABIS.values() if other.architecture == own.architecture)
    return (own.name, *(name for name in others if name != own.name))


@cache
def names() -> tuple[str, ...]:
    """Every name in the reference: pages, the index of section 2, and the calls of all tables."""
    return tuple(sorted({*written(), *_kinds(), *index(), *numbers.calls()}))


def index() -> tuple[str, ...]:
    """The names of the classic index of section 2, each of which must have a page."""
    return tuple(_tables("index").NAMES)


def _kinds() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = load_module(f"{__package__}.not_calls").KINDS
    return found


def kind(name: str) -> tuple[str, str]:
    """What an unwritten name is, and a line about it if it is not a call."""
    kinds = _kinds()
    if name not in kinds and all(entry in numbers.NOT_IMPLEMENTED for _, _, entry in entries(name)):
        return "never", "A number with nothing behind it."
    return kinds.get(name, ("call", ""))


def entries(name: str) -> list[tuple[str, int, str]]:
    """ABI, number and entry point, for each ABI that has the call, this process's family first."""
    return [
        (abi, numbers.number(name, abi), numbers.entry(name, abi))
        for abi in dict.fromkeys((*family(), *ABIS))
        if name in numbers.table(abi)
    ]


Parameters = tuple[tuple[str, str], ...]  # type and name


def signatures(name: str) -> dict[Parameters, tuple[str, ...]]:
    """The kernel's definitions of the call, each with the ABIs where it holds: the usual one first.

    What a 64-bit kernel runs for 32-bit processes is not among them. Of a call that is gone it is the last
    definition.
    """
    found: dict[Parameters, list[str]] = {}
    defined = load_module("pysys.signatures")
    usual = defined.signature(name)
    if usual is not None:
        found[usual] = []
    for abi, _, _ in entries(name):
        parameters = defined.signature(name, abi)
        if parameters is not None:
            found.setdefault(parameters, []).append(abi)
    if not found and (written := defined.elsewhere(name)) is not None:
        found[written] = [abi for abi, _, _ in entries(name)]
    return {parameters: tuple(abis) for parameters, abis in found.items() if abis}


def since(name: str) -> str:
    """The kernel version that introduced the call."""
    return str(_tables("history").INTRODUCED.get(name, ""))


def removed(name: str) -> str:
    """The kernel version that removed the call."""
    return str(_tables("history").REMOVED.get(name, ""))


def renamed(name: str) -> tuple[str, str]:
    """The call's first name, and the kernel version that changed it; both may be empty."""
    first, version = _tables("history").RENAMED.get(name, ("", ""))
    return first, version


def only(name: str) -> tuple[str, ...]:
    """The architectures that ever had the call, if they are few; otherwise empty."""
    return tuple(_tables("history").ONLY.get(name, ()))


def optional(name: str) -> bool:
    """Whether a kernel configuration may leave the call out."""
    return bool(config(name))


def config(name: str) -> tuple[str, ...]:
    """The symbols that the kernel's configuration must have for the call, all of them; none for most calls.

    "CONFIG_A or CONFIG_B" where they are those of different architectures.
    """
    usual = _tables("signatures").USUAL.get(name, name)
    found = _tables("optional").OPTIONAL.get(usual, "") if name in numbers.calls() else ""
    return tuple(" or ".join(f"CONFIG_{symbol}" for symbol in word.split("|")) for word in found.split())


def libc(name: str) -> tuple[str, ...]:
    """The C library's function for a name: it, its header, macro, version and prototype; empty for none."""
    table = _tables("libc")
    function = table.NAMES.get(name, name)
    return (function, *table.FUNCTIONS[function]) if function in table.FUNCTIONS else ()


def libc_names() -> dict[str, str]:
    """The calls whose function in the C library has another name, and that one."""
    found: dict[str, str] = _tables("libc").NAMES
    return found


def libc_version() -> str:
    """The version of glibc that `libc` is about."""
    return str(_tables("libc").VERSION)


def documented(name: str) -> tuple[str, ...]:
    """The errnos that a manual names for the call."""
    return tuple(_tables("documented").DOCUMENTED.get(name, "").split())


def see_also(name: str) -> tuple[str, ...]:
    """What a manual refers to, "vfork(2)"."""
    return tuple(_tables("related").RELATED.get(name, "").split())


@cache
def known_pages() -> frozenset[str]:
    """Names of manual pages beyond the reference's own, which a page may refer to."""
    related = _tables("related").RELATED
    referred = {other.partition("(")[0] for text in related.values() for other in text.split()}
    return frozenset(referred | related.keys())


def errno_values(symbol: str) -> dict[str, int]:
    """The errno's value by table: "generic", the tables that differ from it, and "internal"."""
    tables = _tables("errnos")
    found = {name: values[symbol] for name, values in tables.ERRNOS.items() if symbol in values}
    generic = found.get("generic")
    differ = {name: value for name, value in found.items() if name == "generic" or value != generic}
    if symbol in tables.INTERNAL:
        differ["internal"] = tables.INTERNAL[symbol]
    return differ


@cache
def errno_symbols() -> dict[int, str]:
    """The errnos of this process by number; where one has several names, the kernel's first."""
    tables = _tables("errnos")
    found: dict[int, str] = {}
    for symbol in tables.ERRNOS["generic"]:
        if hasattr(errno, symbol):
            found.setdefault(getattr(errno, symbol), symbol)
    return found | {number: symbol for symbol, number in tables.INTERNAL.items()}


@cache
def known_errnos() -> frozenset[str]:
    """The symbols of the errnos of every architecture, aliases among them."""
    tables = _tables("errnos")
    return frozenset({*errnos(), *tables.INTERNAL}.union(*tables.ERRNOS.values()))


def main_symbol(symbol: str) -> str:
    """The errno that an alias stands for on this ABI, "EAGAIN" for "EWOULDBLOCK"; another symbol itself."""
    found = errno_symbols()
    return symbol if symbol in found.values() else found.get(getattr(errno, symbol, -1), symbol)


@cache
def all_topics() -> frozenset[str]:
    """Every topic that a page has."""
    return frozenset(topic for name in names() for topic in topics(name))


def version_key(version: str) -> tuple[int, ...]:
    """A kernel version as a key for sorting: 5.10 comes after 5.4."""
    return tuple(int(part) for part in version.split("."))
