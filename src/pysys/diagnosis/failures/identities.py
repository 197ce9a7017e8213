"""Why ids, groups and capabilities cannot be changed: what the process may be, what its namespace maps."""

from __future__ import annotations

import os

from pysys import flags
from pysys.arguments.capabilities import AMBIENT, AMBIENT_RAISE, BOUNDING_DROP
from pysys.diagnosis import capabilities, identity
from pysys.diagnosis.facts import read, status
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.rights import is_mapped, right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_REAL, _EFFECTIVE, _SAVED = 0, 1, 2
_ALL = (_REAL, _EFFECTIVE, _SAVED)
# Of each call, its parameters and which of the process's own ids each may be without the capability.
_CALLS: dict[str, dict[str, tuple[int, ...]]] = {
    "setuid": {"uid": (_REAL, _SAVED)},
    "setreuid": {"ruid": (_REAL, _EFFECTIVE), "euid": _ALL},
    "setresuid": {"ruid": _ALL, "euid": _ALL, "suid": _ALL},
    "setgid": {"gid": (_REAL, _SAVED)},
    "setregid": {"rgid": (_REAL, _EFFECTIVE), "egid": _ALL},
    "setresgid": {"rgid": _ALL, "egid": _ALL, "sgid": _ALL},
}
_KEEP = (-1, 0xFFFFFFFF)
_MOST_GROUPS = 65536


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about setuid and its kin, setgroups, capset and prctl with capabilities."""
    if call in _CALLS and symbol in ("EPERM", "EINVAL"):
        yield from _ids(call, symbol, args)
    elif call == "setgroups" and symbol in ("EPERM", "EINVAL"):
        yield from _groups(symbol, args)
    elif call == "capset" and symbol == "EPERM":
        yield from _capset(args)
    elif call == "prctl" and symbol == "EPERM":
        yield from _prctl(args)


def _ids(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    kind = "gid" if "gid" in call else "uid"
    own = os.getresgid() if kind == "gid" else os.getresuid()
    name = flags.CAP_SETGID if kind == "gid" else flags.CAP_SETUID
    may = right(name, "own")
    for parameter, allowed in _CALLS[call].items():
        number = arguments.integer(args, parameter)
        if number is None or (number in _KEEP and len(_CALLS[call]) > 1):
            continue
        if symbol == "EINVAL":
            yield _unmapped(kind, parameter, number)
        else:
            fits = number in [own[one] for one in allowed]
            text = f"{parameter} is {number}, and without {name.name} this process may only be"
            lacks = None if may.held is None else not may.held
            yield judged(
                False if fits else lacks,
                f"{text} {', '.join(str(own[one]) for one in dict.fromkeys(allowed))}.",
                f"{parameter}, {number}, is an id of this process already."
                if fits
                else f"{name.name} is there: a security module may refuse it.",
                f"getres{kind}: {', '.join(map(str, own))}; {may.read}",
                f"{name.name}: setpriv, sudo, docker run --cap-add {(name.name or '')[4:]}",
            )


def _unmapped(kind: str, parameter: str, number: int) -> Finding:
    """EINVAL."""
    mapped = is_mapped(kind, number)
    found = identity.maps(kind)
    return judged(
        None if mapped is None else not mapped,
        f"{parameter} is {number}, which this user namespace does not map.",
        f"{parameter}, {number}, is an id of this user namespace.",
        f"/proc/self/{kind}_map: {found}",
        "a map with more ids: newuidmap, newgidmap, /etc/subuid, /etc/subgid",
    )


def _groups(symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    wanted = next((one for one in args.values() if isinstance(one, (list, tuple, set, frozenset))), ())
    if symbol == "EINVAL":
        if len(wanted) > _MOST_GROUPS:
            text = f"A process has at most {_MOST_GROUPS} groups, not {len(wanted)}."
            yield Finding(Verdict.PROVEN, text, "the argument")
        for number in [one for one in wanted if isinstance(one, int) and not is_mapped("gid", one)][:4]:
            yield _unmapped("gid", "one of the groups", number)
        return
    may, map_, allowed = right(flags.CAP_SETGID, "own"), identity.maps("gid"), read("/proc/self/setgroups")
    if allowed:
        yield judged(
            allowed.value == "deny",
            "This user namespace has setgroups switched off, as one must that an ordinary user maps.",
            "This user namespace has setgroups switched on.",
            f"/proc/self/setgroups: {allowed}",
            "newgidmap, which maps without that; or do without further groups",
        )
    if map_ and not map_.value:
        text = "This user namespace does not have a map of groups yet."
        yield Finding(Verdict.PROVEN, text, "/proc/self/gid_map is empty", "write /proc/PID/gid_map first")
    yield judged(
        None if may.held is None else not may.held,
        "Setting groups takes CAP_SETGID.",
        "CAP_SETGID is there.",
        may.read,
        "CAP_SETGID; also before groups are only given up",
    )


def _mask(value: Any) -> int:
    return sum(1 << int(one) for one in value) if not isinstance(value, int) else value


def _asked(args: dict[str, Any]) -> dict[str, int] | None:
    """The sets of a capset: those of structures.records.Capabilities, or of an array of cap_user_data."""
    for one in args.values():
        try:
            if hasattr(one, "effective") and hasattr(one, "inheritable"):
                return {name: _mask(getattr(one, name)) for name in _SETS}
            low, high = one
            return {name: getattr(low, name) | getattr(high, name) << 32 for name in _SETS}
        except (AttributeError, TypeError, ValueError):
            continue
    return None


_SETS = ("effective", "permitted", "inheritable")


def _capset(args: dict[str, Any]) -> Iterator[Finding]:
    asked, now = _asked(args), {}
    for name, field in capabilities.SETS.items():
        found = status(field)
        if not found:
            yield Finding(Verdict.UNKNOWN, "The capabilities of this thread cannot be read.", found.unknown)
            return
        now[name] = int(found.value, 16)
    if asked is None:
        return
    free = bool(now["effective"] >> flags.CAP_SETPCAP & 1)
    for wanted, most, text in (
        (asked["permitted"], now["permitted"], "permitted, and this thread does not have it permitted"),
        (asked["effective"], asked["permitted"], "effective, and not at the same time permitted"),
        (
            asked["inheritable"],
            now["inheritable"] | (-1 if free else now["permitted"]),
            "inheritable, and this thread has it neither so nor permitted, and not CAP_SETPCAP",
        ),
        (
            asked["inheritable"],
            now["inheritable"] | now["bounding"],
            "inheritable, and this thread has it neither so nor in the bounding set",
        ),
    ):
        if more := wanted & ~most:
            names = ", ".join(capabilities.names(more))
            yield Finding(Verdict.PROVEN, f"{names} is to be {text}.", "/proc/thread-self/status", "")
    if not any((asked["permitted"] & ~now["permitted"], asked["effective"] & ~asked["permitted"])):
        text = "No more is to be permitted or effective than may be."
        yield Finding(Verdict.EXCLUDED, text, "/proc/thread-self/status")


def _prctl(args: dict[str, Any]) -> Iterator[Finding]:
    option = arguments.integer(args, "option")
    if option == BOUNDING_DROP:
        may = right(flags.CAP_SETPCAP, "own")
        lacks = None if may.held is None else not may.held
        text = "To take a capability out of the bounding set takes CAP_SETPCAP."
        yield judged(lacks, text, "CAP_SETPCAP is there.", may.read)
    elif option == AMBIENT and arguments.integer(args, "arg2") == AMBIENT_RAISE:
        number = arguments.integer(args, "arg3")
        sets = [(name, status(capabilities.SETS[name])) for name in ("permitted", "inheritable")]
        for name, found in sets:
            if number is not None and found:
                one = capabilities.names(1 << number)[0] if 0 <= number < 64 else str(number)
                yield judged(
                    not int(found.value, 16) >> number & 1,
                    f"{one} is not {name}: only what is permitted and inheritable may be ambient.",
                    f"{one} is {name}.",
                    found.source,
                    "capset first",
                )
        bits = identity.securebits()
        if bits:
            closed = any("NO_CAP_AMBIENT_RAISE" in one and "LOCKED" not in one for one in bits.value)
            text = "The securebit SECBIT_NO_CAP_AMBIENT_RAISE is set."
            yield judged(closed, text, "No securebit forbids it.", bits.source)
