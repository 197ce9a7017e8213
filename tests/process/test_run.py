"""Pipes of spawn, run, open_process, Popen with async with, and Terminal: requirements W12 to W14."""

from __future__ import annotations

import asyncio
import builtins
import gc
import io
import os
import signal
import subprocess
import sys
import termios
import threading
from typing import Any

import pytest
from interrupted import at_each_point
from isolated import children, nothing_left, open_descriptors, until
from patience import PATIENCE

pytestmark = pytest.mark.isolated

SLEEP = ["/bin/sleep", "100"]


# ---- pipes ----


def test_W12_pipes_of_spawn() -> None:
    """They are attributes of the Child, as those of subprocess, and the end of `with` closes them."""
    from pysys import DEVNULL, PIPE, STDOUT, spawn

    assert (PIPE, STDOUT, DEVNULL) == (subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL)
    with nothing_left():
        with spawn(["cat"], stdin=PIPE, stdout=PIPE) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stderr is None
            child.stdin.write(b"a\n" * 3)
            child.stdin.close()
            assert list(child.stdout) == [b"a\n"] * 3
        assert child.stdout.closed
        with spawn(["cat"], stdin=PIPE) as child:
            pass  # its input ends, and so it does
        assert child.returncode == 0
        with spawn(["sh", "-c", "echo 1; echo 2 >&2"], stdout=PIPE, stderr=STDOUT) as child:
            assert child.stdout is not None
            assert child.stdout.read() == b"1\n2\n"
        with spawn(["true"], stdin=PIPE) as child:
            assert child.stdin is not None
            child.wait()
            child.stdin.write(b"nobody reads it")
        with spawn(["true"]) as child:
            assert (child.stdin, child.stdout, child.stderr) == (None, None, None)


def test_W12_pipes_of_a_start_that_fails() -> None:
    """None is left."""
    from pysys import PIPE, errors, spawn

    with nothing_left():
        with pytest.raises(errors.ENOENT):
            spawn(["/nonexistent"], stdin=PIPE, stdout=PIPE, stderr=PIPE)
        with pytest.raises(errors.EBADF):
            spawn(["true"], stdin=PIPE, stdout=999)
        with pytest.raises(ValueError, match="PIPE is for stdin, stdout and stderr"):
            spawn(["true"], stdin=PIPE, fds={7: PIPE})


def test_W12_a_start_with_pipes_is_interrupted_at_each_point() -> None:
    """No descriptor and no process is left, whatever a handler raises."""
    from pysys import PIPE, spawn
    from pysys.process import child, pipes, spawn_request

    spawned = spawn.__code__.co_filename
    kept: list[Any] = []

    def action() -> None:
        kept.append(spawn(SLEEP, stdin=PIPE, stdout=PIPE, stderr=PIPE))

    count, before = 0, open_descriptors()
    with nothing_left():
        for _ in at_each_point(
            {spawned, str(child.__file__), str(pipes.__file__), str(spawn_request.__file__)}, action
        ):
            count += 1
            gc.collect()
            assert open_descriptors() == before, count
            assert children() == set(), count
        for one in kept:
            one.kill()
            one.__exit__(None, None, None)
        kept.clear()
    assert count > 20


# ---- run ----


def test_W12_run() -> None:
    """Input and output of any size, in both directions at once."""
    from pysys import run

    data = os.urandom(1 << 20)
    with nothing_left():
        done = run(["cat"], input=data, capture_output=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, data, b"")
        assert str(done.ending) == "exited with status 0"
        assert done.rusage is not None
        done = run(["sh", "-c", "cat; echo é >&2; exit 3"], input="à", encoding="utf-8", capture_output=True)
        assert (done.returncode, done.stdout, done.stderr) == (3, "à", "é\n")
        assert run(["true"], input=bytes(1 << 20)).returncode == 0  # it reads none of it
        assert run(iter(["echo", "x"]), stdout=subprocess.PIPE).stdout == b"x\n"
        assert (
            run(["sh", "-c", "ulimit -n"], rlimits={"NOFILE": 33}, stdout=subprocess.PIPE).stdout == b"33\n"
        )
        assert run(["cat"], stdin=subprocess.PIPE).returncode == 0


