"""Flag types of IPv4, IPv6, TCP and UDP: options of sockets and their values.

Values are those of ``linux/in.h``, ``linux/in6.h``, ``linux/tcp.h`` and ``linux/udp.h``.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class IpOption(DocumentedEnum):
    """Options of level SOL_IP: optname of setsockopt and getsockopt, and cmsg_type."""

    IP_TOS = 1, "The type of service of what is sent: DSCP, and two bits for congestion. Since Linux 1.0."
    IP_TTL = 2, "The time to live of what is sent; -1: the default. Since Linux 1.0."
    IP_HDRINCL = 3, "What is written begins with the IP header. Raw sockets only. Since Linux 2.0."
    IP_OPTIONS = 4, "The IP options of what is sent, up to 40 bytes. Since Linux 2.0."
    IP_ROUTER_ALERT = (
        5,
        """Get the packets with a router alert that the machine would forward. Raw sockets only.
        Since Linux 2.2.""",
    )
    IP_RECVOPTS = 6, "Pass the options of what arrives as a control message. Since Linux 2.2."
    IP_RETOPTS = 7, "Pass them as they would be sent back. Since Linux 2.2."
    IP_RECVRETOPTS = IP_RETOPTS
    IP_PKTINFO = (
        8,
        """Pass an in_pktinfo with what arrives: interface and address. As a control message of
        sendmsg: from where. Since Linux 2.2.""",
    )
    IP_PKTOPTIONS = 9, "The control messages of the last packet. Of TCP only. Since Linux 2.4 or earlier."
    IP_MTU_DISCOVER = 10, "Whether packets may be cut: an IpMtuDiscovery. Since Linux 2.2."
    IP_RECVERR = 11, "Queue errors, and pass them with MSG_ERRQUEUE: a sock_extended_err. Since Linux 2.2."
    IP_RECVTTL = 12, "Pass the time to live of what arrives. Since Linux 2.2."
    IP_RECVTOS = 13, "Pass the type of service of what arrives. Since Linux 2.2."
    IP_MTU = 14, "The MTU of the path of a connected socket. Read only. Since Linux 2.2."
    IP_FREEBIND = 15, "bind takes addresses that the machine does not have, or not yet. Since Linux 2.4."
    IP_IPSEC_POLICY = (
        16,
        "A policy of IPsec, as AF_KEY has it. Needs CAP_NET_ADMIN. Since Linux 2.6.11 or earlier.",
    )
    IP_XFRM_POLICY = (
        17,
        "A policy of IPsec, as NETLINK_XFRM has it. Needs CAP_NET_ADMIN. Since Linux 2.6.11 or earlier.",
    )
    IP_PASSSEC = 18, "Pass the security label of what arrives. Since Linux 2.6.17."
    IP_TRANSPARENT = (
        19,
        """bind takes addresses of others, for proxies. Needs CAP_NET_RAW or CAP_NET_ADMIN. Since
        Linux 2.6.32 or earlier.""",
    )
    IP_ORIGDSTADDR = (
        20,
        "Pass the address that a redirected packet was sent to. Since Linux 2.6.32 or earlier.",
    )
    IP_RECVORIGDSTADDR = IP_ORIGDSTADDR
    IP_MINTTL = 21, "Drop what arrives with a smaller time to live. Since Linux 3.3 or earlier."
    IP_NODEFRAG = 22, "Do not put fragments together on output. Raw sockets only. Since Linux 2.6.36."
    IP_CHECKSUM = 23, "Pass the checksum of what arrives, of UDP. Since Linux 4.4 or earlier."
    IP_BIND_ADDRESS_NO_PORT = (
        24,
        "bind takes no port yet if it is 0: connect does, and can share ports. Since Linux 4.2.",
    )
    IP_RECVFRAGSIZE = 25, "Pass the size of the largest fragment of what arrives. Since Linux 4.10."
    IP_RECVERR_RFC4884 = 26, "IP_RECVERR with the extensions of ICMP messages. Since Linux 5.9."
    IP_MULTICAST_IF = (
        32,
        """The interface that multicasts are sent from: an address, an ip_mreq or an ip_mreqn.
        Since Linux 1.2.""",
    )
    IP_MULTICAST_TTL = 33, "The time to live of multicasts, 1 at first. Since Linux 1.2."
    IP_MULTICAST_LOOP = 34, "Whether multicasts come back to this machine. They do at first. Since Linux 1.2."
    IP_ADD_MEMBERSHIP = 35, "Join a group: an ip_mreqn or an ip_mreq. Since Linux 1.2."
    IP_DROP_MEMBERSHIP = 36, "Leave a group. Since Linux 1.2."
    IP_UNBLOCK_SOURCE = (
        37,
        "Take what a source sends to a group again: an ip_mreq_source. Since Linux 2.4.22.",
    )
    IP_BLOCK_SOURCE = 38, "Take nothing of what a source sends to a group. Since Linux 2.4.22."
    IP_ADD_SOURCE_MEMBERSHIP = 39, "Join a group, for one source only. Since Linux 2.4.22."
    IP_DROP_SOURCE_MEMBERSHIP = 40, "Leave it for one source. Since Linux 2.4.22."
    IP_MSFILTER = 41, "All sources of a group at once: an ip_msfilter. Since Linux 2.4.22."
    MCAST_JOIN_GROUP = 42, "Join a group of any family: a group_req. Since Linux 2.6.11 or earlier."
    MCAST_BLOCK_SOURCE = (
        43,
        "Take nothing of what a source sends to a group: a group_source_req. Since Linux 2.6.11 or earlier.",
    )
    MCAST_UNBLOCK_SOURCE = 44, "Take what a source sends to a group again. Since Linux 2.6.11 or earlier."
    MCAST_LEAVE_GROUP = 45, "Leave a group. Since Linux 2.6.11 or earlier."
    MCAST_JOIN_SOURCE_GROUP = 46, "Join a group, for one source only. Since Linux 2.6.11 or earlier."
    MCAST_LEAVE_SOURCE_GROUP = 47, "Leave it for one source. Since Linux 2.6.11 or earlier."
    MCAST_MSFILTER = 48, "All sources of a group at once: a group_filter. Since Linux 2.6.11 or earlier."
    IP_MULTICAST_ALL = (
        49,
        """Whether the socket gets the groups that others on this machine have joined. It does at
        first. Since Linux 2.6.31.""",
    )
    IP_UNICAST_IF = (
        50,
        "The interface that packets are sent from, in network order. Since Linux 3.12 or earlier.",
    )
    IP_LOCAL_PORT_RANGE = (
        51,
        "From which ports connect chooses: the lowest, and the highest << 16. Since Linux 6.3.",
    )
    IP_PROTOCOL = 52, "The protocol of the socket. Read only. Since Linux 6.4."


class IpMtuDiscovery(DocumentedEnum):
    """The value of IP_MTU_DISCOVER. Since Linux 2.4 or earlier, unless a member says otherwise."""

    IP_PMTUDISC_DONT = 0, "Cut packets that are too long; never forbid it to routers."
    IP_PMTUDISC_WANT = 1, "Cut packets or not, as the route says. The default."
    IP_PMTUDISC_DO = 2, "Never cut packets: what is longer than the path's MTU is EMSGSIZE."
    IP_PMTUDISC_PROBE = (
        3,
        """Never cut packets, and send them although they are longer than the path's MTU. Since
        Linux 2.6.24 or earlier.""",
    )
    IP_PMTUDISC_INTERFACE = (
        4,
        """Use the interface's MTU, whatever ICMP says; what is longer is dropped. Since Linux
        3.14 or earlier.""",
    )
    IP_PMTUDISC_OMIT = 5, "As INTERFACE, but cut what is longer. Since Linux 3.16 or earlier."


class MulticastFilter(DocumentedEnum):
    """Whether a list of sources is of those that are taken: imsf_fmode and gf_fmode.

    Since Linux 2.6.11 or earlier.
    """

    MCAST_EXCLUDE = 0, "All but these."
    MCAST_INCLUDE = 1, "Only these."


class Ipv6Option(DocumentedEnum):
    """Options of level SOL_IPV6: optname of setsockopt and getsockopt, and cmsg_type.

    The MCAST_* options are in IpOption. Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    IPV6_ADDRFORM = 1, "Make a connected socket of mapped addresses one of AF_INET."
    IPV6_2292PKTINFO = 2, "IPV6_RECVPKTINFO, as RFC 2292 has it. Since Linux 2.6.18 or earlier."
    IPV6_2292HOPOPTS = 3, "IPV6_RECVHOPOPTS, as RFC 2292 has it. Since Linux 2.6.18 or earlier."
    IPV6_2292DSTOPTS = 4, "IPV6_RECVDSTOPTS, as RFC 2292 has it. Since Linux 2.6.18 or earlier."
    IPV6_2292RTHDR = 5, "IPV6_RECVRTHDR, as RFC 2292 has it. Since Linux 2.6.18 or earlier."
    IPV6_2292PKTOPTIONS = (
        6,
        """The control messages of the last packet of TCP, or those for all that is sent. Since
        Linux 2.6.18 or earlier.""",
    )
    IPV6_CHECKSUM = 7, "Where the kernel is to put a checksum; -1: nowhere. Raw sockets only."
    IPV6_2292HOPLIMIT = 8, "IPV6_RECVHOPLIMIT, as RFC 2292 has it. Since Linux 2.6.18 or earlier."
    IPV6_NEXTHOP = 9, "The next hop of what is sent. Without effect in Linux 7.2."
    IPV6_FLOWINFO = 11, "Pass the flow label and traffic class of what arrives."
    IPV6_UNICAST_HOPS = 16, "The hop limit of what is sent; -1: the default."
    IPV6_MULTICAST_IF = 17, "The interface that multicasts are sent from, by its index."
    IPV6_MULTICAST_HOPS = 18, "The hop limit of multicasts, 1 at first."
    IPV6_MULTICAST_LOOP = 19, "Whether multicasts come back to this machine. They do at first."
    IPV6_ADD_MEMBERSHIP = 20, "Join a group: an ipv6_mreq."
    IPV6_DROP_MEMBERSHIP = 21, "Leave a group."
    IPV6_ROUTER_ALERT = (
        22,
        "Get the packets with this value of a router alert that the machine would forward.",
    )
    IPV6_MTU_DISCOVER = 23, "Whether packets may be cut: an Ipv6MtuDiscovery."
    IPV6_MTU = 24, "The MTU of the path of a connected socket; set: the longest packet that is not cut."
    IPV6_RECVERR = 25, "Queue errors, and pass them with MSG_ERRQUEUE: a sock_extended_err."
    IPV6_V6ONLY = 26, "No IPv4 by mapped addresses. Since Linux 2.4.21."
    IPV6_JOIN_ANYCAST = 27, "Join an anycast group. Needs CAP_NET_ADMIN. Since Linux 2.6.11 or earlier."
    IPV6_LEAVE_ANYCAST = 28, "Leave an anycast group. Since Linux 2.6.11 or earlier."
    IPV6_MULTICAST_ALL = (
        29,
        """Whether the socket gets the groups that others on this machine have joined. It does at
        first. Since Linux 4.20.""",
    )
    IPV6_ROUTER_ALERT_ISOLATE = (
        30,
        "IPV6_ROUTER_ALERT for packets of the socket's own network namespace only. Since Linux 5.1.",
    )
    IPV6_RECVERR_RFC4884 = 31, "IPV6_RECVERR with the extensions of ICMP messages. Since Linux 5.9."
    IPV6_FLOWLABEL_MGR = 32, "Get and give back flow labels: an in6_flowlabel_req."
    IPV6_FLOWINFO_SEND = 33, "Use the flow label in the address of sendmsg and connect."
    IPV6_IPSEC_POLICY = (
        34,
        "A policy of IPsec, as AF_KEY has it. Needs CAP_NET_ADMIN. Since Linux 2.6.11 or earlier.",
    )
    IPV6_XFRM_POLICY = (
        35,
        "A policy of IPsec, as NETLINK_XFRM has it. Needs CAP_NET_ADMIN. Since Linux 2.6.11 or earlier.",
    )
    IPV6_HDRINCL = (
        36,
        "What is written begins with the IPv6 header. Raw sockets only. Since Linux 4.7 or earlier.",
    )
    IPV6_RECVPKTINFO = 49, "Pass an in6_pktinfo with what arrives: interface and address. Since Linux 2.6.14."
    IPV6_PKTINFO = 50, "The interface and address of what is sent; in control messages, of what arrived."
    IPV6_RECVHOPLIMIT = 51, "Pass the hop limit of what arrives. Since Linux 2.6.18 or earlier."
    IPV6_HOPLIMIT = 52, "The hop limit, in control messages."
    IPV6_RECVHOPOPTS = 53, "Pass the hop-by-hop options of what arrives. Since Linux 2.6.18 or earlier."
    IPV6_HOPOPTS = 54, "The hop-by-hop options of what is sent. Needs CAP_NET_RAW."
    IPV6_RTHDRDSTOPTS = (
        55,
        """The destination options before a routing header of what is sent. Needs CAP_NET_RAW.
        Since Linux 2.6.18 or earlier.""",
    )
    IPV6_RECVRTHDR = 56, "Pass the routing header of what arrives. Since Linux 2.6.18 or earlier."
    IPV6_RTHDR = 57, "The routing header of what is sent."
    IPV6_RECVDSTOPTS = 58, "Pass the destination options of what arrives. Since Linux 2.6.18 or earlier."
    IPV6_DSTOPTS = 59, "The destination options of what is sent. Needs CAP_NET_RAW."
    IPV6_RECVPATHMTU = 60, "Pass a message when the MTU of the path changes. Since Linux 2.6.18 or earlier."
    IPV6_PATHMTU = (
        61,
        """The MTU of the path of a connected socket: an ip6_mtuinfo. Read only. Since Linux
        2.6.18 or earlier.""",
    )
    IPV6_DONTFRAG = 62, "Never cut what is sent. Since Linux 2.6.18 or earlier."
    IPV6_RECVTCLASS = 66, "Pass the traffic class of what arrives. Since Linux 2.6.18 or earlier."
    IPV6_TCLASS = 67, "The traffic class of what is sent; -1: the default. Since Linux 2.6.18 or earlier."
    IPV6_AUTOFLOWLABEL = (
        70,
        "Make up flow labels by the flow's addresses and ports. Since Linux 3.18 or earlier.",
    )
    IPV6_ADDR_PREFERENCES = (
        72,
        "Which source addresses are preferred: Ipv6AddressPreferences. Since Linux 2.6.32 or earlier.",
    )
    IPV6_MINHOPCOUNT = 73, "Drop what arrives with a smaller hop limit. Since Linux 3.3 or earlier."
    IPV6_ORIGDSTADDR = (
        74,
        "Pass the address that a redirected packet was sent to. Since Linux 3.3 or earlier.",
    )
    IPV6_RECVORIGDSTADDR = IPV6_ORIGDSTADDR
    IPV6_TRANSPARENT = (
        75,
        """bind takes addresses of others, for proxies. Needs CAP_NET_RAW or CAP_NET_ADMIN. Since
        Linux 3.3 or earlier.""",
    )
    IPV6_UNICAST_IF = (
        76,
        "The interface that packets are sent from, in network order. Since Linux 3.12 or earlier.",
    )
    IPV6_RECVFRAGSIZE = 77, "Pass the size of the largest fragment of what arrives. Since Linux 4.10."
    IPV6_FREEBIND = 78, "bind takes addresses that the machine does not have, or not yet. Since Linux 4.15."


