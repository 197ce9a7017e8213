"""Diagnoses of namespaces that are not made or joined: each cause is made, and one that looks alike."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from diagnosed import (
    arguments_of_clone,
    become,
    failed,
    has,
    own_user_namespace,
    private_mounts,
    proves,
    proves_nothing,
)
from isolated import folder, in_child, need_root, until

from pysys import calls, diagnose, numbers, preload, structures
from pysys._native import ffi, lib
from pysys.diagnosis import kernel, namespaces
from pysys.diagnosis.facts import Fact
from pysys.diagnosis.failures import Verdict
from pysys.flags import (
    CLONE_FS,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWPID,
    CLONE_NEWTIME,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    CLONE_SYSVSEM,
    MS_BIND,
    PR_SET_DUMPABLE,
    CloneFlags,
)

pytestmark = pytest.mark.isolated


@contextmanager
def further_thread() -> Iterator[None]:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        # The kernel may count it for a moment longer.
        until(lambda: "Threads:\t1\n" in Path("/proc/self/status").read_text())


# ---- flags ----


@pytest.mark.parametrize("call", ["clone", "clone3"])
@pytest.mark.parametrize(
    "names",
    [
        "FS NEWNS",
        "FS NEWUSER",
        "THREAD VM",
        "THREAD VM NEWUSER SIGHAND",
        "THREAD VM NEWPID SIGHAND",
        "SIGHAND",
        "NEWIPC SYSVSEM",
        "PIDFD PARENT_SETTID",
        "PIDFD DETACHED",
        "DETACHED",
        "SIGHAND VM CLEAR_SIGHAND",
        "AUTOREAP PARENT",
        "NNP THREAD SIGHAND VM",
        "PIDFD_AUTOKILL AUTOREAP",
        "PIDFD_AUTOKILL PIDFD",
    ],
)
def test_flags_that_exclude_one_another(call: str, names: str) -> None:
    """The kernel refuses what is proven. It is asked as long as the call cannot make a process here."""
    flags = 0
    for name in names.split():
        flags |= CloneFlags[f"CLONE_{name}"]
    asked: list[object] = [*arguments_of_clone(flags)]
    if call == "clone3":
        asked = [structures.clone_args(flags=flags)]
    elif flags >> 32 or names in ("DETACHED", "PIDFD PARENT_SETTID"):
        return  # clone has no such flags, or makes a process, or is asked about a pidfd that it stores
    found = diagnose(call, "EINVAL", *asked)
    if call == "clone3" and names == "PIDFD PARENT_SETTID":
        proves_nothing(found)  # the two have fields of their own
        return
    proves(found)
    assert found.proven[0].sentence.startswith("CLONE_")
    if names == "NEWIPC SYSVSEM" and os.geteuid():
        return
    if call == "clone3":
        memory = ffi.new("uint64_t[11]", [flags])
        answer = lib.pysys_syscall3(numbers.number("clone3"), int(ffi.cast("uintptr_t", memory)), 88, 0)
    else:
        answer = lib.pysys_syscall5(numbers.number("clone"), *arguments_of_clone(flags))
    assert answer == -22  # EINVAL


def test_flags_that_go_together() -> None:
    """What looks alike, and is taken; fields of clone3's structure."""
    for call in ("clone", "clone3"):
        for names in ("NEWNS NEWUSER", "THREAD SIGHAND VM", "SIGHAND VM", "NEWIPC", "FS NEWUTS", "PIDFD"):
            flags = 0
            for name in names.split():
                flags |= CloneFlags[f"CLONE_{name}"]
            one = [structures.clone_args(flags=flags)] if call == "clone3" else arguments_of_clone(flags)
            proves_nothing(diagnose(call, "EINVAL", *one))
    for fields, word in (
        ({"flags": 0x8000, "exit_signal": 17}, "exit_signal"),
        ({"flags": 17}, "0x11"),
        ({"stack": 4096}, "stack_size"),
    ):
        proves(diagnose("clone3", "EINVAL", structures.clone_args(**fields)), word)
    proves_nothing(diagnose("clone3", "EINVAL", structures.clone_args(flags=CLONE_NEWTIME, exit_signal=17)))
    proves(diagnose("clone3", "EINVAL", structures.clone_args(), 8), "64 bytes")
    found = failed("unshare", 0x1000)  # CLONE_PIDFD
    proves(found, "unshare does not take CLONE_PIDFD")
    assert not diagnose("unshare", "EINVAL", CLONE_FS | CLONE_SYSVSEM).proven


