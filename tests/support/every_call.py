"""Every call of this ABI, made without harm: what came of it."""

from __future__ import annotations

import os
import signal
import sys

import safe_calls
from isolated import status_of

from pysys import abi, errors, numbers
from pysys.calls import direct

SECONDS = 30  # that a call may take; sync writes all the machine's files


# It traps, and its result is what a register held.
TRAPS = {"breakpoint"}


def names(which: abi.ABI | None = None) -> list[str]:
    return sorted(numbers.table(which).keys() - TRAPS)


def outcome(name: str, args: tuple[object, ...]) -> str:
    """ "OK", or what was raised: an error's name."""
    try:
        result = getattr(direct, name)(*args)
    except errors.RefusedError as error:
        assert error.syscall == name
        return "RefusedError"
    except errors.SyscallError as error:
        assert error.syscall == name
        assert type(error) is errors.by_number(error.errno or 0), type(error)
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
