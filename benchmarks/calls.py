"""Calls with the same of the standard library's, and of ctypes."""

from __future__ import annotations

import ctypes
import os
import select
import socket
import tempfile
import time
import timeit
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple

from benchmarks.beside import compiled, helper
from benchmarks.measure import Figure, in_turns, ratio
from pysys import calls, numbers, structures, syscall
from pysys._native import ffi

LOOPS = 2_000
PAGE = 4096  # bytes
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


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


def fails(call: Callable[[int], object]) -> None:
    """A call with a bad descriptor."""
    try:
        call(-1)
    except OSError:
        pass


class Pair(NamedTuple):
    """A statement, one that does the same, and how much longer ours may take at most."""

    ours: str
    theirs: str
    target: float | None = None
    note: str = ""


PAIRS = (
    Pair("getppid()", "os.getppid()", 1.0, "lets no other thread run, as os"),
    Pair("sched_yield()", "os.sched_yield()", 1.25),
    Pair("pread64(file, target, PAGE, 0)", "os.preadv(file, [target], 0)", 0.85, "a bytearray"),
    Pair("pread64(file, array, PAGE, 0)", "os.preadv(file, [target], 0)", 0.85, "a C array"),
    Pair("close(openat(-100, path, 0))", "os.close(os.open(path, 0))", 1.05),
    Pair("faccessat(-100, path, 4)", "os.access(path, 4)", 1.05),
    Pair("kill(pid, 0)", "os.kill(pid, 0)", 1.05),
    Pair("fails(close)", "fails(os.close)", 2.0),
    Pair("syscall('getppid')", "ctypes_syscall(GETPPID)", 0.3),
    Pair("syscall(GETPPID)", "ctypes_syscall(GETPPID)", 0.3),
    Pair("syscall('getppid')", "ctypes_hasty(GETPPID)", None, "an address is cut to 32 bits there"),
    Pair("syscall('write', sink, eight, 8)", "ctypes_syscall(WRITE, sink, eight, 8)", 0.3),
    Pair("syscall('pread64', file, target, PAGE, 0)", "os.preadv(file, [target], 0)", 0.85),
    Pair("clock_gettime(1)", "time.clock_gettime(1)", 2.0, "neither enters the kernel"),
    Pair("clock_gettime(1).nanoseconds", "time.clock_gettime_ns(1)", None, "a structure, and its numbers"),
    Pair("getresuid()", "os.getresuid()", 2.0),
    Pair("getgroups()", "os.getgroups()", 2.0),
    Pair("epoll_wait(set, 8, 0)", "poll(0, 8)", 2.0),
    Pair("sched_getaffinity(0)", "os.sched_getaffinity(0)", 2.0),
    Pair("getrandom(16)", "os.getrandom(16)", 2.0),
    Pair("statx(-100, path)", "os.stat(path)", 1.2),
    Pair("getsockname(socket)", "there.getsockname()", None, "an address as a tuple"),
    Pair("getsockopt(socket, *option)", "there.getsockopt(*option)", None, "an int"),
    Pair("sendmsg(socket, [eight]), recvmsg(socket, 8)", "there.sendmsg([eight]), there.recvmsg(8)"),
    Pair("direct.statx(-100, path, 0, 0x7FF, found)", "os.stat(path)", None, "into a structure"),
)


def _names() -> dict[str, object]:
    """The names that the statements use."""
    used = "getppid sched_yield pread64 close openat faccessat kill clock_gettime getresuid getgroups".split()
    used += "epoll_wait sched_getaffinity getrandom statx direct".split()
    used += "getsockname getsockopt sendmsg recvmsg".split()
    epoll = select.epoll()
    there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    there.bind(("127.0.0.1", 0))
    there.connect(there.getsockname())  # what it sends it receives
    return {
        **{name: getattr(calls, name) for name in used},
        "ctypes_hasty": ctypes_hasty,
        "ctypes_syscall": ctypes_syscall,
        "fails": fails,
        "os": os,
        "syscall": syscall,
        "time": time,
        "PAGE": PAGE,
        "GETPPID": numbers.number("getppid"),
        "WRITE": numbers.number("write"),
        "array": ffi.new("char[]", PAGE),
        "eight": b"8 bytes.",
        "epoll": epoll,
        "file": _file(),
        "found": structures.statx(),
        "option": (socket.SOL_SOCKET, socket.SO_RCVBUF),
        "path": "/etc/passwd",
        "pid": os.getpid(),
        "poll": epoll.poll,
        "set": epoll.fileno(),
        "socket": there.fileno(),
        "there": there,
        "sink": os.open("/dev/null", os.O_WRONLY | os.O_CLOEXEC),
        "target": bytearray(PAGE),
    }


def _file() -> int:
    """A page of a file in memory."""
    descriptor = os.memfd_create("page", os.MFD_CLOEXEC)
    os.write(descriptor, bytes(PAGE))
    return descriptor


def figures(rounds: int) -> list[Figure]:
    """Each pair, and C."""
    names = _names()

    def timed(statement: str) -> Callable[[], float]:
        timer = timeit.Timer(statement, globals=names)
        return lambda: timer.timeit(LOOPS) / LOOPS

    statements = dict.fromkeys(one for pair in PAIRS for one in pair[:2])
    contenders = {statement: timed(statement) for statement in statements}
    with ExitStack() as stack:
        program = compiled(stack.enter_context(tempfile.TemporaryDirectory()))
        if program:
            contenders["C"] = stack.enter_context(helper(LOOPS, program, "getppid"))
        samples = in_turns(contenders, rounds)
    for name in ("sink", "file"):
        os.close(names[name])  # type: ignore[arg-type]  # a descriptor, of a table of several types

    def line(name: str, value: float | None = None, pair: Pair | None = None) -> Figure:
        taken = median(samples[name]) * 1e9
        if pair is None:
            return Figure("calls", name, taken, "ns")
        against = f"{pair.theirs}, {median(samples[pair.theirs]) * 1e9:.0f} ns"
        return Figure("calls", name, taken, "ns", against, value, pair.target, pair.note)

    lines = [line(pair.ours, ratio(samples, pair.ours, pair.theirs), pair) for pair in PAIRS]
    return [line("C"), *lines] if program else lines
