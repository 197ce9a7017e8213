"""The table of cdefs/calls.c, for every ABI: what it says of parameters is what Python says of them.

The text that build_table.py writes is read here as C would read it, with made-up sizes of structures, and
compared with the notation of pysys.parameters as pysys.arguments.bound evaluates it.
"""

from __future__ import annotations

import random
import re
from typing import Any, NamedTuple

import pytest
from paths import PROJECT
from scripts import script

from pysys import abi, numbers
from pysys.arguments import bound
from pysys.parameters import Parameter, items, parameters
from pysys.parameters.commands import commands
from pysys.policy.fate import fate
from pysys.policy.refusals import REFUSED_VALUES

MOST_PARAMETERS = 7  # cdefs/table.h
NARROW = -(1 << 31), (1 << 32) - 1
ROW = re.compile(r'    \{"(\w+)", "((?:\w+\\0)*)", issue_(\w+), (\w+), (\w+), (\d+), (\d+), ([\w| ]+)\},')
PARAMETER = re.compile(r"    \{(.*)\},")
# Of lengths, those that only numbers say: a number, a parameter's name, either perhaps in bytes.
SIMPLE = re.compile(r"(?:\w+(?: bytes)?|\?)?")
# How a length that a number says is written, but for those whose words have a meaning of their own.
SPECIAL = {"semaphores", "filter"}


class Row(NamedTuple):
    """A parameter in the table. need: bytes, and bytes for each that `counted` says."""

    low: int
    high: int
    least: int
    scale: int
    counted: int
    kind: str
    flags: frozenset[str]


class Machine:
    """An ABI as C sees it: how large types are."""

    def __init__(self, one: abi.ABI, structures: frozenset[str]) -> None:
        self.word = one.register_bits // 8
        self.structures = structures

    def size(self, kind: str) -> int:
        """The bytes of a type in C; those of a structure are made up, and like no other's."""
        words = kind.split()
        if words[-1].startswith("kernel_"):
            return 100 + sum(map(ord, words[-1])) * 7 + len(words[-1])
        if kind in ("pysys_word", "pysys_uword"):
            return self.word
        return (
            2 if "short" in words else 8 if words.count("long") == 2 else {"int": 4, "unsigned": 4}[words[-1]]
        )

    def bounds(self, kind: str) -> tuple[int, int]:
        bits = 8 * self.size(kind)
        if "unsigned" in kind or kind == "pysys_uword":
            return 0, (1 << bits) - 1
        return -(1 << bits - 1), (1 << bits - 1) - 1

    def number(self, text: str) -> int:
        text = re.sub(r"sizeof\(([\w ]+)\)", lambda found: str(self.size(found[1])), text)
        assert re.fullmatch(r"[\d* -]+", text), text
        return int(eval(text))

    def points(self, points: str) -> int:
        """The bytes of what a parameter points to, as bound.size() has it."""
        if points in ("", "void"):
            return 1
        if points in ("long", "unsigned long"):
            return self.word
        if bound.number(points):
            return self.size(points)
        return self.size(f"struct kernel_{points}") if points in self.structures else 0

    def row(self, text: str) -> Row:
        if text.startswith("WITHIN("):
            limits, rest = text.removeprefix("WITHIN(").split("), ", 1)
            kind, least, most = limits.split(", ")
            assert (least, most) == ("INT32_MIN", "UINT32_MAX")
            low, high = self.bounds(kind)
            low, high = max(low, NARROW[0]), min(high, NARROW[1])
        elif text.startswith("LOW("):
            first, second, rest = text.split(", ", 2)
            low, high = self.bounds(first[4:-1])[0], self.bounds(second[5:-1])[1]
            assert first[4:-1] == second[5:-1]
            high = min(high, (1 << 63) - 1)
        else:
            first, second, rest = text.split(", ", 2)
            low, high = int(first), int(second)
        least, scale, counted, kind, flags = rest.split(", ")
        known = frozenset(flags.split(" | ")) - {"0"}
        return Row(low, high, self.number(least), self.number(scale), int(counted), kind, known)


class Place:
    """What bound.need() looks at."""

    def __init__(self, machine: Machine, one: Parameter) -> None:
        self.parameter = one
        self.name = one.python
        self.size = machine.points(one.points) if one.kind == "memory" else 1
        self.written = one.direction in ("out", "inout")


def needs(places: list[Place], index: int, values: list[int]) -> int:
    """How many bytes Python says that memory needs, where numbers say it."""
    names: dict[str, Any] = {place.name: value for place, value in zip(places, values, strict=True)}
    names |= {f"_place{at}": None for at in range(len(places))}
    names["_unsigned"] = lambda value, place, offset: value & 0xFFFFFFFF  # as if the memory were its number
    text = bound.need(places, index)  # type: ignore[arg-type]  # all of it that it looks at
    return int(eval(text, {**bound.SPACE, "_semaphores": None, "_filter": None}, names))


