"""Flag types of asynchronous I/O and some small calls: io_uring, aio, getrandom, rseq, listns.

Values are those of the kernel's headers (``linux/io_uring.h``, ``linux/aio_abi.h``,
``linux/random.h``, ``linux/rseq.h``, ``linux/nsfs.h``), the same on every architecture. The flags
parameters of cachestat and listns must be 0: there are none yet.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class IoUringSetupFlags(DocumentedFlag):
    """The flags field of struct io_uring_params, for io_uring_setup.

    Since Linux 5.1, unless a member says otherwise.
    """

    IORING_SETUP_IOPOLL = (
        1 << 0,
        """Look for completions by polling the device; only for files opened with O_DIRECT on
        devices that can. io_uring_enter must be called to reap.""",
    )
    IORING_SETUP_SQPOLL = (
        1 << 1,
        """A kernel thread takes submissions without a system call. When it sleeps,
        IORING_SQ_NEED_WAKEUP is set. Needs CAP_SYS_NICE in Linux 5.11 and 5.12, before that
        CAP_SYS_ADMIN, since 5.13 nothing.""",
    )
    IORING_SETUP_SQ_AFF = 1 << 2, "Bind that thread to the CPU in sq_thread_cpu."
    IORING_SETUP_CQSIZE = (
        1 << 3,
        """The size of the completion ring is in cq_entries; otherwise it is twice the other. Since
        Linux 5.5.""",
    )
    IORING_SETUP_CLAMP = 1 << 4, "Reduce sizes that are too large instead of refusing them. Since Linux 5.6."
    IORING_SETUP_ATTACH_WQ = 1 << 5, "Share the workers of the ring in wq_fd. Since Linux 5.6."
    IORING_SETUP_R_DISABLED = (
        1 << 6,
        """Begin disabled, so that restrictions can be registered; IORING_REGISTER_ENABLE_RINGS
        sets it going. Since Linux 5.10.""",
    )
    IORING_SETUP_SUBMIT_ALL = (
        1 << 7,
        """Go on submitting after an entry that fails; its error is a completion anyway. Since
        Linux 5.18.""",
    )
    IORING_SETUP_COOP_TASKRUN = (
        1 << 8,
        """Do not interrupt the submitter to finish requests: its next system call does it. Since
        Linux 5.19.""",
    )
    IORING_SETUP_TASKRUN_FLAG = (
        1 << 9,
        """Show by IORING_SQ_TASKRUN that such work waits. Needs COOP_TASKRUN or DEFER_TASKRUN.
        Since Linux 5.19.""",
    )
    IORING_SETUP_SQE128 = 1 << 10, "Submission entries of 128 bytes. Since Linux 5.19."
    IORING_SETUP_CQE32 = 1 << 11, "Completion entries of 32 bytes. Since Linux 5.19."
    IORING_SETUP_SINGLE_ISSUER = 1 << 12, "Only one task submits; another gets EEXIST. Since Linux 6.0."
    IORING_SETUP_DEFER_TASKRUN = (
        1 << 13,
        """Finish requests only when the task asks for events. Needs SINGLE_ISSUER. Since Linux
        6.1.""",
    )
    IORING_SETUP_NO_MMAP = 1 << 14, "The caller provides the memory of the rings. Since Linux 6.5."
    IORING_SETUP_REGISTERED_FD_ONLY = (
        1 << 15,
        """Return the index of a registered ring, no descriptor. Needs NO_MMAP. Since Linux
        6.5.""",
    )
    IORING_SETUP_NO_SQARRAY = 1 << 16, "No array of indices: entries are taken in order. Since Linux 6.6."
    IORING_SETUP_HYBRID_IOPOLL = (
        1 << 17,
        """With IOPOLL: sleep for a part of the expected time before polling. Since Linux 6.13.""",
    )
    IORING_SETUP_CQE_MIXED = (
        1 << 18,
        """Completion entries of 16 and of 32 bytes, distinguished by IORING_CQE_F_32. Since Linux
        6.18.""",
    )
    IORING_SETUP_SQE_MIXED = (
        1 << 19,
        """Submission entries of 64 and of 128 bytes, distinguished by the opcode. Since Linux
        6.19.""",
    )
    IORING_SETUP_SQ_REWIND = (
        1 << 20,
        """Each submission begins at entry 0; head and tail are not looked at. Needs NO_SQARRAY,
        excludes SQPOLL. Since Linux 7.0.""",
    )


class IoUringEnterFlags(DocumentedFlag):
    """The flags of io_uring_enter."""

    IORING_ENTER_GETEVENTS = 1 << 0, "Wait for min_complete completions. Since Linux 5.1."
    IORING_ENTER_SQ_WAKEUP = 1 << 1, "Wake the thread of IORING_SETUP_SQPOLL. Since Linux 5.1."
    IORING_ENTER_SQ_WAIT = 1 << 2, "With SQPOLL: wait for space in the submission ring. Since Linux 5.10."
    IORING_ENTER_EXT_ARG = (
        1 << 3,
        """The last two parameters are a struct io_uring_getevents_arg and its size: signal mask
        and time limit. Since Linux 5.11.""",
    )
    IORING_ENTER_REGISTERED_RING = (
        1 << 4,
        """The descriptor is the index of a registered ring. Since Linux 5.18.""",
    )
    IORING_ENTER_ABS_TIMER = (
        1 << 5,
        """The time limit is a time of the clock, not a distance. Since Linux 6.12.""",
    )
    IORING_ENTER_EXT_ARG_REG = (
        1 << 6,
        """The argument is an offset into a registered region with struct io_uring_reg_wait. Needs
        EXT_ARG. Since Linux 6.13.""",
    )
    IORING_ENTER_NO_IOWAIT = 1 << 7, "Do not count the wait as waiting for I/O. Since Linux 6.15."


class IoUringFeatures(DocumentedFlag):
    """The features field of struct io_uring_params: the kernel's answer from io_uring_setup."""

    IORING_FEAT_SINGLE_MMAP = 1 << 0, "One mapping holds both rings. Since Linux 5.4."
    IORING_FEAT_NODROP = 1 << 1, "Completions that find the ring full are kept. Since Linux 5.5."
    IORING_FEAT_SUBMIT_STABLE = (
        1 << 2,
        """What an entry points to is not needed any more after submission, save data buffers.
        Since Linux 5.5.""",
    )
    IORING_FEAT_RW_CUR_POS = 1 << 3, "Offset -1 is the file's own position. Since Linux 5.6."
    IORING_FEAT_CUR_PERSONALITY = (
        1 << 4,
        """Requests run with the credentials of who submits, not of who made the ring. Since Linux
        5.6.""",
    )
    IORING_FEAT_FAST_POLL = (
        1 << 5,
        """Files that are not ready are polled, without a worker each. Since Linux 5.7.""",
    )
    IORING_FEAT_POLL_32BITS = 1 << 6, "Poll events have 32 bits, EPOLLEXCLUSIVE among them. Since Linux 5.9."
    IORING_FEAT_SQPOLL_NONFIXED = 1 << 7, "SQPOLL works with files that are not registered. Since Linux 5.11."
    IORING_FEAT_EXT_ARG = 1 << 8, "IORING_ENTER_EXT_ARG is known. Since Linux 5.11."
    IORING_FEAT_NATIVE_WORKERS = 1 << 9, "Workers are threads of the process. Since Linux 5.12."
    IORING_FEAT_RSRC_TAGS = 1 << 10, "Registered files and buffers may have tags. Since Linux 5.13."
    IORING_FEAT_CQE_SKIP = 1 << 11, "IOSQE_CQE_SKIP_SUCCESS is known. Since Linux 5.17."
    IORING_FEAT_LINKED_FILE = (
        1 << 12,
        """The file of a linked request is looked up when its turn comes. Since Linux 5.18.""",
    )
    IORING_FEAT_REG_REG_RING = 1 << 13, "io_uring_register takes registered rings. Since Linux 6.3."
    IORING_FEAT_RECVSEND_BUNDLE = (
        1 << 14,
        """Send and receive can use several buffers at once. Since Linux 6.10.""",
    )
    IORING_FEAT_MIN_TIMEOUT = 1 << 15, "A wait can have a minimum time. Since Linux 6.12."
    IORING_FEAT_RW_ATTR = (
        1 << 16,
        """Reads and writes can carry attributes, such as protection information. Since Linux
        6.14.""",
    )
    IORING_FEAT_NO_IOWAIT = 1 << 17, "IORING_ENTER_NO_IOWAIT is known. Since Linux 6.15."


