"""Names, numbers and entry points: from the *.tbl files and what uapi headers add to them."""

from __future__ import annotations

import re
from typing import NamedTuple

from tools.generate.tables.source import SourceError, Tree


class Row(NamedTuple):
    number: int
    entry: str  # what the native kernel runs
    compat: str  # what a 64-bit kernel runs for a 32-bit process, "" if the same


class Table(NamedTuple):
    path: str
    columns: tuple[str, ...]  # of the table's second field: those which this ABI takes
    rows: dict[str, Row]  # by name, in the order of numbers


NO_ENTRY = "sys_ni_syscall"

# ABI: table, columns. Which columns an ABI takes stands in makefiles that differ too much to be read.
OWN_TABLE = {
    "x86_64": ("arch/x86/entry/syscalls/syscall_64.tbl", "common 64"),
    "x32": ("arch/x86/entry/syscalls/syscall_64.tbl", "common x32"),
    "i386": ("arch/x86/entry/syscalls/syscall_32.tbl", "i386"),
    "aarch64_compat32": ("arch/arm64/tools/syscall_32.tbl", "common"),
    "arm": ("arch/arm/tools/syscall.tbl", "common eabi"),
    "armoabi": ("arch/arm/tools/syscall.tbl", "common oabi"),
    "ppc64": ("arch/powerpc/kernel/syscalls/syscall.tbl", "common nospu 64"),
    "ppc": ("arch/powerpc/kernel/syscalls/syscall.tbl", "common nospu 32"),
    "ppc_spu": ("arch/powerpc/kernel/syscalls/syscall.tbl", "common spu"),
    "s390x": ("arch/s390/kernel/syscalls/syscall.tbl", "common 64"),
    "mips_o32": ("arch/mips/kernel/syscalls/syscall_o32.tbl", "common o32"),
    "mips_n64": ("arch/mips/kernel/syscalls/syscall_n64.tbl", "common n64"),
    "mips_n32": ("arch/mips/kernel/syscalls/syscall_n32.tbl", "common n32"),
    "sparc64": ("arch/sparc/kernel/syscalls/syscall.tbl", "common 64"),
    "sparc": ("arch/sparc/kernel/syscalls/syscall.tbl", "common 32"),
    "parisc64": ("arch/parisc/kernel/syscalls/syscall.tbl", "common 64"),
    "parisc": ("arch/parisc/kernel/syscalls/syscall.tbl", "common 32"),
    "sh": ("arch/sh/kernel/syscalls/syscall.tbl", "common"),
    "m68k": ("arch/m68k/kernel/syscalls/syscall.tbl", "common"),
    "alpha": ("arch/alpha/kernel/syscalls/syscall.tbl", "common"),
    "xtensa": ("arch/xtensa/kernel/syscalls/syscall.tbl", "common"),
    "microblaze": ("arch/microblaze/kernel/syscalls/syscall.tbl", "common"),
}
# ABI: architecture, bits. Their columns stand in arch/*/kernel/Makefile.syscalls.
GENERIC_TABLE = {
    "aarch64": ("arm64", 64),
    "riscv64": ("riscv", 64),
    "riscv32": ("riscv", 32),
    "loongarch64": ("loongarch", 64),
    "loongarch32": ("loongarch", 32),
    "arc": ("arc", 32),
    "csky": ("csky", 32),
    "hexagon": ("hexagon", 32),
    "nios2": ("nios2", 32),
    "openrisc": ("openrisc", 32),
}
# Headers which add names to a table or take names away. An ARM program on a 64-bit kernel was
# compiled with ARM's header, but of ARM's private calls that kernel knows only its own two.
ARM_HEADER = "arch/arm/include/uapi/asm/unistd.h"
EXTRA_HEADERS = {
    "arm": (ARM_HEADER,),
    "armoabi": (ARM_HEADER,),
    "aarch64_compat32": ("arch/arm64/include/asm/unistd.h", ARM_HEADER),
    "alpha": ("arch/alpha/include/uapi/asm/unistd.h",),
    "csky": ("arch/csky/include/uapi/asm/unistd.h",),
    "hexagon": ("arch/hexagon/include/uapi/asm/unistd.h",),
}
ARM_PRIVATE = {
    "arm": "arm_syscall",
    "armoabi": "arm_syscall",
    "aarch64_compat32": "compat_arm_syscall",
}
# Macros of these headers that are not calls.
NOT_CALLS = {
    "__NR_OABI_SYSCALL_BASE",
    "__NR_SYSCALL_MASK",
    "__NR_SYSCALL_BASE",
    "__ARM_NR_BASE",
    "__ARM_NR_COMPAT_BASE",
    "__ARM_NR_COMPAT_END",
    "__NR_Linux",
}
ADDED_ELSEWHERE = re.compile(r"#\s*(?:define|undef)\s+(__(?:ARM_)?NR_\w+)")


