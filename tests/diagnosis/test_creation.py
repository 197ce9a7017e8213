"""Diagnoses of processes and threads that could not be made: each cause is made, and one that looks alike."""

from __future__ import annotations

import errno
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from diagnosed import (
    arguments_of_clone,
    become,
    has,
    in_an_empty_root,
    own_user_namespace,
    private_mounts,
    proves,
    proves_nothing,
)
from isolated import folder, in_child, need_root, status_of

from pysys import calls, diagnose, preload, spawn, structures
from pysys.diagnosis import kernel, namespaces
from pysys.diagnosis.failures import Verdict
from pysys.flags import (
    CLONE_INTO_CGROUP,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_VM,
    MNT_DETACH,
    MS_BIND,
)

pytestmark = pytest.mark.isolated
SOMEBODY = 61234  # a user without other processes


def limit_tasks(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_NPROC, (most, resource.getrlimit(resource.RLIMIT_NPROC)[1]))


def no_fork(number: int = errno.EAGAIN) -> None:
    with pytest.raises(OSError) as caught:
        if not os.fork():
            os._exit(0)
    assert caught.value.errno == number


# ---- RLIMIT_NPROC ----


def test_the_limit_of_a_user() -> None:
    """The tasks of the user are counted, threads among them; below the limit it is not the cause."""
    need_root()
    if not namespaces.is_first("user").value:
        pytest.skip("in a user namespace the limit of whoever made it holds as well, which cannot be seen")
    preload()

    def look() -> None:
        become(SOMEBODY)
        limit_tasks(1)
        no_fork()
        proves(diagnose("fork", "EAGAIN"), f"User {SOMEBODY} has 1 task, and RLIMIT_NPROC allows 1.")
        with pytest.raises(RuntimeError):
            threading.Thread(target=int).start()
        proves(diagnose("pthread_create", "EAGAIN"), "RLIMIT_NPROC allows 1")
        with pytest.raises(BlockingIOError):
            spawn(["true"])
        proves(diagnose("spawn", "EAGAIN"), "RLIMIT_NPROC allows 1")
        has(diagnose("execve", "EAGAIN"), Verdict.FITS, "RLIMIT_NPROC allows 1")
        limit_tasks(2)
        proves_nothing(diagnose("fork", "EAGAIN"))
        done = threading.Event()
        thread = threading.Thread(target=done.wait)
        thread.start()
        no_fork()
        proves(diagnose("fork", "EAGAIN"), f"User {SOMEBODY} has 2 tasks, and RLIMIT_NPROC allows 2.")
        done.set()
        thread.join()

    in_child(os.fork, look)


def test_who_is_exempt() -> None:
    """Root of the first user namespace; of another one it is not known whether the limit holds."""
    need_root()
    limit_tasks(0)
    if namespaces.is_first("user").value:
        has(diagnose("fork", "EAGAIN"), Verdict.EXCLUDED, "RLIMIT_NPROC (0)", "its real user is 0")

    def inside() -> None:
        limit_tasks(0)
        own_user_namespace()
        found = diagnose("fork", "EAGAIN")
        has(found, Verdict.FITS, "RLIMIT_NPROC allows 0")
        has(found, Verdict.UNKNOWN, "carries the RLIMIT_NPROC of whoever made it")
        proves_nothing(found)

    limit_tasks(100)
    in_child(os.fork, inside)


# ---- cgroups ----


@contextmanager
def cgroups() -> Iterator[tuple[Path, Path]]:
    """A cgroup that counts tasks, and one inside it."""
    need_root()
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields = line.split()
        kind, options = fields[fields.index("-") + 1], fields[-1].split(",")
        if (kind == "cgroup" and "pids" in options) or kind == "cgroup2":
            outer = Path(fields[4]) / f"pysys-diagnosis-{os.getpid()}"
            inner = outer / "inner"
            try:
                outer.mkdir()
            except OSError as error:
                pytest.skip(f"no cgroup can be made here: {error}")
            try:
                if kind == "cgroup2" and (outer / "cgroup.subtree_control").exists():
                    try:
                        (outer / "cgroup.subtree_control").write_text("+pids")
                    except OSError:
                        continue
                inner.mkdir()
                if (inner / "pids.max").exists():
                    yield outer, inner
                    return
            finally:
                for one in (inner, outer):
                    if one.exists():
                        one.rmdir()
    pytest.skip("no hierarchy of cgroups here has the controller pids")


