"""What a filter decides about a call, and by which comparisons, without loading it."""

from __future__ import annotations

from pysys import abi as abis
from pysys import numbers
from pysys.errors import MAX_ERRNO
from pysys.loading import counted
from pysys.metadata.light import Record
from pysys.seccomp import instructions as codes
from pysys.seccomp.disassembly import ACTIONS, audit_architecture, byte_order, disassemble, returned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from pysys._types import Program
    from pysys.abi import ABI

_ERRNO = 0x00050000


class FilterAction(Record):
    """What a filter's result stands for.

    name: "ALLOW", "ERRNO", ... data: the errno, or what else goes with it.
    """

    name: str
    data: int


class SimulationStep(Record):
    """An instruction that was taken.

    position: in the program. text: what it does. result: what came of it, "" for a jump.
    """

    position: int
    text: str
    result: str


class Simulation:
    """What a filter decides about a call.

    - action: the name, "ALLOW", "ERRNO", ...; data: the errno, or what else goes with the action.
    - value: the number that the program returned.
    - taken: the positions of the instructions that were taken, in order.
    """

    __slots__ = ("_abi", "_program", "_results", "action", "data", "taken", "value")

    def __init__(
        self,
        program: tuple[codes.Instruction, ...],
        abi: ABI,
        value: int,
        results: Sequence[tuple[int, int, int]],
    ) -> None:
        self._program, self._abi, self._results = program, abi, results
        self.value: int = value
        self.action: str
        self.data: int
        self.action, self.data = action(value)
        self.taken: tuple[int, ...] = tuple(position for position, _, _ in results)

    @property
    def steps(self) -> tuple[SimulationStep, ...]:
        """The instructions that were taken, each with what came of it."""
        lines = disassemble(self._program, self._abi)
        following = (*self.taken[1:], -1)
        return tuple(
            SimulationStep(position, lines[position].text, self._result(position, after, a, x))
            for (position, a, x), after in zip(self._results, following, strict=True)
        )

    def _result(self, position: int, after: int, a: int, x: int) -> str:
        one = self._program[position]
        if after == -1:
            return str(self)
        if one.code in codes.COMPARISONS:
            holds = one.jt != one.jf and after == position + 1 + one.jt
            return f"{'either way' if one.jt == one.jf else 'yes' if holds else 'no'}, A is {a:#x}"
        return "" if one.code == codes.JUMP else f"A is {a:#x}, X is {x:#x}"

    def explain(self) -> str:
        """The comparisons that led to the result, and it: a line each."""
        lines = [
            f"{one.position}: {one.text.removeprefix('if ').partition(':')[0]}: {one.result}"
            for one in self.steps
            if one.text.startswith("if ")
        ]
        return "\n".join([*lines, f"{self.taken[-1]}: {self}"])

    def __str__(self) -> str:
        return returned(self.value, self._abi)

    def __repr__(self) -> str:
        return f"<Simulation {self}, {counted(len(self.taken), 'instruction')} of {len(self._program)}>"


def action(value: int) -> FilterAction:
    """What the kernel makes of the number that a filter returns.

    value: 32 bits: an action, and 16 bits of data in the lower half.

    Returns a FilterAction. An unknown action ends the process (KILL_PROCESS); an errno is at most 4095.
    """
    name, data = ACTIONS.get(value & 0xFFFF0000), value & 0xFFFF
    if name is None:
        return FilterAction("KILL_PROCESS", data)
    return FilterAction(name, min(data, MAX_ERRNO) if value & 0xFFFF0000 == _ERRNO else data)


def simulate(
    program: Program,
    call: str | int,
    args: Sequence[int] = (),
    abi: str | ABI | None = None,
    *,
    instruction_pointer: int = 0,
) -> Simulation:
    """Run a filter on a call, as the kernel would before it makes it.

    program: its instructions, each (code, jt, jf, k) or a structures.sock_filter, or its bytes, of the ABI's
        byte order where it loads halves of arguments.
    call: a name, or a number.
    args: at most six integers; missing ones are 0, negative ones are what a register has of them.
    abi: of the caller; None: this process's.
    instruction_pointer: where the call is made.

    Returns a Simulation: action, data, the instructions taken, and explain(). If a thread has several
    filters, all of them run: the strictest result counts. A division by 0 returns 0, which is KILL_THREAD.
    What a shift by X of 32 bits and more gives depends on the processor, in the kernel; here only the lowest
    five bits of X count. From Linux 6.14 on x86_64 lets uretprobe and uprobe, which its own code makes, pass
    every filter.

    Raises ProgramError for a program that the kernel would refuse, LookupError for an ABI that is unknown,
    numbers.UnknownCallError and numbers.NoNumberError for a name without a number there.
    """
    which = abis.current() if abi is None else abis.get(abi)
    number = call if isinstance(call, int) else numbers.number(call, which)
    checked = codes.check(program)
    value, taken = _Run(_data(number, args, which, instruction_pointer), which).run(checked)
    return Simulation(checked, which, value, taken)


