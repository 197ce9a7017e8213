"""What a kernel must be configured with to have a call, from its Makefiles, #if lines and Kconfig files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from tools.generate.tables import facts
from tools.generate.tables.signatures import Definition, conditions_of
from tools.generate.tables.source import SourceError, Tree

# What says which kernel it is, and not what somebody chose.
KINDS = re.compile(r"COMPAT|64BIT|32BIT|X86_64|ARCH_SPLIT_ARG64|ARCH_WANT_\w+|ALPHA")
# Files that define calls for kernels without the usual ones.
INSTEAD = re.compile(r"stub|nommu")
RULE = re.compile(r"(\S+)\s*[:+]?=\s*(.*)")
ENTRY = re.compile(
    r"^(?:menu)?config (\w+)$|^(if|endif)\b\s*(.*)$|^\s+(depends on|select)\s+(.*)$", re.MULTILINE
)


class Kconfig:
    """The symbols that a tree has, and what each of them cannot be without."""

    def __init__(self, tree: Tree) -> None:
        self.needs: dict[str, set[str]] = {}
        for path in tree.glob("**/Kconfig*"):
            symbol, around = "", list[set[str]]()
            for name, block, test, word, what in ENTRY.findall(tree.text(path)):
                if name:
                    symbol = name
                    self.needs.setdefault(symbol, set()).update(*around)
                elif block == "if":
                    around.append(_plain(test))
                elif block == "endif" and around:
                    around.pop()
                elif symbol and not (word == "select" and " if " in what):
                    self.needs[symbol] |= _plain(what)

    def implied(self, symbol: str) -> set[str]:
        """All that a symbol cannot be without."""
        found: set[str] = set()
        waiting = [symbol]
        while waiting:
            new = self.needs.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found - {symbol}

    def reduced(self, symbols: Iterable[str]) -> tuple[str, ...]:
        """Without those that others of them imply."""
        known = set(symbols)
        return tuple(sorted(known.difference(*(self.implied(one) for one in known))))


def _plain(test: str) -> set[str]:
    """The symbols that must hold for a test, as far as it is a list of them."""
    return {one.strip() for one in test.split("&&") if re.fullmatch(r"\s*\w+\s*", one)}


class Makefiles:
    """Which symbols the Makefiles of a tree demand for a file."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def symbols(self, path: str) -> set[str]:
        """For "kernel/futex/syscalls.c": those of the file, and of the folders that it is in."""
        place = PurePosixPath(path)
        target, folder = f"{place.stem}.o", place.parent
        found = self._object(str(folder), target)
        if found is None:
            found = self._included(place)
        while folder.name and len(folder.parts) > (2 if folder.parts[0] == "arch" else 0):
            found |= self._object(str(folder.parent), f"{folder.name}/") or set()
            folder = folder.parent
        return found

    def _object(self, folder: str, target: str, depth: int = 0) -> set[str] | None:
        """None if no line of the folder's Makefile names it."""
        for conditions, variable, words in self._rules(folder):
            if target not in words.split():
                continue
            found = set(conditions)
            if match := re.search(r"\$\(CONFIG_(\w+)\)", variable):
                found.add(match[1])
            part = re.fullmatch(r"(\w[\w-]*?)-(?:y|objs|\$\(CONFIG_\w+\))", variable)
            if part and part[1] not in ("obj", "lib", "mmu") and depth < 3:
                found |= self._object(folder, f"{part[1]}.o", depth + 1) or set()
            return found
        return None

    def _rules(self, folder: str) -> Iterable[tuple[list[str], str, str]]:
        """The assignments of a Makefile: symbols of the tests around, variable, words."""
        for name in ("Kbuild", "Makefile"):
            path = f"{folder}/{name}".removeprefix("./")
            if not self.tree.exists(path):
                continue
            tests: list[str] = []
            for line in re.sub(r"\\\n", " ", self.tree.text(path)).split("\n"):
                text = line.partition("#")[0].strip()
                if match := re.match(r"(?:ifdef CONFIG_|ifeq \(\$\(CONFIG_)(\w+)", text):
                    tests.append(match[1])
                elif text.startswith("if"):
                    tests.append("")
                elif text.startswith("else") and tests:
                    tests[-1] = ""
                elif text.startswith("endif") and tests:
                    tests.pop()
                elif match := RULE.fullmatch(text):
                    yield [test for test in tests if test], match[1], match[2]

    def _included(self, place: PurePosixPath) -> set[str]:
        """For a file that another one includes."""
        for path in self.tree.glob(f"{place.parent}/*.c"):
            text = self.tree.text(path)
            if match := re.search(rf'^#\s*include "{re.escape(place.name)}"', text, re.MULTILINE):
                return _positive(conditions_of(text[: match.start()])) | self.symbols(path)
        return set()


def _positive(conditions: Iterable[str]) -> set[str]:
    """The symbols that conditions demand, without those of a kind of kernel."""
    found: set[str] = set()
    for test in conditions:
        for part in test.split("&&"):
            if match := re.fullmatch(r"\s*(?:defined|IS_ENABLED)\(CONFIG_(\w+)\)\s*", part):
                found.add(match[1])
    return found


def read(tree: Tree, optional: Iterable[str], definitions: Iterable[Definition]) -> dict[str, str]:
    """The symbols that each of these calls needs, all of them, with a space between.

    "A|B" where architectures differ. A call that every kernel has, though kernel/sys_ni.c lists it, is not
    among them. What cannot be read is in data/config.tsv.
    """
    kconfig, makefiles = Kconfig(tree), Makefiles(tree)
    by_name: dict[str, dict[str, Definition]] = {}
    for one in definitions:
        native = by_name.setdefault(one.symbol.removeprefix("compat_").removeprefix("sys_"), {})
        if one.symbol.startswith("sys_") or one.path not in native:
            native[one.path] = one
    _, rows = facts.rows("config.tsv", 3)
    written = {row[0]: () if row[1] == "-" else tuple(row[1].split()) for row in rows}
    found: dict[str, tuple[str, ...]] = {}
    for name in optional:
        if name in written:
            found[name] = written[name]
            continue
        homes = by_name.get(name, {})
        general = {path: one for path, one in homes.items() if one.symbol == f"sys_{name}"} or homes
        outside = {path: one for path, one in general.items() if not path.startswith("arch/")} or general
        symbols = {
            path: {
                symbol
                for symbol in _positive(one.conditions) | makefiles.symbols(path)
                if not KINDS.fullmatch(symbol)
            }
            for path, one in outside.items()
        }
        for path in [path for path in symbols if INSTEAD.search(path)]:  # needs no more than what it replaces
            instead = symbols.pop(path)
            symbols = {other: needed & instead for other, needed in symbols.items()}
        sets: set[tuple[str, ...]] = {kconfig.reduced(needed) for needed in symbols.values()}
        if not sets or () in sets or (len(sets) > 1 and max(map(len, sets)) > 1):
            where = ", ".join(homes) or "nowhere"
            raise SourceError(
                "kernel/sys_ni.c",
                0,
                f"no symbol of the configuration for {name}, defined in {where}: data/config.tsv must say it",
            )
        found[name] = sets.pop() if len(sets) == 1 else ("|".join(sorted(one for (one,) in sets)),)
    for name, required in found.items():
        for symbol in "|".join(required).split("|"):
            if symbol and symbol not in kconfig.needs:
                raise SourceError("kernel/sys_ni.c", 0, f"{name}: no Kconfig file has {symbol}")
    return {name: " ".join(needed) for name, needed in found.items() if needed}
