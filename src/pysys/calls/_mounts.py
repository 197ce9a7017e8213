"""Typed calls whose results are values: the mount API.

    fs = fsopen("tmpfs")
    fsconfig(fs, FSCONFIG_SET_STRING, "size", "1M")
    fsconfig(fs, FSCONFIG_CMD_CREATE)
    mount = fsmount(fs, attr_flags=MOUNT_ATTR_NODEV)
    move_mount(mount, None, AT_FDCWD, "/mnt")

A path that is None stands for the descriptor in front of it: that is the call's ..._EMPTY_PATH flag.
Descriptors that are made here are closed by exec, unless flags say otherwise.
"""

from __future__ import annotations

from os import O_CLOEXEC, fsdecode

from pysys import flags as _flags
from pysys import structures
from pysys._native import ffi
from pysys.arguments import descriptors, integers, memory, text
from pysys.calls import direct
from pysys.calls._values import paths
from pysys.doc import documented_call
from pysys.errors import ENODATA, EOVERFLOW
from pysys.structures.records import Mount

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys._types import Buffer, Descriptor, Path

_FROM_EMPTY, _TO_EMPTY = 0x04, 0x40  # MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH
_PICK_EMPTY = 8  # FSPICK_EMPTY_PATH
_CLOEXEC = 1  # of fsopen, fsmount and fspick
_LSMT_ROOT = 0xFFFFFFFFFFFFFFFF
_STATMOUNT_BY_FD = 1
_MOUNT_ATTR_IDMAP = 0x100000
_ALL = 0x7FFF  # of StatmountMask
_MESSAGE = 8192  # bytes: more than the kernel keeps of one
_IDS = 512
_FIXED = ffi.sizeof("struct kernel_statmount")  # bytes, after which the texts are

# Of FsconfigCommand.
_SET_STRING, _SET_BINARY, _SET_PATH, _SET_PATH_EMPTY, _SET_FD = 1, 2, 3, 4, 5


@documented_call
def fsopen(fs_name: str | bytes, flags: int = _CLOEXEC) -> int:
    """fsopen(2): begin to make a file system. Returns a descriptor for fsconfig and fsmount.

    fs_name: its type, as in /proc/filesystems. flags: flags.FsopenFlags.

    Raises: ENODEV for an unknown type. Since Linux 5.2.
    """
    return direct.fsopen(fs_name, flags)


@documented_call
def fspick(dfd: Descriptor, path: Path | None, flags: int = _CLOEXEC) -> int:
    """fspick(2): begin to change the parameters of a mounted file system. Returns a descriptor.

    dfd: the directory that a relative path begins at. path: a mount point; None for dfd itself.
    flags: flags.FspickFlags.

    Since Linux 5.2.
    """
    return direct.fspick(dfd, *paths.or_descriptor("fspick: flags", path, flags, _PICK_EMPTY))


@documented_call
def fsconfig(
    fd: Descriptor,
    cmd: int,
    key: str | bytes | None = None,
    value: str | Buffer | Path | Descriptor | None = None,
    aux: Descriptor | None = None,
) -> None:
    """fsconfig(2): set a parameter of a file system, or make it of those that were set.

    fd: of fsopen or fspick. cmd: flags.FsconfigCommand. key: the parameter's name.
    value: as the command wants it:
        FSCONFIG_SET_FLAG, and the FSCONFIG_CMD_... commands: None; the latter have no key either;
        FSCONFIG_SET_STRING: str or bytes, numbers too;
        FSCONFIG_SET_BINARY: bytes or another buffer;
        FSCONFIG_SET_PATH, FSCONFIG_SET_PATH_EMPTY: a path; aux is the directory that it begins at;
        FSCONFIG_SET_FD: a descriptor.
    aux: as said; for paths AT_FDCWD if omitted, otherwise made from value.

    Why a file system refused something fscontext_read often knows.

    Returns None.

    Since Linux 5.2.
    """
    passed: Any = value
    if cmd == _SET_FD and value is not None and aux is None:
        passed, aux = None, descriptors.descriptor("fsconfig: value", value)
    elif cmd in (_SET_PATH, _SET_PATH_EMPTY):
        passed = text.encoded("fsconfig: value", value)
        aux = paths.AT_FDCWD if aux is None else aux
    elif cmd == _SET_BINARY and value is not None:
        passed = memory.data("fsconfig: value", value)
        aux = len(passed) if aux is None else aux
        passed = ffi.from_buffer(passed)  # a null byte ends nothing
    elif cmd == _SET_STRING:
        passed = text.encoded("fsconfig: value", value, path=False)
    direct.fsconfig(fd, cmd, key, passed, 0 if aux is None else aux)


