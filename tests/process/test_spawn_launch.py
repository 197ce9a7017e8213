"""spawn: requirement S3, what few starts ask of the start itself: an account, the terminal, a process 1, the
parent's part in it, and namespaces inside others."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import tempfile
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from isolated import filter_calls, in_child, need_root, nothing_left

pytestmark = pytest.mark.isolated

IDS = [(0, 0, 65536)]


def need_namespace(*kinds: str) -> None:
    from surroundings import no_namespace

    for kind in kinds:
        if why := no_namespace(kind):
            pytest.skip(f"no namespace ({kind}): {why}")


def fails(error: str, step: str | None, call: str, argv: list[str] | None = None, **settings: Any) -> None:
    """Such a start fails with this errno, step and call, and leaves nothing."""
    from pysys import errors, spawn

    with nothing_left():
        try:
            spawn(argv or ["/bin/true"], **settings)
        except OSError as caught:
            assert isinstance(caught, errors.SyscallError)
            assert (type(caught).__name__, caught.step, caught.syscall) == (error, step, call)
            caught.__traceback__ = None
        else:
            raise AssertionError("it starts")


# ---- the environment ----


def test_S3_a_variable_with_the_own_id() -> None:
    """The value is the program's id, as it sees it itself; the other variables are as they are."""
    from programs import shell

    from pysys import OWN_ID, flags

    env = {"ME": OWN_ID, "A": "1", b"ALSO": OWN_ID, "B": b"2"}
    mine, other, seen, a, b = shell("echo $ME $ALSO $$ $A $B", env=env).split()
    assert (mine, other, a, b) == (seen, seen, "1", "2")
    assert shell("echo ${ME}", env={"ME": OWN_ID}) != mine
    if os.geteuid() == 0:
        need_namespace("pid")
        assert shell("echo $ME", env=env, namespaces=flags.CLONE_NEWPID) == "1"
        assert shell("echo $ME", env=env, init=True) == "2"


def test_S3_the_own_id_is_one_object() -> None:
    """A copy is the same, so that a copied environment means the same; in arguments it means nothing."""
    import copy
    import pickle

    import pysys

    assert copy.deepcopy({"A": pysys.OWN_ID})["A"] is pysys.OWN_ID
    assert pickle.loads(pickle.dumps(pysys.OWN_ID)) is pysys.OWN_ID
    assert repr(pysys.OWN_ID) == "pysys.OWN_ID"
    with pytest.raises(TypeError, match=r"argv\[1\]"):
        pysys.spawn(["/bin/true", pysys.OWN_ID])  # wrong on purpose


def test_S3_login() -> None:
    """The user, the account's groups, and its variables, in the environment given or inherited."""
    from programs import shell

    need_root()
    found = pwd.getpwnam("nobody")
    groups = sorted(os.getgrouplist("nobody", found.pw_gid))
    os.environ.update({"HOME": "/somewhere", "KEPT": "kept"})
    script = 'echo "$HOME $USER $LOGNAME $SHELL $KEPT"; id -u; id -g; id -G'
    shown = f"{found.pw_dir} nobody nobody {found.pw_shell} "
    for login in ("nobody", found.pw_uid):
        for env, kept in ((None, "kept"), ({"HOME": "/other", "KEPT": "given"}, "given")):
            names, uid, gid, more = shell(script, login=login, env=env).splitlines()
            assert names == shown + kept
            assert (int(uid), int(gid)) == (found.pw_uid, found.pw_gid)
            assert sorted(map(int, more.split())) == groups


