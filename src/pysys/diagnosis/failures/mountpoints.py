"""Why a mount call does not take its flags, or what its paths lead to (EINVAL, ELOOP)."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.mountinfo import MountLine, Point, mounts, point
from pysys.diagnosis.failures.mounting import PROPAGATION, mount_flags, operation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_CONTEXT = "anon_inode:[fscontext]"
_UNMOUNT = int(flags.MNT_FORCE | flags.MNT_DETACH | flags.MNT_EXPIRE | flags.UMOUNT_NOFOLLOW)


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EINVAL, and about a mount that would lie in itself (ELOOP)."""
    if symbol == "EINVAL" and call in _LOOKS:
        yield from _LOOKS[call](args)
    elif symbol == "ELOOP" and (call == "move_mount" or (call == "mount" and operation(args) == "move")):
        source, target = _moved(call, args)
        yield from _inside(source, target)


def _argument(sentence: str, advice: str = "") -> Finding:
    return Finding(Verdict.PROVEN, sentence, "the arguments", advice)


# ---- mount ----


def _mount(args: dict[str, Any]) -> Iterator[Finding]:
    asked, what = mount_flags(args), operation(args)
    target = point(args.get("dir_name"))
    if what in ("remount", "reconfigure"):
        yield from _must_be_root(target, "MS_REMOUNT")
    elif what == "propagate":
        kinds, others = asked & PROPAGATION, asked & ~(PROPAGATION | flags.MS_REC | flags.MS_SILENT)
        if kinds & (kinds - 1):
            yield _argument(f"The flags have more than one kind of propagation: {_names(kinds)}.")
        if others:
            text = f"Propagation is changed alone, and the flags have {_names(others)} as well."
            yield _argument(text, "two calls")
        yield from _must_be_root(target, "a change of propagation")
    elif what in ("bind", "move"):
        yield from _from_a_path(args, what, target)
    elif "type" in args and args["type"] is None:
        yield _argument("A new mount needs the name of its file system, and type is None.")


def _names(bits: int) -> str:
    return ", ".join(one.name for one in flags.MountFlags if one.name and int(one) & bits) or hex(bits)


def _from_a_path(args: dict[str, Any], what: str, target: Point | None) -> Iterator[Finding]:
    """MS_BIND and MS_MOVE."""
    name = "MS_BIND" if what == "bind" else "MS_MOVE"
    if "dev_name" in args and args["dev_name"] in (None, "", b""):
        yield _argument(f"{name} needs a path to take, and dev_name is empty.")
        return
    source = point(args.get("dev_name"))
    if what == "move":
        yield from _must_be_root(source, name)
        yield from _movable(source, target)
    else:
        yield from _bindable(source)
    yield from _strange(target, "target")


def _moved(call: str, args: dict[str, Any]) -> tuple[Point | None, Point | None]:
    if call == "mount":
        return point(args.get("dev_name")), point(args.get("dir_name"))
    asked = arguments.number(args, "flags")
    source = point(args.get("from_pathname"), args.get("from_dfd"), bool(asked & flags.MOVE_MOUNT_F_SYMLINKS))
    target = point(args.get("to_pathname"), args.get("to_dfd"), bool(asked & flags.MOVE_MOUNT_T_SYMLINKS))
    return source, target


def _move_mount(args: dict[str, Any]) -> Iterator[Finding]:
    asked = arguments.number(args, "flags")
    source, target = _moved("move_mount", args)
    both = flags.MOVE_MOUNT_BENEATH | flags.MOVE_MOUNT_SET_GROUP
    if asked & both == both:
        yield _argument("MOVE_MOUNT_BENEATH and MOVE_MOUNT_SET_GROUP exclude one another.")
    yield from _must_be_root(source, "what is moved")
    if asked & flags.MOVE_MOUNT_BENEATH:
        yield from _must_be_root(target, "MOVE_MOUNT_BENEATH")
    if not asked & flags.MOVE_MOUNT_SET_GROUP:
        yield from _movable(source, target)


# ---- what is at a path ----


