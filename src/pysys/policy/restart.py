"""Which calls are made again after a signal interrupted them.

As PEP 475 has it, a call that a signal handler interrupted is made again once the Python handlers have
run and none has raised. Not the calls below, for which EINTR is an answer that the caller needs. The
kernel itself has the same distinction between what it restarts under SA_RESTART and what it never
does, except that it knows how much of a timeout is left, and that msgrcv, msgsnd and semop, which have
none, can be repeated without harm. Sockets with a time limit of their own (SO_RCVTIMEO, SO_SNDTIMEO) it
never restarts, since the limit would start again: whether there is one is asked when a signal has come.
"""

from __future__ import annotations

from pysys._native import lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER: frozenset[str] = frozenset(
    {
        # The descriptor is gone by then, and its number may already be another thread's.
        "close",
        # The connection is being made all the same: poll for it, a repetition answers EALREADY.
        "connect",
        # They wait for a signal, and this is how they tell that one came.
        "pause",
        "rt_sigsuspend",
        "rt_sigtimedwait",
        "rt_sigtimedwait_time64",
        "sigsuspend",
        # The time is relative and would start again; the remainder is in the second argument.
        "nanosleep",
        "osf_usleep_thread",
        # Part of what was submitted may be done, and the wait's limit would start again.
        "io_uring_enter",
        # The call is in the first argument: it can be connect and semtimedop.
        "ipc",
        "socketcall",
    }
)

# Not with these arguments (indexes of pointers, of which one is not NULL): a time limit, which would
# start again, or a signal mask, which says that signals are what the caller waits for.
LIMITS: dict[str, tuple[int, ...]] = {
    "_newselect": (4,),
    "select": (4,),
    "osf_select": (4,),
    "pselect6": (4, 5),
    "pselect6_time64": (4, 5),
    "ppoll": (2, 3),
    "ppoll_time64": (2, 3),
    "epoll_pwait": (4,),
    "epoll_pwait2": (3, 4),
    "futex": (3,),
    "futex_time64": (3,),
    "io_getevents": (4,),
    "io_pgetevents": (4, 5),
    "io_pgetevents_time64": (4, 5),
    "recvmmsg": (4,),
    "recvmmsg_time64": (4,),
    "semtimedop": (3,),
    "semtimedop_time64": (3,),
}

# Likewise a limit in milliseconds: negative for none.
MILLISECONDS: dict[str, int] = {"poll": 2, "epoll_wait": 3, "epoll_pwait": 3}

# What sockets receive and send with: the index of a descriptor that may be one.
RECEIVES: dict[str, int] = dict.fromkeys(
    "accept accept4 read readv preadv2 recv recvfrom recvmmsg recvmmsg_time64 recvmsg splice".split(), 0
)
SENDS: dict[str, int] = {
    **dict.fromkeys("write writev pwritev2 send sendfile sendfile64 sendmmsg sendmsg sendto".split(), 0),
    "splice": 2,
}

# A relative time, unless the flags at this index contain TIMER_ABSTIME.
CLOCKS: dict[str, int] = {"clock_nanosleep": 1, "clock_nanosleep_time64": 1}
_TIMER_ABSTIME = 1


def is_repeated(name: str | None, words: Sequence[int]) -> bool:
    """Whether an interrupted call with these arguments is made again; one without a name is not."""
    if name is None or name in NEVER:
        return False
    if any(_at(words, index) for index in LIMITS.get(name, ())):
        return False
    if name in MILLISECONDS:
        return bool(_at(words, MILLISECONDS[name]) & 0x80000000)
    if name in CLOCKS:
        return bool(_at(words, CLOCKS[name]) & _TIMER_ABSTIME)
    return not (
        (name in RECEIVES and _is_limited(words, RECEIVES[name], sending=False))
        or (name in SENDS and _is_limited(words, SENDS[name], sending=True))
    )


def _is_limited(words: Sequence[int], index: int, *, sending: bool) -> bool:
    """Whether a descriptor is a socket with a time limit of its own."""
    descriptor = _at(words, index) & 0xFFFFFFFF
    return bool(descriptor >> 31 == 0 and lib.pysys_socket_limit(descriptor, sending))


def _at(words: Sequence[int], index: int) -> int:
    return words[index] if index < len(words) else 0
