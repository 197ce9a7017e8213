"""Checks pages: `waitid.toml: errors[3].errno: ...`, a line for each complaint.

python -m tools.check.pages [NAME ...]     all pages, or these

What a page must have is said in docs/pages.md. Whether its examples and causes are true is another question:
python -m tools.provoke.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import build_reference as reference
import pysys
from pysys import flags, metadata, numbers, structures
from pysys.metadata import load
from pysys.metadata.conditions import PATHS
from pysys.metadata.model import conditions, excludes
from pysys.metadata.render import NAMESPACES
from pysys.parameters import described, parameters
from tools.provoke import OUR_OWN
from tools.record_examples import is_need

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pysys.metadata.model import Cause

KINDS = ("call", "wrapper", "library", "overview", "removed", "never")
TOPICS = (
    "bpf", "credentials", "descriptors", "directories", "events", "files", "io", "ipc", "keys", "library",
    "machine", "memory", "modules", "mounts", "namespaces", "network", "overview", "process", "sandbox",
    "scheduling", "signals", "system", "time", "tracing", "historical",
)  # fmt: skip
SUMMARY_LENGTH = 100
CODE_WIDTH = 68
# Where the first sentence of a cause joins two reasons, as ", or is read-only", "relative or empty" and
# "`old` or `new` leads nowhere" do. Three fields of which one is not 0 may be a single check.
JOINED = re.compile(
    r", or (?:is|was|has|does|it|there)\b|\brelative(?: or|,) empty\b"
    r"|(?<!, )`\w+` or `\w+` (?:itself )?(?:leads|is|cannot|does|belongs|has)\b"
)
WORD_OF_NUMBER = re.compile(r"(?:<=|>=|!=|<|>|=)-?(?:0x[0-9a-f]+|\d+)")  # of `only`
VERSION = re.compile(r"\d+(\.\d+)+")
# Why a cause has no lines that provoke it.
UNPROVEN = (
    "memory",  # the kernel's memory must run out
    "hardware",  # a device, a processor or a file system that few have
    "architecture",  # one that none of the machines has, or that has no number for the call
    "refused",  # pysys does not make the call, which the process would not survive
    "race",  # another thread or process must come between
    "old kernel",  # kernels that still run, but not here
    "configuration",  # a kernel built or started otherwise
    "security module",  # a policy of SELinux, AppArmor, ...
    "other processes",  # it would disturb what else runs: limits of the system, the clock, swap
    "many",  # thousands of processes, mounts or users
    "inside",  # the kernel keeps it to itself: programs do not see it
    "C library",  # the function of the C library gives it, not the call
)

# The type of each key, "?" behind it if it may be absent.
TOP = {
    "summary?": "line",
    "topics": "list",
    "kind?": "line",
    "section?": "int",
    "variant_of?": "line",
    "differs?": "line",
    "description?": "prose",
    "returns?": "prose",
    "errors_of?": "line",
    "errors_not?": "list",
    "parameters?": "texts",
    "operations?": "texts",
    "flags?": "texts",
    "elsewhere?": "texts",
    "history?": "texts",
    "pitfalls?": "texts",
    "related?": "texts",
}
TABLES = {
    "kept": {"same?": "list", "differs?": "list"},
    "missing": {"text?": "prose", "use?": "line"},
    "containers": {"text": "prose", "deny_together?": "list"},
    "example": {"text": "prose", "python": "code", "prints": "code", "strace": "line", "needs?": "list"},
    "security": {"text": "prose", "observe?": "list"},
    "conforming": {"standards": "list", "text?": "prose"},
}
ARRAYS = {
    "errors": {
        "errno": "line",
        "when": "prose",
        "look?": "line",
        "provoke?": "code",
        "needs?": "list",
        "unproven?": "line",
        "only?": "conditions",
    }
}


def check(name: str, topic: str, page: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with a page, a line each; empty for a good one."""
    page = {key: value for key, value in page.items() if key != "trace"}
    return [f"{name}.toml: {complaint}" for complaint in (*_shape(page), *_content(name, topic, page))]


# The shape: keys and types.


