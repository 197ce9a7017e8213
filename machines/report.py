"""What a run of a machine found: kept below build/machines, summed up in a line, shown in docs/."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import xml.etree.ElementTree
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from machines import table
from machines.cache import cache, locked
from machines.files import PROJECT

KEPT = PROJECT / "build" / "machines"
PAGE = PROJECT / "docs" / "machines.md"
RECORD = PROJECT / "docs" / "machines.json"  # what the page is made from
PROOFS = ("examples", "causes")
HEAD = """# The machines that the tests ran on

    .venv/bin/tox -e aarch64                # the tests on a real kernel of that architecture
    .venv/bin/tox -e aarch64 -- -k fork     # some of them
    .venv/bin/tox run-parallel --parallel 2 --parallel-live -m machines

An emulated machine is built from Debian's own packages (kernel and Python, verified by apt), cached in
`~/.cache/pysys`, and needs neither root nor a disk image. There are `aarch64`, `armhf`, `riscv64`, `ppc64le`,
`s390x`, `loong64`, `mips64el` and `i386`; `x86_64-linux6.1`, `x86_64-linux6.12`, `x86_64-newest` and
`s390x-newest` for kernels of other versions; `armhf-on-aarch64`, `mipsel-on-mips64el` and `i386-on-x86_64`
run 32-bit programs on a 64-bit kernel. The label `machines` is the quick set, `all-machines` all of them. You
need apt and Debian's keyring; the emulator and the cross compiler are downloaded. Tests use half of this
host's processors, at most four per emulated machine. A full run takes up to an hour, a test some seconds.
`tox -e aarch64-user` emulates only the processor, on this host's kernel; tests that this cannot support are
skipped with a reason. The register pairs of 32-bit ppc and big-endian mips were only tested so, with an
emulator of their processors.

## What ran

Written by `python -m machines --record MACHINE`, a row for each machine's last complete run. The tests are
those that can say something of a kernel or an ABI
(`-m "not slow and not thorough and not portable and not widths and not once"`).
Seconds are those of the tests and those in all, with the emulator's start and end. `of` is the commit, with +
if it was changed. What was skipped, and why, stands below the table, after how many tests it was.

| machine | | kernel | Python | emulator | passed | skipped | failed | seconds | in all | of |
| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
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
    revision: str  # of the tests

    def name(self) -> str:
        return f"{self.machine}-py{self.python}"


@dataclass
class Counts:
    passed: int
    skipped: int
    failed: int
    reasons: dict[str, int]
    proofs: dict[str, int]  # of the pages: examples that ran, causes that were provoked


def counts(folder: Path) -> Counts:
    """How many tests passed, were skipped (and why) and failed, and what of the pages they proved."""
    path = folder / "junit.xml"
    if not path.exists():
        return Counts(0, 0, 0, {}, {})
    cases = list(xml.etree.ElementTree.parse(path).iter("testcase"))
    skips = [skip for case in cases if (skip := case.find("skipped")) is not None]
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    reasons = Counter(str(skip.get("message")).partition("\n")[0] for skip in skips)
    proofs: Counter[str] = Counter()
    # What tests/reference/test_proofs.py says of its tests.
    for one in (one for case in cases for one in case.iter("property")):
        if one.get("name") in PROOFS:
            proofs[str(one.get("name"))] += int(str(one.get("value")))
    return Counts(len(cases) - len(skips) - failed, len(skips), failed, dict(reasons), dict(proofs))


def line(result: Result) -> str:
    """The run in a line."""
    found = counts(Path(result.folder))
    return (
        f"{result.machine}, Linux {result.kernel}, Python {result.python}: "
        f"{found.passed} passed, {found.skipped} skipped, {found.failed} failed "
        f"in {result.tests:.0f} s ({result.seconds:.0f} s in all)"
    )


def keep(result: Result, complete: bool = True) -> None:
    """Put the results where a developer looks for what was built, and the coverage where coverage looks.

    complete: all tests ran; the page shows such runs alone.
    """
    target = KEPT / (result.name() if complete else f"{result.name()}-part")
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    for data in Path(result.folder).glob(".coverage*"):
        shutil.move(data, PROJECT / f"{data.name}.{result.name()}")
    shutil.move(result.folder, target)
    result.folder = str(target)
    (target / "result.json").write_text(json.dumps(asdict(result), indent=1))


def revision() -> str:
    """The commit of this tree, with a + where it was changed since; nothing where there is no git."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(PROJECT), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", ".", ":!docs")
        return git("rev-parse", "--short=7", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def record(result: Result) -> None:
    """Write a complete run into docs/machines.json, and docs/machines.md from that."""
    RECORD.parent.mkdir(exist_ok=True)
    with locked(cache() / RECORD.name):
        known: dict[str, dict[str, Any]] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        known[result.name()] = {**asdict(result), **asdict(counts(Path(result.folder)))}
        del known[result.name()]["folder"]
        _write(RECORD, json.dumps(known, indent=1, sort_keys=True) + "\n")
        _write(PAGE, page(known))


def _write(path: Path, text: str) -> None:
    """All of it or nothing."""
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.write_text(text)
    os.replace(fresh, path)


def page(known: dict[str, dict[str, Any]]) -> str:
    """docs/machines.md: the machines in the order of their table."""
    lines, sections = [], []
    for name, row in {**table.ROWS, **table.USER}.items():
        for python in row.pythons:
            if (found := known.get(f"{name}-py{python}")) is None:
                continue
            cells = (
                *(name, row.about, found["kernel"], python, found["emulator"]),
                *(found["passed"], found["skipped"], found["failed"]),
                *(f"{found['tests']:.0f}", f"{found['seconds']:.0f}", found["revision"]),
            )
            lines.append(f"| {' | '.join(map(str, cells))} |\n")
            skipped = sorted(found["reasons"].items(), key=lambda one: (-one[1], one[0]))
            sections.append(f"\n## {name}, Python {python}\n\n")
            sections += [f"- {number}: {reason}\n" for reason, number in skipped]
    return HEAD + "".join(lines) + "".join(sections)


def listing() -> str:
    """The machines, a line each."""
    lines = []
    for name, row in {**table.ROWS, **table.USER}.items():
        kernel = "this machine's"
        if isinstance(row, table.Machine):
            kernel = row.kernel.package.removeprefix("linux-image-")
        lines.append(f"{name:17} {row.about}; {row.suite}, kernel {kernel}, Python {', '.join(row.pythons)}")
    return "\n".join(lines)
