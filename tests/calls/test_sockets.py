"""Sockets: addresses, data, messages with ancillary data, and options as values."""

from __future__ import annotations

import array
import ctypes
import os
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import leftovers
import pytest
from interrupted import at_each_point
from isolated import open_descriptors
from skips import skipped_if

from pysys import calls, errors, structures, syscall
from pysys.calls import _sockets, direct
from pysys.calls._make import in_python
from pysys.flags import (
    AF_INET,
    AF_INET6,
    AF_NETLINK,
    AF_UNIX,
    IPPROTO_TCP,
    MSG_CTRUNC,
    MSG_DONTWAIT,
    MSG_PEEK,
    MSG_TRUNC,
    SO_ATTACH_FILTER,
    SO_BINDTODEVICE,
    SO_COOKIE,
    SO_DOMAIN,
    SO_ERROR,
    SO_GET_FILTER,
    SO_KEEPALIVE,
    SO_LINGER,
    SO_MEMINFO,
    SO_PASSCRED,
    SO_PEERCRED,
    SO_PEERGROUPS,
    SO_PEERPIDFD,
    SO_PROTOCOL,
    SO_RCVTIMEO,
    SO_RCVTIMEO_NEW,
    SO_SNDBUF,
    SO_TYPE,
    SOCK_CLOEXEC,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_RAW,
    SOCK_STREAM,
    SOL_SOCKET,
    TCP_INFO,
)
from pysys.structures import addresses, control
from pysys.structures.control import ControlMessage

isolated = pytest.mark.isolated

TCP_CONGESTION = 13
loose: Any = calls  # for arguments of wrong types


@contextmanager
def sockets(family: int, kind: int, count: int = 1) -> Iterator[list[int]]:
    """New sockets of a family, closed at the end."""
    made: list[int] = []
    try:
        for _ in range(count):
            with skipped_if(errors.EAFNOSUPPORT):
                made.append(calls.socket(family, kind | SOCK_CLOEXEC, 0))
        yield made
    finally:
        for fd in made:
            os.close(fd)


@contextmanager
def pair(kind: int = SOCK_DGRAM) -> Iterator[tuple[int, int]]:
    one, other = calls.socketpair(AF_UNIX, kind | SOCK_CLOEXEC)
    try:
        yield one, other
    finally:
        os.close(one)
        os.close(other)


def name_of(kind: str, folder: Path) -> tuple[int, Any]:
    """A family, and an address of it to bind to."""
    return {
        "path": (AF_UNIX, str(folder / "name")),
        "longest path": (AF_UNIX, "n" * 108),
        "abstract": (AF_UNIX, b"\0" + leftovers.name().encode()),
        "abstract, with null bytes": (AF_UNIX, b"\0" + leftovers.name().encode() + b"\0\0"),
        "inet": (AF_INET, ("127.0.0.1", 0)),
        "inet6": (AF_INET6, ("::1", 0, 0, 0)),
    }[kind]


NAMES = ["path", "longest path", "abstract", "abstract, with null bytes", "inet", "inet6"]


def same(found: Any, wanted: Any) -> bool:
    """Whether an address is the one that was asked for; its port was free to choose."""
    if isinstance(wanted, tuple):
        return bool(found[1] > 0 and (found[0], *found[2:]) == (wanted[0], *wanted[2:]))
    return bool(found == wanted)


# ---- connections and addresses ----


