"""Typed calls whose results are values: files and directories."""

from __future__ import annotations

from pysys import numbers, structures
from pysys._native import ffi
from pysys.arguments import descriptors, integers, memory
from pysys.arguments.typed import CHARS
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._make.values import in_c
from pysys.calls._values.paths import STATX_BASIC_STATS
from pysys.doc import documented_call
from pysys.structures.readers import dirents64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pysys._types import Buffer, Descriptor, Path
    from pysys.structures.records import DirectoryEntry

_AT_HANDLE_MNT_ID_UNIQUE = 0x001
_STATX_BTIME = 0x800
_MAX_HANDLE_SZ = 128
PATH_MAX = 4096


@in_c(direct)
@documented_call
def statx(
    dfd: Descriptor, filename: Path | None, flags: int = 0, mask: int = STATX_BASIC_STATS | _STATX_BTIME
) -> structures.statx:
    """statx(2): what a file is: its type, size, owner, times, and more than stat reports.

    dfd: the directory that a relative name begins at; AT_FDCWD (-100) for the working directory.
    filename: a path. With AT_EMPTY_PATH in flags, "" (or, since Linux 6.11, None) is the file dfd itself.
    flags: flags.AtFlags. mask: flags.StatxMask, what to ask for: what stat knows and the time of birth if
        nothing is said. stx_mask of the result says what the file system answered.

    Returns structures.statx.

    Since Linux 4.11.
    """
    found = structures.statx()
    direct.statx(dfd, filename, flags, mask, found)
    return found


def _statfs(name: str, what: object) -> structures.statfs | structures.statfs64:
    if f"{name}64" in numbers.table():
        wide = structures.statfs64()
        getattr(direct, f"{name}64")(what, structures.statfs64.nbytes, wide)
        return wide
    found = structures.statfs()
    getattr(direct, name)(what, found)
    return found


@documented_call
def statfs(pathname: Path) -> structures.statfs | structures.statfs64:
    """statfs(2): the file system that a path is on: its type, blocks, inodes and mount flags.

    pathname: any path on the file system.

    Where the ABI has statfs64, through it, and the structure is structures.statfs64: its fields are the same.
    f_type is the magic number of the file system, which os.statvfs leaves out.

    Returns structures.statfs or structures.statfs64.

    Since Linux 1.0.
    """
    return _statfs("statfs", pathname)


@documented_call
def fstatfs(fd: Descriptor) -> structures.statfs | structures.statfs64:
    """fstatfs(2): as statfs, of the file system that an open file is on.

    fd: any file that is open on the file system.

    Returns structures.statfs or structures.statfs64.

    Since Linux 1.0.
    """
    return _statfs("fstatfs", fd)


def _link(read: Callable[[Any, int], int]) -> bytes:
    size = PATH_MAX
    while True:
        buffer = ffi.new(CHARS, size)
        count = read(buffer, size)
        if count < size:  # else it may have been cut off
            return bytes(ffi.buffer(buffer, count))
        size *= 2


@documented_call
def readlinkat(dfd: Descriptor, pathname: Path) -> bytes:
    """readlinkat(2): where a symbolic link points to, as the bytes that are in it.

    dfd: the directory that a relative name begins at; AT_FDCWD (-100) for the working directory.
    pathname: the link's path; "" is the link that dfd is open on (O_PATH | O_NOFOLLOW).

    Returns the bytes.

    Raises: EINVAL if it is not a link. Since Linux 2.6.16.
    """
    return _link(lambda buffer, size: direct.readlinkat(dfd, pathname, buffer, size))


@documented_call
def readlink(path: Path) -> bytes:
    """readlink(2): where a symbolic link points to, as the bytes that are in it.

    path: the link's path.

    Returns the bytes.

    Raises: EINVAL if it is not a link. Since Linux 1.0.
    """
    return _link(lambda buffer, size: resolved.readlink(path, buffer, size))


@documented_call
def getcwd() -> bytes:
    """getcwd(2): the working directory.

    Returns its path, as bytes. It begins with "(unreachable)" if it is not below the root directory of this
    process: after chroot or in another mount namespace.

    Raises: ENOENT if the directory was removed, ENAMETOOLONG for a path of more than 4096 bytes. Since Linux
    2.2.
    """
    buffer = ffi.new(CHARS, PATH_MAX)
    count = direct.getcwd(buffer, PATH_MAX)
    return bytes(ffi.buffer(buffer, count - 1))


