"""Who uses a mount, so that it cannot be taken away or made read-only (EBUSY)."""

from __future__ import annotations

import os
import stat

from pysys import flags
from pysys.diagnosis.facts import listed, read, sysctl
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.mountinfo import MountLine, Point, mounts, point
from pysys.diagnosis.failures.mounting import mount_flags, operation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ADDING = ("new", "bind")  # what mount does where there is one mount more afterwards
_SHOWN = 6  # users that are named


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EBUSY, and ENOSPC: a mount namespace that is full."""
    asked = arguments.number(args, "flags")
    if symbol == "EBUSY" and call in ("umount", "umount2") and not asked & flags.MNT_DETACH:
        at = point(args.get("name"), None, not asked & flags.UMOUNT_NOFOLLOW)
        if at is not None and at.is_root and at.number is not None:
            yield from _mounted_on(at)
            yield from _users(at, "in use", writing=False, everywhere=False)
    elif symbol == "EBUSY" and call == "mount":
        yield from _mount(args)
    elif symbol == "EBUSY" and call == "mount_setattr":
        at = point(args.get("path"), args.get("dfd"), not asked & flags.AT_SYMLINK_NOFOLLOW)
        if at is not None and getattr(args.get("uattr"), "attr_set", 0) & flags.MOUNT_ATTR_RDONLY:
            yield from _users(at, "written to", writing=True, everywhere=False)
    elif symbol == "ENOSPC" and (call == "move_mount" or (call == "mount" and operation(args) in _ADDING)):
        # What move_mount attaches is counted only if it was in no mount namespace.
        yield from _full(Verdict.PROVEN if call == "mount" else Verdict.FITS)


def _mount(args: dict[str, Any]) -> Iterator[Finding]:
    at, what = point(args.get("dir_name")), operation(args)
    if at is None:
        return
    if what in ("remount", "reconfigure"):
        if mount_flags(args) & flags.MS_RDONLY:
            yield from _users(at, "written to", writing=True, everywhere=what == "remount")
    elif what == "new":
        found = mounts()
        mount: MountLine | None = found.value.get(at.number) if found else None
        if mount is not None and at.is_root and mount.kind == args.get("type"):
            text = f"{at.title} has a {mount.kind} already, and the same one is not put there twice."
            yield Finding(Verdict.FITS, text, f"{found.source}: {mount.source}", f"findmnt {at.title}")


def _mounted_on(at: Point) -> Iterator[Finding]:
    """Mounts on the mount."""
    found = mounts()
    if not found:
        yield Finding(Verdict.UNKNOWN, f"What is mounted on {at.title} cannot be read.", found.unknown)
        return
    on_it = [one.point for one in found.value.values() if one.parent == at.number]
    if on_it:
        text = f"Something is mounted on {at.title}: {', '.join(sorted(on_it)[:_SHOWN])}."
        yield Finding(Verdict.PROVEN, text, found.source, "unmount that first, or use MNT_DETACH")
    else:
        yield Finding(Verdict.EXCLUDED, f"Nothing is mounted on {at.title}.", found.source)


def _users(at: Point, how: str, *, writing: bool, everywhere: bool) -> Iterator[Finding]:
    """Processes that use the mount. writing: only files that are open for it. everywhere: on each mount of
    the file system."""
    device = os.makedev(at.found.stx_dev_major, at.found.stx_dev_minor)
    used, looked = list[str](), 0
    for pid in filter(str.isdecimal, listed("/proc")):
        names = [f"fd/{one}" for one in listed(f"/proc/{pid}/fd")]
        looked += bool(names)
        for name in names if writing else [*names, "cwd", "root", "exe"]:
            path = f"/proc/{pid}/{name}"
            if (
                (_writes(path, device, None if everywhere else at.number))
                if writing
                else _is_on(path, at.number)
            ):
                used.append(f"{name} of {pid}")
    source = f"/proc/PID/fd of {looked} processes"
    if used:
        more = f" and {len(used) - _SHOWN} more" if len(used) > _SHOWN else ""
        text = f"{at.title} is {how}: {', '.join(used[:_SHOWN])}{more}."
        advice = "end them, or have them close it" if writing else "end them, or use MNT_DETACH"
        yield Finding(Verdict.PROVEN, text, source, advice)
    else:
        text = f"No process that could be looked at has {at.title} {how}."
        advice = "fuser -vm; mappings, loop devices, swap; other mount namespaces: /proc/PID/mountinfo"
        yield Finding(Verdict.UNKNOWN, text, source, advice)


def _is_on(path: str, number: int | None) -> bool:
    """Whether a link of /proc leads to that mount."""
    if path.rpartition("/")[0].endswith("/fd"):
        return _descriptor(path).get("mnt_id") == str(number)
    found = point(path)
    return found is not None and found.number == number


def _writes(path: str, device: int, number: int | None) -> bool:
    """Whether a descriptor is open for writing on that file system, or on that mount of it."""
    try:
        found = os.stat(path)
    except OSError:
        return False
    if not stat.S_ISREG(found.st_mode):
        return False
    told = _descriptor(path)
    mode = int(told.get("flags", "0"), 8)
    if mode & os.O_ACCMODE == os.O_RDONLY or mode & flags.O_PATH:
        return False
    return found.st_dev == device if number is None else told.get("mnt_id") == str(number)


def _descriptor(path: str) -> dict[str, str]:
    """What fdinfo says of a descriptor."""
    text = read(path.replace("/fd/", "/fdinfo/"))
    lines = (line.partition(":") for line in str(text.value or "").splitlines())
    return {name: value.strip() for name, _, value in lines}


def _full(verdict: Verdict) -> Iterator[Finding]:
    """fs.mount-max."""
    most, found = sysctl("fs.mount-max"), mounts()
    if not most or not found:
        return
    source = f"{most.source}: {most.value}; {found.source}: {len(found.value)} mounts"
    if len(found.value) >= int(most.value):
        text = f"This mount namespace has {len(found.value)} mounts, and fs.mount-max allows {most.value}."
        yield Finding(verdict, text, source, "sysctl fs.mount-max")
    else:
        text = f"This mount namespace has {len(found.value)} of {most.value} mounts that can be seen."
        yield Finding(Verdict.EXCLUDED, text, source)
