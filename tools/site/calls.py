"""The pages of section 2: the sections that `pysys man` shows, with what a reader of any ABI needs."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from pysys import metadata
from pysys.abi import ABIS
from pysys.metadata.render import Code, Section, Table, sections
from pysys.policy.resolution import classify
from tools.site import addresses
from tools.site.content import Content, Part, portions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pysys.metadata.model import Page

OMITTED = ("NAME", "ARCHITECTURES", "LIST", "RELATED")  # which are shown in another way


def pages() -> Iterator[Content]:
    """A page for each name, with its further ones."""
    for page in metadata.pages.values():
        yield from _page(page)


def heading(title: str) -> str:
    """A section's title as the site writes it: "AT A GLANCE" is "At a glance"."""
    words = title.split()
    shown = [word if any(letter.islower() for letter in word) else word.lower() for word in words]
    return " ".join([shown[0].capitalize(), *shown[1:]])


def _page(page: Page) -> Iterator[Content]:
    path = addresses.calls_pages()[page.name]
    content = Content(
        path,
        f"{page.name}({page.section})",
        page.kind,
        topics=page.topics,
        since=page.since,
        text=page.summary,
    )
    markup = content.markup
    content.lead = markup.inline(page.summary)
    for section in sections(page):
        if section.title in OMITTED:
            continue
        if section.title == "AT A GLANCE":
            section = _for_every_abi(section)
        _add(content, section)
    if page.entries and page.kind == "call":
        content.chooser = True
        content.add("Every ABI", _abis(content, page) + _blocks(content, page.replacement.text), "abis")
    elif page.entries:
        rows = (
            (_abi(content, one.abi), str(one.number), f"<code>{one.entry}</code>") for one in page.entries
        )
        table = markup.table(("ABI", "number", "entry point"), rows)
        content.add("Every ABI", table + _blocks(content, page.replacement.text), "abis")
    else:
        content.add("Architectures", _blocks(content, page.replacement.text))
    content.add("Related", related(content, page))
    further: list[Content] = []
    if page.listing is not None:
        further = _listing(content, page)
    if sum(len(part.html) for part in content.parts) > MOST:
        further += _apart(content, "Provoke it")
    yield content
    yield from further


MOST = 90_000  # characters of a page that are not the template's


def _apart(content: Content, title: str) -> Iterator[Content]:
    """A part of a page that is too long, on a page of its own."""
    for index, part in enumerate(content.parts):
        if part.title == title:
            one = Content(
                f"{content.path.removesuffix('.html')}-{part.id}.html", f"{content.title}: {title}", "list"
            )
            one.add(title, part.html)
            content.parts[index] = Part(
                title, part.id, f"<p>{content.markup.link(one.path, 'On a page of its own')}.</p>"
            )
            yield one


def _add(content: Content, section: Section) -> None:
    title = heading(section.title)
    kind, _, name = title.partition(" ")
    table = {"Structure": addresses.structures(), "Flags": addresses.classes()}.get(kind, {})
    if section.title == "PROVOKE IT":  # many short lines: colours would double the page
        section = Section(
            section.title,
            tuple(Code("", one.text) if isinstance(one, Code) else one for one in section.blocks),
        )
    prefix = f"{name}." if kind == "Structure" else "parameter-" if kind == "Parameters" else ""
    html = "\n".join(content.markup.blocks(section.blocks, prefix))
    if section.title in ("PARAMETERS", "ERRORS"):
        html = _anchored(content, html, prefix)
    if name in table:
        html = f"<p>All of it: {content.markup.link(table[name], f'<code>{name}</code>')}.</p>\n" + html
    if section.title == "PROVOKE IT":
        html = f"<details><summary>Lines of Python that make each error happen</summary>\n{html}\n</details>"
    content.add(title, html)


