"""Who answers a call of this thread: the kernel, or a seccomp filter. It is found out by a probe in a child.

A filter that kills, kills that child. Where a filter has the call go to a supervisor or a tracer
(USER_NOTIF, TRACE), they see the probes; where it logs (LOG), the kernel's log has them.
"""

from __future__ import annotations

import errno
import mmap
import os
import signal

from pysys import abi as abis
from pysys import numbers
from pysys._native import ffi, lib
from pysys.diagnosis import capabilities, kernel, limits
from pysys.diagnosis.facts import Fact, status, sysctl, unknown
from pysys.diagnosis.probes import ENDED, Probe, probe
from pysys.loading import hold, load
from pysys.metadata.light import Record
from pysys.tables import errnos, optional

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

hold("tables", "history")  # which says whether a kernel should have a call

_PR_GET_SECCOMP = 21
_PATIENCE = 2000  # milliseconds that a call may take
_BUILT_WITHOUT = "the kernel may be built without it"
# What there is in /proc only if the kernel was built with something, by its symbol.
_SHOWN = {
    "AIO": "/proc/sys/fs/aio-nr",
    "BLOCK": "/proc/diskstats",
    "BPF_SYSCALL": "/proc/sys/kernel/unprivileged_bpf_disabled",
    "BSD_PROCESS_ACCT": "/proc/sys/kernel/acct",
    "EPOLL": "/proc/sys/fs/epoll",
    "FANOTIFY": "/proc/sys/fs/fanotify",
    "FILE_LOCKING": "/proc/locks",
    "INOTIFY_USER": "/proc/sys/fs/inotify",
    "IO_URING": "/proc/sys/kernel/io_uring_disabled",
    "KEYS": "/proc/keys",
    "MEMFD_CREATE": "/proc/sys/vm/memfd_noexec",
    "MMU": "/proc/self/smaps",
    "MODULES": "/proc/modules",
    "MULTIUSER": "/proc/self/uid_map",
    "NET": "/proc/self/net",
    "NUMA": "/proc/self/numa_maps",
    "PERF_EVENTS": "/proc/sys/kernel/perf_event_paranoid",
    "POSIX_MQUEUE": "/proc/sys/fs/mqueue",
    "POSIX_TIMERS": "/proc/self/timers",
    "PRINTK": "/proc/sys/kernel/printk",
    "QUOTACTL": "/proc/sys/fs/quota",
    "SECCOMP": "/proc/sys/kernel/seccomp",
    "SECURITY": "/proc/self/attr/current",
    "SWAP": "/proc/swaps",
    "SYSVIPC": "/proc/sysvipc",
    "USERFAULTFD": "/proc/sys/vm/unprivileged_userfaultfd",
}
_ENOSYS, _EPERM = errno.ENOSYS, errno.EPERM
# These are refused with EPERM also for another reason than the capability: lockdown, or modules_disabled.
_LOCKED_DOWN = frozenset("delete_module finit_module init_module kexec_file_load kexec_load".split())


class CallVerdict(Record):
    """Who answers a call.

    call: its name. state: "open" if it reaches the kernel, "refused" if a filter answers it, "absent" if the
    kernel does not have it, "unknown". answer: what came of the probe, "EPERM", "SIGSYS", "0", "" without
    one. reason: in words, why that shows it, or why it is unknown.
    """

    call: str
    state: str
    answer: str
    reason: str

    def __str__(self) -> str:
        answer = f" ({self.answer})" if self.state == "refused" else ""
        return f"{self.call}: {self.state}{answer}: {self.reason}"


def mode() -> Fact:
    """This thread's seccomp mode: 0 without a filter, 1 strict, 2 with filters."""
    found = status("Seccomp")
    if found and found.value.isdecimal():
        return Fact(int(found.value), found.source)
    answer = lib.pysys_syscall5(numbers.number("prctl"), _PR_GET_SECCOMP, 0, 0, 0, 0)
    source = "prctl(PR_GET_SECCOMP)"
    if answer == 0:  # the kernel's, if that is what answers prctl
        other = lib.pysys_syscall5(numbers.number("prctl"), -1, 0, 0, 0, 0)
        if other == -errno.EINVAL:
            return Fact(0, source)
        return unknown(source, "prctl is answered by a filter, and /proc shows nothing")
    if answer > 0:
        return Fact(int(answer), source)
    return unknown(source, f"prctl(PR_GET_SECCOMP): {_name(-answer)}; {found.unknown}")


