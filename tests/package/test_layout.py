"""What lies where: the tests of each family of calls, and every file in the source distribution."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from paths import PROJECT, TESTS
from user_mode import CANNOT_SHOW

from machines.files import files, walked
from pysys.calls import _FAMILIES

pytestmark = pytest.mark.once

CALLS = PROJECT / "src/pysys/calls"


def test_every_family_is_listed() -> None:
    """The modules of families are those whose functions pysys.calls offers."""
    assert {path.stem for path in CALLS.glob("_*.py")} - {"__init__"} == set(_FAMILIES)


@pytest.mark.parametrize("family", sorted(_FAMILIES))
def test_a_family_has_its_tests(family: str) -> None:
    """tests/calls/test_X.py uses every function of src/pysys/calls/_X.py."""
    tree = ast.parse((TESTS / "calls" / f"test{family}.py").read_text())
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(_FAMILIES[family].split()) <= used


# Written so that this line is not found: a comment for mypy, without what it may not see or why.
UNEXPLAINED = re.compile(r"#[ ]type: ignore(?!\[[a-z, -]+\](  # noqa: [A-Z0-9, ]+)?(  # (?!noqa)\S|\"))")


def test_what_mypy_may_not_see_has_a_reason() -> None:
    """Where mypy is told to ignore something, a comment says why."""
    found = [
        f"{name}:{number}"
        for name in files()
        if name.suffix == ".py"
        for number, line in enumerate((PROJECT / name).read_text("utf-8").splitlines(), 1)
        if UNEXPLAINED.search(line)
    ]
    assert not found


def test_no_part_of_a_bytearray_is_a_bytearray() -> None:
    """Parts of what the kernel wrote are taken through a memoryview: CPython 3.13 and 3.14 do not survive
    a slice of a bytearray that has no memory, and two copies are one too many."""
    found = []
    for path in sorted((PROJECT / "src/pysys").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            made = {
                ast.unparse(target)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("bytearray(")
                for target in node.targets
            }
            found += [
                f"{path.relative_to(PROJECT)}:{node.lineno}"
                for node in ast.walk(function)
                if isinstance(node, ast.Subscript)
                and isinstance(node.slice, ast.Slice)
                and isinstance(node.ctx, ast.Load)
                and ast.unparse(node.value) in made
            ]
    assert not found


def test_mypy_sees_every_file() -> None:
    """pyproject.toml names each Python file for mypy, or a folder with it."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    named = {Path(name) for name in settings["tool"]["mypy"]["files"]}
    python = [name for name in files() if name.suffix == ".py"]
    assert not [name for name in python if not named.intersection([name, *name.parents])]


# What setuptools takes into a source distribution without being told: pyproject.toml names the rest of src.
TAKEN = re.compile(r"LICENSE|MANIFEST\.in|README\.md|pyproject\.toml|setup\.py|src/.*")


def test_every_file_is_distributed() -> None:
    """MANIFEST.in has every file of the project, and names none that there is not."""
    names = {str(name) for name in files()}
    held: set[str] = set()
    for line in (PROJECT / "MANIFEST.in").read_text().splitlines():
        command, *words = line.split()
        if command == "include":
            found = names.intersection(words)
        elif command == "graft":
            found = {name for name in names if name.startswith(f"{words[0]}/")}
        else:
            assert (command, words) == ("global-exclude", ["__pycache__", "*.pyc", "*.so"])
            continue
        assert len(found) >= len(words), line
        held |= found
    assert {name for name in names - held if not TAKEN.fullmatch(name)} == set()


def test_the_project_has_the_same_files_without_git() -> None:
    """In a source distribution, as in a checkout, what tools make does not count as the project's."""
    without = {str(name) for name in walked()}
    assert {str(name) for name in files()} <= without
    assert not [name for name in without if "egg-info" in name or "__pycache__" in name or name[:2] == ".v"]


def test_what_an_emulator_cannot_show_is_a_test() -> None:
    """tests/support/user_mode.py names tests that there are."""
    known = {
        f"{path.stem}::{node.name}"
        for path in TESTS.rglob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    named = {pattern.partition("[")[0] for patterns in CANNOT_SHOW.values() for pattern in patterns.split()}
    assert {name for name in named if "*" not in name} <= known
