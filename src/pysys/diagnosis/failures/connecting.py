"""Why connect fails: nobody listens there, nobody may be reached, or the socket file refuses."""

from __future__ import annotations

import os
import stat

from pysys import flags
from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import arguments, endpoints
from pysys.diagnosis.failures.endpoints import LISTEN, Endpoint
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.permissions import described
from pysys.diagnosis.failures.walk import Walk, walk
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ACCEPTS = 0x10000  # a flag of /proc/net/unix
_TYPES = {int(one): one.name for one in (flags.SOCK_STREAM, flags.SOCK_DGRAM, flags.SOCK_SEQPACKET)}
_BROADCAST = b"\xff" * 4


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about connect."""
    fd = arguments.descriptor(args.get("fd"))
    if call != "connect" or fd is None:
        return
    value = args.get("uservaddr")
    path = arguments.path(value)
    if path is not None:
        yield from _of_unix(fd, symbol, walk(path))
    elif isinstance(value, (str, bytes)) and value[:1] in ("\0", b"\0"):
        yield from _abstract(symbol, value)
    elif (wanted := endpoints.endpoint(fd, value)) is not None:
        yield from _of_inet(fd, symbol, wanted)


# ---- AF_UNIX ----


class _Listed(Record):
    """A line of /proc/net/unix."""

    flags: int
    kind: int
    name: str


def _listed() -> list[_Listed] | None:
    found = read("/proc/thread-self/net/unix")
    if not found:
        return None
    lines = (line.split(None, 7) for line in found.value.splitlines()[1:])
    return [_Listed(int(one[3], 16), int(one[4], 16), one[7]) for one in lines if len(one) == 8]


def _of_unix(fd: int, symbol: str, at: Walk) -> Iterator[Finding]:
    if at.status is None or at.failed:
        return  # what is missing or refuses, `paths` names
    if symbol == "ECONNREFUSED" and not stat.S_ISSOCK(at.status.st_mode):
        text = f"{at.path} is not a socket."
        yield Finding(Verdict.PROVEN, text, described(at.path, at.status))
        return
    if symbol == "EAGAIN":
        text = f"The queue of connections at {at.path} is full: whoever listens there does not accept them."
        yield Finding(Verdict.FITS, text, "", f"ss -xlp src {at.path}")
        return
    if symbol not in ("ECONNREFUSED", "EPROTOTYPE"):
        return
    listed = _listed()
    if listed is None:
        yield Finding(Verdict.UNKNOWN, f"Who listens at {at.path} cannot be read.", "/proc/net/unix")
        return
    # A name is as its owner gave it to bind, perhaps relative to another directory.
    same = [one for one in listed if os.path.basename(one.name) == os.path.basename(at.path)]
    if symbol == "EPROTOTYPE":
        own = endpoints.option(fd, flags.SOL_SOCKET, flags.SO_TYPE)
        exact = {one.kind for one in same if one.name == at.path}
        for kind in exact - {own}:
            text = f"The socket at {at.path} is of {_TYPES.get(kind)}, this one of {_TYPES.get(own or 0)}."
            yield Finding(
                Verdict.PROVEN if len(exact) == 1 else Verdict.FITS, text, "/proc/net/unix; SO_TYPE"
            )
        return
    listening = [one for one in same if one.flags & _ACCEPTS or one.kind == flags.SOCK_DGRAM]
    yield judged(
        None if listening else True,
        f"{at.path} is a socket's file, but nobody listens there"
        + (": a socket of that name does." if listening else "; who made it has ended, or does not listen."),
        "",
        f"/proc/net/unix has {len(same)} sockets of that name, {len(listening)} of them listen",
        "start the server; an earlier one may have left the file behind",
    )


def _abstract(symbol: str, value: str | bytes) -> Iterator[Finding]:
    listed = _listed()
    if symbol != "ECONNREFUSED" or listed is None:
        return
    text = value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")
    shown = "@" + text[1:].replace("\0", "@")
    there = [one for one in listed if one.name == shown]
    accepts = any(one.flags & _ACCEPTS for one in there)
    yield judged(
        None if accepts else True,
        f"Nobody listens at {shown} in this network namespace."
        if not accepts
        else f"A socket {shown} of this network namespace listens now.",
        "",
        f"/proc/net/unix has {len(there)} sockets of that name",
        "abstract names are of one network namespace alone",
    )


# ---- IPv4 and IPv6 ----


def _of_inet(fd: int, symbol: str, wanted: Endpoint) -> Iterator[Finding]:
    if symbol == "ECONNREFUSED":
        yield from _refused(fd, wanted)
    elif symbol == "EACCES" and wanted.host == _BROADCAST:
        allowed = endpoints.option(fd, flags.SOL_SOCKET, flags.SO_BROADCAST)
        yield judged(
            None if allowed is None else not allowed,
            f"{wanted} is a broadcast, and the socket lacks the option SO_BROADCAST.",
            "The socket has the option SO_BROADCAST.",
            f"SO_BROADCAST is {allowed}",
        )
    elif symbol == "ENETUNREACH":
        known = endpoints.local_addresses()
        if known:
            none = not any(len(one) == len(wanted.host) for one, _ in known.value)
            yield Finding(
                Verdict.PROVEN if none else Verdict.FITS,
                "This network namespace has no address: not even its loopback interface is up."
                if none
                else f"This network namespace has no route to {wanted}.",
                known.source,
                "ip link set lo up; ip address; ip route get",
            )
    elif symbol == "EADDRNOTAVAIL":
        text = f"No port is free for a connection to {wanted} in the range from which the kernel chooses."
        found = read("/proc/sys/net/ipv4/ip_local_port_range")
        yield Finding(Verdict.FITS, text, f"net.ipv4.ip_local_port_range: {found}", "ss -s")


def _refused(fd: int, wanted: Endpoint) -> Iterator[Finding]:
    """ECONNREFUSED."""
    known, found = endpoints.local_addresses(), endpoints.table("tcp")
    if not known or not found or endpoints.protocol(fd) != "tcp":
        return
    if not wanted.is_any and not endpoints.is_local(wanted.host, known.value):
        text = f"{wanted} is another host: nobody listens there, or a firewall answers for it."
        yield Finding(Verdict.UNKNOWN, text, known.source)
        return
    at_it = [one for one in found.value if one.state == LISTEN and one.local.overlaps(wanted) is not False]
    if not at_it:
        others = [
            str(one.local) for one in found.value if one.state == LISTEN and one.local.port == wanted.port
        ]
        text = f"Nobody listens at {wanted} in this network namespace."
        source = f"{found.source}: of that port there are {', '.join(others) or 'none'}"
        advice = f"ss -tlnp 'sport = :{wanted.port}'; in a container, 127.0.0.1 is the container itself"
        yield Finding(Verdict.PROVEN, text, source, advice)
        return
    who = endpoints.holders(at_it[0].inode) or "a process that is not seen here"
    text = f"There is a listener at {at_it[0].local} ({who}): a firewall refuses it, or it is new."
    yield Finding(Verdict.UNKNOWN, text, found.source, "nft list ruleset")
