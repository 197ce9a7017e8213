"""Entries for this process."""

from __future__ import annotations

import os
import sys

from pysys import errors
from pysys._native import ffi, lib
from pysys.arguments import text
from pysys.mounts.steps import MountProgram, program
from pysys.mounts.words import bind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pysys._types import Descriptor, Path
    from pysys.mounts.words import MountEntry


def apply(
    mounts: Iterable[MountEntry], *, root: Path | MountEntry | None = None, namespace: bool = True
) -> None:
    """open_tree(2), fsopen(2), move_mount(2), mount_setattr(2): carry out entries, for the calling thread.

    mounts: entries, in their order. root: what becomes the root, as in spawn. namespace: whether in a new
    mount namespace, in which this thread then is; False: where it is, also for others who are in that. Other
    threads stay in the old one: call it before there are any.

    Modes of what is made are subject to the umask. It takes CAP_SYS_ADMIN: see unshare for a user namespace.

    Returns None. Raises the error of the call that failed: `element` is the entry that it was about,
    `filename` the file. Then this thread is back in its mount namespace, root and working directory; with
    namespace=False what was mounted is unmounted, the last first. Files, directories and links that were
    made on other file systems stay, and with namespace=False changes of attributes and propagation. A note
    of the error says if that did not succeed. Raises TypeError and ValueError for arguments, and what a hook
    raises on the audit event pysys.mounts.apply, with mounts and root. Since Linux 5.12.
    """
    if root is not None and not namespace:
        raise ValueError("apply: a new root takes a mount namespace of its own")
    entries = list(mounts) if not isinstance(mounts, (str, bytes)) else mounts
    made = program(entries, root, title="apply", own_namespace=bool(namespace), make_private=bool(namespace))
    made.made.namespace = bool(namespace)
    sys.audit("pysys.mounts.apply", entries, root)
    _run(made)


def tree(
    source: Path,
    attributes: str | int = "",
    *,
    recursive: bool = True,
    idmap: Descriptor | None = None,
) -> int:
    """open_tree(2), mount_setattr(2): a copy of a mount that is attached nowhere, for bind.

    source, attributes, recursive, idmap: as in bind. So this process can do what a child in a user namespace
    may not: apply an idmap.

    Returns a descriptor, which the caller closes. Raises the documented errors of the two calls. Since Linux
    5.12.
    """
    made = MountProgram(False)
    made.keep_tree(
        bind(text.encoded("tree: source", source), None, attributes, recursive=recursive, idmap=idmap)
    )
    return _run(made)


def _run(made: MountProgram) -> int:
    result: int = lib.pysys_mounts_apply(made.made)
    if result < 0:
        raise _failure(made, -result)
    return result


def _failure(made: MountProgram, errno: int) -> errors.SyscallError:
    call = ffi.string(made.made.call).decode()
    index = made.made.failed
    entry, _, file = made.about[index] if index >= 0 else (None, "", b"/proc/thread-self/ns/mnt")
    kept = os.getpid(), None, made.arguments(index) if index >= 0 else {}
    error = errors.of_call(errno, call, kept, None if file is None else os.fsdecode(file), None)
    error.element = entry
    if made.made.left:
        errors.put_first(error, f"Not all was undone: {os.strerror(made.made.left)}.")
    if said := made.message():
        errors.put_first(error, f"The file system says: {said}.")
    if entry is not None:
        errors.put_first(error, f"It was for {entry!r}.")
    return error
