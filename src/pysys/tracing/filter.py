"""The filter by which the kernel stops the program at the wanted calls and at no others."""

from __future__ import annotations

from sys import byteorder

from pysys import abi, numbers, structures
from pysys.flags import (
    BPF_ABS,
    BPF_JEQ,
    BPF_JMP,
    BPF_K,
    BPF_LD,
    BPF_RET,
    BPF_W,
    PR_SET_SECCOMP,
    SECCOMP_RET_ALLOW,
    SECCOMP_RET_TRACE,
)
from pysys.policy.fate import X32_BIT
from pysys.seccomp import ARCH, BPF_MAXINSNS, FIRST, NUMBER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pysys.structures import Array, sock_filter

__all__ = ["watching"]

_BIG = byteorder == "big"

_LOAD, _SAME, _GIVE = BPF_LD | BPF_W | BPF_ABS, BPF_JMP | BPF_JEQ | BPF_K, BPF_RET | BPF_K


def watching(chosen: Mapping[str, list[int]]) -> Array[sock_filter] | None:
    """The filter that has a tracer asked about these numbers, and about calls that install a filter.

    The filter of a program that forbids a call comes before the tracer: it would not see the call any more,
    and has to stop at all calls from then on.

    chosen: numbers by ABI, of those that this kernel runs. Returns None if it would be too long.
    """
    blocks: dict[int, list[tuple[int, int, int, int]]] = {}
    for name, wanted in chosen.items():
        one = abi.get(name)
        big = abi.current().endian == "big" or (one.endian == "either" and _BIG)
        audit = one.audit_arch_big if big else one.audit_arch
        bit = X32_BIT if name == "x32" else 0
        table = numbers.table(one)
        block = blocks.setdefault(audit, [])
        always = {table[call] for call in ("seccomp",) if call in table}
        for number in sorted({*wanted, *always}):
            block += [(_SAME, 0, 1, number | bit), (_GIVE, 0, 0, SECCOMP_RET_TRACE)]
        prctl = table.get("prctl")
        if prctl is not None and prctl not in wanted:
            low = FIRST + (4 if _BIG else 0)
            block += [
                (_SAME, 0, 4, prctl | bit),
                (_LOAD, 0, 0, low),
                (_SAME, 0, 1, PR_SET_SECCOMP),
                (_GIVE, 0, 0, SECCOMP_RET_TRACE),
                (_GIVE, 0, 0, SECCOMP_RET_ALLOW),
            ]
    lines: list[tuple[int, int, int, int]] = [(_LOAD, 0, 0, ARCH)]
    for audit, block in blocks.items():
        block = [(_LOAD, 0, 0, NUMBER), *block, (_GIVE, 0, 0, SECCOMP_RET_ALLOW)]
        # A jump over the block, which may be longer than a condition can leap.
        lines += [(_SAME, 1, 0, audit), (BPF_JMP, 0, 0, len(block)), *block]
    lines.append((_GIVE, 0, 0, SECCOMP_RET_ALLOW))
    if len(lines) > BPF_MAXINSNS:
        return None
    return structures.sock_filter.array([{"code": c, "jt": t, "jf": f, "k": k} for c, t, f, k in lines])
