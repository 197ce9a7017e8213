"""The typed calls that are written by hand, all of them: names, parameters, documentation, import."""

from __future__ import annotations

import inspect
import keyword
import re
from importlib import import_module

import pytest
from heavy_imports import HEAVY, loaded_by

from pysys import abi, calls, numbers, structures
from pysys.calls import _HANDWRITTEN
from pysys.parameters import parameters
from pysys.policy import replacements


@pytest.mark.parametrize("name", sorted(_HANDWRITTEN.keys() & set(numbers.table())))
def test_a_call_keeps_the_kernels_order(name: str) -> None:
    """Its documentation names it, and the kernel's parameters that are left are in its order."""
    function = getattr(calls, name)
    assert function.__module__ == "pysys.calls"
    assert str(function.__doc__).startswith(f"{name}(2): ")
    kernel = [one.python for one in parameters(name) or ()]
    own = list(inspect.signature(function).parameters)
    assert [one for one in kernel if one in own] == [one for one in own if one in kernel]


@pytest.mark.parametrize(
    "name", ["clock_gettime", "timer_settime", "timerfd_gettime", "rt_sigtimedwait", "nanosleep"]
)
def test_times_have_64_bits_on_every_abi(name: str) -> None:
    """What is called for it takes the structures with 64-bit times, wherever the call exists."""
    for each in abi.ABIS:
        found = replacements.find(name, each)
        used = parameters(found.call if found else name, each) or ()
        points = {one.points for one in used if "time" in one.points}
        assert points <= {"timespec", "itimerspec"}, each


@pytest.mark.portable
@pytest.mark.parametrize("module", sorted(set(_HANDWRITTEN.values())))
def test_import_is_cheap(module: str) -> None:
    """A module takes nothing along that costs milliseconds."""
    import_module(f"pysys.calls.{module}")  # that it exists is not seen below
    alone = loaded_by("import pysys.calls, importlib")
    assert not (loaded_by(f"import importlib, pysys.calls.{module}") - alone) & HEAVY


def test_dir_lists_every_call() -> None:
    """What dir() and completion show is there, and every call of this ABI is among it."""
    for module in (calls, calls.direct):
        listed = dir(module)
        names = [name for name in listed if name != "direct"]
        assert names == sorted(set(names))
        assert not [name for name in names if name.startswith("__") or not callable(getattr(module, name))]
        assert not [name for name in listed if not hasattr(module, name)]
        fillers = {name for name in numbers.table() if re.fullmatch(r"(reserved|unused)\d+", name)}
        assert {name for name in numbers.table() if not keyword.iskeyword(name)} - fillers <= set(listed)
    assert _HANDWRITTEN.keys() <= set(dir(calls))


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("signalfd4", (-1, 10), "user_mask must be numbers of signals or structures.sigset, not int"),
        ("signalfd4", (-1, [200]), "user_mask: a signal is from 1 to (64|128), not 200"),
        ("epoll_pwait", (0, 1, 0, ["HUP"]), "sigmask must be numbers of signals"),
        ("timerfd_settime", (0, 0, "5"), "utmr must be seconds, a pair of them or structures.itimerspec"),
        (
            "timerfd_settime",
            (0, 0, (1, 2, 3)),
            "utmr must be seconds, a pair of them or structures.itimerspec",
        ),
        (
            "setitimer",
            (0, (1, "a")),
            "value must be seconds, a pair of them or structures.itimerval, not str",
        ),
        ("clock_nanosleep", (0, 0, "5"), "rqtp must be seconds or structures.timespec, not str"),
        ("clock_nanosleep", (0, 0, float("nan")), "rqtp: nan seconds do not fit"),
        ("nanosleep", (1e300,), "rqtp: 1e\\+300 seconds do not fit"),
        ("nanosleep", (structures.itimerspec(),), "rqtp: this leads to struct itimerspec"),
    ],
)
def test_what_is_converted_is_refused_by_name(name: str, args: tuple[object, ...], text: str) -> None:
    made = f"({name}|{name}_time64|clock_{name}_time64)"  # on ABIs of 32 bits
    with pytest.raises((TypeError, ValueError, OverflowError), match=f"^{made}: {text}"):
        getattr(calls, name)(*args)
