"""docs/filters.md: its programs run, and print what it shows."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from paths import PROJECT
from patience import PATIENCE

from pysys import abi

TEXT = (PROJECT / "docs/filters.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", TEXT, re.S | re.M)


def test_each_program_is_shown_with_its_output() -> None:
    """No program of the guide is left out."""
    assert len(EXAMPLES) == TEXT.count("```python") == 5


@pytest.mark.skipif(abi.current().name != "x86_64", reason="the guide shows what is printed on x86_64")
@pytest.mark.parametrize(("program", "output"), EXAMPLES)
def test_the_guide(program: str, output: str) -> None:
    """What is printed is what is shown, as far as that goes."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60 * PATIENCE
    )
    assert done.returncode == 0, done.stderr
    lines, shown = done.stdout.splitlines(), output.splitlines()
    assert len(lines) == len(shown), done.stdout
    for line, one in zip(lines, shown, strict=True):
        start, dots, _ = one.partition("...")
        assert line.startswith(start) if dots else line == one
