"""Functions whose results are values: what C makes of a call is what the function in Python makes."""

from __future__ import annotations

import copy
import errno
import functools
import gc
import inspect
import os
import pickle
import queue
import re
import signal
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import pytest
from any_arguments import EDGES, NEEDED, OTHERS
from isolated import filter_calls, only_calls
from skips import skipped_if

from pysys import abi, calls, errors, numbers, structures
from pysys._native import ffi
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.flags import EpollEvents, EpollOperation, SeccompAction, SeccompFilterFlags
from pysys.parameters import requests

# Arguments with which each makes its call.
USUAL: dict[str, tuple[Any, ...]] = {
    "clock_getres": (1,),
    "clock_gettime": (1,),
    "epoll_wait": (-1, 8, 0),
    "getcpu": (),
    "getgroups": (),
    "getitimer": (0,),
    "getrandom": (16, 0),
    "getresgid": (),
    "getresuid": (),
    "sched_getaffinity": (0,),
    "sched_rr_get_interval": (0,),
    "statx": (-100, "/", 0, 0x7FF),
    "sysinfo": (),
    "timer_gettime": (-1,),
    "uname": (),
}
IN_C = [name for name in USUAL if hasattr(getattr(calls, name), "__wrapped__")]
VALUES: list[Any] = [
    *(value for value in EDGES if not 5000 < value < 1 << 63),  # so long that there is no memory for it
    *(None, True, 1.5, "x", "x\0y", "\udcff", "\ud800", b"x", b"x\0y", [], [1]),
    *OTHERS,
]


def in_python(name: str) -> Callable[..., Any]:
    """The function in Python."""
    function: Callable[..., Any] = inspect.unwrap(getattr(calls, name))
    return function


@contextmanager
def no_python(name: str) -> Iterator[None]:
    """Meanwhile the function in Python raises AssertionError."""
    function = in_python(name)
    assert isinstance(function, FunctionType)
    before = function.__code__

    def called(*args: object) -> None:
        raise AssertionError("C did not make the call")

    function.__code__ = called.__code__
    try:
        yield
    finally:
        function.__code__ = before


def outcome(function: Callable[..., Any], *args: Any, **more: Any) -> tuple[Any, ...]:
    """What a call ends with: the type of its result, or all of an exception."""
    try:
        return (type(function(*args, **more)),)
    except Exception as error:
        names = (getattr(error, "filename", None), getattr(error, "filename2", None))
        return (type(error), str(error), getattr(error, "syscall", None), *names)


def test_there_are_functions_in_c() -> None:
    """Each that is, is among these; and where the ABI has the call by this name, it is."""
    others = {name for name in calls._HANDWRITTEN if hasattr(getattr(calls, name), "__wrapped__")}
    assert others == set(IN_C)
    for name in USUAL:
        same = name in numbers.table() and getattr(resolved, name).__name__ == name
        assert (name in IN_C) == (same and hasattr(getattr(resolved, name), "parameters")), name
    assert {"getrandom", "statx", "uname"} <= set(IN_C)


@pytest.mark.isolated  # where no test has left a hook: C leaves calls that one sees to Python
@pytest.mark.parametrize("name", IN_C)
def test_the_value(name: str) -> None:
    """It is the same, of the same type; what changes from call to call only looks the same."""
    args = USUAL[name]
    if name == "epoll_wait":
        args = (calls.epoll_create1(), 8, 0)
    if name == "timer_gettime":
        args = (calls.timer_create(1),)
    function = getattr(calls, name)
    with no_python(name):
        found = function(*args)
        by_name = function(**dict(zip(function.parameters, args, strict=False)))
    expected = in_python(name)(*args)
    if name == "epoll_wait":
        os.close(args[0])
    if name == "timer_gettime":
        calls.timer_delete(args[0])
    assert type(found) is type(by_name) is type(expected)
    if name == "clock_gettime":
        assert found.nanoseconds <= by_name.nanoseconds <= expected.nanoseconds
    elif name == "sysinfo":
        assert (found.totalram, found.mem_unit) == (expected.totalram, expected.mem_unit)
        assert 0 <= expected.uptime - found.uptime < 60
    elif name in ("getrandom", "getcpu"):
        assert len(found) == len(expected)
    else:
        assert found == by_name == expected
        assert repr(found) == repr(expected)


