"""clone with unusual arguments, and what clone3 has of it: which requests are refused, what the child does.

Loaded when it is first needed, and held in memory until then (pysys.process.clone).
"""

from __future__ import annotations

import os
import sys
from time import sleep

from pysys import errors
from pysys._native import ffi, lib
from pysys.arguments import integers, iterables, memory
from pysys.process.guards import (
    WARNS,
    creation_failed,
    in_another_namespace,
    refuse_where_unsafe,
    warn_of_threads,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from pysys._types import Buffer, NativeFunction

# What a process with threads cannot share with its child: its children are made through a middle process,
# and that process would be the one that shares.
_SHARED = {
    "CLONE_FS": lib.CLONE_FS,
    "CLONE_FILES": lib.CLONE_FILES,
    "CLONE_SYSVSEM": lib.CLONE_SYSVSEM,
    "CLONE_IO": lib.CLONE_IO,
    "CLONE_PARENT": lib.CLONE_PARENT,
}
_ANY_SHARED = sum(_SHARED.values())
_DANGEROUS = lib.CLONE_VM | lib.CLONE_THREAD | lib.CLONE_SETTLS
_PATIENCE = 20  # milliseconds
# Bound here, so that nothing is looked up, and nothing can fail, between an exception and abandon. The
# objects that a call touches are in pages that parent and child write to, and copy: they are few, by design.
_create: Any = lib.pysys_create
abandon: Any = lib.pysys_abandon


def refuse(flags: int, *, native: bool, stack: bool) -> None:
    """Raise RefusedError for what would corrupt this process. The kernel refuses what contradicts itself: it
    answers EINVAL, and nothing is made."""
    if not stack and not flags & _DANGEROUS:
        return
    from_kernel = flags & lib.CLONE_THREAD and not (flags & lib.CLONE_SIGHAND and flags & lib.CLONE_VM)
    if flags & lib.CLONE_SETTLS:
        reason = (
            "CLONE_SETTLS gives the child a thread area of its own, and only a C library can lay one "
            "out: omit the flag"
        )
    elif from_kernel:
        return
    elif flags & lib.CLONE_THREAD:
        reason = (
            "CLONE_THREAD starts a thread that neither the interpreter nor the C library knows: "
            "use threading.Thread"
        )
    elif flags & lib.CLONE_VM and not native:
        reason = (
            "CLONE_VM with a child that runs Python would have two processes run on one interpreter: "
            "give fn= a native function, or use pysys.spawn to start a program"
        )
    elif flags & lib.CLONE_VM and not stack:
        reason = "CLONE_VM needs stack=: on the caller's stack, the child would destroy its frames"
    elif stack and not flags & lib.CLONE_VM:
        reason = "stack= is for CLONE_VM: a child with its own memory continues on its copy of this stack"
    else:
        return
    raise errors.RefusedError(reason)


def needs_one_step(flags: int, exit_signal: int) -> bool:
    """Whether only the caller itself can make this child. RefusedError in a process with threads, which
    cannot."""
    if exit_signal == lib.SIGCHLD and not flags & _ANY_SHARED:
        return False
    shared = [name for name, flag in _SHARED.items() if flags & flag]
    if not flags & lib.CLONE_PARENT and exit_signal != lib.SIGCHLD:
        shared.append(f"exit_signal={int(exit_signal)}")
    if not shared:
        return False
    threads = lib.pysys_threads()
    if threads != 1:
        for _ in range(_PATIENCE):  # a thread that has just been joined is still counted for a moment
            sleep(0.001)
            threads = lib.pysys_threads()
            if threads == 1:
                return True
        raise errors.RefusedError(
            f"{', '.join(shared)}: not in a process with {threads or 'several'} threads, where a child "
            "is made through a middle process (or it could wait forever for a lock of the "
            "allocator): do it before threads are started, or give fn= a native function and CLONE_VM"
        )
    return True


def is_native(call: str, fn: object) -> bool:
    """Whether fn is a CFFI function pointer. Raises for NULL, and for a pointer that leads back to Python."""
    if not isinstance(fn, ffi.CData):
        return False
    if not fn:
        raise ValueError(f"{call}: fn is NULL")
    if ffi.typeof(fn).kind not in ("function", "pointer"):
        raise TypeError(
            f"{call}: fn must be callable or a native function, not a CFFI {ffi.typeof(fn).cname}"
        )
    if type(fn).__name__ == "__CDataOwnGC":  # CFFI's type for what ffi.callback makes
        raise errors.RefusedError(
            f"{call}: fn is a CFFI callback, which runs Python code where two processes share this memory, "
            "or where nothing has been done that CPython does around a fork: give the Python function itself"
        )
    return True


def int_pointer(title: str, place: Buffer | None) -> Any:
    """An `int *` to a writable buffer of 4 bytes, or to what a CFFI pointer points to. The caller keeps it
    alive."""
    if place is None:
        return ffi.NULL
    if isinstance(place, ffi.CData):
        kind = ffi.typeof(place).kind
        if kind not in ("pointer", "array"):
            raise memory.no_pointer(title, place)
        if kind == "array" and ffi.sizeof(place) < ffi.sizeof("int"):
            raise memory.too_short(title, ffi.sizeof(place), ffi.sizeof("int"))
        return ffi.cast("int *", place)
    memory.writable(title, place, "char[]", ffi.sizeof("int"))
    return ffi.from_buffer("int[]", place, require_writable=True)


def stack_pointer(title: str, stack: Buffer) -> tuple[Any, int]:
    """The lowest address of a stack and its size in bytes."""
    found = memory.writable(title, stack, "char[]", 0)
    return found, len(found)


def check_callable(call: str, fn: object) -> None:
    """Refuse another fn before there is a second process that would have to report it."""
    if not callable(fn):
        raise TypeError(f"{call}: fn must be callable or a native function, not {type(fn).__name__}")


def pointer(title: str, arg: object) -> Any:
    """What a native function is called with: a CFFI pointer or None."""
    if arg is None:
        return ffi.NULL
    if not isinstance(arg, ffi.CData):
        raise TypeError(f"{title} must be a CFFI pointer or None, not {type(arg).__name__}")
    if ffi.typeof(arg).kind not in ("pointer", "array", "function"):
        raise memory.no_pointer(title, arg)
    return arg


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError):  # absent, or closed
            pass


