"""usage: python -m machines.wheels [--into FOLDER] [--once] [PLATFORM...]

Builds the wheels that an index takes, cross compiled with Zig, and checks them: auditwheel finds the platform
that the name promises, abi3audit the stable ABI, twine nothing wrong, and a second build in another folder
has the same bytes. They are the wheels that the machines test. A PLATFORM is the end of a name, such as
musllinux_1_2_x86_64 or aarch64; without one, all are built.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from machines import cross
from machines.cache import cache, key, made, progress
from machines.errors import Trouble
from machines.files import APART, PROJECT, built_from, copy

DAY = 24 * 60 * 60
CONSTRAINTS = PROJECT / "machines/constraints.txt"
COMPILE = "-O2 -g0 -DNDEBUG -fwrapv"
LINK = ("-shared", "-s")  # without what only a debugger reads
MUSL = "1_2"  # the version of all that Zig has: 1.2, with 64-bit times on every architecture


@dataclass(frozen=True)
class Kind:
    """How the wheels of an architecture are built."""

    machine: str  # as the name of a wheel calls it
    glibc: str  # the oldest that the wheel is for: of those that Zig has and auditwheel knows
    suite: str = "bookworm"  # Debian's oldest with the architecture, whose Python has the headers:
    python: str = "3.11"
    index: bool = True  # whether there is a tag that an index may take


# By Debian's architecture. Nothing is lost by an old glibc: what a newer one has besides is a weak reference.
KINDS = {
    "amd64": Kind("x86_64", "2.17"),
    "i386": Kind("i686", "2.17"),
    "arm64": Kind("aarch64", "2.17"),
    "armhf": Kind("armv7l", "2.17"),
    "ppc64el": Kind("ppc64le", "2.24"),
    "s390x": Kind("s390x", "2.17"),
    "riscv64": Kind("riscv64", "2.31", "trixie", "3.13"),
    "loong64": Kind("loongarch64", "2.36", "sid", "3.15"),
    "mips64el": Kind("mips64", "2.36", index=False),
    "mipsel": Kind("mips", "2.36", index=False),
}


@dataclass(frozen=True)
class Wheel:
    """One that can be built."""

    architecture: str
    musl: bool = False

    @property
    def kind(self) -> Kind:
        return KINDS[self.architecture]

    @property
    def platform(self) -> str:
        """The end of its name."""
        if not self.kind.index:
            return f"linux_{self.kind.machine}"
        libc = f"musllinux_{MUSL}" if self.musl else f"manylinux_{self.kind.glibc.replace('.', '_')}"
        return f"{libc}_{self.kind.machine}"

    def compiler(self) -> list[str]:
        return cross.compiler(self.architecture, None if self.musl else self.kind.glibc)


# Those that are for an index.
WHEELS = [Wheel(name, musl) for name, kind in KINDS.items() if kind.index for musl in (False, True)]


def epoch() -> int:
    """When what it is built from was last changed: $SOURCE_DATE_EPOCH, or what git knows, or the files."""
    if said := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(said)
    apart = [f":(exclude){name}" for name in sorted(APART)]
    log = ["git", "-C", str(PROJECT), "log", "-1", "--format=%ct", "--", ".", *apart]
    try:
        found = subprocess.run(log, capture_output=True, text=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        found = ""
    return int(found or max((PROJECT / name).stat().st_mtime for name in built_from()))


def build(wheel: Wheel, target: Path) -> None:
    """Build a wheel into a folder."""
    with tempfile.TemporaryDirectory() as work:
        copy(built_from(), Path(work))
        for path in Path(work).rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)  # not as this checkout happens to have them
        command = wheel.compiler()
        kind = wheel.kind
        includes = [f"-I{path}" for path in cross.headers(kind.suite, wheel.architecture, kind.python)]
        flags = {
            "CC": shlex.join([*command, *includes]),
            "LDSHARED": shlex.join([*command, *LINK]),
            "CFLAGS": f"{COMPILE} -ffile-prefix-map={work}=.",
            "SOURCE_DATE_EPOCH": str(epoch()),
            # pip reads the first for what is installed to build with, and did the second before 25.3.
            "PIP_BUILD_CONSTRAINT": str(CONSTRAINTS),
            "PIP_CONSTRAINT": str(CONSTRAINTS),
        }
        name = f"--config-settings=--build-option=--plat-name={wheel.platform}"
        pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(target), name, work]
        cross.run(pip, f"the build for {wheel.platform}", **flags)


def digest(names: Iterable[Path]) -> str:
    """What stands for the contents of files of the project."""
    return key([(str(name), hashlib.sha256((PROJECT / name).read_bytes()).digest()) for name in names])


def cached(wheel: Wheel) -> Path:
    """The wheel's file, built unless the cache has one of the same files."""
    folder = cache() / "wheels"
    names = (*built_from(), CONSTRAINTS.relative_to(PROJECT))
    made_of = key(digest(names), wheel, wheel.kind, epoch(), COMPILE, LINK)
    path = folder / f"{wheel.platform}-{made_of}"
    made(path, f"the wheel for {wheel.platform}", lambda fresh: build(wheel, fresh))
    for old in folder.glob(f"{wheel.platform}-*"):
        # Of another tree or an earlier state of this one; a run that began with it may still read it.
        if old.is_dir() and old != path and old.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(old, ignore_errors=True)
    return next(path.glob("*.whl"))


