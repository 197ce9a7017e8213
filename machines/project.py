"""The layer of a machine that is the project: the wheel for an index, the tests and what they import."""

from __future__ import annotations

import shutil
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from machines import cross, table, wheels
from machines.cache import cache, key, made
from machines.cpio import Writer
from machines.debian import Archive
from machines.files import PROJECT, files
from machines.packages import unpack, untar

GLIBC = "2.36"  # the oldest here, bookworm's
CFFI = "cffi==2.0.0"
OLD_CFFI = frozenset({"bookworm"})  # suites with one that is older than pyproject.toml demands
PACKAGES = "usr/lib/python3/dist-packages"
SCRIPT = "#!/usr/bin/python3\nimport sys\nfrom pysys.cli import main\nsys.exit(main())\n"


def cffi(row: table.Row) -> Path:
    """cffi in a version that the package takes, where the suite's is older, with the suite's libffi."""

    def make(fresh: Path) -> None:
        with tempfile.TemporaryDirectory() as work:
            download = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary=cffi", "-d", work]
            cross.run([*download, CFFI], f"the download of {CFFI}")
            untar(next(Path(work).glob("*.tar.gz")), Path(work))
            source = next(path for path in Path(work).iterdir() if path.is_dir())
            with Archive(row.suite, row.architecture).downloaded(["libffi-dev"]) as debs:
                for deb in debs:
                    if deb.name.startswith("libffi"):
                        unpack(deb, Path(work, "libffi"))
            shared = next(Path(work, "libffi").rglob("libffi.so.*"))
            includes = [
                *cross.headers(row.suite, row.architecture, row.pythons[-1]),
                *(path.parent for path in Path(work, "libffi").rglob("ffi.h")),
            ]
            command = [
                *cross.compiler(row.architecture, GLIBC),
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
            cross.run([*command, *built], f"the build of cffi for {row.architecture}")
            shutil.copytree(source / "src/cffi", fresh / "cffi")

    name = f"{row.suite}-{row.architecture}-{key(CFFI, GLIBC)}"
    return made(cache() / "cffi" / name, f"{CFFI} for {row.architecture}", make)


def programs(architecture: str) -> Path:
    """What the tests start or load, of C: a folder with native.so and reporter, which is static."""
    sources = {"native.so": Path("tests/support/native.c"), "reporter": Path("tests/support/reporter.c")}

    def make(fresh: Path) -> None:
        shared = [*cross.compiler(architecture, GLIBC), "-shared", "-fPIC", "-pthread"]
        static = [*cross.compiler(architecture, None), "-static"]
        for (name, source), command in zip(sources.items(), (shared, static), strict=True):
            cross.run(
                [*command, "-O1", "-o", str(fresh / name), str(PROJECT / source)], f"the build of {source}"
            )

    path = cache() / "native" / f"{architecture}-{key(wheels.digest(sources.values()), GLIBC)}"
    return made(path, f"the tests' programs for {architecture}", make)


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
        cross.run(
            [sys.executable, "-m", "pip", "install", "--no-compile", f"--target={fresh}", *pure, *wanted],
            "pip",
        )

    return made(cache() / "libraries" / key(wanted), "the libraries of the tests", make)


def layer(row: table.Row, target: Path) -> None:
    """Write the layer."""
    with open(target, "wb") as file:
        writer = Writer(file)
        writer.tree(libraries(), PACKAGES, frozenset({"__pycache__", "bin", "share"}))
        with zipfile.ZipFile(wheels.cached(wheels.Wheel(row.architecture))) as archive:
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
        for path in sorted(programs(row.architecture).iterdir()):
            writer.file(path.name, path.read_bytes(), 0o755)
        writer.close()
