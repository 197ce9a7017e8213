"""Runs contenders in turns, so that other work of the machine affects all of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Samples = dict[str, list[float]]


@dataclass(frozen=True)
class Figure:
    """One line of the table: what something takes, and what it is compared with."""

    group: str
    name: str
    value: float | None  # in `unit`; None: not measured here
    unit: str = "µs"
    against: str = ""
    ratio: float | None = None
    target: float | None = None  # the maximum of the ratio, or, without one, of the value
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it is within its target, at the two decimals that are shown; None: it has none."""
        measured = self.value if self.ratio is None else self.ratio
        if self.target is None or measured is None:
            return None
        return round(measured, 2) <= self.target


def in_turns(contenders: Mapping[str, Callable[[], float]], rounds: int) -> Samples:
    """Each contender's samples, one per round. A different contender begins each round."""
    names = list(contenders)
    samples: Samples = {name: [] for name in names}
    for contender in contenders.values():
        contender()  # the first run fills caches
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            samples[name].append(contenders[name]())
        if sys.stderr.isatty():
            print(f"\r{names[0]}, ...: {turn + 1}/{rounds} ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return samples


def ratio(samples: Samples, name: str, against: str) -> float:
    """The median of the rounds' ratios: both samples of a round were taken under the same conditions."""
    return median(a / b for a, b in zip(samples[name], samples[against], strict=True))


def excess(samples: Samples, name: str, against: str) -> float:
    """The median of the rounds' differences."""
    return median(a - b for a, b in zip(samples[name], samples[against], strict=True))
