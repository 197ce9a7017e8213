"""tests/support/reporter.c as a static program, and what it says.

$PYSYS_REPORTER names the program where it was built elsewhere, for a machine without a compiler.
"""

from __future__ import annotations

import functools
import os
import select
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from patience import PATIENCE

SOURCE = Path(__file__).with_name("reporter.c")


@functools.cache
def program() -> bytes:
    """The program's file; it is built once in a run of the tests, in the folder that is that run's own."""
    if path := os.environ.get("PYSYS_REPORTER"):
        return Path(path).read_bytes()
    if folder := os.environ.get("PYSYS_SCRATCH"):
        target = Path(folder, "reporter")
        if not target.exists():
            _build(target)
        return target.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "reporter")
        _build(target)
        return target.read_bytes()


def _build(target: Path) -> None:
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        pytest.skip("no C compiler for tests/support/reporter.c")
    fresh = target.with_suffix(f".{os.getpid()}")
    command = [compiler, "-O1", "-static", "-o", str(fresh), str(SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "-lc" in done.stderr:
        pytest.skip("no C library to link tests/support/reporter.c with statically")
    assert done.returncode == 0, done.stderr
    fresh.replace(target)


def told(channels: list[socket.socket]) -> tuple[socket.socket, list[str]]:
    """What a program says through one of these, line by line, and through which."""
    ready = select.select(channels, [], [], 20 * PATIENCE)[0]
    assert ready, "the program says nothing"
    text = b""
    while not text.endswith(b"end\n"):
        assert select.select(ready, [], [], 20 * PATIENCE)[0], f"the program stopped after {text!r}"
        text += ready[0].recv(1 << 16)
    return ready[0], os.fsdecode(text).splitlines()[:-1]
