"""Calls whose command decides what the arguments are: what the kernel answers is a value."""

from __future__ import annotations

import array
import os
import pty
import signal
import struct
import tempfile
from collections.abc import Callable, Iterator
from typing import Any, assert_type

import leftovers
import pytest
from c_library import MUSL
from skips import skipped_if

from pysys import abi, calls, errors, ioctls, numbers, parameters, structures
from pysys.calls import _commands, direct
from pysys.flags import (
    ARCH_GET_FS,
    CLONE_NEWNS,
    F_DUPFD,
    F_GET_RW_HINT,
    F_GETFD,
    F_GETLK,
    F_GETOWN_EX,
    F_GETOWNER_UIDS,
    F_OWNER_PGRP,
    F_RDLCK,
    F_SET_RW_HINT,
    F_SETLK,
    F_SETOWN_EX,
    F_UNLCK,
    F_WRLCK,
    GETALL,
    GETVAL,
    GRPQUOTA,
    IOPRIO_CLASS_BE,
    IOPRIO_PRIO_VALUE,
    IPC_CREAT,
    IPC_EXCL,
    IPC_INFO,
    IPC_RMID,
    IPC_SET,
    IPC_STAT,
    MNT_DETACH,
    MS_PRIVATE,
    MS_REC,
    MSG_INFO,
    MSG_STAT_ANY,
    PR_GET_AUXV,
    PR_GET_CHILD_SUBREAPER,
    PR_GET_DUMPABLE,
    PR_GET_NAME,
    PR_GET_PDEATHSIG,
    PR_GET_TID_ADDRESS,
    PR_SET_CHILD_SUBREAPER,
    PR_SET_NAME,
    PR_SET_PDEATHSIG,
    Q_GETFMT,
    Q_GETINFO,
    Q_GETNEXTQUOTA,
    Q_GETQUOTA,
    Q_QUOTAON,
    Q_SETQUOTA,
    Q_XGETQSTATV,
    Q_XQUOTAON,
    QCMD,
    QFMT_SHMEM,
    QFMT_VFS_V1,
    QIF_LIMITS,
    SECCOMP_GET_NOTIF_SIZES,
    SEM_INFO,
    SEM_STAT_ANY,
    SETALL,
    SETVAL,
    SHM_INFO,
    SHM_STAT_ANY,
    USRQUOTA,
)
from pysys.parameters import commands
from pysys.structures import documentation

ABI = abi.current()


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """A pipe with three bytes in it."""
    made = os.pipe()
    os.write(made[1], b"abc")
    yield made
    for end in made:
        os.close(end)


def _made(make: Callable[..., int], *arguments: int) -> int:
    with skipped_if(errors.ENOSPC):
        return make(leftovers.key(), *arguments, IPC_CREAT | IPC_EXCL | 0o600)


@pytest.fixture
def semaphores() -> Iterator[int]:
    """Three System V semaphores."""
    made = _made(calls.semget, 3)
    yield made
    calls.semctl(made, 0, IPC_RMID)


def test_fcntl_of_an_owner(ends: tuple[int, int]) -> None:
    """F_GETOWN_EX is a structure, F_GETOWNER_UIDS a tuple of ids."""
    owner = structures.f_owner_ex(type=F_OWNER_PGRP, pid=os.getpgrp())
    assert calls.fcntl(ends[0], F_SETOWN_EX, owner) == 0
    found = calls.fcntl(ends[0], F_GETOWN_EX)
    assert (found.type, found.pid) == (F_OWNER_PGRP, os.getpgrp())
    with skipped_if(errors.EINVAL):  # without CONFIG_CHECKPOINT_RESTORE
        assert calls.fcntl(ends[0], F_GETOWNER_UIDS) == (os.getuid(), os.geteuid())


def test_fcntl_with_memory_is_the_kernels(ends: tuple[int, int]) -> None:
    """What the caller gives is written to, and the result is the kernel's int."""
    space = structures.f_owner_ex(type=9, pid=9)
    assert calls.fcntl(ends[0], F_GETOWN_EX, space) == 0
    assert space.type != 9 and space.pid == 0
    assert calls.fcntl(ends[0], F_GETFD) == 1
    copy = calls.fcntl(ends[0], F_DUPFD, 50)
    assert copy >= 50
    os.close(copy)


