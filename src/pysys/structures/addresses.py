"""Socket addresses: from the tuples that Python's socket module uses to structures, and back."""

from __future__ import annotations

import sys
from _socket import inet_ntop, inet_pton
from os import fsdecode
from struct import Struct

from pysys.arguments import integers, iterables, memory, text
from pysys.loading import counted
from pysys.structures.base import Structure
from pysys.structures.build import build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Buffer

__all__ = [
    "AF_ALG",
    "AF_INET",
    "AF_INET6",
    "AF_NETLINK",
    "AF_PACKET",
    "AF_UNIX",
    "AF_UNSPEC",
    "AF_VSOCK",
    "pack",
    "unpack",
]

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_ALG, AF_VSOCK = 0, 1, 2, 10, 16, 17, 38, 40
_IN = Struct("!2xH4s8x")  # port and host of AF_INET
_STRUCTURES = {
    AF_UNIX: "sockaddr_un",
    AF_INET: "sockaddr_in",
    AF_INET6: "sockaddr_in6",
    AF_NETLINK: "sockaddr_nl",
    AF_PACKET: "sockaddr_ll",
    AF_ALG: "sockaddr_alg",
    AF_VSOCK: "sockaddr_vm",
}


def pack(family: int, address: Any) -> tuple[Structure, int]:
    """An address as bind(2), connect(2) and sendto(2) take it, from what Python's socket module uses.

    family: flags.AddressFamily, one of those here.
    address: for AF_INET (host, port), for AF_INET6 (host, port[, flowinfo[, scope_id]]); the host is a
        numeric address, or "" for any. For AF_UNIX a path, or bytes or str that begin with a null byte
        (abstract), or "": the kernel chooses. For AF_NETLINK (pid, groups), for AF_VSOCK (cid, port), for
        AF_ALG (type, name[, feat[, mask]]), for AF_PACKET (ifindex, protocol[, pkttype[, hatype[, addr]]]),
        the interface by number.

    Returns the structure, and how many of its bytes are the address. Raises TypeError, ValueError or
    OverflowError for what is not an address of the family.
    """
    family = integers.integer("pack: family", family)
    if family not in _STRUCTURES:
        shown = integers.shown(family)
        raise ValueError(f"pack: family: no structure is known for addresses of family {shown}")
    made = build(_STRUCTURES[family])
    if family == AF_UNIX:
        return _pack_unix(made, address)
    if family == AF_INET and type(address) is tuple and len(address) == 2:
        host, port = address
        if type(port) is int and 0 <= port <= 0xFFFF:
            number = _number(host, AF_INET, 4)
            return made._copied(AF_INET.to_bytes(2, sys.byteorder) + _IN.pack(port, number)[2:]), _IN.size
    form, missing, fields = _PACK[family]
    values = fields(*iterables.parts("pack: address", address, form, missing))
    names = {field: f"address: {field.partition('_')[2]}" for field in values}
    return memory.made("pack", made, names, **values), made._size


def unpack(data: Structure | Buffer, length: int | None = None) -> Any:
    """An address as accept(2), getsockname(2) and recvfrom(2) write it, as pack takes it.

    data: a structure or a buffer. length: how many of its bytes count; None: all.

    Returns what pack takes: for AF_UNIX str for a path, bytes for an abstract name, "" without one. Returns
    (family, bytes) for a family that is not known here, and None without an address. Raises TypeError or
    ValueError for what is not a buffer or a length.
    """
    if type(data) is bytearray and type(length) is int and length >= 0:
        raw = bytes(memoryview(data)[:length])
    else:
        raw = bytes(data) if isinstance(data, Structure) else memory.data("unpack: data", data)
        if length is not None:  # it may be more than there is: the kernel reports the full length
            raw = raw[: integers.count("unpack: length", length)]
    if len(raw) < 2:
        return None
    family = int.from_bytes(raw[:2], sys.byteorder)
    if family == AF_UNIX:
        return _unpack_unix(raw[2:])
    if family not in _UNPACK:
        return None if family == AF_UNSPEC else (family, raw[2:])
    layout, parts = _UNPACK[family]
    return parts(*layout.unpack_from(raw.ljust(layout.size, b"\0")))


