"""Flag types of the socket calls: families, types, options, message flags.

Values are those of the kernel's headers (``linux/socket.h``, ``asm/socket.h``,
``linux/net.h``, ``linux/in.h``). The socket options, SOL_SOCKET and the flags of socket differ between
architectures; members have the value of the one this interpreter runs on.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value


class AddressFamily(DocumentedEnum):
    """Address families: the first parameter of socket and socketpair, and sa_family of an address.

    The kernel knows each also as ``PF_*`` with the same value. A family that is not built in is
    loaded as a module on first use; one that cannot be had is EAFNOSUPPORT. Since Linux 2.0 or
    earlier, unless a member says otherwise.
    """

    AF_UNSPEC = 0, "No family: connect with it undoes the connection of a datagram socket. Not for socket."
    AF_UNIX = (
        1,
        """Sockets of this machine, named by a path, by an abstract name (a leading zero byte) or
        not at all. They carry descriptors and credentials. Since Linux 1.0.""",
    )
    AF_LOCAL = AF_UNIX
    AF_INET = 2, "IPv4. Since Linux 1.0."
    AF_AX25 = 3, "Amateur radio AX.25. Linux 7.2 no longer has it."
    AF_IPX = 4, "Novell IPX. Removed in Linux 4.18."
    AF_APPLETALK = 5, "AppleTalk DDP. Linux 7.2 no longer has it."
    AF_NETROM = 6, "Amateur radio NET/ROM. Linux 7.2 no longer has it."
    AF_BRIDGE = 7, "The Ethernet bridge in routing messages of netlink. It has no sockets."
    AF_ATMPVC = 8, "ATM permanent virtual circuits. Since Linux 2.4."
    AF_X25 = 9, "ITU-T X.25 packet layer. Since Linux 2.2."
    AF_INET6 = 10, "IPv6, and IPv4 as mapped addresses unless IPV6_V6ONLY is set. Since Linux 2.2."
    AF_ROSE = 11, "Amateur radio X.25 PLP. Since Linux 2.2; Linux 7.2 no longer has it."
    AF_DECnet = 12, "DECnet. Since Linux 2.4, removed in 6.1."
    AF_NETBEUI = 13, "Reserved; never implemented. Since Linux 2.2."
    AF_SECURITY = 14, "Reserved; never implemented. Since Linux 2.2."
    AF_KEY = (
        15,
        """Key management of IPsec (RFC 2367); AF_NETLINK with NETLINK_XFRM can do more. Needs
        CAP_NET_ADMIN. Since Linux 2.6.0.""",
    )
    AF_NETLINK = (
        16,
        """Messages to and from the kernel: routes, links, audit, udev and more, by protocol
        number. Since Linux 2.2.""",
    )
    AF_ROUTE = AF_NETLINK
    AF_PACKET = 17, "Frames as the device sees them. Needs CAP_NET_RAW. Since Linux 2.2."
    AF_ASH = 18, "Reserved; never implemented. Since Linux 2.2."
    AF_ECONET = 19, "Acorn Econet. Since Linux 2.2, removed in 3.5."
    AF_ATMSVC = 20, "ATM switched virtual circuits. Since Linux 2.4; Linux 7.2 no longer has it."
    AF_RDS = 21, "Reliable datagrams over InfiniBand or TCP. Since Linux 2.6.30."
    AF_SNA = 22, "Reserved; never implemented. Since Linux 2.2."
    AF_IRDA = 23, "Infrared. Since Linux 2.2, removed in 4.17."
    AF_PPPOX = 24, "PPP over Ethernet, PPTP and L2TP. Since Linux 2.4."
    AF_WANPIPE = 25, "Sangoma's wide area cards. Since Linux 2.4, removed in 2.6.21."
    AF_LLC = 26, "IEEE 802.2 logical link control. Needs CAP_NET_RAW. Since Linux 2.6.0."
    AF_IB = (
        27,
        """Native InfiniBand addresses of the RDMA connection manager. It has no sockets.
        Since Linux 3.11.""",
    )
    AF_MPLS = 28, "MPLS labels in routing messages of netlink. It has no sockets. Since Linux 4.1."
    AF_CAN = (
        29,
        """Controller area network, by protocol: raw, broadcast manager, ISO-TP, J1939. Since Linux
        2.6.25.""",
    )
    AF_TIPC = 30, "Messages within a cluster. Since Linux 2.6.16."
    AF_BLUETOOTH = 31, "Bluetooth: L2CAP, HCI, SCO, RFCOMM and others, by protocol. Since Linux 2.4.6."
    AF_IUCV = 32, "Between z/VM guests and over HiperSockets; s390 only. Since Linux 2.6.21."
    AF_RXRPC = 33, "Remote procedure calls of AFS. Since Linux 2.6.22."
    AF_ISDN = 34, "Modular ISDN. Since Linux 2.6.27; Linux 7.2 no longer has it."
    AF_PHONET = 35, "Nokia modems. Since Linux 2.6.28."
    AF_IEEE802154 = 36, "Low-rate wireless personal area networks. Since Linux 2.6.31."
    AF_CAIF = 37, "ST-Ericsson modems. Since Linux 2.6.35; Linux 7.2 no longer has it."
    AF_ALG = (
        38,
        """The kernel's cryptography: bind names the algorithm, accept gives a socket for data.
        Since Linux 2.6.38.""",
    )
    AF_NFC = 39, "Near field communication. Since Linux 3.1."
    AF_VSOCK = (
        40,
        """Between a virtual machine and its host, addressed by context id and port. Since Linux
        3.9.""",
    )
    AF_KCM = 41, "Messages multiplexed over TCP connections, cut by a BPF program. Since Linux 4.6."
    AF_QIPCRTR = 42, "Qualcomm's message router between processors. Since Linux 4.7."
    AF_SMC = (
        43,
        """TCP connections over shared memory of RDMA or ISM devices; addresses are those of
        AF_INET. Since Linux 4.11.""",
    )
    AF_XDP = (
        44,
        """Frames in memory shared with the driver, steered to the socket by an XDP program. Needs
        CAP_NET_RAW. Since Linux 4.18.""",
    )
    AF_MCTP = 45, "Management component transport protocol, between parts of a machine. Since Linux 5.15."


class SocketType(DocumentedEnum):
    """Socket types: the second parameter of socket and socketpair, with SocketFlags added.

    MIPS has SOCK_STREAM and SOCK_DGRAM the other way round. Since Linux 2.0 or earlier, unless a
    member says otherwise.
    """

    SOCK_STREAM = (
        value("SOCK_STREAM"),
        """Bytes in order, without loss and without boundaries, over a connection: a read may
        return any part of what was written.""",
    )
    SOCK_DGRAM = (
        value("SOCK_DGRAM"),
        """Single messages; with AF_INET they may be lost, doubled or reordered. What does not fit
        the buffer of a read is lost.""",
    )
    SOCK_RAW = (
        3,
        """Packets with the protocol's own header. For AF_INET, AF_INET6 and AF_PACKET it needs
        CAP_NET_RAW.""",
    )
    SOCK_RDM = 4, "Single messages without loss, order not guaranteed. TIPC has it."
    SOCK_SEQPACKET = 5, "Single messages in order over a connection. AF_UNIX has it since Linux 2.6.4."
    SOCK_DCCP = 6, "Datagrams with congestion control. Since Linux 2.6.14; the protocol was removed in 6.16."
    SOCK_PACKET = 10, "Frames from the device, in the old way. Use AF_PACKET; obsolete since Linux 2.2."


class SocketFlags(DocumentedFlag):
    """What is added to the type in socket and socketpair; the flags of accept4.

    The values are open flags and differ between architectures. accept4 does not take over the
    flags of the listening socket.
    """

    SOCK_CLOEXEC = (
        value("SOCK_CLOEXEC"),
        """Close the descriptor on exec, set before any other thread can fork. Since Linux
        2.6.27.""",
    )
    SOCK_NONBLOCK = (
        value("SOCK_NONBLOCK"),
        """Make the new open file description non-blocking. Since Linux 2.6.27.""",
    )


class MessageFlags(DocumentedFlag):
    """Flags of send, sendto, sendmsg, sendmmsg, recv, recvfrom, recvmsg, recvmmsg.

    The kernel also answers with some of them, in msg_flags of a received message. A flag that the
    protocol has no use for is mostly ignored, not refused. Since Linux 2.0 or earlier, unless a
    member says otherwise.
    """

    MSG_OOB = (
        0x1,
        """Out-of-band data: TCP's urgent byte, AF_UNIX streams since Linux 5.15. As an answer:
        such data was received.""",
    )
    MSG_PEEK = 0x2, "Read without removing: the next read gets the same data, descriptors included."
    MSG_DONTROUTE = 0x4, "Send only to hosts on directly connected networks, past the gateways."
    MSG_TRYHARD = MSG_DONTROUTE
    MSG_CTRUNC = (
        0x8,
        """Answer: control data did not fit its buffer and was cut; descriptors in the lost part are
        closed. Since Linux 2.2.""",
    )
    MSG_PROBE = (
        0x10,
        """Send nothing, only find the path, for instance its MTU. UDP and raw sockets. Since Linux
        2.4.""",
    )
    MSG_TRUNC = (
        0x20,
        """Answer: the datagram was longer than the buffer. As a flag of a receive: return the real
        length; for TCP, throw the data away instead. Since Linux 2.2.""",
    )
    MSG_DONTWAIT = (
        0x40,
        """Answer EAGAIN instead of waiting, for this call only, whatever O_NONBLOCK says. Since
        Linux 2.2.""",
    )
    MSG_EOR = 0x80, "End of a record, for protocols that have records. Since Linux 2.2."
    MSG_WAITALL = (
        0x100,
        """Wait for the full amount. A signal, an error, the end or data of another kind still end
        the call early; datagrams do not care. Since Linux 2.2.""",
    )
    MSG_FIN = 0x200, "Without effect in the protocols of Linux 7.2. Since Linux 2.2."
    MSG_EOF = MSG_FIN
    MSG_SYN = 0x400, "Without effect in the protocols of Linux 7.2. Since Linux 2.2."
    MSG_CONFIRM = (
        0x800,
        """The reply shows that the neighbour is alive, so do not probe it. UDP and raw sockets; as
        an answer of CAN: the frame was sent by this socket. Since Linux 2.3.15.""",
    )
    MSG_RST = 0x1000, "Without effect in the protocols of Linux 7.2. Since Linux 2.2."
    MSG_ERRQUEUE = (
        0x2000,
        """Read the error queue, never waiting: the error is in control data, the original datagram
        in the buffer. Since Linux 2.2.""",
    )
    MSG_NOSIGNAL = 0x4000, "EPIPE without SIGPIPE when the other end of a stream is closed. Since Linux 2.2."
    MSG_MORE = (
        0x8000,
        """More follows: TCP holds back a partial segment, UDP and raw collect one datagram until a
        send without the flag. Since Linux 2.4.4, UDP 2.6.0.""",
    )
    MSG_WAITFORONE = 0x10000, "recvmmsg only: MSG_DONTWAIT from the second message on. Since Linux 2.6.34."
    MSG_BATCH = (
        0x40000,
        """The kernel sets it in sendmmsg for all but the last message, so that KCM may put them
        together. Since Linux 4.6.""",
    )
    MSG_SOCK_DEVMEM = (
        0x2000000,
        """Receive data that lies in device memory: control messages say where. Without it such
        data is EFAULT. Since Linux 6.12.""",
    )
    MSG_ZEROCOPY = (
        0x4000000,
        """Send from the caller's pages: do not touch them until the error queue reports
        completion. Needs SO_ZEROCOPY. Since Linux 4.14.""",
    )
    MSG_FASTOPEN = (
        0x20000000,
        """Connect and send in one, with data in the SYN if a cookie is known. sendto and sendmsg
        of TCP. Since Linux 3.6.""",
    )
    MSG_CMSG_CLOEXEC = (
        0x40000000,
        """recvmsg: close-on-exec for the descriptors that arrive with SCM_RIGHTS. Since Linux
        2.6.23.""",
    )


class ShutdownHow(DocumentedEnum):
    """What shutdown ends: its how parameter.

    It acts on the connection, not on the descriptor: every process that shares the socket is
    affected, and the descriptor is still to be closed. Since Linux 2.0 or earlier.
    """

    SHUT_RD = 0, "No more receiving. TCP does not inform the peer, and still takes what arrives."
    SHUT_WR = 1, "No more sending: the peer reads the rest, then the end."
    SHUT_RDWR = 2, "Both. A call blocked in accept or recv on the socket returns."


class SocketLevel(DocumentedEnum):
    """The level parameter of setsockopt and getsockopt, and cmsg_level of control messages.

    Levels of IP protocols are the protocol's number, see IpProtocol. SOL_ICMP does not exist: its
    number is SOL_SOCKET on most architectures. Since Linux 2.0 or earlier, unless a member says
    otherwise.
    """

    SOL_SOCKET = (
        value("SOL_SOCKET"),
        """The socket itself: the SO_* options of SocketOption. 1 or 0xffff, by architecture.""",
    )
    SOL_IP = 0, "IPv4, and netfilter's tables."
    SOL_TCP = 6, "TCP, and MPTCP where it passes them on."
    SOL_UDP = 17, "UDP."
    SOL_IPV6 = 41, "IPv6, and netfilter's tables. Since Linux 2.2."
    SOL_ICMPV6 = 58, "ICMPv6, of raw and ping sockets. Since Linux 2.2."
    SOL_SCTP = 132, "SCTP. Since Linux 2.6.0."
    SOL_UDPLITE = 136, "UDP-Lite. Since Linux 2.6.20; Linux 7.2 no longer has it."
    SOL_RAW = 255, "Raw IP sockets: ICMP_FILTER. Since Linux 2.2."
    SOL_IPX = 256, "IPX. Removed in Linux 4.18."
    SOL_AX25 = 257, "AX.25. Linux 7.2 no longer has it."
    SOL_ATALK = 258, "AppleTalk. Linux 7.2 no longer has it."
    SOL_NETROM = 259, "NET/ROM. Linux 7.2 no longer has it."
    SOL_ROSE = 260, "ROSE. Since Linux 2.2; Linux 7.2 no longer has it."
    SOL_DECNET = 261, "DECnet. Since Linux 2.4, removed in 6.1."
    SOL_X25 = 262, "X.25. Since Linux 2.2."
    SOL_PACKET = 263, "Packet sockets: rings, fanout, membership. Since Linux 2.2."
    SOL_ATM = 264, "ATM cells. Since Linux 2.4."
    SOL_AAL = 265, "ATM adaptation layer. Since Linux 2.4."
    SOL_IRDA = 266, "Infrared. Since Linux 2.2, removed in 4.17."
    SOL_NETBEUI = 267, "NetBEUI. Never used. Since Linux 2.4."
    SOL_LLC = 268, "802.2 logical link control. Since Linux 2.6.0."
    SOL_DCCP = 269, "DCCP. Since Linux 2.6.14, removed in 6.16."
    SOL_NETLINK = 270, "Netlink: group membership, packet info, strict checking. Since Linux 2.6.14."
    SOL_TIPC = 271, "TIPC. Since Linux 2.6.16."
    SOL_RXRPC = 272, "RxRPC. Since Linux 2.6.22."
    SOL_PPPOL2TP = 273, "PPP over L2TP. Since Linux 2.6.23."
    SOL_BLUETOOTH = 274, "Bluetooth. Its first options are of Linux 2.6.30."
    SOL_PNPIPE = 275, "Phonet pipes. Since Linux 2.6.28."
    SOL_RDS = 276, "RDS. Since Linux 2.6.30."
    SOL_IUCV = 277, "IUCV. Since Linux 2.6.31."
    SOL_CAIF = 278, "CAIF. Since Linux 2.6.35; Linux 7.2 no longer has it."
    SOL_ALG = (
        279,
        """Cryptography: keys of bound sockets, operation and vector in control messages. Since
        Linux 2.6.38.""",
    )
    SOL_NFC = 280, "NFC. Since Linux 3.10."
    SOL_KCM = 281, "KCM. Since Linux 4.6."
    SOL_TLS = (
        282,
        """Encryption by the kernel, after the ULP "tls" is set on a TCP socket. Since Linux
        4.13.""",
    )
    SOL_XDP = 283, "AF_XDP: memory and rings. Since Linux 4.18."
    SOL_MPTCP = 284, "Multipath TCP. Since Linux 5.16."
    SOL_MCTP = 285, "MCTP. Since Linux 5.15."
    SOL_SMC = 286, "SMC. Since Linux 5.16."
    SOL_VSOCK = 287, "vsock, in control messages about zero copy. Since Linux 6.7."


class SocketOption(DocumentedEnum):
    """Options of level SOL_SOCKET: the optname parameter of setsockopt and getsockopt.

    The value is an int unless said otherwise. Numbers differ between architectures: alpha, mips,
    parisc and sparc have their own, powerpc for a few. Where the layout of a time value is
    involved, there are an old and a new option: the names without a suffix are the ones that fit
    the kernel's long on this ABI. Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    SO_DEBUG = 1, "Mark the socket for debugging; next to nothing looks at it. To set it needs CAP_NET_ADMIN."
    SO_REUSEADDR = (
        value("SO_REUSEADDR"),
        """bind may take an address with connections in TIME_WAIT, or for UDP one that is in use by
        another socket with the option. Set it before bind.""",
    )
    SO_TYPE = value("SO_TYPE"), "The SocketType. Read only."
    SO_ERROR = (
        value("SO_ERROR"),
        """The pending error, as an errno, or 0; reading clears it. How the result of a
        non-blocking connect is asked. Read only.""",
    )
    SO_DONTROUTE = value("SO_DONTROUTE"), "As MSG_DONTROUTE for every send."
    SO_BROADCAST = (
        value("SO_BROADCAST"),
        """Permit datagrams to broadcast addresses; without it they are EACCES.""",
    )
    SO_SNDBUF = (
        value("SO_SNDBUF"),
        """Size of the send buffer in bytes. The kernel doubles what is set for its bookkeeping,
        and reading shows the double. At most net.core.wmem_max. Switches off TCP's own sizing.""",
    )
    SO_RCVBUF = (
        value("SO_RCVBUF"),
        """Size of the receive buffer in bytes; doubled like SO_SNDBUF, at most net.core.rmem_max.
        Switches off TCP's own sizing; set it before connect or listen to have a larger window.""",
    )
    SO_SNDBUFFORCE = (
        value("SO_SNDBUFFORCE"),
        """SO_SNDBUF past the limit. Needs CAP_NET_ADMIN in the network's user namespace. Since
        Linux 2.6.14.""",
    )
    SO_RCVBUFFORCE = (
        value("SO_RCVBUFFORCE"),
        """SO_RCVBUF past the limit. Needs CAP_NET_ADMIN in the network's user namespace. Since
        Linux 2.6.14.""",
    )
    SO_KEEPALIVE = (
        value("SO_KEEPALIVE"),
        """Probe an idle connection: by default only after two hours, see TCP_KEEPIDLE.""",
    )
    SO_OOBINLINE = value("SO_OOBINLINE"), "Leave urgent data in its place in the stream."
    SO_NO_CHECK = value("SO_NO_CHECK"), "Send UDP over IPv4 without a checksum."
    SO_PRIORITY = (
        value("SO_PRIORITY"),
        """Priority of packets for the queueing discipline. Outside 0 to 6 needs CAP_NET_RAW or
        CAP_NET_ADMIN.""",
    )
    SO_LINGER = (
        value("SO_LINGER"),
        """What close does with unsent data, a struct linger. On with time 0, TCP is reset.
        Otherwise close waits this number of seconds.""",
    )
    SO_BSDCOMPAT = value("SO_BSDCOMPAT"), "Without effect since Linux 2.4."
    SO_REUSEPORT = (
        value("SO_REUSEPORT"),
        """Several sockets of one user bind the same address and port, all with the option set
        before; connections or datagrams are spread by hash. Since Linux 3.9.""",
    )
    SO_PASSCRED = (
        value("SO_PASSCRED"),
        """Receive SCM_CREDENTIALS with each message of AF_UNIX or netlink. An unbound AF_UNIX
        socket gets an abstract name. Since Linux 2.2.""",
    )
    SO_PEERCRED = (
        value("SO_PEERCRED"),
        """struct ucred of the peer of an AF_UNIX connection or socketpair, as it was at connect or
        listen. Read only. Since Linux 2.2.""",
    )
    SO_RCVLOWAT = (
        value("SO_RCVLOWAT"),
        """A receive waits until this number of bytes is there. poll and epoll respect it since Linux
        2.6.28 (TCP) or later. Since Linux 2.2, settable since 2.4.""",
    )
    SO_SNDLOWAT = value("SO_SNDLOWAT"), "Always 1; cannot be set. Since Linux 2.2."
    SO_RCVTIMEO = (
        value("SO_RCVTIMEO_OLD"),
        """Longest wait of a receive or accept, a struct timeval; then EAGAIN. 0 waits forever. poll
        and epoll do not look at it. Since Linux 2.2, settable since 2.4.""",
    )
    SO_RCVTIMEO_OLD = SO_RCVTIMEO
    SO_SNDTIMEO = (
        value("SO_SNDTIMEO_OLD"),
        """Longest wait of a send, a struct timeval; then EAGAIN, for connect EINPROGRESS. 0 waits
        forever. Since Linux 2.2, settable since 2.4.""",
    )
    SO_SNDTIMEO_OLD = SO_SNDTIMEO
    SO_SECURITY_AUTHENTICATION = value("SO_SECURITY_AUTHENTICATION"), "Never implemented. Since Linux 2.2."
    SO_SECURITY_ENCRYPTION_TRANSPORT = (
        value("SO_SECURITY_ENCRYPTION_TRANSPORT"),
        """Never implemented. Since Linux 2.2.""",
    )
    SO_SECURITY_ENCRYPTION_NETWORK = (
        value("SO_SECURITY_ENCRYPTION_NETWORK"),
        """Never implemented. Since Linux 2.2.""",
    )
    SO_BINDTODEVICE = (
        value("SO_BINDTODEVICE"),
        """Use only this interface, by name; an empty name undoes it. Needs CAP_NET_RAW once a
        device is bound; the first binding does not since Linux 5.7. Since Linux 2.2.""",
    )
    SO_ATTACH_FILTER = (
        value("SO_ATTACH_FILTER"),
        """Classic BPF program, struct sock_fprog, that decides how much of each packet is
        received. As an option of getsockopt it is SO_GET_FILTER. Since Linux 2.2.""",
    )
    SO_DETACH_FILTER = (
        value("SO_DETACH_FILTER"),
        """Remove the BPF program, classic or extended. The value is ignored. Since Linux 2.2.""",
    )
    SO_GET_FILTER = value("SO_ATTACH_FILTER")
    SO_PEERNAME = (
        value("SO_PEERNAME"),
        """Address of the peer, as getpeername gives it. Read only. Since Linux 2.4.""",
    )
    SO_ACCEPTCONN = value("SO_ACCEPTCONN"), "Whether the socket listens. Read only. Since Linux 2.4."
    SO_PEERSEC = value("SO_PEERSEC"), "Security label of the peer, a string. Read only. Since Linux 2.6.2."
    SO_PASSSEC = value("SO_PASSSEC"), "Receive SCM_SECURITY with each message of AF_UNIX. Since Linux 2.6.18."
    SO_MARK = (
        value("SO_MARK"),
        """Mark of outgoing packets for routing and netfilter. Needs CAP_NET_ADMIN, or CAP_NET_RAW
        since Linux 5.17. Since Linux 2.6.25.""",
    )
    SO_PROTOCOL = value("SO_PROTOCOL"), "The protocol. Read only. Since Linux 2.6.32."
    SO_DOMAIN = value("SO_DOMAIN"), "The AddressFamily. Read only. Since Linux 2.6.32."
    SO_RXQ_OVFL = (
        value("SO_RXQ_OVFL"),
        """Receive the count of dropped packets as a control message. Since Linux 2.6.33.""",
    )
    SO_WIFI_STATUS = (
        value("SO_WIFI_STATUS"),
        """Ask for whether a frame was acknowledged, through the error queue. Since Linux 3.3.""",
    )
    SO_PEEK_OFF = (
        value("SO_PEEK_OFF"),
        """Where MSG_PEEK begins; each peek moves on, a read moves back. -1 switches off. AF_UNIX
        since Linux 3.4, UDP 4.4, TCP 6.9.""",
    )
    SO_NOFCS = (
        value("SO_NOFCS"),
        """The last four bytes sent are the frame check sequence. Packet sockets. Since Linux
        3.4.""",
    )
    SO_LOCK_FILTER = (
        value("SO_LOCK_FILTER"),
        """The filter can be neither changed nor removed from now on, by this or any process. Since
        Linux 3.9.""",
    )
    SO_SELECT_ERR_QUEUE = (
        value("SO_SELECT_ERR_QUEUE"),
        """Data in the error queue counts as POLLPRI, so that select can see it. Since Linux
        3.10.""",
    )
    SO_BUSY_POLL = (
        value("SO_BUSY_POLL"),
        """Microseconds of busy polling on the device queue before a receive sleeps. Since Linux
        3.11.""",
    )
    SO_MAX_PACING_RATE = (
        value("SO_MAX_PACING_RATE"),
        """Upper bound of the sending rate in bytes per second; reads and writes 32 bits or an
        unsigned long. Since Linux 3.13.""",
    )
    SO_BPF_EXTENSIONS = (
        value("SO_BPF_EXTENSIONS"),
        """Which extensions classic BPF has. Read only. Since Linux 3.14.""",
    )
    SO_INCOMING_CPU = (
        value("SO_INCOMING_CPU"),
        """CPU on which packets of the socket were last processed; set, it prefers sockets of a
        reuseport group. Since Linux 3.19, settable since 4.4.""",
    )
    SO_ATTACH_BPF = (
        value("SO_ATTACH_BPF"),
        """Extended BPF program of type BPF_PROG_TYPE_SOCKET_FILTER, by descriptor. Since Linux
        3.19.""",
    )
    SO_DETACH_BPF = value("SO_DETACH_FILTER")
    SO_ATTACH_REUSEPORT_CBPF = (
        value("SO_ATTACH_REUSEPORT_CBPF"),
        """Classic BPF program that chooses the socket of a reuseport group. Since Linux 4.5.""",
    )
    SO_ATTACH_REUSEPORT_EBPF = (
        value("SO_ATTACH_REUSEPORT_EBPF"),
        """Extended BPF program that chooses the socket of a reuseport group, by descriptor. Since
        Linux 4.5.""",
    )
    SO_CNX_ADVICE = (
        value("SO_CNX_ADVICE"),
        """1: the connection is going badly, look for another path. Write only. Since Linux
        4.6.""",
    )
    SO_MEMINFO = (
        value("SO_MEMINFO"),
        """Memory use of the socket, an array of unsigned int. Read only. Since Linux 4.12.""",
    )
    SO_INCOMING_NAPI_ID = (
        value("SO_INCOMING_NAPI_ID"),
        """The receive queue that the packets came from, 0 if unknown. Read only. Since Linux
        4.12.""",
    )
    SO_COOKIE = (
        value("SO_COOKIE"),
        """A 64-bit number for the socket that is not reused until the machine restarts. Read only.
        Since Linux 4.12.""",
    )
    SO_PEERGROUPS = (
        value("SO_PEERGROUPS"),
        """Supplementary groups of the peer of an AF_UNIX connection; ERANGE and the needed length
        if they do not fit. Read only. Since Linux 4.13.""",
    )
    SO_ZEROCOPY = value("SO_ZEROCOPY"), "Permit MSG_ZEROCOPY. Since Linux 4.14."
    SO_TXTIME = (
        value("SO_TXTIME"),
        """Permit a departure time for each packet with SCM_TXTIME; struct sock_txtime. Since Linux
        4.19.""",
    )
    SO_BINDTOIFINDEX = value("SO_BINDTOIFINDEX"), "As SO_BINDTODEVICE, by interface number. Since Linux 5.1."
    SO_TIMESTAMP = (
        value("SO_TIMESTAMP_OLD"),
        """Receive the time of arrival as struct timeval in a control message. Since Linux 2.4.""",
    )
    SO_TIMESTAMP_OLD = SO_TIMESTAMP
    SO_TIMESTAMPNS = (
        value("SO_TIMESTAMPNS_OLD"),
        """Receive the time of arrival as struct timespec in a control message. Since Linux
        2.6.22.""",
    )
    SO_TIMESTAMPNS_OLD = SO_TIMESTAMPNS
    SO_TIMESTAMPING = (
        value("SO_TIMESTAMPING_OLD"),
        """Time stamps of sending and receiving, by software or device; the bits are
        SOF_TIMESTAMPING_*. Since Linux 2.6.30.""",
    )
    SO_TIMESTAMPING_OLD = SO_TIMESTAMPING
    SO_TIMESTAMP_NEW = (
        value("SO_TIMESTAMP_NEW"),
        """SO_TIMESTAMP with 64-bit time on every ABI. Since Linux 5.1.""",
    )
    SO_TIMESTAMPNS_NEW = (
        value("SO_TIMESTAMPNS_NEW"),
        """SO_TIMESTAMPNS with 64-bit time on every ABI. Since Linux 5.1.""",
    )
    SO_TIMESTAMPING_NEW = (
        value("SO_TIMESTAMPING_NEW"),
        """SO_TIMESTAMPING with 64-bit time on every ABI. Since Linux 5.1.""",
    )
    SO_RCVTIMEO_NEW = value("SO_RCVTIMEO_NEW"), "SO_RCVTIMEO with 64-bit time on every ABI. Since Linux 5.1."
    SO_SNDTIMEO_NEW = value("SO_SNDTIMEO_NEW"), "SO_SNDTIMEO with 64-bit time on every ABI. Since Linux 5.1."
    SO_DETACH_REUSEPORT_BPF = (
        value("SO_DETACH_REUSEPORT_BPF"),
        """Remove the program of a reuseport group. Since Linux 5.3.""",
    )
    SO_PREFER_BUSY_POLL = (
        value("SO_PREFER_BUSY_POLL"),
        """Let busy polling hold back the device's interrupts. To set it needs CAP_NET_ADMIN. Since
        Linux 5.11.""",
    )
    SO_BUSY_POLL_BUDGET = (
        value("SO_BUSY_POLL_BUDGET"),
        """Most packets in a round of busy polling. To raise it needs CAP_NET_ADMIN. Since Linux
        5.11.""",
    )
    SO_NETNS_COOKIE = (
        value("SO_NETNS_COOKIE"),
        """A 64-bit number for the socket's network namespace. Read only. Since Linux 5.14.""",
    )
    SO_BUF_LOCK = (
        value("SO_BUF_LOCK"),
        """Which buffer sizes the kernel must not adjust: 1 send, 2 receive. Since Linux 5.15.""",
    )
    SO_RESERVE_MEM = (
        value("SO_RESERVE_MEM"),
        """Bytes of memory reserved for the socket, charged to its memory cgroup. Since Linux
        5.16.""",
    )
    SO_TXREHASH = (
        value("SO_TXREHASH"),
        """Whether a stalled TCP connection may pick another path by a new hash: 1 yes, 0 no, -1
        the namespace's default. Since Linux 5.18.""",
    )
    SO_RCVMARK = (
        value("SO_RCVMARK"),
        """Receive the packet's mark as a control message of type SO_MARK. Since Linux 5.19.""",
    )
    SO_PASSPIDFD = value("SO_PASSPIDFD"), "Receive SCM_PIDFD with each message of AF_UNIX. Since Linux 6.5."
    SO_PEERPIDFD = (
        value("SO_PEERPIDFD"),
        """A new pidfd of the peer of an AF_UNIX connection: SO_PEERCRED without the race. Read
        only. Since Linux 6.5.""",
    )
    SO_DEVMEM_LINEAR = (
        value("SO_DEVMEM_LINEAR"),
        """Type of a control message, no option: data that could not be left in device memory.
        Since Linux 6.12.""",
    )
    SO_DEVMEM_DMABUF = (
        value("SO_DEVMEM_DMABUF"),
        """Type of a control message, no option: where data lies in device memory. Since Linux
        6.12.""",
    )
    SO_DEVMEM_DONTNEED = (
        value("SO_DEVMEM_DONTNEED"),
        """Give back pieces of device memory, an array of struct dmabuf_token. Returns how many.
        Since Linux 6.12.""",
    )
    SO_RCVPRIORITY = (
        value("SO_RCVPRIORITY"),
        """Receive the packet's priority as a control message of type SO_PRIORITY. Since Linux
        6.14.""",
    )
    SO_PASSRIGHTS = (
        value("SO_PASSRIGHTS"),
        """0: refuse descriptors on this AF_UNIX socket, the sender gets EPERM. On by default.
        Since Linux 6.16.""",
    )
    SO_INQ = value("SO_INQ"), "Receive SCM_INQ with each receive of an AF_UNIX stream. Since Linux 6.17."


