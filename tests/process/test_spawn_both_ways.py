"""spawn: what C takes of the arguments and what Python takes are the same.

Most starts are C's alone; a setting that C does not take, here an empty list of signals, has Python convert
the arguments. Both have to start the same program, or to raise the same exception, after the same events.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import UserDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from isolated import nothing_left, open_descriptors

from pysys._native import join_strings, join_variables
from pysys.process import spawn_arguments

SCRIPT = """
printf "%s|" "$@"; pwd; umask; readlink /proc/self/fd/[0-9]* | grep -v fd; env | LC_ALL=C sort
read -r _ _ _ _ group session _ < /proc/$$/stat
[ $group = $$ ] && echo its own group; [ $session = $$ ] && echo its own session
"""
SHELL = ["/bin/sh", "-c", SCRIPT, "sh"]


class Name(str):
    """A str that has itself encoded otherwise."""

    __slots__ = ()

    def encode(self, *_: object, **__: object) -> bytes:
        return b"otherwise"


class Number(int):
    pass


class Place:
    def __fspath__(self) -> str:
        return "/usr"


class Lines(list[str]):
    pass


class NeitherError(Exception):
    pass


class Neither:
    """It has no truth value."""

    def __bool__(self) -> bool:
        raise NeitherError


def file_of(number: int) -> Any:
    class Open:
        def fileno(self) -> int:
            return number

    return Open()


def cases() -> dict[str, Callable[[], tuple[Any, dict[str, Any]]]]:
    """Arguments, made for each start: argv, and the others."""
    argvs: dict[str, Callable[[], Any]] = {
        "list": lambda: [*SHELL, "a", ""],
        "tuple": lambda: (*SHELL, "ä", "\U0001f600"),
        "bytes": lambda: [*SHELL, b"a", b"\xff\xfe"],
        "surrogates": lambda: [*SHELL, "\udcff"],
        "cannot be encoded": lambda: [*SHELL, "\ud800"],
        "null": lambda: [*SHELL, "a\0b"],
        "null in bytes": lambda: [*SHELL, b"a\0b"],
        "path": lambda: [Path("/bin/sh"), *SHELL[1:]],
        "subclass": lambda: [*SHELL, Name("x")],
        "iterator": lambda: iter(SHELL),
        "generator": lambda: (part for part in SHELL),
        "list of a subclass": lambda: Lines(SHELL),
        "long": lambda: [*SHELL, "x" * 5000, *["y"] * 3000],
        "empty": list,
        "empty tuple": tuple,
        "empty name": lambda: [""],
        "number": lambda: [*SHELL, 5],
        "None": lambda: [*SHELL, None],
        "text": lambda: "/bin/sh",
        "no iterable": lambda: 5,
        "by name": lambda: ["sh", *SHELL[1:]],
        "missing": lambda: ["/nonexistent"],
        "missing by name": lambda: ["nonexistent-program"],
        "directory": lambda: ["/usr"],
        "too long": lambda: ["/" + "x" * 5000],
    }
    others: dict[str, Callable[[], dict[str, Any]]] = {
        "plain": dict,
        "env": lambda: {"env": {"A": "1", "B": "", "PATH": "/bin:/usr/bin"}},
        "empty env": lambda: {"env": {}},
        "env of bytes": lambda: {"env": {b"A": b"\xff", "PATH": b"/bin"}},
        "env not ASCII": lambda: {"env": {"Ä": "ö\udcff", "PATH": "/bin"}},
        "env with =": lambda: {"env": {"A=B": "1"}},
        "env with null": lambda: {"env": {"A": "1\0"}},
        "env with null in a name": lambda: {"env": {"A\0": "1"}},
        "env of numbers": lambda: {"env": {"A": 1}},
        "env named by a number": lambda: {"env": {1: "A"}},
        "env of a path": lambda: {"env": {"A": Path("/x"), "PATH": "/bin"}},
        "env not to be encoded": lambda: {"env": {"A": "\ud800"}},
        "env a mapping": lambda: {"env": UserDict({"A": "1", "PATH": "/bin"})},
        "env of the process": lambda: {"env": os.environ},
        "env a list": lambda: {"env": ["A=1"]},
        "env with two": lambda: {"env": {"PATH": "/bin", b"PATH": "/usr/bin"}},
        "cwd": lambda: {"cwd": "/usr"},
        "cwd bytes": lambda: {"cwd": b"/usr/bin"},
        "cwd path": lambda: {"cwd": Place()},
        "cwd descriptor": lambda: {"cwd": os.open("/usr", os.O_RDONLY)},
        "cwd missing": lambda: {"cwd": "/nonexistent"},
        "cwd null": lambda: {"cwd": "/\0"},
        "cwd too long": lambda: {"cwd": "/" + "x" * 5000},
        "cwd None in a list": lambda: {"cwd": [None]},
        "stdin": lambda: {"stdin": os.open("/etc/passwd", os.O_RDONLY)},
        "stdin null": lambda: {"stdin": subprocess.DEVNULL},
        "stdin pipe": lambda: {"stdin": subprocess.PIPE},
        "stdin STDOUT": lambda: {"stdin": subprocess.STDOUT},
        "stdin bool": lambda: {"stdin": False},
        "stdin number": lambda: {"stdin": Number(0)},
        "stdin object": lambda: {"stdin": file_of(0)},
        "stdin closed": lambda: {"stdin": 999},
        "stdin huge": lambda: {"stdin": 2**31},
        "stdin very huge": lambda: {"stdin": 2**80},
        "stdin negative": lambda: {"stdin": -7},
        "stdin text": lambda: {"stdin": "0"},
        "stderr STDOUT": lambda: {"stderr": subprocess.STDOUT},
        "all three": lambda: {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL},
        "crossing": lambda: {"stdin": 2, "stderr": 0},
        "fds": lambda: {"fds": {7: 2, 5: 0}},
        "fds crossing": lambda: {"fds": {0: 2, 2: 0}},
        "fds in a row": lambda: {"fds": {3: 0, 4: 3, 5: 4}},
        "fds null": lambda: {"fds": {7: subprocess.DEVNULL}},
        "fds STDOUT": lambda: {"fds": {7: subprocess.STDOUT}},
        "fds 2 STDOUT": lambda: {"fds": {2: subprocess.STDOUT}},
        "fds pipe": lambda: {"fds": {7: subprocess.PIPE}},
        "fds and a stream": lambda: {"fds": {1: 2}},
        "fds closed": lambda: {"fds": {7: 2, 8: 999}},
        "fds 0 closed": lambda: {"fds": {0: 999}},
        "fds numbers": lambda: {"fds": {Number(7): Number(2)}},
        "fds object": lambda: {"fds": {7: file_of(2)}},
        "fds largest": lambda: {"fds": {2**31 - 2: 2}},
        "fds too large": lambda: {"fds": {2**31 - 1: 2}},
        "fds huge": lambda: {"fds": {2**80: 2}},
        "fds from huge": lambda: {"fds": {7: 2**80}},
        "fds negative": lambda: {"fds": {-1: 2}},
        "fds text": lambda: {"fds": {"7": 2}},
        "fds a list": lambda: {"fds": [(7, 2)]},
        "fds a mapping": lambda: {"fds": UserDict({7: 2})},
        "fds some": lambda: {"fds": dict.fromkeys(range(38, 9, -1), 2)},
        "fds many": lambda: {"fds": dict.fromkeys(range(10, 60), 2)},
        "fds empty": lambda: {"fds": {}},
        "executable": lambda: {"executable": "/bin/sh"},
        "executable bytes": lambda: {"executable": b"/bin/sh"},
        "executable path": lambda: {"executable": Path("/bin/sh")},
        "executable by name": lambda: {"executable": "sh", "env": {"PATH": "/nonexistent:/bin"}},
        "executable missing": lambda: {"executable": "/nonexistent/sh"},
        "executable empty": lambda: {"executable": ""},
        "executable null": lambda: {"executable": "a\0b"},
        "executable not to be encoded": lambda: {"executable": "\ud800"},
        "executable number": lambda: {"executable": 999},
        "executable a list": lambda: {"executable": ["/bin/sh"]},
        "no pidfd": lambda: {"pidfd": False},
        "inheriting": lambda: {"close_fds": False},
        "signals as they are": lambda: {"restore_signals": 0},
        "umask": lambda: {"umask": 0o27},
        "umask bool": lambda: {"umask": True},
        "umask too large": lambda: {"umask": 0o1000},
        "umask negative": lambda: {"umask": -1},
        "umask huge": lambda: {"umask": 2**80},
        "umask text": lambda: {"umask": "0"},
        "session": lambda: {"start_new_session": True},
        "session 2": lambda: {"start_new_session": 2},
        "session []": lambda: {"start_new_session": []},
        "group": lambda: {"process_group": 0},
        "group number": lambda: {"process_group": Number(0)},
        "group negative": lambda: {"process_group": -1},
        "group huge": lambda: {"process_group": 2**31},
        "group missing": lambda: {"process_group": 2**31 - 1},
        **{
            f"{name} neither": lambda name=name: {name: Neither()}  # type: ignore[misc]  # mypy infers no type for a lambda's default
            for name in ("close_fds", "restore_signals", "pidfd", "start_new_session")
        },
    }
    paths: dict[str, Any] = {
        "of several": {"PATH": "/nonexistent:/usr/bin/:/bin"},
        "first": {"PATH": "/bin", "A": "PATH=/x"},
        "last": {"APATH": "/x", "PATH": "/nonexistent:/bin:"},
        "empty": {"PATH": ""},
        "of nothing": {"PATH": "::"},
        "missing": {"A": "1"},
        "no variables": {},
        "two": {"PATH": "/bin", b"PATH": "/usr/bin"},
        "long": {"PATH": ":".join(["/nonexistent/" + "x" * 200] * 50 + ["/bin"])},
        "of bytes": {b"PATH": b"/\xff:/bin"},
    }
    made: dict[str, Callable[[], tuple[Any, dict[str, Any]]]] = {}
    for name, argv in argvs.items():
        made[name] = lambda argv=argv: (argv(), {})  # type: ignore[misc]  # mypy infers no type for a lambda's default
    for name, more in others.items():
        made[name] = lambda more=more: (list(SHELL), more())  # type: ignore[misc]  # as above
    for name, env in paths.items():
        made[f"PATH {name}"] = lambda env=env: (["sh", *SHELL[1:]], {"env": env})  # type: ignore[misc]  # as above
        made[f"missing in PATH {name}"] = lambda env=env: (["nonexistent"], {"env": env})  # type: ignore[misc]  # as above
    chosen = random.Random(12)
    for turn in range(60):
        argv = argvs[chosen.choice(list(argvs))]
        both = [others[name] for name in chosen.sample(list(others), 2)]
        made[f"mixed {turn}"] = lambda argv=argv, both=both: (argv(), {**both[0](), **both[1]()})  # type: ignore[misc]  # as above
    return made


events: list[object] = []


def note(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("pysys.spawn", "_posixsubprocess.fork_exec"):
        events.append((event, repr(arguments)))


def outcome(argv: Any, settings: dict[str, Any]) -> object:
    """What the program prints, or what was raised; and the events before."""
    from pysys import spawn

    events.clear()
    reader, writer = os.pipe()
    try:
        child = spawn(argv, **{"stdout": writer, **settings})
    except Exception as error:
        error.__traceback__ = error.__context__ = None
        fields = ("errno", "syscall", "step", "filename", "element")
        return type(error), str(error), [getattr(error, name, None) for name in fields], list(events)
    finally:
        os.close(writer)
        listing = open(reader, "rb")  # noqa: SIM115  # closed below, after the writer
        text = listing.read() if sys.exc_info()[0] is None else b""
        listing.close()
    with child:
        return text, child.wait(), child.pidfd is None, list(events)


def shown(found: object) -> str:
    """Without addresses of objects, which differ."""
    import re

    return re.sub(r" at 0x[0-9a-f]+|pipe:\[\d+\]", "", repr(found))


@pytest.mark.widths
@pytest.mark.isolated
@pytest.mark.parametrize("announces", [False, True])
def test_S3_both_ways_are_the_same(announces: bool) -> None:
    """What C takes and what Python takes have the same results, errors and events; the events also those that
    starts have from Python 3.14 on."""

    from pysys.process import spawn as module

    module._RAISES_FORK_EXEC = announces
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    os.environ["PYSYS_HERE"] = "ä"
    sys.addaudithook(note)
    wrong = []
    for name, make in cases().items():
        before = open_descriptors()
        found = []
        ways: tuple[dict[str, Any], ...] = ({}, {"signals_default": []})
        for more in ways:
            argv, settings = make()
            with nothing_left():
                found.append(shown(outcome(argv, {**settings, **more})))
            for number in open_descriptors() - before:
                os.close(number)
        if found[0] != found[1]:
            wrong.append(f"{name}: {found[0]}\n   and not {found[1]}")
    assert not wrong, "\n".join(wrong)


def texts() -> Iterator[list[Any]]:
    draw = random.Random(3)
    parts: list[Any] = [
        "",
        "a",
        "abc" * 50,
        "ä",
        "\udcff",
        "\U0001f600",
        b"",
        b"\xff",
        b"x" * 3000,
        "y" * 9000,
    ]
    for _ in range(200):
        yield [draw.choice(parts) for _ in range(draw.randint(1, 12))]


def test_S3_strings_are_joined_as_by_Python() -> None:
    """In C and in Python: the same bytes."""
    for found in texts():
        wanted = spawn_arguments.joined(spawn_arguments.arguments(found))
        assert join_strings(found) == join_strings(tuple(found)) == wanted
        variables = {str(index) + "N": value for index, value in enumerate(found)}
        assert join_variables(variables) == spawn_arguments.joined(spawn_arguments.environment(variables, []))
        assert spawn_arguments.parted(wanted) == spawn_arguments.arguments(found)
    assert join_strings([]) == b""
    assert join_variables({}) == b""


@pytest.mark.parametrize(
    "odd",
    ["text", b"text", None, 5, {"a"}, iter("a"), ["a\0"], [b"\0"], ["\ud800"], [5], [None], [Name("a")]],
)
def test_S3_other_strings_are_Pythons(odd: object) -> None:
    assert join_strings(odd) is None


@pytest.mark.parametrize(
    "odd", [{"a=": "b"}, {"a": "\0"}, {"\0": "a"}, {"a": 1}, {1: "a"}, {"a": None}, [], None, UserDict(a="b")]
)
def test_S3_other_variables_are_Pythons(odd: object) -> None:
    assert join_variables(odd) is None


@pytest.mark.isolated
def test_I2_no_memory_for_strings() -> None:
    """Whichever allocation fails, it is a MemoryError, and nothing is lost or written over."""
    testcapi = pytest.importorskip("_testcapi", reason="this Python comes without _testcapi")
    values = ["x" * 3000, "ä" * 2000, b"z" * 3000]
    variables = {"N" * 3000: "x" * 3000, "ä" * 50: "ö" * 500}
    wanted = join_strings(values), join_variables(variables)
    failed = 0
    for turn in range(60):
        found: list[object] = []
        testcapi.set_nomemory(turn, turn + 1)
        try:
            found.append(join_strings(values))
            found.append(join_variables(variables))
        except MemoryError:
            failed += 1
        finally:
            testcapi.remove_mem_hooks()
        assert tuple(found) == wanted[: len(found)]
    assert failed > 3