def _must_be_root(at: Point | None, what: str) -> Iterator[Finding]:
    """A directory where the root of a mount is wanted."""
    if at is None:
        return
    source = f"statx of {at.title}: STATX_ATTR_MOUNT_ROOT"
    if at.is_root is None:
        text = f"Whether {at.title} is a mount point is not known; {what} wants one."
        yield Finding(Verdict.UNKNOWN, text, "statx: before Linux 5.8")
    elif not at.is_root:
        text = f"{at.title} is not a mount point, and {what} wants one."
        yield Finding(Verdict.PROVEN, text, source, f"findmnt -T {at.title}; mount --bind it onto itself")
    else:
        yield Finding(Verdict.EXCLUDED, f"{at.title} is a mount point.", source)


def _line(at: Point | None) -> tuple[MountLine | None, dict[int, MountLine], str]:
    """The mount that something lies on, all that are to be seen, and where that was read."""
    found = mounts()
    if not found or at is None or at.number is None:
        return None, {}, found.source
    return found.value.get(at.number), found.value, found.source


def _movable(source: Point | None, target: Point | None) -> Iterator[Finding]:
    """A mount on a shared one is not moved, nor a directory onto a file."""
    mount, table, read = _line(source)
    if source is not None and target is not None and source.is_folder != target.is_folder:
        kinds = ["a directory" if one.is_folder else "a file" for one in (source, target)]
        text = f"{source.title} is {kinds[0]}, and {target.title} is {kinds[1]}."
        yield Finding(Verdict.PROVEN, text, "statx of both")
    if mount is None or source is None or not source.is_root:
        return
    below = table.get(mount.parent)
    if below is not None and below.is_shared:
        text = f"{source.title} is mounted on {below.point}, which is shared: what is on it is not moved."
        yield Finding(
            Verdict.PROVEN, text, f"{read}: {' '.join(below.tags)}", f"mount --make-private {below.point}"
        )
    elif below is None:
        text = f"What {source.title} is mounted on is not to be seen: it may be shared, or the first mount."
        yield Finding(Verdict.UNKNOWN, text, read)
    else:
        yield Finding(Verdict.EXCLUDED, f"{below.point}, below {source.title}, is not shared.", read)
    yield from _strange(target, "target")


def _bindable(source: Point | None) -> Iterator[Finding]:
    mount, _, read = _line(source)
    if mount is None or source is None:
        yield from _strange(source, "source")
    elif "unbindable" in mount.tags:
        text = f"{source.title} lies on a mount that is unbindable: {mount.point}."
        yield Finding(Verdict.PROVEN, text, f"{read}: unbindable", f"mount --make-private {mount.point}")
    else:
        yield Finding(Verdict.EXCLUDED, f"The mount of {source.title}, {mount.point}, can be bound.", read)


def _strange(at: Point | None, what: str) -> Iterator[Finding]:
    """A mount that is not among those of this mount namespace."""
    mount, table, read = _line(at)
    if at is not None and at.number is not None and mount is None and table:
        text = f"The {what}, {at.title}, lies on a mount that this mount namespace does not show."
        yield Finding(Verdict.FITS, text, f"{read}: no mount {at.number}", "readlink /proc/PID/ns/mnt")


def _inside(source: Point | None, target: Point | None) -> Iterator[Finding]:
    """A mount that is moved to a place within itself."""
    mount, table, read = _line(target)
    if source is None or target is None or not source.is_root:
        return
    seen = set[int]()
    while mount is not None and mount.number not in seen:
        seen.add(mount.number)
        if mount.number == source.number:
            text = f"{target.title} lies in the mount that is to be moved, {source.title}."
            yield Finding(Verdict.PROVEN, text, read)
            return
        mount = table.get(mount.parent)


# ---- the others ----