def test_a_single_thread() -> None:
    """A user namespace is neither made nor joined by a process with several threads."""
    with open("/proc/self/ns/user") as own, open("/proc/self/ns/time") as time:
        fd = own.fileno()
        with further_thread():
            proves(failed("unshare", CLONE_NEWUSER), "This process has 2 threads", "CLONE_NEWUSER")
            found = diagnose("setns", "EINVAL", fd, CLONE_NEWUSER)
            assert any("and this has 2" in one.sentence for one in found.proven)
            proves(diagnose("setns", "EUSERS", time, 0), "A time namespace", "this has 2")
            if not os.geteuid():
                proves(failed("setns", time, 0), "this has 2")
        found = diagnose("unshare", "EINVAL", CLONE_NEWUSER)
        proves_nothing(found)
        has(found, Verdict.EXCLUDED, "a single thread")
        proves_nothing(diagnose("setns", "EUSERS", time, 0))


def test_children_elsewhere() -> None:
    """A pid namespace for children is made once; by a child of the process again."""
    need_root()
    has(diagnose("unshare", "EINVAL", CLONE_NEWPID), Verdict.EXCLUDED, "own pid namespace")
    calls.unshare(CLONE_NEWPID)
    proves(failed("unshare", CLONE_NEWPID), "in another pid namespace than its own", "CLONE_NEWPID")

    def inside() -> None:
        proves(diagnose("unshare", "EINVAL", CLONE_NEWPID)) if not Path("/proc/self").exists() else None

    in_child(os.fork, inside)
    proves(failed("unshare", CLONE_NEWPID), "in another pid namespace than its own")
    proves_nothing(diagnose("unshare", "EINVAL", CLONE_NEWUTS))


# ---- EPERM ----


def test_rights_for_namespaces() -> None:
    """Without CAP_SYS_ADMIN; with it, or with a user namespace, that is not the cause."""
    if not os.geteuid():
        has(diagnose("unshare", "EPERM", CLONE_NEWUTS), Verdict.EXCLUDED, "has CAP_SYS_ADMIN")

    def look() -> None:
        become()
        proves(failed("unshare", CLONE_NEWUTS | CLONE_NEWNET), "wants CAP_SYS_ADMIN")
        proves(diagnose("clone3", "EPERM", structures.clone_args(flags=CLONE_NEWIPC)), "wants CAP_SYS_ADMIN")
        proves_nothing(diagnose("unshare", "EPERM", CLONE_NEWUTS | CLONE_NEWUSER))
        proves_nothing(diagnose("unshare", "EPERM", CLONE_FS))

    in_child(os.fork, look)


def test_a_chroot() -> None:
    """No user namespace from within a chroot. One into a mount point cannot be told from none."""
    private_mounts()
    preload()
    with folder() as place:
        (place / "mount").mkdir()
        calls.mount("none", f"{place}/mount", "tmpfs", 0, None)

        def look(where: str, certain: bool) -> None:
            os.chroot(where)
            found = failed("unshare", CLONE_NEWUSER)
            if certain:
                proves(found, "in a chroot")
            else:
                assert not any("chroot" in one.sentence for one in found.proven)
                has(found, Verdict.UNKNOWN, "if this is a chroot")

        in_child(os.fork, lambda: look(str(place), True))
        in_child(os.fork, lambda: look(f"{place}/mount", False))
        calls.umount2(f"{place}/mount", 2)


def test_ids_without_a_mapping() -> None:
    """Before and after the map of a user namespace is written."""
    user, group = os.geteuid(), os.getegid()
    try:
        calls.unshare(CLONE_NEWUSER)
    except OSError as error:
        pytest.skip(f"no user namespace: {error}")
    found = failed("unshare", CLONE_NEWUSER)
    proves(found, "The effective uid", "has no mapping")
    assert any("gid" in one.sentence for one in found.proven)
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    assert not any("uid" in one.sentence for one in failed("unshare", CLONE_NEWUSER).proven)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"65534 {group} 1")  # what an id without a mapping reads as
    has(diagnose("unshare", "EPERM", CLONE_NEWUSER), Verdict.UNKNOWN, "The effective gid reads as 65534")
    has(diagnose("unshare", "EPERM", CLONE_NEWUSER), Verdict.EXCLUDED, "The effective uid, 0, is mapped")
    calls.unshare(CLONE_NEWUSER)


