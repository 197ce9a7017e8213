"""Flags of the mount calls: mount and umount2, and those that work on descriptors."""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value

MS_MGC_VAL = 0xC0ED0000
"""What programs before Linux 2.4 had to put into the upper half of mount's flags; ignored now."""

MS_MGC_MSK = 0xFFFF0000
"""Where MS_MGC_VAL was looked for."""

LSMT_ROOT = 0xFFFFFFFFFFFFFFFF
"""For listmount instead of a mount's id: the root mount of the namespace, or of the caller."""


class MountFlags(DocumentedFlag):
    """The flags of mount, which say both what it does and how; the kinds of propagation are also
    what mount_setattr takes and statmount reports.

    The first of these that is set decides what is done: MS_REMOUNT with MS_BIND, MS_REMOUNT,
    MS_BIND, a kind of propagation, MS_MOVE; with none of them a file system is mounted. What
    the others have no use for is ignored silently. Since Linux 2.2 or earlier unless another
    version is named.
    """

    MS_RDONLY = (
        1,
        """Read only: a new file system and its mount alike; with MS_REMOUNT and MS_BIND together the
        one mount alone.""",
    )
    MS_NOSUID = 2, "execve gives no rights: set-user-id, set-group-id and file capabilities do not count."
    MS_NODEV = 4, "Device files cannot be opened."
    MS_NOEXEC = 8, "Nothing can be executed, nor mapped with PROT_EXEC."
    MS_SYNCHRONOUS = 16, "Each write reaches the device before it returns, as with O_SYNC."
    MS_REMOUNT = (
        32,
        """Change the flags and options of what is mounted at the target. All must be given again,
        or are lost; only the treatment of access times stays when none is named. With MS_BIND
        it changes the one mount and leaves the file system alone (since 2.6.26).""",
    )
    MS_MANDLOCK = 64, "Mandatory locks. Without effect but a warning since Linux 5.15, which removed them."
    MS_DIRSYNC = 128, "Each change to a directory reaches the device at once. Since Linux 2.5.19."
    MS_NOSYMFOLLOW = (
        256,
        """Symbolic links on the mount are not followed (ELOOP), but can be made and read. Since
        Linux 5.10.""",
    )
    MS_NOATIME = 1024, "Never update access times."
    MS_NODIRATIME = 2048, "Never update the access times of directories. Implied by MS_NOATIME."
    MS_BIND = (
        4096,
        """Make the directory or file source appear at the target too. Mounts below it do not come
        along without MS_REC. Other flags are ignored: a read-only bind takes a second call with
        MS_REMOUNT. Since Linux 2.4.""",
    )
    MS_MOVE = (
        8192,
        """Move the mount at source, with all below it, to the target. Refused if its parent is
        shared. Since Linux 2.4.18.""",
    )
    MS_REC = (
        16384,
        """Include the mounts below: with MS_BIND and with the kinds of propagation. Since Linux
        2.4.11.""",
    )
    MS_SILENT = 32768, "Fewer messages in the kernel's log when mounting fails. Since Linux 2.6.17."
    MS_VERBOSE = MS_SILENT
    MS_POSIXACL = (
        1 << 16,
        """The file system has access control lists and applies the umask itself. Set by file
        systems, not by users.""",
    )
    MS_UNBINDABLE = (
        1 << 17,
        """Propagation: as MS_PRIVATE, and the mount cannot be bound elsewhere; recursive binds
        leave it out. Since Linux 2.6.15.""",
    )
    MS_PRIVATE = 1 << 18, "Propagation: nothing comes or goes. Since Linux 2.6.15."
    MS_SLAVE = (
        1 << 19,
        """Propagation: what is mounted in the group it was a peer of comes, nothing goes back. No
        change for a mount that is not shared. Since Linux 2.6.15.""",
    )
    MS_SHARED = (
        1 << 20,
        """Propagation: what is mounted or unmounted below shows in all peers, other namespaces
        included. systemd makes the root so, hence most others. Since Linux 2.6.15.""",
    )
    MS_RELATIME = (
        1 << 21,
        """Update the access time only if it is older than the last change, or than a day. The
        default since 2.6.30. Since Linux 2.6.20.""",
    )
    MS_KERNMOUNT = 1 << 22, "Internal to the kernel: a separate mount. No effect here."
    MS_I_VERSION = 1 << 23, "Count the changes of each inode, for NFS. Since Linux 2.6.25."
    MS_STRICTATIME = 1 << 24, "Update the access time at every access. Since Linux 2.6.30."
    MS_LAZYTIME = (
        1 << 25,
        """Keep new timestamps in memory and write them when the inode is written anyway, or after a
        day. A crash may lose them. Since Linux 4.0.""",
    )
    MS_SUBMOUNT = 1 << 26, "Internal to the kernel: an automatic mount below another. No effect here."
    MS_NOREMOTELOCK = 1 << 27, "Internal to the kernel. No effect here."
    MS_NOSEC = 1 << 28, "Internal to the kernel: files without security attributes are known. No effect here."
    MS_BORN = 1 << 29, "Internal to the kernel: the file system is complete. No effect here."
    MS_ACTIVE = 1 << 30, "Internal to the kernel: the file system is in use. No effect here."
    MS_NOUSER = 1 << 31, "Internal to the kernel: a file system that users cannot mount. EINVAL here."