def read(tree: Tree) -> dict[str, Table]:
    """The table of every ABI."""
    known = {path for path, _ in OWN_TABLE.values()}
    known |= {"scripts/syscall.tbl", "arch/arm64/tools/syscall_64.tbl"}
    for path in tree.glob("arch/*/**/syscall*.tbl"):
        if path not in known:
            raise SourceError(path, 1, "a syscall table of no known ABI")
    for path in tree.glob("arch/*/kernel/Makefile.syscalls"):
        if path.split("/")[1] not in {architecture for architecture, _ in GENERIC_TABLE.values()}:
            raise SourceError(path, 1, "an architecture of no known ABI takes the generic table")
    tables: dict[str, Table] = {}
    unused = _all_columns(tree, known)
    for abi, (path, columns) in OWN_TABLE.items():
        tables[abi] = _table(tree, abi, path, tuple(columns.split()), unused)
    for abi, (architecture, bits) in GENERIC_TABLE.items():
        path, taken = _generic_columns(tree, architecture, bits)
        tables[abi] = _table(tree, abi, path, taken, unused)
    for (path, column), line in unused.items():
        raise SourceError(path, line, f"column {column!r} is taken by no known ABI")
    _check_headers(tree)
    return tables


def parse(tree: Tree, path: str) -> list[tuple[int, int, str, str, Row]]:
    """The lines of a table: line number, number, column, name, row (without an ABI's base)."""
    found = []
    for line, text in enumerate(tree.text(path).split("\n"), 1):
        fields = text.split("#")[0].split()
        if not fields:
            continue
        if not 3 <= len(fields) <= 6 or not fields[0].isdigit() or not fields[2].isidentifier():
            raise SourceError(path, line, f"not '<number> <abi> <name> [<entry> [<compat>]]': {text!r}")
        entry, compat, flag = [*fields[3:], "", "", ""][:3]
        if flag not in ("", "noreturn"):
            raise SourceError(path, line, f"unknown flag {flag!r}")
        for symbol in entry, compat:
            if symbol not in ("", "-") and not symbol.isidentifier():
                raise SourceError(path, line, f"not an entry point: {symbol!r}")
        row = Row(int(fields[0]), entry or NO_ENTRY, "" if compat in ("-", entry) else compat)
        found.append((line, int(fields[0]), fields[1], fields[2], row))
    if not found:
        raise SourceError(path, 1, "an empty table")
    return found


def _all_columns(tree: Tree, paths: set[str]) -> dict[tuple[str, str], int]:
    return {
        (path, column): line
        for path in sorted(paths)
        if not (tree.root / path).is_symlink()
        for line, _, column, _, _ in reversed(parse(tree, path))
    }


def _generic_columns(tree: Tree, architecture: str, bits: int) -> tuple[str, tuple[str, ...]]:
    columns: list[str] = []
    path = "scripts/syscall.tbl"
    for makefile in "scripts/Makefile.asm-headers", f"arch/{architecture}/kernel/Makefile.syscalls":
        for line, text in enumerate(tree.text(makefile).split("\n"), 1):
            if match := re.fullmatch(r"syscall_abis_(32|64)\s*\+=\s*([\w, ]*)", text):
                if int(match[1]) == bits:
                    columns += re.split(r"[ ,]+", match[2].strip())
            elif match := re.fullmatch(r"syscalltbl\s*=\s*(\S+)", text):
                path = match[1].replace("%", str(bits))
            elif makefile.startswith("arch/") and text.strip() and not text.startswith("#"):
                raise SourceError(makefile, line, f"not understood: {text!r}")
    target = (tree.root / path).resolve()  # arm64 links to the generic table
    if target.is_file():
        path = str(target.relative_to(tree.root.resolve()))
    return path, tuple(column for column in columns if column)


