"""Why a signal cannot be sent: nobody there, not permitted, or not a signal."""

from __future__ import annotations

import os
from signal import NSIG, SIGCONT

from pysys import flags
from pysys.diagnosis.facts import status
from pysys.diagnosis.failures import arguments, processes
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.processes import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_CALLS = frozenset("kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal pidfd_open".split())
_WITH_INFO = frozenset(["rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"])
_SI_TKILL = -6
_PIDFD_THREAD = os.O_EXCL


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about calls that send signals, and about pidfd_open."""
    if call in ("pidfd_send_signal", "pidfd_getfd", "process_madvise", "process_mrelease"):
        yield from _pidfd(symbol, args)
    if call not in _CALLS:
        return
    if symbol == "EINVAL":
        yield from _invalid(call, args)
    if symbol == "EAGAIN" and call in _WITH_INFO:
        yield from _queued()
    pid = _target(call, args)
    if pid is None:
        return
    if symbol == "ESRCH" and (pid > 0 or call == "kill"):
        yield from _missing(call, pid, args)
    elif symbol == "ENOENT" and call == "pidfd_open":
        yield from _thread(pid)
    elif symbol == "EPERM" and call != "pidfd_open":
        yield from _not_permitted(call, pid, args)


def _target(call: str, args: dict[str, Any]) -> int | None:
    if call != "pidfd_send_signal":
        return arguments.task(args, "pid")
    fd = arguments.descriptor(args.get("pidfd"))
    found = None if fd is None else processes.of_pidfd(fd).pid
    return found if found is not None and found > 0 else None


def _pidfd(symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    fd = arguments.descriptor(args.get("pidfd"))
    if fd is None or symbol not in ("ESRCH", "EINVAL", "EBADF"):
        return
    found = processes.of_pidfd(fd)
    if symbol == "ESRCH" and found.pid is not None:
        yield judged(
            found.pid == -1,
            f"The process of pidfd {fd} has ended, and was waited for.",
            f"The process of pidfd {fd} is {found.pid or 'in another pid namespace'}.",
            found.read,
        )
    elif symbol == "EINVAL" and found.pid == 0:
        text = f"The process of pidfd {fd} is outside this pid namespace."
        yield Finding(Verdict.PROVEN, text, found.read, "a process of a pid namespace above")
    elif symbol == "EBADF" and found.pid is None and found.read.endswith("no Pid"):
        yield Finding(Verdict.PROVEN, f"Descriptor {fd} is not a pidfd.", found.read, "pidfd_open")


def _invalid(call: str, args: dict[str, Any]) -> Iterator[Finding]:
    number = arguments.integer(args, "sig")
    if number is not None:
        yield judged(
            not 0 <= number < NSIG,
            f"{number} is not a signal: they are 1 to {NSIG - 1}, and 0 only asks.",
            f"{number} is a signal.",
            "the argument",
        )
    for name in ("tgid", "pid"):
        one = arguments.integer(args, name)
        if one is not None and one <= 0 and call in ("tkill", "tgkill", "rt_tgsigqueueinfo", "pidfd_open"):
            yield Finding(
                Verdict.PROVEN, f"{name} is {one}: {call} takes one id, not a group.", "the argument"
            )
    pid = arguments.task(args, "pid")
    if call == "pidfd_open" and pid is not None and pid > 0:
        yield from _thread(pid)


def _thread(pid: int) -> Iterator[Finding]:
    """A thread's id is not a process's: EINVAL, later ENOENT."""
    target = processes.find(pid)
    if target is not None and target.number("Tgid") != pid:
        text = f"{pid} is a thread of process {target.number('Tgid')}, not a process."
        yield Finding(
            Verdict.PROVEN, text, f"/proc/{pid}/status: Tgid", f"PIDFD_THREAD ({_PIDFD_THREAD:#x}), Linux 6.9"
        )


def _queued() -> Iterator[Finding]:
    found = status("SigQ")
    if not found:
        return
    used, most = map(int, found.value.split("/"))
    yield judged(
        used >= most,
        "The user of this process has as many signals queued as RLIMIT_SIGPENDING allows.",
        "The user of this process may queue more signals.",
        f"{found.source}: {used} of {most}",
        "take signals (sigwaitinfo), or raise the limit: ulimit -i",
    )


def _missing(call: str, pid: int, args: dict[str, Any]) -> Iterator[Finding]:
    """ESRCH."""
    if pid <= 0:
        there = processes.is_there(pid)
        what = f"process group {-pid}" if pid < -1 else "process that this one may signal"
        yield judged(
            None if there is None else not there,
            f"There is no {what} in this pid namespace.",
            f"There is a {what}.",
            f"kill({pid}, 0)",
        )
        return
    target, tgid = processes.find(pid), arguments.task(args, "tgid")
    if target is not None and tgid is not None and target.number("Tgid") != tgid:
        text = f"{pid} is a thread of process {target.number('Tgid')}, not of {tgid}."
        yield Finding(Verdict.PROVEN, text, f"/proc/{pid}/status: Tgid")
    else:
        yield processes.absent(pid)


def _not_permitted(call: str, pid: int, args: dict[str, Any]) -> Iterator[Finding]:
    """EPERM."""
    info = arguments.first(args, "uinfo", "info")
    code = getattr(info, "si_code", None)
    if isinstance(code, int) and pid != os.getpid() and (code >= 0 or code == _SI_TKILL):
        text = (
            f"si_code is {code}, which stands for the kernel or kill: only to itself may a process send that."
        )
        yield Finding(Verdict.PROVEN, text, "the argument", "a negative code: SI_QUEUE")
    if pid <= 0:
        yield Finding(Verdict.UNKNOWN, "Which of the processes refuses was not looked at.")
        return
    target = processes.find(pid)
    if target is None:
        yield Finding(Verdict.UNKNOWN, f"Process {pid} cannot be seen in /proc.", f"/proc/{pid}/status")
    elif target.number("Tgid") != os.getpid():
        yield _by_ids(target, arguments.integer(args, "sig"))


def _by_ids(target: Process, number: int | None) -> Finding:
    mine, theirs = os.getresuid()[:2], target.numbers("Uid")
    allowed = {theirs[0], theirs[2]}
    another = [processes.differ(own, (their,), "uid") for own in mine for their in allowed]
    lacks = processes.lacks(flags.CAP_KILL, target)
    mismatch = False if False in another else None if None in another else True
    held = {True: "no", False: "yes", None: "not known"}[lacks]
    source = (
        f"/proc/{target.pid}/status: users {theirs[0]} (real), {theirs[2]} (saved); this process is user"
        f" {mine[0]} (real), {mine[1]} (effective); CAP_KILL over it: {held}"
    )
    fails = False if mismatch is False or lacks is False else None if None in (mismatch, lacks) else True
    text = f"{target} belongs to another user: to signal it takes CAP_KILL."
    if number == SIGCONT and fails:
        text = f"{target} belongs to another user, and is in another session: to continue it takes CAP_KILL."
        if os.getsid(target.pid) == os.getsid(0):
            fails = False
    otherwise = f"{target} belongs to this user, or CAP_KILL is there: a security module may refuse it."
    return judged(fails, text, otherwise, source, "the same user, root, or CAP_KILL")
