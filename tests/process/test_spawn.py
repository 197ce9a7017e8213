"""spawn: requirements S1 to S8."""

from __future__ import annotations

import errno
import mmap
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from isolated import filter_calls, nothing_left

ROUNDS = int(os.environ.get("PYSYS_ROUNDS", "300"))

pytestmark = pytest.mark.isolated

clone3_here_and_missing = pytest.mark.parametrize("clone3", ["here", "missing"])


def arrange(clone3: str) -> None:
    """Whether clone3 answers, from now on: spawn has its other way where it does not."""
    from pysys import numbers

    if clone3 == "missing":
        filter_calls([numbers.number("clone3")], errno.ENOSYS)


# ---- S1: the program cannot be run ----


def broken_programs(folder: Path) -> dict[str, tuple[list[str], str]]:
    """What execve refuses, with the errno's name."""
    (folder / "no-permission").write_text("#!/bin/sh\n")
    (folder / "bad-interpreter").write_text("#!/nonexistent/interpreter\n")
    (folder / "no-format").write_text("just text\n")
    for name in ("bad-interpreter", "no-format"):
        (folder / name).chmod(0o755)
    return {
        "missing": ([str(folder / "missing")], "ENOENT"),
        "missing-in-path": (["a-program-that-nobody-has"], "ENOENT"),
        "under-a-file": ([str(folder / "no-format" / "program")], "ENOTDIR"),
        "directory": ([str(folder)], "EACCES"),
        "no-permission": ([str(folder / "no-permission")], "EACCES"),
        "bad-interpreter": ([str(folder / "bad-interpreter")], "ENOENT"),
        "no-format": ([str(folder / "no-format")], "ENOEXEC"),
        "E2BIG": (["/bin/true", "x" * 33 * mmap.PAGESIZE], "E2BIG"),
        "name-too-long": (["/" + "x" * 5000], "ENAMETOOLONG"),
    }


@clone3_here_and_missing
def test_S1_exceptions_of_execve(clone3: str) -> None:
    """execve's error is raised in the parent, with the file name, the call and the step; nothing is left."""
    from pysys import errors, spawn

    arrange(clone3)
    os.environ["PATH"] = "/usr/bin:/bin"  # a folder that may not be searched would be EACCES
    with tempfile.TemporaryDirectory() as folder, nothing_left():
        for name, (argv, symbol) in broken_programs(Path(folder)).items():
            for _ in range(3):
                with pytest.raises(getattr(errors, symbol)) as caught:
                    spawn(argv)
                assert caught.value.filename == argv[0], name
                assert (caught.value.syscall, caught.value.step) == ("execve", "executable"), name
                caught.value.__traceback__ = None


def test_S1_executable_is_the_file_name() -> None:
    """With executable=, that is what is run and what the exception names; argv[0] is only shown."""
    from programs import output

    from pysys import errors, spawn

    assert output(["shown", "-c", "echo $0"], executable="/bin/sh") == "shown\n"
    with pytest.raises(errors.ENOENT) as caught:
        spawn(["/bin/true"], executable=Path("/nonexistent/program"))
    assert caught.value.filename == Path("/nonexistent/program")


def test_S1_search_in_PATH() -> None:
    """A name is looked for in the PATH of env; a file that may not be run is passed over, and reported
    only if there is no other."""
    from programs import output

    from pysys import errors, spawn

    with tempfile.TemporaryDirectory() as folder:
        refused, good = Path(folder, "refused"), Path(folder, "good")
        for place, mode in ((refused, 0o644), (good, 0o755)):
            place.mkdir()
            program = place / "pysys-test-program"
            program.write_text("#!/bin/sh\necho found\n")
            program.chmod(mode)
        env = {"PATH": f"{folder}/absent:{refused}:{good}:/bin"}
        assert output(["pysys-test-program"], env=env) == "found\n"
        for path in (":/nonexistent", "/nonexistent:", "/nonexistent::/bin"):  # the working directory
            assert output(["pysys-test-program"], env={"PATH": path}, cwd=good) == "found\n"
        with pytest.raises(errors.EACCES) as caught:
            spawn(["pysys-test-program"], env={"PATH": f"{refused}:{folder}/absent"})
        assert caught.value.filename == "pysys-test-program"


