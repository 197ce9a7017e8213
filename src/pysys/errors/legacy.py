"""x"""

from __future__ import annotations

import errno as _errno

from .base import SyscallError

__all__ = ['ECHRNG', 'EL2NSYNC', 'EL3HLT', 'EL3RST', 'ELNRNG', 'EUNATCH', 'ENOCSI', 'EL2HLT', 'EBADE', 'EBADR', 'EXFULL', 'ENOANO', 'EBADRQC', 'EBADSLT', 'EBFONT', 'ENOSTR', 'ENOSR', 'EADV', 'ESRMNT', 'EDOTDOT', 'EREMCHG', 'ERESTART', 'ENOTNAM', 'ENAVAIL', 'EISNAM']



class ECHRNG(SyscallError):
    """ECHRNG: Channel number out of range."""


class EL2NSYNC(SyscallError):
    """EL2NSYNC: Level 2 not synchronized."""


class EL3HLT(SyscallError):
    """EL3HLT: Level 3 halted."""


class EL3RST(SyscallError):
    """EL3RST: Level 3 reset."""


class ELNRNG(SyscallError):
    """ELNRNG: Link number out of range."""


class EUNATCH(SyscallError):
    """EUNATCH: Protocol driver not attached."""


class ENOCSI(SyscallError):
    """ENOCSI: No CSI structure available."""


class EL2HLT(SyscallError):
    """EL2HLT: Level 2 halted."""


class EBADE(SyscallError):
    """EBADE: Invalid exchange."""


class EBADR(SyscallError):
    """EBADR: Invalid request descriptor."""


class EXFULL(SyscallError):
    """EXFULL: Exchange full."""


class ENOANO(SyscallError):
    """ENOANO: No anode."""


class EBADRQC(SyscallError):
    """EBADRQC: Invalid request code."""


class EBADSLT(SyscallError):
    """EBADSLT: Invalid slot."""


class EBFONT(SyscallError):
    """EBFONT: Bad font file format."""


class ENOSTR(SyscallError):
    """ENOSTR: Device not a stream."""


class ENOSR(SyscallError):
    """ENOSR: Out of streams resources."""


class EADV(SyscallError):
    """EADV: Advertise error."""


class ESRMNT(SyscallError):
    """ESRMNT: Srmount error."""


class EDOTDOT(SyscallError):
    """EDOTDOT: RFS specific error."""


class EREMCHG(SyscallError):
    """EREMCHG: Remote address changed."""


class ERESTART(SyscallError):
    """ERESTART: Interrupted system call should be restarted."""


class ENOTNAM(SyscallError):
    """ENOTNAM: Not a XENIX named type file."""


class ENAVAIL(SyscallError):
    """ENAVAIL: No XENIX semaphores available."""


class EISNAM(SyscallError):
    """EISNAM: Is a named type file."""
