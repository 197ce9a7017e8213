"""Child: requirement S9, and the ways to wait."""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import threading
import time
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from isolated import nothing_left, open_descriptors, until

if TYPE_CHECKING:
    from pysys import Child

pytestmark = pytest.mark.isolated

with_and_without_pidfd = pytest.mark.parametrize("pidfd", [True, False])


@with_and_without_pidfd
def test_S9_returncode(pidfd: bool) -> None:
    """wait and poll return the exit status, or minus the signal, again and again."""
    from pysys import spawn

    with nothing_left():
        for script, code in (("exit 0", 0), ("exit 255", 255), ("kill -TERM $$", -15), ("kill -KILL $$", -9)):
            with spawn(["/bin/sh", "-c", script], pidfd=pidfd) as child:
                assert (
                    child.wait() == child.wait(1) == child.wait(0) == child.poll() == child.returncode == code
                )


@with_and_without_pidfd
@pytest.mark.parametrize("number", [int(signal.SIGQUIT), int(signal.SIGABRT)])
def test_S9_returncode_of_a_core_dump(pidfd: bool, number: int) -> None:
    """Minus the signal it is also where the kernel writes a core."""
    import resource
    import tempfile

    from pysys import spawn

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    script = f"kill -{number} $$"
    with (
        nothing_left(),
        tempfile.TemporaryDirectory() as folder,
        spawn(["/bin/sh", "-c", script], pidfd=pidfd, cwd=folder, rlimits={"CORE": most}) as child,
    ):
        assert child.wait() == -number


@with_and_without_pidfd
def test_S9_poll_does_not_wait(pidfd: bool) -> None:
    """poll is None as long as the process runs, and sees its end by itself."""
    from pysys import spawn

    with nothing_left():
        reader, writer = os.pipe()
        child = spawn(["/bin/sh", "-c", "read line; exit 4"], stdin=reader, pidfd=pidfd)
        assert child.poll() is None
        assert child.returncode is None
        os.write(writer, b"\n")
        until(lambda: child.poll() is not None)
        assert child.returncode == 4
        child.close()
        os.close(reader)
        os.close(writer)


@with_and_without_pidfd
def test_S9_wait_with_a_timeout(pidfd: bool) -> None:
    """wait raises TimeoutError when the time is over, not before it, and leaves the process alone."""
    from pysys import spawn

    with nothing_left(), spawn(["/bin/sleep", "100"], pidfd=pidfd) as child:
        for seconds in (0.1, 0, -1):
            start = time.monotonic()
            with pytest.raises(TimeoutError):
                child.wait(seconds)
            assert time.monotonic() - start >= seconds
        threading.Timer(0.05, child.kill).start()
        assert child.wait(50) == -signal.SIGKILL


@with_and_without_pidfd
@pytest.mark.parametrize("timeout", ["1e12", "1e300", "inf"])
def test_S9_wait_with_a_timeout_beyond_what_the_kernel_can_count(pidfd: bool, timeout: str) -> None:
    """Any number of seconds is one to wait for."""
    from pysys import spawn

    with nothing_left():
        reader, writer = os.pipe()
        child = spawn(["/bin/sh", "-c", "read line; exit 4"], stdin=reader, pidfd=pidfd)
        timer = threading.Timer(0.02, os.write, (writer, b"\n"))
        timer.start()
        assert child.wait(float(timeout)) == 4
        timer.join()
        child.close()
        os.close(reader)
        os.close(writer)


@with_and_without_pidfd
@pytest.mark.parametrize("timeout", [None, 50])
def test_S9_handlers_run_while_waiting(pidfd: bool, timeout: float | None) -> None:
    """A signal's handler runs during the wait, which goes on, or ends with the handler's exception."""
    from pysys import spawn

    seen = []

    class StopError(Exception):
        pass

    def handler(*_: object) -> None:
        seen.append(1)
        if len(seen) == 3:
            raise StopError

    signal.signal(signal.SIGALRM, handler)
    with nothing_left(), spawn(["/bin/sleep", "100"], pidfd=pidfd) as child:
        with pytest.raises(StopError):
            signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
            child.wait(timeout)
        signal.setitimer(signal.ITIMER_REAL, 0)
        assert len(seen) >= 3  # a slow machine gets one more before the timer stops
        assert child.poll() is None
        child.kill()


def test_S9_the_timeout_goes_on_during_handlers() -> None:
    """Signals that keep coming do not make the wait longer than its timeout."""
    from pysys import spawn

    signal.signal(signal.SIGALRM, lambda *_: None)
    with spawn(["/bin/sleep", "100"]) as child:
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
        with pytest.raises(TimeoutError):
            child.wait(0.2)
        signal.setitimer(signal.ITIMER_REAL, 0)
        child.kill()


