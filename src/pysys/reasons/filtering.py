"""Whether a seccomp filter of a traced thread has answered its call."""

from __future__ import annotations

from pysys import abi, seccomp
from pysys.diagnosis import filters
from pysys.diagnosis.facts import status
from pysys.diagnosis.failures import Finding, Verdict
from pysys.diagnosis.programs import of_tracee
from pysys.reasons.joining import fields
from pysys.tables.errnos import ERRNOS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pysys.tracing import Call

__all__ = ["decided", "findings"]

_USUAL = ("EPERM", "EACCES", "ENOSYS")  # what filters answer
# From the strictest to the mildest, as the kernel has them.
_ORDER = ("KILL_PROCESS", "KILL_THREAD", "TRAP", "ERRNO", "USER_NOTIF", "TRACE", "LOG", "ALLOW")


def findings(call: Call, words: Sequence[int]) -> tuple[list[Finding], bool]:
    """What the thread's filters decide about its call; and whether a helper's own are the same ones."""
    told = fields(f"/proc/{call.pid}/task/{call.tid}/status")
    mode, count = told.get("Seccomp"), told.get("Seccomp_filters")
    source = f"/proc/{call.pid}/status: Seccomp"
    if mode == "0":
        found = [Finding(Verdict.EXCLUDED, "No seccomp filter: this process has none.", source)]
        return found if call.errno in _USUAL else [], False
    own = status("Seccomp_filters")
    if mode is None or (own and own.value == count and filters.mode().value != 0):
        return [], True
    programs = of_tracee(call.tid)
    if not programs:
        if call.errno not in _USUAL:
            return [], False
        text = f"A seccomp filter of the process may have answered {call.name} with {call.errno}."
        return [Finding(Verdict.UNKNOWN, text, f"{source}: {mode}", str(programs.unknown))], False
    index, action, data = decided(programs.value, call.number, words, call.abi)
    read = f"the process's filters, read by ptrace and run on this call: {action}"
    if action == "ERRNO" and _number(call) == data:
        text = f"Filter {index} of this process answers {call.name} with {call.errno}."
        return [
            Finding(Verdict.PROVEN, text, read, f"pysys probe --filters {call.pid}; the seccomp profile")
        ], False
    if action in ("USER_NOTIF", "TRACE"):
        text = f"Filter {index} of this process lets another process answer {call.name}."
        return [Finding(Verdict.FITS, text, read)], False
    return [Finding(Verdict.EXCLUDED, f"The filters of this process let {call.name} pass.", read)], False


def decided(found: Sequence[Any], number: int, words: Sequence[int], on: str) -> tuple[int, str, int]:
    """The strictest of what filters decide about a call: which filter, its action and what goes with it."""
    results = []
    for index, program in enumerate(found):
        one = seccomp.simulate(program, number, words, on)
        results.append((_ORDER.index(one.action) if one.action in _ORDER else 0, index, one.action, one.data))
    if not results:
        return 0, "ALLOW", 0
    _, index, action, data = min(results, key=lambda one: (one[0], -one[1]))
    return index, action, data


def _number(call: Call) -> int | None:
    return ERRNOS[abi.get(call.abi).errno_table].get(call.errno)
