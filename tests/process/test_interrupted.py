"""fork, vfork, clone and clone3 that an exception interrupts: requirements I1 and I2."""

from __future__ import annotations

import array
import ctypes
import errno
import functools
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest
from isolated import (
    children,
    filter_calls,
    in_child,
    need_root,
    nothing_left,
    open_descriptors,
    shared_memory,
    status_of,
)
from patience import PATIENCE

ROUNDS = int(os.environ.get("PYSYS_ROUNDS", "100"))

# What our code makes of it, on any kernel; an emulated processor would take the better part of an hour.
pytestmark = [pytest.mark.isolated, pytest.mark.portable]

every_way = pytest.mark.parametrize("way", ["fork", "fork-kernel", "vfork", "clone", "clone3"])
alone_and_with_threads = pytest.mark.parametrize("threads", [0, 2])


class Stop(BaseException):
    """What a handler raises."""


seen: list[bool] = []


def stop(*_: object) -> None:
    seen.append(True)
    raise Stop


def await_signal() -> None:
    """The handler has run by then: here, and raises, or before; in an at-fork hook its exception is lost."""
    while not seen:
        time.sleep(0.001)


def send() -> Callable[[], object]:
    """What sends this thread SIGUSR1 without a look at what handlers wait to run: they do so later."""
    return functools.partial(ctypes.CDLL(None)["raise"], int(signal.SIGUSR1))


def starts() -> dict[str, Callable[[], int]]:
    """What starts a child that lives until it is ended, or, where its parent waits for that, that ends."""
    from creators import WAYS

    from pysys import CloneArgs, CloneFlags, clone, clone3

    def returning(way: str) -> int:
        pid = WAYS[way]()
        if pid == 0:
            try:
                if way != "vfork":
                    time.sleep(60)
            finally:
                os._exit(0)
        return pid

    # No functools.partial: when C code has called, a handler may run before the result is the caller's.
    made: dict[str, Callable[[], int]] = {way: lambda way=way: returning(way) for way in WAYS}  # type: ignore[misc]  # a lambda's default
    made["clone fn"] = lambda: clone(fn=time.sleep, args=(60,))
    made["clone pidfd"] = lambda: clone(pidfd=array.array("i", [-1]), fn=time.sleep, args=(60,))
    made["clone vfork pidfd"] = lambda: clone(
        CloneFlags.CLONE_VFORK, pidfd=array.array("i", [-1]), fn=lambda: None
    )

    def with_pidfd() -> int:
        pid = clone3(CloneArgs(pidfd=True))
        if pid == 0:
            try:
                time.sleep(60)
            finally:
                os._exit(0)
        return pid

    made["clone3 pidfd"] = with_pidfd
    made["clone3 fn"] = lambda: clone3(CloneArgs(pidfd=True), fn=time.sleep, fn_args=(60,))
    return made


every_start = pytest.mark.parametrize(
    "start",
    [
        *("fork", "fork-kernel", "vfork", "clone", "clone3"),
        *("clone fn", "clone pidfd", "clone vfork pidfd", "clone3 fn", "clone3 pidfd"),
    ],
)


@every_start
@alone_and_with_threads
def test_I1_a_handler_that_raises_when_the_call_returns(start: str, threads: int) -> None:
    """A signal comes while the call is in C; its handler runs right after it and raises: nothing is left."""
    from creators import other_threads

    signal.signal(signal.SIGUSR1, stop)
    call = starts()[start]
    os.register_at_fork(after_in_parent=send())  # the last hook, and in C: handlers wait
    with other_threads(threads):
        with nothing_left():
            for _ in range(3):
                with pytest.raises(Stop):
                    call()
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        pid = call()
        assert children() == {pid}
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@alone_and_with_threads
def test_I1_no_number_is_left_of_a_pidfd_that_was_closed(threads: int) -> None:
    """After a handler's exception the place for the pidfd says that there is none."""
    from creators import other_threads

    from pysys import CloneArgs, clone, clone3

    signal.signal(signal.SIGUSR1, stop)
    os.register_at_fork(after_in_parent=send())
    place, args = array.array("i", [7]), CloneArgs(pidfd=True)
    with other_threads(threads), nothing_left():
        with pytest.raises(Stop):
            clone(pidfd=place, fn=time.sleep, args=(60,))
        with pytest.raises(Stop):
            clone3(args, fn=time.sleep, fn_args=(60,))
        assert args.pidfd is True
        with pytest.raises(Stop):
            if clone3(args) == 0:
                time.sleep(60)
                os._exit(0)
    assert (place[0], args.pidfd) == (-1, True)


