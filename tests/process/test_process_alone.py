"""The C code that makes processes, without an interpreter; on musl, too, where musl-gcc compiles it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from paths import PROJECT, SUPPORT
from scripts import script

CDEFS = PROJECT / "cdefs"

# What process.c uses of CPython.
PYTHON_H = """
typedef int PyGILState_STATE;
static inline PyGILState_STATE PyGILState_Ensure(void) { return 0; }
static inline void PyGILState_Release(PyGILState_STATE state) { (void)state; }
static inline void PyOS_BeforeFork(void) {}
static inline void PyOS_AfterFork_Parent(void) {}
static inline void PyOS_AfterFork_Child(void) {}
"""
# In front of process.c: the link's answer, as the test wants it.
STAT = """
static int link_answer;
static int asked_stat(const char *path, struct stat *place)
{
    if (link_answer && strstr(path, "pid_for_children")) {
        errno = link_answer;
        return -1;
    }
    return stat(path, place);
}
#define stat(path, place) asked_stat(path, place)
"""


def _run(scene: str, folder: Path, compiler: str = "cc") -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} here" + " (apt install musl-tools)" * (compiler == "musl-gcc"))
    build = script("build_ffi")
    headers = [(CDEFS / name).read_text() for name in ("system.h", "process.h")]
    source = (CDEFS / "process.c").read_text()
    (folder / "Python.h").write_text(PYTHON_H)
    (folder / "program.c").write_text(
        "\n".join(
            [
                build.preamble(build.target(), source + "".join(headers)),
                *headers,
                STAT,
                source,
                (SUPPORT / "process_alone.c").read_text(),
            ]
        )
    )
    command = [compiler, "-std=gnu11", "-Wall", "-Wextra", "-O2", "-pthread", f"-I{folder}"]
    if compiler == "musl-gcc":  # which has no headers of the kernel
        # Python's own may be for musl, and have another name.
        places = ["/usr/include", *(path.parent for path in Path("/usr/include").glob("*-linux-gnu*/asm"))]
        command += [f"-idirafter{place}" for place in places]
    subprocess.run([*command, "-o", folder / "program", folder / "program.c"], check=True)
    program = [folder / "program", scene]
    done = subprocess.run([*map(str, program)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "0 failures\n"), done


@pytest.mark.portable
@pytest.mark.parametrize("compiler", ["musl-gcc", "cc"])
def test_F17_a_child_that_raises_a_signal_hits_itself(compiler: str, tmp_path: Path) -> None:
    """raise() and abort() in a child of each way are the child's: the parent gets no signal, and lives on.

    With the machine's own C library as well, which shows that the test itself is right.
    """
    _run("signals", tmp_path, compiler)


@pytest.mark.portable
def test_children_in_another_namespace_by_errno(tmp_path: Path) -> None:
    """Only a link that leads nowhere says that a namespace waits for its first process."""
    _run("namespaces", tmp_path)
