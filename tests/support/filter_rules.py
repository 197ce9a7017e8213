"""Rules of filters for tests: read by a second reader, and the arguments at which they may differ."""

from __future__ import annotations

import operator as op
import random
from collections.abc import Iterator, Sequence
from itertools import product

from pysys import abi, numbers, seccomp
from pysys.seccomp import Action, simulation

Plain = tuple[int, int | None, str, int]  # a condition: the argument's index, mask, operator, value
RuleOf = tuple[Action, str, list[Plain]]
OPERATORS = {"==": op.eq, "!=": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}


def run(
    program: Sequence[seccomp.Instruction], number: int, words: Sequence[int], on: str
) -> seccomp.FilterAction:
    """What a program decides, without a look at whether the kernel would take it."""
    where = abi.get(on)
    data = simulation._data(number, words, where, 0)
    return seccomp.action(simulation._Run(data, where).run(tuple(program))[0])


def outcome(action: Action, on: str) -> seccomp.FilterAction:
    return seccomp.action(action.value(abi.get(on)))


# ---- the rules, read by a second reader ----


def holds(plain: Plain, words: Sequence[int], on: str) -> bool:
    """Whether a condition on a complete register holds."""
    index, mask, operator, value = plain
    every = (1 << abi.get(on).register_bits) - 1
    word = words[index] & every
    if mask is not None:
        word &= mask
    compared = value & every & (every if mask is None else mask) if value < 0 else value
    return bool(OPERATORS[operator](word, compared))


def expected(rules: list[RuleOf], default: Action, name: str, words: Sequence[int], on: str) -> Action:
    for action, call, conditions in rules:
        if call == name and all(holds(one, words, on) for one in conditions):
            return action
    return default


def values_near(plain: Plain, on: str) -> list[int]:
    """Words at the ends of a condition: by one, by a half, by a bit, by the sign."""
    _, mask, _, value = plain
    bits = abi.get(on).register_bits
    found = {0, 1, (1 << bits) - 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 32, 1 << 63}
    for one in (value, 0 if mask is None else mask):
        found |= {
            one - 1,
            one,
            one + 1,
            one ^ 1 << 32,
            one ^ 1 << 31,
            one | 0xFFFFFFFF << 32,
            one & 0xFFFFFFFF,
        }
        found |= {one + (1 << 32), one - (1 << 32), one << 32, ~one}
    return sorted({one & ((1 << bits) - 1) for one in found})


def boundaries(rules: list[RuleOf], name: str, on: str, choose: random.Random) -> Iterator[list[int]]:
    """Arguments at the ends of the conditions on a call: all of one, and combinations of several."""
    conditions = [one for _, call, several in rules if call == name for one in several]
    yield [0] * 6
    yield [(1 << 64) - 1] * 6
    for plain in conditions:
        for value in values_near(plain, on):
            words = [choose.choice([0, other[3]]) if other else 0 for other in _by_index(conditions)]
            words[plain[0]] = value
            yield words
    for _, call, several in rules[:9]:
        if call == name and 1 < len(several) <= 3:
            for values in product(*(values_near(one, on)[:: len(several)] for one in several)):
                words = [0] * 6
                for one, value in zip(several, values, strict=True):
                    words[one[0]] = value
                yield words


def _by_index(conditions: list[Plain]) -> list[Plain | None]:
    found: list[Plain | None] = [None] * 6
    for one in conditions:
        found[one[0]] = one
    return found


def edges(on: Sequence[str]) -> list[int]:
    """Every number of the ABIs, and those around them."""
    every = {number for one in on for number in numbers.table(one).values()}
    every |= {0, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF}
    return sorted({near & 0xFFFFFFFF for one in every for near in (one - 1, one, one + 1)})
