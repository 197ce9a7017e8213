"""Typed calls whose results are values: processes that end, their limits and their memory."""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import integers, iterables
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.doc import documented_call
from pysys.structures.messages import checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from pysys._types import Buffer

_INFINITY = (1 << 64) - 1
_WORD = 0, (1 << 8 * ffi.sizeof("long")) - 1


@documented_call
def wait4(upid: int, options: int = 0) -> tuple[int, int, structures.rusage]:
    """wait4(2): wait for a child: its process id, its status, and what it used.

    upid: the child's id; -1 for any, 0 for any of this process group, below that for any of the group -upid.
    options: flags.WaitOptions; with WNOHANG and no child that has changed, the id is 0.

    os.waitstatus_to_exitcode, os.WIFSTOPPED and their like read the status.

    Returns these three: the id, the status, structures.rusage.

    Raises: ECHILD if there is no such child. Since Linux 1.0.
    """
    status = ffi.new("int *")
    used = structures.rusage()
    pid = resolved.wait4(upid, status, options, used)
    return pid, status[0], used


@documented_call
def waitid(which: int, upid: int, options: int) -> tuple[structures.siginfo, structures.rusage] | None:
    """waitid(2): wait for a child to change: what became of it (siginfo), and what it used (rusage).

    which: flags.WaitIdType. upid: the id of that type: a process, a group, a pidfd.
    options: flags.WaitOptions: which changes count, WEXITED, WSTOPPED, WCONTINUED.

    Returns structures.siginfo and structures.rusage, or None with WNOHANG where no child has changed.

    Raises: ECHILD if there is no such child. Since Linux 2.6.9.
    """
    found, used = structures.siginfo(), structures.rusage()
    direct.waitid(which, upid, found, options, used)
    return (found, used) if found.si_signo else None


@documented_call
def prlimit64(
    pid: int, resource: int, new_rlim: structures.rlimit64 | tuple[int, int] | None = None
) -> structures.rlimit64:
    """prlimit64(2): the limits on a resource as they were (rlim_cur, rlim_max), and set them if told to.

    pid: the process, 0 for this one. resource: flags.RlimitResource.
    new_rlim: a pair of the soft and the hard limit, -1 for none, or structures.rlimit64. Without a limit is
        2**64 - 1 in the structure.

    Returns structures.rlimit64, the limits as they were.

    Raises: EPERM for a hard limit that is raised without CAP_SYS_RESOURCE. Since Linux 2.6.36.
    """
    if isinstance(new_rlim, tuple):
        limits = iterables.parts("prlimit64: new_rlim", new_rlim, "(soft, hard)")
        soft, hard = (integers.within("prlimit64: new_rlim", limit, (-1, _INFINITY)) for limit in limits)
        new_rlim = structures.rlimit64(rlim_cur=soft & _INFINITY, rlim_max=hard & _INFINITY)
    elif new_rlim is not None and not isinstance(new_rlim, structures.rlimit64):
        kind = type(new_rlim).__name__
        raise TypeError(f"prlimit64: new_rlim must be (soft, hard) or structures.rlimit64, not {kind}")
    before = structures.rlimit64()
    direct.prlimit64(pid, resource, new_rlim, before)
    return before


@documented_call
def getrusage(who: int = 0) -> structures.rusage:
    """getrusage(2): what this process has used: time, memory, faults, switches.

    who: flags.RusageWho: RUSAGE_SELF (0), RUSAGE_CHILDREN those that were waited for, RUSAGE_THREAD.

    Returns structures.rusage.

    Since Linux 1.0.
    """
    found = structures.rusage()
    direct.getrusage(who, found)
    return found


def _remote(title: str, pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Addresses and lengths in another process."""
    found = []
    for index, one in enumerate(iterables.items(title, pieces, "(address, length)")):
        address, length = iterables.parts(f"{title}[{index}]", one, "(address, length)")
        found.append(
            (
                integers.within(f"{title}[{index}]", address, _WORD),
                integers.count(f"{title}[{index}]", length),
            )
        )
    return found


def _iovecs(pieces: list[tuple[int, int]]) -> Any:
    return structures.iovec.array([{"iov_base": address, "iov_len": length} for address, length in pieces])


@documented_call
def process_vm_readv(pid: int, rvec: Iterable[tuple[int, int]], flags: int = 0) -> bytes:
    """process_vm_readv(2): bytes from the memory of another process.

    pid: the process.
    rvec: pairs of an address there and a length, at most 1024; what they cover comes in one piece. It ends
        at the first of them that cannot be read.
    flags: 0.

    Returns the bytes that were read.

    Raises: EPERM if ptrace would not be allowed, EFAULT if nothing could be read. Since Linux 3.2.
    """
    pieces = _remote("process_vm_readv: rvec", rvec)
    buffer = bytearray(sum(length for _, length in pieces))
    count = direct.process_vm_readv(
        pid, structures.iovec.over([buffer]), 1, _iovecs(pieces), len(pieces), flags
    )
    return bytes(memoryview(buffer)[:count])


@documented_call
def process_vm_writev(
    pid: int, lvec: Sequence[Buffer], rvec: Iterable[tuple[int, int]], flags: int = 0
) -> int:
    """process_vm_writev(2): write into the memory of another process. Returns how many bytes were written.

    pid: the process.
    lvec: the bytes, in buffers. rvec: pairs of an address there and a length. At most 1024 of each. It ends
        at the first piece that cannot be written.
    flags: 0.

    Raises: EPERM if ptrace would not be allowed, EFAULT if nothing could be written. Since Linux 3.2.
    """
    local = structures.iovec.over(checked("process_vm_writev: lvec", lvec))
    pieces = _remote("process_vm_writev: rvec", rvec)
    return direct.process_vm_writev(pid, local, len(local), _iovecs(pieces), len(pieces), flags)
