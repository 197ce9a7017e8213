"""Builds pysys._ffi, the one extension, from cdefs/.

Each concept is a header, which declares for CFFI and for C alike, and a C file. They are compiled as
one unit, after a preamble that this script writes: the ABI's name, the order of clone's arguments and
the numbers that the C code uses; after them come the typed calls of build_calls.py, the table of
build_table.py, and the functions that take Python's objects. All that is from the same tables that Python
reads, for the ABI that the compiler says it makes code for: it is decided when
the extension is built, and headers older than the kernel do not matter.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from os import environ
from pathlib import Path

from cffi import FFI

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]  # what is read here of pysys needs no extension

import build_calls
import build_table
from pysys import numbers
from pysys.abi import ABI, ABIS
from pysys.policy.fate import reachable

del sys.path[:2]  # what runs this may go on
CDEFS = ROOT / "cdefs"
CONCEPTS = (
    "abi syscall process wait settings launch init mounts handover spawn in_place rings probe trace"
).split()
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def compiler() -> list[str]:
    """What compiles the extension, with the flags that may choose the ABI (-m32)."""
    command = environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    flags = [environ.get("CFLAGS", ""), environ.get("CPPFLAGS", ""), sysconfig.get_config_var("CFLAGS") or ""]
    return [*shlex.split(command), *shlex.split(" ".join(flags))]


def check_machine() -> None:
    """End the installation with what to do about it where the extension cannot be built."""
    if not sys.platform.startswith("linux"):
        sys.exit(
            f"pysys-linux is the Linux system call interface and this is {sys.platform}: "
            "install it on Linux (a container, a virtual machine or WSL 2 will do)."
        )
    if sys.implementation.name != "cpython":
        sys.exit(
            f"pysys-linux does around a fork what CPython does, and this is {sys.implementation.name}, which "
            "has no such functions: install it for CPython 3.11 or later."
        )
    command = compiler()[0]
    if not shutil.which(command):
        sys.exit(
            "pysys-linux builds a small C extension and found no C compiler "
            f"({command}). Install one: apt install gcc libc6-dev | dnf install gcc | "
            "apk add gcc musl-dev linux-headers | pacman -S gcc, or name another in CC, then install again."
        )
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.exists():
        sys.exit(
            f"pysys-linux needs Python's C headers and found no {header}. Install them: "
            "apt install python3-dev | dnf install python3-devel | apk add python3-dev, "
            "then install again."
        )
    for needed in ("stdlib.h", "linux/types.h"):
        if not has_header(needed):
            sys.exit(
                f"pysys-linux needs the C library's and the kernel's headers: {command} finds no {needed}. "
                "Install them: apt install libc6-dev linux-libc-dev | "
                "dnf install glibc-devel kernel-headers | apk add musl-dev linux-headers | "
                "pacman -S glibc linux-api-headers, then install again."
            )


def has_header(name: str) -> bool:
    """Whether the compiler finds a header, and all that it includes itself."""
    command = [*compiler(), "-E", "-xc", "-"]
    question = f"#include <{name}>\n"
    return subprocess.run(command, input=question, capture_output=True, text=True).returncode == 0


def preprocessed(text: str) -> str:
    """C text with the choices that the compiler's preprocessor makes for its ABI."""
    command = [*compiler(), "-E", "-P", "-DPYSYS_CDEF", f"-I{CDEFS}", "-xc", "-"]
    return subprocess.run(command, input=text, check=True, stdout=subprocess.PIPE, text=True).stdout


def target() -> ABI:
    """The ABI that the compiler makes code for."""
    known = [abi for abi in ABIS.values() if abi.compiler]
    # In quotes: i386 is a macro, too.
    question = "".join(f'#if {abi.compiler}\nPYSYS_ABI "{abi.name}"\n#endif\n' for abi in known)
    found = re.findall(r'PYSYS_ABI "(\w+)"', preprocessed(question))
    if len(found) != 1:
        sys.exit("pysys does not know the ABI that the compiler makes code for: add it to src/pysys/abi.py")
    return ABIS[found[0]]


def preamble(abi: ABI, sources: str) -> str:
    """The C text that goes first: the ABI's name, clone's argument order, and numbers as NR_name."""
    used = sorted(set(re.findall(r"\bNR_(\w+)", sources)))
    table = numbers.table(abi)
    return "\n".join(
        [
            "#ifndef _GNU_SOURCE",
            "#define _GNU_SOURCE",
            "#endif",
            "#include <Python.h>",
            f"#if !({abi.compiler})",
            f'#error "this was generated for {abi.name}, and is compiled for something else"',
            "#endif",
            f'#define PYSYS_ABI_NAME "{abi.name}"',
            f'#define PYSYS_NUMBERED "{" ".join(reachable(abi))}"',
            "#define PYSYS_CLONE_ORDER(flags, stack, stack_size, parent_tid, child_tid, tls) "
            + ", ".join(abi.clone_order),
            *(f"#define NR_{name} {table[name]}" for name in used if name in table),
            "",
        ]
    )


check_machine()
abi = target()
structures = preprocessed('#include "structures.h"\n')
known = frozenset(re.findall(r"^(?:struct|union) kernel_(\w+) \{", structures, re.MULTILINE))
ffibuilder = FFI()
ffibuilder.cdef((CDEFS / "constants.h").read_text())
for concept in CONCEPTS:
    ffibuilder.cdef((CDEFS / f"{concept}.h").read_text())
ffibuilder.cdef(structures)
ffibuilder.cdef(build_calls.declarations(abi, known))
_c = [(CDEFS / name).read_text() for name in ("system.h", *(f"{concept}.c" for concept in CONCEPTS))]
ffibuilder.set_source(
    "pysys._ffi",
    preamble(abi, "".join(_c))
    + '#include "system.h"\n'
    + "".join(f'#include "{concept}.h"\n#include "{concept}.c"\n' for concept in CONCEPTS)
    + '#include "structures.h"\n'
    + build_calls.definitions(abi, known)
    + '#include "table.h"\n'
    + build_table.table(abi, known)
    + '#include "calls.c"\n#include "module.c"\n',
    include_dirs=[str(CDEFS)],
    depends=[str(path) for path in sorted(CDEFS.rglob("*.[ch]"))],
    # CFFI would define it empty, which hides the prototypes of PyOS_BeforeFork and its like.
    define_macros=[] if FREE_THREADED else [("Py_LIMITED_API", "0x030b0000")],
    py_limited_api=not FREE_THREADED,
    # The code that CFFI before 2.0 generates relies on <string.h>, which Python.h leaves out from 3.11 on.
    extra_compile_args=["-std=gnu11", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-include", "string.h"],
    libraries=["dl"],
)

if __name__ == "__main__":
    ffibuilder.compile(tmpdir=str(ROOT / "build"), verbose=True)
