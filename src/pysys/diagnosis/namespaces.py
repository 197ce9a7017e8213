"""The namespaces of this thread, and which of them are the ones that the kernel started with."""

from __future__ import annotations

import os

from pysys.diagnosis import kernel
from pysys.diagnosis.facts import Fact, unknown

KINDS = ("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts")
# The inodes of the first ones. Of net and mnt they are so from Linux 6.18 on.
_FIRST = {
    "ipc": 0xEFFFFFFF,
    "uts": 0xEFFFFFFE,
    "user": 0xEFFFFFFD,
    "pid": 0xEFFFFFFC,
    "cgroup": 0xEFFFFFFB,
    "time": 0xEFFFFFFA,
    "net": 0xEFFFFFF9,
    "mnt": 0xEFFFFFF8,
}
_LATE, _SINCE = frozenset(["net", "mnt"]), (6, 18)


def inode(kind: str) -> Fact:
    """The number of a namespace. kind: one of KINDS."""
    path = f"/proc/thread-self/ns/{kind}"
    try:
        return Fact(os.stat(path).st_ino, path)
    except OSError as error:
        return unknown(path, error)


def is_first(kind: str) -> Fact:
    """Whether it is the namespace that the kernel started with, the host's. kind: one of KINDS."""
    found = inode(kind)
    if not found:
        return found
    if found.value == _FIRST[kind]:
        return Fact(True, found.source)
    version = kernel.version()
    if kind not in _LATE or (version and version.value >= _SINCE):
        return Fact(False, found.source)
    if is_first("pid").value:  # then process 1 is in the first of each
        path = f"/proc/1/ns/{kind}"
        try:
            return Fact(os.stat(path).st_ino == found.value, path)
        except OSError as error:
            return unknown(path, error)
    return unknown(found.source, "before Linux 6.18 its number does not show it")
