"""What lies where: a file of tests for each family of calls."""

from __future__ import annotations

import ast
import re

import pytest
from paths import PROJECT, TESTS

from pysys.calls import _FAMILIES

pytestmark = pytest.mark.portable

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


# Written so that this line is none: a comment for mypy, without what it may not see or why.
UNEXPLAINED = re.compile(r"#[ ]type: ignore(?!\[[a-z, -]+\](  # noqa: [A-Z0-9, ]+)?(  # (?!noqa)\S|\"))")


def test_what_mypy_may_not_see_has_a_reason() -> None:
    """Where mypy is told to ignore something, a comment says why."""
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in PROJECT.rglob("*.py")
        if not any(part.startswith(".") or part == "build" for part in path.relative_to(PROJECT).parts)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if UNEXPLAINED.search(line)
    ]
    assert not found
