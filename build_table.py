"""The table by which cdefs/calls.c converts the arguments of typed calls: a text in C for build_ffi.py.

Of every call of an ABI that pysys makes, in the order of the names, what cdefs/table.h describes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import build_calls
from pysys import numbers, signatures
from pysys.abi import ABI
from pysys.parameters import Parameter, behaviour, items, parameters
from pysys.parameters.commands import commands
from pysys.policy.fate import fate
from pysys.policy.refusals import REFUSED_VALUES

# What the table of parameters says of a call, as its flag in C.
_BEHAVIOUR = {"quiet": "IS_QUIET", "brief": "KEEPS_GIL", "address": "GIVES_ADDRESS", "identity": "GIVES_ID"}
_NUMBERS = frozenset({"int", "long", "short", "unsigned"})


def table(abi: ABI, structures: frozenset[str]) -> str:
    """The rows, and what they refer to: parameters, and a function that issues the call with their values."""
    parts, rows = [], []
    for name in sorted(build_calls.calls(abi)):
        known = parameters(name, abi) or ()
        types = build_calls.types_of(name, abi, structures)
        parts.append(_issue(name, types))
        listed, refused = "NULL", "NULL"
        if known:
            listed = f"parameters_of_{name}"
            each = "".join(
                f"    {_parameter(name, abi, at, types[at], structures)},\n" for at in range(len(types))
            )
            parts.append(f"static const struct parameter {listed}[] = {{\n{each}}};\n")
        if values := REFUSED_VALUES.get(name):
            refused = f"refused_of_{name}"
            each = ", ".join(map(str, [len(values), *values]))
            parts.append(f"static const unsigned {refused}[] = {{{each}}};\n")
        flags = " | ".join(_flags(name, abi)) or "0"
        names = "".join(f"{one.python}\\0" for one in known)
        row = f'"{name}", "{names}", issue_{name}, {listed}, {refused}, {numbers.number(name, abi)}'
        rows.append(f"    {{{row}, {len(known)}, {flags}}},\n")
    return f"{''.join(parts)}static const struct call table[] = {{\n{''.join(rows)}}};\n"


def _flags(name: str, abi: ABI) -> list[str]:
    """The flags of a call."""
    words, found = behaviour(name, abi), fate(name, abi)
    flags = [flag for word, flag in _BEHAVIOUR.items() if word in words]
    flags += ["IS_PLAIN"] * (not found.conditional and not signatures.layout(name, abi))
    flags += ["FALLS_BACK"] * bool(found.fallbacks) + ["IS_REPLACED"] * (found.replacement is not None)
    return flags


def _issue(name: str, types: Sequence[str]) -> str:
    """A function that makes the call with values as wide as any parameter."""
    passed = ", ".join(
        f"({kind})(uintptr_t)v[{at}]" if kind.endswith("*") else f"({kind})v[{at}]"
        for at, kind in enumerate(types)
    )
    body = f"    return call_{name}({passed});\n"
    if not types:
        body = "    (void)v;\n" + body
    return f"static pysys_word issue_{name}(const long long *v)\n{{\n{body}}}\n"


def _parameter(name: str, abi: ABI, at: int, ctype: str, structures: frozenset[str]) -> str:
    """The row of a parameter."""
    known = parameters(name, abi) or ()
    one = known[at]
    kind, limits, need = "ANOTHER", "0, 0", "0, 0, -1"
    flags = (
        ["TAKES_NULL"] * one.nullable + ["HAS_DEFAULT"] * bool(one.default) + ["IS_NEWER"] * bool(one.since)
    )
    flags += ["DEFAULT_IS_NULL"] * (one.default == "NULL")
    if one.kind in ("int", "fd", "word", "address"):
        kind = "A_NUMBER"
        limits = _limits(name, abi, one, ctype)
        flags += ["TAKES_NULL"] * (one.kind in ("word", "address"))
    elif one.kind in ("path", "string"):
        kind = "A_TEXT"
        flags += ["IS_PATH"] * (one.kind == "path")
    elif one.kind == "memory":
        if one.length.startswith("*"):
            kind, need = "A_MEASURED", _measured(name, abi, one)
        elif _is_varied(name, abi, one):
            flags = [flag for flag in flags if flag != "TAKES_NULL"]  # under some command
        elif not (one.pieces and one.type.endswith("**")):  # where a row of structures is one of pointers
            found = _need(known, one, structures)
            kind, need = ("ANOTHER", need) if found is None else ("A_MEMORY", found)
        if kind != "ANOTHER":
            flags += ["IS_WRITTEN"] * (one.direction in ("out", "inout"))
            flags += ["IS_BYTES"] * (ctype == "void *") + ["IS_FOLLOWED"] * bool(one.pieces)
    return f"{{{limits}, {need}, {kind}, {' | '.join(flags) or 0}}}"


def _limits(name: str, abi: ABI, one: Parameter, ctype: str) -> str:
    """The least and the largest number. For others Python has a word."""
    if name == "brk":  # other values are refused
        return "0, 0"
    if one.narrow or (one.kind == "word" and commands(name, abi)):  # some command may read 32 bits of it
        return f"WITHIN({ctype}, INT32_MIN, UINT32_MAX)"
    return f"LOW({ctype}), HIGH({ctype})"


def _is_varied(name: str, abi: ABI, one: Parameter) -> bool:
    """Whether a command of the call says what the parameter is."""
    lines = commands(name, abi).splitlines()[1:]
    return any(one.name in items(line.partition(" ")[2]) for line in lines)


def _need(known: Sequence[Parameter], one: Parameter, structures: frozenset[str]) -> str | None:
    """How long memory has to be: bytes, bytes for each item, and which parameter counts the items, or -1.

    None for what takes more than that. The notation is that of bound.need, which says the same in Python.
    """
    size = _size(one.points, structures)
    length, _, unit = one.length.partition(" ")
    if length in ("", "?"):
        least = "0" if length == "?" and size == "1" else size
        return f"{least}, 0, -1"
    if unit not in ("", "bytes"):
        return None
    if length.isdigit():
        return f"{length if unit else f'{length} * {size}'}, 0, -1"
    for at, other in enumerate(known):
        if other.name == length and other.kind == "int":
            # Of what no size is known, bytes are counted.
            return f"0, {'1' if unit or size == '0' else size}, {at}"
    return None


def _measured(name: str, abi: ABI, one: Parameter) -> str:
    """The same of memory whose length is in other memory: under the command that takes most.

    Where there is less, Python looks at the command.
    """
    most = 1
    for line in commands(name, abi).splitlines()[1:]:
        if text := items(line.partition(" ")[2]).get(one.name):
            formula = f"= (\\d+) \\* {one.length[1:]}@0"
            found = re.fullmatch(formula, one.under(text).length)
            if found is None:
                raise ValueError(f"{name}: {text}")
            most = max(most, int(found[1]))
    at = [other.name for other in parameters(name, abi) or ()].index(one.length[1:])
    return f"0, {most}, {at}"


def _size(points: str, structures: frozenset[str]) -> str:
    """The bytes of what memory points to, in C; "0" where that is not known."""
    if points in ("", "void"):
        return "1"
    if points in ("long", "unsigned long"):
        return "sizeof(pysys_word)"  # the kernel's
    if _NUMBERS.issuperset(points.split()):
        return f"sizeof({points})"
    if points in structures:
        return f"sizeof({'union' if points == 'bpf_attr' else 'struct'} kernel_{points})"
    return "0"
