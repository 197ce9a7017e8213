"""Flag types of netlink: families, options, messages, and those of routing.

Values are those of ``linux/netlink.h``, ``linux/rtnetlink.h``, ``linux/if_link.h``,
``linux/if_addr.h`` and ``linux/neighbour.h``.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class NetlinkFamily(DocumentedEnum):
    """The protocol of a socket of AF_NETLINK: with whom it talks."""

    NETLINK_ROUTE = 0, "Devices, addresses, routes, neighbours, queueing. Since Linux 2.4 or earlier."
    NETLINK_UNUSED = 1, "Nobody. Since Linux 2.6.18 or earlier."
    NETLINK_USERSOCK = 2, "Other programs. Since Linux 2.4 or earlier."
    NETLINK_FIREWALL = 3, "Nobody, any more. Since Linux 2.4 or earlier."
    NETLINK_SOCK_DIAG = 4, "Sockets, as ss lists them. Since Linux 3.3."
    NETLINK_INET_DIAG = NETLINK_SOCK_DIAG
    NETLINK_NFLOG = 5, "Nobody, any more. Since Linux 2.6.11 or earlier."
    NETLINK_XFRM = 6, "IPsec. Since Linux 2.6.11 or earlier."
    NETLINK_SELINUX = 7, "Events of SELinux. Since Linux 2.6.4."
    NETLINK_ISCSI = 8, "Open-iSCSI. Since Linux 2.6.15."
    NETLINK_AUDIT = 9, "The audit log. Since Linux 2.6.6."
    NETLINK_FIB_LOOKUP = 10, "Look-ups of routes. Since Linux 2.6.13."
    NETLINK_CONNECTOR = 11, "Drivers, and events of processes. Since Linux 2.6.14."
    NETLINK_NETFILTER = 12, "Netfilter: nftables, connections, queues, logs. Since Linux 2.6.14."
    NETLINK_IP6_FW = 13, "Nobody, any more. Since Linux 2.4 or earlier."
    NETLINK_DNRTMSG = 14, "DECnet. Linux 7.2 no longer has it. Since Linux 2.4 or earlier."
    NETLINK_KOBJECT_UEVENT = 15, "Devices that come and go, as udev hears them. Since Linux 2.6.10."
    NETLINK_GENERIC = 16, "Further families, which register by name. Since Linux 2.6.15."
    NETLINK_SCSITRANSPORT = 18, "SCSI transports. Since Linux 2.6.19."
    NETLINK_ECRYPTFS = 19, "eCryptfs. Without use. Since Linux 2.6.24 or earlier."
    NETLINK_RDMA = 20, "RDMA. Since Linux 3.0."
    NETLINK_CRYPTO = 21, "The kernel's cryptography. Since Linux 3.2."
    NETLINK_SMC = 22, "SMC. Without use. Since Linux 4.12 or earlier."


class NetlinkOption(DocumentedEnum):
    """Options of level SOL_NETLINK: optname of setsockopt and getsockopt."""

    NETLINK_ADD_MEMBERSHIP = 1, "Join a group, by its number. Since Linux 2.6.14."
    NETLINK_DROP_MEMBERSHIP = 2, "Leave a group. Since Linux 2.6.18 or earlier."
    NETLINK_PKTINFO = (
        3,
        "Pass the group of what arrives as a control message: an nl_pktinfo. Since Linux 2.6.14.",
    )
    NETLINK_BROADCAST_ERROR = (
        4,
        "Tell who sends to a group when someone could not receive. Since Linux 2.6.30.",
    )
    NETLINK_NO_ENOBUFS = 5, "No ENOBUFS when messages are lost. Since Linux 2.6.30."
    NETLINK_RX_RING = (
        6,
        "Memory that is shared for what arrives. Linux 7.2 no longer has it. Since Linux 3.12 or earlier.",
    )
    NETLINK_TX_RING = (
        7,
        "Memory that is shared for what is sent. Linux 7.2 no longer has it. Since Linux 3.12 or earlier.",
    )
    NETLINK_LISTEN_ALL_NSID = (
        8,
        """Get messages of all network namespaces that have an id here. Needs CAP_NET_BROADCAST.
        Since Linux 4.2.""",
    )
    NETLINK_LIST_MEMBERSHIPS = 9, "The groups, a bit each. Read only. Since Linux 4.2."
    NETLINK_CAP_ACK = 10, "Answers of success do not repeat the request. Since Linux 4.3."
    NETLINK_EXT_ACK = 11, "Answers say in words what was wrong. Since Linux 4.12 or earlier."
    NETLINK_GET_STRICT_CHK = 12, "Requests for lists are checked, and their filters work. Since Linux 4.20."


class NetlinkFlags(DocumentedFlag):
    """nlmsg_flags of an nlmsghdr.

    What bits above 0x80 mean depends on the message: get, new, delete or answer. Since Linux 2.4 or
    earlier, unless a member says otherwise.
    """

    NLM_F_REQUEST = 1, "It is a request."
    NLM_F_MULTI = 2, "More messages of one answer follow, until NLMSG_DONE."
    NLM_F_ACK = 4, "Answer also if it went well: with NLMSG_ERROR, and error 0."
    NLM_F_ECHO = 8, "Send the message about what changed to the caller, too."
    NLM_F_DUMP_INTR = 0x10, "Answer: what is listed changed meanwhile. Since Linux 3.3 or earlier."
    NLM_F_DUMP_FILTERED = 0x20, "Answer: it was filtered as asked. Since Linux 4.4 or earlier."
    NLM_F_ROOT = 0x100, "Get: the whole table."
    NLM_F_MATCH = 0x200, "Get: all that match. Without effect alone."
    NLM_F_ATOMIC = 0x400, "Get: all at one moment. Hardly anything looks at it."
    NLM_F_DUMP = 0x300, "Get: a list of all."
    NLM_F_REPLACE = 0x100, "New: replace what is there."
    NLM_F_EXCL = 0x200, "New: EEXIST if it is there."
    NLM_F_CREATE = 0x400, "New: make it if it is not there."
    NLM_F_APPEND = 0x800, "New: put it at the end."
    NLM_F_NONREC = NLM_F_REPLACE
    NLM_F_BULK = NLM_F_EXCL
    NLM_F_CAPPED = NLM_F_REPLACE
    NLM_F_ACK_TLVS = NLM_F_EXCL


class NetlinkMessage(DocumentedEnum):
    """nlmsg_type of messages that all families have.

    What a family has begins at NLMSG_MIN_TYPE. Since Linux 2.4 or earlier, unless a member says
    otherwise.
    """

    NLMSG_NOOP = 1, "Nothing."
    NLMSG_ERROR = 2, "An answer: an nlmsgerr, with error 0 or -errno."
    NLMSG_DONE = 3, "The end of a list."
    NLMSG_OVERRUN = 4, "Data was lost. Without use in the kernel."
    NLMSG_MIN_TYPE = 16, "The first of a family's own. Since Linux 2.6.18 or earlier."


class RouteMessage(DocumentedEnum):
    """nlmsg_type of NETLINK_ROUTE."""

    RTM_NEWLINK = 16, "A device: an ifinfomsg. Since Linux 2.4 or earlier."
    RTM_DELLINK = 17, "Delete a device, or one is gone. Since Linux 2.4 or earlier."
    RTM_GETLINK = 18, "Show a device, or list all. Since Linux 2.4 or earlier."
    RTM_SETLINK = 19, "Change a device. Since Linux 2.6.11 or earlier."
    RTM_NEWADDR = 20, "An address: an ifaddrmsg. Since Linux 2.4 or earlier."
    RTM_DELADDR = 21, "Delete it, or it is gone. Since Linux 2.4 or earlier."
    RTM_GETADDR = 22, "Show one, or list all. Since Linux 2.4 or earlier."
    RTM_NEWROUTE = 24, "A route: an rtmsg. Since Linux 2.4 or earlier."
    RTM_DELROUTE = 25, "Delete it, or it is gone. Since Linux 2.4 or earlier."
    RTM_GETROUTE = 26, "Show one, or list all. Since Linux 2.4 or earlier."
    RTM_NEWNEIGH = 28, "A neighbour: an ndmsg. Since Linux 2.4 or earlier."
    RTM_DELNEIGH = 29, "Delete it, or it is gone. Since Linux 2.4 or earlier."
    RTM_GETNEIGH = 30, "Show one, or list all. Since Linux 2.4 or earlier."
    RTM_NEWRULE = 32, "A rule of routing: a fib_rule_hdr. Since Linux 2.4 or earlier."
    RTM_DELRULE = 33, "Delete it, or it is gone. Since Linux 2.4 or earlier."
    RTM_GETRULE = 34, "Show one, or list all. Since Linux 2.4 or earlier."
    RTM_NEWQDISC = 36, "A queueing discipline: a tcmsg. Since Linux 2.4 or earlier."
    RTM_DELQDISC = 37, "Delete it, or it is gone. Since Linux 2.4 or earlier."
    RTM_GETQDISC = 38, "Show one, or list all. Since Linux 2.4 or earlier."
    RTM_NEWTCLASS = 40, "A class of a queueing discipline: a tcmsg. Since Linux 2.4 or earlier."
    RTM_DELTCLASS = 41, "Delete it, or it is gone. Since Linux 2.4 or earlier."
    RTM_GETTCLASS = 42, "Show one, or list all. Since Linux 2.4 or earlier."
    RTM_NEWTFILTER = 44, "A filter of a queueing discipline: a tcmsg. Since Linux 2.4 or earlier."
    RTM_DELTFILTER = 45, "Delete it, or it is gone. Since Linux 2.4 or earlier."
    RTM_GETTFILTER = 46, "Show one, or list all. Since Linux 2.4 or earlier."
    RTM_NEWACTION = 48, "An action of filters: a tcamsg. Since Linux 2.6.11 or earlier."
    RTM_DELACTION = 49, "Delete it, or it is gone. Since Linux 2.6.11 or earlier."
    RTM_GETACTION = 50, "Show one, or list all. Since Linux 2.6.11 or earlier."
    RTM_NEWPREFIX = 52, "A prefix that a router announced: a prefixmsg. Since Linux 2.6.11 or earlier."
    RTM_NEWMULTICAST = 56, "A multicast address: an ifaddrmsg. Since Linux 6.14."
    RTM_DELMULTICAST = 57, "Delete it, or it is gone. Since Linux 6.14."
    RTM_GETMULTICAST = 58, "Show one, or list all. Since Linux 2.6.11 or earlier."
    RTM_NEWANYCAST = 60, "An anycast address: an ifaddrmsg. Since Linux 6.14."
    RTM_DELANYCAST = 61, "Delete it, or it is gone. Since Linux 6.14."
    RTM_GETANYCAST = 62, "Show one, or list all. Since Linux 2.6.11 or earlier."
    RTM_NEWNEIGHTBL = 64, "A table of neighbours: an ndtmsg. Since Linux 2.6.18 or earlier."
    RTM_GETNEIGHTBL = 66, "Show one, or list all. Since Linux 2.6.18 or earlier."
    RTM_SETNEIGHTBL = 67, "Change its limits. Since Linux 2.6.18 or earlier."
    RTM_NEWNDUSEROPT = (
        68,
        "An option of a router's announcement: an nduseroptmsg. Since Linux 2.6.24 or earlier.",
    )
    RTM_NEWADDRLABEL = 72, "A label of addresses: an ifaddrlblmsg. Since Linux 2.6.32 or earlier."
    RTM_DELADDRLABEL = 73, "Delete it, or it is gone. Since Linux 2.6.32 or earlier."
    RTM_GETADDRLABEL = 74, "Show one, or list all. Since Linux 2.6.32 or earlier."
    RTM_GETDCB = 78, "Data center bridging: a dcbmsg. Since Linux 2.6.32 or earlier."
    RTM_SETDCB = 79, "Change it. Since Linux 2.6.32 or earlier."
    RTM_NEWNETCONF = 80, "Settings of IP: a netconfmsg. Since Linux 3.12 or earlier."
    RTM_DELNETCONF = 81, "Delete it, or it is gone. Since Linux 4.12 or earlier."
    RTM_GETNETCONF = 82, "Show one, or list all. Since Linux 3.12 or earlier."
    RTM_NEWMDB = 84, "A group of a bridge: a br_port_msg. Since Linux 3.12 or earlier."
    RTM_DELMDB = 85, "Delete it, or it is gone. Since Linux 3.12 or earlier."
    RTM_GETMDB = 86, "Show one, or list all. Since Linux 3.12 or earlier."
    RTM_NEWNSID = 88, "An id of a network namespace: an rtgenmsg. Since Linux 4.4 or earlier."
    RTM_DELNSID = 89, "Delete it, or it is gone. Since Linux 4.4 or earlier."
    RTM_GETNSID = 90, "Show one, or list all. Since Linux 4.4 or earlier."
    RTM_NEWSTATS = 92, "Statistics: an if_stats_msg. Since Linux 4.7 or earlier."
    RTM_GETSTATS = 94, "Show one, or list all. Since Linux 4.7 or earlier."
    RTM_SETSTATS = 95, "Switch some on or off. Since Linux 5.18."
    RTM_NEWCACHEREPORT = 96, "A packet without a multicast route: an rtgenmsg. Since Linux 4.14 or earlier."
    RTM_NEWCHAIN = 100, "A chain of filters: a tcmsg. Since Linux 4.19 or earlier."
    RTM_DELCHAIN = 101, "Delete it, or it is gone. Since Linux 4.19 or earlier."
    RTM_GETCHAIN = 102, "Show one, or list all. Since Linux 4.19 or earlier."
    RTM_NEWNEXTHOP = 104, "A next hop: an nhmsg. Since Linux 5.3."
    RTM_DELNEXTHOP = 105, "Delete it, or it is gone. Since Linux 5.3."
    RTM_GETNEXTHOP = 106, "Show one, or list all. Since Linux 5.3."
    RTM_NEWLINKPROP = 108, "A further name of a device: an ifinfomsg. Since Linux 5.5."
    RTM_DELLINKPROP = 109, "Delete it, or it is gone. Since Linux 5.5."
    RTM_GETLINKPROP = 110, "Show one, or list all. Since Linux 5.5."
    RTM_NEWVLAN = 112, "A VLAN of a bridge: a br_vlan_msg. Since Linux 5.6."
    RTM_DELVLAN = 113, "Delete it, or it is gone. Since Linux 5.6."
    RTM_GETVLAN = 114, "Show one, or list all. Since Linux 5.6."
    RTM_NEWNEXTHOPBUCKET = 116, "A bucket of a group of next hops: an nhmsg. Since Linux 5.13."
    RTM_DELNEXTHOPBUCKET = 117, "Delete it, or it is gone. Since Linux 5.13."
    RTM_GETNEXTHOPBUCKET = 118, "Show one, or list all. Since Linux 5.13."
    RTM_NEWTUNNEL = 120, "A virtual network of a tunnel: a tunnel_msg. Since Linux 5.18."
    RTM_DELTUNNEL = 121, "Delete it, or it is gone. Since Linux 5.18."
    RTM_GETTUNNEL = 122, "Show one, or list all. Since Linux 5.18."


class RouteFlags(DocumentedFlag):
    """rtm_flags of an rtmsg; RouteNexthopFlags besides."""

    RTM_F_NOTIFY = 0x100, "Tell the user when the route changes. Since Linux 2.4 or earlier."
    RTM_F_CLONED = 0x200, "It is a copy, in a cache. Since Linux 2.4 or earlier."
    RTM_F_EQUALIZE = 0x400, "Without effect. Since Linux 2.4 or earlier."
    RTM_F_PREFIX = 0x800, "It is a prefix of IPv6 that was announced. Since Linux 2.6.11 or earlier."
    RTM_F_LOOKUP_TABLE = 0x1000, "Get: say which table the route is in. Since Linux 4.4 or earlier."
    RTM_F_FIB_MATCH = 0x2000, "Get: show the entry, and not the result. Since Linux 4.14 or earlier."
    RTM_F_OFFLOAD = 0x4000, "The hardware does it. Since Linux 5.6."
    RTM_F_TRAP = 0x8000, "The hardware hands packets to the kernel. Since Linux 5.6."
    RTM_F_OFFLOAD_FAILED = 0x20000000, "The hardware could not take it. Since Linux 5.12."


class RouteNexthopFlags(DocumentedFlag):
    """rtnh_flags of an rtnexthop, and rtm_flags of an rtmsg.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    RTNH_F_DEAD = 1, "It cannot be used, as its device is off."
    RTNH_F_PERVASIVE = 2, "Without effect."
    RTNH_F_ONLINK = 4, "The gateway is on the device, whatever the addresses say."
    RTNH_F_OFFLOAD = 8, "The hardware does it. Since Linux 4.4 or earlier."
    RTNH_F_LINKDOWN = 0x10, "The cable is not connected. Since Linux 4.4 or earlier."
    RTNH_F_UNRESOLVED = 0x20, "A multicast route that is still to come. Since Linux 4.12 or earlier."
    RTNH_F_TRAP = 0x40, "The hardware hands packets to the kernel. Since Linux 5.11."


