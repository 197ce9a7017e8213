"""Typed calls whose results are values: those whose command decides what the arguments are.

    fcntl(fd, F_GETOWN_EX)          structures.f_owner_ex(type=1, pid=4711)
    prctl(PR_GET_NAME)              "python3"
    semctl(semid, 0, GETALL)        (1, 0, 0)
    semctl(0, 0, SEM_INFO)          (7, structures.seminfo(...))

Where the kernel answers into memory, and the memory is left out (None), it is made here, as long as the
table of commands says (pysys.parameters.commands), and what the kernel has written is the result. With memory
of the caller, and with commands that are not in the table, the call is the kernel's own, and the result is
its int.
"""

from __future__ import annotations

import sys
from os import fsdecode

from pysys._native import ffi
from pysys.abi import current
from pysys.arguments import bound, typed
from pysys.calls import direct
from pysys.calls._make.build import is_made
from pysys.calls._make.in_python import typed_call
from pysys.doc import documented_call
from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys._types import Descriptor, Path, Word
    from pysys.arguments.typed import BoundParameter

# Commands whose result says something besides: an identifier, the highest index.
_RESULTS_TOO = {
    "semctl": frozenset({3, 18, 19, 20}),
    "msgctl": frozenset({3, 11, 12, 13}),
    "shmctl": frozenset({3, 13, 14, 15}),
}
_PR_GET_NAME = 16
_PR_GET_TID_ADDRESS = 40


@documented_call
def fcntl(fd: Descriptor, cmd: int, arg: Word | None = None) -> Any:
    """fcntl(2): ask for or change what an open file or its descriptor has.

    fd: the descriptor. cmd: flags.FcntlCommand.
    arg: what the command takes: an int, a descriptor, flags.OpenFlags, structures.flock ...; None where it
        takes nothing, and where the kernel answers into memory.

    Returns what the kernel wrote, if it answers into memory and arg is None: structures.f_owner_ex of
    F_GETOWN_EX, an int of F_GET_RW_HINT. Otherwise the kernel's result, an int: the new descriptor of
    F_DUPFD, the flags of F_GETFL; F_GETLK writes into the lock that it gets.

    Since Linux 1.0.
    """
    return direct.fcntl(fd, cmd, arg) if arg is not None else _called("fcntl", fd, cmd, arg)


@documented_call
def ioctl(fd: Descriptor, cmd: int, arg: Word | None = None) -> Any:
    """ioctl(2): ask a device, a file system or another driver for something of its own.

    fd: its descriptor. cmd: the request, as pysys.ioctls has it.
    arg: what the request takes: an int, a buffer, a structure; None where it takes nothing, and where the
        kernel answers into memory.

    Returns what the kernel wrote, if arg is None and the request is known to answer: an int of FIONREAD,
    structures.winsize of TIOCGWINSZ. Of many it is known by their names alone, as pysys.ioctls has them, and
    not by the number: an int of ioctls.TIOCGPTN, bytes of a structure that is not in pysys.structures.
    Otherwise the kernel's result, an int.

    Since Linux 1.0.
    """
    return direct.ioctl(fd, cmd, arg) if arg is not None else _called("ioctl", fd, cmd, arg)


@documented_call
def prctl(
    option: int,
    arg2: Word | None = None,
    arg3: Word | None = None,
    arg4: Word | None = None,
    arg5: Word | None = None,
) -> Any:
    """prctl(2): ask for or change what belongs to this thread or process.

    option: flags.PrctlOption.
    arg2, arg3, arg4, arg5: what it takes: ints, a name as a str, memory; None is 0.

    Returns what the kernel wrote, if it answers into memory and that argument is None: a str of PR_GET_NAME,
    an int of PR_GET_PDEATHSIG. Otherwise the kernel's result, an int, as that of PR_GET_DUMPABLE.

    Since Linux 2.2.
    """
    return _called("prctl", option, arg2, arg3, arg4, arg5)


@documented_call
def arch_prctl(option: int, arg2: Word | None = None) -> Any:
    """arch_prctl(2): ask for or change what x86 has for each thread or process.

    option: flags.ArchPrctlOption. arg2: an int, an address, memory; None is 0.

    Returns what the kernel wrote, an int, if it answers into memory and arg2 is None: the address of
    ARCH_GET_FS. Otherwise the kernel's result, an int.

    Since Linux 2.6; on i386 since Linux 4.12.
    """
    return _called("arch_prctl", option, arg2)


@documented_call
def semctl(semid: int, semnum: int, cmd: int, arg: Word | None = None) -> Any:
    """semctl(2): ask for, change or remove a set of semaphores.

    semid: the set, of semget; an index for SEM_STAT. semnum: one semaphore, for commands about one.
    cmd: flags.IpcCommand or SemctlCommand; IPC_64 is added where this ABI wants it.
    arg: a value for SETVAL, an array of unsigned shorts for SETALL, structures.semid_ds for IPC_SET; None
        where the command takes nothing, and where the kernel answers into memory.

    Returns what the kernel wrote, if arg is None: structures.semid_ds of IPC_STAT, a tuple of ints of GETALL;
    the identifier and structures.semid_ds of SEM_STAT; the highest index and structures.seminfo of SEM_INFO.
    Otherwise the kernel's result, an int, as that of GETVAL.

    Since Linux 2.0.
    """
    return (
        direct.semctl(semid, semnum, cmd, arg)
        if arg is not None
        else _called("semctl", semid, semnum, cmd, arg)
    )


