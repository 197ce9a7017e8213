"""spawn: another program in a new process, at a cost that does not grow with this one."""

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

# As in pysys.flags, which imports enum: NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
_NAMESPACES = 0x7E020080
_CLONE_NEWUSER = 0x10000000
_STREAMS = ("stdin", "stdout", "stderr")
# CPython's own starts of programs raise it since then, and hooks that watch them are to see these as well.
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

    Nothing of this process is copied, no lock of it and no other thread matters to the child, no
    at-fork hook runs, and no handler of a signal runs in the child. The calling thread is suspended
    until the program runs; other threads go on.

    What to run:

    argv: the program's arguments, of which the first is its name; str, bytes or PathLike.
    executable: the program's file, if it is not argv[0]. A name without a slash is looked for in the
        PATH of env. An int is an open descriptor of the file (execveat); a script run so is read by
        its interpreter as /dev/fd/N: give it a place in fds as well, and mount /proc.
    env: the environment, a mapping; None: this process's own, as the C library has it.

    What the child gets, in the order in which it takes it:

    cgroup: a cgroup that it is made in: its directory, or a descriptor of it. Without clone3 (Linux
        5.7) the child moves there by itself.
    namespaces: namespaces to create, CLONE_NEW* of pysys.flags.
    uid_map, gid_map: lines (inside, outside, count) of the new user namespace, which they imply. A
        caller without CAP_SETGID gives up setgroups in it, as the kernel demands. Where this process
        may not be dumped (PR_SET_DUMPABLE: after a change of user, for instance) and is not root, the
        child's copy of it can be traced by the same user while the maps are written.
    join_namespaces: namespaces to enter, in this order: descriptors of /proc/PID/ns/*, or pairs of a
        descriptor, which can also be a pidfd, and CLONE_NEW* flags (0: any kind). To be inside a PID
        namespace the child is made by way of a short-lived process, whose SIGCHLD is seen.
    start_new_session: a session of its own.
    process_group: the id of a process group; 0: a new one.
    controlling_terminal: a terminal's descriptor; implies start_new_session.
    stdin, stdout, stderr: a descriptor, an object with fileno(), subprocess.DEVNULL; for stderr also
        subprocess.STDOUT; None: this process's own.
    fds: {number in the child: descriptor}. Numbers may cross over: {3: 4, 4: 3}.
    close_fds: nothing else is open in the child, beyond 0, 1 and 2. False: what is inheritable is.
    rlimits: {resource.RLIMIT_*, or its name ("NOFILE"): (soft, hard), or one number for both}.
    priority: the nice value, from -20 to 19.
    affinity: the CPUs that it may run on.
    umask: the file mode creation mask.
    chroot: its root directory. Relative paths start there from then on, that of cwd too; without cwd it
        is the working directory.
    cwd: its working directory: a path, or a directory's descriptor, which is of the root and the mounts
        that it was opened in: with chroot or a new mount namespace it may lie outside. It is entered before
        the user changes, or, where that may not, after.
    extra_groups, group, user: ids, or names; real, effective and saved ids are set. Groups stay what
        they are without extra_groups.
    ambient_caps: capabilities that the program keeps when the user changes, or gets where it is not
        root: numbers or names ("CAP_NET_BIND_SERVICE"). They have to be permitted here.
    no_new_privs: no program that it ever runs gains privileges (set-user-ID, file capabilities).
    pdeathsig: a signal that it gets when the thread that called spawn ends (PR_SET_PDEATHSIG).
    signals_ignored, signals_default: dispositions; all signals that are caught here become default.
    restore_signals: SIGPIPE and SIGXFSZ, which Python ignores, become default, unless ignored above.
    signal_mask: the signals that it starts with blocked; None: those of the calling thread.

    pidfd: whether the Child has a descriptor for its process (Linux 5.3; earlier it has none).

    With a change of user or groups, id maps, user or time namespaces to join, a time namespace to
    create, and with cgroup where the machine is not an x86_64, the child starts on a copy-on-write
    copy of this process instead, which costs what a fork costs.

    A program that is open for writing (ETXTBSY) is tried again for an eighth of a second: another
    thread's child may have the descriptor by accident, until its exec.

    Returns a Child that runs the program.

    Raises what the failing call means: errors.ENOENT, errors.EACCES, ... The exception's `syscall` is
    that call, `step` the parameter it was made for ("executable", "cwd", "user", ...), None if the
    process could not be made (errors.EAGAIN, errors.ENOMEM, errors.EPERM); `filename` the file, where
    there is one. No process is left then. Before the kernel is asked: TypeError, ValueError,
    OverflowError; KeyError for an unknown user or group; what a hook raises on the audit event
    pysys.spawn, with the arguments executable, argv, cwd and env, or, on Python 3.14 and later, on
    _posixsubprocess.fork_exec, which CPython's own starts raise.
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
    except BaseException:  # of a signal's handler: nobody will learn of the child
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
