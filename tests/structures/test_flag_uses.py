"""Where the values of each class of pysys.flags are used."""

from __future__ import annotations

import enum
import re

import pytest

from pysys import flags, numbers, structures
from pysys.abi import ABIS
from pysys.flags import index
from pysys.parameters import further_flags, parameters
from pysys.structures import documentation, field_flags

# Classes whose values stand in nothing that a call's definition names.
ELSEWHERE = {
    "IoUringCqFlags": "a word of the shared ring, at the offset io_cqring_offsets.flags",
    "IoUringNotificationUsage": "the result of a notification, a number that is otherwise a length",
    "IoUringSqFlags": "a word of the shared ring, at the offset io_sqring_offsets.flags",
    "PerfIocFlags": "the argument of ioctl for requests of perf",
    "SeccompListenerFlags": "the argument of ioctl for SECCOMP_IOCTL_NOTIF_SET_FLAGS",
    "PtraceEvent": "a part of the status that the wait calls write: status >> 16",
}
CLASSES = [name for name in index.MODULES if isinstance(getattr(flags, name), enum.EnumType)]


def of_parameters() -> set[str]:
    calls = numbers.calls()
    found = {one.flags for name in calls for abi in (None, *ABIS) for one in parameters(name, abi) or ()}
    return found - {""}


@pytest.mark.portable
def test_every_class_is_used_somewhere() -> None:
    tables = (field_flags.FIELDS, further_flags.ARGUMENTS, further_flags.RESULTS)
    tied = {name for table in tables for names in table.values() for name in names.split()}
    assert sorted(set(CLASSES) - of_parameters() - tied - ELSEWHERE.keys()) == []
    assert tied <= set(CLASSES)
    assert not tied & ELSEWHERE.keys() and ELSEWHERE.keys() <= set(CLASSES)


def test_every_field_exists() -> None:
    here = structures.names()
    wrong = []
    for key in field_flags.FIELDS:
        structure, field = key.split(".")
        if structure in here:
            if field not in {one.name for one in structures.describe(structure)}:
                wrong.append(key)
        elif structure not in documentation.TEXTS:
            wrong.append(key)
    assert wrong == []


def test_every_argument_exists() -> None:
    for key in (*further_flags.ARGUMENTS, *further_flags.RESULTS):
        match = re.fullmatch(r"(\w+)(?:\((\w+)\))?(?:\.(\w+))?", key)
        assert match, key
        call, command, parameter = match.groups()
        known = parameters(call) or ()
        assert (parameter is not None) == (key in further_flags.ARGUMENTS), key
        assert parameter in {None, *(one.name for one in known)}, key
        if command:  # a value of the parameter that says what is done
            assert index.MEMBERS[command] in {one.flags for one in known}, key
        assert known, key


def test_of_what_a_class_is() -> None:
    assert field_flags.of("open_how", "resolve") == ("ResolveFlags",)
    assert field_flags.of("open_how", "size") == ()
    assert further_flags.of("prctl", "arg2", "PR_SET_MM") == ("PrctlMm",)
    assert further_flags.of("futex", "op") == ("FutexFlags",)
    assert further_flags.returned("fcntl", "F_GETFD") == ("FdFlags",)
    assert further_flags.returned("adjtimex") == ("TimexState",)
    assert further_flags.of_call("futex") == {
        "op": ("FutexFlags",),
        "(FUTEX_WAKE_OP).val3": ("FutexWakeOp", "FutexWakeCompare"),
    }
    assert further_flags.of_call("adjtimex") == {"": ("TimexState",)}
    assert "(F_GETFD)" in further_flags.of_call("fcntl")


def test_the_classes_are_shown() -> None:
    assert "    resolve: uint64_t; RESOLVE_* bits: where the path may lead (ResolveFlags)" in str(
        structures.open_how.__doc__
    )
    assert "(FileMode)" in str(structures.open_how.mode.__doc__)
    assert re.search(r"    st_mode: unsigned \w+; FileType, FileMode", str(structures.stat.__doc__))
    field = next(one for one in structures.describe("epoll_event") if one.name == "events")
    assert field.flags == ("EpollEvents",)
