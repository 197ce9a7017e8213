"""Flags of clone, clone3 and unshare that the kernel does not take together: what arguments alone show.

A row is: calls, flags that are given, flags that are missing, the errno's reason. Of the flags that are given
all must be there, or, behind a slash, one of them.
"""

from __future__ import annotations

from pysys import flags
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.loading import counted
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class _Row(Record):
    """Flags that calls do not take together, without one of others, or at all."""

    calls: frozenset[str]
    together: int
    either: int  # one of these as well, where it is not 0
    missing: int
    why: str


_ROWS = """
clone clone3: FS NEWNS: : a directory that is shared across mount namespaces would be a way out
clone clone3: FS NEWUSER: : a directory that is shared across user namespaces would be a way out
clone3: FS EMPTY_MNTNS: : a directory that is shared across mount namespaces would be a way out
clone clone3: THREAD: SIGHAND: threads share signal handlers
clone clone3: SIGHAND: VM: who shares handlers shares the memory that they are in
clone clone3: THREAD /NEWUSER NEWPID: : all threads of a process are in one user and one pid namespace
clone clone3: NEWIPC SYSVSEM: : what semaphores are to undo belongs to one ipc namespace
clone: PIDFD PARENT_SETTID: : both would be stored in one place
clone: PIDFD DETACHED: : the flag is kept for something else
clone3: DETACHED: : clone3 does not take it
clone3: SIGHAND CLEAR_SIGHAND: : handlers are shared, or reset
clone3: AUTOREAP /THREAD PARENT: : a process that reaps itself is neither a thread nor its parent's sibling
clone3: NNP THREAD: : a thread has the privileges of its process
clone3: PIDFD_AUTOKILL: PIDFD: what ends with a pidfd needs one
clone3: PIDFD_AUTOKILL: AUTOREAP: nobody would wait for it
clone3: PIDFD_AUTOKILL THREAD: : a thread does not end alone
"""


def _bits(names: str) -> int:
    found = 0
    for name in names.split():
        found |= int(flags.CloneFlags[f"CLONE_{name}"])
    return found


def _row(line: str) -> _Row:
    calls, first, missing, why = (part.strip() for part in line.split(":", 3))
    first, _, either = first.partition("/")
    return _Row(frozenset(calls.split()), _bits(first), _bits(either), _bits(missing), why)


_TABLE = [_row(line) for line in _ROWS.strip().splitlines()]
_NEW = _bits("NEWCGROUP NEWIPC NEWNET NEWNS NEWPID NEWTIME NEWUSER NEWUTS")
_UNSHARED = _NEW | _bits("THREAD FS SIGHAND VM FILES SYSVSEM") | int(flags.UNSHARE_EMPTY_MNTNS)
_SMALLEST = 64  # CLONE_ARGS_SIZE_VER0


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What the flags show about EINVAL."""
    if symbol != "EINVAL" or call not in ("clone", "clone3", "unshare"):
        return
    asked = arguments.clone_flags(call, args)
    known = asked & ~flags.CSIGNAL if call == "clone" else asked
    for row in _TABLE:
        if (
            call in row.calls
            and known & row.together == row.together
            and (known & row.either or not row.either)
        ):
            if row.missing and known & row.missing == row.missing:
                continue
            yield Finding(Verdict.PROVEN, f"{_sentence(row, known)}: {row.why}.", _shown(asked))
    if call == "unshare" and (rest := asked & ~_UNSHARED):
        yield Finding(Verdict.PROVEN, f"unshare does not take {_named(rest)}.", _shown(asked))
    if call == "clone3":
        yield from _structure(args, known)


def _sentence(row: _Row, known: int) -> str:
    text = _named(row.together | known & row.either)
    return f"{text} without {_named(row.missing)}" if row.missing else text


def _structure(args: dict[str, Any], asked: int) -> Iterator[Finding]:
    """What other fields of clone3's structure show."""
    structure = args.get("uargs")
    field = {
        name: value
        for name in ("exit_signal", "stack", "stack_size", "set_tid_size", "set_tid")
        if isinstance(value := getattr(structure, name, None), int)
    }
    read = ", ".join(f"{name} {value}" for name, value in field.items())
    signal, alone = field.get("exit_signal", 0), asked & _bits("THREAD PARENT AUTOREAP")
    if signal and alone:
        text = f"{_named(alone)} with an exit_signal: nobody would get it."
        yield Finding(Verdict.PROVEN, text, read, "exit_signal=0")
    if rest := asked & flags.CSIGNAL & ~int(flags.CLONE_NEWTIME):
        text = f"The flags have the bits {rest:#x}: the signal at the end is in exit_signal."
        yield Finding(Verdict.PROVEN, text, _shown(asked))
    if "stack" in field and bool(field["stack"]) != bool(field.get("stack_size")):
        text = "stack and stack_size are given both, or not at all."
        yield Finding(Verdict.PROVEN, text, read)
    if isinstance(size := args.get("size"), int) and size < _SMALLEST:
        text = f"size is {size}, and the structure has {counted(_SMALLEST, 'byte')} at least."
        yield Finding(Verdict.PROVEN, text, "the argument")


def _named(bits: int) -> str:
    found = [one.name for one in flags.CloneFlags if one.name and int(one) & bits]
    rest = bits
    for one in flags.CloneFlags:
        rest &= ~int(one)
    return ", ".join([*found, *([hex(rest)] if rest else [])])


def _shown(asked: int) -> str:
    return f"the flags, {asked:#x}"
