"""Diagnoses of calls with paths and descriptors: each cause is made, and then one that looks alike."""

from __future__ import annotations

import errno
import itertools
import os
import resource
import socket
import stat
import struct
from functools import partial
from pathlib import Path

import pytest
from diagnosed import NOBODY, become, failed, private_mounts, proves
from isolated import filter_calls, folder, in_child, need_root

from pysys import calls, diagnose, errors, numbers, preload
from pysys.diagnosis.failures import Diagnosis, Verdict
from pysys.flags import (
    AT_FDCWD,
    MNT_DETACH,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_RDONLY,
    MS_REMOUNT,
    LandlockAccessFs,
)

pytestmark = pytest.mark.isolated


# ---- EACCES ----


def test_a_directory_on_the_way() -> None:
    """The first directory that may not be searched is named, with its mode and owner."""
    need_root()
    with folder() as place:
        os.chmod(place, 0o755)
        (place / "closed" / "open").mkdir(parents=True)
        (place / "closed" / "open" / "file").write_text("")
        os.chmod(place / "closed", 0o700)

        def look() -> None:
            become()
            found = failed("openat", AT_FDCWD, f"{place}/closed/open/file", os.O_RDONLY)
            proves(found, f"{place}/closed may not be searched")
            assert "drwx------, of user 0 and group 0" in found[0].read
            found = failed("statx", AT_FDCWD, f"{place}/closed/open")
            proves(found, f"{place}/closed may not be searched")

        in_child(os.fork, look)
        os.chmod(place / "closed", 0o711)

        def nothing() -> None:
            become()
            assert not diagnose("openat", "EACCES", AT_FDCWD, f"{place}/closed/open/file", 0).proven

        in_child(os.fork, nothing)


def test_the_file_and_its_folder() -> None:
    """What the mode or the access control list of the file refuses, and what that of the directory does."""
    need_root()
    with folder() as place:
        os.chmod(place, 0o755)
        for name, mode in (("none", 0o600), ("read", 0o644), ("listed", 0o644)):
            (place / name).write_text("")
            os.chmod(place / name, mode)
        entries = [
            (1, 6, 0xFFFFFFFF),
            (2, 0, NOBODY),
            (4, 4, 0xFFFFFFFF),
            (16, 4, 0xFFFFFFFF),
            (32, 4, 0xFFFFFFFF),
        ]
        listed = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *one) for one in entries)
        try:
            os.setxattr(place / "listed", "system.posix_acl_access", listed)
        except OSError:  # a file system without them
            os.chmod(place / "listed", 0)

        def look() -> None:
            become()
            proves(failed("openat", AT_FDCWD, f"{place}/none", os.O_RDONLY), "none may not be read")
            proves(failed("openat", AT_FDCWD, f"{place}/read", os.O_RDWR), "may not be read and written")
            proves(failed("openat", AT_FDCWD, f"{place}/listed", os.O_RDONLY), "access control list")
            proves(
                failed("openat", AT_FDCWD, f"{place}/new", os.O_CREAT | os.O_WRONLY, 0o600),
                str(place),
                "written",
            )
            proves(failed("mkdirat", AT_FDCWD, f"{place}/new", 0o700), f"{place} may not be written")
            proves(failed("unlinkat", AT_FDCWD, f"{place}/read", 0), f"{place} may not be written")
            here = os.open(place, os.O_PATH)
            proves(failed("openat", here, "none", os.O_RDONLY), "none may not be read")
            found = diagnose("openat", "EACCES", AT_FDCWD, f"{place}/read", os.O_RDONLY)
            assert not found.proven
            assert any(one.verdict is Verdict.EXCLUDED and "let it be read" in one.sentence for one in found)

        in_child(os.fork, look)


