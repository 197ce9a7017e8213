"""uname, sysinfo, getrandom and getcpu, against what os and /proc say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pysys import calls, errors


def test_uname_is_what_os_says() -> None:
    """All names, as bytes, and the domain that os leaves out."""
    found = calls.uname()
    told = os.uname()
    assert found.sysname == b"Linux"
    assert [found.nodename, found.release, found.version] == [os.fsencode(told[one]) for one in (1, 2, 3)]
    assert found.domainname == Path("/proc/sys/kernel/domainname").read_bytes().strip()


def test_sysinfo_is_what_proc_says() -> None:
    """Memory and the time since boot are those of /proc."""
    before = float(Path("/proc/uptime").read_text().split()[0])
    found = calls.sysinfo()
    assert int(before) <= found.uptime <= before + 60
    meminfo = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    assert found.totalram * found.mem_unit == int(meminfo["MemTotal"].split()[0]) * 1024
    assert len(found.loads) == 3 and found.procs > 0


def test_getrandom() -> None:
    """As many bytes as asked for, not the same twice; flags are the kernel's to judge."""
    assert len(calls.getrandom(100, 1)) == 100
    assert calls.getrandom(16) != calls.getrandom(16)
    assert calls.getrandom(0) == b""
    with pytest.raises(errors.EINVAL):
        calls.getrandom(1, 0x100)
    with pytest.raises(ValueError, match="at least 0"):
        calls.getrandom(-1)


def test_getcpu_is_one_that_this_thread_may_run_on() -> None:
    """The CPU is in the set that os.sched_getaffinity gives, and the node is one that exists."""
    cpu, node = calls.getcpu()
    assert cpu in os.sched_getaffinity(0)
    nodes = Path("/sys/devices/system/node")
    assert node == 0 or (nodes / f"node{node}").exists()
