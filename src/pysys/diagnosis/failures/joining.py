"""Why setns does not join a namespace."""

from __future__ import annotations

import errno
import os

from pysys import calls, flags, ioctls
from pysys.diagnosis import namespaces
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict
from pysys.diagnosis.failures.namespacing import KINDS, threads
from pysys.diagnosis.failures.privileges import wanted, wanted_over_this

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_PIDFD_SYSTEM, _NAMESPACE_SYSTEM = 0x50494446, 0x6E736673  # PID_FS_MAGIC, from Linux 6.9 on; NSFS_MAGIC


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EINVAL, EPERM, EUSERS and EBADF of setns."""
    fd = arguments.descriptor(args.get("fd"))
    if call != "setns" or fd is None or fd < 0:
        return
    asked = arguments.number(args, "flags")
    try:
        kind = _kind(fd)
        if symbol == "EBADF" and _is_path(fd):
            text = f"fd is {fd}, which was opened with O_PATH."
            yield Finding(Verdict.PROVEN, text, f"fcntl({fd}, F_GETFL)", "open it with O_RDONLY")
        elif kind is None:
            if symbol == "EINVAL":
                yield from _no_namespace(fd, asked)
        elif symbol == "EINVAL":
            yield from _not_that(fd, kind, asked)
        elif symbol == "EPERM":
            yield from _refused(fd, kind)
        elif symbol == "EUSERS" and kind == "time":
            yield _alone("A time namespace")
    except OSError as error:
        if error.errno != errno.EBADF:  # which is another area's
            raise


def _is_path(fd: int) -> bool:
    return bool(calls.fcntl(fd, flags.F_GETFL) & flags.O_PATH)


def _kind(fd: int) -> str | None:
    """The kind of a namespace; None for another thing. Raises OSError if fd is not open."""
    if _is_path(fd) or calls.fstatfs(fd).f_type != _NAMESPACE_SYSTEM:
        return None
    return KINDS.get(int(calls.ioctl(fd, ioctls.NS_GET_NSTYPE)), "unknown")


def _no_namespace(fd: int, asked: int) -> Iterator[Finding]:
    """A pidfd, or something that setns does not take."""
    try:
        name = os.readlink(f"/proc/thread-self/fd/{fd}")
    except OSError:
        name = "not known"
    source = f"fstatfs({fd}); /proc/thread-self/fd/{fd}: {name}"
    if calls.fstatfs(fd).f_type != _PIDFD_SYSTEM and "[pidfd]" not in name:
        if name == "not known":
            text = f"fd is {fd}, which is not a namespace; a pidfd it may be."
            yield Finding(Verdict.UNKNOWN, text, source)
        else:
            text = f"fd is {fd}, which is neither a namespace nor a pidfd: {name}."
            yield Finding(Verdict.PROVEN, text, source, "/proc/PID/ns/KIND, or pidfd_open")
        return
    every = 0
    for bit in KINDS:
        every |= bit
    if not asked:
        text = "With a pidfd the flags say which namespaces are joined, and they are 0."
        yield Finding(Verdict.PROVEN, text, source)
    elif rest := asked & ~every:
        text = f"The flags have {rest:#x}, which is not a kind of namespace."
        yield Finding(Verdict.PROVEN, text, "the argument")
    elif asked & flags.CLONE_NEWUSER:
        yield _alone("A user namespace")


def _not_that(fd: int, kind: str, asked: int) -> Iterator[Finding]:
    """A namespace that is of another kind than the flags say, or that this process cannot join."""
    source = f"NS_GET_NSTYPE of {fd}"
    if asked and KINDS.get(asked) != kind:
        text = f"fd is a {kind} namespace, and flags, {asked:#x}, says {KINDS.get(asked, 'something else')}."
        yield Finding(Verdict.PROVEN, text, source, "flags=0 takes any kind")
        return
    yield Finding(Verdict.EXCLUDED, f"fd is a {kind} namespace, as flags allows.", source)
    if kind == "user":
        own = namespaces.inode("user")
        if own and os.fstat(fd).st_ino == own.value:
            text = "fd is the user namespace that this process is in already."
            yield Finding(Verdict.PROVEN, text, own.source)
        yield _alone("A user namespace")
    elif kind == "mnt":
        yield _one_folder()
    elif kind == "pid":
        text = "A pid namespace may be joined if it is this process's own, or below it."
        yield Finding(Verdict.UNKNOWN, text, "", "lsns -T -t pid")


def _alone(what: str) -> Finding:
    """Whether this process has a single thread."""
    count = threads()
    source = f"/proc/thread-self/status, Threads: {count}"
    if count is None:
        return Finding(Verdict.UNKNOWN, f"{what} is joined by a process with one thread.")
    if count > 1:
        text = f"{what} is joined by a process with one thread, and this has {count}."
        return Finding(
            Verdict.PROVEN, text, source, "before threads are started; clone or spawn(join_namespaces=)"
        )
    return Finding(Verdict.EXCLUDED, "This process has a single thread.", source)


def _one_folder() -> Finding:
    """Whether another thread shares root and working directory with this one."""
    own, source = calls.gettid(), "kcmp(KCMP_FS)"
    try:
        for other in map(int, os.listdir("/proc/self/task")):
            if other != own and not calls.kcmp(own, other, flags.KCMP_FS, 0, 0):
                text = f"Thread {other} shares root and working directory with this thread."
                return Finding(
                    Verdict.PROVEN, text, source, "unshare(CLONE_FS) first, or before threads are started"
                )
    except OSError as error:
        text = "Whether another thread shares root and working directory is not known."
        return Finding(Verdict.UNKNOWN, text, str(error))
    text = "No other thread of this process shares root and working directory; another process may."
    return Finding(Verdict.UNKNOWN, text, source)


def _refused(fd: int, kind: str) -> Iterator[Finding]:
    """EPERM."""
    yield wanted_over_this(fd, f"the {kind} namespace")
    if kind != "user":
        yield wanted("CAP_SYS_ADMIN")
    if kind == "mnt":
        yield wanted("CAP_SYS_CHROOT")
