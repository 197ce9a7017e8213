"""Where what is made or fetched once is kept, and how: completely or not at all, by one process at a time.

Programs are started from there, some as root: no one else may have put anything there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from machines.errors import Trouble


def cache() -> Path:
    """$PYSYS_CACHE or ~/.cache/pysys, which is there afterwards, and ours alone to write to."""
    return ours(Path(os.environ.get("PYSYS_CACHE") or Path.home() / ".cache" / "pysys"))


def ours(path: Path) -> Path:
    """This folder without symbolic links, made if not there; Trouble if others can change what it holds.

    That can who owns one of the folders that it lies in, or may write to one: but in a sticky one, as /tmp
    is, no user replaces what another owns.
    """
    path = path.resolve()
    trusted = {
        os.geteuid(),
        os.stat("/").st_uid,
    }  # whose / is can do anything; in a user namespace it is not 0
    for folder in reversed([path, *path.parents]):
        if not os.path.lexists(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
        found = os.lstat(folder)
        open_to_others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if not stat.S_ISDIR(found.st_mode):
            wrong = "is not a folder"
        elif found.st_uid not in trusted:
            wrong = f"is user {found.st_uid}'s"
        elif open_to_others and (folder == path or not found.st_mode & stat.S_ISVTX):
            wrong = f"is one that others may write to (chmod go-w {folder})"
        else:
            continue
        raise Trouble(
            f"programs are run from {path}, so it must belong to no one else, and {folder} {wrong}: "
            "set PYSYS_CACHE to a folder of your own"
        )
    return path


def key(*parts: object) -> str:
    """A short name of what something is made from: other parts, another name."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


def progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """No other process is in here for this path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(f"{path.name}.lock"), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"waiting for another run, which is at work in {path}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def made(path: Path, what: str, make: Callable[[Path], None]) -> Path:
    """This folder of the cache, which make() fills if it is not there yet."""
    with locked(path):
        if not path.exists():
            progress(f"making {what} (once)")
            fresh = Path(tempfile.mkdtemp(dir=path.parent, prefix=f"{path.name}."))
            try:
                fresh.chmod(0o755)
                make(fresh)
                fresh.rename(path)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    return path
