"""Who makes mounts in tests: root, or a user without privileges who has a user namespace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from isolated import need_root
from surroundings import no_namespace

import pysys
from pysys import syscall

WHO = ("root", "rootless")
USER = 1234
_NEWIPC, _NEWPID, _NEWNET = 0x08000000, 0x20000000, 0x40000000
_PR_SET_DUMPABLE = 4


def become_user() -> None:
    """Be a user without privileges from now on, as if it had never had more."""
    pysys.preload()  # its files may be root's
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
        syscall("prctl", _PR_SET_DUMPABLE, 1)


def become(who: str) -> dict[str, Any]:
    """Be that user from now on. Returns spawn's arguments with which it may mount everything."""
    if why := no_namespace("mnt"):
        pytest.skip(f"no mount namespace: {why}")
    pysys.preload()  # as in become_user
    if who == "root":
        need_root()
        return {"namespaces": _NEWIPC | _NEWPID | _NEWNET}
    become_user()
    if why := no_namespace("user"):
        pytest.skip(f"no user namespace: {why}")
    maps = {"uid_map": [(0, os.getuid(), 1)], "gid_map": [(0, os.getgid(), 1)]}
    return {"namespaces": _NEWIPC | _NEWPID | _NEWNET, **maps}


def mounted(text: str) -> dict[str, tuple[str, set[str]]]:
    """Of a mountinfo, by the place: the type of file system, and the options of the mount and of the file
    system, with what is said of propagation. Of several in a place, the last."""
    found = {}
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        _, _, _, _, place, options, *peers = before.split()
        kind, _, more = after.split(" ", 2)
        found[place] = (kind, {*options.split(","), *more.split(","), *(one.split(":")[0] for one in peers)})
    return found


def mounts_here() -> str:
    return Path("/proc/self/mountinfo").read_text()
