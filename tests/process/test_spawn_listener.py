"""spawn: requirement S3, a filter with a listener, which comes back before the program's first call."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from subprocess import DEVNULL
from typing import Any
from unittest.mock import patch

import pytest
import supervised
from isolated import in_child, need_root, nothing_left
from patience import PATIENCE
from supervised import filter_of, next_of, started

import pysys
from pysys import Child, Popen, calls, errors, flags, fork, spawn
from pysys.seccomp import ALLOW, KILL_PROCESS, NOTIFY, Filter

pytestmark = pytest.mark.isolated
LONG = 60 * PATIENCE
EXIT = "sys.exit(call(None, -1))"


def answered(child: Child, value: int = 5) -> None:
    """The program's one call has this answer, which is its status."""
    with child, child.listener as listener:
        assert next_of(listener, LONG).answer(value)
        assert child.wait() == value


def settings_of(kind: str) -> dict[str, Any]:
    """Ways in which the child is made."""
    if kind == "maps":
        from surroundings import no_namespace

        if why := no_namespace("user"):
            pytest.skip(f"no user namespace: {why}")
        return {"uid_map": [(0, os.getuid(), 1)], "gid_map": [(0, os.getgid(), 1)]}
    if kind in ("plain", "without a pidfd", "open descriptors"):
        return {"without a pidfd": {"pidfd": False}, "open descriptors": {"close_fds": False}}.get(kind, {})
    need_root()
    if kind == "user":
        return {"user": 1234, "group": 1234, "extra_groups": []}
    from surroundings import no_namespace

    if why := no_namespace("pid"):
        pytest.skip(f"no PID namespace: {why}")
    if kind == "namespace":
        return {"namespaces": flags.CLONE_NEWPID | flags.CLONE_NEWUTS}
    other = spawn(["/bin/sleep", "100"], namespaces=flags.CLONE_NEWPID)
    return {"join_namespaces": [os.open(f"/proc/{other.pid}/ns/pid", os.O_RDONLY)], "kept": other}


@pytest.mark.parametrize(
    "kind", ["plain", "without a pidfd", "open descriptors", "user", "maps", "namespace", "joined"]
)
def test_S3_the_listener_comes_back(kind: str) -> None:
    """However the child is made; with its own pidfd, exit signal and parent."""
    settings = settings_of(kind)
    other = settings.pop("kept", None)
    with nothing_left():
        child = spawn(["/bin/uname"], seccomp=filter_of("uname"), stderr=DEVNULL, **settings)
        assert (child.pidfd is None) is (kind == "without a pidfd")
        assert not os.get_inheritable(child.listener.fileno())
        with child, child.listener as listener:
            held = next_of(listener, LONG)
            assert held.pid == child.pid
            assert held.fail("EPERM")
            assert child.wait() == 1
    if other is not None:
        other.kill()
        other.wait()


def test_S3_the_program_has_no_descriptor_more() -> None:
    """Neither the listener nor what brought it, whatever numbers the program has."""
    from programs import descriptors

    plain = descriptors()
    assert descriptors(seccomp=filter_of()).keys() == plain.keys()
    inside = dict.fromkeys(range(3, 12), 1)
    assert descriptors(seccomp=filter_of(), fds=inside).keys() == descriptors(fds=inside).keys()
    answered(started(EXIT, fds=inside))


def test_S3_which_filters_have_a_listener() -> None:
    """Those that have a call wait, unless it is said."""
    ways: list[tuple[Any, bool]] = [
        (filter_of(), True),
        (bytes(filter_of()), True),
        ({"filter": filter_of(), "log": True, "spec_allow": True}, True),
        ({"filter": filter_of(), "listener": False}, False),
        ({"filter": Filter(ALLOW), "listener": True}, True),
        ({"filter": Filter(ALLOW), "log": True}, False),
        (Filter(ALLOW), False),
        (None, False),
    ]
    for asked, listens in ways:
        with nothing_left(), spawn(["/bin/true"], seccomp=asked) as child:
            assert (child.listener is not None) is listens
            assert child.wait() == 0
            child = None  # type: ignore[assignment]  # and with it, the listener
    wrong: list[Any] = [
        {"log": True},
        {"filter": Filter(ALLOW), "lag": True},
        {"filter": Filter(ALLOW), "wait_killable": True},
    ]
    for asked in wrong:
        with nothing_left(), pytest.raises(ValueError, match="seccomp"):
            spawn(["/bin/true"], seccomp=asked)


