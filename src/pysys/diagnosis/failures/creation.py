"""Why no process or thread could be made."""

from __future__ import annotations

import os

from pysys import calls, errors, flags, ioctls
from pysys.diagnosis import cgroup, kernel
from pysys.diagnosis.facts import read, status, sysctl
from pysys.diagnosis.failures import arguments, tasks
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.privileges import OWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MAKE = frozenset(["fork", "vfork", "clone", "clone2", "clone3"])
# Functions that make a process or a thread, which are asked about like calls; and those that they make.
LIBRARY = dict.fromkeys(["spawn", "posix_spawn", "pthread_create"], ("clone3", "clone"))
_CHECKED = (6, 18)  # up to here at least, pid_for_children without a first process is not to be seen
_FULL = 0.98  # of memory.max


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EAGAIN and ENOMEM."""
    if call in ("execve", "execveat") and symbol == "EAGAIN":
        yield from _after_a_change_of_user()
    if call not in _MAKE and call not in LIBRARY:
        return
    asked = arguments.clone_flags(call, args)
    if symbol == "EAGAIN":
        yield from tasks.of_user()
        yield from tasks.of_cgroups(bool(asked & flags.CLONE_INTO_CGROUP))
        yield from tasks.of_machine()
        yield from tasks.of_ids()
        yield from tasks.of_deadline()
    elif symbol == "ENOMEM":
        yield from _first_process()
        if not asked & flags.CLONE_VM and call != "vfork" and call not in LIBRARY:
            yield from _promised()
        yield from _memory()


def _after_a_change_of_user() -> Iterator[Finding]:
    """RLIMIT_NPROC, which holds for execve only where a change of user exceeded it."""
    for one in tasks.of_user():
        fits = one.verdict is Verdict.PROVEN
        yield one._replace(verdict=Verdict.FITS) if fits else one


def _first_process() -> Iterator[Finding]:
    """Whether the first process of the children's pid namespace is alive."""
    path = f"{OWN}pid_for_children"
    try:
        own = os.stat(f"{OWN}pid")
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # it has had no process yet, or the kernel cannot say (before Linux 4.12)
    except OSError as error:
        text = "Whether the children's pid namespace has a first process is not known."
        yield Finding(Verdict.UNKNOWN, text, str(error))
        return
    try:
        if os.path.samestat(os.fstat(fd), own):
            text = "Children are made in this process's own pid namespace, which is alive."
            yield Finding(Verdict.EXCLUDED, text, path)
            return
        first = int(calls.ioctl(fd, ioctls.NS_GET_TGID_FROM_PIDNS, 1))
    except errors.ESRCH:
        now = kernel.version()
        certain = now and now.value <= _CHECKED
        text = (
            "The first process of the pid namespace in which children are made has ended: there are no more."
        )
        source = f"{path}: NS_GET_TGID_FROM_PIDNS finds no process 1"
        yield Finding(Verdict.PROVEN if certain else Verdict.FITS, text, source, _AGAIN)
        return
    except OSError as error:  # before Linux 6.11
        text = "Children are made in another pid namespace; whether its first process is alive is not known."
        yield Finding(Verdict.FITS, text, f"{path}: {error}", _AGAIN)
        return
    finally:
        os.close(fd)
    state = read(f"/proc/{first}/stat")
    if state and state.value.rpartition(")")[2].split()[0] in "ZX":
        text = f"Process {first}, the first of the pid namespace in which children are made, has ended."
        yield Finding(Verdict.PROVEN, text, f"{state.source}: a zombie", _AGAIN)
    else:
        text = f"Process {first}, the first of the pid namespace in which children are made, is alive."
        yield Finding(Verdict.EXCLUDED, text, path)


_AGAIN = "unshare(CLONE_NEWPID) once more in a new process, whose first child then lives on"


def _promised() -> Iterator[Finding]:
    """Strict overcommit: whether a copy of this process's memory can be promised."""
    mode = sysctl("vm.overcommit_memory")
    if not mode:
        yield Finding(Verdict.UNKNOWN, "How much memory may be promised is not known.", mode.unknown)
        return
    if mode.value != "2":
        text = "The kernel does not count promised memory strictly."
        yield Finding(Verdict.EXCLUDED, text, f"{mode.source}: {mode.value}")
        return
    found, own = read("/proc/meminfo"), status("VmData")
    fields = dict(line.split(":", 1) for line in found.value.splitlines()) if found else {}
    try:
        most, used = (int(fields[name].split()[0]) for name in ("CommitLimit", "Committed_AS"))
        mine = int(own.value.split()[0])
    except (KeyError, AttributeError):
        yield Finding(
            Verdict.UNKNOWN, "How much memory is promised is not known.", found.unknown or own.unknown
        )
        return
    source = f"CommitLimit {most} kB, Committed_AS {used} kB, VmData {mine} kB"
    if used + mine > most:
        text = (
            "vm.overcommit_memory is 2, and a copy of this process's memory is more than is left to promise."
        )
        yield Finding(Verdict.FITS, text, source, "vfork, spawn or CLONE_VM; vm.overcommit_ratio; swap")
    else:
        text = "A copy of this process's memory can be promised, although that is counted strictly."
        yield Finding(Verdict.EXCLUDED, text, source)


def _memory() -> Iterator[Finding]:
    """memory.max, along the path of cgroups."""
    found = cgroup.limits("memory")
    if not found:
        yield Finding(Verdict.UNKNOWN, "The memory limit of the cgroup is not to be seen.", found.unknown)
        return
    limited = [one for one in found.value if one.limit.isdecimal() and one.used.isdecimal()]
    for one in limited:
        source = f"{one.path}: memory {one.used} of {one.limit}"
        if int(one.used) >= int(one.limit) * _FULL:
            text = f"The cgroup {one.path} has nearly as much memory as it may."
            yield Finding(Verdict.FITS, text, source, "memory.events; memory.max")
        else:
            text = f"The cgroup {one.path} may have more memory."
            yield Finding(Verdict.EXCLUDED, text, source)
