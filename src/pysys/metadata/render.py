"""A page as text: `sections()` gives its structure, for whoever shows it otherwise, `plain()` the text."""

from __future__ import annotations

import textwrap
from itertools import groupby

from pysys import numbers
from pysys.abi import ABIS
from pysys.metadata import generated, load, query
from pysys.metadata.light import Record
from pysys.metadata.model import PRELUDE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pysys.metadata.model import Cause, Entry, Page

WIDTH = 80
INDENT = "    "
CODE = 68  # columns of generated code
LIBC_ABI = "x86_64"  # whose headers the table of the C library's functions is made from
FLAGS_FIRST = 15  # more flags than this stand behind the errors


class Text(Record):
    """Paragraphs, separated by empty lines; code stands between backquotes."""

    text: str


class Code(Record):
    """Lines to be shown as they are."""

    language: str
    text: str


class Items(Record):
    """Terms and what there is to say of each; a term may be empty: a list of points."""

    items: tuple[tuple[str, str], ...]


class Table(Record):
    """Columns with a title, and rows of as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


NEVER = "Always: there has never been anything behind the number."

# What the tables of errnos are called.
WHERE = {"generic": "most", "internal": "every kernel, inside"}

Block = Text | Code | Items | Table


class Section(Record):
    """A title and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def sections(page: Page, *, all_abis: bool = False) -> tuple[Section, ...]:
    """The page's sections in the order in which they are shown; empty ones are left out.

    all_abis: with the number and the entry point of every ABI, and not only those of this process.
    """
    flags = generated.flags(page)
    long = sum(len(group.items) for group in flags) > FLAGS_FIRST
    listed = tuple(Section(f"FLAGS {group.name}", tuple(_group(group))) for group in flags)
    made = (
        Section("NAME", (Text(f"{page.name}({page.section}) - {page.summary}".rstrip(" -")),)),
        Section("CALL", tuple(_call(page))),
        Section("AT A GLANCE", tuple(_glance(page))),
        Section("PARAMETERS", tuple(_rows(generated.parameter_texts(page)))),
        *(
            Section(f"STRUCTURE {group.name}", tuple(_group(group)))
            for group in generated.structures(page.name)
        ),
        Section("OPERATIONS", tuple(_items(page.operations))),
        *(() if long else listed),
        Section("DESCRIPTION", tuple(_text(page.description))),
        Section("LIST", tuple(_listing(page))),
        Section("KEPT AND CHANGED", tuple(_kept(page))),
        Section("RETURN VALUE", tuple(_text(page.returns))),
        Section("ERRORS", tuple(_errors(page))),
        *(listed if long else ()),
        Section("EXAMPLE", tuple(_example(page))),
        Section("PITFALLS", tuple(_items(page.pitfalls))),
        Section("HISTORY", tuple(_history(page))),
        Section("SECCOMP AND CONTAINERS", tuple(_containers(page))),
        Section("SECURITY AND OBSERVABILITY", tuple(_security(page))),
        Section("ARCHITECTURES", tuple(_architectures(page, all_abis))),
        Section("CONFORMING TO", tuple(_conforming(page))),
        Section("PROVOKE IT", tuple(_provoke(page))),
        Section("RELATED", tuple(_related(page))),
    )
    return tuple(section for section in made if section.blocks)


def plain(page: Page | str, width: int = WIDTH) -> str:
    """The page as plain text, wrapped at `width`."""
    found = query.page(page) if isinstance(page, str) else page
    return lay_out(sections(found), width)


def errno(symbol: str, width: int = WIDTH) -> str:
    """What the reference knows of an errno as plain text: its values, and which calls give it why."""
    return lay_out(errno_sections(symbol), width)


def errno_sections(symbol: str) -> tuple[Section, ...]:
    """The structure of the errno's text."""
    calls = tuple(
        Section(found.name, (causes(query.causes(found.name, symbol)),)) for found in query.by_errno(symbol)
    )
    return errno_numbers(symbol) + calls


def errno_numbers(symbol: str) -> tuple[Section, ...]:
    """The errno's numbers, each with where it holds; nothing for one that Linux does not have."""
    values = load.errno_values(symbol)
    rows = tuple((str(number), WHERE.get(table, table)) for table, number in values.items())
    return (Section("NUMBER", (Table(("number", "architecture"), rows),)),) if rows else ()


def causes(found: Sequence[Cause]) -> Items:
    """Causes as points, each with the place to look at."""
    return Items(tuple(("", _cause(cause)) for cause in found))


# The sections' contents.


def _text(text: str) -> Iterator[Block]:
    if text:
        yield Text(text)


