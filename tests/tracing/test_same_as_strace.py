"""pysys trace and strace show the same calls, results and argument values of the same programs."""

from __future__ import annotations

import collections
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import strace_output
from paths import SUPPORT
from patience import PATIENCE

pytestmark = [
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
]

MASK = (1 << 64) - 1
Threads = dict[int, list[Any]]
MULTIPLEXED = ("socketcall", "ipc")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    "LC_ALL": "C",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}
# How often these are made depends on which thread is first; what the kernel answers depends on the moment.
RACING = frozenset({"futex", "sched_yield"})
ANY_RESULT = {"wait4", "getppid"}
MEMORY = frozenset({"brk", "madvise", "mmap", "mprotect", "munmap"})
# (strace shows both halves of _llseek's position as one number.)
MOMENTARY = {
    "_llseek",
    "getrandom",
    "sysinfo",
    "times",
    "clock_gettime",
    "gettimeofday",
    "getrusage",
    "wait4",
    "rt_sigreturn",
}


def traced(command: list[str], log: Path, *options: str) -> list[dict[str, Any]]:
    """The events of a program."""
    subprocess.run(
        [
            "setarch",
            "-R",
            sys.executable,
            "-m",
            "pysys",
            "trace",
            "--json",
            "-o",
            str(log),
            *options,
            "--",
            *command,
        ],
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120 * PATIENCE,
        check=False,
    )
    return [json.loads(line) for line in log.read_text().splitlines()]


class Comparison:
    """Compares calls one by one. kinds: how many values of which kind were the same; wrong: the others."""

    def __init__(self, ids: dict[int, int], fixed: bool) -> None:
        self.kinds: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []
        self._ids = ids  # of processes, ours by strace's
        self._fixed = fixed  # whether addresses are the same

    def call(self, ours: dict[str, Any], theirs: strace_output.Shown) -> None:
        shown = " ".join(str(ours[name]) for name in ("name", "arguments", "written", "result", "errno"))
        title = f"{shown}: {theirs}"
        if ours["name"] in MULTIPLEXED:
            self._result(ours, theirs, title)
            return
        if ours["name"] != theirs.name:
            self.wrong.append(title)
            return
        self._result(ours, theirs, title)
        if theirs.name in MOMENTARY:
            return
        values = list(ours["arguments"].items())
        for (name, before), shown in zip(values, theirs.arguments, strict=False):
            if (ours["name"], name) == ("mmap2", "pgoff"):  # strace shows bytes
                before *= 4096
            after = ours["written"].get(name, before)
            if isinstance(shown, tuple) and isinstance(shown[0], str):  # clone's, by their names
                continue
            if isinstance(shown, tuple):  # before and after
                before, shown = (before, shown[0]) if name not in ours["written"] else (after, shown[1])
            if not self._same(after, shown) and not self._same(before, shown):
                self.wrong.append(f"{name}: {after!r}, not {shown!r}, in {title}")

    def _result(self, ours: dict[str, Any], theirs: strace_output.Shown, title: str) -> None:
        if theirs.name in ANY_RESULT:
            return
        shown = theirs.result.split(" ")
        result = ours["result"]
        if isinstance(result, dict):
            result = result.get("fd", result.get("value"))
        if isinstance(result, str):
            result = int(result, 0)
        if shown[0] == "?":
            same = result is None and ours["restarted"] == ("" if len(shown) == 1 else shown[1])
        elif shown[0] == "-1" and len(shown) > 1:
            same = (result, ours["errno"]) == (-1, shown[1])
        else:
            value = strace_output.number(shown[0])
            same = result is not None and (
                (result - self._ids.get(value, value)) & MASK == 0 or result == value
            )
        self.kinds["result"] += same
        if not same:
            self.wrong.append(f"result of {title}")

    def _same(self, ours: Any, shown: Any) -> bool:
        kind, same = self._compared(ours, shown)
        self.kinds[kind] += same
        return same

    def _compared(self, ours: Any, shown: Any) -> tuple[str, bool]:
        if isinstance(shown, str):  # words that no option turns into numbers
            return "unknown", True
        if ours is None:
            return "null", shown == 0
        if isinstance(ours, str) and ours.startswith("0x") and not isinstance(shown, bytes):
            return "address", not self._fixed or not isinstance(shown, int) or (
                int(ours, 16) - shown
            ) & MASK == 0
        if isinstance(ours, str):
            data = ours.encode("utf-8", "surrogateescape")
            return "string", isinstance(shown, bytes) and data.startswith(shown) and len(shown) >= min(
                64, len(data)
            )
        if isinstance(ours, dict) and "length" in ours and "data" in ours:
            if isinstance(shown, int | list | dict):
                return "data", True  # numbers and structures that strace makes of it
            return "data", ours["data"].encode("latin-1")[:64] == shown
        if isinstance(ours, dict) and ("fd" in ours or "value" in ours):
            return self._compared(ours.get("fd", ours.get("value")), shown)
        if isinstance(ours, dict):
            if isinstance(shown, int):
                return "structure", False
            if not self._fixed and isinstance(shown, dict):
                shown = {
                    name: one for name, one in shown.items() if not isinstance(one, int) or one < 1 << 32
                }
            pairs = (
                [(ours[name], shown[name]) for name in shown if name in ours]
                if isinstance(shown, dict)
                else []
            )
            return "structure", all(self._compared(*pair)[1] for pair in pairs)
        if isinstance(ours, list):
            if not isinstance(shown, list) or len(shown) > len(ours):
                return "array", isinstance(shown, dict)
            return "array", all(self._compared(*pair)[1] for pair in zip(ours, shown, strict=False))
        if isinstance(ours, int):
            if isinstance(shown, list) and len(shown) == 1:
                shown = shown[0]
            return "number", not isinstance(shown, int) or (
                self._ids.get(shown, shown) - ours
            ) & 0xFFFFFFFF == 0 or (shown - ours) & 0xFFFFFFFF == 0
        return "unknown", False


