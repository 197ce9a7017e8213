"""seccomp: a supervisor answers a call of a program, which the kernel then does not make: chroot "succeeds".
It needs Linux 5.5, and no privileges."""

import sys

from pysys import spawn
from pysys.seccomp import ALLOW, NOTIFY, Filter

supervised = Filter(ALLOW)
supervised.add(NOTIFY, "chroot")
program = "import os; print('chroot returned', os.chroot('/nonexistent'))"
with spawn([sys.executable, "-c", program], seccomp=supervised) as child:
    for call in child.listener:  # it ends with the program
        print(call.name, call.path("filename"), flush=True)
        call.answer()
