"""Makes a forked helper stand where a traced thread stands: descriptors, limits, ids, namespaces, root,
directory, capabilities.

What cannot be taken over ends the attempt with the reason: a look from another place would prove nothing.
Not taken over are filters, a Landlock domain, the label of a security module and the cgroup, which a process
cannot put off again or which others would notice.
"""

from __future__ import annotations

import os
import resource

from pysys import calls, errors, flags
from pysys.calls import direct
from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import UNMAPPED
from pysys.process.fork import fork
from pysys.structures.records import Capabilities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ElsewhereError", "Standpoint", "fields", "join", "limits"]

# In the order in which /proc/PID/ns names them; what is joined only if it is another one.
_NAMESPACES = {
    "user": int(flags.CLONE_NEWUSER),
    "mnt": int(flags.CLONE_NEWNS),
    "net": int(flags.CLONE_NEWNET),
    "ipc": int(flags.CLONE_NEWIPC),
    "uts": int(flags.CLONE_NEWUTS),
    "cgroup": int(flags.CLONE_NEWCGROUP),
    "pid": int(flags.CLONE_NEWPID),
}
# By their names in /proc/PID/limits. Those of memory and time would end the helper, not show anything.
_LIMITS = {
    "Max open files": resource.RLIMIT_NOFILE,
    "Max processes": resource.RLIMIT_NPROC,
    "Max locked memory": resource.RLIMIT_MEMLOCK,
    "Max pending signals": 11,
    "Max msgqueue size": 12,
    "Max nice priority": 13,
    "Max realtime priority": 14,
}
_SETS = ("Eff", "Prm", "Inh")


class ElsewhereError(Exception):
    """The helper cannot stand where the thread stands. step: what failed."""


class Standpoint:
    """Where a traced thread stands, as its tracer sees it while it is stopped."""

    __slots__ = ("capabilities", "folder", "groups", "namespaces", "no_new_privs", "pid", "tid", "users")

    def __init__(self, pid: int, tid: int) -> None:
        self.pid: int = pid
        self.tid: int = tid
        self.folder: str = f"/proc/{pid}/task/{tid}"
        status = fields(f"{self.folder}/status")
        self.users: tuple[int, ...] = tuple(map(int, status.get("Uid", "").split()))
        self.groups: tuple[tuple[int, ...], tuple[int, ...]] = (
            tuple(map(int, status.get("Gid", "").split())),
            tuple(map(int, status.get("Groups", "").split())),
        )
        self.capabilities: tuple[set[int], ...] = tuple(
            _capabilities(status.get(f"Cap{name}", "0")) for name in _SETS
        )
        self.no_new_privs: bool = status.get("NoNewPrivs") == "1"
        self.namespaces: tuple[str, ...] = tuple(name for name in _NAMESPACES if self._is_other(name))

    def _is_other(self, name: str) -> bool:
        try:
            return os.readlink(f"{self.folder}/ns/{name}") != os.readlink(f"/proc/self/ns/{name}")
        except FileNotFoundError:  # it has ended, or the kernel is older
            return False
        except OSError as error:
            raise ElsewhereError(f"its namespaces cannot be seen: {error.strerror}") from None


def fields(path: str) -> dict[str, str]:
    """The lines of a file of /proc as names and values."""
    found = read(path)
    lines = str(found.value or "").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def limits(pid: int) -> dict[str, tuple[int, int]]:
    """The limits of a process, soft and hard, by their names in /proc; -1 for none. Raises OSError."""
    with open(f"/proc/{pid}/limits") as file:
        next(file)
        return {line[:26].strip(): (_number(line[26:47]), _number(line[47:68])) for line in file}


def _number(text: str) -> int:
    return resource.RLIM_INFINITY if text.strip() == "unlimited" else int(text)


def _capabilities(text: str) -> set[int]:
    bits = int(text, 16)
    return {one for one in range(bits.bit_length()) if bits >> one & 1}


