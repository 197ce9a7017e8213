"""termios2: a terminal at 74,880 baud, a speed that has no constant. It needs no privileges.

Argument: the terminal; without it, a new pseudoterminal.
"""

import os
import sys

from pysys import calls, flags, ioctls

terminal = calls.openat(flags.AT_FDCWD, sys.argv[1], os.O_RDWR) if sys.argv[1:] else os.openpty()[1]
settings = calls.ioctl(terminal, ioctls.TCGETS2)
settings.c_cflag = settings.c_cflag & ~flags.CBAUD | flags.BOTHER
settings.c_ispeed = settings.c_ospeed = 74880
calls.ioctl(terminal, ioctls.TCSETS2, settings)
print(calls.ioctl(terminal, ioctls.TCGETS2).c_ospeed, "baud")
