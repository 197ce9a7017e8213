"""Write the files that are generated.

python -m tools.generate KERNEL_TREE    writes all: src/pysys/tables, the index of pysys.flags, the types
                                        of calls, structures, errors and requests of ioctl in *.pyi, the
                                        tests that docs/requirements.md names, docs/export.schema.json
python -m tools.generate                leaves out the tables that are made from the kernel's source
--check                                 writes nothing; exits 1 if a file is not what it would write, or a
                                        member of pysys.flags not what the kernel's headers say

Both stop at a call whose definition has another number of parameters than the committed one, until
src/pysys/parameters/table.py says since which kernel: callers must be able to omit what is new.

`python -m tools.kernel_source` fetches a kernel tree. The types are those of the package as it is built: run
`pip install -e .` first after a change to its C code, parameters or tables.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable
from pathlib import Path

from tools import PROJECT
from tools.check import flags
from tools.generate import export_schema, flags_index, requirements
from tools.generate.tables import build, facts, growth
from tools.generate.tables.source import SourceError, Tree

TABLES = PROJECT / "src/pysys/tables"
TYPED_ON = "x86_64"  # the ABI whose structures the types show


class Generated:
    """The generated files, and those that nothing generates any more.

    unexplained: calls whose number of parameters has changed.
    """

    def __init__(self, source: Path | None, output: Path = TABLES) -> None:
        self.texts: dict[Path, str] = {}
        self.old: list[Path] = []
        self._constants: dict[str, dict[str, int]] = {}
        self.unexplained: list[str] = []
        tables = facts.modules()
        if source is not None:
            tree = Tree(source)
            found = build.interface(tree, flags.names() | flags.mentioned())
            tables = {**build.build(tree), "constants.py": build.constants_module(tree, found, flags.names())}
            self.unexplained = growth.unexplained(tables, output)
            self.old = [
                path for path in output.glob("**/*.py") if str(path.relative_to(output)) not in tables
            ]
            if output == TABLES:
                self._constants = found
        self.texts |= {output / name: text for name, text in tables.items()}
        if output == TABLES:
            self.texts |= flags_index.texts() | requirements.texts() | export_schema.texts()

    def write(self) -> None:
        """Write the texts, and remove what is old."""
        for path in self.old:
            path.unlink()
        write(self.texts)

    def differences(self) -> list[str]:
        """What --check finds, with members of pysys.flags among it."""
        old = [f"{_shown(path)}: nothing generates it" for path in self.old]
        known = self._constants
        wrong = [*flags.wrong(known), *flags.unnamed(known)] if known else []
        return old + differences(self.texts) + wrong


def write(texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def differences(texts: dict[Path, str]) -> list[str]:
    """Where files are not the texts, with a few of the lines that differ."""
    found: list[str] = []
    for path, text in texts.items():
        old = path.read_text("utf-8") if path.is_file() else ""
        if old != text:
            delta = list(difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm="", n=0))[2:]
            changed = [line for line in delta if not line.startswith("@@")]
            found.append(f"{_shown(path)}: {len(changed)} lines differ")
            found += [f"    {line[:160]}" for line in changed[:6]]
    return found


def _shown(path: Path) -> Path:
    return path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path


def types() -> dict[Path, str]:
    """The texts of the .pyi files; none where structures are not those of the committed ones."""
    from pysys import abi
    from tools.generate import stubs

    if abi.current().name != TYPED_ON:
        print(f"generate: the types are left alone: they are generated on {TYPED_ON}", file=sys.stderr)
        return {}
    return stubs.texts()


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("tree", type=Path, metavar="KERNEL_TREE", nargs="?")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    # Another folder for the tables, and nothing but them: for tests.
    parser.add_argument("--output", type=Path, default=TABLES, help=argparse.SUPPRESS)
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        generated = Generated(options.tree, options.output)
    except SourceError as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    if generated.unexplained:
        print(*(f"generate: {line}" for line in generated.unexplained), sep="\n", file=sys.stderr)
        return 2
    wrong = generated.differences() if options.check else []
    if not options.check:
        generated.write()
    count = len(generated.texts)
    if options.output == TABLES:
        try:
            typed = types()
        except ImportError as error:
            print(f"generate: no types: {error}. Build the package: pip install -e .", file=sys.stderr)
            return 1
        if options.check:
            wrong += differences(typed)
        else:
            write(typed)
        count += len(typed)
    print("\n".join(wrong) or f"{count} files are {'current' if options.check else 'written'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