def test_settings_of_distributions() -> None:
    """Files stand in for settings that this kernel may not have."""
    private_mounts()
    with folder() as place:
        (place / "unprivileged_userns_clone").write_text("0\n")
        (place / "apparmor_restrict_unprivileged_userns").write_text("1\n")
        calls.mount(str(place), "/proc/sys/kernel", None, MS_BIND, None)
        if namespaces.is_first("user").value:  # which CAP_SYS_ADMIN is exempt in
            found = diagnose("unshare", "EPERM", CLONE_NEWUSER)
            proves_nothing(found)
            has(found, Verdict.EXCLUDED, "which allows it here")

        def look() -> None:
            become()
            found = diagnose("unshare", "EPERM", CLONE_NEWUSER)
            proves(found, "kernel.unprivileged_userns_clone is 0")
            has(found, Verdict.FITS, "apparmor_restrict_unprivileged_userns is 1")
            proves_nothing(diagnose("unshare", "EPERM", CLONE_FS))

        in_child(os.fork, look)
        for name in os.listdir(place):
            (place / name).write_text("1\n" if "clone" in name else "0\n")

        def allowed() -> None:
            become()
            found = diagnose("unshare", "EPERM", CLONE_NEWUSER)
            proves_nothing(found)
            assert not any("apparmor_restrict" in one.sentence for one in found if one.read)

        in_child(os.fork, allowed)
        calls.umount2("/proc/sys/kernel", 2)


# ---- ENOSPC ----


def test_how_many_there_may_be() -> None:
    """None at all is proven; how many there are of a greater number cannot be seen."""
    own_user_namespace()
    setting = Path("/proc/sys/user/max_uts_namespaces")
    setting.write_text("0")
    proves(failed("unshare", CLONE_NEWUTS), "user.max_uts_namespaces is 0")
    proves_nothing(diagnose("unshare", "ENOSPC", CLONE_NEWIPC))
    setting.write_text("1")
    calls.unshare(CLONE_NEWUTS)
    found = failed("unshare", CLONE_NEWUTS)
    proves_nothing(found)
    has(found, Verdict.UNKNOWN, "user.max_uts_namespaces, which is 1")
    has(found, Verdict.UNKNOWN, "The limits of the user namespaces above")


def test_how_deep_they_may_be() -> None:
    """Pid namespaces one in the other. /proc shows how deep this one is below that of /proc."""
    need_root()
    shown = bool(namespaces.is_first("pid").value)
    preload()

    def deeper(level: int) -> None:
        try:
            calls.unshare(CLONE_NEWPID)
        except OSError:
            found = diagnose("unshare", "ENOSPC", CLONE_NEWPID)
            if shown:
                proves(found, "32 deep", "32 is the most")
            else:
                proves_nothing(found)
            return
        assert level < 40
        proves_nothing(diagnose("unshare", "ENOSPC", CLONE_NEWPID))
        in_child(os.fork, lambda: deeper(level + 1))

    deeper(0)


# ---- setns ----


def test_what_is_joined() -> None:
    """Other files, other kinds, pidfds without flags, the own user namespace, O_PATH."""
    with folder() as place:
        (place / "file").write_text("")
        with open(place / "file") as file:
            proves(failed("setns", file, 0), "neither a namespace nor a pidfd")
    with open("/proc/self/ns/uts") as uts, open("/proc/self/ns/user") as user:
        proves(failed("setns", uts, CLONE_NEWNET), "fd is a uts namespace", "says net")
        found = diagnose("setns", "EINVAL", uts, CLONE_NEWUTS)
        proves_nothing(found)
        has(found, Verdict.EXCLUDED, "fd is a uts namespace, as flags allows")
        proves(failed("setns", user, 0), "the user namespace that this process is in already")
    fd = os.open("/proc/self/ns/uts", os.O_PATH)
    proves(failed("setns", fd, 0), "O_PATH")
    os.close(fd)
    proves(failed("setns", fd, 0), "which is not open")
    pidfd = calls.pidfd_open(os.getpid(), 0)
    proves(failed("setns", pidfd, 0), "With a pidfd the flags say")
    proves(failed("setns", pidfd, 1), "0x1")
    proves_nothing(diagnose("setns", "EINVAL", pidfd, CLONE_NEWUTS))


