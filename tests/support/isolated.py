"""What tests marked `isolated` use; and, run as a script, the interpreter that they run in.

usage: isolated.py SOCKET

For each request that comes through the socket (a file of tests, a function of it, its arguments, and the
descriptor that its output goes to) it loads the file, if it has not yet, and forks: the child, in a session
of its own, runs the test; exit status 77 means skipped, and the last line says why. The answers are the
child's id and, later, its status; the id is the child's until the next request. So a test has a process that
no other test was in, which costs a fork and not the start of an interpreter: on an emulated machine that is
a second, and two more for pytest.
"""

from __future__ import annotations

import ast
import ctypes
import errno
import functools
import gc
import importlib
import importlib.util
import mmap
import os
import re
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from patience import PATIENCE

WALL = 0x40000000
PR_SET_NO_NEW_PRIVS = 38
SKIPPED = 77
# What functions of tests import and every child would load again, in up to half a second.
SHARED = r"^ +(?:import|from) (creators|native|pysys\.process\.\w+)\b"


def status_of(pid: int) -> int:
    """Wait for this child, whatever its exit signal; exit code, or minus the signal."""
    found, status = os.waitpid(pid, WALL)
    assert found == pid
    return os.waitstatus_to_exitcode(status)


def in_child(fork: Callable[[], int], child: Callable[[], object]) -> None:
    """Fork, run child() there, and expect it to return; an exception there, or a skip, is the test's."""
    with mmap.mmap(-1, mmap.PAGESIZE) as why:  # and no pipe: the test may have no descriptor left
        pid = fork()
        if pid == 0:
            code = 1
            try:
                child()
                code = 0
            except pytest.skip.Exception as skip:
                why.write(str(skip).encode()[: mmap.PAGESIZE])
                code = SKIPPED
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        status = status_of(pid)
        if status == SKIPPED:
            pytest.skip(why[:].rstrip(b"\0").decode())
    assert status == 0


def open_descriptors() -> set[int]:
    """This process's descriptors, the one that lists them left out."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            os.fstat(int(name))
        except OSError:
            continue
        found.add(int(name))
    return found


def children() -> set[int]:
    """This process's children, zombies included."""
    found: set[int] = set()
    for task in os.listdir("/proc/self/task"):
        try:
            found.update(map(int, Path(f"/proc/self/task/{task}/children").read_text().split()))
        except FileNotFoundError:  # a thread that has just ended
            continue
    return found


@contextmanager
def nothing_left() -> Iterator[None]:
    """No child, descriptor, signal mask or pending signal more than before."""

    def state() -> dict[str, set[int]]:
        gc.collect()
        return {
            "children": children(),
            "descriptors": open_descriptors(),
            "blocked signals": signal.pthread_sigmask(signal.SIG_BLOCK, []),
            "pending signals": signal.sigpending(),
        }

    before = state()
    yield
    after = state()
    assert after == before, f"before: {before}; after: {after}"


@contextmanager
def folder() -> Iterator[Path]:
    """A directory that every user may enter, by its real name."""
    with tempfile.TemporaryDirectory(dir=os.path.realpath(tempfile.gettempdir())) as name:
        os.chmod(name, 0o755)
        yield Path(name)


def shared_memory(size: int = 4096) -> mmap.mmap:
    """Zeroed memory that parent and child both see."""
    return mmap.mmap(-1, size)


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for a condition; an error if it does not come true, on an emulated machine in a longer time."""
    end = time.monotonic() + seconds * PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


def need_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root")


def filter_calls(numbers: list[int], answer: int, first: int | None = None) -> None:
    """From now on these calls answer with this errno, in this process and its children: a seccomp filter.

    first: only those whose first argument is this.
    """
    _filter(numbers, 0x00050000 | answer, 0x7FFF0000, first)


def end_at_calls(numbers: list[int], first: int) -> None:
    """From now on these calls, with this first argument, end this process and its children."""
    _filter(numbers, 0x80000000, 0x7FFF0000, first)


def only_calls(numbers: list[int], answer: int) -> None:
    """From now on all calls but these answer with this errno, in this process and its children."""
    _filter(numbers, 0x7FFF0000, 0x00050000 | answer)


def _filter(numbers: list[int], named: int, others: int, first: int | None = None) -> None:
    """What becomes of these calls, with this first argument if one is given, and of all others.

    Classic BPF written out here, because a library of tables would be a second opinion on numbers.
    """
    load, jump, ret = 0x20, 0x15, 0x06
    program = [struct.pack("HBBI", load, 0, 0, 0)]
    for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        program.append(struct.pack("HBBI", jump, left, 0, number))
    program.append(struct.pack("HBBI", ret, 0, 0, others))
    if first is not None:  # its lower half
        program.append(struct.pack("HBBI", load, 0, 0, 16 if sys.byteorder == "little" else 20))
        program.append(struct.pack("HBBI", jump, 1, 0, first & 0xFFFFFFFF))
        program.append(struct.pack("HBBI", ret, 0, 0, others))
    program.append(struct.pack("HBBI", ret, 0, 0, named))
    code = ctypes.create_string_buffer(b"".join(program))
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    prctl, pr_set_seccomp, filter_mode = libc.prctl, 22, 2
    if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(pr_set_seccomp, filter_mode, header, 0, 0):
        number = ctypes.get_errno()
        if number in (errno.EINVAL, errno.ENOSYS):
            pytest.skip("this kernel has no seccomp filters")
        raise OSError(number, os.strerror(number))


@functools.cache
def load(path: str) -> ModuleType:
    """The file of tests, as a module."""
    name = Path(path).stem
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    for name in re.findall(SHARED, Path(path).read_text("utf-8"), re.MULTILINE):
        try:
            importlib.import_module(name)
        except pytest.skip.Exception:
            pass  # the tests that import it say so
    gc.collect()
    gc.freeze()  # so that a collection in a child need not copy all that is loaded
    return module


def serve(requests: socket.socket) -> Callable[[], object] | None:
    """Fork for each request. Returns in a child what it has to run; None, at last, in the parent."""
    pid = 0
    while True:
        text, descriptors, _, _ = socket.recv_fds(requests, 1 << 16, 1)
        if pid:
            os.waitpid(pid, 0)
        if not text:
            return None
        path, function, arguments = text.decode().split("\0", 2)
        test = functools.partial(getattr(load(path), function), **ast.literal_eval(arguments))
        pid = os.fork()
        if pid == 0:
            # A session of its own, so that what a failed test leaves behind can be ended with it.
            os.setsid()
            os.dup2(descriptors[0], 1)
            os.dup2(descriptors[0], 2)
            os.close(descriptors[0])
            requests.close()
            return test
        os.close(descriptors[0])
        requests.send(f"process {pid}".encode())
        # Not reaped yet: until all that it left is ended, its id must be no other process's or group's.
        found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert found is not None
        status = found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
        requests.send(f"status {status}".encode())


def main() -> int:
    sys.modules["isolated"] = sys.modules["__main__"]
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        test = serve(requests)
    if test is None:
        return 0
    code = 1
    try:
        test()
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        code = 0
    except pytest.skip.Exception as why:
        print(f"skip: {why}")
        code = SKIPPED
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # to take the interpreter apart would take longer than most tests do


if __name__ == "__main__":
    sys.exit(main())
