"""Flag types of extended BPF: instructions, attachments, links, helpers.

Values are those of ``linux/bpf.h``. Commands, types of programs and maps, and the instructions that
classic BPF has as well are in pysys.flags.security.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class BpfAttachType(DocumentedEnum):
    """Where a program is attached: attach_type and expected_attach_type of a bpf_attr."""

    BPF_CGROUP_INET_INGRESS = 0, "Packets that arrive in a control group. Since Linux 4.10."
    BPF_CGROUP_INET_EGRESS = 1, "Packets that leave a control group. Since Linux 4.10."
    BPF_CGROUP_INET_SOCK_CREATE = 2, "Sockets that are made. Since Linux 4.10."
    BPF_CGROUP_SOCK_OPS = 3, "Events of TCP. Since Linux 4.14 or earlier."
    BPF_SK_SKB_STREAM_PARSER = 4, "Where messages end, of a map of sockets. Since Linux 4.14 or earlier."
    BPF_SK_SKB_STREAM_VERDICT = 5, "Where messages go, of a map of sockets. Since Linux 4.14 or earlier."
    BPF_CGROUP_DEVICE = 6, "Use of devices. Since Linux 4.15."
    BPF_SK_MSG_VERDICT = 7, "What is sent, of a map of sockets. Since Linux 4.17 or earlier."
    BPF_CGROUP_INET4_BIND = 8, "bind, IPv4. Since Linux 4.17 or earlier."
    BPF_CGROUP_INET6_BIND = 9, "bind, IPv6. Since Linux 4.17 or earlier."
    BPF_CGROUP_INET4_CONNECT = 10, "connect, IPv4. Since Linux 4.17 or earlier."
    BPF_CGROUP_INET6_CONNECT = 11, "connect, IPv6. Since Linux 4.17 or earlier."
    BPF_CGROUP_INET4_POST_BIND = 12, "After bind, IPv4. Since Linux 4.17 or earlier."
    BPF_CGROUP_INET6_POST_BIND = 13, "After bind, IPv6. Since Linux 4.17 or earlier."
    BPF_CGROUP_UDP4_SENDMSG = 14, "sendmsg of UDP, IPv4. Since Linux 4.19 or earlier."
    BPF_CGROUP_UDP6_SENDMSG = 15, "sendmsg of UDP, IPv6. Since Linux 4.19 or earlier."
    BPF_LIRC_MODE2 = 16, "Infrared remote controls. Since Linux 4.19 or earlier."
    BPF_FLOW_DISSECTOR = 17, "The parts of packets, of a network namespace. Since Linux 4.20."
    BPF_CGROUP_SYSCTL = 18, "Use of /proc/sys. Since Linux 5.2."
    BPF_CGROUP_UDP4_RECVMSG = 19, "recvmsg of UDP, IPv4. Since Linux 5.2."
    BPF_CGROUP_UDP6_RECVMSG = 20, "recvmsg of UDP, IPv6. Since Linux 5.2."
    BPF_CGROUP_GETSOCKOPT = 21, "getsockopt. Since Linux 5.3."
    BPF_CGROUP_SETSOCKOPT = 22, "setsockopt. Since Linux 5.3."
    BPF_TRACE_RAW_TP = 23, "A tracepoint, with types. Since Linux 5.5."
    BPF_TRACE_FENTRY = 24, "The entry of a function of the kernel. Since Linux 5.5."
    BPF_TRACE_FEXIT = 25, "The return of a function of the kernel. Since Linux 5.5."
    BPF_MODIFY_RETURN = 26, "The result of a function of the kernel. Since Linux 5.7."
    BPF_LSM_MAC = 27, "A hook of security modules. Since Linux 5.7."
    BPF_TRACE_ITER = 28, "An iterator. Since Linux 5.8."
    BPF_CGROUP_INET4_GETPEERNAME = 29, "getpeername, IPv4. Since Linux 5.8."
    BPF_CGROUP_INET6_GETPEERNAME = 30, "getpeername, IPv6. Since Linux 5.8."
    BPF_CGROUP_INET4_GETSOCKNAME = 31, "getsockname, IPv4. Since Linux 5.8."
    BPF_CGROUP_INET6_GETSOCKNAME = 32, "getsockname, IPv6. Since Linux 5.8."
    BPF_XDP_DEVMAP = 33, "Frames that a map of devices redirects. Since Linux 5.8."
    BPF_CGROUP_INET_SOCK_RELEASE = 34, "Sockets that are closed. Since Linux 5.9."
    BPF_XDP_CPUMAP = 35, "Frames that a map of processors redirects. Since Linux 5.9."
    BPF_SK_LOOKUP = 36, "Which socket a packet belongs to. Since Linux 5.9."
    BPF_XDP = 37, "Frames as a device receives them. Since Linux 5.9."
    BPF_SK_SKB_VERDICT = 38, "Where data goes, of a map of sockets. Since Linux 5.13."
    BPF_SK_REUSEPORT_SELECT = 39, "Which socket of a group of SO_REUSEPORT. Since Linux 5.14."
    BPF_SK_REUSEPORT_SELECT_OR_MIGRATE = (
        40,
        "The same, and what is left of one that closes. Since Linux 5.14.",
    )
    BPF_PERF_EVENT = 41, "An event of perf. Since Linux 5.15."
    BPF_TRACE_KPROBE_MULTI = 42, "Many functions of the kernel. Since Linux 5.18."
    BPF_LSM_CGROUP = 43, "A hook of security modules, of a control group. Since Linux 6.0."
    BPF_STRUCT_OPS = 44, "Functions in a structure of the kernel. Since Linux 6.4."
    BPF_NETFILTER = 45, "A hook of netfilter. Since Linux 6.4."
    BPF_TCX_INGRESS = 46, "Packets that a device received. Since Linux 6.6."
    BPF_TCX_EGRESS = 47, "Packets that a device is to send. Since Linux 6.6."
    BPF_TRACE_UPROBE_MULTI = 48, "Many functions of a program. Since Linux 6.6."
    BPF_CGROUP_UNIX_CONNECT = 49, "connect, AF_UNIX. Since Linux 6.7."
    BPF_CGROUP_UNIX_SENDMSG = 50, "sendmsg, AF_UNIX. Since Linux 6.7."
    BPF_CGROUP_UNIX_RECVMSG = 51, "recvmsg, AF_UNIX. Since Linux 6.7."
    BPF_CGROUP_UNIX_GETPEERNAME = 52, "getpeername, AF_UNIX. Since Linux 6.7."
    BPF_CGROUP_UNIX_GETSOCKNAME = 53, "getsockname, AF_UNIX. Since Linux 6.7."
    BPF_NETKIT_PRIMARY = 54, "Packets of netkit's first device. Since Linux 6.7."
    BPF_NETKIT_PEER = 55, "Packets of netkit's other device. Since Linux 6.7."
    BPF_TRACE_KPROBE_SESSION = 56, "Entry and return of many functions of the kernel. Since Linux 6.10."
    BPF_TRACE_UPROBE_SESSION = (
        57,
        "Entry and return of many functions of a program. Since Linux 7.2 or earlier.",
    )
    BPF_TRACE_FSESSION = 58, "Entry and return of a function of the kernel. Since Linux 7.2 or earlier."
    BPF_TRACE_FENTRY_MULTI = 59, "The entries of many functions of the kernel. Since Linux 7.2 or earlier."
    BPF_TRACE_FEXIT_MULTI = 60, "The returns of many functions of the kernel. Since Linux 7.2 or earlier."
    BPF_TRACE_FSESSION_MULTI = (
        61,
        "Entry and return of many functions of the kernel. Since Linux 7.2 or earlier.",
    )


class BpfExtendedClass(DocumentedEnum):
    """What only instructions of extended BPF do: with BpfClass, the lowest three bits of code."""

    BPF_JMP32 = 6, "Jump by a comparison of 32 bits. Since Linux 5.1."
    BPF_ALU64 = 7, "Compute with 64 bits. Since Linux 3.18 or earlier."


class BpfExtendedSize(DocumentedEnum):
    """How much is loaded or stored, besides a BpfSize."""

    BPF_DW = 24, "64 bits. Since Linux 3.18 or earlier."


class BpfExtendedMode(DocumentedEnum):
    """How it is loaded or stored, besides a BpfMode."""

    BPF_MEMSX = 128, "Loaded with its sign. Since Linux 6.6."
    BPF_ATOMIC = 192, "In one piece: imm is a BpfAtomic. Since Linux 5.12."
    BPF_XADD = BPF_ATOMIC


class BpfExtendedOperation(DocumentedEnum):
    """What BPF_ALU and BPF_ALU64 compute, besides a BpfOperation. Since Linux 3.18 or earlier."""

    BPF_MOV = 176, "Copy."
    BPF_ARSH = 192, "Shift to the right, with the sign."
    BPF_END = 208, "Change the byte order: imm is the number of bits."


class BpfExtendedJump(DocumentedEnum):
    """When BPF_JMP and BPF_JMP32 jump, besides a BpfJump.

    Since Linux 3.18 or earlier, unless a member says otherwise.
    """

    BPF_JNE = 80, "If they differ."
    BPF_JLT = 160, "If it is below, without signs. Since Linux 4.14 or earlier."
    BPF_JLE = 176, "If it is not above, without signs. Since Linux 4.14 or earlier."
    BPF_JSGT = 96, "If it is above, with signs."
    BPF_JSGE = 112, "If it is not below, with signs."
    BPF_JSLT = 192, "If it is below, with signs. Since Linux 4.14 or earlier."
    BPF_JSLE = 208, "If it is not above, with signs. Since Linux 4.14 or earlier."
    BPF_JCOND = 224, "By a condition of the verifier: src_reg is BPF_MAY_GOTO. Since Linux 6.9."
    BPF_CALL = 128, "Call a helper, a function of the kernel or of the program: see BpfPseudo."
    BPF_EXIT = 144, "Return what is in register 0."


class BpfCondition(DocumentedEnum):
    """src_reg of BPF_JCOND."""

    BPF_MAY_GOTO = 0, "The loop may go on, until the kernel says that it was enough. Since Linux 6.9."


class BpfByteOrder(DocumentedEnum):
    """Which byte order BPF_END makes. Since Linux 3.18 or earlier."""

    BPF_TO_LE = 0, "Little-endian."
    BPF_FROM_LE = BPF_TO_LE
    BPF_TO_BE = 8, "Big-endian."
    BPF_FROM_BE = BPF_TO_BE


class BpfAtomic(DocumentedEnum):
    """imm of BPF_ATOMIC, besides a BpfOperation. Since Linux 5.12, unless a member says otherwise."""

    BPF_FETCH = 1, "Added to an operation: the old value goes to src_reg."
    BPF_XCHG = 225, "Exchange."
    BPF_CMPXCHG = 241, "Exchange if register 0 is the old value."
    BPF_LOAD_ACQ = 256, "Load, before what follows. Since Linux 7.2 or earlier."
    BPF_STORE_REL = 272, "Store, after what came before. Since Linux 7.2 or earlier."


class BpfRegister(DocumentedEnum):
    """dst_reg and src_reg of a bpf_insn. Since Linux 3.18 or earlier."""

    BPF_REG_0 = 0, "The result of calls and of the program."
    BPF_REG_1 = 1, "The first argument; at first, the context."
    BPF_REG_2 = 2, "The second argument."
    BPF_REG_3 = 3, "The third argument."
    BPF_REG_4 = 4, "The fourth argument."
    BPF_REG_5 = 5, "The fifth argument."
    BPF_REG_6 = 6, "Kept by calls."
    BPF_REG_7 = 7, "Kept by calls."
    BPF_REG_8 = 8, "Kept by calls."
    BPF_REG_9 = 9, "Kept by calls."
    BPF_REG_10 = 10, "The end of the stack; cannot be changed."


class BpfPseudo(DocumentedEnum):
    """src_reg of an instruction with 64 bits of data, or of BPF_CALL: what imm is."""

    BPF_PSEUDO_MAP_FD = (
        1,
        "Data: a map, by its descriptor. BPF_CALL: a function of the program. Since Linux 4.4 or earlier.",
    )
    BPF_PSEUDO_CALL = BPF_PSEUDO_MAP_FD
    BPF_PSEUDO_MAP_VALUE = (
        2,
        "Data: a value in a map. BPF_CALL: a function of the kernel, by its BTF id. Since Linux 5.2.",
    )
    BPF_PSEUDO_KFUNC_CALL = BPF_PSEUDO_MAP_VALUE
    BPF_PSEUDO_BTF_ID = 3, "Data: a variable of the kernel, by its BTF id. Since Linux 5.10."
    BPF_PSEUDO_FUNC = 4, "Data: a function of the program. Since Linux 5.13."
    BPF_PSEUDO_MAP_IDX = 5, "Data: a map, by its place in fd_array. Since Linux 5.14."
    BPF_PSEUDO_MAP_IDX_VALUE = 6, "Data: a value in such a map. Since Linux 5.14."


class BpfProgFlags(DocumentedFlag):
    """prog_flags of BPF_PROG_LOAD."""

    BPF_F_STRICT_ALIGNMENT = 1, "Refuse what is not aligned. Since Linux 4.12 or earlier."
    BPF_F_ANY_ALIGNMENT = 2, "Let through what is not aligned. For tests. Since Linux 5.0."
    BPF_F_TEST_RND_HI32 = (
        4,
        "Put random numbers into upper halves that do not count. For tests. Since Linux 5.3.",
    )
    BPF_F_TEST_STATE_FREQ = 8, "Compare states at every step. For tests. Since Linux 5.4."
    BPF_F_SLEEPABLE = 0x10, "The program may sleep. Since Linux 5.10."
    BPF_F_XDP_HAS_FRAGS = 0x20, "XDP: it takes frames in pieces. Since Linux 5.18."
    BPF_F_XDP_DEV_BOUND_ONLY = (
        0x40,
        "It may only run for one device: it can use what that one can. Since Linux 6.3.",
    )
    BPF_F_TEST_REG_INVARIANTS = 0x80, "Look for mistakes of the verifier. For tests. Since Linux 6.8."


class BpfAttachFlags(DocumentedFlag):
    """attach_flags of BPF_PROG_ATTACH, flags of BPF_LINK_CREATE.

    Since Linux 6.6, unless a member says otherwise.
    """

    BPF_F_ALLOW_OVERRIDE = 1, "Groups below may have another program in its place. Since Linux 4.10."
    BPF_F_ALLOW_MULTI = 2, "Several programs; those of groups below run, too. Since Linux 4.15."
    BPF_F_REPLACE = 4, "Replace replace_bpf_fd. Since Linux 5.6."
    BPF_F_BEFORE = 8, "In front of relative_fd, or of all."
    BPF_F_AFTER = 0x10, "Behind relative_fd, or of all."
    BPF_F_ID = 0x20, "relative_id is an id, and not a descriptor."
    BPF_F_PREORDER = 0x40, "Before the programs of groups below. Since Linux 7.2 or earlier."


class BpfKprobeFlags(DocumentedFlag):
    """kprobe_multi.flags of BPF_LINK_CREATE."""

    BPF_F_KPROBE_MULTI_RETURN = 1, "Returns, and not entries. Since Linux 5.18."


class BpfUprobeFlags(DocumentedFlag):
    """uprobe_multi.flags of BPF_LINK_CREATE."""

    BPF_F_UPROBE_MULTI_RETURN = 1, "Returns, and not entries. Since Linux 6.6."
    BPF_F_UPROBE_MULTI_PATH_FD = 2, "The program is a descriptor, and not a path. Since Linux 7.2 or earlier."


class BpfNetfilterFlags(DocumentedFlag):
    """netfilter.flags of BPF_LINK_CREATE."""

    BPF_F_NETFILTER_IP_DEFRAG = 1, "Put fragments together first. Since Linux 6.6."


class BpfQueryFlags(DocumentedFlag):
    """query_flags of BPF_PROG_QUERY."""

    BPF_F_QUERY_EFFECTIVE = 1, "Those of groups above, too: all that run. Since Linux 4.15."


class BpfTestFlags(DocumentedFlag):
    """flags of BPF_PROG_TEST_RUN."""

    BPF_F_TEST_RUN_ON_CPU = 1, "On the processor that is named. Raw tracepoints. Since Linux 5.10."
    BPF_F_TEST_XDP_LIVE_FRAMES = 2, "Frames are sent where the program says. Since Linux 5.18."
    BPF_F_TEST_SKB_CHECKSUM_COMPLETE = 4, "With a checksum. Since Linux 6.11."


class BpfLinkType(DocumentedEnum):
    """What a link connects: type of a bpf_link_info. Since Linux 5.8, unless a member says otherwise."""

    BPF_LINK_TYPE_UNSPEC = 0, "Nothing."
    BPF_LINK_TYPE_RAW_TRACEPOINT = 1, "A raw tracepoint."
    BPF_LINK_TYPE_TRACING = 2, "A function of the kernel, or a hook of security modules."
    BPF_LINK_TYPE_CGROUP = 3, "A control group."
    BPF_LINK_TYPE_ITER = 4, "An iterator."
    BPF_LINK_TYPE_NETNS = 5, "A network namespace."
    BPF_LINK_TYPE_XDP = 6, "A device, by XDP. Since Linux 5.9."
    BPF_LINK_TYPE_PERF_EVENT = 7, "An event of perf. Since Linux 5.15."
    BPF_LINK_TYPE_KPROBE_MULTI = 8, "Many functions of the kernel. Since Linux 5.18."
    BPF_LINK_TYPE_STRUCT_OPS = 9, "A structure with functions. Since Linux 5.19."
    BPF_LINK_TYPE_NETFILTER = 10, "A hook of netfilter. Since Linux 6.4."
    BPF_LINK_TYPE_TCX = 11, "A device, by tcx. Since Linux 6.6."
    BPF_LINK_TYPE_UPROBE_MULTI = 12, "Many functions of a program. Since Linux 6.6."
    BPF_LINK_TYPE_NETKIT = 13, "A netkit device. Since Linux 6.7."
    BPF_LINK_TYPE_SOCKMAP = 14, "A map of sockets. Since Linux 6.10."
    BPF_LINK_TYPE_TRACING_MULTI = (
        15,
        "Many functions of the kernel, by their entries. Since Linux 7.2 or earlier.",
    )


class BpfStats(DocumentedEnum):
    """type of BPF_ENABLE_STATS."""

    BPF_STATS_RUN_TIME = 0, "How long programs run, and how often. Since Linux 5.8."


class BpfTaskQuery(DocumentedEnum):
    """What an event is: fd_type of BPF_TASK_FD_QUERY. Since Linux 4.19 or earlier."""

    BPF_FD_TYPE_RAW_TRACEPOINT = 0, "A raw tracepoint."
    BPF_FD_TYPE_TRACEPOINT = 1, "A tracepoint."
    BPF_FD_TYPE_KPROBE = 2, "A kprobe."
    BPF_FD_TYPE_KRETPROBE = 3, "A kprobe of a return."
    BPF_FD_TYPE_UPROBE = 4, "A uprobe."
    BPF_FD_TYPE_URETPROBE = 5, "A uprobe of a return."


class BpfResult(DocumentedEnum):
    """What programs for packets of tunnels and control groups return.

    Since Linux 4.10, unless a member says otherwise.
    """

    BPF_OK = 0, "Go on."
    BPF_DROP = 2, "Drop it."
    BPF_REDIRECT = 7, "Send it where a helper said."
    BPF_LWT_REROUTE = 128, "Look for the route again. Since Linux 5.1."
    BPF_FLOW_DISSECTOR_CONTINUE = 129, "Let the kernel take the packet apart. Since Linux 6.1."


class XdpAction(DocumentedEnum):
    """What programs of XDP return. Since Linux 4.8, unless a member says otherwise."""

    XDP_ABORTED = 0, "There was an error: drop it, with a tracepoint."
    XDP_DROP = 1, "Drop it."
    XDP_PASS = 2, "Go on to the kernel."
    XDP_TX = 3, "Send it back."
    XDP_REDIRECT = 4, "Send it where a helper said. Since Linux 4.14 or earlier."


class BpfFunction(DocumentedEnum):
    """The helpers, by number: imm of BPF_CALL, if src_reg is 0. bpf-helpers(7) describes them."""

    BPF_FUNC_unspec = 0, "None. Since Linux 3.18 or earlier."
    BPF_FUNC_map_lookup_elem = 1, "bpf_map_lookup_elem. Since Linux 4.4 or earlier."
    BPF_FUNC_map_update_elem = 2, "bpf_map_update_elem. Since Linux 4.4 or earlier."
    BPF_FUNC_map_delete_elem = 3, "bpf_map_delete_elem. Since Linux 4.4 or earlier."
    BPF_FUNC_probe_read = 4, "bpf_probe_read. Since Linux 4.4 or earlier."
    BPF_FUNC_ktime_get_ns = 5, "bpf_ktime_get_ns. Since Linux 4.4 or earlier."
    BPF_FUNC_trace_printk = 6, "bpf_trace_printk. Since Linux 4.4 or earlier."
    BPF_FUNC_get_prandom_u32 = 7, "bpf_get_prandom_u32. Since Linux 4.4 or earlier."
    BPF_FUNC_get_smp_processor_id = 8, "bpf_get_smp_processor_id. Since Linux 4.4 or earlier."
    BPF_FUNC_skb_store_bytes = 9, "bpf_skb_store_bytes. Since Linux 4.4 or earlier."
    BPF_FUNC_l3_csum_replace = 10, "bpf_l3_csum_replace. Since Linux 4.4 or earlier."
    BPF_FUNC_l4_csum_replace = 11, "bpf_l4_csum_replace. Since Linux 4.4 or earlier."
    BPF_FUNC_tail_call = 12, "bpf_tail_call. Since Linux 4.4 or earlier."
    BPF_FUNC_clone_redirect = 13, "bpf_clone_redirect. Since Linux 4.4 or earlier."
    BPF_FUNC_get_current_pid_tgid = 14, "bpf_get_current_pid_tgid. Since Linux 4.4 or earlier."
    BPF_FUNC_get_current_uid_gid = 15, "bpf_get_current_uid_gid. Since Linux 4.4 or earlier."
    BPF_FUNC_get_current_comm = 16, "bpf_get_current_comm. Since Linux 4.4 or earlier."
    BPF_FUNC_get_cgroup_classid = 17, "bpf_get_cgroup_classid. Since Linux 4.4 or earlier."
    BPF_FUNC_skb_vlan_push = 18, "bpf_skb_vlan_push. Since Linux 4.4 or earlier."
    BPF_FUNC_skb_vlan_pop = 19, "bpf_skb_vlan_pop. Since Linux 4.4 or earlier."
    BPF_FUNC_skb_get_tunnel_key = 20, "bpf_skb_get_tunnel_key. Since Linux 4.4 or earlier."
    BPF_FUNC_skb_set_tunnel_key = 21, "bpf_skb_set_tunnel_key. Since Linux 4.4 or earlier."
    BPF_FUNC_perf_event_read = 22, "bpf_perf_event_read. Since Linux 4.4 or earlier."
    BPF_FUNC_redirect = 23, "bpf_redirect. Since Linux 4.4 or earlier."
    BPF_FUNC_get_route_realm = 24, "bpf_get_route_realm. Since Linux 4.4 or earlier."
    BPF_FUNC_perf_event_output = 25, "bpf_perf_event_output. Since Linux 4.4 or earlier."
    BPF_FUNC_skb_load_bytes = 26, "bpf_skb_load_bytes. Since Linux 4.7 or earlier."
    BPF_FUNC_get_stackid = 27, "bpf_get_stackid. Since Linux 4.7 or earlier."
    BPF_FUNC_csum_diff = 28, "bpf_csum_diff. Since Linux 4.7 or earlier."
    BPF_FUNC_skb_get_tunnel_opt = 29, "bpf_skb_get_tunnel_opt. Since Linux 4.7 or earlier."
    BPF_FUNC_skb_set_tunnel_opt = 30, "bpf_skb_set_tunnel_opt. Since Linux 4.7 or earlier."
    BPF_FUNC_skb_change_proto = 31, "bpf_skb_change_proto. Since Linux 4.8."
    BPF_FUNC_skb_change_type = 32, "bpf_skb_change_type. Since Linux 4.8."
    BPF_FUNC_skb_under_cgroup = 33, "bpf_skb_under_cgroup. Since Linux 4.8."
    BPF_FUNC_get_hash_recalc = 34, "bpf_get_hash_recalc. Since Linux 4.8."
    BPF_FUNC_get_current_task = 35, "bpf_get_current_task. Since Linux 4.8."
    BPF_FUNC_probe_write_user = 36, "bpf_probe_write_user. Since Linux 4.8."
    BPF_FUNC_current_task_under_cgroup = 37, "bpf_current_task_under_cgroup. Since Linux 4.9."
    BPF_FUNC_skb_change_tail = 38, "bpf_skb_change_tail. Since Linux 4.9."
    BPF_FUNC_skb_pull_data = 39, "bpf_skb_pull_data. Since Linux 4.9."
    BPF_FUNC_csum_update = 40, "bpf_csum_update. Since Linux 4.9."
    BPF_FUNC_set_hash_invalid = 41, "bpf_set_hash_invalid. Since Linux 4.9."
    BPF_FUNC_get_numa_node_id = 42, "bpf_get_numa_node_id. Since Linux 4.10."
    BPF_FUNC_skb_change_head = 43, "bpf_skb_change_head. Since Linux 4.10."
    BPF_FUNC_xdp_adjust_head = 44, "bpf_xdp_adjust_head. Since Linux 4.10."
    BPF_FUNC_probe_read_str = 45, "bpf_probe_read_str. Since Linux 4.12 or earlier."
    BPF_FUNC_get_socket_cookie = 46, "bpf_get_socket_cookie. Since Linux 4.12 or earlier."
    BPF_FUNC_get_socket_uid = 47, "bpf_get_socket_uid. Since Linux 4.12 or earlier."
    BPF_FUNC_set_hash = 48, "bpf_set_hash. Since Linux 4.14 or earlier."
    BPF_FUNC_setsockopt = 49, "bpf_setsockopt. Since Linux 4.14 or earlier."
    BPF_FUNC_skb_adjust_room = 50, "bpf_skb_adjust_room. Since Linux 4.14 or earlier."
    BPF_FUNC_redirect_map = 51, "bpf_redirect_map. Since Linux 4.14 or earlier."
    BPF_FUNC_sk_redirect_map = 52, "bpf_sk_redirect_map. Since Linux 4.14 or earlier."
    BPF_FUNC_sock_map_update = 53, "bpf_sock_map_update. Since Linux 4.14 or earlier."
    BPF_FUNC_xdp_adjust_meta = 54, "bpf_xdp_adjust_meta. Since Linux 4.15."
    BPF_FUNC_perf_event_read_value = 55, "bpf_perf_event_read_value. Since Linux 4.15."
    BPF_FUNC_perf_prog_read_value = 56, "bpf_perf_prog_read_value. Since Linux 4.15."
    BPF_FUNC_getsockopt = 57, "bpf_getsockopt. Since Linux 4.15."
    BPF_FUNC_override_return = 58, "bpf_override_return. Since Linux 4.17 or earlier."
    BPF_FUNC_sock_ops_cb_flags_set = 59, "bpf_sock_ops_cb_flags_set. Since Linux 4.17 or earlier."
    BPF_FUNC_msg_redirect_map = 60, "bpf_msg_redirect_map. Since Linux 4.17 or earlier."
    BPF_FUNC_msg_apply_bytes = 61, "bpf_msg_apply_bytes. Since Linux 4.17 or earlier."
    BPF_FUNC_msg_cork_bytes = 62, "bpf_msg_cork_bytes. Since Linux 4.17 or earlier."
    BPF_FUNC_msg_pull_data = 63, "bpf_msg_pull_data. Since Linux 4.17 or earlier."
    BPF_FUNC_bind = 64, "bpf_bind. Since Linux 4.17 or earlier."
    BPF_FUNC_xdp_adjust_tail = 65, "bpf_xdp_adjust_tail. Since Linux 4.19 or earlier."
    BPF_FUNC_skb_get_xfrm_state = 66, "bpf_skb_get_xfrm_state. Since Linux 4.19 or earlier."
    BPF_FUNC_get_stack = 67, "bpf_get_stack. Since Linux 4.19 or earlier."
    BPF_FUNC_skb_load_bytes_relative = 68, "bpf_skb_load_bytes_relative. Since Linux 4.19 or earlier."
    BPF_FUNC_fib_lookup = 69, "bpf_fib_lookup. Since Linux 4.19 or earlier."
    BPF_FUNC_sock_hash_update = 70, "bpf_sock_hash_update. Since Linux 4.19 or earlier."
    BPF_FUNC_msg_redirect_hash = 71, "bpf_msg_redirect_hash. Since Linux 4.19 or earlier."
    BPF_FUNC_sk_redirect_hash = 72, "bpf_sk_redirect_hash. Since Linux 4.19 or earlier."
    BPF_FUNC_lwt_push_encap = 73, "bpf_lwt_push_encap. Since Linux 4.19 or earlier."
    BPF_FUNC_lwt_seg6_store_bytes = 74, "bpf_lwt_seg6_store_bytes. Since Linux 4.19 or earlier."
    BPF_FUNC_lwt_seg6_adjust_srh = 75, "bpf_lwt_seg6_adjust_srh. Since Linux 4.19 or earlier."
    BPF_FUNC_lwt_seg6_action = 76, "bpf_lwt_seg6_action. Since Linux 4.19 or earlier."
    BPF_FUNC_rc_repeat = 77, "bpf_rc_repeat. Since Linux 4.19 or earlier."
    BPF_FUNC_rc_keydown = 78, "bpf_rc_keydown. Since Linux 4.19 or earlier."
    BPF_FUNC_skb_cgroup_id = 79, "bpf_skb_cgroup_id. Since Linux 4.19 or earlier."
    BPF_FUNC_get_current_cgroup_id = 80, "bpf_get_current_cgroup_id. Since Linux 4.19 or earlier."
    BPF_FUNC_get_local_storage = 81, "bpf_get_local_storage. Since Linux 4.19 or earlier."
    BPF_FUNC_sk_select_reuseport = 82, "bpf_sk_select_reuseport. Since Linux 4.19 or earlier."
    BPF_FUNC_skb_ancestor_cgroup_id = 83, "bpf_skb_ancestor_cgroup_id. Since Linux 4.19 or earlier."
    BPF_FUNC_sk_lookup_tcp = 84, "bpf_sk_lookup_tcp. Since Linux 4.20."
    BPF_FUNC_sk_lookup_udp = 85, "bpf_sk_lookup_udp. Since Linux 4.20."
    BPF_FUNC_sk_release = 86, "bpf_sk_release. Since Linux 4.20."
    BPF_FUNC_map_push_elem = 87, "bpf_map_push_elem. Since Linux 4.20."
    BPF_FUNC_map_pop_elem = 88, "bpf_map_pop_elem. Since Linux 4.20."
    BPF_FUNC_map_peek_elem = 89, "bpf_map_peek_elem. Since Linux 4.20."
    BPF_FUNC_msg_push_data = 90, "bpf_msg_push_data. Since Linux 4.20."
    BPF_FUNC_msg_pop_data = 91, "bpf_msg_pop_data. Since Linux 5.0."
    BPF_FUNC_rc_pointer_rel = 92, "bpf_rc_pointer_rel. Since Linux 5.0."
    BPF_FUNC_spin_lock = 93, "bpf_spin_lock. Since Linux 5.1."
    BPF_FUNC_spin_unlock = 94, "bpf_spin_unlock. Since Linux 5.1."
    BPF_FUNC_sk_fullsock = 95, "bpf_sk_fullsock. Since Linux 5.1."
    BPF_FUNC_tcp_sock = 96, "bpf_tcp_sock. Since Linux 5.1."
    BPF_FUNC_skb_ecn_set_ce = 97, "bpf_skb_ecn_set_ce. Since Linux 5.1."
    BPF_FUNC_get_listener_sock = 98, "bpf_get_listener_sock. Since Linux 5.1."
    BPF_FUNC_skc_lookup_tcp = 99, "bpf_skc_lookup_tcp. Since Linux 5.2."
    BPF_FUNC_tcp_check_syncookie = 100, "bpf_tcp_check_syncookie. Since Linux 5.2."
    BPF_FUNC_sysctl_get_name = 101, "bpf_sysctl_get_name. Since Linux 5.2."
    BPF_FUNC_sysctl_get_current_value = 102, "bpf_sysctl_get_current_value. Since Linux 5.2."
    BPF_FUNC_sysctl_get_new_value = 103, "bpf_sysctl_get_new_value. Since Linux 5.2."
    BPF_FUNC_sysctl_set_new_value = 104, "bpf_sysctl_set_new_value. Since Linux 5.2."
    BPF_FUNC_strtol = 105, "bpf_strtol. Since Linux 5.2."
    BPF_FUNC_strtoul = 106, "bpf_strtoul. Since Linux 5.2."
    BPF_FUNC_sk_storage_get = 107, "bpf_sk_storage_get. Since Linux 5.2."
    BPF_FUNC_sk_storage_delete = 108, "bpf_sk_storage_delete. Since Linux 5.2."
    BPF_FUNC_send_signal = 109, "bpf_send_signal. Since Linux 5.3."
    BPF_FUNC_tcp_gen_syncookie = 110, "bpf_tcp_gen_syncookie. Since Linux 5.4."
    BPF_FUNC_skb_output = 111, "bpf_skb_output. Since Linux 5.5."
    BPF_FUNC_probe_read_user = 112, "bpf_probe_read_user. Since Linux 5.5."
    BPF_FUNC_probe_read_kernel = 113, "bpf_probe_read_kernel. Since Linux 5.5."
    BPF_FUNC_probe_read_user_str = 114, "bpf_probe_read_user_str. Since Linux 5.5."
    BPF_FUNC_probe_read_kernel_str = 115, "bpf_probe_read_kernel_str. Since Linux 5.5."
    BPF_FUNC_tcp_send_ack = 116, "bpf_tcp_send_ack. Since Linux 5.6."
    BPF_FUNC_send_signal_thread = 117, "bpf_send_signal_thread. Since Linux 5.6."
    BPF_FUNC_jiffies64 = 118, "bpf_jiffies64. Since Linux 5.6."
    BPF_FUNC_read_branch_records = 119, "bpf_read_branch_records. Since Linux 5.7."
    BPF_FUNC_get_ns_current_pid_tgid = 120, "bpf_get_ns_current_pid_tgid. Since Linux 5.7."
    BPF_FUNC_xdp_output = 121, "bpf_xdp_output. Since Linux 5.7."
    BPF_FUNC_get_netns_cookie = 122, "bpf_get_netns_cookie. Since Linux 5.7."
    BPF_FUNC_get_current_ancestor_cgroup_id = 123, "bpf_get_current_ancestor_cgroup_id. Since Linux 5.7."
    BPF_FUNC_sk_assign = 124, "bpf_sk_assign. Since Linux 5.7."
    BPF_FUNC_ktime_get_boot_ns = 125, "bpf_ktime_get_boot_ns. Since Linux 5.8."
    BPF_FUNC_seq_printf = 126, "bpf_seq_printf. Since Linux 5.8."
    BPF_FUNC_seq_write = 127, "bpf_seq_write. Since Linux 5.8."
    BPF_FUNC_sk_cgroup_id = 128, "bpf_sk_cgroup_id. Since Linux 5.8."
    BPF_FUNC_sk_ancestor_cgroup_id = 129, "bpf_sk_ancestor_cgroup_id. Since Linux 5.8."
    BPF_FUNC_ringbuf_output = 130, "bpf_ringbuf_output. Since Linux 5.8."
    BPF_FUNC_ringbuf_reserve = 131, "bpf_ringbuf_reserve. Since Linux 5.8."
    BPF_FUNC_ringbuf_submit = 132, "bpf_ringbuf_submit. Since Linux 5.8."
    BPF_FUNC_ringbuf_discard = 133, "bpf_ringbuf_discard. Since Linux 5.8."
    BPF_FUNC_ringbuf_query = 134, "bpf_ringbuf_query. Since Linux 5.8."
    BPF_FUNC_csum_level = 135, "bpf_csum_level. Since Linux 5.8."
    BPF_FUNC_skc_to_tcp6_sock = 136, "bpf_skc_to_tcp6_sock. Since Linux 5.9."
    BPF_FUNC_skc_to_tcp_sock = 137, "bpf_skc_to_tcp_sock. Since Linux 5.9."
    BPF_FUNC_skc_to_tcp_timewait_sock = 138, "bpf_skc_to_tcp_timewait_sock. Since Linux 5.9."
    BPF_FUNC_skc_to_tcp_request_sock = 139, "bpf_skc_to_tcp_request_sock. Since Linux 5.9."
    BPF_FUNC_skc_to_udp6_sock = 140, "bpf_skc_to_udp6_sock. Since Linux 5.9."
    BPF_FUNC_get_task_stack = 141, "bpf_get_task_stack. Since Linux 5.9."
    BPF_FUNC_load_hdr_opt = 142, "bpf_load_hdr_opt. Since Linux 5.10."
    BPF_FUNC_store_hdr_opt = 143, "bpf_store_hdr_opt. Since Linux 5.10."
    BPF_FUNC_reserve_hdr_opt = 144, "bpf_reserve_hdr_opt. Since Linux 5.10."
    BPF_FUNC_inode_storage_get = 145, "bpf_inode_storage_get. Since Linux 5.10."
    BPF_FUNC_inode_storage_delete = 146, "bpf_inode_storage_delete. Since Linux 5.10."
    BPF_FUNC_d_path = 147, "bpf_d_path. Since Linux 5.10."
    BPF_FUNC_copy_from_user = 148, "bpf_copy_from_user. Since Linux 5.10."
    BPF_FUNC_snprintf_btf = 149, "bpf_snprintf_btf. Since Linux 5.10."
    BPF_FUNC_seq_printf_btf = 150, "bpf_seq_printf_btf. Since Linux 5.10."
    BPF_FUNC_skb_cgroup_classid = 151, "bpf_skb_cgroup_classid. Since Linux 5.10."
    BPF_FUNC_redirect_neigh = 152, "bpf_redirect_neigh. Since Linux 5.10."
    BPF_FUNC_per_cpu_ptr = 153, "bpf_per_cpu_ptr. Since Linux 5.10."
    BPF_FUNC_this_cpu_ptr = 154, "bpf_this_cpu_ptr. Since Linux 5.10."
    BPF_FUNC_redirect_peer = 155, "bpf_redirect_peer. Since Linux 5.10."
    BPF_FUNC_task_storage_get = 156, "bpf_task_storage_get. Since Linux 5.11."
    BPF_FUNC_task_storage_delete = 157, "bpf_task_storage_delete. Since Linux 5.11."
    BPF_FUNC_get_current_task_btf = 158, "bpf_get_current_task_btf. Since Linux 5.11."
    BPF_FUNC_bprm_opts_set = 159, "bpf_bprm_opts_set. Since Linux 5.11."
    BPF_FUNC_ktime_get_coarse_ns = 160, "bpf_ktime_get_coarse_ns. Since Linux 5.11."
    BPF_FUNC_ima_inode_hash = 161, "bpf_ima_inode_hash. Since Linux 5.11."
    BPF_FUNC_sock_from_file = 162, "bpf_sock_from_file. Since Linux 5.11."
    BPF_FUNC_check_mtu = 163, "bpf_check_mtu. Since Linux 5.12."
    BPF_FUNC_for_each_map_elem = 164, "bpf_for_each_map_elem. Since Linux 5.13."
    BPF_FUNC_snprintf = 165, "bpf_snprintf. Since Linux 5.13."
    BPF_FUNC_sys_bpf = 166, "bpf_sys_bpf. Since Linux 5.14."
    BPF_FUNC_btf_find_by_name_kind = 167, "bpf_btf_find_by_name_kind. Since Linux 5.14."
    BPF_FUNC_sys_close = 168, "bpf_sys_close. Since Linux 5.14."
    BPF_FUNC_timer_init = 169, "bpf_timer_init. Since Linux 5.15."
    BPF_FUNC_timer_set_callback = 170, "bpf_timer_set_callback. Since Linux 5.15."
    BPF_FUNC_timer_start = 171, "bpf_timer_start. Since Linux 5.15."
    BPF_FUNC_timer_cancel = 172, "bpf_timer_cancel. Since Linux 5.15."
    BPF_FUNC_get_func_ip = 173, "bpf_get_func_ip. Since Linux 5.15."
    BPF_FUNC_get_attach_cookie = 174, "bpf_get_attach_cookie. Since Linux 5.15."
    BPF_FUNC_task_pt_regs = 175, "bpf_task_pt_regs. Since Linux 5.15."
    BPF_FUNC_get_branch_snapshot = 176, "bpf_get_branch_snapshot. Since Linux 5.16."
    BPF_FUNC_trace_vprintk = 177, "bpf_trace_vprintk. Since Linux 5.16."
    BPF_FUNC_skc_to_unix_sock = 178, "bpf_skc_to_unix_sock. Since Linux 5.16."
    BPF_FUNC_kallsyms_lookup_name = 179, "bpf_kallsyms_lookup_name. Since Linux 5.16."
    BPF_FUNC_find_vma = 180, "bpf_find_vma. Since Linux 5.17."
    BPF_FUNC_loop = 181, "bpf_loop. Since Linux 5.17."
    BPF_FUNC_strncmp = 182, "bpf_strncmp. Since Linux 5.17."
    BPF_FUNC_get_func_arg = 183, "bpf_get_func_arg. Since Linux 5.17."
    BPF_FUNC_get_func_ret = 184, "bpf_get_func_ret. Since Linux 5.17."
    BPF_FUNC_get_func_arg_cnt = 185, "bpf_get_func_arg_cnt. Since Linux 5.17."
    BPF_FUNC_get_retval = 186, "bpf_get_retval. Since Linux 5.18."
    BPF_FUNC_set_retval = 187, "bpf_set_retval. Since Linux 5.18."
    BPF_FUNC_xdp_get_buff_len = 188, "bpf_xdp_get_buff_len. Since Linux 5.18."
    BPF_FUNC_xdp_load_bytes = 189, "bpf_xdp_load_bytes. Since Linux 5.18."
    BPF_FUNC_xdp_store_bytes = 190, "bpf_xdp_store_bytes. Since Linux 5.18."
    BPF_FUNC_copy_from_user_task = 191, "bpf_copy_from_user_task. Since Linux 5.18."
    BPF_FUNC_skb_set_tstamp = 192, "bpf_skb_set_tstamp. Since Linux 5.18."
    BPF_FUNC_ima_file_hash = 193, "bpf_ima_file_hash. Since Linux 5.18."
    BPF_FUNC_kptr_xchg = 194, "bpf_kptr_xchg. Since Linux 5.19."
    BPF_FUNC_map_lookup_percpu_elem = 195, "bpf_map_lookup_percpu_elem. Since Linux 5.19."
    BPF_FUNC_skc_to_mptcp_sock = 196, "bpf_skc_to_mptcp_sock. Since Linux 5.19."
    BPF_FUNC_dynptr_from_mem = 197, "bpf_dynptr_from_mem. Since Linux 5.19."
    BPF_FUNC_ringbuf_reserve_dynptr = 198, "bpf_ringbuf_reserve_dynptr. Since Linux 5.19."
    BPF_FUNC_ringbuf_submit_dynptr = 199, "bpf_ringbuf_submit_dynptr. Since Linux 5.19."
    BPF_FUNC_ringbuf_discard_dynptr = 200, "bpf_ringbuf_discard_dynptr. Since Linux 5.19."
    BPF_FUNC_dynptr_read = 201, "bpf_dynptr_read. Since Linux 5.19."
    BPF_FUNC_dynptr_write = 202, "bpf_dynptr_write. Since Linux 5.19."
    BPF_FUNC_dynptr_data = 203, "bpf_dynptr_data. Since Linux 5.19."
    BPF_FUNC_tcp_raw_gen_syncookie_ipv4 = 204, "bpf_tcp_raw_gen_syncookie_ipv4. Since Linux 6.0."
    BPF_FUNC_tcp_raw_gen_syncookie_ipv6 = 205, "bpf_tcp_raw_gen_syncookie_ipv6. Since Linux 6.0."
    BPF_FUNC_tcp_raw_check_syncookie_ipv4 = 206, "bpf_tcp_raw_check_syncookie_ipv4. Since Linux 6.0."
    BPF_FUNC_tcp_raw_check_syncookie_ipv6 = 207, "bpf_tcp_raw_check_syncookie_ipv6. Since Linux 6.0."
    BPF_FUNC_ktime_get_tai_ns = 208, "bpf_ktime_get_tai_ns. Since Linux 6.1."
    BPF_FUNC_user_ringbuf_drain = 209, "bpf_user_ringbuf_drain. Since Linux 6.1."
    BPF_FUNC_cgrp_storage_get = 210, "bpf_cgrp_storage_get. Since Linux 6.2."
    BPF_FUNC_cgrp_storage_delete = 211, "bpf_cgrp_storage_delete. Since Linux 6.2."
