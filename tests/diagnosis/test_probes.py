"""The probes: without a filter the kernel answers as they say, with one the filter's answer is seen."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys

import isolated
import pytest

from pysys import abi, calls, flags, numbers, preload
from pysys.diagnosis import capabilities, filters, probes
from pysys.diagnosis.probes import Probe, probe

# What Python needs to get from one probe to the next, and the child for itself. The time is a call where the
# vDSO cannot read a clock.
NEEDED = """
    brk clock_gettime clock_gettime64 gettimeofday clock_nanosleep clone close exit exit_group fork
    fstat fstat64 fstatat64 futex futex_time64 getdents64 getrandom ioctl llseek _llseek lseek
    madvise mmap mmap2 mprotect mremap munmap newfstatat open openat prctl read rt_sigaction
    rt_sigprocmask rt_sigreturn setitimer sigaltstack sigreturn statx uname wait4 write
""".split()
KILL_PROCESS, KILL_THREAD, TRAP, ERRNO = 0x80000000, 0, 0x30000, 0x50000


def without_filter() -> None:
    found = filters.mode()
    if not found or found.value:
        pytest.skip(f"a filter may answer here: {found}")


def table() -> list[Probe]:
    found = [probe(name) for name in sorted(numbers.table())]
    return [one for one in found if isinstance(one, Probe)]


# ---- the table ----


@pytest.mark.portable
def test_every_call_has_a_probe_or_a_reason() -> None:
    """On every ABI; and the table has no name that is not one of a call."""
    for which in abi.ABIS.values():
        for name in numbers.table(which):
            found = probe(name, which)
            assert isinstance(found, str) or found.call == name
            assert found
    assert probes.PROBES.keys() <= numbers.calls()
    assert probes.REASONS.keys() <= numbers.calls()
    assert not probes.PROBES.keys() & probes.REASONS.keys()
    for one in probes.PROBES.values():
        assert one.answers <= vars(errno).keys(), one
        assert "EPERM" not in one.answers and "ENOSYS" not in one.answers, one
        assert one.answers or one.positive or one.zero, one
        assert len(one.args) <= 6, one


# Calls of few processors that nobody has found arguments for.
WITHOUT = frozenset(
    """
    breakpoint cachectl get_tls pciconfig_iobase pciconfig_read pciconfig_write spu_create syscall unused109
    unused59 usr26 usr32 vm86 vm86old
    """.split()
)


@pytest.mark.portable
def test_no_call_is_forgotten() -> None:
    """A new call has a probe, or a reason why there is none, on the ABIs that the tests run on."""
    tested = "aarch64 arm i386 loongarch64 mips_n64 mips_o32 ppc64 riscv64 s390x x86_64".split()
    found = {
        name
        for which in map(abi.get, tested)
        for name in numbers.table(which)
        if isinstance(probe(name, which), str) and name not in probes.REASONS
    }
    assert found - WITHOUT == set()


def unexpected(one: Probe, outcome: filters._Outcome) -> bool:
    """Whether neither the probe nor the kernel's configuration nor a lack of rights explains what came."""
    if outcome.ended == probes.ENDED:
        return one.kind != "ends"
    result = outcome.result
    if result is None:
        return True
    if result == -errno.ENOSYS:  # a kernel without it, or an older one
        return not (filters._may_lack(one) or "ENOSYS" in one.answers)
    if result == -errno.EPERM:
        return not (one.doubt and filters._may_refuse(one))
    if -4096 < result < 0:
        return not any(getattr(errno, name, 0) == -result for name in one.answers)
    return not (one.zero if result == 0 else one.positive)


def check_without_filter() -> None:
    found = table()
    outcomes = filters._run(found)
    wrong = [(one, outcome) for one, outcome in zip(found, outcomes, strict=True) if unexpected(one, outcome)]
    assert wrong == [], wrong
    assert {one.state for one in filters.verdicts().values()} <= {"open", "absent"}


@pytest.mark.isolated
def test_the_kernel_answers_as_the_table_says() -> None:
    """With the rights that the tests have; nothing is left of it."""
    without_filter()
    with isolated.nothing_left():
        check_without_filter()


@pytest.mark.isolated
def test_the_kernel_answers_an_ordinary_user_as_the_table_says() -> None:
    """Without any capability."""
    without_filter()
    isolated.need_root()
    preload()  # an ordinary user may not be able to read the package's files
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    assert capabilities.held().value == ()
    check_without_filter()