class IpProtocol(DocumentedEnum):
    """The protocol parameter of socket for AF_INET and AF_INET6; levels of their options too.

    Most numbers are only of use with SOCK_RAW, which receives packets of the protocol. 0 takes the
    type's usual one. Raw sockets take any number since Linux 2.0 or earlier; a version at a member
    is that of other support.
    """

    IPPROTO_IP = 0, "The default: TCP for SOCK_STREAM, UDP for SOCK_DGRAM. The level of IPv4's options."
    IPPROTO_HOPOPTS = IPPROTO_IP
    IPPROTO_ICMP = (
        1,
        """ICMP. With SOCK_DGRAM a ping socket, if net.ipv4.ping_group_range admits the group, since
        Linux 3.0.""",
    )
    IPPROTO_IGMP = 2, "IGMP."
    IPPROTO_IPIP = 4, "IPv4 in IP."
    IPPROTO_TCP = 6, "TCP."
    IPPROTO_EGP = 8, "Exterior gateway protocol."
    IPPROTO_PUP = 12, "Xerox PUP."
    IPPROTO_UDP = 17, "UDP."
    IPPROTO_IDP = 22, "Xerox XNS."
    IPPROTO_TP = 29, "ISO transport protocol class 4."
    IPPROTO_DCCP = 33, "DCCP. Sockets of it since Linux 2.6.14, removed in 6.16."
    IPPROTO_IPV6 = 41, "IPv6 in IP. The level of IPv6's options. Since Linux 2.2."
    IPPROTO_ROUTING = 43, "IPv6 routing header. Since Linux 2.2."
    IPPROTO_FRAGMENT = 44, "IPv6 fragment header. Since Linux 2.2."
    IPPROTO_RSVP = 46, "RSVP."
    IPPROTO_GRE = 47, "GRE. Since Linux 2.2."
    IPPROTO_ESP = 50, "IPsec encapsulation. Since Linux 2.6.0."
    IPPROTO_AH = 51, "IPsec authentication header. Since Linux 2.6.0."
    IPPROTO_ICMPV6 = 58, "ICMPv6. Since Linux 2.2; with SOCK_DGRAM a ping socket since 3.11."
    IPPROTO_NONE = 59, "IPv6: no next header. Since Linux 2.2."
    IPPROTO_DSTOPTS = 60, "IPv6 destination options. Since Linux 2.2."
    IPPROTO_MTP = 92, "Multicast transport protocol."
    IPPROTO_BEETPH = 94, "Pseudo header of IPsec's BEET mode."
    IPPROTO_ENCAP = 98, "Encapsulation header."
    IPPROTO_PIM = 103, "Protocol independent multicast. Since Linux 2.2."
    IPPROTO_COMP = 108, "IP payload compression. Since Linux 2.6.0."
    IPPROTO_L2TP = 115, "L2TP directly over IP, with SOCK_DGRAM. Since Linux 2.6.35."
    IPPROTO_SCTP = 132, "SCTP, with SOCK_STREAM or SOCK_SEQPACKET. Since Linux 2.6.0."
    IPPROTO_MH = 135, "IPv6 mobility header."
    IPPROTO_UDPLITE = 136, "UDP-Lite. Since Linux 2.6.20; Linux 7.2 no longer has its sockets."
    IPPROTO_MPLS = 137, "MPLS in IP."
    IPPROTO_ETHERNET = 143, "Ethernet in IPv6, for segment routing."
    IPPROTO_AGGFRAG = 144, "Aggregated and fragmented packets in ESP. Since Linux 6.14."
    IPPROTO_RAW = 255, "SOCK_RAW that only sends, with the header made by the caller."
    IPPROTO_SMC = (
        256,
        """SMC with the family of IP, for SOCK_STREAM; no protocol number on the wire. Since Linux
        6.11.""",
    )
    IPPROTO_MPTCP = 262, "Multipath TCP, for SOCK_STREAM; no protocol number on the wire. Since Linux 5.6."


