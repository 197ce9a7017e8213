"""What clone, unshare, setns, wait and the pidfd calls take."""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import value

CSIGNAL = 0xFF
"""The bits of clone's flags that hold the exit signal."""

PIDFD_SELF_THREAD = -10000
"""Instead of a pidfd: the calling thread. pidfd_send_signal, process_madvise and process_mrelease take
it. Since Linux 6.15."""

PIDFD_SELF_THREAD_GROUP = -10001
"""Instead of a pidfd: the calling process, where PIDFD_SELF_THREAD is taken. Since Linux 6.17; in 6.15 and
6.16 it was -20000."""

PIDFD_SELF = PIDFD_SELF_THREAD
"""Another name of PIDFD_SELF_THREAD."""

PIDFD_SELF_PROCESS = PIDFD_SELF_THREAD_GROUP
"""Another name of PIDFD_SELF_THREAD_GROUP."""


class CloneFlags(DocumentedFlag):
    """What a new task shares with its creator, and what it gets for itself.

    For clone and clone3; unshare and setns take the subset that makes sense there. Without any
    flag the child has a copy of everything, as after fork. The low eight bits (``CSIGNAL``) are
    not flags: clone keeps the exit signal there, clone3 wants them empty except CLONE_NEWTIME.
    A flag above bit 31 does not fit clone and needs clone3.
    """

    CLONE_NEWTIME = (
        0x00000080,
        """A new time namespace, with its own offsets for the monotonic and the boot clock. For
        clone3, unshare and setns: clone takes the bit for a part of the exit signal. A child of
        clone3 is in the namespace at once and its offsets are fixed from then on, so to choose
        them: unshare, write /proc/self/timens_offsets, then fork. With CLONE_VM the child
        itself stays behind and only its children enter. Needs CAP_SYS_ADMIN in the user
        namespace. Since Linux 5.6, but clone3 accepts it only since 6.3.""",
    )
    CLONE_VM = (
        0x00000100,
        """Share the memory: one address space, every write and every mapping seen by both. The
        child needs its own stack, or CLONE_VFORK. Without CLONE_VFORK its alternate signal
        stack is dropped. pysys.clone lets only a native function run on it. Since Linux 2.0.""",
    )
    CLONE_FS = (
        0x00000200,
        """Share root directory, working directory and umask: a chdir in one moves the other.
        Excludes CLONE_NEWNS, CLONE_NEWUSER and CLONE_EMPTY_MNTNS. A set-user-ID program executed
        while another process shares this way does not get its privilege. Since Linux 2.0.""",
    )
    CLONE_FILES = (
        0x00000400,
        """Share the descriptor table: what one opens or closes, the other has or loses,
        close-on-exec flags included. An exec in one of them ends the sharing. Since Linux 2.0.""",
    )
    CLONE_SIGHAND = (
        0x00000800,
        """Share the table of signal handlers. Masks and pending signals stay separate. Needs
        CLONE_VM (since 2.6.0), excludes CLONE_CLEAR_SIGHAND. Since Linux 2.0.""",
    )
    CLONE_PIDFD = (
        0x00001000,
        """Store a close-on-exec descriptor for the child: pollable, waitable, immune to reuse of
        the process id. clone stores it where CLONE_PARENT_SETTID would store the id, so the two
        exclude each other there; clone3 has a field for each and refuses the same address for
        both. Excludes CLONE_DETACHED. With CLONE_THREAD it refers to the one thread; before 6.9
        that was refused. Since Linux 5.2.""",
    )
    CLONE_PTRACE = (
        0x00002000,
        """If the caller is being traced, its tracer gets the child as well, from its first instruction
        on. Since Linux 2.2.""",
    )
    CLONE_VFORK = (
        0x00004000,
        """Suspend the caller until the child has called exec or exited. With CLONE_VM this is
        vfork; without it the child has its own memory. Since Linux 2.2.""",
    )
    CLONE_PARENT = (
        0x00008000,
        """The child becomes a sibling: its parent is the caller's parent, which gets its exit
        signal (the one the caller itself was created with) and must wait for it. clone3 wants
        exit_signal 0 with it. Excludes CLONE_AUTOREAP. Refused to the init process of any pid
        namespace, and to a caller that was created with CLONE_AUTOREAP. Since Linux 2.3.12.""",
    )
    CLONE_THREAD = (
        0x00010000,
        """A further thread of the calling process: same process id, same parent, no exit signal,
        nothing to wait for. Needs CLONE_SIGHAND and so CLONE_VM; excludes CLONE_NEWUSER,
        CLONE_NEWPID, CLONE_AUTOREAP, CLONE_NNP, and a pid namespace that was unshared or
        entered before. pysys.clone refuses it: the interpreter and the C library would not know
        the thread. Since Linux 2.4.0.""",
    )
    CLONE_NEWNS = (
        0x00020000,
        """A new mount namespace, starting as a copy of the caller's mounts. The oldest namespace,
        hence the name. Shared mounts go on exchanging events until they are made private. Excludes
        CLONE_FS. Needs CAP_SYS_ADMIN in the user namespace. Since
        Linux 2.4.19.""",
    )
    CLONE_SYSVSEM = (
        0x00040000,
        """Share the list of System V semaphore undo values (SEM_UNDO), which is applied when the
        last sharer exits. Without it the child starts with an empty list. Excludes
        CLONE_NEWIPC. Since Linux 2.5.10.""",
    )
    CLONE_SETTLS = (
        0x00080000,
        """Give the child the thread pointer passed as tls: on x86-64 the FS base, on i386 a struct
        user_desc, elsewhere the thread register. pysys.clone refuses it: the child's C library
        would stand on foreign thread data. Since Linux 2.5.32.""",
    )
    CLONE_PARENT_SETTID = (
        0x00100000,
        """Store the child's thread id at parent_tid in the caller's memory, before the child runs.
        Since Linux 2.5.49.""",
    )
    CLONE_CHILD_CLEARTID = (
        0x00200000,
        """When the child exits or execs and others still use its memory: write 0 at child_tid and
        wake one waiter on the futex there. It is how pthread_join learns of the end.
        set_tid_address changes the address. Since Linux 2.5.49.""",
    )
    CLONE_DETACHED = (
        0x00400000,
        """Without effect since 2.6.2: clone ignores it, clone3 refuses it, and either refuses it
        with CLONE_PIDFD. Meaningful only in Linux 2.5.32 to 2.6.1, where a thread needed it.""",
    )
    CLONE_UNTRACED = (
        0x00800000,
        """A tracer of the caller does not see the child and does not get it by its own
        PTRACE_O_TRACECLONE, TRACEFORK or TRACEVFORK. CLONE_PTRACE still works. Since Linux 2.5.46.""",
    )
    CLONE_CHILD_SETTID = (
        0x01000000,
        """Store the child's thread id at child_tid in the child's memory, before it returns to
        user space. A caller that shares the memory may still read the old value for a moment.
        Since Linux 2.5.49.""",
    )
    CLONE_NEWCGROUP = (
        0x02000000,
        """A new cgroup namespace, whose root is the cgroup the caller is in. Needs CAP_SYS_ADMIN
        in the user namespace. Since Linux 4.6; the bit was CLONE_STOPPED until 2.6.37.""",
    )
    CLONE_NEWUTS = (
        0x04000000,
        """A new UTS namespace: its own host and domain name, starting with the caller's.
        Needs CAP_SYS_ADMIN in the user namespace. Since Linux 2.6.19.""",
    )
    CLONE_NEWIPC = (
        0x08000000,
        """A new IPC namespace: empty System V queues, semaphores and segments, and POSIX message
        queues. Excludes CLONE_SYSVSEM. Needs CAP_SYS_ADMIN in the user namespace. Since Linux
        2.6.19.""",
    )
    CLONE_NEWUSER = (
        0x10000000,
        """A new user namespace, in which the child has every capability. Created first, so that it
        pays for the other namespaces of the same call. Needs no capability since 3.8, but ids
        of the caller that are mapped, and no chroot; a distribution may still forbid it.
        Excludes CLONE_FS and CLONE_THREAD. Since Linux 2.6.23, complete since 3.8.""",
    )
    CLONE_NEWPID = (
        0x20000000,
        """A new pid namespace, with the child as its init (process id 1): when it exits, the
        kernel kills everyone inside; signals from inside without a handler do not reach it. With unshare
        and setns it is the next children who enter.
        Excludes CLONE_THREAD. Needs CAP_SYS_ADMIN in the user namespace. Since Linux 2.6.24.""",
    )
    CLONE_NEWNET = (
        0x40000000,
        """A new network namespace: interfaces, addresses, routes, firewall, ports and abstract
        sockets of its own; a loopback device that is down, and nothing else. Needs
        CAP_SYS_ADMIN in the user namespace. Since Linux 2.6.24, complete by 2.6.29.""",
    )
    CLONE_IO = (
        0x80000000,
        """Share the I/O context, so that the disk scheduler counts both as one. Without it the
        child gets the caller's I/O priority in its own context. Since Linux 2.6.25.""",
    )
    CLONE_CLEAR_SIGHAND = (
        1 << 32,
        """Set every signal that the caller handles to its default in the child; ignored ones stay
        ignored. clone3 only. Excludes CLONE_SIGHAND. Since Linux 5.5.""",
    )
    CLONE_INTO_CGROUP = (
        1 << 33,
        """Create the child in the version 2 cgroup whose directory is open as the cgroup field's
        descriptor, even with O_PATH. It is accounted there from its first page on; into a frozen
        cgroup it is born frozen. clone3 only. Needs what moving a process there needs: write
        access to cgroup.procs of the target and of the common ancestor. Since Linux 5.7.""",
    )
    CLONE_AUTOREAP = (
        1 << 34,
        """No zombie, no exit signal: the kernel collects the child when it exits, also after it
        was reparented. Not inherited; the child itself cannot use CLONE_PARENT. clone3 only, with
        exit_signal 0. Excludes CLONE_THREAD
        and CLONE_PARENT. Since Linux 7.1.""",
    )
    CLONE_NNP = (
        1 << 35,
        """Start the child with no_new_privs set, as prctl(PR_SET_NO_NEW_PRIVS) would. The caller's
        own state is left alone. The child may execute set-user-ID programs, but gains nothing by
        them. clone3 only. Excludes CLONE_THREAD. Since Linux 7.1.""",
    )
    CLONE_PIDFD_AUTOKILL = (
        1 << 36,
        """Kill the child when the descriptor of CLONE_PIDFD is closed for the last time, copies of
        it included; descriptors from pidfd_open do not count. clone3 only. Needs CLONE_PIDFD
        and CLONE_AUTOREAP, and either CLONE_NNP or CAP_SYS_ADMIN in the caller's user
        namespace. Excludes CLONE_THREAD. Since Linux 7.1.""",
    )
    CLONE_EMPTY_MNTNS = (
        1 << 37,
        """A new mount namespace with the root mount and none of the mounts on it (on a usual system
        an empty one, since the real root is mounted over it); root and working directory move
        to that root. Implies CLONE_NEWNS with all its conditions. clone3 only;
        unshare has UnshareFlags.UNSHARE_EMPTY_MNTNS. Since Linux 7.1.""",
    )


