"""Every call of this ABI is made once, through its typed function, without harm."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys

import pytest
import safe_calls
from apart import nothing_left, status_of

from pysys import abi, errors, numbers, parameters
from pysys.calls import direct

apart = pytest.mark.apart(timeout=120)

SECONDS = 30  # that a call may take; sync writes all the machine's files


# It traps, and its result is what a register held.
TRAPS = {"breakpoint"}


def names(which: abi.ABI | None = None) -> list[str]:
    return sorted(numbers.table(which).keys() - TRAPS)


# Those that the tests run on.
ABIS = [
    "aarch64",
    "arm",
    "i386",
    "loongarch64",
    "mips_n64",
    "mips_o32",
    "ppc64",
    "riscv64",
    "s390x",
    "x86_64",
]


@pytest.mark.parametrize("which", ABIS)
def test_all_thought_about(which: str) -> None:
    """Every call has safe arguments, as many as it has parameters: a new one fails until it is added."""
    missing, wrong = [], []
    for name in names(abi.get(which)):
        try:
            args, expected = safe_calls.safe(name, abi.get(which))
        except KeyError:
            missing.append(name)
            continue
        assert expected
        usual = None if expected == {safe_calls.REFUSED} else which
        if len(args) != len(parameters.parameters(name, usual) or ()):
            wrong.append(name)
    assert not missing
    assert not wrong


def test_nothing_outdated() -> None:
    """The tables of safe arguments name no call that no ABI has."""
    known = {name for which in abi.ABIS for name in numbers.table(which)}
    assert set(safe_calls._by_hand()) | safe_calls.IN_CHILD <= known


def outcome(name: str, args: tuple[object, ...]) -> str:
    """ "OK", or what was raised: an error's name."""
    try:
        result = getattr(direct, name)(*args)
    except errors.RefusedError as error:
        assert error.syscall == name
        return "RefusedError"
    except errors.SyscallError as error:
        assert error.syscall == name
        assert type(error) is errors.by_number(error.errno), type(error)
        assert str(error)
        return type(error).__name__
    assert type(result) is int
    assert result >= 0
    if name in safe_calls.OPENS:
        os.close(result)
    return "OK"


def in_child(name: str, args: tuple[object, ...]) -> str:
    """The outcome in a forked child, which may lose what it wants."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(SECONDS)
            if name in safe_calls.WAITING:
                signal.signal(signal.SIGUSR1, lambda *_: None)
                signal.signal(signal.SIGVTALRM, lambda *_: None)
                signal.signal(signal.SIGALRM, lambda *_: None)
                signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
            os.write(write, outcome(name, args).encode())
            os._exit(0)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)
    os.close(write)
    with open(read) as pipe:
        found = pipe.read()
    status = status_of(pid)
    if name == "exit_group" and (found, status) == ("", safe_calls.EXIT_CODE):
        return "OK"
    assert status == 0, f"{name}: the child ended with {status}"
    return found


def made(name: str, args: tuple[object, ...]) -> str:
    """The outcome of a call, here or where it does no harm."""
    return (in_child if name in safe_calls.IN_CHILD else outcome)(name, args)


@apart
@pytest.mark.parametrize("user", ["as it is", "unprivileged"])
def test_safe_invocation(user: str) -> None:
    """Every call gives a result or an error of those that are expected, and leaves nothing behind."""
    todo = {name: safe_calls.safe(name) for name in names()}
    for name in todo:  # all that this loads may lie where only the user before may look
        getattr(direct, name)
    if user == "unprivileged" and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    # A call that hangs is named by the traceback that faulthandler prints.
    faulthandler.register(signal.SIGALRM, chain=True)
    surprises = []
    with nothing_left():
        for name, (args, expected) in todo.items():
            signal.alarm(SECONDS)
            try:
                found = made(name, args)
            except Exception as error:
                found = repr(error)
            if found not in expected:
                surprises.append(f"{name}: {found}, not {' or '.join(sorted(expected))}")
        signal.alarm(0)
    assert not surprises, "\n".join(surprises)