@pytest.mark.parametrize("kind", NAMES)
def test_a_connection(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What getsockname answers is what connect takes, of every family; both ends have their names."""
    monkeypatch.chdir(tmp_path)
    family, wanted = name_of(kind, tmp_path)
    with sockets(family, SOCK_STREAM, 2) as (server, client):
        with skipped_if(errors.EADDRNOTAVAIL):
            calls.bind(server, wanted)
        calls.listen(server, 1)
        there = calls.getsockname(server)
        assert same(there, wanted)
        calls.connect(client, there)
        peer, address = calls.accept4(server)
        try:
            assert address == calls.getsockname(client) == calls.getpeername(peer)
            assert calls.getpeername(client) == there == calls.getsockname(peer)
            assert calls.sendto(client, b"hello") == 5
            assert calls.recvfrom(peer, 10) == (b"hello", None)
        finally:
            os.close(peer)


@pytest.mark.parametrize("kind", NAMES)
def test_datagrams(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """sendto and sendmsg take an address, recvfrom and recvmsg say the sender's, which an answer goes to."""
    monkeypatch.chdir(tmp_path)
    family, wanted = name_of(kind, tmp_path)
    with sockets(family, SOCK_DGRAM, 2) as (server, client):
        with skipped_if(errors.EADDRNOTAVAIL):
            calls.bind(server, wanted)
        there = calls.getsockname(server)
        calls.bind(client, name_of("abstract", tmp_path)[1] if family == AF_UNIX else wanted)
        assert calls.sendto(client, b"question", addr=there) == 8
        assert calls.recvfrom(server, 5) == (b"quest", calls.getsockname(client))
        assert calls.sendmsg(client, [b"again", b"!"], address=there) == 6
        found = calls.recvmsg(server, 20)
        assert (found.data, found.address) == (b"again!", calls.getsockname(client))
        calls.sendto(server, b"answer", None, 0, found.address)
        assert calls.recvfrom(client, 20) == (b"answer", there)


def test_the_kernels_form() -> None:
    """Structures and buffers with a length are taken as they are, where nothing but an int is answered."""
    with sockets(AF_INET, SOCK_DGRAM, 3) as (one, two, three):
        calls.bind(one, *addresses.pack(AF_INET, ("127.0.0.1", 0)))
        there, length = addresses.pack(AF_INET, calls.getsockname(one))
        assert calls.sendto(two, b"abcdef", 3, 0, there, length) == 3
        assert calls.sendto(two, b"abcdef", 4, 0, bytes(there)) == 4
        calls.connect(two, there, length)
        calls.connect(three, bytes(there))
        assert calls.sendto(two, b"abcdef", 5) == 5
        assert calls.sendmsg(three, [b"abcdef"], address=there) == 6
        assert [len(calls.recvfrom(one, 10)[0]) for _ in range(4)] == [3, 4, 5, 6]
        with pytest.raises(errors.EINVAL):
            calls.connect(two, there, 8)
        calls.connect(two, structures.sockaddr())
        with pytest.raises(errors.ENOTCONN):
            calls.getpeername(two)
        calls.setsockopt(two, SOL_SOCKET, SO_KEEPALIVE, array.array("i", [1]), 4)
        assert calls.getsockopt(two, SOL_SOCKET, SO_KEEPALIVE) == 1
    with sockets(AF_UNIX, SOCK_STREAM) as (one,):
        calls.bind(one, *addresses.pack(AF_UNIX, name := f"\0{leftovers.name()}"))
        assert calls.getsockname(one) == name.encode()


def test_a_name_that_the_kernel_chooses() -> None:
    """An empty path asks for one; a socket that has none says so."""
    with sockets(AF_UNIX, SOCK_DGRAM) as (one,):
        assert calls.getsockname(one) == ""
        calls.bind(one, "")
        assert calls.getsockname(one).startswith(b"\0")
        with pytest.raises(errors.ENOTCONN):
            calls.getpeername(one)
    with sockets(AF_INET, SOCK_DGRAM) as (one,):
        assert calls.getsockname(one) == ("0.0.0.0", 0)


def test_netlink() -> None:
    """A netlink socket's address is a port and groups; the kernel is port 0, and answers from there."""
    with sockets(AF_NETLINK, SOCK_RAW) as (one,):
        calls.bind(one, (0, 0))
        port, groups = calls.getsockname(one)
        assert port > 0 and groups == 0
        # An unknown kind of request, NLM_F_REQUEST | NLM_F_ACK: the answer is an error with the request.
        request = struct.pack("=IHHII", 20, 0xFFF0, 5, 7, 0) + bytes(4)
        calls.sendto(one, request, addr=(0, 0))
        data, sender = calls.recvfrom(one, 4096)
        assert struct.unpack_from("=IHHII", data)[1:4:2] == (2, 7) and sender == (0, 0)


def test_a_family_that_is_not_known_here() -> None:
    """Its addresses are (family, bytes), and go back to the kernel, which judges them."""
    for family in (30, 33, 44, 29, 31):  # TIPC, RXRPC, XDP, CAN, Bluetooth
        for kind in (SOCK_DGRAM, SOCK_RAW):
            try:
                one = calls.socket(family, kind | SOCK_CLOEXEC, 0)
            except OSError:
                continue
            try:
                with pytest.raises(ValueError, match=f"^bind: umyaddr: family: .* of family {family}$"):
                    calls.bind(one, ("a", 1))
                with pytest.raises(errors.SyscallError, match="from bind"):
                    calls.bind(one, (family, b""))
            finally:
                os.close(one)
            return
    pytest.skip("this kernel makes no sockets of TIPC, RXRPC, XDP, CAN or Bluetooth")


def test_an_address_that_is_cut_off() -> None:
    """In memory of the caller that is too short; unpack takes what is there."""
    with sockets(AF_INET, SOCK_DGRAM) as (one,):
        calls.bind(one, ("127.0.0.1", 0))
        space, length = bytearray(8), array.array("i", [8])
        assert direct.getsockname(one, space, length) == 0
        assert length[0] == 16
        assert addresses.unpack(space, length[0]) == calls.getsockname(one)
        length[0] = 1
        direct.getsockname(one, space, length)
        assert addresses.unpack(space[:1], length[0]) is None


@pytest.mark.parametrize(
    ("accept", "inherited", "blocking"),
    [
        (calls.accept, True, True),
        (calls.accept4, False, True),
        (lambda fd: calls.accept4(fd, 0), True, True),
        (lambda fd: calls.accept4(fd, SOCK_NONBLOCK), True, False),
        (lambda fd: calls.accept4(fd, flags=SOCK_NONBLOCK | SOCK_CLOEXEC), False, False),
    ],
)
def test_what_is_accepted(accept: Callable[[int], tuple[int, Any]], inherited: bool, blocking: bool) -> None:
    """accept4 makes descriptors that exec closes, unless flags say otherwise; a client has no name."""
    with sockets(AF_UNIX, SOCK_STREAM, 2) as (server, client):
        calls.bind(server, "")
        calls.listen(server, 1)
        calls.connect(client, calls.getsockname(server))
        made, address = accept(server)
        try:
            assert (os.get_inheritable(made), os.get_blocking(made)) == (inherited, blocking)
            assert address == ""
        finally:
            os.close(made)


def test_errors_are_the_calls_own() -> None:
    """Also where the socket is asked first of which family it is."""
    reader, writer = os.pipe()
    try:
        attempts: dict[str, Callable[[int], object]] = {
            "bind": lambda fd: calls.bind(fd, ("127.0.0.1", 0)),
            "connect": lambda fd: calls.connect(fd, "name"),
            "sendto": lambda fd: calls.sendto(fd, b"", addr="name"),
            "sendmsg": lambda fd: calls.sendmsg(fd, [], address="name"),
            "accept4": calls.accept4,
            "getsockname": calls.getsockname,
            "getsockopt": lambda fd: calls.getsockopt(fd, SOL_SOCKET, SO_TYPE),
        }
        for name, attempt in attempts.items():
            for fd, kind in ((-1, errors.EBADF), (reader, errors.ENOTSOCK)):
                with pytest.raises(kind) as caught:
                    attempt(fd)
                assert caught.value.syscall == name
    finally:
        os.close(reader)
        os.close(writer)


def test_objects_with_a_descriptor() -> None:
    with socket.socket(AF_UNIX, SOCK_STREAM) as server, socket.socket(AF_UNIX, SOCK_STREAM) as client:
        calls.bind(server, "")
        calls.listen(server, 1)
        calls.connect(client, calls.getsockname(server))
        with socket.socket(fileno=calls.accept4(server)[0]) as peer:
            calls.sendmsg(peer, [b"text"])
            assert calls.recvmsg(client, 4).data == b"text"


# ---- messages ----


def test_descriptors_are_passed() -> None:
    """They arrive as others of the same files, which exec closes unless flags say otherwise."""
    with pair() as (one, other), open(__file__, "rb") as file:
        for more, inherited in (((), False), ((0,), True)):
            calls.sendmsg(one, [b"x"], [ControlMessage.rights([file, one])])
            found = calls.recvmsg(other, 10, control.space(8), *more)
            (message,) = found.messages
            got = message.descriptors()
            try:
                assert os.path.sameopenfile(got[0], file.fileno()) and os.path.sameopenfile(got[1], one)
                assert [os.get_inheritable(fd) for fd in got] == [inherited] * 2
                assert (found.count, found.data, int(found.flags), found.address) == (1, b"x", 0, None)
            finally:
                for fd in got:
                    os.close(fd)


def test_credentials() -> None:
    """The receiver that asks for them is told who sent, and the sender may say so itself."""
    mine = os.getpid(), os.getuid(), os.getgid()
    with pair() as (one, other):
        calls.setsockopt(other, SOL_SOCKET, SO_PASSCRED, 1)
        calls.sendmsg(one, [b"x"])
        calls.sendmsg(one, [b"y"], iter([ControlMessage.credentials(*mine)]))
        for data in (b"x", b"y"):
            found = calls.recvmsg(other, 1, 100)
            assert found.data == data
            assert [message.sender() for message in found.messages] == [mine]


def test_what_does_not_fit() -> None:
    """Flags say that data or messages were cut off; the descriptors that fit are there, and no others."""
    with pair() as (one, other):
        before = open_descriptors()
        for size, fits in ((control.length(4), 1), (0, 0), (control.length(0), 0)):
            calls.sendmsg(one, [b"long text"], [ControlMessage.rights([one, other, one])])
            found = calls.recvmsg(other, 4, size)
            assert found.flags == MSG_TRUNC | MSG_CTRUNC
            assert found.data == b"long"
            got = [fd for message in found.messages for fd in message.descriptors()]
            assert open_descriptors() - before == set(got) and len(got) == fits
            for fd in got:
                os.close(fd)


def test_the_length_of_a_datagram() -> None:
    """With MSG_TRUNC it is told, also if it did not fit."""
    with pair() as (one, other):
        calls.sendto(one, b"a long message")
        found = calls.recvmsg(other, 6, flags=MSG_TRUNC | MSG_PEEK)
        assert (found.count, found.data, found.flags) == (14, b"a long", MSG_TRUNC)
        assert calls.recvfrom(other, 6, MSG_TRUNC | MSG_PEEK) == (b"a long", None)
        assert calls.recvfrom(other, 20) == (b"a long message", None)


def test_buffers_of_the_caller() -> None:
    """They are filled one after the other, and what was sent from several is one message."""
    with pair() as (one, other):
        parts: list[Any] = [b"abc", memoryview(b"defg"), array.array("B", b"hi"), structures.timespec()]
        size = 9 + structures.timespec.nbytes
        assert calls.sendmsg(one, parts) == size
        first, rest = bytearray(4), structures.timespec(tv_sec=-1)
        found = calls.recvmsg(other, (first, memoryview(tail := bytearray(5)), rest))
        assert (found.count, found.data) == (size, b"")
        assert [bytes(first), bytes(tail), rest] == [b"abcd", b"efghi", structures.timespec()]


def test_the_end_of_a_stream() -> None:
    with pair(SOCK_STREAM) as (one, other):
        calls.shutdown(one, 1)
        assert calls.recvfrom(other, 10) == (b"", None)
        found = calls.recvmsg(other, 10)
        assert (found.count, found.data, found.messages) == (0, b"", [])
        with pytest.raises(errors.EAGAIN):
            calls.recvmsg(one, 10, flags=MSG_DONTWAIT)


def test_no_descriptor_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """If something fails after the call, what it opened is closed."""

    def fail(*_: object) -> object:
        raise MemoryError

    with pair() as (one, other), sockets(AF_UNIX, SOCK_STREAM, 2) as (server, client):
        calls.bind(server, "")
        calls.listen(server, 1)
        calls.connect(client, calls.getsockname(server))
        for _ in range(2):
            calls.sendmsg(one, [b"x"], [ControlMessage.rights([one, other])])
        before = open_descriptors()
        with monkeypatch.context() as patch:
            patch.setattr(_sockets, "ReceivedMessage", fail)
            with pytest.raises(MemoryError):
                calls.recvmsg(other, 1, 100)
        with monkeypatch.context() as patch:
            patch.setattr(addresses, "unpack", fail)
            with pytest.raises(MemoryError):
                calls.recvmsg(other, 1, 100)
            with pytest.raises(MemoryError):
                calls.accept4(server)
        assert open_descriptors() == before
        for call in (
            lambda: calls.recvmsg(other, 1, 100, MSG_DONTWAIT),
            lambda: calls.accept4(one),
            lambda: calls.sendmsg(one, [], [ControlMessage.rights([1000000])]),
        ):
            with pytest.raises((errors.EAGAIN, errors.EOPNOTSUPP, errors.EBADF, errors.EINVAL)):
                call()
        assert open_descriptors() == before


@isolated
def test_a_handler_that_raises_leaves_no_descriptor() -> None:
    """Wherever in recvmsg it comes."""
    with pair() as (one, other):
        got: list[Any] = []

        def receive() -> None:
            calls.sendmsg(one, [b"x"], [ControlMessage.rights([one])])
            before = open_descriptors()
            try:
                got.append(calls.recvmsg(other, 1, 100))
            except BaseException:
                assert open_descriptors() == before
                raise

        receive()
        for fd in got[0].messages[0].descriptors():
            os.close(fd)
        for _ in at_each_point({str(_sockets.__file__)}, receive):
            with pytest.raises(errors.EAGAIN):  # one that came before the call has left it there
                while True:
                    found = calls.recvmsg(other, 1, flags=MSG_DONTWAIT)
                    assert not found.messages


# ---- options ----


def test_options_that_are_ints() -> None:
    with sockets(AF_INET, SOCK_STREAM) as (one,):
        found = [
            calls.getsockopt(one, SOL_SOCKET, name) for name in (SO_DOMAIN, SO_TYPE, SO_PROTOCOL, SO_ERROR)
        ]
        assert found == [AF_INET, SOCK_STREAM, IPPROTO_TCP, 0]
        assert all(type(value) is int for value in found)
        calls.setsockopt(one, SOL_SOCKET, SO_KEEPALIVE, True)
        assert calls.getsockopt(one, SOL_SOCKET, SO_KEEPALIVE) == 1
        calls.setsockopt(one, SOL_SOCKET, SO_SNDBUF, 20000)
        assert calls.getsockopt(one, SOL_SOCKET, SO_SNDBUF) == 40000
        assert calls.getsockopt(one, SOL_SOCKET, SO_SNDBUF, 4) == struct.pack("=i", 40000)
        assert calls.getsockopt(one, SOL_SOCKET, SO_SNDBUF, 64) == struct.pack("=i", 40000)
        for value in (-1, 0xFFFFFFFF):  # IPV4's IP_TTL takes -1 for the usual one
            calls.setsockopt(one, 0, 2, value)
        assert calls.getsockopt(one, SOL_SOCKET, SO_COOKIE) > 0
        assert calls.getsockopt(one, SOL_SOCKET, SO_MEMINFO)[3] == 40000
        raw = calls.getsockopt(one, IPPROTO_TCP, TCP_INFO, 1024)
        known = calls.getsockopt(one, IPPROTO_TCP, TCP_INFO)
        assert isinstance(known, structures.tcp_info) and len(raw) > 100
        assert (known.tcpi_state, known.tcpi_snd_mss) == (raw[0], int.from_bytes(raw[16:20], sys.byteorder))
        assert known.tcpi_state == 7  # TCP_CLOSE, which no exported header names


def test_a_structure_that_grows_is_complete() -> None:
    """What an older kernel does not write is 0, and what a newer one writes besides is left out."""
    size = structures.tcp_info.nbytes
    for length in (8, 104, size, size + 40):
        found = _sockets._tcp_info(b"\x01" * length)
        assert bytes(found) == b"\x01" * min(length, size) + bytes(size - min(length, size))


def test_options_that_are_structures() -> None:
    """What is answered can be set."""
    with pair(SOCK_STREAM) as (one, _):
        peer = calls.getsockopt(one, SOL_SOCKET, SO_PEERCRED)
        assert (peer.pid, peer.uid, peer.gid) == (os.getpid(), os.geteuid(), os.getegid())
        assert calls.getsockopt(one, SOL_SOCKET, SO_PEERCRED, 4) == bytes(peer)[:4]
        wanted = structures.linger(l_onoff=1, l_linger=7)
        calls.setsockopt(one, SOL_SOCKET, SO_LINGER, wanted)
        assert calls.getsockopt(one, SOL_SOCKET, SO_LINGER) == wanted
        limit = calls.getsockopt(one, SOL_SOCKET, SO_RCVTIMEO)
        assert limit.seconds == 0
        limit.tv_sec = 5
        calls.setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, limit)
        assert calls.getsockopt(one, SOL_SOCKET, SO_RCVTIMEO) == limit
        with skipped_if(errors.ENOPROTOOPT):  # before Linux 5.1
            wide = calls.getsockopt(one, SOL_SOCKET, SO_RCVTIMEO_NEW)
        assert isinstance(wide, structures.sock_timeval) and wide.seconds == 5
        wide.tv_sec = 6
        calls.setsockopt(one, SOL_SOCKET, SO_RCVTIMEO_NEW, wide)
        assert calls.getsockopt(one, SOL_SOCKET, SO_RCVTIMEO).seconds == 6