class UnshareFlags(DocumentedFlag):
    """What only unshare understands, besides the CloneFlags it takes."""

    UNSHARE_EMPTY_MNTNS = (
        0x00100000,
        """A new mount namespace with the root mount and none of the mounts on it; implies
        CLONE_NEWNS. The bit is CLONE_PARENT_SETTID's, which unshare has no use for, so that a
        CloneFlags value shows it under that name. Since Linux 7.1.""",
    )


class WaitOptions(DocumentedFlag):
    """Options of wait4 and waitid: which changes of which children end the wait.

    The kernel's ``__WALL``, ``__WCLONE`` and ``__WNOTHREAD`` are members without the underscores,
    since Python rewrites a name that starts with two of them inside a class.
    """

    WNOHANG = (
        0x00000001,
        "Do not wait: return at once when no child has anything to report. Since Linux 1.0.",
    )
    WUNTRACED = (
        0x00000002,
        """Report children that a signal has stopped. A stopped child that is traced is reported to
        its tracer with or without it. waitid calls it WSTOPPED. Since Linux 1.0.""",
    )
    WSTOPPED = WUNTRACED
    WEXITED = (
        0x00000004,
        """Report children that have ended. waitid only, which needs at least one of WEXITED,
        WSTOPPED and WCONTINUED; wait4 always does it and refuses the flag.
        Since Linux 2.6.9.""",
    )
    WCONTINUED = (
        0x00000008,
        """Report stopped children that SIGCONT has set going again. Since Linux 2.6.10.""",
    )
    WNOWAIT = (
        0x01000000,
        "Look without collecting: the child stays to be waited for. waitid only. Since Linux 2.6.9.",
    )
    WNOTHREAD = (
        0x20000000,
        """The kernel's __WNOTHREAD: only children of the calling thread, not of the other threads
        of the process. Since Linux 2.4; waitid takes it since 4.7.""",
    )
    WALL = (
        0x40000000,
        """The kernel's __WALL: children of either kind, whatever signal they send at their end.
        Since Linux 2.4; waitid takes it since 4.7.""",
    )
    WCLONE = (
        0x80000000,
        """The kernel's __WCLONE: only children that send no signal at their end, or another than
        SIGCHLD. Without effect together with __WALL. Since Linux 2.0; waitid takes it since 4.7.""",
    )