class Ipv6MtuDiscovery(DocumentedEnum):
    """The value of IPV6_MTU_DISCOVER. Since Linux 2.4 or earlier, unless a member says otherwise."""

    IPV6_PMTUDISC_DONT = 0, "Cut packets that are too long; never forbid it to routers."
    IPV6_PMTUDISC_WANT = 1, "Cut packets or not, as the route says. The default."
    IPV6_PMTUDISC_DO = 2, "Never cut packets: what is longer than the path's MTU is EMSGSIZE."
    IPV6_PMTUDISC_PROBE = (
        3,
        """Never cut packets, and send them although they are longer than the path's MTU. Since
        Linux 2.6.24 or earlier.""",
    )
    IPV6_PMTUDISC_INTERFACE = (
        4,
        """Use the interface's MTU, whatever ICMP says; what is longer is dropped. Since Linux
        3.14 or earlier.""",
    )
    IPV6_PMTUDISC_OMIT = 5, "As INTERFACE, but cut what is longer. Since Linux 3.16 or earlier."


class Ipv6AddressPreferences(DocumentedFlag):
    """The value of IPV6_ADDR_PREFERENCES. Since Linux 2.6.32 or earlier."""

    IPV6_PREFER_SRC_TMP = 1, "Temporary addresses."
    IPV6_PREFER_SRC_PUBLIC = 2, "Public addresses."
    IPV6_PREFER_SRC_PUBTMP_DEFAULT = 0x100, "Either, as the system says."
    IPV6_PREFER_SRC_COA = 4, "Care-of addresses."
    IPV6_PREFER_SRC_HOME = 0x400, "Home addresses."
    IPV6_PREFER_SRC_CGA = 8, "Addresses that a key made. Without effect."
    IPV6_PREFER_SRC_NONCGA = 0x800, "Addresses that no key made. Without effect."


