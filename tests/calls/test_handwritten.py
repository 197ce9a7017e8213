"""The typed calls that are written by hand, all of them: names, parameters, documentation, import."""

from __future__ import annotations

import importlib
import inspect
import keyword
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from heavy_imports import HEAVY, loaded_by

import pysys
from pysys import abi, calls, errors, numbers, structures
from pysys.calls import _HANDWRITTEN
from pysys.flags import LANDLOCK_RULE_PATH_BENEATH
from pysys.parameters import parameters
from pysys.policy import replacements
from pysys.policy.fate import fate


@pytest.mark.portable
@pytest.mark.parametrize("name", sorted(_HANDWRITTEN.keys() & set(numbers.table())))
def test_a_call_keeps_the_kernels_order(name: str) -> None:
    """Its documentation names it, and the kernel's parameters that are left are in its order."""
    function = getattr(calls, name)
    assert function.__module__ == "pysys.calls"
    assert str(function.__doc__).startswith(f"{name}(2): ")
    kernel = [one.python for one in parameters(name) or ()]
    own = list(inspect.signature(function).parameters)
    assert [one for one in kernel if one in own] == [one for one in own if one in kernel]


PUBLIC = {
    **{name: (calls, name) for name in sorted(_HANDWRITTEN.keys() - numbers.calls())},
    **{name: (pysys, name) for name in ("clone", "clone3", "fork", "spawn", "syscall", "vfork", "preload")},
    **{f"Child.{name}": (pysys.Child, name) for name in ("wait", "poll", "send_signal", "detach", "close")},
}


@pytest.mark.portable
@pytest.mark.skipif(sys.flags.optimize > 1, reason="python -OO removes the docstrings")
@pytest.mark.parametrize("name", PUBLIC)
def test_a_docstring_says_what_one_needs(name: str) -> None:
    """It begins with the call, names each parameter, says what is returned, and since when it exists."""
    function = getattr(*PUBLIC[name])
    text = inspect.cleandoc(function.__doc__)
    signature = inspect.signature(function)
    if name not in ("preload", "Child.detach"):  # which make no call
        assert re.match(r"\w+\(2\)", text)
        assert "ince Linux" in text or name in ("syscall", "Child.close", "Child.send_signal")
    assert not [one for one in signature.parameters if one != "self" and not re.search(rf"\b{one}\b", text)]
    assert signature.return_annotation == "None" or re.search(r"\b[Rr]eturns?\b", text)


def test_the_docstring_of_a_refused_call() -> None:
    """It does not promise a result, but says why there is none, and what to use."""
    refused = [name for name in ("fork", "rt_sigreturn", "vfork") if fate(name).refusal]
    assert "rt_sigreturn" in refused  # the others have no number on some ABIs
    for name in refused:
        text = str(getattr(calls.direct, name).__doc__)
        assert "Returns" not in text
        with pytest.raises(errors.RefusedError) as caught:
            getattr(calls.direct, name)(*[0] * len(inspect.signature(getattr(calls.direct, name)).parameters))
        assert str(caught.value) in text


@pytest.mark.parametrize(
    "name", ["clock_gettime", "timer_settime", "timerfd_gettime", "rt_sigtimedwait", "nanosleep"]
)
def test_times_have_64_bits_on_every_abi(name: str) -> None:
    """What is called for it takes the structures with 64-bit times, wherever the call exists."""
    for each in abi.ABIS:
        found = replacements.find(name, each)
        used = parameters(found.call if found else name, each) or ()
        points = {one.points for one in used if "time" in one.points}
        assert points <= {"timespec", "itimerspec"}, each


@pytest.mark.portable
@pytest.mark.parametrize("module", sorted(set(_HANDWRITTEN.values())))
def test_import_is_cheap(module: str) -> None:
    """A module takes nothing along that costs milliseconds."""
    importlib.import_module(f"pysys.calls.{module}")  # that it exists is not seen below
    alone = loaded_by("import pysys.calls, importlib")
    assert not (loaded_by(f"import importlib, pysys.calls.{module}") - alone) & HEAVY