class UmountFlags(DocumentedFlag):
    """The flags of umount2."""

    MNT_FORCE = (
        0x00000001,
        """Have the file system give up its pending requests first; that may lose data. Only some
        know how (NFS, CIFS, FUSE, 9p); the mount may still be busy. Since Linux 2.1.116.""",
    )
    MNT_DETACH = (
        0x00000002,
        """Take it out of the tree now, with all mounts below, and unmount it when nothing uses it
        any more. Since Linux 2.4.11.""",
    )
    MNT_EXPIRE = (
        0x00000004,
        """The first call marks an unused mount and fails with EAGAIN; if it is still unused, a
        second one unmounts it. Excludes MNT_FORCE and MNT_DETACH. Since Linux 2.6.8.""",
    )
    UMOUNT_NOFOLLOW = (
        0x00000008,
        """Do not follow a symbolic link at the end of the path. Since Linux 2.6.34.""",
    )
    UMOUNT_UNUSED = (
        0x80000000,
        """Never valid: EINVAL shows that the kernel checks for unknown flags. Since Linux 2.6.34.""",
    )


class MountAttributes(DocumentedFlag):
    """What holds for one mount: attr_flags of fsmount, attr_set and attr_clr of mount_setattr,
    mnt_attr of statmount.

    The three treatments of access times are one value in the bits MOUNT_ATTR__ATIME: to change
    it, mount_setattr wants all those bits in attr_clr. Members without a version came with
    fsmount in Linux 5.2.
    """

    MOUNT_ATTR_RDONLY = 0x00000001, "Read only through this mount; the file system may still be writable."
    MOUNT_ATTR_NOSUID = (
        0x00000002,
        "execve gives no rights: set-user-id, set-group-id and file capabilities do not count.",
    )
    MOUNT_ATTR_NODEV = 0x00000004, "Device files cannot be opened."
    MOUNT_ATTR_NOEXEC = 0x00000008, "Nothing can be executed, nor mapped with PROT_EXEC."
    MOUNT_ATTR_RELATIME = (
        0x00000000,
        "Update the access time only if it is older than the last change, or than a day.",
    )
    MOUNT_ATTR_NOATIME = 0x00000010, "Never update access times."
    MOUNT_ATTR_STRICTATIME = 0x00000020, "Update the access time at every access."
    MOUNT_ATTR__ATIME = 0x00000070, "The bits that say how access times are treated, for attr_clr."
    MOUNT_ATTR_NODIRATIME = 0x00000080, "Never update the access times of directories."
    MOUNT_ATTR_IDMAP = (
        0x00100000,
        """Show owners as the user namespace in userns_fd maps them. mount_setattr only, on a mount
        that is not yet attached, of a file system that supports it. It can be changed or
        removed in copies made by open_tree_attr only. Since Linux 5.12.""",
    )
    MOUNT_ATTR_NOSYMFOLLOW = 0x00200000, "Symbolic links are not followed. Since Linux 5.14."


