"""The mounts of this process, and which of them a path leads to."""

from __future__ import annotations

import os
import re

from pysys import calls, flags, structures
from pysys.diagnosis.facts import Fact, read
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.walk import walk
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MASK = 0x17FF  # STATX_BASIC_STATS and STATX_MNT_ID


class MountLine(Record):
    """A line of /proc/self/mountinfo."""

    number: int
    parent: int
    root: str  # the directory of the file system that it shows
    point: str
    options: frozenset[str]
    tags: tuple[str, ...]  # "shared:2", "master:1", "unbindable"
    kind: str
    source: str

    @property
    def is_shared(self) -> bool:
        return any(tag.startswith("shared:") for tag in self.tags)


def mounts() -> Fact:
    """The mounts that can be reached from this process's root, by number."""
    found = read("/proc/thread-self/mountinfo")
    if not found:
        return found
    return Fact({one.number: one for one in map(_mount, found.value.splitlines())}, found.source)


def _mount(line: str) -> MountLine:
    fields = line.split(" ")
    end = fields.index("-")
    return MountLine(
        int(fields[0]),
        int(fields[1]),
        _plain(fields[3]),
        _plain(fields[4]),
        frozenset(fields[5].split(",")),
        tuple(fields[6:end]),
        fields[end + 1],
        _plain(fields[end + 2]),
    )


def _plain(text: str) -> str:
    """A path whose blanks and backslashes stand as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


class Point(Record):
    """Where a path leads: what it is a path of, and the mount that this lies on."""

    title: str
    found: structures.statx

    @property
    def number(self) -> int | None:
        """The mount's number in mountinfo; before Linux 5.8 it is not known."""
        return int(self.found.stx_mnt_id) if self.found.stx_mask & 0x1000 else None

    @property
    def is_root(self) -> bool | None:
        """Whether it is the root of its mount, as a mount point is; None: before Linux 5.8."""
        bit = flags.STATX_ATTR_MOUNT_ROOT
        known = self.found.stx_attributes_mask & bit
        return bool(self.found.stx_attributes & bit) if known else None

    @property
    def is_folder(self) -> bool:
        return self.found.stx_mode & 0o170000 == 0o040000


def point(path: object, base: object = None, follow: bool = True) -> Point | None:
    """What a path leads to, from the descriptor of a directory; or the descriptor itself, without a path."""
    text, fd = arguments.path(path) if path is not None else "", arguments.descriptor(base)
    try:
        if not text:
            return Point(f"descriptor {fd}", _statx(fd, "")) if fd is not None and fd >= 0 else None
        at = walk(text, fd, follow)
        if at.failed or at.status is None:
            return None
        return Point(text, _statx(flags.AT_FDCWD if at.base is None else at.base, at.path))
    except (OSError, OverflowError, ValueError):  # the last two: what no call takes
        return None


def here() -> Point | None:
    """The root directory of this process."""
    return point("/")


def _statx(fd: Any, path: str) -> structures.statx:
    how = flags.AT_NO_AUTOMOUNT | (0 if path else flags.AT_EMPTY_PATH)
    # Links on the way are resolved; one at the end is not followed, but one of /proc is to be.
    magic = path.startswith("/proc/") and os.path.islink(path)
    return calls.statx(fd, path, how | (0 if magic else flags.AT_SYMLINK_NOFOLLOW), _MASK)
