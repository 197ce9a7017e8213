"""Flags of calls about rights and of those that run the system: Landlock, seccomp, keys, security
modules, capabilities; kernel modules, kexec, reboot, the log, personalities, BPF and perf events.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value

SECCOMP_RET_ACTION_FULL = 0xFFFF0000
"""The part of a filter's result that is the action, as a signed number: the lowest wins."""

SECCOMP_RET_ACTION = 0x7FFF0000
"""The same without the sign, for programs older than SECCOMP_RET_KILL_PROCESS."""

SECCOMP_RET_DATA = 0x0000FFFF
"""The part of a filter's result that the action may use."""

KEXEC_ARCH_MASK = 0xFFFF0000
"""Where the architecture stands in the flags of kexec_load."""

KEXEC_SEGMENT_MAX = 16
"""How many segments kexec_load takes at most."""

PER_MASK = 0x00FF
"""The part of a personality that is its kind; the rest are flags."""


class LandlockAccessFs(DocumentedFlag):
    """What a Landlock ruleset handles (handled_access_fs), and what a rule then allows below a
    directory (allowed_access with LANDLOCK_RULE_PATH_BENEATH).

    What is handled is denied unless a rule allows it; what is not handled stays allowed. Ask for
    no more than the kernel's version of the interface knows, or the call fails with EINVAL.
    Since Linux 5.13 (version 1) unless another is named. stat, chdir, chmod, chown, xattrs,
    flock, fcntl and access are never restricted.
    """

    LANDLOCK_ACCESS_FS_EXECUTE = 1 << 0, "Execute a file."
    LANDLOCK_ACCESS_FS_WRITE_FILE = (
        1 << 1,
        """Open a file for writing. O_TRUNC and creat want LANDLOCK_ACCESS_FS_TRUNCATE too.""",
    )
    LANDLOCK_ACCESS_FS_READ_FILE = 1 << 2, "Open a file for reading."
    LANDLOCK_ACCESS_FS_READ_DIR = 1 << 3, "Open a directory and list it."
    LANDLOCK_ACCESS_FS_REMOVE_DIR = 1 << 4, "Remove or rename a directory, in the directory it is in."
    LANDLOCK_ACCESS_FS_REMOVE_FILE = 1 << 5, "Remove or rename a file."
    LANDLOCK_ACCESS_FS_MAKE_CHAR = 1 << 6, "Make a character device here, or link or rename one to here."
    LANDLOCK_ACCESS_FS_MAKE_DIR = 1 << 7, "Make a directory here, or rename one to here."
    LANDLOCK_ACCESS_FS_MAKE_REG = 1 << 8, "Make a regular file here, or link or rename one to here."
    LANDLOCK_ACCESS_FS_MAKE_SOCK = (
        1 << 9,
        "Make a Unix socket with a path here, or link or rename one to here.",
    )
    LANDLOCK_ACCESS_FS_MAKE_FIFO = 1 << 10, "Make a named pipe here, or link or rename one to here."
    LANDLOCK_ACCESS_FS_MAKE_BLOCK = 1 << 11, "Make a block device here, or link or rename one to here."
    LANDLOCK_ACCESS_FS_MAKE_SYM = 1 << 12, "Make a symbolic link here, or link or rename one to here."
    LANDLOCK_ACCESS_FS_REFER = (
        1 << 13,
        """Link or rename from one directory to another. Denied by every ruleset, even one that
        does not handle it, unless allowed at both ends; and the file may gain no rights by the
        move (EXDEV). Since Linux 5.19 (version 2).""",
    )
    LANDLOCK_ACCESS_FS_TRUNCATE = (
        1 << 14,
        """Cut a file: truncate, O_TRUNC, creat; for ftruncate it is decided at open. Since Linux
        6.2 (version 3).""",
    )
    LANDLOCK_ACCESS_FS_IOCTL_DEV = (
        1 << 15,
        """ioctl on devices that are opened from now on, except for some harmless requests. Since
        Linux 6.10 (version 5).""",
    )
    LANDLOCK_ACCESS_FS_RESOLVE_UNIX = (
        1 << 16,
        """Connect or send to a Unix socket with a path, made outside of the domain. Since Linux 7.1
        (version 9).""",
    )


class LandlockAccessNet(DocumentedFlag):
    """What a Landlock ruleset handles of the network (handled_access_net), and what a rule allows
    for one port (allowed_access with LANDLOCK_RULE_NET_PORT).
    """

    LANDLOCK_ACCESS_NET_BIND_TCP = (
        1 << 0,
        """Bind a TCP socket to the port; a rule for port 0 allows a port of the kernel's choice.
        Since Linux 6.7 (version 4).""",
    )
    LANDLOCK_ACCESS_NET_CONNECT_TCP = 1 << 1, "Connect a TCP socket to the port. Since Linux 6.7 (version 4)."
    LANDLOCK_ACCESS_NET_BIND_UDP = (
        1 << 2,
        """Bind a UDP socket to the port; sending from an unbound one needs it for port 0. Since
        Linux 7.2 (version 10).""",
    )
    LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP = (
        1 << 3,
        """Connect a UDP socket to the port, or send to it. Since Linux 7.2 (version 10).""",
    )


class LandlockScope(DocumentedFlag):
    """What a Landlock domain is cut off from (scoped); there are no rules to allow parts of it.
    Since Linux 6.12 (version 6).
    """

    LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET = (
        1 << 0,
        "Connecting and sending to abstract Unix sockets that were made outside of the domain.",
    )
    LANDLOCK_SCOPE_SIGNAL = 1 << 1, "Sending signals to processes outside of the domain."


class LandlockCreateFlags(DocumentedFlag):
    """The flags of landlock_create_ruleset. Either asks something instead of making a ruleset: the
    attributes must then be NULL and their size 0.
    """

    LANDLOCK_CREATE_RULESET_VERSION = (
        1 << 0,
        """The version of the interface, from 1; it says which rights the kernel knows. ENOSYS and
        EOPNOTSUPP mean none. Since Linux 5.13.""",
    )
    LANDLOCK_CREATE_RULESET_ERRATA = (
        1 << 1,
        """Which errors of that version are repaired, as bits. Since Linux 6.15 and in earlier stable
        kernels.""",
    )


class LandlockAddRuleFlags(DocumentedFlag):
    """The flags of landlock_add_rule."""

    LANDLOCK_ADD_RULE_QUIET = (
        1 << 0,
        """Do not log denials below the directory or for the port, as far as the quiet_* fields of
        the ruleset name them. allowed_access may then be 0. Since Linux 7.2 (version 10).""",
    )


class LandlockRestrictFlags(DocumentedFlag):
    """The flags of landlock_restrict_self: which denials are logged, and who is restricted. By
    default what the program itself is denied is logged, until it executes another.
    """

    LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF = (
        1 << 0,
        """Do not log what the calling program is denied: for interpreters, whose denials are those
        of unknown scripts. Since Linux 6.15 (version 7).""",
    )
    LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON = (
        1 << 1,
        """Log what programs executed later are denied. Since Linux 6.15 (version 7).""",
    )
    LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF = (
        1 << 2,
        """Do not log denials by domains that are nested later. With ruleset_fd -1 nothing is
        restricted, only that is set. Since Linux 6.15 (version 7).""",
    )
    LANDLOCK_RESTRICT_SELF_TSYNC = (
        1 << 3,
        """Restrict all threads of the process alike, whatever they were before; also gives them the
        caller's no_new_privs. Without it the calling thread alone. Since Linux 7.0 (version 8).""",
    )


class LandlockRuleType(DocumentedEnum):
    """The rule_type of landlock_add_rule: which structure rule_attr is."""

    LANDLOCK_RULE_PATH_BENEATH = 1, "landlock_path_beneath_attr: a directory or a file. Since Linux 5.13."
    LANDLOCK_RULE_NET_PORT = 2, "landlock_net_port_attr: a port. Since Linux 6.7."


class SeccompMode(DocumentedEnum):
    """What restricts the calls of a thread: for prctl(PR_SET_SECCOMP), and what PR_GET_SECCOMP says."""

    SECCOMP_MODE_DISABLED = 0, "Nothing. It cannot be set: there is no way back. Since Linux 2.6.23."
    SECCOMP_MODE_STRICT = (
        1,
        """Only read, write, exit and sigreturn are left; any other call is answered with SIGKILL.
        Since Linux 2.6.23.""",
    )
    SECCOMP_MODE_FILTER = 2, "One or more programs decide. Since Linux 3.5."


class SeccompOperation(DocumentedEnum):
    """The operation of seccomp."""

    SECCOMP_SET_MODE_STRICT = (
        0,
        """Leave read, write, exit and sigreturn only. flags is 0, args NULL. Since Linux 3.17.""",
    )
    SECCOMP_SET_MODE_FILTER = (
        1,
        """Add a BPF program, a sock_fprog at args, that decides on each call. Needs no_new_privs or
        CAP_SYS_ADMIN. Since Linux 3.17.""",
    )
    SECCOMP_GET_ACTION_AVAIL = (
        2,
        """Whether the kernel knows the SeccompAction at args: EOPNOTSUPP if not. Since Linux 4.14.""",
    )
    SECCOMP_GET_NOTIF_SIZES = (
        3,
        """Store the sizes of the structures for notifications at args. Since Linux 5.0.""",
    )


class SeccompFilterFlags(DocumentedFlag):
    """The flags of seccomp with SECCOMP_SET_MODE_FILTER."""

    SECCOMP_FILTER_FLAG_TSYNC = (
        1 << 0,
        """Give all threads of the process the caller's filters. Fails if a thread has others, and
        then returns its id, which is not an error number. Since Linux 3.17.""",
    )
    SECCOMP_FILTER_FLAG_LOG = 1 << 1, "Log every action but SECCOMP_RET_ALLOW. Since Linux 4.14."
    SECCOMP_FILTER_FLAG_SPEC_ALLOW = (
        1 << 2,
        """Leave out the mitigation of speculative store bypass, which filtered threads otherwise
        got before 5.16. Since Linux 4.17.""",
    )
    SECCOMP_FILTER_FLAG_NEW_LISTENER = (
        1 << 3,
        """Return a descriptor that reports calls answered with SECCOMP_RET_USER_NOTIF. One listener
        in a chain of filters; with SECCOMP_FILTER_FLAG_TSYNC only with
        SECCOMP_FILTER_FLAG_TSYNC_ESRCH. Since Linux 5.0.""",
    )
    SECCOMP_FILTER_FLAG_TSYNC_ESRCH = (
        1 << 4,
        """If SECCOMP_FILTER_FLAG_TSYNC fails because of a thread, answer ESRCH instead of its id.
        Since Linux 5.7.""",
    )
    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = (
        1 << 5,
        """Once the supervisor has received a notification, only fatal signals interrupt the call
        it is about. Needs SECCOMP_FILTER_FLAG_NEW_LISTENER. Since Linux 5.19.""",
    )


