"""Each fact is what the kernel says elsewhere, or unknown with a reason; all of them together."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import tempfile
from pathlib import Path

import isolated
import pytest

import pysys
from pysys import abi, flags, numbers, seccomp
from pysys.diagnosis import (
    capabilities,
    cgroup,
    facts,
    filters,
    identity,
    kernel,
    limits,
    namespaces,
    place,
    profiles,
    programs,
    security,
)
from pysys.metadata import profiles as published

NOTHING = facts.unknown("nothing", "nobody knows")


def test_all_at_once() -> None:
    """Every fact has a value or a reason, every call a verdict; text and JSON have all of it."""
    with isolated.nothing_left():
        found = pysys.probe()
    for topic, named in found.facts.items():
        for name, one in named.items():
            assert (one.value is None) == bool(one.unknown), (topic, name)
            assert one.source, (topic, name)
            assert f"{name}: {place.shown(one)}" in str(found)
    assert found.calls.keys() == numbers.table().keys()
    assert sum(found.counts().values()) == len(numbers.table())
    data = json.loads(json.dumps(found.as_dict()))
    assert data["facts"]["kernel"]["release"]["value"] == os.uname().release
    assert data["calls"].keys() == found.calls.keys()
    assert data["counts"] == found.counts()
    assert repr(found).startswith("<Place: ")


def test_identity() -> None:
    """Users, groups and what was given up, as this process knows them."""
    assert [*identity.users().value.values()][:3] == [*os.getresuid()]
    assert [*identity.groups().value.values()][:3] == [*os.getresgid()]
    assert sorted(identity.further_groups().value) == sorted(os.getgroups())
    assert identity.maps("uid").value == tuple(
        tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()
    )


@pytest.mark.isolated
def test_what_changes() -> None:
    """no_new_privs, securebits and capabilities change, and so do the facts."""
    from pysys import calls

    was = identity.no_new_privs()
    calls.prctl(flags.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    assert was and identity.no_new_privs().value is True
    if "CAP_SETPCAP" in capabilities.held().value:
        calls.prctl(flags.PR_SET_SECUREBITS, flags.SECBIT_NOROOT, 0, 0, 0)
        assert "SECBIT_NOROOT" in identity.securebits().value
        calls.prctl(flags.PR_CAPBSET_DROP, flags.CAP_SYS_BOOT, 0, 0, 0)
        assert "CAP_SYS_BOOT" not in capabilities.held("bounding").value
    if os.geteuid() == 0:
        os.setresuid(65534, 65534, 65534)
    assert capabilities.held().value == ()
    assert not capabilities.in_first_namespace("CAP_SYS_ADMIN")


def test_capabilities() -> None:
    """The effective ones are those of the mask; names and bits are the kernel's."""
    mask = int(facts.status("CapEff").value, 16)
    assert sum(1 << getattr(flags, name) for name in capabilities.held().value) == mask
    assert capabilities.names(1 << 63 | 1) == ("CAP_CHOWN", "capability 63")
    assert set(capabilities.held("bounding").value) <= set(capabilities.known())
    every = capabilities.known()
    assert place.shown(facts.Fact(every, "")) == f"all {len(every)}"
    assert place.shown(facts.Fact(every[1:], "")) == "all but CAP_CHOWN"
    assert place.shown(facts.Fact(every[:1], "")) == "CAP_CHOWN"


@pytest.mark.isolated
def test_namespaces() -> None:
    """A new namespace is not the first one; one of net before Linux 6.18 is compared with process 1's."""
    assert {one.value for one in map(namespaces.inode, namespaces.KINDS)} >= {
        os.stat("/proc/self/ns/uts").st_ino
    }
    try:
        pysys.calls.unshare(flags.CLONE_NEWUSER | flags.CLONE_NEWUTS | flags.CLONE_NEWNET)
    except OSError as error:
        pytest.skip(f"no new namespaces here: {error}")
    assert namespaces.is_first("user").value is namespaces.is_first("uts").value is False
    assert namespaces.is_first("net").value is not True
    assert not capabilities.in_first_namespace("CAP_SYS_ADMIN")  # which it has, in the new one


