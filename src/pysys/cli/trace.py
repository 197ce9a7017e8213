"""`pysys trace`: run a program and show the system calls that it makes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pysys.cli.output import CommandError, UsageError
from pysys.cli.running import Signals, command, end, report

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import IO

    from pysys.cli.output import Output
    from pysys.tracing import Call, Entered, Event, Trace


def run(options: Namespace, out: Output) -> int:
    """Run the program and follow it to its end. Returns its exit status, or ends as it has ended.

    A process that ran before is followed until it ends or Ctrl-C is typed: 0.
    """
    from pysys import errors
    from pysys.tracing import trace

    argv = command(options, "trace")
    if options.size < 0:
        raise UsageError(f"-s {options.size}: a size is at least 0")
    with report(options.file) as stream:
        try:
            events = trace(
                argv,
                ",".join(options.calls),
                pid=options.pid,
                entries=not (options.count or out.json),
                arguments=not options.count,
                size=options.size,
                seccomp=options.seccomp or None,
            )
        except ValueError as error:
            raise UsageError(f"-e {','.join(options.calls)}: {error}") from None
        except errors.SyscallError as error:
            raise CommandError(str(error)) from None
        with Signals(events, options.pid is not None), events:
            if options.count:
                _count(events, stream, out)
            elif out.json:
                _as_json(events, stream)
            else:
                _as_text(events, stream)
    return 0 if options.pid is not None else end(events.returncode)


def _as_json(events: Trace, stream: IO[str]) -> None:
    from json import dumps

    from pysys.tracing.text import as_data

    for event in events:
        print(dumps(as_data(event)), file=stream, flush=stream is sys.stderr)


class _Lines:
    """Lines of text, begun when a call begins, so that one that waits is seen."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._open: int | None = None  # the thread whose call the last line has begun
        self._begun: dict[int, int] = {}  # by thread: how many arguments are shown
        self._first = 0
        self._several = False

    def _prefix(self, event: Event) -> str:
        self._first = self._first or event.tid
        self._several |= event.tid != self._first
        return f"[{event.tid}] " if self._several else ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        if self._stream is sys.stderr:
            self._stream.flush()

    def _interrupt(self) -> None:
        if self._open is not None:
            self._write(" <unfinished ...>\n")
            self._open = None

    def begin(self, call: Entered) -> None:
        from pysys.tracing.text import arguments, settled

        self._interrupt()
        count = settled(call)
        shown = arguments(call)[:count]
        self._begun[call.tid] = count
        self._open = call.tid
        self._write(f"{self._prefix(call)}{call.name}({', '.join(shown)}")

    def end(self, call: Call) -> None:
        from pysys.tracing.text import arguments, outcome

        count = self._begun.pop(call.tid, None)
        shown = arguments(call, call.written)
        if count is None:
            self._interrupt()
            start = f"{self._prefix(call)}{call.name}("
        elif self._open == call.tid:
            self._open = None
            start = ", " if count and count < len(shown) else ""
        else:
            self._interrupt()
            start = f"{self._prefix(call)}<... {call.name} resumed>"
            start += ", " if count and count < len(shown) else ""
        self._write(f"{start}{', '.join(shown[count or 0 :])}) = {outcome(call)}\n")

    def other(self, event: Event) -> None:
        from pysys.tracing.text import line

        prefix = self._prefix(event)
        text = line(event)
        if text:
            self._interrupt()
            self._write(f"{prefix}{text}\n")


def _as_text(events: Trace, stream: IO[str]) -> None:
    from pysys.tracing import Call, Entered

    lines = _Lines(stream)
    for event in events:
        if isinstance(event, Call):
            lines.end(event)
        elif isinstance(event, Entered):
            lines.begin(event)
        else:
            lines.other(event)


def _count(events: Trace, stream: IO[str], out: Output) -> None:
    """A table of the calls: how many, how many of them failed, how long they took."""
    from pysys.cli.output import plain
    from pysys.metadata.render import Section, Table
    from pysys.tracing import Call

    found: dict[str, list[float]] = {}
    for event in events:
        if isinstance(event, Call):
            row = found.setdefault(event.name, [0, 0, 0.0])
            row[0] += 1
            row[1] += bool(event.errno)
            row[2] += event.duration
    rows = sorted(found.items(), key=lambda item: (-item[1][2], item[0]))
    if out.json:
        from json import dumps

        data = [
            {"name": name, "calls": calls, "errors": failed, "seconds": round(seconds, 6)}
            for name, (calls, failed, seconds) in rows
        ]
        print(dumps({"calls": data}), file=stream)
        return
    cells = [(f"{seconds:.6f}", str(calls), str(failed), name) for name, (calls, failed, seconds) in rows]
    sums = [sum(row[at] for row in found.values()) for at in (0, 1, 2)]
    cells.append((f"{sums[2]:.6f}", str(sums[0]), str(sums[1]), "total"))
    table = Table(("seconds", "calls", "errors", "name"), tuple(cells))
    stream.write(plain(Section("CALLS", (table,)), out.width))
