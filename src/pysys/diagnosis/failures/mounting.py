"""Why a mount call is refused, or does not know the file system: rights, and what the kernel has."""

from __future__ import annotations

from pysys import flags
from pysys.diagnosis import kernel, namespaces
from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.mountinfo import MountLine, mounts, point
from pysys.diagnosis.failures.privileges import remaining, wanted, wanted_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# The calls that want CAP_SYS_ADMIN in the user namespace that owns this process's mount namespace.
_PRIVILEGED = frozenset(
    "mount umount umount2 pivot_root move_mount fsopen fspick fsmount mount_setattr open_tree"
    " open_tree_attr".split()
)
# File systems that user namespaces may mount (FS_USERNS_MOUNT), and those for which it was not always so.
_FOR_ALL = frozenset(
    "tmpfs ramfs proc sysfs devpts mqueue cgroup cgroup2 cpuset fuse overlay bpf binfmt_misc binder".split()
)
_SINCE = {"fuse": (4, 18), "overlay": (5, 11), "binfmt_misc": (6, 7)}
# Those of a disk that distributions are known to have allowed, too.
_PATCHED = frozenset("ext2 ext3 ext4 shiftfs aufs fuseblk overlayfs".split())
_WITH_KINDS = frozenset(["fuse", "fuseblk"])  # FS_HAS_SUBTYPE
_MAGIC, _MAGIC_MASK = 0xC0ED0000, 0xFFFF0000
PROPAGATION = int(flags.MS_SHARED | flags.MS_PRIVATE | flags.MS_SLAVE | flags.MS_UNBINDABLE)
# What MS_REMOUNT keeps only where the flags have it again, and what mountinfo calls it.
_KEPT = {
    int(flags.MS_RDONLY): "ro",
    int(flags.MS_NOSUID): "nosuid",
    int(flags.MS_NODEV): "nodev",
    int(flags.MS_NOEXEC): "noexec",
}


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EPERM and ENODEV."""
    if symbol == "EPERM":
        yield from _refused(call, args)
    elif symbol == "ENODEV" and call in ("mount", "fsopen"):
        name = _text(args.get("type", args.get("_fs_name")))
        if name is not None and (call == "fsopen" or operation(args) == "new"):
            yield from _known(name)


def operation(args: dict[str, Any]) -> str:
    """What mount does with such flags: "new", "remount", "reconfigure", "bind", "propagate", "move"."""
    asked = mount_flags(args)
    if asked & flags.MS_REMOUNT:
        return "reconfigure" if asked & flags.MS_BIND else "remount"
    if asked & flags.MS_BIND:
        return "bind"
    if asked & PROPAGATION:
        return "propagate"
    return "move" if asked & flags.MS_MOVE else "new"


def mount_flags(args: dict[str, Any]) -> int:
    """The flags of mount, without the number that old programs put there."""
    asked = arguments.number(args, "flags")
    return asked & ~_MAGIC_MASK if asked & _MAGIC_MASK == _MAGIC else asked


def _text(value: object) -> str | None:
    return arguments.path(value) if isinstance(value, (str, bytes)) else None


# ---- ENODEV ----


def _known(name: str) -> Iterator[Finding]:
    """Whether the kernel has a file system of that name. What stands behind a dot is a kind of it."""
    kinds = _kinds()
    if kinds is None:
        text = "Which file systems the kernel has cannot be read."
        yield Finding(Verdict.UNKNOWN, text, "/proc/filesystems")
        return
    plain, dot, _ = name.partition(".")
    if name in kinds or (plain in kinds and plain in _WITH_KINDS):
        text = f"The kernel has a file system called {plain}."
        yield Finding(Verdict.EXCLUDED, text, "/proc/filesystems")
    elif dot and plain in kinds:
        text = f"The file system {plain} has no kinds, such as {name}."
        yield Finding(Verdict.PROVEN, text, "/proc/filesystems; FS_HAS_SUBTYPE in the kernel's source")
    else:
        text = f"The kernel has no file system called {name}, and found no module of it."
        yield Finding(Verdict.PROVEN, text, "/proc/filesystems", f"modprobe fs-{plain}, on the host")


def _kinds() -> set[str] | None:
    found = read("/proc/filesystems")
    return {line.split()[-1] for line in found.value.splitlines()} if found else None


# ---- EPERM ----


def _refused(call: str, args: dict[str, Any]) -> Iterator[Finding]:
    """Which rights are missing, over this mount namespace or over the file system."""
    asked = arguments.number(args, "flags")
    if call == "open_tree" and not asked & (flags.OPEN_TREE_CLONE | flags.OPEN_TREE_NAMESPACE):
        return  # it wants no rights
    own = (call.startswith("open_tree") and asked & flags.OPEN_TREE_NAMESPACE) or (
        call == "fsmount" and asked & flags.FSMOUNT_NAMESPACE
    )
    if call in _PRIVILEGED:
        found = wanted("CAP_SYS_ADMIN") if own else wanted_over("mnt")
        yield found
        if found.verdict is Verdict.PROVEN:
            return
    elif call != "fsconfig":
        return
    first = namespaces.is_first("user")
    if not first or not first.value:
        if call == "mount":
            yield from _in_a_namespace(args, first.value is False)
        elif call == "fsconfig":
            yield from _created(args)
    yield from remaining("landlock selinux apparmor smack tomoyo bpf")


def _in_a_namespace(args: dict[str, Any], certain: bool) -> Iterator[Finding]:
    """What mount refuses to user namespaces. certain: whether this process is known to be in one."""
    kind, what = _text(args.get("type")), operation(args)
    if what == "new" and kind:
        yield from _mountable(kind, certain)
    elif what in ("remount", "reconfigure"):
        yield from _locked(args, what)


def _mountable(kind: str, certain: bool) -> Iterator[Finding]:
    source = "fs_flags of the file system: FS_USERNS_MOUNT, as the kernel's source has it"
    plain, kinds = kind.partition(".")[0], _kinds()
    now, since = kernel.version(), _SINCE.get(plain, (0, 0))
    if plain in _FOR_ALL and now and now.value < since:
        text = f"User namespaces mount {kind} from Linux {since[0]}.{since[1]} on."
        yield Finding(Verdict.FITS, text, f"uname: {now}; the kernel's source")
    elif plain in _FOR_ALL:
        yield Finding(Verdict.EXCLUDED, f"User namespaces may mount {kind}.", source)
        if plain in ("proc", "sysfs"):
            yield from _covered(plain)
    elif kinds is not None and plain in kinds:
        sure = certain and plain not in _PATCHED
        text = f"{kind} is mounted only with CAP_SYS_ADMIN in the first user namespace, and this is another."
        advice = "mount it outside; a FUSE program for it; a bind mount"
        yield Finding(Verdict.PROVEN if sure else Verdict.FITS, text, source, advice)


def _covered(kind: str) -> Iterator[Finding]:
    """proc and sysfs are mounted only where one is fully visible already."""
    found = mounts()
    if not found:
        text = f"Whether a mount of {kind} is fully visible here is not known; there has to be one."
        yield Finding(Verdict.UNKNOWN, text, found.unknown)
        return
    table: dict[int, MountLine] = found.value
    there = [one for one in table.values() if one.kind == kind and one.root == "/"]
    covers = {
        one.number: [other.point for other in table.values() if other.parent == one.number] for one in there
    }
    if not there:
        text = (
            f"There is no mount of all of {kind} here, and user namespaces mount no more than what they see."
        )
        yield Finding(Verdict.FITS, text, found.source)
    elif all(covers.values()):
        over = ", ".join(sorted({path for paths in covers.values() for path in paths})[:4])
        text = f"Mounts cover parts of {kind}, so that it is not mounted again: {over} ..."
        advice = "bind the present one; a container without masked paths"
        yield Finding(Verdict.FITS, text, found.source, advice)
    else:
        text = f"A mount of {kind} is there without other mounts on it."
        yield Finding(Verdict.EXCLUDED, text, found.source)


def _locked(args: dict[str, Any], what: str) -> Iterator[Finding]:
    """Options that came with the mount from a more privileged namespace, and stay."""
    at, table = point(args.get("dir_name")), mounts()
    if at is None or not table or at.number not in table.value:
        return
    mount: MountLine = table.value[at.number]
    asked = mount_flags(args)
    dropped = [name for bit, name in _KEPT.items() if name in mount.options and not asked & bit]
    if dropped:
        names = ", ".join(dropped)
        text = f"The call would drop options that the mount of {at.title} may have to keep: {names}."
        yield Finding(
            Verdict.FITS, text, f"{table.source}: {','.join(sorted(mount.options))}", "give them again"
        )
    if what == "remount":
        text = "Without MS_BIND it changes the file system, which this user namespace must have mounted."
        yield Finding(Verdict.FITS, text, f"{mount.kind} on {mount.point}", "MS_REMOUNT | MS_BIND")


def _created(args: dict[str, Any]) -> Iterator[Finding]:
    if args.get("cmd") in (flags.FSCONFIG_CMD_CREATE, flags.FSCONFIG_CMD_CREATE_EXCL):
        text = "Many file systems take CAP_SYS_ADMIN in the first user namespace, and this is another."
        yield Finding(Verdict.FITS, text, "", "calls.fscontext_read shows what the file system says")
    elif args.get("cmd") == flags.FSCONFIG_CMD_RECONFIGURE:
        text = "A file system is changed with CAP_SYS_ADMIN in the user namespace that mounted it."
        yield Finding(Verdict.FITS, text)