class SeccompAction(DocumentedEnum):
    """What a filter returns for a call: an action, plus up to 16 bits of data (SECCOMP_RET_DATA).

    All filters of a thread run; the strictest result counts, in the order they have here.
    """

    SECCOMP_RET_KILL_PROCESS = (
        0x80000000,
        "End the process, not just a thread, as by SIGSYS. Since Linux 4.14.",
    )
    SECCOMP_RET_KILL_THREAD = (
        0x00000000,
        """End the calling thread alone, as by SIGSYS, which rarely leaves a process that works.
        Since Linux 3.5, under this name since 4.14.""",
    )
    SECCOMP_RET_KILL = SECCOMP_RET_KILL_THREAD
    SECCOMP_RET_TRAP = (
        0x00030000,
        "Do not make the call, raise SIGSYS; the data is in si_errno. Since Linux 3.5.",
    )
    SECCOMP_RET_ERRNO = (
        0x00050000,
        """Do not make the call, answer with the data as error number, at most 4095. 0 is success.
        Since Linux 3.5.""",
    )
    SECCOMP_RET_USER_NOTIF = (
        0x7FC00000,
        """Let the listener answer; ENOSYS if there is none. It does not protect where the call is
        let through after a look at memory: that may change. Since Linux 5.0.""",
    )
    SECCOMP_RET_TRACE = (
        0x7FF00000,
        """Let the tracer decide (PTRACE_O_TRACESECCOMP); ENOSYS if there is none. Since Linux 3.5.""",
    )
    SECCOMP_RET_LOG = 0x7FFC0000, "Make the call, and log it. Since Linux 4.14."
    SECCOMP_RET_ALLOW = 0x7FFF0000, "Make the call. Since Linux 3.5."


class BpfClass(DocumentedEnum):
    """What an instruction of classic BPF does: the first part of its code, in filters of seccomp and of
    SO_ATTACH_FILTER. Since Linux 2.2; filters of seccomp have fewer of them.

    BPF_LD | BPF_W | BPF_ABS loads the 32-bit word at offset k into the accumulator A, BPF_JMP |
    BPF_JEQ | BPF_K goes jt instructions further if A is k and jf if not, BPF_RET | BPF_K ends with k.
    """

    BPF_LD = 0x00, "Load into A: with a size and a mode."
    BPF_LDX = 0x01, "Load into the index register X."
    BPF_ST = 0x02, "Store A in word k of the scratch memory, which has 16."
    BPF_STX = 0x03, "Store X in word k of the scratch memory."
    BPF_ALU = 0x04, "Compute with A: with an operation and a source."
    BPF_JMP = 0x05, "Jump, always forward: with a condition and a source."
    BPF_RET = 0x06, "End: with a source, the result."
    BPF_MISC = 0x07, "Copy between A and X."


class BpfSize(DocumentedEnum):
    """How much BPF_LD and BPF_LDX load. seccomp knows BPF_W alone. Since Linux 2.2."""

    BPF_W = 0x00, "32 bits."
    BPF_H = 0x08, "16 bits."
    BPF_B = 0x10, "8 bits."


class BpfMode(DocumentedEnum):
    """Where BPF_LD and BPF_LDX load from. Since Linux 2.2."""

    BPF_IMM = 0x00, "k itself."
    BPF_ABS = 0x20, "What is filtered, at offset k: for seccomp a field of structures.seccomp_data."
    BPF_IND = 0x40, "What is filtered, at offset X + k. Not with seccomp."
    BPF_MEM = 0x60, "Word k of the scratch memory."
    BPF_LEN = 0x80, "The length of what is filtered."
    BPF_MSH = (
        0xA0,
        "Four times the low half of the byte at offset k: an IP header's length. Not with seccomp.",
    )


class BpfOperation(DocumentedEnum):
    """What BPF_ALU computes, of A and k or X. Since Linux 2.2 unless another is named."""

    BPF_ADD = 0x00, "Add."
    BPF_SUB = 0x10, "Subtract."
    BPF_MUL = 0x20, "Multiply."
    BPF_DIV = 0x30, "Divide. By an X of 0 ends the program with 0."
    BPF_OR = 0x40, "Bitwise or."
    BPF_AND = 0x50, "Bitwise and."
    BPF_LSH = 0x60, "Shift left."
    BPF_RSH = 0x70, "Shift right."
    BPF_NEG = 0x80, "Change the sign of A."
    BPF_MOD = 0x90, "The remainder. Since Linux 3.7; not with seccomp."
    BPF_XOR = 0xA0, "Bitwise exclusive or. Since Linux 3.7."


class BpfJump(DocumentedEnum):
    """When BPF_JMP goes jt instructions further, and else jf; numbers have no sign. Since Linux 2.2."""

    BPF_JA = 0x00, "Always: k instructions further."
    BPF_JEQ = 0x10, "If A is equal to k or X."
    BPF_JGT = 0x20, "If A is greater."
    BPF_JGE = 0x30, "If A is greater or equal."
    BPF_JSET = 0x40, "If A has any of the bits."


class BpfSource(DocumentedEnum):
    """What BPF_ALU, BPF_JMP and BPF_RET take. Since Linux 2.2."""

    BPF_K = 0x00, "The instruction's k."
    BPF_X = 0x08, "The index register; not with BPF_RET."
    BPF_A = 0x10, "The accumulator; with BPF_RET alone."


class BpfMisc(DocumentedEnum):
    """What BPF_MISC copies. Since Linux 2.2."""

    BPF_TAX = 0x00, "A to X."
    BPF_TXA = 0x80, "X to A."


class KeyctlOperation(DocumentedEnum):
    """The operation of keyctl, which says what the other arguments mean. Since Linux 2.6.10 unless
    another version is named.
    """

    KEYCTL_GET_KEYRING_ID = (
        0,
        "The id of a KeySpecial keyring (arg2), made if it is missing and arg3 is not 0.",
    )
    KEYCTL_JOIN_SESSION_KEYRING = (
        1,
        """Take a new session keyring, anonymous (arg2 NULL) or the one of that name, made if need
        be.""",
    )
    KEYCTL_UPDATE = 2, "Replace what a key holds by the arg4 bytes at arg3."
    KEYCTL_REVOKE = 3, "Make a key unusable: who still has it gets EKEYREVOKED."
    KEYCTL_CHOWN = 4, "Give a key to a user (arg3) and a group (arg4); -1 leaves either."
    KEYCTL_SETPERM = 5, "Set the KeyPermissions of a key."
    KEYCTL_DESCRIBE = (
        6,
        """Store "type;uid;gid;permissions;description". Returns the size needed, also when the
        buffer is too small or NULL.""",
    )
    KEYCTL_CLEAR = 7, "Unlink everything from a keyring."
    KEYCTL_LINK = 8, "Link a key (arg2) into a keyring (arg3), in the place of one of same type and name."
    KEYCTL_UNLINK = 9, "Remove a key (arg2) from a keyring (arg3); the last link gone, it goes too."
    KEYCTL_SEARCH = (
        10,
        """Look in a keyring and those below for a key of a type (arg3) and name (arg4), and link it
        into arg5 unless that is 0.""",
    )
    KEYCTL_READ = (
        11,
        """Store what a key holds; of a keyring, the ids. Returns the size, which may exceed that of
        the buffer: then nothing useful was stored.""",
    )
    KEYCTL_INSTANTIATE = (
        12,
        "For the helper of request_key: give the key its contents, and link it into arg5.",
    )
    KEYCTL_NEGATE = (
        13,
        """For the helper: there is no such key, answer ENOKEY for arg3 seconds.""",
    )
    KEYCTL_SET_REQKEY_KEYRING = (
        14,
        """Where the thread's request_key puts keys: a KeyRequestDefault. Returns the old one. Since
        Linux 2.6.13.""",
    )
    KEYCTL_SET_TIMEOUT = 15, "Let a key expire after arg3 seconds; 0: never. Since Linux 2.6.16."
    KEYCTL_ASSUME_AUTHORITY = (
        16,
        """For the helper: act for whoever requested the key arg2; 0 ends it. Since Linux 2.6.16.""",
    )
    KEYCTL_GET_SECURITY = 17, "Store the security module's label of a key. Since Linux 2.6.26."
    KEYCTL_SESSION_TO_PARENT = (
        18,
        """Give the parent process the caller's session keyring, when it next returns to user space.
        Same user, one thread. Since Linux 2.6.32.""",
    )
    KEYCTL_REJECT = (
        19,
        """For the helper: answer with the error arg4 for arg3 seconds. Since Linux 2.6.39.""",
    )
    KEYCTL_INSTANTIATE_IOV = (
        20,
        """KEYCTL_INSTANTIATE with the contents in arg4 pieces, iovecs at arg3. Since Linux 2.6.39.""",
    )
    KEYCTL_INVALIDATE = 21, "Remove a key from all keyrings, at once and for good. Since Linux 3.5."
    KEYCTL_GET_PERSISTENT = (
        22,
        """Link a user's persistent keyring, which outlives his logins for some days, into arg3.
        Since Linux 3.13.""",
    )
    KEYCTL_DH_COMPUTE = (
        23,
        """Compute a Diffie-Hellman secret or public key from three keys; since 4.12 also derive a
        key from it (arg5). Since Linux 4.7.""",
    )
    KEYCTL_PKEY_QUERY = 24, "What an asymmetric key can do, and with how much data. Since Linux 4.20."
    KEYCTL_PKEY_ENCRYPT = 25, "Encrypt with an asymmetric key. Since Linux 4.20."
    KEYCTL_PKEY_DECRYPT = 26, "Decrypt with an asymmetric key. Since Linux 4.20."
    KEYCTL_PKEY_SIGN = 27, "Sign a digest with an asymmetric key. Since Linux 4.20."
    KEYCTL_PKEY_VERIFY = 28, "Check a signature; EKEYREJECTED if it is wrong. Since Linux 4.20."
    KEYCTL_RESTRICT_KEYRING = (
        29,
        """Allow only keys into a keyring that the type arg3 approves, say by a signature; without a
        type, none. It cannot be undone. Since Linux 4.12.""",
    )
    KEYCTL_MOVE = (
        30,
        """Move a key (arg2) from a keyring (arg3) to another (arg4), with KeyctlMoveFlags. Since
        Linux 5.3.""",
    )
    KEYCTL_CAPABILITIES = 31, "Store what the kernel's key management can do, as bits. Since Linux 5.3."
    KEYCTL_WATCH_KEY = (
        32,
        """Report changes of a key through a notification pipe (arg3), tagged with arg4; -1 stops
        it. Since Linux 5.8.""",
    )


