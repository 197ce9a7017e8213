"""Why a call with a path fails: the component that is missing, full, busy, or something else."""

from __future__ import annotations

import errno
import os
import stat

from pysys import flags
from pysys.diagnosis.facts import listed, read
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.interpreters import interpreter
from pysys.diagnosis.failures.mounts import attributes, mount_of
from pysys.diagnosis.failures.permissions import WRITE, described
from pysys.diagnosis.failures.refused import not_permitted, refused
from pysys.diagnosis.failures.target import Target, targets
from pysys.diagnosis.failures.walk import Walk, walk
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about an errno of a call that takes paths."""
    found = list(targets(call, args))
    for target in found:
        if look := _LOOKS.get(symbol):
            yield from look(target)
    if symbol == "EXDEV" and len(found) == 2:
        yield from _two_mounts(*found)


# ---- what is not there, or something else ----


def _missing(target: Target) -> Iterator[Finding]:
    """ENOENT."""
    at = target.walk
    if not target.title:
        yield Finding(Verdict.PROVEN, f"The path in {target.use.path} is empty.", "the argument")
    elif at.failed == errno.ENOENT and not (at.last and target.makes):
        if at.links and at.last:
            link = at.links[-1]
            text = f"{link.path} is a link to {link.target}, which is not there."
        elif at.last:
            text = f"{at.path} is not there."
        else:
            text = f"The directory {at.path}, on the way to {target.title}, is not there."
        yield Finding(Verdict.PROVEN, text, f"lstat({at.path!r}): ENOENT", f"ls -la {at.folder}")
    elif target.use.what == "execute" and at.status is not None and not at.failed:
        yield _interpreter(at)
    elif at.failed == errno.ENOENT:
        yield Finding(
            Verdict.EXCLUDED, f"All directories of {target.title} are there.", f"lstat of {at.folder}"
        )
    else:
        yield Finding(
            Verdict.UNKNOWN, f"{target.title} is there now. It was not when the call was made.", "lstat"
        )


def _interpreter(at: Walk) -> Finding:
    """Whether the program that a program needs is there."""
    if at.base is not None:
        return Finding(Verdict.UNKNOWN, f"What {at.path} needs was not looked at.")
    try:
        with open(at.path, "rb") as file:
            name = interpreter(file.read(1 << 16))
    except OSError as error:
        return Finding(Verdict.UNKNOWN, f"What {at.path} needs cannot be read.", f"open: {error.strerror}")
    if name is None:
        return Finding(Verdict.EXCLUDED, f"{at.path} is there, and names no interpreter.", at.path)
    found = walk(name)
    if found.failed:
        return Finding(
            Verdict.PROVEN,
            f"{at.path} is there, but its interpreter {name!r} is not.",
            f"the first bytes of {at.path}; lstat({found.path!r}): {errno.errorcode[found.failed]}",
            "install it (for another C library or architecture: its loader), or mend the first line",
        )
    return Finding(Verdict.EXCLUDED, f"{at.path} and its interpreter {name} are there.", at.path)


def _no_directory(target: Target) -> Iterator[Finding]:
    """ENOTDIR."""
    at = target.walk
    if at.failed == errno.ENOTDIR and at.status is None:
        yield Finding(Verdict.PROVEN, f"{at.folder} is not a directory.", f"lstat({at.path!r}): ENOTDIR")
    elif at.status is not None and not stat.S_ISDIR(at.status.st_mode):
        wanted = target.use.what == "enter" or target.call == "rmdir" or at.failed == errno.ENOTDIR
        wanted = wanted or bool(
            target.use.what == "open" and arguments.open_flags(target.args) & os.O_DIRECTORY
        )
        if wanted:
            read = described(at.path, at.status)
            yield Finding(Verdict.PROVEN, f"{at.path} is not a directory.", read)


def _links(target: Target) -> Iterator[Finding]:
    """ELOOP."""
    at = target.walk
    if at.failed == errno.ELOOP:
        chain = " -> ".join(dict.fromkeys(link.path for link in at.links[-8:]))
        yield Finding(
            Verdict.PROVEN, f"The path leads through more than 40 links: {chain} ...", "readlink of each"
        )
    elif at.status is not None and stat.S_ISLNK(at.status.st_mode) and target.use.what == "open":
        text = f"{at.path} is a symbolic link, and the call has O_NOFOLLOW."
        yield Finding(Verdict.PROVEN, text, described(at.path, at.status))
    else:
        count = len(at.links)
        yield Finding(
            Verdict.EXCLUDED, f"The path leads through {count} links, and 40 are allowed.", "readlink"
        )


def _long(target: Target) -> Iterator[Finding]:
    """ENAMETOOLONG."""
    size = len(os.fsencode(target.title))
    if size > 4095:
        text = f"The path has {counted(size, 'byte')}; 4,095 are the most."
        yield Finding(Verdict.PROVEN, text, "the argument")
    for name in target.title.split("/"):
        if (length := len(os.fsencode(name))) > 255:
            has = counted(length, "byte")
            text = f"The name {name[:20]!r}... in the path has {has}; most file systems take 255."
            yield Finding(Verdict.PROVEN, text, "the argument")


def _there(target: Target) -> Iterator[Finding]:
    """EEXIST."""
    at = target.walk
    if target.makes and at.status is not None and not at.failed:
        read = described(at.path, at.status)
        yield Finding(Verdict.PROVEN, f"{at.path} is there already.", read)
    elif target.use.what != "look":
        yield Finding(Verdict.UNKNOWN, f"{target.title} is not there now.", f"lstat({at.path!r})")


def _directory(target: Target) -> Iterator[Finding]:
    """EISDIR."""
    at = target.walk
    if target.moves_away:  # a directory may be renamed
        return
    if at.status is not None and stat.S_ISDIR(at.status.st_mode):
        read = described(at.path, at.status)
        yield Finding(Verdict.PROVEN, f"{at.path} is a directory.", read)


def _not_empty(target: Target) -> Iterator[Finding]:
    """ENOTEMPTY."""
    at = target.walk
    if at.status is None or not stat.S_ISDIR(at.status.st_mode) or at.base is not None or target.moves_away:
        return
    try:
        names = os.listdir(at.path)
    except OSError as error:
        yield Finding(Verdict.UNKNOWN, f"What is in {at.path} cannot be read.", f"listdir: {error.strerror}")
        return
    if names:
        some = ", ".join(sorted(names)[:3])
        yield Finding(
            Verdict.PROVEN,
            f"{at.path} is not empty: it has {some} ...",
            f"listdir: {counted(len(names), 'name')}",
        )


# ---- mounts and attributes ----


def _read_only(target: Target) -> Iterator[Finding]:
    """EROFS."""
    at = target.walk
    if not (target.wanted & WRITE or target.changes_folder or target.use.what == "own"):
        return
    mount = mount_of(at)
    where = at.path if at.status is not None else at.folder
    if mount is None:
        yield Finding(Verdict.UNKNOWN, f"How {where} is mounted is not known.")
    elif mount.f_flag & os.ST_RDONLY:
        text = f"The mount that {where} lies on, or its file system, is read-only."
        yield Finding(Verdict.PROVEN, text, "statvfs: ST_RDONLY", f"findmnt -T {where}")
    else:
        yield Finding(Verdict.EXCLUDED, f"{where} lies on a mount that may be written to.", "statvfs")


def _full(target: Target) -> Iterator[Finding]:
    """ENOSPC."""
    mount = mount_of(target.walk)
    if mount is None or not mount.f_blocks or not (target.wanted & WRITE or target.changes_folder):
        return
    where = target.walk.folder
    if not mount.f_bavail:
        read = f"statvfs: 0 of {mount.f_blocks} blocks are free to this user"
        yield Finding(Verdict.PROVEN, f"The file system of {where} is full.", read, f"df {where}")
    elif mount.f_files and not mount.f_favail:
        read = f"statvfs: 0 of {mount.f_files} inodes are free"
        text = f"The file system of {where} has no inodes left: it holds too many files."
        yield Finding(Verdict.PROVEN, text, read, f"df -i {where}")
    else:
        read = f"statvfs: {mount.f_bavail} blocks and {mount.f_favail} inodes are free"
        yield Finding(Verdict.EXCLUDED, f"The file system of {where} is not full.", read)


def _busy(target: Target) -> Iterator[Finding]:
    """EBUSY."""
    at = target.walk
    if at.status is None or target.use.what not in ("remove", "replace"):
        return
    found = attributes(at, at.path)
    if found is not None and found.stx_attributes_mask & flags.STATX_ATTR_MOUNT_ROOT:
        if found.stx_attributes & flags.STATX_ATTR_MOUNT_ROOT:
            text = f"{at.path} is a mount point."
            yield Finding(Verdict.PROVEN, text, "statx: STATX_ATTR_MOUNT_ROOT", f"findmnt {at.path}")
        else:
            yield Finding(Verdict.EXCLUDED, f"{at.path} is not a mount point here.", "statx")


def _two_mounts(one: Target, other: Target) -> Iterator[Finding]:
    """EXDEV: a name cannot be moved to another mount."""
    first = attributes(one.walk, one.walk.path)
    second = attributes(other.walk, other.walk.folder)
    if first is None or second is None:
        return
    devices = [(found.stx_dev_major, found.stx_dev_minor) for found in (first, second)]
    if devices[0] != devices[1]:
        text = f"{one.walk.path} and {other.walk.folder} are on different file systems."
        read = " and ".join(f"{major}:{minor}" for major, minor in devices)
        yield Finding(Verdict.PROVEN, text, f"statx: devices {read}", "copy, and remove the original")


def _in_use(target: Target) -> Iterator[Finding]:
    """ETXTBSY: the file runs and is to be written, or is written and is to be run."""
    at = target.walk
    if at.status is None:
        return
    looked, users = 0, []
    for pid in filter(str.isdigit, listed("/proc")):
        found = _executes(pid, at.status) if target.use.what != "execute" else _writes(pid, at.status)
        looked += found is not None
        if found:
            users.append(pid)
    what = "run by" if target.use.what != "execute" else "open for writing in"
    if users:
        text = f"{at.path} is {what} the processes {', '.join(users[:8])}."
        yield Finding(
            Verdict.PROVEN, text, "/proc/PID/exe and /proc/PID/fdinfo", "end them, or replace the file"
        )
    else:
        text = f"No process that could be looked at has it: {at.path} is {what} none."
        yield Finding(Verdict.UNKNOWN, text, f"/proc: {looked} processes")


def _executes(pid: str, status: os.stat_result) -> bool | None:
    try:
        return os.path.samestat(os.stat(f"/proc/{pid}/exe"), status)
    except OSError:
        return None


def _writes(pid: str, status: os.stat_result) -> bool | None:
    try:
        numbers = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return None
    for number in numbers:
        try:
            if os.path.samestat(os.stat(f"/proc/{pid}/fd/{number}"), status):
                told = str(read(f"/proc/{pid}/fdinfo/{number}").value or "")
                modes = [line.split()[1] for line in told.splitlines() if line.startswith("flags:")]
                if any(int(mode, 8) & os.O_ACCMODE != os.O_RDONLY for mode in modes):
                    return True
        except OSError:
            continue
    return False


_LOOKS: dict[str, Callable[[Target], Iterator[Finding]]] = {
    "EACCES": refused,
    "EADDRINUSE": _there,  # of a socket's file
    "EBUSY": _busy,
    "EEXIST": _there,
    "EISDIR": _directory,
    "ELOOP": _links,
    "ENAMETOOLONG": _long,
    "ENOENT": _missing,
    "ENOSPC": _full,
    "ENOTDIR": _no_directory,
    "ENOTEMPTY": _not_empty,
    "EPERM": not_permitted,
    "EROFS": _read_only,
    "ETXTBSY": _in_use,
}
