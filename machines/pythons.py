"""Run the tests on a Python that no package has, on this kernel, built from its source.

usage: python -m machines.pythons ROW [PYTEST ARGUMENT...]      for example: ... musl -k fork

The rows are below: a Python without the GIL, and one on musl. Each is built once, from the source archives
that Debian's packages are made of, in $PYSYS_CACHE or ~/.cache/pysys, which takes some minutes. Every run
copies this source tree, builds and installs the package in an environment of its own and runs pytest there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from machines.cache import cache, key, locked, made
from machines.cross import run
from machines.debian import Archive, host
from machines.errors import Trouble, give_up
from machines.files import copy, files
from machines.packages import untar
from machines.project import libraries
from machines.wheels import CONSTRAINTS


class Row(NamedTuple):
    suite: str
    python: str
    compiler: str
    packages: str  # of Debian: what to install to build it
    configure: tuple[str, ...] = ()


ROWS = {
    "free-threaded": Row(  # cffi takes no older one without a GIL
        "sid", "3.14", "gcc", "gcc make libffi-dev libsqlite3-dev zlib1g-dev", ("--disable-gil",)
    ),
    "musl": Row("testing", "3.13", "musl-gcc", "gcc make musl-tools"),
}
TESTS = "not thorough and not once"
# What the package and its tests use of the standard library takes these; no package has them for musl.
# bookworm's libffi is the last one that comes with its configure.
LIBRARIES = {
    ("sid", "zlib"): ("./configure --static --prefix=/", "make install"),
    ("bookworm", "libffi"): (
        "./configure --disable-shared --disable-docs --disable-multi-os-directory --with-pic --prefix=/",
        "make install",
    ),
    ("sid", "sqlite3"): (
        "./configure --enable-fts5 --disable-shared --disable-tcl --disable-readline --prefix=/",
        "make install-lib install-headers",
    ),
}
FOUND = {"LIBFFI": "-lffi", "LIBSQLITE3": "-lsqlite3 -lm", "ZLIB": "-lz"}
# Modules of libraries that one machine has and another has not.
LEFT_OUT = "_bz2 _curses _curses_panel _dbm _gdbm _hashlib _lzma _ssl _tkinter _uuid readline".split()
QUICKLY = "-DNDEBUG -fwrapv -O1"  # it is made for one run of the tests, or a few
KERNEL = ("asm", "asm-generic", "linux")  # its headers; the others beside them are glibc's
FROM_INDEX = ("cffi", "pycparser", "setuptools")


def folder(what: str, *parts: object) -> Path:
    return cache() / "pythons" / f"{what}-{key(*parts)}"


def compiler(row: Row) -> Path:
    """A folder with the commands cc and gcc, which make programs for the row's C library."""
    program = shutil.which(row.compiler)
    if not program or not shutil.which("make"):
        give_up(f"it is built with {row.compiler} and make: apt install {row.packages}")
    path = folder(row.compiler, program, KERNEL, "no multiarch")

    def make(fresh: Path) -> None:
        text = f'#!/bin/sh\nexec {program} "$@"'
        if row.compiler != "gcc":
            (fresh / "include").mkdir()
            for name in KERNEL:
                places = [Path("/usr/include", name), *Path("/usr/include").glob(f"*-linux-gnu*/{name}")]
                (fresh / "include" / name).symlink_to(next(place for place in places if place.exists()))
            # It would name the folders of glibc, which Python's configure takes for a contradiction.
            text = (
                text.replace("exec", '[ "$1" = --print-multiarch ] || exec') + f' -idirafter "{path}/include"'
            )
        for name in ("cc", "gcc"):
            (fresh / name).write_text(f"{text}\n")
            (fresh / name).chmod(0o755)

    return made(path, f"a folder with {row.compiler}", make)


def settings(row: Row, *first: Path) -> dict[str, str]:
    """The environment of builds and tests, in which programs of these folders and the compiler are found."""
    folders = [*first, compiler(row), *map(Path, ("/usr/bin", "/bin", "/usr/sbin", "/sbin"))]
    return {"PATH": os.pathsep.join(map(str, folders)), "LANG": "C.UTF-8"}


def source(suite: str, package: str, work: Path) -> Path:
    """The folder of a package's source, unpacked."""
    with Archive(suite, host(), sources=True).original(package) as archive:
        untar(archive, work / package)
    return next((work / package).iterdir())


def step(row: Row, where: Path, command: str, **more: str) -> None:
    run(
        ["env", f"--chdir={where}", *command.split()],
        f"{command.split()[0]} in {where.name}",
        **settings(row),
        **more,
    )


