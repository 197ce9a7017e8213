"""Macros of the headers that make one number of several."""

from __future__ import annotations


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
