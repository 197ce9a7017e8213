"""Conditions on a call's arguments: `arg.family == AF_UNIX`, `arg.flags & MASK == 0`, `arg[2] < 10`."""

from __future__ import annotations

from pysys import abi as abis
from pysys import signatures
from pysys.loading import hint
from pysys.metadata.light import Record
from pysys.seccomp.disassembly import byte_order
from pysys.seccomp.instructions import FIRST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import ClassVar

    from pysys.abi import ABI

ARGUMENTS = 6
# How many bits of a register the kernel takes for a parameter of a type; of those not listed all.
_BITS: dict[str, int] = {
    **dict.fromkeys(
        """
        int unsigned uint u32 __u32 __s32 pid_t uid_t gid_t qid_t key_t key_serial_t clockid_t timer_t mqd_t
        rwf_t compat_size_t compat_pid_t compat_long_t compat_ulong_t compat_aio_context_t utrap_entry_t
        """.split(),
        32,
    ),
    "unsigned int": 32,
    "umode_t": 16,
    "old_uid_t": 16,
    "old_gid_t": 16,
}


class FilterCondition(Record):
    """A condition on an argument: (argument & mask) operator value.

    argument: the kernel's name of the parameter, or the index of a register from 0. mask: None for all bits.
    operator: ==, !=, <, <=, > or >=, of numbers without a sign. value: may be negative with == and !=.
    """

    argument: str | int
    mask: int | None
    operator: str
    value: int

    def __str__(self) -> str:
        name = self.argument if isinstance(self.argument, str) else f"arg[{self.argument}]"
        first = name if self.mask is None else f"{name} & {_shown(self.mask)}"
        return f"{first} {self.operator} {_shown(self.value)}"

    def __bool__(self) -> bool:
        raise TypeError(
            f"{self} is a condition for the kernel, not known here: pass several as a list, in place of "
            "`and` and of comparisons in a chain; `or` is another rule"
        )


def _shown(value: int) -> str:
    return str(value) if -10 < value < 10 else hex(value)


class FilterArgument:
    """An argument of a call, to be compared with a number; `&` has bits of it compared."""

    __slots__ = ("_key", "_mask")

    def __init__(self, key: str | int, mask: int | None = None) -> None:
        self._key, self._mask = key, mask

    def __and__(self, mask: int) -> FilterArgument:
        number = _integer(mask)
        return FilterArgument(self._key, number if self._mask is None else self._mask & number)

    def _compared(self, operator: str, value: int) -> FilterCondition:
        return FilterCondition(self._key, self._mask, operator, _integer(value))

    def __eq__(self, value: int) -> FilterCondition:  # type: ignore[override]  # a condition, not a bool
        return self._compared("==", value)

    def __ne__(self, value: int) -> FilterCondition:  # type: ignore[override]  # likewise
        return self._compared("!=", value)

    def __lt__(self, value: int) -> FilterCondition:
        return self._compared("<", value)

    def __le__(self, value: int) -> FilterCondition:
        return self._compared("<=", value)

    def __gt__(self, value: int) -> FilterCondition:
        return self._compared(">", value)

    def __ge__(self, value: int) -> FilterCondition:
        return self._compared(">=", value)

    __hash__: ClassVar[None]  # type: ignore[assignment]  # == does not compare two of them

    def __repr__(self) -> str:
        name = f".{self._key}" if isinstance(self._key, str) else f"[{self._key}]"
        return f"<FilterArgument arg{name}{'' if self._mask is None else f' & {_shown(self._mask)}'}>"


