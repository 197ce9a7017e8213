"""What the kernel lets this process do with a file, and as whom."""

from __future__ import annotations

import os
import stat
import struct

from pysys import calls, errors, flags
from pysys.diagnosis.failures.finding import Finding, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

READ, WRITE, SEARCH = os.R_OK, os.W_OK, os.X_OK


def may(path: str, base: int | None, mode: int) -> bool | None:
    """Whether the kernel lets this process do that, with the ids that it acts with; None: it does not say."""
    where = flags.AT_FDCWD if base is None else base
    try:
        try:
            calls.faccessat2(where, path, mode, flags.AT_EACCESS)
        except (errors.ENOSYS, errors.EPERM):  # before Linux 5.8, or a filter
            if os.getresuid()[:1] * 2 != os.getresuid()[:2] or os.getgid() != os.getegid():
                return None
            calls.faccessat(where, path, mode)
    except errors.EACCES:
        return False
    except errors.EROFS:
        return True  # the modes do
    except OSError:
        return None
    return True


def described(path: str, status: os.stat_result) -> str:
    """A file's kind, mode and owner, in words."""
    kind = next(name for is_kind, name in _KINDS if is_kind(status.st_mode))
    owner = f"of user {status.st_uid} and group {status.st_gid}"
    return f"{path} is {kind}, {stat.filemode(status.st_mode)}, {owner}"


_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISREG, "a file"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (lambda mode: True, "a file of another kind"),
)


def may_act_as_owner() -> bool:
    """Whether this process has CAP_FOWNER."""
    try:
        return flags.CAP_FOWNER in calls.capget().effective
    except OSError:
        return os.geteuid() == 0


def caller() -> str:
    """Who this process is to a file."""
    return (
        f"user {os.geteuid()} with the groups {', '.join(map(str, sorted({os.getegid(), *os.getgroups()})))}"
    )


def asked(path: str, base: int | None, mode: int, what: str) -> Finding:
    """The kernel's answer about one file or directory."""
    answer = may(path, base, mode)
    try:
        status = os.stat(path, dir_fd=base)
    except OSError:
        status = None
    source = f"{described(path, status)}; this process is {caller()}" if status else f"access to {path}"
    if answer is None:
        return Finding(Verdict.UNKNOWN, f"Whether {path} may be {what} is not known.", source)
    if answer:
        return Finding(Verdict.EXCLUDED, f"The modes of {path} let it be {what}.", source)
    if status is not None and not _refused(path, base, status, mode):
        text = (
            f"{path} may not be {what}, although its mode and its list let it: a security module refuses it."
        )
        return Finding(Verdict.FITS, text, source, "journalctl -k, audit.log")
    return Finding(
        Verdict.PROVEN,
        f"{path} may not be {what}: its mode, or its access control list, refuses this process.",
        source,
        f"ls -ld {path}; getfacl {path}",
    )


def _refused(path: str, base: int | None, status: os.stat_result, mode: int) -> bool:
    """Whether the file's access control list, or its mode where it has none, grants less than that."""
    user, groups = os.geteuid(), {os.getegid(), *os.getgroups()}
    if user == status.st_uid:
        return bool(mode & ~(status.st_mode >> 6))
    try:
        where = path if base is None else f"/proc/self/fd/{base}/{path}"
        listed = os.getxattr(where, "system.posix_acl_access")
    except OSError:
        return bool(mode & ~(status.st_mode >> (3 if status.st_gid in groups else 0)))
    entries = list(struct.iter_unpack("<HHI", listed[4:]))
    mask = next((granted for tag, granted, _ in entries if tag == _MASK), 7)
    for tag, granted, who in entries:
        if tag == _USER and who == user:
            return bool(mode & ~(granted & mask))
    of_groups = [
        granted & mask
        for tag, granted, who in entries
        if (tag == _GROUP_OBJ and status.st_gid in groups) or (tag == _GROUP and who in groups)
    ]
    if of_groups:
        return all(mode & ~granted for granted in of_groups)
    return any(mode & ~granted for tag, granted, _ in entries if tag == _OTHER)


# The tags of an access control list's entries (linux/posix_acl.h).
_USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x02, 0x04, 0x08, 0x10, 0x20


def words(mode: int, is_folder: bool) -> str:
    names = ((READ, "read"), (WRITE, "written"), (SEARCH, "searched" if is_folder else "executed"))
    return " and ".join(word for bit, word in names if mode & bit)
