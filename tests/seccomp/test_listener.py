"""seccomp.Listener: each answer, what is read, and what may happen to either side meanwhile."""

from __future__ import annotations

import asyncio
import copy
import errno
import os
import pickle
import select
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from isolated import in_child, nothing_left, open_descriptors
from patience import PATIENCE
from supervised import next_of, started, supervised

from pysys import errors, fork, structures
from pysys.seccomp import HeldCall, Listener

pytestmark = pytest.mark.isolated
LONG = 60 * PATIENCE


# ---- answers ----


ANSWERS: dict[str, tuple[Callable[[HeldCall], bool], tuple[int, ...]]] = {
    "nothing": (lambda call: call.answer(), (0,)),
    "value": (lambda call: call.answer(77), (77,)),
    "value that is an errno": (lambda call: call.answer(-errno.EXDEV), (-errno.EXDEV,)),
    "symbol": (lambda call: call.fail("EXDEV"), (-errno.EXDEV,)),
    "number": (lambda call: call.fail(errno.EMLINK), (-errno.EMLINK,)),
    "kernel's": (lambda call: call.go_on(), (-errno.EINVAL, -errno.EPERM)),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer(kind: str) -> None:
    """A value, an errno, or what the kernel says."""
    answer, printed = ANSWERS[kind]
    with nothing_left(), supervised("print(call(None, -1))") as (listener, child, output):
        held = next_of(listener, LONG)
        assert (held.name, held["len"], held.pid) == ("sethostname", -1, child.pid)
        assert held.arguments == {"name": 0, "len": -1}
        assert held.registers[0] == 0
        assert answer(held) is True
        assert int(output()) in printed
        assert listener.receive(LONG) is None


def test_what_is_not_an_answer() -> None:
    """It is refused, and the call still waits."""
    with supervised("print(call(None, -1))") as (listener, _, output):
        held = next_of(listener, LONG)
        wrong: list[tuple[type[Exception], Callable[[], object]]] = [
            (ValueError, lambda: held.fail(0)),
            (OverflowError, lambda: held.fail(4096)),
            (LookupError, lambda: held.fail("ENOTHING")),
            (OverflowError, lambda: held.answer(1 << 63)),
            (LookupError, lambda: held["nothing"]),
            (LookupError, lambda: held.read("nothing", 1)),
            (errors.EBADF, lambda: held.give(12345)),
            (TypeError, lambda: copy.copy(held)),
            (TypeError, lambda: pickle.dumps(listener)),
        ]
        for kind, way in wrong:
            with pytest.raises(kind):
                way()
        assert held.is_waiting()
        assert held.answer(3)
        assert not held.is_waiting()
        for way in (held.answer, held.go_on, lambda: held.fail("EPERM"), lambda: held.give(0)):
            with pytest.raises(RuntimeError, match="has its answer already"):
                way()
        assert output() == "3"


@pytest.mark.parametrize("number", [None, 9])
@pytest.mark.parametrize("close_on_exec", [True, False])
def test_a_descriptor_is_the_answer(number: int | None, close_on_exec: bool) -> None:
    """It is put in at once with the answer, and is the same file."""
    code = """
fd = call(None, -1)
print(fd, os.get_inheritable(fd), os.read(fd, 9))
"""
    reader, writer = os.pipe()
    os.write(writer, b"given")
    with supervised(code) as (listener, _, output):
        held = next_of(listener, LONG)
        try:
            found = held.give(reader, number, close_on_exec=close_on_exec)
        except errors.EINVAL:
            pytest.skip("this kernel does not give and answer at once")
        assert found == number if number else found is not None
        assert output() == f"{found} {not close_on_exec} {b'given'!r}"
    os.close(reader)
    os.close(writer)


def test_a_descriptor_and_an_answer() -> None:
    """Without an answer the call still waits."""
    with supervised("print(call(None, -1), os.fstat(7).st_ino)") as (listener, _, output):
        held = next_of(listener, LONG)
        assert held.give(sys.stderr, 7, answer=False) == 7
        assert held.is_waiting()
        assert held.answer(5)
        assert output() == f"5 {os.fstat(2).st_ino}"


def test_a_descriptor_that_the_process_cannot_have() -> None:
    """That is an exception, and the call still waits."""
    with supervised("print(call(None, -1))", rlimits={"NOFILE": 32}) as (listener, _, output):
        held = next_of(listener, LONG)
        with pytest.raises((errors.EMFILE, errors.EBADF)):
            held.give(0, 100)
        assert held.is_waiting()
        assert held.fail("EMFILE")
        assert output() == str(-errno.EMFILE)


def test_a_call_that_is_dropped() -> None:
    """It fails with ENOSYS, and so do those of a listener that is closed."""
    with supervised("print(call(None, -1), call(None, -1), call(None, -1))") as (listener, _, output):
        next_of(listener, LONG)
        kept = next_of(listener, LONG)
        listener.close()
        with pytest.raises(ValueError, match="closed"):
            kept.answer()
        with pytest.raises(ValueError, match="closed"):
            listener.receive()
        assert output() == " ".join([str(-errno.ENOSYS)] * 3)


# ---- memory ----


def test_what_pointers_lead_to() -> None:
    """Bytes, text, paths and structures; None where there is nothing."""
    code = """
text = ctypes.create_string_buffer(b"/some/path\\0rest", 16)
print(call(text, 16), text.raw)
import mmap
area = mmap.mmap(-1, 8192)
area[4090:4096] = b"at end"
call(ctypes.byref(ctypes.c_char.from_buffer(area), 4090), 6)
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
start = ctypes.addressof(ctypes.c_char.from_buffer(area))
libc.munmap(start + 4096, 4096)
call(ctypes.c_void_p(start + 4090), 6)
call(ctypes.c_void_p(8), 6)
"""
    with supervised(code) as (listener, _, output):
        held = next_of(listener, LONG)
        assert held.read("name", 16) == b"/some/path\0rest\0"
        assert held.read(held["name"] + 1, 4) == b"some"
        assert held.read("name", 0) == b""
        assert held.string("name") == b"/some/path"
        assert held.string("name", 10) is None
        assert held.path("name") == "/some/path"
        spec = held.structure(structures.timespec, "name")
        assert spec is not None
        assert bytes(spec).startswith(b"/some")
        assert held.write("name", b"\0new")
        assert held.write("name", b"/")
        assert held.answer()
        assert next_of(listener, LONG).read("name", 6) == b"at end"
        held = next_of(listener, LONG)
        assert held.read("name", 100) == b"at end"
        assert held.string("name") is None
        assert held.structure(structures.timespec, "name") is None
        assert not held.write("name", bytes(100))
        held.answer()
        held = next_of(listener, LONG)
        assert held.read("name", 6) is held.path("name") is None
        assert held.read(1 << 63, 6) is None
        assert not held.write("name", b"x")
        held.answer()
        assert output() == r"0 b'/newe/path\x00rest\x00'"


# ---- the process ends, or a signal comes ----


def ended(child: Any) -> None:
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)


