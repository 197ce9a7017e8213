"""Why a priority, a policy or an affinity cannot be set: whose process it is, and what it may have."""

from __future__ import annotations

import os
from _thread import get_native_id

from pysys import calls, flags
from pysys.diagnosis.facts import read, status
from pysys.diagnosis.failures import arguments, processes
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.processes import Process
from pysys.diagnosis.failures.rights import Right, right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_SCHEDULING = frozenset(["sched_setscheduler", "sched_setparam", "sched_setattr"])
# What id of the other process must be this one's effective user: "Uid" has real, effective and saved ones.
_CALLS = _SCHEDULING | {"setpriority", "nice", "sched_setaffinity", "ioprio_set"}
_FIRST_NAMESPACE = _SCHEDULING | {
    "ioprio_set"
}  # where CAP_SYS_NICE counts; for the others, the process's own
_OTHER, _FIFO, _RR, _BATCH, _IDLE = 0, 1, 2, 3, 5
_CLASS_SHIFT, _RT, _CLASSES = 13, 1, 4
_ADVICE = "CAP_SYS_NICE, or a higher limit: ulimit -{}, Limit{}= of systemd"


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about setpriority, sched_setscheduler, ioprio_set and their kin."""
    if call not in _CALLS:
        return
    if call in ("setpriority", "ioprio_set") and arguments.integer(args, "which") != _ONE[call]:
        if symbol in ("EPERM", "EACCES"):
            yield Finding(Verdict.UNKNOWN, "Which of the processes refuses was not looked at.")
        return
    pid = arguments.task(args, "who", "pid") or get_native_id()
    target = processes.find(pid)
    if symbol == "ESRCH":
        yield processes.absent(pid)
    elif symbol == "EINVAL":
        yield from _invalid(call, args, pid)
    elif symbol in ("EPERM", "EACCES") and target is None:
        yield Finding(Verdict.UNKNOWN, f"Process {pid} cannot be seen in /proc.", f"/proc/{pid}/status")
    elif symbol in ("EPERM", "EACCES") and target is not None:
        if symbol == "EPERM" and target.number("Tgid") != os.getpid():
            yield from _others(call, target)
        yield from _wanted(call, symbol, args, target)


_ONE = {"setpriority": 0, "ioprio_set": 1}  # of `which`: one process or thread


def _others(call: str, target: Process) -> Iterator[Finding]:
    """EPERM of a process of another user, or of one that may do more."""
    me = os.geteuid()
    uids = target.numbers("Uid")
    mine = (me, os.getuid()) if call == "ioprio_set" else (me,)
    theirs = uids[:1] if call == "ioprio_set" else uids[:2]
    differ = [processes.differ(own, (one,), "uid") for own in mine for one in theirs]
    another = False if False in differ else None if None in differ else True
    lacks = _lacks(call, target)
    shown = (
        f"/proc/{target.pid}/status: users {uids[0]} (real), {uids[1]} (effective); this process is user {me}"
    )
    yield judged(
        False if another is False or lacks is False else None if None in (another, lacks) else True,
        f"{target} belongs to another user: it takes CAP_SYS_NICE to change it.",
        f"{target} belongs to this user, or CAP_SYS_NICE is there.",
        shown,
        "the same user, root, or CAP_SYS_NICE",
    )
    own = status("CapPrm")
    if call != "sched_setaffinity" and another is False and own and target.permitted & ~int(own.value, 16):
        yield judged(
            processes.lacks(flags.CAP_SYS_NICE, target),
            f"{target} has capabilities that this process lacks: it takes CAP_SYS_NICE to change it.",
            "CAP_SYS_NICE is there.",
            "CapPrm of both",
        )


def _lacks(call: str, target: Process) -> bool | None:
    if call not in _FIRST_NAMESPACE:
        return processes.lacks(flags.CAP_SYS_NICE, target)
    held = right(flags.CAP_SYS_NICE).held
    return None if held is None else not held


def _limit(pid: int, name: str) -> int | None:
    """A process's soft limit, -1 for none: "Max nice priority"."""
    found = read(f"/proc/{pid}/limits")
    for line in found.value.splitlines() if found else ():
        if line.startswith(name):
            word = line[len(name) :].split()[0]
            return -1 if word == "unlimited" else int(word)
    return None


