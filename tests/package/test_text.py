"""The project's text: plain, idiomatic English, and one word for one thing.

It covers the guides, the names, comments, docstrings and messages of Python and C, and the pages of the
reference, but not generated files and captured output.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import PROJECT

import build_reference
from pysys.loading import counted
from tools.check import pages

pytestmark = pytest.mark.once

_COMPARED = "longer|more|less|other|one|better|worse"
_LISTENERS = "kernel|caller|device|reader|tracer|program|user"
# Patterns, which include their exceptions, and what to write instead.
CONSTRUCTIONS = {
    rf"(?<!there )(?<!but )\b(?:is|are|was|were) no (?!{_COMPARED}\b)\w+": "is not a",
    r"(?<!there )\b(?:is|are|was|were) (?-i:none)\b(?! of)": "is not one",
    r"\bso many\b(?! that)": "that number of, n",
    r"\bleft away\b|\bleav(?:e|es|ing) (?:\S+ ){0,3}away\b": "omitted",
    r"\banew\b": "again",
    r"\bwithout an end\b|\bfor ever\b": "forever",
    r"\b(?:not|nowhere|never) to be had\b": "not available",
    # To tell somebody something, to tell things apart, and that one cannot tell, are English.
    rf"\btells\b(?! (?:\w+ ){{1,4}}apart)(?! (?:the|a) (?:{_LISTENERS})\b)": "shows, says",
    r"(?<!cannot )\btell (?:of|what|which|how|whether|in full|nothing|the number)\b": "show, report, say",
    r"\bnot tell\b(?! (?:the|a|it|them|us)\b)(?<!\bcannot tell)(?<!\bcan not tell)": "show, say",
    r"\btold (?:of|here|there|in|unasked)\b": "reported, described",
    # Beside is a place.
    r"\bbeside\b(?!\(| (?:it|them|this|that|these|those|each|the|its|a)\b)": "with, in a process with",
    r"\bwhole\b(?<!\ba whole)(?<!\bthe whole)(?<!\bthis whole)(?<!\bits whole)": "complete, integer",
    r"\brooms?\b": "length, space; package",
    r"\broads?\b": "way, code path",
    r"\bdoors?\b": "public module, public names",
    r"\bhouses?\b": "code, project",
    r"\bstrangers?\b": "another, a newcomer",
    r"\bids? of (?:its|their|a|the) rows?\b": "requirement",
}
BANNED = {re.compile(pattern, re.IGNORECASE): instead for pattern, instead in CONSTRUCTIONS.items()}
# Words that no variable, constant, function, class or file has in its name, but for one of the kernel's.
NAMES = frozenset("whole given room rooms road roads door doors house houses".split())
OF_THE_KERNEL = frozenset(["BPF_FUNC_skb_adjust_room", "WHOLE_SECONDS"])
# The first line of a docstring: the result is a sentence.
HANGING = re.compile(r"^[a-z_0-9, ]+\(2\):[^.]*;")

NOT_LOOKED_AT = (
    "docs/machines.md",  # its text is in machines/report.py
    "docs/tour.md",  # captured
    "src/pysys/flags/index.py",
    "src/pysys/tables",
    "tests/tools/golden",
    "tests/package/test_text.py",  # has what it looks for
)
# What is checked together: a file or a folder, without the ones that have a line of their own.
PARTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs",
    "pyproject.toml",
    "tox.ini",
    "benchmarks",
    "build_backend.py",
    "build_calls.py",
    "build_table.py",
    "build_ffi.py",
    "build_reference.py",
    "setup.py",
    "cdefs",
    "cdefs/structures",
    "machines",
    "tools",
    "src/pysys",
    "src/pysys/arguments",
    "src/pysys/calls",
    "src/pysys/cli",
    "src/pysys/diagnosis",
    "src/pysys/errors",
    "src/pysys/flags",
    "src/pysys/metadata",
    "src/pysys/mounts",
    "src/pysys/parameters",
    "src/pysys/policy",
    "src/pysys/process",
    "src/pysys/profiles",
    "src/pysys/reasons",
    "src/pysys/rings",
    "src/pysys/seccomp",
    "src/pysys/structures",
    *(
        f"tests/{name}"
        for name in (
            "calls cli confinement diagnosis machines mounts package process profiles reasons reference rings"
            " seccomp site structures"
        ).split()
    ),
    *("tests", "tests/support", "tests/tables", "tests/tools"),
)


def files(part: str) -> list[Path]:
    """The files of a part, without those of a part inside it."""
    top = PROJECT / part
    inner = [PROJECT / other for other in PARTS if other.startswith(part + "/")]
    left_out = [PROJECT / name for name in NOT_LOOKED_AT]
    found = []
    for path in [top] if top.is_file() else sorted(top.rglob("*")):
        if path.suffix not in (".py", ".c", ".h", ".md", ".ini", ".toml") or not path.is_file():
            continue
        if any(path == other or other in path.parents for other in (*inner, *left_out)):
            continue
        found.append(path)
    return found


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Pieces of text, with the lines that they begin in; code in quotes or backticks is not text."""
    source = path.read_text("utf-8")
    if path.suffix == ".md":
        pieces = _markdown(source)
    elif path.suffix == ".py":
        pieces = _python(source)
    elif path.suffix in (".ini", ".toml"):
        pieces = _settings(source)
    else:
        pieces = _c(source)
    for line, piece in pieces:
        yield line, re.sub(r"``?[^`\n]*``?", "CODE", piece)


