"""Follows a program, keeps the last failed calls of its processes, and says which made it give up."""

from __future__ import annotations

import os
import signal
from re import search

from pysys import errors
from pysys.diagnosis.failures import Diagnosis, Finding, Verdict, diagnose, found_by
from pysys.diagnosis.programs import of_tracee
from pysys.loading import counted
from pysys.reasons import endings, filtering
from pysys.reasons.asking import ask
from pysys.reasons.relevance import SEARCHED, FailedCall, FailedCalls, chosen, name_of
from pysys.reasons.report import Failure, ProcessEnd, Why
from pysys.tracing import Call, Data, Ended, Executed, Exiting, Signalled, Started, trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pysys._types import Path
    from pysys.diagnosis.facts import Fact
    from pysys.tracing import Event, Trace

__all__ = ["Follower", "why"]

_SIZE = 512  # bytes of strings and messages that are read
_SAID = 2000  # characters of messages that are kept
_AT_ONCE = 16  # calls of a kind that are asked about when they fail; later ones at the process's end
_SEARCHES = 300  # of those that looked for something, in all
_MOST = 3  # failures that are shown
_IGNORED = frozenset({signal.SIGCHLD, signal.SIGWINCH, signal.SIGURG, signal.SIGCONT})
_SENDING = frozenset({"kill", "tkill", "tgkill"})
_FILTERING = frozenset({"seccomp", "prctl"})
_NOT_FOUND, _NOT_RUN = 127, 126  # what shells return


class _Process:
    """A process: what it runs, what failed, what it said, how it ended."""

    def __init__(self, pid: int, parent: _Process | None) -> None:
        self.pid = pid
        self.parent = parent
        self.program: str = _program(pid) or (parent.program if parent is not None else "")
        self.record = FailedCalls()
        self.said = ""
        self.asked: dict[tuple[str, str], int] = {}
        self.signals: dict[int, list[Finding]] = {}
        # When a filter has ended a process, the kernel does not show it any more.
        self.programs: Fact = of_tracee(pid) if parent is None else parent.programs
        self.decision: tuple[int, str, int] | None = None
        self.last: Call | None = None
        self.killer = ""
        self.kills = endings.Kills(pid)
        self.status: int | None = None
        self.order = 0

    def messages(self) -> str:
        """What it has said, and those that have started it: they may say what failed here."""
        return self.said + (self.parent.messages() if self.parent is not None else "")


