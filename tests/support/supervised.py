"""Programs whose calls wait for an answer of the test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pysys import Child, errors, numbers, spawn
from pysys.seccomp import ALLOW, NOTIFY, Filter, Listener

# A call that nothing of the interpreter or the C library makes, with pointers to memory and without.
PROGRAM = """
import ctypes, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(*args):
    result = libc.syscall(ctypes.c_long(NUMBER), *args)
    return result if result != -1 else -ctypes.get_errno()
"""
CALL = "sethostname"  # of name, len


def filter_of(*names: str) -> Filter:
    """One that has these calls wait, and lets others through."""
    made = Filter(ALLOW, missing="skip")
    made.add(NOTIFY, *(names or (CALL,)))
    return made


def started(code: str, *, call: str = CALL, flags: dict[str, Any] | None = None, **settings: Any) -> Child:
    """A program of Python with `call(...)`, which makes the supervised one."""
    program = PROGRAM.replace("NUMBER", str(numbers.number(call))) + code
    asked: Any = {"filter": filter_of(call), **(flags or {})}
    try:
        return spawn([sys.executable, "-I", "-S", "-c", program], seccomp=asked, **settings)
    except errors.EINVAL as error:
        if error.step != "seccomp":
            raise
        pytest.skip("this kernel has no listeners, or not with these flags")
    except errors.EBUSY:
        pytest.skip("another filter here has a listener")


@contextmanager
def supervised(code: str, **settings: Any) -> Iterator[tuple[Listener, Child, Any]]:
    """The listener, the program, and a function that has what it prints until its end."""
    reader, writer = os.pipe()
    try:
        child = started(code, stdout=writer, **settings)
    finally:
        os.close(writer)
    with open(reader) as pipe, child:
        assert child.listener is not None
        yield child.listener, child, lambda: pipe.read().strip()
        child.listener.close()


def next_of(listener: Listener, timeout: float = 60) -> Any:
    """The next call; there has to be one."""
    call = listener.receive(timeout)
    assert call is not None
    return call