class MoveMountFlags(DocumentedFlag):
    """The flags of move_mount: F for the path it moves from, T for the path it moves to. Since
    Linux 5.2 unless another version is named.
    """

    MOVE_MOUNT_F_SYMLINKS = 0x00000001, "Follow a symbolic link at the end of the source."
    MOVE_MOUNT_F_AUTOMOUNTS = 0x00000002, "Trigger an automatic mount at the end of the source."
    MOVE_MOUNT_F_EMPTY_PATH = (
        0x00000004,
        """The empty path means from_dfd itself: what fsmount and open_tree return is attached so.""",
    )
    MOVE_MOUNT_T_SYMLINKS = 0x00000010, "Follow a symbolic link at the end of the target."
    MOVE_MOUNT_T_AUTOMOUNTS = 0x00000020, "Trigger an automatic mount at the end of the target."
    MOVE_MOUNT_T_EMPTY_PATH = 0x00000040, "The empty path means to_dfd itself."
    MOVE_MOUNT_SET_GROUP = (
        0x00000100,
        """Move nothing: give the target, which must be private, the peers and the master of the
        source, which must be a mount of the same directory or one above it. Since Linux 5.15.""",
    )
    MOVE_MOUNT_BENEATH = (
        0x00000200,
        """Put the mount under the one on top of the target, which then can be unmounted to show it:
        a replacement without a gap. Since Linux 6.5.""",
    )


class OpenTreeFlags(DocumentedFlag):
    """The flags of open_tree and open_tree_attr, besides AT_EMPTY_PATH, AT_NO_AUTOMOUNT,
    AT_SYMLINK_NOFOLLOW and, with one of the first two here, AT_RECURSIVE.
    """

    OPEN_TREE_CLONE = (
        1 << 0,
        """A copy of the mount, attached nowhere: move_mount attaches it, closing the descriptor
        before then unmounts it. Without the flag the descriptor is as one opened with O_PATH.
        Needs CAP_SYS_ADMIN. Since Linux 5.2.""",
    )
    OPEN_TREE_NAMESPACE = (
        1 << 1,
        """Copy the mount into a new mount namespace, over a copy of the initial root; the descriptor
        is that of the namespace, for setns. Excludes OPEN_TREE_CLONE. Since Linux 7.0.""",
    )
    OPEN_TREE_CLOEXEC = value("O_CLOEXEC"), "Close the descriptor at an execve. Since Linux 5.2."


class FsopenFlags(DocumentedFlag):
    """The flags of fsopen."""

    FSOPEN_CLOEXEC = 0x00000001, "Close the descriptor at an execve. Since Linux 5.2."


class FsmountFlags(DocumentedFlag):
    """The flags of fsmount; what the mount is like is said by MountAttributes."""

    FSMOUNT_CLOEXEC = 0x00000001, "Close the descriptor at an execve. Since Linux 5.2."
    FSMOUNT_NAMESPACE = (
        0x00000002,
        """Put the mount into a new mount namespace, over a copy of the initial root, and return the
        descriptor of the namespace. Since Linux 7.1.""",
    )


class FspickFlags(DocumentedFlag):
    """The flags of fspick. Since Linux 5.2."""

    FSPICK_CLOEXEC = 0x00000001, "Close the descriptor at an execve."
    FSPICK_SYMLINK_NOFOLLOW = 0x00000002, "Do not follow a symbolic link at the end of the path."
    FSPICK_NO_AUTOMOUNT = 0x00000004, "Do not trigger an automatic mount at the end of the path."
    FSPICK_EMPTY_PATH = 0x00000008, "The empty path means dfd itself."


class FsconfigCommand(DocumentedEnum):
    """What fsconfig does. Which parameters there are, and of which kind, is up to the file system;
    why one was refused can be read from the descriptor. Since Linux 5.2 unless another version is named.
    """

    FSCONFIG_SET_FLAG = 0, "Set the parameter key, which takes no value: value is NULL, aux 0."
    FSCONFIG_SET_STRING = (
        1,
        "Set the parameter key to the string value; numbers too are written so. aux is 0.",
    )
    FSCONFIG_SET_BINARY = 2, "Set the parameter key to the aux bytes at value, at most 1 MiB."
    FSCONFIG_SET_PATH = (
        3,
        "Set the parameter key to what is at the path value, relative to the descriptor aux.",
    )
    FSCONFIG_SET_PATH_EMPTY = 4, "As FSCONFIG_SET_PATH, and an empty path means the descriptor aux itself."
    FSCONFIG_SET_FD = 5, "Set the parameter key to the open descriptor aux; value is NULL."
    FSCONFIG_CMD_CREATE = (
        6,
        """Make the file system from the parameters set so far, for fsmount. If it is mounted already
        it may be that one, and its parameters stay as they were. key and value are NULL, aux 0.""",
    )
    FSCONFIG_CMD_RECONFIGURE = (
        7,
        """Apply the parameters to the mounted file system that fspick took. key and value are NULL,
        aux 0.""",
    )
    FSCONFIG_CMD_CREATE_EXCL = (
        8,
        """As FSCONFIG_CMD_CREATE, but fail with EBUSY if the file system is mounted already. Since
        Linux 6.6.""",
    )


