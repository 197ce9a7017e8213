"""What can be typed: the commands, their arguments, and what a shell may complete."""

from __future__ import annotations

import argparse
import re
import textwrap
from typing import TYPE_CHECKING

from pysys import __version__
from pysys.loading import hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn

DESCRIPTION = """\
The Linux system call interface: calls, numbers, errors and the reference.
"""

EPILOG = """\
examples:
  pysys tour                         what pysys does, on this kernel
  pysys man clone3                   the page of a call
  pysys man MS_BIND                  of a flag, a structure, an errno, a name of pysys
  pysys man -k user namespace        pages that hold these words
  pysys list --takes ResolveFlags    names by what holds of them
  pysys number fork --abi all        its number everywhere
  pysys ioctl TIOCGWINSZ --abi all   the number of a request of ioctl
  pysys errno EAGAIN --call fork     why fork gives EAGAIN, and where to look
  pysys resolve fork --abi aarch64   what a call becomes where it is missing
  pysys table open --abi all         how a call is made on every ABI
  pysys probe                        what this place allows; which calls it refuses
  pysys call openat AT_FDCWD /etc/passwd 'O_RDONLY|O_CLOEXEC'
  pysys trace -e files -- ls         the calls that a program makes
  pysys why -- cat /nonexistent      why a program gave up
  pysys profile -- sort file         the calls of a program, as a seccomp profile

Exit status: 0; 1 if what was asked for failed or was not found; 2 for wrong
usage. --json prints errors as {"error": {"message": ...}}. A pipe gets plain
text. With pip install "pysys-linux[cli]" a terminal gets colour, and the shell
completion; NO_COLOR is respected.
"""

CALL = """\
Make a system call and print its result. If it fails, explain the error on
stderr and exit with 1.

what an argument can be (at most six; omitted ones are 0):
  42 -100 0x1f 0o644   a number
  O_RDONLY|O_CLOEXEC   constants joined by |: those of the modules os, fcntl,
                       mmap, resource, select, signal, socket, stat, termios
                       and pysys.flags, and AT_FDCWD
  null                 a null pointer
  buf:N                a buffer of N zero bytes, shown after the call
  str:TEXT             a string, with a null byte at its end
  TEXT                 the same, if it is none of the above: a path

You have to know how large a buffer must be: see the call's page. Put -- before
arguments that start with a minus sign but are not numbers.
"""

TABLE = """\
Show how pysys.calls makes each call: directly, through a replacement, or not at
all (refused or absent). A summary of all ABIs comes first, then the calls of one
ABI (this process's, unless --abi names another) or of several.

  pysys table                        this ABI
  pysys table '*stat*' --abi arm64   the calls with such names on another ABI
  pysys table open --abi all         one call everywhere
"""

PROBE = """\
Show what this place allows: rights, namespaces, limits, security modules; and for
each call of this ABI whether the kernel answers it or a seccomp filter, which a
harmless probe in a child shows. What cannot be found out is unknown, with the
reason. It needs no rights and changes nothing.

  pysys probe                        all of it
  pysys probe unshare clone3         who answers these calls
  pysys probe --filters 1234         the filters of a process, disassembled
"""

TRACE = """\
Run a program and show the system calls that it makes, and those of every process
and thread that it starts, as they happen. The program behaves as it does alone:
its exit status is that of this command, and the signal that ends it as well.

  pysys trace -- ls -l
  pysys trace -e files,failed -- python3 program.py
  pysys trace -e '!memory' -o calls.txt -- make
  pysys trace -c -- sort file
  pysys trace -p 1234

Lines go to standard error, or with -o into a file. At the end of a line is the
result; of a failed call the error, with the first cause of it on the call's page,
which need not be the one. With -e the program stops at these calls only, if it may
have a filter: as root, or with --seccomp, and no_new_privs then.
"""

WHY = """\
Run a program, and when it ends with an error or by a signal, say why: which of its
calls failed, and what made them fail, looked at in the place of the process that
made them (its user, namespaces, root, descriptors, filters, limits).

  pysys why -- python3 -m http.server 80
  pysys why -- sh -c 'mkdir /proc/here'
  pysys why -p 1234

Failures that programs expect, and those that were tried again with success, are
left out. The report goes to standard error, or with -o into a file. The exit status
is that of the program, and the signal that ends it as well.
"""

PROFILE = """\
Run a program and write a seccomp profile that allows the system calls which it, its
threads and its children make, and no others. Or check a profile.

  pysys profile -o tests.json -- python3 -m pytest
  pysys profile --merge tests.json more.json -o all.json
  pysys profile --merge all.json --format systemd
  pysys profile --container -o app.json -- ./app
  pysys profile check app.json -- ./app --other-option

The calls are grouped by topic; those that only the dynamic loader has made are in a
group of their own. Always allowed is what no program can do without: execve, exit,
exit_group, restart_syscall, rt_sigreturn. Without -o the profile goes to standard
error, as the program has standard output. The exit status is that of the program,
and the signal that ends it as well.
"""

