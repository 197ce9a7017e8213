"""What a trace consists of."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Call", "Ended", "Entered", "Event", "Executed", "Exiting", "Signalled", "Started", "Stopped"]


class Event:
    """Something that a traced thread did, or that happened to it.

    time: when it was seen, in seconds since 1970. pid, tid: the process and its thread, with the ids that
    they have for the tracer.
    """

    __slots__ = ("pid", "tid", "time")
    time: float
    pid: int
    tid: int

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        names = [name for kind in reversed(type(self).__mro__) for name in getattr(kind, "__slots__", ())]
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names if name != "time")
        return f"{type(self).__name__}({shown})"


class Entered(Event):
    """A call begins.

    name: the call's, "syscall_1000" for a number without one. number: its number on the ABI. abi: the ABI by
    which it is made, "i386"; "" for one that is not known. arguments: the kernel's names of the parameters
    and what was passed, memory that the kernel reads in place of its address. Numbers are int, or members of
    pysys.flags; paths and strings are str, structures those of pysys.structures, bytes Data, descriptors
    Descriptor, sets of signals SignalSet, arrays tuple; NULL is None, and what was not read an Address.
    """

    __slots__ = ("abi", "arguments", "name", "number")
    name: str
    number: int
    abi: str
    arguments: dict[str, Any]


class Call(Entered):
    """A call that has ended.

    written: the arguments that are memory to which the kernel has written, with what is there now. result:
    what it returned, -1 if it failed, None if that was not seen: it never returns, or its thread was ended.
    errno: the name of the error, "ENOENT", or "". restarted: of a call that a signal has interrupted, why it
    is or is not made again: "ERESTARTSYS", else "". duration: in seconds, from the entry to the exit, with
    what tracing takes.
    """

    __slots__ = ("duration", "errno", "restarted", "result", "written")
    written: dict[str, Any]
    result: Any
    errno: str
    restarted: str
    duration: float


class Signalled(Event):
    """A signal is delivered, or ignored; what it does comes after this.

    number, name: of the signal. code: si_code of its siginfo. sender: the pid that si_pid has, or 0.
    """

    __slots__ = ("code", "name", "number", "sender")
    number: int
    name: str
    code: int
    sender: int


class Stopped(Event):
    """A thread is stopped with its process, by SIGSTOP or its like. name: of the signal."""

    __slots__ = ("name",)
    name: str


class Started(Event):
    """A process or a thread begins. parent: the thread that made it, 0 where that is not known.

    It comes when the tracer first sees the new thread, which may be before the end of the call that made it.
    """

    __slots__ = ("parent",)
    parent: int


class Executed(Event):
    """The process runs another program now. former: the id that the calling thread had until then; its other
    threads are gone."""

    __slots__ = ("former",)
    former: int


class Exiting(Event):
    """A thread begins to end: its memory, descriptors and ids are still there.

    status: as that of Ended; of a thread that another one ends with its process, that of the process.
    """

    __slots__ = ("status",)
    status: int


class Ended(Event):
    """A thread has ended; the process as well, if pid and tid are the same.

    status: the exit status, or minus the signal that ended it. dumped: whether there is a core dump.
    """

    __slots__ = ("dumped", "status")
    status: int
    dumped: bool
