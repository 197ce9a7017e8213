"""What the kernel writes one after the other into a buffer: directory entries, inotify and fanotify events.

Each reader takes the buffer and how many of its bytes the call has filled (None: all), and gives a list. A
record that is cut off, which the kernel does not write, is a ValueError.
"""

from __future__ import annotations

from struct import Struct

from pysys.arguments.memory import filled
from pysys.structures.build import build, describe
from pysys.structures.records import (
    DirectoryEntry,
    FanotifyError,
    FanotifyEvent,
    FanotifyFid,
    FanotifyMount,
    FanotifyPidfd,
    FanotifyRange,
    FanotifyUnknown,
    InotifyEvent,
    Record,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Buffer

__all__ = [
    "DirectoryEntry",
    "FanotifyError",
    "FanotifyEvent",
    "FanotifyFid",
    "FanotifyMount",
    "FanotifyPidfd",
    "FanotifyRange",
    "FanotifyUnknown",
    "InotifyEvent",
    "Record",
    "dirents",
    "dirents64",
    "fanotify_events",
    "inotify_events",
]


_DIRENT64 = Struct("@QqHB")
_INOTIFY = Struct("@iIII")
_FANOTIFY = Struct("=IBBHQii")
_INFORMATION = Struct("=BBH")
_FSID = Struct("=ii")
_FID_HEAD = _INFORMATION.size + _FSID.size
_HANDLE = Struct("=Ii")


def _require_complete(raw: bytes, start: int, size: int, least: int) -> None:
    if size < least or start + size > len(raw):
        raise ValueError(f"the record at byte {start} of {len(raw)} is cut off")


def dirents64(buffer: Buffer, count: int | None = None) -> list[DirectoryEntry]:
    """getdents64(2): the entries that it wrote.

    buffer: that the call was given. count: how many of its bytes are filled, the call's result; None: all.

    Returns a list of DirectoryEntry. Raises ValueError if an entry is cut off. Since Linux 2.4.
    """
    raw = filled("dirents64", buffer, count)
    found = []
    start = 0
    while start < len(raw):
        _require_complete(raw, start, _DIRENT64.size, 0)
        ino, off, size, kind = _DIRENT64.unpack_from(raw, start)
        _require_complete(raw, start, size, _DIRENT64.size)
        name = raw[start + _DIRENT64.size : start + size].partition(b"\0")[0]
        found.append(DirectoryEntry(ino, off, kind, name))
        start += size
    return found


def dirents(buffer: Buffer, count: int | None = None) -> list[DirectoryEntry]:
    """getdents(2): the entries that it wrote, which have the type in their last byte.

    buffer: that the call was given. count: how many of its bytes are filled, the call's result; None: all.

    Returns a list of DirectoryEntry. Raises ValueError if an entry is cut off. Since Linux 2.0.
    """
    ino_field, _, size_field, name_field = describe("linux_dirent")
    letter = {4: "I", 8: "Q"}[ino_field.nbytes]
    head = Struct(f"={letter}{letter}H")
    assert size_field.offset + size_field.nbytes == name_field.offset == head.size
    raw = filled("dirents", buffer, count)
    found = []
    start = 0
    while start < len(raw):
        _require_complete(raw, start, head.size, 0)
        ino, off, size = head.unpack_from(raw, start)
        _require_complete(raw, start, size, head.size + 2)
        name = raw[start + head.size : start + size - 1].partition(b"\0")[0]
        found.append(DirectoryEntry(ino, off, raw[start + size - 1], name))
        start += size
    return found


def inotify_events(buffer: Buffer, count: int | None = None) -> list[InotifyEvent]:
    """read(2) of a descriptor of inotify_init1: the events that it wrote.

    buffer: that the call was given. count: how many of its bytes are filled, the call's result; None: all.

    Returns a list of InotifyEvent. Raises ValueError if an event is cut off. Since Linux 2.6.13.
    """
    raw = filled("inotify_events", buffer, count)
    found = []
    start = 0
    while start < len(raw):
        _require_complete(raw, start, _INOTIFY.size, 0)
        wd, mask, cookie, length = _INOTIFY.unpack_from(raw, start)
        _require_complete(raw, start, _INOTIFY.size + length, 0)
        name = raw[start + _INOTIFY.size : start + _INOTIFY.size + length].partition(b"\0")[0]
        found.append(InotifyEvent(wd, mask, cookie, name))
        start += _INOTIFY.size + length
    return found


def fanotify_events(buffer: Buffer, count: int | None = None) -> list[FanotifyEvent]:
    """read(2) of a descriptor of fanotify_init: the events that it wrote.

    buffer: that the call was given. count: how many of its bytes are filled, the call's result; None: all.

    Returns a list of FanotifyEvent. The descriptors in it are the caller's to close. Raises ValueError if an
    event is cut off, or of a format that is not known. Since Linux 2.6.37.
    """
    raw = filled("fanotify_events", buffer, count)
    found = []
    start = 0
    while start < len(raw):
        _require_complete(raw, start, _FANOTIFY.size, 0)
        size, version, _, head, mask, fd, pid = _FANOTIFY.unpack_from(raw, start)
        if version != 3:
            raise ValueError(f"fanotify's format {version} is not known here")
        _require_complete(raw, start, min(head, size), _FANOTIFY.size)
        _require_complete(raw, start, size, head)
        information = tuple(_information(raw[start + head : start + size]))
        found.append(FanotifyEvent(mask, fd, pid, information))
        start += size
    return found


def _information(raw: bytes) -> list[Record]:
    found = []
    start = 0
    while start < len(raw):
        _require_complete(raw, start, _INFORMATION.size, 0)
        kind, _, size = _INFORMATION.unpack_from(raw, start)
        _require_complete(raw, start, size, _INFORMATION.size)
        found.append(_INFORMATION_KINDS.get(kind, _unknown)(kind, raw[start : start + size]))
        start += size
    return found


def _unknown(kind: int, raw: bytes) -> Record:
    return FanotifyUnknown(kind, raw[_INFORMATION.size :])


def _fid(kind: int, raw: bytes) -> Record:
    _require_complete(raw, 0, len(raw), _FID_HEAD + _HANDLE.size)
    fsid = _FSID.unpack_from(raw, _INFORMATION.size)
    size = _HANDLE.size + _HANDLE.unpack_from(raw, _FID_HEAD)[0]
    _require_complete(raw, _FID_HEAD, size, _HANDLE.size)
    handle = build("file_handle").from_bytes(raw[_FID_HEAD : _FID_HEAD + size])
    name = raw[_FID_HEAD + size :].partition(b"\0")[0] if kind in (2, 10, 12) else b""
    return FanotifyFid(kind, fsid, handle, name)


def _numbers(made: type[Record], layout: str) -> Any:
    values = Struct(layout)

    def read(kind: int, raw: bytes) -> Record:
        _require_complete(raw, 0, len(raw), _INFORMATION.size + values.size)
        return made(*values.unpack_from(raw, _INFORMATION.size))

    return read


# By FAN_EVENT_INFO_TYPE_*.
_INFORMATION_KINDS: dict[int, Any] = {
    1: _fid,
    2: _fid,
    3: _fid,
    4: _numbers(FanotifyPidfd, "=i"),
    5: _numbers(FanotifyError, "=iI"),
    6: _numbers(FanotifyRange, "=4xQQ"),
    7: _numbers(FanotifyMount, "=Q"),
    10: _fid,
    12: _fid,
}


def __dir__() -> list[str]:
    return __all__