def test_an_option_that_is_a_descriptor() -> None:
    with pair(SOCK_STREAM) as (one, _):
        with skipped_if(errors.ENOPROTOOPT):  # before Linux 6.5
            pidfd = calls.getsockopt(one, SOL_SOCKET, SO_PEERPIDFD)
        try:
            assert not os.get_inheritable(pidfd)
            assert f"Pid:\t{os.getpid()}\n" in Path(f"/proc/self/fdinfo/{pidfd}").read_text()
        finally:
            os.close(pidfd)


def test_a_filter() -> None:
    """Its length is counted in instructions."""
    with pair() as (one, other):
        assert len(calls.getsockopt(one, SOL_SOCKET, SO_GET_FILTER)) == 0
        program = structures.sock_filter.array([{"code": 0, "k": 1}] * 200 + [{"code": 6, "k": 3}])
        calls.setsockopt(one, SOL_SOCKET, SO_ATTACH_FILTER, structures.sock_fprog(len=201, filter=program))
        assert calls.getsockopt(one, SOL_SOCKET, SO_GET_FILTER) == program
        assert calls.getsockopt(one, SOL_SOCKET, SO_GET_FILTER, 201) == bytes(program)
        with pytest.raises(errors.EINVAL):
            calls.getsockopt(one, SOL_SOCKET, SO_GET_FILTER, 200)
        calls.sendto(other, b"abcdef")
        assert calls.recvfrom(one, 10)[0] == b"abc"