def test_S3_login_that_is_refused() -> None:
    """An unknown user, a user twice, and what the kernel says: the step is login."""
    from pysys import spawn

    need_root()
    with pytest.raises(KeyError, match="no user is called 'nobody-here'"):
        spawn(["/bin/true"], login="nobody-here")
    with pytest.raises(KeyError, match="no user has the id 123456789"):
        spawn(["/bin/true"], login=123456789)
    refused: list[dict[str, Any]] = [{"user": 1}, {"group": 1}, {"extra_groups": []}]
    for more in refused:
        with pytest.raises(ValueError, match="login has a user"):
            spawn(["/bin/true"], login="nobody", **more)

    def as_user() -> None:
        os.setgroups([])
        os.setresuid(1234, 1234, 1234)
        with pytest.raises(PermissionError) as caught:
            spawn(["/bin/true"], login="nobody")
        assert getattr(caught.value, "step", None) == "login"

    in_child(os.fork, as_user)


# ---- the terminal ----


def with_a_terminal(test: Callable[[int], None]) -> None:
    """Runs a test in a session of its own, which has a terminal."""

    def child() -> None:
        os.setsid()
        _master, slave = os.openpty()
        import fcntl

        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        test(slave)

    in_child(os.fork, child)


def take_back(terminal: int) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    os.tcsetpgrp(terminal, os.getpgrp())
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def test_S3_foreground() -> None:
    """A job is in the foreground when it starts, in a group of its own or one that is there; also if this
    process is in the background."""

    def test(terminal: int) -> None:
        from programs import stat

        from pysys import spawn

        for _ in ("from the foreground", "from the background"):
            fields = stat(foreground=terminal)
            assert int(fields[2]) != os.getpgrp()
            assert fields[5] == fields[2]
        take_back(terminal)
        leader = spawn(["/bin/sleep", "100"], process_group=0)
        fields = stat(foreground=terminal, process_group=leader.pid)
        assert int(fields[5]) == int(fields[2]) == leader.pid
        leader.kill()
        leader.wait()
        take_back(terminal)

    with_a_terminal(test)


def test_S3_foreground_that_fails() -> None:
    """The group that was in the foreground is back if the program cannot run, or the parent's part raises;
    what is not a terminal of this session is refused."""

    def test(terminal: int) -> None:
        from pysys import spawn

        ours = os.tcgetpgrp(terminal)
        fails("ENOENT", "executable", "execve", ["/nonexistent"], foreground=terminal)
        assert os.tcgetpgrp(terminal) == ours
        fails("ENOENT", "cwd", "chdir", foreground=terminal, cwd="/nonexistent", init=os.geteuid() == 0)
        assert os.tcgetpgrp(terminal) == ours

        def fail(_: object) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            spawn(["/bin/true"], foreground=terminal, before_exec=fail)
        assert os.tcgetpgrp(terminal) == ours
        other, _ = os.openpty()
        fails("ENOTTY", "foreground", "ioctl", foreground=other)
        null = os.open("/dev/null", os.O_RDWR)
        fails("ENOTTY", "foreground", "ioctl", foreground=null)
        os.close(null)
        fails("EBADF", "foreground", "fcntl", foreground=null)
        assert os.tcgetpgrp(terminal) == ours

    with_a_terminal(test)


def test_S3_a_start_in_the_foreground_that_is_interrupted() -> None:
    """Wherever a handler raises, the process is ended and the terminal given back."""

    def test(terminal: int) -> None:
        from interrupted import at_each_point

        from pysys import spawn
        from pysys.process import child, spawn_request

        ours = os.tcgetpgrp(terminal)
        made: list[Any] = []
        points = 0
        files = {spawn.__code__.co_filename, spawn_request.__file__}
        with nothing_left():
            for points in at_each_point(  # noqa: B007  the last one counts
                files, lambda: made.append(spawn(["/bin/sleep", "100"], foreground=terminal))
            ):
                assert os.tcgetpgrp(terminal) == ours
                assert not child.dropped
            last = made.pop()
            assert os.tcgetpgrp(terminal) == last.pid
            last.kill()
            last.wait()
            last.close()
        assert points > 30
        take_back(terminal)

    with_a_terminal(test)


