"""tun: a network interface whose packets a program reads and writes, in a new network namespace.

It needs /dev/net/tun, and user namespaces or root. The interface goes with its descriptor.
"""

import os
import socket

from pysys import calls, flags, ioctls
from pysys.structures import ifreq

calls.unshare(flags.CLONE_NEWNET | (0 if calls.geteuid() == 0 else flags.CLONE_NEWUSER))
fd = calls.openat(flags.AT_FDCWD, "/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
request = ifreq(ifr_name=b"tun%d", ifr_flags=flags.IFF_TUN | flags.IFF_NO_PI)
calls.ioctl(fd, ioctls.TUNSETIFF, request)
print("made", request.ifr_name.decode())
print("there are", *sorted(name for _, name in socket.if_nameindex()))
