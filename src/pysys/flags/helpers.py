"""Flag types of what programs of BPF return, and pass to functions of the kernel (BpfFunction).

Values are those of ``linux/bpf.h``. What bpf itself takes is in pysys.flags.bpf and pysys.flags.security.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class TcxAction(DocumentedEnum):
    """What a program at TCX_INGRESS or the like returns. Since Linux 6.6."""

    TCX_NEXT = -1, "The next program decides."
    TCX_PASS = 0, "The packet goes on."
    TCX_DROP = 2, "It is dropped."
    TCX_REDIRECT = 7, "It goes where bpf_redirect said."


class SocketAction(DocumentedEnum):
    """What a program that judges messages of sockets returns. Since Linux 4.14 or earlier."""

    SK_DROP = 0, "Drop it."
    SK_PASS = 1, "Let it pass."


class BpfStoreFlags(DocumentedFlag):
    """flags of bpf_skb_store_bytes. Since Linux 4.7 or earlier."""

    BPF_F_RECOMPUTE_CSUM = 1, "Correct the checksum."
    BPF_F_INVALIDATE_HASH = 2, "Forget the packet's hash."


class BpfChecksumFlags(DocumentedFlag):
    """flags of bpf_l3_csum_replace and bpf_l4_csum_replace.

    Since Linux 4.12 or earlier, unless a member says otherwise.
    """

    BPF_F_HDR_FIELD_MASK = 0xF, "How many bytes the field has."
    BPF_F_PSEUDO_HDR = 0x10, "It is in the pseudo header, too."
    BPF_F_MARK_MANGLED_0 = 0x20, "A checksum of 0, which says that there is none, stays so."
    BPF_F_MARK_ENFORCE = 0x40, "Even then write one."
    BPF_F_IPV6 = 0x80, "The packet is of IPv6."


class BpfChecksumLevel(DocumentedEnum):
    """What bpf_csum_level does. Since Linux 5.8."""

    BPF_CSUM_LEVEL_QUERY = 0, "Answers how many headers have a checksum that is known to be right."
    BPF_CSUM_LEVEL_INC = 1, "Adds one."
    BPF_CSUM_LEVEL_DEC = 2, "Takes one away."
    BPF_CSUM_LEVEL_RESET = 3, "Sets that none has."


class BpfTunnelFlags(DocumentedFlag):
    """flags of bpf_skb_set_tunnel_key and bpf_skb_get_tunnel_key.

    Since Linux 4.17 or earlier, unless a member says otherwise.
    """

    BPF_F_TUNINFO_IPV6 = 1, "The tunnel is of IPv6."
    BPF_F_ZERO_CSUM_TX = 2, "Set: without a checksum of UDP."
    BPF_F_DONT_FRAGMENT = 4, "Set: the packet may not be cut."
    BPF_F_SEQ_NUMBER = 8, "Set: with a number, in GRE."
    BPF_F_NO_TUNNEL_KEY = 0x10, "Set: without a key. Since Linux 6.3."
    BPF_F_TUNINFO_FLAGS = 0x10, "Get: tunnel_flags in place of tunnel_ext. Since Linux 6.1."


class BpfStackFlags(DocumentedFlag):
    """flags of bpf_get_stackid and bpf_get_stack. Since Linux 4.19 or earlier."""

    BPF_F_SKIP_FIELD_MASK = 0xFF, "How many frames to leave out."
    BPF_F_USER_STACK = 0x100, "The program's stack, not the kernel's."
    BPF_F_FAST_STACK_CMP = 0x200, "bpf_get_stackid: compare stacks by their hashes."
    BPF_F_REUSE_STACKID = 0x400, "bpf_get_stackid: replace another stack with the same hash."
    BPF_F_USER_BUILD_ID = 0x800, "bpf_get_stack: build ids and offsets in place of addresses."


class BpfPerfFlags(DocumentedFlag):
    """flags of bpf_perf_event_output, bpf_perf_event_read and bpf_perf_event_read_value.

    Since Linux 4.7 or earlier.
    """

    BPF_F_INDEX_MASK = 0xFFFFFFFF, "The index in the map."
    BPF_F_CURRENT_CPU = 0xFFFFFFFF, "As the index: that of this processor."
    BPF_F_CTXLEN_MASK = 0xFFFFF00000000, "How many bytes of the packet to add. Since Linux 4.8."


class BpfHeaderStart(DocumentedEnum):
    """Where bpf_skb_load_bytes_relative counts from. Since Linux 4.19 or earlier."""

    BPF_HDR_START_MAC = 0, "The header of the link."
    BPF_HDR_START_NET = 1, "That of the network."


class BpfEncapsulation(DocumentedEnum):
    """What bpf_lwt_push_encap puts in front. Since Linux 4.19 or earlier."""

    BPF_LWT_ENCAP_SEG6 = 0, "Headers of IPv6 with a route by segments."
    BPF_LWT_ENCAP_SEG6_INLINE = 1, "Only that route."
    BPF_LWT_ENCAP_IP = 2, "A header of IP. Since Linux 5.1."


class BpfRedirectFlags(DocumentedFlag):
    """flags of bpf_redirect and bpf_redirect_map. Since Linux 4.7 or earlier."""

    BPF_F_INGRESS = 1, "As if it had arrived at that interface, not sent through it."
    BPF_F_BROADCAST = 8, "XDP: to each interface of the map. Since Linux 5.14."
    BPF_F_EXCLUDE_INGRESS = 0x10, "XDP: but not to that which it came from. Since Linux 5.14."


class BpfStorageFlags(DocumentedFlag):
    """flags of bpf_sk_storage_get and the like. Since Linux 5.10."""

    BPF_LOCAL_STORAGE_GET_F_CREATE = 1, "Make it if there is none."


class BpfRingFlags(DocumentedFlag):
    """flags of bpf_ringbuf_output, bpf_ringbuf_submit and bpf_ringbuf_discard. Since Linux 5.8."""

    BPF_RB_NO_WAKEUP = 1, "Wake nobody."
    BPF_RB_FORCE_WAKEUP = 2, "Wake who waits, whatever there was."


class BpfRingQuery(DocumentedEnum):
    """What bpf_ringbuf_query answers. Since Linux 5.8, unless a member says otherwise."""

    BPF_RB_AVAIL_DATA = 0, "How many bytes were not read."
    BPF_RB_RING_SIZE = 1, "How many bytes there are."
    BPF_RB_CONS_POS = 2, "Where it is read."
    BPF_RB_PROD_POS = 3, "Where it is written."
    BPF_RB_OVERWRITE_POS = 4, "How far it was written over. Since Linux 7.2 or earlier."


class BpfRingHeader(DocumentedFlag):
    """The first word of a record in a BPF_MAP_TYPE_RINGBUF, besides its length.

    Since Linux 5.8.
    """

    BPF_RINGBUF_BUSY_BIT = 0x80000000, "It is being written."
    BPF_RINGBUF_DISCARD_BIT = 0x40000000, "It was given up: go on behind it."


class BpfLookupFlags(DocumentedFlag):
    """flags of bpf_sk_assign in a program at BPF_SK_LOOKUP. Since Linux 5.9."""

    BPF_SK_LOOKUP_F_REPLACE = 1, "In place of the socket that was assigned."
    BPF_SK_LOOKUP_F_NO_REUSEPORT = 2, "Not another socket of its group."


class BpfDeviceAccess(DocumentedFlag):
    """What a program at BPF_CGROUP_DEVICE is asked for: the upper half of access_type. Since Linux 4.15."""

    BPF_DEVCG_ACC_MKNOD = 1, "Making a file for the device."
    BPF_DEVCG_ACC_READ = 2, "Reading it."
    BPF_DEVCG_ACC_WRITE = 4, "Writing to it."


class BpfDeviceType(DocumentedEnum):
    """Of which kind of device: the lower half of access_type. Since Linux 4.15."""

    BPF_DEVCG_DEV_BLOCK = 1, "A block device."
    BPF_DEVCG_DEV_CHAR = 2, "A character device."


class BpfFibFlags(DocumentedFlag):
    """flags of bpf_fib_lookup. Since Linux 4.19 or earlier, unless a member says otherwise."""

    BPF_FIB_LOOKUP_DIRECT = 1, "In one table, without rules."
    BPF_FIB_LOOKUP_OUTPUT = 2, "As for a packet that is sent."
    BPF_FIB_LOOKUP_SKIP_NEIGH = 4, "Do not look for the neighbour. Since Linux 6.3."
    BPF_FIB_LOOKUP_TBID = 8, "In the table tbid. Since Linux 6.5."
    BPF_FIB_LOOKUP_SRC = 0x10, "Choose a source address, too. Since Linux 6.7."
    BPF_FIB_LOOKUP_MARK = 0x20, "By the packet's mark, too. Since Linux 6.10."


class BpfFibResult(DocumentedEnum):
    """What bpf_fib_lookup returns. Since Linux 4.19 or earlier, unless a member says otherwise."""

    BPF_FIB_LKUP_RET_SUCCESS = 0, "There is a route."
    BPF_FIB_LKUP_RET_BLACKHOLE = 1, "The route drops it."
    BPF_FIB_LKUP_RET_UNREACHABLE = 2, "The route says unreachable."
    BPF_FIB_LKUP_RET_PROHIBIT = 3, "The route says prohibited."
    BPF_FIB_LKUP_RET_NOT_FWDED = 4, "It is not to be forwarded."
    BPF_FIB_LKUP_RET_FWD_DISABLED = 5, "The interface does not forward."
    BPF_FIB_LKUP_RET_UNSUPP_LWT = 6, "The route has an encapsulation."
    BPF_FIB_LKUP_RET_NO_NEIGH = 7, "The neighbour is not known."
    BPF_FIB_LKUP_RET_FRAG_NEEDED = 8, "The packet is too long."
    BPF_FIB_LKUP_RET_NO_SRC_ADDR = 9, "No source address was found. Since Linux 6.7."


class BpfMtuFlags(DocumentedFlag):
    """flags of bpf_check_mtu. Since Linux 5.12."""

    BPF_MTU_CHK_SEGS = 1, "Look at the segments of the packet, too."


class BpfMtuResult(DocumentedEnum):
    """What bpf_check_mtu returns. Since Linux 5.12."""

    BPF_MTU_CHK_RET_SUCCESS = 0, "It fits."
    BPF_MTU_CHK_RET_FRAG_NEEDED = 1, "It is too long."
    BPF_MTU_CHK_RET_SEGS_TOOBIG = 2, "A segment is too long."


class BpfTimerFlags(DocumentedFlag):
    """flags of bpf_timer_start. Since Linux 6.4."""

    BPF_F_TIMER_ABS = 1, "The time is a point in time."
    BPF_F_TIMER_CPU_PIN = 2, "On this processor. Since Linux 6.7."


class BpfIteratorOrder(DocumentedEnum):
    """order of an iterator of control groups: what it goes through.

    Since Linux 6.1, unless a member says otherwise.
    """

    BPF_CGROUP_ITER_ORDER_UNSPEC = 0, "Not said."
    BPF_CGROUP_ITER_SELF_ONLY = 1, "The group alone."
    BPF_CGROUP_ITER_DESCENDANTS_PRE = 2, "The group and what is below, a parent first."
    BPF_CGROUP_ITER_DESCENDANTS_POST = 3, "The same, a parent last."
    BPF_CGROUP_ITER_ANCESTORS_UP = 4, "The group and what is above."
    BPF_CGROUP_ITER_CHILDREN = 5, "Its children. Since Linux 7.2 or earlier."


class BpfPerfLink(DocumentedEnum):
    """Of which kind a link to a perf event is: perf_event.type of a bpf_link_info. Since Linux 6.6."""

    BPF_PERF_EVENT_UNSPEC = 0, "Not said."
    BPF_PERF_EVENT_UPROBE = 1, "A probe at the entry of a program's function."
    BPF_PERF_EVENT_URETPROBE = 2, "At its return."
    BPF_PERF_EVENT_KPROBE = 3, "At the entry of a function of the kernel."
    BPF_PERF_EVENT_KRETPROBE = 4, "At its return."
    BPF_PERF_EVENT_TRACEPOINT = 5, "A tracepoint."
    BPF_PERF_EVENT_EVENT = 6, "Another event."


class BpfStream(DocumentedEnum):
    """The streams of a program, which BPF_PROG_STREAM_READ_BY_FD reads. Since Linux 7.2 or earlier."""

    BPF_STREAM_STDOUT = 1, "What it prints."
    BPF_STREAM_STDERR = 2, "Its errors."


class BpfBuildIdStatus(DocumentedEnum):
    """status of a bpf_stack_build_id. Since Linux 4.17 or earlier."""

    BPF_STACK_BUILD_ID_EMPTY = 0, "The stack has ended."
    BPF_STACK_BUILD_ID_VALID = 1, "build_id and offset are there."
    BPF_STACK_BUILD_ID_IP = 2, "The address is: there is no build id."


class BpfSockFlags(DocumentedFlag):
    """Which events a program at BPF_CGROUP_SOCK_OPS gets: of bpf_sock_ops_cb_flags_set.

    Since Linux 4.17 or earlier.
    """

    BPF_SOCK_OPS_RTO_CB_FLAG = 1, "A timeout of what was sent."
    BPF_SOCK_OPS_RETRANS_CB_FLAG = 2, "Something is sent again."
    BPF_SOCK_OPS_STATE_CB_FLAG = 4, "The TcpState changes."
    BPF_SOCK_OPS_RTT_CB_FLAG = 8, "A round trip. Since Linux 5.3."
    BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG = 0x10, "Options of each header that arrives. Since Linux 5.10."
    BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG = (
        0x20,
        "Options that the kernel does not know. Since Linux 5.10.",
    )
    BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG = 0x40, "A header is made. Since Linux 5.10."
    BPF_SOCK_OPS_ALL_CB_FLAGS = 0x7F, "All of them."


class BpfSockEvent(DocumentedEnum):
    """What a program at BPF_CGROUP_SOCK_OPS is called for: op.

    Since Linux 4.19 or earlier, unless a member says otherwise.
    """

    BPF_SOCK_OPS_VOID = 0, "Nothing."
    BPF_SOCK_OPS_TIMEOUT_INIT = 1, "The timeout of the first packets is asked for."
    BPF_SOCK_OPS_RWND_INIT = 2, "The first window is asked for."
    BPF_SOCK_OPS_TCP_CONNECT_CB = 3, "A connection is about to be made."
    BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB = 4, "A connection that this side asked for is there."
    BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB = 5, "A connection that the other side asked for is there."
    BPF_SOCK_OPS_NEEDS_ECN = 6, "Whether the congestion control needs ECN is asked."
    BPF_SOCK_OPS_BASE_RTT = 7, "The shortest round trip is asked for. Since Linux 4.15."
    BPF_SOCK_OPS_RTO_CB = 8, "What was sent has timed out."
    BPF_SOCK_OPS_RETRANS_CB = 9, "Something is sent again."
    BPF_SOCK_OPS_STATE_CB = 10, "The TcpState changes."
    BPF_SOCK_OPS_TCP_LISTEN_CB = 11, "The socket begins to listen."
    BPF_SOCK_OPS_RTT_CB = 12, "A round trip. Since Linux 5.3."
    BPF_SOCK_OPS_PARSE_HDR_OPT_CB = 13, "A header has arrived whose options are to be read. Since Linux 5.10."
    BPF_SOCK_OPS_HDR_OPT_LEN_CB = 14, "How long the options will be is asked. Since Linux 5.10."
    BPF_SOCK_OPS_WRITE_HDR_OPT_CB = 15, "The options are to be written. Since Linux 5.10."
    BPF_SOCK_OPS_TSTAMP_SCHED_CB = (
        16,
        "Data with a timestamp reaches the queue of the device. Since Linux 7.2 or earlier.",
    )
    BPF_SOCK_OPS_TSTAMP_SND_SW_CB = 17, "It is given to the device. Since Linux 7.2 or earlier."
    BPF_SOCK_OPS_TSTAMP_SND_HW_CB = 18, "The device has sent it. Since Linux 7.2 or earlier."
    BPF_SOCK_OPS_TSTAMP_ACK_CB = 19, "It is acknowledged. Since Linux 7.2 or earlier."
    BPF_SOCK_OPS_TSTAMP_SENDMSG_CB = 20, "It is about to be sent. Since Linux 7.2 or earlier."
