"""The parts of an answer with rich: what plain text shows, in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table as Grid
from rich.text import Text as Line

from pysys.metadata.render import Code, Items, Section, Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from pysys.cli.output import Part

TITLE = "bold cyan"
TERM = "bold"
CODE = "green"
INDENT = 4


class Styled:
    """Turns parts into text with escape codes, for this terminal."""

    def __init__(self, width: int) -> None:
        self._console = Console(width=width, highlight=False, markup=False, emoji=False)

    def text(self, parts: Iterable[Part]) -> str:
        """The parts, ready to be written to the terminal or its pager."""
        with self._console.capture() as capture:
            for part in parts:
                if isinstance(part, str):
                    self._console.print(Line(part), soft_wrap=True)
                else:
                    self._console.print(_section(part), crop=False)
        # rich fills lines up with blanks, which get in the way of whoever copies them.
        return "".join(line.rstrip(" ") + "\n" for line in capture.get().splitlines())


def _section(section: Section) -> RenderableType:
    lines: list[RenderableType] = [Line(section.title, TITLE)]
    for block in section.blocks:
        if isinstance(block, Code):
            lines += _code(block)
        else:
            lines += [Padding(shown, (0, 0, 0, INDENT)) for shown in _block(block)]
        lines.append("")
    return Group(*lines)


def _code(block: Code) -> Iterator[Line]:
    """Lines of code, which are never wrapped, whatever the width: what is copied must be what runs."""
    shown = Line(block.text)
    if block.language in ("c", "python"):
        shown = Syntax(block.text, block.language, theme="ansi_dark").highlight(block.text)
        shown.rstrip()
    for line in shown.split("\n", allow_blank=True):
        indented = Line(" " * INDENT * 2, no_wrap=True, overflow="ignore")
        yield indented.append_text(line)


def _block(block: Text | Items | Table) -> Iterator[RenderableType]:
    match block:
        case Text(text):
            yield _prose(text, "\n\n")
        case Items(items):
            for term, text in items:
                if term:
                    yield Line(term, TERM)
                if term and text:
                    yield Padding(_prose(text, "\n"), (0, 0, 0, INDENT))
                elif text:
                    yield _point(text)
        case Table(columns, rows):
            yield _table(columns, rows)


def _prose(text: str, between: str) -> Line:
    """Paragraphs; what stands between backquotes is code."""
    shown = Line()
    for count, paragraph in enumerate(text.strip().split("\n\n")):
        if count:
            shown.append(between)
        for index, piece in enumerate(" ".join(paragraph.split()).split("`")):
            shown.append(piece, CODE if index % 2 else "")
    return shown


def _point(text: str) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_row("-", _prose(text, "\n"))
    return grid


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=any(columns), header_style=TERM)
    for index, title in enumerate(columns):
        cells = [row[index] for row in rows]
        numeric = all(cell.isdigit() or cell == "-" for cell in cells)
        last = index == len(columns) - 1
        grid.add_column(title, justify="right" if numeric else "left", no_wrap=not last, overflow="fold")
    for row in rows:
        first, *rest = row
        grid.add_row(Line(first, "" if any(columns) else TERM), *(_prose(cell, "\n") for cell in rest))
    return grid
