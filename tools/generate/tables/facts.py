"""Modules from data/: facts that stand in no kernel tree. Each file's first line names its source."""

from __future__ import annotations

import json
from pathlib import Path

from tools.generate.tables import emit
from tools.generate.tables.source import SourceError

DATA = Path(__file__).resolve().parent / "data"


def rows(name: str, columns: int, data: Path = DATA) -> tuple[str, list[list[str]]]:
    """The source and the rows of a file; every row has that many columns, in order of the first."""
    path = f"tools/generate/tables/data/{name}"
    first, *lines = (data / name).read_text("utf-8").splitlines()
    if not first.startswith("# "):
        raise SourceError(path, 1, "no '# source'")
    found: list[list[str]] = []
    for number, line in enumerate(lines, 2):
        fields = line.split("\t")
        if len(fields) != columns or not fields[0]:
            raise SourceError(path, number, f"not {columns} columns: {line!r}")
        if found and found[-1][0] >= fields[0]:
            raise SourceError(path, number, f"{fields[0]} is not after {found[-1][0]}")
        found.append(fields)
    return first[2:], found


def modules(data: Path = DATA) -> dict[str, str]:
    """The generated modules by file name."""
    return {
        "history.py": _history(data),
        "profiles.py": _profiles(data),
        "documented.py": _lists(data, "documented.tsv", "DOCUMENTED", "Errnos that a manual documents"),
        "related.py": _lists(data, "related.tsv", "RELATED", "What a manual refers to"),
        "index.py": _index(data),
    }


def _history(data: Path) -> str:
    source, found = rows("history.tsv", 5, data)
    return emit.module(
        f"When calls came, went and got their names.\n\nSource: {source}.",
        [
            "# Name: the version that introduced it.",
            emit.mapping("INTRODUCED", "dict[str, str]", ((row[0], row[1]) for row in found)),
            "",
            "# Name: the version that removed it.",
            emit.mapping("REMOVED", "dict[str, str]", ((row[0], row[2]) for row in found if row[2])),
            "",
            "# Name: its first name, and the version that renamed it.",
            emit.mapping(
                "RENAMED",
                "dict[str, tuple[str, str]]",
                ((row[0], tuple(row[3].split())) for row in found if row[3]),
            ),
            "",
            "# Name: the architectures that ever had it, where they are few.",
            emit.mapping(
                "ONLY",
                "dict[str, tuple[str, ...]]",
                ((row[0], tuple(row[4].split())) for row in found if row[4]),
            ),
        ],
    )


def _profiles(data: Path) -> str:
    body = [
        "# DEFAULT: what happens to a call that a profile does not name: action, errno.",
        "# ALLOWED: calls it always allows. RULES: the others it names, the rules in order; a rule is",
        "# (action, errno, arguments, includes, excludes); an argument is (index, operator, value,",
        "# second value), includes and excludes map caps, arches or minKernel to values.",
    ]
    sources = []
    for engine in "docker", "podman":
        source, found = rows(f"{engine}.tsv", 2, data)
        source, _, default = source.partition("; default errno ")
        sources.append(source)
        allowed = [row[0] for row in found if row[1] == "allow"]
        rules = [(row[0], _rules(row[1])) for row in found if row[1] != "allow"]
        upper = engine.upper()
        body += [
            "",
            f'{upper}_DEFAULT: tuple[str, int] = ("errno", {int(default)})',
            emit.packed(f"{upper}_ALLOWED", "frozenset[str]", map(emit.literal, allowed), "<>"),
            emit.mapping(f"{upper}_RULES", "dict[str, tuple[Rule, ...]]", rules),
        ]
    kinds = [
        "Argument = tuple[int, str, int, int]",
        "Condition = dict[str, tuple[str, ...]]",
        "Rule = tuple[str, int, tuple[Argument, ...], Condition, Condition]",
        "",
    ]
    summary = "Default seccomp profiles of container engines. Sources:\n" + ";\n".join(sources) + "."
    return emit.module(summary, kinds + body)


def _rules(text: str) -> tuple[object, ...]:
    rules = []
    for rule in json.loads(text):
        arguments = tuple((i, operator, value, two) for i, operator, value, two in rule.get("args", ()))
        conditions = [
            {
                key: tuple(value) if isinstance(value, list) else (value,)
                for key, value in rule.get(side, {}).items()
            }
            for side in ("includes", "excludes")
        ]
        rules.append((rule["action"], rule.get("errno", 0), arguments, *conditions))
    return tuple(rules)


def _lists(data: Path, name: str, variable: str, summary: str) -> str:
    source, found = rows(name, 2, data)
    return emit.module(
        f"{summary}, a page each.\n\nSource: {source}.",
        [
            "# Values are words with blanks between.",
            emit.mapping(variable, "dict[str, str]", ((row[0], row[1]) for row in found)),
        ],
    )


def _index(data: Path) -> str:
    source, found = rows("index.tsv", 1, data)
    return emit.module(
        f"Names for which the reference must have an answer.\n\nSource: {source}.",
        [emit.packed("NAMES", "tuple[str, ...]", (emit.literal(row[0]) for row in found), "()")],
    )
