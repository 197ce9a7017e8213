"""`pysys trace`, as a user runs it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cli_command import CLEAN, PYSYS, pysys
from paths import PROJECT
from patience import PATIENCE

from pysys import abi

GUIDE = PROJECT / "docs/tracing.md"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


ID = re.compile(r"(?<=\[)\d+(?=\])|(?<=(?:of|om) )\d+")


def numbered(text: str) -> list[str]:
    """Lines with the ids of processes in order, from 100 on."""
    ids = {one: 100 + at for at, one in enumerate(sorted({*ID.findall(text)}, key=int))}
    return ID.sub(lambda found: str(ids[found[0]]), text).splitlines()


@pytest.mark.skipif(abi.current().name != "x86_64", reason="the guide shows a run on x86_64")
def test_the_guide(tmp_path: Path) -> None:
    """docs/tracing.md shows what the command prints."""
    text = GUIDE.read_text("utf-8")
    shown = re.findall(r"^    (.*)$", text, re.MULTILINE)
    end = next(at for at, line in enumerate(shown) if line == "[100] +++ ended with 1 +++")
    command, *expected = shown[: end + 1]
    script = command.partition("sh -c ")[2].strip("'")
    done = subprocess.run(
        [*PYSYS, "trace", "-e", "mkdir,rmdir", "--", "sh", "-c", script],
        cwd=tmp_path,
        env=CLEAN,
        capture_output=True,
        text=True,
        timeout=60 * PATIENCE,
    )
    assert done.returncode == 1
    assert sorted(numbered(done.stderr)) == sorted(expected)
    assert done.stdout == ""


def test_the_example_of_the_guide() -> None:
    """The program in docs/tracing.md runs."""
    program = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.S | re.M)[0]
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60 * PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "2"


def test_output_goes_into_a_file(tmp_path: Path) -> None:
    """With -o nothing of the trace is on standard error; the program's own output is as without it."""
    done = pysys("trace", "-o", str(tmp_path / "log"), "--", "sh", "-c", "echo out; echo err >&2; exit 4")
    assert (done.returncode, done.stdout, done.stderr) == (4, "out\n", "err\n")
    log = (tmp_path / "log").read_text()
    assert log.startswith("execve(") and log.endswith("+++ ended with 4 +++\n")
    assert re.search(r'^write\(1<pipe:\[\d+\]>, "out\\n", 4\) = 4$', log, re.MULTILINE)


def test_json(tmp_path: Path) -> None:
    """Each line is an object."""
    log = tmp_path / "log"
    done = pysys("trace", "--json", "-e", "failed", "-o", str(log), "--", "ls", "/nonexistent/pysys")
    assert done.returncode == 2
    events = lines(log)
    assert events[-1]["event"] == "ended" and events[-1]["status"] == 2
    failed = [
        one for one in events if one["event"] == "call" and "/nonexistent/pysys" in one["arguments"].values()
    ]
    assert {one["errno"] for one in failed} == {"ENOENT"}
    assert all(one["result"] == -1 and one["cause"] for one in failed)


def test_counts(tmp_path: Path) -> None:
    """A line for each call, and their sum; the same as data."""
    program = f"import os\nfor _ in range(50): os.getppid()\nopen({str(tmp_path / 'x')!r}, 'w').close()"
    command = ["--", sys.executable, "-I", "-S", "-c", program]
    done = pysys("trace", "-c", "-e", "getppid,failed", *command)
    assert done.returncode == 0 and "getppid" not in done.stderr  # none has failed
    done = pysys("trace", "-c", *command)
    rows = [line.split() for line in done.stderr.splitlines()]
    assert rows[1] == ["seconds", "calls", "errors", "name"]
    counts = {row[3]: (int(row[1]), int(row[2])) for row in rows[2:] if len(row) == 4}
    assert counts["getppid"] == (50, 0)
    assert counts["total"][0] == sum(one for name, (one, _) in counts.items() if name != "total")
    done = pysys("trace", "-c", "--json", "-e", "getppid", *command)
    (found,) = json.loads(done.stderr)["calls"]
    assert (found["name"], found["calls"], found["errors"]) == ("getppid", 50, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV])
def test_it_ends_by_the_signal_that_ended_the_program(number: int) -> None:
    """As the program alone would have ended."""
    done = pysys("trace", "-e", "kill", "--", "sh", "-c", f"kill -{int(number)} $$")
    assert done.returncode == -number
    assert f"+++ ended by {signal.Signals(number).name}" in done.stderr


def test_a_signal_to_the_tracer_goes_to_the_program(tmp_path: Path) -> None:
    """SIGTERM is passed on, and the program decides."""
    log = tmp_path / "log"
    script = "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"
    process = subprocess.Popen(
        [*PYSYS, "trace", "-o", str(log), "-e", "wait4", "--", "sh", "-c", script],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait(60 * PATIENCE) == 7
    process.stdout.close()


def test_a_call_that_waits_is_seen(tmp_path: Path) -> None:
    """Its line begins when it begins."""
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*PYSYS, "trace", "-e", "read", "--", "cat"],
        stdin=reader,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=CLEAN,
    )
    os.close(reader)
    assert process.stderr is not None
    seen = ""
    deadline = time.monotonic() + 60 * PATIENCE
    while not re.search(r"^read\(0<pipe:\[\d+\]>$", seen, re.MULTILINE):
        piece = os.read(process.stderr.fileno(), 4096).decode()
        assert piece and time.monotonic() < deadline, seen
        seen += piece
    os.close(writer)
    rest = process.stderr.read()
    assert rest.startswith(', "", ')
    process.stderr.close()
    assert process.wait(60 * PATIENCE) == 0


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ((), 2, "no program"),
        (("-e", "openatt", "--", "true"), 2, "openat"),
        (("-s", "-1", "--", "true"), 2, "at least 0"),
        (("--", "/nonexistent/pysys"), 1, "/nonexistent/pysys"),
        (("-o", "/nonexistent/log", "--", "true"), 1, "/nonexistent/log"),
    ],
)
def test_what_cannot_be_done(words: tuple[str, ...], status: int, message: str) -> None:
    """A message, and no trace."""
    done = pysys("trace", *words)
    assert done.returncode == status
    assert message in done.stderr and "Traceback" not in done.stderr
