"""docs/sandbox.md: its sandbox gives each program the verdict that the page says, as root and as a user."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from isolated import folder, in_child, nothing_left
from paths import PROJECT
from patience import PATIENCE
from surroundings import no_namespace

TEXT = (PROJECT / "docs/sandbox.md").read_text("utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```", TEXT, re.S | re.M)
SHOWN = re.findall(r"^```text\n(.*?)^```", TEXT, re.S | re.M)
VERDICTS = "exit|SIG[A-Z]+|too slow|out of memory|not started"
CASES = re.findall(
    rf"^\| `([^\n]*?)`(?:, with `(\w+)=(\w*)`)? \| ((?:{VERDICTS})[^|]*?) \| ([^|]*?) ?\|$", TEXT, re.M
)
SLOW = 20 * PATIENCE
USER = 1234


def test_the_cases() -> None:
    """There are as many as in the table."""
    assert len(CASES) == 14
    assert len(PROGRAMS) == 3


@contextmanager
def memory_limit() -> Iterator[str]:
    """A cgroup with 64 MB, of version 2 or 1."""
    for above, file in (("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")):
        try:
            cgroup = tempfile.mkdtemp(prefix="pysys-test-", dir=above)
        except OSError:
            continue
        try:
            if os.path.exists(f"{cgroup}/{file}"):
                with open(f"{cgroup}/{file}", "w") as limit:
                    limit.write(str(64 << 20))
                yield cgroup
                return
        finally:
            os.rmdir(cgroup)
    pytest.skip("no cgroup with a limit of memory can be made here")


def prepare(who: str, place: str) -> dict[str, Any]:
    """The page's names, as root or as a user."""
    from pysys import calls, preload

    if who == "root" and os.geteuid():
        pytest.skip("needs root")
    if calls.landlock_abi() < 1:
        pytest.skip("this kernel has no Landlock")
    os.chmod(place, 0o777)
    if who == "user" and os.geteuid() == 0:
        preload()  # pysys may be where the user cannot read it
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
        calls.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE
    for kind in ("user", "net", "ipc", "uts"):
        if why := no_namespace(kind):
            pytest.skip(f"no {kind} namespace: {why}")
    names: dict[str, Any] = {}
    exec(PROGRAMS[0], names)
    return names


@pytest.mark.isolated
@pytest.mark.portable  # the settings are tested on every kernel; the page has limits in seconds
@pytest.mark.parametrize("who", ["root", "user"])
@pytest.mark.parametrize("number", range(14))
def test_a_verdict(number: int, who: str) -> None:
    """It is the one in the table; no process is left, and no descriptor."""
    command, option, value, verdict, last = CASES[number]
    argv = shlex.split(command)
    if not argv[0].startswith("/") and not shutil.which(argv[0]):
        pytest.skip(f"{argv[0]} is not installed")
    with folder() as place:

        def child() -> None:
            sandbox = prepare(who, str(place))["sandbox"]
            with memory_limit() if option == "cgroup" else nullcontext() as cgroup, nothing_left():
                seconds = float(value) if option == "seconds" else SLOW
                shown, text = sandbox(argv, str(place), seconds, cgroup=cgroup)
            assert shown == verdict
            start, dots, end = last.partition("...")
            assert text == last or (dots and text.startswith(start) and text.endswith(end)), text

        in_child(os.fork, child)


@pytest.mark.isolated
def test_a_program_that_runs_out_of_nothing() -> None:
    """The case of memory ends by itself where no cgroup limits it; files outside stay as they are."""
    if not shutil.which("perl"):
        pytest.skip("perl is not installed")
    with folder() as place:

        def child() -> None:
            sandbox = prepare("user", str(place))["sandbox"]
            command = next(case[0] for case in CASES if case[1] == "cgroup")
            assert sandbox(shlex.split(command), str(place), SLOW) == ("exit 0", str(200 << 20))
            script = f"echo >{place}/in && ! echo >{place.parent}/out && ! cat /proc/1/environ && ls -d /root"
            assert sandbox(["sh", "-c", script], str(place), SLOW) == ("exit 0", "/root")
            assert os.listdir(place) == ["in"]

        in_child(os.fork, child)


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60 * PATIENCE, check=False
    )


@pytest.mark.portable
def test_this_process_confines_itself() -> None:
    """The page's last program prints what it shows."""
    from pysys import calls

    if calls.landlock_abi() < 1:
        pytest.skip("this kernel has no Landlock")
    done = run(PROGRAMS[2])
    assert (done.stdout, done.stderr) == (SHOWN[0], "")


@pytest.mark.portable
def test_this_process_becomes_a_program() -> None:
    """The one before it starts its shell with the settings."""
    done = run(PROGRAMS[1])
    assert done.stdout.splitlines()[0] == str(os.geteuid())
    assert done.returncode == 0
