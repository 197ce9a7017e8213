"""Ancillary data of sendmsg and recvmsg: control messages, one after the other."""

from __future__ import annotations

from struct import Struct

from pysys._native import ABI_NAME
from pysys.arguments import descriptors as fds
from pysys.arguments import integers, iterables, memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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

_SOL_SOCKET = 1
_SCM_RIGHTS, _SCM_CREDENTIALS, _SCM_PIDFD = 1, 2, 4
_HEADER = Struct("@Nii")  # cmsg_len, cmsg_level, cmsg_type
_INT = Struct("=i")
_CREDENTIALS = Struct("=iII")
_WORD = Struct("@N").size


class ControlMessage:
    """A control message: level, type, and the bytes after the header."""

    __slots__ = ("data", "level", "type")

    def __init__(self, level: int, type: int, data: Buffer) -> None:
        self.level = integers.signed("ControlMessage: level", level)
        self.type = integers.signed("ControlMessage: type", type)
        self.data = memory.data("ControlMessage: data", data)

    @classmethod
    def rights(cls, descriptors: Iterable[Descriptor]) -> ControlMessage:
        """SCM_RIGHTS: these descriptors."""
        title = "ControlMessage.rights: descriptors"
        found = enumerate(iterables.items(title, descriptors, "descriptors"))
        numbers = [fds.descriptor(f"{title}[{index}]", one) for index, one in found]
        return cls(socket_level(), _SCM_RIGHTS, b"".join(map(_INT.pack, numbers)))

    @classmethod
    def credentials(cls, pid: int, uid: int, gid: int) -> ControlMessage:
        """SCM_CREDENTIALS: who sends."""
        title = "ControlMessage.credentials"
        ids = integers.unsigned(f"{title}: uid", uid), integers.unsigned(f"{title}: gid", gid)
        data = _CREDENTIALS.pack(integers.signed(f"{title}: pid", pid), *ids)
        return cls(socket_level(), _SCM_CREDENTIALS, data)

    def descriptors(self) -> list[int]:
        """The descriptors that SCM_RIGHTS or SCM_PIDFD brought, the receiver's to close; else none."""
        if self.level != socket_level() or self.type not in (_SCM_RIGHTS, _SCM_PIDFD):
            return []
        full = len(self.data) // _INT.size * _INT.size
        return [number for (number,) in _INT.iter_unpack(self.data[:full])]

    def sender(self) -> tuple[int, int, int] | None:
        """Process, user and group of SCM_CREDENTIALS; None for any other message."""
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

    __hash__ = None  # type: ignore[assignment]  # it has none

    def __repr__(self) -> str:
        return f"ControlMessage({self.level}, {self.type}, {self.data!r})"


def socket_level() -> int:
    """SOL_SOCKET, which is not 1 everywhere."""
    return _SOL_SOCKET if _usual() else 0xFFFF


def _usual() -> bool:
    return not ABI_NAME.startswith(("alpha", "mips", "parisc", "sparc"))


def _aligned(size: int) -> int:
    return (size + _WORD - 1) // _WORD * _WORD


def length(size: int) -> int:
    """cmsg_len of a message with size bytes of data: CMSG_LEN."""
    return _aligned(_HEADER.size) + integers.count("length: size", size)


def space(size: int) -> int:
    """How many bytes a message with size bytes of data takes in the buffer: CMSG_SPACE."""
    return _aligned(_HEADER.size) + _aligned(integers.count("space: size", size))


def build(messages: Iterable[ControlMessage]) -> bytearray:
    """The messages as sendmsg takes them."""
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
    """The messages in the first count bytes (msg_controllen, after recvmsg). One that was cut off
    (MSG_CTRUNC) has the data that is there."""
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
