"""`pysys table`: how each call is made on each ABI."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pysys import numbers
from pysys.abi import ABIS
from pysys.cli.output import CommandError, abi_of
from pysys.metadata.render import Section, Table, Text
from pysys.policy.resolution import classify

if TYPE_CHECKING:
    from argparse import Namespace

    from pysys.abi import ABI
    from pysys.cli.output import Output, Part

    Made = dict[str, tuple[str, str]]  # by name: direct, replaced, refused or absent, and the particulars

KINDS = ("direct", "replaced", "refused", "absent")
MEANING = (
    "Direct: the ABI's own number. Replaced: another call that does the same, in pysys.calls or in the "
    "function of pysys that is named. Refused: a Python process would not survive it. Absent: the ABI does "
    "not have it, and nothing does the same."
)


def run(options: Namespace, out: Output) -> int:
    """Show the sums of all ABIs, and the calls of those that were chosen."""
    names = sorted(_chosen(numbers.calls(), options.names))
    if options.abi and "all" in options.abi:
        abis = list(ABIS.values())
    else:
        abis = list(dict.fromkeys(abi_of(name) for name in options.abi or [None]))
    summed = abis if options.names else list(ABIS.values())
    made: dict[str, Made] = {abi.name: {name: classify(name, abi) for name in names} for abi in summed}
    data = {
        "abis": {abi.name: _sums(made[abi.name]) for abi in summed},
        "calls": {
            name: {abi.name: dict(zip(("made", "detail"), made[abi.name][name], strict=True)) for abi in abis}
            for name in names
        },
    }
    parts: list[Part] = [] if options.names else [_summary(made)]
    parts.append(_one(abis[0], made[abis[0].name]) if len(abis) == 1 else _several(names, abis, made))
    out.pages(data, *parts)
    return 0


def _chosen(every: frozenset[str], patterns: list[str]) -> set[str] | frozenset[str]:
    """The names that match any pattern, all where there is none."""
    if not patterns:
        return every
    found = set()
    for pattern in patterns:
        matches = {name for name in every if fnmatchcase(name, pattern)}
        if not matches:
            raise CommandError(str(numbers.UnknownCallError(pattern)))
        found |= matches
    return found


def _sums(made: Made) -> dict[str, int]:
    kinds = [kind for kind, _ in made.values()]
    return {kind: kinds.count(kind) for kind in KINDS}


def _summary(made: dict[str, Made]) -> Section:
    rows = tuple((abi, *(str(count) for count in _sums(calls).values())) for abi, calls in made.items())
    return Section("CALLS OF EVERY ABI", (Table(("ABI", *KINDS), rows), Text(MEANING)))


def _one(abi: ABI, made: Made) -> Section:
    rows = tuple((name, *how) for name, how in made.items())
    return Section(f"CALLS OF {abi.name}", (Table(("call", "made", "how"), rows),))


def _several(names: list[str], abis: list[ABI], made: dict[str, Made]) -> Section:
    """A line for each way in which a call is made, without numbers, which `pysys number` shows."""
    rows = []
    for name in names:
        ways: dict[tuple[str, str], list[str]] = {}
        for abi in abis:
            kind, detail = made[abi.name][name]
            ways.setdefault((kind, detail if kind in ("replaced", "refused") else ""), []).append(abi.name)
        for (kind, detail), where in ways.items():
            places = "every ABI shown" if len(where) == len(abis) else ", ".join(where)
            rows.append((name, kind, f"{detail}: {places}" if detail else places))
    return Section("CALLS", (Table(("call", "made", "how and where"), tuple(rows)),))
