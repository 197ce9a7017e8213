"""The text of src/pysys/structures/__init__.pyi, for `stubs`.

Fields are those of the ABI that runs this; a structure that only other ABIs have is one without fields.
"""

from __future__ import annotations

import re
from collections import defaultdict

from pysys import structures
from pysys.structures import build, field_notes
from pysys.structures.base import Structure
from tools import PROJECT
from tools.generate.tables import emit

HEADERS = PROJECT / "cdefs/structures"


def text(heading: str) -> str:
    """The text of the file."""
    here = structures.names()
    everywhere = {
        name
        for header in HEADERS.glob("*.h")
        for name in re.findall(r"^(?:struct|union) kernel_(\w+) \{", header.read_text(), re.MULTILINE)
    }
    elsewhere = sorted(everywhere - here)
    bases: dict[str, set[str]] = defaultdict(set)
    for name in here:
        module, base = build.parent(name)
        bases[module].add(base)
    bases["pysys.structures.base"] |= {"Array", "Structure"}
    lines = [
        heading,
        "from collections.abc import Iterable, Mapping",
        "from typing import Any",
        "",
        "from pysys._types import Buffer, Descriptor",
        *(f"from pysys.structures import {name} as {name}" for name in vars(structures)["_MODULES"]),
        "from pysys.structures.base import Address",
    ]
    for module, classes in sorted(bases.items()):
        shown = ", ".join(f"{one} as {one}" for one in sorted(classes))
        lines.append(f"from {module} import {shown}")
    lines += [
        "from pysys.structures.build import describe as describe",
        "from pysys.structures.build import names as names",
        "",
    ]
    aliases = [alias for alias, name in sorted(field_notes.ALIASES.items()) if name in here]
    names = sorted({*vars(structures)["_CLASSES"], *here, *elsewhere, *aliases})
    lines += [emit.packed("__all__", "list[str]", map(emit.literal, names), "[]"), ""]
    lines += ["def __dir__() -> list[str]: ...", ""]
    for name in sorted(here):
        lines += _structure(name)
    lines += [f"{alias} = {field_notes.ALIASES[alias]}" for alias in aliases]
    lines += ["", "# On other ABIs only."]
    for name in elsewhere:
        lines += [f"class {name}(Structure):", "    def __getattr__(self, name: str) -> Any: ..."]
        lines += ["    def __setattr__(self, name: str, value: Any) -> None: ..."]
    return "\n".join(lines) + "\n"


def _structure(name: str) -> list[str]:
    known = structures.describe(name)
    _, base = build.parent(name)
    keywords = ", ".join(f"{one.name}: {_takes(one.writes)} = ..." for one in known)
    about = str(getattr(structures, name).__doc__)
    lines = [f"class {name}({base}):", emit.docstring(about)]
    lines.append(f"    def __init__(self, /{', *, ' if keywords else ''}{keywords}) -> None: ...")
    for one in known:
        method = one.name in vars(Structure)
        about = str(vars(getattr(structures, name))[one.name].__doc__)
        if one.reads == one.writes and not method:
            lines += [f"    {one.name}: {one.reads}", emit.docstring(about)]
            continue
        override = "  # type: ignore[override]" if method else ""
        lines += [
            f"    @property{override}",
            f"    def {one.name}(self) -> {one.reads}:",
            emit.docstring(about, "        "),
            f"    @{one.name}.setter",
            f"    def {one.name}(self, value: {_takes(one.writes)}) -> None:",
            emit.docstring(about, "        "),  # jedi shows that of the last definition
        ]
    return lines


def _takes(kind: str) -> str:
    return kind.replace("dict[str, Any]", "Mapping[str, Any]")
