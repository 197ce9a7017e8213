"""What a diagnosis consists of: findings, each with a verdict."""

from __future__ import annotations

import textwrap
from enum import StrEnum

from pysys.loading import counted
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Self


class Verdict(StrEnum):
    """How sure a finding is; in the order in which findings are shown."""

    PROVEN = "proven"
    FITS = "fits"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"


class Finding(Record):
    """One cause, and what is known of it here.

    verdict: `Verdict.PROVEN`: it makes the call fail; `FITS`: nothing speaks against it; `UNKNOWN`: it could
        not be seen; `EXCLUDED`: it is not the cause.
    sentence: the cause.
    read: what was read or tried, "" if nothing was.
    advice: what to do about it, or where to look; "" if nothing is known.
    """

    verdict: Verdict
    sentence: str
    read: str = ""
    advice: str = ""

    def notes(self) -> list[tuple[str, str]]:
        """What there is besides the sentence: its label, and the text."""
        return [(label, text) for label, text in (("Read", self.read), ("To do", self.advice)) if text]


def judged(is_so: bool | None, sentence: str, otherwise: str, read: str = "", advice: str = "") -> Finding:
    """A finding about what makes the call fail if it is so.

    is_so: None: it is not known. sentence: that it is so. otherwise: that it is not.
    """
    if is_so is False:
        return Finding(Verdict.EXCLUDED, otherwise, read)
    return Finding(Verdict.PROVEN if is_so else Verdict.UNKNOWN, sentence, read, advice)


class Diagnosis(tuple[Finding, ...]):
    """The findings about a failed call, the likeliest first: a tuple that prints well.

    call: its name. errno: the errno's symbol.
    """

    __module__ = "pysys"  # the public name
    call: str
    errno: str

    def __new__(cls, call: str, errno: str, findings: Iterable[Finding]) -> Self:
        order = list(Verdict)
        made = super().__new__(cls, sorted(findings, key=lambda one: order.index(one.verdict)))
        made.call, made.errno = call, errno
        return made

    @property
    def proven(self) -> tuple[Finding, ...]:
        """The findings that are certain."""
        return tuple(one for one in self if one.verdict is Verdict.PROVEN)

    def as_data(self) -> dict[str, Any]:
        """Dictionaries, lists and strings, as JSON has them."""
        found = [{**one._asdict(), "verdict": one.verdict.value} for one in self]
        return {"call": self.call, "errno": self.errno, "findings": found}

    def __str__(self) -> str:
        lines = [f"{self.errno} from {self.call}"]
        for one in self:
            lines += _wrapped(f"{one.verdict:<9} ", one.sentence)
            for label, text in one.notes():
                lines += _wrapped(" " * 10, f"{label}: {text}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Diagnosis of {self.errno} from {self.call}: {counted(len(self), 'finding')}>"


def _wrapped(start: str, text: str) -> list[str]:
    return textwrap.wrap(text, 88, initial_indent=start, subsequent_indent=" " * 10)
