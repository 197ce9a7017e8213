"""Flag types of packet sockets, and the protocols of Ethernet.

Values are those of ``linux/if_packet.h``, ``linux/if_ether.h`` and ``linux/if_tun.h``.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class EtherProtocol(DocumentedEnum):
    """What a frame carries: sll_protocol of a sockaddr_ll.

    As the protocol of socket, in network order. Since Linux 2.4 or earlier, unless a member says
    otherwise.
    """

    ETH_P_LOOP = 0x60, "Loopback, of old."
    ETH_P_PUP = 0x200, "Xerox PUP."
    ETH_P_PUPAT = 0x201, "Xerox PUP address translation. Since Linux 2.6.11 or earlier."
    ETH_P_TSN = 0x22F0, "Time-sensitive networking (IEEE 1722). Since Linux 4.4 or earlier."
    ETH_P_ERSPAN2 = 0x22EB, "ERSPAN of version 2. Since Linux 4.17 or earlier."
    ETH_P_IP = 0x800, "IPv4."
    ETH_P_X25 = 0x805, "X.25."
    ETH_P_ARP = 0x806, "Address resolution of IPv4."
    ETH_P_BPQ = 0x8FF, "AX.25 over Ethernet."
    ETH_P_IEEEPUP = 0xA00, "Xerox PUP over 802.3. Since Linux 2.6.11 or earlier."
    ETH_P_IEEEPUPAT = 0xA01, "Xerox PUP address translation over 802.3. Since Linux 2.6.11 or earlier."
    ETH_P_BATMAN = 0x4305, "B.A.T.M.A.N. advanced. Since Linux 3.12 or earlier."
    ETH_P_DEC = 0x6000, "DEC, assigned."
    ETH_P_DNA_DL = 0x6001, "DEC DNA: dump and load."
    ETH_P_DNA_RC = 0x6002, "DEC DNA: remote console."
    ETH_P_DNA_RT = 0x6003, "DEC DNA: routing."
    ETH_P_LAT = 0x6004, "DEC LAT."
    ETH_P_DIAG = 0x6005, "DEC diagnostics."
    ETH_P_CUST = 0x6006, "DEC, for customers."
    ETH_P_SCA = 0x6007, "DEC SCA."
    ETH_P_TEB = 0x6558, "Ethernet frames in a tunnel. Since Linux 2.6.32 or earlier."
    ETH_P_RARP = 0x8035, "Reverse address resolution."
    ETH_P_ATALK = 0x809B, "AppleTalk."
    ETH_P_AARP = 0x80F3, "Address resolution of AppleTalk."
    ETH_P_8021Q = 0x8100, "A VLAN tag. Since Linux 2.6.11 or earlier."
    ETH_P_ERSPAN = 0x88BE, "ERSPAN of version 1. Since Linux 4.14 or earlier."
    ETH_P_IPX = 0x8137, "Novell IPX."
    ETH_P_IPV6 = 0x86DD, "IPv6."
    ETH_P_PAUSE = 0x8808, "Flow control (802.3). Since Linux 2.6.24 or earlier."
    ETH_P_SLOW = 0x8809, "Slow protocols (802.3), such as LACP. Since Linux 2.6.18 or earlier."
    ETH_P_WCCP = 0x883E, "Web cache coordination. Since Linux 2.6.11 or earlier."
    ETH_P_MPLS_UC = 0x8847, "MPLS. Since Linux 2.6.11 or earlier."
    ETH_P_MPLS_MC = 0x8848, "MPLS, multicast. Since Linux 2.6.11 or earlier."
    ETH_P_ATMMPOA = 0x884C, "Multiprotocol over ATM."
    ETH_P_PPP_DISC = 0x8863, "PPP over Ethernet, to find each other."
    ETH_P_PPP_SES = 0x8864, "PPP over Ethernet, the session."
    ETH_P_LINK_CTL = 0x886C, "HPNA, WLAN link control. Since Linux 3.3 or earlier."
    ETH_P_ATMFATE = 0x8884, "ATM frames over Ethernet."
    ETH_P_PAE = 0x888E, "Port access (802.1X). Since Linux 2.6.18 or earlier."
    ETH_P_PROFINET = 0x8892, "PROFINET. Since Linux 5.18."
    ETH_P_REALTEK = 0x8899, "Protocols of Realtek's chips. Since Linux 5.16."
    ETH_P_AOE = 0x88A2, "ATA over Ethernet. Since Linux 2.6.11 or earlier."
    ETH_P_ETHERCAT = 0x88A4, "EtherCAT. Since Linux 5.18."
    ETH_P_8021AD = 0x88A8, "An outer VLAN tag. Since Linux 3.3 or earlier."
    ETH_P_802_EX1 = 0x88B5, "For experiments. Since Linux 3.3 or earlier."
    ETH_P_MXLGSW = 0x88C3, "A tag of MaxLinear's switches. Since Linux 6.19."
    ETH_P_PREAUTH = 0x88C7, "802.11 preauthentication. Since Linux 2.6.18 or earlier."
    ETH_P_TIPC = 0x88CA, "TIPC. Since Linux 2.6.18 or earlier."
    ETH_P_LLDP = 0x88CC, "Link layer discovery. Since Linux 5.3."
    ETH_P_MRP = 0x88E3, "Media redundancy. Since Linux 5.8."
    ETH_P_MACSEC = 0x88E5, "Encrypted frames (802.1AE). Since Linux 4.7 or earlier."
    ETH_P_8021AH = 0x88E7, "Provider backbone bridges. Since Linux 3.3 or earlier."
    ETH_P_MVRP = 0x88F5, "VLAN registration (802.1Q). Since Linux 3.12 or earlier."
    ETH_P_1588 = 0x88F7, "Precise time (IEEE 1588). Since Linux 2.6.32 or earlier."
    ETH_P_NCSI = 0x88F8, "A side band of the network controller. Since Linux 4.8."
    ETH_P_PRP = 0x88FB, "Parallel redundancy. Since Linux 3.14 or earlier."
    ETH_P_CFM = 0x8902, "Connectivity faults (802.1ag). Since Linux 5.11."
    ETH_P_FCOE = 0x8906, "Fibre channel over Ethernet. Since Linux 2.6.32 or earlier."
    ETH_P_IBOE = 0x8915, "InfiniBand over Ethernet. Since Linux 4.12 or earlier."
    ETH_P_TDLS = 0x890D, "Tunnelled direct link set-up. Since Linux 3.3 or earlier."
    ETH_P_FIP = 0x8914, "Initialization of ETH_P_FCOE. Since Linux 2.6.32 or earlier."
    ETH_P_80221 = 0x8917, "Handover between media (802.21). Since Linux 3.16 or earlier."
    ETH_P_HSR = 0x892F, "Seamless redundancy. Since Linux 4.7 or earlier."
    ETH_P_NSH = 0x894F, "Network service headers. Since Linux 4.14 or earlier."
    ETH_P_LOOPBACK = 0x9000, "Loopback tests of Ethernet. Since Linux 3.16 or earlier."
    ETH_P_QINQ1 = 0x9100, "An outer VLAN tag, not registered. Since Linux 3.3 or earlier."
    ETH_P_QINQ2 = 0x9200, "An outer VLAN tag, not registered. Since Linux 3.3 or earlier."
    ETH_P_QINQ3 = 0x9300, "An outer VLAN tag, not registered. Since Linux 3.3 or earlier."
    ETH_P_EDSA = 0xDADA, "A tag of Marvell's switches. Not registered. Since Linux 2.6.32 or earlier."
    ETH_P_YT921X = 0x9988, "A tag of Motorcomm's switches. Not registered. Since Linux 6.19."
    ETH_P_DSA_8021Q = 0xDADB, "A VLAN that is a switch's tag. Not registered. Since Linux 5.2."
    ETH_P_DSA_A5PSW = 0xE001, "A tag of Renesas' switches. Not registered. Since Linux 6.0."
    ETH_P_IFE = 0xED3E, "Frames between forwarding elements. Since Linux 4.14 or earlier."
    ETH_P_AF_IUCV = 0xFBFB, "AF_IUCV over HiperSockets. Not registered. Since Linux 3.3 or earlier."
    ETH_P_NXP_NETC = 0xFD3A, "A tag of NXP's switches. Not registered. Since Linux 7.2."
    ETH_P_802_3_MIN = (
        0x600,
        "From here on, what stands in a frame is a protocol and not a length. Since Linux 3.12 or earlier.",
    )
    ETH_P_802_3 = 1, "Inside of the kernel: frames of 802.3."
    ETH_P_AX25 = 2, "Inside of the kernel: AX.25."
    ETH_P_ALL = 3, "Every protocol: what packet sockets bind to."
    ETH_P_802_2 = 4, "Inside of the kernel: 802.2."
    ETH_P_SNAP = 5, "Inside of the kernel: SNAP."
    ETH_P_DDCMP = 6, "Inside of the kernel: DEC DDCMP."
    ETH_P_WAN_PPP = 7, "Inside of the kernel: PPP of wide area cards."
    ETH_P_PPP_MP = 8, "Inside of the kernel: PPP of several links."
    ETH_P_LOCALTALK = 9, "Inside of the kernel: LocalTalk."
    ETH_P_CAN = 0xC, "Inside of the kernel: CAN. Since Linux 2.6.32 or earlier."
    ETH_P_CANFD = 0xD, "Inside of the kernel: CAN FD. Since Linux 3.12 or earlier."
    ETH_P_CANXL = 0xE, "Inside of the kernel: CAN XL. Since Linux 6.1."
    ETH_P_PPPTALK = 0x10, "Inside of the kernel: AppleTalk over PPP."
    ETH_P_TR_802_2 = 0x11, "Inside of the kernel: 802.2 of token ring."
    ETH_P_MOBITEX = 0x15, "Inside of the kernel: Mobitex."
    ETH_P_CONTROL = 0x16, "Inside of the kernel: control frames of cards."
    ETH_P_IRDA = 0x17, "Inside of the kernel: infrared."
    ETH_P_ECONET = 0x18, "Inside of the kernel: Econet."
    ETH_P_HDLC = 0x19, "Inside of the kernel: HDLC. Since Linux 2.6.11 or earlier."
    ETH_P_ARCNET = 0x1A, "Inside of the kernel: ARCnet. Since Linux 2.6.11 or earlier."
    ETH_P_DSA = 0x1B, "Inside of the kernel: a switch's tags. Since Linux 2.6.32 or earlier."
    ETH_P_TRAILER = 0x1C, "Inside of the kernel: a switch's tags, at the end. Since Linux 2.6.32 or earlier."
    ETH_P_PHONET = 0xF5, "Inside of the kernel: Phonet. Since Linux 2.6.32 or earlier."
    ETH_P_IEEE802154 = 0xF6, "Inside of the kernel: 802.15.4. Since Linux 2.6.32 or earlier."
    ETH_P_CAIF = 0xF7, "Inside of the kernel: CAIF. Since Linux 3.3 or earlier."
    ETH_P_XDSA = 0xF8, "Inside of the kernel: a switch's tags, multiplexed. Since Linux 3.18 or earlier."
    ETH_P_MAP = 0xF9, "Inside of the kernel: Qualcomm's multiplexing. Since Linux 4.14 or earlier."
    ETH_P_MCTP = 0xFA, "Inside of the kernel: MCTP. Since Linux 5.15."
    ETH_P_8021AC = 0x8870, "A VLAN tag that carries its frame check. Since Linux 7.2."
    ETH_P_GRE_OSI = 0xFE, "Inside of the kernel: OSI over GRE. Since Linux 7.2."


class PacketType(DocumentedEnum):
    """Where a frame goes: sll_pkttype of a sockaddr_ll.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    PACKET_HOST = 0, "To this machine."
    PACKET_BROADCAST = 1, "To all."
    PACKET_MULTICAST = 2, "To a group."
    PACKET_OTHERHOST = 3, "To another machine: the device is promiscuous."
    PACKET_OUTGOING = 4, "This machine sent it."
    PACKET_LOOPBACK = 5, "Came back from the device."
    PACKET_USER = 6, "To a program. Not seen by packet sockets. Since Linux 3.14 or earlier."
    PACKET_KERNEL = 7, "To the kernel. Not seen by packet sockets. Since Linux 3.14 or earlier."
    PACKET_FASTROUTE = 6, "Without use."


