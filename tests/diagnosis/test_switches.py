"""Diagnoses of calls that a setting, a quota or a lacking capability forbids, and of ones that look alike.

Settings of the whole machine are not changed: another value of one is a file mounted over it, in a namespace
of the test's own.
"""

from __future__ import annotations

import os
import resource
import signal
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from diagnosed import become, failed, in_an_empty_root, private_mounts, proves, proves_nothing
from isolated import folder, in_child, need_root

from pysys import calls, diagnose, errors, flags, numbers, structures
from pysys.diagnosis.failures.wanted import WANTED
from pysys.flags import MS_BIND, CloneFlags
from pysys.parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.isolated


@contextmanager
def setting(name: str, value: object) -> Iterator[None]:
    """Show another value of a setting to this process; the kernel goes on with its own."""
    path = f"/proc/sys/{name.replace('.', '/')}"
    if not Path(path).exists():
        pytest.skip(f"this kernel does not have {name}")
    with folder() as place:
        (place / "value").write_text(f"{value}\n")
        calls.mount(str(place / "value"), path, None, MS_BIND, None)
        try:
            yield
        finally:
            calls.umount2(path, flags.MNT_DETACH)


def as_nobody(look: Callable[[], object]) -> None:
    def run() -> None:
        become()
        look()

    in_child(os.fork, run)


# ---- settings ----


def test_bpf() -> None:
    """Who may use bpf: by the setting, by the type, and through ids."""
    private_mounts()
    array = structures.bpf_attr(map_type=2)
    name = "kernel.unprivileged_bpf_disabled"
    with setting(name, 2):
        as_nobody(lambda: proves(diagnose("bpf", "EPERM", 0, array), f"{name} is 2", "CAP_BPF"))
        proves_nothing(diagnose("bpf", "EPERM", 0, array), "allows it")
    with setting(name, 0):
        as_nobody(lambda: proves_nothing(diagnose("bpf", "EPERM", 0, array), "allows it"))
        queue = structures.bpf_attr(map_type=22)
        as_nobody(lambda: proves(diagnose("bpf", "EPERM", 0, queue), "type 22 takes CAP_BPF"))
        sockmap = structures.bpf_attr(map_type=15)
        as_nobody(lambda: proves(diagnose("bpf", "EPERM", 0, sockmap), "type 15 takes CAP_NET_ADMIN"))
    as_nobody(lambda: proves(diagnose("bpf", "EPERM", 11), "takes CAP_SYS_ADMIN"))

    def really() -> None:
        try:
            calls.bpf(flags.BPF_MAP_CREATE, map_type=2, key_size=4, value_size=4, max_entries=1)
        except errors.EPERM:
            proves(diagnose("bpf", "EPERM", 0, array), name)
        except OSError as error:
            print(f"skipped: {error}")

    as_nobody(really)


def test_perf() -> None:
    """What perf_event_paranoid allows of the kernel, of a CPU and of tracepoints."""
    private_mounts()
    name = "kernel.perf_event_paranoid"
    mine = structures.perf_event_attr(exclude_kernel=1)
    all_of_it = structures.perf_event_attr()

    def look(symbol: str, attr: object, pid: int, *words: str) -> None:
        found = diagnose("perf_event_open", symbol, attr, pid, 0, -1, 0)
        proves(found, *words) if words else proves_nothing(found)

    with setting(name, 2):
        as_nobody(lambda: look("EACCES", all_of_it, 0, f"{name} is 2", "in the kernel"))
        as_nobody(lambda: look("EACCES", mine, 0))
        as_nobody(lambda: look("EACCES", mine, -1, "on a CPU"))
        look("EACCES", all_of_it, -1)
    with setting(name, 1):
        as_nobody(lambda: look("EACCES", all_of_it, 0))
    with setting(name, 0):
        as_nobody(lambda: look("EACCES", mine, -1))
        tracepoint = structures.perf_event_attr(type=2)
        as_nobody(lambda: look("EPERM", tracepoint, 0, "a tracepoint takes CAP_PERFMON"))
    with setting(name, -1):
        as_nobody(lambda: look("EPERM", tracepoint, 0))
    if int(Path("/proc/sys/kernel/perf_event_paranoid").read_text()) == 2:

        def really() -> None:
            attr = structures.perf_event_attr(type=1)  # PERF_TYPE_SOFTWARE
            try:
                os.close(calls.perf_event_open(attr))
            except errors.EACCES:
                proves(diagnose("perf_event_open", "EACCES", attr, 0, -1, -1, 0), "in the kernel")

        as_nobody(really)


