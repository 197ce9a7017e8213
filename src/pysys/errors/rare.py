"""Errnos few programs meet: System V's inheritance, one architecture's own, the kernel's private.

A value from 512 on is meant to stay inside the kernel. A tracer sees it at the exit of a call that
will be restarted; any other program that sees one has met a bug in a driver, a filesystem or an
interceptor.
"""

from __future__ import annotations

import errno as _errno

# Which architecture's numbers these are shows in this one, which differs on each that has its own.
_MIPS = _errno.ERFKILL == 167
_SPARC = _errno.ERFKILL == 134

# What the standard library has no number for; None on an ABI that has none.
NUMBERS: dict[str, int | None] = {
    "EHWPOISON": _errno.ERFKILL + 1,
    "EFTYPE": _errno.ERFKILL + 2,
    "EINIT": 141 if _MIPS else None,
    "EREMDEV": 142 if _MIPS else None,
    "EPROCLIM": 67 if _SPARC else None,
    "ERREMOTE": 81 if _SPARC else None,
    "ERESTARTSYS": 512,
    "ERESTARTNOINTR": 513,
    "ERESTARTNOHAND": 514,
    "ENOIOCTLCMD": 515,
    "ERESTART_RESTARTBLOCK": 516,
    "EPROBE_DEFER": 517,
    "EOPENSTALE": 518,
    "ENOPARAM": 519,
    "EBADHANDLE": 521,
    "ENOTSYNC": 522,
    "EBADCOOKIE": 523,
    "ENOTSUPP": 524,
    "ETOOSMALL": 525,
    "ESERVERFAULT": 526,
    "EBADTYPE": 527,
    "EJUKEBOX": 528,
    "EIOCBQUEUED": 529,
    "ERECALLCONFLICT": 530,
    "ENOGRACE": 531,
}

