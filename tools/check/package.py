"""Build the sdist, the wheel from the sdist in an empty environment, and use the wheel as a new user would.

usage: python -m tools.check.package        needs build, twine and abi3audit, which tox -e package installs
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path

from machines.files import copy, files
from tools import PROJECT

PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14", "python3.15")
TRIAL = """
import os, sys
import pysys
from pysys import calls, errors, flags, fork, metadata, spawn, structures, syscall
pid = fork()
if pid == 0:
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
assert syscall("getpid") == calls.getpid() == os.getpid()
how = structures.open_how(flags=flags.OpenFlags.O_PATH)
os.close(calls.openat2(flags.AT_FDCWD, "/", how, how.nbytes))
with spawn(["true"]) as child:
    assert child.wait() == 0
assert metadata.page("fork").depth == "full" and "fork" in metadata.page("fork").description
assert "site-packages" in pysys.__file__, pysys.__file__
print("works on", sys.version.split()[0])
"""
# A function that returns None or True without a reference of its own ends a Python before 3.12 one day:
# so do the macros of Python.h that return them, where a newer Python compiles for the stable ABI of 3.11.
REFERENCES = """
import os, sys
from pysys import calls, spawn
def use():
    calls.kill(os.getpid(), 0)
    with spawn(["true"]) as child:
        child.wait()
    return sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False)
kept = [None, True, False] * 1000
for _ in range(10):
    before = use()
for _ in range(200):
    after = use()
assert all(one - another > -100 for one, another in zip(after, before)), (before, after)
"""


def run(*command: str | Path, **options: object) -> str:
    """The command's output; on failure it is shown."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]  # options of run, of many types
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return str(done.stdout + done.stderr)


def check(condition: object, what: str) -> None:
    if not condition:
        sys.exit(f"package: {what}")
    print(f"ok: {what}", flush=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as work_:
        work = Path(work_)
        copy(
            files(), work / "project"
        )  # what else lies in the folder, or is built in it meanwhile, is not seen
        log = run(
            *(sys.executable, "-m", "build", "--outdir", work, work / "project"),
            env={**os.environ, "PIP_VERBOSE": "1"},
        )
        sdist, wheel = next(work.glob("*.tar.gz")), next(work.glob("*.whl"))
        warnings = re.findall(r"^.*: warning: .*", log, re.MULTILINE)
        check("-Wextra" in log and not warnings, "the C code compiles without a warning under -Wall -Wextra")
        check(sdist.name.startswith("pysys_linux-"), f"the sdist is {sdist.name}")
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        check(wheel.name.endswith(f"-cp311-abi3-{platform}.whl"), f"the wheel is {wheel.name}")
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        package = {
            str(path.relative_to(PROJECT / "src"))
            for path in (PROJECT / "src/pysys").rglob("*")
            if path.suffix in (".py", ".pyi", ".typed", ".toml", ".txt")
        }
        check(package <= names, f"the wheel holds modules, types and pages, {len(package)} files")
        check("pysys/_ffi.abi3.so" in names, "the wheel holds the extension")
        with tarfile.open(sdist) as archive:
            top = sdist.name.removesuffix(".tar.gz")
            held = {name.removeprefix(f"{top}/") for name in archive.getnames()}
        wanted = {str(name) for name in files()}
        check(wanted <= held, f"the sdist holds all {len(wanted)} files of the project")
        run(sys.executable, "-m", "twine", "check", "--strict", sdist, wheel)
        check(True, "twine finds nothing")
        run(sys.executable, "-m", "abi3audit", "--strict", wheel)
        check(True, "the extension keeps to the stable ABI of 3.11")
        here = []
        for name in PYTHONS:
            if (
                not shutil.which(name)
                or subprocess.run([name, "-c", ""], capture_output=True, check=False).returncode
            ):
                print(f"skipped: no {name} here", flush=True)
                continue
            home = work / name
            run(name, "-m", "venv", home)
            run(home / "bin/pip", "install", "--quiet", wheel)
            trial = run(home / "bin/python", "-W", "error", "-c", TRIAL, cwd=work)
            check("works on" in trial, f"installed in an empty environment, it {trial.strip()}")
            run(home / "bin/pysys", "tour", cwd=work)
            check(True, f"pysys tour ends well on {name}")
            here.append(name)
        if len(here) > 1:
            newest, oldest = here[-1], here[0]
            run(newest, "-m", "venv", work / "newest")
            run(work / "newest/bin/pip", "wheel", "--quiet", "--no-deps", "-w", work / "built", sdist)
            home = work / oldest
            run(
                home / "bin/pip",
                "install",
                "--quiet",
                "--force-reinstall",
                "--no-deps",
                *work.glob("built/*.whl"),
            )
            run(home / "bin/python", "-c", REFERENCES, cwd=work)
            check(True, f"a wheel that {newest} built works on {oldest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
