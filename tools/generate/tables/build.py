"""All tables of src/pysys/tables, from a kernel source tree and the facts in data/."""

from __future__ import annotations

import itertools
import runpy
import textwrap
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tools import PROJECT
from tools.generate.tables import (
    configuration,
    constants,
    emit,
    facts,
    ioctls,
    layouts,
    numbers,
    signatures,
    values,
)
from tools.generate.tables.source import Tree


def abis() -> dict[str, Any]:
    """pysys.abi.ABIS, from this project's file and without its package."""
    found: dict[str, Any] = runpy.run_path(str(PROJECT / "src/pysys/abi.py"))["ABIS"]
    return found


def build(tree: Tree) -> dict[str, str]:
    """Every generated file by its path below the output folder."""
    tables = numbers.read(tree)
    files = _numbers(tree, tables)
    files |= _definitions(tree, tables)
    files |= _values(tree)
    known = abis()
    files["ioctls.py"] = ioctls.module(tree, ioctls.read(tree, known), known)
    files |= facts.modules()
    return files


def _numbers(tree: Tree, tables: dict[str, numbers.Table]) -> dict[str, str]:
    files: dict[str, str] = {}
    kernel = f"Linux {tree.version}"
    files["__init__.py"] = emit.module(
        f"Generated tables: {kernel} and the facts of tools/generate/tables/data.",
        [f'KERNEL_VERSION = "{tree.version}"'],
    )
    files["numbers/__init__.py"] = emit.module(
        f"One module an ABI: names, numbers and entry points of {kernel}.",
        index_of_names({abi: table.rows for abi, table in tables.items()}),
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
                    "COMPAT",
                    "dict[str, str]",
                    ((name, row.compat) for name, row in rows if row.compat),
                ),
            ],
        )
    return files


def index_of_names(tables: Mapping[str, Iterable[str]]) -> list[str]:
    """Which ABIs have a name, for who does not want to look into the tables of all."""
    names: dict[str, int] = {}
    for bit, table in enumerate(tables.values()):
        for name in table:
            names[name] = names.get(name, 0) | 1 << bit
    sets: dict[int, list[str]] = {}
    for name, bits in names.items():
        sets.setdefault(bits, []).append(name)
    lines = [textwrap.wrap(" ".join([f"{bits:#x}:", *found]), emit.WIDTH) for bits, found in sets.items()]
    return [
        emit.packed("ABIS", "tuple[str, ...]", (emit.literal(abi) for abi in tables), "()"),
        "",
        "# Every name, behind the set of ABIs that have it: bit n is the n-th. As text it loads fastest.",
        'NAMES = """',
        *itertools.chain(*lines),
        '"""',
    ]


