"""Why a signal has ended a process: what can be seen when it is delivered, or after the end."""

from __future__ import annotations

import os
import signal

from pysys import abi as abis
from pysys import errors, flags, structures
from pysys.calls import direct
from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import Finding, Verdict
from pysys.loading import counted
from pysys.numbering import names
from pysys.reasons.joining import limits
from pysys.reasons.limits import limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pysys.tracing import Call, Signalled

__all__ = ["Kills", "by_filter", "delivered"]

_BY_FILTER = 1  # SYS_SECCOMP
_TRUNCATED = 2  # BUS_ADRERR
_PAGE = 4096
_BELOW_STACK = 1 << 20  # bytes below the stack that the kernel keeps free


def delivered(event: Signalled) -> list[Finding]:
    """What is to be said if this signal ends the process, seen before it is delivered."""
    info = structures.siginfo()
    try:
        direct.ptrace(flags.PTRACE_GETSIGINFO, event.tid, None, info)
    except errors.SyscallError:
        return []
    look = _LOOKS.get(event.number)
    try:
        found = list(look(event, info)) if look is not None else []
    except OSError as error:
        found = [Finding(Verdict.UNKNOWN, f"It cannot be looked at: {error.strerror}.", str(error))]
    if not found and event.sender == event.pid:
        return [Finding(Verdict.PROVEN, f"The process has sent {event.name} to itself.", "siginfo: si_pid")]
    if not found and event.sender:
        comm = read(f"/proc/{event.sender}/comm").value or "which has ended"
        text = f"Process {event.sender} ({comm}) has sent {event.name}."
        return [Finding(Verdict.PROVEN, text, "siginfo: si_pid")]
    return found


def _by_filter(event: Signalled, info: structures.siginfo) -> Iterator[Finding]:
    """SIGSYS that a filter has answered with (TRAP)."""
    if info.si_code != _BY_FILTER:
        return
    found = next(
        (one for one in abis.ABIS.values() if info.si_arch in (one.audit_arch, one.audit_arch_big)), None
    )
    named = names(info.si_syscall, found) if found is not None else ()
    call = named[0] if named else f"call {info.si_syscall}"
    text = f"A seccomp filter of the process answers {call} with SIGSYS (TRAP)."
    advice = f"allow {call} in the filter, or handle the signal"
    yield Finding(Verdict.PROVEN, text, f"siginfo: SYS_SECCOMP, si_syscall {info.si_syscall}", advice)


def _segmentation(event: Signalled, info: structures.siginfo) -> Iterator[Finding]:
    """SIGSEGV: the stack's end, or an address."""
    if info.si_code <= 0 or info.si_code == 0x80:
        return
    address = int(info.si_addr or 0)
    source = f"siginfo: si_addr {address:#x}"
    if address < _PAGE:
        text = f"The process has used a null pointer: address {address:#x}."
        yield Finding(Verdict.PROVEN, text, source)
        return
    for low, high, rights, name in _maps(event.pid):
        if name == "[stack]" and low - _BELOW_STACK <= address < high:
            most = limit(event.pid, "STACK")
            if most is None or high - address < most - _BELOW_STACK:
                continue
            text = (
                f"The stack has overflowed: it has {counted(high - low, 'byte')}, and RLIMIT_STACK is {most}."
            )
            yield Finding(
                Verdict.PROVEN,
                text,
                f"{source}; /proc/{event.pid}/maps: the stack is {low:#x}-{high:#x}",
                "a recursion that does not end, or ulimit -s",
            )
            return
        if low <= address < high and rights.startswith("---"):
            text = f"Address {address:#x} is in a guard: below it ends a thread's stack, or another mapping."
            yield Finding(
                Verdict.FITS, text, f"{source}; /proc/{event.pid}/maps: {low:#x}-{high:#x} {rights}"
            )
            return
        if low <= address < high:
            text = f"Address {address:#x} may not be used so: {name or 'memory without a name'} is {rights}."
            yield Finding(Verdict.PROVEN, text, f"{source}; /proc/{event.pid}/maps")
            return
    yield Finding(
        Verdict.PROVEN, f"Nothing is mapped at address {address:#x}.", f"{source}; /proc/{event.pid}/maps"
    )


def _maps(pid: int) -> Iterator[tuple[int, int, str, str]]:
    with open(f"/proc/{pid}/maps") as file:
        for line in file:
            places, rights, *rest = line.split(None, 5)
            low, high = (int(one, 16) for one in places.split("-"))
            yield low, high, rights, rest[3].strip() if len(rest) > 3 else ""


