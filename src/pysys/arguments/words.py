"""What the arguments of `syscall` become: register words, and what the kernel may do to memory."""

from __future__ import annotations

import os
import sys
from _operator import index as _index  # operator itself is Python, and takes longer to load

from pysys import signatures
from pysys._native import ffi, lib
from pysys.arguments import descriptors, integers, kept, multiplexed, objects, pointers, typed
from pysys.arguments.bound import BoundParameter, compiled, unsigned
from pysys.arguments.memory import no_word
from pysys.arguments.multiplexed import Copy
from pysys.arguments.objects import Memory
from pysys.arguments.text import contains_null, encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys.abi import ABI
    from pysys.arguments.multiplexed import Commands, Told
    from pysys.parameters import Parameter

_from_buffer = ffi.from_buffer
_address: Callable[[Any], int] = lib.pysys_address


class RawCall:
    """What is known of a call on an ABI, for its arguments.

    title: how messages name the call.
    layout: how they lie in registers where a 64-bit one takes two, as signatures.layout() has it;
        empty where each takes one.
    simple: of each parameter, once they are looked at: whether it is text and whether it is written, and of
        memory the index of the number that is its length (-1: none) and what that counts; None for what
        takes more than that.
    """

    __slots__ = ("_commands", "_needs", "_places", "_typed", "abi", "layout", "name", "simple", "title")

    def __init__(self, name: str | None, abi: ABI) -> None:
        self.name: str | None = name
        self.title: str = name or "the call"
        self.abi: ABI = abi
        self.layout: tuple[tuple[int, int], ...] = ()
        self._places: tuple[BoundParameter, ...] | None = None
        self._commands: Commands | None = None
        self._typed: tuple[typed.BoundParameter | None, ...] | None = None
        self.simple: tuple[tuple[bool, bool, int, int] | None, ...] | None = None
        self._needs: Callable[..., tuple[int, ...]]
        if abi.pairs and name is not None:
            self.layout = signatures.layout(name, abi) or ()

    @property
    def places(self) -> tuple[BoundParameter, ...]:
        """The parameters; none if nothing is known of them."""
        if self.simple is None:  # it is set last: another thread may be at it
            known = (self.name and kept.defined(self.name)) or ()
            self._places = tuple(self._place(index, one) for index, one in enumerate(known))
            self._needs = compiled(self._places, _unsigned)
            if self.name is not None:
                self._commands = multiplexed.commands(self.name, self._places, self._place, _unsigned)
            self.simple = tuple(map(self._simple, self._places)) if self._commands is None else ()
        return self._places or ()

    def _simple(self, place: BoundParameter) -> tuple[bool, bool, int, int] | None:
        if place.parameter.kind in ("path", "string"):
            return True, False, -1, 0
        if place.parameter.kind != "memory" or place.how:
            return None
        length = place.parameter.length
        if not length:
            return False, place.written, -1, place.size
        numbers = [one.parameter.name for one in self._places or () if one.parameter.kind == "int"]
        if length not in numbers or not place.size:
            return None
        index = next(at for at, one in enumerate(self._places or ()) if one.parameter.name == length)
        return False, place.written, index, place.size

    def _place(self, index: int, parameter: Parameter) -> BoundParameter:
        return BoundParameter(self.title, parameter)

    def told(self, values: Sequence[int]) -> Told | None:
        """What the command among these arguments says of the others; None for a call without commands."""
        commands = self._commands
        if commands is None:
            return None
        second = commands.second
        return commands.told(
            values[commands.first] if commands.first < len(values) else 0,
            values[second] if 0 <= second < len(values) else 0,
        )

    def check_width(self, index: int, value: int, values: Sequence[int]) -> None:
        """Refuse a number of which the kernel would read a part only. Of addresses and words it reads all."""
        if self._typed is None:
            issue = getattr(lib, f"call_{self.name}", None)
            # A number of 64 bits may be one parameter there, and two here.
            own = zip(kept.own(self.name or ""), ffi.typeof(issue).args, strict=True) if issue else ()
            kinds = {one.name: kind for one, kind in own}
            self._typed = tuple(
                typed.BoundParameter(self.title, one.parameter, kinds[one.parameter.name])
                if one.parameter.name in kinds
                else None
                for one in self.places
            )
        told = self.told(values)
        if told and index < len(told.places) and told.places[index].parameter.narrow:
            integers.within(told.places[index].title, value, integers.NARROW)
            return
        place = self._typed[index] if index < len(self._typed) else None
        if (
            place
            and place.parameter.kind in ("int", "fd")
            and 8 * ffi.sizeof(place.ctype) < self.abi.register_bits
        ):
            most = 1 << self.abi.register_bits  # all bits of a negative number, without its sign
            typed.number(value - most if most - (1 << 31) <= value < most else value, place)

    def needs(self, args: Sequence[Any]) -> tuple[int, ...]:
        """How many bytes each argument must have."""
        return self._needs(*args)

    def describe(self, index: int) -> str:
        """How a message names an argument: "openat: filename", or "call 39: argument 2"."""
        return self.places[index].title if index < len(self.places) else f"{self.title}: argument {index + 1}"