def join(place: Standpoint, numbers: Iterable[int]) -> None:
    """Make this process, a helper that was forked for it, stand where a thread stands.

    numbers: the descriptors that it is to have as the thread has them; others are this process's own.
    Forks once more for a namespace of process ids: only the child returns. Raises ElsewhereError.
    """
    step = "its process cannot be opened"
    try:
        pidfd = calls.pidfd_open(place.pid, 0)
        step = "its root and directory cannot be opened"
        root = os.open(f"{place.folder}/root", os.O_PATH | os.O_DIRECTORY)
        here = os.open(f"{place.folder}/cwd", os.O_PATH | os.O_DIRECTORY)
        step = "its limits cannot be taken"
        _limit(place.pid)
        step = "its descriptors cannot be copied"
        wanted = set(numbers)
        pidfd, root, here = (_elsewhere(fd, wanted) for fd in (pidfd, root, here))
        for number in wanted:
            _copy(pidfd, number)
        step = "its user and groups cannot be taken"
        _become(place)
        step = "its namespaces cannot be joined"
        if place.namespaces:
            calls.setns(pidfd, sum(_NAMESPACES[name] for name in place.namespaces))
        step = "its root cannot be entered"
        os.fchdir(root)
        if not os.path.samestat(os.fstat(root), os.stat("/")):
            os.chroot(".")
        step = "its directory cannot be entered"
        os.fchdir(here)
        if "pid" in place.namespaces:
            step = "its namespace of process ids has no process left"
            _go_on_in_a_child()
        step = "its capabilities cannot be taken"
        _give_up(place)
    except OSError as error:
        raise ElsewhereError(f"{step}: {error.strerror or error}") from None


def _elsewhere(fd: int, wanted: set[int]) -> int:
    """The descriptor under a number that is not wanted for another one."""
    if fd not in wanted:
        return fd
    moved = os.dup(fd)
    return _elsewhere(moved, wanted)


def _copy(pidfd: int, number: int) -> None:
    """Have what the thread has under this number, or nothing."""
    try:
        copied = calls.pidfd_getfd(pidfd, number, 0)
    except errors.EBADF:
        try:
            os.close(number)
        except OSError:
            pass
        return
    if copied != number:
        os.dup2(copied, number)
        os.close(copied)


def _limit(pid: int) -> None:
    told = limits(pid)
    for name, number in _LIMITS.items():
        soft, hard = told[name]
        most = resource.getrlimit(number)[1]
        if most != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or hard > most):
            hard = most
        resource.setrlimit(number, (soft, hard))


def _become(place: Standpoint) -> None:
    """Take its ids, as this user namespace has them, and keep all capabilities for the steps after this."""
    users, (main, further) = place.users, place.groups
    if UNMAPPED in users and os.getresuid() != users[:3] and not is_first():
        raise ElsewhereError("its user has no number here")
    if sorted(further) != sorted(os.getgroups()):
        os.setgroups(further)
    if main[:3] != os.getresgid():
        os.setresgid(*main[:3])
    if users[:3] != os.getresuid():
        held = calls.capget()
        direct.prctl(flags.PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setresuid(*users[:3])
        calls.capset(held)
        direct.prctl(flags.PR_SET_DUMPABLE, 1, 0, 0, 0)  # so that it may read its own /proc


def is_first() -> bool:
    """Whether this is the first user namespace, in which each number stands for itself."""
    return str(read("/proc/self/uid_map").value).split() == ["0", "0", "4294967295"]


def _go_on_in_a_child() -> None:
    pid = fork()
    if pid:
        try:
            os.waitpid(pid, 0)
        finally:
            os._exit(0)


def _give_up(place: Standpoint) -> None:
    """Have its capabilities and no others."""
    if place.no_new_privs:
        direct.prctl(flags.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    own = calls.capget()
    if (own.effective, own.permitted, own.inheritable) != place.capabilities:
        calls.capset(Capabilities(*place.capabilities))