def _bus(event: Signalled, info: structures.siginfo) -> Iterator[Finding]:
    if info.si_code == _TRUNCATED:
        address = int(info.si_addr or 0)
        text = f"Address {address:#x} is mapped, but behind the end of its file, or the file cannot be read."
        yield Finding(Verdict.PROVEN, text, "siginfo: BUS_ADRERR")


def _processor_time(event: Signalled, info: structures.siginfo) -> Iterator[Finding]:
    most = limit(event.pid, "CPU")
    if most is not None and info.si_code > 0:  # the kernel has raised the limit by a second
        used = counted(most - 1, "second")
        text = f"The process has used as much processor time as RLIMIT_CPU allows, {used}."
        yield Finding(Verdict.PROVEN, text, "siginfo: from the kernel", "ulimit -t, LimitCPU=")


def _file_size(event: Signalled, info: structures.siginfo) -> Iterator[Finding]:
    most = limit(event.pid, "FSIZE")
    if most is not None and event.sender in (0, event.pid):
        text = f"A file would have become larger than RLIMIT_FSIZE allows, {counted(most, 'byte')}."
        yield Finding(Verdict.PROVEN, text, "the write's EFBIG; /proc/PID/limits", "ulimit -f, LimitFSIZE=")


def _pipe(event: Signalled, info: structures.siginfo) -> Iterator[Finding]:
    if event.sender not in (0, event.pid):
        return
    text = "The process has written to a pipe or a socket that nobody reads any more."
    yield Finding(Verdict.PROVEN, text, "the write's EPIPE")


_LOOKS: dict[int, Callable[[Signalled, structures.siginfo], Iterator[Finding]]] = {
    int(signal.SIGSYS): _by_filter,
    int(signal.SIGSEGV): _segmentation,
    int(signal.SIGBUS): _bus,
    int(signal.SIGXCPU): _processor_time,
    int(signal.SIGXFSZ): _file_size,
    int(signal.SIGPIPE): _pipe,
}


def by_filter(call: Call, decision: tuple[int, str, int] | None) -> Finding:
    """The process was ended at this call, and no signal was delivered: a filter has done it."""
    text = f"A seccomp filter has ended the process at {call.name}."
    source = "SIGSYS, which no handler could have had; its last call"
    if decision is not None and decision[1].startswith("KILL"):
        index, action, _ = decision
        source += f"; filter {index}, read by ptrace and run on this call: {action}"
    return Finding(Verdict.PROVEN, text, source, f"allow {call.name} in the filter")


class Kills:
    """What may send SIGKILL to a process: how often memory runs out in its cgroups, how long it may run."""

    def __init__(self, pid: int) -> None:
        self._before = dict(_kills(pid))
        try:
            self._seconds = limits(pid)["Max cpu time"][1]
        except OSError:
            self._seconds = -1

    def findings(self, killer: str) -> list[Finding]:
        """What has sent SIGKILL to a process. killer: which traced process did, "" if none."""
        if killer:
            return [Finding(Verdict.PROVEN, f"{killer} has sent SIGKILL.", "its call")]
        for file, count in self._before.items():
            now = _count(file)
            if now is not None and now > count:
                text = f"The memory of the cgroup {os.path.dirname(file)} has run out: a process was ended."
                source = f"{file}: oom_kill was {count}, is {now}"
                return [Finding(Verdict.FITS, text, source, "memory.max of that cgroup; less memory")]
        if self._seconds >= 0:
            text = f"The process may use at most {counted(self._seconds, 'second')} of processor time."
            return [Finding(Verdict.FITS, text, "RLIMIT_CPU, the hard limit", "ulimit -Ht, LimitCPU=")]
        source = "; ".join(f"{file}: oom_kill is still {count}" for file, count in self._before.items())
        text = "Another process has sent SIGKILL, or the kernel, if the machine's memory has run out."
        return [Finding(Verdict.UNKNOWN, text, source, "journalctl -k")]


def _kills(pid: int) -> Iterator[tuple[str, int]]:
    """The files of a process's cgroup and of those above it that count what the kernel has ended."""
    for line in str(read(f"/proc/{pid}/cgroup").value or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            bases, name = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"), "memory.events"
        elif "memory" in controllers.split(","):
            bases, name = ("/sys/fs/cgroup/memory", ""), "memory.oom_control"
        else:
            continue
        for base in filter(None, bases):
            inner = path
            while True:
                file = os.path.normpath(f"{base}/{inner}/{name}")
                count = _count(file)
                if count is not None:
                    yield file, count
                if inner in ("/", ""):
                    break
                inner = os.path.dirname(inner)


def _count(file: str) -> int | None:
    for line in str(read(file).value or "").splitlines():
        if line.startswith("oom_kill "):
            return int(line.split()[1])
    return None
