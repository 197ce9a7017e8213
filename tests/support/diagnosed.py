"""Calls that fail, and what a diagnosis has to say of them."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from isolated import folder, in_child, need_root

import pysys
from pysys import abi, calls, diagnose, errors, preload
from pysys.diagnosis.failures import Diagnosis, Verdict
from pysys.flags import CLONE_NEWNS, MS_PRIVATE, MS_REC

NOBODY = 65534


def failed(call: str, *args: object) -> Diagnosis:
    """The diagnosis of a call that fails, made right after it."""
    with pytest.raises(errors.SyscallError) as caught:
        getattr(calls, call)(*args)
    assert caught.value.errno is not None
    return diagnose(call, caught.value.errno, *args)


def proves(found: Diagnosis, *words: str) -> None:
    """The first finding is proven, and its sentence has these words."""
    assert found and found[0].verdict is Verdict.PROVEN, str(found)
    assert all(word in found[0].sentence for word in words), str(found)


def arguments_of_clone(flags: int) -> list[int]:
    """The flags at their place, which is another on some ABIs, and nothing else."""
    order = abi.current().clone_order
    placed = [0] * len(order)
    placed[order.index("flags")] = flags
    return placed


def has(found: Diagnosis, verdict: Verdict, *words: str) -> None:
    """A finding has this verdict, and its sentence these words."""
    assert any(one.verdict is verdict and all(word in one.sentence for word in words) for one in found), (
        f"{verdict}: {words}\n{found}"
    )


def proves_nothing(found: Diagnosis, *words: str) -> None:
    """No finding is proven, and these words are somewhere."""
    assert not found.proven, str(found)
    assert all(word in str(found).replace("\n          ", " ") for word in words), str(found)


def become(user: int = NOBODY) -> None:
    """This process is an ordinary user from now on."""
    if os.geteuid() == 0:
        if not all(one.stat().st_mode & 1 for one in Path(pysys.__file__).parents):
            preload()  # tox's environments are root's alone
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def private_mounts() -> None:
    """Mounts from now on are this process's alone."""
    need_root()
    try:
        calls.unshare(CLONE_NEWNS)
    except errors.EPERM as error:
        pytest.skip(f"no mount namespace: {error}")
    calls.mount(None, "/", None, MS_REC | MS_PRIVATE, None)


def own_user_namespace(further: int = 0) -> None:
    """This process is root of a user namespace of its own from now on, and in further new namespaces."""
    user, group = os.geteuid(), os.getegid()
    try:
        calls.unshare(0x10000000 | further)  # CLONE_NEWUSER
    except OSError as error:
        pytest.skip(f"no user namespace: {error}")
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def in_an_empty_root(look: Callable[[], object]) -> None:
    """Run it in a child that has no file and may open no descriptor."""

    def enter() -> None:
        os.chroot(place)
        os.chdir("/")
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        look()

    preload()
    with folder() as place:
        in_child(os.fork, enter)


@contextmanager
def process(before: Callable[[], object] = lambda: None) -> Iterator[int]:
    """A child that waits, after something."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            before()
            os.write(writer, b"x")
            while True:
                signal.pause()
        finally:
            os._exit(1)
    os.close(writer)
    try:
        assert os.read(reader, 1)
        yield pid
    finally:
        os.close(reader)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
