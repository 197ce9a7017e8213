/* Sockets: addresses, messages, options. */

struct kernel_sockaddr {
    unsigned short sa_family;
    unsigned char sa_data[14];
    MORE
};

struct kernel_sockaddr_storage {
    unsigned short ss_family;
    unsigned char data[126];
    MORE
} ALIGNED(sizeof(void *));

struct kernel_sockaddr_in {
    unsigned short sin_family;
    uint16_t sin_port;                      /* big-endian, as is what pysys.structures.field_notes lists */
    unsigned char sin_addr[4];
    unsigned char _pad[8];
    MORE
} ALIGNED(4);

struct kernel_sockaddr_in6 {
    unsigned short sin6_family;
    uint16_t sin6_port;
    uint32_t sin6_flowinfo;
    unsigned char sin6_addr[16];
    uint32_t sin6_scope_id;
    MORE
};

struct kernel_sockaddr_un {
    unsigned short sun_family;
    char sun_path[108];
    MORE
};

struct kernel_sockaddr_nl {
    unsigned short nl_family;
    unsigned short _nl_pad;
    uint32_t nl_pid;
    uint32_t nl_groups;
    MORE
};

struct kernel_sockaddr_ll {
    unsigned short sll_family;
    uint16_t sll_protocol;
    int sll_ifindex;
    unsigned short sll_hatype;
    unsigned char sll_pkttype;
    unsigned char sll_halen;
    unsigned char sll_addr[8];
    MORE
};

struct kernel_sockaddr_vm {
    unsigned short svm_family;
    unsigned short _svm_reserved1;
    unsigned int svm_port;
    unsigned int svm_cid;
    uint8_t svm_flags;
    unsigned char _svm_zero[3];
    MORE
};

struct kernel_sockaddr_alg {
    uint16_t salg_family;
    char salg_type[14];
    uint32_t salg_feat;
    uint32_t salg_mask;
    char salg_name[64];
    MORE
};

struct kernel_msghdr {
    void *msg_name;
    int msg_namelen;
    struct kernel_iovec *msg_iov;
    size_t msg_iovlen;
    void *msg_control;
    size_t msg_controllen;
    unsigned int msg_flags;
    MORE
};

struct kernel_mmsghdr {
    struct kernel_msghdr msg_hdr;
    unsigned int msg_len;
    MORE
};

struct kernel_cmsghdr {
    size_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
    MORE
};

struct kernel_ucred {
    uint32_t pid;
    uint32_t uid;
    uint32_t gid;
    MORE
};

struct kernel_linger {
    int l_onoff;
    int l_linger;
    MORE
};

struct kernel_ip_mreqn {
    unsigned char imr_multiaddr[4];
    unsigned char imr_address[4];
    int imr_ifindex;
    MORE
};

struct kernel_ipv6_mreq {
    unsigned char ipv6mr_multiaddr[16];
    int ipv6mr_ifindex;
    MORE
} ALIGNED(4);

struct kernel_in_pktinfo {
    int ipi_ifindex;
    unsigned char ipi_spec_dst[4];
    unsigned char ipi_addr[4];
    MORE
};

struct kernel_packet_mreq {
    int mr_ifindex;
    unsigned short mr_type;
    unsigned short mr_alen;
    unsigned char mr_address[8];
    MORE
};

struct kernel_nlmsghdr {
    uint32_t nlmsg_len;
    uint16_t nlmsg_type;
    uint16_t nlmsg_flags;
    uint32_t nlmsg_seq;
    uint32_t nlmsg_pid;
    MORE
};

struct kernel_nlattr {
    uint16_t nla_len;
    uint16_t nla_type;
    MORE
};

struct kernel_ip_mreq {
    unsigned char imr_multiaddr[4];
    unsigned char imr_interface[4];
    MORE
} ALIGNED(4);

struct kernel_in6_pktinfo {
    unsigned char ipi6_addr[16];
    int ipi6_ifindex;
    MORE
} ALIGNED(4);

struct kernel_sock_extended_err {
    uint32_t ee_errno;
    uint8_t ee_origin;
    uint8_t ee_type;
    uint8_t ee_code;
    uint8_t _ee_pad;
    uint32_t ee_info;
    uint32_t ee_data;
    MORE
};

struct kernel_tcp_info {
    uint8_t tcpi_state;
    uint8_t tcpi_ca_state;
    uint8_t tcpi_retransmits;
    uint8_t tcpi_probes;
    uint8_t tcpi_backoff;
    uint8_t tcpi_options;
    uint8_t _wscales;
    uint8_t _bits;
    uint32_t tcpi_rto;
    uint32_t tcpi_ato;
    uint32_t tcpi_snd_mss;
    uint32_t tcpi_rcv_mss;
    uint32_t tcpi_unacked;
    uint32_t tcpi_sacked;
    uint32_t tcpi_lost;
    uint32_t tcpi_retrans;
    uint32_t tcpi_fackets;
    uint32_t tcpi_last_data_sent;
    uint32_t tcpi_last_ack_sent;
    uint32_t tcpi_last_data_recv;
    uint32_t tcpi_last_ack_recv;
    uint32_t tcpi_pmtu;
    uint32_t tcpi_rcv_ssthresh;
    uint32_t tcpi_rtt;
    uint32_t tcpi_rttvar;
    uint32_t tcpi_snd_ssthresh;
    uint32_t tcpi_snd_cwnd;
    uint32_t tcpi_advmss;
    uint32_t tcpi_reordering;
    uint32_t tcpi_rcv_rtt;
    uint32_t tcpi_rcv_space;
    uint32_t tcpi_total_retrans;
    uint64_t tcpi_pacing_rate;
    uint64_t tcpi_max_pacing_rate;
    uint64_t tcpi_bytes_acked;
    uint64_t tcpi_bytes_received;
    uint32_t tcpi_segs_out;
    uint32_t tcpi_segs_in;
    uint32_t tcpi_notsent_bytes;
    uint32_t tcpi_min_rtt;
    uint32_t tcpi_data_segs_in;
    uint32_t tcpi_data_segs_out;
    uint64_t tcpi_delivery_rate;
    uint64_t tcpi_busy_time;
    uint64_t tcpi_rwnd_limited;
    uint64_t tcpi_sndbuf_limited;
    uint32_t tcpi_delivered;
    uint32_t tcpi_delivered_ce;
    uint64_t tcpi_bytes_sent;
    uint64_t tcpi_bytes_retrans;
    uint32_t tcpi_dsack_dups;
    uint32_t tcpi_reord_seen;
    uint32_t tcpi_rcv_ooopack;
    uint32_t tcpi_snd_wnd;
    uint32_t tcpi_rcv_wnd;
    uint32_t tcpi_rehash;
    uint16_t tcpi_total_rto;
    uint16_t tcpi_total_rto_recoveries;
    uint32_t tcpi_total_rto_time;
    uint32_t tcpi_received_ce;
    uint32_t tcpi_delivered_e1_bytes;
    uint32_t tcpi_delivered_e0_bytes;
    uint32_t tcpi_delivered_ce_bytes;
    uint32_t tcpi_received_e1_bytes;
    uint32_t tcpi_received_e0_bytes;
    uint32_t tcpi_received_ce_bytes;
    uint32_t _ecn_bits;
    MORE
};