def registers(abi: ABI) -> int:
    """How many words a call of an ABI can have."""
    return 7 if abi.name == "mips_o32" else 6


def words(call: RawCall, args: Sequence[int], *, byteorder: str = sys.byteorder) -> list[int]:
    """The register words of a call with these arguments, as the C library's syscall() takes them.

    args: ints, signed or unsigned, in the order of the call's usual definition; missing ones are 0.
    byteorder: of an ABI that has either.

    Each word is as a signed C integer. Raises OverflowError for what does not fit, TypeError for more
    words than registers.
    """
    bits = call.abi.register_bits
    found: list[int] = []
    if not call.layout:
        found += [_signed(call, index, value, bits) for index, value in enumerate(args)]
    else:
        big = (byteorder if call.abi.endian == "either" else call.abi.endian) == "big"
        taken = sum(index >= 0 for index, _ in call.layout)
        for index, size in (*call.layout, *((extra, 1) for extra in range(taken, len(args)))):
            value = args[index] if 0 <= index < len(args) else 0
            if size == 2:
                value = _signed(call, index, value, 64)
                low, high = _wrapped(value & 0xFFFFFFFF, 32), value >> 32
                found += (high, low) if big else (low, high)
            else:
                found.append(_signed(call, index, value, bits))
    most = registers(call.abi)
    if len(found) > most:
        raise TypeError(
            f"{call.name or 'a call'} takes at most {most} words, not the {len(found)} of these arguments"
        )
    return found


def _signed(call: RawCall, index: int, value: int, bits: int) -> int:
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise integers.out_of_range(call.describe(index), value, -(1 << bits - 1), (1 << bits) - 1)
    return _wrapped(value, bits)


