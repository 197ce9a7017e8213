"""The security modules."""

from __future__ import annotations

import pytest
from skips import skipped_if

from pysys import calls, errors


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
