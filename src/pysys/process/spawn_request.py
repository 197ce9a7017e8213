"""What spawn asks C for where an argument is unusual.

Loaded when it is first needed, and held in memory until then (pysys.process.spawn).
"""

from __future__ import annotations

import os
import sys
from _signal import NSIG  # signal itself is Python, and takes enum along
from _weakref import ref

from pysys._native import ffi, join_strings, join_variables, lib
from pysys.arguments import descriptors, text
from pysys.loading import load
from pysys.process import spawn_arguments, spawn_launch, spawn_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from pysys._types import Descriptor, Path
    from pysys.mounts.words import MountEntry
    from pysys.process.child import Child
    from pysys.process.pipes import Pipes
    from pysys.seccomp.listener import Listener

# As in pysys.flags, which imports enum and so is not imported: NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC,
# NEWUSER, NEWPID, NEWNET.
_NAMESPACES = 0x7E020080
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNS = lib.CLONE_NEWNS
_CLONE_NEWTIME = 0x80
# Of the new namespaces that are implied.
_IMPLIED = {"hostname": 0x04000000, "domainname": 0x04000000, "loopback": 0x40000000}


class SpawnRequest:
    """What C is asked for.

    made: its structure. asked: PYSYS_SPAWN_*. programs, words, variables: where the program may be, its
    arguments and environment, as C takes them. function: the parent's part, or None. keep: what the structure
    points to. pipes: those that it makes. mounting: the steps of mounts, or None.
    """

    __slots__ = (
        *("asked", "function", "keep", "listener", "made", "mounting", "pipes", "programs", "variables"),
        "words",
    )

    def __init__(self, close_fds: bool, restore_signals: bool, pidfd: bool) -> None:
        self.made: Any = ffi.new("struct pysys_spawn *")
        self.made.listener = -1
        self.asked: int = 0
        if close_fds:
            self.asked |= lib.PYSYS_SPAWN_CLOSE
        if restore_signals:
            self.asked |= lib.PYSYS_SPAWN_RESTORE_SIGNALS
        if pidfd:
            self.asked |= lib.PYSYS_SPAWN_PIDFD
        self.programs: bytes = b""
        self.words: bytes = b""
        self.variables: bytes | None = None
        self.function: Any = None
        self.keep: list[object] = []
        self.listener: Listener | None = None
        self.pipes: Pipes | None = None
        self.mounting: Any = None

    def start(self, child: Child) -> bool | tuple[int, str | None, str, int]:
        """Start the program. Returns True, or what failed, as _start does."""
        self.made.asked = self.asked
        address = int(ffi.cast("uintptr_t", self.made))
        words = (address, self.programs, self.words, self.variables, self.function)
        if self.listener is None:
            return child._start_as(*words)
        child._listener = self.listener
        outcome = child._start_as(*words)
        if outcome is True:
            self.listener._fd = self.made.listener
            self.listener._child = ref(child)
        return outcome

    def discard(self) -> None:
        """Undo what is left of a start that was interrupted before anybody could have its process."""
        if self.made.launch:
            lib.pysys_give_terminal_back(self.made)
        try:
            if self.pipes is not None:
                self.pipes.close()
        finally:
            if self.listener is not None and self.listener._fd < 0 <= self.made.listener:
                os.close(self.made.listener)

    def launched(self) -> Any:
        """The structure for what spawn_launch has."""
        if not self.made.launch:
            self.made.launch = self.array("struct pysys_launch *", None)
        return self.made.launch

    def array(self, ctype: str, values: Any) -> Any:
        """Memory for C with these values."""
        made = ffi.new(ctype, values)
        self.keep.append(made)
        return made

    def program(
        self,
        argv: Iterable[Path],
        executable: Path | Descriptor | None,
        cwd: Path | Descriptor | None,
        env: Mapping[Any, Any] | None,
        raises_fork_exec: bool,
    ) -> Sequence[Path]:
        """What is run; and the audit events. Returns argv as a sequence."""
        argv = spawn_arguments.listed(argv)
        self.words = words = join_strings(argv) or spawn_arguments.joined(spawn_arguments.arguments(argv))
        self.announce(argv[0] if executable is None else executable, argv, cwd, env)
        variables: list[bytes] | None = None
        if env is not None:
            self.variables = join_variables(env)
            if self.variables is None:
                own_ids: list[bytes] = []
                self.variables = spawn_arguments.joined(spawn_arguments.environment(env, own_ids))
                if own_ids:
                    spawn_launch.own_ids(self, own_ids)
            variables = spawn_arguments.parted(self.variables)
        if executable is None or text.is_path(executable):
            if executable is None:
                name = words[: words.index(b"\0")]
            else:
                name = text.encoded("spawn: executable", executable)
            paths = spawn_arguments.candidates(name, variables)
            self.programs = spawn_arguments.joined(paths)
        else:
            self.made.program_fd = _descriptor_or_path("spawn: executable", executable)
            self.asked |= lib.PYSYS_SPAWN_PROGRAM_FD
            paths = [b"/dev/fd/%d" % self.made.program_fd]
        if raises_fork_exec:
            sys.audit("_posixsubprocess.fork_exec", tuple(paths), list(argv), variables)
        return argv

    def announce(self, executable: Any, argv: Sequence[Path], cwd: Any, env: Any) -> None:
        """The audit event."""
        sys.audit("pysys.spawn", executable, argv, cwd, env)

    def cgroup(self, cgroup: Path | Descriptor) -> None:
        if text.is_path(cgroup):
            self.made.cgroup_path = self.array("char[]", text.encoded("spawn: cgroup", cgroup))
        else:
            self.made.cgroup = _descriptor_or_path("spawn: cgroup", cgroup)
        self.asked |= lib.PYSYS_SPAWN_CGROUP

    def namespaces(
        self,
        namespaces: int,
        join_namespaces: Iterable[Descriptor | tuple[Descriptor, int]],
        uid_map: Iterable[tuple[int, int, int]] | None,
        gid_map: Iterable[tuple[int, int, int]] | None,
    ) -> None:
        made = self.made
        flags = spawn_arguments.number("spawn: namespaces", namespaces, high=2**32 - 1)
        if flags & ~_NAMESPACES:
            rest = flags & ~_NAMESPACES
            raise ValueError(f"spawn: namespaces must be CLONE_NEW* flags only, and {rest} is none of them")
        if uid_map is not None:
            made.uid_map = self.array("char[]", spawn_arguments.id_map(uid_map, "uid_map"))
            flags |= _CLONE_NEWUSER
        if gid_map is not None:
            made.gid_map = self.array("char[]", spawn_arguments.id_map(gid_map, "gid_map"))
            flags |= _CLONE_NEWUSER
        made.namespaces = flags
        if join_namespaces != ():
            join = spawn_arguments.namespaces_to_join(join_namespaces)
            made.joins = len(join)
            made.join = self.array("int[]", [fd for fd, _ in join])
            made.join_flags = self.array("int[]", [kind for _, kind in join])

    def session(
        self,
        start_new_session: bool,
        process_group: int | None,
        controlling_terminal: Descriptor | None,
    ) -> None:
        if controlling_terminal is not None:
            self.made.terminal = spawn_arguments.descriptor(
                "spawn: controlling_terminal", controlling_terminal
            )
            self.asked |= lib.PYSYS_SPAWN_TERMINAL | lib.PYSYS_SPAWN_SESSION
        if start_new_session:
            self.asked |= lib.PYSYS_SPAWN_SESSION
        if process_group is not None:
            self.made.process_group = spawn_arguments.number("spawn: process_group", process_group)
            self.asked |= lib.PYSYS_SPAWN_PROCESS_GROUP

    def files(
        self,
        stdin: Descriptor | None,
        stdout: Descriptor | None,
        stderr: Descriptor | None,
        fds: Mapping[int, Descriptor] | None,
    ) -> None:
        stdin, stdout, stderr = (self._or_pipe(i, one) for i, one in enumerate((stdin, stdout, stderr)))
        table = spawn_arguments.descriptor_map(stdin, stdout, stderr, fds)
        targets = sorted(table)
        self.made.maps = len(targets)
        self.made.targets = self.array("int[]", targets)
        self.made.sources = self.array("int[]", [table[target] for target in targets])

    def _or_pipe(self, stream: int, asked: Descriptor | None) -> Descriptor | None:
        if type(asked) is not int or asked != spawn_arguments.PIPE:
            return asked
        if self.pipes is None:
            self.pipes = load("pysys.process.pipes").Pipes()
        return self.pipes.made(stream)

    def limits(
        self,
        rlimits: Mapping[int | str, int | tuple[int, int]] | None,
        priority: int | None,
        affinity: Iterable[int] | None,
        umask: int | None,
    ) -> None:
        made = self.made
        if rlimits is not None:
            limits = spawn_arguments.limits(rlimits)
            made.rlimits = len(limits)
            made.rlimit = self.array("struct pysys_rlimit[]", limits)
        if priority is not None:
            made.priority = spawn_arguments.number("spawn: priority", priority, low=-20, high=19)
            self.asked |= lib.PYSYS_SPAWN_PRIORITY
        if affinity is not None:
            cpus = spawn_arguments.cpus(affinity)
            made.cpus = len(cpus)
            made.cpu = self.array("int[]", cpus)
        if umask is not None:
            made.umask = spawn_arguments.number("spawn: umask", umask, high=0o777)
            self.asked |= lib.PYSYS_SPAWN_UMASK

    def directories(self, chroot: Path | None, cwd: Path | Descriptor | None) -> None:
        if chroot is not None:
            self.made.chroot = self.array("char[]", text.encoded("spawn: chroot", chroot))
        if cwd is None:
            return
        if text.is_path(cwd):
            self.made.cwd = self.array("char[]", text.encoded("spawn: cwd", cwd))
        else:
            self.made.cwd_fd = _descriptor_or_path("spawn: cwd", cwd)
            self.asked |= lib.PYSYS_SPAWN_CWD_FD

    def user(
        self,
        user: str | int | None,
        group: str | int | None,
        extra_groups: Iterable[str | int] | None,
    ) -> None:
        made = self.made
        if extra_groups is not None:
            groups = spawn_arguments.group_ids(extra_groups)
            made.groups = len(groups)
            made.group = self.array("uint32_t[]", groups)
            self.asked |= lib.PYSYS_SPAWN_GROUPS
        if group is not None:
            made.gid = spawn_arguments.group_id(group)
            self.asked |= lib.PYSYS_SPAWN_GID
        if user is not None:
            made.uid = spawn_arguments.user_id(user)
            self.asked |= lib.PYSYS_SPAWN_UID

    def privileges(
        self, ambient_caps: Iterable[int | str], no_new_privs: bool, pdeathsig: int | None
    ) -> None:
        if ambient_caps != ():
            self.made.ambient_caps = spawn_arguments.capabilities(ambient_caps, "ambient_caps")
        if no_new_privs:
            self.asked |= lib.PYSYS_SPAWN_NO_NEW_PRIVS
        if pdeathsig is not None:
            self.made.pdeathsig = spawn_arguments.number("spawn: pdeathsig", pdeathsig, 1, NSIG - 1)

    def signals(
        self,
        signals_default: Iterable[int],
        signals_ignored: Iterable[int],
        signal_mask: Iterable[int] | None,
    ) -> None:
        if signals_default != ():
            self.made.signals_default = spawn_arguments.signals("signals_default", signals_default)
        if signals_ignored != ():
            self.made.signals_ignored = spawn_arguments.signals("signals_ignored", signals_ignored)
        if signal_mask is not None:
            self.made.signal_mask = spawn_arguments.signals("signal_mask", signal_mask)
            self.asked |= lib.PYSYS_SPAWN_MASK

    def mount(self, mounts: Iterable[MountEntry] | None, root: Path | MountEntry | None) -> None:
        if mounts is None and root is None:
            return
        made = self.made
        self.mounting = load("pysys.mounts").program(
            () if mounts is None else mounts,
            root,
            title="spawn",
            own_namespace=made.joins > 0 or not made.namespaces & _CLONE_NEWNS,
            own_user_namespace=bool(made.namespaces & _CLONE_NEWUSER),
        )

    def settings(self, **asked: Any) -> None:
        """The settings that few starts have: those that are neither None nor False."""
        wanted = {name: value for name, value in asked.items() if value is not None and value is not False}
        if self.mounting is not None:
            wanted["mounts"] = self.mounting
        if not wanted:
            return
        made = self.made
        made.settings = spawn_settings.settings(wanted, made.ambient_caps, self.keep)
        if (
            made.settings.filter_flags & spawn_settings.LISTENER
        ):  # before the start, which it could fail after
            self.listener = load("pysys.seccomp.listener", "pysys.spawn").Listener._empty()
        for name, flag in _IMPLIED.items():
            if name in wanted:
                made.namespaces |= flag
        if "time_offsets" in wanted:  # the child makes this one
            made.namespaces &= ~_CLONE_NEWTIME

    def launch(self, **asked: Any) -> None:
        """What few starts ask of the start itself: those that are neither None nor False."""
        wanted = {name: value for name, value in asked.items() if value is not None and value is not False}
        if wanted:
            spawn_launch.fill(self, wanted)


def _descriptor_or_path(title: str, value: Any) -> int:
    return spawn_arguments.number(title, descriptors.path_or_descriptor(title, value))
