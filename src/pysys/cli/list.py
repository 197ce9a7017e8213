"""`pysys list`: the names for which all that is asked for holds, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import metadata
from pysys.cli.output import CommandError, abi_of
from pysys.loading import hint
from pysys.metadata.render import Section, Table

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from pysys.cli.output import Output


def run(options: Namespace, out: Output) -> int:
    """List the pages found."""
    topics = {topic for page in metadata.pages.values() for topic in page.topics}
    _check("topic", options.topic, topics)
    _check("errno", options.gives, {errno for page in metadata.pages.values() for errno in page.documented})
    try:
        found = metadata.find(
            topic=options.topic,
            depth=options.depth,
            kind=options.kind,
            since=options.since,
            abi=abi_of(options.abi) if options.abi is not None else None,
            denied_by=options.denied_by,
            takes=options.takes,
            gives=options.gives,
        )
    except ValueError as error:
        raise CommandError(str(error)) from None
    data = [
        {"name": page.name, "summary": page.summary, "topics": list(page.topics), "depth": page.depth}
        for page in found
    ]
    rows = tuple((page.name, page.summary) for page in found)
    out.pages(data, *([Section(f"{len(found)} NAMES", (Table(("name", "summary"), rows),))] if rows else []))
    return 0


def _check(what: str, value: str | None, known: Iterable[str]) -> None:
    if value is not None and value not in known:
        raise CommandError(f"no {what} {value}{hint(value, known)}")
