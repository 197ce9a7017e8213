"""pysys.trace: what is followed, and that a traced program behaves as it does alone."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE

from pysys import abi, calls, errors, trace
from pysys.flags import CAP_SYS_ADMIN, O_LARGEFILE
from pysys.tracing import (
    Address,
    Call,
    Data,
    Descriptor,
    Ended,
    Entered,
    Event,
    Executed,
    Signalled,
    Started,
    Stopped,
)

pytestmark = pytest.mark.isolated

PYTHON = [sys.executable, "-I", "-S", "-c"]


def python(source: str) -> list[str]:
    return [*PYTHON, textwrap.dedent(source)]


def events_of(argv: list[str], *options: Any, **settings: Any) -> tuple[list[Event], int | None]:
    with trace(argv, *options, **settings) as events:
        found = list(events)
    assert_nothing_is_left()
    return found, events.returncode


def assert_nothing_is_left() -> None:
    """No child, running or a zombie."""
    try:
        left = os.waitpid(-1, os.WNOHANG | 0x40000000)
    except ChildProcessError:
        return
    raise AssertionError(f"a child is left: {left}")


def named(events: Iterable[Event], *names: str) -> list[Call]:
    return [event for event in events if isinstance(event, Call) and (not names or event.name in names)]


# ---- events ----


def test_the_first_call_is_the_execve() -> None:
    """Nothing of the tracer's is seen before it, and nothing after the end."""
    events, status = events_of(["sh", "-c", "exit 3"], entries=True)
    first = events[0]
    assert isinstance(first, Entered) and first.name == "execve"
    assert first.arguments["argv"] == ("sh", "-c", "exit 3")
    assert isinstance(events[1], Executed)
    last = events[-1]
    assert isinstance(last, Ended) and (last.status, last.pid) == (3, first.pid)
    assert status == 3
    # Every call that begins has an end.
    begun = [event for event in events if type(event) is Entered]
    assert len(begun) == len(named(events))


def test_values() -> None:
    """What each kind of argument and result becomes."""
    source = """
    import os
    r, w = os.pipe()
    os.write(w, b"some bytes of a long text")
    os.read(r, 4)
    try:
        os.open("/nonexistent/pysys", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        pass
    os.stat("/etc")
    """
    events, _ = events_of(python(source), size=10)
    made = named(events)
    pipe = named(made, "pipe", "pipe2")[-1]
    assert isinstance(pipe.arguments["fildes"], Address)
    r, w = pipe.written["fildes"]
    assert isinstance(r, Descriptor) and r.path.startswith("pipe:")
    write = [call for call in named(made, "write") if call.arguments["fd"] == w][-1]
    data = write.arguments["buf"]
    assert isinstance(data, Data) and (data, data.length) == (b"some bytes", 25)
    read = [call for call in named(made, "read") if call.arguments["fd"] == r][-1]
    assert read.written["buf"] == b"some" and read.result == 4
    failed = next(call for call in made if call.arguments.get("filename") == "/nonexistent/pysys")
    assert (failed.result, failed.errno) == (-1, "ENOENT")
    # With 32 bits the interpreter asks for large files.
    assert failed.arguments["flags"] & ~O_LARGEFILE == os.O_RDWR | os.O_CLOEXEC
    assert failed.abi == abi.current().name


def test_threads_and_processes_are_followed() -> None:
    """fork, vfork, clone and threads, and what these start; each has a beginning and an end."""
    source = """
    import os, subprocess, threading
    thread = threading.Thread(target=os.getppid)
    thread.start()
    thread.join()
    subprocess.run(["true"])
    if os.fork() == 0:
        if os.fork() == 0:
            os._exit(5)
        os.wait()
        os._exit(4)
    os.wait()
    """
    events, status = events_of(python(source), "process,getppid")
    assert status == 0
    started = [event for event in events if isinstance(event, Started)]
    ended = {event.tid: event.status for event in events if isinstance(event, Ended)}
    main = events[0].pid
    assert {event.tid for event in started} | {main} == ended.keys()
    assert sorted(ended.values()) == [0, 0, 0, 4, 5]
    threads = [event for event in started if event.pid != event.tid]
    assert [event.pid for event in threads] == [main]
    assert [call.tid for call in named(events, "getppid")] == [threads[0].tid]
    assert {event.parent for event in started} > {main}


def test_a_thread_that_execs() -> None:
    """It gets the id of the process, and the other threads are gone."""
    source = """
    import os, threading, time
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    threading.Thread(target=lambda: os.execv("/bin/sh", ["sh", "-c", "exit 9"])).start()
    time.sleep(60)
    """
    events, status = events_of(python(source), "execve")
    assert status == 9
    executed = [event for event in events if isinstance(event, Executed)]
    assert len(executed) == 2 and executed[1].former != executed[1].tid == executed[1].pid == events[0].pid
    assert [call.result for call in named(events, "execve")] == [0, 0]