def test_S3_steal_terminal() -> None:
    """A terminal of another session is refused, and taken with steal_terminal."""
    need_root()

    def test(terminal: int) -> None:
        from programs import stat

        from pysys import spawn

        fails("EPERM", "controlling_terminal", "ioctl", controlling_terminal=terminal)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        fields = stat(controlling_terminal=terminal, steal_terminal=True)
        assert fields[2] == fields[3] != str(os.getsid(0))
        assert int(fields[4]) == os.fstat(terminal).st_rdev
        with pytest.raises(ValueError, match="controlling_terminal, which is not stated"):
            spawn(["/bin/true"], steal_terminal=True)

    with_a_terminal(test)


# ---- memory nodes ----


def test_S3_numa_policy() -> None:
    """The policy is the program's; a node that is not there is refused."""
    from programs import output

    from pysys import calls, errors, flags, spawn

    try:
        calls.set_mempolicy(flags.MPOL_DEFAULT, None, 0)
    except (errors.ENOSYS, errors.EPERM) as error:
        pytest.skip(f"no memory policy: {error}")
    first = ["/usr/bin/head", "-n", "1", "/proc/self/numa_maps"]
    assert output(first).split()[1] == "default"
    assert output(first, numa_policy=(flags.MPOL_BIND, [0])).split()[1] == "bind:0"
    assert output(first, numa_policy=[flags.MPOL_PREFERRED, {0}]).split()[1] == "prefer:0"
    assert output(first, numa_policy=flags.MPOL_LOCAL).split()[1] == "local"
    fails("EINVAL", "numa_policy", "set_mempolicy", numa_policy=(flags.MPOL_BIND, [63]))
    fails("EINVAL", "numa_policy", "set_mempolicy", numa_policy=999)
    with pytest.raises(TypeError, match="numa_policy"):
        spawn(["/bin/true"], numa_policy="bind")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match=r"numa_policy: nodes\[0\]"):
        spawn(["/bin/true"], numa_policy=(flags.MPOL_BIND, [-1]))


# ---- process 1 ----


def need_init() -> None:
    need_root()
    need_namespace("pid")


def test_S3_init_returns_the_status() -> None:
    """The exit status of the program; 128 and the signal that ended it."""
    from pysys import spawn

    need_init()
    for script, status in (("exit 0", 0), ("exit 7", 7), ("kill -SEGV $$", 139), ("kill -KILL $$", 137)):
        with nothing_left():
            child = spawn(["/bin/sh", "-c", script], init=True)
            assert child.wait() == status
            child.close()
    fails("ENOENT", "executable", "execve", ["/nonexistent"], init=True)


def test_S3_init_reaps_orphans_and_ends_all() -> None:
    """An orphan becomes its child and is reaped; what still runs when the program ends is ended."""
    from isolated import until

    from pysys import spawn

    need_init()
    pipes = os.pipe(), os.pipe()
    script = "/bin/sh -c '/bin/sleep 0.01 & /bin/sleep 1000 & exit 0'; echo ready; read line; exit 2"
    child = spawn(["/bin/sh", "-c", script], stdin=pipes[0][0], stdout=pipes[1][1], init=True)
    os.close(pipes[1][1])
    assert os.read(pipes[1][0], 100) == b"ready\n"
    below = Path(f"/proc/{child.pid}/task/{child.pid}/children")
    until(lambda: len(below.read_text().split()) == 2)  # the program, and the orphan that goes on
    os.write(pipes[0][1], b"\n")
    assert child.wait() == 2
    assert os.read(pipes[1][0], 100) == b""  # which the second orphan had, too


