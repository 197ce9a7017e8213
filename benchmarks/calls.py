"""A call without arguments, by every road: getppid."""

from __future__ import annotations

import ctypes
import os
import timeit
from collections.abc import Callable
from statistics import median

from benchmarks.measure import Figure, in_turns, ratio
from pysys import errors, numbers, syscall
from pysys._native import lib

NUMBER = numbers.number("getppid")
LOOPS = 5_000

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_syscall0 = lib.pysys_syscall0


def typed_getppid() -> int:
    """What a typed call is going to be: one CFFI call of fixed arity, and the check of its result."""
    result: int = _syscall0(NUMBER)
    if result < 0:
        raise errors.error(-result, "getppid")
    return result


def ctypes_syscall(number: int, *args: object) -> int:
    """ctypes done right: arguments and result as wide as registers, errno as an exception."""
    result: int = _libc.syscall(ctypes.c_long(number), *args)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def ctypes_hasty(number: int, *args: int) -> int:
    """ctypes in a hurry: int arguments go as 32 bits, which is wrong for addresses."""
    result: int = _libc.syscall(number, *args)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _timed(statement: str) -> Callable[[], float]:
    timer = timeit.Timer(statement, globals=globals())
    return lambda: timer.timeit(LOOPS) / LOOPS


def figures(rounds: int) -> list[Figure]:
    """getppid by pysys, os and ctypes."""
    hasty = "ctypes syscall, ints as they are"
    statements = {
        "os.getppid": "os.getppid()",
        "typed call (stand-in)": "typed_getppid()",
        'syscall("getppid")': 'syscall("getppid")',
        "syscall(number)": "syscall(NUMBER)",
        "CFFI function": "_syscall0(NUMBER)",
        "ctypes syscall": "ctypes_syscall(NUMBER)",
        hasty: "ctypes_hasty(NUMBER)",
    }
    assert syscall(NUMBER) == typed_getppid() == ctypes_syscall(NUMBER) == os.getppid()
    samples = in_turns({name: _timed(statement) for name, statement in statements.items()}, rounds)

    def line(name: str, against: str = "", target: float | None = None, note: str = "") -> Figure:
        value = ratio(samples, name, against) if against else None
        return Figure("calls", name, median(samples[name]) * 1e9, "ns", against, value, target, note)

    return [
        line("os.getppid"),
        line("CFFI function", "os.getppid", note="what every call through CFFI costs"),
        line(
            "typed call (stand-in)",
            "os.getppid",
            1.5,
            "pysys.calls is not there yet: a Python function, one CFFI call, a check of the result",
        ),
        line("ctypes syscall", note="c_long arguments and result, errno check"),
        line('syscall("getppid")', "ctypes syscall", 0.5),
        line("syscall(number)", "ctypes syscall"),
        line(hasty, "ctypes syscall", note="errno check, but an address is cut to 32 bits"),
        line('syscall("getppid")', hasty),
    ]
