"""spawn: requirements S10 to S13 and I1, and what a killed or refused start leaves."""

from __future__ import annotations

import errno
import gc
import os
import queue
import re
import resource
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import leftovers
import pytest
from isolated import (
    children,
    end_at_calls,
    filter_calls,
    folder,
    in_child,
    need_root,
    nothing_left,
    open_descriptors,
    shared_memory,
    until,
)
from patience import PATIENCE
from surroundings import cgroup2, without_cgroup

ROUNDS = int(os.environ.get("PYSYS_ROUNDS", "300"))

pytestmark = pytest.mark.isolated


def number_not_open() -> int:
    """The number that the next descriptor gets."""
    descriptor = os.dup(2)
    os.close(descriptor)
    return descriptor


# ---- S10: settings together ----


def test_S10_a_relative_cwd_is_in_the_new_root() -> None:
    """With chroot=, a relative cwd starts at the new root, wherever this process is."""
    from programs import shell

    need_root()
    with folder() as place:
        (place / "outside").write_text("")
        (place / "proc").mkdir()
        os.chdir(place)
        for cwd in ("proc", "./proc", "proc/..", ".", "..", "/proc", "usr/../.."):
            inside = os.path.normpath(os.path.join("/", cwd))
            assert shell("pwd -P; test -e outside || echo in", chroot="/", cwd=cwd) == f"{inside}\nin"


@pytest.mark.parametrize("settings", [{"user": 65534}, {"group": 65534}, {"extra_groups": []}], ids=str)
def test_S10_a_relative_cwd_is_entered_once(settings: dict[str, object]) -> None:
    """A change of user or groups does not enter a relative cwd a second time."""
    from programs import output

    need_root()
    with folder() as place:
        (place / "sub" / "sub").mkdir(parents=True)
        os.chdir(place)
        for cwd, wanted in (("sub", place / "sub"), ("..", place.parent), ("sub/sub", place / "sub" / "sub")):
            assert output(["/bin/pwd", "-P"], cwd=cwd, **settings) == f"{wanted}\n"


def test_S10_cwd_of_the_new_user() -> None:
    """What only the new user may enter is entered after the change, by path and by descriptor."""
    from programs import output

    need_root()
    with folder() as place:
        (place / "theirs").mkdir(mode=0o700)
        os.chown(place / "theirs", 1234, 1234)

        def as_the_group() -> None:
            # Root that may not override permissions enters nothing of another user's.
            from pysys import calls

            caps = calls.capget()
            calls.capset(type(caps)(caps.effective - {1, 2}, caps.permitted - {1, 2}, caps.inheritable))
            for cwd in (str(place / "theirs"), os.open(place / "theirs", os.O_PATH)):
                assert output(["/bin/pwd", "-P"], cwd=cwd, user=1234, group=1234) == f"{place}/theirs\n"

        in_child(os.fork, as_the_group)


def unopened(number: int) -> dict[str, tuple[dict[str, object], str]]:
    """Settings that name a descriptor which is not open, with one for which spawn opens its own."""
    return {
        "fds": ({"fds": {9: number}}, "fds"),
        "the same number": ({"fds": {number: number}}, "fds"),
        "stdout": ({"stdout": number}, "stdout"),
        "cwd": ({"cwd": number}, "cwd"),
        "executable": ({"executable": number}, "executable"),
        "terminal": ({"controlling_terminal": number}, "controlling_terminal"),
        "join": ({"join_namespaces": [number]}, "join_namespaces"),
        "crossing": ({"fds": {3: 4, 4: 3, 5: number}}, "fds"),
    }


def test_S10_what_is_not_open_is_EBADF() -> None:
    """A number that is not open is refused, whatever spawn opens itself meanwhile."""
    from pysys import errors, spawn

    ours: list[dict[str, object]] = [{"stdin": -3}, {}]
    if os.geteuid() == 0:
        ours.append({"uid_map": [(0, 0, 1)], "stdin": -3})
    os.dup2(2, 3)
    os.dup2(2, 4)
    with nothing_left():
        for more in ours:
            for ahead in range(3):
                number = number_not_open() + ahead
                for name, (settings, step) in unopened(number).items():
                    with pytest.raises(errors.EBADF) as caught:
                        spawn(["/bin/true"], **settings, **more)  # type: ignore[arg-type]  # of many types
                    assert caught.value.step == step, (name, more)
                    caught.value.__traceback__ = None


