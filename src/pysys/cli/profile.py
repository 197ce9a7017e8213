"""`pysys profile`: record which calls a program makes, as a profile, and check one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pysys.cli.output import CommandError, UsageError
from pysys.cli.running import Signals, end

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from contextlib import ExitStack

    from pysys.cli.output import Output
    from pysys.profiles import Recording
    from pysys.seccomp import Action
    from pysys.tracing import Trace


def run(options: Namespace, out: Output) -> int:
    """Record a program, merge profiles, or check one.

    Returns the exit status of the program, or ends as it has ended; of a check, 1 if something is wrong.
    """
    if options.action == "check":
        return _check(options, out)
    if not options.command and not options.merge:
        raise UsageError("there is no program to run: pysys profile [OPTIONS] -- COMMAND [ARGUMENT...]")
    if out.json and options.format not in (None, "oci"):
        raise UsageError(f"--json is the format oci, not {options.format}")
    if options.arguments and options.format == "systemd":
        raise UsageError("--arguments: the lines of a unit cannot compare arguments")
    default = _default(options.default)
    found = [_merged(file) for file in options.merge]

    def written() -> str:
        try:
            return _together(found).write(
                options.format or "oci", default, container=options.container, also=_words(options.also)
            )
        except (LookupError, ValueError) as error:
            raise CommandError(str(error.args[0])) from None

    text = written()  # what cannot be written is an error before the program runs
    if options.file is not None:
        _write("", options.file, "a")
    status = 0
    if options.command:
        found.append(_recorded(options))
        status = found[-1].returncode or 0
        text = written()
    for on, number in sorted(_together(found).unnamed):
        print(f"pysys: call {number} of {on or 'an unknown ABI'} has no name: left out", file=sys.stderr)
    if options.file is not None:
        _write(text, options.file, "w")
    else:  # where the program's own output does not go
        print(text, end="", file=sys.stderr if options.command else sys.stdout)
    return end(status)


def _together(found: list[Recording]) -> Recording:
    from pysys.profiles import Recording

    return sum(found, Recording())


def _words(also: list[str]) -> list[str]:
    return [word for words in also for word in words.split(",") if word]


def _default(word: str) -> Action:
    from pysys import seccomp

    known = {"kill": seccomp.KILL_PROCESS, "log": seccomp.LOG}
    try:
        return known.get(word) or seccomp.errno(word)
    except LookupError as error:
        raise UsageError(f"--default {word}: {error.args[0]}") from None


def _merged(file: str) -> Recording:
    from pysys.profiles import Recording

    try:
        return Recording.read(_text(file))
    except (LookupError, ValueError) as error:
        raise CommandError(f"{file}: {error}") from None


def _text(file: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="backslashreplace") as opened:
            return opened.read()
    except OSError as error:
        raise CommandError(str(error)) from None


def _recorded(options: Namespace) -> Recording:
    from contextlib import ExitStack

    from pysys import errors
    from pysys.profiles import record

    with ExitStack() as signals:
        try:
            return record(options.command, arguments=options.arguments, started=_starter(signals))
        except errors.SyscallError as error:
            raise CommandError(str(error)) from None


def _starter(signals: ExitStack) -> Callable[[Trace], None]:
    def started(events: Trace) -> None:
        signals.enter_context(Signals(events, False))

    return started


def _write(text: str, file: str, mode: str) -> None:
    try:
        with open(file, mode, encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise CommandError(str(error)) from None


def _check(options: Namespace, out: Output) -> int:
    from contextlib import ExitStack

    from pysys import errors
    from pysys.profiles import check

    against = None if options.against is None else _text(options.against)
    with ExitStack() as signals:
        try:
            found = check(
                _text(options.profile),
                capabilities=options.capabilities,
                against=against,
                argv=options.command,
                started=_starter(signals),
            )
        except errors.SyscallError as error:
            raise CommandError(str(error)) from None
        except (LookupError, ValueError) as error:
            raise CommandError(str(error.args[0])) from None
    out.pages(found.as_data(), *found.sections(), title="profile")
    return 0 if found.is_clean else 1
