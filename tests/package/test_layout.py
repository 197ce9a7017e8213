"""What lies where: a file of tests for each family of calls."""

from __future__ import annotations

import ast

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