def _table(
    tree: Tree, abi: str, path: str, columns: tuple[str, ...], unused: dict[tuple[str, str], int]
) -> Table:
    base = _base(tree, abi)
    rows: dict[str, Row] = {}
    numbers: dict[int, str] = {}
    for line, number, column, name, row in parse(tree, path):
        if column not in columns:
            continue
        if name in rows or number in numbers:
            raise SourceError(path, line, f"{abi}: {name} {number} stands twice")
        numbers[number] = name
        rows[name] = row._replace(number=base + number)
    for column in columns:
        unused.pop((path, column), None)
    for header in EXTRA_HEADERS.get(abi, ()):
        _extra(tree, abi, header, rows)
    ordered = dict(sorted(rows.items(), key=lambda item: item[1].number))
    return Table(path, columns, ordered)


def _base(tree: Tree, abi: str) -> int:
    if abi == "x32":
        return _macro(tree, "arch/x86/include/uapi/asm/unistd.h", r"#define\s+__X32_SYSCALL_BIT\s+(\w+)")
    if abi == "armoabi":
        return _macro(tree, ARM_HEADER, r"#define\s+__NR_OABI_SYSCALL_BASE\s+(\w+)")
    if abi.startswith("mips_"):
        test = {"o32": "_MIPS_SIM_ABI32", "n64": "_MIPS_SIM_ABI64", "n32": "_MIPS_SIM_NABI32"}[abi[5:]]
        pattern = rf"#if _MIPS_SIM == {test}\s+#define\s+__NR_Linux\s+(\w+)"
        return _macro(tree, "arch/mips/include/uapi/asm/unistd.h", pattern)
    return 0


def _macro(tree: Tree, path: str, pattern: str) -> int:
    match = re.search(pattern, tree.text(path))
    if not match:
        raise SourceError(path, 1, f"nothing matches {pattern}")
    return int(match[1], 0)


def _extra(tree: Tree, abi: str, path: str, rows: dict[str, Row]) -> None:
    """Add what a header defines besides the table, and remove what it undefines."""
    base = _base(tree, abi)
    for line, text in tree.lines(path):
        if match := re.fullmatch(r"#\s*undef\s+__NR_(\w+)", text):
            if rows.pop(match[1], None) is None:
                raise SourceError(path, line, f"undefines an unknown name: {text!r}")
        elif match := re.fullmatch(r"#\s*define\s+(__(?:ARM_)?NR_(?:compat_)?(\w+))\s+(.+)", text):
            macro, name, value = match.groups()
            if macro in NOT_CALLS:
                continue
            if macro.startswith("__ARM_NR_"):
                offset = re.fullmatch(r"\(__ARM_NR_(COMPAT_)?BASE\s*\+\s*(\d+)\)", value)
                if not offset:
                    raise SourceError(path, line, f"not understood: {text!r}")
                if abi != "aarch64_compat32" or offset[1]:
                    rows[name] = Row(base + 0x0F0000 + int(offset[2]), ARM_PRIVATE[abi], "")
            elif value.isdigit():
                same = [row for row in rows.values() if row.number == base + int(value)]
                if not same:
                    raise SourceError(path, line, f"a number outside the table: {text!r}")
                rows[name] = same[0]
            elif alias := re.fullmatch(r"__NR_(\w+)", value):
                if alias[1] not in rows:
                    raise SourceError(path, line, f"alias of an unknown name: {text!r}")
                if name not in rows:
                    rows[name] = rows[alias[1]]
            else:
                raise SourceError(path, line, f"not understood: {text!r}")


def _check_headers(tree: Tree) -> None:
    read = {path for paths in EXTRA_HEADERS.values() for path in paths}
    for path in tree.glob("arch/*/include/uapi/asm/unistd*.h"):
        if path in read:
            continue
        for line, text in tree.lines(path):
            match = ADDED_ELSEWHERE.match(text)
            if match and match[1] not in NOT_CALLS:
                raise SourceError(path, line, f"defines a number that is not read here: {text!r}")
