"""The C code that waits for processes, without an interpreter."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from paths import PROJECT, SUPPORT
from scripts import script

CDEFS = PROJECT / "cdefs"
# In front of wait.c: threads pause before they look at what they share, and before they change it.
PAUSES = """
static void pause_a_little(void) { usleep((unsigned)rand() % 300); }
#define __atomic_load_n(...) (pause_a_little(), __atomic_load_n(__VA_ARGS__))
#define __atomic_store_n(...) (pause_a_little(), __atomic_store_n(__VA_ARGS__))
#define __atomic_exchange_n(...) (pause_a_little(), __atomic_exchange_n(__VA_ARGS__))
#define __atomic_compare_exchange_n(...) (pause_a_little(), __atomic_compare_exchange_n(__VA_ARGS__))
"""


@pytest.mark.portable
def test_W4_the_last_use_closes(tmp_path: Path) -> None:
    """Whatever the order in which threads use a pidfd and close it: it is closed once, after the last use; in
    a process that was forked, too, where the first use starts a count of its own."""
    build = script("build_ffi")
    headers = [(CDEFS / name).read_text() for name in ("system.h", "wait.h")]
    source = (CDEFS / "wait.c").read_text()
    (tmp_path / "program.c").write_text(
        "\n".join(
            [
                build.preamble(build.target(), source + "".join(headers)),
                *headers,
                PAUSES,
                source,
                (SUPPORT / "wait_alone.c").read_text(),
            ]
        )
    )
    (tmp_path / "Python.h").write_text("")
    options = ["-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-function", "-O2", "-pthread", f"-I{tmp_path}"]
    subprocess.run(["cc", *options, "-o", tmp_path / "program", tmp_path / "program.c"], check=True)
    done = subprocess.run([tmp_path / "program"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "0 failures\n"), done
