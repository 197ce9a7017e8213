"""profiles.check: what a profile means, on any machine, and what the calls of a trace would meet."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from pysys import abi, metadata, numbers, profiles, seccomp
from pysys.metadata.load import version_key
from pysys.profiles import traces

HERE = abi.current().name


def oci(*rules: dict[str, Any], default: str = "SCMP_ACT_ERRNO") -> str:
    return json.dumps({"defaultAction": default, "syscalls": rules})


def allow(*names: str, **more: Any) -> dict[str, Any]:
    return {"names": names, "action": "SCMP_ACT_ALLOW", **more}


ONE = oci(
    allow("read", "write", "opeant", "statx", "nothing_like_it"),
    allow("socket", args=[{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]),
)


def test_every_call_is_in_one_list() -> None:
    """Allowed, refused, or decided by arguments, as the filter does."""
    found = profiles.check(ONE)
    rules = seccomp.from_oci(ONE)
    assert sorted([*found.allowed, *found.conditional, *found.refused]) == sorted(numbers.table())
    assert found.allowed == ("read", "statx", "write")
    assert found.conditional == (("socket",) if "socket" in numbers.table() else ())
    assert all(rules.explain(name).action.name == "ERRNO" for name in found.refused)
    assert (found.abi, found.default) == (HERE, "ERRNO(EPERM)")


@pytest.mark.parametrize("release", ["7.2.13+deb14-cloud-amd64", "7.2+", "7.2-rc1", "7.2"])
def test_any_release(release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What uname calls a kernel begins with its version."""
    name = os.uname()
    monkeypatch.setattr(os, "uname", lambda: os.uname_result((*name[:2], release, *name[3:])))
    assert profiles.check(oci(allow("read"))).allowed == ("read",)


def test_what_it_refuses_by_name() -> None:
    """Of a list that refuses, the rest is allowed."""
    found = profiles.check(oci({"names": ["mount"], "action": "SCMP_ACT_KILL"}, default="SCMP_ACT_ALLOW"))
    assert found.refused == ("mount",)
    assert found.default == "ALLOW"


def test_names_that_no_abi_has() -> None:
    """With what was probably meant; those that only other ABIs have are not wrong."""
    found = profiles.check(ONE)
    assert found.unknown == (("opeant", "openat, open or openat2"), ("nothing_like_it", ""))
    assert not found.is_clean and "did you mean openat, open or openat2?" in str(found)
    other = next(name for name in ("osf_wait4", "s390_pci_mmio_read") if name not in numbers.table())
    found = profiles.check(oci(allow("read", other)))
    assert found.elsewhere == (other,) and found.is_clean


def test_what_it_cannot_know() -> None:
    """Calls that are newer than the newest that it names: those of this kernel, and those to come."""
    found = profiles.check(ONE)
    assert (found.newest, found.since) == ("statx", "4.11")
    kernel = seccomp.kernel_version(os.uname().release)
    for name in numbers.table():
        since = metadata.pages[name].since
        is_newer = bool(since) and version_key(since) > (4, 11)
        is_here = bool(since) and version_key(since) <= kernel
        assert (name in found.new) == (is_newer and is_here), name
        assert (name in found.later) == (is_newer and not is_here), name
    # one that names the newest of them knows all that came before
    last = max(numbers.table(), key=lambda name: version_key(metadata.pages[name].since or "0"))
    assert profiles.check(oci(allow(last))).later == ()
    assert profiles.check(oci()).newest == ""


def test_lines_of_a_unit() -> None:
    """Groups count with their calls."""
    found = profiles.check("[Service]\nSystemCallFilter=@basic-io opeant\nSystemCallErrorNumber=EACCES\n")
    assert found.unknown == (("opeant", "openat, open or openat2"),)
    assert found.default == "ERRNO(EACCES)"
    assert "read" in found.allowed and "mount" in found.refused
    found = profiles.check("SystemCallFilter=~mount:EPERM")
    assert found.refused == ("mount",) and found.is_clean
    with pytest.raises(LookupError, match="@basci-io"):
        profiles.check("SystemCallFilter=@basci-io")
    with pytest.raises(ValueError, match="no SystemCallFilter="):
        profiles.check("[Service]\n")


def test_capabilities() -> None:
    """Rules that depend on them are there with them."""
    profile = oci(allow("mount", includes={"caps": ["CAP_SYS_ADMIN"]}))
    assert "mount" in profiles.check(profile).refused
    assert "mount" in profiles.check(profile, capabilities=["CAP_SYS_ADMIN"]).allowed


# ---- a trace ----

SHOWN = """\
execve("/bin/x", ["x"], [3 variables]) = 0
[12] +++ process of 11 +++
[12] read(3</etc/passwd>, "mount(", 10) = 10
[11] mkdir("x", 0o777) = 0
[pid   12] mkdir("y", 0777)        = 0
12    12:00:01.5 socket(AF_UNIX, SOCK_STREAM, 0 <unfinished ...>
12    <... socket resumed>) = 3
--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---
syscall_1999(0) = -1 ENOSYS
exit_group(0) = ?
"""


def test_calls_of_a_trace() -> None:
    """Each line that begins a call, as pysys and strace write it."""
    counts = {name: times for (name, _), times in traces.calls_of(SHOWN).items()}
    assert counts == {"execve": 1, "read": 1, "mkdir": 2, "socket": 1, "exit_group": 1}
    events = [
        {"event": "started", "name": "no call"},
        {"event": "call", "name": "read", "abi": "i386"},
        {"event": "call", "name": "syscall_1999", "abi": "i386"},
    ]
    text = "\n".join(map(json.dumps, events))
    assert traces.calls_of(text) == {("read", "i386"): 1}
    with pytest.raises(ValueError, match="no calls"):
        traces.calls_of("nothing\n")


@pytest.mark.skipif(not {"mkdir", "socket"} <= numbers.table().keys(), reason="the trace is of another ABI")
def test_what_a_trace_would_meet() -> None:
    """Refusals, with how often; and what depends on arguments, which are not known."""
    profile = oci(
        allow("read", "execve", "exit_group"),
        allow("socket", args=[{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]),
    )
    found = profiles.check(profile, against=SHOWN)
    assert found.meets is not None and not found.is_clean
    assert [(one.call, one.action, one.times) for one in found.meets] == [
        ("mkdir", "ERRNO(EPERM)", 2),
        ("socket", "", 1),
    ]
    assert "depends on its arguments" in found.meets[1].text
    assert profiles.check(profile).meets is None
    fine = profiles.check(profile, against='read(3, "", 1) = 0\n')
    assert fine.meets == () and fine.is_clean and "Nothing: each call" in str(fine)


def test_as_data() -> None:
    """It is what JSON can have, and says the same."""
    data = json.loads(json.dumps(profiles.check(ONE, against="read(1) = 0").as_data()))
    assert data["unknown"][0] == {"name": "opeant", "meant": "openat, open or openat2"}
    assert data["allowed"] == ["read", "statx", "write"] and data["meets"] == []
