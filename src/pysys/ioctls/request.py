"""A request of ioctl: found by name or number, or made of its parts."""

from __future__ import annotations

from pysys import abi as _abi
from pysys.loading import counted as _counted
from pysys.loading import hint as _hint
from pysys.loading import load as _load
from pysys.parameters import requests as _requests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pysys.abi import ABI


_WAYS = {"": "", "in": "read", "out": "written", "inout": "read and written"}


class Request(int):
    """A request of ioctl: an int, the number on one ABI.

    - name: the kernel's; "" for what IO() and its kin have made.
    - header: the one that defines it: "linux/fs.h".
    - direction: "out" if the kernel writes what the argument points to, "in" if it reads that, "inout" for
      both; "" if there is none, or nothing is known about it.
    - type, number: the letter of the driver, as an int, and the number that it gave the request.
    - structure: what the argument points to, in the kernel's words without "struct", or "".
    - size: how many bytes the kernel reads or writes there, 0 if it is not known. For some requests that is
      not the size of the structure, which their numbers have.
    - abi: the name of the ABI.
    """

    name: str
    header: str
    structure: str
    abi: str

    def __new__(
        cls, value: int, name: str = "", header: str = "", structure: str = "", abi: str = ""
    ) -> Request:
        self = super().__new__(cls, value)
        self.name = name
        self.header = header
        self.structure = structure
        self.abi = abi or _abi.current().name
        return self

    @property
    def type(self) -> int:
        return self >> 8 & 255

    @property
    def number(self) -> int:
        return self & 255

    @property
    def direction(self) -> str:
        return self._argument()[0]

    @property
    def size(self) -> int:
        return self._argument()[1]

    def _argument(self) -> tuple[str, int]:
        abi = _abi.ABIS[self.abi]
        known = _by_hand(abi)
        found = known.get(self.name) or (self.name.startswith("SIOC") and known.get(int(self))) or None
        if found is not None:
            return found[:2]
        return _requests.decode(int(self), abi.architecture) or ("", 0)

    def argument(self) -> str:
        """What the argument points to, and what becomes of that: "winsize, written"; "" if unknown."""
        direction, size = self._argument()
        about = self.structure or (_counted(size, "byte") if size else "")
        return ", ".join(word for word in (about, _WAYS[direction]) if word)

    def __repr__(self) -> str:
        about = self.argument()
        words = [self.name, f"{int(self):#x}{':' * bool(about)}", about, self.header and f"({self.header})"]
        return f"<Request {' '.join(word for word in words if word)}>"

    __str__ = int.__repr__


def find(name: str, abi: str | ABI | None = None) -> Request:
    """The request of a name.

    name: the kernel's: "TIOCGWINSZ".
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a Request. Raises LookupError if no header has the name, with what looks like it, or none of that
    ABI; or if the ABI is unknown.
    """
    if not isinstance(name, str):
        raise TypeError(f"find: name must be a str, not {type(name).__name__}")
    chosen = _chosen(abi)
    entry = _requests.entry(name)
    if entry is None:
        raise LookupError(f"no request named {name!r}{_hint(name, every_name())}")
    header, numbers, structure = entry
    value = _requests.value(numbers, chosen)
    if value is None:
        others = ", ".join(
            one.name for one in _abi.ABIS.values() if _requests.value(numbers, one) is not None
        )
        raise LookupError(f"the headers of {chosen.name} have no {name}: {header} has it on {others}")
    return _named(value, name, header, structure, chosen)


def names(number: int, abi: str | ABI | None = None) -> tuple[str, ...]:
    """The names of a number.

    number: as it is passed to ioctl; negative ones, as some programs write those above 2**31, are taken, too.
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns the names in alphabetical order; drivers have chosen the same numbers. Raises LookupError for an
    ABI that is unknown.
    """
    return tuple(_by_number(_chosen(abi)).get(number & 0xFFFFFFFF, ()))


def table(abi: str | ABI | None = None) -> dict[str, Request]:
    """All requests that an ABI has.

    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a dict by name. Raises LookupError for an ABI that is unknown.
    """
    chosen = _chosen(abi)
    found = {}
    for name, header, numbers, structure in _requests.entries():
        value = _requests.value(numbers, chosen)
        if value is not None:
            found[name] = _named(value, name, header, structure, chosen)
    return found


def IO(type: str | int, number: int, *, abi: str | ABI | None = None) -> Request:  # noqa: N802  # the kernel's name
    """The request without an argument, or with a number as its argument.

    type: the letter of the driver, "T", or its code. number: its number of the request, from 0 to 255.
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a Request. Raises OverflowError if a part does not fit.
    """
    return _made("IO", "", type, number, 0, abi)


def IOR(type: str | int, number: int, structure: object, *, abi: str | ABI | None = None) -> Request:  # noqa: N802
    """The request with which the kernel writes a structure. The rest is as for IOW()."""
    return _made("IOR", "r", type, number, structure, abi)


