"""spawn: requirement S3, mounts= and root=: each word of pysys.mounts, as root and in a user namespace."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from isolated import filter_calls, need_root, nothing_left
from paths import PROJECT
from programs import output, shell
from rootless import USER, WHO, become, mounted, mounts_here

from pysys import errors, mounts, numbers, spawn
from pysys.mounts import bind, devices, directory, file, overlay, proc, symlink, tmpfs

pytestmark = pytest.mark.isolated

MOUNTINFO = ["/bin/cat", "/proc/self/mountinfo"]
SYSTEM = [
    bind("/usr", attributes="ro"),
    *(symlink(f"usr/{name}", f"/{name}") for name in ("bin", "lib", "lib64", "sbin")),
    proc(),
]
whoever = pytest.mark.parametrize("who", WHO)


def folder() -> Path:
    """A directory that every user may enter; this run of the tests removes it in the end."""
    place = Path(tempfile.mkdtemp(dir=os.path.realpath(tempfile.gettempdir())))
    place.chmod(0o755)
    return place


@contextmanager
def unchanged() -> Iterator[None]:
    """No process, descriptor or mount is left."""
    before = mounts_here()
    with nothing_left():
        yield
    assert mounts_here() == before


def of_the_user(path: Path) -> Path:
    """A directory that whoever runs the test may change."""
    path.mkdir()
    os.chown(path, USER, USER) if os.geteuid() == 0 else None
    return path


def has_overlay() -> bool:
    """Whether this kernel has the file system, or has loaded it."""
    return "\toverlay\n" in Path("/proc/filesystems").read_text()


# ---- the words ----


@whoever
def test_S3_a_root_with_every_kind_of_mount(who: str) -> None:
    """The program finds these mounts and no others, each with its options."""
    settings = become(who)
    atime = "noatime" if who == "root" else ""  # which is locked
    wanted = [
        *SYSTEM,
        devices(),
        mounts.mqueue(),
        mounts.sysfs(),
        tmpfs("/tmp", size="1m", mode=0o1777),
        bind("/etc/passwd", "/etc/passwd", f"ro nosuid nodev noexec {atime}"),
        *([overlay("/both", ["/etc", "/usr"])] if has_overlay() else []),
        mounts.filesystem("ramfs", "/ram", "nodiratime", mode="700"),
        bind("/nonexistent", optional=True),
        mounts.attributes("/ram", "ro"),
    ]
    with unchanged():
        found = mounted(output(MOUNTINFO, root=tmpfs("/", "ro nosuid"), mounts=wanted, **settings))
    nodes = {f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty")}
    assert found.keys() == {
        *(
            "/",
            "/usr",
            "/proc",
            "/dev",
            "/dev/pts",
            "/dev/shm",
            "/dev/mqueue",
            "/sys",
            "/tmp",
            "/ram",
        ),
        *("/etc/passwd", *nodes, *(["/both"] if has_overlay() else [])),
    }
    for place, kind, options in (
        ("/", "tmpfs", "ro nosuid mode=755"),
        ("/usr", None, "ro"),
        ("/proc", "proc", "nosuid nodev noexec"),
        ("/dev", "tmpfs", "nosuid noexec"),
        ("/dev/null", None, "nosuid noexec"),
        ("/dev/pts", "devpts", "nosuid noexec ptmxmode=666"),
        ("/dev/shm", "tmpfs", "nosuid nodev noexec"),
        ("/dev/mqueue", "mqueue", "nosuid nodev noexec"),
        ("/sys", "sysfs", "ro nosuid nodev noexec"),
        ("/tmp", "tmpfs", "nosuid nodev size=1024k"),
        ("/etc/passwd", None, f"ro nosuid nodev noexec {atime}"),
        *[("/both", "overlay", "lowerdir=/etc:/usr" + (" userxattr" if who == "rootless" else ""))]
        * has_overlay(),
        ("/ram", "ramfs", "ro nodiratime"),
    ):
        assert kind in (None, found[place][0]), place
        assert set(options.split()) <= found[place][1], place
    assert not {"shared", "master"} & set().union(*(options for _, options in found.values()))


@whoever
def test_S3_what_the_words_make(who: str) -> None:
    """Files, links and directories with their modes, whatever the umask is, which the program keeps."""
    settings = become(who)
    os.umask(0o077)
    made = [
        directory("/a/b", 0o711),
        directory("/a"),
        file("/a/b/text", b"two\nlines\n", 0o640),
        file("/empty"),
        symlink("../empty", "/a/link"),
        tmpfs("/sticky", mode=0o1777),
        devices(),
    ]
    script = (
        "umask; pwd; stat -c '%a %F %N' /a /a/b /a/b/text /empty /a/link /sticky /dev/shm /dev/fd;"
        "cat /a/b/text; echo x >/dev/null && head -c 2 /dev/zero | wc -c;"
        "exec 3<>/dev/ptmx; ls /dev/pts; ls /proc | head -1"
    )
    with unchanged():
        found = shell(script, root=tmpfs("/"), mounts=[*SYSTEM, *made], **settings)
    assert found.splitlines() == [
        *("0077", "/", "755 directory '/a'", "711 directory '/a/b'", "640 regular file '/a/b/text'"),
        *("644 regular empty file '/empty'", "777 symbolic link '/a/link' -> '../empty'"),
        *("1777 directory '/sticky'", "1777 directory '/dev/shm'"),
        *("777 symbolic link '/dev/fd' -> '/proc/self/fd'", "two", "lines", "2", "0", "ptmx", "1"),
    ]


@whoever
def test_S3_mounts_without_a_new_root(who: str) -> None:
    """They lie over what is there, for the program alone; it starts where it would without them."""
    place = folder()
    os.chdir(place)
    below = of_the_user(place / "below")
    (below / "seen").touch()
    settings = become(who)
    with unchanged():
        asked = [tmpfs(below), bind(place, f"{below}/again", "ro")]
        found = shell(
            "pwd; ls . below below/again; touch below/again/x 2>&1 || true",
            mounts=asked,
            **settings,
            cwd=place,
        )
    listed = [str(place), ".:", "below", "", "below:", "again", "", "below/again:", "below"]
    assert found.splitlines()[:-1] == listed
    assert "Read-only" in found
    assert os.listdir(below) == ["seen"]


@whoever
def test_S3_a_directory_as_root(who: str) -> None:
    """It is bound with what is mounted below; cwd and chroot begin there; there is no way out of it."""
    place = folder()
    top = of_the_user(place / "top")
    settings = become(who)
    paths = {"root": top, "mounts": [*SYSTEM, directory("/in/side")]}
    with unchanged():
        assert shell("ls /; cd /../..; ls", **paths, **settings).split() == 2 * sorted(os.listdir(top))
    assert shell("pwd", cwd="in/side", **paths_again(paths), **settings) == "/in/side"
    with unchanged(), pytest.raises(errors.ENOENT) as caught:
        spawn(["/bin/true"], cwd=place, **paths_again(paths), **settings)
    assert (caught.value.step, caught.value.filename) == ("cwd", place)


def paths_again(paths: dict[str, Any]) -> dict[str, Any]:
    """Without what exists after the first start: a link is made once."""
    return {**paths, "mounts": [one for one in paths["mounts"] if one.kind != "symlink"]}


@whoever
def test_S3_no_link_leads_out_of_the_new_root(who: str) -> None:
    """A target goes through links as a process inside would: absolute ones begin at the new root."""
    place = folder()
    top, outside = of_the_user(place / "top"), of_the_user(place / "outside")
    (top / "link").symlink_to(outside)
    settings = become(who)
    with unchanged(), pytest.raises(errors.ENOENT) as caught:
        spawn(["/bin/true"], root=top, mounts=[file("/link/made")], **settings)
    assert (caught.value.step, caught.value.syscall) == ("mounts", "openat2")
    inside = [directory(outside), file("/link/made"), tmpfs("/link")]
    found = mounted(output(MOUNTINFO, root=top, mounts=[*SYSTEM, *inside], **settings))
    assert found[str(outside)][0] == "tmpfs"
    assert os.listdir(outside) == []
    assert os.listdir(f"{top}{outside}") == ["made"]


@whoever
def test_S3_overlay(who: str) -> None:
    """Changes go into the upper directory; names may have what lists are made with."""
    if not has_overlay():
        pytest.skip("this kernel has no overlay")
    place = folder()
    layers = [of_the_user(place / name) for name in ("a:b", "c\\d", "upper", "work")]
    (layers[0] / "first").write_text("first")
    (layers[1] / "first").write_text("second")
    (layers[1] / "second").write_text("second")
    for path in layers[:2]:
        for one in path.iterdir():
            os.chown(one, USER, USER) if os.geteuid() == 0 else None
    settings = become(who)
    lower, upper, work = layers[:2], layers[2], layers[3]
    asked = [overlay(place, lower, upper, work)]
    script = f"cd {place}; cat first second; echo; rm second; echo new >third; ls"
    with unchanged():
        assert shell(script, mounts=asked, **settings).split() == ["firstsecond", "first", "third"]
    assert (upper / "third").read_text() == "new\n"


def test_S3_overlay_of_many_directories() -> None:
    """Also where their names together are more than an option may have."""
    if not has_overlay():
        pytest.skip("this kernel has no overlay")
    settings = become("root")
    place = folder()
    lower = [place / f"{number}{'x' * 100}" for number in range(5)]
    for path in lower:
        path.mkdir()
        (path / path.name[:1]).touch()
    try:
        found = shell(f"ls {place}", mounts=[overlay(place, lower)], **settings)
    except errors.EINVAL:
        pytest.skip("this overlay takes no single directories (Linux 6.5)")
    assert found.split() == ["0", "1", "2", "3", "4"]


def test_S3_an_idmap() -> None:
    """A tree with another owner, made here, for a child that could not make it."""
    settings = become("root")
    place = folder()
    (place / "file").touch()
    with spawn(["/bin/sleep", "60"], uid_map=[(0, 70000, 10)], gid_map=[(0, 70000, 10)]) as holder:
        user = os.open(f"/proc/{holder.pid}/ns/user", os.O_RDONLY)
        try:
            tree = mounts.tree(place, "ro", idmap=user)
        except errors.EINVAL:
            pytest.skip("this file system has no idmapped mounts")
        finally:
            os.close(user)
            holder.kill()
    asked = [bind(tree, "/mnt/shifted")]
    maps = {"uid_map": [(0, 70000, 10)], "gid_map": [(0, 70000, 10)], "user": 0, "group": 0}
    try:
        script = "stat -c %u /mnt/shifted/file; touch /mnt/shifted/file 2>&1 || true"
        found = shell(script, root=tmpfs("/"), mounts=[*SYSTEM, *asked], **settings, **maps)
    finally:
        os.close(tree)
    assert found.startswith("0\n")
    assert "Read-only" in found


# ---- what a user namespace has from outside ----


def test_S3_what_is_locked_stays() -> None:
    """In a user namespace read-only binds keep what their source was mounted with, and nothing clears it."""
    need_root()
    place = folder()
    mounts.apply([tmpfs(place, "nosuid nodev noexec noatime"), tmpfs(place / "below", "nodev noexec")])
    settings = become("rootless")
    asked = [bind(place, "/bound", "ro")]
    found = mounted(output(MOUNTINFO, root=tmpfs("/"), mounts=[*SYSTEM, *asked], **settings))
    assert {"ro", "nosuid", "nodev", "noexec", "noatime"} <= found["/bound"][1]
    assert {"ro", "nodev", "noexec", "relatime"} <= found["/bound/below"][1]
    for asked, call, error in (
        ([bind(place, "/bound", "exec")], "mount_setattr", errors.EPERM),
        ([bind(place, "/bound", recursive=False)], "open_tree", errors.EINVAL),
    ):
        with unchanged(), pytest.raises(error) as caught:
            spawn(["/bin/true"], root=tmpfs("/"), mounts=asked, **settings)
        assert (caught.value.syscall, caught.value.element) == (call, asked[0])
        caught.value.__traceback__ = None


def test_S3_mounts_take_privileges() -> None:
    """Without a user namespace it is EPERM, and nothing was mounted."""
    become("rootless")
    for settings, step in (({"mounts": [tmpfs("/mnt")]}, "mounts"), ({"root": "/"}, "root")):
        with unchanged(), pytest.raises(errors.EPERM) as caught:
            spawn(["/bin/true"], **settings)
        assert (caught.value.step, caught.value.syscall) == (step, "unshare")
        caught.value.__traceback__ = None


# ---- namespaces ----


@whoever
def test_S3_propagation(who: str) -> None:
    """All is private, unless the first entry says otherwise."""
    need_root()
    place = folder()
    mounts.apply([mounts.propagation("shared"), tmpfs(place)])
    settings = become(who)
    for asked, word in (
        ([], None),
        ([mounts.propagation("slave")], "master"),
        ([mounts.propagation("shared", place)], "shared"),
    ):
        found = mounted(output(MOUNTINFO, mounts=asked, **settings))
        assert {"shared", "master"} & found[str(place)][1] == ({word} - {None}), asked


def test_S3_a_mount_namespace_that_is_joined_stays_as_it_is() -> None:
    """The mounts are made in a namespace that begins as a copy of it."""
    settings = become("root")
    place = folder()
    with spawn(["/bin/sleep", "60"], mounts=[tmpfs(place)]) as holder:
        before = Path(f"/proc/{holder.pid}/mountinfo").read_text()
        where = os.open(f"/proc/{holder.pid}/ns/mnt", os.O_RDONLY)
        found = output(MOUNTINFO, join_namespaces=[where], mounts=[tmpfs(place / "more")])
        os.close(where)
        assert {str(place), f"{place}/more"} <= mounted(found).keys()
        assert Path(f"/proc/{holder.pid}/mountinfo").read_text() == before
        holder.kill()
    assert settings


def test_S3_a_root_where_that_of_the_boot_cannot_move() -> None:
    """On the initramfs the new root lies over it: nothing of it is in sight, whichever way a path goes."""
    from pysys.mounts import steps

    settings = become("root")
    steps._root_is_the_first = lambda: True
    filter_calls([numbers.number("pivot_root")], 22)
    script = "pwd; ls /; cd /../../..; ls; mkdir /in; chroot /in 2>/dev/null; cat /proc/self/mountinfo"
    first, *rest = shell(script, root=tmpfs("/"), mounts=SYSTEM, **settings).splitlines()
    assert first == "/"
    names = ["bin", "lib", "lib64", "proc", "sbin", "usr"]
    assert rest[:12] == names * 2
    assert mounted("\n".join(rest[12:])).keys() == {"/", "/usr", "/proc"}


def test_S3_whether_the_root_is_the_first() -> None:
    """That is so where the first mount is its own parent."""
    from pysys.mounts import steps

    lines = [line.split() for line in mounts_here().splitlines()]
    assert steps._root_is_the_first() == any(one[4] == "/" and one[0] == one[1] for one in lines)


# ---- failures ----


@whoever
def test_S4_which_mount_it_was(who: str) -> None:
    """The error has the entry, the file, and what the file system says of its option."""
    settings = become(who)
    missing, wrong, nowhere = bind("/nonexistent/a"), tmpfs("/mnt", sizze=5), bind("/usr", "/proc/none/such")
    for asked, error, call, file_name in (
        (missing, errors.ENOENT, "open_tree", "/nonexistent/a"),
        (wrong, errors.EINVAL, "fsconfig", None),
        (nowhere, errors.ENOENT, "mkdirat", "/proc/none"),
        (mounts.filesystem("nosuchfs", "/mnt"), errors.ENODEV, "fsopen", None),
        (file("/proc/version"), errors.EEXIST, "openat", "/proc/version"),
        (symlink("x", "/proc"), errors.EEXIST, "symlinkat", "/proc"),
    ):
        with unchanged(), pytest.raises(error) as caught:
            spawn(["/bin/true"], root=tmpfs("/"), mounts=[*SYSTEM, asked], **settings)
        found = caught.value
        assert (found.step, found.element, found.syscall) == ("mounts", asked, call)
        assert found.filename == file_name
        assert repr(asked) in str(found)
        said = any("tmpfs: Unknown parameter 'sizze'" in note for note in found.__notes__)
        assert said == (asked is wrong)
        found.__traceback__ = None
    for root, call in (("/nonexistent", "open_tree"), (tmpfs("/", nonsense=True), "fsconfig")):
        with unchanged(), pytest.raises(errors.SyscallError) as caught:
            spawn(["/bin/true"], root=root, **settings)
        assert (caught.value.step, caught.value.syscall) == ("root", call)
        caught.value.__traceback__ = None


@whoever
@pytest.mark.parametrize(
    "name",
    "unshare open_tree move_mount fsopen fsconfig fsmount mount_setattr openat2 mkdirat symlinkat pivot_root "
    "umount2 fchdir".split(),
)
def test_S4_each_call_of_mounts_fails(who: str, name: str) -> None:
    """Its error comes, with the step; no process, descriptor or mount is left."""
    settings = become(who)
    filter_calls([numbers.number(name)], 5)
    with unchanged(), pytest.raises(errors.EIO) as caught:
        spawn(["/bin/true"], root=tmpfs("/"), mounts=[*SYSTEM, devices()], **settings)
    assert caught.value.syscall == name
    assert caught.value.step == (
        "root" if name in ("pivot_root", "umount2", "fchdir", "fsopen") else "mounts"
    ) or (name in ("fsconfig", "fsmount", "move_mount") and caught.value.step == "root")


# ---- together with other settings ----


@whoever
def test_S3_mounts_come_before_what_takes_the_right_to_them(who: str) -> None:
    """A filter, Landlock, capabilities and limits do not hinder them."""
    settings = become(who)
    refuse = [
        (0x20, 0, 0, 0),
        (0x15, 0, 1, numbers.number("fsopen")),
        (0x06, 0, 0, 0x50001),
        (0x06, 0, 0, 0x7FFF0000),
    ]
    found = shell(
        "grep -E 'CapEff|Seccomp:|NoNewPrivs' /proc/self/status; ulimit -n; cat /proc/sys/kernel/hostname",
        root=tmpfs("/", "ro"),
        mounts=SYSTEM,
        capabilities=[],
        no_new_privs=True,
        seccomp=refuse,
        rlimits={"NOFILE": 20},
        hostname="box",
        fds={},
        **settings,
    )
    assert found.split() == [*("CapEff:", "0" * 16, "NoNewPrivs:", "1", "Seccomp:", "2", "20", "box")]


@whoever
def test_S3_descriptors_with_mounts(who: str) -> None:
    """What is opened on the way does not meet the program's descriptors, and none of it is left open."""
    settings = become(who)
    reader, writer = os.pipe()
    fds = dict.fromkeys(range(3, 12), reader)
    try:
        found = shell("ls /proc/self/fd | wc -l", root=tmpfs("/"), mounts=SYSTEM, fds=fds, **settings)
        assert int(found) == 3 + len(fds) + 1  # the listing's own
        assert int(shell("ls /proc/self/fd | wc -l", root=tmpfs("/"), mounts=SYSTEM, **settings)) == 4
    finally:
        os.close(reader)
        os.close(writer)


@whoever
def test_S3_the_example_of_the_guide(who: str) -> None:
    """docs/mounts.md: what stands there as a root in ten lines is one."""
    text = (PROJECT / "docs/mounts.md").read_text("utf-8")
    code = compile(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], "docs/mounts.md", "exec")
    become(who)
    reader, writer = os.pipe()
    os.dup2(writer, 1)
    os.close(writer)
    with nothing_left():
        exec(code, {})  # of this project
    os.dup2(2, 1)
    with open(reader) as told:
        assert "uid=0" in told.read()
