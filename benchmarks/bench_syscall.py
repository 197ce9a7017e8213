"""What a system call costs by way of pysys, the standard library, ctypes, and in C.

usage: python benchmarks/bench_syscall.py [--rounds N]

Nanoseconds a call, the best of N rounds. A call through pysys should cost at most half of what it costs
through ctypes with a check of errno. The line in C needs a compiler, and is left away without one.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shlex
import subprocess
import sysconfig
import tempfile
import timeit
from collections.abc import Callable
from pathlib import Path

from pysys import numbers, syscall

CALLS = 100_000

C = """
#include <unistd.h>
#include <sys/syscall.h>
void getppid_times(long count) { while (count--) syscall(SYS_getppid); }
"""


def best(call: Callable[[], object], rounds: int) -> float:
    """Nanoseconds for one of CALLS calls, in the best round."""
    return min(timeit.repeat(call, number=CALLS, repeat=rounds)) / CALLS * 1e9


def in_c(rounds: int) -> float | None:
    """The same for a loop in C."""
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[0]
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "loop.so")
        command = [compiler, "-O2", "-shared", "-fPIC", "-x", "c", "-", "-o", str(library)]
        try:
            subprocess.run(command, input=C.encode(), check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        loop = ctypes.CDLL(str(library)).getppid_times
        return min(timeit.repeat(lambda: loop(CALLS), number=1, repeat=rounds)) / CALLS * 1e9


def through_ctypes(*args: object) -> int:
    """What people write: the C library's syscall(), and OSError if it is -1."""
    ctypes.set_errno(0)
    result = _libc_syscall(*args)
    if result == -1:
        number = ctypes.get_errno()
        if number:
            raise OSError(number, os.strerror(number))
    return int(result)


_libc_syscall = ctypes.CDLL(None, use_errno=True).syscall
_libc_syscall.restype = ctypes.c_long


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    number = {name: numbers.number(name) for name in ("getppid", "getpgid", "write", "pread64")}
    source = os.open("/dev/zero", os.O_RDONLY)
    sink = os.open("/dev/null", os.O_WRONLY)
    target = bytearray(8)
    memory = (ctypes.c_char * 8)()
    lines: list[tuple[str, Callable[[], object]]] = [
        ("os.getppid()", lambda: os.getppid()),  # noqa: PLW0108 - like the others
        ("syscall('getppid')", lambda: syscall("getppid")),
        (f"syscall({number['getppid']})", lambda: syscall(number["getppid"])),
        ("ctypes, unchecked", lambda: _libc_syscall(number["getppid"])),
        ("ctypes, errno checked", lambda: through_ctypes(number["getppid"])),
        ("os.getpgid(0)", lambda: os.getpgid(0)),
        ("syscall('getpgid', 0)", lambda: syscall("getpgid", 0)),
        ("ctypes, errno checked", lambda: through_ctypes(number["getpgid"], 0)),
        ("os.write(fd, bytes)", lambda: os.write(sink, b"8 bytes.")),
        ("syscall('write', fd, bytes, 8)", lambda: syscall("write", sink, b"8 bytes.", 8)),
        ("ctypes, errno checked", lambda: through_ctypes(number["write"], sink, b"8 bytes.", 8)),
        ("os.preadv(fd, [bytearray], 0)", lambda: os.preadv(source, [target], 0)),
        ("syscall('pread64', fd, bytearray, 8, 0)", lambda: syscall("pread64", source, target, 8, 0)),
        ("ctypes, errno checked", lambda: through_ctypes(number["pread64"], source, memory, 8, 0)),
    ]
    empty = best(lambda: None, rounds)  # the lambda around each
    if (native := in_c(rounds)) is not None:
        print(f"{native:8.0f} ns  C")
    for text, call in lines:
        print(f"{best(call, rounds) - empty:8.0f} ns  {text}")


if __name__ == "__main__":
    main()
