"""Hold the generated tables against the newest kernel source that Debian packages.

usage: python -m tools.check.tables

Exit status 1 if a table is not what that source gives. A kernel newer than the tables' is not a
failure: the command that takes it in is printed.
"""

from __future__ import annotations

import re
import sys

from tools.generate.__main__ import TABLES, Generated
from tools.kernel_source import kernel_source


def main() -> int:
    tree = kernel_source()
    lines = (tree / "Makefile").read_text().splitlines()[:10]
    parts = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL) = (\d+)", "\n".join(lines), re.M))
    theirs = ".".join(parts[name] for name in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))
    match = re.search(r'KERNEL_VERSION = "(.*)"', (TABLES / "__init__.py").read_text())
    assert match is not None
    if match[1] != theirs:
        print(f"The tables are of Linux {match[1]}, and {tree} is Linux {theirs}. To take it in:")
        print(f"    python -m tools.generate {tree}")
        return 0
    wrong = Generated(tree).differences()
    print("\n".join(wrong) or "the tables, and the members of flags, are current")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
