"""Typed calls whose results are values: perf events."""

from __future__ import annotations

from pysys import structures
from pysys.calls import direct
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Descriptor

_PERF_FLAG_FD_CLOEXEC = 8


@documented_call
def perf_event_open(
    attr_uptr: structures.perf_event_attr,
    pid: int = 0,
    cpu: int = -1,
    group_fd: Descriptor = -1,
    flags: int = _PERF_FLAG_FD_CLOEXEC,
) -> int:
    """perf_event_open(2): count or sample something. Returns a descriptor.

    attr_uptr: structures.perf_event_attr, what; its size is filled in if it is 0.
    pid: a thread, 0 the caller, -1 all. cpu: one, or -1 for all; not both -1.
    group_fd: the leader of a group, or -1. flags: flags.PerfFlags.

    Since Linux 2.6.31.
    """
    if isinstance(attr_uptr, structures.perf_event_attr) and not attr_uptr.size:
        attr_uptr.size = attr_uptr.nbytes
    return direct.perf_event_open(attr_uptr, pid, cpu, group_fd, flags)
