"""Message queues and semaphores."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import leftovers
import pytest
from skips import skipped_if

from pysys import calls, errors, structures
from pysys.flags import IPC_CREAT, IPC_EXCL, IPC_NOWAIT, IPC_RMID


@pytest.fixture
def queue() -> Iterator[int]:
    """A System V message queue."""
    with skipped_if(errors.ENOSPC):
        made = calls.msgget(leftovers.key(), IPC_CREAT | IPC_EXCL | 0o600)
    yield made
    calls.msgctl(made, IPC_RMID, None)


@pytest.fixture
def semaphores() -> Iterator[int]:
    """Two System V semaphores."""
    with skipped_if(errors.ENOSPC):
        made = calls.semget(leftovers.key(), 2, IPC_CREAT | IPC_EXCL | 0o600)
    yield made
    calls.semctl(made, 0, IPC_RMID, 0)


@pytest.fixture
def posix() -> Iterator[int]:
    """A POSIX message queue for three messages of 64 bytes."""
    name = f"/{leftovers.name()}"
    attributes = structures.mq_attr(mq_maxmsg=3, mq_msgsize=64)
    with skipped_if(errors.EMFILE, errors.EACCES, errors.ENOSPC):
        made = calls.mq_open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600, attributes)
    again = calls.mq_open(name.encode(), os.O_RDONLY)
    calls.mq_unlink(name)
    os.close(again)
    yield made
    os.close(made)


def test_a_queue_is_its_users_alone() -> None:
    """Without a mode nobody else may use a queue that is made."""
    name = f"/{leftovers.name()}"
    with skipped_if(errors.EMFILE, errors.EACCES, errors.ENOSPC):
        made = calls.mq_open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    calls.mq_unlink(name)
    try:
        assert os.fstat(made).st_mode & 0o777 == 0o600
    finally:
        os.close(made)


def test_the_type_of_a_message_is_a_long(queue: int) -> None:
    """What a long does not hold is refused by name, the first number beyond it as well."""
    bits = 8 * structures.describe("msgbuf")[0].nbytes
    for wrong in (1 << bits - 1, -(1 << bits - 1) - 1):
        with pytest.raises(OverflowError, match=r"^msgsnd: mtype: \S+ is out of range"):
            calls.msgsnd(queue, wrong, b"")
    calls.msgsnd(queue, (1 << bits - 1) - 1, b"last")
    assert calls.msgrcv(queue) == ((1 << bits - 1) - 1, b"last")


def test_messages_have_a_type(queue: int) -> None:
    """msgrcv gives type and bytes, in order or by type, and leaves what is too long."""
    for kind, text in ((3, b"three"), (1, b""), (2, bytearray(b"\0two"))):
        calls.msgsnd(queue, kind, text)
    assert calls.msgrcv(queue, msgtyp=2) == (2, b"\0two")
    with pytest.raises(errors.E2BIG):
        calls.msgrcv(queue, 4)
    assert calls.msgrcv(queue) == (3, b"three")
    assert calls.msgrcv(queue, 0) == (1, b"")
    with pytest.raises(errors.ENOMSG):
        calls.msgrcv(queue, msgflg=IPC_NOWAIT)
    with pytest.raises(errors.EINVAL):
        calls.msgsnd(queue, 0, b"")


def test_semaphores_change_together(semaphores: int) -> None:
    """Tuples or structures, all or none; and a limit in seconds."""
    value = 12  # GETVAL
    calls.semop(semaphores, [(0, 2), structures.sembuf(sem_num=1, sem_op=1)])
    assert [calls.semctl(semaphores, number, value, 0) for number in (0, 1)] == [2, 1]
    with pytest.raises(errors.EAGAIN):
        calls.semop(semaphores, [(0, -2), (1, -2, IPC_NOWAIT)])
    with pytest.raises(errors.EAGAIN):
        calls.semtimedop(semaphores, [(0, -3)], 0.001)
    calls.semtimedop(semaphores, [(0, -1), (1, -1)], None)
    assert [calls.semctl(semaphores, number, value, 0) for number in (0, 1)] == [1, 0]


def test_messages_have_a_priority(posix: int) -> None:
    """mq_timedreceive gives bytes and priority, the highest first; the attributes say how many there are."""
    assert not os.get_inheritable(posix)
    for text, priority in ((b"low", 0), (b"high", 9), (b"", 9)):
        calls.mq_timedsend(posix, text, priority)
    told = calls.mq_getsetattr(posix)
    assert (told.mq_maxmsg, told.mq_msgsize, told.mq_curmsgs) == (3, 64, 3)
    with pytest.raises(errors.ETIMEDOUT):
        calls.mq_timedsend(posix, b"one too many", 0, time.time() + 0.001)
    assert [calls.mq_timedreceive(posix) for _ in range(3)] == [(b"high", 9), (b"", 9), (b"low", 0)]
    with pytest.raises(errors.ETIMEDOUT):
        calls.mq_timedreceive(posix, 1)
    assert calls.mq_getsetattr(posix, structures.mq_attr(mq_flags=os.O_NONBLOCK)).mq_flags == 0
    with pytest.raises(errors.EAGAIN):
        calls.mq_timedreceive(posix)


@pytest.mark.isolated
def test_a_message_is_announced() -> None:
    """mq_notify sends a signal at the first message, and None takes it back."""
    import signal

    name = leftovers.name()
    try:
        queue = calls.mq_open(name, os.O_RDWR | os.O_CREAT)
    except (errors.ENOSYS, errors.EACCES, errors.ENOSPC) as error:
        pytest.skip(str(error))
    calls.mq_unlink(name)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    wanted = structures.sigevent(sigev_notify=0, sigev_signo=signal.SIGUSR1)
    calls.mq_notify(queue, wanted)
    calls.mq_notify(queue)
    calls.mq_timedsend(queue, b"1")
    assert not signal.sigpending()
    calls.mq_timedreceive(queue)
    calls.mq_notify(queue, wanted)
    calls.mq_timedsend(queue, b"2")
    assert signal.sigwait({signal.SIGUSR1}) == signal.SIGUSR1