def test_S10_a_path_is_not_a_descriptor() -> None:
    """Where descriptor 0 is not open, a cgroup or a directory by its path is looked for all the same."""
    from pysys import errors, spawn

    os.close(0)
    for settings, step in (({"cgroup": "/nonexistent"}, "cgroup"), ({"cwd": "/nonexistent"}, "cwd")):
        with pytest.raises(errors.ENOENT) as caught:
            spawn(["/bin/true"], **settings)  # type: ignore[arg-type]  # settings of several types
        assert (caught.value.step, caught.value.filename) == (step, "/nonexistent")
        caught.value.__traceback__ = None


def test_S10_descriptors_cross_at_the_limit() -> None:
    """Descriptors change places where the highest target is the last that the limit allows."""
    from programs import descriptors

    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    one, two = os.memfd_create("one"), os.memfd_create("two")
    os.dup2(one, 40)
    os.dup2(two, 63)
    first = number_not_open()
    free = dict.fromkeys(range(first, first + 6), two)  # where a copy would go first
    for fds in (
        {40: 63, 63: 40},
        {**free, 40: 63, 63: 40},
        {40: 63, 63: 40, one: two, two: one, 62: one, 61: 63},
    ):
        found = descriptors(fds=fds)
        named = {40: "one", 63: "two", one: "one", two: "two"}
        assert {target: found[target].split(":")[1].split()[0] for target in fds} == {
            target: named[source] for target, source in fds.items()
        }
        # No copy that was in between is inherited.
        assert set(descriptors(fds=fds, close_fds=False)) == {0, 1, 2, 40, 63, *fds}