def test_fcntl_of_a_hint(tmp_path: Any) -> None:
    """It is an int; an object with fileno() is asked once."""
    with open(tmp_path / "file", "w+") as file:
        with skipped_if(errors.EINVAL):  # before Linux 4.13
            calls.fcntl(file, F_SET_RW_HINT, array.array("Q", [2]))
        assert calls.fcntl(file, F_GET_RW_HINT) == 2
        asked = []

        class Once:
            def fileno(self) -> int:
                asked.append(1)
                return file.fileno()

        assert calls.fcntl(Once(), F_GET_RW_HINT) == 2
        assert asked == [1]


@pytest.mark.skipif(ABI.bits == 32, reason="with 32 bits the old entry point takes another lock")
def test_fcntl_of_a_lock(tmp_path: Any) -> None:
    """It is written into the one that asks."""
    with open(tmp_path / "file", "w+") as file:
        assert calls.fcntl(file, F_SETLK, structures.flock(l_type=F_WRLCK)) == 0
        lock = structures.flock(l_type=F_RDLCK)
        assert calls.fcntl(file, F_GETLK, lock) == 0 and lock.l_type == F_UNLCK


@pytest.mark.isolated
def test_prctl() -> None:
    """A name is a str, numbers are ints, and what the result says itself stays the result."""
    assert calls.prctl(PR_SET_NAME, "worker \udce4") == 0
    assert calls.prctl(PR_GET_NAME) == "worker \udce4"
    calls.prctl(PR_SET_NAME, "fifteen letters")
    assert calls.prctl(PR_GET_NAME) == "fifteen letters"
    assert calls.prctl(PR_GET_PDEATHSIG) == 0
    calls.prctl(PR_SET_PDEATHSIG, signal.SIGUSR1)
    assert calls.prctl(PR_GET_PDEATHSIG) == signal.SIGUSR1
    calls.prctl(PR_SET_CHILD_SUBREAPER, 1)
    assert calls.prctl(PR_GET_CHILD_SUBREAPER) == 1
    assert calls.prctl(PR_GET_DUMPABLE) in (0, 1)
    space = bytearray(16)
    assert calls.prctl(PR_GET_NAME, space) == 0 and space == b"fifteen letters\0"


@pytest.mark.isolated
def test_prctl_of_sizes() -> None:
    """Where the result is a size, it is asked for without memory; with a size, there is memory of it."""
    with skipped_if(errors.EINVAL):  # before Linux 6.4
        size = calls.prctl(PR_GET_AUXV)
    with open("/proc/self/auxv", "rb") as file:
        expected = file.read()
    assert calls.prctl(PR_GET_AUXV, None, size)[: len(expected)] == expected


@pytest.mark.isolated
def test_prctl_of_an_address() -> None:
    """It has the width of the kernel's pointers, and is an int."""
    with skipped_if(errors.EINVAL):  # without CONFIG_CHECKPOINT_RESTORE
        found = calls.prctl(PR_GET_TID_ADDRESS)
    assert isinstance(found, int) and (found > 0 or MUSL)  # whose fork registers none for the child


def test_ioctl_with_memory_is_the_kernels(ends: tuple[int, int]) -> None:
    """On every ABI, by the number that it has; an unknown request is the kernel's affair."""
    number = array.array("i", [0])
    assert calls.ioctl(ends[0], ioctls.FIONREAD, number) == 0 and number[0] == 3
    for unknown in (0x80046601, 0x6601):  # one that says it answers with four bytes, which may be a lie
        with pytest.raises(errors.ENOTTY):
            calls.ioctl(ends[0], unknown)
    with pytest.raises(errors.EBADF):
        calls.ioctl(-1, ioctls.FIONREAD)