def test_userfaultfd_and_io_uring() -> None:
    """Their settings, with the capability, the flag or the group that they allow."""
    private_mounts()
    name = "vm.unprivileged_userfaultfd"
    with setting(name, 0):
        as_nobody(lambda: proves(diagnose("userfaultfd", "EPERM", 0), f"{name} is 0"))
        as_nobody(lambda: proves_nothing(diagnose("userfaultfd", "EPERM", 1), "allows it"))
        proves_nothing(diagnose("userfaultfd", "EPERM", 0), "allows it")
    with setting(name, 1):
        as_nobody(lambda: proves_nothing(diagnose("userfaultfd", "EPERM", 0), "allows it"))
    if Path("/proc/sys/vm/unprivileged_userfaultfd").read_text().strip() == "0":
        as_nobody(lambda: proves(failed("userfaultfd", 0), name))
    name = "kernel.io_uring_disabled"
    with setting(name, 2):
        proves(diagnose("io_uring_setup", "EPERM", 1), f"{name} is 2")
    with setting(name, 0):
        proves_nothing(diagnose("io_uring_setup", "EPERM", 1), "allows it")
    with setting(name, 1):
        proves_nothing(diagnose("io_uring_setup", "EPERM", 1), "allows it")
        as_nobody(lambda: proves(diagnose("io_uring_setup", "EPERM", 1), "or the group"))
        with setting("kernel.io_uring_group", 65534):
            as_nobody(lambda: proves_nothing(diagnose("io_uring_setup", "EPERM", 1), "allows it"))


def test_filters_and_domains() -> None:
    """What a process must give up before it restricts itself."""
    need_root()

    def look() -> None:
        become()
        program = structures.Array(structures.sock_filter, 1)
        program[0].code, program[0].k = 6, 0x7FFF0000  # allows everything
        proves(failed("seccomp", 1, 0, structures.sock_fprog(len=1, filter=program)), "PR_SET_NO_NEW_PRIVS")
        calls.prctl(38, 1, 0, 0, 0)
        proves_nothing(diagnose("seccomp", "EACCES", 1, 0), "no_new_privs is set")

    in_child(os.fork, look)
    proves_nothing(diagnose("landlock_restrict_self", "EPERM", 3, 0), "CAP_SYS_ADMIN is there")


def test_other_settings() -> None:
    """The kernel's log, modules, pipes."""
    private_mounts()
    with setting("kernel.dmesg_restrict", 1):
        as_nobody(lambda: proves(diagnose("syslog", "EPERM", 3), "dmesg_restrict is 1", "CAP_SYSLOG"))
    with setting("kernel.dmesg_restrict", 0):
        as_nobody(lambda: proves_nothing(diagnose("syslog", "EPERM", 3), "allows it"))
        as_nobody(lambda: proves(diagnose("syslog", "EPERM", 5), "CAP_SYSLOG"))
    most = int(Path("/proc/sys/fs/pipe-max-size").read_text())
    reader, _ = os.pipe()
    as_nobody(lambda: proves(failed("fcntl", reader, 1031, most + 1), f"{most + 1} are wanted"))
    as_nobody(lambda: proves_nothing(diagnose("fcntl", "EPERM", reader, 1031, most), "allows it"))
    with setting("kernel.modules_disabled", 1):
        proves(diagnose("init_module", "EPERM"), "neither loaded nor removed")
    with setting("kernel.modules_disabled", 0):
        proves_nothing(diagnose("init_module", "EPERM"))


# ---- capabilities ----