def test_a_process_that_ends_while_its_call_waits() -> None:
    """What looks returns None, what answers False; then there is nobody left."""
    ways: list[tuple[Callable[[HeldCall], object], object]] = [
        (lambda call: call.is_waiting(), False),
        (lambda call: call.read("name", 1), None),
        (lambda call: call.path("name"), None),
        (lambda call: call.structure(structures.timespec, "name"), None),
        (lambda call: call.write("name", b"x"), False),
        (lambda call: call.answer(), False),
        (lambda call: call.fail("EPERM"), False),
        (lambda call: call.go_on(), False),
        (lambda call: call.give(0), None),
        (lambda call: call.give(0, answer=False), None),
    ]
    for way, answer in ways:
        with nothing_left(), supervised("call(b'name', 4)") as (listener, child, _):
            listener.limit = 1
            held = next_of(listener, LONG)
            assert held.read("name", 4) == b"name"
            ended(child)
            assert way(held) is answer
            del held  # whose place the next receive needs
            assert listener.receive(LONG) is None


def test_a_process_that_ends_before_its_call_is_received() -> None:
    """There is no such call."""
    with nothing_left(), supervised("call(None, -1)") as (listener, child, _):
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        assert poll.poll(LONG * 1000)
        ended(child)
        assert listener.receive(LONG) is None
        assert list(listener) == []


