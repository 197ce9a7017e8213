"""Runs a program under strace and reads its output: each call with its arguments as values."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path
from typing import Any

OPTIONS = ["-f", "-qqq", "-v", "-X", "raw", "-xx", "-s", "64", "-e", "signal=none"]

_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>\)?")


class Shown:
    """A call as strace shows it. arguments: None where a value could not be read."""

    def __init__(self, tid: int, name: str, arguments: list[Any], result: str) -> None:
        self.tid = tid
        self.name = name
        self.arguments = arguments
        self.result = result

    def __repr__(self) -> str:
        return f"{self.name}({self.arguments}) = {self.result}"


def run(command: list[str], log: Path, *options: str, **settings: Any) -> list[Shown]:
    """The calls of a program."""
    fixed = ["setarch", "-R"]  # the same addresses in every run
    command = [*fixed, "strace", *OPTIONS, *options, "-o", str(log), *command]
    subprocess.run(command, check=False, timeout=120, **settings)
    return list(calls(log.read_text("latin-1")))


def calls(text: str) -> list[Shown]:
    """The calls in a log, in the order in which they end."""
    begun: dict[int, str] = {}
    found = []
    for line in text.splitlines():
        tid_text, rest = _LINE.fullmatch(line).groups()  # type: ignore[union-attr]  # with -f each line has an id
        tid = int(tid_text)
        if rest.startswith(("+++", "---")):
            continue
        if rest.endswith("<unfinished ...>"):
            begun[tid] = rest.removesuffix("<unfinished ...>").rstrip()
            continue
        if again := _RESUMED.match(rest):
            resumed = (again[0].endswith(")") and ")") or ""
            rest = begun.pop(tid) + " " * (not resumed) + resumed + rest[again.end() :]
        found_call = _CALL.fullmatch(rest)
        assert found_call, line
        name, inner, result = found_call.groups()
        found.append(Shown(tid, name, _List(inner).items(""), result))
    return found


class _List:
    """Reads values: numbers, strings, {name=value, ...} and [value, ...]; what it does not know is a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def items(self, end: str) -> list[Any]:
        """The values before a bracket, or all."""
        found: list[Any] = []
        while True:
            self._blanks()
            if self._at >= len(self._text):
                return found
            if end and self._text[self._at] == end:
                self._at += 1
                return found
            if self._text[self._at] == ",":
                self._at += 1
                continue
            start = self._at
            found.append(self._item(end))
            assert self._at > start, self._text[start:]

    def _blanks(self) -> None:
        while True:
            while self._at < len(self._text) and self._text[self._at] == " ":
                self._at += 1
            if not self._text.startswith("/*", self._at):
                return
            self._at = self._text.index("*/", self._at) + 2

    def _item(self, end: str) -> Any:
        name = re.compile(r"([a-z_0-9]+)=").match(self._text, self._at)
        if name:
            self._at = name.end()
            return name[1], self._value(end)
        return self._value(end)

    def _value(self, end: str) -> Any:
        self._blanks()
        char = self._text[self._at] if self._at < len(self._text) else ""
        if char == '"':
            quoted = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?').match(self._text, self._at)
            assert quoted, self._text[self._at :]
            self._at = quoted.end()
            value: Any = bytes.fromhex(quoted[1].replace("\\x", ""))
        elif char == "{":
            self._at += 1
            inner = self.items("}")
            value = dict(one for one in inner if isinstance(one, tuple)) or inner
        elif char == "[":
            self._at += 1
            value = self.items("]")
        else:
            value = self._word(end)
        self._blanks()
        if self._text.startswith("=>", self._at):  # what it was, and what it is now
            self._at += 2
            return value, self._value(end)
        return value

    def _word(self, end: str) -> Any:
        depth = 0
        start = self._at
        while self._at < len(self._text):
            char = self._text[self._at]
            if depth == 0 and (char in ",]}" or self._text.startswith((" =>", " /*"), self._at)):
                break
            depth += (char in "([") - (char in ")]")
            self._at += 1
        return number(self._text[start : self._at].strip())


def number(text: str) -> Any:
    """A number; signals and what is joined by | as well; or the text itself."""
    if text == "NULL":
        return 0
    total = 0
    for part in text.split("|"):
        if re.fullmatch(r"-?(0x[0-9a-f]+|\d+)", part):
            total |= int(part, 8 if re.fullmatch(r"-?0\d+", part) else 0)
        elif re.fullmatch(r"SIG[A-Z0-9]+", part) and hasattr(signal, part):
            total |= int(getattr(signal, part))
        else:
            return text
    return total