@pytest.mark.portable  # a million calls, which tests/process/test_spawn.py (one by one) makes on each ABI
def test_S10_no_descriptor_above_a_lowered_limit_is_kept() -> None:
    """Without close_range, and with no descriptor left to list them with, an inheritable descriptor above the
    limit is closed, too."""
    from pysys import numbers, spawn

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    highest = min(hard, 10_000) - 1
    os.dup2(1, highest, inheritable=True)
    filter_calls([numbers.number("close_range")], errno.ENOSYS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    script = f"test ! -e /proc/self/fd/{highest}"
    with spawn(["/bin/sh", "-c", script], pidfd=False, rlimits={"NOFILE": (64, hard)}) as child:
        assert child.wait() == 0


def test_S10_signals_of_any_number() -> None:
    """All signals that the kernel has can be made default or be ignored, those of the C library too."""
    from programs import status

    every = range(1, signal.NSIG)
    assert int(status("SigIgn", signals_default=every), 16) == 0
    wanted = [number for number in every if number not in (signal.SIGKILL, signal.SIGSTOP)]
    assert int(status("SigIgn", signals_ignored=wanted), 16) == sum(1 << number - 1 for number in wanted)
    assert int(status("SigBlk", signal_mask=every), 16) == sum(1 << number - 1 for number in wanted)


def test_S10_strings_that_no_memory_can_hold() -> None:
    """Where the sizes of arguments add up to more than 32 bits can say, it is a MemoryError."""
    from pysys import spawn

    if sys.maxsize > 2**32:
        pytest.skip("with 64 bits the sum fits")
    if os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") < 4 << 30:
        pytest.skip("needs 4 GiB of memory")
    with pytest.raises(MemoryError):
        spawn(["/bin/true"] + 3 * ["x" * (3 << 28)])
    with nothing_left(), spawn(["/bin/true"]) as child:
        assert child.wait() == 0


# ---- id maps ----


def own_maps() -> dict[str, object]:
    """This user becomes root in a user namespace of its own; skipped where that may not be."""
    from pysys import spawn

    maps: dict[str, object] = {"uid_map": [(0, os.geteuid(), 1)], "gid_map": [(0, os.getegid(), 1)]}
    try:
        spawn(["/bin/true"], **maps).wait()  # type: ignore[arg-type]  # maps
    except OSError as error:
        pytest.skip(f"no user namespace with maps here: {error}")
    return maps


def test_S10_maps_during_forks() -> None:
    """A process that another thread forks meanwhile, and that lives on, is not waited for."""
    from pysys import spawn

    maps = own_maps()
    workers: list[int] = []
    stop = threading.Event()

    def fork_often() -> None:
        while not stop.is_set():
            pid = os.fork()
            if pid == 0:
                time.sleep(1000)
                os._exit(0)
            workers.append(pid)

    warnings.simplefilter("ignore")  # of fork in a process with threads
    thread = threading.Thread(target=fork_often)
    thread.start()
    try:
        for _ in range(min(ROUNDS, 100)):
            with spawn(["/bin/true"], **maps) as child:  # type: ignore[arg-type]  # maps
                assert child.wait(timeout=500) == 0
    finally:
        stop.set()
        thread.join()
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_S10_maps_where_nothing_can_be_sent() -> None:
    """Sockets play no part in them: a filter on them changes nothing."""
    from pysys import numbers, spawn

    maps = own_maps()
    names = ("socketpair", "sendto", "sendmsg", "socketcall", "recvmsg")
    filter_calls([numbers.table()[name] for name in names if name in numbers.table()], errno.EPERM)
    with nothing_left(), spawn(["/bin/true"], **maps) as child:  # type: ignore[arg-type]  # maps
        assert child.wait() == 0
    with pytest.raises(OSError):
        socket.socketpair()


def test_S10_maps_of_a_process_that_is_not_dumpable() -> None:
    """The files in /proc of its child belong to root; the maps are written all the same."""
    from programs import output

    from pysys import calls, errors, spawn
    from pysys.flags import PR_SET_DUMPABLE

    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(1234, 1234, 1234)
        os.setresuid(1234, 1234, 1234)
        calls.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    maps = own_maps()
    calls.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    with nothing_left():
        assert output(["/usr/bin/id", "-u"], **maps) == "0\n"
        with pytest.raises(errors.ENOENT):
            spawn(["/nonexistent"], **maps)  # type: ignore[arg-type]  # maps
        with pytest.raises(errors.EPERM) as caught:
            spawn(["/bin/true"], uid_map=[(0, 0, 10)])
        assert caught.value.step == "uid_map"
        caught.value.__traceback__ = None


def test_S10_the_child_of_a_killed_parent_does_not_wait_for_its_maps() -> None:
    """Where the parent is killed before it has written the maps, the child ends by itself."""
    from pysys import calls, fork, spawn
    from pysys.flags import PR_SET_CHILD_SUBREAPER

    maps = own_maps()
    calls.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    rounds = 40
    tried = 0
    clock = struct.Struct("d")
    started = shared_memory()
    for attempt in range(rounds):
        clock.pack_into(started, 0, 0)
        parent = fork()
        if parent == 0:
            with open(os.devnull, "w") as nothing:
                os.dup2(nothing.fileno(), 2)
            while True:
                before = time.monotonic()
                spawn(["/bin/true"], **maps).wait()  # type: ignore[arg-type]  # maps
                clock.pack_into(started, 0, time.monotonic() - before)
        until(lambda: clock.unpack_from(started)[0])
        # At points in time over all of a start, however long one takes on this machine.
        time.sleep(clock.unpack_from(started)[0] * attempt / rounds)
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
        # What it was just starting is this process's child now, and ends: as the program or without it.
        if children():
            until(lambda: os.waitpid(-1, os.WNOHANG)[0])
            tried += 1
        assert not children()
    assert tried


# ---- a PID namespace that is entered ----


@contextmanager
def pid_namespace() -> Iterator[tuple[int, int]]:
    """A new PID namespace: the id of its first process, and a descriptor."""
    from pysys import clone
    from pysys.flags import CLONE_NEWPID

    init = clone(CLONE_NEWPID, fn=signal.pause)
    try:
        namespace = os.open(f"/proc/{init}/ns/pid", os.O_RDONLY)
        yield init, namespace
        os.close(namespace)
    finally:
        os.kill(init, signal.SIGKILL)
        os.waitpid(init, 0)


def test_S10_the_middle_process_is_killed() -> None:
    """spawn into a PID namespace gives a Child or leaves no process, whenever its middle process dies."""
    from pysys import errors, spawn

    need_root()
    ours = threading.get_native_id()
    env = {"PATH": ":".join(f"/n/{i}" for i in range(3000)) + ":/bin"}
    failed = 0
    with pid_namespace() as (init, namespace):
        for _ in range(30):
            done = threading.Event()

            def kill_the_first_of_two(done: threading.Event = done) -> None:
                path = Path(f"/proc/self/task/{ours}/children")
                while not done.is_set():
                    new = sorted({*map(int, path.read_text().split())} - {init})
                    if len(new) == 2:
                        try:
                            os.kill(new[0], signal.SIGKILL)
                        except ProcessLookupError:
                            pass
                        return

            thread = threading.Thread(target=kill_the_first_of_two)
            thread.start()
            try:
                with spawn(["sleep", "1000"], join_namespaces=[namespace], env=env) as child:
                    child.kill()
            except errors.EAGAIN as error:
                assert error.syscall == "clone"
                failed += 1
            done.set()
            thread.join()
            assert children() == {init}
    if not failed and PATIENCE > 1:
        pytest.skip("no middle process was met: on this machine the thread that looks for them runs too late")
    assert failed


def test_S10_no_pidfd_left_for_a_joined_namespace() -> None:
    """Where there is no descriptor left for the pidfd, the start fails with EMFILE, and nothing runs."""
    from pysys import errors, spawn

    need_root()
    with pid_namespace() as (init, namespace):
        while (last := os.dup(2)) < 40:
            pass
        resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1, last + 1))
        with pytest.raises(errors.EMFILE) as caught:
            spawn(["/bin/sleep", "100"], join_namespaces=[namespace])
        assert (caught.value.syscall, caught.value.step) == ("pidfd_open", None)
        with spawn(["/bin/true"], join_namespaces=[namespace], pidfd=False) as child:
            assert child.wait() == 0
        os.close(last)
        assert children() == {init}


