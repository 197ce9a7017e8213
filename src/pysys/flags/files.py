"""What the calls that open, examine, change and lock files take."""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value

AT_FDCWD = -100
"""In place of a directory's descriptor: relative paths begin at the working directory. Since Linux 2.6.16."""

FD_PIDFS_ROOT = -10002
"""In place of a descriptor: the root of pidfs, to open a handle of a process there. Since Linux 6.17."""

FD_NSFS_ROOT = -10003
"""In place of a descriptor: the root of nsfs, to open a handle of a namespace there. Since Linux 6.18."""

S_IFMT = 0o170000
"""The bits of a mode that hold the FileType; the rest is FileMode."""


class OpenFlags(DocumentedFlag):
    """How a file is opened: open, openat, openat2; some also pipe2, dup3, memfd calls and F_SETFL.

    One access mode (the low two bits, O_ACCMODE), combined with any of the rest. The access modes
    are numbers, not bits: O_RDONLY is 0, so test with ``flags & O_ACCMODE == O_RDONLY``. Flags of
    creation (O_CREAT to O_TRUNC, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_TMPFILE) act once; the
    others are the status of the open file, seen with F_GETFL and shared by every duplicate of the
    descriptor. open and openat drop flags that they do not know; openat2 answers EINVAL.
    """

    O_RDONLY = 0, "Open for reading only. It is 0: no bit to test. Since Linux 1.0."
    O_WRONLY = 1, "Open for writing only. Since Linux 1.0."
    O_RDWR = 2, "Open for both. It is not O_RDONLY | O_WRONLY. Since Linux 1.0."
    O_ACCMODE = (
        3,
        """The mask of the access mode. As a mode, 3 asks for permission to read and to write and
        gives a descriptor that can do neither, for ioctl alone. Since Linux 1.0.""",
    )
    O_CREAT = (
        value("O_CREAT"),
        """Create a regular file if there is none; the mode argument counts, less the umask, and
        without this flag or O_TMPFILE it is not looked at (openat2 wants 0 then). With
        O_DIRECTORY it is EINVAL since 6.4. Since Linux 1.0.""",
    )
    O_EXCL = (
        value("O_EXCL"),
        """With O_CREAT: fail with EEXIST if the path is there, be it a dangling symbolic link.
        With O_TMPFILE: the file can never be linked. Alone, it has a meaning for block devices
        only: EBUSY if the device is in use, as a mounted one is. Since Linux 1.0.""",
    )
    O_NOCTTY = (
        value("O_NOCTTY"),
        """A terminal that is opened does not become the controlling terminal of a session leader
        that has none. Since Linux 1.0.""",
    )
    O_TRUNC = (
        value("O_TRUNC"),
        """Cut a regular file to length 0. Needs permission to write; with O_RDONLY it truncates
        as well. Since Linux 1.0.""",
    )
    O_APPEND = (
        value("O_APPEND"),
        """Each write goes to the end of the file, wherever the position is; so does pwrite,
        whatever its offset says (RWF_NOAPPEND lifts that). F_SETFL can change it. Over NFS, two
        writers may still collide. Since Linux 1.0.""",
    )
    O_NONBLOCK = (
        value("O_NONBLOCK"),
        """Do not wait: EAGAIN instead. It is without effect on regular files and directories. A
        FIFO opens at once for reading, and answers ENXIO for writing if it has no reader. As status
        it is shared by all duplicates, also in other processes. Since Linux 1.0.""",
    )
    O_DSYNC = (
        value("O_DSYNC"),
        """A write returns when the data, and what is needed to read it back, are on the medium.
        Since Linux 2.6.33; before, the bit was called O_SYNC and did this.""",
    )
    FASYNC = (
        value("FASYNC"),
        """Send SIGIO, or what F_SETSIG chose, to the owner set by F_SETOWN when I/O becomes
        possible. open accepts it without effect: set it with F_SETFL. The C library calls it
        O_ASYNC. Since Linux 1.0 for terminals and sockets, 2.6 for pipes.""",
    )
    O_ASYNC = FASYNC
    O_DIRECT = (
        value("O_DIRECT"),
        """Move data between the caller's memory and the device, past the page cache. Offset,
        length and address must be aligned (STATX_DIOALIGN reports how), else EINVAL. It does not
        make writes durable; for that add O_DSYNC. On a pipe (since 3.4): each write is a packet
        that one read takes. Since Linux 2.4.10.""",
    )
    O_LARGEFILE = (
        value("O_LARGEFILE"),
        """Allow offsets beyond 31 bits. 64-bit programs have it always, and F_GETFL shows it to
        them; a 32-bit program that calls the kernel directly must set it. Since Linux 2.4.""",
    )
    O_DIRECTORY = (
        value("O_DIRECTORY"),
        "Fail with ENOTDIR if the path is not a directory. Since Linux 2.1.126.",
    )
    O_NOFOLLOW = (
        value("O_NOFOLLOW"),
        """Fail with ELOOP if the last component is a symbolic link; with O_PATH, open the link
        itself. Links earlier in the path are followed: RESOLVE_NO_SYMLINKS refuses them too.
        Since Linux 2.1.126.""",
    )
    O_NOATIME = (
        value("O_NOATIME"),
        """Reading leaves the access time alone. EPERM unless the caller owns the file or has
        CAP_FOWNER. Since Linux 2.6.8.""",
    )
    O_CLOEXEC = (
        value("O_CLOEXEC"),
        """Close the descriptor on exec. Setting FD_CLOEXEC afterwards is too late for a thread
        that forks in between. F_GETFL does not show it. Since Linux 2.6.23.""",
    )
    O_SYNC = (
        value("O_SYNC"),
        """Like O_DSYNC, whose bit it includes, and the rest of the metadata as well, such as the
        time of modification. Since Linux 2.6.33 with this value; before, it was O_DSYNC's.""",
    )
    O_PATH = (
        value("O_PATH"),
        """Only locate the file: no permission on the file itself is needed, and the descriptor
        cannot read, write or ioctl. It serves as a directory for the calls with ...at, for fstat,
        fchdir, dup, exec by AT_EMPTY_PATH, and to be passed on. Beside it only O_CLOEXEC,
        O_DIRECTORY, O_NOFOLLOW and O_EMPTYPATH count. Since Linux 2.6.39.""",
    )
    O_TMPFILE = (
        value("O_TMPFILE"),
        """Create an unnamed regular file in the directory that the path names; it vanishes with
        its last descriptor unless linkat gives it a name. Needs O_WRONLY or O_RDWR, and takes a
        mode. It includes O_DIRECTORY, so test all its bits. Not every filesystem can
        (EOPNOTSUPP). Since Linux 3.11.""",
    )
    O_EMPTYPATH = (
        0x4000000,
        """An empty path opens again what the directory descriptor refers to, a descriptor made
        with O_PATH included, without a way through /proc/self/fd. Since Linux 7.2.""",
    )
    OPENAT2_REGULAR = (
        1 << 32,
        """Fail with EFTYPE unless it is a regular file. openat2 only, whose flags have 64 bits;
        excludes O_DIRECTORY. Since Linux 7.2.""",
    )


