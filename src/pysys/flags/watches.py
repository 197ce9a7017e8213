"""What the calls that watch files take and report: inotify, fanotify, and fcntl's F_NOTIFY."""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value

FAN_NOFD = -1
"""In an event in place of a descriptor: there is none. Since Linux 2.6.37."""

FAN_NOPIDFD = -1
"""In an event in place of a pidfd: the process was gone. Since Linux 5.15."""

FAN_EPIDFD = -2
"""In an event in place of a pidfd: none could be made. Since Linux 5.15."""


class InotifyInitFlags(DocumentedFlag):
    """Flags of inotify_init1. Their values are open flags and differ between architectures."""

    IN_CLOEXEC = value("IN_CLOEXEC"), "Close the descriptor on exec. Since Linux 2.6.27."
    IN_NONBLOCK = (
        value("IN_NONBLOCK"),
        "Reading answers EAGAIN while there is no event. Since Linux 2.6.27.",
    )


class InotifyEvents(DocumentedFlag):
    """What inotify_add_watch watches for, how, and what an event says.

    A watch is of an inode, not of a path, and not of what is below a directory's entries. Changes
    made through a mapping or by another host of a network filesystem are not seen. The same event
    twice in a row is reported once.
    """

    IN_ACCESS = 0x1, "Something was read. Since Linux 2.6.13."
    IN_MODIFY = 0x2, "Something was written, or the length changed. Since Linux 2.6.13."
    IN_ATTRIB = (
        0x4,
        "Mode, owner, times, attributes or the number of links changed. Since Linux 2.6.13.",
    )
    IN_CLOSE_WRITE = (
        0x8,
        "A file that was open for writing was closed: mostly, it is complete. Since Linux 2.6.13.",
    )
    IN_CLOSE_NOWRITE = 0x10, "One that was not open for writing was closed. Since Linux 2.6.13."
    IN_CLOSE = 0x18, "Both of them. Since Linux 2.6.13."
    IN_OPEN = 0x20, "It was opened. Since Linux 2.6.13."
    IN_MOVED_FROM = (
        0x40,
        """An entry was renamed away; the cookie is that of its IN_MOVED_TO, which need not follow
        at once, nor come at all. Since Linux 2.6.13.""",
    )
    IN_MOVED_TO = 0x80, "An entry came here by renaming. Since Linux 2.6.13."
    IN_MOVE = 0xC0, "Both of them. Since Linux 2.6.13."
    IN_CREATE = (
        0x100,
        """An entry was made in the directory, links included. What is in a new directory before it
        is watched goes unseen: watch it, then list it. Since Linux 2.6.13.""",
    )
    IN_DELETE = 0x200, "An entry was removed from the directory. Since Linux 2.6.13."
    IN_DELETE_SELF = (
        0x400,
        """The watched inode is gone, after its last link and its last descriptor; IN_IGNORED
        follows. Since Linux 2.6.13.""",
    )
    IN_MOVE_SELF = (
        0x800,
        "What is watched was renamed; the watch goes with it. Since Linux 2.6.13.",
    )
    IN_ALL_EVENTS = 0xFFF, "All of the above. Since Linux 2.6.13."
    IN_UNMOUNT = (
        0x2000,
        "In an event: the filesystem was unmounted; IN_IGNORED follows. Since Linux 2.6.13.",
    )
    IN_Q_OVERFLOW = (
        0x4000,
        """In an event, with the watch descriptor -1: the queue was full and events are lost. Look at
        everything again. Since Linux 2.6.13.""",
    )
    IN_IGNORED = (
        0x8000,
        "In an event: the watch was removed, by the caller or by itself. Since Linux 2.6.13.",
    )
    IN_ONLYDIR = (
        0x1000000,
        "Watch it only if it is a directory, else ENOTDIR. Since Linux 2.6.15.",
    )
    IN_DONT_FOLLOW = 0x2000000, "Watch a symbolic link itself. Since Linux 2.6.15."
    IN_EXCL_UNLINK = (
        0x4000000,
        "No events of entries that are removed and still open. Since Linux 2.6.36.",
    )
    IN_MASK_CREATE = (
        0x10000000,
        """Fail with EEXIST if this inode is watched already; otherwise the new mask replaces the
        old. Since Linux 4.19.""",
    )
    IN_MASK_ADD = (
        0x20000000,
        "Add to the mask of the watch that is there. Excludes IN_MASK_CREATE. Since Linux 2.6.14.",
    )
    IN_ISDIR = 0x40000000, "In an event: it is about a directory. Since Linux 2.6.13."
    IN_ONESHOT = 0x80000000, "Remove the watch after one event. Since Linux 2.6.16."


