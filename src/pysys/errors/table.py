"""Every errno: its symbol, its number on this ABI, and the text that its class gets.

Loaded when the first class is made: a program meets few errnos, and many programs none.
"""

from __future__ import annotations

import errno as _errno
from _collections_abc import Mapping  # as collections.abc has it, whose package takes longer

from pysys.errors import files, network, rare, system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pysys.errors.base import SyscallError

TEXTS = {**system.TEXTS, **files.TEXTS, **network.TEXTS, **rare.TEXTS}
NO_NUMBER = system.NO_NUMBER
ALIASES = {
    "EWOULDBLOCK": "EAGAIN",
    "ECANCELLED": "ECANCELED",  # how parisc spells it as well
    "EFSCORRUPTED": "EUCLEAN",
    "EFSBADCRC": "EBADMSG",
    "ENOTSUP": "EOPNOTSUPP",
    "EREFUSED": "ECONNREFUSED",  # how parisc spells it as well
}
if _errno.EDEADLOCK == _errno.EDEADLK:  # mips, powerpc and sparc count it apart
    ALIASES["EDEADLOCK"] = "EDEADLK"


def number(symbol: str) -> int | None:
    """The number on this ABI; None for an errno of other ABIs."""
    found: int | None = rare.NUMBERS.get(symbol) or getattr(_errno, symbol, None)
    return found


NAMES = {**TEXTS, **ALIASES}
# The symbol of each number that this ABI has.
SYMBOLS: dict[int, str] = {
    found: symbol for symbol in TEXTS if symbol not in ALIASES and (found := number(symbol)) is not None
}


class Classes(Mapping[str, "type[SyscallError]"]):
    """Every symbol, aliases among them, with its class: EWOULDBLOCK has that of EAGAIN."""

    def __init__(self, of: Callable[[str], type[SyscallError]]) -> None:
        self._of = of

    def __getitem__(self, symbol: str) -> type[SyscallError]:
        return self._of(symbol)

    def __contains__(self, symbol: object) -> bool:
        return symbol in NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)
