"""Asks why a call failed in the place of the thread that made it, by a helper that stands there."""

from __future__ import annotations

import mmap
import os
import signal
from functools import partial
from marshal import dumps, loads
from re import match

from pysys.diagnosis.failures import AREAS, Diagnosis, Finding, Verdict, found_by
from pysys.flags import AddressFamily
from pysys.parameters import parameters
from pysys.preloading import preload
from pysys.process.fork import fork
from pysys.reasons import filtering, limits, maps
from pysys.reasons.joining import ElsewhereError, Standpoint, fields, join
from pysys.tracing import Address, Descriptor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pysys.tracing import Call

__all__ = ["ask"]

_SECONDS = 5  # until a look is given up: at a file system whose server stands still, too
_SIZE = 1 << 18  # bytes of an answer
# What is used up is the thread's memory, of which the helper has its own.
_OF_ITS_MEMORY = frozenset({"ENOMEM", "EFAULT"})


def ask(call: Call, words: Sequence[int]) -> Diagnosis:
    """Why a call failed, in the place of its thread, which this thread traces and which has stopped.

    words: what the call was made with, as registers have it, for filters.
    """
    pid, tid = call.pid, call.tid
    known = [*limits.findings(call), *maps.findings(call)]
    filters, asks_itself = filtering.findings(call, words)
    known += filters
    args = _arguments(call)
    if any(one.verdict is Verdict.PROVEN for one in known) or call.errno in _OF_ITS_MEMORY:
        return found_by((), call.name, call.errno, args, known)
    areas = list(AREAS if asks_itself else AREAS[1:])
    preload()  # a helper in another root loads nothing
    numbers = [int(one) for one in call.arguments.values() if isinstance(one, Descriptor) and one >= 0]
    try:
        answer = _from_there(Standpoint(pid, tid), numbers, areas, call, args)
    except ElsewhereError as error:
        text = f"It could not be looked at in the place of process {pid}: {error}."
        return found_by((), call.name, call.errno, args, [*known, Finding(Verdict.UNKNOWN, text)])
    # The reference's causes of write are about other files.
    found = found_by((), call.name, call.errno, args, [*known, *answer], causes=not maps.is_map(call))
    return Diagnosis(found.call, found.errno, filter(partial(_may_be, _family(call)), found))


def _as_others_say(path: str, call: Call) -> str:
    """A path of a thread's own folder in /proc, by the ids of its namespace."""
    status = fields(f"/proc/{call.pid}/task/{call.tid}/status")
    pid, tid = (status.get(name, str(call.tid)).split()[-1] for name in ("NStgid", "NSpid"))
    own, _, rest = path.removeprefix("/proc/").partition("/")
    return f"/proc/{pid}/{rest}" if own == "self" else f"/proc/{pid}/task/{tid}/{rest}"


def _family(call: Call) -> str:
    """The family of the address that a call was given; "" if there is none."""
    for one in call.arguments.values():
        if isinstance(one, tuple) and one and isinstance(one[0], AddressFamily):
            return str(one[0].name)
    return ""


def _may_be(family: str, finding: Finding) -> bool:
    """Whether a cause that the reference knows is not one of another family of sockets."""
    return not family or finding.sentence.startswith(f"{family}:") or not match(r"AF_\w+:", finding.sentence)


def _from_there(
    place: Standpoint, numbers: list[int], areas: list[Any], call: Call, args: dict[str, Any]
) -> list[Finding]:
    with mmap.mmap(-1, _SIZE) as shared:
        pid = fork()
        if pid == 0:
            try:
                _look(shared, place, numbers, areas, call, args)
            finally:
                os._exit(0)
        try:
            _, status = os.waitpid(pid, 0)
        except ChildProcessError:  # SIGCHLD is ignored
            status = 0
        size = int.from_bytes(shared[:4], "little")
        answer: Any = loads(shared[4 : 4 + size]) if size else None
    if answer is None:
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        late = (
            f"it took longer than {_SECONDS} seconds" if ended in (0, signal.SIGALRM) else f"signal {ended}"
        )
        raise ElsewhereError(f"the helper has given no answer: {late}")
    if isinstance(answer, str):
        raise ElsewhereError(answer)
    return [Finding(Verdict(one[0]), *one[1:]) for one in answer]


def _look(
    shared: mmap.mmap,
    place: Standpoint,
    numbers: list[int],
    areas: list[Any],
    call: Call,
    args: dict[str, Any],
) -> None:
    """What the helper does: it takes the thread's place, looks, and writes what it has found."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    signal.alarm(_SECONDS)
    answer: Any
    try:
        join(place, numbers)
        signal.alarm(_SECONDS)
        answer = [
            [str(part) for part in one] for one in found_by(areas, call.name, call.errno, args, causes=False)
        ]
    except ElsewhereError as error:
        answer = str(error)
    except Exception as error:  # a diagnosis must not fail itself
        answer = f"the helper has failed: {error!r}"
    data = dumps(answer)
    if len(data) > _SIZE - 4:
        data = dumps("its answer is too long")
    shared[4 : 4 + len(data)] = data
    shared[:4] = len(data).to_bytes(4, "little")


def _arguments(call: Call) -> dict[str, Any]:
    """The arguments by the kernel's names, as pysys.calls takes them."""
    names = {one.python: one.name for one in parameters(call.name) or ()}
    return {names.get(name, name): _plain(value, call) for name, value in call.arguments.items()}


def _plain(value: Any, call: Call) -> Any:
    if isinstance(value, str) and value.startswith(("/proc/self/", "/proc/thread-self/")):
        return _as_others_say(value, call)  # of the helper, it would be another place
    if isinstance(value, Descriptor | Address):
        return int(value)
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], AddressFamily):
        return value[1]
    return value
