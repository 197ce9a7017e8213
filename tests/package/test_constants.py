"""What the package states twice is the same: constants of the kernel, and names that its scripts know, too.

Constants are stated again where an import of pysys.flags would cost too much, or where imports do not go
that way; the scripts that make the tables run where the package is not installed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import PROJECT

import pysys
from pysys import flags, numbers
from pysys.arguments import capabilities
from pysys.calls._make import conversions
from pysys.calls._values.sets import SIGSET
from pysys.flags import index
from pysys.policy import replacements
from pysys.process import spawn_request

PACKAGE = Path(pysys.__file__).parent


def assignments(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """The names that a module gives to values, and the values as they are written."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        yield name.id, value


def stated() -> Iterator[tuple[str, str, int]]:
    """File, name and value of each constant named as one of pysys.flags, or so with an underscore."""
    known = {*index.MEMBERS, *index.MODULES}
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE).as_posix()
        if where.startswith(("flags/", "tables/")):
            continue
        for name, value in assignments(path):
            if name.removeprefix("_") in known:
                try:
                    number = ast.literal_eval(value)
                except ValueError:  # it is computed
                    continue
                if isinstance(number, int):
                    yield where, name.removeprefix("_"), number


def test_constants_are_those_of_flags() -> None:
    """AT_EMPTY_PATH, CLONE_NEWUSER and the like have the value that they have in pysys.flags."""
    found = list(stated())
    assert {"AT_FDCWD", "AT_EMPTY_PATH", "CLONE_NEWUSER"} <= {name for _, name, _ in found}
    for where, name, number in found:
        assert number == getattr(flags, name), (where, name)


# Names that several modules give to the same expression, with the reason.
SEVERAL = {
    "ABI": "asked once by each module",
    "HERE": "each module's own folder",
    "TYPE_CHECKING": "what type checkers know it by",
}


@pytest.mark.once
def test_nothing_is_stated_twice() -> None:
    """No constant or function is written in two modules: one of them imports it.

    Names for what the extension or CFFI has, and what Python calls by its name (__dir__), are not counted.
    """
    homes: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE).as_posix()
        if where.startswith(("flags/", "tables/")):  # made, or a member's own value
            continue
        for name, value in assignments(path):
            is_alias = isinstance(value, ast.Attribute) and ast.unparse(value.value) in ("ffi", "lib")
            if name.lstrip("_") not in SEVERAL and not is_alias and not name.startswith("__"):
                homes.setdefault(f"{name.lstrip('_')} = {ast.unparse(value)}", set()).add(where)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                homes.setdefault(
                    f"({ast.unparse(node.args)}): {ast.unparse(ast.Module(body, []))}", set()
                ).add(where)
    assert {text: found for text, found in homes.items() if len(found) > 1} == {}


def test_constants_of_replacements() -> None:
    """What the arguments of a replacement call by a name has the value of that name."""
    named = {name: value for name, value in replacements.CONSTANTS.items() if name.isidentifier()}
    assert {"AT_FDCWD", "AT_REMOVEDIR", "CLOCK_REALTIME"} <= named.keys()
    for name, value in named.items():
        assert value == (0 if name == "NULL" else getattr(flags, name)), name


def test_capabilities() -> None:
    """spawn knows every capability that pysys.flags has, by its number."""
    names = [f"CAP_{name}" for name in capabilities.NAMES]
    assert {name: names.index(name) for name in names} == dict(flags.Capability.__members__)


def test_namespaces() -> None:
    """spawn takes every flag of clone that makes a namespace, and no other."""
    kinds = [value for name, value in flags.CloneFlags.__members__.items() if name.startswith("CLONE_NEW")]
    assert len(kinds) == 8
    assert sum(kinds) == spawn_request._NAMESPACES


def test_sets_of_signals() -> None:
    """A set has a bit for each signal: 64 of them, on mips 128."""
    size = 16 if pysys.abi.current().architecture == "mips" else 8
    assert size == SIGSET == conversions._SIGSET


def test_entries_without_a_call() -> None:
    """The scripts that make the tables do not repeat which entry points only answer ENOSYS."""
    found = [one for path in (PROJECT / "tools").rglob("*.py") for one in assignments(path)]
    (single,) = (ast.literal_eval(value) for name, value in found if name == "NO_ENTRY")
    assert single in numbers.NOT_IMPLEMENTED
    assert not [value for name, value in found if "sys_nis_syscall" in ast.unparse(value)]


def test_every_family_of_structures_is_included() -> None:
    """What is not would count as structures of other ABIs."""
    text = (PROJECT / "cdefs/structures.h").read_text()
    included = re.findall(r'^#include "structures/(\w+\.h)"$', text, re.M)
    assert sorted(included) == sorted(path.name for path in (PROJECT / "cdefs/structures").glob("*.h"))


def test_every_function_by_hand_is_listed() -> None:
    """pysys.calls finds a function in its family by the list of their names."""
    folder = PROJECT / "src/pysys/calls"
    written = {
        node.name: path.stem
        for path in folder.glob("_*.py")
        if not path.stem.startswith("__")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    assert written == pysys.calls._HANDWRITTEN
