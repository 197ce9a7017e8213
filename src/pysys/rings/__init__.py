"""Memory that the kernel and a program share: io_uring's queues, and perf's ring.

    from pysys.rings import PerfRing, Ring
    with Ring(8) as ring:
        ring.push(opcode=IORING_OP_READ, fd=fd, addr=buffer, len=len(buffer))
        ring.submit(wait=1)
        for completion in ring.completions(): ...

`uring` sets up, submits and takes completions; `perf` takes records. Neither is a framework: what a request
or a record means is in structures.io_uring_sqe and flags.PerfRecord. Nothing that they return lies in
the shared memory. A ring is for one thread at a time, and for the process that made it: after a fork, the
child is refused."""

from __future__ import annotations

from pysys.rings.perf import PerfRing
from pysys.rings.uring import Ring

__all__ = ["PerfRing", "Ring"]


def __dir__() -> list[str]:
    return __all__
