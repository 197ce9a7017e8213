"""Typed calls whose results are values: inotify and fanotify.

What they report is read from their descriptors: inotify_read and fanotify_read are read(2) with a buffer
large enough for an event, and take apart what it gives.
"""

from __future__ import annotations

from os import O_CLOEXEC, O_LARGEFILE, O_RDONLY

from pysys import flags as _flags
from pysys import structures
from pysys.arguments import descriptors, integers, memory
from pysys.calls import direct
from pysys.calls._values.paths import AT_FDCWD
from pysys.doc import documented_call
from pysys.structures.readers import fanotify_events, inotify_events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Buffer, Descriptor, Path
    from pysys.structures.records import FanotifyEvent, InotifyEvent

_FAN_CLOEXEC = 1
_SIZE = 16384  # bytes: a few hundred events, and at least one of any kind


@documented_call
def inotify_init1(flags: int = O_CLOEXEC) -> int:
    """inotify_init1(2): a queue of events of files, as a descriptor: see inotify_read.

    flags: flags.InotifyInitFlags.

    Returns its descriptor.

    Since Linux 2.6.27.
    """
    return direct.inotify_init1(flags)


def inotify_read(fd: Descriptor, nbytes: int = _SIZE) -> list[InotifyEvent]:
    """read(2) of an inotify descriptor: the events that wait, at least one.

    fd: the descriptor.
    nbytes: the size of the buffer in bytes; what does not fit comes next time.

    Returns a list. Each has `wd`, what inotify_add_watch returned; `mask`, flags.InotifyEvents; `cookie`,
    which two parts of a renaming have in common; `name`, bytes: of the entry of a watched directory, else
    empty.

    Raises the documented errors of read (pysys.errors): EAGAIN with IN_NONBLOCK if there is none, EINVAL if
    the next does not fit. Since Linux 2.6.13.
    """
    number = descriptors.descriptor("inotify_read: fd", fd)
    buffer = bytearray(integers.count("inotify_read: nbytes", nbytes))
    found = inotify_events(buffer, direct.read(number, buffer, nbytes))
    for one in found:
        one.mask = _flags.InotifyEvents(one.mask)
    return found


@documented_call
def fanotify_init(flags: int = _FAN_CLOEXEC, event_f_flags: int = O_RDONLY | O_CLOEXEC | O_LARGEFILE) -> int:
    """fanotify_init(2): a queue of events of files, as a descriptor: see fanotify_read.

    flags: flags.FanotifyInitFlags: what events report, and whether they ask.
    event_f_flags: flags.OpenFlags, how the files in events are opened.

    Returns its descriptor.

    Since Linux 2.6.37.
    """
    return direct.fanotify_init(flags, event_f_flags)


@documented_call
def fanotify_mark(
    fanotify_fd: Descriptor,
    flags: int,
    mask: int = 0,
    dfd: Descriptor = AT_FDCWD,
    pathname: Path | None = None,
) -> None:
    """fanotify_mark(2): say what to report events of, or no longer.

    fanotify_fd: a descriptor of fanotify_init.
    flags: flags.FanotifyMarkFlags. mask: flags.FanotifyEvents; FAN_MARK_FLUSH needs none.
    dfd: the directory that a relative path begins at. pathname: None for dfd itself.

    Returns None.

    Since Linux 2.6.37.
    """
    direct.fanotify_mark(fanotify_fd, flags, mask, dfd, pathname)


def fanotify_read(fanotify_fd: Descriptor, nbytes: int = _SIZE) -> list[FanotifyEvent]:
    """read(2) of a fanotify descriptor: the events that wait, at least one.

    fanotify_fd: the descriptor.
    nbytes: the size of the buffer in bytes; what does not fit comes next time.

    Returns a list. Each has `mask`, flags.FanotifyEvents; `fd`, an open descriptor that is yours to close, or
    FAN_NOFD; `pid`, who did it; `information`, what else fanotify_init asked for (pysys.structures.readers):
    handles and names, pidfds, which are yours to close too, errors, ranges, mounts. Those that ask
    (FAN_OPEN_PERM, ...) are answered by fanotify_respond; until then the other process waits.

    Raises the documented errors of read (pysys.errors): EAGAIN with FAN_NONBLOCK if there is none, EINVAL if
    the next does not fit. Since Linux 2.6.37.
    """
    number = descriptors.descriptor("fanotify_read: fanotify_fd", fanotify_fd)
    buffer = bytearray(integers.count("fanotify_read: nbytes", nbytes))
    found = fanotify_events(buffer, direct.read(number, buffer, nbytes))
    for one in found:
        one.mask = _flags.FanotifyEvents(one.mask)
    return found


def fanotify_respond(fanotify_fd: Descriptor, fd: int, response: int, information: Buffer = b"") -> None:
    """write(2) to a fanotify descriptor: the answer to an event that asks.

    fanotify_fd: the descriptor. fd: that of the event.
    response: flags.FanotifyResponse, FAN_ALLOW or FAN_DENY.
    information: structures.fanotify_response_info_audit_rule as bytes, for FAN_AUDIT's log.

    Returns None.

    Raises the documented errors of write (pysys.errors): ENOENT if no event with this descriptor waits.
    Since Linux 2.6.37.
    """
    number = descriptors.descriptor("fanotify_respond: fanotify_fd", fanotify_fd)
    answer = bytes(memory.made("fanotify_respond", structures.fanotify_response, fd=fd, response=response))
    answer += memory.data("fanotify_respond: information", information)
    direct.write(number, answer, len(answer))