@pytest.mark.widths
@pytest.mark.parametrize("name", IN_C)
@pytest.mark.isolated
def test_the_same_is_taken_and_refused(name: str) -> None:
    """Each argument, replaced by whatever there is. The kernel refuses most that gets to it."""
    function, args = getattr(calls, name), USUAL[name]
    outcome(in_python(name), *args)
    outcome(function, object(), *args)
    only_calls([numbers.number(one) for one in NEEDED if one in numbers.table()], 1)
    changed = [(*args[:at], value, *args[at + 1 :]) for at in range(len(args)) for value in VALUES]
    for each in (args, *changed, (*args, 1), (*args, *args, *args)):
        count = sys.getrefcount(each[-1]) if each else 0
        assert outcome(function, *each) == outcome(in_python(name), *each), each
        assert not each or sys.getrefcount(each[-1]) == count or isinstance(each[-1], (int, type(None))), each
    for at in range(len(args) + 1):
        assert outcome(function, *args[:at]) == outcome(in_python(name), *args[:at])
        for one in function.parameters:
            for value in (0, None, "x", 1 << 70):
                named = {one: value}
                assert outcome(function, *args[:at], **named) == outcome(in_python(name), *args[:at], **named)
    assert outcome(function, *args, unknown=1) == outcome(in_python(name), *args, unknown=1)


@pytest.mark.widths
@pytest.mark.parametrize("name", IN_C)
@pytest.mark.isolated
def test_the_same_event(name: str) -> None:
    """Audit hooks see the same, with the memory, of refused calls, too; what they raise is raised."""
    events: list[Any] = []
    raised: list[type[BaseException]] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "pysys.syscall":
            events.append((args[0], [one if isinstance(one, (int, str)) else type(one) for one in args[1]]))
            if raised:
                raise raised[0]

    sys.addaudithook(hook)
    seen: list[Any] = []
    for error in ([], [OSError], [KeyboardInterrupt]):
        raised[:] = error
        for function in (getattr(calls, name), in_python(name)):
            events.clear()
            try:
                function(*USUAL[name])
            except (OSError, KeyboardInterrupt) as found:
                seen.append(type(found))
            else:
                seen.append(type(None))
            seen.append(events[:])
    for turn in range(0, 12, 4):
        assert seen[turn : turn + 2] == seen[turn + 2 : turn + 4]


@pytest.mark.parametrize("error", [errno.EACCES, errno.EINVAL, errno.ENOSYS])
@pytest.mark.parametrize("name", sorted({*IN_C} - {"clock_gettime", "getrandom", "statx"}))
@pytest.mark.isolated
def test_the_same_error(name: str, error: int) -> None:
    """What the kernel answers is the same exception, and so it is where the call is made in another way."""
    outcome(getattr(calls, name), *USUAL[name])
    outcome(in_python(name), *USUAL[name])
    filter_calls([numbers.number(name)], error)
    found = outcome(getattr(calls, name), *USUAL[name])
    assert found == outcome(in_python(name), *USUAL[name])
    assert issubclass(found[0], OSError), found


def test_the_same_error_with_a_path() -> None:
    """The name of the file is in the exception."""
    found = outcome(calls.statx, -100, "/nonexistent/pysys")
    assert found == outcome(in_python("statx"), -100, "/nonexistent/pysys")
    assert found[3] == "/nonexistent/pysys"


# ---- values ----


def test_more_than_usual() -> None:
    """What does not fit into C's memory is Python's: events, bytes; and none at all is refused, or empty."""
    epoll = calls.epoll_create1()
    ends = []
    for number in range(200):
        reader, writer = os.pipe()
        ends += [reader, writer]
        calls.epoll_ctl(
            epoll, EpollOperation.EPOLL_CTL_ADD, writer, EpollEvents.EPOLLOUT, number << 40 | number
        )
    try:
        for most in (1, 5, 64, 65, 85, 86, 199, 200, 1000):
            found = calls.epoll_wait(epoll, most, 0)
            assert len(found) == min(most, 200)
            assert all(
                one >> 40 == one & 0xFFFFFFFFFF and kind is EpollEvents.EPOLLOUT for one, kind in found
            )
        assert sorted(calls.epoll_wait(epoll, 200, 0)) == sorted(in_python("epoll_wait")(epoll, 200, 0))
    finally:
        for fd in (epoll, *ends):
            os.close(fd)
    for count in (0, 1, 255, 1023, 1024, 1025, 5000):
        assert len(calls.getrandom(count)) == count
    assert len({calls.getrandom(16) for _ in range(100)}) == 100


