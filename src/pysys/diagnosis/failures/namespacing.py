"""Why clone, clone3 and unshare make no namespace."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis import identity, namespaces
from pysys.diagnosis.facts import listed, read, status, sysctl
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.mountinfo import here
from pysys.diagnosis.failures.privileges import all_powerful, remaining, wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_CALLS = frozenset(["clone", "clone3", "unshare"])
KINDS = {
    int(flags.CLONE_NEWCGROUP): "cgroup",
    int(flags.CLONE_NEWIPC): "ipc",
    int(flags.CLONE_NEWNS): "mnt",
    int(flags.CLONE_NEWNET): "net",
    int(flags.CLONE_NEWPID): "pid",
    int(flags.CLONE_NEWTIME): "time",
    int(flags.CLONE_NEWUSER): "user",
    int(flags.CLONE_NEWUTS): "uts",
}
_DEEPEST = {"pid": 32, "user": 33}  # how deep they are below the first one at most


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EPERM, ENOSPC and EINVAL."""
    if call not in _CALLS:
        return
    asked = arguments.clone_flags(call, args)
    if call == "clone":
        asked &= ~flags.CSIGNAL
    kinds = [name for bit, name in KINDS.items() if asked & bit]
    if symbol == "EPERM" and kinds:
        yield from _refused(kinds)
    elif symbol == "ENOSPC":
        yield from _counted(kinds)
    elif symbol == "EINVAL":
        if call == "unshare":
            yield from _threads(asked)
        yield from _children(call, asked)
        yield from _built(kinds)


def _refused(kinds: list[str]) -> Iterator[Finding]:
    """EPERM."""
    if "user" not in kinds:
        found = wanted("CAP_SYS_ADMIN")
        yield found
        if found.verdict is Verdict.EXCLUDED:
            yield from remaining("selinux apparmor smack bpf")
        return
    yield _chrooted()
    yield from _unmapped()
    yield from _settings()
    yield from remaining("selinux apparmor smack bpf")


def _chrooted() -> Finding:
    """Whether this process's root is that of its mount namespace."""
    root = here()
    if root is None or root.is_root is None:
        return Finding(Verdict.UNKNOWN, "Whether this process is in a chroot is not known.", "statx: /")
    source = "statx of /: STATX_ATTR_MOUNT_ROOT"
    if not root.is_root:
        text = (
            "This process is in a chroot, from which no user namespace is made: / is not the root of a mount."
        )
        return Finding(Verdict.PROVEN, text, source, "pivot_root instead of chroot")
    text = "/ is the root of a mount: if this is a chroot, then into a mount point."
    return Finding(Verdict.UNKNOWN, text, source, "pivot_root instead of chroot")


def _unmapped() -> Iterator[Finding]:
    """Whether the ids of whoever makes a user namespace have a mapping in the present one."""
    for kind, own in (("uid", os.geteuid()), ("gid", os.getegid())):
        maps = identity.maps(kind)
        if not maps:
            yield Finding(Verdict.UNKNOWN, f"Whether {kind} {own} is mapped is not known.", maps.unknown)
        elif not any(first <= own < first + count for first, _, count in maps.value):
            lines = ", ".join(" ".join(map(str, line)) for line in maps.value) or "empty"
            text = f"The effective {kind}, which reads as {own}, has no mapping in this user namespace."
            yield Finding(Verdict.PROVEN, text, f"{maps.source}: {lines}", f"/proc/PID/{kind}_map")
        elif str(own) == sysctl(f"kernel.overflow{kind}").value and not namespaces.is_first("user").value:
            text = f"The effective {kind} reads as {own}, as one without a mapping does."
            yield Finding(Verdict.UNKNOWN, text, maps.source)
        else:
            yield Finding(Verdict.EXCLUDED, f"The effective {kind}, {own}, is mapped.", maps.source)


def _settings() -> Iterator[Finding]:
    """What distributions forbid."""
    powerful = all_powerful()
    found = sysctl("kernel.unprivileged_userns_clone")
    if found and found.value == "0" and not powerful:
        text = "kernel.unprivileged_userns_clone is 0: it takes CAP_SYS_ADMIN in the first user namespace."
        verdict = Verdict.FITS if powerful is None else Verdict.PROVEN
        yield Finding(verdict, text, found.source, "sysctl kernel.unprivileged_userns_clone=1")
    elif found:
        text = f"kernel.unprivileged_userns_clone is {found.value}, which allows it here."
        yield Finding(Verdict.EXCLUDED, text, found.source)
    found = sysctl("kernel.apparmor_restrict_unprivileged_userns")
    if found and found.value == "1" and not powerful:
        text = (
            "kernel.apparmor_restrict_unprivileged_userns is 1: a program needs a profile of AppArmor with"
            " the rule userns."
        )
        label = read("/proc/thread-self/attr/current")
        source = f"{found.source}; attr/current: {label.value if label else 'not readable'}"
        yield Finding(Verdict.FITS, text, source, "a profile for the program; journalctl -k | grep apparmor")