class IoUringRegisterOp(DocumentedEnum):
    """The opcode of io_uring_register.

    Since Linux 5.1, unless a member says otherwise.
    """

    IORING_REGISTER_BUFFERS = 0, "Map and pin buffers once for all requests."
    IORING_UNREGISTER_BUFFERS = 1, "Release them."
    IORING_REGISTER_FILES = 2, "Take a reference to files once for all requests; -1 leaves a slot free."
    IORING_UNREGISTER_FILES = 3, "Release them."
    IORING_REGISTER_EVENTFD = 4, "Signal completions at an eventfd. Since Linux 5.2."
    IORING_UNREGISTER_EVENTFD = 5, "No longer. Since Linux 5.2."
    IORING_REGISTER_FILES_UPDATE = 6, "Replace registered files. Since Linux 5.5."
    IORING_REGISTER_EVENTFD_ASYNC = (
        7,
        """As EVENTFD, for requests only that did not complete at once. Since Linux 5.6.""",
    )
    IORING_REGISTER_PROBE = 8, "Ask which IoUringOp the kernel has. Since Linux 5.6."
    IORING_REGISTER_PERSONALITY = (
        9,
        """Keep the caller's credentials; returns a number for the personality field. Since Linux
        5.6.""",
    )
    IORING_UNREGISTER_PERSONALITY = 10, "Forget such credentials. Since Linux 5.6."
    IORING_REGISTER_RESTRICTIONS = (
        11,
        """Allow only some operations, on a ring that is still disabled. Since Linux 5.10.""",
    )
    IORING_REGISTER_ENABLE_RINGS = 12, "Set a disabled ring going. Since Linux 5.10."
    IORING_REGISTER_FILES2 = 13, "As FILES, with tags or sparse. Since Linux 5.13."
    IORING_REGISTER_FILES_UPDATE2 = 14, "As FILES_UPDATE, with tags. Since Linux 5.13."
    IORING_REGISTER_BUFFERS2 = 15, "As BUFFERS, with tags or sparse. Since Linux 5.13."
    IORING_REGISTER_BUFFERS_UPDATE = 16, "Replace registered buffers. Since Linux 5.13."
    IORING_REGISTER_IOWQ_AFF = 17, "The CPUs of the workers. Since Linux 5.14."
    IORING_UNREGISTER_IOWQ_AFF = 18, "The workers run anywhere again. Since Linux 5.14."
    IORING_REGISTER_IOWQ_MAX_WORKERS = (
        19,
        """Most workers, bounded and unbounded; 0 only asks. Since Linux 5.15.""",
    )
    IORING_REGISTER_RING_FDS = (
        20,
        """Register rings for this task, to spare the lookup of the descriptor. Since Linux
        5.18.""",
    )
    IORING_UNREGISTER_RING_FDS = 21, "Release them. Since Linux 5.18."
    IORING_REGISTER_PBUF_RING = 22, "A ring of buffers from which the kernel chooses. Since Linux 5.19."
    IORING_UNREGISTER_PBUF_RING = 23, "Release it. Since Linux 5.19."
    IORING_REGISTER_SYNC_CANCEL = 24, "Cancel requests and wait for their end. Since Linux 6.0."
    IORING_REGISTER_FILE_ALLOC_RANGE = (
        25,
        """The slots from which the kernel chooses for new direct descriptors. Since Linux 6.0.""",
    )
    IORING_REGISTER_PBUF_STATUS = 26, "How far a buffer ring was used. Since Linux 6.8."
    IORING_REGISTER_NAPI = 27, "Busy polling of network devices. Since Linux 6.9."
    IORING_UNREGISTER_NAPI = 28, "No longer. Since Linux 6.9."
    IORING_REGISTER_CLOCK = 29, "The clock of waiting: CLOCK_MONOTONIC or CLOCK_BOOTTIME. Since Linux 6.12."
    IORING_REGISTER_CLONE_BUFFERS = 30, "Take over the buffers of another ring. Since Linux 6.12."
    IORING_REGISTER_SEND_MSG_RING = (
        31,
        """Post a completion to a ring without having one; the descriptor is -1. Since Linux
        6.13.""",
    )
    IORING_REGISTER_ZCRX_IFQ = 32, "A receive queue of a device for IORING_OP_RECV_ZC. Since Linux 6.15."
    IORING_REGISTER_RESIZE_RINGS = 33, "Change the sizes of the rings. Since Linux 6.13."
    IORING_REGISTER_MEM_REGION = 34, "Memory shared with the kernel, for wait arguments. Since Linux 6.13."
    IORING_REGISTER_QUERY = 35, "Ask what io_uring can do; no ring is needed. Since Linux 6.18."
    IORING_REGISTER_ZCRX_CTRL = 36, "Control of a zero-copy receive queue. Since Linux 6.19."
    IORING_REGISTER_BPF_FILTER = 37, "A BPF program that allows or refuses operations. Since Linux 7.0."
    IORING_REGISTER_USE_REGISTERED_RING = (
        1 << 31,
        """Added to the opcode: the descriptor is the index of a registered ring. Since Linux
        6.3.""",
    )


