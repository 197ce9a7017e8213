"""Landlock."""

from __future__ import annotations

import os

import pytest

from pysys import calls, errors, structures
from pysys.flags import LandlockAccessFs, LandlockAccessNet, LandlockRuleType

READ, WRITE = LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE, LandlockAccessFs.LANDLOCK_ACCESS_FS_WRITE_FILE
BELOW, PORT = LandlockRuleType.LANDLOCK_RULE_PATH_BENEATH, LandlockRuleType.LANDLOCK_RULE_NET_PORT
NO_NEW_PRIVS = 38


@pytest.mark.isolated
def test_landlock_forbids_what_no_rule_allows() -> None:
    """After landlock_restrict_self a file opens below the tree of a rule, and nowhere else."""
    if not calls.landlock_abi():
        pytest.skip("this kernel has no Landlock")
    ruleset = calls.landlock_create_ruleset(READ | WRITE)
    assert not os.get_inheritable(ruleset)
    calls.landlock_add_rule(ruleset, BELOW, READ, "/proc/self")
    parent = os.open("/dev", os.O_PATH)
    calls.landlock_add_rule(ruleset, BELOW, READ | WRITE, parent)
    before = set(os.listdir("/proc/self/fd"))
    for wrong, access in (("/nowhere", READ), ("/usr", 1 << 60)):
        try:
            calls.landlock_add_rule(ruleset, BELOW, access, wrong)
        except (errors.ENOENT, errors.EINVAL):
            pass
        else:
            raise AssertionError(wrong)
    assert set(os.listdir("/proc/self/fd")) == before
    calls.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    calls.landlock_restrict_self(ruleset)
    os.close(os.open("/proc/self/status", os.O_RDONLY))
    os.close(os.open("/dev/null", os.O_RDWR))
    for path, mode in (("/etc/passwd", os.O_RDONLY), ("/proc/self/comm", os.O_WRONLY)):
        try:
            os.open(path, mode)
        except PermissionError:
            continue
        raise AssertionError(path)


@pytest.mark.parametrize("error", [errors.ENOSYS, errors.EOPNOTSUPP])
def test_a_kernel_without_landlock_has_version_0(
    monkeypatch: pytest.MonkeyPatch, error: type[errors.SyscallError]
) -> None:
    """It is missing from the kernel, or turned off at boot."""

    def missing(*args: object) -> int:
        raise error(syscall="landlock_create_ruleset")

    monkeypatch.setattr(calls.direct, "landlock_create_ruleset", missing)
    assert calls.landlock_abi() == 0


def test_flags_and_rights_together_reach_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags alone need no structure; with rights there is one, which the kernel refuses or not."""
    made: list[tuple[object, int, int]] = []

    def make(attr: object, size: int, flags: int) -> int:
        made.append((attr, size, flags))
        return 5

    monkeypatch.setattr(calls.direct, "landlock_create_ruleset", make)
    assert calls.landlock_create_ruleset(flags=1) == calls.landlock_create_ruleset(READ, flags=1) == 5
    assert made[0] == (None, 0, 1)
    attr, size, flags = made[1]
    assert isinstance(attr, structures.landlock_ruleset_attr) and attr.handled_access_fs == READ
    assert (size, flags) == (attr.nbytes, 1)


@pytest.mark.isolated
def test_landlock_forbids_ports() -> None:
    """A rule for a port lets bind that one, not another."""
    import socket

    if calls.landlock_abi() < 4:
        pytest.skip("this kernel's Landlock knows no ports")
    bind = LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP
    ruleset = calls.landlock_create_ruleset(handled_access_net=bind)
    calls.landlock_add_rule(ruleset, PORT, bind, 0)
    calls.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    calls.landlock_restrict_self(ruleset)
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        try:
            other.bind(("127.0.0.1", one.getsockname()[1] ^ 1))
        except PermissionError:
            return
    raise AssertionError("another port")


def test_landlock_wants_what_the_type_says() -> None:
    """A port is a number, and a type that has no form here is refused."""
    with pytest.raises(TypeError, match="target must be an int"):
        calls.landlock_add_rule(-1, PORT, 1, "/usr")
    with pytest.raises(ValueError, match="rule_type"):
        calls.landlock_add_rule(-1, 99, 1, 1)