class RouteType(DocumentedEnum):
    """rtm_type of an rtmsg: what happens to packets. Since Linux 2.4 or earlier."""

    RTN_UNSPEC = 0, "Not said."
    RTN_UNICAST = 1, "Sent to a gateway, or directly."
    RTN_LOCAL = 2, "Taken by this machine."
    RTN_BROADCAST = 3, "Taken as broadcast, sent as broadcast."
    RTN_ANYCAST = 4, "Taken as broadcast, sent as unicast."
    RTN_MULTICAST = 5, "Multicast."
    RTN_BLACKHOLE = 6, "Dropped; the sender here gets EINVAL."
    RTN_UNREACHABLE = 7, "Dropped with ICMP; the sender here gets EHOSTUNREACH."
    RTN_PROHIBIT = 8, "Dropped with ICMP; the sender here gets EACCES."
    RTN_THROW = 9, "Not in this table: the next rule decides."
    RTN_NAT = 10, "Without effect."
    RTN_XRESOLVE = 11, "Without effect."


class RouteScope(DocumentedEnum):
    """rtm_scope of an rtmsg, ifa_scope of an ifaddrmsg: how far away.

    Numbers in between are the user's. Since Linux 2.4 or earlier.
    """

    RT_SCOPE_UNIVERSE = 0, "Anywhere."
    RT_SCOPE_SITE = 200, "Within the site."
    RT_SCOPE_LINK = 253, "On the device."
    RT_SCOPE_HOST = 254, "This machine."
    RT_SCOPE_NOWHERE = 255, "Nowhere."