class IoUringOp(DocumentedEnum):
    """The opcode field of a submission entry. IORING_REGISTER_PROBE reports which the kernel has.

    An operation named after a system call does what that call does. Since Linux 5.1, unless a
    member says otherwise.
    """

    IORING_OP_NOP = 0, "Nothing; it completes."
    IORING_OP_READV = 1, "preadv2."
    IORING_OP_WRITEV = 2, "pwritev2."
    IORING_OP_FSYNC = 3, "fsync, or fdatasync by flag; not ordered after writes unless linked."
    IORING_OP_READ_FIXED = 4, "Read into a registered buffer."
    IORING_OP_WRITE_FIXED = 5, "Write from a registered buffer."
    IORING_OP_POLL_ADD = 6, "Wait for events of a file: once, or again and again (since 5.13)."
    IORING_OP_POLL_REMOVE = 7, "End such a wait, or change it (since 5.13)."
    IORING_OP_SYNC_FILE_RANGE = 8, "sync_file_range. Since Linux 5.2."
    IORING_OP_SENDMSG = 9, "sendmsg. Since Linux 5.3."
    IORING_OP_RECVMSG = 10, "recvmsg. Since Linux 5.3."
    IORING_OP_TIMEOUT = 11, "Completes after a time (ETIME) or a number of completions (0). Since Linux 5.4."
    IORING_OP_TIMEOUT_REMOVE = 12, "Remove or change such a timeout. Since Linux 5.5."
    IORING_OP_ACCEPT = 13, "accept4. Since Linux 5.5."
    IORING_OP_ASYNC_CANCEL = (
        14,
        """Cancel a request, by its user_data unless flags say otherwise. Since Linux 5.5.""",
    )
    IORING_OP_LINK_TIMEOUT = 15, "Time limit of the request it is linked to. Since Linux 5.5."
    IORING_OP_CONNECT = 16, "connect. Since Linux 5.5."
    IORING_OP_FALLOCATE = 17, "fallocate. Since Linux 5.6."
    IORING_OP_OPENAT = 18, "openat. Since Linux 5.6."
    IORING_OP_CLOSE = 19, "close, also of a direct descriptor. Since Linux 5.6."
    IORING_OP_FILES_UPDATE = 20, "Replace registered files. Since Linux 5.6."
    IORING_OP_STATX = 21, "statx. Since Linux 5.6."
    IORING_OP_READ = 22, "pread. Since Linux 5.6."
    IORING_OP_WRITE = 23, "pwrite. Since Linux 5.6."
    IORING_OP_FADVISE = 24, "fadvise64. Since Linux 5.6."
    IORING_OP_MADVISE = 25, "madvise. Since Linux 5.6."
    IORING_OP_SEND = 26, "send, or sendto by address. Since Linux 5.6."
    IORING_OP_RECV = 27, "recv. Since Linux 5.6."
    IORING_OP_OPENAT2 = 28, "openat2. Since Linux 5.6."
    IORING_OP_EPOLL_CTL = 29, "epoll_ctl. Since Linux 5.6."
    IORING_OP_SPLICE = 30, "splice. Since Linux 5.7."
    IORING_OP_PROVIDE_BUFFERS = 31, "Give buffers to a group; a buffer ring is faster. Since Linux 5.7."
    IORING_OP_REMOVE_BUFFERS = 32, "Take buffers from a group. Since Linux 5.7."
    IORING_OP_TEE = 33, "tee. Since Linux 5.8."
    IORING_OP_SHUTDOWN = 34, "shutdown. Since Linux 5.11."
    IORING_OP_RENAMEAT = 35, "renameat2. Since Linux 5.11."
    IORING_OP_UNLINKAT = 36, "unlinkat. Since Linux 5.11."
    IORING_OP_MKDIRAT = 37, "mkdirat. Since Linux 5.15."
    IORING_OP_SYMLINKAT = 38, "symlinkat. Since Linux 5.15."
    IORING_OP_LINKAT = 39, "linkat. Since Linux 5.15."
    IORING_OP_MSG_RING = (
        40,
        """Post a completion to another ring, or hand a registered file to it. Since Linux
        5.18.""",
    )
    IORING_OP_FSETXATTR = 41, "fsetxattr. Since Linux 5.19."
    IORING_OP_SETXATTR = 42, "setxattr. Since Linux 5.19."
    IORING_OP_FGETXATTR = 43, "fgetxattr. Since Linux 5.19."
    IORING_OP_GETXATTR = 44, "getxattr. Since Linux 5.19."
    IORING_OP_SOCKET = 45, "socket. Since Linux 5.19."
    IORING_OP_URING_CMD = 46, "A command of the file itself, such as an NVMe passthrough. Since Linux 5.19."
    IORING_OP_SEND_ZC = (
        47,
        """send without copying; a second completion says when the buffer is free. Since Linux
        6.0.""",
    )
    IORING_OP_SENDMSG_ZC = 48, "sendmsg without copying. Since Linux 6.1."
    IORING_OP_READ_MULTISHOT = (
        49,
        """Read into provided buffers whenever there is data; pollable files only. Since Linux
        6.7.""",
    )
    IORING_OP_WAITID = 50, "waitid. Since Linux 6.7."
    IORING_OP_FUTEX_WAIT = 51, "futex_wait. Since Linux 6.7."
    IORING_OP_FUTEX_WAKE = 52, "futex_wake. Since Linux 6.7."
    IORING_OP_FUTEX_WAITV = 53, "futex_waitv. Since Linux 6.7."
    IORING_OP_FIXED_FD_INSTALL = 54, "Make an ordinary descriptor of a direct one. Since Linux 6.8."
    IORING_OP_FTRUNCATE = 55, "ftruncate. Since Linux 6.9."
    IORING_OP_BIND = 56, "bind. Since Linux 6.11."
    IORING_OP_LISTEN = 57, "listen. Since Linux 6.11."
    IORING_OP_RECV_ZC = 58, "Receive into memory that the device writes. Since Linux 6.15."
    IORING_OP_EPOLL_WAIT = 59, "epoll_wait. Since Linux 6.15."
    IORING_OP_READV_FIXED = 60, "Read into parts of a registered buffer. Since Linux 6.15."
    IORING_OP_WRITEV_FIXED = 61, "Write from parts of a registered buffer. Since Linux 6.15."
    IORING_OP_PIPE = 62, "pipe2. Since Linux 6.16."
    IORING_OP_NOP128 = 63, "NOP in an entry of 128 bytes. Since Linux 6.19."
    IORING_OP_URING_CMD128 = 64, "URING_CMD in an entry of 128 bytes. Since Linux 6.19."


