"""spawn's arguments: checks that name the parameter, and what the C code gets for each."""

from __future__ import annotations

import grp
import os
import pwd
import resource
import sys
from _signal import NSIG  # signal itself imports enum

from pysys._native import ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from pysys._types import Descriptor, Path

# Those of subprocess, which is not imported for them.
PIPE, STDOUT, DEVNULL = -1, -2, lib.PYSYS_SPAWN_DEVNULL

_LARGEST_ID = 2**32 - 2  # the next one means "no change"
_INT_MAX = 2**31 - 1
_WORD = 2**64 - 1
_INFINITY = _WORD
_NO_LIMIT = (-1, 2**63 - 1)  # resource.RLIM_INFINITY, as 64-bit and 32-bit Pythons have it

_ENCODING, _ERRORS = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()

# In the order of their numbers (linux/capability.h, Linux 5.9 and later).
# fmt: off
CAPABILITIES = (
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
    "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
    "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
    "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
    "CHECKPOINT_RESTORE",
)
# fmt: on


def number(value: object, name: str, low: int = 0, high: int = _INT_MAX) -> int:
    """An int within bounds."""
    try:
        result: int = value.__index__()  # type: ignore[attr-defined]  # tried: it may have none
    except AttributeError:
        raise TypeError(f"{name} must be an int, not {type(value).__name__}") from None
    if result < low:
        raise ValueError(f"{name} must be at least {low}, not {result}")
    if result > high:
        raise OverflowError(f"{name} must be at most {high}, not {result}")
    return result


def descriptor(value: object, name: str) -> int:
    """The number of an open descriptor: an int, or an object with a fileno()."""
    if not isinstance(value, int):
        try:
            value = value.fileno()  # type: ignore[attr-defined]  # also tried
        except AttributeError:
            raise TypeError(
                f"{name} must be a descriptor or have a fileno(), not {type(value).__name__}"
            ) from None
    return number(value, name)


# ---- strings ----


def string(value: object, name: str) -> bytes:
    """A str, bytes or PathLike as the kernel takes it."""
    if type(value) is str:  # what os.fsencode does, at a quarter of its cost
        result = value.encode(_ENCODING, _ERRORS)
    else:
        try:
            result = os.fsencode(value)  # type: ignore[arg-type]  # it checks the type
        except TypeError:
            raise TypeError(f"{name} must be str, bytes or os.PathLike, not {type(value).__name__}") from None
    if b"\0" in result:
        raise ValueError(f"{name}: embedded null byte")
    return result


def joined(strings: list[bytes]) -> bytes:
    """Strings in a row, each with a null byte at its end."""
    return b"\0".join(strings) + b"\0"


def arguments(argv: Sequence[Path]) -> list[bytes]:
    """argv, encoded. It has at least the program's name."""
    if isinstance(argv, (str, bytes)) or hasattr(argv, "__fspath__"):
        raise TypeError(f"argv must be a sequence of strings, not {type(argv).__name__}")
    encoded = [string(part, "argv") for part in argv]
    if not encoded:
        raise ValueError("argv is empty: it starts with the program's name")
    return encoded


def environment(env: Mapping[Any, Any]) -> list[bytes]:
    """NAME=value for each variable."""
    variables = []
    for key, value in env.items():
        variable = string(key, "env")
        if b"=" in variable:
            raise ValueError("illegal environment variable name")
        variables.append(variable + b"=" + string(value, "env"))
    return variables


def candidates(program: bytes, variables: list[bytes] | None) -> list[bytes]:
    """The paths where this program may be: itself, or its name in each directory of the environment's PATH.

    What os.get_exec_path does, without its import.
    """
    if b"/" in program:
        return [program]
    if variables is None:
        found = [value] if (value := os.environb.get(b"PATH")) is not None else []
    else:
        found = [variable[5:] for variable in variables if variable.startswith(b"PATH=")]
    if len(found) > 1:
        raise ValueError("env cannot contain 'PATH' and b'PATH' keys")
    path = found[0] if found else os.defpath.encode()
    return [os.path.join(directory, program) for directory in path.split(b":")]


# ---- descriptors ----


