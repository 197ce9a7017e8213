"""What an import takes along, seen in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

# What costs milliseconds to import: none of it comes with the package.
HEAVY = frozenset(
    {
        "collections",
        "contextlib",
        "dataclasses",
        "difflib",
        "enum",
        "functools",
        "importlib.resources",
        "inspect",
        "json",
        "operator",
        "pathlib",
        "re",
        "subprocess",
        "textwrap",
        "tomllib",
        "types",
        "typing",
    }
)


def loaded_by(code: str) -> set[str]:
    """The modules that code loads, in an interpreter that has loaded nothing else, not even site."""
    script = f"""
import sys
sys.path[:0] = {sys.path!r}
before = set(sys.modules)
{code}
print(*(set(sys.modules) - before))
"""
    command = [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


if (3, 12) <= sys.version_info < (3, 12, 3):  # whether a fork comes too late, only threading knows there
    HEAVY -= loaded_by("import threading")
