"""Hold pysys.flags against the kernel's headers: every member has the value of the macro of its name.

Run by `python -m tools.generate --check KERNEL_TREE`. Modules whose values depend on the architecture are
loaded once for each.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from typing import Any

from pysys import ioctls
from pysys.abi import ABIS
from pysys.errors import CLASSES
from pysys.flags import TcpState
from tools import PROJECT
from tools.generate import flags_index

# Members that no header of the kernel defines, and why they are here nevertheless.
OURS: dict[str, str] = {
    "O_ASYNC": "the C library's name of FASYNC",
    "UTIME_NOW": "the C library's; the kernel's is in no exported header",
    "UTIME_OMIT": "the C library's; the kernel's is in no exported header",
    "F_OK": "the C library's name of mode 0 of access",
    "R_OK": "the C library's; the kernel's is MAY_READ",
    "W_OK": "the C library's; the kernel's is MAY_WRITE",
    "X_OK": "the C library's; the kernel's is MAY_EXEC",
    **dict.fromkeys(TcpState.__members__, "the C library's; exported as BPF_TCP_ESTABLISHED and the like"),
}


# Constants of headers that pages mention and no class has, by the reason.
UNNAMED: dict[str, re.Pattern[str]] = {
    "operations of FUSE": re.compile(r"FUSE_[A-Z]+"),
    "handlers, which pysys does not install": re.compile(r"SIG_(?:DFL|IGN)"),
    "parts of programs": re.compile(r"PT_[A-Z0-9_]+"),
    "second names of the AF_ constants": re.compile(r"PF_[A-Z]+"),
    "limits": re.compile(r"(?:ARG|NAME|PATH)_MAX|PIPE_BUF|PAGE_SIZE"),
    "operations of calls of one architecture": re.compile(
        r"(?:FLUSH|GS|MIPS|RISCV_HWPROBE|S390_RUNTIME|SIG_DBG|VM86)_\w+"
    ),
}


def mentioned() -> set[str]:
    """The words in capitals that pages have, with an underscore."""
    words: set[str] = set()
    for path in (PROJECT / "pages").glob("*/*.toml"):
        words.update(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b", path.read_text("utf-8")))
    return words


def unnamed(found: dict[str, dict[str, int]]) -> list[str]:
    """The constants of the kernel's headers that pages mention, and that neither flags nor ioctls have."""
    constants = mentioned() & {name for values in found.values() for name in values}
    requests = {name for abi in ABIS for name in ioctls.table(abi)}
    missing = sorted(constants - names() - CLASSES.keys() - requests)
    return [
        f"flags: pages mention {name}, which no class has"
        for name in missing
        if not any(pattern.fullmatch(name) for pattern in UNNAMED.values())
    ]


def names() -> set[str]:
    """The kernel's names of all members and constants."""
    kernels = {ours: name for name, ours in flags_index.RENAMED.items()}
    found = set()
    for family in flags_index.families():
        found.update(family.constants)
        for members in family.classes.values():
            found.update(kernels.get(name, name) for name in members)
    return found


def wrong(found: dict[str, dict[str, int]]) -> list[str]:
    """What is not as the constants of every ABI say."""
    lines = []
    known = {name for values in found.values() for name in values}
    for name in sorted(names() - known - OURS.keys()):
        lines.append(f"flags: no header has {name}")
    for name in sorted(OURS.keys() & known):
        lines.append(f"flags: tools/check/flags.py: OURS has {name}, which a header defines")
    where: dict[str, list[str]] = {}
    for abi, values in found.items():
        for line in _differing(abi, values):
            where.setdefault(line, []).append(abi)
    return lines + [f"flags: {line} on {', '.join(abis)}" for line, abis in where.items()]


def _differing(abi: str, kernel: dict[str, int]) -> list[str]:
    lines = []
    for label, name, value in _defined(abi):
        theirs = kernel.get(name)
        # The headers leave it to their reader how wide a negative number is.
        if theirs is not None and (value - theirs) % (1 << 32 if theirs < 0 else 1 << 64):
            lines.append(f"{label} is {value:#x}, the kernel's is {theirs:#x}")
    return lines


def values(abi: str) -> dict[str, int]:
    """All members and constants on an ABI, by the kernel's names."""
    return {name: value for _, name, value in _defined(abi)}


def _defined(abi: str) -> Iterator[tuple[str, str, int]]:
    """Where each member and constant is defined, the kernel's name of it, and its value on the ABI."""
    kernels = {ours: name for name, ours in flags_index.RENAMED.items()}
    for family in flags_index.families():
        namespace = load(family.name, abi)
        for name in family.constants:
            yield f"{family.name}.{name}", name, namespace[name]
        for owner in family.classes:
            for name, member in namespace[owner].__members__.items():
                yield f"{owner}.{name}", kernels.get(name, name), member.value


def load(family: str, abi: str) -> dict[str, Any]:
    """What a family's module defines for a Python of that ABI."""
    from pysys.flags import values

    here, values._here = values._here, abi
    try:
        return runpy.run_path(str(flags_index.FLAGS / f"{family}.py"))
    finally:
        values._here = here