class PacketOption(DocumentedEnum):
    """Options of level SOL_PACKET: optname of setsockopt and getsockopt."""

    PACKET_ADD_MEMBERSHIP = 1, "Get more frames: a packet_mreq. Since Linux 2.4 or earlier."
    PACKET_DROP_MEMBERSHIP = 2, "Get them no longer. Since Linux 2.4 or earlier."
    PACKET_RECV_OUTPUT = 3, "Without effect in Linux 7.2. Since Linux 2.4 or earlier."
    PACKET_RX_RING = (
        5,
        """Memory that is shared for what arrives: a tpacket_req or tpacket_req3, and then mmap.
        Since Linux 2.4 or earlier.""",
    )
    PACKET_STATISTICS = (
        6,
        """How many frames came and were lost since the last time: a tpacket_stats. Read only.
        Since Linux 2.4 or earlier.""",
    )
    PACKET_COPY_THRESH = (
        7,
        "If not 0, frames that do not fit the ring are queued as well, uncut. Since Linux 2.4 or earlier.",
    )
    PACKET_AUXDATA = 8, "Pass a tpacket_auxdata with each frame, with its VLAN. Since Linux 2.6.21."
    PACKET_ORIGDEV = (
        9,
        """The address names the device that the frame came by, under a bond or a bridge. Since
        Linux 2.6.24 or earlier.""",
    )
    PACKET_VERSION = (
        10,
        "The layout of the ring: a TpacketVersion. Before the ring. Since Linux 2.6.32 or earlier.",
    )
    PACKET_HDRLEN = (
        11,
        """How long the header is in a ring of that version. Only getsockopt, which takes the
        version. Since Linux 2.6.32 or earlier.""",
    )
    PACKET_RESERVE = (
        12,
        "Bytes to leave free before each frame. Set it before the ring. Since Linux 2.6.32 or earlier.",
    )
    PACKET_TX_RING = 13, "Memory that is shared for what is sent. Since Linux 2.6.31."
    PACKET_LOSS = (
        14,
        """Skip frames in the ring that cannot be sent, instead of stopping there. Since Linux
        2.6.32 or earlier.""",
    )
    PACKET_VNET_HDR = 15, "A virtio_net_hdr stands in front of each frame. Since Linux 3.3 or earlier."
    PACKET_TX_TIMESTAMP = (
        16,
        "Timestamps of what was sent, through the error queue. Since Linux 3.3 or earlier.",
    )
    PACKET_TIMESTAMP = (
        17,
        "Which timestamps the ring has: SOF_TIMESTAMPING_* bits. Since Linux 3.3 or earlier.",
    )
    PACKET_FANOUT = (
        18,
        "Share the frames with other sockets: a number, and a PacketFanout << 16. Since Linux 3.1.",
    )
    PACKET_TX_HAS_OFF = 19, "Frames in the ring say themselves where they begin. Since Linux 3.12 or earlier."
    PACKET_QDISC_BYPASS = 20, "Send past the queueing discipline. Since Linux 3.14."
    PACKET_ROLLOVER_STATS = (
        21,
        "What PACKET_FANOUT_ROLLOVER did: a tpacket_rollover_stats. Read only. Since Linux 4.4 or earlier.",
    )
    PACKET_FANOUT_DATA = (
        22,
        "The program of PACKET_FANOUT_CBPF or PACKET_FANOUT_EBPF. Since Linux 4.4 or earlier.",
    )
    PACKET_IGNORE_OUTGOING = 23, "Do not get what this machine sends. Since Linux 4.20."
    PACKET_VNET_HDR_SZ = 24, "How long the header of PACKET_VNET_HDR is: 10 or 12; 0: none. Since Linux 6.4."


