"""The command `pysys`, run as a user runs it: as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

PYSYS = [sys.executable, "-W", "error", "-m", "pysys"]
# What decides how output looks and travels is the test's business, not that of whoever runs it.
OURS = ["COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PAGER", "MANPAGER", "LESS", "PYTHONUNBUFFERED"]
CLEAN = {name: value for name, value in os.environ.items() if name not in OURS} | {"TERM": "xterm-256color"}
Done = subprocess.CompletedProcess[str]


def pysys(*words: str, stdout: Any = subprocess.PIPE, stdin: Any = None, **env: str) -> Done:
    """Run it, with pipes for output."""
    return subprocess.run(
        [*PYSYS, *words],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
        env=CLEAN | env,
    )


def answer(*words: str) -> Any:
    """What it says with --json."""
    done = pysys(*words, "--json")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


def text(*words: str) -> str:
    """What it says in plain text when all is well."""
    done = pysys(*words)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout
