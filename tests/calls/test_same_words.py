"""Twenty bad arguments, by all ways to make a call: refused in the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from wrong_arguments import (
    FilenoGivesText,
    FilenoIsTooLarge,
    FspathGivesAnInt,
    IndexGivesText,
    IterGivesAnInt,
    closed_file,
    closed_socket,
)

from pysys import CloneArgs, CloneFlags, abi, calls, clone3, flags, spawn, structures, syscall
from pysys.structures.records import Capabilities

NOTHING = ["/nonexistent"]
HERE = -100


def _clone3(**fields: Any) -> object:
    return clone3(CloneArgs(**{"flags": CloneFlags.CLONE_SIGHAND, **fields}))


# By kind of parameter, where it is met: how messages name it there, and what passes a value to it.
WAYS: dict[str, dict[str, Callable[[Any], object]]] = {
    "int": {
        "kill: sig": lambda value: syscall("kill", 0x7FFFFFFE, value),
        "tgkill: sig": lambda value: calls.direct.tgkill(0x7FFFFFFE, 0x7FFFFFFE, value),
        "keyctl_revoke: key": calls.keyctl_revoke,
        "clone3: exit_signal": lambda value: _clone3(exit_signal=value),
        "spawn: process_group": lambda value: spawn(NOTHING, process_group=value),
        "cachestat: off": lambda value: calls.cachestat(-1, off=value),
        "timespec.tv_nsec": lambda value: structures.timespec(tv_nsec=value),
    },
    "fd": {
        "fchdir: fd": lambda value: syscall("fchdir", value),
        "fsync: fd": calls.fsync,
        "statmount: mnt_fd": lambda value: calls.statmount(mnt_fd=value),
        "epoll_ctl: fd": lambda value: calls.epoll_ctl(-1, 1, value),
        "timerfd_read: ufd": calls.timerfd_read,
        "clone3: cgroup": lambda value: _clone3(cgroup=value),
        "spawn: stdin": lambda value: spawn(NOTHING, stdin=value),
        "spawn: fds[5]": lambda value: spawn(NOTHING, fds={5: value}),
    },
    "path": {
        "openat: filename": lambda value: syscall("openat", HERE, value, 0, 0),
        "unlinkat: pathname": lambda value: calls.direct.unlinkat(-1, value, 0),
        "statx: filename": lambda value: calls.statx(-1, value),
        "spawn: chroot": lambda value: spawn(NOTHING, chroot=value),
        "spawn: argv[0]": lambda value: spawn([value]),
    },
    "memory": {
        "timer_create: created_timer_id": lambda value: syscall("timer_create", 99, None, value),
        "getsockname: usockaddr_len": lambda value: calls.direct.getsockname(-1, None, value),
        "futex_waitv: waiters[0]": lambda value: calls.futex_waitv([(value, 0)], timeout=0),
        "clone3: child_tid": lambda value: _clone3(child_tid=value),
    },
    "items": {
        "semop: tsops": lambda value: calls.semop(-1, value),
        "capset: data.effective": lambda value: calls.capset(_capabilities(value)),
        "clone3: set_tid": lambda value: _clone3(set_tid=value),
        "spawn: signal_mask": lambda value: spawn(NOTHING, signal_mask=value),
        "spawn: uid_map": lambda value: spawn(NOTHING, uid_map=value),
    },
}


def _capabilities(value: Any) -> Any:
    made = calls.capget()
    made.effective = value
    return made


RANGE = r": \S+( \S+)* is out of range \(-?[0-9*]+( - \d)? to [0-9*]+( [-+] \d)?\)"
BAD: list[tuple[str, str, object, type[Exception], str]] = [
    ("int", "an object", object(), TypeError, " must be an int, not object"),
    ("int", "text", "1", TypeError, " must be an int, not str"),
    ("int", "a float", 1.0, TypeError, " must be an int, not float"),
    ("int", "a list", [1], TypeError, " must be an int, not list"),
    ("int", "more than 64 bits", 1 << 64, OverflowError, RANGE),
    ("int", "20000 bits", 1 << 20000, OverflowError, RANGE),
    ("fd", "a list", [1], TypeError, r" must be an int or have fileno\(\), not list"),
    ("fd", "text", "1", TypeError, r" must be an int or have fileno\(\), not str"),
    ("fd", "a closed socket", closed_socket(), ValueError, " is a socket without a descriptor"),
    ("fd", "a closed file", closed_file(), ValueError, r" is a TextIOWrapper without a descriptor \(.*\)"),
    ("fd", "fileno() that gives text", FilenoGivesText(), TypeError,
     r" must have a fileno\(\) that returns an int, not str"),
    ("fd", "fileno() of 2**40", FilenoIsTooLarge(), OverflowError, RANGE),
    ("path", "a null byte in str", "a\0b", ValueError, " contains a null byte"),
    ("path", "a null byte in bytes", b"a\0b", ValueError, " contains a null byte"),
    ("path", "a lone surrogate", "\ud800", ValueError, " cannot be encoded: surrogates not allowed"),
    ("path", "__fspath__ that gives an int", FspathGivesAnInt(), TypeError,
     ": __fspath__ of FspathGivesAnInt must return str or bytes"),
    ("path", "a list", ["a"], TypeError, " must be str, bytes or a path, not list"),
    ("path", "a float", 1.5, TypeError, " must be str, bytes or a path, not float"),
    ("int", "__index__ that gives text", IndexGivesText(), TypeError,
     ": __index__ of IndexGivesText must return an int"),
    ("items", "__iter__ that gives an int", IterGivesAnInt(), TypeError,
     ": __iter__ of IterGivesAnInt must return an iterator"),
    ("memory", "too short", bytearray(3), ValueError, " is 3 bytes long, but the call uses 4"),
    ("memory", "one byte", bytearray(1), ValueError, " is 1 byte long, but the call uses 4"),
    ("memory", "read-only", memoryview(b"1234"), TypeError,
     " must be a writable buffer, and this memoryview is read-only"),
    ("memory", "in pieces", memoryview(bytearray(16))[::2], TypeError,
     ": the memory of this memoryview is not contiguous"),
    ("items", "an int", 5, TypeError, r" must be an iterable of .+, not int"),
    ("items", "an object", object(), TypeError, r" must be an iterable of .+, not object"),
]  # fmt: skip


@pytest.mark.portable
@pytest.mark.isolated
@pytest.mark.parametrize("which", [f"{kind}: {said}" for kind, said, *_ in BAD])
def test_the_same_words(which: str) -> None:
    """The same bad argument is refused with the same error and in the same words, wherever it is given."""
    kind, _, value, error, words = next(row for row in BAD if f"{row[0]}: {row[1]}" == which)
    differ = []
    for title, call in WAYS[kind].items():
        try:
            call(value)
        except Exception as caught:
            text = str(caught)
            if type(caught) is not error or not re.fullmatch(re.escape(title) + words, text):
                differ.append(f"{title}: {type(caught).__name__}: {text}")
        else:
            differ.append(f"{title}: taken")
    assert not differ, "\n".join(differ)


class OwnError(TypeError):
    """Of the caller, who has to see it as it was raised."""


class Raises:
    """Every method that a parameter may ask for raises the caller's own exception."""

    def fail(self, *_: object) -> Any:
        raise OwnError("mine")


