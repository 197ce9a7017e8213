"""Bring the newest Linux source tree that Debian packages, as far as the tables are made from it.

usage: python -m tools.kernel_source [DIRECTORY]      default: linux-source in $PYSYS_CACHE or ~/.cache/pysys

apt checks the archive's signature. Prints the directory; an existing one is used as it is.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from machines.cache import cache, locked
from machines.debian import Archive, host
from machines.errors import Trouble
from machines.packages import unpack

# Where no call is defined; two thirds of the tree.
LEFT_OUT = (
    "Documentation",
    "sound",
    "tools",
    "samples",
    "rust",
    "drivers/gpu",
    "drivers/net",
    "drivers/media",
)


def fetch(target: Path) -> None:
    archive = Archive("sid", host())
    versions = archive.names(r"linux-source-\d+\.\d+")
    newest = max(versions, key=lambda name: [int(part) for part in re.findall(r"\d+", name)])
    print(f"fetching {newest}", file=sys.stderr, flush=True)
    with archive.alone(newest) as package, tempfile.TemporaryDirectory(dir=target.parent) as work_:
        work = Path(work_)
        unpack(package, work / "package")
        source = next((work / "package").glob("usr/src/*.tar.xz"))
        tree = work / "tree"
        tree.mkdir()
        left_out = ["--anchored", "--no-wildcards-match-slash", *(f"--exclude=*/{name}" for name in LEFT_OUT)]
        command = ["tar", "-xJf", str(source), "--strip-components=1", *left_out, "-C", str(tree)]
        subprocess.run(command, check=True)
        tree.rename(target)


def kernel_source(target: Path | None = None) -> Path:
    """The tree, fetched if it is not there yet."""
    try:
        target = target or cache() / "linux-source"
        with locked(target):
            if not target.exists():
                fetch(target)
    except Trouble as trouble:
        sys.exit(f"kernel_source: {trouble}")
    return target


if __name__ == "__main__":
    print(kernel_source(*map(Path, sys.argv[1:])))
