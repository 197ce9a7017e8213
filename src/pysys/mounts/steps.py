"""From entries to steps: the flat program that C carries out, in this process or in the child of spawn."""

from __future__ import annotations

import os
from errno import EEXIST, ENOENT, ENOTDIR

from pysys._native import ffi, lib
from pysys.arguments import iterables, text
from pysys.mounts.words import PROPAGATION, MountEntry, bind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pysys._types import Path

_HERE = -100  # AT_FDCWD
_CLONE_NEWNS = lib.CLONE_NEWNS
_FIRST_USER_NAMESPACE = "user:[4026531837]"  # PROC_USER_INIT_INO
_O_PATH, _O_CLOEXEC, _O_DIRECTORY = os.O_PATH, os.O_CLOEXEC, os.O_DIRECTORY
_RESOLVE_IN_ROOT = 0x10
_HOW, _ATTR = 24, 32  # bytes of struct open_how and struct mount_attr
_CLONE_TREE, _RECURSIVE, _EMPTY_PATH = 1, 0x8000, 0x1000  # OPEN_TREE_CLONE, AT_RECURSIVE, AT_EMPTY_PATH
_FLAG, _STRING, _CREATE = 0, 1, 6  # FSCONFIG_SET_FLAG, FSCONFIG_SET_STRING, FSCONFIG_CMD_CREATE
_FS_CLOEXEC = 1  # FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
_DETACH = 2  # MNT_DETACH
_IDMAP = 0x100000  # MOUNT_ATTR_IDMAP
_NODES = (b"null", b"zero", b"full", b"random", b"urandom", b"tty")
_LINKS = (
    (b"pts/ptmx", b"ptmx"),
    (b"/proc/self/fd", b"fd"),
    (b"/proc/self/fd/0", b"stdin"),
    (b"/proc/self/fd/1", b"stdout"),
    (b"/proc/self/fd/2", b"stderr"),
)

_UNSHARE, _OPEN, _INSIDE = lib.PYSYS_MOUNTS_UNSHARE, lib.PYSYS_MOUNTS_OPEN, lib.PYSYS_MOUNTS_OPEN_INSIDE
_MKDIR, _SYMLINK, _WRITE = lib.PYSYS_MOUNTS_MKDIR, lib.PYSYS_MOUNTS_SYMLINK, lib.PYSYS_MOUNTS_WRITE
_CLOSE, _OPEN_TREE, _MOVE = lib.PYSYS_MOUNTS_CLOSE, lib.PYSYS_MOUNTS_OPEN_TREE, lib.PYSYS_MOUNTS_MOVE_MOUNT
_FSOPEN, _FSCONFIG, _FSMOUNT = lib.PYSYS_MOUNTS_FSOPEN, lib.PYSYS_MOUNTS_FSCONFIG, lib.PYSYS_MOUNTS_FSMOUNT
_SETATTR, _FCHDIR, _PIVOT = lib.PYSYS_MOUNTS_SETATTR, lib.PYSYS_MOUNTS_FCHDIR, lib.PYSYS_MOUNTS_PIVOT_ROOT
_UMOUNT, _CHROOT, _CHDIR = lib.PYSYS_MOUNTS_UMOUNT, lib.PYSYS_MOUNTS_CHROOT, lib.PYSYS_MOUNTS_CHDIR

# The kernel's names of the arguments that an exception keeps.
_NAMES: dict[int, tuple[str, ...]] = {
    _UNSHARE: ("unshare_flags",),
    _OPEN: ("dfd", "filename", "flags"),
    _OPEN_TREE: ("dfd", "filename", "flags"),
    _FSOPEN: ("_fs_name", "flags"),
    _FSCONFIG: ("", "cmd", "_key", "_value", "aux"),
    _FSMOUNT: ("", "flags", "attr_flags"),
    _SETATTR: ("dfd", "path", "flags"),
    _PIVOT: ("new_root", "put_old"),
    _UMOUNT: ("name", "flags"),
    _CHROOT: ("filename",),
    _CHDIR: ("filename",),
}


class _Place(int):
    """An argument that is the descriptor in a place."""


_TOP, _CONTEXT = _Place(lib.PYSYS_MOUNTS_TOP), _Place(lib.PYSYS_MOUNTS_CONTEXT)
_MOUNT, _TARGET = _Place(lib.PYSYS_MOUNTS_MOUNT), _Place(lib.PYSYS_MOUNTS_TARGET)
_PARENT, _FILE = _Place(lib.PYSYS_MOUNTS_PARENT), _Place(lib.PYSYS_MOUNTS_FILE)
_SOURCES = _Place(lib.PYSYS_MOUNTS_SOURCES)