CHECK = """\
Show what a seccomp profile (JSON for a container engine, or SystemCallFilter= lines)
means: what it refuses, which calls are newer than all that it names, which names
are not calls of any ABI, and with a trace or a program, what that would meet.

  pysys profile check app.json
  pysys profile check app.service --against trace.txt
  pysys profile check app.json -- ./app --option

A trace is what pysys trace -o or strace -o has written; what depends on arguments
is decided with a program only. It runs without the profile. The exit status is 0,
or 1 for a name that no ABI has and a call that would be refused.
"""

COMPLETION = """\
Print code that makes a shell complete commands, calls, constants, errnos and
ABIs. It needs argcomplete: pip install "pysys-linux[cli]".

  bash   eval "$(pysys completion bash)"    in ~/.bashrc
  zsh    eval "$(pysys completion zsh)"     in ~/.zshrc, after compinit
  fish   pysys completion fish | source     in ~/.config/fish/config.fish
"""


class Help(argparse.RawDescriptionHelpFormatter):
    """Texts keep their lines where these fit the width, and what is aligned stays aligned."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = []
        for paragraph in text.strip("\n").split("\n\n"):
            if all(len(line) <= width for line in paragraph.splitlines()):
                lines += paragraph.splitlines()
            elif not re.search(r"^ ", paragraph, re.MULTILINE):
                lines += textwrap.wrap(paragraph, width)
            else:
                for line in re.sub(r"\n {9,}", " ", paragraph).splitlines():
                    aligned = re.match(r" +(\S+ )*\S* {2,}|  ", line)
                    hanging = " " * (len(aligned[0]) if aligned and len(aligned[0]) < width // 2 else 4)
                    lines += textwrap.wrap(line, width, subsequent_indent=hanging, drop_whitespace=True)
            lines.append("")
        return "\n".join(indent + line for line in lines)


class Parser(argparse.ArgumentParser):
    """A parser that suggests what was meant, and that also reports what is wrong to who asked for JSON."""

    def __init__(self, *args: Any, report: Callable[[str], None] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._report = report
        self.mixed: bool = False  # whether names may also stand behind options
        self.runs: bool = False  # whether all behind -- is a program

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        choices = list(action.choices or ())
        if self.runs and isinstance(action, argparse._SubParsersAction) and value not in choices:
            raise argparse.ArgumentError(action, f"a program stands behind --: {self.prog} -- {value}")
        if choices and value not in choices:
            better = hint(str(value), choices) or f": it is one of {', '.join(choices)}"
            raise argparse.ArgumentError(action, f"there is no {value}{better}")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self.runs and args is not None:
            at = args.index("--") if "--" in args else len(args)
            found, rest = super().parse_known_args(args[:at], namespace)
            found.command = [*args[at + 1 :]]
            return found, rest
        if not self.mixed:
            return super().parse_known_args(args, namespace)
        self.mixed = False  # that of intermixed ones calls this method
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self.mixed = True

    def error(self, message: str) -> NoReturn:
        if self._report is not None:
            self._report(message)
        super().error(message)


def build(report: Callable[[str], None] | None = None) -> argparse.ArgumentParser:
    """The command line. report: is called with the message of a wrong one, before that ends the process."""
    everywhere = Parser(add_help=False, allow_abbrev=False)
    everywhere.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print the result as JSON"
    )
    parser = Parser(
        "pysys",
        report=report,
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=Help,
        parents=[everywhere],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"pysys {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="module")

    def command(name: str, help: str, description: str = "", mixed: bool = False) -> Parser:
        made: Parser = commands.add_parser(
            name,
            report=report,
            help=help,
            description=description or help[0].upper() + help[1:] + ".",
            formatter_class=Help,
            parents=[everywhere],
            allow_abbrev=False,
        )
        made.set_defaults(module=name)
        made.mixed = mixed
        return made

    command("tour", "show the main job on this kernel: fork, vfork, clone, spawn, calls, errors")

    man = command(
        "man",
        "show a page of the reference, or search it",
        "Show the page of a call, a flag, a class of flags, a structure or a name of pysys.",
        mixed=True,
    )
    about = man.add_argument(
        "words",
        nargs="+",
        metavar="NAME",
        help="fork, 57, MS_BIND, open_how, EAGAIN, spawn; several at once; words with -k",
    )
    _completed(about, _known)
    man.add_argument(
        "-k", "--search", action="store_true", help="list the pages that hold all these words, best first"
    )
    man.add_argument(
        "--section",
        metavar="TITLE",
        action="append",
        help="only this section: errors, flags, ...; again for more",
    )
    man.add_argument("--abi", choices=("all",), help="with number and entry point on every ABI")

    listed = command("list", "list the names of the reference for which all that is asked for holds")
    listed.add_argument("--topic", help="files, memory, namespaces, ...")
    listed.add_argument(
        "--depth", choices=("full", "short", "generated"), help="how much of the page is written"
    )
    kinds = ("call", "wrapper", "library", "overview", "removed", "never")
    listed.add_argument("--kind", choices=kinds, help="what the name is")
    listed.add_argument("--since", metavar="VERSION", help="introduced with this kernel or later: 6.0")
    _completed(listed.add_argument("--abi", metavar="ABI", help="has a number there"), _abis)
    listed.add_argument(
        "--denied-by", choices=("docker", "podman"), help="whose default profile does not simply allow it"
    )
    listed.add_argument(
        "--takes", metavar="NAME", help="a class of flags, a member, a structure: ResolveFlags"
    )
    _completed(listed.add_argument("--gives", metavar="ERRNO", help="may give it: EXDEV"), _errnos)

    command("export", "print the complete reference as JSON: docs/export.schema.json describes it")

    number = command(
        "number",
        "show the number of a call, or the name of a number",
        "Show the number of a call, or the names of a number, on this ABI, another one, or all.",
    )
    _completed(number.add_argument("call", metavar="NAME|NUMBER", help="fork, 57, 0x39"), _calls)
    _abi_option(number)

    ioctl = command(
        "ioctl",
        "show the number of an ioctl request, or the names of a number",
        "Show the number of a request of ioctl and what its argument is, or the requests of a number.",
    )
    wanted = ioctl.add_argument("request", metavar="NAME|NUMBER", help="TIOCGWINSZ, 0x5413")
    _completed(wanted, _ioctls)
    _abi_option(ioctl)

    errno = command(
        "errno",
        "show what an errno means, and which calls give it",
        "Show what an errno means, its number on every architecture, and which calls give it.",
    )
    _completed(errno.add_argument("errno", metavar="NAME|NUMBER", help="EAGAIN, 11, -11"), _errnos)
    why = errno.add_argument("--call", metavar="NAME", help="why this call gives it, and where to look")
    _completed(why, _pages)
    here = errno.add_argument(
        "--here", nargs="*", metavar="ARG", help="why it did just now, with these arguments (as for call)"
    )
    _completed(here, _arguments)

    resolve = command(
        "resolve",
        "show which call, number and arguments a request becomes",
        "Show which call, number and arguments a call made through pysys becomes, and why.",
    )
    _completed(resolve.add_argument("call", metavar="NAME", help="a call, or spawn"), _requests)
    _abi_option(resolve)
    resolve.add_argument(
        "--entry",
        choices=("libc", "kernel"),
        default="kernel",
        help="for fork: by way of the C library, or by the kernel's call (default)",
    )

    table = command("table", "show how each call is made on each ABI", TABLE, mixed=True)
    filters = table.add_argument("names", metavar="NAME", nargs="*", default=[], help="open, mq_open, 'mq_*'")
    _completed(filters, _calls)
    abis = table.add_argument(
        "--abi", metavar="ABI", action="append", help="x86_64, arm64, ... or all; again for more"
    )
    _completed(abis, _abis_and_all)

    call = command("call", "make any system call", CALL)
    _completed(call.add_argument("call", metavar="NAME|NUMBER", help="getppid, 110"), _calls)
    values = call.add_argument("arguments", metavar="ARGUMENT", nargs="*", default=[], help="see above")
    _completed(values, _arguments)

    probe = command("probe", "show what this place allows, and which calls a filter refuses", PROBE)
    asked = probe.add_argument("calls", metavar="CALL", nargs="*", default=[], help="only who answers these")
    _completed(asked, _calls)
    probe.add_argument(
        "--filters",
        metavar="PID",
        type=int,
        help="show the filters of a process instead; needs CAP_SYS_ADMIN",
    )

    trace = command("trace", "run a program and show the system calls that it makes", TRACE)
    _completed(
        trace.add_argument(
            "-e",
            dest="calls",
            metavar="CALLS",
            action="append",
            default=[],
            help="only these: names, patterns, topics, failed, with commas between; ! for all but these",
        ),
        _selections,
    )
    trace.add_argument(
        "-c", dest="count", action="store_true", help="count the calls instead of showing them"
    )
    trace.add_argument("-o", dest="file", metavar="FILE", help="write into this file, not to standard error")
    trace.add_argument(
        "-s", dest="size", metavar="BYTES", type=int, default=64, help="how much of strings (64)"
    )
    _process_option(trace)
    trace.add_argument("--seccomp", action="store_true", help="have a filter in any case, with no_new_privs")
    trace.add_argument(
        "command", nargs=argparse.REMAINDER, metavar="COMMAND", help="a program and its arguments"
    )

    reasons = command("why", "run a program and say why it gave up", WHY)
    reasons.add_argument(
        "-o", dest="file", metavar="FILE", help="write into this file, not to standard error"
    )
    _process_option(reasons)
    reasons.add_argument(
        "command", nargs=argparse.REMAINDER, metavar="COMMAND", help="a program and its arguments"
    )

    profile = command("profile", "write a seccomp profile of the calls that a program makes", PROFILE)
    profile.runs = True
    profile.usage = "pysys profile [OPTIONS] [-- COMMAND [ARGUMENT...]]\n       pysys profile check ..."
    profile.add_argument(
        "-o", dest="file", metavar="FILE", help="write into this file, not to standard error"
    )
    profile.add_argument(
        "--format", choices=("oci", "systemd", "python"), help="JSON for container engines (default), ..."
    )
    profile.add_argument(
        "--merge", metavar="FILE", nargs="+", default=[], help="add what these profiles in JSON allow"
    )
    profile.add_argument(
        "--arguments", action="store_true", help="allow only the flags and commands that were seen, if few"
    )
    profile.add_argument(
        "--container", action="store_true", help="allow what a container runtime does before the program"
    )
    also = profile.add_argument(
        "--also",
        metavar="CALLS",
        action="append",
        default=[],
        help="allow these too: names, groups as @default, with commas between",
    )
    _completed(also, _allowed)
    other = profile.add_argument(
        "--default", metavar="ERRNO|kill|log", default="EPERM", help="what becomes of other calls (EPERM)"
    )
    _completed(other, lambda **_: ["kill", "log", *_errnos()])
    actions = profile.add_subparsers(title="instead of a program", metavar="ACTION", dest="action")
    check: Parser = actions.add_parser(
        "check",
        report=report,
        help="show what a profile means",
        description=CHECK,
        formatter_class=Help,
        parents=[everywhere],
        allow_abbrev=False,
        usage="pysys profile check [OPTIONS] FILE\n                           [-- COMMAND [ARGUMENT...]]",
    )
    check.add_argument("profile", metavar="FILE", help="JSON for a container engine, or lines of a unit")
    check.add_argument("--against", metavar="TRACE", help="what the program of this trace would meet")
    check.add_argument(
        "--capability",
        dest="capabilities",
        metavar="CAP",
        action="append",
        default=[],
        help="what the container has, CAP_SYS_ADMIN; again for more",
    )

    abi = command("abi", "show the facts of this process's ABI, and the table of all")
    only = abi.add_argument("abi", metavar="NAME", nargs="?", help="x86_64, arm64, ...: only this one")
    _completed(only, _abis)

    completion = command("completion", "print what makes a shell complete this command line", COMPLETION)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))
    return parser


def _process_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-p",
        dest="pid",
        metavar="PID",
        type=int,
        help="a process that runs already, until it ends, or Ctrl-C",
    )


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


def _known(prefix: str, **_: Any) -> Iterable[str]:
    from pysys.cli.man import names

    return [name for name in names() if name.startswith(prefix)]


def _arguments(prefix: str, **rest: Any) -> Iterable[str]:
    """Constants, also behind a |, once their first letter is typed; and files, as without a completer."""
    from argcomplete.completers import FilesCompleter

    from pysys.cli.arguments import constants

    before, bar, last = prefix.rpartition("|")
    found = [before + bar + name for name in constants() if last and name.startswith(last)]
    return found if bar else [*found, *FilesCompleter()(prefix, **rest)]


def _calls(**_: Any) -> Iterable[str]:
    from pysys.numbers import calls

    return sorted(calls())


def _selections(**rest: Any) -> Iterable[str]:
    from pysys.tracing.selection import topics

    return ["failed", *topics(), *_calls()]


def _allowed(**_: Any) -> Iterable[str]:
    from pysys.seccomp import groups

    return [*groups(), *_calls()]


def _requests(**_: Any) -> Iterable[str]:
    return ["spawn", *_calls()]


def _ioctls(**_: Any) -> Iterable[str]:
    from pysys import ioctls

    return list(ioctls.table())


def _errnos(**_: Any) -> Iterable[str]:
    from pysys.errors import CLASSES

    return list(CLASSES)


def _abis(**_: Any) -> Iterable[str]:
    from pysys.abi import ABIS, ALIASES

    return [*ABIS, *ALIASES]


def _abis_and_all(**rest: Any) -> Iterable[str]:
    return ["all", *_abis(**rest)]