class KeyctlMoveFlags(DocumentedFlag):
    """The flags of keyctl with KEYCTL_MOVE."""

    KEYCTL_MOVE_EXCL = (
        0x00000001,
        """Fail with EEXIST rather than displace a key of the same type and name. Since Linux 5.3.""",
    )


class KeySpecial(DocumentedEnum):
    """Ids that stand for a keyring of the caller's, for add_key, request_key and keyctl. Since
    Linux 2.6.10 unless another version is named.
    """

    KEY_SPEC_THREAD_KEYRING = -1, "The thread's own; gone after fork, clone and execve."
    KEY_SPEC_PROCESS_KEYRING = -2, "The process's, shared by its threads; a child has none, execve drops it."
    KEY_SPEC_SESSION_KEYRING = -3, "The session's: inherited by children and kept over execve."
    KEY_SPEC_USER_KEYRING = -4, "That of the user id, shared by all his processes."
    KEY_SPEC_USER_SESSION_KEYRING = -5, "That which stands in for a session keyring where a login made none."
    KEY_SPEC_GROUP_KEYRING = -6, "That of the group id: never implemented, EINVAL."
    KEY_SPEC_REQKEY_AUTH_KEY = (
        -7,
        """In the helper of request_key: the authority it has assumed. Since Linux 2.6.16.""",
    )
    KEY_SPEC_REQUESTOR_KEYRING = (
        -8,
        """In the helper of request_key: where the requester wants the key. Since Linux 2.6.29.""",
    )


class KeyRequestDefault(DocumentedEnum):
    """Where request_key puts a key that no keyring was named for: KEYCTL_SET_REQKEY_KEYRING. Since
    Linux 2.6.13 unless another version is named.
    """

    KEY_REQKEY_DEFL_NO_CHANGE = -1, "Change nothing, return the present one. Since Linux 2.6.13."
    KEY_REQKEY_DEFL_DEFAULT = (
        0,
        """The requester's if in a helper, else the first of thread, process, session and user
        session keyring that exists.""",
    )
    KEY_REQKEY_DEFL_THREAD_KEYRING = 1, "The thread's."
    KEY_REQKEY_DEFL_PROCESS_KEYRING = 2, "The process's."
    KEY_REQKEY_DEFL_SESSION_KEYRING = 3, "The session's."
    KEY_REQKEY_DEFL_USER_KEYRING = 4, "The user's."
    KEY_REQKEY_DEFL_USER_SESSION_KEYRING = 5, "The user's session keyring."
    KEY_REQKEY_DEFL_GROUP_KEYRING = 6, "The group's: never implemented, EINVAL."
    KEY_REQKEY_DEFL_REQUESTOR_KEYRING = 7, "In a helper: that of the requester. Since Linux 2.6.29."


class KeyPermissions(DocumentedFlag):
    """Who may do what with a key, for keyctl with KEYCTL_SETPERM. Four groups of six bits.

    POS is for who possesses the key, that is, reaches it from a keyring of his; USR for its
    user, GRP for its group, OTH for others. Of the last three the first that fits counts, and
    what POS allows comes on top. POS since Linux 2.6.14, SETATTR since 2.6.15, the rest since 2.6.10.
    """

    KEY_POS_VIEW = 0x01000000, "Possessor: see type, description, owner and permissions."
    KEY_POS_READ = 0x02000000, "Possessor: read the contents, or list the keyring."
    KEY_POS_WRITE = 0x04000000, "Possessor: replace the contents; of a keyring, add and remove links."
    KEY_POS_SEARCH = 0x08000000, "Possessor: find the key; of a keyring, search in it."
    KEY_POS_LINK = 0x10000000, "Possessor: link the key into a keyring."
    KEY_POS_SETATTR = 0x20000000, "Possessor: change owner, group, permissions and timeout."
    KEY_POS_ALL = 0x3F000000, "Possessor: all of these."
    KEY_USR_VIEW = 0x00010000, "User: as KEY_POS_VIEW."
    KEY_USR_READ = 0x00020000, "User: as KEY_POS_READ."
    KEY_USR_WRITE = 0x00040000, "User: as KEY_POS_WRITE."
    KEY_USR_SEARCH = 0x00080000, "User: as KEY_POS_SEARCH."
    KEY_USR_LINK = 0x00100000, "User: as KEY_POS_LINK."
    KEY_USR_SETATTR = 0x00200000, "User: as KEY_POS_SETATTR."
    KEY_USR_ALL = 0x003F0000, "User: all of these."
    KEY_GRP_VIEW = 0x00000100, "Group: as KEY_POS_VIEW."
    KEY_GRP_READ = 0x00000200, "Group: as KEY_POS_READ."
    KEY_GRP_WRITE = 0x00000400, "Group: as KEY_POS_WRITE."
    KEY_GRP_SEARCH = 0x00000800, "Group: as KEY_POS_SEARCH."
    KEY_GRP_LINK = 0x00001000, "Group: as KEY_POS_LINK."
    KEY_GRP_SETATTR = 0x00002000, "Group: as KEY_POS_SETATTR."
    KEY_GRP_ALL = 0x00003F00, "Group: all of these."
    KEY_OTH_VIEW = 0x00000001, "Others: as KEY_POS_VIEW."
    KEY_OTH_READ = 0x00000002, "Others: as KEY_POS_READ."
    KEY_OTH_WRITE = 0x00000004, "Others: as KEY_POS_WRITE."
    KEY_OTH_SEARCH = 0x00000008, "Others: as KEY_POS_SEARCH."
    KEY_OTH_LINK = 0x00000010, "Others: as KEY_POS_LINK."
    KEY_OTH_SETATTR = 0x00000020, "Others: as KEY_POS_SETATTR."
    KEY_OTH_ALL = 0x0000003F, "Others: all of these."


class LsmAttribute(DocumentedEnum):
    """The attr of lsm_get_self_attr and lsm_set_self_attr, one of those in /proc/self/attr. Which
    of them a module has is its own affair. Since Linux 6.8.
    """

    LSM_ATTR_UNDEF = 0, "None; refused."
    LSM_ATTR_CURRENT = 100, "The label that the caller runs with."
    LSM_ATTR_EXEC = 101, "The label that the next execve gives."
    LSM_ATTR_FSCREATE = 102, "The label of files that are made from now on."
    LSM_ATTR_KEYCREATE = 103, "The label of keys that are made from now on."
    LSM_ATTR_PREV = 104, "The label before the last execve. Cannot be set."
    LSM_ATTR_SOCKCREATE = 105, "The label of sockets that are made from now on."


class LsmFlags(DocumentedFlag):
    """The flags of lsm_get_self_attr; lsm_set_self_attr takes none."""

    LSM_FLAG_SINGLE = (
        0x0001,
        """Only the attribute of the module whose id stands in the first structure of the buffer.
        Since Linux 6.8.""",
    )


class LsmId(DocumentedEnum):
    """The security modules: id in lsm_ctx, and what lsm_list_modules lists. Since Linux 6.8 unless
    another version is named.
    """

    LSM_ID_UNDEF = 0, "None."
    LSM_ID_CAPABILITY = 100, "Capabilities; always there."
    LSM_ID_SELINUX = 101, "SELinux: labels and a policy for types."
    LSM_ID_SMACK = 102, "Smack: labels and simple rules."
    LSM_ID_TOMOYO = 103, "TOMOYO: rules by path and by who executed whom."
    LSM_ID_APPARMOR = 104, "AppArmor: profiles by path."
    LSM_ID_YAMA = 105, "Yama: who may trace whom."
    LSM_ID_LOADPIN = 106, "LoadPin: kernel modules from one device only."
    LSM_ID_SAFESETID = 107, "SafeSetID: which user ids may change to which."
    LSM_ID_LOCKDOWN = 108, "Lockdown: keeps root from changing the running kernel."
    LSM_ID_BPF = 109, "BPF: programs on the security hooks."
    LSM_ID_LANDLOCK = 110, "Landlock: processes restrict themselves."
    LSM_ID_IMA = 111, "IMA: measures and checks files. Since Linux 6.9."
    LSM_ID_EVM = 112, "EVM: protects the metadata of files. Since Linux 6.9."
    LSM_ID_IPE = 113, "IPE: executes only what comes from a trusted place. Since Linux 6.12."


class Capability(DocumentedEnum):
    """The capabilities, by number: for prctl (PR_CAPBSET_DROP, PR_CAP_AMBIENT). In the sets of
    capget and capset it is the bit 1 << number, in the second word from 32 on.

    Most count within a user namespace: they hold for what belongs to it. Since Linux 2.2 unless
    another version is named.
    """

    CAP_CHOWN = 0, "Give files to any user and group."
    CAP_DAC_OVERRIDE = 1, "Read, write and search whatever the permissions; execute if anyone may."
    CAP_DAC_READ_SEARCH = 2, "Read any file, search any directory; open_by_handle_at."
    CAP_FOWNER = 3, "Do what only a file's owner may: chmod, utimensat, xattrs, sticky directories."
    CAP_FSETID = 4, "Keep set-user-id bits on writing, set set-group-id for a group one is not in."
    CAP_KILL = 5, "Signal any process."
    CAP_SETGID = 6, "Change group ids at will, setgroups, name any in SCM_CREDENTIALS and gid_map."
    CAP_SETUID = 7, "Change user ids at will, name any in SCM_CREDENTIALS and uid_map."
    CAP_SETPCAP = (
        8,
        """Add from the bounding set to the inheritable one, drop from the bounding set, change the
        securebits. Before 2.6.25 without file capabilities: give capabilities to others.""",
    )
    CAP_LINUX_IMMUTABLE = 9, "Set and clear the attributes immutable and append-only."
    CAP_NET_BIND_SERVICE = 10, "Bind to ports below net.ipv4.ip_unprivileged_port_start, 1024 mostly."
    CAP_NET_BROADCAST = 11, "Broadcast and listen to multicast; unused."
    CAP_NET_ADMIN = 12, "Configure the network: interfaces, routes, firewall, priorities, promiscuous mode."
    CAP_NET_RAW = 13, "Raw and packet sockets, foreign source addresses. SO_BINDTODEVICE before 5.7."
    CAP_IPC_LOCK = 14, "Lock memory without limit, huge pages of System V."
    CAP_IPC_OWNER = 15, "System V objects whatever their permissions."
    CAP_SYS_MODULE = 16, "Load and remove kernel modules: everything, that is."
    CAP_SYS_RAWIO = 17, "Ports, /dev/mem, raw commands to devices, FIBMAP, mapping at low addresses."
    CAP_SYS_CHROOT = 18, "chroot; setns into a mount namespace."
    CAP_SYS_PTRACE = 19, "Trace any process, read and write its memory, compare it with kcmp."
    CAP_SYS_PACCT = 20, "acct."
    CAP_SYS_ADMIN = (
        21,
        """Everything that no other covers: mounts, namespaces, swap, quotas, host name, ioctls of
        devices. Nearly root.""",
    )
    CAP_SYS_BOOT = 22, "reboot and kexec_load."
    CAP_SYS_NICE = (
        23,
        """Raise priorities, real-time scheduling, affinity and memory of any process, move_pages of
        shared pages.""",
    )
    CAP_SYS_RESOURCE = 24, "Exceed quotas, reserved blocks and many limits; raise hard limits."
    CAP_SYS_TIME = 25, "Set the clocks."
    CAP_SYS_TTY_CONFIG = 26, "vhangup, and ioctls of virtual terminals."
    CAP_MKNOD = 27, "Make device files. Since Linux 2.4."
    CAP_LEASE = 28, "Leases on files of others. Since Linux 2.4."
    CAP_AUDIT_WRITE = 29, "Write records into the audit log. Since Linux 2.6.11."
    CAP_AUDIT_CONTROL = 30, "Configure the audit. Since Linux 2.6.11."
    CAP_SETFCAP = (
        31,
        """Set capabilities on files; since 5.12 also map user 0 into a child namespace. Since Linux
        2.6.24.""",
    )
    CAP_MAC_OVERRIDE = 32, "Override mandatory access control; Smack only. Since Linux 2.6.25."
    CAP_MAC_ADMIN = (
        33,
        "Change its configuration: Smack, AppArmor, unknown SELinux labels. Since Linux 2.6.25.",
    )
    CAP_SYSLOG = (
        34,
        """The privileged part of syslog, and kernel addresses in /proc. Since Linux 2.6.37.""",
    )
    CAP_WAKE_ALARM = 35, "Timers that wake the system: CLOCK_REALTIME_ALARM. Since Linux 3.0."
    CAP_BLOCK_SUSPEND = 36, "Keep the system awake: EPOLLWAKEUP, /proc/sys/wake_lock. Since Linux 3.5."
    CAP_AUDIT_READ = 37, "Listen to the audit log on a multicast socket. Since Linux 3.16."
    CAP_PERFMON = 38, "perf_event_open, and what BPF programs need to trace. Since Linux 5.8."
    CAP_BPF = 39, "Privileged BPF: most maps and programs. Since Linux 5.8."
    CAP_CHECKPOINT_RESTORE = (
        40,
        """Choose process ids (clone3's set_tid, ns_last_pid), read links in /proc/pid/map_files. Since
        Linux 5.9.""",
    )