def _umount(args: dict[str, Any]) -> Iterator[Finding]:
    asked = arguments.number(args, "flags")
    if rest := asked & ~_UNMOUNT:
        yield _argument(f"umount2 does not take the flags {rest:#x}.")
    if asked & flags.MNT_EXPIRE and asked & (flags.MNT_DETACH | flags.MNT_FORCE):
        yield _argument("MNT_EXPIRE goes with neither MNT_DETACH nor MNT_FORCE.")
    at = point(args.get("name"), None, not asked & flags.UMOUNT_NOFOLLOW)
    yield from _must_be_root(at, "umount2")
    yield from _strange(at, "path")
    if at is not None and at.is_root:
        text = "A mount that came with a mount namespace from a more privileged user namespace stays."
        yield Finding(
            Verdict.UNKNOWN, text, "", "unmount what lies above it, or in the namespace it came from"
        )


def _open_tree(args: dict[str, Any]) -> Iterator[Finding]:
    asked = arguments.number(args, "flags")
    copies = flags.OPEN_TREE_CLONE | flags.OPEN_TREE_NAMESPACE
    if asked & flags.AT_RECURSIVE and not asked & copies:
        yield _argument("AT_RECURSIVE is about a copy: it goes with OPEN_TREE_CLONE or OPEN_TREE_NAMESPACE.")
    if asked & copies == copies:
        yield _argument("OPEN_TREE_CLONE and OPEN_TREE_NAMESPACE exclude one another.")
    if asked & copies:
        follow = not asked & flags.AT_SYMLINK_NOFOLLOW
        yield from _bindable(point(args.get("filename"), args.get("dfd"), follow))


def _mount_setattr(args: dict[str, Any]) -> Iterator[Finding]:
    asked, change = arguments.number(args, "flags"), args.get("uattr")
    at = point(args.get("path"), args.get("dfd"), not asked & flags.AT_SYMLINK_NOFOLLOW)
    yield from _must_be_root(at, "mount_setattr")
    set_, clear, kind = (getattr(change, name, 0) for name in ("attr_set", "attr_clr", "propagation"))
    times = int(flags.MOUNT_ATTR__ATIME)
    if set_ & times and clear & times != times:
        yield _argument("An access time is set, and attr_clr lacks MOUNT_ATTR__ATIME.")
    elif clear & times not in (0, times):
        yield _argument("attr_clr has a part of MOUNT_ATTR__ATIME: it is cleared as a whole.")
    if kind & ~PROPAGATION:
        yield _argument(f"propagation has {kind & ~PROPAGATION:#x}, which is not a kind of it.")
    elif kind & (kind - 1):
        yield _argument(f"propagation has more than one kind: {_names(kind)}.")


def _fsopen(args: dict[str, Any]) -> Iterator[Finding]:
    if rest := arguments.number(args, "flags") & ~int(flags.FSOPEN_CLOEXEC):
        yield _argument(f"fsopen does not take the flags {rest:#x}.")


def _context(parameter: str) -> Callable[[dict[str, Any]], Iterator[Finding]]:
    """A look at the descriptor that fsopen or fspick gave."""

    def look(args: dict[str, Any]) -> Iterator[Finding]:
        fd = arguments.descriptor(args.get(parameter))
        if fd is None:
            return
        if fd < 0:
            yield _argument(f"{parameter} is {fd}, which is not a descriptor.")
            return
        path = f"/proc/thread-self/fd/{fd}"
        try:
            name = os.readlink(path)
        except OSError:
            return
        if name != _CONTEXT:
            text = f"{parameter} is {fd}, which is not from fsopen or fspick: {name}."
            yield Finding(Verdict.PROVEN, text, path)
        else:
            text = f"{parameter} is {fd}, which is the context of a file system."
            yield Finding(
                Verdict.EXCLUDED, text, path, "calls.fscontext_read shows what the file system says"
            )

    return look


_LOOKS: dict[str, Callable[[dict[str, Any]], Iterator[Finding]]] = {
    "fsconfig": _context("fd"),
    "fsmount": _context("fs_fd"),
    "fsopen": _fsopen,
    "mount": _mount,
    "mount_setattr": _mount_setattr,
    "move_mount": _move_mount,
    "open_tree": _open_tree,
    "open_tree_attr": _open_tree,
    "umount": _umount,
    "umount2": _umount,
}
