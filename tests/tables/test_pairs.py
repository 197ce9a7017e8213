"""Two registers of one 64-bit argument, where no kernel of Debian's is: qemu's emulation of calls takes them.

Kernels say it of the ABIs that the machines have (`tox -e armhf`, `i386`, `mipsel-on-mips64el`). Of others, a
program that Zig builds makes calls with the words that pysys puts together.
"""

from __future__ import annotations

import errno
import functools
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from paths import SUPPORT
from scripts import script

from machines import emulator, qemu_user
from machines.cache import cache
from machines.errors import Trouble
from pysys import abi, numbers, signatures
from pysys.arguments import words
from pysys.parameters import defined, parameters

pytestmark = pytest.mark.once

PATH, BYTE = 0x7EAD0001, 0x7EAD0002
FILE = 5
FAR = (1 << 32) + 5  # its halves are neither equal nor 0
NEGATIVE = -1 << 40
DONTNEED, WAIT = 4, 2
# Zig's target and qemu's processor: the ABI and its byte order.
TARGETS = {
    ("mips-linux-musleabi", "mips"): ("mips_o32", "big"),
    ("powerpc-linux-musleabi", "ppc"): ("ppc", "big"),
}
# A call, and what becomes of it: result, errno, size of the file, the byte.
CALLS = [
    ("ftruncate64", (FILE, FAR), (0, 0, FAR, "x")),
    ("truncate64", (PATH, FAR), (0, 0, FAR, "x")),
    ("pwrite64", (FILE, BYTE, 1, FAR), (1, 0, FAR + 1, "x")),
    ("+pread64", (FILE, BYTE, 1, FAR), (1, 0, FAR + 1, "x")),
    ("fallocate", (FILE, 0, FAR, 3), (0, 0, FAR + 3, "x")),
    ("fallocate", (FILE, 0, 3, NEGATIVE), (-1, errno.EINVAL, 0, "x")),
    ("fadvise64_64", (FILE, FAR, FAR, DONTNEED), (0, 0, 0, "x")),
    ("fadvise64_64", (FILE, FAR, FAR, 77), (-1, errno.EINVAL, 0, "x")),
    ("fadvise64_64", (FILE, FAR, NEGATIVE, DONTNEED), (-1, errno.EINVAL, 0, "x")),
    ("sync_file_range", (FILE, FAR, FAR, WAIT), (0, 0, 0, "x")),
    ("sync_file_range", (FILE, NEGATIVE, FAR, WAIT), (-1, errno.EINVAL, 0, "x")),
    ("sync_file_range", (FILE, FAR, NEGATIVE, WAIT), (-1, errno.EINVAL, 0, "x")),
    ("sync_file_range", (FILE, FAR, FAR, 77 << 8), (-1, errno.EINVAL, 0, "x")),
]
# What some ABIs call them.
OTHER = {
    "fadvise64_64": ("arm_fadvise64_64",),
    "sync_file_range": ("sync_file_range2", "arm_sync_file_range"),
}


def in_usual_order(name: str, args: tuple[int, ...]) -> tuple[int, ...]:
    """The arguments as the call of this name takes them: some have the last one second."""
    if name in ("arm_fadvise64_64", "sync_file_range2", "arm_sync_file_range"):
        return (args[0], args[3], args[1], args[2])
    return args


