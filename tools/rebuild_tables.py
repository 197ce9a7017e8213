"""Rebuild src/pysys/metadata/tables from a kernel source tree.

python tools/rebuild_tables.py KERNEL_TREE          writes every table
python tools/rebuild_tables.py --check KERNEL_TREE  exits 1 if a committed table is not what it would write
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from tables import emit, numbers
from tables.source import SourceError, Tree

PROJECT = Path(__file__).resolve().parent.parent
OUTPUT = PROJECT / "src/pysys/metadata/tables"


def build(tree: Tree) -> dict[str, str]:
    """Every generated file by its path below the output folder."""
    files: dict[str, str] = {}
    kernel = f"Linux {tree.version}"
    tables = numbers.read(tree)
    files["__init__.py"] = emit.module(
        f"Generated tables: {kernel} and the facts of tools/tables/data.",
        [f'KERNEL_VERSION = "{tree.version}"'],
    )
    files["numbers/__init__.py"] = emit.module(
        f"One module an ABI: names, numbers and entry points of {kernel}.",
        [emit.packed("ABIS", "tuple[str, ...]", (emit.literal(abi) for abi in tables), "()")],
    )
    for abi, table in tables.items():
        rows = table.rows.items()
        files[f"numbers/{abi}.py"] = emit.module(
            f"{abi}: system calls of {kernel}.\n\n{table.path}: {', '.join(table.columns)}.",
            [
                emit.mapping("NUMBERS", "dict[str, int]", ((name, row.number) for name, row in rows)),
                "",
                '# Entry points that are not "sys_" and the name.',
                emit.mapping(
                    "ENTRIES",
                    "dict[str, str]",
                    ((name, row.entry) for name, row in rows if row.entry != f"sys_{name}"),
                ),
                "",
                "# What a 64-bit kernel runs instead for a process of this ABI.",
                emit.mapping(
                    "COMPAT", "dict[str, str]", ((name, row.compat) for name, row in rows if row.compat)
                ),
            ],
        )
    return files


def differences(files: dict[str, str], output: Path) -> list[str]:
    """What keeps the committed files from being current, a summary a file."""
    found = []
    present = {str(path.relative_to(output)) for path in output.glob("**/*.py")}
    for name in sorted(present - files.keys()):
        found.append(f"{name}: nothing generates it")
    for name, text in files.items():
        old = (output / name).read_text("utf-8") if name in present else ""
        if old == text:
            continue
        delta = list(difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm="", n=0))[2:]
        changed = [line for line in delta if not line.startswith("@@")]
        found.append(f"{name}: {len(changed)} lines differ")
        found += [f"    {line[:160]}" for line in changed[:6]]
    return found


def write(files: dict[str, str], output: Path) -> None:
    for path in output.glob("**/*.py"):
        if str(path.relative_to(output)) not in files:
            path.unlink()
    for name, text in files.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("tree", type=Path, metavar="KERNEL_TREE")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("--output", type=Path, default=OUTPUT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        files = build(Tree(options.tree))
    except SourceError as error:
        print(f"rebuild_tables: {error}", file=sys.stderr)
        return 2
    if options.check:
        found = differences(files, options.output)
        print("\n".join(found) or f"{len(files)} files are current")
        return 1 if found else 0
    write(files, options.output)
    print(f"{len(files)} files written to {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
