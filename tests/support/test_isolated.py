"""Tests marked `isolated`: how each is run, and what becomes of what it leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import leftovers
import pytest
from isolated import until
from paths import PROJECT, SUPPORT, TESTS

pytestmark = pytest.mark.once


def run(folder: Path, text: str) -> str:
    """What pytest says of a file of tests, with this folder's conftest.py."""
    (folder / "test_one.py").write_text(text)
    options = ["-p", "no:cacheprovider", "-c", str(PROJECT / "pyproject.toml"), "-p", "conftest", "-v"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(SUPPORT)])}
    environment.pop(leftovers.SCRATCH, None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder / "test_one.py")],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout + done.stderr


def test_what_holds_the_output_is_ended(tmp_path: Path) -> None:
    """A test that ended, and left a process that could still write, has failed; the next one is itself."""
    output = run(
        tmp_path,
        "import os, pytest, time\n"
        "@pytest.mark.isolated(timeout=1)\n"
        "def test_leaves():\n"
        "    pid = os.fork()\n"
        "    if pid == 0: time.sleep(1000)\n"
        f"    open({str(tmp_path / 'left')!r}, 'w').write(str(pid))\n"
        "    os._exit(99)\n"
        "@pytest.mark.isolated\n"
        "def test_passes(): pass\n"
        "@pytest.mark.isolated\n"
        "def test_fails(): os._exit(98)\n",
    )
    assert "test_leaves FAILED" in output
    assert "still running after 1 seconds" in output
    assert "test_passes PASSED" in output
    assert "test_fails FAILED" in output
    assert "ended with 98" in output
    status = Path(f"/proc/{(tmp_path / 'left').read_text()}/status")
    until(lambda: not status.exists() or "\nState:\tZ" in status.read_text())


def test_the_interpreter_may_end(tmp_path: Path) -> None:
    """A test that takes it along has failed; the next one has another."""
    output = run(
        tmp_path,
        "import os, pytest, signal\n"
        "@pytest.mark.isolated\n"
        "def test_ends(): os.kill(os.getppid(), signal.SIGKILL)\n"
        "@pytest.mark.isolated\n"
        "def test_passes(): pass\n",
    )
    assert "test_ends FAILED" in output
    assert "the interpreter ended at test_one.py" in output
    assert "test_passes PASSED" in output


def test_a_child_that_skips(tmp_path: Path) -> None:
    """What a child of a test cannot do here, the test cannot; what fails there has failed."""
    output = run(
        tmp_path,
        "import os, pytest\n"
        "from isolated import in_child\n"
        "def child(): pytest.skip('no such thing here')\n"
        "@pytest.mark.isolated\n"
        "def test_skipped(): in_child(os.fork, lambda: in_child(os.fork, child))\n"
        "@pytest.mark.isolated\n"
        "def test_failed(): in_child(os.fork, lambda: 1 / 0)\n",
    )
    assert "1 failed, 1 skipped" in output, output
    assert "no such thing here" in output and "ZeroDivisionError" in output
