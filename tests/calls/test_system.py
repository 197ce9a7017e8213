"""uname, sethostname, sysinfo, getrandom and getcpu, against what os and /proc say."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pysys import calls, errors
from pysys.flags import CloneFlags


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
    with pytest.raises(ValueError, match=r"len: -1 is out of range \(0 to"):
        calls.getrandom(-1)


def test_getcpu_is_one_that_this_thread_may_run_on() -> None:
    """The CPU is in the set that os.sched_getaffinity gives, and the node is one that exists."""
    cpu, node = calls.getcpu()
    assert cpu in os.sched_getaffinity(0)
    nodes = Path("/sys/devices/system/node")
    assert node == 0 or (nodes / f"node{node}").exists()


@pytest.mark.isolated
def test_names_of_a_namespace() -> None:
    """The host's and the domain's name, as str or bytes, their length by default all of it."""
    try:
        calls.unshare(CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWUTS)
    except (errors.EPERM, errors.ENOSPC, errors.EINVAL):
        pytest.skip("no user namespaces here")
    before = calls.uname()
    for name, expected in (("box", b"box"), (b"b\xffx", b"b\xffx"), (bytearray(b"x"), b"x"), ("", b"")):
        calls.sethostname(name)
        assert calls.uname().nodename == expected
        calls.setdomainname(name)
        assert calls.uname().domainname == expected
    calls.sethostname("b\udcffx")  # a byte that is not a character, as os has it
    assert calls.uname().nodename == b"b\xffx"
    calls.sethostname("boxes", 3)
    calls.setdomainname(b"boxes", len=4)
    assert (calls.uname().nodename, calls.uname().domainname) == (b"box", b"boxe")
    for call in (calls.sethostname, calls.setdomainname):
        with pytest.raises(errors.EINVAL):
            call("x" * 65)
        with pytest.raises(ValueError, match=f"{call.__name__}: name"):
            call("box", 4)
    assert calls.uname().release == before.release


@pytest.mark.parametrize("call", [calls.sethostname, calls.setdomainname])
def test_what_is_not_a_name(call: Callable[..., None]) -> None:
    """What is neither text nor memory is refused by name before the kernel is asked."""
    for wrong in (None, 5, ["box"], object()):
        with pytest.raises(TypeError, match=rf"^{call.__name__}: name must be "):
            call(wrong)
    with pytest.raises(TypeError, match=rf"^{call.__name__}: len must be an int"):
        call("box", "3")
    with pytest.raises(OverflowError, match=rf"^{call.__name__}: len: "):
        call("box", 1 << 31)