def _shape(page: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys("", {key: page[key] for key in page if key not in (*TABLES, *ARRAYS)}, TOP)
    for key, keys in TABLES.items():
        if key in page and not isinstance(page[key], dict):
            yield f"{key}: must be a table [{key}]"
        elif key in page:
            yield from _keys(f"{key}.", page[key], keys)
    for key, keys in ARRAYS.items():
        if not isinstance(page.get(key, []), list):
            yield f"{key}: must be tables [[{key}]]"
            continue
        for i, item in enumerate(page.get(key, [])):
            if isinstance(item, dict):
                yield from _keys(f"{key}[{i}].", item, keys)
            else:
                yield f"{key}[{i}]: must be a table"
    if "variant_of" in page:
        if "differs" not in page:
            yield "differs: missing: how it differs from the call of which it is a variant"
    else:
        yield from (f"{key}: missing" for key in ("summary", "description") if key not in page)


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
                yield from _value(item, "prose")
    elif type_ == "conditions":
        if not isinstance(value, dict):
            yield "must be a table of conditions"
        else:
            for key, item in value.items():
                kind = "list" if isinstance(item, list) else "line"
                yield from (f"{key}: {wrong}" for wrong in _value(item, kind))
    elif type_ == "texts":
        if not isinstance(value, dict):
            yield "must be a table of texts"
        else:
            for key, item in value.items():
                yield from (f"{key}: {wrong}" for wrong in _value(item, "prose"))
    elif not isinstance(value, str):
        yield f"must be text, not {value!r}"
    elif not value.strip():
        yield "is empty"
    elif type_ == "line" and ("\n" in value or value != value.strip()):
        yield "must be one line without space around it"
    elif type_ == "prose":
        yield from _prose(value)
    elif type_ == "code" and (long := [line for line in value.split("\n") if len(line) > CODE_WIDTH]):
        yield f"longer than {CODE_WIDTH} columns: {long[0]!r}"


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


def _content(name: str, topic: str, page: Mapping[str, Any]) -> Iterator[str]:
    kind = page.get("kind", load.kind(name)[0])
    if kind not in KINDS:
        yield f"kind: {kind!r} is none of {', '.join(KINDS)}"
    if kind == "call" and name not in numbers.calls():
        yield f"kind: no ABI has a call named {name!r}"
    topics = page.get("topics", [])
    yield from (f"topics: {one!r} is none of {', '.join(TOPICS)}" for one in topics if one not in TOPICS)
    if topics[:1] != [topic]:
        yield f"topics: the first must be the folder's, {topic!r}"
    if len(str(page.get("summary", ""))) > SUMMARY_LENGTH:
        yield f"summary: longer than {SUMMARY_LENGTH} characters"
    for key in ("variant_of", "errors_of"):
        if page.get(key) == name or page.get(key, name) not in {*load.names(), name}:
            yield f"{key}: {page[key]!r} is not another page"
    yield from _parameters(name, kind, page)
    yield from _history(page)
    yield from _excluded(name, page)
    for i, called in enumerate(_strings(page, "containers", "deny_together")):
        name_, _, only = called.partition(": ")
        if name_ not in numbers.calls():
            yield f"containers.deny_together[{i}]: no ABI has a call named {name_!r}"
        if only and called not in NAMESPACES:
            yield f"containers.deny_together[{i}]: {called!r} is none of {', '.join(NAMESPACES)}"
    yield from _causes(page)
    for i, error in enumerate(_items(page, "errors")):
        if isinstance(error.get("only", {}), dict):
            for one in conditions(error):
                yield from (f"errors[{i}].only: {wrong}" for wrong in _condition(name, *one))
    yield from _inherited(name, page)
    for other in _texts_of(page, "related"):
        if other not in load.names() and other not in load.known_pages():
            yield f"related.{other}: nothing knows the name"
        if other == name:
            yield f"related.{other}: the page itself"
    yield from _numbers(name, page)
    yield from _example(page)


def _parameters(name: str, kind: str, page: Mapping[str, Any]) -> Iterator[str]:
    """What is said of parameters is said of those that one of the kernel's definitions has."""
    known = {parameter for definition in load.signatures(name) for _, parameter in definition}
    if kind == "call" and known:
        for one in _texts_of(page, "parameters"):
            if one not in known:
                yield f"parameters.{one}: the kernel has {', '.join(sorted(known))}"


def _history(page: Mapping[str, Any]) -> Iterator[str]:
    before: tuple[int, ...] = ()
    for version in _texts_of(page, "history"):
        if not VERSION.fullmatch(version):
            yield f"history.{version}: not a kernel version"
            continue
        if load.version_key(version) < before:
            yield f"history.{version}: stands behind a later one"
        before = load.version_key(version)


def _causes(page: Mapping[str, Any]) -> Iterator[str]:
    seen = set()
    for i, error in enumerate(_items(page, "errors")):
        symbol = str(error.get("errno"))
        if not load.errno_values(symbol):
            yield f"errors[{i}].errno: Linux has no errno {symbol!r}"
        if (symbol, error.get("when")) in seen:
            yield f"errors[{i}]: {symbol} a second time"
        seen.add((symbol, error.get("when")))
        first = re.split(r"(?<=[.:;])\s", " ".join(str(error.get("when", "")).split()))[0]
        if found := JOINED.search(first):
            yield f"errors[{i}].when: {found[0]!r} joins two reasons, which are two causes"
        if error.get("unproven", UNPROVEN[0]) not in UNPROVEN:
            yield f"errors[{i}].unproven: {error['unproven']!r} is none of {', '.join(UNPROVEN)}"
        if "unproven" in error and "provoke" in error:
            yield f"errors[{i}]: lines that provoke it, and why there are none"
        if "needs" in error and "provoke" not in error:
            yield f"errors[{i}].needs: what lines need that are not there"
        yield from _needs(f"errors[{i}].needs", error.get("needs"), OUR_OWN)
        yield from _code(f"errors[{i}].provoke", error.get("provoke"))


def _needs(where: str, needs: object, besides: Collection[str] = ()) -> Iterator[str]:
    for need in needs if isinstance(needs, list) else ():
        if need not in besides and not is_need(str(need)):
            yield f"{where}: {need!r} is not a need that is known"


def _excluded(name: str, page: Mapping[str, Any]) -> Iterator[str]:
    """What a page leaves out is a cause of another page, a single one, or an errno that manuals name."""
    base = page.get("variant_of", "")
    if base in metadata.pages and metadata.page(base).variant_of[0]:
        yield f"variant_of: {base!r} is a variant itself"
    other = page.get("errors_of", base)
    inherited = metadata.page(other).errors if other in metadata.pages else ()
    own = {error.get("errno") for error in _items(page, "errors")}
    for entry in page.get("errors_not", ()):
        found = [one for one in inherited if excludes(entry, one.errno, one.when)]
        if entry in own and not found:
            yield f"errors_not: {entry!r} has a cause on this page"
        elif not found and entry in load.documented(name):
            continue
        elif not found:
            yield f"errors_not: {entry!r} is not a cause of {other or 'another page'}, and no manual names it"
        elif ": " in entry and len(found) > 1:
            yield f"errors_not: {entry!r} are {len(found)} causes of {other}"


def _inherited(name: str, page: Mapping[str, Any]) -> Iterator[str]:
    """What causes of another page say holds here, so they must not name parameters that only it has."""
    own = _parameters_of(name) | _fields_of(name)
    for other, cause in _from_others(page):
        foreign = _parameters_of(other) - own
        for word in dict.fromkeys(re.findall(r"`([a-z]\w*)`|\b([a-z]+_[a-z_]+)\b", cause.when)):
            if (parameter := "".join(word)) in foreign:
                when = " ".join(cause.when.split())
                yield f"errors: {cause.errno} of {other} names `{parameter}`, which this call lacks: {when}"
        for one in cause.only:
            for wrong in _condition(name, *one, foreign=True):
                yield f"errors: {cause.errno} of {other} has a condition that is wrong here: {wrong}"


def _condition(name: str, what: str, any_of: tuple[str, ...], foreign: bool = False) -> Iterator[str]:
    """What is wrong with a condition. foreign: it is another page's, whose parameter this call may lack."""
    if what == "step":
        known = inspect.signature(pysys.spawn).parameters
        words = [word.removeprefix("!") for word in " ".join(any_of).split()]
        yield from (f"step: {word!r} is not a parameter of spawn" for word in words if word not in known)
        return
    classes = _classes_of(name).get(what)
    if classes is None:
        if not foreign:
            yield f"{what}: neither a parameter of the call nor a field of its structures"
        return
    for word in " ".join(any_of).split():
        flag = word.removeprefix("!")
        if flag in PATHS or flag == "NULL" or WORD_OF_NUMBER.fullmatch(word):
            continue
        if not hasattr(flags, flag):
            yield f"{what}: {flag!r} is neither a flag nor a comparison"
        elif classes and not any(flag in getattr(flags, one).__members__ for one in classes):
            yield f"{what}: {flag} is not a member of {' or '.join(sorted(classes))}"


@cache
def _classes_of(name: str) -> dict[str, frozenset[str]]:
    """The parameters of a call, and the fields of its structures, each with the classes of its flags."""
    found: dict[str, frozenset[str]] = {}
    for one in parameters(name) or described(name) or ():
        found[one.name] = frozenset({one.flags} - {""})
    for one in parameters(name) or ():
        with contextlib.suppress(AttributeError):
            for field in structures.describe(one.points) if one.points else ():
                found.setdefault(field.name, frozenset(field.flags))
    return found


def _from_others(page: Mapping[str, Any]) -> Iterator[tuple[str, Cause]]:
    """The causes that a page takes over, each with the page on which it is written."""
    other = page.get("errors_of", page.get("variant_of", ""))
    if other not in metadata.pages:
        return
    text = metadata.page(other).text
    causes = metadata.page(other).errors
    for cause in causes[: len(text.get("errors", ()))]:
        if not _leaves_out(page, cause):
            yield other, cause
    for origin, cause in _from_others(text):
        if not _leaves_out(page, cause):
            yield origin, cause


def _leaves_out(page: Mapping[str, Any], cause: Cause) -> bool:
    return any(excludes(entry, cause.errno, cause.when) for entry in page.get("errors_not", ()))


@cache
def _parameters_of(name: str) -> frozenset[str]:
    """The parameters of a call, in the kernel and in the C library."""
    found = {parameter for definition in load.signatures(name) for _, parameter in definition}
    found.update(one.name for one in parameters(name) or described(name) or ())
    prototype = "".join(load.libc(name)[-1:])
    return frozenset(found.union(re.findall(r"(\w+)(?:\[\w*\])?(?=[,)])", prototype)))


@cache
def _fields_of(name: str) -> frozenset[str]:
    """The fields of the structures that a call takes, as far as this ABI has these."""
    found = set[str]()
    for one in parameters(name) or ():
        with contextlib.suppress(AttributeError):
            found.update(field.name for field in structures.describe(one.points) if one.points)
    return frozenset(found)


def _numbers(name: str, page: Mapping[str, Any]) -> Iterator[str]:
    """A call's number comes from the tables; a page that states it will be wrong somewhere."""
    own = {str(number) for _, number, _ in load.entries(name)}
    for where, text in texts(page):
        for found in re.finditer(r"\b(?:numbers?|nr|__NR_\w+)\W{1,3}(?:is |was |of )?(\d+)\b", text):
            if found[1] in own:
                yield f"{where}: states the number {found[1]}, which comes from the tables"


def _example(page: Mapping[str, Any]) -> Iterator[str]:
    example = page.get("example")
    if not isinstance(example, dict):
        return
    yield from _needs("example.needs", example.get("needs"))
    yield from _code("example.python", example.get("python"))
    if isinstance(example.get("strace"), str):
        try:
            re.compile(example["strace"])
        except re.error as error:
            yield f"example.strace: {error}"


def _code(where: str, code: object) -> Iterator[str]:
    """Code of a page parses, and uses what a user would use."""
    if not isinstance(code, str):
        return
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        yield f"{where}: line {error.lineno}: {error.msg}"
        return
    yield from (f"{where}: {found}" for found in _bare_numbers(tree, code))
    for node in ast.walk(tree):
        names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
        if "ctypes" in names or (isinstance(node, ast.ImportFrom) and node.module == "ctypes"):
            yield f"{where}: ctypes: pysys.structures and pysys.calls have what it needs"


def _bare_numbers(tree: ast.AST, code: str) -> Iterator[str]:
    """Numbers for flags that have a name; octal ones are permissions, and options depend on a level."""
    for node in ast.walk(tree):
        call, arguments = _call_of(node)
        classes = {
            one.name: one.flags for one in parameters(call) or () if one.flags and one.name != "optname"
        }
        for name, value in arguments:
            if name in classes and isinstance(value, ast.Constant) and type(value.value) is int:
                members = getattr(getattr(flags, classes[name], None), "__members__", {})
                found = [one for one, member in members.items() if member == value.value != 0]
                if found and not str(ast.get_source_segment(code, value)).startswith("0o"):
                    yield f"{call}: {name} is the number {value.value}, which has a name: {found[0]}"


def _call_of(node: ast.AST) -> tuple[str, list[tuple[str, ast.expr]]]:
    """The call that an expression makes, and its arguments by their names; empty for anything else."""
    match node:
        case ast.Call(ast.Attribute(ast.Name("calls"), call), values, keywords):
            made = load.python_call(call).removeprefix("calls.")
            names = re.findall(r"[(,] *(\w+)", made)
        case ast.Call(ast.Name("syscall"), [ast.Constant(str(call)), *values], keywords):
            names = [one.name for one in parameters(call) or ()]
        case _:
            return "", []
    named = [(keyword.arg or "", keyword.value) for keyword in keywords]
    return call, [*zip(names, values, strict=False), *named]


def texts(page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the page, with its key; code and what it prints are not among them."""

    def walk(where: str, value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield where, value
        elif isinstance(value, list):
            for i, item in enumerate(value):
                yield from walk(f"{where}[{i}]", item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key not in ("python", "prints", "provoke", "trace"):
                    yield from walk(f"{where}.{key}" if where else key, item)

    yield from walk("", dict(page))


def _items(page: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = page.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts_of(page: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = page.get(key)
    return value if isinstance(value, dict) else {}


def _strings(page: Mapping[str, Any], table: str, key: str) -> list[str]:
    value = _texts_of(page, table).get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def main() -> int:
    """Check the pages named, or all."""
    files = reference.files()
    found = 0
    for name in sys.argv[1:] or files:
        for complaint in check(name, files[name].parent.name, reference.read(files[name])):
            found += 1
            print(complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
