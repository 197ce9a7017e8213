"""Why socket fails, and calls on a descriptor that is not a socket, or one of another type."""

from __future__ import annotations

import errno
import os
import stat

from pysys import calls, flags
from pysys.diagnosis import filters
from pysys.diagnosis.facts import sysctl
from pysys.diagnosis.failures import arguments, endpoints
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.rights import is_mapped, right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ON_SOCKETS = frozenset(
    "accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg"
    " sendmsg sendto setsockopt shutdown".split()
)
_KIND = 0xF  # of a socket's type, without SOCK_CLOEXEC and SOCK_NONBLOCK
_KINDS = (flags.SOCK_STREAM, flags.SOCK_DGRAM, flags.SOCK_RAW, flags.SOCK_SEQPACKET)  # mips has other numbers
_INET, _INET6, _KEY, _PACKET, _XDP = 2, 10, 15, 17, 44
_ICMP, _ICMPV6 = 1, 58
_RANGE = "net.ipv4.ping_group_range"


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about socket, and about a descriptor that should be a socket."""
    if call in ("socket", "socketpair"):
        yield from _made(symbol, args)
    fd = arguments.descriptor(args.get("fd"))
    if call not in _ON_SOCKETS or fd is None:
        return
    if symbol == "ENOTSOCK":
        yield from _no_socket(fd)
    elif symbol == "EINVAL" and call in ("accept", "accept4"):
        listens = endpoints.option(fd, flags.SOL_SOCKET, flags.SO_ACCEPTCONN)
        yield judged(
            None if listens is None else not listens,
            f"The socket {fd} does not listen.",
            f"The socket {fd} listens.",
            f"SO_ACCEPTCONN is {listens}",
            "listen() comes before accept()",
        )
    elif symbol == "EOPNOTSUPP" and call in ("accept", "accept4", "listen"):
        kind = endpoints.option(fd, flags.SOL_SOCKET, flags.SO_TYPE)
        yield judged(
            None if kind is None else kind not in (flags.SOCK_STREAM, flags.SOCK_SEQPACKET),
            f"The socket {fd} is of a type without connections.",
            f"The socket {fd} is of a type with connections.",
            f"SO_TYPE is {kind}",
        )


def _no_socket(fd: int) -> Iterator[Finding]:
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return
    try:
        shown = os.readlink(f"/proc/self/fd/{fd}")
    except OSError:
        shown = "something that cannot be read"
    source = f"fstat({fd}): {shown}"
    yield judged(
        not stat.S_ISSOCK(mode), f"Descriptor {fd} is not a socket.", f"Descriptor {fd} is a socket.", source
    )


def _made(symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    family, kind = arguments.task(args, "family"), arguments.task(args, "type")
    protocol = arguments.integer(args, "protocol") or 0
    if family is None:
        return
    if symbol == "EAFNOSUPPORT":
        yield from _family(family)
    if kind is None:
        return
    kind &= _KIND
    if symbol == "EPERM":
        if (family in (_INET, _INET6) and kind == flags.SOCK_RAW) or family in (_PACKET, _XDP):
            yield from _right(flags.CAP_NET_RAW, "Raw packets take")
        elif family == _KEY:
            yield from _right(flags.CAP_NET_ADMIN, "Sockets of AF_KEY take")
    pings = (family, protocol) in ((_INET, _ICMP), (_INET6, _ICMPV6))
    if symbol == "EACCES" and kind == flags.SOCK_DGRAM and pings:
        yield from _pings()


def _right(capability: int, what: str) -> Iterator[Finding]:
    may, name = right(capability, "net"), flags.Capability(capability).name
    yield judged(
        None if may.held is None else not may.held,
        f"{what} {name} in the user namespace that owns this network namespace.",
        f"{name} is there.",
        may.read,
        f"add {name}, for example with docker run --cap-add {(name or '')[4:]}, or setcap",
    )


def _pings() -> Iterator[Finding]:
    found = sysctl(_RANGE)
    if not found:
        yield Finding(Verdict.UNKNOWN, f"{_RANGE} cannot be read.", found.unknown)
        return
    first, last = map(int, found.value.split())
    groups = sorted({os.getegid(), *os.getgroups()})
    allowed = [one for one in groups if first <= one <= last]
    unsure = first == last and not is_mapped(
        "gid", first
    )  # as groups that are not of this namespace are shown
    yield judged(
        None if unsure else not allowed,
        f"{_RANGE} lets groups from {first} to {last} make sockets that ping, and this process is in none"
        " of them.",
        f"{_RANGE} lets group {allowed[0] if allowed else 0} make sockets that ping.",
        f"{_RANGE}: {first} {last}; this process has the groups {', '.join(map(str, groups))}",
        f"sysctl {_RANGE}, or a raw socket with CAP_NET_RAW",
    )


def _family(family: int) -> Iterator[Finding]:
    """EAFNOSUPPORT: whether any socket of the family can be made; one that can is closed again."""
    try:
        name = flags.AddressFamily(family).name or str(family)
    except ValueError:
        name = str(family)
    for kind in _KINDS:
        try:
            os.close(calls.socket(family, kind | flags.SOCK_CLOEXEC, 0))
        except OSError as error:
            if error.errno == errno.EAFNOSUPPORT:
                continue
            if error.errno in (errno.EMFILE, errno.ENFILE):
                return
        yield Finding(Verdict.EXCLUDED, f"The kernel has sockets of {name}.", f"socket({name}, {kind}, 0)")
        return
    none = filters.mode().value == 0
    yield Finding(
        Verdict.PROVEN if none else Verdict.FITS,
        f"There are no sockets of {name} here: the kernel is built or started without them, its module is"
        " missing, or they are only for the first network namespace.",
        f"socket({name}) of any type: EAFNOSUPPORT",
        "" if none else "a seccomp filter may refuse the family (RestrictAddressFamilies= of systemd)",
    )
