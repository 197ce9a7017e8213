"""Programs started and waited for: with spawn, Popen, Python's functions, and vfork and exec in C."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.beside import compiled, helper
from benchmarks.measure import Figure, in_turns, ratio
from pysys import Popen, spawn

BATCH = 5
LARGE = 2048  # MiB


def _timed(start: Callable[[], object]) -> Callable[[], float]:
    def sample() -> float:
        begin = perf_counter()
        for _ in range(BATCH):
            start()
        return (perf_counter() - begin) / BATCH

    return sample


def contenders(program: str) -> dict[str, Callable[[], float]]:
    """The contenders that run in this process."""
    argv = [program]

    def forked() -> None:
        pid = os.fork()
        if pid == 0:
            os.execv(program, argv)
        os.waitpid(pid, 0)

    return {
        "os.posix_spawn": _timed(lambda: os.waitpid(os.posix_spawn(program, argv, os.environ), 0)),
        "subprocess.Popen": _timed(lambda: subprocess.Popen(argv).wait()),
        "os.fork and exec": _timed(forked),
        "spawn": _timed(lambda: spawn(argv).wait()),
        "spawn, no pidfd": _timed(lambda: spawn(argv, pidfd=False).wait()),
        "pysys.Popen": _timed(lambda: Popen(argv).wait()),
    }


def large_size() -> int:
    """LARGE, or as much of it as this machine can hold, in MiB."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return min(LARGE, int(line.split()[1]) // 1024 // 2)
    return 0


def figures(rounds: int, program: str | None = None) -> list[Figure]:
    """Start and wait, compared with os, subprocess and C; then from a small and from a large process."""
    large = large_size()
    with ExitStack() as stack:
        own = compiled(stack.enter_context(tempfile.TemporaryDirectory()))
        started = program or own or shutil.which("true") or "/bin/true"
        sides = contenders(started)
        if own:
            sides["C, vfork and exec"] = stack.enter_context(helper(BATCH, own, started))
        for name, size in (("spawn from 10 MB", 0), (f"spawn from {large} MB", large)):
            command = (sys.executable, "-m", "benchmarks.resident", str(size), started)
            sides[name] = stack.enter_context(helper(BATCH, *command))
        samples = in_turns(sides, rounds)

    group = "spawn and wait, a program that ends at once" if program is None else f"spawn, {program}"

    def line(name: str, against: str = "", target: float | None = None, note: str = "") -> Figure:
        if name not in samples or (against and against not in samples):
            return Figure(group, name, None, against=against, target=target, note="no C compiler")
        value = ratio(samples, name, against) if against else None
        return Figure(group, name, median(samples[name]) * 1e6, "µs", against, value, target, note)

    c = "C, vfork and exec"
    return [
        line(c, note="" if program else "the minimum on this kernel"),
        line("os.posix_spawn", c),
        line("subprocess.Popen", c),
        line("os.fork and exec", c),
        line("spawn", "os.posix_spawn", 0.9),
        line("spawn", "subprocess.Popen", 0.9),
        line("spawn", c, 1.3),
        line("spawn, no pidfd", c),
        line("pysys.Popen", "subprocess.Popen"),
        line("spawn from 10 MB", note="an interpreter and nothing more"),
        line(
            f"spawn from {large} MB",
            "spawn from 10 MB",
            1.5,
            "" if large == LARGE else "as much as this machine can hold",
        ),
    ]
