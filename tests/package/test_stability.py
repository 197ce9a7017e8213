"""What one can build on, and what the package trusts: the documents name what exists."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest
from paths import PROJECT, TESTS

import pysys
from machines import wheels

pytestmark = pytest.mark.once
STABILITY = (PROJECT / "docs/stability.md").read_text("utf-8")
THREATS = (PROJECT / "docs/threat_model.md").read_text("utf-8")


def test_every_public_name_is_listed() -> None:
    """docs/stability.md has the names of pysys, and no others."""
    listed = re.search(r"which `dir\(pysys\)` lists: (.*?)\.\n", STABILITY, re.DOTALL)
    assert listed
    assert sorted(re.findall(r"`(\w+)`", listed[1])) == sorted(pysys.__all__)


def test_the_table_of_c_libraries() -> None:
    """It is that of the wheels."""
    found = {
        machine: glibc
        for machines, glibc in re.findall(r"^\| ([\w, ]+) \| ([\d.]+) \| 1\.2 \|$", STABILITY, re.MULTILINE)
        for machine in machines.split(", ")
    }
    assert found == {kind.machine: kind.glibc for kind in wheels.KINDS.values() if kind.index}


def test_every_threat_has_a_test() -> None:
    """Each row of docs/threat_model.md names tests, and each of them exists."""
    rows = [line for line in THREATS.splitlines() if line.startswith("|")]
    rows = [line for line in rows if not line.startswith(("| could |", "| --- |"))]
    assert len(rows) > 15
    for row in rows:
        cells = row.strip("| ").split(" | ")
        assert len(cells) == 3 and "::" in cells[2], row
    for file, name in re.findall(r"`([\w/]+\.py)::(\w+)`", THREATS):
        tree = ast.parse((TESTS / file).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, (file, name)


@pytest.mark.parametrize("guide", ["docs/stability.md", "docs/threat_model.md", "SECURITY.md"])
def test_links_lead_somewhere(guide: str) -> None:
    """Each link to a file of the project has a target."""
    path = PROJECT / guide
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text("utf-8"))
    assert links
    assert not [link for link in links if not (path.parent / link).exists()]


def test_the_pythons() -> None:
    """Those of the classifiers are those that tox runs the tests on."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    tox = (PROJECT / "tox.ini").read_text("utf-8")
    envs = re.search(r"^env_list = (.*)$", tox, re.MULTILINE)
    assert envs
    assert [f"py{version.replace('.', '')}" for version in named] == re.findall(r"\bpy\d+", envs[1])
