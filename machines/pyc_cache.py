"""What Python compiled in earlier runs: kept, so that a machine does not compile all that it imports again.

Python takes compiled code for that of a source file of the same size and date, and a layer's dates stand for
what its files hold (cpio.py): the code of a file that was changed is not taken, and is replaced after the
run. Compiled code is the same on every architecture; it differs among suites, as what it is compiled from
does.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from machines import table
from machines.cache import cache, locked
from machines.cpio import Writer

SUFFIX = ".pyc"


def _folder(row: table.Row) -> Path:
    return cache() / "compiled" / row.suite


def layer(row: table.Row, target: Path) -> None:
    """Write the layer."""
    folder = _folder(row)
    with locked(folder), open(target, "wb") as file:
        writer = Writer(file)
        if folder.exists():
            writer.tree(folder, "", date=0)
        writer.close()


def keep(row: table.Row, found: Path) -> None:
    """Take what a run brought back: code that lies in the folder as in the machine."""
    folder = _folder(row)
    with locked(folder):
        for path in found.rglob(f"*{SUFFIX}"):
            if not path.stat().st_mtime:  # it came from here
                continue
            kept = folder / path.relative_to(found)
            kept.parent.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(".fresh")
            shutil.copyfile(path, fresh)
            os.replace(fresh, kept)
