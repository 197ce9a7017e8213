"""seccomp: a supervisor answers a call of its child, which the kernel then does not make: chroot "succeeds".
It needs Linux 5.0, and no privileges."""

import os
import socket

from pysys import abi, calls, flags, fork, ioctls, numbers
from pysys.structures import describe, seccomp_notif, seccomp_notif_resp

places = {field.name: field.offset for field in describe("seccomp_data")}
load, equal = flags.BPF_LD | flags.BPF_W | flags.BPF_ABS, flags.BPF_JMP | flags.BPF_JEQ | flags.BPF_K
here, there = socket.socketpair()
if fork() == 0:
    program = [(load, 0, 0, places["arch"]), (equal, 1, 0, abi.current().audit_arch)]
    program += [(flags.BPF_RET, 0, 0, flags.SECCOMP_RET_ALLOW), (load, 0, 0, places["nr"])]
    program += [(equal, 0, 1, numbers.number("chroot")), (flags.BPF_RET, 0, 0, flags.SECCOMP_RET_USER_NOTIF)]
    program += [(flags.BPF_RET, 0, 0, flags.SECCOMP_RET_ALLOW)]
    calls.prctl(flags.PR_SET_NO_NEW_PRIVS, 1)
    listener = calls.seccomp_set_mode_filter(program, flags.SECCOMP_FILTER_FLAG_NEW_LISTENER)
    socket.send_fds(there, [b"listener"], [listener])
    print("chroot returned", calls.chroot("/nonexistent"), flush=True)
    os._exit(0)
there.close()  # so that a child that has failed is not waited for
with here:
    listener = socket.recv_fds(here, len(b"listener"), 1)[1][0]
calls.ioctl(listener, ioctls.SECCOMP_IOCTL_NOTIF_RECV, asked := seccomp_notif())
calls.ioctl(listener, ioctls.SECCOMP_IOCTL_NOTIF_SEND, seccomp_notif_resp(id=asked.id))
os.wait()