def fscontext_read(fd: Descriptor) -> list[str]:
    """read(2) of a descriptor of fsopen or fspick: the messages of the file system, each of which comes once.

    fd: the descriptor.

    Returns a list of str. Each begins with a letter: "e " is an error, "w " a warning, "i " information.

    Raises the documented errors of read (pysys.errors). Since Linux 5.2.
    """
    found = []
    number = descriptors.descriptor("fscontext_read: fd", fd)
    buffer = bytearray(_MESSAGE)
    try:
        while count := direct.read(number, buffer, _MESSAGE):
            found.append(fsdecode(bytes(memoryview(buffer)[:count])).rstrip("\n"))
    except ENODATA:
        pass
    return found


@documented_call
def fsmount(fs_fd: Descriptor, flags: int = _CLOEXEC, attr_flags: int = 0) -> int:
    """fsmount(2): make a mount that is attached nowhere yet. Returns a descriptor for move_mount.

    fs_fd: of fsopen, after FSCONFIG_CMD_CREATE. flags: flags.FsmountFlags.
    attr_flags: flags.MountAttributes.

    Since Linux 5.2.
    """
    return direct.fsmount(fs_fd, flags, attr_flags)


@documented_call
def open_tree(dfd: Descriptor, filename: Path | None, flags: int = O_CLOEXEC) -> int:
    """open_tree(2): a descriptor of a mount, or with OPEN_TREE_CLONE of a copy that is attached nowhere.

    dfd: the directory that a relative path begins at. filename: None for dfd itself.
    flags: flags.OpenTreeFlags and some of flags.AtFlags: AT_RECURSIVE copies what is mounted below, too.

    Returns the descriptor.

    Since Linux 5.2.
    """
    return direct.open_tree(dfd, *paths.or_descriptor("open_tree: flags", filename, flags))


@documented_call
def open_tree_attr(
    dfd: Descriptor,
    filename: Path | None,
    flags: int = O_CLOEXEC,
    *,
    attr_set: int = 0,
    attr_clr: int = 0,
    propagation: int = 0,
    userns_fd: Descriptor | None = None,
) -> int:
    """open_tree_attr(2): as open_tree, and the copy is changed as by mount_setattr before anybody sees it.

    dfd, filename, flags: as for open_tree.
    attr_set, attr_clr, propagation, userns_fd: as for mount_setattr.

    Returns the descriptor.

    Since Linux 6.15.
    """
    attr = _attributes("open_tree_attr", attr_set, attr_clr, propagation, userns_fd)
    return direct.open_tree_attr(
        dfd, *paths.or_descriptor("open_tree_attr: flags", filename, flags), attr, attr.nbytes
    )


@documented_call
def move_mount(
    from_dfd: Descriptor,
    from_pathname: Path | None,
    to_dfd: Descriptor,
    to_pathname: Path | None,
    flags: int = 0,
) -> None:
    """move_mount(2): attach a mount of fsmount or open_tree, or move one that is attached.

    from_dfd, from_pathname: what; None for from_dfd itself, as with what fsmount returned.
    to_dfd, to_pathname: where; None for to_dfd itself.
    flags: flags.MoveMountFlags.

    Returns None.

    Since Linux 5.2.
    """
    source, flags = paths.or_descriptor("move_mount: flags", from_pathname, flags, _FROM_EMPTY)
    target, flags = paths.or_descriptor("move_mount: flags", to_pathname, flags, _TO_EMPTY)
    direct.move_mount(from_dfd, source, to_dfd, target, flags)


