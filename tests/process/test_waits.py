"""Child where its wait is disturbed: requirements W1 to W6, and of I1 and I2 what is a wait's."""

from __future__ import annotations

import asyncio
import copy
import errno
import fcntl
import gc
import os
import pickle
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from interrupted import StopError, at_each_point
from isolated import children, filter_calls, in_child, need_root, nothing_left, open_descriptors, until

pytestmark = pytest.mark.isolated

with_and_without_pidfd = pytest.mark.parametrize("pidfd", [True, False])
with_and_without_timeout = pytest.mark.parametrize("timeout", [None, 50])

SLEEP = ["/bin/sleep", "100"]


def exits(code: int) -> list[str]:
    return ["/bin/sh", "-c", f"exit {code}"]


def stop(*_: object) -> None:
    raise StopError


def ended(pid: int) -> bool:
    """Whether a child has ended; it stays a zombie."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def is_kept(pidfd: int | None) -> bool:
    """Whether the kernel keeps the status of this process, which has been reaped: PIDFD_GET_INFO."""
    if pidfd is None:
        return False
    info = bytearray(struct.pack("=Q", 1 << 3) + bytes(56))
    try:
        fcntl.ioctl(pidfd, 0xC040FF0B, info)
    except OSError:
        return False
    return bool(struct.unpack_from("=Q", info)[0] & 1 << 3)


# ---- W1: in a handler ----


@pytest.mark.portable
@with_and_without_pidfd
@with_and_without_timeout
@pytest.mark.parametrize("inner", ["wait()", "wait(50)", "poll()"])
def test_W1_wait_in_a_handler(pidfd: bool, timeout: float | None, inner: str) -> None:
    """A handler ends the process that the main thread waits for, and waits for it itself."""
    from pysys import spawn

    results: list[int | None] = []

    def handler(*_: object) -> None:
        child.terminate()
        until(lambda: child.poll() is not None) if inner == "poll()" else None
        results.append(eval(f"child.{inner}"))

    signal.signal(signal.SIGALRM, handler)
    with nothing_left(), spawn(SLEEP, pidfd=pidfd) as child:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        results.append(child.wait(timeout))
        assert results == [-signal.SIGTERM] * 2, results


@with_and_without_pidfd
def test_W1_a_timeout_in_a_handler(pidfd: bool) -> None:
    """The time of a wait in a handler runs out, whatever the main thread waits for."""
    from pysys import spawn

    results: list[object] = []

    def handler(*_: object) -> None:
        with pytest.raises(TimeoutError):
            child.wait(0.05)
        results.append(child.poll())
        child.kill()

    signal.signal(signal.SIGALRM, handler)
    with nothing_left(), spawn(SLEEP, pidfd=pidfd) as child:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert child.wait() == -signal.SIGKILL
    assert results == [None]


# ---- W2: in a process that was forked, or after an exec ----


@with_and_without_pidfd
@pytest.mark.parametrize("thread", [True, False])
def test_W2_a_forked_process_waits_for_nothing(pidfd: bool, thread: bool) -> None:
    """Whatever another thread did when the process forked, a wait in the child is ECHILD, at once."""
    from pysys import errors, fork, spawn

    def in_forked_process() -> None:
        for call in (child.wait, lambda: child.wait(50), child.poll, lambda: asyncio.run(wait_for(child))):
            with pytest.raises(errors.ECHILD):
                call()
        number = child.pidfd
        child.close()  # at once, though the thread that uses it in the parent does not end that here
        assert number not in open_descriptors()

    with nothing_left(), spawn(SLEEP, pidfd=pidfd) as child:
        waiting = threading.Thread(target=child.wait)
        if thread:
            waiting.start()
            until(lambda: child._uses)  # it is in the C function
        for create in (os.fork, fork):
            in_child(quietly(create), in_forked_process)
        assert child.returncode is None
        child.kill()
        if thread:
            waiting.join()
        assert child.wait() == -signal.SIGKILL


def quietly(create: Callable[[], int]) -> Callable[[], int]:
    def call() -> int:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads, which are what is tested
            return create()

    return call


async def wait_for(child: Any) -> int:
    result: int = await child
    return result


def test_W2_a_forked_process_leaves_with() -> None:
    """A forked process that leaves the block waits for nothing and closes nothing, and hides no exception."""
    from pysys import fork, spawn

    async def use(error: Exception | None) -> None:
        async with child:
            if error is not None:
                raise error

    def in_forked_process() -> None:
        with child:
            pass
        with pytest.raises(StopError), child:
            raise StopError
        asyncio.run(use(None))
        with pytest.raises(KeyError):
            asyncio.run(use(KeyError()))
        assert child.pidfd in open_descriptors()

    with nothing_left(), spawn(SLEEP) as child:
        in_child(fork, in_forked_process)
        assert child.poll() is None
        child.kill()


def test_W2_what_was_dropped_before_a_fork() -> None:
    """A process that closes its descriptors, as a daemon does, keeps the files that it opens then."""
    from pysys import fork, spawn

    def daemon() -> None:
        nonlocal held, ended_before  # type: ignore[misc]  # bound below
        told: list[object] = []
        sys.unraisablehook = told.append
        os.closerange(3, 256)
        files = {os.open("/proc/self/stat", os.O_RDONLY) for _ in range(20)}
        spawn(["/bin/true"], pidfd=False).wait()
        del held, ended_before
        gc.collect()
        assert {number for number, _ in kept} <= files <= open_descriptors()
        assert not told

    with nothing_left():
        dropped, held, ended_before = spawn(SLEEP), spawn(SLEEP), spawn(exits(0))
        kept = [(child.fileno(), child.pid) for child in (dropped, held, ended_before)]
        ended_before.wait()
        with pytest.warns(ResourceWarning):
            del dropped
            gc.collect()
        in_child(fork, daemon)
        for _, pid in kept[:2]:
            os.kill(pid, signal.SIGKILL)
            until(lambda: ended(pid))
        held.wait()
        held.close()
        ended_before.close()
        spawn(["/bin/true"]).wait()


def test_W2_a_close_that_waits_for_another_thread() -> None:
    """close() in one thread left the closing to another one, which a forked process does not have: it closes
    nothing there, where the number may mean a file of its own."""
    from pysys import errors, fork, spawn

    def daemon() -> None:
        os.closerange(3, 256)
        files = {os.open("/proc/self/stat", os.O_RDONLY) for _ in range(20)}
        assert number in files
        with pytest.raises(errors.ECHILD):
            child.terminate()
        assert files <= open_descriptors()

    with nothing_left(), spawn(SLEEP) as child:
        number = child.fileno()
        waiting = threading.Thread(target=child.wait)
        waiting.start()
        until(lambda: child._uses)
        child.close()
        try:
            assert number in open_descriptors()
            in_child(quietly(fork), daemon)
        finally:
            child.kill()
            waiting.join()


def test_W2_signals_from_a_forked_process() -> None:
    """They go through the pidfd; without one, an id says nothing about a process of somebody else's."""
    from pysys import errors, fork, spawn

    def in_forked_process() -> None:
        child.terminate()
        with pytest.raises(errors.ECHILD):
            other.terminate()

    with nothing_left(), spawn(SLEEP) as child, spawn(SLEEP, pidfd=False) as other:
        in_child(fork, in_forked_process)
        assert child.wait() == -signal.SIGTERM
        assert other.poll() is None
        other.kill()