# ---- checks ----


def _tool(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _version(platform: str) -> tuple[str, tuple[int, ...]]:
    """manylinux_2_17_x86_64: manylinux, (2, 17). linux_x86_64, which names no C library: linux, ()."""
    family, *rest = platform.split("_")
    return family, () if family == "linux" else tuple(map(int, rest[:2]))


def audit(path: Path, platform: str) -> str:
    """auditwheel's word for what a wheel needs; Trouble if that is more than its name says."""
    # Libraries are not looked for here: they are another architecture's, or another C library's.
    found = json.loads(_tool("auditwheel", "show", "--json", "--ldpaths=/nonexistent", str(path)))
    needs = str(found["overall_tag"])
    if platform.startswith("musl") and found["external_libs"].keys() == {"libc.so"}:
        # auditwheel knows musl by the name that Alpine gives it; its loader takes every libc.* for itself.
        needs = str(found["sym_tag"])
    if _version(needs)[0] != _version(platform)[0] or _version(needs) > _version(platform):
        raise Trouble(f"{path.name} needs {needs}, with {found['external_libs']}")
    return needs


def check(wheel: Wheel, path: Path) -> str:
    """What was found; Trouble if anything is wrong with the wheel."""
    if not path.name.endswith(f"-cp311-abi3-{wheel.platform}.whl"):
        raise Trouble(f"the wheel for {wheel.platform} is {path.name}")
    needs = audit(path, wheel.platform)
    _tool("abi3audit", "--strict", str(path))
    _tool("twine", "check", "--strict", str(path))
    return f"needs {needs}, abi3"


def same_again(wheel: Wheel, path: Path) -> None:
    """Trouble if a second build, in another folder, is not the same to the byte."""
    with tempfile.TemporaryDirectory() as folder:
        build(wheel, Path(folder))
        again = next(Path(folder).glob("*.whl"))
        if again.name != path.name or again.read_bytes() != path.read_bytes():
            kept = cache() / "wheels" / f"differs-{path.name}"
            shutil.copy2(again, kept)
            raise Trouble(f"two builds for {wheel.platform} differ: {path} and {kept}")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m machines.wheels", description=__doc__.partition("\n\n")[2], allow_abbrev=False
    )
    parser.add_argument("platform", nargs="*", metavar="PLATFORM", help="which; see the list")
    parser.add_argument("--list", action="store_true", help="list the platforms")
    parser.add_argument("--into", type=Path, default=PROJECT / "dist", metavar="FOLDER", help="%(default)s")
    parser.add_argument("--once", action="store_true", help="no second build")
    options = parser.parse_args()
    ends = tuple(f"_{one}" for one in options.platform) or ("",)
    chosen = [wheel for wheel in WHEELS if f"_{wheel.platform}".endswith(ends)]
    if not chosen:
        parser.error(f"no such platform; there are {', '.join(wheel.platform for wheel in WHEELS)}")
    if options.list:
        print(*(wheel.platform for wheel in chosen), sep="\n")
        return 0
    options.into.mkdir(parents=True, exist_ok=True)
    for wheel in chosen:
        path = cached(wheel)
        found = check(wheel, path)
        if not options.once:
            same_again(wheel, path)
            found += ", the same twice"
        shutil.copy2(path, options.into)
        progress(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {found}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"wheels: {trouble}")