def _markdown(source: str) -> Iterator[tuple[int, str]]:
    source = re.sub(r"^```.*?^```", lambda block: "\n" * block[0].count("\n"), source, flags=re.S | re.M)
    for number, line in _paragraphs(source):
        if not line.startswith("    "):
            yield number, line


def _paragraphs(source: str) -> Iterator[tuple[int, str]]:
    begin, collected = 1, ""
    for number, line in enumerate([*source.splitlines(), ""], 1):
        if line.strip():
            begin = begin if collected else number
            collected += line + "\n"
        elif collected:
            yield begin, collected
            collected = ""


def _python(source: str) -> Iterator[tuple[int, str]]:
    comment, begin, last = "", 0, 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, text = token.start[0], token.string.lstrip("#! ")
        if comment and line == last + 1 and not re.match(r"(?:type: ignore|noqa)", text):
            comment += "\n" + text
        else:
            if comment:
                yield begin, comment
            comment, begin = text, line
        last = line
    if comment:
        yield begin, comment
    tree = ast.parse(source)
    formatted = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {part for node in formatted for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if node in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.FunctionDef):  # the name of a test is a sentence
            text = node.name.replace("_", " ")
        else:
            continue
        if text.count(" ") >= 2:
            yield node.lineno, text


def _settings(source: str) -> Iterator[tuple[int, str]]:
    """Comments and descriptions."""
    for number, line in enumerate(source.splitlines(), 1):
        if match := re.search(r"(?:# |^description = )(.*)", line):
            yield number, match[1]


def _c(source: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"/\*.*?\*/|//[^\n]*", source, re.S):
        yield source.count("\n", 0, match.start()) + 1, match[0]


def complaints(path: Path) -> list[str]:
    """What is wrong in a file: a line for each."""
    found = []
    name = path.relative_to(PROJECT)
    for line, text in texts(path):
        flat = re.sub(r"\s+(?:\* )?", " ", text)
        for pattern, instead in BANNED.items():
            found += [
                f"{name}:{line}: ...{flat[max(0, match.start() - 30) : match.end() + 30]}... ({instead})"
                for match in pattern.finditer(flat)
            ]
        if HANGING.match(text):
            found.append(f"{name}:{line}: {text.splitlines()[0]} (a sentence: Returns ...)")
    if path.suffix not in (".py", ".c", ".h"):
        return found
    return found + [f"{name}: the name {word}" for word in banned_names(path)]


