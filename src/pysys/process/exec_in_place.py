"""exec_in_place: spawn's settings for this process, which then becomes another program."""

from __future__ import annotations

import os
from errno import EINVAL

from pysys import errors
from pysys.loading import hint, hold, load
from pysys.process import spawn as spawn  # with what it holds in memory
from pysys.process.child import Child
from pysys.process.naming import Renamed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, NoReturn

    from typing_extensions import Unpack

    from pysys._types import InPlace, Path
    from pysys.process.in_place_request import InPlaceRequest

hold("process", "spawn_request in_place_request")

# The parameters, in the order of their steps; of signals nothing stays if a later step fails.
_ORDER = tuple(
    "cgroup namespaces gid_map uid_map hostname domainname loopback time_offsets oom_score_adj "
    "coredump_filter join_namespaces start_new_session process_group controlling_terminal steal_terminal "
    "stdin stdout stderr fds close_fds rlimits priority affinity umask personality timer_slack "
    "child_subreaper scheduling io_priority numa_policy chroot cwd login extra_groups group user keyring "
    "capabilities ambient_caps securebits no_new_privs pdeathsig signals_ignored signals_default "
    "restore_signals signal_mask landlock seccomp executable env".split()
)
_UNDONE = frozenset(["restore_signals", "signals_default", "signals_ignored", "signal_mask"])
_NEEDS_PROCESS = {
    "pidfd": "there is no child that it could be a descriptor of",
    "init": "the first process of a namespace is a new one",
    "before_exec": "nobody could let this process go on",
    "foreground": "nobody would take the foreground back",
    "mounts": "pysys.mounts.apply() makes them in this process, before",
    "root": "pysys.mounts.apply(root=) makes it this process's, before",
    "namespaces_inside": "calls.unshare() creates them in this process, before",
}
_NEWPID, _NEWTIME = 0x20000000, 0x80  # CLONE_NEW*


def exec_in_place(argv: Iterable[Path], **settings: Unpack[InPlace]) -> NoReturn:
    """execve(2), after the settings of spawn() are made in this process: replace it by a program.

    As env, chpst, setpriv and unshare do. Steps, their order and their checks are those of spawn().

    argv: the program's arguments, as for spawn().
    settings: arguments of spawn(), by keyword, with the same meaning and the same defaults. Refused with
        errors.RefusedError, before anything has changed, are those that need a new process or somebody
        outside: pidfd, init, before_exec, foreground; PIPE; a filter with a listener; CLONE_NEWPID in
        namespaces, or a PID namespace in join_namespaces; CLONE_NEWTIME in namespaces, which time_offsets
        makes; id maps other than one line for this process's own id (with gid_map, setgroups is given up);
        mounts, root and namespaces_inside, for which mounts.apply() and calls.unshare() are called before.

    Nothing is flushed, no `finally` and no function of atexit runs: flush what was written (sys.stdout).
    Other threads end at the exec; what belongs to a thread is changed for the calling one alone: ids,
    capabilities, Landlock, the filter. New user and time namespaces, and those of mounts that are joined,
    take a process with one thread. pdeathsig is about this process's parent.

    What can be checked is checked before the first step: arguments, descriptors, the rules of landlock, and
    that there is a program that may be executed, unless another root, user or namespace decides that. Steps
    that were made are not undone, apart from signals. If a filter is loaded and the exec fails, Python goes
    on under it.

    Does not return.

    Raises what spawn() raises; the exception's `step` is the parameter that failed, some elements of which
    may be done, and `changed` are the parameters before it, in their order: () if nothing has changed.
    errors.RefusedError for what needs a new process; what a hook raises on the audit event os.exec. Since
    Linux 2.6.27; a setting that needs a newer kernel says so.
    """
    asked: Mapping[str, Any] = settings
    for name in asked:
        if name in _NEEDS_PROCESS:
            raise _refused(name, _NEEDS_PROCESS[name])
        if name not in _ORDER:
            raise TypeError(f"exec_in_place: there is no argument {name!r}{hint(name, _ORDER)}")
    with Renamed("spawn:", "exec_in_place:"):
        request: InPlaceRequest = load(
            "pysys.process.in_place_request", "pysys.exec_in_place"
        ).InPlaceRequest(asked)
        argv = request.filled(argv)
    _check(request)
    outcome = request.start(Child.__new__(Child))
    raise _failure(outcome, request, argv, asked)


def _refused(name: str, why: str) -> errors.RefusedError:
    return errors.RefusedError(f"exec_in_place: {name}: {why}; spawn({name}=) can do it", syscall="execve")


def _check(request: InPlaceRequest) -> None:
    flags = request.made.namespaces
    if request.listener is not None:
        raise _refused("seccomp", "nobody could answer the calls that its filter holds")
    if flags & _NEWPID:
        raise _refused("namespaces", "a process stays in the PID namespace that it was made in")
    if flags & _NEWTIME:
        raise errors.RefusedError(
            'exec_in_place: namespaces: time_offsets={"monotonic": 0} makes a new time namespace',
            syscall="unshare",
        )
    for name, own in (("uid_map", os.geteuid()), ("gid_map", os.getegid())):
        lines = request.lines(name)
        if lines and (len(lines) > 1 or lines[0][1:] != (own, 1)):
            raise _refused(name, f"from inside, a process maps one id, its own: (inside, {own}, 1)")


def _failure(
    outcome: Any, request: InPlaceRequest, argv: Sequence[Path], asked: Mapping[str, Any]
) -> errors.SyscallError | errors.RefusedError:
    number, step, call, element = outcome
    if (number, step, call) == (EINVAL, "join_namespaces", "clone"):
        why = f"[{element}] is a PID namespace, or one whose kind the kernel does not show"
        return _refused("join_namespaces", why)
    names = "executable cwd chroot cgroup landlock stdin stdout stderr fds rlimits process_group login"
    known = {name: asked.get(name) for name in names.split()}
    if known["executable"] is None:
        known["executable"] = argv[0]
    error: errors.SyscallError = load("pysys.process.spawn_failure", "pysys.exec_in_place").failure(
        outcome, request, known
    )
    changed: list[str] = []
    if request.made.began:
        until = _ORDER.index(error.step) if error.step in _ORDER else len(_ORDER)
        changed = [name for name in _ORDER[:until] if name not in _UNDONE and request.has(name)]
    error.changed = tuple(changed)
    if changed:
        errors.put_first(error, f"This process has changed: {', '.join(changed)}.")
    return error
