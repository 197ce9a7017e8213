"""What is known of why a program gave up: objects, text, and data for JSON."""

from __future__ import annotations

import textwrap

from pysys.diagnosis.failures import Diagnosis, Finding, Verdict
from pysys.loading import counted
from pysys.metadata.light import Record
from pysys.tracing import signal_name
from pysys.tracing.text import arguments, as_data

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pysys.tracing import Call

__all__ = ["Failure", "ProcessEnd", "Why"]

_WIDTH = 88
_LONGEST = 100  # characters of an argument
_SHOWN = 4  # lines of a message, places where something was looked for, causes


class Failure(Record):
    """A failed call that matters.

    call: the event, with pid, tid, name, arguments and errno. program: what the process ran. times: how often
        the call failed so. tried: the other paths where the same was looked for. directory:
        from which a relative path begins, or "". diagnosis: why it failed.
    """

    call: Call
    program: str
    times: int
    tried: tuple[str, ...]
    directory: str
    diagnosis: Diagnosis

    def as_data(self) -> dict[str, Any]:
        """Dictionaries, lists and strings, as JSON has them."""
        found = as_data(self.call)
        for name in ("event", "written", "result", "restarted", "cause"):
            found.pop(name, None)
        text = f"{self.call.name}({', '.join(arguments(self.call))})"
        found |= {"text": text, "program": self.program, "times": self.times, "tried": list(self.tried)}
        found["directory"] = self.directory
        return found | {"findings": self.diagnosis.as_data()["findings"]}


class ProcessEnd(Record):
    """The end of a process by a signal, or of the program.

    status: its exit status, or minus the signal. findings: why the signal came, as far as it was seen.
    """

    pid: int
    program: str
    status: int
    findings: tuple[Finding, ...]

    @property
    def signal(self) -> str:
        """The name of the signal; "" if it has ended by itself."""
        return signal_name(-self.status) if self.status < 0 else ""

    def as_data(self) -> dict[str, Any]:
        """Dictionaries, lists and strings, as JSON has them."""
        findings = [{**one._asdict(), "verdict": one.verdict.value} for one in self.findings]
        return {**self._asdict(), "signal": self.signal, "findings": findings}


class Why:
    """Why a program gave up.

    pid, program: of the program. returncode: its exit status, minus the signal that ended it, or None if it
    still ran when it was let go. ends: how it and those of its processes have ended that a signal has ended.
    failures: the failed calls that matter, the likeliest first. others: how many more calls failed that may
    matter. said: what it last wrote to its standard error.
    """

    __module__ = "pysys"  # the public name
    __slots__ = ("ends", "failures", "others", "pid", "program", "returncode", "said")

    def __init__(
        self,
        pid: int,
        program: str,
        returncode: int | None,
        ends: Iterable[ProcessEnd] = (),
        failures: Iterable[Failure] = (),
        others: int = 0,
        said: str = "",
    ) -> None:
        self.pid: int = pid
        self.program: str = program
        self.returncode: int | None = returncode
        self.ends: tuple[ProcessEnd, ...] = tuple(ends)
        self.failures: tuple[Failure, ...] = tuple(failures)
        self.others: int = others
        self.said: str = said

    @property
    def signal(self) -> str:
        """The name of the signal that ended the program, or ""."""
        status = self.returncode or 0
        return signal_name(-status) if status < 0 else ""

    def as_data(self) -> dict[str, Any]:
        """Dictionaries, lists and strings, as JSON has them."""
        return {
            "pid": self.pid,
            "program": self.program,
            "returncode": self.returncode,
            "signal": self.signal,
            "said": self.said,
            "ends": [one.as_data() for one in self.ends],
            "failures": [one.as_data() for one in self.failures],
            "others": self.others,
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return f"<Why {self.program!r} {_ended(self.returncode)}: {counted(len(self.failures), 'failure')}>"

    def _lines(self) -> Iterator[str]:
        yield f"{self.program} {_ended(self.returncode)}"
        if self.returncode == 0:
            yield "Nothing has failed: it has ended as it does when all is well."
            return
        if self.said:
            yield "It last said:"
            for line in self.said.splitlines()[-_SHOWN:]:
                yield f"    {line}"
        for end in self.ends:
            if end.findings:
                yield ""
                what = "" if end.pid == self.pid else f" process {end.pid}, {end.program}"
                yield f"{end.signal or end.status}{what}"
                yield from _findings(end.findings, "--json")
        for failure in self.failures:
            yield ""
            yield from self._failure(failure)
        if not self.failures and not any(end.findings for end in self.ends):
            yield "No call has failed that could be why."
        if self.others:
            yield ""
            yield f"{counted(self.others, 'other failed call')}: pysys trace -e failed shows all."

    def _failure(self, failure: Failure) -> Iterator[str]:
        call = failure.call
        often = f", {failure.times} times" if failure.times > 1 else ""
        yield f"{call.name}({', '.join(map(_short, arguments(call)))}) = {call.errno}{often}"
        if call.pid != self.pid:
            yield f"    by process {call.pid}, {failure.program}"
        if failure.directory:
            yield f"    in {failure.directory}"
        if failure.tried:
            more = len(failure.tried) - _SHOWN
            shown = ", ".join(failure.tried[-_SHOWN:]) + (f" and {more} more" if more > 0 else "")
            yield from textwrap.wrap(
                f"looked for also at {shown}", _WIDTH, initial_indent="    ", subsequent_indent="    "
            )
        yield from _findings(failure.diagnosis, f"pysys errno {call.errno} --call {call.name}")


def _ended(status: int | None) -> str:
    if status is None:
        return "goes on."
    return f"was ended by {signal_name(-status)}." if status < 0 else f"has ended with {status}."


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _findings(found: Iterable[Finding], more: str) -> Iterator[str]:
    """Findings as lines: what is proven alone, or else all. more: the command that shows what is left out."""
    listed = list(found)
    proven = [one for one in listed if one.verdict is Verdict.PROVEN]
    unknown = [one for one in listed if one.verdict is Verdict.UNKNOWN]
    shown = proven or [one for one in listed if one not in unknown[_SHOWN:]]
    yield from str(Diagnosis("", "", shown)).splitlines()[1:]
    if not proven and len(unknown) > _SHOWN:
        yield f"          {len(unknown) - _SHOWN} more: {more}"
