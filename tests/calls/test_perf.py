"""Performance events."""

from __future__ import annotations

import os
from typing import assert_type

from skips import skipped_if

from pysys import calls, errors, ioctls, structures


def test_an_event_is_counted() -> None:
    """A software event of this thread can be read as a number, and its structure's size is filled in."""
    attributes = structures.perf_event_attr(type=1, config=1)  # PERF_COUNT_SW_TASK_CLOCK
    with skipped_if(errors.EACCES, errors.EPERM):
        fd = calls.perf_event_open(attributes)
    assert len(os.read(fd, 64)) == 8 and not os.get_inheritable(fd)
    assert attributes.size == len(bytes(attributes))
    assert assert_type(calls.ioctl(fd, ioctls.PERF_EVENT_IOC_ID), int) > 0
    os.close(fd)
