"""exec_in_place: what spawn sets in a child, in this process."""

from __future__ import annotations

import ast
import errno
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from isolated import filter_calls, folder, in_child, need_root, nothing_left, open_descriptors
from surroundings import no_namespace

pytestmark = pytest.mark.isolated

SHOW = """
cd /proc/self; pwd -P >/dev/null; umask; ulimit -S -n; cut -d' ' -f5,6,19,41 /proc/self/stat
grep -E '^(Uid|Gid|Groups|SigBlk|SigIgn|Cap|NoNew|Seccomp:|Cpus_allowed:)' /proc/self/status
cat oom_score_adj coredump_filter uid_map gid_map setgroups comm; readlink root cwd
for one in fd/*; do readlink $one; done; env | sort; uname -n; cat net/dev | grep -c :
"""
SETTINGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "environment": {"env": {"A": "1", b"B": b"2", "PATH": "/bin:/usr/bin"}},
    "limits": {"rlimits": {"nofile": (64, 64)}, "priority": 3, "affinity": [min(os.sched_getaffinity(0))]},
    "files": {"stdin": -3, "fds": {7: 2, 5: 2}, "umask": 0o27},
    "process": {"oom_score_adj": 500, "coredump_filter": 3, "child_subreaper": True, "timer_slack": 7},
    "signals": {
        "signals_ignored": [signal.SIGUSR1],
        "signal_mask": [signal.SIGUSR2],
        "restore_signals": False,
    },
    "default": {"signals_default": [signal.SIGUSR2, signal.SIGINT]},
    "user": {"user": 1234, "group": 1234, "extra_groups": [5]},
    "capabilities": {"capabilities": ["kill"], "securebits": 1},
    "ambient": {"ambient_caps": ["kill"], "user": 1234},
    "no new privileges": {"no_new_privs": True},
    "directory": {"cwd": "/usr"},
    "root": {"chroot": "/", "cwd": "usr"},
    "names": {"hostname": "box", "loopback": True},
    "session": {"start_new_session": True},
}
ROOT = {"user", "capabilities", "ambient", "root", "names"}


def shown(start: Callable[[int], object]) -> str:
    """What the program prints to the descriptor that it is started with."""
    reader, writer = os.pipe()
    start(writer)
    os.close(writer)
    with open(reader) as said:
        return said.read()


@pytest.mark.parametrize("name", SETTINGS)
def test_S3_the_same_as_in_a_child(name: str) -> None:
    """A program finds in this process what it finds in a child of spawn."""
    from pysys import exec_in_place, spawn

    if name in ROOT:
        need_root()
    if name == "names" and (why := no_namespace("net")):
        pytest.skip(why)
    settings, argv = SETTINGS[name], ["/bin/sh", "-c", SHOW]
    in_a_child = shown(lambda writer: spawn(argv, stdout=writer, **settings).wait())

    def here(writer: int) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                exec_in_place(argv, stdout=writer, **settings)
            finally:
                os._exit(99)
        assert os.waitpid(pid, 0)[1] == 0

    differs = ("pipe:", "socket:", "/proc/")  # what was opened for this
    lines = [
        [line for line in text.splitlines() if not line.startswith(differs)]
        for text in (in_a_child, shown(here))
    ]
    if name != "session":  # its fields are the ids of the process
        assert lines[0] == lines[1]
    assert len(lines[0]) > 20


def test_S1_every_setting_is_known() -> None:
    """What spawn takes is taken, or refused with the reason; nothing has two places in the order."""
    from inspect import signature

    from pysys import spawn
    from pysys.process import exec_in_place

    # Read, because an import takes typing_extensions.
    types = ast.parse(Path(exec_in_place.__file__).parents[1].joinpath("_types.py").read_text("utf-8"))
    (found,) = (one for one in types.body if isinstance(one, ast.ClassDef) and one.name == "InPlace")
    possible = {
        one.target.id
        for one in found.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
    assert possible | exec_in_place._NEEDS_PROCESS.keys() >= signature(spawn).parameters.keys() - {"argv"}
    assert {*exec_in_place._ORDER} == possible
    assert len(exec_in_place._ORDER) == len(possible)


def test_S1_what_needs_a_new_process_is_refused() -> None:
    """With a sentence, before anything has changed."""
    from pysys import CloneFlags, errors, exec_in_place

    own = os.geteuid()
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "pidfd": ({"pidfd": True}, "pidfd: there is no child"),
        "init": ({"init": True}, "init: the first process of a namespace"),
        "mounts": ({"mounts": []}, r"mounts: pysys.mounts.apply\(\)"),
        "pipe": ({"stdout": -1}, "stdout: nobody here could hold the other end"),
        "listener": ({"seccomp": [(0x06, 0, 0, 0x7FC00000)]}, "seccomp: nobody could answer"),
        "pid": ({"namespaces": CloneFlags.CLONE_NEWPID}, "stays in the PID namespace that it was made in"),
        "time": ({"namespaces": CloneFlags.CLONE_NEWTIME}, "time_offsets"),
        "map": ({"uid_map": [(0, own + 1, 1)]}, rf"maps one id, its own: \(inside, {own}, 1\)"),
        "maps": ({"uid_map": [(0, own, 2)]}, "maps one id"),
        "join": (
            {"join_namespaces": [os.open("/proc/self/ns/pid", os.O_RDONLY)]},
            r"\[0\] is a PID namespace",
        ),
    }
    mask = os.umask(0o22)
    for settings, says in wrong.values():
        with nothing_left(), pytest.raises(errors.RefusedError, match=says):
            exec_in_place(["/bin/true"], umask=0, **settings)
    for settings, kind, says in (
        ({"cdw": "/"}, TypeError, "exec_in_place: there is no argument 'cdw'"),
        ({"umask": -1}, ValueError, "exec_in_place: umask: -1"),
        ({"cwd": 5.0}, TypeError, "exec_in_place: cwd must be"),
        ({"capabilities": ["kil"]}, ValueError, r"exec_in_place: capabilities\[0\]"),
    ):
        with nothing_left(), pytest.raises(kind, match=says):
            exec_in_place(["/bin/true"], **settings)
    assert os.umask(mask) == 0o22