class Follower:
    """Takes the events of a trace that was made with exits=True; answer() says why the program gave up."""

    def __init__(self, events: Trace) -> None:
        self._events = events
        self._processes: dict[int, _Process] = {}
        self._all: list[_Process] = []
        self._searches = 0
        self._root = self._process(events.pid)

    def _process(self, pid: int, parent: int = 0) -> _Process:
        found = self._processes.get(pid)
        if found is None:
            found = self._processes[pid] = _Process(pid, self._processes.get(parent))
            self._all.append(found)
        return found

    def take(self, event: Event) -> None:
        """See an event, while its thread stands still."""
        if isinstance(event, Started) and event.pid == event.tid:
            self._processes.pop(event.pid, None)  # the id is that of an earlier process
        parent = self._pid_of(event.parent) if isinstance(event, Started) else 0
        process = self._process(event.pid, parent)
        if isinstance(event, Call):
            self._call(process, event)
        elif isinstance(event, Executed):
            process.program = _program(event.pid) or process.program
            process.record.clear()
            process.kills = endings.Kills(event.pid)
            process.said = ""
        elif isinstance(event, Signalled):
            if event.number not in _IGNORED:
                process.signals[event.number] = endings.delivered(event)
        elif isinstance(event, Exiting):
            self._exiting(process, event)
        elif isinstance(event, Ended) and event.pid == event.tid:
            process.status = event.status
            process.order = len(self._all) + sum(one.status is not None for one in self._all)

    def _pid_of(self, tid: int) -> int:
        """The process of a thread."""
        if tid in self._processes:
            return tid
        try:
            with open(f"/proc/{tid}/status") as file:
                return next((int(line.split()[1]) for line in file if line.startswith("Tgid:")), tid)
        except OSError:
            return tid

    def _call(self, process: _Process, call: Call) -> None:
        process.last = call
        if call.name in _SENDING and not call.errno and call.arguments.get("sig") == signal.SIGKILL:
            target = self._processes.get(int(call.arguments.get("tgid", call.arguments.get("pid", 0))))
            if target is not None:
                target.killer = f"Process {process.pid} ({process.program})"
        if call.name in _FILTERING and not call.errno:
            process.programs = of_tracee(call.tid)
        if call.errno:
            kept = process.record.failed(call)
            if kept is not None:
                kept.words = self._events.words(call.tid)
                if self._is_asked_now(process, kept):
                    kept.diagnosis = _asked(kept)
        elif call.result is not None:
            process.record.succeeded(call)
            process.said = (process.said + _said(call))[-_SAID:]

    def _is_asked_now(self, process: _Process, kept: FailedCall) -> bool:
        if kept.usual:
            return False
        key = kept.call.name, kept.call.errno
        process.asked[key] = process.asked.get(key, 0) + 1
        self._searches += kept.searches
        return process.asked[key] <= _AT_ONCE and not (kept.searches and self._searches > _SEARCHES)

    def _exiting(self, process: _Process, event: Exiting) -> None:
        """What was not asked about when it failed is asked now, while the process is still there."""
        if event.status == 0:
            return
        if event.status == -signal.SIGSYS and signal.SIGSYS not in process.signals:
            process.decision = self._decision(event.tid, process.programs)
        for kept in chosen(process.record, process.messages())[1]:
            if kept.diagnosis is None and kept.call.tid == event.tid:
                kept.diagnosis = _asked(kept)

    def _decision(self, tid: int, programs: Fact) -> tuple[int, str, int] | None:
        known = self._events.called(tid)
        if known is None or not programs:
            return None
        number, abi = known
        return filtering.decided(programs.value, number, self._events.words(tid), abi)

    def answer(self) -> Why:
        """Why it gave up."""
        root = self._root
        status = self._events.returncode
        ends = (
            [ProcessEnd(root.pid, root.program, status, tuple(_why_ended(root)))]
            if status is not None
            else []
        )
        failures: list[tuple[int, int, int, Failure]] = []
        count = 0
        if status != 0:
            for process in self._all:
                if process.status == 0 or (process.status is None and process is not root):
                    continue
                if process is not root and (process.status or 0) < 0:
                    findings = tuple(_why_ended(process))
                    ends.append(ProcessEnd(process.pid, process.program, process.status or 0, findings))
                rank, found = chosen(process.record, process.messages())
                count += sum(not one.retried and not one.searches for one in process.record)
                for kept in found:
                    failures.append((rank, -process.order, -kept.order, _failure(process, kept)))
        failures.sort(key=lambda one: one[:3])
        best = [one for rank, _, _, one in failures if rank == failures[0][0]][:_MOST]
        if any(one.findings for one in ends) and failures and failures[0][0] == SEARCHED:
            best = []
        said = root.said or next((one.said for one in reversed(self._all) if one.said), "")
        shown = sum(not _searched(one) for one in best)
        return Why(root.pid, root.program, status, ends, best, max(count - shown, 0), said)


def _searched(failure: Failure) -> bool:
    return FailedCall(failure.call, "", 0).searches


def _asked(kept: FailedCall) -> Diagnosis:
    try:
        return ask(kept.call, kept.words)
    except Exception as error:  # a mistake here must not end the program
        text = f"It could not be looked at: {error!r}."
        return found_by((), kept.call.name, kept.call.errno, {}, [Finding(Verdict.UNKNOWN, text)])


def _failure(process: _Process, kept: FailedCall) -> Failure:
    diagnosis = kept.diagnosis
    if diagnosis is None:
        late = Finding(Verdict.UNKNOWN, "It was not looked at before the process had ended.")
        diagnosis = found_by((), kept.call.name, kept.call.errno, {}, [late])
    if kept.call.errno == "ENOENT" and kept.searches and search(r"\.so(\.|$)", kept.path):
        diagnosis = Diagnosis(kept.call.name, kept.call.errno, [_library(kept), *diagnosis])
    return Failure(kept.call, process.program, kept.count, kept.tried, kept.directory, diagnosis)


