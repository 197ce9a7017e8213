"""The reference as it ships: src/pysys/metadata/{reference.bin,search.sqlite}, from pages/TOPIC/NAME.toml.

    python build_reference.py

setup.py does the same: an installed package has one file of pages, and a page of 700 costs what one of 25
does. Run it after a change to a page, so that what you look at is what you wrote.

reference.bin: the length of the index in ten digits, the index, the pages, and other parts. The index is
lines of fields, separated by tabs: the names of all pages, and then for each page, in this order, its offset
and length behind the index, summary, topics and depth, and the errnos with causes. Behind an empty line come
the names of the parts, and the offset and length of each: for each errno what it means in general, for each
call how Python makes it, and what it makes in its place.
Pages and parts are values as `packed` writes them; JSON would do, but the modules that read it take longer to
import than all else that a page needs.

search.sqlite has words for full-text search (FTS5): of each name those of the page, and of the flags,
structures and errnos that belong to the call; and of flags, structures and errnos their own. It has no index
of beginnings of words, which would double its size: only a search for a single letter is slower without.
"""

from __future__ import annotations

import ast
import contextlib
import sqlite3
import tempfile
import tomllib
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parent
PAGES = PROJECT / "pages"
REFERENCE = PROJECT / "src/pysys/metadata/reference.bin"
SEARCH = PROJECT / "src/pysys/metadata/search.sqlite"

# What a page must have for its depth; what has less is generated from the tables alone.
SHORT = ("summary", "description")
FULL = (*SHORT, "example", "pitfalls")


def files() -> dict[str, Path]:
    """The pages' files by name; a name that two topics have is an error."""
    found: dict[str, Path] = {}
    for path in sorted(PAGES.glob("*/*.toml")):
        if path.stem in found:
            raise ValueError(f"{path} and {found[path.stem]} are pages of the same name")
        found[path.stem] = path
    return found


def read(path: Path) -> dict[str, Any]:
    """A page as it was written, with its trace."""
    page = tomllib.loads(path.read_text("utf-8"))
    trace = path.with_suffix(".trace")
    if trace.exists():
        page["trace"] = trace.read_text("utf-8")
    return page


def depth(page: dict[str, Any]) -> str:
    """How much of a page is written by hand: "generated" for nothing, "short", or "full"."""
    if all(key in page for key in FULL):
        return "full"
    return "short" if "variant_of" in page or all(key in page for key in SHORT) else "generated"


