"""Why a call failed, here: what can be read and tried after it."""

from __future__ import annotations

from pysys import errors, metadata, numbers
from pysys.diagnosis.failures import (
    absent,
    arguments,
    binding,
    combinations,
    connecting,
    creation,
    descriptors,
    filtered,
    identities,
    joining,
    locking,
    mappings,
    memory,
    mounting,
    mountpoints,
    mountusers,
    namespacing,
    paths,
    priorities,
    quotas,
    raising,
    rooting,
    sessions,
    signals,
    sizes,
    sockets,
    switches,
    tracees,
    wanted,
)
from pysys.diagnosis.failures.finding import Diagnosis, Finding, Verdict
from pysys.metadata.conditions import possible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pysys.metadata.model import Cause

numbers.table()  # is read now: a process that has no descriptor left asks for a diagnosis, too
# That of filters is the first: who knows them leaves it out.
AREAS = (
    filtered,
    absent,
    descriptors,
    paths,
    creation,
    combinations,
    namespacing,
    joining,
    mounting,
    mountpoints,
    mountusers,
    rooting,
    sockets,
    binding,
    connecting,
    tracees,
    signals,
    memory,
    locking,
    mappings,
    sizes,
    priorities,
    raising,
    identities,
    sessions,
    quotas,
    switches,
    wanted,
)


def diagnose(call: str, errno: int | str, *args: object) -> Diagnosis:
    """Find out why a call gave an errno here: `diagnose("openat", "EACCES", AT_FDCWD, "/etc/shadow", 0)`.

    It looks at what the call's arguments stand for now: it walks along a path and names the component that
    refuses, is missing or is something else; looks for who has a port, and who may signal a process; asks the
    kernel who may do what; reads limits, capabilities, mounts, attributes and settings of sysctl. It changes
    nothing. What it looks at may have changed meanwhile.

    call: its name; or that of a function that makes a process or a thread: spawn, posix_spawn,
        pthread_create. errno: its number on this ABI, or its symbol.
    args: what the call was made with, as for pysys.calls; trailing ones that are left out are not looked at.

    Returns a Diagnosis: a tuple of findings, each with a verdict (proven, fits, unknown, excluded), the
    sentence, what was read, and what to do; the likeliest is first. Where nothing is proven, the causes that
    the reference knows are among them, as unknown.

    Raises LookupError for a call or an errno that is not known, and TypeError for more arguments than the
    call takes; never an OSError.
    """
    symbol = _symbol(errno)
    name = _name(call)
    return found_by(AREAS, name, symbol, arguments.named(name, args))


def found_by(
    areas: Iterable[Any],
    call: str,
    symbol: str,
    args: dict[str, Any],
    known: Iterable[Finding] = (),
    causes: bool = True,
) -> Diagnosis:
    """What is known already and what areas find.

    args: what the call was made with, by parameter. causes: whether those of the reference that the arguments
    do not exclude are added where nothing is proven.
    """
    found = list(
        dict.fromkeys([*known, *(one for area in areas for one in _found(area, call, symbol, args))])
    )
    if causes and not any(one.verdict is Verdict.PROVEN for one in found):
        found += reference((one for one in _causes(call, symbol) if possible(one.only, args)), found)
    return Diagnosis(call, symbol, found)


def _name(call: str) -> str:
    if call in creation.LIBRARY:
        return call
    try:
        return metadata.page(call).name
    except errors.NotLoadedError:  # in a process that has shut itself in
        return call


def _symbol(errno: int | str) -> str:
    cls = errors.by_number(errno) if isinstance(errno, int) else errors.by_name(errno)
    return str(cls.symbol)


def _found(area: Any, call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """An area's findings. What cannot be looked at ends them: a diagnosis must not fail itself."""
    try:
        yield from area.findings(call, symbol, args)
    except OSError as error:
        yield Finding(Verdict.UNKNOWN, f"It could not be looked at further: {error.strerror}.", str(error))
    except (errors.NotLoadedError, MemoryError) as error:
        yield Finding(
            Verdict.UNKNOWN, f"It could not be looked at further: {error or 'Python lacks memory'}."
        )
    except (OverflowError, TypeError, ValueError) as error:  # an argument that no call takes
        yield Finding(Verdict.UNKNOWN, f"It could not be looked at further: {error}.")


def _causes(call: str, symbol: str) -> tuple[Cause, ...]:
    try:
        return metadata.causes(creation.LIBRARY.get(call, (call,))[-1], symbol)
    except (errors.NotLoadedError, LookupError):
        return ()


def reference(causes: Iterable[Cause], found: Iterable[Finding]) -> list[Finding]:
    """The causes that the reference knows. Of one that names a capability it is seen whether that is there;
    whether others are true was not looked at.

    found: what was found before.
    """
    known = "\n".join(f"{one.sentence} {one.read}" for one in found)
    result = []
    for cause in causes:
        text = " ".join(cause.when.split())
        fits, read = wanted.named(text, known)
        look = " ".join((cause.look or "").split())
        result.append(Finding(Verdict.FITS if fits else Verdict.UNKNOWN, text, read, look))
    return result
