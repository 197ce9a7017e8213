"""Child: what it has started, its stops, and what ended it: requirements W7 to W9."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import leftovers
import pytest
from isolated import nothing_left, open_descriptors, until

pytestmark = pytest.mark.isolated

with_and_without_pidfd = pytest.mark.parametrize("pidfd", [True, False])

SLEEP = ["/bin/sleep", "100"]
# A shell with two descendants, of which one has left the group; it writes their ids.
LEAVE = "import os; os.setsid(); os.execlp('sleep', 'sleep', '100')"
FAMILY = f'sleep 100 & echo $!; {sys.executable} -I -S -c "{LEAVE}" & echo $!; echo; wait'


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


# ---- its group ----


@with_and_without_pidfd
@pytest.mark.parametrize("session", [True, False])
def test_W7_the_group_that_it_leads(pidfd: bool, session: bool) -> None:
    """All of it is killed; what has a session of its own is not reached."""
    from pysys import PIPE, spawn

    settings = {"start_new_session": True} if session else {"process_group": 0}
    with nothing_left():
        with spawn(["sh", "-c", FAMILY], stdout=PIPE, pidfd=pidfd, **settings) as child:
            assert child.stdout is not None
            inside, outside = int(child.stdout.readline()), int(child.stdout.readline())
            assert child.stdout.readline() == b"\n"
            until(lambda: os.getpgid(outside) == outside)
            child.kill(tree=True)
            assert child.wait() == -signal.SIGKILL
            until(lambda: not is_running(inside))
            assert is_running(outside)
        os.kill(outside, signal.SIGKILL)


def test_W7_the_group_outlives_its_leader() -> None:
    """Through the pidfd (Linux 6.9) the group is reached when its leader was reaped long ago; by the id it is
    not, which may be another's."""
    from pysys import PIPE, spawn

    for pidfd in (True, False):
        script = "sleep 100 </dev/null >/dev/null & echo $!"
        with nothing_left(), spawn(["sh", "-c", script], stdout=PIPE, pidfd=pidfd, process_group=0) as child:
            assert child.stdout is not None
            left = int(child.stdout.readline())
            assert child.wait() == 0
            child.kill(tree=True)
            if pidfd and _has_group_signals():
                until(lambda: not is_running(left))
            else:
                assert is_running(left)
                os.kill(left, signal.SIGKILL)


def _has_group_signals() -> bool:
    return tuple(map(int, os.uname().release.split("-")[0].split(".")[:2])) >= (6, 9)


@with_and_without_pidfd
def test_W7_one_that_leads_no_group_is_refused(pidfd: bool) -> None:
    """Its group is this process's own: nothing is sent."""
    from pysys import spawn

    with nothing_left(), spawn(SLEEP, pidfd=pidfd) as child:
        with pytest.raises(ValueError, match="leads no group"):
            child.kill(tree=True)
        assert child.poll() is None
        child.kill()


@with_and_without_pidfd
def test_W7_a_group_that_has_ended_is_nothing(pidfd: bool) -> None:
    """As with a process that has ended; also while other threads reap it."""
    from pysys import spawn

    with nothing_left():
        for _ in range(30):
            child = spawn(["/bin/true"], process_group=0, pidfd=pidfd)
            waiting = threading.Thread(target=child.wait)
            waiting.start()
            child.kill(tree=True)
            child.kill(tree=True)
            waiting.join()
            assert child.returncode in (0, -signal.SIGKILL)
            child.kill(tree=True)
            child.close()


def test_W7_a_forked_process_ends_no_tree() -> None:
    """The descriptor may be another file's there."""
    from isolated import in_child

    from pysys import errors, fork, spawn

    with nothing_left(), spawn(SLEEP, process_group=0) as child:

        def inside() -> None:
            with pytest.raises(errors.ECHILD):
                child.kill(tree=True)

        in_child(fork, inside)
        assert child.poll() is None
        child.kill(tree=True)


# ---- a cgroup ----


