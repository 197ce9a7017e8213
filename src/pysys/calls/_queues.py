"""Typed calls whose results are values: System V's messages and semaphores, POSIX message queues.

A limit of a POSIX queue is a time of CLOCK_REALTIME, not a span.
"""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import descriptors, integers, iterables, memory
from pysys.arguments.bound import LONG
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._values import durations
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    from pysys._types import Buffer, Descriptor
    from pysys.calls._values.durations import Span

    _Operation: TypeAlias = tuple[int, int] | tuple[int, int, int] | structures.sembuf

_LONGS = -(1 << 8 * LONG - 1), (1 << 8 * LONG - 1) - 1
_MSGMAX = 8192  # the usual limit
_MOST = (1 << 31) - 1 - LONG


@documented_call
def msgsnd(msqid: int, mtype: int, mtext: Buffer, msgflg: int = 0) -> None:
    """msgsnd(2): put a message into a queue.

    msqid: the queue, of msgget.
    mtype: its type, at least 1. mtext: its bytes. msgflg: flags.MsgFlags or IPC_NOWAIT.

    Returns None.

    Raises: EAGAIN with IPC_NOWAIT if the queue is full. Since Linux 2.0.
    """
    data = memory.data("msgsnd: mtext", mtext)
    made = ffi.new("char[]", LONG + len(data))
    ffi.cast("kernel_long *", made)[0] = integers.within("msgsnd: mtype", mtype, _LONGS)
    ffi.memmove(made + LONG, data, len(data))
    direct.msgsnd(msqid, made, len(data), msgflg)


@documented_call
def msgrcv(msqid: int, msgsz: int = _MSGMAX, msgtyp: int = 0, msgflg: int = 0) -> tuple[int, bytes]:
    """msgrcv(2): take a message out of a queue: its type and its bytes.

    msqid: the queue, of msgget.
    msgsz: how many bytes at most; a longer one stays there, E2BIG, or is cut off with MSG_NOERROR.
    msgtyp: 0: the first; above 0: the first of this type; below 0: of the lowest type up to -msgtyp.
    msgflg: flags.MsgFlags or IPC_NOWAIT.

    Returns the type and the bytes.

    Raises: ENOMSG with IPC_NOWAIT if there is none. Since Linux 2.0.
    """
    buffer = ffi.new("char[]", LONG + integers.count("msgrcv: msgsz", msgsz, _MOST))
    count = direct.msgrcv(msqid, buffer, msgsz, msgtyp, msgflg)
    return int(ffi.cast("kernel_long *", buffer)[0]), bytes(ffi.buffer(buffer + LONG, count))


@documented_call
def semop(semid: int, tsops: Iterable[_Operation]) -> None:
    """semop(2): change semaphores of a set, all at once, or wait until that can be.

    semid: the set, of semget.
    tsops: for each (number, change) or (number, change, flags.SemopFlags), or structures.sembuf; change 0
        waits until the semaphore is 0.

    Returns None.

    Raises: EAGAIN with IPC_NOWAIT if it cannot be now. Since Linux 2.0.
    """
    operations = _operations("semop: tsops", tsops)
    resolved.semop(semid, operations, len(operations))


@documented_call
def semtimedop(semid: int, tsops: Iterable[_Operation], timeout: Span | None) -> None:
    """semtimedop(2): as semop, with a limit in seconds, or as structures.timespec. None waits forever.

    semid, tsops: as for semop.
    timeout: seconds, (seconds, nanoseconds) or structures.timespec; None waits forever.

    Returns None.

    Raises: EAGAIN when the time has passed, EINTR when the handler of a signal has run. Since Linux 2.6.
    """
    operations = _operations("semtimedop: tsops", tsops)
    limit = durations.timespec("semtimedop: timeout", timeout)
    resolved.semtimedop(semid, operations, len(operations), limit)


def _operations(title: str, tsops: Iterable[_Operation]) -> Any:
    found = iterables.items(title, tsops, "(number, change)")
    return structures.sembuf.array([_operation(f"{title}[{index}]", one) for index, one in enumerate(found)])


def _operation(title: str, one: _Operation) -> Any:
    if isinstance(one, structures.sembuf):
        return one
    parts = iterables.parts(title, one, "(number, change[, flags])", (0,))
    return memory.tuple_of(title, structures.sembuf, "sem_num sem_op sem_flg", parts)


