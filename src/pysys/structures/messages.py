"""iovec and msghdr from Python's buffers."""

from __future__ import annotations

from pysys.arguments import iterables, memory
from pysys.structures.base import Structure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Self

    from typing_extensions import Buffer

    from pysys.structures.base import Address, Array


class Iovec(Structure):
    """A piece of memory: where it is and how many bytes it has."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def iov_base(self) -> int: ...
        @iov_base.setter
        def iov_base(self, value: Address) -> None: ...

        iov_len: int

    @classmethod
    def over(cls, buffers: Iterable[Buffer | Structure | Array[Any]]) -> Array[Self]:
        """Pieces of memory as readv(2), writev(2) and the like take them.

        buffers: an iterable of buffers, structures and arrays, writable where the call writes.

        Returns an Array with an iovec for each, which keeps the buffers alive. Raises TypeError for what is
        not a buffer.
        """
        found = checked("iovec.over: buffers", buffers)
        return cls.array([{"iov_base": buffer, "iov_len": length(buffer)} for buffer in found])


class Msghdr(Structure):
    """What sendmsg sends, and where recvmsg puts what it receives."""

    __slots__ = ()

    @classmethod
    def over(
        cls,
        buffers: Iterable[Buffer | Structure | Array[Any]] = (),
        *,
        name: Buffer | Structure | None = None,
        control: Buffer | None = None,
        flags: int = 0,
    ) -> Self:
        """A message as sendmsg(2) and recvmsg(2) take it.

        buffers: an iterable of buffers with the data, or with memory for it.
        name: the address of the other side (see pysys.structures.addresses), or memory for it.
        control: ancillary data (see pysys.structures.control), or memory for it.
        flags: msg_flags, which the kernel sets.

        Returns the msghdr, which keeps them alive. Raises TypeError for what is not a buffer.
        """
        for title, one in (("msghdr.over: name", name), ("msghdr.over: control", control)):
            if one is not None and not hasattr(one, "cdata"):
                memory.data_length(title, one)
        pieces = cls._other("iovec").over(checked("msghdr.over: buffers", buffers))
        return cls(
            msg_name=name,
            msg_namelen=0 if name is None else length(name),
            msg_iov=pieces,
            msg_iovlen=len(pieces),
            msg_control=control,
            msg_controllen=0 if control is None else length(control),
            msg_flags=flags,
        )


def checked(title: str, buffers: Iterable[Buffer | Structure | Array[Any]]) -> list[Any]:
    """The buffers in a list. Another item is refused with its index. title: the parameter in messages."""
    found = iterables.items(title, buffers, "buffers")
    for index, one in enumerate(found):
        if not hasattr(one, "cdata") and not isinstance(one, (bytes, bytearray)):
            memory.data_length(f"{title}[{index}]", one)
    return found


def length(value: Buffer | Structure | Array[Any]) -> int:
    """How many bytes there are."""
    if isinstance(value, Structure):
        return value._extent if value._tail else value._size
    if hasattr(value, "cdata"):
        return len(bytes(value))
    with memoryview(value) as view:
        return view.nbytes