def test_S1_the_first_reason_of_PATH_is_reported() -> None:
    """Of several files that cannot be run, the exception is about the first in PATH."""
    from pysys import errors, spawn

    with tempfile.TemporaryDirectory() as folder:
        refused, broken = Path(folder, "refused"), Path(folder, "broken")
        for place, mode in ((refused, 0o644), (broken, 0o755)):
            place.mkdir()
            program = place / "pysys-test-program"
            program.write_bytes(b"\x01 no program")
            program.chmod(mode)
        file = refused / "pysys-test-program"  # no directory, in which nothing is
        for path, error in (
            (f"{refused}:{broken}", errors.EACCES),
            (f"{broken}:{refused}", errors.ENOEXEC),
            (f"{file}:{refused}", errors.EACCES),
            (f"{file}:{folder}/absent", errors.ENOENT),
        ):
            with pytest.raises(error):
                spawn(["pysys-test-program"], env={"PATH": f"{folder}/absent:{path}:{folder}/absent"})
        with pytest.raises(errors.ENOTDIR):
            spawn(["pysys-test-program"], env={"PATH": str(file)})


def test_S1_environment() -> None:
    """env is the whole environment; without it the program gets the C library's, os.putenv included."""
    from programs import output, shell

    os.environ["PYSYS_TEST"] = "1"
    os.putenv("PYSYS_TEST", "2")
    assert shell("echo $PYSYS_TEST") == "2"
    assert output(["/usr/bin/env"], env={}) == ""
    assert output(["env"], env={"A": "1"}) == "A=1\n"  # without a PATH, where the system has its programs
    variables = {"A": "b=c", b"B\xff": b"\xfe", "EMPTY": ""}
    assert os.fsencode(output(["/usr/bin/env"], env=variables)) == b"A=b=c\nB\xff=\xfe\nEMPTY=\n"


def test_S1_arguments_arrive() -> None:
    """str, bytes, PathLike, empty and undecodable arguments reach the program as they are."""
    from programs import output

    argv = ["/usr/bin/printf", "%s|", "", b"\xff", Path("/a"), "\u20ac", "x" * 100_000]
    wanted = "|".join(["", "\udcff", "/a", "\u20ac", "x" * 100_000, ""])
    assert os.fsencode(output(argv)) == os.fsencode(wanted)  # type: ignore[arg-type]  # str or bytes, as output() is


def test_S1_a_veto_leaves_nothing() -> None:
    """The audit event comes with executable, argv, cwd and env before anything is made, and can stop it."""
    from pysys import spawn

    events = []

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "pysys.spawn":
            events.append(args)
            if args[1] == ["vetoed"]:
                raise PermissionError("no")

    sys.addaudithook(hook)
    with nothing_left():
        with pytest.raises(PermissionError):
            spawn(["vetoed"])
        spawn(["shown"], executable="/bin/true", cwd="/", env={}).wait()
    assert events == [("vetoed", ["vetoed"], None, None), ("/bin/true", ["shown"], "/", {})]


