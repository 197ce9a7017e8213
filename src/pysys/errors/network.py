"""x"""

from __future__ import annotations

import errno as _errno

from .base import SyscallError

__all__ = ['ENOTSOCK', 'EDESTADDRREQ', 'EMSGSIZE', 'EPROTOTYPE', 'ENOPROTOOPT', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT', 'EOPNOTSUPP', 'EPFNOSUPPORT', 'EAFNOSUPPORT', 'EADDRINUSE', 'EADDRNOTAVAIL', 'ENETDOWN', 'ENETUNREACH', 'ENETRESET', 'ECONNABORTED', 'ECONNRESET', 'ECONNREFUSED', 'ENOBUFS', 'EISCONN', 'ENOTCONN', 'ESHUTDOWN', 'ETOOMANYREFS', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'EALREADY', 'EINPROGRESS', 'EPROTO', 'EMULTIHOP', 'ENOLINK', 'ECOMM', 'ENONET', 'ENOTUNIQ', 'ERFKILL', 'ENOTSUP', 'EREFUSED']



class ENOTSOCK(SyscallError):
    """ENOTSOCK: Socket operation on non-socket."""


class EDESTADDRREQ(SyscallError):
    """EDESTADDRREQ: Destination address required."""


class EMSGSIZE(SyscallError):
    """EMSGSIZE: Message too long."""


class EPROTOTYPE(SyscallError):
    """EPROTOTYPE: Protocol wrong type for socket."""


class ENOPROTOOPT(SyscallError):
    """ENOPROTOOPT: Protocol not available."""


class EPROTONOSUPPORT(SyscallError):
    """EPROTONOSUPPORT: Protocol not supported."""


class ESOCKTNOSUPPORT(SyscallError):
    """ESOCKTNOSUPPORT: Socket type not supported."""


class EOPNOTSUPP(SyscallError):
    """EOPNOTSUPP: Operation not supported."""


class EPFNOSUPPORT(SyscallError):
    """EPFNOSUPPORT: Protocol family not supported."""


class EAFNOSUPPORT(SyscallError):
    """EAFNOSUPPORT: Address family not supported by protocol."""


class EADDRINUSE(SyscallError):
    """EADDRINUSE: Address already in use."""


class EADDRNOTAVAIL(SyscallError):
    """EADDRNOTAVAIL: Cannot assign requested address."""


class ENETDOWN(SyscallError):
    """ENETDOWN: Network is down."""


class ENETUNREACH(SyscallError):
    """ENETUNREACH: Network is unreachable."""


class ENETRESET(SyscallError):
    """ENETRESET: Network dropped connection on reset."""


class ECONNABORTED(SyscallError, ConnectionAbortedError):
    """ECONNABORTED: Software caused connection abort."""


class ECONNRESET(SyscallError, ConnectionResetError):
    """ECONNRESET: Connection reset by peer."""


class ECONNREFUSED(SyscallError, ConnectionRefusedError):
    """ECONNREFUSED: Connection refused."""


class ENOBUFS(SyscallError):
    """ENOBUFS: No buffer space available."""


class EISCONN(SyscallError):
    """EISCONN: Transport endpoint is already connected."""


class ENOTCONN(SyscallError):
    """ENOTCONN: Transport endpoint is not connected."""


class ESHUTDOWN(SyscallError, BrokenPipeError):
    """ESHUTDOWN: Cannot send after transport endpoint shutdown."""


class ETOOMANYREFS(SyscallError):
    """ETOOMANYREFS: Too many references: cannot splice."""


class ETIMEDOUT(SyscallError, TimeoutError):
    """ETIMEDOUT: Connection timed out."""


class EHOSTDOWN(SyscallError):
    """EHOSTDOWN: Host is down."""


class EHOSTUNREACH(SyscallError):
    """EHOSTUNREACH: No route to host."""


class EALREADY(SyscallError, BlockingIOError):
    """EALREADY: Operation already in progress."""


class EINPROGRESS(SyscallError, BlockingIOError):
    """EINPROGRESS: Operation now in progress."""


class EPROTO(SyscallError):
    """EPROTO: Protocol error."""


class EMULTIHOP(SyscallError):
    """EMULTIHOP: Multihop attempted."""


class ENOLINK(SyscallError):
    """ENOLINK: Link has been severed."""


class ECOMM(SyscallError):
    """ECOMM: Communication error on send."""


class ENONET(SyscallError):
    """ENONET: Machine is not on the network."""


class ENOTUNIQ(SyscallError):
    """ENOTUNIQ: Name not unique on network."""


class ERFKILL(SyscallError):
    """ERFKILL: Operation not possible due to RF-kill."""


ENOTSUP = EOPNOTSUPP


EREFUSED = ECONNREFUSED