class ModuleInitFlags(DocumentedFlag):
    """The flags of finit_module. The first two load what may well crash the kernel, and need one
    that was configured to allow it.
    """

    MODULE_INIT_IGNORE_MODVERSIONS = 1, "Do not compare the versions of symbols. Since Linux 3.8."
    MODULE_INIT_IGNORE_VERMAGIC = 2, "Do not compare the kernel's version. Since Linux 3.8."
    MODULE_INIT_COMPRESSED_FILE = (
        4,
        """The file is compressed, in the way the kernel was configured for. Since Linux 5.17.""",
    )


class ModuleDeleteFlags(DocumentedFlag):
    """The flags of delete_module, two of the open flags."""

    O_NONBLOCK = (
        value("O_NONBLOCK"),
        """Fail with EWOULDBLOCK if the module is in use. Since Linux 3.13 that is so without it too;
        before, the call waited for the last user.""",
    )
    O_TRUNC = (
        value("O_TRUNC"),
        """Remove the module even if it is in use or cannot be removed. Taints the kernel and may
        crash it; needs a kernel with CONFIG_MODULE_FORCE_UNLOAD. Since Linux 2.6.""",
    )


class KexecFlags(DocumentedFlag):
    """The flags of kexec_load: what the kernel is for, and in the upper half which architecture it
    has, a number of ELF's, one of KEXEC_ARCH_*: those without a version had kexec by Linux 3.0.
    """

    KEXEC_ON_CRASH = 0x00000001, "For after a crash: started by the panic of this one. Since Linux 2.6.13."
    KEXEC_PRESERVE_CONTEXT = (
        0x00000002,
        """Keep this kernel's state, to return to it afterwards. Since Linux 2.6.27.""",
    )
    KEXEC_UPDATE_ELFCOREHDR = (
        0x00000004,
        """The kernel may update the crash kernel's list of memory when processors or memory come or
        go. Since Linux 6.6.""",
    )
    KEXEC_CRASH_HOTPLUG_SUPPORT = (
        0x00000008,
        """As KEXEC_UPDATE_ELFCOREHDR, for the device tree too: the segments have space for it. Since
        Linux 6.10.""",
    )
    KEXEC_ARCH_DEFAULT = 0 << 16, "That of the running kernel."
    KEXEC_ARCH_386 = 3 << 16, "32-bit x86."
    KEXEC_ARCH_68K = 4 << 16, "m68k. Since Linux 3.14."
    KEXEC_ARCH_PARISC = 15 << 16, "parisc. Since Linux 5.4."
    KEXEC_ARCH_X86_64 = 62 << 16, "64-bit x86."
    KEXEC_ARCH_PPC = 20 << 16, "32-bit powerpc."
    KEXEC_ARCH_PPC64 = 21 << 16, "64-bit powerpc."
    KEXEC_ARCH_IA_64 = 50 << 16, "Itanium, which Linux 6.7 dropped."
    KEXEC_ARCH_ARM = 40 << 16, "32-bit ARM."
    KEXEC_ARCH_S390 = 22 << 16, "s390."
    KEXEC_ARCH_SH = 42 << 16, "SuperH."
    KEXEC_ARCH_MIPS_LE = 10 << 16, "Little-endian MIPS."
    KEXEC_ARCH_MIPS = 8 << 16, "MIPS."
    KEXEC_ARCH_AARCH64 = 183 << 16, "64-bit ARM. Since Linux 4.8."
    KEXEC_ARCH_RISCV = 243 << 16, "RISC-V. Since Linux 5.13."
    KEXEC_ARCH_LOONGARCH = 258 << 16, "LoongArch. Since Linux 6.1."


class KexecFileFlags(DocumentedFlag):
    """The flags of kexec_file_load, which are others than those of kexec_load."""

    KEXEC_FILE_UNLOAD = (
        0x00000001,
        "Forget the kernel that was loaded; the other arguments are ignored. Since Linux 3.17.",
    )
    KEXEC_FILE_ON_CRASH = (
        0x00000002,
        """The kernel for after a crash, to be loaded or unloaded. Since Linux 3.17.""",
    )
    KEXEC_FILE_NO_INITRAMFS = 0x00000004, "There is no initrd: ignore initrd_fd. Since Linux 3.17."
    KEXEC_FILE_DEBUG = 0x00000008, "Log what is loaded where. Since Linux 6.8."
    KEXEC_FILE_NO_CMA = (
        0x00000010,
        """Do not place the segments in contiguous memory, from which they need no copying later.
        Since Linux 6.17.""",
    )
    KEXEC_FILE_FORCE_DTB = (
        0x00000020,
        """Hand on the device tree of this boot: x86, where that is not done anyway. Since Linux
        6.18.""",
    )


class RebootMagic(DocumentedEnum):
    """Numbers that reboot wants to see, against accidents: the first as magic1, any of the others
    as magic2. Since Linux 2.0 or earlier unless another version is named.
    """

    LINUX_REBOOT_MAGIC1 = 0xFEE1DEAD, "magic1: feel dead."
    LINUX_REBOOT_MAGIC2 = 672274793, "magic2; in hexadecimal a date, as the next three."
    LINUX_REBOOT_MAGIC2A = 85072278, "magic2. Since Linux 2.1.17."
    LINUX_REBOOT_MAGIC2B = 369367448, "magic2. Since Linux 2.1.97."
    LINUX_REBOOT_MAGIC2C = 537993216, "magic2. Since Linux 2.5.71."


class RebootCommand(DocumentedEnum):
    """What reboot does. Nothing is written to disk before: call sync, or lose what is not.

    In another than the initial pid namespace (since 3.4) the first four end that namespace
    instead: its init process is killed, and its parent sees SIGHUP for a restart, SIGINT for a
    stop; the others are refused. Since Linux 2.0 or earlier unless another version is named.
    """

    LINUX_REBOOT_CMD_RESTART = 0x01234567, "Restart."
    LINUX_REBOOT_CMD_HALT = 0xCDEF0123, "Stop, and leave the power on."
    LINUX_REBOOT_CMD_POWER_OFF = 0x4321FEDC, "Switch off; halt if that cannot be done. Since Linux 2.1.30."
    LINUX_REBOOT_CMD_RESTART2 = (
        0xA1B2C3D4,
        """Restart, with the string at arg for the firmware or boot loader. Since Linux 2.1.30.""",
    )
    LINUX_REBOOT_CMD_CAD_ON = 0x89ABCDEF, "Ctrl-Alt-Delete restarts at once."
    LINUX_REBOOT_CMD_CAD_OFF = (
        0x00000000,
        "Ctrl-Alt-Delete sends SIGINT to process 1, which may restart in order.",
    )
    LINUX_REBOOT_CMD_SW_SUSPEND = 0xD000FCE2, "Hibernate. Since Linux 2.5.18, if configured."
    LINUX_REBOOT_CMD_KEXEC = (
        0x45584543,
        """Start the kernel that kexec_load has loaded. Since Linux 2.6.13, if configured.""",
    )


class SyslogAction(DocumentedEnum):
    """What syslog does with the kernel's log: the call behind klogctl, no relation of the C
    library's syslog. SYSLOG_ACTION_READ_ALL and SYSLOG_ACTION_SIZE_BUFFER are open to all unless
    kernel.dmesg_restrict is set, the rest needs CAP_SYSLOG. Since Linux 2.0 or earlier unless
    another version is named.
    """

    SYSLOG_ACTION_CLOSE = 0, "Close the log: does nothing."
    SYSLOG_ACTION_OPEN = 1, "Open the log: does nothing."
    SYSLOG_ACTION_READ = (
        2,
        """Wait for messages and take them: each goes to one reader, once, as by /proc/kmsg.""",
    )
    SYSLOG_ACTION_READ_ALL = 3, "The last messages that fit, since the last clearing; they stay."
    SYSLOG_ACTION_READ_CLEAR = 4, "The same, and clear."
    SYSLOG_ACTION_CLEAR = 5, "Have SYSLOG_ACTION_READ_ALL begin here; nothing is deleted."
    SYSLOG_ACTION_CONSOLE_OFF = 6, "Only the gravest messages to the console."
    SYSLOG_ACTION_CONSOLE_ON = 7, "As before SYSLOG_ACTION_CONSOLE_OFF."
    SYSLOG_ACTION_CONSOLE_LEVEL = (
        8,
        """Messages graver than len, which is 1 to 8, to the console.""",
    )
    SYSLOG_ACTION_SIZE_UNREAD = 9, "How many bytes SYSLOG_ACTION_READ has to give. Since Linux 2.4.10."
    SYSLOG_ACTION_SIZE_BUFFER = 10, "The size of the buffer. Since Linux 2.6.6."


