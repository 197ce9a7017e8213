"""mounts.apply and mounts.tree: entries for this process, all of them or none."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from isolated import filter_calls, need_root, nothing_left
from rootless import WHO, become, mounted, mounts_here

from pysys import calls, errors, mounts, numbers
from pysys.mounts import bind, directory, file, proc, symlink, tmpfs

pytestmark = pytest.mark.isolated

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
whoever = pytest.mark.parametrize("who", WHO)


def place_of_its_own() -> Path:
    place = Path(tempfile.mkdtemp(dir=os.path.realpath(tempfile.gettempdir())))
    place.chmod(0o755)
    return place


def enter(who: str) -> None:
    """A process that may mount, in namespaces that end with it."""
    uid, gid = os.getuid(), os.getgid()
    if become(who) and who == "rootless":
        uid, gid = os.getuid(), os.getgid()
        calls.unshare(CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    calls.unshare(CLONE_NEWNS)


def where() -> tuple[object, ...]:
    return os.readlink("/proc/thread-self/ns/mnt"), os.getcwd(), os.stat("/").st_ino, mounts_here()


@contextmanager
def as_before() -> Iterator[None]:
    before = where()
    with nothing_left():
        yield
    assert where() == before


@whoever
@pytest.mark.parametrize("namespace", [True, False])
def test_apply(who: str, namespace: bool) -> None:
    """What is asked for is mounted, in a namespace of its own or in this one."""
    place = place_of_its_own()
    enter(who)
    os.chdir(place)
    before = os.readlink("/proc/thread-self/ns/mnt")
    with nothing_left():
        mounts.apply([tmpfs(place, mode=0o711), bind("/usr", f"{place}/usr", "ro")], namespace=namespace)
    assert (os.readlink("/proc/thread-self/ns/mnt") != before) == namespace
    found = mounted(mounts_here())
    assert found[str(place)][0] == "tmpfs"
    assert "ro" in found[f"{place}/usr"][1]
    assert os.stat(place).st_mode & 0o777 == 0o711
    assert os.getcwd() == str(place)


@whoever
def test_apply_a_root(who: str) -> None:
    """The thread is in it, and nothing of the old one is in sight."""
    enter(who)
    with nothing_left():
        mounts.apply([bind("/proc"), file("/text", "yes")], root=tmpfs("/", "ro"))
    assert (os.getcwd(), sorted(os.listdir("/")), Path("/text").read_text()) == ("/", ["proc", "text"], "yes")
    assert {place for place in mounted(mounts_here()) if not place.startswith("/proc/")} == {"/", "/proc"}
    with pytest.raises(OSError, match="Read-only"):
        os.mkdir("/more")


@whoever
@pytest.mark.parametrize("how", ["namespace", "here", "root"])
def test_a_failure_leaves_nothing(who: str, how: str) -> None:
    """All is undone: the namespace, the root and the working directory are those of before."""
    place = place_of_its_own()
    enter(who)
    os.chdir("/usr/lib")
    missing = bind("/nonexistent")
    asked: dict[str, Any] = {"namespace": {"namespace": True}, "here": {"namespace": False}}.get(
        how, {"root": tmpfs("/")}
    )
    entries = [
        tmpfs(place),
        tmpfs(place / "below"),
        bind(place, "/mnt"),
        bind("/usr", optional=True),
        missing,
    ]
    with as_before(), pytest.raises(errors.ENOENT) as caught:
        mounts.apply(entries, **asked)
    found = caught.value
    assert (found.syscall, found.element, found.filename) == ("open_tree", missing, "/nonexistent")
    assert found.__notes__[0] == f"It was for {missing!r}."
    assert not any("undone" in note for note in found.__notes__)


CALLS = (
    "unshare open_tree move_mount fsopen fsconfig fsmount mount_setattr openat2 mkdirat symlinkat pivot_root "
    "umount2 fchdir"
)


@pytest.mark.parametrize("name", CALLS.split())
def test_each_call_fails(name: str) -> None:
    """Its error comes, and nothing is left; where the way back takes that call as well, a note says so."""
    enter("root")
    root, entries = (
        tmpfs("/", "ro"),
        [directory("/a/b"), symlink("b", "/a/c"), bind("/usr", attributes="ro"), proc()],
    )
    before = where()
    filter_calls([numbers.number(name)], errno.EIO)
    with nothing_left(), pytest.raises(errors.EIO) as caught:
        mounts.apply(entries, root=root)
    assert caught.value.syscall == name
    undone = not any("undone" in note for note in getattr(caught.value, "__notes__", []))
    assert undone == (name != "fchdir")
    if undone:
        assert where() == before


def test_another_thread_stays_where_it_is() -> None:
    """The mount namespace is the calling thread's."""
    need_root()
    place = place_of_its_own()
    found: list[bool] = []

    def there() -> None:
        mounts.apply([tmpfs(place / "inside")])
        found.append((place / "inside").is_mount())

    thread = threading.Thread(target=there)
    thread.start()
    thread.join()
    assert found == [True]
    assert not (place / "inside").is_mount()


def test_tree() -> None:
    """A descriptor of a tree that is attached nowhere, which bind takes."""
    enter("root")
    place = place_of_its_own()
    (place / "file").touch()
    for source, target in ((place, f"{place}/again"), (place / "file", f"{place}/file")):
        tree = mounts.tree(source, "ro nosuid")
        try:
            assert not os.get_inheritable(tree)
            mounts.apply([bind(tree, target)], namespace=False)
            assert {"ro", "nosuid"} <= mounted(mounts_here())[target][1]
        finally:
            os.close(tree)
    with as_before(), pytest.raises(errors.ENOENT):
        mounts.tree("/nonexistent")


def test_the_audit_event_comes_before() -> None:
    """A hook that raises keeps everything as it is."""
    enter("root")
    seen: list[tuple[object, ...]] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "pysys.mounts.apply":
            seen.append(arguments)
            raise RuntimeError

    sys.addaudithook(hook)
    entry = tmpfs("/mnt")
    with as_before(), pytest.raises(RuntimeError):
        mounts.apply(iter([entry]))
    assert seen == [([entry], None)]
