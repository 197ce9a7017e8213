"""`pysys why`: run a program and say why it gave up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys.cli.output import CommandError
from pysys.cli.running import Signals, command, end, report

if TYPE_CHECKING:
    from argparse import Namespace

    from pysys.cli.output import Output
    from pysys.tracing import Trace


def run(options: Namespace, out: Output) -> int:
    """Run the program, say why it gave up, and return its exit status or end as it has ended."""
    from contextlib import ExitStack
    from json import dumps

    from pysys import errors
    from pysys.reasons import why

    argv = command(options, "why")
    with report(options.file) as stream, ExitStack() as signals:

        def started(events: Trace) -> None:
            signals.enter_context(Signals(events, options.pid is not None))

        try:
            found = why(argv, pid=options.pid, started=started)
        except errors.SyscallError as error:
            raise CommandError(str(error)) from None
        signals.close()
        print(dumps(found.as_data(), indent=2) if out.json else found, file=stream)
    return end(found.returncode or 0)