@pytest.mark.parametrize("captured", [True, False])
def test_W12_run_with_a_timeout(captured: bool) -> None:
    """The program is killed, with its group if it leads one; who else has the pipe is not waited for."""
    from pysys import run

    script = "echo begun; sleep 100 & sleep 100"
    soon = 0.3 * PATIENCE  # after the program's first line
    settings: dict[str, Any]
    for settings in ({"process_group": 0}, {"start_new_session": True}):
        with nothing_left():
            with pytest.raises(subprocess.TimeoutExpired) as caught:
                run(
                    ["sh", "-c", script],
                    timeout=soon,
                    capture_output=captured,
                    stdout=None if captured else subprocess.DEVNULL,
                    **settings,
                )
            assert caught.value.output == (b"begun\n" if captured else None)
            assert caught.value.timeout == soon
    with nothing_left():
        with pytest.raises(subprocess.TimeoutExpired) as caught:
            run(["sh", "-c", "sleep 50 & echo $!; exec sleep 100"], timeout=soon, stdout=subprocess.PIPE)
        os.kill(int(caught.value.output), signal.SIGKILL)
        assert run(["true"], timeout=100).returncode == 0


def test_W12_run_with_check() -> None:
    """The exception says what ended the program."""
    from pysys import run

    with nothing_left(), pytest.raises(subprocess.CalledProcessError) as caught:
        run(["sh", "-c", "echo x; kill -KILL $$"], check=True, encoding="ascii", capture_output=True)
    assert (caught.value.returncode, caught.value.output) == (-signal.SIGKILL, "x\n")
    assert caught.value.__notes__ == ["ended by SIGKILL: Killed"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"input": "x"}, "TypeError"),
        ({"input": 5}, "TypeError"),
        ({"input": b"", "stdin": 0}, "ValueError"),
        ({"capture_output": True, "stdout": 1}, "ValueError"),
        ({"timeout": "x"}, "TypeError"),
        ({"nonsense": 1}, "TypeError"),
    ],
)
def test_W12_what_run_refuses(arguments: dict[str, Any], error: str) -> None:
    """Before anything is started."""
    from pysys import run

    with nothing_left(), pytest.raises(getattr(builtins, error)):
        run(["true"], **arguments)


def test_W12_a_handler_that_raises_ends_the_program() -> None:
    """As a KeyboardInterrupt would."""
    from pysys import run

    class StopError(Exception):
        pass

    def handler(*_: object) -> None:
        raise StopError

    signal.signal(signal.SIGALRM, handler)
    with nothing_left():
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(StopError):
            run(SLEEP, capture_output=True)


def test_W12_signals_during_a_run_are_handled() -> None:
    """Each, and no output is lost."""
    from pysys import run

    seen: list[int] = []
    signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    data = os.urandom(1 << 20)
    try:
        assert run(["cat"], input=data, stdout=subprocess.PIPE).stdout == data
        until(lambda: seen)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# ---- asyncio ----


def test_W13_streams_of_asyncio() -> None:
    """A child, what it writes and what it reads, and no thread."""
    from pysys import open_process

    async def main() -> None:
        child, reader, writer = await open_process(["cat"])
        async with child:
            writer.write(b"line\n" * 100000)
            drained = asyncio.ensure_future(writer.drain())
            assert await reader.readline() == b"line\n"
            rest = asyncio.ensure_future(reader.read())
            await drained
            writer.close()
            await writer.wait_closed()
            assert await rest == b"line\n" * 99999
        assert child.returncode == 0
        assert threading.active_count() == 1

    asyncio.run(main())  # the loop's own descriptors
    with nothing_left():
        asyncio.run(main())


def test_W13_many_at_once() -> None:
    """Each is awaited, by several tasks as well."""
    from pysys import open_process

    async def one(number: int) -> None:
        child, reader, writer = await open_process(["sh", "-c", f"read x; echo $x; exit {number}"])
        writer.write(b"%d\n" % number)
        assert await reader.read() == b"%d\n" % number
        writer.close()
        assert list(await asyncio.gather(child, child)) == [number, number]
        child.close()

    async def main() -> None:
        await asyncio.gather(*(one(number) for number in range(50)))

    with nothing_left():
        asyncio.run(main())


def test_W13_a_start_that_fails() -> None:
    """Nothing is left of it, nor of one that is cancelled."""
    from pysys import errors, open_process

    async def main() -> None:
        with pytest.raises(errors.ENOENT):
            await open_process(["/nonexistent"])
        with pytest.raises(TypeError):
            await open_process(["true"], stdin=0)
        task = asyncio.ensure_future(open_process(SLEEP))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)

    with nothing_left():
        asyncio.run(main())


