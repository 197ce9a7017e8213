"""`pysys abi`: the facts of an ABI, and the table of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import numbers
from pysys.abi import ABIS, ALIASES, current
from pysys.cli.output import abi_of, fields
from pysys.metadata.render import Section, Table

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pysys.abi import ABI
    from pysys.cli.output import Output, Part

PAIRS: dict[str | None, str] = {
    None: "in one register",
    "any": "in the next two registers",
    "aligned": "in two registers, of which the first has an even number",
}


def run(options: Namespace, out: Output) -> int:
    """Show one ABI, or this process's and the table."""
    try:
        own: str | None = current().name
    except ImportError:  # the extension is not built: the tables are there all the same
        own = None
    if options.abi is not None:
        shown = [abi_of(options.abi)]
        parts: list[Part] = [_facts(shown[0], own)]
    else:
        shown = list(ABIS.values())
        parts = [_facts(ABIS[own], own)] if own else []
        parts.append(_table(shown))
    out.answer({"current": own, "abis": [_data(abi) for abi in shown]}, *parts)
    return 0


def _data(abi: ABI) -> dict[str, Any]:
    """All facts; sequences become lists."""
    data: dict[str, Any] = {"name": abi.name}
    for name in sorted(abi.__slots__):
        value = getattr(abi, name)
        data[name] = list(value) if isinstance(value, tuple) else value
    return data | {"aliases": _aliases(abi), "calls": len(numbers.table(abi))}


def _aliases(abi: ABI) -> list[str]:
    return [alias for alias, name in ALIASES.items() if name == abi.name]


def _own(abi: ABI) -> list[str]:
    """The process calls for which the ABI has its own number."""
    return [name for name in ("fork", "vfork", "clone3") if getattr(abi, f"has_{name}")]


def _facts(abi: ABI, own: str | None) -> Section:
    audit = dict.fromkeys((abi.audit_arch, abi.audit_arch_big))
    rows = fields(
        architecture=abi.architecture,
        aliases=", ".join(_aliases(abi)) or "none",
        long=f"{abi.bits} bits",
        registers=f"{abi.register_bits} bits",
        endian=abi.endian,
        calls=f"{len(numbers.table(abi))} numbered",
        process_calls=", ".join(_own(abi)) or "clone only",
        clone=f"clone({', '.join(abi.clone_order)})" if abi.clone_order else "none",
        argument_of_64_bits=PAIRS[abi.pairs],
        kernel_also_runs=", ".join(abi.runs[1:]) or "nothing else",
        audit="none" if not any(audit) else ", ".join(f"{value:#010x}" for value in audit),
        errno_numbers=abi.errno_table,
        compiler=abi.compiler or "none targets it",
    )
    here = " (this process)" if abi.name == own else ""
    return Section(f"{abi.name}{here}", (Table(("", ""), rows),))


def _table(abis: list[ABI]) -> Section:
    columns = ("ABI", "architecture", "long", "endian", "calls", "has its own")
    rows = tuple(
        (
            abi.name,
            abi.architecture,
            str(abi.bits),
            abi.endian,
            str(len(numbers.table(abi))),
            ", ".join(_own(abi)) or "-",
        )
        for abi in abis
    )
    return Section("ALL ABIS", (Table(columns, rows),))
