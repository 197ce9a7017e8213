"""statx, statfs, links, directories, file handles and the page cache, against what os says."""

from __future__ import annotations

import os
import pathlib
import stat
import sys

import pytest

from pysys import calls, errors, structures

AT_FDCWD = -100
AT_SYMLINK_NOFOLLOW = 0x100
AT_EMPTY_PATH = 0x1000
AT_HANDLE_MNT_ID_UNIQUE = 0x001


@pytest.mark.parametrize("path", ["/etc/passwd", "/dev/null", "/", "/proc/self/exe"])
def test_statx_is_what_stat_says(path: str) -> None:
    """Type, owner, size, inode, device and times are those that os.lstat gives."""
    found = calls.statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW)
    told = os.lstat(path)
    assert (found.stx_mode, found.stx_uid, found.stx_gid) == (told.st_mode, told.st_uid, told.st_gid)
    assert (found.stx_size, found.stx_ino, found.stx_nlink) == (told.st_size, told.st_ino, told.st_nlink)
    assert os.makedev(found.stx_dev_major, found.stx_dev_minor) == told.st_dev
    assert os.makedev(found.stx_rdev_major, found.stx_rdev_minor) == told.st_rdev
    assert found.stx_mtime.nanoseconds == told.st_mtime_ns


def test_statx_of_a_descriptor_and_only_what_is_asked(tmp_path: pathlib.Path) -> None:
    """A file object is a directory argument; the mask says what is wanted; the birth is asked for."""
    with open(tmp_path / "file", "wb", buffering=0) as file:
        file.write(b"four")
        found = calls.statx(file, "", AT_EMPTY_PATH)
        assert found.stx_size == 4 and stat.S_ISREG(found.stx_mode)
        if found.stx_mask & 0x800:
            assert found.stx_btime.seconds > 0
    with pytest.raises(errors.ENOENT) as raised:
        calls.statx(AT_FDCWD, tmp_path / "none", mask=1)
    assert raised.value.filename == tmp_path / "none"


def test_statfs_is_what_statvfs_says(tmp_path: pathlib.Path) -> None:
    """Sizes and limits are os.statvfs's, of a path and of a descriptor."""
    told = os.statvfs("/proc")
    found = calls.statfs("/proc")
    assert found.f_type == 0x9FA0  # PROC_SUPER_MAGIC
    assert (found.f_bsize, found.f_namelen) == (told.f_bsize, told.f_namemax)
    told = os.statvfs(tmp_path)
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        found = calls.fstatfs(fd)
    finally:
        os.close(fd)
    assert (found.f_blocks, found.f_files) == (told.f_blocks, told.f_files)
    with pytest.raises(errors.EBADF):
        calls.fstatfs(-1)


@pytest.mark.parametrize("target", [b"somewhere", b"\xff\xfe", b"x" * 4095])
def test_links_are_read_to_their_end(tmp_path: pathlib.Path, target: bytes) -> None:
    """A link of any length is given as its bytes, by path and below a directory."""
    os.symlink(target, os.fsencode(tmp_path / "link"))
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        assert calls.readlink(tmp_path / "link") == calls.readlinkat(fd, "link") == target
    finally:
        os.close(fd)
    with pytest.raises(errors.EINVAL) as raised:
        calls.readlink(tmp_path)
    assert raised.value.filename == tmp_path


@pytest.mark.isolated
def test_getcwd_of_a_deep_and_of_a_removed_directory() -> None:
    """It is what os.getcwdb gives, as far as the kernel goes; a removed directory is ENOENT."""
    import tempfile

    assert calls.getcwd() == os.getcwdb()
    with tempfile.TemporaryDirectory() as top:
        start = os.open(top, os.O_RDONLY)
        try:
            os.mkdir(f"{top}/{'d' * 200}")
            os.chdir(f"{top}/{'d' * 200}")
            assert calls.getcwd() == os.getcwdb()
            os.rmdir(f"{top}/{'d' * 200}")
            try:
                calls.getcwd()
            except errors.ENOENT:
                pass
            else:
                raise AssertionError("a directory that is gone has a path")
        finally:
            os.fchdir(start)
            os.close(start)
            os.chdir("/")


def test_directory_entries(tmp_path: pathlib.Path) -> None:
    """Every entry comes once with its type and inode, whatever the size; the end is an empty list."""
    (tmp_path / "directory").mkdir()
    for number in range(30):
        (tmp_path / f"file-{number}").touch()
    kinds = {4: stat.S_IFDIR, 8: stat.S_IFREG}
    for size in (280, 32768):
        fd = os.open(tmp_path, os.O_RDONLY)
        try:
            found = list(calls.dirents(fd, size))
            assert calls.getdents64(fd) == []
        finally:
            os.close(fd)
        assert sorted(one.name for one in found) == sorted([b".", b"..", *os.listdir(os.fsencode(tmp_path))])
        for one in found:
            told = os.lstat(tmp_path / os.fsdecode(one.name))
            assert one.type == 0 or kinds[one.type] == stat.S_IFMT(told.st_mode)
            if one.name != b"..":
                assert one.ino == told.st_ino
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(errors.EINVAL):
            calls.getdents64(fd, 8)
    finally:
        os.close(fd)


def test_a_handle_opens_the_file_again(tmp_path: pathlib.Path) -> None:
    """The handle stays with the file when it is renamed; the mount's id is the one in mountinfo."""
    (tmp_path / "file").write_text("text")
    try:
        handle, mount = calls.name_to_handle_at(AT_FDCWD, tmp_path / "file")
    except errors.EOPNOTSUPP:
        pytest.skip("this file system has no handles")
    assert len(bytes(handle)) == 8 + handle.handle_bytes == 8 + len(handle.f_handle)
    mounts = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
    assert str(mount) in [line.split()[0] for line in mounts]
    try:
        _, unique = calls.name_to_handle_at(AT_FDCWD, tmp_path / "file", AT_HANDLE_MNT_ID_UNIQUE)
    except errors.EINVAL:
        pass  # before Linux 6.12
    else:
        assert unique >> 31
    (tmp_path / "file").rename(tmp_path / "other")
    directory = os.open(tmp_path, os.O_RDONLY)
    try:
        for form in (handle, bytes(handle)):
            try:
                fd = calls.open_by_handle_at(directory, form, os.O_RDONLY | os.O_CLOEXEC)
            except errors.EPERM:
                pytest.skip("needs CAP_DAC_READ_SEARCH")
            assert os.read(fd, 10) == b"text"
            os.close(fd)
        with pytest.raises(ValueError, match="handle is 0 bytes long, but its handle_bytes is"):
            calls.open_by_handle_at(directory, bytes(handle)[:8], os.O_RDONLY)
    finally:
        os.close(directory)


def test_cachestat_counts_the_pages_that_were_written(tmp_path: pathlib.Path) -> None:
    """As many pages are cached as were written, in the part that is asked about."""
    page = os.sysconf("SC_PAGE_SIZE")
    fd = calls.memfd_create("pysys")
    try:
        os.write(fd, bytes(4 * page))
        try:
            found = calls.cachestat(fd)
        except errors.ENOSYS:
            pytest.skip("before Linux 6.5")
        assert found.nr_cache == 4
        assert calls.cachestat(fd, page, 2 * page).nr_cache == 2
        with pytest.raises(errors.EINVAL):
            calls.cachestat(fd, flags=1)
    finally:
        os.close(fd)


def test_results_are_structures() -> None:
    """What comes back is of the kernel's own type."""
    assert isinstance(calls.statx(AT_FDCWD, sys.executable), structures.statx)