class Persona(DocumentedFlag):
    """What personality sets: a kind in the low byte (PER_*, one of them) and flags above.

    Children inherit it and execve keeps it, but clears READ_IMPLIES_EXEC, ADDR_NO_RANDOMIZE,
    ADDR_COMPAT_LAYOUT and MMAP_PAGE_ZERO for a program with set-user-id. personality(0xFFFFFFFF)
    asks without a change. The kinds of other systems did more when Linux ran their programs,
    until 4.1; of these the flags that come with them are left.
    """

    UNAME26 = 0x0020000, "uname says 2.6.(40+x) for 3.x, 2.6.(60+x) for 4.x and later. Since Linux 3.1."
    ADDR_NO_RANDOMIZE = (
        0x0040000,
        """Put stack, heap, libraries at the same addresses each time: takes effect at execve. For
        debuggers. Since Linux 2.6.12.""",
    )
    FDPIC_FUNCPTRS = (
        0x0080000,
        """Signal handlers are descriptors of functions, as FDPIC programs have them. Since Linux
        2.6.11.""",
    )
    MMAP_PAGE_ZERO = (
        0x0100000,
        """execve maps a page of zeros at address 0, as System V did: reading through NULL works.
        Since Linux 2.4.""",
    )
    ADDR_COMPAT_LAYOUT = 0x0200000, "Mappings go from low addresses up, as before 2.6.9. Since Linux 2.6.9."
    READ_IMPLIES_EXEC = 0x0400000, "mmap and mprotect add PROT_EXEC to PROT_READ. Since Linux 2.6.8."
    ADDR_LIMIT_32BIT = 0x0800000, "Addresses of 32 bits; looked at by 32-bit ARM only. Since Linux 2.2."
    SHORT_INODE = 0x1000000, "Inode numbers of 16 bits. Without effect. Since Linux 2.4."
    WHOLE_SECONDS = 0x2000000, "Times without a fraction. Without effect. Since Linux 1.2."
    STICKY_TIMEOUTS = (
        0x4000000,
        """select, pselect6 and ppoll leave the timeout as it was. Since Linux 1.2.""",
    )
    ADDR_LIMIT_3GB = (
        0x8000000,
        "3 gigabytes of addresses instead of 4 for a 32-bit program on x86-64. Since Linux 2.4.",
    )
    PER_LINUX = 0x0000, "Linux. Since Linux 1.2."
    PER_LINUX_32BIT = ADDR_LIMIT_32BIT
    PER_LINUX_FDPIC = FDPIC_FUNCPTRS
    PER_SVR4 = 0x4100001, "System V release 4: STICKY_TIMEOUTS, MMAP_PAGE_ZERO. Since Linux 1.2."
    PER_SVR3 = 0x5000002, "System V release 3: STICKY_TIMEOUTS, SHORT_INODE. Since Linux 1.2."
    PER_SCOSVR3 = 0x7000003, "SCO: STICKY_TIMEOUTS, WHOLE_SECONDS, SHORT_INODE. Since Linux 1.2."
    PER_OSR5 = 0x6000003, "SCO OpenServer 5: STICKY_TIMEOUTS, WHOLE_SECONDS. Since Linux 2.4."
    PER_WYSEV386 = 0x5000004, "Wyse System V/386: STICKY_TIMEOUTS, SHORT_INODE. Since Linux 1.2."
    PER_ISCR4 = 0x4000005, "Interactive Unix: STICKY_TIMEOUTS. Since Linux 1.2."
    PER_BSD = 0x0006, "BSD. Since Linux 1.2."
    PER_SUNOS = 0x4000006, "SunOS: PER_BSD with STICKY_TIMEOUTS. Since Linux 2.4."
    PER_XENIX = 0x5000007, "Xenix: STICKY_TIMEOUTS, SHORT_INODE. Since Linux 1.2."
    PER_LINUX32 = (
        0x0008,
        """A 32-bit machine: uname's machine says so (i686 on x86-64), as setarch uses it. Since
        Linux 2.2.""",
    )
    PER_LINUX32_3GB = 0x8000008, "PER_LINUX32 with ADDR_LIMIT_3GB. Since Linux 2.4."
    PER_IRIX32 = 0x4000009, "IRIX 5: STICKY_TIMEOUTS. Since Linux 2.2."
    PER_IRIXN32 = 0x400000A, "IRIX 6, new 32-bit: STICKY_TIMEOUTS. Since Linux 2.2."
    PER_IRIX64 = 0x400000B, "IRIX 6, 64-bit: STICKY_TIMEOUTS. Since Linux 2.2."
    PER_RISCOS = 0x000C, "RISC OS. Since Linux 2.4."
    PER_SOLARIS = 0x400000D, "Solaris: STICKY_TIMEOUTS. Since Linux 2.4."
    PER_UW7 = 0x410000E, "UnixWare 7: STICKY_TIMEOUTS, MMAP_PAGE_ZERO. Since Linux 2.4."
    PER_OSF4 = 0x000F, "OSF/1 4. Since Linux 2.4."
    PER_HPUX = 0x0010, "HP-UX. Since Linux 2.4."


class BpfCommand(DocumentedEnum):
    """The command of bpf; each has a part of union bpf_attr to itself. Many need CAP_BPF, and
    without it are refused with EPERM where kernel.unprivileged_bpf_disabled says so.
    """

    BPF_MAP_CREATE = 0, "Make a map, return its descriptor. Since Linux 3.18."
    BPF_MAP_LOOKUP_ELEM = 1, "Read an element of a map by its key. Since Linux 3.18."
    BPF_MAP_UPDATE_ELEM = 2, "Add or replace an element. Since Linux 3.18."
    BPF_MAP_DELETE_ELEM = 3, "Delete an element; EINVAL for an array, whose elements stay. Since Linux 3.18."
    BPF_MAP_GET_NEXT_KEY = 4, "The key after a key, or the first. ENOENT after the last. Since Linux 3.18."
    BPF_PROG_LOAD = (
        5,
        """Verify a program and load it, return its descriptor. Why it was refused is in the log the
        caller provides. Since Linux 3.18.""",
    )
    BPF_OBJ_PIN = (
        6,
        "Give a map, program or link a path in a bpf file system, where it outlives us. Since Linux 4.4.",
    )
    BPF_OBJ_GET = 7, "Open what has such a path. Since Linux 4.4."
    BPF_PROG_ATTACH = 8, "Attach a program to a cgroup, socket map or other hook. Since Linux 4.10."
    BPF_PROG_DETACH = 9, "Undo BPF_PROG_ATTACH. Since Linux 4.10."
    BPF_PROG_TEST_RUN = (
        10,
        "Run a program on the caller's data, return its result and time. Since Linux 4.12.",
    )
    BPF_PROG_RUN = BPF_PROG_TEST_RUN
    BPF_PROG_GET_NEXT_ID = 11, "The id of the next program in the system. Since Linux 4.13."
    BPF_MAP_GET_NEXT_ID = 12, "The id of the next map. Since Linux 4.13."
    BPF_PROG_GET_FD_BY_ID = 13, "Open a program by its id. Since Linux 4.13."
    BPF_MAP_GET_FD_BY_ID = 14, "Open a map by its id. Since Linux 4.13."
    BPF_OBJ_GET_INFO_BY_FD = (
        15,
        "What is known of a program, map, type information or link. Since Linux 4.13.",
    )
    BPF_PROG_QUERY = 16, "Which programs are attached to a hook. Since Linux 4.15."
    BPF_RAW_TRACEPOINT_OPEN = (
        17,
        "Attach a program to a tracepoint, until the descriptor is closed. Since Linux 4.17.",
    )
    BPF_BTF_LOAD = 18, "Load type information (BTF), return its descriptor. Since Linux 4.18."
    BPF_BTF_GET_FD_BY_ID = 19, "Open type information by its id. Since Linux 4.18."
    BPF_TASK_FD_QUERY = 20, "Which program is behind a descriptor of another process. Since Linux 4.18."
    BPF_MAP_LOOKUP_AND_DELETE_ELEM = (
        21,
        "Read an element and delete it: queues, stacks, hashes. Since Linux 4.20.",
    )
    BPF_MAP_FREEZE = 22, "Let the map no longer be changed from user space. Since Linux 5.2."
    BPF_BTF_GET_NEXT_ID = 23, "The id of the next type information. Since Linux 5.4."
    BPF_MAP_LOOKUP_BATCH = 24, "Read many elements. Since Linux 5.6."
    BPF_MAP_LOOKUP_AND_DELETE_BATCH = 25, "Read many elements and delete them. Since Linux 5.6."
    BPF_MAP_UPDATE_BATCH = 26, "Add or replace many elements. Since Linux 5.6."
    BPF_MAP_DELETE_BATCH = 27, "Delete many elements. Since Linux 5.6."
    BPF_LINK_CREATE = 28, "Attach a program, until the link's descriptor and pins are gone. Since Linux 5.7."
    BPF_LINK_UPDATE = 29, "Put another program behind a link. Since Linux 5.7."
    BPF_LINK_GET_FD_BY_ID = 30, "Open a link by its id. Since Linux 5.8."
    BPF_LINK_GET_NEXT_ID = 31, "The id of the next link. Since Linux 5.8."
    BPF_ENABLE_STATS = (
        32,
        "Count runs and time of all programs, until the descriptor is closed. Since Linux 5.8.",
    )
    BPF_ITER_CREATE = 33, "A descriptor whose reading runs an iterating program. Since Linux 5.8."
    BPF_LINK_DETACH = 34, "Detach what is behind a link; the link remains, defunct. Since Linux 5.9."
    BPF_PROG_BIND_MAP = 35, "Keep a map alive as long as a program that does not use it. Since Linux 5.10."
    BPF_TOKEN_CREATE = (
        36,
        """A token that lets a user namespace use what its bpf file system delegates. Since Linux
        6.9.""",
    )
    BPF_PROG_STREAM_READ_BY_FD = 37, "Read what a program has printed to a stream. Since Linux 6.17."
    BPF_PROG_ASSOC_STRUCT_OPS = 38, "Associate a program with a map of struct_ops. Since Linux 7.0."
    BPF_COMMON_ATTRS = (
        1 << 16,
        """No command: added to one, says that the fourth and fifth argument are a bpf_common_attr
        and its size. Since Linux 7.2.""",
    )