@documented_call
def mount_setattr(
    dfd: Descriptor,
    path: Path | None,
    flags: int = 0,
    *,
    attr_set: int = 0,
    attr_clr: int = 0,
    propagation: int = 0,
    userns_fd: Descriptor | None = None,
) -> None:
    """mount_setattr(2): change the attributes of a mount, with AT_RECURSIVE of all below, or of none.

    dfd: the directory that a relative path begins at. path: a mount point; None for dfd itself.
    flags: some of flags.AtFlags.
    attr_set, attr_clr: flags.MountAttributes to set and to clear; for another MOUNT_ATTR__ATIME mode the
        mask is to be cleared.
    propagation: MS_PRIVATE, MS_SHARED, MS_SLAVE, MS_UNBINDABLE of flags.MountFlags, or 0 to leave it.
    userns_fd: the user namespace whose ids the mount shows: sets MOUNT_ATTR_IDMAP.

    Returns None.

    Since Linux 5.12.
    """
    attr = _attributes("mount_setattr", attr_set, attr_clr, propagation, userns_fd)
    direct.mount_setattr(dfd, *paths.or_descriptor("mount_setattr: flags", path, flags), attr, attr.nbytes)


# Which bit of the mask says that a field is there; a text's number is where it begins.
_SB, _MNT = 0x1, 0x2
_NUMBERS = {
    "sb_dev_major": _SB,
    "sb_dev_minor": _SB,
    "sb_magic": _SB,
    "sb_flags": _SB,
    "mnt_id": _MNT,
    "mnt_parent_id": _MNT,
    "mnt_id_old": _MNT,
    "mnt_parent_id_old": _MNT,
    "mnt_attr": _MNT,
    "mnt_propagation": _MNT,
    "mnt_peer_group": _MNT,
    "mnt_master": _MNT,
    "propagate_from": 0x4,
    "mnt_ns_id": 0x40,
    "supported_mask": 0x1000,
}
_TEXTS = {
    "mnt_root": 0x8,
    "mnt_point": 0x10,
    "fs_type": 0x20,
    "mnt_opts": 0x80,
    "fs_subtype": 0x100,
    "sb_source": 0x200,
}
# Texts one after the other; how many there are is in the second field.
_LISTS = {
    "opt_array": (0x400, "opt_num"),
    "opt_sec_array": (0x800, "opt_sec_num"),
    "mnt_uidmap": (0x2000, "mnt_uidmap_num"),
    "mnt_gidmap": (0x4000, "mnt_gidmap_num"),
}


@documented_call
def statmount(
    mnt_id: int = 0, mask: int = _ALL, *, mnt_ns_id: int = 0, mnt_fd: Descriptor | None = None, flags: int = 0
) -> Mount:
    """statmount(2): what is known of a mount, without a look at /proc/self/mountinfo.

    mnt_id: its id, of listmount, or of statx with STATX_MNT_ID_UNIQUE.
    mask: flags.StatmountMask, what to ask for: everything if nothing is said.
    mnt_ns_id: the mount namespace that it is in, if another one (since Linux 6.11).
    mnt_fd: a descriptor of the mount, instead of its id (since 7.0). flags: flags.StatmountFlags.

    Returns a structures.records.Mount.

    Raises: ENOENT if there is none. Since Linux 6.8.
    """
    request = memory.made(
        "statmount", structures.mnt_id_req, {"param": "mask"}, mnt_id=mnt_id, param=mask, mnt_ns_id=mnt_ns_id
    )
    request.size = request.nbytes
    if mnt_fd is not None:
        number = descriptors.descriptor("statmount: mnt_fd", mnt_fd)
        memory.put("statmount: mnt_fd", request, "mnt_fd", number)
        flags = integers.unsigned("statmount: flags", flags) | _STATMOUNT_BY_FD
    buffer = 4096
    while True:
        found = structures.statmount.with_extra(buffer)
        try:
            direct.statmount(request, found, found.nbytes, flags)
        except EOVERFLOW:
            buffer *= 4
        else:
            return _mount(found)