@pytest.mark.isolated
def test_events_with_bits_that_have_no_name() -> None:
    """Their member is made, by C's way as by Python's."""
    reader, writer = os.pipe()
    epoll = calls.epoll_create1()
    calls.epoll_ctl(epoll, EpollOperation.EPOLL_CTL_ADD, reader, EpollEvents.EPOLLIN, 2**64 - 1)
    os.write(writer, b"x")
    home = sys.modules["pysys.calls._epoll"]
    for function in (calls.epoll_wait, in_python("epoll_wait")):
        home._members.clear()
        found = function(epoll)
        assert found == [(2**64 - 1, EpollEvents.EPOLLIN)]
        assert type(found[0][1]) is EpollEvents


@pytest.mark.isolated
def test_affinity_of_each_cpu() -> None:
    """The numbers are those of os, of one CPU and of all."""
    usable = sorted(os.sched_getaffinity(0))
    for chosen in ({usable[0]}, {usable[-1]}, {*usable}):
        os.sched_setaffinity(0, chosen)
        assert calls.sched_getaffinity() == chosen == in_python("sched_getaffinity")()


@pytest.mark.isolated(timeout=60)
def test_a_supervisor_answers_more_than_fits() -> None:
    """What answers in place of the kernel may say any number: what is not in the memory is not read."""
    names = [name for name in ("epoll_wait", "getgroups", "sched_getaffinity") if name in IN_C]
    for name in names:
        getattr(calls, name)(*(calls.epoll_create1(), 1, 0) if name == "epoll_wait" else ())
    program = [
        (0x20, 0, 0, 0),
        *((0x15, len(names) - at, 0, numbers.number(one)) for at, one in enumerate(names)),
    ]
    program += [
        (0x06, 0, 0, SeccompAction.SECCOMP_RET_ALLOW),
        (0x06, 0, 0, SeccompAction.SECCOMP_RET_USER_NOTIF),
    ]
    sizes = structures.seccomp_notif.nbytes, structures.seccomp_notif_resp.nbytes
    receive, send = (  # SECCOMP_IOCTL_NOTIF_RECV and _SEND
        requests.encode("rw", ord("!"), at, size, abi.current().architecture) for at, size in enumerate(sizes)
    )

    listeners: queue.Queue[int] = queue.Queue()

    def supervise() -> None:
        listener = listeners.get()
        while True:
            asked = structures.seccomp_notif()
            calls.ioctl(listener, receive, asked)
            answer = structures.seccomp_notif_resp(id=asked.id, val=1 << 20)
            calls.ioctl(listener, send, answer)

    # A thread that starts asks for its CPUs, with newer C libraries: this one is not filtered.
    threading.Thread(target=supervise, daemon=True).start()
    calls.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    with skipped_if(errors.EINVAL, errors.ENOSYS):
        listeners.put(
            calls.seccomp_set_mode_filter(program, SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER)
        )
    for name in names:
        if name == "epoll_wait":
            assert calls.epoll_wait(0, 3, 0) == [(0, EpollEvents(0))] * 3
        elif name == "getgroups":
            assert calls.getgroups() == [0] * 64
        else:
            assert calls.sched_getaffinity() == set()


# ---- signals ----


@pytest.mark.isolated(timeout=60)
def test_interrupted() -> None:
    """Without a time limit it waits on after the handler, whose exception it raises; with one it is EINTR."""
    for function in (calls.epoll_wait, inspect.unwrap(calls.epoll_wait)):
        reader, writer = os.pipe()
        epoll = calls.epoll_create1()
        calls.epoll_ctl(epoll, EpollOperation.EPOLL_CTL_ADD, reader, EpollEvents.EPOLLIN)
        came: list[int] = []

        def handler(number: int, frame: object, came: list[int] = came, writer: int = writer) -> None:
            came.append(number)
            if len(came) == 3:
                os.write(writer, b"x")

        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        assert function(epoll, 4, -1) == [(reader, EpollEvents.EPOLLIN)]
        assert len(came) >= 3
        os.read(reader, 1)
        came[:] = [0] * 5
        for timeout in (60_000, 2**31 - 1):
            try:
                function(epoll, 4, timeout)
            except errors.EINTR as error:
                assert str(error.syscall).startswith("epoll_")
            else:
                raise AssertionError("it was not interrupted")

        def raising(number: int, frame: object) -> None:
            raise ZeroDivisionError

        signal.signal(signal.SIGALRM, raising)
        try:
            function(epoll, 4, -1)
        except ZeroDivisionError:
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            raise AssertionError("the handler's exception is lost")