def test_options_that_are_names() -> None:
    with sockets(AF_INET, SOCK_STREAM) as (one,):
        assert calls.getsockopt(one, SOL_SOCKET, SO_BINDTODEVICE) == ""
        usual = calls.getsockopt(one, IPPROTO_TCP, TCP_CONGESTION)
        assert isinstance(usual, str) and usual
        calls.setsockopt(one, IPPROTO_TCP, TCP_CONGESTION, usual)
        calls.setsockopt(one, IPPROTO_TCP, TCP_CONGESTION, usual.encode())
        assert calls.getsockopt(one, IPPROTO_TCP, TCP_CONGESTION) == usual
        with pytest.raises((errors.ENOENT, errors.EPERM)):
            calls.setsockopt(one, IPPROTO_TCP, TCP_CONGESTION, "none")


@isolated
def test_more_groups_than_expected() -> None:
    """The kernel says how much memory they need, and gets it."""
    wanted = range(1000, 1600)
    with skipped_if(errors.EPERM, errors.EINVAL):
        calls.setgroups(wanted)
    with pair(SOCK_STREAM) as (one, _):
        assert calls.getsockopt(one, SOL_SOCKET, SO_PEERGROUPS) == tuple(wanted)
        with pytest.raises(errors.ERANGE):
            calls.getsockopt(one, SOL_SOCKET, SO_PEERGROUPS, 4)


