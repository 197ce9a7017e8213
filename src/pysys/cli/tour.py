"""`pysys tour`: the main job, on this very kernel, step by step."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pysys
from pysys import errors, flags, numbers
from pysys.cli.errno import explanation
from pysys.cli.resolve import issued
from pysys.metadata.render import Code, Section, Table, Text

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator
    from typing import Any

    from pysys.cli.output import Output
    from pysys.metadata.render import Block

# No process has this id: it is beyond what pid_max can be.
NOBODY = 1 << 30

ELSEWHERE = ("x86_64", "i386", "aarch64", "mips_o32")
# An ABI where fork becomes another call than here.
OTHER = "aarch64" if pysys.abi.current().has_fork else "x86_64"


class Step(NamedTuple):
    """One thing to show: what it is, the lines that do it, and the function that runs them.

    An optional step may be refused (by a filter, a limit, the kernel's configuration), and the tour is a
    success all the same. The step that explains an error is one that has to fail.
    """

    name: str
    shows: str
    code: str
    run: Callable[[], str]
    optional: bool = False
    fails: bool = False


def run(options: Namespace, out: Output) -> int:
    """Make every step, show each as it is made, and end with a summary."""
    import pysys._native  # without it there is nothing to show

    # If SIGCHLD is ignored, as some parents have it, children leave no status.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    system = {
        "pysys": pysys.__version__,
        "kernel": os.uname().release,
        "abi": pysys.abi.current().name,
        "python": sys.version.partition(" ")[0],
        "pid": os.getpid(),
    }
    out.show("pysys {pysys} on Linux {kernel}, ABI {abi}, Python {python}, process {pid}\n".format(**system))
    results = []
    for count, step in enumerate(STEPS, 1):
        result, blocks = _make(step)
        results.append(result)
        title = f"{count}. {step.name}: {step.shows}".upper()
        out.show(Section(title, (Code("python", step.code), *blocks)))
    failed = [made["name"] for made in results if made["outcome"] != "worked" and not made["optional"]]
    rows = tuple(
        (made["name"], made["outcome"], step.shows if made["outcome"] == "worked" else made["result"])
        for step, made in zip(STEPS, results, strict=True)
    )
    last = (
        f"What pysys is for does not work here: {', '.join(failed)}."
        if failed
        else "Next: `pysys man fork`, `pysys number fork --abi all`, `pysys errno EAGAIN`, `pysys --help`."
    )
    data = {"system": system, "steps": results, "worked": not failed}
    out.answer(data, Section("SUMMARY", (Table(("", "", ""), rows), Text(last))))
    return 1 if failed else 0


def _make(step: Step) -> tuple[dict[str, Any], tuple[Block, ...]]:
    """What came of a step, as data and to be shown."""
    explained = None
    outcome = "worked"
    blocks: tuple[Block, ...] = ()
    try:
        result = step.run()
        blocks = tuple(Text(line) for line in result.splitlines())
    except errors.SyscallError as error:
        result, explained = str(error), error.explain()
        if not step.fails:
            outcome = "refused" if step.optional else "failed"
        blocks = (Text(result if step.fails else f"{outcome.capitalize()}: {result}"), *explanation(error))
    except (OSError, RuntimeError, AssertionError) as error:
        result, outcome = str(error), "failed"
        blocks = (Text(f"Failed: {result}"),)
    data = {
        "name": step.name,
        "shows": step.shows,
        "code": step.code,
        "outcome": outcome,
        "optional": step.optional,
        "result": result,
        "explained": explained,
    }
    return data, blocks


def _expect(true: object, otherwise: str) -> None:
    if not true:
        raise AssertionError(otherwise)


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    try:
        yield reader, writer
    finally:
        os.close(reader)
        os.close(writer)


def _said(reader: int) -> bytes:
    """What has been written by now; never waits."""
    ready, _, _ = select.select([reader], [], [], 0)
    return os.read(reader, 4096) if ready else b""


# The steps. Each returns what it found, in sentences, or raises.


def _fork() -> str:
    pid = pysys.fork()
    if pid == 0:
        os._exit(7)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    _expect(status == 7, f"the child ended with {status}, not 7")
    return f"The child was process {pid}, and ended with status {status}."


def _vfork() -> str:
    with _pipe() as (reader, writer):
        pid = pysys.vfork()
        if pid == 0:
            time.sleep(0.05)
            os.write(writer, b"done")
            os._exit(0)
        # A parent that had not waited would be here before the child had written.
        said = _said(reader)
        os.waitpid(pid, 0)
    _expect(said == b"done", "the parent did not wait")
    return f"Process {pid} slept, wrote to a pipe and ended; its parent was suspended until then."


def _clone() -> str:
    with _pipe() as (reader, writer):
        new = flags.CLONE_NEWUSER | flags.CLONE_NEWPID | flags.CLONE_NEWUTS
        pid = pysys.clone(new, fn=_inside, args=(writer,))
        os.waitpid(pid, 0)
        inside, _, host = _said(reader).decode().partition(" ")
    _expect(inside == "1", f"the child has the id {inside or 'unknown'} in its namespace, not 1")
    return (
        f"Process {pid} out here is process 1 in there. There the host {host}, out here it is still "
        f"{os.uname().nodename!r}."
    )


def _inside(writer: int) -> None:
    """The child in its namespaces reports how things look from there."""
    name = b"tour"
    try:
        pysys.syscall("sethostname", name, len(name))
        host = f"has got the name {os.uname().nodename!r}"
    except OSError as error:  # some systems give a new user namespace no capabilities
        host = f"may not be renamed ({error})"
    os.write(writer, f"{os.getpid()} {host}".encode())


def _clone3() -> str:
    args = pysys.CloneArgs(pidfd=True)
    pid = pysys.clone3(args, fn=lambda: 3)
    if args.pidfd < 0:
        os.waitpid(pid, 0)
        raise AssertionError("no descriptor came back, as before Linux 5.2")
    try:
        select.select([args.pidfd], [], [])
        ended = os.waitid(os.P_PIDFD, args.pidfd, os.WEXITED)
    finally:
        os.close(args.pidfd)
    _expect(ended and (ended.si_pid, ended.si_status) == (pid, 3), f"waitid answered {ended}")
    return (
        f"Descriptor {args.pidfd} stood for process {pid}: it became readable when the child ended, and "
        "waitid took it in place of the id. Status 3."
    )


def _spawn() -> str:
    with _pipe() as (reader, writer):
        with pysys.spawn([sys.executable, "--version"], stdout=writer, stderr=writer) as child:
            status = child.wait()
        said = _said(reader).decode(errors="replace").strip()
    _expect(status == 0, f"{sys.executable} ended with {status}")
    return f"Process {child.pid} said {said!r} and ended with status {status}."


def _syscall() -> str:
    number = numbers.number("getpid")
    by_name, by_number, own = pysys.syscall("getpid"), pysys.syscall(number), os.getpid()
    _expect(by_name == by_number == own, f"getpid answered {by_name} and {by_number}, not {own}")
    here = pysys.abi.current().name
    others = [f"{numbers.number('getpid', abi)} on {abi}" for abi in ELSEWHERE if abi != here]
    return f"Both answered {by_name}. The call is number {number} here, {', '.join(others)}."


def _resolve() -> str:
    found = [pysys.resolve("fork"), pysys.resolve("fork", abi=OTHER)]
    return "\n".join(f"On {one.abi}: {issued(one)}, number {one.number}: {one.why}." for one in found)


def _error() -> str:
    pysys.syscall("kill", NOBODY, 0)
    raise AssertionError(f"there is a process {NOBODY}")


STEPS = (
    Step(
        "fork",
        "one process becomes two",
        """\
pid = fork()
if pid == 0:
    os._exit(7)""",
        _fork,
    ),
    Step(
        "vfork",
        "the parent waits for its child",
        """\
pid = vfork()
if pid == 0:
    time.sleep(0.05)
    os.write(pipe, b"done")
    os._exit(0)""",
        _vfork,
    ),
    Step(
        "clone",
        "a child in its own namespaces",
        "clone(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWUTS, fn=child)",
        _clone,
        optional=True,
    ),
    Step(
        "clone3",
        "a descriptor for the child",
        """\
args = CloneArgs(pidfd=True)
clone3(args, fn=lambda: 3)
os.waitid(os.P_PIDFD, args.pidfd, os.WEXITED)""",
        _clone3,
        optional=True,
    ),
    Step(
        "spawn",
        "another program, without a copy of this process",
        """\
with spawn([sys.executable, "--version"], stdout=pipe) as child:
    child.wait()""",
        _spawn,
    ),
    Step(
        "syscall",
        "any call, by name or number",
        """\
syscall("getpid")
syscall(numbers.number("getpid"))""",
        _syscall,
    ),
    Step(
        "resolve",
        "what a call becomes, here and elsewhere",
        f"""\
resolve("fork")
resolve("fork", abi="{OTHER}")""",
        _resolve,
    ),
    Step(
        "errors",
        "exceptions that explain themselves",
        f"""\
try:
    syscall("kill", {NOBODY}, 0)
except errors.ESRCH as error:
    print(error.explain())""",
        _error,
        fails=True,
    ),
)
