"""Errnos of paths, files, descriptors, filesystems and block devices."""

from __future__ import annotations

TEXTS = {
    "ENOENT": """A name of the path, or the object asked for by name, does not exist.

    From every call that takes a path: a missing component, a dangling symbolic link, an empty path
    without AT_EMPTY_PATH. From execve also when the script's or program's interpreter is missing,
    though the file itself is there. From keys, IPC objects, bpf links and epoll entries likewise.

    Look first: namei -l PATH; /proc/PID/root and /proc/PID/cwd, since a path is relative to them;
    file PROGRAM for the interpreter.
    """,
    "EEXIST": """The name or the address range is taken already.

    From open with O_CREAT | O_EXCL, mkdir, mknod, link, symlink, renameat2 with RENAME_NOREPLACE,
    epoll_ctl ADD, mmap with MAP_FIXED_NOREPLACE, shmget and its kin with IPC_EXCL, bpf updates with
    BPF_NOEXIST. From rmdir and rename on some filesystems in the place of ENOTEMPTY.

    Look first: ls -ld PATH, which shows dangling links too; /proc/PID/maps for addresses.
    """,
    "ENOTDIR": """Something in the place of a directory is not one.

    From every call that takes a path with a file in its middle or a slash after it, from open with
    O_DIRECTORY, chdir, rmdir, and the *at calls when dirfd is the descriptor of a file.

    Look first: namei -l PATH; readlink /proc/PID/fd/FD.
    """,
    "EISDIR": """The object is a directory, and this needs something else.

    From open for writing, read and write on a directory's descriptor, unlink, and rename of a file
    onto a directory.

    Look first: ls -ld PATH; a path that ends in a variable that is empty.
    """,
    "ENOTEMPTY": """The directory still has entries.

    From rmdir, unlinkat with AT_REMOVEDIR, and rename onto a directory. Hidden files count; on NFS
    a .nfsXXXX file stands for a deleted one that is still open.

    Look first: ls -A PATH; lsof +D PATH.
    """,
    "ELOOP": """Too many symbolic links, or a link where none is allowed.

    From every call that takes a path: more than 40 links in one lookup. From open with O_NOFOLLOW,
    openat2 with RESOLVE_NO_SYMLINKS or RESOLVE_NO_MAGICLINKS, epoll_ctl and mount moves that would
    form a ring.

    Look first: namei -l PATH.
    """,
    "ENAMETOOLONG": """One name, or the whole path, is longer than the limit.

    From every call that takes a path: 255 bytes for a name on most filesystems (143 under
    eCryptfs), 4,095 for a path. Bytes count, not characters. sethostname and socket addresses say
    EINVAL.

    Look first: getconf NAME_MAX DIR; go by dirfd and short relative paths.
    """,
    "EXDEV": """The operation would cross from one mount to another.

    From rename and link, even between two bind mounts of one filesystem; from copy_file_range and
    FICLONE between filesystems; from openat2 when RESOLVE_BENEATH or RESOLVE_NO_XDEV is violated;
    from rename of a directory on overlayfs without redirect_dir; from Landlock without REFER.

    Look first: findmnt -T PATH for both; copy and delete, as mv does.
    """,
    "EMLINK": """The file, or the parent directory, has as many links as its filesystem can count.

    From link, and from mkdir and rename, since each subdirectory is a link to its parent (65,000 on
    ext4 without dir_nlink).

    Look first: stat -c %h PATH.
    """,
    "EROFS": """The filesystem, the mount or the device is read-only.

    From open for writing, mkdir, unlink, rename, chmod, utimensat, truncate, mount. In a container
    it is often the image's root or a masked part of /proc. A disk error turns ext4 read-only by
    itself.

    Look first: findmnt -T PATH -o OPTIONS,VFS-OPTIONS; blockdev --getro; dmesg.
    """,
    "ENOSPC": """No space is left on the device, or in the table behind the object.

    From write, fallocate, mkdir, creat and fsync: blocks or inodes. From calls without any disk:
    inotify_add_watch, unshare and clone (too many or too deep namespaces), semget, shmget,
    epoll_ctl, mount (mounts per namespace), perf_event_open, bpf (log buffer).

    Look first: df -h and df -i PATH; /proc/sys/user/max_*; fs.inotify.max_user_watches;
    fs.mount-max.
    """,
    "EDQUOT": """The user's, group's or project's quota is used up.

    From write, mkdir, creat, fallocate, link; from add_key and keyctl, where the quota is that of
    the user's keys.

    Look first: quota -s; repquota; /proc/key-users, /proc/sys/kernel/keys/maxbytes.
    """,
    "EFBIG": """The file would become larger than allowed.

    From write, truncate, fallocate, copy_file_range: the soft RLIMIT_FSIZE (SIGXFSZ comes first),
    the filesystem's largest file, or 2 GiB without O_LARGEFILE in a 32-bit program.

    Look first: ulimit -f; /proc/PID/limits; the filesystem's limit (4 GiB on FAT).
    """,
    "EIO": """The device or what stands for it failed.

    From read, write, fsync, mmap'ed access behind them: disks, network filesystems, FUSE. An error
    of an earlier write may only appear at fsync or close. From terminals: a process in an orphaned
    background group reads, or the other end of a pty is closed.

    Look first: dmesg; smartctl -a; for terminals, ps -o pid,pgid,tpgid,tty.
    """,
    "ENXIO": """There is nothing at the other end, or no such address.

    From open of a FIFO with O_WRONLY | O_NONBLOCK and no reader, open of a socket's path, open of a
    device node without hardware, /dev/tty without a controlling terminal, and lseek with SEEK_DATA
    or SEEK_HOLE at or past the end.

    Look first: ls -l PATH for its type and device number; /proc/devices; /sys/dev.
    """,
    "ENODEV": """No such device, or one that cannot do this at all.

    From mount and fsopen with a filesystem type that is not loaded, mmap of a file without memory
    mapping, ioctl on a device that was unplugged, setsockopt and netlink with an unknown interface,
    perf_event_open with an event the machine lacks.

    Look first: /proc/filesystems; modprobe; dmesg; ip link.
    """,
    "EBADF": """The number is not an open descriptor, or that is open for something else.

    From every call that takes a descriptor: closed already (a double close in a threaded program
    hits another thread's file), never opened, opened read-only and written, or O_PATH, which allows
    little. With *at calls: a relative path and a wrong dirfd.

    Look first: ls -l /proc/PID/fd; flags in /proc/PID/fdinfo/FD.
    """,
    "EMFILE": """This process has as many descriptors as it may.

    From every call that opens one: open, socket, accept4, pipe2, dup, epoll_create1, memfd_create,
    pidfd_open, recvmsg does not say it and drops the descriptors. From inotify_init1 and
    fanotify_init: instances per user; from mq_open: RLIMIT_MSGQUEUE.

    Look first: ls /proc/PID/fd | wc -l against RLIMIT_NOFILE in /proc/PID/limits;
    fs.inotify.max_user_instances.
    """,
    "ENFILE": """The system has as many open files as it may have.

    From every call that opens a file, for users without CAP_SYS_ADMIN; from pipe2 when the user's
    pipe pages are spent, from socket and memfd_secret, and from keyctl links to a keyring that is
    full.

    Look first: /proc/sys/fs/file-nr against fs.file-max; fs.pipe-user-pages-soft; lsof | wc -l.
    """,
    "ENOTTY": """This file or device does not know the ioctl.

    From ioctl with a request meant for another kind of file; from tcgetattr, isatty and tcsetpgrp
    where the descriptor is not a terminal. A request that the kernel is too old for gives it too.

    Look first: readlink /proc/PID/fd/FD; uname -r; the request number's size field.
    """,
    "ESPIPE": """The file has no position to seek to.

    From lseek, pread64, pwrite64, preadv, sendfile, splice and copy_file_range with an offset on a
    pipe, socket, FIFO or terminal; from fadvise64 and sync_file_range there.

    Look first: readlink /proc/PID/fd/FD: standard input may be a pipe today.
    """,
    "EPIPE": """Nobody can read any more what is written here.

    From write, sendmsg, splice and sendfile on a pipe without readers or a socket that was shut
    down or reset. SIGPIPE comes with it, which Python ignores and exec'ed programs inherit as
    ignored. From ALSA it means an underrun or overrun.

    Look first: whether the reader died (its status, its log); ss -tnp; lsof for the pipe's number.
    """,
    "ETXTBSY": """A program that runs and a file that is written exclude each other.

    From execve of a file that is open for writing: often a descriptor that another
    thread's fork copied a moment before. From open for writing and truncate of a program that runs,
    and from files in use as swap.

    Look first: fuser -v PATH; open with O_CLOEXEC; write to a new file and rename it.
    """,
    "ENOTBLK": """A block device is needed, and this is not one.

    From mount of a filesystem that lives on a device, and from quotactl, with another kind of file
    as the source.

    Look first: ls -l PATH; losetup -f --show FILE makes a device of an image.
    """,
    "ENOLCK": """No record of the lock can be kept.

    From fcntl and flock: memory for locks is short, or the NFS server's lock service does not
    answer, or was not mounted with locking.

    Look first: /proc/locks; rpcinfo -p SERVER (nlockmgr); the mount's nolock and local_lock.
    """,
    "EBADFD": """The descriptor is open, and in no state for this.

    From ALSA ioctls in the wrong PCM state, landlock_add_rule with a descriptor that is not a ruleset,
    io_uring on a ring that is disabled, bpf, USB and Bluetooth sockets before they are bound.

    Look first: /proc/PID/fdinfo/FD; /proc/asound/card*/pcm*/sub*/status.
    """,
    "EFTYPE": """The file is not of the type that the caller insists on.

    From openat2 with OPENAT2_REGULAR on a directory, device, FIFO or socket. Younger than the C
    libraries: they may have neither the name nor a text for it.

    Look first: stat -c %F PATH.
    """,
    "ENODATA": """The object exists, and this piece of data does not.

    From getxattr, removexattr and their kin: no attribute of that name (ENOATTR is another name for
    it). From reads of a disk with an unreadable sector, from netlink, media and sensors before a
    value is there.

    Look first: getfattr -d -m - PATH; dmesg for disks.
    """,
    "ESTALE": """The handle refers to something that was there and is gone.

    From every call on NFS and other network filesystems after the file was removed on the server or
    the export changed; from open_by_handle_at; from overlayfs whose layers were changed; from bpf
    with an outdated revision.

    Look first: mount the export again; open the path again instead of keeping the descriptor.
    """,
    "EREMOTE": """The object lies elsewhere.

    From the ioctl PIDFD_GET_INFO for a process outside the caller's pid namespace; from AFS, SMB
    and NFS, where a path leads on to another server.

    Look first: NSpid in /proc/PID/status; dmesg for the referral.
    """,
    "EREMOTEIO": """The device behind the bus failed, not the bus.

    From I2C (no acknowledgement), USB (a transfer shorter than asked for), media devices, disks
    with an internal failure, and remote filesystems translating a server's error.

    Look first: dmesg; i2cdetect -y BUS; lsusb -v.
    """,
    "EUCLEAN": """The filesystem's structures contradict themselves.

    From every call on a damaged filesystem: ext4, XFS (which calls it EFSCORRUPTED), Btrfs, F2FS,
    UBIFS. Often the filesystem has turned read-only or shut down by then.

    Look first: dmesg; then unmount and check (e2fsck, xfs_repair, btrfs check).
    """,
    "EBADMSG": """What was read is damaged or forged.

    From reads where a checksum does not match (filesystems call it EFSBADCRC; NAND flash, dm-verity
    and fs-verity), from AF_ALG and kTLS when authentication fails, and from the loading of modules
    with a mangled signature.

    Look first: dmesg; for keys and nonces, both sides; for disks, a check of the filesystem.
    """,
    "ENOMEDIUM": """The drive is empty.

    From open, mount and ioctl on optical, floppy and card drives, and on a network block device
    that is not connected. AFS says it for a volume that is nowhere.

    Look first: lsblk, where the size is 0; eject -t.
    """,
    "EMEDIUMTYPE": """The wrong kind of medium, or of program, is in there.

    From optical and tape drives, writing to what can only be read; from ptrace with
    PTRACE_SECCOMP_GET_FILTER where the filter has no classic program to show.

    Look first: dmesg; cdrecord -minfo.
    """,
    "ESTRPIPE": """The stream was suspended.

    From ALSA ioctls, read and write after the machine slept: resume the PCM, or prepare it again. No
    other part of the kernel's interface gives it.

    Look first: /proc/asound/card*/pcm*/sub*/status.
    """,
}
