"""What the arguments of a call are, on any ABI: which words they are in, and what a command makes of them."""

from __future__ import annotations

from sys import byteorder

from pysys import abi, numbering, parameters, signatures
from pysys.parameters import commands, requests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.parameters import Parameter

__all__ = ["Slot", "Plan", "plan"]

# Types of numbers that have not 32 bits. What C calls long is as wide as a register, also on x32.
_WIDE = frozenset({"loff_t", "u64", "__u64", "long long", "unsigned long long"})
_LONG = frozenset(
    "long,unsigned long,size_t,off_t,aio_context_t,uintptr_t,old_sigset_t,__kernel_old_time_t".split(",")
)
_SHORT = frozenset({"umode_t", "compat_mode_t", "old_uid_t", "old_gid_t"})
_UNSIGNED = tuple(
    """
    unsigned u __u size_t qid_t gid_t aio_context_t old_uid_t old_gid_t old_sigset_t compat_u compat_size_t
    compat_mode_t compat_aio_context_t
    """.split()
)


class Slot:
    """A parameter, and the words that its argument is in. bits, signed: of a number."""

    __slots__ = ("bits", "name", "parameter", "signed", "words")

    def __init__(self, parameter: Parameter, words: tuple[int, ...], register: int) -> None:
        kind = parameter.type.removeprefix("const ").strip()
        self.parameter: Parameter = parameter
        self.name: str = parameter.python
        self.words: tuple[int, ...] = words
        self.bits: int = 32
        if kind in _WIDE:
            self.bits = 64
        elif kind in _LONG or "*" in kind:
            self.bits = register
        elif kind in _SHORT:
            self.bits = 16
        if parameter.narrow or parameter.kind == "fd":
            self.bits = 32
        # A descriptor is an int, whatever its type says.
        self.signed: bool = parameter.kind == "fd" or not ("*" in kind or kind.startswith(_UNSIGNED))

    def under(self, items: str, register: int) -> Slot:
        """The same where a command says what the argument is."""
        return Slot(self.parameter.under(items), self.words, register)

    def number(self, words: tuple[int, ...]) -> int:
        """The argument as a number, of the words of a call."""
        value = words[self.words[0]]
        if len(self.words) > 1:
            low, high = self.words if byteorder == "little" else self.words[::-1]
            value = words[low] & 0xFFFFFFFF | words[high] << 32
        value &= (1 << self.bits) - 1
        if self.signed and value >> self.bits - 1:
            value -= 1 << self.bits
        return value


class Plan:
    """What is known of a call on an ABI. places: its parameters, None where they are not known.

    foreign: whether structures may have another layout than on this Python's ABI. addressed: whether the
    result is an address. width: bytes of a pointer in memory.
    """

    __slots__ = (
        "_mask", "_second", "_selector", "_shift", "_told", "abi", "addressed", "commands", "foreign", "name",
        "places", "register", "width",
    )  # fmt: skip

    def __init__(self, name: str, on: abi.ABI | None) -> None:
        self.name: str = name
        self.abi: abi.ABI | None = on
        self.register: int = 64 if on is None else on.register_bits
        self.width: int = 8 if on is None else on.bits // 8
        self.foreign: bool = on is not abi.current()
        self.addressed: bool = bool(name) and "address" in parameters.behaviour(name, on)
        self.places: tuple[Slot, ...] | None = None if on is None or not name else _places(name, on)
        self.commands: dict[str, str] = {}
        self._told: dict[tuple[int, int], tuple[Slot, ...]] = {}
        self._selector = self._second = ""
        self._mask, self._shift = 0xFFFFFFFF, 0
        text = "" if on is None or not name else commands.commands(name, on)
        if text:
            head, *lines = text.splitlines()
            words = head.split()
            self._selector = words[0]
            self._second = words[words.index("/") + 1] if "/" in words else ""
            self._mask = int(words[words.index("&") + 1], 0) if "&" in words else 0xFFFFFFFF
            self._shift = int(words[words.index(">>") + 1]) if ">>" in words else 0
            self.commands = dict(line.split(" ", 1) for line in lines)

    def under(self, words: tuple[int, ...]) -> tuple[Slot, ...]:
        """The places as the command among the arguments has them."""
        places = self.places or ()
        if not self._selector:
            return places
        values = {place.parameter.name: place.number(words) for place in places}
        number = (values.get(self._selector, 0) & 0xFFFFFFFF) >> self._shift & self._mask
        key = number, values.get(self._second, 0)
        found = self._told.get(key)
        if found is None:
            if len(self._told) > 500:
                self._told.clear()
            found = self._told[key] = self._find(places, *key)
        return found

    def _find(self, places: tuple[Slot, ...], number: int, second: int) -> tuple[Slot, ...]:
        known = self.commands
        text = known.get(f"{number}/{second}", known.get(str(number), known.get("*")))
        if text is None and self.name == "ioctl" and self.abi is not None:
            said = requests.decode(number, self.abi.architecture)
            text = f"arg={said[0]}:void[{said[1]}]" if said else None
        if text is None:
            return places
        items = parameters.items(text)
        register = self.register
        found = [
            place.under(items[place.parameter.name], register) if items.get(place.parameter.name) else place
            for place in places
        ]
        lengths = {word for place in found for word in place.parameter.length.replace("+", " ").split()}
        return tuple(
            place.under("int", register)
            if place.parameter.kind == "word" and place.parameter.name in lengths
            else place
            for place in found
        )


def _places(name: str, on: abi.ABI) -> tuple[Slot, ...] | None:
    """The parameters with their words; None if the kernel's definition is not known."""
    if numbering.entry(name, on) in numbering.NOT_IMPLEMENTED:
        known = parameters.described(name)
    else:
        known = parameters.defined(name, on)
        if known is None:
            known = parameters.described(name)
    if known is None:
        return None
    layout = signatures.layout(name, on) or tuple((index, 1) for index in range(len(known)))
    places: dict[int, tuple[int, ...]] = {}
    at = 0
    for index, count in layout:
        if index >= 0:
            places[index] = tuple(range(at, at + count))
        at += count
    register = on.register_bits
    found: list[Slot] = []
    for index, one in enumerate(known):
        words = places.get(index, ())
        if not words or words[-1] > 5:
            continue  # a seventh word, which is on the stack
        if one.name in ("pos_h", "pos_high") and found:
            before = found.pop()
            merged = parameters.merged((before.parameter, one))
            both = before.words if register == 64 else _both(before.words, words)
            found.append(Slot(merged[0], both, register))
            continue
        found.append(Slot(one, words, register))
    return tuple(found)


def _both(low: tuple[int, ...], high: tuple[int, ...]) -> tuple[int, ...]:
    return (*low, *high) if byteorder == "little" else (*high, *low)


_plans: dict[tuple[str, str], Plan] = {}


def plan(name: str, on: abi.ABI | None) -> Plan:
    """The plan of a call on an ABI. name: "" for a number without one."""
    key = name, "" if on is None else on.name
    found = _plans.get(key)
    if found is None:
        found = _plans[key] = Plan(name, on)
    return found