@contextmanager
def cgroup(version: int) -> Iterator[str]:
    """A cgroup of that version."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields = line.split()
        kind = fields[fields.index("-") + 1]
        if (kind == "cgroup2") if version == 2 else (kind == "cgroup" and "pids" in fields[-1].split(",")):
            break
    else:
        pytest.skip(f"no cgroup of version {version}")
    path = f"{fields[4]}/{leftovers.name()}"
    try:
        os.mkdir(path)
    except OSError as error:
        pytest.skip(f"no cgroup can be made: {error}")
    try:
        os.mkdir(f"{path}/below")
        yield path
    finally:
        for folder in (f"{path}/below", path):
            until(lambda folder=folder: _removed(folder))  # type: ignore[misc]  # of this round


def _removed(folder: str) -> bool:
    try:
        os.rmdir(folder)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("by", ["path", "descriptor"])
def test_W7_a_cgroup(version: int, by: str) -> None:
    """Each process in it and below it, whatever its group and session."""
    from pysys import PIPE, spawn

    with nothing_left(), cgroup(version) as path:
        script = f"(echo 0 >{path}/below/cgroup.procs; exec sleep 100) & {FAMILY}"
        before = open_descriptors()
        with spawn(["sh", "-c", script], stdout=PIPE, cgroup=path) as child:
            assert child.stdout is not None
            pids = [int(child.stdout.readline()) for _ in range(2)]
            until(lambda: Path(f"{path}/below/cgroup.procs").read_text())
            if by == "path":
                child.kill(tree=path)
            else:
                fd = os.open(path, os.O_RDONLY)
                child.kill(tree=fd)
                os.close(fd)
            assert child.wait() == -signal.SIGKILL
            until(lambda: not any(map(is_running, pids)))
            until(lambda: not Path(f"{path}/below/cgroup.procs").read_text())
        assert open_descriptors() == before


@pytest.mark.parametrize("version", [1, 2])
def test_W7_the_wrong_cgroup_is_refused(version: int) -> None:
    """One that the child is not in, and one that this process is in."""
    from pysys import errors, spawn

    with nothing_left(), cgroup(version) as path, spawn(SLEEP) as child:
        with pytest.raises(ValueError, match="not in that cgroup"):
            child.kill(tree=path)
        with pytest.raises(ValueError, match="this process"):
            child.kill(tree=os.path.dirname(path))
        with pytest.raises(errors.ENOENT):
            child.kill(tree=path + "/missing")
        assert child.poll() is None
        child.kill()


# ---- stops ----


@with_and_without_pidfd
@pytest.mark.parametrize("timeout", [None, 50])
def test_W8_stops_are_seen(pidfd: bool, timeout: float | None) -> None:
    """Each once, and the end again and again."""
    from pysys import spawn

    with nothing_left(), spawn(SLEEP, pidfd=pidfd) as child:
        for _ in range(2):
            child.send_signal(signal.SIGSTOP)
            assert child.wait_change(timeout) == ("stopped", signal.SIGSTOP)
            with pytest.raises(TimeoutError):
                child.wait_change(0)
            assert child.poll() is None
            child.send_signal(signal.SIGCONT)
            assert child.wait_change(timeout) == ("continued", signal.SIGCONT)
        threading.Timer(0.05, child.kill).start()
        assert child.wait_change(timeout) == child.wait_change(0) == ("ended", -signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
        until(lambda: threading.active_count() == 1)


def test_W8_a_handler_runs_while_a_change_is_awaited() -> None:
    """It may wait for the process itself."""
    from pysys import spawn

    with nothing_left(), spawn(SLEEP) as child:

        def handler(*_: object) -> None:
            child.kill()
            child.wait()

        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert child.wait_change() == ("ended", -signal.SIGKILL)


# ---- what ended it ----


@with_and_without_pidfd
@pytest.mark.parametrize(
    ("script", "cause", "text"),
    [
        ("exit 3", "exit", "exited with status 3"),
        ("kill -TERM $$", "signal", "ended by SIGTERM: Terminated"),
        ("kill -SYS $$", "filter", "ended by SIGSYS: a filter"),
        ("while :; do :; done", "cpu time", "ended by SIGXCPU: "),
        ("echo 123456789 >$FILE", "file size", "ended by SIGXFSZ: "),
        ("kill -KILL $$", "signal", "ended by SIGKILL: Killed"),
        ("kill -40 $$", "signal", "ended by SIGRTMIN+"),
    ],
)
def test_W9_what_ended_it(pidfd: bool, script: str, cause: str, text: str) -> None:
    """A sentence, and the cause as a word."""
    import tempfile

    from pysys import spawn

    cpu, size = (1, 5) if cause == "cpu time" else (50, 60), 4 if cause == "file size" else 4096
    with nothing_left(), tempfile.NamedTemporaryFile() as file:
        limits: dict[int | str, Any] = {"CORE": 0, "CPU": cpu, "FSIZE": size}
        with spawn(
            ["sh", "-c", script], pidfd=pidfd, env={**os.environ, "FILE": file.name}, rlimits=limits
        ) as child:
            assert child.ending is None
            child.wait()
            assert child.ending is not None
            assert str(child.ending).startswith(text)
            assert (child.ending.cause, child.ending.core) == (cause, False)
            assert child.ending.returncode == child.returncode
            assert child.ending.signal == (None if child.wait() >= 0 else -child.wait())


def test_W9_a_core_dump_is_said() -> None:
    """Whether the kernel has dumped core is in its report."""
    import tempfile

    from pysys import spawn

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    if most != resource.RLIM_INFINITY:
        pytest.skip("core dumps are limited")
    with (
        nothing_left(),
        tempfile.TemporaryDirectory() as folder,
        spawn(["sh", "-c", "kill -SEGV $$"], cwd=folder, rlimits={"CORE": most}) as child,
    ):
        info = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert info is not None
        child.wait()
        assert child.ending is not None
        assert child.ending.core == (info.si_code == os.CLD_DUMPED)
        assert ("and dumped core" in str(child.ending)) == child.ending.core


def test_W9_memory_ran_out() -> None:
    """The counter of its cgroup says so, and not of a SIGKILL from elsewhere."""
    from pysys import spawn

    if os.geteuid() != 0:
        pytest.skip("needs root")
    for base in ("/sys/fs/cgroup/memory", "/sys/fs/cgroup"):
        path = f"{base}/{leftovers.name()}"
        limit = {"memory.limit_in_bytes": "16M", "memory.max": "16M", "memory.swap.max": "0"}
        try:
            os.mkdir(path)
        except OSError:
            continue
        names = [name for name in limit if os.path.exists(f"{path}/{name}")]
        if names:
            break
        os.rmdir(path)
    else:
        pytest.skip("no cgroup has the memory controller here")
    try:
        for name in names:
            Path(f"{path}/{name}").write_text(limit[name])
        with nothing_left():
            with spawn(SLEEP, cgroup=path) as child:
                child.kill()
                child.wait()
                assert child.ending is not None
                assert child.ending.cause == "signal"
            fill = "a=x; while :; do a=$a$a$a$a; done"
            for cgroup in (path, os.open(path, os.O_RDONLY)):
                with spawn(["sh", "-c", fill], cgroup=cgroup) as child:
                    assert child.wait() == -signal.SIGKILL
                    assert child.ending is not None
                    assert child.ending.cause == "memory"
                    assert path in str(child.ending)
            assert isinstance(cgroup, int)
            os.close(cgroup)
    finally:
        until(lambda: _removed(path))


def test_W9_the_status_that_others_took() -> None:
    """Where the kernel keeps it, what ended the process is known as well."""
    from pysys import errors, spawn

    with nothing_left():
        child = spawn(["sh", "-c", "kill -TERM $$"])
        os.waitpid(child.pid, 0)
        try:
            child.wait()
        except errors.ECHILD:
            assert child.ending is None
        else:
            assert str(child.ending) == "ended by SIGTERM: Terminated"
        child.close()


def test_W7_popen_has_the_same() -> None:
    """kill(tree=...) and ending."""
    from pysys import Popen

    with nothing_left(), Popen(["sh", "-c", "sleep 100 & wait"], start_new_session=True) as process:
        process.kill(tree=True)
        assert process.wait() == -signal.SIGKILL
        assert str(process.ending) == "ended by SIGKILL: Killed"
