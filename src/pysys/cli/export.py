"""`pysys export`: the complete reference as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import metadata

if TYPE_CHECKING:
    from argparse import Namespace

    from pysys.cli.output import Output


def run(options: Namespace, out: Output) -> int:
    """Print it, with or without --json."""
    out.json = True
    out.answer(metadata.export())
    return 0