def test_dir_lists_every_call() -> None:
    """What dir() and completion show is there, and every call of this ABI is among it."""
    for module in (calls, calls.direct):
        listed = dir(module)
        names = [name for name in listed if name != "direct"]
        assert names == sorted(set(names))
        assert not [name for name in names if name.startswith("__") or not callable(getattr(module, name))]
        assert not [name for name in listed if not hasattr(module, name)]
        fillers = {name for name in numbers.table() if re.fullmatch(r"(reserved|unused)\d+", name)}
        assert {name for name in numbers.table() if not keyword.iskeyword(name)} - fillers <= set(listed)
    assert _HANDWRITTEN.keys() <= set(dir(calls))


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("signalfd4", (-1, 10), "user_mask must be an iterable of signals or structures.sigset, not int"),
        ("signalfd4", (-1, [200]), "user_mask\\[0\\]: 200 is out of range \\(1 to (64|128)\\)"),
        ("epoll_pwait", (0, 1, 0, ["HUP"]), "sigmask\\[0\\] must be an int, not str"),
        ("timerfd_settime", (0, 0, "5"), "utmr must be seconds, a pair of them or structures.itimerspec"),
        (
            "timerfd_settime",
            (0, 0, (1, 2, 3)),
            "utmr must be seconds, a pair of them or structures.itimerspec, not 3 numbers$",
        ),
        ("timerfd_settime", (0, 0, (1,)), "utmr must be .*, not 1 number$"),
        (
            "setitimer",
            (0, (1, "a")),
            "value must be seconds, a pair of them or structures.itimerval, not str",
        ),
        (
            "clock_nanosleep",
            (0, 0, "5"),
            r"rqtp must be seconds, \(seconds, nanoseconds\) or structures.timespec, not str",
        ),
        ("nanosleep", ((1, 2, 3),), r"rqtp must be \(tv_sec, tv_nsec\), not 3 values"),
        ("nanosleep", ((1, 0.5),), "rqtp"),
        ("io_pgetevents", (0, 0, 1, None, 0, 5), "usig must be an iterable of signals or structures.sigset"),
        ("clock_nanosleep", (0, 0, float("nan")), "rqtp: nan seconds is out of range"),
        ("nanosleep", (1e300,), "rqtp: 1e\\+300 seconds is out of range"),
        ("nanosleep", (structures.itimerspec(),), "rqtp: this leads to struct itimerspec"),
    ],
)
def test_what_is_converted_is_refused_by_name(name: str, args: tuple[object, ...], text: str) -> None:
    made = f"({name}|{name}_time64|clock_{name}_time64)"  # on ABIs of 32 bits
    with pytest.raises((TypeError, ValueError, OverflowError), match=f"^{made}: {text}"):
        getattr(calls, name)(*args)


