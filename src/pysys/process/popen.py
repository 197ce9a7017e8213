"""Popen: subprocess.Popen, started through spawn."""

from __future__ import annotations

import locale
import os
import subprocess
import sys
from _operator import itemgetter
from _warnings import warn

from pysys import errors
from pysys._native import lib
from pysys.arguments import descriptors, integers, iterables, text
from pysys.process.child import Child
from pysys.process.spawn import spawn
from pysys.process.spawn_arguments import STREAMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from types import TracebackType
    from typing import Any

    from pysys._types import Descriptor, Path
    from pysys.process.ending import Ending
    from pysys.seccomp.listener import Listener

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
    "affinity", "pdeathsig", "no_new_privs", "root", "mounts", "chroot", "namespaces", "join_namespaces",
    "uid_map", "gid_map", "ambient_caps", "cgroup", "hostname", "domainname", "loopback", "time_offsets",
    "oom_score_adj",
    "coredump_filter", "personality", "timer_slack", "child_subreaper", "scheduling", "io_priority",
    "keyring", "capabilities", "securebits", "landlock", "seccomp", "login", "foreground", "steal_terminal",
    "numa_policy", "namespaces_inside", "init", "before_exec", "pidfd",
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
# Those that are taken of them.
# fmt: off
_taken = itemgetter(*map(_HANDED_OVER.index, (
    "args", "executable", "preexec_fn", "close_fds", "pass_fds", "cwd", "env", "shell", "p2cread", "c2pwrite",
    "errwrite", "restore_signals", "gid", "gids", "uid", "umask", "start_new_session", "process_group",
)))
# fmt: on
_pipes = itemgetter(*map(_HANDED_OVER.index, _PIPES))
_PARAMETERS = _Base.__init__.__code__.co_varnames[1:]
_FILES = (__file__, subprocess.__file__)


# What an object has before its process exists.
_NO_CHILD = Child()


class Popen(_Base):
    """subprocess.Popen, with the further arguments of spawn.

    Arguments, methods, attributes and exceptions are those of subprocess.Popen. It also takes these
    arguments of spawn, by keyword: fds, controlling_terminal, signal_mask, signals_default, signals_ignored,
    rlimits, priority, affinity, pdeathsig, no_new_privs, root, mounts, chroot, namespaces, join_namespaces,
    uid_map, gid_map, ambient_caps, cgroup, hostname, domainname, loopback, time_offsets, oom_score_adj,
    coredump_filter, personality, timer_slack, child_subreaper, scheduling, io_priority, keyring,
    capabilities, securebits, landlock, seccomp, login, foreground, steal_terminal, numa_policy,
    namespaces_inside, init and before_exec.

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

    `await process` and `async with` wait in an asyncio program. wait() and poll() may be called in a handler
    of a signal that interrupts one of them, and an exception of the handler loses no status.
    """

    __module__ = "pysys"  # the public name

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._child = _NO_CHILD
        self._own: dict[str, Any] = {}
        if kwargs or len(args) != 1 or type(args[0]) is not list:
            self._own = {name: kwargs.pop(name) for name in _OWN & kwargs.keys()}
            named = _by_name(args, kwargs)
            _check(named)
            args, kwargs = tuple(named.values())[: len(args)], {name: named[name] for name in kwargs}
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
        """The descriptor of the process; None without pidfd=True, and when it was closed."""
        return self._child.pidfd

    @property
    def listener(self) -> Listener | Any:
        """The seccomp.Listener of the filter that was passed as seccomp; None without one."""
        return self._child.listener

    def _execute_child(self, *values: Any) -> None:
        # fmt: off
        (args, executable, preexec_fn, close_fds, pass_fds, cwd, env, shell, child_stdin, child_stdout,
         child_stderr, restore_signals, gid, gids, uid, umask, start_new_session,
         process_group) = _taken(values)
        # fmt: on
        if preexec_fn is not None:
            if self._own:
                raise ValueError(f"not together with preexec_fn: {', '.join(sorted(self._own))}")
            super()._execute_child(*values)
            self._child = Child(self.pid)
            return
        args, executable = _command(args, executable, shell)
        sys.audit("subprocess.Popen", executable, args, cwd, env)
        own = {"pidfd": False, **self._own}
        try:
            passed = None
            if pass_fds or "fds" in own:
                streams = (child_stdin, child_stdout, child_stderr)
                passed = _passed(pass_fds, own.pop("fds", None), streams)
            self._child = spawn(
                args,
                executable=None if executable is args[0] else executable,
                cwd=cwd,
                env=env,
                stdin=None if child_stdin == -1 else child_stdin,
                stdout=None if child_stdout == -1 else child_stdout,
                stderr=None if child_stderr == -1 else child_stderr,
                fds=passed,
                close_fds=close_fds,
                umask=umask & 0o777 if umask >= 0 else None,
                start_new_session=start_new_session,
                process_group=process_group if process_group >= 0 else None,
                user=uid,
                group=gid,
                extra_groups=gids,
                restore_signals=restore_signals,
                **own,
            )
        except (TypeError, ValueError, OverflowError) as error:
            said = str(error)
            if not said.startswith("spawn: "):
                raise
            said = said.removeprefix("spawn: ").replace("argv", "args", 1)
            # As subprocess, which has ValueError for ids of groups that are out of range.
            kind = ValueError if said.startswith("extra_groups") else type(error)
            raise kind(f"Popen: {said}") from None
        self.pid = self._child.pid
        self._child_created = True
        if child_stdin != -1 or child_stdout != -1 or child_stderr != -1:
            self._close_pipe_fds(*_pipes(values))

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
                if timeout is not None and not self._child._ends_within(timeout):
                    raise subprocess.TimeoutExpired(self.args, timeout)
                self.returncode = self._child.wait()
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
        """pidfd_send_signal(2), or kill(2) without a pidfd: send a signal to the process if it has not ended.

        sig: the signal, an int or a signal.Signals; 0 only checks that it may be sent.

        Raises what Child.send_signal raises: errors.EPERM, errors.EINVAL.
        """
        if self.poll() is None:
            self._child.send_signal(sig)

    def kill(self, *, tree: bool | Path | Descriptor = False) -> None:
        """Send SIGKILL, as send_signal() does; to its descendants as well, as Child.kill does.

        tree: True: to the group that it leads; a cgroup, its directory or a descriptor of it: to each
            process in it.

        Raises what Child.kill raises.
        """
        if tree is False:
            super().kill()
        else:
            self._child.kill(tree=tree)

    @property
    def ending(self) -> Ending | None:
        """What ended the process, which str() makes a sentence of; None as long as no end was seen."""
        return self._child.ending

    async def __aenter__(self) -> Popen:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close its pipes, and await the process. Does not wait if the task is cancelled."""
        self._let_go(kind)
        try:
            for stream in (self.stdout, self.stderr, self.stdin):
                if stream is not None:
                    stream.close()
        finally:
            if self.poll() is None and (kind is None or issubclass(kind, Exception)):
                await self._ended()
            if self.returncode is not None:
                self._child._drop(reaped=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._let_go(kind)
        try:
            super().__exit__(kind, value, traceback)
        finally:
            if self.returncode is not None:
                self._child._drop(reaped=True)

    def _let_go(self, kind: type[BaseException] | None) -> None:
        """After an exception nobody answers the calls that a filter holds, and the process would not end."""
        if kind is not None and self._child._listener is not None:
            self._child._listener.close()

    def __del__(self, _runs: int = lib.PYSYS_RUNS) -> None:
        if not self._child_created:
            return
        # Before subprocess's, whose warning may be an error.
        if self._child._state == _runs:
            self._child._drop(reaped=self.returncode is not None)
        if self.returncode is None:
            super().__del__()


def _by_name(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of subprocess.Popen by their names."""
    return dict(zip(_PARAMETERS, args, strict=False)) | kwargs


