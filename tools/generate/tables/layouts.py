"""How 64-bit arguments travel on ABIs whose registers have 32 bits.

A caller passes the parameters of the call's general definition; the layout says which register
words these become: "0 1 2 - 3w" is arguments 0, 1, 2, an unused word, and both halves of argument 3
in the order of the byte order. It is worked out from the definition that the ABI really runs, and
must agree with the one a 64-bit kernel runs for the same process.
"""

from __future__ import annotations

import re

from tools.generate.tables.numbers import Table
from tools.generate.tables.signatures import Definition, Kernel, Resolver
from tools.generate.tables.source import SourceError

WIDE = {"loff_t", "u64", "__u64", "s64", "__s64", "long long", "unsigned long long"}
PADDING = re.compile(r"_*(?:dummy|pad|unused)\d*|r(?:eg)?\d|a\d_unused")
# Names of one parameter in several definitions of a call (mips calls an advice flags).
SAME = {"ubuf": "buf", "filename": "path", "pathname": "path", "flags": "advice"}


def wide_indexes(definition: Definition) -> tuple[int, ...]:
    """Which parameters have 64 bits on every ABI."""
    return tuple(i for i, (one, _) in enumerate(definition.parameters) if one in WIDE)


def layout(
    asked: Definition,
    runs: Definition,
    wide: list[int],
    *,
    pairs: str,
    endian: str,
    words: bool = False,
) -> str:
    """The layout of a call that is asked by one definition's parameters and runs another.

    wide: which parameters have 64 bits. words: what runs is a 64-bit kernel's function for 32-bit
    processes: whatever its types are, each of its parameters is one word.
    """
    places = {SAME.get(name, name): i for i, (_, name) in enumerate(asked.parameters)}
    halves: list[tuple[int, str]] = []
    items: list[str] = []
    position = 0
    for index, (one, named) in enumerate(runs.parameters):
        name = SAME.get(named, named)
        place = places.get(name)
        if one in WIDE and not words and place is not None:
            if pairs == "aligned" and position % 2:
                items.append("-")
                position += 1
            items.append(f"{place}w")
            position += 2
        elif PADDING.fullmatch(name):
            items.append("-")
            position += 1
        elif place is not None and place not in wide:
            items.append(str(place))
            position += 1
        else:  # a half: the first two are those of the first 64-bit parameter
            done = len(halves)
            if done // 2 >= len(wide):
                raise _odd(runs, f"parameter {index} ({name}) is not one of {asked.symbol}'s")
            halves.append((wide[done // 2], name))
            if done % 2 == 0:
                items.append(f"{wide[done // 2]}w")
            elif items[-1] != f"{wide[done // 2]}w":
                raise _odd(runs, "the halves of a parameter are apart")
            position += 1
    if len(halves) % 2:
        raise _odd(runs, "takes half of a 64-bit parameter")
    for (_, first), (_, second) in zip(halves[::2], halves[1::2], strict=True):
        _check_order(runs, first, second, endian)
    taken = sorted(int(item.rstrip("w")) for item in items if item != "-")
    if taken != list(range(len(asked.parameters))):
        raise _odd(runs, f"does not take the parameters of {asked.symbol} once each: {items}")
    return " ".join(items)


def _check_order(runs: Definition, first: str, second: str, endian: str) -> None:
    if first.endswith("_lo") and second.endswith("_hi"):
        return  # a macro that follows the byte order
    low, high = re.search(r"lo(w|_|$)", first), re.search(r"hi(gh|_|$)", first)
    if (endian == "little" and high) or (endian == "big" and low):
        raise _odd(runs, f"halves {first}, {second} are not in {endian}-endian order")


def _odd(definition: Definition, what: str) -> SourceError:
    return SourceError(definition.path, definition.line, f"{definition.symbol}: {what}")


def of_abi(
    table: Table,
    resolver: Resolver,
    kernel: Kernel,
    renamed: dict[str, str],
    *,
    pairs: str,
    endian: str,
    under: str | None,
) -> dict[str, str]:
    """Layouts of all calls of an ABI that have a 64-bit parameter.

    under: the architecture whose 64-bit kernels run processes of this ABI too.
    """
    found: dict[str, str] = {}
    for name, row in table.rows.items():
        runs = resolver.resolve(renamed.get(row.entry, row.entry), kernel)
        asked = resolver.general(name) or runs
        if runs is None or asked is None:
            continue
        # mips' fadvise64 takes a longer len than the general one: both say what is wide.
        named = {one for kind, one in runs.parameters if kind in WIDE}
        parameters = enumerate(asked.parameters)
        wide = [i for i, (kind, one) in parameters if kind in WIDE or one in named]
        if not wide:
            continue
        text = layout(asked, runs, wide, pairs=pairs, endian=endian)
        for compat in resolver.compat(row.compat, under) if under else ():
            other = layout(asked, compat, wide, pairs=pairs, endian=endian, words=True)
            if other != text:
                raise _odd(compat, f"takes {other!r}, but {runs.symbol} takes {text!r}")
        found[name] = text
    return found