class RouteTable(DocumentedEnum):
    """rtm_table of an rtmsg, and RTA_TABLE.

    Others from 1 to 252, and above 255, are the user's. Since Linux 2.4 or earlier, unless a member
    says otherwise.
    """

    RT_TABLE_UNSPEC = 0, "Not said."
    RT_TABLE_COMPAT = 252, "Its number is above 255: see RTA_TABLE. Since Linux 2.6.32 or earlier."
    RT_TABLE_DEFAULT = 253, "What is looked at last; empty at first."
    RT_TABLE_MAIN = 254, "What users change."
    RT_TABLE_LOCAL = 255, "Addresses of this machine, which the kernel keeps."


class RouteProtocol(DocumentedEnum):
    """rtm_protocol of an rtmsg: who made the route.

    The kernel only looks at the first ones. Since Linux 2.4 or earlier, unless a member says
    otherwise.
    """

    RTPROT_UNSPEC = 0, "Not said."
    RTPROT_REDIRECT = 1, "ICMP."
    RTPROT_KERNEL = 2, "The kernel."
    RTPROT_BOOT = 3, "A user, or scripts at boot: what ip route uses."
    RTPROT_STATIC = 4, "The administrator."
    RTPROT_GATED = 8, "gated."
    RTPROT_RA = 9, "An announcement of a router, by IPv6."
    RTPROT_MRT = 10, "Merit MRT."
    RTPROT_ZEBRA = 11, "Zebra."
    RTPROT_BIRD = 12, "BIRD."
    RTPROT_DNROUTED = 13, "DECnet's daemon."
    RTPROT_XORP = 14, "XORP. Since Linux 2.6.11 or earlier."
    RTPROT_NTK = 15, "Netsukuku. Since Linux 2.6.18 or earlier."
    RTPROT_DHCP = 16, "A DHCP client. Since Linux 2.6.32 or earlier."
    RTPROT_MROUTED = 17, "A daemon of multicast routes. Since Linux 3.12 or earlier."
    RTPROT_KEEPALIVED = 18, "Keepalived. Since Linux 5.9."
    RTPROT_BABEL = 42, "Babel. Since Linux 4.4 or earlier."
    RTPROT_OVN = 84, "OVN. Since Linux 6.15."
    RTPROT_OPENR = 99, "Open/R. Since Linux 5.13."
    RTPROT_BGP = 186, "BGP. Since Linux 4.19 or earlier."
    RTPROT_ISIS = 187, "IS-IS. Since Linux 4.19 or earlier."
    RTPROT_OSPF = 188, "OSPF. Since Linux 4.19 or earlier."
    RTPROT_RIP = 189, "RIP. Since Linux 4.19 or earlier."
    RTPROT_EIGRP = 192, "EIGRP. Since Linux 4.19 or earlier."


