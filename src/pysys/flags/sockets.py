"""Flag types of further families of sockets: vsock, the kernel's cryptography, and the queue of errors.

Values are those of ``linux/vm_sockets.h``, ``linux/if_alg.h`` and ``linux/errqueue.h``.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class VsockCid(DocumentedEnum):
    """The machine: svm_cid of a sockaddr_vm. Since Linux 3.14 or earlier, unless a member says otherwise."""

    VMADDR_CID_ANY = 0xFFFFFFFF, "Any, for bind."
    VMADDR_CID_HYPERVISOR = 0, "The hypervisor."
    VMADDR_CID_LOCAL = 1, "This machine. Since Linux 5.6."
    VMADDR_CID_HOST = 2, "The host of this machine."


class VsockPort(DocumentedEnum):
    """The port: svm_port of a sockaddr_vm."""

    VMADDR_PORT_ANY = 0xFFFFFFFF, "A free one, for bind. Since Linux 3.14 or earlier."


class VsockFlags(DocumentedFlag):
    """svm_flags of a sockaddr_vm."""

    VMADDR_FLAG_TO_HOST = 1, "Send it to the host, who may pass it to a sibling. Since Linux 5.11."


class VsockOption(DocumentedEnum):
    """Options of level AF_VSOCK: optname of setsockopt and getsockopt.

    Values have 64 bits unless something else is said. Since Linux 3.14 or earlier, unless a member
    says otherwise.
    """

    SO_VM_SOCKETS_BUFFER_SIZE = 0, "The size of the buffer."
    SO_VM_SOCKETS_BUFFER_MIN_SIZE = 1, "The smallest that it may be."
    SO_VM_SOCKETS_BUFFER_MAX_SIZE = 2, "The largest that it may be."
    SO_VM_SOCKETS_PEER_HOST_VM_ID = 3, "The host's id of the other machine. Of VMware."
    SO_VM_SOCKETS_TRUSTED = 5, "Whether the other end is trusted. Of VMware."
    SO_VM_SOCKETS_CONNECT_TIMEOUT = 6, "How long connect waits: a timeval."
    SO_VM_SOCKETS_CONNECT_TIMEOUT_OLD = SO_VM_SOCKETS_CONNECT_TIMEOUT
    SO_VM_SOCKETS_NONBLOCK_TXRX = 7, "Without use outside of the kernel. Of VMware."
    SO_VM_SOCKETS_CONNECT_TIMEOUT_NEW = 8, "How long connect waits: a timeval with 64 bits. Since Linux 5.16."


class AlgOption(DocumentedEnum):
    """Options of level SOL_ALG: optname of setsockopt, and cmsg_type.

    Since Linux 3.3 or earlier, unless a member says otherwise.
    """

    ALG_SET_KEY = 1, "The key."
    ALG_SET_IV = 2, "Control message: the initialization vector, an af_alg_iv."
    ALG_SET_OP = 3, "Control message: an AlgOperation."
    ALG_SET_AEAD_ASSOCLEN = (
        4,
        "Control message: how much of the data is only authenticated. Since Linux 4.4 or earlier.",
    )
    ALG_SET_AEAD_AUTHSIZE = 5, "How long the tag is: optlen; there is no value. Since Linux 4.4 or earlier."
    ALG_SET_DRBG_ENTROPY = 6, "What a random number generator begins with, for tests. Since Linux 5.10."
    ALG_SET_KEY_BY_KEY_SERIAL = 7, "The key, by its serial number in a keyring. Since Linux 6.2."


class AlgOperation(DocumentedEnum):
    """The value of ALG_SET_OP. Since Linux 3.3 or earlier."""

    ALG_OP_DECRYPT = 0, "Decrypt."
    ALG_OP_ENCRYPT = 1, "Encrypt."


class ExtendedErrorOrigin(DocumentedEnum):
    """Where an error comes from: ee_origin of a sock_extended_err, which MSG_ERRQUEUE brings.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    SO_EE_ORIGIN_NONE = 0, "Not known."
    SO_EE_ORIGIN_LOCAL = 1, "This machine, such as EMSGSIZE."
    SO_EE_ORIGIN_ICMP = 2, "A message of ICMP; ee_type and ee_code are its."
    SO_EE_ORIGIN_ICMP6 = 3, "A message of ICMPv6."
    SO_EE_ORIGIN_TXSTATUS = 4, "Nothing failed: what was sent, with a timestamp. Since Linux 3.3 or earlier."
    SO_EE_ORIGIN_TIMESTAMPING = SO_EE_ORIGIN_TXSTATUS
    SO_EE_ORIGIN_ZEROCOPY = (
        5,
        "Nothing failed: MSG_ZEROCOPY is done with ee_info to ee_data. Since Linux 4.14 or earlier.",
    )
    SO_EE_ORIGIN_TXTIME = 6, "SCM_TXTIME could not be kept. Since Linux 4.19 or earlier."


class ExtendedErrorCode(DocumentedEnum):
    """What an error of this machine says: ee_code, by its ExtendedErrorOrigin.

    Since Linux 4.19 or earlier, unless a member says otherwise.
    """

    SO_EE_CODE_ZEROCOPY_COPIED = 1, "The data was copied after all. Since Linux 4.14 or earlier."
    SO_EE_CODE_TXTIME_INVALID_PARAM = 1, "The time or the clock cannot be taken."
    SO_EE_CODE_TXTIME_MISSED = 2, "The time was over."


class ExtendedErrorRfc4884(DocumentedFlag):
    """flags of the ee_rfc4884 in a sock_extended_err."""

    SO_EE_RFC4884_FLAG_INVALID = 1, "The extension was not in order. Since Linux 5.9."
