"""Why a process group or session cannot be changed."""

from __future__ import annotations

import os

from pysys.diagnosis.failures import arguments, processes
from pysys.diagnosis.failures.finding import Finding, Verdict, judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about setsid and setpgid."""
    if call == "setsid" and symbol == "EPERM":
        own = os.getpid()
        leads = os.getpgid(0) == own
        yield judged(
            True if leads else None,
            f"This process, {own}, leads a process group."
            if leads
            else f"A process group {own}, which this process does not lead, is left.",
            "",
            f"getpgid(0) is {os.getpgid(0)}",
            "fork first, and call it in the child",
        )
    elif call == "setpgid":
        yield from _group(symbol, args)


def _group(symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    pid = arguments.task(args, "pid") or os.getpid()
    group = arguments.task(args, "pgid") or pid
    target = processes.find(pid)
    if symbol == "ESRCH":
        if target is None or not processes.is_there(pid):
            yield processes.absent(pid)
        elif pid != os.getpid() and target.number("PPid") != os.getpid():
            text = f"{target} is neither this process nor its child."
            yield Finding(Verdict.PROVEN, text, f"/proc/{pid}/status: PPid")
    elif symbol == "EACCES" and target is not None and target.number("PPid") == os.getpid():
        text = f"{target} has executed a program already: then only it may change its group."
        yield Finding(Verdict.FITS, text, "", "setpgid in the child, too, before it executes")
    elif symbol == "EPERM":
        try:
            session, own = os.getsid(pid), os.getsid(0)
        except OSError:
            return
        if session == pid:
            yield Finding(Verdict.PROVEN, f"Process {pid} leads a session.", f"getsid({pid})")
        elif session != own:
            text = f"Process {pid} is in session {session}, and this one in {own}."
            yield Finding(Verdict.PROVEN, text, f"getsid({pid}), getsid(0)")
        elif group != pid:
            there = processes.is_there(-group)
            text = f"There is no process group {group} in session {own}."
            yield judged(None if there is not False else True, text, "", f"kill({-group}, 0)")
