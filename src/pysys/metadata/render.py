"""A page as text: `sections()` returns its structure, for other ways to show it, `plain()` the text."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pysys.abi import ABIS
from pysys.metadata import load, query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pysys.metadata.model import Cause, Entry, Page

WIDTH = 80
INDENT = "    "
CODE = 68  # columns of generated code


class Text(NamedTuple):
    """Paragraphs, separated by empty lines; code is in backquotes."""

    text: str


class Code(NamedTuple):
    """Lines that are shown unchanged."""

    language: str
    text: str


class Items(NamedTuple):
    """Terms with their descriptions. With empty terms it is a list of points."""

    items: tuple[tuple[str, str], ...]


class Table(NamedTuple):
    """Titles of columns, and rows with a cell for each."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


# How the tables of errnos are shown.
WHERE = {"generic": "most", "internal": "every kernel, inside"}

Block = Text | Code | Items | Table


class Section(NamedTuple):
    """A title and the text below it."""

    title: str
    blocks: tuple[Block, ...]


def sections(page: Page) -> tuple[Section, ...]:
    """The page's sections, without empty ones, in the order in which they are shown."""
    made = (
        Section("NAME", (Text(f"{page.name}({page.section}) - {page.summary}".rstrip(" -")),)),
        Section("SIGNATURE", tuple(_signature(page))),
        Section("DESCRIPTION", tuple(_description(page))),
        Section("ARCHITECTURES", tuple(_architectures(page))),
        Section("HISTORY", tuple(_history(page))),
        Section("SECCOMP AND CONTAINERS", tuple(_containers(page))),
        Section("EXAMPLE", tuple(_example(page))),
        Section("SECURITY AND OBSERVABILITY", tuple(_security(page))),
        Section("RETURN VALUE", tuple(_text(page.returns))),
        Section("PITFALLS", tuple(_items(page.pitfalls))),
        Section("ERRORS", tuple(_errors(page))),
        Section("CONFORMING TO", tuple(_conforming(page))),
        Section("RELATED", tuple(_related(page))),
    )
    return tuple(section for section in made if section.blocks)


def plain(page: Page | str, width: int = WIDTH) -> str:
    """The page as plain text, wrapped at `width`."""
    found = query.page(page) if isinstance(page, str) else page
    return lay_out(sections(found), width)


def errno(symbol: str, width: int = WIDTH) -> str:
    """What the reference knows about an errno, as plain text: its values, and which calls give it and why."""
    return lay_out(errno_sections(symbol), width)


def errno_sections(symbol: str) -> tuple[Section, ...]:
    """The structure of the errno's text."""
    calls = tuple(
        Section(found.name, (causes(query.causes(found.name, symbol)),)) for found in query.by_errno(symbol)
    )
    return errno_numbers(symbol) + calls


def errno_numbers(symbol: str) -> tuple[Section, ...]:
    """The errno's numbers, each with the architectures that have it; empty for one that Linux lacks."""
    values = load.errno_values(symbol)
    rows = tuple((str(number), WHERE.get(table, table)) for table, number in values.items())
    return (Section("NUMBER", (Table(("number", "architecture"), rows),)),) if rows else ()


def causes(found: Sequence[Cause]) -> Items:
    """Causes as a list of points, each with where to look."""
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


def _signature(page: Page) -> Iterator[Block]:
    if page.signatures:
        usual, *others = page.signatures
        lines = _prototype(usual.prototype)
        for other in others:
            abis = textwrap.wrap(f"on {', '.join(other.abis)}", CODE, subsequent_indent="   ")
            lines += ["", f"/* {chr(10).join(abis)} */", *_prototype(other.prototype)]
        yield Code("c", "\n".join(lines))
    yield from _items(page.arguments)
    yield from _items(page.operations)


def _prototype(text: str) -> list[str]:
    """A C prototype, wrapped after commas."""
    opening = " " * (text.index("(") + 1)
    wrapped = textwrap.wrap(text.replace(", ", ",\0").replace(" ", "\1").replace("\0", " "), CODE)
    return [(opening if i else "") + line.replace("\1", " ") for i, line in enumerate(wrapped)]


