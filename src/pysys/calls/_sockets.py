"""Typed calls whose results are values: addresses of sockets, messages with ancillary data, options.

An address is what pysys.structures.addresses.unpack gives: ("127.0.0.1", 80), "/run/socket", b"\\0abstract".
Where a call takes one, the socket is asked of which family its addresses are. bind, connect, sendto and
setsockopt also take the kernel's form, with a length; the others have it in pysys.calls.direct only.
"""

from __future__ import annotations

import sys
from errno import EBADF, ENOTSOCK
from os import O_CLOEXEC, close, fsdecode
from struct import Struct

from pysys import errors, structures
from pysys import flags as _flags
from pysys._native import ffi, lib
from pysys.arguments import descriptors, integers, memory, text
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.doc import documented_call
from pysys.errors import ERANGE
from pysys.structures import addresses, control, messages
from pysys.structures.base import Structure
from pysys.structures.records import ReceivedMessage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike
    from typing import Any, TypeAlias

    from pysys._types import Buffer, Descriptor
    from pysys.structures import Array
    from pysys.structures.control import ControlMessage

    _Address: TypeAlias = tuple[Any, ...] | str | PathLike[Any] | Buffer | Structure
    _Buffers: TypeAlias = Iterable[Buffer | Structure | Array[Any]]
    _Option: TypeAlias = int | str | Buffer | Structure | Array[Any]
    _Reader: TypeAlias = Callable[[bytes], Any]

_ADDRESS = 128  # bytes: no address of the kernel's is longer
_CMSG_CLOEXEC = 0x40000000
_WORD = Struct("=I")
_MESSAGE, _IOVECS = ffi.typeof("struct kernel_msghdr *"), ffi.typeof("struct kernel_iovec[]")
_SIMPLE = frozenset({bytes, bytearray})


# ---- connections and addresses ----


@documented_call
def accept(fd: Descriptor) -> tuple[int, Any]:
    """accept(2): take a connection that waits. Its descriptor goes through exec; that of accept4 does not.

    fd: a socket that listens.

    Returns the new descriptor and the address of the other side, as pysys.structures.addresses.unpack gives
    it.

    Since Linux 2.0.
    """
    return _accepted(resolved.accept, fd)


@documented_call
def accept4(fd: Descriptor, flags: int = O_CLOEXEC) -> tuple[int, Any]:
    """accept4(2): take a connection that waits, or wait for one.

    fd: a socket that listens. flags: flags.SocketFlags: SOCK_CLOEXEC, SOCK_NONBLOCK.

    Returns the new descriptor and the address of the other side, as pysys.structures.addresses.unpack gives
    it: ("127.0.0.1", 40000) of AF_INET, "" of AF_UNIX if the other side has no name.

    Since Linux 2.6.28.
    """
    return _accepted(resolved.accept4, fd, flags)


@documented_call
def getsockname(fd: Descriptor) -> Any:
    """getsockname(2): the address of a socket itself.

    fd: the socket.

    Returns the address, as pysys.structures.addresses.unpack gives it: ("0.0.0.0", 0) of AF_INET and "" of
    AF_UNIX if it has none yet.

    Since Linux 2.0.
    """
    return _asked(direct.getsockname, fd)


@documented_call
def getpeername(fd: Descriptor) -> Any:
    """getpeername(2): the address of the socket at the other end.

    fd: a socket with a connection.

    Returns the address, as pysys.structures.addresses.unpack gives it.

    Raises: ENOTCONN without a connection. Since Linux 2.0.
    """
    return _asked(direct.getpeername, fd)


@documented_call
def bind(fd: Descriptor, umyaddr: _Address, addrlen: int | None = None) -> None:
    """bind(2): give a socket its own address.

    fd: the socket.
    umyaddr: the address as pysys.structures.addresses.pack takes it for the socket's family, which the
        socket is asked for; or a structure; or, except for AF_UNIX, the bytes of one.
    addrlen: how many bytes of a structure or buffer are the address; None: all, or what pack says.

    Returns None.

    Since Linux 2.0.
    """
    direct.bind(fd, *_address("bind: umyaddr", fd, umyaddr, addrlen))


