"""Reads which calls a trace has: lines of `pysys trace`, with --json or without, or of strace."""

from __future__ import annotations

import re

from pysys import numbers
from pysys.loading import load

__all__ = ["calls_of"]

# In front of a call may be its thread and a time; what is only the rest of a call is not counted.
_LINE = re.compile(r"^(?:\[?(?:pid +)?\d+\]? +)?(?:[\d:.]+ +)?([a-z_]\w*)\(")


def calls_of(text: str) -> dict[tuple[str, str], int]:
    """How often a trace has each call: by name and ABI, "" where that is not in the trace.

    Raises ValueError for what is not a trace.
    """
    found: dict[tuple[str, str], int] = {}
    loads = load("json").loads
    for line in text.splitlines():
        name = on = ""
        if line.startswith("{"):
            event = loads(line)
            if event.get("event") == "call":
                name, on = event["name"], event["abi"]
        elif begun := _LINE.match(line):
            name = begun[1]
        if name in numbers.calls():
            found[name, on] = found.get((name, on), 0) + 1
    if not found:
        raise ValueError("there are no calls in the trace, which pysys trace -o or strace -o has to write")
    return found
