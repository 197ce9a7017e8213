"""The mount API, in a mount namespace of the test's own."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from skips import skipped_if

from pysys import calls, errors, structures
from pysys._native import ffi
from pysys.flags import (
    FSCONFIG_CMD_CREATE,
    FSCONFIG_CMD_RECONFIGURE,
    FSCONFIG_SET_BINARY,
    FSCONFIG_SET_FD,
    FSCONFIG_SET_FLAG,
    FSCONFIG_SET_STRING,
    MOUNT_ATTR_NODEV,
    MOUNT_ATTR_NOEXEC,
    MOUNT_ATTR_RDONLY,
    OPEN_TREE_CLOEXEC,
    OPEN_TREE_CLONE,
    STATMOUNT_MNT_POINT,
)

AT_FDCWD = -100
CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
CLONE_NEWUTS = 0x04000000
MS_PRIVATE = 1 << 18
MNT_DETACH = 2


def _mounted() -> tuple[str, int]:
    """A directory in a new namespace, with an empty file system on it, and the mount's descriptor."""
    user, group = os.geteuid(), os.getegid()
    try:
        calls.unshare(CLONE_NEWNS | (CLONE_NEWUSER if user else 0))
        if user:  # without a name in its namespace it could make no file
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"0 {user} 1"),
                ("gid_map", f"0 {group} 1"),
            ):
                Path("/proc/self", name).write_text(text)
        calls.mount_setattr(AT_FDCWD, "/", 0x8000, propagation=MS_PRIVATE)  # AT_RECURSIVE
        fs = calls.fsopen("tmpfs")
    except (errors.ENOSYS, PermissionError, errors.ENOSPC) as error:
        pytest.skip(str(error))
    assert not os.get_inheritable(fs)
    calls.fsconfig(fs, FSCONFIG_SET_STRING, "size", "1M")
    calls.fsconfig(fs, FSCONFIG_SET_STRING, "mode", b"0751")
    calls.fsconfig(fs, FSCONFIG_CMD_CREATE)
    mount = calls.fsmount(fs, attr_flags=MOUNT_ATTR_NODEV)
    os.close(fs)
    point = tempfile.mkdtemp(prefix="pysys")
    calls.move_mount(mount, None, AT_FDCWD, point)
    return point, mount


def _end(point: str) -> None:
    calls.umount2(point, MNT_DETACH)
    os.rmdir(point)


@pytest.mark.isolated
def test_a_file_system_is_made_mounted_and_changed() -> None:
    """What fsconfig sets, fsmount and mount_setattr give and fspick changes, is what statvfs sees."""
    point, mount = _mounted()
    try:
        found = os.statvfs(point)
        assert found.f_blocks * found.f_frsize == 1 << 20 and found.f_flag & os.ST_NODEV
        assert os.stat(point).st_mode & 0o777 == 0o751
        calls.mount_setattr(mount, None, attr_set=MOUNT_ATTR_NOEXEC, attr_clr=MOUNT_ATTR_NODEV)
        assert os.statvfs(point).f_flag & (os.ST_NODEV | os.ST_NOEXEC) == os.ST_NOEXEC
        fs = calls.fspick(AT_FDCWD, point)
        calls.fsconfig(fs, FSCONFIG_SET_STRING, "size", "2M")
        calls.fsconfig(fs, FSCONFIG_CMD_RECONFIGURE)
        assert os.statvfs(point).f_blocks == 2 * found.f_blocks
        os.close(calls.fspick(mount, None))
        for wrong in ("", "/nowhere"):
            try:
                calls.mount_setattr(AT_FDCWD, wrong, attr_set=MOUNT_ATTR_NOEXEC)
            except errors.ENOENT:
                continue
            raise AssertionError(wrong)
    finally:
        _end(point)


