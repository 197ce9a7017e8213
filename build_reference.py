"""The reference as it ships: src/pysys/metadata/reference.bin, from pages/TOPIC/NAME.toml and their traces.

    python build_reference.py

setup.py does the same: an installed package has one file, and a page of 700 costs what one of 25 does. Run it
after a change to a page, so that what you look at is what you wrote.

The file: the length of the index in ten digits, the index, the pages; each is JSON, compressed by zlib. The index has
for each page its offset and length behind the index, its summary, topics and depth, and the errnos with causes; and
for each errno what it means in general.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zlib
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent
PAGES = PROJECT / "pages"
REFERENCE = PROJECT / "src/pysys/metadata/reference.bin"

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


def explained(name: str, pages: dict[str, dict[str, Any]]) -> set[str]:
    """The errnos for which a page has causes, or the page whose causes are its own."""
    page = pages.get(name, {})
    other = page.get("errors_of", page.get("variant_of", ""))
    inherited = explained(other, pages) - set(page.get("errors_not", ())) if other else set()
    return {error["errno"] for error in page.get("errors", ())} | inherited


def reference(pages: dict[str, dict[str, Any]]) -> bytes:
    """The file's content."""
    from pysys.errors import CLASSES

    index: dict[str, list[Any]] = {}
    meanings = {symbol: _meaning(kind) for symbol, kind in CLASSES.items()}
    body = b""
    for name, page in sorted(pages.items()):
        packed = _packed(page)
        index[name] = [len(body), len(packed), page.get("summary", ""), page.get("topics", []), depth(page)]
        index[name].append(sorted(explained(name, pages)))
        body += packed
    head = _packed({"pages": index, "errnos": meanings})
    return b"%010d" % len(head) + head + body


def _meaning(kind: type) -> str:
    """What the docstring of an errno's class says in its first line, without the symbol."""
    return (kind.__doc__ or "").partition("\n")[0].partition(": ")[2]


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def main() -> None:
    """Write the file, if it is not what it has to be."""
    made = reference({name: read(path) for name, path in files().items()})
    if not REFERENCE.exists() or REFERENCE.read_bytes() != made:
        REFERENCE.write_bytes(made)


if __name__ == "__main__":
    sys.exit(main())