@pytest.mark.parametrize("program", ["/nonexistent", "nonexistent", "/etc/passwd"])
def test_S4_a_program_that_is_not_there(program: str) -> None:
    """That is seen before the first step."""
    from pysys import errors, exec_in_place

    os.umask(0o22)
    with nothing_left(), pytest.raises((errors.ENOENT, errors.EACCES)) as caught:
        exec_in_place([program], umask=0, rlimits={"nofile": (16, 16)})
    assert (caught.value.step, caught.value.filename, caught.value.changed) == ("executable", program, ())
    assert "of exec_in_place" in str(caught.value)
    assert os.umask(0o22) == 0o22
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] != 16


def test_S4_what_has_changed_is_named() -> None:
    """The parameters before the step, in their order; the signals are as they were."""
    from pysys import errors, exec_in_place

    def handler(*_: object) -> None:
        got.append(1)

    got: list[int] = []
    signal.signal(signal.SIGUSR1, handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGUSR2])
    before = open_descriptors()
    settings: dict[str, Any] = {
        "umask": 0o77,
        "fds": {40: 2},
        "signals_ignored": [signal.SIGUSR1],
        "signal_mask": [],
        "oom_score_adj": 600,
    }
    with folder() as place:
        script = place / "script"
        script.write_text("#!/nonexistent/interpreter\n")
        script.chmod(0o755)
        with pytest.raises(errors.ENOENT) as caught:
            exec_in_place([script], **settings)
    assert (caught.value.step, caught.value.filename) == ("executable", script)
    assert caught.value.changed == ("oom_score_adj", "fds", "close_fds", "umask")
    assert caught.value.__notes__[0] == "This process has changed: oom_score_adj, fds, close_fds, umask."
    assert open_descriptors() == before | {40}
    os.kill(os.getpid(), signal.SIGUSR1)
    assert got == [1]
    assert signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGUSR2}


def test_S4_no_copy_of_a_descriptor_is_left() -> None:
    """One that was made because two cross, when a later step fails."""
    from pysys import errors, exec_in_place

    first, second = os.memfd_create("first"), os.memfd_create("second")
    before = open_descriptors()
    with pytest.raises(errors.EINVAL) as caught:
        exec_in_place(["/bin/true"], fds={first: second, second: first}, scheduling=(1, 1000))
    assert (caught.value.step, caught.value.changed) == ("scheduling", ("fds", "close_fds"))
    assert open_descriptors() == before
    assert os.readlink(f"/proc/self/fd/{first}").startswith("/memfd:second")


def test_S3_a_user_namespace_of_ones_own() -> None:
    """An unprivileged process maps its own id, and has what belongs to a namespace."""
    from pysys import exec_in_place, syscall

    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(1234, 1234, 1234)
        os.setresuid(1234, 1234, 1234)
        syscall("prctl", 4, 1)  # PR_SET_DUMPABLE
        if not os.access(
            "/proc/self/gid_map", os.W_OK
        ):  # where the machine's emulated kernel is slow to see it
            pytest.skip("this process's own files in /proc are not its own")
    if why := no_namespace("user") or no_namespace("uts"):
        pytest.skip(why)
    uid, gid = os.getuid(), os.getgid()

    def here(writer: int) -> None:
        def child() -> None:
            exec_in_place(
                ["/bin/sh", "-c", "uname -n; id -u; id -g; cat /proc/self/setgroups"],
                stdout=writer,
                hostname="box",
                uid_map=[(0, uid, 1)],
                gid_map=[(0, gid, 1)],
            )

        in_child(os.fork, child)

    assert shown(here) == "box\n0\n0\ndeny\n"


