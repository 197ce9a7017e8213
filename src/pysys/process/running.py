"""run: start a program, feed it, collect what it writes, and wait for its end."""

from __future__ import annotations

import os
import select
from time import monotonic

from pysys.loading import load
from pysys.process.child import Child, end_of
from pysys.process.spawn import spawn
from pysys.process.spawn_arguments import PIPE
from pysys.process.waiting import LONGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    import resource
    from collections.abc import Iterable, Mapping
    from typing import Any

    from typing_extensions import Buffer

    from pysys._types import Path
    from pysys.process.ending import Ending

_PART = 1 << 16  # bytes that are read or written at once


class Completed:
    """A program that run() has run.

    argv: as it was given.
    returncode: its exit status, or minus the signal that ended it.
    stdout, stderr: what was captured, bytes, or str with an encoding; None if it was not.
    ending: what ended it, which str() makes a sentence of.
    rusage: what it used, as Child.rusage.
    """

    __module__ = "pysys"  # the public name
    __slots__ = ("argv", "ending", "returncode", "rusage", "stderr", "stdout")

    argv: Any
    returncode: int
    stdout: Any
    stderr: Any
    ending: Ending | None
    rusage: resource.struct_rusage | None

    def __init__(self, argv: Any, child: Child, stdout: Any, stderr: Any) -> None:
        self.argv, self.stdout, self.stderr = argv, stdout, stderr
        assert child.returncode is not None
        self.returncode, self.ending, self.rusage = child.returncode, child.ending, child.rusage

    def __repr__(self) -> str:
        return f"<pysys.Completed {self.argv!r}: {self.ending}>"


def run(
    argv: Iterable[Path],
    *,
    input: Buffer | str | None = None,
    capture_output: bool = False,
    timeout: float | None = None,
    check: bool = False,
    encoding: str | None = None,
    errors: str = "strict",
    **settings: Any,
) -> Completed:
    """spawn, poll(2) and waitid(2): run a program to its end.

    It does what subprocess.run does, on top of spawn, in one thread and one loop, and with spawn's settings.

    argv: the program's arguments, of which the first is its name.
    input: what it reads from its standard input; str with an encoding.
    capture_output: whether stdout and stderr are captured; stdout=PIPE captures only that, and with
        stderr=STDOUT both in one.
    timeout: after how many seconds it is killed; with process_group=0, start_new_session or
        controlling_terminal its group is as well.
    check: whether a returncode other than 0 is an exception.
    encoding, errors: how str becomes bytes and bytes str, as in bytes.decode. Without an encoding there are
        only bytes, and line ends stay as they are.
    settings: those of spawn, but no filter with a listener (ValueError), whose calls nobody could answer.

    It waits until the program has ended and its pipes are closed, also by descendants that still have them.
    If a signal handler raises meanwhile, the program is killed.

    Returns a Completed.

    Raises subprocess.TimeoutExpired and subprocess.CalledProcessError, which have what was captured as
    `output` and `stderr`, the latter with the ending as a note; what spawn raises; ValueError and
    TypeError for arguments that exclude each other; UnicodeError for what cannot be decoded; errors.ECHILD,
    as Child.wait. Since Linux 2.6.27, as spawn.
    """
    sent = _bytes(input, encoding, errors)
    if input is not None:
        if settings.get("stdin") is not None:
            raise ValueError("run: input goes to stdin, which is stated as well")
        settings["stdin"] = PIPE
    if capture_output:
        if settings.get("stdout") is not None or settings.get("stderr") is not None:
            raise ValueError("run: capture_output captures stdout and stderr, of which one is stated as well")
        settings["stdout"] = settings["stderr"] = PIPE
    deadline = None if timeout is None else end_of("run", timeout)
    if not isinstance(argv, (list, tuple, str, bytes)):  # of which spawn refuses the last two
        argv = list(argv)
    child = spawn(argv, **settings)
    try:
        if child._listener is not None:
            raise ValueError("run: seccomp: nobody could answer the calls that the filter holds")
        streams = [None if stream is None else stream.fileno() for stream in (child.stdout, child.stderr)]
        captured: dict[int, list[bytes]] = {fd: [] for fd in streams if fd is not None}
        in_time = _exchange(child, memoryview(sent).cast("B"), captured, deadline)
        if in_time:
            in_time = child._ends_within(None if deadline is None else deadline - monotonic())
        if not in_time:
            child.kill(tree=_leads(settings))
            child.wait()
            _drain(captured)
        output, error = (None if fd is None else b"".join(captured[fd]) for fd in streams)
        child._close_streams()
        child.close()
    except BaseException:
        child._discard()
        raise
    if not in_time:
        raise load("subprocess").TimeoutExpired(argv, timeout, output, error)
    if encoding is not None:
        text = [None if one is None else one.decode(encoding, errors) for one in (output, error)]
        done = Completed(argv, child, *text)
    else:
        done = Completed(argv, child, output, error)
    if check and done.returncode != 0:
        failed = load("subprocess").CalledProcessError(done.returncode, argv, done.stdout, done.stderr)
        failed.add_note(str(done.ending))
        raise failed
    return done


def _bytes(sent: Any, encoding: str | None, errors: str) -> Any:
    if sent is None:
        return b""
    if isinstance(sent, str):
        if encoding is None:
            raise TypeError("run: input is str, which needs an encoding, or has to be bytes")
        return sent.encode(encoding, errors)
    try:
        return memoryview(sent)
    except TypeError:
        raise TypeError(f"run: input must be bytes or str, not {type(sent).__name__}") from None


def _leads(settings: Mapping[str, Any]) -> bool:
    """Whether the program leads a group."""
    return bool(
        settings.get("start_new_session")
        or settings.get("process_group") == 0
        or settings.get("controlling_terminal") is not None
    )


def _exchange(
    child: Child, sent: memoryview, captured: Mapping[int, list[bytes]], deadline: float | None
) -> bool:
    """Write and read until all is written and all pipes are closed. Returns False if the time was over."""
    poll = select.poll()
    for fd in captured:
        poll.register(fd, select.POLLIN)
    waiting = len(captured)
    if child.stdin is not None:
        os.set_blocking(child.stdin.fileno(), False)
        poll.register(child.stdin, select.POLLOUT)
        waiting += 1
    while waiting:
        left = LONGEST if deadline is None else min(deadline - monotonic(), LONGEST)
        if left < 0:
            return False
        for fd, _ in poll.poll(left * 1000):
            if fd in captured:
                part = os.read(fd, _PART)
                captured[fd].append(part)
                if not part:
                    poll.unregister(fd)
                    waiting -= 1
            else:
                assert child.stdin is not None
                sent = sent[_written(fd, sent) :]
                if not sent:
                    poll.unregister(fd)
                    child.stdin.close()
                    waiting -= 1
    return True


def _written(fd: int, sent: memoryview) -> int:
    """How much of it a pipe takes: all of it if nobody reads any more."""
    try:
        return os.write(fd, sent[:_PART])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(sent)


def _drain(captured: Mapping[int, list[bytes]]) -> None:
    """Read what is there already."""
    for fd, parts in captured.items():
        os.set_blocking(fd, False)
        try:
            while part := os.read(fd, _PART):
                parts.append(part)
        except BlockingIOError:  # a descendant still has the pipe
            pass
