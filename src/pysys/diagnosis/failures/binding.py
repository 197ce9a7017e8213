"""Why bind and listen fail: an address that is taken, not of this host, or not for everybody."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis.facts import read, sysctl
from pysys.diagnosis.failures import arguments, endpoints
from pysys.diagnosis.failures.endpoints import LISTEN, STATES, Endpoint, OpenSocket
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.rights import right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_START = "net.ipv4.ip_unprivileged_port_start"
_UNPRIVILEGED = 1024  # where that setting cannot be read
_SOL_IP, _SOL_IPV6 = 0, 41
_NONLOCAL = (("IP_FREEBIND", _SOL_IP, 15), ("IP_TRANSPARENT", _SOL_IP, 19), ("IPV6_FREEBIND", _SOL_IPV6, 78))


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about bind, and listen where that binds."""
    fd = arguments.descriptor(args.get("fd"))
    if call not in ("bind", "listen") or fd is None:
        return
    value = args.get("umyaddr") if call == "bind" else endpoints.own_name(fd)
    path = arguments.path(value)
    if call == "bind" and symbol == "EINVAL":
        yield from _again(fd)
    elif (wanted := endpoints.endpoint(fd, value)) is not None:
        if look := _LOOKS.get(symbol):
            yield from look(fd, wanted)
    elif symbol == "EADDRINUSE" and call == "bind" and path is None and isinstance(value, (bytes, str)):
        yield from _abstract(value)


def _again(fd: int) -> Iterator[Finding]:
    name = endpoints.own_name(fd)
    if name is None:
        return
    bound = bool(name[1]) if isinstance(name, tuple) else bool(name)
    yield judged(
        bound,
        f"The socket {fd} has an address already: {name}.",
        f"The socket {fd} has no address yet.",
        f"getsockname({fd})",
        "the length of the address may be wrong, too",
    )


def _port(fd: int, wanted: Endpoint) -> Iterator[Finding]:
    """EACCES."""
    found = sysctl(_START)
    start = int(found.value) if found and found.value.isdecimal() else None
    least = _UNPRIVILEGED if start is None else start
    source = f"{_START} is {least}" if start is not None else f"{_START} cannot be read"
    if wanted.port >= least or not wanted.port:
        text = f"Any process may bind to port {wanted.port}."
        yield Finding(Verdict.EXCLUDED if start is not None else Verdict.UNKNOWN, text, source)
        return
    may = right(flags.CAP_NET_BIND_SERVICE, "net")
    lacks = None if may.held is None or start is None else not may.held
    yield judged(
        lacks,
        f"Port {wanted.port} is below {least}: to bind to it takes CAP_NET_BIND_SERVICE.",
        f"Port {wanted.port} is below {least}, but CAP_NET_BIND_SERVICE is there.",
        f"{source}; {may.read}",
        f"a port from {least} on; the capability; or sysctl {_START}={wanted.port}",
    )


def _not_here(fd: int, wanted: Endpoint) -> Iterator[Finding]:
    """EADDRNOTAVAIL."""
    known = endpoints.local_addresses()
    if not known:
        yield Finding(Verdict.UNKNOWN, f"Whether {wanted} is of this host is not known.", known.unknown)
        return
    local = wanted.is_any or endpoints.is_local(wanted.host, known.value)
    version = "ipv4" if len(wanted.host) == 4 else "ipv6"
    free = sysctl(f"net.{version}.ip_nonlocal_bind").value == "1"
    free = free or any(endpoints.option(fd, level, number) for _, level, number in _NONLOCAL)
    yield judged(
        None if free else not local,
        f"No interface of this network namespace has the address {wanted}.",
        f"An interface of this network namespace has the address {wanted}.",
        known.source,
        "ip address; or the option IP_FREEBIND",
    )


def _taken(fd: int, wanted: Endpoint) -> Iterator[Finding]:
    """EADDRINUSE."""
    kind = endpoints.protocol(fd)
    if not kind:
        return
    if not wanted.port:
        text = "No port is free in the range from which the kernel chooses."
        range_ = read("/proc/sys/net/ipv4/ip_local_port_range")
        yield Finding(Verdict.FITS, text, f"net.ipv4.ip_local_port_range: {range_}")
        return
    found = endpoints.table(kind)
    if not found:
        yield Finding(Verdict.UNKNOWN, f"Who has {wanted} cannot be read.", found.unknown)
        return
    own = next((one.inode for one in found.value if _is_own(fd, one)), None)
    at_it = [one for one in found.value if one.inode != own and one.local.overlaps(wanted) is not False]
    at_it.sort(key=lambda one: (one.state != LISTEN, one.local.overlaps(wanted) is None, not one.inode))
    if not at_it:
        text = (
            f"No socket that is shown has {wanted}; one that neither listens nor is connected is not shown."
        )
        yield Finding(Verdict.UNKNOWN, text, found.source)
        return
    for one in at_it[:4]:
        yield _held(fd, kind, wanted, one)


def _is_own(fd: int, one: OpenSocket) -> bool:
    try:
        return os.fstat(fd).st_ino == one.inode
    except OSError:
        return False


def _held(fd: int, kind: str, wanted: Endpoint, one: OpenSocket) -> Finding:
    level = flags.SOL_SOCKET
    reuses = endpoints.option(fd, level, flags.SO_REUSEADDR)
    shares = endpoints.option(fd, level, flags.SO_REUSEPORT)
    state = STATES.get(one.state, "") if kind == "tcp" else ""
    sure = one.local.overlaps(wanted) is True and shares == 0 and not _device(fd)
    sure = sure and (one.state == LISTEN if kind == "tcp" else reuses == 0)
    who = endpoints.holders(one.inode) if one.inode else ""
    who = who or (
        f"a process of user {one.user} that is not seen here" if one.inode else "no process any more"
    )
    does = "listens at" if one.state == LISTEN and kind == "tcp" else "has"
    text = f"{wanted} is taken: {who} {does} {one.local} ({' '.join(filter(None, (kind, state)))})."
    advice = f"ss -anp --{kind} 'sport = :{wanted.port}'"
    if not sure and state and state != "LISTEN":
        advice += "; SO_REUSEADDR lets a server bind where connections of an earlier one remain"
    source = f"/proc/net/{kind}; SO_REUSEADDR is {reuses}, SO_REUSEPORT {shares} of descriptor {fd}"
    return Finding(Verdict.PROVEN if sure else Verdict.FITS, text, source, advice)


def _device(fd: int) -> bool:
    """Whether the socket is of one interface alone."""
    return bool(endpoints.option(fd, flags.SOL_SOCKET, flags.SO_BINDTOIFINDEX))


def _abstract(value: bytes | str) -> Iterator[Finding]:
    """EADDRINUSE of an abstract name."""
    name = value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")
    found = read("/proc/thread-self/net/unix")
    if not found or not name.startswith("\0"):
        return
    shown = "@" + name[1:].replace("\0", "@")  # as the file has it
    inodes = [int(line.split()[6]) for line in found.value.splitlines()[1:] if line.split()[7:] == [shown]]
    for inode in inodes[:1]:
        who = endpoints.holders(inode) or "a process that is not seen here"
        yield Finding(Verdict.PROVEN, f"The name {shown} is taken: {who} has it.", found.source, "ss -xlp")
    if not inodes:
        text = f"No socket of this network namespace has the name {shown} now."
        yield Finding(Verdict.EXCLUDED, text, found.source)


_LOOKS: dict[str, Callable[[int, Endpoint], Iterator[Finding]]] = {
    "EACCES": _port,
    "EADDRINUSE": _taken,
    "EADDRNOTAVAIL": _not_here,
}
