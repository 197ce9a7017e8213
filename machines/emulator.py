"""The emulator: Debian's qemu, unpacked into the cache and run from there with its own C library.

So every row is emulated by the same version on every developer's machine, and nothing is installed.
$PYSYS_QEMU names a folder with another one's programs.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from machines import table
from machines.cache import cache, key, made
from machines.debian import Archive, host
from machines.errors import Trouble
from machines.packages import unpack

SUITE = "trixie"  # qemu 10.0; bookworm's 7.2 has no loongarch64 that boots, and crashes with kernels of x86
LOADERS = {"amd64": "lib64/ld-linux-x86-64.so.2", "arm64": "lib/ld-linux-aarch64.so.1"}


def folder(packages: tuple[str, ...]) -> Path:
    """Where these packages, and what they depend on, are unpacked for this machine."""
    path = cache() / "emulators" / f"{packages[0]}-{SUITE}-{host()}-{key(packages)}"

    def make(fresh: Path) -> None:
        with Archive(SUITE, host()).downloaded(list(packages)) as debs:
            for deb in debs:
                unpack(deb, fresh)

    return made(path, f"the emulator {packages[0]}", make)


def root(emulator: table.Emulator) -> Path:
    """The folder that the emulator's files lie below."""
    return Path("/") if os.environ.get("PYSYS_QEMU") else folder(emulator.packages)


def start(emulator: table.Emulator) -> list[str]:
    """The command, up to the machine's own options."""
    if os.environ.get("PYSYS_QEMU"):
        program = Path(os.environ["PYSYS_QEMU"], emulator.program)
        if not shutil.which(program):
            raise Trouble(f"no {program}: install {emulator.packages[0]}, or leave PYSYS_QEMU unset")
        return [str(program)]
    home = folder(emulator.packages)
    program = home / "usr/bin" / emulator.program
    if not program.exists():
        raise Trouble(f"{emulator.packages[0]} of {SUITE} has no {emulator.program}")
    libraries = home / "usr/lib" / f"{os.uname().machine}-linux-gnu"
    return [
        *(str(home / "usr" / LOADERS[host()]), "--library-path", f"{libraries}:{libraries}/pulseaudio"),
        *(str(program), "-L", str(home / "usr/share/qemu"), "-L", str(home / "usr/share/seabios")),
    ]


def environment(emulator: table.Emulator) -> dict[str, str]:
    """The process environment for start()'s command: where its modules are."""
    if os.environ.get("PYSYS_QEMU"):
        return dict(os.environ)
    modules = folder(emulator.packages) / "usr/lib" / f"{os.uname().machine}-linux-gnu" / "qemu"
    return {**os.environ, "QEMU_MODULE_DIR": str(modules)}
