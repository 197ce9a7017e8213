"""Where what is made or fetched once is kept, and how: whole or not at all, by one process at a time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def cache() -> Path:
    """$PYSYS_CACHE or ~/.cache/pysys."""
    return Path(os.environ.get("PYSYS_CACHE") or Path.home() / ".cache" / "pysys")


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
