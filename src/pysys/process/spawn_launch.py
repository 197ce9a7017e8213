"""What few starts ask of the start itself: an account, the terminal, a process 1, the parent's part.

Loaded when it is first needed, and held in memory until then (pysys.process.spawn).
"""

from __future__ import annotations

import os
import pwd

from pysys._native import ffi, join_environment, lib
from pysys.arguments import integers, iterables, text
from pysys.process import spawn_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys.process.spawn_request import SpawnRequest

_CLONE_NEWPID = 0x20000000
_INSIDE = 0x7E020000  # all but CLONE_NEWTIME, which a process does not enter by making it
_MOST_NODES = 2**15  # what a page has bits for, on every architecture
_WORD = 8 * ffi.sizeof("long")
_SPACE = bytes(11)  # for an id in decimal, and the byte at its end
_IDENTITY = lib.PYSYS_SPAWN_UID | lib.PYSYS_SPAWN_GID | lib.PYSYS_SPAWN_GROUPS
_GROUPED = lib.PYSYS_SPAWN_SESSION | lib.PYSYS_SPAWN_PROCESS_GROUP


# The listener comes out of the program's own process, and the parent is awake for it alone meanwhile.
_NO_LISTENER = lib.PYSYS_LAUNCH_INIT | lib.PYSYS_LAUNCH_STOP


def fill(request: SpawnRequest, asked: dict[str, Any]) -> None:
    """Ask for these. asked: arguments of spawn, by name."""
    for name, value in asked.items():
        _TAKEN[name](request, value)
    if request.listener is not None and request.made.launch.asked & _NO_LISTENER:
        raise ValueError("spawn: a filter with a listener goes neither with init nor with before_exec")


def own_ids(request: SpawnRequest, names: list[bytes]) -> None:
    """Variables whose value the child writes."""
    made = request.launched()
    variables = [request.array("char[]", name + b"=" + _SPACE) for name in names]
    made.own_ids = len(variables)
    made.own_id = request.array("char *[]", variables)


def _login(request: SpawnRequest, login: Any) -> None:
    if request.asked & _IDENTITY:
        raise ValueError("spawn: login has a user, a group and groups: these are not stated as well")
    title = "spawn: login"
    if isinstance(login, str):
        text.encoded(title, login)
        try:
            found = pwd.getpwnam(login)
        except KeyError:
            raise KeyError(f"{title}: no user is called {login!r}") from None
    else:
        number = spawn_arguments.number(
            title, integers.integer(title, login, " or a name"), high=spawn_arguments.LARGEST_ID
        )
        try:
            found = pwd.getpwuid(number)
        except KeyError:
            raise KeyError(f"{title}: no user has the id {number}") from None
    request.user(found.pw_uid, found.pw_gid, os.getgrouplist(found.pw_name, found.pw_gid))
    variables = {
        b"HOME": found.pw_dir,
        b"USER": found.pw_name,
        b"LOGNAME": found.pw_name,
        b"SHELL": found.pw_shell or "/bin/sh",
    }
    before = join_environment() if request.variables is None else request.variables
    kept = [one for one in spawn_arguments.parted(before) if one.partition(b"=")[0] not in variables]
    of_user = [name + b"=" + os.fsencode(value) for name, value in variables.items()]
    request.variables = spawn_arguments.joined(kept + of_user)


def _foreground(request: SpawnRequest, terminal: Any) -> None:
    made = request.launched()
    made.foreground = spawn_arguments.descriptor("spawn: foreground", terminal)
    made.asked |= lib.PYSYS_LAUNCH_FOREGROUND
    if not request.asked & _GROUPED:
        request.made.process_group = 0
        request.asked |= lib.PYSYS_SPAWN_PROCESS_GROUP


def _steal_terminal(request: SpawnRequest, steal: Any) -> None:
    if not steal:
        return
    if not request.asked & lib.PYSYS_SPAWN_TERMINAL:
        raise ValueError("spawn: steal_terminal is about controlling_terminal, which is not stated")
    request.launched().asked |= lib.PYSYS_LAUNCH_STEAL


def _numa_policy(request: SpawnRequest, value: Any) -> None:
    title = "spawn: numa_policy"
    mode, nodes = value, ()
    if isinstance(value, (tuple, list)):
        mode, nodes = iterables.parts(title, value, "(mode, nodes)")
    else:
        integers.integer(title, value, " or (mode, nodes)")
    made = request.launched()
    made.numa_mode = spawn_arguments.number(f"{title}: mode", mode)
    numbers = [
        spawn_arguments.number(f"{title}: nodes[{index}]", node, high=_MOST_NODES - 1)
        for index, node in enumerate(iterables.items(f"{title}: nodes", nodes, "ints"))
    ]
    words = [0] * (max(numbers, default=-1) // _WORD + 1)
    for node in numbers:
        words[node // _WORD] |= 1 << node % _WORD
    made.numa_bits = len(words) * _WORD
    if words:  # else the kernel takes no mask of no length
        made.numa_nodes = request.array("unsigned long[]", words)
    made.asked |= lib.PYSYS_LAUNCH_NUMA


def _namespaces_inside(request: SpawnRequest, value: Any) -> None:
    flags = spawn_arguments.number("spawn: namespaces_inside", value, high=2**32 - 1)
    if rest := flags & ~_INSIDE:
        raise ValueError(
            f"spawn: namespaces_inside must be CLONE_NEW* flags other than CLONE_NEWTIME, and {rest} is none "
            "of them"
        )
    request.launched().inside = flags


def _init(request: SpawnRequest, value: Any) -> None:
    if not value:
        return
    made = request.launched()
    if made.inside & _CLONE_NEWPID:
        raise ValueError("spawn: init is process 1 of a namespace of namespaces, not of namespaces_inside")
    request.made.namespaces |= _CLONE_NEWPID
    made.asked |= lib.PYSYS_LAUNCH_INIT


def _before_exec(request: SpawnRequest, function: Any) -> None:
    if not callable(function):
        kind = type(function).__name__
        raise TypeError(f"spawn: before_exec must be a function that takes the Child, not {kind}")
    request.launched().asked |= lib.PYSYS_LAUNCH_STOP
    request.function = function


_TAKEN: dict[str, Callable[[SpawnRequest, Any], None]] = {
    "login": _login,
    "foreground": _foreground,
    "steal_terminal": _steal_terminal,
    "numa_policy": _numa_policy,
    "namespaces_inside": _namespaces_inside,
    "init": _init,
    "before_exec": _before_exec,
}
