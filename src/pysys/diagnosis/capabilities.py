"""What this thread may do: its capabilities, and the namespace that they hold in."""

from __future__ import annotations

import os

from pysys.diagnosis.facts import Fact, status, unknown
from pysys.loading import load

# The fields of a thread's status, by the name of the set.
SETS = {
    "effective": "CapEff",
    "permitted": "CapPrm",
    "inheritable": "CapInh",
    "bounding": "CapBnd",
    "ambient": "CapAmb",
}
_FIRST_USER_NAMESPACE = 0xEFFFFFFD  # the inode of the one that the kernel starts with


def names(bits: int) -> tuple[str, ...]:
    """The capabilities of a mask, by name; "capability 63" for one without."""
    known = {int(one): one.name for one in load("pysys.flags").Capability}
    return tuple(known.get(bit, f"capability {bit}") for bit in range(64) if bits >> bit & 1)


def held(which: str = "effective") -> Fact:
    """The capabilities of a set, by name. which: effective, permitted, inheritable, bounding, ambient."""
    found = status(SETS[which])
    if not found:
        return found
    return Fact(names(int(found.value, 16)), found.source)


def in_first_namespace(capability: str) -> bool:
    """Whether this thread is known to have a capability in the user namespace that the kernel starts with."""
    effective = held()
    if not effective or capability not in effective.value:
        return False
    return bool(is_first_user_namespace().value)


def is_first_user_namespace() -> Fact:
    """Whether this process is in the user namespace that the kernel starts with."""
    path = "/proc/self/ns/user"
    try:
        return Fact(os.stat(path).st_ino == _FIRST_USER_NAMESPACE, path)
    except OSError as error:
        return unknown(path, error)