# ---- what is refused ----

REFUSED: list[tuple[str, Callable[[Any], object]]] = [
    (r"accept4\(\) takes", lambda fd: loose.accept4(fd, None, None, 0)),
    (r"getsockname\(\) takes", lambda fd: loose.getsockname(fd, bytearray(16), array.array("i", [16]))),
    (r"getsockopt\(\) takes", lambda fd: loose.getsockopt(fd, 1, 1, bytearray(4), array.array("i", [4]))),
    ("getsockopt: optlen must be an int", lambda fd: loose.getsockopt(fd, 1, 1, bytearray(4))),
    ("recvfrom: size must be an int, not bytearray", lambda fd: loose.recvfrom(fd, bytearray(9), 9)),
    ("recvfrom: size: -1 is out of range", lambda fd: loose.recvfrom(fd, -1)),
    ("recvmsg: buffers: -1 is out of range", lambda fd: loose.recvmsg(fd, -1)),
    ("recvmsg: ancillary: -1 is out of range", lambda fd: loose.recvmsg(fd, 1, -1)),
    (
        "recvmsg: buffers .* direct.recvmsg takes a msghdr",
        lambda fd: loose.recvmsg(fd, structures.msghdr(), 0),
    ),
    (
        "sendmsg: buffers .* direct.sendmsg takes a msghdr",
        lambda fd: loose.sendmsg(fd, structures.msghdr(), 0),
    ),
    ("sendmsg: buffers must be an iterable of buffers, not bytes", lambda fd: loose.sendmsg(fd, b"x")),
    (r"sendmsg: buffers\[1\] must be a buffer, not int", lambda fd: loose.sendmsg(fd, [b"x", 5])),
    (r"sendmsg: messages\[0\] must be a ControlMessage", lambda fd: loose.sendmsg(fd, [b"x"], [5])),
    ("sendmsg: messages must be an iterable of ControlMessage", lambda fd: loose.sendmsg(fd, [b"x"], 5)),
    ("sendmsg: messages must be an iterable of .*, not NoneType", lambda fd: loose.sendmsg(fd, [b"x"], None)),
    (
        r"recvmsg: buffers\[0\] must be a writable buffer, .* not bytes",
        lambda fd: loose.recvmsg(fd, [b"text"]),
    ),
    ("setsockopt: optval must be an int, a str, .* not float", lambda fd: loose.setsockopt(fd, 1, 1, 1.5)),
    ("setsockopt: optval: 4294967296 is out of range", lambda fd: loose.setsockopt(fd, 1, 1, 1 << 32)),
    ("setsockopt: optval must be .*, not int", lambda fd: loose.setsockopt(fd, 1, 1, 1, 4)),
    ("bind: umyaddr must be str, bytes or a path, not int", lambda fd: loose.bind(fd, 5)),
    ("bind: umyaddr has 109 bytes, but at most 108 fit", lambda fd: loose.bind(fd, "a" * 109)),
    ("connect: uservaddr contains a null byte", lambda fd: loose.connect(fd, "a\0b")),
    ("sendto: addr must be str, bytes or a path, not tuple", lambda fd: loose.sendto(fd, b"", addr=("a", 1))),
    ("sendto: buff must be a buffer, not str", lambda fd: loose.sendto(fd, "text")),
]


