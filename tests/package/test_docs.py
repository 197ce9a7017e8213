"""The guides keep to the facts: README's example and numbers, links, and the tests that hold each promise."""

from __future__ import annotations

import ast
import importlib
import inspect
import keyword
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType

import pytest
from cli_command import answer
from cli_command import pysys as command
from paths import PROJECT, TESTS

import pysys
from pysys import abi, calls, errors, metadata, numbers, resolve, structures
from pysys.abi import ABIS
from pysys.calls import _FAMILIES
from pysys.doc import PageDoc

README = (PROJECT / "README.md").read_text("utf-8")
GUIDES = sorted(f"docs/{path.name}" for path in (PROJECT / "docs").glob("*.md"))
PROMISES = PROJECT / "docs/promises.md"


@cache
def functions(path: Path) -> frozenset[str]:
    """The functions at the top of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def promises() -> list[tuple[str, list[str]]]:
    """Each promise with the tests that it names."""
    found = []
    for line in PROMISES.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) == 4 and cells[1] not in ("promise", "---"):
            found.append((cells[1], re.findall(r"`([^`]+)`", cells[2])))
    return found


@pytest.mark.portable
def test_every_promise_has_a_test() -> None:
    """docs/promises.md names a test for each promise, and each of them exists."""
    assert len(promises()) > 40
    wrong = []
    for promise, tests in promises():
        if not tests:
            wrong.append(f"{promise}: no test")
        for test in tests:
            file, _, name = test.partition("::")
            if not (TESTS / file).is_file() or name not in functions(TESTS / file):
                wrong.append(f"{promise}: there is no {test}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.portable
def test_contributing_names_what_exists() -> None:
    """Each file and each test that CONTRIBUTING.md names is there."""
    path = PROJECT / "CONTRIBUTING.md"
    text = path.read_text("utf-8")
    every = {name: file for file in TESTS.rglob("test_*.py") for name in functions(file)}
    wrong = []
    file = ""
    for code in re.findall(r"`([^`\n]+)`", text):
        named, _, test = code.partition("::")
        if re.fullmatch(r"[\w./-]+/[\w.-]+\.(?:py|md|toml|tsv|ini|h|c|json)", named):
            file = named if named.startswith("tests/") else file
            if re.search(r"\b(?:NAME|FAMILY)\b", named) or named.partition("/")[0] not in TOP:
                continue
            if not (PROJECT / named).exists():
                wrong.append(f"there is no {named}")
        if re.fullmatch(r"test_\w+", test) and file and test not in functions(PROJECT / file):
            wrong.append(f"{file} has no {test}")
        if re.fullmatch(r"test_\w+", code) and "_C3_" not in code and code not in every:
            wrong.append(f"there is no {code}")
    assert len(re.findall("::test_", text)) > 20
    assert not wrong, "\n".join(wrong)


@pytest.mark.portable
def test_guides_name_files_that_exist() -> None:
    """What looks like a file in a guide is one of the project, by the end of its path."""
    if not (PROJECT / "CONTRIBUTING.md").exists():
        pytest.skip("CONTRIBUTING.md is not part of this copy of the project")
    paths = [path.relative_to(PROJECT) for path in PROJECT.rglob("*")]
    files = [f"/{path}" for path in paths if not any(part.startswith(".") for part in path.parts)]
    wrong = []
    for guide in (PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *PROJECT.glob("docs/*.md")):
        for code in re.findall(r"`([^`\n]+)`", guide.read_text("utf-8")):
            named = code.partition("::")[0]
            if not re.fullmatch(r"[\w./-]*\w(?:/|\.(?:pyi?|md|toml|tsv|ini|[hc]|json|txt))", named):
                continue
            if re.search(r"\b(?:NAME|FAMILY)\b", named) or named in ELSEWHERE:
                continue
            if not any(file.endswith(f"/{named.rstrip('/')}") for file in files):
                wrong.append(f"{guide.name}: there is no {named}")
    assert not wrong, "\n".join(wrong)


# Files that are not the project's.
ELSEWHERE = ("unistd.h", "stdint.h", "arch/")


TOP = {path.name for path in PROJECT.iterdir() if path.is_dir()}


@pytest.mark.portable
@pytest.mark.parametrize("guide", ["README.md", "CONTRIBUTING.md", "SECURITY.md", *GUIDES])
def test_links_lead_somewhere(guide: str) -> None:
    """Each link to a file of the project has a target."""
    path = PROJECT / guide
    if not path.exists():
        pytest.skip(f"{guide} is not part of this copy of the project")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text("utf-8"))
    assert not [link for link in links if not (path.parent / link).exists()]


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    """README's first program runs without a warning, and prints what its comments say."""
    unshare = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) != 0)"  # CLONE_NEWUSER
    if subprocess.run([sys.executable, "-c", unshare]).returncode != 0:
        pytest.skip("a user namespace may not be made here, and the example makes one")
    program = tmp_path / "example.py"
    program.write_text(re.findall(r"^```python\n(.*?)^```", README, re.S | re.M)[0])
    command = [sys.executable, "-W", "error", str(program)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:4] == ["7", "in there I am 1", "64", "3"]
    assert lines[4].startswith("0o") and float(lines[4].split()[1]) > 0
    assert "ENOENT" in lines[5] and "/nonexistent/file" in lines[5]


