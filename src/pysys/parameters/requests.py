"""Numbers of ioctl: direction and size of the argument are in them, but for those from before the rule."""

from __future__ import annotations

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