class Arguments:
    """The arguments of a call: arg.NAME by the kernel's name of a parameter, arg[INDEX] by register.

    By name, what the kernel takes of the register is compared: 32 bits of an int, and both registers in which
    a 32-bit ABI passes 64 bits. By index the complete register is compared.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> FilterArgument:
        if name.startswith("__"):
            raise AttributeError(name)
        return FilterArgument(name)

    def __getitem__(self, key: str | int) -> FilterArgument:
        if isinstance(key, str):  # a name that is a keyword of Python
            return FilterArgument(key)
        index = _integer(key)
        if not 0 <= index < ARGUMENTS:
            raise IndexError(f"a call has arguments 0 to {ARGUMENTS - 1}, not {index}")
        return FilterArgument(index)

    def __repr__(self) -> str:
        return "<pysys.seccomp.arg>"


arg: Arguments = Arguments()


def _integer(value: int) -> int:
    if not hasattr(value, "__index__"):
        raise TypeError(f"an argument is compared with an int, not {type(value).__name__}")
    return value.__index__()


# ---- what a condition is on an ABI ----


class Test(Record):
    """A condition in terms of struct seccomp_data.

    low, high: the offsets of the halves; high is None if there is none. mask: of 64 bits. operator, value: as
    in a FilterCondition, without a sign.
    """

    low: int
    high: int | None
    mask: int
    operator: str
    value: int

    def holds(self, words: Sequence[int]) -> bool:
        """Whether it holds. words: the 32-bit words of struct seccomp_data."""
        high = 0 if self.high is None else words[self.high // 4]
        found, value = (words[self.low // 4] | high << 32) & self.mask, self.value
        return {
            "==": found == value,
            "!=": found != value,
            "<": found < value,
            "<=": found <= value,
            ">": found > value,
            ">=": found >= value,
        }[self.operator]


def lowered(condition: FilterCondition, call: str, abi: ABI) -> Test:
    """A condition on a call of an ABI.

    Raises LookupError for a parameter that the call does not have, ValueError for a number that the parameter
    cannot be compared with.
    """
    if isinstance(condition.argument, str):
        low, high, bits = parameter_of(condition.argument, call, abi)
    else:
        low, high, bits = *halves(condition.argument, abi), abi.register_bits
    everything = (1 << bits) - 1
    mask, value = condition.mask, condition.value
    if value < 0:
        if condition.operator not in ("==", "!="):
            raise ValueError(f"{call}: {condition}: < and > compare numbers without a sign")
        if value < -(1 << (bits - 1)):
            raise ValueError(f"{call}: {condition}: {value} does not fit in {bits} bits")
        value &= everything if mask is None else everything & mask
    if isinstance(condition.argument, str) and (value > everything or (mask or 0) > everything):
        raise ValueError(f"{call}: {condition}: the kernel takes {bits} bits of it")
    if condition.operator == "==" and mask is not None and condition.value >= 0 and value & ~mask:
        raise ValueError(
            f"{call}: {condition} never holds: {_shown(value)} has bits that are not in the mask"
        )
    return Test(low, high, everything if mask is None else mask & everything, condition.operator, value)


def halves(register: int, abi: ABI) -> tuple[int, int | None]:
    """The offsets of a register's halves. Of 32 bits, the other half may be a copy of the sign: None."""
    start = FIRST + 8 * register
    big = byte_order(abi) == "big"
    low, high = (start + 4, start) if big else (start, start + 4)
    return low, high if abi.register_bits == 64 else None


def parameter_of(name: str, call: str, abi: ABI) -> tuple[int, int | None, int]:
    """The offsets of a parameter's halves, and how many bits it has."""
    parameters = signatures.signature(call, abi)
    if parameters is None:
        parameters = signatures.elsewhere(call)
    if parameters is None:
        raise LookupError(f"the parameters of {call} are not known: use arg[0] to arg[5]")
    names = [one for _, one in parameters]
    if name not in names:
        if not names:
            raise LookupError(f"{call} has no parameters")
        likely = hint(name, names) or f"; it has {', '.join(names)}"
        raise LookupError(f"{call} has no parameter {name!r}{likely}")
    index = names.index(name)
    registers = _registers(index, call, abi)
    if registers[-1] >= ARGUMENTS:
        raise LookupError(f"{call}: on {abi.name} {name} is not in a register, where no filter sees it")
    if len(registers) == 2:
        first, second = (halves(one, abi)[0] for one in registers)
        low, high = (second, first) if byte_order(abi) == "big" else (first, second)
        return low, high, 64
    kind = parameters[index][0].removeprefix("const ")
    bits = 32 if kind.startswith("enum ") else min(_BITS.get(kind, 64), abi.register_bits)
    low, upper = halves(registers[0], abi)
    return low, upper if bits > 32 else None, bits


def _registers(index: int, call: str, abi: ABI) -> tuple[int, ...]:
    """The registers of a parameter: two for 64 bits on an ABI of 32."""
    layout = signatures.layout(call, abi)
    if layout is None:
        return (index,)
    at = 0
    for one, count in layout:
        if one == index:
            return tuple(range(at, at + count))
        at += count
    raise LookupError(f"{call}: {abi.name} does not pass argument {index}")


def native(abi: str | ABI | None) -> ABI:
    """An ABI by name; None for that of this process."""
    return abis.current() if abi is None else abis.get(abi)
