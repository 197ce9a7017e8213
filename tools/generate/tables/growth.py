"""Calls whose definition has another number of parameters than in the committed tables.

Callers must be able to omit a parameter that a newer kernel added: src/pysys/parameters/table.py has to say
since when it is there.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools import PROJECT


def entries() -> dict[str, str]:
    """pysys.parameters.table.TABLE, from this project's file and without its package."""
    found: dict[str, str] = runpy.run_path(str(PROJECT / "src/pysys/parameters/table.py"))["TABLE"]
    return found


def unexplained(files: Mapping[str, str], output: Path) -> list[str]:
    """The calls with another number of parameters than the files in `output` have, of which nobody says since
    when, a line each."""
    if not (output / "signatures.py").exists():
        return []
    committed = {str(path.relative_to(output)): path.read_text("utf-8") for path in output.glob("**/*.py")}
    before = _parameters(committed)
    table = entries()
    found = []
    for key, now in _parameters(files).items():
        then = before.get(key, now)
        if len(then) == len(now):
            continue
        name = key[1]
        items = re.split(r"  |\n", table.get(name, ""))
        said = {item.strip().partition("=")[0] for item in items if re.search(r" since \d+\.\d+$", item)}
        new = [one for one in now if one not in {*then, *said}]
        gone = [one for one in then if one not in {*now, *said}]
        missing = []
        if new:
            missing.append(f"it has {', '.join(new)} (`{new[0]}=int = 0 since X.Y`)")
        if gone:
            missing.append(f"it lacks {', '.join(gone)} (`{gone[0]}=gone since X.Y`)")
        text = (
            f"{name} has {len(now)} parameters and had {len(then)}: src/pysys/parameters/table.py must say "
            f"since which kernel {' and '.join(missing)}"
        )
        if missing and text not in found:
            found.append(text)
    return found


def _parameters(files: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The names of the parameters of each ABI's calls, as generated files have them."""
    found = {}
    definitions = _run(files["signatures.py"])
    for path, text in files.items():
        folder, _, module = path.removesuffix(".py").rpartition("/")
        if folder != "numbers" or module == "__init__":
            continue
        for name in _run(text)["NUMBERS"]:
            usual = definitions["USUAL"].get(name, name)
            definition = definitions["SIGNATURES"].get(definitions["BY_ABI"].get(module, {}).get(name, usual))
            if definition is not None:
                found[module, name] = tuple(re.findall(r"(\w+)(?:, |$)", definition[0]))
    return found


def _run(text: str) -> dict[str, Any]:
    """What a generated module defines."""
    space: dict[str, Any] = {}
    exec(text, space)
    return space
