"""Show which modules of the package import which, and which stand above which.

usage: python -m tools.check.imports [MODULE...]

A line for each module, or for those that are named: its floor (one above the highest that it imports), what
its own import imports, and in parentheses what its functions load later. Modules that import each other, at
whatever time, are shown as a circle.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools import PROJECT

PACKAGE = PROJECT / "src" / "pysys"
LOADS = ("load", "load_module", "_load")  # pysys.loading.load, by the names it has where it is imported


class Imports(NamedTuple):
    """The modules that a module imports: when it is imported itself, and later."""

    first: frozenset[str]
    later: frozenset[str]


@cache
def files() -> dict[str, Path]:
    """The package's modules, and their files."""
    found = {"pysys._ffi": PACKAGE / "_ffi.pyi"}  # the extension
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def imports(module: str) -> Imports:
    """What a module imports, of the package; what only a type checker sees does not count."""
    tree = ast.parse(files()[module].read_text())
    typed = {
        node
        for outer in ast.walk(tree)
        if isinstance(outer, ast.If) and "TYPE_CHECKING" in ast.unparse(outer.test)
        for node in ast.walk(outer)
    }
    inner = {
        node
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef)
        for node in ast.walk(outer)
    }
    first: set[str] = set()
    later: set[str] = set()
    for node in ast.walk(tree):
        if node not in typed:
            (later if node in inner else first).update(_named(node, module))
    return Imports(frozenset(first - {module}), frozenset(later - first - {module}))


def _named(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in LOADS and node.args:
        # What stands in front of the first value that is put in: a module, or the package of several.
        names = ["".join(_literal(node.args[0], module)).rstrip(".")]
    else:
        return
    for name in names:
        while name and name not in files():
            name = name.rpartition(".")[0]
        if name:
            yield name


def _literal(node: ast.expr, module: str) -> Iterator[str]:
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(part, ast.Constant):
            yield str(part.value)
        elif ast.unparse(part) == "{__package__}":
            yield module.rpartition(".")[0]
        elif ast.unparse(part) == "{__name__}":
            yield module
        else:
            return


def circles() -> list[list[str]]:
    """The modules that import each other, by whatever way: strongly connected components, by Tarjan."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in sorted(frozenset().union(*imports(module))):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            at = stack.index(module)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for module in files():
        if module not in index:
            visit(module)
    return found


def floors() -> dict[str, int]:
    """How high each module stands; those of a circle stand on one floor."""
    found: dict[str, int] = {}
    for circle in circles():  # each comes after all that it imports
        below = {other for module in circle for kind in imports(module) for other in kind} - {*circle}
        found |= dict.fromkeys(circle, max((found[other] + 1 for other in below), default=0))
    return found


def main() -> None:
    """Print it."""
    high = floors()
    shown = sys.argv[1:] or sorted(files(), key=lambda module: (high[module], module))
    for module in shown:
        first, later = imports(module)
        words = [*sorted(first), *(f"({name})" for name in sorted(later))]
        print(f"{high[module]:2}  {module}: {' '.join(words)}".rstrip(": "))
    if len(sys.argv) == 1:
        arrows = sum(len(first) + len(later) for first, later in map(imports, files()))
        print(f"\n{len(files())} modules, {arrows} imports, {max(high.values()) + 1} floors")
        for circle in circles():
            if len(circle) > 1:
                print("a circle:", " ".join(circle))


if __name__ == "__main__":
    main()