def test_other_threads_run() -> None:
    """While one thread waits."""
    reader, writer = os.pipe()
    epoll = calls.epoll_create1()
    calls.epoll_ctl(epoll, EpollOperation.EPOLL_CTL_ADD, reader, EpollEvents.EPOLLIN)
    thread = threading.Timer(0.05, os.write, (writer, b"x"))
    thread.start()
    try:
        assert calls.epoll_wait(epoll, 4, 60_000) == [(reader, EpollEvents.EPOLLIN)]
    finally:
        thread.join()
        for fd in (epoll, reader, writer):
            os.close(fd)


# ---- clocks ----


@pytest.mark.isolated
def test_clocks_that_the_kernel_maps() -> None:
    """They are read as the C library reads them: where it needs no call, none is made. direct makes it."""
    now = structures.timespec()
    if "clock_gettime" not in IN_C:
        pytest.skip("this ABI makes another call in its place")
    outcome(direct.clock_gettime, 1, now)
    outcome(calls.clock_gettime, 2)
    filter_calls([numbers.number("clock_gettime")], errno.EACCES)
    for clock in (0, 1, 4, 5, 6, 7, 11):
        try:
            time.clock_gettime(clock)
            mapped = True
        except OSError:
            mapped = False
        assert outcome(calls.clock_gettime, clock)[0] is (structures.timespec if mapped else errors.EACCES), (
            clock
        )
    for clock in (2, 3, 8, 9, 10, 12, 31, 32, -2, 1000, 2**31 - 1):
        assert outcome(calls.clock_gettime, clock)[0] is errors.EACCES, clock
    for clock in (0, 1, 2):
        assert outcome(direct.clock_gettime, clock, now)[0] is errors.EACCES


# ---- when memory runs out ----


@pytest.mark.portable
@pytest.mark.isolated(timeout=120)
@pytest.mark.parametrize("name", IN_C)
def test_memory_runs_out(name: str) -> None:
    """At each allocation in turn: a MemoryError, or the value; and nothing is kept."""
    testcapi = pytest.importorskip("_testcapi", reason="this Python has no _testcapi")
    function, args = getattr(calls, name), USUAL[name]
    if name == "epoll_wait":
        epoll, (reader, _) = calls.epoll_create1(), os.pipe()
        os.close(_)
        calls.epoll_ctl(epoll, EpollOperation.EPOLL_CTL_ADD, reader, EpollEvents.EPOLLIN, 1 << 60)
        args = (epoll, 8, 0)
    if name == "timer_gettime":
        args = (calls.timer_create(1),)
    expected = type(function(*args))
    failures = 0
    with no_python(name):
        for number in range(100):
            before = sys.getallocatedblocks()
            testcapi.set_nomemory(number, number + 1)
            try:
                found: Any = type(function(*args))
            except MemoryError:
                found = MemoryError
            finally:
                testcapi.remove_mem_hooks()
            failures += found is MemoryError
            assert found in (MemoryError, expected), number
            assert sys.getallocatedblocks() - before < 30, number  # free lists, and what is made once
        before = sys.getallocatedblocks()
        for _ in range(1000):
            function(*args)
        assert sys.getallocatedblocks() - before < 30
    assert failures or expected in (tuple, list)  # which, if they are short, are kept for reuse


# ---- the functions as objects ----


@pytest.mark.parametrize("name", IN_C)
def test_what_functions_are_asked_for(name: str) -> None:
    """What tools ask a function in Python for, they get of the one in Python."""
    function, python = getattr(calls, name), in_python(name)
    assert pickle.loads(pickle.dumps(function)) is copy.deepcopy(function) is function
    assert inspect.signature(function) == inspect.signature(python)
    assert inspect.isroutine(function) and callable(function)
    assert inspect.getsource(function) == inspect.getsource(python)
    assert function.__doc__ is python.__doc__
    for attribute in ("__name__", "__qualname__", "__annotations__", "__defaults__"):
        assert getattr(function, attribute) == getattr(python, attribute)
    assert function.__module__ == "pysys.calls"
    assert functools.wraps(function)(lambda: None).__doc__ == function.__doc__
    assert weakref.ref(function)() is function


