"""The C code that makes processes, on musl: compiled by musl-gcc, without an interpreter."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
CDEFS = HERE.parent / "cdefs"

# What process.c uses of CPython.
PYTHON_H = """
typedef int PyGILState_STATE;
static inline PyGILState_STATE PyGILState_Ensure(void) { return 0; }
static inline void PyGILState_Release(PyGILState_STATE state) { (void)state; }
static inline void PyOS_BeforeFork(void) {}
static inline void PyOS_AfterFork_Parent(void) {}
static inline void PyOS_AfterFork_Child(void) {}
"""


def _build_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_ffi", HERE.parent / "build_ffi.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.portable
@pytest.mark.parametrize("compiler", ["musl-gcc", "cc"])
def test_F17_a_child_that_raises_a_signal_hits_itself(compiler: str, tmp_path: Path) -> None:
    """raise() and abort() in a child of each way are the child's: the parent gets no signal, and lives on.

    With the machine's own C library as well, which shows that the test itself is right.
    """
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} here" + " (apt install musl-tools)" * (compiler == "musl-gcc"))
    build = _build_script()
    sources = [(CDEFS / name).read_text() for name in ("system.h", "process.h", "process.c")]
    (tmp_path / "Python.h").write_text(PYTHON_H)
    (tmp_path / "program.c").write_text(
        "\n".join([build.preamble(build.target(), "".join(sources)), *sources, (HERE / "musl.c").read_text()])
    )
    program = tmp_path / "program"
    command = [compiler, "-std=gnu11", "-Wall", "-Wextra", "-O2", "-pthread", f"-I{tmp_path}"]
    subprocess.run([*command, "-o", program, tmp_path / "program.c"], check=True)
    done = subprocess.run([program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "0 failures\n"), done
