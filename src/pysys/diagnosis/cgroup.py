"""The cgroups of this process, and their limits, up to the highest that can be seen."""

from __future__ import annotations

import os

from pysys.diagnosis.facts import Fact, read, unknown
from pysys.metadata.light import Record

CONTROLLERS = ("cpu", "memory", "pids")
# Of each controller, in version 2 and 1: the file with the limit, and the one with what is used.
_FILES = {
    "cpu": (("cpu.max", ""), ("cpu.cfs_quota_us", "")),
    "memory": (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")),
    "pids": (("pids.max", "pids.current"), ("pids.max", "pids.current")),
}
# What a version 1 limit of memory is where there is none: the largest number of pages.
_NO_MEMORY_LIMIT = 1 << 60


class CgroupLimit(Record):
    """A limit of a cgroup.

    path: the cgroup's folder. limit: as its file has it, "max" for none. used: how much of it is, "" if that
    is not known.
    """

    path: str
    limit: str
    used: str


def paths() -> Fact:
    """The cgroups of this thread, by controller; "" is that of version 2."""
    found = read("/proc/thread-self/cgroup")
    if not found:
        return found
    named: dict[str, str] = {}
    for line in found.value.splitlines():
        _, controllers, path = line.split(":", 2)
        named |= dict.fromkeys(controllers.split(","), path)
    return Fact(named, found.source)


def limits(controller: str) -> Fact:
    """The limits of a controller: those of this process's cgroup and of all above it, as CgroupLimit.

    controller: "cpu", "memory", "pids".

    A cgroup namespace, or a mount of a part, hides those above.
    """
    named, mounts = paths(), read("/proc/self/mountinfo")
    if not named:
        return named
    if not mounts:
        return mounts
    source = "/proc/thread-self/cgroup, /proc/self/mountinfo"
    for line in mounts.value.splitlines():
        fields = line.split()
        kind, options = fields[fields.index("-") + 1], fields[-1].split(",")
        version = 2 if kind == "cgroup2" else 1 if kind == "cgroup" and controller in options else 0
        own = named.value.get("" if version == 2 else controller)
        if version and own is not None:
            found = list(_upwards(fields[4], fields[3], own, _FILES[controller][2 - version]))
            if found or version == 1:
                return Fact(tuple(found), source)
    return unknown(source, f"no mount shows the limits of {controller}")


def _upwards(mount: str, root: str, own: str, files: tuple[str, str]) -> list[CgroupLimit]:
    """The limits from a process's cgroup up to the root of a mount."""
    inner = os.path.relpath(own, root)
    found = []
    while not inner.startswith(".."):
        folder = os.path.normpath(os.path.join(mount, inner))
        limit = read(os.path.join(folder, files[0]))
        if limit:
            used = read(os.path.join(folder, files[1])) if files[1] else unknown("", "not counted")
            found.append(CgroupLimit(folder, _plain(limit.value), used.value or ""))
        if inner == ".":
            break
        inner = os.path.dirname(inner) or "."
    return found


def _plain(limit: str) -> str:
    """What version 1 says without a limit, as version 2 does."""
    return "max" if limit == "-1" or (limit.isdecimal() and int(limit) >= _NO_MEMORY_LIMIT) else limit