@pytest.mark.parametrize(("words", "call"), REFUSED, ids=[words for words, _ in REFUSED])
def test_what_is_refused_by_name(words: str, call: Callable[[Any], object]) -> None:
    """The kernel's form of calls that answer values, too, instead of being taken for something else."""
    with pair() as (one, _), pytest.raises((TypeError, ValueError, OverflowError), match=words):
        call(one)


@pytest.mark.parametrize(
    ("family", "wrong", "words"),
    [
        (AF_INET, ("localhost", 1), "umyaddr: host 'localhost' is not a numeric address"),
        (AF_INET, ("127.0.0.1", 1 << 16), "umyaddr: port: 65536 is out of range"),
        (AF_INET, ("127.0.0.1",), r"umyaddr must be \(host, port\), not 1 value"),
        (AF_INET6, ("::1", 1, 0, -1), "umyaddr: scope_id: -1 is out of range"),
        (AF_NETLINK, "1", r"umyaddr must be \(pid, groups\), not str"),
    ],
)
def test_a_wrong_address(family: int, wrong: Any, words: str) -> None:
    with sockets(family, SOCK_DGRAM) as (one,):
        with pytest.raises((TypeError, ValueError, OverflowError), match=f"^bind: {words}"):
            calls.bind(one, wrong)
        assert calls.getsockname(one)[1] == 0