def test_S3_init_passes_signals_on() -> None:
    """What is sent to the Child reaches the program, also a signal whose action is to do nothing; what the
    program sends to process 1 does not come back."""
    from pysys import spawn

    need_init()
    reader, writer = os.pipe()
    script = """
    for name in TERM HUP USR1 WINCH RTMIN+3; do trap "echo $name" $name; done
    trap "exit 9" INT
    kill -USR2 1; kill -ALRM 1
    echo ready
    while :; do /bin/sleep 0.01; done
    """
    with nothing_left():
        child = spawn(["/bin/bash", "-c", script], stdout=writer, init=True)
        with open(reader, closefd=False) as pipe:
            assert pipe.readline() == "ready\n"
            for name in ("TERM", "HUP", "USR1", "WINCH", "RTMIN+3"):
                base, _, more = name.partition("+")
                child.send_signal(getattr(signal, f"SIG{base}") + int(more or 0))
                assert pipe.readline() == f"{name}\n"
        child.send_signal(signal.SIGINT)
        assert child.wait() == 9
        child.close()


def test_S3_init_that_is_killed_takes_all_along() -> None:
    """kill() ends process 1, and with it the namespace: the program's end of the pipe is closed."""
    from pysys import spawn

    need_init()
    reader, writer = os.pipe()
    child = spawn(["/bin/sh", "-c", "echo ready; exec sleep 1000"], stdout=writer, init=True)
    os.close(writer)
    assert os.read(reader, 100) == b"ready\n"
    child.kill()
    assert child.wait() == -9
    assert os.read(reader, 100) == b""


def test_S3_init_holds_nothing() -> None:
    """It has no descriptor, no directory but the root and no signal that it misses; its memory is closed."""
    from pysys import spawn

    need_init()
    reader, writer = os.pipe()
    with tempfile.TemporaryDirectory() as folder, open(reader, closefd=False) as pipe:
        child = spawn(
            ["/bin/sh", "-c", "exec >/dev/null; read line"],
            stdin=(ends := os.pipe())[0],
            stdout=writer,
            cwd=folder,
            init=True,
        )
        os.close(writer)
        assert pipe.read() == ""  # once the program has closed it
        assert os.listdir(f"/proc/{child.pid}/fd") == []
        assert os.readlink(f"/proc/{child.pid}/cwd") == "/"
        assert os.stat(f"/proc/{child.pid}/environ").st_uid == 0
        os.close(ends[1])
        assert child.wait() == 1


def test_S3_init_keeps_no_copy() -> None:
    """What this process has in memory is not kept in process 1; that still reaps, and returns the status."""
    from isolated import until

    from pysys import spawn

    need_init()
    data = bytearray(b"x" * (64 << 20))
    pieces = [os.urandom(1000) for _ in range(20000)]

    def in_a_thread() -> None:
        reader, writer = os.pipe()
        child = spawn(["/bin/sh", "-c", "/bin/true & read line; exit 3"], stdin=reader, init=True)

        def anonymous() -> int:
            lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))

        until(lambda: anonymous() < 4 << 10)
        os.write(writer, b"\n")
        assert child.wait() == 3
        seen.append(child)

    seen: list[object] = []
    in_a_thread()
    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    assert len(seen) == 2
    assert len(data) + len(pieces)


def test_S3_init_ends_with_the_caller() -> None:
    """With pdeathsig=SIGKILL the whole namespace ends with this process."""
    from pysys import fork, spawn

    need_init()
    reader, writer = os.pipe()
    pid = fork()
    if pid == 0:
        spawn(
            ["/bin/sh", "-c", "echo ready; exec sleep 1000"],
            stdout=writer,
            init=True,
            pdeathsig=signal.SIGKILL,
        )
        os.close(writer)
        signal.pause()
    os.close(writer)
    assert os.read(reader, 100) == b"ready\n"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert os.read(reader, 100) == b""


def test_S3_init_where_SIGCHLD_is_ignored() -> None:
    """The status is not lost, and the program ignores the signal as it would without."""
    from programs import status

    from pysys import spawn

    need_init()
    bit = 1 << signal.SIGCHLD - 1
    plain = int(status("SigIgn", init=True), 16)
    assert not plain & bit
    assert int(status("SigIgn", init=True, signals_ignored=[signal.SIGCHLD]), 16) & bit

    def ignoring() -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        child = spawn(["/bin/sh", "-c", "exit 6"], init=True, stdin=subprocess.DEVNULL)
        with suppress(ChildProcessError):  # before Linux 6.15 this process cannot know
            assert child.wait() == 6

    in_child(os.fork, ignoring)


