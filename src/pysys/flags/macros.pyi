"""Macros of the headers that make one number of several: their types, by hand."""

from typing import Any, Generic, Literal, TypeVar, overload

from pysys import structures
from pysys.flags import QuotaCommand

_Answer = TypeVar("_Answer")

class _Quota(int, Generic[_Answer]):
    """A command of quotactl and its type, which has an answer of this type."""

@overload
def QCMD(cmd: Literal[QuotaCommand.Q_GETFMT], type: int) -> _Quota[int]: ...
@overload
def QCMD(cmd: Literal[QuotaCommand.Q_GETINFO], type: int) -> _Quota[structures.if_dqinfo]: ...
@overload
def QCMD(cmd: Literal[QuotaCommand.Q_GETQUOTA], type: int) -> _Quota[structures.if_dqblk]: ...
@overload
def QCMD(cmd: Literal[QuotaCommand.Q_GETNEXTQUOTA], type: int) -> _Quota[structures.if_nextdqblk]: ...
@overload
def QCMD(
    cmd: Literal[QuotaCommand.Q_XGETQUOTA, QuotaCommand.Q_XGETNEXTQUOTA], type: int
) -> _Quota[structures.fs_disk_quota]: ...
@overload
def QCMD(cmd: Literal[QuotaCommand.Q_XGETQSTAT], type: int) -> _Quota[structures.fs_quota_stat]: ...
@overload
def QCMD(cmd: Literal[QuotaCommand.Q_XGETQSTATV], type: int) -> _Quota[structures.fs_quota_statv]: ...
@overload
def QCMD(cmd: int, type: int) -> _Quota[Any]:
    """The command of quotactl and quotactl_fd.

    cmd: flags.QuotaCommand. type: flags.QuotaType, whose quota it is.

    Returns an int. Raises ValueError for a type that does not fit.
    """

def IOPRIO_PRIO_VALUE(prioclass: int, priolevel: int) -> int:
    """The priority that ioprio_set takes, and aio_reqprio of an iocb.

    prioclass: flags.IoprioClass. priolevel: from 0, the highest, to 7.

    Returns an int. Raises ValueError for what does not fit.
    """
