"""Another process, as far as /proc shows it, and what this thread is to it."""

from __future__ import annotations

import errno
import os

from pysys import calls
from pysys.diagnosis import namespaces
from pysys.diagnosis.facts import read
from pysys.diagnosis.failures.finding import Finding, judged
from pysys.diagnosis.failures.rights import has, is_mapped
from pysys.metadata.light import Record

UNMAPPED = 65534  # what ids are shown as that the user namespace lacks


class Process(Record):
    """A process or thread.

    pid: its id. fields: those of its status. plain_owner: whom the file of its status belongs to: the
        effective user, or root where the process is not dumpable.
    """

    pid: int
    fields: dict[str, str]
    plain_owner: int

    def numbers(self, field: str) -> tuple[int, ...]:
        """A field's numbers: "Uid" and "Gid" have the real, effective, saved and filesystem's."""
        return tuple(map(int, self.fields.get(field, "").split()))

    def number(self, field: str) -> int:
        """A field's number, 0 where an older kernel lacks it."""
        return (*self.numbers(field), 0)[0]

    @property
    def state(self) -> str:
        """One letter: Z, a zombie; t, stopped for its tracer."""
        return self.fields.get("State", "?")[:1]

    @property
    def permitted(self) -> int:
        """The mask of its permitted capabilities."""
        return int(self.fields.get("CapPrm", "0"), 16)

    def __str__(self) -> str:
        return f"{self.pid} ({self.fields.get('Name', '?')})"


def shows_own() -> bool:
    """Whether /proc is that of this pid namespace, so that ids mean there what they mean to calls."""
    try:
        return os.readlink("/proc/self") == str(os.getpid())
    except OSError:
        return False


def find(pid: int) -> Process | None:
    """A process or thread by its id; None if it cannot be seen."""
    if pid <= 0 or not shows_own():
        return None
    path = f"/proc/{pid}/status"
    text = read(path)
    if not text:
        return None
    fields = (line.partition(":") for line in text.value.splitlines())
    try:
        return Process(pid, {name: value.strip() for name, _, value in fields}, os.stat(path).st_uid)
    except OSError:
        return None


def is_there(pid: int) -> bool | None:
    """Whether this pid namespace has a process or thread of this id, below 0 a group; zombies count."""
    try:
        calls.kill(pid, 0)  # which sends nothing
    except OSError as error:
        return {errno.ESRCH: False, errno.EPERM: True}.get(error.errno or 0)
    return True


def absent(pid: int) -> Finding:
    """ESRCH: whether there is no such process."""
    there = is_there(pid)
    return judged(
        None if there is None else not there,
        f"There is no process or thread {pid} in this pid namespace.",
        f"There is a process or thread {pid}.",
        f"kill({pid}, 0)",
        "it has ended, or the id is that of another pid namespace",
    )


class Pidfd(Record):
    """What a pidfd is of. pid: -1 if the process has ended and was waited for, 0 if it is not to be seen
    from this pid namespace, None if the descriptor is not a pidfd or cannot be read."""

    pid: int | None
    read: str


def of_pidfd(fd: int) -> Pidfd:
    """The process of a pidfd; a descriptor of /proc/PID is one to some calls."""
    path = f"/proc/thread-self/fdinfo/{fd}"
    if not shows_own():
        return Pidfd(None, "/proc is not that of this pid namespace")
    text = read(path)
    for line in text.value.splitlines() if text else ():
        if line.startswith("Pid:"):
            return Pidfd(int(line.split()[1]), f"{path}: {' '.join(line.split())}")
    return Pidfd(None, f"{path} has no Pid" if text else text.unknown)


def in_same_namespace(pid: int) -> bool | None:
    """Whether it is in this thread's user namespace; None if that cannot be seen."""
    own = namespaces.inode("user")
    try:
        return os.stat(f"/proc/{pid}/ns/user").st_ino == own.value if own else None
    except OSError:
        return None


def lacks(capability: int, target: Process) -> bool | None:
    """Whether this thread lacks a capability in the user namespace of a process; None if it is not known."""
    held, same = has(capability), in_same_namespace(target.pid)
    if held is None:
        return None
    if held:
        return False if same else None
    # Who owns a namespace has all capabilities in it, and could also see it.
    return True if same is not False else None


def differ(own: int, theirs: tuple[int, ...], kind: str) -> bool | None:
    """Whether one of these ids is another than this one; None if both may only be shown alike."""
    if any(one != own for one in theirs):
        return True
    return None if own == UNMAPPED and not is_mapped(kind, own) else False
