"""What editors, completion and help() find in pysys.calls."""

from __future__ import annotations

import inspect
import re

import pytest

from pysys import abi, calls, numbers, parameters
from pysys.calls import _HANDWRITTEN, direct
from pysys.calls._make.build import identifier
from tools.generate import __main__ as generate


@pytest.mark.skipif(abi.current().name != generate.TYPED_ON, reason="they are generated on x86_64")
def test_stubs_are_current() -> None:
    """calls/direct.pyi and the __init__.pyi of calls and structures are as they would be generated now."""
    assert generate.differences(generate.types()) == []


def test_dir_has_every_call() -> None:
    """dir() has the calls of every ABI, and all that is written by hand."""
    every = set(map(identifier, numbers.calls()))
    assert every <= set(dir(direct))
    assert every | _HANDWRITTEN.keys() <= set(dir(calls))


def test_every_call_says_once_that_it_raises() -> None:
    """What is written by hand names the errors of its page: documented_call adds the sentence."""
    for name in sorted(_HANDWRITTEN.keys() & numbers.calls()):
        text = " ".join(str(getattr(calls, name).__doc__).split())
        assert text.count(f"Raises the documented errors of {name} (pysys.errors)") == 1, name
        assert "Raises: " not in text, name


def test_help_shows_the_page() -> None:
    """help() of a call, whether direct, replaced or written by hand, has its own text and the page below."""
    for name in sorted(numbers.calls()):
        short = str(getattr(calls, name).__doc__)
        # llseek and _llseek are one.
        assert re.match(rf"_?{name}\(2\)[:,] \w", short.splitlines()[0]), name
    for name in ("openat2", "statx", "stat64", "nice", "signal"):
        text = inspect.getdoc(getattr(calls, name)) or ""
        assert "\nSIGNATURE\n" in text, name


def texts(name: str) -> dict[str, str]:
    """What the docstring of a call in calls.direct says of each parameter."""
    documented = str(getattr(direct, name).__doc__)
    return dict(re.findall(r"^(\w+): (.+)\.$", documented, re.MULTILINE))


@pytest.mark.parametrize(
    ("name", "parameter", "says", "does_not_say"),
    [
        ("openat", "dfd", "descriptor fileno", "None"),
        ("openat", "filename", "path bytes", "None"),
        ("openat", "flags", "flags.OpenFlags", "None"),
        ("pread64", "buf", "written count bytes", "None"),
        ("pwrite64", "buf", "read count bytes", "None written"),
        ("clock_nanosleep", "rqtp", "read timespec", "None written"),
        ("clock_nanosleep", "rmtp", "written timespec None", ""),
        ("execve", "argv", "sequence str bytes", ""),
        ("statx", "buffer", "written structures.statx", "None"),
        ("statx", "mask", "flags.StatxMask", "None"),
        ("epoll_ctl", "event", "read structures.epoll_event None", "written"),
        ("sched_setaffinity", "user_mask_ptr", "read len bytes", "None written"),
        ("munmap", "addr", "address", ""),
    ],
)
def test_a_parameter_says_what_it_takes(name: str, parameter: str, says: str, does_not_say: str) -> None:
    """Its kind, whether it is read or written, how long it is, its flags, and whether None will do."""
    text = texts(name)[parameter]
    assert [word for word in says.split() if word not in text] == []
    assert [word for word in does_not_say.split() if word in text] == []


@pytest.mark.parametrize("name", sorted(numbers.calls()))
def test_every_parameter_is_described(name: str) -> None:
    """Each parameter has its line, in order; None is offered where it is taken, and nowhere else."""
    known = parameters.parameters(name) or ()
    described = texts(identifier(name))
    assert [*described] == [one.python for one in known]
    for one in known:
        taken = one.nullable or one.kind in ("word", "address")
        assert ("None" in described[one.python]) == taken, one.python
        assert one.flags in described[one.python], one.python
