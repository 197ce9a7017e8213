"""userfaultfd: another process supplies a page of memory when it is first touched.

It needs Linux 5.11; with vm.unprivileged_userfaultfd or UFFD_USER_MODE_ONLY no privileges.
"""

import mmap
import os

from pysys import calls, flags, fork, ioctls
from pysys.structures import iovec, uffd_msg, uffdio_api, uffdio_copy, uffdio_range, uffdio_register

size = mmap.PAGESIZE
fd = calls.userfaultfd(flags.UFFD_USER_MODE_ONLY)
calls.ioctl(fd, ioctls.UFFDIO_API, uffdio_api(api=flags.UFFD_API))
memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE)
place = uffdio_range(start=iovec(iov_base=memory).iov_base, len=size)
mode = flags.UFFDIO_REGISTER_MODE_MISSING
calls.ioctl(fd, ioctls.UFFDIO_REGISTER, uffdio_register(range=place, mode=mode))
if fork() == 0:  # not a thread: the one that touches the page waits with the interpreter's lock
    message = uffd_msg.from_bytes(os.read(fd, uffd_msg.nbytes))
    print("touched", message.arg.pagefault.address - place.start, flush=True)
    source = iovec(iov_base=b"supplied".ljust(size))
    copy = uffdio_copy(dst=message.arg.pagefault.address, src=source.iov_base, len=size)
    calls.ioctl(fd, ioctls.UFFDIO_COPY, copy)
    os._exit(0)
print("read", memory[:].decode().strip())
os.wait()