@pytest.mark.portable
@pytest.mark.parametrize(
    ("arguments", "error", "word"),
    [
        ("'ls'", "TypeError", "argv"),
        ("[]", "ValueError", "argv"),
        ("[1]", "TypeError", "argv"),
        ("['a\\0b']", "ValueError", "argv"),
        ("[b'a\\0b']", "ValueError", "argv"),
        ("['x'], executable='a\\0b'", "ValueError", "executable"),
        ("['x'], executable=-1", "ValueError", "executable"),
        ("['x'], cwd='a\\0b'", "ValueError", "cwd"),
        ("['x'], cwd=1.5", "TypeError", "cwd"),
        ("['x'], cwd=2**40", "OverflowError", "cwd"),
        ("['x'], env={'A=B': 'c'}", "ValueError", "environment"),
        ("['x'], env={'A': 'c\\0d'}", "ValueError", "env"),
        ("['x'], env={'A': 1}", "TypeError", "env"),
        ("['x'], fds={5: -1}", "ValueError", "PIPE"),
        ("['x'], stdout=-2", "ValueError", "stdout"),
        ("['x'], stdin='file'", "TypeError", "stdin"),
        ("['x'], fds={-1: 1}", "ValueError", "fds"),
        ("['x'], fds={'a': 1}", "TypeError", "fds"),
        ("['x'], fds={2**31: 1}", "OverflowError", "fds"),
        ("['x'], stdin=0, fds={0: 1}", "ValueError", "stdin"),
        ("['x'], user=-1", "ValueError", "user"),
        ("['x'], user=2**32 - 1", "OverflowError", "user"),
        ("['x'], group=1.5", "TypeError", "group"),
        ("['x'], extra_groups='staff'", "TypeError", "extra_groups"),
        ("['x'], extra_groups=[2**40]", "OverflowError", "extra_groups"),
        ("['x'], user='nobody-has-this-name'", "KeyError", "nobody-has-this-name"),
        ("['x'], umask=0o1000", "OverflowError", "umask"),
        ("['x'], process_group=-1", "ValueError", "process_group"),
        ("['x'], priority=20", "OverflowError", "priority"),
        ("['x'], affinity=[]", "ValueError", "affinity"),
        ("['x'], affinity=[-1]", "ValueError", "affinity"),
        ("['x'], signal_mask=[0]", "ValueError", "signal_mask"),
        ("['x'], signals_default=[1000]", "OverflowError", "signals_default"),
        ("['x'], signals_ignored=['HUP']", "TypeError", "signals_ignored"),
        ("['x'], pdeathsig=0", "ValueError", "pdeathsig"),
        ("['x'], rlimits={'NOSUCH': 1}", "ValueError", "NOSUCH"),
        ("['x'], rlimits={7: -2}", "ValueError", "rlimits"),
        ("['x'], namespaces=0x100", "ValueError", "namespaces"),
        ("['x'], join_namespaces=['net']", "TypeError", "join_namespaces"),
        ("['x'], uid_map=[]", "ValueError", "uid_map"),
        ("['x'], uid_map=[(0, 1)]", "ValueError", "uid_map"),
        ("['x'], gid_map=[(0, 0, 0)]", "ValueError", "gid_map"),
        ("['x'], ambient_caps=['CAP_NOTHING']", "ValueError", "CAP_NOTHING"),
        ("['x'], ambient_caps=[64]", "OverflowError", "ambient_caps"),
        ("['x'], cgroup=1.5", "TypeError", "cgroup"),
    ],
)
def test_S1_wrong_arguments(arguments: str, error: str, word: str) -> None:
    """What cannot mean anything is refused by the parameter's name, before the kernel is asked."""
    import builtins

    from pysys import spawn

    with nothing_left(), pytest.raises(getattr(builtins, error), match=word):
        eval(f"spawn({arguments})", {"spawn": spawn})


def test_S3_the_largest_ids() -> None:
    """The last id is not a user's, and a line of a map may have all others."""
    from pysys import errors, spawn

    most = 2**32 - 1
    for line, name in (((0, 0, most + 1), "uid_map"), ((0, most, 1), "gid_map"), ((most, 0, 1), "uid_map")):
        with pytest.raises(OverflowError, match=name):
            spawn(["/bin/true"], **{name: [line]})  # type: ignore[arg-type]  # a list of names with one value
    for user in (most, "root"):
        try:
            with spawn(["/bin/true"], uid_map=[(0, 0, most)], user=user) as child:
                assert user == "root" and child.wait() == 0
        except OverflowError as error:
            assert user == most, error
        except errors.SyscallError as error:  # the kernel may say no
            assert user == "root", error


# ---- S2: descriptors ----


def test_S2_streams() -> None:
    """stdin, stdout and stderr are what they are given as: descriptors, files, DEVNULL, STDOUT."""
    from programs import shell

    from pysys import spawn

    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as sink:
        source.write(b"in")
        source.seek(0)
        script = ["/bin/sh", "-c", "cat; echo out; echo err >&2"]
        assert spawn(script, stdin=source, stdout=sink, stderr=subprocess.STDOUT).wait() == 0
        sink.seek(0)
        assert sink.read() == b"inout\nerr\n"
    assert shell("readlink /proc/self/fd/0", stdin=subprocess.DEVNULL) == "/dev/null"
    null = dict.fromkeys((0, 2, 3, 7), subprocess.DEVNULL)
    with nothing_left():
        shown = shell("for fd in 0 2 3 7; do readlink /proc/self/fd/$fd; done", fds=null)
    assert shown.split() == ["/dev/null"] * 4
    assert shell("readlink /proc/self/fd/2", stderr=subprocess.DEVNULL) == "/dev/null"