@pytest.mark.skipif(
    ABI.architecture in ("alpha", "mips", "parisc", "powerpc", "sh", "sparc", "xtensa"),
    reason="the table of commands does not have this architecture's own numbers of terminals and pipes",
)
def test_ioctl(ends: tuple[int, int]) -> None:
    """An int of FIONREAD, and a terminal's size."""
    assert calls.ioctl(ends[0], ioctls.FIONREAD) == 3
    master, slave = pty.openpty()
    try:
        calls.ioctl(slave, ioctls.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        assert struct.unpack("4H", bytes(calls.ioctl(master, ioctls.TIOCGWINSZ))) == (24, 80, 0, 0)
    finally:
        os.close(master)
        os.close(slave)


def test_semctl(semaphores: int) -> None:
    """The set's state, all values, and an index with its identifier."""
    assert calls.semctl(semaphores, 1, SETVAL, 7) == 0
    assert calls.semctl(semaphores, 0, GETALL) == (0, 7, 0)
    assert calls.semctl(semaphores, 1, GETVAL) == 7
    calls.semctl(semaphores, 0, SETALL, array.array("H", [1, 2, 3]))
    assert calls.semctl(semaphores, 0, GETALL) == (1, 2, 3)
    found = calls.semctl(semaphores, 0, IPC_STAT)
    assert (found.sem_nsems, found.sem_perm.mode & 0o777, found.sem_perm.uid) == (3, 0o600, os.geteuid())
    highest, limits = calls.semctl(0, 0, IPC_INFO)
    assert highest >= 0 and limits.semmsl > 0
    highest, usage = calls.semctl(0, 0, SEM_INFO)
    assert usage.semusz >= 1  # sets that exist
    _found(calls.semctl, lambda index: (index, 0, SEM_STAT_ANY), highest, semaphores)


def _found(call: Callable[..., Any], arguments: Callable[[int], Any], highest: int, wanted: int) -> None:
    """One of the indexes has this identifier."""
    for index in range(highest + 1):
        try:
            identifier, state = call(*arguments(index))
        except errors.EINVAL:  # nothing is there
            continue
        if identifier == wanted:
            assert state.nbytes > 16
            return
    raise AssertionError(f"{wanted} is at none of {highest + 1} indexes")


def test_msgctl() -> None:
    """The queue's state, what it may have, and an index with its identifier."""
    queue = _made(calls.msgget)
    try:
        calls.msgsnd(queue, 1, b"message")
        found = calls.msgctl(queue, IPC_STAT)
        assert (found.msg_qnum, found.msg_cbytes, found.msg_perm.mode & 0o777) == (1, 7, 0o600)
        found.msg_perm.mode = 0o640
        assert calls.msgctl(queue, IPC_SET | _OLD["msgctl"], found) == 0
        assert calls.msgctl(queue, IPC_STAT).msg_perm.mode & 0o777 == 0o640
        highest, usage = calls.msgctl(0, MSG_INFO)
        assert usage.msgpool >= 1
        _found(calls.msgctl, lambda index: (index, MSG_STAT_ANY), highest, queue)
    finally:
        calls.msgctl(queue, IPC_RMID)
    with pytest.raises((errors.EINVAL, errors.EIDRM)):
        calls.msgctl(queue, IPC_STAT)


def test_shmctl() -> None:
    """The segment's state, and an index with its identifier."""
    segment = _made(calls.shmget, 5000)
    try:
        found = calls.shmctl(segment, IPC_STAT)
        assert (found.shm_segsz, found.shm_nattch, found.shm_cpid) == (5000, 0, os.getpid())
        assert calls.shmctl(0, IPC_INFO)[1].shmmni > 0
        highest, usage = calls.shmctl(0, SHM_INFO)
        assert usage.used_ids >= 1
        _found(calls.shmctl, lambda index: (index, SHM_STAT_ANY), highest, segment)
    finally:
        calls.shmctl(segment, IPC_RMID)


# What IPC_SET needs where the entry point has an older structure, too, as those by number do.
_OLD = {name: 0x100 if "old_" in numbers.entry(name) else 0 for name in ("msgctl",)}


def test_seccomp() -> None:
    """The sizes of the structures that supervisors exchange."""
    with skipped_if(errors.EINVAL):  # before Linux 5.0
        sizes = calls.seccomp(SECCOMP_GET_NOTIF_SIZES)
    assert sizes == calls.seccomp_get_notif_sizes()


def test_quotactl() -> None:
    """What is asked of a file system without quotas is the kernel's error."""
    assert QCMD(Q_GETINFO, GRPQUOTA) == Q_GETINFO << 8 | GRPQUOTA
    with pytest.raises(ValueError, match="QCMD: type: 256 is out of range"):
        QCMD(Q_GETINFO, 256)
    for command in (Q_GETINFO, Q_XGETQSTATV, Q_XQUOTAON):
        with pytest.raises((errors.ENOTBLK, errors.ENOSYS, errors.EPERM, errors.ENOENT)):
            calls.quotactl(QCMD(command, USRQUOTA), "/dev/null", 0)
    with open("/dev/null") as file, pytest.raises(errors.SyscallError):
        calls.quotactl_fd(file, QCMD(Q_GETINFO, USRQUOTA))
    need = structures.if_dqblk.nbytes
    with pytest.raises(ValueError, match=f"quotactl: addr is 8 bytes long, but the call uses {need}"):
        calls.quotactl(QCMD(Q_SETQUOTA, USRQUOTA), "/dev/null", 0, bytes(8))


@pytest.mark.isolated
def test_quotactl_gives_structures() -> None:
    """What a tmpfs of the test's own says of limits that were set there."""
    place = tempfile.mkdtemp()
    try:
        with skipped_if(errors.EPERM, errors.EINVAL):
            calls.unshare(CLONE_NEWNS)
            calls.mount(None, "/", None, MS_REC | MS_PRIVATE, None)
            calls.mount("none", place, "tmpfs", 0, "usrquota")  # EINVAL without CONFIG_TMPFS_QUOTA
        fd = os.open(place, os.O_RDONLY)
        limits = structures.if_dqblk(dqb_bhardlimit=64, dqb_ihardlimit=5, dqb_valid=QIF_LIMITS)
        assert calls.quotactl_fd(fd, QCMD(Q_SETQUOTA, USRQUOTA), 1000, limits) == 0
        found = assert_type(calls.quotactl_fd(fd, QCMD(Q_GETQUOTA, USRQUOTA), 1000), structures.if_dqblk)
        assert (found.dqb_bhardlimit, found.dqb_ihardlimit) == (64, 5)
        after = calls.quotactl_fd(fd, QCMD(Q_GETNEXTQUOTA, USRQUOTA), 1)
        assert assert_type(after, structures.if_nextdqblk).dqb_id == 1000
        assert assert_type(calls.quotactl_fd(fd, QCMD(Q_GETFMT, USRQUOTA)), int) == QFMT_SHMEM
        info = calls.quotactl_fd(fd, QCMD(Q_GETINFO, USRQUOTA))
        assert assert_type(info, structures.if_dqinfo).dqi_bgrace > 0
    finally:
        calls.umount2(place, MNT_DETACH) if os.path.ismount(place) else None
        os.rmdir(place)


def test_quotactl_asks_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes there and what comes back, of commands that few file systems know."""
    asked: list[tuple[Any, ...]] = []

    def kernel(*arguments: Any) -> int:
        asked.append(arguments)
        return 0

    monkeypatch.setattr(_commands, "_called", lambda _, *arguments: kernel(*arguments))
    state = calls.quotactl(QCMD(Q_XGETQSTATV, USRQUOTA), "/dev/sda")
    assert assert_type(state, structures.fs_quota_statv).qs_version == 1 and asked[0][3] is state
    calls.quotactl_fd(5, QCMD(Q_XQUOTAON, USRQUOTA), 0, 2)  # FS_QUOTA_UDQ_ENFD
    assert asked[1][3][0] == 2
    calls.quotactl_fd(5, QCMD(Q_QUOTAON, USRQUOTA), QFMT_VFS_V1, "aquota.user")
    assert asked[2] == (5, Q_QUOTAON << 8, QFMT_VFS_V1, "aquota.user")


@pytest.mark.portable
def test_a_priority_of_two_numbers() -> None:
    """As the macro makes it; the kernel's own makes an invalid one of what is out of range."""
    assert IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 7) == IOPRIO_CLASS_BE << 13 | 7
    with pytest.raises(ValueError, match="IOPRIO_PRIO_VALUE: priolevel: 8 is out of range"):
        IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 8)