class PacketMembership(DocumentedEnum):
    """Which frames: mr_type of a packet_mreq. Since Linux 2.4 or earlier, unless a member says otherwise."""

    PACKET_MR_MULTICAST = 0, "Those to a group."
    PACKET_MR_PROMISC = 1, "All."
    PACKET_MR_ALLMULTI = 2, "Those to any group."
    PACKET_MR_UNICAST = 3, "Those to a further address. Since Linux 2.6.32 or earlier."


class PacketFanout(DocumentedEnum):
    """By what PACKET_FANOUT shares frames. Since Linux 3.3 or earlier, unless a member says otherwise."""

    PACKET_FANOUT_HASH = 0, "By flow."
    PACKET_FANOUT_LB = 1, "In turns."
    PACKET_FANOUT_CPU = 2, "By the processor that they came to."
    PACKET_FANOUT_ROLLOVER = 3, "All to one, until it is full. Since Linux 3.12 or earlier."
    PACKET_FANOUT_RND = 4, "At random. Since Linux 3.12 or earlier."
    PACKET_FANOUT_QM = 5, "By the queue of the device. Since Linux 3.14 or earlier."
    PACKET_FANOUT_CBPF = 6, "By a program of classic BPF. Since Linux 4.4 or earlier."
    PACKET_FANOUT_EBPF = 7, "By a program of extended BPF. Since Linux 4.4 or earlier."


