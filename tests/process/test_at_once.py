"""Threads that use all of the package at the same time: without the GIL nothing else keeps them apart."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable

import pytest
import supervised
from isolated import nothing_left, status_of

from pysys import CloneArgs, Popen, calls, clone3, errors, flags, fork, spawn, structures, syscall, wait_any

pytestmark = pytest.mark.isolated
THREADS = 8
ROUNDS = int(os.environ.get("PYSYS_ROUNDS", "100"))


def make_calls(code: int) -> None:
    """Calls with results of every kind, and errors."""
    assert calls.getpid() == syscall("getpid") == os.getpid()
    with pytest.raises(errors.EBADF, match="close"):
        calls.close(-1 - code)
    reader, writer = calls.pipe2(os.O_CLOEXEC)
    assert calls.write(writer, bytes([code]), 1) == 1
    place = bytearray(1)
    assert calls.read(reader, place, 1) == 1 and place[0] == code
    assert calls.statx(reader, "", flags.AT_EMPTY_PATH).stx_uid == os.getuid()
    for end in (reader, writer):
        os.close(end)


def start_and_wait(code: int) -> None:
    with spawn(["/bin/sh", "-c", f"exit {code}"], env={"CODE": str(code)}) as child:
        assert child.wait() == code


def pipe(code: int) -> None:
    with Popen(["/bin/sh", "-c", f"echo {code}"], stdout=subprocess.PIPE) as process:
        assert int(process.communicate()[0]) == code


def make_child(code: int) -> None:
    pid = fork()
    if pid == 0:
        os._exit(code)
    assert status_of(pid) == code


def make_child_with_pidfd(code: int) -> None:
    asked = CloneArgs(pidfd=True)
    pid = clone3(asked)
    if pid == 0:
        os._exit(code)
    assert status_of(pid) == code
    os.close(asked.pidfd)


def wait_for_one_of_two(code: int) -> None:
    both = [spawn(["/bin/sh", "-c", f"exit {number}"]) for number in (code, code)]
    while both:
        first = wait_any(both)
        assert first.wait() == code
        first.close()
        both.remove(first)


def answer(code: int) -> None:
    with spawn(["/bin/uname"], seccomp=supervised.filter_of("uname"), stderr=subprocess.DEVNULL) as child:
        assert child.listener is not None
        with child.listener as listener:
            assert supervised.next_of(listener).fail("EPERM")
            assert child.wait() == 1


WORK: list[Callable[[int], None]] = [
    make_calls,
    start_and_wait,
    pipe,
    make_child,
    make_child_with_pidfd,
    wait_for_one_of_two,
    answer,
]


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python has a GIL")
def test_the_gil_stays_off() -> None:
    """None of the package's extensions, nor CFFI's, turns it on."""
    assert not sys._is_gil_enabled()  # type: ignore[attr-defined,unused-ignore]  # since 3.13


@pytest.mark.isolated(timeout=300)
def test_threads_do_everything_at_once() -> None:
    """Calls, programs, pipes, forks, clones, waits and listeners: each has its own, and nothing is left."""
    failures: list[BaseException] = []
    begin = threading.Barrier(THREADS)

    def work(number: int) -> None:
        order = random.Random(number)
        begin.wait()
        try:
            for turn in range(max(ROUNDS // 5, 1)):
                order.choice(WORK)(number * 16 + turn % 16)
        except BaseException as failure:
            failures.append(failure)

    with nothing_left():
        threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]


def test_threads_read_one_structure() -> None:
    """Its memory is made once, whoever asks first, and its numbers are read while others write them."""
    for _ in range(20):
        shared = structures.timespec(tv_sec=7, tv_nsec=8)
        found = calls.statx(flags.AT_FDCWD, "/")
        seen: list[object] = []
        begin = threading.Barrier(THREADS)

        def use(number: int) -> None:
            begin.wait()
            seen.append((found.cdata, found.stx_ino))
            shared.tv_nsec = number
            assert shared.tv_sec == 7 and shared.tv_nsec in range(THREADS)

        threads = [threading.Thread(target=use, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(map(str, seen))) == 1 and len(seen) == THREADS
