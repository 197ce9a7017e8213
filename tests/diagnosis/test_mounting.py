"""Diagnoses of mounts and of the root directory: each cause is made, and one that looks alike."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from diagnosed import become, failed, has, own_user_namespace, private_mounts, proves, proves_nothing
from isolated import filter_calls, folder, in_child, need_root

from pysys import calls, diagnose, errors, numbers, preload, structures
from pysys.diagnosis import security
from pysys.diagnosis.failures import Verdict
from pysys.diagnosis.failures.mountinfo import mounts, point
from pysys.flags import (
    AT_FDCWD,
    AT_RECURSIVE,
    CLONE_NEWNS,
    FSCONFIG_CMD_CREATE,
    MNT_DETACH,
    MNT_EXPIRE,
    MOUNT_ATTR_NOATIME,
    MOUNT_ATTR_RDONLY,
    MOVE_MOUNT_BENEATH,
    MOVE_MOUNT_F_EMPTY_PATH,
    MOVE_MOUNT_SET_GROUP,
    MS_BIND,
    MS_MOVE,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    MS_SHARED,
    MS_SLAVE,
    MS_UNBINDABLE,
    OPEN_TREE_CLONE,
    OPEN_TREE_NAMESPACE,
    PR_SET_NO_NEW_PRIVS,
    LandlockAccessFs,
)

pytestmark = pytest.mark.isolated


@contextmanager
def mounted() -> Iterator[str]:
    """A private mount in which to mount more: it has the directories a and b, and a file."""
    private_mounts()
    with folder() as place:
        calls.mount("none", str(place), "tmpfs", 0, None)
        calls.mount(None, str(place), None, MS_PRIVATE, None)
        for name in "ab":
            (place / name).mkdir()
        (place / "file").write_text("")
        yield str(place)
        calls.umount2(str(place), MNT_DETACH)


def tmpfs(path: str) -> str:
    calls.mount("none", path, "tmpfs", 0, None)
    return path


# ---- what is mounted ----


def test_mounts_and_points() -> None:
    """What a path leads to is what mountinfo says is there, blanks in its name too."""
    with mounted() as place:
        os.mkdir(f"{place}/with blank\\")
        at = point(tmpfs(f"{place}/with blank\\"))
        assert at is not None and at.is_root and at.is_folder
        line = mounts().value[at.number]
        assert line.point == f"{place}/with blank\\" and line.kind == "tmpfs" and line.root == "/"
        below = point(place)
        assert below is not None and line.parent == below.number and not line.is_shared
        fd = os.open(f"{place}/a", os.O_PATH)
        for one in (point(None, fd), point("", fd), point(f"/proc/self/fd/{fd}"), point("../a", fd)):
            assert one is not None and one.number == below.number and not one.is_root
        assert point(f"{place}/none") is None and point(None) is None and point("", -100) is None
        os.close(fd)


# ---- rights ----


def test_rights_over_mounts() -> None:
    """The capability is wanted in the user namespace that owns the mount namespace."""
    preload()
    with folder() as place:

        def ordinary() -> None:
            become()
            for call, args in (
                ("mount", ("none", str(place), "tmpfs", 0, None)),
                ("umount2", (str(place), 0)),
                ("fsopen", ("tmpfs",)),
                ("open_tree", (AT_FDCWD, str(place), OPEN_TREE_CLONE)),
                ("mount_setattr", (AT_FDCWD, str(place))),
                ("move_mount", (AT_FDCWD, str(place), AT_FDCWD, str(place))),
                ("pivot_root", ("/", "/")),
            ):
                proves(failed(call, *args), "lacks CAP_SYS_ADMIN", "that owns its own mnt namespace")
            os.close(calls.open_tree(AT_FDCWD, str(place)))
            proves_nothing(diagnose("open_tree", "EPERM", AT_FDCWD, str(place), 0))
            proves(diagnose("open_tree", "EPERM", AT_FDCWD, str(place), OPEN_TREE_NAMESPACE), "wants")

        in_child(os.fork, ordinary)

        def powerful() -> None:  # all capabilities, and none over these mounts
            own_user_namespace()
            proves(failed("mount", "none", str(place), "tmpfs", 0, None), "its own mnt namespace")
            proves_nothing(diagnose("open_tree", "EPERM", AT_FDCWD, str(place), OPEN_TREE_NAMESPACE))

        in_child(os.fork, powerful)

        def owner() -> None:
            own_user_namespace(CLONE_NEWNS)
            found = diagnose("mount", "EPERM", "none", tmpfs(str(place)), "tmpfs", 0, None)
            proves_nothing(found)
            has(found, Verdict.EXCLUDED, "CAP_SYS_ADMIN over its own mnt namespace")
            has(found, Verdict.EXCLUDED, "User namespaces may mount tmpfs")

        in_child(os.fork, owner)


def test_what_user_namespaces_mount() -> None:
    """File systems for the first one alone; options that a mount keeps; a /proc that is covered."""
    with mounted() as place:
        tmpfs(f"{place}/a")
        calls.mount(None, f"{place}/a", None, MS_REMOUNT | MS_BIND | MS_NOSUID, None)
        kinds = Path("/proc/filesystems").read_text()
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            if line.split()[4].startswith("/proc/"):
                calls.umount2(line.split()[4], MNT_DETACH)

        def look() -> None:
            own_user_namespace(CLONE_NEWNS)
            for kind in ("debugfs", "securityfs", "devtmpfs", "pstore"):
                if f"\t{kind}\n" in kinds:
                    proves(
                        failed("mount", "none", f"{place}/b", kind, 0, None), f"{kind} is mounted only with"
                    )
            if "\text4\n" in kinds:
                found = diagnose("mount", "EPERM", "/dev/sda", f"{place}/b", "ext4", 0, None)
                proves_nothing(found)
                has(found, Verdict.FITS, "ext4 is mounted only with")
            found = failed("mount", None, f"{place}/a", None, MS_REMOUNT | MS_BIND, None)
            has(found, Verdict.FITS, "to keep: nosuid")
            found = diagnose(
                "mount", "EPERM", None, f"{place}/a", None, MS_REMOUNT | MS_BIND | MS_NOSUID, None
            )
            assert not any("to keep" in one.sentence for one in found)
            found = failed("mount", None, f"{place}/a", None, MS_REMOUNT | MS_NOSUID, None)
            has(found, Verdict.FITS, "which this user namespace must have mounted")
            proves(failed("mount", "none", f"{place}/none", "tmpfs", 0, None), "is not there")

        in_child(os.fork, look)

        def covered() -> None:
            calls.mount("none", "/proc/tty", "tmpfs", 0, None)
            calls.unshare(0x20000000)  # CLONE_NEWPID
            in_child(os.fork, inside)

        def inside() -> None:
            own_user_namespace(CLONE_NEWNS | 0x20000000)
            in_child(os.fork, lambda: refused("Mounts cover parts of proc", "/proc/tty"))

        def refused(*words: str) -> None:
            has(failed("mount", "proc", f"{place}/b", "proc", 0, None), Verdict.FITS, *words)

        in_child(os.fork, covered)


def test_landlock_and_filters() -> None:
    """What remains where the rights are there: a domain, which cannot be seen, and a filter, which can."""
    with mounted() as place:
        args = ("none", f"{place}/a", "tmpfs", 0, None)
        preload()

        def domain() -> None:
            ruleset = calls.landlock_create_ruleset(LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE)
            calls.prctl(PR_SET_NO_NEW_PRIVS, 1)
            calls.landlock_restrict_self(ruleset)
            found = failed("mount", *args)
            proves_nothing(found)
            has(found, Verdict.FITS, "A Landlock domain of this process may refuse it")
            has(found, Verdict.EXCLUDED, "CAP_SYS_ADMIN over its own mnt namespace")

        if calls.landlock_abi() and "landlock" in (security.modules().value or ()):
            in_child(os.fork, domain)

        def filtered() -> None:
            filter_calls([numbers.number("mount")], errno.EPERM)
            proves(failed("mount", *args), "A seccomp filter", "mount with EPERM")
            has(diagnose("mount", "EPERM", *args), Verdict.EXCLUDED, "CAP_SYS_ADMIN over its own")

        in_child(os.fork, filtered)


def test_chroot() -> None:
    def look() -> None:
        become()
        proves(failed("chroot", "/"), "wants CAP_SYS_CHROOT")

    in_child(os.fork, look)
    need_root()
    found = diagnose("chroot", "EPERM", "/")
    proves_nothing(found)
    has(found, Verdict.EXCLUDED, "has CAP_SYS_CHROOT")


# ---- file systems ----


def test_unknown_file_systems() -> None:
    with mounted() as place:
        proves(failed("mount", "none", f"{place}/a", "nofs", 0, None), "no file system called nofs")
        proves(failed("fsopen", "nofs"), "no file system called nofs")
        proves(failed("fsopen", "nofs.kind"), "no file system called nofs.kind")
        proves(failed("fsopen", "tmpfs.kind"), "tmpfs has no kinds")
        for kind in ("tmpfs", "proc"):
            found = diagnose("mount", "ENODEV", "none", f"{place}/a", kind, 0, None)
            proves_nothing(found)
            has(found, Verdict.EXCLUDED, f"a file system called {kind}")
        assert not diagnose("mount", "ENODEV", f"{place}/a", f"{place}/b", "nofs", MS_BIND, None).proven


def test_contexts() -> None:
    """What fsconfig and fsmount take is from fsopen."""
    need_root()
    with open("/proc/self/status") as file:
        proves(failed("fsmount", file), "is not from fsopen", "/status")
        proves(failed("fsconfig", file, FSCONFIG_CMD_CREATE), "is not from fsopen")
    proves(failed("fsconfig", -1, FSCONFIG_CMD_CREATE), "not a descriptor")
    try:
        fd = calls.fsopen("tmpfs")
    except errors.EPERM as error:
        pytest.skip(str(error))
    found = failed("fsmount", fd)
    proves_nothing(found)
    has(found, Verdict.EXCLUDED, "the context of a file system")
    proves(failed("fsopen", "tmpfs", 2), "does not take the flags 0x2")
    os.close(fd)


# ---- EINVAL ----


def test_flags_of_mount() -> None:
    with mounted() as place:
        a = tmpfs(f"{place}/a")
        proves(failed("mount", None, a, None, MS_SHARED | MS_PRIVATE, None), "more than one kind")
        proves(failed("mount", None, a, None, MS_SLAVE | MS_RDONLY, None), "MS_RDONLY as well")
        proves_nothing(diagnose("mount", "EINVAL", None, a, None, MS_SLAVE | MS_REC, None))
        calls.mount(None, a, None, MS_SLAVE | MS_REC, None)
        for flag in (MS_BIND, MS_MOVE):
            for nothing in (None, ""):
                proves(failed("mount", nothing, a, None, flag, None), "needs a path to take")
        proves(failed("mount", "none", a, None, 0, None), "type is None")
        proves_nothing(failed("mount", "none", a, "tmpfs", 0, "no=option"))


def test_mount_points() -> None:
    """A directory where a mount is wanted."""
    with mounted() as place:
        a, b = tmpfs(f"{place}/a"), f"{place}/b"
        for flags in (MS_REMOUNT, MS_REMOUNT | MS_BIND, MS_PRIVATE):
            proves(failed("mount", None, b, None, flags, None), f"{b} is not a mount point")
            found = diagnose("mount", "EINVAL", None, a, None, flags, None)
            proves_nothing(found)
            has(found, Verdict.EXCLUDED, f"{a} is a mount point")
        proves(failed("mount", b, a, None, MS_MOVE, None), f"{b} is not a mount point")
        proves(failed("umount2", b), f"{b} is not a mount point")
        proves(failed("umount2", a, 0x100), "0x100")
        proves(failed("umount2", a, MNT_EXPIRE | MNT_DETACH), "MNT_EXPIRE goes with neither")
        proves_nothing(diagnose("umount2", "EINVAL", a, 0))
        here = AT_FDCWD
        proves(failed("move_mount", here, b, here, a), f"{b} is not a mount point")
        fd = os.open(b, os.O_PATH)
        proves(failed("move_mount", fd, "", here, a, MOVE_MOUNT_F_EMPTY_PATH), f"descriptor {fd} is not")
        both = MOVE_MOUNT_BENEATH | MOVE_MOUNT_SET_GROUP
        proves(failed("move_mount", here, a, here, b, both), "exclude one another")
        proves(failed("move_mount", here, a, here, b, MOVE_MOUNT_BENEATH), f"{b} is not a mount point")
        read_only = structures.mount_attr(attr_set=MOUNT_ATTR_RDONLY)
        with pytest.raises(errors.EINVAL):
            calls.mount_setattr(here, b, attr_set=MOUNT_ATTR_RDONLY)
        proves(diagnose("mount_setattr", "EINVAL", here, b, 0, read_only, 32), f"{b} is not a mount point")
        proves_nothing(diagnose("mount_setattr", "EINVAL", here, a, 0, read_only, 32))
        for fields, word in (
            ({"attr_set": MOUNT_ATTR_NOATIME}, "lacks MOUNT_ATTR__ATIME"),
            ({"attr_clr": MOUNT_ATTR_NOATIME}, "a part of MOUNT_ATTR__ATIME"),
            ({"propagation": MS_SHARED | MS_PRIVATE}, "more than one kind"),
            ({"propagation": 1}, "0x1"),
        ):
            with pytest.raises(errors.EINVAL):
                calls.mount_setattr(here, a, **fields)
            proves(diagnose("mount_setattr", "EINVAL", here, a, 0, structures.mount_attr(**fields), 32), word)
        proves(failed("open_tree", here, a, AT_RECURSIVE), "AT_RECURSIVE is about a copy")


def test_mounts_that_are_not_moved_or_bound() -> None:
    """On a shared mount, unbindable, a directory onto a file, into itself."""
    with mounted() as place:
        a, b, file = tmpfs(f"{place}/a"), f"{place}/b", f"{place}/file"
        here = AT_FDCWD
        calls.mount(None, place, None, MS_SHARED, None)
        proves(failed("mount", a, b, None, MS_MOVE, None), f"mounted on {place}, which is shared")
        proves(failed("move_mount", here, a, here, b), f"mounted on {place}, which is shared")
        calls.mount(None, place, None, MS_PRIVATE, None)
        found = diagnose("move_mount", "EINVAL", here, a, here, b, 0)
        proves_nothing(found)
        has(found, Verdict.EXCLUDED, "is not shared")
        proves(failed("move_mount", here, a, here, file), f"{a} is a directory, and {file} is a file")
        proves(failed("mount", a, file, None, MS_MOVE, None), f"{a} is a directory, and {file} is a file")
        os.mkdir(f"{a}/inside")
        proves(
            failed("mount", a, f"{a}/inside", None, MS_MOVE, None), "lies in the mount that is to be moved"
        )
        proves(failed("move_mount", here, a, here, f"{a}/inside"), "lies in the mount that is to be moved")
        proves_nothing(diagnose("move_mount", "ELOOP", here, a, here, b, 0))
        calls.mount(None, a, None, MS_UNBINDABLE, None)
        proves(failed("mount", f"{a}/inside", b, None, MS_BIND, None), "is unbindable")
        proves(failed("open_tree", here, a, OPEN_TREE_CLONE), "is unbindable")
        calls.mount(None, a, None, MS_PRIVATE, None)
        found = diagnose("mount", "EINVAL", a, b, None, MS_BIND, None)
        proves_nothing(found)
        has(found, Verdict.EXCLUDED, "can be bound")


# ---- EBUSY and ENOSPC ----


def test_who_uses_a_mount() -> None:
    """Working directories, descriptors and mounts on it; files that are open for writing."""
    with mounted() as place:
        a, pid = tmpfs(f"{place}/a"), os.getpid()
        proves_nothing(diagnose("umount2", "EBUSY", a, 0))
        os.chdir(a)
        proves(failed("umount2", a), f"in use: cwd of {pid}")
        os.chdir("/")
        fd = os.open(a, os.O_PATH)
        proves(failed("umount2", a), f"in use: fd/{fd} of {pid}")
        os.close(fd)
        os.mkdir(f"{a}/inside")
        tmpfs(f"{a}/inside")
        found = failed("umount2", a)
        proves(found, f"mounted on {a}: {a}/inside")
        assert not any("in use" in one.sentence for one in found.proven)
        proves_nothing(diagnose("umount2", "EBUSY", f"{a}/inside", 0))
        calls.umount2(f"{a}/inside")

        Path(a, "file").write_text("")
        read_only = structures.mount_attr(attr_set=MOUNT_ATTR_RDONLY)
        with open(f"{a}/file", "r+") as file:
            name = f"written to: fd/{file.fileno()} of {pid}"
            proves(failed("mount", None, a, None, MS_REMOUNT | MS_RDONLY, None), name)
            proves(failed("mount", None, a, None, MS_REMOUNT | MS_RDONLY | MS_BIND, None), name)
            with pytest.raises(errors.EBUSY):
                calls.mount_setattr(AT_FDCWD, a, attr_set=MOUNT_ATTR_RDONLY)
            proves(diagnose("mount_setattr", "EBUSY", AT_FDCWD, a, 0, read_only, 32), name)
            calls.mount(a, f"{place}/b", None, MS_BIND, None)  # through another mount it is not written to
            again = MS_REMOUNT | MS_RDONLY | MS_BIND
            proves_nothing(diagnose("mount", "EBUSY", None, f"{place}/b", None, again, None))
            calls.mount(None, f"{place}/b", None, again, None)
            proves(diagnose("mount", "EBUSY", None, f"{place}/b", None, MS_REMOUNT | MS_RDONLY, None), name)
        with open(f"{a}/file"):
            found = diagnose("mount", "EBUSY", None, a, None, MS_REMOUNT | MS_RDONLY, None)
            proves_nothing(found)
            calls.mount(None, a, None, MS_REMOUNT | MS_RDONLY, None)


def test_the_same_file_system_twice() -> None:
    with mounted() as place:
        calls.mount("none", f"{place}/a", "sysfs", 0, None)
        has(failed("mount", "none", f"{place}/a", "sysfs", 0, None), Verdict.FITS, "has a sysfs already")
        found = diagnose("mount", "EBUSY", "none", f"{place}/b", "sysfs", 0, None)
        assert not any("already" in one.sentence for one in found if one.read)


def test_how_many_mounts_there_may_be() -> None:
    """A file stands in for the setting: nothing else may fail here."""
    with mounted() as place:
        args = ("none", f"{place}/a", "tmpfs", 0, None)
        has(diagnose("mount", "ENOSPC", *args), Verdict.EXCLUDED, "that can be seen")
        Path(place, "file").write_text("1\n")
        calls.mount(f"{place}/file", "/proc/sys/fs/mount-max", None, MS_BIND, None)
        proves(diagnose("mount", "ENOSPC", *args), "fs.mount-max allows 1")
        proves_nothing(diagnose("mount", "ENOSPC", None, f"{place}/a", None, MS_REMOUNT, None))
        proves_nothing(diagnose("move_mount", "ENOSPC", AT_FDCWD, f"{place}/a", AT_FDCWD, f"{place}/b", 0))
        calls.umount2("/proc/sys/fs/mount-max", MNT_DETACH)


# ---- pivot_root ----


def test_pivot_root() -> None:
    """Each of what it asks of its two paths, and then a call that works."""
    with mounted() as place:
        a, b = tmpfs(f"{place}/a"), f"{place}/b"
        os.mkdir(f"{a}/old")
        root, old = "/", f"{a}/old"
        proves(failed("pivot_root", root, root), f"new_root, {root}, lies on the mount that is the root")
        proves(failed("pivot_root", a, root), f"put_old, {root}, lies on the mount that is the root")
        proves(failed("pivot_root", b, b), f"new_root, {b}, is not the root of a mount")
        proves(failed("pivot_root", a, b), f"put_old, {b}, does not lie in new_root")
        calls.mount(None, place, None, MS_SHARED, None)
        proves(failed("pivot_root", a, old), f"What new_root is mounted on is shared: {place}")
        calls.mount(None, place, None, MS_PRIVATE, None)
        calls.mount(None, a, None, MS_SHARED, None)
        proves(failed("pivot_root", a, old), f"What put_old lies on is shared: {a}")
        calls.mount(None, a, None, MS_PRIVATE, None)
        found = diagnose("pivot_root", "EINVAL", a, old)
        proves_nothing(found)
        has(found, Verdict.EXCLUDED, "None of the mounts that can be seen is shared")
        proves_nothing(diagnose("pivot_root", "EBUSY", a, old))
        preload()

        def chrooted() -> None:
            os.mkdir(f"{a}/chroot")
            os.mkdir(f"{a}/chroot/new")
            tmpfs(f"{a}/chroot/new")
            os.chroot(f"{a}/chroot")
            os.chdir("/")
            proves(failed("pivot_root", "/new", "/new"), "/, after a chroot, is not the root of a mount")

        in_child(os.fork, chrooted)

        def pivots() -> None:
            calls.unshare(CLONE_NEWNS)  # the root of all processes in the namespace would change
            calls.pivot_root(a, old)

        in_child(os.fork, pivots)


def test_it_never_fails_itself() -> None:
    """Whatever is passed, the answer is a diagnosis."""
    for (
        call
    ) in "mount umount umount2 move_mount open_tree fsopen fsconfig fsmount mount_setattr pivot_root".split():
        for symbol in ("EPERM", "EINVAL", "EBUSY", "ENODEV", "ENOSPC", "ELOOP", "ENOSYS"):
            for args in (
                (),
                (-1,),
                ("/x\xff",),
                (None, None),
                (1 << 80, 1 << 80),
                ("x" * 5000, b"\xff"),
                (2.5,),
            ):
                if len(args) > 1 and call == "umount":
                    continue
                assert str(diagnose(call, symbol, *args))
