"""Figures as text, as a Markdown table, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from benchmarks.measure import Figure

COLUMNS = ("", "takes", "against", "ratio", "target", "", "")


def _cells(figure: Figure) -> tuple[str, ...]:
    digits = 0 if figure.unit in ("µs", "ns", "") else 1
    takes = "not measured" if figure.value is None else f"{figure.value:,.{digits}f} {figure.unit}".strip()
    target = ""
    if figure.target is not None:
        target = f"≤ {figure.target:g}" if figure.against else f"≤ {figure.target:g} {figure.unit}".strip()
    return (
        figure.name,
        takes,
        figure.against,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        target,
        {True: "met", False: "MISSED", None: ""}[figure.met],
        figure.note,
    )


def text(figures: Sequence[Figure], machine: Mapping[str, str]) -> str:
    """For a terminal."""
    lines = [f"{key}: {value}" for key, value in machine.items()]
    rows = [_cells(figure) for figure in figures]
    widths = [max(len(row[i]) for row in [COLUMNS, *rows]) for i in range(len(COLUMNS))]
    for group, members in groupby(figures, key=lambda figure: figure.group):
        lines += ["", group]
        for figure in members:
            cells = _cells(figure)
            padded = [
                cell.rjust(width) if i in (1, 3) else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ]
            lines.append(("  " + "  ".join(padded)).rstrip())
    return "\n".join(lines)


def markdown(figures: Sequence[Figure], machine: Mapping[str, str]) -> str:
    """For docs/figures.md."""
    lines = ["; ".join(f"{key}: {value}" for key, value in machine.items()) + ".", ""]
    lines += ["| | takes | against | ratio | target | | |", "| --- | ---: | --- | ---: | --- | --- | --- |"]
    for group, members in groupby(figures, key=lambda figure: figure.group):
        lines.append(f"| **{group}** | | | | | | |")
        lines += ["| " + " | ".join(_cells(figure)) + " |" for figure in members]
    return "\n".join(lines)


def as_json(figures: Sequence[Figure], machine: Mapping[str, str]) -> str:
    """For other programs."""
    rows = [{**asdict(figure), "met": figure.met} for figure in figures]
    return json.dumps({"machine": dict(machine), "figures": rows}, indent=2, ensure_ascii=False)
