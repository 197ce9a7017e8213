"""What exec_in_place asks C for: spawn's request, filled in from arguments by name.

Loaded when it is first needed, and held in memory until then (pysys.process.exec_in_place).
"""

from __future__ import annotations

import sys

from pysys._native import ffi, lib
from pysys.errors import RefusedError
from pysys.process import spawn_arguments
from pysys.process.spawn_request import SpawnRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from pysys._types import Descriptor, Path

_DEFAULTS: dict[str, Any] = {
    "close_fds": True,
    "restore_signals": True,
    "start_new_session": False,
    "no_new_privs": False,
    "namespaces": 0,
    "join_namespaces": (),
    "ambient_caps": (),
    "signals_default": (),
    "signals_ignored": (),
}
_SETTINGS = tuple(
    "hostname domainname loopback time_offsets oom_score_adj coredump_filter personality timer_slack "
    "child_subreaper scheduling io_priority keyring capabilities securebits landlock seccomp".split()
)


class InPlaceRequest(SpawnRequest):
    """passed: the arguments."""

    __slots__ = ("passed",)

    def __init__(self, passed: Mapping[str, Any]) -> None:
        self.passed = {**_DEFAULTS, **passed}
        super().__init__(self.passed["close_fds"], self.passed["restore_signals"], False)
        self.asked |= lib.PYSYS_SPAWN_IN_PLACE

    def has(self, name: str) -> bool:
        """Whether an argument asks for something."""
        if name == "namespaces":  # which others imply
            return bool(self.made.namespaces)
        value = self.passed.get(name)
        return value is not None and value is not False and value != ()

    def lines(self, name: str) -> list[tuple[int, ...]]:
        """Those of uid_map or gid_map."""
        written = getattr(self.made, name)
        text = bytes(ffi.string(written)) if written else b""
        return [tuple(map(int, line.split())) for line in text.splitlines()]

    def _or_pipe(self, stream: int, asked: Descriptor | None) -> Descriptor | None:
        if type(asked) is int and asked == spawn_arguments.PIPE:
            name = ("stdin", "stdout", "stderr")[stream]
            why = f"nobody here could hold the other end of a pipe; spawn({name}=) can do it"
            raise RefusedError(f"exec_in_place: {name}: {why}", syscall="execve")
        return asked

    def announce(self, executable: Any, argv: Sequence[Path], cwd: Any, env: Any) -> None:
        """The audit event of os.execve."""
        sys.audit("os.exec", executable, argv, env)

    def filled(self, argv: Iterable[Path]) -> Sequence[Path]:
        """Take all arguments. Returns argv as a sequence."""
        get: Callable[[str], Any] = self.passed.get
        found = self.program(argv, get("executable"), get("cwd"), get("env"), False)
        if get("cgroup") is not None:
            self.cgroup(get("cgroup"))
        self.namespaces(get("namespaces"), get("join_namespaces"), get("uid_map"), get("gid_map"))
        self.session(get("start_new_session"), get("process_group"), get("controlling_terminal"))
        self.files(get("stdin"), get("stdout"), get("stderr"), get("fds"))
        self.limits(get("rlimits"), get("priority"), get("affinity"), get("umask"))
        self.directories(get("chroot"), get("cwd"))
        self.user(get("user"), get("group"), get("extra_groups"))
        self.privileges(get("ambient_caps"), get("no_new_privs"), get("pdeathsig"))
        self.signals(get("signals_default"), get("signals_ignored"), get("signal_mask"))
        self.settings(**{name: get(name) for name in _SETTINGS})
        self.launch(**{name: get(name) for name in ("login", "steal_terminal", "numa_policy")})
        return found
