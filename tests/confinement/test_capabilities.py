"""pysys.capabilities: sets by name, what a thread has, and giving it up."""

from __future__ import annotations

import copy
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from isolated import in_child, need_root

from pysys import calls, capabilities, errors, flags
from pysys.capabilities import CapabilitySet, ThreadCapabilities
from pysys.structures.records import Capabilities

KILL, NET_RAW = flags.CAP_KILL, flags.CAP_NET_RAW
STATUS = {
    "effective": "CapEff",
    "permitted": "CapPrm",
    "inheritable": "CapInh",
    "bounding": "CapBnd",
    "ambient": "CapAmb",
}


def in_status(pid: int | str = "thread-self") -> dict[str, int]:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: int(lines[field], 16) for name, field in STATUS.items()}


def bits(found: ThreadCapabilities) -> dict[str, int]:
    return {name: getattr(found, name).bits for name in STATUS}


def need(*names: str) -> None:
    need_root()
    permitted = str(capabilities.of().permitted).split()
    if lacking := [name for name in names if name not in permitted]:
        pytest.skip(f"this root has no {' '.join(lacking)}")


@pytest.mark.portable
def test_a_set_takes_names_and_numbers() -> None:
    """It is a frozenset of numbers that shows names, and stays one."""
    found: Any = CapabilitySet(["kill", "CAP_NET_RAW", 5, 63])
    assert found == {5, 13, 63}
    assert found.bits == 1 << 5 | 1 << 13 | 1 << 63
    assert str(found) == "CAP_KILL CAP_NET_RAW capability 63"
    assert repr(found) == "CapabilitySet(['CAP_KILL', 'CAP_NET_RAW', 63])"
    assert eval(repr(found)) == found
    assert "cap_kill" in found
    assert KILL in found
    assert "CAP_CHOWN" not in found
    assert (str(CapabilitySet()), repr(CapabilitySet()), len(CapabilitySet())) == ("", "CapabilitySet()", 0)
    for made in (found | {0}, found & {5}, found - {5}, found ^ {5}, copy.copy(found), copy.deepcopy(found)):
        assert type(made) is CapabilitySet
    assert (str(found | {0}), str(found & {5})) == (
        "CAP_CHOWN CAP_KILL CAP_NET_RAW capability 63",
        "CAP_KILL",
    )
    assert pickle.loads(pickle.dumps(found)) == found
    assert CapabilitySet.from_bits(1 << 21 | 1).bits == 1 << 21 | 1


@pytest.mark.portable
@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (["kil"], ValueError, "no capability is named 'kil': did you mean KILL"),
        ([64], OverflowError, "64 is out of range"),
        ([-1], ValueError, "-1"),
        ([1.5], TypeError, "an int or a name"),
        (5, TypeError, "numbers or names"),
        ("KILL", TypeError, "numbers or names"),
    ],
)
def test_what_is_not_a_capability(wrong: object, error: type[Exception], says: str) -> None:
    """The message names what it is."""
    with pytest.raises(error, match=says):
        CapabilitySet(wrong)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="bits: 18446744073709551616"):
        CapabilitySet.from_bits(1 << 64)


@pytest.mark.portable
def test_what_capget_returns_shows_names() -> None:
    """So do its sets, which are empty when they are not stated."""
    assert repr(Capabilities([5], [5, 63], [])) == (
        "Capabilities(effective=[CAP_KILL], permitted=[CAP_KILL, capability 63], inheritable=[])"
    )
    assert Capabilities() == Capabilities([], [], [])


def test_of_threads() -> None:
    """What /proc shows, of this thread and of another process."""
    assert bits(capabilities.of()) == in_status()
    assert bits(capabilities.of(os.getpid())) == in_status(os.getpid())
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    assert capabilities.known().bits == (2 << last) - 1
    with pytest.raises(errors.ESRCH):
        capabilities.of(2**22 + 1)


@pytest.mark.isolated
def test_keep_and_drop() -> None:
    """Each of the five sets has the rest, and it does not come back."""
    need("CAP_KILL", "CAP_NET_RAW", "CAP_SETPCAP", "CAP_CHOWN")
    capabilities.keep("KILL", NET_RAW, "setpcap")
    wanted = 1 << KILL | 1 << NET_RAW | 1 << flags.CAP_SETPCAP
    assert in_status() == {**dict.fromkeys(STATUS, wanted), "inheritable": 0, "ambient": 0}
    capabilities.change(ambient=["kill"])
    assert in_status()["inheritable"] == in_status()["ambient"] == 1 << KILL
    capabilities.drop("CAP_KILL")
    wanted &= ~(1 << KILL)
    assert in_status() == {**dict.fromkeys(STATUS, wanted), "inheritable": 0, "ambient": 0}
    with pytest.raises(ValueError, match="bounding has CAP_CHOWN"):
        capabilities.change(bounding=["chown"])
    with pytest.raises(errors.EPERM):
        capabilities.change(permitted=["chown"])
    capabilities.keep()
    assert not any(in_status().values())
    capabilities.keep()  # which asks for nothing


@pytest.mark.isolated
def test_the_bounding_set_shrinks_though_its_right_is_not_effective() -> None:
    """CAP_SETPCAP is made effective for that, and only for that."""
    need("CAP_KILL", "CAP_SETPCAP")
    capabilities.change(effective=["kill"])
    capabilities.drop("NET_RAW")
    assert in_status()["effective"] == 1 << KILL
    assert not in_status()["bounding"] >> NET_RAW & 1


@pytest.mark.isolated
def test_without_the_right_nothing_changes() -> None:
    """The bounding set comes first; bounding=False leaves it."""
    need("CAP_KILL", "CAP_CHOWN", "CAP_SETPCAP")
    capabilities.change(effective=["kill"], permitted=["kill", "chown"])
    before = in_status()
    with pytest.raises(errors.EPERM):
        capabilities.keep("chown")
    assert in_status() == before
    capabilities.keep("chown", bounding=False)
    assert in_status() == {**before, "effective": 0, "permitted": 1 << flags.CAP_CHOWN}


@pytest.mark.isolated
def test_ambient_ones_pass_an_exec() -> None:
    """Of a program of another user; and are refused where they could not be ambient."""
    need("CAP_KILL", "CAP_SETUID", "CAP_SETPCAP")
    with pytest.raises(ValueError, match="ambient has CAP_KILL, which inheritable lacks"):
        capabilities.change(ambient=["kill"], inheritable=[])
    with pytest.raises(ValueError, match="ambient has CAP_KILL, which permitted lacks"):
        capabilities.change(ambient=["kill"], permitted=["chown"])
    with pytest.raises(ValueError, match="effective has CAP_KILL, which permitted lacks"):
        capabilities.change(effective=["kill"], permitted=["chown"])

    def child() -> None:
        calls.prctl(flags.PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setresuid(1234, 1234, 1234)
        capabilities.change(ambient=["kill"])
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.dup2(writer, 1)
            os.execv("/bin/grep", ["grep", "CapEff", "/proc/self/status"])
        os.close(writer)
        with open(reader) as said:
            assert int(said.read().split()[1], 16) == 1 << KILL

    in_child(os.fork, child)
