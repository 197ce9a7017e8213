"""Typed calls whose results are values: attributes of files, below a directory or of a descriptor.

A path that is None stands for the descriptor in front of it, AT_EMPTY_PATH. os.getxattr and the like
do the same for paths and descriptors, not for names below a directory.
"""

from __future__ import annotations

from os import fsdecode

from pysys import structures
from pysys._native import ffi
from pysys.arguments import memory
from pysys.calls import direct
from pysys.calls._values import paths
from pysys.doc import documented_call
from pysys.errors import ERANGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Buffer, Descriptor, Path

_MAX = 65536  # bytes of a value, and of a list of names


@documented_call
def getxattrat(dfd: Descriptor, pathname: Path | None, at_flags: int, name: str | bytes) -> bytes:
    """getxattrat(2): the value of an extended attribute.

    dfd: the directory that a relative path begins at. pathname: None for dfd itself.
    at_flags: of flags.AtFlags: AT_SYMLINK_NOFOLLOW. name: "user.mime_type", ...

    Returns the value, as bytes.

    Raises: ENODATA if there is none. Since Linux 6.13.
    """
    path, at_flags = paths.or_descriptor("getxattrat: at_flags", pathname, at_flags)
    buffer = bytearray(256)
    while True:
        arguments = structures.xattr_args(value=buffer, size=len(buffer))
        try:
            return bytes(buffer[: direct.getxattrat(dfd, path, at_flags, name, arguments, arguments.nbytes)])
        except ERANGE:
            if len(buffer) >= _MAX:
                raise
            buffer = bytearray(_MAX)


@documented_call
def setxattrat(
    dfd: Descriptor, pathname: Path | None, at_flags: int, name: str | bytes, value: Buffer, flags: int = 0
) -> None:
    """setxattrat(2): set an extended attribute.

    dfd, pathname, at_flags, name: as for getxattrat. value: its bytes. flags: flags.XattrFlags.

    Returns None.

    Since Linux 6.13.
    """
    path, at_flags = paths.or_descriptor("setxattrat: at_flags", pathname, at_flags)
    data = memory.data("setxattrat: value", value)
    arguments = memory.made("setxattrat", structures.xattr_args, value=data, size=len(data), flags=flags)
    direct.setxattrat(dfd, path, at_flags, name, arguments, arguments.nbytes)


@documented_call
def listxattrat(dfd: Descriptor, pathname: Path | None, at_flags: int = 0) -> list[str]:
    """listxattrat(2): the names of the extended attributes, as os.listxattr gives them.

    dfd, pathname, at_flags: as for getxattrat.

    Returns the names, as str with surrogate escapes.

    Since Linux 6.13.
    """
    path, at_flags = paths.or_descriptor("listxattrat: at_flags", pathname, at_flags)
    buffer = ffi.new("char[]", _MAX)
    count = direct.listxattrat(dfd, path, at_flags, buffer, _MAX)
    return [fsdecode(name) for name in bytes(ffi.buffer(buffer, count)).split(b"\0")[:-1]]


@documented_call
def removexattrat(dfd: Descriptor, pathname: Path | None, at_flags: int, name: str | bytes) -> None:
    """removexattrat(2): remove an extended attribute.

    dfd, pathname, at_flags, name: as for getxattrat.

    Returns None.

    Raises: ENODATA if there is none. Since Linux 6.13.
    """
    direct.removexattrat(dfd, *paths.or_descriptor("removexattrat: at_flags", pathname, at_flags), name)


@documented_call
def file_getattr(dfd: Descriptor, filename: Path | None, at_flags: int = 0) -> structures.file_attr:
    """file_getattr(2): what chattr and xfs_io change of a file: flags.FileAttributes, hints, the project.

    dfd: the directory that a relative path begins at. filename: None for dfd itself.
    at_flags: of flags.AtFlags: AT_SYMLINK_NOFOLLOW.

    Returns structures.file_attr.

    Raises: EOPNOTSUPP if the file system has none. Since Linux 6.17.
    """
    found = structures.file_attr()
    path, at_flags = paths.or_descriptor("file_getattr: at_flags", filename, at_flags)
    direct.file_getattr(dfd, path, found, found.nbytes, at_flags)
    return found


@documented_call
def file_setattr(
    dfd: Descriptor, filename: Path | None, ufattr: structures.file_attr, at_flags: int = 0
) -> None:
    """file_setattr(2): set what file_getattr reports.

    dfd, filename, at_flags: as there. ufattr: what file_getattr gave, changed.

    Returns None.

    Since Linux 6.17.
    """
    path, at_flags = paths.or_descriptor("file_setattr: at_flags", filename, at_flags)
    memory.of_kind("file_setattr: ufattr", structures.file_attr, ufattr)
    direct.file_setattr(dfd, path, ufattr, ufattr.nbytes, at_flags)