class IoUringSqeFlags(DocumentedFlag):
    """The flags field of a submission entry."""

    IOSQE_FIXED_FILE = 1 << 0, "The descriptor is the index of a registered file. Since Linux 5.1."
    IOSQE_IO_DRAIN = (
        1 << 1,
        """Begin when all earlier requests are complete, and hold later ones until then. Since
        Linux 5.2.""",
    )
    IOSQE_IO_LINK = (
        1 << 2,
        """The next entry begins when this one succeeds; a failure cancels the rest of the chain.
        Since Linux 5.3.""",
    )
    IOSQE_IO_HARDLINK = 1 << 3, "As IO_LINK, but the chain goes on after a failure. Since Linux 5.5."
    IOSQE_ASYNC = 1 << 4, "Hand it to a worker without trying first. Since Linux 5.6."
    IOSQE_BUFFER_SELECT = 1 << 5, "The kernel chooses a buffer of the group in buf_group. Since Linux 5.7."
    IOSQE_CQE_SKIP_SUCCESS = 1 << 6, "No completion if it succeeds. Since Linux 5.17."


class IoUringCqeFlags(DocumentedFlag):
    """The flags field of a completion entry."""

    IORING_CQE_F_BUFFER = (
        1 << 0,
        """The upper 16 bits are the id of the buffer that was chosen. Since Linux 5.7.""",
    )
    IORING_CQE_F_MORE = 1 << 1, "More completions of the same request will come. Since Linux 5.13."
    IORING_CQE_F_SOCK_NONEMPTY = 1 << 2, "There is more to read in the socket. Since Linux 5.19."
    IORING_CQE_F_NOTIF = 1 << 3, "The buffers of a zero-copy send are free. Since Linux 6.0."
    IORING_CQE_F_BUF_MORE = 1 << 4, "The buffer was used in part and will be used further. Since Linux 6.12."
    IORING_CQE_F_SKIP = 1 << 5, "Fills a gap at the end of the ring: pass over it. Since Linux 6.18."
    IORING_CQE_F_32 = 1 << 15, "An entry of 32 bytes, in a ring of both sizes. Since Linux 6.18."
    IORING_CQE_F_TSTAMP_HW = 1 << 16, "A transmit time stamp made by the device. Since Linux 6.17."


