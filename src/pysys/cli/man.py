"""`pysys man`: a page of the reference as help() shows it, or the pages that hold some words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import metadata
from pysys.cli.output import CommandError, UsageError
from pysys.metadata.render import Section, Table, sections

if TYPE_CHECKING:
    from argparse import Namespace

    from pysys.cli.output import Output


def run(options: Namespace, out: Output) -> int:
    """Show one page, or with -k the pages found."""
    words: list[str] = options.words
    if options.search:
        return _search(" ".join(words), out)
    if len(words) == 2 and words[0] == "2":  # as one asks man
        words = words[1:]
    if len(words) != 1:
        raise UsageError(f"one page at a time; to search for words: pysys man -k {' '.join(words)}")
    name = words[0].removesuffix("(2)")
    try:
        page = metadata.page(name)
    except metadata.UnknownPageError as error:
        raise CommandError(f"{error}{_elsewhere(name)}") from None
    out.pages(page.as_dict(), *sections(page))
    return 0


def _elsewhere(name: str) -> str:
    from pysys.errors import CLASSES

    if name.upper() in CLASSES:
        return f"\nFor the errno: pysys errno {name.upper()}"
    return f"\nTo search the pages: pysys man -k {name}"


def _search(text: str, out: Output) -> int:
    found = metadata.search(text)
    if not found:
        raise CommandError(f"no page holds {text!r}")
    rows = tuple((page.name, page.summary or "(not written yet)") for page in found)
    data = [{"name": page.name, "section": page.section, "summary": page.summary} for page in found]
    out.pages(data, Section("PAGES", (Table(("name", "summary"), rows),)))
    return 0
