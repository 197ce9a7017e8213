"""spawn's arguments: checks that name the parameter, and what the C code gets for each."""

from __future__ import annotations

import os
import pwd
import resource
from _signal import NSIG  # signal itself imports enum

from pysys._native import lib
from pysys.arguments import capabilities as _capabilities
from pysys.arguments import descriptors, integers, iterables, text
from pysys.loading import hint
from pysys.process.own_id import OWN_ID

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from pysys._types import Descriptor

# Those of subprocess, which is not imported for them.
PIPE, STDOUT, DEVNULL = -1, -2, lib.PYSYS_SPAWN_DEVNULL

STREAMS = ("stdin", "stdout", "stderr")
LARGEST_ID = 2**32 - 2  # the next one means "no change"
_INT_MAX = 2**31 - 1
_WORD = 2**64 - 1
_INFINITY = _WORD
_NO_LIMIT = (-1, 2**63 - 1)  # resource.RLIM_INFINITY, as 64-bit and 32-bit Pythons have it


def number(title: str, value: Any, low: int = 0, high: int = _INT_MAX) -> int:
    """An int within bounds; as subprocess has it, too low a one is a ValueError."""
    return integers.within(title, value, (low, high), below=ValueError)


def descriptor(title: str, value: Any) -> int:
    """The number of an open descriptor: an int, or an object with a fileno()."""
    if type(value) is int and 0 <= value <= _INT_MAX:
        return value
    return number(title, descriptors.number(title, value))


# ---- strings ----


def joined(strings: list[bytes]) -> bytes:
    """Strings in a row, each with a null byte at its end."""
    return b"\0".join((*strings, b""))


def parted(strings: bytes) -> list[bytes]:
    """The strings that are joined."""
    return strings.split(b"\0")[:-1]


def arguments(argv: Sequence[Any]) -> list[bytes]:
    """The program's arguments, encoded; at least its name."""
    encoded = []
    for part in argv:
        if type(part) is str and "\0" not in part:  # what text.encoded does, at a fraction of its cost
            try:
                encoded.append(part.encode(text.ENCODING, text.ERRORS))
                continue
            except UnicodeEncodeError:
                pass
        encoded.append(text.encoded(f"spawn: argv[{len(encoded)}]", part))
    if not encoded:
        raise ValueError("spawn: argv is empty: it starts with the program's name")
    return encoded


def listed(argv: Iterable[Any]) -> Sequence[Any]:
    """argv as a sequence: an iterator is gone through once."""
    if type(argv) in (list, tuple):
        return argv  # type: ignore[return-value]  # one of these is a Sequence
    if text.is_path(argv):
        kind = type(argv).__name__
        raise TypeError(
            f"spawn: argv must be an iterable of strings, one for each argument, as shlex.split() makes them "
            f"of a command line, not {kind}"
        )
    return iterables.items("spawn: argv", argv, "strings")


def environment(env: Mapping[Any, Any], own_ids: list[bytes]) -> list[bytes]:
    """NAME=value for each variable. own_ids: gets the names of those whose value is OWN_ID."""
    variables = []
    for key, value in iterables.pairs("spawn: env", env, "a mapping of names to values"):
        name = text.encoded("spawn: env: the name of a variable", key)
        if b"=" in name:
            raise ValueError(f"spawn: env: the name of an environment variable has no =, as {key!r} has")
        if value is OWN_ID:
            own_ids.append(name)
            continue
        if type(value) is str and "\0" not in value:
            try:
                variables.append(name + b"=" + value.encode(text.ENCODING, text.ERRORS))
                continue
            except UnicodeEncodeError:
                pass
        variables.append(name + b"=" + text.encoded(f"spawn: env[{key!r}]", value))
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
        raise ValueError("spawn: env cannot contain 'PATH' and b'PATH' keys")
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
            result[target] = _source(f"spawn: {name}", source, result)
    if fds is not None:
        what = "a mapping of the child's numbers to descriptors"
        for key, source in iterables.pairs("spawn: fds", fds, what):
            target = number("spawn: fds: a number", key, high=_INT_MAX - 1)
            if target in result:
                raise ValueError(f"spawn: fds: {target} is {streams[target][1]}, which is stated as well")
            result[target] = _source(f"spawn: fds[{target}]", source, result)
    return result


def _source(title: str, source: Any, so_far: dict[int, int]) -> int:
    if isinstance(source, int) and source < 0:
        if source == DEVNULL:
            return DEVNULL
        if source == STDOUT and title == "spawn: stderr":
            return so_far.get(1, 1)
        if source == PIPE:
            raise ValueError(f"{title}: PIPE is for stdin, stdout and stderr; here spawn takes a descriptor")
    return descriptor(title, source)