def test_arch_prctl() -> None:
    """The address that the kernel writes; an ABI that lacks the call says so."""
    if ABI.name == "x86_64":
        space = array.array("L", [0])
        direct.arch_prctl(ARCH_GET_FS, space)
        assert calls.arch_prctl(ARCH_GET_FS) == space[0] > 0
    elif "arch_prctl" not in numbers.table():
        with pytest.raises(errors.ENOSYS, match="arch_prctl"):
            calls.arch_prctl(ARCH_GET_FS)


def test_what_answers_nothing_is_remembered(ends: tuple[int, int]) -> None:
    """Asked again, in another way and with other arguments, such a command does the same."""
    for _ in range(3):
        assert calls.fcntl(ends[0], F_GETFD) == calls.fcntl(ends[0], int(F_GETFD)) == 1
        assert calls.fcntl(ends[0], F_GETOWN_EX).nbytes == 8
        with pytest.raises(errors.EBADF):
            calls.fcntl(-1, F_GETFD)
        with pytest.raises(errors.EINVAL):
            calls.fcntl(ends[0], 12345)
    copy = calls.fcntl(ends[0], F_DUPFD)
    assert os.path.sameopenfile(copy, ends[0])
    os.close(copy)


def test_wrong_arguments_have_names() -> None:
    """The words are those of the call itself, with and without an answer."""
    for command in (F_GETFD, F_GETOWN_EX):
        with pytest.raises(TypeError, match="fcntl: fd must be"):
            calls.fcntl("0", command)  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(TypeError, match="prctl: option must be"):
        calls.prctl("PR_GET_NAME")  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(ValueError, match="prctl: arg2 is 15 bytes"):
        calls.prctl(PR_GET_NAME, bytearray(15))