@pytest.mark.isolated
def test_why_a_file_system_refused_something() -> None:
    """fscontext_read gives the messages once, and values go to the kernel by the kind of the command."""
    point, _ = _mounted()
    try:
        fs = calls.fsopen("tmpfs")
        for arguments in (
            (FSCONFIG_SET_STRING, "size", "many"),
            (FSCONFIG_SET_FLAG, "nothing"),
            (FSCONFIG_SET_BINARY, "size", bytearray(b"1\0M")),
            (FSCONFIG_SET_FD, "size", fs),
        ):
            calls.fscontext_read(fs)
            try:
                calls.fsconfig(fs, *arguments)
            except errors.EINVAL:
                texts = calls.fscontext_read(fs)
                assert texts and all(text.startswith("e ") for text in texts), (arguments, texts)
                assert calls.fscontext_read(fs) == []
                continue
            raise AssertionError(arguments)
        try:
            calls.fsconfig(fs, FSCONFIG_SET_STRING, "size", None)
        except TypeError:
            return
        raise AssertionError("None was taken for a string")
    finally:
        _end(point)


@pytest.mark.isolated
def test_a_tree_is_copied() -> None:
    """open_tree clones a mount, open_tree_attr one with other attributes; neither is attached."""
    point, mount = _mounted()
    try:
        with open(f"{point}/file", "w") as file:
            file.write("text")
        copy = calls.open_tree(AT_FDCWD, point, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)
        assert os.path.samestat(os.stat("file", dir_fd=copy), os.stat(f"{point}/file"))
        try:
            other = calls.open_tree_attr(
                mount, None, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, attr_set=MOUNT_ATTR_RDONLY
            )
        except errors.ENOSYS as error:
            pytest.skip(str(error))
        assert os.statvfs(other).f_flag & os.ST_RDONLY and not os.statvfs(copy).f_flag & os.ST_RDONLY
    finally:
        _end(point)


@pytest.mark.isolated
def test_mounts_are_listed_and_described() -> None:
    """listmount and statmount agree with /proc/self/mountinfo."""
    from pysys.calls import _mounts

    point, _ = _mounted()
    try:
        try:
            ids = calls.listmount()
        except errors.ENOSYS as error:
            pytest.skip(str(error))
        _mounts._IDS = 2  # in many steps
        assert calls.listmount() == ids
        found = {mount.mnt_id_old: mount for mount in map(calls.statmount, ids)}
        with open("/proc/self/mountinfo", "rb") as file:
            lines = [line.split() for line in file]
        seen = 0
        for old, parent, device, root, place, *_ in lines:
            mount = found.get(int(old))
            if mount is None or mount.mnt_point is None:  # below what is mounted over
                continue
            seen += 1
            assert int(parent) == mount.mnt_parent_id_old
            assert device.decode() == f"{mount.sb_dev_major}:{mount.sb_dev_minor}"
            if b"\\" not in root + place:
                assert (mount.mnt_root, mount.mnt_point) == (os.fsdecode(root), os.fsdecode(place))
        assert seen > 1
        (mine,) = [mount for mount in found.values() if mount.mnt_point == point]
        assert mine.fs_type == "tmpfs" and mine.mnt_attr == MOUNT_ATTR_NODEV
        if mine.mnt_opts is not None:
            assert "size=1024k" in mine.mnt_opts.split(",")
        if mine.opt_array is not None:
            assert "mode=751" in mine.opt_array
        assert mine.mnt_id is not None
        short = calls.statmount(mine.mnt_id, STATMOUNT_MNT_POINT)
        assert (short.mask, short.mnt_point, short.mnt_id) == (STATMOUNT_MNT_POINT, point, None)
    finally:
        _end(point)
    try:
        calls.statmount(mine.mnt_id)
    except errors.ENOENT:
        return
    raise AssertionError("it is gone")


@pytest.mark.isolated
def test_a_mount_is_attached_to_a_descriptor() -> None:
    """None stands for the descriptor, of what is moved and of where it goes."""
    point, _ = _mounted()
    try:
        os.mkdir(f"{point}/inner")
        os.mkdir(f"{point}/inner/deep")
        copy = calls.open_tree(AT_FDCWD, f"{point}/inner", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)
        os.mkdir(f"{point}/there")
        there = os.open(f"{point}/there", os.O_PATH)
        calls.move_mount(copy, None, there, None)
        assert os.listdir(f"{point}/there") == ["deep"]
    finally:
        _end(point)


