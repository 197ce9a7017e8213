"""Loads a filter into this process."""

from __future__ import annotations

from pysys.abi import current
from pysys.loading import load as load_module
from pysys.seccomp.instructions import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, overload

    from pysys._types import Program
    from pysys.seccomp.filter import Filter
    from pysys.seccomp.listener import Listener

_SET_NO_NEW_PRIVS = 38
_TSYNC, _LOG, _SPEC_ALLOW, _NEW_LISTENER, _TSYNC_ESRCH, _WAIT_KILLABLE = 1, 2, 4, 8, 16, 32


class ThreadError(RuntimeError):
    """A filter for all threads was loaded into none, because one has a filter that this thread does not have.

    thread: its id; None if the kernel does not say which (it does not with a listener).
    """

    def __init__(self, thread: int | None) -> None:
        self.thread = thread
        which = "another thread" if thread is None else f"thread {thread}"
        super().__init__(
            f"{which} cannot follow: it has loaded a filter of its own, or is in strict mode; no thread has "
            "the new filter"
        )

    def __reduce__(self) -> tuple[type[ThreadError], tuple[int | None]]:
        return type(self), (self.thread,)


if TYPE_CHECKING:

    @overload
    def load(
        program: Program | Filter,
        *,
        no_new_privs: bool = True,
        all_threads: bool = False,
        log: bool = False,
        spec_allow: bool = False,
        listener: Literal[False] = False,
        wait_killable: bool = False,
    ) -> None: ...

    @overload
    def load(
        program: Program | Filter,
        *,
        no_new_privs: bool = True,
        all_threads: bool = False,
        log: bool = False,
        spec_allow: bool = False,
        listener: Literal[True],
        wait_killable: bool = False,
    ) -> Listener: ...

    @overload
    def load(
        program: Program | Filter,
        *,
        no_new_privs: bool = True,
        all_threads: bool = False,
        log: bool = False,
        spec_allow: bool = False,
        listener: bool,
        wait_killable: bool = False,
    ) -> Listener | None: ...


def load(
    program: Program | Filter,
    *,
    no_new_privs: bool = True,
    all_threads: bool = False,
    log: bool = False,
    spec_allow: bool = False,
    listener: bool = False,
    wait_killable: bool = False,
) -> Listener | None:
    """Load a filter into this thread, for good: seccomp(2) with SECCOMP_SET_MODE_FILTER.

    Threads and processes that it starts have it too, also after execve. Of several filters the strictest
    result counts. What Python needs later must be allowed: memory, signals, threads, the end (exit_group).

    program: a Filter, which must be for this process's ABI, or a program as for check().
    no_new_privs: first set it with prctl(PR_SET_NO_NEW_PRIVS), as a thread without CAP_SYS_ADMIN has to;
        False leaves it as it is.
    all_threads: load it into all threads of the process, or none (SECCOMP_FILTER_FLAG_TSYNC).
    log: have results other than ALLOW logged, if the system's settings say so
        (SECCOMP_FILTER_FLAG_LOG, Linux 4.14).
    spec_allow: do not turn off speculative execution (SECCOMP_FILTER_FLAG_SPEC_ALLOW, Linux 4.17).
    listener: return a Listener, by which a supervisor answers the calls whose result is NOTIFY
        (SECCOMP_FILTER_FLAG_NEW_LISTENER, Linux 5.0; with all_threads 5.7).
    wait_killable: of the signals that come while the supervisor answers, only fatal ones interrupt a call
        (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, Linux 5.19).

    Returns None, or a Listener, whose descriptor exec closes.

    Raises ValueError and ProgramError before the kernel is asked; ThreadError if another thread cannot
    follow; errors.EACCES without no_new_privs and CAP_SYS_ADMIN, errors.EBUSY if there is a listener already,
    errors.EINVAL if the kernel does not know a flag. If it raises, no_new_privs may have been set.

    Since Linux 3.17.
    """
    here, abis = current(), getattr(program, "abis", None)
    if abis is not None and here not in abis:  # it would end the process at its next call
        raise ValueError(f"{program!r} is not for this process, whose ABI is {here.name}")
    rules = getattr(program, "program", None)
    checked = check(program if rules is None else rules)  # type: ignore[arg-type]  # one has the other
    if wait_killable and not listener:
        raise ValueError("wait_killable is about a listener, which was not asked for")
    flags = (
        _TSYNC * all_threads
        | _LOG * log
        | _SPEC_ALLOW * spec_allow
        | _NEW_LISTENER * listener
        | _TSYNC_ESRCH * (all_threads and listener)
        | _WAIT_KILLABLE * wait_killable
    )
    calls, errors = load_module("pysys.calls"), load_module("pysys.errors")
    made = load_module("pysys.seccomp.listener").Listener if listener else None  # before calls are forbidden
    set_filter, prctl = calls.seccomp_set_mode_filter, calls.prctl
    if no_new_privs:
        prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    try:
        result: int = set_filter(checked, flags)
    except errors.ESRCH:
        raise ThreadError(None) from None
    if result and not listener:
        raise ThreadError(result)
    return None if made is None else made(result)