def count() -> Fact:
    """How many filters this thread has (since Linux 5.9)."""
    found = status("Seccomp_filters")
    return Fact(int(found.value), found.source) if found and found.value.isdecimal() else found


def verdict(call: str, flags: int = 0) -> CallVerdict:
    """Who answers a call of this thread, which a probe in a child shows.

    call: its name. Its number must be one of this ABI's.
    flags: of clone, unshare and setns, those that the filter shall see: flags.CLONE_NEWUSER.

    Returns a CallVerdict; "unknown" with the reason if a probe cannot show it. A filter that looks at
    arguments may let the probe through and refuse others. Raises numbers.UnknownCallError and
    numbers.NoNumberError for a name without a number here.
    """
    numbers.number(call)
    return verdicts([call, *_siblings(call)], flags)[call]


def verdicts(calls: Iterable[str] | None = None, flags: int = 0) -> dict[str, CallVerdict]:
    """The same of many calls at once, by name.

    calls: their names; None: all that this ABI has. flags: as for verdict().
    """
    names = list(dict.fromkeys(sorted(numbers.table()) if calls is None else calls))
    found = {name: probe(name, flags=flags) for name in names}
    probes = [one for one in found.values() if isinstance(one, Probe)]
    try:
        outcomes = dict(zip([one.call for one in probes], _run(probes), strict=True))
    except OSError as error:
        outcomes = {}
        failed = f"the probe cannot be made: {error.strerror or error}"
    now = mode()
    judged = {}
    for name, one in found.items():
        if isinstance(one, str):
            judged[name] = _without_probe(name, one, now)
        elif name not in outcomes:
            judged[name] = _without_probe(name, failed, now)
        else:
            judged[name] = _judge(one, outcomes[name], now)
    return _with_siblings(judged)


def _without_probe(name: str, why: str, now: Fact) -> CallVerdict:
    if now and now.value == 0:
        return CallVerdict(name, "open", "", f"no filter in this thread; it was not tried: {why}")
    return CallVerdict(name, "unknown", "", f"no probe: {why}")


# ---- the probes ----


class _Outcome(Record):
    """What came of a probe.

    result: minus the errno, or the call's; None if it did not return. signal: what ended the child. trapped:
    whether SIGSYS came to its handler. ended: the status with which the call ended it, -1 if it did not.
    """

    result: int | None
    signal: int = 0
    trapped: bool = False
    ended: int = -1


def _run(probes: Sequence[Probe]) -> list[_Outcome]:
    """Make the probes, in as many children as it takes. Raises OSError if there can be none."""
    size = ffi.sizeof("struct pysys_probing") + len(probes) * ffi.sizeof("struct pysys_probe")
    with mmap.mmap(-1, size) as memory, ffi.from_buffer("char[]", memory, require_writable=True) as start:
        probing = ffi.cast("struct pysys_probing *", start)
        calls = ffi.cast("struct pysys_probe *", start + ffi.sizeof("struct pysys_probing"))
        probing.count, probing.milliseconds = len(probes), _PATIENCE
        probing.settings = lib.PYSYS_PROBE_SETTINGS
        for index, one in enumerate(probes):
            calls[index].number = numbers.number(one.call)
            calls[index].args = (*one.args, *[0] * (6 - len(one.args)))
            calls[index].forks = one.kind == "forks"
        found: list[_Outcome] = []
        while len(found) < len(probes):
            before = probing.next, probing.settings
            ended = _child(probing, calls)
            if ended < 0 and probing.setting:  # a filter kills for what the child sets for itself
                probing.settings &= ~probing.setting
                probing.setting = 0
            found += [_outcome(calls[index], ended) for index in range(len(found), probing.next)]
            if (probing.next, probing.settings) == before:
                raise OSError(0, f"a child ends before its first call, with {_ended(ended)}")
        return found


