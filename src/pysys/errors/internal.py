"""x"""

from __future__ import annotations

import errno as _errno

from .base import SyscallError

__all__ = ['ERESTARTSYS', 'ERESTARTNOINTR', 'ERESTARTNOHAND', 'ENOIOCTLCMD', 'ERESTART_RESTARTBLOCK', 'EPROBE_DEFER', 'EOPENSTALE', 'ENOPARAM', 'EBADHANDLE', 'ENOTSYNC', 'EBADCOOKIE', 'ENOTSUPP', 'ETOOSMALL', 'ESERVERFAULT', 'EBADTYPE', 'EJUKEBOX', 'EIOCBQUEUED', 'ERECALLCONFLICT', 'ENOGRACE', 'EINIT', 'EREMDEV', 'EPROCLIM', 'ERREMOTE']



class ERESTARTSYS(SyscallError, number=512):
    """ERESTARTSYS: ERESTARTSYS."""


class ERESTARTNOINTR(SyscallError, number=513):
    """ERESTARTNOINTR: ERESTARTNOINTR."""


class ERESTARTNOHAND(SyscallError, number=514):
    """ERESTARTNOHAND: ERESTARTNOHAND."""


class ENOIOCTLCMD(SyscallError, number=515):
    """ENOIOCTLCMD: ENOIOCTLCMD."""


class ERESTART_RESTARTBLOCK(SyscallError, number=516):
    """ERESTART_RESTARTBLOCK: ERESTART_RESTARTBLOCK."""


class EPROBE_DEFER(SyscallError, number=517):
    """EPROBE_DEFER: EPROBE_DEFER."""


class EOPENSTALE(SyscallError, number=518):
    """EOPENSTALE: EOPENSTALE."""


class ENOPARAM(SyscallError, number=519):
    """ENOPARAM: ENOPARAM."""


class EBADHANDLE(SyscallError, number=521):
    """EBADHANDLE: EBADHANDLE."""


class ENOTSYNC(SyscallError, number=522):
    """ENOTSYNC: ENOTSYNC."""


class EBADCOOKIE(SyscallError, number=523):
    """EBADCOOKIE: EBADCOOKIE."""


class ENOTSUPP(SyscallError, number=524):
    """ENOTSUPP: ENOTSUPP."""


class ETOOSMALL(SyscallError, number=525):
    """ETOOSMALL: ETOOSMALL."""


class ESERVERFAULT(SyscallError, number=526):
    """ESERVERFAULT: ESERVERFAULT."""


class EBADTYPE(SyscallError, number=527):
    """EBADTYPE: EBADTYPE."""


class EJUKEBOX(SyscallError, number=528):
    """EJUKEBOX: EJUKEBOX."""


class EIOCBQUEUED(SyscallError, number=529):
    """EIOCBQUEUED: EIOCBQUEUED."""


class ERECALLCONFLICT(SyscallError, number=530):
    """ERECALLCONFLICT: ERECALLCONFLICT."""


class ENOGRACE(SyscallError, number=531):
    """ENOGRACE: ENOGRACE."""


class EINIT(SyscallError, number=None):
    """EINIT: EINIT."""


class EREMDEV(SyscallError, number=None):
    """EREMDEV: EREMDEV."""


class EPROCLIM(SyscallError, number=None):
    """EPROCLIM: EPROCLIM."""


class ERREMOTE(SyscallError, number=None):
    """ERREMOTE: ERREMOTE."""
