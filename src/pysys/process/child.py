"""Child: a process that spawn started, referred to by its pidfd."""

from __future__ import annotations

import os
import resource
from _warnings import warn  # warnings.warn itself, which also works at the end of the interpreter
from sys import modules
from time import monotonic, sleep

from pysys._native import lib, process_type
from pysys.loading import counted, hold, hold_errors, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    import io
    from collections.abc import Generator
    from types import TracebackType
    from typing import Any, Literal, NoReturn

    from typing_extensions import disjoint_base

    from pysys._types import Descriptor, Path
    from pysys.process.ending import Ending
    from pysys.seccomp.listener import Listener

_SIGKILL, _SIGTERM, _EINTR = 9, 15, 4  # on every architecture
_USUAL = 64  # signals that need no check: at the end of the interpreter nothing can be loaded
_LONGEST = 10**9  # seconds: what every ABI's time_t holds
FIRST_DELAY, LAST_DELAY = 0.0005, 0.05  # seconds between two looks, where nothing signals the end
_SENT_BY = {0: "pidfd_send_signal", lib.PYSYS_WAITID: "waitid", lib.PYSYS_KILL: "kill"}
_ENDED = lib.PYSYS_ENDED
_AFTER_INTERRUPT = 0.25  # seconds, as in subprocess: a terminal's SIGINT goes to the child as well

hold("arguments", "integers protocols")
hold("process", "changes ending tree")
hold_errors()

os.register_at_fork(after_in_child=lib.pysys_forked)

if TYPE_CHECKING:

    @disjoint_base
    class Process:
        """What C has of a process: struct pysys_child, and what is done with it (cdefs/wait.h, starts.c)."""

        _pid: int
        _pidfd: int
        _state: int
        _uses: int
        _listener: Listener | None
        _core: int
        # Python's: stdin, stdout and stderr; its first cgroup, and how many that had lost for lack of memory.
        _streams: tuple[Any, Any, Any] | None
        _oom_kills: tuple[str, int] | None

        def _started(self, pid: int, pidfd: int, /) -> None: ...
        def _start(self, *arguments: Any) -> bool | tuple[int, str | None, str, int] | None: ...
        def _start_as(
            self, request: int, programs: bytes, argv: bytes, env: bytes | None, function: Any, /
        ) -> bool | tuple[int, str | None, str, int]: ...
        def _is_ours(self) -> bool: ...
        def _reap(self, options: int, /) -> int: ...
        def _await_end(self, nanoseconds: int, /) -> int: ...
        def _send_signal(self, number: int, /) -> int: ...
        def _usage(self) -> tuple[int, ...] | None: ...
        def _duplicate(self, copy: Process, /) -> int: ...
        def _close(self) -> int: ...
        def _detach(self) -> int: ...
else:
    Process = process_type()

# Each Child that was dropped while its process still ran. It is reaped when a later process is started.
dropped: list[Child] = []