@documented_call
def msgctl(msqid: int, cmd: int, buf: Word | None = None) -> Any:
    """msgctl(2): ask for, change or remove a queue of messages.

    msqid: the queue, of msgget; an index for MSG_STAT. cmd: flags.IpcCommand or MsgctlCommand.
    buf: structures.msqid_ds for IPC_SET; None where the command takes nothing, and where the kernel answers.

    Returns what the kernel wrote, if buf is None: structures.msqid_ds of IPC_STAT; the identifier and
    structures.msqid_ds of MSG_STAT; the highest index and structures.msginfo of MSG_INFO. Otherwise the
    kernel's result, an int.

    Since Linux 2.0.
    """
    return _called("msgctl", msqid, cmd, buf)


@documented_call
def shmctl(shmid: int, cmd: int, buf: Word | None = None) -> Any:
    """shmctl(2): ask for, change, lock or remove a segment of shared memory.

    shmid: the segment, of shmget; an index for SHM_STAT. cmd: flags.IpcCommand or ShmctlCommand.
    buf: structures.shmid_ds for IPC_SET; None where the command takes nothing, and where the kernel answers.

    Returns what the kernel wrote, if buf is None: structures.shmid_ds of IPC_STAT; the identifier and
    structures.shmid_ds of SHM_STAT; the highest index and structures.shm_info of SHM_INFO. Otherwise the
    kernel's result, an int.

    Since Linux 2.0.
    """
    return _called("shmctl", shmid, cmd, buf)


@documented_call
def quotactl(cmd: int, special: Path | None = None, id: int = 0, addr: Word | None = None) -> Any:
    """quotactl(2): ask for or change the quotas of a file system, by its device.

    cmd: flags.QCMD(flags.QuotaCommand, flags.QuotaType). special: the device; None for Q_SYNC of all.
    id: whose quota; flags.QuotaFormat of Q_QUOTAON.
    addr: the path of Q_QUOTAON, structures.if_dqblk of Q_SETQUOTA, structures.if_dqinfo of Q_SETINFO,
        structures.fs_disk_quota of Q_XSETQLIM, flags of Q_XQUOTAON, Q_XQUOTAOFF and Q_XQUOTARM; None where
        the command takes nothing, and where the kernel answers.

    Returns what the kernel wrote, if addr is None: structures.if_dqblk of Q_GETQUOTA, structures.if_nextdqblk
    of Q_GETNEXTQUOTA, structures.if_dqinfo of Q_GETINFO, the number of a flags.QuotaFormat of Q_GETFMT; of
    XFS structures.fs_disk_quota, fs_quota_stat and fs_quota_statv. Otherwise the kernel's result, an int.

    Since Linux 1.0.
    """
    addr, answer = _quota(cmd, addr)
    result = _called("quotactl", cmd, special, id, addr)
    return result if answer is None else answer


@documented_call
def quotactl_fd(fd: Descriptor, cmd: int, id: int = 0, addr: Word | None = None) -> Any:
    """quotactl_fd(2): as quotactl, by a descriptor of the file system.

    fd: of any file there. cmd: as for quotactl. id: whose quota. addr: as for quotactl.

    Returns what the kernel wrote, if addr is None; otherwise the kernel's result, an int.

    Since Linux 5.14.
    """
    addr, answer = _quota(cmd, addr)
    result = _called("quotactl_fd", fd, cmd, id, addr)
    return result if answer is None else answer


_Q_XGETQSTATV, _FS_QSTATV_VERSION1 = 0x5808, 1
_TAKE_FLAGS = frozenset({0x5801, 0x5802, 0x5806})
_NO_ADDRESS = 4096  # addresses begin there


def _quota(cmd: int, addr: Any) -> tuple[Any, Any]:
    """The last argument as the kernel takes it; and the answer, if it is not what the call returns."""
    if isinstance(cmd, int):
        if cmd >> 8 == _Q_XGETQSTATV and addr is None:
            structures = load("pysys.structures", "pysys.calls.quotactl")
            state = structures.fs_quota_statv(qs_version=_FS_QSTATV_VERSION1)
            return state, state
        if cmd >> 8 in _TAKE_FLAGS and isinstance(addr, int) and 0 <= addr < _NO_ADDRESS:
            return ffi.new("unsigned int *", addr), None
    return addr, None


