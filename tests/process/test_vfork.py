"""vfork: requirements V, besides what tests/process/test_fork.py shows of it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from isolated import (
    children,
    filter_calls,
    in_child,
    need_root,
    nothing_left,
    open_descriptors,
    shared_memory,
    status_of,
    until,
)

ROUNDS = int(os.environ.get("PYSYS_ROUNDS", "100"))

pytestmark = pytest.mark.isolated
alone_and_with_threads = pytest.mark.parametrize("threads", [0, 2])


@alone_and_with_threads
def test_V1_parent_waits_for_the_exit(threads: int) -> None:
    """The parent runs on only after the child has exited: what the child did last is there."""
    from creators import other_threads

    from pysys import vfork

    shared = shared_memory()
    with other_threads(threads):
        for _ in range(20):
            shared[0] = 0
            pid = vfork()
            if pid == 0:
                time.sleep(0.02)
                shared[0] = 1
                os._exit(3)
            assert shared[0] == 1
            assert status_of(pid) == 3


@alone_and_with_threads
def test_V1_parent_waits_for_the_exec(threads: int) -> None:
    """The parent runs on once the child has exec'd, and does not wait for the program's end."""
    from creators import other_threads

    from pysys import vfork

    shared = shared_memory()
    with other_threads(threads):
        reader, writer = os.pipe()
        os.set_inheritable(reader, True)
        pid = vfork()
        if pid == 0:
            os.close(writer)
            time.sleep(0.02)
            shared[0] = 1
            os.execv("/bin/sh", ["sh", "-c", f"read line <&{reader}; exit 9"])
        assert shared[0] == 1
        assert os.waitpid(pid, os.WNOHANG) == (0, 0)
        os.write(writer, b"\n")
        assert status_of(pid) == 9


@pytest.mark.parametrize("missing", ["P_PIDFD", "pidfd_open"])
def test_V1_the_middle_process_is_reaped_by_its_id(missing: str) -> None:
    """Where there are no pidfds, or none to wait for, nothing is left of a vfork with threads around."""
    from creators import other_threads

    from pysys import numbers, vfork

    with other_threads(2), nothing_left():
        if missing == "P_PIDFD":
            filter_calls([numbers.number("waitid")], errno.EINVAL, first=os.P_PIDFD)
        else:
            filter_calls([numbers.number("pidfd_open")], errno.ENOSYS)
        pid = vfork()
        if pid == 0:
            os._exit(3)
        assert children() == {pid}
        assert status_of(pid) == 3


def test_V1_other_threads_run_on() -> None:
    """While the caller waits for the child, the process's other Python threads go on, and end the wait."""
    from pysys import vfork

    reader, writer = os.pipe()
    release = threading.Event()

    def let_go() -> None:
        release.wait()
        os.write(writer, b"x")

    thread = threading.Thread(target=let_go)
    thread.start()
    threading.Timer(0.05, release.set).start()
    pid = vfork()
    if pid == 0:
        os.read(reader, 1)
        os._exit(2)
    assert release.is_set()
    assert status_of(pid) == 2
    thread.join()


