"""Attributes of files."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from skips import skipped_if

from pysys import calls, errors, structures

AT_FDCWD = -100
AT_SYMLINK_NOFOLLOW = 0x100
NODUMP = 0x80  # FS_XFLAG_NODUMP


def test_extended_attributes_are_those_of_os(tmp_path: Path) -> None:
    """What is set below a directory, by path or by descriptor is what os gets, lists and removes."""
    file = tmp_path / "file"
    file.touch()
    try:
        os.setxattr(file, "user.probe", b"")
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EPERM):
            raise
        pytest.skip(f"no attributes here: {error}")
    directory, fd = os.open(tmp_path, os.O_RDONLY), os.open(file, os.O_RDWR)
    try:
        with skipped_if():
            calls.setxattrat(directory, "file", 0, "user.long", b"\0v" * 500)
        calls.setxattrat(fd, None, 0, b"user.empty", b"", 1)
        with pytest.raises(errors.EEXIST):
            calls.setxattrat(AT_FDCWD, file, 0, "user.empty", b"", 1)
        assert os.getxattr(file, "user.long") == calls.getxattrat(fd, None, 0, "user.long") == b"\0v" * 500
        assert calls.getxattrat(AT_FDCWD, file, 0, "user.empty") == b""
        assert calls.listxattrat(fd, None) == calls.listxattrat(directory, b"file") == os.listxattr(file)
        calls.removexattrat(directory, "file", 0, "user.long")
        with pytest.raises(errors.ENODATA):
            calls.getxattrat(directory, "file", 0, "user.long")
        with pytest.raises(errors.ENOENT) as caught:
            calls.listxattrat(directory, "")
        assert caught.value.filename == ""
    finally:
        os.close(directory)
        os.close(fd)


def test_attributes_of_a_file_are_set(tmp_path: Path) -> None:
    """file_getattr returns what file_setattr has set."""
    file = tmp_path / "file"
    file.touch()
    with skipped_if(errors.EOPNOTSUPP, errors.ENOTTY):
        told = calls.file_getattr(AT_FDCWD, file)
        told.fa_xflags |= NODUMP
        calls.file_setattr(AT_FDCWD, file, told)
    with open(file) as opened:
        assert calls.file_getattr(opened, None).fa_xflags & NODUMP


def test_a_value_that_never_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """ERANGE is passed on where the memory is as long as a value can be."""
    sizes: list[int] = []

    def refuse(dfd: int, path: object, flags: int, name: str, value: structures.xattr_args, size: int) -> int:
        sizes.append(value.size)
        assert len(sizes) < 5
        raise errors.ERANGE(syscall="getxattrat")

    monkeypatch.setattr(calls.direct, "getxattrat", refuse)
    with pytest.raises(errors.ERANGE):
        calls.getxattrat(-1, "file", 0, "user.a")
    assert sizes == [256, 65536]
