"""The pages of errnos, of classes of flags and of structures."""

from __future__ import annotations

import re
from html import escape
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from pysys import errors, flags, metadata, structures
from pysys.metadata import load, query
from pysys.metadata.render import WHERE, causes
from pysys.structures.documentation import TEXTS
from pysys.tables.constants import BY_ABI, USUAL
from tools.site import addresses
from tools.site.content import Content, portions

if TYPE_CHECKING:
    from collections.abc import Iterator


def pages() -> Iterator[Content]:
    """All of them."""
    for symbol in load.errnos():
        if load.main_symbol(symbol) == symbol:
            yield from _errno(symbol)
    for name in addresses.classes():
        yield _flags(name)
    for name in TEXTS:
        yield _structure(name)


def _doc(value: object) -> str:
    return cleandoc(str(value.__doc__ or ""))


# Errnos.


def _errno(symbol: str) -> Iterator[Content]:
    cls = errors.CLASSES[symbol]
    meaning = _doc(cls).partition(": ")[2]
    content = Content(addresses.errnos()[symbol], symbol, "errno", text=load.meaning(symbol))
    content.lead = content.markup.paragraphs(meaning)
    values = load.errno_values(symbol)
    rows = [(str(number), WHERE.get(table, table)) for table, number in values.items()]
    content.add("Number", content.markup.table(("number", "architecture"), rows) if rows else "")
    found = [page.name for page in metadata.by_errno(symbol)]
    named = [
        page.name for page in metadata.pages.values() if page.name not in found and query.named(page, symbol)
    ]
    parts = portions([(name, _causes(content, name, symbol)) for name in found]) if found else []
    further = []
    for count, portion in enumerate(parts, 1):
        one = content
        if count > 1:
            one = Content(f"errno/{symbol}-{count}.html", f"{symbol}, from {portion[0][0]} on", "list")
            further.append(one)
        for name, html in portion:
            one.add(name, html, f"call-{name}")
    if further:
        links = "".join(
            f"<li>{content.markup.link(one.path, f'from {portion[0][0]} on')}</li>"
            for one, portion in zip(further, parts[1:], strict=True)
        )
        content.add("More calls", f"<ul>{links}</ul>")
    if named:
        listed = ", ".join(content.markup.link(addresses.calls_pages()[name], name) for name in named)
        content.add("Named by a manual, without a cause here", f"<p>{listed}</p>", "named")
    yield content
    yield from further


def _causes(content: Content, name: str, symbol: str) -> str:
    address = f"{addresses.calls_pages()[name]}#{symbol}"
    points = content.markup.terms(causes(metadata.causes(name, symbol)).items)
    return f"<p>{content.markup.link(address, f'{symbol} on the page of {name}')}</p>\n{points}"


# Flags.


def _flags(name: str) -> Content:
    kind: Any = getattr(flags, name)
    content = Content(addresses.classes()[name], f"flags.{name}", "flags", text=_first(_doc(kind)))
    markup = content.markup
    content.lead = markup.paragraphs(_doc(kind)) + _takers(content, name)
    lines = []
    for one, member in kind.__members__.items():
        others = _others(one, int(member))
        data = " ".join(f"{abi}={value}" for value, abis in others.items() for abi in abis)
        here = f'<span class="value" data-values="{data}">' if data else '<span class="value">'
        elsewhere = "; ".join(f"{value} on {', '.join(abis)}" for value, abis in others.items())
        lines.append(
            f'<dt id="{markup.id(one)}"><code>{one}</code> {here}{_number(int(member))}</span></dt>'
            f"<dd>{markup.inline(_doc(member))}{f'<p class=more>{elsewhere}.</p>' if elsewhere else ''}</dd>"
        )
    content.chooser = any("data-values" in line for line in lines)
    body = "\n".join(lines)
    content.add("Members", f"<dl>\n{body}\n</dl>")
    return content


def _number(value: int) -> str:
    return str(value) if -9 <= value <= 9 else f"{value:#x}"


def _others(name: str, here: int) -> dict[str, list[str]]:
    """The values that other ABIs have, each with the names of these."""
    found: dict[str, list[str]] = {}
    for abi, values in BY_ABI.items():
        value = values.get(name, USUAL.get(name, here))
        if value != here:
            found.setdefault("none" if value is None else _number(value), []).append(abi)
    return found


def _first(text: str) -> str:
    return re.split(r"(?<=[^\s.])\.\s|\n\n", f"{text} ")[0].replace("\n", " ")


def _takers(content: Content, name: str) -> str:
    found = [
        content.markup.link(addresses.calls_pages()[one.name], one.name) for one in metadata.find(takes=name)
    ]
    return f"<p>Taken by {', '.join(found)}.</p>" if found else ""


# Structures.


def _structure(name: str) -> Content:
    kind: Any = getattr(structures, name, None)
    content = Content(addresses.structures()[name], f"structures.{name}", "structure")
    if not (isinstance(kind, type) and hasattr(kind, "nbytes")):
        from pysys.metadata import generated

        group = generated.structure(name)
        content.text = _first(group.text)
        content.lead = content.markup.paragraphs(group.text) + "<p>x86_64 has no such structure.</p>"
        content.lead += _takers(content, name)
        content.add("Fields", content.markup.terms(group.items) if group.items else "")
        return content
    about = _doc(kind).partition("\n\n")[0]
    content.text = _first(about)
    content.lead = content.markup.paragraphs(about) + _takers(content, name)
    rows = []
    for one in structures.describe(name):
        text = _doc(vars(kind)[one.name]).removeprefix(one.ctype).removeprefix("; ")
        cells = (
            f"<code>{escape(one.name)}</code>",
            f"<code>{escape(one.ctype)}</code>",
            str(one.offset),
            content.markup.inline(text),
        )
        rows.append(
            f'<tr id="{content.markup.id(one.name)}">'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
        )
    columns = ("field", "type", "offset", "what it is")
    content.add("Fields", content.markup.grid(columns, rows) if rows else "")
    content.add("Size", f"<p>{kind.nbytes} bytes; size and offsets are those of x86_64.</p>")
    return content
