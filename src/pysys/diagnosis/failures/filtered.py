"""Whether a seccomp filter gave the errno, and not the kernel."""

from __future__ import annotations

from pysys.diagnosis import filters
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.creation import LIBRARY
from pysys.diagnosis.failures.finding import Finding, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_USUAL = ("EPERM", "ENOSYS", "EACCES")  # what filters answer; others are asked about only where there is one


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What a probe of the same call shows, which the kernel itself would answer in another way."""
    for one in LIBRARY.get(call, (call,)):
        yield from _probed(one, symbol, args)


def _probed(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    now = filters.mode()
    if now and now.value == 0:
        if symbol in _USUAL:
            yield Finding(Verdict.EXCLUDED, "No seccomp filter: this thread has none.", now.source)
        return
    asked = arguments.clone_flags(call, args)
    try:
        found = filters.verdict(call, asked)
    except LookupError:  # no number here
        return
    source = "the same call with arguments that the kernel refuses in another way, in a child"
    if found.state == "refused" and found.answer == symbol:
        text = f"A seccomp filter of this thread answers {call} with {symbol}."
        yield Finding(Verdict.PROVEN, text, source, "pysys probe; the container's seccomp profile")
    elif found.state == "refused":
        text = f"A seccomp filter answers {call}, but with {found.answer}."
        yield Finding(Verdict.EXCLUDED, text, source)
    elif found.state == "open":
        text = f"A seccomp filter lets a probe of {call} through; it may still refuse these arguments."
        yield Finding(Verdict.UNKNOWN, text, source)
    else:
        text = f"Whether a seccomp filter answers {call} is not known: {found.reason}."
        yield Finding(Verdict.UNKNOWN, text, source)
