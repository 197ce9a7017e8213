"""Descriptors of processes."""

from __future__ import annotations

import os
import signal

import pytest

from pysys import calls, errors, structures
from pysys.flags import PIDFD_INFO_EXIT


@pytest.mark.isolated
def test_a_signal_goes_to_the_process_with_its_information() -> None:
    """pidfd_send_signal sends; with info the receiver gets its value; after the end it is ESRCH."""
    pidfd = calls.pidfd_open(os.getpid())
    assert not os.get_inheritable(pidfd)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
    calls.pidfd_send_signal(pidfd, signal.SIGRTMIN)
    assert signal.sigwaitinfo({signal.SIGRTMIN}).si_code == 0
    info = structures.siginfo(si_signo=signal.SIGRTMIN, si_code=-1, si_pid=4711)
    calls.pidfd_send_signal(pidfd, signal.SIGRTMIN, info)
    got = signal.sigwaitinfo({signal.SIGRTMIN})
    assert (got.si_code, got.si_pid) == (-1, 4711)
    child = os.fork()
    if not child:
        os._exit(0)
    gone = calls.pidfd_open(child)
    os.waitpid(child, 0)
    try:
        calls.pidfd_send_signal(gone, 0)
    except errors.ESRCH:
        return
    raise AssertionError("it reached a process that is gone")


def test_a_descriptor_is_copied() -> None:
    """pidfd_getfd gives a descriptor of the same open file, closed by exec."""
    reader, writer = os.pipe()
    pidfd = calls.pidfd_open(os.getpid())
    copy = calls.pidfd_getfd(pidfd, writer)
    try:
        os.write(copy, b"text")
        assert os.read(reader, 9) == b"text" and not os.get_inheritable(copy)
        with pytest.raises(errors.EBADF):
            calls.pidfd_getfd(pidfd, 9999)
    finally:
        for fd in (reader, writer, pidfd, copy):
            os.close(fd)


@pytest.mark.isolated
def test_what_the_kernel_knows_of_a_process() -> None:
    """pidfd_info returns ids while it lives, and how it ended when it was waited for."""
    child = os.fork()
    if not child:
        signal.pause()
    pidfd = calls.pidfd_open(child)
    try:
        info = calls.pidfd_info(pidfd)
    except (errors.ENOTTY, errors.EINVAL):
        pytest.skip("this kernel has no PIDFD_GET_INFO")
    finally:
        os.kill(child, signal.SIGKILL)
    assert (info.pid, info.tgid, info.ppid) == (child, child, os.getpid())
    assert (info.ruid, info.euid, info.suid) == os.getresuid()
    _, status = os.waitpid(child, 0)
    try:
        ended = calls.pidfd_info(pidfd)
    except errors.ESRCH:
        pytest.skip("this kernel does not keep how a process ended")
    assert ended.mask & PIDFD_INFO_EXIT and ended.exit_code == status == signal.SIGKILL
