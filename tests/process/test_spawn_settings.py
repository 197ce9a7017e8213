"""spawn: requirement S3, each setting as the child sees it."""

from __future__ import annotations

import array
import errno
import os
import resource
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import leftovers
import pytest
from isolated import filter_calls, in_child, need_root, nothing_left, status_of

pytestmark = pytest.mark.isolated


def test_S3_cwd() -> None:
    """cwd is a path of any kind, or a directory's descriptor, whose number the map may take over."""
    from programs import shell

    with tempfile.TemporaryDirectory(dir=os.path.realpath(tempfile.gettempdir())) as folder:
        assert shell("pwd", cwd=folder) == folder
        assert shell("pwd", cwd=os.fsencode(folder)) == folder
        assert shell("pwd", cwd=Path(folder)) == folder
        directory = os.open(folder, os.O_RDONLY)
        assert shell("pwd", cwd=directory) == folder
        assert shell("pwd", cwd=directory, fds={directory: 0}) == folder
        os.close(directory)


def test_S3_umask() -> None:
    """umask is the child's, and the parent keeps its own."""
    from programs import status

    before = os.umask(0o022)
    assert status("Umask", umask=0o137) == "0137"
    assert status("Umask", umask=0) == "0000"
    assert status("Umask") == "0022"
    assert os.umask(before) == 0o022


def test_S3_session_and_process_group() -> None:
    """A session, a process group of its own, or one that is there already; else the parent's."""
    from programs import stat

    from pysys import spawn

    def group_and_session(**settings: object) -> tuple[int, int]:
        fields = stat(**settings)
        return int(fields[2]), int(fields[3])

    assert group_and_session() == (os.getpgrp(), os.getsid(0))
    group, session = group_and_session(start_new_session=True)
    assert group == session != os.getsid(0)
    group, session = group_and_session(process_group=0)
    assert group != os.getpgrp()
    assert session == os.getsid(0)
    with spawn(["/bin/sleep", "100"], process_group=0) as leader:
        assert group_and_session(process_group=leader.pid) == (leader.pid, os.getsid(0))
        leader.kill()


def test_S3_controlling_terminal() -> None:
    """A terminal's descriptor becomes the controlling terminal of a new session."""
    from programs import shell, stat

    master, slave = os.openpty()
    fields = stat(controlling_terminal=slave)
    assert fields[2] == fields[3] != str(os.getsid(0))
    assert int(fields[4]) == os.fstat(slave).st_rdev  # as long as its minor number has eight bits
    assert shell(": </dev/tty && echo yes", controlling_terminal=slave, stdin=slave) == "yes"
    os.close(master)
    os.close(slave)


def bits(numbers: list[int]) -> int:
    return sum(1 << number - 1 for number in numbers)


def test_S3_signal_mask() -> None:
    """The given signals are blocked in the program; without a mask, those of the calling thread."""
    from programs import status

    blocked = [signal.SIGUSR1, signal.SIGTERM, signal.SIGRTMIN + 3]
    assert int(status("SigBlk", signal_mask=blocked), 16) == bits(blocked)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    assert int(status("SigBlk"), 16) == bits([signal.SIGUSR2])
    assert int(status("SigBlk", signal_mask=[]), 16) == 0
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGUSR2}


@pytest.mark.parametrize("clone3", ["here", "filtered"])
def test_S3_signal_dispositions(clone3: str) -> None:
    """Caught signals become default, ignored ones stay; the given ones change; SIGPIPE and SIGXFSZ, which
    Python ignores, become default unless told otherwise."""
    from programs import status

    from pysys import numbers

    if clone3 == "filtered":
        filter_calls([numbers.number("clone3")], errno.EPERM)
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    python = [signal.SIGPIPE, signal.SIGXFSZ]

    def ignored(**settings: object) -> int:
        assert int(status("SigCgt", **settings), 16) == 0
        return int(status("SigIgn", **settings), 16)

    assert ignored() == bits([signal.SIGUSR2])
    assert ignored(restore_signals=False) == bits([signal.SIGUSR2, *python])
    assert ignored(signals_default=[signal.SIGUSR2]) == 0
    assert ignored(signals_ignored=[signal.SIGUSR1, signal.SIGPIPE]) == bits(
        [signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE]
    )
    assert ignored(signals_default=signal.valid_signals()) == 0


