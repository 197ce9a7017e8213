"""Why a limit cannot be set: above the hard one, above what the machine allows, or of another's process."""

from __future__ import annotations

import os
import resource

from pysys import flags
from pysys.diagnosis.facts import sysctl
from pysys.diagnosis.failures import arguments, processes
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.processes import Process
from pysys.diagnosis.failures.rights import right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_UNLIMITED = int(flags.RLIM64_INFINITY)


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about setrlimit and prlimit64."""
    if call not in ("setrlimit", "prlimit64") or symbol not in ("EPERM", "EINVAL", "ESRCH"):
        return
    pid = arguments.task(args, "pid") or os.getpid()
    number = arguments.task(args, "resource")
    if symbol == "ESRCH":
        yield processes.absent(pid)
        return
    if number is None:
        return
    wanted = _wanted(args.get("rlim", args.get("new_rlim")))
    if symbol == "EINVAL":
        yield from _invalid(number, wanted)
        return
    if pid != os.getpid():
        target = processes.find(pid)
        if target is None:
            yield Finding(Verdict.UNKNOWN, f"Process {pid} cannot be seen in /proc.", f"/proc/{pid}/status")
        elif target.number("Tgid") != os.getpid():
            yield _others(target)
    if wanted is not None:
        yield from _too_much(pid, number, wanted[1])


def _wanted(value: Any) -> tuple[int, int] | None:
    """The soft and the hard limit of an argument, as the kernel takes them."""
    try:
        soft, hard = value if isinstance(value, tuple) else (value.rlim_cur, value.rlim_max)
        return int(soft) & _UNLIMITED, int(hard) & _UNLIMITED
    except (AttributeError, TypeError, ValueError):
        return None


def _name(number: int) -> str:
    return flags.RlimitResource(number).name or "" if number in [*flags.RlimitResource] else str(number)


def _invalid(number: int, wanted: tuple[int, int] | None) -> Iterator[Finding]:
    if number not in [*flags.RlimitResource]:
        yield Finding(Verdict.FITS, f"There is no limit {number}.", "pysys.flags.RlimitResource")
    if wanted is not None:
        yield judged(
            wanted[0] > wanted[1],
            f"The soft limit is above the hard one: {_shown(wanted[0])}, {_shown(wanted[1])}.",
            "The soft limit is not above the hard one.",
            "the argument",
        )


def _shown(number: int) -> str:
    return "unlimited" if number == _UNLIMITED else str(number)


def _others(target: Process) -> Finding:
    user, group = os.getresuid()[0], os.getresgid()[0]
    uids, gids = target.numbers("Uid")[:3], target.numbers("Gid")[:3]
    another = (processes.differ(user, uids, "uid"), processes.differ(group, gids, "gid"))
    lacks = processes.lacks(flags.CAP_SYS_RESOURCE, target)
    fails = lacks if any(another) else None if None in another and lacks is not False else False
    return judged(
        fails,
        f"{target} has other ids than this process, which takes CAP_SYS_RESOURCE for its limits.",
        f"{target} has the ids of this process, or CAP_SYS_RESOURCE is there.",
        f"/proc/{target.pid}/status: users {', '.join(map(str, uids))}, groups {', '.join(map(str, gids))};"
        f" this process is really user {user}, group {group}",
        "the same user, root, or CAP_SYS_RESOURCE",
    )


def _too_much(pid: int, number: int, hard: int) -> Iterator[Finding]:
    if number == resource.RLIMIT_NOFILE and (most := sysctl("fs.nr_open")):
        yield judged(
            hard > int(most.value),
            f"fs.nr_open allows RLIMIT_NOFILE up to {most.value}, and {_shown(hard)} is wanted.",
            "fs.nr_open allows it.",
            f"fs.nr_open is {most}",
            "sysctl fs.nr_open; a number instead of no limit",
        )
    try:
        now = resource.prlimit(pid, number)[1] & _UNLIMITED
    except (OSError, ValueError):
        return
    may = right(flags.CAP_SYS_RESOURCE)
    over, lacks = hard > now, None if may.held is None else not may.held
    text = f"The hard limit of {_name(number)} is {_shown(now)}, and {_shown(hard)} is wanted"
    yield judged(
        over and lacks,
        f"{text}: to raise it takes CAP_SYS_RESOURCE in the first user namespace.",
        f"{text}, but CAP_SYS_RESOURCE is there." if over else f"The hard limit, {_shown(now)}, allows it.",
        f"getrlimit; {may.read}",
        "LimitNOFILE= and its kin of systemd; docker run --ulimit; limits.conf",
    )
