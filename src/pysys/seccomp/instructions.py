"""Classic BPF: what a program is made of, and what the kernel accepts as a filter."""

from __future__ import annotations

import struct

from pysys.loading import counted
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pysys._types import Program

# Codes: the class in the lowest three bits, then the size and mode of a load, or the operation and what the
# second operand is.
_LD, _LDX, _ST, _STX, _ALU, _JMP, _RET, _MISC = range(8)
_W, _IMM, _ABS, _MEM, _LEN = 0x00, 0x00, 0x20, 0x60, 0x80
_K, _X, _A = 0x00, 0x08, 0x10
_OPERATIONS = {"+": 0x00, "-": 0x10, "*": 0x20, "/": 0x30, "|": 0x40, "&": 0x50, "<<": 0x60, ">>": 0x70}
_NEG, _XOR = 0x80, 0xA0
_COMPARISONS = {"==": 0x10, ">": 0x20, ">=": 0x30, "&": 0x40}

LOAD = _LD | _W | _ABS
LOAD_NUMBER, LOAD_NUMBER_X = _LD | _IMM, _LDX | _IMM
LOAD_MEMORY, LOAD_MEMORY_X = _LD | _MEM, _LDX | _MEM
LOAD_SIZE, LOAD_SIZE_X = _LD | _W | _LEN, _LDX | _W | _LEN
STORE, STORE_X = _ST, _STX
TO_X, FROM_X = _MISC | 0x00, _MISC | 0x80
NEGATE = _ALU | _NEG
JUMP = _JMP
RETURN, RETURN_A = _RET | _K, _RET | _A
# Code: the operator, and whether the second operand is X.
ARITHMETIC = {
    _ALU | operation | source: (operator, source == _X)
    for operator, operation in {**_OPERATIONS, "^": _XOR}.items()
    for source in (_K, _X)
}
COMPARISONS = {
    _JMP | comparison | source: (operator, source == _X)
    for operator, comparison in _COMPARISONS.items()
    for source in (_K, _X)
}
_OTHERS = (
    LOAD, LOAD_NUMBER, LOAD_NUMBER_X, LOAD_MEMORY, LOAD_MEMORY_X, LOAD_SIZE, LOAD_SIZE_X, STORE, STORE_X,
    TO_X, FROM_X, NEGATE, JUMP, RETURN, RETURN_A,
)  # fmt: skip
CODES = frozenset((*_OTHERS, *ARITHMETIC, *COMPARISONS))
DIVISION = _ALU | _OPERATIONS["/"] | _K
SHIFTS = frozenset(_ALU | _OPERATIONS[one] | _K for one in ("<<", ">>"))

MASK = next(code for code, form in ARITHMETIC.items() if form == ("&", False))
BPF_MAXINSNS = 4096  # instructions of a program, at most
CELLS = 16  # words of a program's memory
SIZE = 64  # bytes of struct seccomp_data
NUMBER, ARCH, FIRST = 0, 4, 16  # offsets in it: nr, arch, args
FARTHEST = 255  # instructions that a comparison can skip
WORD = 0xFFFFFFFF
X32 = 0x40000000  # x32's numbers start here, where the architecture is x86_64's
_LAYOUT = struct.Struct("=HBBI")


class Instruction(Record):
    """An instruction.

    code: what it does. jt, jf: how many instructions to skip if a comparison holds, or does not. k: a number.
    """

    code: int
    jt: int
    jf: int
    k: int


class ProgramError(ValueError):
    """The kernel would refuse a program as a filter.

    `index` is the instruction's, None for the complete program.
    """

    def __init__(self, text: str, index: int | None = None) -> None:
        super().__init__(text if index is None else f"instruction {index}: {text}")
        self.index = index