class MountProgram:
    """Steps, and what each is about.

    made: the structure for C. about: for each step its entry, None before the first one; the parameter of
    spawn that it is for; and the file that it is about.
    """

    __slots__ = ("_arguments", "_keep", "_now", "_steps", "about", "made", "unprivileged")

    def __init__(self, unprivileged: bool) -> None:
        self.unprivileged = unprivileged
        self.about: list[tuple[MountEntry | None, str, bytes | None]] = []
        self._steps: list[dict[str, Any]] = []
        self._arguments: list[tuple[Any, ...]] = []
        self._keep: list[object] = []
        self._now: tuple[MountEntry | None, str] = None, "mounts"
        self.made: Any = None

    def finish(self, descriptors: list[int], kept: int = -1) -> None:
        """Make the structure for C."""
        steps = ffi.new("struct pysys_mounts_step[]", self._steps)
        numbers = ffi.new("int[]", descriptors)
        self._keep += steps, numbers
        self.made = ffi.new(
            "struct pysys_mounts *",
            {
                "steps": len(self._steps),
                "step": steps,
                "descriptors": len(descriptors),
                "descriptor": numbers,
                "kept": kept,
            },
        )

    def message(self) -> str:
        """What the file system said when it refused something: a letter, and a line."""
        said = os.fsdecode(ffi.string(self.made.message))
        return said[2:].strip() if said[1:2] == " " else said.strip()

    def arguments(self, index: int) -> dict[str, Any]:
        """What the call of a step is made with, by the kernel's names: nothing, if it begins at a descriptor
        of another step."""
        call, arguments = self._steps[index]["call"], self._arguments[index]
        if isinstance(arguments[0], _Place) and call not in (_FSCONFIG, _FSMOUNT):
            return {}
        named = zip(_NAMES.get(call, ()), arguments, strict=False)
        return {
            name: os.fsdecode(value)
            if isinstance(value, bytes)
            else None
            if value == 0 and name[0] == "_"
            else value
            for name, value in named
            if name and isinstance(value, (int, bytes))
        }

    # ---- single steps ----

    def _add(
        self,
        call: int,
        *arguments: int | bytes | Any,
        result: int = -1,
        tolerated: int = 0,
        file: bytes | None = None,
        undo: bytes | None = None,
    ) -> dict[str, Any]:
        """Add a step. Returns it, for what comes after it to be set."""
        words, places = [], 0
        for index, argument in enumerate(arguments):
            if isinstance(argument, _Place):
                places |= 1 << index
            elif isinstance(argument, bytes):
                argument = self._memory("char[]", argument)
            words.append(int(ffi.cast("uintptr_t", argument)))
        step = {
            "call": call,
            "places": places,
            "result": result,
            "tolerated": tolerated,
            "argument": words,
            "undo": ffi.NULL if undo is None else self._memory("char[]", undo),
        }
        self._steps.append(step)
        self._arguments.append(arguments)
        self.about.append((*self._now, file))
        return step

    def _memory(self, kind: str, values: Any) -> Any:
        made = ffi.new(kind, values)
        self._keep.append(made)
        return made

    def _skip_to_here(self, step: dict[str, Any], after: str) -> None:
        """Have a step go on here."""
        step[after] = (
            len(self._steps) - 1 - next(index for index, one in enumerate(self._steps) if one is step)
        )

    def _open_inside(self, parts: list[bytes], flags: int, result: int, tolerated: int = 0) -> dict[str, Any]:
        """Open a path of the new root, out of which no link leads."""
        path = b"/".join(parts) or b"."
        how = self._memory("uint64_t[3]", (flags | _O_CLOEXEC, 0, _RESOLVE_IN_ROOT))
        return self._add(
            _INSIDE, _TOP, path, how, _HOW, result=result, tolerated=tolerated, file=b"/" + b"/".join(parts)
        )

    def _set_attributes(
        self,
        of: int,
        path: bytes = b"",
        bits: tuple[int, int] = (0, 0),
        recursive: bool = False,
        propagation: int = 0,
        idmap: int | None = None,
        file: bytes | None = None,
    ) -> None:
        if not any(bits) and not propagation and idmap is None:
            return
        user = 0 if idmap is None else idmap
        on = bits[0] if idmap is None else bits[0] | _IDMAP
        memory = self._memory("uint64_t[4]", (on, bits[1], propagation, user))
        flags = (_RECURSIVE if recursive else 0) | (0 if path else _EMPTY_PATH)
        self._add(_SETATTR, of, path, flags, memory, _ATTR, file=file)

    # ---- places ----

    def _directory_of(self, parts: list[bytes]) -> _Place:
        """Make what is missing of the directories above the last name. Returns the place of the last."""
        above = _TOP
        for index, part in enumerate(parts[:-1]):
            path = b"/" + b"/".join(parts[: index + 1])
            self._add(_MKDIR, above, part, 0o755, tolerated=EEXIST, file=path)
            self._open_inside(parts[: index + 1], _O_PATH | _O_DIRECTORY, _PARENT)
            above = _PARENT
        return above

    def _make_directory(self, parts: list[bytes], mode: int = 0o755) -> None:
        if parts:
            above, path = self._directory_of(parts), b"/" + b"/".join(parts)
            self._add(_MKDIR, above, parts[-1], mode, tolerated=EEXIST, file=path)

    def _make_file(self, parts: list[bytes], mode: int, tolerated: int = 0) -> dict[str, Any]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | _O_CLOEXEC
        above, path = self._directory_of(parts), b"/" + b"/".join(parts)
        return self._add(_OPEN, above, parts[-1], flags, mode, result=_FILE, tolerated=tolerated, file=path)

    def _find(self, parts: list[bytes], mount: int | None) -> None:
        """Open the target; if it is missing, make it: a file, if what is to be mounted is not a directory."""
        found = self._open_inside(parts, _O_PATH, _TARGET, tolerated=ENOENT)
        is_directory = None
        if mount is not None:
            flags = _O_PATH | _O_DIRECTORY | _O_CLOEXEC
            is_directory = self._add(_OPEN, mount, b".", flags, result=_FILE, tolerated=ENOTDIR)
        self._make_directory(parts)
        if is_directory is not None:
            over = self._add(_CLOSE, _FILE)
            self._skip_to_here(is_directory, "after_error")
            self._make_file(parts, 0o644, tolerated=EEXIST)
            self._skip_to_here(over, "after_success")
            self._add(_CLOSE, _FILE)
        self._open_inside(parts, _O_PATH, _TARGET)
        self._skip_to_here(found, "after_success")

    def _attach(self, mount: int, parts: list[bytes], may_be_file: bool = False) -> None:
        path = b"/" + b"/".join(parts)
        self._find(parts, mount if may_be_file else None)
        both = lib.PYSYS_MOUNTS_FROM_EMPTY | lib.PYSYS_MOUNTS_TO_EMPTY
        self._add(_MOVE, mount, b"", _TARGET, b"", both, file=path, undo=path)
        if mount is _MOUNT:
            self._add(_CLOSE, _MOUNT)

    # ---- entries ----

    def begin(self, step: str, own_namespace: bool, make_private: bool, first: MountEntry | None) -> None:
        """A mount namespace of its own, in which nothing changes that is elsewhere."""
        self._now = None, step
        if own_namespace:
            self._add(_UNSHARE, _CLONE_NEWNS)
        if first is not None:
            self._now = first, "mounts"
        if first is not None or make_private:
            bits = PROPAGATION["private"] if first is None else first.details["propagation"]
            self._set_attributes(_HERE, b"/", recursive=True, propagation=bits, file=b"/")
            self._now = None, step

    def open_top(self) -> None:
        self._add(_OPEN, _HERE, b"/", _O_PATH | _O_DIRECTORY | _O_CLOEXEC, result=_TOP, file=b"/")

    def new_root(self, root: MountEntry) -> None:
        """What becomes the root lies over the present one, which is in sight until the end: for what is
        bound, and for /proc, of which there has to be a complete one."""
        self._now = root, "root"
        if root.kind == "bind":
            self._bind_tree(root, _TOP)
        else:
            self._make_file_system(root, _TOP, now=False)
        self._add(_MOVE, _TOP, b"", _HERE, b"/", lib.PYSYS_MOUNTS_FROM_EMPTY, file=b"/")

    def enter_root(self, root: MountEntry, is_first: bool) -> None:
        """The new root becomes the root. is_first: the present one is that of the boot, which cannot move."""
        self._now = root, "root"
        if root.kind != "bind":
            self._set_attributes(_TOP, bits=root.details["attributes"])
        self._add(_FCHDIR, _TOP)
        if is_first:
            self._add(_CHROOT, b".")
        else:
            self._add(_PIVOT, b".", b".")
            self._add(_UMOUNT, b".", _DETACH)
        self._add(_CHDIR, b"/")

    def add(self, entry: MountEntry) -> None:
        self._now = entry, "mounts"
        details, parts = entry.details, entry.details["parts"]
        kind = entry.kind
        if kind == "bind":
            self._bind(entry)
        elif kind == "devices":
            self._devices(parts)
        elif kind == "directory":
            self._make_directory(parts, details["mode"])
        elif kind == "file":
            self._make_file(parts, details["mode"])
            contents = details["contents"]
            memory = self._memory("char[]", contents)
            self._add(_WRITE, _FILE, memory, len(contents), file=b"/" + b"/".join(parts))
            self._add(_CLOSE, _FILE)
        elif kind == "symlink":
            above = self._directory_of(parts)
            self._add(_SYMLINK, details["to"], above, parts[-1], file=b"/" + b"/".join(parts))
        elif kind in ("attributes", "propagation"):
            self._open_inside(parts, _O_PATH, _TARGET)
            self._set_attributes(
                _TARGET,
                bits=details.get("attributes", (0, 0)),
                recursive=details["recursive"],
                propagation=details.get("propagation", 0),
                file=b"/" + b"/".join(parts),
            )
        else:
            self._make_file_system(entry, _MOUNT)
            self._attach(_MOUNT, parts)

    def _bind_tree(self, entry: MountEntry, result: int) -> dict[str, Any] | None:
        """A copy of a tree with its attributes. Returns the step that a missing source ends."""
        details = entry.details
        source, recursive, first = details["source"], details["recursive"], None
        of = result
        if isinstance(source, bytes):
            flags = _CLONE_TREE | _O_CLOEXEC | (_RECURSIVE if recursive else 0)
            tolerated = ENOENT if details["optional"] else 0
            first = self._add(
                _OPEN_TREE, _HERE, source, flags, result=result, tolerated=tolerated, file=source
            )
            file = source
        else:
            of, file = source, None
        self._set_attributes(
            of, bits=details["attributes"], recursive=recursive, idmap=details["idmap"], file=file
        )
        return first

    def _bind(self, entry: MountEntry) -> None:
        first = self._bind_tree(entry, _MOUNT)
        source = entry.details["source"]
        mount = _MOUNT if isinstance(source, bytes) else source
        self._attach(mount, entry.details["parts"], may_be_file=True)
        if first is not None:
            self._skip_to_here(first, "after_error")

    def _make_file_system(self, entry: MountEntry, result: int, now: bool = True) -> None:
        """now: whether it gets its attributes at once."""
        details, options = entry.details, entry.details["options"]
        if entry.kind == "overlay":
            userxattr = details["userxattr"]
            if self.unprivileged if userxattr is None else userxattr:
                options = [*options, (b"userxattr", None)]
        self._fsmount(details["type"], options, details["attributes"][0] if now else 0, result)

    def _fsmount(
        self, kind: bytes, options: list[tuple[bytes, bytes | None]], attributes: int, result: int
    ) -> None:
        self._add(_FSOPEN, kind, _FS_CLOEXEC, result=_CONTEXT)
        for name, value in options:
            if value is None:
                self._add(_FSCONFIG, _CONTEXT, _FLAG, name, 0, 0)
            else:
                self._add(_FSCONFIG, _CONTEXT, _STRING, name, value, 0)
        self._add(_FSCONFIG, _CONTEXT, _CREATE, 0, 0, 0)
        self._add(_FSMOUNT, _CONTEXT, _FS_CLOEXEC, attributes, result=result)
        self._add(_CLOSE, _CONTEXT)

    def _devices(self, parts: list[bytes]) -> None:
        nosuid, nodev, noexec = 0x2, 0x4, 0x8
        # The present ones, before something lies over them.
        self._add(_OPEN, _HERE, b"/dev", _O_PATH | _O_DIRECTORY | _O_CLOEXEC, result=_SOURCES, file=b"/dev")
        self._fsmount(b"tmpfs", [(b"mode", b"755")], nosuid | noexec, _MOUNT)
        self._attach(_MOUNT, parts)
        for name in _NODES:
            flags = _CLONE_TREE | _O_CLOEXEC
            self._add(_OPEN_TREE, _SOURCES, name, flags, result=_MOUNT, file=b"/dev/" + name)
            self._set_attributes(_MOUNT, bits=(nosuid | noexec, 0))
            self._attach(_MOUNT, [*parts, name], may_be_file=True)
        self._add(_CLOSE, _SOURCES)
        self._fsmount(b"devpts", [(b"mode", b"620"), (b"ptmxmode", b"666")], nosuid | noexec, _MOUNT)
        self._attach(_MOUNT, [*parts, b"pts"])
        self._fsmount(b"tmpfs", [(b"mode", b"1777")], nosuid | nodev | noexec, _MOUNT)
        self._attach(_MOUNT, [*parts, b"shm"])
        for to, name in _LINKS:
            above = self._directory_of([*parts, name])
            self._add(_SYMLINK, to, above, name, file=b"/" + b"/".join([*parts, name]))

    def keep_tree(self, entry: MountEntry) -> None:
        """The tree of bind alone, attached nowhere, as the result."""
        self._now = entry, "mounts"
        self._bind_tree(entry, _MOUNT)
        self.finish(_descriptors([entry]), _MOUNT)