@pytest.mark.portable
def test_the_commands_of_the_readme() -> None:
    """Each command that README shows does something, in both forms."""
    shown = "  ".join(re.findall(r"^    pysys .*", README, re.MULTILINE))
    commands = [shlex.split(one)[1:] for one in re.split(" {2,}", shown.strip())]
    assert len(commands) == 9
    for words in commands:
        done = command(*words)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip()
        assert answer(*words)


@pytest.mark.portable
def test_the_names_of_the_readme() -> None:
    """What the second program imports is there."""
    code = re.findall(r"^```python\n(.*?)^```", README, re.S | re.M)[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.portable
def test_the_counts_of_the_readme() -> None:
    """How many calls, ABIs and names there are."""
    text = " ".join(README.split())
    assert f"The reference covers {len(metadata.pages)} names" in text
    assert f"the numbers of all {len(ABIS)} ABIs" in text
    assert f"a function for each of the {len(numbers.calls())} calls" in text
    assert {name for name in numbers.calls() if not keyword.iskeyword(name)} <= set(dir(calls))


@pytest.mark.portable
def test_what_the_readme_says_of_resolve() -> None:
    """fork on aarch64 is clone, number 220."""
    found = resolve("fork", abi="aarch64")
    assert (found.call, found.number) == ("clone", 220)


@pytest.mark.portable
def test_the_package_needs_only_cffi() -> None:
    """What is installed with the package, and with its command."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {re.match(r"[\w-]+", one)[0] for one in project["dependencies"]} == {"cffi"}  # type: ignore[index]  # an empty name would fail below
    extra = [re.match(r"[\w-]+", one)[0] for one in project["optional-dependencies"]["cli"]]  # type: ignore[index]  # likewise
    assert sorted(extra) == ["argcomplete", "rich"]


# What makes processes, and what is used with it: its docstring names the call (where it makes one), describes
# each argument, and says since when it exists. Child's methods name theirs.
PROCESS = (
    *("fork", "vfork", "clone", "clone3", "spawn", "Child", "Popen", "CloneArgs"),
    *("run", "wait_any", "reap", "open_process", "Terminal"),
)
OTHERS = (
    *("preload", "resolve", "abi.get", "abi.current"),
    *(f"numbers.{name}" for name in ("calls", "entry", "names", "number", "suggestions", "table")),
    *("errors.by_name", "errors.by_number", "errors.error", "structures.names", "structures.describe"),
    *(f"metadata.{name}" for name in metadata.__all__ if name[0].islower() and name != "pages"),
)


def documented(name: str) -> tuple[object, str]:
    """A public thing, and its docstring without the page."""
    thing: object = pysys
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing, inspect.cleandoc(str(getattr(thing, "__doc__", None) or ""))  # as 3.13 has it itself


@pytest.mark.portable
@pytest.mark.parametrize("name", PROCESS + OTHERS)
def test_docstrings(name: str) -> None:
    """A docstring has a sentence as first line, each argument, the exceptions, and since when."""
    thing, text = documented(name)
    first = text.splitlines()[0]
    assert first.endswith((".", ":")) and ";" not in first, first
    assert "Raises" in text
    assert name not in PROCESS or re.search(r"[Ss]ince\s+Linux\s+\d", text)
    assert name not in PROCESS[:5] or re.match(r"[a-z0-9]+\(2\)", first)
    if not isinstance(thing, type):
        assert "Returns" in text
    if name in ("Child", "Popen"):  # not made by their users; with subprocess's arguments
        return
    arguments = inspect.signature(thing).parameters  # type: ignore[arg-type]  # any callable
    described = " ".join(re.findall(r"^([a-z_23, ]+):", text, re.M))
    missing = [argument for argument in arguments if not re.search(rf"\b{argument}\b", described)]
    assert not missing or (name == "CloneArgs" and missing == ["unknown"])


WRITTEN = [
    function
    for family in _FAMILIES
    for function in vars(importlib.import_module(f"pysys.calls.{family}")).values()
    if inspect.isfunction(inspect.unwrap(function)) and isinstance(function.__doc__, PageDoc)
]


@pytest.mark.portable
@pytest.mark.parametrize("function", WRITTEN, ids=lambda one: one.__name__)
def test_docstrings_of_calls(function: FunctionType) -> None:
    """So has each call that is written by hand, and the version is the one that the tables have."""
    text = str(function.__doc__)
    call = re.match(r"([a-z0-9_]+)\(2\)", text)
    assert call, text
    described = re.findall(r"(?:^|\s)((?:[a-z_0-9]+, )*[a-z_0-9]+):\s", text)
    missing = inspect.signature(function).parameters.keys() - set(", ".join(described).split(", "))
    assert not missing
    assert "Returns" in text
    assert f"Raises the documented errors of {call[1]}" in " ".join(text.split())
    since = re.search(r"Since\s+Linux\s+(\d+\.[\d.]*\d)", text)
    assert since
    if call[1] == function.__name__:  # an operation may be newer than its call
        assert since[1] == metadata.page(call[1]).since


# What pysys.structures has besides the kernel's: its modules, and what structures can do.
HELPERS = [
    (f"{owner.__name__}.{name}", thing)
    for owner in (
        *(structures.addresses, structures.control, structures.readers, structures.control.ControlMessage),
        *(structures.timespec, structures.timeval, structures.sigset),
        *(structures.iovec, structures.msghdr),
    )
    for name in (owner.__all__ if inspect.ismodule(owner) else dir(owner))
    if not name.startswith("_") and inspect.isroutine(thing := getattr(owner, name))
]


@pytest.mark.portable
@pytest.mark.parametrize(("name", "thing"), HELPERS, ids=[name for name, _ in HELPERS])
def test_docstrings_of_structures(name: str, thing: Callable[..., object]) -> None:
    """So have the functions that make and read structures: each argument, the result, the exceptions."""
    text = inspect.cleandoc(thing.__doc__ or "")
    assert text.partition("\n")[0].endswith("."), text
    described = ", ".join(re.findall(r"(?:^|\s)((?:[a-z]+, )*[a-z]+):\s", text)).split(", ")
    arguments = inspect.signature(thing).parameters.keys() - {"self"}
    assert not arguments - set(described)
    assert "Returns" in text
    assert "Raises" in text or not arguments


# Public classes besides the kernel's structures and the classes of flags and errnos.
CLASSES: list[type] = [
    *(pysys.Child, pysys.Popen, pysys.CloneArgs, pysys.Resolution, abi.ABI),
    *(pysys.Completed, pysys.Ending, pysys.Terminal),
    *(errors.SyscallError, errors.RefusedError, numbers.UnknownCallError, numbers.NoNumberError),
    *(structures.Structure, structures.Array, structures.control.ControlMessage),
    *(getattr(structures.records, name) for name in structures.records.__all__),
    *(kind for name in metadata.__all__ if isinstance(kind := getattr(metadata, name), type)),
]


def fields(kind: type) -> list[str]:
    """What its docstring describes: attributes, and the arguments that exceptions are made of."""
    if issubclass(kind, tuple):
        return list(kind._fields)  # type: ignore[attr-defined]  # of a NamedTuple
    if issubclass(kind, Exception):
        makes = inspect.signature(kind.__init__).parameters.values()
        return [one.name for one in makes if one.name != "self" and one.kind is not one.VAR_POSITIONAL]
    slots = [name for name in vars(kind).get("__slots__", ()) if not name.startswith("_")]
    return [name for name in slots if not isinstance(vars(kind)[name], property)]


def described(text: str) -> set[str]:
    """The names that stand in front of a colon: `a, b: what they are`."""
    found = re.findall(r"(?:^|[\s`])((?:[a-z_0-9]+`?, `?)*[a-z_0-9]+)`?:\s", text)
    return set(", ".join(found).replace("`", "").split(", "))


@pytest.mark.portable
@pytest.mark.parametrize("kind", CLASSES, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_docstrings_of_classes(kind: type) -> None:
    """So has each public class: what it is, its attributes, and its methods as functions have it."""
    about = inspect.cleandoc(kind.__doc__ or "")
    assert about.partition("\n")[0].endswith((".", ":"))
    assert not set(fields(kind)) - described(about)
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not inspect.isfunction(function):
            continue
        text = inspect.cleandoc(function.__doc__ or "")
        assert text.partition("\n")[0].endswith((".", ":")), (name, text)
        if isinstance(member, property):
            continue
        signature = inspect.signature(function)
        arguments = signature.parameters.keys() - {"self", "cls"}
        assert not arguments - described(text), name
        assert "Returns" in text or signature.return_annotation == "None", name
        assert "Raises" in text or not arguments, name


@pytest.mark.portable
def test_docstrings_of_methods() -> None:
    """So have the methods and attributes of Child."""
    public = [name for name in vars(pysys.Child) if not name.startswith("_")]
    described = documented("Child")[1]
    without = [
        name
        for name in public
        if not documented(f"Child.{name}")[1] and not re.search(rf"^{name}: ", described, re.M)
    ]
    assert not without
    waits = ("wait", "poll", "send_signal", "close", "fileno", "__exit__", "__aexit__")
    silent = [name for name in waits if "Raises" not in documented(f"Child.{name}")[1]]
    assert not silent
