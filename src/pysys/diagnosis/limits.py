"""The limits of this process: those of setrlimit, and how much of them is used."""

from __future__ import annotations

import os

from pysys.diagnosis.facts import Fact, read, unknown
from pysys.loading import load
from pysys.metadata.light import Record

_NAMES = (
    "as", "core", "cpu", "data", "fsize", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
    "rttime", "sigpending", "stack",
)  # fmt: skip


class ResourceLimit(Record):
    """A limit of setrlimit, soft and hard; -1 stands for no limit."""

    soft: int
    hard: int

    def __str__(self) -> str:
        soft, hard = ("unlimited" if one == -1 else str(one) for one in self)
        return soft if soft == hard else f"{soft}, hard {hard}"


def names() -> tuple[str, ...]:
    """The limits that there are, "nofile" for RLIMIT_NOFILE."""
    return _NAMES


def limit(name: str) -> Fact:
    """A limit of this process, as ResourceLimit.

    name: "nofile" for RLIMIT_NOFILE.
    """
    source = f"RLIMIT_{name.upper()}"
    resource = load("resource")
    number = getattr(resource, source, None)
    if number is None:
        number = _further(source)
    if number is None:
        return unknown(source, f"there is no {source} here")
    try:
        # Without a limit 2**64 - 1 since Python 3.15, and before that -1, or 2**63 - 1 with 32 bits.
        found = (-1 if one == resource.RLIM_INFINITY else one for one in resource.getrlimit(number))
        return Fact(ResourceLimit(*found), source)
    except (OSError, ValueError) as error:
        return unknown(source, error)


def _further(name: str) -> int | None:
    """The number of a limit that Python's module lacks."""
    found = getattr(load("pysys.flags"), name, None)
    return None if found is None else int(found)


def nproc() -> Fact:
    """How many tasks the user of this process has, and the limit of that: (tasks, soft limit).

    Only what /proc shows can be counted: tasks in other pid namespaces, or hidden ones, are missing.
    """
    found = limit("nproc")
    if not found:
        return found
    uid = os.getuid()
    try:
        entries = [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError as error:
        return unknown("/proc", error)
    if not entries:
        return unknown("/proc", "/proc shows no process")
    tasks = sum(tasks_of(name, uid) for name in entries)
    return Fact((tasks, found.value.soft), "/proc/PID/status, RLIMIT_NPROC")


def tasks_of(pid: str, uid: int) -> int:
    """How many tasks a process has, if this is its real user; 0 for others."""
    text = read(f"/proc/{pid}/status")
    fields = dict(line.split(":", 1) for line in text.value.splitlines() if ":" in line) if text else {}
    return int(fields["Threads"]) if fields.get("Uid", "").split()[:1] == [str(uid)] else 0