@pytest.mark.once
@pytest.mark.parametrize("where", [one for one in abi.ABIS if abi.ABIS[one].compiler])
def test_the_table_is_what_python_says(where: str) -> None:
    one = abi.get(where)
    build_calls, build_table = script("build_calls"), script("build_table")
    sources = (PROJECT / "cdefs/structures").rglob("*.h")
    structures = frozenset(
        name
        for source in sources
        for name in re.findall(r"^(?:struct|union) kernel_(\w+) \{", source.read_text(), re.MULTILINE)
    )
    assert len(structures) > 100
    machine = Machine(one, structures)
    text = build_table.table(one, structures)
    listed = {
        name: [machine.row(found) for found in PARAMETER.findall(body)]
        for name, body in re.findall(
            r"^static const struct parameter parameters_of_(\w+)\[\] = \{\n(.*?)^\};",
            text,
            re.DOTALL | re.MULTILINE,
        )
    }
    rows = ROW.findall(text)
    assert len(rows) > 250
    assert [row[0].encode() for row in rows] == sorted(name.encode() for name in build_calls.calls(one))
    compared = 0
    for name, names, issued, parameter, refused, number, count, _ in rows:
        known = parameters(name, one)
        assert known is not None
        assert issued == name
        assert int(number) == numbers.number(name, one)
        assert not fate(name, one).refusal
        assert names.split("\\0")[:-1] == [place.python for place in known]
        assert int(count) == len(known) == len(listed.get(name, [])) <= MOST_PARAMETERS
        assert parameter == (f"parameters_of_{name}" if known else "NULL")
        assert (refused != "NULL") == (name in REFUSED_VALUES)
        types = build_calls.types_of(name, one, structures)
        for index, row in enumerate(listed.get(name, ())):
            compare(machine, name, one, known, index, row, types[index])
            compared += row.kind == "A_MEMORY"
    assert compared > 100


def compare(
    machine: Machine, name: str, one: abi.ABI, known: tuple[Parameter, ...], index: int, row: Row, ctype: str
) -> None:
    """A row of the table, and what Python says of the parameter, also under every command."""
    place, where = known[index], (name, known[index].name)
    lines = [items(line.partition(" ")[2]) for line in commands(name, one).splitlines()[1:]]
    under = [found[place.name] for found in lines if place.name in found]
    kinds = {place.kind, *(place.under(text).kind for text in under)}
    expected = {"HAS_DEFAULT"} if place.default else set()
    expected |= {"IS_NEWER"} if place.since else set()
    expected |= {"DEFAULT_IS_NULL"} if place.default == "NULL" else set()
    nullable = place.nullable and all(place.under(text).nullable for text in under)
    if place.kind in ("word", "address") or (
        nullable and not (place.kind == "memory" and under and row.kind != "A_MEASURED")
    ):
        expected.add("TAKES_NULL")
    expected |= {"IS_PATH"} if place.kind == "path" else set()
    if row.kind in ("A_MEMORY", "A_MEASURED"):
        expected |= {"IS_WRITTEN"} if place.direction in ("out", "inout") else set()
        expected |= {"IS_BYTES"} if ctype == "void *" else set()
        expected |= {"IS_FOLLOWED"} if place.pieces else set()
    assert row.flags == expected, where
    if row.kind == "A_NUMBER":
        assert place.kind in ("int", "fd", "word", "address"), where
        low, high = machine.bounds(ctype)
        assert low <= row.low <= row.high <= high, where
        narrow = place.narrow or any(place.under(text).narrow for text in under)
        if narrow:
            assert NARROW[0] <= row.low and row.high <= NARROW[1], where
        elif name == "brk":
            assert (row.low, row.high) == (0, 0)
        elif not (place.kind == "word" and commands(name, one)):
            assert (row.low, row.high) == (low, min(high, (1 << 63) - 1)), where
    elif row.kind == "A_TEXT":
        assert kinds <= {"path", "string"}, where
    elif row.kind == "A_MEMORY":
        assert kinds == {"memory"} and not under, where
        assert row.counted < 0 or (row.least == 0 and known[row.counted].kind == "int"), where
        compare_needs(machine, known, index, row, lines)
    elif row.kind == "A_MEASURED":
        assert kinds == {"memory"} and not place.pieces and row.least == 0, where
        assert known[row.counted].kind == "memory" and machine.points(known[row.counted].points) == 4, where
        compare_needs(machine, known, index, row, lines)
    else:
        special = not SIMPLE.fullmatch(place.length) or place.length in SPECIAL
        word = place.length.partition(" ")[0]
        number = word.isdigit() or any(other.name == word and other.kind == "int" for other in known)
        simple = not special and (place.length in ("", "?") or number)
        rows = place.pieces and place.type.endswith("**")
        assert place.kind == "strings" or under or rows or not simple, where
        assert not place.length.startswith("*"), where
    if place.kind in ("int", "fd", "word", "address"):
        assert row.kind == "A_NUMBER", where
    if place.kind in ("path", "string"):
        assert row.kind == "A_TEXT", where


def compare_needs(
    machine: Machine, known: tuple[Parameter, ...], index: int, row: Row, lines: list[dict[str, str]]
) -> None:
    """How long memory has to be, for some numbers, without a command and under each.

    Of what is measured, under that which needs most: under others, with less memory, Python makes the call.
    """
    most = 0
    for line in [{}, *lines]:
        places = [Place(machine, one.under(line[one.name]) if one.name in line else one) for one in known]
        chosen = random.Random(index)
        for _ in range(5):
            values = [chosen.choice([0, 1, -1, 7, 1000, 1 << 31]) for _ in known]
            if row.kind == "A_MEASURED":
                values[row.counted] = 1000
                most = max(most, needs(places, index, values))
                continue
            ours = row.least if row.counted < 0 else values[row.counted] * row.scale
            assert max(ours, 0) == max(needs(places, index, values), 0), (known[index].name, line)
    assert most == (1000 * row.scale if row.kind == "A_MEASURED" else 0), known[index].name