@pytest.mark.parametrize("pidfd", [True, False])
def test_W13_popen(pidfd: bool) -> None:
    """It can be awaited, and `async with` waits for it."""
    from pysys import Popen

    async def main() -> None:
        async with Popen(["sh", "-c", "cat; exit 4"], stdin=subprocess.PIPE, pidfd=pidfd) as process:
            pass
        assert process.returncode == 4
        process = Popen(["sh", "-c", "exit 5"], pidfd=pidfd)
        assert await process == 5
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), Popen(SLEEP, pidfd=pidfd) as process:
                pass
        process.kill()
        assert process.wait() == -signal.SIGKILL
        process._child.close()
        with process:
            pass

    with nothing_left():
        asyncio.run(main())


# ---- terminals ----


def test_W14_a_program_with_a_terminal() -> None:
    """It has a session whose terminal it is, of that size; its output comes to an end."""
    from pysys import Terminal

    with nothing_left(), Terminal(rows=30, columns=100) as terminal:
        script = "stty size; ps -o tpgid= -p $$ >/dev/null; : </dev/tty && echo mine; read x; echo got $x"
        with terminal.spawn(["sh", "-c", script]) as child:
            assert terminal.write(b"abc\n") == 4
            lines = io.BufferedReader(terminal).read().split(b"\r\n")
            assert {b"30 100", b"mine", b"got abc", b"abc"} <= set(lines)
        assert child.returncode == 0
        with pytest.raises(ValueError, match="closed"):
            terminal.spawn(["true"])


def test_W14_several_programs() -> None:
    """The settings are for spawn and Popen, and the end comes after release()."""
    from pysys import Popen, Terminal, spawn

    with nothing_left(), Terminal() as terminal:
        with spawn(["echo", "one"], **terminal.settings):
            pass
        with Popen(["echo", "two"], **terminal.settings):
            pass
        terminal.release()
        assert terminal.read() == b"one\r\ntwo\r\n"
        assert terminal.read(5) == b""


def test_W14_its_size_changes() -> None:
    """The program gets SIGWINCH."""
    from pysys import Terminal

    script = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.01; done"
    with nothing_left(), Terminal() as terminal, terminal.spawn(["sh", "-c", script]) as child:
        assert terminal.readline() == b"ready\r\n"
        terminal.resize(50, 132)
        assert os.get_terminal_size(terminal.fileno()) == (132, 50)
        assert terminal.read() == b"50 132\r\n"
        assert child.wait() == 0


def test_W14_its_end_is_a_hangup() -> None:
    """For the session that has it, when it is closed."""
    from pysys import Terminal

    with nothing_left():
        with Terminal() as terminal:
            child = terminal.spawn(SLEEP)
        assert child.wait() == -signal.SIGHUP
        child.close()
        with pytest.raises(ValueError, match="closed"):
            terminal.fileno()
        with pytest.raises(ValueError, match="closed"):
            terminal.read(1)
        terminal.close()


def test_W14_what_is_refused() -> None:
    """A size that no terminal has; a start that fails leaves the terminal as it is."""
    from pysys import Terminal, errors

    with nothing_left():
        for size in ((-1, 80), (24, 1 << 16), ("x", 80)):
            with pytest.raises((ValueError, TypeError, OverflowError)):
                Terminal(*size)
        with Terminal() as terminal:
            with pytest.raises(errors.ENOENT):
                terminal.spawn(["/nonexistent"])
            os.set_blocking(terminal.fileno(), False)
            assert terminal.read(1) is None
            attributes = termios.tcgetattr(terminal)
            attributes[3] &= ~termios.ECHO
            termios.tcsetattr(terminal, termios.TCSANOW, attributes)
            with terminal.spawn(["cat"]):
                terminal.write(b"x\n\4")
            os.set_blocking(terminal.fileno(), True)
            assert terminal.read() == b"x\r\n"


def test_W14_is_interrupted_at_each_point() -> None:
    """No descriptor is left."""
    from pysys import Terminal
    from pysys.process import terminal

    before = open_descriptors()
    with nothing_left():
        for count in at_each_point({str(terminal.__file__)}, lambda: Terminal().close()):
            gc.collect()
            assert open_descriptors() == before, count


def test_W12_an_import_brings_none_of_it() -> None:
    """fork and spawn are not slower for it: these modules are loaded when they are used."""
    code = "from pysys import fork, spawn; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    seldom = {f"pysys.process.{name}" for name in ("opening", "reaping", "running", "terminal", "waiting")}
    assert "pysys.process.spawn" in loaded
    assert not loaded & {*seldom, "asyncio", "subprocess"}
