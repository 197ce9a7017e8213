"""The cross compiler: Zig's, with every target and its C libraries, and the headers of Debian's Pythons."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

from machines import table
from machines.cache import cache, made
from machines.debian import Archive
from machines.errors import Trouble
from machines.packages import unpack


def run(command: list[str], what: str, **more: str) -> None:
    """Run a command, which Zig's cache and `more` are in the environment of; Trouble shows what it said."""
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(cache() / "zig"), **more}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, umask=0o022)
    if done.returncode != 0:
        raise Trouble(f"{what} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


def headers(suite: str, architecture: str, python: str) -> list[Path]:
    """The folders of the headers of a suite's Python, for its architecture."""
    package = f"libpython{python}-dev"

    def make(fresh: Path) -> None:
        with Archive(suite, architecture).alone(package) as deb:
            unpack(deb, fresh)
        for library in fresh.rglob("*.a"):
            library.unlink()

    path = made(cache() / "headers" / f"{suite}-{architecture}-{python}", package, make)
    return [path / "usr/include" / f"python{python}", path / "usr/include"]


def compiler(architecture: str, glibc: str | None) -> list[str]:
    """The C compiler for an architecture, as Debian calls it, and a version of glibc; None: musl."""
    found = importlib.util.find_spec("ziglang")
    if found is None or not found.origin:
        raise Trouble("the cross compiler is not here: pip install ziglang")
    target = table.TARGETS[architecture]
    target = f"{target}.{glibc}" if glibc else target.replace("gnu", "musl")
    return [str(Path(found.origin).with_name("zig")), "cc", "-target", target]