@documented_call
def mq_open(
    u_name: str | bytes, oflag: int, mode: int = 0o600, u_attr: structures.mq_attr | None = None
) -> int:
    """mq_open(2): open a message queue. Returns its descriptor, which exec closes.

    u_name: its name, with or without the slash in front that the C library wants.
    oflag: some of flags.OpenFlags: O_CREAT makes it if it is missing.
    mode: flags.FileMode, of a queue that is made. u_attr: structures.mq_attr, its mq_maxmsg and mq_msgsize;
        None: as /proc/sys/fs/mqueue says.

    Since Linux 2.6.6.
    """
    return direct.mq_open(_name(u_name), oflag, mode, u_attr)


@documented_call
def mq_unlink(u_name: str | bytes) -> None:
    """mq_unlink(2): remove a message queue, which lives until its last descriptor is closed.

    u_name: its name, with or without the slash in front that the C library wants.

    Returns None.

    Since Linux 2.6.6.
    """
    direct.mq_unlink(_name(u_name))


@documented_call
def mq_timedsend(
    mqdes: Descriptor, u_msg_ptr: Buffer, msg_prio: int = 0, u_abs_timeout: Span | None = None
) -> None:
    """mq_timedsend(2): put a message into a queue, after those of the same priority.

    mqdes: the queue, of mq_open.
    u_msg_ptr: its bytes. msg_prio: from 0 to 32767.
    u_abs_timeout: a time of CLOCK_REALTIME: seconds, (seconds, nanoseconds) or structures.timespec; None
        waits forever.

    Returns None.

    Raises: EAGAIN with O_NONBLOCK if the queue is full, ETIMEDOUT. Since Linux 2.6.6.
    """
    data = memory.data("mq_timedsend: u_msg_ptr", u_msg_ptr)
    resolved.mq_timedsend(
        mqdes, data, len(data), msg_prio, durations.timespec("mq_timedsend: u_abs_timeout", u_abs_timeout)
    )


@documented_call
def mq_timedreceive(mqdes: Descriptor, u_abs_timeout: Span | None = None) -> tuple[bytes, int]:
    """mq_timedreceive(2): take the oldest message of the highest priority out of a queue: bytes and priority.

    mqdes: the queue, of mq_open.
    u_abs_timeout: a time of CLOCK_REALTIME: seconds, (seconds, nanoseconds) or structures.timespec; None
        waits forever.

    Returns the bytes and the priority.

    Raises: EAGAIN with O_NONBLOCK if there is none, ETIMEDOUT. Since Linux 2.6.6.
    """
    mqdes = descriptors.descriptor("mq_timedreceive: mqdes", mqdes)
    limit = durations.timespec("mq_timedreceive: u_abs_timeout", u_abs_timeout)
    size = mq_getsetattr(mqdes).mq_msgsize
    buffer = ffi.new("char[]", size)
    priority = ffi.new("unsigned int *")
    count = resolved.mq_timedreceive(mqdes, buffer, size, priority, limit)
    return bytes(ffi.buffer(buffer, count)), int(priority[0])


@documented_call
def mq_notify(mqdes: Descriptor, u_notification: structures.sigevent | None = None) -> None:
    """mq_notify(2): be told once when a message comes into an empty queue. None takes that back.

    mqdes: the queue, of mq_open.
    u_notification: structures.sigevent; of flags.SigeventNotify: SIGEV_SIGNAL or SIGEV_NONE.

    Returns None.

    Raises: EBUSY if another process is told. Since Linux 2.6.6.
    """
    direct.mq_notify(mqdes, u_notification)


@documented_call
def mq_getsetattr(mqdes: Descriptor, u_mqstat: structures.mq_attr | None = None) -> structures.mq_attr:
    """mq_getsetattr(2): limits of a queue and how many messages are in it, as they were.

    mqdes: the queue, of mq_open.
    u_mqstat: structures.mq_attr, whose mq_flags, O_NONBLOCK or 0, are set; None sets nothing.

    Returns structures.mq_attr.

    Since Linux 2.6.6.
    """
    found = structures.mq_attr()
    direct.mq_getsetattr(mqdes, u_mqstat, found)
    return found


def _name(name: str | bytes) -> str | bytes:
    if isinstance(name, bytes):
        return name.removeprefix(b"/")
    return name.removeprefix("/") if isinstance(name, str) else name