class RouteAttribute(DocumentedEnum):
    """nla_type behind an rtmsg. Since Linux 2.4 or earlier, unless a member says otherwise."""

    RTA_UNSPEC = 0, "None."
    RTA_DST = 1, "The destination."
    RTA_SRC = 2, "The source that it is for."
    RTA_IIF = 3, "The device that packets come by."
    RTA_OIF = 4, "The device that packets leave by."
    RTA_GATEWAY = 5, "The gateway."
    RTA_PRIORITY = 6, "The metric: the lowest is taken."
    RTA_PREFSRC = 7, "The source address of what is sent."
    RTA_METRICS = 8, "Attributes of RTAX_*, such as the MTU."
    RTA_MULTIPATH = 9, "Several next hops: rtnexthop structures."
    RTA_PROTOINFO = 10, "Without use."
    RTA_FLOW = 11, "The realm."
    RTA_CACHEINFO = 12, "An rta_cacheinfo."
    RTA_SESSION = 13, "Without use. Since Linux 2.6.11 or earlier."
    RTA_MP_ALGO = 14, "Without use. Since Linux 2.6.18 or earlier."
    RTA_TABLE = 15, "The RouteTable, of 32 bits. Since Linux 2.6.24 or earlier."
    RTA_MARK = 16, "The mark of packets. Since Linux 3.3 or earlier."
    RTA_MFC_STATS = 17, "Statistics of a multicast route: an rta_mfc_stats. Since Linux 3.12 or earlier."
    RTA_VIA = 18, "A gateway of another family: an rtvia. Since Linux 4.4 or earlier."
    RTA_NEWDST = 19, "The new labels of MPLS. Since Linux 4.4 or earlier."
    RTA_PREF = 20, "The preference of a router (ICMPv6). Since Linux 4.4 or earlier."
    RTA_ENCAP_TYPE = 21, "The kind of RTA_ENCAP. Since Linux 4.4 or earlier."
    RTA_ENCAP = 22, "What packets are put into. Since Linux 4.4 or earlier."
    RTA_EXPIRES = 23, "Seconds until it goes. Since Linux 4.7 or earlier."
    RTA_PAD = 24, "Nothing: aligns what follows. Since Linux 4.7 or earlier."
    RTA_UID = 25, "Get: for this user. Since Linux 4.10."
    RTA_TTL_PROPAGATE = 26, "Whether the time to live goes from IP to MPLS. Since Linux 4.12 or earlier."
    RTA_IP_PROTO = 27, "Get: for this protocol. Since Linux 4.19 or earlier."
    RTA_SPORT = 28, "Get: for this source port. Since Linux 4.19 or earlier."
    RTA_DPORT = 29, "Get: for this destination port. Since Linux 4.19 or earlier."
    RTA_NH_ID = 30, "The id of a next hop. Since Linux 5.3."
    RTA_FLOWLABEL = 31, "Get: for this flow label. Since Linux 6.14."