@documented_call
def getdents64(fd: Descriptor, count: int = 32768) -> list[DirectoryEntry]:
    """getdents64(2): the next entries of an open directory, with "." and "..". At its end there are none.

    fd: a directory that is open for reading. count: the size of the buffer in bytes; an entry takes 24 and
        more, a name of 255 bytes 280.

    Each entry has ino, off, type (flags.DirentType, or 0 where the file system does not know it) and name
    (bytes); lseek to its off continues behind it. See also dirents, which gives all of them.

    Returns the entries.

    Raises: EINVAL if not even one entry fits. Since Linux 2.4.
    """
    buffer = bytearray(integers.count("getdents64: count", count))
    filled = direct.getdents64(fd, buffer, count)
    return dirents64(buffer, filled)


def dirents(fd: Descriptor, count: int = 32768) -> Iterator[DirectoryEntry]:
    """getdents64(2), repeatedly: the entries of an open directory, from its position to its end.

    fd: the directory. count: the size of the buffer in bytes.

    Returns an iterator, which reads when it is asked.

    Raises the documented errors of getdents64 (pysys.errors). Since Linux 2.6.
    """
    fd = descriptors.descriptor("dirents: fd", fd)
    integers.count("dirents: count", count)
    while entries := getdents64(fd, count):
        yield from entries


@documented_call
def name_to_handle_at(dfd: Descriptor, name: Path, flag: int = 0) -> tuple[structures.file_handle, int]:
    """name_to_handle_at(2): the file system's own name for a file, and the id of the mount that it is on.

    dfd: the directory that a relative name begins at; AT_FDCWD (-100) for the working directory.
    name: a path. flag: flags.HandleFlags; with AT_EMPTY_PATH, "" is the file dfd itself; with
        AT_HANDLE_MNT_ID_UNIQUE (since Linux 6.12) the id is the one that is not used again (statmount).

    The handle stays valid when the file is renamed and over a reboot: bytes() of it can be kept, and given to
    structures.file_handle.from_bytes and open_by_handle_at.

    Returns structures.file_handle and the id.

    Raises: EOPNOTSUPP if the file system has no handles. Since Linux 2.6.39.
    """
    buffer = structures.file_handle.with_extra(_MAX_HANDLE_SZ, handle_bytes=_MAX_HANDLE_SZ)
    mount = ffi.new("unsigned long long *")
    direct.name_to_handle_at(dfd, name, buffer, mount, flag)
    # The kernel writes an int, unless the other id is asked for.
    mnt_id = mount[0] if flag & _AT_HANDLE_MNT_ID_UNIQUE else ffi.cast("int *", mount)[0]
    return structures.file_handle.from_bytes(
        bytes(buffer)[: structures.file_handle._size + buffer.handle_bytes]
    ), mnt_id


@documented_call
def open_by_handle_at(mountdirfd: Descriptor, handle: structures.file_handle | Buffer, flags: int) -> int:
    """open_by_handle_at(2): open the file of a handle of name_to_handle_at. Returns its descriptor.

    mountdirfd: any file on the mount. handle: the structure, or its bytes. flags: flags.OpenFlags, as for
        open; without O_CLOEXEC the descriptor goes through exec.

    Raises: EPERM without CAP_DAC_READ_SEARCH, ESTALE if the file is gone. ValueError if the handle is shorter
    than it says. Since Linux 2.6.39.
    """
    if not isinstance(handle, structures.file_handle):
        data = memory.data("open_by_handle_at: handle", handle)
        if len(data) < structures.file_handle._size:
            raise memory.too_short("open_by_handle_at: handle", len(data), structures.file_handle._size)
        handle = structures.file_handle.from_bytes(data)
    if len(handle.f_handle) < handle.handle_bytes:
        raise memory.too_short(
            "open_by_handle_at: handle", len(handle.f_handle), handle.handle_bytes, "its handle_bytes"
        )
    return direct.open_by_handle_at(mountdirfd, handle, flags)


@documented_call
def cachestat(fd: Descriptor, off: int = 0, len: int = 0, flags: int = 0) -> structures.cachestat:
    """cachestat(2): how many pages of a file are in the page cache, dirty, being written, or were evicted.

    fd: the open file.
    off, len: the part of the file, in bytes; len 0 is all from off on. flags: 0.

    Returns structures.cachestat.

    Since Linux 6.5.
    """
    found = structures.cachestat()
    part = memory.made("cachestat", structures.cachestat_range, off=off, len=len)
    direct.cachestat(fd, part, found, flags)
    return found
