"""What commands show, and how: sections as in a page, lines of text, or JSON."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pysys.abi import ABI
    from pysys.metadata.render import Block, Section

    Part = str | Section  # lines as they are, or what render.py makes of pages

WIDEST = 100  # prose is hard to read on wider lines


class CommandError(Exception):
    """The command cannot do what it was asked for; the message says why."""

    status = 1


class UsageError(CommandError):
    """The command line is wrong."""

    status = 2


class Output:
    """Standard output: JSON if asked for; on a terminal with rich, where it is installed; else plain text.

    NO_COLOR and TERM=dumb mean plain text too. What a pipe gets is the same with and without rich.
    """

    def __init__(self, *, json: bool = False) -> None:
        self.json = json
        self.width: int = max(40, min(shutil.get_terminal_size((80, 24)).columns, WIDEST))
        self.terminal: bool = sys.stdout is not None and sys.stdout.isatty()
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")  # an ASCII locale must not make it fail
        self._style: Any = None
        if self.terminal and not json and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
            try:
                from pysys.cli.styled import Styled
            except ImportError:  # no rich
                return
            self._style = Styled(self.width)

    def show(self, *parts: Part) -> None:
        """Print parts, with an empty line around sections; nothing if JSON is asked for."""
        if not self.json:
            print(self._text(parts), end="", flush=True)

    def answer(self, data: Any, *parts: Part) -> None:
        """The command's result: data for --json, else the parts."""
        if self.json:
            from json import dumps

            print(dumps(data, indent=2))
        else:
            self.show(*parts)

    def pages(self, data: Any, *parts: Part, title: str = "") -> None:
        """An answer that may be long: on a terminal it goes through the pager, with a title in its prompt."""
        if self.json or not self.terminal:
            self.answer(data, *parts)
            return
        from pydoc import pager

        # As git does: colour, and no waiting for what fits.
        less = os.environ.setdefault("LESS", f"FRX{_prompt(title)}")
        if command := _pager():  # from 3.13 on pydoc gives it a prompt in $LESS: its shell sets that back
            os.environ["MANPAGER"] = f"LESS={shlex.quote(less)} {command}"
        pager(self._text(parts))

    def _text(self, parts: Iterable[Part]) -> str:
        if self._style is not None:
            styled: str = self._style.text(parts)
            return styled
        return "".join(plain(part, self.width) for part in parts)


# What less shows in its last line: the lines on the screen, of how many, how far that is, and what to type.
PROMPT = r"?ltlines %lt-%lb?L of %L.. ?e(end):?pB(%pB\%)..  / searches, /^ERRORS finds a section, q quits"


def _pager() -> str:
    """The command that pydoc would run; empty if it would write the text itself."""
    command = os.environ.get("MANPAGER") or os.environ.get("PAGER") or ""
    dumb = os.environ.get("TERM") in ("dumb", "emacs")
    return command or ("less" if not dumb and shutil.which("less") else "")


def _prompt(title: str) -> str:
    """An option of less, as it stands in $LESS."""
    shown = re.sub(r"([?:.%\\])", r"\\\1", title).replace("$", "").replace("-", r"\-")
    return f"Pspysys man {shown}  {PROMPT}$" if title else ""


def plain(part: Part, width: int) -> str:
    """A part as plain text; a section ends with an empty line."""
    if isinstance(part, str):
        return part + "\n"
    from pysys.metadata.render import lay_out

    return lay_out((part,), width) + "\n"


def docstring(text: str) -> Iterator[Block]:
    """A docstring as blocks: paragraphs are prose, but for indented ones, which keep their lines."""
    from pysys.metadata.render import Code, Text

    for paragraph in text.strip("\n").split("\n\n"):
        lines = paragraph.splitlines()
        if lines and all(line.startswith(" ") for line in lines):
            yield Code("", textwrap.dedent(paragraph))
        elif paragraph:
            yield Text(" ".join(paragraph.split()))


def fields(**values: object) -> tuple[tuple[str, str], ...]:
    """Rows of a table without titles: what is what."""
    return tuple((name.replace("_", " "), str(value)) for name, value in values.items())


def number_or_name(text: str) -> int | str:
    """A number, decimal or with 0x, 0o, 0b; or else the name that was typed."""
    try:
        return int(text, 0)
    except ValueError:
        return text


def abi_of(name: str | None) -> ABI:
    """The ABI that was named, by any alias, or this process's. CommandError with near misses."""
    from pysys import abi

    try:
        return abi.current() if name is None else abi.get(name)
    except LookupError as error:
        raise CommandError(str(error.args[0])) from None
