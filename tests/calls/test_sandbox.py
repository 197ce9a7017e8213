"""Landlock, seccomp and the security modules."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest
from skips import skipped_if

from pysys import abi, calls, errors, flags, numbers, structures
from pysys.flags import LandlockAccessFs, LandlockAccessNet, LandlockRuleType, SeccompAction

READ, WRITE = LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE, LandlockAccessFs.LANDLOCK_ACCESS_FS_WRITE_FILE
BELOW, PORT = LandlockRuleType.LANDLOCK_RULE_PATH_BENEATH, LandlockRuleType.LANDLOCK_RULE_NET_PORT
NO_NEW_PRIVS = 38


@pytest.mark.isolated
def test_landlock_forbids_what_no_rule_allows() -> None:
    """After landlock_restrict_self a file opens below the tree of a rule, and nowhere else."""
    if not calls.landlock_abi():
        pytest.skip("this kernel has no Landlock")
    ruleset = calls.landlock_create_ruleset(READ | WRITE)
    assert not os.get_inheritable(ruleset)
    calls.landlock_add_rule(ruleset, BELOW, READ, "/proc/self")
    parent = os.open("/dev", os.O_PATH)
    calls.landlock_add_rule(ruleset, BELOW, READ | WRITE, parent)
    before = set(os.listdir("/proc/self/fd"))
    for wrong, access in (("/nowhere", READ), ("/usr", 1 << 60)):
        try:
            calls.landlock_add_rule(ruleset, BELOW, access, wrong)
        except (errors.ENOENT, errors.EINVAL):
            pass
        else:
            raise AssertionError(wrong)
    assert set(os.listdir("/proc/self/fd")) == before
    calls.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    calls.landlock_restrict_self(ruleset)
    os.close(os.open("/proc/self/status", os.O_RDONLY))
    os.close(os.open("/dev/null", os.O_RDWR))
    for path, mode in (("/etc/passwd", os.O_RDONLY), ("/proc/self/comm", os.O_WRONLY)):
        try:
            os.open(path, mode)
        except PermissionError:
            continue
        raise AssertionError(path)


@pytest.mark.isolated
def test_landlock_forbids_ports() -> None:
    """A rule for a port lets bind that one, not another."""
    import socket

    if calls.landlock_abi() < 4:
        pytest.skip("this kernel's Landlock knows no ports")
    bind = LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP
    ruleset = calls.landlock_create_ruleset(handled_access_net=bind)
    calls.landlock_add_rule(ruleset, PORT, bind, 0)
    calls.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    calls.landlock_restrict_self(ruleset)
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        try:
            other.bind(("127.0.0.1", one.getsockname()[1] ^ 1))
        except PermissionError:
            return
    raise AssertionError("another port")


def test_landlock_wants_what_the_type_says() -> None:
    """A port is a number, and a type that has no form here is refused."""
    with pytest.raises(TypeError, match="port"):
        calls.landlock_add_rule(-1, PORT, 1, "/usr")
    with pytest.raises(ValueError, match="rule_type"):
        calls.landlock_add_rule(-1, 99, 1, 1)


@pytest.mark.isolated
def test_a_filter_decides_about_calls() -> None:
    """Instructions are tuples or structures; the call that they name is refused from then on."""
    here = abi.current()
    load = flags.BPF_LD | flags.BPF_W | flags.BPF_ABS
    unless = flags.BPF_JMP | flags.BPF_JEQ | flags.BPF_K
    number, arch = (one.offset for one in structures.describe("seccomp_data")[:2])
    program = [
        (load, 0, 0, arch),
        (unless, 0, 3, here.audit_arch if sys.byteorder == "little" else here.audit_arch_big),
        (load, 0, 0, number),
        (unless, 0, 1, numbers.number("getppid")),
        structures.sock_filter(code=flags.BPF_RET, k=SeccompAction.SECCOMP_RET_ERRNO | 77),
        (flags.BPF_RET | flags.BPF_K, 0, 0, SeccompAction.SECCOMP_RET_ALLOW),
    ]
    calls.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    try:
        assert calls.seccomp_set_mode_filter(program) == 0
    except errors.ENOSYS:
        pytest.skip("this kernel has no seccomp")
    try:
        calls.getppid()
    except OSError as error:
        assert error.errno == 77
    else:
        raise AssertionError("getppid went through")


def test_what_seccomp_can_do() -> None:
    """An action is available or not, and the sizes are at least those of the first version."""
    with skipped_if(errors.EINVAL):
        assert calls.seccomp_get_action_avail(SeccompAction.SECCOMP_RET_ALLOW)
        assert not calls.seccomp_get_action_avail(0x12340000)
        sizes = calls.seccomp_get_notif_sizes()
    assert sizes.seccomp_notif >= 80 and sizes.seccomp_data >= 64


def test_security_modules_are_those_of_securityfs() -> None:
    """lsm_list_modules names as many modules as /sys/kernel/security/lsm."""
    with skipped_if():
        found = calls.lsm_list_modules()
    assert len(set(found)) == len(found)
    try:
        with open("/sys/kernel/security/lsm") as file:
            names = file.read().strip().split(",")
    except OSError:
        return
    told = [getattr(one, "name", "").removeprefix("LSM_ID_").lower() for one in found]
    assert told == names


def test_an_attribute_of_the_thread() -> None:
    """lsm_get_self_attr agrees with /proc/self/attr, where a module has the attribute."""
    with skipped_if(errors.EOPNOTSUPP):
        found = calls.lsm_get_self_attr(100)
    with open("/proc/self/attr/current", "rb") as file:
        assert file.read().strip(b"\n\0") in [one.context.strip(b"\n\0") for one in found]


def test_what_goes_into_a_structure_is_refused_by_name() -> None:
    """A wrong argument is a TypeError that names the parameter, before the kernel is asked."""
    wrong: list[tuple[str, Callable[[], object]]] = [
        ("target must be an int or have fileno", lambda: calls.landlock_add_rule(-1, BELOW, 1, 1.5)),
        ("fd must be an int or have fileno", lambda: calls.epoll_ctl(-1, 1, "1", 1)),
        ("mnt_fd must be an int or have fileno", lambda: calls.statmount(mnt_fd="1")),
        ("userns_fd must be an int or have fileno", lambda: calls.mount_setattr(-1, "", userns_fd=b"1")),
        ("payload must be bytes", lambda: calls.add_key("user", "name", 5)),
        ("payload must be bytes", lambda: calls.keyctl_update(1, "text")),
        ("mtext must be bytes", lambda: calls.msgsnd(-1, 1, 5)),
        ("u_msg_ptr must be bytes", lambda: calls.mq_timedsend(-1, "text")),
        ("value must be bytes", lambda: calls.setxattrat(-1, "", 0, "user.a", "text")),
        ("value must be bytes", lambda: calls.fsconfig(-1, 2, "key", 5)),
        ("context must be bytes", lambda: calls.lsm_set_self_attr(100, 100, 5)),
        ("u_name must be str", lambda: calls.mq_open(5, 0)),
        ("tsops", lambda: calls.semop(-1, [(1,)])),
        ("filter", lambda: calls.seccomp_set_mode_filter([(1, 2)])),
        ("params", lambda: calls.io_uring_setup(1, 5)),
        ("attr_uptr", lambda: calls.perf_event_open(5)),
        ("maxevents", lambda: calls.epoll_wait(-1, "4")),
        ("keyctl_read: key must be an int, not str", lambda: calls.keyctl_read("a")),
        ("keyctl_move: source must be an int, not bytes", lambda: calls.keyctl_move(1, b"a", 2)),
        ("keyctl_search: type must be str or bytes, not int", lambda: calls.keyctl_search(1, 5, "a")),
        ("getrandom: len must be an int", lambda: calls.getrandom("a")),
        ("getdents64: count must be an int", lambda: calls.getdents64(-1, "a")),
        ("inotify_read: count must be an int", lambda: calls.inotify_read(-1, "a")),
        ("signalfd_read: count must be an int", lambda: calls.signalfd_read(-1, "a")),
        ("setgroups: grouplist must be a sequence", lambda: calls.setgroups(5)),
        ("semop: tsops must be a sequence", lambda: calls.semop(-1, 5)),
        ("msgsnd: mtype must be an int", lambda: calls.msgsnd(-1, "a", b"")),
        ("futex_waitv: waiters must be a sequence", lambda: calls.futex_waitv(5)),
        ("filter must be a sequence", lambda: calls.seccomp_set_mode_filter(5)),
        ("sched_setaffinity: cpus must be a sequence", lambda: calls.sched_setaffinity(0, 5)),
        ("uattr must be structures.sched_attr", lambda: calls.sched_setattr(0, 5)),
        ("utx must be structures.timex", lambda: calls.clock_adjtime(0, 5)),
        ("process_vm_readv: rvec must be a sequence", lambda: calls.process_vm_readv(1, 5)),
    ]
    for words, call in wrong:
        with pytest.raises(TypeError, match=words):
            call()
