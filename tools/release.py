"""Make all that a release uploads, in dist/, and check it: the source distribution and the wheels.

usage: python -m tools.release [--tag vX.Y.Z] [PLATFORM...]

Without --tag it is a rehearsal: what is not ready is only reported.
PLATFORM: as for python -m machines.wheels.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys

from machines import wheels
from tools import PROJECT

DIST = PROJECT / "dist"
VERSION = re.compile(r'__version__ = "(.+)"')
DATED = r"^## {} \(\d{{4}}-\d\d-\d\d\)$"


def version() -> str:
    found = VERSION.search((PROJECT / "src/pysys/__init__.py").read_text("utf-8"))
    assert found
    return found[1]


def complaints(tag: str | None, changes: str, status: str) -> list[str]:
    """Why it is not to be uploaded yet.

    tag: what git calls it, None: nothing yet. changes: CHANGELOG.md. status: that of git, in lines.
    """
    found = []
    if tag != f"v{version()}":
        found.append(f"the tag is {tag}, and the version of src/pysys/__init__.py is {version()}")
    if not re.search(DATED.format(re.escape(version())), changes, re.MULTILINE):
        found.append(f"CHANGELOG.md has no date for {version()}")
    if status:
        found.append(f"files differ from those of the last commit:\n{status.rstrip()}")
    return found


def run(*command: str) -> None:
    print("+", *command[2:], flush=True)
    subprocess.run([sys.executable, *command], cwd=PROJECT, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("--tag", metavar="vX.Y.Z", help="the tag that this is built for")
    parser.add_argument("platform", nargs="*", metavar="PLATFORM")
    options = parser.parse_args()
    status = subprocess.run(
        ["git", "-C", str(PROJECT), "status", "--porcelain"], capture_output=True, text=True, check=True
    ).stdout
    left = complaints(options.tag, (PROJECT / "CHANGELOG.md").read_text("utf-8"), status)
    for line in left:
        print(f"not ready: {line}", flush=True)
    if left and options.tag:
        return 1
    for old in DIST.glob("pysys_linux-*"):
        old.unlink()
    run("-m", "build", "--sdist", "--outdir", str(DIST))
    run("-m", "machines.wheels", "--into", str(DIST), *options.platform)
    files = sorted(DIST.glob("pysys_linux-*"))
    run("-m", "twine", "check", "--strict", *map(str, files))
    chosen = options.platform or [wheel.platform for wheel in wheels.WHEELS]
    if len(files) < 1 + len(chosen):
        raise SystemExit(f"dist/ has {len(files)} files only")
    for path in files:
        print(f"{path.stat().st_size / 1e6:6.1f} MB  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