def registers(function: str, args: Sequence[int]) -> list[int]:
    """The six arguments of a call: ints, since a filter sees registers and no memory."""
    if len(args) > 6:
        raise TypeError(f"{function}: a call has at most 6 arguments, not {len(args)}")
    found = []
    for index, value in enumerate(args):
        if not isinstance(value, int):
            kind = type(value).__name__
            raise TypeError(f"{function}: args[{index}] must be an int, as the filter sees it, not {kind}")
        found.append(int(value))
    return found + [0] * (6 - len(found))


def _data(number: int, args: Sequence[int], abi: ABI, instruction_pointer: int) -> bytes:
    """struct seccomp_data, in the ABI's byte order."""
    order = byte_order(abi)
    register = (1 << abi.register_bits) - 1
    passed = registers("simulate", args)
    words = [instruction_pointer & register, *(value & register for value in passed)]
    narrow = [number & codes.WORD, audit_architecture(abi)]
    return b"".join(
        [
            *(value.to_bytes(4, order) for value in narrow),
            *(value.to_bytes(8, order) for value in words),
        ]
    )


class _Run:
    """A program on one call."""

    def __init__(self, data: bytes, abi: ABI) -> None:
        self._data = data
        self._order: Literal["little", "big"] = byte_order(abi)
        self._a = self._x = 0
        self._memory = [0] * codes.CELLS

    def run(self, program: tuple[codes.Instruction, ...]) -> tuple[int, list[tuple[int, int, int]]]:
        """What it returns; and the instructions that were taken, with the registers after each."""
        taken: list[tuple[int, int, int]] = []
        value: int | None = None
        position = 0
        while value is None:
            one = program[position]
            following = position + 1
            if one.code in codes.COMPARISONS:
                following += one.jt if self._holds(one) else one.jf
            elif one.code == codes.JUMP:
                following += one.k
            elif one.code in (codes.RETURN, codes.RETURN_A):
                value = one.k if one.code == codes.RETURN else self._a
            elif not self._change(one):
                value = 0
            taken.append((position, self._a, self._x))
            position = following
        return value, taken

    def _holds(self, one: codes.Instruction) -> bool:
        operator, is_x = codes.COMPARISONS[one.code]
        second = self._x if is_x else one.k
        if operator == "==":
            return self._a == second
        if operator == ">":
            return self._a > second
        return self._a >= second if operator == ">=" else bool(self._a & second)

    def _change(self, one: codes.Instruction) -> bool:
        """Do what changes a register or the memory. Returns False for a division by 0."""
        code, k = one.code, one.k
        if code == codes.LOAD:
            self._a = int.from_bytes(self._data[k : k + 4], self._order)
        elif code in (codes.LOAD_NUMBER, codes.LOAD_SIZE, codes.LOAD_MEMORY, codes.FROM_X):
            self._a = {
                codes.LOAD_NUMBER: k,
                codes.LOAD_SIZE: codes.SIZE,
                codes.FROM_X: self._x,
            }.get(code, self._memory[k % codes.CELLS])
        elif code in (codes.LOAD_NUMBER_X, codes.LOAD_SIZE_X, codes.LOAD_MEMORY_X, codes.TO_X):
            self._x = {
                codes.LOAD_NUMBER_X: k,
                codes.LOAD_SIZE_X: codes.SIZE,
                codes.TO_X: self._a,
            }.get(code, self._memory[k % codes.CELLS])
        elif code in (codes.STORE, codes.STORE_X):
            self._memory[k] = self._a if code == codes.STORE else self._x
        elif code == codes.NEGATE:
            self._a = -self._a & codes.WORD
        else:
            operator, is_x = codes.ARITHMETIC[code]
            second = self._x if is_x else k
            if operator == "/" and second == 0:
                return False
            self._a = _calculated(operator, self._a, second)
        return True


def _calculated(operator: str, one: int, other: int) -> int:
    return {
        "+": one + other,
        "-": one - other,
        "*": one * other,
        "/": one // (other or 1),
        "|": one | other,
        "&": one & other,
        "^": one ^ other,
        "<<": one << (other & 31),
        ">>": one >> (other & 31),
    }[operator] & codes.WORD