class PipeFlags(DocumentedFlag):
    """What only pipe2 understands, besides O_CLOEXEC, O_DIRECT and O_NONBLOCK of OpenFlags."""

    O_NOTIFICATION_PIPE = (
        value("O_NOTIFICATION_PIPE"),
        """The kernel writes notifications into the pipe, of keys for instance, and nobody else
        can. The bit is O_EXCL's. ENOPKG if the kernel was built without. Since Linux 5.8.""",
    )


class AtFlags(DocumentedFlag):
    """Flags of the calls that take a directory's descriptor and a path.

    Each call accepts some of them and answers EINVAL to the others. The bit 0x200 means another
    thing to each call that has it, under several names.
    """

    AT_SYMLINK_NOFOLLOW = (
        0x100,
        """If the last component is a symbolic link, act on the link itself. For fchmodat2, since
        6.6; the older fchmodat has no flags. Since Linux 2.6.16.""",
    )
    AT_REMOVEDIR = (
        0x200,
        """To unlinkat: remove a directory, as rmdir does. To faccessat2 the bit is AT_EACCESS: ask
        with the effective ids, not the real ones. To name_to_handle_at it is AT_HANDLE_FID. Since
        Linux 2.6.16, faccessat2 since 5.8.""",
    )
    AT_EACCESS = AT_REMOVEDIR
    AT_SYMLINK_FOLLOW = (
        0x400,
        """To linkat and name_to_handle_at, which do not by themselves: follow a symbolic link at
        the end of the path. Since Linux 2.6.18.""",
    )
    AT_NO_AUTOMOUNT = (
        0x800,
        """Do not mount what the last component would mount on access. stat and lstat never do.
        Since Linux 2.6.38.""",
    )
    AT_EMPTY_PATH = (
        0x1000,
        """An empty path stands for what the descriptor refers to. linkat wants CAP_DAC_READ_SEARCH
        for it, or since 6.10 that the caller opened the file with the same credentials. Since
        6.11 the stat calls take NULL for the empty path. Since Linux 2.6.39.""",
    )
    AT_STATX_SYNC_AS_STAT = (
        0,
        "To statx: as fresh as stat would give it, which the filesystem decides. Since Linux 4.11.",
    )
    AT_STATX_FORCE_SYNC = (
        0x2000,
        """To statx: ask the server of a network filesystem, at the price of writing back what is
        pending there. Since Linux 4.11.""",
    )
    AT_STATX_DONT_SYNC = (
        0x4000,
        """To statx: what is known here is good enough, the server is not asked. With
        AT_STATX_FORCE_SYNC it is EINVAL. Since Linux 4.11.""",
    )
    AT_STATX_SYNC_TYPE = 0x6000, "The mask of the two bits above. Since Linux 4.11."
    AT_RECURSIVE = (
        0x8000,
        """To open_tree, mount_setattr and their kin: the mounts below as well. Since Linux 5.2.""",
    )
    AT_EXECVE_CHECK = (
        0x10000,
        """To execveat: answer whether an exec would be allowed, and do not exec. An interpreter
        asks it for the script that it reads. Since Linux 6.14.""",
    )


class HandleFlags(DocumentedFlag):
    """What only name_to_handle_at understands, besides AT_EMPTY_PATH and AT_SYMLINK_FOLLOW of AtFlags."""

    AT_HANDLE_MNT_ID_UNIQUE = (
        0x001,
        """The mount id is the 64-bit one that is never used again: the last pointer is to 64 bits,
        not to an int. Since Linux 6.12.""",
    )
    AT_HANDLE_CONNECTABLE = (
        0x002,
        """A handle with which open_by_handle_at finds the file's path as well. Not for directories
        nor for AT_EMPTY_PATH. Since Linux 6.13.""",
    )
    AT_HANDLE_FID = (
        0x200,
        """An id to compare with, as fanotify reports them; it need not be good for
        open_by_handle_at, so that more filesystems give one. Since Linux 6.5.""",
    )


class ResolveFlags(DocumentedFlag):
    """How openat2 may walk the path, the resolve field of struct open_how.

    Unlike O_NOFOLLOW they hold for every component. Since Linux 5.6 unless it says otherwise.
    """

    RESOLVE_NO_XDEV = (
        0x01,
        """Cross no mount point, up or down, bind mounts included: EXDEV. Since Linux 5.6.""",
    )
    RESOLVE_NO_MAGICLINKS = (
        0x02,
        """Follow no magic link, one that leads to an object and not through a path, as those of
        /proc/self/fd: ELOOP. Since Linux 5.6.""",
    )
    RESOLVE_NO_SYMLINKS = (
        0x04,
        """Follow no symbolic link at all: ELOOP. Implies RESOLVE_NO_MAGICLINKS. A trailing link
        can be opened itself with O_PATH and O_NOFOLLOW. Since Linux 5.6.""",
    )
    RESOLVE_BENEATH = (
        0x08,
        """Stay below the directory: an absolute path or link, or a .. that leads out, is EXDEV.
        Magic links are refused too. EAGAIN if a rename elsewhere made it impossible to know:
        try again. Excludes RESOLVE_IN_ROOT. Since Linux 5.6.""",
    )
    RESOLVE_IN_ROOT = (
        0x10,
        """Take the directory for the root: absolute paths and links begin there, and .. stops
        there, as after chroot. Magic links are refused. EAGAIN as with RESOLVE_BENEATH. Since
        Linux 5.6.""",
    )
    RESOLVE_CACHED = (
        0x20,
        """Only if all of the path is in the kernel's cache, else EAGAIN at once. Excludes O_TRUNC,
        O_CREAT and O_TMPFILE. Since Linux 5.12.""",
    )