def test_W2_no_signal_to_what_has_the_number_now() -> None:
    """In a forked process another process's pidfd may have taken the number: that is EBADF."""
    from pysys import errors, fork, spawn

    def in_forked_process() -> None:
        os.close(child.fileno())
        with spawn(SLEEP) as stranger:
            assert stranger.fileno() == child.fileno()
            with pytest.raises(errors.ECHILD):
                child.wait()
            with pytest.raises(errors.EBADF):
                child.kill()
            assert stranger.poll() is None
            stranger.terminate()
            assert stranger.wait() == -signal.SIGTERM

    info = bytearray(struct.pack("=Q", 1) + bytes(56))
    with nothing_left(), spawn(SLEEP) as child:
        try:
            fcntl.ioctl(child.fileno(), 0xC040FF0B, info)
        except OSError as error:
            pytest.skip(f"this kernel does not say whose a pidfd is: {error}")
        finally:
            child.kill()
        child.wait()
    with nothing_left(), spawn(SLEEP) as child:
        in_child(fork, in_forked_process)
        child.kill()


def test_W2_after_an_exec() -> None:
    """What the process was before an exec started is its child still: Child takes the id."""
    from pysys import fork, spawn

    pid = fork()
    if pid == 0:
        child = spawn(exits(7))
        code = f"import sys; sys.path[:0] = {sys.path!r}; from pysys import Child; "
        code += f"sys.exit(Child({child.pid}).wait())"
        os.execv(sys.executable, [sys.executable, "-c", code])
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


# ---- W3, I1, I2: what interrupts a wait ----


@pytest.mark.portable
@with_and_without_pidfd
@with_and_without_timeout
def test_W3_a_handler_that_raises_as_the_child_ends(pidfd: bool, timeout: float | None) -> None:
    """SIGCHLD's handler raises out of the wait that reaps: the next one has the status, and the usage."""
    from pysys import spawn

    signal.signal(signal.SIGCHLD, stop)
    with nothing_left():
        for code in range(30):
            child = spawn(
                ["/bin/sh", "-c", f"read line; exit {code}"], stdin=(pipe := os.pipe())[0], pidfd=pidfd
            )
            with pytest.raises(StopError):
                threading.Timer(0.002, os.write, (pipe[1], b"\n")).start()
                child.wait(timeout)
            assert child.wait() == child.poll() == child.returncode == code
            assert child.rusage is not None
            child.close()
            for descriptor in pipe:
                os.close(descriptor)
            for thread in threading.enumerate():
                if thread is not threading.current_thread():
                    thread.join()


