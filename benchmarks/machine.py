"""The machine that the figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def cpu_model() -> str:
    """The CPU's name in /proc/cpuinfo, or the architecture."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() in ("model name", "Model", "cpu model", "uarch", "processor 0"):
            return value.strip()
    return platform.machine()


def describe() -> dict[str, str]:
    """Machine, kernel and software."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    flags = next(
        (line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")), ""
    )
    virtual = ", virtual" if "hypervisor" in flags.split() else ""
    return {
        "CPU": f"{cpu_model()}, {os.cpu_count()} cores, {memory:.0f} GiB{virtual}",
        "kernel": f"Linux {platform.release()} {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "C library": " ".join(platform.libc_ver()) or "not glibc",
        "load at the start": f"{os.getloadavg()[0]:.1f}",
    }