def _child(probing: object, calls: object) -> int:
    """Make a child that goes on with the probes. Returns its exit status, or minus the signal."""
    pid = 0
    try:
        pid = lib.pysys_probe(probing, calls)
        if pid < 0:
            raise OSError(-pid, os.strerror(-pid))
        ended = _wait(pid)
        probing.pid = 0  # type: ignore[attr-defined]  # a structure of CFFI
        return ended
    finally:
        if left := probing.pid:  # type: ignore[attr-defined]  # the same; an exception came in between
            _end(left)


def _wait(pid: int) -> int:
    """Wait for a child. Returns its exit status, or minus the signal."""
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, lib.PYSYS_PROBE_WALL)[1])
    except ChildProcessError:
        raise
    except OSError:  # a filter refuses wait4
        found = os.waitid(os.P_PID, pid, os.WEXITED | lib.PYSYS_PROBE_WALL)
        assert found is not None
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


def _end(pid: int) -> None:
    """End a child, unless it was reaped: then the number may be another process's."""
    try:
        if os.waitpid(pid, os.WNOHANG | lib.PYSYS_PROBE_WALL)[0] == 0:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, lib.PYSYS_PROBE_WALL)
    except OSError:
        pass


def _outcome(call: object, ended: int) -> _Outcome:
    state, result = call.state, call.result  # type: ignore[attr-defined]  # a structure of CFFI
    if state == lib.PYSYS_PROBE_RETURNED:
        return _Outcome(result)
    if state == lib.PYSYS_PROBE_TRAPPED:
        return _Outcome(None, signal.SIGSYS, True)
    return _Outcome(None, -ended) if ended < 0 else _Outcome(None, 0, False, ended)


def _ended(ended: int) -> str:
    return _signal(-ended) if ended < 0 else f"status {ended}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _name(number: int) -> str:
    known = errnos.ERRNOS.get(abis.current().errno_table, errnos.ERRNOS["generic"])
    return next((name for name, value in known.items() if value == number), str(number))


# ---- what they show ----


def _judge(one: Probe, outcome: _Outcome, now: Fact) -> CallVerdict:
    """What an outcome shows."""
    name, free = one.call, bool(now) and now.value == 0
    if outcome.trapped:
        return CallVerdict(name, "refused", "SIGSYS", "a filter sends SIGSYS (TRAP)")
    if outcome.signal == signal.SIGSYS:
        return CallVerdict(name, "refused", "SIGSYS", "a filter ends who makes it (KILL)")
    if outcome.signal == signal.SIGALRM:
        why = f"it did not return within {_PATIENCE // 1000} seconds: a supervisor or a tracer holds it"
        return CallVerdict(name, "unknown", "", why)
    if outcome.signal:
        why = f"the child was ended by {_signal(outcome.signal)}"
        return CallVerdict(name, "unknown", _signal(outcome.signal), why)
    if one.kind == "ends" and outcome.ended == ENDED:
        return CallVerdict(name, "open", "", "it has ended the child")
    result = 0 if outcome.result is None else outcome.result
    answer = _name(-result) if -4096 < result < 0 else str(result) if result == 0 else "a result"
    if free:
        if result == -_ENOSYS:
            return CallVerdict(name, "absent", answer, "this kernel does not have it")
        return CallVerdict(name, "open", answer, "no filter in this thread")
    if result == 0:
        return _nothing(one)
    if not -4096 < result < 0:
        if one.positive:
            return CallVerdict(name, "open", answer, "the kernel has answered")
        return CallVerdict(name, "refused", answer, "a supervisor or a tracer answers, with success")
    if answer in one.answers or any(-result == getattr(errno, known, 0) for known in one.answers):
        if result == -_ENOSYS:
            return CallVerdict(name, "absent", answer, "this kernel does not have it")
        return CallVerdict(name, "open", answer, "only the kernel answers so")
    return _foreign(one, -result, answer)


def _nothing(one: Probe) -> CallVerdict:
    if one.zero:
        return CallVerdict(one.call, "unknown", "0", "the kernel answers 0, as a filter might")
    return CallVerdict(one.call, "refused", "0", "a filter answers 0, and nothing is done")


