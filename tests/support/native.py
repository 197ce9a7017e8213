"""tests/support/native.c, built with the machine's compiler and loaded; `lib` and `ffi` of CFFI's ABI mode.

It is built once in a run of the tests, in the folder that conftest.py makes for that run: a name that
somebody can know beforehand may hold somebody's library. $PYSYS_NATIVE names the library where it was built
elsewhere, for a machine without a compiler.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cffi import FFI

SOURCE = Path(__file__).with_name("native.c")

ffi = FFI()
ffi.cdef(
    """
    void start_allocating(int count);
    void stop_allocating(void);
    int allocate_once(void);
    void watch_atfork(void);
    const char *seen_atfork(void);
    int child_returns_7(void *arg);
    int child_returns_arg(void *arg);
    int child_stores_pid(void *arg);
    int child_closes(void *arg);
    int child_changes_directory(void *arg);
    int child_ignores_usr1(void *arg);
    int child_sleeps(void *arg);
    int child_stack_is_aligned(void *arg);
    int child_waits_for(void *arg);
    int robust_init(void *place);
    int robust_lock(void *place);
    int recursive_twice(void);
    """
)


def _build(target: Path) -> None:
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        pytest.skip("no C compiler for tests/support/native.c")
    fresh = target.with_suffix(f".{os.getpid()}")
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-pthread", "-o", str(fresh), str(SOURCE)], check=True
    )
    fresh.replace(target)


def _load() -> Any:
    if path := os.environ.get("PYSYS_NATIVE"):
        return ffi.dlopen(path)
    if folder := os.environ.get("PYSYS_SCRATCH"):
        target = Path(folder, "native.so")
        if not target.exists():
            _build(target)
        return ffi.dlopen(str(target))
    with tempfile.TemporaryDirectory() as folder:  # what is loaded stays, without a file
        target = Path(folder, "native.so")
        _build(target)
        return ffi.dlopen(str(target))


lib = _load()


def pointer(name: str) -> object:
    """A function above as `int (*)(void *)`."""
    return ffi.cast("int(*)(void *)", ffi.addressof(lib, name))
