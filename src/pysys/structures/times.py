"""Structures of a time, from and to numbers."""

from __future__ import annotations

from pysys.arguments import integers
from pysys.arguments.protocols import is_own
from pysys.structures.base import Structure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


class _Time(Structure):
    __slots__ = ()

    if TYPE_CHECKING:
        tv_sec: int


class Nanoseconds(_Time):
    """Seconds, and nanoseconds from 0 to 999,999,999: a time before 0 has a negative tv_sec alone."""

    __slots__ = ()

    if TYPE_CHECKING:
        tv_nsec: int

    @classmethod
    def from_nanoseconds(cls, count: int) -> Self:
        """A time from a number of nanoseconds.

        count: an int, which may be negative.

        Returns the structure. Raises OverflowError for a time that does not fit, TypeError for anything else.
        """
        count = integers.integer(f"{cls.__name__}.from_nanoseconds: count", count)
        seconds, rest = divmod(count, 1_000_000_000)
        return cls(tv_sec=seconds, tv_nsec=rest)

    @classmethod
    def from_seconds(cls, count: float) -> Self:
        """A time from a number of seconds, rounded to a nanosecond.

        count: an int, a float or another number, which may be negative.

        Returns the structure. Raises OverflowError for a time that does not fit, TypeError for anything else.
        """
        return cls.from_nanoseconds(_scaled(f"{cls.__name__}.from_seconds: count", count, 1_000_000_000))

    @property
    def nanoseconds(self) -> int:
        """The time as one number, exactly."""
        return self.tv_sec * 1_000_000_000 + self.tv_nsec

    @property
    def seconds(self) -> float:
        """The time as one number, as exactly as a float can."""
        return self.nanoseconds / 1_000_000_000


class Microseconds(_Time):
    """Seconds, and microseconds from 0 to 999,999: a time before 0 has a negative tv_sec alone."""

    __slots__ = ()

    if TYPE_CHECKING:
        tv_usec: int

    @classmethod
    def from_microseconds(cls, count: int) -> Self:
        """A time from a number of microseconds.

        count: an int, which may be negative.

        Returns the structure. Raises OverflowError for a time that does not fit, TypeError for anything else.
        """
        count = integers.integer(f"{cls.__name__}.from_microseconds: count", count)
        seconds, rest = divmod(count, 1_000_000)
        return cls(tv_sec=seconds, tv_usec=rest)

    @classmethod
    def from_seconds(cls, count: float) -> Self:
        """A time from a number of seconds, rounded to a microsecond.

        count: an int, a float or another number, which may be negative.

        Returns the structure. Raises OverflowError for a time that does not fit, TypeError for anything else.
        """
        return cls.from_microseconds(_scaled(f"{cls.__name__}.from_seconds: count", count, 1_000_000))

    @property
    def microseconds(self) -> int:
        """The time as one number, exactly."""
        return self.tv_sec * 1_000_000 + self.tv_usec

    @property
    def seconds(self) -> float:
        """The time as one number, as exactly as a float can."""
        return self.microseconds / 1_000_000


def _scaled(title: str, count: float, units: int) -> int:
    # An int is exact; a float is split first, so that its fraction keeps its digits.
    try:
        seconds = int(count // 1)
        return seconds * units + round((count - seconds) * units)
    except TypeError as error:
        if is_own(error):
            raise
        raise TypeError(f"{title} must be a number, not {type(count).__name__}") from None
    except (ValueError, ArithmeticError):  # not a number, infinite
        raise OverflowError(f"{title}: {count!r} is not a finite number") from None
