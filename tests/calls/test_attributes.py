"""Attributes of files, the doors to io_uring and perf events."""

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
    """What file_setattr sets file_getattr tells."""
    file = tmp_path / "file"
    file.touch()
    with skipped_if(errors.EOPNOTSUPP, errors.ENOTTY):
        told = calls.file_getattr(AT_FDCWD, file)
        told.fa_xflags |= NODUMP
        calls.file_setattr(AT_FDCWD, file, told)
    with open(file) as opened:
        assert calls.file_getattr(opened, None).fa_xflags & NODUMP


def test_a_ring_is_set_up() -> None:
    """The answer says how large the rings are, and the question stays as it was."""
    question = structures.io_uring_params(flags=1 << 3, cq_entries=16)  # IORING_SETUP_CQSIZE
    with skipped_if(errors.EPERM):
        fd, answer = calls.io_uring_setup(3, question)
    assert (answer.sq_entries, answer.cq_entries, question.sq_entries) == (4, 16, 0)
    assert not os.get_inheritable(fd)
    os.close(fd)


def test_an_event_is_counted() -> None:
    """A software event of this thread can be read as a number, and its structure's size is filled in."""
    attributes = structures.perf_event_attr(type=1, config=1)  # PERF_COUNT_SW_TASK_CLOCK
    with skipped_if(errors.EACCES, errors.EPERM):
        fd = calls.perf_event_open(attributes)
    assert len(os.read(fd, 64)) == 8 and not os.get_inheritable(fd)
    assert attributes.size == len(bytes(attributes))
    os.close(fd)
