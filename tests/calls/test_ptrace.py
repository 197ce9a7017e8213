"""ptrace: what it gives by request."""

from __future__ import annotations

import array
import os
import signal
import sys
from typing import assert_type

import pytest
from skips import skipped_if

from pysys import abi, calls, errors, structures
from pysys.calls import _ptrace
from pysys.flags import (
    NT_PRFPREG,
    NT_PRSTATUS,
    PTRACE_ATTACH,
    PTRACE_DETACH,
    PTRACE_GET_SYSCALL_INFO,
    PTRACE_GETFPREGS,
    PTRACE_GETREGS,
    PTRACE_GETREGSET,
    PTRACE_GETSIGINFO,
    PTRACE_GETSIGMASK,
    PTRACE_O_TRACESYSGOOD,
    PTRACE_PEEKDATA,
    PTRACE_PEEKSIGINFO,
    PTRACE_PEEKSIGINFO_SHARED,
    PTRACE_SETOPTIONS,
    PTRACE_SETREGS,
    PTRACE_SETREGSET,
    PTRACE_SETSIGMASK,
    PTRACE_SYSCALL,
    PTRACE_SYSCALL_INFO_ENTRY,
    PTRACE_SYSCALL_INFO_EXIT,
    PTRACE_TRACEME,
)

ABI = abi.current()


@pytest.mark.isolated
def test_ptrace() -> None:
    """A word of the other's memory, why it stopped, and its mask."""
    word = array.array("L", [0x1234567])
    address, _ = word.buffer_info()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    try:
        with skipped_if(errors.EPERM):
            calls.ptrace(PTRACE_ATTACH, pid)
        os.waitpid(pid, 0)
        assert calls.ptrace(PTRACE_PEEKDATA, pid, address) == 0x1234567
        assert calls.ptrace(PTRACE_GETSIGINFO, pid).si_signo == signal.SIGSTOP
        mask = calls.ptrace(PTRACE_GETSIGMASK, pid, 8)
        assert len(mask) == 8
        if ABI.bits == 64:
            assert int.from_bytes(mask, sys.byteorder) >> signal.SIGUSR2 - 1 & 1
        calls.ptrace(PTRACE_DETACH, pid)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _stopped() -> int:
    """A child that this process traces, stopped by SIGSTOP."""
    pid = os.fork()
    if pid == 0:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
        calls.ptrace(PTRACE_TRACEME)
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(calls.getppid() & 1)
    assert os.WIFSTOPPED(os.waitpid(pid, 0)[1])
    return pid


@pytest.mark.isolated
def test_ptrace_of_registers() -> None:
    """They are a structure of this ABI, whose bytes are the kernel's, and can be set again."""
    pid = _stopped()
    try:
        found = calls.ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS)
        known = _ptrace._SETS.get((ABI.architecture, ABI.register_bits), {}).get(NT_PRSTATUS)
        space = bytearray(1024)
        vector = structures.iovec(iov_base=space, iov_len=len(space))
        assert calls.ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, vector) == 0
        data = bytes(space[: vector.iov_len])
        if known is None:
            assert found == data
            return
        name, size = known
        assert type(found) is getattr(structures, name)
        assert vector.iov_len == (size or found.nbytes) and data.startswith(bytes(found))
        where = {"rip", "eip", "pc", "nip", "csr_era", "cp0_epc", "psw", "uregs"}.intersection(dir(found))
        assert len(where) == 1 and getattr(found, where.pop())
        if not size:
            assert calls.ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, found) == 0
            assert calls.ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS) == found
        if ABI.architecture == "x86":
            assert calls.ptrace(PTRACE_GETREGS, pid) == found
            assert calls.ptrace(PTRACE_SETREGS, pid, data=found) == 0
            assert calls.ptrace(PTRACE_GETFPREGS, pid) == calls.ptrace(PTRACE_GETREGSET, pid, NT_PRFPREG)
            try:
                calls.ptrace(PTRACE_GETREGS, pid, 0, bytearray(found.nbytes - 1))
            except ValueError as error:
                assert f"ptrace: data is {found.nbytes - 1} bytes long" in str(error)
            else:
                raise AssertionError("it is too short")
        try:
            calls.ptrace(PTRACE_GETREGSET, pid, 0x7FFFFFFF)
        except errors.EINVAL:
            pass
        else:
            raise AssertionError("there is no such set")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.mark.isolated
def test_ptrace_knows_sizes() -> None:
    """Where addr is the size of a structure or of a set of signals, it need not be said."""
    pid = _stopped()
    try:
        assert assert_type(calls.ptrace(PTRACE_GETSIGMASK, pid), set[int]) == {signal.SIGUSR2}
        calls.ptrace(PTRACE_SETSIGMASK, pid, data=structures.sigset.of({signal.SIGUSR1}))
        assert calls.ptrace(PTRACE_GETSIGMASK, pid) == {signal.SIGUSR1}
        os.kill(pid, signal.SIGUSR1)
        args = structures.ptrace_peeksiginfo_args(flags=PTRACE_PEEKSIGINFO_SHARED, nr=10)
        pending = assert_type(calls.ptrace(PTRACE_PEEKSIGINFO, pid, args), list[structures.siginfo])
        assert [one.si_signo for one in pending] == [signal.SIGUSR1]
        calls.ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD)
        calls.ptrace(PTRACE_SYSCALL, pid)
        os.waitpid(pid, 0)
        with skipped_if(errors.EIO):  # before Linux 5.3
            info = calls.ptrace(PTRACE_GET_SYSCALL_INFO, pid)
        assert_type(info, structures.ptrace_syscall_info)
        assert info.op in (PTRACE_SYSCALL_INFO_ENTRY, PTRACE_SYSCALL_INFO_EXIT)
        assert info.arch == ABI.audit_arch
        data = assert_type(calls.ptrace(PTRACE_GET_SYSCALL_INFO, pid, 24), bytes)
        assert data == bytes(info)[:24]
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
