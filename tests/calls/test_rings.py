"""io_uring."""

from __future__ import annotations

import os

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
