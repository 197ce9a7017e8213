"""What the search needs: the list of names, which works without a server, and the index by Pagefind."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tools.site import addresses
from tools.site.lists import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tools.site.content import Content


def names(contents: Iterable[Content]) -> str:
    """A script with every name: what it is, where it is, and a few words."""
    found = [
        [one.title.partition("(")[0], one.kind, one.path, plain(one.text)[:90]]
        for one in contents
        if one.kind != "list"
    ]
    known = addresses.classes().values()
    flags = [
        [name, "flag", address, ""]
        for name, address in addresses.constants().items()
        if address.partition("#")[0] in known
    ]
    return f"window.NAMES = {json.dumps(found + flags, separators=(',', ':'))};\n"


def index(folder: Path) -> bool:
    """Have Pagefind index the pages; returns False where it is not installed."""
    if find_spec("pagefind") is None:
        return False
    command = [sys.executable, "-m", "pagefind", "--site", str(folder), "--quiet"]
    subprocess.run(command, check=True)
    return True