@documented_call
def connect(fd: Descriptor, uservaddr: _Address, addrlen: int | None = None) -> None:
    """connect(2): connect a socket, or say where its datagrams go.

    fd: the socket.
    uservaddr: the other side's address, as for bind. structures.sockaddr(), of AF_UNSPEC, ends the
        connection of a socket for datagrams.
    addrlen: as for bind.

    Returns None.

    Raises: EINPROGRESS with SOCK_NONBLOCK, EINTR when the handler of a signal has run; the connection is
    still being made then. Since Linux 2.0.
    """
    direct.connect(fd, *_address("connect: uservaddr", fd, uservaddr, addrlen))


def _accepted(call: Callable[..., int], fd: Descriptor, *flags: int) -> tuple[int, Any]:
    space, length = _space()
    made = call(fd, space, length, *flags)
    try:
        return made, addresses.unpack(space, *_WORD.unpack(length))
    except BaseException:
        close(made)
        raise


def _asked(call: Callable[..., int], fd: Descriptor) -> Any:
    space, length = _space()
    call(fd, space, length)
    return addresses.unpack(space, *_WORD.unpack(length))


def _space() -> tuple[bytearray, bytearray]:
    """Memory for an address, and for its length."""
    return bytearray(_ADDRESS), bytearray(_WORD.pack(_ADDRESS))


def _address(title: str, fd: Descriptor, address: Any, length: int | None = None) -> tuple[Any, int]:
    """An address as the kernel takes it: memory, and how many of its bytes count."""
    if length is not None:
        return address, length
    if isinstance(address, Structure):
        return address, messages.length(address)
    family = _family(title.partition(":")[0], fd)
    if isinstance(address, bytes | bytearray | memoryview) and family != addresses.AF_UNIX:
        return address, memory.data_length(title, address)
    if type(address) is tuple and len(address) == 2 and address[0] == family and type(address[1]) is bytes:
        # As unpack gives those of a family that it does not know.
        data = family.to_bytes(2, sys.byteorder) + address[1]
        return data, len(data)
    packed: tuple[Any, int] = _renamed(addresses.pack, "address", title, family, address)
    return packed


def _family(call: str, fd: Descriptor) -> int:
    """The family of a socket's addresses."""
    family = lib.pysys_socket_domain(descriptors.descriptor(f"{call}: fd", fd))
    if family < 0:  # the call itself would have said the first two
        raise errors.error(-family, call if -family in (EBADF, ENOTSOCK) else "getsockopt")
    return family


def _renamed(made: Callable[..., Any], own: str, title: str, *args: Any) -> Any:
    """What a function of pysys.structures makes; what it refuses is named as the call's parameter."""
    try:
        return made(*args)
    except (TypeError, ValueError, OverflowError) as error:
        start, words = f"{made.__name__}: ", str(error)
        if not words.startswith(start):  # of the value's own method
            raise
        rest = words.removeprefix(start)
        rest = rest.removeprefix(own) if rest.startswith(own) else f": {rest}"
        raise type(error)(f"{title}{rest}") from None


# ---- data ----


@documented_call
def sendto(
    fd: Descriptor,
    buff: Buffer,
    len: int | None = None,
    flags: int = 0,
    addr: _Address | None = None,
    addr_len: int | None = None,
) -> int:
    """sendto(2): send data through a socket, to an address or to where it is connected.

    fd: the socket. buff: the data. len: how many of its bytes; None: all. flags: flags.MessageFlags.
    addr: where to, as umyaddr of bind; None: where the socket is connected. addr_len: as addrlen of bind.

    Returns how many bytes were sent.

    Since Linux 2.0.
    """
    if len is None:
        len = 0 if buff is None else _length("sendto: buff", buff)
    if addr is None and addr_len is None:
        return direct.sendto(fd, buff, len, flags, None, 0)
    return direct.sendto(fd, buff, len, flags, *_address("sendto: addr", fd, addr, addr_len))


@documented_call
def recvfrom(fd: Descriptor, size: int, flags: int = 0) -> tuple[bytes, Any]:
    """recvfrom(2): receive data from a socket, and say who sent it.

    fd: the socket. size: how many bytes at most; the rest of a longer datagram is lost.
    flags: flags.MessageFlags.

    Returns the bytes, and the sender's address, as pysys.structures.addresses.unpack gives it: None if the
    socket is a stream or the sender has none. No bytes are an empty datagram, or the end of a stream.

    Since Linux 2.0.
    """
    data = bytearray(integers.count("recvfrom: size", size))
    space, length = _space()
    count = resolved.recvfrom(fd, data, size, flags, space, length)
    return bytes(memoryview(data)[:count]), addresses.unpack(space, *_WORD.unpack(length))


