"""Why memory cannot be locked: RLIMIT_MEMLOCK, and what is not mapped."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import arguments, memory
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.rights import right
from pysys.diagnosis.limits import limit
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_LOCKS = frozenset(["mlock", "mlock2", "mlockall"])
_MAPS = frozenset(["mmap", "mmap2", "mremap", "brk"])
_ADVICE = "raise it: resource.setrlimit, ulimit -l, LimitMEMLOCK= of systemd; or CAP_IPC_LOCK"


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about mlock and its kin, and about mappings that would be locked."""
    locked = call in _MAPS and (arguments.integer(args, "flags") or 0) & flags.MAP_LOCKED
    if symbol == "EPERM" and (call in _LOCKS or (locked and call != "mremap")):
        yield from _not_at_all()
    elif symbol == "ENOMEM" and call in _LOCKS:
        yield from _too_much(call, _pages(args, "start"), args)
        if call != "mlockall":
            yield from _unmapped(args)
    elif symbol == "EAGAIN" and call in _MAPS:
        yield from _too_much(call, _pages(args, "addr"), args, bool(locked))


def _pages(args: dict[str, Any], start: str) -> int:
    """How many bytes are locked for a range: its pages."""
    size, page = arguments.integer(args, "len") or 0, os.sysconf("SC_PAGESIZE")
    begin = (arguments.integer(args, start) or 0) % page if start == "start" else 0
    return -(-(size + begin) // page) * page


def _not_at_all() -> Iterator[Finding]:
    found, may = limit("memlock"), right(flags.CAP_IPC_LOCK)
    if not found:
        return
    lacks = None if may.held is None else not may.held
    yield judged(
        lacks if found.value.soft == 0 else False,
        "RLIMIT_MEMLOCK is 0: then it takes CAP_IPC_LOCK to lock memory.",
        "RLIMIT_MEMLOCK is not 0, or CAP_IPC_LOCK is there.",
        f"RLIMIT_MEMLOCK is {found.value}; {may.read}",
        _ADVICE,
    )


def _too_much(call: str, wanted: int, args: dict[str, Any], asked: bool = True) -> Iterator[Finding]:
    """asked: whether the call itself says that memory is to be locked, and not an earlier mlockall."""
    found, may, used = limit("memlock"), right(flags.CAP_IPC_LOCK), memory.kibibytes("VmLck")
    if call == "mlockall":
        if not (arguments.integer(args, "flags") or 0) & flags.MCL_CURRENT:
            return
        used, wanted = memory.kibibytes("VmSize"), 0
    if not found or found.value.soft == -1 or may.held:
        text = "RLIMIT_MEMLOCK does not bind this process."
        yield Finding(Verdict.EXCLUDED, text, f"RLIMIT_MEMLOCK is {found}; {may.read}")
        return
    if not used:
        yield Finding(Verdict.UNKNOWN, "How much memory is locked cannot be read.", used.unknown)
        return
    most = found.value.soft
    source = f"{used.source}: {used.value}; RLIMIT_MEMLOCK is {found.value}; {may.read}"
    if used.value + wanted <= most:
        yield Finding(Verdict.EXCLUDED, "RLIMIT_MEMLOCK allows it.", source)
        return
    # What of the range is locked already does not count twice.
    sure = (
        asked and (may.held is False) and (call not in ("mlock", "mlock2") or not used.value or wanted > most)
    )
    text = (
        f"RLIMIT_MEMLOCK allows {counted(most, 'byte')} to be locked, and with this call they would be more:"
    )
    text += f" {used.value + wanted}."
    yield Finding(Verdict.PROVEN if sure else Verdict.FITS, text, source, _ADVICE)


def _unmapped(args: dict[str, Any]) -> Iterator[Finding]:
    start, size = arguments.integer(args, "start"), arguments.integer(args, "len")
    found = read("/proc/self/maps")
    if start is None or not size or not found:
        return
    at, end = start - start % os.sysconf("SC_PAGESIZE"), start + size
    for line in found.value.splitlines():
        first, last = (int(one, 16) for one in line.split()[0].split("-"))
        if first <= at < last:
            at = last
    text = f"There is nothing mapped at {at:#x}, in the range from {start:#x} to {end:#x}."
    yield judged(at < end, text, "All of the range is mapped.", found.source)
