"""clone3, and CloneArgs, its argument."""

from __future__ import annotations

from pysys import errors  # at once: where calls fail, an import may fail too (descriptors, chroot)
from pysys._native import abandon_plain, create_plain, ffi, lib
from pysys._native import ticket as new_ticket
from pysys.arguments import integers, iterables
from pysys.doc import documented
from pysys.loading import hint
from pysys.process.clone import (
    PLAIN,
    check_callable,
    int_pointer,
    is_native,
    pointer,
    refuse,
    stack_pointer,
    start,
)
from pysys.process.guards import abandon, new_request, too_late, unusual
from pysys.process.spawn_arguments import descriptor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Never

    from pysys._types import Buffer, Descriptor, NativeFunction

# Above the 32 bits of clone's flags; the value is <linux/sched.h>'s.
_CLONE_INTO_CGROUP = 0x2_0000_0000
_SIZE = ffi.sizeof("struct pysys_clone_args")
_SIZE_VER0 = 64
_WORD = 0, (1 << 64) - 1
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
        self.flags = flags
        self.pidfd = pidfd
        self.child_tid = child_tid
        self.parent_tid = parent_tid
        self.exit_signal = exit_signal
        self.stack = stack
        self.stack_size = stack_size
        self.tls = tls
        self.set_tid = set_tid
        self.cgroup = cgroup

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


class _Packed:
    """The struct for the kernel, and everything that its pointers point to."""

    def __init__(self, args: CloneArgs) -> None:
        self.struct = struct = ffi.new("struct pysys_clone_args *")
        self.size = _SIZE
        self.kept: list[Any] = []
        flags = integers.within("clone3: flags", args.flags, _WORD)
        if args._wants_pidfd or flags & lib.CLONE_PIDFD:
            flags |= lib.CLONE_PIDFD
            struct.pidfd = self._address(ffi.new("int *", -1))
        if args.parent_tid is not None:
            flags |= lib.CLONE_PARENT_SETTID
            struct.parent_tid = self._address(int_pointer("clone3: parent_tid", args.parent_tid))
        if args.child_tid is not None:
            if not flags & lib.CLONE_CHILD_CLEARTID:
                flags |= lib.CLONE_CHILD_SETTID
            struct.child_tid = self._address(int_pointer("clone3: child_tid", args.child_tid))
        if args.cgroup is not None:
            flags |= _CLONE_INTO_CGROUP
            struct.cgroup = descriptor("clone3: cgroup", args.cgroup)
        if args.set_tid != ():
            found = iterables.items("clone3: set_tid", args.set_tid, "ints")
            numbers = [integers.signed(f"clone3: set_tid[{at}]", one) for at, one in enumerate(found)]
            ids = ffi.new("int[]", numbers)
            if numbers:
                struct.set_tid = self._address(ids)
            struct.set_tid_size = len(ids)
        stack_size = integers.within("clone3: stack_size", args.stack_size, _WORD)
        if isinstance(args.stack, int):
            struct.stack = integers.within("clone3: stack", args.stack, _WORD)
            struct.stack_size = stack_size
        else:
            if stack_size:
                raise ValueError("clone3: stack_size goes with an address: a buffer knows its own size")
            memory, struct.stack_size = stack_pointer("clone3: stack", args.stack)
            struct.stack = self._address(memory)
        struct.exit_signal = integers.within("clone3: exit_signal", args.exit_signal, _WORD)
        struct.tls = integers.within("clone3: tls", args.tls, _WORD)
        struct.flags = flags

    def _address(self, pointer: Any) -> int:
        self.kept.append(pointer)
        return int(ffi.cast("uintptr_t", pointer))


