"""Addresses of sockets, and the sockets that this network namespace has."""

from __future__ import annotations

import os
import sys
from _socket import inet_ntop, inet_pton

from pysys import calls, flags, structures
from pysys.diagnosis.facts import Fact, read
from pysys.metadata.light import Record
from pysys.structures import addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_IPV4, _IPV6 = 2, 10
_MAPPED = bytes(10) + b"\xff\xff"  # before an address of IPv4 in one of IPv6
STATES = {
    1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECV", 4: "FIN_WAIT1", 5: "FIN_WAIT2", 6: "TIME_WAIT",
    7: "CLOSE", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING",
}  # fmt: skip
LISTEN = 10


class Endpoint(Record):
    """An address and port; of IPv4 where IPv6 only wraps one."""

    host: bytes
    port: int

    @property
    def is_any(self) -> bool:
        return not any(self.host)

    def overlaps(self, other: Endpoint) -> bool | None:
        """Whether a socket at one takes what is sent to the other; None: that depends on IPV6_V6ONLY."""
        if self.port != other.port:
            return False
        if len(self.host) != len(other.host):
            wide = self if len(self.host) > len(other.host) else other
            return None if wide.is_any else False
        return self.is_any or other.is_any or self.host == other.host

    def __str__(self) -> str:
        if len(self.host) == 4:
            return f"{inet_ntop(_IPV4, self.host)}:{self.port}"
        return f"[{inet_ntop(_IPV6, self.host)}]:{self.port}"


class OpenSocket(Record):
    """A socket of the network namespace. user: who made it. inode: 0 where no process has it any more."""

    local: Endpoint
    state: int
    user: int
    inode: int


def option(fd: int, level: int, name: int) -> int | None:
    """An option of a socket; None where it has none."""
    try:
        value = calls.getsockopt(fd, level, name)
    except OSError:
        return None
    return int(value) if isinstance(value, int) else None


def endpoint(fd: int | None, value: object) -> Endpoint | None:
    """The address that a call was made with, as pysys.calls takes it; None for anything but IPv4 and IPv6."""
    try:
        if isinstance(value, (structures.Structure, bytes, bytearray, memoryview)):
            value = addresses.unpack(value)
        if not isinstance(value, tuple) or not isinstance(value[0], str):
            return None
        host, port = value[0], int(value[1])
        domain = None if fd is None else option(fd, flags.SOL_SOCKET, flags.SO_DOMAIN)
        family = _IPV6 if ":" in host or (not host and domain == _IPV6) else _IPV4
        return _plain(inet_pton(family, host or ("::" if family == _IPV6 else "0.0.0.0")), port)
    except (OSError, TypeError, ValueError, LookupError):
        return None


def _plain(host: bytes, port: int) -> Endpoint:
    return Endpoint(host.removeprefix(_MAPPED), port)


def own_name(fd: int) -> Any:
    """What getsockname says; None if it fails."""
    try:
        return calls.getsockname(fd)
    except (OSError, ValueError):
        return None


def protocol(fd: int) -> str:
    """ "tcp" or "udp"; "" for another socket."""
    return {6: "tcp", 17: "udp"}.get(option(fd, flags.SOL_SOCKET, flags.SO_PROTOCOL) or 0, "")


def table(name: str) -> Fact:
    """The sockets of a protocol, of IPv4 and IPv6, as OpenSocket. name: "tcp", "udp"."""
    found = []
    for file in (name, f"{name}6"):
        text = read(f"/proc/thread-self/net/{file}")
        if not text:
            if file == name:
                return text
            continue  # a kernel without IPv6
        found += [_entry(line.split()) for line in text.value.splitlines()[1:]]
    return Fact(tuple(found), f"/proc/net/{name}, /proc/net/{name}6")


def _entry(fields: list[str]) -> OpenSocket:
    host, _, port = fields[1].partition(":")
    words = (int(host[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(host), 8))
    return OpenSocket(
        _plain(b"".join(words), int(port, 16)), int(fields[3], 16), int(fields[7]), int(fields[9])
    )


def holders(inode: int) -> str:
    """Which processes have a socket, as far as it can be seen: "process 7 (nginx)"; "" if none was seen."""
    found = []
    for pid in _numbers("/proc"):
        for fd in _numbers(f"/proc/{pid}/fd"):
            try:
                link = os.readlink(f"/proc/{pid}/fd/{fd}")
            except OSError:
                continue
            if link == f"socket:[{inode}]":
                found.append(f"{pid} ({read(f'/proc/{pid}/comm').value or '?'})")
                break
    return f"process{'es' * (len(found) > 1)} {', '.join(found[:8])}" if found else ""


def _numbers(folder: str) -> Iterator[str]:
    try:
        return filter(str.isdigit, os.listdir(folder))
    except OSError:
        return iter(())


def local_addresses() -> Fact:
    """The addresses of this network namespace, as networks: (bytes, length of the prefix)."""
    four, six = read("/proc/thread-self/net/fib_trie"), read("/proc/thread-self/net/if_inet6")
    if not four:
        return four
    found, last = set(), ""
    for line in four.value.splitlines():
        words = line.split()
        if words[0] == "|--":
            last = words[1]
        elif words[1:3] == ["host", "LOCAL"]:
            found.add((inet_pton(_IPV4, last), int(words[0][1:])))
    if six:
        found.update((bytes.fromhex(line.split()[0]), 128) for line in six.value.splitlines())
    return Fact(frozenset(found), "/proc/net/fib_trie, /proc/net/if_inet6")


def is_local(host: bytes, known: frozenset[tuple[bytes, int]]) -> bool:
    """Whether an address is one of these."""
    number = int.from_bytes(host)
    for network, length in known:
        shift = 8 * len(network) - length
        if len(network) == len(host) and int.from_bytes(network) >> shift == number >> shift:
            return True
    return False
