"""The base classes of flags and enumerations: each member explains itself."""

from __future__ import annotations

import enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


def _text(doc: str) -> str:
    return "\n".join(line.strip() for line in doc.splitlines())


class DocumentedFlag(enum.IntFlag):
    """An IntFlag whose members are written ``NAME = value, "what it does"``."""

    def __new__(cls, value: int, doc: str = "") -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        if doc:  # a combination of members has none
            member.__doc__ = _text(doc)
        return member


class DocumentedEnum(enum.IntEnum):
    """An IntEnum whose members are written ``NAME = value, "what it is"``."""

    def __new__(cls, value: int, doc: str = "") -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        if doc:
            member.__doc__ = _text(doc)
        return member