def test_what_is_asked_by_a_mounts_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    """statmount with a descriptor says so in its flags; the caller's other flags stay."""
    asked = []

    def answer(request: structures.mnt_id_req, found: object, size: int, flags: int) -> int:
        asked.append((request.mnt_fd, flags))
        return 0

    monkeypatch.setattr(calls.direct, "statmount", answer)
    calls.statmount(mnt_fd=7)
    calls.statmount(mnt_fd=7, flags=4)
    calls.statmount(5, flags=4)
    assert asked == [(7, 1), (7, 5), (0, 4)]


def test_an_idmapped_mount_has_the_attribute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user namespace sets MOUNT_ATTR_IDMAP along with other attributes; without one it is not set."""
    seen = []

    def change(dfd: int, path: object, flags: int, attr: structures.mount_attr, size: int) -> int:
        seen.append((attr.attr_set, attr.userns_fd))
        return 0

    monkeypatch.setattr(calls.direct, "mount_setattr", change)
    calls.mount_setattr(3, None, attr_set=MOUNT_ATTR_NODEV, userns_fd=6)
    calls.mount_setattr(3, None, attr_set=MOUNT_ATTR_NODEV)
    assert seen == [(MOUNT_ATTR_NODEV | 0x100000, 6), (MOUNT_ATTR_NODEV, 0)]


def test_texts_of_a_mount(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several texts one after the other are a tuple of as many, and what follows is another's."""
    texts = b"rw\0one\0two\0\0other\0"

    def answer(request: object, found: structures.statmount, size: int, flags: int) -> int:
        found.mask, found.opt_array, found.opt_num, found.mnt_opts = 0x400 | 0x80, 3, 3, 0
        memory = ffi.buffer(found.cdata, size)
        memory[structures.statmount.nbytes : structures.statmount.nbytes + len(texts)] = texts
        return 0

    monkeypatch.setattr(calls.direct, "statmount", answer)
    mount = calls.statmount(5)
    assert (mount.mnt_opts, mount.opt_array) == ("rw", ("one", "two", ""))
    assert mount.opt_sec_array is None and mount.sb_flags is None


def test_namespaces_are_listed() -> None:
    """The ids of listns are numbers without repetition, and one's own is among them."""
    try:
        found = calls.listns(0x20000000)  # CLONE_NEWPID
    except errors.ENOSYS as error:
        pytest.skip(str(error))
    assert found and len(set(found)) == len(found)


@pytest.mark.isolated
def test_as_many_namespaces_as_fit_are_listed() -> None:
    """And one more or less than fit into the memory of the first call, which holds 512."""
    with skipped_if():  # before Linux 6.19
        before = len(calls.listns(CLONE_NEWUTS))
    held: list[int] = []
    while before + len(held) < 514:
        with skipped_if(errors.EPERM, errors.ENOSPC):  # no privilege; user.max_uts_namespaces is lower
            calls.unshare(CLONE_NEWUTS)
        held.append(calls.openat(AT_FDCWD, "/proc/self/ns/uts", os.O_RDONLY))
        if len(held) == 2 and len(calls.listns(CLONE_NEWUTS)) < before + 2:
            pytest.skip("only CAP_SYS_ADMIN over the pid namespace sees where the caller is not")
        if before + len(held) in (511, 512, 513):
            found = calls.listns(CLONE_NEWUTS)
            assert len(set(found)) == len(found) == before + len(held)


@pytest.mark.parametrize("there", [0, 511, 512, 4096, 5000])
def test_all_namespaces_are_listed_in_one_piece(monkeypatch: pytest.MonkeyPatch, there: int) -> None:
    """However many there are: what is asked for after an id may be ENOENT though more of them follow."""

    def answer(request: structures.ns_id_req, ids: Any, most: int, flags: int) -> int:
        if request.ns_id:
            raise errors.error(errno.ENOENT, "listns")
        count = min(there, most)
        ids[0:count] = range(1, count + 1)
        return count

    monkeypatch.setattr(calls.direct, "listns", answer)
    assert calls.listns() == list(range(1, there + 1))
