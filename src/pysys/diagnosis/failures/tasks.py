"""The limits on how many tasks (processes and threads) there may be, and how much of each is used."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis import cgroup, limits, namespaces
from pysys.diagnosis.facts import Fact, read, sysctl, unknown
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.privileges import all_powerful
from pysys.loading import counted
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_RESERVED = 300  # ids below this are given only once: when the namespace's ids are first handed out


def of_user() -> Iterator[Finding]:
    """RLIMIT_NPROC."""
    limit = limits.limit("nproc")
    if not limit:
        yield Finding(Verdict.UNKNOWN, "RLIMIT_NPROC is not known.", limit.unknown)
        return
    soft, uid = limit.value.soft, os.getuid()
    if soft == -1:
        yield Finding(Verdict.EXCLUDED, "RLIMIT_NPROC is unlimited.", limit.source)
        yield from _of_makers()
        return
    first = namespaces.is_first("user")
    exempt = _exempt(uid, first)
    if exempt:
        text = f"RLIMIT_NPROC ({soft}) does not hold for this process: {exempt}."
        yield Finding(Verdict.EXCLUDED, text, f"{limit.source} is {limit.value}")
        return
    found = _count(uid)
    if not found:
        text = f"How many tasks user {uid} has is not known; RLIMIT_NPROC allows {soft}."
        yield Finding(Verdict.UNKNOWN, text, found.unknown)
        return
    here: _Tasks = found.value
    source = f"{found.source}: {here}; RLIMIT_NPROC is {limit.value}"
    text = f"User {uid} has {counted(here.own + here.unclear, 'task')}, and RLIMIT_NPROC allows {soft}."
    advice = "end some (ps -L -u USER), or raise the limit: ulimit -u, prlimit, LimitNPROC="
    if here.own >= soft and first and first.value:
        yield Finding(Verdict.PROVEN, text, source, advice)
    elif here.own + here.unclear >= soft:
        yield Finding(Verdict.FITS, text, source, advice)
    elif here.hidden:
        sentence = f"{text} There may be more: {here.hidden}."
        yield Finding(Verdict.UNKNOWN, sentence, source, advice)
    else:
        yield Finding(Verdict.EXCLUDED, text, source)
    yield from _of_makers()


def _exempt(uid: int, first: Fact) -> str:
    """Why the limit does not hold for this process; "" if it does, or if that is not known."""
    if not first or not first.value:
        return ""
    if uid == 0:
        return "its real user is 0, of the first user namespace"
    for capability in ("CAP_SYS_RESOURCE", "CAP_SYS_ADMIN"):
        if all_powerful(capability):
            return f"it has {capability}"
    return ""


class _Tasks(Record):
    """The tasks of a user.

    own: those that certainly count; unclear: those whose user namespace is another, or is not to be seen.
    hidden: why there may be more, "" if there are not.
    """

    own: int
    unclear: int
    hidden: str

    def __str__(self) -> str:
        more = (
            f", and {self.unclear} of other user namespaces, or ones that cannot be seen"
            if self.unclear
            else ""
        )
        return f"{counted(self.own, 'task')} of this user namespace{more}"


def _count(uid: int) -> Fact:
    """The tasks with this real user. The kernel counts them for each user namespace."""
    try:
        mine = os.stat("/proc/thread-self/ns/user")
        names = [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError as error:
        return unknown("/proc", error)
    own = unclear = 0
    for name in names:
        tasks = limits.tasks_of(name, uid)
        if not tasks:
            continue
        try:
            same = os.path.samestat(os.stat(f"/proc/{name}/ns/user"), mine)
        except OSError:
            same = False
        if same:
            own += tasks
        else:
            unclear += tasks
    return Fact(_Tasks(own, unclear, _hidden()), "/proc/PID/status")


def _hidden() -> str:
    """Why /proc may not show all processes of the machine."""
    first = namespaces.is_first("pid")
    if not first or not first.value:
        return "those of other pid namespaces are not to be seen"
    table = read("/proc/thread-self/mountinfo")
    hides = not table or any(
        " - proc " in line and "hidepid=" in line and "hidepid=0" not in line and "hidepid=off" not in line
        for line in table.value.splitlines()
    )
    return "/proc may be mounted with hidepid" if hides else ""


def _of_makers() -> Iterator[Finding]:
    """The limits that those had who made the user namespaces above, which hold here as well."""
    first = namespaces.is_first("user")
    if first and not first.value:
        text = (
            "A user namespace carries the RLIMIT_NPROC of whoever made it, for all tasks in it together:"
            " it cannot be read here."
        )
        yield Finding(Verdict.UNKNOWN, text, first.source, "/proc/PID/limits of what made the namespace")


def of_cgroups(into_another: bool) -> Iterator[Finding]:
    """pids.max, along the path of cgroups. into_another: the call names another cgroup for the child."""
    found = cgroup.limits("pids")
    if not found:
        yield Finding(Verdict.UNKNOWN, "The limit of the cgroup, pids.max, is not to be seen.", found.unknown)
        return
    below, full = list[str](), False
    for one in found.value:
        source = f"{one.path}: pids.max {one.limit}, pids.current {one.used}{_events(one.path)}"
        if one.limit == "max" or not (one.limit.isdecimal() and one.used.isdecimal()):
            continue
        if int(one.used) >= int(one.limit):
            has = counted(int(one.used), "task")
            text = f"The cgroup {one.path} has {has}, and its pids.max allows {one.limit}."
            full, verdict = True, Verdict.FITS if into_another else Verdict.PROVEN
            yield Finding(
                verdict, text, source, "pids.max; systemctl set-property UNIT TasksMax=; --pids-limit"
            )
        else:
            below.append(source)
    if below:
        text = "Other cgroups" if full else "The cgroups with a pids.max"
        yield Finding(Verdict.EXCLUDED, f"{text} may have more tasks.", "; ".join(below))
    elif not full:
        text = "No cgroup that can be seen limits the number of tasks."
        yield Finding(Verdict.EXCLUDED, text, f"{found.source}: pids.max, where there is one, is max")
    first = namespaces.is_first("cgroup")
    if not first or not first.value:
        text = "A pids.max of cgroups above those that can be seen here may be reached."
        yield Finding(
            Verdict.UNKNOWN, text, first.source, "pids.events of the container's cgroup, on the host"
        )


def _events(folder: str) -> str:
    found = read(f"{folder}/pids.events")
    return f", pids.events {' '.join(found.value.split())}" if found else ""


def of_machine() -> Iterator[Finding]:
    """kernel.threads-max."""
    most, load = sysctl("kernel.threads-max"), read("/proc/loadavg")
    if not most or not load or _is_covered("/proc/loadavg"):
        text = "Whether kernel.threads-max is reached is not known."
        yield Finding(Verdict.UNKNOWN, text, most.unknown or load.unknown or "/proc/loadavg is mounted over")
        return
    total = _total()
    source = f"{most.source}: {most.value}; /proc/loadavg: {total} tasks"
    if total >= int(most.value):
        text = f"This machine has {total} tasks, and kernel.threads-max allows {most.value}: for root, too."
        yield Finding(Verdict.PROVEN, text, source, "sysctl kernel.threads-max")
    else:
        text = f"This machine has {total} of the {most.value} tasks that kernel.threads-max allows."
        yield Finding(Verdict.EXCLUDED, text, source)


def _total() -> int:
    """How many tasks the machine has; 0 if that is not known."""
    found = read("/proc/loadavg")
    return int(found.value.split()[3].partition("/")[2]) if found else 0


def _is_covered(path: str) -> bool:
    """Whether something else than /proc is mounted there, as lxcfs does."""
    try:
        return os.stat(path).st_dev != os.stat("/proc").st_dev
    except OSError:
        return True


def of_ids() -> Iterator[Finding]:
    """kernel.pid_max: whether an id is free in this pid namespace."""
    most = sysctl("kernel.pid_max")
    try:
        is_own = os.readlink("/proc/self") == str(os.getpid())
        names = [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError as error:
        yield Finding(Verdict.UNKNOWN, "Whether a process id is free is not known.", str(error))
        return
    if not most or not is_own:
        why = most.unknown or "/proc is that of another pid namespace"
        yield Finding(Verdict.UNKNOWN, "Whether a process id is free is not known.", why)
        return
    above = int(most.value) - _RESERVED
    # A task takes three at most: its own, and as the last one of a group and of a session theirs.
    taken = _taken(names) if max(_total(), len(names)) * 3 >= above else None
    source = f"{most.source}: {most.value}; {len(names)} processes are to be seen"
    if taken is not None:
        source += f", which with threads, groups and sessions take {len(taken)} ids"
        if all(one in taken for one in range(_RESERVED, int(most.value))):
            text = f"No process id from {_RESERVED} to kernel.pid_max, {most.value}, is free."
            yield Finding(Verdict.PROVEN, text, source, "sysctl kernel.pid_max; zombies: ps -e -o stat,ppid")
            return
    text = f"Of the ids up to kernel.pid_max, {most.value}, some are free in this pid namespace."
    yield Finding(
        Verdict.EXCLUDED, text, source, "those of the pid namespaces above have limits of their own"
    )


def _taken(names: list[str]) -> set[int]:
    """The ids that threads, process groups and sessions have."""
    found = set[int]()
    for name in names:
        try:
            found.update(map(int, os.listdir(f"/proc/{name}/task")))
        except OSError:
            found.add(int(name))
        status = read(f"/proc/{name}/stat")
        if status:
            found.update(map(int, status.value.rpartition(")")[2].split()[2:4]))
    return found


def of_deadline() -> Iterator[Finding]:
    """SCHED_DEADLINE, which a child cannot inherit."""
    try:
        policy = os.sched_getscheduler(0)
    except OSError as error:
        yield Finding(Verdict.UNKNOWN, "How this thread is scheduled is not known.", str(error))
        return
    source = f"sched_getscheduler: {policy & ~flags.SCHED_RESET_ON_FORK}"
    if policy == flags.SCHED_DEADLINE:
        text = "This thread runs under SCHED_DEADLINE without SCHED_FLAG_RESET_ON_FORK."
        yield Finding(Verdict.PROVEN, text, source, "chrt -p PID; sched_setattr with that flag")
    else:
        yield Finding(Verdict.EXCLUDED, "This thread does not run under SCHED_DEADLINE.", source)
