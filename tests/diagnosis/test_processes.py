"""Diagnoses of calls about other processes: each cause is made, and then one that looks alike."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from diagnosed import become, failed, process, proves, proves_nothing
from isolated import in_child, need_root

from pysys import calls, diagnose, structures
from pysys.diagnosis.failures import Verdict
from pysys.flags import CloneFlags

pytestmark = pytest.mark.isolated
ATTACH, DETACH, PEEKDATA, SEIZE, INTERRUPT, GETREGSET = 16, 17, 2, 0x4206, 0x4207, 0x4204
PR_SET_DUMPABLE = 4
SCOPE = Path("/proc/sys/kernel/yama/ptrace_scope")


@contextmanager
def zombie() -> Iterator[int]:
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    yield pid
    os.waitpid(pid, 0)


def ended() -> int:
    """The id of a process that was there."""
    with zombie() as pid:
        pass
    return pid


@contextmanager
def another_thread() -> Iterator[int]:
    begun, end, ids = threading.Event(), threading.Event(), list[int]()

    def run() -> None:
        ids.append(threading.get_native_id())
        begun.set()
        end.wait()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    yield ids[0]
    end.set()
    thread.join()


# ---- ptrace and its kin ----


def test_other_users() -> None:
    """A process of another user, one of the same, and one that may not be dumped."""
    need_root()
    with process() as of_root, process(become) as of_nobody:
        memory = [(ctypes.addressof(ctypes.c_int()), 4)]
        proves_nothing(diagnose("ptrace", "EPERM", SEIZE, of_nobody), "CAP_SYS_PTRACE is there")

        def look() -> None:
            become()
            proves(failed("ptrace", SEIZE, of_root), f"{of_root} (", "other ids")
            proves(failed("process_vm_readv", of_root, memory), "other ids")
            proves(failed("kcmp", of_root, os.getpid(), 0, 0, 0), f"{of_root} (", "other ids")
            proves(failed("pidfd_getfd", os.pidfd_open(of_root), 0, 0), "other ids")

        in_child(os.fork, look)


def test_dumpable() -> None:
    """A process of the same user that may not be looked into, and one that may."""
    need_root()

    def closed() -> None:
        become()
        calls.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)

    def opened() -> None:
        become()
        calls.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)

    with process(closed) as one, process(opened) as other:

        def look() -> None:
            become()
            proves(failed("ptrace", SEIZE, one), f"{one} (", "not dumpable")
            found = diagnose("ptrace", "EPERM", SEIZE, other)
            assert "is dumpable" in str(found) and (SCOPE.exists() or not found.proven), str(found)

        in_child(os.fork, look)


def test_capabilities_of_the_other() -> None:
    """A process of the same user that has more capabilities."""
    need_root()
    pid = os.getpid()

    def look() -> None:
        calls.capset(structures.records.Capabilities(set(), set(), set()))
        found = failed("ptrace", SEIZE, pid)
        proves(found, f"{pid} (", "capabilities that this process lacks", "CAP_SYS_ADMIN")
        with process() as own:
            if not SCOPE.exists():
                calls.ptrace(SEIZE, own)
                calls.ptrace(INTERRUPT, own)
                os.waitpid(own, 0x40000000)
                calls.ptrace(DETACH, own)
            assert not any("lacks" in one.sentence for one in diagnose("ptrace", "EPERM", SEIZE, own).proven)

    in_child(os.fork, look)


def test_tracers() -> None:
    """One that is traced already, by whom; one that is not stopped; one that nobody traces; a zombie."""
    kept = ctypes.c_int()  # before the fork: the child has it as well
    here = ctypes.addressof(kept)
    with process() as pid:
        proves(failed("ptrace", INTERRUPT, pid), f"Nobody traces {pid} (")
        calls.ptrace(SEIZE, pid)
        proves(failed("ptrace", SEIZE, pid), "is traced already", str(threading.get_native_id()))
        proves(failed("ptrace", DETACH, pid), "not stopped")
        calls.ptrace(INTERRUPT, pid)
        os.waitpid(pid, 0x40000000)
        proves_nothing(diagnose("ptrace", "ESRCH", DETACH, pid), "and stopped")
        proves(failed("ptrace", PEEKDATA, pid, 8), "has no memory at 0x8")
        proves_nothing(diagnose("ptrace", "EIO", PEEKDATA, pid, here), "has memory at")
        found: list[object] = []
        thread = threading.Thread(target=lambda: found.append(diagnose("ptrace", "ESRCH", DETACH, pid)))
        thread.start()
        thread.join()
        assert f"thread {os.getpid()} does" in str(found[0]), str(found[0])
        calls.ptrace(DETACH, pid)
        proves(failed("ptrace", SEIZE, pid, 1), "takes an address of 0")
    with zombie() as pid:
        proves(failed("ptrace", SEIZE, pid), "has ended")
        proves(failed("process_vm_readv", pid, [(8, 4)]), "has no memory")
    proves(failed("ptrace", SEIZE, ended()), "There is no process or thread")
    with another_thread() as tid:
        proves(failed("ptrace", SEIZE, tid), "a thread of this very process")

    def look() -> None:
        calls.ptrace(0)
        proves(failed("ptrace", 0), "traced already", str(os.getppid()))

    pid = os.fork()
    if not pid:
        in_child(lambda: 0, look)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    proves_nothing(diagnose("ptrace", "EPERM", 0), "Nobody traces")


def test_yama() -> None:
    """What Yama's setting allows."""
    if not SCOPE.exists():
        assert "The kernel has no Yama" in str(diagnose("ptrace", "EPERM", SEIZE, os.getppid()))
        pytest.skip("this kernel has no Yama")
    scope = int(SCOPE.read_text())
    need_root()

    def child() -> None:
        become()
        calls.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)

    with process(child) as pid:

        def look() -> None:
            become()
            found = str(diagnose("ptrace", "EPERM", SEIZE, pid))
            assert {0: "Yama allows it", 1: "only to its descendants", 2: "Yama asks for"}[scope] in found

        in_child(os.fork, look)