def _items(items: Sequence[tuple[str, str]]) -> Iterator[Block]:
    if items:
        yield Items(tuple((name, text) for name, text in items))


def _points(points: Sequence[str]) -> Iterator[Block]:
    if points:
        yield Items(tuple(("", point) for point in points))


def _rows(rows: Sequence[tuple[str, str]]) -> Iterator[Block]:
    """What is what: a table without titles."""
    if rows:
        yield Table(("", ""), tuple(rows))


def _group(group: generated.Group) -> Iterator[Block]:
    yield from _text(group.text)
    yield from _items(group.items)


def _call(page: Page) -> Iterator[Block]:
    if page.signatures:
        usual, *others = page.signatures
        lines = _prototype(usual.prototype)
        for other in others:
            abis = textwrap.wrap(f"/* on {', '.join(other.abis)} */", CODE, subsequent_indent="   ")
            lines += ["", *abis, *_prototype(other.prototype)]
        yield Code("c", "\n".join(lines))
    yield from _libc(page)
    python = load.python_call(page.name)
    if python.startswith("#"):
        yield Code("python", "\n".join(textwrap.wrap(python, CODE, subsequent_indent="# ")))
    elif python and (page.kind == "call" or python.startswith("pysys.")):
        yield Code("python", "\n".join(_prototype(python)))


def _libc(page: Page) -> Iterator[Block]:
    """The C library's function, or how C makes a call for which there is none."""
    if (found := page.libc) is not None:
        lines = [f"#define {found.macro}"] if found.macro else []
        lines += [
            f"#include <{found.header}>  /* since glibc {found.since} */",
            *_prototype(f"{found.prototype};"),
        ]
        yield Code("c", "\n".join(lines))
    elif page.kind == "call" and LIBC_ABI in page.numbers:
        about = f"/* glibc {load.libc_version()} declares no function for it */"
        yield Code("c", f"{about}\nsyscall(SYS_{page.name}, ...);")


def _glance(page: Page) -> Iterator[Block]:
    rows = [("since", " ".join(_life(page)).removeprefix("Since "))] if page.since else []
    rows += _here(page)
    if page.entries and page.kind == "call":
        missing = ", ".join(abi for abi in ABIS if abi not in page.numbers)
        rows += [("missing on", missing)] if missing else []
    replaced, fallback = page.instead
    if page.replacement.replaced_by or replaced:
        rows.append(("in its place", page.replacement.replaced_by or replaced))
    if fallback:
        rows.append(("old kernel", fallback))
    if page.config:
        rows.append(("needs", "a kernel with " + ", ".join(page.config) + "; ENOSYS without"))
    if page.repeated:
        rows.append(("signal", page.repeated))
    rows += [(engine.capitalize(), _of_whom(page) + one.text) for engine, one in page.profiles.items()]
    if page.topics:
        rows.append(("topics", ", ".join(page.topics)))
    yield from _rows(rows)


def _of_whom(page: Page) -> str:
    """What a profile is about, if the page is about a function of the C library of the same name."""
    return f"Of the call on {', '.join(page.numbers)}: " if page.kind in ("wrapper", "library") else ""


def _here(page: Page) -> list[tuple[str, str]]:
    """The number on this process's ABI, or what there is instead."""
    own = next(iter(load.family()), "")
    if own in page.numbers:
        return [("number", f"{page.numbers[own]} on {own}; elsewhere: pysys number {page.name} --abi all")]
    if page.numbers and own:
        first = next(iter(page.entries))
        return [("number", f"none on {own}; {first.number} on {first.abi}")]
    return []


def _listing(page: Page) -> Iterator[Block]:
    if page.listing is not None:
        yield Table(*page.listing)


def _kept(page: Page) -> Iterator[Block]:
    if page.kept.same:
        yield Text("Kept:")
        yield from _points(page.kept.same)
    if page.kept.differs:
        yield Text("Changed:")
        yield from _points(page.kept.differs)


def _prototype(text: str) -> list[str]:
    """A prototype, broken behind commas where it is long; parameters stand below each other if they fit."""
    joined = text.replace(", ", ",\0").replace(" ", "\1").replace("\0", " ")
    below = " " * (text.index("(") + 1)
    for indent in below, INDENT * 2:
        lines = textwrap.wrap(joined, CODE, subsequent_indent=indent, break_long_words=False)
        if max(map(len, lines)) <= CODE:
            break
    return [line.replace("\1", " ") for line in lines]


