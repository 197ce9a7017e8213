"""Which capability a call wants, and whether this thread has it over the thing that it is for."""

from __future__ import annotations

import os
import sys

from pysys import calls, errors, flags, ioctls
from pysys.diagnosis import capabilities, namespaces, security
from pysys.diagnosis.facts import Fact, unknown
from pysys.diagnosis.failures.finding import Finding, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 40  # user namespaces lie at most 33 deep
OWN = "/proc/thread-self/ns/"


def wanted(capability: str) -> Finding:
    """Whether this thread has a capability in its own user namespace."""
    found = capabilities.held()
    if not found:
        return Finding(Verdict.UNKNOWN, f"Whether this thread has {capability} is not known.", found.unknown)
    source = f"{found.source}: {_named(found.value)}"
    if capability in found.value:
        return Finding(Verdict.EXCLUDED, f"This thread has {capability}.", source)
    text = f"The call wants {capability}, which this thread does not have."
    return Finding(Verdict.PROVEN, text, source, _ADVICE)


def wanted_over(kind: str, capability: str = "CAP_SYS_ADMIN") -> Finding:
    """Whether this thread has a capability over its own namespace of a kind: "mnt"."""
    return wanted_over_this(f"{OWN}{kind}", f"its own {kind} namespace", capability)


def wanted_over_this(place: str | int, name: str, capability: str = "CAP_SYS_ADMIN") -> Finding:
    """Whether this thread has a capability in the user namespace that owns a namespace, or that it is.

    place: a path, or a descriptor, of the namespace. name: what it is called.
    """
    found = over(place, capability)
    if not found:
        own = wanted(capability)
        if own.verdict is Verdict.PROVEN:  # over another user namespace it might have it nevertheless
            return own._replace(verdict=Verdict.FITS)
        text = f"Whether this thread has {capability} over {name} is not known."
        return Finding(Verdict.UNKNOWN, text, found.unknown)
    if found.value:
        text = f"This thread has {capability} over {name}."
        return Finding(Verdict.EXCLUDED, text, found.source)
    text = f"This thread lacks {capability}, which the call wants, in the user namespace that owns {name}."
    return Finding(Verdict.PROVEN, text, found.source, _ADVICE)


_ADVICE = "a new user namespace (CLONE_NEWUSER) brings it over what is made there; or more privileges"


def over(place: str | int, capability: str) -> Fact:
    """Whether this thread has a capability in the user namespace that owns a namespace, or that it is.

    The kernel goes up from that user namespace: in the thread's own one the effective set decides; whoever
    made a namespace directly below has all capabilities in it; over what lies elsewhere there are none.
    """
    held, opened = capabilities.held(), list[int]()
    if not held:
        return held
    try:
        own = os.stat(f"{OWN}user")
        start = os.open(place, os.O_RDONLY | os.O_CLOEXEC) if isinstance(place, str) else os.dup(place)
        opened.append(start)
        if calls.ioctl(start, ioctls.NS_GET_NSTYPE) != flags.CLONE_NEWUSER:
            opened.append(_related(start, ioctls.NS_GET_USERNS))
        has = capability in held.value
        for _ in range(_DEEPEST):
            if os.path.samestat(os.fstat(opened[-1]), own):
                return Fact(
                    has, f"NS_GET_USERNS: its owner is not above; {held.source}: {_named(held.value)}"
                )
            maker = _maker(opened[-1])
            opened.append(_related(opened[-1], ioctls.NS_GET_PARENT))
            if os.path.samestat(os.fstat(opened[-1]), own) and maker == os.geteuid():
                return Fact(
                    True, f"NS_GET_OWNER_UID: {maker}, who made the user namespace, is this thread's user"
                )
    except errors.EPERM:
        # NS_GET_NSTYPE was answered before: it is not ioctl that is refused.
        if opened and _is_namespace(opened[0]):
            return Fact(
                False, "NS_GET_USERNS, NS_GET_PARENT: EPERM, its owner is not this user namespace or below"
            )
        return unknown("ioctl", "its owner cannot be asked for")
    except OSError as error:
        return unknown("NS_GET_USERNS", error)
    finally:
        for fd in opened:
            os.close(fd)
    return unknown("NS_GET_PARENT", "the user namespaces have no end")


def _related(fd: int, request: int) -> int:
    return int(calls.ioctl(fd, request))


def _maker(fd: int) -> int:
    made = bytearray(4)
    calls.ioctl(fd, ioctls.NS_GET_OWNER_UID, made)
    return int.from_bytes(made, sys.byteorder)


def _is_namespace(fd: int) -> bool:
    try:
        return bool(calls.ioctl(fd, ioctls.NS_GET_NSTYPE))
    except OSError:
        return False


def _named(held: tuple[str, ...]) -> str:
    """Capabilities in words: all of them are not listed one by one."""
    if not held:
        return "none"
    lacking = [one for one in capabilities.known() if one not in held]
    if len(lacking) > len(held):
        return ", ".join(held)
    return f"all but {', '.join(lacking)}" if lacking else "all"


def all_powerful(capability: str = "CAP_SYS_ADMIN") -> bool | None:
    """Whether this thread has a capability in the first user namespace; None: that is not known."""
    held, first = capabilities.held(), namespaces.is_first("user")
    if held and capability not in held.value:
        return False
    return bool(first.value) if held and first else None


def remaining(names: str) -> Iterator[Finding]:
    """Security modules that could refuse such a call, of those that are active here."""
    found = security.modules()
    if not found:
        text = "A security module may refuse it; which are active cannot be read."
        yield Finding(Verdict.UNKNOWN, text, found.unknown)
        return
    source = f"{found.source}: {', '.join(found.value)}"
    active = [one for one in found.value if one in names.split()]
    if "landlock" in active:
        text = "A Landlock domain of this process may refuse it: a process cannot see its own."
        yield Finding(Verdict.FITS, text, source, "what set the process up: landlock_restrict_self")
    if labelling := [one for one in active if one != "landlock"]:
        text = f"A security module may refuse it: {', '.join(labelling)}."
        verdict = Verdict.UNKNOWN if labelling == ["bpf"] else Verdict.FITS  # bpf does nothing by itself
        context = security.context()
        label = f"; /proc/thread-self/attr/current: {context.value}" if context else ""
        yield Finding(verdict, text, source + label, "journalctl -k, audit.log")