class LinkAttribute(DocumentedEnum):
    """nla_type behind an ifinfomsg: the commonest."""

    IFLA_UNSPEC = 0, "None. Since Linux 2.4 or earlier."
    IFLA_ADDRESS = 1, "The hardware's address. Since Linux 2.4 or earlier."
    IFLA_BROADCAST = 2, "The hardware's broadcast address. Since Linux 2.4 or earlier."
    IFLA_IFNAME = 3, "The name. Since Linux 2.4 or earlier."
    IFLA_MTU = 4, "The MTU. Since Linux 2.4 or earlier."
    IFLA_LINK = 5, "The index of the device that it is on top of. Since Linux 2.4 or earlier."
    IFLA_QDISC = 6, "The name of the queueing discipline. Since Linux 2.4 or earlier."
    IFLA_STATS = 7, "Counters of 32 bits: an rtnl_link_stats. Since Linux 2.4 or earlier."
    IFLA_COST = 8, "Without use. Since Linux 2.4 or earlier."
    IFLA_PRIORITY = 9, "Without use. Since Linux 2.4 or earlier."
    IFLA_MASTER = (
        10,
        "The index of the device that it belongs to, such as a bridge. Since Linux 2.4 or earlier.",
    )
    IFLA_WIRELESS = 11, "Events of wireless devices. Since Linux 2.6.11 or earlier."
    IFLA_PROTINFO = 12, "State of a port of a bridge, or of IPv6. Since Linux 2.6.11 or earlier."
    IFLA_TXQLEN = 13, "How many packets wait at most. Since Linux 2.6.11 or earlier."
    IFLA_MAP = 14, "Resources of the hardware: an rtnl_link_ifmap. Since Linux 2.6.11 or earlier."
    IFLA_WEIGHT = 15, "Without effect. Since Linux 2.6.11 or earlier."
    IFLA_OPERSTATE = 16, "The state, as RFC 2863 has it. Since Linux 2.6.18 or earlier."
    IFLA_LINKMODE = 17, "Whether the state is set by a program. Since Linux 2.6.18 or earlier."
    IFLA_LINKINFO = 18, "Attributes of LinkInfoAttribute: kind and settings. Since Linux 2.6.24 or earlier."
    IFLA_NET_NS_PID = 19, "The process whose network namespace it is to go to. Since Linux 2.6.24 or earlier."
    IFLA_IFALIAS = 20, "A description. Since Linux 2.6.32 or earlier."
    IFLA_NUM_VF = 21, "How many virtual functions there are. Since Linux 3.3 or earlier."
    IFLA_VFINFO_LIST = 22, "Virtual functions. Since Linux 3.3 or earlier."
    IFLA_STATS64 = 23, "Counters of 64 bits: an rtnl_link_stats64. Since Linux 3.3 or earlier."
    IFLA_VF_PORTS = 24, "Ports of virtual functions. Since Linux 3.3 or earlier."
    IFLA_PORT_SELF = 25, "The port of the device. Since Linux 3.3 or earlier."
    IFLA_AF_SPEC = 26, "Settings by family. Since Linux 3.3 or earlier."
    IFLA_GROUP = 27, "A number by which devices are grouped. Since Linux 3.3 or earlier."
    IFLA_NET_NS_FD = 28, "A descriptor of the network namespace it is to go to. Since Linux 3.3 or earlier."
    IFLA_EXT_MASK = 29, "What is to be shown: RTEXT_FILTER_* bits. Since Linux 3.3 or earlier."
    IFLA_PROMISCUITY = 30, "How many want all frames. Since Linux 3.12 or earlier."
    IFLA_NUM_TX_QUEUES = 31, "How many queues it has to send. Since Linux 3.12 or earlier."
    IFLA_NUM_RX_QUEUES = 32, "How many queues it has to receive. Since Linux 3.12 or earlier."
    IFLA_CARRIER = 33, "Whether the cable is connected. Since Linux 3.12 or earlier."
    IFLA_PHYS_PORT_ID = 34, "The id of the port. Since Linux 3.12 or earlier."
    IFLA_CARRIER_CHANGES = 35, "How often that changed. Since Linux 3.16 or earlier."
    IFLA_PHYS_SWITCH_ID = 36, "The id of the switch. Since Linux 4.4 or earlier."
    IFLA_LINK_NETNSID = 37, "The id of the network namespace of IFLA_LINK. Since Linux 4.4 or earlier."
    IFLA_PHYS_PORT_NAME = 38, "The name of the port. Since Linux 4.4 or earlier."
    IFLA_PROTO_DOWN = 39, "Whether a protocol keeps it down. Since Linux 4.4 or earlier."
    IFLA_GSO_MAX_SEGS = 40, "How many segments one packet may have. Since Linux 4.7 or earlier."
    IFLA_GSO_MAX_SIZE = 41, "How long one packet may be that is cut later. Since Linux 4.7 or earlier."
    IFLA_PAD = 42, "Nothing: aligns what follows. Since Linux 4.7 or earlier."
    IFLA_XDP = 43, "Attributes of a program of XDP. Since Linux 4.8."
    IFLA_EVENT = 44, "Why this message was sent. Since Linux 4.14 or earlier."
    IFLA_NEW_NETNSID = 45, "The id of the network namespace it has gone to. Since Linux 4.15."
    IFLA_TARGET_NETNSID = 46, "In which network namespace, by its id. Since Linux 4.20."
    IFLA_CARRIER_UP_COUNT = 47, "How often the cable was connected. Since Linux 4.17 or earlier."
    IFLA_CARRIER_DOWN_COUNT = 48, "How often it was taken off. Since Linux 4.17 or earlier."
    IFLA_NEW_IFINDEX = 49, "The index there. Since Linux 4.17 or earlier."
    IFLA_MIN_MTU = 50, "The smallest MTU. Since Linux 4.19 or earlier."
    IFLA_MAX_MTU = 51, "The largest MTU. Since Linux 4.19 or earlier."
    IFLA_PROP_LIST = 52, "Further properties: names. Since Linux 5.5."
    IFLA_ALT_IFNAME = 53, "A further name. Since Linux 5.5."
    IFLA_PERM_ADDRESS = 54, "The hardware's address that it was made with. Since Linux 5.6."


