"""Where the dynamic loader of a program is, so that its calls can be told from the program's own."""

from __future__ import annotations

import os

__all__ = ["NOWHERE", "Span", "of_process"]

Span = tuple[int, int]
NOWHERE: Span = (0, 0)


def of_process(pid: int) -> Span:
    """The addresses of the loader of a process that has just begun to run a program.

    At that moment the kernel has mapped two files, the program and its loader. NOWHERE for a static program,
    and for musl, whose loader is one file with the C library: its calls cannot be told from others.
    """
    try:
        program = os.readlink(f"/proc/{pid}/exe")
        with open(f"/proc/{pid}/maps", errors="surrogateescape") as file:
            lines = [line.rstrip("\n").split(maxsplit=5) for line in file]
    except OSError:
        return NOWHERE
    spans = [one[0].split("-") for one in lines if len(one) == 6 and _is_loader(one[5], program)]
    if not spans:
        return NOWHERE
    return int(spans[0][0], 16), int(spans[-1][1], 16)


def _is_loader(path: str, program: str) -> bool:
    return path.startswith("/") and path != program and "musl" not in path
