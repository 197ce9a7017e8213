"""What a machine starts with: a kernel, and the first file system that the kernel unpacks.

The file system is layers of cpio end to end: Debian's programs and the kernel's modules, which are kept in
the cache, and the project, which is made again when it changes (project.py).
"""

from __future__ import annotations

import lzma
import re
import stat
from pathlib import Path

from machines import table
from machines.cache import cache, key, made
from machines.cpio import Writer
from machines.debian import Archive
from machines.errors import Trouble
from machines.packages import MERGED, contents, place

HERE = Path(__file__).resolve().parent
# Debian's cffi comes with them; where it is too old, project.py puts a newer one over it.
PROGRAMS = ("bash", "coreutils", "dash", "grep", "libc-bin", "libseccomp2", "procps", "python3-cffi")
SKIPPED = re.compile(
    r"usr/(share/(doc|doc-base|man|info|locale|lintian|bug|common-licenses|applications|bash-completion|pixmaps)/"
    r"|lib/[^/]*/gconv/"
    r"|lib/python3\.\d+/(test|idlelib|lib2to3|turtledemo|pydoc_data|ensurepip|tkinter)/)"
)
# What carries the results out, where the kernel has not built it in.
MODULES = ("virtio_pci", "virtio_console")
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "etc/hostname": "machine\n",
    "etc/profile": "",
}
# name, major, minor
DEVICES = (("console", 5, 1), ("null", 1, 3), ("urandom", 1, 9), ("random", 1, 8), ("zero", 1, 5))


def _copy(package: Path, writer: Writer) -> None:
    with contents(package) as archive:
        held: dict[str, bytes] = {}
        for member in archive:
            name = place(member.name)
            if name in ("", ".", *MERGED) or SKIPPED.match(f"{name}/" if member.isdir() else name):
                continue
            if member.isdir():
                writer.folder(name, member.mode)
            elif member.issym():
                writer.link(name, member.linkname)
            elif member.islnk():
                writer.file(name, held[place(member.linkname)], member.mode)
            elif member.isreg():
                source = archive.extractfile(member)
                assert source is not None
                held[name] = source.read()
                writer.file(name, held[name], member.mode)


def programs(row: table.Row) -> Path:
    """The layer of Debian's programs."""
    pythons = sorted(
        {python for other in table.ROWS.values() if _same(row, other) for python in other.pythons}
    )
    packages = ["python3", *(f"python{python}" for python in pythons), *PROGRAMS]
    name = f"{row.suite}-{row.architecture}-{key(packages, SKIPPED.pattern, FILES, 'dates')}"

    def make(fresh: Path) -> None:
        with (
            Archive(row.suite, row.architecture).downloaded(packages) as debs,
            open(fresh / "layer.cpio", "wb") as file,
        ):
            writer = Writer(file)
            for folder in ("usr", "usr/bin", "usr/sbin", "usr/lib", "dev", "proc", "sys", "run", "root"):
                writer.folder(folder)
            for folder in MERGED:
                writer.folder(f"usr/{folder}")
                writer.link(folder, f"usr/{folder}")
            writer.folder("tmp", stat.S_ISVTX | 0o777)
            for path, text in FILES.items():
                writer.file(path, text.encode())
            for device, major, minor in DEVICES:
                writer.device(f"dev/{device}", major, minor)
            for deb in debs:
                _copy(deb, writer)
            writer.link("usr/bin/sh", "dash")
            writer.close()

    where = made(cache() / "programs" / name, f"{row.suite}'s programs for {row.architecture}", make)
    return where / "layer.cpio"


def _same(row: table.Row, other: table.Row) -> bool:
    return (row.suite, row.architecture) == (other.suite, other.architecture)


def _needed(modules: dict[str, bytes]) -> list[str]:
    """The modules that carry results out and what they depend on, in the order in which they load."""
    order: list[str] = []

    def add(name: str) -> None:
        if name in order or name not in modules:
            return
        found = re.search(rb"\0depends=([^\0]*)\0", modules[name])
        for other in (found[1].decode() if found else "").split(","):
            add(other.replace("-", "_"))
        order.append(name)

    for name in MODULES:
        add(name)
    return order


def kernel(which: table.Kernel) -> Path:
    """The folder with the kernel, `vmlinuz`, and the layer of its modules, `modules.cpio`."""

    def make(fresh: Path) -> None:
        found = b""
        modules: dict[str, bytes] = {}
        with Archive(which.suite, which.architecture).downloaded([which.package]) as debs:
            for deb in debs:
                with contents(deb) as archive:
                    for member in archive:
                        path = Path(place(member.name))
                        if not member.isreg():
                            continue
                        source = archive.extractfile(member)
                        assert source is not None
                        if re.match(r"vmlinu[xz]", path.name):
                            found = source.read()
                        elif match := re.fullmatch(r"(virtio.*)\.ko(\.xz)?", path.name):
                            data = source.read()
                            modules[match[1].replace("-", "_")] = lzma.decompress(data) if match[2] else data
        if not found:
            raise Trouble(f"{which.package} of {which.suite} holds no kernel")
        (fresh / "vmlinuz").write_bytes(found)
        with open(fresh / "modules.cpio", "wb") as file:
            writer = Writer(file)
            order = _needed(modules)
            for name in order:
                writer.file(f"modules/{name}.ko", modules[name])
            writer.file("modules/order", "\n".join(order).encode())
            writer.close()

    name = f"{which.suite}-{which.architecture}-{which.package.removeprefix('linux-image-')}-{key(MODULES)}"
    return made(cache() / "kernels" / name, f"the kernel {which.package} of {which.suite}", make)
