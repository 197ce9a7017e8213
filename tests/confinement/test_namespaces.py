"""pysys.namespaces: which there are, a visit, and a new network."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from isolated import in_child, need_root, nothing_left, open_descriptors
from rootless import become_user
from surroundings import no_namespace

from pysys import Child, CloneFlags, calls, errors, namespaces, spawn

NEW = {
    "cgroup": CloneFlags.CLONE_NEWCGROUP,
    "ipc": CloneFlags.CLONE_NEWIPC,
    "mnt": CloneFlags.CLONE_NEWNS,
    "net": CloneFlags.CLONE_NEWNET,
    "pid": CloneFlags.CLONE_NEWPID,
    "uts": CloneFlags.CLONE_NEWUTS,
}


def need_privileges(*kinds: str) -> None:
    need_root()
    for kind in kinds:
        if why := no_namespace(kind):
            pytest.skip(f"no {kind} namespace: {why}")


@contextmanager
def holder(**settings: object) -> Iterator[Child]:
    """A process in namespaces of its own."""
    with spawn(["/bin/sleep", "1000"], **settings) as child:  # type: ignore[arg-type]  # of many types
        try:
            yield child
        finally:
            child.kill()


def numbers_of(folder: str) -> dict[str, int]:
    return {name: os.stat(f"{folder}/{name}").st_ino for name in os.listdir(folder)}


def test_which_there_are() -> None:
    """Those of /proc, with the user namespace that owns them, and whose that is."""
    for pid, folder in ((0, "/proc/thread-self/ns"), (os.getpid(), "/proc/self/ns")):
        found = namespaces.of(pid)
        assert {kind: one.id for kind, one in found.items()} == numbers_of(folder)
        assert all(one.kind == kind for kind, one in found.items())
    with pytest.raises(errors.ENOENT) as caught:
        namespaces.of(2**22 + 1)
    assert caught.value.filename == f"/proc/{2**22 + 1}/ns"


@pytest.mark.isolated
def test_owners() -> None:
    """What a process makes in a user namespace belongs to that, and that to who made it."""
    become_user()
    if why := no_namespace("user"):
        pytest.skip(f"no user namespace: {why}")
    own = namespaces.of()
    maps = {"uid_map": [(0, os.getuid(), 1)], "gid_map": [(0, os.getgid(), 1)]}
    with nothing_left(), holder(namespaces=CloneFlags.CLONE_NEWUTS, **maps) as child:
        found = namespaces.of(child.pid)
        assert (found["user"].owner, found["user"].uid) == (own["user"].id, os.getuid())
        assert (found["uts"].owner, found["uts"].uid) == (found["user"].id, os.getuid())
        assert found["ipc"] == own["ipc"]
        assert found["user"].id != own["user"].id != found["uts"].owner


@pytest.mark.isolated
@pytest.mark.parametrize("kind", NEW)
def test_there_and_back(kind: str) -> None:
    """A thread is in the other one, and then where it was, with its root and directory."""
    need_privileges(kind)
    os.chdir("/usr")
    own = namespaces.of()
    where = "pid_for_children" if kind == "pid" else kind
    with holder(namespaces=NEW[kind]) as child:
        theirs = namespaces.of(child.pid)[kind]
        assert theirs.id != own[kind].id
        path = f"/proc/{child.pid}/ns/{kind}"
        descriptor = os.open(path, os.O_RDONLY)
        before = open_descriptors()
        for place in (path, os.fsencode(path), descriptor, (descriptor, NEW[kind]), (child, NEW[kind])):
            with namespaces.entered(place):
                assert namespaces.of()[where].id == theirs.id
            assert {name: one.id for name, one in namespaces.of().items()} == {
                name: one.id for name, one in own.items()
            }
            assert os.getcwd() == "/usr"
            assert os.path.samefile("/proc/self/root", "/")
        assert open_descriptors() == before
        os.close(descriptor)


@pytest.mark.isolated
def test_back_in_a_root_of_its_own() -> None:
    """A thread in a chroot comes back to it."""
    need_privileges("mnt")
    with holder(namespaces=CloneFlags.CLONE_NEWNS) as child:
        descriptor = os.open(f"/proc/{child.pid}/ns/mnt", os.O_RDONLY)
        own = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        os.chroot("/proc/self/root/proc")
        os.chdir("/")
        # Here /proc/thread-self is /thread-self: the way back is not found.
        with pytest.raises(FileNotFoundError), namespaces.entered(descriptor):
            raise AssertionError
        assert os.path.samestat(os.stat("/"), os.fstat(own))


@pytest.mark.isolated
def test_back_after_an_exception() -> None:
    """The exception comes out, and so it does of a second namespace that cannot be entered."""
    need_privileges("uts", "net")
    own = namespaces.of()
    with holder(namespaces=NEW["uts"] | NEW["net"]) as child:
        paths = [f"/proc/{child.pid}/ns/{kind}" for kind in ("uts", "net")]
        with nothing_left():
            with pytest.raises(KeyError), namespaces.entered(*paths):
                calls.sethostname(b"other", 5)
                raise KeyError
            wrong = namespaces.entered(paths[0], (os.open(paths[1], os.O_RDONLY), CloneFlags.CLONE_NEWUTS))
            with pytest.raises(errors.EINVAL), wrong:  # it is not of that kind
                raise AssertionError
            os.close(max(open_descriptors()))
        assert namespaces.of() == own
        assert os.uname().nodename != "other"
        with namespaces.entered(paths[0]):
            assert os.uname().nodename == "other"


@pytest.mark.isolated
def test_the_visit_is_of_one_thread() -> None:
    """Others stay where they are; another one cannot leave for it; of mounts there is no visit then."""
    need_privileges("uts", "mnt")
    own = namespaces.of()
    seen: list[object] = []
    with holder(namespaces=NEW["uts"] | NEW["mnt"]) as child:
        visit = namespaces.entered((child, CloneFlags.CLONE_NEWUTS))

        def elsewhere() -> None:
            seen.append(namespaces.of() == own)
            try:
                visit.__exit__(None, None, None)
            except RuntimeError as error:
                seen.append(str(error))

        stop = threading.Event()
        other = threading.Thread(target=stop.wait)
        other.start()
        with visit:
            thread = threading.Thread(target=lambda: seen.append(namespaces.of()["uts"].id))
            thread.start()  # which inherits the place
            thread.join()
            with pytest.raises(RuntimeError, match="in use"):
                visit.__enter__()
        assert seen == [namespaces.of(child.pid)["uts"].id]
        seen.clear()
        with pytest.raises(errors.EINVAL) as caught, namespaces.entered(f"/proc/{child.pid}/ns/mnt"):
            raise AssertionError
        assert "threads share" in caught.value.__notes__[0]
        stop.set()
        other.join()
        with visit:
            ready = threading.Thread(target=elsewhere)
            ready.start()
            ready.join()
        assert seen == [False, "entered: another thread has entered, and only it can come back"]


@pytest.mark.isolated
def test_what_has_no_way_back() -> None:
    """A user namespace, and everything for those without rights: nothing has changed."""
    own = namespaces.of()
    with nothing_left():
        says = "does not come back from another user namespace"
        with pytest.raises(errors.RefusedError, match=says), namespaces.entered("/proc/self/ns/user"):
            raise AssertionError
        says = r"namespaces\[0\] does not say what kind"
        with pytest.raises(ValueError, match=says), namespaces.entered("/dev/null"):
            raise AssertionError

    def unprivileged() -> None:
        become_user()
        with nothing_left():
            with pytest.raises(errors.EPERM) as caught, namespaces.entered("/proc/self/ns/uts"):
                raise AssertionError
            assert "no CAP_SYS_ADMIN" in caught.value.__notes__[0]
            caught.value.__traceback__ = None
            with pytest.raises(errors.EPERM) as refused:
                namespaces.new_network()
            refused.value.__traceback__ = None

    in_child(os.fork, unprivileged)
    assert namespaces.of() == own


@pytest.mark.isolated
def test_a_new_network() -> None:
    """lo alone is in it, up or not; this thread is where it was."""
    need_privileges("net")
    own = namespaces.of()
    for loopback in (True, False):
        before = open_descriptors()
        network = namespaces.new_network(loopback=loopback)
        assert not os.get_inheritable(network)
        assert open_descriptors() == before | {network}
        assert namespaces.of() == own
        with namespaces.entered(network):
            lines = Path("/proc/thread-self/net/dev").read_text().splitlines()[2:]
            assert [line.split(":")[0].strip() for line in lines] == ["lo"]
            local = "local" in Path("/proc/thread-self/net/fib_trie").read_text().lower()
            assert local == loopback
        os.close(network)