def _architectures(page: Page, all_abis: bool) -> Iterator[Block]:
    entries = page.entries
    if entries and all_abis:
        family = load.family()
        here = [entry for entry in entries if entry.abi in family]
        rest = [entry for entry in entries if entry.abi not in family]
        rows = [(str(entry.number), entry.entry, entry.abi) for entry in here]
        rows += [
            (str(number), name, ", ".join(entry.abi for entry in group))
            for (number, name), group in groupby(sorted(rest, key=_place), _place)
        ]
        yield Table(("number", "entry point", "ABI"), tuple(rows))
        has = {entry.abi for entry in entries}
        lacking = [abi for abi in ABIS if abi not in has]
        if lacking:
            yield Text("No number on " + ", ".join(lacking) + ".")
    missing = all(entry.entry in numbers.NOT_IMPLEMENTED for entry in entries)
    if entries and missing and page.kind in ("never", "removed"):
        yield Text("Nothing is implemented behind these numbers: the answer is ENOSYS.")
    yield from _text(page.replacement.text)


def _place(entry: Entry) -> tuple[int, str]:
    return entry.number, entry.entry


def _history(page: Page) -> Iterator[Block]:
    yield from _rows(page.history)


def _life(page: Page) -> Iterator[str]:
    yield f"Since Linux {page.since}."
    if page.removed:
        yield f"Removed in {page.removed}."
    first, version = page.renamed
    if first:
        yield f"Named {first} until {version}."
    if page.only:
        yield f"On {', '.join(page.only)} only."


def _containers(page: Page) -> Iterator[Block]:
    yield from _text(page.containers.text)
    if page.containers.deny_together:
        yield Text("Denied together, with libseccomp:")
        yield Code("c", libseccomp(page.containers.deny_together))


# Entries of deny_together that are about flags, and which argument has these.
NAMESPACES = {
    "clone: CLONE_NEW": "CLONE_FLAGS",  # the first argument, on s390 the second
    "unshare: CLONE_NEW": "0",
}


def libseccomp(names: Sequence[str]) -> str:
    """A C function that denies the calls to the process that runs it, and to what it starts.

    "clone: CLONE_NEW" is denied only with one of these flags.
    """
    some = [name for name in names if name in NAMESPACES]
    headers = ("errno.h", *(["linux/sched.h"] if some else []), "seccomp.h", "stddef.h")
    lines = [*(f"#include <{header}>" for header in headers), ""]
    if some:
        lines += NEW_NAMESPACES.splitlines()
        calls = ((name.partition(":")[0], NAMESPACES[name]) for name in some)
        lines += [f"    {{SCMP_SYS({call}), {argument}}}," for call, argument in calls]
        lines += ["};", ""]
    # A C library that gets ENOSYS for clone3 falls back to clone, and gets that one's answer.
    rows = ((name, "ENOSYS" if name == "clone3" else "EPERM") for name in names if name not in some)
    lines += ["static const struct { int call, error; } denied[] = {"]
    lines += [f"    {{SCMP_SYS({name}), {error}}}," for name, error in rows]
    lines += ["};", ""]
    lines += DENY.replace("    /* flags */\n", DENY_FLAGS if some else "").splitlines()
    return "\n".join(lines)


NEW_NAMESPACES = """\
#ifdef __s390__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

static const unsigned flags[] = {
    CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
    CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET,
};
static const struct { int call; unsigned argument; } with_flags[] = {
"""
DENY = """\
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int deny(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int rc = filter ? 0 : -ENOMEM;

    for (size_t i = 0; !rc && i < COUNT(denied); i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(denied[i].error),
                              denied[i].call, 0);
    /* flags */
    rc = rc ? rc : seccomp_load(filter);
    seccomp_release(filter);
    return rc;
}
"""
DENY_FLAGS = """\
    for (size_t i = 0; i < COUNT(with_flags); i++)
        for (size_t j = 0; !rc && j < COUNT(flags); j++)
            rc = seccomp_rule_add(
                filter, SCMP_ACT_ERRNO(EPERM), with_flags[i].call, 1,
                SCMP_CMP(with_flags[i].argument, SCMP_CMP_MASKED_EQ,
                         flags[j], flags[j]));
"""


def _example(page: Page) -> Iterator[Block]:
    example = page.example
    if example is None:
        return
    yield from _text(example.text)
    if example.needs:
        yield Text("Needs: " + ", ".join(example.needs) + ".")
    yield Code("python", example.python.rstrip())
    yield Text("prints")
    yield Code("", example.prints)
    if page.trace:
        yield Text("and under strace it gave")
        yield Code("strace", page.trace.rstrip())


def _security(page: Page) -> Iterator[Block]:
    yield from _text(page.security.text)
    yield from _points(page.security.observe)


