"""Builds pysys._ffi, the one extension, from cdefs/.

Each concept is a header, which declares for CFFI and for C alike, and a C file. They are compiled as
one unit, after a preamble that this script writes: the ABI's name, the order of clone's arguments and
the numbers that the C code uses, one block per ABI, from the same tables that Python reads. The
compiler picks the block, so the ABI is decided when the extension is built, and headers older than the
kernel do not matter.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

from cffi import FFI

ROOT = Path(__file__).resolve().parent
CDEFS = ROOT / "cdefs"
PACKAGE = ROOT / "src" / "pysys"
CONCEPTS = ("abi", "syscall", "process", "spawn", "wait")
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def check_machine() -> None:
    """End the installation with what to do about it where the extension cannot be built."""
    if not sys.platform.startswith("linux"):
        sys.exit(
            f"pysys-linux is the Linux system call interface and this is {sys.platform}: "
            "install it on Linux (a container, a virtual machine or WSL 2 will do)."
        )
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[0]
    if not any(map(shutil.which, (compiler, "cc", "gcc", "clang"))):
        sys.exit(
            "pysys-linux builds a small C extension and found no C compiler "
            f"({compiler}). Install one: apt install gcc libc6-dev | dnf install gcc | "
            "apk add gcc musl-dev linux-headers | pacman -S gcc, then install again."
        )
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.exists():
        sys.exit(
            f"pysys-linux needs Python's C headers and found no {header}. Install them: "
            "apt install python3-dev | dnf install python3-devel | apk add python3-dev, "
            "then install again."
        )


def load(path: Path) -> ModuleType:
    """The module at this path, without importing the package around it."""
    spec = importlib.util.spec_from_file_location(f"_build_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def preamble(sources: str) -> str:
    """The C text that goes first: per ABI its name, clone's argument order, and numbers as NR_name."""
    used = sorted(set(re.findall(r"\bNR_(\w+)", sources)))
    blocks = []
    for abi in load(PACKAGE / "abi.py").ABIS.values():
        if not abi.compiler:
            continue
        numbers = load(PACKAGE / "metadata" / "tables" / "numbers" / f"{abi.name}.py").NUMBERS
        blocks += [
            f"#if {abi.compiler}",
            f'#define PYSYS_ABI_NAME "{abi.name}"',
            "#define PYSYS_CLONE_ORDER(flags, stack, stack_size, parent_tid, child_tid, tls) "
            + ", ".join(abi.clone_order),
            *(f"#define NR_{name} {numbers[name]}" for name in used if name in numbers),
            "#endif",
        ]
    return "\n".join(
        [
            "#ifndef _GNU_SOURCE",
            "#define _GNU_SOURCE",
            "#endif",
            "#include <Python.h>",
            *blocks,
            "#ifndef PYSYS_ABI_NAME",
            '#error "pysys does not know this ABI: add it to src/pysys/abi.py"',
            "#endif",
            "",
        ]
    )


ffibuilder = FFI()
ffibuilder.cdef((CDEFS / "constants.h").read_text())
for concept in CONCEPTS:
    ffibuilder.cdef((CDEFS / f"{concept}.h").read_text())
_c = [(CDEFS / f"{concept}.c").read_text() for concept in CONCEPTS]
ffibuilder.set_source(
    "pysys._ffi",
    preamble("".join(_c))
    + '#include "system.h"\n'
    + "".join(f'#include "{concept}.h"\n#include "{concept}.c"\n' for concept in CONCEPTS),
    include_dirs=[str(CDEFS)],
    depends=[str(path) for path in sorted(CDEFS.iterdir())],
    # CFFI would define it empty, which hides the prototypes of PyOS_BeforeFork and its like. From 3.11
    # on Python.h leaves out <string.h>, which the code that CFFI before 2.0 generates relies on.
    define_macros=[] if FREE_THREADED else [("Py_LIMITED_API", "0x030a0000")],
    py_limited_api=not FREE_THREADED,
    extra_compile_args=["-std=gnu11", "-Wall", "-Wextra"],
)

if __name__ == "__main__":
    check_machine()
    ffibuilder.compile(tmpdir=str(ROOT / "build"), verbose=True)