def _library(kept: FailedCall) -> Finding:
    places = counted(len(kept.tried) + 1, "place")
    text = f"The library {name_of(kept.path)} is in none of the {places} where it was looked for."
    advice = "install what has it; ldconfig -p shows what is found; LD_LIBRARY_PATH"
    return Finding(Verdict.PROVEN, text, "the calls with its name", advice)


def _why_ended(process: _Process) -> list[Finding]:
    """Why a signal has ended a process."""
    status = process.status or 0
    if status >= 0:
        return []
    if -status == signal.SIGKILL:
        return process.kills.findings(process.killer)
    found = process.signals.get(-status)
    if found is None and -status == signal.SIGSYS and process.last is not None:
        return [endings.by_filter(process.last, process.decision)]
    return found or []


def _program(pid: int) -> str:
    """What a process runs, as it was called."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = os.fsdecode(file.read(_SIZE)).rstrip("\0").split("\0")
    except OSError:
        return ""
    text = " ".join(" ".join(words).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _said(call: Call) -> str:
    """What a call has written to standard error."""
    if call.name not in ("write", "writev") or call.arguments.get("fd") != 2:
        return ""
    pieces = call.arguments.get("buf", call.arguments.get("vec", ()))
    pieces = pieces if isinstance(pieces, tuple) else (pieces,)
    return "".join(one.decode("utf-8", "replace") for one in pieces if isinstance(one, bytes | Data))


def why(
    argv: Iterable[Path] = (),
    *,
    pid: int | None = None,
    env: Mapping[str, str] | None = None,
    started: Callable[[Trace], object] | None = None,
) -> Why:
    """ptrace(2): run a program, and say which of its calls failed when it gave up, and why.

    argv: the program's arguments, of which the first is its name, which is looked for in the PATH of env.
    pid: a process that runs already, in place of argv; it goes on if the trace ends before.
    env: the environment of the program; None: this process's.
    started: is called with the Trace when the program runs: stop() of it, which a handler of a signal may
        call, ends a trace of a process that ran before.

    All processes and threads that it starts are followed. When a call fails, a helper that takes the place of
    its process (descriptors, user, groups, capabilities, namespaces, root and directory) finds out why, while
    the process stands still, as pysys.diagnose does. Which failures matter is judged by what the program did
    afterwards, and by its messages on standard error.

    Returns a Why when the program has ended: returncode, failures, ends, said. It prints well.

    Raises what pysys.trace raises, except for a program that cannot be run, which is the answer then. Since
    Linux 5.6, which has pidfd_getfd; what a helper cannot do is unknown.
    """
    words = [os.fsdecode(word) for word in argv]
    try:
        events = trace(words, pid=pid, exits=True, size=_SIZE, env=env, seccomp=False)
    except errors.SyscallError as error:
        if error.syscall != "execve" or error.symbol is None:
            raise
        return _not_run(words, error)
    with events:
        if started is not None:
            started(events)
        follower = Follower(events)
        for event in events:
            follower.take(event)
    return follower.answer()


def _not_run(words: list[str], error: errors.SyscallError) -> Why:
    """The program itself could not be run."""
    file = os.fsdecode(error.filename) if error.filename is not None else words[0]
    call = Call(
        time=0.0, pid=0, tid=0, name="execve", number=0, abi="", arguments={"filename": file}, written={},
        result=-1, errno=str(error.symbol), restarted="", duration=0.0,
    )  # fmt: skip
    if "/" in file:
        found = diagnose("execve", str(error.symbol), file)
    else:
        text = f"No directory of PATH has a program {file}"
        text += " that may be executed." if error.symbol == "EACCES" else "."
        finding = Finding(Verdict.PROVEN, text, "PATH, and a look into each directory", "type its path")
        found = Diagnosis("execve", str(error.symbol), [finding])
    status = _NOT_FOUND if error.symbol == "ENOENT" else _NOT_RUN
    program = " ".join(words)
    return Why(0, program, status, [], [Failure(call, program, 1, (), "", found)])
