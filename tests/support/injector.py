"""Errors and signals at chosen system calls of a process and of all that it makes.

The kernel asks a supervisor about each call (seccomp's user notification): it may go on, or it fails with an
errno without being made, which is what `strace -e inject=` does. But strace counts a call's occurrences in
all processes alike, where it matters here which of them makes it: a parent, a process between, a child in
the parent's memory. And it costs a start of strace and of an interpreter for each fault, where this costs a
fork; and it is not everywhere.
"""

from __future__ import annotations

import ast
import ctypes
import errno
import fcntl
import os
import select
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from patience import PATIENCE

from pysys import numbers

WAY_OUT = 960  # the descriptor through which a watched process answers: writes to it are not asked about

# A call that no kernel carries out, by which a watched process says how far it is.
PRCTL_MARK = 0x70797379
BEGIN, RETURNED, DONE, RUNS = 1, 2, 3, 4  # the last is the program's that was started

# What is not asked about. These cannot fail, or not in a way that a program could live on after:
CANNOT_FAIL = (
    "exit",
    "exit_group",
    "getegid",
    "geteuid",
    "getgid",
    "getpid",
    "getppid",
    "gettid",
    "getuid",
    "restart_syscall",
    "rt_sigreturn",
    "sched_yield",
    "sigreturn",
    "umask",
)
# and these are the interpreter's own: its lock, its memory, random numbers in a new process.
INTERPRETERS = ("brk", "futex", "futex_time64", "getrandom", "madvise", "mprotect", "mremap")

# Which argument says what the call is.
TOLD_BY = {"prctl": 0}
# Likewise where the C library still makes all calls of sockets through one.
SOCKETCALL = {8: "socketpair", 9: "send", 11: "sendto", 16: "sendmsg", 17: "recvmsg"}

_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV and _SEND
_NOTICE, _ANSWER = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
_GO_ON = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_ADD_TO, _SET_NUMBER = struct.Struct("=QIIII"), 1  # SECCOMP_IOCTL_NOTIF_ADDFD's argument, and its flag
# _IOW('!', 3, 24), whose first bits are others on some architectures.
_ADD = 0x80182103 if os.uname().machine.startswith(("mips", "ppc", "sparc", "alpha")) else 0x40182103
_SET_MODE_FILTER, _GET_NOTIF_SIZES = 1, 3
_NEW_LISTENER, _WAIT_KILLABLE = 1 << 3, 1 << 5
_MAP_SHARED = 1
CLOSED = "pysys-closed"  # what a descriptor is whose close has "failed": the kernel closes it all the same

_libc = ctypes.CDLL(None, use_errno=True)


class Call(NamedTuple):
    """A system call of a watched process: the index-th of this name there.

    role: "caller"; "first", "second": the processes that it makes, in the order in which they appear.
    """

    role: str
    name: str
    index: int  # type: ignore[assignment]  # tuple.index is not used

    def __str__(self) -> str:
        return f"{self.role}'s {self.name}" + (f" no. {self.index}" if self.index > 1 else "")


class Result(NamedTuple):
    answer: object  # what the body returned, None if it did not get there
    status: int | None  # the caller's, None if it hung
    calls: list[Call]  # in their order
    left: list[str]  # what outlives the caller, or where what hangs hangs
    reached: bool  # whether there was the call at which something had to happen


def mark(what: int) -> None:
    """In a watched process: so far we are."""
    _libc.prctl(PRCTL_MARK, what, 0, 0, 0)


def _check(result: int) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _known(names: tuple[str, ...]) -> list[int]:
    """The numbers that these have here."""
    return [numbers.table()[name] for name in names if name in numbers.table()]


def _program() -> list[tuple[int, int, int, int]]:
    """The filter, in classic BPF."""
    load, equal, bits, give = 0x20, 0x15, 0x45, 0x06
    allow, ask = (give, 0, 0, 0x7FFF0000), (give, 0, 0, 0x7FC00000)
    low = 0 if sys.byteorder == "little" else 4
    first, fourth = 16 + low, 16 + 3 * 8 + low  # of the arguments
    program = [(load, 0, 0, 0)]
    for number in _known((*CANNOT_FAIL, *INTERPRETERS)):
        program += [(equal, 0, 1, number), allow]
    write = (equal, 0, 4, numbers.number("write"))
    program += [write, (load, 0, 0, first), (equal, 0, 1, WAY_OUT), allow, ask]
    # The C library's memory is private; s390 has the arguments of mmap elsewhere.
    for number in _known(("mmap", "mmap2")):
        if os.uname().machine.startswith("s390"):
            program += [(equal, 0, 1, number), allow]
        else:
            program += [(equal, 0, 4, number), (load, 0, 0, fourth), (bits, 1, 0, _MAP_SHARED), allow, ask]
    return [*program, ask]


