"""pysys.landlock: rules in words for this process, and what versions know."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from isolated import filter_calls, in_child, nothing_left, open_descriptors

from pysys import calls, errors, flags, landlock, numbers, preload, spawn


def need(version: int = 1) -> None:
    found = calls.landlock_abi()
    if found < version:
        pytest.skip(f"Landlock has version {found} here, and this needs {version}")


def denied(action: Callable[[], object]) -> bool:
    try:
        action()
    except PermissionError:
        return True
    return False


@pytest.mark.portable
def test_what_each_version_knows() -> None:
    """Each has what the one before has; the members of the flags say since which."""
    before = landlock.rights(0)
    assert not (before.paths or before.ports or before.scopes)
    for version in range(1, 11):
        found = landlock.rights(version)
        for new, old in zip(
            (found.paths, found.ports, found.scopes), (before.paths, before.ports, before.scopes), strict=True
        ):
            assert old & new == old
            for right in new & ~old if version > 1 else ():
                assert f"(version {version})" in " ".join(str(type(right).__doc__ or "").split()) or (
                    f"(version {version})" in " ".join(str(right.__doc__).split())
                ), right
        before = found
    everything = (flags.LandlockAccessFs, flags.LandlockAccessNet, flags.LandlockScope)
    for kind, known in zip(everything, (before.paths, before.ports, before.scopes), strict=True):
        assert known == sum({int(one) for one in kind.__members__.values()})


def test_the_kernel_knows_what_is_said_of_it() -> None:
    """A ruleset of all that its version has is made, and one of a bit more is refused."""
    need()
    known = landlock.rights()
    os.close(calls.landlock_create_ruleset(known.paths, known.ports, known.scopes))
    more = int(known.paths) + 1  # all bits below that one
    with pytest.raises(errors.EINVAL):
        calls.landlock_create_ruleset(more | known.paths, known.ports, known.scopes)


@pytest.mark.isolated
def test_what_is_not_allowed_is_denied() -> None:
    """Of files, of ports, and of processes outside; for this thread alone."""
    need(6)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        taken = one.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("file").write_text("text")

        def child() -> None:
            ready = threading.Event()
            results: list[bool] = []

            def elsewhere() -> None:
                ready.wait()
                results.append(denied(lambda: os.listdir("/etc")))

            thread = threading.Thread(target=elsewhere)
            thread.start()
            before = open_descriptors()
            rules: Any = {"paths": {folder: "read", "/proc": "read"}, "bind": [], "scopes": "signal"}
            assert landlock.restrict(rules) == calls.landlock_abi()
            assert open_descriptors() == before
            assert folder.joinpath("file").read_text() == "text"
            assert denied(lambda: folder.joinpath("file").write_text("other"))
            assert denied(lambda: os.listdir("/etc"))
            with socket.socket() as other:
                assert denied(lambda: other.bind(("127.0.0.1", taken)))
            assert denied(lambda: os.kill(os.getppid(), 0))
            ready.set()
            thread.join()
            assert results == [False]
            assert calls.prctl(flags.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1

        preload()
        in_child(os.fork, child)


@pytest.mark.isolated
def test_a_ruleset_is_for_spawn_and_restrict() -> None:
    """Its descriptor is the caller's, and exec closes it."""
    need()
    made = landlock.ruleset({"paths": {"/": "read execute"}})
    assert made is not None
    assert not os.get_inheritable(made)
    with tempfile.TemporaryDirectory() as name:
        script = ["/bin/sh", "-c", f"echo >{name}/new"]
        with spawn(script, landlock=made, stderr=os.open(os.devnull, os.O_WRONLY)) as child:
            assert child.wait()
        with spawn(script) as child:
            assert child.wait() == 0
        landlock.restrict(made)
        assert denied(lambda: Path(name, "more").write_text(""))
        os.fstat(made)
        os._exit(0)  # which cannot remove the folder


def test_what_is_not_a_rule() -> None:
    """Messages name the part, and no descriptor is left."""
    wrong: list[tuple[Any, type[Exception], str]] = [
        ({}, ValueError, "^landlock has no rules"),
        ({"path": {}}, ValueError, r"^landlock: there is no 'path': did you mean paths\?"),
        ({"paths": {"/usr": "raed"}}, ValueError, r"^landlock: paths\['/usr'\]: there is no 'raed'"),
        ({"paths": 5}, TypeError, "^landlock: paths must be a mapping"),
        ({"bind": [70000]}, OverflowError, r"^landlock: bind\[0\]: 70000"),
        (5.5, TypeError, "^landlock: rules must be a mapping, not float"),
    ]
    with nothing_left():
        for rules, error, says in wrong:
            with pytest.raises(error, match=says):
                landlock.ruleset(rules)


def test_a_path_that_is_not_there() -> None:
    """The exception has it, and no descriptor is left."""
    need()
    rules: Any = {"paths": {"/usr": "read", "/nonexistent": "read"}}
    with nothing_left(), pytest.raises(errors.ENOENT) as caught:
        landlock.ruleset(rules)
    assert (caught.value.syscall, caught.value.filename) == ("openat", "/nonexistent")
    with nothing_left(), pytest.raises((errors.EOPNOTSUPP, errors.ENOSYS)) as refused:
        landlock.restrict({"paths": {}, "abi": 1000})
    assert refused.value.syscall == "landlock_create_ruleset"


@pytest.mark.isolated
def test_where_there_is_none() -> None:
    """It is an error, unless what there is is enough."""
    rules: Any = {"paths": {"/usr": "read"}}
    filter_calls([numbers.number("landlock_create_ruleset")], errno.ENOSYS)
    with pytest.raises(errors.ENOSYS):
        landlock.ruleset(rules)
    rules["abi"] = 0
    assert landlock.ruleset(rules) is None
    assert landlock.restrict(rules) == 0
    os.listdir("/etc")
    assert not landlock.rights().paths


@pytest.mark.isolated
def test_no_new_privileges_is_set_where_it_has_to_be() -> None:
    """Without that, and without CAP_SYS_ADMIN, it is EPERM."""
    need()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(1234, 1234, 1234)
        os.setresuid(1234, 1234, 1234)
    rules: Any = {"paths": {"/": "all"}}
    with nothing_left(), pytest.raises(errors.EPERM) as caught:
        landlock.restrict(rules, no_new_privs=False)
    assert caught.value.syscall == "landlock_restrict_self"
    landlock.restrict(rules)
    landlock.restrict(rules, no_new_privs=False)


@pytest.mark.isolated
def test_all_threads() -> None:
    """All are restricted, or none, where the kernel does not know it."""
    need()
    preload()
    ready, results = threading.Event(), list[bool]()

    def look() -> None:
        ready.wait()
        results.append(denied(lambda: os.listdir("/etc")))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        landlock.restrict({"paths": {"/proc": "read"}}, all_threads=True)
        known = True
    except errors.EINVAL:
        known = False
    ready.set()
    thread.join()
    assert results == [known]
    assert known == (calls.landlock_abi() >= 8)
