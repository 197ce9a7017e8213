"""io_uring."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

import pytest
from skips import skipped_if

from pysys import calls, errors, structures


def test_a_ring_is_set_up() -> None:
    """The answer says how large the rings are, and the question stays as it was."""
    question = structures.io_uring_params(flags=1 << 3, cq_entries=16)  # IORING_SETUP_CQSIZE
    with skipped_if(errors.EPERM):
        fd, answer = calls.io_uring_setup(3, question)
    assert (answer.sq_entries, answer.cq_entries, question.sq_entries) == (4, 16, 0)
    assert not os.get_inheritable(fd)
    os.close(fd)


@pytest.fixture
def ring() -> Iterator[int]:
    with skipped_if(errors.EPERM):
        fd, _ = calls.io_uring_setup(4)
    yield fd
    os.close(fd)


def test_what_a_ring_knows(ring: int) -> None:
    """IORING_REGISTER_PROBE names the operations; those of the first kernel with rings are among them."""
    known = calls.io_uring_register(ring, 8)
    assert {0, 1, 2, 3} <= known < set(range(256))
    raw = structures.io_uring_probe.with_extra(255 * structures.io_uring_probe_op.nbytes)
    assert calls.io_uring_register(ring, 8, raw, 255) == 0
    raw.ops_len = 0
    with pytest.raises(errors.EINVAL):  # which is not zeros any more
        calls.io_uring_register(ring, 8, raw, 255)


def test_files_and_buffers_are_registered(ring: int) -> None:
    """Lists become arrays, which are counted; what is registered twice, or not, is refused by the kernel."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as file, os.fdopen(writer, "wb"):
        calls.io_uring_register(ring, 2, [file, -1, writer])
        with pytest.raises(errors.EBUSY):
            calls.io_uring_register(ring, 2, [file])
        calls.io_uring_register(ring, 3)
        with pytest.raises(errors.ENXIO):
            calls.io_uring_register(ring, 3)
        calls.io_uring_register(ring, 2, struct.pack("2i", reader, writer), 2)
        with pytest.raises(ValueError, match="8 bytes long, but the call uses 32"):
            calls.io_uring_register(ring, 2, struct.pack("2i", reader, writer))
        with pytest.raises(TypeError, match=r"arg\[1\] must be an int"):
            calls.io_uring_register(ring, 2, [file, "writer"])
    memory = [bytearray(4096), bytearray(8)]
    calls.io_uring_register(ring, 0, memory)
    with pytest.raises(errors.EBUSY):
        calls.io_uring_register(ring, 0, memory)
    calls.io_uring_register(ring, 1)


def test_a_descriptor_for_events(ring: int) -> None:
    """A completion is counted in the eventfd."""
    with os.fdopen(os.eventfd(0, os.EFD_NONBLOCK), "r+b", buffering=0) as counter:
        calls.io_uring_register(ring, 4, counter)
        with pytest.raises(errors.EBUSY):
            calls.io_uring_register(ring, 4, counter)
        calls.io_uring_register(ring, 5)
        with pytest.raises(errors.EBADF):
            calls.io_uring_register(ring, 4, 10**6)


def test_workers_of_a_ring(ring: int) -> None:
    """The former numbers are the result; 0 leaves them. Processors are numbers."""
    with skipped_if(errors.EINVAL):  # before Linux 5.15
        before = calls.io_uring_register(ring, 19)
    assert calls.io_uring_register(ring, 19, (3, 5)) == before
    assert calls.io_uring_register(ring, 19) == (3, 5)
    with pytest.raises(ValueError, match=r"\(bounded, unbounded\)"):
        calls.io_uring_register(ring, 19, (3, 5, 7))
    calls.io_uring_register(ring, 17, os.sched_getaffinity(0))
    with pytest.raises(OverflowError, match="arg"):
        calls.io_uring_register(ring, 17, [-1])
    calls.io_uring_register(ring, 18)


def test_what_a_ring_may_do() -> None:
    """Restrictions are an array of structures; a personality is a number."""
    with skipped_if(errors.EPERM):
        fd, _ = calls.io_uring_setup(4, structures.io_uring_params(flags=1 << 6))  # IORING_SETUP_R_DISABLED
    number = calls.io_uring_register(fd, 9)
    assert number > 0 and calls.io_uring_register(fd, 10, None, number) == 0
    calls.io_uring_register(
        fd, 11, [structures.io_uring_restriction(opcode=0, register_op=12), {"opcode": 1}]
    )
    calls.io_uring_register(fd, 12)
    with pytest.raises(errors.EACCES):
        calls.io_uring_register(fd, 9)
    os.close(fd)
