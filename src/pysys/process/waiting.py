"""wait_any: the first of many children that ends."""

from __future__ import annotations

import select
from time import monotonic, sleep

from pysys.loading import counted
from pysys.process.child import FIRST_DELAY, LAST_DELAY, Child, end_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, TypeVar

    from pysys.process.popen import Popen

    Started = TypeVar("Started", bound=Child | Popen)

LONGEST = 10**6  # seconds that one poll waits


def wait_any(children: Iterable[Started], timeout: float | None = None) -> Started:
    """poll(2) and waitid(2): wait until one of several processes has ended, and reap that one.

    children: Child and Popen objects. One that has ended before counts, also if it was waited for: leave out
        what you are done with.
    timeout: how many seconds to wait at most; None waits forever, 0 only looks. Signal handlers run
        meanwhile, and their time counts. They may wait for the same processes. What they raise ends the wait,
        but no status is lost by it.

    Returns that object, whose returncode is known now; of several, the first in the order of `children`. The
    others are not touched, and their ends stay to be seen.

    Raises TimeoutError, Python's own, if all still run after that time; ValueError if there is none to wait
    for; TypeError for something else; errors.ECHILD, as Child.wait does, if the status of one is lost,
    unless it is a Popen, whose returncode is 0 then. Since Linux 2.6.10; with a pidfd each, since Linux 5.3,
    it does not have to look again and again.
    """
    listed: Sequence[Started] = list(children)
    if not listed:
        raise ValueError("wait_any: children is empty: there is none to wait for")
    owned = [_child("wait_any: children", one) for one in listed]
    deadline = None if timeout is None else end_of("wait_any", timeout)
    delay, reported = FIRST_DELAY, True
    while True:
        ended = next((one for one in listed if one.poll() is not None), None)
        if ended is not None:
            return ended
        left = LONGEST if deadline is None else min(deadline - monotonic(), LONGEST)
        if left <= 0:
            raise TimeoutError(f"none of the processes has ended after {counted(timeout or 0, 'second')}")
        if reported:
            # Nothing reports the end without a pidfd, or if a tracer has to see it first.
            reported = _await_one(owned, left)
        else:
            sleep(min(delay, left))
            delay = min(delay * 2, LAST_DELAY)


def _await_one(owned: list[Child], seconds: float) -> bool:
    """Wait until an end is reported, or the time is over. Returns whether it was over."""
    poll = select.poll()
    for child in owned:
        pidfd = child._pidfd
        if pidfd == -1:
            return False
        poll.register(pidfd, select.POLLIN)
    return not poll.poll(seconds * 1000)


def _child(title: str, one: Any) -> Child:
    child = one if isinstance(one, Child) else getattr(one, "_child", None)
    if not isinstance(child, Child):
        raise TypeError(f"{title} has a {type(one).__name__}, and takes Child and Popen objects")
    return child