class IoUringSqFlags(DocumentedFlag):
    """The flags word of the submission ring, which the kernel sets."""

    IORING_SQ_NEED_WAKEUP = (
        1 << 0,
        """The polling thread sleeps: call io_uring_enter with IORING_ENTER_SQ_WAKEUP. Since Linux
        5.1.""",
    )
    IORING_SQ_CQ_OVERFLOW = 1 << 1, "Completions wait for space in the ring. Since Linux 5.8."
    IORING_SQ_TASKRUN = 1 << 2, "Work waits for the task to enter the kernel. Since Linux 5.19."


class IoUringTimeoutFlags(DocumentedFlag):
    """timeout_flags of IORING_OP_TIMEOUT, TIMEOUT_REMOVE and LINK_TIMEOUT."""

    IORING_TIMEOUT_ABS = 1 << 0, "A time of the clock, not a distance. Since Linux 5.5."
    IORING_TIMEOUT_UPDATE = 1 << 1, "TIMEOUT_REMOVE: change the timeout instead. Since Linux 5.11."
    IORING_TIMEOUT_BOOTTIME = 1 << 2, "By CLOCK_BOOTTIME. Since Linux 5.15."
    IORING_TIMEOUT_REALTIME = 1 << 3, "By CLOCK_REALTIME. Since Linux 5.15."
    IORING_LINK_TIMEOUT_UPDATE = 1 << 4, "TIMEOUT_REMOVE: change a linked timeout. Since Linux 5.15."
    IORING_TIMEOUT_ETIME_SUCCESS = 1 << 5, "Expiry counts as a success in a chain. Since Linux 5.16."
    IORING_TIMEOUT_MULTISHOT = 1 << 6, "Again and again. Since Linux 6.4."
    IORING_TIMEOUT_IMMEDIATE_ARG = 1 << 7, "addr is the time in nanoseconds, no pointer. Since Linux 7.1."