# ---- signals ----


def test_signals_to_others() -> None:
    """A process of another user; SIGCONT in the same session; one of the same user."""
    need_root()
    with process() as of_root, process(become) as of_nobody:
        proves_nothing(diagnose("kill", "EPERM", of_nobody, 9), "CAP_KILL is there")
        pidfd = os.pidfd_open(of_root)

        def look() -> None:
            become()
            proves(failed("kill", of_root, 9), f"{of_root} (", "belongs to another user")
            proves(failed("pidfd_send_signal", pidfd, 9), "belongs to another user")
            proves(failed("tgkill", of_root, of_root, 9), "belongs to another user")
            proves_nothing(diagnose("kill", "EPERM", of_root, signal.SIGCONT))
            calls.kill(of_root, signal.SIGCONT)
            os.setsid()
            proves(failed("kill", of_root, signal.SIGCONT), "another session")
            proves_nothing(diagnose("kill", "EPERM", of_nobody, 9), "belongs to this user")

        in_child(os.fork, look)
        os.close(pidfd)


def test_nobody_there() -> None:
    """Processes, groups and threads that are not there, or another process's."""
    gone = ended()
    proves(failed("kill", gone, 9), f"no process or thread {gone}")
    proves(failed("tkill", gone, 9), f"no process or thread {gone}")
    proves(failed("kill", -gone, 0), f"no process group {gone}")
    proves(failed("pidfd_open", gone, 0), f"no process or thread {gone}")
    proves_nothing(diagnose("kill", "ESRCH", os.getpid(), 9), "There is a process")
    proves_nothing(diagnose("kill", "ESRCH", -os.getpgid(0), 9), "There is a process group")
    with another_thread() as tid, process() as pid:
        proves(failed("tgkill", pid, tid, 0), f"{tid} is a thread of process {os.getpid()}, not of {pid}")
        proves_nothing(diagnose("tgkill", "ESRCH", os.getpid(), tid, 0), "There is a process or thread")
        proves(failed("pidfd_open", tid, 0), f"{tid} is a thread of process {os.getpid()}")
        proves_nothing(diagnose("pidfd_open", "EINVAL", pid, 0))
        pidfd = os.pidfd_open(pid)
        proves_nothing(diagnose("pidfd_send_signal", "ESRCH", pidfd, 9), f"is {pid}")
    proves(failed("pidfd_send_signal", pidfd, 9), "was waited for")
    proves(failed("pidfd_getfd", pidfd, 0, 0), "was waited for")
    with open("/dev/null") as file:
        proves(failed("pidfd_send_signal", file, 9), "is not a pidfd")


def test_wrong_signals() -> None:
    """Numbers without a signal, groups where only one thread is meant, codes that are the kernel's."""
    proves(failed("kill", os.getpid(), signal.NSIG), f"{signal.NSIG} is not a signal")
    proves_nothing(diagnose("kill", "EINVAL", os.getpid(), 9), "9 is a signal")
    proves(failed("tkill", 0, 9), "pid is 0")
    with process() as pid:
        info = structures.siginfo(si_signo=signal.SIGUSR1, si_code=0)
        proves(failed("rt_sigqueueinfo", pid, signal.SIGUSR1, info), "si_code is 0")
        info = structures.siginfo(si_signo=signal.SIGUSR1, si_code=-1)
        proves_nothing(diagnose("rt_sigqueueinfo", "EPERM", pid, signal.SIGUSR1, info))


def test_queued_signals() -> None:
    """As many as the limit allows, and fewer."""
    proves_nothing(diagnose("rt_sigqueueinfo", "EAGAIN", os.getpid(), signal.SIGRTMIN), "may queue more")
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])

    def look() -> None:
        resource.setrlimit(resource.RLIMIT_SIGPENDING, (0, 0))
        info = structures.siginfo(si_signo=signal.SIGRTMIN, si_code=-1)
        proves(failed("rt_sigqueueinfo", os.getpid(), signal.SIGRTMIN, info), "RLIMIT_SIGPENDING")

    in_child(os.fork, look)


def test_another_pid_namespace() -> None:
    """A pidfd of a process outside; a /proc that shows another namespace proves nothing."""
    pidfd = os.pidfd_open(os.getpid())

    def look() -> None:
        assert not failed("pidfd_send_signal", pidfd, 0).proven
        calls.mount("proc", "/proc", "proc", 0, None)
        proves(failed("pidfd_send_signal", pidfd, 0), "outside this pid namespace")

    def inside() -> None:
        in_child(os.fork, elsewhere)
        look()

    def elsewhere() -> None:
        found = diagnose("kill", "EPERM", os.getpid(), 9)
        assert not found.proven, str(found)
        assert found[0].verdict in (Verdict.UNKNOWN, Verdict.FITS)
        proves_nothing(diagnose("ptrace", "ESRCH", DETACH, 1), "There is a process")  # another than in /proc

    try:
        calls.unshare(CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWNS)
    except OSError as error:
        pytest.skip(f"no pid namespace: {error}")
    in_child(os.fork, inside)
