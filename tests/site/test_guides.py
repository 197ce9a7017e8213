"""The guides that begin with a reader's question: their programs run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from paths import PROJECT

GUIDES = ("first-steps", "processes", "containers", "coming-from-ctypes", "coming-from-os", "safety")
PROGRAMS = [
    pytest.param(code, id=f"{name}-{number}")
    for name in GUIDES
    for number, code in enumerate(
        re.findall(r"^```python\n(.*?)^```", (PROJECT / f"docs/{name}.md").read_text("utf-8"), re.S | re.M), 1
    )
]


def test_there_are_programs() -> None:
    """Each of these guides has at least one."""
    assert {str(one.id).rpartition("-")[0] for one in PROGRAMS} == set(GUIDES)


@pytest.mark.parametrize("code", PROGRAMS)
def test_the_program_runs(code: str, tmp_path: Path) -> None:
    """Without a warning, and with the status 0."""
    if "CLONE_NEW" in code:
        unshare = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) != 0)"  # CLONE_NEWUSER
        if subprocess.run([sys.executable, "-c", unshare]).returncode != 0:
            pytest.skip("a user namespace may not be made here")
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