def _wanted(call: str, symbol: str, args: dict[str, Any], target: Process) -> Iterator[Finding]:
    """EPERM, of setpriority EACCES: more than the limits allow."""
    may = right(flags.CAP_SYS_NICE)
    if call == "ioprio_set":
        if (arguments.integer(args, "ioprio") or 0) >> _CLASS_SHIFT == _RT:
            yield _real_time_io(may)
        return
    if call in ("setpriority", "nice"):
        if symbol == ("EPERM" if call == "nice" else "EACCES"):
            yield from _nicer(call, args, target, may)
    elif call in _SCHEDULING and symbol == "EPERM":
        yield from _policy(call, args, target, may)


def _real_time_io(may: Right) -> Finding:
    admin = right(flags.CAP_SYS_ADMIN)
    held = True if may.held or admin.held else None if None in (may.held, admin.held) else False
    return judged(
        None if held is None else not held,
        "The class IOPRIO_CLASS_RT takes CAP_SYS_NICE, or CAP_SYS_ADMIN.",
        "CAP_SYS_NICE or CAP_SYS_ADMIN is there.",
        f"{may.read}; {admin.read}",
    )


def _beyond(over: bool, may: Right, sentence: str, read: str, advice: str) -> Finding:
    """A finding about something that a limit forbids to a thread without CAP_SYS_NICE."""
    lacks = None if may.held is None else not may.held
    otherwise = "The limit allows it." if not over else f"CAP_SYS_NICE is there: {sentence}"
    return judged(over and lacks, sentence, otherwise, f"{read}; {may.read}", advice)


def _nicer(call: str, args: dict[str, Any], target: Process, may: Right) -> Iterator[Finding]:
    try:
        now = os.getpriority(os.PRIO_PROCESS, target.pid)
    except OSError:
        return
    asked = arguments.integer(args, "niceval" if call == "setpriority" else "increment")
    limit = _limit(target.pid, "Max nice priority")
    if asked is None or limit is None:
        return
    wanted = max(-20, min(19, asked if call == "setpriority" else now + asked))
    over = wanted < now and limit != -1 and 20 - wanted > limit
    least = max(20 - limit, -20) if limit != -1 else -20
    text = f"A nice value of {wanted} is below the one it has, {now}, and RLIMIT_NICE allows"
    text += f" none below {least}." if least < now else " none below that."
    yield _beyond(over, may, text, f"RLIMIT_NICE of {target} is {limit}", _ADVICE.format("e", "NICE"))


def _asked(args: dict[str, Any], field: str) -> int | None:
    """A field of sched_param or sched_attr."""
    for name in ("param", "uattr"):
        found = getattr(args.get(name), field, None)
        if isinstance(found, int):
            return int(found)
    return None