def program(
    mounts: Iterable[MountEntry],
    root: Path | MountEntry | None,
    *,
    title: str,
    own_namespace: bool = True,
    make_private: bool = True,
    own_user_namespace: bool = False,
) -> MountProgram:
    """The steps for these entries.

    title: who asks, for messages. own_namespace: whether a mount namespace is made first. make_private:
    whether it is made private. own_user_namespace: whether the process has one by then.
    """
    entries = iterables.items(f"{title}: mounts", mounts, "entries")
    for index, entry in enumerate(entries):
        if not isinstance(entry, MountEntry):
            kind = type(entry).__name__
            raise TypeError(f"{title}: mounts[{index}] must be a MountEntry of pysys.mounts, not {kind}")
    top = None if root is None else _root(title, root)
    first = None
    if entries and entries[0].kind == "propagation":
        details = entries[0].details
        if details["recursive"] and not details["parts"]:
            first, *entries = entries
    for entry in entries:
        changes = entry.kind in ("attributes", "propagation", "directory")
        if not entry.details["parts"] and not changes:
            raise ValueError(f"{title}: mounts: / is the place of root=, not of {entry!r}")
    made = MountProgram(own_user_namespace or _in_user_namespace())
    made.begin("mounts" if top is None or entries else "root", own_namespace, make_private, first)
    if top is None:
        made.open_top()
    else:
        made.new_root(top)
    for entry in entries:
        made.add(entry)
    if top is not None:
        made.enter_root(top, _root_is_the_first())
    made.finish(_descriptors([*entries] if top is None else [top, *entries]))
    return made