def test_capabilities() -> None:
    """Calls that take one, without it and with it, and where it does not count."""
    need_root()
    proves_nothing(diagnose("sethostname", "EPERM", b"x"), "which is there")

    def look() -> None:
        become()
        proves(failed("sethostname", b"x"), "sethostname takes CAP_SYS_ADMIN over this uts namespace")
        proves(failed("timerfd_create", 8, 0), "timerfd_create with clockid 0x8 takes CAP_WAKE_ALARM")
        device = (-100, f"{place}/x", stat.S_IFCHR | 0o600, 5)
        proves(failed("mknodat", *device), "To make a device takes CAP_MKNOD")
        proves(failed("prctl", 28, 0, 0, 0, 0), "CAP_SETPCAP")
        assert not diagnose("timerfd_create", "EPERM", 1, 0).proven
        assert not diagnose("mknodat", "EPERM", -100, "x", stat.S_IFIFO | 0o600, 0).proven
        calls.unshare(CloneFlags.CLONE_NEWUSER)
        proves(failed("sethostname", b"x"), "over this uts namespace")
        assert (
            "its owner is not this user namespace or below" in diagnose("sethostname", "EPERM", b"x")[0].read
        )
        proves(failed("timerfd_create", 8, 0), "CAP_WAKE_ALARM")
        proves_nothing(diagnose("prctl", "EPERM", 28, 0, 0, 0, 0), "CAP_SETPCAP, which is there")
        calls.unshare(CloneFlags.CLONE_NEWUTS)
        calls.sethostname(b"x", 1)
        proves_nothing(diagnose("sethostname", "EPERM", b"x"), "which is there")

    with folder() as place:
        os.chmod(place, 0o777)
        in_child(os.fork, look)


def test_capabilities_of_the_reference() -> None:
    """A cause of the reference fits where the capability that it names is lacking."""
    need_root()

    def causes() -> set[str]:
        return {one.verdict.value for one in diagnose("quotactl", "EPERM") if "CAP_SYS_ADMIN" in one.sentence}

    assert causes() == {"unknown"}

    def look() -> None:
        assert causes() == {"fits"}

    as_nobody(look)


def test_the_table_of_capabilities() -> None:
    """Its calls are calls, and its arguments are theirs."""
    for call, wants in WANTED.items():
        names = {one.name for one in parameters(call) or ()}
        assert call in numbers.calls(), call
        for one in wants:
            assert set(one.arguments) <= names, call
            assert one.capabilities and one.over in ("first", "own", "net", "pid", "uts"), call


# ---- quotas ----


def test_inotify() -> None:
    """As many instances and watches as the user may have; as many descriptors as it may."""
    proves_nothing(diagnose("inotify_init1", "EMFILE", 0), "Another inotify instance can be made")

    def look() -> None:
        try:
            calls.unshare(CloneFlags.CLONE_NEWUSER)
            Path("/proc/sys/user/max_inotify_watches").write_text("0")
        except OSError as error:
            print(f"skipped: {error}")
            return
        fd = calls.inotify_init1(0)
        proves(failed("inotify_add_watch", fd, "/tmp", 1), "as many inotify watches")
        Path("/proc/sys/user/max_inotify_instances").write_text("1")
        proves(failed("inotify_init1", 0), "as many inotify instances")

    in_child(os.fork, look)
    fd = calls.inotify_init1(0)
    proves_nothing(diagnose("inotify_add_watch", "ENOSPC", fd, "/", 1), "Another inotify watch")
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    found = diagnose("inotify_init1", "EMFILE", 0)
    assert not any("inotify instances" in one.sentence for one in found.proven), str(found)


def test_epoll() -> None:
    """What is in an instance already, what is not, and what never is."""
    epfd = calls.epoll_create1(0)
    reader, _ = os.pipe()
    proves(failed("epoll_ctl", epfd, 3, reader, 1), f"Descriptor {reader} is not in the epoll instance")
    calls.epoll_ctl(epfd, 1, reader, 1)
    proves(failed("epoll_ctl", epfd, 1, reader, 1), f"Descriptor {reader} is in the epoll instance")
    proves_nothing(diagnose("epoll_ctl", "ENOENT", epfd, 3, reader, 1), "now")
    proves(failed("epoll_ctl", epfd, 1, epfd, 1), "cannot be in itself")
    with open("/etc/passwd") as file:
        proves(failed("epoll_ctl", epfd, 1, file, 1), "always ready")
    proves_nothing(diagnose("epoll_ctl", "EPERM", epfd, 1, reader, 1))
    assert diagnose("epoll_ctl", "ENOSPC", epfd, 1, reader, 1)[0].verdict == "fits"


def test_keys() -> None:
    """As many keys as a user may have, and fewer; a key that is too large."""
    need_root()
    if not Path("/proc/key-users").exists():
        pytest.skip("this kernel has no keys")
    user = 54321  # one that nothing else has keys of

    def look() -> None:
        become(user)
        try:
            ring = calls.keyctl(1, None)
        except OSError as error:
            print(f"skipped: {error}")
            return
        assert ring
        space = int(Path("/proc/sys/kernel/keys/maxbytes").read_text())
        large = bytes(min(space, 32767))
        try:
            for number in range(10_000):
                calls.add_key("user", f"pysys-{number}", large, -3)
        except errors.EDQUOT:
            name = f"pysys-{number}"
            found = diagnose("add_key", "EDQUOT", "user", name, large, len(large), -3)
            proves(found, f"User {user} has", f"of {space}")
        else:
            raise AssertionError("there is a key of each name")
        proves_nothing(diagnose("add_key", "EDQUOT", "user", "x", b"x", 1, -3), "may have more keys")

    in_child(os.fork, look)


