"""Begins to trace a process that runs already, and lets traced threads go on without a tracer."""

from __future__ import annotations

import os
from signal import SIGTRAP
from sys import byteorder
from time import sleep

from pysys import errors, flags, structures
from pysys._native import ffi
from pysys.calls import direct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

__all__ = ["release", "seize"]

SEIZE, INTERRUPT = int(flags.PTRACE_SEIZE), int(flags.PTRACE_INTERRUPT)
_DETACH, GET_SIGNAL = int(flags.PTRACE_DETACH), int(flags.PTRACE_GETSIGINFO)
GET_MESSAGE = int(flags.PTRACE_GETEVENTMSG)
BIRTHS = (int(flags.PTRACE_EVENT_FORK), int(flags.PTRACE_EVENT_VFORK), int(flags.PTRACE_EVENT_CLONE))
_AT_CALL = int(SIGTRAP) | 0x80  # si_code of a stop at a call
_WAIT = os.WNOHANG | int(flags.WALL) | int(flags.WNOTHREAD)
_ORDER: Literal["little", "big"] = "little" if byteorder == "little" else "big"
_LOOK_AGAIN = 0.001  # seconds between two looks


def seize(pid: int, options: int) -> Iterator[int]:
    """Attach to all threads of a process, and have each stop. Yields their ids.

    Raises the error of the first thread's ptrace; errors.ESRCH where there is no such process.
    """
    seen: set[int] = set()
    while new := set(_threads(pid)) - seen:  # those that run may start others
        for tid in sorted(new, key=lambda one: (one != pid, one)):
            seen.add(tid)
            try:
                direct.ptrace(SEIZE, tid, None, options)
                yield tid
                direct.ptrace(INTERRUPT, tid, None, None)
            except errors.ESRCH:  # it has ended
                if tid == pid and len(seen) == 1:
                    raise
            except errors.EPERM:  # it is one that a seized thread has started
                if len(seen) == 1:
                    raise


def _threads(pid: int) -> list[int]:
    try:
        return list(map(int, os.listdir(f"/proc/{pid}/task")))
    except OSError:
        raise errors.error(3, "ptrace") from None


def release(tids: Iterable[int]) -> None:
    """Detach from threads: each goes on as if it had never been traced, with the signal it was to get.

    One that waits for the child of a vfork stops only when that goes on: whichever has stopped is let go.
    """
    left = set(tids)
    running: set[int] = set()
    for tid in sorted(left):
        if not _let_go(tid, left):
            running.add(tid)
    for tid in running & left:
        try:
            direct.ptrace(INTERRUPT, tid, None, None)
        except errors.ESRCH:
            pass
    while left:
        for tid in sorted(left):
            try:
                found, status = os.waitpid(tid, _WAIT)
            except ChildProcessError:
                left.discard(tid)
                continue
            if found and not os.WIFSTOPPED(status):
                left.discard(tid)
            elif found:
                _let_go(tid, left)
            elif not os.path.exists(f"/proc/{tid}") or _is_dead(tid):
                left.discard(tid)
        if left:
            sleep(_LOOK_AGAIN)


def _is_dead(tid: int) -> bool:
    """Whether it is a first thread that has ended before others: of it, nothing comes until they end."""
    try:
        with open(f"/proc/{tid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def _let_go(tid: int, left: set[int]) -> bool:
    """Detach from a thread that has stopped; False for one that runs. What it has just made joins `left`."""
    info = structures.siginfo()
    signal = code = 0
    try:
        direct.ptrace(GET_SIGNAL, tid, None, info)
        signal, code = info.si_signo, info.si_code
    except errors.ESRCH:
        return False
    except errors.EINVAL:  # stopped with its process
        pass
    try:
        if code >> 8 in BIRTHS:
            message = bytearray(ffi.sizeof("long"))
            direct.ptrace(GET_MESSAGE, tid, None, message)
            left.add(int.from_bytes(message, _ORDER))
        if code == _AT_CALL or code >> 8 > 0:  # a stop that is only the tracer's
            signal = 0
        direct.ptrace(_DETACH, tid, None, signal or None)
    except errors.ESRCH:
        return False
    left.discard(tid)
    return True
