"""What is found out about a place: a value, or why it is unknown."""

from __future__ import annotations

import os

from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Fact(Record):
    """Something about this place.

    value: what it is; None if it is unknown. source: what was read or asked. unknown: why there is no value.
    """

    value: Any
    source: str
    unknown: str = ""

    def __bool__(self) -> bool:
        """Whether it is known."""
        return not self.unknown

    def __str__(self) -> str:
        return f"unknown: {self.unknown}" if self.unknown else str(self.value)


def unknown(source: str, why: BaseException | str) -> Fact:
    """A fact that cannot be had. why: the reason, or the exception of the attempt."""
    if isinstance(why, OSError):
        why = f"{why.strerror or why} ({source})"
    return Fact(None, source, str(why))


def read(path: str) -> Fact:
    """The text of a file, without the blanks around it."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            parts = []
            while part := os.read(fd, 1 << 16):
                parts.append(part)
        finally:
            os.close(fd)
    except OSError as error:
        return unknown(path, error)
    return Fact(b"".join(parts).decode("utf-8", "backslashreplace").strip(), path)


def status(name: str) -> Fact:
    """A field of this thread's status: "Seccomp"."""
    path = "/proc/thread-self/status"
    text = read(path)
    if not text:
        return text
    for line in text.value.splitlines():
        field, _, value = line.partition(":")
        if field == name:
            return Fact(value.strip(), f"{path}, {name}")
    return unknown(path, f"{path} has no {name}: the kernel is older, or lacks what it is about")


def sysctl(name: str) -> Fact:
    """A setting of the kernel: "kernel.io_uring_disabled"."""
    return read(f"/proc/sys/{name.replace('.', '/')}")


def listed(folder: str) -> list[str]:
    """The names in a directory; none if it cannot be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []
