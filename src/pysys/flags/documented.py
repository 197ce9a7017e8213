"""The base classes of flags and enumerations: each member explains itself."""

from __future__ import annotations

import enum
from functools import cache

from pysys.loading import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Self


def _text(doc: str) -> str:
    return "\n".join(line.strip() for line in doc.splitlines())


@cache
def _pieces(kind: type[enum.IntFlag]) -> tuple[dict[int, Any], dict[int, Any], int]:
    """The members of one bit; those with bits that have no name alone, the widest first; all named bits."""
    members = {int(member): member for member in kind.__members__.values()}
    alone = {value: member for value, member in members.items() if value.bit_count() == 1}
    named = sum(alone)
    joint = sorted((value for value in members if value & ~named), key=int.bit_count, reverse=True)
    for value in joint:
        named |= value
    return alone, {value: members[value] for value in joint}, named


class _Kind(enum.EnumType):
    """The type of these types: an unknown member is an AttributeError that suggests those like it."""

    def __getattr__(cls, name: str) -> Any:
        members: Mapping[str, Any] = cls.__members__  # in Python 3.11 it is here that they are looked for
        if name in members:
            return members[name]
        text = f"type object {cls.__name__!r} has no attribute {name!r}"
        raise AttributeError(text if name.startswith("_") else text + hint(name, members), name=name)


class DocumentedFlag(enum.IntFlag, metaclass=_Kind):
    """An IntFlag whose members are written ``NAME = value, "what it does"``.

    Iteration gives the members that a value is made of: those of one bit each, and where bits have no name
    alone, as in O_TMPFILE or a number within the flags (MAP_HUGE_2MB), the member that they make up; what has
    no name comes last, in one piece. ``flags & ~flag`` clears this flag and no other bit; by itself ``~flag``
    is all that have a name, without this one.
    """

    def __new__(cls, value: int, doc: str = "") -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        if doc:  # a combination of members has none
            member.__doc__ = _text(doc)
        return member

    @classmethod
    def _missing_(cls, value: object) -> object:
        if not isinstance(value, int) or value >= 0:
            return super()._missing_(value)
        # Python's own would be all bits that it knows of, which before 3.11.4 are not even all that have a
        # name: & would clear the others. Operators go by _value_, and everything else by the int.
        member = int.__new__(cls, value & _pieces(cls)[2])
        member._value_ = value
        member._name_ = None
        return member

    def __iter__(self) -> Iterator[Self]:
        alone, joint, _ = _pieces(type(self))
        rest, found = int(self), []
        for value, member in (alone if self._value_ < 0 else joint | alone).items():
            if not value & ~rest:
                found.append(member)
                rest &= ~value
        found.sort()
        if rest:
            found.append(type(self)(rest))
        return iter(found)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class DocumentedEnum(enum.IntEnum, metaclass=_Kind):
    """An IntEnum whose members are written ``NAME = value, "what it is"``."""

    def __new__(cls, value: int, doc: str = "") -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        if doc:
            member.__doc__ = _text(doc)
        return member
