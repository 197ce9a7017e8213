"""Programs started through spawn, and what they see of themselves."""

from __future__ import annotations

import os
import sys

from pysys import spawn

# Descriptors by number, and what each is; of the two that a listing opens itself, none.
LIST_DESCRIPTORS = """
import os
for name in sorted(map(int, os.listdir("/proc/self/fd"))):
    try:
        print(name, os.readlink(f"/proc/self/fd/{name}"))
    except OSError:
        pass
"""


def output(argv: list[str], **settings: object) -> str:
    """What the program prints; it has to succeed."""
    reader, writer = os.pipe()
    try:
        with open(reader, errors="surrogateescape", closefd=False) as pipe:
            try:
                child = spawn(argv, stdout=writer, **settings)  # type: ignore[arg-type]  # settings of many types
            finally:
                os.close(writer)
            with child:
                text = pipe.read()
        assert child.returncode == 0, child
    finally:
        os.close(reader)
    return text


def shell(script: str, **settings: object) -> str:
    """What the script prints, without its last newline."""
    return output(["/bin/sh", "-c", script], **settings).removesuffix("\n")


def status(field: str, **settings: object) -> str:
    """A field of the program's /proc/self/status."""
    for line in output(["/bin/cat", "/proc/self/status"], **settings).splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return value.strip()
    raise LookupError(field)


def stat(**settings: object) -> list[str]:
    """The program's /proc/self/stat from its third field on, state."""
    return output(["/bin/cat", "/proc/self/stat"], **settings).rpartition(")")[2].split()


def descriptors(**settings: object) -> dict[int, str]:
    """The program's open descriptors, and what each is."""
    text = output([sys.executable, "-I", "-S", "-c", LIST_DESCRIPTORS], **settings)
    return {int(number): target for number, target in (line.split(" ", 1) for line in text.splitlines())}