def test_S3_rlimits() -> None:
    """Limits by number or name, as a pair or one number, up to infinity."""
    from programs import output

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    limits = {resource.RLIMIT_NOFILE: (64, hard), "core": 0, "RLIMIT_CPU": (1000, resource.RLIM_INFINITY)}
    wide, highest = 2**33 + 1, resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    if sys.maxsize > 2**32 and highest == resource.RLIM_INFINITY:
        limits["FSIZE"] = (wide, wide + 1)
    lines = {
        line[:26].strip(): line[26:].split()[:2]
        for line in output(["/bin/cat", "/proc/self/limits"], rlimits=limits).splitlines()
    }
    assert lines["Max open files"] == ["64", str(hard)]
    assert lines["Max core file size"] == ["0", "0"]
    assert lines["Max cpu time"] == ["1000", "unlimited"]
    if "FSIZE" in limits:
        assert lines["Max file size"] == [str(wide), str(wide + 1)]
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


OTHER_USER: dict[str, object] = {"user": 1234, "group": 1234, "extra_groups": []}


def test_S3_a_limit_is_raised_before_the_user_changes() -> None:
    """That takes a privilege, which the new user need not have."""
    from programs import output

    need_root()
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    try:
        in_child(os.fork, lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128)))
    except AssertionError:
        pytest.skip("this root may not raise limits")
    lines = output(["/bin/cat", "/proc/self/limits"], rlimits={"NOFILE": (100, 128)}, **OTHER_USER)
    assert [line.split()[3:5] for line in lines.splitlines() if line.startswith("Max open files")] == [
        ["100", "128"]
    ]


def test_S3_a_nice_value_is_lowered_before_the_user_changes() -> None:
    """That takes a privilege, which the new user need not have."""
    from programs import stat

    need_root()
    nice = os.getpriority(os.PRIO_PROCESS, 0) - 1
    try:
        in_child(os.fork, lambda: os.setpriority(os.PRIO_PROCESS, 0, nice))
    except AssertionError:
        pytest.skip("this root may not lower nice values")
    assert stat(priority=nice, **OTHER_USER)[16] == str(max(nice, -20))


def test_S3_priority_and_affinity() -> None:
    """The nice value and the CPUs are the child's."""
    from programs import stat, status

    assert stat(priority=7)[16] == "7"
    cpu = max(os.sched_getaffinity(0))
    assert status("Cpus_allowed_list", affinity=[cpu]) == str(cpu)
    assert status("Cpus_allowed_list", affinity=[cpu, cpu + 5000]) == str(cpu)


def test_S3_pdeathsig() -> None:
    """The child gets the signal when its parent ends."""
    import ctypes

    from pysys import fork, spawn

    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)
    reader, writer = os.pipe()

    def parent() -> None:
        child = spawn(["/bin/sleep", "100"], pdeathsig=signal.SIGUSR1)
        os.write(writer, str(child.pid).encode())
        child.detach()

    in_child(fork, parent)
    assert status_of(int(os.read(reader, 100))) == -signal.SIGUSR1


def test_S3_pdeathsig_in_another_pid_namespace() -> None:
    """A process whose parent is outside of its PID namespace sees none: that is not the parent's end."""
    from pysys import flags, spawn

    need_root()
    with nothing_left(), spawn(["/bin/sleep", "100"], namespaces=flags.CLONE_NEWPID) as first:
        with spawn(["/bin/true"], join_namespaces=[(first, flags.CLONE_NEWPID)], pdeathsig=9) as child:
            assert child.wait() == 0
        first.kill()


def test_S3_no_new_privs() -> None:
    """no_new_privs is set in the child only."""
    from programs import status

    assert status("NoNewPrivs", no_new_privs=True) == "1"
    assert status("NoNewPrivs") == "0"


def test_S3_user_and_groups() -> None:
    """Real, effective, saved and file system ids are the given ones, by number or name."""
    from programs import status

    need_root()
    who = {"user": 1234, "group": 2345, "extra_groups": [3456, 1, 4567]}
    assert status("Uid", **who).split() == ["1234"] * 4
    assert status("Gid", **who).split() == ["2345"] * 4
    assert status("Groups", **who).split() == ["1", "3456", "4567"]
    assert status("Groups", extra_groups=[]) == ""
    assert status("Uid", user="root").split() == ["0"] * 4
    assert os.getresuid() == (0, 0, 0)


