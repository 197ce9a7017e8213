"""Records: what calls return where the kernel's structure would say it badly, as values with names.

They are compared by value, and can be copied and pickled if their values can. pysys.calls and
pysys.structures.readers make them: statmount a Mount, capget Capabilities, recvmsg a ReceivedMessage.
"""

from __future__ import annotations

from pysys.arguments import iterables
from pysys.arguments.capabilities import name as _capability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar

    from pysys.flags import KeyPermissions, MessageFlags, MountAttributes, StatmountMask
    from pysys.structures import file_handle
    from pysys.structures.control import ControlMessage

__all__ = [
    "Capabilities",
    "DirectoryEntry",
    "FanotifyError",
    "FanotifyEvent",
    "FanotifyFid",
    "FanotifyMount",
    "FanotifyPidfd",
    "FanotifyRange",
    "FanotifyUnknown",
    "InotifyEvent",
    "KeyDescription",
    "LsmContext",
    "Mount",
    "ReceivedMessage",
    "Record",
]


class Record:
    """Values with names, compared by value.

    The arguments are the values, in the order of the attributes. Raises ValueError for another number.
    """

    __slots__: tuple[str, ...] = ()  # in the order of the values

    def __init__(self, *values: Any) -> None:
        for name, value in zip(self.__slots__, values, strict=True):
            setattr(self, name, value)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__: ClassVar[None]  # type: ignore[assignment]  # it has none

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({shown})"


class DirectoryEntry(Record):
    """An entry of a directory.

    ino: the inode's number. off: where the next entry begins, for lseek. type: flags.DirentType, as a number.
    name: bytes.
    """

    __slots__ = ("ino", "off", "type", "name")  # noqa: RUF023
    ino: int
    off: int
    type: int
    name: bytes


class InotifyEvent(Record):
    """An event of inotify.

    wd: the watch, as inotify_add_watch returned it. mask: flags.InotifyEvents, from readers a number. cookie:
    the same for the two events of a renaming, otherwise 0. name: bytes, of what is in the watched directory.
    """

    __slots__ = ("wd", "mask", "cookie", "name")  # noqa: RUF023
    wd: int
    mask: int
    cookie: int
    name: bytes


class FanotifyFid(Record):
    """Which object an event of fanotify is about.

    kind: FAN_EVENT_INFO_TYPE_*, a number: the object or its directory. fsid: the file system, as in statfs.
    handle: structures.file_handle, for open_by_handle_at. name: bytes; empty where the kind has none.
    """

    __slots__ = ("kind", "fsid", "handle", "name")  # noqa: RUF023
    kind: int
    fsid: tuple[int, int]
    handle: file_handle
    name: bytes


class FanotifyPidfd(Record):
    """The process that caused an event of fanotify.

    pidfd: its descriptor, yours to close; negative where there is none.
    """

    __slots__ = ("pidfd",)
    pidfd: int


class FanotifyError(Record):
    """An error of the file system.

    error: the first errno. count: how many errors there were since the last event.
    """

    __slots__ = ("error", "count")  # noqa: RUF023
    error: int
    count: int


class FanotifyRange(Record):
    """The part of a file that is about to be accessed.

    offset, count: where it begins and how long it is, in bytes.
    """

    __slots__ = ("offset", "count")  # noqa: RUF023
    offset: int
    count: int


class FanotifyMount(Record):
    """The mount that was attached or detached.

    mnt_id: its id, as statmount takes it.
    """

    __slots__ = ("mnt_id",)
    mnt_id: int


class FanotifyUnknown(Record):
    """Information about an event of fanotify that is of a kind not known here.

    kind: its FAN_EVENT_INFO_TYPE_*, a number. data: its bytes.
    """

    __slots__ = ("kind", "data")  # noqa: RUF023
    kind: int
    data: bytes


class FanotifyEvent(Record):
    """An event of fanotify.

    mask: flags.FanotifyEvents, from readers a number. fd: the file's descriptor, yours to close, or -1
    (FAN_NOFD). pid: the process, with FAN_REPORT_TID the thread. information: what else the kernel reports, a
    tuple of records.
    """

    __slots__ = ("mask", "fd", "pid", "information")  # noqa: RUF023
    mask: int
    fd: int
    pid: int
    information: tuple[Record, ...]


