"""Why a call with a path is refused: modes, mounts, attributes, owners, settings, security modules."""

from __future__ import annotations

import errno
import os
import stat

from pysys import flags
from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.mounts import attributes, mount_of, of_mount
from pysys.diagnosis.failures.permissions import (
    SEARCH,
    WRITE,
    asked,
    caller,
    described,
    may_act_as_owner,
    words,
)
from pysys.diagnosis.failures.target import Target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SYSCTLS = "/proc/sys/fs/"
_MODULES = "/sys/kernel/security/lsm"


def refused(target: Target) -> Iterator[Finding]:
    """EACCES."""
    found = list(_permissions(target))
    yield from found
    yield from _protected(target)
    if not any(one.verdict is Verdict.PROVEN for one in found):
        yield from modules("EACCES")


def _permissions(target: Target) -> Iterator[Finding]:
    at = target.walk
    if at.failed == errno.EACCES:
        yield asked(at.folder, at.base, SEARCH, "searched")
        return
    if target.changes_folder and (at.failed in (0, errno.ENOENT)):
        yield asked(at.folder, at.base, WRITE | SEARCH, "written and searched")
    if at.status is None or at.failed:
        return
    mount = mount_of(at)
    device = stat.S_ISCHR(at.status.st_mode) or stat.S_ISBLK(at.status.st_mode)
    found = None
    if target.use.what == "open" and device and mount is not None:
        found = of_mount(at, mount, os.ST_NODEV, "nodev", "devices on it are not opened")
    elif target.use.what == "execute" and not stat.S_ISREG(at.status.st_mode):
        text = f"{at.path} is not a regular file: it cannot be executed."
        found = Finding(Verdict.PROVEN, text, described(at.path, at.status))
    elif target.use.what == "execute" and mount is not None:
        found = of_mount(at, mount, os.ST_NOEXEC, "noexec", "programs on it are not executed")
    if found is not None:
        yield found
    # Asked of a program on a mount with noexec, the kernel says no, whatever the mode.
    if target.wanted and not (found and found.verdict is Verdict.PROVEN):
        what = words(target.wanted, stat.S_ISDIR(at.status.st_mode))
        yield asked(at.path, at.base, target.wanted, what)


def _sysctl(name: str) -> int | None:
    found = read(_SYSCTLS + name)
    return int(found.value) if found else None


def _protected(target: Target) -> Iterator[Finding]:
    """What sysctl forbids in directories that all may write to, as /tmp."""
    me = os.geteuid()
    for link in target.walk.links:
        open_to_all = link.folder.st_mode & stat.S_ISVTX and link.folder.st_mode & stat.S_IWOTH
        if open_to_all and link.status.st_uid not in (me, link.folder.st_uid):
            yield _by_sysctl(
                "protected_symlinks",
                1,
                f"{link.path} is a link of user {link.status.st_uid} in a sticky directory that all may write"
                f" to, and neither this process's user {me} nor the directory's owner made it.",
            )
    at = target.walk
    if at.status is None or at.failed or target.use.what != "open":
        return
    if not arguments.open_flags(target.args) & os.O_CREAT:
        return
    is_fifo, is_file = stat.S_ISFIFO(at.status.st_mode), stat.S_ISREG(at.status.st_mode)
    try:
        folder = os.stat(at.folder, dir_fd=at.base)
    except OSError:
        return
    if (
        not folder.st_mode & stat.S_ISVTX
        or at.status.st_uid in (me, folder.st_uid)
        or not (is_fifo or is_file)
    ):
        return
    least = 1 if folder.st_mode & stat.S_IWOTH else 2 if folder.st_mode & stat.S_IWGRP else 3
    yield _by_sysctl(
        "protected_fifos" if is_fifo else "protected_regular",
        least,
        f"{at.path} is there already, of user {at.status.st_uid}, in a sticky directory that others may write"
        " to, and the call has O_CREAT.",
    )


