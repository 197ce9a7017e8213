"""What is mounted where, in words: for spawn(mounts=, root=), and for this process.

    from pysys import mounts, spawn
    from pysys.mounts import bind, devices, proc, symlink, tmpfs

    child = spawn(["/bin/sh"], root=tmpfs("/"), mounts=[
        bind("/usr", attributes="ro"), symlink("usr/bin", "/bin"), symlink("usr/lib", "/lib"),
        symlink("usr/lib64", "/lib64"), proc(), devices(), tmpfs("/tmp", size="16m"),
    ])
    mounts.apply([tmpfs("/mnt")])                  # here, in a mount namespace of its own

Each word makes a MountEntry, which does nothing by itself. They are carried out in their order, by the calls
open_tree, fsopen, fsconfig, fsmount, mount_setattr and move_mount. Targets are paths in the new root, and no
symbolic link leads out of it; what is missing of them is made. Since Linux 5.12.
"""

from __future__ import annotations

from pysys.mounts.applying import apply, tree
from pysys.mounts.steps import MountProgram as MountProgram
from pysys.mounts.steps import program as program
from pysys.mounts.words import (
    MountEntry,
    attributes,
    bind,
    devices,
    directory,
    file,
    filesystem,
    mqueue,
    overlay,
    proc,
    propagation,
    symlink,
    sysfs,
    tmpfs,
)

__all__ = [
    "MountEntry",
    "apply",
    "attributes",
    "bind",
    "devices",
    "directory",
    "file",
    "filesystem",
    "mqueue",
    "overlay",
    "proc",
    "propagation",
    "symlink",
    "sysfs",
    "tmpfs",
    "tree",
]

MountEntry.__module__ = __name__  # the public name, also for pickles


def __dir__() -> list[str]:
    return __all__
