"""Waiting for children, limits, usage, and memory of other processes, against what os and resource say."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import Any

import pytest
from isolated import children, nothing_left

from pysys import calls, errors, structures

isolated = pytest.mark.isolated(timeout=30)
WEXITED, WSTOPPED, WNOWAIT = 4, 2, 0x1000000
P_ALL, P_PID = 0, 1


def _child(code: int) -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(code)
    return pid


@isolated
def test_wait4_returns_status_and_usage() -> None:
    """The id, the status that os can read, and what the child used; nothing is left of it."""
    with nothing_left():
        pid = _child(7)
        found, status, used = calls.wait4(pid)
        assert (found, os.waitstatus_to_exitcode(status)) == (pid, 7)
        assert isinstance(used, structures.rusage) and used.ru_maxrss > 0
        pid = os.fork()
        if pid == 0:
            signal.pause()
        assert calls.wait4(-1, os.WNOHANG)[:2] == (0, 0)
        os.kill(pid, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(calls.wait4(-1)[1]) == -signal.SIGKILL
    try:
        calls.wait4(-1)
    except errors.ECHILD:
        return
    raise AssertionError("a child that there is not")


@isolated
def test_waitid_returns_what_became_of_a_child() -> None:
    """siginfo says who and how, rusage what it used; WNOWAIT leaves it, WNOHANG gives None meanwhile."""
    with nothing_left():
        pid = os.fork()
        if pid == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(3)
        found = calls.waitid(P_PID, pid, WSTOPPED)
        assert found is not None
        info, _ = found
        assert (info.si_pid, info.si_code, info.si_status) == (pid, os.CLD_STOPPED, signal.SIGSTOP)
        assert calls.waitid(P_ALL, 0, WEXITED | os.WNOHANG) is None
        os.kill(pid, signal.SIGCONT)
        for options in (WEXITED | WNOWAIT, WEXITED):
            found = calls.waitid(P_PID, pid, options)
            assert found is not None
            info, used = found
            assert (info.si_pid, info.si_code, info.si_status) == (pid, os.CLD_EXITED, 3)
            assert info.si_uid == os.getuid() and used.ru_maxrss > 0
        assert not children()


@isolated
def test_limits_are_read_and_set() -> None:
    """The limits are those of resource; a pair or a structure sets them, and the old ones come back."""
    which = resource.RLIMIT_CORE
    before = calls.prlimit64(0, which)
    told = [one % 2**64 for one in resource.getrlimit(which)]
    assert [before.rlim_cur, before.rlim_max] == told
    old = calls.prlimit64(os.getpid(), which, (0, told[1]))
    assert old == before
    assert resource.getrlimit(which)[0] == 0
    assert calls.prlimit64(0, which, structures.rlimit64(rlim_cur=0, rlim_max=0)).rlim_max == told[1]
    assert resource.getrlimit(which) == (0, 0)
    refused: tuple[tuple[Any, type[Exception]], ...] = (
        ((1, 0), errors.EINVAL),
        ((0,), ValueError),
        ("all", TypeError),
    )
    for wrong, error in refused:
        try:
            calls.prlimit64(0, which, wrong)
        except error:
            continue
        raise AssertionError(f"{wrong} was taken")


def test_no_limit_is_minus_one() -> None:
    """-1 stands for no limit in a pair, as in resource; where there is none already it can be set so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    calls.prlimit64(0, resource.RLIMIT_CPU, (soft, hard))
    assert resource.getrlimit(resource.RLIMIT_CPU) == (soft, hard)


def test_usage_lies_between_two_of_pythons() -> None:
    """What was used is what resource.getrusage gives."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = calls.getrusage()
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert (
        before.ru_utime <= found.ru_utime.seconds + 1e-6 and found.ru_utime.seconds <= after.ru_utime + 1e-6
    )
    assert before.ru_minflt <= found.ru_minflt <= after.ru_minflt
    assert before.ru_maxrss <= found.ru_maxrss <= after.ru_maxrss
    with pytest.raises(errors.EINVAL):
        calls.getrusage(7)


def test_memory_is_read_and_written() -> None:
    """Pieces are read in one, written from several; a reading ends where the memory does."""
    memory = ctypes.create_string_buffer(b"0123456789", 10)
    start = ctypes.addressof(memory)
    pid = os.getpid()
    assert calls.process_vm_readv(pid, [(start + 8, 2), (start, 3)]) == b"89012"
    assert calls.process_vm_readv(pid, [(start, 4), (8, 4)]) == b"0123"
    assert calls.process_vm_readv(pid, []) == b""
    assert calls.process_vm_writev(pid, [b"ab", bytearray(b"cde")], [(start, 1), (start + 5, 4)]) == 5
    assert memory.raw == b"a1234bcde9"
    for call in (
        lambda: calls.process_vm_readv(pid, [(8, 4)]),
        lambda: calls.process_vm_writev(pid, [b"1234"], [(8, 4)]),
    ):
        with pytest.raises(errors.EFAULT):
            call()
    with pytest.raises(errors.ESRCH):
        calls.process_vm_readv(2**22 + 1, [(start, 4)])
    with pytest.raises(errors.EINVAL):
        calls.process_vm_readv(pid, [(start, 1)], 1)
