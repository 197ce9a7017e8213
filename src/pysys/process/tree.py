"""Ends the processes that a process has started: those of its group, or of a cgroup.

Loaded when it is first needed, and held in memory until then (pysys.process.child).
"""

from __future__ import annotations

import _signal
import os
from errno import ECHILD, ENODEV, ENOENT

from pysys import errors
from pysys._native import lib
from pysys.arguments import descriptors, integers, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys._types import Descriptor, Path
    from pysys.process.child import Child

_PIDFD_SIGNAL_PROCESS_GROUP = 4  # Linux 6.9


def kill(child: Child, tree: bool | Path | Descriptor) -> None:
    """What Child.kill does with `tree`."""
    if not child._is_ours() or child._state == lib.PYSYS_DETACHED:
        raise errors.error(ECHILD, "waitid")
    if tree is True:
        _kill_group(child)
        child.kill()  # it may have left its group
        return
    if text.is_path(tree):
        path = text.encoded("kill: tree", tree)
        try:
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise errors.error(error.errno or 0, "openat", filename=tree) from None
        try:
            _kill_cgroup(child, folder)
        finally:
            os.close(folder)
    else:
        _kill_cgroup(child, integers.signed("kill: tree", descriptors.number("kill: tree", tree)))


# ---- its group ----


def _kill_group(child: Child) -> None:
    copy = type(child)()  # with a descriptor that no other thread closes
    try:
        pidfd = copy._pidfd if child._duplicate(copy) == 0 else -1
        sent = None if pidfd == -1 else _signal_group(pidfd)
        if sent or not _is_there(child, pidfd):
            return
        # The id is the process's, and that of its group, as long as it is not reaped.
        if sent is None:
            sent = _sent("kill", os.killpg, child.pid, _signal.SIGKILL)
        if not sent and _leads_none(child.pid):
            raise ValueError(
                f"kill: tree: process {child.pid} leads no group: start it with process_group=0 or "
                "start_new_session, or pass its cgroup"
            )
    finally:
        copy._close()


def _signal_group(pidfd: int) -> bool | None:
    """Returns False if there is no group, None if the kernel cannot do it (before Linux 6.9)."""
    try:
        return _sent_to(pidfd, None, _PIDFD_SIGNAL_PROCESS_GROUP)
    except (errors.EINVAL, errors.ENOSYS):
        return None


def _is_there(child: Child, pidfd: int) -> bool:
    """Whether the process is not reaped yet."""
    if child._state != lib.PYSYS_RUNS:
        return False
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    try:
        os.waitid(os.P_PID if pidfd == -1 else os.P_PIDFD, child.pid if pidfd == -1 else pidfd, options)
    except ChildProcessError:
        return False
    except OSError:  # P_PIDFD before Linux 5.4
        return pidfd != -1 and _is_there(child, -1)
    return True


def _leads_none(pid: int) -> bool:
    try:
        return os.getpgid(pid) != pid
    except ProcessLookupError:  # reaped just now
        return False


# ---- a cgroup ----


def _kill_cgroup(child: Child, folder: int) -> None:
    members = _members(folder)
    if os.getpid() in members:
        raise ValueError("kill: tree: this process is in that cgroup")
    if child.pid not in members and child.poll() is None:
        raise ValueError(f"kill: tree: process {child.pid} is not in that cgroup")
    try:
        file = os.open("cgroup.kill", os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:  # version 1, or before Linux 5.14
        _kill_each(folder)
    except OSError as error:
        raise errors.error(error.errno or 0, "openat") from None
    else:
        try:
            os.write(file, b"1")
        finally:
            os.close(file)


def _members(folder: int) -> set[int]:
    """The processes in a cgroup and below it."""
    found: set[int] = set()
    try:
        file = os.open("cgroup.procs", os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
        try:
            while part := os.read(file, 1 << 16):  # complete lines
                found.update(map(int, part.split()))
        finally:
            os.close(file)
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                below = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
                try:
                    found |= _members(below)
                finally:
                    os.close(below)
    except OSError as error:
        if error.errno not in (ENOENT, ENODEV):  # it was removed meanwhile
            raise errors.error(error.errno or 0, "openat") from None
    return found


def _kill_each(folder: int) -> None:
    """What has got its SIGKILL makes no more processes, so that there is a round that finds no new one."""
    done: set[int] = set()
    while new := _members(folder) - done - {0}:  # 0: of a pid namespace that is not below this one
        done |= new
        for pid in new:
            try:
                pidfd = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            except OSError as error:
                raise errors.error(error.errno or 0, "pidfd_open") from None
            try:
                # Still a member: the descriptor is that of a process in the cgroup, not of a later one.
                if pid in _members(folder):
                    _sent_to(pidfd)
            finally:
                os.close(pidfd)


def _sent_to(pidfd: int, *more: Any) -> bool:
    return _sent("pidfd_send_signal", _signal.pidfd_send_signal, pidfd, _signal.SIGKILL, *more)


def _sent(name: str, call: Callable[..., object], *arguments: Any) -> bool:
    """Make a call that sends a signal. Returns False if it finds no process."""
    try:
        call(*arguments)
    except ProcessLookupError:
        return False
    except OSError as error:
        raise errors.error(error.errno or 0, name) from None
    return True
