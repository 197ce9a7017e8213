"""Errnos few programs meet: System V's inheritance, one architecture's own, the kernel's private.

A value from 512 on is meant to stay inside the kernel. A tracer sees it at the exit of a call that
will be restarted; any other program that sees one has met a bug in a driver, a filesystem or an
interceptor.
"""

# An errno's class is named by its symbol.
# ruff: noqa: N801, N818

from __future__ import annotations

import errno as _errno

from pysys.errors.base import SyscallError

__all__ = [
    "EADV", "EBADCOOKIE", "EBADE", "EBADHANDLE", "EBADR", "EBADRQC", "EBADSLT", "EBADTYPE",
    "EBFONT", "ECHRNG", "EDOTDOT", "EINIT", "EIOCBQUEUED", "EISNAM", "EJUKEBOX", "EL2HLT",
    "EL2NSYNC", "EL3HLT", "EL3RST", "ELNRNG", "ENAVAIL", "ENOANO", "ENOCSI", "ENOGRACE",
    "ENOIOCTLCMD", "ENOPARAM", "ENOSR", "ENOSTR", "ENOTNAM", "ENOTSUPP", "ENOTSYNC",
    "EOPENSTALE", "EPROBE_DEFER", "EPROCLIM", "ERECALLCONFLICT", "EREMCHG", "EREMDEV",
    "ERESTART", "ERESTARTNOHAND", "ERESTARTNOINTR", "ERESTARTSYS", "ERESTART_RESTARTBLOCK",
    "ERREMOTE", "ESERVERFAULT", "ESRMNT", "ETOOSMALL", "EUNATCH", "EXFULL",
]  # fmt: skip

# Which architecture's numbers these are shows in this one, which differs on each that has its own.
_MIPS = _errno.ERFKILL == 167
_SPARC = _errno.ERFKILL == 134


class ECHRNG(SyscallError):
    """ECHRNG: Channel number out of range.

    From XFS online repair and a few drivers (media, wireless), for a channel or a position that
    does not exist.

    Look first: dmesg; the index passed to the ioctl.
    """


class EL2NSYNC(SyscallError):
    """EL2NSYNC: Level 2 is not synchronised.

    A System V value of data links; the GSM multiplexer (n_gsm) and one or two drivers use it.

    Look first: dmesg; the driver named by ls -l /sys/class/*/*/device/driver.
    """


class EL3HLT(SyscallError):
    """EL3HLT: Level 3 has halted.

    A System V value of data links; one or two drivers give it, no core call.

    Look first: dmesg, for the driver that says it.
    """


class EL3RST(SyscallError):
    """EL3RST: Level 3 was reset.

    A System V value of data links; one or two drivers give it, no core call.

    Look first: dmesg, for the driver that says it.
    """


class ELNRNG(SyscallError):
    """ELNRNG: Link number out of range.

    From XFS online repair and a few media and network drivers.

    Look first: dmesg; the index passed to the ioctl.
    """


class EUNATCH(SyscallError):
    """EUNATCH: The protocol's driver is not attached.

    From Bluetooth adapters on a serial line whose protocol is not set up, from DLM and from the
    teql network scheduler without slaves.

    Look first: dmesg; whether hciattach or btattach runs.
    """