def test_S9_threads_wait_together() -> None:
    """All threads that wait for one process, with a timeout or without, get its returncode."""
    from pysys import spawn

    results: list[int | None] = []
    with nothing_left(), spawn(["/bin/sh", "-c", "read line; exit 6"], stdin=(pipe := os.pipe())[0]) as child:
        threads = [
            threading.Thread(target=lambda timeout=timeout: results.append(child.wait(timeout)))
            for timeout in (None, None, 50, 50)
        ]
        for thread in threads:
            thread.start()
        with pytest.raises(TimeoutError):
            child.wait(0.05)
        assert child.poll() is None
        os.write(pipe[1], b"\n")
        for thread in threads:
            thread.join()
        for descriptor in pipe:
            os.close(descriptor)
    assert results == [6] * 4


@with_and_without_pidfd
def test_S9_signals(pidfd: bool) -> None:
    """send_signal, terminate and kill reach the process; a signal that does not exist is an error."""
    from pysys import spawn

    ways: tuple[tuple[Callable[[Child], None], int], ...] = (
        (lambda child: child.send_signal(signal.SIGUSR1), -signal.SIGUSR1),
        (lambda child: child.terminate(), -signal.SIGTERM),
        (lambda child: child.kill(), -signal.SIGKILL),
    )
    for send, code in ways:
        with spawn(["/bin/sleep", "100"], pidfd=pidfd) as child:
            with pytest.raises(OSError, match="Invalid argument"):
                child.send_signal(1000)
            send(child)
            assert child.wait() == code


@with_and_without_pidfd
def test_S9_no_signal_after_the_end(pidfd: bool) -> None:
    """A signal to a process that has ended, reaped or not, goes nowhere and is not an error."""
    from pysys import spawn

    with spawn(["/bin/true"], pidfd=pidfd) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        child.kill()
        assert child.wait() == 0
        child.kill()


def test_S9_never_another_process_with_its_id() -> None:
    """When the process was reaped elsewhere and its id belongs to another one, neither signals nor waits
    reach that one."""
    from pysys import CloneArgs, clone3, errors, spawn

    if os.geteuid() != 0:
        pytest.skip("needs root: to choose a process id")
    child = spawn(["/bin/true"])
    os.waitpid(child.pid, 0)
    try:
        pid = clone3(CloneArgs(set_tid=(child.pid,)))
    except errors.EPERM as error:
        pytest.skip(f"a process id cannot be chosen here: {error}")
    if pid == 0:
        time.sleep(100)
        os._exit(0)
    assert pid == child.pid
    child.kill()
    for wait in (child.wait, lambda: child.wait(0.01), child.poll):
        try:
            assert wait() == 0  # its own, which the kernel has kept
        except errors.ECHILD:
            pass
    time.sleep(0.01)
    assert os.waitpid(pid, os.WNOHANG) == (0, 0)
    os.kill(pid, signal.SIGTERM)
    assert os.waitpid(pid, 0) == (pid, signal.SIGTERM)
    child.close()


def test_S9_the_pidfd() -> None:
    """The descriptor is close-on-exec, readable at the process's end, and closed by close() and `with`."""
    from pysys import spawn

    with nothing_left():
        with spawn(["/bin/sh", "-c", "read line"], stdin=(pipe := os.pipe())[0]) as child:
            assert child.fileno() == child.pidfd
            assert not os.get_inheritable(child.fileno())
            assert select.select([child], [], [], 0) == ([], [], [])
            os.write(pipe[1], b"\n")
            assert select.select([child], [], [], 10) == ([child], [], [])
            assert child.returncode is None
        assert [child.returncode, child.pidfd] == [0, None]
        with pytest.raises(ValueError, match="no pidfd"):
            child.fileno()
        child.close()
        for descriptor in pipe:
            os.close(descriptor)


def test_S9_after_close() -> None:
    """close() leaves the process alone: it is signalled and waited for by its id then."""
    from pysys import spawn

    with nothing_left():
        child = spawn(["/bin/sleep", "100"])
        child.close()
        assert child.poll() is None
        child.terminate()
        assert child.wait(10) == -signal.SIGTERM


def test_S9_await() -> None:
    """Any number of tasks await the process; one that is cancelled leaves nothing behind."""
    import asyncio

    from pysys import spawn

    async def main() -> None:
        reader, writer = os.pipe()
        with spawn(["/bin/sh", "-c", "read line; exit 7"], stdin=reader) as child:
            waiting = [asyncio.ensure_future(wait_for(child)) for _ in range(3)]
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(wait_for(child), 0.05)
            assert not {number for number in open_descriptors() if os.get_inheritable(number)} - {0, 1, 2}
            os.write(writer, b"\n")
            assert await asyncio.gather(*waiting) == [7, 7, 7]
            assert await child == 7
        with spawn(["/bin/sh", "-c", "exit 8"], pidfd=False) as child:
            assert await child == 8
        os.close(reader)
        os.close(writer)

    async def wait_for(child: Child) -> int:
        return await child

    with nothing_left():
        asyncio.run(main())


def test_S9_rusage() -> None:
    """What the process used is there once its end was seen."""
    import resource

    from pysys import spawn

    child = spawn(["/bin/sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"])
    assert child.rusage is None
    with child:
        pass
    assert isinstance(child.rusage, resource.struct_rusage)
    assert child.rusage.ru_utime + child.rusage.ru_stime > 0
    assert child.rusage.ru_maxrss > 100
    assert child.rusage.ru_minflt > 10
    total = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert child.rusage.ru_utime == pytest.approx(total.ru_utime, abs=0.01)
    assert child.rusage.ru_stime == pytest.approx(total.ru_stime, abs=0.01)
    assert child.rusage[2:14] == total[2:14]  # it is the only child; its last switch may come after its end


