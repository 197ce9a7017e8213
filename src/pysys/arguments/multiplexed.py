"""What the parameters of a call are whose meaning a command decides: ioctl, fcntl, prctl and their kin."""

from __future__ import annotations

from pysys import abi, parameters
from pysys._native import ABI_NAME, ffi, lib
from pysys.arguments import bound
from pysys.loading import counted
from pysys.parameters import requests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys.arguments.bound import BoundParameter
    from pysys.arguments.objects import Memory
    from pysys.parameters import Parameter

_MOST = 500  # numbers of commands that are remembered
_SLACK = 16384  # more than any request without a size in its number writes
_SHORT = 4096
_UNTOUCHED = b"\xa5" * _SLACK
_ARCHITECTURE = abi.get(ABI_NAME).architecture


class Told:
    """What the parameters are under one command.

    places: one for each parameter. needs: as bound.compiled() makes it. is_known: whether anything is known
    of the command; trusted: whether the table says it, and not only a number, which may lie. guarded: whether
    it is unknown how much is written, and has to be found out. answers: the indexes of memory that the kernel
    only writes, as the table says.
    """

    __slots__ = ("answers", "guarded", "is_known", "needs", "places", "trusted")
    places: Sequence[Any]  # of the kind that the call itself has

    def __init__(
        self, found: Sequence[BoundParameter], unsigned: Any, *, is_known: bool, trusted: bool, guarded: bool
    ) -> None:
        self.places = found
        self.needs: Callable[..., tuple[int, ...]] = bound.compiled(found, unsigned)
        self.is_known: bool = is_known
        self.trusted: bool = trusted
        self.guarded: bool = guarded
        self.answers: tuple[int, ...] = tuple(
            index
            for index, place in enumerate(found)
            if trusted and place.parameter.kind == "memory" and place.parameter.direction == "out"
        )


class Commands:
    """The commands of a call.

    first, second: the indexes of the parameters that decide; second is -1 if there is one only. varied: those
    of the parameters that some command has in another way; narrow: those of which the kernel reads 32 bits
    under some command. guarded: whether short memory is looked after for
    commands of which nothing is known.
    """

    def __init__(
        self,
        name: str,
        usual: Sequence[BoundParameter],
        make: Callable[[int, Parameter], BoundParameter],
        unsigned: Any,
    ) -> None:
        head, *lines = ffi.string(getattr(lib, f"commands_{name}")).decode().splitlines()
        words = head.split()
        names = [place.parameter.name for place in usual]
        self._name = name
        self._usual = usual
        self._make = make
        self._unsigned = unsigned
        self._items = dict(line.split(" ", 1) for line in lines)
        self._told: dict[tuple[int, int], Told] = {}
        self.guarded: bool = "!" in words
        self._unknown = Told(usual, unsigned, is_known=False, trusted=False, guarded=self.guarded)
        self.first: int = names.index(words[0])
        self.second: int = names.index(words[words.index("/") + 1]) if "/" in words else -1
        self._mask = int(words[words.index("&") + 1], 0) if "&" in words else 0xFFFFFFFF
        self._shift = int(words[words.index(">>") + 1]) if ">>" in words else 0
        found = [parameters.items(text) for text in self._items.values()]
        self.varied: frozenset[int] = frozenset(
            names.index(one) for items in found for one in items if one in names
        )
        narrow = {one for items in found for one, spec in items.items() if spec == "int32"}
        self.narrow: frozenset[int] = frozenset(map(names.index, narrow.intersection(names)))

    def told(self, first: int, second: int = 0) -> Told:
        """What the parameters are, from the values that decide."""
        number = (first & 0xFFFFFFFF) >> self._shift & self._mask
        key = number, second if second.bit_length() <= 64 else 0
        found = self._told.get(key)
        if found is None:
            if len(self._told) >= _MOST:
                self._told.clear()
            found = self._told[key] = self._find(*key)
        return found

    def _find(self, number: int, second: int) -> Told:
        text = self._items.get(f"{number}/{second}", self._items.get(str(number), self._items.get("*")))
        if text is not None:
            return self._made(text, trusted=True)
        if self._name == "ioctl" and (said := requests.decode(number, _ARCHITECTURE)):
            return self._made(f"arg={said[0]}:void[{said[1]}]", trusted=False)
        return self._unknown

    def _made(self, text: str, *, trusted: bool) -> Told:
        return Told(self._under(text), self._unsigned, is_known=True, trusted=trusted, guarded=False)

    def _under(self, text: str) -> list[BoundParameter]:
        found = list(self._usual)
        items = parameters.items(text)
        for index, place in enumerate(self._usual):
            known = items.get(place.parameter.name)
            if known:
                found[index] = self._make(index, place.parameter.under(known))
        # What says a length is a number.
        lengths = {word for place in found for word in place.parameter.length.replace("+", " ").split()}
        for index, place in enumerate(found):
            if place.parameter.kind == "word" and place.parameter.name in lengths:
                found[index] = self._make(index, place.parameter.under("int"))
        return found


def commands(
    name: str,
    usual: Sequence[BoundParameter],
    make: Callable[[int, Parameter], BoundParameter],
    unsigned: Any,
) -> Commands | None:
    """The commands of a call; None if it has none."""
    return Commands(name, usual, make, unsigned) if hasattr(lib, f"commands_{name}") else None


class Copy:
    """Memory in the place of what is read-only, or short where it is not known how much the kernel writes.

    pointer: CFFI's. is_returned: whether what the kernel writes is given back.
    """

    __slots__ = ("_memory", "_title", "is_returned", "pointer")

    def __init__(self, memory: Memory, title: str) -> None:
        length = memory.length or 0
        self._memory = memory
        self._title = title
        self.is_returned: bool = memory.writable
        self.pointer: Any = ffi.new("char[]", length + _SLACK)
        ffi.memmove(self.pointer, memory.pointer, length)
        if self.is_returned:
            ffi.memmove(self.pointer + length, _UNTOUCHED, _SLACK)

    def release(self) -> None:
        """Let go what lies there."""
        self.pointer = None
        self._memory.release()

    def give_back(self) -> None:
        """What the kernel has written goes to where it was meant to go."""
        if self.is_returned:
            length = self._memory.length or 0
            if ffi.buffer(self.pointer)[length:] != _UNTOUCHED:
                self.release()  # a traceback would keep it
                raise ValueError(
                    f"{self._title} is {counted(length, 'byte')} long, but the kernel has written more: "
                    "the call is made, and its answer is lost"
                )
            ffi.memmove(self._memory.pointer, self.pointer, length)


def copied(told: Told | None, memory: Memory, title: str) -> Copy | None:
    """A copy of memory, if it needs one: nothing says that the kernel only reads it, or how much it writes.

    told: what the command says, None for a call without commands. What is read-only is copied, but where the
    table knows better; what can be written to, where the call's commands are guarded and this one is unknown.
    """
    if memory.length is None:
        return None
    if not memory.writable:
        return None if told is not None and told.is_known and told.trusted else Copy(memory, title)
    if told is not None and told.guarded and memory.length < _SHORT:
        return Copy(memory, title)
    return None
