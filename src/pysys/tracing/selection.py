"""Which calls are wanted: by names, patterns, topics of the reference, and whether they failed."""

from __future__ import annotations

import fnmatch

from pysys import abi, metadata, numbers
from pysys.loading import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Selection", "topics"]

_FAILED = "failed"


class Selection:
    """What an expression selects.

    names: the names of calls; None for all. failed: whether only those that fail are wanted.
    """

    __slots__ = ("failed", "names")

    def __init__(self, words: str | Iterable[str] = ()) -> None:
        """words: names of calls, patterns like "*at", topics, "failed"; with a "!" in front, all but these.

        A str has them with commas between. Raises ValueError for a word that selects nothing.
        """
        listed = words.split(",") if isinstance(words, str) else list(words)
        chosen: set[str] = set()
        spared: set[str] = set()
        self.failed: bool = False
        for word in filter(None, map(str.strip, listed)):
            if word == _FAILED:
                self.failed = True
            elif word.startswith("!"):
                spared |= _named(word[1:])
            else:
                chosen |= _named(word)
        every = numbers.calls()
        self.names: frozenset[str] | None = None
        if chosen or spared:
            self.names = frozenset((chosen or set(every)) - spared)

    def has(self, name: str) -> bool:
        """Whether calls of this name are wanted. Those without a name are, unless others were chosen."""
        return self.names is None or name in self.names

    def numbers(self, on: str) -> list[int]:
        """The numbers of the chosen calls on an ABI, in order."""
        table = numbers.table(abi.get(on))
        return sorted({number for name, number in table.items() if self.has(name)})


def topics() -> list[str]:
    """The topics of the reference."""
    return sorted({topic for page in metadata.pages.values() for topic in page.topics})


def _named(word: str) -> set[str]:
    calls = numbers.calls()
    if word in calls:
        return {word}
    found = {page.name for page in metadata.pages.values() if word in page.topics}.intersection(calls)
    found = found or set(fnmatch.filter(calls, word))
    if not found:
        near = hint(word, [*calls, *topics(), _FAILED])
        raise ValueError(f"{word} is neither a call nor a topic{near}")
    return found
