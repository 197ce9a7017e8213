"""Every page: its schema, its example, its recorded trace; and the tool that records."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from isolated import until

import build_reference as reference
from pysys import metadata
from tools import provoke
from tools import record_examples as recorder
from tools import reference as counts
from tools.check import pages as schema

pytestmark = pytest.mark.once

PAGES = list(reference.files().values())

every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
every_example = pytest.mark.parametrize(
    "path", [path for path in PAGES if "example" in reference.read(path)], ids=lambda path: path.stem
)


def example_of(path: Path) -> dict[str, Any]:
    example: dict[str, Any] = reference.read(path)["example"]
    return example


def test_there_are_pages() -> None:
    """The tests below have something to look at."""
    assert PAGES


@every_page
def test_schema(path: Path) -> None:
    """A page has every section, no other key, and says nothing that contradicts the tables."""
    complaints = schema.check(path.stem, path.parent.name, reference.read(path))
    assert not complaints, "\n".join(complaints)


@every_example
def test_trace(path: Path) -> None:
    """A page's trace was recorded, with the page's choice of calls, and shows no others."""
    example = example_of(path)
    trace = path.with_suffix(".trace")
    if not trace.exists() and example.get("needs"):
        pytest.skip(f"not recorded yet: needs {', '.join(example['needs'])}")
    first, second, empty, *lines = trace.read_text("utf-8").splitlines()
    assert first == f"# strace -f -e 'trace=/^({example['strace']})$' python3 {path.stem}.py"
    assert second.startswith(f"# Example {recorder.fingerprint(example)}, "), "record it again"
    machine = r"Linux [\d.]+, \w+, strace [\d.]+, .+, CPython [\w.]+"
    assert re.fullmatch(rf"# Example \w+, {machine}", second)
    assert empty == ""
    assert lines
    for line in lines:
        if not line.startswith("... and "):
            assert re.match(rf"P\d+  ({example['strace']})\(", line), line


def test_full_pages_are_proven() -> None:
    """Of the causes of full pages two in three are provoked, and of the rest each says why it is not."""
    proven = unproven = 0
    for page in metadata.pages.values():
        if page.depth == "full":
            own = provoke.own_causes(page.name)
            proven += sum(bool(cause.provoke) for cause in own)
            unproven += sum(not cause.provoke for cause in own)
    assert proven >= 2 * unproven, f"{proven} proven, {unproven} not"


def test_the_counts_are_current() -> None:
    """docs/reference.md counts what there is."""
    assert counts.FILE.read_text("utf-8") == counts.text(), "run `python -m tools.reference`"


def test_traces_have_pages() -> None:
    """No trace is left over from a page that is gone."""
    traces = set(reference.PAGES.glob("*/*.trace"))
    assert traces <= {path.with_suffix(".trace") for path in PAGES}


# The recorder.

LOG = r"""\
4711 clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f0000000001) = 4700
4711 faccessat(AT_FDCWD, "/the-example-starts-here/4699", F_OK) = -1 ENOENT (No such file or directory)
4711 clone(child_stack=NULL, flags=CLONE_VFORK|SIGCHLD, child_tidptr=0x7f0000000a10 <unfinished ...>
4712 getpid()                          = 4712
4712 execve("/opt/python/bin/python3", ["python3"], 0x7ffc00001000 /* 31 vars */) = 0
4711 <... clone resumed>)              = 4712
4711 wait4(4712,  <unfinished ...>
4712 execve("/tmp/t1/fork.py", [], 0x7ffc00001000 /* 31 vars */ <unfinished ...>
4711 <... wait4 resumed>[{WIFSIGNALED(s)}], 0, {ru_utime={tv_sec=0, tv_usec=812}, ...}) = 4712
4711 set_robust_list(0x7f0000000a10, 24) = 0
4712 getppid() = 4711
4711 getppid() = 4699
4711 openat(AT_FDCWD, "/opt/python/lib/signal.pyc", O_RDONLY|O_CLOEXEC) = 3
4711 read(3, "\247\r\r\n"..., 437) = 436
4711 close(3) = 0
4711 read(3, "hello", 16) = 5
4711 clone3({flags=0, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 88) = 4713
"""


def test_recorder_cleans() -> None:
    """Processes, addresses and paths are renamed, halves joined, times and other calls left out."""
    places = {"/opt/python/bin/python3": "python3", "/tmp/t1/fork.py": "fork.py"}
    keep = "clone|execve|wait4|set_robust_list|getppid|openat|read|close"
    lines = recorder.clean(LOG.splitlines(), keep, places, ("/opt/python/lib",))
    assert lines == [
        "P1  clone(child_stack=NULL, flags=CLONE_VFORK|SIGCHLD, child_tidptr=A1) = P2",
        'P2  execve("python3", ["python3"], A2 /* environment */) = 0',
        "P1  wait4(P2, [{WIFSIGNALED(s)}], 0, {ru_utime={...}, ...}) = P2",
        'P2  execve("fork.py", [], A2 /* environment */ <unfinished ...>',
        "P1  set_robust_list(A1, 24) = 0",
        "P2  getppid() = P1",
        "P1  getppid() = P0",
        'P1  read(3, "hello", 16) = 5',
    ]


def test_recorder_wants_the_mark() -> None:
    """A log without the example's start is refused, not recorded as a whole."""
    with pytest.raises(recorder.RecordError, match="where the example starts"):
        recorder.clean(LOG.splitlines()[:1], "clone", {}, ())


def test_recorder_refuses_other_output() -> None:
    """An example that fails, or prints anything else than its page says, is refused."""
    said = {"prints": "one\ntwo"}
    recorder.verify(said, "one\ntwo\n", "", 0)
    for out in ("one\n", "one\ntwo", "one\ntwo\n\n", ""):
        with pytest.raises(recorder.RecordError, match="instead of"):
            recorder.verify(said, out, "", 0)
    with pytest.raises(recorder.RecordError, match="exit code 3"):
        recorder.verify(said, "one\ntwo\n", "", 3)


def test_recorder_ends_what_hangs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An example that does not end is killed, with what it started."""

    class Hanging(subprocess.Popen[str]):
        """Its time is over as soon as the example has started what hangs."""

        def communicate(self, input: str | None = None, timeout: float | None = None) -> tuple[str, str]:
            if timeout is not None:
                until(lambda: len(os.listdir(tmp_path)) == 2)
                raise subprocess.TimeoutExpired(self.args, timeout)
            return super().communicate(input)

    monkeypatch.setattr(subprocess, "Popen", Hanging)
    script = "import os, time; os.fork(); open(str(os.getpid()), 'w').close(); time.sleep(1000)"
    with pytest.raises(recorder.RecordError, match=f"not finished after {recorder.SECONDS} seconds"):
        recorder.run([sys.executable, "-c", script], str(tmp_path))
    started = os.listdir(tmp_path)
    assert len(started) == 2
    assert all(killed(pid) for pid in started)


def killed(pid: str) -> bool:
    """Whether the process is gone, or a zombie that SIGKILL has made; it is given time to die."""
    for _ in range(100):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return True
        if fields[0] in "ZX":
            return fields[-1] == str(int(signal.SIGKILL))
        time.sleep(0.02)
    return False


def test_recorder_knows_needs() -> None:
    """Needs are checked on this machine; one that nobody knows is an error, not a reason to skip."""
    assert recorder.unmet(["kernel>=2.6"]) == []
    assert recorder.unmet(["kernel>=99.1"]) == ["kernel>=99.1"]
    assert recorder.unmet(["kernel<99.1"]) == []
    assert recorder.unmet(["kernel<2.6"]) == ["kernel<2.6"]
    own = ".".join(os.uname().release.split(".")[:2])
    assert recorder.unmet([f"kernel<{own}", f"kernel>={own}"]) == [f"kernel<{own}"]
    assert recorder.unmet(["root"]) == ([] if os.geteuid() == 0 else ["root"])
    assert recorder.unmet(["cpu!=nothing", "cpu=nothing"]) == ["cpu=nothing"]
    assert len(recorder.unmet(["rtc", "no-rtc"])) == 1
    machine = os.uname().machine
    assert len(recorder.unmet([f"arch={machine}", f"compat={machine}"])) == 1
    with pytest.raises(ValueError, match="'magic'"):
        recorder.unmet(["magic"])