def test_a_process_that_has_ended_after_its_answer() -> None:
    """The answer was taken."""
    with supervised("call(None, -1); os._exit(5)") as (listener, child, _):
        held = next_of(listener, LONG)
        assert held.answer()
        assert child.wait() == 5
        assert held.read("name", 1) is None


INTERRUPTED = """
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.siginterrupt(signal.SIGUSR1, False)
print(call(None, -1))
"""


def test_a_signal_interrupts_a_call() -> None:
    """It is gone, and comes again after the handler."""
    with supervised(INTERRUPTED) as (listener, child, output):
        first = next_of(listener, LONG)
        child.send_signal(signal.SIGUSR1)
        second = next_of(listener, LONG)
        assert first.id != second.id
        assert not first.is_waiting()
        assert not first.answer(1)
        assert second.answer(2)
        assert output() == "2"


def test_a_signal_does_not_interrupt_a_call_that_waits_killable() -> None:
    """Once it is received, only its end does."""
    flags = {"wait_killable": True}
    with supervised(INTERRUPTED, flags=flags) as (listener, child, output):
        held = next_of(listener, LONG)
        child.send_signal(signal.SIGUSR1)
        assert "ShdPnd:\t0000000000000200" in Path(f"/proc/{child.pid}/status").read_text()
        with pytest.raises(TimeoutError):
            listener.receive(0.2)
        assert held.answer(1)
        assert output() == "1"
    with supervised("call(None, -1)", flags=flags) as (listener, child, _):
        held = next_of(listener, LONG)
        ended(child)
        assert not held.answer()


def test_a_handler_runs_while_a_thread_waits() -> None:
    """And it may answer; what it raises ends the wait, and takes no place."""
    with supervised("call(None, -1); call(None, -1); print('done')") as (listener, _, output):
        listener.limit = 1
        held = next_of(listener, LONG)

        def handler(*_: object) -> None:
            held.answer()

        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        other = next_of(listener, LONG)  # there is a place only when the handler has run
        other.answer()
        assert output() == "done"
    with supervised("sys.stdin.read(); call(None, -1); print('done')", stdin=(pipe := os.pipe())[0]) as (
        listener,
        _,
        output,
    ):
        listener.limit = 1

        def raising(*_: object) -> None:
            raise InterruptedError

        signal.signal(signal.SIGALRM, raising)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(InterruptedError):
            listener.receive(LONG)
        os.close(pipe[0])
        os.close(pipe[1])
        assert next_of(listener, LONG).answer()
        assert output() == "done"


# ---- many ----

MANY = """
for _ in range(4):
    if not os.fork():
        for _ in range(25):
            os.write(1, b"%d\\n" % call(None, -1))
        os._exit(0)
for _ in range(4):
    os.wait()
"""


def test_several_threads() -> None:
    """Each call goes to one of them, and has its answer once."""
    taken: list[int] = []
    with nothing_left(), supervised(MANY) as (listener, _, output):

        def answer() -> None:
            for held in listener:
                taken.append(held.id)
                assert held.answer(len(taken) and held.id % 10**9)

        threads = [threading.Thread(target=answer) for _ in range(4)]
        for one in threads:
            one.start()
        found = output()
        for one in threads:
            one.join(LONG)
            assert not one.is_alive()
        assert sorted(map(int, found.split())) == sorted(one % 10**9 for one in taken)
        assert len(set(taken)) == 100


def test_no_more_at_work_than_may_be() -> None:
    """The next is received when one has its answer; the others wait in the kernel."""
    with supervised(MANY) as (listener, _, output):
        listener.limit = 2
        held = [next_of(listener, LONG), next_of(listener, LONG)]
        with pytest.raises(TimeoutError, match="2 calls are without an answer"):
            listener.receive(0.05)
        threading.Timer(0.05, held.pop().answer).start()
        held.append(next_of(listener, LONG))
        with pytest.raises(TimeoutError):
            listener.receive(0)
        del held  # without an answer
        for one in listener:
            one.answer(1)
            del one
        assert len(output().split()) == 100


