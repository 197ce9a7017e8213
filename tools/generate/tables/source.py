"""The kernel source tree, read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path


class SourceError(Exception):
    """The tree holds something the tool does not understand: path, line number, what."""

    def __init__(self, path: str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")


class Tree:
    """A kernel tree; every path is relative to its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if not (root / "Makefile").is_file():
            raise SourceError(str(root), 0, "no Makefile: not a kernel source tree")
        found = dict(
            re.findall(
                r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *= *(\S*)$",
                self.text("Makefile"),
                re.MULTILINE,
            )
        )
        if not found.get("VERSION") or not found.get("PATCHLEVEL"):
            raise SourceError("Makefile", 1, "no VERSION and PATCHLEVEL")
        self.version = f"{found['VERSION']}.{found['PATCHLEVEL']}"
        if found.get("SUBLEVEL", "0") != "0":
            self.version += "." + found["SUBLEVEL"]
        self.version += found.get("EXTRAVERSION", "")

    def exists(self, path: str) -> bool:
        return (self.root / path).is_file()

    def text(self, path: str) -> str:
        try:
            return (self.root / path).read_text("utf-8", "surrogateescape")
        except FileNotFoundError:
            raise SourceError(path, 0, "no such file in this tree") from None

    def lines(self, path: str) -> Iterator[tuple[int, str]]:
        """Numbered lines, comments removed, continuation lines joined, blank lines left out."""
        for number, line in numbered(without_comments(self.text(path))):
            if line.strip():
                yield number, line.strip()

    def glob(self, pattern: str) -> list[str]:
        return sorted(str(path.relative_to(self.root)) for path in self.root.glob(pattern))


def without_comments(text: str) -> str:
    """C text with comments blanked out and line breaks kept."""
    return re.sub(
        r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*',
        lambda match: match[0] if match[0].startswith('"') else re.sub(r"[^\n]+", " ", match[0]),
        text,
        flags=re.DOTALL,
    )


def numbered(text: str) -> Iterator[tuple[int, str]]:
    start, held = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        start = start or number
        if line.endswith("\\"):
            held += line[:-1] + " "
            continue
        yield start, held + line
        start, held = 0, ""