def test_W3_with_ends_with_the_handlers_exception() -> None:
    """Out of `with` comes what the handler raised, and no ECHILD about a status that was lost by that."""
    from pysys import spawn

    signal.signal(signal.SIGCHLD, stop)
    with nothing_left():
        for code in range(30):
            child = spawn(["/bin/sh", "-c", f"read line; exit {code}"], stdin=(pipe := os.pipe())[0])
            with pytest.raises(StopError), child:
                os.write(pipe[1], b"\n")
                child.wait()
            assert (child.wait(), child.pidfd) == (code, None)
            for descriptor in pipe:
                os.close(descriptor)


def test_W3_an_interrupted_loop_of_poll() -> None:
    """A handler that raises out of poll leaves nothing locked."""
    from pysys import spawn

    signal.signal(signal.SIGALRM, stop)
    with nothing_left(), spawn(SLEEP) as child:
        for _ in range(300):
            with pytest.raises(StopError):
                signal.setitimer(signal.ITIMER_REAL, 0.0003)
                while True:
                    child.poll()
        child.kill()
        until(lambda: child.poll() == -signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL


WAITS: dict[str, Callable[[Any], object]] = {
    "wait()": lambda child: child.wait(),
    "wait(50)": lambda child: child.wait(50),
    "poll()": lambda child: child.poll(),
    "with": lambda child: child.__exit__(None, None, None),
    "with, after an exception": lambda child: child.__exit__(KeyError, KeyError(), None),
    "with, after KeyboardInterrupt": lambda child: child.__exit__(
        KeyboardInterrupt, KeyboardInterrupt(), None
    ),
    "await": lambda child: asyncio.run(wait_for(child)),
}


@pytest.mark.portable
@with_and_without_pidfd
@pytest.mark.parametrize("how", list(WAITS))
def test_I1_a_wait_is_interrupted_at_each_point(pidfd: bool, how: str) -> None:
    """Wherever a handler raises while an ended process is waited for, its status is there afterwards."""
    from pysys import spawn
    from pysys.process import child as module

    asyncio.run(asyncio.sleep(0))  # what it opens once
    with nothing_left():
        child = spawn(exits(0), pidfd=pidfd)

        def wait() -> None:
            WAITS[how](child)

        code = 0
        until(lambda: ended(child.pid))
        for _ in at_each_point({module.__file__}, wait):
            assert child.wait() == code
            assert child.rusage is not None
            child.close()
            code += 1
            child = spawn(exits(code), pidfd=pidfd)
            until(lambda: ended(child.pid))
        assert child.returncode == code
        child.close()


def test_I1_the_reaping_of_what_was_dropped_is_interrupted() -> None:
    """Wherever a handler raises in it, the next start reaps what was dropped, and closes its pidfd."""
    from pysys import spawn
    from pysys.process import child as module

    def drop() -> None:
        with pytest.warns(ResourceWarning):
            pid = spawn(exits(0)).pid
        until(lambda: ended(pid))

    with nothing_left():
        drop()
        for _ in at_each_point({module.__file__}, module.reap_dropped):
            module.reap_dropped()
            assert not module.dropped
            drop()
        assert not module.dropped


def test_I2_no_memory_for_a_wait() -> None:
    """MemoryError at any allocation of a wait loses no status."""
    from pysys import spawn

    try:
        from _testcapi import remove_mem_hooks, set_nomemory
    except ImportError as error:
        pytest.skip(f"only CPython's own tests can take memory away: {error}")
    failed = 0
    for count in range(60):
        child = spawn(exits(5))
        until(partial(ended, child.pid))
        try:
            set_nomemory(count, count + 1)
            child.wait(50)
        except MemoryError:
            failed += 1
        finally:
            remove_mem_hooks()
        assert child.wait() == 5
        child.close()
    assert failed or sys.version_info >= (3, 14)  # which has what a wait needs in its free lists


# ---- W4: with close() and other threads ----


def test_W4_close_during_a_wait() -> None:
    """A wait goes on that another thread closes the pidfd of: until its end nothing else has the number."""
    from pysys import spawn

    results: list[object] = []

    def wait(timeout: float | None) -> None:
        try:
            results.append(child.wait(timeout))
        except TimeoutError:
            results.append("timeout")

    with nothing_left():
        for timeout in (0.3, None):
            child = spawn(SLEEP)
            pidfd = child.fileno()
            thread = threading.Thread(target=wait, args=(timeout,))
            thread.start()
            until(lambda: child._uses & 0xFFFF)
            child.close()
            assert child.pidfd is None
            assert pidfd in open_descriptors() or not thread.is_alive()
            if timeout is None:
                child.kill()  # by its id
            thread.join()
            assert pidfd not in open_descriptors()
            child.kill()
            assert child.wait() == -signal.SIGKILL
    assert results == ["timeout", -signal.SIGKILL]


def test_W4_everything_at_once() -> None:
    """Threads wait, poll, send signals and close: each gets the one status, and nothing is left."""
    from pysys import spawn

    def use(child: Any, order: int, results: list[int]) -> None:
        ready.wait()
        if order % 4 == 0:
            child.close()
        child.send_signal(0)
        while order % 3 == 0 and child.poll() is None:
            pass
        results.append(child.wait(50 if order % 2 else None))

    with nothing_left():
        for code in range(40):
            child = spawn(["/bin/sh", "-c", f"read line; exit {code}"], stdin=(pipe := os.pipe())[0])
            ready = threading.Barrier(7)
            results: list[int] = []
            threads = [threading.Thread(target=use, args=(child, order, results)) for order in range(6)]
            for thread in threads:
                thread.start()
            ready.wait()
            os.write(pipe[1], b"\n")
            for thread in threads:
                thread.join()
            assert results == [code] * 6
            assert child.rusage is not None
            for descriptor in pipe:
                os.close(descriptor)
            child.close()


SLOW_CALL = """
import os, sys, threading, time
sys.path[:0] = {path!r}
from pysys import spawn
child = spawn(["/bin/sleep", "100"])
thread = threading.Thread(target=child.{call})
thread.start()
time.sleep(0.5)     # strace holds the call back at its beginning
child.close()
other = spawn(["/bin/sleep", "100"])
thread.join()
time.sleep(0.05)
print(other.poll())
child.kill(), other.kill()
print(child.wait(), other.wait())
"""


def with_a_slow_call(slow: str, code: str) -> list[str]:
    """What the program prints when these calls begin a second late."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    with tempfile.TemporaryDirectory() as folder:
        command = [strace, "-qq", "-f", "-o", f"{folder}/log", "-e", f"trace={slow}"]
        command += ["-e", f"inject={slow}:delay_enter=1000000", sys.executable, "-W", "ignore", "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
        if "strace:" in done.stderr:
            pytest.skip(f"strace cannot trace here: {done.stderr.strip()}")
        assert done.stderr == ""
        assert "(DELAYED)" in Path(f"{folder}/log").read_text()
    return done.stdout.split()


@pytest.mark.thorough  # strace holds each of some calls back for a second
@pytest.mark.parametrize(("call", "slow"), [("terminate", "pidfd_send_signal"), ("wait", "waitid")])
def test_W4_the_number_is_used_again(call: str, slow: str) -> None:
    """close() in one thread, as a signal or a wait begins in another, does not turn that on the process
    whose pidfd has the number then."""
    status = "-15" if call == "terminate" else "-9"
    code = SLOW_CALL.format(path=sys.path, call=call)
    if call == "wait":  # it ends with the process, which has to end first
        code = code.replace("other = spawn", "child.kill(); other = spawn")
    assert with_a_slow_call(slow, code) == ["None", status, "-9"]


@pytest.mark.thorough
def test_W4_the_id_is_used_again() -> None:
    """Without a pidfd: a signal that is on its way when another thread reaps the process meets nobody."""
    need_root()
    code = f"""
import os, sys, threading, time
sys.path[:0] = {sys.path!r}
from pysys import CloneArgs, clone3, errors, spawn
child = spawn(["/bin/sleep", "0.3"], pidfd=False)
thread = threading.Thread(target=child.terminate)
thread.start()
child.wait()
try:
    another = clone3(CloneArgs(set_tid=[child.pid]), fn=time.sleep, fn_args=(3,))
except errors.SyscallError as error:
    sys.exit(print("no choice"))
thread.join()
time.sleep(0.05)
print(os.waitpid(another, os.WNOHANG)[0])
os.kill(another, 9)
os.waitpid(another, 0)
"""
    printed = with_a_slow_call("kill,pidfd_send_signal", code)
    if printed == ["no", "choice"]:
        pytest.skip("a process id cannot be chosen here")
    assert printed == ["0"]


def test_W4_the_descriptor_was_closed_behind_its_back() -> None:
    """os.close of the number, or of all: the process is waited for by its id, the new file stays open."""
    from pysys import spawn

    with nothing_left():
        child = spawn(["/bin/sh", "-c", "read line; exit 4"], stdin=(pipe := os.pipe())[0])
        number = child.fileno()
        os.close(number)
        assert os.open("/dev/null", os.O_RDONLY) == number
        assert child.poll() is None
        os.write(pipe[1], b"\n")
        assert child.wait(50) == 4
        del child
        assert number in open_descriptors()
        for descriptor in (number, *pipe):
            os.close(descriptor)


def test_W4_another_process_has_the_id() -> None:
    """Without a pidfd: once it is known that somebody else has reaped it, the id says nothing any more."""
    from pysys import CloneArgs, clone3, errors, spawn

    need_root()
    with nothing_left():
        child = spawn(exits(0), pidfd=False)
        os.waitpid(child.pid, 0)
        with pytest.raises(errors.ECHILD):
            child.poll()
        for stranger in (lambda: os._exit(9), lambda: time.sleep(100)):
            try:
                pid = clone3(CloneArgs(set_tid=[child.pid]), fn=stranger)
            except errors.SyscallError as error:
                pytest.skip(f"a process id cannot be chosen here: {error}")
            child.kill()
            for wait in (child.poll, child.wait, lambda: child.wait(0.05)):
                with pytest.raises(errors.ECHILD):
                    wait()
            os.kill(pid, signal.SIGUSR1)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) in (9, -signal.SIGUSR1)


def test_W4_another_process_has_the_number() -> None:
    """After os.close of the number it may be another child's pidfd, whose end is not this one's."""
    from pysys import spawn

    with nothing_left():
        child = spawn(SLEEP)
        os.close(child.fileno())
        with spawn(exits(9)) as other:
            assert other.fileno() == child.fileno()
            until(lambda: ended(other.pid))
            assert child.poll() is None
            child.close()
            assert other.wait() == 9
        child.kill()
        assert child.wait() == -signal.SIGKILL


def test_W4_a_pidfd_that_does_not_block() -> None:
    """Somebody, an event loop, has made it nonblocking: wait waits."""
    from pysys import spawn

    with nothing_left(), spawn(["/bin/sh", "-c", "read line; exit 4"], stdin=(pipe := os.pipe())[0]) as child:
        os.set_blocking(child.fileno(), False)
        threading.Timer(0.05, os.write, (pipe[1], b"\n")).start()
        assert child.wait() == 4
        for thread in threading.enumerate():
            if thread is not threading.current_thread():
                thread.join()
        for descriptor in pipe:
            os.close(descriptor)


@with_and_without_timeout
def test_W4_where_waitid_knows_no_pidfd(timeout: float | None) -> None:
    """Before Linux 5.4 P_PIDFD is EINVAL: the process is waited for, and reaped, by its id."""
    from pysys import numbers, spawn

    filter_calls([numbers.number("waitid")], errno.EINVAL, first=os.P_PIDFD)
    with nothing_left():
        child = spawn(exits(6))
        with pytest.raises(OSError, match="Invalid argument"):
            os.waitid(os.P_PIDFD, child.fileno(), os.WEXITED | os.WNOHANG)
        assert child.wait(timeout) == 6
        assert child.rusage is not None
        assert child.pid not in children()
        child.close()


def test_W4_neither_copied_nor_pickled() -> None:
    """A copy would reap and close a second time."""
    from pysys import spawn

    with nothing_left(), spawn(exits(0)) as child:
        for call in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="a Child cannot be copied or pickled"):
                call(child)


@with_and_without_pidfd
def test_W4_signals_where_no_pidfd_can_be_opened(pidfd: bool) -> None:
    """By kill then: before Linux 5.3, where a filter denies it, or no descriptor is left."""
    from pysys import numbers, spawn

    with nothing_left(), spawn(SLEEP, pidfd=pidfd) as child:
        filter_calls([numbers.number("pidfd_open")], errno.ENOSYS)
        child.close()
        child.terminate()
        assert child.wait(50) == -signal.SIGTERM
        child.terminate()


@pytest.mark.parametrize("call", ["pidfd_send_signal", "waitid", "kill"])
def test_W4_a_signal_that_is_not_sent_names_its_call(call: str) -> None:
    """The exception has the errno of the call that refused, and its name."""
    from pysys import errors, numbers, spawn

    reader, writer = os.pipe()
    child = spawn(["/bin/sh", "-c", "read line"], stdin=reader, pidfd=call == "pidfd_send_signal")
    if call == "kill":
        filter_calls([numbers.number("pidfd_open")], errno.ENOSYS)
    filter_calls([numbers.number(call)], errno.EACCES)
    with pytest.raises(errors.EACCES) as caught:
        child.terminate()
    assert caught.value.syscall == call
    os.write(writer, b"\n")
    child.detach()
    assert os.waitpid(child.pid, 0) == (child.pid, 0)


def test_W4_what_a_tracer_has_to_see_first() -> None:
    """A process has ended, which its pidfd shows, but a tracer is not done with it: that is waited for in
    peace, and so is the end of one without a pidfd."""
    import ctypes

    from pysys import Child, spawn

    libc, seize = ctypes.CDLL(None, use_errno=True), 0x4206
    looks, reap = 0, Child._reap

    def counted(child: Child, options: int) -> int:
        nonlocal looks
        looks += 1
        return reap(child, options)

    Child._reap = counted  # type: ignore[method-assign,assignment]  # which Child inherits

    with nothing_left():
        child = spawn(SLEEP)
        reader, writer = os.pipe()
        tracer = os.fork()
        if tracer == 0:
            os.write(writer, b"%d" % (ctypes.get_errno() if libc.ptrace(seize, child.pid, None, None) else 0))
            signal.pause()
        if (number := int(os.read(reader, 9))) != 0:
            child.kill()
            child.wait()
            child.close()
        else:
            child.kill()
            assert select.select([child], [], [], 10)[0]
            waits: tuple[Callable[[], object], ...] = (
                lambda: child.wait(0.2),
                lambda: asyncio.run(asyncio.wait_for(wait_for(child), 0.2)),
            )
            for wait in waits:
                looks = 0
                with pytest.raises((TimeoutError, asyncio.TimeoutError)):
                    wait()
                assert 0 < looks < 50
        os.kill(tracer, signal.SIGKILL)
        os.waitpid(tracer, 0)
        os.close(reader)
        os.close(writer)
        assert child.wait() == -signal.SIGKILL
        child.close()
        child = spawn(["/bin/sh", "-c", "sleep .2; exit 3"], pidfd=False)
        looks = 0
        assert child.wait(50) == 3
        assert 0 < looks < 50
    if number != 0:
        pytest.skip(f"nothing can be traced here: {os.strerror(number)}")


def test_I1_what_may_not_be_ended_is_handed_over() -> None:
    """The process of an interrupted start that may not be signalled, a set-user-ID program: reaped later."""
    from pysys import numbers, spawn
    from pysys.process import child as module

    with nothing_left():
        child = spawn(SLEEP)
        pid = child.pid
        filter_calls([numbers.number("pidfd_send_signal")], errno.EPERM)
        child._discard()
        del child
        gc.collect()
        assert [process.pid for process in module.dropped] == [pid]
        os.kill(pid, signal.SIGKILL)
        until(lambda: ended(pid))
        spawn(["/bin/true"]).wait()
        assert not children()


# ---- W5: with, async with, dropped, at the end ----


@pytest.mark.portable
@with_and_without_pidfd
def test_W5_KeyboardInterrupt_ends_with(pidfd: bool) -> None:
    """It comes out of the block though the process runs on, whose object stays as good as it was."""
    from pysys import spawn

    signal.signal(signal.SIGALRM, signal.default_int_handler)
    with nothing_left():
        for inside in ("signal.pause()", "child.wait()", "None"):
            with pytest.raises(KeyboardInterrupt), spawn(SLEEP, pidfd=pidfd) as child:
                signal.setitimer(signal.ITIMER_REAL, 0.05)
                eval(inside)
            assert child.poll() is None
            assert (child.pidfd is None) is not pidfd
            child.kill()
            assert child.wait() == -signal.SIGKILL
            child.close()


def test_W5_what_is_a_KeyboardInterrupt_ends_with() -> None:
    """Programs raise their own kinds of it."""
    from pysys import spawn

    class InterruptError(KeyboardInterrupt):
        pass

    with nothing_left():
        with pytest.raises(InterruptError), spawn(SLEEP) as child:
            raise InterruptError
        assert child.poll() is None
        child.kill()
        child.wait()
        child.close()


def test_W5_KeyboardInterrupt_of_both() -> None:
    """A process that ends by the terminal's SIGINT, which it gets too, is reaped by `with`; also by one that
    was waiting already."""
    from pysys import spawn

    def interrupt(*_: object) -> None:
        child.send_signal(signal.SIGINT)
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    with nothing_left():
        for seconds in (0, 0.05):
            with pytest.raises(KeyboardInterrupt), spawn(SLEEP) as child:
                if seconds == 0:
                    interrupt()
                signal.setitimer(signal.ITIMER_REAL, seconds)
            assert (child.returncode, child.pidfd) == (-signal.SIGINT, None)


def test_W5_an_exception_says_more_than_a_lost_status() -> None:
    """Where somebody else has reaped the process, that is reported unless the block ends by an exception."""
    from pysys import errors, spawn

    async def main(error: Exception | None) -> None:
        async with spawn(exits(0), pidfd=False) as child:
            os.waitpid(child.pid, 0)
            if error is not None:
                raise error

    with nothing_left():
        with pytest.raises(KeyError), spawn(exits(0), pidfd=False) as child:
            os.waitpid(child.pid, 0)
            raise KeyError
        with pytest.raises(errors.ECHILD), spawn(exits(0), pidfd=False) as child:
            os.waitpid(child.pid, 0)
        with pytest.raises(KeyError):
            asyncio.run(main(KeyError()))
        with pytest.raises(errors.ECHILD):
            asyncio.run(main(None))


def test_W5_with_does_not_stop_a_loop() -> None:
    """In a coroutine an exception leaves the block at once; if none does, that is an error that says so."""
    from pysys import spawn

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError), spawn(SLEEP) as child:
            await asyncio.wait_for(wait_for(child), 0.05)
        assert child.poll() is None
        with pytest.raises(RuntimeError, match=r"use `async with`"), child:
            pass
        child.kill()
        with child:
            assert await child == -signal.SIGKILL
        assert child.pidfd is None
        with spawn(exits(3)) as child:
            until(lambda: ended(child.pid))
        assert (child.returncode, child.pidfd) == (3, None)

    with nothing_left():
        asyncio.run(main())


@with_and_without_pidfd
def test_W5_async_with(pidfd: bool) -> None:
    """It waits at its end, also after an exception, while other tasks run."""
    from pysys import spawn

    async def later(descriptor: int) -> None:
        await asyncio.sleep(0.02)
        os.write(descriptor, b"\n")

    async def main() -> None:
        reader, writer = os.pipe()
        for code, error in ((3, None), (4, KeyError())):
            task = asyncio.ensure_future(later(writer))
            try:
                script = f"read line; exit {code}"
                async with spawn(["/bin/sh", "-c", script], stdin=reader, pidfd=pidfd) as child:
                    assert child.poll() is None
                    if error is not None:
                        raise error
            except KeyError as caught:
                assert caught is error
            assert (child.returncode, child.pidfd) == (code, None)
            await task
        os.close(reader)
        os.close(writer)

    with nothing_left():
        asyncio.run(main())


@with_and_without_pidfd
def test_W5_async_with_is_cancelled(pidfd: bool) -> None:
    """A task that is cancelled in the block, or as it waits at its end, does not wait for the process."""
    from pysys import spawn

    async def use(inside: float) -> None:
        nonlocal child  # type: ignore[misc]  # bound below
        async with spawn(SLEEP, pidfd=pidfd) as child:
            await asyncio.sleep(inside)

    child: Any = None
    with nothing_left():
        for inside in (50, 0):
            with pytest.raises(asyncio.TimeoutError):
                asyncio.run(asyncio.wait_for(use(inside), 0.05))
            assert child.poll() is None
            child.kill()
            assert child.wait() == -signal.SIGKILL
            child.close()


def test_W5_a_coroutine_that_is_thrown_away() -> None:
    """async with waits for nothing when its coroutine is closed, which could not wait."""
    from pysys import spawn

    async def use() -> None:
        async with child:
            await asyncio.sleep(50)

    async def main() -> None:
        coroutine = use()
        coroutine.send(None)
        coroutine.close()

    with nothing_left():
        child = spawn(SLEEP)
        asyncio.run(main())
        assert child.poll() is None
        child.kill()
        child.wait()
        child.close()


def test_W5_await_without_a_pidfd_is_cancelled() -> None:
    """The program does not go on waiting for a process that it has stopped waiting for."""
    from pysys import spawn

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(wait_for(child), 0.05)

    with nothing_left():
        child = spawn(SLEEP, pidfd=False)
        asyncio.run(main())
        child.kill()
        assert asyncio.run(wait_for(child)) == -signal.SIGKILL


def test_W5_await_without_a_descriptor_left() -> None:
    """A task waits also where no descriptor is left for a reader of its own."""
    import resource

    from pysys import spawn

    async def main() -> None:
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(open_descriptors()) + 1, limits[1]))
        try:
            assert await child == 6
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)

    with nothing_left(), spawn(["/bin/sh", "-c", "sleep .05; exit 6"]) as child:
        asyncio.run(main())


def test_W5_dropped_where_warnings_are_errors() -> None:
    """The warning of a dropped Child may be an error: its process is reaped later all the same."""
    from pysys import spawn

    told: list[object] = []
    sys.unraisablehook = lambda unraisable: told.append(unraisable.exc_value)
    with nothing_left():
        child = spawn(SLEEP)
        pid = child.pid
        del child
        gc.collect()
        os.kill(pid, signal.SIGKILL)
        until(lambda: ended(pid))
        spawn(["/bin/true"]).wait()
        assert pid not in children()
    assert [str(one) for one in told] == [f"process {pid} is still running"]
    assert isinstance(told[0], ResourceWarning)


START = "from pysys import spawn; c = spawn(['/bin/sleep', '0.3'])\n"
FINALIZER = START + "class A:\n  def __del__(self, c=c): %s\na = A(); del c"
AT_THE_END = {
    "global": (START, ""),
    "in a cycle": (START + "class A: pass\na = A(); a.a = a; a.c = c; del c", ""),
    "in a module": (
        START + "import sys, types; m = types.ModuleType('m'); sys.modules['m'] = m; m.c = c; m.m = m",
        "",
    ),
    "a wait in a finalizer": (FINALIZER % "print(c.wait(timeout=50)); c.close()", "0"),
    "a look in a finalizer": (
        FINALIZER % "c.kill(); print(c.wait(), c.poll(), c.rusage is None)",
        "-9 -9 False",
    ),
    "Popen": ("from pysys import Popen; c = Popen(['/bin/sleep', '0.3'], pidfd=True)", ""),
}


@pytest.mark.portable
@pytest.mark.parametrize("case", list(AT_THE_END))
def test_W5_at_the_end_of_the_interpreter(case: str) -> None:
    """A process that still runs then is not an error, and can be waited for."""
    code, printed = AT_THE_END[case]
    code = f"import sys; sys.path[:0] = {sys.path!r}\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, printed, "")


def test_W5_nothing_is_imported() -> None:
    """Waits, signals and the end of an object need no module that was not there before."""
    from pysys import errors, spawn

    quick, slow, other = (spawn(argv) for argv in (exits(3), SLEEP, SLEEP))
    before, sys.meta_path, sys.path = set(sys.modules), [], []
    assert quick.wait(50) == 3
    assert quick.rusage is not None
    try:
        slow.wait(0.01)
    except TimeoutError:
        pass
    slow.kill()
    assert slow.wait() == -signal.SIGKILL
    with other:
        other.kill()
    other = spawn(exits(3))
    os.waitpid(other.pid, 0)
    try:
        other.poll()
    except errors.ECHILD:
        pass
    del quick, slow, other
    gc.collect()
    assert set(sys.modules) == before


# ---- W6: reaped by somebody else ----


@with_and_without_pidfd
@pytest.mark.parametrize("ignored", [True, False])
@pytest.mark.parametrize("how", ["wait()", "wait(50)", "poll()", "await"])
def test_W6_reaped_elsewhere(pidfd: bool, ignored: bool, how: str) -> None:
    """The status that the kernel keeps for who has a pidfd (Linux 6.15), else ECHILD, each time."""
    from pysys import errors, spawn

    if ignored:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with nothing_left():
        for script, code in (("exit 3", 3), ("exit 0", 0), ("kill -TERM $$", -signal.SIGTERM)):
            child = spawn(["/bin/sh", "-c", f"sleep .02; {script}"], pidfd=pidfd)
            if not ignored:
                os.waitpid(child.pid, 0)
            elif how == "poll()":
                until(partial(lambda pid: not Path(f"/proc/{pid}").exists(), child.pid))
            try:
                result = WAITS[how](child)
            except errors.ECHILD:
                assert not is_kept(child.pidfd)
                assert "reaped elsewhere" in repr(child)
                with pytest.raises(errors.ECHILD):
                    child.wait()
                assert child.returncode is None
            else:
                assert is_kept(child.pidfd)
                assert how == "await" or result == code
                assert child.wait() == child.poll() == child.returncode == code
            assert child.rusage is None
            child.kill()
            child.close()
            if ignored:  # the kernel's ECHILD may come a moment before the process is out of its list
                until(partial(lambda pid: pid not in children(), child.pid))


def test_W6_nothing_is_kept() -> None:
    """Before Linux 6.15 the status is lost, and that is said instead of inventing one."""
    from pysys import errors, numbers, spawn

    with nothing_left():
        child = spawn(exits(3))
        os.waitpid(child.pid, 0)
        filter_calls([numbers.number("ioctl")], errno.ENOTTY)
        for _ in range(2):
            for call in (child.wait, child.poll, lambda: child.wait(50)):
                with pytest.raises(errors.ECHILD):
                    call()
        assert child.returncode is None
        assert "reaped elsewhere" in repr(child)
        child.kill()
        child.close()


def test_W6_a_process_of_threads() -> None:
    """The status is the process's, also if its first thread has ended before."""
    from pysys import spawn

    code = "import ctypes, os, threading, time; later = lambda: (time.sleep(.1), os._exit(9)); "
    code += "threading.Thread(target=later).start(); ctypes.CDLL(None).pthread_exit(None)"
    with nothing_left():
        child = spawn([sys.executable, "-c", code])
        assert os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1]) == 9
        if is_kept(child.pidfd):
            assert child.wait() == 9
        child.close()


def test_W6_detached() -> None:
    """What was handed over is not waited for here, by a thread neither that waits already."""
    from pysys import errors, spawn

    outcome: list[type] = []

    def wait() -> None:
        try:
            child.wait()
        except errors.ECHILD:
            outcome.append(errors.ECHILD)

    def status(pidfd: int) -> int | None:
        found = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        return found and found.si_status

    with nothing_left():
        child = spawn(exits(3))
        pidfd = child.detach()
        assert pidfd is not None
        for call in (child.wait, child.poll, child.kill):
            with pytest.raises(errors.ECHILD):
                call()
        assert status(pidfd) == 3
        os.close(pidfd)

        child = spawn(SLEEP)
        thread = threading.Thread(target=wait)
        thread.start()
        until(lambda: child._uses & 0xFFFF)
        pidfd = child.detach()
        os.kill(child.pid, signal.SIGKILL)
        thread.join()
        assert pidfd is not None
        assert status(pidfd) == signal.SIGKILL
        os.close(pidfd)
    assert outcome == [errors.ECHILD]