TEXTS = {
    "ECHRNG": """Channel number out of range.

    From XFS online repair and a few drivers (media, wireless), for a channel or a position that
    does not exist.

    Look first: dmesg; the index passed to the ioctl.
    """,
    "EL2NSYNC": """Level 2 is not synchronised.

    A System V value of data links; the GSM multiplexer (n_gsm) and one or two drivers use it.

    Look first: dmesg; the driver named by ls -l /sys/class/*/*/device/driver.
    """,
    "EL3HLT": """Level 3 has halted.

    A System V value of data links; one or two drivers give it, no core call.

    Look first: dmesg, for the driver that says it.
    """,
    "EL3RST": """Level 3 was reset.

    A System V value of data links; one or two drivers give it, no core call.

    Look first: dmesg, for the driver that says it.
    """,
    "ELNRNG": """Link number out of range.

    From XFS online repair and a few media and network drivers.

    Look first: dmesg; the index passed to the ioctl.
    """,
    "EUNATCH": """The protocol's driver is not attached.

    From Bluetooth adapters on a serial line whose protocol is not set up, from DLM and from the
    teql network scheduler without slaves.

    Look first: dmesg; whether hciattach or btattach runs.
    """,
    "ENOCSI": """No CSI structure available.

    A System V value of data links; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "EL2HLT": """Level 2 has halted.

    A System V value of data links; a few device drivers give it when the hardware stands still.

    Look first: dmesg, for the driver that says it.
    """,
    "EBADE": """An exchange with the other side went wrong.

    From reads and writes of a disk that another host has reserved (SCSI or NVMe persistent
    reservations), from Bluetooth, Ceph and DLM.

    Look first: sg_persist --read-reservation DEVICE or nvme resv-report; dmesg.
    """,
    "EBADR": """The request was not understood, or can no longer be answered.

    From io_uring_enter when completions were lost for lack of memory, from the FIEMAP ioctl with
    flags that the filesystem does not know, from DLM and batman-adv.

    Look first: the size of the completion ring and how often it is emptied; the flags passed.
    """,
    "EXFULL": """The table behind the operation is full.

    From the ioctl or netlink request that adds a port to a bridge that has 1024 of them; from some
    drivers.

    Look first: ls /sys/class/net/BRIDGE/brif | wc -l.
    """,
    "ENOANO": """No anode, or a session without the key it needs.

    From AFS and the RxRPC sockets it uses; nothing else in Linux gives it.

    Look first: /proc/net/rxrpc; keyctl show for the cell's key.
    """,
    "EBADRQC": """The other side does not know the request code.

    From Bluetooth, NFC, AFS and SMB, translating a remote answer, and from XDP redirects of a kind
    that the map does not take.

    Look first: a packet trace of what was sent (btmon, tcpdump); dmesg.
    """,
    "EBADSLT": """There is no such slot.

    From keyctl when a watch is to be removed that was not set, from RxRPC calls whose id is not
    waiting, from GFS2 and DLM.

    Look first: whether the watch, call or lock was released before.
    """,
    "EBFONT": """The font file has the wrong format.

    A System V value; the Linux kernel does not use it (setfont failures are EINVAL).

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "ENOSTR": """The descriptor is not a STREAMS device.

    System V's STREAMS never came to Linux; the kernel does not give it, and the C library's STREAMS
    stubs answer ENOSYS.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "ENOSR": """Out of some pooled resource.

    A STREAMS value by origin. From InfiniBand, wireless and media drivers whose queue slots are in
    use, and from confidential guests (SEV) talking to their firmware.

    Look first: dmesg; how many requests are in flight.
    """,
    "EADV": """An advertised resource was withdrawn, or is still announced.

    From AFS, for a volume that its server reports as off line. A Remote File Sharing value by
    origin.

    Look first: vos examine VOLUME; dmesg.
    """,
    "ESRMNT": """The resource is still mounted somewhere else.

    A Remote File Sharing value; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "EDOTDOT": """A lookup of ".." crossed the root of a remote resource.

    A Remote File Sharing value; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "EREMCHG": """The remote address changed.

    From the SMB client, when a server moved to another state during the call; device mapper has it
    for requests it tries again, and keeps it to itself.

    Look first: /proc/fs/cifs/DebugData; dmesg.
    """,
    "ERESTART": """The call should be started again.

    A small relative of the internal values from 512 on: the kernel's architecture code and some
    drivers use it, and a program is not meant to receive it.

    Look first: the driver whose ioctl or write leaked it; retry the call.
    """,
    "ENOTNAM": """The file is not a XENIX named object.

    A XENIX value; the Linux kernel does not use it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "ENAVAIL": """No XENIX semaphores left, or a device resource is taken.

    A XENIX value by origin, which a few drivers use: display pipelines, the Freescale management
    complex.

    Look first: dmesg, for the driver that says it.
    """,
    "EISNAM": """The file is a XENIX named object, or a name is taken.

    A XENIX value by origin; USB gadget code uses it inside the kernel.

    Look first: /sys/kernel/config/usb_gadget, for the name.
    """,
    "EINIT": """Reserved by MIPS, without a meaning.

    Only MIPS has a number for it, from its System V heritage. No code of Linux gives it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "EREMDEV": """The device is a remote one.

    Only MIPS has a number for it, from its System V heritage. No code of Linux gives it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "EPROCLIM": """Too many processes, as SunOS says it.

    Only sparc has a number for it, for old binaries. Linux answers EAGAIN where a limit stops fork.

    Look first: as for EAGAIN from fork.
    """,
    "ERREMOTE": """The object is remote, as SunOS says it.

    Only sparc has a number for it, for old binaries. No code of Linux gives it.

    Look first: who made the number up: an emulator, a FUSE filesystem.
    """,
    "ERESTARTSYS": """Restart the call if the signal's handler was set with SA_RESTART.

    Inside the kernel only: what most sleeping calls return when a signal wakes them. On the way out
    it becomes EINTR or a restart. A tracer sees it, as strace's "? ERESTARTSYS".

    Look first: whether you read it as a tracer; else the driver that returned it with no signal
    pending.
    """,
    "ERESTARTNOINTR": """Restart the call, whatever the handler asked for.

    Inside the kernel only: from fork and clone when a signal arrives meanwhile, PI futexes and
    ptrace. The caller sees a call that took longer. A tracer sees 513.

    Look first: whether you read it as a tracer; else the ptrace or seccomp interceptor that
    swallowed the restart.
    """,
    "ERESTARTNOHAND": """Restart the call only where the signal ran no handler.

    Inside the kernel only: select, pselect6, ppoll, pause, sigsuspend, msgrcv, some sleeps. After a
    handler the caller sees EINTR. A tracer sees 514.

    Look first: whether you read it as a tracer; else the interceptor in between.
    """,
    "ENOIOCTLCMD": """This layer does not know the ioctl; ask the next.

    Inside the kernel only: the ioctl code turns it into ENOTTY. Some drivers have leaked it through
    other ways than ioctl.

    Look first: the request number against the device; dmesg for the driver.
    """,
    "ERESTART_RESTARTBLOCK": """Go on through restart_syscall, with what is left of the time.

    Inside the kernel only: nanosleep, clock_nanosleep, poll and futex after a stop and a continue.
    After a handler the caller sees EINTR. A tracer sees 516.

    Look first: whether you read it as a tracer; else the interceptor in between.
    """,
    "EPROBE_DEFER": """The driver waits for another one, and will be asked again.

    Inside the kernel only, between drivers and their bus. It has leaked through sysfs (bind) and
    through ioctls of drivers that look for a clock or regulator late.

    Look first: /sys/kernel/debug/devices_deferred; dmesg.
    """,
    "EOPENSTALE": """The directory entry found is out of date; look it up again.

    Inside the kernel only: NFS, SMB and fanotify code says it to open, which retries and at last
    gives ESTALE.

    Look first: as for ESTALE.
    """,
    "ENOPARAM": """The filesystem does not know this mount parameter; ask the next parser.

    Inside the kernel only: mount and fsconfig turn it into EINVAL, with the name in the log.

    Look first: the mount options; read() of the descriptor of fsopen, for the message.
    """,
    "EBADHANDLE": """The server calls the NFS file handle malformed.

    Inside the NFS client and server; on the way to a program it should have become ESTALE.

    Look first: nfsstat; dmesg on both sides; a server that was restored or exported again.
    """,
    "ENOTSYNC": """The state that the client compared with is no longer the server's.

    Inside the NFS client (setattr with a guard, directory verifiers); it retries by itself.

    Look first: whether another client changes the same file; dmesg.
    """,
    "EBADCOOKIE": """The position in a directory is no longer valid on the server.

    Inside the NFS client's directory reading, which starts over.

    Look first: whether the directory changes while it is listed; rewind and list again.
    """,
    "ENOTSUPP": """Not supported, in the kernel's private spelling.

    The one of these that leaks most: bpf (maps, programs, JIT), tracing, GPIO, sound and network
    drivers, AFS and NFS return it where EOPNOTSUPP was meant. Treat both alike.

    Look first: the kernel's configuration for the feature; for bpf, the verifier's log.
    """,
    "ETOOSMALL": """The buffer or request is too small for the reply.

    Inside the NFS client and server, for directory reads and layouts. It leaks from the ethtool
    ioctl ETHTOOL_GPERMADDR.

    Look first: the size field of the request; for NFS, the rsize and wsize mount options.
    """,
    "ESERVERFAULT": """The server failed in a way that no errno describes.

    Inside NFS and 9p, where an answer has no translation; a program should get EIO instead.

    Look first: the server's log; a packet trace.
    """,
    "EBADTYPE": """The server cannot make an object of this type.

    Inside NFS, for mknod of a special file on a server without them.

    Look first: the server's filesystem; dmesg.
    """,
    "EJUKEBOX": """The server has begun and needs longer; ask again.

    Inside NFS (a file on tape, a delegation being recalled) and Ceph; the client waits and retries.

    Look first: the server's load; nfsstat for "delay".
    """,
    "EIOCBQUEUED": """The request is queued, its completion will follow.

    Inside the kernel only: how a filesystem lets aio and io_uring know that nothing is wrong.

    Look first: the filesystem or driver that let it out of a synchronous read or write.
    """,
    "ERECALLCONFLICT": """The layout asked for is being recalled.

    Inside the pNFS client, which asks again later.

    Look first: dmesg; the metadata server's log.
    """,
    "ENOGRACE": """The server's grace period is over; the lock cannot be reclaimed.

    Inside NFS after a server's restart: the lock that the client thought it held may be lost.

    Look first: dmesg, for locks that were not recovered; the file, which another client may have
    changed.
    """,
}
