"""Why the root directory is not changed: chroot and pivot_root."""

from __future__ import annotations

import os

from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.mountinfo import Point, here, mounts, point
from pysys.diagnosis.failures.privileges import remaining, wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ONTO_ITSELF = "mount --rbind it onto itself"


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EPERM of chroot, and EINVAL and EBUSY of pivot_root."""
    if call == "chroot" and symbol == "EPERM":
        found = wanted("CAP_SYS_CHROOT")
        yield found
        if found.verdict is not Verdict.PROVEN:
            yield from remaining("selinux apparmor smack tomoyo bpf")
    elif call == "pivot_root" and symbol in ("EINVAL", "EBUSY"):
        root, new, old = here(), point(args.get("new_root")), point(args.get("put_old"))
        if symbol == "EBUSY":
            yield from _same(root, new, "new_root")
            yield from _same(root, old, "put_old")
        else:
            yield from _shared(root, new, old)
            yield from _is_mount(new, f"new_root, {new.title}," if new else "", _ONTO_ITSELF)
            yield from _is_mount(root, "/, after a chroot,", "pivot_root before the chroot")
            yield from _below(args)


def _same(root: Point | None, other: Point | None, name: str) -> Iterator[Finding]:
    """A path on the mount that is the root now."""
    if root is None or other is None or root.number is None:
        if other is not None:
            text = f"Whether {name} lies on the mount that is the root is not known."
            yield Finding(Verdict.UNKNOWN, text, "statx: STATX_MNT_ID")
        return
    source = f"statx: / is on mount {root.number}, {other.title} on {other.number}"
    if root.number == other.number:
        text = f"{name}, {other.title}, lies on the mount that is the root now."
        yield Finding(Verdict.PROVEN, text, source, f"{_ONTO_ITSELF}, and use what is mounted")
    else:
        yield Finding(Verdict.EXCLUDED, f"{name}, {other.title}, does not lie on the root's mount.", source)


def _shared(root: Point | None, new: Point | None, old: Point | None) -> Iterator[Finding]:
    """Mounts that tell others of what is done on them."""
    found = mounts()
    if not found:
        text = "Whether one of the mounts is shared cannot be read."
        yield Finding(Verdict.UNKNOWN, text, found.unknown)
        return
    asked = [
        ("put_old lies on", old, False),
        ("new_root is mounted on", new, True),
        ("/ is mounted on", root, True),
    ]
    proven = hidden = False
    for what, at, below in asked:
        mount = found.value.get(at.number) if at is not None else None
        if mount is not None and below:
            mount = found.value.get(mount.parent)
        if mount is None:
            hidden = hidden or at is not None
        elif mount.is_shared:
            proven = True
            text = f"What {what} is shared: {mount.point}."
            read = f"{found.source}: {' '.join(mount.tags)}"
            yield Finding(Verdict.PROVEN, text, read, "mount --make-rprivate /, in a new mount namespace")
    if not proven:
        text = "None of the mounts that can be seen is shared"
        hint = "; what / is mounted on is not to be seen" if hidden else ""
        yield Finding(Verdict.EXCLUDED, f"{text}{hint}.", found.source)


def _is_mount(at: Point | None, name: str, advice: str) -> Iterator[Finding]:
    if at is None:
        return
    source = f"statx of {at.title}: STATX_ATTR_MOUNT_ROOT"
    if at.is_root is None:
        yield Finding(Verdict.UNKNOWN, f"Whether {name} is a mount point is not known.", source)
    elif at.is_root:
        yield Finding(Verdict.EXCLUDED, f"{name} is the root of a mount.", source)
    else:
        yield Finding(Verdict.PROVEN, f"{name} is not the root of a mount.", source, advice)


def _below(args: dict[str, Any]) -> Iterator[Finding]:
    """put_old has to be reached from new_root."""
    new, old = (arguments.path(args.get(name)) for name in ("new_root", "put_old"))
    if not new or not old:
        return
    try:
        outer, inner = os.path.realpath(new, strict=True), os.path.realpath(old, strict=True)
    except OSError:
        return
    source = f"{inner} and {outer}"
    if inner != outer and not inner.startswith(f"{outer.rstrip('/')}/"):
        text = f"put_old, {inner}, does not lie in new_root, {outer}."
        yield Finding(Verdict.PROVEN, text, source, 'pivot_root(".", "."), then umount2(".", MNT_DETACH)')
    else:
        yield Finding(Verdict.EXCLUDED, "put_old lies in new_root.", source)
