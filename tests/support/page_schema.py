"""Checking a page's file. Every complaint names the file and the key: `fork.toml: errors[3].errno: ...`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pysys import numbers
from pysys.metadata import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS = ("call", "wrapper", "library", "overview", "removed", "never")
SUMMARY_LENGTH = 100
VERSION = re.compile(r"\d+(\.\d+)+")

# The type of each key, "?" behind it if it may be absent. A page of a call has every section.
TOP = {
    "name": "line",
    "section": "int",
    "family": "line",
    "kind": "line",
    "summary": "line",
    "description": "prose",
}
TABLES = {
    "inherits?": {"same": "list", "differs": "list"},
    "mapping?": {"text?": "prose", "replaced_by?": "line"},
    "returns": {"text": "prose"},
    "containers": {"text": "prose", "deny_together?": "list"},
    "example": {
        "text": "prose",
        "python": "code",
        "prints": "code",
        "strace": "line",
        "needs?": "list",
    },
    "security": {"text": "prose", "observe": "list"},
    "conforming": {"standards": "list", "text?": "prose"},
}
ARRAYS = {
    "arguments?": {"name": "line", "text": "prose"},
    "operations?": {"name": "line", "text": "prose"},
    "history": {"version": "line", "change": "prose"},
    "pitfalls": {"title": "line", "text": "prose"},
    "errors?": {"errno": "line", "when": "prose", "look?": "line"},
    "related": {"name": "line", "why": "prose"},
}
# What is no call of today's kernel has no use for these.
CALLS_ONLY = frozenset(("returns", "containers", "example", "security", "conforming", "history", "pitfalls"))


def check(file: str, page: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with a page, a line each; empty for a good one."""
    return [f"{file}: {complaint}" for complaint in (*_shape(page), *_content(file, page))]


# The shape: keys and types.


def _shape(page: Mapping[str, Any]) -> Iterator[str]:
    is_call = page.get("kind") in ("call", "wrapper")
    known = {key.rstrip("?") for key in (*TOP, *TABLES, *ARRAYS)}
    yield from (f"{key}: unknown key" for key in page if key not in known)
    yield from _keys("", {key: page[key] for key in page if key in TOP}, TOP)
    for group, wanted in ((TABLES, dict), (ARRAYS, list)):
        for declared, keys in group.items():
            key = declared.rstrip("?")
            if key not in page:
                if not declared.endswith("?") and (is_call or key not in CALLS_ONLY):
                    yield f"{key}: missing section"
            elif not isinstance(page[key], wanted):
                yield f"{key}: must be {f'a table [{key}]' if wanted is dict else f'tables [[{key}]]'}"
            elif wanted is dict:
                yield from _keys(f"{key}.", page[key], keys)
            else:
                for i, item in enumerate(page[key]):
                    if isinstance(item, dict):
                        yield from _keys(f"{key}[{i}].", item, keys)
                    else:
                        yield f"{key}[{i}]: must be a table"


def _keys(where: str, values: Mapping[str, Any], keys: Mapping[str, str]) -> Iterator[str]:
    types = {key.rstrip("?"): type_ for key, type_ in keys.items()}
    yield from (f"{where}{key}: unknown key" for key in values if key not in types)
    yield from (f"{where}{key}: missing" for key in keys if key[-1] != "?" and key not in values)
    for key, type_ in types.items():
        if key in values:
            yield from (f"{where}{key}: {wrong}" for wrong in _value(values[key], type_))


def _value(value: object, type_: str) -> Iterator[str]:
    if type_ == "int":
        if type(value) is not int:
            yield f"must be a number, not {value!r}"
    elif type_ == "list":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            yield "must be a list of strings"
        else:
            for item in value:
                yield from _value(item, "line")
    elif not isinstance(value, str):
        yield f"must be text, not {value!r}"
    elif not value.strip():
        yield "is empty"
    elif type_ == "line" and ("\n" in value or value != value.strip()):
        yield "must be one line without space around it"
    elif type_ == "prose":
        yield from _prose(value)


def _prose(text: str) -> Iterator[str]:
    """Paragraphs and code spans, no other markup."""
    outside = re.sub(r"`[^`]+`", "", text)
    if "`" in outside:
        yield "a backquote without its partner"
    if "\t" in text:
        yield "a tab"
    if re.search(r"^\s*(#+|[-*+]) ", outside, re.MULTILINE):
        yield "a heading or list mark: pages have paragraphs and code spans only"
    if re.search(r"\*\*|\]\(", outside):
        yield "markup: pages have paragraphs and code spans only"


