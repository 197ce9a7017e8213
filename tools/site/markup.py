"""HTML of what pages consist of: text with code between backquotes, terms, tables, code."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import CLexer, PythonLexer

from pysys.metadata.render import Code, Items, Table, Text
from tools.site import addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pysys.metadata.render import Block

LEXERS = {"c": CLexer(), "python": PythonLexer()}
PLAIN = HtmlFormatter(nowrap=True)
COMMAND = re.compile(r"^pysys (?:man|errno) (\w+)$")

# What is a name in prose: in capitals, with a section, behind "page of", dotted, or no English word.
NAME = re.compile(
    r"(?P<manual>\b[a-z_]\w*\([237]\))"
    r"|(?P<dotted>\b(?:pysys|calls|flags|structures|errors|seccomp|metadata|numbers)\.[A-Za-z_]\w*(?:\.\w+)?)"
    r"|(?<=page of )(?P<page>[a-z]\w*)"
    r"|(?P<constant>\b[A-Z][A-Z0-9_]*[A-Z0-9]\b)"
    r"|(?P<call>\b[a-z]\w*[0-9_]\w*\b)"
)


class Markup:
    """What makes HTML for one page: it knows the way to others, and which anchors it has given."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.up = "../" * path.count("/")
        self.ids: set[str] = set()

    def link(self, address: str, text: str) -> str:
        """A link to a page of the site, or text if it would lead to where it stands."""
        page, _, anchor = address.partition("#")
        if page == self.path and (not anchor or anchor not in self.ids):
            return text
        if address.startswith("https:"):
            return f'<a href="{address}" rel="external">{text}</a>'
        return f'<a href="{self.up}{address}">{text}</a>'

    def id(self, name: str) -> str:
        """An anchor that this page does not have yet, of a name."""
        name = re.sub(r"[^\w.-]+", "-", name.strip()).strip("-") or "part"
        found, count = name, 1
        while found in self.ids:
            count += 1
            found = f"{name}-{count}"
        self.ids.add(found)
        return found

    def inline(self, text: str) -> str:
        """One paragraph, with code and links; a name is a link where it stands for the first time."""
        done: set[str] = set()
        pieces = []
        for index, piece in enumerate(" ".join(text.replace("``", "`").split()).split("`")):
            pieces.append(self._code(piece, done) if index % 2 else self._names(piece, done))
        return "".join(pieces)

    def _code(self, text: str, done: set[str]) -> str:
        if match := COMMAND.match(text):
            name = match[1]
            table = {**addresses.classes(), **addresses.calls_pages(), **addresses.constants()}
            if name in table:
                return self.link(table[name], f"<code>{name}</code>")
        match = re.match(r"^(?:(?:struct|union) )?([a-z_]\w*)(?=\(|$)", text)
        if match and (address := self._of_code(text, match[1])) and address not in done:
            done.add(address)
            return self.link(address, f"<code>{escape(text, quote=False)}</code>")
        return f"<code>{self._names(text, done)}</code>"

    @staticmethod
    def _of_code(text: str, name: str) -> str:
        if text.startswith(("struct ", "union ")):
            return addresses.structures().get(name, "")
        return addresses.calls_pages().get(name, "")

    def _names(self, text: str, done: set[str]) -> str:
        found, at = [], 0
        for match in NAME.finditer(text):
            address = self._address(match)
            if not address or address in done:
                continue
            done.add(address)
            found += [
                escape(text[at : match.start()], quote=False),
                self.link(address, escape(match[0], quote=False)),
            ]
            at = match.end()
        return "".join(found) + escape(text[at:], quote=False)

    @staticmethod
    def _address(match: re.Match[str]) -> str:
        text, calls = match[0], addresses.calls_pages()
        match match.lastgroup:
            case "manual":
                return calls.get(text.partition("(")[0], "")
            case "dotted":
                return addresses.of_dotted(text.split("."))
            case "constant":
                return addresses.constants().get(text, "")
            case _:
                return calls.get(text, "")

    def paragraphs(self, text: str) -> str:
        """Paragraphs that empty lines separate; several lines that are indented are code."""
        parts = []
        for one in text.strip("\n").split("\n\n"):
            if one.startswith("    "):
                parts.append(self.code("", one))
            elif one.strip():
                parts.append(f"<p>{self.inline(one)}</p>")
        return "\n".join(parts)

    def code(self, language: str, text: str) -> str:
        """Lines as they are, in colours where there are some for the language."""
        kept = text.strip("\n")
        shown = highlight(kept, LEXERS[language], PLAIN) if language in LEXERS else escape(kept, quote=False)
        return f'<pre tabindex="0" data-language="{language or "text"}"><code>{shown.rstrip()}</code></pre>'

    def table(self, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
        """A table of cells that are HTML; without titles, what is what."""
        titles = list(columns)
        lines = []
        for first, *rest in rows:
            begin = f"<td>{first}</td>" if any(titles) else f'<th scope="row">{first}</th>'
            lines.append(f"<tr>{begin}{''.join(f'<td>{cell}</td>' for cell in rest)}</tr>")
        return self.grid(titles if any(titles) else (), lines, "" if any(titles) else "facts")

    @staticmethod
    def grid(columns: Iterable[str], rows: Iterable[str], kind: str = "") -> str:
        """A table of rows that are HTML."""
        cells = "".join(f'<th scope="col">{one}</th>' for one in columns)
        head = f"<thead><tr>{cells}</tr></thead>" if cells else ""
        style = f' class="{kind}"' if kind else ""
        body = "\n".join(rows)
        return f'<div class="wide" tabindex="0"><table{style}>{head}<tbody>\n{body}\n</tbody></table></div>'

    def terms(self, items: Iterable[tuple[str, str]], prefix: str = "") -> str:
        """Terms, each with an anchor, and what there is to say; a term that is empty is one more point."""
        lines: list[str] = []
        term, count, bare = "", 0, True
        for name, text in items:
            if name:
                bare = False
                term, count = name, 0
                anchor = self.id(f"{prefix}{name}")
                lines.append(f'<dt id="{anchor}">{self._term(name)}</dt>')
            if text:
                count += 1
                anchor = f' id="{self.id(f"{prefix}{term}-{count}")}"' if term else ""
                tag = "li" if bare else "dd"
                lines.append(f"<{tag}{anchor}>{self._breaks(text)}</{tag}>")
        return "\n".join(["<ul>", *lines, "</ul>"] if bare else ["<dl>", *lines, "</dl>"])

    def _term(self, name: str) -> str:
        address = addresses.constants().get(name, "")
        shown = (
            f"<code>{escape(name, quote=False)}</code>"
            if re.fullmatch(r"[\w., ]+", name) and " " not in name
            else self.inline(name)
        )
        return self.link(address, shown) if address and "<a" not in shown else shown

    def _breaks(self, text: str) -> str:
        first, *rest = (self.inline(one) for one in text.strip().split("\n\n"))
        more = (f'<p class="{"look" if one.startswith("Look at:") else "more"}">{one}</p>' for one in rest)
        return first + "".join(more)

    def blocks(self, found: Iterable[Block], prefix: str = "") -> Iterator[str]:
        """The blocks of a section."""
        for block in found:
            match block:
                case Text(text):
                    yield self.paragraphs(text)
                case Code(language, text):
                    yield self.code(language, text)
                case Items(items):
                    yield self.terms(items, prefix)
                case Table(columns, rows):
                    cell = self.cell if any(columns) else self.inline
                    yield self.table(map(self.inline, columns), (map(cell, row) for row in rows))

    def cell(self, text: str) -> str:
        """A cell that is a name is a link to it."""
        address = addresses.calls_pages().get(text) or addresses.structures().get(text.partition(",")[0], "")
        return (
            self.link(address, f"<code>{text}</code>") if address and " " not in text else self.inline(text)
        )
