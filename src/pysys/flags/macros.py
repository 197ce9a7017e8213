"""Macros of the headers that make one number of several."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, Literal, TypeVar, overload

    from pysys import structures
    from pysys.flags.files import QuotaCommand

    _Answer = TypeVar("_Answer")

    class _Quota(int, Generic[_Answer]):
        """A command of quotactl with its type, by what it answers."""

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
    def QCMD(cmd: int, type: int) -> _Quota[int]: ...


def QCMD(cmd: int, type: int) -> int:  # noqa: N802  # the kernel's name
    """The command of quotactl and quotactl_fd.

    cmd: flags.QuotaCommand. type: flags.QuotaType, whose quota it is.

    Returns an int. Raises ValueError for a type that does not fit.
    """
    if not 0 <= type <= 0xFF:
        raise ValueError(f"QCMD: type: {type} is out of range (0 to 255)")
    return cmd << 8 | type


def IOPRIO_PRIO_VALUE(prioclass: int, priolevel: int) -> int:  # noqa: N802  # likewise
    """The priority that ioprio_set takes, and aio_reqprio of an iocb.

    prioclass: flags.IoprioClass. priolevel: from 0, the highest, to 7.

    Returns an int. Raises ValueError for what does not fit.
    """
    for name, value in (("prioclass", prioclass), ("priolevel", priolevel)):
        if not 0 <= value <= 7:
            raise ValueError(f"IOPRIO_PRIO_VALUE: {name}: {value} is out of range (0 to 7)")
    return prioclass << 13 | priolevel
