"""Users, groups and capabilities, against what os and /proc say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from isolated import need_root

from pysys import calls, errors
from pysys.structures.records import Capabilities


def test_ids_and_groups_are_those_of_os() -> None:
    """Users and groups are what os gives."""
    assert calls.getresuid() == os.getresuid()
    assert calls.getresgid() == os.getresgid()
    assert calls.getgroups() == os.getgroups()


@pytest.mark.isolated
def test_groups_are_set_and_read() -> None:
    """What is set is read back, ids of more than 16 bits among them, many, and none."""
    need_root()
    for groups in ([0, 5, 70000], [*range(64)], [*range(65)], [*range(1000)], []):
        calls.setgroups(groups)
        assert calls.getgroups() == os.getgroups() == groups
    try:
        calls.setgroups([-7])
    except OverflowError:
        return
    raise AssertionError("an id of no group was taken")


def test_capget_is_what_proc_says() -> None:
    """The three sets are those in /proc, of this thread and of another process."""
    for pid in (0, os.getpid()):
        found = calls.capget(pid)
        lines = Path("/proc/thread-self/status").read_text().splitlines()
        told = dict(line.split(":\t") for line in lines if line.startswith("Cap"))
        for name, word in (("effective", "CapEff"), ("permitted", "CapPrm"), ("inheritable", "CapInh")):
            assert sum(1 << one for one in getattr(found, name)) == int(told[word], 16)
    with pytest.raises(errors.ESRCH):
        calls.capget(2**22 + 1)


@pytest.mark.isolated
def test_capset_drops_capabilities() -> None:
    """What is omitted is gone, above 32 as well as below, and does not come back."""
    before = calls.capget()
    if not {5, 34} <= before.permitted:
        need_root()
    for inheritable in ({5}, {34}, {5, 34}):  # each set has its own words
        apart = Capabilities(before.effective - {5, 34}, before.permitted, inheritable & before.permitted)
        calls.capset(apart)
        assert calls.capget() == apart
    left = Capabilities(before.effective - {5, 34}, before.permitted - {5, 34}, before.inheritable)
    calls.capset(left)
    assert calls.capget() == left
    for wrong, error in ((before, errors.EPERM), (Capabilities([64]), OverflowError)):
        try:
            calls.capset(wrong)
        except error:
            continue
        raise AssertionError(f"{wrong} was taken")
    assert calls.capget() == left
