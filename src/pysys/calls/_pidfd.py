"""Typed calls whose results are values: descriptors of processes.

pysys.Child and waitid (P_PIDFD) wait for one.
"""

from __future__ import annotations

from pysys import structures
from pysys.arguments import descriptors, memory
from pysys.calls import direct
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Descriptor

_PIDFD_GET_INFO = 0xC000FF0B  # _IOWR(0xFF, 11), the same on all ABIs, without the size
_EVERYTHING = 0xFF


@documented_call
def pidfd_open(pid: int, flags: int = 0) -> int:
    """pidfd_open(2): a descriptor of a process, closed by exec, which no other process takes over.

    pid: the id of a process; with PIDFD_THREAD in flags, of any thread.
    flags: flags.PidfdFlags.

    Returns the descriptor.

    Since Linux 5.3.
    """
    return direct.pidfd_open(pid, flags)


@documented_call
def pidfd_getfd(pidfd: Descriptor, fd: int, flags: int = 0) -> int:
    """pidfd_getfd(2): a copy of another process's descriptor, closed by exec.

    pidfd: the process.
    fd: its number there. flags: 0. Who may ptrace the process may do this.

    Returns its number here.

    Since Linux 5.6.
    """
    return direct.pidfd_getfd(pidfd, fd, flags)


@documented_call
def pidfd_send_signal(
    pidfd: Descriptor, sig: int, info: structures.siginfo | None = None, flags: int = 0
) -> None:
    """pidfd_send_signal(2): send a signal to the process that a descriptor stands for.

    pidfd: the process: a descriptor of pidfd_open, clone or spawn.
    sig: a number or signal.Signals; 0 only looks whether it can be sent.
    info: what the receiver is told; None: as kill does. flags: flags.PidfdSignalFlags.

    Returns None.

    Raises: ESRCH if the process has ended and was waited for. Since Linux 5.1.
    """
    direct.pidfd_send_signal(pidfd, sig, info, flags)


def pidfd_info(pidfd: Descriptor, mask: int = _EVERYTHING) -> structures.pidfd_info:
    """ioctl(2) with PIDFD_GET_INFO: ids of a process, and how it ended, also after it was waited for.

    pidfd: that of the process.
    mask: flags.PidfdInfoMask, what to ask for: everything if nothing is said.

    Returns structures.pidfd_info, of which `mask` says what was answered; exit_code is as wait4 gives it.

    Raises the documented errors of ioctl (pysys.errors): ENOTTY where the kernel does not know it (EINVAL
    from 6.9 to 6.12), ESRCH if the process is gone and its end was not asked for. Since Linux 6.13.
    """
    found: structures.pidfd_info = memory.made("pidfd_info", structures.pidfd_info, mask=mask)
    direct.ioctl(
        descriptors.descriptor("pidfd_info: pidfd", pidfd), _PIDFD_GET_INFO | found.nbytes << 16, found
    )
    return found