def test_namespaces_of_an_older_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fixed numbers of net and mnt only process 1 can show it, in the first pid namespace."""
    monkeypatch.setitem(namespaces._FIRST, "net", 1)
    monkeypatch.setattr(kernel, "version", lambda: facts.Fact((6, 1), ""))
    monkeypatch.setitem(namespaces._FIRST, "pid", namespaces.inode("pid").value)
    found = namespaces.is_first("net")
    assert not found or found.value is (os.stat("/proc/1/ns/net").st_ino == namespaces.inode("net").value)
    monkeypatch.setitem(namespaces._FIRST, "pid", 1)
    assert "does not show it" in namespaces.is_first("net").unknown


@pytest.mark.isolated
def test_limits() -> None:
    """Each is getrlimit's; a process of the user counts."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 101))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    assert limits.limit("nofile").value == (100, 101)
    assert str(limits.limit("nofile").value) == "100, hard 101"
    assert str(limits.ResourceLimit(-1, -1)) == "unlimited"
    assert all(limits.limit(name) for name in limits.names())
    assert "there is no RLIMIT_NOTHING" in limits.limit("nothing").unknown
    tasks, soft = limits.nproc().value
    assert soft == resource.getrlimit(resource.RLIMIT_NPROC)[0]
    if not (pid := os.fork()):
        signal.pause()
    assert limits.nproc().value[0] >= 2
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert tasks >= 1


V2 = """\
30 20 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw
"""
V1 = """\
31 20 0:27 /a /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
32 20 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct
33 20 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
"""


@pytest.mark.portable
@pytest.mark.parametrize(
    ("files", "controller", "expected"),
    [
        (
            {
                "/proc/thread-self/cgroup": "0::/a/b",
                "/proc/self/mountinfo": V2,
                "/sys/fs/cgroup/a/b/pids.max": "5",
                "/sys/fs/cgroup/a/b/pids.current": "2",
                "/sys/fs/cgroup/a/pids.max": "max",
            },
            "pids",
            (("/sys/fs/cgroup/a/b", "5", "2"), ("/sys/fs/cgroup/a", "max", "")),
        ),
        (
            {
                "/proc/thread-self/cgroup": "8:pids:/a/b\n4:cpu,cpuacct:/\n0::/",
                "/proc/self/mountinfo": V1,
                "/sys/fs/cgroup/pids/b/pids.max": "7",
                "/sys/fs/cgroup/pids/pids.max": "9",
            },
            "pids",
            (("/sys/fs/cgroup/pids/b", "7", ""), ("/sys/fs/cgroup/pids", "9", "")),
        ),
        (
            {
                "/proc/thread-self/cgroup": "8:pids:/a/b\n4:cpu,cpuacct:/\n0::/",
                "/proc/self/mountinfo": V1,
                "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
            },
            "cpu",
            (("/sys/fs/cgroup/cpu", "max", ""),),
        ),
        # Of another part of the tree than the mount shows; and no such controller anywhere.
        ({"/proc/thread-self/cgroup": "8:pids:/other", "/proc/self/mountinfo": V1}, "pids", ()),
        ({"/proc/thread-self/cgroup": "8:pids:/a", "/proc/self/mountinfo": V1}, "memory", None),
        ({"/proc/thread-self/cgroup": "8:pids:/a"}, "pids", None),
    ],
)
def test_cgroups(
    files: dict[str, str], controller: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both versions, and what a mount hides."""

    def read(path: str) -> facts.Fact:
        return facts.Fact(files[path], path) if path in files else facts.unknown(path, "gone")

    monkeypatch.setattr(cgroup, "read", read)
    found = cgroup.limits(controller)
    assert found.value == expected
    assert bool(found) == (expected is not None)


def test_cgroups_here() -> None:
    """The cgroups are those of /proc, and each limit is in a folder that there is."""
    assert len(cgroup.paths().value) >= 1
    for controller in cgroup.CONTROLLERS:
        found = cgroup.limits(controller)
        assert not found or all(os.path.isdir(one.path) for one in found.value)


def test_security() -> None:
    """Landlock's version is the call's, and its rights are accepted: with one more they are not."""
    version = security.landlock()
    if not version:
        pytest.skip(f"no Landlock here: {version}")
    rights = security.landlock_rights().value
    prefixes = {
        "handled_access_fs": "LANDLOCK_ACCESS_FS",
        "handled_access_net": "LANDLOCK_ACCESS_NET",
        "scoped": "LANDLOCK_SCOPE",
    }
    for kind, prefix in prefixes.items():
        bits = sum(int(getattr(flags, one)) for one in rights if one.startswith(prefix))
        if bits:
            os.close(pysys.calls.landlock_create_ruleset(**{kind: bits}))
        with pytest.raises((pysys.errors.EINVAL, pysys.errors.E2BIG)):
            os.close(pysys.calls.landlock_create_ruleset(**{kind: 2 * bits + 1}))


@pytest.mark.portable
def test_versions() -> None:
    """As numbers, with whatever a distribution has added."""
    assert kernel.parse("6.12.43-amd64") == (6, 12)
    assert kernel.parse("7.0-rc1") == (7, 0)
    assert kernel.parse("5") == (5, 0)
    with pytest.raises(ValueError, match="not a version"):
        kernel.parse("Linux")
    assert kernel.version().value == kernel.parse(os.uname().release)


@pytest.mark.parametrize("refused", [errno.EACCES, errno.ENOENT])
def test_without_files_nothing_raises(refused: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file can be read, what needs one is unknown, and names it."""

    def refuse(*_: object, **__: object) -> int:
        raise OSError(refused, os.strerror(refused))

    effective = capabilities.held().value
    pysys.preload()
    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os, "listdir", refuse)
    found = pysys.probe()
    assert os.strerror(refused) in found.facts["capabilities"]["bounding"].unknown
    assert "/proc/thread-self/status" in found.facts["capabilities"]["bounding"].unknown
    assert found.facts["capabilities"]["effective"].value == effective
    assert "/proc/thread-self/cgroup" in found.facts["cgroup"]["pids"].unknown
    assert not found.facts["the host's namespaces"]["user"]
    assert found.facts["limits"]["nofile"] and found.facts["identity"]["users"]
    assert not limits.nproc()