@pytest.mark.portable
@pytest.mark.parametrize("which", abi.ABIS)
def test_every_answer_has_a_kind(which: str) -> None:
    """What commands write is bytes, numbers, or a structure of pysys.structures."""
    known = set(structures.names())
    if which != ABI.name:
        known |= documentation.TEXTS.keys()  # those that other ABIs have
    for call in ("fcntl", "ioctl", "prctl", "arch_prctl", "semctl", "msgctl", "shmctl", "quotactl", "ptrace"):
        for line in commands.commands(call, abi.get(which)).splitlines()[1:]:
            for spec in parameters.items(line.partition(" ")[2]).values():
                if spec.startswith("out:"):
                    points = spec.removeprefix("out:").partition("[")[0].rstrip("?").partition(",")[0]
                    kinds = {"void", "int", "long", "short", "unsigned"}
                    assert points in known or kinds.issuperset(points.split()), (call, line)


def test_type_checkers_know_what_is_answered() -> None:
    """mypy, which reads this, agrees with what runs: each answer has the type that the stubs give it."""
    main, terminal = os.openpty()
    read, write = os.pipe()
    try:
        size = assert_type(calls.ioctl(terminal, ioctls.TIOCGWINSZ), structures.winsize)
        assert isinstance(size, structures.winsize)
        assert isinstance(assert_type(calls.ioctl(main, ioctls.TIOCGPTN), int), int)
        assert assert_type(calls.ioctl(terminal, ioctls.TIOCSWINSZ, size), int) == 0
        owner = assert_type(calls.fcntl(read, F_GETOWN_EX), structures.f_owner_ex)
        assert isinstance(owner, structures.f_owner_ex)
        assert isinstance(assert_type(calls.fcntl(read, F_GETFD), int), int)
        assert assert_type(calls.fcntl(read, F_GETOWN_EX, owner), int) == 0
        assert isinstance(assert_type(calls.prctl(PR_GET_NAME), str), str)
        assert isinstance(assert_type(calls.prctl(PR_GET_DUMPABLE), int), int)
        number: int = F_GETFD
        assert isinstance(assert_type(calls.fcntl(read, number), Any), int)
    finally:
        for one in (main, terminal, read, write):
            os.close(one)