class BpfMapType(DocumentedEnum):
    """The map_type of BPF_MAP_CREATE."""

    BPF_MAP_TYPE_UNSPEC = 0, "None; refused. Since Linux 3.18."
    BPF_MAP_TYPE_HASH = 1, "Keys and values. Since Linux 3.19."
    BPF_MAP_TYPE_ARRAY = 2, "Values by number, all of them there from the start. Since Linux 3.19."
    BPF_MAP_TYPE_PROG_ARRAY = 3, "Programs, for tail calls. Since Linux 4.2."
    BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4, "Perf events, to count or to send samples. Since Linux 4.3."
    BPF_MAP_TYPE_PERCPU_HASH = 5, "A hash with a value for each processor. Since Linux 4.6."
    BPF_MAP_TYPE_PERCPU_ARRAY = 6, "An array with a value for each processor. Since Linux 4.6."
    BPF_MAP_TYPE_STACK_TRACE = 7, "Stacks by their hash. Since Linux 4.6."
    BPF_MAP_TYPE_CGROUP_ARRAY = 8, "Cgroups, to ask whether one is within. Since Linux 4.8."
    BPF_MAP_TYPE_LRU_HASH = 9, "A hash that drops what was not used for long. Since Linux 4.10."
    BPF_MAP_TYPE_LRU_PERCPU_HASH = 10, "The same with a value for each processor. Since Linux 4.10."
    BPF_MAP_TYPE_LPM_TRIE = 11, "Values by the longest matching prefix: routes. Since Linux 4.11."
    BPF_MAP_TYPE_ARRAY_OF_MAPS = 12, "An array of maps. Since Linux 4.12."
    BPF_MAP_TYPE_HASH_OF_MAPS = 13, "A hash of maps. Since Linux 4.12."
    BPF_MAP_TYPE_DEVMAP = 14, "Network devices, for XDP to redirect to. Since Linux 4.14."
    BPF_MAP_TYPE_SOCKMAP = 15, "Sockets by number, to redirect data between. Since Linux 4.14."
    BPF_MAP_TYPE_CPUMAP = 16, "Processors, for XDP to redirect to. Since Linux 4.15."
    BPF_MAP_TYPE_XSKMAP = 17, "AF_XDP sockets, for XDP to redirect to. Since Linux 4.18."
    BPF_MAP_TYPE_SOCKHASH = 18, "Sockets by key. Since Linux 4.18."
    BPF_MAP_TYPE_CGROUP_STORAGE_DEPRECATED = (
        19,
        """A value for each cgroup a program is attached to; BPF_MAP_TYPE_CGRP_STORAGE is for all.
        Since Linux 4.19, under this name since 6.2.""",
    )
    BPF_MAP_TYPE_CGROUP_STORAGE = BPF_MAP_TYPE_CGROUP_STORAGE_DEPRECATED
    BPF_MAP_TYPE_REUSEPORT_SOCKARRAY = 20, "Sockets with SO_REUSEPORT, to choose one. Since Linux 4.19."
    BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE_DEPRECATED = (
        21,
        """BPF_MAP_TYPE_CGROUP_STORAGE with a value for each processor. Since Linux 4.20, under this
        name since 6.7.""",
    )
    BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE = BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE_DEPRECATED
    BPF_MAP_TYPE_QUEUE = 22, "First in, first out; no keys. Since Linux 4.20."
    BPF_MAP_TYPE_STACK = 23, "Last in, first out; no keys. Since Linux 4.20."
    BPF_MAP_TYPE_SK_STORAGE = 24, "A value for each socket. Since Linux 5.2."
    BPF_MAP_TYPE_DEVMAP_HASH = 25, "Network devices by key. Since Linux 5.4."
    BPF_MAP_TYPE_STRUCT_OPS = 26, "The functions of a part of the kernel, as programs. Since Linux 5.6."
    BPF_MAP_TYPE_RINGBUF = 27, "A ring from programs to user space. Since Linux 5.8."
    BPF_MAP_TYPE_INODE_STORAGE = 28, "A value for each inode. Since Linux 5.10."
    BPF_MAP_TYPE_TASK_STORAGE = 29, "A value for each thread. Since Linux 5.11."
    BPF_MAP_TYPE_BLOOM_FILTER = 30, "Surely not in, or perhaps in. Since Linux 5.16."
    BPF_MAP_TYPE_USER_RINGBUF = 31, "A ring from user space to programs. Since Linux 6.1."
    BPF_MAP_TYPE_CGRP_STORAGE = 32, "A value for each cgroup. Since Linux 6.2."
    BPF_MAP_TYPE_ARENA = 33, "Memory shared by a program and user space, with pointers. Since Linux 6.9."
    BPF_MAP_TYPE_INSN_ARRAY = 34, "Places in a program, for indirect jumps. Since Linux 6.19."
    BPF_MAP_TYPE_RHASH = 35, "A hash that grows and shrinks. Since Linux 7.2."


class BpfProgType(DocumentedEnum):
    """The prog_type of BPF_PROG_LOAD: where the program may be attached, and what it may call."""

    BPF_PROG_TYPE_UNSPEC = 0, "None; refused. Since Linux 3.18."
    BPF_PROG_TYPE_SOCKET_FILTER = 1, "Which packets a socket gets. Since Linux 3.19."
    BPF_PROG_TYPE_KPROBE = 2, "Probes of kernel and user functions. Since Linux 4.1."
    BPF_PROG_TYPE_SCHED_CLS = 3, "Classifying packets in traffic control. Since Linux 4.1."
    BPF_PROG_TYPE_SCHED_ACT = 4, "Actions of traffic control. Since Linux 4.1."
    BPF_PROG_TYPE_TRACEPOINT = 5, "Tracepoints. Since Linux 4.7."
    BPF_PROG_TYPE_XDP = 6, "Packets as the driver receives them. Since Linux 4.8."
    BPF_PROG_TYPE_PERF_EVENT = 7, "Samples of perf events. Since Linux 4.9."
    BPF_PROG_TYPE_CGROUP_SKB = 8, "Packets from and to a cgroup. Since Linux 4.10."
    BPF_PROG_TYPE_CGROUP_SOCK = 9, "Sockets made in a cgroup. Since Linux 4.10."
    BPF_PROG_TYPE_LWT_IN = 10, "Packets that came through a lightweight tunnel. Since Linux 4.10."
    BPF_PROG_TYPE_LWT_OUT = 11, "Packets that go into one. Since Linux 4.10."
    BPF_PROG_TYPE_LWT_XMIT = 12, "The same, and change them. Since Linux 4.10."
    BPF_PROG_TYPE_SOCK_OPS = 13, "TCP connections of a cgroup, as their state changes. Since Linux 4.13."
    BPF_PROG_TYPE_SK_SKB = 14, "Data received by sockets of a map. Since Linux 4.14."
    BPF_PROG_TYPE_CGROUP_DEVICE = 15, "Which devices a cgroup may use. Since Linux 4.15."
    BPF_PROG_TYPE_SK_MSG = 16, "Data sent by sockets of a map. Since Linux 4.17."
    BPF_PROG_TYPE_RAW_TRACEPOINT = 17, "Tracepoints with their raw arguments. Since Linux 4.17."
    BPF_PROG_TYPE_CGROUP_SOCK_ADDR = (
        18,
        "Addresses that a cgroup binds, connects and sends to. Since Linux 4.17.",
    )
    BPF_PROG_TYPE_LWT_SEG6LOCAL = 19, "Segment routing of IPv6. Since Linux 4.18."
    BPF_PROG_TYPE_LIRC_MODE2 = 20, "Decoding infrared remote controls. Since Linux 4.18."
    BPF_PROG_TYPE_SK_REUSEPORT = 21, "Which socket of a SO_REUSEPORT group gets it. Since Linux 4.19."
    BPF_PROG_TYPE_FLOW_DISSECTOR = 22, "Finding what flow a packet belongs to. Since Linux 4.20."
    BPF_PROG_TYPE_CGROUP_SYSCTL = 23, "Sysctls that a cgroup reads and writes. Since Linux 5.2."
    BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE = 24, "Raw tracepoints, and change their buffer. Since Linux 5.2."
    BPF_PROG_TYPE_CGROUP_SOCKOPT = 25, "getsockopt and setsockopt in a cgroup. Since Linux 5.3."
    BPF_PROG_TYPE_TRACING = 26, "Entry and exit of kernel functions, iterators. Since Linux 5.5."
    BPF_PROG_TYPE_STRUCT_OPS = 27, "A function of a BPF_MAP_TYPE_STRUCT_OPS map. Since Linux 5.6."
    BPF_PROG_TYPE_EXT = 28, "In the place of a function of another program. Since Linux 5.6."
    BPF_PROG_TYPE_LSM = 29, "Security hooks. Since Linux 5.7."
    BPF_PROG_TYPE_SK_LOOKUP = 30, "Which socket gets a new connection. Since Linux 5.9."
    BPF_PROG_TYPE_SYSCALL = 31, "Run by BPF_PROG_RUN, and may call bpf itself. Since Linux 5.14."
    BPF_PROG_TYPE_NETFILTER = 32, "Hooks of netfilter. Since Linux 6.4."


class PerfFlags(DocumentedFlag):
    """The flags of perf_event_open."""

    PERF_FLAG_FD_NO_GROUP = (
        1 << 0,
        """group_fd makes no group: with PERF_FLAG_FD_OUTPUT it only says where samples go. Since
        Linux 2.6.32.""",
    )
    PERF_FLAG_FD_OUTPUT = 1 << 1, "Write the samples into the buffer of group_fd. Since Linux 2.6.32."
    PERF_FLAG_PID_CGROUP = (
        1 << 2,
        """pid is a descriptor of a cgroup's directory: count its threads, on one processor. Since
        Linux 2.6.39.""",
    )
    PERF_FLAG_FD_CLOEXEC = 1 << 3, "Close the descriptor at an execve. Since Linux 3.14."


class PerfType(DocumentedEnum):
    """The type of a perf_event_attr, which says what config means. Further types are found in
    /sys/bus/event_source/devices/*/type. Since Linux 2.6.31 unless another version is named.
    """

    PERF_TYPE_HARDWARE = 0, "One of PerfHardwareEvent; the upper 32 bits may name a unit (since 5.13)."
    PERF_TYPE_SOFTWARE = 1, "One of PerfSoftwareEvent."
    PERF_TYPE_TRACEPOINT = 2, "The number in the file id of a tracepoint below tracefs."
    PERF_TYPE_HW_CACHE = 3, "PerfCache, plus PerfCacheOperation << 8, plus PerfCacheResult << 16."
    PERF_TYPE_RAW = 4, "What the processor's manual says."
    PERF_TYPE_BREAKPOINT = 5, "A breakpoint of the processor: bp_type, bp_addr, bp_len. Since Linux 2.6.33."


