"""`pysys profile`, as a user runs it."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest
from cli_command import pysys

from pysys import seccomp, spawn

LOOK = ["ls", "/"]
MAKE = [sys.executable, "-I", "-S", "-c", "import os; os.getpriority(0, 0)"]


def test_a_profile_goes_to_standard_error() -> None:
    """The program has standard output to itself, and its status is that of the command."""
    done = pysys("profile", "--", "sh", "-c", "echo out; exit 4")
    assert (done.returncode, done.stdout) == (4, "out\n")
    assert seccomp.from_oci(done.stderr).explain("write").action == seccomp.ALLOW
    assert json.loads(pysys("--json", "profile", "--", *LOOK).stderr)["defaultErrnoRet"] == 1


def test_a_profile_goes_into_a_file(tmp_path: Path) -> None:
    """With -o; and the program runs under it."""
    file = tmp_path / "profile.json"
    done = pysys("profile", "-o", str(file), "--", "sh", "-c", "echo out; echo err >&2; exit 4")
    assert (done.returncode, done.stdout, done.stderr) == (4, "out\n", "err\n")
    with spawn(["sh", "-c", "echo out >&2; exit 4"], seccomp=seccomp.from_oci(file.read_text())) as child:
        assert child.wait() == 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_by_the_signal_that_ended_the_program(number: int, tmp_path: Path) -> None:
    """As the program alone would have ended, and what was seen until then is written."""
    file = tmp_path / "profile.json"
    done = pysys("profile", "-o", str(file), "--", "sh", "-c", f"kill -{int(number)} $$")
    assert done.returncode == -number
    assert "kill" in str(json.loads(file.read_text()))


def test_profiles_are_merged(tmp_path: Path) -> None:
    """With each other, on standard output; with a run; and into one of themselves."""
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    pysys("profile", "-o", one, "--", *LOOK)
    pysys("profile", "-o", two, "--", *MAKE)
    assert pysys("profile", "check", one, "--", *LOOK).returncode == 0
    assert pysys("profile", "check", one, "--", *MAKE).returncode == 1
    done = pysys("profile", "--merge", one, two)
    assert done.returncode == 0
    assert seccomp.from_oci(done.stdout).explain("getpriority").action == seccomp.ALLOW
    assert seccomp.from_oci(done.stdout).explain("mount").action != seccomp.ALLOW
    assert pysys("profile", "--merge", one, "-o", one, "--", *MAKE).returncode == 0
    assert Path(one).read_text() == done.stdout
    assert pysys("profile", "check", one, "--", *MAKE).returncode == 0


def test_the_check_is_shown(tmp_path: Path) -> None:
    """What the program would meet, what the profile refuses; the program's status does not count."""
    file = str(tmp_path / "profile.json")
    pysys("profile", "-o", file, "--", "sh", "-c", "exit 3")
    done = pysys("profile", "check", file, "--", "sh", "-c", "exit 3")
    assert done.returncode == 0, done.stdout
    assert "Nothing: each call that it made is allowed." in done.stdout
    done = pysys("profile", "check", file, "--", *MAKE)
    assert done.returncode == 1
    assert "getpriority is refused with EPERM" in " ".join(done.stdout.split())
    data = json.loads(pysys("profile", "check", file, "--json", "--", *MAKE).stdout)
    assert "getpriority" in {one["call"] for one in data["meets"]}
    assert "mount" in data["refused"]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_against_a_trace(form: list[str], tmp_path: Path) -> None:
    """One that pysys trace has written."""
    file, log = str(tmp_path / "profile.json"), str(tmp_path / "log")
    pysys("profile", "-o", file, "--", *LOOK)
    pysys("trace", *form, "-o", log, "--", *LOOK)
    done = pysys("profile", "check", file, "--against", log)
    assert done.returncode == 0, done.stdout
    pysys("trace", *form, "-o", log, "--", *MAKE)
    done = pysys("profile", "check", file, "--against", log)
    assert done.returncode == 1 and "getpriority" in done.stdout


def test_a_program_that_is_called_check(tmp_path: Path) -> None:
    """What stands behind -- is a program, whatever its name."""
    program = tmp_path / "check"
    program.write_text('#!/bin/sh\necho "ran $1"; exit 5\n')
    program.chmod(0o755)
    done = pysys("profile", "-o", str(tmp_path / "x"), "--", "check", "-o", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert (done.returncode, done.stdout) == (5, "ran -o\n")


def test_options(tmp_path: Path) -> None:
    """Of the forms, and of what is allowed besides."""
    done = pysys("profile", "--format", "systemd", "--also", "bpf,@clock", "--also", "mount", "--", *LOOK)
    rules = seccomp.from_systemd(done.stderr)
    assert {rules.explain(name).action.name for name in ("bpf", "clock_settime", "mount")} == {"ALLOW"}
    done = pysys("profile", "--format", "python", "--arguments", "--default", "kill", "--", *LOOK)
    assert "Filter(KILL_PROCESS" in done.stderr and "when=[arg." in done.stderr
    rules = seccomp.from_oci(pysys("profile", "--container", "--", *LOOK).stderr)
    assert rules.explain("capset").action == seccomp.ALLOW


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--arguments", "--format", "systemd"], 2, "cannot compare arguments"),
        (["-o", "/nonexistent/file"], 1, "/nonexistent/file"),
        (["--merge", "/nonexistent/file"], 1, "/nonexistent/file"),
        (["--merge", __file__], 1, "test_command.py"),
        (["--json", "--format", "python"], 2, "--json"),
    ],
)
def test_mistakes_are_found_before_the_program_runs(options: list[str], status: int, said: str) -> None:
    """A long run is not lost because of them."""
    done = pysys("profile", *options, "--", "sh", "-c", "echo it ran")
    assert done.returncode == status and said in done.stderr
    assert "it ran" not in done.stdout


def test_a_program_that_cannot_be_run(tmp_path: Path) -> None:
    """It is an error, and for a check as well."""
    file = tmp_path / "profile.json"
    file.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    for words in ([], ["check", str(file)]):
        done = pysys("profile", *words, "--", "/nonexistent/program")
        assert done.returncode == 1 and "/nonexistent/program" in done.stderr
