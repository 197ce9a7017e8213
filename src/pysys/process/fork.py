"""fork and vfork."""

from __future__ import annotations

from sys import audit

from pysys._native import lib
from pysys.metadata.doc import documented
from pysys.process.guards import create_plain, refuse_where_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

_LIBC_FORK, _FORK, _CLONE = lib.PYSYS_LIBC_FORK, lib.PYSYS_FORK, lib.PYSYS_CLONE
_CLONE_VFORK, _SIGCHLD = lib.CLONE_VFORK, lib.SIGCHLD


@documented("fork")
def fork(*, entry: Literal["libc", "kernel"] = "libc") -> int:
    """fork(2): split the running process in two; parent and child both go on from here.

    What os.fork does around the call is done here as well: hooks of os.register_at_fork, the audit
    event os.fork, the DeprecationWarning in a process with threads.

    entry: "libc" goes through the C library's fork, which runs pthread_atfork handlers. "kernel" issues
        the architecture's own call: its fork number where it has one, else, or where the kernel answers
        ENOSYS, clone with SIGCHLD. A process with threads gets there by way of a short-lived process of
        the C library's fork, and always through clone: otherwise the child could wait for ever for a
        lock of the allocator. The short-lived process counts for RLIMIT_NPROC and pids.max, is reaped
        here, and its SIGCHLD is seen; an os.wait() in another thread may return its id.

    Returns the child's process id in the parent, 0 in the child.

    Raises errors.EAGAIN, errors.ENOMEM, errors.ENOSYS; RuntimeError in a subinterpreter or at
    interpreter shutdown; what an audit hook raises. What a signal's handler raises in the parent before
    the id is returned, and, from Python 3.15 on, a warning that a filter makes an error, ends the child,
    which nobody would know of, and reaps it.
    """
    if entry == "libc":
        way = _LIBC_FORK
    elif entry == "kernel":
        way = _FORK
    else:
        raise ValueError(f"entry must be 'libc' or 'kernel', not {entry!r}")
    refuse_where_unsafe("fork")
    audit("os.fork")
    return create_plain("fork", way, _SIGCHLD)


@documented("vfork")
def vfork() -> int:
    """vfork(2): split the process in two and wait until the child has exec'd or exited.

    Returns twice, as fork does. The child has memory of its own, as POSIX allows, because Python code
    in memory that it shares with its parent would destroy the parent's stack: the call issued is clone
    with CLONE_VFORK and SIGCHLD. The call that shares memory, and therefore costs the same however
    large the parent is, is pysys.spawn. Hooks, audit event and warning are those of fork; in a process
    with threads the other Python threads run on while the caller waits.

    Returns the child's process id in the parent, 0 in the child.

    Raises errors.EAGAIN, errors.ENOMEM; RuntimeError in a subinterpreter or at interpreter shutdown;
    what an audit hook raises. An exception that comes before the id is returned ends what the child has
    become, as with fork. Since Linux 2.2.
    """
    refuse_where_unsafe("vfork")
    audit("os.fork")
    return create_plain("vfork", _CLONE, _CLONE_VFORK | _SIGCHLD)
