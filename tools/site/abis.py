"""The pages of ABIs: all of them in a table, and the calls of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import numbers
from pysys.abi import ABIS, ALIASES
from tools.site import addresses
from tools.site.calls import made
from tools.site.content import Content
from tools.site.registers import COLUMNS, registers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pysys.abi import ABI

PAIRS = {
    None: "in one register",
    "any": "in the next two registers",
    "aligned": "in two registers, of which the first has an even number",
}


def pages() -> Iterator[Content]:
    """The table, and a page for each ABI."""
    index = Content("abi/index.html", "ABIs", "abi", chooser=True)
    head = ("ABI", "architecture", "bits", "calls", *COLUMNS)
    rows = []
    for abi in ABIS.values():
        words = (
            index.markup.link(f"abi/{abi.name}.html", abi.name),
            abi.architecture,
            str(abi.bits),
            str(len(numbers.table(abi))),
            *registers(abi),
        )
        rows.append(f'<tr data-abi="{abi.name}">' + "".join(f"<td>{one}</td>" for one in words) + "</tr>")
        yield _one(abi)
    index.lead = "<p>The ways to call Linux: each has its own numbers. Choose yours: every page shows it.</p>"
    line = '<p class="abi-line" data-abi-line hidden></p>'
    index.add("All ABIs", line + index.markup.grid(head, rows, "abis"))
    yield index


def _one(abi: ABI) -> Content:
    content = Content(
        f"abi/{abi.name}.html", f"ABI {abi.name}", "abi", text=f"Calls of {abi.name}: numbers, registers."
    )
    markup = content.markup
    audit = dict.fromkeys((abi.audit_arch, abi.audit_arch_big))
    facts = [
        ("architecture", abi.architecture),
        ("aliases", ", ".join(alias for alias, name in ALIASES.items() if name == abi.name) or "none"),
        ("long", f"{abi.bits} bits"),
        ("registers", f"{abi.register_bits} bits"),
        ("endian", abi.endian),
        *zip(COLUMNS, registers(abi), strict=True),
        ("argument of 64 bits", PAIRS[abi.pairs]),
        ("clone", f"clone({', '.join(abi.clone_order)})" if abi.clone_order else "none"),
        ("kernel also runs", ", ".join(abi.runs[1:]) or "nothing else"),
        ("audit", "none" if not any(audit) else ", ".join(f"{value:#010x}" for value in audit)),
        ("compiler", f"`{abi.compiler}`" if abi.compiler else "none targets it"),
    ]
    content.add("Facts", markup.table(("", ""), ((name, markup.inline(text)) for name, text in facts)))
    rows, absent = [], []
    for name in sorted(numbers.calls()):
        kind, detail = made(name, abi.name)
        link = markup.link(addresses.calls_pages()[name], name) if name in addresses.calls_pages() else name
        if kind == "absent":
            absent.append(link)
            continue
        number = numbers.table(abi).get(name)
        # Why a call is refused stands on its page.
        how = markup.inline(detail) if kind == "replaced" else "" if kind == "direct" else kind
        rows.append((link, "-" if number is None else str(number), how))
    content.add("Calls", markup.table(("call", "number", "in its place"), rows))
    content.add("Absent", f"<p>{', '.join(absent)}</p>" if absent else "")
    return content
