"""Which arguments of a call a profile compares, and what is compared where there were many values."""

from __future__ import annotations

from pysys import abi as abis
from pysys import numbers, signatures
from pysys.seccomp import FIRST, MASKED, FilterCondition, lowered
from pysys.tracing import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

__all__ = ["FEW", "Values", "few", "is_same", "of_profile", "of_words"]

# The values that a call was made with: pairs of parameter and number. Empty: any.
Values = tuple[tuple[str, int], ...]
FEW = 4  # sets of values of a call, each of which is a rule
_MODES = "FileMode"  # permissions come from outside, with umask: what was seen says little
_SAME = "SCMP_CMP_EQ"

_compared: dict[tuple[str, str], tuple[tuple[str, int, int], ...]] = {}


def of_words(name: str, on: str, words: Sequence[int]) -> Values:
    """The values of a call, of those parameters that are flags, commands and the like."""
    found = _compared.get((name, on))
    if found is None:
        found = _compared[name, on] = tuple(_parameters(name, on))
    return tuple((parameter, words[index] & mask) for parameter, index, mask in found)


def _parameters(name: str, on: str) -> Iterable[tuple[str, int, int]]:
    """Of each parameter: its name, register, and the bits that the kernel takes."""
    where = abis.get(on)
    for slot in Plan(name, where).places or ():
        one = slot.parameter
        is_command = name == "ioctl" and one.name == "cmd"
        if one.kind == "int" and len(slot.words) == 1 and (is_command or one.flags not in ("", _MODES)):
            try:
                test = lowered(FilterCondition(one.name, None, "==", 0), name, where)
            except LookupError:  # another name in the ABI's own definition
                continue
            yield one.name, slot.words[0], test.mask


def few(seen: Iterable[Values]) -> list[Values] | None:
    """At most FEW sets of values that have all that was seen; None if any values are to be allowed.

    While there are more, the parameter with the most values is left out.
    """
    rows = [dict(one) for one in seen]
    names = list(rows[0]) if rows else []
    if any(row.keys() != rows[0].keys() for row in rows):
        return None
    while names:
        found = {tuple((name, row[name]) for name in names) for row in rows}
        if len(found) <= FEW:
            return sorted(found)
        names.remove(max(names, key=lambda name: len({row[name] for row in rows})))
    return None


def is_same(name: str, values: Values, on: Sequence[str]) -> bool:
    """Whether the values are compared in the same registers by all of these ABIs that have the call."""
    having = [where for where in map(abis.get, on) if name in numbers.table(where)]
    for parameter, value in values:
        try:
            tests = [lowered(FilterCondition(parameter, None, "==", value), name, where) for where in having]
        except (LookupError, ValueError):  # another name, or fewer bits
            return False
        places = {(test.low - FIRST) // 8 for test in tests}
        if len(places) > 1 or any(test.high is not None and abs(test.high - test.low) != 4 for test in tests):
            return False
    return True


def of_profile(name: str, on: str, arguments: Sequence[Mapping[str, Any]]) -> Values:
    """The values that a rule of a profile is about. Raises ValueError for what is not an equality."""
    where = abis.get(on)
    tests = {}
    for _, parameter in signatures.signature(name, where) or signatures.elsewhere(name) or ():
        try:
            test = lowered(FilterCondition(parameter, None, "==", 0), name, where)
        except LookupError:  # not in a register
            continue
        tests[(test.low - FIRST) // 8] = parameter, test.mask
    found = []
    for one in arguments:
        parameter, mask = tests.get(one["index"], ("", 0))
        if one["op"] == _SAME:
            value, compared = one["value"], (1 << where.register_bits) - 1
        else:
            value, compared = one.get("valueTwo") or 0, one["value"]
        if one["op"] not in (_SAME, MASKED) or compared != mask:
            raise ValueError(f"the profile compares arguments of {name} as a recording does not")
        found.append((parameter, value))
    return tuple(found)
