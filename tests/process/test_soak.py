"""tools/soak.py, in short: that it finds nothing where nothing is wrong, and what is wrong where it is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from paths import PROJECT

SOAK = PROJECT / "tools" / "soak.py"


def soak(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, str(SOAK), *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL
    )
    if "no C compiler" in done.stderr:
        pytest.skip("no C compiler")
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize(
    "call",
    ["fork", "fork-kernel", "vfork", "clone", "clone-fn", "clone-vm", "clone3", "spawn", "popen", "ring"],
)
def test_F11_C9_V5_S5_nothing_is_found(call: str) -> None:
    """Children among allocating threads, under signals: none stuck, nothing left, no signal lost."""
    status, output = soak("--rounds", "60", "--calls", call)
    assert status == 0, output
    assert f"{call}: 60 children" in output
    assert ", 0 lost; nothing left behind" in output


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize(
    ("control", "finding"),
    [
        ("control-stuck", "stuck after 2 seconds"),
        ("control-status", "5 children ended with 1"),
        ("control-zombie", "left behind: +5 children"),
        ("control-descriptor", "left behind: +5 descriptors"),
        ("control-signal", "signals lost"),
    ],
)
def test_what_is_wrong_is_found(control: str, finding: str) -> None:
    """A call that goes wrong in a known way gives the finding of that way, and exit status 1."""
    status, output = soak("--rounds", "5", "--limit", "2", "--calls", control)
    assert status == 1, output
    assert finding in output