def test_the_limit_of_a_cgroup() -> None:
    """The cgroup on the way up that is full is named, with its figures; below its limit there is none."""
    with cgroups() as (outer, inner):
        (outer / "pids.max").write_text("1")

        def look() -> None:
            (inner / "cgroup.procs").write_text("0")
            no_fork()
            found = diagnose("fork", "EAGAIN")
            proves(found, str(outer), "has 1 task, and its pids.max allows 1")
            assert not any(str(inner) in one.sentence for one in found.proven)
            assert "pids.events max" in found[0].read or "pids.events" not in os.listdir(outer)
            elsewhere = structures.clone_args(flags=CLONE_INTO_CGROUP)
            proves_nothing(diagnose("clone3", "EAGAIN", elsewhere))
            (outer / "pids.max").write_text("2")
            assert status_of(os.fork() or os._exit(0)) == 0
            found = diagnose("fork", "EAGAIN")
            proves_nothing(found)
            has(found, Verdict.EXCLUDED, "may have more tasks")

        in_child(os.fork, look)


# ---- the machine, and ids ----


def test_the_limit_of_the_machine() -> None:
    """A file stands in for the setting: nothing else may fail here."""
    private_mounts()
    with folder() as place:
        (place / "few").write_text("1\n")
        has(diagnose("fork", "EAGAIN"), Verdict.EXCLUDED, "tasks that kernel.threads-max allows")
        calls.mount(f"{place}/few", "/proc/sys/kernel/threads-max", None, MS_BIND, None)
        proves(diagnose("fork", "EAGAIN"), "kernel.threads-max allows 1")
        (place / "load").write_text("0.0 0.0 0.0 1/9999999 4\n")
        calls.mount(f"{place}/load", "/proc/loadavg", None, MS_BIND, None)
        proves_nothing(diagnose("fork", "EAGAIN"))  # a file that says so is not the machine's


def test_no_id_is_free() -> None:
    """A pid namespace with a single id for its children, which one of them has."""
    need_root()
    if kernel.version().value < (6, 14):
        pytest.skip("pid_max is the machine's before Linux 6.14")
    preload()

    def look() -> None:
        calls.mount("proc", "/proc", "proc", 0, None)
        setting = Path("/proc/sys/kernel/pid_max")
        while (pid := os.fork() or os._exit(0)) < 300:
            os.waitpid(pid, 0)
        setting.write_text("301")
        os.waitpid(pid, 0)
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(writer)
            os.read(reader, 1)
            os._exit(0)
        no_fork()
        proves(diagnose("fork", "EAGAIN"), "No process id from 300 to kernel.pid_max, 301, is free.")
        setting.write_text("302")
        proves_nothing(diagnose("fork", "EAGAIN"))
        os.close(writer)
        os.waitpid(pid, 0)

    private_mounts()
    calls.unshare(CLONE_NEWPID)
    in_child(os.fork, look)


def test_a_deadline_is_not_inherited() -> None:
    need_root()
    attributes = {
        "sched_policy": 6,
        "sched_runtime": 5 * 10**8,
        "sched_deadline": 10**9,
        "sched_period": 10**9,
    }

    def look() -> None:
        for flags, proven in ((1, False), (0, True)):  # SCHED_FLAG_RESET_ON_FORK, or not
            attr = structures.sched_attr(size=48, sched_flags=flags, **attributes)
            try:
                calls.sched_setattr(0, attr, 0)
            except OSError as error:
                pytest.skip(f"no SCHED_DEADLINE: {error}")
            if proven:
                no_fork()
                proves(diagnose("fork", "EAGAIN"), "SCHED_DEADLINE")
            else:
                os.waitpid(os.fork() or os._exit(0), 0)
                proves_nothing(diagnose("fork", "EAGAIN"))

    look()


# ---- ENOMEM ----


