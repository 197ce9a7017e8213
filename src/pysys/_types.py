"""Types for annotations. Nothing imports this module at run time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol, Required, TypeAlias, TypedDict, Union

from typing_extensions import Buffer as Buffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pysys.structures import Array, Structure, sock_filter


class HasFileno(Protocol):
    """An object that has a descriptor: a file, a socket, a Child."""

    def fileno(self) -> int: ...


NativeFunction: TypeAlias = Any  # a CFFI `int (*)(void *)`; CFFI's pointers have no types of their own
Path: TypeAlias = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
Descriptor: TypeAlias = int | HasFileno
# What depends on another argument, as in ioctl, fcntl, prctl and keyctl; a word may be left out.
Argument: TypeAlias = Union[int, Buffer, Path, "Structure", "Array[Any]", HasFileno]
Word: TypeAlias = Argument | None
# A filter of calls: its bytes, or its instructions.
Program: TypeAlias = Union[bytes, bytearray, memoryview, "Iterable[tuple[int, int, int, int] | sock_filter]"]


class HasProgram(Protocol):
    """An object that has a filter's program."""

    @property
    def program(self) -> Program: ...


class SpawnFilter(TypedDict, total=False):
    """A filter and its flags, for spawn."""

    filter: Required[Program | HasProgram]
    log: bool
    spec_allow: bool
    wait_killable: bool
    listener: bool


class LandlockRules(TypedDict, total=False):
    """Rules of Landlock in words, for spawn."""

    paths: Mapping[Any, int | str]
    bind: Iterable[int]
    connect: Iterable[int]
    scopes: int | str
    abi: int


class InPlace(TypedDict, total=False):
    """What exec_in_place takes of spawn's arguments."""

    executable: Path | Descriptor | None
    cwd: Path | Descriptor | None
    env: Mapping[Any, Any] | None
    stdin: Descriptor | None
    stdout: Descriptor | None
    stderr: Descriptor | None
    fds: Mapping[int, Descriptor] | None
    close_fds: bool
    umask: int | None
    start_new_session: bool
    process_group: int | None
    user: str | int | None
    group: str | int | None
    extra_groups: Iterable[str | int] | None
    controlling_terminal: Descriptor | None
    restore_signals: bool
    signal_mask: Iterable[int] | None
    signals_default: Iterable[int]
    signals_ignored: Iterable[int]
    rlimits: Mapping[int | str, int | tuple[int, int]] | None
    priority: int | None
    affinity: Iterable[int] | None
    pdeathsig: int | None
    no_new_privs: bool
    chroot: Path | None
    namespaces: int
    join_namespaces: Iterable[Descriptor | tuple[Descriptor, int]]
    uid_map: Iterable[tuple[int, int, int]] | None
    gid_map: Iterable[tuple[int, int, int]] | None
    ambient_caps: Iterable[int | str]
    cgroup: Path | Descriptor | None
    hostname: str | bytes | None
    domainname: str | bytes | None
    loopback: bool
    time_offsets: Mapping[str, int] | None
    oom_score_adj: int | None
    coredump_filter: int | None
    personality: int | None
    timer_slack: int | None
    child_subreaper: bool
    scheduling: int | tuple[int, int] | None
    io_priority: int | tuple[int, int] | None
    keyring: str | bytes | bool
    capabilities: Iterable[int | str] | Mapping[str, Iterable[int | str]] | None
    securebits: int | None
    landlock: Descriptor | LandlockRules | None
    seccomp: Program | HasProgram | SpawnFilter | None
    login: str | int | None
    steal_terminal: bool
    numa_policy: int | tuple[int, Iterable[int]] | None