class LinkInfoAttribute(DocumentedEnum):
    """nla_type in IFLA_LINKINFO. Since Linux 2.6.24 or earlier, unless a member says otherwise."""

    IFLA_INFO_UNSPEC = 0, "None."
    IFLA_INFO_KIND = 1, "The kind: vlan, bridge, veth, dummy, ..."
    IFLA_INFO_DATA = 2, "Settings of the kind."
    IFLA_INFO_XSTATS = 3, "Statistics of the kind."
    IFLA_INFO_SLAVE_KIND = 4, "The kind of the device that it belongs to. Since Linux 3.14 or earlier."
    IFLA_INFO_SLAVE_DATA = 5, "Settings of that. Since Linux 3.14 or earlier."


class AddressAttribute(DocumentedEnum):
    """nla_type behind an ifaddrmsg. Since Linux 2.4 or earlier, unless a member says otherwise."""

    IFA_UNSPEC = 0, "None."
    IFA_ADDRESS = 1, "The address; at the end of a line, the other end's."
    IFA_LOCAL = 2, "The address of this machine. Of IPv4, nearly always the one to look at."
    IFA_LABEL = 3, "The name of the device, perhaps with a colon and more."
    IFA_BROADCAST = 4, "The broadcast address."
    IFA_ANYCAST = 5, "An anycast address."
    IFA_CACHEINFO = 6, "How long it lives: an ifa_cacheinfo."
    IFA_MULTICAST = 7, "A multicast address. Since Linux 2.6.11 or earlier."
    IFA_FLAGS = 8, "AddressFlags, of 32 bits. Since Linux 3.14 or earlier."
    IFA_RT_PRIORITY = 9, "The metric of its route. Since Linux 4.19 or earlier."
    IFA_TARGET_NETNSID = 10, "In which network namespace, by its id. Since Linux 4.20."
    IFA_PROTO = 11, "Who made it. Since Linux 5.18."


