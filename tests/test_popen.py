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
from apart import nothing_left

pytestmark = pytest.mark.apart

# CPython's tests of what Popen no longer has: the pipe through which _posixsubprocess reports, and
# the call itself, replaced by a mock.
OF_ANOTHER_START = ("errpipe", "use_vfork")


@pytest.mark.slow
@pytest.mark.apart(timeout=300)
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
    subprocess.Popen = Popen  # type: ignore[misc]
    support.verbose = False
    tests = []
    for name, case in vars(theirs).items():
        if name in ("ProcessTestCase", "POSIXProcessTestCase", "RunFuncTestCase", "ContextManagerTests"):
            for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
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
            assert process.stdout.read() == b"/bin/sh\n"  # type: ignore[union-attr]
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


def test_S9_pidfd() -> None:
    """With pidfd=True the object has the process's descriptor, which ends with it; else it has none."""
    from pysys import Popen

    with nothing_left():
        with Popen(["/bin/sleep", "100"], pidfd=True) as process:
            assert select.select([process.pidfd], [], [], 0) == ([], [], [])
            process.terminate()
            assert select.select([process.pidfd], [], [], 10)[0]
            process.terminate()
        assert (process.returncode, process.pidfd) == (-signal.SIGTERM, None)
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
