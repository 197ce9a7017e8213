"""Which examples and provocations of the pages run on a machine.

All of them run natively. Of those that this host cannot run, because of its architecture, kernel or what its
kernel lacks, each machine gets what it may be able to run. The others are divided among the machines of
CI by the name of the page: each time every one runs on one of them, and in many runs of all machines at once
(PYSYS_PROOFS=all) on every one.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import build_reference as reference
from machines import table
from tools.record_examples import ARCHITECTURE, KERNEL, unmet

ALL = "all"  # all that the machine can run, not its share
EXAMPLE = "example"
# Every machine's user is root. `mounts` needs no more than that, and `unprivileged` is what root can become.
MET = frozenset({"root", "mounts", "unprivileged"})


class Proof(NamedTuple):
    """A page's example, or the lines that provoke the cause of this index."""

    page: str
    what: int | str
    needs: tuple[str, ...]


def proofs() -> Iterator[Proof]:
    """All that pages have."""
    for name, path in reference.files().items():
        page = reference.read(path)
        if found := page.get("example"):
            yield Proof(name, EXAMPLE, tuple(found.get("needs", ())))
        for index, cause in enumerate(page.get("errors", ())):
            if "provoke" in cause:
                yield Proof(name, index, tuple(cause.get("needs", ())))


def meets(row: table.Machine, need: str) -> bool:
    """Whether a machine meets a need: False where its kernel's version or its architecture do not."""
    kernel = row.kernel
    if match := ARCHITECTURE.fullmatch(need):
        alike = row.architecture == kernel.architecture
        return match[2] == table.UNAMES[kernel.architecture] and alike == (match[1] == "arch")
    if match := KERNEL.fullmatch(need):
        newer = table.VERSIONS[kernel.suite] >= (int(match[2]), int(match[3]))
        # A suite that is not released yet may have a newer one than the table says.
        return newer if match[1] == ">=" else not newer and kernel.suite != "sid"
    if need.startswith("cpu"):  # an emulated processor changes with the emulator
        return row.name not in table.SHARED
    if need == "64-bit":
        return row.architecture not in table.NARROW
    if need == "arm":
        return row.architecture == "armhf"
    return need not in table.SHARED.get(row.name, frozenset())


def home(proof: Proof) -> str | None:
    """The machine of CI that runs this one: from the page's own on, the first that meets its needs."""
    names = list(table.SHARED)
    start = zlib.crc32(proof.page.encode()) % len(names)
    for name in names[start:] + names[:start]:
        if all(meets(table.ROWS[name], need) for need in proof.needs):
            return name
    return None


def share(row: table.Machine) -> dict[str, dict[str, list[int | str]]]:
    """What runs on a machine, by page: what "must", and what "may" if the machine meets its needs."""
    found: dict[str, dict[str, list[int | str]]] = {"must": {}, "may": {}}
    for proof in proofs():
        if home(proof) == row.name:
            found["must"].setdefault(proof.page, []).append(proof.what)
        elif unmet([need for need in proof.needs if need not in MET]) and all(
            meets(row, need) for need in proof.needs
        ):
            found["may"].setdefault(proof.page, []).append(proof.what)
    return found


def wanted(row: table.Machine, everything: bool) -> str:
    """What a machine's tests find in PYSYS_PROOFS."""
    if everything or os.environ.get("PYSYS_PROOFS") == ALL:
        return ALL
    return json.dumps(share(row), separators=(",", ":"))