def test_programs() -> None:
    """Not executable, not a file, on a mount with noexec; the interpreter is missing."""
    private_mounts()
    with folder() as place:
        program = place / "program"
        program.write_text("#!/nowhere/interpreter -x\n")
        os.chmod(program, 0o644)
        in_child(os.fork, lambda: proves(failed("execve", str(program), ["x"], []), "may not be executed"))
        proves(failed("execve", str(place), ["x"], []), "not a regular file")
        os.chmod(program, 0o755)
        proves(failed("execve", str(program), ["x"], []), "its interpreter '/nowhere/interpreter' is not")
        with open("/proc/self/exe", "rb") as file:
            content = bytearray(file.read())
        at = content.find(b"/ld")
        content[at + 1] = ord("X")
        (place / "elf").write_bytes(content)
        os.chmod(place / "elf", 0o755)
        proves(failed("execve", str(place / "elf"), ["x"], []), "interpreter", "X")
        (place / "mount").mkdir()
        calls.mount("none", str(place / "mount"), "tmpfs", MS_NOEXEC, None)
        (place / "mount" / "true").write_bytes(Path("/bin/true").read_bytes())
        os.chmod(place / "mount" / "true", 0o755)
        proves(failed("execve", str(place / "mount" / "true"), ["true"], []), "noexec")
        calls.umount2(str(place / "mount"), MNT_DETACH)


