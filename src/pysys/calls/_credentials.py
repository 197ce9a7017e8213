"""Typed calls whose results are values: users, groups and capabilities.

Those that set something do it for the calling thread alone: the C library's functions, which os calls, are
the ones that see to all threads. Where an ABI has a call with ids of 16 bits and one with ids of 32 bits, it
is the latter.
"""

from __future__ import annotations

from struct import Struct, unpack_from

from pysys import structures
from pysys.arguments import iterables, memory
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.calls._make.values import in_c
from pysys.calls._values import sets
from pysys.doc import documented_call
from pysys.errors import EINVAL
from pysys.structures.records import Capabilities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_CAPABILITY_VERSION_3 = 0x20080522  # two words for each set
_USUAL_GROUPS = 64
_id = Struct("=I").unpack


def _three(call: Callable[..., int]) -> tuple[int, int, int]:
    one, two, three = bytearray(4), bytearray(4), bytearray(4)
    call(one, two, three)
    return _id(one)[0], _id(two)[0], _id(three)[0]


@in_c(resolved)
@documented_call
def getresuid() -> tuple[int, int, int]:
    """getresuid(2): the real, the effective and the saved user id of this thread.

    Returns the three ids in this order.

    Since Linux 2.2.
    """
    return _three(resolved.getresuid)


@in_c(resolved)
@documented_call
def getresgid() -> tuple[int, int, int]:
    """getresgid(2): the real, the effective and the saved group id of this thread.

    Returns the three ids in this order.

    Since Linux 2.2.
    """
    return _three(resolved.getresgid)


@in_c(resolved)
@documented_call
def getgroups() -> list[int]:
    """getgroups(2): the supplementary groups of this thread.

    Returns their ids, in the kernel's order.

    Since Linux 1.0.
    """
    most = _USUAL_GROUPS
    while True:
        groups = bytearray(4 * most)
        try:
            count = resolved.getgroups(most, groups)
        except EINVAL:  # there are more
            # Another thread cannot change them, but a handler of a signal can.
            most = max(resolved.getgroups(0, None), most + 1)
        else:
            return list(unpack_from(f"={count}I", groups))


@documented_call
def setgroups(grouplist: Iterable[int]) -> None:
    """setgroups(2): set the supplementary groups of this thread.

    grouplist: the group ids, at most 65536; an empty list drops all.

    Returns None.

    Raises: EPERM without CAP_SETGID. Since Linux 1.0.
    """
    groups = iterables.items("setgroups: grouplist", grouplist)
    resolved.setgroups(len(groups), groups)


@documented_call
def capget(pid: int = 0) -> Capabilities:
    """capget(2): the capabilities of a thread: the sets effective, permitted and inheritable.

    pid: the thread's id, 0 for this one.

    Returns structures.records.Capabilities: effective, permitted and inheritable, sets of flags.Capability.

    Raises: ESRCH if there is no such thread. Since Linux 2.2.
    """
    header = memory.made("capget", structures.cap_user_header, version=_CAPABILITY_VERSION_3, pid=pid)
    words = structures.cap_user_data.array(2)
    direct.capget(header, words)
    low, high = words
    return Capabilities(
        sets.numbers_of(low.effective | high.effective << 32),
        sets.numbers_of(low.permitted | high.permitted << 32),
        sets.numbers_of(low.inheritable | high.inheritable << 32),
    )


@documented_call
def capset(data: Capabilities) -> None:
    """capset(2): set the capabilities of this thread.

    data: all three sets: what capget gave, changed.

    Returns None.

    Raises: EPERM for what is not permitted. OverflowError for a number that is not from 0 to 63. Since Linux
    2.2.
    """
    if not isinstance(data, Capabilities):
        raise TypeError(f"capset: data must be Capabilities, not {type(data).__name__}")
    words = structures.cap_user_data.array(2)
    for name in Capabilities.__slots__:
        wanted = sets.mask(f"capset: data.{name}", getattr(data, name), 64)
        setattr(words[0], name, wanted & 0xFFFFFFFF)
        setattr(words[1], name, wanted >> 32)
    direct.capset(structures.cap_user_header(version=_CAPABILITY_VERSION_3), words)
