"""Follows a program and all that it starts by ptrace, and makes events of their stops.

The thread that starts a trace is the tracer of every process in it, so that it is also the one that has to
take the events. A stopped thread goes on when the next event is asked for.
"""

from __future__ import annotations

import os
from collections import deque
from errno import EINTR as _EINTR
from signal import SIGCHLD, SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU
from struct import Struct
from sys import byteorder
from threading import get_native_id
from time import monotonic, sleep, time

from pysys import abi, errors, flags, structures
from pysys._native import ffi, lib
from pysys.calls import capget, direct
from pysys.loading import hold
from pysys.numbering import names
from pysys.policy.fate import X32_BIT
from pysys.tables.errnos import ERRNOS
from pysys.tracing import attaching
from pysys.tracing import filter as filters
from pysys.tracing.attaching import BIRTHS, GET_MESSAGE, GET_SIGNAL, INTERRUPT, SEIZE
from pysys.tracing.events import Call, Ended, Entered, Executed, Exiting, Signalled, Started, Stopped
from pysys.tracing.plan import Plan, plan
from pysys.tracing.program import Program, found
from pysys.tracing.selection import Selection
from pysys.tracing.values import signal_name
from pysys.tracing.words import Decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Any, Literal, Self

    from pysys._types import Path
    from pysys.tracing.events import Event

__all__ = ["Trace", "trace"]

hold("metadata", "load model query")

_CONT, _SYSCALL, _LISTEN = int(flags.PTRACE_CONT), int(flags.PTRACE_SYSCALL), int(flags.PTRACE_LISTEN)
_GET_INFO = int(flags.PTRACE_GET_SYSCALL_INFO)
_OPTIONS = int(
    flags.PTRACE_O_TRACESYSGOOD
    | flags.PTRACE_O_TRACECLONE
    | flags.PTRACE_O_TRACEFORK
    | flags.PTRACE_O_TRACEVFORK
    | flags.PTRACE_O_TRACEEXEC
    | flags.PTRACE_O_TRACESECCOMP
)
_KILLED_WITH_US, _EXITS = int(flags.PTRACE_O_EXITKILL), int(flags.PTRACE_O_TRACEEXIT)
_EXEC, _STOP = int(flags.PTRACE_EVENT_EXEC), int(flags.PTRACE_EVENT_STOP)
_EXITING = int(flags.PTRACE_EVENT_EXIT)
_AT_SECCOMP = int(flags.PTRACE_EVENT_SECCOMP)
_ENTRY, _EXIT = int(flags.PTRACE_SYSCALL_INFO_ENTRY), int(flags.PTRACE_SYSCALL_INFO_EXIT)
_SECCOMP = int(flags.PTRACE_SYSCALL_INFO_SECCOMP)
_WALL, _NOTHREAD = int(flags.WALL), int(flags.WNOTHREAD)
_TRAP = 5  # SIGTRAP, on every architecture
_SIGCHLD = int(SIGCHLD)
_ORDER: Literal["little", "big"] = "little" if byteorder == "little" else "big"
_SYSCALL_TRAP = _TRAP | 0x80
_STOPPING = frozenset({SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU})
_STOPPED = 5  # si_code of SIGCHLD for a stop that is not one for the tracer (CLD_STOPPED)
_NO_WAIT = os.WEXITED | os.WSTOPPED | os.WNOHANG | os.WNOWAIT
_NONE = (0, 0, 0)
_FIRST_PAUSE, _LAST_PAUSE = 0.0005, 0.02  # seconds between two looks, beside a process that is not traced

# struct ptrace_syscall_info: op, arch; what is entered, with its arguments; what it returned.
_HEAD = Struct("=B3xI16x")
_CALLED = Struct("=7Q")
_RETURNED = Struct("=qB")
_RESTARTS = {512: "ERESTARTSYS", 513: "ERESTARTNOINTR", 514: "ERESTARTNOHAND", 516: "ERESTART_RESTARTBLOCK"}


