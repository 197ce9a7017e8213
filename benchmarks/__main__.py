"""usage: python -m benchmarks [--quick] [--markdown | --json] [--no-pin] [--program PATH] [GROUP ...]"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from benchmarks import calls, creation, machine, reference, spawning, startup, table, tracing
from benchmarks.measure import Figure

GROUPS: dict[str, tuple[Callable[..., list[Figure]], int]] = {  # and rounds
    "calls": (calls.figures, 100),
    "creation": (creation.figures, 150),
    "spawning": (spawning.figures, 150),
    "startup": (startup.figures, 40),
    "reference": (reference.figures, 50),
    "tracing": (tracing.figures, 50),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What pysys costs, compared with what it replaces. Each figure is the median of "
        "rounds in which all contenders run in turns; each ratio is the median of the rounds' ratios. "
        "Everything runs on one CPU, so that nothing migrates.",
    )
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"{', '.join(GROUPS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rounds, to see that it works")
    parser.add_argument("--no-pin", action="store_true", help="let the kernel choose CPUs")
    parser.add_argument("--program", metavar="PATH", help="the program to start; default: a minimal one")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--markdown", action="store_true", help="a table as in docs/figures.md")
    shape.add_argument("--json", action="store_true", help="all figures, for other programs")
    options = parser.parse_args()
    if unknown := set(options.groups) - GROUPS.keys():
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    named = machine.describe()
    if not options.no_pin:
        cpu = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cpu})
        named["pinned to"] = f"CPU {cpu}"
    figures: list[Figure] = []
    for name, (measure, rounds) in GROUPS.items():
        if options.groups and name not in options.groups:
            continue
        more = {"program": options.program} if name == "spawning" else {}
        figures += measure(max(5, rounds // 10) if options.quick else rounds, **more)
    show = table.markdown if options.markdown else table.as_json if options.json else table.text
    print(show(figures, named))
    missed = [figure for figure in figures if figure.met is False]
    if missed:
        print(f"\n{len(missed)} missed", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