class PacketFanoutFlags(DocumentedFlag):
    """What is added to a PacketFanout."""

    PACKET_FANOUT_FLAG_ROLLOVER = 0x1000, "Go on to the next when one is full. Since Linux 3.12 or earlier."
    PACKET_FANOUT_FLAG_UNIQUEID = (
        0x2000,
        "Take 0, and make up a number that is not in use. Since Linux 4.12 or earlier.",
    )
    PACKET_FANOUT_FLAG_IGNORE_OUTGOING = 0x4000, "Do not get what this machine sends. Since Linux 6.2."
    PACKET_FANOUT_FLAG_DEFRAG = 0x8000, "Put fragments of IP together first. Since Linux 3.3 or earlier."


class TpacketVersion(DocumentedEnum):
    """The value of PACKET_VERSION: the layout of the ring.

    Since Linux 2.6.32 or earlier, unless a member says otherwise.
    """

    TPACKET_V1 = 0, "A tpacket_hdr for each frame, which differs between 32 and 64 bits."
    TPACKET_V2 = 1, "A tpacket2_hdr for each frame."
    TPACKET_V3 = 2, "Blocks of frames, with a tpacket3_hdr for each. Since Linux 3.3 or earlier."


class TpacketStatus(DocumentedFlag):
    """Whose a frame of the ring is: tp_status. Those to be sent use the same bits for other things."""

    TP_STATUS_KERNEL = 0, "The kernel's. Since Linux 2.4 or earlier."
    TP_STATUS_AVAILABLE = TP_STATUS_KERNEL
    TP_STATUS_USER = 1, "The program's: it has arrived. Since Linux 2.4 or earlier."
    TP_STATUS_SEND_REQUEST = TP_STATUS_USER
    TP_STATUS_COPY = (
        2,
        """It was longer; all of it is in the queue. To be sent: the kernel is at it. Since Linux
        2.4 or earlier.""",
    )
    TP_STATUS_SENDING = TP_STATUS_COPY
    TP_STATUS_LOSING = 4, "Frames were lost. To be sent: it is not in order. Since Linux 2.4 or earlier."
    TP_STATUS_WRONG_FORMAT = TP_STATUS_LOSING
    TP_STATUS_CSUMNOTREADY = 8, "The checksum is still to be made. Since Linux 2.6.11 or earlier."
    TP_STATUS_VLAN_VALID = 0x10, "tp_vlan_tci counts. Since Linux 3.3 or earlier."
    TP_STATUS_BLK_TMO = 0x20, "The block was given because of its time limit. Since Linux 3.3 or earlier."
    TP_STATUS_VLAN_TPID_VALID = 0x40, "tp_vlan_tpid counts. Since Linux 3.14 or earlier."
    TP_STATUS_CSUM_VALID = 0x80, "The checksum was found to be right. Since Linux 4.4 or earlier."
    TP_STATUS_GSO_TCP = 0x100, "It is to be cut into segments of TCP. Since Linux 6.3."
    TP_STATUS_TS_SOFTWARE = 0x20000000, "The timestamp is the kernel's. Since Linux 3.12 or earlier."
    TP_STATUS_TS_SYS_HARDWARE = (
        0x40000000,
        "The timestamp is the device's, by the system's clock. Since Linux 3.12 or earlier.",
    )
    TP_STATUS_TS_RAW_HARDWARE = 0x80000000, "The timestamp is the device's. Since Linux 3.12 or earlier."