class _Raw:
    """A struct of any size, as bytes. The fields that are known are checked nevertheless."""

    def __init__(self, args: Buffer) -> None:
        try:
            data = bytes(memoryview(args))  # bytes() alone would take a number, or a list of them
        except TypeError:
            raise TypeError(
                f"clone3: args must be a CloneArgs, a struct clone_args as bytes, or None, not "
                f"{type(args).__name__}"
            ) from None
        self.size = len(data)
        known = data[:_SIZE] + bytes(max(0, _SIZE - len(data)))
        # The same memory for both: the kernel reads all bytes, pysys the known ones.
        self.kept = ffi.new("char[]", max(len(data), _SIZE))
        ffi.memmove(self.kept, known, _SIZE)
        ffi.memmove(self.kept, data, len(data))
        self.struct = ffi.cast("struct pysys_clone_args *", self.kept)
        self.tail = any(data[_SIZE:])


def beyond_clone(packed: Any) -> list[str]:
    """The fields of this request that clone cannot express."""
    struct = packed.struct
    fields = []
    if struct.flags >> 32:
        fields.append("cgroup" if struct.flags >> 32 == _CLONE_INTO_CGROUP >> 32 else "flags")
    elif struct.flags & 0xFF:
        fields.append("flags")
    if struct.set_tid or struct.set_tid_size:
        fields.append("set_tid")
    if struct.exit_signal > 0xFF:
        fields.append("exit_signal")
    if struct.flags & lib.CLONE_PIDFD and struct.flags & lib.CLONE_PARENT_SETTID:
        fields.append("pidfd together with parent_tid")
    if bool(struct.stack) != bool(struct.stack_size):
        fields.append("stack")
    if packed.size < _SIZE_VER0 or getattr(packed, "tail", False):
        fields.append("size")
    return fields


def _refuse_native(fields: list[str]) -> None:
    raise errors.RefusedError(
        "CLONE_VM with a native fn goes through clone, the C library's way to start on another stack, "
        f"and clone cannot express: {', '.join(fields)}"
    )


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
        return pid if pid >= 0 else unusual("clone3", pid)
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
    request = new_request(lib.PYSYS_CLONE3)
    native = is_native("clone3", fn)
    if fn is not None and not native:
        check_callable("clone3", fn)
    fn_args = iterables.items("clone3: fn_args", fn_args, "arguments")
    context = pointer("clone3: arg", arg)
    packed: _Packed | _Raw | None = None
    flags = exit_signal = 0
    result = args if isinstance(args, CloneArgs) else None
    if result is not None:
        result._pidfd = None
    if args is not None:
        packed = _Packed(args) if isinstance(args, CloneArgs) else _Raw(args)
        struct = packed.struct
        flags, exit_signal = struct.flags, struct.exit_signal
        has_stack = bool(struct.stack and struct.stack_size)
        # A stack without its size, or a size without a stack: the kernel answers EINVAL.
        if bool(struct.stack) == bool(struct.stack_size) and packed.size >= _SIZE_VER0:
            refuse(flags, native=native, stack=has_stack)
        request.args = struct
        request.size = packed.size
        request.flags = flags | (exit_signal & 0xFF)
        beyond = beyond_clone(packed)
        if not beyond:
            request.fallback = 1
            request.child_tid = ffi.cast("int *", struct.child_tid)
            place = struct.pidfd if flags & lib.CLONE_PIDFD else struct.parent_tid
            request.parent_tid = ffi.cast("int *", place)
        if native and flags & lib.CLONE_VM:
            if beyond:
                _refuse_native(beyond)
            request.stack = ffi.cast("void *", struct.stack)
            request.stack_size = struct.stack_size
    else:
        beyond = ["args"]
        request.size = _SIZE
        request.one_step = 1
    if native:
        request.fn = fn
        request.arg = context
    try:
        pid = start("clone3", request, flags, exit_signal, fn, fn_args)
        if pid and result is not None and flags & lib.CLONE_PIDFD:
            result._pidfd = request.pidfd
        return pid
    except BaseException as error:
        abandon(request)
        if result is not None:
            result._pidfd = None
        if beyond and isinstance(error, errors.SyscallError) and lib.pysys_clone3_is_filtered():
            errors.put_first(
                error,
                "clone3 is not available here (an older kernel, or a filter), and clone cannot express: "
                f"{', '.join(beyond)}",
            )
        raise
