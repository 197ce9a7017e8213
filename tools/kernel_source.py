#!/usr/bin/env python3
"""Bring the newest Linux source tree that Debian packages, as far as the tables are made from it.

usage: kernel_source.py [DIRECTORY]      default: linux-source in $PYSYS_CACHE or ~/.cache/pysys

apt checks the archive's signature. Prints the directory; an existing one is used as it is.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from debian import cache, mirror

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
    with tempfile.TemporaryDirectory(dir=target.parent) as work_:
        work = Path(work_)
        (work / "sources.list").write_text(f"deb {mirror()} sid main\n")
        (work / "state/lists/partial").mkdir(parents=True)
        (work / "cache/archives/partial").mkdir(parents=True)
        options = [
            *("-o", f"Dir::Etc::SourceList={work}/sources.list", "-o", "Dir::Etc::SourceParts=/dev/null"),
            *("-o", f"Dir::State={work}/state", "-o", f"Dir::Cache={work}/cache"),
            *("-o", "Acquire::Check-Valid-Until=false"),  # a mirror may lag behind
            *("-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none", "-qq"),
        ]
        subprocess.run(["apt-get", *options, "update"], check=True)
        names = subprocess.run(
            ["apt-cache", *options, "pkgnames", "linux-source-"], capture_output=True, text=True, check=True
        ).stdout.split()
        versions = [name for name in names if re.fullmatch(r"linux-source-\d+\.\d+", name)]
        newest = max(versions, key=lambda name: [int(part) for part in re.findall(r"\d+", name)])
        print(f"fetching {newest}", file=sys.stderr, flush=True)
        subprocess.run(["apt-get", *options, "download", newest], cwd=work, check=True)
        package = next(work.glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", str(package), str(work / "package")], check=True)
        archive = next((work / "package").glob("usr/src/*.tar.xz"))
        tree = work / "tree"
        tree.mkdir()
        left_out = ["--anchored", "--no-wildcards-match-slash", *(f"--exclude=*/{name}" for name in LEFT_OUT)]
        subprocess.run(
            ["tar", "-xJf", str(archive), "--strip-components=1", *left_out, "-C", str(tree)], check=True
        )
        tree.rename(target)


def kernel_source(target: Path | None = None) -> Path:
    """The tree, fetched if it is not there yet."""
    target = target or cache() / "linux-source"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        fetch(target)
    return target


if __name__ == "__main__":
    print(kernel_source(*map(Path, sys.argv[1:])))
