"""Whether this kernel has the call at all."""

from __future__ import annotations

from pysys import errors, metadata, numbers
from pysys.diagnosis import kernel
from pysys.diagnosis.failures.finding import Finding, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What the tables and the kernel's version say about ENOSYS."""
    if symbol != "ENOSYS" or call not in numbers.calls():
        return
    if call not in numbers.table():
        text = f"The ABI of this process has no number for {call}."
        yield Finding(Verdict.PROVEN, text, "pysys.numbers", f"pysys number {call} --abi all")
        return
    now = kernel.version()
    try:
        since = kernel.parse(metadata.page(call).since or "")
    except (LookupError, ValueError, errors.NotLoadedError):
        return
    if not now:
        yield Finding(Verdict.UNKNOWN, "The kernel's version is not known.", now.unknown)
        return
    first, own = (".".join(map(str, one)) for one in (since, now.value))
    source = f"uname: {kernel.release()}; the reference: since Linux {first}"
    if now.value < since:  # a distribution's kernel may have it nevertheless
        text = f"{call} came with Linux {first}, and this is {own}."
        yield Finding(Verdict.FITS, text, source, "what the program does where the call is missing")
    else:
        text = f"This kernel is not too old: it is {own}, and {call} came with {first}."
        yield Finding(Verdict.EXCLUDED, text, source, "a configuration without it, or a filter, remain")