class PerfHardwareEvent(DocumentedEnum):
    """config of a perf_event_attr with PERF_TYPE_HARDWARE. Since Linux 2.6.31 unless another
    version is named.
    """

    PERF_COUNT_HW_CPU_CYCLES = 0, "Cycles, of a clock that may vary."
    PERF_COUNT_HW_INSTRUCTIONS = 1, "Instructions that were completed."
    PERF_COUNT_HW_CACHE_REFERENCES = 2, "Accesses to a cache, mostly the last."
    PERF_COUNT_HW_CACHE_MISSES = 3, "Those of them that missed."
    PERF_COUNT_HW_BRANCH_INSTRUCTIONS = 4, "Branches that were completed."
    PERF_COUNT_HW_BRANCH_MISSES = 5, "Branches that were predicted wrong."
    PERF_COUNT_HW_BUS_CYCLES = 6, "Cycles of the bus."
    PERF_COUNT_HW_STALLED_CYCLES_FRONTEND = 7, "Cycles in which nothing could be issued. Since Linux 3.0."
    PERF_COUNT_HW_STALLED_CYCLES_BACKEND = 8, "Cycles in which nothing could be completed. Since Linux 3.0."
    PERF_COUNT_HW_REF_CPU_CYCLES = 9, "Cycles of a clock that does not vary. Since Linux 3.3."


class PerfSoftwareEvent(DocumentedEnum):
    """config of a perf_event_attr with PERF_TYPE_SOFTWARE. Since Linux 2.6.31 unless another
    version is named.
    """

    PERF_COUNT_SW_CPU_CLOCK = 0, "Time of the processor, in nanoseconds."
    PERF_COUNT_SW_TASK_CLOCK = 1, "Time of the thread, in nanoseconds."
    PERF_COUNT_SW_PAGE_FAULTS = 2, "Page faults."
    PERF_COUNT_SW_CONTEXT_SWITCHES = 3, "Switches to another thread."
    PERF_COUNT_SW_CPU_MIGRATIONS = 4, "Moves to another processor."
    PERF_COUNT_SW_PAGE_FAULTS_MIN = 5, "Page faults that needed no reading."
    PERF_COUNT_SW_PAGE_FAULTS_MAJ = 6, "Page faults that did."
    PERF_COUNT_SW_ALIGNMENT_FAULTS = 7, "Misaligned accesses that the kernel handled. Since Linux 2.6.33."
    PERF_COUNT_SW_EMULATION_FAULTS = 8, "Instructions that the kernel emulated. Since Linux 2.6.33."
    PERF_COUNT_SW_DUMMY = 9, "Nothing: for the side records, such as those of mmap. Since Linux 3.12."
    PERF_COUNT_SW_BPF_OUTPUT = 10, "What a BPF program writes. Since Linux 4.4."
    PERF_COUNT_SW_CGROUP_SWITCHES = 11, "Switches to a thread of another cgroup. Since Linux 5.13."


class PerfCache(DocumentedEnum):
    """Which cache: a part of config with PERF_TYPE_HW_CACHE. Since Linux 2.6.31 unless another version
    is named.
    """

    PERF_COUNT_HW_CACHE_L1D = 0, "The first level, data."
    PERF_COUNT_HW_CACHE_L1I = 1, "The first level, instructions."
    PERF_COUNT_HW_CACHE_LL = 2, "The last level."
    PERF_COUNT_HW_CACHE_DTLB = 3, "Translations of addresses of data."
    PERF_COUNT_HW_CACHE_ITLB = 4, "Translations of addresses of instructions."
    PERF_COUNT_HW_CACHE_BPU = 5, "Predictions of branches."
    PERF_COUNT_HW_CACHE_NODE = 6, "Memory, of this node or another. Since Linux 3.1."


class PerfCacheOperation(DocumentedEnum):
    """What is done to the cache: a part of config with PERF_TYPE_HW_CACHE. Since Linux 2.6.31."""

    PERF_COUNT_HW_CACHE_OP_READ = 0, "Reading."
    PERF_COUNT_HW_CACHE_OP_WRITE = 1, "Writing."
    PERF_COUNT_HW_CACHE_OP_PREFETCH = 2, "Reading ahead."


class PerfCacheResult(DocumentedEnum):
    """With what result: a part of config with PERF_TYPE_HW_CACHE. Since Linux 2.6.31."""

    PERF_COUNT_HW_CACHE_RESULT_ACCESS = 0, "Any: all accesses."
    PERF_COUNT_HW_CACHE_RESULT_MISS = 1, "Those that missed."


class PerfSampleFormat(DocumentedFlag):
    """What a sample contains: sample_type of a perf_event_attr. Since Linux 2.6.31 unless another
    version is named. The order in a record is not that of the bits: linux/perf_event.h has it, at
    PERF_RECORD_SAMPLE.
    """

    PERF_SAMPLE_IP = 1 << 0, "The address of the instruction."
    PERF_SAMPLE_TID = 1 << 1, "Process and thread id."
    PERF_SAMPLE_TIME = 1 << 2, "The time."
    PERF_SAMPLE_ADDR = 1 << 3, "An address the event is about, where there is one."
    PERF_SAMPLE_READ = 1 << 4, "The counters, as PerfReadFormat says."
    PERF_SAMPLE_CALLCHAIN = 1 << 5, "The return addresses on the stack."
    PERF_SAMPLE_ID = 1 << 6, "The id of the group's leader."
    PERF_SAMPLE_CPU = 1 << 7, "The processor."
    PERF_SAMPLE_PERIOD = 1 << 8, "The period, which varies where a frequency was asked for."
    PERF_SAMPLE_STREAM_ID = 1 << 9, "The id of the event itself."
    PERF_SAMPLE_RAW = 1 << 10, "Data of the event, such as the fields of a tracepoint."
    PERF_SAMPLE_BRANCH_STACK = 1 << 11, "The last branches, chosen by PerfBranchSample. Since Linux 3.4."
    PERF_SAMPLE_REGS_USER = (
        1 << 12,
        "Registers of the user code, chosen by sample_regs_user. Since Linux 3.7.",
    )
    PERF_SAMPLE_STACK_USER = 1 << 13, "sample_stack_user bytes of the user stack. Since Linux 3.7."
    PERF_SAMPLE_WEIGHT = 1 << 14, "What the event cost, mostly a latency. Since Linux 3.10."
    PERF_SAMPLE_DATA_SRC = 1 << 15, "Where in the hierarchy of memory the data was. Since Linux 3.10."
    PERF_SAMPLE_IDENTIFIER = 1 << 16, "PERF_SAMPLE_ID at a fixed place in every record. Since Linux 3.12."
    PERF_SAMPLE_TRANSACTION = 1 << 17, "How a memory transaction was aborted. Since Linux 3.13."
    PERF_SAMPLE_REGS_INTR = (
        1 << 18,
        "Registers at the interrupt, chosen by sample_regs_intr. Since Linux 3.19.",
    )
    PERF_SAMPLE_PHYS_ADDR = 1 << 19, "The physical address of PERF_SAMPLE_ADDR; privileged. Since Linux 4.14."
    PERF_SAMPLE_AUX = 1 << 20, "A piece of the AUX buffer, aux_sample_size long. Since Linux 5.5."
    PERF_SAMPLE_CGROUP = 1 << 21, "The id of the cgroup. Since Linux 5.7."
    PERF_SAMPLE_DATA_PAGE_SIZE = 1 << 22, "The size of the data's page. Since Linux 5.11."
    PERF_SAMPLE_CODE_PAGE_SIZE = 1 << 23, "The size of the code's page. Since Linux 5.11."
    PERF_SAMPLE_WEIGHT_STRUCT = (
        1 << 24,
        """The weight in three parts. Excludes PERF_SAMPLE_WEIGHT. Since Linux 5.12.""",
    )


class PerfReadFormat(DocumentedFlag):
    """What a read of the descriptor returns besides the counter: read_format of a perf_event_attr.
    Since Linux 2.6.31 unless another version is named.
    """

    PERF_FORMAT_TOTAL_TIME_ENABLED = 1 << 0, "How long the event was enabled, in nanoseconds."
    PERF_FORMAT_TOTAL_TIME_RUNNING = (
        1 << 1,
        """How long it was counted; less if there were more events than counters, whose values then
        want scaling.""",
    )
    PERF_FORMAT_ID = 1 << 2, "The id of the event, as in samples."
    PERF_FORMAT_GROUP = 1 << 3, "All events of the group at once."
    PERF_FORMAT_LOST = 1 << 4, "How many samples were lost. Since Linux 6.0."


class PerfBranchSample(DocumentedFlag):
    """Which branches PERF_SAMPLE_BRANCH_STACK records: branch_sample_type of a perf_event_attr, at
    least one of the kinds. Without one of the first three, at the levels of the event. Since
    Linux 3.4 unless another version is named.
    """

    PERF_SAMPLE_BRANCH_USER = 1 << 0, "To user code."
    PERF_SAMPLE_BRANCH_KERNEL = 1 << 1, "To the kernel."
    PERF_SAMPLE_BRANCH_HV = 1 << 2, "To the hypervisor."
    PERF_SAMPLE_BRANCH_ANY = 1 << 3, "Of any kind."
    PERF_SAMPLE_BRANCH_ANY_CALL = 1 << 4, "Calls, direct and indirect."
    PERF_SAMPLE_BRANCH_ANY_RETURN = 1 << 5, "Returns."
    PERF_SAMPLE_BRANCH_IND_CALL = 1 << 6, "Indirect calls."
    PERF_SAMPLE_BRANCH_ABORT_TX = 1 << 7, "Aborts of memory transactions. Since Linux 3.11."
    PERF_SAMPLE_BRANCH_IN_TX = 1 << 8, "In a transaction. Since Linux 3.11."
    PERF_SAMPLE_BRANCH_NO_TX = 1 << 9, "Not in a transaction. Since Linux 3.11."
    PERF_SAMPLE_BRANCH_COND = 1 << 10, "Conditional branches. Since Linux 3.16."
    PERF_SAMPLE_BRANCH_CALL_STACK = 1 << 11, "The calls that have not returned. Since Linux 4.1."
    PERF_SAMPLE_BRANCH_IND_JUMP = 1 << 12, "Indirect jumps. Since Linux 4.2."
    PERF_SAMPLE_BRANCH_CALL = 1 << 13, "Direct calls. Since Linux 4.4."
    PERF_SAMPLE_BRANCH_NO_FLAGS = 1 << 14, "Leave out whether the prediction was right. Since Linux 4.5."
    PERF_SAMPLE_BRANCH_NO_CYCLES = 1 << 15, "Leave out the cycles. Since Linux 4.5."
    PERF_SAMPLE_BRANCH_TYPE_SAVE = 1 << 16, "Record the kind of each branch. Since Linux 4.14."
    PERF_SAMPLE_BRANCH_HW_INDEX = 1 << 17, "Record the place in the processor's list. Since Linux 5.7."
    PERF_SAMPLE_BRANCH_PRIV_SAVE = 1 << 18, "Record the level it went to. Since Linux 6.1."
    PERF_SAMPLE_BRANCH_COUNTERS = 1 << 19, "Record how often events came in between. Since Linux 6.8."