def test_S3_init_is_not_confined() -> None:
    """A filter that ends who waits or exits is the program's alone: process 1 still does its work."""
    from pysys import numbers, spawn

    need_init()
    filtered = [(0x20, 0, 0, 0)]
    for name in ("waitid", "rt_sigtimedwait", "close_range", "chdir"):
        filtered += [(0x15, 0, 1, numbers.number(name)), (0x06, 0, 0, 0x80000000)]
    with nothing_left():
        child = spawn(["/bin/sh", "-c", "exit 3"], init=True, seccomp=[*filtered, (0x06, 0, 0, 0x7FFF0000)])
        assert child.wait() == 3
        child.close()


def test_S3_init_of_an_unprivileged_user() -> None:
    """In a user namespace of one's own, in an empty root, without close_range."""
    from pysys import numbers, spawn

    def as_user() -> None:
        from surroundings import no_namespace

        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(1234, 1234, 1234)
            os.setresuid(1234, 1234, 1234)
        if no_namespace("user") or no_namespace("pid"):
            return
        maps: dict[str, Any] = {"uid_map": [(0, os.getuid(), 1)], "gid_map": [(0, os.getgid(), 1)]}
        program = os.open("/bin/true", os.O_RDONLY)
        with tempfile.TemporaryDirectory() as empty:
            with nothing_left():
                child = spawn(["/bin/sh", "-c", "exit 4"], init=True, **maps)
                assert child.wait() == 4
                child.close()
            fails("ENOENT", "executable", "execve", chroot=empty, init=True, **maps)
        filter_calls([numbers.number("close_range")], 38)
        with nothing_left():
            child = spawn(["/bin/sh", "-c", "exit 5"], init=True, **maps)
            assert child.wait() == 5
            child.close()
        os.close(program)

    in_child(os.fork, as_user)


# ---- the parent's part ----


def test_S3_before_exec() -> None:
    """The function gets the Child while its process waits, and what it does to the process is done."""
    from programs import shell

    from pysys import flags

    seen: list[Any] = []

    def look(child: Any) -> None:
        seen.append((child, child.pidfd is not None, child.poll(), os.readlink(f"/proc/{child.pid}/exe")))

    assert shell("echo $$", before_exec=look) == str(seen[0][0].pid)
    assert seen[0][1:] == (True, None, os.readlink("/proc/self/exe"))
    assert seen[0][0].returncode == 0
    need_root()
    need_namespace("user")

    def write(child: Any) -> None:
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{child.pid}/{name}").write_text("0 1000 10\n20 0 1\n")

    script = "id -u; tr -s ' ' </proc/self/uid_map"
    asked = {"namespaces": flags.CLONE_NEWUSER, "before_exec": write, "user": 3, "group": 4}
    assert shell(script, **asked) == "3\n 0 1000 10\n 20 0 1"


def test_S3_before_exec_after_the_maps() -> None:
    """uid_map and gid_map are written before it is called."""
    from pysys import spawn

    need_root()
    need_namespace("user")
    found: list[str] = []

    def look(child: Any) -> None:
        found.extend(
            Path(f"/proc/{child.pid}/{name}").read_text().split()[2] for name in ("uid_map", "gid_map")
        )

    with spawn(["/bin/true"], uid_map=IDS, gid_map=IDS, before_exec=look):
        pass
    assert found == ["65536", "65536"]


class StoppedError(Exception):
    """What a function of these tests raises."""


