"""What the arguments of `syscall` become: register words, and what the kernel may do to memory."""

from __future__ import annotations

import os
import sys

from pysys import signatures
from pysys._native import ffi, lib
from pysys.arguments import kept, multiplexed, objects, pointers
from pysys.arguments.bound import Place, compiled, unsigned
from pysys.arguments.multiplexed import Copy
from pysys.arguments.objects import Memory

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

    layout: how they lie in registers where a 64-bit one takes two, as signatures.layout() tells it;
        empty where each takes one.
    simple: of each parameter, once they are looked at: whether it is text and whether it is written, and of
        memory the index of the number that tells its length (-1: none) and what that counts; None for what
        takes more than that.
    """

    __slots__ = ("_commands", "_needs", "_places", "abi", "layout", "name", "simple")

    def __init__(self, name: str | None, abi: ABI) -> None:
        self.name = name
        self.abi = abi
        self.layout: tuple[tuple[int, int], ...] = ()
        self._places: tuple[Place, ...] | None = None
        self._commands: Commands | None = None
        self.simple: tuple[tuple[bool, bool, int, int] | None, ...] | None = None
        self._needs: Callable[..., tuple[int, ...]]
        if abi.pairs and name is not None:
            self.layout = signatures.layout(name, abi) or ()

    @property
    def places(self) -> tuple[Place, ...]:
        """The parameters; none if nothing is known of them."""
        if self.simple is None:  # it is set last: another thread may be at it
            known = (self.name and kept.defined(self.name)) or ()
            self._places = tuple(self._place(index, one) for index, one in enumerate(known))
            self._needs = compiled(self._places, _unsigned)
            if self.name is not None:
                self._commands = multiplexed.commands(self.name, self._places, self._place, _unsigned)
            self.simple = tuple(map(self._simple, self._places)) if self._commands is None else ()
        return self._places or ()

    def _simple(self, place: Place) -> tuple[bool, bool, int, int] | None:
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

    def _place(self, index: int, parameter: Parameter) -> Place:
        return Place(f"argument {index + 1} of {self.name} ({parameter.name})", parameter)

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

    def needs(self, args: Sequence[Any]) -> tuple[int, ...]:
        """How many bytes each argument must have."""
        return self._needs(*args)

    def describe(self, index: int) -> str:
        """How a message speaks of an argument: "argument 2 of openat (filename)"."""
        if index < len(self.places):
            return self.places[index].title
        return f"argument {index + 1}" + (f" of {self.name}" if self.name else "")


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
        raise OverflowError(f"{call.describe(index)}: {value:#x} does not fit {bits} bits")
    return _wrapped(value, bits)


def _wrapped(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> bits - 1 == 1 else value


def convert(call: RawCall, args: Sequence[object], held: list[Any]) -> list[int]:
    """The ints that Python arguments stand for. What has to live during the call is put into held: copies are
    to be given back after it, and all is to be released."""
    simple = _simply(call, args, held)
    if simple is not None:
        return simple
    values: list[int] = []
    found: dict[int, Memory] = {}
    for index, arg in enumerate(args):
        if isinstance(arg, int):
            values.append(arg)
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
    rooms: list[tuple[int, int, int]] = []
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
                room = len(arg)
            else:
                if kind is str and is_text:
                    pointer = os.fsencode(arg)
                elif kind is bytes and not is_written:
                    pointer = arg
                else:
                    return None
                if is_text and b"\0" in pointer:
                    return None
                room = len(pointer)
            held.append(pointer)
            rooms.append((room, count, size))
            values.append(_address(pointer))
    if rooms:
        given = len(values)
        most = (1 << call.abi.register_bits) - 1
        for room, count, size in rooms:
            need = size if count < 0 else (values[count] & most) * size if count < given else 0
            if need > room:
                return None
    return values


def _place_of(memory: Memory) -> int:
    pointer = memory.pointer
    # A function has an address, too, but is no pointer to data.
    return memory.address if memory.room is None and not isinstance(pointer, bytes) else _address(pointer)


def _value(call: RawCall, index: int, arg: Any) -> Memory | int:
    """The number that stands for an argument, or its memory."""
    if isinstance(arg, bytes):
        return Memory(arg, len(arg), False)  # where a null byte follows: CPython ends all bytes so
    if isinstance(arg, str):
        return _text(call, index, arg)
    found = objects.find(arg)
    if found is not None:
        return found
    kind = type(arg)
    if objects.is_in_pieces(arg):
        raise TypeError(f"{call.describe(index)}: the memory of this {kind.__name__} is not contiguous")
    if hasattr(arg, "fileno"):
        descriptor = objects.descriptor(arg, call.describe(index))
        if descriptor is not None:
            return descriptor
    if hasattr(kind, "__fspath__"):
        path = os.fspath(arg)
        return _text(call, index, path) if isinstance(path, str) else Memory(path, len(path), False)
    if isinstance(arg, objects.CData):
        kind_ = ffi.typeof(arg).cname
        raise TypeError(f"{call.describe(index)}: a CFFI {kind_} is no pointer: take its address")
    raise TypeError(
        f"{call.describe(index)} must be an int, None, bytes, a buffer, a str, a path, a CFFI "
        f"pointer or have fileno(), not {kind.__name__}"
    )


def _text(call: RawCall, index: int, arg: str) -> Memory:
    if "\0" in arg:
        raise ValueError(f"{call.describe(index)} contains a null character")
    data = os.fsencode(arg)
    return Memory(data, len(data) + 1, False)


def _check(
    call: RawCall, args: Sequence[Any], values: list[int], found: dict[int, Memory], held: list[Any]
) -> None:
    """See that memory is long enough, and may be written to where the kernel does."""
    known = call.places
    told = call.told(values)
    places = told.places if told else known
    # The kernel takes most counts without a sign.
    most = (1 << call.abi.register_bits) - 1
    given: list[Any] = [found.get(index, value & most) for index, value in enumerate(values[: len(places)])]
    given += [0] * (len(places) - len(given))
    for index, memory in found.items():
        if index < len(places) and places[index].parameter.kind in ("int", "fd"):
            what = "bytes or text" if isinstance(memory.pointer, bytes) else type(args[index]).__name__
            raise TypeError(f"{places[index].title} is a number: {what} would be passed as an address")
    needs: tuple[int, ...] | None = None
    for index, memory in found.items():
        place = places[index] if index < len(places) else None
        kind = place.parameter.kind if place else "word"
        if place is None:
            pass
        elif kind in ("path", "string"):
            data = memory.pointer
            if isinstance(data, bytes) and b"\0" in data and b"\0" in data.rstrip(b"\0"):
                raise ValueError(f"{place.title} contains a null byte")
        elif kind == "memory":
            if place.written and not memory.writable:
                raise _not_writable(place, memory, args[index])
            if needs is None:
                needs = told.needs(*given) if told else call.needs(given)
            if memory.room is not None and memory.room < needs[index]:
                raise ValueError(
                    f"{place.title} has {memory.room} bytes, and the kernel is told of {needs[index]}"
                )
            if place.how and memory.owner is not None:
                pointers.check(place.title, place.how, memory.owner, needs[index], values[0])
        if place is None or (index < len(known) and known[index].parameter.kind == "word"):
            copy = multiplexed.copied(told, memory, call.describe(index))
            if copy is not None:
                held.append(copy)
                values[index] = _address(copy.pointer)


def _not_writable(place: Place, memory: Memory, arg: object) -> TypeError:
    if isinstance(memory.pointer, bytes):
        return TypeError(
            f"{place.title} is written to by the kernel: pass a writable buffer, a bytearray for instance, "
            f"not {type(arg).__name__}"
        )
    return TypeError(f"{place.title} is written to by the kernel, and this {type(arg).__name__} is read-only")


def _unsigned(arg: Any, place: Place, offset: int) -> int:
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