class Securebits(DocumentedFlag):
    """The bits of PR_SET_SECUREBITS: what root is without capabilities. Each has a lock, for good.
    Since Linux 2.6.26 unless another version is named.
    """

    SECBIT_NOROOT = 1 << 0, "User id 0 brings no capabilities at an execve."
    SECBIT_NOROOT_LOCKED = 1 << 1, "SECBIT_NOROOT stays as it is."
    SECBIT_NO_SETUID_FIXUP = (
        1 << 2,
        "A change of user ids between 0 and others leaves the capabilities alone.",
    )
    SECBIT_NO_SETUID_FIXUP_LOCKED = 1 << 3, "SECBIT_NO_SETUID_FIXUP stays as it is."
    SECBIT_KEEP_CAPS = (
        1 << 4,
        """The permitted capabilities outlive the change of all user ids from 0 to others. An execve
        clears it.""",
    )
    SECBIT_KEEP_CAPS_LOCKED = 1 << 5, "SECBIT_KEEP_CAPS stays as it is."
    SECBIT_NO_CAP_AMBIENT_RAISE = 1 << 6, "PR_CAP_AMBIENT_RAISE is refused. Since Linux 4.3."
    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED = (
        1 << 7,
        "SECBIT_NO_CAP_AMBIENT_RAISE stays as it is. Since Linux 4.3.",
    )
    SECBIT_EXEC_RESTRICT_FILE = (
        1 << 8,
        "Interpreters should run only files that execveat with AT_EXECVE_CHECK allows. Since Linux 6.14.",
    )
    SECBIT_EXEC_RESTRICT_FILE_LOCKED = 1 << 9, "SECBIT_EXEC_RESTRICT_FILE stays as it is. Since Linux 6.14."
    SECBIT_EXEC_DENY_INTERACTIVE = (
        1 << 10,
        "Interpreters should take no commands but from files. Since Linux 6.14.",
    )
    SECBIT_EXEC_DENY_INTERACTIVE_LOCKED = (
        1 << 11,
        "SECBIT_EXEC_DENY_INTERACTIVE stays as it is. Since Linux 6.14.",
    )


class SeccompResponseFlags(DocumentedFlag):
    """The flags of a seccomp_notif_resp, the answer of a supervisor."""

    SECCOMP_USER_NOTIF_FLAG_CONTINUE = (
        1 << 0,
        """Make the call after all. The arguments behind pointers may have changed since they were looked
        at. Since Linux 5.5.""",
    )


class SeccompListenerFlags(DocumentedFlag):
    """What SECCOMP_IOCTL_NOTIF_SET_FLAGS sets."""

    SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = (
        1 << 0,
        "Supervisor and caller wake each other on the same processor. Since Linux 6.6.",
    )


class SeccompAddfdFlags(DocumentedFlag):
    """The flags of a seccomp_notif_addfd."""

    SECCOMP_ADDFD_FLAG_SETFD = (
        1 << 0,
        "Put the descriptor at the number newfd, closing what is there. Since Linux 5.9.",
    )
    SECCOMP_ADDFD_FLAG_SEND = (
        1 << 1,
        "Make the number the result of the call as well, in one step. Since Linux 5.14.",
    )


class BpfElementFlags(DocumentedFlag):
    """The flags of commands for elements of a map. BPF_F_CPU has the processor in the upper 32 bits."""

    BPF_ANY = 0, "Make the element, or replace its value. Since Linux 3.19."
    BPF_NOEXIST = 1, "Fail with EEXIST if there is an element with the key. Since Linux 3.19."
    BPF_EXIST = 2, "Fail with ENOENT if there is none. Since Linux 3.19."
    BPF_F_LOCK = (
        4,
        "Hold the lock in the value while it is copied, so that no reader sees a part. Since Linux 5.1.",
    )
    BPF_F_CPU = 8, "Only the value of one processor, of a map with a value for each. Since Linux 7.0."
    BPF_F_ALL_CPUS = 16, "Give the values of all processors the same content. Since Linux 7.0."


class BpfMapFlags(DocumentedFlag):
    """The flags of a new map; BPF_OBJ_GET and BPF_MAP_GET_FD_BY_ID take those about reading and writing."""

    BPF_F_NO_PREALLOC = (
        1 << 0,
        "Allocate elements when they are made, and not all at the beginning. Since Linux 4.6.",
    )
    BPF_F_NO_COMMON_LRU = (
        1 << 1,
        "Each processor has its own list of what was used last: faster, less exact. Since Linux 4.10.",
    )
    BPF_F_NUMA_NODE = 1 << 2, "numa_node says where the memory comes from. Since Linux 4.14."
    BPF_F_RDONLY = 1 << 3, "The descriptor cannot change the map. Since Linux 4.15."
    BPF_F_WRONLY = 1 << 4, "The descriptor cannot read the map. Since Linux 4.15."
    BPF_F_STACK_BUILD_ID = 1 << 5, "Stacks are build ids and offsets, and not addresses. Since Linux 4.17."
    BPF_F_ZERO_SEED = 1 << 6, "Hashes begin with 0, for tests: they can be foreseen. Since Linux 5.0."
    BPF_F_RDONLY_PROG = 1 << 7, "Programs cannot change the map. Since Linux 5.2."
    BPF_F_WRONLY_PROG = 1 << 8, "Programs cannot read the map. Since Linux 5.2."
    BPF_F_CLONE = 1 << 9, "What is stored for a socket is copied to those that it accepts. Since Linux 5.4."
    BPF_F_MMAPABLE = 1 << 10, "mmap of the descriptor maps the values. Since Linux 5.5."
    BPF_F_PRESERVE_ELEMS = (
        1 << 11,
        "Perf events stay in the map when the descriptor that put them there is closed. Since Linux 5.10.",
    )
    BPF_F_INNER_MAP = 1 << 12, "Arrays in a map of maps may have different sizes. Since Linux 5.10."
    BPF_F_LINK = 1 << 13, "A map of struct_ops is put into effect by a link. Since Linux 6.4."
    BPF_F_PATH_FD = 1 << 14, "path_fd is what a relative path begins at. Since Linux 6.5."
    BPF_F_VTYPE_BTF_OBJ_FD = 1 << 15, "value_type_btf_obj_fd says whose types the value has. Since Linux 6.9."
    BPF_F_TOKEN_FD = 1 << 16, "A token gives the rights. Since Linux 6.9."
    BPF_F_SEGV_ON_FAULT = (
        1 << 17,
        "A page of an arena that is not there is SIGSEGV, and is not made. Since Linux 6.9.",
    )
    BPF_F_NO_USER_CONV = 1 << 18, "Pointers in an arena are not translated for user space. Since Linux 6.9."
    BPF_F_RB_OVERWRITE = (
        1 << 19,
        "A full ring buffer loses its oldest records, and not the new ones. Since Linux 6.19.",
    )


class PerfIocFlags(DocumentedFlag):
    """The argument of the perf requests that enable, disable and reset."""

    PERF_IOC_FLAG_GROUP = 1 << 0, "All events of the group, not only this one. Since Linux 2.6.31."


class HwBreakpointType(DocumentedFlag):
    """What a breakpoint in hardware stops at: bp_type of a perf_event_attr. Since Linux 2.6.33."""

    HW_BREAKPOINT_EMPTY = 0, "Nothing."
    HW_BREAKPOINT_R = 1, "Reads."
    HW_BREAKPOINT_W = 2, "Writes."
    HW_BREAKPOINT_RW = 3, "Reads and writes. x86 has it for reads, too."
    HW_BREAKPOINT_X = 4, "Execution. bp_len is sizeof(long) then."


class HwBreakpointLength(DocumentedEnum):
    """How many bytes a breakpoint in hardware watches: bp_len of a perf_event_attr. Since Linux 2.6.33
    unless another version is named.
    """

    HW_BREAKPOINT_LEN_1 = 1, "One byte."
    HW_BREAKPOINT_LEN_2 = 2, "Two bytes."
    HW_BREAKPOINT_LEN_3 = 3, "Three bytes. Since Linux 4.10."
    HW_BREAKPOINT_LEN_4 = 4, "Four bytes."
    HW_BREAKPOINT_LEN_5 = 5, "Five bytes. Since Linux 4.10."
    HW_BREAKPOINT_LEN_6 = 6, "Six bytes. Since Linux 4.10."
    HW_BREAKPOINT_LEN_7 = 7, "Seven bytes. Since Linux 4.10."
    HW_BREAKPOINT_LEN_8 = 8, "Eight bytes."


class KeyctlCapabilities(DocumentedFlag):
    """What the kernel can do with keys: the first byte that KEYCTL_CAPABILITIES stores. Since Linux 5.3."""

    KEYCTL_CAPS0_CAPABILITIES = 0x01, "KEYCTL_CAPABILITIES."
    KEYCTL_CAPS0_PERSISTENT_KEYRINGS = 0x02, "Keyrings that outlive the sessions of a user."
    KEYCTL_CAPS0_DIFFIE_HELLMAN = 0x04, "KEYCTL_DH_COMPUTE."
    KEYCTL_CAPS0_PUBLIC_KEY = 0x08, "The operations with public keys."
    KEYCTL_CAPS0_BIG_KEY = 0x10, "Keys of the type big_key."
    KEYCTL_CAPS0_INVALIDATE = 0x20, "KEYCTL_INVALIDATE."
    KEYCTL_CAPS0_RESTRICT_KEYRING = 0x40, "KEYCTL_RESTRICT_KEYRING."
    KEYCTL_CAPS0_MOVE = 0x80, "KEYCTL_MOVE."


class KeyctlCapabilities1(DocumentedFlag):
    """The second byte that KEYCTL_CAPABILITIES stores. Since Linux 5.3 unless another version is named."""

    KEYCTL_CAPS1_NS_KEYRING_NAME = 0x01, "Each user namespace has names of keyrings of its own."
    KEYCTL_CAPS1_NS_KEY_TAG = 0x02, "Keys can belong to a network namespace."
    KEYCTL_CAPS1_NOTIFICATIONS = 0x04, "KEYCTL_WATCH_KEY. Since Linux 5.8."


class KeySupport(DocumentedFlag):
    """What can be done with an asymmetric key: supported_ops, which KEYCTL_PKEY_QUERY reports.

    Since Linux 4.20.
    """

    KEYCTL_SUPPORTS_ENCRYPT = 1, "Encrypt."
    KEYCTL_SUPPORTS_DECRYPT = 2, "Decrypt."
    KEYCTL_SUPPORTS_SIGN = 4, "Sign."
    KEYCTL_SUPPORTS_VERIFY = 8, "Verify a signature."