def banned_names(path: Path) -> list[str]:
    """The names in a file, and its own, that have one of the words."""
    names = set(_names(path)) - OF_THE_KERNEL
    return sorted(word for word in names if NAMES.intersection(word.lower().split("_")))


def _names(path: Path) -> list[str]:
    source = path.read_text("utf-8")
    if path.suffix == ".py":
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        # But for a decorator's of hypothesis.
        names = {
            token.string
            for token in tokens
            if token.type == tokenize.NAME and not re.match(r" *@given\(|from hypothesis import", token.line)
        }
    else:
        names = set(re.findall(r"\b[A-Za-z_]\w*", re.sub(r'/\*.*?\*/|"[^"\n]*"', "", source, flags=re.S)))
    return sorted({*names, path.stem})


@pytest.mark.parametrize("part", PARTS)
def test_plain_english(part: str) -> None:
    """No part has a banned word or construction."""
    found = [line for path in files(part) for line in complaints(path)]
    assert not found, "\n".join(found)


# Files, buffers and disks have room, and pages, seconds and messages are whole.
PLAIN_IN_PAGES = {r"\brooms?\b", r"\bwhole\b(?<!\ba whole)(?<!\bthe whole)(?<!\bthis whole)(?<!\bits whole)"}


def test_plain_english_of_pages() -> None:
    """The pages' texts have none either; code, and names of files in them, are not text."""
    assert {pattern.pattern for pattern in BANNED} > PLAIN_IN_PAGES
    patterns = [(one, instead) for one, instead in BANNED.items() if one.pattern not in PLAIN_IN_PAGES]
    found = []
    for name, path in build_reference.files().items():
        for where, text in pages.texts(build_reference.read(path)):
            flat = re.sub(r"\s+", " ", re.sub(r"`[^`]*`", "CODE", text))
            found += [
                f"{name}.toml: {where}: {flat[max(0, match.start() - 30) : match.end() + 30]} ({instead})"
                for pattern, instead in patterns
                for match in pattern.finditer(flat)
            ]
    assert not found, "\n".join(found)


def test_plurals_are_made_in_one_place() -> None:
    """loading.counted has the noun after a number: "1 byte", "2 bytes"."""
    plural = re.compile(
        r"""(?:\* ?|else )['"]s['"]|['"]s['"] ?\*|\} (?:byte|item|value|number|cause|name)s\b"""
    )
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in sorted((PROJECT / "src/pysys").rglob("*.py"))
        if path.name != "loading.py"
        and path.parent.name not in ("tables", "parameters")  # of names, not numbers
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if plural.search(line)
    ]
    assert not found, "\n".join(found)
    assert [counted(count, "byte") for count in (0, 1, 2)] == ["0 bytes", "1 byte", "2 bytes"]


@pytest.mark.parametrize(
    "text",
    [
        "what is no number",
        "it runs so many times",
        "omit it, or leave the flag away",
        "made anew",
        "waits for ever",
        "the table tells the number",
        "that is told there",
        "pysys errno: tell what an errno means",
        "what /proc does not tell",
        "beside other threads",
        "a whole number of whole pages",
        "has no room for it",
        "on every road",
    ],
)
def test_it_is_found(text: str) -> None:
    """Each of these is a sentence that was here."""
    assert any(pattern.search(text) for pattern in BANNED)


@pytest.mark.parametrize(
    "text",
    [
        "there is no number",
        "it is no longer there",
        "so many that none is left",
        "a bit tells the two apart",
        "one cannot tell which",
        "the program tells the kernel where it is",
        "raised if it is None",
        "the file beside it",
        "the whole tree",
        "the arguments given to it",
    ],
)
def test_what_is_right_is_not(text: str) -> None:
    """The patterns have room for plain English that only resembles what they look for."""
    assert not any(pattern.search(text) for pattern in BANNED)
