"""Typed calls whose results are values: which CPUs a thread runs on, when, and near which memory."""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import integers, memory
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._make.values import in_c
from pysys.calls._values import sets
from pysys.doc import documented_call
from pysys.errors import EINVAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_CPUS = 1 << 20  # more than a kernel can be built for
_MOST_NODES = 1024


@documented_call
def sched_getattr(pid: int = 0, flags: int = 0) -> structures.sched_attr:
    """sched_getattr(2): the policy and attributes by which a thread is scheduled.

    pid: the thread's id, 0 for this one. flags: flags.SchedGetattrFlags.

    Returns structures.sched_attr.

    Since Linux 3.14.
    """
    found = structures.sched_attr()
    direct.sched_getattr(pid, found, structures.sched_attr._size, flags)
    return found


@documented_call
def sched_setattr(pid: int, uattr: structures.sched_attr, flags: int = 0) -> None:
    """sched_setattr(2): set the policy and attributes by which a thread is scheduled.

    pid: the thread's id, 0 for this one. uattr: structures.sched_attr; its size is put in where it is 0.
    flags: 0.

    Returns None.

    Raises: EPERM without CAP_SYS_NICE, E2BIG if the kernel does not know fields that are set. Since Linux
    3.14.
    """
    kind = structures.sched_attr
    wanted = memory.copied("sched_setattr: uattr", kind, uattr)
    wanted.size = wanted.size or kind.nbytes
    direct.sched_setattr(pid, wanted, flags)


@in_c(direct)
@documented_call
def sched_getaffinity(pid: int = 0) -> set[int]:
    """sched_getaffinity(2): the CPUs that a thread may run on.

    pid: the thread's id, 0 for this one.

    Returns their numbers.

    Since Linux 2.6.
    """
    size = 128
    while True:
        buffer = bytearray(size)
        try:
            filled = direct.sched_getaffinity(pid, size, buffer)
        except EINVAL:  # the kernel has more CPUs
            size *= 2
            if 8 * size > _MOST_CPUS:
                raise
        else:
            return sets.unpack(bytes(memoryview(buffer)[:filled]))


@documented_call
def sched_setaffinity(pid: int, cpus: Iterable[int]) -> None:
    """sched_setaffinity(2): say which CPUs a thread may run on.

    pid: the thread's id, 0 for this one. cpus: their numbers; those that there are not are left out.

    Returns None.

    Raises: EINVAL if no CPU is left. Since Linux 2.6.
    """
    bitmap = sets.pack("sched_setaffinity: cpus", cpus, _MOST_CPUS)
    direct.sched_setaffinity(pid, len(bitmap), bitmap)


@in_c(resolved)
@documented_call
def sched_rr_get_interval(pid: int = 0) -> structures.timespec:
    """sched_rr_get_interval(2): how long a thread runs before it is another's turn.

    pid: the thread's id, 0 for this one.

    Returns structures.timespec.

    Since Linux 2.0.
    """
    found = structures.timespec()
    resolved.sched_rr_get_interval(pid, found)
    return found


@documented_call
def get_mempolicy(addr: int | None = None, flags: int = 0) -> tuple[int, set[int]]:
    """get_mempolicy(2): from which nodes memory comes: the policy, and the nodes that it names.

    addr: with MPOL_F_ADDR in flags, the memory at this address; None and no flags: this thread's policy.
    flags: flags.MempolicyFlags: MPOL_F_NODE gives a node instead of the policy, MPOL_F_MEMS_ALLOWED the nodes
        that this thread may use, and 0.

    Returns the policy or node (an int) and the nodes.

    Raises: ENOSYS of a kernel without NUMA. Since Linux 2.6.7.
    """
    policy = ffi.new("int *")
    nodes = bytearray(_MOST_NODES // 8)
    if addr is not None:
        addr = integers.integer("get_mempolicy: addr", addr)
    direct.get_mempolicy(policy, nodes, _MOST_NODES, addr, flags)
    return policy[0], sets.unpack(bytes(nodes))