class ENOCSI(SyscallError):
    """ENOCSI: No CSI structure available.

    A System V value of data links; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class EL2HLT(SyscallError):
    """EL2HLT: Level 2 has halted.

    A System V value of data links; a few device drivers give it when the hardware stands still.

    Look first: dmesg, for the driver that says it.
    """


class EBADE(SyscallError):
    """EBADE: An exchange with the other side went wrong.

    From reads and writes of a disk that another host has reserved (SCSI or NVMe persistent
    reservations), from Bluetooth, Ceph and DLM.

    Look first: sg_persist --read-reservation DEVICE or nvme resv-report; dmesg.
    """


class EBADR(SyscallError):
    """EBADR: The request was not understood, or can no longer be answered.

    From io_uring_enter when completions were lost for lack of memory, from the FIEMAP ioctl with
    flags that the filesystem does not know, from DLM and batman-adv.

    Look first: the size of the completion ring and how often it is emptied; the flags passed.
    """


class EXFULL(SyscallError):
    """EXFULL: The table behind the operation is full.

    From the ioctl or netlink request that adds a port to a bridge that has 1024 of them; from some
    drivers.

    Look first: ls /sys/class/net/BRIDGE/brif | wc -l.
    """


class ENOANO(SyscallError):
    """ENOANO: No anode, or a session without the key it needs.

    From AFS and the RxRPC sockets it uses; nothing else in Linux gives it.

    Look first: /proc/net/rxrpc; keyctl show for the cell's key.
    """


class EBADRQC(SyscallError):
    """EBADRQC: The other side does not know the request code.

    From Bluetooth, NFC, AFS and SMB, translating a remote answer, and from XDP redirects of a kind
    that the map does not take.

    Look first: a packet trace of what was sent (btmon, tcpdump); dmesg.
    """


class EBADSLT(SyscallError):
    """EBADSLT: There is no such slot.

    From keyctl when a watch is to be removed that was not set, from RxRPC calls whose id is not
    waiting, from GFS2 and DLM.

    Look first: whether the watch, call or lock was released before.
    """


class EBFONT(SyscallError):
    """EBFONT: The font file has the wrong format.

    A System V value; the Linux kernel does not use it (setfont failures are EINVAL).

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class ENOSTR(SyscallError):
    """ENOSTR: The descriptor is not a STREAMS device.

    System V's STREAMS never came to Linux; the kernel does not give it, and the C library's STREAMS
    stubs answer ENOSYS.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class ENOSR(SyscallError):
    """ENOSR: Out of some pooled resource.

    A STREAMS value by origin. From InfiniBand, wireless and media drivers whose queue slots are in
    use, and from confidential guests (SEV) talking to their firmware.

    Look first: dmesg; how many requests are in flight.
    """


class EADV(SyscallError):
    """EADV: An advertised resource was withdrawn, or is still announced.

    From AFS, for a volume that its server reports as off line. A Remote File Sharing value by
    origin.

    Look first: vos examine VOLUME; dmesg.
    """


class ESRMNT(SyscallError):
    """ESRMNT: The resource is still mounted somewhere else.

    A Remote File Sharing value; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class EDOTDOT(SyscallError):
    """EDOTDOT: A lookup of ".." crossed the root of a remote resource.

    A Remote File Sharing value; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class EREMCHG(SyscallError):
    """EREMCHG: The remote address changed.

    From the SMB client, when a server moved to another state during the call; device mapper has it
    for requests it tries again, and keeps it to itself.

    Look first: /proc/fs/cifs/DebugData; dmesg.
    """


class ERESTART(SyscallError):
    """ERESTART: The call should be started again.

    A small relative of the internal values from 512 on: the kernel's architecture code and some
    drivers use it, and a program is not meant to receive it.

    Look first: the driver whose ioctl or write leaked it; retry the call.
    """


class ENOTNAM(SyscallError):
    """ENOTNAM: The file is not a XENIX named object.

    A XENIX value; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class ENAVAIL(SyscallError):
    """ENAVAIL: No XENIX semaphores left, or a device resource is taken.

    A XENIX value by origin, which a few drivers use: display pipelines, the Freescale management
    complex.

    Look first: dmesg, for the driver that says it.
    """


class EISNAM(SyscallError):
    """EISNAM: The file is a XENIX named object, or a name is taken.

    A XENIX value by origin; USB gadget code uses it inside the kernel.

    Look first: /sys/kernel/config/usb_gadget, for the name.
    """


class EINIT(SyscallError, number=141 if _MIPS else None):
    """EINIT: Reserved by MIPS, without a meaning.

    Only MIPS has a number for it, from its System V heritage. No code of Linux gives it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class EREMDEV(SyscallError, number=142 if _MIPS else None):
    """EREMDEV: The device is a remote one.

    Only MIPS has a number for it, from its System V heritage. No code of Linux gives it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class EPROCLIM(SyscallError, number=67 if _SPARC else None):
    """EPROCLIM: Too many processes, as SunOS says it.

    Only sparc has a number for it, for old binaries. Linux answers EAGAIN where a limit stops fork.

    Look first: as for EAGAIN from fork.
    """


class ERREMOTE(SyscallError, number=81 if _SPARC else None):
    """ERREMOTE: The object is remote, as SunOS says it.

    Only sparc has a number for it, for old binaries. No code of Linux gives it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """


class ERESTARTSYS(SyscallError, number=512):
    """ERESTARTSYS: Restart the call if the signal's handler was set with SA_RESTART.

    Inside the kernel only: what most sleeping calls return when a signal wakes them. On the way out
    it becomes EINTR or a restart. A tracer sees it, as strace's "? ERESTARTSYS".

    Look first: whether you read it as a tracer; else the driver that returned it with no signal
    pending.
    """


class ERESTARTNOINTR(SyscallError, number=513):
    """ERESTARTNOINTR: Restart the call, whatever the handler asked for.

    Inside the kernel only: from fork and clone when a signal arrives meanwhile, PI futexes and
    ptrace. The caller sees a call that took longer. A tracer sees 513.

    Look first: whether you read it as a tracer; else the ptrace or seccomp interceptor that
    swallowed the restart.
    """


class ERESTARTNOHAND(SyscallError, number=514):
    """ERESTARTNOHAND: Restart the call only where the signal ran no handler.

    Inside the kernel only: select, pselect6, ppoll, pause, sigsuspend, msgrcv, some sleeps. After a
    handler the caller sees EINTR. A tracer sees 514.

    Look first: whether you read it as a tracer; else the interceptor in between.
    """