@pytest.mark.isolated
def test_in_an_empty_root_after_preload() -> None:
    """Every part is loaded: nothing fails for a missing file."""
    isolated.need_root()
    pysys.preload()
    folder = tempfile.mkdtemp()
    above = os.open(os.path.dirname(folder), os.O_PATH)
    os.chroot(folder)
    os.chdir("/")
    os.rmdir(os.path.basename(folder), dir_fd=above)
    found = pysys.probe()
    assert found.calls.keys() == numbers.table().keys()
    assert "/proc/self/uid_map" in str(found)


# ---- profiles ----


@pytest.mark.isolated
@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_a_published_profile_is_recognised(engine: str) -> None:
    """A filter that refuses what the profile refuses; and, with a few calls more, what differs."""
    if not filters.mode() or filters.mode().value:
        pytest.skip("a filter may answer here")
    here, bounding = abi.current().name, capabilities.held("bounding").value
    release = ".".join(map(str, kernel.version().value))
    refused = [
        number
        for name, number in numbers.table().items()
        if published.allowed(name, engine, bounding, here, release) is False
    ]
    if not refused:
        pytest.skip("with all capabilities the profile refuses nothing")
    isolated.filter_calls(refused, errno.EPERM)
    found = profiles.nearest(filters.verdicts()).value
    assert (found.engine, found.differs) == (engine, ()), found
    assert str(found).startswith(f"{engine}, of ")
    isolated.filter_calls([numbers.number("openat2"), numbers.number("setns")], errno.EPERM)
    again = profiles.nearest(filters.verdicts()).value
    assert again.engine == engine
    assert ("openat2", "allowed") in again.differs


@pytest.mark.portable
def test_another_filter_resembles_none() -> None:
    """Nothing refused, or nearly everything."""
    names = sorted(numbers.table())
    every = {name: filters.CallVerdict(name, "open", "", "") for name in names}
    assert profiles.nearest(every).value.engine == "none"
    every = {name: filters.CallVerdict(name, "refused", "EPERM", "") for name in names}
    assert profiles.nearest(every).value == ("none", (), len(names))


# ---- programs ----


@pytest.mark.isolated
def test_programs_of_another_process() -> None:
    """The oldest first, as they were loaded; the process goes on."""
    isolated.need_root()
    number = numbers.number("unshare")
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        isolated.filter_calls([number], errno.EPERM)
        isolated.filter_calls([number], errno.ENOSYS)
        os.write(writer, b"x")
        signal.pause()
    os.read(reader, 1)
    found = programs.programs(pid)
    traced = "TracerPid:\t0" in Path(f"/proc/{pid}/status").read_text()
    os.kill(pid, signal.SIGKILL)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    if not found:
        pytest.skip(found.unknown)
    assert traced
    answers = [seccomp.simulate(one, number) for one in found.value]
    assert [(one.action, one.data) for one in answers] == [("ERRNO", errno.EPERM), ("ERRNO", errno.ENOSYS)]
    assert programs.programs(pid).unknown.startswith("No such process")
    isolated.filter_calls([number], errno.EPERM)  # from now on, this process may not
    if not (pid := os.fork()):
        signal.pause()
    found = programs.programs(pid)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert programs.ONLY_FOR_OTHERS in found.unknown


@pytest.mark.isolated
def test_programs_of_a_process_without() -> None:
    """There are none; of this process they are unknown."""
    isolated.need_root()
    if not (pid := os.fork()):
        signal.pause()
    found = programs.programs(pid)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    if not filters.mode().value and found:
        assert found.value == ()
    assert not programs.programs(os.getpid())