def test_another_child_is_left_alone() -> None:
    """A child of this process that is not traced is not reaped."""
    mine = os.fork()
    if mine == 0:
        os._exit(6)
    with trace(["sh", "-c", "true; sleep 0.05 & wait"]) as events:
        for _ in events:
            pass
    assert events.returncode == 0
    assert os.waitstatus_to_exitcode(os.waitpid(mine, 0)[1]) == 6


# ---- selection ----


@pytest.mark.parametrize("seccomp", [None, False])
def test_only_chosen_calls(seccomp: bool | None) -> None:
    """With a filter and without one."""
    chosen, status = events_of(["sh", "-c", "ls / > /dev/null; exit 2"], "openat,wait4", seccomp=seccomp)
    assert status == 2
    assert {call.name for call in named(chosen)} == {"openat", "wait4"}
    everything, _ = events_of(["sh", "-c", "ls / > /dev/null; exit 2"])
    for name in ("openat", "wait4"):
        assert len(named(chosen, name)) == len(named(everything, name))


def test_failed_calls() -> None:
    """Only those with an errno."""
    events, _ = events_of(["ls", "/nonexistent/pysys"], "failed")
    assert named(events) and all(call.errno for call in named(events))


def test_what_is_chosen_exists() -> None:
    """A word that is neither a call nor a topic is an error that suggests one."""
    with pytest.raises(ValueError, match="openat"):
        trace(["true"], "openatt")
    assert_nothing_is_left()


def test_a_filter_of_the_programs_own() -> None:
    """Calls that the program's own filter forbids are seen, although that comes before the tracer's."""
    if CAP_SYS_ADMIN not in calls.capget().effective:
        pytest.skip("only with CAP_SYS_ADMIN is there a filter without no_new_privs")
    source = """
    import ctypes, os, struct
    from pysys import calls, numbers, structures, flags, abi
    rules = structures.sock_filter.array([
        dict(code=0x20, k=0), dict(code=0x15, jt=0, jf=1, k=numbers.number("getppid")),
        dict(code=6, k=0x50000 | 77), dict(code=6, k=0x7fff0000)])
    calls.prctl(flags.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    calls.seccomp_set_mode_filter(rules)
    try:
        calls.getppid()
    except OSError:
        pass
    """
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{textwrap.dedent(source)}"]
    events, status = events_of(command, "getppid")
    assert status == 0
    assert [call.errno for call in named(events)] == [errno.errorcode[77]]


# ---- the program behaves as it does alone ----


def test_signals_arrive() -> None:
    """Handlers run, and a signal without one ends the program, and its end is seen."""
    source = """
    import os, signal
    seen = []
    signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGALRM, lambda *_: seen.append(2))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    signal.pause()
    assert seen == [1, 2]
    os.kill(os.getpid(), signal.SIGTERM)
    """
    events, status = events_of(python(source), "pause,ppoll,kill")
    assert status == -signal.SIGTERM
    signals = [event for event in events if isinstance(event, Signalled)]
    assert [event.name for event in signals] == ["SIGUSR1", "SIGALRM", "SIGTERM"]
    assert signals[0].sender == signals[0].pid
    pause = named(events, "pause", "ppoll")[0]
    assert (pause.result, pause.restarted) == (None, "ERESTARTNOHAND")


def test_a_signal_that_is_sent_while_it_waits() -> None:
    """A call that is made again appears again."""
    with trace(["sleep", "60"], "clock_nanosleep,nanosleep,clock_nanosleep_time64", entries=True) as events:
        for event in events:
            if isinstance(event, Entered) and not isinstance(event, Call):
                os.kill(events.pid, signal.SIGTERM)
    assert events.returncode == -signal.SIGTERM
    assert_nothing_is_left()


def test_stops_and_their_ends() -> None:
    """A parent sees that its child is stopped and that it goes on, as it does without a tracer."""
    source = """
    import os, signal, time
    child = os.fork()
    if child == 0:
        while True:
            time.sleep(0.001)
    os.kill(child, signal.SIGSTOP)
    pid, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status) and os.WSTOPSIG(status) == signal.SIGSTOP, status
    for _ in range(20):  # it stays so
        with open(f"/proc/{child}/status") as file:
            state = [line.split()[1] for line in file if line.startswith("State")]
        assert state in (["t"], ["T"]), state
        time.sleep(0.01)
    os.kill(child, signal.SIGCONT)
    pid, status = os.waitpid(child, os.WCONTINUED)
    assert os.WIFCONTINUED(status), status
    os.kill(child, signal.SIGTERM)
    pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGTERM
    """
    events, status = events_of(python(source), "kill")
    assert status == 0
    assert [event.name for event in events if isinstance(event, Stopped)] == ["SIGSTOP"]