class WaitIdType(DocumentedEnum):
    """How waitid reads its id argument."""

    P_ALL = 0, "Any child; the id is not looked at. Since Linux 2.6.9."
    P_PID = 1, "The child with this process id. Since Linux 2.6.9."
    P_PGID = (
        2,
        "Any child in this process group; 0 is the caller's own since 5.4. Since Linux 2.6.9.",
    )
    P_PIDFD = (
        3,
        """The child this pidfd refers to. A descriptor opened with PIDFD_NONBLOCK makes the wait
        answer EAGAIN instead of waiting (since 5.10). Since Linux 5.4.""",
    )


class PidfdFlags(DocumentedFlag):
    """Flags of pidfd_open. Their values are open flags and differ between architectures."""

    PIDFD_NONBLOCK = (
        value("PIDFD_NONBLOCK"),
        """waitid on the descriptor answers EAGAIN while the process runs. Since Linux 5.10.""",
    )
    PIDFD_THREAD = (
        value("PIDFD_THREAD"),
        """Refer to the one thread with this id, which need not be the first of its process.
        Polling then reports the end of that thread. Since Linux 6.9.""",
    )


class PidfdSignalFlags(DocumentedFlag):
    """Flags of pidfd_send_signal: who gets the signal. At most one of them."""

    PIDFD_SIGNAL_THREAD = (
        1 << 0,
        """The one thread, whatever the descriptor was opened for. Since Linux 6.9.""",
    )
    PIDFD_SIGNAL_THREAD_GROUP = (
        1 << 1,
        """The process, not a thread, also through a descriptor of a thread. Since Linux 6.9.""",
    )
    PIDFD_SIGNAL_PROCESS_GROUP = (
        1 << 2,
        """The process group of which the process is the leader. Since Linux 6.9.""",
    )


