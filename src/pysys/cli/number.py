"""`pysys number`: from a name to its number and back, on one ABI or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import metadata, numbers
from pysys.abi import ABIS
from pysys.cli.output import CommandError, abi_of, number_or_name
from pysys.metadata.render import Section, Table, Text
from pysys.policy.resolution import resolve

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pysys.abi import ABI
    from pysys.cli.output import Output, Part


def run(options: Namespace, out: Output) -> int:
    """Print the bare answer for one ABI, a table for all."""
    asked = number_or_name(options.call)
    every = options.abi == "all"
    abis = list(ABIS.values()) if every else [abi_of(options.abi)]
    matches = [match for abi in abis for match in _on(abi, asked)]
    if not matches:
        raise CommandError(_nothing(asked, options.abi, abis))
    present = {match["abi"] for match in matches}
    missing = [abi.name for abi in abis if abi.name not in present]
    data = {"asked": asked, "matches": matches, "missing": missing}
    if every:
        out.answer(data, *_table(matches, missing))
    else:
        out.answer(data, *(str(match["number" if isinstance(asked, str) else "name"]) for match in matches))
    return 0


def _on(abi: ABI, asked: int | str) -> list[dict[str, Any]]:
    table = numbers.table(abi)
    found = numbers.names(asked, abi) if isinstance(asked, int) else (asked,) if asked in table else ()
    return [
        {"abi": abi.name, "name": name, "number": table[name], "entry": numbers.entry(name, abi)}
        for name in found
    ]


def _nothing(asked: int | str, option: str | None, abis: list[ABI]) -> str:
    if isinstance(asked, int):
        return f"no call has the number {asked} on {'any ABI' if option == 'all' else abis[0].name}"
    try:
        numbers.number(asked, abis[0])
    except numbers.NoNumberError as error:
        try:
            resolve(asked, abi=abis[0])
        except numbers.NoNumberError:
            return str(error)
        return f"{error}\nWhat it becomes there: pysys resolve {asked} --abi {error.abi}"
    except numbers.UnknownCallError as error:
        if asked not in metadata.pages:
            return str(error)
        return f"{asked} is not a call: {metadata.page(asked).summary}\nMore: pysys man {asked}"
    raise AssertionError(asked)  # it has a number, and would have been found


def _table(matches: list[dict[str, Any]], missing: list[str]) -> list[Part]:
    rows = tuple((str(m["number"]), m["name"], m["abi"], m["entry"]) for m in matches)
    blocks: list[Table | Text] = [Table(("number", "name", "ABI", "entry point"), rows)]
    if missing:
        blocks.append(Text(f"Missing on {', '.join(missing)}."))
    return [Section("NUMBERS", tuple(blocks))]
