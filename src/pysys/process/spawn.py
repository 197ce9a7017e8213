"""spawn: start a program in a new process, at a cost that does not grow with the size of this one."""

from __future__ import annotations

import os
import sys
from _signal import NSIG  # signal itself is Python, and takes enum along
from errno import EACCES, EBADF, EBUSY, ENODEV, ENOENT, EOPNOTSUPP

from pysys import errors  # at once: where calls fail, an import may fail too (descriptors, chroot)
from pysys._native import ffi, join_strings, join_variables, lib
from pysys.arguments import descriptors, text
from pysys.process import spawn_arguments
from pysys.process.child import Child, Process, dropped, reap_dropped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, NoReturn

    from pysys._types import Descriptor, Path

# As in pysys.flags, which imports enum and so is not imported: NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC,
# NEWUSER, NEWPID, NEWNET.
_NAMESPACES = 0x7E020080
_CLONE_NEWUSER = 0x10000000
# The defaults of parameters, which are compared by identity: what is equal to them may be of the wrong type.
_NOTHING: tuple[()] = ()
_NO_FLAGS = 0
_new = Process.__new__
# CPython raises this event when it starts a program, and hooks that watch for it see these starts as well.
_RAISES_FORK_EXEC = sys.version_info >= (3, 14)


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
    chroot: Path | None = None,
    namespaces: int = 0,
    join_namespaces: Iterable[Descriptor | tuple[Descriptor, int]] = (),
    uid_map: Iterable[tuple[int, int, int]] | None = None,
    gid_map: Iterable[tuple[int, int, int]] | None = None,
    ambient_caps: Iterable[int | str] = (),
    cgroup: Path | Descriptor | None = None,
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
        it.

    What the child gets, in the order in which it is set:

    cgroup: the cgroup that it is made in: its directory, or a descriptor of it. Without clone3 with
        CLONE_INTO_CGROUP (Linux 5.7) the child moves there itself.
    namespaces: namespaces to create, CLONE_NEW* of pysys.flags, which say since when they are known.
    uid_map, gid_map: lines (inside, outside, count) of the new user namespace, which they imply. A
        caller without CAP_SETGID gives up setgroups in it, as the kernel demands. If this process is not
        dumpable (PR_SET_DUMPABLE, for example after a change of user) and is not root, the same user can
        trace the child's copy of it while the maps are written. Since Linux 3.8.
    join_namespaces: namespaces to enter, in this order: descriptors of /proc/PID/ns/*, or pairs of a
        descriptor, which can also be a pidfd (Linux 5.8), and CLONE_NEW* flags (0: any kind). To be inside a
        PID namespace the child is made through a short-lived process, whose SIGCHLD is visible.
    start_new_session: whether it begins a session.
    process_group: the id of a process group; 0: a new one.
    controlling_terminal: a terminal's descriptor; implies start_new_session.
    stdin, stdout, stderr: a descriptor, an object with fileno(), or subprocess.DEVNULL; for stderr also
        subprocess.STDOUT; None: this process's own.
    fds: {number in the child: descriptor}. Numbers may cross: {3: 4, 4: 3}.
    close_fds: True: nothing else is open in the child, apart from 0, 1 and 2. False: what is inheritable is.
    rlimits: {resource.RLIMIT_*, or its name ("NOFILE"): (soft, hard), or one number for both}, in the unit
        of each limit. Since Linux 2.6.36.
    priority: the nice value, from -20 to 19.
    affinity: the numbers of the CPUs that it may run on.
    umask: the file mode creation mask.
    chroot: its root directory, a path. Relative paths start there from then on, also that of cwd; without cwd
        it is the working directory.
    cwd: its working directory: a path, or a directory's descriptor, which belongs to the root and the mounts
        that it was opened in: with chroot or a new mount namespace it may lie outside. It is entered before
        the user changes, or afterwards if that is not permitted.
    extra_groups, group, user: ids, or names; real, effective and saved ids are set. Without extra_groups the
        groups are not changed.
    ambient_caps: capabilities that the program keeps when the user changes, or gets if it is not root:
        numbers or names ("CAP_NET_BIND_SERVICE"). They have to be permitted here. Since Linux 4.3.
    no_new_privs: no program that it ever runs gains privileges (set-user-ID, file capabilities). Since Linux
        3.5.
    pdeathsig: a signal that it gets when the thread that called spawn ends (PR_SET_PDEATHSIG).
    signals_ignored, signals_default: signals to ignore, and signals with their default action; all signals
        that are caught here get their default action.
    restore_signals: SIGPIPE and SIGXFSZ, which Python ignores, get their default action, unless they are in
        signals_ignored.
    signal_mask: the signals that are blocked when it starts; None: those of the calling thread.

    pidfd: whether the Child has a descriptor for its process (Linux 5.3; it has none on older kernels).

    With a change of user or groups, id maps, user or time namespaces to join, a time namespace to create,
    and, except on x86_64, a cgroup, the child starts on a copy-on-write copy of this process instead, which
    costs what a fork costs.

    If the program is open for writing (ETXTBSY), the exec is tried again for an eighth of a second: another
    thread's child may have the descriptor by accident, until its exec.

    Returns a Child that runs the program.

    Raises the error of the call that failed: errors.ENOENT, errors.EACCES, ... The exception's `syscall` is
    that call, and `step` the parameter that it was made for ("executable", "cwd", "user", ...), or None if
    the process could not be made (errors.EAGAIN, errors.ENOMEM, errors.EPERM); `element` is which of several
    it was about: the number of fds, the key of rlimits, the signal, the index in join_namespaces; `filename`
    is the file, if there is one. No process is left then. Before the kernel is asked: TypeError, ValueError
    and OverflowError for an argument; KeyError for an unknown user or group; what a hook raises on the audit
    event pysys.spawn, with the arguments executable, argv, cwd and env, or, on Python 3.14 and later, on
    _posixsubprocess.fork_exec, which CPython's own starts raise. Since Linux 2.6.27, which has dup3; an
    argument that needs a newer kernel says so.
    """
    if dropped:
        reap_dropped()
    child = _new(Child)
    outcome: Any = None
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
            and chroot is None
            and namespaces is _NO_FLAGS
            and join_namespaces is _NOTHING
            and uid_map is None
            and gid_map is None
            and ambient_caps is _NOTHING
            and cgroup is None
        ):
            # fmt: off
            outcome = child._start(
                argv, executable, cwd, env, stdin, stdout, stderr, fds, close_fds, umask, start_new_session,
                process_group, restore_signals, pidfd, _RAISES_FORK_EXEC,
            )
            # fmt: on
        if outcome is None:
            request = _Request(close_fds, restore_signals, pidfd)
            argv = _program(request, argv, executable, cwd, env)
            if cgroup is not None:
                _cgroup(request, cgroup)
            _namespaces(request, namespaces, join_namespaces, uid_map, gid_map)
            _session(request, start_new_session, process_group, controlling_terminal)
            if stdin is not None or stdout is not None or stderr is not None or fds is not None:
                _descriptors(request, stdin, stdout, stderr, fds)
            _limits(request, rlimits, priority, affinity, umask)
            _directories(request, chroot, cwd)
            _user(request, user, group, extra_groups)
            _privileges(request, ambient_caps, no_new_privs, pdeathsig)
            _signals(request, signals_default, signals_ignored, signal_mask)
            outcome = request.start(child)
        if outcome is True:
            return child
    except BaseException:  # a signal handler raised: the caller will not learn of the child
        child._discard()
        raise
    program = argv[0] if executable is None else executable  # type: ignore[index]  # it is a sequence now
    _fail(outcome, fds, rlimits, executable=program, cwd=cwd, chroot=chroot, cgroup=cgroup)


class _Request:
    """What C is asked for.

    made: its structure. asked: PYSYS_SPAWN_*. programs, words, variables: where the program may be, its
    arguments and environment, as C takes them. keep: what the structure points to.
    """

    __slots__ = ("asked", "keep", "made", "programs", "variables", "words")

    def __init__(self, close_fds: bool, restore_signals: bool, pidfd: bool) -> None:
        self.made = ffi.new("struct pysys_spawn *")
        self.asked = 0
        if close_fds:
            self.asked |= lib.PYSYS_SPAWN_CLOSE
        if restore_signals:
            self.asked |= lib.PYSYS_SPAWN_RESTORE_SIGNALS
        if pidfd:
            self.asked |= lib.PYSYS_SPAWN_PIDFD
        self.programs = self.words = b""
        self.variables: bytes | None = None
        self.keep: list[object] = []

    def start(self, child: Child) -> bool | tuple[int, str | None, str, int]:
        """Start the program. Returns True, or what failed, as _start does."""
        self.made.asked = self.asked
        address = int(ffi.cast("uintptr_t", self.made))
        return child._start_as(address, self.programs, self.words, self.variables)

    def array(self, ctype: str, values: Any) -> Any:
        """Memory for C with these values."""
        made = ffi.new(ctype, values)
        self.keep.append(made)
        return made


def _program(
    request: _Request,
    argv: Iterable[Path],
    executable: Path | Descriptor | None,
    cwd: Path | Descriptor | None,
    env: Mapping[Any, Any] | None,
) -> Sequence[Path]:
    """What is run; and the audit events. Returns argv as a sequence."""
    argv = spawn_arguments.listed(argv)
    request.words = words = join_strings(argv) or spawn_arguments.joined(spawn_arguments.arguments(argv))
    sys.audit("pysys.spawn", argv[0] if executable is None else executable, argv, cwd, env)
    variables: list[bytes] | None = None
    if env is not None:
        request.variables = join_variables(env)
        if request.variables is None:
            request.variables = spawn_arguments.joined(spawn_arguments.environment(env))
        variables = spawn_arguments.parted(request.variables)
    if executable is None or text.is_path(executable):
        if executable is None:
            name = words[: words.index(b"\0")]
        else:
            name = text.encoded("spawn: executable", executable)
        paths = spawn_arguments.candidates(name, variables)
        request.programs = spawn_arguments.joined(paths)
    else:
        request.made.program_fd = _descriptor_or_path("spawn: executable", executable)
        request.asked |= lib.PYSYS_SPAWN_PROGRAM_FD
        paths = [b"/dev/fd/%d" % request.made.program_fd]
    if _RAISES_FORK_EXEC:
        sys.audit("_posixsubprocess.fork_exec", tuple(paths), list(argv), variables)
    return argv


def _descriptor_or_path(title: str, value: Any) -> int:
    return spawn_arguments.number(title, descriptors.path_or_descriptor(title, value))


def _cgroup(request: _Request, cgroup: Path | Descriptor) -> None:
    if text.is_path(cgroup):
        request.made.cgroup_path = request.array("char[]", text.encoded("spawn: cgroup", cgroup))
    else:
        request.made.cgroup = _descriptor_or_path("spawn: cgroup", cgroup)
    request.asked |= lib.PYSYS_SPAWN_CGROUP


def _namespaces(
    request: _Request,
    namespaces: int,
    join_namespaces: Iterable[Descriptor | tuple[Descriptor, int]],
    uid_map: Iterable[tuple[int, int, int]] | None,
    gid_map: Iterable[tuple[int, int, int]] | None,
) -> None:
    made = request.made
    flags = spawn_arguments.number("spawn: namespaces", namespaces, high=2**32 - 1)
    if flags & ~_NAMESPACES:
        rest = flags & ~_NAMESPACES
        raise ValueError(f"spawn: namespaces must be CLONE_NEW* flags only, and {rest} is none of them")
    if uid_map is not None:
        made.uid_map = _kept(request, spawn_arguments.id_map(uid_map, "uid_map"))
        flags |= _CLONE_NEWUSER
    if gid_map is not None:
        made.gid_map = _kept(request, spawn_arguments.id_map(gid_map, "gid_map"))
        flags |= _CLONE_NEWUSER
    made.namespaces = flags
    if join_namespaces != ():
        join = spawn_arguments.namespaces_to_join(join_namespaces)
        made.joins = len(join)
        made.join = request.array("int[]", [fd for fd, _ in join])
        made.join_flags = request.array("int[]", [kind for _, kind in join])


def _kept(request: _Request, memory: Any) -> Any:
    request.keep.append(memory)
    return memory


def _session(
    request: _Request,
    start_new_session: bool,
    process_group: int | None,
    controlling_terminal: Descriptor | None,
) -> None:
    if controlling_terminal is not None:
        request.made.terminal = spawn_arguments.descriptor(
            "spawn: controlling_terminal", controlling_terminal
        )
        request.asked |= lib.PYSYS_SPAWN_TERMINAL | lib.PYSYS_SPAWN_SESSION
    if start_new_session:
        request.asked |= lib.PYSYS_SPAWN_SESSION
    if process_group is not None:
        request.made.process_group = spawn_arguments.number("spawn: process_group", process_group)
        request.asked |= lib.PYSYS_SPAWN_PROCESS_GROUP


def _descriptors(
    request: _Request,
    stdin: Descriptor | None,
    stdout: Descriptor | None,
    stderr: Descriptor | None,
    fds: Mapping[int, Descriptor] | None,
) -> None:
    table = spawn_arguments.descriptor_map(stdin, stdout, stderr, fds)
    targets = sorted(table)
    request.made.maps = len(targets)
    request.made.targets = request.array("int[]", targets)
    request.made.sources = request.array("int[]", [table[target] for target in targets])


def _limits(
    request: _Request,
    rlimits: Mapping[int | str, int | tuple[int, int]] | None,
    priority: int | None,
    affinity: Iterable[int] | None,
    umask: int | None,
) -> None:
    made = request.made
    if rlimits is not None:
        limits = spawn_arguments.limits(rlimits)
        made.rlimits = len(limits)
        made.rlimit = request.array("struct pysys_rlimit[]", limits)
    if priority is not None:
        made.priority = spawn_arguments.number("spawn: priority", priority, low=-20, high=19)
        request.asked |= lib.PYSYS_SPAWN_PRIORITY
    if affinity is not None:
        cpus = spawn_arguments.cpus(affinity)
        made.cpus = len(cpus)
        made.cpu = request.array("int[]", cpus)
    if umask is not None:
        made.umask = spawn_arguments.number("spawn: umask", umask, high=0o777)
        request.asked |= lib.PYSYS_SPAWN_UMASK


def _directories(request: _Request, chroot: Path | None, cwd: Path | Descriptor | None) -> None:
    if chroot is not None:
        request.made.chroot = request.array("char[]", text.encoded("spawn: chroot", chroot))
    if cwd is None:
        return
    if text.is_path(cwd):
        request.made.cwd = request.array("char[]", text.encoded("spawn: cwd", cwd))
    else:
        request.made.cwd_fd = _descriptor_or_path("spawn: cwd", cwd)
        request.asked |= lib.PYSYS_SPAWN_CWD_FD


def _user(
    request: _Request,
    user: str | int | None,
    group: str | int | None,
    extra_groups: Iterable[str | int] | None,
) -> None:
    made = request.made
    if extra_groups is not None:
        groups = spawn_arguments.group_ids(extra_groups)
        made.groups = len(groups)
        made.group = request.array("uint32_t[]", groups)
        request.asked |= lib.PYSYS_SPAWN_GROUPS
    if group is not None:
        made.gid = spawn_arguments.group_id(group)
        request.asked |= lib.PYSYS_SPAWN_GID
    if user is not None:
        made.uid = spawn_arguments.user_id(user)
        request.asked |= lib.PYSYS_SPAWN_UID


def _privileges(
    request: _Request, ambient_caps: Iterable[int | str], no_new_privs: bool, pdeathsig: int | None
) -> None:
    if ambient_caps != ():
        request.made.ambient_caps = spawn_arguments.capabilities(ambient_caps)
    if no_new_privs:
        request.asked |= lib.PYSYS_SPAWN_NO_NEW_PRIVS
    if pdeathsig is not None:
        request.made.pdeathsig = spawn_arguments.number("spawn: pdeathsig", pdeathsig, 1, NSIG - 1)


def _signals(
    request: _Request,
    signals_default: Iterable[int],
    signals_ignored: Iterable[int],
    signal_mask: Iterable[int] | None,
) -> None:
    if signals_default != ():
        request.made.signals_default = spawn_arguments.signals("signals_default", signals_default)
    if signals_ignored != ():
        request.made.signals_ignored = spawn_arguments.signals("signals_ignored", signals_ignored)
    if signal_mask is not None:
        request.made.signal_mask = spawn_arguments.signals("signal_mask", signal_mask)
        request.asked |= lib.PYSYS_SPAWN_MASK


# What clone3 says of the cgroup, and of nothing else that spawn asks it for.
_OF_THE_CGROUP = frozenset((EACCES, EBADF, EBUSY, ENODEV, ENOENT, EOPNOTSUPP))


def _fail(
    outcome: tuple[int, str | None, str, int],
    fds: Mapping[int, Descriptor] | None,
    rlimits: Mapping[int | str, int | tuple[int, int]] | None,
    **files: Any,
) -> NoReturn:
    """Raise the error of the call that failed."""
    errno, step, call, index = outcome
    element: object = None
    if index >= 0:
        if step in (*spawn_arguments.STREAMS, "fds"):
            if fds and index in fds:
                element, step = index, "fds"
        elif step == "rlimits" and rlimits:
            element = list(rlimits)[index]
        elif step in ("join_namespaces", "signals_default", "signals_ignored"):
            element = index
    if step is None and call == "clone3" and files.get("cgroup") is not None and errno in _OF_THE_CGROUP:
        step = "cgroup"
    filename = files.get(step) if step else None
    if call == "openat" and step in (*spawn_arguments.STREAMS, "fds"):
        filename = os.devnull
    if filename is not None and not text.is_path(filename):
        filename = None
    error = errors.error(errno, call, filename=filename, step=step)
    error.element = element
    if step == "cgroup" and call == "openat" and index == 0 and errno == ENOENT:
        errors.put_first(error, "cgroup is a directory without cgroup.procs: it is not a cgroup.")
    raise error