@pytest.mark.parametrize("what", ["user", "group", "extra_groups", "namespace"])
def test_S3_credentials_are_the_childs_alone(what: str) -> None:
    """A child's change of credentials does not mark the parent's memory as not to be dumped or traced."""
    from pysys import spawn, syscall

    need_root()
    pr_get_dumpable = 3
    assert syscall("prctl", pr_get_dumpable) == 1
    if what == "namespace":
        from pysys import CloneFlags

        with spawn(["sleep", "1000"], namespaces=CloneFlags.CLONE_NEWUSER) as other:
            with open(f"/proc/{other.pid}/ns/user") as namespace:
                child = spawn(["true"], join_namespaces=[namespace])
            other.kill()
    else:
        child = spawn(["true"], **{what: [1234] if what == "extra_groups" else 1234})  # type: ignore[arg-type]  # a list or an int
    with child:
        assert child.wait() == 0
    assert syscall("prctl", pr_get_dumpable) == 1


def test_S3_cwd_of_either_user() -> None:
    """The working directory may be one that only the old user, or only the new one, may enter."""
    from programs import shell

    need_root()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o700)
        assert shell("echo here", cwd=folder, user=1234, group=1234) == "here"
    # root without CAP_DAC_OVERRIDE may not enter another user's directory
    from pysys import errors, spawn

    with tempfile.TemporaryDirectory() as folder:
        inner = os.path.join(folder, "inner")
        os.mkdir(inner, 0o700)
        os.chmod(folder, 0o755)
        os.chown(inner, 1234, 1234)
        drop_capabilities_over_files()
        with pytest.raises(errors.EACCES) as caught:
            spawn(["/bin/true"], cwd=inner)
        assert (caught.value.step, caught.value.filename) == ("cwd", inner)
        assert shell("echo there", cwd=inner, user=1234, group=1234) == "there"
        os.rmdir(inner)


def test_S3_only_EACCES_is_for_the_new_user() -> None:
    """A working directory that is not there is the error, and not what comes after it."""
    from pysys import errors, numbers, spawn

    need_root()
    names = ("setresuid", "setresuid32")
    filter_calls([numbers.table()[name] for name in names if name in numbers.table()], errno.EPERM)
    with pytest.raises(errors.EPERM):
        spawn(["/bin/true"], user=1234)
    with pytest.raises(errors.ENOENT) as caught:
        spawn(["/bin/true"], cwd="/nonexistent", user=1234)
    assert (caught.value.syscall, caught.value.step) == ("chdir", "cwd")


def drop_capabilities_over_files() -> None:
    """CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH leave the effective set."""
    from pysys import syscall

    header = array.array("I", [0x20080522, 0])
    data = array.array("I", [0] * 6)
    syscall("capget", header, data)
    data[0] &= ~0b110
    syscall("capset", header, data)


def test_S3_ambient_capabilities() -> None:
    """A program of another user keeps the capabilities that it is given, and only those."""
    from programs import status

    need_root()
    who = {"user": 1234, "group": 1234, "ambient_caps": ["CAP_NET_BIND_SERVICE", "sys_nice", 5]}
    wanted = 1 << 10 | 1 << 23 | 1 << 5
    for field in ("CapAmb", "CapEff", "CapPrm", "CapInh"):
        assert int(status(field, **who), 16) == wanted, field
    assert int(status("CapEff", user=1234, group=1234), 16) == 0


def test_S3_ambient_capabilities_of_the_second_word() -> None:
    """The kernel keeps capabilities above 31 in a second word: each of them is given, by number or name."""
    from programs import status

    from pysys.arguments.capabilities import NAMES

    need_root()
    permitted = int(status("CapPrm"), 16)
    above = [number for number in range(32, len(NAMES)) if permitted >> number & 1]
    if not above:
        pytest.skip("no capability above 31 is permitted here")
    for number in above:
        for name in (number, f"CAP_{NAMES[number]}"):
            assert int(status("CapAmb", ambient_caps=[name]), 16) == 1 << number, name
    below = next(number for number in range(32) if permitted >> number & 1)
    inherited = status("CapInh", user=1234, group=1234, ambient_caps=[below, above[0]])
    assert int(inherited, 16) == 1 << below | 1 << above[0]


def test_S3_chroot() -> None:
    """The root directory is the given one, and so is the working directory, unless cwd says otherwise."""
    from programs import output

    from pysys import errors, spawn

    need_root()
    with tempfile.TemporaryDirectory() as folder, pytest.raises(errors.ENOENT) as caught:
        spawn(["/bin/true"], chroot=folder)
    assert caught.value.step == "executable"
    if not (os.path.islink("/bin") and os.path.exists("/usr/bin/pwd")):
        pytest.skip("/usr is not a root directory here")
    assert output(["/bin/pwd"], chroot="/usr") == "/\n"
    assert output(["/bin/pwd"], chroot="/usr", cwd="/bin") == "/bin\n"