class AddressFlags(DocumentedFlag):
    """ifa_flags of an ifaddrmsg, and IFA_FLAGS."""

    IFA_F_SECONDARY = (
        1,
        "A further address of its network; of IPv6, a temporary one. Since Linux 2.4 or earlier.",
    )
    IFA_F_TEMPORARY = IFA_F_SECONDARY
    IFA_F_NODAD = 2, "Do not look whether another machine has it. Since Linux 2.6.24 or earlier."
    IFA_F_OPTIMISTIC = 4, "Use it meanwhile. Since Linux 2.6.24 or earlier."
    IFA_F_DADFAILED = 8, "Another machine has it. Since Linux 2.6.32 or earlier."
    IFA_F_HOMEADDRESS = 0x10, "A home address. Since Linux 2.6.24 or earlier."
    IFA_F_DEPRECATED = 0x20, "Do not use it for what is new. Since Linux 2.4 or earlier."
    IFA_F_TENTATIVE = 0x40, "It is still being looked at. Since Linux 2.4 or earlier."
    IFA_F_PERMANENT = 0x80, "It stays. Since Linux 2.4 or earlier."
    IFA_F_MANAGETEMPADDR = 0x100, "Make temporary addresses of it. Since Linux 3.14 or earlier."
    IFA_F_NOPREFIXROUTE = 0x200, "Make no route to its network. Since Linux 3.14 or earlier."
    IFA_F_MCAUTOJOIN = 0x400, "Join its multicast group. Since Linux 4.4 or earlier."
    IFA_F_STABLE_PRIVACY = 0x800, "Made as RFC 7217 has it. Since Linux 4.4 or earlier."


class NeighbourAttribute(DocumentedEnum):
    """nla_type behind an ndmsg."""

    NDA_UNSPEC = 0, "None. Since Linux 2.4 or earlier."
    NDA_DST = 1, "The address. Since Linux 2.4 or earlier."
    NDA_LLADDR = 2, "The hardware's address. Since Linux 2.4 or earlier."
    NDA_CACHEINFO = 3, "How old it is: an nda_cacheinfo. Since Linux 2.4 or earlier."
    NDA_PROBES = 4, "How often it was asked. Since Linux 2.6.18 or earlier."
    NDA_VLAN = 5, "The VLAN. Since Linux 3.12 or earlier."
    NDA_PORT = 6, "The port of the other end of a tunnel. Since Linux 3.12 or earlier."
    NDA_VNI = 7, "The virtual network of a tunnel. Since Linux 3.12 or earlier."
    NDA_IFINDEX = 8, "The device of a tunnel. Since Linux 3.12 or earlier."
    NDA_MASTER = 9, "The device that it belongs to. Since Linux 3.16 or earlier."
    NDA_LINK_NETNSID = 10, "The id of a network namespace. Since Linux 4.4 or earlier."
    NDA_SRC_VNI = 11, "The virtual network that it came from. Since Linux 4.12 or earlier."
    NDA_PROTOCOL = 12, "Who made it. Since Linux 5.0."
    NDA_NH_ID = 13, "The id of a next hop. Since Linux 5.8."
    NDA_FDB_EXT_ATTRS = 14, "Attributes of a bridge's table. Since Linux 5.9."
    NDA_FLAGS_EXT = 15, "Further flags: NTF_EXT_*. Since Linux 5.16."
    NDA_NDM_STATE_MASK = 16, "Which states are meant. Since Linux 5.19."
    NDA_NDM_FLAGS_MASK = 17, "Which flags are meant. Since Linux 5.19."


class NeighbourState(DocumentedFlag):
    """ndm_state of an ndmsg. Since Linux 2.4 or earlier."""

    NUD_INCOMPLETE = 1, "It was asked for, and has not answered."
    NUD_REACHABLE = 2, "It answered a short time ago."
    NUD_STALE = 4, "It answered long ago."
    NUD_DELAY = 8, "It is used, and will soon be asked."
    NUD_PROBE = 0x10, "It is being asked."
    NUD_FAILED = 0x20, "It does not answer."
    NUD_NOARP = 0x40, "It needs no resolution."
    NUD_PERMANENT = 0x80, "It stays."
    NUD_NONE = 0, "None."


class NeighbourFlags(DocumentedFlag):
    """ndm_flags of an ndmsg."""

    NTF_USE = 1, "Ask for it now. Since Linux 2.6.32 or earlier."
    NTF_SELF = 2, "In the device's own table. Since Linux 3.12 or earlier."
    NTF_MASTER = 4, "In the table of the device that it belongs to. Since Linux 3.12 or earlier."
    NTF_PROXY = 8, "Answer in its place. Since Linux 2.4 or earlier."
    NTF_EXT_LEARNED = 0x10, "A controller has learned it. Since Linux 4.4 or earlier."
    NTF_OFFLOADED = 0x20, "The hardware has it. Since Linux 4.14 or earlier."
    NTF_STICKY = 0x40, "It cannot move to another port. Since Linux 4.20."
    NTF_ROUTER = 0x80, "It is a router. Since Linux 2.4 or earlier."


