"""The benchmarks run; what they find is for people."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from paths import PROJECT


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("group", ["calls", "creation", "spawning", "startup", "reference"])
def test_they_run(group: str) -> None:
    """Each group gives figures, met targets or not."""
    if group == "spawning" and sys.maxsize < 1 << 32:
        pytest.skip("a parent of 2 GB does not fit 32 bits")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--json", group],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert json.loads(done.stdout)
