"""Run every path through the C code under valgrind, and under the compiler's sanitizers.

usage: python -m tools.check.memcheck [valgrind] [sanitizers]        neither: both

Exit status 1: something was found, or, in CI, nothing could be run; the last line says why. What the
interpreter or the C library does on its own is not counted: an error is ours where one of the C files in
cdefs/, or what CFFI made of them, stands between it and the interpreter.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from machines.errors import give_up
from tools import PROJECT

SCENES = Path(__file__).with_name("memcheck_scenes.py")
SECONDS = 900

# A child in the caller's memory is what valgrind's model of a process has no place for.
NOT_IN_VALGRIND = ("clone_vm",)

OURS = re.compile(r"cdefs/|_ffi\.c:|_ffi\.[\w.-]*so")
NOT_OURS = re.compile(
    r"libpython|/bin/python|_cffi_backend|: _?Py[A-Z_]|: _Py|\((?:pycore_)?\w*eval\w*\.[ch]:"
)

FLAGS = "-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"
# The marks that a function sets around its variables stay behind in the caller's stack when a child that
# shares its memory ends there without returning. Those scenes run without such marks.
SHARED_STACK = ("spawn", "spawn_failures", "spawn_options", "spawn_namespaces", "spawn_from_threads")
BUILDS = (("--param=asan-stack=1", SHARED_STACK), ("--param=asan-stack=0", ()))


class MissingError(Exception):
    """What is not installed."""


def scenes(prefix: list[str], leave_out: tuple[str, ...], environment: dict[str, str]) -> str:
    """Run the scenes; what they print. An exit status other than 0 ends this program."""
    command = [*prefix, sys.executable, str(SCENES), *leave_out]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONMALLOC": "malloc", **environment},
    )
    output = done.stdout + done.stderr
    if done.returncode != 0 or "all scenes" not in output:
        print(output[-8000:])
        sys.exit(f"memcheck: {prefix[0] if prefix else 'the scenes'} ended with {done.returncode}")
    return output


# ---- valgrind ----


def blocks(log: str) -> Iterator[list[str]]:
    """The errors of a log: each process's lines between its empty ones."""
    parts: dict[str, list[str]] = {}
    for line in log.splitlines():
        found = re.match(r"==(\d+)== ?(.*)", line)
        if not found:
            continue
        process, text = found.groups()
        if text:
            parts.setdefault(process, []).append(text)
        elif part := parts.pop(process, None):
            yield part
    yield from parts.values()


def is_ours(block: list[str]) -> bool:
    """Whether the way from the error outwards meets our code before the interpreter."""
    for line in block:
        if not re.match(r"\s+(at|by) 0x", line):
            continue
        if OURS.search(line):
            return True
        if NOT_OURS.search(line):
            return False
    return False


def valgrind() -> list[str]:
    program = shutil.which("valgrind")
    if program is None:
        raise MissingError("valgrind is not installed")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        options = ["--leak-check=full", "--show-leak-kinds=definite", "--num-callers=30", "--fullpath-after="]
        scenes([program, *options, f"--log-file={log}.%p"], NOT_IN_VALGRIND, {})
        text = "\n".join(file.read_text(errors="replace") for file in Path(folder).iterdir())
    found = list(blocks(text))
    processes = set(re.findall(r"==(\d+)==", text))
    print(f"valgrind: {len(found)} errors and leaks in {len(processes)} processes")
    return ["\n".join(block) for block in found if is_ours(block)]


# ---- sanitizers ----


def library(compiler: str, name: str) -> str:
    """The path of a sanitizer's runtime."""
    path = subprocess.run(
        [compiler, f"-print-file-name={name}"], check=True, capture_output=True, text=True
    ).stdout.strip()
    if not os.path.isabs(path):
        raise MissingError(f"{compiler} has no {name}")
    return os.path.realpath(path)


def sanitizers() -> list[str]:
    compiler = shutil.which(sysconfig.get_config_var("CC").split()[0]) or shutil.which("gcc")
    if compiler is None:
        raise MissingError("no C compiler")
    preload = [library(compiler, "libasan.so"), library(compiler, "libubsan.so")]
    found = []
    for more, leave_out in BUILDS:
        output = with_build(f"{FLAGS} {more}", leave_out, preload)
        print(f"sanitizers, {more}: {output.count('scene ')} scenes")
        found += [
            line for line in output.splitlines() if "runtime error:" in line or "ERROR: Address" in line
        ]
    return found


def with_build(flags: str, leave_out: tuple[str, ...], preload: list[str]) -> str:
    """What the scenes print with an extension that is compiled so."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "lib" / "pysys"
        shutil.copytree(
            PROJECT / "src" / "pysys", package, ignore=shutil.ignore_patterns("*.so", "__pycache__")
        )
        build = [sys.executable, "setup.py", "-q", "build_ext", "--force"]
        subprocess.run(
            [*build, "--build-lib", str(package.parent), "--build-temp", str(Path(folder) / "temp")],
            check=True,
            cwd=PROJECT,
            env={**os.environ, "CFLAGS": flags},
        )
        environment = {
            "PYTHONPATH": str(package.parent),
            "LD_PRELOAD": " ".join(preload),
            # The interpreter leaks on purpose; leaks of ours are valgrind's to find.
            "ASAN_OPTIONS": "detect_leaks=0:exitcode=66",
            "UBSAN_OPTIONS": "print_stacktrace=1",
        }
        return scenes([], leave_out, environment)


def main() -> int:
    ways = {"valgrind": valgrind, "sanitizers": sanitizers}
    wanted = sys.argv[1:] or list(ways)
    if unknown := set(wanted) - ways.keys():
        sys.exit(f"memcheck: no such way: {', '.join(sorted(unknown))}")
    missing, found = [], []
    for name in wanted:
        try:
            result = ways[name]()
        except MissingError as error:
            missing.append(f"{name}: {error}")
            print(f"memcheck: skipped: {missing[-1]}", flush=True)
            continue
        print(f"{name}: {len(result)} errors of ours", flush=True)
        found += result
    for block in found:
        print(f"\n{block}")
    if found:
        return 1
    if len(missing) == len(wanted):
        give_up("; ".join(missing))
    return 0


if __name__ == "__main__":
    sys.exit(main())