def test_S5_from_a_thread() -> None:
    """The program has this process's id, and the other threads have ended."""
    from pysys import exec_in_place

    def here(writer: int) -> None:
        pid = os.fork()
        if pid == 0:
            argv = ["/bin/sh", "-c", "echo $$; grep Threads /proc/$$/status"]
            thread = threading.Thread(target=lambda: exec_in_place(argv, stdout=writer))
            thread.start()
            thread.join()
            os._exit(99)
        assert os.waitpid(pid, 0)[1] == 0
        pids.append(pid)

    pids: list[int] = []
    text = shown(here)
    assert text == f"{pids[0]}\nThreads:\t1\n"


def test_S3_a_filter_that_refuses_the_exec() -> None:
    """That is reported, and this process goes on under the filter."""
    from pysys import errors, exec_in_place, seccomp

    f = seccomp.Filter(seccomp.ALLOW)
    f.refuse("execve", error="EXDEV")
    f.refuse("getpriority", error="EXDEV")
    with pytest.raises(errors.EXDEV) as caught:
        exec_in_place(["/bin/true"], seccomp=f)
    assert caught.value.changed is not None
    assert caught.value.changed[-1] == "seccomp"
    with pytest.raises(OSError, match=r"(?i)cross-device"):
        os.getpriority(os.PRIO_PROCESS, 0)


def test_S1_audit_event() -> None:
    """CPython's own for an exec; what a hook raises comes out."""
    from pysys import exec_in_place

    seen: list[tuple[object, ...]] = []

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "os.exec":
            seen.append(args)
            raise InterruptedError

    sys.addaudithook(hook)
    with nothing_left(), pytest.raises(InterruptedError):
        exec_in_place(["/bin/true", "x"], env={})
    assert seen == [("/bin/true", ["/bin/true", "x"], {})]


def test_I3_an_error_at_the_first_call() -> None:
    """Blocked signals are not left where nothing could begin."""
    from pysys import errors, exec_in_place, numbers

    filter_calls([numbers.number("umask")], errno.EPERM)  # of which spawn does not look at the result
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with pytest.raises(errors.EBADF) as caught:
        exec_in_place(["/bin/true"], stdin=999)
    assert (caught.value.step, caught.value.changed) == ("stdin", ())
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == mask


STEPS = {
    "close_range": None,  # one by one instead
    "dup3": "fds",
    "execve": "executable",
    "faccessat2": None,  # then it is not looked for before
    "fchdir": "cwd",
    "ioprio_set": "io_priority",
    "openat": "oom_score_adj",
    "personality": "personality",
    "prlimit64": "rlimits",
    "rt_sigaction": "signals_ignored",
    "rt_sigprocmask": "",
    "sched_setaffinity": "affinity",
    "sched_setscheduler": "scheduling",
    "setpriority": "priority",
    "setsid": "start_new_session",
}


@pytest.mark.parametrize("call", STEPS)
def test_I3_an_error_at_each_call(call: str) -> None:
    """The step is named, and what has changed before it; signals and descriptors are as they were."""
    from pysys import errors, exec_in_place, numbers
    from pysys.process.exec_in_place import _ORDER

    if call not in numbers.table():
        pytest.skip(f"there is no {call} here")
    first, second = os.memfd_create("first"), os.memfd_create("second")
    settings: dict[str, Any] = {
        "oom_score_adj": 900,
        "start_new_session": True,
        "fds": {first: second, second: first},
        "rlimits": {"core": (0, 0)},
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "affinity": os.sched_getaffinity(0),
        "personality": 0,
        "scheduling": 3,  # SCHED_BATCH
        "io_priority": (2, 4),
        "cwd": os.open("/", os.O_PATH),
        "signals_ignored": [signal.SIGUSR1],
        "signal_mask": [signal.SIGUSR2],
    }

    def there() -> list[int]:
        found = []
        for number in range(200):
            try:
                os.fstat(number)
            except OSError:
                continue
            found.append(number)
        return found

    def child() -> None:
        got: list[int] = []
        signal.signal(signal.SIGUSR1, lambda *_: got.append(1))
        before, mask = there(), signal.pthread_sigmask(signal.SIG_BLOCK, [])
        program = "/nonexistent" if STEPS[call] is None else "/bin/true"
        filter_calls([numbers.number(call)], errno.ENOSYS)
        try:
            exec_in_place([program], executable=program, **settings)
        except errors.SyscallError as error:
            caught = error
        assert there() == before
        if call not in ("rt_sigprocmask", "rt_sigaction"):
            assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == mask
        os.kill(os.getpid(), signal.SIGUSR1)
        assert got == [1]
        step = STEPS[call] if STEPS[call] is not None else "executable"
        assert (caught.step or "") == step
        asked = [
            name for name in _ORDER if name in {*settings, "close_fds"} and not name.startswith("signal")
        ]
        if call in ("rt_sigprocmask", "close_range"):
            assert caught.changed == ()  # nothing was begun
        elif call != "faccessat2":
            assert list(caught.changed or ()) == [
                name for name in asked if _ORDER.index(name) < _ORDER.index(step)
            ]

    in_child(os.fork, child)  # which does not lead its group