class IoUringPollFlags(DocumentedFlag):
    """Flags of IORING_OP_POLL_ADD and POLL_REMOVE, in the len field."""

    IORING_POLL_ADD_MULTI = 1 << 0, "Report again and again. Since Linux 5.13."
    IORING_POLL_UPDATE_EVENTS = 1 << 1, "Change the events of a wait. Since Linux 5.13."
    IORING_POLL_UPDATE_USER_DATA = 1 << 2, "Change the user_data of a wait. Since Linux 5.13."
    IORING_POLL_ADD_LEVEL = 1 << 3, "Level-triggered. Since Linux 6.0."


class IoUringCancelFlags(DocumentedFlag):
    """cancel_flags of IORING_OP_ASYNC_CANCEL and of IORING_REGISTER_SYNC_CANCEL."""

    IORING_ASYNC_CANCEL_ALL = (
        1 << 0,
        """All requests that match, not the first; the result is their number. Since Linux
        5.19.""",
    )
    IORING_ASYNC_CANCEL_FD = 1 << 1, "Match by descriptor. Since Linux 5.19."
    IORING_ASYNC_CANCEL_ANY = 1 << 2, "Match every request. Since Linux 5.19."
    IORING_ASYNC_CANCEL_FD_FIXED = (
        1 << 3,
        """The descriptor is the index of a registered file. Since Linux 6.0.""",
    )
    IORING_ASYNC_CANCEL_USERDATA = 1 << 4, "Match by user_data, which is also the default. Since Linux 6.6."
    IORING_ASYNC_CANCEL_OP = 1 << 5, "Match by opcode. Since Linux 6.6."


class IoUringSendRecvFlags(DocumentedFlag):
    """Flags of the send and receive operations, in the ioprio field."""

    IORING_RECVSEND_POLL_FIRST = 1 << 0, "Wait for readiness before the first attempt. Since Linux 5.19."
    IORING_RECV_MULTISHOT = 1 << 1, "Receive again and again, into provided buffers. Since Linux 6.0."
    IORING_RECVSEND_FIXED_BUF = 1 << 2, "Use a registered buffer. Since Linux 6.0."
    IORING_SEND_ZC_REPORT_USAGE = (
        1 << 3,
        """Report whether the data had to be copied after all. Since Linux 6.2.""",
    )
    IORING_RECVSEND_BUNDLE = 1 << 4, "Use as many provided buffers as there are. Since Linux 6.10."
    IORING_SEND_VECTORIZED = 1 << 5, "The address is one of an iovec array. Since Linux 6.17."


class IoUringAcceptFlags(DocumentedFlag):
    """Flags of IORING_OP_ACCEPT, in the ioprio field."""

    IORING_ACCEPT_MULTISHOT = 1 << 0, "Accept again and again. Since Linux 5.19."
    IORING_ACCEPT_DONTWAIT = 1 << 1, "EAGAIN if there is no connection. Since Linux 6.10."
    IORING_ACCEPT_POLL_FIRST = 1 << 2, "Wait for readiness before the first attempt. Since Linux 6.10."


class IoUringMsgRingCommand(DocumentedEnum):
    """What IORING_OP_MSG_RING sends, in the addr field."""

    IORING_MSG_DATA = 0, "A completion with a result and user_data. Since Linux 5.18."
    IORING_MSG_SEND_FD = 1, "A registered file. Since Linux 6.0."


class IoUringMsgRingFlags(DocumentedFlag):
    """msg_ring_flags of IORING_OP_MSG_RING."""

    IORING_MSG_RING_CQE_SKIP = 1 << 0, "With a file: no completion at the other ring. Since Linux 6.0."
    IORING_MSG_RING_FLAGS_PASS = 1 << 1, "The completion's flags are in file_index. Since Linux 6.3."


class IoUringCommandFlags(DocumentedFlag):
    """uring_cmd_flags of IORING_OP_URING_CMD."""

    IORING_URING_CMD_FIXED = 1 << 0, "Use a registered buffer. Since Linux 6.1."
    IORING_URING_CMD_MULTISHOT = 1 << 1, "Complete again and again, into provided buffers. Since Linux 6.18."


class IoUringSocketCommand(DocumentedEnum):
    """cmd_op of IORING_OP_URING_CMD on a socket."""

    SOCKET_URING_OP_SIOCINQ = 0, "Bytes to read. Since Linux 6.6."
    SOCKET_URING_OP_SIOCOUTQ = 1, "Bytes not sent yet. Since Linux 6.6."
    SOCKET_URING_OP_GETSOCKOPT = 2, "getsockopt, level SOL_SOCKET. Since Linux 6.7."
    SOCKET_URING_OP_SETSOCKOPT = 3, "setsockopt. Since Linux 6.7."
    SOCKET_URING_OP_TX_TIMESTAMP = 4, "Time stamps of what was sent. Since Linux 6.17."
    SOCKET_URING_OP_GETSOCKNAME = 5, "getsockname or getpeername. Since Linux 6.19."