@documented_call
def sendmsg(
    fd: Descriptor,
    buffers: _Buffers,
    messages: Iterable[ControlMessage] = (),
    flags: int = 0,
    address: _Address | None = None,
) -> int:
    """sendmsg(2): send data of several buffers and ancillary data: descriptors, credentials.

    fd: the socket. buffers: the data, one after the other.
    messages: of structures.control.ControlMessage: ControlMessage.rights([fd]). A stream needs a byte of
        data with them.
    flags: flags.MessageFlags.
    address: where to, as umyaddr of bind; None: where the socket is connected.

    Returns how many bytes of data were sent.

    Since Linux 2.0.
    """
    pieces = _pieces("sendmsg", buffers)
    ancillary = bytearray()
    if messages != ():
        ancillary = _renamed(control.build, "messages", "sendmsg: messages", messages)
    name, length = (None, 0) if address is None else _address("sendmsg: address", fd, address)
    message, held = _message(pieces, name, length, ancillary)
    try:
        return direct.sendmsg(fd, message, flags)
    finally:
        held.clear()  # not as long as an exception, which would keep the buffers from being resized


@documented_call
def recvmsg(
    fd: Descriptor,
    buffers: int | _Buffers,
    ancillary: int = 0,
    flags: int = _CMSG_CLOEXEC,
) -> ReceivedMessage:
    """recvmsg(2): receive data and ancillary data from a socket, and say who sent it.

    fd: the socket.
    buffers: how many bytes at most; or writable buffers, which are filled one after the other.
    ancillary: how much memory, in bytes, there is for ancillary data: structures.control.space(4) for a
        descriptor. Descriptors that do not fit are lost.
    flags: flags.MessageFlags. MSG_CMSG_CLOEXEC, of the default, lets exec close the descriptors that arrive.

    Returns structures.records.ReceivedMessage. Descriptors in its messages are yours to close; if this
    raises an exception, none is left open.

    Since Linux 2.0.
    """
    data = bytearray()
    if hasattr(type(buffers), "__index__"):
        data = bytearray(integers.count("recvmsg: buffers", buffers))
        pieces: list[Any] = [data]
    else:
        pieces = _pieces("recvmsg", buffers)
        for index, piece in enumerate(pieces):
            if not hasattr(piece, "cdata") and memoryview(piece).readonly:
                raise memory.read_only(f"recvmsg: buffers[{index}]", piece)
    space = bytearray(integers.count("recvmsg: ancillary", ancillary))
    name = bytearray(_ADDRESS)
    message, held = _message(pieces, name, _ADDRESS, space)
    try:
        count = direct.recvmsg(fd, message, flags)
        found = ReceivedMessage(
            count,
            bytes(memoryview(data)[:count]),
            control.parse(space, message.msg_controllen) if space else [],
            _flags.MessageFlags(message.msg_flags & 0xFFFFFFFF & ~_CMSG_CLOEXEC),
            addresses.unpack(name, message.msg_namelen),
        )
    except BaseException:
        # A handler's exception may have come between the call and its result: what has arrived is here.
        for one in control.parse(space):
            for number in one.descriptors():
                if number >= 0:
                    close(number)
        held.clear()  # likewise
        raise
    return found


def _message(pieces: list[Any], name: Any, length: int, ancillary: Any) -> tuple[Any, list[Any]]:
    """A msghdr, and what has to live as long. name: memory with an address or for one, of this length.

    Where each piece is bytes or a bytearray, there is nothing to find out about the memory, and CFFI's own
    structure does, which takes a tenth of the time.
    """
    if not _SIMPLE.issuperset(map(type, pieces)):
        made = structures.msghdr.over(pieces, control=ancillary or None)
        made.msg_name, made.msg_namelen = name, length
        return made, []
    held = [ffi.from_buffer(one) for one in pieces]
    iov = ffi.new(_IOVECS, [(one, len(one)) for one in held])
    message = ffi.new(_MESSAGE)
    message.msg_iov, message.msg_iovlen = iov, len(held)
    if name is not None:
        where = name.cdata if isinstance(name, Structure) else ffi.from_buffer(name)
        message.msg_name, message.msg_namelen = where, length
        held.append(where)
    if ancillary:
        where = ffi.from_buffer(ancillary)
        message.msg_control, message.msg_controllen = where, len(where)
        held.append(where)
    held.append(iov)
    return message, held