def test_S3_before_exec_that_raises() -> None:
    """The process is ended, and what was raised is raised; the program has not run."""
    from pysys import spawn

    children: list[Any] = []

    def fail(child: Any) -> None:
        children.append(child)
        raise StoppedError

    with tempfile.TemporaryDirectory() as folder:
        for init in (False, True) if os.geteuid() == 0 else (False,):
            with nothing_left():
                with pytest.raises(StoppedError):
                    spawn(["/usr/bin/touch", f"{folder}/ran"], before_exec=fail, init=init)
                assert children.pop().returncode == -9
        assert os.listdir(folder) == []


def test_S3_before_exec_and_a_start_that_fails() -> None:
    """The Child that the function got has ended, and its pidfd is closed with it."""
    kept: list[Any] = []
    fails(
        "ENOENT", "executable", "execve", ["/nonexistent"], before_exec=lambda child: kept.append(child.pid)
    )
    fails("ENOENT", "cwd", "chdir", cwd="/nonexistent", before_exec=lambda child: kept.append(child.pid))
    assert len(kept) == 2
    for pid in kept:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_S3_before_exec_that_ends_the_process() -> None:
    """By a signal, and reaped already or not: spawn returns a Child that has ended."""
    from pysys import spawn

    for end in (lambda child: child.kill(), lambda child: (child.kill(), child.wait())):
        with nothing_left():
            child = spawn(["/bin/true"], before_exec=end)
            assert child.wait() == -9
            child.close()


def test_S3_before_exec_and_handlers() -> None:
    """The signal mask is the caller's there, handlers run, and what they raise ends the process."""
    from pysys import spawn

    def interrupt(*_: object) -> None:
        raise StoppedError

    signal.signal(signal.SIGUSR1, interrupt)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    masks: list[Any] = []

    def look(_: Any) -> None:
        masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, []))

    def wait(_: Any) -> None:
        os.kill(os.getpid(), signal.SIGUSR1)
        signal.pause()

    with nothing_left(), spawn(["/bin/true"], before_exec=look):
        pass
    assert masks == [{signal.SIGUSR2}]
    with nothing_left(), pytest.raises(StoppedError):
        spawn(["/bin/true"], before_exec=wait)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGUSR2}


def test_S3_before_exec_that_forks() -> None:
    """A forked process that returns from the function gets an error, and leaves the child alone."""
    from pysys import spawn

    me = os.getpid()
    pids: list[int] = []
    try:
        child = spawn(["/bin/sh", "-c", "exit 3"], before_exec=lambda _: pids.append(os.fork()))
    except RuntimeError as error:
        os._exit(44 if os.getpid() != me and "forked" in str(error) else 45)
    assert os.waitstatus_to_exitcode(os.waitpid(pids[0], 0)[1]) == 44
    assert child.wait() == 3


def test_S3_before_exec_among_threads() -> None:
    """Other threads run while the function does, and start programs themselves."""
    from pysys import spawn

    def start(_: Any) -> None:
        thread = threading.Thread(target=lambda: spawn(["/bin/true"]).wait())
        thread.start()
        thread.join()
        assert spawn(["/bin/true"]).wait() == 0

    with nothing_left(), spawn(["/bin/true"], before_exec=start) as child:
        pass
    assert child.returncode == 0


def test_S3_before_exec_whose_caller_is_killed() -> None:
    """The process that waits ends when this one does."""
    from pysys import fork, spawn

    reader, writer = os.pipe()
    pid = fork()
    if pid == 0:

        def last(_: Any) -> None:
            os.write(writer, b"waits")
            signal.pause()

        spawn(["/bin/sleep", "1000"], before_exec=last, close_fds=False, fds={writer: writer})
    os.close(writer)
    assert os.read(reader, 5) == b"waits"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert os.read(reader, 5) == b""


def test_S3_before_exec_with_a_middle_process() -> None:
    """It would be the process between that stops: this is refused. So is what is not a function."""
    from pysys import flags, spawn

    pid = flags.CLONE_NEWPID
    fails("EINVAL", "before_exec", "clone", namespaces_inside=pid, before_exec=print)
    with pytest.raises(TypeError, match="before_exec must be a function"):
        spawn(["/bin/true"], before_exec=3)  # type: ignore[arg-type]  # wrong on purpose