class ControlMessage(DocumentedEnum):
    """Types of control messages of level SOL_SOCKET: cmsg_type in sendmsg and recvmsg."""

    SCM_RIGHTS = (
        0x01,
        """Descriptors, an array of int: the receiver gets new ones for the same open file
        descriptions. At most 253 a message. AF_UNIX. Since Linux 2.0.""",
    )
    SCM_CREDENTIALS = (
        0x02,
        """struct ucred of the sender. To send another's id needs CAP_SYS_ADMIN, CAP_SETUID or
        CAP_SETGID. Received with SO_PASSCRED. Since Linux 2.2.""",
    )
    SCM_SECURITY = (
        0x03,
        """Security label of the sender, a string. Received with SO_PASSSEC. Since Linux
        2.6.18.""",
    )
    SCM_PIDFD = (
        0x04,
        """A new pidfd of the sender, made for the receiver. Received with SO_PASSPIDFD. Since
        Linux 6.5.""",
    )
    SCM_TIMESTAMP = value("SO_TIMESTAMP_OLD"), "Time of arrival, of SO_TIMESTAMP. Since Linux 2.4."
    SCM_TIMESTAMPNS = value("SO_TIMESTAMPNS_OLD"), "Time of arrival, of SO_TIMESTAMPNS. Since Linux 2.6.22."
    SCM_TIMESTAMPING = (
        value("SO_TIMESTAMPING_OLD"),
        """Three struct timespec: software, unused, raw hardware; of SO_TIMESTAMPING. Since Linux
        2.6.30.""",
    )
    SCM_WIFI_STATUS = (
        value("SO_WIFI_STATUS"),
        """int: whether the frame was acknowledged. In the error queue. Since Linux 3.3.""",
    )
    SCM_TIMESTAMPING_OPT_STATS = (
        value("SCM_TIMESTAMPING_OPT_STATS"),
        """Netlink attributes with TCP's statistics at the time of the stamp. Since Linux 4.10.""",
    )
    SCM_TIMESTAMPING_PKTINFO = (
        value("SCM_TIMESTAMPING_PKTINFO"),
        """Interface and length of a packet stamped by a device. Since Linux 4.13.""",
    )
    SCM_TXTIME = (
        value("SO_TXTIME"),
        """64 bits of nanoseconds: when the packet is to leave. For sending. Since Linux 4.19.""",
    )
    SCM_DEVMEM_LINEAR = (
        value("SO_DEVMEM_LINEAR"),
        """struct dmabuf_cmsg: data in ordinary memory, copied to the buffer. Since Linux 6.12.""",
    )
    SCM_DEVMEM_DMABUF = (
        value("SO_DEVMEM_DMABUF"),
        """struct dmabuf_cmsg: data left in device memory. Since Linux 6.12.""",
    )
    SCM_TS_OPT_ID = (
        value("SCM_TS_OPT_ID"),
        """32 bits: the number under which the stamp of this packet will be reported. For sending.
        Since Linux 6.13.""",
    )
    SCM_INQ = value("SO_INQ"), "int: bytes left to read in an AF_UNIX stream. Since Linux 6.17."


