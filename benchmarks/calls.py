"""Calls in every way: getppid, and some with arguments."""

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
from pysys import calls, numbers, syscall
from pysys._native import ffi, lib

NUMBER = numbers.number("getppid")
LOOPS = 5_000

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
PAGE = 4096  # bytes
getppid, pread64 = calls.getppid, calls.pread64
_getppid, _pread64 = getattr(lib, "call_getppid"), getattr(lib, "call_pread64")  # noqa: B009  # of no stub


def ctypes_syscall(number: int, *args: object) -> int:
    """ctypes used correctly: arguments and result as wide as registers, errno as an exception."""
    result: int = _libc.syscall(ctypes.c_long(number), *args)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def ctypes_hasty(number: int, *args: int) -> int:
    """ctypes used carelessly: int arguments are passed as 32 bits, which is wrong for addresses."""
    result: int = _libc.syscall(number, *args)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


# A statement with the standard library, and the same with syscall() and with ctypes.
OTHERS = {
    "os.getpgid(0)": ("syscall('getpgid', 0)", "ctypes_syscall(GETPGID, 0)"),
    "os.write(sink, eight)": ("syscall('write', sink, eight, 8)", "ctypes_syscall(WRITE, sink, eight, 8)"),
    "os.preadv(source, [eight_bytes], 0)": (
        "syscall('pread64', source, eight_bytes, 8, 0)",
        "ctypes_syscall(PREAD64, source, memory, 8, 0)",
    ),
}


def _names() -> dict[str, object]:
    """The names that the statements use."""
    return {
        **globals(),
        "GETPGID": numbers.number("getpgid"),
        "WRITE": numbers.number("write"),
        "PREAD64": numbers.number("pread64"),
        "eight": b"8 bytes.",
        "eight_bytes": bytearray(8),
        "array": ffi.new("char[]", PAGE),
        "target": bytearray(PAGE),
        "file": _file(),
        "memory": (ctypes.c_char * 8)(),
        "source": os.open("/dev/zero", os.O_RDONLY | os.O_CLOEXEC),
        "sink": os.open("/dev/null", os.O_WRONLY | os.O_CLOEXEC),
    }


def _file() -> int:
    """A page of a file in memory."""
    descriptor = os.memfd_create("page", os.MFD_CLOEXEC)
    os.write(descriptor, bytes(PAGE))
    return descriptor


def figures(rounds: int) -> list[Figure]:
    """pysys, os, ctypes and C."""
    ours, ctypes_, hasty = (
        'syscall("getppid")',
        "ctypes syscall",
        "ctypes syscall, ints as they are",
    )
    statements = {
        "os.getppid": "os.getppid()",
        "CFFI function": "_getppid()",
        "calls.getppid": "getppid()",
        ours: 'syscall("getppid")',
        "syscall(number)": "syscall(NUMBER)",
        ctypes_: "ctypes_syscall(NUMBER)",
        hasty: "ctypes_hasty(NUMBER)",
    }
    statements |= {
        "os.preadv, 4 KiB": "os.preadv(file, [target], 0)",
        "CFFI function pread64": "_pread64(file, array, PAGE, 0)",
        "calls.pread64, a C array": "pread64(file, array, PAGE, 0)",
        "calls.pread64, a bytearray": "pread64(file, target, PAGE, 0)",
        'syscall("pread64"), a bytearray': "syscall('pread64', file, target, PAGE, 0)",
    }
    for own, others in OTHERS.items():
        statements |= {statement: statement for statement in (own, *others)}
    names = _names()

    def timed(statement: str) -> Callable[[], float]:
        timer = timeit.Timer(statement, globals=names)
        return lambda: timer.timeit(LOOPS) / LOOPS

    assert syscall(NUMBER) == getppid() == ctypes_syscall(NUMBER) == os.getppid()
    contenders = {name: timed(statement) for name, statement in statements.items()}
    with ExitStack() as stack:
        program = compiled(stack.enter_context(tempfile.TemporaryDirectory()))
        if program:
            contenders["C"] = stack.enter_context(helper(LOOPS, program, "getppid"))
        samples = in_turns(contenders, rounds)
    for name in ("source", "sink", "file"):
        os.close(names[name])  # type: ignore[arg-type]  # a descriptor, of a table of several types

    def line(name: str, against: str = "", target: float | None = None, note: str = "") -> Figure:
        value = ratio(samples, name, against) if against else None
        return Figure("calls", name, median(samples[name]) * 1e9, "ns", against, value, target, note)

    lines = [
        line("os.getppid"),
        line("CFFI function", "os.getppid", note="what every call through CFFI costs"),
        line("calls.getppid", "os.getppid", 1.5),
        line(ctypes_, note="c_long number and result, errno check"),
        line(ours, ctypes_, 0.5),
        line("syscall(number)", ctypes_),
        line(hasty, note="errno check, but an address is cut to 32 bits"),
        line(ours, hasty),
    ]
    preadv = "os.preadv, 4 KiB"
    lines += [
        line(preadv),
        line("CFFI function pread64", preadv, note="what every call through CFFI costs"),
        line("calls.pread64, a C array", preadv, 1.2),
        line("calls.pread64, a bytearray", preadv, 1.7),
        line('syscall("pread64"), a bytearray', preadv),
    ]
    for own, (through_syscall, through_ctypes) in OTHERS.items():
        lines += [line(own), line(through_ctypes), line(through_syscall, through_ctypes)]
    return [line("C"), *lines] if program else lines