@pytest.mark.parametrize(("target", "processor"), TARGETS, ids=lambda one: one)
def test_both_halves_arrive(target: str, processor: str, tmp_path: Path) -> None:
    """Each call finds its 64-bit argument complete, and those behind it, where pysys puts them."""
    package = find_spec("ziglang")
    if package is None or not package.origin:
        pytest.skip("needs the package ziglang")
    try:
        qemu = emulator.folder(qemu_user.PACKAGES) / "usr/bin" / f"qemu-{processor}"
    except Trouble as why:
        pytest.skip(f"needs qemu: {why}")
    program = tmp_path / "pairs"
    zig = Path(package.origin).with_name("zig")
    build = [
        str(zig),
        "cc",
        "-target",
        target,
        "-O1",
        "-static",
        "-o",
        str(program),
        str(SUPPORT / "pairs.c"),
    ]
    subprocess.run(build, check=True, capture_output=True, env={"ZIG_GLOBAL_CACHE_DIR": str(cache() / "zig")})
    which, byteorder = TARGETS[target, processor]
    lines, expected = [], []
    for call, args, outcome in CALLS:
        name = call.removeprefix("+")
        name = next((one for one in (name, *OTHER.get(name, ())) if one in numbers.table(which)), "")
        if not name:
            continue
        assert signatures.layout(name, abi.get(which))
        found = words.words(
            words.RawCall(name, abi.get(which)), in_usual_order(name, args), byteorder=byteorder
        )
        if len(found) > 6:  # mips has calls with seven, for which musl's syscall() has no parameter
            continue
        found += [0] * (6 - len(found))
        kept = "+" if call.startswith("+") else ""
        lines.append(f"{kept}{numbers.number(name, which)} {' '.join(map(str, found))}\n")
        expected.append((name, args, outcome))
    assert len(expected) >= 6
    command = [str(qemu), str(program), str(tmp_path / "file")]
    done = subprocess.run(command, input="".join(lines), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    answers = []
    for (name, args, _), line in zip(expected, done.stdout.splitlines(), strict=True):
        result, number, size, byte = line.split()
        answers.append((name, args, (int(result), int(number), int(size), byte)))
    assert answers == expected


# ---- the typed calls, which are compiled ----

# What stands for the C library: it shows the words.
HARNESS = """
#include <stdint.h>
#include <stdio.h>
typedef int pysys_word;
typedef unsigned int pysys_uword;
#undef __BYTE_ORDER__
#define __BYTE_ORDER__ __ORDER_{order}_ENDIAN__
#define outcome(number, result) (result)
#define syscall(...) show((int[]){{__VA_ARGS__}}, sizeof((int[]){{__VA_ARGS__}}) / sizeof(int))
static int show(const int *words, size_t count)
{{
    for (size_t i = 0; i < count; i++)
        printf("%d ", words[i]);
    return 0;
}}
"""
ORDERS = [
    (one.name, order)
    for one in abi.ABIS.values()
    if one.pairs
    for order in ("little", "big")
    if one.endian in (order, "either")
]


@functools.cache
def typed_calls(where: str) -> tuple[list[str], str]:
    """The names of an ABI's typed calls, and their functions in C, whose addresses are integers here."""
    build_calls = script("build_calls")
    here = abi.get(where)
    lines = build_calls.definitions(here, frozenset()).splitlines()
    functions = "\n".join(line for line in lines if not line.startswith("const char"))
    return build_calls.calls(here), re.sub(r"\b(void|const char) \*", "long long ", functions)


@pytest.mark.parametrize(("where", "order"), ORDERS)
def test_typed_calls_have_the_words_of_raw_ones(where: str, order: str, tmp_path: Path) -> None:
    """Each generated function whose 64-bit argument takes two registers, on each ABI and byte order."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    here = abi.get(where)
    names, functions = typed_calls(where)
    body, expected = [], []
    for name in names:
        known, usual = parameters(name, here) or (), defined(name, here) or ()
        wide = {index for index, size in signatures.layout(name, here) or () if size == 2}
        if not wide and len(known) == len(usual):
            continue
        for far in (FAR, NEGATIVE):
            args = [index + 1 for index in range(len(known))]
            apart = []
            for index, one in enumerate(known):
                if index in wide:
                    args[index] = far
                apart.append(args[index])
                if one.name == "pos" and len(known) != len(usual):  # two longs, the lower half first
                    apart[-1:] = [far & 0xFFFFFFFF, far >> 32]
                    args[index] = far
            shown = ", ".join(f"{one}LL" for one in args)
            body.append(f'    call_{name}({shown});\n    puts("");\n')
            found = words.words(words.RawCall(name, here), apart, byteorder=order)
            expected.append([numbers.number(name, here), *found])
    assert len(expected) > 20
    harness = HARNESS.format(order=order.upper())
    (tmp_path / "calls.c").write_text(f"{harness}{functions}\nint main(void)\n{{\n{''.join(body)}}}\n")
    program = tmp_path / "calls"
    subprocess.run([compiler, "-std=gnu11", "-w", "-o", program, tmp_path / "calls.c"], check=True)
    done = subprocess.run([program], check=True, capture_output=True, text=True, timeout=60)
    assert [list(map(int, line.split())) for line in done.stdout.splitlines()] == expected