class TcpOption(DocumentedEnum):
    """Options of level SOL_TCP: optname of setsockopt and getsockopt."""

    TCP_NODELAY = 1, "Send at once, also what does not fill a segment. Since Linux 2.4 or earlier."
    TCP_MAXSEG = 2, "The largest segment that is sent and asked for. Since Linux 2.4 or earlier."
    TCP_CORK = 3, "Send only full segments, for 200 ms at most. Since Linux 2.2."
    TCP_KEEPIDLE = 4, "Seconds without data until the first probe of SO_KEEPALIVE. Since Linux 2.4."
    TCP_KEEPINTVL = 5, "Seconds between probes. Since Linux 2.4."
    TCP_KEEPCNT = 6, "How many probes may get no answer. Since Linux 2.4."
    TCP_SYNCNT = 7, "How often the first segment of connect is sent again. Since Linux 2.4."
    TCP_LINGER2 = 8, "Seconds in FIN_WAIT2 after close; -1: none. Since Linux 2.4."
    TCP_DEFER_ACCEPT = (
        9,
        "accept sees a connection only when it has data, or after this number of seconds. Since Linux 2.4.",
    )
    TCP_WINDOW_CLAMP = 10, "The largest window that is offered. Since Linux 2.4."
    TCP_INFO = 11, "What is known of the connection: a tcp_info. Read only. Since Linux 2.4."
    TCP_QUICKACK = 12, "Acknowledge at once. The kernel changes it back when it likes. Since Linux 2.4.4."
    TCP_CONGESTION = 13, "The name of the congestion control. Since Linux 2.6.13."
    TCP_MD5SIG = 14, "A key of RFC 2385 for an address: a tcp_md5sig. Since Linux 2.6.24 or earlier."
    TCP_THIN_LINEAR_TIMEOUTS = (
        16,
        "Do not double timeouts of connections with few segments under way. Since Linux 3.3 or earlier.",
    )
    TCP_THIN_DUPACK = (
        17,
        """Send again after the first double acknowledgement. Without effect in Linux 7.2. Since
        Linux 3.3 or earlier.""",
    )
    TCP_USER_TIMEOUT = (
        18,
        "Milliseconds that data may stay without acknowledgement, then ETIMEDOUT. Since Linux 2.6.37.",
    )
    TCP_REPAIR = (
        19,
        """Take the connection apart, to build it up elsewhere: TcpRepair. Needs CAP_NET_ADMIN.
        Since Linux 3.12 or earlier.""",
    )
    TCP_REPAIR_QUEUE = (
        20,
        "Which queue is meant while in repair: a TcpRepairQueue. Since Linux 3.12 or earlier.",
    )
    TCP_QUEUE_SEQ = 21, "The sequence number of that queue. Since Linux 3.12 or earlier."
    TCP_REPAIR_OPTIONS = 22, "What was negotiated: an array of tcp_repair_opt. Since Linux 3.12 or earlier."
    TCP_FASTOPEN = (
        23,
        "How many connections of fast open may wait for the end of their handshake. Since Linux 3.6.",
    )
    TCP_TIMESTAMP = (
        24,
        "The clock of timestamps, with an offset if set in repair. Since Linux 3.12 or earlier.",
    )
    TCP_NOTSENT_LOWAT = (
        25,
        "poll reports POLLOUT while less than this is not sent. Since Linux 3.12 or earlier.",
    )
    TCP_CC_INFO = (
        26,
        "What the congestion control knows: a tcp_cc_info. Read only. Since Linux 4.4 or earlier.",
    )
    TCP_SAVE_SYN = (
        27,
        "Keep the headers of the first segment of connections to come. Since Linux 4.4 or earlier.",
    )
    TCP_SAVED_SYN = 28, "These headers; once. Read only. Since Linux 4.4 or earlier."
    TCP_REPAIR_WINDOW = 29, "The window, while in repair: a tcp_repair_window. Since Linux 4.8."
    TCP_FASTOPEN_CONNECT = 30, "connect sends nothing: the first write does, with its data. Since Linux 4.11."
    TCP_ULP = 31, 'The name of what is put between: "tls", "espintcp", "mptcp". Since Linux 4.14 or earlier.'
    TCP_MD5SIG_EXT = 32, "TCP_MD5SIG for a prefix or an interface. Since Linux 4.14 or earlier."
    TCP_FASTOPEN_KEY = (
        33,
        "The key of the cookies of fast open, of the namespace or the socket. Since Linux 4.15.",
    )
    TCP_FASTOPEN_NO_COOKIE = 34, "Fast open without cookies. Since Linux 4.15."
    TCP_ZEROCOPY_RECEIVE = (
        35,
        "Map what was received: a tcp_zerocopy_receive. Only getsockopt. Since Linux 4.19 or earlier.",
    )
    TCP_INQ = 36, "Pass how much there still is to read, as a control message. Since Linux 4.19 or earlier."
    TCP_CM_INQ = TCP_INQ
    TCP_TX_DELAY = 37, "Microseconds by which segments are delayed, for tests. Since Linux 5.3."
    TCP_AO_ADD_KEY = 38, "Add a key of RFC 5925: a tcp_ao_add. Since Linux 6.7."
    TCP_AO_DEL_KEY = 39, "Delete a key: a tcp_ao_del. Since Linux 6.7."
    TCP_AO_INFO = 40, "Options of RFC 5925: a tcp_ao_info_opt. Since Linux 6.7."
    TCP_AO_GET_KEYS = 41, "List the keys: an array of tcp_ao_getsockopt. Read only. Since Linux 6.7."
    TCP_AO_REPAIR = 42, "The state of RFC 5925, while in repair: a tcp_ao_repair. Since Linux 6.7."
    TCP_IS_MPTCP = 43, "Whether it is a subflow of MPTCP. Read only. Since Linux 6.10."
    TCP_RTO_MAX_MS = 44, "Milliseconds that a timeout may grow to. Since Linux 6.15."
    TCP_RTO_MIN_US = 45, "Microseconds that a timeout has at least. Since Linux 6.15."
    TCP_DELACK_MAX_US = 46, "Microseconds by which an acknowledgement may be delayed. Since Linux 6.15."


