"""Paths below a directory, and those that stand for the directory's descriptor itself.

The constants are those of pysys.flags, whose import would cost more than a module of calls does.
"""

from __future__ import annotations

from pysys.arguments import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Path

AT_FDCWD = -100
AT_EMPTY_PATH = 0x1000
STATX_BASIC_STATS = 0x7FF


def or_descriptor(title: str, path: Path | None, flags: int, empty: int = AT_EMPTY_PATH) -> tuple[Path, int]:
    """A path and flags; for None the empty path, with the flag that makes it stand for the descriptor.

    title: how messages name the flags. empty: the flag, if the call has one of its own.
    """
    return (path, flags) if path is not None else ("", integers.unsigned(title, flags) | empty)