def test_V1_middle_process_killed() -> None:
    """The process between parent and child is killed while it waits: the child is not lost."""
    from pysys import vfork

    release, hold = os.pipe()
    shared = shared_memory()

    def child() -> int:
        return int.from_bytes(shared[:4], "little")

    def kill() -> None:
        until(child)
        (middle,) = children() - {child()}
        os.kill(middle, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    pid = vfork()
    if pid == 0:
        shared[:4] = os.getpid().to_bytes(4, "little")
        os.read(release, 1)
        os._exit(4)
    assert pid == child()
    os.write(hold, b"x")
    assert status_of(pid) == 4
    thread.join()


def test_V1_middle_process_killed_with_a_pidfd() -> None:
    """The same for clone, whose one place for the child's id is the pidfd's: the id is not lost, either."""
    import array

    from pysys import CloneFlags, clone
    from pysys._native import lib

    if lib.pysys_clone3_is_filtered():
        pytest.skip("no clone3 here, which has a place for each")
    release, hold = os.pipe()
    shared = shared_memory()
    place = array.array("i", [-1])

    def child() -> int:
        return int.from_bytes(shared[:4], "little")

    def wait() -> int:
        shared[:4] = os.getpid().to_bytes(4, "little")
        os.read(release, 1)
        return 4

    def kill() -> None:
        until(child)
        (middle,) = children() - {child()}
        os.kill(middle, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    pid = clone(CloneFlags.CLONE_VFORK, pidfd=place, fn=wait)
    assert pid == child()
    os.write(hold, b"x")
    result = os.waitid(os.P_PIDFD, place[0], os.WEXITED)
    assert result is not None and (result.si_pid, result.si_status) == (pid, 4)
    os.close(place[0])
    thread.join()


def test_V1_middle_process_reaped_by_somebody_else() -> None:
    """Another thread, or a hook, reaps the middle process, and its id is another child's by now: nobody waits
    for that one, and its status is kept."""
    from creators import other_threads

    from pysys import CloneArgs, clone3, vfork
    from pysys._native import lib

    need_root()
    if lib.pysys_clone3_is_filtered():
        pytest.skip("no clone3 here, which can choose an id")
    release, hold = os.pipe()
    other_release, other_hold = os.pipe()
    others: list[int] = []

    def reap() -> None:
        if others:
            return
        others.append(0)
        (middle,) = (pid for pid in children() if pid != child())
        os.kill(middle, signal.SIGKILL)
        assert os.waitpid(middle, 0)[0] == middle
        others[0] = clone3(CloneArgs(set_tid=[middle]), fn=lambda: 6 if os.read(other_release, 1) else 1)
        os.write(hold, b"x")

    shared = shared_memory()

    def child() -> int:
        until(lambda: int.from_bytes(shared[:4], "little"))
        return int.from_bytes(shared[:4], "little")

    os.register_at_fork(after_in_parent=reap)
    with other_threads(1):
        pid = vfork()
        if pid == 0:
            shared[:4] = os.getpid().to_bytes(4, "little")
            os.read(release, 1)
            os._exit(5)
    assert pid == child()
    assert status_of(pid) == 5
    assert others[0] > 0 and children() == set(others)
    os.write(other_hold, b"x")
    assert status_of(others[0]) == 6


@pytest.mark.parametrize("way", ["fork-kernel", "clone", "clone3"])
def test_V1_middle_process_is_gone_before_the_hooks(way: str) -> None:
    """A middle process that need not wait is reaped before any Python code runs, which could reap it, too."""
    from creators import WAYS, other_threads

    seen: list[set[int]] = []
    os.register_at_fork(after_in_parent=lambda: seen.append(children()))
    with other_threads(1):
        pid = WAYS[way]()
        if pid == 0:
            os._exit(0)
        assert seen == [{pid}]
        assert status_of(pid) == 0


@alone_and_with_threads
def test_V2_credentials_and_places(threads: int) -> None:
    """Credentials, umask, working directory and root are the same in the child."""
    from creators import other_threads

    from pysys import vfork

    def seen() -> tuple[object, ...]:
        mask = os.umask(0)
        os.umask(mask)
        root = os.stat("/")
        return os.getresuid(), os.getresgid(), os.getgroups(), mask, os.getcwd(), (root.st_dev, root.st_ino)

    os.umask(0o27)
    os.chdir("/tmp")
    mine = seen()

    def check() -> None:
        assert seen() == mine

    with other_threads(threads):
        in_child(vfork, check)


def test_V2_another_root() -> None:
    """A changed root is the child's root too."""
    from pysys import vfork

    need_root()
    os.listdir("/proc/self/fd")
    os.chroot("/proc/self")

    def check() -> None:
        assert os.path.exists("/status")

    in_child(vfork, check)


@pytest.mark.isolated(timeout=300)
@alone_and_with_threads
def test_V3_signal_storm(threads: int) -> None:
    """Queued signals sent during the suspension are all delivered after it, none to the child."""
    from creators import other_threads

    from pysys import vfork

    parent = os.getpid()
    got = 0
    shared = shared_memory()

    def handler(*_: object) -> None:
        nonlocal got
        got += 1
        if os.getpid() != parent:
            shared[0] = 1

    number = signal.SIGRTMIN + 3
    signal.signal(number, handler)
    sent = 0
    # A file of the shell's kill would be one process per signal: another Python sends instead.
    sender = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import os\nfor line in open(0):\n os.kill({parent}, {number}); print(flush=True)",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert sender.stdin is not None and sender.stdout is not None
    with other_threads(threads):
        for _ in range(ROUNDS):
            pid = vfork()
            if pid == 0:
                os.write(sender.stdin.fileno(), b"\n")  # the signal comes while the parent waits
                os.read(sender.stdout.fileno(), 1)
                os._exit(0)
            sent += 1
            assert status_of(pid) == 0
            # Python notes a signal number, not how often: one at a time.
            until(lambda: got == sent)
    sender.stdin.close()
    assert sender.wait() == 0
    sender.stdout.close()
    assert shared[0] == 0


def test_V4_the_exec_ed_child_ends_later() -> None:
    """A child that has exec'd ends, and fails, without disturbing the parent."""
    from pysys import vfork

    pid = vfork()
    if pid == 0:
        os.execv("/bin/sh", ["sh", "-c", "sleep 0.05; kill -SEGV $$"])
    value = sum(range(10000))
    assert status_of(pid) == -signal.SIGSEGV
    assert value == 49995000


@alone_and_with_threads
def test_V5_many_in_a_row(threads: int) -> None:
    """getpid() in the child is its own; many in a row leave no zombie and no descriptor."""
    from creators import other_threads

    from pysys import vfork

    shared = shared_memory()
    with other_threads(threads), nothing_left():
        before = open_descriptors()
        for _ in range(ROUNDS):
            pid = vfork()
            if pid == 0:
                shared[:8] = os.getpid().to_bytes(8, "little")
                os._exit(0)
            assert int.from_bytes(shared[:8], "little") == pid
            assert status_of(pid) == 0
        assert open_descriptors() == before