# ---- groups and sessions ----


def test_groups_and_sessions() -> None:
    """A leader of a group or session, another session, a group that is not there."""

    def look() -> None:
        os.setpgid(0, 0)
        proves(failed("setsid"), "leads a process group")
        pid = os.fork()
        if not pid:
            signal.pause()
        proves(failed("setpgid", pid, 99999), "no process group 99999")
        proves_nothing(diagnose("setpgid", "EPERM", pid, os.getpgid(0)))
        proves(failed("setpgid", os.getppid(), 0), "neither this process nor its child")
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        proves(failed("setpgid", pid, 0), "no process or thread")

    in_child(os.fork, look)

    def led() -> None:
        os.setsid()
        proves(failed("setpgid", 0, 0), "leads a session")

    in_child(os.fork, led)
    if os.getpgid(0) != os.getpid():
        proves_nothing(diagnose("setsid", "EPERM"))


# ---- all of them ----


def test_shut_in() -> None:
    """In a process that has nothing left, no root and no descriptor, a diagnosis is still made."""
    need_root()
    cases = (
        ("socket", "EPERM", 2, 3, 1),
        ("bind", "EADDRINUSE", 5, ("127.0.0.1", 80)),
        ("bind", "EACCES", 5, ("127.0.0.1", 80)),
        ("connect", "ECONNREFUSED", 5, "/x"),
        ("ptrace", "EPERM", 16, 1),
        ("kill", "EPERM", 1, 9),
        ("mmap", "ENOMEM", None, 4096, 3, 34, -1, 0),
        ("mlock", "ENOMEM", 4096, 4096),
        ("sched_setscheduler", "EPERM", 0, 1, structures.sched_param(sched_priority=1)),
        ("prlimit64", "EPERM", 0, 7, (1, 1 << 40)),
        ("setuid", "EPERM", 5),
        ("setgroups", "EPERM", [0]),
        ("capset", "EPERM", structures.records.Capabilities({1}, {1}, {1})),
        ("bpf", "EPERM", 0),
        ("perf_event_open", "EACCES", structures.perf_event_attr(), 0, -1, -1, 0),
        ("userfaultfd", "EPERM", 0),
        ("io_uring_setup", "EPERM", 1),
        ("inotify_init1", "EMFILE", 0),
        ("add_key", "EDQUOT", "user", "x", b"x", 1, -3),
        ("write", "EFBIG", 1, b"x", 1),
        ("memfd_create", "EACCES", "x", 0),
        ("sethostname", "EPERM", b"x"),
        ("setsid", "EPERM"),
    )

    def look() -> None:
        for call, symbol, *args in cases:
            found = diagnose(call, symbol, *args)
            assert found and str(found), call
            assert not any("is not loaded" in one.sentence for one in found), str(found)

    in_an_empty_root(look)


@pytest.mark.thorough
def test_nothing_makes_it_fail() -> None:
    """Whatever is passed to whatever call, the answer is a diagnosis."""
    odd: tuple[object, ...] = (None, -1, 1 << 70, "x", b"\0", ("a", "b"), [], object(), 3.5, {})
    names = (
        "accept4 add_key bind bpf capset connect epoll_ctl fcntl inotify_add_watch io_uring_setup ioprio_set"
        " kcmp kill listen memfd_create mlock mmap mremap nice perf_event_open pidfd_getfd prctl prlimit64"
        " process_vm_readv ptrace rt_sigqueueinfo sched_setaffinity sched_setattr sched_setscheduler"
        " setgroups setpgid setpriority setresuid setuid socket syslog tgkill userfaultfd write"
    ).split()
    symbols = "EPERM EACCES EINVAL ESRCH ENOMEM EAGAIN EADDRINUSE ECONNREFUSED EDQUOT EFBIG EIO".split()
    for name in names:
        count = len(parameters(name) or ())
        for symbol in symbols:
            for one in odd:
                found = diagnose(name, symbol, *[one] * count)
                assert "could not be looked at further" not in str(found).replace("\n          ", " "), (
                    name,
                    one,
                )
