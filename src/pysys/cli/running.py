"""What `pysys trace` and `pysys why` have in common: a program that is run, or one that runs already."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from pysys.cli.output import CommandError, UsageError

if TYPE_CHECKING:
    from argparse import Namespace
    from contextlib import AbstractContextManager
    from typing import IO, Any

    from pysys.tracing import Trace

# A terminal sends these to the program as well, which decides what they do; the others are passed on.
_OF_TERMINALS = (signal.SIGINT, signal.SIGQUIT)
_PASSED_ON = (signal.SIGTERM, signal.SIGHUP)


def command(options: Namespace, name: str) -> list[str]:
    """The program and its arguments; empty if a process was named instead."""
    found: list[str] = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not found and options.pid is None:
        raise UsageError(f"there is no program to run: pysys {name} [OPTIONS] -- COMMAND [ARGUMENT...]")
    if found and options.pid is not None:
        raise UsageError(f"-p {options.pid}: either a process or a program")
    return found


def report(file: str | None) -> AbstractContextManager[IO[str]]:
    """Where lines go: standard error, or a file."""
    from contextlib import nullcontext

    if file is None:
        return nullcontext(sys.stderr)
    try:
        return open(file, "w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CommandError(str(error)) from None


class Signals:
    """While the program runs, signals are its business. If it ran before, they end the trace."""

    def __init__(self, events: Trace, attached: bool) -> None:
        self._events = events
        self._attached = attached
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        handler = self._stop if self._attached else self._pass_on
        for number in _OF_TERMINALS:
            self._before[number] = signal.signal(number, handler if self._attached else signal.SIG_IGN)
        for number in _PASSED_ON:
            self._before[number] = signal.signal(number, handler)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _pass_on(self, number: int, _: object) -> None:
        if self._events.returncode is None:
            os.kill(self._events.pid, number)

    def _stop(self, number: int, _: object) -> None:
        self._events.stop()


def end(status: int | None) -> int:
    """What this process returns, or the signal that ends it, as it has ended the program."""
    if status is None:
        return 1
    if status >= 0:
        return status
    import resource

    sys.stdout.flush()
    sys.stderr.flush()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if -status not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(-status, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {-status})
    os.kill(os.getpid(), -status)
    return 128 - status