@pytest.mark.parametrize("limit", [None, 1])
def test_asyncio(limit: int | None) -> None:
    """A hundred calls, which tasks answer; the loop goes on."""

    async def answer(held: HeldCall) -> None:
        await asyncio.sleep(0)
        assert held.answer(1)

    async def main() -> None:
        reader, writer = os.pipe()
        child = started(MANY, stdout=writer)
        os.close(writer)
        tasks = []
        async with child:
            assert child.listener is not None
            child.listener.limit = limit
            async for held in child.listener:
                tasks.append(asyncio.ensure_future(answer(held)))
                del held
            await asyncio.gather(*tasks)
        assert len(tasks) == 100
        with open(reader) as pipe:
            assert pipe.read().split() == ["1"] * 100
        child.listener.close()

    with nothing_left():
        asyncio.run(main())


def test_a_task_that_is_cancelled() -> None:
    """It leaves neither place nor descriptor."""

    async def main() -> None:
        async with started("sys.stdin.read(); call(None, -1)", stdin=reader) as child:
            os.close(reader)
            listener = child.listener
            assert listener is not None
            listener.limit = 1
            before = open_descriptors()
            for _ in range(3):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(listener.receive_async(), 0.05)
            assert open_descriptors() == before
            os.close(writer)
            held = await asyncio.wait_for(listener.receive_async(), LONG)
            assert held is not None
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(listener.receive_async(), 0.05)
            held.answer()
            assert await listener.receive_async() is None

    reader, writer = os.pipe()
    asyncio.run(main())


def test_closed_while_others_wait() -> None:
    """Threads and tasks get ValueError, and no descriptor is left."""
    with nothing_left():
        closed_while_others_wait()


def closed_while_others_wait() -> None:
    reader, writer = os.pipe()
    with started("sys.stdin.read(); sys.exit(-call(None, -1))", stdin=reader) as child:
        listener = child.listener
        assert listener is not None
        seen: list[str] = []

        def wait(receive: Callable[[], object]) -> None:
            try:
                receive()
            except ValueError as error:
                seen.append(str(error))

        ways = [listener.receive, lambda: asyncio.run(listener.receive_async())]
        threads = [threading.Thread(target=wait, args=(one,)) for one in ways]
        for one in threads:
            one.start()
        while len(listener._uses) < 2 or not listener._readers or listener._bell < 0:
            os.sched_yield()
        listener.close()
        for one in threads:
            one.join(LONG)
        assert seen == ["the listener is closed"] * 2
        os.close(writer)
        assert child.wait() == errno.ENOSYS
        os.close(reader)


def test_a_process_that_is_forked() -> None:
    """It may receive and answer as well; what it has of the other one's calls, it does not answer."""
    with supervised("print(call(None, -1), call(None, -1))") as (listener, _, output):
        held = next_of(listener, LONG)

        def other() -> None:
            nonlocal held
            del held
            assert listener._process != os.getpid()
            with pytest.raises(TimeoutError):
                listener.receive(0)

        in_child(fork, other)
        assert held.is_waiting()
        assert held.answer(1)

        def another() -> None:
            assert next_of(listener, LONG).answer(2)
            listener.close()

        in_child(fork, another)
        assert output() == "1 2"


def test_the_other_side_wakes_up_on_the_same_cpu() -> None:
    """The kernel says whether it has that; calls are answered all the same."""
    with supervised("print(call(None, -1))") as (listener, _, output):
        assert listener.sync_wake_up() is listener.sync_wake_up(on=False) is listener.sync_wake_up()
        assert next_of(listener, LONG).answer(4)
        assert output() == "4"


def test_what_a_listener_takes() -> None:
    """A descriptor that is one; no limit below 1."""
    reader, writer = os.pipe()
    with pytest.raises((errors.ENOTTY, errors.EINVAL)), Listener(reader) as listener:
        listener.sync_wake_up()
        os.write(writer, b".")
        listener.receive(LONG)
    os.close(writer)
    for wrong in (0, -1, 1 << 40):
        with pytest.raises((ValueError, OverflowError)):
            Listener(0, limit=wrong)
    with pytest.raises(TypeError):
        Listener("0")  # type: ignore[arg-type]  # wrong on purpose
