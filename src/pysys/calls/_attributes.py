"""Typed calls whose results are values: attributes of files.

With memory of the caller, or a size alone, getxattr, listxattr and their kin are the kernel's own, and the
result is its int. In the calls whose names end in "at" a path that is None stands for the descriptor in front
of it, AT_EMPTY_PATH.
"""

from __future__ import annotations

from os import fsdecode

from pysys import structures
from pysys._native import ffi
from pysys.arguments import memory, objects
from pysys.calls import direct
from pysys.calls._values import paths
from pysys.doc import documented_call
from pysys.errors import ERANGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, overload

    from pysys._types import Buffer, Descriptor, Path

_MAX = 65536  # bytes of a value, and of a list of names


def _value(read: Callable[[bytearray], int]) -> bytes:
    """What a call writes that answers ERANGE where it does not fit."""
    buffer = bytearray(256)
    while True:
        try:
            return bytes(memoryview(buffer)[: read(buffer)])
        except ERANGE:
            if len(buffer) >= _MAX:
                raise
            buffer = bytearray(_MAX)


def _names(read: Callable[[Any], int]) -> list[str]:
    """The names that a call writes, each with a null byte behind it."""
    buffer = ffi.new("char[]", _MAX)
    count = read(buffer)
    return [fsdecode(name) for name in bytes(ffi.buffer(buffer, count)).split(b"\0")[:-1]]


def _is_left_out(title: str, space: Any, size_title: str, size: int | None) -> bool:
    """Whether there is neither memory of the caller nor a size. Memory without a size is refused."""
    if size is None and space is not None:
        if not isinstance(objects.find(space), objects.Memory):
            raise memory.no_buffer(title, space, writable=True)
        raise TypeError(f"{size_title} must be an int, not NoneType")
    return size is None


def _got(call: str, file: Any, name: str | bytes, value: Any, size: int | None) -> Any:
    function = getattr(direct, call)
    if _is_left_out(f"{call}: value", value, f"{call}: size", size):
        return _value(lambda buffer: function(file, name, buffer, len(buffer)))
    return function(file, name, value, size)


def _listed(call: str, file: Any, space: Any, size: int | None) -> Any:
    function = getattr(direct, call)
    if _is_left_out(f"{call}: list", space, f"{call}: size", size):
        return _names(lambda buffer: function(file, buffer, _MAX))
    return function(file, space, size)


def _set(call: str, file: Any, name: str | bytes, value: Buffer, flags: int) -> None:
    data = memory.data(f"{call}: value", value)
    getattr(direct, call)(file, name, data, len(data), flags)


if TYPE_CHECKING:

    @overload
    def getxattr(pathname: Path, name: str | bytes, value: None = None, size: None = None) -> bytes: ...
    @overload
    def getxattr(pathname: Path, name: str | bytes, value: Buffer | None, size: int) -> int: ...


@documented_call
def getxattr(pathname: Path, name: str | bytes, value: Buffer | None = None, size: int | None = None) -> Any:
    """getxattr(2): the value of an extended attribute.

    pathname: the file, behind symbolic links. name: "user.mime_type", ...
    value, size: memory for it, and how many bytes that has; with size 0 the kernel says how many it needs.

    Returns the value, as bytes. With size, the kernel's result: the number of bytes.

    Raises: ENODATA if there is none. Since Linux 2.6.
    """
    return _got("getxattr", pathname, name, value, size)


if TYPE_CHECKING:

    @overload
    def lgetxattr(pathname: Path, name: str | bytes, value: None = None, size: None = None) -> bytes: ...
    @overload
    def lgetxattr(pathname: Path, name: str | bytes, value: Buffer | None, size: int) -> int: ...


@documented_call
def lgetxattr(pathname: Path, name: str | bytes, value: Buffer | None = None, size: int | None = None) -> Any:
    """lgetxattr(2): as getxattr, of a symbolic link itself.

    pathname: the link, or a file. name: "user.mime_type", ...
    value, size: memory for it, and how many bytes that has; with size 0 the kernel says how many it needs.

    Returns the value, as bytes. With size, the kernel's result: the number of bytes.

    Raises: ENODATA if there is none. Since Linux 2.6.
    """
    return _got("lgetxattr", pathname, name, value, size)


if TYPE_CHECKING:

    @overload
    def fgetxattr(fd: Descriptor, name: str | bytes, value: None = None, size: None = None) -> bytes: ...
    @overload
    def fgetxattr(fd: Descriptor, name: str | bytes, value: Buffer | None, size: int) -> int: ...