def descriptor_map(
    stdin: Descriptor | None,
    stdout: Descriptor | None,
    stderr: Descriptor | None,
    fds: Mapping[int, Descriptor] | None,
) -> dict[int, int]:
    """The child's descriptors: by their number, the descriptor that they are a copy of; C opens DEVNULL."""
    result: dict[int, int] = {}
    streams = ((0, "stdin", stdin), (1, "stdout", stdout), (2, "stderr", stderr))
    for target, name, source in streams:
        if source is not None:
            result[target] = _source(source, name, result)
    for key, source in fds.items() if fds else ():
        target = number(key, "fds", high=_INT_MAX - 1)
        if target in result:
            raise ValueError(f"fds: {target} is given as {streams[target][1]} as well")
        result[target] = _source(source, "fds", result)
    return result


def _source(source: Descriptor, name: str, so_far: dict[int, int]) -> int:
    if source == DEVNULL:
        return DEVNULL
    if source == STDOUT and name == "stderr":
        return so_far.get(1, 1)
    if source == PIPE:
        raise ValueError(f"{name}: PIPE is for pysys.Popen; spawn takes an open descriptor")
    return descriptor(source, name)


# ---- users ----


def user_id(user: str | int) -> int:
    if isinstance(user, str):
        user = pwd.getpwnam(user).pw_uid
    return number(user, "user", high=_LARGEST_ID)


def group_id(group: str | int, name: str = "group") -> int:
    if isinstance(group, str):
        group = grp.getgrnam(group).gr_gid
    return number(group, name, high=_LARGEST_ID)


def group_ids(groups: Iterable[str | int]) -> list[int]:
    if isinstance(groups, (str, bytes)):
        raise TypeError(f"extra_groups must be an iterable, not {type(groups).__name__}")
    try:
        return [group_id(group, "extra_groups") for group in groups]
    except OverflowError as error:  # like subprocess for groups, but not for a user's id
        raise ValueError(str(error)) from None


def id_map(lines: Iterable[tuple[int, int, int]], name: str) -> Any:
    """The text of /proc/PID/uid_map or gid_map, as C's memory."""
    text = []
    for line in lines:
        try:
            inside, outside, count = line
        except (TypeError, ValueError):
            raise ValueError(f"{name}: a line is (inside, outside, count), not {line!r}") from None
        inside = number(inside, name, high=_LARGEST_ID)
        outside = number(outside, name, high=_LARGEST_ID)
        text.append(f"{inside} {outside} {number(count, name, low=1, high=_LARGEST_ID + 1)}\n")
    if not text:
        raise ValueError(f"{name} is empty")
    return ffi.new("char[]", "".join(text).encode())


# ---- the rest ----


def signals(numbers: Iterable[int], name: str) -> tuple[int, int]:
    """A set of signals as two 64-bit words: bit n - 1 of both together is signal n."""
    bits = 0
    for value in numbers:
        bits |= 1 << number(value, name, low=1, high=NSIG - 1) - 1
    return bits & _WORD, bits >> 64


def limits(rlimits: Mapping[int | str, int | tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(resource, soft, hard) for each limit."""
    result = []
    for key, value in rlimits.items():
        which = _resource(key) if isinstance(key, str) else number(key, "rlimits")
        soft, hard = (value, value) if isinstance(value, int) else value
        result.append((which, _limit(soft), _limit(hard)))
    return result


def _resource(name: str) -> int:
    result = getattr(resource, "RLIMIT_" + name.upper().removeprefix("RLIMIT_"), None)
    if result is None:
        raise ValueError(f"rlimits: no limit named {name!r}")
    return int(result)


def _limit(value: int) -> int:
    return _INFINITY if value in _NO_LIMIT else number(value, "rlimits", high=_INFINITY)


def capabilities(caps: Iterable[int | str]) -> int:
    """Bit n for capability n; names with or without CAP_."""
    bits = 0
    for cap in caps:
        bits |= 1 << (_capability(cap) if isinstance(cap, str) else number(cap, "ambient_caps", high=63))
    return bits


def _capability(name: str) -> int:
    try:
        return CAPABILITIES.index(name.upper().removeprefix("CAP_"))
    except ValueError:
        raise ValueError(f"ambient_caps: no capability named {name!r}") from None


def namespaces_to_join(join: Iterable[Any]) -> list[tuple[int, int]]:
    """(descriptor, flags) for each namespace; flags 0: any kind of namespace."""
    result = []
    for entry in join:
        fd, flags = entry if isinstance(entry, tuple) else (entry, 0)
        result.append((descriptor(fd, "join_namespaces"), number(flags, "join_namespaces")))
    return result
