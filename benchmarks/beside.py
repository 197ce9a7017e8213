"""Contenders in separate processes: in C, or of another size."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


def compiled(folder: str) -> str | None:
    """Compile program.c, statically if possible, so that the dynamic loader's work is not measured."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    target = str(Path(folder) / "program")
    for static in (["-static"], []):
        command = [compiler or "cc", "-O2", *static, "-o", target, str(HERE / "program.c")]
        if compiler and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return target
    return None


def bare(folder: str) -> str | None:
    """Compile bare.c, a program that begins without the C library. Returns None where it does not run."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    target = str(Path(folder) / "bare")
    command = [compiler or "cc", "-O2", "-static", "-nostartfiles", "-o", target, str(HERE / "bare.c")]
    for step in (command, [target]):
        if not compiler or subprocess.run(step, capture_output=True, check=False).returncode != 0:
            return None
    return target


@contextmanager
def helper(batch: int, *command: str) -> Iterator[Callable[[], float]]:
    """A process that runs that many itself each time, and reports the seconds that one took."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE.parent
    ) as process:
        assert process.stdin
        assert process.stdout
        requests, answers = process.stdin, process.stdout
        if "benchmarks.resident" in command:
            answers.readline()

        def sample() -> float:
            requests.write(f"{batch}\n")
            requests.flush()
            return int(answers.readline()) / 1e12

        yield sample
        requests.close()