def _install() -> None:
    """From now on each call of this thread and of its children is asked about."""
    program = _program()
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in program))
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    if os.geteuid() != 0:
        pr_set_no_new_privs = 38
        _check(_libc.prctl(pr_set_no_new_privs, 1, 0, 0, 0))
    _check(_seccomp(_SET_MODE_FILTER, _NEW_LISTENER | _WAIT_KILLABLE, header))


def _seccomp(operation: int, flags: int, argument: object) -> int:
    return int(_libc.syscall(numbers.number("seccomp"), operation, flags, argument))


def need() -> None:
    """Skip where this kernel has no such notifications."""
    sizes = ctypes.create_string_buffer(6)
    if _seccomp(_GET_NOTIF_SIZES, 0, sizes) != 0:
        pytest.skip("this kernel has no notifications of seccomp (Linux 5.0)")
    assert struct.unpack("HHH", sizes.raw)[:2] == (_NOTICE.size, _ANSWER.size)
    _seccomp(_SET_MODE_FILTER, _NEW_LISTENER | _WAIT_KILLABLE, None)
    if ctypes.get_errno() != errno.EFAULT:
        pytest.skip("signals would interrupt what this kernel asks about (before Linux 5.19)")


class _Process:
    def __init__(self, role: str, exe: str) -> None:
        self.role = role
        self.exe = exe
        self.inside = role != "caller"  # between the beginning and the end of what is watched
        self.execs = False
        self.counts: dict[str, int] = {}


