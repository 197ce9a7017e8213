"""Modules from data/: facts that stand in no kernel tree. Each file's first line names its source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
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
        "documented.py": _lists(
            data, "documented.tsv", "DOCUMENTED", "Errnos that a manual documents", _joined
        ),
        "related.py": _lists(data, "related.tsv", "RELATED", "What a manual refers to", _reachable),
        "index.py": _index(data),
        "definitions.py": _definitions(data),
        "libc.py": _libc(data),
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


def _definitions(data: Path) -> str:
    source, found = rows("definitions.tsv", 3, data)
    return emit.module(
        f"Parameters of calls that the kernel defines in no C function.\n\nSource: {source}.",
        [
            "# Name: parameters, and the file that says so; of a call that is gone, with the last kernels.",
            emit.mapping(
                "DEFINITIONS", "dict[str, tuple[str, str]]", ((row[0], (row[1], row[2])) for row in found)
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
    engines = zip(("docker", "podman"), sources, strict=True)
    kinds += ["# Repository and commit.", emit.mapping("SOURCES", "dict[str, str]", engines), ""]
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


Words = dict[str, list[str]]

# Commands and options with manual pages to themselves (2const), and the calls that they are of.
COMMANDS = (
    (re.compile(r"FUTEX_\w+"), ("futex",)),
    (re.compile(r"F_\w+"), ("fcntl",)),
    (re.compile(r"PR_\w+"), ("prctl",)),
    (re.compile(r"KEYCTL_\w+"), ("keyctl",)),
    (re.compile(r"Q_\w+"), ("quotactl",)),
    (re.compile(r"(?:IP|IPV6|IPPROTO|SO|SOL)_\w+"), ("getsockopt", "setsockopt")),
    (re.compile(r"[A-Z][A-Z0-9_]+|ioctl_(?!list)\w+"), ("ioctl",)),
)
# Other pages that are not of a call: structures (2type), texts about a call, misspelled names.
STRUCTURES = frozenset(
    {
        "dqblk",
        "dqinfo",
        "file_attr",
        "fs_disk_quota",
        "in_addr",
        "in_pktinfo",
        "ip_mreq",
        "ip_mreq_source",
        "ip_mreqn",
        "mount_attr",
        "nextdqblk",
        "open_how",
    }
)
OTHERS = {
    "arm_fadvise": "arm_fadvise64_64",
    "fattach": "fattch",
    "fcntl_locking": "fcntl",
    "prlimit": "prlimit64",
    "process_vm_write": "process_vm_writev",
    "seccomp_unotify": "seccomp",
}
# Errnos that are the same number on every ABI as another one, by which the reference names it.
SECOND_NAMES = {"EWOULDBLOCK": "EAGAIN"}
# A page that has, by its words, the errnos of another one, too.
INCLUDES = {"openat2": "openat"}


def calls_of(name: str) -> tuple[str, ...]:
    """The calls that a page of the manual is about: a call's is about itself."""
    if name in OTHERS:
        return (OTHERS[name],)
    return next((calls for pattern, calls in COMMANDS if pattern.fullmatch(name)), (name,))


def _joined(found: Words) -> Words:
    """The errnos of commands, structures and the like also where the call has its own; one name of each."""
    found = {name: [SECOND_NAMES.get(word, word) for word in words] for name, words in found.items()}
    joined = {name: set(words) for name, words in found.items()}
    for name, words in found.items():
        for call in calls_of(name):
            joined.setdefault(call, set()).update(words)
    for name, other in INCLUDES.items():
        joined[name] |= joined[other]
    return {name: sorted(words) for name, words in sorted(joined.items())}


def _reachable(found: Words) -> Words:
    """References to the pages of section 2 as they are divided here, without what refers to itself."""
    reached: Words = {}
    for name, words in found.items():
        lines: list[str] = []
        for word in words:
            other, _, section = word.removesuffix(")").partition("(")
            if section != "2":
                lines.append(word)
            elif other in STRUCTURES:
                lines.append(f"{other}(2type)")
            else:
                lines += [f"{call}(2)" for call in calls_of(other) if call not in (name, OTHERS.get(name))]
        if lines:
            reached[name] = list(dict.fromkeys(lines))
    return reached


def _lists(data: Path, name: str, variable: str, summary: str, made: Callable[[Words], Words]) -> str:
    source, found = rows(name, 2, data)
    lists = made({row[0]: row[1].split() for row in found})
    texts = ((key, " ".join(words)) for key, words in lists.items())
    return emit.module(
        f"{summary}, a page each.\n\nSource: {source}.",
        [
            "# Values are words with blanks between.",
            emit.mapping(variable, "dict[str, str]", texts),
        ],
    )


def _index(data: Path) -> str:
    source, found = rows("index.tsv", 1, data)
    return emit.module(
        f"Names for which the reference must have an answer.\n\nSource: {source}.",
        [emit.packed("NAMES", "tuple[str, ...]", (emit.literal(row[0]) for row in found), "()")],
    )


def _libc(data: Path) -> str:
    source, found = rows("libc.tsv", 5, data)
    names = rows("libc_names.tsv", 2, data)[1]
    return emit.module(
        f"Functions of the C library.\n\nSource: {source}.",
        [
            f"VERSION = {emit.literal(source.split()[1].rstrip(':'))}",
            "",
            "# Calls whose function has another name; empty: one of that name is something else.",
            emit.mapping("NAMES", "dict[str, str]", ((row[0], row[1].strip("-")) for row in names)),
            "",
            "# Function: its header, the macro without which that does not declare it, the first version of",
            "# glibc with the symbol, its prototype.",
            emit.mapping(
                "FUNCTIONS",
                "dict[str, tuple[str, str, str, str]]",
                ((row[0], tuple(row[1:])) for row in found),
            ),
        ],
    )