def flush(call: str) -> None:
    """Flush the streams: what this process has written must not come out of the child a second time."""
    try:
        _flush()
    except OSError as error:  # of that write: its errno must not look like one of the call
        if error.errno is None:  # for example a TimeoutError that a signal handler raised
            raise
        raise errors.RefusedError(
            f"{call}: sys.stdout or sys.stderr cannot be flushed ({error}), and what it holds would come out "
            "of the child as well",
            syscall=call,
        ) from error


def run(fn: Callable[..., int | None], args: Sequence[object]) -> NoReturn:
    """Run fn and exit: its result is the exit status, an exception is printed and gives 1. The process ends
    like a multiprocessing.Process: after its threads, without atexit."""
    status = 1
    try:
        result = fn(*args)
        status = 0 if result is None else int(result) & 0xFF
    except SystemExit as error:
        if error.code is None:
            status = 0
        elif isinstance(error.code, int):
            status = error.code & 0xFF
        else:
            print(error.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            threading = sys.modules.get("threading")  # a child that has restricted itself cannot import it
            if threading is not None:
                threading._shutdown()
            _flush()
        except BaseException:
            status = status or 1
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)


def new_request(call: int) -> Any:
    """A zeroed request to fill in. The caller keeps alive what its pointers point to."""
    request = ffi.new("struct pysys_create *")
    request.call = call
    return request


def create(call: str, request: Any) -> int:
    """Issue a request. Returns the child's process id, or 0 in the child. Raises the call's documented error.

    The caller has to abandon() the request if an exception comes before it can return the id: a signal
    handler can raise at any call of a function, the very next one included.
    """
    if (
        not request.one_step
        and not request.flags & lib.CLONE_VM
        and lib.pysys_threads() != 1
        and lib.pysys_children_elsewhere()
    ):
        raise in_another_namespace(call)
    pid: int = _create(request)
    if pid < 0:
        if pid == lib.PYSYS_THREAD_STARTED:
            reason = "a hook has started a thread, and a process with threads cannot share this"
            raise errors.RefusedError(f"{call}: {reason}")
        struct = ffi.cast("struct pysys_clone_args *", request.args)
        raise creation_failed(-pid, call, request.flags, struct, request.size)
    if WARNS and pid and request.threads > 1:
        warn_of_threads(call)
    return pid


