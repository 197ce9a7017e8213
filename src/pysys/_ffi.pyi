"""What the extension offers, as declared in cdefs/: tests/build/test_native.py holds the two together."""

from typing import Any, type_check_only

ffi: Any  # CFFI's own; its pointers and structs have no types that mypy could check

# A word of a raw call is Any: what is no int is CFFI's to refuse, faster than Python could.
@type_check_only
class _Lib:
    pysys_abi_name: Any
    pysys_numbered: Any
    CLONE_CHILD_CLEARTID: int
    CLONE_CHILD_SETTID: int
    CLONE_FILES: int
    CLONE_FS: int
    CLONE_IO: int
    CLONE_NEWNS: int
    CLONE_PARENT: int
    CLONE_PARENT_SETTID: int
    CLONE_PIDFD: int
    CLONE_SETTLS: int
    CLONE_SIGHAND: int
    CLONE_SYSVSEM: int
    CLONE_THREAD: int
    CLONE_VFORK: int
    CLONE_VM: int
    PYSYS_BESIDE_THREADS: int
    PYSYS_CLONE: int
    PYSYS_CLONE3: int
    PYSYS_DETACHED: int
    PYSYS_ELSEWHERE: int
    PYSYS_ENDED: int
    PYSYS_FORK: int
    PYSYS_KILL: int
    PYSYS_LAUNCH_FOREGROUND: int
    PYSYS_LAUNCH_INIT: int
    PYSYS_LAUNCH_NUMA: int
    PYSYS_LAUNCH_STEAL: int
    PYSYS_LAUNCH_STOP: int
    PYSYS_LIBC_FORK: int
    PYSYS_LOST: int
    PYSYS_MOUNTS_ARGUMENTS: int
    PYSYS_MOUNTS_CHDIR: int
    PYSYS_MOUNTS_CHROOT: int
    PYSYS_MOUNTS_CLOSE: int
    PYSYS_MOUNTS_CONTEXT: int
    PYSYS_MOUNTS_FCHDIR: int
    PYSYS_MOUNTS_FILE: int
    PYSYS_MOUNTS_FROM_EMPTY: int
    PYSYS_MOUNTS_FSCONFIG: int
    PYSYS_MOUNTS_FSMOUNT: int
    PYSYS_MOUNTS_FSOPEN: int
    PYSYS_MOUNTS_MESSAGE: int
    PYSYS_MOUNTS_MKDIR: int
    PYSYS_MOUNTS_MOUNT: int
    PYSYS_MOUNTS_MOVE_MOUNT: int
    PYSYS_MOUNTS_OPEN: int
    PYSYS_MOUNTS_OPEN_INSIDE: int
    PYSYS_MOUNTS_OPEN_TREE: int
    PYSYS_MOUNTS_PARENT: int
    PYSYS_MOUNTS_PIVOT_ROOT: int
    PYSYS_MOUNTS_PLACES: int
    PYSYS_MOUNTS_SETATTR: int
    PYSYS_MOUNTS_SOURCES: int
    PYSYS_MOUNTS_SYMLINK: int
    PYSYS_MOUNTS_TARGET: int
    PYSYS_MOUNTS_TOP: int
    PYSYS_MOUNTS_TO_EMPTY: int
    PYSYS_MOUNTS_UMOUNT: int
    PYSYS_MOUNTS_UNSHARE: int
    PYSYS_MOUNTS_WRITE: int
    PYSYS_NOT_HERE: int
    PYSYS_NO_RULESET: int
    PYSYS_PROBE_BEGUN: int
    PYSYS_PROBE_MASK: int
    PYSYS_PROBE_NO_CORE: int
    PYSYS_PROBE_NO_NEW_PRIVS: int
    PYSYS_PROBE_PARENT: int
    PYSYS_PROBE_RETURNED: int
    PYSYS_PROBE_SETTINGS: int
    PYSYS_PROBE_SIGNALS: int
    PYSYS_PROBE_TIMER: int
    PYSYS_PROBE_TRAPPED: int
    PYSYS_PROBE_WALL: int
    PYSYS_RUNS: int
    PYSYS_SETTINGS_AMBIENT: int
    PYSYS_SETTINGS_BOUNDING: int
    PYSYS_SETTINGS_INHERITABLE: int
    PYSYS_SETTINGS_IO_PRIORITY: int
    PYSYS_SETTINGS_KEYRING: int
    PYSYS_SETTINGS_LOOPBACK: int
    PYSYS_SETTINGS_PERMITTED: int
    PYSYS_SETTINGS_PERSONALITY: int
    PYSYS_SETTINGS_RULES: int
    PYSYS_SETTINGS_RULESET: int
    PYSYS_SETTINGS_SCHEDULING: int
    PYSYS_SETTINGS_SECUREBITS: int
    PYSYS_SETTINGS_SUBREAPER: int
    PYSYS_SPAWN_CGROUP: int
    PYSYS_SPAWN_CLOSE: int
    PYSYS_SPAWN_CWD_FD: int
    PYSYS_SPAWN_DEVNULL: int
    PYSYS_SPAWN_GID: int
    PYSYS_SPAWN_GROUPS: int
    PYSYS_SPAWN_IN_PLACE: int
    PYSYS_SPAWN_MASK: int
    PYSYS_SPAWN_NO_NEW_PRIVS: int
    PYSYS_SPAWN_PIDFD: int
    PYSYS_SPAWN_PRIORITY: int
    PYSYS_SPAWN_PROCESS_GROUP: int
    PYSYS_SPAWN_PROGRAM_FD: int
    PYSYS_SPAWN_RESTORE_SIGNALS: int
    PYSYS_SPAWN_SESSION: int
    PYSYS_SPAWN_TERMINAL: int
    PYSYS_SPAWN_UID: int
    PYSYS_SPAWN_UMASK: int
    PYSYS_THREAD_STARTED: int
    PYSYS_VFORK: int
    PYSYS_WAITID: int
    SIGCHLD: int
    SOL_SOCKET: int
    def pysys_abandon(self, a1: Any, /) -> None: ...
    def pysys_address(self, a1: Any, /) -> int: ...
    def pysys_children_elsewhere(self, /) -> int: ...
    def pysys_clone3_is_filtered(self, /) -> int: ...
    def pysys_create(self, a1: Any, /) -> int: ...
    def pysys_forked(self, /) -> None: ...
    def pysys_probe(self, a1: Any, a2: Any, /) -> int: ...
    def pysys_give_terminal_back(self, a1: Any, /) -> None: ...
    def pysys_mounts_apply(self, mounts: Any, /) -> int: ...
    def pysys_group_id(self, name: bytes, /) -> int: ...
    def pysys_landlock_known(self, version: int, sets: Any, /) -> None: ...
    def pysys_load32(self, a1: Any, /) -> int: ...
    def pysys_load64(self, a1: Any, /) -> int: ...
    def pysys_next_stop(self, stop: Any, resume: int, request: int, signal: int, only: int, /) -> int: ...
    def pysys_ruleset(self, settings: Any, failed: Any, /) -> int: ...
    def pysys_socket_domain(self, a1: int, /) -> int: ...
    def pysys_socket_limit(self, a1: int, a2: bool, /) -> int: ...
    def pysys_store32(self, a1: Any, a2: int, /) -> None: ...
    def pysys_store64(self, a1: Any, a2: int, /) -> None: ...
    def pysys_syscall0(self, number: int, /) -> int: ...
    def pysys_syscall1(self, number: int, a1: Any, /) -> int: ...
    def pysys_syscall2(self, number: int, a1: Any, a2: Any, /) -> int: ...
    def pysys_syscall3(self, number: int, a1: Any, a2: Any, a3: Any, /) -> int: ...
    def pysys_syscall4(self, number: int, a1: Any, a2: Any, a3: Any, a4: Any, /) -> int: ...
    def pysys_syscall5(self, number: int, a1: Any, a2: Any, a3: Any, a4: Any, a5: Any, /) -> int: ...
    def pysys_syscall6(self, number: int, a1: Any, a2: Any, a3: Any, a4: Any, a5: Any, a6: Any, /) -> int: ...
    def pysys_syscall7(
        self, number: int, a1: Any, a2: Any, a3: Any, a4: Any, a5: Any, a6: Any, a7: Any, /
    ) -> int: ...
    def pysys_threads(self, /) -> int: ...

lib: _Lib

def call_family(*args: Any) -> Any: ...  # cdefs/calls.c

# cdefs/structure.c
def number_reader(base: type, name: str, offset: int, size: int, is_signed: bool, /) -> Any: ...
def structure_type() -> Any: ...

# cdefs/starts.c
def abandon_plain(ticket: int, /) -> None: ...
def create_plain(ticket: int, call: int, flags: int, too_late: object, /) -> Any: ...  # an int, or a pair
def is_main() -> bool: ...
def join_environment() -> bytes: ...
def join_strings(strings: object, /) -> bytes | None: ...
def join_variables(mapping: object, /) -> bytes | None: ...
def process_type() -> Any: ...
def ticket() -> int: ...