@documented_call
def seccomp(op: int, flags: int = 0, uargs: Word | None = None) -> Any:
    """seccomp(2): restrict the calls of this thread, or ask what its filters may use.

    op: flags.SeccompOperation. flags: flags.SeccompFilterFlags.
    uargs: structures.sock_fprog for SECCOMP_SET_MODE_FILTER (seccomp_set_mode_filter takes instructions),
        memory with an action; None where the operation takes nothing, and where the kernel answers.

    Returns what the kernel wrote, if uargs is None: structures.seccomp_notif_sizes. Otherwise the kernel's
    result, an int.

    Since Linux 3.17.
    """
    return _called("seccomp", op, flags, uargs)


# Commands that have been found to answer nothing, by call; not of calls where a second argument decides, too.
_SILENT: dict[str, set[int]] = {}
_REMEMBERED = 1000  # of each call at most


def _called(name: str, *args: Any) -> Any:
    """The call; if the kernel answers into memory that the caller leaves out, what it writes there."""
    function = getattr(direct, name)
    if not is_made(function):  # this ABI lacks the call, and the function says so
        return function(*args)
    call = typed_call(name)
    commands = call.commands
    assert commands is not None
    command = args[commands.first]
    silent = _SILENT.setdefault(name, set())
    if isinstance(command, int) and command in silent:
        return function(*args)
    told = call.told(args)
    assert told is not None
    for index in told.answers:
        if args[index] is None:
            args = _numbers(name, args)
            if size := told.needs(*args)[index]:
                return _answer(name, commands.first, args, index, told.places[index], size)
    if name == "ioctl" and (size := _size(command)):
        return _asked(args[0], command, size)
    if not told.answers and commands.second < 0 and isinstance(command, int) and len(silent) < _REMEMBERED:
        silent.add(int(command))
    return function(*args)


def _numbers(name: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with numbers for descriptors and integers of other kinds, which are asked only once."""
    return tuple(
        typed.number(arg, place) if place.parameter.kind in ("int", "fd") else arg
        for arg, place in zip(args, typed_call(name).places, strict=True)
    )


def _answer(
    name: str, first: int, args: tuple[Any, ...], index: int, place: BoundParameter, size: int
) -> Any:
    """The call with memory of this size in the place of an argument. first: which of them is the command."""
    values = list(args)
    command = values[first]
    if name in _RESULTS_TOO and "old_" in load("pysys.numbers").entry(name):
        # The entry point has an older layout, too, for the command without this.
        values[first] = command | bound.IPC_64
    points = place.parameter.points
    number = bound.number(points)
    memory: Any
    if number:
        memory = ffi.new(f"{number}[]", size // place.size)
    elif points == "void":
        memory = bytearray(size)
    else:
        kind = getattr(load("pysys.structures", f"pysys.calls.{name}"), points)
        memory = kind.array(size // kind.nbytes) if place.parameter.length else kind()
    values[index] = memory
    result = getattr(direct, name)(*values)
    answer: Any
    if number:
        answer = tuple(memory) if place.parameter.length else memory[0]
    elif points == "void":
        answer = _BYTES.get((name, command), bytes)(memory)
    else:
        answer = memory
    return (result, answer) if command & ~bound.IPC_64 in _RESULTS_TOO.get(name, ()) else answer


def _size(command: Any) -> int:
    """How many bytes a request answers, of those that come with their names; 0 if it does not."""
    if not getattr(command, "structure", ""):
        return 0
    way = load("pysys.parameters.requests").decode(int(command), current().architecture)
    return way[1] if way is not None and way[0] == "out" else 0


def _asked(fd: Descriptor, request: Any, size: int) -> Any:
    """What a request answers, as its header says what that is."""
    memory = bytearray(max(size, _LEAST))
    result, about = direct.ioctl(fd, request, memory), request.structure
    # Of a length that the caller has chosen, drivers say how much they have used.
    answer = bytes(memoryview(memory)[: result if about.endswith("]") and 0 < result <= size else size])
    structures = load("pysys.structures", "pysys.calls.ioctl")
    kind = getattr(structures, about, None) if about.isidentifier() else None
    if kind is not None and kind.nbytes == size:
        return kind.from_bytes(answer)
    if (about := about.replace(" ", "_")) in _SIGNED | _UNSIGNED:
        return int.from_bytes(answer, sys.byteorder, signed=about in _SIGNED)
    return answer


_LEAST = 4096  # at least, for a driver that writes more than its number says
_SIGNED = frozenset("int long pid_t __s8 __s16 __s32 __s64".split())
_UNSIGNED = frozenset("unsigned_int unsigned_long unsigned_short size_t uint32_t".split())
_UNSIGNED |= frozenset("__u8 __u16 __u32 __u64".split())


def _name(answer: bytearray) -> str:
    return fsdecode(bytes(answer).partition(b"\0")[0])


def _word(answer: bytearray) -> int:
    return int.from_bytes(answer, sys.byteorder)


# What bytes are that are more than that.
_BYTES: dict[tuple[str, int], Callable[[bytearray], Any]] = {
    ("prctl", _PR_GET_NAME): _name,
    ("prctl", _PR_GET_TID_ADDRESS): _word,
}