class Watch:
    """Runs a body once in a process of its own, with what `prepare` returns, which is not watched.

    at, do: at this call, an errno that it fails with; or what is called before it goes on, with the ids of
        the processes by their roles: it may send a signal.
    always: names of calls that fail each time with an errno, as a filter makes them.
    look: called with a mark and the id of the process that has got there, which waits meanwhile.
    orphans: whether the processes that the caller has made are watched until they end, too.
    """

    def __init__(
        self,
        prepare: Callable[[], object],
        body: Callable[[Any], object],
        look: Callable[[int, int], None],
        at: Call | None = None,
        do: int | Callable[[dict[str, int]], object] = 0,
        always: Mapping[str, int] = {},  # read only
        orphans: bool = False,
    ) -> None:
        self._prepare, self._body, self._look = prepare, body, look
        self._at, self._do, self._always = at, do, always
        self._orphans = orphans
        self._calls: list[Call] = []
        self._processes: dict[int, _Process] = {}
        self._threads: set[int] = set()
        self._reached = False
        self._began = False
        self._names: dict[int, str] = {}

    # ---- the watched process ----

    def _run_body(self) -> None:
        answer: object = None
        try:
            prepared = self._prepare()
            next_number = os.dup(0)
            os.close(next_number)
            os.write(WAY_OUT, f"{next_number}\n".encode())
            _install()
            os.close(next_number)
            answer = self._body(prepared)
        except BaseException:
            answer = ("crash", traceback.format_exc())
        finally:
            try:
                os.write(WAY_OUT, repr(answer).encode())
            finally:
                os._exit(0)

    # ---- the supervisor ----

    def run(self, seconds: float) -> Result:
        pr_set_child_subreaper = 36
        _check(_libc.prctl(pr_set_child_subreaper, 1, 0, 0, 0))
        before = _children()
        reader, writer = os.pipe()
        os.dup2(writer, WAY_OUT, inheritable=False)
        os.close(writer)
        self._caller = os.fork()
        if self._caller == 0:
            os.close(reader)
            self._run_body()
        os.close(WAY_OUT)
        self._processes[self._caller] = _Process("caller", "")
        pidfd = os.pidfd_open(self._caller)
        status, left = None, []
        try:
            listener = self._listener(reader, pidfd)
            deadline = time.monotonic() + seconds * PATIENCE
            ended = self._supervise(listener, pidfd, deadline)
            if ended and self._orphans:
                for pid in self._processes.keys() & (_children() - before):
                    with open(os.pidfd_open(pid)) as orphan:
                        self._supervise(listener, orphan.fileno(), deadline)
            if ended:
                status = os.waitstatus_to_exitcode(os.waitpid(self._caller, 0)[1])
            left = [self._describe(pid) for pid in _children() - before]
        finally:
            self._end(before)
            os.close(pidfd)
        os.close(listener)
        with open(reader) as way_out:
            lines = way_out.read()
        return Result(ast.literal_eval(lines) if lines else None, status, self._calls, left, self._reached)

    def _listener(self, reader: int, pidfd: int) -> int:
        """The watched process's listener, whose number it has told before it had it."""
        number = b""
        while not number.endswith(b"\n"):
            number += os.read(reader, 1)
        while True:
            found = int(_libc.syscall(numbers.number("pidfd_getfd"), pidfd, int(number), 0))
            if found != -1:
                os.set_inheritable(found, False)
                return found
            if ctypes.get_errno() != errno.EBADF:
                raise OSError(ctypes.get_errno(), "pidfd_getfd")
            if select.select([reader], [], [], 0)[0]:
                pytest.skip(f"no call can be watched here: {os.read(reader, 4096).decode()}")
            time.sleep(0.0002)

    def _supervise(self, listener: int, pidfd: int, deadline: float) -> bool:
        """Answer until the process of this pidfd, the caller's, has ended; whether it did in time."""
        poller = select.poll()
        poller.register(listener, select.POLLIN)
        poller.register(pidfd, select.POLLIN)
        while True:
            ready = dict(poller.poll(max(deadline - time.monotonic(), 0) * 1000))
            if not ready:
                return False
            if ready.get(listener, 0) & select.POLLIN:
                notice = bytearray(_NOTICE.size)
                try:
                    fcntl.ioctl(listener, _RECEIVE, notice)
                except OSError as error:  # it was killed meanwhile
                    assert error.errno in (errno.ENOENT, errno.EINTR), error
                    continue
                found, pid, _, number, _, _, *args = _NOTICE.unpack(notice)
                failure = self._decide(pid, number, args)
                if failure and self._names[number] == "close":
                    self._close(listener, found, args[0])
                answer = _ANSWER.pack(found, 0, -failure, 0 if failure else _GO_ON)
                try:
                    fcntl.ioctl(listener, _SEND, bytearray(answer))
                except OSError as error:
                    assert error.errno == errno.ENOENT, error
            elif pidfd in ready:
                return True

    def _close(self, listener: int, found: int, number: int) -> None:
        """Nobody else shall wait for the end of what it was."""
        nothing = os.memfd_create(CLOSED)
        try:
            fcntl.ioctl(listener, _ADD, _ADD_TO.pack(found, _SET_NUMBER, nothing, number, os.O_CLOEXEC))
        finally:
            os.close(nothing)

    def _decide(self, pid: int, number: int, args: list[int]) -> int:
        """The errno that a call fails with; 0: it goes on."""
        name = self._names.get(number)
        if name is None:
            name = self._names[number] = (*numbers.names(number), str(number))[0]
        process = self._process(pid)
        if process is None:
            return 0
        if name == "prctl" and args[0] & 0xFFFFFFFF == PRCTL_MARK:
            self._look(args[1], pid)
            process.inside = args[1] == BEGIN
            self._began = self._began or process.inside
            return 0
        if process.execs:
            process.execs = False
            if _exe(pid) != process.exe:
                process.inside = False
        if not process.inside:
            return 0
        process.execs = name in ("execve", "execveat")
        if name == "socketcall":
            name = SOCKETCALL[args[0]]
        if name in TOLD_BY:  # one number for many calls
            name = f"{name} {args[TOLD_BY[name]] & 0xFFFFFFFF}"
        process.counts[name] = process.counts.get(name, 0) + 1
        call = Call(process.role, name, process.counts[name])
        self._calls.append(call)
        if call == self._at and not self._reached:
            self._reached = True
            if isinstance(self._do, int):
                return self._do
            self._do({one.role: number for number, one in self._processes.items()})
        return self._always.get(name, 0)

    def _process(self, pid: int) -> _Process | None:
        """The process that makes a call; None for another thread of the caller."""
        if pid not in self._processes and pid not in self._threads:
            status = Path(f"/proc/{pid}/status").read_text()
            if f"\nTgid:\t{pid}\n" in status:
                role = ("caller", "first", "second", "third")[len(self._processes)]
                self._processes[pid] = _Process(role, _exe(pid))
                self._processes[pid].inside = self._began
            else:
                self._threads.add(pid)
        return self._processes.get(pid)

    def _describe(self, pid: int) -> str:
        role = self._processes[pid].role if pid in self._processes else "a process"
        try:
            where = Path(f"/proc/{pid}/wchan").read_text()
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError as error:
            where, state = str(error), ""
        return f"{role} {state} {where}"

    def _end(self, before: set[int]) -> None:
        """Of all that is still there, nothing is left."""
        while left := _children() - before:
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0x40000000)  # __WALL
                except (ProcessLookupError, ChildProcessError):
                    continue


def _exe(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def _children() -> set[int]:
    return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
