#!/usr/bin/env python3
"""Run the tests as i386: a 32-bit Python on this 64-bit x86 kernel, in a Debian root made for it.

usage: i386.py [PYTEST ARGUMENT...]         for example: i386.py -k fork

The root is made once with mmdebstrap, from Debian's own i386 packages (Python, cffi, pytest, a
compiler), in $PYSYS_CACHE or ~/.cache/pysys. Every run copies this source tree into it, builds and
installs the package there and runs pytest in it, in a mount namespace of its own. Needs root.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from debian import give_up, mirror

SUITE = "trixie"
PACKAGES = (
    "gcc,libc6-dev,libseccomp2,mount,procps,python3-cffi,python3-dev,python3-hypothesis,python3-pip,"
    "python3-pytest,python3-setuptools,python3-wheel,strace"
)
PROJECT = Path(__file__).resolve().parent.parent
COPIED = [
    "LICENSE",
    "README.md",
    "build_ffi.py",
    "cdefs",
    "pyproject.toml",
    "setup.py",
    "src",
    "tests",
    "tools",
]
IN_ROOT = """
set -e
mount --bind "$1" "$1"
cd "$1"
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc proc proc
mount -t tmpfs tmpfs tmp
pivot_root . mnt        # a mere chroot could make no user namespace
umount -l /mnt
shift
exec "$@"
"""
IN_ROOT_TREE = """
cd /project
pip install --quiet --root-user-action=ignore --break-system-packages --no-build-isolation --no-deps \
    --no-index --force-reinstall . || exit 78
cd /project/tests && exec python3 -m pytest -p no:cacheprovider -c /project/pyproject.toml "$@"
"""


def root() -> Path:
    """The root, made if it is not there yet."""
    cache = Path(os.environ.get("PYSYS_CACHE") or Path.home() / ".cache" / "pysys")
    key = hashlib.sha256(PACKAGES.encode()).hexdigest()[:8]  # another list, another root
    path = cache / f"{SUITE}-i386-{key}"
    if path.exists():
        return path
    if not shutil.which("mmdebstrap"):
        give_up("mmdebstrap makes the root: apt install mmdebstrap")
    cache.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    print(f"i386: making {path} (once, half a minute)", flush=True)
    subprocess.run(
        [
            *("mmdebstrap", "--quiet", "--architectures=i386", "--variant=essential"),
            *(f"--include={PACKAGES}", SUITE, str(fresh), f"deb {mirror()} {SUITE} main"),
        ],
        check=True,
    )
    fresh.rename(path)
    return path


def main() -> int:
    if platform.machine() not in ("x86_64", "i686"):
        give_up(f"an x86 kernel runs i386 programs; this machine is {platform.machine()}")
    if os.geteuid() != 0:
        give_up("needs root, for the mount namespace")
    where = root()
    project = where / "project"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir()
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.egg-info")
            shutil.copytree(source, project / name, ignore=ignored)
        elif source.exists():
            shutil.copy2(source, project / name)
    command = ["unshare", "--mount", "--", "sh", "-c", IN_ROOT, "i386", str(where)]
    command += ["/usr/bin/env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LANG=C.UTF-8", "HOME=/root"]
    command += [f"PYSYS_ROUNDS={os.environ.get('PYSYS_ROUNDS', '100')}"]
    command += ["sh", "-c", IN_ROOT_TREE, "i386", *sys.argv[1:]]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