class RouteGroups(DocumentedFlag):
    """nl_groups of a sockaddr_nl, for NETLINK_ROUTE: what is heard of.

    Further ones have only a number, see RouteGroup. Since Linux 2.4 or earlier, unless a member
    says otherwise.
    """

    RTMGRP_LINK = 1, "Devices."
    RTMGRP_NOTIFY = 2, "Without use."
    RTMGRP_NEIGH = 4, "Neighbours."
    RTMGRP_TC = 8, "Queueing."
    RTMGRP_IPV4_IFADDR = 0x10, "Addresses of IPv4."
    RTMGRP_IPV4_MROUTE = 0x20, "Multicast routes of IPv4."
    RTMGRP_IPV4_ROUTE = 0x40, "Routes of IPv4."
    RTMGRP_IPV4_RULE = 0x80, "Rules of IPv4. Since Linux 2.6.18 or earlier."
    RTMGRP_IPV6_IFADDR = 0x100, "Addresses of IPv6."
    RTMGRP_IPV6_MROUTE = 0x200, "Multicast routes of IPv6."
    RTMGRP_IPV6_ROUTE = 0x400, "Routes of IPv6."
    RTMGRP_IPV6_IFINFO = 0x800, "Devices, as IPv6 has them. Since Linux 2.6.11 or earlier."
    RTMGRP_DECnet_IFADDR = 0x1000, "DECnet. Linux 7.2 no longer has it."
    RTMGRP_DECnet_ROUTE = 0x4000, "DECnet. Linux 7.2 no longer has it."
    RTMGRP_IPV6_PREFIX = 0x20000, "Prefixes that routers announce. Since Linux 2.6.11 or earlier."


class RouteGroup(DocumentedEnum):
    """A group of NETLINK_ROUTE by its number, for NETLINK_ADD_MEMBERSHIP.

    Since Linux 2.6.18 or earlier, unless a member says otherwise.
    """

    RTNLGRP_NONE = 0, "None."
    RTNLGRP_LINK = 1, "Devices."
    RTNLGRP_NOTIFY = 2, "Without use."
    RTNLGRP_NEIGH = 3, "Neighbours."
    RTNLGRP_TC = 4, "Queueing."
    RTNLGRP_IPV4_IFADDR = 5, "Addresses of IPv4."
    RTNLGRP_IPV4_MROUTE = 6, "Multicast routes of IPv4."
    RTNLGRP_IPV4_ROUTE = 7, "Routes of IPv4."
    RTNLGRP_IPV4_RULE = 8, "Rules of IPv4."
    RTNLGRP_IPV6_IFADDR = 9, "Addresses of IPv6."
    RTNLGRP_IPV6_MROUTE = 10, "Multicast routes of IPv6."
    RTNLGRP_IPV6_ROUTE = 11, "Routes of IPv6."
    RTNLGRP_IPV6_IFINFO = 12, "Devices, as IPv6 has them."
    RTNLGRP_IPV6_PREFIX = 18, "Prefixes that routers announce."
    RTNLGRP_IPV6_RULE = 19, "Rules of IPv6. Since Linux 2.6.24 or earlier."
    RTNLGRP_ND_USEROPT = 20, "Options of routers' announcements. Since Linux 2.6.24 or earlier."
    RTNLGRP_PHONET_IFADDR = 21, "Addresses of Phonet. Since Linux 2.6.32 or earlier."
    RTNLGRP_PHONET_ROUTE = 22, "Routes of Phonet. Since Linux 2.6.32 or earlier."
    RTNLGRP_DCB = 23, "Data center bridging. Since Linux 3.3 or earlier."
    RTNLGRP_IPV4_NETCONF = 24, "Settings of IPv4. Since Linux 3.12 or earlier."
    RTNLGRP_IPV6_NETCONF = 25, "Settings of IPv6. Since Linux 3.12 or earlier."
    RTNLGRP_MDB = 26, "Groups of bridges. Since Linux 3.12 or earlier."
    RTNLGRP_MPLS_ROUTE = 27, "Routes of MPLS. Since Linux 4.4 or earlier."
    RTNLGRP_NSID = 28, "Ids of network namespaces. Since Linux 4.4 or earlier."
    RTNLGRP_MPLS_NETCONF = 29, "Settings of MPLS. Since Linux 4.12 or earlier."
    RTNLGRP_IPV4_MROUTE_R = 30, "Packets of IPv4 without a multicast route. Since Linux 4.14 or earlier."
    RTNLGRP_IPV6_MROUTE_R = 31, "Packets of IPv6 without a multicast route. Since Linux 4.14 or earlier."
    RTNLGRP_NEXTHOP = 32, "Next hops. Since Linux 5.3."
    RTNLGRP_BRVLAN = 33, "VLANs of bridges. Since Linux 5.6."
    RTNLGRP_MCTP_IFADDR = 34, "Addresses of MCTP. Since Linux 5.17."
    RTNLGRP_TUNNEL = 35, "Virtual networks of tunnels. Since Linux 5.18."
    RTNLGRP_STATS = 36, "Statistics. Since Linux 5.18."
    RTNLGRP_IPV4_MCADDR = 37, "Multicast addresses of IPv4. Since Linux 6.14."
    RTNLGRP_IPV6_MCADDR = 38, "Multicast addresses of IPv6. Since Linux 6.14."
    RTNLGRP_IPV6_ACADDR = 39, "Anycast addresses of IPv6. Since Linux 6.14."
