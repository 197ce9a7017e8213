"""What can be typed: the commands, their arguments, and what a shell may complete."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pysys._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

DESCRIPTION = """\
The Linux system call interface: calls, numbers, errors and the reference.
"""

EPILOG = """\
examples:
  pysys tour                         what pysys does, on this kernel
  pysys man clone3                   the page of a call
  pysys number fork --abi all        its number everywhere
  pysys errno EAGAIN --call fork     why fork gives EAGAIN, and where to look
  pysys resolve fork --abi aarch64   what a call becomes where it is missing
  pysys table open --abi all         how a call is made on every ABI
  pysys call openat AT_FDCWD /etc/passwd 'O_RDONLY|O_CLOEXEC'

Exit status: 0; 1 if what was asked for failed or is not found; 2 for wrong
usage. A pipe gets plain text. A terminal gets colour, and the shell completion,
with pip install "pysys-linux[cli]"; NO_COLOR is respected.
"""

CALL = """\
Make a system call and print its result. If it fails, explain the error on
stderr and exit with 1.

what an argument can be (at most six; those left away are 0):
  42 -100 0x1f 0o644   a number
  O_RDONLY|O_CLOEXEC   constants joined by |: those of the modules os, fcntl,
                       mmap, resource, select, signal, socket, stat, termios
                       and pysys.flags, and AT_FDCWD
  null                 a null pointer
  buf:N                a buffer of N zero bytes, shown after the call
  str:TEXT             a string, with a null byte at its end
  TEXT                 the same, where it is nothing of the above: a path

Whether a buffer is large enough is for you to know: see the call's page. Put --
before arguments that begin with a minus and are no numbers.
"""

TABLE = """\
Tell how pysys.calls makes each call: directly, through a call that replaces it,
or not, as it is refused or absent. A summary of all ABIs comes first, then the
calls of one ABI (that of this process, if none is told) or of several.

  pysys table                        this ABI
  pysys table '*stat*' --abi arm64   the calls of such names on another one
  pysys table open --abi all         one call everywhere
"""

COMPLETION = """\
Print what makes a shell complete commands, calls, errnos and ABIs. Needs
argcomplete: pip install "pysys-linux[cli]".

  bash   eval "$(pysys completion bash)"    in ~/.bashrc
  zsh    eval "$(pysys completion zsh)"     in ~/.zshrc, after compinit
  fish   pysys completion fish | source     in ~/.config/fish/config.fish
"""


def build() -> argparse.ArgumentParser:
    """The whole command line."""
    everywhere = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    everywhere.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print the result as JSON"
    )
    parser = argparse.ArgumentParser(
        "pysys",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[everywhere],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"pysys {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="module")

    def command(name: str, help: str, description: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=help,
            description=description or help[0].upper() + help[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[everywhere],
            allow_abbrev=False,
        )
        made.set_defaults(module=name)
        return made

    command("tour", "show the main job on this kernel: fork, vfork, clone, spawn, calls, errors")

    man = command("man", "show a page of the reference, or search it")
    _completed(man.add_argument("words", nargs="+", metavar="NAME", help="a page, or words with -k"), _pages)
    man.add_argument(
        "-k", "--search", action="store_true", help="list the pages that hold all these words, best first"
    )

    number = command(
        "number",
        "tell the number of a call, or the name of a number",
        "Tell the number of a call, or the names of a number, on this ABI, another one, or all.",
    )
    _completed(number.add_argument("call", metavar="NAME|NUMBER", help="fork, 57, 0x39"), _calls)
    _abi_option(number)

    errno = command(
        "errno",
        "tell what an errno means, and which calls give it",
        "Tell what an errno means, its number on every architecture, and which calls give it.",
    )
    _completed(errno.add_argument("errno", metavar="NAME|NUMBER", help="EAGAIN, 11, -11"), _errnos)
    why = errno.add_argument("--call", metavar="NAME", help="why this call gives it, and where to look")
    _completed(why, _pages)

    resolve = command(
        "resolve",
        "tell which call, number and arguments a request becomes",
        "Tell which call, number and arguments a call made through pysys becomes, and why.",
    )
    _completed(resolve.add_argument("call", metavar="NAME", help="a call, or spawn"), _requests)
    _abi_option(resolve)
    resolve.add_argument(
        "--entry",
        choices=("libc", "kernel"),
        default="kernel",
        help="for fork: by way of the C library, or the kernel's own call (default)",
    )

    table = command("table", "tell of every call and ABI how the call is made there", TABLE)
    filters = table.add_argument("names", metavar="NAME", nargs="*", default=[], help="open, mq_open, 'mq_*'")
    _completed(filters, _calls)
    abis = table.add_argument(
        "--abi", metavar="ABI", action="append", help="x86_64, arm64, ... or all; again for more"
    )
    _completed(abis, _abis_and_all)

    call = command("call", "make any system call", CALL)
    _completed(call.add_argument("call", metavar="NAME|NUMBER", help="getppid, 110"), _calls)
    call.add_argument("arguments", metavar="ARGUMENT", nargs="*", default=[], help="see above")

    abi = command("abi", "show the facts of this process's ABI, and the table of all")
    only = abi.add_argument("abi", metavar="NAME", nargs="?", help="x86_64, arm64, ...: only this one")
    _completed(only, _abis)

    completion = command("completion", "print what makes a shell complete this command line", COMPLETION)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))
    return parser


def _abi_option(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument(
        "--abi", metavar="ABI|all", help="x86_64, arm64, ... (default: that of this process)"
    )
    _completed(option, _abis_and_all)


# Completers: argcomplete calls them with keywords, and filters what they return by the prefix.


def _completed(action: argparse.Action, completer: Callable[..., Iterable[str]]) -> None:
    action.completer = completer  # type: ignore[attr-defined]  # argcomplete's


def _pages(**_: Any) -> Iterable[str]:
    from pysys import metadata

    return list(metadata.pages)


def _calls(**_: Any) -> Iterable[str]:
    from pysys.numbers import calls

    return sorted(calls())


def _requests(**_: Any) -> Iterable[str]:
    return ["spawn", *_calls()]


def _errnos(**_: Any) -> Iterable[str]:
    from pysys.errors import CLASSES

    return list(CLASSES)


def _abis(**_: Any) -> Iterable[str]:
    from pysys.abi import ABIS, ALIASES

    return [*ABIS, *ALIASES]


def _abis_and_all(**rest: Any) -> Iterable[str]:
    return ["all", *_abis(**rest)]