class IoUringNopFlags(DocumentedFlag):
    """nop_flags of IORING_OP_NOP, for tests."""

    IORING_NOP_INJECT_RESULT = 1 << 0, "The result is in the entry. Since Linux 6.10."
    IORING_NOP_FILE = 1 << 1, "Look the file up. Since Linux 6.13."
    IORING_NOP_FIXED_FILE = 1 << 2, "Look a registered file up. Since Linux 6.13."
    IORING_NOP_FIXED_BUFFER = 1 << 3, "Look a registered buffer up. Since Linux 6.13."
    IORING_NOP_TW = 1 << 4, "Complete through task work. Since Linux 6.17."
    IORING_NOP_CQE32 = 1 << 5, "Complete with an entry of 32 bytes. Since Linux 6.18."


class IoUringRestrictionOp(DocumentedEnum):
    """The opcode field of struct io_uring_restriction, for IORING_REGISTER_RESTRICTIONS. Since Linux 5.10."""

    IORING_RESTRICTION_REGISTER_OP = 0, "Allow an IoUringRegisterOp."
    IORING_RESTRICTION_SQE_OP = 1, "Allow an IoUringOp."
    IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2, "Allow these IoUringSqeFlags."
    IORING_RESTRICTION_SQE_FLAGS_REQUIRED = 3, "Demand these IoUringSqeFlags."


class IoUringBufferRingFlags(DocumentedFlag):
    """The flags field of struct io_uring_buf_reg, for IORING_REGISTER_PBUF_RING."""

    IOU_PBUF_RING_MMAP = 1, "The kernel allocates the ring, mmap shows it. Since Linux 6.4."
    IOU_PBUF_RING_INC = 2, "A buffer may be used up in several steps. Since Linux 6.12."


class IoUringCloneFlags(DocumentedFlag):
    """The flags field of struct io_uring_clone_buffers, for IORING_REGISTER_CLONE_BUFFERS."""

    IORING_REGISTER_SRC_REGISTERED = 1 << 0, "The source is the index of a registered ring. Since Linux 6.12."
    IORING_REGISTER_DST_REPLACE = 1 << 1, "Replace buffers that the ring has. Since Linux 6.13."


class AioCommand(DocumentedEnum):
    """aio_lio_opcode of struct iocb, for io_submit.

    Since Linux 2.6.0, unless a member says otherwise.
    """

    IOCB_CMD_PREAD = 0, "pread."
    IOCB_CMD_PWRITE = 1, "pwrite."
    IOCB_CMD_FSYNC = 2, "fsync. Since Linux 4.18."
    IOCB_CMD_FDSYNC = 3, "fdatasync. Since Linux 4.18."
    IOCB_CMD_POLL = 5, "Wait once for events of a file. Since Linux 4.19."
    IOCB_CMD_NOOP = 6, "Reserved; refused."
    IOCB_CMD_PREADV = 7, "preadv. Since Linux 2.6.19."
    IOCB_CMD_PWRITEV = 8, "pwritev. Since Linux 2.6.19."


class AioFlags(DocumentedFlag):
    """aio_flags of struct iocb, for io_submit."""

    IOCB_FLAG_RESFD = 1 << 0, "Signal the completion at the eventfd in aio_resfd. Since Linux 2.6.22."
    IOCB_FLAG_IOPRIO = 1 << 1, "aio_reqprio is an I/O priority, see IoprioClass. Since Linux 4.18."


class GetrandomFlags(DocumentedFlag):
    """The flags of getrandom.

    Without flags the call waits until the generator was seeded once, early at boot, and never
    again.
    """

    GRND_NONBLOCK = 0x0001, "EAGAIN instead of waiting for the seed. Since Linux 3.17."
    GRND_RANDOM = (
        0x0002,
        """Until Linux 5.5 from the pool of /dev/random, which could wait at any time; without
        effect since 5.6. Since Linux 3.17.""",
    )
    GRND_INSECURE = (
        0x0004,
        """Do not wait for the seed: early at boot the bytes may be guessable. Excludes
        GRND_RANDOM. Since Linux 5.6.""",
    )


class RseqFlags(DocumentedFlag):
    """The flags of rseq."""

    RSEQ_FLAG_UNREGISTER = (
        1 << 0,
        """Give up the thread's registration; address, length and signature must be those of the
        registration. Since Linux 4.18.""",
    )
    RSEQ_FLAG_SLICE_EXT_DEFAULT_ON = (
        1 << 1,
        """Enable extensions of the time slice along with the registration, where the kernel has
        them. Since Linux 7.0.""",
    )


