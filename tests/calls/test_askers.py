"""What becomes of a call: whoever is asked, syscall or pysys.calls, says the same in the same words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from pysys import abi, calls, errors, numbers, parameters, resolve, syscall
from pysys.calls import _HANDWRITTEN, direct
from pysys.calls._make import build, written
from pysys.policy.fate import fate
from pysys.policy.resolution import classify


def says(function: Callable[..., Any], *args: Any) -> tuple[type[Exception], str]:
    """The error, of a call that is missing or refused."""
    with pytest.raises((errors.NoNumber, errors.RefusedError)) as caught:
        function(*args)
    assert isinstance(caught.value, errors.NoNumber | errors.RefusedError)
    text = caught.value.strerror if isinstance(caught.value, OSError) else str(caught.value)
    return type(caught.value), str(text)


@pytest.mark.isolated
def test_all_who_are_asked_agree() -> None:
    """Of every name: syscall, calls.direct, pysys.calls, resolve and classify say the same, in one text."""
    table, here = numbers.table(), abi.current().name
    unmade = []
    for name in sorted(numbers.calls()):
        kind, detail = classify(name)
        function, usual = getattr(direct, written.identifier(name)), getattr(calls, written.identifier(name))
        assert (kind == "direct") <= (name in table), name
        if name in table and not fate(name).refusal:  # a call of the kernel's
            assert name in table
            assert kind in ("direct", "replaced", "absent"), name
            if kind == "absent":
                assert "ENOSYS" in detail, name
            if name not in _HANDWRITTEN and kind != "replaced":
                assert build.is_made(usual) == build.is_made(function), name
            continue
        unmade.append(name)
        args = [None] * len(parameters.parameters(name) or ())
        error, text = says(syscall, name)
        assert says(function, *args) == (error, text), name
        assert error is (errors.RefusedError if name in table else errors.NoNumber), name
        if name in table:
            assert text.startswith(f"pysys does not make {name}: ")
        else:
            assert text.startswith(f"{here} has no number for {name!r}; it exists on ")
        if kind == "replaced" and ": use pysys." not in detail:
            assert text.endswith(f": use {detail}, or pysys.calls.{name}")
            assert name in _HANDWRITTEN or f"through {detail}" in str(usual.__doc__), name
        elif name not in _HANDWRITTEN:
            assert says(usual, *args) == (error, text), name
        if kind == "replaced":
            assert detail.startswith(resolve(name).call)
        elif kind == "refused":
            assert text.endswith(detail)
        else:
            assert kind == "absent", name
            with pytest.raises(numbers.NoNumberError) as missing:
                resolve(name)
            assert str(missing.value) == text, name
        if kind != "refused" and name not in numbers.table():
            for ask in (numbers.number, numbers.entry):
                with pytest.raises(numbers.NoNumberError) as missing:
                    ask(name)
                assert str(missing.value) == text, name
    assert len(unmade) > 100
    assert {"clone", "clone3", "rt_sigreturn", "exit", "sync_file_range2"} - {*unmade} <= {"sync_file_range2"}


@pytest.mark.isolated
@pytest.mark.skipif(abi.current().name != "x86_64", reason="the texts are those of x86_64")
@pytest.mark.parametrize(
    ("name", "end"),
    [
        (
            "sigreturn",
            "^x86_64 has no number for 'sigreturn'; .*: handlers return by themselves",
        ),
        ("rt_sigreturn", "^pysys does not make rt_sigreturn: .*: handlers return by themselves"),
        ("fork", "^pysys does not make fork: .*: use pysys.fork"),
        ("set_robust_list", "^pysys does not make set_robust_list: .* a thread has only one"),
        ("swapcontext", "^x86_64 has no number for 'swapcontext'; it exists on ppc64, ppc"),
    ],
)
def test_known_texts(name: str, end: str) -> None:
    """Missing and refused calls are explained in the same words by whichever function is asked."""
    args = [None] * len(parameters.parameters(name) or ())
    for function in (getattr(direct, name), getattr(calls, name), lambda *_: syscall(name)):
        assert re.search(f"{end}$", says(function, *args)[1])


@pytest.mark.portable
def test_fork_of_another_abi() -> None:
    """Where the ABI has no fork, its function says to use pysys.fork."""
    for name in ("fork", "vfork"):
        kind, text = says(written.function(fate(name, "aarch64")))
        assert kind is errors.NoNumber
        assert text.startswith(f"aarch64 has no number for '{name}'")
        assert f": use pysys.{name}" in text


@pytest.mark.isolated
def test_refused_values_have_one_text() -> None:
    """What is refused for an argument is so in the same words."""
    cases: list[tuple[str, tuple[Any, ...]]] = [("brk", (4096,)), ("prctl", (75, 1, 0, 0, 0))]
    if "arch_prctl" in numbers.table():
        cases.append(("arch_prctl", (0x1002, 0)))
    for name, args in cases:
        asked = [says(function, *args) for function in (getattr(direct, name), getattr(calls, name))]
        assert {*asked, says(syscall, name, *args)} == {asked[0]}
        assert asked[0][1].startswith(f"pysys does not make {name}: ")
