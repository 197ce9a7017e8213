#!/usr/bin/env python3
"""Hold the generated tables against the newest kernel source that Debian packages.

usage: check_tables.py

Exit status 1 if a table is not what that source gives. A newer kernel than the tables' is no failure but
news: the command that takes it in is printed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from kernel_source import kernel_source

TOOLS = Path(__file__).resolve().parent
TABLES = TOOLS.parent / "src" / "pysys" / "tables"


def main() -> int:
    tree = kernel_source()
    lines = (tree / "Makefile").read_text().splitlines()[:10]
    parts = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL) = (\d+)", "\n".join(lines), re.M))
    theirs = ".".join(parts[name] for name in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))
    match = re.search(r'KERNEL_VERSION = "(.*)"', (TABLES / "__init__.py").read_text())
    assert match is not None
    if match[1] != theirs:
        print(f"The tables are of Linux {match[1]}, and {tree} is Linux {theirs}. To take it in:")
        print(f"    python tools/rebuild_tables.py {tree}")
        return 0
    command = [sys.executable, str(TOOLS / "rebuild_tables.py"), "--check", str(tree)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