def made(command: list[str], tmp_path: Path, spared: frozenset[str]) -> tuple[Threads, Threads]:
    """The calls of each thread, by its id: as strace shows them, and as we do."""
    theirs = strace_output.run(
        command,
        tmp_path / "strace",
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ours = [event for event in traced(command, tmp_path / "ours") if event["event"] == "call"]
    by_thread: Threads = {}
    for shown in theirs:
        if shown.name not in spared:
            by_thread.setdefault(shown.tid, []).append(shown)
    own: Threads = {}
    for event in ours:
        if event["name"] not in spared:
            own.setdefault(event["tid"], []).append(event)
    return by_thread, own


def compare(command: list[str], tmp_path: Path, least: int, spared: frozenset[str] = RACING) -> Comparison:
    """Run a program under both, and compare what each of its threads has done.

    A program may make a call more in one run than in another, or two in another order: then both run again.
    """
    for _ in range(10):
        by_thread, own = made(command, tmp_path, spared)
        ids = dict(zip(sorted(by_thread), sorted(own), strict=True))
        own_names = {tid: [one["name"] for one in own[ids[tid]]] for tid in by_thread}
        names = {
            tid: [
                # strace says which call of several it is.
                other if other in MULTIPLEXED else one.name
                for one, other in itertools.zip_longest(calls, own_names[tid][: len(calls)])
            ]
            for tid, calls in by_thread.items()
        }
        if names == own_names:
            break
    assert names == own_names
    comparison = Comparison(ids, not spared >= MEMORY)
    for tid, calls in by_thread.items():
        for event, shown in zip(own[ids[tid]], calls, strict=True):
            comparison.call(event, shown)
    assert not comparison.wrong, "\n".join(comparison.wrong[:20])
    assert sum(map(len, own.values())) >= least
    return comparison


def test_a_small_program(tmp_path: Path) -> None:
    """true: all that the loader does."""
    found = compare(["true"], tmp_path, 20)
    assert found.kinds["address"] > 10 and found.kinds["string"] > 3 and found.kinds["structure"] >= 2


def test_a_program_with_directories(tmp_path: Path) -> None:
    """ls -l of a directory, with what fails."""
    (tmp_path / "there").mkdir()
    for name in "abc":
        (tmp_path / "there" / name).write_text(name)
    found = compare(["ls", "-l", str(tmp_path / "there"), "/nonexistent/pysys"], tmp_path, 60)
    assert found.kinds["data"] > 2


def test_a_shell_with_pipes(tmp_path: Path) -> None:
    """Several processes, their signals and what they wait for."""
    # A signal comes before a call or during it.
    compare(
        ["sh", "-c", "echo one | cat | cat; (exit 3); true"],
        tmp_path,
        80,
        RACING | {"rt_sigreturn", "sigreturn"},
    )


MANY = """
import os, select, signal, socket, struct, tempfile, fcntl, resource, mmap
a, b = socket.socketpair()
a.sendmsg([b"one", b"two"])
b.recvmsg(10)
b.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.close()
r, w = os.pipe()
os.writev(w, [b"ab", b"cde"])
os.readv(r, [bytearray(2), bytearray(3)])
os.set_blocking(r, False)
try:
    os.read(r, 5)
except BlockingIOError:
    pass
fcntl.fcntl(r, fcntl.F_GETFL)
poll = select.poll()
poll.register(w)
poll.poll(0)
epoll = select.epoll()
epoll.register(w, select.EPOLLOUT)
epoll.poll(0)
select.select([], [w], [], 0)
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
signal.setitimer(signal.ITIMER_REAL, 100)
signal.setitimer(signal.ITIMER_REAL, 0)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.sched_getaffinity(0)
os.getgroups()
os.statvfs("/")
m = mmap.mmap(-1, 4096)
m.close()
os.chdir(os.path.dirname(__file__))
os.mkdir("directory")
os.rename("directory", "other")
os.rmdir("other")
os.open("/tmp", os.O_RDWR | os.O_TMPFILE, 0o600)
os.dup2(r, 50)
"""


def test_many_calls(tmp_path: Path) -> None:
    """Sockets, vectors, polls, signals, limits."""
    program = tmp_path / "many.py"
    program.write_text(MANY)
    compare(["/usr/bin/python3", "-I", "-S", str(program)], tmp_path, 150)


THREADS = """
import os, threading
def work(number):
    for _ in range(3):
        os.stat("/")
    os.close(os.open("/dev/null", os.O_RDONLY))
for number in range(4):
    thread = threading.Thread(target=work, args=(number,))
    thread.start()
    thread.join()
"""


def test_a_program_with_threads(tmp_path: Path) -> None:
    """Each thread's calls are its own."""
    program = tmp_path / "threads.py"
    program.write_text(THREADS)
    # Which of two threads is the first to need memory is different every time.
    compare(["/usr/bin/python3", "-I", "-S", str(program)], tmp_path, 150, RACING | MEMORY)


def test_a_program_of_32_bits(tmp_path: Path) -> None:
    """Its numbers, a 64-bit argument in two registers, and structures of the same layout everywhere."""
    if not shutil.which("gcc"):
        pytest.skip("gcc, which makes the program, is not installed")
    program = tmp_path / "i386"
    flags = ["-m32", "-nostdlib", "-static", "-fno-pie", "-no-pie", "-fno-stack-protector"]
    source = str(SUPPORT / "traced_i386.c")
    made = subprocess.run(["gcc", *flags, "-o", str(program), source], capture_output=True, check=False)
    if made.returncode or subprocess.run([str(program)], check=False).returncode != 7:
        pytest.skip("programs of i386 cannot be made or run here")
    compare([str(program)], tmp_path, 9)
    events = traced([str(program)], tmp_path / "ours")
    calls = {event["name"]: event for event in events if event["event"] == "call"}
    assert {event["abi"] for name, event in calls.items() if name != "execve"} == {"i386"}
    assert calls["pread64"]["arguments"]["pos"] == 1 << 32 | 5
    assert calls["_llseek"]["written"]["result"] == 7
    assert calls["clock_gettime64"]["written"]["tp"]["tv_sec"] > 0
    assert events[-1]["status"] == 7