def parse(program: Program) -> tuple[Instruction, ...]:
    """The instructions of a program.

    program: its bytes, in the byte order of this machine, or its instructions, each (code, jt, jf, k) or a
        structures.sock_filter.

    Returns a tuple. Raises ProgramError for bytes that are not complete instructions and numbers that do not
    fit, TypeError for another type. What the instructions do is not looked at: see check().
    """
    if isinstance(program, (bytes, bytearray, memoryview)):
        raw = bytes(program)
        if len(raw) % _LAYOUT.size:
            raise ProgramError(f"{counted(len(raw), 'byte')}: an instruction has {_LAYOUT.size}")
        return tuple(Instruction(*one) for one in _LAYOUT.iter_unpack(raw))
    return tuple(_instruction(index, one) for index, one in enumerate(program))


def packed(program: Iterable[Instruction]) -> bytes:
    """The bytes of instructions, in the byte order of this machine."""
    return b"".join(_LAYOUT.pack(*one) for one in program)


def _instruction(index: int, one: object) -> Instruction:
    try:
        # A structure has these names, a tuple or list their order.
        names = "code jt jf k".split()
        fields = one if isinstance(one, (tuple, list)) else [getattr(one, name) for name in names]
        code, jt, jf, k = fields
    except (AttributeError, ValueError):
        raise TypeError(
            f"instruction {index} must be (code, jt, jf, k) or a sock_filter, not {one!r}"
        ) from None
    found = []
    for name, value, bits in (("code", code, 16), ("jt", jt, 8), ("jf", jf, 8), ("k", k, 32)):
        if not hasattr(value, "__index__"):
            raise TypeError(f"instruction {index}: {name} must be an int, not {type(value).__name__}")
        number = value.__index__()
        if not 0 <= number < 1 << bits:
            raise ProgramError(f"{name} is {number}, which does not fit in {bits} bits", index)
        found.append(number)
    return Instruction(*found)


def check(program: Program) -> tuple[Instruction, ...]:
    """Check a program as the kernel does when it is loaded as a filter.

    program: see parse().

    Returns its instructions. Raises ProgramError, which names the instruction and the reason, where the
    kernel answers EINVAL.
    """
    found = parse(program)
    if not 0 < len(found) <= BPF_MAXINSNS:
        raise ProgramError(f"a filter has 1 to {BPF_MAXINSNS} instructions, not {len(found)}")
    for index, one in enumerate(found):
        _check(index, one, len(found))
    if found[-1].code not in (RETURN, RETURN_A):
        raise ProgramError("the last instruction must return", len(found) - 1)
    _check_memory(found)
    return found


def _check(index: int, one: Instruction, count: int) -> None:
    code, jt, jf, k = one
    if code not in CODES:
        raise ProgramError(f"a filter cannot have code {code:#x}", index)
    if code == DIVISION and k == 0:
        raise ProgramError("a division by 0", index)
    if code in SHIFTS and k >= 32:
        raise ProgramError(f"a shift by {k} of 32 bits", index)
    if code in (LOAD_MEMORY, LOAD_MEMORY_X, STORE, STORE_X) and k >= CELLS:
        raise ProgramError(f"there is no M[{k}]: the memory has {CELLS} words", index)
    if code == LOAD and (k >= SIZE or k % 4):
        raise ProgramError(f"there is no word at {k} of seccomp_data", index)
    for skipped in (k,) if code == JUMP else (jt, jf) if code in COMPARISONS else ():
        if index + skipped + 1 >= count:
            raise ProgramError(f"it leads to {index + skipped + 1}, behind the last instruction", index)


def _check_memory(program: tuple[Instruction, ...]) -> None:
    """A word of memory is read only where each way to the instruction has written it."""
    everything = (1 << CELLS) - 1
    at = [everything] * len(program)  # what jumps to an instruction leave written
    written = 0
    for index, (code, jt, jf, k) in enumerate(program):
        written &= at[index]
        if code in (STORE, STORE_X):
            written |= 1 << k
        elif code in (LOAD_MEMORY, LOAD_MEMORY_X) and not written >> k & 1:
            raise ProgramError(f"M[{k}] is read, and not written on every way here", index)
        elif code == JUMP or code in COMPARISONS:
            for skipped in (k,) if code == JUMP else (jt, jf):
                at[index + 1 + skipped] &= written
            written = everything  # nothing comes here by itself
