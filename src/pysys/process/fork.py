"""fork and vfork."""

from __future__ import annotations

from pysys._native import abandon_plain, create_plain, lib
from pysys._native import ticket as new_ticket
from pysys.doc import documented
from pysys.process.guards import too_late, unusual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

_LIBC_FORK, _FORK, _VFORK = lib.PYSYS_LIBC_FORK, lib.PYSYS_FORK, lib.PYSYS_VFORK
_SIGCHLD, _SUSPENDED = lib.SIGCHLD, lib.CLONE_VFORK | lib.SIGCHLD


@documented("fork")
def fork(*, entry: Literal["libc", "kernel"] = "libc") -> int:
    """fork(2): make a copy of this process, which continues from here as well.

    pysys does around the call what os.fork does: it runs the hooks of os.register_at_fork, raises the audit
    event os.fork, and gives the DeprecationWarning in a process with threads.

    entry: "libc" calls the C library's fork, which runs pthread_atfork handlers. "kernel" issues the
        architecture's own call: its fork number if it has one; otherwise, or if the kernel answers ENOSYS,
        clone with SIGCHLD. In a process with threads the child is made through a short-lived middle
        process, which the C library's fork makes, and always by clone: otherwise the child could wait
        forever for a lock of the allocator. The middle process counts for RLIMIT_NPROC and pids.max and is
        reaped here, but its SIGCHLD is visible, and os.wait() in another thread may return its id.

    Returns the child's process id in the parent, 0 in the child.

    Raises errors.EAGAIN (a limit of processes, pids.max), errors.ENOMEM, errors.ENOSYS; ValueError for
    another entry; errors.RefusedError for entry="kernel" in a process with threads whose children go into
    another pid namespace; RuntimeError in a subinterpreter or at interpreter shutdown; what an audit hook
    raises. If a signal handler raises in the parent before the id is returned, or, from Python 3.15 on, a
    filter turns the warning into an error, the child is ended and reaped, because the caller does not
    learn its id. Since Linux 1.0.
    """
    if entry == "libc":
        way = _LIBC_FORK
    elif entry == "kernel":
        way = _FORK
    else:
        shown = repr(entry) if isinstance(entry, str) else type(entry).__name__
        raise ValueError(f"fork: entry must be 'libc' or 'kernel', not {shown}")
    ticket = new_ticket()
    try:
        pid = create_plain(ticket, way, _SIGCHLD, too_late)
        return pid if pid >= 0 else unusual("fork", pid)
    except BaseException:
        abandon_plain(ticket)
        raise


@documented("vfork")
def vfork() -> int:
    """vfork(2): make a copy of this process, and wait until it has exec'd or exited.

    Returns twice, as fork does. The child has its own copy of the memory, as POSIX allows, because Python
    code in memory that it shares with its parent would destroy the parent's stack: the call issued is clone
    with CLONE_VFORK and SIGCHLD. pysys.spawn is the call that shares memory, and therefore costs the same
    however large the parent is. Hooks, audit event, warning and, in a process with threads, the middle
    process are those of fork(entry="kernel"); other Python threads continue while the caller waits.

    Returns the child's process id in the parent, 0 in the child.

    Raises errors.EAGAIN, errors.ENOMEM; errors.RefusedError in a process with threads whose children go into
    another pid namespace; RuntimeError in a subinterpreter or at interpreter shutdown; what an audit hook
    raises. An exception that comes before the id is returned ends the child, or the program that it has
    become, as with fork. Since Linux 2.2.
    """
    ticket = new_ticket()
    try:
        pid = create_plain(ticket, _VFORK, _SUSPENDED, too_late)
        return pid if pid >= 0 else unusual("vfork", pid)
    except BaseException:
        abandon_plain(ticket)
        raise