class StatxMask(DocumentedFlag):
    """Which fields statx is asked for, and in the answer's stx_mask, which it gave.

    More may be answered than was asked, and less: look at stx_mask. What is missing is 0 or a
    made-up value, such as the link count of 1 on filesystems without.
    """

    STATX_TYPE = 0x1, "The type in stx_mode. Since Linux 4.11."
    STATX_MODE = 0x2, "The permission bits in stx_mode. Since Linux 4.11."
    STATX_NLINK = 0x4, "stx_nlink, the number of hard links. Since Linux 4.11."
    STATX_UID = 0x8, "stx_uid, the owner. Since Linux 4.11."
    STATX_GID = 0x10, "stx_gid, the group. Since Linux 4.11."
    STATX_ATIME = 0x20, "stx_atime, the last access; relatime and noatime make it lag. Since Linux 4.11."
    STATX_MTIME = 0x40, "stx_mtime, the last change of the content. Since Linux 4.11."
    STATX_CTIME = 0x80, "stx_ctime, the last change of the inode: no creation time. Since Linux 4.11."
    STATX_INO = 0x100, "stx_ino, the inode number. Since Linux 4.11."
    STATX_SIZE = 0x200, "stx_size, in bytes. Since Linux 4.11."
    STATX_BLOCKS = 0x400, "stx_blocks, what is allocated, in units of 512 bytes. Since Linux 4.11."
    STATX_BASIC_STATS = 0x7FF, "All of the above, what stat answers. Since Linux 4.11."
    STATX_BTIME = 0x800, "stx_btime, the creation, where the filesystem keeps it. Since Linux 4.11."
    STATX_ALL = (
        0xFFF,
        """The basic ones and STATX_BTIME, and it stays so: newer fields are not in it. Write the
        two instead. Since Linux 4.11.""",
    )
    STATX_MNT_ID = (
        0x1000,
        "stx_mnt_id, the mount's id as in /proc/self/mountinfo, which is used again. Since Linux 5.8.",
    )
    STATX_DIOALIGN = (
        0x2000,
        """stx_dio_mem_align and stx_dio_offset_align: how O_DIRECT must be aligned; both 0 if it
        is not supported for this file. Since Linux 6.1.""",
    )
    STATX_MNT_ID_UNIQUE = (
        0x4000,
        "stx_mnt_id, the id that is never used again, which statmount takes. Since Linux 6.8.",
    )
    STATX_SUBVOL = 0x8000, "stx_subvol, the subvolume of btrfs or bcachefs. Since Linux 6.10."
    STATX_WRITE_ATOMIC = (
        0x10000,
        "The stx_atomic_write fields: sizes that RWF_ATOMIC takes here. Since Linux 6.11.",
    )
    STATX_DIO_READ_ALIGN = (
        0x20000,
        "stx_dio_read_offset_align: alignment for reading, where it is less. Since Linux 6.14.",
    )
    STATX__RESERVED = 0x80000000, "Kept for a larger struct; statx answers EINVAL. Since Linux 4.11."


class StatxAttributes(DocumentedFlag):
    """Bits of stx_attributes in the answer of statx.

    A bit means something only where stx_attributes_mask has it too: else the filesystem does not
    know.
    """

    STATX_ATTR_COMPRESSED = 0x4, "The filesystem compresses the file. Since Linux 4.11."
    STATX_ATTR_IMMUTABLE = (
        0x10,
        "Nobody, root included, may change, rename, link or remove the file. Since Linux 4.11.",
    )
    STATX_ATTR_APPEND = 0x20, "It can be opened for writing with O_APPEND only. Since Linux 4.11."
    STATX_ATTR_NODUMP = 0x40, "Backup programs are asked to leave it out. Since Linux 4.11."
    STATX_ATTR_ENCRYPTED = 0x800, "The filesystem encrypts it: it needs a key. Since Linux 4.11."
    STATX_ATTR_AUTOMOUNT = 0x1000, "Access to this directory mounts something. Since Linux 4.11."
    STATX_ATTR_MOUNT_ROOT = 0x2000, "It is the root of a mount. Since Linux 5.8."
    STATX_ATTR_VERITY = (
        0x100000,
        "fs-verity checks it: reading fails where the content is not what was sealed. Since Linux 5.5.",
    )
    STATX_ATTR_DAX = (
        0x200000,
        "It is mapped from the medium directly, without a page cache. Since Linux 5.8.",
    )
    STATX_ATTR_WRITE_ATOMIC = 0x400000, "It takes writes with RWF_ATOMIC. Since Linux 6.11."


class SeekWhence(DocumentedEnum):
    """Where the offset of lseek counts from; also l_whence of a lock."""

    SEEK_SET = 0, "The beginning of the file. Since Linux 1.0."
    SEEK_CUR = 1, "The position. Since Linux 1.0."
    SEEK_END = 2, "The end; beyond it, a write leaves a hole. Since Linux 1.0."
    SEEK_DATA = (
        3,
        """To the next place at or after the offset that has data; ENXIO if there is none. A
        filesystem may call all of the file data. Since Linux 3.1.""",
    )
    SEEK_HOLE = (
        4,
        "To the next hole at or after the offset; the end of the file counts as one. Since Linux 3.1.",
    )


