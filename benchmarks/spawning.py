"""Programs started and waited for: with spawn, Popen, Python's functions, and vfork and exec in C."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.beside import bare, compiled, helper
from benchmarks.measure import Figure, in_turns, ratio
from pysys import Popen, spawn

BATCH = 5
LARGE = 2048  # MiB
ARGUMENTS = 100
VARIABLES = 35
DESCRIPTORS = {1_000: 0.50, 19_900: 0.10}  # how many are open, and the target


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
    env = {f"VARIABLE_{number}": f"the value of {number}" for number in range(VARIABLES)}

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
        f"subprocess.Popen, env of {VARIABLES}": _timed(lambda: subprocess.Popen(argv, env=env).wait()),
        f"spawn, env of {VARIABLES}": _timed(lambda: spawn(argv, env=env).wait()),
    }


@contextmanager
def open_descriptors(count: int) -> Iterator[bool]:
    """Have that many more open; whether this process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = count + 100
    try:
        if soft < needed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(hard, needed)))
    except (OSError, ValueError):
        yield False
        return
    opened = [os.open(os.devnull, os.O_RDONLY)]
    opened += [os.dup(opened[0]) for _ in range(count - 1)]
    try:
        yield True
    finally:
        for number in opened:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def bare_figures(rounds: int, program: str | None) -> list[Figure]:
    """What a start takes for its arguments and for the descriptors that are open here."""
    group = "spawn and wait, a program of a few instructions"
    if program is None:
        return [Figure(group, "spawn", None, note="no C compiler, or none that can make it")]
    figures = []
    argv, long = [program], [program, *["argument"] * ARGUMENTS]
    for what, words, count, target in (
        ("", argv, 0, None),
        (f", {ARGUMENTS} arguments", long, 0, 0.75),
        *((f", {count:,} descriptors open", argv, count, target) for count, target in DESCRIPTORS.items()),
    ):
        sides = {
            "subprocess.Popen": _timed(lambda words=words: subprocess.Popen(words).wait()),  # type: ignore[misc]  # a lambda's default
            "spawn": _timed(lambda words=words: spawn(words).wait()),  # type: ignore[misc]  # likewise
        }
        with open_descriptors(count) if count else nullcontext(True) as may:
            samples = in_turns(sides, rounds) if may else {}
        for name, against in (("subprocess.Popen", ""), ("spawn", "subprocess.Popen")):
            figures.append(
                Figure(
                    group,
                    name + what,
                    median(samples[name]) * 1e6 if samples else None,
                    against=against,
                    ratio=ratio(samples, name, against) if samples and against else None,
                    target=target if against else None,
                    note="" if samples else "RLIMIT_NOFILE is lower",
                )
            )
    return figures


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
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        own = compiled(folder)
        started = program or own or shutil.which("true") or "/bin/true"
        sides = contenders(started)
        if own:
            sides["C, vfork and exec"] = stack.enter_context(helper(BATCH, own, started))
        for name, size in (("spawn from 10 MB", 0), (f"spawn from {large} MB", large)):
            command = (sys.executable, "-m", "benchmarks.resident", str(size), started)
            sides[name] = stack.enter_context(helper(BATCH, *command))
        samples = in_turns(sides, rounds)
        few = bare_figures(max(5, rounds // 3), bare(folder)) if program is None else []

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
        line("spawn", "os.posix_spawn", 0.8),
        line("spawn", "subprocess.Popen", 0.85),
        line("spawn", c, 1.3),
        line("spawn, no pidfd", c),
        line("pysys.Popen", "subprocess.Popen", 0.95),
        line(f"spawn, env of {VARIABLES}", f"subprocess.Popen, env of {VARIABLES}", 0.9),
        line("spawn from 10 MB", note="an interpreter and nothing more"),
        line(
            f"spawn from {large} MB",
            "spawn from 10 MB",
            1.5,
            "" if large == LARGE else "as much as this machine can hold",
        ),
        *few,
    ]