class FanotifyInitFlags(DocumentedFlag):
    """Flags of fanotify_init: one class, and what the events report.

    Since 5.13 a caller without CAP_SYS_ADMIN may make a group of class FAN_CLASS_NOTIF that
    reports ids (FAN_REPORT_FID or FAN_REPORT_DIR_FID), and mark inodes with it.
    """

    FAN_CLASS_NOTIF = 0x0, "Only report events. Since Linux 2.6.37."
    FAN_CLOEXEC = 0x1, "Close the group's descriptor on exec. It is not O_CLOEXEC. Since Linux 2.6.37."
    FAN_NONBLOCK = 0x2, "Reading answers EAGAIN while there is no event. Since Linux 2.6.37."
    FAN_CLASS_CONTENT = (
        0x4,
        """Also permit or deny, when the content is complete: for scanners. Needs CAP_SYS_ADMIN; the
        accessing process waits for the answer, so die and it is let through. Since Linux 2.6.37.""",
    )
    FAN_CLASS_PRE_CONTENT = (
        0x8,
        """Also permit or deny, before those of FAN_CLASS_CONTENT are asked: for those who fill the
        content in. Since Linux 2.6.37.""",
    )
    FAN_ALL_CLASS_BITS = 0xC, "The mask of the classes. Since Linux 2.6.37."
    FAN_UNLIMITED_QUEUE = (
        0x10,
        "A queue without limit, else 16384 events. Needs CAP_SYS_ADMIN. Since Linux 2.6.37.",
    )
    FAN_UNLIMITED_MARKS = 0x20, "Any number of marks. Needs CAP_SYS_ADMIN. Since Linux 2.6.37."
    FAN_ALL_INIT_FLAGS = 0x3F, "Those of the first version, and it stays so. Since Linux 2.6.37."
    FAN_ENABLE_AUDIT = (
        0x40,
        "Allow FAN_AUDIT in answers. Needs CAP_AUDIT_WRITE. Since Linux 4.15.",
    )
    FAN_REPORT_PIDFD = (
        0x80,
        """Add a pidfd of the process that caused the event. Needs CAP_SYS_ADMIN. With
        FAN_REPORT_TID, which it excluded at first, since 6.14. Since Linux 5.15.""",
    )
    FAN_REPORT_TID = 0x100, "The pid in an event is the thread's id. Since Linux 4.20."
    FAN_REPORT_FID = (
        0x200,
        """Report what happened to as a filesystem id and a file handle instead of a descriptor.
        Needed for events of creating, moving and deleting. Class FAN_CLASS_NOTIF only. Since
        Linux 5.1.""",
    )
    FAN_REPORT_DIR_FID = (
        0x400,
        "Report the directory by id and handle, of a file's events its parent. Since Linux 5.9.",
    )
    FAN_REPORT_NAME = 0x800, "The entry's name as well. Needs FAN_REPORT_DIR_FID. Since Linux 5.9."
    FAN_REPORT_DFID_NAME = 0xC00, "The two together. Since Linux 5.9."
    FAN_REPORT_TARGET_FID = (
        0x1000,
        """Events of entries report the file itself too. Needs FAN_REPORT_FID and
        FAN_REPORT_DFID_NAME. Since Linux 5.17.""",
    )
    FAN_REPORT_DFID_NAME_TARGET = 0x1E00, "All of these together. Since Linux 5.17."
    FAN_REPORT_FD_ERROR = (
        0x2000,
        """Where no descriptor could be made, the event has minus the errno in its place. Needs
        CAP_SYS_ADMIN. Since Linux 6.13.""",
    )
    FAN_REPORT_MNT = (
        0x4000,
        """Report mounts that come and go, with mount ids; a group for nothing else. Since
        Linux 6.15.""",
    )


