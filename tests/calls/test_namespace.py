"""What editors, completion and help() find in pysys.calls."""

from __future__ import annotations

import inspect

import pytest

from pysys import abi, calls, numbers
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


def test_help_shows_the_page() -> None:
    """help() of a call, whether direct, replaced or written by hand, has its own text and the page below."""
    for name in sorted(numbers.calls()):
        short = str(getattr(calls, name).__doc__)
        assert short.startswith((f"{name}(2)", f"_{name}(2)")), name  # llseek and _llseek are one
    for name in ("openat2", "statx", "stat64", "nice", "signal"):
        text = inspect.getdoc(getattr(calls, name)) or ""
        assert "\nSIGNATURE\n" in text, name
