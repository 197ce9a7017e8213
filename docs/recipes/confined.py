"""spawn: a program in namespaces of its own that can read little, change nothing and make no sockets.
It needs Linux 5.13 with Landlock, and user namespaces."""

import errno
import os

from pysys import CloneFlags, abi, flags, numbers, spawn
from pysys.structures import describe

places = {field.name: field.offset for field in describe("seccomp_data")}
load, equal = flags.BPF_LD | flags.BPF_W | flags.BPF_ABS, flags.BPF_JMP | flags.BPF_JEQ | flags.BPF_K
refused = (flags.BPF_RET, 0, 0, flags.SECCOMP_RET_ERRNO | errno.EPERM)
program = [(load, 0, 0, places["arch"]), (equal, 1, 0, abi.current().audit_arch), refused]
program += [(load, 0, 0, places["nr"]), (equal, 0, 1, numbers.number("socket")), refused]
program += [(flags.BPF_RET, 0, 0, flags.SECCOMP_RET_ALLOW)]
system = {path: "read execute" for path in ("/bin", "/lib", "/lib64", "/usr") if os.path.exists(path)}
with spawn(
    ["sh", "-c", "uname -n; id -u; cat /etc/passwd || touch /tmp/new || echo both are refused"],
    stderr=os.memfd_create("complaints"),
    namespaces=CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWNET | CloneFlags.CLONE_NEWIPC,
    uid_map=[(0, os.getuid(), 1)],
    hostname="box",
    capabilities=[],
    landlock={"paths": system},
    seccomp=program,
) as child:
    child.wait()
