"""Typed calls whose results are values: signals. A set of them is a set of their numbers."""

from __future__ import annotations

import os

from pysys import structures
from pysys.arguments import descriptors, integers, memory
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._values import durations, sets
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Descriptor
    from pysys.calls._values.durations import Span
    from pysys.calls._values.sets import Signals

_SI_QUEUE = -1


@documented_call
def signalfd4(ufd: Descriptor, user_mask: Signals, flags: int = os.O_CLOEXEC) -> int:
    """signalfd4(2): a descriptor that becomes readable when one of these signals is pending.

    ufd: -1 for a new one; one that there is gets this set instead of its own.
    user_mask: the signals, by number; they have to be blocked, or they are delivered as ever.
    flags: flags.SignalfdFlags. signalfd_read reports which came.

    Returns its descriptor.

    Since Linux 2.6.27.
    """
    return direct.signalfd4(ufd, sets.sigset("signalfd4: user_mask", user_mask), sets.SIGSET, flags)


@documented_call
def signalfd(ufd: Descriptor, user_mask: Signals) -> int:
    """signalfd(2): as signalfd4 with no flags: the descriptor goes through exec.

    ufd, user_mask: as for signalfd4.

    Returns its descriptor.

    Since Linux 2.6.22.
    """
    return resolved.signalfd(ufd, sets.sigset("signalfd: user_mask", user_mask), sets.SIGSET)


def signalfd_read(ufd: Descriptor, count: int = 1) -> list[structures.signalfd_siginfo]:
    """read(2) of signalfd's descriptor: the signals that came, at most count of them. Waits for one.

    ufd: the descriptor.

    Returns a list of structures.signalfd_siginfo. Raises the documented errors of read (pysys.errors): EAGAIN
    with SFD_NONBLOCK if none came. Since Linux 2.6.22.
    """
    number = descriptors.descriptor("signalfd_read: ufd", ufd)
    size = structures.signalfd_siginfo._size
    buffer = bytearray(integers.count("signalfd_read: count", count) * size)
    filled = direct.read(number, buffer, len(buffer))
    view = memoryview(buffer)
    return [structures.signalfd_siginfo.from_bytes(view[at : at + size]) for at in range(0, filled, size)]


@documented_call
def rt_sigpending() -> set[int]:
    """rt_sigpending(2): the signals that are blocked and wait, for this thread or the process.

    Returns their numbers.

    Since Linux 2.2.
    """
    found = structures.sigset()
    direct.rt_sigpending(found, sets.SIGSET)
    return set(found.signals())


@documented_call
def rt_sigprocmask(how: int = 0, nset: Signals | None = None) -> set[int]:
    """rt_sigprocmask(2): the signals that this thread blocked, and block others if told to.

    how: flags.SigprocmaskHow. nset: the signals; None changes nothing. The C library keeps two or three for
        itself, from 32 on, and relies on their not being blocked: nothing leaves them out here.

    Returns the numbers of those that were blocked.

    Since Linux 2.2.
    """
    before = structures.sigset()
    after = None if nset is None else sets.sigset("rt_sigprocmask: nset", nset)
    direct.rt_sigprocmask(how, after, before, sets.SIGSET)
    return set(before.signals())


@documented_call
def rt_sigtimedwait(uthese: Signals, uts: Span | None = None) -> structures.siginfo:
    """rt_sigtimedwait(2): take one of these signals, which are blocked, as soon as it is pending.

    uthese: the signals.
    uts: how long to wait for one: seconds, (seconds, nanoseconds) or structures.timespec; None waits forever,
        0 not at all.

    Returns structures.siginfo of the signal.

    Raises: EAGAIN if none came in time, EINTR if the handler of another one ran. Since Linux 2.2.
    """
    found = structures.siginfo()
    resolved.rt_sigtimedwait(
        sets.sigset("rt_sigtimedwait: uthese", uthese),
        found,
        durations.timespec("rt_sigtimedwait: uts", uts),
        sets.SIGSET,
    )
    return found


def _queued(call: str, sig: int, value: structures.siginfo | int) -> structures.siginfo:
    if not isinstance(value, int):
        return value
    made: structures.siginfo = memory.made(
        call, structures.siginfo, {"si_signo": "sig", "si_int": "uinfo"}, si_signo=sig, si_int=value
    )
    made.si_code, made.si_pid, made.si_uid = _SI_QUEUE, os.getpid(), os.getuid()
    return made


@documented_call
def rt_sigqueueinfo(pid: int, sig: int, uinfo: structures.siginfo | int) -> None:
    """rt_sigqueueinfo(2): send a signal to a process, and a value with it.

    pid: the process. sig: a number or signal.Signals.
    uinfo: the value, an int of 32 bits, as sigqueue(3) sends it; or structures.siginfo, whose si_code
        must be negative for another process.

    Returns None.

    Raises: EAGAIN if too many signals are queued. Since Linux 2.2.
    """
    direct.rt_sigqueueinfo(pid, sig, _queued("rt_sigqueueinfo", sig, uinfo))


@documented_call
def rt_tgsigqueueinfo(tgid: int, pid: int, sig: int, uinfo: structures.siginfo | int) -> None:
    """rt_tgsigqueueinfo(2): as rt_sigqueueinfo, to one thread.

    tgid: the process. pid: the thread's id. sig, uinfo: as for rt_sigqueueinfo.

    Returns None.

    Since Linux 2.6.31.
    """
    direct.rt_tgsigqueueinfo(tgid, pid, sig, _queued("rt_tgsigqueueinfo", sig, uinfo))