class FanotifyEvents(DocumentedFlag):
    """What a mark of fanotify_mark watches for, and what an event says. 64 bits.

    "By id" says that the event needs a group that reports ids, see FAN_REPORT_FID, and another
    mark than a mount's. Names that end in PERM are questions, for the classes that may answer.
    """

    FAN_ACCESS = 0x1, "Something was read. Since Linux 2.6.37."
    FAN_MODIFY = 0x2, "Something was written. Since Linux 2.6.37."
    FAN_ATTRIB = 0x4, "Metadata changed; by id. Since Linux 5.1."
    FAN_CLOSE_WRITE = 0x8, "A file that was open for writing was closed. Since Linux 2.6.37."
    FAN_CLOSE_NOWRITE = 0x10, "One that was not open for writing was closed. Since Linux 2.6.37."
    FAN_CLOSE = 0x18, "Both of them. Since Linux 2.6.37."
    FAN_OPEN = 0x20, "It was opened. Since Linux 2.6.37."
    FAN_ALL_EVENTS = 0x3B, "Those of the first version, and it stays so. Since Linux 2.6.37."
    FAN_MOVED_FROM = 0x40, "An entry was renamed away; by id. Since Linux 5.1."
    FAN_MOVED_TO = 0x80, "An entry came by renaming; by id. Since Linux 5.1."
    FAN_MOVE = 0xC0, "Both of them. FAN_RENAME reports both in one event. Since Linux 5.1."
    FAN_CREATE = 0x100, "An entry was made in the directory; by id. Since Linux 5.1."
    FAN_DELETE = 0x200, "An entry was removed from it; by id. Since Linux 5.1."
    FAN_DELETE_SELF = 0x400, "The marked inode itself was deleted; by id. Since Linux 5.1."
    FAN_MOVE_SELF = 0x800, "What is marked was renamed itself; by id. Since Linux 5.1."
    FAN_OPEN_EXEC = 0x1000, "It was opened to be executed; scripts' interpreters are. Since Linux 5.0."
    FAN_Q_OVERFLOW = 0x4000, "In an event: the queue was full, events are lost. Since Linux 2.6.37."
    FAN_FS_ERROR = (
        0x8000,
        "The filesystem found itself damaged. On a FAN_MARK_FILESYSTEM only; by id. Since Linux 5.16.",
    )
    FAN_OPEN_PERM = 0x10000, "May it be opened? Since Linux 2.6.37."
    FAN_ACCESS_PERM = 0x20000, "May it be read? Since Linux 2.6.37."
    FAN_ALL_PERM_EVENTS = 0x30000, "The questions of the first version. Since Linux 2.6.37."
    FAN_ALL_OUTGOING_EVENTS = 0x3403B, "All of the first version. Since Linux 2.6.37."
    FAN_OPEN_EXEC_PERM = 0x40000, "May it be opened to be executed? Since Linux 5.0."
    FAN_PRE_ACCESS = (
        0x100000,
        """A question before a range is read or written, so that the content can be fetched first.
        Class FAN_CLASS_PRE_CONTENT, on filesystems that allow it. Since Linux 6.14.""",
    )
    FAN_MNT_ATTACH = 0x1000000, "A mount was attached. On a FAN_MARK_MNTNS. Since Linux 6.15."
    FAN_MNT_DETACH = 0x2000000, "A mount was detached. On a FAN_MARK_MNTNS. Since Linux 6.15."
    FAN_EVENT_ON_CHILD = (
        0x8000000,
        "Of a marked directory's entries too; not of what is below them. Since Linux 2.6.37.",
    )
    FAN_RENAME = (
        0x10000000,
        "An entry was renamed: old and new name. Needs FAN_REPORT_NAME. Since Linux 5.17.",
    )
    FAN_ONDIR = (
        0x40000000,
        """Also when it happens to directories; without it they are left out. In an event, which
        must report ids: it was a directory. Since Linux 2.6.37.""",
    )


