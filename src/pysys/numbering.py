"""Reads the tables of names, numbers and entry points, for pysys.numbers and for what that needs.

pysys.numbers is the same with what to use instead of a call that an ABI lacks; `policy`, which knows that,
asks here.
"""

from __future__ import annotations

from pysys import abi as _abi
from pysys.loading import load, near, offer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

NOT_IMPLEMENTED = _abi.NOT_IMPLEMENTED

_loaded: dict[str, ModuleType] = {}
_names: dict[str, int] = {}
_calls: frozenset[str] = frozenset()


class UnknownCallError(LookupError):
    """No ABI has a call of that name.

    name: what was asked for. suggestions: names that look like it, which the message offers.
    """

    __module__ = "pysys.numbers"  # the public name

    def __init__(self, name: str) -> None:
        self.name = name
        self.suggestions: tuple[str, ...] = suggestions(name)
        super().__init__(f"no call named {name!r}{offer(self.suggestions)}")

    def __reduce__(self) -> tuple[type[UnknownCallError], tuple[str]]:
        return type(self), (self.name,)


class NoNumberError(LookupError):
    """The call exists, but this ABI has no number for it.

    name: the call. abi: the ABI's name. exists_on: the names of the ABIs that have a number for it.
    hint: what to use instead, "" if nothing is known.
    """

    __module__ = "pysys.numbers"

    def __init__(self, name: str, abi: str, hint: str = "") -> None:
        self.name = name
        self.abi = abi
        self.hint = hint
        self.exists_on: tuple[str, ...] = _having(name)
        more = f": {hint}" if hint else ""
        super().__init__(f"{abi} has no number for {name!r}; it exists on {', '.join(self.exists_on)}{more}")

    def __reduce__(self) -> tuple[type[NoNumberError], tuple[str, str, str]]:
        return type(self), (self.name, self.abi, self.hint)


def _load(name: str) -> ModuleType:
    """The generated module of an ABI, by its exact name."""
    module = _loaded.get(name)
    if module is None:
        module = _loaded[name] = load(f"pysys.tables.numbers.{name}", f"the table of {name}'s numbers")
    return module


def _index() -> Mapping[str, int]:
    """Every name, with the set of ABIs that have it: bit n is the n-th of the generated tables."""
    global _names
    if not _names:
        found, bits = {}, 0
        for word in load("pysys.tables.numbers").NAMES.split():
            if word.endswith(":"):
                bits = int(word[:-1], 16)
            else:
                found[word] = bits
        _names = found
    return _names


def _having(name: str) -> tuple[str, ...]:
    """The ABIs that have a name, without a look at their tables."""
    bits = _index().get(name, 0)
    order = load("pysys.tables.numbers").ABIS
    return tuple(abi for abi in _abi.ABIS if bits >> order.index(abi) & 1)


def _named(abi: str | _abi.ABI | None) -> str:
    if isinstance(abi, _abi.ABI):
        return abi.name
    return (_abi.current() if abi is None else _abi.get(abi)).name


def _check_name(function: str, name: object) -> None:
    if not isinstance(name, str):
        more = ": names() has those of a number" if isinstance(name, int) else ""
        raise TypeError(f"{function}: name must be a str, not {type(name).__name__}{more}")


def _missing(name: str, abi: str) -> Exception:
    if _having(name):
        return NoNumberError(name, abi)
    return UnknownCallError(name)


def table(abi: str | _abi.ABI | None = None) -> Mapping[str, int]:
    """The names that an ABI has, with their numbers.

    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a mapping in the order of numbers, not to be changed. x32 numbers contain __X32_SYSCALL_BIT, those
    of mips and ARM's OABI their base.

    Raises LookupError for an ABI that is unknown.

    Source: the kernel's syscall tables and uapi headers.
    """
    numbers: dict[str, int] = _load(_named(abi)).NUMBERS
    return numbers


def number(name: str, abi: str | _abi.ABI | None = None) -> int:
    """As pysys.numbers.number; its NoNumberError has no hint."""
    _check_name("number", name)
    which = _named(abi)
    found: int | None = _load(which).NUMBERS.get(name)
    if found is None:
        raise _missing(name, which)
    return found


def names(number: int, abi: str | _abi.ABI | None = None) -> tuple[str, ...]:
    """The names that a number has on an ABI.

    number: of a call, as the ABI's table has it.
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a tuple, empty if the number is of no call.

    Raises LookupError for an ABI that is unknown.
    """
    if not isinstance(number, int):
        more = ": number() has that of a name" if isinstance(number, str) else ""
        raise TypeError(f"names: number must be an int, not {type(number).__name__}{more}")
    return tuple(name for name, value in table(abi).items() if value == number)


def calls() -> frozenset[str]:
    """The names of all calls, of every ABI.

    Returns a frozenset, without those that only fill a gap in a table (reserved221).

    Raises NotLoadedError where the tables cannot be read any more.
    """
    global _calls
    if not _calls:
        fillers = ("available", "reserved", "unused")
        _calls = frozenset(name for name in _index() if name.rstrip("0123456789") not in fillers)
    return _calls


def entry(name: str, abi: str | _abi.ABI | None = None) -> str:
    """As pysys.numbers.entry; its NoNumberError has no hint."""
    _check_name("entry", name)
    which = _named(abi)
    module = _load(which)
    if name not in module.NUMBERS:
        raise _missing(name, which)
    found: str = module.ENTRIES.get(name, f"sys_{name}")
    return found


def suggestions(name: str) -> tuple[str, ...]:
    """Names of calls, of any ABI, that look like this one.

    name: what somebody may have meant, "sys_opneat".

    Returns a tuple, the nearest first, of at most four.

    Raises TypeError if name is not a str.
    """
    _check_name("suggestions", name)
    return tuple(near(name.lower().removeprefix("sys_").removeprefix("__nr_"), calls(), 4, 0.7))