def _mount(found: structures.statmount) -> Mount:
    mask = found.mask
    values: dict[str, Any] = dict.fromkeys(Mount.__slots__)
    values["mask"] = _flags.StatmountMask(mask)
    for name, bit in _NUMBERS.items():
        if mask & bit:
            values[name] = getattr(found, name)
    if mask & _MNT:
        values["mnt_attr"] = _flags.MountAttributes(found.mnt_attr)
    if values["supported_mask"] is not None:
        values["supported_mask"] = _flags.StatmountMask(found.supported_mask)
    if mask & ~(_SB | _MNT):
        # structures.statmount gives the texts up to the first null byte only
        texts = bytes(found)[_FIXED:]
        for name, bit in _TEXTS.items():
            if mask & bit:
                values[name] = _text(texts, getattr(found, name))
        for name, (bit, count) in _LISTS.items():
            if mask & bit:
                parts = texts[getattr(found, name) :].split(b"\0", getattr(found, count))
                values[name] = tuple(map(fsdecode, parts[:-1]))
    return Mount(*values.values())


def _text(texts: bytes, start: int) -> str:
    return fsdecode(texts[start : texts.index(b"\0", start)])


@documented_call
def listmount(mnt_id: int = _LSMT_ROOT, *, mnt_ns_id: int = 0, flags: int = 0) -> list[int]:
    """listmount(2): the ids of all mounts below one, which statmount takes.

    mnt_id: of which; LSMT_ROOT for the root of the namespace.
    mnt_ns_id: the mount namespace, if another one (since Linux 6.11). flags: flags.ListmountFlags.

    It takes several calls if there are many, between which the mounts may change.

    Returns the ids.

    Since Linux 6.8.
    """
    request = memory.made("listmount", structures.mnt_id_req, mnt_id=mnt_id, mnt_ns_id=mnt_ns_id)
    request.size = request.nbytes

    buffer = ffi.new("unsigned long long[]", _IDS)
    found: list[int] = []
    while True:
        request.param = found[-1] if found else 0
        count = direct.listmount(request, buffer, _IDS, flags)
        found.extend(buffer[0:count])
        if count < _IDS:
            return found


@documented_call
def listns(ns_type: int = 0, user_ns_id: int = 0) -> list[int]:
    """listns(2): the ids of all namespaces that the caller may see.

    ns_type: of these kinds, CLONE_NEW... of flags.CloneFlags; 0 for all.
    user_ns_id: those that belong to this user namespace; LISTNS_CURRENT_USER for the caller's; 0 for all.

    Returns the ids. Raises EOVERFLOW if there are more than 262,144.

    Since Linux 6.19.
    """
    request = memory.made("listns", structures.ns_id_req, ns_type=ns_type, user_ns_id=user_ns_id)
    request.size = request.nbytes
    size = _IDS
    while True:
        buffer = ffi.new("unsigned long long[]", size)
        count = direct.listns(request, buffer, size, 0)
        if count < size:
            return list(buffer[0:count])
        # From the last one on is not an option: ENOENT is the end there, or a namespace that has just ended.
        size *= 8


def _attributes(
    call: str, attr_set: int, attr_clr: int, propagation: int, userns_fd: Any
) -> structures.mount_attr:
    made: structures.mount_attr = memory.made(
        call, structures.mount_attr, attr_set=attr_set, attr_clr=attr_clr, propagation=propagation
    )
    if userns_fd is not None:
        made.attr_set |= _MOUNT_ATTR_IDMAP
        number = descriptors.descriptor(f"{call}: userns_fd", userns_fd)
        memory.put(f"{call}: userns_fd", made, "userns_fd", number)
    return made
