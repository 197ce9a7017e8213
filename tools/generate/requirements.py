"""The last column of docs/requirements.md: the files with tests of each requirement, by the tests' names."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tools import PROJECT

PAGE = PROJECT / "docs/requirements.md"
TESTS = PROJECT / "tests"
ROW = re.compile(r"\| ([A-Z]\d+) \| (.*) \| (.*) \| (.*?) ?\|")


@cache
def tests(folder: Path = TESTS) -> dict[str, set[str]]:
    """By the ids that begin the names of test functions, the files that they are in."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            name = node.name if isinstance(node, ast.FunctionDef) else ""
            if ids := re.match(r"test_((?:[A-Z]\d+_)+)", name):
                for one in ids[1].split("_")[:-1]:
                    found.setdefault(one, set()).add(path.name)
    return found


def text(old: str, found: dict[str, set[str]]) -> str:
    """The page with the files of each requirement; a reason stays where there are none."""
    lines = []
    for line in old.splitlines():
        if row := ROW.fullmatch(line):
            shown = ", ".join(f"`{name}`" for name in sorted(found.get(row[1], ())))
            if not shown and row[4].startswith("none: "):
                shown = row[4]
            line = f"| {row[1]} | {row[2]} | {row[3]} | {shown} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def texts() -> dict[Path, str]:
    """The generated file, and what is in it."""
    return {PAGE: text(PAGE.read_text("utf-8"), tests())}
