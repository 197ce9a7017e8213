"""Build the site: python -m tools.site [FOLDER], which is build/site without an argument."""

from __future__ import annotations

import shutil
import sys
from functools import cache
from pathlib import Path

from pysys.metadata import load
from tools.site import manual, search, written

# What the package works out again at each question is asked for some fifty times here.
for _name in ("entries", "text", "kind", "explained"):
    setattr(load, _name, cache(getattr(load, _name)))


def main(folder: Path) -> None:
    """Everything, in a folder that is made again."""
    if folder.exists():
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "names.js").is_file():
            sys.exit(f"{folder} has something else than the site in it")
        shutil.rmtree(folder)
    pages = written.write(folder)
    count = manual.write(folder / "man")
    indexed = search.index(folder)
    without = "" if indexed else "; without an index of the text, as Pagefind is not installed"
    print(f"{folder}: {len(pages)} pages, {count} pages for man(1){without}")


main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/site"))
