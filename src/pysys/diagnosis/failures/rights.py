"""Whether this thread has a capability where the kernel asks for it."""

from __future__ import annotations

from pysys import flags
from pysys.diagnosis import capabilities, identity, namespaces
from pysys.diagnosis.failures import privileges
from pysys.metadata.light import Record


def is_mapped(kind: str, number: int) -> bool | None:
    """Whether an id is one of this user namespace's: others are all shown as 65534. kind: "uid", "gid"."""
    found = identity.maps(kind)
    if not found:
        return None
    return any(first <= number < first + count for first, _, count in found.value)


class Right(Record):
    """A capability, and whether it is there. held: None if it is not known. read: what shows it."""

    held: bool | None
    read: str


def has(capability: int) -> bool | None:
    """Whether it is among the effective capabilities."""
    held = capabilities.held()
    return flags.Capability(capability).name in held.value if held else None


def right(capability: int, over: str = "first") -> Right:
    """A capability in the namespace where it is asked for.

    over: "first": the user namespace that the kernel starts with. "own": that of this thread. Otherwise a
        kind of namespace, "net": the user namespace that owns this thread's.
    """
    name, held = flags.Capability(capability).name, has(capability)
    if held is None:
        return Right(None, "the capabilities cannot be read")
    shown = f"{name} is {'' if held else 'not '}among the effective capabilities"
    if over == "own" or (over == "first" and not held):
        return Right(held, shown)
    if over == "first":
        first = namespaces.is_first("user")
        if not first:
            return Right(None, f"{shown}; whether this is the first user namespace is not known")
        if first.value:
            return Right(True, shown)
        return Right(False, f"{shown}, and this is not the first user namespace, where it would count")
    found = privileges.over(f"/proc/thread-self/ns/{over}", name)
    if not found:
        return Right(None, f"{shown}; {found.unknown}")
    return Right(bool(found.value), found.source)