def _definitions(tree: Tree, tables: dict[str, numbers.Table]) -> dict[str, str]:
    """Signatures and the layout of 64-bit arguments."""
    known = abis()
    resolver = signatures.Resolver(signatures.read(tree))
    meant: dict[str, dict[str, signatures.Definition | None]] = {}
    split: dict[str, dict[str, str]] = {}
    compat: list[signatures.Definition] = []
    for name, table in sorted(tables.items(), key=lambda item: list(known).index(item[0])):
        abi = known[name]
        # A 32-bit ARM program means ARM's definitions, whichever kernel runs it.
        architecture = "arm" if name == "aarch64_compat32" else abi.architecture
        kernel = signatures.kernel(tree, architecture, abi.register_bits)
        renamed = signatures.renames(tree, kernel)
        meant[name] = {
            call: resolver.meant(call, renamed.get(row.entry, row.entry), kernel)
            for call, row in table.rows.items()
        }
        above = [one.architecture for one in known.values() if one.bits == 64 and name in one.runs[1:]]
        if abi.pairs:
            split[name] = layouts.of_abi(
                table,
                resolver,
                kernel,
                renamed,
                pairs=abi.pairs,
                endian=abi.endian,
                under=above[0] if above else None,
            )
            # What a caller passes is the call with its 64-bit parameters undivided, in the general order. An
            # entry point that takes the same ones is meant itself: mips calls fadvise64_64 fadvise64.
            for call in split[name]:
                own, general = meant[name][call], resolver.general(call)
                if own is None or (general and own.names() != general.names()):
                    meant[name][call] = general or own
        for row in table.rows.values():
            compat += resolver.compat(row.compat, above[0]) if above and row.compat else ()
    found = signatures.catalogue(meant)
    wide: dict[str, tuple[int, ...]] = {}
    for calls in meant.values():
        for call, one in calls.items():
            if one:  # the first ABI means the usual definition
                wide.setdefault(call, layouts.wide_indexes(one))
    kernel_name = f"Linux {tree.version}"
    return {
        "signatures.py": emit.module(
            f"Parameters of system calls, as {kernel_name} defines them.",
            [
                "# Key: parameters, file. A key is the name in the definition; one with a number is",
                "# another definition of the same name, by an architecture or a configuration.",
                emit.mapping("SIGNATURES", "dict[str, tuple[str, str]]", found.signatures.items()),
                "",
                "# The key which a call means, where it is not its name.",
                emit.mapping("USUAL", "dict[str, str]", found.usual.items()),
                "",
                "# The key which a call means on an ABI, where it is not the usual one.",
                emit.nested("BY_ABI", "dict[str, dict[str, str]]", found.by_abi),
                "",
                "# What a 64-bit kernel runs for its 32-bit processes.",
                emit.mapping("COMPAT", "dict[str, tuple[str, str]]", signatures.listing(compat).items()),
            ],
        ),
        "wide.py": emit.module(
            f"64-bit parameters on ABIs with 32-bit registers, in {kernel_name}.",
            [
                "# Which parameters have 64 bits in the usual definition of a call.",
                emit.mapping(
                    "WIDE",
                    "dict[str, tuple[int, ...]]",
                    ((name, places) for name, places in sorted(wide.items()) if places),
                ),
                "",
                "# Register words of a call: a number is an argument, with w both its halves in the",
                "# order of the byte order, - a word that nobody reads.",
                emit.nested("LAYOUTS", "dict[str, dict[str, str]]", split),
            ],
        ),
    }


def _values(tree: Tree) -> dict[str, str]:
    kernel = f"Linux {tree.version}"
    return {
        "errnos.py": emit.module(
            f"Values of errno in {kernel}, of most architectures and of those which differ.",
            [
                emit.nested("ERRNOS", "dict[str, dict[str, int]]", values.errnos(tree)),
                "",
                "# Values inside of the kernel, of which some leak.",
                emit.mapping("INTERNAL", "dict[str, int]", values.internal_errnos(tree).items()),
            ],
        ),
        "optional.py": emit.module(
            f"Calls that {kernel} can be built without; without them it answers ENOSYS.",
            [
                "# Names of definitions, the entry point without its sys_ or compat_sys_. Values: the",
                "# symbols that the call needs, without CONFIG_; A|B on different architectures.",
                emit.mapping(
                    "OPTIONAL",
                    "dict[str, str]",
                    configuration.read(tree, values.optional(tree), signatures.read(tree)).items(),
                ),
            ],
        ),
    }


def interface(tree: Tree, wanted: Iterable[str] = ()) -> dict[str, dict[str, int]]:
    """The constants of the kernel's interface by ABI: what may differ, and the names that are wanted."""
    names = frozenset(wanted)
    return constants.read(
        tree,
        {name: abi.architecture for name, abi in abis().items()},
        lambda name: name in names or constants.FAMILIES.fullmatch(name),
    )


def constants_module(tree: Tree, found: dict[str, dict[str, int]], wanted: Collection[str]) -> str:
    """The module: of what interface() found, what may differ and what is wanted."""
    usual, by_abi = constants.differing(
        {
            abi: {
                name: value
                for name, value in values.items()
                if name in wanted or constants.FAMILIES.fullmatch(name)
            }
            for abi, values in found.items()
        }
    )
    return emit.module(
        f"Constants of Linux {tree.version} whose values differ between architectures.",
        [
            "# The value that most ABIs have.",
            emit.mapping("USUAL", "dict[str, int]", usual.items()),
            "",
            "# Other values; None where the ABI has no such constant.",
            emit.nested("BY_ABI", "dict[str, dict[str, int | None]]", by_abi),
        ],
    )
