"""spawn: start a program in a new process, at a cost that does not grow with the size of this one.

What most starts ask for is here, and made in C; spawn_request has the rest.
"""

from __future__ import annotations

from sys import version_info

from pysys.loading import hold, load
from pysys.process.child import Child, Process, dropped, reap_dropped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from pysys._types import Descriptor, HasProgram, LandlockRules, Path, Program, SpawnFilter
    from pysys.mounts.words import MountEntry

hold("arguments", "capabilities descriptors integers iterables protocols text")
hold("mounts", "applying steps words")
hold("process", "own_id pipes spawn_arguments spawn_failure spawn_launch spawn_request spawn_settings")

# The defaults of parameters, which are compared by identity: what is equal to them may be of the wrong type.
_NOTHING: tuple[()] = ()
_NO_FLAGS = 0
_new = Process.__new__
# CPython raises this event when it starts a program, and hooks that watch for it see these starts as well.
_RAISES_FORK_EXEC = version_info >= (3, 14)


def spawn(
    argv: Iterable[Path],
    *,
    executable: Path | Descriptor | None = None,
    cwd: Path | Descriptor | None = None,
    env: Mapping[Any, Any] | None = None,
    stdin: Descriptor | None = None,
    stdout: Descriptor | None = None,
    stderr: Descriptor | None = None,
    fds: Mapping[int, Descriptor] | None = None,
    close_fds: bool = True,
    umask: int | None = None,
    start_new_session: bool = False,
    process_group: int | None = None,
    user: str | int | None = None,
    group: str | int | None = None,
    extra_groups: Iterable[str | int] | None = None,
    controlling_terminal: Descriptor | None = None,
    restore_signals: bool = True,
    signal_mask: Iterable[int] | None = None,
    signals_default: Iterable[int] = (),
    signals_ignored: Iterable[int] = (),
    rlimits: Mapping[int | str, int | tuple[int, int]] | None = None,
    priority: int | None = None,
    affinity: Iterable[int] | None = None,
    pdeathsig: int | None = None,
    no_new_privs: bool = False,
    root: Path | MountEntry | None = None,
    mounts: Iterable[MountEntry] | None = None,
    chroot: Path | None = None,
    namespaces: int = 0,
    join_namespaces: Iterable[Descriptor | tuple[Descriptor, int]] = (),
    uid_map: Iterable[tuple[int, int, int]] | None = None,
    gid_map: Iterable[tuple[int, int, int]] | None = None,
    ambient_caps: Iterable[int | str] = (),
    cgroup: Path | Descriptor | None = None,
    hostname: str | bytes | None = None,
    domainname: str | bytes | None = None,
    loopback: bool = False,
    time_offsets: Mapping[str, int] | None = None,
    oom_score_adj: int | None = None,
    coredump_filter: int | None = None,
    personality: int | None = None,
    timer_slack: int | None = None,
    child_subreaper: bool = False,
    scheduling: int | tuple[int, int] | None = None,
    io_priority: int | tuple[int, int] | None = None,
    keyring: str | bytes | bool = False,
    capabilities: Iterable[int | str] | Mapping[str, Iterable[int | str]] | None = None,
    securebits: int | None = None,
    landlock: Descriptor | LandlockRules | None = None,
    seccomp: Program | HasProgram | SpawnFilter | None = None,
    login: str | int | None = None,
    foreground: Descriptor | None = None,
    steal_terminal: bool = False,
    numa_policy: int | tuple[int, Iterable[int]] | None = None,
    namespaces_inside: int = 0,
    init: bool = False,
    before_exec: Callable[[Child], object] | None = None,
    pidfd: bool = True,
) -> Child:
    """clone3(2) or clone(2) with CLONE_VM | CLONE_VFORK, and execve(2): start a program in a new process.

    Nothing of this process is copied. Its locks and other threads do not affect the child, no at-fork hook
    runs, and no signal handler runs in the child. The calling thread is suspended until the program runs;
    other threads continue.

    What to run:

    argv: the program's arguments, of which the first is its name: an iterable of str, bytes or PathLike.
    executable: the program's file, if it is not argv[0]: str, bytes or PathLike. A name without a slash is
        searched for in the PATH of env. An int, or what has fileno(), is an open descriptor of the file
        (execveat, Linux 3.19); its interpreter reads a script as /dev/fd/N then: the script has to be in fds
        as well, and /proc mounted.
    env: the environment, a mapping of str, bytes or PathLike; None: this process's own, as the C library has
        it. The value pysys.OWN_ID is the program's own process id, as it sees it itself (LISTEN_PID).

    What the child gets, in the order in which it is set:

    cgroup: the cgroup that it is made in: its directory, or a descriptor of it. Without clone3 with
        CLONE_INTO_CGROUP (Linux 5.7) the child moves there itself, after before_exec.
    namespaces: namespaces to create, CLONE_NEW* of pysys.flags, which say since when they are known.
    uid_map, gid_map: lines (inside, outside, count) of the new user namespace, which they imply. A
        caller without CAP_SETGID gives up setgroups in it, as the kernel demands. If this process is not
        dumpable (PR_SET_DUMPABLE, for example after a change of user) and is not root, the same user can
        trace the child's copy of it while the maps are written, and during before_exec. Since Linux 3.8.
    before_exec: a function that is called here, with the Child, while the process waits: it exists, in its
        new namespaces, and has done none of what follows. The function does what takes somebody outside:
        newuidmap, a cgroup of version 1, ptrace, perf. When it returns, the process continues; if it raises,
        the process is ended, and spawn raises the same. It must not wait for the Child, detach it, or leave
        it stopped (trace it by PTRACE_SEIZE); its pipes come later. Not together with a filter that has a
        listener (ValueError), nor with a PID namespace that is joined or in namespaces_inside (EINVAL).
    hostname, domainname: the names of a new UTS namespace, which they imply: str or bytes.
    loopback: whether the interface lo of a new network namespace, which it implies, is up.
    time_offsets: {"monotonic": nanoseconds, "boottime": nanoseconds}, which are added to these clocks in a
        new time namespace, which they imply; one of them is enough. Since Linux 5.6.
    oom_score_adj: what is added to its badness when memory runs out, from -1000 (never killed) to 1000. Less
        than its parent's takes CAP_SYS_RESOURCE. Since Linux 2.6.36.
    coredump_filter: which mappings a core dump has, a bit for each kind. Both are written to /proc/self; a
        process that is neither dumpable nor root cannot.
    join_namespaces: namespaces to enter, in this order: descriptors of /proc/PID/ns/*, or pairs of a
        descriptor, which can also be a pidfd (Linux 5.8), and CLONE_NEW* flags (0: any kind). To be inside a
        PID namespace the child is made through a short-lived process, whose SIGCHLD is visible; not where
        this process's children go to another PID namespace already, after unshare or setns (EINVAL). Since
        Linux 3.0; mount, PID and user namespaces since 3.8.
    namespaces_inside: namespaces to create after that, CLONE_NEW* without CLONE_NEWTIME: inside those that
        were joined, with the rights that the process has there, or in a user namespace of `namespaces`
        another one. Where a user namespace is among them, the process's user and group keep their numbers,
        are the only ones there, and setgroups is given up; that takes /proc. With CLONE_NEWPID the child is
        made through a short-lived process, whose SIGCHLD is visible, and no other PID namespace can be joined
        or created (EINVAL).
    root: what becomes its root directory, in a new mount namespace, by pivot_root: the path of a directory,
        or bind or a file system of pysys.mounts. It sees nothing of the old root. Without cwd it starts
        there. Where the root is the initramfs, which cannot move, the new one lies over it, as
        switch_root has it. Since Linux 5.12.
    mounts: entries of pysys.mounts, which are carried out in a new mount namespace, in the new root if there
        is one. Without privileges it takes uid_map, and for proc() also namespaces=CLONE_NEWPID. Paths of
        landlock are those of here: what is bound keeps its source's rights. Since Linux 5.12.
    start_new_session: whether it begins a session.
    process_group: the id of a process group; 0: a new one.
    controlling_terminal: a terminal's descriptor; implies start_new_session.
    steal_terminal: whether it is also taken from a session that has it. Takes CAP_SYS_ADMIN.
    foreground: a descriptor of the controlling terminal, in whose foreground the child's process group is
        then; without start_new_session and process_group it is a new one. A caller in the background need not
        block SIGTTOU. If the start fails, the group that was there before is back; when the program
        has ended, it is for the caller to take its place again (os.tcsetpgrp with SIGTTOU blocked).
    stdin, stdout, stderr: a descriptor, an object with fileno(), DEVNULL, or PIPE: a new pipe, whose other
        end is the Child's attribute of that name; for stderr also STDOUT. They are those of subprocess, and
        of pysys. None: this process's own.
    fds: {number in the child: descriptor}. Numbers may cross: {3: 4, 4: 3}.
    close_fds: True: nothing else is open in the child, apart from 0, 1 and 2. False: what is inheritable is.
    rlimits: {resource.RLIMIT_*, or its name ("NOFILE"): (soft, hard), or one number for both}, in the unit
        of each limit. Since Linux 2.6.36.
    priority: the nice value, from -20 to 19.
    affinity: the numbers of the CPUs that it may run on.
    umask: the file mode creation mask.
    personality: flags.Persona, for example ADDR_NO_RANDOMIZE.
    timer_slack: by how many nanoseconds its timers may be late. Since Linux 2.6.28.
    child_subreaper: whether its orphaned descendants become its children. Since Linux 3.4.
    scheduling: flags.SchedPolicy, or a pair (policy, priority) for SCHED_FIFO and SCHED_RR.
    io_priority: a pair (flags.IoprioClass, level), or both as one number, as flags.IOPRIO_PRIO_VALUE makes
        it.
    numa_policy: a pair (flags.MempolicyMode, nodes), or a mode without nodes: on which memory nodes its
        memory is.
    chroot: its root directory, a path. Relative paths start there from then on, also that of cwd; without cwd
        it is the working directory.
    cwd: its working directory: a path, or a directory's descriptor, which belongs to the root and the mounts
        that it was opened in: with chroot or a new mount namespace it may lie outside. It is entered before
        the user changes, or afterwards if that is not permitted.
    extra_groups, group, user: ids, or names; real, effective and saved ids are set. Without extra_groups the
        groups are not changed.
    login: a user, by name or id, with whom the account's group and groups come as well (initgroups), and
        HOME, USER, LOGNAME and SHELL in the environment, also instead of those in env. The working directory
        stays. Not together with user, group and extra_groups.
    keyring: True: a new session keyring; str or bytes: the one of that name, which is made if there is none.
    capabilities: an iterable of numbers or names: the program has these and no others, whoever its user is,
        and no program can give it more: they become its bounding, permitted, inheritable and ambient set. []
        leaves none. A mapping of "bounding", "permitted", "inheritable" and "ambient" to iterables sets only
        these; what the program then has the kernel makes of them at the exec: for root, the bounding and the
        inheritable ones, for others, the ambient ones. Less in the bounding set takes CAP_SETPCAP, which the
        first process of a new user namespace has. Since Linux 4.3.
    ambient_caps: capabilities that the program keeps when the user changes, or gets if it is not root:
        numbers or names ("CAP_NET_BIND_SERVICE"). They have to be permitted here. Since Linux 4.3.
    securebits: flags.Securebits. Takes CAP_SETPCAP.
    no_new_privs: no program that it ever runs gains privileges (set-user-ID, file capabilities). Since Linux
        3.5.
    pdeathsig: a signal that it gets when the thread that called spawn ends (PR_SET_PDEATHSIG).
    init: whether the program is a child of a process 1 that does nothing but look after it, in a new PID
        namespace, which this implies. The Child is process 1. It passes on the signals that it gets from
        outside the namespace, reaps orphans, and ends with the program, and all others in the namespace with
        it: with the program's exit status, or, as no signal from inside can end a process 1, with 128 plus
        the number of the signal that ended the program. It has the program's user and capabilities, no
        descriptors, / as its directory, and neither landlock nor seccomp. It is this process's code without
        its data (which goes where /proc is this process's: without chroot, root, mounts and
        join_namespaces), and not dumpable: nobody inside can read it. A signal to the
        process group, which it shares with the program, reaches the program twice. With pdeathsig=SIGKILL the
        namespace ends with the caller. Not together with a filter that has a listener, or with CLONE_NEWPID
        in namespaces_inside (ValueError).
    signals_ignored, signals_default: signals to ignore, and signals with their default action; all signals
        that are caught here get their default action.
    restore_signals: SIGPIPE and SIGXFSZ, which Python ignores, get their default action, unless they are in
        signals_ignored.
    signal_mask: the signals that are blocked when it starts; None: those of the calling thread.
    landlock: a descriptor of a ruleset, or rules in a mapping with some of these keys:
        "paths": {path: rights}, what may be done with a file or below a directory; all else is denied that
        this kernel's Landlock can deny. Rights are flags.LandlockAccessFs or words in one str: "read",
        "write", "execute", "change" (make, remove, rename and link files in it), "ioctl" (of devices),
        "connect" (to Unix sockets), "all". A file has those of them that a file can have. Paths are opened
        here, before the process is made.
        "bind", "connect": the TCP ports that sockets may be bound or connected to; others are denied.
        "scopes": flags.LandlockScope or the words "signal" and "abstract_unix_socket": what ends at the
        sandbox.
        "abi": the version of Landlock that there has to be. Without it, the first that has what the keys
        name: 1 for paths, 4 for ports, 6 for scopes. With 0, what the kernel does not know is not denied.
        The program, its interpreter and libraries must be allowed. Since Linux 5.13.
    seccomp: a filter of system calls, the last that is set: the bytes of its instructions, an iterable of
        (code, jt, jf, k) or structures.sock_filter, or an object with the attribute `program` that is one of
        these. It has to allow execve (execveat for a descriptor), and exit_group for a failure to be
        reported. Since Linux 3.17. Or a mapping with some of these keys:
        "filter": that filter. "log", "spec_allow", "wait_killable": True for the kernel's flags, as for
        seccomp.load. "listener": whether the filter has a listener, which the Child has as its attribute;
        without it, whether an instruction returns SECCOMP_RET_USER_NOTIF (NOTIFY of pysys.seccomp). What the
        child itself calls once the filter is loaded, including the exec that starts the program, is not asked
        about; the program's first call is the first that the listener gets. It goes neither with init nor
        with before_exec, nor where this process's children go to another PID namespace. Since Linux 5.5.

    With landlock and seccomp, no_new_privs is set as well if the child has no CAP_SYS_ADMIN at that point:
    nobody is confined who could gain privileges, and mislead a program that has them. A change of user
    gives CAP_SYS_ADMIN up, and so does `capabilities`, unless it lists it.

    pidfd: whether the Child has a descriptor for its process (Linux 5.3; it has none on older kernels).

    With a change of user or groups, id maps, user or time namespaces to join, a time namespace to create, a
    coredump_filter, time_offsets, init, before_exec, a user namespace in namespaces_inside, and, except on
    x86_64, a cgroup, the child starts on a copy-on-write copy of this process instead, which costs what a
    fork costs; with a listener, it costs two.

    If the program is open for writing (ETXTBSY), the exec is tried again for an eighth of a second: another
    thread's child may have the descriptor by accident, until its exec.

    Returns a Child that runs the program.

    Raises the error of the call that failed: errors.ENOENT, errors.EACCES, ... The exception's `syscall` is
    that call, and `step` the parameter that it was made for ("executable", "cwd", "user", ...), or None if
    the process could not be made (errors.EAGAIN, errors.ENOMEM, errors.EPERM); `element` is which of several
    it was about: the number of fds, the key of rlimits, the signal, the index in join_namespaces, the path
    of landlock, the entry of mounts; `filename` is the file, if there is one. No process is left then. Before
    the kernel is asked: TypeError, ValueError and OverflowError for an argument; KeyError for an unknown
    user or group; what before_exec raises; what a hook raises on the audit event pysys.spawn, with the
    arguments executable, argv, cwd and env, or, on Python 3.14 and later, on _posixsubprocess.fork_exec,
    which CPython's own starts raise. Since Linux 2.6.27, which has dup3; an argument that needs a newer
    kernel says so.
    """
    if dropped:
        reap_dropped()
    child = _new(Child)
    outcome: Any = None
    request = None
    try:
        # What most starts ask for, C takes as it is, unless the type of an argument is unusual.
        if (
            user is None
            and group is None
            and extra_groups is None
            and controlling_terminal is None
            and signal_mask is None
            and signals_default is _NOTHING
            and signals_ignored is _NOTHING
            and rlimits is None
            and priority is None
            and affinity is None
            and pdeathsig is None
            and no_new_privs is False
            and root is None
            and mounts is None
            and chroot is None
            and namespaces is _NO_FLAGS
            and join_namespaces is _NOTHING
            and uid_map is None
            and gid_map is None
            and ambient_caps is _NOTHING
            and cgroup is None
            and hostname is None
            and domainname is None
            and loopback is False
            and time_offsets is None
            and oom_score_adj is None
            and coredump_filter is None
            and personality is None
            and timer_slack is None
            and child_subreaper is False
            and scheduling is None
            and io_priority is None
            and keyring is False
            and capabilities is None
            and securebits is None
            and landlock is None
            and seccomp is None
            and login is None
            and foreground is None
            and steal_terminal is False
            and numa_policy is None
            and namespaces_inside is _NO_FLAGS
            and init is False
            and before_exec is None
        ):
            # fmt: off
            outcome = child._start(
                argv, executable, cwd, env, stdin, stdout, stderr, fds, close_fds, umask, start_new_session,
                process_group, restore_signals, pidfd, _RAISES_FORK_EXEC,
            )
            # fmt: on
        if outcome is None:
            request = load("pysys.process.spawn_request", "pysys.spawn").SpawnRequest(
                close_fds, restore_signals, pidfd
            )
            argv = request.program(argv, executable, cwd, env, _RAISES_FORK_EXEC)
            if cgroup is not None:
                request.cgroup(cgroup)
            request.namespaces(namespaces, join_namespaces, uid_map, gid_map)
            request.session(start_new_session, process_group, controlling_terminal)
            if stdin is not None or stdout is not None or stderr is not None or fds is not None:
                request.files(stdin, stdout, stderr, fds)
            request.limits(rlimits, priority, affinity, umask)
            request.directories(chroot, cwd)
            request.user(user, group, extra_groups)
            request.privileges(ambient_caps, no_new_privs, pdeathsig)
            request.signals(signals_default, signals_ignored, signal_mask)
            request.mount(mounts, root)
            request.settings(
                hostname=hostname,
                domainname=domainname,
                loopback=loopback,
                time_offsets=time_offsets,
                oom_score_adj=oom_score_adj,
                coredump_filter=coredump_filter,
                personality=personality,
                timer_slack=timer_slack,
                child_subreaper=child_subreaper,
                scheduling=scheduling,
                io_priority=io_priority,
                keyring=keyring,
                capabilities=capabilities,
                securebits=securebits,
                landlock=landlock,
                seccomp=seccomp,
            )
            request.launch(
                login=login,
                foreground=foreground,
                steal_terminal=steal_terminal,
                numa_policy=numa_policy,
                namespaces_inside=None if namespaces_inside is _NO_FLAGS else namespaces_inside,
                init=init,
                before_exec=before_exec,
            )
            if cgroup is not None:
                child._oom_kills = load("pysys.process.ending").oom_kills(cgroup)
            outcome = request.start(child)
        if outcome is True:
            if request is not None and request.pipes is not None:
                request.pipes.give(child)
            return child
        if request is not None and request.pipes is not None:
            request.pipes.close()
    except BaseException:  # a signal handler raised: the caller will not learn of the child
        try:
            child._discard()
        finally:
            if request is not None:
                request.discard()
        raise
    settings = {
        "executable": argv[0] if executable is None else executable,  # type: ignore[index]  # a sequence now
        "cwd": cwd,
        "chroot": chroot,
        "cgroup": cgroup,
        "landlock": landlock,
        "root": root,
        "stdin": stdin,
        "stdout": stdout,
        "stderr": stderr,
        "fds": fds,
        "rlimits": rlimits,
        "process_group": process_group,
        "login": login,
    }
    raise load("pysys.process.spawn_failure", "pysys.spawn").failure(outcome, request, settings)
