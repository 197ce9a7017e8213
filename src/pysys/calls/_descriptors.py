"""Typed calls whose results are values: descriptors that come in pairs, counters and timers.

As elsewhere in Python a descriptor that is made here does not go through exec, unless flags say so: where a
call takes a flag for that, the default has it, and flags=0 omits it.
"""

from __future__ import annotations

import sys
from os import O_CLOEXEC

from pysys import structures
from pysys._native import ffi
from pysys.arguments import descriptors
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._values import durations
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Descriptor
    from pysys.calls._values.durations import Timer

_MFD_CLOEXEC = 1
_COUNTER = 8  # bytes of what eventfd and timerfd count


@documented_call
def pipe2(flags: int = O_CLOEXEC) -> tuple[int, int]:
    """pipe2(2): make a pipe: the descriptor to read from, and the one to write to.

    flags: flags.OpenFlags: O_CLOEXEC, O_NONBLOCK, O_DIRECT (packets), O_NOTIFICATION_PIPE.

    Returns both descriptors, in this order.

    Since Linux 2.6.27.
    """
    ends = ffi.new("int[2]")
    direct.pipe2(ends, flags)
    return ends[0], ends[1]


@documented_call
def pipe() -> tuple[int, int]:
    """pipe(2): a pipe: the descriptor to read from, and the one to write to. Both go through exec.

    Returns both descriptors, in this order.

    Since Linux 1.0.
    """
    ends = ffi.new("int[2]")
    resolved.pipe(ends)
    return ends[0], ends[1]


@documented_call
def socketpair(family: int, type: int, protocol: int = 0) -> tuple[int, int]:
    """socketpair(2): make two sockets that are connected to each other. Returns their descriptors.

    family: flags.AddressFamily, AF_UNIX or AF_TIPC. type: flags.SocketType, with SOCK_CLOEXEC and
        SOCK_NONBLOCK if wanted: without the former the descriptors go through exec. protocol: 0, the
        family's own.

    Since Linux 2.0.
    """
    ends = ffi.new("int[2]")
    direct.socketpair(family, type, protocol, ends)
    return ends[0], ends[1]


@documented_call
def memfd_create(uname: str | bytes, flags: int = _MFD_CLOEXEC) -> int:
    """memfd_create(2): make a file that lives in memory, without a path. Returns its descriptor.

    uname: what /proc/PID/fd shows behind "memfd:", of at most 249 bytes. flags: flags.MemfdFlags.

    Since Linux 3.17.
    """
    return direct.memfd_create(uname, flags)


@documented_call
def eventfd2(count: int = 0, flags: int = O_CLOEXEC) -> int:
    """eventfd2(2): a counter as a descriptor, which os.eventfd_read and os.eventfd_write use.

    count: what it begins with. flags: flags.EventfdFlags.

    Returns its descriptor.

    Since Linux 2.6.27.
    """
    return direct.eventfd2(count, flags)


@documented_call
def timerfd_create(clockid: int, flags: int = O_CLOEXEC) -> int:
    """timerfd_create(2): a timer as a descriptor, which becomes readable when it expires.

    clockid: flags.ClockId. flags: flags.TimerfdFlags. It is started by timerfd_settime, and timerfd_read
        says how often it expired.

    Returns its descriptor.

    Since Linux 2.6.25.
    """
    return direct.timerfd_create(clockid, flags)


@documented_call
def timerfd_settime(ufd: Descriptor, flags: int, utmr: Timer) -> structures.itimerspec:
    """timerfd_settime(2): start or stop a timer. Returns what was left of it.

    ufd: a descriptor of timerfd_create.
    flags: flags.TimerfdSetFlags; with TFD_TIMER_ABSTIME the first expiration is a time of the clock.
    utmr: seconds until it expires, 0 to stop it; a pair of that and the seconds between later expirations; or
        structures.itimerspec.

    Since Linux 2.6.25.
    """
    before = structures.itimerspec()
    resolved.timerfd_settime(ufd, flags, durations.itimerspec("timerfd_settime: utmr", utmr), before)
    return before


@documented_call
def timerfd_gettime(ufd: Descriptor) -> structures.itimerspec:
    """timerfd_gettime(2): how long until a timer expires (it_value), and the time between expirations.

    ufd: a descriptor of timerfd_create.

    Returns structures.itimerspec.

    Since Linux 2.6.25.
    """
    found = structures.itimerspec()
    resolved.timerfd_gettime(ufd, found)
    return found


def timerfd_read(ufd: Descriptor) -> int:
    """read(2) of a timer: how often it expired since it was last read or set. Waits for the first time.

    ufd: the timer's descriptor.

    Returns a number. Raises the documented errors of read (pysys.errors): EAGAIN with TFD_NONBLOCK if it has
    not expired, ECANCELED if the clock was set and TFD_TIMER_CANCEL_ON_SET is used. Since Linux 2.6.25.
    """
    answer = bytearray(_COUNTER)
    direct.read(descriptors.descriptor("timerfd_read: ufd", ufd), answer, _COUNTER)
    return int.from_bytes(answer, sys.byteorder)