def _root(title: str, root: Any) -> MountEntry:
    """A directory is bound, with all that is mounted below it."""
    if text.is_path(root):
        text.encoded(f"{title}: root", root)  # says what is wrong by its name
        return bind(root, "/")
    if not isinstance(root, MountEntry) or "attributes" not in root.details or root.kind == "attributes":
        what = repr(root) if isinstance(root, MountEntry) else type(root).__name__
        raise TypeError(f"{title}: root must be a path, or bind or a file system of pysys.mounts, not {what}")
    if root.details.get("optional"):
        raise ValueError(f"{title}: root cannot be optional")
    if isinstance(root.details.get("source"), int):
        raise ValueError(f"{title}: root cannot be a descriptor")
    return root


def _descriptors(entries: list[MountEntry]) -> list[int]:
    """The descriptors that entries name."""
    found = [entry.details.get(name) for entry in entries for name in ("source", "idmap")]
    return [one for one in found if isinstance(one, int)]


def _in_user_namespace() -> bool:
    """Whether this process is in another one than that of the boot."""
    try:
        return os.readlink("/proc/thread-self/ns/user") != _FIRST_USER_NAMESPACE
    except OSError:
        return False


def _root_is_the_first() -> bool:
    """Whether the root is the file system that the boot began with (the initramfs): nothing is below it."""
    try:
        with open("/proc/thread-self/mountinfo", "rb") as lines:
            for line in lines:
                mount, parent, _, _, place, _ = line.split(None, 5)
                if mount == parent and place == b"/":
                    return True
    except OSError:
        pass
    return False