@isolated
def test_they_are_audited() -> None:
    """As the calls that they are, with what the kernel gets."""
    seen: list[Any] = []
    with pair() as (one, other):
        sys.addaudithook(lambda event, args: seen.append(args) if event == "pysys.syscall" else None)
        calls.sendto(one, b"x")
        calls.recvfrom(other, 1)
        calls.getsockname(one)
        calls.getsockopt(one, SOL_SOCKET, SO_TYPE)
    assert [name for name, _ in seen] == ["sendto", "recvfrom", "getsockname", "getsockopt"]
    assert seen[0][1] == (one, b"x", 1, 0, None, 0)


@pytest.mark.portable
@pytest.mark.parametrize("name", ["accept4", "getpeername", "getsockname", "getsockopt", "recvfrom"])
def test_memory_as_long_as_other_memory_says(name: str) -> None:
    """It is refused if it is shorter. Python is only asked for what is, and under commands that take more."""
    args: dict[str, Callable[[Any, Any], tuple[Any, ...]]] = {
        "accept4": lambda memory, length: (-1, memory, length, 0),
        "getsockopt": lambda memory, length: (-1, 1, 3, memory, length),
        "recvfrom": lambda memory, length: (-1, bytearray(1), 1, 0, memory, length),
    }
    call, made = getattr(direct, name), args.get(name, lambda memory, length: (-1, memory, length))
    for size, length, fits in ((15, 16, False), (16, 16, True), (16, 0xFFFFFFFF, False), (0, 0, True)):
        number = bytearray(length.to_bytes(4, sys.byteorder))
        with pytest.raises(errors.EBADF if fits else ValueError) as caught:
            call(*made(bytearray(size), number))
        if not fits:
            assert f"is {size} bytes long, but the call uses {length}" in str(caught.value)
    asked: list[str] = []
    before = in_python.convert.__code__
    sys.setprofile(lambda frame, event, arg: asked.append(event) if frame.f_code is before else None)
    try:
        for memory in (bytearray(8 * 16), None):
            with pytest.raises(errors.EBADF):
                call(*made(memory, bytearray((16).to_bytes(4, sys.byteorder))))
    finally:
        sys.setprofile(None)
    assert asked == []


