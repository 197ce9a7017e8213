"""Typed calls whose results are values: ptrace.

    ptrace(PTRACE_PEEKDATA, pid, address)           7809632576
    ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS)      structures.user_regs_struct(rip=4198400, ...)
    ptrace(PTRACE_GET_SYSCALL_INFO, pid).op         1

Most of it is what the table of commands says (pysys.calls._commands). Here is what that cannot: sizes that
are those of a structure, and registers, of which the kernel says how many there are.
"""

from __future__ import annotations

from pysys import structures
from pysys._native import ABI_NAME
from pysys.abi import get
from pysys.calls import direct
from pysys.calls._commands import _called
from pysys.calls._values import sets
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

    from pysys._types import Word

_GETREGSET, _SETREGSET, _PEEKSIGINFO, _GETSIGMASK, _SETSIGMASK = 0x4204, 0x4205, 0x4209, 0x420A, 0x420B
_ANSWERS = {
    0x420E: "ptrace_syscall_info",
    0x420F: "ptrace_rseq_configuration",
    0x4211: "ptrace_sud_config",
}
# What addr, the size, is that of, if it is left out.
_SIZES = _ANSWERS | {
    _SETSIGMASK: "sigset",
    0x420D: "seccomp_metadata",
    0x4210: "ptrace_sud_config",
    0x4212: "ptrace_syscall_info",
}

# What the kernel calls a set of registers that structures have, by architecture, width and type; and how many
# bytes the set has, where there are more than in the structure.
_NT_PRSTATUS, _NT_PRFPREG, _NT_PRXFPREG = 1, 2, 0x46E62B7F
_SETS: dict[tuple[str, int], dict[int, tuple[str, int]]] = {
    ("x86", 64): {_NT_PRSTATUS: ("user_regs_struct", 0), _NT_PRFPREG: ("user_i387_struct", 0)},
    ("x86", 32): {
        _NT_PRSTATUS: ("user_regs_struct", 0),
        _NT_PRFPREG: ("user_i387_struct", 0),
        _NT_PRXFPREG: ("user_fxsr_struct", 0),
    },
    ("arm64", 64): {_NT_PRSTATUS: ("user_pt_regs", 0), _NT_PRFPREG: ("user_fpsimd_state", 0)},
    ("arm", 32): {_NT_PRSTATUS: ("pt_regs", 0)},
    ("riscv", 64): {_NT_PRSTATUS: ("user_regs_struct", 0), _NT_PRFPREG: ("riscv_d_ext_state", 0)},
    ("riscv", 32): {_NT_PRSTATUS: ("user_regs_struct", 0), _NT_PRFPREG: ("riscv_d_ext_state", 0)},
    ("loongarch", 64): {_NT_PRSTATUS: ("user_pt_regs", 0), _NT_PRFPREG: ("user_fp_state", 0)},
    ("powerpc", 64): {_NT_PRSTATUS: ("pt_regs", 48 * 8)},
    ("powerpc", 32): {_NT_PRSTATUS: ("pt_regs", 48 * 4)},
    ("s390", 64): {_NT_PRSTATUS: ("s390_regs", 0), _NT_PRFPREG: ("s390_fp_regs", 0)},
    ("mips", 64): {_NT_PRSTATUS: ("pt_regs", 45 * 8)},
}
_FIRST_LENGTH = 4096  # bytes: a multiple of every register's size, as each length that is tried must be


@documented_call
def ptrace(request: int, pid: int = 0, addr: Word | None = None, data: Word | None = None) -> Any:
    """ptrace(2): trace another thread: stop it, read and change it, let it run.

    request: flags.PtraceRequest. pid: the thread.
    addr: what the request takes: an address, flags.RegisterSet, a size; None is 0, and the size of the
        structure where a size is meant.
    data: what the request takes: a signal, a word, a structure; None is 0, and asks for what the kernel
        writes. PTRACE_SETREGSET takes the structure that PTRACE_GETREGSET gave, too.

    Returns what the kernel wrote, if data is None: the word of PTRACE_PEEKDATA, structures.siginfo of
    PTRACE_GETSIGINFO, structures.ptrace_syscall_info of PTRACE_GET_SYSCALL_INFO, the blocked signals of
    PTRACE_GETSIGMASK as a set; a list of structures.siginfo of PTRACE_PEEKSIGINFO, an array of
    structures.sock_filter of PTRACE_SECCOMP_GET_FILTER; the registers of PTRACE_GETREGS and PTRACE_GETREGSET
    as a structure of this ABI (user_regs_struct, user_pt_regs, pt_regs, s390_regs), and as bytes where there
    is none, or the thread is of another ABI. With a size in addr: as many bytes. Otherwise the kernel's
    result, an int.

    Since Linux 1.0.
    """
    if isinstance(request, int):
        if data is None:
            if request == _GETREGSET:
                return _registers(pid, addr)
            if request == _PEEKSIGINFO and isinstance(addr, structures.ptrace_peeksiginfo_args):
                found = structures.siginfo.array(max(addr.nr, 0))
                return list(found)[: direct.ptrace(request, pid, addr, found)]
            if request == _GETSIGMASK and addr is None:
                mask = structures.sigset()
                direct.ptrace(request, pid, sets.SIGSET, mask)
                return set(mask.signals())
            if request in _ANSWERS and addr is None:
                memory = getattr(structures, _ANSWERS[request])()
                direct.ptrace(request, pid, memory.nbytes, memory)
                return memory
        elif request in _SIZES and addr is None:
            addr = getattr(structures, _SIZES[request]).nbytes
        elif request == _SETREGSET and _is_registers(data):
            data = structures.iovec(iov_base=data, iov_len=data.nbytes)
    return _called("ptrace", request, pid, addr, data)


def _is_registers(data: Any) -> TypeGuard[structures.Structure]:
    return isinstance(data, structures.Structure) and not isinstance(data, structures.iovec)


def _registers(pid: int, addr: Word | None) -> Any:
    """A set of registers: the structure that it is on this ABI, or its bytes."""
    length = _FIRST_LENGTH
    while True:
        memory = bytearray(length)
        vector = structures.iovec(iov_base=memory, iov_len=length)
        direct.ptrace(_GETREGSET, pid, addr, vector)
        if vector.iov_len < length:
            break
        length *= 2
    answer = bytes(memoryview(memory)[: vector.iov_len])
    abi = get(ABI_NAME)
    known = _SETS.get((abi.architecture, abi.register_bits), {})
    if isinstance(addr, int) and addr in known:
        name, size = known[addr]
        kind = getattr(structures, name)
        if len(answer) == (size or kind.nbytes):
            return kind.from_bytes(answer)
    return answer
