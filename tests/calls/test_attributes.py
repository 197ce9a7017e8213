"""Attributes of files."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from skips import skipped_if

from pysys import calls, errors, structures

AT_FDCWD = -100
AT_SYMLINK_NOFOLLOW = 0x100
NODUMP = 0x80  # FS_XFLAG_NODUMP


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that has an attribute without a value."""
    made = tmp_path / "file"
    made.touch()
    try:
        os.setxattr(made, "user.probe", b"")
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EPERM):
            raise
        pytest.skip(f"no attributes here: {error}")
    return made


def test_extended_attributes_are_those_of_os(file: Path, tmp_path: Path) -> None:
    """What is set below a directory, by path or by descriptor is what os gets, lists and removes."""
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


Names = Callable[[Any], list[str]]
Get = Callable[[Any, "str | bytes"], bytes]
Set = Callable[..., None]
PLAIN = [
    pytest.param("getxattr", "listxattr", "setxattr", str, id="str"),
    pytest.param("getxattr", "listxattr", "setxattr", os.fsencode, id="bytes"),
    pytest.param("lgetxattr", "llistxattr", "lsetxattr", Path, id="Path"),
    pytest.param("fgetxattr", "flistxattr", "fsetxattr", open, id="file"),
    pytest.param("fgetxattr", "flistxattr", "fsetxattr", lambda path: os.open(path, os.O_RDONLY), id="fd"),
]


@pytest.mark.parametrize(("get", "names", "put", "as_argument"), PLAIN)
def test_values_by_path_and_by_descriptor(
    file: Path, get: str, names: str, put: str, as_argument: Callable[[str], Any]
) -> None:
    """A value is bytes of any length, and names are those of os.listxattr, also if they are not UTF-8."""
    get_: Get = getattr(calls, get)
    names_: Names = getattr(calls, names)
    put_: Set = getattr(calls, put)
    what = as_argument(str(file))
    try:
        for value in (
            b"",
            b"\0",
            bytes(range(256)),
            b"v" * 257,
            bytearray(b"w" * 2000),
            memoryview(b"short"),
        ):
            put_(what, "user.value", value)
            assert get_(what, "user.value") == value == os.getxattr(file, "user.value")
        put_(what, b"user.\xff\xc3", b"1", 1)
        assert get_(what, "user.\udcff\udcc3") == b"1"
        assert names_(what) == os.listxattr(file)
        assert set(names_(what)) >= {"user.probe", "user.value", "user.\udcff\udcc3"}
        with pytest.raises(errors.EEXIST):
            put_(what, "user.value", b"", 1)
        with pytest.raises(errors.ENODATA):
            put_(what, "user.other", b"", flags=2)
        with pytest.raises(errors.ENODATA):
            get_(what, "user.other")
    finally:
        if isinstance(what, int):
            os.close(what)
        elif hasattr(what, "close"):
            what.close()


def test_a_link_has_attributes_of_its_own(file: Path, tmp_path: Path) -> None:
    """Those whose names begin with l look at the link, the others at what it leads to."""
    link = tmp_path / "link"
    link.symlink_to(file)
    assert calls.getxattr(link, "user.probe") == b""
    assert calls.listxattr(link) == os.listxattr(file)
    assert "user.probe" not in calls.llistxattr(link)
    with pytest.raises(errors.ENODATA):
        calls.lgetxattr(link, "user.probe")
    with pytest.raises(errors.EPERM):  # a link takes none of "user."
        calls.lsetxattr(link, "user.other", b"")


def test_no_attributes_are_an_empty_list(file: Path) -> None:
    for name in os.listxattr(file):
        if name.startswith("user."):
            os.removexattr(file, name)
    assert calls.listxattr(file) == os.listxattr(file)
    assert not [name for name in calls.listxattr(file) if name.startswith("user.")]


def test_the_kernels_own_form_of_attributes(file: Path) -> None:
    """With memory of the caller, or to ask for a size, the result is the kernel's."""
    calls.setxattr(file, "user.probe", b"12345")
    for get, names, what in (
        (calls.getxattr, calls.listxattr, file),
        (calls.lgetxattr, calls.llistxattr, file),
    ):
        assert get(what, "user.probe", None, 0) == 5
        buffer = bytearray(8)
        assert get(what, "user.probe", buffer, 8) == 5
        assert buffer == b"12345\0\0\0"
        with pytest.raises(errors.ERANGE):
            get(what, "user.probe", buffer, 4)
        listed = bytearray(names(what, None, 0))
        assert names(what, listed, len(listed)) == len(listed)
        assert listed.split(b"\0")[:-1] == [os.fsencode(name) for name in os.listxattr(what)]
        with pytest.raises(errors.ERANGE):
            names(what, listed, 3)
    with open(file) as opened:
        assert calls.fgetxattr(opened, "user.probe", buffer, 8) == 5
        assert calls.flistxattr(opened, None, 0) == len(listed)


@pytest.mark.parametrize("call", ["getxattr", "lgetxattr", "fgetxattr"])
def test_a_value_that_grows_between_two_calls(monkeypatch: pytest.MonkeyPatch, file: Path, call: str) -> None:
    """The kernel is asked again where a value has become longer than the memory for it."""
    kernel = getattr(calls.direct, call)
    sizes = []

    def grow(what: Any, name: str, buffer: bytearray, size: int) -> int:
        sizes.append(size)
        os.setxattr(file, name, b"x" * (257 if len(sizes) == 1 else 1500))
        result: int = kernel(what, name, buffer, size)
        return result

    monkeypatch.setattr(calls.direct, call, grow)
    with open(file) as opened:
        value = getattr(calls, call)(opened if call == "fgetxattr" else file, "user.probe")
    assert value == b"x" * 1500
    assert sizes == [256, 65536]


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


def test_pieces_of_the_kernels_form_are_refused(file: Path) -> None:
    """Memory without its size is not taken for a request of the value."""
    with pytest.raises(TypeError, match=r"^getxattr: size must be an int, not NoneType$"):
        calls.getxattr(file, "user.probe", bytearray(8))  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(TypeError, match=r"^flistxattr: size must be an int, not NoneType$"):
        calls.flistxattr(0, bytearray(8))  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(ValueError, match=r"^listxattr: list is 8 bytes long, but size is 9$"):
        calls.listxattr(file, bytearray(8), 9)
