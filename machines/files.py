"""The project's own files: those of this checkout, or of the source distribution that this is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# Folders whose files the package is not built from, and does not hold.
APART = frozenset({".ci", ".github", "benchmarks", "docs", "machines", "tests", "tools"})
# What lies below a source tree without git besides its files: environments, caches, what is built.
MADE = frozenset({"__pycache__", "build", "dist"})


def files() -> list[Path]:
    """All of them, relative to the project's folder: what git has or would add."""
    listed = ["git", "-C", str(PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listed, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        found = set(walked())
    else:
        found = {Path(name) for name in done.stdout.split("\0") if name}
        if Path("pyproject.toml") not in found:  # the repository is another one, which ignores this folder
            found = set(walked())
    return sorted(name for name in found if (PROJECT / name).is_file())


def walked(folder: Path = PROJECT) -> list[Path]:
    """The same without git: files that no tool has made."""
    found = []
    for path in folder.iterdir():
        name = path.name
        if path.is_dir() and not path.is_symlink():
            hidden = name.startswith(".") and name not in APART
            if not hidden and name not in MADE and not name.endswith(".egg-info"):
                found += walked(path)
        elif path.suffix not in (".so", ".pyc", ".bin", ".sqlite") and name not in ("PKG-INFO", "setup.cfg"):
            found.append(path.relative_to(PROJECT))
    return found


def built_from() -> list[Path]:
    """Those that the package is built from."""
    return [name for name in files() if name.parts[0] not in APART]


def copy(names: list[Path], target: Path) -> None:
    """Copy files of the project into another folder."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, target / name)