class FcntlCommand(DocumentedEnum):
    """Commands of fcntl. What the third argument is depends on the command.

    32-bit programs need fcntl64 for the locks with 64-bit offsets. Numbers differ between
    architectures, and some names share one number.
    """

    F_DUPFD = (
        0,
        "Duplicate to the lowest free descriptor that is at least the argument. Since Linux 1.0.",
    )
    F_GETFD = 1, "The FdFlags of this descriptor. Since Linux 1.0."
    F_SETFD = (
        2,
        "Set the FdFlags, which belong to the descriptor and not to its duplicates. Since Linux 1.0.",
    )
    F_GETFL = (
        3,
        """The access mode and the status flags, as OpenFlags. Mask with O_ACCMODE for the mode.
        Since Linux 1.0.""",
    )
    F_SETFL = (
        4,
        """Set the status flags: O_APPEND, O_NONBLOCK, FASYNC, O_DIRECT, O_NOATIME; all others in
        the argument are dropped silently. Read with F_GETFL first, or the others are cleared.
        Since Linux 1.0.""",
    )
    F_GETLK = (
        value("F_GETLK"),
        """Is there a lock in the way of the one in struct flock? It is written over with that lock,
        or its type becomes F_UNLCK. The process's own locks are never in the way. Since Linux 1.0.""",
    )
    F_SETLK = (
        value("F_SETLK"),
        """Take or release a lock of a byte range; EAGAIN or EACCES if another process has it. These
        locks belong to the process: closing any descriptor of the file drops them all, threads do
        not exclude each other, and a forked child has none. F_OFD_SETLK is without these traps.
        Since Linux 1.0.""",
    )
    F_SETLKW = (
        value("F_SETLKW"),
        """F_SETLK that waits. EDEADLK where waiting would close a circle of processes. Since
        Linux 1.0.""",
    )
    F_SETOWN = (
        value("F_SETOWN"),
        """Who gets SIGIO and SIGURG of this file: a process id, or minus that of a group. Since
        Linux 1.0.""",
    )
    F_GETOWN = (
        value("F_GETOWN"),
        """Who gets the signals: a process id, or minus that of a group. Where the kernel returns errors
        as negative numbers, a group's id of 4095 or less looks like one: F_GETOWN_EX tells them apart.
        Since Linux 1.0.""",
    )
    F_SETSIG = (
        value("F_SETSIG"),
        """The signal in place of SIGIO; 0 for SIGIO. With one, a handler with SA_SIGINFO learns the
        descriptor, and a realtime signal is queued. Since Linux 2.2.""",
    )
    F_GETSIG = value("F_GETSIG"), "The signal that F_SETSIG chose, 0 for SIGIO. Since Linux 2.2."
    F_GETLK64 = (
        value("F_GETLK64", default=value("F_GETLK")),
        """F_GETLK with struct flock64, for fcntl64 of 32-bit programs. 64-bit programs have no such
        command: there the name stands for F_GETLK, whose offsets have 64 bits. Since Linux 2.4.""",
    )
    F_SETLK64 = (
        value("F_SETLK64", default=value("F_SETLK")),
        "F_SETLK with struct flock64, or on 64-bit programs F_SETLK itself. Since Linux 2.4.",
    )
    F_SETLKW64 = (
        value("F_SETLKW64", default=value("F_SETLKW")),
        "F_SETLKW with struct flock64, or on 64-bit programs F_SETLKW itself. Since Linux 2.4.",
    )
    F_SETOWN_EX = (
        15,
        """F_SETOWN with a struct f_owner_ex, which can also name one thread. Since Linux 2.6.32.""",
    )
    F_GETOWN_EX = 16, "F_GETOWN into a struct f_owner_ex. Since Linux 2.6.32."
    F_GETOWNER_UIDS = (
        17,
        """The real and effective user id that the signals are sent with, as two of them in an
        array. Needs a kernel with checkpoint and restore. Since Linux 3.6.""",
    )
    F_OFD_GETLK = 36, "F_GETLK as a lock of F_OFD_SETLK would see it. Since Linux 3.15."
    F_OFD_SETLK = (
        37,
        """A lock of a byte range that belongs to the open file: duplicates and forked children
        share it, two opens exclude each other also in one process, and it ends with the last
        close. l_pid must be 0. Since Linux 3.15.""",
    )
    F_OFD_SETLKW = (
        38,
        "F_OFD_SETLK that waits; the kernel does not look for a deadlock. Since Linux 3.15.",
    )
    F_SETLEASE = (
        1024,
        """Ask for SIGIO before another process opens (F_RDLCK: for writing; F_WRLCK: at all) or
        truncates the file; who opens waits until the lease is given up, at most
        /proc/sys/fs/lease-break-time. Own files or CAP_LEASE. Since Linux 2.4.""",
    )
    F_GETLEASE = 1025, "The kind of lease, as LockType. Since Linux 2.4."
    F_NOTIFY = (
        1026,
        "Signals about changes in this directory, DnotifyEvents. inotify replaced it. Since Linux 2.4.",
    )
    F_DUPFD_QUERY = (
        1027,
        """Do both descriptors refer to the same open file? 1 or 0. The same as kcmp reports, without
        its permissions. Since Linux 6.10.""",
    )
    F_CREATED_QUERY = (
        1028,
        "Did the open with O_CREAT create the file (1), or was it there (0)? Since Linux 6.12.",
    )
    F_CANCELLK = 1029, "Internal to the kernel; fcntl answers EINVAL. Since Linux 2.6.24 or earlier."
    F_DUPFD_CLOEXEC = 1030, "F_DUPFD with FD_CLOEXEC set on the duplicate. Since Linux 2.6.24."
    F_SETPIPE_SZ = (
        1031,
        """Give a pipe a capacity of that many bytes, rounded up to a power of two of pages; the result is
        what it has. Above /proc/sys/fs/pipe-max-size needs CAP_SYS_RESOURCE. Since Linux 2.6.35.""",
    )
    F_GETPIPE_SZ = 1032, "The capacity of a pipe in bytes. Since Linux 2.6.35."
    F_ADD_SEALS = (
        1033,
        """Add SealFlags to a memory file made with MFD_ALLOW_SEALING. Seals are never taken off.
        Since Linux 3.17.""",
    )
    F_GET_SEALS = 1034, "The seals of a memory file; EINVAL on any other. Since Linux 3.17."
    F_GET_RW_HINT = 1035, "The WriteLifeHint of the inode, into 64 bits. Since Linux 4.13."
    F_SET_RW_HINT = (
        1036,
        "Say how long what is written to this inode will live; argument as above. Since Linux 4.13.",
    )
    F_GET_FILE_RW_HINT = 1037, "The hint of the open file. EINVAL since 5.18. Since Linux 4.13."
    F_SET_FILE_RW_HINT = 1038, "Set the hint of the open file. EINVAL since 5.18. Since Linux 4.13."
    F_GETDELEG = 1039, "The delegation of this file, in a struct delegation. Since Linux 6.19."
    F_SETDELEG = (
        1040,
        """As F_SETLEASE, but for directories as well, and broken also by changes of names and
        attributes; what file servers promise their clients with. Since Linux 6.19.""",
    )


class FdFlags(DocumentedFlag):
    """Flags of a descriptor, for F_GETFD and F_SETFD. Its duplicates have their own."""

    FD_CLOEXEC = 1, "exec closes the descriptor. Since Linux 1.0."


class OwnerType(DocumentedEnum):
    """What the id in a struct f_owner_ex of F_SETOWN_EX is."""

    F_OWNER_TID = 0, "A thread. Since Linux 2.6.32."
    F_OWNER_PID = 1, "A process. Since Linux 2.6.32."
    F_OWNER_PGRP = 2, "A process group. Since Linux 2.6.32."


class LockType(DocumentedEnum):
    """l_type of a lock, and the kinds of leases. The numbers differ between architectures."""

    F_RDLCK = (
        value("F_RDLCK"),
        "Shared: any number of readers. The file must be open for reading. Since Linux 1.0.",
    )
    F_WRLCK = (
        value("F_WRLCK"),
        "Exclusive. The file must be open for writing. Since Linux 1.0.",
    )
    F_UNLCK = value("F_UNLCK"), "None: release; in an answer, nothing is in the way. Since Linux 1.0."


class FlockOperation(DocumentedFlag):
    """What flock does to the lock of a file.

    Such locks belong to the open file, are shared by duplicates and forked children, and do not
    see those of fcntl (but over NFS they become such).
    """

    LOCK_SH = 1, "Take it shared. Since Linux 2.0."
    LOCK_EX = 2, "Take it exclusively. Shared to exclusive is not atomic. Since Linux 2.0."
    LOCK_NB = 4, "Do not wait: EAGAIN. Combine it with one of the others. Since Linux 2.0."
    LOCK_UN = 8, "Release it, for all duplicates. Since Linux 2.0."
    LOCK_MAND = (
        32,
        "A mandatory lock. It never worked; since 5.16 flock answers 0 and locks nothing. Since Linux 2.2.",
    )
    LOCK_READ = 64, "Belonged to LOCK_MAND: allow reading. Since Linux 2.2."
    LOCK_WRITE = 128, "Belonged to LOCK_MAND: allow writing. Since Linux 2.2."
    LOCK_RW = 192, "Belonged to LOCK_MAND: allow both. Since Linux 2.2."


