"""Typed calls whose results are values: seccomp, an operation each."""

from __future__ import annotations

from pysys import structures
from pysys._native import ffi
from pysys.arguments import integers, iterables, memory
from pysys.calls import direct
from pysys.doc import documented_operation
from pysys.errors import EOPNOTSUPP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SET_MODE_FILTER, _GET_ACTION_AVAIL, _GET_NOTIF_SIZES = 1, 2, 3


@documented_operation("seccomp")
def seccomp_set_mode_filter(
    filter: Iterable[tuple[int, int, int, int] | structures.sock_filter], flags: int = 0
) -> int:
    """seccomp(2) with SECCOMP_SET_MODE_FILTER: let a program decide about every later call of the thread.

    It stays for good.

    filter: its instructions, (code, jt, jf, k) or structures.sock_filter, whose code is made of
        flags.BpfClass and its kin; it looks at structures.seccomp_data and returns flags.SeccompAction.
        First compare arch with abi.current().audit_arch: numbers are those of one ABI.
    flags: flags.SeccompFilterFlags.

    The thread needs prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), or CAP_SYS_ADMIN.

    Returns 0; with SECCOMP_FILTER_FLAG_NEW_LISTENER a descriptor; with SECCOMP_FILTER_FLAG_TSYNC alone the id
    of a thread that could not follow.

    Since Linux 3.17.
    """
    items = [
        memory.tuple_of(
            f"seccomp_set_mode_filter: filter[{index}]", structures.sock_filter, "code jt jf k", one
        )
        for index, one in enumerate(
            iterables.items("seccomp_set_mode_filter: filter", filter, "instructions")
        )
    ]
    flags = integers.unsigned("seccomp_set_mode_filter: flags", flags)
    program = memory.made(
        "seccomp_set_mode_filter",
        structures.sock_fprog,
        len=len(items),
        filter=structures.sock_filter.array(items),
    )
    return direct.seccomp(_SET_MODE_FILTER, flags, program)


@documented_operation("seccomp")
def seccomp_get_action_avail(action: int) -> bool:
    """seccomp(2) with SECCOMP_GET_ACTION_AVAIL: whether the kernel knows an action.

    action: what a filter might return, flags.SeccompAction.

    Returns True or False.

    Since Linux 4.14.
    """
    try:
        direct.seccomp(
            _GET_ACTION_AVAIL,
            0,
            ffi.new("uint32_t *", integers.unsigned("seccomp_get_action_avail: action", action)),
        )
    except EOPNOTSUPP:
        return False
    return True


@documented_operation("seccomp")
def seccomp_get_notif_sizes() -> structures.seccomp_notif_sizes:
    """seccomp(2) with SECCOMP_GET_NOTIF_SIZES: how large the kernel's structures for a listener are.

    Returns structures.seccomp_notif_sizes.

    Since Linux 5.0.
    """
    found = structures.seccomp_notif_sizes()
    direct.seccomp(_GET_NOTIF_SIZES, 0, found)
    return found