def _pieces(call: str, buffers: Any) -> list[Any]:
    if isinstance(buffers, Structure):
        kind = type(buffers).__name__
        raise TypeError(
            f"{call}: buffers must be an iterable of buffers, not {kind}; direct.{call} takes a msghdr"
        )
    return messages.checked(f"{call}: buffers", buffers)


def _length(title: str, value: Any) -> int:
    if hasattr(value, "cdata"):
        return messages.length(value)
    return memory.data_length(title, value)


# ---- options ----


@documented_call
def getsockopt(fd: Descriptor, level: int, optname: int, optlen: int | None = None) -> Any:
    """getsockopt(2): the value of a socket's option.

    fd: the socket. level: flags.SocketLevel. optname: flags.SocketOption for SOL_SOCKET.
    optlen: how many bytes of memory there are for the value; None: what it needs.

    Returns the bytes that the kernel wrote, with optlen. Without it an int, if the option has the size of
    one; structures.ucred of SO_PEERCRED, structures.linger of SO_LINGER, structures.timeval (timeval32 on
    ABIs with 32 bits) of SO_RCVTIMEO and SO_SNDTIMEO, structures.sock_timeval of SO_RCVTIMEO_NEW and
    SO_SNDTIMEO_NEW, structures.tcp_info of TCP_INFO, with zeros in fields that this kernel lacks, an array of
    structures.sock_filter of SO_GET_FILTER; a str of SO_BINDTODEVICE, SO_PEERSEC, TCP_CONGESTION and TCP_ULP;
    a tuple of ints of SO_PEERGROUPS and SO_MEMINFO; else bytes. The int of SO_PEERPIDFD is a descriptor,
    yours to close, which exec closes too.

    Since Linux 2.0.
    """
    level, optname = (
        integers.signed("getsockopt: level", level),
        integers.signed("getsockopt: optname", optname),
    )
    size, value = (_known or _options()).get((level, optname), _OTHER)
    if optlen is not None:
        size = integers.count("getsockopt: optlen", optlen)
    scale = 8 if value is _filter else 1  # its size is a number of instructions
    factor = 8 if optlen is None else scale  # so that C need not look which option it is
    while True:
        space = bytearray(size * factor)
        length = bytearray(_WORD.pack(size))
        try:
            direct.getsockopt(fd, level, optname, space, length)
        except ERANGE:  # a security label, groups: how much it is, is there now
            if optlen is not None or _WORD.unpack(length)[0] <= size:
                raise
            size = _WORD.unpack(length)[0]
            continue
        found = bytes(memoryview(space)[: _WORD.unpack(length)[0] * scale])
        return value(found) if optlen is None else found


@documented_call
def setsockopt(
    fd: Descriptor,
    level: int,
    optname: int,
    optval: _Option | None,
    optlen: int | None = None,
) -> None:
    """setsockopt(2): set a socket's option.

    fd: the socket. level: flags.SocketLevel. optname: flags.SocketOption for SOL_SOCKET.
    optval: an int, which is passed as 32 bits; a structure, as getsockopt gives it; a str, for a name; bytes
        or another buffer.
    optlen: how many bytes of a structure or buffer are the value; None: all.

    Returns None.

    Since Linux 2.0.
    """
    if optlen is None:
        optval, optlen = _option(optval)
    direct.setsockopt(fd, level, optname, optval, optlen)  # type: ignore[arg-type]  # an int, which it refuses


def _option(value: Any) -> tuple[Any, int]:
    """The value of an option as the kernel takes it, and how many bytes it has."""
    if type(value) is int and 0 <= value <= 0xFFFFFFFF:
        return _WORD.pack(value), _WORD.size
    title = "setsockopt: optval"
    if value is None:
        return None, 0
    if hasattr(type(value), "__index__"):
        value = _WORD.pack(integers.within(title, value, integers.NARROW) & 0xFFFFFFFF)
    elif isinstance(value, str):
        value = text.encoded(title, value)
    elif not hasattr(value, "cdata"):
        try:
            memoryview(value).release()
        except TypeError:
            kind = type(value).__name__
            raise TypeError(f"{title} must be an int, a str, a structure or a buffer, not {kind}") from None
    return value, _length(title, value)


