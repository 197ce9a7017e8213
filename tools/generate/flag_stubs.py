"""The classes and constants of pysys.flags as its stub has them: with the text of each where editors look.

A member is `NAME = value, "what it does"` in its module, of which no editor shows the text. In the stub the
text is a docstring behind `NAME = value`. A value that differs between architectures is left out.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.generate.tables import emit

BASES = ("DocumentedFlag", "DocumentedEnum")


def text(path: Path) -> str:
    """What the stub has of a module; functions are not in it."""
    source = path.read_text("utf-8")
    body = ast.parse(source).body
    lines: list[str] = []
    for index, node in enumerate(body):
        if isinstance(node, ast.ClassDef) and is_of_flags(node):
            about = emit.docstring(ast.get_docstring(node) or "")
            lines += [f"class {node.name}({ast.unparse(node.bases[0])}):", about]
            lines += _members(source, node.body, set())
        else:
            for name in assigned(node):
                value = node.value if isinstance(node, ast.Assign) and _is_known(node.value, set()) else None
                lines.append(f"{name}: Final = {_segment(source, value)}" if value else f"{name}: int")
                after = body[index + 1] if index + 1 < len(body) else None
                if isinstance(after, ast.Expr):
                    lines.append(emit.docstring(ast.literal_eval(after.value), ""))
    return "\n".join(lines)


def is_of_flags(node: ast.stmt) -> bool:
    """Whether a statement is a class of flags."""
    return isinstance(node, ast.ClassDef) and any(ast.unparse(base) in BASES for base in node.bases)


def assigned(node: ast.stmt) -> list[str]:
    """The public names that a statement gives a value, on any architecture."""
    if isinstance(node, ast.If):
        return [name for inner in [*node.body, *node.orelse] for name in assigned(inner)]
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in names if not name.startswith("_") and name != "TYPE_CHECKING"]


def documented(node: ast.stmt) -> tuple[ast.expr, str] | None:
    """The value of a member and what it says of itself; None for what is not written so."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple):
        return None
    *_, about = node.value.elts
    if not isinstance(about, ast.Constant) or not isinstance(about.value, str):
        return None
    return node.value.elts[0], "\n".join(line.strip() for line in about.value.splitlines())


def _members(source: str, body: Iterable[ast.stmt], before: set[str]) -> Iterator[str]:
    """The lines of members, those of other architectures among them, and of each name once."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _members(source, [*node.body, *node.orelse], before)
        if not isinstance(node, ast.Assign):
            continue
        value, about = documented(node) or (node.value, "")
        shown = _segment(source, value) if _is_known(value, before) else "..."
        for name in assigned(node):
            if name not in before:
                before.add(name)
                yield f"    {name} = {shown}"
                if about:
                    yield emit.docstring(about)


def _is_known(value: ast.expr, names: set[str]) -> bool:
    """Whether a value is made of numbers, and of these names."""
    return not any(
        isinstance(node, ast.Call) or (isinstance(node, ast.Name) and node.id not in names)
        for node in ast.walk(value)
    )


@functools.cache
def _lines(source: str) -> list[bytes]:
    return source.encode().split(b"\n")


def _segment(source: str, node: ast.expr) -> str:
    """What is written in the source, in one line. (ast.get_source_segment splits all of it each time.)"""
    assert node.end_lineno is not None
    found = _lines(source)[node.lineno - 1 : node.end_lineno]
    found[-1] = found[-1][: node.end_col_offset]
    found[0] = found[0][node.col_offset :]
    return " ".join(b" ".join(found).decode().split())