class SocketCall(DocumentedEnum):
    """The first parameter of socketcall: which of the socket calls it stands for.

    Only older ABIs have it, i386 and s390x for instance. Its second parameter is an array of longs,
    the arguments of the call that is meant. Since Linux 2.0 or earlier, unless a member says
    otherwise.
    """

    SYS_SOCKET = 1, "socket."
    SYS_BIND = 2, "bind."
    SYS_CONNECT = 3, "connect."
    SYS_LISTEN = 4, "listen."
    SYS_ACCEPT = 5, "accept."
    SYS_GETSOCKNAME = 6, "getsockname."
    SYS_GETPEERNAME = 7, "getpeername."
    SYS_SOCKETPAIR = 8, "socketpair."
    SYS_SEND = 9, "send."
    SYS_RECV = 10, "recv."
    SYS_SENDTO = 11, "sendto."
    SYS_RECVFROM = 12, "recvfrom."
    SYS_SHUTDOWN = 13, "shutdown."
    SYS_SETSOCKOPT = 14, "setsockopt."
    SYS_GETSOCKOPT = 15, "getsockopt."
    SYS_SENDMSG = 16, "sendmsg."
    SYS_RECVMSG = 17, "recvmsg."
    SYS_ACCEPT4 = 18, "accept4. Since Linux 2.6.28."
    SYS_RECVMMSG = 19, "recvmmsg. Since Linux 2.6.33."
    SYS_SENDMMSG = 20, "sendmmsg. Since Linux 3.0."
