"""Numbers that have names: members of pysys.flags, alone and together."""

from __future__ import annotations

from pysys import abi, flags, ioctls
from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.index import MEMBERS
from pysys.tables.constants import BY_ABI, USUAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

__all__ = ["Named", "flagged", "same_flags", "shown"]

_OCTAL = frozenset({"FileMode", "FileType"})


class Named(int):
    """A number that members of several classes of pysys.flags make up. text: their names, with | between."""

    text: str

    def __new__(cls, number: int, text: str) -> Self:
        """The number, and how it is written."""
        made = super().__new__(cls, number)
        made.text = text
        return made

    def __repr__(self) -> str:
        return self.text


def flagged(kinds: tuple[str, ...], number: int, on: abi.ABI | None, foreign: bool) -> int:
    """The number as a member of these classes, or of one; itself where it has no name.

    foreign: whether it is another ABI's, where values may differ.
    """
    if kinds == ("ioctl",):
        found = () if on is None else ioctls.names(number, on)
        return Named(number, found[0]) if found else Named(number, hex(number))
    if number < 0:
        return number
    if foreign and on is not None and any(_differs(kind, on.name) for kind in kinds):
        return Named(number, hex(number))
    classes = [getattr(flags, kind) for kind in kinds]
    if len(classes) == 1:
        member = _member(classes[0], number)
        return Named(number, hex(number)) if member is None else member
    return Named(number, _joined(classes, number))


def _member(kind: Any, number: int) -> Any:
    try:
        return kind(number)
    except ValueError:
        return None


def _joined(classes: list[Any], number: int) -> str:
    """The names of flags, and that of what is left among the enumerations."""
    names = []
    rest = number
    for kind in classes:
        if issubclass(kind, DocumentedFlag) and kind.__name__ not in _OCTAL:
            for member in kind.__members__.values():
                bits = int(member)
                if bits and bits.bit_count() == 1 and rest & bits:
                    names.append(str(member.name))
                    rest &= ~bits
    for kind in classes:
        if issubclass(kind, DocumentedEnum) or kind.__name__ == "FileType":
            member = _member(kind, rest if kind.__name__ != "FileType" else rest & 0o170000)
            if member is not None and member.name:
                names.insert(0, str(member.name))
                rest &= ~int(member)
                break
    if any(kind.__name__ in _OCTAL for kind in classes):
        names.append(f"0o{rest:03o}")
    elif rest or not names:
        names.append(hex(rest) if rest else "0")
    return "|".join(names)


def same_flags(kind: str, number: int) -> str:
    """The name of the member of a class with this value; "" if there is none."""
    member = _member(getattr(flags, kind), number)
    return str(getattr(member, "name", None) or "")


def shown(value: int) -> str:
    """A number in words: names with | between and what has none in hexadecimal."""
    if isinstance(value, DocumentedEnum):
        return str(value.name)
    if not isinstance(value, DocumentedFlag):
        return repr(value)
    kind = type(value).__name__
    if kind in _OCTAL:
        types = getattr(flags, "FileType")  # noqa: B009  # its type is that of pysys.flags as a whole
        member = _member(types, int(value) & 0o170000) if int(value) & 0o170000 else None
        if member is not None and member.name:
            return f"{member.name}|0o{int(value) & 0o7777:03o}"
        return f"0o{int(value):03o}"
    if not value:
        zero = next((name for name, one in type(value).__members__.items() if not one), "0")
        return str(zero)
    names = [str(one.name or hex(int(one))) for one in value]
    if kind == "OpenFlags" and not int(value) & 3:
        names.insert(0, "O_RDONLY")
    return "|".join(names)


_different: dict[tuple[str, str], bool] = {}


def _differs(kind: str, name: str) -> bool:
    """Whether some member of a class has another value on an ABI than here."""
    key = kind, name
    if key not in _different:
        here = abi.current().name
        _different[key] = any(
            BY_ABI[name].get(member, USUAL[member]) != BY_ABI[here].get(member, USUAL[member])
            for member, owner in MEMBERS.items()
            if owner == kind and member in USUAL
        )
    return _different[key]