def _foreign(one: Probe, number: int, answer: str) -> CallVerdict:
    """Of an errno that the kernel does not answer a probe with, unless there is a reason."""
    why = ""
    if number == _ENOSYS:
        why = _may_lack(one)
    elif number == _EPERM and one.doubt and not one.doubt.startswith("ENOSYS"):
        why = _may_refuse(one)
    if why:
        return CallVerdict(one.call, "unknown", answer, why)
    return CallVerdict(
        one.call, "refused", answer, f"a filter answers: to this probe the kernel says {_says(one)}"
    )


def _says(one: Probe) -> str:
    words = [*sorted(one.answers), *(["0"] if one.zero else []), *(["a result"] if one.positive else [])]
    return " or ".join(words) or "nothing"


def _may_lack(one: Probe) -> str:
    """Why the kernel may answer ENOSYS; "" if it cannot."""
    if one.doubt == "ENOSYS":
        return "the kernel answers so, too, where it is switched off"
    if one.doubt == "ENOSYS on 32 bits" and abis.current().bits == 32:
        return "an older kernel does not have it where words have 32 bits"
    since = load("pysys.tables.history").INTRODUCED.get(one.call)
    release = kernel.version()
    if since and release and release.value < kernel.parse(since):
        return f"this kernel may be older: the call is of Linux {since}"
    if since and not release:
        return f"the kernel's version is unknown, and the call is of Linux {since}"
    lacking = [symbol for symbol in _symbols(one.call).split() if not os.path.exists(_SHOWN.get(symbol, ""))]
    return f"{_BUILT_WITHOUT} (CONFIG_{', CONFIG_'.join(lacking)})" if lacking else ""


def _may_refuse(one: Probe) -> str:
    """Why the kernel may answer EPERM; "" if it cannot."""
    if one.doubt == "io_uring_disabled":
        found = sysctl("kernel.io_uring_disabled")
        gone = not found and sysctl("kernel.ostype")  # before Linux 6.6
        return "" if gone or found.value == "0" else "the kernel refuses it, too, by kernel.io_uring_disabled"
    if one.doubt == "dmesg_restrict":
        if sysctl("kernel.dmesg_restrict").value == "0" or capabilities.in_first_namespace("CAP_SYSLOG"):
            return ""
        return "the kernel refuses it, too, by kernel.dmesg_restrict"
    if one.doubt == "protection keys":
        return "the kernel answers so, too, where the processor has none"
    if one.doubt == "RLIMIT_MEMLOCK":
        limit = limits.limit("memlock")
        return "" if limit and limit.value.soft else "the kernel refuses it, too, where RLIMIT_MEMLOCK is 0"
    if one.call not in _LOCKED_DOWN and capabilities.in_first_namespace(one.doubt):
        return ""
    return f"the kernel refuses it, too, without {one.doubt}"


def _symbols(call: str) -> str:
    """What the kernel needs to be built with for a call."""
    entry = numbers.entry(call).removeprefix("compat_").removeprefix("sys_")
    return optional.OPTIONAL.get(entry, "")


def _siblings(call: str) -> list[str]:
    """Calls that the kernel has if it has this one, and the other way round: a few of them."""
    symbols = _symbols(call)
    if not symbols:
        return []
    return [name for name in sorted(numbers.table()) if name != call and _symbols(name) == symbols][:4]


def _with_siblings(judged: dict[str, CallVerdict]) -> dict[str, CallVerdict]:
    """With ENOSYS as a filter's where another call of the same configuration has reached the kernel."""
    there = {
        symbols: name for name, one in judged.items() if one.state == "open" and (symbols := _symbols(name))
    }
    for name, one in judged.items():
        witness = there.get(_symbols(name))
        if one.state == "unknown" and one.answer == "ENOSYS" and witness and _BUILT_WITHOUT in one.reason:
            reason = f"a filter answers: the kernel has {witness}, of the same configuration"
            judged[name] = CallVerdict(name, "refused", "ENOSYS", reason)
    return judged