class SealFlags(DocumentedFlag):
    """What can no longer be done to a memory file: F_ADD_SEALS, F_GET_SEALS."""

    F_SEAL_SEAL = 0x01, "Add further seals. Since Linux 3.17."
    F_SEAL_SHRINK = 0x02, "Make the file shorter. Since Linux 3.17."
    F_SEAL_GROW = 0x04, "Make the file longer. Since Linux 3.17."
    F_SEAL_WRITE = (
        0x08,
        """Change the content. EBUSY while there is a shared mapping that is writable. Since 6.7 a
        shared mapping for reading is allowed afterwards. Since Linux 3.17.""",
    )
    F_SEAL_FUTURE_WRITE = (
        0x10,
        "Write, or map writably, from now on; mappings that are there go on writing. Since Linux 5.1.",
    )
    F_SEAL_EXEC = 0x20, "Change the execute bits of the mode. Since Linux 6.3."


class WriteLifeHint(DocumentedEnum):
    """How long data will live, relative to other data, for F_SET_RW_HINT. 64 bits in memory."""

    RWH_WRITE_LIFE_NOT_SET = 0, "Nothing is said. Since Linux 4.13."
    RWH_WRITE_LIFE_NONE = 1, "There is explicitly no hint. Since Linux 4.13."
    RWH_WRITE_LIFE_SHORT = 2, "Short. Since Linux 4.13."
    RWH_WRITE_LIFE_MEDIUM = 3, "Longer. Since Linux 4.13."
    RWH_WRITE_LIFE_LONG = 4, "Yet longer. Since Linux 4.13."
    RWH_WRITE_LIFE_EXTREME = 5, "Longest. Since Linux 4.13."


class FallocateMode(DocumentedFlag):
    """What fallocate does to a range. One of them, and FALLOC_FL_KEEP_SIZE where it goes with it.

    A filesystem that cannot do it answers EOPNOTSUPP; only reserving space is widely known.
    """

    FALLOC_FL_ALLOCATE_RANGE = (
        0,
        "Reserve space, so that writing there cannot fail with ENOSPC. Since Linux 2.6.23.",
    )
    FALLOC_FL_KEEP_SIZE = (
        0x01,
        "Leave the length of the file as it is, also when reserving beyond it. Since Linux 2.6.23.",
    )
    FALLOC_FL_PUNCH_HOLE = (
        0x02,
        """Give the space back; the range reads as zeros. Needs FALLOC_FL_KEEP_SIZE. Partial blocks
        at its ends are zeroed, not freed. Since Linux 2.6.38.""",
    )
    FALLOC_FL_NO_HIDE_STALE = 0x04, "Taken by programs of others; refused. Since Linux 3.7."
    FALLOC_FL_COLLAPSE_RANGE = (
        0x08,
        """Take the range out and move what follows down, no hole stays. In full blocks, and not
        up to the end of the file, for which there is ftruncate. Since Linux 3.15.""",
    )
    FALLOC_FL_ZERO_RANGE = (
        0x10,
        "Make it read as zeros, the space stays reserved; cheaper than writing them. Since Linux 3.15.",
    )
    FALLOC_FL_INSERT_RANGE = (
        0x20,
        "Make a hole by moving what follows up. In full blocks, inside of the file. Since Linux 4.1.",
    )
    FALLOC_FL_UNSHARE_RANGE = (
        0x40,
        """Give the file its own copy of blocks that it shares with others, so that writing there
        cannot fail with ENOSPC. Since Linux 4.9.""",
    )
    FALLOC_FL_WRITE_ZEROES = (
        0x80,
        """Zeros that are written, where the device does so quickly: overwriting needs no change of
        metadata later. Excludes FALLOC_FL_KEEP_SIZE. Since Linux 6.17.""",
    )


class FadviseAdvice(DocumentedEnum):
    """What fadvise64 says about the coming accesses to a file."""

    POSIX_FADV_NORMAL = 0, "Nothing special: the usual readahead. Since Linux 2.5.60."
    POSIX_FADV_RANDOM = 1, "In no order: no readahead. For all of the open file. Since Linux 2.5.60."
    POSIX_FADV_SEQUENTIAL = (
        2,
        "From front to back: twice the readahead. For all of the open file. Since Linux 2.5.60.",
    )
    POSIX_FADV_WILLNEED = 3, "Soon: read the range into the cache in the background. Since Linux 2.5.60."
    POSIX_FADV_DONTNEED = (
        value("POSIX_FADV_DONTNEED"),
        """Not soon: drop full pages of the range from the cache. Pages not written back yet stay,
        so call fsync first. Since Linux 2.5.60.""",
    )
    POSIX_FADV_NOREUSE = (
        value("POSIX_FADV_NOREUSE"),
        """Once: reading does not make the pages precious. Without effect from 2.6.18 to 6.2. Since
        Linux 2.5.60.""",
    )


class SyncFileRangeFlags(DocumentedFlag):
    """Steps of sync_file_range, in this order.

        None of them writes metadata nor makes the device write its cache: it spreads the load, and
    does not replace fdatasync.
    """

    SYNC_FILE_RANGE_WAIT_BEFORE = (
        1,
        "Wait for pages of the range that are being written. Since Linux 2.6.17.",
    )
    SYNC_FILE_RANGE_WRITE = (
        2,
        "Begin to write those that are dirty; it may wait for the queue. Since Linux 2.6.17.",
    )
    SYNC_FILE_RANGE_WAIT_AFTER = 4, "Wait until they are written. Since Linux 2.6.17."
    SYNC_FILE_RANGE_WRITE_AND_WAIT = 7, "All three. Since Linux 5.2."


class SpliceFlags(DocumentedFlag):
    """Flags of splice, tee and vmsplice."""

    SPLICE_F_MOVE = 1, "Move pages rather than copy. Without effect since 2.6.21. Since Linux 2.6.17."
    SPLICE_F_NONBLOCK = (
        2,
        "Do not wait for the pipe; the other side waits unless it has O_NONBLOCK. Since Linux 2.6.17.",
    )
    SPLICE_F_MORE = 4, "More follows: a socket may hold back a partial packet. Since Linux 2.6.17."
    SPLICE_F_GIFT = (
        8,
        "To vmsplice: the pages are handed over and not changed any more. Since Linux 2.6.17.",
    )


