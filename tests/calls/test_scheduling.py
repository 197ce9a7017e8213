"""Scheduling: attributes, CPUs, time slices, nodes of memory, against what os and /proc say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pysys import calls, errors, structures, syscall


def test_attributes_are_what_os_says() -> None:
    """Policy and nice value are those that other calls say; the structure's size is the kernel's."""
    found = calls.sched_getattr()
    assert found.sched_policy == syscall("sched_getscheduler", 0)
    assert found.sched_nice == os.getpriority(os.PRIO_PROCESS, 0)
    assert 48 <= found.size <= structures.sched_attr.nbytes
    with pytest.raises(errors.ESRCH):
        calls.sched_getattr(2**22 + 1)


@pytest.mark.isolated
def test_attributes_are_set() -> None:
    """A policy and a nice value that are set are there, and the caller's structure is as it was."""
    wanted = structures.sched_attr(sched_policy=os.SCHED_BATCH, sched_nice=19)
    calls.sched_setattr(0, wanted)
    assert syscall("sched_getscheduler", 0) == os.SCHED_BATCH
    assert os.getpriority(os.PRIO_PROCESS, 0) == 19
    assert bytes(wanted)[:4] == bytes(4)
    wanted.size = 47  # one less than the first version had: a size that is given is what the kernel is told
    with pytest.raises(errors.E2BIG):
        calls.sched_setattr(0, wanted)


@pytest.mark.isolated
def test_cpus_are_those_of_os() -> None:
    """What is set is read back, here and by os; no CPU at all is EINVAL."""
    before = os.sched_getaffinity(0)
    assert calls.sched_getaffinity() == before
    one = {max(before)}
    calls.sched_setaffinity(0, one | {1000})  # which there is not
    assert calls.sched_getaffinity(0) == os.sched_getaffinity(0) == one
    for wrong, error in ((set(), errors.EINVAL), ({-1}, OverflowError), ({1 << 30}, OverflowError)):
        try:
            calls.sched_setaffinity(0, wrong)
        except error:
            continue
        raise AssertionError(f"{wrong} was taken")


def test_the_time_slice_is_what_os_says() -> None:
    """The interval is that of os.sched_rr_get_interval."""
    assert calls.sched_rr_get_interval().seconds == os.sched_rr_get_interval(0)
    assert calls.sched_rr_get_interval(os.getpid()) == calls.sched_rr_get_interval()


def test_the_policy_of_memory() -> None:
    """By default there is none; the nodes that may be used are those in /proc."""
    try:
        policy, nodes = calls.get_mempolicy()
    except (errors.ENOSYS, errors.EPERM) as error:
        pytest.skip(f"no NUMA here: {error}")
    assert (policy, nodes) == (0, set())
    _, allowed = calls.get_mempolicy(None, 4)  # MPOL_F_MEMS_ALLOWED
    lines = Path("/proc/self/status").read_text().splitlines()
    (told,) = [line.split("\t")[1] for line in lines if line.startswith("Mems_allowed_list")]
    ranges = [[int(end) for end in one.split("-")] for one in told.split(",")]
    assert allowed == {node for one in ranges for node in range(one[0], one[-1] + 1)}
    with pytest.raises(errors.EINVAL):
        calls.get_mempolicy(None, 0x4000)
