"""Values of errno, and the calls that a kernel may be built without."""

from __future__ import annotations

import re

from tools.generate.tables.source import SourceError, Tree

# Architectures with errno values of their own.
ARCHITECTURES = ("alpha", "mips", "parisc", "powerpc", "sparc")
BASE = "include/uapi/asm-generic/errno-base.h"
GENERIC = "include/uapi/asm-generic/errno.h"


def errnos(tree: Tree) -> dict[str, dict[str, int]]:
    """errno values: "generic" and the architectures that differ, by name."""
    found = {"generic": _header(tree, GENERIC, {})}
    for path in tree.glob("arch/*/include/uapi/asm/errno.h"):
        architecture = path.split("/")[1]
        if architecture not in ARCHITECTURES:
            raise SourceError(path, 1, "an architecture with errno values of its own that is not known")
        found[architecture] = _header(tree, path, {})
    if missing := set(ARCHITECTURES) - found.keys():
        raise SourceError("arch", 0, f"no errno values of {', '.join(sorted(missing))}")
    return found


def internal_errnos(tree: Tree) -> dict[str, int]:
    """Values from 512 that the kernel uses inside and sometimes lets out."""
    return _header(tree, "include/linux/errno.h", {}, follow=False)


def _header(tree: Tree, path: str, values: dict[str, int], follow: bool = True) -> dict[str, int]:
    for line, text in tree.lines(path):
        if match := re.fullmatch(r"#\s*define\s+(E\w+)\s+(\w+)", text):
            name, value = match.groups()
            if value.isdigit():
                values[name] = int(value)
            elif value in values:
                values[name] = values[value]
            else:
                raise SourceError(path, line, f"{name} has the value of an unknown {value}")
        elif match := re.fullmatch(r"#\s*undef\s+(E\w+)", text):
            values.pop(match[1], None)
        elif match := re.fullmatch(r"#\s*include\s+<(.+)>", text):
            if follow:
                _header(tree, f"include/uapi/{match[1]}", values)
        elif not re.match(r"#\s*(ifndef|endif|define _\w+$)", text):
            raise SourceError(path, line, f"not understood: {text!r}")
    return values


def optional(tree: Tree) -> list[str]:
    """Calls that a configuration may leave out: then they answer ENOSYS. Names of definitions."""
    path = "kernel/sys_ni.c"
    found = set()
    for line, text in tree.lines(path):
        if match := re.fullmatch(r"COND_SYSCALL(?:_COMPAT)?\((\w+)\);", text):
            found.add(match[1])
        elif "COND_SYSCALL" in text and not text.startswith("#"):
            raise SourceError(path, line, f"not understood: {text!r}")
    if not found:
        raise SourceError(path, 1, "no COND_SYSCALL")
    return sorted(found)