def _policy(call: str, args: dict[str, Any], target: Process, may: Right) -> Iterator[Finding]:
    try:
        now, current = calls.sched_getscheduler(target.pid), calls.sched_getattr(target.pid)
    except OSError:
        return
    asked = (
        arguments.integer(args, "policy") if call == "sched_setscheduler" else _asked(args, "sched_policy")
    )
    if call == "sched_setparam":
        asked = now
    if asked is None:
        return
    reset, policy = bool(asked & flags.SCHED_RESET_ON_FORK), asked & ~flags.SCHED_RESET_ON_FORK
    reset = reset or bool((_asked(args, "sched_flags") or 0) & 1)
    had, now = bool(now & flags.SCHED_RESET_ON_FORK), now & ~flags.SCHED_RESET_ON_FORK
    priority = _asked(args, "sched_priority") or 0
    limit, nice = _limit(target.pid, "Max realtime priority"), _limit(target.pid, "Max nice priority")
    if policy in (_FIFO, _RR) and limit is not None:
        over = limit != -1 and (
            (policy != now and not limit) or priority > max(limit, current.sched_priority)
        )
        name = flags.SchedPolicy(policy).name
        text = f"Priority {priority} of {name} is above RLIMIT_RTPRIO."
        source = f"RLIMIT_RTPRIO of {target} is {limit}, its priority {current.sched_priority}"
        yield _beyond(over, may, text, source, _ADVICE.format("r", "RTPRIO"))
    elif policy == flags.SCHED_DEADLINE:
        yield _beyond(True, may, "SCHED_DEADLINE takes CAP_SYS_NICE.", "the argument", "CAP_SYS_NICE")
    elif nice is not None and policy in (_OTHER, _BATCH):
        wanted = _asked(args, "sched_nice") if call == "sched_setattr" else None
        if now == _IDLE:
            wanted = current.sched_nice if wanted is None else min(wanted, current.sched_nice)
            text = "To leave SCHED_IDLE takes an RLIMIT_NICE that allows the nice value that it then has."
            over = nice != -1 and 20 - wanted > nice
        else:
            text = f"A nice value of {wanted} is below the one it has, {current.sched_nice}."
            over = wanted is not None and wanted < current.sched_nice and nice != -1 and 20 - wanted > nice
        source = f"RLIMIT_NICE of {target} is {nice}"
        if over or now == _IDLE:
            yield _beyond(over, may, text, source, _ADVICE.format("e", "NICE"))
    if had and not reset and call != "sched_setparam":
        text = "The thread has SCHED_RESET_ON_FORK, which only CAP_SYS_NICE takes away."
        yield _beyond(True, may, text, f"sched_getscheduler({target.pid})", "keep the flag")


def _invalid(call: str, args: dict[str, Any], pid: int) -> Iterator[Finding]:
    """EINVAL."""
    if call == "ioprio_set":
        number = (arguments.integer(args, "ioprio") or 0) >> _CLASS_SHIFT
        if number >= _CLASSES:
            yield Finding(Verdict.PROVEN, f"There is no class {number} of I/O.", "the argument")
    elif call in ("sched_setscheduler", "sched_setattr", "sched_setparam"):
        priority = _asked(args, "sched_priority")
        policy = arguments.integer(args, "policy")
        policy = _asked(args, "sched_policy") if policy is None else policy & ~flags.SCHED_RESET_ON_FORK
        if policy is None and call == "sched_setparam":
            try:
                policy = calls.sched_getscheduler(pid) & ~flags.SCHED_RESET_ON_FORK
            except OSError:
                return
        if policy is None or priority is None:
            return
        real_time = policy in (_FIFO, _RR)
        name = flags.SchedPolicy(policy).name if policy in [*flags.SchedPolicy] else f"policy {policy}"
        allowed = "1 to 99" if real_time else "0 alone"
        yield judged(
            not (1 <= priority <= 99 if real_time else priority == 0),
            f"{name} takes priorities from {allowed}, not {priority}.",
            f"{name} takes priority {priority}.",
            "the argument",
        )
    elif call == "sched_setaffinity":
        yield from _affinity(args, pid)


def _affinity(args: dict[str, Any], pid: int) -> Iterator[Finding]:
    asked = next((one for name, one in args.items() if isinstance(one, (set, frozenset, list, tuple))), None)
    online = read("/sys/devices/system/cpu/online")
    target = processes.find(pid)
    if asked is None or target is None:
        return
    allowed = target.fields.get("Cpus_allowed_list", "")  # not wider than what its cpuset allows
    there = _numbers(online.value) if online else _numbers(allowed)
    yield judged(
        not any(cpu in there for cpu in asked),
        f"None of the CPUs {', '.join(map(str, sorted(asked)))} is there.",
        "One of the CPUs is there; the cpuset of the process may lack it.",
        f"/sys/devices/system/cpu/online: {online}; {target} may use {allowed}",
        "os.sched_getaffinity(0); cpuset.cpus of the cgroup",
    )


def _numbers(text: str) -> set[int]:
    """The numbers of a list such as 0-3,8."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found