@pytest.mark.parametrize("exit_signal", [0, int(signal.SIGUSR2)])
def test_I1_a_child_with_another_exit_signal_is_ended_too(exit_signal: int) -> None:
    """And reaped: a wait finds such a child only with __WALL."""
    from pysys import CloneArgs, clone3

    signal.signal(signal.SIGUSR1, stop)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    os.register_at_fork(after_in_parent=send())
    with nothing_left(), pytest.raises(Stop):
        clone3(CloneArgs(exit_signal=exit_signal), fn=time.sleep, fn_args=(60,))


def test_I1_a_sibling_is_ended_too() -> None:
    """What CLONE_PARENT has made is ended as well, and is its parent's to reap."""
    from pysys import CloneFlags, clone

    def interrupted() -> None:
        signal.signal(signal.SIGUSR1, stop)
        os.register_at_fork(after_in_parent=send())
        with pytest.raises(Stop):
            clone(CloneFlags.CLONE_PARENT, fn=time.sleep, args=(30,))

    in_child(os.fork, interrupted)
    (sibling,) = children()
    assert status_of(sibling) == -signal.SIGKILL


@pytest.mark.parametrize("way", ["fork", "fork-kernel", "vfork"])
def test_I1_a_start_that_fails_ends_no_earlier_child(way: str) -> None:
    """However often no child can be made, those that were made before live on."""
    from creators import WAYS

    from pysys import errors, numbers

    reader, writer = os.pipe()
    pid = WAYS["fork" if way == "vfork" else way]()
    if pid == 0:
        os._exit(os.read(reader, 1)[0])
    known = numbers.table()
    filter_calls(
        [known[name] for name in ("fork", "vfork", "clone", "clone3") if name in known], errno.EAGAIN
    )
    for _ in range(200):
        with pytest.raises(errors.EAGAIN):
            WAYS[way]()
    os.write(writer, b"\x05")
    assert status_of(pid) == 5


@every_start
@alone_and_with_threads
@pytest.mark.thorough
@pytest.mark.isolated(timeout=120)
def test_I1_a_handler_that_raises_at_any_time(start: str, threads: int) -> None:
    """Many starts with a signal somewhere within: each returns its child, or raises and leaves nothing."""
    from creators import other_threads

    call = starts()[start]
    signal.signal(signal.SIGALRM, stop)
    sys.unraisablehook = lambda _: None  # at-fork hooks that it comes to
    draw = random.Random(7)
    outcomes = {"returned": 0, "raised": 0}
    with other_threads(threads):
        before, longest = open_descriptors(), 0.002
        enough = time.monotonic() + 60 * PATIENCE
        # A call in C leaves little time for a handler to raise: as often as it takes.
        while sum(outcomes.values()) < max(ROUNDS, 200) or (
            not all(outcomes.values()) and time.monotonic() < enough
        ):
            pid = 0
            seen.clear()
            began = time.monotonic()
            try:
                signal.setitimer(signal.ITIMER_REAL, draw.uniform(0.00002, longest))
                pid = call()
                longest = 1.2 * (time.monotonic() - began)
                await_signal()
            except Stop:
                pass
            outcomes["returned" if pid else "raised"] += 1
            assert children() == ({pid} if pid else set()), (children(), pid, outcomes)
            if pid:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                for pidfd in open_descriptors() - before:  # its caller's to close
                    os.close(pidfd)
            assert open_descriptors() == before
            assert not signal.pthread_sigmask(signal.SIG_BLOCK, [])
    assert all(outcomes.values()), outcomes


