"""Parameters of system calls, and how they become register words.

From the definitions in the kernel source, which are generated into ``pysys.tables``. Nothing here
needs the extension.
"""

from __future__ import annotations

from pysys import abi as _abi
from pysys.loading import load

__all__ = ["elsewhere", "layout", "signature"]


def signature(name: str, abi: str | _abi.ABI | None = None) -> tuple[tuple[str, str], ...] | None:
    """The parameters of a call, each (type, name) as in the kernel without ``__user``.

    abi None means the usual definition, that of x86_64 where it has the call. An ABI's own follows
    its entry point (stat there is newstat, clone's order differs), except that 64-bit parameters
    are not split: see layout(). None if the kernel does not define such a call in C.
    """
    signatures = load("pysys.tables.signatures")
    key = signatures.USUAL.get(name, name)
    if abi is not None:
        key = signatures.BY_ABI.get(_abi.get(abi).name, {}).get(name, key)
    found = signatures.SIGNATURES.get(key)
    return None if found is None else _parameters(found[0])


def elsewhere(name: str) -> tuple[tuple[str, str], ...] | None:
    """The parameters of a call that is assembly, or that earlier kernels defined in C; None for others."""
    found = load("pysys.tables.definitions").DEFINITIONS.get(name)
    return None if found is None else _parameters(found[0])


def _parameters(text: str) -> tuple[tuple[str, str], ...]:
    parameters = []
    for one in text.split(", ") if text else ():
        kind = one.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
        parameters.append((kind.rstrip(), one[len(kind) :]))
    return tuple(parameters)


def layout(name: str, abi: str | _abi.ABI) -> tuple[tuple[int, int], ...] | None:
    """How a call's arguments become register words, on an ABI whose registers have 32 bits.

    Each item is (argument, words): the argument's index, -1 for a word that is not read, and 2
    words for a 64-bit argument, its halves in the order of the byte order. None: one word each.
    mips_o32 may need seven words.
    """
    wide = load("pysys.tables.wide")
    found = wide.LAYOUTS.get(_abi.get(abi).name, {}).get(name)
    if found is None:
        return None
    return tuple(
        (-1, 1) if item == "-" else (int(item.rstrip("w")), 2 if item.endswith("w") else 1)
        for item in found.split()
    )


def __dir__() -> list[str]:
    return __all__
