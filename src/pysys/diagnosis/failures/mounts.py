"""What a mount and the attributes of a file allow."""

from __future__ import annotations

import os

from pysys import calls, flags, structures
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.walk import Walk


def of_mount(at: Walk, mount: os.statvfs_result, flag: int, option: str, what: str) -> Finding:
    if mount.f_flag & flag:
        return Finding(
            Verdict.PROVEN,
            f"The mount that {at.path} lies on has the option {option}: {what}.",
            f"statvfs({at.path!r}): ST_{option.upper()}",
            f"findmnt -T {at.path}",
        )
    return Finding(Verdict.EXCLUDED, f"The mount of {at.path} does not have the option {option}.", "statvfs")


def mount_of(at: Walk) -> os.statvfs_result | None:
    """The mount of what was found, or else of the directory that it would lie in."""
    path = at.path if at.status is not None else at.folder
    try:
        return os.statvfs(path if at.base is None else f"/proc/self/fd/{at.base}/{path}")
    except OSError:
        return None


def attributes(at: Walk, path: str) -> structures.statx | None:
    try:
        where = flags.AT_FDCWD if at.base is None else at.base
        return calls.statx(where, path, flags.AT_SYMLINK_NOFOLLOW, 0x7FF)
    except OSError:
        return None
