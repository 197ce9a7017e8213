"""Count what is written of the reference: docs/reference.md.

python -m tools.reference

This counts the causes that have lines; how many of them are proven on a machine, python -m tools.provoke
counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pysys import metadata
from tools import PROJECT
from tools.provoke import own_causes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE = PROJECT / "docs/reference.md"
HEAD = """\
# How much of the reference is written

Written by `python -m tools.reference`: do not edit. [pages.md](pages.md) says what the depths are. A cause
is *provoked* if its page has lines that make it happen, which `python -m tools.provoke` and the tests run;
*excused* if it says in a word why there are none; else it is *open*. An example counts if its trace is
recorded.

"""
COLUMNS = ("topic", "full", "short", "generated", "provoked", "excused", "open", "examples")


def text() -> str:
    """The file's content."""
    rows = defaultdict[str, Counter[str]](Counter)
    reasons: Counter[str] = Counter()
    for page in metadata.pages.values():
        row = rows[page.topics[0] if page.topics else "(none yet)"]
        row[page.depth] += 1
        row["examples"] += bool(page.trace)
        for cause in own_causes(page.name):
            row["provoked" if cause.provoke else "excused" if cause.unproven else "open"] += 1
            reasons[cause.unproven] += bool(cause.unproven)
    total = sum(rows.values(), Counter[str]())
    lines = [*_table(sorted(rows.items())), _line("all", (str(total[column]) for column in COLUMNS[1:]))]
    why = ", ".join(f"{reason} {number}" for reason, number in sorted(reasons.items()) if reason)
    return HEAD + "\n".join(lines) + f"\n\nWhy causes are excused: {why or 'none is'}.\n"


def _table(rows: Iterable[tuple[str, Counter[str]]]) -> Iterator[str]:
    yield _line(COLUMNS[0], COLUMNS[1:])
    yield _line("---", ("---:" for _ in COLUMNS[1:]))
    for topic, row in rows:
        yield _line(topic, (str(row[column]) for column in COLUMNS[1:]))


def _line(first: str, others: Iterable[str]) -> str:
    return f"| {first} | {' | '.join(others)} |"


def main() -> None:
    """Write the file."""
    FILE.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