def test_descriptors_groups_and_dispositions() -> None:
    """The program has what this process has, and nothing of the tracer's."""
    source = """
    import os, signal
    listed = os.listdir("/proc/self/fd")  # with the descriptor that read them, which is closed now
    print(sorted(fd for fd in listed if os.path.lexists("/proc/self/fd/" + fd)))
    print(os.getpgrp(), os.getsid(0), os.getcwd())
    print(signal.getsignal(signal.SIGPIPE), signal.pthread_sigmask(signal.SIG_BLOCK, []))
    with open("/proc/self/status") as file:
        print([line for line in file if line.startswith(("SigP", "SigB", "SigI", "SigC", "Shd", "NoN"))])
    """
    # With a cwd subprocess forks: posix_spawn of an old C library leaves two of its own signals ignored.
    alone = subprocess.run(
        python(source),
        stdout=subprocess.PIPE,
        text=True,
        timeout=60 * PATIENCE,
        check=True,
        close_fds=False,
        cwd=".",
    ).stdout
    reader, writer = os.pipe()
    saved = os.dup(1)
    os.dup2(writer, 1)
    os.close(writer)
    try:
        with trace(python(source), "execve") as events:
            for _ in events:
                pass
    finally:
        os.dup2(saved, 1)
    os.close(saved)
    with os.fdopen(reader) as file:
        told = file.read()
    assert told == alone, f"{told}\n{alone}"
    assert events.returncode == 0


def test_a_program_that_cannot_run() -> None:
    """The error of its execve, with its name, and no process is left."""
    with pytest.raises(errors.ENOENT) as caught:
        trace(["/nonexistent/pysys"])
    assert (caught.value.syscall, caught.value.filename) == ("execve", "/nonexistent/pysys")
    with pytest.raises(errors.ENOENT):
        trace(["no-such-program-of-pysys"])
    with pytest.raises(errors.EACCES):
        trace(["/etc/passwd"])
    with pytest.raises(ValueError, match="argv"):
        trace([])
    assert_nothing_is_left()


def test_what_is_left_is_ended() -> None:
    """The end of `with` ends the program and all that it has started."""
    with trace(
        python("import os, time\nos.fork()\ntime.sleep(60)"), "clone,fork,vfork", entries=False
    ) as events:
        for event in events:
            if isinstance(event, Started):
                break
    assert_nothing_is_left()


def test_a_tracer_that_is_killed_leaves_nothing() -> None:
    """The kernel ends the program with its tracer: it is neither stopped nor does it run on."""
    source = f"""
    import sys
    sys.path[:0] = {sys.path!r}
    from pysys import trace
    with trace(["sh", "-c", "sleep 60 & sleep 60"]) as events:
        print(events.pid, flush=True)
        for event in events:
            if type(event).__name__ == "Started":
                print(event.tid, flush=True)
    """
    tracer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(source)], stdout=subprocess.PIPE, text=True
    )
    assert tracer.stdout is not None
    pids = [int(tracer.stdout.readline()) for _ in range(3)]
    tracer.kill()
    tracer.wait()
    tracer.stdout.close()
    for pid in pids:
        for _ in range(int(200 * PATIENCE)):
            state = state_of(pid)
            if state in ("", "Z"):
                break
            time.sleep(0.05)
        assert state in ("", "Z"), (pid, state)


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_another_thread_may_not_follow() -> None:
    """ptrace belongs to a thread: another one is told so."""
    import threading

    seen: list[BaseException] = []
    with trace(["true"]) as events:

        def follow() -> None:
            try:
                for _ in events:
                    pass
            except RuntimeError as error:
                seen.append(error)

        thread = threading.Thread(target=follow)
        thread.start()
        thread.join()
    assert len(seen) == 1
    assert_nothing_is_left()


@pytest.mark.skipif(
    not shutil.which("setpriv"), reason="setpriv, which gives up capabilities, is not installed"
)
@pytest.mark.parametrize(("asked", "expected"), [("None", "0"), ("True", "1")])
def test_without_privileges_a_filter_is_asked_for(asked: str, expected: str) -> None:
    """no_new_privs comes only with the filter that was asked for."""
    if os.geteuid() != 0:
        pytest.skip("only root can give up capabilities here")
    source = f"""
    import sys
    sys.path[:0] = {sys.path!r}
    from pysys import trace
    program = ["grep", "-E", "^(NoNewPrivs|Seccomp):", "/proc/self/status"]
    with trace(program, "openat", seccomp={asked}) as events:
        names = {{event.name for event in events if type(event).__name__ == "Call"}}
    assert names == {{"openat"}}, names
    """
    command = [
        "setpriv",
        "--inh-caps=-all",
        "--bounding-set=-all",
        sys.executable,
        "-c",
        textwrap.dedent(source),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(":\t") for line in done.stdout.splitlines())
    assert (lines["NoNewPrivs"], lines["Seccomp"]) == (expected, "2" if expected == "1" else "0")
