"""`pysys list`: the names for which all that is asked for holds, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import metadata
from pysys.cli.output import CommandError, abi_of
from pysys.loading import counted
from pysys.metadata.render import Section, Table

if TYPE_CHECKING:
    from argparse import Namespace

    from pysys.cli.output import Output


def run(options: Namespace, out: Output) -> int:
    """List the pages found."""
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
    except (LookupError, ValueError) as error:
        raise CommandError(str(error).removeprefix("find: ")) from None
    data = [
        {"name": page.name, "summary": page.summary, "topics": list(page.topics), "depth": page.depth}
        for page in found
    ]
    rows = tuple((page.name, page.summary) for page in found)
    out.pages(
        data,
        *(
            [Section(counted(len(found), "name").upper(), (Table(("name", "summary"), rows),))]
            if rows
            else []
        ),
    )
    return 0
