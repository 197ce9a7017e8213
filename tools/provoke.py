"""Make the causes of errors happen that pages claim, and count which are proven.

    python -m tools.provoke [NAME ...]     all pages, or these: complaints, then a table
    python -m tools.provoke --list         the causes that nothing provokes yet, and those that nothing can

A cause is proven if its lines (`provoke`), after pysys.metadata.model.PRELUDE, end in exactly this errno
from exactly this call, or the one that it is made through on this ABI, with arguments that its condition
(`only`) does not exclude. Each runs in a process of its own, with a time limit, in an empty folder that goes
away. The process is forked from this one, which has run the PRELUDE once: to run it takes ten times as long
as a fork.

Needs:

    root            as root
    unprivileged    as a user without privileges: root becomes one before the lines run
    mounts          in a mount namespace of its own, from which nothing gets out (root)
    others          as those of examples: see tools.record_examples

A cause whose needs this machine does not meet is left out, and counted.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import build_reference as reference
from pysys import calls, errors, metadata, numbers, preload
from pysys.flags import CLONE_NEWNS, MS_PRIVATE, MS_REC, PR_SET_CHILD_SUBREAPER
from pysys.metadata.model import PRELUDE
from pysys.policy import fate
from tools.record_examples import unmet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pysys.metadata.model import Cause

SECONDS = 20 * min(float(os.environ.get("PYSYS_PATIENCE", "1")), 3)  # most take a hundredth of it
NOBODY = 65534
WALL = 0x40000000  # __WALL: children whatever signal they send
OUR_OWN = frozenset({"unprivileged", "mounts"})  # needs that are met here, and not looked for

_PRELUDED: dict[str, Any] = {"__name__": "__main__"}  # what the PRELUDE defines


class Result(NamedTuple):
    """What became of a cause's lines: an empty complaint, or what is wrong; the errnos seen on the way."""

    complaint: str
    seen: tuple[tuple[str, str], ...] = ()


def prepare() -> None:
    """Make this process one to fork from."""
    preload()  # a cause may take away the means to load anything: the last descriptor, the right to read
    exec(PRELUDE, _PRELUDED)
    calls.prctl(PR_SET_CHILD_SUBREAPER, 1)
    gc.collect()
    gc.freeze()  # so that a collection in a child need not copy all that is loaded


def own_causes(name: str) -> tuple[Cause, ...]:
    """The causes that are written on the page itself, not those of `errors_of`."""
    page = metadata.page(name)
    return page.errors[: len(page.text.get("errors", ()))]


def missing(cause: Cause) -> list[str]:
    """Those of its needs that this machine does not meet."""
    lacking = unmet([need for need in cause.needs if need not in OUR_OWN])
    return ["root"] if not lacking and "mounts" in cause.needs and os.geteuid() != 0 else lacking