# The content: what must agree with the tables and with itself.


def _content(file: str, page: Mapping[str, Any]) -> Iterator[str]:
    name = page.get("name")
    if f"{name}.toml" != file:
        yield f"name: {name!r} is not the file's name"
    if page.get("kind") not in KINDS:
        yield f"kind: {page.get('kind')!r} is none of {', '.join(KINDS)}"
    if page.get("kind") == "call" and name not in numbers.calls():
        yield f"kind: no ABI has a call named {name!r}"
    if len(str(page.get("summary", ""))) > SUMMARY_LENGTH:
        yield f"summary: longer than {SUMMARY_LENGTH} characters"
    yield from _arguments(page)
    yield from _history(page)
    for i, called in enumerate(_strings(page, "containers", "deny_together")):
        if called not in numbers.calls():
            yield f"containers.deny_together[{i}]: no ABI has a call named {called!r}"
    for i, error in enumerate(_items(page, "errors")):
        symbol = error.get("errno")
        if not load.errno_values(str(symbol)):
            yield f"errors[{i}].errno: Linux has no errno {symbol!r}"
    for i, related in enumerate(_items(page, "related")):
        other = related.get("name")
        if other not in load.names() and other not in load.known_pages():
            yield f"related[{i}].name: nothing knows the name {other!r}"
        if other == name:
            yield f"related[{i}].name: the page itself"
    yield from _twice(page)
    yield from _numbers(page)
    yield from _example(page)


def _arguments(page: Mapping[str, Any]) -> Iterator[str]:
    """A call's arguments are those of the kernel's definition, in its order."""
    stated = [argument.get("name") for argument in _items(page, "arguments")]
    definitions = load.signatures(str(page.get("name")))
    known = {tuple(name for _, name in parameters) for parameters in definitions}
    if page.get("kind") == "call" and known and tuple(stated) not in known:
        wanted = " or ".join(", ".join(names) or "none" for names in known)
        yield f"arguments: {', '.join(map(str, stated)) or 'none'}, but the kernel has {wanted}"


def _history(page: Mapping[str, Any]) -> Iterator[str]:
    before: tuple[int, ...] = ()
    for i, change in enumerate(_items(page, "history")):
        version = str(change.get("version"))
        if not VERSION.fullmatch(version):
            yield f"history[{i}].version: {version!r} is no kernel version"
            continue
        if load.version_key(version) < before:
            yield f"history[{i}].version: {version} stands behind a later one"
        before = load.version_key(version)


def _twice(page: Mapping[str, Any]) -> Iterator[str]:
    for key, names in (
        ("arguments", ("name",)),
        ("operations", ("name",)),
        ("errors", ("errno", "when")),
        ("related", ("name",)),
    ):
        seen = set()
        for i, item in enumerate(_items(page, key)):
            same = tuple(str(item.get(name)) for name in names)
            if same in seen:
                yield f"{key}[{i}]: {same[0]} a second time"
            seen.add(same)


def _numbers(page: Mapping[str, Any]) -> Iterator[str]:
    """A call's number comes from the tables; a page that states it will be wrong somewhere."""
    own = {str(number) for _, number, _ in load.entries(str(page.get("name")))}
    for where, text in texts(page):
        for found in re.finditer(r"\b(?:numbers?|nr|__NR_\w+)\W{1,3}(?:is |was |of )?(\d+)\b", text):
            if found[1] in own:
                yield f"{where}: states the number {found[1]}, which comes from the tables"


def _example(page: Mapping[str, Any]) -> Iterator[str]:
    example = page.get("example")
    if not isinstance(example, dict):
        return
    if isinstance(example.get("python"), str):
        try:
            compile(example["python"], "example", "exec")
        except SyntaxError as error:
            yield f"example.python: line {error.lineno}: {error.msg}"
    if isinstance(example.get("strace"), str):
        try:
            re.compile(example["strace"])
        except re.error as error:
            yield f"example.strace: {error}"


def texts(page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the page, with its key; the example's code and output are none."""

    def walk(where: str, value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield where, value
        elif isinstance(value, list):
            for i, item in enumerate(value):
                yield from walk(f"{where}[{i}]", item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if (where, key) not in (("example", "python"), ("example", "prints")):
                    yield from walk(f"{where}.{key}" if where else key, item)

    yield from walk("", dict(page))


def _items(page: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = page.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _strings(page: Mapping[str, Any], table: str, key: str) -> list[str]:
    part = page.get(table)
    value = part.get(key) if isinstance(part, dict) else None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
