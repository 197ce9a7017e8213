"""A path of a failed call: what the call does with it, and where it leads."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.access import USES, Use
from pysys.diagnosis.failures.permissions import READ, SEARCH, WRITE
from pysys.diagnosis.failures.walk import Walk, walk
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MODES = {"read": READ, "write": WRITE, "execute": SEARCH, "enter": SEARCH}


class Target(Record):
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
        if self.use.what in ("remove", "make", "replace"):
            return True
        return self.makes and self.walk.status is None

    @property
    def moves_away(self) -> bool:
        """Whether the name goes somewhere else with what it is a name of."""
        return self.use.what == "remove" and self.call.startswith("rename")

    @property
    def wanted(self) -> int:
        """What access(2) is to be asked about the file itself."""
        if self.use.what == "open":
            asked = arguments.open_flags(self.args)
            if asked & flags.O_PATH:
                return 0
            mode = {os.O_RDONLY: READ, os.O_WRONLY: WRITE}.get(asked & os.O_ACCMODE, READ | WRITE)
            return mode | (WRITE if asked & os.O_TRUNC else 0)
        if self.use.what == "check":
            mode = self.args.get("mode", 0)
            return mode if isinstance(mode, int) else 0
        return _MODES.get(self.use.what, 0)


def targets(call: str, args: dict[str, Any]) -> Iterator[Target]:
    """The paths among the arguments of a call."""
    for use in USES.get(call, ()):
        text = arguments.path(args.get(use.path))
        base = arguments.descriptor(args.get(use.base)) if use.base else None
        if text is None or (text == "" and base is not None and base >= 0):
            continue  # the descriptor itself
        follow = arguments.follows(call, args, use.follows)
        yield Target(call, args, use, text, walk(text, base, follow))
