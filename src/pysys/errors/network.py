"""Errnos of sockets, protocols and links."""

from __future__ import annotations

TEXTS = {
    "ENOTSOCK": """The descriptor is open, and no socket.

    From bind, connect, listen, accept4, sendmsg, recvmsg, getsockopt, shutdown.

    Look first: readlink /proc/PID/fd/FD; a number that was closed and used again.
    """,
    "EDESTADDRREQ": """The message says not where to.

    From sendto, sendmsg and write on a datagram socket that has no peer, by connect or in the call.

    Look first: ss -uap; whether connect was made on this socket.
    """,
    "EMSGSIZE": """The message is too long to go out, or to come in, as one.

    From sendto and sendmsg on datagram sockets: above 65,507 bytes for UDP over IPv4, above the
    path's MTU where fragmenting is forbidden, above the send buffer for Unix sockets. From
    mq_timedsend and mq_timedreceive, and from netlink replies that outgrow a buffer.

    Look first: ip route get ADDRESS; tracepath; net.core.wmem_max; /proc/sys/fs/mqueue.
    """,
    "EPROTOTYPE": """The other side's socket is of another type.

    From connect and sendto on Unix sockets (stream to datagram), and from socket with AF_TIPC and a
    type it lacks.

    Look first: ss -xap, for the peer's type.
    """,
    "ENOPROTOOPT": """The protocol does not know this socket option at this level.

    From setsockopt and getsockopt: an option newer than the kernel, of another protocol, or whose
    module is not loaded (netfilter's tables answer so).

    Look first: level and number of the option; uname -r; lsmod.
    """,
    "EPROTONOSUPPORT": """The address family has no such protocol.

    From socket and socketpair: a family and protocol that do not fit, a protocol that is not
    compiled in or whose module may not be loaded.

    Look first: the third argument; /proc/net/protocols; modprobe; /etc/modprobe.d.
    """,
    "ESOCKTNOSUPPORT": """The address family has no such socket type.

    From socket and socketpair, such as SOCK_SEQPACKET with AF_INET and no SCTP.

    Look first: the second argument; /proc/net/protocols.
    """,
    "EOPNOTSUPP": """This object does not support the operation, though others do.

    From sockets (accept on a datagram socket, MSG_OOB where there is none), and as ENOTSUP from
    filesystems: extended attributes, ACLs, fallocate modes, O_TMPFILE, statx and copy offload that
    they lack. From perf_event_open, bpf offload and ioctls of drivers.

    Look first: findmnt -T PATH for the filesystem and its options; ss -p for the socket's type.
    """,
    "EPFNOSUPPORT": """The protocol family is not supported for this.

    From netlink (rtnetlink, audit) and ARP requests for a family without the feature. socket()
    itself says EAFNOSUPPORT.

    Look first: the family field of the request; lsmod.
    """,
    "EAFNOSUPPORT": """The kernel has no such address family, or the address is of another one.

    From socket, when the family is not compiled in, blacklisted, or denied (systemd's
    RestrictAddressFamilies= answers so); from bind, connect and sendto with a sockaddr whose family
    is not the socket's.

    Look first: /proc/net/protocols; IPv6 disabled on the command line; the unit's restrictions.
    """,
    "EADDRINUSE": """Another socket has the address and port.

    From bind and listen; from connect and sendto when no local port is free for this peer. A
    connection in TIME_WAIT holds its port unless SO_REUSEADDR is set; a Unix socket's path stays
    behind until it is unlinked.

    Look first: ss -tulpn; ss -xlp; net.ipv4.ip_local_port_range.
    """,
    "EADDRNOTAVAIL": """This machine, or this network namespace, has no such local address.

    From bind to an address of no interface, to an IPv6 address still being checked for duplicates,
    and from connect when all local ports towards the peer are in use.

    Look first: ip -br addr; net.ipv4.ip_nonlocal_bind; ss -s; net.ipv4.ip_local_port_range.
    """,
    "ENETDOWN": """The interface is down.

    From sendto and bind on packet sockets, from netlink requests for routes and neighbours over it,
    from CAN and wireless sockets.

    Look first: ip -br link.
    """,
    "ENETUNREACH": """No route leads to that network.

    From connect, sendto and sendmsg, before anything is sent: no default route, no global IPv6
    address, a network namespace with only its loopback, or a route of type unreachable.

    Look first: ip route get ADDRESS; ip -6 route; lsns -t net.
    """,
    "ENETRESET": """The network dropped the connection by resetting itself.

    From sockets over TCP when keepalive has found the peer's state lost on other systems; on Linux
    from a few protocols (wireless, RDMA, Bluetooth) and NFS.

    Look first: dmesg; ss -ti.
    """,
    "ECONNABORTED": """The connection ended on this side, or before it was taken over.

    From accept4 when the client left while it waited in the queue, and from reads and writes on
    sockets that ss -K, nftables or the network's removal has destroyed.

    Look first: call accept again; nstat -az TcpExtTCPAbort*; who destroys sockets.
    """,
    "ECONNRESET": """The peer, or something on the way, tore the connection down.

    From read, write, recvmsg and sendmsg on connected sockets: the peer closed with data unread,
    crashed, or a firewall or load balancer forgot the connection. On Unix sockets the peer closed
    with data unread.

    Look first: the peer's log; tcpdump for the RST and its TTL; conntrack -L.
    """,
    "ECONNREFUSED": """Nobody listens at that address.

    From connect: a closed port, a firewall that rejects, or a Unix socket's path left by a dead
    server. From send and recv on UDP sockets: an ICMP answer to something sent earlier.

    Look first: ss -tlpn or ss -xlp on the server, in its network namespace.
    """,
    "ENOBUFS": """No buffer for it: the queue or the memory of sockets is full.

    From recvmsg on netlink sockets, which means that messages were lost: dump again. From send on
    CAN and packet sockets with a full device queue, from setsockopt when options take too much
    memory, and from perf and USB.

    Look first: SO_RCVBUF and net.core.rmem_max; ip -s link; net.core.optmem_max.
    """,
    "EISCONN": """The socket is connected already.

    From connect a second time on a stream socket (after EINPROGRESS it means success), and from
    sendto with an address on a connected one.

    Look first: getpeername(); ss -tnp.
    """,
    "ENOTCONN": """The socket has no peer.

    From send, recv, shutdown and getpeername before connect or after the connection broke. From
    FUSE: the filesystem's daemon has died and the mount remains.

    Look first: ss -tanp; for a mount, fusermount3 -u PATH.
    """,
    "ESHUTDOWN": """The endpoint was shut down for good.

    From USB transfers on a device that was unplugged or disabled, SCTP and Bluetooth sockets. TCP
    and Unix sockets say EPIPE after shutdown.

    Look first: dmesg; lsusb.
    """,
    "ETOOMANYREFS": """Too many descriptors are on their way in Unix sockets.

    From sendmsg with SCM_RIGHTS: the user's descriptors in flight exceed RLIMIT_NOFILE (without
    CAP_SYS_RESOURCE and CAP_SYS_ADMIN). From zoned block devices with too many zones open.

    Look first: whether receivers call recvmsg; ulimit -n; lsblk -z.
    """,
    "ETIMEDOUT": """The time is over, and the event has not come.

    From futex, mq_timedreceive, semaphore waits: the timeout passed by the caller. From connect,
    read and write on TCP: the peer no longer answers. From device ioctls.

    Look first: the timeout and its clock (absolute or relative); ss -tio; net.ipv4.tcp_syn_retries;
    a firewall that drops.
    """,
    "EHOSTDOWN": """The peer is known to be off.

    From Bluetooth, and from AFS and SMB when no server is left to ask. IP says EHOSTUNREACH.

    Look first: whether the device or server is on; dmesg; bluetoothctl info.
    """,
    "EHOSTUNREACH": """The network is there, the host does not answer on it.

    From connect, send and recv: no answer to ARP or neighbour discovery, an ICMP message from a
    router, a firewall that rejects, or a route that says so.

    Look first: ip neigh; ip route get ADDRESS; nft list ruleset; tcpdump icmp.
    """,
    "EALREADY": """The same operation is under way on this object.

    From connect on a non-blocking socket that is still connecting; from io_uring's cancellation
    when the request can no longer be stopped; from media and firmware interfaces.

    Look first: wait with poll() for writing, then read SO_ERROR.
    """,
    "EINPROGRESS": """The operation has begun and goes on without the caller.

    From connect on a non-blocking socket: no failure. From device ioctls and autofs while another
    request is being served.

    Look first: wait with poll() for writing, then read SO_ERROR; ss -tn state syn-sent.
    """,
    "EPROTO": """The other side broke the rules of the protocol.

    From accept4 and sockets of SCTP, Bluetooth and vsock; from USB (bit errors, no answer from the
    device); from FUSE when the daemon misbehaves.

    Look first: dmesg; a packet trace; the cable and hub.
    """,
    "EMULTIHOP": """The way leads over more hops than are allowed.

    From Ceph and SMB, whose servers redirect too often, and from a few drivers. A Remote File
    Sharing value by origin.

    Look first: dmesg; the referrals of the server.
    """,
    "ENOLINK": """The link to the object is cut.

    From bpf when a link's program or cgroup is detached, from disks whose transport failed (a path
    of multipath), from USB, remote processors and network devices that went away.

    Look first: bpftool link; multipath -ll; dmesg.
    """,
    "ECOMM": """Sending failed.

    From ISO-TP over CAN when a transfer breaks off, from USB controllers that could not read memory
    in time, from NFC and drivers of media devices.

    Look first: dmesg; ip -details -statistics link show CAN.
    """,
    "ENONET": """The machine, or the object, is on no network.

    From AFS without a route to its servers, from bpf's connection tracking with an unknown
    namespace id, from batman-adv and netlink for a device without the other end.

    Look first: ip -br link; ip netns; lsns -t net.
    """,
    "ENOTUNIQ": """The name or address is used twice on the network.

    From wireless interfaces with equal addresses or types that exclude each other, and from
    Bluetooth HID.

    Look first: iw dev; ip link for equal addresses.
    """,
    "ERFKILL": """A switch keeps the radio off.

    From netlink requests and ioctls that bring up a wireless, Bluetooth or NFC device, and from ip
    link set up.

    Look first: rfkill list: soft is undone by rfkill unblock, hard by a key or the firmware.
    """,
}