def _anchored(content: Content, html: str, prefix: str) -> str:
    """Facts of which each has an anchor: parameters, and errnos without a cause."""

    def anchor(match: re.Match[str]) -> str:
        return f'<tr id="{content.markup.id(prefix + match[1])}"><th scope="row">'

    return re.sub(r'<tr><th scope="row">(?=(?:<[^>]+>)*([\w.]+))', anchor, html)


def _for_every_abi(section: Section) -> Section:
    """What "at a glance" says of this process's ABI is said of the reader's by another table."""
    kept = []
    for block in section.blocks:
        if isinstance(block, Table):
            rows = tuple(
                (name, text.partition(";")[0] if name == "number" else text) for name, text in block.rows
            )
            kept.append(Table(block.columns, rows))
    return Section(section.title, tuple(kept))


def _blocks(content: Content, text: str) -> str:
    return content.markup.paragraphs(text) if text else ""


def _abi(content: Content, name: str) -> str:
    return content.markup.link(f"abi/{name}.html", name) if name in ABIS else name


@cache
def made(name: str, abi: str) -> tuple[str, str]:
    """How pysys makes a call on an ABI, and the particulars."""
    return classify(name, abi)


def _abis(content: Content, page: Page) -> str:
    """The number on every ABI, and what becomes of the call there."""
    entries = {entry.abi: entry for entry in page.entries}
    rows = []
    for name in ABIS:
        kind, detail = made(page.name, name)
        entry = entries.get(name)
        number = str(entry.number) if entry else "-"
        how = kind if kind in ("direct", "absent") else f"{kind}: {content.markup.inline(detail)}"
        rows.append(
            f'<tr data-abi="{name}"><td>{_abi(content, name)}</td><td>{number}</td>'
            f"<td>{f'<code>{entry.entry}</code>' if entry else ''}</td><td>{how}</td></tr>"
        )
    line = '<p class="abi-line" data-abi-line hidden></p>'
    return line + content.markup.grid(("ABI", "number", "entry point", "with pysys"), rows, "abis")


def related(content: Content, page: Page) -> str:
    """Names worth knowing next, each with an address."""
    rows: list[tuple[str, str]] = [(name, text) for name, text in page.related]
    rows = rows or [(name, "") for name in page.see_also]
    cells = []
    for name, text in rows:
        address = addresses.of_manual(name) or of_name(name)
        if not address:
            raise LookupError(f"{page.name}: nothing is known of {name}, which is related to it")
        if address == content.path:
            continue
        about = text or (
            metadata.pages[plain].summary if (plain := name.partition("(")[0]) in metadata.pages else ""
        )
        cells.append(
            (content.markup.link(address, f"<code>{escape(name)}</code>"), content.markup.inline(about))
        )
    return content.markup.table(("", ""), cells) if cells else ""


def of_name(name: str) -> str:
    """The address of a name of pysys, or of a class of flags."""
    if name in addresses.classes():
        return addresses.classes()[name]
    return addresses.of_dotted(name.split(".")) or addresses.of_dotted(["pysys", name])


def _listing(content: Content, page: Page) -> list[Content]:
    """The list of an overview, in as many pages as it needs."""
    assert page.listing is not None
    columns, rows = page.listing
    lines = []
    for row in rows:
        cells = (f"<td>{content.markup.cell(cell)}</td>" for cell in row)
        lines.append((row[0], f"<tr>{''.join(cells)}</tr>"))
    found = portions(lines)
    further = []
    for count, portion in enumerate(found, 1):
        table = content.markup.grid(columns, (line for _, line in portion))
        if count == 1:
            content.add("List", table)
            continue
        title = f"{page.name}, from {portion[0][0]} on"
        one = Content(f"call/{page.name}-{count}.html", title, "list")
        one.add("List", table)
        further.append(one)
    if further:
        links = "".join(
            f"<li>{content.markup.link(one.path, f'from {escape(portion[0][0])} on')}</li>"
            for one, portion in zip(further, found[1:], strict=True)
        )
        content.add("The list goes on", f"<ul>{links}</ul>")
    return further