def inode(kind: str, **settings: object) -> str:
    from programs import output

    return output(["/bin/readlink", f"/proc/self/ns/{kind}"], **settings).strip()


every_kind = pytest.mark.parametrize("kind", ["user", "pid", "mnt", "net", "uts", "ipc", "cgroup", "time"])


def flag_of(kind: str) -> int:
    """CLONE_NEW* of a kind of namespace, which this kernel has."""
    from pysys import flags

    if not os.path.exists(f"/proc/self/ns/{kind}"):
        pytest.skip(f"this kernel has no {kind} namespaces")
    name = {"mnt": "CLONE_NEWNS"}.get(kind, f"CLONE_NEW{kind.upper()}")
    return int(getattr(flags, name))


@every_kind
def test_S3_new_namespaces(kind: str) -> None:
    """The child is in a namespace of its own."""
    need_root()
    new = inode(kind, namespaces=flag_of(kind))
    assert new.startswith(f"{kind}:[")
    assert new != os.readlink(f"/proc/self/ns/{kind}")


@every_kind
@pytest.mark.parametrize("through", ["namespace", "pidfd"])
def test_S3_join_namespaces(kind: str, through: str) -> None:
    """The child enters the namespace of another process, by the namespace's descriptor or its pidfd, and is
    this process's child."""
    from pysys import spawn

    need_root()
    flag = flag_of(kind)
    with nothing_left(), spawn(["/bin/sleep", "100"], namespaces=flag) as other:
        theirs = os.readlink(f"/proc/{other.pid}/ns/{kind}")
        descriptor = os.open(f"/proc/{other.pid}/ns/{kind}", os.O_RDONLY)
        join = [descriptor] if through == "namespace" else [(other, flag)]
        with spawn(["/bin/sleep", "100"], join_namespaces=join) as child:
            assert os.readlink(f"/proc/{child.pid}/ns/{kind}") == theirs
            fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
            assert int(fields[1]) == os.getpid()
            assert child.pidfd is not None
            child.kill()
            assert child.wait(10) == -signal.SIGKILL
        os.close(descriptor)
        other.kill()


@pytest.mark.parametrize("kind", ["user", "pid", "net"])
def test_S3_join_namespaces_of_a_kind_that_the_kernel_does_not_name(kind: str) -> None:
    """Where NS_GET_NSTYPE is not an ioctl, a namespace is entered by its descriptor all the same."""
    from pysys import numbers, spawn

    need_root()
    flag = flag_of(kind)
    with nothing_left(), spawn(["/bin/sleep", "100"], namespaces=flag) as other:
        descriptor = os.open(f"/proc/{other.pid}/ns/{kind}", os.O_RDONLY)
        filter_calls([numbers.number("ioctl")], errno.ENOTTY)
        with spawn(["/bin/sleep", "100"], join_namespaces=[descriptor]) as child:
            assert os.readlink(f"/proc/{child.pid}/ns/{kind}") == os.readlink(f"/proc/{other.pid}/ns/{kind}")
            fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
            assert int(fields[1]) == os.getpid()
            child.kill()
            assert child.wait(10) == -signal.SIGKILL
        os.close(descriptor)
        other.kill()


@pytest.mark.parametrize("told", [True, False])
def test_S3_another_users_namespace_is_entered_on_a_copy(told: bool) -> None:
    """To enter a user namespace that another user made does not mark this process's memory, whether or not
    the kernel says what kind a descriptor is of."""
    import ctypes

    from pysys import fork, numbers, spawn, syscall

    need_root()
    flag, pr_get_dumpable = flag_of("user"), 3
    reader, writer = os.pipe()

    def another() -> None:
        os.setresuid(1234, 1234, 1234)
        os.write(writer, b"no" if ctypes.CDLL(None).unshare(flag) else b"ok")
        signal.pause()

    pid = fork()
    if pid == 0:
        try:
            another()
        finally:
            os._exit(1)
    try:
        if os.read(reader, 2) != b"ok":
            pytest.skip("user namespaces are not for everybody here")
        namespace = os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)
        if not told:
            filter_calls([numbers.number("ioctl")], errno.ENOTTY)
        with spawn(["/bin/true"], join_namespaces=[namespace]) as child:
            assert child.wait() == 0
        assert syscall("prctl", pr_get_dumpable) == 1
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_S3_failures_inside_a_joined_pid_namespace() -> None:
    """A step that fails behind the middle process is reported all the same, and nothing is left."""
    from pysys import errors, flags, spawn

    need_root()
    with nothing_left(), spawn(["/bin/sleep", "100"], namespaces=flags.CLONE_NEWPID) as other:
        descriptor = os.open(f"/proc/{other.pid}/ns/pid", os.O_RDONLY)
        with pytest.raises(errors.ENOENT) as caught:
            spawn(["/nonexistent"], join_namespaces=[descriptor])
        assert caught.value.step == "executable"
        caught.value.__traceback__ = None
        os.close(descriptor)
        other.kill()