class RseqCsFlags(DocumentedFlag):
    """The flags field of struct rseq."""

    RSEQ_CS_FLAG_NO_RESTART_ON_PREEMPT = 1 << 0, "No longer supported: must be 0 since Linux 6.1."
    RSEQ_CS_FLAG_NO_RESTART_ON_SIGNAL = 1 << 1, "No longer supported: must be 0 since Linux 6.1."
    RSEQ_CS_FLAG_NO_RESTART_ON_MIGRATE = 1 << 2, "No longer supported: must be 0 since Linux 6.1."
    RSEQ_CS_FLAG_SLICE_EXT_AVAILABLE = (
        1 << 4,
        """The kernel can extend time slices. Read only. Since Linux 7.0.""",
    )
    RSEQ_CS_FLAG_SLICE_EXT_ENABLED = (
        1 << 5,
        """It does so for this thread, see PR_RSEQ_SLICE_EXTENSION. Read only. Since Linux 7.0.""",
    )


class NamespaceType(DocumentedFlag):
    """ns_type of struct ns_id_req, for listns: which namespaces to list, 0 for all. Since Linux 6.19.

    The bits are those of CloneFlags.
    """

    TIME_NS = 1 << 7, "Time namespaces."
    MNT_NS = 1 << 17, "Mount namespaces."
    CGROUP_NS = 1 << 25, "Cgroup namespaces."
    UTS_NS = 1 << 26, "UTS namespaces."
    IPC_NS = 1 << 27, "IPC namespaces."
    USER_NS = 1 << 28, "User namespaces."
    PID_NS = 1 << 29, "Pid namespaces."
    NET_NS = 1 << 30, "Network namespaces."


IORING_OFF_SQ_RING = 0
"""Where mmap of a ring finds the submission ring, with IORING_FEAT_SINGLE_MMAP both rings."""

IORING_OFF_CQ_RING = 0x8000000
"""Where mmap of a ring finds the completion ring."""

IORING_OFF_SQES = 0x10000000
"""Where mmap of a ring finds the submission entries."""

IORING_OFF_PBUF_RING = 0x80000000
"""Where mmap of a ring finds a buffer ring; the group's id is added, shifted by 16."""

IORING_FILE_INDEX_ALLOC = 0xFFFFFFFF
"""In file_index: the kernel chooses a free slot for the new direct descriptor."""

IORING_FSYNC_DATASYNC = 1
"""fsync_flags of IORING_OP_FSYNC: as fdatasync."""

IORING_RSRC_REGISTER_SPARSE = 1
"""Flag of IORING_REGISTER_FILES2 and BUFFERS2: begin with empty slots. Since Linux 5.19."""

IORING_FIXED_FD_NO_CLOEXEC = 1
"""install_fd_flags of IORING_OP_FIXED_FD_INSTALL: the descriptor stays open over exec."""

IORING_REGISTER_FILES_SKIP = -2
"""In an array of files for IORING_REGISTER_FILES_UPDATE: leave this slot as it is."""

LISTNS_CURRENT_USER = 0xFFFFFFFFFFFFFFFF
"""In user_ns_id of struct ns_id_req: namespaces owned by the caller's user namespace."""


class IoUringAttributes(DocumentedFlag):
    """Which attributes a read or write has at attr_ptr: attr_type_mask of an io_uring_sqe."""

    IORING_RW_ATTR_FLAG_PI = 1 << 0, "Data for the protection of integrity. Since Linux 6.14."


class IoUringCqFlags(DocumentedFlag):
    """Flags of the completion ring, which the program sets."""

    IORING_CQ_EVENTFD_DISABLED = (
        1 << 0,
        "Completions do not wake the eventfd that is registered. Since Linux 5.8.",
    )


class IoUringNotificationUsage(DocumentedFlag):
    """The result of a notification, if IORING_SEND_ZC_REPORT_USAGE asked for it."""

    IORING_NOTIF_USAGE_ZC_COPIED = 1 << 31, "The data was copied after all. Since Linux 6.2."


class IoUringRegionType(DocumentedFlag):
    """The flags of an io_uring_region_desc."""

    IORING_MEM_REGION_TYPE_USER = (
        1,
        "The memory is the program's, at user_addr; without it the kernel allocates it. Since Linux 6.13.",
    )


class IoUringRegionFlags(DocumentedFlag):
    """The flags of an io_uring_mem_region_reg."""

    IORING_MEM_REGION_REG_WAIT_ARG = 1, "The arguments of waits lie in the region. Since Linux 6.13."


class IoUringRegWaitFlags(DocumentedFlag):
    """The flags of an io_uring_reg_wait."""

    IORING_REG_WAIT_TS = 1 << 0, "ts is the limit of time. Since Linux 6.13."
