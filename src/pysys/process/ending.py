"""What ended a process, in words.

Loaded when it is first needed, and held in memory until then (pysys.process.child).
"""

from __future__ import annotations

import _signal  # signal itself imports enum
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

# By the signal, and how its sentence goes on. Who sends such a signal by kill makes it look the same.
_REASONS: dict[int, tuple[Literal["filter", "cpu time", "file size"], str]] = {
    _signal.SIGSYS: ("filter", "a filter (seccomp) ends a process so, for a system call that it made"),
    _signal.SIGXCPU: ("cpu time", "it used all the processor time that RLIMIT_CPU allows"),
    _signal.SIGXFSZ: ("file size", "a file was to become larger than RLIMIT_FSIZE allows"),
}


class Ending:
    """What ended a process. str() of it is a sentence.

    returncode: its exit status, or minus the signal that ended it.
    signal: that signal; None after an exit.
    core: whether the kernel dumped core.
    cause: "exit"; "memory": it was killed, and meanwhile its cgroup has lost a process because memory ran
        out, which is known where spawn was given a cgroup with the memory controller; "filter", "cpu time",
        "file size": the signal that a seccomp filter, RLIMIT_CPU or RLIMIT_FSIZE sends, and few others do;
        "signal": any other one. The kernel does not record who sent it. With spawn(init=True) a signal is
        an exit with 128 plus its number.
    """

    __module__ = "pysys"  # the public name
    __slots__ = ("_more", "cause", "core", "returncode", "signal")

    returncode: int
    signal: int | None
    core: bool
    cause: Literal["exit", "signal", "memory", "filter", "cpu time", "file size"]

    def __init__(self, returncode: int, core: bool, memory: str = "") -> None:
        self.returncode = returncode
        self.core = core
        self.signal = None if returncode >= 0 else -returncode
        self._more = ""
        if self.signal is None:
            self.cause = "exit"
        elif memory:
            self.cause, self._more = "memory", memory
        elif self.signal in _REASONS:
            self.cause, self._more = _REASONS[self.signal]
        else:
            self.cause, self._more = "signal", _signal.strsignal(self.signal) or ""

    def __str__(self) -> str:
        if self.signal is None:
            return f"exited with status {self.returncode}"
        core = " and dumped core" if self.core else ""
        more = f": {self._more}" if self._more else ""
        return f"ended by {_name(self.signal)}{core}{more}"

    def __repr__(self) -> str:
        return f"<pysys.Ending: {self}>"


def _name(number: int) -> str:
    for name, value in sorted(vars(_signal).items()):
        if name.startswith("SIG") and "_" not in name and value == number and not name.startswith("SIGRT"):
            return str(name)
    first = _signal.SIGRTMIN
    return f"SIGRTMIN+{number - first}" if number >= first else f"signal {number}"


def found(returncode: int, core: int, before: tuple[str, int] | None) -> Ending:
    """What ended a process whose cgroup, a path, had lost that many processes for lack of memory."""
    memory = ""
    if returncode == -_signal.SIGKILL and before is not None:
        folder, count = before
        now = _count(folder)
        if now is not None and now > count:
            memory = f"memory ran out in {folder} (oom_kill rose from {count} to {now} while it ran)"
    return Ending(returncode, bool(core), memory)


def oom_kills(cgroup: str | bytes | os.PathLike[str] | os.PathLike[bytes] | int) -> tuple[str, int] | None:
    """A cgroup's path, and how many of its processes were killed because memory ran out; None if that is
    unknown. cgroup: its directory, or a descriptor of it."""
    try:
        if isinstance(cgroup, int):
            folder = os.readlink(f"/proc/self/fd/{cgroup}")
        else:
            folder = os.path.abspath(os.fsdecode(cgroup))
    except OSError:
        return None
    count = _count(folder)
    return None if count is None else (folder, count)


def _count(folder: str) -> int | None:
    for file in ("memory.events", "memory.oom_control"):  # of version 2 and 1 (Linux 4.13)
        try:
            fd = os.open(f"{folder}/{file}", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            lines = os.read(fd, 4096).split(b"\n")
        except OSError:
            continue
        finally:
            os.close(fd)
        for line in lines:
            if line.startswith(b"oom_kill "):
                return int(line[9:])
    return None
