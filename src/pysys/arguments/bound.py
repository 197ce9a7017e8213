"""The parameters of one call on this machine: how large what they point to is, and how much a call needs.

For raw and typed calls. The notation of lengths is that of pysys.parameters.
"""

from __future__ import annotations

from _operator import index
from os import sysconf

from pysys._native import ffi, lib
from pysys.arguments import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys.arguments.objects import Memory
    from pysys.parameters import Parameter

LONG = ffi.sizeof("kernel_long")
PAGE = sysconf("SC_PAGESIZE")
# Numbers that are wider for the kernel than for a program where pointers have 32 bits in 64-bit registers.
_KERNELS = {"long": "kernel_long", "unsigned long": "kernel_ulong"}
_NUMBERS = frozenset({"int", "long", "short", "unsigned"})
_UNSIGNED = ffi.typeof("unsigned int *")


def structure(points: str) -> Any:
    """The C type of a structure by the name that parameters have for it; None if there is none here."""
    for kind in ("struct", "union"):
        try:
            return ffi.typeof(f"{kind} kernel_{points}")
        except ffi.error:
            continue
    return None


def number(points: str) -> str | None:
    """The C type of a number that memory is said to point to; None if that is not a number."""
    words = points.split()
    if not words or not _NUMBERS.issuperset(words):
        return None
    return _KERNELS.get(points, points)


def size(points: str) -> int:
    """The bytes of what memory is said to point to: 1 where that is bytes, 0 where it is not known."""
    if points in ("", "void"):
        return 1
    found = number(points) or structure(points)
    return ffi.sizeof(found) if found else 0


class BoundParameter:
    """A parameter of one call on this machine.

    title: how messages name it: "openat: filename". size: of one of what it points to. written: whether the
    kernel writes there. how: what it does with memory behind pointers in it.
    """

    __slots__ = ("how", "name", "parameter", "size", "title", "written")

    def __init__(self, call: str, parameter: Parameter) -> None:
        self.parameter: Parameter = parameter
        self.name: str = parameter.python
        self.title: str = f"{call}: {parameter.python}"
        self.written: bool = parameter.direction in ("out", "inout")
        self.size: int = size(parameter.points) if parameter.kind == "memory" else 1
        self.how: dict[str, str] = {}
        for item in parameter.pieces.split():
            verb, _, field = item.partition(":")
            self.how[field] = verb

    def too_short(self, size: int, need: int) -> ValueError:
        """The error for memory of this size, where the call uses more."""
        length, _, unit = self.parameter.length.partition(" ")
        in_bytes = unit == "bytes" or (not unit and self.size == 1)
        count = length.lstrip("_") if in_bytes and length.isidentifier() else ""
        return memory.too_short(self.title, size, need, count)

    def no_memory(self, arg: Any) -> TypeError:
        """The error for an object without memory, or whose memory is read-only or not in one piece."""
        points = self.parameter.points
        more = ""
        if structure(points) is not None:
            more = f" or structures.{points}"
        elif number(points):
            more = f" or an array of {points}"
        if self.parameter.nullable:
            more += " or None"
        return memory.no_buffer(self.title, arg, writable=self.written, more=more)

    def no_null(self) -> TypeError:
        """The error for None where the kernel wants memory."""
        return TypeError(f"{self.title} must not be None")