def provoke(name: str, cause: Cause) -> Result:
    """Run the lines of a cause in a child."""
    folder = tempfile.mkdtemp(prefix="provoke-")
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reader)
            os.setsid()
            os.write(writer, json.dumps(_child(name, cause, folder)).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    try:
        ready = select.select([reader], [], [], SECONDS)[0]
        text = os.read(reader, 65536) if ready else b""
    finally:
        os.close(reader)
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        end_what_is_left()
        shutil.rmtree(folder, ignore_errors=True)
    if not text:
        return Result("ended without a word" if ready else f"not finished after {SECONDS} seconds")
    # The first word: a child that the lines have made may come back from them, too.
    (complaint, seen), _ = json.JSONDecoder().raw_decode(text.decode())
    return Result(complaint, tuple(map(tuple, seen)))


def end_what_is_left() -> None:
    """End the processes that the lines have left, in whatever session: they are this one's children now."""
    while True:
        with open(f"/proc/self/task/{os.getpid()}/children") as children:
            left = [int(pid) for pid in children.read().split()]
        if not left:
            return
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        for _ in left:  # in any order: the first process of a pid namespace ends after all others in it
            os.waitpid(-1, WALL)


def _made_as(name: str) -> set[str]:
    """The calls that an exception may name: this one, and what it is made through here."""
    try:
        found = fate.fate(name)
    except numbers.UnknownCallError:  # a function or an overview
        return {name}
    # pysys.calls makes some by hand, of the kernel's two the one with the wider structure, as statfs64.
    return {name, f"{name}64", *(way.call for way in (found.replacement, *found.fallbacks) if way)}


def _child(name: str, cause: Cause, folder: str) -> tuple[str, list[tuple[str, str]]]:
    """In the child: the complaint, and every errno from the kernel that was made an exception."""
    seen: list[tuple[str, str]] = []
    made = errors.SyscallError.__init__

    def note(self: errors.SyscallError, *arguments: Any, **keywords: Any) -> None:
        made(self, *arguments, **keywords)
        if self.syscall and self.symbol and not isinstance(self, errors.NoNumber):
            seen.append((self.syscall, self.symbol))

    setattr(errors.SyscallError, "__init__", note)  # noqa: B010 - mypy is right that one does not do this
    try:
        os.chmod(folder, 0o777)
        os.chdir(folder)
        namespace = dict(_PRELUDED)
        code = compile(cause.provoke + "\n", "provoke", "exec")
        if "mounts" in cause.needs:
            calls.unshare(CLONE_NEWNS)
            calls.mount("none", "/", "", MS_REC | MS_PRIVATE, None)
        if "unprivileged" in cause.needs and os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        seen.clear()
        exec(code, namespace)
    except errors.NoNumber as error:
        return f"asks no kernel: {error.strerror}: {_at(error)}", seen
    except errors.SyscallError as error:
        if error.symbol == cause.errno and error.syscall in _made_as(name):
            return _excluded(error, cause), seen
        return f"gives {error.symbol} from {error.syscall}: {_at(error)}", seen
    except BaseException as error:
        return f"gives {type(error).__name__}: {error}: {_at(error)}", seen
    return "does not fail", seen


def _excluded(error: errors.SyscallError, cause: Cause) -> str:
    """What is wrong with the condition of a cause that has just come true; "" for nothing."""
    known = metadata.causes(str(error.syscall), cause.errno)
    if cause in known and cause not in error.causes:
        return f"its condition excludes it: {cause.only} with {error.arguments}"
    return ""


def _at(error: BaseException) -> str:
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "provoke"]
    return f"line {lines[-1].lineno}" if lines else "before its lines"


class Count:
    """What was found in the pages looked at."""

    def __init__(self) -> None:
        self.states: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.complaints: list[str] = []
        self.unlisted: set[str] = set()

    def look(self, names: Iterable[str]) -> None:
        """Provoke what can be provoked."""
        for name in names:
            for cause in own_causes(name):
                self.cause(name, cause)

    def cause(self, name: str, cause: Cause) -> None:
        """Provoke it, if it can be."""
        if cause.unproven:
            self.states["cannot be provoked"] += 1
            self.reasons[cause.unproven] += 1
        elif not cause.provoke:
            self.states["not provoked yet"] += 1
        elif lacking := missing(cause):
            self.states["needs what is not here"] += 1
            self.reasons[", ".join(lacking)] += 1
        else:
            result = provoke(name, cause)
            self.states["wrong" if result.complaint else "proven"] += 1
            if result.complaint:
                self.complaints.append(
                    f"{name}: {cause.errno}: {' '.join(cause.when.split())[:60]}: {result.complaint}"
                )
            self.unlisted |= {
                f"{call} gave {symbol}, which its page does not list"
                for call, symbol in result.seen
                if call in metadata.pages
                and metadata.page(call).depth == "full"
                and symbol not in {one.errno for one in metadata.page(call).errors}
            }

    def lines(self) -> Iterator[str]:
        """The complaints and the counts."""
        yield from self.complaints
        yield from sorted(self.unlisted)
        yield from (f"{number:5} {state}" for state, number in self.states.most_common())
        yield from (f"        {number:5} {reason}" for reason, number in self.reasons.most_common())
        yield f"{len(self.unlisted):5} errnos that no page lists"


def main() -> int:
    """Provoke, or list."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="list what is not provoked")
    options = parser.parse_args()
    names = options.names or sorted(reference.files())
    if options.list:
        for name in names:
            for cause in own_causes(name):
                if not cause.provoke:
                    when = " ".join(cause.when.split())
                    print(f"{name}: {cause.errno}: {when}: {cause.unproven or 'not yet'}")
        return 0
    prepare()
    count = Count()
    count.look(names)
    print("\n".join(count.lines()))
    return 1 if count.complaints or count.unlisted else 0


if __name__ == "__main__":
    sys.exit(main())
