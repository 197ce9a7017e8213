"""The benchmarks run; what they find is for people."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from paths import PROJECT

# Figures that a group has among others, with a target each.
EXPECTED = {
    "startup": {
        "import pysys.calls",
        "from pysys import fork, vfork, clone, clone3, spawn, syscall",
        "calls.pread64, its first use",
        "preload()",
        "preload(), in memory",
    },
}


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("group", ["calls", "creation", "spawning", "startup", "reference", "tracing"])
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
    figures = json.loads(done.stdout)["figures"]
    assert figures
    assert EXPECTED.get(group, set()) <= {one["name"] for one in figures if one["target"] is not None}
