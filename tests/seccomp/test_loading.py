"""Filters that are loaded decide in the kernel what they decide here; and what loading one answers."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable

import pytest
from diagnosed import become
from filter_rules import RuleOf, boundaries, expected

from pysys import abi, calls, errors, flags, numbers, seccomp, spawn
from pysys._native import lib
from pysys.seccomp import ALLOW, KILL_PROCESS, NOTIFY, Filter, ThreadError, arg, errno

NAMES = ("getppid", "getpgid", "umask", "readlinkat", "getpriority", "personality")


def make(number: int, words: list[int]) -> int:
    """The errno of a call, 0 or less if it has none."""
    bits = abi.current().register_bits
    signed = [(word & ((1 << bits) - 1)) - ((word >> (bits - 1) & 1) << bits) for word in words]
    return -lib.pysys_syscall6(number, *signed)


def some_rules(choose: random.Random) -> list[RuleOf]:
    """Rules about calls that Python does not need, each with an errno that none of these calls has."""
    values = [0, 1, 5, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 32, (1 << 32) + 5, 1 << 63, (1 << 64) - 1]
    masks = [None, None, 0xFF, 1 << 40, 0xFFFFFFFF << 16]
    found: list[RuleOf] = []
    for number in range(24):
        conditions = []
        for index in choose.sample(range(6), choose.randrange(1, 3)):
            mask = choose.choice(masks)
            operator = choose.choice(["==", "!=", "<", "<=", ">", ">="])
            value = choose.choice(values)
            conditions.append((index, mask, operator, value if mask is None else value & mask))
        found.append((errno(1000 + number), choose.choice(NAMES), conditions))
    return found


@pytest.mark.isolated
@pytest.mark.parametrize("seed", range(3))
def test_the_kernel_decides_the_same(seed: int) -> None:
    """Rules with halves, masks and orders, at the ends of each condition."""
    choose = random.Random(seed)
    here = abi.current().name
    rules = some_rules(choose)
    f = Filter(ALLOW)
    for action, name, conditions in rules:
        when = [
            (arg[index] if mask is None else arg[index] & mask)._compared(operator, value)
            for index, mask, operator, value in conditions
        ]
        f.add(action, name, when=when)
    for name in NAMES:  # so that none of them is made
        f.refuse(name, error=999, priority=-1)
    f.load()
    seen = set()
    for name in NAMES:
        number = numbers.number(name)
        for words in boundaries(rules, name, here, choose):
            wanted = expected(rules, errno(999), name, words, here).data
            assert make(number, words) == wanted, (name, words)
            seen.add(wanted)
    assert len(seen) > 10


@pytest.mark.isolated
def test_a_list_of_what_is_allowed() -> None:
    """A filter that allows groups only: Python goes on, the rest fails; what no kernel has fails too."""
    f = Filter(errno("EPERM"), newer=errno("ENOSYS"))
    f.allow("@default", "@basic-io", "@file-system", "@signal", "@process", "@io-event", "ioctl", "madvise")
    assert f.load() is None
    with pytest.raises(PermissionError):
        calls.sethostname(b"x", 1)
    assert os.listdir("/proc/self/fd")
    pid = os.fork()
    if not pid:
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3
    assert make(max(number for number in numbers.table().values() if number < 0x8000) + 7, [0] * 6) == 38


@pytest.mark.isolated
def test_a_call_that_kills() -> None:
    """SIGSYS ends the process."""
    pid = os.fork()
    if not pid:
        f = Filter(ALLOW)
        f.kill("getppid", when=arg[0] == 7)
        f.load()
        make(numbers.number("getppid"), [6, 0, 0, 0, 0, 0])
        make(numbers.number("getppid"), [7, 0, 0, 0, 0, 0])
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGSYS


@pytest.mark.isolated
def test_all_threads_or_none() -> None:
    """Another thread has the filter as well; if it cannot follow, the error says which, and none has it."""
    ready, go, done = (threading.Event() for _ in range(3))
    found: dict[str, object] = {}

    def other() -> None:
        ready.set()
        assert go.wait(20)
        found["refused"] = make(numbers.number("getppid"), [0] * 6)
        own = Filter(ALLOW)
        own.refuse("umask", error=1001)
        own.load()
        found["id"] = threading.get_native_id()
        go.clear()
        ready.set()
        assert done.wait(20)

    thread = threading.Thread(target=other)
    thread.start()
    assert ready.wait(20)
    ready.clear()
    f = Filter(ALLOW)
    f.refuse("getppid", error=1000)
    f.load(all_threads=True)
    go.set()
    assert ready.wait(20)
    assert found["refused"] == 1000
    more = Filter(ALLOW)
    more.refuse("getpgid", error=1002)
    with pytest.raises(ThreadError, match=f"thread {found['id']} cannot follow") as caught:
        more.load(all_threads=True)
    assert caught.value.thread == found["id"]
    assert make(numbers.number("getpgid"), [0] * 6) <= 0
    try:
        with pytest.raises(ThreadError, match="another thread cannot follow"):
            more.load(all_threads=True, listener=True)
    except errors.EINVAL:
        pass  # before Linux 5.7 a listener is for one thread
    done.set()
    thread.join()


@pytest.mark.isolated
def test_a_listener() -> None:
    """Its descriptor is closed by exec; one filter of a thread has one."""
    f = Filter(ALLOW)
    f.add(NOTIFY, "getppid")
    try:
        listener = f.load(listener=True)
    except errors.EINVAL:
        pytest.skip("this kernel has no listeners")
    assert listener is not None
    fd = listener.fileno()
    assert not os.get_inheritable(fd)
    with pytest.raises(errors.EBUSY):
        f.load(listener=True)
    pid = os.fork()
    if not pid:
        os.close(fd)  # as for every call, when the last descriptor of the listener is closed
        os._exit(make(numbers.number("getppid"), [0] * 6))
    listener.close()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 38


@pytest.mark.isolated
def test_what_is_refused() -> None:
    """What is not a program, what needs a listener, a filter of another ABI."""
    f = Filter(ALLOW)
    f.load(log=True, spec_allow=True)
    assert calls.prctl(flags.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1
    seccomp.load(bytes(f), no_new_privs=False)
    with pytest.raises(seccomp.ProgramError):
        seccomp.load([(0, 0, 0, 0)])
    with pytest.raises(ValueError, match="about a listener"):
        f.load(wait_killable=True)
    other = Filter(KILL_PROCESS, abis="alpha" if abi.current().name != "alpha" else "x86_64")
    ways: list[Callable[[], object]] = [
        other.load,
        lambda: seccomp.load(other),
        lambda: spawn(["true"], seccomp=other),
    ]
    for way in ways:
        with pytest.raises(ValueError, match="is not for this process"):
            way()


@pytest.mark.isolated
def test_no_new_privs_is_needed() -> None:
    """Without CAP_SYS_ADMIN a filter needs it, and False does not set it."""
    become()
    if calls.prctl(flags.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1:
        pytest.skip("no_new_privs is set already")
    with pytest.raises(errors.EACCES):
        Filter(ALLOW).load(no_new_privs=False)
    assert calls.prctl(flags.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0
    Filter(ALLOW).load()