def _wrapped(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> bits - 1 == 1 else value


def convert(call: RawCall, args: Sequence[object], held: list[Any]) -> list[int]:
    """The ints that Python arguments stand for. What has to live during the call is put into held: copies are
    to be given back after it, and all is to be released."""
    simple = _simply(call, args, held)
    if simple is not None:
        return _of_their_width(call, simple)
    values: list[int] = []
    found: dict[int, Memory] = {}
    for index, arg in enumerate(args):
        if isinstance(arg, int):
            values.append(_index(arg))
        elif arg is None:
            values.append(0)
        else:
            one = _value(call, index, arg)
            if isinstance(one, Memory):
                found[index] = one
                held.append(one)
                one = _place_of(one)
            values.append(one)
    if found:
        _check(call, args, values, found, held)
    return _of_their_width(call, values)


def _of_their_width(call: RawCall, values: list[int]) -> list[int]:
    """The same, if the kernel reads every number as it is."""
    low, high = integers.NARROW
    for index, value in enumerate(values):
        if not low <= value <= high:
            call.check_width(index, value, values)
    return values


def give_back(held: Sequence[Any]) -> None:
    """What the kernel has written into copies goes to where it was meant to go."""
    for one in held:
        if type(one) is Copy:
            one.give_back()


def release(held: list[Any]) -> None:
    """Let go what was held."""
    while held:
        one = held.pop()
        if type(one) in (Memory, Copy):
            one.release()


def _simply(call: RawCall, args: Sequence[Any], held: list[Any]) -> list[int] | None:
    """The same for the arguments that most calls have: None if there are others, or something is wrong."""
    simple = call.simple
    if simple is None:
        if not call.places:  # which finds out what is simple
            return None
        simple = call.simple or ()
    values: list[int] = []
    lengths: list[tuple[int, int, int]] = []
    known = len(simple)
    for index, arg in enumerate(args):
        kind = type(arg)
        if kind is int:
            values.append(arg)
        elif arg is None:
            values.append(0)
        else:
            place = simple[index] if index < known else None
            if place is None:
                return None
            is_text, is_written, count, size = place
            pointer: Any
            if kind is bytearray and not is_text:
                pointer = _from_buffer(arg)
                length = len(arg)
            else:
                if kind is str and is_text:
                    try:
                        pointer = os.fsencode(arg)
                    except UnicodeEncodeError:
                        return None
                elif kind is bytes and not is_written:
                    pointer = arg
                else:
                    return None
                if is_text and b"\0" in pointer:
                    return None
                length = len(pointer)
            held.append(pointer)
            lengths.append((length, count, size))
            values.append(_address(pointer))
    if lengths:
        passed = len(values)
        most = (1 << call.abi.register_bits) - 1
        for length, count, size in lengths:
            need = size if count < 0 else (values[count] & most) * size if count < passed else 0
            if need > length:
                return None
    return values


def _place_of(memory: Memory) -> int:
    pointer = memory.pointer
    # A function has an address, too, but is not a pointer to data.
    return memory.address if memory.length is None and not isinstance(pointer, bytes) else _address(pointer)


def _value(call: RawCall, index: int, arg: Any) -> Memory | int:
    """The number that stands for an argument, or its memory."""
    place = call.places[index] if index < len(call.places) else None
    kind = place.parameter.kind if place else "word"
    title = call.describe(index)
    if isinstance(arg, bytes) and kind not in ("int", "fd"):
        # Where a null byte follows: CPython ends all bytes so. A subclass may say another length.
        return Memory(arg, bytes.__len__(arg), False)
    if isinstance(arg, str) and kind not in ("int", "fd", "strings"):
        return _text(title, arg)
    found = objects.find(arg)
    if isinstance(found, int):
        return found
    if kind == "int":
        return integers.integer(title, arg)
    if kind == "fd":
        return descriptors.number(title, arg)
    if found is not None:
        return found
    if kind == "word" or kind == "address":
        descriptor = descriptors.of_object(title, arg)
        if descriptor is not None:
            return descriptor
    if hasattr(type(arg), "__fspath__") and kind != "strings":
        return _text(title, arg)
    if kind in ("path", "string"):
        return _text(title, arg, path=kind == "path")
    if place and kind in ("memory", "strings"):
        raise place.no_memory(arg)
    raise no_word(title, arg)


def _text(title: str, arg: Any, *, path: bool = True) -> Memory:
    data = encoded(title, arg, path=path)
    return Memory(data, len(data) + 1, False)


def _check(
    call: RawCall, args: Sequence[Any], values: list[int], found: dict[int, Memory], held: list[Any]
) -> None:
    """See that memory is long enough, and may be written to where the kernel does."""
    known = call.places
    told = call.told(values)
    places = told.places if told else known
    for index, value in enumerate(values):
        if value.bit_length() > 63:
            _signed(call, index, value, 64)
    # The kernel takes most counts without a sign.
    most = (1 << call.abi.register_bits) - 1
    passed: list[Any] = [found.get(index, value & most) for index, value in enumerate(values[: len(places)])]
    passed += [0] * (len(places) - len(passed))
    for index in found:
        if index < len(places) and places[index].parameter.kind == "int":
            integers.integer(places[index].title, args[index])  # which it is not
        elif index < len(places) and places[index].parameter.kind == "fd":
            descriptors.number(places[index].title, args[index])
    needs: tuple[int, ...] | None = None
    for index, memory in found.items():
        place = places[index] if index < len(places) else None
        kind = place.parameter.kind if place else "word"
        if place is None:
            pass
        elif kind in ("path", "string"):
            data = memory.pointer
            if isinstance(data, bytes) and bytes.__contains__(bytes.rstrip(data, b"\0"), 0):
                raise contains_null(place.title)
        elif kind == "memory":
            if place.written and not memory.writable:
                raise place.no_memory(args[index])
            if needs is None:
                needs = told.needs(*passed) if told else call.needs(passed)
            if memory.length is not None and memory.length < needs[index]:
                raise place.too_short(memory.length, needs[index])
            if place.how and memory.owner is not None:
                pointers.check(place.title, place.how, memory.owner, needs[index], values[0])
        if place is None or (index < len(known) and known[index].parameter.kind == "word"):
            copy = multiplexed.copied(told, memory, call.describe(index))
            if copy is not None:
                held.append(copy)
                values[index] = _address(copy.pointer)


def _unsigned(arg: Any, place: BoundParameter, offset: int) -> int:
    """The unsigned int at an offset of an argument; 0 if that is an address, of which nothing is known."""
    return unsigned(arg, offset) if isinstance(arg, Memory) else 0


def paths(call: RawCall, args: Sequence[object]) -> list[object]:
    """The paths among the arguments, for the exception."""
    found: list[object] = []
    for index, arg in enumerate(args):
        if isinstance(arg, (str, bytes)):
            known = call.places[index] if index < len(call.places) else None
            if known.parameter.kind == "path" if known else isinstance(arg, str):
                found.append(arg)
        elif hasattr(type(arg), "__fspath__") and not hasattr(arg, "fileno"):
            found.append(arg)
    return found