class Child(Process):
    """A process that spawn started.

    pid: its process id.
    pidfd: a descriptor of the process, readable when it has ended; None before Linux 5.3, or if it was not
        requested. It is closed by close(), at the end of `with` and `async with` if the process has ended,
        and when the object is deleted.
    returncode: its exit status, minus the signal that ended it, or None as long as neither wait() nor poll()
        has seen its end.
    stdin, stdout, stderr: what spawn was asked for with PIPE: files of bytes, as subprocess has them. The end
        of `with` and `async with` closes them.

    `with spawn(...) as child:` waits at its end; after a KeyboardInterrupt for a quarter of a second, as
    subprocess does. In an asyncio program `await child` and `async with` wait; `with` does not stop the
    loop (see __exit__). A process that still runs when its Child is dropped is reaped when another one is
    started. select, poll and asyncio's add_reader accept the object itself.

    Threads and signal handlers may share it, and use any of its methods at the same time. A process that is
    forked later can send signals through the pidfd, but cannot wait for the child.

    Raises, in its methods, the documented errors of the calls that they name; TypeError when it is copied or
    pickled. Since Linux 2.6.10, which has waitid; with a pidfd since Linux 5.3.
    """

    __module__ = "pysys"  # the public name
    __slots__ = ()

    def __init__(self, pid: int = 0, pidfd: int | None = None) -> None:
        """Take a child of this process, and its pidfd, which the object closes from now on.

        With pid 0 only the memory is there, and C fills in the process when it has started.
        """
        if pid != 0:
            pid = _integers().signed("Child: pid", pid)
        pidfd = -1 if pidfd is None else _integers().signed("Child: pidfd", pidfd)
        self._started(pid, pidfd)

    @property
    def pid(self) -> int:
        """The process id. It stays the same when the process has ended."""
        return self._pid

    @property
    def pidfd(self) -> int | None:
        """The descriptor of the process; None if there is none, or it was closed."""
        pidfd = self._pidfd
        return None if pidfd == -1 else pidfd

    @property
    def listener(self) -> Listener | Any:  # None, too: the caller knows which filter it has
        """The seccomp.Listener of its filter; None without one. It is closed when the object is deleted."""
        return self._listener

    @property
    def stdin(self) -> io.BufferedWriter | None:
        """The pipe to its standard input; None unless spawn was asked for one (stdin=PIPE)."""
        return self._streams and self._streams[0]

    @property
    def stdout(self) -> io.BufferedReader | None:
        """The pipe from its standard output; None unless spawn was asked for one (stdout=PIPE)."""
        return self._streams and self._streams[1]

    @property
    def stderr(self) -> io.BufferedReader | None:
        """The pipe from its standard error; None unless spawn was asked for one (stderr=PIPE)."""
        return self._streams and self._streams[2]

    @property
    def returncode(self) -> int | None:
        """The exit status, or minus the signal that ended the process; None as long as no end was seen."""
        state = self._state
        return state - _ENDED if state > lib.PYSYS_DETACHED else None

    @property
    def ending(self) -> Ending | None:
        """What ended the process, which str() makes a sentence of; None as long as no end was seen."""
        returncode = self.returncode
        if returncode is None:
            return None
        found: Ending = load("pysys.process.ending").found(returncode, self._core, self._oom_kills)
        return found

    def __repr__(self) -> str:
        if self.returncode is not None:
            state = f"returncode={self.returncode}"
        elif self._state != lib.PYSYS_RUNS:
            state = "reaped elsewhere, or handed over"
        else:
            state = "running"
        return f"<pysys.Child {self.pid}: {state}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Child cannot be copied or pickled: its process is reaped, its pidfd closed, once")

    # ---- its end ----

    def wait(self, timeout: float | None = None) -> int:
        """waitid(2): wait until the process has ended, and reap it. Returns its returncode.

        timeout: how many seconds to wait at most; None waits forever. Signal handlers run meanwhile, and
            their time counts. They may wait, too. What they raise ends the wait, but no status is lost by it.

        Raises TimeoutError if the process still runs after that time. That is Python's own, a kind of
        OSError, which `except OSError` around the start catches too; subprocess's TimeoutExpired is raised
        by pysys.Popen.wait. Raises errors.ECHILD if the status is lost, because the process was reaped
        elsewhere or SIGCHLD is ignored here, or if it is a child of the process that this one was forked
        from. Since Linux 6.15 no status is lost as long as there is a pidfd (PIDFD_GET_INFO).
        """
        if timeout is None:
            while (result := self._reap(0)) != 1:
                if result != -_EINTR:  # otherwise a handler can run now
                    raise _error(-result, "waitid")
            return self._state - _ENDED
        if not self._ends_within(timeout):
            raise TimeoutError(f"process {self.pid} still runs after {counted(timeout or 0, 'second')}")
        assert self.returncode is not None
        return self.returncode

    def poll(self) -> int | None:
        """waitid(2) with WNOHANG: see whether the process has ended, without waiting; reap it if it has.

        Returns the returncode, or None if the process still runs. Raises errors.ECHILD if the status is lost,
        as wait() does; poll() of subprocess returns 0 then. Since Linux 2.6.10.
        """
        self._has_ended(os.WNOHANG)
        return self.returncode

    def wait_change(
        self, timeout: float | None = None
    ) -> tuple[Literal["stopped", "continued", "ended"], int]:
        """waitid(2) with WSTOPPED and WCONTINUED: wait until the process stops, goes on or ends.

        timeout: how many seconds to wait at most; None waits forever. With one, the process is looked at
            again and again, because no descriptor reports a stop.

        Returns a pair: ("stopped", the signal that stopped it), ("continued", SIGCONT) or ("ended",
        returncode), and the last again and again. Each stop and continuation is seen once, the latest if
        there were several since the last look; one that came before the end may not be seen.

        Raises TimeoutError if nothing has changed after that time; errors.ECHILD, as wait() does. Since Linux
        2.6.10.
        """
        change: tuple[Literal["stopped", "continued", "ended"], int]
        deadline = None if timeout is None else end_of("wait_change", timeout)
        change = load("pysys.process.changes").next_change(self, timeout, deadline)
        return change

    def _has_ended(self, options: int) -> bool:
        """Whether the process has ended. Returns early after a signal, so that its handler can run."""
        result = self._reap(options)
        if result < 0 and result != -_EINTR:
            raise _error(-result, "waitid")
        return result == 1

    def _ends_within(self, timeout: float | None) -> bool:
        if timeout is None:
            while not self._has_ended(0):
                pass
            return True
        deadline = end_of("wait", timeout)
        delay, signalled = FIRST_DELAY, True
        while not self._has_ended(os.WNOHANG):
            left = min(deadline - monotonic(), _LONGEST)
            if left <= 0:
                return False
            if signalled:
                result = self._await_end(int(left * 1e9))
                # Nothing reports the end without a pidfd, or if a tracer has to see it first.
                signalled = result == 0 or result == -_EINTR
            else:
                sleep(min(delay, left))
                delay = min(delay * 2, LAST_DELAY)
        return True

    @property
    def rusage(self) -> resource.struct_rusage | None:
        """What the process used, as from resource.getrusage: times in seconds, ru_maxrss in KiB.

        None until its end was seen, and if it was reaped elsewhere.
        """
        usage = self._usage()
        if usage is None:
            return None
        user, system, *counts = usage
        return resource.struct_rusage((user / 1e6, system / 1e6, *counts))

    def __await__(self) -> Generator[Any, None, int]:
        return self._ended().__await__()

    async def _ended(self) -> int:
        import asyncio

        # Its own descriptor: a loop has one reader for each, and other tasks may wait too.
        own = Child()
        if self.poll() is None and self._duplicate(own) == 0:
            loop = asyncio.get_running_loop()
            ended = loop.create_future()
            try:
                loop.add_reader(own.fileno(), _set, ended)
                await ended
            finally:
                loop.remove_reader(own.fileno())
                own.close()
        delay = FIRST_DELAY
        while (returncode := self.poll()) is None:  # no pidfd, no descriptor left, or a tracer comes first
            await asyncio.sleep(delay)
            delay = min(delay * 2, LAST_DELAY)
        return returncode

    # ---- signals ----

    def send_signal(self, number: int) -> None:
        """pidfd_send_signal(2), or kill(2) without a pidfd: send a signal to the process.

        number: of the signal, an int or a signal.Signals; 0 only checks that it may be sent.

        Nothing happens if it has ended, as with subprocess. Through a pidfd the signal never reaches another
        process. Without one (after close(), with pidfd=False, before Linux 5.3) it goes by the process id,
        which belongs to this process until it is reaped: if other code reaps it (os.wait(), SIGCHLD ignored),
        the signal may reach a new process that has got the same id.

        Raises errors.EPERM, errors.EINVAL; errors.ECHILD without a pidfd after detach(), or in a process
        that was forked since.
        """
        if not isinstance(number, int) or not 0 <= number <= _USUAL:
            number = _integers().signed("send_signal: number", number)
        result = self._send_signal(number)
        if result < 0:
            raise _error(-result & 0xFFFF, _SENT_BY[-result & ~0xFFFF])

    def terminate(self) -> None:
        """Send SIGTERM, as send_signal() does."""
        self.send_signal(_SIGTERM)

    def kill(self, *, tree: bool | Path | Descriptor = False) -> None:
        """Send SIGKILL, as send_signal() does; to its descendants as well, if asked for.

        tree: True: to each process of the group that it leads (spawn's process_group=0, start_new_session or
            controlling_terminal), also when the process itself has ended. Not reached is what has begun
            a group or session of its own. Before Linux 6.9, or without a pidfd, the group goes by the process
            id, and is not reached once the process was reaped.
            A cgroup, its directory or a descriptor of it: to each process in it and below it, at once
            (cgroup.kill, Linux 5.14), otherwise one after the other, until there is no new one. Not
            reached is what was moved out of it.

        Raises errors.EPERM; with tree, errors.ECHILD after detach() or in a process that was forked since;
        ValueError, and sends nothing, if the process leads no group, if it runs and is
        not in that cgroup, or if this process is; the documented errors of openat for the cgroup's
        files.
        """
        if tree is False:
            self.send_signal(_SIGKILL)
        else:
            load("pysys.process.tree").kill(self, tree)

    # ---- its descriptor ----

    def fileno(self) -> int:
        """The pidfd, for select and the like.

        Returns an int. Raises ValueError if there is none, or it was closed.
        """
        pidfd = self.pidfd
        if pidfd is None:
            raise ValueError(f"process {self.pid} has no pidfd")
        return pidfd

    def close(self) -> None:
        """close(2): close the pidfd. The process is not affected.

        From then on wait(), poll() and send_signal() use the process id, which can be another process's if
        other code has reaped this one. A call in another thread that is using the pidfd continues, and the
        pidfd is closed when that is done. Raises the documented errors of close.
        """
        result = self._close()
        if result < 0:
            raise _error(-result, "close")

    def detach(self) -> int | None:
        """Give up the process, and leave it to the caller. Returns the pidfd, or None.

        It is the caller's task then to close the pidfd and to reap the process.
        """
        pidfd = self._detach()
        return None if pidfd == -1 else pidfd

    # ---- with ----

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the pipes to and from the process, wait, and close the pidfd.

        After a KeyboardInterrupt it waits for a quarter of a second. In a thread that runs an asyncio loop it
        does not wait: an exception that ended the block is passed on; without one, a process that still runs
        is a RuntimeError, because `async with` is needed then. A process that still runs is reaped later,
        like that of a dropped Child. In a process that was forked inside the block nothing happens. An
        exception closes the listener first, so that no call waits for an answer.

        Raises errors.ECHILD, as wait() does, if no exception ended the block.
        """
        if not self._is_ours():
            return
        if kind is not None and self._listener is not None:  # else the process may wait for an answer forever
            self._listener.close()
        try:
            self._close_streams()
        finally:
            self._exit(kind)

    def _exit(self, kind: type[BaseException] | None) -> None:
        try:
            if self.poll() is None:
                self._wait_at_the_end(kind)
        except load("pysys.errors").ECHILD:
            if kind is None:  # otherwise the exception that ended the block says more
                raise
        finally:
            self._close_if_ended()

    def _close_streams(self) -> None:
        for stream in self._streams or ():
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:  # it did not read all that was written
                    pass

    def _wait_at_the_end(self, kind: type[BaseException] | None) -> None:
        if _in_a_loop():
            if kind is None:
                raise RuntimeError(
                    f"process {self.pid} still runs, and to wait for it here would stop the event loop: "
                    "use `async with`, or await it inside"
                )
        elif kind is not None and issubclass(kind, KeyboardInterrupt):
            self._ends_within(_AFTER_INTERRUPT)
        else:
            try:
                self.wait()
            except KeyboardInterrupt:
                self._ends_within(_AFTER_INTERRUPT)
                raise

    async def __aenter__(self) -> Child:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close its pipes, await the process, and close the pidfd. Does not wait if the task is cancelled.

        Raises errors.ECHILD, as wait() does, if no exception ended the block.
        """
        if not self._is_ours():
            return
        if kind is not None and self._listener is not None:  # else the process may wait for an answer forever
            self._listener.close()
        try:
            self._close_streams()
            if self.poll() is None and (kind is None or issubclass(kind, Exception)):
                await self._ended()
        except load("pysys.errors").ECHILD:
            if kind is None:
                raise
        finally:
            self._close_if_ended()

    def _close_if_ended(self) -> None:
        """Close the pidfd, but not while the process runs: signals and the reaping need it."""
        if self._state != lib.PYSYS_RUNS:
            self.close()

    # ---- without its caller ----

    def _discard(self) -> None:
        """End a process whose start was interrupted: the caller will not learn of it."""
        if not self._pid or not self._is_ours():
            return
        try:
            self._close_streams()
            self.kill()
            self._ends_within(1)
        except (load("pysys.errors").EPERM, load("pysys.errors").ECHILD):
            pass  # a set-user-ID program; something else was faster
        finally:
            self._drop()

    # At the end of the interpreter a module's names may be gone, so these two have them as defaults.

    def _drop(
        self, reaped: bool = False, _dropped: list[Child] = dropped, _runs: int = lib.PYSYS_RUNS
    ) -> bool:
        """Leave a process that still runs to reap_dropped(). Returns whether it was not there already."""
        if (
            not self._is_ours() or self in _dropped
        ):  # from before a fork, the pidfd's number may be another file's
            return False
        if reaped or not self._pid or self._state != _runs:
            self._close()
            if reaped:
                self._detach()
            return False
        _dropped.append(self)
        return True

    def _still_runs(self, _warn: Any = warn) -> None:
        """C calls this when the object would be deleted."""
        if self._drop():  # first: the warning may be an error
            _warn(f"process {self.pid} is still running", ResourceWarning, stacklevel=2, source=self)