def _pack_unix(made: type[Structure], address: Any) -> tuple[Structure, int]:
    if isinstance(address, bytes | bytearray | memoryview):
        path = bytes(address)
    elif isinstance(address, str) and address.startswith("\0"):  # which may have more null bytes
        path = b"\0".join(text.encoded("pack: address", part) for part in address.split("\0"))
    else:
        path = text.encoded("pack: address", address)
    if len(path) > 108:
        raise ValueError(f"pack: address has {counted(len(path), 'byte')}, but at most 108 fit")
    if b"\0" in path[1:] and not path.startswith(b"\0"):
        raise text.contains_null("pack: address")
    ends = bool(path) and not path.startswith(b"\0") and len(path) < 108
    return made(sun_family=AF_UNIX, sun_path=path), 2 + len(path) + ends


def _unpack_unix(raw: bytes) -> str | bytes:
    if raw.startswith(b"\0") and raw.strip(b"\0"):
        return raw
    return fsdecode(raw.partition(b"\0")[0])


def _number(host: str, family: int, size: int) -> bytes:
    if not isinstance(host, str):
        raise TypeError(f"pack: address: host must be a str, not {type(host).__name__}")
    if not host:
        return bytes(size)
    try:
        return inet_pton(family, host)
    except (OSError, ValueError):  # a null byte, a surrogate
        raise ValueError(f"pack: address: host {host!r} is not a numeric address") from None


def _pack_in(host: str, port: int) -> dict[str, Any]:
    return {"sin_family": AF_INET, "sin_addr": _number(host, AF_INET, 4), "sin_port": port}


def _pack_in6(host: str, port: int, flowinfo: int, scope_id: int) -> dict[str, Any]:
    return {
        "sin6_family": AF_INET6,
        "sin6_addr": _number(host, AF_INET6, 16),
        "sin6_port": port,
        "sin6_flowinfo": flowinfo,
        "sin6_scope_id": scope_id,
    }


def _pack_nl(pid: int, groups: int) -> dict[str, Any]:
    return {"nl_family": AF_NETLINK, "nl_pid": pid, "nl_groups": groups}


def _pack_ll(ifindex: int, protocol: int, pkttype: int, hatype: int, addr: bytes) -> dict[str, Any]:
    addr = memory.data("pack: address: addr", addr)
    return {
        "sll_family": AF_PACKET,
        "sll_protocol": protocol,
        "sll_ifindex": ifindex,
        "sll_pkttype": pkttype,
        "sll_hatype": hatype,
        "sll_halen": len(addr),
        "sll_addr": addr,
    }


def _pack_alg(kind: str, name: str, feat: int, mask: int) -> dict[str, Any]:
    return {"salg_family": AF_ALG, "salg_type": kind, "salg_name": name, "salg_feat": feat, "salg_mask": mask}


def _pack_vm(cid: int, port: int) -> dict[str, Any]:
    return {"svm_family": AF_VSOCK, "svm_cid": cid, "svm_port": port}


# What the tuple looks like, what its last values are if they are missing, and which fields it becomes.
_PACK: dict[int, Any] = {
    AF_INET: ("(host, port)", (), _pack_in),
    AF_INET6: ("(host, port[, flowinfo[, scope_id]])", (0, 0), _pack_in6),
    AF_NETLINK: ("(pid, groups)", (), _pack_nl),
    AF_PACKET: ("(ifindex, protocol[, pkttype[, hatype[, addr]]])", (0, 0, b""), _pack_ll),
    AF_ALG: ("(type, name[, feat[, mask]])", (0, 0), _pack_alg),
    AF_VSOCK: ("(cid, port)", (), _pack_vm),
}


def _unpack_ll(protocol: bytes, ifindex: int, hatype: int, pkttype: int, halen: int, addr: bytes) -> Any:
    return ifindex, int.from_bytes(protocol, "big"), pkttype, hatype, addr[:halen]


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode()


# The layout, and what its parts become. Ports and the like are big-endian. Structures would take ten times as
# long, and each connection and datagram has an address.
_UNPACK: dict[int, tuple[Struct, Any]] = {
    AF_INET: (_IN, lambda port, host: (inet_ntop(AF_INET, host), port)),
    AF_INET6: (
        Struct("!2xHI16s4s"),
        lambda port, flow, host, scope: (
            inet_ntop(AF_INET6, host),
            port,
            flow,
            int.from_bytes(scope, sys.byteorder),
        ),
    ),
    AF_NETLINK: (Struct("=4xII"), lambda pid, groups: (pid, groups)),
    AF_PACKET: (Struct("=2x2siHBB8s"), _unpack_ll),
    AF_ALG: (
        Struct("=2x14sII64s"),
        lambda kind, feat, mask, name: (_text(kind), _text(name), feat, mask),
    ),
    AF_VSOCK: (Struct("=4xII4x"), lambda port, cid: (cid, port)),
}


def __dir__() -> list[str]:
    return __all__