def _description(page: Page) -> Iterator[Block]:
    if not page.written:
        yield Text("The text of this page is still to come. What the tables know stands here already.")
    yield from _text(page.description)
    if page.inherits.same:
        yield Text("The same on both sides:")
        yield from _points(page.inherits.same)
    if page.inherits.differs:
        yield Text("Different:")
        yield from _points(page.inherits.differs)


def _architectures(page: Page) -> Iterator[Block]:
    entries = page.entries
    if entries:
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
    missing = all(entry.entry in load.NOT_IMPLEMENTED for entry in entries)
    if entries and missing and page.kind in ("never", "removed"):
        yield Text("Nothing is implemented behind these numbers: the answer is ENOSYS.")
    if page.replacement.replaced_by:
        yield Text(f"Where it is missing: `{page.replacement.replaced_by}`.")
    yield from _text(page.replacement.text)
    if page.optional:
        yield Text("A kernel may be configured without it, and then answers ENOSYS.")


def _place(entry: Entry) -> tuple[int, str]:
    return entry.number, entry.entry


def _history(page: Page) -> Iterator[Block]:
    if page.since:
        yield Text(" ".join(_life(page)))
    yield from _items(page.history)


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
    yield from _items(tuple((engine.capitalize(), text) for engine, text in page.profiles.items()))
    yield from _text(page.containers.text)
    if page.containers.deny_together:
        yield Text("Denied together, with libseccomp:")
        yield Code("c", libseccomp(page.containers.deny_together))


def libseccomp(names: Sequence[str]) -> str:
    """A C function that denies the calls to the process that runs it, and to its descendants."""
    lines = [
        "#include <errno.h>",
        "#include <seccomp.h>",
        "",
        "int deny(void)",
        "{",
        "    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);",
        "    int rc = filter ? 0 : -ENOMEM;",
        "",
    ]
    for name in names:
        # A C library that gets ENOSYS for clone3 falls back to clone, and gets that one's answer.
        refusal = "ENOSYS" if name == "clone3" else "EPERM"
        lines.append(
            f"    rc = rc ? rc : seccomp_rule_add(filter, SCMP_ACT_ERRNO({refusal}), SCMP_SYS({name}), 0);"
        )
    lines += [
        "    rc = rc ? rc : seccomp_load(filter);",
        "    seccomp_release(filter);",
        "    return rc;",
        "}",
    ]
    return "\n".join(lines)


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
    yield from _items(tuple((cause.errno, _cause(cause)) for cause in page.errors))
    if not page.written and page.documented:
        yield Text(f"{', '.join(page.documented)}. The causes are still to come.")


def _cause(cause: Cause) -> str:
    return f"{cause.when}\n\nLook at: {cause.look}" if cause.look else cause.when


def _conforming(page: Page) -> Iterator[Block]:
    if page.conforming.standards:
        yield Text(", ".join(page.conforming.standards) + ".")
    yield from _text(page.conforming.text)


def _related(page: Page) -> Iterator[Block]:
    yield from _items(page.related)
    if not page.written and page.see_also:
        yield Text(", ".join(page.see_also))


# Laying out.


def lay_out(parts: Sequence[Section], width: int) -> str:
    """Sections as plain text. Lines of code are not wrapped."""
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
            for term, text in items:
                if term:
                    lines += _paragraphs(term, width, INDENT)
                    lines += _paragraphs(text, width, INDENT * 2, tight=True)
                else:
                    lines += _paragraphs(text, width, INDENT + "  ", INDENT + "- ", tight=True)
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


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], width: int) -> list[str]:
    """A table whose last column is wrapped to the width that remains."""
    widths = [max(len(row[i]) for row in (columns, *rows)) for i in range(len(columns) - 1)]
    lines = []
    for row in (columns, *rows):
        head = INDENT
        for cell, size in zip(row, widths, strict=False):
            head += (cell.rjust(size) if cell.isdigit() else cell.ljust(size)) + "  "
        lines += textwrap.wrap(
            row[-1],
            max(width, len(head) + 20),
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_on_hyphens=False,
        )
    return lines
