"""x"""

from __future__ import annotations

import errno as _errno

from .base import SyscallError

__all__ = ['EPERM', 'EACCES', 'ESRCH', 'ECHILD', 'EINTR', 'EAGAIN', 'EBUSY', 'EINVAL', 'EFAULT', 'ENOSYS', 'NoNumber', 'E2BIG', 'ENOEXEC', 'ENOMEM', 'EDOM', 'ERANGE', 'EOVERFLOW', 'EILSEQ', 'EDEADLK', 'EDEADLOCK', 'EUSERS', 'EOWNERDEAD', 'ENOTRECOVERABLE', 'ECANCELED', 'ETIME', 'ENOMSG', 'EIDRM', 'ENOKEY', 'EKEYEXPIRED', 'EKEYREVOKED', 'EKEYREJECTED', 'ENOPKG', 'EHWPOISON', 'ELIBACC', 'ELIBBAD', 'ELIBSCN', 'ELIBMAX', 'ELIBEXEC', 'EWOULDBLOCK', 'ECANCELLED']



class EPERM(SyscallError, PermissionError):
    """EPERM: Operation not permitted."""


class EACCES(SyscallError, PermissionError):
    """EACCES: Permission denied."""


class ESRCH(SyscallError, ProcessLookupError):
    """ESRCH: No such process."""


class ECHILD(SyscallError, ChildProcessError):
    """ECHILD: No child processes."""


class EINTR(SyscallError, InterruptedError):
    """EINTR: Interrupted system call."""


class EAGAIN(SyscallError, BlockingIOError):
    """EAGAIN: Resource temporarily unavailable."""


class EBUSY(SyscallError):
    """EBUSY: Device or resource busy."""


class EINVAL(SyscallError):
    """EINVAL: Invalid argument."""


class EFAULT(SyscallError):
    """EFAULT: Bad address."""


class ENOSYS(SyscallError):
    """ENOSYS: Function not implemented."""


class NoNumber(ENOSYS):
    """NoNumber: no number."""


class E2BIG(SyscallError):
    """E2BIG: Argument list too long."""


class ENOEXEC(SyscallError):
    """ENOEXEC: Exec format error."""


class ENOMEM(SyscallError):
    """ENOMEM: Cannot allocate memory."""


class EDOM(SyscallError):
    """EDOM: Numerical argument out of domain."""


class ERANGE(SyscallError):
    """ERANGE: Numerical result out of range."""


class EOVERFLOW(SyscallError):
    """EOVERFLOW: Value too large for defined data type."""


class EILSEQ(SyscallError):
    """EILSEQ: Invalid or incomplete multibyte or wide character."""


class EDEADLK(SyscallError):
    """EDEADLK: Resource deadlock avoided."""


class EDEADLOCK(SyscallError):
    """EDEADLOCK: Resource deadlock avoided."""


class EUSERS(SyscallError):
    """EUSERS: Too many users."""


class EOWNERDEAD(SyscallError):
    """EOWNERDEAD: Owner died."""


class ENOTRECOVERABLE(SyscallError):
    """ENOTRECOVERABLE: State not recoverable."""


class ECANCELED(SyscallError):
    """ECANCELED: Operation canceled."""


class ETIME(SyscallError):
    """ETIME: Timer expired."""


class ENOMSG(SyscallError):
    """ENOMSG: No message of desired type."""


class EIDRM(SyscallError):
    """EIDRM: Identifier removed."""


class ENOKEY(SyscallError):
    """ENOKEY: Required key not available."""


class EKEYEXPIRED(SyscallError):
    """EKEYEXPIRED: Key has expired."""


class EKEYREVOKED(SyscallError):
    """EKEYREVOKED: Key has been revoked."""


class EKEYREJECTED(SyscallError):
    """EKEYREJECTED: Key was rejected by service."""


class ENOPKG(SyscallError):
    """ENOPKG: Package not installed."""


class EHWPOISON(SyscallError, number=_errno.ERFKILL + 1):
    """EHWPOISON: EHWPOISON."""


class ELIBACC(SyscallError):
    """ELIBACC: Can not access a needed shared library."""


class ELIBBAD(SyscallError):
    """ELIBBAD: Accessing a corrupted shared library."""


class ELIBSCN(SyscallError):
    """ELIBSCN: .lib section in a.out corrupted."""


class ELIBMAX(SyscallError):
    """ELIBMAX: Attempting to link in too many shared libraries."""


class ELIBEXEC(SyscallError):
    """ELIBEXEC: Cannot exec a shared library directly."""


EWOULDBLOCK = EAGAIN


ECANCELLED = ECANCELED