class RenameFlags(DocumentedFlag):
    """Flags of renameat2. A filesystem that cannot do one answers EINVAL."""

    RENAME_NOREPLACE = 1, "Fail with EEXIST if the new path is there. Since Linux 3.15."
    RENAME_EXCHANGE = (
        2,
        "Exchange the two, atomically; both must be there, of any type. Since Linux 3.15.",
    )
    RENAME_WHITEOUT = (
        4,
        """Leave a whiteout in the old place, a character device 0:0 that hides a lower layer of
        overlayfs. Excludes RENAME_EXCHANGE. Since Linux 3.18.""",
    )


class XattrFlags(DocumentedFlag):
    """Flags of setxattr and its kin; without one, set it either way."""

    XATTR_CREATE = 1, "Fail with EEXIST if there is such an attribute. Since Linux 2.4.18."
    XATTR_REPLACE = 2, "Fail with ENODATA if there is none. Since Linux 2.4.18."


class AccessMode(DocumentedFlag):
    """What access and faccessat2 ask: with the real ids, unless AT_EACCESS is given.

    The answer may be outdated when it is used. To open a file, open it and see.
    """

    F_OK = 0, "Is it there? Since Linux 1.0."
    X_OK = 1, "May it be executed, or the directory searched? Since Linux 1.0."
    W_OK = 2, "May it be written? Since Linux 1.0."
    R_OK = 4, "May it be read? Since Linux 1.0."


class FileMode(DocumentedFlag):
    """Permission bits of a mode. The umask takes some from those of a new file."""

    S_ISUID = 0o4000, "Executed with the file owner's id. A write clears it. Since Linux 1.0."
    S_ISGID = (
        0o2000,
        """Executed with the file's group; on a directory, new files get the directory's group. chmod
        drops it without a word if the caller is not in the group. Since Linux 1.0.""",
    )
    S_ISVTX = (
        0o1000,
        "On a directory: only owners remove or rename what is in it, as in /tmp. Since Linux 1.0.",
    )
    S_IRWXU = 0o700, "All for the owner. Since Linux 1.0."
    S_IRUSR = 0o400, "The owner reads. Since Linux 1.0."
    S_IWUSR = 0o200, "The owner writes. Since Linux 1.0."
    S_IXUSR = 0o100, "The owner executes, or searches the directory. Since Linux 1.0."
    S_IRWXG = 0o070, "All for the group. Since Linux 1.0."
    S_IRGRP = 0o040, "The group reads. Since Linux 1.0."
    S_IWGRP = 0o020, "The group writes. Since Linux 1.0."
    S_IXGRP = 0o010, "The group executes, or searches the directory. Since Linux 1.0."
    S_IRWXO = 0o007, "All for the others. Since Linux 1.0."
    S_IROTH = 0o004, "Others read. Since Linux 1.0."
    S_IWOTH = 0o002, "Others write. Since Linux 1.0."
    S_IXOTH = 0o001, "Others execute, or search the directory. Since Linux 1.0."


class FileType(DocumentedEnum):
    """The type in a mode, ``mode & S_IFMT``; for mknod, combined with a FileMode."""

    S_IFIFO = 0o010000, "A FIFO, or a pipe. Since Linux 1.0."
    S_IFCHR = 0o020000, "A character device; mknod needs CAP_MKNOD. Since Linux 1.0."
    S_IFDIR = 0o040000, "A directory; mknod makes none. Since Linux 1.0."
    S_IFBLK = 0o060000, "A block device; mknod needs CAP_MKNOD. Since Linux 1.0."
    S_IFREG = 0o100000, "A regular file; to mknod, 0 means it too. Since Linux 1.0."
    S_IFLNK = 0o120000, "A symbolic link. Since Linux 1.0."
    S_IFSOCK = 0o140000, "A socket in the filesystem, or any other. Since Linux 1.0."


class DirentType(DocumentedEnum):
    """d_type of an entry that getdents64 reads."""

    DT_UNKNOWN = 0, "The filesystem does not report it: ask statx. Expect it always. Since Linux 2.4."
    DT_FIFO = 1, "A FIFO. Since Linux 2.4."
    DT_CHR = 2, "A character device; a whiteout is shown as one. Since Linux 2.4."
    DT_DIR = 4, "A directory. Since Linux 2.4."
    DT_BLK = 6, "A block device. Since Linux 2.4."
    DT_REG = 8, "A regular file. Since Linux 2.4."
    DT_LNK = 10, "A symbolic link. Since Linux 2.4."
    DT_SOCK = 12, "A socket. Since Linux 2.4."
    DT_WHT = 14, "A whiteout; no filesystem reports it. Since Linux 2.4."


class RwfFlags(DocumentedFlag):
    """Flags of one preadv2 or pwritev2; what the file cannot do is EOPNOTSUPP."""

    RWF_HIPRI = 0x01, "Poll for the completion, with O_DIRECT and a device that can. Since Linux 4.6."
    RWF_DSYNC = 0x02, "This write as with O_DSYNC. Since Linux 4.7."
    RWF_SYNC = 0x04, "This write as with O_SYNC. Since Linux 4.7."
    RWF_NOWAIT = (
        0x08,
        "EAGAIN rather than wait for the device or a lock; it may move less. Since Linux 4.14.",
    )
    RWF_APPEND = (
        0x10,
        "This write goes to the end, whatever offset is given. Since Linux 4.16.",
    )
    RWF_NOAPPEND = (
        0x20,
        """This write goes to its offset although the file has O_APPEND. Excludes RWF_APPEND; EPERM
        on a file with the append-only attribute. Since Linux 6.9.""",
    )
    RWF_ATOMIC = (
        0x40,
        """Wholly or not at all, also if power fails. The size a power of two within the limits of
        STATX_WRITE_ATOMIC, the offset a multiple of it, and O_DIRECT. Since Linux 6.11.""",
    )
    RWF_DONTCACHE = (
        0x80,
        "Use the page cache, and drop the pages right after. Since Linux 6.14.",
    )
    RWF_NOSIGNAL = 0x100, "EPIPE without the SIGPIPE, as MSG_NOSIGNAL. Since Linux 6.18."


class CloseRangeFlags(DocumentedFlag):
    """Flags of close_range."""

    CLOSE_RANGE_UNSHARE = (
        2,
        """Stop sharing the descriptor table first, so that a thread closes its own only. Since
        Linux 5.9.""",
    )
    CLOSE_RANGE_CLOEXEC = 4, "Set FD_CLOEXEC instead of closing. Since Linux 5.11."