def clone(
    flags: int,
    exit_signal: int,
    fn: Callable[..., int | None] | NativeFunction | None,
    args: Sequence[object],
    arg: object,
    stack: Buffer | None,
    parent_tid: Buffer | None,
    child_tid: Buffer | None,
    pidfd: Buffer | None,
) -> int:
    """What pysys.clone does."""
    flags = integers.integer("clone: flags", flags)
    exit_signal = integers.integer("clone: exit_signal", exit_signal)
    args = iterables.items("clone: args", args, "arguments")
    if flags & 0xFF or not 0 <= flags <= 0xFFFFFFFF:
        raise ValueError(
            f"clone: flags: clone cannot say {integers.shown(flags)}: the exit signal (the lowest 8 bits) "
            "goes into exit_signal=, flags above 32 bits and CLONE_NEWTIME into clone3"
        )
    if not 0 <= exit_signal <= 0xFF:
        raise ValueError(f"clone: exit_signal: {integers.beyond(exit_signal, 0, 255)}")
    if pidfd is not None and parent_tid is not None:
        raise ValueError("clone: pidfd is stored where parent_tid is: give one, or use clone3")
    native = is_native("clone", fn)
    if pidfd is not None:
        flags |= lib.CLONE_PIDFD
    if parent_tid is not None:
        flags |= lib.CLONE_PARENT_SETTID
    if child_tid is not None and not flags & lib.CLONE_CHILD_CLEARTID:
        flags |= lib.CLONE_CHILD_SETTID
    if flags & (lib.CLONE_CHILD_SETTID | lib.CLONE_CHILD_CLEARTID) and child_tid is None:
        raise ValueError(
            "clone: child_tid is missing, which CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID need"
        )
    if flags & lib.CLONE_PARENT_SETTID and parent_tid is None and pidfd is None:
        raise ValueError("clone: parent_tid is missing, which CLONE_PARENT_SETTID needs")
    if flags & lib.CLONE_PIDFD and pidfd is None and parent_tid is None:
        raise ValueError("clone: pidfd is missing, which CLONE_PIDFD needs")
    place, name = (parent_tid, "parent_tid") if pidfd is None else (pidfd, "pidfd")
    parent_place = int_pointer(f"clone: {name}", place)
    child_place = int_pointer("clone: child_tid", child_tid)
    lowest, size = (ffi.NULL, 0) if stack is None else stack_pointer("clone: stack", stack)
    context = pointer("clone: arg", arg)
    if fn is not None and not native:
        check_callable("clone", fn)
    refuse(flags, native=native, stack=stack is not None)
    request = new_request(lib.PYSYS_CLONE)
    request.flags = flags | exit_signal
    request.parent_tid = parent_place
    request.child_tid = child_place
    if native:
        request.fn = fn
        request.arg = context
    request.stack, request.stack_size = lowest, size
    return start("clone", request, flags, exit_signal, fn, args)


def start(call: str, request: Any, flags: int, exit_signal: int, fn: Any, args: Sequence[object]) -> int:
    """What clone and clone3 do alike: the last refusals, the audit event, the call, and the child."""
    python = fn is not None and not request.fn
    if not flags & lib.CLONE_VM:
        request.one_step = needs_one_step(flags, exit_signal)
    refuse_where_unsafe(call)
    sys.audit(f"pysys.{call}", flags, exit_signal)
    if python:
        flush(call)
    try:
        pid = create(call, request)
        if pid == 0 and python:
            run(fn, args)
        return pid
    except BaseException as error:
        if python and request.child:  # a signal handler raised: the caller's code must not run twice
            try:
                run(_reraise, (error,))
            finally:  # another handler raised before run() had begun
                os._exit(1)
        abandon(request)
        raise


def _reraise(error: BaseException) -> NoReturn:
    raise error
