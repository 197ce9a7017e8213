"""spawn: start a program in a new process, at a cost that does not grow with the size of this one."""

from __future__ import annotations

import os
import sys

from pysys import errors  # at once: where calls fail, an import may fail too (descriptors, chroot)
from pysys._native import ffi, lib
from pysys.process import spawn_arguments
from pysys.process.child import Child, reap_dropped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, NoReturn

    from pysys._types import Descriptor, Path

# As in pysys.flags, which imports enum and so is not imported: NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC,
# NEWUSER, NEWPID, NEWNET.
_NAMESPACES = 0x7E020080
_CLONE_NEWUSER = 0x10000000
_STREAMS = ("stdin", "stdout", "stderr")
# CPython raises this event when it starts a program, and hooks that watch for it see these starts as well.
_RAISES_FORK_EXEC = sys.version_info >= (3, 14)


def spawn(
    argv: Sequence[Path],
    *,
    executable: Path | int | None = None,
    cwd: Path | int | None = None,
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

    argv: the program's arguments, of which the first is its name: a sequence of str, bytes or PathLike.
    executable: the program's file, if it is not argv[0]: str, bytes or PathLike. A name without a slash is
        searched for in the PATH of env. An int is an open descriptor of the file (execveat, Linux 3.19); its
        interpreter reads a script as /dev/fd/N then: the script has to be in fds as well, and /proc mounted.
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
    the process could not be made (errors.EAGAIN, errors.ENOMEM, errors.EPERM); `filename` is the file, if
    there is one. No process is left then. Before the kernel is asked: TypeError, ValueError and
    OverflowError for an argument; KeyError for an unknown user or group; what a hook raises on the audit
    event pysys.spawn, with the arguments executable, argv, cwd and env, or, on Python 3.14 and later, on
    _posixsubprocess.fork_exec, which CPython's own starts raise. Since Linux 2.6.27, which has dup3; an
    argument that needs a newer kernel says so.
    """
    arguments = spawn_arguments.arguments(argv)
    program = argv[0] if executable is None else executable
    sys.audit("pysys.spawn", program, argv, cwd, env)
    reap_dropped()
    request = ffi.new("struct pysys_spawn *")
    asked = lib.PYSYS_SPAWN_RESTORE_SIGNALS if restore_signals else 0
    keep: list[object] = []  # what the request points to
    # ---- the program ----
    request.argc = len(arguments)
    variables: Any = ffi.NULL
    encoded: list[bytes] | None = None
    if env is not None:
        encoded = spawn_arguments.environment(env)
        request.envc = len(encoded)
        variables = spawn_arguments.joined(encoded)
    if isinstance(program, int):
        request.program_fd = spawn_arguments.number(program, "executable")
        asked |= lib.PYSYS_SPAWN_PROGRAM_FD
        programs, paths = b"", [b"/dev/fd/%d" % program]
    else:
        paths = spawn_arguments.candidates(
            arguments[0] if executable is None else spawn_arguments.string(program, "executable"), encoded
        )
        request.programs = len(paths)
        programs = spawn_arguments.joined(paths)
    if _RAISES_FORK_EXEC:
        sys.audit("_posixsubprocess.fork_exec", tuple(paths), list(argv), encoded)

    # ---- the process ----
    if pidfd:
        asked |= lib.PYSYS_SPAWN_PIDFD
    if cgroup is not None:
        if isinstance(cgroup, (str, bytes)) or hasattr(cgroup, "__fspath__"):
            keep.append(ffi.new("char[]", spawn_arguments.string(cgroup, "cgroup")))
            request.cgroup_path = keep[-1]
        else:
            request.cgroup = spawn_arguments.descriptor(cgroup, "cgroup")
        asked |= lib.PYSYS_SPAWN_CGROUP
    if uid_map is not None:
        keep.append(spawn_arguments.id_map(uid_map, "uid_map"))
        request.uid_map = keep[-1]
        namespaces |= _CLONE_NEWUSER
    if gid_map is not None:
        keep.append(spawn_arguments.id_map(gid_map, "gid_map"))
        request.gid_map = keep[-1]
        namespaces |= _CLONE_NEWUSER
    if namespaces:
        if spawn_arguments.number(namespaces, "namespaces", high=2**32 - 1) & ~_NAMESPACES:
            raise ValueError(f"namespaces takes CLONE_NEW* flags only, not {namespaces:#x}")
        request.namespaces = int(namespaces)
    if join := spawn_arguments.namespaces_to_join(join_namespaces):
        request.joins = len(join)
        request.join = _ints(keep, (fd for fd, _ in join))
        request.join_flags = _ints(keep, (flags for _, flags in join))

    # ---- session, group, terminal ----
    if controlling_terminal is not None:
        request.terminal = spawn_arguments.descriptor(controlling_terminal, "controlling_terminal")
        asked |= lib.PYSYS_SPAWN_TERMINAL | lib.PYSYS_SPAWN_SESSION
    if start_new_session:
        asked |= lib.PYSYS_SPAWN_SESSION
    if process_group is not None:
        request.process_group = spawn_arguments.number(process_group, "process_group")
        asked |= lib.PYSYS_SPAWN_PROCESS_GROUP

    # ---- descriptors ----
    if stdin is not None or stdout is not None or stderr is not None or fds:
        table = spawn_arguments.descriptor_map(stdin, stdout, stderr, fds)
        targets = sorted(table)
        request.maps = len(targets)
        request.targets = _ints(keep, targets)
        request.sources = _ints(keep, (table[target] for target in targets))
    if close_fds:
        asked |= lib.PYSYS_SPAWN_CLOSE

    # ---- limits ----
    if rlimits:
        limits = spawn_arguments.limits(rlimits)
        request.rlimits = len(limits)
        keep.append(ffi.new("struct pysys_rlimit[]", limits))
        request.rlimit = keep[-1]
    if priority is not None:
        request.priority = spawn_arguments.number(priority, "priority", low=-20, high=19)
        asked |= lib.PYSYS_SPAWN_PRIORITY
    if affinity is not None:
        cpus = [spawn_arguments.number(cpu, "affinity", high=2**20) for cpu in affinity]
        if not cpus:
            raise ValueError("affinity is empty: the child has to run somewhere")
        request.cpus = len(cpus)
        request.cpu = _ints(keep, cpus)
    if umask is not None:
        request.umask = spawn_arguments.number(umask, "umask", high=0o777)
        asked |= lib.PYSYS_SPAWN_UMASK

    # ---- root, directory, user ----
    if chroot is not None:
        keep.append(ffi.new("char[]", spawn_arguments.string(chroot, "chroot")))
        request.chroot = keep[-1]
    if isinstance(cwd, int):
        request.cwd_fd = spawn_arguments.number(cwd, "cwd")
        asked |= lib.PYSYS_SPAWN_CWD_FD
    elif cwd is not None:
        keep.append(ffi.new("char[]", spawn_arguments.string(cwd, "cwd")))
        request.cwd = keep[-1]
    if extra_groups is not None:
        groups = spawn_arguments.group_ids(extra_groups)
        request.groups = len(groups)
        keep.append(ffi.new("uint32_t[]", groups))
        request.group = keep[-1]
        asked |= lib.PYSYS_SPAWN_GROUPS
    if group is not None:
        request.gid = spawn_arguments.group_id(group)
        asked |= lib.PYSYS_SPAWN_GID
    if user is not None:
        request.uid = spawn_arguments.user_id(user)
        asked |= lib.PYSYS_SPAWN_UID

    # ---- privileges and signals ----
    if ambient_caps:
        request.ambient_caps = spawn_arguments.capabilities(ambient_caps)
    if no_new_privs:
        asked |= lib.PYSYS_SPAWN_NO_NEW_PRIVS
    if pdeathsig is not None:
        spawn_arguments.signals((pdeathsig,), "pdeathsig")
        request.pdeathsig = int(pdeathsig)
    if signals_default:
        request.signals_default = spawn_arguments.signals(signals_default, "signals_default")
    if signals_ignored:
        request.signals_ignored = spawn_arguments.signals(signals_ignored, "signals_ignored")
    if signal_mask is not None:
        request.signal_mask = spawn_arguments.signals(signal_mask, "signal_mask")
        asked |= lib.PYSYS_SPAWN_MASK

    request.asked = asked
    words = spawn_arguments.joined(arguments)
    child = Child()
    request.child = child._process
    try:
        result: int = lib.pysys_spawn(request, programs, words, variables)
        if result > 0:
            return child
    except BaseException:  # a signal handler raised: the caller will not learn of the child
        child._discard()
        raise
    _fail(-result, request, fds or {}, executable=program, cwd=cwd, chroot=chroot, cgroup=cgroup)


def _ints(keep: list[object], numbers: Iterable[int]) -> Any:
    array = ffi.new("int[]", list(numbers))
    keep.append(array)
    return array


def _fail(errno: int, request: Any, fds: Mapping[int, Descriptor], **files: object) -> NoReturn:
    step = ffi.string(request.step).decode() if request.step else None
    if step in _STREAMS and _STREAMS.index(step) in fds:
        step = "fds"
    call = ffi.string(request.call).decode() if request.call else "mmap"
    filename = files.get(step) if step else None
    if call == "openat" and step in (*_STREAMS, "fds"):
        filename = os.devnull
    if isinstance(filename, int) or hasattr(filename, "fileno"):
        filename = None
    raise errors.error(errno, call, filename=filename, step=step)