class TcpRepair(DocumentedEnum):
    """The value of TCP_REPAIR. Since Linux 4.19 or earlier."""

    TCP_REPAIR_ON = 1, "Begin."
    TCP_REPAIR_OFF = 0, "End, and probe the window."
    TCP_REPAIR_OFF_NO_WP = 0xFFFFFFFF, "End without a probe of the window."


class TcpRepairQueue(DocumentedEnum):
    """The value of TCP_REPAIR_QUEUE. Since Linux 3.12 or earlier."""

    TCP_NO_QUEUE = 0, "None."
    TCP_RECV_QUEUE = 1, "What was received."
    TCP_SEND_QUEUE = 2, "What is not acknowledged."


class TcpInfoOptions(DocumentedFlag):
    """What was negotiated: tcpi_options of a tcp_info.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    TCPI_OPT_TIMESTAMPS = 1, "Timestamps."
    TCPI_OPT_SACK = 2, "Selective acknowledgements."
    TCPI_OPT_WSCALE = 4, "Large windows."
    TCPI_OPT_ECN = 8, "Notice of congestion."
    TCPI_OPT_ECN_SEEN = 0x10, "A packet with a mark of congestion has arrived. Since Linux 3.3 or earlier."
    TCPI_OPT_SYN_DATA = (
        0x20,
        "The first segment carried data that was acknowledged. Since Linux 3.12 or earlier.",
    )
    TCPI_OPT_USEC_TS = 0x40, "Timestamps are in microseconds. Since Linux 6.7."
    TCPI_OPT_TFO_CHILD = 0x80, "It came by fast open. Since Linux 6.16."


class TcpCongestionState(DocumentedEnum):
    """What the congestion control does: tcpi_ca_state of a tcp_info. Since Linux 2.4 or earlier."""

    TCP_CA_Open = 0, "Nothing is lost."
    TCP_CA_Disorder = 1, "Acknowledgements are double or selective."
    TCP_CA_CWR = 2, "The window is made smaller, as the network asked."
    TCP_CA_Recovery = 3, "What was lost is sent again."
    TCP_CA_Loss = 4, "A timeout: all that is not acknowledged is sent again."


class UdpOption(DocumentedEnum):
    """Options of level SOL_UDP: optname of setsockopt and getsockopt, and cmsg_type."""

    UDP_CORK = 1, "Collect what is written into one datagram. Since Linux 2.5.44."
    UDP_ENCAP = (
        100,
        "Take IPsec packets out of what arrives: a UdpEncapsulation. Since Linux 2.6.11 or earlier.",
    )
    UDP_NO_CHECK6_TX = 101, "Send no checksum over IPv6. Since Linux 3.16 or earlier."
    UDP_NO_CHECK6_RX = 102, "Take packets without a checksum over IPv6. Since Linux 3.16 or earlier."
    UDP_SEGMENT = 103, "Cut what is written into datagrams of this size. Since Linux 4.19 or earlier."
    UDP_GRO = 104, "Pass several datagrams in one, with their size as a control message. Since Linux 5.0."


class UdpEncapsulation(DocumentedEnum):
    """The value of UDP_ENCAP."""

    UDP_ENCAP_ESPINUDP_NON_IKE = (
        1,
        "ESP behind 8 bytes of zero. Linux 7.2 no longer has it. Since Linux 2.6.11 or earlier.",
    )
    UDP_ENCAP_ESPINUDP = 2, "ESP, as RFC 3948 has it. Since Linux 2.6.11 or earlier."
    UDP_ENCAP_L2TPINUDP = 3, "L2TP. Since Linux 2.6.24 or earlier."
    UDP_ENCAP_GTP0 = 4, "GTP 0. Since Linux 4.7 or earlier."
    UDP_ENCAP_GTP1U = 5, "GTP 1, users' data. Since Linux 4.7 or earlier."
    UDP_ENCAP_RXRPC = 6, "RxRPC. Since Linux 4.19 or earlier."
    TCP_ENCAP_ESPINTCP = 7, "ESP in TCP. Since Linux 5.6."
    UDP_ENCAP_OVPNINUDP = 8, "OpenVPN. Since Linux 7.2 or earlier."


class TcpState(DocumentedEnum):
    """The state of a connection: tcpi_state of a tcp_info, and st in /proc/net/tcp.

    Since Linux 2.0 or earlier.
    """

    TCP_ESTABLISHED = 1, "It is there."
    TCP_SYN_SENT = 2, "This side has asked for it."
    TCP_SYN_RECV = 3, "The other side has asked for it."
    TCP_FIN_WAIT1 = 4, "This side has ended what it sends, which is not acknowledged yet."
    TCP_FIN_WAIT2 = 5, "That is acknowledged, and the other side still sends."
    TCP_TIME_WAIT = 6, "Both sides have ended; what arrives late is waited for."
    TCP_CLOSE = 7, "There is none, or none any more."
    TCP_CLOSE_WAIT = 8, "The other side has ended what it sends."
    TCP_LAST_ACK = 9, "Then this side has, too, which is not acknowledged yet."
    TCP_LISTEN = 10, "The socket waits for connections."
    TCP_CLOSING = 11, "Both sides have ended at the same time, and the last acknowledgement is missing."


class TcpEcnMode(DocumentedEnum):
    """How marks of congestion are reported: tcpi_ecn_mode of a tcp_info. Since Linux 7.0 or earlier."""

    TCPI_ECN_MODE_DISABLED = 0, "Not at all."
    TCPI_ECN_MODE_RFC3168 = 1, "By a bit for each round trip."
    TCPI_ECN_MODE_ACCECN = 2, "With counters."
    TCPI_ECN_MODE_PENDING = 3, "The sides have not agreed yet."


class TcpEcnOption(DocumentedEnum):
    """What was seen of the option with counters: tcpi_accecn_opt_seen of a tcp_info.

    Since Linux 7.0 or earlier.
    """

    TCP_ACCECN_OPT_NOT_SEEN = 0, "Nothing."
    TCP_ACCECN_OPT_EMPTY_SEEN = 1, "One without counters."
    TCP_ACCECN_OPT_COUNTER_SEEN = 2, "One with counters."
    TCP_ACCECN_OPT_FAIL_SEEN = 3, "That it fails."


class TcpMd5Flags(DocumentedFlag):
    """tcpm_flags of the tcp_md5sig that TCP_MD5SIG_EXT takes."""

    TCP_MD5SIG_FLAG_PREFIX = (
        1,
        "tcpm_prefixlen says how many bits of the address count. Since Linux 4.14 or earlier.",
    )
    TCP_MD5SIG_FLAG_IFINDEX = 2, "tcpm_ifindex says of which interface. Since Linux 5.6."


class TcpAoKeyFlags(DocumentedFlag):
    """keyflags of what TCP_AO_ADD_KEY takes and TCP_AO_GET_KEYS answers. Since Linux 6.7."""

    TCP_AO_KEYF_IFINDEX = 1, "ifindex says of which interface."
    TCP_AO_KEYF_EXCLUDE_OPT = 2, "The other options of TCP are not signed."


class Ipv6FlowAction(DocumentedEnum):
    """What IPV6_FLOWLABEL_MGR does with a label: flr_action. Since Linux 2.2 or earlier."""

    IPV6_FL_A_GET = 0, "Take it."
    IPV6_FL_A_PUT = 1, "Give it back."
    IPV6_FL_A_RENEW = 2, "Keep it for longer."


class Ipv6FlowFlags(DocumentedFlag):
    """How IPV6_FLOWLABEL_MGR takes a label: flr_flags.

    Since Linux 2.2 or earlier, unless a member says otherwise.
    """

    IPV6_FL_F_CREATE = 1, "Make it if there is none."
    IPV6_FL_F_EXCL = 2, "Fail if there is one."
    IPV6_FL_F_REFLECT = 4, "Send back the label of what arrives. Since Linux 3.14 or earlier."
    IPV6_FL_F_REMOTE = 8, "Answer the label of what has arrived. Since Linux 3.14 or earlier."


class Ipv6FlowSharing(DocumentedEnum):
    """Who else may take a label: flr_share of IPV6_FLOWLABEL_MGR. Since Linux 2.2 or earlier."""

    IPV6_FL_S_NONE = 0, "Nobody."
    IPV6_FL_S_EXCL = 1, "This socket alone."
    IPV6_FL_S_PROCESS = 2, "Sockets of this process."
    IPV6_FL_S_USER = 3, "Sockets of this user."
    IPV6_FL_S_ANY = 255, "Any socket."


class IpTypeOfService(DocumentedFlag):
    """What IP_TOS sets, and the message of that type has. The lowest two bits are those of ECN. Since Linux

    2.2 or earlier.
    """

    IPTOS_MINCOST = 2, "Cheap."
    IPTOS_RELIABILITY = 4, "Reliable."
    IPTOS_THROUGHPUT = 8, "Much."
    IPTOS_LOWDELAY = 0x10, "Fast."
    IPTOS_TOS_MASK = 0x1E, "The four above."
    IPTOS_PREC_MASK = 0xE0, "One of the following."
    IPTOS_PREC_ROUTINE = 0, "Precedence 0, of ordinary packets."
    IPTOS_PREC_PRIORITY = 0x20, "Precedence 1."
    IPTOS_PREC_IMMEDIATE = 0x40, "Precedence 2."
    IPTOS_PREC_FLASH = 0x60, "Precedence 3."
    IPTOS_PREC_FLASHOVERRIDE = 0x80, "Precedence 4."
    IPTOS_PREC_CRITIC_ECP = 0xA0, "Precedence 5."
    IPTOS_PREC_INTERNETCONTROL = 0xC0, "Precedence 6, of routers."
    IPTOS_PREC_NETCONTROL = 0xE0, "Precedence 7, of the network itself."


class SocketBufferLock(DocumentedFlag):
    """Sizes that the kernel does not change: the value of SO_BUF_LOCK. Since Linux 5.15."""

    SOCK_SNDBUF_LOCK = 1, "That of what is to be sent."
    SOCK_RCVBUF_LOCK = 2, "That of what has arrived."
    SOCK_BUF_LOCK_MASK = 3, "Both."


class SocketRehash(DocumentedEnum):
    """Whether packets take another way after trouble: the value of SO_TXREHASH.

    Since Linux 5.18.
    """

    SOCK_TXREHASH_DISABLED = 0, "They do not."
    SOCK_TXREHASH_ENABLED = 1, "They do."
    SOCK_TXREHASH_DEFAULT = 255, "As net.core.txrehash says."