class Capabilities(Record):
    """The capabilities of a thread.

    effective, permitted, inheritable: sets of flags.Capability, as numbers, which repr() shows by name; when
    it is made, any iterables of them, by default empty ones.

    Raises TypeError for what is not an iterable.
    """

    __slots__ = ("effective", "permitted", "inheritable")  # noqa: RUF023

    effective: set[int]
    permitted: set[int]
    inheritable: set[int]

    def __init__(
        self, effective: Iterable[int] = (), permitted: Iterable[int] = (), inheritable: Iterable[int] = ()
    ) -> None:
        self.effective = set(iterables.items("Capabilities: effective", effective, "ints"))
        self.permitted = set(iterables.items("Capabilities: permitted", permitted, "ints"))
        self.inheritable = set(iterables.items("Capabilities: inheritable", inheritable, "ints"))

    def __repr__(self) -> str:
        shown = (
            f"{name}=[{', '.join(map(_capability, sorted(getattr(self, name))))}]" for name in self.__slots__
        )
        return f"Capabilities({', '.join(shown)})"


class KeyDescription(Record):
    """What a key is.

    type: "user", "keyring", ... uid, gid: to whom it belongs. permissions: flags.KeyPermissions. description:
    its name.
    """

    __slots__ = ("type", "uid", "gid", "permissions", "description")  # noqa: RUF023
    type: str
    uid: int
    gid: int
    permissions: KeyPermissions
    description: str


class LsmContext(Record):
    """What a security module says of a thread.

    id: its flags.LsmId, or a number that is not known here. flags: a number, today 0. context: bytes.
    """

    __slots__ = ("id", "flags", "context")  # noqa: RUF023
    id: int
    flags: int
    context: bytes


class Mount(Record):
    """A mount, as statmount knows it. What was not asked for, or has no answer, is None.

    Texts are str as os.fsdecode makes them. The names are those of structures.statmount.

    mask, supported_mask: flags.StatmountMask, what is there, and what this kernel knows.
    sb_dev_major, sb_dev_minor, sb_magic, sb_flags: of the file system: the device, STATFS_MAGIC, MS_* flags.
    fs_type, fs_subtype, sb_source: of the file system: its type, and what was mounted.
    mnt_id, mnt_parent_id, mnt_ns_id: unique ids of the mount, of the one it is on, of the namespace.
    mnt_id_old, mnt_parent_id_old: the ids in /proc/self/mountinfo.
    mnt_attr, mnt_propagation: flags.MountAttributes, and MS_SHARED and its kin.
    mnt_peer_group, mnt_master, propagate_from: ids of peer groups, 0 for none.
    mnt_root, mnt_point: the directory that is mounted, and where, seen from the caller's root.
    mnt_opts: options, joined by commas. opt_array, opt_sec_array: tuples of options, and of those of security
    modules. mnt_uidmap, mnt_gidmap: tuples of lines as in /proc/self/uid_map.
    """

    __slots__ = (  # noqa: RUF023
        "mask",
        "sb_dev_major",
        "sb_dev_minor",
        "sb_magic",
        "sb_flags",
        "fs_type",
        "mnt_id",
        "mnt_parent_id",
        "mnt_id_old",
        "mnt_parent_id_old",
        "mnt_attr",
        "mnt_propagation",
        "mnt_peer_group",
        "mnt_master",
        "propagate_from",
        "mnt_root",
        "mnt_point",
        "mnt_ns_id",
        "mnt_opts",
        "fs_subtype",
        "sb_source",
        "opt_array",
        "opt_sec_array",
        "supported_mask",
        "mnt_uidmap",
        "mnt_gidmap",
    )
    mask: StatmountMask
    sb_dev_major: int | None
    sb_dev_minor: int | None
    sb_magic: int | None
    sb_flags: int | None
    fs_type: str | None
    mnt_id: int | None
    mnt_parent_id: int | None
    mnt_id_old: int | None
    mnt_parent_id_old: int | None
    mnt_attr: MountAttributes | None
    mnt_propagation: int | None
    mnt_peer_group: int | None
    mnt_master: int | None
    propagate_from: int | None
    mnt_root: str | None
    mnt_point: str | None
    mnt_ns_id: int | None
    mnt_opts: str | None
    fs_subtype: str | None
    sb_source: str | None
    opt_array: tuple[str, ...] | None
    opt_sec_array: tuple[str, ...] | None
    supported_mask: StatmountMask | None
    mnt_uidmap: tuple[str, ...] | None
    mnt_gidmap: tuple[str, ...] | None


class ReceivedMessage(Record):
    """What recvmsg has received.

    count: how many bytes of data; with MSG_TRUNC how long the datagram was. data: bytes; empty if buffers
    were given, which have it. messages: a list of structures.control.ControlMessage, whose descriptors are
    yours to close. flags: flags.MessageFlags: MSG_TRUNC and MSG_CTRUNC for what did not fit, MSG_EOR, ...
    address: of the sender, as pysys.structures.addresses.unpack gives it, or None.
    """

    __slots__ = ("count", "data", "messages", "flags", "address")  # noqa: RUF023
    count: int
    data: bytes
    messages: list[ControlMessage]
    flags: MessageFlags
    address: Any


def __dir__() -> list[str]:
    return __all__
