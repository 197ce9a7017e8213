"""`pysys resolve`: which call, number and arguments a request becomes on an ABI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import numbers
from pysys.abi import ABIS
from pysys.cli.output import CommandError, abi_of, fields
from pysys.metadata.render import Section, Table, Text
from pysys.policy.resolution import resolve

if TYPE_CHECKING:
    from argparse import Namespace

    from pysys.cli.output import Output
    from pysys.metadata.render import Block
    from pysys.policy.resolution import Resolution


def run(options: Namespace, out: Output) -> int:
    """Show one resolution in full, or the table of all ABIs."""
    every = options.abi == "all"
    found: list[Resolution] = []
    missing: list[str] = []
    for abi in ABIS.values() if every else [abi_of(options.abi)]:
        try:
            found.append(resolve(options.call, abi=abi, entry=options.entry))
        except numbers.NoNumberError as error:
            missing.append(abi.name)
            why = str(error)
        except numbers.UnknownCallError as error:
            raise CommandError(str(error)) from None
    if not found:
        raise CommandError(why)
    data = {"asked": options.call, "resolutions": [one.as_dict() for one in found], "missing": missing}
    out.answer(data, _table(options.call, found, missing) if every else shown(found[0]))
    return 0


def issued(one: Resolution) -> str:
    """The call as it is issued, with what pysys fills in: clone(flags=SIGCHLD, ...)."""
    return f"{one.call}({_arguments(one)})" if one.arguments else one.call


def shown(one: Resolution) -> Section:
    """One resolution in full."""
    rows = fields(call=one.call, number=one.number, arguments=_arguments(one) or "as passed", why=one.why)
    return Section(f"{one.request} on {one.abi}", (Table(("", ""), rows),))


def _arguments(one: Resolution) -> str:
    return ", ".join(f"{name}={value}" for name, value in one.arguments.items())


def _table(name: str, found: list[Resolution], missing: list[str]) -> Section:
    rows = tuple((one.abi, str(one.number), issued(one)) for one in found)
    blocks: list[Block] = [Table(("ABI", "number", "call"), rows)]
    blocks += [Text(why[0].upper() + why[1:] + ".") for why in dict.fromkeys(one.why for one in found)]
    if missing:
        blocks.append(Text(f"Missing on {', '.join(missing)}."))
    return Section(f"{name} on every ABI", tuple(blocks))
