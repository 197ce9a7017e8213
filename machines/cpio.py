"""Archives that a kernel unpacks into its first file system: cpio's "newc" form.

The kernel's Documentation/driver-api/early-userspace/buffer-format.rst describes it. Written here, device
files and owners need no root.

A file's date stands for what is in it, and not when it was written: equal files have equal dates everywhere,
and files that differ have different ones, by which Python knows whether what it compiled is still that of a
file.
"""

from __future__ import annotations

import os
import stat
import zlib
from pathlib import Path
from typing import BinaryIO


class Writer:
    """An archive that is being written; archives may be joined end to end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._folders: set[str] = set()
        self._inodes = 0

    def _entry(
        self, name: str, mode: int, data: bytes = b"", device: tuple[int, int] = (0, 0), date: int = 0
    ) -> None:
        self._inodes += 1
        fields = (self._inodes, mode, 0, 0, 1, date, len(data), 0, 0, *device, len(name.encode()) + 1, 0)
        header = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        self._file.write(header + b"\0" * (-len(header) % 4) + data + b"\0" * (-len(data) % 4))

    def folder(self, name: str, mode: int = 0o755) -> None:
        """A folder, with those that it lies in; one that is there already stays as it is."""
        if not name or name in self._folders:
            return
        self.folder(name.rpartition("/")[0])
        self._folders.add(name)
        self._entry(name, stat.S_IFDIR | mode)

    def file(self, name: str, data: bytes, mode: int = 0o644, date: int | None = None) -> None:
        self.folder(name.rpartition("/")[0])
        stamp = zlib.crc32(data) & 0x7FFFFFFF if date is None else date  # a 32-bit time_t has it, too
        self._entry(name, stat.S_IFREG | mode, data, date=stamp)

    def link(self, name: str, target: str) -> None:
        self.folder(name.rpartition("/")[0])
        self._entry(name, stat.S_IFLNK | 0o777, target.encode())

    def device(self, name: str, major: int, minor: int, mode: int = 0o666) -> None:
        self.folder(name.rpartition("/")[0])
        self._entry(name, stat.S_IFCHR | mode, device=(major, minor))

    def tree(
        self, source: Path, name: str, skip: frozenset[str] = frozenset(), date: int | None = None
    ) -> None:
        """All that lies below a folder, but for what has one of these names."""
        for path in sorted(source.iterdir()):
            if path.name in skip:
                continue
            inner = f"{name}/{path.name}" if name else path.name
            if path.is_symlink():
                self.link(inner, os.readlink(path))
            elif path.is_dir():
                self.folder(inner)
                self.tree(path, inner, skip, date)
            else:
                self.file(inner, path.read_bytes(), stat.S_IMODE(path.stat().st_mode), date)

    def close(self) -> None:
        """The entry that ends an archive."""
        self._entry("TRAILER!!!", 0)
