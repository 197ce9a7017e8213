"""reap: the orphans that a subreaper gets as children."""

from __future__ import annotations

import os

from pysys.arguments import integers, iterables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def reap(but: Iterable[Any] = ()) -> list[tuple[int, int]]:
    """waitid(2): reap each child that has ended, apart from those that somebody else waits for.

    For a subreaper (PR_SET_CHILD_SUBREAPER) or process 1, whose children are also the orphans of its
    descendants. Each is looked at with WNOWAIT before it is reaped, so that a child of `but` keeps its
    status.

    but: the children that have an owner: Child, Popen, what else has the attribute `pid`, or process ids. It
        is gone through after the ended children were listed. What has a returncode is reaped already, and its
        id may be that of an orphan by now. Leave nothing out: a child of a library that you use is an orphan
        to this function.

    Returns a pair for each that was reaped: its process id, and its exit status or minus the signal that
    ended it.

    Raises TypeError for something else. A child that another thread is starting at that time, and that ends
    at once, may not be in `but` yet: call it in the thread that starts them. The children are listed from
    /proc/self/task/*/children or, without CONFIG_PROC_CHILDREN, /proc/*/stat; without /proc it reaps one
    child at a time. Since Linux 2.6.10; subreapers since Linux 3.4.
    """
    pids = _ended_children()
    owned = {_pid(one) for one in iterables.items("reap: but", but, "children")}
    found = []
    for pid in pids:
        if pid not in owned:
            status = _take(pid)
            if status is not None:
                found.append((pid, status))
    return found


def _pid(one: Any) -> int:
    """The process id of a child; 0 if it is reaped."""
    if getattr(one, "returncode", None) is not None:
        return 0
    return integers.signed("reap: but", getattr(one, "pid", one) or 0)


def _look(which: int, pid: int, options: int = os.WNOWAIT) -> Any:
    """What waitid says of a child that has ended; None if there is none."""
    try:
        return os.waitid(which, pid, os.WEXITED | os.WNOHANG | options)
    except ChildProcessError:
        return None


def _take(pid: int) -> int | None:
    ended = _look(os.P_PID, pid, 0)
    if ended is None:  # another thread was faster
        return None
    status: int = ended.si_status
    return status if ended.si_code == os.CLD_EXITED else -status


def _ended_children() -> list[int]:
    first = _look(os.P_ALL, 0)
    if first is None:
        return []
    listed = _children()
    if listed is None:
        return [first.si_pid]
    # Not `first` itself, which may be one that this process traces.
    return [pid for pid in listed if _look(os.P_PID, pid) is not None]


def _children() -> list[int] | None:
    """The process ids of this process's children; None if they cannot be listed."""
    try:
        found: list[int] = []
        for thread in os.listdir("/proc/self/task"):
            try:
                found += map(int, _read(f"/proc/self/task/{thread}/children").split())
            except FileNotFoundError:
                if os.path.exists(f"/proc/self/task/{thread}"):
                    return _children_by_parent()
        return found
    except OSError:
        return None


def _children_by_parent() -> list[int]:
    """The same without CONFIG_PROC_CHILDREN."""
    parent, found = b"%d" % os.getpid(), []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                # Behind the name, which may have any character: the state, and the parent's id.
                if _read(f"/proc/{name}/stat").rpartition(b")")[2].split()[1] == parent:
                    found.append(int(name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.readall()
