"""What a run of a machine found: kept below build/machines, summed up in a line, shown in docs/."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from machines import rows

TREE = Path(__file__).resolve().parent.parent
KEPT = TREE / "build" / "machines"
PAGE = TREE / "docs" / "machines.md"
HEAD = """# The machines that the tests ran on

Written by `python -m machines --record MACHINE`, a row for each machine's last run. The tests are those that
can say something of a kernel or an ABI (`-m "not slow and not portable"`). Seconds are those of the tests and
those in all, with the emulator's start and end. What was skipped, and why, stands below the table.

| machine | | kernel | Python | emulator | passed | skipped | failed | seconds | in all |
| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
"""


@dataclass
class Result:
    """What came back from a machine."""

    machine: str
    python: str
    kernel: str
    emulator: str
    status: int  # pytest's
    tests: float  # seconds
    seconds: float  # in all
    folder: str  # with what the machine put into /results

    def name(self) -> str:
        return f"{self.machine}-py{self.python}"


@dataclass
class Counts:
    passed: int
    skipped: int
    failed: int
    reasons: Counter[str]


def counts(folder: Path) -> Counts:
    """How many tests passed, were skipped and failed, and the reasons for which they were skipped."""
    path = folder / "junit.xml"
    if not path.exists():
        return Counts(0, 0, 0, Counter())
    cases = list(xml.etree.ElementTree.parse(path).iter("testcase"))
    skips = [skip for case in cases if (skip := case.find("skipped")) is not None]
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    reasons = Counter(str(skip.get("message")).partition("\n")[0] for skip in skips)
    return Counts(len(cases) - len(skips) - failed, len(skips), failed, reasons)


def line(result: Result) -> str:
    """The run in a line."""
    found = counts(Path(result.folder))
    return (
        f"{result.machine}, Linux {result.kernel}, Python {result.python}: "
        f"{found.passed} passed, {found.skipped} skipped, {found.failed} failed "
        f"in {result.tests:.0f} s ({result.seconds:.0f} s in all)"
    )


def keep(result: Result, whole: bool = True) -> None:
    """Put the results where a developer looks for what was built, and the coverage where coverage looks.

    whole: all tests ran; the page tells of such runs alone.
    """
    target = KEPT / (result.name() if whole else f"{result.name()}-part")
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    for data in Path(result.folder).glob(".coverage*"):
        shutil.move(data, TREE / f"{data.name}.{result.name()}")
    shutil.move(result.folder, target)
    result.folder = str(target)
    (target / "result.json").write_text(json.dumps(asdict(result), indent=1))


def record() -> None:
    """Write docs/machines.md from the last run of every machine that is kept."""
    table, sections = [], []
    for name, row in {**rows.ROWS, **rows.USER}.items():
        for python in row.pythons:
            path = KEPT / f"{name}-py{python}" / "result.json"
            if not path.exists():
                continue
            result = Result(**json.loads(path.read_text()))
            found = counts(path.parent)
            cells = (
                *(name, row.about, result.kernel, python, result.emulator),
                *(found.passed, found.skipped, found.failed, f"{result.tests:.0f}", f"{result.seconds:.0f}"),
            )
            table.append(f"| {' | '.join(map(str, cells))} |\n")
            skipped = sorted(found.reasons.items(), key=lambda one: (-one[1], one[0]))
            sections.append(f"\n## {name}, Python {python}\n\n")
            sections += [f"- {number} of: {reason}\n" for reason, number in skipped]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(HEAD + "".join(table) + "".join(sections))


def listing() -> str:
    """The machines, a line each."""
    lines = []
    for name, row in {**rows.ROWS, **rows.USER}.items():
        kernel = "this machine's"
        if isinstance(row, rows.Machine):
            kernel = row.kernel.package.removeprefix("linux-image-")
        lines.append(f"{name:17} {row.about}; {row.suite}, kernel {kernel}, Python {', '.join(row.pythons)}")
    return "\n".join(lines)