def test_S3_id_maps() -> None:
    """The maps are the new user namespace's, which they imply; the child runs when they are written."""
    from programs import shell

    need_root()
    lines = shell(
        "id -u; cat /proc/self/uid_map /proc/self/gid_map",
        uid_map=[(0, 100000, 10), (10, 0, 1)],
        gid_map=[(0, 200000, 5)],
        user=0,
        group=0,
    ).split()
    assert lines == ["0", "0", "100000", "10", "10", "0", "1", "0", "200000", "5"]


def test_S3_id_maps_unprivileged() -> None:
    """A user without capabilities maps itself, and setgroups is denied as the kernel wants it."""
    from programs import shell

    from pysys import errors

    shell("true")  # imported before the user changes, who may not read the package
    if os.geteuid() == 0:
        os.setresgid(1234, 1234, 1234)
        os.setresuid(1234, 1234, 1234)
        import ctypes

        pr_set_dumpable = 4
        ctypes.CDLL(None).prctl(pr_set_dumpable, 1, 0, 0, 0)
    uid, gid = os.getuid(), os.getgid()
    try:
        text = shell("id -u; id -g; cat /proc/self/setgroups", uid_map=[(0, uid, 1)], gid_map=[(0, gid, 1)])
    except (errors.EPERM, errors.ENOSPC) as error:
        if error.step is None:
            pytest.skip(f"user namespaces are not for everybody here: {error}")
        raise
    assert text.split() == ["0", "0", "deny"]


def test_S3_a_map_that_is_refused() -> None:
    """A map that the kernel refuses ends the child, and the exception names it."""
    from pysys import errors, spawn

    need_root()
    with nothing_left():
        for name in ("uid_map", "gid_map"):
            with pytest.raises(errors.EINVAL) as caught:
                refused: dict[str, Any] = {name: [(0, 0, 10), (5, 100, 10)]}
                spawn(["/bin/true"], **refused)
            assert (caught.value.step, caught.value.syscall) == (name, "write")
            caught.value.__traceback__ = None
        with pytest.raises(errors.ENOENT) as missing:
            spawn(["/nonexistent"], uid_map=[(0, 0, 1)], fds=dict.fromkeys(range(3, 30), 0))
        assert missing.value.step == "executable"
        missing.value.__traceback__ = None


def cgroup2() -> str:
    """Where the cgroup2 hierarchy is mounted."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.split()[0] == "cgroup2":
            return before.split()[4]
    pytest.skip("no cgroup2 hierarchy is mounted")


@pytest.mark.parametrize("clone3", ["here", "filtered"])
def test_S3_cgroup(clone3: str) -> None:
    """The child is made in the cgroup, given by path or descriptor, also where clone3 is missing."""
    from programs import output

    from pysys import errors, numbers, spawn

    need_root()
    path = os.path.join(cgroup2(), leftovers.name())
    try:
        os.mkdir(path)
    except OSError as error:
        pytest.skip(f"no cgroup can be made: {error}")
    try:
        if clone3 == "filtered":
            filter_calls([numbers.number("clone3")], errno.ENOSYS)
        directory = os.open(path, os.O_RDONLY)
        with nothing_left():
            for cgroup in (path, Path(path), directory):
                lines = output(["/bin/cat", "/proc/self/cgroup"], cgroup=cgroup).splitlines()
                assert next(line for line in lines if line.startswith("0::")).endswith(os.path.basename(path))
            with pytest.raises(errors.ENOENT) as caught:
                spawn(["/nonexistent"], cgroup=path)
            assert caught.value.step == "executable"
            caught.value.__traceback__ = None
        for wrong in ("/nonexistent", "/proc/self"):
            with pytest.raises(errors.ENOENT) as caught:
                spawn(["/bin/true"], cgroup=wrong)
            assert (caught.value.step, caught.value.filename) == ("cgroup", wrong)
        os.rmdir(path)
        with pytest.raises((errors.ENODEV, errors.ENOENT)) as gone:  # clone3's answer, and openat's
            spawn(["/bin/true"], cgroup=directory)
        assert gone.value.step == "cgroup"
    finally:
        if os.path.isdir(path):
            os.rmdir(path)
