"""Subinterpreters: what loads in an isolated one, where no module of cffi's does; the rest says why not."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest

from pysys import abi

# Runs code in a subinterpreter of a kind, and makes processes in the main one afterwards.
RUN = """
import os, sys
try:
    import _interpreters as interpreters
except ImportError:
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        sys.exit("no subinterpreters")
kind, code = sys.argv[1:]
if hasattr(interpreters, "new_config"):
    other = interpreters.create(kind)
else:
    other = interpreters.create(isolated=kind == "isolated")
run = getattr(interpreters, "exec", None) or interpreters.run_string
found = run(other, code)
if found is not None:
    sys.exit(str(found))
interpreters.destroy(other)
from pysys import Popen, spawn
with spawn(["true"], env={"A": "1"}) as child:
    print("spawn", child.wait())
print("Popen", Popen(["true"]).wait())
"""
AFTERWARDS = "spawn 0\nPopen 0\n"


def run(kind: str, code: str) -> str:
    """What the code prints in a subinterpreter; nothing else may come of it."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, kind, code], capture_output=True, text=True, timeout=60
    )
    if "no subinterpreters" in done.stderr:
        pytest.skip("this Python has no module for subinterpreters")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(AFTERWARDS)
    return done.stdout.removesuffix(AFTERWARDS)


isolated = pytest.mark.skipif(sys.version_info < (3, 12), reason="before 3.12 no interpreter has its own GIL")


@pytest.mark.portable
@isolated
def test_the_reference_loads_in_an_isolated_one() -> None:
    """Numbers, ABIs, pages, exceptions, flags and what a request becomes, for this ABI, too."""
    code = """
import os
from pysys import abi, errors, flags, metadata, numbers, resolve
print(abi.current().name, numbers.number("openat"), numbers.number("fork", "x86_64"), int(flags.O_DIRECT))
print(metadata.page("fork").name, resolve("getpid").call, errors.EAGAIN.number)
error = errors.error(errors.EAGAIN.number, "fork")
print(error.abi, isinstance(error, BlockingIOError), bool(error.causes))
"""
    main = "import sys, subprocess; exec(sys.argv[1])"
    expected = subprocess.run([sys.executable, "-c", main, code], capture_output=True, text=True, check=True)
    assert expected.stdout.startswith(abi.current().name)
    assert run("isolated", code) == expected.stdout


@pytest.mark.portable
@isolated
@pytest.mark.parametrize(
    "statement",
    [
        "from pysys import spawn",
        "from pysys import fork",
        "from pysys import Popen",
        "from pysys import syscall",
        "from pysys.calls import statx",
        "from pysys.structures import timespec",
    ],
)
def test_what_makes_calls_says_why_not(statement: str) -> None:
    """An ImportError that names the reason; and the main interpreter goes on, which had not loaded cffi."""
    code = f"""
try:
    {statement}
except ImportError as error:
    print(error)
"""
    said = run("isolated", code)
    assert "cannot be loaded in an isolated subinterpreter" in said
    assert "make them in the main one" in said


def test_all_loads_in_another_one() -> None:
    """One that shares the GIL makes calls and starts programs."""
    code = """
import os
from pysys import calls, spawn, syscall
assert syscall("getpid") == calls.getpid() == os.getpid()
with spawn(["true"]) as child:
    print(child.wait())
"""
    assert run("legacy", code) == "0\n"


def header(machine: int, bits: int, order: str = "<", flags: int = 0) -> bytes:
    """The header of a program."""
    start = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]) + bytes(9)
    addresses = struct.pack(f"{order}{'QQQ' if bits == 64 else 'III'}", 0, 0, 0)
    rest = struct.pack(f"{order}I", 1) + addresses + struct.pack(f"{order}IHHHHHH", flags, 52, 0, 0, 0, 0, 0)
    return start + struct.pack(f"{order}HH", 3, machine) + rest


# Numbers are those of <linux/elf-em.h> and of the processors' documents, flags as compilers write them.
HEADERS = {
    "x86_64": header(62, 64),
    "x32": header(62, 32),
    "i386": header(3, 32),
    "aarch64": header(183, 64),
    "arm": header(40, 32, flags=0x05000400),
    "armoabi": header(40, 32, flags=0x2),
    "riscv64": header(243, 64, flags=0x5),
    "riscv32": header(243, 32),
    "loongarch64": header(258, 64, flags=0x43),
    "loongarch32": header(258, 32),
    "ppc64": header(21, 64, ">", flags=0x1),
    "ppc": header(20, 32, ">"),
    "s390x": header(22, 64, ">"),
    "mips_o32": header(8, 32, flags=0x70001007),
    "mips_n64": header(8, 64, flags=0x80000007),
    "mips_n32": header(8, 32, ">", flags=0x80000027),
    "sparc": header(2, 32, ">"),
    "sparc64": header(43, 64, ">"),
    "parisc": header(15, 32, ">", flags=0x210),
    "parisc64": header(15, 64, ">"),
    "sh": header(42, 32),
    "m68k": header(4, 32, ">"),
    "alpha": header(0x9026, 64),
    "xtensa": header(94, 32),
    "microblaze": header(189, 32),
    "arc": header(195, 32),
    "csky": header(252, 32),
    "hexagon": header(164, 32),
    "nios2": header(113, 32),
    "openrisc": header(92, 32, ">"),
}


def test_a_programs_header_shows_its_abi(tmp_path: object) -> None:
    """As the extension's compiler knows that of this one; every ABI that a compiler can be for is known."""
    assert abi._of_program() == abi._of_program(sys.executable) == abi.current().name
    assert HEADERS.keys() == {one.name for one in abi.ABIS.values() if one.compiler}
    path = f"{tmp_path}/program"
    for name, found in HEADERS.items():
        with open(path, "wb") as file:
            file.write(found)
        assert abi._of_program(path) == name
    for wrong in (b"", b"#!/bin/sh\n" + bytes(60), header(183, 32), header(247, 64), header(62, 64)[:40]):
        with open(path, "wb") as file:
            file.write(wrong)
        assert abi._of_program(path) is None
    assert abi._of_program("/nonexistent") is None
