"""A path of a failed call: what the call does with it, and where it leads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from pysys import flags
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.access import USES, Use
from pysys.diagnosis.failures.permissions import READ, SEARCH, WRITE
from pysys.diagnosis.failures.walk import Walk, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODES = {"read": READ, "write": WRITE, "execute": SEARCH, "enter": SEARCH}


class Place(NamedTuple):
    """A path of the call, and where it leads."""

    call: str
    args: dict[str, Any]
    use: Use
    title: str  # the path as it was given
    walk: Walk

    @property
    def makes(self) -> bool:
        """Whether the last component may be one that is not there yet."""
        creating = self.use.what == "open" and arguments.open_flags(self.args) & os.O_CREAT
        return bool(creating) or self.use.what in ("make", "replace") or self.call == "creat"

    @property
    def changes_folder(self) -> bool:
        """Whether the directory of the last component is written to."""
        if self.use.what == "remove" or self.use.what in ("make", "replace"):
            return True
        return self.makes and self.walk.status is None

    @property
    def wanted(self) -> int:
        """What access(2) is to be asked about the file itself."""
        if self.use.what == "open":
            given = arguments.open_flags(self.args)
            if given & flags.O_PATH:
                return 0
            mode = {os.O_RDONLY: READ, os.O_WRONLY: WRITE}.get(given & os.O_ACCMODE, READ | WRITE)
            return mode | (WRITE if given & os.O_TRUNC else 0)
        if self.use.what == "check":
            mode = self.args.get("mode", 0)
            return mode if isinstance(mode, int) else 0
        return _MODES.get(self.use.what, 0)


def places(call: str, args: dict[str, Any]) -> Iterator[Place]:
    for use in USES.get(call, ()):
        text = arguments.path(args.get(use.path))
        base = arguments.descriptor(args.get(use.base)) if use.base else None
        if text is None or (text == "" and base is not None and base >= 0):
            continue  # the descriptor itself
        follow = arguments.follows(call, args, use.follows)
        yield Place(call, args, use, text, walk(text, base, follow))