METHODS = {
    "int": ("__index__",),
    "fd": ("__index__", "fileno"),
    "path": ("__fspath__",),
    "items": ("__iter__",),
}


@pytest.mark.isolated
@pytest.mark.parametrize("kind", METHODS)
def test_an_exception_of_the_caller_goes_on(kind: str) -> None:
    """What an argument's own method raises is not put into other words, also if it is a TypeError."""
    differ = []
    for method in METHODS[kind]:
        value = type("Own", (Raises,), {method: Raises.fail})()
        for title, call in WAYS[kind].items():
            try:
                call(value)
            except Exception as caught:
                if type(caught) is not OwnError or str(caught) != "mine":
                    differ.append(f"{title}, {method}: {type(caught).__name__}: {caught}")
            else:
                differ.append(f"{title}, {method}: taken")
    assert not differ, "\n".join(differ)


def test_the_length_of_an_iterable_is_not_asked() -> None:
    """What goes through it does not believe __len__, whose errors would be Python's own."""

    class Wrong:
        def __len__(self) -> int:
            raise OverflowError("nobody asks")

        def __iter__(self) -> Iterator[int]:
            return iter([1])

    assert list(Capabilities(Wrong()).effective) == [1]


WIDE = (1 << 32) + 1
# Parameters of which the kernel reads 32 bits: of 2**32 + 1 it would take 1.
NARROW: dict[str, list[Callable[[], object]]] = {
    "fchown: user": [lambda: syscall("fchown", -1, WIDE, 0), lambda: calls.fchown(-1, WIDE, 0)],
    "fchdir: fd": [lambda: syscall("fchdir", WIDE), lambda: calls.direct.fchdir(WIDE)],
    "kill: sig": [lambda: syscall("kill", 0x7FFFFFFE, WIDE), lambda: calls.kill(0x7FFFFFFE, WIDE)],
    "openat: mode": [lambda: calls.openat(-1, "a", 0, WIDE), lambda: syscall("openat", -1, "a", 0, WIDE)],
    "fcntl: arg": [
        lambda: syscall("fcntl", -1, flags.F_SETFD, WIDE),
        lambda: calls.fcntl(-1, flags.F_SETFD, WIDE),
        lambda: calls.direct.fcntl(-1, flags.F_DUPFD, WIDE),
        lambda: calls.fcntl(-1, flags.F_SETOWN, -WIDE),
    ],
    "semctl: arg": [
        lambda: calls.semctl(-1, 0, flags.SETVAL, WIDE),
        lambda: syscall("semctl", -1, 0, flags.SETVAL, WIDE),
    ],
    "keyctl: arg3": [
        lambda: calls.keyctl(flags.KEYCTL_CHOWN, -1, WIDE, -1),
        lambda: syscall("keyctl", flags.KEYCTL_SETPERM, -1, WIDE),
    ],
    "keyctl_chown: uid": [lambda: calls.keyctl_chown(-1, WIDE, -1)],
    "futex: utime": [
        lambda: calls.futex(bytearray(4), flags.FUTEX_REQUEUE, 1, WIDE, bytearray(4)),
        lambda: syscall("futex", bytearray(4), flags.FUTEX_CMP_REQUEUE, 1, WIDE, bytearray(4), 0),
    ],
    "ptrace: pid": [
        lambda: calls.ptrace(flags.PTRACE_DETACH, WIDE),
        lambda: syscall("ptrace", flags.PTRACE_DETACH, WIDE, 0, 0),
    ],
    "prctl: arg2": [lambda: calls.prctl(flags.PR_SET_PTRACER, WIDE)],
}


@pytest.mark.skipif(abi.current().register_bits == 32, reason="no register holds so wide a number")
@pytest.mark.isolated
@pytest.mark.parametrize("title", NARROW)
def test_numbers_do_not_become_others(title: str) -> None:
    """What the kernel would read a part of is refused, by every way to make the call."""
    for call in NARROW[title]:
        with pytest.raises(OverflowError) as caught:
            call()
        assert re.fullmatch(re.escape(title) + RANGE, str(caught.value)), caught.value


def test_all_bits_of_a_negative_number_are_that_number() -> None:
    """syscall takes words with or without a sign."""
    with pytest.raises(FileNotFoundError):
        syscall("openat", (1 << abi.current().register_bits) - 100, "/nonexistent/file", 0, 0)
