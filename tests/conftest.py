"""Tests marked `apart` run in a fresh interpreter of their own, within a time limit.

A test that makes processes must neither inherit pytest's threads, descriptors and signal handlers, nor
take pytest along when it goes wrong. Marked tests are plain functions without fixtures, apart from
`parametrize`; `skip` from tests/apart.py works in them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Failing examples are kept nowhere: the tree may be read-only, and a test does not depend on an earlier run.
settings.register_profile("pysys", database=None)
settings.load_profile("pysys")

HERE = Path(__file__).parent
SKIPPED = 77


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: left out unless asked for with -m, as tox does")
    config.addinivalue_line(
        "markers", "apart(timeout=60): runs in a fresh interpreter of its own, within so many seconds"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    mark = pyfuncitem.get_closest_marker("apart")
    if mark is None:
        return None
    timeout = mark.kwargs.get("timeout", 60)
    arguments = getattr(pyfuncitem, "callspec", None)
    command = [
        sys.executable,
        "-X",
        "faulthandler",
        "-W",
        "error",
        str(HERE / "apart.py"),
        str(pyfuncitem.path),
        pyfuncitem.originalname,
        repr(dict(arguments.params) if arguments else {}),
    ]
    # A session of its own, so that what a failed test leaves behind can be ended with it.
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
        hung = False
    except subprocess.TimeoutExpired:
        hung = True
        os.kill(process.pid, signal.SIGABRT)  # faulthandler prints where it hangs
        try:
            output, _ = process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            output = "(no traceback)"
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        if process.stdout:
            process.stdout.close()
    if hung:
        pytest.fail(f"still running after {timeout} seconds\n{output}", pytrace=False)
    if process.returncode == SKIPPED:
        pytest.skip(output.strip().rpartition("\n")[2].removeprefix("skip: "))
    if process.returncode != 0:
        pytest.fail(f"ended with {process.returncode}\n{output}", pytrace=False)
    return True
