# PYTHON_ARGCOMPLETE_OK
"""The command `pysys`.

Layout: `parser` says what can be typed, one module per command does it, each with a `run(options, out)`
that returns the exit status; `output` shows what it found, as plain text or as JSON, and on a terminal
`styled` shows the same with rich.

Exit status: 0; 1 where what was asked for failed or was not found, with a message on stderr; 2 where the
command line is wrong; 130 after Ctrl-C; 141 where the reader of the output has gone. With --json a message is
on stdout too, as {"error": {"message": ...}}.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line (None: this process's) and return its exit status; wrong usage and --help exit."""
    from pysys.cli.output import CommandError, Output
    from pysys.cli.parser import build

    words = sys.argv[1:] if argv is None else argv
    as_json = "--json" in (words[: words.index("--")] if "--" in words else words)
    try:
        parser = build(_complain_as_json if as_json else None)
        if "_ARGCOMPLETE" in os.environ:
            _complete(parser)
        options = parser.parse_args(words)
        if options.module is None:
            parser.print_help(sys.stderr)
            return 2
        out = Output(json=getattr(options, "json", False))
        # Only the command that was asked for is loaded.
        module = __import__(f"pysys.cli.{options.module}", fromlist=("run",))
        status: int = module.run(options, out)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return _drop_output(130)
    except BrokenPipeError:
        return _drop_output(141)
    except CommandError as error:
        _complain(str(error), as_json)
        return error.status
    except ImportError as error:
        if "_ffi" not in str(error):
            raise
        _complain(f"this needs the compiled extension: {error}", as_json)
        return 1
    except OSError as error:  # of the output: those of calls are the commands' business
        _complain(str(error))
        return _drop_output(1)
    return status


def _complete(parser: object) -> None:
    """A shell asks what could be typed next. Does not return."""
    try:
        import argcomplete
    except ImportError:
        sys.exit(1)
    argcomplete.autocomplete(parser)  # type: ignore[arg-type]  # it takes any parser


def _complain(message: str, as_json: bool = False) -> None:
    if as_json:
        _complain_as_json(message)
    if sys.stderr is not None:
        print(f"pysys: {message}", file=sys.stderr)


def _complain_as_json(message: str) -> None:
    from json import dumps

    print(dumps({"error": {"message": message}}, indent=2), flush=True)


def _drop_output(status: int) -> int:
    """Output that cannot be written must not be tried again when the interpreter ends."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
    except OSError:
        pass
    return status
