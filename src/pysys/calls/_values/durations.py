"""Times as arguments: a number of seconds, a pair with nanoseconds, or the kernel's structure as it is."""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import integers, memory
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Span: TypeAlias = float | tuple[int, int] | structures.timespec
    Timer: TypeAlias = float | tuple[float, float] | structures.itimerspec
    OldTimer: TypeAlias = float | tuple[float, float] | structures.itimerval


def timespec(title: str, span: Any) -> Any:
    """A number of seconds, or a pair of seconds and nanoseconds, as structures.timespec; memory and None as
    they are, for the call to look at.

    title: how messages speak of the parameter.
    """
    if _is_memory(span):
        return span
    if isinstance(span, tuple):
        return memory.tuple_of(title, structures.timespec, "tv_sec tv_nsec", span)
    return _made(title, structures.timespec, span, "seconds, (seconds, nanoseconds) or structures.timespec")


def itimerspec(title: str, timer: Any) -> Any:
    """As structures.itimerspec: seconds until a timer expires, or a pair of that and its interval."""
    return _timer(title, timer, structures.itimerspec, structures.timespec)


def itimerval(title: str, timer: Any) -> Any:
    """As structures.itimerval, likewise."""
    return _timer(title, timer, structures.itimerval, structures.timeval)


def _timer(title: str, timer: Any, kind: Any, part: Any) -> Any:
    if _is_memory(timer):
        return timer
    wanted = f"seconds, a pair of them or structures.{kind.__name__}"
    pair = timer if isinstance(timer, tuple) else (timer, 0)
    if len(pair) != 2:
        raise ValueError(f"{title} must be {wanted}, not {counted(len(pair), 'number')}")
    value, interval = (_made(title, part, one, wanted) for one in pair)
    return kind(it_value=value, it_interval=interval)


def _is_memory(arg: Any) -> bool:
    if arg is None or hasattr(arg, "cdata") or isinstance(arg, ffi.CData):
        return True
    try:
        memoryview(arg).release()
    except TypeError:
        return False
    return True


def _made(title: str, kind: Any, number: Any, wanted: str) -> Any:
    try:
        return kind.from_seconds(number)
    except TypeError:
        raise TypeError(f"{title} must be {wanted}, not {type(number).__name__}") from None
    except (ValueError, OverflowError):  # not a number, infinite, or more than fits
        shown = integers.shown(number) if isinstance(number, int) else repr(number)
        raise OverflowError(f"{title}: {shown} seconds is out of range") from None
