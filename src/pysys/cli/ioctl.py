"""`pysys ioctl`: from the name of a request to its number and back, with what its argument is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import ioctls
from pysys.abi import ABIS
from pysys.cli.output import CommandError, abi_of, fields, number_or_name
from pysys.metadata.render import Section, Table, Text

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pysys.cli.output import Output
    from pysys.ioctls import Request


def run(options: Namespace, out: Output) -> int:
    """Show a request on one ABI, or a table of all."""
    asked = number_or_name(options.request)
    every = options.abi == "all"
    found = [
        request
        for abi in (ABIS if every else [abi_of(options.abi).name])
        for request in requests(asked, abi, silent=every)
    ]
    if not found:
        where = "any ABI" if every else abi_of(options.abi).name
        if isinstance(asked, str):
            requests(asked, next(iter(ABIS)))  # says that there is no such name
        raise CommandError(f"no request has the number {asked:#x} on {where}")
    listed = [data(request) for request in found]
    if every:
        present = {request.abi for request in found}
        rows = tuple((f"{int(one):#x}", one.name, one.abi, one.argument() or "-") for one in found)
        blocks: list[Table | Text] = [Table(("number", "name", "ABI", "argument"), rows)]
        if missing := [name for name in ABIS if name not in present]:
            blocks.append(Text(f"Missing on {', '.join(missing)}."))
        out.answer(listed, Section("NUMBERS", tuple(blocks)))
    else:
        out.answer(listed, *(section(request) for request in found))
    return 0


def requests(asked: int | str, abi: str, *, silent: bool = False) -> list[Request[Any]]:
    """The requests of a name or a number on an ABI. silent: a name that it lacks is left out."""
    listed = ioctls.names(asked, abi) if isinstance(asked, int) else (asked,)
    try:
        return [ioctls.find(name, abi) for name in listed]
    except LookupError as error:
        if silent:
            return []
        raise CommandError(str(error.args[0])) from None


def data(request: Request[Any]) -> dict[str, Any]:
    """A request for --json."""
    return {
        "name": request.name,
        "abi": request.abi,
        "number": int(request),
        "header": request.header,
        "direction": request.direction,
        "structure": request.structure,
        "size": request.size,
    }


def section(request: Request[Any], title: str = "") -> Section:
    """A request as it is shown, below its name or another title."""
    letter = chr(request.type)
    shown = f"{request.type:#x}" + (f" ({letter})" if letter.isalnum() else "")
    rows = fields(
        number=f"{int(request):#x} on {request.abi}",
        argument=request.argument() or "not known, or none",
        size=request.size or "-",
        type=f"{shown}, number {request.number}",
        header=f"<{request.header}>",
    )
    return Section(title or request.name, (Table(("", ""), rows),))
