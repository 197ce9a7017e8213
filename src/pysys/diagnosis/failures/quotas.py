"""What a user may have of inotify, epoll and keys, and what is in an epoll instance already."""

from __future__ import annotations

import errno
import os
import stat

from pysys import calls, flags
from pysys.diagnosis.facts import read, sysctl
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict, judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_INSTANCES, _WATCHES = "fs.inotify.max_user_instances", "fs.inotify.max_user_watches"


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about inotify, epoll and keys."""
    if call in ("inotify_init", "inotify_init1") and symbol == "EMFILE":
        yield from _instances()
    elif call == "inotify_add_watch" and symbol == "ENOSPC":
        yield from _watches()
    elif call == "epoll_ctl":
        yield from _epoll(symbol, args)
    elif call in ("add_key", "keyctl", "request_key") and symbol == "EDQUOT":
        yield from _keys(args)


def _limits(name: str, own: str) -> str:
    return f"{name} is {sysctl(name)}, user.{own} {sysctl(f'user.{own}')}"


def _instances() -> Iterator[Finding]:
    """EMFILE, if it is not for descriptors: whether another instance can be made; it is closed at once."""
    source = _limits(_INSTANCES, "max_inotify_instances")
    try:
        os.close(os.open("/", flags.O_PATH | os.O_CLOEXEC))
        os.close(calls.inotify_init1(flags.IN_CLOEXEC))
    except OSError as error:
        if error.errno == errno.EMFILE and error.filename is None:
            text = "The user of this process has as many inotify instances as it may."
            advice = f"sysctl {_INSTANCES}; close some: they are in /proc/PID/fd as anon_inode:inotify"
            yield Finding(Verdict.PROVEN, text, f"inotify_init1: EMFILE again; {source}", advice)
        return
    yield Finding(Verdict.EXCLUDED, "Another inotify instance can be made now.", source)


def _watches() -> Iterator[Finding]:
    """ENOSPC: whether another watch can be made, in an instance that is closed at once."""
    source = _limits(_WATCHES, "max_inotify_watches")
    try:
        fd = calls.inotify_init1(flags.IN_CLOEXEC)
    except OSError:
        text = "The user of this process may have as many inotify watches as it may."
        yield Finding(Verdict.FITS, text, source)
        return
    try:
        calls.inotify_add_watch(fd, "/", flags.IN_DELETE_SELF)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            text = "The user of this process has as many inotify watches as it may; no disk is full."
            yield Finding(
                Verdict.PROVEN, text, f"inotify_add_watch: ENOSPC again; {source}", f"sysctl {_WATCHES}"
            )
    else:
        yield Finding(Verdict.EXCLUDED, "Another inotify watch can be made now.", source)
    finally:
        os.close(fd)


def _epoll(symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    epfd, fd = arguments.descriptor(args.get("epfd")), arguments.descriptor(args.get("fd"))
    if epfd is None or fd is None:
        return
    if symbol == "EPERM":
        try:
            mode = os.fstat(fd).st_mode
        except OSError:
            return
        never = stat.S_ISREG(mode) or stat.S_ISDIR(mode)
        text = f"Descriptor {fd} is a file or directory, which is always ready: epoll does not take it."
        yield judged(True if never else None, text if never else f"Descriptor {fd} may have no poll.", "")
    elif symbol in ("EEXIST", "ENOENT"):
        found = read(f"/proc/thread-self/fdinfo/{epfd}")
        if not found:
            return
        lines = (line.split() for line in found.value.splitlines() if line.startswith("tfd:"))
        there = any(int(words[1]) == fd for words in lines)
        text = f"Descriptor {fd} is {'' if there else 'not '}in the epoll instance {epfd}"
        fails = there if symbol == "EEXIST" else not there
        # A closed file that a duplicate keeps open is still listed, under the number that it had.
        verdict = None if there and symbol == "EEXIST" and not _is_open(fd) else fails
        yield judged(verdict, f"{text}.", f"{text} now.", f"{found.source}: tfd")
    elif symbol == "EINVAL" and epfd == fd:
        yield Finding(Verdict.PROVEN, "An epoll instance cannot be in itself.", "the arguments")
    elif symbol == "ENOSPC":
        text = "The user of this process has as many epoll entries as it may."
        name = "fs.epoll.max_user_watches"
        yield Finding(Verdict.FITS, text, f"{name} is {sysctl(name)}", f"sysctl {name}")


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def _keys(args: dict[str, Any]) -> Iterator[Finding]:
    found = read("/proc/key-users")
    user = os.geteuid()
    for line in found.value.splitlines() if found else ():
        number, _, rest = line.partition(":")
        if int(number) != user:
            continue
        keys, size = rest.split()[2:4]
        (count, most), (used, space) = (map(int, one.split("/")) for one in (keys, size))
        wanted = _length(args.get("_payload")) or arguments.integer(args, "plen") or 0
        wanted += _length(args.get("_description")) + 1
        source = f"/proc/key-users: {count} of {most} keys, bytes: {used} of {space}"
        fails = count >= most or used + wanted > space
        text = f"User {user} has {count} keys of {most}, and of bytes {used} of {space}"
        text += f": {wanted} more are too much." if count < most else ": no more keys."
        advice = "keyctl show; keyctl clear; sysctl kernel.keys.maxkeys, kernel.keys.maxbytes"
        yield judged(fails, text, f"User {user} may have more keys.", source, advice)


def _length(value: object) -> int:
    try:
        return len(os.fsencode(value) if isinstance(value, str) else value)  # type: ignore[arg-type]  # see below
    except TypeError:  # a number, None
        return 0