def test_what_goes_into_a_structure_is_refused_by_name() -> None:
    """A wrong argument is a TypeError that names the parameter, before the kernel is asked."""
    calls: Any = importlib.import_module("pysys.calls")  # for which all arguments here have wrong types
    wrong: list[tuple[str, Callable[[], object]]] = [
        (
            "target must be an int, str, bytes, a path",
            lambda: calls.landlock_add_rule(-1, LANDLOCK_RULE_PATH_BENEATH, 1, 1.5),
        ),
        ("fd must be an int or have fileno", lambda: calls.epoll_ctl(-1, 1, "1", 1)),
        ("mnt_fd must be an int or have fileno", lambda: calls.statmount(mnt_fd="1")),
        ("userns_fd must be an int or have fileno", lambda: calls.mount_setattr(-1, "", userns_fd=b"1")),
        ("payload must be bytes", lambda: calls.add_key("user", "name", 5)),
        ("payload must be bytes", lambda: calls.keyctl_update(1, "text")),
        ("mtext must be bytes", lambda: calls.msgsnd(-1, 1, 5)),
        ("u_msg_ptr must be bytes", lambda: calls.mq_timedsend(-1, "text")),
        ("value must be bytes", lambda: calls.setxattrat(-1, "", 0, "user.a", "text")),
        ("lsetxattr: value must be bytes", lambda: calls.lsetxattr("", "user.a", "text")),
        ("setxattr: name must be str or bytes", lambda: calls.setxattr("", 5, b"")),
        ("fgetxattr: fd must be an int or have fileno", lambda: calls.fgetxattr("a", "user.a")),
        ("getxattr: size must be an int", lambda: calls.getxattr("", "user.a", bytearray(4))),
        ("listxattr: list must be a writable buffer", lambda: calls.listxattr("", b"abcd", 4)),
        ("splice: off_out must be an int, a writable buffer", lambda: calls.splice(-1, 0, -1, "1", 1)),
        ("sendfile: offset must be an int, a writable buffer", lambda: calls.sendfile(-1, -1, 1.5, 1)),
        ("copy_file_range: off_in must be a writable", lambda: calls.copy_file_range(-1, b"", -1, 0, 1)),
        ("io_submit: iocbpp must be an iterable", lambda: calls.io_submit(0, structures.iocb())),
        (
            r"io_submit: iocbpp\[1\] must be structures.iocb",
            lambda: calls.io_submit(0, [structures.iocb(), 5]),
        ),
        ("io_submit: ctx_id must be an int", lambda: calls.io_submit("a", [])),
        ("io_cancel: iocb", lambda: calls.io_cancel(0, 5)),
        ("events must be a writable", lambda: calls.io_getevents(0, 0, 1, 0.5)),
        ("io_getevents: nr must be an int", lambda: calls.io_getevents(0, 0, "1")),
        ("io_getevents: nr: -1 is out of range", lambda: calls.io_getevents(0, 0, -1)),
        ("io_setup: nr_events must be an int", lambda: calls.io_setup("8")),
        ("value must be bytes", lambda: calls.fsconfig(-1, 2, "key", 5)),
        ("context must be bytes", lambda: calls.lsm_set_self_attr(100, 100, 5)),
        ("u_name must be str", lambda: calls.mq_open(5, 0)),
        ("tsops", lambda: calls.semop(-1, [(1,)])),
        ("filter", lambda: calls.seccomp_set_mode_filter([(1, 2)])),
        ("params", lambda: calls.io_uring_setup(1, 5)),
        ("attr_uptr", lambda: calls.perf_event_open(5)),
        ("maxevents", lambda: calls.epoll_wait(-1, "4")),
        ("keyctl_read: key must be an int, not str", lambda: calls.keyctl_read("a")),
        ("keyctl_move: source must be an int, not bytes", lambda: calls.keyctl_move(1, b"a", 2)),
        ("keyctl_search: type must be str or bytes, not int", lambda: calls.keyctl_search(1, 5, "a")),
        ("getrandom: len must be an int", lambda: calls.getrandom("a")),
        ("getdents64: count must be an int", lambda: calls.getdents64(-1, "a")),
        ("inotify_read: nbytes must be an int", lambda: calls.inotify_read(-1, "a")),
        ("signalfd_read: count must be an int", lambda: calls.signalfd_read(-1, "a")),
        ("setgroups: grouplist must be an iterable", lambda: calls.setgroups(5)),
        ("semop: tsops must be an iterable", lambda: calls.semop(-1, 5)),
        ("msgsnd: mtype must be an int", lambda: calls.msgsnd(-1, "a", b"")),
        ("futex_waitv: waiters must be an iterable", lambda: calls.futex_waitv(5)),
        ("filter must be an iterable", lambda: calls.seccomp_set_mode_filter(5)),
        ("sched_setaffinity: cpus must be an iterable", lambda: calls.sched_setaffinity(0, 5)),
        ("uattr must be structures.sched_attr", lambda: calls.sched_setattr(0, 5)),
        ("utx must be structures.timex", lambda: calls.clock_adjtime(0, 5)),
        ("process_vm_readv: rvec must be an iterable", lambda: calls.process_vm_readv(1, 5)),
    ]
    for words, call in wrong:
        with pytest.raises((TypeError, ValueError), match=words):
            call()