def test_S10_a_number_that_the_kernel_has_taken_back() -> None:
    """The kernel has written a pidfd's number, and takes it back, when a cgroup or its limit refuses a child.
    spawn does not close it again: another thread may have a file of that number by then."""
    from pysys import errors, numbers, spawn
    from pysys._native import lib

    need_root()
    if lib.pysys_clone3_is_filtered():
        pytest.skip("this kernel, or a filter or emulator around it, has no clone3")
    if reason := without_cgroup():
        pytest.skip(f"no cgroup can be made: {reason}")
    path = tempfile.mkdtemp(prefix=leftovers.name(), dir=cgroup2())
    gone = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    os.rmdir(path)
    with pytest.raises(errors.ENOENT):  # what the exception reads, files too, is read now
        spawn(["/bin/true"], cgroup=gone)
    number = os.dup(gone)
    os.close(number)
    end_at_calls([numbers.number("close")], first=number)
    with pytest.raises(errors.ENOENT) as caught:
        spawn(["/bin/true"], cgroup=gone)
    assert (caught.value.syscall, caught.value.step) == ("clone3", "cgroup")


# ---- S11: locks of the C library ----


@pytest.mark.isolated(timeout=300)
@pytest.mark.parametrize("others", ["posix_spawn", "fork", "sigaction"])
def test_S11_among_threads_that_hold_locks(others: str) -> None:
    """Starts on a copy of this memory, among threads in posix_spawn, fork and sigaction, do not hang: glibc
    2.41 and musl hold a lock there that their sigaction takes."""
    import ctypes

    from pysys import spawn

    stop = threading.Event()
    libc = ctypes.CDLL(None)
    set_handler = libc.signal
    set_handler.restype = ctypes.c_void_p
    set_handler.argtypes = [ctypes.c_int, ctypes.c_void_p]

    def work() -> None:
        while not stop.is_set():
            if others == "posix_spawn":
                os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
            elif others == "fork":
                pid = os.fork()
                if pid == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
            else:
                for _ in range(1000):
                    set_handler(signal.SIGABRT, None)

    warnings.simplefilter("ignore")  # of fork in a process with threads
    settings: dict[str, object] = {"extra_groups": []} if os.geteuid() == 0 else own_maps()
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(ROUNDS):
            with spawn(["/bin/true"], **settings) as child:  # type: ignore[arg-type]  # of many types
                assert child.wait() == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


