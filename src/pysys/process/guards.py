"""What CPython does around a fork, for every call of pysys after which Python code runs in a second process.

The hooks of `os.register_at_fork` and the interpreter's own repairs run in C (cdefs/process.c); the
refusals, the warning and the errors are here.
"""

from __future__ import annotations

import builtins
import os
import sys
from _warnings import warn  # warnings.warn is this; built in, because at a call an import may fail

from pysys._native import ffi, is_main, lib
from pysys.loading import hold_errors, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

hold_errors()  # at once, for the same reason (no descriptor left, chroot)

# Looked up here, because during the shutdown nothing can be imported.
_FinalizationError = getattr(builtins, "PythonFinalizationError", RuntimeError)  # Python 3.13
WARNS = sys.version_info >= (3, 12)
_WARNING_MAY_FAIL = sys.version_info >= (3, 15)
_HERE = os.path.dirname(__file__)
# CLONE_VFORK and CLONE_NEW*: with other flags there is more to check, or to hand over.
PLAIN = 0x4000 | 0x7E020000
_CLONE_ARGS = ffi.sizeof("struct pysys_clone_args")
_BESIDE_THREADS, _NOT_HERE, _ELSEWHERE = lib.PYSYS_BESIDE_THREADS, lib.PYSYS_NOT_HERE, lib.PYSYS_ELSEWHERE

# From when on os.fork refuses depends on the version.
if sys.version_info < (3, 12):

    def _is_too_late() -> bool:
        return False

elif sys.version_info < (3, 12, 3):
    # From the end of the main thread on, while Python code still runs in other threads and in atexit
    # callbacks. The interpreter sets its own mark just before it calls the function that sets this one.
    import threading

    def _is_too_late() -> bool:
        return threading._SHUTTING_DOWN or sys.is_finalizing()

else:
    _is_too_late = sys.is_finalizing

# For C, which need not ask if there is nothing to ask.
too_late: Callable[[], bool] | None = None if sys.version_info < (3, 12) else _is_too_late


def refuse_where_unsafe(call: str) -> None:
    """Raise RuntimeError where os.fork does: at interpreter shutdown, and in a subinterpreter, where os.fork
    either refuses or makes a child that crashes."""
    if _is_too_late():
        raise _FinalizationError(f"can't {call} at interpreter shutdown")
    if not is_main():
        raise RuntimeError(f"{call} not supported for subinterpreters")


def unusual(call: str, outcome: int, flags: int = 0) -> int:
    """What is to be done if create_plain returns something negative: raise why it failed or was refused,
    or give the warning. flags: clone's, with the exit signal. Returns the child's process id."""
    pid = -outcome - _BESIDE_THREADS
    if pid > 0:
        if WARNS:
            warn_of_threads(call)
        return pid
    if outcome == _NOT_HERE:
        refuse_where_unsafe(call)
    elif outcome == _ELSEWHERE:
        raise in_another_namespace(call)
    raise creation_failed(-outcome, call, flags)


def creation_failed(errno: int, call: str, flags: int, struct: Any = None, size: int = _CLONE_ARGS) -> Any:
    """The exception for a process that could not be made.

    flags: clone's, with the exit signal. struct: clone3's, which may be NULL; None if it has only what the
    flags say. size: how large it is.
    """
    arguments: dict[str, Any] = {}
    if call == "clone":
        arguments["clone_flags"] = flags
    elif call == "clone3":
        fields = dict.fromkeys([name for name, _ in ffi.typeof("struct pysys_clone_args").fields], 0)
        if struct is None:
            fields |= {"flags": flags & ~0xFF, "exit_signal": flags & 0xFF}
        elif struct:
            fields = {name: getattr(struct, name) for name in fields}
        memory = load("pysys.errors.arguments").PassedMemory("clone_args", size, fields)
        arguments |= {"uargs": memory if struct != ffi.NULL else None, "size": size}
    return load("pysys.errors").error(errno, call, arguments=arguments)


def in_another_namespace(call: str) -> Any:
    """The exception for a child that cannot be made through a middle process."""
    return load("pysys.errors").RefusedError(
        f"{call}: unshare or setns sent this thread's children to another pid namespace, where the "
        "middle process that a process with threads needs would be the first, or learn an id that "
        "means nothing here: use fork(), or do it before threads are started"
    )


def warn_of_threads(call: str) -> None:
    """Give the warning that os.fork gives in the parent when the child exists. If a filter turns it into an
    error, that is raised from Python 3.15 on, as os.fork does (whose child is left then; ours is not)."""
    try:
        warn(  # type: ignore[call-overload,unused-ignore]  # the parameter is of Python 3.12
            f"This process (pid={os.getpid()}) is multi-threaded, "
            f"use of {call}() may lead to deadlocks in the child.",
            DeprecationWarning,
            skip_file_prefixes=(_HERE,),  # shown at the caller's line
        )
    except DeprecationWarning:  # only the filter's: what a signal handler raises is not caught
        if _WARNING_MAY_FAIL:
            raise
