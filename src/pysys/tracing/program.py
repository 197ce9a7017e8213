"""Starts the program that is to be traced, in a child that waits until its tracer is there."""

from __future__ import annotations

import os
import signal

from pysys import errors, flags, structures
from pysys.calls import direct
from pysys.process.fork import fork

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pysys.structures import Array, sock_filter

__all__ = ["Program", "found"]

_STEPS = ("prctl", "seccomp", "execve")


def found(name: str, path: str) -> str:
    """The program's file, looked for in a PATH if the name has no slash. Raises errors.ENOENT,
    errors.EACCES."""
    if "/" in name:
        return name
    denied = False
    for folder in path.split(os.pathsep):
        file = os.path.join(folder or ".", name)
        if os.path.isfile(file):
            if os.access(file, os.X_OK):
                return file
            denied = True
    raise errors.error(13 if denied else 2, "execve", filename=name)


class Program:
    """A child that runs the program as soon as release() lets it. pid: its id.

    It has this process's descriptors, directory, group, session, ignored signals and signal mask; but SIGPIPE
    and SIGXFSZ, which Python ignores, have their default action.
    """

    __slots__ = ("_answer", "_file", "_gate", "pid")

    def __init__(
        self,
        file: str,
        argv: list[str],
        env: Mapping[str, str],
        rules: Array[sock_filter] | None,
        confined: bool,
    ) -> None:
        """rules: a filter to install before the program runs. confined: whether with no_new_privs."""
        waits, self._gate = os.pipe()
        self._answer, says = os.pipe()
        self._file = file
        try:
            self.pid: int = fork()
        except BaseException:
            for fd in (waits, self._gate, self._answer, says):
                os.close(fd)
            raise
        if self.pid == 0:
            try:
                os.close(self._gate)
                if os.read(waits, 1):
                    _run(file, argv, env, rules, confined, says)
            finally:
                os._exit(127)
        os.close(waits)
        os.close(says)

    def release(self) -> None:
        """Let it run."""
        os.write(self._gate, b"!")

    def close(self) -> None:
        """Give back the descriptors: a child that still waits ends."""
        for fd in (self._gate, self._answer):
            if fd >= 0:
                os.close(fd)
        self._gate = self._answer = -1

    def failure(self) -> errors.SyscallError:
        """Why the child has ended instead of running the program."""
        said = os.read(self._answer, 2)
        if len(said) < 2:
            return errors.error(3, "execve", filename=self._file)  # it was ended from outside
        step = _STEPS[said[0]]
        return errors.error(said[1], step, filename=self._file if step == "execve" else None)


def _run(
    file: str,
    argv: list[str],
    env: Mapping[str, str],
    rules: Array[sock_filter] | None,
    confined: bool,
    says: int,
) -> None:
    step = 0
    try:
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        if rules is not None:
            if confined:
                direct.prctl(flags.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            step = 1
            listed = structures.sock_fprog(len=len(rules), filter=rules)
            direct.seccomp(flags.SECCOMP_SET_MODE_FILTER, 0, listed)
        step = 2
        os.execve(file, argv, env)
    except OSError as error:
        os.write(says, bytes([step, error.errno or 0]))
