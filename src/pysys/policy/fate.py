"""What becomes of a call on an ABI: decided once, here.

pysys.syscall, pysys.calls, pysys.calls.direct, pysys.resolve and `classify` ask `fate`, and so do the scripts
that make the typed calls and their stubs: a call that is missing or refused is explained in the same words
everywhere. Tables only: nothing here needs the extension.
"""

from __future__ import annotations

from pysys import abi as _abi
from pysys import numbering
from pysys.policy import refusals, replacements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from pysys.abi import ABI

    Kind: TypeAlias = Literal["direct", "replaced", "refused", "absent"]

__all__ = ["Fate", "fate", "of_number", "reachable"]

# What functions of pysys make through clone where the ABI has no number for it.
_BY_CLONE = frozenset({"fork", "vfork", "clone3"})
X32_BIT = 0x40000000
_fates: dict[tuple[str, str], Fate] = {}


class Fate:
    """What becomes of a call on an ABI.

    name, abi: the call, and where.
    replacement: the call through which pysys.calls makes it, or None.
    fallbacks: the older calls through which pysys.calls makes it on a kernel that does not know it, in order.
    conditional: whether some arguments are refused (see refusals.reason_for).

    The ABI's table is read when one of the others is first asked for. They raise numbers.UnknownCallError if
    no ABI has a call of that name.
    """

    __slots__ = ("_own", "abi", "conditional", "fallbacks", "name", "replacement")

    def __init__(self, name: str, abi: ABI) -> None:
        self.name: str = name
        self.abi: ABI = abi
        self.replacement: replacements.Replacement | None = replacements.find(name, abi)
        self.fallbacks: tuple[replacements.Fallback, ...] = replacements.fallbacks(name, abi)
        self.conditional: bool = refusals.depends_on_arguments(name)
        self._own: tuple[int | None, str, str, str] | None = None

    def _look(self) -> tuple[int | None, str, str, str]:
        """Number, entry point, refusal and hint."""
        if self._own is None:
            number, entry, refused = None, "", refusals.REFUSED.get(self.name)
            try:
                number = numbering.number(self.name, self.abi)
                entry = numbering.entry(self.name, self.abi)
                if entry in refusals.TWO_RESULTS:
                    refused = refusals.IN_A_REGISTER
            except numbering.NoNumberError:
                if not self.abi.clone_order:  # the SPU's table, which is not for processes
                    refused = None
            except numbering.UnknownCallError:
                _fates.pop((self.name, self.abi.name), None)
                raise
            reason, hint = refused or ("", "")
            if self.replacement is not None and (number is None or refused):
                hint = f"use {self.replacement}, or pysys.calls.{self.name}"
            self._own = number, entry, "" if number is None else reason, hint
        return self._own

    @property
    def number(self) -> int | None:
        """The ABI's number for the call, None if it has none."""
        return self._look()[0]

    @property
    def entry(self) -> str:
        """The kernel's function behind the number, "" without one."""
        return self._look()[1]

    @property
    def refusal(self) -> str:
        """Why syscall and calls.direct do not use the number, "" if they do or if there is none."""
        return self._look()[2]

    @property
    def hint(self) -> str:
        """What to use where the number is missing or refused, "" if nothing is known."""
        return self._look()[3]

    @property
    def kind(self) -> Kind:
        """What pysys makes of the name.

        "direct": the ABI's own call. "replaced": another call that does the same, in pysys.calls or, if there
        is no `replacement`, in a function of pysys that has the call's name. "refused": nothing, because the
        process would not survive it as a Python process. "absent": nothing, because there is nothing.
        """
        number, entry, refusal, _ = self._look()
        if self.replacement is not None:
            return "replaced"
        if number is None:
            return "replaced" if self.abi.clone_order and self.name in _BY_CLONE else "absent"
        if refusal:
            return "refused"
        return "absent" if entry in numbering.NOT_IMPLEMENTED else "direct"

    @property
    def reason(self) -> str:
        """Why the kind is not "direct", "" if it is."""
        number, entry, refusal, _ = self._look()
        if self.replacement is not None:
            return self.replacement.why
        if number is None:
            return replacements.NO_NUMBER
        return refusal or (replacements.ONLY_ENOSYS if entry in numbering.NOT_IMPLEMENTED else "")

    def unmade(self, asked: int | None = None) -> str:
        """What the error says where the ABI's own call is not made; "" if it is made.

        asked: the number, if the call was asked for by that.
        """
        number, _, refusal, hint = self._look()
        if number is None:
            return str(self.missing())
        return refusals.text(self.name, _joined(refusal, hint), asked) if refusal else ""

    def missing(self) -> numbering.NoNumberError:
        """The error for a call that has no number."""
        return numbering.NoNumberError(self.name, self.abi.name, self.hint)

    @property
    def detail(self) -> str:
        """The kind's most important particular: the number, the replacement, the reason."""
        number, _, refusal, hint = self._look()
        kind = self.kind
        if kind == "direct":
            return str(number)
        if kind == "replaced":
            return str(self.replacement or f"clone: use pysys.{self.name}")
        if kind == "refused":
            return _joined(refusal, hint)
        if number is None:
            return _joined("no number", hint)
        return f"number {number}, answered with ENOSYS"

    def __repr__(self) -> str:
        return f"<{self.name} on {self.abi.name}: {self.kind}, {self.detail}>"


def _joined(reason: str, hint: str) -> str:
    return f"{reason}: {hint}" if hint else reason


def fate(name: str, abi: str | ABI | None = None) -> Fate:
    """What becomes of a call on an ABI (None: that of this process). Each answer is kept."""
    where = abi if isinstance(abi, _abi.ABI) else _abi.current() if abi is None else _abi.get(abi)
    if not isinstance(name, str):
        raise TypeError(f"name must be a str, not {type(name).__name__}")
    key = (name, where.name)
    return _fates.get(key) or _fates.setdefault(key, Fate(name, where))


def of_number(number: int, abi: str | ABI | None = None) -> Fate | None:
    """What becomes of the call that has this number on an ABI; None if none has.

    A number that is refused on one of the ABIs whose numbers a process can use is that one, whatever its own
    ABI makes of it. The marker of x32 does not count in either direction: old kernels do not insist on it.
    """
    where = abi if isinstance(abi, _abi.ABI) else _abi.current() if abi is None else _abi.get(abi)
    for other in reachable(where):
        for candidate in (number, number ^ X32_BIT):
            for name in numbering.names(candidate, other):
                found = fate(name, other)
                if found.refusal:
                    return found
    names = numbering.names(number, where)
    return fate(names[0], where) if names else None


def reachable(abi: ABI) -> tuple[str, ...]:
    """The ABIs whose numbers a process of this one can use, itself first."""
    return (abi.name, *refusals.REACHABLE.get(abi.name, ()))
