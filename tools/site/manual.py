"""Pages for man(1), from the sections that `pysys man` shows: a folder man2 and the like, for MANPATH."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pysys
from pysys import metadata, tables
from pysys.metadata.render import Code, Items, Section, Table, Text, sections

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pysys.metadata.model import Page
    from pysys.metadata.render import Block


def write(folder: Path) -> int:
    """A page for each name; returns how many there are."""
    for page in metadata.pages.values():
        path = folder / f"man{page.section}" / f"{page.name}.{page.section}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(roff(page), "utf-8")
    return len(metadata.pages)


def roff(page: Page) -> str:
    """A page in the macros of man(7)."""
    lines = [
        f'.TH {page.name} {page.section} "" "pysys {pysys.__version__}" "Linux {tables.KERNEL_VERSION}"',
        ".nh",
        ".ad l",
    ]
    for section in sections(page):
        if section.title == "NAME":  # in the form that whatis and apropos read
            section = Section("NAME", (Text(f"{page.name} - {page.summary}".rstrip(" -")),))
        lines += _section(section)
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f'.SH "{section.title}"'
    for index, block in enumerate(section.blocks):
        yield from _block(block, index > 0)


def _block(block: Block, later: bool) -> Iterator[str]:
    match block:
        case Text(text):
            for count, paragraph in enumerate(text.strip().split("\n\n")):
                if later or count:
                    yield ".PP"
                yield _line(paragraph)
        case Code(_, text):
            yield from (".PP",) if later else ()
            yield from (".RS 4", ".nf", *(_verbatim(line) for line in text.splitlines()), ".fi", ".RE")
        case Items(items):
            for term, text in items:
                yield from _item(term, text)
        case Table(columns, rows):
            for first, *rest in rows:
                named = (
                    f"{title}: {cell}" if title else cell
                    for title, cell in zip(columns[1:], rest, strict=True)
                    if cell
                )
                yield from _item(first, ", ".join(named))


def _item(term: str, text: str) -> Iterator[str]:
    if not term:
        yield r".IP \(bu 3"
    elif not text:
        yield from (".PP", rf"\fB{_escaped(term)}\fR")
        return
    else:
        yield from (".TP", rf"\fB{_escaped(term)}\fR")
    for count, paragraph in enumerate(text.strip().split("\n\n")):
        if count:
            yield ".br"
        yield _line(paragraph)


def _line(text: str) -> str:
    """A paragraph on one line, with code in bold; groff fills lines itself."""
    pieces = " ".join(text.split()).split("`")
    shown = "".join(
        rf"\fB{_escaped(piece)}\fR" if index % 2 else _escaped(piece)
        for index, piece in enumerate(pieces)
        if piece
    )
    return _guarded(shown)


def _verbatim(line: str) -> str:
    return _guarded(_escaped(line))


def _guarded(line: str) -> str:
    r"""A line that does not begin as a request does."""
    return rf"\&{line}" if line[:1] in (".", "'") else line


SIGNS = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "^": r"\(ha", "~": r"\(ti", "`": r"\(ga"}


def _escaped(text: str) -> str:
    # A word that is longer than half a line may be broken.
    parts = [re.sub(r"(?<=[|/(),_])", "\0", word) if len(word) > 36 else word for word in text.split(" ")]
    shown = re.sub(r"[\\'^~`-]", lambda match: SIGNS[match[0]], " ".join(parts)).replace("\0", r"\:")
    return "".join(one if ord(one) < 128 else rf"\[u{ord(one):04X}]" for one in shown)