def test_S3_popen_has_the_listener() -> None:
    """As its attribute."""
    with Popen(["/bin/uname"], seccomp=filter_of("uname"), stdout=-1, stderr=-3) as process:
        with process.listener as listener:
            assert next_of(listener, LONG).fail("EPERM")
        assert process.wait() == 1
    with Popen(["/bin/true"]) as process:
        assert process.listener is None


def test_S3_every_call_waits() -> None:
    """Also the exec: it goes on, and what the listener has first is the program's."""
    everything = Filter(NOTIFY)
    ways: list[dict[str, Any]] = [{}, {"pidfd": False}]
    for settings in ways:
        with nothing_left(), spawn(["/bin/true"], seccomp=everything, **settings) as child:
            with child.listener as listener:
                names = []
                for call in listener:
                    names.append(call.name)
                    assert call.go_on()
                    del call
            assert child.wait() == 0
            assert names[0] != "execve"
            assert names[-1] == "exit_group"
    failing: list[tuple[str, dict[str, Any]]] = [("/nonexistent", {}), ("/bin/true", {"cwd": "/nonexistent"})]
    for program, settings in failing:
        with nothing_left(), pytest.raises(errors.ENOENT) as caught:
            spawn([program], seccomp=everything, **settings)
        assert caught.value.step == ("cwd" if settings else "executable")
        caught.value.__traceback__ = None


@pytest.mark.parametrize("pidfd", [True, False])
def test_S3_the_loop_ends_where_a_filter_stays_until_its_process_is_reaped(pidfd: bool) -> None:
    """As before Linux 6.11: the listener polls its Child."""
    from pysys.seccomp import listener as module

    poll = module._poll
    shell = ["/bin/sh", "-c", "umask 0; exit 3"]
    with nothing_left(), spawn(shell, seccomp=filter_of("umask"), pidfd=pidfd) as child:

        def before(seconds: float | None, fd: int, *others: int) -> int:
            seen = poll(seconds, fd, *others)
            return seen if child.returncode is not None else seen & ~module._POLLHUP

        with patch.object(module, "_poll", before), child.listener as listener:
            for call in listener:
                assert call.go_on()
                del call
        assert child.returncode == 3


@pytest.mark.parametrize("refused", [("execve",), ("execve", "exit_group"), ("execve", "exit_group", "kill")])
def test_S3_a_filter_with_a_listener_that_refuses_the_exec(refused: tuple[str, ...]) -> None:
    """That is reported, and nothing is left."""
    f = filter_of()
    f.refuse(*refused, priority=1)
    with nothing_left(), pytest.raises(errors.EPERM) as caught:
        spawn(["/bin/true"], seccomp=f)
    assert (caught.value.step, caught.value.syscall) == ("executable", "execve")


def test_S3_a_filter_with_a_listener_that_ends_the_program() -> None:
    """At its exec: its status says so, and nobody has the filter."""
    import resource
    import signal

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    f = filter_of()
    f.add(KILL_PROCESS, "execve", priority=1)
    with nothing_left(), spawn(["/bin/true"], seccomp=f) as child:
        with child.listener as listener:
            assert listener.receive(LONG) is None
        assert child.wait() == -signal.SIGSYS


def test_S3_one_listener_for_a_process() -> None:
    """Where this process has one, the child's filter cannot have another."""

    def inside() -> None:
        f = Filter(ALLOW)
        f.add(NOTIFY, "sethostname")
        own = f.load(listener=True)
        assert own is not None
        with nothing_left(), pytest.raises(errors.EBUSY) as caught:
            spawn(["/bin/true"], seccomp=filter_of())
        assert (caught.value.step, caught.value.syscall) == ("seccomp", "seccomp")
        with spawn(["/bin/true"], seccomp={"filter": filter_of(), "listener": False}) as child:
            assert child.wait() == 0

    in_child(fork, inside)


def test_S3_an_exception_closes_the_listener() -> None:
    """So that the program does not wait for an answer while `with` waits for its end."""
    with nothing_left(), pytest.raises(KeyError), started(EXIT.replace("call", "-call")) as child:
        next_of(child.listener, LONG)
        raise KeyError
    assert child.returncode == 38  # ENOSYS


