"""The exception for a start that failed: which call, for which step, and what it was made with.

Loaded when it is first needed, and held in memory until then (pysys.process.spawn).
"""

from __future__ import annotations

import os
from _thread import get_native_id
from errno import EACCES, EBADF, EBUSY, ENODEV, ENOENT, EOPNOTSUPP

from pysys import errors
from pysys._native import ffi, lib
from pysys.arguments import text
from pysys.loading import load
from pysys.process.spawn_arguments import STREAMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# What clone3 says of the cgroup, and of nothing else that spawn asks it for.
_OF_THE_CGROUP = frozenset((EACCES, EBADF, EBUSY, ENODEV, ENOENT, EOPNOTSUPP))
_HERE = -100  # AT_FDCWD
_DESCRIPTORS = (*STREAMS, "fds")
_FILES = frozenset(["executable", "cwd", "chroot", "cgroup"])
_OF_THE_LOGIN = frozenset(["extra_groups", "group", "user"])
_PLAIN = frozenset([int, str, bytes])
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def failure(
    outcome: tuple[int, str | None, str, int], request: Any, settings: Mapping[str, Any]
) -> errors.SyscallError:
    """The exception for the call that failed.

    request: the SpawnRequest, or None where C took the arguments as they are. settings: arguments of spawn.
    """
    errno, step, call, index = outcome
    element: object = None
    fds, rlimits, cgroup = settings["fds"], settings["rlimits"], settings["cgroup"]
    target = index if step in _DESCRIPTORS else -1
    if index >= 0:
        if step in _DESCRIPTORS:
            if fds and index in fds:
                element, step = index, "fds"
        elif step == "rlimits" and rlimits:
            element = list(rlimits)[index]
        elif step in ("join_namespaces", "signals_default", "signals_ignored"):
            element = index
        elif step == "landlock":
            paths = list(settings["landlock"]["paths"]) if "paths" in settings["landlock"] else []
            element = paths[index] if index < len(paths) else None
    place: bytes | None = None
    steps = None
    if step == "mounts" and index >= 0:
        steps = request.mounting
        element, step, place = steps.about[index]
    if step is None and call == "clone3" and cgroup is not None and errno in _OF_THE_CGROUP:
        step = "cgroup"
    if step in ("uid_map", "gid_map") and call == "write":
        element = _line(bytes(ffi.string(getattr(request.made, step))))
    filename = settings[step] if step in _FILES else None
    if call == "openat" and step in _DESCRIPTORS:
        filename = os.devnull
    if step == "landlock":
        filename = element
    if place is not None:
        filename = os.fsdecode(place)
    if filename is not None and type(filename) is not str and not text.is_path(filename):
        filename = None
    made = None if request is None else request.made
    arguments = (
        _arguments(call, step, index, target, made, settings) if steps is None else steps.arguments(index)
    )
    # A step's numbers and texts are kept as they are; a path may be another object.
    for name, value in arguments.items():
        if type(value) not in _PLAIN:
            arguments[name] = load("pysys.errors.arguments").plain(value)
    if call == "clone3" and made is not None:
        # What else is in it was not asked for, but for the addresses.
        fields = {"flags": made.flags, "exit_signal": lib.SIGCHLD, "tls": 0, "set_tid": 0, "set_tid_size": 0}
        arguments["uargs"] = load("pysys.errors.arguments").PassedMemory("clone_args", None, fields)
    is_ours = (
        step in (None, "uid_map", "gid_map")
        or (call, errno) == ("fcntl", EBADF)
        or (request is None and settings["cwd"] is None)
    )
    # Otherwise the child made it, which may have changed before what the call depends on.
    kept = os.getpid(), get_native_id() if is_ours else None, arguments
    error = errors.of_call(errno, call, kept, filename, None)
    if settings.get("login") is not None and step in _OF_THE_LOGIN:
        step = "login"
    if step is not None:
        error.step = step
    error.element = element
    if step == "cgroup" and call == "openat" and index == 0 and errno == ENOENT:
        errors.put_first(error, "cgroup is a directory without cgroup.procs: it is not a cgroup.")
    if request is not None and request.mounting is not None and (said := request.mounting.message()):
        errors.put_first(error, f"The file system says: {said}.")
    return error


def _line(written: bytes) -> int | None:
    """The line of a map that the kernel refuses: the only one, or the first that meets one before it."""
    lines = [tuple(map(int, line.split())) for line in written.splitlines()]
    for index, (inside, outside, count) in enumerate(lines):
        for other_inside, other_outside, other in lines[:index]:
            if (inside < other_inside + other and other_inside < inside + count) or (
                outside < other_outside + other and other_outside < outside + count
            ):
                return index
    return 0 if len(lines) == 1 else None


def _arguments(
    call: str, step: str | None, index: int, target: int, made: Any, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """What the call of a step is made with, as far as it is known here, by the kernel's names."""
    if step in _FILES:
        return _of_path(call, step, settings[step])
    if target >= 0:
        source = _source(target, settings)
        return {
            "openat": {"dfd": _HERE, "filename": os.devnull, "flags": os.O_RDWR | os.O_CLOEXEC},
            "fcntl": {} if source is None else {"fd": source},
            "dup3": {"newfd": target, "flags": 0},
        }.get(call, {})
    if step == "process_group":
        return {"pid": 0, "pgid": settings["process_group"]}
    return {} if made is None else _of_request(call, step, index, made)


def _of_request(call: str, step: str | None, index: int, made: Any) -> dict[str, Any]:
    """The same of what the request has as the kernel takes it."""
    if call == "clone" and step is None:
        return {"clone_flags": made.flags}
    if step == "rlimits":
        return {"pid": 0, "resource": made.rlimit[index].resource}
    if step == "join_namespaces":
        fd = {"fd": made.join[index]}
        return {**fd, "flags": made.join_flags[index]} if call == "setns" else fd
    if step == "priority":
        return {"which": 0, "who": 0, "niceval": made.priority}
    if step == "affinity":
        return {"pid": 0}
    if step == "extra_groups":
        return {"gidsetsize": made.groups}
    if step == "group":
        return {"rgid": made.gid, "egid": made.gid, "sgid": made.gid}
    if step == "user":
        return {"ruid": made.uid, "euid": made.uid, "suid": made.uid}
    if step == "controlling_terminal":
        return {"fd": made.terminal}
    if step == "foreground":
        return {"fd": made.launch.foreground}
    if step == "pdeathsig":
        return {"option": _PR_SET_PDEATHSIG, "arg2": made.pdeathsig}
    return {"option": _PR_SET_NO_NEW_PRIVS, "arg2": 1} if step == "no_new_privs" else {}


def _of_path(call: str, step: str, value: Any) -> dict[str, Any]:
    if call == "execve":
        name = value if type(value) is str else os.fsdecode(value) if text.is_path(value) else ""
        return {"filename": value} if "/" in name else {}  # it was looked for in PATH, or a descriptor
    if call in ("chdir", "chroot"):
        return {"filename": "/" if (step, call) == ("chroot", "chdir") else value}
    if call == "openat" and text.is_path(value):
        return {"dfd": _HERE, "filename": value}
    if call in ("fchdir", "fcntl", "execveat") and not text.is_path(value):
        return {"fd": value}
    return {}


def _source(target: int, settings: Mapping[str, Any]) -> Any:
    """The descriptor that becomes a number of the child."""
    source = (settings["fds"] or {}).get(target)
    if source is None and target < len(STREAMS):
        source = settings[STREAMS[target]]
    return None if source == lib.PYSYS_SPAWN_DEVNULL else source
