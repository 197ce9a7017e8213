"""What this thread may do: its capabilities, and the namespace that they hold in."""

from __future__ import annotations

from pysys.arguments.capabilities import NAMES
from pysys.arguments.capabilities import names as names
from pysys.diagnosis import namespaces
from pysys.diagnosis.facts import Fact, status, sysctl, unknown
from pysys.loading import load

# The fields of a thread's status, by the name of the set.
SETS = {
    "effective": "CapEff",
    "permitted": "CapPrm",
    "inheritable": "CapInh",
    "bounding": "CapBnd",
    "ambient": "CapAmb",
}

_ASKED = frozenset(["effective", "permitted", "inheritable"])  # which capget shows, too


def known() -> tuple[str, ...]:
    """All capabilities that this kernel has."""
    last = sysctl("kernel.cap_last_cap")
    return names((2 << int(last.value)) - 1 if last else (1 << len(NAMES)) - 1)


def held(which: str = "effective") -> Fact:
    """The capabilities of a set, by name. which: effective, permitted, inheritable, bounding, ambient."""
    found = status(SETS[which])
    if found:
        return Fact(names(int(found.value, 16)), found.source)
    if which not in _ASKED:
        return found
    try:
        bits = getattr(load("pysys.calls").capget(), which)
    except OSError as error:
        return unknown("capget", f"{error.strerror} (capget), and {found.unknown}")
    return Fact(names(sum(1 << int(one) for one in bits)), "capget")


def in_first_namespace(capability: str) -> bool:
    """Whether this thread is known to have a capability in the user namespace that the kernel starts with."""
    effective = held()
    if not effective or capability not in effective.value:
        return False
    return bool(namespaces.is_first("user").value)