class PidfdInfoMask(DocumentedFlag):
    """What calls.pidfd_info asks for (PIDFD_GET_INFO), and in the answer what was reported. The kernel drops
    bits that it does not know.
    """

    PIDFD_INFO_PID = 1 << 0, "pid, tgid and ppid: always reported. Since Linux 6.13."
    PIDFD_INFO_CREDS = 1 << 1, "The user and group ids: always reported. Since Linux 6.13."
    PIDFD_INFO_CGROUPID = 1 << 2, "cgroupid: always reported where there is one. Since Linux 6.13."
    PIDFD_INFO_EXIT = (
        1 << 3,
        """exit_code, once the process was waited for; without this bit a process that is gone is
        ESRCH. Since Linux 6.15.""",
    )
    PIDFD_INFO_COREDUMP = 1 << 4, "coredump_mask: whether memory was dumped, and as whom. Since Linux 6.16."
    PIDFD_INFO_SUPPORTED_MASK = 1 << 5, "supported_mask: the bits that this kernel knows. Since Linux 6.19."
    PIDFD_INFO_COREDUMP_SIGNAL = (
        1 << 6,
        "coredump_signal: of which signal it died; with PIDFD_INFO_COREDUMP. Since Linux 6.19.",
    )
    PIDFD_INFO_COREDUMP_CODE = (
        1 << 7,
        "coredump_code: the si_code of that signal; with PIDFD_INFO_COREDUMP. Since Linux 7.1.",
    )


class PidfdCoredump(DocumentedFlag):
    """Whether memory was dumped, and as whom: coredump_mask of a pidfd_info, with PIDFD_INFO_COREDUMP.

    Since Linux 6.16.
    """

    PIDFD_COREDUMPED = 1, "It crashed."
    PIDFD_COREDUMP_SKIP = 2, "Memory was not dumped."
    PIDFD_COREDUMP_USER = 4, "Memory was dumped as the user."
    PIDFD_COREDUMP_ROOT = 8, "Memory was dumped as root: it is sensitive."