class MemfdFlags(DocumentedFlag):
    """Flags of memfd_create. At most one of the sizes, and only with MFD_HUGETLB."""

    MFD_CLOEXEC = 0x01, "Close the descriptor on exec. Since Linux 3.17."
    MFD_ALLOW_SEALING = 0x02, "Allow F_ADD_SEALS; without it F_SEAL_SEAL is set. Since Linux 3.17."
    MFD_HUGETLB = (
        0x04,
        "Of huge pages, of the default size unless one is chosen. Since Linux 4.14, sealable since 4.16.",
    )
    MFD_NOEXEC_SEAL = (
        0x08,
        """Not executable, and sealed so with F_SEAL_EXEC; implies MFD_ALLOW_SEALING. Since
        Linux 6.3.""",
    )
    MFD_EXEC = (
        0x10,
        """Executable. A system may forbid it (sysctl vm.memfd_noexec). With neither of the two, the
        sysctl decides, and the kernel may complain in its log. Since Linux 6.3.""",
    )
    MFD_HUGE_64KB = 16 << 26, "Huge pages of 64 KiB. Since Linux 4.14."
    MFD_HUGE_512KB = 19 << 26, "Huge pages of 512 KiB. Since Linux 4.14."
    MFD_HUGE_1MB = 20 << 26, "Huge pages of 1 MiB. Since Linux 4.14."
    MFD_HUGE_2MB = 21 << 26, "Huge pages of 2 MiB. Since Linux 4.14."
    MFD_HUGE_8MB = 23 << 26, "Huge pages of 8 MiB. Since Linux 4.14."
    MFD_HUGE_16MB = 24 << 26, "Huge pages of 16 MiB. Since Linux 4.14."
    MFD_HUGE_32MB = 25 << 26, "Huge pages of 32 MiB. Since Linux 4.19."
    MFD_HUGE_256MB = 28 << 26, "Huge pages of 256 MiB. Since Linux 4.14."
    MFD_HUGE_512MB = 29 << 26, "Huge pages of 512 MiB. Since Linux 4.19."
    MFD_HUGE_1GB = 30 << 26, "Huge pages of 1 GiB. Since Linux 4.14."
    MFD_HUGE_2GB = 31 << 26, "Huge pages of 2 GiB. Since Linux 4.14."
    MFD_HUGE_16GB = 34 << 26, "Huge pages of 16 GiB. Since Linux 4.14."


class FileAttributes(DocumentedFlag):
    """fa_xflags of struct file_attr, for file_getattr and file_setattr; also of FS_IOC_FSSETXATTR.

    The values are old ones of XFS, which other filesystems took over in part. The calls came in
    6.17; before, there was the ioctl, since 4.5 for all filesystems.
    """

    FS_XFLAG_REALTIME = 0x1, "The data lie in the realtime volume of XFS. Since Linux 4.5."
    FS_XFLAG_PREALLOC = 0x2, "Space was reserved beyond the end; cannot be set. Since Linux 4.5."
    FS_XFLAG_IMMUTABLE = 0x8, "Nobody can change it; needs CAP_LINUX_IMMUTABLE. Since Linux 4.5."
    FS_XFLAG_APPEND = 0x10, "It can only grow; needs CAP_LINUX_IMMUTABLE. Since Linux 4.5."
    FS_XFLAG_SYNC = 0x20, "All writes are synchronous. Since Linux 4.5."
    FS_XFLAG_NOATIME = 0x40, "The access time is left alone. Since Linux 4.5."
    FS_XFLAG_NODUMP = 0x80, "Backups leave it out. Since Linux 4.5."
    FS_XFLAG_RTINHERIT = 0x100, "Files made in the directory get FS_XFLAG_REALTIME. Since Linux 4.5."
    FS_XFLAG_PROJINHERIT = 0x200, "Files made in it get its project id. Since Linux 4.5."
    FS_XFLAG_NOSYMLINKS = 0x400, "No symbolic links can be made in it. Since Linux 4.5."
    FS_XFLAG_EXTSIZE = 0x800, "fa_extsize says in which units space is taken. Since Linux 4.5."
    FS_XFLAG_EXTSZINHERIT = 0x1000, "Files made in it inherit fa_extsize. Since Linux 4.5."
    FS_XFLAG_NODEFRAG = 0x2000, "The defragmenter leaves it alone. Since Linux 4.5."
    FS_XFLAG_FILESTREAM = 0x4000, "Files of the directory are kept close together. Since Linux 4.5."
    FS_XFLAG_DAX = 0x8000, "Map it from the medium directly, if that has such memory. Since Linux 4.5."
    FS_XFLAG_COWEXTSIZE = 0x10000, "fa_cowextsize says the units of copying on write. Since Linux 4.9."
    FS_XFLAG_VERITY = 0x20000, "fs-verity checks it; cannot be set here. Since Linux 7.0."
    FS_XFLAG_CASEFOLD = (
        0x40000,
        "Names are looked up without regard to upper and lower case; cannot be set. Since Linux 7.2.",
    )
    FS_XFLAG_CASENONPRESERVING = (
        0x80000,
        "Names are not stored in the case that was used; cannot be set. Since Linux 7.2.",
    )
    FS_XFLAG_HASATTR = 0x80000000, "It has extended attributes; cannot be set. Since Linux 4.5."


class SwapFlags(DocumentedFlag):
    """Flags of swapon; the low 15 bits are the priority."""

    SWAP_FLAG_PRIO_MASK = 0x7FFF, "The priority, higher ones are filled first. Since Linux 1.3.2."
    SWAP_FLAG_PREFER = (
        0x8000,
        "The priority counts; without it an area comes after those that have one. Since Linux 1.3.2.",
    )
    SWAP_FLAG_DISCARD = 0x10000, "Tell the device what is free (TRIM), both ways below. Since Linux 2.6.29."
    SWAP_FLAG_DISCARD_ONCE = 0x20000, "Tell it once, all of the area, at swapon. Since Linux 3.11."
    SWAP_FLAG_DISCARD_PAGES = 0x40000, "Tell it whenever clusters become free. Since Linux 3.11."


