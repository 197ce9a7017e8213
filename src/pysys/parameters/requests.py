"""Numbers of ioctl: direction and size of the argument are in them, but for those from before the rule."""

from __future__ import annotations

from pysys.loading import load as _load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pysys.abi import ABI

# Of an architecture: bits of the size, and the values of "there is no argument", "the kernel writes it" and
# "the kernel reads it".
_USUAL = (14, 0, 2, 1)
_OLDER = (13, 1, 2, 4)
_FORMS = {
    "alpha": _OLDER,
    "mips": _OLDER,
    "parisc": (14, 0, 1, 2),
    "powerpc": _OLDER,
    "sparc": _OLDER,
}


def encode(direction: str, letter: int, number: int, size: int, architecture: str) -> int:
    """The number of a request. direction: "r" if the kernel writes the argument, "w" if it reads it, "rw"."""
    bits, none, reads, writes = _FORMS.get(architecture, _USUAL)
    way = ("r" in direction) * reads | ("w" in direction) * writes or none
    return way << 16 + bits | size << 16 | letter << 8 | number


def translate(request: int, source: str, target: str) -> int:
    """The number that is made on another architecture of the same parts as this one."""
    bits, _, reads, writes = _FORMS.get(source, _USUAL)
    way, size = request >> 16 + bits, request >> 16 & (1 << bits) - 1
    direction = "r" * bool(way & reads) + "w" * bool(way & writes)
    return encode(direction, request >> 8 & 255, request & 255, size, target)


def largest(architecture: str) -> int:
    """How many bytes a number can say at most."""
    return (1 << _FORMS.get(architecture, _USUAL)[0]) - 1


def decode(request: int, architecture: str) -> tuple[str, int] | None:
    """What the kernel does with the argument ("in", "out", "inout") and its bytes; None if it is not said."""
    bits, _, reads, writes = _FORMS.get(architecture, _USUAL)
    way = request >> 16 + bits & (reads | writes)
    # On sparc the size has a bit more, that of "no argument".
    size = request >> 16 & (1 << bits + (architecture == "sparc")) - 1
    if not way or not size:
        return None
    return "inout" if way == reads | writes else "out" if way == reads else "in", size


# ---- the table of the headers' requests ----


def entry(name: str) -> tuple[str, str, str] | None:
    """Header, numbers and structure of a name."""
    text: str = _load("pysys.tables.ioctls").REQUESTS
    start = text.find(f"\n{name} ") if name.isidentifier() else -1
    if start < 0:
        return None
    place = text.rfind("\n# ", 0, start + 1)
    _, numbers, structure = _parts(text[start + 1 : text.index("\n", start + 1)])
    return text[place + 3 : text.index("\n", place + 1)], numbers, structure


def entries() -> Iterator[tuple[str, str, str, str]]:
    """Name, header, numbers and structure of each request."""
    header = ""
    for line in _load("pysys.tables.ioctls").REQUESTS.strip().split("\n"):
        if line.startswith("# "):
            header = line[2:]
        else:
            name, numbers, structure = _parts(line)
            yield name, header, numbers, structure


def _parts(line: str) -> tuple[str, str, str]:
    name, _, rest = line.partition(" ")
    numbers, _, structure = rest.partition(" ")
    return name, numbers, structure


def value(numbers: str, abi: ABI) -> int | None:
    """The number of a request on an ABI, from the table's numbers; None where its headers lack it."""
    key, *others = numbers.split(",")
    if others:
        sets = _load("pysys.tables.ioctls").SETS
        for other in others:
            place, _, number = other.partition("=")
            if abi.name in sets[int(place)].split():
                key = number
                break
    if key == "-":
        return None
    return int(key[1:], 16) if key[0] == "!" else translate(int(key, 16), "x86", abi.architecture)