def numbered_files(folder: str, count: int, first: int = 20) -> dict[int, str]:
    """Open files at descriptors from `first` on, by the number of each."""
    result = {}
    for number in range(first, first + count):
        path = os.path.join(folder, str(number))
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR)
        os.dup2(descriptor, number, inheritable=False)
        os.close(descriptor)
        result[number] = path
    return result


@pytest.mark.parametrize(
    "mapping",
    [
        {20: 21, 21: 20},
        {20: 21, 21: 22, 22: 20},
        {20: 20},
        {20: 22, 21: 22, 22: 21},
        {3: 20, 4: 21, 20: 22, 22: 20},
        {0: 20, 20: 21, 21: 22, 2: 21, 500: 20},
        {22: 20, 21: 20, 20: 22, 3: 22},
        {20: 21, 21: 20} | dict.fromkeys(range(3, 13), 22),
    ],
)
def test_S2_maps_that_cross(mapping: dict[int, int]) -> None:
    """Each number in the child is the descriptor it was given as, whatever the others are, and no other
    descriptor is open in the child, while the parent's are what they were."""
    from programs import descriptors

    with tempfile.TemporaryDirectory() as folder:
        files = numbered_files(folder, 3)
        wanted = {target: files[source] for target, source in mapping.items()}
        with nothing_left():
            seen = descriptors(fds=mapping)
        assert {number: path for number, path in seen.items() if path.startswith(folder)} == wanted
        assert set(seen) == {0, 1, 2} | set(mapping)
        for number, path in files.items():
            assert os.readlink(f"/proc/self/fd/{number}") == path


def test_S2_streams_that_cross() -> None:
    """The three streams may change places."""
    from programs import shell

    with tempfile.TemporaryDirectory() as folder:
        numbered_files(folder, 3)
        os.dup2(20, 0)
        os.dup2(22, 2)
        script = "readlink /proc/self/fd/0; readlink /proc/self/fd/2"
        assert shell(script, stdin=2, stderr=0).split() == [f"{folder}/22", f"{folder}/20"]


def test_S2_a_map_of_a_thousand() -> None:
    """A thousand descriptors, all of them one place further in a circle."""
    from programs import descriptors

    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2100:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (2100, 2100))
        except ValueError:
            pytest.skip("RLIMIT_NOFILE is too low")
    with tempfile.TemporaryDirectory() as folder:
        files = numbered_files(folder, 1000, first=30)
        mapping = {number: number + 1 if number + 1 in files else 30 for number in files}
        seen = descriptors(fds=mapping)
        assert {number: seen[number] for number in mapping} == {t: files[s] for t, s in mapping.items()}


def test_S2_inheritable() -> None:
    """close_fds=False leaves open what is inheritable, and nothing else; True leaves neither."""
    from programs import descriptors

    inheritable, private = os.dup(0), os.dup(0)
    os.set_inheritable(inheritable, True)
    assert set(descriptors()) == {0, 1, 2}
    assert set(descriptors(close_fds=False)) == {0, 1, 2, inheritable}
    assert not os.get_inheritable(private)


@pytest.mark.parametrize("way", ["close_range", "proc", "one by one"])
def test_S2_ways_to_close(way: str) -> None:
    """Everything else is closed too where close_range is missing, and where /proc cannot be listed."""
    from programs import descriptors

    from pysys import numbers

    with tempfile.TemporaryDirectory() as folder:
        for number in numbered_files(folder, 200):
            os.set_inheritable(number, True)
        if way != "close_range":
            filter_calls([numbers.number("close_range")], errno.ENOSYS)
        if way == "one by one":
            # Every number below the limit is taken, but for the two of the pipe: the child finds none for
            # a list of its descriptors, and must not need one.
            _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (220, hard))
            for number in range(3, 18):
                os.dup2(0, number)
        assert set(descriptors(fds={100: 100, 219: 50}, pidfd=False)) == {0, 1, 2, 100, 219}


