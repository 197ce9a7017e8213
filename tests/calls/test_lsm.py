"""The security modules."""

from __future__ import annotations

from typing import Any

import pytest
from skips import skipped_if

from pysys import calls, errors, structures
from pysys.calls import _lsm


def test_security_modules_are_those_of_securityfs() -> None:
    """lsm_list_modules names as many modules as /sys/kernel/security/lsm."""
    with skipped_if():
        found = calls.lsm_list_modules()
    assert len(set(found)) == len(found)
    try:
        with open("/sys/kernel/security/lsm") as file:
            names = file.read().strip().split(",")
    except OSError:
        return
    told = [getattr(one, "name", "").removeprefix("LSM_ID_").lower() for one in found]
    assert told == names


def test_an_attribute_of_the_thread() -> None:
    """lsm_get_self_attr agrees with /proc/self/attr, where a module has the attribute."""
    with skipped_if(errors.EOPNOTSUPP):
        found = calls.lsm_get_self_attr(100)
    with open("/proc/self/attr/current", "rb") as file:
        assert file.read().strip(b"\n\0") in [one.context.strip(b"\n\0") for one in found]


def test_an_attribute_that_no_module_has_is_not_set() -> None:
    """lsm_set_self_attr hands on what the kernel answers: nothing has attribute 0 (LSM_ATTR_UNDEF)."""
    with skipped_if(), pytest.raises((errors.EINVAL, errors.EOPNOTSUPP)):
        calls.lsm_set_self_attr(0, 100, b"nothing")


def test_contexts_of_several_modules() -> None:
    """Each has a length of its own, which may be more than its context needs."""
    one = structures.lsm_ctx.with_extra(8, id=101, flags=2, len=structures.lsm_ctx.nbytes + 8, ctx_len=3)
    two = structures.lsm_ctx.with_extra(2, id=99999, len=structures.lsm_ctx.nbytes + 2, ctx_len=2)
    raw = bytes(one)[: structures.lsm_ctx.nbytes] + b"one".ljust(8, b"\0")
    raw += bytes(two)[: structures.lsm_ctx.nbytes] + b"ab"
    found = _lsm._contexts(raw, 2)
    assert [(context.id, context.flags, context.context) for context in found] == [
        (101, 2, b"one"),
        (99999, 0, b"ab"),
    ]


def test_a_kernel_that_wants_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """E2BIG is passed on if the kernel does not say that there is more than fits."""
    sizes = [2048, 2048]

    def refuse(attr: int, buffer: bytearray, size: Any, flags: int) -> int:
        size[0] = sizes.pop(0)
        raise errors.E2BIG(syscall="lsm_get_self_attr")

    monkeypatch.setattr(calls.direct, "lsm_get_self_attr", refuse)
    with pytest.raises(errors.E2BIG):
        calls.lsm_get_self_attr(100)
    assert not sizes