def test_no_other_values_can_be_made() -> None:
    """Functions without a form have none."""
    from pysys.calls._make.values import _family

    with pytest.raises(ValueError, match="there is no form for"):
        _family.value(lambda: None, direct.getpid, (), None)
    with pytest.raises(TypeError):
        _family.value(lambda: None, len, (), None)


# ---- structures whose memory is made when it is asked for ----


def fields(kind: type[structures.Structure]) -> list[str]:
    """All that are numbers."""
    return [name for name, (field, _) in kind._fields.items() if field.reads == "int"]


@pytest.mark.parametrize("name", sorted(structures.names()))
def test_numbers_of_a_copy(name: str) -> None:
    """They are read where the bytes are, and later where CFFI has them: the same, with any bits."""
    kind = getattr(structures, name)
    if kind._tail or not fields(kind):
        assert kind.from_bytes(bytes(kind.nbytes)) == kind()
        return
    for filled in (os.urandom(kind.nbytes), b"\xff" * kind.nbytes, bytes(kind.nbytes)):
        view = kind.from_buffer(bytearray(filled))
        copied = kind.from_bytes(filled)
        found = {one: getattr(copied, one) for one in fields(kind)}
        assert found == {one: getattr(view, one) for one in fields(kind)}
        assert bytes(copied) == filled
        assert found == {one: getattr(copied, one) for one in fields(kind)}
        assert copied == view


def test_memory_is_made_once() -> None:
    """What is written to it is there, and it lives as long as CFFI's pointer does."""
    now = calls.clock_gettime(0)
    second = now.tv_sec
    pointer = now.cdata
    assert now.cdata is pointer
    assert pointer.tv_sec == second
    pointer.tv_sec = 5
    assert now.tv_sec == 5
    now.tv_sec = 6
    assert (pointer.tv_sec, now.seconds // 1) == (6, 6)
    del now
    assert pointer.tv_sec == 6
    made = structures.timespec.__new__(structures.timespec)
    assert (made.tv_sec, made.nbytes, made._keep) == (0, 16, {})
    other: Any = calls.clock_gettime(0)
    with pytest.raises(AttributeError):
        del other.cdata
    other.cdata = structures.timespec(tv_sec=7).cdata
    assert other.tv_sec == 7


def test_numbers_of_something_else() -> None:
    """The function that reads a field reads no other object."""
    read: Any = vars(structures.timespec)["tv_sec"].fget
    assert read(structures.timespec(tv_sec=3)) == 3
    for other in (3, None, object(), ffi.new("char[]", 8)):
        with pytest.raises(TypeError, match="is not a structure"):
            read(other)
    shorter = structures.timespec._copied(b"x")
    with pytest.raises(ValueError, match="not within the structure"):
        read(shorter)
    with pytest.raises(ValueError, match="length"):
        shorter.cdata  # noqa: B018  # the memory is made when it is asked for
    with pytest.raises(TypeError):
        structures.timespec._copied(bytearray(16))  # type: ignore[arg-type]  # what C refuses at run time


def test_copies_of_many_threads() -> None:
    """One memory is made, whoever asks first."""
    for _ in range(20):
        now = calls.uname()
        found: list[Any] = []
        start = threading.Barrier(4)

        def ask(now: Any = now, found: list[Any] = found, start: threading.Barrier = start) -> None:
            start.wait()
            found.append((now.cdata, now._owner, now._keep))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(one[0] is found[0][0] and one[1] is one[0] and one[2] is found[0][2] for one in found)


def test_structures_are_collected() -> None:
    """Also in a circle; and a class that is made of one can have what any class has."""

    class More(structures.timespec):
        pass

    made: Any = More(tv_sec=4)
    made.circle = made
    made._keep[0] = made
    found = weakref.ref(made)
    del made
    gc.collect()
    assert found() is None
    plain: Any = structures.timespec()
    plain._keep[1] = plain
    found = weakref.ref(plain)
    del plain
    gc.collect()
    assert found() is None


def test_a_deleted_file_has_values() -> None:
    """The structure outlives what it is about."""
    with tempfile.NamedTemporaryFile() as file:
        os.write(file.fileno(), b"12345")
        found = calls.statx(file.fileno(), "", 0x1000)
    gc.collect()
    assert (found.stx_size, found.stx_nlink, bool(re.search("stx_size=5", repr(found)))) == (5, 1, True)
