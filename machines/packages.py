"""Packages as files: what a .deb holds, without dpkg and without root, and what a tar archive."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The folders that are links into /usr; a package may still put files there.
MERGED = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")


@contextmanager
def contents(package: Path) -> Iterator[tarfile.TarFile]:
    """The files of a package: its member data.tar, which is compressed with xz, gzip or bzip2."""
    with open(package, "rb") as file:
        if file.read(8) != b"!<arch>\n":
            raise ValueError(f"{package.name} is not a .deb")
        while header := file.read(60):
            name, size = header[:16].decode().strip().rstrip("/"), int(header[48:58])
            if name.startswith("data.tar"):
                with tarfile.open(fileobj=io.BytesIO(file.read(size))) as archive:
                    yield archive
                return
            file.seek(size + size % 2, io.SEEK_CUR)
    raise ValueError(f"{package.name} holds no data")


def untar(path: Path, target: Path) -> None:
    """Put a tar archive's files below a folder, and none elsewhere (if Python is 3.11.4 or later)."""
    with tarfile.open(path) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(target)


def place(name: str) -> str:
    """Where a file of a package belongs: below /usr, where /bin, /lib and their like are links to it."""
    name = name.removeprefix("./").rstrip("/")
    return f"usr/{name}" if name.partition("/")[0] in MERGED and "/" in name else name


def unpack(package: Path, target: Path) -> None:
    """Put a package's files below a folder, as this user's."""
    with contents(package) as archive:
        for member in archive:
            name = place(member.name)
            if name in ("", ".", *MERGED) or not (member.isreg() or member.issym() or member.islnk()):
                continue
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if member.issym():
                # What points to the top points to the top of this folder.
                link = member.linkname
                path.symlink_to(f"{'../' * name.count('/')}{place(link[1:])}" if link[0] == "/" else link)
            elif member.islnk():
                path.hardlink_to(target / place(member.linkname))
            else:
                source = archive.extractfile(member)
                assert source is not None
                path.write_bytes(source.read())
                path.chmod(member.mode | 0o600)
