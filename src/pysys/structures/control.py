"""Ancillary data of sendmsg and recvmsg: control messages, one after the other."""

from __future__ import annotations

from struct import Struct

from pysys._native import lib
from pysys.arguments import descriptors as fds
from pysys.arguments import integers, iterables, memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar

    from typing_extensions import Buffer

    from pysys._types import Descriptor

__all__ = [
    "ControlMessage",
    "build",
    "length",
    "parse",
    "socket_level",
    "space",
]

_SCM_RIGHTS, _SCM_CREDENTIALS, _SCM_PIDFD = 1, 2, 4
_HEADER = Struct("@Nii")  # cmsg_len, cmsg_level, cmsg_type
_INT = Struct("=i")
_CREDENTIALS = Struct("=iII")
_WORD = Struct("@N").size


class ControlMessage:
    """A control message of sendmsg(2) and recvmsg(2).

    level: flags.SocketLevel, for SCM_RIGHTS and the like that of socket_level(). type: of the message, a
    number. data: the bytes after the header.

    Raises TypeError and OverflowError for what does not fit.
    """

    __slots__ = ("data", "level", "type")

    def __init__(self, level: int, type: int, data: Buffer) -> None:
        self.level: int = integers.signed("ControlMessage: level", level)
        self.type: int = integers.signed("ControlMessage: type", type)
        self.data: bytes = memory.data("ControlMessage: data", data)

    @classmethod
    def rights(cls, descriptors: Iterable[Descriptor]) -> ControlMessage:
        """The message with SCM_RIGHTS, which gives the receiver copies of descriptors.

        descriptors: ints or objects with fileno(), at most 253.

        Returns a ControlMessage. Raises TypeError and ValueError for what is not a descriptor.
        """
        title = "ControlMessage.rights: descriptors"
        found = enumerate(iterables.items(title, descriptors, "descriptors"))
        numbers = [fds.descriptor(f"{title}[{index}]", one) for index, one in found]
        return cls(socket_level(), _SCM_RIGHTS, b"".join(map(_INT.pack, numbers)))

    @classmethod
    def credentials(cls, pid: int, uid: int, gid: int) -> ControlMessage:
        """The message with SCM_CREDENTIALS, which says who sends.

        pid, uid, gid: of the sender; others than its own need CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID.

        Returns a ControlMessage. Raises TypeError and OverflowError for what is not an id.
        """
        title = "ControlMessage.credentials"
        ids = integers.unsigned(f"{title}: uid", uid), integers.unsigned(f"{title}: gid", gid)
        data = _CREDENTIALS.pack(integers.signed(f"{title}: pid", pid), *ids)
        return cls(socket_level(), _SCM_CREDENTIALS, data)

    def descriptors(self) -> list[int]:
        """The descriptors that SCM_RIGHTS or SCM_PIDFD brought.

        Returns a list of ints, which the caller has to close; an empty one for any other message.
        """
        if self.level != socket_level() or self.type not in (_SCM_RIGHTS, _SCM_PIDFD):
            return []
        full = len(self.data) // _INT.size * _INT.size
        return [number for (number,) in _INT.iter_unpack(self.data[:full])]

    def sender(self) -> tuple[int, int, int] | None:
        """The sender that SCM_CREDENTIALS names.

        Returns the ids of process, user and group, or None for any other message.
        """
        if (
            self.level != socket_level()
            or self.type != _SCM_CREDENTIALS
            or len(self.data) < _CREDENTIALS.size
        ):
            return None
        pid, uid, gid = _CREDENTIALS.unpack_from(self.data)
        return pid, uid, gid

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ControlMessage):
            return NotImplemented
        return (self.level, self.type, self.data) == (other.level, other.type, other.data)

    __hash__: ClassVar[None]  # type: ignore[assignment]  # it has none

    def __repr__(self) -> str:
        return f"ControlMessage({self.level}, {self.type}, {self.data!r})"


def socket_level() -> int:
    """The level of SCM_RIGHTS and the like, SOL_SOCKET on this ABI.

    Returns 1, or 0xFFFF on alpha, mips, parisc and sparc.
    """
    return lib.SOL_SOCKET


def _aligned(size: int) -> int:
    return (size + _WORD - 1) // _WORD * _WORD


def length(size: int) -> int:
    """cmsg_len of a message, C's CMSG_LEN.

    size: how many bytes of data it has.

    Returns a number of bytes. Raises TypeError and ValueError for what is not a size.
    """
    return _aligned(_HEADER.size) + integers.count("length: size", size)


def space(size: int) -> int:
    """How much of the buffer a message takes, C's CMSG_SPACE.

    size: how many bytes of data it has.

    Returns a number of bytes. Raises TypeError and ValueError for what is not a size.
    """
    return _aligned(_HEADER.size) + _aligned(integers.count("space: size", size))


def build(messages: Iterable[ControlMessage]) -> bytearray:
    """The messages as sendmsg(2) takes them.

    messages: an iterable of ControlMessage.

    Returns a bytearray, for structures.msghdr.over(control=...). Raises TypeError for anything else.
    """
    made = bytearray()
    for index, message in enumerate(iterables.items("build: messages", messages, "ControlMessage")):
        if not isinstance(message, ControlMessage):
            kind = type(message).__name__
            raise TypeError(f"build: messages[{index}] must be a ControlMessage, not {kind}")
        start = len(made)
        made += bytes(space(len(message.data)))
        _HEADER.pack_into(made, start, length(len(message.data)), message.level, message.type)
        first = start + _aligned(_HEADER.size)
        made[first : first + len(message.data)] = message.data
    return made


def parse(buffer: Buffer, count: int | None = None) -> list[ControlMessage]:
    """The messages that recvmsg(2) wrote. One that was cut off (MSG_CTRUNC) has the data that is there.

    buffer: that the call was given. count: how many of its bytes are filled, msg_controllen after the call;
        None: all.

    Returns a list of ControlMessage. Raises TypeError or ValueError for what is not a buffer or a count.
    """
    raw = memory.filled("parse", buffer, count)
    found = []
    start = 0
    while start + _HEADER.size <= len(raw):
        size, level, kind = _HEADER.unpack_from(raw, start)
        if size < _HEADER.size:
            break
        found.append(ControlMessage(level, kind, raw[start + _aligned(_HEADER.size) : start + size]))
        start += _aligned(size)
    return found


def __dir__() -> list[str]:
    return __all__
