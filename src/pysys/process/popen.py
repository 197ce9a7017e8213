"""Popen: subprocess's, started through spawn."""

from __future__ import annotations

import os
import subprocess
import sys

from pysys.process.spawn import spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    class _Base(subprocess.Popen[Any]):
        _child_created: bool

        def _execute_child(self, *values: Any) -> None: ...
        def _close_pipe_fds(self, *descriptors: int) -> None: ...
else:
    _Base = subprocess.Popen

# What spawn can set and subprocess cannot.
# fmt: off
_OWN = frozenset((
    "fds", "controlling_terminal", "signal_mask", "signals_default", "signals_ignored", "rlimits", "priority",
    "affinity", "pdeathsig", "no_new_privs", "chroot", "namespaces", "join_namespaces", "uid_map", "gid_map",
    "ambient_caps", "cgroup", "pidfd",
))
# fmt: on
_PIPES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")


def _handed_over() -> tuple[str, ...]:
    """The names of what subprocess.Popen hands to its _execute_child, by position. They are asked for
    and not known by heart: the method is CPython's own affair."""
    code = _Base._execute_child.__code__
    names: tuple[str, ...] = code.co_varnames[1 : code.co_argcount]
    return names


_HANDED_OVER = _handed_over()


class Popen(_Base):
    """subprocess.Popen, with what spawn can set besides.

    Arguments, methods, attributes and exceptions are those of subprocess.Popen. By keyword it takes
    of spawn's arguments: fds, controlling_terminal, signal_mask, signals_default, signals_ignored,
    rlimits, priority, affinity, pdeathsig, no_new_privs, chroot, namespaces, join_namespaces, uid_map,
    gid_map, ambient_caps and cgroup.

    pidfd: True gives the object a descriptor of its process, readable when that has ended, as the
        attribute pidfd (else None). It is closed by the end of `with`, and with the object.
    preexec_fn: Python code between fork and exec, for which spawn has no place. subprocess starts
        such a child, and the arguments above are refused with ValueError.

    A failing start raises what subprocess raises, as pysys's own class of it, which knows the step
    (errors.ENOENT is a FileNotFoundError). The audit event subprocess.Popen is followed by spawn's.
    """

    pidfd: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._own = {name: kwargs.pop(name) for name in _OWN & kwargs.keys()}
        super().__init__(*args, **kwargs)

    def _execute_child(self, *values: Any) -> None:
        given = dict(zip(_HANDED_OVER, values, strict=True))
        if given["preexec_fn"] is not None:
            if self._own:
                raise ValueError(f"not together with preexec_fn: {', '.join(sorted(self._own))}")
            super()._execute_child(*values)
            return
        args, executable = _command(given["args"], given["executable"], given["shell"])
        sys.audit("subprocess.Popen", executable, args, given["cwd"], given["env"])
        own = {"pidfd": False, **self._own}
        pipes = [given[name] for name in ("p2cread", "c2pwrite", "errwrite")]
        streams = {target: source for target, source in enumerate(pipes) if source != -1}
        passed = {int(fd): int(fd) for fd in given["pass_fds"]}
        child = spawn(
            args,
            executable=executable,
            cwd=given["cwd"],
            env=given["env"],
            fds=passed | dict(own.pop("fds", None) or {}) | streams,
            close_fds=given["close_fds"],
            umask=given["umask"] & 0o777 if given["umask"] >= 0 else None,
            start_new_session=given["start_new_session"],
            process_group=given["process_group"] if given["process_group"] >= 0 else None,
            user=given["uid"],
            group=given["gid"],
            extra_groups=given["gids"],
            restore_signals=given["restore_signals"],
            **own,
        )
        self.pid = child.pid
        self._child_created = True
        self.pidfd = child.detach()
        self._close_pipe_fds(*(given[name] for name in _PIPES))

    def send_signal(self, sig: int) -> None:
        """Send a signal to the process; through its pidfd, if there is one."""
        if self.pidfd is None:
            super().send_signal(sig)
        elif self.poll() is None:
            from signal import pidfd_send_signal

            try:
                pidfd_send_signal(self.pidfd, sig)
            except ProcessLookupError:
                pass

    def _close_pidfd(self) -> None:
        pidfd, self.pidfd = self.pidfd, None
        if pidfd is not None:
            os.close(pidfd)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            super().__exit__(kind, value, traceback)
        finally:
            self._close_pidfd()

    def __del__(self) -> None:
        try:
            super().__del__()
        finally:
            self._close_pidfd()


def _command(args: Any, executable: Any, shell: bool) -> tuple[list[Any], Any]:
    """The argument list and the program, from what subprocess.Popen accepts."""
    if isinstance(args, (str, bytes)):
        args = [args]
    elif isinstance(args, os.PathLike):
        if shell:
            raise TypeError("path-like args is not allowed when shell is true")
        args = [args]
    else:
        args = list(args)
    if shell:
        args = ["/bin/sh", "-c", *args]
        if executable:
            args[0] = executable
    return args, args[0] if executable is None else executable
