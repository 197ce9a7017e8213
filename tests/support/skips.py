"""Tests that need more than every machine has: they are skipped with what the kernel said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pysys import errors


@contextmanager
def skipped_if(*refusals: type[errors.SyscallError]) -> Iterator[None]:
    """The test is skipped if one of these errors comes out, or the kernel has no such call."""
    try:
        yield
    except errors.SyscallError as error:
        if not isinstance(error, (errors.ENOSYS, *refusals)):
            raise
        pytest.skip(f"{error.syscall}: {error.strerror}")
