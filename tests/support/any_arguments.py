"""Arguments of all kinds, for calls that are not made: and the calls that an interpreter makes itself."""

from __future__ import annotations

import array
import enum
import pathlib
from typing import Any

from c_library import MUSL

from pysys import structures
from pysys._native import ffi


class Descriptor:
    def __init__(self, number: Any) -> None:
        self.number = number

    def fileno(self) -> Any:
        return self.number


class Integer:
    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class Bit(enum.IntFlag):
    ONE = 1
    NONE = 0


# What the interpreter itself cannot do without: it goes to the kernel, and is not fuzzed.
NEEDED = frozenset(
    """
    _llseek brk clock_gettime clock_gettime64 close exit exit_group fstat fstat64 fstatat64 futex
    futex_time64 getdents64 getpid getrandom gettid gettimeofday ioctl lseek madvise mmap mmap2 mprotect
    mremap munmap newfstatat openat read readlink restart_syscall rseq rt_sigaction rt_sigprocmask
    rt_sigreturn sched_yield sigreturn stat64 statx write
    """.split()
    + "fcntl fcntl64 lstat lstat64 open readv stat writev".split() * MUSL
)
EDGES = [
    0,
    1,
    -1,
    7,
    4096,
    1 << 31,
    (1 << 31) - 1,
    (1 << 32) - 1,
    1 << 32,
    (1 << 63) - 1,
    1 << 63,
    (1 << 64) - 1,
    1 << 64,
    -(1 << 63),
]
OTHERS: list[Any] = [
    bytearray(0),
    bytearray(8),
    bytearray(5000),
    memoryview(bytes(64)),
    memoryview(bytearray(64))[::2],
    array.array("i", [1, 2, 3]),
    ffi.NULL,
    ffi.new("int *"),
    ffi.new("char[]", 16),
    ffi.new("int[4]"),
    ffi.cast("int", 5),
    ffi.cast("double", 5),
    structures.timespec(),
    structures.iovec.array(3),
    structures.stat(),
    Descriptor(-1),
    Descriptor(99),
    Descriptor(None),
    Integer(1 << 40),
    pathlib.Path("/x"),
    Bit.ONE,
    object(),
    int,
]