def IOW(type: str | int, number: int, structure: object, *, abi: str | ABI | None = None) -> Request:  # noqa: N802
    """The request with which the kernel reads a structure.

    type: the letter of the driver, "T", or its code. number: its number of the request, from 0 to 255.
    structure: a class of pysys.structures, or the size in bytes.
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns a Request. Raises OverflowError if a part does not fit.
    """
    return _made("IOW", "w", type, number, structure, abi)


def IOWR(type: str | int, number: int, structure: object, *, abi: str | ABI | None = None) -> Request:  # noqa: N802
    """The request with which the kernel reads a structure and writes it. The rest is as for IOW()."""
    return _made("IOWR", "rw", type, number, structure, abi)


_DIRECTIONS = {"": "", "in": "w", "out": "r", "inout": "rw"}


def IOC(  # noqa: N802
    direction: str, type: str | int, number: int, structure: object, *, abi: str | ABI | None = None
) -> Request:
    """The request of any direction.

    direction: "in" if the kernel reads the structure, "out" if it writes it, "inout", or "".
    The rest is as for IOW(). Raises ValueError for another direction.
    """
    if direction not in _DIRECTIONS:
        raise ValueError(f'IOC: direction must be "", "in", "out" or "inout", not {direction!r}')
    return _made("IOC", _DIRECTIONS[direction], type, number, structure, abi)


def _made(
    function: str, way: str, type: str | int, number: int, structure: object, abi: str | ABI | None
) -> Request:
    chosen = _chosen(abi)
    letter: Any = ord(type) if isinstance(type, str) and len(type) == 1 else type
    size: Any = getattr(structure, "nbytes", structure)
    most = _requests.largest(chosen.architecture)
    for name, value, what, last in (
        ("type", letter, "a letter or an int", 255),
        ("number", number, "an int", 255),
        ("structure", size, "a structure or its size", most),
    ):
        if not isinstance(value, int):
            raise TypeError(f"{function}: {name} must be {what}, not {value!r}")
        if not 0 <= value <= last:
            raise OverflowError(f"{function}: {name}: {value} is not from 0 to {last}")
    value = _requests.encode(way, letter, number, size, chosen.architecture)
    named = "" if isinstance(structure, int) else getattr(structure, "__name__", "")
    return Request(value, structure=named, abi=chosen.name)


def _named(value: int, name: str, header: str, structure: str, abi: ABI) -> Request:
    """The request of the table. What it is about is not said in all headers."""
    if not structure:
        known = _by_hand(abi).get(name) or (name.startswith("SIOC") and _by_hand(abi).get(value))
        structure = known[2] if known else ""
    return Request(value, name, header, structure, abi.name)


def _chosen(abi: str | ABI | None) -> ABI:
    return _abi.current() if abi is None else _abi.get(abi)


# ---- the table ----

_numbered: dict[str, dict[int, list[str]]] = {}
_known: dict[str, dict[str | int, tuple[str, int, str]]] = {}


def _by_number(abi: ABI) -> Mapping[int, list[str]]:
    found = _numbered.get(abi.name)
    if found is None:
        found = {}
        for name, request in sorted(table(abi).items()):
            found.setdefault(int(request), []).append(name)
        _numbered[abi.name] = found
    return found


# Bytes of what a request by hand is about, on ABIs of 64 and of 32 bits.
_SIZES = {
    "int": (4, 4),
    "unsigned int": (4, 4),
    "unsigned short": (2, 2),
    "unsigned long": (8, 4),
    "unsigned long long": (8, 8),
    "void": (1, 1),
    "ifconf": (16, 8),
    "ifreq": (40, 32),
    "loop_config": (304, 304),
    "loop_info64": (232, 232),
    "serial_icounter_struct": (80, 80),
    "serial_struct": (72, 60),
    "termio": (18, 18),
    "termios": (36, 36),
    "vt_mode": (8, 8),
    "vt_stat": (6, 6),
    "winsize": (8, 8),
}
_SIZES_ON_MIPS = {"termio": 32, "termios": 40}


def _by_hand(abi: ABI) -> Mapping[str | int, tuple[str, int, str]]:
    """Direction, size and structure that numbers do not say: by name, or by number for interfaces."""
    found = _known.get(abi.name)
    if found is None:
        found = {}
        for name, number, argument in _load("pysys.parameters.commands").requests_of(abi):
            direction, _, what = argument.partition(":")
            if direction not in ("in", "out", "inout"):
                continue
            decoded = _requests.decode(number, abi.architecture)
            kind, _, length = what.rstrip("]").partition("[")
            if kind in _SIZES:
                one = _SIZES[kind][abi.bits == 32]
                if abi.architecture == "mips":
                    one = _SIZES_ON_MIPS.get(kind, one)
                size = one * int(length) if length.isdigit() else 0 if length else one
            else:
                size = decoded[1] if decoded else 0
            found[number if name == "SIOC" else name] = direction, size, "" if kind == "void" else kind
        _known[abi.name] = found
    return found


def every_name() -> list[str]:
    return [name for name, _, _, _ in _requests.entries()]
