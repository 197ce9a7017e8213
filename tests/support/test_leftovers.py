"""The tests stand alone: what another run of them is at, or has left, is not met, and is reported."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import leftovers
import pytest
from paths import PROJECT, SUPPORT, TESTS

pytestmark = pytest.mark.once


def fresh(script: str) -> str:
    """What an interpreter prints that sees the tests' modules, in a run of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SUPPORT), *sys.path])}
    environment.pop(leftovers.SCRATCH, None)
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_two_runs_share_a_name() -> None:
    """What the safe calls look for is another in every run, or nothing: what somebody left is not found."""
    script = """if True:
        import safe_calls
        from pysys import numbers
        for name in {"mq_open", "mq_unlink", "msgget", "semget", "shmget"} & numbers.table().keys():
            print(name, safe_calls.safe(name)[0][0])"""
    first, second = (set(fresh(script).splitlines()) for _ in range(2))
    assert len(first) >= 2
    private = {"semget 0", "shmget 0"}
    assert not (first - private) & (second - private)


def test_what_is_left_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders and processes of a run that is no more, and not those of one that is."""
    with tempfile.TemporaryDirectory() as top:
        monkeypatch.setattr(tempfile, "tempdir", top)
        ended, living = Path(top, f"{leftovers.PREFIX}ended"), leftovers.Scratch()
        ended.mkdir()
        (ended / "file").touch()
        sleepers = [
            subprocess.Popen(["sleep", "100"], env={**os.environ, leftovers.SCRATCH: str(folder)})
            for folder in (ended, living.path, f"{top}/gone")
        ]
        try:
            found = "\n".join(leftovers.left())
            assert f"rm -r {ended} " in found
            assert living.path not in found
            assert [f"kill -KILL {one.pid} " in found for one in sleepers] == [True, False, True]
        finally:
            for one in sleepers:
                one.kill()
                one.wait()
            living.close()
        assert not os.path.exists(living.path)


@pytest.mark.skipif(os.geteuid() != 0, reason="another mount namespace takes root")
def test_a_run_in_another_root_is_not_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run whose /tmp is another one, as in the roots that tox makes, is not a leftover while it lives."""
    held = tmp_path / "pysys-tests-held"
    script = f"mount -t tmpfs none {tmp_path} && mkdir {held} && exec 9<{held} && flock 9"
    script += " && echo ready && exec sleep 100"
    command = ["unshare", "--mount", "sh", "-c", script]
    environment = {**os.environ, leftovers.SCRATCH: str(held)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as sleeper:
        try:
            assert sleeper.stdout is not None
            if sleeper.stdout.readline() != "ready\n":
                pytest.skip("no other mount namespace here")
            assert not [line for line in leftovers.left() if f" {sleeper.pid} " in line]
        finally:
            sleeper.kill()


@pytest.mark.isolated
def test_a_queue_is_reported() -> None:
    """Where a test was killed that had one; and its removal is what the line says."""
    from pysys import calls, errors
    from pysys.flags import IPC_CREAT, IPC_EXCL, IPC_RMID

    leftovers.OLD = -1
    try:
        made = calls.msgget(leftovers.key(), IPC_CREAT | IPC_EXCL | 0o600)
    except (errors.ENOSYS, errors.ENOSPC) as error:
        pytest.skip(str(error))
    try:
        assert [line for line in leftovers.left() if line.startswith(f"ipcrm -q {made} ")]
    finally:
        calls.msgctl(made, IPC_RMID, None)
    assert not [line for line in leftovers.left() if line.startswith(f"ipcrm -q {made} ")]


@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_a_run_begins_with_what_is_left(quiet: list[str], tmp_path: Path) -> None:
    """After one that was killed: the command that removes its files stands before all else, and does so."""
    (tmp_path / "test_one.py").write_text(
        "import os, pytest, signal\n"
        "@pytest.mark.isolated\n"
        "def test_one(): os.kill(int(os.environ['RUN']), signal.SIGKILL)\n"
    )
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    script = "import os, sys; os.environ['RUN'] = str(os.getpid()); os.execv(sys.executable, sys.argv[1:])"
    pytest_ = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-c",
        str(PROJECT / "pyproject.toml"),
    ]
    command = [
        sys.executable,
        "-c",
        script,
        *pytest_,
        "-p",
        "conftest",
        *quiet,
        str(tmp_path / "test_one.py"),
    ]
    environment = {
        **os.environ,
        "TMPDIR": str(scratch),
        "PYTHONPATH": os.pathsep.join([str(TESTS), str(SUPPORT)]),
    }
    environment.pop(leftovers.SCRATCH, None)
    for _ in range(2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "rm -r" in line]
    subprocess.run(shlex.split(line, comments=True), check=True)
    assert len([path for path in scratch.iterdir() if path.name.startswith(leftovers.PREFIX)]) == 1
