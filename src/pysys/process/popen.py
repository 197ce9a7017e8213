"""Popen: subprocess.Popen, started through spawn."""

from __future__ import annotations

import locale
import os
import subprocess
import sys
from _warnings import warn

from pysys import errors
from pysys.process.child import Child
from pysys.process.spawn import spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from types import TracebackType
    from typing import Any

    class _Base(subprocess.Popen[Any]):
        _child_created: bool

        def _execute_child(self, *values: Any) -> None: ...
        def _close_pipe_fds(self, *descriptors: int) -> None: ...
        def __del__(self) -> None: ...
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
    """The names of the arguments of subprocess.Popen's _execute_child, by position. They are looked up,
    because the method is private and differs between versions of CPython."""
    code = _Base._execute_child.__code__
    names: tuple[str, ...] = code.co_varnames[1 : code.co_argcount]
    return names


_HANDED_OVER = _handed_over()
_FILES = (__file__, subprocess.__file__)


class Popen(_Base):
    """subprocess.Popen, with the further arguments of spawn.

    Arguments, methods, attributes and exceptions are those of subprocess.Popen. It also takes these
    arguments of spawn, by keyword: fds, controlling_terminal, signal_mask, signals_default, signals_ignored,
    rlimits, priority, affinity, pdeathsig, no_new_privs, chroot, namespaces, join_namespaces, uid_map,
    gid_map, ambient_caps and cgroup.

    pidfd: True gives the object a descriptor of its process, readable when that has ended, as the
        attribute pidfd (otherwise None). It is closed at the end of `with` if the process has ended, and when
        the object is deleted. Since Linux 5.3.
    preexec_fn: Python code between fork and exec, which spawn cannot run. subprocess starts such a child, and
        the arguments above are refused with ValueError.

    Raises what subprocess raises. A start that fails raises pysys's subclass of it, which has the step
    (errors.ENOENT is a FileNotFoundError). The audit event subprocess.Popen is followed by spawn's. Since
    Linux 2.6.27, as spawn.

    wait(timeout) and communicate(timeout) raise subprocess.TimeoutExpired. Signals go by the process id, as
    subprocess sends them, unless pidfd=True was asked for.

    `await process` waits in an asyncio program. wait() and poll() may be called in a handler of a signal
    that interrupts one of them, and an exception of the handler loses no status.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._own = {name: kwargs.pop(name) for name in _OWN & kwargs.keys()}
        self._child = Child()
        text_mode = sys.flags.warn_default_encoding and _text_without_encoding(args, kwargs)
        if text_mode:
            kwargs["encoding"] = _default_encoding()
        try:
            super().__init__(*args, **kwargs)
            if text_mode:
                self.text_mode = text_mode
        except BaseException:
            self._discard()
            raise

    def _discard(self) -> None:
        """Clear up after a start that failed or was interrupted: the caller does not have the object."""
        if self._child_created and not self._child.pid and self.returncode is None:
            self._child = Child(self.pid)
        self._child_created = False
        if self._child.pid:
            self._child._discard()

    @property
    def pidfd(self) -> int | None:
        return self._child.pidfd

    def _execute_child(self, *values: Any) -> None:
        given = dict(zip(_HANDED_OVER, values, strict=True))
        if given["preexec_fn"] is not None:
            if self._own:
                raise ValueError(f"not together with preexec_fn: {', '.join(sorted(self._own))}")
            super()._execute_child(*values)
            self._child = Child(self.pid)
            return
        args, executable = _command(given["args"], given["executable"], given["shell"])
        sys.audit("subprocess.Popen", executable, args, given["cwd"], given["env"])
        own = {"pidfd": False, **self._own}
        pipes = [given[name] for name in ("p2cread", "c2pwrite", "errwrite")]
        streams = {target: source for target, source in enumerate(pipes) if source != -1}
        passed = {int(fd): int(fd) for fd in given["pass_fds"]}
        self._child = spawn(
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
        self.pid = self._child.pid
        self._child_created = True
        self._close_pipe_fds(*(given[name] for name in _PIPES))

    # Those of subprocess use a lock, which a signal handler or a forked process may find locked forever, and
    # lose the status when a handler raises.

    def _internal_poll(
        self, _deadstate: int | None = None, *_: Any, _lost: Any = errors.ECHILD
    ) -> int | None:
        if self.returncode is None:
            try:
                self.returncode = self._child.poll()
            except _lost:
                self.returncode = 0 if _deadstate is None else _deadstate
        return self.returncode

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            try:
                if not self._child._ends_within(timeout):
                    raise subprocess.TimeoutExpired(self.args, timeout)  # type: ignore[arg-type]  # a timeout that ran out is no None
                self.returncode = self._child.returncode
            except errors.ECHILD:
                self.returncode = 0
        return self.returncode

    def __await__(self) -> Generator[Any, None, int]:
        return self._ended().__await__()

    async def _ended(self) -> int:
        if self.returncode is None:
            try:
                await self._child
            except errors.ECHILD:
                pass
        return self.wait()

    def send_signal(self, sig: int) -> None:
        """Send a signal to the process if it has not ended; through its pidfd, if there is one."""
        if self.poll() is None:
            self._child.send_signal(sig)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            super().__exit__(kind, value, traceback)
        finally:
            if self.returncode is not None:
                self._child._drop(reaped=True)

    def __del__(self) -> None:
        if self._child_created:
            # Before subprocess's, whose warning may be an error.
            self._child._drop(reaped=self.returncode is not None)
        super().__del__()


def _text_without_encoding(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The argument that requests text if there is no encoding."""
    if kwargs.get("encoding") is not None:
        return None
    names = _Base.__init__.__code__.co_varnames[1 : len(args) + 1]
    given = dict(zip(names, args, strict=False)) | kwargs
    return given.get("errors") or given.get("text") or given.get("universal_newlines")


def _default_encoding() -> str:
    """The encoding that subprocess would use. Its own warning would be at a line of this file."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename in _FILES:
        frame, level = frame.f_back, level + 1
    warn("'encoding' argument not specified.", EncodingWarning, level)
    return "utf-8" if sys.flags.utf8_mode else locale.getencoding()


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
