"""probe: all facts of this place at once."""

from __future__ import annotations

from functools import partial

from pysys.diagnosis import (
    capabilities,
    cgroup,
    filters,
    identity,
    kernel,
    limits,
    namespaces,
    profiles,
    programs,
    security,
)
from pysys.diagnosis.facts import Fact, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from pysys.diagnosis.filters import CallVerdict


class Place:
    """What this place allows.

    - facts: by topic ("identity", "capabilities", "limits", ...) and name, each a Fact.
    - calls: for each call of this ABI its CallVerdict: whether a filter refuses it.

    str() is all of it as text, as_dict() as plain values.
    """

    __module__ = "pysys"  # the public name
    __slots__ = ("calls", "facts")

    def __init__(self, facts: Mapping[str, Mapping[str, Fact]], calls: Mapping[str, CallVerdict]) -> None:
        self.facts: Mapping[str, Mapping[str, Fact]] = facts
        self.calls: Mapping[str, CallVerdict] = calls

    def counts(self) -> dict[str, int]:
        """How many calls there are in each state: "open", "refused", "absent", "unknown"."""
        found = dict.fromkeys(("open", "refused", "absent", "unknown"), 0)
        for one in self.calls.values():
            found[one.state] += 1
        return found

    def refused(self) -> dict[str, tuple[str, ...]]:
        """The calls that a filter refuses, by its answer: "EPERM", "SIGSYS", ..."""
        found: dict[str, tuple[str, ...]] = {}
        for name, one in self.calls.items():
            if one.state == "refused":
                found[one.answer] = (*found.get(one.answer, ()), name)
        return found

    def as_dict(self) -> dict[str, Any]:
        """All of it as what JSON has: of a fact its value, its source, and why it is unknown."""
        return {
            "facts": {
                topic: {name: _data(one) for name, one in named.items()}
                for topic, named in self.facts.items()
            },
            "counts": self.counts(),
            "calls": {name: one._asdict() for name, one in self.calls.items()},
        }

    def __str__(self) -> str:
        lines = []
        for topic, named in self.facts.items():
            lines.append(f"{topic}:")
            lines += [f"    {name}: {shown(one)}" for name, one in named.items()]
        lines.append("calls:")
        lines += [f"    {state}: {count}" for state, count in self.counts().items()]
        lines += [f"    {one}" for one in self.calls.values() if one.state in ("refused", "unknown")]
        return "\n".join(lines)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.counts().items())
        return f"<Place: {counts}>"


def shown(fact: Fact) -> str:
    """A fact in a line."""
    if not fact:
        return str(fact)
    value = fact.value
    if isinstance(value, profiles.NearestProfile | limits.ResourceLimit):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name or 'all'} {one}" for name, one in value.items())
    if isinstance(value, tuple) and value and str(value[0]).startswith("CAP_"):
        return _named(value)
    if isinstance(value, tuple):
        return ", ".join(_part(one) for one in value) or "none"
    return str(value)


def _named(names: tuple[str, ...]) -> str:
    """Capabilities, in the shorter way: those that are there, or those that are missing."""
    missing = [one for one in capabilities.known() if one not in names]
    if not missing:
        return f"all {len(names)}"
    return f"all but {', '.join(missing)}" if len(missing) < len(names) else ", ".join(names)


def _part(one: object) -> str:
    if isinstance(one, cgroup.CgroupLimit):
        return f"{one.limit}{f' ({one.used} used)' if one.used else ''} in {one.path}"
    if isinstance(one, tuple):
        return " ".join(map(str, one))
    return str(one)


def _data(fact: Fact) -> dict[str, Any]:
    value = fact.value
    if isinstance(value, profiles.NearestProfile | limits.ResourceLimit):
        value = value._asdict()
    elif isinstance(value, tuple):
        value = [one._asdict() if isinstance(one, cgroup.CgroupLimit) else one for one in value]
    return {"value": value, "source": fact.source, "unknown": fact.unknown}


def probe() -> Place:
    """Find out what this place allows: rights, limits, namespaces, and which calls a filter refuses.

    It takes a tenth of a second, or one if a filter ends processes. It needs no rights and changes nothing;
    what it cannot find out is unknown, with the reason. For the calls it makes a child, whose probes the
    kernel refuses for their arguments; a supervisor or a tracer of this process sees them, and a filter that
    logs has them logged. It is about this thread. A filter that looks at arguments may answer other calls
    than the probes.

    It takes no arguments. Returns a Place: facts, calls, str(), as_dict(). The modules of pysys.diagnosis
    have each fact alone: filters.verdict("unshare"), limits.nproc(), cgroup.limits("pids").

    Raises errors.NotLoadedError if a part of pysys cannot be loaded, which preload() prevents, and nothing
    else. It does not depend on the kernel's version: on an older one, more is unknown.
    """
    calls = filters.verdicts()
    facts = {topic: {name: _asked(ask) for name, ask in named.items()} for topic, named in _asks().items()}
    facts["seccomp"]["nearest profile"] = _asked(lambda: profiles.nearest(calls))
    return Place(facts, calls)


def _asked(ask: Callable[[], Fact]) -> Fact:
    try:
        return ask()
    except (OSError, ValueError) as error:  # text of the kernel that nobody has thought of
        return unknown(getattr(ask, "__name__", ""), f"{type(error).__name__}: {error}")


def _asks() -> dict[str, dict[str, Callable[[], Fact]]]:
    """What is asked, by topic and name."""
    return {
        "kernel": {"release": kernel.release, "built": kernel.built},
        "identity": {
            "users": identity.users,
            "groups": identity.groups,
            "further groups": identity.further_groups,
            "uid map": lambda: identity.maps("uid"),
            "gid map": lambda: identity.maps("gid"),
            "no new privileges": identity.no_new_privs,
            "securebits": identity.securebits,
        },
        "capabilities": _each(capabilities.SETS, capabilities.held),
        "the host's namespaces": _each(namespaces.KINDS, namespaces.is_first),
        "cgroup": {"paths": cgroup.paths, **_each(cgroup.CONTROLLERS, cgroup.limits)},
        "limits": _each(limits.names(), limits.limit),
        "security": {
            "modules": security.modules,
            "context": security.context,
            "Landlock": security.landlock,
            "Landlock's rights": security.landlock_rights,
        },
        "seccomp": {
            "mode": filters.mode,
            "filters": filters.count,
            "programs": _own_programs,
        },
    }


def _each(names: Iterable[str], ask: Callable[[str], Fact]) -> dict[str, Callable[[], Fact]]:
    return {name: partial(ask, name) for name in names}


def _own_programs() -> Fact:
    """The programs of this thread's filters, which it cannot see itself."""
    now = filters.mode()
    if now and now.value == 0:
        return Fact((), now.source)
    return unknown("ptrace(PTRACE_SECCOMP_GET_FILTER)", programs.ONLY_FOR_OTHERS)