class StatmountMask(DocumentedFlag):
    """Which fields statmount is asked for (param of the request), and which it filled in (mask of
    the answer). Those it does not know it leaves out, without an error. Since Linux 6.8 unless
    another version is named.

    Strings lie behind the structure; a buffer too small for them ends in EOVERFLOW.
    """

    STATMOUNT_SB_BASIC = 0x00000001, "The device, magic number and flags of the file system: sb_*."
    STATMOUNT_MNT_BASIC = (
        0x00000002,
        "Ids of the mount and its parent, attributes, propagation and peers: mnt_*.",
    )
    STATMOUNT_PROPAGATE_FROM = (
        0x00000004,
        "propagate_from: the nearest group within reach that it receives mounts from.",
    )
    STATMOUNT_MNT_ROOT = (
        0x00000008,
        "mnt_root: which directory of the file system is mounted, not / for a bind of a part.",
    )
    STATMOUNT_MNT_POINT = 0x00000010, "mnt_point: where it is mounted, seen from the caller's root."
    STATMOUNT_FS_TYPE = 0x00000020, "fs_type: the kind of file system."
    STATMOUNT_MNT_NS_ID = 0x00000040, "mnt_ns_id: the mount namespace it is in. Since Linux 6.11."
    STATMOUNT_MNT_OPTS = (
        0x00000080,
        """mnt_opts: the options of the file system, between commas and with escapes. Since Linux 6.11.""",
    )
    STATMOUNT_FS_SUBTYPE = 0x00000100, "fs_subtype: sshfs in fuse.sshfs. Since Linux 6.13."
    STATMOUNT_SB_SOURCE = 0x00000200, "sb_source: what was mounted, a device mostly. Since Linux 6.13."
    STATMOUNT_OPT_ARRAY = (
        0x00000400,
        "opt_num and opt_array: the options one by one, without escapes. Since Linux 6.13.",
    )
    STATMOUNT_OPT_SEC_ARRAY = (
        0x00000800,
        "opt_sec_num and opt_sec_array: those of the security modules. Since Linux 6.13.",
    )
    STATMOUNT_SUPPORTED_MASK = (
        0x00001000,
        "supported_mask: which of these bits the kernel knows. Since Linux 6.15.",
    )
    STATMOUNT_MNT_UIDMAP = (
        0x00002000,
        """mnt_uidmap_num and mnt_uidmap: how an id-mapped mount maps users, as the caller's
        namespace numbers them. Since Linux 6.15.""",
    )
    STATMOUNT_MNT_GIDMAP = 0x00004000, "mnt_gidmap_num and mnt_gidmap: the same for groups. Since Linux 6.15."


class StatmountFlags(DocumentedFlag):
    """The flags of statmount."""

    STATMOUNT_BY_FD = (
        0x00000001,
        """The mount is that of the descriptor mnt_fd in the request, even if it was detached since;
        mnt_id and mnt_ns_id must be 0. Since Linux 7.0.""",
    )


class ListmountFlags(DocumentedFlag):
    """The flags of listmount."""

    LISTMOUNT_REVERSE = 1 << 0, "The latest mounts first. Since Linux 6.11."


class StatfsFlags(DocumentedFlag):
    """What holds for a mounted filesystem: f_flags of a statfs.

    Since Linux 2.6.36 unless another version is named.
    """

    ST_RDONLY = 1, "It cannot be written to."
    ST_NOSUID = 2, "Programs run without set-user-ID, set-group-ID and file capabilities."
    ST_NODEV = 4, "Device files cannot be opened."
    ST_NOEXEC = 8, "Programs cannot be run."
    ST_SYNCHRONOUS = 0x10, "Every write waits for the disk."
    ST_VALID = 0x20, "The kernel filled the flags in. Always set."
    ST_MANDLOCK = 0x40, "Mandatory locks were asked for; without effect in Linux 7.2."
    ST_NOATIME = 0x400, "Reading does not change access times."
    ST_NODIRATIME = 0x800, "Reading does not change access times of directories."
    ST_RELATIME = 0x1000, "Reading changes access times seldom."
    ST_NOSYMFOLLOW = 0x2000, "Symbolic links are not followed. Since Linux 5.10."
