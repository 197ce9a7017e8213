"""Why a call failed, from its exception: what it keeps of the call, and whether this is where it was made."""

from __future__ import annotations

import os
from _thread import get_native_id

from pysys.diagnosis.failures.diagnosing import AREAS, found_by, reference
from pysys.diagnosis.failures.finding import Diagnosis, Finding, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pysys.errors import SyscallError


def of_exception(error: SyscallError) -> Diagnosis:
    """What SyscallError.diagnose() returns. Never raises an OSError or a LookupError."""
    call, symbol = error.syscall, error.symbol
    if not isinstance(call, str) or symbol is None:
        sentence = f"The exception does not say which {'errno it is' if symbol is None else 'call failed'}."
        return Diagnosis(
            str(call or "a call"), symbol or str(error.errno), [Finding(Verdict.UNKNOWN, sentence)]
        )
    found = list(_found(error, call, symbol))
    if not any(one.verdict is Verdict.PROVEN for one in found):
        found += reference(error.causes, found)
    return Diagnosis(call, symbol, found)


def _found(error: SyscallError, call: str, symbol: str) -> Iterator[Finding]:
    if error.process is None:
        yield Finding(Verdict.UNKNOWN, "The exception does not say where the call was made.")
    elif error.process != os.getpid():
        yield Finding(
            Verdict.UNKNOWN,
            f"The call failed in process {error.process}, and this is process {os.getpid()}: nothing is"
            " looked at here.",
            "the ids that the exception keeps",
            "ask for the diagnosis in the process that made the call",
        )
        return
    elsewhere = _elsewhere(error)
    if elsewhere:
        yield Finding(Verdict.UNKNOWN, elsewhere, "the ids that the exception keeps")
    for one in found_by(AREAS, call, symbol, error.arguments or {}, causes=False):
        if not elsewhere:
            yield one
        elif one.verdict is not Verdict.EXCLUDED:  # here, which says nothing of there
            yield one._replace(verdict=Verdict.FITS) if one.verdict is Verdict.PROVEN else one


def _elsewhere(error: SyscallError) -> str:
    """What may be different where the call was made; "" if this is the thread."""
    if error.process is None:
        return ""
    if error.thread is None:
        return (
            "The call was made in the child that spawn() had made, where user, root, directory, limits and "
            "namespaces may be others."
        )
    if error.thread != get_native_id():
        return (
            f"The call failed in thread {error.thread}, and this is thread {get_native_id()}: filters, "
            "credentials and namespaces are a thread's own, and may be others there."
        )
    return ""
