"""Calls by every road: getppid, and some with arguments."""

from __future__ import annotations

import ctypes
import os
import tempfile
import timeit
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from benchmarks.beside import compiled, helper
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


def typed_unchecked() -> int:
    """The same for a call that cannot fail, which getppid is."""
    result: int = _syscall0(NUMBER)
    return result


# By the standard library: the same by syscall(), and by ctypes.
OTHERS = {
    "os.getpgid(0)": ("syscall('getpgid', 0)", "ctypes_syscall(GETPGID, 0)"),
    "os.write(sink, eight)": ("syscall('write', sink, eight, 8)", "ctypes_syscall(WRITE, sink, eight, 8)"),
    "os.preadv(source, [target], 0)": (
        "syscall('pread64', source, target, 8, 0)",
        "ctypes_syscall(PREAD64, source, memory, 8, 0)",
    ),
}


def _names() -> dict[str, object]:
    """What the statements use."""
    return {
        **globals(),
        "GETPGID": numbers.number("getpgid"),
        "WRITE": numbers.number("write"),
        "PREAD64": numbers.number("pread64"),
        "eight": b"8 bytes.",
        "target": bytearray(8),
        "memory": (ctypes.c_char * 8)(),
        "source": os.open("/dev/zero", os.O_RDONLY | os.O_CLOEXEC),
        "sink": os.open("/dev/null", os.O_WRONLY | os.O_CLOEXEC),
    }


def figures(rounds: int) -> list[Figure]:
    """By pysys, os, ctypes and C."""
    typed, ours, ctypes_, hasty = (
        "typed call (stand-in)",
        'syscall("getppid")',
        "ctypes syscall",
        "ctypes syscall, ints as they are",
    )
    statements = {
        "os.getppid": "os.getppid()",
        "CFFI function": "_syscall0(NUMBER)",
        typed: "typed_getppid()",
        "typed call, no check": "typed_unchecked()",
        ours: 'syscall("getppid")',
        "syscall(number)": "syscall(NUMBER)",
        ctypes_: "ctypes_syscall(NUMBER)",
        hasty: "ctypes_hasty(NUMBER)",
    }
    for own, others in OTHERS.items():
        statements |= {statement: statement for statement in (own, *others)}
    names = _names()

    def timed(statement: str) -> Callable[[], float]:
        timer = timeit.Timer(statement, globals=names)
        return lambda: timer.timeit(LOOPS) / LOOPS

    assert syscall(NUMBER) == typed_getppid() == ctypes_syscall(NUMBER) == os.getppid()
    contenders = {name: timed(statement) for name, statement in statements.items()}
    with ExitStack() as stack:
        program = compiled(stack.enter_context(tempfile.TemporaryDirectory()))
        if program:
            contenders["C"] = stack.enter_context(helper(LOOPS, program, "getppid"))
        samples = in_turns(contenders, rounds)
    os.close(names["source"])  # type: ignore[arg-type]
    os.close(names["sink"])  # type: ignore[arg-type]

    def line(name: str, against: str = "", target: float | None = None, note: str = "") -> Figure:
        value = ratio(samples, name, against) if against else None
        return Figure("calls", name, median(samples[name]) * 1e9, "ns", against, value, target, note)

    stand_in = "pysys.calls is not there yet: a Python function and one CFFI call, no check"
    lines = [
        line("os.getppid"),
        line("CFFI function", "os.getppid", note="what every call through CFFI costs"),
        line("typed call, no check", "os.getppid", 1.5, f"{stand_in}, for getppid cannot fail"),
        line(typed, "os.getppid", note="with a check of the result, as most calls need it"),
        line(ctypes_, note="c_long number and result, errno check"),
        line(ours, ctypes_, 0.5),
        line("syscall(number)", ctypes_),
        line(hasty, note="errno check, but an address is cut to 32 bits"),
        line(ours, hasty),
    ]
    for own, (through_syscall, through_ctypes) in OTHERS.items():
        lines += [line(own), line(through_ctypes), line(through_syscall, through_ctypes)]
    return [line("C"), *lines] if program else lines
