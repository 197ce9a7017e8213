"""wait_any and reap: requirements W10 and W11."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from interrupted import at_each_point
from isolated import children, need_root, nothing_left, open_descriptors, until

if TYPE_CHECKING:
    from pysys import Child, Popen

pytestmark = pytest.mark.isolated

with_and_without_pidfd = pytest.mark.parametrize("pidfd", [True, False])

SLEEP = ["/bin/sleep", "100"]
PR_SET_CHILD_SUBREAPER = 36


# ---- the first of many ----


@with_and_without_pidfd
@pytest.mark.parametrize("timeout", [None, 50])
def test_W10_the_first_that_ends(pidfd: bool, timeout: float | None) -> None:
    """That one is reaped, and no other; which have ended before are found one after the other."""
    from pysys import Popen, spawn, wait_any

    with nothing_left():
        reader, writer = os.pipe()
        sleeping = [spawn(SLEEP, pidfd=pidfd) for _ in range(20)]
        waiting = spawn(["sh", "-c", "read line; exit 7"], stdin=reader, pidfd=pidfd)
        popen = Popen(SLEEP, pidfd=pidfd)
        every: list[Child | Popen] = [*sleeping[:10], waiting, popen, *sleeping[10:]]
        threading.Timer(0.05, os.write, (writer, b"\n")).start()
        assert wait_any(iter(every), timeout) is waiting
        assert waiting.returncode == 7
        assert [one for one in every if one.returncode is not None] == [waiting]
        every.remove(waiting)
        with pytest.raises(TimeoutError):
            wait_any(every, 0.02)
        popen.kill()
        assert wait_any(every, timeout) is popen
        every.remove(popen)
        for one in sleeping:
            one.kill()
        while every:
            every.remove(wait_any(every, timeout))
        assert {one.returncode for one in sleeping} == {-signal.SIGKILL}
        for one in (*sleeping, waiting):
            one.close()
        popen._child.close()
        os.close(reader)
        os.close(writer)
        until(lambda: threading.active_count() == 1)


def test_W10_what_is_refused() -> None:
    """Nothing to wait for, and something else."""
    from pysys import wait_any

    with pytest.raises(ValueError, match="empty"):
        wait_any([])
    with pytest.raises(TypeError, match="has a int"):
        wait_any([1])  # type: ignore[type-var]  # refused
    with subprocess.Popen(["true"]) as other, pytest.raises(TypeError, match="has a Popen"):
        wait_any([other])  # type: ignore[type-var]  # refused


@with_and_without_pidfd
def test_W10_a_handler_may_wait_too(pidfd: bool) -> None:
    """It takes the status, which the interrupted wait returns as well."""
    from pysys import spawn, wait_any

    with nothing_left():
        two = [spawn(SLEEP, pidfd=pidfd) for _ in range(2)]

        def handler(*_: object) -> None:
            two[1].kill()
            assert wait_any(two) is two[1]

        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert wait_any(two) is two[1]
        two[0].kill()
        assert two[0].wait() == two[1].wait() == -signal.SIGKILL
        for one in two:
            one.close()


@with_and_without_pidfd
def test_W10_no_status_is_lost_when_a_handler_raises(pidfd: bool) -> None:
    """At each point of the wait."""
    from pysys import spawn, wait_any
    from pysys.process import child, waiting

    assert child.__file__
    assert waiting.__file__
    count = 0
    with nothing_left():
        current: list[Child] = []

        def action() -> None:
            current[:] = [spawn(["sh", "-c", "exit 5"], pidfd=pidfd), spawn(["sh", "-c", "exit 5"])]
            wait_any(current)

        for _ in at_each_point({child.__file__, waiting.__file__}, action):
            count += 1
            assert [one.wait() for one in current] == [5] * len(current)
        for one in current:
            one.wait()
            one.close()
    assert count > 5


def test_W10_threads_wait_for_the_same() -> None:
    """Each gets a child that has ended, while one of them closes descriptors that others poll."""
    from pysys import spawn, wait_any

    with nothing_left():
        for _ in range(20):
            many = [spawn(["/bin/sh", "-c", f"exit {number}"]) for number in range(5)]
            found: list[object] = []
            threads = [
                threading.Thread(target=lambda many=many: found.append(wait_any(many))) for _ in range(4)
            ]
            for thread in threads:
                thread.start()
            for one in many:
                one.wait()
                one.close()
            for thread in threads:
                thread.join()
            assert len(found) == 4
            assert [one.returncode for one in many] == [*range(5)]


# ---- orphans ----


def become_subreaper() -> None:
    from pysys.calls import prctl

    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def zombies(count: int) -> bool:
    states = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in children()]
    return states.count("Z") == count


def test_W11_orphans_are_reaped_and_no_child_that_has_an_owner() -> None:
    """Also behind children that have ended and were not waited for."""
    from pysys import Popen, reap, run, spawn

    become_subreaper()
    with nothing_left():
        assert reap() == reap(but=[]) == []
        owned: list[Any] = [
            spawn(["sh", "-c", "exit 9"]),
            Popen(["sh", "-c", "exit 8"]),
            subprocess.Popen(["false"]),
        ]
        until(lambda: zombies(3))
        for status in (3, 4):
            run(
                [
                    "sh",
                    "-c",
                    f"(sleep 0.05; exit {status}) & (sleep 0.05; kill -TERM $(exec sh -c 'echo $PPID')) &",
                ]
            )
        until(lambda: zombies(7))
        found = reap(but=iter(owned))
        assert sorted(status for _, status in found) == [-15, -15, 3, 4]
        assert reap(but={one.pid for one in owned}) == []
        assert [one.wait() for one in owned] == [9, 8, 1]
        assert reap(but=owned) == []
        owned[0].close()


def test_W11_the_id_of_a_child_that_was_reaped() -> None:
    """An orphan has got it since: it is reaped though `but` still has the child."""
    from pysys import reap, run, spawn

    need_root()
    last = Path("/proc/sys/kernel/ns_last_pid")
    become_subreaper()
    with nothing_left():
        run(["true"])  # its id is free
        child = spawn(["true"])
        child.wait()
        for _ in range(100):
            try:
                last.write_text(str(child.pid - 2))
            except OSError:
                pytest.skip("process ids cannot be chosen here")
            done = run(["sh", "-c", "(sleep 0.05; exit 6) & echo $!"], stdout=-1)
            if int(done.stdout) == child.pid:
                break
            until(lambda: zombies(1))
            reap()
        else:
            pytest.skip("other processes are faster")
        until(lambda: zombies(1))
        assert reap(but=[child]) == [(child.pid, 6)]
        assert child.wait() == 0
        child.close()


@pytest.mark.parametrize("without", ["children", "proc"])
def test_W11_where_children_cannot_be_listed(without: str) -> None:
    """Without CONFIG_PROC_CHILDREN by /proc/*/stat; without /proc, one at a time."""
    from pysys import reap, run
    from pysys.process import reaping

    become_subreaper()
    with nothing_left():
        if without == "children":
            reaping._children = reaping._children_by_parent
        else:
            reaping._children = lambda: None
        run(["sh", "-c", "(sleep 0.05; exit 3) & (sleep 0.05; exit 4) &"])
        until(lambda: zombies(2))
        found = reap()
        assert len(found) == (2 if without == "children" else 1)
        found += reap()
        assert sorted(status for _, status in found) == [3, 4]


def test_W11_what_is_refused() -> None:
    """A child is something with a pid, or a number."""
    from pysys import reap

    for wrong in (["x"], "x", 5, [1.5]):
        with pytest.raises(TypeError, match="reap: but"):
            reap(wrong)  # type: ignore[arg-type]  # refused


def test_W11_it_leaves_tracees_alone() -> None:
    """A process that this one traces, and that is another's child, stays that one's."""
    from pysys import reap
    from pysys.calls import ptrace

    with nothing_left():
        reader, writer = os.pipe()
        middle = subprocess.Popen(
            ["sh", "-c", "exec 3<&0; sh -c 'echo $$; read line; exit 3' <&3 & wait $!; exit $?"],
            stdin=subprocess.PIPE,
            stdout=writer,
        )
        os.close(writer)
        tracee = int(os.read(reader, 20))
        try:
            ptrace(0x4206, tracee, 0, 0)  # PTRACE_SEIZE
        except PermissionError:
            pytest.skip("no process can be traced here")
        assert middle.stdin
        middle.stdin.write(b"\n")
        middle.stdin.close()
        until(lambda: Path(f"/proc/{tracee}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
        assert reap(but=[middle]) == []
        assert os.waitpid(tracee, 0) == (tracee, 3 << 8)
        assert middle.wait() == 3
        os.close(reader)
        assert not open_descriptors() & {reader, writer}
