"""Every call of this ABI is made once, through its typed function, without harm."""

from __future__ import annotations

import faulthandler
import os
import signal

import pytest
import safe_calls
from every_call import SECONDS, made, names
from isolated import nothing_left

from pysys import abi, numbers, parameters
from pysys.calls import direct

isolated = pytest.mark.isolated(timeout=120)

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


@pytest.mark.portable
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


@isolated
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
