"""Filters of calls: seccomp."""

from __future__ import annotations

import sys

import pytest
from skips import skipped_if

from pysys import abi, calls, errors, flags, numbers, structures
from pysys.flags import SeccompAction

NO_NEW_PRIVS = 38


@pytest.mark.isolated
def test_a_filter_decides_about_calls() -> None:
    """Instructions are tuples or structures; the call that they name is refused from then on."""
    here = abi.current()
    load = flags.BPF_LD | flags.BPF_W | flags.BPF_ABS
    unless = flags.BPF_JMP | flags.BPF_JEQ | flags.BPF_K
    number, arch = (one.offset for one in structures.describe("seccomp_data")[:2])
    program: list[tuple[int, int, int, int] | structures.sock_filter] = [
        (load, 0, 0, arch),
        (unless, 0, 3, here.audit_arch if sys.byteorder == "little" else here.audit_arch_big),
        (load, 0, 0, number),
        (unless, 0, 1, numbers.number("getppid")),
        structures.sock_filter(code=flags.BPF_RET, k=SeccompAction.SECCOMP_RET_ERRNO | 77),
        (flags.BPF_RET | flags.BPF_K, 0, 0, SeccompAction.SECCOMP_RET_ALLOW),
    ]
    calls.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    try:
        assert calls.seccomp_set_mode_filter(program) == 0
    except errors.ENOSYS:
        pytest.skip("this kernel has no seccomp")
    try:
        calls.getppid()
    except OSError as error:
        assert error.errno == 77
    else:
        raise AssertionError("getppid went through")


def test_what_seccomp_can_do() -> None:
    """An action is available or not, and the sizes are at least those of the first version."""
    with skipped_if(errors.EINVAL):
        assert calls.seccomp_get_action_avail(SeccompAction.SECCOMP_RET_ALLOW)
        assert not calls.seccomp_get_action_avail(0x12340000)
        sizes = calls.seccomp_get_notif_sizes()
    assert sizes.seccomp_notif >= 80 and sizes.seccomp_data >= 64
