"""What an exception keeps of its call: arguments, process and thread; and nothing that keeps memory alive."""

from __future__ import annotations

import array
import copy
import os
import pickle
import resource
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safe_calls
from every_call import names
from isolated import in_child

from pysys import (
    CloneArgs,
    calls,
    clone,
    clone3,
    errors,
    fork,
    metadata,
    numbers,
    spawn,
    structures,
    syscall,
    vfork,
)
from pysys.arguments import kept
from pysys.calls import direct
from pysys.errors import PassedMemory
from pysys.flags import AT_FDCWD, CLONE_FS, CLONE_NEWNS, O_PATH, RESOLVE_BENEATH, CloneFlags
from pysys.metadata.conditions import possible
from pysys.metadata.model import Condition

NOWHERE = "/nonexistent/pysys"


def failed(call: Callable[..., object], *args: Any, **named: Any) -> errors.SyscallError:
    """The exception of a call that fails."""
    with pytest.raises(errors.SyscallError) as caught:
        call(*args, **named)
    return caught.value


def alone(call: Callable[..., object], *args: Any) -> errors.SyscallError:
    """The exception of a call that fails, without the frames that it came through."""
    try:
        call(*args)
    except errors.SyscallError as error:
        return error.with_traceback(None)
    raise AssertionError("it did not fail")


@pytest.mark.isolated(timeout=120)
def test_every_typed_calls_exception_has_its_arguments() -> None:
    """By the kernel's names, all of them; numbers and texts as they were passed."""
    looked_at = 0
    for name in names():
        args, expected = safe_calls.safe(name)
        if name in safe_calls.IN_CHILD or expected == {safe_calls.REFUSED}:
            continue
        try:
            getattr(direct, name)(*args)
        except errors.SyscallError as error:
            if isinstance(error, errors.NoNumber) or not args:
                continue
            assert error.syscall == name
            found = error.arguments
            assert found is not None, name
            assert list(found) == [one.name for one in kept.own(name)], name
            for value, passed in zip(found.values(), args, strict=True):
                if isinstance(passed, (int, str)) or passed is None:
                    assert value == passed, name
                else:
                    assert isinstance(value, (PassedMemory, bytes)), name
            assert pickle.loads(pickle.dumps(error)).arguments == found, name
            looked_at += 1
    assert looked_at > 200


def test_numbers_and_texts() -> None:
    """As they are; of a subclass of int only the number."""
    error = failed(calls.openat, AT_FDCWD, NOWHERE, O_PATH, 0)
    assert error.arguments == {"dfd": -100, "filename": NOWHERE, "flags": int(O_PATH), "mode": 0}
    assert all(type(value) in (int, str) for value in error.arguments.values())
    for path in (os.fsencode(NOWHERE), Path(NOWHERE)):
        assert os.fsdecode(failed(calls.chdir, path).arguments["filename"]) == NOWHERE  # type: ignore[index]  # it is there


@pytest.mark.parametrize(
    "memory", [b"secret", bytearray(b"secret"), memoryview(b"secret"), array.array("B", b"secret")]
)
@pytest.mark.parametrize("call", [calls.write, lambda *args: syscall("write", *args)])
def test_of_memory_its_length(call: Callable[..., object], memory: Any) -> None:
    """Never what is in it."""
    error = failed(call, -1, memory, 6)
    assert error.arguments == {"fd": -1, "buf": PassedMemory(nbytes=6), "count": 6}
    assert b"secret" not in pickle.dumps(error)
    assert "secret" not in repr(vars(error))


def test_of_a_structure_its_numbers() -> None:
    """As they were when the call failed."""
    how = structures.open_how(flags=O_PATH, resolve=RESOLVE_BENEATH)
    error = failed(calls.openat2, AT_FDCWD, "/", how, how.nbytes)
    how.flags = 0
    assert error.arguments is not None
    fields = {"flags": int(O_PATH), "mode": 0, "resolve": int(RESOLVE_BENEATH)}
    assert error.arguments["how"] == PassedMemory("open_how", 24, fields)
    assert error.arguments["how"].flags == O_PATH
    again = pickle.loads(pickle.dumps(error))
    assert again.arguments == error.arguments == copy.copy(error).arguments
    with pytest.raises(AttributeError, match="nothing"):
        error.arguments["how"].nothing  # noqa: B018  it raises


def test_of_a_structure_with_bytes_nothing() -> None:
    """Its name and length: what is in an array may be a secret."""
    name = structures.utsname(nodename=b"secret")
    error = failed(calls.ioctl, -1, 1, name)
    assert b"secret" not in repr(vars(error)).encode() + pickle.dumps(error)


class Reference(bytearray):
    """Memory of which one can see whether it is alive."""

    __slots__ = ("__weakref__",)


@pytest.mark.parametrize(
    "call",
    [calls.read, direct.read, lambda *args: syscall("read", *args)],
    ids=["calls", "direct", "syscall"],
)
def test_no_memory_is_kept_alive(call: Callable[..., object]) -> None:
    """Neither by the exception nor by what it gives; nor is it locked."""
    memory = Reference(64)
    error = alone(call, -1, memory, 64)
    arguments = error.arguments
    memory.append(1)
    seen = weakref.ref(memory)
    del memory
    assert seen() is None
    assert arguments is not None
    assert arguments["buf"].nbytes == 64


def test_no_structure_is_kept_alive() -> None:
    """Of a structure there is a copy."""
    how = structures.open_how(flags=O_PATH, resolve=RESOLVE_BENEATH)
    before = sys.getrefcount(how)
    error = alone(calls.openat2, AT_FDCWD, "/", how, how.nbytes)
    assert sys.getrefcount(how) == before
    assert error.arguments is not None