def needed(row: Row) -> Path:
    """The libraries, static, and their headers."""

    def make(fresh: Path) -> None:
        with tempfile.TemporaryDirectory() as work:
            for (suite, package), (configure, install) in LIBRARIES.items():
                where = source(suite, package, Path(work))
                step(row, where, configure, CC="cc", CFLAGS="-O1 -fPIC")
                step(row, where, f"{install} DESTDIR={fresh}")

    return made(
        folder(f"libraries-{row.compiler}", LIBRARIES), f"libraries for {row.compiler}, some minutes", make
    )


def versions() -> list[str]:
    """What is installed of the package index: its names with the versions that wheels are built with."""
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    return [line for line in lines if line.partition("==")[0] in FROM_INDEX]


def python(name: str) -> Path:
    """The folder of the row's Python, with pip and what the package and its tests need."""
    row = ROWS[name]
    path = folder(f"{name}-{row.python}", row, LIBRARIES, LEFT_OUT, QUICKLY, versions())

    def make(fresh: Path) -> None:
        settled = {f"py_cv_module_{module}": "n/a" for module in LEFT_OUT}
        settled |= {"CC": str(compiler(row) / "cc"), "OPT": QUICKLY}
        if row.compiler != "gcc":
            found = needed(row)
            for library, words in FOUND.items():
                settled[f"{library}_CFLAGS"] = f"-I{found}/include"
                settled[f"{library}_LIBS"] = f"-L{found}/lib {words}"
        with tempfile.TemporaryDirectory() as work:
            where = source(row.suite, f"python{row.python}", Path(work))
            words = " ".join(row.configure)
            step(row, where, f"./configure --prefix={path} --with-ensurepip=no {words}", **settled)
            step(row, where, "make")
            # What makes bytecode of all modules, most of which are never imported, is shown its help instead.
            step(row, where, f"make install DESTDIR={work}/installed COMPILEALL_OPTS=--help")
            for one in Path(f"{work}/installed{path}").iterdir():
                shutil.move(one, fresh)
        furnish(row, fresh)

    return made(path, f"Python {row.python}, {name}, some minutes", make)


def furnish(row: Row, fresh: Path) -> None:
    """Put pip into a Python, cffi, and what the package index has in pure Python."""
    program = str(fresh / f"bin/python{row.python}")
    run([program, "-m", "ensurepip"], "ensurepip", **settings(row))
    asked = [program, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    shutil.copytree(libraries(), packages, dirs_exist_ok=True)
    *pure, cffi = sorted(versions(), key=lambda line: line.startswith("cffi"))
    pip = [sys.executable, "-m", "pip"]
    run([*pip, "install", "--no-deps", "--only-binary=:all:", f"--target={packages}", *pure], "pip")
    with tempfile.TemporaryDirectory() as work:
        run(
            [*pip, "download", "--no-deps", "--no-binary=cffi", f"--dest={work}", cffi], f"download of {cffi}"
        )
        untar(next(Path(work).glob("*.tar.gz")), Path(work))
        where = next(one for one in Path(work).iterdir() if one.is_dir())
        more = {}
        if row.compiler != "gcc":
            more = {"CFLAGS": f"-I{needed(row)}/include", "LDFLAGS": f"-L{needed(row)}/lib"}
        install = f"{program} -m pip install --no-build-isolation --no-deps --no-index ."
        step(row, where, install, PKG_CONFIG="false", **more)


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in ROWS:
        print(f"usage: python -m machines.pythons {'|'.join(ROWS)} [PYTEST ARGUMENT...]", file=sys.stderr)
        return 2
    name = sys.argv[1]
    row, base = ROWS[name], python(name)
    work = base.with_name(f"{base.name}.run")
    with locked(work):  # the copy, and what is installed, are this run's
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        venv = [f"{base}/bin/python{row.python}", "-m", "venv", "--system-site-packages", "--without-pip"]
        subprocess.run([*venv, work / "venv"], check=True)
        copy(files(), work / "project")  # without what was built here
        settled = {**settings(row, work / "venv/bin"), "HOME": str(work)}
        settled |= {name: value for name, value in os.environ.items() if name.startswith("PYSYS_")}
        program = str(work / "venv/bin/python")
        offline = ["--no-build-isolation", "--no-deps", "--no-index"]
        pip = [program, "-m", "pip", "install", "--quiet", *offline, "."]
        tests = [program, "-m", "pytest", "-p", "no:cacheprovider", "-m", TESTS, *sys.argv[2:]]
        for command in (pip, tests):
            done = subprocess.run(command, cwd=work / "project", env=settled, check=False)
            if done.returncode != 0:
                break
        return done.returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"pythons: {trouble}")
