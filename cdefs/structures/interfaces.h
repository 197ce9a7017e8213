/* Network interfaces: requests of ioctl, and messages of netlink about routes. */

struct kernel_ifmap {
    unsigned long mem_start;
    unsigned long mem_end;
    unsigned short base_addr;
    unsigned char irq;
    unsigned char dma;
    unsigned char port;
    MORE
};

struct kernel_ifreq {
    char ifr_name[16];
    union {
        struct kernel_sockaddr ifr_addr;
        struct kernel_sockaddr ifr_dstaddr;
        struct kernel_sockaddr ifr_broadaddr;
        struct kernel_sockaddr ifr_netmask;
        struct kernel_sockaddr ifr_hwaddr;
        short ifr_flags;
        int ifr_ifindex;
        int ifr_metric;
        int ifr_bandwidth;
        int ifr_qlen;
        int ifr_mtu;
        struct kernel_ifmap ifr_map;
        char ifr_slave[16];
        char ifr_newname[16];
        void *ifr_data;
    };
    MORE
};

struct kernel_ifconf {
    int ifc_len;
    union {
        void *ifc_buf;
        struct kernel_ifreq *ifc_req;
    };
    MORE
};

struct kernel_arpreq {
    struct kernel_sockaddr arp_pa;
    struct kernel_sockaddr arp_ha;
    int arp_flags;
    struct kernel_sockaddr arp_netmask;
    char arp_dev[16];
    MORE
};

struct kernel_tun_pi {
    uint16_t flags;
    uint16_t proto;
    MORE
};

struct kernel_rtattr {
    unsigned short rta_len;
    unsigned short rta_type;
    MORE
};

struct kernel_rtgenmsg {
    unsigned char rtgen_family;
    MORE
};

struct kernel_rtmsg {
    unsigned char rtm_family;
    unsigned char rtm_dst_len;
    unsigned char rtm_src_len;
    unsigned char rtm_tos;
    unsigned char rtm_table;
    unsigned char rtm_protocol;
    unsigned char rtm_scope;
    unsigned char rtm_type;
    unsigned int rtm_flags;
    MORE
};

struct kernel_ifinfomsg {
    unsigned char ifi_family;
    unsigned char _ifi_pad;
    unsigned short ifi_type;
    int ifi_index;
    unsigned int ifi_flags;
    unsigned int ifi_change;
    MORE
};

struct kernel_ifaddrmsg {
    uint8_t ifa_family;
    uint8_t ifa_prefixlen;
    uint8_t ifa_flags;
    uint8_t ifa_scope;
    uint32_t ifa_index;
    MORE
};

struct kernel_nlmsgerr {
    int error;
    struct kernel_nlmsghdr msg;
    MORE
};