# ---- users ----


def user_id(user: str | int) -> int:
    if isinstance(user, str):
        text.encoded("spawn: user", user)
        try:
            user = pwd.getpwnam(user).pw_uid
        except KeyError:
            raise KeyError(f"spawn: user: no user is called {user!r}") from None
    return _identity("spawn: user", user)


def group_id(group: str | int, title: str = "spawn: group") -> int:
    if isinstance(group, str):
        found = lib.pysys_group_id(text.encoded(title, group))
        if found == -1:
            raise KeyError(f"{title}: no group is called {group!r}")
        group = found
    return _identity(title, group)


def _identity(title: str, value: Any) -> int:
    return number(title, integers.integer(title, value, " or a name"), high=LARGEST_ID)


def group_ids(groups: Iterable[str | int]) -> list[int]:
    found = iterables.items("spawn: extra_groups", groups, "ids or names")
    return [group_id(group, f"spawn: extra_groups[{index}]") for index, group in enumerate(found)]


def id_map(lines: Iterable[tuple[int, int, int]], name: str) -> bytes:
    """The text of /proc/PID/uid_map or gid_map."""
    written = []
    for index, line in enumerate(iterables.items(f"spawn: {name}", lines, "(inside, outside, count)")):
        title = f"spawn: {name}[{index}]"
        inside, outside, count = iterables.parts(title, line, "(inside, outside, count)")
        inside = number(f"{title}: inside", inside, high=LARGEST_ID)
        outside = number(f"{title}: outside", outside, high=LARGEST_ID)
        written.append(f"{inside} {outside} {number(f'{title}: count', count, 1, LARGEST_ID + 1)}\n")
    if not written:
        raise ValueError(f"spawn: {name} is empty")
    return "".join(written).encode()


# ---- the rest ----


def signals(name: str, numbers: Iterable[int]) -> tuple[int, int]:
    """A set of signals as two 64-bit words: bit n - 1 of both together is signal n."""
    bits = 0
    for index, value in enumerate(iterables.items(f"spawn: {name}", numbers, "signals")):
        bits |= 1 << number(f"spawn: {name}[{index}]", value, 1, NSIG - 1) - 1
    return bits & _WORD, bits >> 64


def limits(rlimits: Mapping[int | str, int | tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(resource, soft, hard) for each limit."""
    result = []
    for key, value in iterables.pairs("spawn: rlimits", rlimits, "a mapping of resources to limits"):
        title = f"spawn: rlimits[{key!r}]"
        which = _resource(key) if isinstance(key, str) else number("spawn: rlimits: a resource", key)
        if isinstance(value, (tuple, list)):
            soft, hard = iterables.parts(title, value, "(soft, hard)")
        else:
            soft = hard = integers.integer(title, value, " or (soft, hard)")
        result.append((which, _limit(title, soft), _limit(title, hard)))
    return result


def _resource(name: str) -> int:
    short = name.upper().removeprefix("RLIMIT_")
    result = getattr(resource, f"RLIMIT_{short}", None)
    if result is None:
        known = [one.removeprefix("RLIMIT_") for one in dir(resource) if one.startswith("RLIMIT_")]
        raise ValueError(f"spawn: rlimits: no limit is named {name!r}{hint(short, known)}")
    return int(result)


def _limit(title: str, value: int) -> int:
    return _INFINITY if value in _NO_LIMIT else number(title, value, high=_INFINITY)


def capabilities(caps: Iterable[int | str], name: str) -> int:
    """Bit n for capability n; names with or without CAP_."""
    return _capabilities.mask(f"spawn: {name}", caps)


def namespaces_to_join(join: Iterable[Any]) -> list[tuple[int, int]]:
    """(descriptor, flags) for each namespace; flags 0: any kind of namespace."""
    result = []
    what = "descriptors or (descriptor, flags)"
    for index, entry in enumerate(iterables.items("spawn: join_namespaces", join, what)):
        title = f"spawn: join_namespaces[{index}]"
        fd, flags = entry, 0
        if isinstance(entry, (tuple, list)):
            fd, flags = iterables.parts(title, entry, "(descriptor, flags)")
        result.append((descriptor(title, fd), number(f"{title}: flags", flags)))
    return result


def cpus(affinity: Iterable[int]) -> list[int]:
    """The numbers of CPUs, one at least."""
    found = [
        number(f"spawn: affinity[{index}]", cpu, high=2**20)
        for index, cpu in enumerate(iterables.items("spawn: affinity", affinity, "ints"))
    ]
    if not found:
        raise ValueError("spawn: affinity is empty: the child has to run somewhere")
    return found
