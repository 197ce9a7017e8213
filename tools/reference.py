"""Count what is written of the reference, and show where it is proven: docs/reference.md.

python -m tools.reference

This counts the causes that have lines; how many of them are proven on a machine, python -m tools.provoke
counts. What a machine has run is taken from docs/machines.json, its share from machines/proofs.py.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from machines import proofs, table
from machines.report import RECORD
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
MACHINES = """\

## Where it is proven

All examples and provocations run natively, on one Python. Those of each page run on one machine of CI, too,
or on the first that has what they need: its *share*. `ran` is what the last recorded complete run of a
machine has run (`-` where that is older than this count), and `of` its commit: [machines.md](machines.md).

| machine | kernel of the last run | Python | examples: share | ran | causes: share | ran | of |
| --- | --- | --- | ---: | ---: | ---: | ---: | --- |
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
    excused = f"\n\nWhy causes are excused: {why or 'none is'}.\n"
    return HEAD + "\n".join(lines) + excused + MACHINES + "".join(f"{one}\n" for one in _machines())


def _machines() -> Iterator[str]:
    """A line for each machine that has a share, or that a complete run is recorded of."""
    shares = Counter((proofs.home(one), one.what == proofs.EXAMPLE) for one in proofs.proofs())
    known = json.loads(RECORD.read_text("utf-8"))
    for name, row in {**table.ROWS, **table.USER}.items():
        for python in row.pythons:
            if (run := known.get(f"{name}-py{python}")) is None:
                continue
            ran = run.get("proofs", {})
            examples, causes = (str(shares[name, one] or "") for one in (True, False))
            cells = (examples, str(ran.get("examples", "-")), causes, str(ran.get("causes", "-")))
            yield _line(name, (run["kernel"], python, *cells, run["revision"]))


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
