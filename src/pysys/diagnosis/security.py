"""The security modules, and what Landlock can do here."""

from __future__ import annotations

import os

from pysys import numbers
from pysys._native import lib
from pysys.diagnosis.facts import Fact, read, unknown
from pysys.loading import load

_CREATE_RULESET_VERSION = 1
# The rights of Landlock by the version that brought them: how many bits of each kind there are from then on.
_RIGHTS = {
    "LandlockAccessFs": {1: 13, 2: 14, 3: 15, 5: 16, 9: 17},
    "LandlockAccessNet": {4: 2, 10: 4},
    "LandlockScope": {6: 2},
}


def modules() -> Fact:
    """The security modules that are active, in order: "landlock", "apparmor"."""
    found = read("/sys/kernel/security/lsm")
    if found:
        return Fact(tuple(found.value.split(",")), found.source)
    try:
        listed = load("pysys.calls").lsm_list_modules()
    except OSError as error:
        return unknown("lsm_list_modules", f"{error.strerror} (lsm_list_modules), and {found.unknown}")
    names = (getattr(one, "name", str(one)).removeprefix("LSM_ID_").lower() for one in listed)
    return Fact(tuple(names), "lsm_list_modules")


def context() -> Fact:
    """What the module with labels says of this process: "unconfined", a profile of AppArmor, a label."""
    found = read("/proc/thread-self/attr/current")
    return Fact(found.value.strip("\0\n"), found.source) if found else found


def landlock() -> Fact:
    """The version of Landlock's interface; 0 if the kernel has none, or none that is switched on."""
    source = "landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION)"
    number = numbers.number("landlock_create_ruleset")
    answer = lib.pysys_syscall3(number, 0, 0, _CREATE_RULESET_VERSION)
    if answer > 0:
        return Fact(int(answer), source)
    if answer == 0:
        return unknown(source, "a filter answers 0")
    return unknown(source, OSError(-answer, os.strerror(-answer)))


def landlock_rights() -> Fact:
    """The rights that this version of Landlock knows, by name."""
    version = landlock()
    if not version:
        return version
    flags = load("pysys.flags")
    names: list[str] = []
    for kind, bits in _RIGHTS.items():
        count = max((bits[since] for since in bits if since <= version.value), default=0)
        names += [one.name for one in getattr(flags, kind) if 0 < int(one) < 1 << count]
    return Fact(tuple(names), version.source)
