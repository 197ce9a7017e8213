"""Waits for a process that stops and goes on.

Loaded when it is first needed, and held in memory until then (pysys.process.child).
"""

from __future__ import annotations

import os
from time import monotonic, sleep

from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from pysys.process.child import Child

    Change = tuple[Literal["stopped", "continued", "ended"], int]

_DELAY = 0.005  # seconds between two looks
_CHANGES = os.WSTOPPED | os.WCONTINUED


def next_change(child: Child, timeout: float | None, deadline: float | None) -> Change:
    """What wait_change returns."""
    copy = type(child)()
    try:
        # Its own descriptor, which no other thread closes.
        which = (os.P_PIDFD, copy._pidfd) if child._duplicate(copy) == 0 else (os.P_PID, child.pid)
        while (change := _look(child, which, 0 if deadline is None else os.WNOHANG)) is None:
            if deadline is None:
                continue
            left = deadline - monotonic()
            if left <= 0:
                message = f"process {child.pid} has not changed after {counted(timeout or 0, 'second')}"
                raise TimeoutError(message)
            sleep(min(_DELAY, left))
        return change
    finally:
        copy._close()


def _look(child: Child, which: tuple[int, int], options: int) -> Change | None:
    """The next change; None if there is none, or another thread was faster."""
    returncode = child.returncode
    if returncode is None:
        try:
            # Without taking it: an end is taken by poll(), which keeps the status.
            seen = os.waitid(*which, _CHANGES | os.WEXITED | os.WNOWAIT | options)
            if seen is None:
                return None
            if seen.si_code in (os.CLD_STOPPED, os.CLD_TRAPPED, os.CLD_CONTINUED):
                seen = os.waitid(*which, _CHANGES | os.WNOHANG)
                if seen is None:
                    return None
                return "continued" if seen.si_code == os.CLD_CONTINUED else "stopped", seen.si_status
        except ChildProcessError:
            pass  # poll() says whether its status is lost
        except OSError:
            if which[0] == os.P_PID:
                raise
            return _look(child, (os.P_PID, child.pid), options)  # before Linux 5.4
        returncode = child.poll()
    return None if returncode is None else ("ended", returncode)
