"""What CPython does around a fork, for every call of pysys after which Python code runs in a second process.

The hooks of `os.register_at_fork` and the interpreter's own repairs run in C (cdefs/process.c); the
refusals, the warning and the errors are here.
"""

from __future__ import annotations

import builtins
import os
import sys
from _warnings import warn  # warnings.warn is this; built in, because at a call an import may fail

from pysys import errors  # at once, for the same reason (no descriptor left, chroot)
from pysys._native import ffi, is_main, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Looked up here, because during the shutdown nothing can be imported.
_FinalizationError = getattr(builtins, "PythonFinalizationError", RuntimeError)  # Python 3.13
_WARNS = sys.version_info >= (3, 12)
_WARNING_MAY_FAIL = sys.version_info >= (3, 15)
_HERE = os.path.dirname(__file__)
# The objects that a call touches are in pages that parent and child write to, and copy: they are few, by
# design.
_create = lib.pysys_create
_BESIDE_THREADS, _NOT_HERE, _ELSEWHERE = lib.PYSYS_BESIDE_THREADS, lib.PYSYS_NOT_HERE, lib.PYSYS_ELSEWHERE
# Bound here as well, so that nothing is looked up, and nothing can fail, between an exception and these.
abandon = lib.pysys_abandon


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
too_late = None if sys.version_info < (3, 12) else _is_too_late


def refuse_where_unsafe(call: str) -> None:
    """Raise RuntimeError where os.fork does: at interpreter shutdown, and in a subinterpreter, where os.fork
    either refuses or makes a child that crashes."""
    if _is_too_late():
        raise _FinalizationError(f"can't {call} at interpreter shutdown")
    if not is_main():
        raise RuntimeError(f"{call} not supported for subinterpreters")


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
        raise _in_another_namespace(call)
    pid: int = _create(request)
    if pid < 0:
        if pid == lib.PYSYS_THREAD_STARTED:
            reason = "a hook has started a thread, and a process with threads cannot share this"
            raise errors.RefusedError(f"{call}: {reason}")
        raise errors.error(-pid, call)
    if _WARNS and pid and request.threads > 1:
        _warn_of_threads(call)
    return pid


def unusual(call: str, outcome: int) -> int:
    """What is to be done if create_plain returns something negative: raise why it failed or was refused,
    or give the warning. Returns the child's process id."""
    pid = -outcome - _BESIDE_THREADS
    if pid > 0:
        if _WARNS:
            _warn_of_threads(call)
        return pid
    if outcome == _NOT_HERE:
        refuse_where_unsafe(call)
    elif outcome == _ELSEWHERE:
        raise _in_another_namespace(call)
    raise errors.error(-outcome, call)


def _in_another_namespace(call: str) -> errors.RefusedError:
    return errors.RefusedError(
        f"{call}: unshare or setns sent this thread's children to another pid namespace, where the "
        "middle process that a process with threads needs would be the first, or learn an id that "
        "means nothing here: use fork(), or do it before threads are started"
    )


def _warn_of_threads(call: str) -> None:
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


def new_request(call: int) -> Any:
    """A zeroed request to fill in. The caller keeps alive what its pointers point to."""
    request = ffi.new("struct pysys_create *")
    request.call = call
    return request
