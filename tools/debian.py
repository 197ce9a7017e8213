"""What the tools here need of Debian: the archive of this machine's own packages, a place to keep things."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn


def give_up(why: str) -> NoReturn:
    """End with the reason why this machine cannot do it: no failure, except in CI, whose machine has to."""
    print(f"skipped: {why}", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") else 0)


def cache() -> Path:
    """Where what is made or fetched once is kept: $PYSYS_CACHE or ~/.cache/pysys."""
    return Path(os.environ.get("PYSYS_CACHE") or Path.home() / ".cache" / "pysys")


def mirror() -> str:
    """The archive's address, from this machine's package sources."""
    if not shutil.which("apt-get"):
        give_up("needs Debian's apt")
    form = "$(REPO_URI) $(COMPONENT) $(RELEASE)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for line in listed:
        uri, component, release = line.split()
        if component == "main" and "security" not in release and "/debian" in uri:
            return uri
    give_up("this machine's package sources name no Debian archive")