@pytest.mark.parametrize("raw", [False, True], ids=["direct", "syscall"])
def test_a_filter_is_counted_in_instructions(raw: bool) -> None:
    """SO_GET_FILTER takes a number of instructions for the length: memory that holds fewer is refused."""
    instructions = structures.sock_filter.array([structures.sock_filter(code=6, k=0xFFFF)] * 4)
    size = instructions.nbytes
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fd = one.fileno()  # of which C makes the call
        program = structures.sock_fprog(len=4, filter=instructions)
        calls.setsockopt(one, SOL_SOCKET, SO_ATTACH_FILTER, program)

        def ask(memory: bytearray | None, count: int) -> int:
            length = ctypes.c_int(count)
            if raw:
                return syscall("getsockopt", fd, SOL_SOCKET, SO_GET_FILTER, memory, length)
            return direct.getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, memory, length)

        for short in (4, size - 1):
            with pytest.raises(ValueError, match=f"{short} bytes long, but the call uses {size}"):
                ask(bytearray(short), 4)
        memory = bytearray(size)
        assert ask(memory, 4) == 0
        assert memory == bytes(instructions)
        assert ask(None, 0) == 0
        # Of other options the length is in bytes.
        number = bytearray(4)
        assert direct.getsockopt(one, SOL_SOCKET, SO_TYPE, number, ctypes.c_int(4)) == 0
        assert int.from_bytes(number, sys.byteorder) == socket.SOCK_DGRAM