@alone_and_with_threads
@pytest.mark.parametrize("fn", [False, True])
def test_I1_a_child_that_signals_its_parent_at_once(threads: int, fn: bool) -> None:
    """The child's first act is the signal whose handler raises in the parent."""
    from creators import other_threads

    from pysys import clone, fork

    signal.signal(signal.SIGUSR1, stop)
    parent = os.getpid()

    def child() -> None:
        os.kill(parent, signal.SIGUSR1)
        time.sleep(60)

    def start() -> int:
        if fn:
            return clone(fn=child)
        pid = fork(entry="kernel")
        if pid == 0:
            try:
                child()
            finally:
                os._exit(0)
        return pid

    with other_threads(threads):
        for _ in range(ROUNDS):
            pid = 0
            seen.clear()
            try:
                pid = start()
                await_signal()
            except Stop:
                pass
            assert children() == ({pid} if pid else set())
            if pid:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


@alone_and_with_threads
def test_I1_pidfd_is_not_left(threads: int) -> None:
    """What was to hold the pidfd does not hold one of a child that is gone, nor one that is closed."""
    from creators import other_threads

    from pysys import CloneArgs, clone, clone3

    signal.signal(signal.SIGUSR1, stop)
    os.register_at_fork(after_in_parent=send())
    place, args = array.array("i", [-1]), CloneArgs(pidfd=True)
    with other_threads(threads), nothing_left():
        with pytest.raises(Stop):
            clone(pidfd=place, fn=time.sleep, args=(60,))
        with pytest.raises(Stop):
            clone3(args, fn=time.sleep, fn_args=(60,))
        assert place[0] == -1
        assert args.pidfd is True


@pytest.mark.parametrize("call", ["clone", "clone3"])
def test_I1_native_child(call: str) -> None:
    """A native child is ended before the exception comes out, and with it its stack may go."""
    import native

    from pysys import CloneArgs, CloneFlags, clone, clone3

    fn, arg = native.pointer("child_sleeps"), native.ffi.cast("void *", 60_000_000)
    signal.signal(signal.SIGALRM, stop)
    for step in range(100):
        pid, stack = 0, bytearray(65536)
        seen.clear()
        try:
            signal.setitimer(signal.ITIMER_REAL, 1e-5 + step * 2e-6)
            if call == "clone":
                pid = clone(CloneFlags.CLONE_VM, fn=fn, arg=arg, stack=stack)
            else:
                pid = clone3(CloneArgs(CloneFlags.CLONE_VM, stack=stack), fn=fn, arg=arg)
            await_signal()
        except Stop:
            pass
        assert children() == ({pid} if pid else set())
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


@every_way
@alone_and_with_threads
def test_I1_a_handler_that_starts_children_itself(way: str, threads: int) -> None:
    """A handler starts a child of its own, and raises: that child is its own business, ours is ended."""
    from creators import WAYS, other_threads

    reader, writer = os.pipe()
    own: list[int] = []

    def handler(*_: object) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        pid = WAYS[way]()
        if pid == 0:
            if way != "vfork":
                os.read(reader, 1)
            os._exit(3)
        own.append(pid)
        raise Stop

    signal.signal(signal.SIGUSR1, handler)
    os.register_at_fork(after_in_parent=send())
    with other_threads(threads):
        with pytest.raises(Stop):
            pid = WAYS[way]()
            if pid == 0:
                try:
                    time.sleep(60 if way != "vfork" else 0)
                finally:
                    os._exit(0)
        assert children() == set(own)
        os.write(writer, b"x")
        assert status_of(own[0]) == 3


@every_way
def test_I1_a_handlers_child_that_raises(way: str) -> None:
    """A child of the handler unwinds through the interrupted call: its parent's new child is not its own."""
    from creators import WAYS

    reader, writer = os.pipe()
    other: list[int] = []

    def handler(*_: object) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        pid = os.fork()
        if pid == 0:
            raise Stop
        other.append(pid)

    signal.signal(signal.SIGUSR1, handler)
    os.register_at_fork(after_in_parent=send())
    try:
        pid = WAYS[way]()
    except Stop:
        os._exit(4)
    if pid == 0:
        if way != "vfork":
            os.read(reader, 1)
        os._exit(5)
    assert status_of(other[0]) == 4
    os.write(writer, b"x")
    assert status_of(pid) == 5


