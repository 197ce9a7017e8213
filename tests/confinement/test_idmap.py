"""pysys.idmap: ranges of files, maps, and writing them."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from isolated import folder, in_child, nothing_left
from rootless import become_user
from surroundings import no_namespace

from pysys import CloneArgs, CloneFlags, clone3, errors, idmap


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of ranges that are looked at in place of those in /etc."""
    for kind in ("uid", "gid"):
        monkeypatch.setitem(idmap._FILES, kind, str(tmp_path / kind))
    return tmp_path


@pytest.mark.portable
def test_ranges(files: Path) -> None:
    """Lines of a user by name and by number; others, and what is not a line, are left out."""
    assert idmap.ranges("uid") == []
    files.joinpath("uid").write_text(
        "root:100000:65536\n0:500000:10\nother:1:1\n\n# root:1:1\nroot:x:1\nroot:7:0\n"
    )
    assert idmap.ranges("uid", 0) == idmap.ranges("uid", "root") == [(100000, 65536), (500000, 10)]
    assert idmap.ranges("uid", 4_000_000_000) == []
    with pytest.raises(KeyError, match="idmap: user: no user is called 'nobody-here'"):
        idmap.ranges("uid", "nobody-here")
    with pytest.raises(ValueError, match="'pid' is not"):
        idmap.ranges("pid")


@pytest.mark.portable
def test_maps(files: Path) -> None:
    """One's own id, and the ranges one behind the other."""
    own = idmap.own(5)
    assert (own.uid, own.gid) == ([(5, os.geteuid(), 1)], [(5, os.getegid(), 1)])
    files.joinpath("uid").write_text("77:100000:65536\n77:500000:10\n")
    files.joinpath("gid").write_text("77:200000:1000\n")
    maps = idmap.subordinate(77)
    assert maps.uid == [(0, os.geteuid(), 1), (1, 100000, 65536), (65537, 500000, 10)]
    assert maps.gid == [(0, os.getegid(), 1), (1, 200000, 1000)]
    assert pickle.loads(pickle.dumps(maps)) == maps
    error = pickle.loads(pickle.dumps(idmap.MapError("newuidmap", 1, "no")))
    assert (str(error), error.helper, error.status) == ("newuidmap ended with 1: no", "newuidmap", 1)


def waiting(check: Callable[[int], None]) -> None:
    """A process in a new user namespace, which is looked at and ended."""
    reader, writer = os.pipe()
    pid = clone3(CloneArgs(CloneFlags.CLONE_NEWUSER), fn=os.read, fn_args=(reader, 1))
    try:
        check(pid)
    finally:
        os.write(writer, b".")
        os.waitpid(pid, 0)
        os.close(reader)
        os.close(writer)


def maps_of(pid: int) -> tuple[list[list[str]], list[list[str]], str]:
    uid, gid, setgroups = (
        Path(f"/proc/{pid}/{name}").read_text() for name in ("uid_map", "gid_map", "setgroups")
    )
    return (
        [line.split() for line in uid.splitlines()],
        [line.split() for line in gid.splitlines()],
        setgroups.strip(),
    )


def unprivileged() -> None:
    become_user()
    if why := no_namespace("user"):
        pytest.skip(f"no user namespace: {why}")


@pytest.mark.isolated
def test_root_writes_any_map() -> None:
    """And setgroups stays allowed; lines that overlap are refused by the kernel."""
    if os.geteuid():
        pytest.skip("needs root")
    if why := no_namespace("user"):
        pytest.skip(f"no user namespace: {why}")

    def check(pid: int) -> None:
        with pytest.raises(errors.EINVAL) as caught:
            idmap.write(pid, [(0, 0, 10), (5, 100, 10)])
        assert (caught.value.syscall, caught.value.filename) == ("write", f"/proc/{pid}/uid_map")
        idmap.write(pid, [(0, 1000, 1), (1, 100000, 10)], [(0, 2000, 1), (1, 200000, 10)])
        assert maps_of(pid) == (
            [["0", "1000", "1"], ["1", "100000", "10"]],
            [["0", "2000", "1"], ["1", "200000", "10"]],
            "allow",
        )

    with nothing_left():
        waiting(check)
    with pytest.raises(errors.ENOENT):
        idmap.write(2**22 + 1, [(0, 0, 1)])
    with pytest.raises(ValueError, match=r"^idmap: uid_map is empty"):
        idmap.write(1, [])


@pytest.mark.isolated
def test_everybody_writes_their_own_id() -> None:
    """Which gives up setgroups, for groups."""
    unprivileged()

    def check(pid: int) -> None:
        own = idmap.own()
        idmap.write(pid, own.uid, own.gid)
        assert maps_of(pid) == ([["0", str(os.getuid()), "1"]], [["0", str(os.getgid()), "1"]], "deny")

    with nothing_left():
        waiting(check)


def helper(place: Path, name: str, script: str) -> None:
    path = place / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.isolated
def test_the_helpers_are_asked() -> None:
    """With the process and the numbers of the lines; what they say is in the exception."""
    with folder() as place:
        told = place / "told"
        told.mkdir()
        told.chmod(0o777)
        helper(place, "newuidmap", f'echo "$@" >{told}/uid')
        helper(place, "newgidmap", f'echo "$@" >{told}/gid')
        os.environ["PATH"] = str(place)

        def check(pid: int) -> None:
            lines = [(0, os.getuid(), 1), (1, 100000, 65536)]
            idmap.write(pid, lines, lines)
            shown = f"{pid} 0 {os.getuid()} 1 1 100000 65536\n"
            assert (told / "uid").read_text() == (told / "gid").read_text() == shown
            os.environ["PATH"] = str(told)
            with pytest.raises(errors.EPERM) as caught:  # there is no helper
                idmap.write(pid, lines)
            assert caught.value.filename == f"/proc/{pid}/uid_map"
            caught.value.__traceback__ = None

        in_child(os.fork, lambda: as_user(check))


@pytest.mark.isolated
def test_a_helper_that_refuses() -> None:
    """Its words and its status are in the exception."""

    def check(pid: int) -> None:
        with pytest.raises(idmap.MapError, match=r"^newuidmap ended with 3: not for you$") as caught:
            idmap.write(pid, [(0, 100000, 65536)])
        assert caught.value.status == 3
        caught.value.__traceback__ = None

    with folder() as place:
        helper(place, "newuidmap", "echo not for you >&2; exit 3")
        os.environ["PATH"] = str(place)
        in_child(os.fork, lambda: as_user(check))


def as_user(check: Callable[[int], None]) -> None:
    unprivileged()
    with nothing_left():
        waiting(check)
