"""The flag types: values are the kernel's, every member explains itself."""

from __future__ import annotations

import enum
import os
import pydoc
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pysys import flags
from pysys.flags import CloneFlags, PidfdFlags, WaitIdType, WaitOptions

if TYPE_CHECKING:
    from pathlib import Path

TYPES: list[type[enum.IntEnum | enum.IntFlag]] = [
    flags.CloneFlags,
    flags.UnshareFlags,
    flags.WaitOptions,
    flags.WaitIdType,
    flags.PidfdFlags,
    flags.PidfdSignalFlags,
]
KERNEL_NAMES = {"WNOTHREAD": "__WNOTHREAD", "WALL": "__WALL", "WCLONE": "__WCLONE"}
HEADERS = ("linux/sched.h", "linux/wait.h", "linux/fcntl.h", "linux/pidfd.h")


def members() -> list[tuple[str, int, str | None]]:
    return [
        (name, member.value, member.__doc__) for kind in TYPES for name, member in kind.__members__.items()
    ]


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def host_values(folder: Path, compiler: str) -> dict[str, int]:
    """The members' values according to this machine's headers; absent ones are left out."""
    lines = ["#include <stdio.h>"]
    lines += [f"#if __has_include(<{header}>)\n#include <{header}>\n#endif" for header in HEADERS]
    lines += ["int main(void) {"]
    for name, _, _ in members():
        name = KERNEL_NAMES.get(name, name)
        lines += [f"#ifdef {name}", f'printf("{name} %llu\\n", (unsigned long long)({name}));']
        lines += ["#endif"]
    lines += ["return 0; }"]
    source, program = folder / "flags.c", folder / "flags"
    source.write_text("\n".join(lines) + "\n")
    subprocess.run([compiler, "-o", program, source], check=True, timeout=60)
    output = subprocess.run([program], check=True, timeout=60, capture_output=True, text=True)
    pairs = (line.split() for line in output.stdout.splitlines())
    return {name: int(value) for name, value in pairs}


def test_values_are_those_of_the_headers(tmp_path: Path) -> None:
    """Every value that this machine's kernel headers define is ours."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler")
    host = host_values(tmp_path, compiler)
    assert "CLONE_VM" in host and "__WALL" in host and "P_PID" in host
    ours = {KERNEL_NAMES.get(name, name): value for name, value, _ in members()}
    assert {name: value & (2**64 - 1) for name, value in host.items()} == {name: ours[name] for name in host}


def test_every_member_has_a_docstring_of_its_own() -> None:
    """A member's docstring is its own, not its class's nor another member's."""
    docs = [doc for kind in TYPES for doc in (member.__doc__ for member in kind)]
    assert all(docs)
    assert len(set(docs)) == len(docs)
    assert not {kind.__doc__ for kind in TYPES} & set(docs)


def test_every_clone_flag_says_since_when() -> None:
    """Each flag of clone names the kernel that brought it."""
    for flag in CloneFlags:
        assert "Since Linux " in one_line(flag.__doc__) or flag is CloneFlags.CLONE_DETACHED, flag


def test_help_prints_the_docstrings_of_the_members() -> None:
    """help(CloneFlags) shows what each flag does, not only its number."""
    text = one_line(pydoc.plain(pydoc.render_doc(CloneFlags)).replace("|", ""))
    for flag in CloneFlags:
        assert one_line(flag.__doc__) in text


def test_every_member_is_a_name_of_the_module() -> None:
    """`from pysys.flags import CLONE_NEWUSER` works for every member of every type."""
    for kind in TYPES:
        for name, member in kind.__members__.items():
            assert getattr(flags, name) is member
    for ours, kernels in KERNEL_NAMES.items():
        assert getattr(flags, kernels) is WaitOptions[ours]


def test_flags_are_single_bits_and_distinct() -> None:
    """No clone flag repeats or contains another one."""
    values = [flag.value for flag in CloneFlags]
    assert len(set(values)) == len(values)
    assert all(value.bit_count() == 1 for value in values)


def test_unknown_bits_survive() -> None:
    """A bit that this module does not name is kept, so that a newer flag can be passed."""
    combined = CloneFlags.CLONE_VM | (1 << 50)
    assert isinstance(combined, CloneFlags)
    assert combined == 0x100 | 1 << 50
    assert int(combined ^ CloneFlags.CLONE_VM) == 1 << 50


def test_a_combination_is_an_integer() -> None:
    """Flags combine with flags and signals and go where an int goes."""
    assert (CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWPID | 17) == 0x30000011
    assert int(WaitOptions.WEXITED | WaitOptions.WNOWAIT) == 0x01000004
    assert WaitOptions["WSTOPPED"] is WaitOptions.WUNTRACED


def test_the_standard_library_agrees() -> None:
    """Where os has a constant of the same name, it has the same value."""
    shared = [(name, value) for name, value, _ in members() if hasattr(os, name)]
    assert {"WNOHANG", "P_PID"} <= {name for name, _ in shared}
    assert all(getattr(os, name) == value for name, value in shared)
    assert PidfdFlags.PIDFD_NONBLOCK == os.O_NONBLOCK
    assert WaitIdType(3) is WaitIdType.P_PIDFD