class FanotifyMarkFlags(DocumentedFlag):
    """Flags of fanotify_mark: one of add, remove and flush; one kind of object; how.

    The kinds are numbers in two bits, not flags: FAN_MARK_MNTNS has the bits of two others.
    """

    FAN_MARK_INODE = 0x0, "Of the inode that the path names. It is 0. Since Linux 4.20."
    FAN_MARK_ADD = 0x1, "Add the mask to the mark. Since Linux 2.6.37."
    FAN_MARK_REMOVE = 0x2, "Take the mask from the mark; ENOENT if there is none. Since Linux 2.6.37."
    FAN_MARK_DONT_FOLLOW = 0x4, "Mark a symbolic link itself. Since Linux 2.6.37."
    FAN_MARK_ONLYDIR = 0x8, "Only a directory, else ENOTDIR. Since Linux 2.6.37."
    FAN_MARK_MOUNT = (
        0x10,
        "Of the mount that the path is on; other mounts of the filesystem are not seen. Since Linux 2.6.37.",
    )
    FAN_MARK_IGNORED_MASK = (
        0x20,
        """The mask is of what to ignore, in all that other marks of the group watch. FAN_MARK_IGNORE
        has clearer rules. Since Linux 2.6.37.""",
    )
    FAN_MARK_IGNORED_SURV_MODIFY = (
        0x40,
        "Go on ignoring after the file was modified; by default that ends it. Since Linux 2.6.37.",
    )
    FAN_MARK_FLUSH = 0x80, "Remove all marks of this kind; no mask, no path. Since Linux 2.6.37."
    FAN_ALL_MARK_FLAGS = 0xFF, "Those of the first version, and it stays so. Since Linux 2.6.37."
    FAN_MARK_FILESYSTEM = 0x100, "Of the filesystem that the path is on. Since Linux 4.20."
    FAN_MARK_MNTNS = (
        0x110,
        "Of the mount namespace that the path, a file of nsfs, is. Since Linux 6.15.",
    )
    FAN_MARK_EVICTABLE = (
        0x200,
        """The mark does not keep the inode in memory and may be lost when that is short: for ignoring
        many files. Inodes only. Since Linux 5.19.""",
    )
    FAN_MARK_IGNORE = (
        0x400,
        """As FAN_MARK_IGNORED_MASK, but FAN_ONDIR and FAN_EVENT_ON_CHILD count in the mask. For
        directories, mounts and filesystems, FAN_MARK_IGNORED_SURV_MODIFY must be given. Since
        Linux 6.0.""",
    )
    FAN_MARK_IGNORE_SURV = 0x440, "The two together. Since Linux 6.0."


class FanotifyResponse(DocumentedFlag):
    """The answer to a question, written to the group's descriptor."""

    FAN_ALLOW = 0x01, "Let it happen. Since Linux 2.6.37."
    FAN_DENY = (
        0x02,
        """EPERM for who asked. Since 6.14 a group of class FAN_CLASS_PRE_CONTENT may name another
        errno, in the upper eight bits. Since Linux 2.6.37.""",
    )
    FAN_AUDIT = 0x10, "Write it to the audit log. Needs FAN_ENABLE_AUDIT. Since Linux 4.15."
    FAN_INFO = 0x20, "A record with more for the audit log follows. Since Linux 6.3."


class FanotifyInfoType(DocumentedEnum):
    """Kinds of the records that follow an event."""

    FAN_EVENT_INFO_TYPE_FID = 1, "Id and handle of the object. Since Linux 5.1."
    FAN_EVENT_INFO_TYPE_DFID_NAME = 2, "Of the directory, and the entry's name. Since Linux 5.9."
    FAN_EVENT_INFO_TYPE_DFID = 3, "Of the directory. Since Linux 5.9."
    FAN_EVENT_INFO_TYPE_PIDFD = 4, "A pidfd, for the reader to close. Since Linux 5.15."
    FAN_EVENT_INFO_TYPE_ERROR = 5, "The first error, and how many there were. Since Linux 5.16."
    FAN_EVENT_INFO_TYPE_RANGE = 6, "The range that is to be accessed. Since Linux 6.14."
    FAN_EVENT_INFO_TYPE_MNT = 7, "The id of the mount. Since Linux 6.15."
    FAN_EVENT_INFO_TYPE_OLD_DFID_NAME = 10, "Where it was before renaming. Since Linux 5.17."
    FAN_EVENT_INFO_TYPE_NEW_DFID_NAME = 12, "Where it is after renaming. Since Linux 5.17."


class DnotifyEvents(DocumentedFlag):
    """What F_NOTIFY of fcntl reports about the entries of a directory, once, by a signal."""

    DN_ACCESS = 0x1, "One was read. Since Linux 2.4."
    DN_MODIFY = 0x2, "One was written or truncated. Since Linux 2.4."
    DN_CREATE = 0x4, "One was made. Since Linux 2.4."
    DN_DELETE = 0x8, "One was removed. Since Linux 2.4."
    DN_RENAME = 0x10, "One was renamed within the directory. Since Linux 2.4."
    DN_ATTRIB = 0x20, "Mode, owner or times of one changed. Since Linux 2.4."
    DN_MULTISHOT = 0x80000000, "Go on after the first signal. Since Linux 2.4."


class FanotifyResponseInfo(DocumentedEnum):
    """What information follows an answer: type of a fanotify_response_info_header. Since Linux 6.3."""

    FAN_RESPONSE_INFO_NONE = 0, "None."
    FAN_RESPONSE_INFO_AUDIT_RULE = 1, "The rule that led to the answer, for the audit log."