def _errors(page: Page) -> Iterator[Block]:
    grouped: dict[str, list[str]] = {}
    for cause in page.errors:
        grouped.setdefault(cause.errno, []).append(_cause(cause))
    items: list[tuple[str, str]] = []
    for errno, texts in grouped.items():
        items += [(errno, texts[0])] if len(texts) == 1 else [(errno, ""), *(("", text) for text in texts)]
    gone = page.numbers and page.kind in ("never", "removed")
    if gone and "ENOSYS" not in grouped:
        items.append(
            ("ENOSYS", "There is nothing behind the number any more." if page.kind == "removed" else NEVER)
        )
    yield from _items(items)
    general = tuple((one, load.meaning(one)) for one in page.documented if one not in grouped)
    if gone:
        general = tuple((one, text) for one, text in general if one != "ENOSYS")
    if general:
        kernels = "On kernels that had it, in general:" if page.kind == "removed" else "In general:"
        yield Text("Without a cause here yet, in general:" if grouped else kernels)
        yield from _rows(general)


def _cause(cause: Cause) -> str:
    return f"{cause.when}\n\nLook at: {cause.look}" if cause.look else cause.when


def _provoke(page: Page) -> Iterator[Block]:
    """The lines that make errors happen, as comments with code, which can be copied as a whole."""
    own = [cause for cause in page.errors[: len(page.text.get("errors", ()))] if cause.provoke]
    if not own:
        return
    yield Text("Each of these ends in the error above it, after")
    yield Code("python", PRELUDE.rstrip())
    for cause in own:
        needs = f" (needs {', '.join(cause.needs)})" if cause.needs else ""
        yield Text(f"{cause.errno}{needs}: {cause.when}")
        yield Code("python", cause.provoke)


def _conforming(page: Page) -> Iterator[Block]:
    if page.conforming.standards:
        yield Text(", ".join(page.conforming.standards) + ".")
    yield from _text(page.conforming.text)


def _related(page: Page) -> Iterator[Block]:
    yield from _rows(page.related)
    if not page.related and page.see_also:
        yield Text(", ".join(page.see_also))


# Laying out.


def lay_out(parts: Sequence[Section], width: int) -> str:
    """Sections as plain text; code keeps its lines."""
    lines: list[str] = []
    for section in parts:
        lines.append(section.title)
        for block in section.blocks:
            lines += _block(block, width)
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block, width: int) -> list[str]:
    match block:
        case Text(text):
            return _paragraphs(text, width, INDENT)
        case Code(_, text):
            return [(INDENT * 2 + line).rstrip() for line in text.splitlines()]
        case Items(items):
            lines = []
            below = ""  # points of a term are indented more than points alone
            for term, text in items:
                if term:
                    below = "" if text else "  "
                    lines += _paragraphs(term, width, INDENT)
                    lines += _paragraphs(text, width, INDENT * 2, tight=True) if text else []
                else:
                    first = INDENT + below + "- "
                    lines += _paragraphs(text, width, " " * len(first), first, tight=True)
            return lines
        case Table(columns, rows):
            return _table(columns, rows, width)


def _paragraphs(text: str, width: int, indent: str, first: str = "", tight: bool = False) -> list[str]:
    lines: list[str] = []
    for paragraph in text.strip().split("\n\n"):
        if lines and not tight:
            lines.append("")
        lines += textwrap.wrap(
            paragraph.replace("`", ""),
            width,
            initial_indent=indent if lines else first or indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


LAST = 20  # columns that a table's last one has at least


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], width: int) -> list[str]:
    """The last column gets the width that the others leave, and is wrapped.

    Where they leave too little, those after the first are shown below it, with their titles.
    """
    rows = tuple(tuple(cell.replace("`", "") for cell in row) for row in rows)
    widths = [max(len(row[i]) for row in (columns, *rows)) for i in range(len(columns) - 1)]
    lines = []
    if len(INDENT) + sum(widths) + 2 * len(widths) + LAST > width and len(columns) > 2:
        for first, *others in rows:
            named = (
                f"{title}: {cell}" if title else cell
                for title, cell in zip(columns[1:], others, strict=True)
                if cell
            )
            lines += _paragraphs(first, width, INDENT)
            lines += _paragraphs(", ".join(named), width, INDENT * 2)
        return lines
    for row in (columns, *rows) if any(columns) else rows:
        head = INDENT
        for cell, size in zip(row, widths, strict=False):
            head += (cell.rjust(size) if cell.isdigit() else cell.ljust(size)) + "  "
        lines += textwrap.wrap(
            row[-1],
            max(width, len(head) + LAST),
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_on_hyphens=False,
        )
    return lines