# Calls that may succeed in the child, without an effect beyond it.
HARMLESS = frozenset(
    """
    alarm brk clone eventfd exit exit_group fork getegid getegid32 geteuid geteuid32 getgid getgid32
    getpgrp getpid getppid gettid getuid getuid32 inotify_init msgget munlockall nice personality
    pipe prctl rseq_slice_yield rt_sigaction rt_sigprocmask sched_yield set_tid_address setfsgid
    setfsgid32 setfsuid setfsuid32 setitimer setregid setregid32 setresgid setresgid32 setresuid
    setresuid32 setreuid setreuid32 setsid umask wait4 sgetmask
    """.split()
)


@pytest.mark.isolated
def test_nothing_is_done() -> None:
    """strace sees no call of the probes succeed but those that concern their child alone."""
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("strace is not installed")
    code = """
from pysys import numbers
from pysys.diagnosis import filters
filters.verdicts()
numbers.number("getpid")
import os
os.getppid()
filters.verdicts()
os.getppid()
"""
    done = subprocess.run(
        [strace, "-f", "-e", "signal=none", "-o", "/dev/fd/1", sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip("tracing is not permitted here")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    parent = lines[0].split()[0]
    asked = [
        number for number, line in enumerate(lines) if line.startswith(f"{parent} ") and "getppid()" in line
    ]
    seen, succeeded = set(), set()
    for line in lines[asked[-2] :]:
        if not line.startswith(f"{parent} ") and (match := re.match(r"\d+ +(?:<\.\.\. )?(\w+)", line)):
            seen.add(match[1])
            if re.search(r"= (0x[0-9a-f]+|\d+)( |$)(?!E[A-Z]+ )", line):
                succeeded.add(match[1])
    assert len(seen) > 150
    assert succeeded - HARMLESS == set(), succeeded - HARMLESS


# ---- with a filter ----


@pytest.mark.isolated
@pytest.mark.parametrize(
    ("action", "answer"),
    [
        (ERRNO | 1, "EPERM"),
        (ERRNO | 38, "ENOSYS"),
        (ERRNO | 0, "0"),
        (ERRNO | 4095, "4095"),
        (TRAP | 5, "SIGSYS"),
        (KILL_THREAD, "SIGSYS"),
        (KILL_PROCESS, "SIGSYS"),
    ],
)
def test_a_filter_is_seen(action: int, answer: str) -> None:
    """What it refuses is refused with its answer, or unknown for a reason; what it allows is open."""
    without_filter()
    if answer == "ENOSYS" and errno.ENOSYS != 38:
        action = ERRNO | errno.ENOSYS
    before = filters.verdicts()
    here = numbers.table()
    isolated._filter([here[name] for name in NEEDED if name in here], 0x7FFF0000, action)
    assert filters.mode().value == 2
    found = filters.verdicts()
    states: dict[str, set[str]] = {}
    for name, one in found.items():
        states.setdefault(one.state, set()).add(name)
        if here[name] in {here[other] for other in NEEDED if other in here}:
            assert one.state in ("open", before[name].state) or "no probe" in one.reason, one
        elif one.state == "refused":
            assert one.answer == answer, one
        elif one.state == "absent":
            assert answer == "ENOSYS" and before[name].state == "absent", one
        else:
            assert one.state == "unknown" and one.answer in ("", answer), one
    certain = answer not in ("ENOSYS", "0")
    assert len(states["refused"]) > (0.9 if certain else 0.6) * (len(here) - len(NEEDED))
    for name in ("unshare", "mount", "ptrace", "openat2", "setns", "clone3"):
        assert found[name].state == "refused", found[name]


@pytest.mark.isolated
def test_one_call() -> None:
    """It is asked for alone, or with what shows that the kernel has it."""
    without_filter()
    assert filters.verdict("unshare").state == "open"
    isolated.filter_calls([numbers.number("unshare"), numbers.number("socket")], errno.ENOSYS)
    assert filters.verdict("unshare")[:3] == ("unshare", "refused", "ENOSYS")
    assert filters.verdict("socket")[:3] == ("socket", "refused", "ENOSYS")
    assert filters.verdict("setns")[:3] == ("setns", "open", "EBADF")
    with pytest.raises(numbers.UnknownCallError):
        filters.verdict("unshaer")


@pytest.mark.isolated
def test_what_needs_a_capability_is_unknown_without() -> None:
    """EPERM could be the kernel's own; with the capability in the first user namespace it could not."""
    without_filter()
    isolated.need_root()
    names = ("pivot_root", "fsopen", "sethostname")
    may = capabilities.in_first_namespace("CAP_SYS_ADMIN")
    isolated.filter_calls([numbers.number(name) for name in names], errno.EPERM)
    if may:
        assert {filters.verdict(name).state for name in names} == {"refused"}
    os.setresuid(65534, 65534, 65534)
    assert {filters.verdict(name).state for name in names} == {"unknown"}
    assert "CAP_SYS_ADMIN" in filters.verdict("fsopen").reason


@pytest.mark.isolated
def test_a_filter_that_kills_for_what_the_child_sets() -> None:
    """The child does without: its probes are made all the same."""
    without_filter()
    here = numbers.table()
    isolated._filter([here["setitimer"], here["prctl"]], KILL_PROCESS, 0x7FFF0000)
    found = filters.verdicts()
    assert found["prctl"].answer == found["setitimer"].answer == "SIGSYS"
    assert found["unshare"].state == "open"
    refused = {name for name, one in found.items() if one.state == "refused"}
    assert refused == {"prctl", "setitimer"}, refused


@pytest.mark.isolated
def test_a_call_that_a_supervisor_holds_is_unknown() -> None:
    """It does not return; the others are made in another child."""
    without_filter()
    calls.prctl(38, 1, 0, 0, 0)
    here = numbers.table()
    program = [
        (0x20, 0, 0, 0),
        (0x15, 0, 1, here["unshare"]),
        (0x06, 0, 0, 0x7FC00000),
        (0x06, 0, 0, 0x7FFF0000),
    ]
    try:
        calls.seccomp_set_mode_filter(program, flags.SECCOMP_FILTER_FLAG_NEW_LISTENER)
    except OSError as error:
        pytest.skip(f"no listener: {error}")
    filters._PATIENCE = 1000
    found = filters.verdicts()
    assert (found["unshare"].state, found["unshare"].answer) == ("unknown", "")
    assert "did not return" in found["unshare"].reason
    assert found["uname"].state == found["setns"].state == "open"


@pytest.mark.isolated
@pytest.mark.parametrize("call", ["unshare", "clone"])
def test_the_flags_that_a_filter_looks_at(call: str) -> None:
    """A probe with flags of namespaces is refused where only these are, and nothing is unshared."""
    without_filter()
    here = numbers.table()[call]
    place = abi.current().clone_order.index("flags") if call == "clone" else 0
    low = 16 + 8 * place + (0 if sys.byteorder == "little" else 4)
    program = [
        (0x20, 0, 0, 0),
        (0x15, 0, 3, here),
        (0x20, 0, 0, low),
        (0x45, 0, 1, flags.CLONE_NEWUSER),
        (0x06, 0, 0, ERRNO | errno.EPERM),
        (0x06, 0, 0, 0x7FFF0000),
    ]
    calls.prctl(38, 1, 0, 0, 0)
    calls.seccomp_set_mode_filter(program)
    assert filters.verdict(call).state == "open"
    assert filters.verdict(call, flags.CLONE_NEWUTS).state == "open"
    assert filters.verdict(call, flags.CLONE_NEWUSER | flags.CLONE_VM)[:3] == (call, "refused", "EPERM")


@pytest.mark.isolated
def test_without_wait4() -> None:
    """The child is waited for in another way, and does not stay."""
    without_filter()
    before = isolated.children()
    isolated.filter_calls([numbers.number("wait4")], errno.ENOSYS)
    assert filters.verdict("wait4")[1:3] == ("refused", "ENOSYS")
    assert filters.verdict("unshare").state == "open"
    assert isolated.children() == before


@pytest.mark.isolated
def test_nobody_can_make_a_child() -> None:
    """Then every call is unknown, with the reason, and nothing raises."""
    without_filter()
    here = numbers.table()
    isolated.filter_calls([here[name] for name in ("clone", "clone3", "fork", "vfork") if name in here], 11)
    found = filters.verdicts()
    assert {one.state for one in found.values()} == {"unknown"}
    assert "cannot be made" in found["openat"].reason


@pytest.mark.isolated
def test_without_proc() -> None:
    """The kernel says itself which mode the thread has, unless a filter answers for it."""
    without_filter()
    from pysys.diagnosis import facts

    facts.read = lambda path: facts.unknown(path, "gone")
    assert filters.mode() == (0, "prctl(PR_GET_SECCOMP)", "")
    isolated.filter_calls([numbers.number("prctl")], 0)
    assert not filters.mode()
    assert filters.verdict("prctl")[1:3] == ("refused", "0")


def test_a_signal_during_the_probes_leaves_nothing() -> None:
    """An exception of a handler ends them, and the child."""

    class InterruptError(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise InterruptError

    before = signal.signal(signal.SIGUSR1, interrupt)
    original = os.waitpid
    try:

        def waitpid(pid: int, options: int) -> tuple[int, int]:
            os.waitpid = original
            os.kill(os.getpid(), signal.SIGUSR1)
            return original(pid, options)

        with isolated.nothing_left(), pytest.raises(InterruptError):
            os.waitpid = waitpid
            filters.verdicts(["uname"])
    finally:
        os.waitpid = original
        signal.signal(signal.SIGUSR1, before)
