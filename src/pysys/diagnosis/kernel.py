"""The kernel: its version, and what it is called."""

from __future__ import annotations

import os
import re

from pysys.diagnosis.facts import Fact, read, unknown


def parse(version: str) -> tuple[int, int]:
    """The two first numbers of a version: (6, 12). Raises ValueError without a number."""
    found = re.match(r"(\d+)(?:\.(\d+))?", version)
    if found is None:
        raise ValueError(f"{version!r} is not a version of Linux")
    return int(found[1]), int(found[2] or 0)


def release() -> Fact:
    """What uname calls it: "6.12.43-amd64"."""
    try:
        return Fact(os.uname().release, "uname")
    except OSError as error:
        found = read("/proc/sys/kernel/osrelease")
        return found or unknown("uname", error)


def built() -> Fact:
    """When it was built, and by whom, as far as it says so: "#1 SMP Debian 6.12.43-1 (2025-08-27)"."""
    try:
        return Fact(os.uname().version, "uname")
    except OSError as error:
        found = read("/proc/sys/kernel/version")
        return found or unknown("uname", error)


def version() -> Fact:
    """Its version as numbers: (6, 12)."""
    found = release()
    if not found:
        return found
    try:
        return Fact(parse(found.value), found.source)
    except ValueError as error:
        return unknown(found.source, error)