class ENOIOCTLCMD(SyscallError, number=515):
    """ENOIOCTLCMD: This layer does not know the ioctl; ask the next.

    Inside the kernel only: the ioctl code turns it into ENOTTY. Some drivers have leaked it through
    other ways than ioctl.

    Look first: the request number against the device; dmesg for the driver.
    """


class ERESTART_RESTARTBLOCK(SyscallError, number=516):
    """ERESTART_RESTARTBLOCK: Go on through restart_syscall, with what is left of the time.

    Inside the kernel only: nanosleep, clock_nanosleep, poll and futex after a stop and a continue.
    After a handler the caller sees EINTR. A tracer sees 516.

    Look first: whether you read it as a tracer; else the interceptor in between.
    """


class EPROBE_DEFER(SyscallError, number=517):
    """EPROBE_DEFER: The driver waits for another one, and will be asked again.

    Inside the kernel only, between drivers and their bus. It has leaked through sysfs (bind) and
    through ioctls of drivers that look for a clock or regulator late.

    Look first: /sys/kernel/debug/devices_deferred; dmesg.
    """


class EOPENSTALE(SyscallError, number=518):
    """EOPENSTALE: The directory entry found is out of date; look it up again.

    Inside the kernel only: NFS, SMB and fanotify code says it to open, which retries and at last
    gives ESTALE.

    Look first: as for ESTALE.
    """


class ENOPARAM(SyscallError, number=519):
    """ENOPARAM: The filesystem does not know this mount parameter; ask the next parser.

    Inside the kernel only: mount and fsconfig turn it into EINVAL, with the name in the log.

    Look first: the mount options; read() of the descriptor of fsopen, for the message.
    """


class EBADHANDLE(SyscallError, number=521):
    """EBADHANDLE: The server calls the NFS file handle malformed.

    Inside the NFS client and server; on the way to a program it should have become ESTALE.

    Look first: nfsstat; dmesg on both sides; a server that was restored or exported again.
    """


class ENOTSYNC(SyscallError, number=522):
    """ENOTSYNC: The state that the client compared with is no longer the server's.

    Inside the NFS client (setattr with a guard, directory verifiers); it retries by itself.

    Look first: whether another client changes the same file; dmesg.
    """


class EBADCOOKIE(SyscallError, number=523):
    """EBADCOOKIE: The position in a directory is no longer valid on the server.

    Inside the NFS client's directory reading, which starts over.

    Look first: whether the directory changes while it is listed; rewind and list again.
    """


class ENOTSUPP(SyscallError, number=524):
    """ENOTSUPP: Not supported, in the kernel's private spelling.

    The one of these that leaks most: bpf (maps, programs, JIT), tracing, GPIO, sound and network
    drivers, AFS and NFS return it where EOPNOTSUPP was meant. Treat both alike.

    Look first: the kernel's configuration for the feature; for bpf, the verifier's log.
    """


class ETOOSMALL(SyscallError, number=525):
    """ETOOSMALL: The buffer or request is too small for the reply.

    Inside the NFS client and server, for directory reads and layouts. It leaks from the ethtool
    ioctl ETHTOOL_GPERMADDR.

    Look first: the size field of the request; for NFS, the rsize and wsize mount options.
    """


class ESERVERFAULT(SyscallError, number=526):
    """ESERVERFAULT: The server failed in a way that no errno describes.

    Inside NFS and 9p, where an answer has no translation; a program should get EIO instead.

    Look first: the server's log; a packet trace.
    """


class EBADTYPE(SyscallError, number=527):
    """EBADTYPE: The server cannot make an object of this type.

    Inside NFS, for mknod of a special file on a server without them.

    Look first: the server's filesystem; dmesg.
    """


class EJUKEBOX(SyscallError, number=528):
    """EJUKEBOX: The server has begun and needs longer; ask again.

    Inside NFS (a file on tape, a delegation being recalled) and Ceph; the client waits and retries.

    Look first: the server's load; nfsstat for "delay".
    """


class EIOCBQUEUED(SyscallError, number=529):
    """EIOCBQUEUED: The request is queued, its completion will follow.

    Inside the kernel only: how a filesystem lets aio and io_uring know that nothing is wrong.

    Look first: the filesystem or driver that let it out of a synchronous read or write.
    """


class ERECALLCONFLICT(SyscallError, number=530):
    """ERECALLCONFLICT: The layout asked for is being recalled.

    Inside the pNFS client, which asks again later.

    Look first: dmesg; the metadata server's log.
    """


class ENOGRACE(SyscallError, number=531):
    """ENOGRACE: The server's grace period is over; the lock cannot be reclaimed.

    Inside NFS after a server's restart: the lock that the client thought it held may be lost.

    Look first: dmesg, for locks that were not recovered; the file, which another client may have
    changed.
    """
