"""The layer of a machine that is the project: its package, cross compiled, its tests and what they import."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

from machines import table
from machines.cache import cache, key, made
from machines.cpio import Writer
from machines.debian import Archive
from machines.errors import Trouble
from machines.files import PROJECT, built_from, copy, files
from machines.packages import unpack, untar

DAY = 24 * 60 * 60
GLIBC = "2.36"  # the oldest here, bookworm's
# The machine in a wheel's name, where it is not the first part of the compiler's target.
WHEELS = {"arm": "armv7l", "mips64el": "mips64", "mipsel": "mips", "powerpc64le": "ppc64le", "x86": "i686"}
CFFI = "cffi==2.0.0"
OLD_CFFI = frozenset({"bookworm"})  # suites with one that is older than pyproject.toml demands
PACKAGES = "usr/lib/python3/dist-packages"
SCRIPT = "#!/usr/bin/python3\nimport sys\nfrom pysys.cli import main\nsys.exit(main())\n"


def _digest(names: Iterable[Path]) -> str:
    return key([(str(name), hashlib.sha256((PROJECT / name).read_bytes()).digest()) for name in names])


def _run(command: list[str], what: str, **more: str) -> None:
    done = subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{what} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


def headers(row: table.Row) -> list[Path]:
    """The folders of the headers of this row's Python, for its architecture."""
    package = f"libpython{row.pythons[-1]}-dev"

    def make(fresh: Path) -> None:
        with Archive(row.suite, row.architecture).alone(package) as deb:
            unpack(deb, fresh)
        for library in fresh.rglob("*.a"):
            library.unlink()

    path = made(cache() / "headers" / f"{row.suite}-{row.architecture}-{row.pythons[-1]}", package, make)
    return [path / "usr/include" / f"python{row.pythons[-1]}", path / "usr/include"]


def compiler(row: table.Row, static: bool = False) -> list[str]:
    """The C compiler for a row: Zig's, which has every target and its C libraries; musl is the static one."""
    found = importlib.util.find_spec("ziglang")
    if found is None or not found.origin:
        raise Trouble("the cross compiler is not here: pip install ziglang")
    zig = Path(found.origin).with_name("zig")
    target = table.TARGETS[row.architecture]
    if static:
        return [str(zig), "cc", "-static", "-target", target.replace("gnu", "musl")]
    return [str(zig), "cc", "-target", f"{target}.{GLIBC}"]


def _zig() -> dict[str, str]:
    return {"ZIG_GLOBAL_CACHE_DIR": str(cache() / "zig")}


def cffi(row: table.Row) -> Path:
    """cffi in a version that the package takes, where the suite's is older, with the suite's libffi."""

    def make(fresh: Path) -> None:
        with tempfile.TemporaryDirectory() as work:
            download = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary=cffi", "-d", work]
            _run([*download, CFFI], f"the download of {CFFI}")
            untar(next(Path(work).glob("*.tar.gz")), Path(work))
            source = next(path for path in Path(work).iterdir() if path.is_dir())
            with Archive(row.suite, row.architecture).downloaded(["libffi-dev"]) as debs:
                for deb in debs:
                    if deb.name.startswith("libffi"):
                        unpack(deb, Path(work, "libffi"))
            shared = next(Path(work, "libffi").rglob("libffi.so.*"))
            includes = [*headers(row), *(path.parent for path in Path(work, "libffi").rglob("ffi.h"))]
            command = [
                *compiler(row),
                "-O2",
                "-shared",
                "-fPIC",
                "-fwrapv",
                "-w",
                *(f"-I{path}" for path in includes),
            ]
            built = [
                str(source / "src/c/_cffi_backend.c"),
                str(shared),
                "-o",
                str(fresh / "_cffi_backend.so"),
            ]
            _run([*command, *built], f"the build of cffi for {row.architecture}", **_zig())
            shutil.copytree(source / "src/cffi", fresh / "cffi")

    name = f"{row.suite}-{row.architecture}-{key(CFFI, GLIBC)}"
    return made(cache() / "cffi" / name, f"{CFFI} for {row.architecture}", make)


def wheel(row: table.Row) -> Path:
    """The package, built for the row's architecture."""
    machine = table.TARGETS[row.architecture].partition("-")[0]
    folder = cache() / "wheels"

    def make(fresh: Path) -> None:
        with tempfile.TemporaryDirectory() as work:
            copy(built_from(), Path(work))
            command = compiler(row)
            includes = [f"-I{path}" for path in headers(row)]
            build = [
                *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(fresh)),
                f"--config-settings=--build-option=--plat-name=linux_{WHEELS.get(machine, machine)}",
                work,
            ]
            flags = {
                "CC": shlex.join([*command, *includes]),
                "LDSHARED": shlex.join([*command, "-shared"]),
                "CFLAGS": "-O2",
            }
            _run(build, f"the build for {row.architecture}", **flags, **_zig())
            native = [*command, "-O1", "-shared", "-fPIC", "-pthread", "-o", str(fresh / "native.so")]
            _run(
                [*native, str(PROJECT / "tests/support/native.c")],
                "the build of native.c",
                **_zig(),
            )
            reporter = [*compiler(row, static=True), "-O1", "-o", str(fresh / "reporter")]
            _run(
                [*reporter, str(PROJECT / "tests/support/reporter.c")],
                "the build of reporter.c",
                **_zig(),
            )

    programs = (Path("tests/support/native.c"), Path("tests/support/reporter.c"))
    digest = key(_digest((*built_from(), *programs)), GLIBC)
    path = folder / f"{row.suite}-{row.architecture}-{digest}"
    made(path, f"the package for {row.architecture}", make)
    for old in folder.glob(f"{row.suite}-{row.architecture}-*"):
        # Of another tree or an earlier state of this one; a run that began with it may still read it.
        if old.is_dir() and old != path and old.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(old, ignore_errors=True)
    return path


def libraries() -> Path:
    """What the tests import: the newest from the package index, in pure Python, for any machine."""
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text())["dependency-groups"]
    wanted = [*groups["test"], "coverage>=7.10", "pytest-xdist>=3"]

    def make(fresh: Path) -> None:
        pure = [
            "--only-binary=:all:",
            "--implementation=py",
            "--abi=none",
            "--platform=any",
            "--python-version=3.11",
        ]
        _run(
            [sys.executable, "-m", "pip", "install", "--no-compile", f"--target={fresh}", *pure, *wanted],
            "pip",
        )

    return made(cache() / "libraries" / key(wanted), "the libraries of the tests", make)


def layer(row: table.Row, target: Path) -> None:
    """Write the layer."""
    with open(target, "wb") as file:
        writer = Writer(file)
        writer.tree(libraries(), PACKAGES, frozenset({"__pycache__", "bin", "share"}))
        built = wheel(row)
        with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
            for info in archive.infolist():
                writer.file(
                    f"{PACKAGES}/{info.filename}",
                    archive.read(info),
                    0o755 if info.filename.endswith(".so") else 0o644,
                )
        if row.suite in OLD_CFFI:
            # Where Python looks before it looks where Debian's is.
            writer.tree(cffi(row), f"usr/local/lib/python{row.pythons[0]}/dist-packages")
        writer.file("usr/bin/pysys", SCRIPT.encode(), 0o755)
        for name in files():
            path = PROJECT / name
            writer.file(f"project/{name}", path.read_bytes(), path.stat().st_mode & 0o777)
        for program in ("native.so", "reporter"):
            writer.file(program, (built / program).read_bytes(), 0o755)
        writer.close()