class _Thread:
    """A traced thread. entered: whether it is in a call; call: that one, if it is wanted."""

    __slots__ = ("call", "entered", "known", "pid", "since", "state", "tid", "words")

    def __init__(self, tid: int, pid: int) -> None:
        self.tid = tid
        self.pid: int = pid
        self.entered = False
        self.call: Entered | None = None
        self.known: _Known | None = None
        self.state: Any = None
        self.words: tuple[int, ...] = ()
        self.since = 0.0


class _Known:
    """What is known of a number on an ABI. wanted: whether its calls are. installs: whether it may be a call
    that installs a filter."""

    __slots__ = ("abi", "installs", "name", "number", "plan", "wanted")

    def __init__(self, number: int, on: abi.ABI | None, selection: Selection, decoded: bool) -> None:
        self.number = number
        self.abi = "" if on is None else on.name
        named = () if on is None else names(number, on)
        self.name = named[0] if named else f"syscall_{number}"
        self.wanted = any(map(selection.has, named or [self.name]))
        self.installs = self.name in ("prctl", "seccomp")
        self.plan: Plan | None = plan(self.name if named else "", on) if decoded and self.wanted else None


class Trace:
    """What a program does, from its execve on: an iterator of events, and a context manager.

    pid: of the program. returncode: its exit status, minus the signal that ended it, or None while it runs,
    and where it went on without its tracer.

    A stopped thread goes on when the next event is asked for. The thread that started the trace takes the
    events; RuntimeError in others. The trace is over when the program and all that it has started have ended.
    close(), which the end of `with` and of the iterator's life call, kills what is left of them, as the
    kernel does when this process ends. A process that ran before the trace, and what it has started, goes on
    instead.
    """

    __module__ = "pysys"  # the public name

    def __init__(
        self,
        argv: Iterable[Path] = (),
        calls: str | Iterable[str] = (),
        *,
        pid: int | None = None,
        entries: bool = False,
        exits: bool = False,
        arguments: bool = True,
        size: int = 64,
        env: Mapping[str, str] | None = None,
        seccomp: bool | None = None,
    ) -> None:
        words = [os.fsdecode(word) for word in argv]
        if bool(words) == (pid is not None):
            raise ValueError("trace: argv must have at least one item, the program, unless there is a pid")
        self._attached = pid is not None
        self._options = _OPTIONS | (_EXITS if exits else 0) | (0 if self._attached else _KILLED_WITH_US)
        self._selection = Selection(calls)
        self._entries = entries
        self._arguments = arguments
        self._decoder = Decoder(size)
        self._tracer = get_native_id()
        self._threads: dict[int, _Thread] = {}
        self._gone: set[int] = set()  # ended before the call that made them was seen
        self._queue: deque[Event] = deque()
        self._held = _NONE  # what goes on next: thread, request, signal
        self._known: dict[tuple[int, int], _Known] = {}
        self._abis = _abis()
        self._stop = ffi.new("struct pysys_stop *")
        self._buffer = ffi.buffer(self._stop.info)
        self._message = bytearray(8)
        self._signal = structures.siginfo()
        self._hidden = True
        self._stopping = False
        self.returncode: int | None = None
        if pid is not None:
            self._filtered = self._hidden = False
            self.pid = pid
            self._attach()
            return
        environment = dict(os.environ if env is None else env)
        rules, confined = self._rules(seccomp)
        self._filtered = rules is not None  # whether the kernel stops at wanted calls only
        program = Program(
            found(words[0], environment.get("PATH", os.defpath)), words, environment, rules, confined
        )
        self.pid = program.pid
        try:
            self._start(program)
        except BaseException:
            self.close()
            raise
        finally:
            program.close()

    def _rules(self, seccomp: bool | None) -> tuple[Any, bool]:
        """The filter, if there is to be one, and whether it takes no_new_privs."""
        if seccomp is False or self._selection.names is None:
            return None, False
        allowed = (
            flags.CAP_SYS_ADMIN in capget().effective
            or direct.prctl(flags.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1
        )
        if not allowed and not seccomp:
            return None, False
        action = bytearray(int(flags.SECCOMP_RET_TRACE).to_bytes(4, _ORDER))
        try:
            direct.seccomp(flags.SECCOMP_GET_ACTION_AVAIL, 0, action)
        except errors.SyscallError:
            return None, False
        return filters.watching(
            {name: self._selection.numbers(name) for name in self._abis.values()}
        ), not allowed

    def _attach(self) -> None:
        """Follow a process that runs already, and all of its threads."""
        try:
            for tid in attaching.seize(self.pid, self._options):
                self._threads[tid] = _Thread(tid, _status(tid).get("Tgid", self.pid))
        except BaseException:
            self.close()
            raise

    def _start(self, program: Program) -> None:
        """Attach to the child, and follow it until the program runs."""
        self._threads[self.pid] = _Thread(self.pid, self.pid)
        try:
            direct.ptrace(SEIZE, self.pid, None, self._options)
        except errors.SyscallError:
            self._threads.clear()
            program.close()
            os.waitpid(self.pid, 0)
            raise
        direct.ptrace(INTERRUPT, self.pid, None, None)
        program.release()
        while self._threads and not any(isinstance(event, Executed) for event in self._queue):
            self._advance()
        if not self._threads:
            raise program.failure()

    # ---- an iterator ----

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        """The next event."""
        while not self._queue:
            if self._stopping:
                self.close()
            if not self._threads:
                raise StopIteration
            self._advance()
        return self._queue.popleft()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill what still runs of the program and of what it has started, and reap it; let a process go on
        that ran before."""
        self._queue.clear()
        if not self._threads:
            return
        self._check_thread()
        if self._attached:
            tids, self._held = list(self._threads), _NONE
            self._threads.clear()
            attaching.release(tids)
            return
        for pid in {thread.pid for thread in self._threads.values()}:
            _kill(pid)
        while self._threads:
            self._advance(ending=True)
        self._queue.clear()

    def stop(self) -> None:
        """There are no events after those that were seen already: close() comes next. For handlers of
        signals."""
        self._stopping = True

    def words(self, tid: int) -> tuple[int, ...]:
        """The words with which a thread made its last call, as registers have them; () if there was none."""
        thread = self._threads.get(tid)
        return () if thread is None else thread.words

    def called(self, tid: int) -> tuple[int, str] | None:
        """The number of that call, and the ABI by which it was made; None if there was none."""
        thread = self._threads.get(tid)
        return None if thread is None or thread.known is None else (thread.known.number, thread.known.abi)

    @property
    def origin(self) -> int:
        """The address behind the instruction by which the call was made that the last event is about."""
        return int.from_bytes(self._buffer[8:16], _ORDER)

    def _check_thread(self) -> None:
        if get_native_id() != self._tracer:
            raise RuntimeError("a trace is followed by the thread that has started it")

    # ---- stops ----

    def _advance(self, ending: bool = False) -> None:
        """Let the thread go on that was stopped last, and take the next stop of any."""
        self._check_thread()
        if not self._wait(ending):
            if self._stopping and not ending:
                return
            self._threads.clear()  # someone else has reaped them
            return
        tid, status = self._stop.tid, self._stop.status
        thread = self._threads.get(tid)
        if status & 0x7F != 0x7F:
            if thread is None:
                self._gone.add(tid)
            else:
                self._ended(thread, status)
            return
        if thread is None:
            thread = self._born(tid)
        elif self._stop.has_info and not ending:
            self._at_call(thread)
            self._held = tid, self._request(thread), 0
            return
        if ending:
            _kill(thread.pid)
            self._held = tid, _CONT, 0
            return
        try:
            self._stopped(thread, status >> 8 & 0xFF, status >> 16)
        except errors.ESRCH:  # it is being killed: its end comes next
            pass

    def _wait(self, ending: bool) -> bool:
        """Take the next stop or end of a traced thread; False if there is none any more, or after stop().

        Other children of this thread are left alone.
        """
        only = next(iter(self._threads)) if len(self._threads) == 1 else 0
        while True:
            tid, request, number = self._held
            self._held = _NONE
            result = lib.pysys_next_stop(self._stop, tid, request, number, only)
            if result == 1:
                return True
            if result == 0:
                if not self._is_ours(self._stop.tid, self._stop.code):
                    return self._look(ending)
                only = self._stop.tid
            elif result != -_EINTR or (self._stopping and not ending):
                return False

    def _is_ours(self, tid: int, code: int) -> bool:
        return tid in self._threads or (code != _STOPPED and _status(tid).get("TracerPid") == self._tracer)

    def _look(self, ending: bool) -> bool:
        """The same by looking at each thread: a child that is not traced would end every wait for all."""
        pause = _FIRST_PAUSE
        while True:
            for tid in self._threads:
                try:
                    seen = os.waitid(os.P_PID, tid, _NO_WAIT | _WALL | _NOTHREAD)
                except ChildProcessError:
                    return False
                if seen is not None:
                    return bool(lib.pysys_next_stop(self._stop, 0, 0, 0, tid) == 1)
            if self._stopping and not ending:
                return False
            sleep(pause)
            pause = min(2 * pause, _LAST_PAUSE)

    def _born(self, tid: int) -> _Thread:
        status = _status(tid)
        pid = status.get("Tgid", tid)
        thread = self._threads[tid] = _Thread(tid, pid)
        parent = status.get("PPid", 0) if pid == tid else pid
        self._queue.append(Started(time=time(), pid=pid, tid=tid, parent=parent))
        return thread

    def _ended(self, thread: _Thread, status: int) -> None:
        self._leave_unseen(thread)
        del self._threads[thread.tid]
        code = os.waitstatus_to_exitcode(status)
        self._queue.append(
            Ended(time=time(), pid=thread.pid, tid=thread.tid, status=code, dumped=os.WCOREDUMP(status))
        )
        if thread.tid == self.pid:
            self.returncode = code

    def _stopped(self, thread: _Thread, number: int, event: int) -> None:
        if number == _SYSCALL_TRAP or event == _AT_SECCOMP:
            self._at_call(thread)
        elif event in BIRTHS:
            child = self._told(thread)
            if child in self._gone:
                self._gone.discard(child)
            elif child not in self._threads:
                self._born(child)
        elif event == _EXEC:
            thread = self._executed(thread, self._told(thread))
        elif event == _EXITING:
            status = os.waitstatus_to_exitcode(self._told(thread) & 0xFFFF)
            self._queue.append(Exiting(time=time(), pid=thread.pid, tid=thread.tid, status=status))
        elif event == _STOP:
            if number in _STOPPING:
                stopped = Stopped(time=time(), pid=thread.pid, tid=thread.tid, name=signal_name(number))
                self._queue.append(stopped)
                self._held = thread.tid, _LISTEN, 0
                return
        elif not event:
            self._signalled(thread, number)
            self._held = thread.tid, self._request(thread), number
            return
        self._held = thread.tid, self._request(thread), 0

    def _request(self, thread: _Thread) -> int:
        return _CONT if self._filtered and not self._hidden and not thread.entered else _SYSCALL

    def _told(self, thread: _Thread) -> int:
        direct.ptrace(GET_MESSAGE, thread.tid, None, self._message)
        return int.from_bytes(self._message[: ffi.sizeof("long")], _ORDER)

    def _executed(self, thread: _Thread, former: int) -> _Thread:
        """The caller has got the id of the first thread, of which no more is heard."""
        caller = self._threads.get(former, thread)
        if caller is not thread:
            self._leave_unseen(thread)
            del self._threads[former]
            caller.tid = thread.tid
            self._threads[thread.tid] = caller
        self._queue.append(Executed(time=time(), pid=caller.pid, tid=caller.tid, former=former))
        return caller

    def _signalled(self, thread: _Thread, number: int) -> None:
        info = self._signal
        direct.ptrace(GET_SIGNAL, thread.tid, None, info)
        sender = info.si_pid if info.si_code <= 0 or number == _SIGCHLD else 0
        name = signal_name(number)
        self._queue.append(
            Signalled(
                time=time(),
                pid=thread.pid,
                tid=thread.tid,
                number=number,
                name=name,
                code=info.si_code,
                sender=sender,
            )
        )

    # ---- calls ----

    def _at_call(self, thread: _Thread) -> None:
        if not self._stop.has_info:
            if self._hidden:  # EIO from a kernel that does not know it
                direct.ptrace(
                    _GET_INFO, thread.tid, ffi.sizeof(self._stop.info), ffi.addressof(self._stop.info)
                )
            return
        kind, architecture = _HEAD.unpack_from(self._buffer)
        if kind == _EXIT:
            if thread.entered:
                thread.entered = False
                self._leave(thread, *_RETURNED.unpack_from(self._buffer, _HEAD.size))
        elif kind in (_ENTRY, _SECCOMP) and not thread.entered:
            thread.entered = True
            number, *words = _CALLED.unpack_from(self._buffer, _HEAD.size)
            self._enter(thread, architecture, number, tuple(words))

    def _enter(self, thread: _Thread, architecture: int, number: int, words: tuple[int, ...]) -> None:
        known = self._known.get((architecture, number))
        if known is None:
            known = self._known[architecture, number] = self._find(architecture, number)
        thread.known = known
        thread.words = words
        if self._hidden:
            if known.name not in ("execve", "execveat"):
                return
            self._hidden = False
        if not known.wanted:
            return
        arguments: dict[str, Any] = {}
        thread.state = None
        if known.plan is not None:
            arguments, thread.state = self._decoder.entering(thread.tid, known.plan, words)
        call = thread.call = Entered.__new__(Entered)
        call.time, call.pid, call.tid = time(), thread.pid, thread.tid
        call.name, call.number, call.abi, call.arguments = known.name, known.number, known.abi, arguments
        thread.since = monotonic()
        if self._entries and not self._selection.failed:
            self._queue.append(call)

    def _find(self, architecture: int, number: int) -> _Known:
        bit = X32_BIT if number & X32_BIT and (architecture, X32_BIT) in self._abis else 0
        name = self._abis.get((architecture, bit))
        return _Known(
            number & ~bit, None if name is None else abi.get(name), self._selection, self._arguments
        )

    def _leave(self, thread: _Thread, value: int, failed: int) -> None:
        known, call = thread.known, thread.call
        if known is None:
            return
        if known.installs and self._filtered and not self._hidden and not failed:
            self._watch_all(thread)
        if call is None:
            return
        thread.call = None
        duration = monotonic() - thread.since
        restarted = _RESTARTS.get(-value, "") if failed else ""
        if self._selection.failed and (not failed or restarted):
            return
        written: dict[str, Any] = {}
        result: Any = -1 if failed and not restarted else None if failed else value
        if not failed and known.plan is not None:
            written, result = self._decoder.leaving(thread.tid, known.plan, thread.state, value)
        errno = _errno(known.abi, -value) if failed and not restarted else ""
        self._add(call, written, result, errno, restarted, duration)

    def _leave_unseen(self, thread: _Thread) -> None:
        """Its call has no end that is seen: the thread is gone."""
        if thread.call is not None:
            if not self._selection.failed:
                self._add(thread.call, {}, None, "", "", monotonic() - thread.since)
            thread.call = None
        thread.entered = False

    def _add(
        self, call: Entered, written: dict[str, Any], result: Any, errno: str, restarted: str, duration: float
    ) -> None:
        ended = Call.__new__(Call)
        ended.time, ended.pid, ended.tid = call.time, call.pid, call.tid
        ended.name, ended.number, ended.abi, ended.arguments = (
            call.name,
            call.number,
            call.abi,
            call.arguments,
        )
        ended.written, ended.result, ended.errno = written, result, errno
        ended.restarted, ended.duration = restarted, duration
        self._queue.append(ended)

    def _watch_all(self, thread: _Thread) -> None:
        """The program has installed a filter of its own, which may forbid a call before the tracer is
        asked."""
        operation, options, *_ = thread.words
        if thread.known is not None and thread.known.name == "prctl":
            if operation & 0xFFFFFFFF != flags.PR_SET_SECCOMP:
                return
        elif operation & 0xFFFFFFFF not in (flags.SECCOMP_SET_MODE_STRICT, flags.SECCOMP_SET_MODE_FILTER):
            return
        self._filtered = False
        if (
            options & flags.SECCOMP_FILTER_FLAG_TSYNC
            and thread.known is not None
            and thread.known.name == "seccomp"
        ):
            for other in self._threads.values():  # they run, until then without a stop at calls
                if other is not thread and other.pid == thread.pid:
                    try:
                        direct.ptrace(INTERRUPT, other.tid, None, None)
                    except errors.ESRCH:
                        pass


def _abis() -> dict[tuple[int, int], str]:
    """The ABIs that programs on this kernel may have, by the value of audit and the bit of x32."""
    here = abi.current()
    found: dict[tuple[int, int], str] = {}
    for one in abi.ABIS.values():
        if one.architecture == here.architecture and one.audit_arch:
            big = here.endian == "big" or (here.endian == "either" and _ORDER == "big")
            audit = one.audit_arch_big if big else one.audit_arch
            found.setdefault((audit, X32_BIT if one.name == "x32" else 0), one.name)
    for name in reversed(here.runs):  # arm's programs on arm64 are those of aarch64_compat32
        one = abi.get(name)
        big = here.endian == "big" or (here.endian == "either" and _ORDER == "big")
        audit = one.audit_arch_big if big else one.audit_arch
        found[audit, X32_BIT if name == "x32" else 0] = name
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, SIGKILL)
    except OSError:  # it has ended, or belongs to another user now
        pass


def _status(tid: int) -> dict[str, int]:
    """The ids of a thread in /proc; nothing where they cannot be read."""
    wanted = ("Tgid", "PPid", "TracerPid")
    try:
        with open(f"/proc/{tid}/status") as file:
            lines = [line.split(":") for line in file if line.startswith(wanted)]
    except OSError:
        return {}
    return {name: int(value) for name, value in lines}


_errnos: dict[str, dict[int, str]] = {}


def _errno(name: str, number: int) -> str:
    """The name of an errno on an ABI."""
    table = abi.get(name).errno_table if name else "generic"
    found = _errnos.get(table)
    if found is None:
        found = _errnos[table] = {}
        for symbol, value in ERRNOS[table].items():
            found.setdefault(value, symbol)
    return found.get(number, str(number))


def trace(
    argv: Iterable[Path] = (),
    calls: str | Iterable[str] = (),
    *,
    pid: int | None = None,
    entries: bool = False,
    exits: bool = False,
    arguments: bool = True,
    size: int = 64,
    env: Mapping[str, str] | None = None,
    seccomp: bool | None = None,
) -> Trace:
    """ptrace(2): run a program and watch the calls that it and all its children and threads make.

    argv: the program's arguments, of which the first is its name, which is looked for in the PATH of env.
    calls: which calls are wanted: names, patterns ("*at"), topics of the reference ("files"), and "failed"
    for
        those that fail; with "!" in front, all but these. A str with commas between, or an iterable. Signals
        and the rest come in any case.
    pid: a process that runs already, in place of argv: all its threads are traced, and what they start from
        now on. It goes on when the trace is closed, or when this process ends. A call that it waits in begins
        again; one that a signal would end with EINTR, such as epoll_wait, ends so.
    entries: whether there is an event for the beginning of a call as well.
    exits: whether there is an event when a thread begins to end, and can still be looked at in /proc.
    arguments: whether arguments are decoded; without them a trace takes less time.
    size: how many bytes of strings and memory are read at most. Paths are read in full.
    env: the environment of the program; None: this process's.
    seccomp: whether the kernel stops the program at the wanted calls only, by a filter, so that the others
    cost
        almost nothing; it can be seen in /proc/PID/status. None: if there are calls that are not wanted, and
        the filter needs no no_new_privs: this process has CAP_SYS_ADMIN, or no_new_privs already. True: with
        no_new_privs where it has to be. False: never.

    Its descriptors, directory, group, session and signal mask are this process's; SIGPIPE and SIGXFSZ, which
    Python ignores, have their default action. As for any traced program, set-user-ID has no effect unless
    this process has CAP_SYS_PTRACE.

    Returns a Trace, an iterator of events (pysys.tracing), when the program runs.

    Raises the error of the execve, with its filename, errors.ESRCH if there is no process pid, errors.EPERM
    if ptrace is not permitted or the process has another tracer, errors.EIO if the kernel does not say which
    call it is; ValueError for calls that do not exist. Since Linux 5.3, which has PTRACE_GET_SYSCALL_INFO.
    """
    return Trace(
        argv,
        calls,
        pid=pid,
        entries=entries,
        exits=exits,
        arguments=arguments,
        size=size,
        env=env,
        seccomp=seccomp,
    )


def __dir__() -> list[str]:
    return __all__