def _by_sysctl(name: str, least: int, sentence: str) -> Finding:
    value = _sysctl(name)
    source = f"{_SYSCTLS}{name}: {'not readable' if value is None else value}"
    if value is None:
        return Finding(Verdict.UNKNOWN, sentence, source)
    if value < least:
        return Finding(Verdict.EXCLUDED, f"fs.{name} is {value}, which allows it: {sentence}", source)
    return Finding(Verdict.PROVEN, sentence, source, f"sysctl fs.{name}, or another directory")


def modules(symbol: str) -> Iterator[Finding]:
    """What remains where modes, mounts and settings allow it."""
    found = read(_MODULES)
    if not found:
        yield Finding(
            Verdict.UNKNOWN, "A security module may refuse it; which are active cannot be read.", _MODULES
        )
        return
    active = str(found.value).split(",")
    source = f"{_MODULES}: {','.join(active)}"
    if "landlock" in active:
        sentence = "A Landlock domain of this process may refuse it: a process cannot see its own."
        yield Finding(Verdict.FITS if symbol == "EACCES" else Verdict.UNKNOWN, sentence, source)
    if labelling := [name for name in active if name in ("selinux", "apparmor", "smack", "tomoyo", "bpf")]:
        names = ", ".join(labelling)
        yield Finding(
            Verdict.FITS, f"A security module may refuse it: {names}.", source, "journalctl -k, audit.log"
        )


def not_permitted(target: Target) -> Iterator[Finding]:
    """EPERM."""
    at = target.walk
    changed = (
        [at.path] if at.status is not None and (target.wanted & WRITE or target.use.what == "own") else []
    )
    if target.use.what in ("remove", "replace") and at.status is not None:
        changed.append(at.path)
    if target.changes_folder:
        changed.append(at.folder)
    for path in dict.fromkeys(changed):
        found = attributes(at, path)
        if found is None:
            yield Finding(Verdict.UNKNOWN, f"The attributes of {path} cannot be read.", "statx")
            continue
        is_folder = path == at.folder and path != at.path
        for bit, word, applies in (
            (flags.STATX_ATTR_IMMUTABLE, "immutable", True),
            (flags.STATX_ATTR_APPEND, "append-only", not _only_appends(target, is_folder)),
        ):
            if found.stx_attributes & bit and applies:
                text = f"{path} has the attribute {word}."
                yield Finding(Verdict.PROVEN, text, "statx: stx_attributes", f"lsattr -d {path}; chattr")
    yield from _sticky(target)
    me = os.geteuid()
    if (
        target.use.what == "own"
        and at.status is not None
        and at.status.st_uid != me
        and not may_act_as_owner()
    ):
        read = f"{described(at.path, at.status)}; this process is {caller()}"
        text = (
            f"{at.path} belongs to user {at.status.st_uid}: only the owner, or CAP_FOWNER, may change that."
        )
        yield Finding(Verdict.FITS, text, read)
    asked = arguments.open_flags(target.args)
    if (
        target.use.what == "open"
        and asked & os.O_NOATIME
        and at.status is not None
        and me != at.status.st_uid
    ):
        text = f"The call has O_NOATIME, and {at.path} belongs to user {at.status.st_uid}."
        yield Finding(
            Verdict.FITS if may_act_as_owner() else Verdict.PROVEN, text, described(at.path, at.status)
        )


def _only_appends(target: Target, is_folder: bool) -> bool:
    """Whether the call does what append-only allows: a new name in a directory, bytes behind a file."""
    if is_folder:
        return target.use.what in ("make", "open")
    asked = arguments.open_flags(target.args)
    return target.use.what == "open" and bool(asked & os.O_APPEND) and not asked & os.O_TRUNC


def _sticky(target: Target) -> Iterator[Finding]:
    """A name in a sticky directory is removed only by its owner or the directory's."""
    at, me = target.walk, os.geteuid()
    if target.use.what not in ("remove", "replace") or at.status is None:
        return
    try:
        folder = os.stat(at.folder, dir_fd=at.base)
    except OSError:
        return
    if (
        folder.st_mode & stat.S_ISVTX
        and not may_act_as_owner()
        and me not in (folder.st_uid, at.status.st_uid)
    ):
        text = f"{at.folder} is sticky, and {at.path} belongs to user {at.status.st_uid}, not to {me}."
        yield Finding(Verdict.PROVEN, text, described(at.folder, folder))