def test_I1_a_handlers_child_ends_no_sibling() -> None:
    """The same where CLONE_PARENT made that child, which the handler's could signal."""
    from pysys import CloneFlags, clone

    reader, writer = os.pipe()

    def handler(*_: object) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        pid = os.fork()
        if pid == 0:
            raise Stop
        assert status_of(pid) == 4

    def caller() -> None:
        signal.signal(signal.SIGUSR1, handler)
        os.register_at_fork(after_in_parent=send())
        try:
            clone(CloneFlags.CLONE_PARENT, fn=lambda: os.read(reader, 1)[0])
        except Stop:
            os._exit(4)

    in_child(os.fork, caller)
    os.write(writer, b"\x05")
    (sibling,) = children()
    assert status_of(sibling) == 5


@every_way
def test_I1_in_the_child_it_is_the_callers(way: str) -> None:
    """What a handler raises in a child that returns comes out of the call there, as it does of os.fork."""
    from creators import WAYS

    signal.signal(signal.SIGUSR1, stop)
    os.register_at_fork(after_in_child=send())

    def start() -> int:
        try:
            return WAYS[way]()
        except Stop:
            assert not children()
            os._exit(7)

    assert status_of(start()) == 7


@every_way
@alone_and_with_threads
def test_I1_hooks_that_raise(way: str, threads: int) -> None:
    """An at-fork hook's exception is reported as os.fork's are, and does not come out of the call."""
    from creators import WAYS, other_threads

    reported: list[object] = []
    sys.unraisablehook = lambda report: reported.append(report.exc_type)
    os.register_at_fork(before=stop, after_in_parent=stop)
    with other_threads(threads), nothing_left():
        in_child(WAYS[way], lambda: None)
    assert reported == [Stop, Stop]


def test_I1_a_child_with_other_credentials() -> None:
    """A child that the caller may not end is not waited for: a vfork's that runs as somebody else by now."""
    from pysys import vfork

    need_root()
    shared = shared_memory()
    os.setresuid(54321, 54321, 0)  # what may become root again
    signal.signal(signal.SIGUSR1, stop)
    os.register_at_fork(after_in_parent=send())
    with pytest.raises(Stop):
        pid = vfork()
        if pid == 0:
            os.setresuid(0, 0, 0)
            shared[:4] = os.getpid().to_bytes(4, "little")
            os.execv("/bin/sleep", ["sleep", "60"])
    pid = int.from_bytes(shared[:4], "little")
    assert children() == {pid}
    os.setresuid(0, 0, 0)
    os.kill(pid, signal.SIGKILL)
    assert status_of(pid) == -signal.SIGKILL


@every_start
@alone_and_with_threads
@pytest.mark.thorough
def test_I2_memory_runs_out(start: str, threads: int) -> None:
    """An allocation fails, each of them once: the call raises and leaves nothing, or returns its child."""
    import pysys

    testcapi = pytest.importorskip("_testcapi", reason="this Python comes without _testcapi")
    call = starts()[start]
    raised, returned = 41, 42
    pysys.preload()  # thousands of allocations are the import system's

    def fail(number: int) -> int:
        """In a process of its own: where CPython itself has no memory, its state may be broken afterwards."""
        reader, _ = os.pipe()
        for _ in range(threads):  # of no use to anybody, should it be their allocation
            threading.Thread(target=os.read, args=(reader, 1)).start()
        pid, before = 0, open_descriptors()
        testcapi.set_nomemory(number, number + 1)
        try:
            pid = call()
        except (MemoryError, SystemError):  # CPython's constructor of a warning does not always tell
            pass
        finally:
            testcapi.remove_mem_hooks()
        assert children() == ({pid} if pid else set())
        assert pid or open_descriptors() == before
        if pid:
            os.kill(pid, signal.SIGKILL)
        return returned if pid else raised

    seen: list[int] = []
    while seen[-20:] != [returned] * 20:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                status = fail(len(seen))
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(status)
        seen.append(status_of(pid))
        assert seen[-1] in (raised, returned), f"allocation {len(seen) - 1}: {seen}"
    assert raised in seen or start == "fork"  # which may allocate nothing
