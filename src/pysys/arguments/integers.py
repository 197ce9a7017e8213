"""Integers: what has __index__, within what the kernel can read.

title, here and in the other modules: how messages name the parameter: "chown: user".
"""

from __future__ import annotations

from _operator import index  # operator itself is Python, and takes longer to load

from pysys._native import ffi
from pysys.arguments.protocols import is_own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

INT = -(1 << 31), (1 << 31) - 1
UNSIGNED = 0, (1 << 32) - 1
LONG_LONG = -(1 << 63), (1 << 63) - 1
# Of which the kernel reads 32 bits, with or without a sign.
NARROW = -(1 << 31), (1 << 32) - 1
_IDENTITY = -1, (1 << 32) - 1
_PLAIN = 1 << 16  # below it numbers are shown as they are
_MOST_BITS = 128  # more digits are of no use, and of very large numbers Python shows none


def integer(title: str, arg: Any, more: str = "") -> int:
    """An integer of any size. more: what else the parameter takes."""
    try:
        return index(arg)
    except TypeError as error:
        if is_own(error):
            raise
        kind = type(arg).__name__
        if "__index__" in str(error):  # it returned something else; how Python says so differs
            raise TypeError(f"{title}: __index__ of {kind} must return an int") from None
        raise TypeError(f"{title} must be an int{more}, not {kind}") from None


def within(title: str, arg: Any, bounds: tuple[int, int], *, below: type[Exception] = OverflowError) -> int:
    """An integer from the lower to the upper bound. below: the type of the error for a lower one."""
    value = integer(title, arg)
    if value < bounds[0]:
        raise below(f"{title}: {beyond(value, *bounds)}")
    if value > bounds[1]:
        raise out_of_range(title, value, *bounds)
    return value


def out_of_range(title: str, value: int, low: int, high: int) -> OverflowError:
    return OverflowError(f"{title}: {beyond(value, low, high)}")


def beyond(value: int, low: int, high: int) -> str:
    """What messages say of a number that is not within these bounds."""
    return f"{shown(value)} is out of range ({_bound(low)} to {_bound(high)})"


def shown(value: int) -> str:
    """A number in a message."""
    if value.bit_length() <= _MOST_BITS:
        return str(value)
    return f"a number of {value.bit_length()} bits"


def _bound(value: int) -> str:
    """A bound as people write it: 2**32 - 1."""
    if -_PLAIN < value < _PLAIN:
        return str(value)
    for shift in (-2, -1, 0, 1):  # -2**31, 2**32 - 1, 2**32 - 2
        power = abs(value) - shift if value > 0 else abs(value)
        if power & power - 1 == 0:
            sign = "-" if value < 0 else ""
            rest = "" if value < 0 or not shift else f" {'-' if shift < 0 else '+'} {abs(shift)}"
            return f"{sign}2**{power.bit_length() - 1}{rest}"
    return str(value)


def signed(title: str, arg: Any) -> int:
    """An integer of 32 bits with a sign, where the call itself would also take a wider one, and cut it."""
    return within(title, arg, INT)


def unsigned(title: str, arg: Any) -> int:
    """One without a sign."""
    return within(title, arg, UNSIGNED)


def identity(title: str, arg: Any) -> int:
    """The id of a user or a group; -1 leaves it, or stands for one's own."""
    return within(title, arg, _IDENTITY) & 0xFFFFFFFF


def bounds(ctype: Any) -> tuple[int, int]:
    """What a C type of CFFI's holds."""
    bits = 8 * ffi.sizeof(ctype)
    if int(ffi.cast(ctype, -1)) < 0:
        return -(1 << bits - 1), (1 << bits - 1) - 1
    return 0, (1 << bits) - 1


def count(title: str, arg: Any, high: int = (1 << 31) - 1) -> int:
    """How many bytes or items there are to be."""
    return within(title, arg, (0, high), below=ValueError)
