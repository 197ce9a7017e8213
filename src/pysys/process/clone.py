"""clone: what most calls ask for. clone_request has the rest."""

from __future__ import annotations

from pysys._native import abandon_plain, create_plain, lib
from pysys._native import ticket as new_ticket
from pysys.doc import documented
from pysys.loading import hold, load
from pysys.process.guards import PLAIN, too_late, unusual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pysys._types import Buffer, NativeFunction

hold("", "owner")
hold("arguments", "integers iterables memory objects protocols")
hold("process", "clone_request")

# clone's own arguments, compared by identity: what is equal to them may be of the wrong type.
_CLONE, _SIGCHLD = lib.PYSYS_CLONE, lib.SIGCHLD
_NO_ARGUMENTS: tuple[()] = ()


@documented("clone")
def clone(
    flags: int = 0,
    *,
    exit_signal: int = lib.SIGCHLD,
    fn: Callable[..., int | None] | NativeFunction | None = None,
    args: Sequence[object] = (),
    arg: object = None,
    stack: Buffer | None = None,
    parent_tid: Buffer | None = None,
    child_tid: Buffer | None = None,
    pidfd: Buffer | None = None,
) -> int:
    """clone(2): make a new process that shares with this one what the flags say.

    flags: of pysys.CloneFlags, without the exit signal. A buffer below sets the flag that it is for.
    exit_signal: the signal that the parent gets when the child ends, 0 for none; a child with another signal
        than SIGCHLD is waited for with __WALL or __WCLONE.
    fn: what the child does. None: the call returns in the child too, as fork does. A Python callable: the
        child runs fn(*args) and ends with its result as exit status (None is 0; an exception is printed and
        gives 1), after all threads that it started have ended, except daemons. sys.stdout and sys.stderr are
        flushed, fn has to close other files, no atexit callback runs. A CFFI pointer `int (*)(void *)`: the
        child runs fn(arg), natively. It must not lead back to Python: a pointer that ffi.callback made is
        refused; but a callback that was cast, one of ctypes and a function of `extern "Python"` look like
        any other pointer. A child that restricts itself (chroot, pivot_root, Landlock, another user) cannot
        load what it has not used before: import its calls by name, or call pysys.preload(), before clone.
    args, arg: the arguments of a Python fn; the argument of a native one, a CFFI pointer, None for NULL.
    stack: with CLONE_VM, which takes only a native fn: the memory of the child's stack, a writable buffer of
        any alignment that has to live until the child has ended; errors.EINVAL for about 1 KiB or less.
    parent_tid, child_tid: where CLONE_PARENT_SETTID, and CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID
        store the child's id: writable buffers of 4 bytes.
    pidfd: where CLONE_PIDFD stores a descriptor of the child, close-on-exec: a writable buffer of 4 bytes;
        not with parent_tid. Since Linux 5.2.

    In a process with threads the child is made through a short-lived middle process (see pysys.fork); what
    cannot be shared then is refused. The audit event is pysys.clone, with flags and exit_signal.

    Returns the child's process id in the parent, 0 in a child that returns. What a signal handler raises
    before that ends the child and closes its pidfd, as with fork.

    Raises errors.RefusedError for what would corrupt the interpreter (CLONE_VM with Python code,
    CLONE_THREAD, CLONE_SETTLS), for what a process with threads cannot share, and if sys.stdout cannot be
    flushed before a Python fn; the documented errors of the call (errors.EINVAL for contradictory flags,
    errors.EPERM for a namespace without the capability, ...); TypeError and ValueError for an argument;
    RuntimeError in a subinterpreter or at interpreter shutdown; what an audit hook raises. Since Linux 1.0;
    its flags say since when they are known.
    """
    if (
        type(flags) is int
        and not flags & ~PLAIN
        and exit_signal is _SIGCHLD
        and fn is None
        and args is _NO_ARGUMENTS
        and arg is None
        and stack is None
        and parent_tid is None
        and child_tid is None
        and pidfd is None
    ):
        ticket = new_ticket()
        try:
            pid = create_plain(ticket, _CLONE, flags | exit_signal, too_late)
            return pid if pid >= 0 else unusual("clone", pid, flags | exit_signal)
        except BaseException:
            abandon_plain(ticket)
            raise
    request = load("pysys.process.clone_request", "pysys.clone")
    made: int = request.clone(flags, exit_signal, fn, args, arg, stack, parent_tid, child_tid, pidfd)
    return made