def test_long_texts_are_not_kept() -> None:
    """No more than a path can have."""
    error = failed(calls.openat, AT_FDCWD, "x" * 5000, 0, 0)
    assert error.arguments is not None
    assert error.arguments["filename"] == PassedMemory(nbytes=5000)


def test_words_of_syscall_have_the_names_of_the_kernel() -> None:
    """A position in two words, too; a number without a name has none."""
    found = failed(syscall, "preadv2", -1, 0, 1, 5, 0, 0).arguments
    if sys.maxsize > 1 << 32:
        assert found == {"fd": -1, "vec": 0, "vlen": 1, "pos_l": 5, "pos_h": 0, "flags": 0}
    unknown = min(numbers.table().values()) + 2000
    assert failed(syscall, unknown, 1, 2).arguments is None
    assert errors.error(2, "openat").arguments is None
    assert errors.ENOENT().arguments is None


@pytest.mark.isolated
def test_process_and_thread_are_those_that_made_the_call() -> None:
    """Also in every child, however it was made."""

    def check() -> None:
        for error in (failed(calls.close, -1), failed(calls.openat, AT_FDCWD, Path(NOWHERE), 0, 0)):
            assert (error.process, error.thread) == (os.getpid(), threading.get_native_id())

    check()
    found: list[errors.SyscallError] = []

    def work() -> None:
        check()
        found.append(failed(calls.close, -1))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found[0].process == os.getpid()
    assert found[0].thread == thread.native_id
    for make in (os.fork, fork, lambda: fork(entry="kernel"), vfork, clone, lambda: clone3(CloneArgs())):
        in_child(make, check)


@pytest.mark.isolated
def test_calls_that_make_processes() -> None:
    """They keep their flags, spawn what the call of its step was made with."""
    error = failed(clone, CLONE_NEWNS | CLONE_FS)
    assert error.arguments == {"clone_flags": CLONE_NEWNS | CLONE_FS | 17}
    error = failed(clone3, CloneArgs(CLONE_NEWNS | CLONE_FS, set_tid=[1 << 30]))
    assert error.arguments is not None
    assert error.arguments["uargs"].flags == CLONE_NEWNS | CLONE_FS
    assert error.arguments["uargs"].set_tid_size == 1
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    for step, named, arguments, element in (
        ("executable", {}, {"filename": NOWHERE}, None),
        ("cwd", {"cwd": NOWHERE}, {"filename": NOWHERE}, None),
        ("fds", {"fds": {5: 99}}, {"fd": 99}, 5),
        ("process_group", {"process_group": 1 << 30}, {"pid": 0, "pgid": 1 << 30}, None),
    ):
        error = failed(spawn, [NOWHERE], **named)
        if error.step is None:  # an ordinary user may not make a process now
            assert error.symbol == "EAGAIN"
            continue
        assert (error.step, error.arguments, error.element) == (step, arguments, element)


@pytest.mark.parametrize(
    ("only", "arguments", "is_possible"),
    [
        ({"flags": "O_CREAT"}, {"flags": 0}, False),
        ({"flags": "O_CREAT"}, {"flags": os.O_CREAT | os.O_EXCL}, True),
        ({"flags": "O_CREAT !O_EXCL"}, {"flags": os.O_CREAT | os.O_EXCL}, False),
        ({"flags": "O_CREAT"}, {}, True),
        ({"flags": "O_CREAT"}, {"flags": PassedMemory()}, True),
        ({"flags": "O_CREAT"}, {"how": PassedMemory("open_how", 24, {"flags": 0})}, False),
        ({"flags": "O_CREAT"}, {"how": structures.open_how(flags=os.O_CREAT)}, True),
        ({"cmd": "F_SETFL"}, {"cmd": 5}, False),
        ({"cmd": "F_SETFL"}, {"cmd": 4 + (1 << 32)}, True),
        ({"dfd": "!AT_FDCWD"}, {"dfd": -100}, False),
        ({"len": "=0"}, {"len": 1}, False),
        ({"len": ">4096"}, {"len": -1}, True),
        ({"len": "<0"}, {"len": (1 << 32) - 1}, True),
        ({"path": "relative"}, {"path": "/x"}, False),
        ({"path": "empty"}, {"path": b""}, True),
        ({"path": "slash"}, {"path": "x/"}, True),
        ({"path": ">4095"}, {"path": "x"}, False),
        ({"path": "NULL"}, {"path": None}, True),
        ({"path": "!NULL"}, {"path": None}, False),
        ({"step": "uid_map"}, {}, True),
    ],
)
def test_conditions(only: dict[str, str], arguments: dict[str, Any], is_possible: bool) -> None:
    """What is not known excludes nothing."""
    assert possible([Condition(name, (words,)) for name, words in only.items()], arguments) is is_possible


def test_the_step_excludes_causes() -> None:
    """A cause of another step, or one that is none of this step."""
    for words, is_possible in (("uid_map", True), ("cgroup", False), ("!uid_map", False), ("!cgroup", True)):
        assert possible([Condition("step", (words,))], {}, "uid_map") is is_possible, words


@pytest.mark.isolated
def test_causes_that_the_arguments_exclude_are_not_shown() -> None:
    """In causes, explain() and notes; metadata.causes() has all of them."""
    error = failed(clone3, CloneArgs(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS))
    assert any("set_tid" in cause.when for cause in metadata.causes("clone3", "EINVAL"))
    assert not any("set_tid" in cause.when for cause in error.causes)
    assert "set_tid" not in error.explain() + "".join(error.__notes__)
    assert "CLONE_FS together" in error.explain()
    error = failed(spawn, ["true"], uid_map=[(0, 0, 2), (1, 5, 1)])
    if error.step == "uid_map":
        assert error.element == 1
        assert "memfd" not in error.explain()
        assert "two of the lines" in error.explain()