def test_S3_a_start_that_is_interrupted() -> None:
    """What a signal handler raises just after it leaves neither process nor listener."""
    start = Child._start_as

    def interrupted(*arguments: Any) -> Any:
        assert start(*arguments) is True
        raise KeyboardInterrupt

    Child._start_as = interrupted  # type: ignore[method-assign]  # this process is for this test alone
    with nothing_left(), pytest.raises(KeyboardInterrupt):
        started(EXIT)


def test_S3_starts_in_several_threads() -> None:
    """Each has its own."""
    failed: list[BaseException] = []

    def start() -> None:
        try:
            for value in range(5):
                answered(started(EXIT), value)
        except BaseException as error:
            failed.append(error)

    with nothing_left():
        threads = [threading.Thread(target=start) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert not failed


# ---- each call of a start fails ----

# What may come of it: the start fails with that errno, or it does without the call.
STARTING = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from isolated import children, open_descriptors
from pysys import errors, spawn
from pysys.seccomp import ALLOW, NOTIFY, Filter
f = Filter(ALLOW)
f.add(NOTIFY, "uname", "execve")
f.program

def state():
    return open_descriptors(), signal.pthread_sigmask(signal.SIG_BLOCK, []), children()

before = state()
try:
    child = spawn(["/bin/true"], seccomp=f)
except errors.SyscallError as error:
    print(type(error).__name__, error.syscall, error.step)
else:
    child.listener.close()
    print("started" if child.wait() == 0 else child)
    del child
assert state() == before, (before, state())
"""
STRACE = ("strace", "-f", "-qq", "-o", "/dev/null", "-e")
PROGRAM = (sys.executable, "-c", STARTING)
# A call that somebody makes between, and what comes of it if it fails there the first time.
INJECTED = {
    "capget": "EMFILE capget seccomp",
    "clone": "EMFILE clone None",
    # From Python 3.15 on, subprocess's import is the first that makes it.
    "pidfd_open": "EMFILE pidfd_open None"
    if sys.version_info < (3, 15)
    else "started|EMFILE pidfd_open None",
    "prctl": "started|EMFILE prctl seccomp",
    "recvmsg": "EMFILE recvmsg seccomp",
    "seccomp": "EMFILE seccomp seccomp",
    "sendmsg": "EMFILE sendmsg seccomp",
    "set_robust_list": "EMFILE set_robust_list seccomp",
    "socketpair": "EMFILE socketpair seccomp",
    "waitid": "EAGAIN seccomp seccomp",
}


@pytest.mark.parametrize("start", ["spawn", "Popen"])
def test_S3_after_an_exception_the_listener_is_closed(start: str) -> None:
    """What is held fails with ENOSYS, and the process ends: leaving the block does not wait forever."""
    with supervised.supervised("pass"):  # or skip
        pass
    shell = ["/bin/sh", "-c", "umask 0; exit 3"]
    with nothing_left():
        with pytest.raises(KeyError), getattr(pysys, start)(shell, seccomp=filter_of("umask")):
            raise KeyError
        with pytest.raises(ValueError, match="nobody could answer"):
            pysys.run(shell, seccomp=filter_of("umask"))


def test_S3_children_of_another_pid_namespace_have_no_listener() -> None:
    """The id that the kernel writes for them would be of that namespace, and here another process's."""
    need_root()
    with supervised.supervised("pass"):  # or skip
        pass
    calls.unshare(flags.CLONE_NEWPID)
    with nothing_left(), pytest.raises(errors.EINVAL) as caught:
        spawn(["/bin/true"], seccomp=filter_of("umask"))
    assert (caught.value.step, caught.value.syscall) == ("seccomp", "clone")
    with nothing_left(), pytest.raises(errors.EINVAL) as caught:
        spawn(["/bin/true"], namespaces_inside=flags.CLONE_NEWPID)
    assert (caught.value.step, caught.value.syscall) == ("namespaces_inside", "clone")


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace")
@pytest.mark.parametrize("name", INJECTED)
def test_S3_a_call_of_a_start_with_a_listener_fails(name: str) -> None:
    """The start fails with that errno and says where; nothing is left, neither here nor of what it made."""
    support = str(Path(supervised.__file__).parent)
    done = subprocess.run(
        [*STRACE, f"trace={name}", "-e", f"inject={name}:error=EMFILE:when=1", *PROGRAM, support],
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    if "PTRACE" in done.stderr:
        pytest.skip("tracing is forbidden here")
    assert re.fullmatch(INJECTED[name], done.stdout.strip()), done
    assert (done.returncode, done.stderr) == (0, "")
