"""Names that the whole machine shares: no two runs of the tests have one in common, and what is still there
of runs that did not get to their end can be recognized by them."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "pysys-tests-"
KEYS = 0x7079  # the upper half of a System V key
OLD = 3600  # seconds: what has a name for a single test is no longer any run's after them
SCRATCH = "PYSYS_SCRATCH"  # in the environment of a run's processes: the path of its folder


def name() -> str:
    """A name that nothing has."""
    return PREFIX + secrets.token_hex(6)


def key() -> int:
    """A System V key that nothing has, or next to nothing: make with IPC_EXCL what bears it."""
    return KEYS << 16 | secrets.randbits(16)


class Scratch:
    """A run's own folder, which goes with it; locked as long as the run lives, however it ends."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix=PREFIX)
        self._descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._descriptor)


def left() -> list[str]:
    """What earlier runs have left: commands that remove it, each with what it is."""
    return [*_processes(), *_folders(), *_ipc(), *_files()]


def _in_use(folder: str) -> bool:
    """Whether the run whose folder this is still lives."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _processes() -> Iterator[str]:
    for pid in filter(str.isdigit, _names("/proc")):
        if int(pid) in (1, os.getpid()):  # not this run, nor what holds its container
            continue
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        for variable in environment:
            what, _, folder = os.fsdecode(variable).partition("=")
            # As that process sees the path: it may have another root, or another /tmp.
            if what == SCRATCH and not _in_use(f"/proc/{pid}/root{folder}"):
                yield f"kill -KILL {pid}    # the process `{command.strip()[:60]}`"


def _folders() -> Iterator[str]:
    for path in _named(tempfile.gettempdir()):
        if os.lstat(path).st_uid == os.geteuid() and not _in_use(path):
            yield f"rm -r {path}    # scratch files"


def _ipc() -> Iterator[str]:
    for kind, option, what in (("msg", "q", "queue"), ("sem", "s", "semaphores"), ("shm", "m", "memory")):
        try:
            columns, *lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
        except OSError:
            continue
        changed = columns.split().index("ctime")
        for key, number, *more in (map(int, line.split()) for line in lines):
            if key >> 16 == KEYS and time.time() - (key, number, *more)[changed] > OLD:
                yield f"ipcrm -{option} {number}    # System V {what}, key {key:#x}"


def _files() -> Iterator[str]:
    places = [("/dev/mqueue", "rm", "a queue"), ("/sys/kernel/tracing/instances", "rmdir", "a trace")]
    places.append(("/sys/kernel/debug/tracing/instances", "rmdir", "a trace"))
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        if kind in ("cgroup", "cgroup2"):
            places.append((where, "rmdir", "a cgroup"))
    for folder, command, what in places:
        for path in _named(folder):
            if time.time() - os.lstat(path).st_mtime > OLD:
                yield f"{command} {path}    # {what}"


def _named(folder: str) -> list[str]:
    """The paths in a folder that are named as name() does it."""
    return [os.path.join(folder, name) for name in _names(folder) if name.startswith(PREFIX)]


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