class InterfaceFlags(DocumentedFlag):
    """The state of a network device: ifr_flags of SIOCGIFFLAGS, ifi_flags of an ifinfomsg.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    IFF_UP = 1, "It is switched on."
    IFF_BROADCAST = 2, "It has a broadcast address."
    IFF_DEBUG = 4, "Debugging is on."
    IFF_LOOPBACK = 8, "It is the loopback."
    IFF_POINTOPOINT = 0x10, "It leads to one machine only."
    IFF_NOTRAILERS = 0x20, "Without effect."
    IFF_RUNNING = 0x40, "It can carry packets."
    IFF_NOARP = 0x80, "It resolves no addresses."
    IFF_PROMISC = 0x100, "It receives all frames."
    IFF_ALLMULTI = 0x200, "It receives all multicasts."
    IFF_MASTER = 0x400, "Others are below it."
    IFF_SLAVE = 0x800, "It is below another."
    IFF_MULTICAST = 0x1000, "It can multicast."
    IFF_PORTSEL = 0x2000, "It can choose among kinds of media."
    IFF_AUTOMEDIA = 0x4000, "It chooses by itself."
    IFF_DYNAMIC = 0x8000, "Its addresses go when it is switched off."
    IFF_LOWER_UP = (
        0x10000,
        "The cable is connected. Not in ifr_flags, which has 16 bits. Since Linux 2.6.18 or earlier.",
    )
    IFF_DORMANT = (
        0x20000,
        "It waits for something outside, such as a login. Not in ifr_flags. Since Linux 2.6.18 or earlier.",
    )
    IFF_ECHO = 0x40000, "It echoes what is sent. Not in ifr_flags. Since Linux 2.6.32 or earlier."


class TunFlags(DocumentedFlag):
    """What TUNSETIFF makes: ifr_flags.

    TUNGETFEATURES says which the kernel has. Since Linux 3.12 or earlier, unless a member says
    otherwise.
    """

    IFF_TUN = 1, "IP packets. Since Linux 2.4 or earlier."
    IFF_TAP = 2, "Ethernet frames. Since Linux 2.4 or earlier."
    IFF_NAPI = 0x10, "Receive by NAPI, as real devices do. Since Linux 4.15."
    IFF_NAPI_FRAGS = 0x20, "Take frames in pieces, for tests. Since Linux 4.15."
    IFF_NO_CARRIER = 0x40, "Begin without a connected cable. Since Linux 6.0."
    IFF_MULTI_QUEUE = 0x100, "Several descriptors, a queue each."
    IFF_NO_PI = 0x1000, "No tun_pi in front of packets. Since Linux 2.4 or earlier."
    IFF_ONE_QUEUE = 0x2000, "Without effect. Since Linux 2.6.11 or earlier."
    IFF_VNET_HDR = 0x4000, "A virtio_net_hdr in front of packets. Since Linux 2.6.32 or earlier."
    IFF_TUN_EXCL = 0x8000, "Fail with EBUSY if there is such a device. Since Linux 2.6.32 or earlier."
    IFF_ATTACH_QUEUE = 0x200, "TUNSETQUEUE: use this queue again."
    IFF_DETACH_QUEUE = 0x400, "TUNSETQUEUE: do not use it for now."
    IFF_PERSIST = 0x800, "Answer of TUNGETIFF: it stays when the last descriptor is closed."
    IFF_NOFILTER = 0x1000, "Answer of TUNGETIFF: no filter is set."


class TunOffload(DocumentedFlag):
    """What TUNSETOFFLOAD says that the program can take.

    Since Linux 2.6.32 or earlier, unless a member says otherwise.
    """

    TUN_F_CSUM = 1, "Packets without a checksum."
    TUN_F_TSO4 = 2, "Long packets of TCP over IPv4."
    TUN_F_TSO6 = 4, "Long packets of TCP over IPv6."
    TUN_F_TSO_ECN = 8, "Those with notice of congestion."
    TUN_F_UFO = 0x10, "Long packets of UDP."
    TUN_F_USO4 = 0x20, "UDP over IPv4 that is to be cut into datagrams. Since Linux 6.2."
    TUN_F_USO6 = 0x40, "UDP over IPv6 that is to be cut into datagrams. Since Linux 6.2."
    TUN_F_UDP_TUNNEL_GSO = 0x80, "Long packets in a tunnel of UDP. Since Linux 7.2 or earlier."
    TUN_F_UDP_TUNNEL_GSO_CSUM = 0x100, "Those without an outer checksum. Since Linux 7.2 or earlier."