def test_who_shares_root_and_directory() -> None:
    """A mount namespace is joined by a thread that shares them with no other."""
    need_root()
    with open("/proc/self/ns/mnt") as mnt, further_thread():
        proves(failed("setns", mnt, 0), "shares root and working directory with this thread")
        calls.unshare(CLONE_FS)
        calls.setns(mnt, 0)
        proves_nothing(diagnose("setns", "EINVAL", mnt, 0))


def test_rights_for_joining() -> None:
    """Without capabilities; with them in a user namespace that is not above what is joined."""
    uts = os.open("/proc/self/ns/uts", os.O_RDONLY)

    def ordinary() -> None:
        become()
        proves(failed("setns", uts, 0), "CAP_SYS_ADMIN")

    in_child(os.fork, ordinary)

    def below() -> None:
        mnt = os.open("/proc/self/ns/mnt", os.O_RDONLY)
        own_user_namespace(CLONE_NEWUTS)
        proves(failed("setns", uts, 0), "lacks CAP_SYS_ADMIN", "that owns the uts namespace")
        proves(failed("setns", mnt, 0), "that owns the mnt namespace")
        with open("/proc/self/ns/uts") as own:
            calls.setns(own, 0)
            found = diagnose("setns", "EPERM", own, 0)
            proves_nothing(found)
            has(found, Verdict.EXCLUDED, "CAP_SYS_ADMIN over the uts namespace")

    in_child(os.fork, below)


def test_rights_over_a_namespace_below() -> None:
    """Whoever made a user namespace has all capabilities over what it owns; another user has none."""
    need_root()
    go, came = os.pipe(), os.pipe()

    def inside() -> None:
        become(61234)
        calls.prctl(PR_SET_DUMPABLE, 1)  # otherwise its map is not its own
        own_user_namespace(CLONE_NEWUTS)
        os.write(came[1], b"x")
        os.read(go[0], 1)

    pid = os.fork()
    if not pid:
        os.close(go[1])
        try:
            inside()
        finally:
            os._exit(0)
    os.close(came[1])
    if not os.read(came[0], 1):
        pytest.skip("no user namespace for an ordinary user")
    fd = os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)

    def look(user: int, may: bool) -> None:
        become(user)
        found = diagnose("setns", "EPERM", fd, 0)
        if may:
            proves_nothing(found)
            has(found, Verdict.EXCLUDED, "CAP_SYS_ADMIN over the user namespace")
            calls.setns(fd, 0)
        else:
            proves(failed("setns", fd, 0), "lacks CAP_SYS_ADMIN", "the user namespace")

    in_child(os.fork, lambda: look(61234, True))
    in_child(os.fork, lambda: look(61235, False))
    os.close(go[1])
    os.waitpid(pid, 0)


# ---- ENOSYS ----


def test_what_the_kernel_has() -> None:
    """Its version, and the tables of this ABI."""
    has(diagnose("clone3", "ENOSYS"), Verdict.EXCLUDED, "This kernel is not too old", "5.3")
    real = kernel.version
    kernel.version = lambda: Fact((5, 2), "uname")
    try:
        has(diagnose("clone3", "ENOSYS"), Verdict.FITS, "clone3 came with Linux 5.3, and this is 5.2")
        has(diagnose("clone", "ENOSYS"), Verdict.EXCLUDED, "not too old")
    finally:
        kernel.version = real
    foreign = next(name for name in sorted(numbers.calls()) if name not in numbers.table())
    proves(diagnose(foreign, "ENOSYS"), "no number for")
    assert not diagnose(foreign, "EPERM").proven


def test_it_never_fails_itself() -> None:
    """Whatever is passed, the answer is a diagnosis."""
    with open("/proc/self/ns/net") as net:
        for call in ("clone", "clone3", "unshare", "setns", "fork"):
            for symbol in ("EPERM", "EINVAL", "ENOSPC", "EBADF", "EUSERS", "ENOSYS", "EAGAIN", "ENOMEM"):
                for first in (net, -1, 1 << 80, "x", b"\0", None, 2.5, structures.clone_args()):
                    for args in ((first,), (first, first)) if call != "fork" else ((),):
                        if len(args) < 2 or call != "unshare":
                            assert str(diagnose(call, symbol, *args))
