/* userfaultfd. */

struct kernel_uffd_msg_pagefault {
    uint64_t flags;
    uint64_t address;
    uint32_t ptid;                          /* arg.pagefault.feat.ptid */
    uint32_t _pad;
    MORE
};

struct kernel_uffd_msg_fork {
    uint32_t ufd;
    MORE
};

struct kernel_uffd_msg_remap {
    uint64_t from;
    uint64_t to;
    uint64_t len;
    MORE
};

struct kernel_uffd_msg_remove {
    uint64_t start;
    uint64_t end;
    MORE
};

union kernel_uffd_msg_arg {
    struct kernel_uffd_msg_pagefault pagefault;
    struct kernel_uffd_msg_fork fork;
    struct kernel_uffd_msg_remap remap;
    struct kernel_uffd_msg_remove remove;
    MORE
};

struct kernel_uffd_msg {
    uint8_t event;
    uint8_t _reserved1;
    uint16_t _reserved2;
    uint32_t _reserved3;
    union kernel_uffd_msg_arg arg;
    MORE
};

struct kernel_uffdio_range {
    uint64_t start;
    uint64_t len;
    MORE
};

struct kernel_uffdio_api {
    uint64_t api;
    uint64_t features;
    uint64_t ioctls;
    MORE
};

struct kernel_uffdio_register {
    struct kernel_uffdio_range range;
    uint64_t mode;
    uint64_t ioctls;
    MORE
};

struct kernel_uffdio_copy {
    uint64_t dst;
    uint64_t src;
    uint64_t len;
    uint64_t mode;
    int64_t copy;
    MORE
};

struct kernel_uffdio_zeropage {
    struct kernel_uffdio_range range;
    uint64_t mode;
    int64_t zeropage;
    MORE
};

struct kernel_uffdio_writeprotect {
    struct kernel_uffdio_range range;
    uint64_t mode;
    MORE
};

struct kernel_uffdio_continue {
    struct kernel_uffdio_range range;
    uint64_t mode;
    int64_t mapped;
    MORE
};

struct kernel_uffdio_poison {
    struct kernel_uffdio_range range;
    uint64_t mode;
    int64_t updated;
    MORE
};

struct kernel_uffdio_move {
    uint64_t dst;
    uint64_t src;
    uint64_t len;
    uint64_t mode;
    int64_t move;
    MORE
};