@pytest.mark.parametrize("count", [10_000, 100_000])
def test_S2_very_many_descriptors(count: int) -> None:
    """However many descriptors are open, the child has its own alone."""
    from programs import descriptors

    limit = count + 200
    try:
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < limit:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    except (ValueError, OSError) as error:
        pytest.skip(f"RLIMIT_NOFILE cannot be {limit}: {error}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    for number in range(100, 100 + count):
        os.dup2(0, number)
    assert set(descriptors(fds={5_000: 7_000})) == {0, 1, 2, 5_000}
    os.set_inheritable(100 + count - 1, True)
    assert set(descriptors()) == {0, 1, 2}
    os.closerange(100, 100 + count)


# ---- S4: the step that failed ----


def failing_steps() -> dict[str, tuple[dict[str, object], str, str]]:
    """Settings that fail for anybody: the errno's name, and the call."""
    return {
        "cwd": ({"cwd": "/nonexistent"}, "ENOENT", "chdir"),
        "cwd ": ({"cwd": 0}, "ENOTDIR", "fchdir"),
        "fds": ({"fds": {5: 9999}}, "EBADF", "fcntl"),
        "fds ": ({"fds": {9999: 9999}}, "EBADF", "fcntl"),
        "fds  ": ({"fds": {1: 9999}}, "EBADF", "fcntl"),
        "stdin": ({"stdin": 9999}, "EBADF", "fcntl"),
        "stdout": ({"stdout": 9999}, "EBADF", "fcntl"),
        "stderr": ({"stderr": 9999, "fds": {1: 0}}, "EBADF", "fcntl"),
        "process_group": ({"process_group": 1}, "EPERM", "setpgid"),
        "controlling_terminal": ({"controlling_terminal": 0}, "ENOTTY", "ioctl"),
        "join_namespaces": ({"join_namespaces": [0]}, "EINVAL", "setns"),
        "rlimits": ({"rlimits": {"NOFILE": (2, 1)}}, "EINVAL", "prlimit64"),
        "affinity": ({"affinity": [100_000]}, "EINVAL", "sched_setaffinity"),
        "signals_ignored": ({"signals_ignored": [signal.SIGKILL]}, "EINVAL", "rt_sigaction"),
        "executable": ({"executable": 0}, "EACCES", "execveat"),
    }


# Which of several the step is about, where the parameter has several.
ELEMENTS = {"fds": 5, "join_namespaces": 0, "rlimits": "NOFILE", "signals_ignored": 9}


def test_S4_the_step_is_named() -> None:
    """The exception names the parameter, the call and the file; no child and no descriptor is left."""
    from pysys import errors, spawn

    os.dup2(os.open("/dev/null", os.O_RDWR), 0)
    with nothing_left():
        for name, (settings, symbol, call) in failing_steps().items():
            with pytest.raises(getattr(errors, symbol)) as caught:
                spawn(["/bin/true"], **settings)  # type: ignore[arg-type]  # wrong on purpose
            assert (caught.value.step, caught.value.syscall) == (name.strip(), call)
            wanted = "/nonexistent" if call == "chdir" else None
            assert caught.value.filename == wanted
            element = ELEMENTS.get(name.strip()) if name != "fds  " else 1
            if name == "fds ":
                element = 9999
            shown = "" if element is None else f"[{element!r}]"
            assert f"step {name.strip()}{shown} of spawn" in str(caught.value)
            assert caught.value.element == element
            caught.value.__traceback__ = None


def test_S4_the_element_is_named() -> None:
    """Of several descriptors, limits, signals and namespaces, the exception names the one that failed."""
    from pysys import errors, spawn

    here = os.open("/proc/self/ns/uts", os.O_RDONLY)
    cases: list[tuple[dict[str, object], str, object]] = [
        ({"fds": {6: 0, 5: 9999}}, "fds", 5),
        ({"stdin": 0, "fds": {7: 0, 9: 0, 8: 9999}}, "fds", 8),
        ({"rlimits": {"nofile": 64, "STACK": (2, 1)}}, "rlimits", "STACK"),
        ({"rlimits": {7: 64, 9999: 1}}, "rlimits", 9999),
        ({"signals_ignored": [10, 9]}, "signals_ignored", 9),
        ({"join_namespaces": [here, 9999]}, "join_namespaces", 1),
        ({"join_namespaces": [(here, 0x40000000)]}, "join_namespaces", 0),
        ({"stdin": 9999}, "stdin", None),
        ({"cwd": "/nonexistent"}, "cwd", None),
    ]
    with nothing_left():
        for settings, step, element in cases:
            with pytest.raises(OSError) as caught:  # which errno it is depends on the user
                spawn(["/bin/true"], **settings)  # type: ignore[arg-type]  # of any parameter
            error = caught.value
            assert isinstance(error, errors.SyscallError)
            assert (error.step, error.element) == (step, element), settings
            again = pickle.loads(pickle.dumps(error))
            assert (again.element, str(again)) == (element, str(error))
            error.__traceback__ = None


def test_S4_the_step_that_sets_a_signal() -> None:
    """Which parameter a signal is set for: restore_signals, where that and signals_default both want it."""
    from pysys import errors, numbers, spawn

    filter_calls([numbers.number("rt_sigaction")], errno.EINVAL)
    other = {"restore_signals": False}
    cases: list[tuple[dict[str, object], str, object]] = [
        ({}, "restore_signals", None),
        ({"signals_default": [signal.SIGPIPE]}, "restore_signals", None),
        ({"signals_default": [signal.SIGUSR1], **other}, "signals_default", int(signal.SIGUSR1)),
        ({"signals_default": [signal.SIGPIPE], **other}, "signals_default", int(signal.SIGPIPE)),
        ({"signals_ignored": [signal.SIGPIPE]}, "signals_ignored", int(signal.SIGPIPE)),
    ]
    with nothing_left():
        for settings, step, element in cases:
            with pytest.raises(errors.EINVAL) as caught:
                spawn(["/bin/true"], **settings)  # type: ignore[arg-type]  # of any parameter
            error = caught.value
            assert (error.syscall, error.step, error.element) == ("rt_sigaction", step, element), settings
            error.__traceback__ = None


def test_S4_what_is_not_a_cgroup() -> None:
    """A directory that is not a cgroup is said to be none; a cgroup that refuses the child is the step."""
    from pysys import errors, spawn

    with nothing_left():
        with pytest.raises(errors.ENOENT) as caught:
            spawn(["/bin/true"], cgroup="/tmp")
        assert (caught.value.step, caught.value.syscall, caught.value.filename) == (
            "cgroup",
            "openat",
            "/tmp",
        )
        assert "not a cgroup" in caught.value.__notes__[0]  # before the causes on the page of openat
        caught.value.__traceback__ = None
        with pytest.raises(errors.ENOENT) as caught:
            spawn(["/bin/true"], cgroup="/nonexistent")
        assert (caught.value.step, caught.value.filename) == ("cgroup", "/nonexistent")
        assert not any("not a cgroup" in note for note in getattr(caught.value, "__notes__", ()))
        caught.value.__traceback__ = None


def test_S4_privileges_refused() -> None:
    """What takes a privilege that is not there names its step too."""
    from pysys import errors, spawn
    from pysys.flags import CLONE_NEWNET  # loaded as the user who may

    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(1234, 1234, 1234)
        os.setresuid(1234, 1234, 1234)
    steps: dict[str, tuple[object, str]] = {
        "user": (0, "setresuid"),
        "group": (0, "setresgid"),
        "extra_groups": ([0], "setgroups"),
        "chroot": ("/", "chroot"),
        "priority": (-20, "setpriority"),
        "ambient_caps": ([21], "capset"),
    }
    with nothing_left():
        for step, (value, call) in steps.items():
            with pytest.raises(errors.EPERM if step != "priority" else errors.EACCES) as caught:
                spawn(["/bin/true"], **{step: value})  # type: ignore[arg-type]  # wrong on purpose
            assert (caught.value.step, caught.value.syscall) == (step, call)
            caught.value.__traceback__ = None
        with pytest.raises(errors.EPERM) as caught:
            spawn(["/bin/true"], namespaces=CLONE_NEWNET)
        assert (caught.value.step, caught.value.syscall) == (None, "clone")
        caught.value.__traceback__ = None


def made_by() -> str:
    """The call that makes a plain child: clone3 where it can share this memory."""
    from pysys import abi

    return "clone3" if abi.current().name == "x86_64" else "clone"


def test_S4_no_process_to_be_had() -> None:
    """Where the limit of processes is reached, EAGAIN comes from the call that makes them, without a step."""
    from pysys import errors, spawn

    if os.geteuid() == 0:
        os.setresgid(4321, 4321, 4321)
        os.setresuid(4321, 4321, 4321)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    with nothing_left():
        with pytest.raises(errors.EAGAIN) as caught:
            spawn(["/bin/true"])
        assert (caught.value.step, caught.value.syscall, caught.value.filename) == (None, made_by(), None)
        caught.value.__traceback__ = None


def test_S4_no_descriptor_left() -> None:
    """With no descriptor left, the exception is that of the call, and not of an import behind it."""
    code = """
import os, resource
from pysys import spawn
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
try:
    spawn(["/bin/true"])
except OSError as error:
    print(type(error), error.errno, error.syscall)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"<class 'pysys.errors.EMFILE'> {errno.EMFILE} {made_by()}\n"


# ---- S5: signals ----


@pytest.mark.isolated(timeout=900)
@clone3_here_and_missing
def test_S5_signal_storm(clone3: str) -> None:
    """Of the signals that come while children are spawned none is lost, and each child ends as it should."""
    from pysys import spawn

    arrange(clone3)
    number = signal.SIGRTMIN + 1  # queued: as many arrive as are sent
    arrived = 0

    def count(*_: object) -> None:
        pass

    signal.signal(number, count)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    stop, sent = threading.Event(), 0

    def storm() -> None:
        nonlocal sent
        while not stop.is_set():
            for _ in range(20):
                os.kill(os.getpid(), number)
                sent += 1
            time.sleep(0.001)

    def drain() -> None:
        nonlocal arrived
        while True:
            data = os.read(reader, 65536)
            if b"\0" in data:
                arrived += len(data) - 1
                return
            arrived += len(data)

    threads = [threading.Thread(target=storm), threading.Thread(target=drain)]
    for thread in threads:
        thread.start()
    for turn in range(ROUNDS):
        assert spawn(["/bin/sh", "-c", f"exit {turn % 256}"]).wait() == turn % 256
    stop.set()
    threads[0].join()
    time.sleep(0.05)
    signal.set_wakeup_fd(-1)
    os.write(writer, b"\0")
    threads[1].join()
    assert arrived == sent > ROUNDS


@pytest.mark.isolated(timeout=900)
@clone3_here_and_missing
def test_S5_no_handler_runs_in_the_child(clone3: str) -> None:
    """A signal sent to the child before its exec does not run the parent's handler there."""
    from isolated import children

    from pysys import spawn

    arrange(clone3)
    signal.signal(signal.SIGURG, lambda *_: None)  # its default is to be ignored
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)  # the C handler writes to it, in whatever process it runs
    stop, sent = threading.Event(), 0

    def pursue() -> None:
        nonlocal sent
        while not stop.is_set():
            for pid in children():
                try:
                    os.kill(pid, signal.SIGURG)
                except ProcessLookupError:  # it was reaped meanwhile
                    continue
                sent += 1

    thread = threading.Thread(target=pursue)
    thread.start()
    # A search through many places gives the pursuer its time.
    env = {"PATH": ":".join(["/nonexistent"] * 300 + ["/bin"])}
    for _ in range(ROUNDS):
        spawn(["true"], env=env).wait()
    stop.set()
    thread.join()
    signal.set_wakeup_fd(-1)
    assert sent
    with pytest.raises(BlockingIOError):
        os.read(reader, 1)