def need(places: Sequence[BoundParameter], index: int) -> str:
    """An expression: how many bytes the call uses at a parameter, from the names of the others.

    What it refers to besides is in SPACE, but for _unsigned and the _place of each parameter.
    """
    place = places[index]
    length, size = place.parameter.length, place.size
    if place.parameter.kind != "memory":
        return "0"
    if length in ("", "?"):
        return str(0 if length == "?" and size == 1 else size)
    by_name = {one.parameter.name: at for at, one in enumerate(places)}

    def number(name: str) -> str:
        """A count. Other integers, such as numpy's, wrap around where an int does not; NULL counts as 0."""
        python = places[by_name[name]].name
        return f"({python} if _type({python}) is _int else _number({python}))"

    def unsigned(name: str, at: int) -> str:
        return f"_unsigned({places[by_name[name]].name}, _place{by_name[name]}, {at})"

    if length == "semaphores":
        return f"_semaphores({places[0].name}) * {size}"
    if length == "filter":
        return f"_filter({places[1].name}, {places[2].name}) * {size}"
    if length.startswith("= "):
        words = []
        for word in length[2:].split():
            name, at, offset = word.partition("@")
            words.append(unsigned(name, int(offset)) if at else number(word) if word in by_name else word)
        return " ".join(words)
    what, _, unit = length.partition(" ")
    what, plus, _ = what.partition("+")
    what, minus, _ = what.partition("-")
    what, _, least = what.partition(">")
    if what.isdigit() and plus:
        return f"{what} + {unsigned(place.parameter.name, 0)}"
    if what.isdigit():
        return str(int(what) * (1 if unit == "bytes" else size))
    if what.startswith("*"):
        return unsigned(what[1:], 0)
    source = places[by_name[what]]
    name = source.name
    if unit or plus or size > 1 or source.parameter.kind == "word":
        name = number(what)
    if plus:
        return f"{name} + {LONG}"
    if unit == "bits":
        word_size = max(size, LONG)
        # Processes of 32 bits get a bit more of a result than 64-bit ones.
        count = f"_max({name} - 1, 0)" if minus and not (place.written and LONG == 4) else name
        return f"({count} + {8 * word_size - 1}) // {8 * word_size} * {word_size}"
    if unit == "pages":
        return f"({name} + {PAGE - 1}) // {PAGE}"
    if least:
        return f"_max({name}, {least})"
    return name if unit == "bytes" or size <= 1 else f"{name} * {size}"


def needs(places: Sequence[BoundParameter]) -> str:
    """The source of a function with the call's parameters: how many bytes each of them needs."""
    names = ", ".join(place.name for place in places)
    sizes = "".join(f"{need(places, index)}, " for index in range(len(places)))
    return f"lambda {names}: ({sizes})"


def compiled(
    places: Sequence[BoundParameter], unsigned: Callable[[Any, Any, int], int]
) -> Callable[..., tuple[int, ...]]:
    """That function. unsigned: reads the unsigned int at an offset of an argument."""
    space: dict[str, Any] = {f"_place{index}": place for index, place in enumerate(places)}
    found: Callable[..., tuple[int, ...]] = eval(needs(places), {**SPACE, **space, "_unsigned": unsigned})
    return found


def _number(arg: Any) -> int:
    return 0 if arg is None else index(arg)


def unsigned(found: Memory, offset: int) -> int:
    """The unsigned int at an offset of memory; 0 if it is not that long, and of NULL."""
    if (found.length is not None and found.length < offset + 4) or found.pointer == ffi.NULL:
        return 0
    # Without a sign: the kernel takes many of them so, and what it takes with one it refuses itself.
    return int(ffi.cast(_UNSIGNED, lib.pysys_address(found.pointer) + offset)[0])


_IPC_STAT, IPC_64 = 2, 0x100


def _semaphores(semid: Any) -> int:
    """How many semaphores a set has: the kernel does not ask how long the array is."""
    semctl = getattr(lib, "call_semctl")  # noqa: B009  # one of the generated ones
    found = ffi.new("struct kernel_semid_ds *")
    for command in (_IPC_STAT | IPC_64, _IPC_STAT):  # which of both a kernel wants differs between ABIs
        if semctl(index(semid), 0, command, lib.pysys_address(found)) >= 0:
            return int(found.sem_nsems)
    return 0  # there is none, or it may not be read: nor will the call


_SECCOMP_GET_FILTER = 0x420C


def _filter(pid: Any, at: Any) -> int:
    """How many instructions a filter has, which the kernel returns where NULL is passed."""
    ptrace = getattr(lib, "call_ptrace")  # noqa: B009  # likewise
    return max(int(ptrace(_SECCOMP_GET_FILTER, index(pid), index(at), 0)), 0)


SPACE: dict[str, Any] = {
    "_filter": _filter,
    "_int": int,
    "_max": max,
    "_number": _number,
    "_semaphores": _semaphores,
    "_type": type,
}
