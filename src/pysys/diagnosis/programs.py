"""The programs of another process's filters, where the kernel shows them."""

from __future__ import annotations

import errno
import os

from pysys import numbers, seccomp
from pysys._native import ffi, lib
from pysys.diagnosis.facts import Fact, unknown

_SEIZE, _INTERRUPT, _DETACH, _GET_FILTER = 0x4206, 0x4207, 17, 0x420C
_WALL = 0x40000000
_SIZE = 8  # bytes of an instruction
ONLY_FOR_OTHERS = (
    "the kernel shows a filter's program only to another process, which has no filter, and CAP_SYS_ADMIN in "
    "the first user namespace"
)


def programs(pid: int) -> Fact:
    """The programs of all filters of a thread, the oldest first, each a tuple of seccomp.Instruction.

    pid: the id of a process's first thread, or of another thread. It is stopped for a moment, as by a
        debugger, and goes on.

    The caller needs CAP_SYS_ADMIN in the first user namespace, may not have a filter itself, and must be
    allowed to trace the process; otherwise the fact is unknown, with the reason. Since Linux 4.4, in a kernel
    with CONFIG_CHECKPOINT_RESTORE.
    """
    source = "ptrace(PTRACE_SECCOMP_GET_FILTER)"
    try:
        _ptrace(_SEIZE, pid)
    except OSError as error:
        return unknown("ptrace(PTRACE_SEIZE)", error)
    try:
        _ptrace(_INTERRUPT, pid)
        os.waitpid(pid, _WALL)
        return of_tracee(pid)
    except OSError as error:
        return unknown(source, error)
    finally:
        try:
            _ptrace(_DETACH, pid)
        except OSError:  # it has ended
            pass


def of_tracee(tid: int) -> Fact:
    """The same of a thread that this thread traces and that has stopped."""
    source = "ptrace(PTRACE_SECCOMP_GET_FILTER)"
    found: list[tuple[seccomp.Instruction, ...]] = []
    try:
        while (program := _program(tid, len(found))) is not None:
            found.append(program)
    except OSError as error:
        why = f"{ONLY_FOR_OTHERS} ({source})" if error.errno == errno.EACCES else error
        return unknown(source, why)
    return Fact(tuple(found), source)


def _program(pid: int, index: int) -> tuple[seccomp.Instruction, ...] | None:
    """The program of a filter, None behind the last."""
    try:
        count = _ptrace(_GET_FILTER, pid, index)
    except OSError as error:
        # No such filter; EINVAL if there is not even one.
        if error.errno == errno.ENOENT or (error.errno == errno.EINVAL and not index):
            return None
        raise
    memory = ffi.new("char[]", count * _SIZE)
    _ptrace(_GET_FILTER, pid, index, memory)
    return seccomp.parse(ffi.buffer(memory)[:])


def _ptrace(request: int, pid: int, address: int = 0, data: object = 0) -> int:
    place = data if isinstance(data, int) else int(ffi.cast("uintptr_t", data))
    answer = lib.pysys_syscall4(numbers.number("ptrace"), request, pid, address, place)
    if answer < 0:
        raise OSError(-answer, os.strerror(-answer))
    return answer