def causes(name: str, pages: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The causes of a page: its own, and those of the page whose causes hold here, too."""
    from pysys.metadata.model import excludes

    page = pages.get(name, {})
    other = page.get("errors_of", page.get("variant_of", ""))
    inherited = causes(other, pages) if other else []
    unlike = page.get("errors_not", ())
    kept = [
        one for one in inherited if not any(excludes(entry, one["errno"], one["when"]) for entry in unlike)
    ]
    return [*page.get("errors", ()), *kept]


def reference(pages: dict[str, dict[str, Any]]) -> bytes:
    """The file's content."""
    from pysys.errors import CLASSES

    index: dict[str, str] = {}
    meanings = {symbol: _meaning(kind) for symbol, kind in CLASSES.items()}
    body = b""
    for name, page in sorted(pages.items()):
        piece = packed(page)
        known = sorted({cause["errno"] for cause in causes(name, pages)})
        about = (page.get("summary", ""), " ".join(page.get("topics", ())), depth(page), " ".join(known))
        index[name] = "\t".join((str(len(body)), str(len(piece)), *about))
        body += piece
    parts: dict[str, str] = {}
    for part, content in {"errnos": meanings, "python": python_calls(), "instead": instead()}.items():
        piece = packed(content)
        parts[part] = f"{len(body)}\t{len(piece)}"
        body += piece
    head = "\n\n".join("\n".join(("\t".join(one), *one.values())) for one in (index, parts)).encode()
    return b"%010d" % len(head) + head + body


def packed(value: object) -> bytes:
    """A value of dictionaries, lists, strings and integers, compressed by zlib.

    It is written as items, with a NUL between two of them. An item is "s" and a string, "i" and an integer,
    "l" and the number of a list's values, which come next, or "d" and the number of a dictionary's entries: a
    key and a value for each.
    """
    return zlib.compress("\0".join(_items(value)).encode(), 9)


def _items(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield f"s{_text(value)}"
    elif isinstance(value, int) and not isinstance(value, bool):
        yield f"i{value}"
    elif isinstance(value, dict):
        yield f"d{len(value)}"
        for key, one in value.items():
            yield _text(key)
            yield from _items(one)
    elif isinstance(value, (list, tuple)):
        yield f"l{len(value)}"
        for one in value:
            yield from _items(one)
    else:
        raise TypeError(f"a page has no {type(value).__name__}: {value!r}")


def _text(text: str) -> str:
    if "\0" in text:
        raise ValueError(f"a NUL in {text!r}")
    return text


def python_calls() -> dict[str, str]:
    """How Python makes each call, "calls.openat2(dfd, ...)", or in a comment why not: from the source."""
    from pysys import numbers, signatures
    from pysys.policy import refusals

    found: dict[str, str] = {}
    package = PROJECT / "src/pysys"
    calls = package / "calls"
    for path in (calls / "direct.pyi", calls / "__init__.pyi", *sorted(calls.glob("_[a-z]*.py"))):
        for node in _functions(path):
            refused = (ast.get_docstring(node) or "").partition("errors.RefusedError: ")[2]
            found[node.name] = f"# {refused}" if refused else f"calls.{_signature(node)}"
    for path in (*sorted((package / "process").glob("*.py")), package / "raw_in_python.py"):
        for node in _functions(path):
            if any(ast.unparse(one) == f"documented({node.name!r})" for one in node.decorator_list):
                found[node.name] = f"pysys.{_signature(node)}"
    made = numbers.calls()
    for name in made:
        declared = signatures.elsewhere(name)
        if declared is not None:
            passed = "".join(f", {one}" for _, one in declared)
            found[name] = f'pysys.syscall("{name}"{passed})'
            if name in refusals.REFUSED:
                found[name] = f"# {refusals.REFUSED[name][0]}"
    return {name: found[name] for name in sorted(found) if name in made or found[name].startswith("pysys.")}


def instead() -> dict[str, tuple[str, str]]:
    """What pysys makes where an ABI lacks a call, and what on a kernel that is too old for it."""
    from pysys.abi import ABIS
    from pysys.numbers import calls
    from pysys.policy import replacements

    found = {}
    for name in sorted(calls()):
        replaced = (replacements.find(name, abi) for abi in ABIS if not replacements.implemented(name, abi))
        texts = dict.fromkeys(str(one) for one in replaced if one is not None)
        older = map(str, replacements.written_fallbacks(name))
        if (answer := (" or ".join(texts), " or ".join(older))) != ("", ""):
            found[name] = answer
    return found


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            yield node


def _signature(node: ast.FunctionDef) -> str:
    """The function's name and parameters, without their types."""
    arguments = node.args
    for one in (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ):
        if one is not None:
            one.annotation = None
    return f"{node.name}({ast.unparse(arguments).replace('lib.', '')})"


def _meaning(kind: type) -> str:
    """What the docstring of an errno's class says in its first line, without the symbol."""
    return (kind.__doc__ or "").partition("\n")[0].partition(": ")[2]


def search(path: Path) -> None:
    """Write the words of every name to a database."""
    from pysys import metadata
    from pysys.metadata import generated

    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE VIRTUAL TABLE words USING fts5(name, summary, terms, prose,"
            " content='', columnsize=0, tokenize=\"unicode61 tokenchars '_'\")"
        )
        database.execute("CREATE TABLE names(name TEXT)")
        for number, page in enumerate(metadata.pages.values(), 1):
            flags = generated.flags(page)
            terms = [page.name.replace("_", " "), *page.topics, *(cause.errno for cause in page.errors)]
            terms += [*page.documented, *(one.name for one in generated.structures(page.name))]
            terms += [
                word for group in flags for word in (group.name, *(member for member, _ in group.items))
            ]
            prose = [text for group in flags for _, text in group.items] + list(_strings(dict(page.text)))
            database.execute("INSERT INTO names VALUES (?)", (page.name,))
            row = (number, page.name, page.summary, " ".join(terms), " ".join(prose))
            database.execute(
                "INSERT INTO words(rowid, name, summary, terms, prose) VALUES (?, ?, ?, ?, ?)", row
            )
        database.execute(
            "CREATE VIRTUAL TABLE terms USING fts5(name, text, content='', columnsize=0,"
            " tokenize=\"unicode61 tokenchars '_'\")"
        )
        database.execute("CREATE TABLE things(name TEXT, kind TEXT, about TEXT)")
        for number, (name, kind, about) in enumerate(things(), 1):
            database.execute("INSERT INTO things VALUES (?, ?, ?)", (name, kind, about))
            text = f"{name.replace('_', ' ')} {about}"
            database.execute("INSERT INTO terms(rowid, name, text) VALUES (?, ?, ?)", (number, name, text))
        database.execute("INSERT INTO words(words) VALUES ('optimize')")
        database.execute("INSERT INTO terms(terms) VALUES ('optimize')")
        database.commit()
        database.execute("VACUUM")


def things() -> Iterator[tuple[str, str, str]]:
    """Flags and their classes, structures and errnos: name, kind, what it is."""
    from pysys.errors import CLASSES
    from pysys.flags import index
    from pysys.metadata import generated
    from pysys.structures.documentation import TEXTS

    for name in index.MODULES:
        if (group := generated.members(name)) is not None:
            yield name, "flags", group.text
            yield from ((one, f"flag of {name}", " ".join(text.split())) for one, text in group.items)
    yield from ((name, "structure", generated.structure(name).text) for name in TEXTS)
    yield from ((symbol, "errno", _meaning(kind)) for symbol, kind in CLASSES.items())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("trace", "python", "prints"):
                yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def main() -> None:
    """Write the files. Each appears when it is complete: several builds may run in one tree."""
    with tempfile.TemporaryDirectory(dir=REFERENCE.parent, prefix=".build-") as folder:
        made = Path(folder) / "made"
        made.write_bytes(reference({name: read(path) for name, path in files().items()}))
        made.replace(REFERENCE)
        search(made)
        made.replace(SEARCH)


if __name__ == "__main__":
    main()
