"""loop: a file becomes a block device, until that is closed.

Argument: the file; without it, one is made here. It needs root, /dev/loop-control and Linux 5.8.
"""

import os
import sys
from pathlib import Path

from pysys import calls, flags, ioctls
from pysys.structures import loop_config, loop_info64

if not sys.argv[1:]:
    Path("image").write_bytes(b"the first block".ljust(os.sysconf("SC_PAGE_SIZE"), b"."))
image = calls.openat(flags.AT_FDCWD, (sys.argv[1:] or ["image"])[0], os.O_RDWR)
control = calls.openat(flags.AT_FDCWD, "/dev/loop-control", os.O_RDWR)
path = f"/dev/loop{calls.ioctl(control, ioctls.LOOP_CTL_GET_FREE)}"
device = calls.openat(flags.AT_FDCWD, path, os.O_RDWR)
config = loop_config(fd=image, info=loop_info64(lo_flags=flags.LO_FLAGS_AUTOCLEAR))
calls.ioctl(device, ioctls.LOOP_CONFIGURE, config)
print(
    "the device has", calls.read(device, bytearray(len(b"the first block")), len(b"the first block")), "bytes"
)
os.close(device)
