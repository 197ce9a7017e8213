"""Run the tests on a Python that this machine has not got, on its own kernel, in a Debian root made for it.

usage: python -m machines.roots ROW [PYTEST ARGUMENT...]      for example: ... newer -k fork

The rows are below: a 32-bit Python on this 64-bit x86 kernel, Pythons newer than this machine's, and a user
without privileges, as most are who run tests. A root is made once with mmdebstrap, from Debian's own packages
(Python, cffi, pytest, a compiler), in $PYSYS_CACHE or ~/.cache/pysys. Every run copies this source tree into
it, builds and installs the package there and runs pytest in it, in a mount namespace of its own. Needs root.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from machines.cache import cache, locked, made
from machines.debian import mirror
from machines.errors import Trouble, give_up
from machines.files import copy, files


class Row(NamedTuple):
    suite: str
    architecture: str
    python: str
    packages: str  # besides the common ones
    user: int = 0
    tests: str = "not thorough and not once"


ROWS = {
    # What says the same on every ABI is tested by the others.
    "i386-native": Row(
        "trixie", "i386", "python3", "python3-dev", tests="not thorough and not once and not portable"
    ),
    "newer": Row("sid", "amd64", "python3.14", "python3.14-dev"),
    "newest": Row("sid", "amd64", "python3.15", "python3.15-dev"),
    "unprivileged": Row("trixie", "amd64", "python3", "python3-dev", user=1000),
}
PACKAGES = (
    "gcc,libc6-dev,libseccomp2,mount,procps,python3-argcomplete,python3-cffi,python3-hypothesis,python3-pip,"
    "python3-pytest,python3-rich,python3-setuptools,python3-wheel,strace"
)
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
"$PYTHON" -m pip install --quiet --no-warn-script-location --root-user-action=ignore --break-system-packages \
    --no-build-isolation --no-deps --no-index --force-reinstall . || exit 78
chown -R "$AS" .
exec setpriv --reuid "$AS" --regid "$AS" --clear-groups \
    "$PYTHON" -m pytest -p no:cacheprovider -m "$TESTS" "$@"
"""


def root(name: str) -> Path:
    """The row's root, made if it is not there yet."""
    row = ROWS[name]
    packages = f"{PACKAGES},{row.packages}"
    key = hashlib.sha256(packages.encode()).hexdigest()[:8]  # another list, another root
    path = cache() / f"{name}-{row.suite}-{key}"
    if not path.exists() and not shutil.which("mmdebstrap"):
        give_up("mmdebstrap makes the root: apt install mmdebstrap")

    def make(fresh: Path) -> None:
        try:
            subprocess.run(
                [
                    *("mmdebstrap", "--quiet", f"--architectures={row.architecture}", "--variant=essential"),
                    # A mirror may lag behind; the signature is checked all the same.
                    *("--aptopt=Acquire::Check-Valid-Until false", f"--include={packages}"),
                    *(row.suite, str(fresh), f"deb {mirror()} {row.suite} main"),
                ],
                check=True,
            )
        except subprocess.CalledProcessError as error:
            raise Trouble(f"mmdebstrap failed ({error.returncode})") from None

    return made(path, f"the root {path.name}, half a minute", make)


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in ROWS:
        print(f"usage: python -m machines.roots {'|'.join(ROWS)} [PYTEST ARGUMENT...]", file=sys.stderr)
        return 2
    name = sys.argv[1]
    if platform.machine() != "x86_64":
        give_up(f"the rows are for x86_64 kernels; this machine is {platform.machine()}")
    if os.geteuid() != 0:
        give_up("needs root, for the mount namespace")
    row, where = ROWS[name], root(name)
    command = [
        *("unshare", "--mount", "--", "sh", "-c", IN_ROOT, name, str(where)),
        *("/usr/bin/env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LANG=C.UTF-8", "HOME=/tmp"),
        *(f"PYTHON={row.python}", f"AS={row.user}", f"TESTS={row.tests}"),
        f"PYSYS_ROUNDS={os.environ.get('PYSYS_ROUNDS', '100')}",
        *("sh", "-c", IN_ROOT_TREE, name, *sys.argv[2:]),
    ]
    with locked(where):  # the copy, and what is installed, are this run's
        shutil.rmtree(where / "project", ignore_errors=True)
        copy(files(), where / "project")  # without what was built here
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"roots: {trouble}")