def test_the_first_process_has_ended() -> None:
    """Before it is made, while it lives, as a zombie, and after it was waited for."""
    need_root()
    calls.unshare(CLONE_NEWPID)
    proves_nothing(diagnose("fork", "ENOMEM"))
    reader, writer = os.pipe()
    first = os.fork()
    if not first:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    found = diagnose("fork", "ENOMEM")
    proves_nothing(found)
    if kernel.version().value >= (6, 11):
        has(found, Verdict.EXCLUDED, f"Process {first}", "is alive")
    os.close(writer)
    calls.waitid(1, first, 0x1000004)  # P_PID; WNOWAIT | WEXITED
    no_fork(errno.ENOMEM)
    if kernel.version().value >= (6, 11):
        proves(diagnose("fork", "ENOMEM"), f"Process {first}", "has ended")
    os.waitpid(first, 0)
    no_fork(errno.ENOMEM)
    found = diagnose("clone", "ENOMEM", *arguments_of_clone(CLONE_VM))
    if (6, 11) <= kernel.version().value <= (6, 18):
        proves(found, "first process of the pid namespace", "has ended")
    else:
        has(
            found,
            Verdict.FITS,
            "first process" if kernel.version().value > (6, 18) else "another pid namespace",
        )


def test_memory_that_is_promised() -> None:
    """Files stand in for the settings: nothing else may fail here."""
    private_mounts()
    with folder() as place:
        has(diagnose("fork", "ENOMEM"), Verdict.EXCLUDED, "does not count promised memory strictly")
        (place / "two").write_text("2\n")
        calls.mount(f"{place}/two", "/proc/sys/vm/overcommit_memory", None, MS_BIND, None)
        for left, verdict in ((10**9, Verdict.EXCLUDED), (10, Verdict.FITS)):
            (place / "info").write_text(f"CommitLimit: {left + 100} kB\nCommitted_AS: 100 kB\n")
            calls.mount(f"{place}/info", "/proc/meminfo", None, MS_BIND, None)
            has(
                diagnose("fork", "ENOMEM"),
                verdict,
                "a copy of this process's memory" if left == 10 else "A copy",
            )
            calls.umount2("/proc/meminfo", MNT_DETACH)
        assert "promise" not in "".join(one.read for one in diagnose("vfork", "ENOMEM"))
        assert not any(
            "A copy of" in one.sentence for one in diagnose("clone", "ENOMEM", *arguments_of_clone(CLONE_VM))
        )


def test_names_of_the_library() -> None:
    """Functions that make processes or threads are asked about like calls; what they are not is an error."""
    for name in ("spawn", "posix_spawn", "pthread_create"):
        assert diagnose(name, "EAGAIN").call == name
        with pytest.raises(TypeError):
            diagnose(name, "EAGAIN", 1)
    with pytest.raises(LookupError):
        diagnose("pthread_mutex_lock", "EAGAIN")


def test_shut_in() -> None:
    """In an empty root, without a descriptor left, a diagnosis is made of what can be seen."""
    need_root()

    def look() -> None:
        for call, symbols in (
            ("fork", "EAGAIN ENOMEM ENOSYS"),
            ("clone", "EPERM EINVAL ENOSPC"),
            ("unshare", "EPERM EINVAL ENOSPC"),
            ("setns", "EPERM EINVAL EBADF"),
            ("chroot", "EPERM"),
            ("pivot_root", "EPERM EINVAL EBUSY"),
            ("mount", "EPERM EINVAL EBUSY ENODEV ENOSPC"),
            ("umount2", "EPERM EINVAL EBUSY"),
            ("mount_setattr", "EPERM EINVAL EBUSY"),
            ("move_mount", "EPERM EINVAL ELOOP"),
            ("fsopen", "EPERM ENODEV"),
            ("fsconfig", "EPERM EINVAL"),
        ):
            for symbol in symbols.split():
                for args in ((), (1,), ("/",), ("/", "/")) if call != "fork" else ((),):
                    if len(args) > 1 and call in ("unshare", "chroot", "fsopen"):
                        continue
                    found = diagnose(call, symbol, *args)
                    assert str(found)
                    assert "not loaded" not in str(found), str(found)
        everything = CLONE_NEWUSER | CLONE_NEWNS
        proves(diagnose("unshare", "EPERM", everything), "in a chroot")

    in_an_empty_root(look)
