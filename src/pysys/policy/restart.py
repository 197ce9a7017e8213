"""Which calls are made again after a signal interrupted them.

As PEP 475 has it, a call that a signal handler interrupted is made again once the Python handlers have
run and none has raised. Not those of which pysys.parameters.table says `eintr`: for them EINTR is an answer
that the caller needs. The kernel itself distinguishes likewise between what it restarts under SA_RESTART
and what it never does, except that it knows how much of a timeout is left, and that msgrcv, msgsnd and
semop, which have none, can be repeated without harm. Sockets with a time limit of their own (SO_RCVTIMEO,
SO_SNDTIMEO) it never restarts, since the limit would start again: whether there is one is asked when a
signal has come.
"""

from __future__ import annotations

from pysys._native import lib
from pysys.arguments import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMER_ABSTIME = 1


def is_repeated(name: str | None, words: Sequence[int]) -> bool:
    """Whether an interrupted call with these arguments is made again; one without a name is not."""
    if name is None:
        return False
    conditions = kept.behaviour(name).get("eintr")
    return conditions is None or not any(_holds(one, words) for one in conditions.split(","))


def _holds(condition: str, words: Sequence[int]) -> bool:
    """Whether what the table says of a call keeps it from being made again, with these arguments."""
    kind, _, index = condition.partition(":")
    if kind == "never":
        return True
    word = words[int(index)] if int(index) < len(words) else 0
    if kind == "pointer":
        return word != 0
    if kind == "milliseconds":
        return not word & 0x80000000
    if kind == "relative":
        return not word & _TIMER_ABSTIME
    return _is_limited(word & 0xFFFFFFFF, sending=kind == "sending")


def _is_limited(descriptor: int, *, sending: bool) -> bool:
    """Whether a descriptor is a socket with a time limit of its own."""
    return bool(descriptor >> 31 == 0 and lib.pysys_socket_limit(descriptor, sending))
