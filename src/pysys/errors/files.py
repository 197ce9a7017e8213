"""x"""

from __future__ import annotations

import errno as _errno

from .base import SyscallError

__all__ = ['ENOENT', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'ELOOP', 'ENAMETOOLONG', 'EXDEV', 'EMLINK', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'ENXIO', 'ENODEV', 'EBADF', 'EMFILE', 'ENFILE', 'ENOTTY', 'ESPIPE', 'EPIPE', 'ETXTBSY', 'ENOTBLK', 'ENOLCK', 'EBADFD', 'EFTYPE', 'ENODATA', 'ESTALE', 'EREMOTE', 'EREMOTEIO', 'EUCLEAN', 'EBADMSG', 'ENOMEDIUM', 'EMEDIUMTYPE', 'ESTRPIPE', 'EFSBADCRC', 'EFSCORRUPTED']



class ENOENT(SyscallError, FileNotFoundError):
    """ENOENT: No such file or directory."""


class EEXIST(SyscallError, FileExistsError):
    """EEXIST: File exists."""


class ENOTDIR(SyscallError, NotADirectoryError):
    """ENOTDIR: Not a directory."""


class EISDIR(SyscallError, IsADirectoryError):
    """EISDIR: Is a directory."""


class ENOTEMPTY(SyscallError):
    """ENOTEMPTY: Directory not empty."""


class ELOOP(SyscallError):
    """ELOOP: Too many levels of symbolic links."""


class ENAMETOOLONG(SyscallError):
    """ENAMETOOLONG: File name too long."""


class EXDEV(SyscallError):
    """EXDEV: Invalid cross-device link."""


class EMLINK(SyscallError):
    """EMLINK: Too many links."""


class EROFS(SyscallError):
    """EROFS: Read-only file system."""


class ENOSPC(SyscallError):
    """ENOSPC: No space left on device."""


class EDQUOT(SyscallError):
    """EDQUOT: Disk quota exceeded."""


class EFBIG(SyscallError):
    """EFBIG: File too large."""


class EIO(SyscallError):
    """EIO: Input/output error."""


class ENXIO(SyscallError):
    """ENXIO: No such device or address."""


class ENODEV(SyscallError):
    """ENODEV: No such device."""


class EBADF(SyscallError):
    """EBADF: Bad file descriptor."""


class EMFILE(SyscallError):
    """EMFILE: Too many open files."""


class ENFILE(SyscallError):
    """ENFILE: Too many open files in system."""


class ENOTTY(SyscallError):
    """ENOTTY: Inappropriate ioctl for device."""


class ESPIPE(SyscallError):
    """ESPIPE: Illegal seek."""


class EPIPE(SyscallError, BrokenPipeError):
    """EPIPE: Broken pipe."""


class ETXTBSY(SyscallError):
    """ETXTBSY: Text file busy."""


class ENOTBLK(SyscallError):
    """ENOTBLK: Block device required."""


class ENOLCK(SyscallError):
    """ENOLCK: No locks available."""


class EBADFD(SyscallError):
    """EBADFD: File descriptor in bad state."""


class EFTYPE(SyscallError, number=_errno.ERFKILL + 2):
    """EFTYPE: EFTYPE."""


class ENODATA(SyscallError):
    """ENODATA: No data available."""


class ESTALE(SyscallError):
    """ESTALE: Stale file handle."""


class EREMOTE(SyscallError):
    """EREMOTE: Object is remote."""


class EREMOTEIO(SyscallError):
    """EREMOTEIO: Remote I/O error."""


class EUCLEAN(SyscallError):
    """EUCLEAN: Structure needs cleaning."""


class EBADMSG(SyscallError):
    """EBADMSG: Bad message."""


class ENOMEDIUM(SyscallError):
    """ENOMEDIUM: No medium found."""


class EMEDIUMTYPE(SyscallError):
    """EMEDIUMTYPE: Wrong medium type."""


class ESTRPIPE(SyscallError):
    """ESTRPIPE: Streams pipe error."""


EFSBADCRC = EBADMSG


EFSCORRUPTED = EUCLEAN
