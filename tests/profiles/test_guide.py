"""docs/profile.md: its program runs, and prints what it shows; its options are those of the command."""

from __future__ import annotations

import re
import subprocess
import sys

from cli_command import pysys
from paths import PROJECT
from patience import PATIENCE

TEXT = (PROJECT / "docs/profile.md").read_text("utf-8")


def test_the_program() -> None:
    """What is printed is what is shown."""
    ((program, output),) = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", TEXT, re.S | re.M)
    done = subprocess.run(
        [sys.executable, "-u", "-c", f"import os; os.umask(0o022)\n{program}"],
        capture_output=True,
        text=True,
        timeout=60 * PATIENCE,
    )
    assert (done.returncode, done.stdout) == (0, output), done.stderr


def test_the_options() -> None:
    """Each is in the table, and no other."""
    shown = pysys("profile", "--help").stdout
    options = {*re.findall(r"^  (--?[a-z]+)", shown, re.MULTILINE)} - {"-h", "--json"}
    assert options == {*re.findall(r"^\| `(--?[a-z]+)", TEXT, re.MULTILINE)}