def test_S9_rusage_counts_switches() -> None:
    """Also those to another process that wants the same CPU."""
    from pysys import spawn

    cpu = [min(os.sched_getaffinity(0))]
    with spawn(["/bin/sh", "-c", "while :; do :; done"], affinity=cpu) as other:
        code = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"
        with spawn(["/bin/sh", "-c", code], affinity=cpu) as child:
            pass
        other.kill()
    assert child.rusage is not None
    assert child.rusage.ru_nivcsw > 0


@pytest.mark.thorough
def test_S9_rusage_of_seconds() -> None:
    """Times are in seconds, the system's as the user's."""
    from pysys import spawn

    code = "import os\nwhile os.times().system < 1.1: os.urandom(1 << 20)\n"
    code += "while os.times().user < 1.1: sum(range(100_000))"
    with spawn([sys.executable, "-I", "-S", "-c", code]) as child:
        pass
    assert child.rusage is not None
    assert 1 < child.rusage.ru_utime < 20
    assert 1 < child.rusage.ru_stime < 20


def test_S9_dropped() -> None:
    """A Child that is dropped while its process runs says so, and the process is reaped later on."""
    from isolated import children

    from pysys import spawn

    with nothing_left():
        child = spawn(["/bin/sleep", "100"])
        pid = child.pid
        with pytest.warns(ResourceWarning, match=f"process {pid} is still running"):
            del child
        spawn(["/bin/true"]).wait()  # while it still runs, and is not forgotten
        os.kill(pid, signal.SIGKILL)
        until(lambda: ") Z" in Path(f"/proc/{pid}/stat").read_text())
        spawn(["/bin/true"]).wait()
        assert pid not in children()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ended = spawn(["/bin/true"])
            ended.wait()
            del ended
            gc.collect()


def test_S9_dropped_objects() -> None:
    """A Child that is dropped while its process runs lives on until that is reaped, without a second warning;
    one whose process has ended is deleted at once, and its pidfd is closed. So with a caller's class."""
    from pysys import Child, spawn

    class Own(Child):
        name: str

    deleted: list[str] = []
    for kind in (Child, Own):
        with nothing_left():
            child = spawn(["/bin/sleep", "100"])
            if kind is Own:
                pid, pidfd = child.pid, child.detach()
                child = Own(pid, pidfd)
                child.name = "own"
            weakref.finalize(child, deleted.append, kind.__name__)
            pid, pidfd = child.pid, child.pidfd
            with pytest.warns(ResourceWarning, match="still running") as caught:
                del child
                gc.collect()
            assert len(caught) == 1
            del caught  # which has the object
            assert not deleted
            os.kill(pid, signal.SIGKILL)
            until(lambda: ") Z" in Path(f"/proc/{pid}/stat").read_text())
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                child = spawn(["/bin/true"])
                gc.collect()
                assert deleted == [kind.__name__]
                child.wait()
                assert child.pidfd is not None
                del child
            deleted.clear()


def test_S9_a_class_of_a_caller_is_awaited() -> None:
    """As a Child is: it has a descriptor of its own for the loop."""
    import asyncio

    from pysys import Child, spawn

    class Own(Child):
        pass

    async def wait() -> int:
        return await child

    with nothing_left():
        asyncio.run(asyncio.sleep(0))  # what it opens once
        started = spawn(["/bin/sh", "-c", "sleep .1; exit 3"])
        child = Own(started.pid, started.detach())
        assert asyncio.run(wait()) == 3
        child.close()


def test_S9_a_child_without_a_process() -> None:
    """Nothing can be waited for or signalled, and nothing is left of it."""
    from pysys import Child, errors

    with nothing_left():
        for child in (Child(), Child.__new__(Child)):
            assert (child.pid, child.pidfd, child.returncode, child.rusage) == (0, None, None, None)
            for call in (child.wait, child.poll, child.kill):
                with pytest.raises(errors.ECHILD):
                    call()
            child.close()
            assert child.detach() is None


def test_S9_with_waits() -> None:
    """`with` waits for the process also when its block raises."""
    from pysys import spawn

    with nothing_left():
        with pytest.raises(KeyError), spawn(["/bin/sh", "-c", "exit 3"]) as child:
            raise KeyError
        assert child.returncode == 3


def test_S9_repr() -> None:
    """A Child shows its process id and its state."""
    from pysys import spawn

    with spawn(["/bin/sleep", "100"]) as child:
        assert repr(child) == f"<pysys.Child {child.pid}: running>"
        child.kill()
    assert repr(child) == f"<pysys.Child {child.pid}: returncode=-9>"
    child.detach()
    assert repr(child) == f"<pysys.Child {child.pid}: returncode=-9>"
    child = spawn(["/bin/true"])
    pidfd = child.detach()
    assert "handed over" in repr(child)
    assert pidfd is not None
    os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
    os.close(pidfd)
