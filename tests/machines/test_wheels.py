"""Wheels: what can be shown of them without a cross compiler. `tox -e wheels` builds and checks them all."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from machines import table, wheels
from machines.errors import Trouble

pytestmark = pytest.mark.once


def test_each_architecture_of_the_machines_has_a_kind() -> None:
    """What a machine tests is the wheel of its architecture, under the name that its kernel has."""
    assert wheels.KINDS.keys() == table.TARGETS.keys()
    assert {name: kind.machine for name, kind in wheels.KINDS.items()} == {**table.UNAMES, "mipsel": "mips"}


def test_the_platforms() -> None:
    """For each architecture with a tag a wheel for glibc and one for musl."""
    found = {wheel.platform for wheel in wheels.WHEELS}
    assert len(found) == len(wheels.WHEELS) == 16
    assert {"manylinux_2_17_x86_64", "manylinux_2_17_i686", "manylinux_2_31_riscv64"} <= found
    assert {"musllinux_1_2_x86_64", "musllinux_1_2_armv7l", "musllinux_1_2_loongarch64"} <= found
    assert wheels.Wheel("mipsel").platform == "linux_mips"


def test_the_time_of_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given, or that of the last change, and never now."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert wheels.epoch() == 1700000000
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    first = wheels.epoch()
    assert first > 1700000000
    monkeypatch.setattr(wheels, "APART", frozenset())
    assert wheels.epoch() >= first  # tests and documents, whose changes change no wheel


def says(overall: str, symbols: str = "", *libraries: str) -> Callable[..., str]:
    found = {"overall_tag": overall, "sym_tag": symbols, "external_libs": dict.fromkeys(libraries)}
    return lambda *command: json.dumps(found)


@pytest.mark.parametrize("tag", ["linux_x86_64", "manylinux_2_34_x86_64", "musllinux_1_2_x86_64"])
def test_a_wheel_that_needs_more_than_its_name_says(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A symbol of a newer C library, or one that no tag allows, is found."""
    monkeypatch.setattr(wheels, "_tool", says(tag))
    with pytest.raises(Trouble, match=f"needs {tag}"):
        wheels.audit(Path("one.whl"), "manylinux_2_17_x86_64")


@pytest.mark.parametrize("tag", ["manylinux_2_17_x86_64", "manylinux_2_5_x86_64"])
def test_a_wheel_that_needs_what_its_name_says(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "_tool", says(tag))
    assert wheels.audit(Path("one.whl"), "manylinux_2_17_x86_64") == tag


def test_a_wheel_for_musl_needs_musl_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zig's name of it, libc.so, is not one that auditwheel knows; another library is refused."""
    platform = "musllinux_1_2_x86_64"
    monkeypatch.setattr(wheels, "_tool", says("linux_x86_64", platform, "libc.so"))
    assert wheels.audit(Path("one.whl"), platform) == platform
    monkeypatch.setattr(wheels, "_tool", says("linux_x86_64", platform, "libc.so", "libssl.so.3"))
    with pytest.raises(Trouble, match=r"libssl\.so\.3"):
        wheels.audit(Path("one.whl"), platform)


@pytest.mark.parametrize("second", [b"one", b"two"])
def test_a_build_that_gives_other_bytes(
    second: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is noticed, and both can be looked at."""
    wheel = wheels.WHEELS[0]
    path = tmp_path / f"pysys_linux-1-cp311-abi3-{wheel.platform}.whl"
    path.write_bytes(b"one")
    monkeypatch.setattr(wheels, "cache", lambda: tmp_path)
    (tmp_path / "wheels").mkdir()
    monkeypatch.setattr(wheels, "build", lambda _, folder: (folder / path.name).write_bytes(second))
    if second == b"one":
        wheels.same_again(wheel, path)
    else:
        with pytest.raises(Trouble, match="differ"):
            wheels.same_again(wheel, path)
        assert (tmp_path / f"wheels/differs-{path.name}").read_bytes() == b"two"


def test_what_a_failing_tool_says_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 1, "bad name", "")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: done)
    with pytest.raises(Trouble, match=r"twine check one\.whl:\nbad name"):
        wheels._tool("twine", "check", "one.whl")