# ---- S12: a file that is busy by accident ----


def test_S12_a_script_just_written() -> None:
    """A script that one thread writes, closes and runs is not busy because another thread starts programs."""
    from pysys import spawn

    stop = threading.Event()

    def start_programs() -> None:
        while not stop.is_set():
            with spawn(["/bin/true"]) as child:
                child.wait()

    threads = [threading.Thread(target=start_programs) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        with folder() as place:
            for turn in range(ROUNDS):
                script = place / str(turn)
                with open(script, "w") as file:
                    file.write("#!/bin/true\n")
                    os.fchmod(file.fileno(), 0o755)
                with spawn([script]) as child:
                    assert child.wait() == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_S12_a_file_open_for_writing_is_busy() -> None:
    """A file that this process itself keeps open for writing is ETXTBSY, in the end."""
    from pysys import errors, spawn

    with folder() as place, nothing_left():
        program = place / "program"
        program.write_bytes(Path("/bin/true").read_bytes())
        program.chmod(0o755)
        with open(program, "ab"):
            executables: tuple[dict[str, Any], ...] = ({}, {"executable": os.open(program, os.O_RDONLY)})
            for settings in executables:
                try:
                    with pytest.raises(errors.ETXTBSY) as caught:
                        spawn([program], **settings)
                    assert caught.value.step == "executable"
                    caught.value.__traceback__ = None
                finally:
                    if settings:
                        os.close(settings["executable"])
        with spawn([program]) as child:
            assert child.wait() == 0


# ---- S13: the table of descriptors ----


def need_a_shared_table() -> None:
    release = os.uname().release
    if tuple(map(int, re.findall(r"\d+", release)[:2])) < (6, 11):
        pytest.skip("before Linux 6.11 a copied part of a table is not used (the kernel may spoil it)")


def many_descriptors(first: int, count: int) -> None:
    """Open that many, as inheritable as can be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < first + count:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (first + count, max(hard, first + count)))
        except (ValueError, OSError) as error:
            pytest.skip(f"RLIMIT_NOFILE cannot be {first + count}: {error}")
    for number in range(first, first + count):
        os.dup2(0, number)


def table() -> dict[int, tuple[str, bool]]:
    """This process's descriptors: what each is, and whether a program inherits it."""
    return {
        number: (os.readlink(f"/proc/self/fd/{number}"), os.get_inheritable(number))
        for number in open_descriptors()
    }


def test_S13_no_more_of_the_table_is_copied_than_is_needed() -> None:
    """The size of the program's table is that of the highest descriptor that spawn gets."""
    from programs import status

    need_a_shared_table()
    many_descriptors(100, 3000)
    status("FDSize")  # the first start finds out whether memory is shared
    before = table()
    directory = os.open("/", os.O_RDONLY)
    assert int(status("FDSize")) <= 256
    assert int(status("FDSize", cwd=directory)) <= 256
    assert int(status("FDSize", fds={4: 600})) <= 1024
    assert int(status("FDSize", fds={4: 3000})) >= 3000
    assert int(status("FDSize", close_fds=False)) >= 3000
    os.close(directory)
    assert table() == before


def test_S13_a_program_can_have_every_number() -> None:
    """The numbers of the descriptors that were not copied are free: the program opens as many as it may."""
    from programs import output

    many_descriptors(20, 900)
    code = """if True:
        import os
        count = 0
        try:
            while True:
                os.dup(0)
                count += 1
        except OSError:
            print(count)
    """
    for _ in range(2):
        found = output([sys.executable, "-I", "-S", "-c", code], rlimits={"NOFILE": (900, 920)})
        assert int(found) == 897


@pytest.mark.parametrize("denied", ["close_range", "clone", "both"])
def test_S13_where_a_table_cannot_be_shared(denied: str) -> None:
    """A filter that refuses what sharing the table takes does not refuse the start."""
    from programs import descriptors

    from pysys import errors, flags, numbers, spawn
    from pysys._native import lib

    many_descriptors(50, 20)
    spawn(["/bin/true"]).wait()
    before = table()
    if denied != "clone":
        filter_calls([numbers.number("close_range")], errno.EPERM)
    if denied != "close_range":  # only the flags that share the table
        flags_of_child = lib.CLONE_VM | lib.CLONE_VFORK | lib.CLONE_FILES | lib.SIGCHLD
        if "clone3" in numbers.table():
            filter_calls([numbers.number("clone3")], errno.ENOSYS)
        for more in (0, flags.CLONE_PIDFD):
            filter_calls([numbers.number("clone")], errno.EPERM, int(flags_of_child | more))
    settings: tuple[dict[str, Any], ...] = ({}, {"pidfd": False}, {"fds": {7: 60}})
    with nothing_left():
        for asked in settings:
            for _ in range(2):
                assert set(descriptors(**asked)) == {0, 1, 2, *asked.get("fds", {})}
            with pytest.raises(errors.ENOENT):
                spawn(["/nonexistent"], **asked)
        assert table() == before


@pytest.mark.parametrize("step", ["cwd", "chroot", "executable", "rlimits", "process_group"])
def test_S13_a_start_that_fails_changes_nothing_here(step: str) -> None:
    """What the child closes, copies and marks before it fails is its own, not this process's."""
    from pysys import spawn

    many_descriptors(50, 20)
    spawn(["/bin/true"]).wait()
    wrong: dict[str, dict[str, Any]] = {
        "cwd": {"cwd": "/nonexistent"},
        "chroot": {"chroot": "/nonexistent"},
        "executable": {"executable": "/nonexistent"},
        "rlimits": {"rlimits": {99: 1}},
        "process_group": {"process_group": 2**31 - 1},
    }
    before = table()
    with nothing_left():
        for more in ({}, {"fds": {51: 52, 52: 51, 9: 60}}, {"stdin": -3, "stderr": 55, "fds": {60: 60}}):
            with pytest.raises(OSError) as caught:
                spawn(["/bin/true"], **wrong[step], **more)
            assert caught.value.step == step  # type: ignore[attr-defined]  # of pysys
            caught.value.__traceback__ = None
            assert table() == before


def test_S13_among_threads_that_open_and_close() -> None:
    """Threads change this process's table all the time: it stays theirs, and no program sees of it."""
    from pysys import spawn

    stop = threading.Event()
    wrong: list[object] = []

    def change(own: int) -> None:
        """Descriptors that only this thread has a use for."""
        file = os.memfd_create(f"own-{own}")
        wanted = os.fstat(file).st_ino
        while not stop.is_set():
            for number in range(own, own + 20):
                os.dup2(file, number, inheritable=True)
            found = {os.fstat(number).st_ino for number in range(own, own + 20)}
            kept = all(os.get_inheritable(number) for number in range(own, own + 20))
            if found != {wanted} or not kept:
                wrong.append((own, found, kept))
            os.closerange(own, own + 20)

    def start() -> None:
        script = 'for f in /proc/self/fd/*; do [ -e "$f" ] && echo "${f##*/}" >&9; done'
        for _ in range(max(ROUNDS // 10, 10)):
            reader, writer = os.pipe()
            with spawn(["/bin/sh", "-c", script], fds={9: writer}):
                os.close(writer)
                with open(reader, "rb") as listing:
                    found = listing.read().split()
            if found != [b"0", b"1", b"2", b"9"]:
                wrong.append(found)

    changers = [threading.Thread(target=change, args=(own,)) for own in (100, 300)]
    starters = [threading.Thread(target=start) for _ in range(3)]
    for thread in changers + starters:
        thread.start()
    for thread in starters:
        thread.join()
    stop.set()
    for thread in changers:
        thread.join()
    assert not wrong, wrong[:3]


# ---- I1: interrupted starts; errors of what spawn itself does ----


class Interruption(Exception):  # noqa: N818  # not an error: what a handler raises
    pass


def interrupts(thread: int, pause: float, begin: queue.SimpleQueue[None]) -> None:
    """Once told to begin, after a pause, send a signal to a thread."""
    begin.get()
    time.sleep(pause)
    signal.pthread_kill(thread, signal.SIGUSR1)


def raise_it(*_: object) -> None:
    raise Interruption


@pytest.mark.portable
@pytest.mark.parametrize("way", ["plain", "groups", "maps", "pid namespace"])
def test_I1_an_interrupted_start_leaves_nothing(way: str) -> None:
    """A handler that raises as spawn returns leaves no process and no descriptor: each start either gives a
    Child or has ended its process."""
    from pysys import Child, spawn

    argv: list[str] = []
    maps: dict[str, Any] = {}
    namespace = 0
    # Functions that are called plainly: after other calls a handler may run before `child = `.
    starts: dict[str, Callable[[], Child]] = {
        "plain": lambda: spawn(argv),
        "groups": lambda: spawn(argv, extra_groups=[]),
        "maps": lambda: spawn(argv, uid_map=maps["uid_map"], gid_map=maps["gid_map"]),
        "pid namespace": lambda: spawn(argv, join_namespaces=[namespace]),
    }
    start = starts[way]
    with ExitStack() as stack:
        known: set[int] = set()
        if way == "maps":
            maps = own_maps()
        elif way != "plain":
            need_root()
        if way == "pid namespace":
            init, namespace = stack.enter_context(pid_namespace())
            known = {init}
        signal.signal(signal.SIGUSR1, raise_it)
        main = threading.get_ident()
        interrupted = 0
        for turn in range(5 * ROUNDS):
            if interrupted == 5:
                break
            if way in (
                "groups",
                "pid namespace",
            ):  # whose programs are too late, or cannot signal their parent
                argv[:] = ["/bin/sleep", "1000"]
                pause = 0.0001 * PATIENCE * (turn % 30)
                begin = queue.SimpleQueue[None]()
                signaller = threading.Thread(target=interrupts, args=(main, pause, begin))
                signaller.start()  # not below, where an exception could break the locks of Thread.start
            else:  # as it begins: this process is then about to return from the start
                argv[:] = ["/bin/sh", "-c", f"kill -USR1 {os.getpid()}; exec sleep 1000"]
                signaller = None
            before = open_descriptors()
            child = None
            try:
                if signaller:
                    begin.put(None)
                child = start()
                for _ in range(round(1000 * PATIENCE)):  # the signal always comes, maybe just before a sleep
                    time.sleep(0.03)
            except Interruption:
                interrupted += child is None
            if signaller:
                signaller.join()
            if child is not None:
                child.kill()
                child.wait()
                child.close()
            until(lambda: children() == known)
            assert open_descriptors() == before
        if not interrupted:
            pytest.skip(
                "no signal came as a start returned: on this machine programs begin too late for that"
            )


def test_I3_signals_cannot_be_blocked() -> None:
    """Where a filter refuses rt_sigprocmask, nothing is started, and the mask stays what it is."""
    from pysys import errors, numbers, spawn

    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    before = Path("/proc/self/status").read_text().partition("SigBlk:")[2].split()[0]
    filter_calls([numbers.number("rt_sigprocmask")], errno.EPERM)
    with pytest.raises(errors.EPERM) as caught:
        spawn(["/bin/true"])
    assert (caught.value.syscall, caught.value.step) == ("rt_sigprocmask", None)
    assert Path("/proc/self/status").read_text().partition("SigBlk:")[2].split()[0] == before
    assert not children()


def test_I3_DEVNULL_that_cannot_be_opened() -> None:
    """The step is the stream, the call is openat, the file /dev/null."""
    from pysys import errors, spawn

    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    for settings, step in (({"stdin": -3}, "stdin"), ({"stderr": -3}, "stderr"), ({"fds": {7: -3}}, "fds")):
        with pytest.raises(errors.EMFILE) as caught:
            spawn(["/bin/true"], pidfd=False, **settings)
        error = caught.value
        assert (error.syscall, error.step, error.filename) == ("openat", step, "/dev/null")


def test_I3_no_memory_to_report_in() -> None:
    """mmap's errno is reported as it is."""
    from pysys import errors, numbers, spawn

    need_root()
    name = "mmap2" if "mmap2" in numbers.table() else "mmap"
    spawn(["/bin/true"], user=65534).wait()
    filter_calls([numbers.number(name)], errno.EAGAIN)
    with pytest.raises(errors.EAGAIN) as caught:
        spawn(["/bin/true"], user=65534)
    assert (caught.value.syscall, caught.value.step) == ("mmap", None)


@pytest.mark.thorough
@pytest.mark.parametrize("taken", ["by Python", "by C", "by C, with a hook"])
def test_I2_no_memory_left(taken: str) -> None:
    """Whichever allocation of a start fails: MemoryError and no process, or a Child."""
    from pysys import spawn
    from pysys.process import spawn as module

    try:
        import _testcapi
    except ImportError:
        pytest.skip("no _testcapi, with which Python's own tests make allocations fail")
    if not hasattr(_testcapi, "set_nomemory"):
        pytest.skip("this _testcapi makes no allocation fail")
    settings: dict[str, Any] = {"stdin": -3, "env": {"A": "ä" * 3000}, "cwd": "/", "fds": {9: 2}}
    if taken == "by Python":
        settings["signals_default"] = [signal.SIGUSR1]
    elif taken == "by C, with a hook":  # its events have arguments, and the program is searched for
        sys.addaudithook(lambda event, arguments: None)
        module._RAISES_FORK_EXEC = True
        settings["env"]["PATH"] = "/nonexistent:/bin"
    spawn(["/bin/true"], **settings).wait()
    failed = 0
    with nothing_left():
        for turn in range(300):
            child = None
            try:
                _testcapi.set_nomemory(turn, turn + 1)
                child = spawn(["sleep" if "PATH" in settings["env"] else "/bin/sleep", "100"], **settings)
            except MemoryError:
                failed += 1
            finally:
                _testcapi.remove_mem_hooks()
            if child is None:
                assert not children(), turn
            else:
                child.kill()
                child.wait()
                child.close()
    assert failed > {"by Python": 20, "by C": 3, "by C, with a hook": 8}[taken]


@pytest.mark.portable
def test_I2_the_arguments_are_not_kept() -> None:
    """Whether a start succeeds, fails, or is refused by a hook: no object is kept, and none is freed."""
    from pysys import errors, spawn
    from pysys.process import spawn as module

    class RefusedError(Exception):
        pass

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if refused == event:
            raise RefusedError

    def start(argv: list[Any], settings: dict[str, Any]) -> None:
        try:
            spawn(argv, **settings).wait()
        except (errors.ENOENT, RefusedError, TypeError):
            pass

    refused = ""
    sys.addaudithook(hook)
    module._RAISES_FORK_EXEC = True
    os.dup2(2, 1 << 9)
    variables = {"PATH": "/bin:/usr/bin", "A" * 50: "ä" * 50, "B": b"\xff" * 50}
    more: dict[str, Any] = {
        "env": variables,
        "cwd": "".join(("/", "u", "s", "r")),
        "umask": 1 << 8,
        "fds": {3: 1 << 9},
    }
    kept = [*variables.values(), *more.values(), *more["fds"].values()]
    ways = more, {**more, "signals_default": []}
    for _ in range(100):  # what the interpreter keeps for later grows at first
        for settings in ways:
            start(["/bin/true"], settings)
    for argv in (["/bin/true", "ä" * 9], ["true", b"x" * 9], ["/nonexistent"], ["true", 5 << 70]):
        for refused in ("", "pysys.spawn", "_posixsubprocess.fork_exec"):
            for settings in ways:
                start(argv, settings)
                gc.collect()
                objects = [*argv, argv, *kept]
                before = [sys.getrefcount(one) for one in objects]
                blocks = sys.getallocatedblocks()
                for _ in range(20):
                    start(argv, settings)
                gc.collect()  # an exception is in the frame that raised it
                assert [sys.getrefcount(one) for one in objects] == before, (argv, refused, settings)
                assert sys.getallocatedblocks() - blocks < 15, (argv, refused, settings)