def _counted(kinds: list[str]) -> Iterator[Finding]:
    """ENOSPC: limits on the number of namespaces, and on their depth."""
    for kind in kinds:
        most = sysctl(f"user.max_{kind}_namespaces")
        if not most:
            text = f"How many {kind} namespaces a user may have here is not known."
            yield Finding(Verdict.UNKNOWN, text, most.unknown)
        elif most.value == "0":
            text = f"user.max_{kind}_namespaces is 0 in this user namespace: nobody makes any."
            yield Finding(Verdict.PROVEN, text, most.source, f"sysctl user.max_{kind}_namespaces")
        else:
            text = f"This user may have reached user.max_{kind}_namespaces, which is {most.value} here."
            yield Finding(
                Verdict.UNKNOWN, text, most.source, "lsns; those that only a descriptor holds count"
            )
        if kind in _DEEPEST:
            yield _depth(kind)
    if not namespaces.is_first("user").value:
        text = "The limits of the user namespaces above hold, too: they cannot be read here."
        yield Finding(Verdict.UNKNOWN, text, "", "sysctl user, on the host")


def _depth(kind: str) -> Finding:
    """Whether namespaces of a kind already lie as deep in one another as they may."""
    first = namespaces.is_first(kind)
    most = _DEEPEST[kind]
    if first and first.value:
        return Finding(Verdict.EXCLUDED, f"This process is in the first {kind} namespace.", first.source)
    if kind == "pid" and (listed := status("NSpid")):
        depth = len(listed.value.split()) - 1
        if depth >= most:
            text = f"This pid namespace lies {depth} deep, and {most} is the most."
            return Finding(Verdict.PROVEN, text, f"{listed.source}: {depth + 1} ids", "lsns -T -t pid")
    text = f"The {kind} namespaces may lie in one another as deep as they may: {most}."
    return Finding(Verdict.UNKNOWN, text, "", f"lsns -T -t {kind}, on the host")


def threads() -> int | None:
    """How many threads this process has; None if that is not known."""
    found = status("Threads")
    return int(found.value) if found else None


def _threads(asked: int) -> Iterator[Finding]:
    """unshare's flags that only a process of one thread may use."""
    alone = flags.CLONE_NEWUSER, flags.CLONE_THREAD, flags.CLONE_SIGHAND, flags.CLONE_VM
    if not (used := [one.name for one in alone if asked & one]):
        return
    names, count = ", ".join(filter(None, used)), threads()
    source = f"/proc/thread-self/status, Threads: {count}"
    if count is None:
        text = f"How many threads this process has is not known; {names} wants a single one."
        yield Finding(Verdict.UNKNOWN, text)
    elif count > 1:
        text = f"This process has {count} threads, and {names} wants a single one."
        yield Finding(
            Verdict.PROVEN, text, source, "before threads are started; clone, fork or spawn(namespaces=)"
        )
    else:
        yield Finding(Verdict.EXCLUDED, "This process has a single thread.", source)


def _children(call: str, asked: int) -> Iterator[Finding]:
    """Whether children are made in another pid namespace, after which there is no further one."""
    thread = call != "unshare" and asked & flags.CLONE_THREAD
    if not (asked & flags.CLONE_NEWPID or thread):
        return
    what = "CLONE_NEWPID" if asked & flags.CLONE_NEWPID else "CLONE_THREAD"
    own, source = namespaces.inode("pid"), "/proc/thread-self/ns/pid_for_children"
    try:
        other: int | None = os.stat(source).st_ino
    except FileNotFoundError:
        other = (
            None  # it has no process yet, so that it is another one; before Linux 4.12 there is no such file
        )
        if not own or "pid_for_children" not in listed("/proc/thread-self/ns"):
            own = own._replace(unknown="the kernel does not show it")
    except OSError as error:
        own = own._replace(unknown=str(error))
        other = None
    if not own:
        text = "In which pid namespace children are made is not known."
        yield Finding(Verdict.UNKNOWN, text, own.unknown)
    elif own.value != other:
        text = (
            "This process's children are made in another pid namespace than its own, by an earlier unshare or"
            f" setns: it cannot use {what} any more."
        )
        yield Finding(Verdict.PROVEN, text, f"{source}: not that of ns/pid", "a child of it can")
    else:
        yield Finding(Verdict.EXCLUDED, "Children are made in this process's own pid namespace.", source)


def _built(kinds: list[str]) -> Iterator[Finding]:
    """Kinds of namespaces that the kernel does not have."""
    there = listed("/proc/thread-self/ns")
    for kind in kinds:
        if there and kind not in there:
            text = f"This kernel has no {kind} namespaces."
            yield Finding(
                Verdict.FITS, text, f"/proc/thread-self/ns: {' '.join(sorted(there))}", "CONFIG_NAMESPACES"
            )
