"""Child: a process that this one started, held by its pidfd."""

from __future__ import annotations

import os
from _thread import allocate_lock
from errno import ECHILD, EINTR, ESRCH

from pysys import errors  # at once: where calls fail, an import may fail too (descriptors, chroot)
from pysys._native import ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    import resource
    from collections.abc import Generator
    from types import TracebackType
    from typing import Any

_SIGKILL, _SIGTERM = 9, 15  # on every architecture
_LONGEST = 10**9  # seconds: what every ABI's time_t holds

# Process id and pidfd where a Child went away before its process; reaped when a later one is started.
_dropped: list[tuple[int, int | None]] = []


class Child:
    """A process that spawn started.

    pid: its process id.
    pidfd: a descriptor of the process, readable when it has ended; None before Linux 5.3, or if not
        asked for. It is closed by close(), by the end of `with`, and with the object.
    returncode: its exit status, minus the signal that ended it, or None as long as wait() or poll()
        have not seen its end.

    `with spawn(...) as child:` waits at its end. `await child` waits in an asyncio program. select,
    poll and asyncio's add_reader take the object itself. Threads may share it.
    """

    __slots__ = ("__weakref__", "_lock", "_lost", "_usage", "pid", "pidfd", "returncode")

    pid: int
    pidfd: int | None
    returncode: int | None

    def __init__(self, pid: int, pidfd: int | None) -> None:
        self.pid = pid
        self.pidfd = pidfd
        self.returncode = None
        self._usage: Any = None
        self._lost = False  # somebody else has reaped it
        self._lock = allocate_lock()

    def __repr__(self) -> str:
        if self.returncode is not None:
            state = f"returncode={self.returncode}"
        elif self._lost:
            state = "reaped elsewhere, or handed over"
        else:
            state = "running"
        return f"<pysys.Child {self.pid}: {state}>"

    # ---- its end ----

    def wait(self, timeout: float | None = None) -> int:
        """waitid(2): wait until the process has ended, reap it, and return its returncode.

        timeout: seconds, at most; None: for ever. Handlers of signals run meanwhile, and its time
            runs on.

        Raises TimeoutError when the process still runs after that time; errors.ECHILD when it was
        reaped elsewhere, or SIGCHLD is ignored here: its status is lost then.
        """
        if self.returncode is None:
            if timeout is not None:
                self._wait_until_ended(timeout)
            with self._lock:
                while self.returncode is None:
                    self._reap(0)
        assert self.returncode is not None
        return self.returncode

    def poll(self) -> int | None:
        """Return the returncode if the process has ended, None if it runs. Never waits."""
        # Another thread that waits has the lock: then there is nothing to tell yet.
        if self.returncode is None and self._lock.acquire(False):
            try:
                if self.returncode is None:
                    self._reap(os.WNOHANG)
            finally:
                self._lock.release()
        return self.returncode

    def _reap(self, options: int) -> None:
        """With the lock. Returns early when a signal came: its handler runs then."""
        ended = ffi.new("struct pysys_ended *")
        pidfd = -1 if self.pidfd is None else self.pidfd
        result: int = -ECHILD if self._lost else lib.pysys_reap(pidfd, self.pid, options, ended)
        if result == 1:
            self.returncode = ended.returncode
            self._usage = ended.usage
        elif result < 0 and result != -EINTR:
            self._lost = result == -ECHILD
            raise errors.error(-result, "waitid")

    def _wait_until_ended(self, timeout: float) -> None:
        """Not with the lock, which a thread that waits without a timeout keeps."""
        from time import monotonic, sleep

        deadline = monotonic() + timeout
        left, delay = timeout, 0.0005
        while True:
            left = min(max(left, 0), _LONGEST)
            if self.pidfd is None:
                if self.poll() is not None:
                    return
                delay = min(delay * 2, left, 0.05)
                sleep(delay)
            else:
                result = lib.pysys_poll(self.pidfd, int(left * 1e9))
                if result == 1:
                    return
                if result < 0 and result != -EINTR:
                    raise errors.error(-result, "ppoll")
            left = deadline - monotonic()
            if left <= 0 and self.poll() is None:
                raise TimeoutError(f"process {self.pid} still runs after {timeout} seconds")

    @property
    def rusage(self) -> resource.struct_rusage | None:
        """What the process used, as resource.getrusage tells it; None until its end was seen."""
        if self._usage is None:
            return None
        import resource

        user, system, *counts = self._usage
        return resource.struct_rusage((user / 1e6, system / 1e6, *counts))

    def __await__(self) -> Generator[Any, None, int]:
        return self._ended().__await__()

    async def _ended(self) -> int:
        import asyncio

        if self.poll() is None and self.pidfd is None:
            return await asyncio.to_thread(self.wait)
        if self.returncode is None:
            # A descriptor of its own: a loop has one reader for each, and other tasks may wait too.
            descriptor = os.dup(self.fileno())
            loop = asyncio.get_running_loop()
            ended = loop.create_future()
            try:
                loop.add_reader(descriptor, _set, ended)
                await ended
            finally:
                loop.remove_reader(descriptor)
                os.close(descriptor)
        return self.wait()

    # ---- signals ----

    def send_signal(self, number: int) -> None:
        """pidfd_send_signal(2): send a signal to the process, never to another one with its id.

        Nothing happens if it has ended, as with subprocess. Raises errors.EPERM, errors.EINVAL.
        """
        if self.returncode is not None:
            return
        if self.pidfd is None:
            if self.poll() is None:
                try:
                    os.kill(self.pid, number)
                except ProcessLookupError:
                    pass
            return
        result = lib.pysys_send_signal(self.pidfd, number)
        if result < 0 and result != -ESRCH:
            raise errors.error(-result, "pidfd_send_signal")

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(_SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(_SIGKILL)

    # ---- its descriptor ----

    def fileno(self) -> int:
        """Return the pidfd. Raises ValueError if there is none (any more)."""
        if self.pidfd is None:
            raise ValueError(f"process {self.pid} has no pidfd")
        return self.pidfd

    def close(self) -> None:
        """Close the pidfd. The process is not touched, and wait() works by its id."""
        pidfd, self.pidfd = self.pidfd, None
        if pidfd is not None:
            os.close(pidfd)

    def detach(self) -> int | None:
        """Hand the process over: return the pidfd, which is the caller's now, as is the reaping."""
        pidfd, self.pidfd = self.pidfd, None
        self._lost = True
        return pidfd

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.wait()
        finally:
            self.close()

    def __del__(self) -> None:
        if getattr(self, "_lock", None) is None:  # not even constructed
            return
        try:
            if self.returncode is None and not self._lost:
                import warnings

                warnings.warn(
                    f"process {self.pid} is still running", ResourceWarning, source=self, stacklevel=2
                )
                _dropped.append((self.pid, self.pidfd))
                self.pidfd = None
        finally:
            self.close()


def _set(future: Any) -> None:
    if not future.done():
        future.set_result(None)


def reap_dropped() -> None:
    """Reap the processes that nobody waits for any more."""
    for _ in range(len(_dropped)):
        try:
            pid, pidfd = _dropped.pop()
        except IndexError:  # another thread is at it
            return
        ended = ffi.new("struct pysys_ended *")
        if lib.pysys_reap(-1 if pidfd is None else pidfd, pid, os.WNOHANG, ended) == 0:
            _dropped.insert(0, (pid, pidfd))
        elif pidfd is not None:
            os.close(pidfd)