class QuotaCommand(DocumentedEnum):
    """Commands of quotactl and quotactl_fd.

    What they take is ``command << 8 | type``, with a QuotaType. Those with Q_X are XFS's, also
    where other filesystems know them.
    """

    Q_SYNC = 0x800001, "Write back the usage. Without a device, of all filesystems. Since Linux 2.4.22."
    Q_QUOTAON = (
        0x800002,
        """Begin to enforce; the id is a QuotaFormat, the address the path of the quota file. Since
        Linux 2.4.22.""",
    )
    Q_QUOTAOFF = 0x800003, "No longer enforce. Since Linux 2.4.22."
    Q_GETFMT = 0x800004, "The QuotaFormat in use, into 32 bits. Since Linux 2.4.22."
    Q_GETINFO = 0x800005, "Grace times and flags, struct if_dqinfo. Since Linux 2.4.22."
    Q_SETINFO = 0x800006, "Set what dqi_valid names of them. Since Linux 2.4.22."
    Q_GETQUOTA = (
        0x800007,
        """Limits and usage of the id, struct if_dqblk; of others than one's own with CAP_SYS_ADMIN.
        Limits of blocks are in KiB, the usage in bytes. Since Linux 2.4.22.""",
    )
    Q_SETQUOTA = 0x800008, "Set what dqb_valid names of them. Since Linux 2.4.22."
    Q_GETNEXTQUOTA = (
        0x800009,
        "Q_GETQUOTA for the next id from this on that has one, struct if_nextdqblk. Since Linux 4.6.",
    )
    Q_XQUOTAON = 0x5801, "Begin to enforce on XFS. Since Linux 2.4.22."
    Q_XQUOTAOFF = 0x5802, "No longer enforce on XFS. Since Linux 2.4.22."
    Q_XGETQUOTA = 0x5803, "Limits and usage, struct fs_disk_quota. Since Linux 2.4.22."
    Q_XSETQLIM = 0x5804, "Set limits, struct fs_disk_quota. Since Linux 2.4.22."
    Q_XGETQSTAT = 0x5805, "State of quotas, struct fs_quota_stat. Since Linux 2.4.22."
    Q_XQUOTARM = 0x5806, "Free the space of quota files that are off. Since Linux 2.4.22."
    Q_XQUOTASYNC = 0x5807, "Without effect on XFS since 2.6. Since Linux 2.4.22."
    Q_XGETQSTATV = 0x5808, "State of quotas, struct fs_quota_statv. Since Linux 3.12."
    Q_XGETNEXTQUOTA = 0x5809, "Q_XGETQUOTA for the next id that has one. Since Linux 4.6."


class QuotaType(DocumentedEnum):
    """Whose quota it is: the low byte of what quotactl takes."""

    USRQUOTA = 0, "A user's. Since Linux 2.4."
    GRPQUOTA = 1, "A group's. Since Linux 2.4."
    PRJQUOTA = 2, "A project's, of a tree of directories. Since Linux 4.1; XFS had it before."


class QuotaFormat(DocumentedEnum):
    """Formats of the files that hold quotas."""

    QFMT_VFS_OLD = 1, "The first, with 16-bit ids. Since Linux 2.4."
    QFMT_VFS_V0 = 2, "32-bit ids. Since Linux 2.4.22."
    QFMT_OCFS2 = 3, "Of OCFS2. Since Linux 2.6.29."
    QFMT_VFS_V1 = 4, "32-bit ids, 64-bit limits. Since Linux 2.6.33."
    QFMT_SHMEM = 5, "Of tmpfs, in memory. Since Linux 6.6."


class UtimeNanoseconds(DocumentedEnum):
    """What tv_nsec in the times of utimensat may be instead of nanoseconds. Since Linux 2.6.22."""

    UTIME_NOW = (1 << 30) - 1, "The present time."
    UTIME_OMIT = (1 << 30) - 2, "Leave this time as it is."


class QuotaFields(DocumentedFlag):
    """Which fields of an if_dqblk count: dqb_valid, for Q_SETQUOTA, and in what Q_GETQUOTA gives.

    Since Linux 2.6.11 or earlier.
    """

    QIF_BLIMITS = 1, "The limits of space."
    QIF_SPACE = 2, "The space in use."
    QIF_ILIMITS = 4, "The limits of inodes."
    QIF_INODES = 8, "The inodes in use."
    QIF_BTIME = 0x10, "When grace ends for space."
    QIF_ITIME = 0x20, "When grace ends for inodes."
    QIF_LIMITS = 5, "Both limits."
    QIF_USAGE = 0xA, "Both uses."
    QIF_TIMES = 0x30, "Both times."
    QIF_ALL = 0x3F, "Everything."


class QuotaInfoFields(DocumentedFlag):
    """Which fields of an if_dqinfo count: dqi_valid, for Q_SETINFO. Since Linux 2.6.11 or earlier."""

    IIF_BGRACE = 1, "The grace of space."
    IIF_IGRACE = 2, "The grace of inodes."
    IIF_FLAGS = 4, "The flags."
    IIF_ALL = 7, "Everything."


class QuotaInfoFlags(DocumentedFlag):
    """The flags of a quota: dqi_flags of an if_dqinfo. Since Linux 4.4 or earlier."""

    DQF_ROOT_SQUASH = 1, "Root is held to its limits, too. Only of QFMT_VFS_OLD."
    DQF_SYS_FILE = 0x10000, "The quota is in a hidden file of the filesystem. Cannot be set."


class XfsQuotaFields(DocumentedFlag):
    """Which fields of an fs_disk_quota Q_XSETQLIM sets: d_fieldmask.

    Since Linux 2.6.11 or earlier, unless a member says otherwise.
    """

    FS_DQ_ISOFT = 1, "The soft limit of inodes."
    FS_DQ_IHARD = 2, "The hard limit of inodes."
    FS_DQ_BSOFT = 4, "The soft limit of blocks."
    FS_DQ_BHARD = 8, "The hard limit of blocks."
    FS_DQ_RTBSOFT = 0x10, "The soft limit of real-time blocks."
    FS_DQ_RTBHARD = 0x20, "The hard limit of real-time blocks."
    FS_DQ_BTIMER = 0x40, "When grace ends for blocks; of id 0, how long it is."
    FS_DQ_ITIMER = 0x80, "When grace ends for inodes; of id 0, how long it is."
    FS_DQ_RTBTIMER = 0x100, "When grace ends for real-time blocks; of id 0, how long it is."
    FS_DQ_BWARNS = 0x200, "How many warnings about blocks there were."
    FS_DQ_IWARNS = 0x400, "How many warnings about inodes there were."
    FS_DQ_RTBWARNS = 0x800, "How many warnings about real-time blocks there were."
    FS_DQ_BCOUNT = 0x1000, "The blocks in use. Since Linux 3.3 or earlier."
    FS_DQ_ICOUNT = 0x2000, "The inodes in use. Since Linux 3.3 or earlier."
    FS_DQ_RTBCOUNT = 0x4000, "The real-time blocks in use. Since Linux 3.3 or earlier."
    FS_DQ_BIGTIME = 0x8000, "The upper bits of the times count. XFS sets it. Since Linux 5.10."
    FS_DQ_LIMIT_MASK = 0x3F, "All limits."
    FS_DQ_TIMER_MASK = 0x1C0, "All times."
    FS_DQ_WARNS_MASK = 0xE00, "All warnings."
    FS_DQ_ACCT_MASK = 0x7000, "All uses. Since Linux 3.3 or earlier."
