"""Why a process may not look into another one: ptrace and the calls that ask for the same permission."""

from __future__ import annotations

import os
from _thread import get_native_id

from pysys import flags
from pysys.diagnosis.facts import read, status, sysctl
from pysys.diagnosis.failures import arguments, processes
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.processes import Process
from pysys.diagnosis.failures.refused import modules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# The calls, and their parameters that are ids.
_BY_ID = {
    "get_robust_list": ("pid",),
    "kcmp": ("pid1", "pid2"),
    "migrate_pages": ("pid",),
    "move_pages": ("pid",),
    "process_vm_readv": ("pid",),
    "process_vm_writev": ("pid",),
    "ptrace": ("pid",),
}
_BY_PIDFD = frozenset(["pidfd_getfd", "process_madvise"])
# These ask to see, and not to change; of them Yama says nothing.
_ONLY_SEE = frozenset("get_robust_list kcmp migrate_pages move_pages process_madvise".split())
# These need the memory of the process, which a zombie and a thread of the kernel lack.
_MEMORY = frozenset("process_vm_readv process_vm_writev process_madvise".split())
_TRACEME, _PEEKTEXT, _PEEKDATA, _POKETEXT, _POKEDATA, _KILL, _ATTACH = 0, 1, 2, 4, 5, 8, 16
_SCOPE = "kernel.yama.ptrace_scope"


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about ptrace and its kin."""
    request = arguments.integer(args, "request") if call == "ptrace" else None
    if request == _TRACEME:
        yield from _traceme(symbol)
        return
    if request == flags.PTRACE_SEIZE and symbol == "EIO":
        address = arguments.integer(args, "addr")
        if address:
            text = f"PTRACE_SEIZE takes an address of 0, not {address}."
            yield Finding(Verdict.PROVEN, text, "the argument")
    for pid in _ids(call, args):
        target = processes.find(pid)
        if symbol == "ESRCH" and (target is None or not processes.is_there(pid)):
            yield processes.absent(pid)
        elif target is None:
            yield Finding(Verdict.UNKNOWN, f"Process {pid} cannot be seen in /proc.", f"/proc/{pid}/status")
        elif symbol == "ESRCH":
            yield from _not_ready(call, request, target)
        elif symbol == "EPERM":
            yield from _not_permitted(call, request, target)
        elif symbol == "EIO" and request in (_PEEKTEXT, _PEEKDATA, _POKETEXT, _POKEDATA):
            yield from _memory(target, arguments.integer(args, "addr"))


def _ids(call: str, args: dict[str, Any]) -> Iterator[int]:
    for name in _BY_ID.get(call, ()):
        pid = arguments.task(args, name)
        if pid == 0 and name == "pid" and call not in ("ptrace", "process_vm_readv", "process_vm_writev"):
            pid = os.getpid()
        if pid is not None:
            yield pid
    if call in _BY_PIDFD and (fd := arguments.descriptor(args.get("pidfd"))) is not None:
        pid = processes.of_pidfd(fd).pid
        if pid is not None and pid > 0:
            yield pid


def _traceme(symbol: str) -> Iterator[Finding]:
    found = status("TracerPid")
    if symbol != "EPERM" or not found:
        return
    tracer = found.value
    yield judged(
        tracer != "0",
        f"This thread is traced already, by {tracer}.",
        "Nobody traces this thread.",
        found.source,
        "a process has one tracer: end the debugger, or strace",
    )


def _not_ready(call: str, request: int | None, target: Process) -> Iterator[Finding]:
    """ESRCH of a process that is there."""
    read = f"/proc/{target.pid}/status"
    if call in _MEMORY:
        if target.state == "Z" or target.number("Kthread"):
            what = "has ended, and was not waited for" if target.state == "Z" else "is a thread of the kernel"
            yield Finding(Verdict.PROVEN, f"Process {target} {what}: it has no memory.", read)
        return
    if call != "ptrace" or request in (_ATTACH, flags.PTRACE_SEIZE) or request is None:
        return
    tracer, own = target.number("TracerPid"), get_native_id()
    source = f"{read}: TracerPid {tracer}, State {target.fields.get('State')}; this thread is {own}"
    if tracer != own:
        by = "nobody" if not tracer else f"thread {tracer}"
        text = f"This thread does not trace {target}: {by} does."
        if not tracer:
            text = f"Nobody traces {target}."
        yield Finding(Verdict.PROVEN, text, source, "only the thread that attached may make requests")
    elif request not in (_KILL, flags.PTRACE_INTERRUPT):
        yield judged(
            target.state not in "tT",
            f"{target} is traced by this thread, but not stopped.",
            f"{target} is traced by this thread, and stopped.",
            source,
            "PTRACE_INTERRUPT or a signal, then waitpid",
        )


def _not_permitted(call: str, request: int | None, target: Process) -> Iterator[Finding]:
    """EPERM."""
    source = f"/proc/{target.pid}/status"
    own = target.number("Tgid") == os.getpid()
    if request in (_ATTACH, flags.PTRACE_SEIZE):
        if own:
            yield Finding(Verdict.PROVEN, f"{target} is a thread of this very process.", source)
        if target.number("Kthread"):
            yield Finding(Verdict.PROVEN, f"{target} is a thread of the kernel.", source)
        if target.state == "Z":
            text = f"{target} has ended, and was not waited for."
            yield Finding(Verdict.PROVEN, text, f"{source}: State")
        if tracer := target.number("TracerPid"):
            text = f"{target} is traced already, by {tracer}."
            yield Finding(Verdict.PROVEN, text, f"{source}: TracerPid", "a process has one tracer")
    if own or request not in (None, _ATTACH, flags.PTRACE_SEIZE):
        return
    found = [*_access(target)]
    if call not in _ONLY_SEE:
        found += _yama(target)
    yield from found
    if not any(one.verdict is Verdict.PROVEN for one in found):
        yield from modules("EPERM")


def _access(target: Process) -> Iterator[Finding]:
    """What the kernel itself asks before one process may look into another."""
    lacks = processes.lacks(flags.CAP_SYS_PTRACE, target)
    user, group = os.getresuid()[0], os.getresgid()[0]
    uids, gids = target.numbers("Uid")[:3], target.numbers("Gid")[:3]
    another = (processes.differ(user, uids, "uid"), processes.differ(group, gids, "gid"))
    read = (
        f"/proc/{target.pid}/status: users {', '.join(map(str, uids))}, groups {', '.join(map(str, gids))};"
        f" this process is really user {user}, group {group};"
        f" CAP_SYS_PTRACE over it: {_WORDS[lacks]}"
    )
    if any(another):
        text = f"{target} has other ids than this process, which takes CAP_SYS_PTRACE to look into it."
        yield _without(lacks, text, read)
        return
    if target.plain_owner != uids[1]:
        text = (
            f"{target} is not dumpable: it has changed its ids, runs a program that may not be read, or says"
            " so itself. To look into it takes CAP_SYS_PTRACE."
        )
        yield _without(lacks, text, f"/proc/{target.pid}/status belongs to user {target.plain_owner}")
    mine = status("CapPrm")
    if mine and (more := target.permitted & ~int(mine.value, 16)):
        names = ", ".join(flags.Capability(bit).name or "" for bit in range(41) if more >> bit & 1)
        text = f"{target} has capabilities that this process lacks: {names}."
        yield _without(lacks, text, "CapPrm of both")
    elif None not in another and target.plain_owner == uids[1]:
        text = f"{target} has the ids of this process, is dumpable, and has no further capabilities."
        yield Finding(Verdict.EXCLUDED, text, read)


_WORDS = {True: "no", False: "yes", None: "not known"}


def _without(lacks: bool | None, text: str, read: str) -> Finding:
    advice = "the same user, root, or CAP_SYS_PTRACE"
    return judged(lacks, text, f"CAP_SYS_PTRACE is there: {text}", read, advice)


def _yama(target: Process) -> Iterator[Finding]:
    found = sysctl(_SCOPE)
    if not found:
        yield Finding(Verdict.EXCLUDED, "The kernel has no Yama.", found.unknown)
        return
    scope, lacks = int(found.value), processes.lacks(flags.CAP_SYS_PTRACE, target)
    read = f"{_SCOPE} is {scope}; CAP_SYS_PTRACE over it: {_WORDS[lacks]}"
    advice = f"sysctl {_SCOPE}=0, or CAP_SYS_PTRACE"
    if scope >= 3:
        text = "Yama lets no process attach to another one."
        yield Finding(Verdict.PROVEN, text, read, "a restart: the setting cannot be taken back")
    elif scope == 2:
        yield judged(lacks, "Yama asks for CAP_SYS_PTRACE to attach.", "Yama allows it.", read, advice)
    elif scope == 1 and lacks is not False and not _descends(target):
        text = f"Yama lets a process attach only to its descendants, and {target} is not one."
        yield Finding(Verdict.FITS, text, read, f"{advice}, or prctl(PR_SET_PTRACER) in the other process")
    else:
        yield Finding(Verdict.EXCLUDED, "Yama allows it.", read)


def _descends(target: Process) -> bool:
    at: Process | None = target
    while at is not None and (parent := at.number("PPid")) > 0:
        if parent == os.getpid():
            return True
        at = processes.find(parent)
    return False


def _memory(target: Process, address: int | None) -> Iterator[Finding]:
    """EIO: whether the address is one of the process's memory."""
    maps = read(f"/proc/{target.pid}/maps")
    if not maps or not maps.value or address is None:
        return
    ranges = (line.split()[0].partition("-") for line in maps.value.splitlines())
    mapped = any(int(first, 16) <= address < int(last, 16) for first, _, last in ranges)
    text = f"{target} has no memory at {address:#x}."
    yield judged(not mapped, text, f"{target} has memory at {address:#x}.", maps.source)
