"""perf: count several software events of this thread together, over the same time.

They need neither hardware counters nor privileges, unless kernel.perf_event_paranoid is above 2.
"""

import mmap
import os

from pysys import calls, ioctls
from pysys.flags import PERF_FORMAT_GROUP, PERF_IOC_FLAG_GROUP, PERF_TYPE_SOFTWARE, PerfSoftwareEvent
from pysys.structures import perf_event_attr

names = "PERF_COUNT_SW_TASK_CLOCK", "PERF_COUNT_SW_PAGE_FAULTS", "PERF_COUNT_SW_PAGE_FAULTS_MIN"
fds: list[int] = []
for name in names:
    event = perf_event_attr(type=PERF_TYPE_SOFTWARE, config=PerfSoftwareEvent[name], exclude_kernel=1)
    event.read_format, event.disabled = PERF_FORMAT_GROUP, not fds  # the first one starts and stops all
    fds.append(calls.perf_event_open(event, group_fd=fds[0] if fds else -1))
calls.ioctl(fds[0], ioctls.PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP)
with mmap.mmap(-1, mmap.PAGESIZE) as memory:
    memory[0] = 1  # a page fault
calls.ioctl(fds[0], ioctls.PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP)
count, *values = memoryview(os.read(fds[0], mmap.PAGESIZE)).cast("Q")
for name, value in zip(names, values, strict=True):
    print(name, value)
