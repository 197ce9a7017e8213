"""Popen: subprocess's, and what spawn adds to it."""

from __future__ import annotations

import gc
import os
import select
import signal
import subprocess
import sys
import unittest

import pytest
from interrupted import StopError, at_each_point
from isolated import children, in_child, nothing_left, until

pytestmark = pytest.mark.isolated

# CPython's tests of what Popen no longer has: the pipe through which _posixsubprocess reports, the call
# itself and os.waitpid, which mocks replace.
OF_ANOTHER_START = ("errpipe", "use_vfork", "test_stopped")


def ended(pid: int) -> bool:
    """Whether a child has ended; it stays a zombie."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


@pytest.mark.slow
@pytest.mark.isolated(timeout=300)
def test_S1_cpythons_own_tests() -> None:
    """CPython's tests of subprocess pass with this Popen in the place of its own."""
    try:
        from test import support
        from test import test_subprocess as theirs
    except ImportError as error:
        pytest.skip(f"Python's own tests are not installed: {error}")
    import warnings

    from pysys import Popen

    warnings.simplefilter("default")  # as those tests are written for
    subprocess.Popen = Popen  # type: ignore[misc]  # so that its tests test ours
    support.verbose = False
    tests = []
    for name, case in vars(theirs).items():
        if name in ("ProcessTestCase", "POSIXProcessTestCase", "RunFuncTestCase", "ContextManagerTests"):
            for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
                assert isinstance(test, unittest.TestCase)
                if not any(word in test.id() for word in OF_ANOTHER_START):
                    tests.append(test)
    assert len(tests) > 150
    runner = unittest.TextTestRunner(verbosity=0)
    result = runner.run(unittest.TestSuite(tests))
    if not result.wasSuccessful():
        # Once more, as CPython's own runner does: some give a process a fifth of a second to end.
        result = runner.run(unittest.TestSuite(test for test, _ in result.failures + result.errors))
    assert result.wasSuccessful()