# ---- namespaces inside others ----


@pytest.mark.parametrize("who", ["root", "user"])
def test_S3_join_first_and_create_inside(who: str) -> None:
    """The rights to create namespaces are those of the user namespace that was joined."""
    from programs import shell

    from pysys import flags, spawn

    need_namespace("user", "net", "pid")

    def test() -> None:
        if who == "user" and os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(1234, 1234, 1234)
            os.setresuid(1234, 1234, 1234)
            pr_set_dumpable = 4
            from pysys import syscall

            syscall("prctl", pr_set_dumpable, 1)
        maps: dict[str, Any] = {"uid_map": [(0, os.getuid(), 1)], "gid_map": [(0, os.getgid(), 1)]}
        holder = spawn(["/bin/sleep", "1000"], **maps)
        join: dict[str, Any] = {"join_namespaces": [(holder, flags.CLONE_NEWUSER)]}
        links = shell(
            "readlink /proc/self/ns/user /proc/self/ns/net; echo $$",
            **join,
            namespaces_inside=flags.CLONE_NEWNET | flags.CLONE_NEWPID,
        ).split()
        assert links[0] == os.readlink(f"/proc/{holder.pid}/ns/user")
        assert links[1] != os.readlink("/proc/self/ns/net")
        assert links[2] == "1"
        links = shell("readlink /proc/self/ns/net", **join, namespaces_inside=flags.CLONE_NEWNET).split()
        assert links[0] != os.readlink("/proc/self/ns/net")
        if who == "user":
            fails("EPERM", None, "clone", **join, namespaces=flags.CLONE_NEWNET)
        fails(
            "ENOENT", "executable", "execve", ["/nonexistent"], **join, namespaces_inside=flags.CLONE_NEWPID
        )
        holder.kill()
        holder.wait()

    in_child(os.fork, test)


@pytest.mark.parametrize("more", [0, 0x20000000], ids=["alone", "and a PID namespace"])
def test_S3_a_user_namespace_inside_another(more: int) -> None:
    """The process keeps its ids there, which are the only ones."""
    from programs import shell

    from pysys import flags

    need_root()
    need_namespace("user", "pid")
    maps: dict[str, Any] = {"uid_map": [(5, 0, 1)], "gid_map": [(6, 0, 1)]}
    script = (
        "echo $(cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups); readlink /proc/self/ns/user"
    )
    shown, link = shell(script, namespaces_inside=flags.CLONE_NEWUSER | more, **maps).splitlines()
    assert shown == "5 5 1 6 6 1 deny"
    assert link != shell("readlink /proc/self/ns/user", **maps)


def test_S3_namespaces_inside_that_fail() -> None:
    """Each failure names the step; a PID namespace cannot be made in one that was joined; wrong flags."""
    from pysys import flags, spawn

    need_root()
    need_namespace("pid", "user")
    holder = spawn(["/bin/sleep", "1000"], namespaces=flags.CLONE_NEWPID)
    pid = flags.CLONE_NEWPID
    fails("EINVAL", "namespaces_inside", "clone", join_namespaces=[(holder, pid)], namespaces_inside=pid)
    # Whose ids have no number in the user namespace around it, and where there is no /proc to map them.
    fails(
        "EPERM",
        "namespaces_inside",
        "unshare",
        namespaces=flags.CLONE_NEWUSER,
        namespaces_inside=flags.CLONE_NEWUSER,
    )
    with pytest.raises(ValueError, match="CLONE_NEWTIME, and 128"):
        spawn(["/bin/true"], namespaces_inside=flags.CLONE_NEWTIME)
    with pytest.raises(ValueError, match="process 1 of a namespace of namespaces"):
        spawn(["/bin/true"], namespaces_inside=pid, init=True)
    holder.kill()
    holder.wait()
