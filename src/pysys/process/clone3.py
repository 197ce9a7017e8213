"""clone3, as most calls need it, and CloneArgs, its argument. clone3_request has the rest."""

from __future__ import annotations

from pysys._native import abandon_plain, create_plain, lib
from pysys._native import ticket as new_ticket
from pysys.doc import documented
from pysys.loading import hint, hold, load
from pysys.process.guards import PLAIN, too_late, unusual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Never

    from pysys._types import Buffer, Descriptor, NativeFunction

hold("", "owner")
hold("arguments", "descriptors integers iterables memory objects protocols")
hold("process", "clone3_request clone_request")

# As in clone, what most calls have, compared by identity.
_CLONE3, _CLONE_PIDFD, _SIGCHLD = lib.PYSYS_CLONE3, lib.CLONE_PIDFD, lib.SIGCHLD
_MORE = ~(PLAIN | _CLONE_PIDFD)
_ZERO = 0
_NONE: tuple[()] = ()


class CloneArgs:
    """The argument of clone3(2): the kernel's struct clone_args, field by field.

    It may be used again: each call starts from what was asked for.

    flags: of pysys.CloneFlags. A field below sets the flag that it is for.
    pidfd: True for a descriptor of the child, close-on-exec. After a call that has made one it is the
        descriptor, which the caller has to close; after a call that failed, and in the child, it is again
        what was asked for.
    child_tid, parent_tid: writable buffers of 4 bytes for the child's id, stored in the child's memory
        and in the parent's.
    exit_signal: the signal that the parent gets when the child ends; 0 for none.
    stack: with CLONE_VM, which takes only a native fn: a writable buffer of any alignment. Or an address,
        handed to the kernel as it is.
    stack_size: with an address, the stack's length in bytes.
    tls: handed to the kernel as it is; with CLONE_SETTLS, which needs it, the call is refused.
    set_tid: the process ids that the child gets, innermost namespace first (Linux 5.5). In a process
        with threads errors.EEXIST may mean that the middle process has got the id: try again.
    cgroup: a descriptor of the cgroup2 directory that the child starts in (Linux 5.7).

    Raises TypeError for a pidfd that is neither True nor False; the other arguments are checked by the call.
    Since Linux 5.3.
    """

    __module__ = "pysys"  # the public name
    __slots__ = (
        "_pidfd",
        "_wants_pidfd",
        "cgroup",
        "child_tid",
        "exit_signal",
        "flags",
        "parent_tid",
        "set_tid",
        "stack",
        "stack_size",
        "tls",
    )
    _pidfd: int | None  # of the last child
    _wants_pidfd: bool

    def __init__(
        self,
        flags: int = 0,
        *,
        pidfd: bool = False,
        child_tid: Buffer | None = None,
        parent_tid: Buffer | None = None,
        exit_signal: int = lib.SIGCHLD,
        stack: Buffer | int = 0,
        stack_size: int = 0,
        tls: int = 0,
        set_tid: Sequence[int] = (),
        cgroup: Descriptor | None = None,
        **unknown: Never,
    ) -> None:
        for name in unknown:
            raise TypeError(f"CloneArgs has no field {name!r}{hint(name, _FIELDS)}")
        self.flags: int = flags
        self.pidfd = pidfd
        self.child_tid: Buffer | None = child_tid
        self.parent_tid: Buffer | None = parent_tid
        self.exit_signal: int = exit_signal
        self.stack: Buffer | int = stack
        self.stack_size: int = stack_size
        self.tls: int = tls
        self.set_tid: Sequence[int] = set_tid
        self.cgroup: Descriptor | None = cgroup

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None:
            try:
                object.__setattr__(self, name, value)
            except AttributeError:
                text = f"CloneArgs has no field {name!r}{hint(name, _FIELDS)}"
                raise AttributeError(text, name=name) from None

    @property
    def pidfd(self) -> int:
        """What was asked for, True or False; after a call that has made one, the descriptor of the child."""
        return self._wants_pidfd if self._pidfd is None else self._pidfd

    @pidfd.setter
    def pidfd(self, value: bool) -> None:
        if value is not True and value is not False:
            kind = type(value).__name__
            raise TypeError(f"clone3: pidfd must be True or False, not {kind}: the call gives the number")
        self._wants_pidfd = value
        self._pidfd = None

    def __repr__(self) -> str:
        return f"CloneArgs({', '.join(f'{name}={getattr(self, name)!r}' for name in _FIELDS)})"


_FIELDS = sorted(("pidfd", *(name for name in CloneArgs.__slots__ if name[0] != "_")))


def _plain(args: CloneArgs) -> int:
    """A request with nothing but flags and a pidfd: C makes it as os.fork does, with few objects."""
    flags = args.flags | _SIGCHLD
    if args._wants_pidfd:
        flags |= _CLONE_PIDFD
    if args._pidfd is not None:
        args._pidfd = None
    ticket = new_ticket()
    try:
        pid = create_plain(ticket, _CLONE3, flags, too_late)
        if type(pid) is tuple:
            pid, args._pidfd = pid
        return pid if pid >= 0 else unusual("clone3", pid, flags)
    except BaseException:
        args._pidfd = None
        abandon_plain(ticket)
        raise


@documented("clone3")
def clone3(
    args: CloneArgs | Buffer | None,
    *,
    fn: Callable[..., int | None] | NativeFunction | None = None,
    fn_args: Sequence[object] = (),
    arg: object = None,
) -> int:
    """clone3(2): make a new process, with everything that clone can express and more.

    args: a CloneArgs; or a struct clone_args of any size as bytes, in which the caller has to keep the
        pointers valid; or None for a null pointer. The pidfd is returned in args.pidfd.
    fn, fn_args, arg: what the child does, as for pysys.clone. None: the call returns in the child too. A
        Python callable runs as fn(*fn_args), a native function as fn(arg).

    If the kernel has no clone3 (before 5.3) or a filter forbids it, clone is issued if it can express the
    same request; otherwise the error's notes name the fields that need clone3. Threads, hooks and refusals
    are those of pysys.clone. The audit event is pysys.clone3, with flags and exit_signal.

    Returns the child's process id in the parent, 0 in a child that returns. What a signal handler raises
    before that ends the child and closes its pidfd, as with fork.

    Raises errors.RefusedError, as clone does; the documented errors of the call (errors.EINVAL for
    contradictory fields, errors.E2BIG for bytes that the kernel does not know, errors.EEXIST for an id in
    use, errors.ENOSYS where clone cannot express the request, ...); TypeError, ValueError and OverflowError
    for an argument; RuntimeError in a subinterpreter or at interpreter shutdown; what an audit hook raises.
    Since Linux 5.3; as clone, since Linux 1.0.
    """
    if (
        type(args) is CloneArgs
        and type(args.flags) is int
        and not args.flags & _MORE
        and args.exit_signal is _SIGCHLD
        and args.child_tid is None
        and args.parent_tid is None
        and args.stack is _ZERO
        and args.stack_size is _ZERO
        and args.tls is _ZERO
        and args.set_tid is _NONE
        and args.cgroup is None
        and fn is None
        and fn_args is _NONE
        and arg is None
    ):
        return _plain(args)
    request = load("pysys.process.clone3_request", "pysys.clone3")
    fields, data = (args, None) if isinstance(args, CloneArgs) else (None, args)
    made: int = request.clone3(fields, data, fn, fn_args, arg)
    return made
