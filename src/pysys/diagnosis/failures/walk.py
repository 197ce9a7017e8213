"""A walk along a path, as the kernel goes it: what each component is, and where the walk ends.

Nothing is opened: in a process without descriptors, too, it can be seen where a path leads.
"""

from __future__ import annotations

import errno
import os
import stat

from pysys.metadata.light import Record

_MOST_LINKS = 40  # that the kernel follows
_LONGEST = 4095  # bytes of a path
_HERE = -100  # AT_FDCWD


class Link(Record):
    """A symbolic link that was followed."""

    path: str
    target: str
    status: os.stat_result
    folder: os.stat_result  # that it lies in


class Walk(Record):
    """Where a walk ended.

    path: the last path that was looked at, as it can be given to calls with `base`; links are resolved in it.
    base: the descriptor that it begins at, or None: the current directory.
    status: of what was found there; None if nothing was.
    failed: the errno at that component; 0 if the walk arrived.
    last: whether it was the last component of all.
    folders: the directories that were searched, in order.
    links: the links that were followed.
    """

    path: str
    base: int | None
    status: os.stat_result | None
    failed: int
    last: bool
    folders: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def folder(self) -> str:
        """The directory in which the last component lies, or would lie."""
        return self.folders[-1]


def walk(path: str, base: int | None = None, follow: bool = True) -> Walk:
    """Go along a path, from a descriptor of a directory or from the current directory.

    follow: whether a link at the end is followed. Never raises an OSError.
    """
    if base == _HERE or path.startswith("/"):
        base = None
    here = "/" if path.startswith("/") else "."
    folders, links = [here], list[Link]()
    if not path:
        return Walk(path, base, None, errno.ENOENT, True, (here,), ())
    if len(os.fsencode(path)) > _LONGEST:
        return Walk(path, base, None, errno.ENAMETOOLONG, True, (here,), ())
    ahead = _components(path)
    status = None
    if not ahead:
        status, failed = _status(here, base)
        return Walk(here, base, status, failed, True, (here,), ())
    while ahead:
        name = ahead.pop(0)
        path = name if here == "." else f"{here.rstrip('/')}/{name}"
        status, failed = _status(path, base)
        if status is None:
            return Walk(path, base, None, failed, not ahead, tuple(folders), tuple(links))
        if stat.S_ISLNK(status.st_mode) and (ahead or follow):
            target = _target(path, base)
            inside, _ = _status(here, base)
            if target is None or inside is None:
                return Walk(path, base, status, errno.EACCES, not ahead, tuple(folders), tuple(links))
            links.append(Link(path, target, status, inside))
            if len(links) > _MOST_LINKS:
                return Walk(path, base, status, errno.ELOOP, not ahead, tuple(folders), tuple(links))
            if not _is_magic(path, base, target):
                ahead = _components(target) + ahead
                if target.startswith("/"):
                    here, base = "/", None
                    folders.append(here)
                if not ahead:
                    status, failed = _status(here, base)
                    path = here
                continue
            status, failed = _status(path, base, follow=True)
            if status is None:
                return Walk(path, base, None, failed, not ahead, tuple(folders), tuple(links))
        if ahead:
            if not stat.S_ISDIR(status.st_mode):
                return Walk(path, base, status, errno.ENOTDIR, False, tuple(folders), tuple(links))
            here = path
            folders.append(here)
    return Walk(path, base, status, 0, True, tuple(folders), tuple(links))


def _components(path: str) -> list[str]:
    """The names in a path. A slash at its end asks for a directory, as a dot behind it does."""
    found = [one for one in path.split("/") if one]
    return [*found, "."] if found and path.endswith("/") else found


def _status(path: str, base: int | None, follow: bool = False) -> tuple[os.stat_result | None, int]:
    try:
        return os.stat(path, dir_fd=base, follow_symlinks=follow), 0
    except OSError as error:
        return None, error.errno or 0


def _target(path: str, base: int | None) -> str | None:
    try:
        return os.readlink(path, dir_fd=base)
    except OSError:
        return None


def _is_magic(path: str, base: int | None, target: str) -> bool:
    """Whether a link of /proc leads to an object, and not along the path that it shows."""
    own, _ = _status(path, base)
    proc, _ = _status("/proc/self", None)
    if own is None or proc is None or own.st_dev != proc.st_dev:
        return False
    return target.startswith("/") or _status(f"{os.path.dirname(path) or '.'}/{target}", base)[0] is None
