"""Limits of a traced process that make its calls fail: of descriptors, processes, memory, files."""

from __future__ import annotations

import os

from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import Finding, Verdict
from pysys.loading import counted
from pysys.reasons.joining import fields, limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pysys.tracing import Call

__all__ = ["findings", "limit"]

_MAKING = frozenset({"fork", "vfork", "clone", "clone3"})
_MAPPING = frozenset({"mmap", "mmap2", "mremap", "mprotect", "brk", "shmat"})
_NOT_DESCRIPTORS = frozenset({"inotify_init", "inotify_init1", "fanotify_init", "mount", "move_mount"})
_TITLES = {
    "AS": "Max address space",
    "CPU": "Max cpu time",
    "DATA": "Max data size",
    "FSIZE": "Max file size",
    "NOFILE": "Max open files",
    "NPROC": "Max processes",
    "STACK": "Max stack size",
}
_MAPS = "/proc/sys/vm/max_map_count"


def findings(call: Call) -> Iterator[Finding]:
    """What its limits say about a failed call of a process that has stopped."""
    look = _LOOKS.get(call.errno)
    if look is not None:
        try:
            yield from look(call)
        except OSError as error:
            text = f"The limits of process {call.pid} cannot be read: {error.strerror}."
            yield Finding(Verdict.UNKNOWN, text, str(error))


def limit(pid: int, name: str) -> int | None:
    """A soft limit of a process; None if there is none. Raises OSError."""
    soft = limits(pid)[_TITLES[name]][0]
    return None if soft == -1 else soft


def _descriptors(call: Call) -> Iterator[Finding]:
    """EMFILE."""
    if call.name in _NOT_DESCRIPTORS:
        return
    most = limit(call.pid, "NOFILE")
    if most is None:
        return
    folder = f"/proc/{call.pid}/fd"
    used = sum(int(name) < most for name in os.listdir(folder))
    source = f"{folder}: {used} below the limit; RLIMIT_NOFILE is {most}"
    if used >= most:
        text = f"The process has {counted(used, 'descriptor')} open, as many as it may."
        advice = f"ls -l {folder} shows which; close some, or raise the limit: ulimit -n, LimitNOFILE="
        yield Finding(Verdict.PROVEN, text, source, advice)
    else:
        yield Finding(Verdict.EXCLUDED, "The process may open more descriptors than it has.", source)


def _processes(call: Call) -> Iterator[Finding]:
    """EAGAIN of calls that make a process or a thread."""
    if call.name not in (*_MAKING, "execve", "execveat"):
        return
    most = limit(call.pid, "NPROC")
    status = fields(f"/proc/{call.pid}/status")
    user = status.get("Uid", "").split()[:1]
    if most is None or not user:
        return
    used = sum(_tasks(pid, user) for pid in os.listdir("/proc") if pid.isdecimal())
    source = f"/proc: user {user[0]} has {counted(used, 'task')}; RLIMIT_NPROC is {most}"
    exempt = user == ["0"] or int(status.get("CapEff", "0"), 16) & _EXEMPT
    if used < most:
        text = f"User {user[0]} may have more processes and threads, of those that /proc shows."
        yield Finding(Verdict.EXCLUDED, text, source)
    elif exempt:
        text = "The limit of processes does not hold for root, CAP_SYS_RESOURCE and CAP_SYS_ADMIN."
        yield Finding(Verdict.EXCLUDED, text, source)
    else:
        text = f"User {user[0]} has as many processes and threads as this process's limit allows."
        advice = f"ps -LU {user[0]}; end some, or raise the limit: ulimit -u, LimitNPROC="
        yield Finding(Verdict.PROVEN, text, source, advice)


_EXEMPT = 1 << 21 | 1 << 24  # CAP_SYS_ADMIN, CAP_SYS_RESOURCE


def _tasks(pid: str, user: list[str]) -> int:
    status = fields(f"/proc/{pid}/status")
    return int(status["Threads"]) if status.get("Uid", "").split()[:1] == user else 0


def _memory(call: Call) -> Iterator[Finding]:
    """ENOMEM of calls that map memory."""
    if call.name not in _MAPPING:
        return
    status = fields(f"/proc/{call.pid}/status")
    asked = _asked(call)
    for name, field, what in (("AS", "VmSize", "address space"), ("DATA", "VmData", "data")):
        most = limit(call.pid, name)
        used = int(status.get(field, "0").split()[0]) * 1024
        if most is None or not asked:
            continue
        source = f"/proc/{call.pid}/status: {field} is {counted(used, 'byte')}; {asked} more are asked for"
        if used + asked > most:
            text = f"The process would have more {what} than RLIMIT_{name} allows, {counted(most, 'byte')}."
            proven = name == "AS" or not _is_shared(call)
            yield Finding(
                Verdict.PROVEN if proven else Verdict.UNKNOWN,
                text,
                source,
                f"ulimit -{'v' if name == 'AS' else 'd'}",
            )
        else:
            yield Finding(Verdict.EXCLUDED, f"RLIMIT_{name} allows more {what} than that.", source)
    most_maps = read(_MAPS)
    if most_maps:
        with open(f"/proc/{call.pid}/maps", "rb") as file:
            count = sum(1 for _ in file)
        if count >= int(most_maps.value):
            text = f"The process has {counted(count, 'mapping')}, as many as it may."
            yield Finding(Verdict.PROVEN, text, f"/proc/{call.pid}/maps; {_MAPS}", "sysctl vm.max_map_count")


def _asked(call: Call) -> int:
    """How many bytes more a call has asked for."""
    arguments = call.arguments
    if call.name == "mremap":
        return max(int(arguments.get("new_len", 0)) - int(arguments.get("old_len", 0)), 0)
    return int(arguments.get("len", 0) or 0) if call.name in ("mmap", "mmap2") else 0


def _is_shared(call: Call) -> bool:
    return bool(int(call.arguments.get("flags", 0) or 0) & 1)


def _file_size(call: Call) -> Iterator[Finding]:
    """EFBIG."""
    most = limit(call.pid, "FSIZE")
    if most is None:
        yield Finding(Verdict.EXCLUDED, "The process has no RLIMIT_FSIZE.", f"/proc/{call.pid}/limits")
        return
    text = f"The file would become larger than RLIMIT_FSIZE allows, {counted(most, 'byte')}."
    yield Finding(Verdict.FITS, text, f"/proc/{call.pid}/limits", "ulimit -f, LimitFSIZE=")


_LOOKS: dict[str, Callable[[Call], Iterator[Finding]]] = {
    "EAGAIN": _processes,
    "EFBIG": _file_size,
    "EMFILE": _descriptors,
    "ENOMEM": _memory,
}