def test_devices() -> None:
    """A device on a mount with nodev; the same device on another one."""
    private_mounts()
    with folder() as place:
        calls.mount("none", str(place), "tmpfs", MS_NODEV, None)
        os.mknod(place / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
        proves(failed("openat", AT_FDCWD, f"{place}/null", os.O_RDONLY), "nodev")
        calls.mount("none", str(place), None, MS_REMOUNT, None)
        assert not diagnose("openat", "EACCES", AT_FDCWD, f"{place}/null", os.O_RDONLY).proven
        calls.umount2(str(place), MNT_DETACH)


def test_sticky_directories() -> None:
    """Links, files and FIFOs of others in directories such as /tmp, as far as sysctl forbids them."""
    need_root()
    settings = {
        name: int(Path(f"/proc/sys/fs/protected_{name}").read_text())
        for name in ("symlinks", "regular", "fifos")
    }
    with folder() as place:
        os.chmod(place, 0o1777)
        os.chmod(place.parent, os.stat(place.parent).st_mode | 0o011)
        (place / "target").write_text("")
        os.chmod(place / "target", 0o666)
        os.symlink(place / "target", place / "link")
        os.mkfifo(place / "fifo")
        (place / "file").write_text("")
        for name in ("fifo", "file"):
            os.chmod(place / name, 0o666)
            os.chown(place / name, 1234, 1234)
        os.lchown(place / "link", 1234, 1234)

        def look() -> None:
            become()
            creating = os.O_CREAT | os.O_RDWR | os.O_NONBLOCK
            for name, kind, how in (
                ("link", "symlinks", os.O_RDONLY),
                ("file", "regular", creating),
                ("fifo", "fifos", creating),
            ):
                args = (AT_FDCWD, f"{place}/{name}", how, 0o600)
                if settings[kind]:
                    proves(failed("openat", *args), f"{place}/{name}")
                    assert f"fs.protected_{kind}" in diagnose("openat", "EACCES", *args)[0].advice
                else:
                    os.close(calls.openat(*args))
                    found = diagnose("openat", "EACCES", *args)
                    assert not found.proven and f"fs.protected_{kind} is 0" in str(found)
            proves(failed("unlinkat", AT_FDCWD, f"{place}/file", 0), "is sticky", "user 1234")
            proves(failed("renameat2", AT_FDCWD, f"{place}/file", AT_FDCWD, f"{place}/x", 0), "is sticky")

        in_child(os.fork, look)


def test_landlock_is_what_remains() -> None:
    """Modes and mounts allow it: nothing is proven, and security modules are named."""
    if not calls.landlock_abi():
        pytest.skip("this kernel has no Landlock")
    with folder() as place:
        (place / "file").write_text("")
        ruleset = calls.landlock_create_ruleset(LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE)

        def look() -> None:
            preload()
            calls.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
            calls.landlock_restrict_self(ruleset)
            found = failed("openat", AT_FDCWD, f"{place}/file", os.O_RDONLY)
            assert not found.proven
            assert any("security module" in one.sentence or "Landlock" in one.sentence for one in found)

        in_child(os.fork, look)


# ---- what is not there, and what is ----


def test_what_is_missing() -> None:
    """A file, a directory on the way, the target of a link, the path itself."""
    with folder() as place:
        proves(failed("openat", AT_FDCWD, f"{place}/file", os.O_RDONLY), f"{place}/file is not there")
        proves(
            failed("openat", AT_FDCWD, f"{place}/a/b", os.O_CREAT, 0), f"{place}/a, on the way to {place}/a/b"
        )
        os.symlink("gone", place / "link")
        proves(failed("openat", AT_FDCWD, f"{place}/link", os.O_RDONLY), f"{place}/link is a link to gone")
        proves(failed("openat", AT_FDCWD, "", os.O_RDONLY), "is empty")
        found = failed("renameat2", AT_FDCWD, f"{place}/link", AT_FDCWD, f"{place}/a/b", 0)
        proves(found, f"{place}/a, on the way")
        (place / "file").write_text("")
        found = diagnose("openat", "ENOENT", AT_FDCWD, f"{place}/file", os.O_RDONLY)
        assert not found.proven and "is there now" in found[0].sentence


def test_kinds_of_files() -> None:
    """Directories where there should be none, and other files where there should be one."""
    with folder() as place:
        (place / "file").write_text("")
        (place / "full" / "inside").mkdir(parents=True)
        file, full = f"{place}/file", f"{place}/full"
        proves(failed("openat", AT_FDCWD, f"{file}/below", os.O_RDONLY), f"{file} is not a directory")
        proves(failed("openat", AT_FDCWD, f"{file}/", os.O_RDONLY), f"{file} is not a directory")
        proves(failed("openat", AT_FDCWD, file, os.O_DIRECTORY), f"{file} is not a directory")
        proves(failed("chdir", file), f"{file} is not a directory")
        proves(failed("openat", AT_FDCWD, full, os.O_WRONLY), f"{full} is a directory")
        proves(failed("mkdirat", AT_FDCWD, full, 0o700), f"{full} is there already")
        proves(failed("openat", AT_FDCWD, file, os.O_CREAT | os.O_EXCL, 0o600), "is there already")
        proves(failed("unlinkat", AT_FDCWD, full, 0x200), f"{full} is not empty", "inside")
        other = f"{place}/other"
        os.makedirs(f"{other}/more")
        found = failed("renameat2", AT_FDCWD, full, AT_FDCWD, other, 0)
        assert [one.sentence for one in found.proven] == [f"{other} is not empty: it has more ..."]
        found = failed("renameat2", AT_FDCWD, file, AT_FDCWD, full, 0)
        assert [one.sentence for one in found.proven] == [f"{full} is a directory."]
        fd = os.open(file, os.O_RDONLY)
        proves(failed("openat", fd, "below", os.O_RDONLY), f"dfd is {fd}, which is not a directory")


def test_links_and_lengths() -> None:
    """A loop, a link that must not be followed, names that are too long."""
    with folder() as place:
        os.symlink("two", place / "one")
        os.symlink("one", place / "two")
        (place / "file").write_text("")
        os.symlink("file", place / "link")
        proves(failed("openat", AT_FDCWD, f"{place}/one", os.O_RDONLY), "more than 40 links", f"{place}/two")
        proves(failed("openat", AT_FDCWD, f"{place}/link", os.O_NOFOLLOW), "O_NOFOLLOW")
        assert not diagnose("openat", "ELOOP", AT_FDCWD, f"{place}/link", os.O_RDONLY).proven
        proves(failed("openat", AT_FDCWD, f"{place}/{'x' * 256}", os.O_RDONLY), "256 bytes")
        proves(failed("openat", AT_FDCWD, "a/" * 2048, os.O_RDONLY), "4096 bytes")


def test_walks() -> None:
    """Links with .., absolute ones, those of /proc, and descriptors are gone along as the kernel does."""
    from pysys.diagnosis.failures.walk import walk

    with folder() as place:
        (place / "a" / "b").mkdir(parents=True)
        (place / "a" / "file").write_text("")
        os.symlink("../file", place / "a" / "b" / "up")
        os.symlink(place / "a", place / "absolute")
        fd = os.open(place / "a", os.O_RDONLY)
        for path, base in (
            (f"{place}/a/b/up", None),
            (f"{place}/absolute/b/../file", None),
            ("b/up", fd),
            (f"/proc/self/fd/{fd}/file", None),
            (f"/proc/self/cwd/{os.path.relpath(place)}/absolute/b/up", None),
        ):
            found = walk(path, base)
            assert not found.failed and found.status is not None, path
            assert os.path.samestat(found.status, os.stat(place / "a" / "file")), path


# ---- filters ----


def test_a_filter() -> None:
    """A filter's EPERM is proven, and that of the kernel beside a filter is not taken for it."""
    with folder() as place:
        os.chmod(place, 0o755)
        preload()

        def look(name: str) -> None:
            filter_calls([numbers.number(name)], errno.EPERM)
            if name == "mkdirat":
                proves(
                    failed("mkdirat", AT_FDCWD, f"{place}/new", 0o700),
                    "A seccomp filter",
                    "mkdirat with EPERM",
                )
            found = diagnose("unlinkat", "EPERM", AT_FDCWD, f"{place}/none", 0)
            assert not found.proven and "filter" in str(found)

        in_child(os.fork, partial(look, "mkdirat"))
        in_child(os.fork, partial(look, "memfd_create"))
        assert any("thread has none" in one.sentence for one in diagnose("unlinkat", "EPERM"))


# ---- mounts, limits, descriptors ----


def test_mounts() -> None:
    """Read-only, full, without inodes, a mount point, another file system."""
    private_mounts()
    with folder() as place:
        (place / "small").mkdir()
        (place / "file").write_text("")
        small = f"{place}/small"
        calls.mount("none", small, "tmpfs", 0, "size=64k,nr_inodes=3")
        proves(failed("unlinkat", AT_FDCWD, small, 0x200), f"{small} is a mount point")
        found = failed("renameat2", AT_FDCWD, f"{place}/file", AT_FDCWD, f"{small}/file", 0)
        proves(found, "different file systems")
        for name in "ab":
            Path(small, name).write_text("")
        proves(failed("mkdirat", AT_FDCWD, f"{small}/c", 0o700), "no inodes left")
        Path(small, "a").write_bytes(bytes(1 << 16))
        os.unlink(f"{small}/b")
        assert "is full" in str(diagnose("mkdirat", "ENOSPC", AT_FDCWD, f"{small}/d", 0o700))
        os.unlink(f"{small}/a")
        found = diagnose("mkdirat", "ENOSPC", AT_FDCWD, f"{small}/d", 0o700)
        assert not found.proven and "is not full" in str(found)
        calls.mount(None, small, None, MS_REMOUNT | MS_BIND | MS_RDONLY, None)
        proves(failed("openat", AT_FDCWD, f"{small}/x", os.O_CREAT | os.O_RDWR, 0o600), "read-only")
        assert not diagnose("openat", "EROFS", AT_FDCWD, f"{place}/file", os.O_RDWR).proven
        calls.umount2(small, MNT_DETACH)


def test_programs_in_use() -> None:
    """A program that runs cannot be written, and one that is open for writing cannot be run."""
    need_root()
    with folder() as place:
        program = place / "sleep"
        program.write_bytes(Path("/bin/sleep").read_bytes())
        os.chmod(program, 0o755)
        pid = os.posix_spawn(program, ["sleep", "1000"], {})
        try:
            proves(failed("openat", AT_FDCWD, str(program), os.O_RDWR), "is run by", str(pid))
        finally:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
        fd = os.open(program, os.O_RDWR)
        proves(failed("execve", str(program), ["sleep", "0"], []), "open for writing", str(os.getpid()))
        os.close(fd)
        assert not diagnose("execve", "ETXTBSY", str(program)).proven


def test_attributes() -> None:
    """An immutable file, where the file system has such a thing; a file of another owner."""
    need_root()
    from pysys import ioctls

    with folder() as place:
        os.chmod(place, 0o777)
        (place / "file").write_text("")
        fd = os.open(place / "file", os.O_RDONLY)
        try:
            calls.ioctl(
                fd, ioctls.FS_IOC_SETFLAGS, struct.pack("ii", 0x10, 0)
            )  # FS_IMMUTABLE_FL; the kernel reads an int
        except OSError as error:
            pytest.skip(f"no file here is immutable: {error}")
        try:
            proves(failed("openat", AT_FDCWD, f"{place}/file", os.O_RDWR), "immutable")
            proves(failed("unlinkat", AT_FDCWD, f"{place}/file", 0), "immutable")
            calls.ioctl(fd, ioctls.FS_IOC_SETFLAGS, struct.pack("ii", 0x20, 0))  # FS_APPEND_FL
            proves(failed("openat", AT_FDCWD, f"{place}/file", os.O_RDWR), "append-only")
            at_its_end = (AT_FDCWD, f"{place}/file", os.O_WRONLY | os.O_APPEND)
            os.close(calls.openat(*at_its_end))
            assert not diagnose("openat", "EPERM", *at_its_end).proven
        finally:
            calls.ioctl(fd, ioctls.FS_IOC_SETFLAGS, bytes(8))
        assert not diagnose("unlinkat", "EPERM", AT_FDCWD, f"{place}/file", 0).proven

        def look() -> None:
            become()
            found = failed("fchmodat", AT_FDCWD, f"{place}/file", 0o777)
            assert found[0].verdict is Verdict.FITS and "belongs to user 0" in found[0].sentence

        in_child(os.fork, look)


def test_descriptors() -> None:
    """One that is not open, and a process that has all that it may have."""
    proves(failed("close", 999), "fd is 999, which is not open")
    assert not diagnose("read", "EBADF", 0).proven
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    assert not diagnose("dup", "EMFILE", 0).proven
    held = []
    while True:
        try:
            held.append(os.dup(2))
        except OSError:
            break
    proves(diagnose("dup", "EMFILE", 0), "as many descriptors open as it may")
    assert "RLIMIT_NOFILE is 40" in diagnose("socket", "EMFILE")[0].read
    for fd in held:
        os.close(fd)


def test_it_never_fails_itself() -> None:
    """Whatever is passed, the answer is a diagnosis; unknown names are errors of Python."""
    left, right = socket.socketpair()
    known = ("openat", "execve", "renameat2", "mount", "close", "unlinkat", "statx")
    with left, right:
        for symbol, call in zip(errors.CLASSES, itertools.cycle(known), strict=False):
            for first in (left, b"/x\xff", -1, 1 << 80, "x" * 5000, Path("/proc/self/fd/0/x"), None):
                for args in ((first,), (AT_FDCWD, first) if call != "close" else ()):
                    found = diagnose(call, symbol, *args)
                    assert isinstance(found, Diagnosis) and str(found)
                    assert found.as_data()["call"] == call
        for call in known:
            for symbol in ("EACCES", "EPERM", "ENOENT", "ENOTDIR", "EBADF", "ETXTBSY"):
                assert str(diagnose(call, symbol, -1))
    assert not diagnose("getpid", "EPERM").proven
    for wrong, kind in (
        (("nocall", 1), LookupError),
        (("open", 99999), LookupError),
        (("close", 9, 1, 2), TypeError),
    ):
        with pytest.raises(kind):
            diagnose(*wrong)
