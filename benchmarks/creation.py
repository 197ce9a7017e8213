"""Processes that return to Python: made, ended at once, waited for."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.measure import Figure, in_turns, ratio
from pysys import CloneArgs, clone, clone3, fork, vfork

BATCH = 5


def _cycle(create: Callable[[], int]) -> None:
    pid = create()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _timed(create: Callable[[], int]) -> Callable[[], float]:
    def sample() -> float:
        start = perf_counter()
        for _ in range(BATCH):
            _cycle(create)
        return (perf_counter() - start) / BATCH

    return sample


def faults(create: Callable[[], int], times: int = 100) -> float:
    """Page faults of one cycle, in parent and child. They explain the difference between contenders, and
    do not depend on what else the machine does."""

    def counted() -> int:
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return sum(resource.getrusage(one).ru_minflt for one in who)

    _cycle(create)
    before = counted()
    for _ in range(times):
        _cycle(create)
    return (counted() - before) / times


CREATE: dict[str, Callable[[], int]] = {
    "os.fork": os.fork,
    "fork": fork,
    'fork(entry="kernel")': lambda: fork(entry="kernel"),
    "vfork": vfork,
    "clone": clone,
    "clone3": lambda: clone3(CloneArgs()),
}
# From Python 3.12 on os.fork also counts threads.
_TARGET = 1.02 if sys.version_info < (3, 12) else 1.0
TARGETS = {"fork": _TARGET, "clone": _TARGET}


def figures(rounds: int) -> list[Figure]:
    """fork, vfork, clone and clone3 against os.fork."""
    samples = in_turns({name: _timed(create) for name, create in CREATE.items()}, rounds)
    return [
        Figure(
            "fork, exit, wait",
            name,
            median(samples[name]) * 1e6,
            against="" if name == "os.fork" else "os.fork",
            ratio=None if name == "os.fork" else ratio(samples, name, "os.fork"),
            target=TARGETS.get(name),
            note=f"{faults(create):.0f} page faults",
        )
        for name, create in CREATE.items()
    ]
