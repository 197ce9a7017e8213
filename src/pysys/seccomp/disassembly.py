"""What a filter's instructions say, with the names of what they look at."""

from __future__ import annotations

import sys

from pysys import abi as abis
from pysys import numbers
from pysys.flags import AuditArchitecture
from pysys.metadata.light import Record
from pysys.seccomp import instructions as codes
from pysys.tables import errnos

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from pysys._types import Program
    from pysys.abi import ABI
    from pysys.seccomp.instructions import Instruction

# struct seccomp_data by offset: nr, arch, and then numbers of 64 bits, which a filter loads in halves.
_NUMBER, _ARCH = "nr", "arch"
_WIDE = ("instruction_pointer", *(f"args[{index}]" for index in range(6)))
# What a filter returns: the upper 16 bits, of which the lower are data.
ACTIONS = {
    0x80000000: "KILL_PROCESS",
    0x00000000: "KILL_THREAD",
    0x00030000: "TRAP",
    0x00050000: "ERRNO",
    0x7FC00000: "USER_NOTIF",
    0x7FF00000: "TRACE",
    0x7FFC0000: "LOG",
    0x7FFF0000: "ALLOW",
}
# Not the usual owner of an AUDIT_ARCH value that several ABIs have.
_SECOND = frozenset(["aarch64_compat32", "armoabi", "x32"])


class DisassemblyLine(Record):
    """A line of a disassembly. position: in the program. instruction: what is there. text: what it does."""

    position: int
    instruction: Instruction
    text: str


class Disassembly(tuple[DisassemblyLine, ...]):
    """The lines of a disassembled program, in order; str() is all of them."""

    __slots__ = ()

    def __str__(self) -> str:
        width = len(str(len(self) - 1)) if self else 0
        return "\n".join(f"{line.position:>{width}}: {line.text}" for line in self)


def disassemble(program: Program, abi: str | ABI | None = None) -> Disassembly:
    """Say what a filter does, an instruction a line.

    program: its instructions, each (code, jt, jf, k) or a structures.sock_filter, or its bytes.
    abi: whose numbers it compares where it has not looked at arch, and whose byte order it has; None: this
        process's.

    Where the program has compared arch, numbers get the names of that ABI. A jump shows where it leads:
    `if A == openat: 7, else 8`. A 64-bit argument is loaded in halves, args[0].low and args[0].high.

    Returns a Disassembly: lines with position, instruction and text, and str() of it all. A program that the
    kernel would refuse is shown as well. Raises ProgramError for what is not instructions, LookupError for an
    ABI that is unknown.
    """
    found = codes.parse(program)
    here = abis.current() if abi is None else abis.get(abi)
    states = _states(found, here)
    return Disassembly(
        DisassemblyLine(index, one, text(one, index, here, *states[index])) for index, one in enumerate(found)
    )