@documented_call
def fgetxattr(fd: Descriptor, name: str | bytes, value: Buffer | None = None, size: int | None = None) -> Any:
    """fgetxattr(2): as getxattr, of an open file.

    fd: its descriptor, not one of O_PATH. name: "user.mime_type", ...
    value, size: memory for it, and how many bytes that has; with size 0 the kernel says how many it needs.

    Returns the value, as bytes. With size, the kernel's result: the number of bytes.

    Raises: ENODATA if there is none. Since Linux 2.6.
    """
    return _got("fgetxattr", fd, name, value, size)


if TYPE_CHECKING:

    @overload
    def listxattr(pathname: Path, list: None = None, size: None = None) -> list[str]: ...
    @overload
    def listxattr(pathname: Path, list: Buffer | None, size: int) -> int: ...


@documented_call
def listxattr(pathname: Path, list: Buffer | None = None, size: int | None = None) -> Any:
    """listxattr(2): the names of a file's extended attributes, as os.listxattr gives them.

    pathname: the file, behind symbolic links.
    list, size: memory for them, and how many bytes that has; with size 0 the kernel says how many it needs.

    Returns the names, as str with surrogate escapes. With size, the kernel's result: the number of bytes.

    Since Linux 2.6.
    """
    return _listed("listxattr", pathname, list, size)


if TYPE_CHECKING:

    @overload
    def llistxattr(pathname: Path, list: None = None, size: None = None) -> list[str]: ...
    @overload
    def llistxattr(pathname: Path, list: Buffer | None, size: int) -> int: ...


@documented_call
def llistxattr(pathname: Path, list: Buffer | None = None, size: int | None = None) -> Any:
    """llistxattr(2): as listxattr, of a symbolic link itself.

    pathname: the link, or a file.
    list, size: memory for them, and how many bytes that has; with size 0 the kernel says how many it needs.

    Returns the names, as str with surrogate escapes. With size, the kernel's result: the number of bytes.

    Since Linux 2.6.
    """
    return _listed("llistxattr", pathname, list, size)


if TYPE_CHECKING:

    @overload
    def flistxattr(fd: Descriptor, list: None = None, size: None = None) -> list[str]: ...
    @overload
    def flistxattr(fd: Descriptor, list: Buffer | None, size: int) -> int: ...


@documented_call
def flistxattr(fd: Descriptor, list: Buffer | None = None, size: int | None = None) -> Any:
    """flistxattr(2): as listxattr, of an open file.

    fd: its descriptor, not one of O_PATH.
    list, size: memory for them, and how many bytes that has; with size 0 the kernel says how many it needs.

    Returns the names, as str with surrogate escapes. With size, the kernel's result: the number of bytes.

    Since Linux 2.6.
    """
    return _listed("flistxattr", fd, list, size)


@documented_call
def setxattr(pathname: Path, name: str | bytes, value: Buffer, flags: int = 0) -> None:
    """setxattr(2): set an extended attribute.

    pathname: the file, behind symbolic links. name: "user.mime_type", ... value: its bytes, all of them.
    flags: flags.XattrFlags.

    Returns None.

    Since Linux 2.6.
    """
    _set("setxattr", pathname, name, value, flags)


@documented_call
def lsetxattr(pathname: Path, name: str | bytes, value: Buffer, flags: int = 0) -> None:
    """lsetxattr(2): as setxattr, of a symbolic link itself.

    pathname: the link, or a file. name: "user.mime_type", ... value: its bytes, all of them.
    flags: flags.XattrFlags.

    Returns None.

    Since Linux 2.6.
    """
    _set("lsetxattr", pathname, name, value, flags)


@documented_call
def fsetxattr(fd: Descriptor, name: str | bytes, value: Buffer, flags: int = 0) -> None:
    """fsetxattr(2): as setxattr, of an open file.

    fd: its descriptor, not one of O_PATH. name: "user.mime_type", ... value: its bytes, all of them.
    flags: flags.XattrFlags.

    Returns None.

    Since Linux 2.6.
    """
    _set("fsetxattr", fd, name, value, flags)


@documented_call
def getxattrat(dfd: Descriptor, pathname: Path | None, at_flags: int, name: str | bytes) -> bytes:
    """getxattrat(2): the value of an extended attribute.

    dfd: the directory that a relative path begins at. pathname: None for dfd itself.
    at_flags: of flags.AtFlags: AT_SYMLINK_NOFOLLOW. name: "user.mime_type", ...

    Returns the value, as bytes.

    Raises: ENODATA if there is none. Since Linux 6.13.
    """
    path, at_flags = paths.or_descriptor("getxattrat: at_flags", pathname, at_flags)

    def read(buffer: bytearray) -> int:
        arguments = structures.xattr_args(value=buffer, size=len(buffer))
        return direct.getxattrat(dfd, path, at_flags, name, arguments, arguments.nbytes)

    return _value(read)


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
    return _names(lambda buffer: direct.listxattrat(dfd, path, at_flags, buffer, _MAX))


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