def test_S2_pipes() -> None:
    """Pipes, text, communicate, run: as everyone knows them."""
    from pysys import Popen

    with nothing_left():
        with Popen(
            ["/bin/sh", "-c", "cat; echo err >&2"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.communicate("in") == ("in", "err\n")
        assert process.returncode == 0
        with Popen("echo $0; exit 3", shell=True, stdout=subprocess.PIPE) as process:
            assert process.stdout.read() == b"/bin/sh\n"  # type: ignore[union-attr]  # stdout is a pipe
        assert process.returncode == 3
        assert isinstance(process, subprocess.Popen)


def test_S3_arguments_of_spawn() -> None:
    """What subprocess cannot set is passed on to spawn."""
    from pysys import Popen

    pattern = "^NoNewPrivs|^SigBlk|^Max open files"
    with Popen(
        ["/bin/grep", "-hE", pattern, "/proc/self/status", "/proc/self/limits"],
        stdout=subprocess.PIPE,
        text=True,
        rlimits={"NOFILE": 77},
        no_new_privs=True,
        signal_mask=[signal.SIGHUP],
    ) as process:
        words = process.communicate()[0].split()
    assert (words[0], int(words[1], 16), *words[2:4]) == ("SigBlk:", 1, "NoNewPrivs:", "1")
    assert words[4:9] == ["Max", "open", "files", "77", "77"]


def test_S3_every_argument_of_spawn() -> None:
    """Each argument of spawn is one of Popen's: as subprocess has it, or named in the docstring."""
    from inspect import signature

    from pysys import Popen, spawn
    from pysys.process import popen

    theirs = signature(subprocess.Popen).parameters
    own = {name for name in signature(spawn).parameters if name not in theirs} - {"argv"}
    assert own == popen._OWN
    assert all(name in str(Popen.__doc__) for name in own)


def test_S3_pass_fds() -> None:
    """pass_fds and fds go together; each is there under its number."""
    from pysys import Popen

    first, second = os.memfd_create("first"), os.memfd_create("second")
    script = f"readlink /proc/self/fd/{first}; readlink /proc/self/fd/99"
    with Popen(
        ["/bin/sh", "-c", script], stdout=-1, text=True, pass_fds=[first], fds={99: second}
    ) as process:
        assert process.communicate()[0].split()[::2] == ["/memfd:first", "/memfd:second"]


def test_S3_zero_is_a_value() -> None:
    """umask=0 and process_group=0 are asked for, and are not the defaults."""
    from pysys import Popen

    os.umask(0o077)
    command = ["/bin/sh", "-c", "umask; cut -d ' ' -f 5 /proc/self/stat"]
    with Popen(command, stdout=-1, text=True, umask=0, process_group=0) as process:
        assert process.communicate()[0].split() == ["0000", str(process.pid)]
    with Popen(command, stdout=-1, text=True) as process:
        assert process.communicate()[0].split() == ["0077", str(os.getpgrp())]
    # As with subprocess, and the kernel, no more than its nine bits are looked at.
    with Popen(command, stdout=-1, text=True, umask=0o7027) as process:
        assert process.communicate()[0].split()[0] == "0027"


def test_S3_who_wins_a_number() -> None:
    """A stream is what it is given as, whatever pass_fds and fds say; fds goes before pass_fds."""
    from pysys import Popen

    first, second = os.memfd_create("first"), os.memfd_create("second")
    script = f"readlink /proc/self/fd/{first} >&2"
    with Popen(
        ["/bin/sh", "-c", f"{script}; echo out"],
        stdout=-1,
        stderr=-1,
        text=True,
        pass_fds=[0, 1, 2, first],
        fds={first: second, 2: first},
    ) as process:
        out, err = process.communicate()
    assert out == "out\n"
    assert err.startswith("/memfd:second")


def test_S2_a_shell_of_another_name() -> None:
    """With shell=True the executable is the shell, and has its own name."""
    import tempfile

    from pysys import Popen

    with tempfile.TemporaryDirectory() as folder:
        shell = f"{folder}/sh"
        os.symlink("/bin/sh", shell)
        with Popen("echo $0", shell=True, executable=shell, stdout=-1, text=True) as process:
            assert process.communicate()[0] == f"{shell}\n"


def test_S9_pidfd() -> None:
    """With pidfd=True the object has the process's descriptor, which ends with it; else it has none."""
    from pysys import Popen

    with nothing_left():
        with Popen(["/bin/sleep", "100"], pidfd=True) as process:
            assert process.pidfd is not None
            assert select.select([process.pidfd], [], [], 0) == ([], [], [])
            process.terminate()
            assert select.select([process.pidfd], [], [], 10)[0]
            process.terminate()
        assert [process.returncode, process.pidfd] == [-signal.SIGTERM, None]
        process = Popen(["/bin/true"], pidfd=True)
        process.wait()
        process.kill()
        del process
        gc.collect()
        with Popen(["/bin/true"]) as process:
            assert process.pidfd is None


def test_S1_exceptions() -> None:
    """A failing start raises subprocess's exceptions, with its file names, and leaves nothing."""
    from pysys import Popen, errors

    with nothing_left():
        for argv, settings, filename, step in (
            (["/nonexistent"], {}, "/nonexistent", "executable"),
            (["/bin/true"], {"cwd": "/nonexistent"}, "/nonexistent", "cwd"),
            (["shown"], {"executable": "/nonexistent"}, "/nonexistent", "executable"),
        ):
            with pytest.raises(FileNotFoundError) as caught:
                Popen(argv, stdout=subprocess.PIPE, stdin=subprocess.PIPE, **settings)
            assert caught.value.filename == filename
            assert isinstance(caught.value, errors.ENOENT)
            assert caught.value.step == step
            caught.value.__traceback__ = None
        with Popen(["/bin/sleep", "100"]) as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.01)
            process.kill()


def test_S1_audit_event() -> None:
    """The event subprocess.Popen comes as from subprocess, and a hook's exception stops the start."""
    from pysys import Popen

    events: list[tuple[object, ...]] = []

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in ("subprocess.Popen", "pysys.spawn"):
            events.append((event, *args))
            if args[0] == "/vetoed":
                raise PermissionError("no")

    sys.addaudithook(hook)
    with nothing_left():
        Popen("exit 0", shell=True, cwd="/", env={"A": "b"}).wait()
        with pytest.raises(PermissionError):
            Popen(["x"], executable="/vetoed", stdin=subprocess.PIPE)
    told = ("/bin/sh", ["/bin/sh", "-c", "exit 0"], "/", {"A": "b"})
    assert events == [
        ("subprocess.Popen", *told),
        ("pysys.spawn", *told),
        ("subprocess.Popen", "/vetoed", ["x"], None, None),
    ]


def test_S3_preexec_fn() -> None:
    """preexec_fn runs, by way of subprocess; together with spawn's own arguments it is refused."""
    import warnings

    from pysys import Popen

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Popen(
            ["/bin/sh", "-c", "umask"], stdout=-1, preexec_fn=lambda: os.umask(0o123) and None
        ) as process:
            assert process.communicate()[0] == b"0123\n"
    with nothing_left(), pytest.raises(ValueError, match="preexec_fn: pidfd, rlimits"):
        Popen(["/bin/true"], preexec_fn=print, stdin=-1, rlimits={}, pidfd=True)


def test_S1_unknown_argument() -> None:
    """An argument that neither knows is a TypeError."""
    from pysys import Popen

    with nothing_left(), pytest.raises(TypeError, match="no_such_argument"):
        Popen(["/bin/true"], no_such_argument=1)


def test_S9_dropped() -> None:
    """An object that is dropped while its process runs gives subprocess's warning."""
    from pysys import Popen

    process = Popen(["/bin/sleep", "100"], pidfd=True)
    pid = process.pid
    with pytest.warns(ResourceWarning, match=f"subprocess {pid} is still running"):
        del process
    os.kill(pid, signal.SIGKILL)


@pytest.mark.portable
def test_audit_events_are_those_of_subprocess() -> None:
    """What hooks see of a start with subprocess.Popen, they see of one with pysys.Popen."""
    code = """
import subprocess, sys
import pysys
seen = []
sys.addaudithook(lambda event, args: seen.append((event, args)) if event in watched else None)
watched = {"subprocess.Popen", "_posixsubprocess.fork_exec", "os.posix_spawn", "os.fork"}
def starts(kind):
    seen.clear()
    kind(["true", "x"]).wait()
    kind(["/bin/true"], env={"A": "b"}, cwd="/").wait()
    kind("true", shell=True, cwd="/").wait()  # else posix_spawn may do
    return [(event, tuple(args)) for event, args in seen]
usual = starts(subprocess.Popen)
assert usual
assert starts(pysys.Popen) == usual, (usual, seen)
direct = [args for event, args in usual if event == "_posixsubprocess.fork_exec"]
seen.clear()
pysys.spawn(["true", "x"]).wait()
assert [args for _, args in seen] == direct[:1], seen
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def test_S9_dropped_where_warnings_are_errors() -> None:
    """The warning may be an error: the process is reaped later all the same, and its pidfd closed."""
    from pysys import Popen, spawn

    told: list[object] = []
    sys.unraisablehook = lambda unraisable: told.append(unraisable.exc_value)
    with nothing_left():
        process = Popen(["/bin/sleep", "100"], pidfd=True)
        pid = process.pid
        del process
        gc.collect()
        os.kill(pid, signal.SIGKILL)
        until(lambda: ended(pid))
        spawn(["/bin/true"]).wait()
        assert pid not in children()
    assert [str(one) for one in told] == [f"subprocess {pid} is still running"]


@pytest.mark.portable
@pytest.mark.parametrize("timeout", [None, 50])
def test_W1_wait_in_a_handler(timeout: float | None) -> None:
    """A handler ends the process that the main thread waits for, and waits for it itself."""
    from pysys import Popen

    results: list[int] = []

    def handler(*_: object) -> None:
        process.terminate()
        results.append(process.wait(timeout))

    signal.signal(signal.SIGALRM, handler)
    with nothing_left(), Popen(["/bin/sleep", "100"]) as process:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert process.wait() == -signal.SIGTERM
    assert results == [-signal.SIGTERM]


def test_W2_a_forked_process_waits_for_nothing() -> None:
    """Whatever another thread did when the process forked: the child says 0, as subprocess does, at once."""
    import threading
    import warnings

    from pysys import Popen

    def quietly() -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads
            return os.fork()

    def in_forked_process() -> None:
        assert process.wait() == process.poll() == 0

    with nothing_left(), Popen(["/bin/sleep", "100"]) as process:
        thread = threading.Thread(target=process.wait)
        thread.start()
        until(lambda: process._child._uses & 0xFFFF)  # it is in the C function
        in_child(quietly, in_forked_process)
        process.kill()
        thread.join()
        assert process.returncode == -signal.SIGKILL


@pytest.mark.portable
@pytest.mark.parametrize("timeout", [None, 50])
def test_W3_a_handler_that_raises_as_the_process_ends(timeout: float | None) -> None:
    """SIGCHLD's handler raises out of the wait that reaps: the next one has the status."""
    from pysys import Popen

    def stop(*_: object) -> None:
        raise StopError

    signal.signal(signal.SIGCHLD, stop)
    with nothing_left():
        for code in range(1, 30):
            process = Popen(["/bin/sh", "-c", f"read line; exit {code}"], stdin=subprocess.PIPE)
            assert process.stdin is not None
            with pytest.raises(StopError):
                process.stdin.close()
                process.wait(timeout)
            assert process.wait() == process.poll() == process.returncode == code


@pytest.mark.parametrize("pidfd", [True, False])
def test_W6_reaped_elsewhere(pidfd: bool) -> None:
    """The status that the kernel keeps for who has a pidfd (Linux 6.15), else 0, as with subprocess."""
    from pysys import Popen

    with nothing_left(), Popen(["/bin/true"], pidfd=pidfd) as process:
        os.waitpid(process.pid, 0)
        assert process.poll() == process.returncode == 0
    with nothing_left(), Popen(["/bin/sh", "-c", "exit 3"], pidfd=pidfd) as process:
        os.waitpid(process.pid, 0)
        assert process.wait() in ((3, 0) if pidfd else (0,))
        if process.wait() == 0 and pidfd:
            release = tuple(map(int, os.uname().release.split("-")[0].split(".")[:2]))
            assert release < (6, 15) or "PYSYS_EMULATION" in os.environ


@pytest.mark.portable
def test_I1_a_start_is_interrupted_at_each_point() -> None:
    """Wherever a handler raises while the object is made, process and descriptors are gone with it.

    As it returns from spawn it is not told yet whose process that is: then it is reaped like a dropped one.
    """
    from pysys import Popen, spawn
    from pysys.process import child, popen

    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    made, handed_over = [], 0

    def start() -> None:
        made.append(Popen(["/bin/sleep", "100"], pidfd=True, text=True, **pipes))

    sys.unraisablehook = lambda unraisable: None
    with nothing_left():
        for _ in at_each_point({popen.__file__}, start):
            gc.collect()
            for left in child.dropped:
                handed_over += 1
                os.kill(left.pid, signal.SIGKILL)
                until(lambda: ended(left.pid))
            spawn(["/bin/true"]).wait()
            assert not children()
        assert handed_over <= 1
        with made.pop() as process:
            process.kill()


def test_I1_a_start_is_interrupted_by_a_signal() -> None:
    """A handler that raises as the object takes over what spawn has made: nothing is left."""
    from pysys import Popen

    class Interrupted(Popen):
        def _close_pipe_fds(self, *descriptors: int) -> None:
            signal.raise_signal(signal.SIGALRM)

    def stop(*_: object) -> None:
        raise StopError

    signal.signal(signal.SIGALRM, stop)
    for settings in ({}, {"preexec_fn": int}):
        with nothing_left(), pytest.raises(StopError):
            Interrupted(["/bin/sleep", "100"], stdin=subprocess.PIPE, **settings)


def test_W5_await() -> None:
    """Tasks await a process, which can be cancelled, and subprocess's attributes know the end then."""
    import asyncio

    from pysys import Popen

    async def wait_for(process: Popen) -> int:
        return await process

    async def main(pidfd: bool) -> None:
        with Popen(["/bin/sleep", "100"], pidfd=pidfd) as process:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(wait_for(process), 0.05)
            waiting = [asyncio.ensure_future(wait_for(process)) for _ in range(3)]
            await asyncio.sleep(0)
            process.kill()
            assert await asyncio.gather(*waiting) == [-signal.SIGKILL] * 3
            assert process.returncode == await process == -signal.SIGKILL

    with nothing_left():
        for pidfd in (True, False):
            asyncio.run(main(pidfd))


@pytest.mark.portable
def test_the_warning_about_encodings_is_at_the_callers_line() -> None:
    """EncodingWarning names the line that starts the process, also through subprocess.run, and what the
    object says of its encoding stays the same."""
    code = f"""import sys; sys.path[:0] = {sys.path!r}
import subprocess, pysys
theirs = subprocess.Popen(["/bin/true"], text=True)
ours = pysys.Popen(["/bin/true"], text=True)
ours.wait(), theirs.wait()
assert (ours.encoding, ours.errors, ours.text_mode) == (theirs.encoding, theirs.errors, theirs.text_mode)
ours = pysys.Popen(["/bin/true"], -1, *[None] * 5, True, False, None, None, True); ours.wait()
ours = pysys.Popen(["/bin/true"], errors="replace"); ours.wait()
assert (ours.errors, ours.text_mode) == ("replace", "replace")
subprocess.Popen = pysys.Popen
subprocess.run(["/bin/true"], universal_newlines=True)
class Popen(pysys.Popen):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
Popen(["/bin/true"], text=True).wait()
pysys.Popen(["/bin/true"]).wait()
pysys.Popen(["/bin/true"], text=True, encoding="utf-8").wait()
"""
    options = ["-X", "warn_default_encoding", "-W", "always::EncodingWarning"]
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=False)
    lines = [line.split(":") for line in done.stderr.splitlines() if "EncodingWarning" in line]
    assert (done.returncode, [line[1] for line in lines if line[0] == "<string>"]) == (
        0,
        ["3", "4", "7", "8", "11", "14"],
    ), done.stderr
    assert all("popen.py" not in line[0] and "subprocess.py" not in line[0] for line in lines)
