"""Typed calls whose results are values: io_uring."""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import descriptors, integers, iterables, memory, objects
from pysys.calls import direct
from pysys.calls._values import sets
from pysys.doc import documented_call
from pysys.structures.messages import checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pysys._types import Descriptor, Word

# Of struct io_uring_probe's flags: IO_URING_OP_SUPPORTED.
_SUPPORTED = 1
_PROBED = 255  # at most: a byte says how many
_BUFFERS, _FILES, _EVENTFD, _EVENTFD_ASYNC, _PROBE, _RESTRICTIONS = 0, 2, 4, 7, 8, 11
_AFFINITY, _WORKERS = 17, 19
_PROCESSORS = 1 << 13  # more than any kernel is made for
# What is an array, whose items are counted.
_ARRAYS = frozenset({_BUFFERS, _FILES, _RESTRICTIONS, 20, 21})
# What takes one structure, and counts it; what takes one has no count otherwise.
_COUNTED = frozenset({_EVENTFD, _EVENTFD_ASYNC, 22, 23, 24, 26, 27, 28, 30, 32, 33, 34, 37})
# What is counted in bytes: IORING_REGISTER_FILES2 and its kin, a set of processors.
_IN_BYTES = frozenset({13, 14, 15, 16, _AFFINITY})
_RAW = 0x7FFFFFFF  # without IORING_REGISTER_USE_REGISTERED_RING


@documented_call
def io_uring_setup(
    entries: int, params: structures.io_uring_params | None = None
) -> tuple[int, structures.io_uring_params]:
    """io_uring_setup(2): make a pair of rings. Returns their descriptor, which exec closes, and their layout.

    entries: how many submissions fit. params: structures.io_uring_params, of which flags
        (flags.IoUringSetupFlags) and what belongs to them count; it is left as it is.

    Since Linux 5.1.
    """
    kind = structures.io_uring_params
    answer = kind() if params is None else memory.copied("io_uring_setup: params", kind, params)
    return direct.io_uring_setup(entries, answer), answer


@documented_call
def io_uring_register(
    fd: Descriptor, opcode: int, arg: Word | Iterable[Any] | None = None, nr_args: int | None = None
) -> Any:
    """io_uring_register(2): register something with a ring, change its settings, or ask what it knows.

    fd: the ring. opcode: flags.IoUringRegisterOp.
    arg: what it takes. Buffers, for IORING_REGISTER_BUFFERS, which stay pinned until they are unregistered:
        keep them; descriptors, for IORING_REGISTER_FILES (-1 leaves a place free); one, for
        IORING_REGISTER_EVENTFD; structures.io_uring_restriction, for IORING_REGISTER_RESTRICTIONS; the
        processors of the workers, for IORING_REGISTER_IOWQ_AFF; their largest numbers, a pair of bounded and
        unbounded, for IORING_REGISTER_IOWQ_MAX_WORKERS (0 leaves it); a structure or other memory for the
        rest, and for these, too; None where it takes nothing, and where the kernel answers.
    nr_args: how many there are; None: as many as arg has, in bytes where the kernel counts bytes.

    Returns the operations that the ring knows, a frozenset of numbers as flags.IoUringOp has them, of
    IORING_REGISTER_PROBE without arg; the former pair of IORING_REGISTER_IOWQ_MAX_WORKERS with a pair, and
    with None, which leaves both. Otherwise the kernel's result, an int, as the id of
    IORING_REGISTER_PERSONALITY.

    Raises: EBUSY for what is registered already, ENXIO for what is not, EBADF and EOPNOTSUPP. Since Linux
    5.1.
    """
    command = integers.within("io_uring_register: opcode", opcode, integers.NARROW) & _RAW
    if command == _PROBE and arg is None and nr_args is None:
        return _probed(fd, opcode)
    if command == _WORKERS and nr_args is None and (arg is None or isinstance(arg, tuple)):
        bounds = iterables.parts("io_uring_register: arg", arg or (0, 0), "(bounded, unbounded)")
        words = ffi.new(
            "unsigned int[]",
            [integers.within("io_uring_register: arg", one, integers.NARROW) for one in bounds],
        )
        direct.io_uring_register(fd, opcode, words, len(words))
        return tuple(words)
    made = _memory(command, arg)
    return direct.io_uring_register(fd, opcode, made, _count(command, made) if nr_args is None else nr_args)


def _probed(fd: Descriptor, opcode: int) -> frozenset[int]:
    kind = structures.io_uring_probe
    answer = kind.with_extra(_PROBED * structures.io_uring_probe_op.nbytes)
    direct.io_uring_register(fd, opcode, answer, _PROBED)
    return frozenset(one.op for one in answer.ops if one.flags & _SUPPORTED)


def _memory(command: int, arg: Any) -> Any:
    """What the kernel reads; memory of the caller as it is."""
    title = "io_uring_register: arg"
    if arg is None or isinstance(objects.find(arg), objects.Memory):
        return arg
    if command in (_EVENTFD, _EVENTFD_ASYNC):
        return ffi.new("int[]", [descriptors.descriptor(title, arg)])
    if command == _FILES:
        found = iterables.items(title, arg, "descriptors")
        return ffi.new(
            "int[]",
            [
                one if one == -1 else descriptors.descriptor(f"{title}[{at}]", one)
                for at, one in enumerate(found)
            ],
        )
    if command == _BUFFERS:
        return structures.iovec.over(checked(title, arg))
    if command == _RESTRICTIONS:
        return structures.io_uring_restriction.array(iterables.items(title, arg, "structures"))
    if command == _AFFINITY:
        return sets.pack(title, arg, _PROCESSORS)
    return arg


def _count(command: int, arg: Any) -> int:
    """How many the kernel is to look at."""
    if arg is None:
        return 0
    if command in _ARRAYS:
        return len(arg)
    if command in _IN_BYTES:
        return memory.data_length("io_uring_register: arg", arg)
    return int(command in _COUNTED)
