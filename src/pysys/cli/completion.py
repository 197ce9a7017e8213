"""`pysys completion`: the code that makes a shell complete this command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys.cli.output import CommandError

if TYPE_CHECKING:
    from argparse import Namespace

    from pysys.cli.output import Output


def run(options: Namespace, out: Output) -> int:
    """Print argcomplete's code for the shell."""
    try:
        from argcomplete.shell_integration import shellcode
    except ImportError:
        raise CommandError('completion needs argcomplete: pip install "pysys-linux[cli]"') from None
    code = shellcode(["pysys"], shell=options.shell)
    out.answer({"shell": options.shell, "code": code}, code)
    return 0