# ---- what options are ----

_OPTION = 1024  # bytes: what the kernel has is rarely longer
_FILTER = 4096  # instructions: the longest there are
_IPPROTO_IP, _IPPROTO_TCP, _SOL_NETLINK = 0, 6, 270


def _plain(data: bytes) -> int | bytes:
    return _int(data) if len(data) == _WORD.size else data


def _int(data: bytes) -> int:
    return int.from_bytes(data, sys.byteorder, signed=True)


def _unsigned(data: bytes) -> int:
    return int.from_bytes(data, sys.byteorder)


def _bytes(data: bytes) -> bytes:
    return data


def _name(data: bytes) -> str:
    return fsdecode(data.partition(b"\0")[0])


def _words(data: bytes) -> tuple[int, ...]:
    return tuple(word for (word,) in _WORD.iter_unpack(data[: len(data) // _WORD.size * _WORD.size]))


def _credentials(data: bytes) -> Structure:
    return structures.ucred.from_bytes(data)


def _linger(data: bytes) -> Structure:
    return structures.linger.from_bytes(data)


def _limit(data: bytes) -> Structure:
    wide = len(data) == structures.timeval.nbytes
    return (structures.timeval if wide else structures.timeval32).from_bytes(data)


def _wide_limit(data: bytes) -> Structure:
    return structures.sock_timeval.from_bytes(data)


def _tcp_info(data: bytes) -> Structure:
    """Older kernels write less of it, newer ones perhaps more."""
    size = structures.tcp_info.nbytes
    return structures.tcp_info.from_bytes(data[:size].ljust(size, b"\0"))


def _filter(data: bytes) -> Array[structures.sock_filter]:
    one = structures.sock_filter.nbytes
    return structures.sock_filter.array(
        [structures.sock_filter.from_bytes(data[start:]) for start in range(0, len(data), one)]
    )


_OTHER: tuple[int, _Reader] = _OPTION, _plain
# Of SOL_SOCKET, whose numbers differ between ABIs: how much memory they get, and what they are.
_OF_SOCKETS: dict[str, tuple[int, _Reader]] = {
    "SO_BINDTODEVICE": (_OPTION, _name),
    "SO_COOKIE": (8, _unsigned),
    "SO_GET_FILTER": (_FILTER, _filter),
    "SO_LINGER": (_OPTION, _linger),
    "SO_MAX_PACING_RATE": (8, _unsigned),
    "SO_MEMINFO": (_OPTION, _words),
    "SO_NETNS_COOKIE": (8, _unsigned),
    "SO_PEERCRED": (_OPTION, _credentials),
    "SO_PEERGROUPS": (_OPTION, _words),
    "SO_PEERSEC": (_OPTION, _name),
    "SO_RCVTIMEO": (_OPTION, _limit),
    "SO_RCVTIMEO_NEW": (_OPTION, _wide_limit),
    "SO_SNDTIMEO": (_OPTION, _limit),
    "SO_SNDTIMEO_NEW": (_OPTION, _wide_limit),
    # With more memory, flags and the clock of a device.
    "SO_TIMESTAMPING": (_WORD.size, _int),
    "SO_TIMESTAMPING_NEW": (_WORD.size, _int),
}
_OF_OTHERS: dict[tuple[int, int], tuple[int, _Reader]] = {
    (_IPPROTO_IP, 32): (_OPTION, _bytes),  # IP_MULTICAST_IF: an address
    (_IPPROTO_TCP, 11): (_OPTION, _tcp_info),  # TCP_INFO
    (_IPPROTO_TCP, 13): (_OPTION, _name),  # TCP_CONGESTION
    (_IPPROTO_TCP, 31): (_OPTION, _name),  # TCP_ULP
    (_SOL_NETLINK, 9): (_OPTION, _words),  # NETLINK_LIST_MEMBERSHIPS: a bitmap
}
_known: dict[tuple[int, int], tuple[int, _Reader]] = {}


def _options() -> dict[tuple[int, int], tuple[int, _Reader]]:
    """What is known of options, by level and number on this ABI."""
    if not _known:
        level, numbers = control.socket_level(), _flags.SocketOption.__members__
        _known.update(
            {**_OF_OTHERS, **{(level, int(numbers[name])): known for name, known in _OF_SOCKETS.items()}}
        )
    return _known