def field(offset: int, abi: ABI) -> str:
    """What is at an offset of seccomp_data, as one half where it has 64 bits."""
    if offset % 4 or not 0 <= offset < codes.SIZE:
        return f"the word at {offset}"
    if offset < 8:
        return (_NUMBER, _ARCH)[offset // 4]
    high = (offset % 8 == 4) != (byte_order(abi) == "big")
    return f"{_WIDE[offset // 8 - 1]}.{'high' if high else 'low'}"


def byte_order(abi: ABI) -> Literal["little", "big"]:
    """That of a process of the ABI: where both are possible, this machine's."""
    if abi.endian == "either":
        return sys.byteorder
    return "big" if abi.endian == "big" else "little"


def audit_architecture(abi: ABI) -> int:
    """What arch of seccomp_data is for a call of the ABI."""
    return abi.audit_arch_big if byte_order(abi) == "big" else abi.audit_arch


def returned(value: int, abi: ABI) -> str:
    """What a filter returns for a call of the ABI, in words: ERRNO(EPERM), ALLOW, TRACE(7)."""
    action, data = ACTIONS.get(value & 0xFFFF0000), value & 0xFFFF
    if action is None:
        return f"{value:#x} (unknown, so KILL_PROCESS)"
    if action == "ERRNO":
        return f"ERRNO({errno_name(data, abi)})"
    return f"{action}({data})" if data else action


def errno_name(number: int, abi: ABI) -> str:
    """EPERM, or the number where it has no name."""
    known = errnos.ERRNOS.get(abi.errno_table, errnos.ERRNOS["generic"])
    return next((name for name, value in known.items() if value == number), str(number))


# ---- what is known at an instruction ----

# The field that A holds, "" for anything else; and the values that arch can have, None if nothing is known.
_State = tuple[str, "frozenset[int] | None"]


def _states(program: tuple[Instruction, ...], abi: ABI) -> list[_State]:
    """What is known before each instruction, by every way to it: jumps lead forwards only."""
    before: list[_State | None] = [None] * (len(program) + 1)
    before[0] = ("", None)
    for index, one in enumerate(program):
        state = before[index] or ("", None)  # an instruction that nothing leads to
        for target, after in _after(one, index, state, abi):
            if target < len(before):
                known = before[target]
                before[target] = after if known is None else _both(known, after)
    return [state or ("", None) for state in before[:-1]]


def _after(one: Instruction, index: int, state: _State, abi: ABI) -> Iterator[tuple[int, _State]]:
    held, arches = state
    code, jt, jf, k = one
    if code in (codes.RETURN, codes.RETURN_A):
        return
    if code == codes.JUMP:
        yield index + 1 + k, state
    elif code in codes.COMPARISONS:
        is_arch = codes.COMPARISONS[code] == ("==", False) and held == _ARCH
        yield index + 1 + jt, (held, frozenset([k])) if is_arch else state
        yield index + 1 + jf, (held, arches - {k}) if is_arch and arches else state
    else:
        if code == codes.LOAD:
            held = field(k, abi)
        elif code == codes.MASK and held and "&" not in held:
            held = f"({held} & {_number(k)})"
        elif code not in (codes.STORE, codes.STORE_X, codes.TO_X, codes.LOAD_NUMBER_X, codes.LOAD_MEMORY_X):
            held = ""
        yield index + 1, (held, arches)


def _both(one: _State, other: _State) -> _State:
    arches = None if one[1] is None or other[1] is None else one[1] | other[1]
    return one[0] if one[0] == other[0] else "", arches


# ---- an instruction ----


def text(one: Instruction, index: int, abi: ABI, held: str = "", arches: frozenset[int] | None = None) -> str:
    """What an instruction does.

    held: the field of seccomp_data that A has, if that is known. arches: the values that arch can have.
    """
    code, jt, jf, k = one
    plain = {
        codes.LOAD: f"A = {field(k, abi)}",
        codes.LOAD_NUMBER: f"A = {_number(k)}",
        codes.LOAD_NUMBER_X: f"X = {_number(k)}",
        codes.LOAD_MEMORY: f"A = M[{k}]",
        codes.LOAD_MEMORY_X: f"X = M[{k}]",
        codes.LOAD_SIZE: f"A = {codes.SIZE}",
        codes.LOAD_SIZE_X: f"X = {codes.SIZE}",
        codes.STORE: f"M[{k}] = A",
        codes.STORE_X: f"M[{k}] = X",
        codes.TO_X: "X = A",
        codes.FROM_X: "A = X",
        codes.NEGATE: "A = -A",
        codes.JUMP: f"go to {index + 1 + k}",
        codes.RETURN: f"return {returned(k, abi)}",
        codes.RETURN_A: "return A",
    }
    if code in plain:
        return plain[code]
    if code in codes.ARITHMETIC:
        operator, is_x = codes.ARITHMETIC[code]
        return f"A = A {operator} {'X' if is_x else _number(k)}"
    if code in codes.COMPARISONS:
        return f"if {comparison(one, abi, held, arches)}: {index + 1 + jt}, else {index + 1 + jf}"
    return f"code {code:#x}, jt {jt}, jf {jf}, k {_number(k)}"


def comparison(one: Instruction, abi: ABI, held: str, arches: frozenset[int] | None) -> str:
    """What a jump compares, with the field's name and the number's meaning."""
    operator, is_x = codes.COMPARISONS[one.code]
    if is_x:
        second = "X"
    elif held == _ARCH and operator == "==":
        second = _architecture(one.k)
    elif held == _NUMBER and operator != "&" and one.k != codes.X32:
        second = _call(one.k, abi, arches)
    else:
        second = _number(one.k)
    return f"{held or 'A'} {operator} {second}"


def _number(value: int) -> str:
    return str(value) if value < 10 else hex(value)


def _architecture(value: int) -> str:
    try:
        return AuditArchitecture(value).name
    except ValueError:
        return hex(value)


def _call(number: int, abi: ABI, arches: frozenset[int] | None) -> str:
    """The name of a number, where all ABIs that it may be of agree."""
    shown = str(number) if number < codes.X32 else hex(number)
    found = {numbers.names(number, one)[:1] for one in _abis(number, abi, arches)}
    name = found.pop() if len(found) == 1 else ()
    return f"{name[0]} ({shown})" if name else shown


def _abis(number: int, abi: ABI, arches: frozenset[int] | None) -> list[str]:
    """Whose number it may be."""
    found = []
    for value in sorted(arches or {audit_architecture(abi)}):
        owners = [
            name for name, one in abis.ABIS.items() if value and value in (one.audit_arch, one.audit_arch_big)
        ]
        if "x32" in owners and number >= codes.X32:
            owners = ["x32"]
        elif abi.name in owners:
            owners = [abi.name]
        else:
            owners = [name for name in owners if name not in _SECOND]
        found += owners[:1]
    return found
