"""A process of a chosen size that starts programs on demand: `python -m benchmarks.resident MIB PROGRAM`.

Each line of input is a number of starts; each line of output the picoseconds that one start took.
"""

from __future__ import annotations

import mmap
import sys
from time import perf_counter_ns

from pysys import spawn


def main() -> None:
    size, program = int(sys.argv[1]) << 20, sys.argv[2]
    # Private, as a heap is: a fork copies the page table of such memory, and not that of shared memory.
    memory = mmap.mmap(-1, max(size, mmap.PAGESIZE), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        memory.madvise(mmap.MADV_NOHUGEPAGE)  # as scattered as a heap: a page table entry per page
    for offset in range(0, size, mmap.PAGESIZE):
        memory[offset] = 1
    print("ready", flush=True)
    argv = [program]
    for line in sys.stdin:
        count = int(line)
        start = perf_counter_ns()
        for _ in range(count):
            spawn(argv).wait()
        print((perf_counter_ns() - start) * 1000 // count, flush=True)


if __name__ == "__main__":
    main()
