"""What a traced program takes, under pysys trace and under strace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.measure import Figure, excess, in_turns, ratio

CALLS = 100_000
RARE = "openat"
GROUP = f"a program that makes {CALLS:,} cheap calls"
PYSYS = [sys.executable, "-m", "pysys", "trace", "-o", os.devnull]
STRACE = ["strace", "-f", "-qq", "-o", os.devnull]


def _run(command: list[str]) -> Callable[[], float]:
    def sample() -> float:
        start = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return perf_counter() - start

    return sample


def figures(rounds: int) -> list[Figure]:
    """Complete runs, with the start of the tracer; and, of those with a filter, without it."""
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder, "traced"))
        source = str(Path(__file__).parent / "traced.c")
        subprocess.run([os.environ.get("CC") or "cc", "-O2", "-o", program, source], check=True)
        command = [program, str(CALLS)]
        contenders = {
            "alone": _run(command),
            "pysys trace -c": _run([*PYSYS, "-c", "--", *command]),
            "pysys trace": _run([*PYSYS, "--", *command]),
            f"pysys trace -e {RARE}": _run([*PYSYS, "-e", RARE, "--", *command]),
            f"pysys trace -e {RARE}, no calls": _run([*PYSYS, "-e", RARE, "--", program]),
        }
        if shutil.which("strace"):
            contenders |= {
                "strace -f -c": _run([*STRACE, "-c", *command]),
                "strace -f": _run([*STRACE, *command]),
                f"strace -f --seccomp-bpf -e {RARE}": _run([*STRACE, "--seccomp-bpf", "-e", RARE, *command]),
            }
        samples = in_turns(contenders, rounds)
    against = dict(
        zip(
            ("pysys trace -c", "pysys trace", f"pysys trace -e {RARE}"),
            ("strace -f -c", "strace -f", f"strace -f --seccomp-bpf -e {RARE}"),
            strict=True,
        )
    )
    result = []
    for name, found in samples.items():
        other = against.get(name, "")
        compared = ratio(samples, name, other) if other in samples else None
        result.append(Figure(GROUP, name, median(found) * 1e3, "ms", other if compared else "", compared))
    more = excess(samples, f"pysys trace -e {RARE}", f"pysys trace -e {RARE}, no calls")
    alone = median(samples["alone"])
    note = "calls that are not wanted"
    result.append(
        Figure(GROUP, "the calls, under a filter", more * 1e3, "ms", "alone", more / alone, note=note)
    )
    return result