# ---- S6: threads ----


@pytest.mark.isolated(timeout=900)
def test_S6_eight_threads_at_once() -> None:
    """Every exit status is right, and no thread's descriptors are seen by another's child."""
    from pysys import spawn

    each = max(ROUNDS // 8, 10)
    wrong: list[object] = []

    def work(index: int) -> None:
        for turn in range(each):
            reader, writer = os.pipe()
            code = (index * 31 + turn) % 256
            script = f'for f in /proc/self/fd/*; do [ -e "$f" ] && echo "${{f##*/}}" >&9; done; exit {code}'
            with spawn(["/bin/sh", "-c", script], fds={9: writer}) as child:
                os.close(writer)
                text = b""
                while data := os.read(reader, 4096):
                    text += data
                os.close(reader)
            if child.returncode != code or text.split() != [b"0", b"1", b"2", b"9"]:
                wrong.append((child.returncode, code, text))

    with nothing_left():
        threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong, wrong[:3]


def test_S6_environment_changes_meanwhile() -> None:
    """The child's environment is complete, also while another thread changes it."""
    from pysys import spawn

    stop = threading.Event()

    def change() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            os.putenv(f"PYSYS_{turn % 500}", "x" * (turn % 300))
            os.unsetenv(f"PYSYS_{(turn * 7) % 500}")

    os.putenv("ZLAST", "here")
    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(min(ROUNDS, 100)):
            assert spawn(["/bin/sh", "-c", '[ "$ZLAST" = here ]']).wait() == 0
    finally:
        stop.set()
        thread.join()


def test_S6_the_environment_of_one_moment() -> None:
    """What a program gets has no variable twice, and lacks none, while another thread moves them about."""
    from pysys._native import join_environment

    stop = threading.Event()
    names = [b"PYSYS_%d" % number for number in range(300)]
    for name in names:
        os.putenv(name, "x")

    def change() -> None:
        while not stop.is_set():
            for name in names:
                os.unsetenv(name)
                os.putenv(name, "y")

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(3 * min(ROUNDS, 100)):
            found = [one.partition(b"=")[0] for one in join_environment().split(b"\0")]
            ours = [name for name in found if name.startswith(b"PYSYS_") and name in names]
            assert len(ours) == len(set(ours)) >= len(names) - 1
    finally:
        stop.set()
        thread.join()


# ---- S7: the size of the parent ----


@clone3_here_and_missing
def test_S7_nothing_is_copied(clone3: str) -> None:
    """No page of the parent becomes copy-on-write: writing to them again after a spawn faults no more."""
    import mmap

    from pysys import spawn

    arrange(clone3)
    size, page = 64 << 20, mmap.PAGESIZE
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_NOHUGEPAGE)

    def write_all() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for at in range(0, size, page):
            memory[at] = 1
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    assert write_all() >= size // page
    spawn(["/bin/true"]).wait()
    assert write_all() < size // page // 10