def end_of(call: str, timeout: float) -> float:
    """The time at which a wait of that many seconds is over. Raises what `call` raises of no number."""
    try:
        deadline = monotonic() + timeout
    except TypeError:
        kind = type(timeout).__name__
        raise TypeError(f"{call}: timeout must be a number of seconds or None, not {kind}") from None
    except OverflowError:  # an int that no float has
        shown = _integers().shown(int(timeout))
        raise OverflowError(f"{call}: timeout: {shown} seconds is out of range") from None
    if deadline != deadline:
        raise ValueError(f"{call}: timeout must be a number of seconds or None, not nan")
    return deadline


def _error(number: int, call: str) -> Any:
    return load("pysys.errors").error(number, call)


def _integers() -> Any:
    return load("pysys.arguments.integers")


def _set(future: Any) -> None:
    if not future.done():
        future.set_result(None)


def _in_a_loop() -> bool:
    """Whether an asyncio loop runs in this thread."""
    running = getattr(modules.get("asyncio"), "_get_running_loop", None)
    return running is not None and running() is not None


def reap_dropped() -> None:
    """Reap the processes whose Child was dropped."""
    for child in dropped[:]:
        if child._is_ours():
            if child._reap(os.WNOHANG) == 0:
                continue
            child._close()
        # Only now, so that after the exception of a signal handler it is still listed the next time.
        try:
            dropped.remove(child)
        except ValueError:  # another thread was faster
            pass
