"""What clone3 does with unusual arguments: it packs them for the kernel, and knows what clone can express.

Loaded when it is first needed, and held in memory until then (pysys.process.clone3).
"""

from __future__ import annotations

from pysys import errors
from pysys._native import ffi, lib
from pysys.arguments import descriptors, integers, iterables
from pysys.process.clone_request import (
    abandon,
    check_callable,
    int_pointer,
    is_native,
    new_request,
    pointer,
    refuse,
    stack_pointer,
    start,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys._types import Buffer, NativeFunction
    from pysys.process.clone3 import CloneArgs

# Above the 32 bits of clone's flags; the value is <linux/sched.h>'s.
_CLONE_INTO_CGROUP = 0x2_0000_0000
_SIZE = ffi.sizeof("struct pysys_clone_args")
_SIZE_VER0 = 64
_WORD = 0, (1 << 64) - 1
_DESCRIPTOR = 0, (1 << 31) - 1


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
            cgroup = descriptors.number("clone3: cgroup", args.cgroup)
            struct.cgroup = integers.within("clone3: cgroup", cgroup, _DESCRIPTOR, below=ValueError)
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


def clone3(
    args: CloneArgs | None,
    data: Buffer | None,
    fn: Callable[..., int | None] | NativeFunction | None,
    fn_args: Sequence[object],
    arg: object,
) -> int:
    """What pysys.clone3 does with a CloneArgs, or with a struct as bytes (data), or with neither."""
    request = new_request(lib.PYSYS_CLONE3)
    native = is_native("clone3", fn)
    if fn is not None and not native:
        check_callable("clone3", fn)
    fn_args = iterables.items("clone3: fn_args", fn_args, "arguments")
    context = pointer("clone3: arg", arg)
    packed: _Packed | _Raw | None = None
    flags = exit_signal = 0
    if args is not None:
        args._pidfd = None
        packed = _Packed(args)
    elif data is not None:
        packed = _Raw(data)
    if packed is not None:
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
        if pid and args is not None and flags & lib.CLONE_PIDFD:
            args._pidfd = request.pidfd
        return pid
    except BaseException as error:
        abandon(request)
        if args is not None:
            args._pidfd = None
        if beyond and isinstance(error, errors.SyscallError) and lib.pysys_clone3_is_filtered():
            errors.put_first(
                error,
                "clone3 is not available here (an older kernel, or a filter), and clone cannot express: "
                f"{', '.join(beyond)}",
            )
        raise