# ---- S8: the program as a descriptor ----


def test_S8_program_by_descriptor() -> None:
    """An open file is run, also when the map takes its number; the program does not have its descriptor."""
    from programs import output

    program = os.open("/bin/echo", os.O_RDONLY)
    assert output(["echo", "ran"], executable=program) == "ran\n"
    assert output(["echo", "ran"], executable=program, fds={program: 0}) == "ran\n"
    os.close(program)
    shell = os.open("/bin/sh", os.O_PATH)
    script = 'for f in /proc/self/fd/*; do [ -e "$f" ] && echo "${f##*/}"; done'
    assert output(["sh", "-c", f"{script}; :"], executable=shell).split() == ["0", "1", "2"]
    os.close(shell)


def test_S8_program_without_a_name() -> None:
    """A program that is only in memory is run."""
    from programs import output

    program = os.memfd_create("program")
    os.write(program, Path("/bin/echo").read_bytes())
    assert output(["echo", "ran"], executable=program) == "ran\n"
    os.close(program)


def test_S8_script_by_descriptor() -> None:
    """A script is read as /dev/fd/N: it needs its descriptor in the map."""
    from programs import output

    from pysys import errors, spawn

    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script")
        script.write_text('#!/bin/sh\necho "ran $0"\n')
        script.chmod(0o755)
        program = os.open(script, os.O_RDONLY)
        with pytest.raises(errors.ENOENT):
            spawn(["script"], executable=program)
        assert output(["script"], executable=program, fds={program: program}) == f"ran /dev/fd/{program}\n"
        os.close(program)


@pytest.mark.isolated(timeout=900)
def test_leaves_no_memory_mapped() -> None:
    """Neither a start that reports in memory that it shares, nor one that fails."""
    from pysys import errors, spawn

    def shared() -> int:
        return Path("/proc/self/maps").read_text().count(" rw-s ")

    before = shared()
    asked: dict[str, list[int]] = {"extra_groups": []} if os.geteuid() == 0 else {}
    with spawn(["/bin/true"], **asked):  # type: ignore[arg-type]  # groups
        pass
    with pytest.raises(errors.ENOENT):
        spawn(["/nonexistent"], **asked)  # type: ignore[arg-type]  # groups
    assert shared() == before


def test_leaves_nothing() -> None:
    """A thousand in a row leave no zombie, no descriptor, no signal mask."""
    from pysys import spawn

    with nothing_left():
        for _ in range(min(ROUNDS, 1000)):
            with spawn(["/bin/true"]) as child:
                pass
            assert child.returncode == 0