def _passed(pass_fds: Any, fds: Any, streams: tuple[int, ...]) -> dict[Any, Any]:
    """The descriptors that are passed on besides the streams, which go first, as in subprocess."""
    passed = {int(fd): int(fd) for fd in pass_fds}
    if fds is not None:
        passed |= iterables.pairs("spawn: fds", fds, "a mapping of the child's numbers to descriptors")
    return {
        target: source
        for target, source in passed.items()
        if not (target in (0, 1, 2) and streams[target] != -1)
    }


# What subprocess would refuse in other words, or take for something else, is refused by its name. Each check
# returns what is passed on: a list, where an iterator has to be gone through.


def _check_args(title: str, value: Any) -> Any:
    return value if text.is_path(value) else iterables.iterable(title, value, "strings")


def _check_number(title: str, value: Any) -> Any:
    integers.signed(title, value)
    return value


def _check_stream(title: str, value: Any) -> Any:
    descriptors.descriptor(title, value)
    return value


def _check_of_windows(title: str, value: Any) -> Any:
    if value:
        raise ValueError(f"{title} is for Windows only")
    return value


def _check_fds(title: str, value: Any) -> Any:
    return [integers.signed(title, one) for one in iterables.items(title, value, "descriptors")]


def _check_text(title: str, value: Any) -> Any:
    if not isinstance(value, str):
        raise TypeError(f"{title} must be str, not {type(value).__name__}")
    return value


def _check_identity(title: str, value: Any) -> Any:
    if isinstance(value, str):
        text.encoded(title, value)
    else:
        # What is too large is spawn's to say, which knows what subprocess raises of it.
        number = integers.integer(title, value, " or a name")
        integers.within(title, number, (0, 1 << 128), below=ValueError)
    return value


def _check_groups(title: str, value: Any) -> Any:
    found = iterables.items(title, value, "ids or names")
    for index, one in enumerate(found):
        _check_identity(f"{title}[{index}]", one)
    return found


def _check_function(title: str, value: Any) -> Any:
    if not callable(value):
        raise TypeError(f"{title} must be callable, not {type(value).__name__}")
    return value


# Of the others, subprocess takes some as truth values, and spawn looks at the rest.
_CHECKS = {
    "args": _check_args,
    **dict.fromkeys(("bufsize", "umask", "pipesize", "process_group"), _check_number),
    **dict.fromkeys(STREAMS, _check_stream),
    **dict.fromkeys(("startupinfo", "creationflags"), _check_of_windows),
    "pass_fds": _check_fds,
    **dict.fromkeys(("encoding", "errors"), _check_text),
    **dict.fromkeys(("user", "group"), _check_identity),
    "extra_groups": _check_groups,
    "preexec_fn": _check_function,
}


def _check(passed: dict[str, Any]) -> None:
    for name, value in passed.items():
        check = _CHECKS.get(name)
        if check is not None and (value is not None or name == "args"):
            passed[name] = check(f"Popen: {name}", value)


def _text_without_encoding(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The argument that requests text if there is no encoding."""
    if kwargs.get("encoding") is not None:
        return None
    passed = _by_name(args, kwargs)
    return passed.get("errors") or passed.get("text") or passed.get("universal_newlines")


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
        args = iterables.items("Popen: args", args, "strings")
    if shell:
        args = ["/bin/sh", "-c", *args]
        if executable:
            args[0] = executable
    if not args:
        raise IndexError("Popen: args is empty: it starts with the program's name")  # as subprocess
    return args, args[0] if executable is None else executable
