"""Capabilities of threads, by name: which one has, and giving them up.

    from pysys import capabilities

    print(capabilities.of().effective)          # CAP_CHOWN CAP_KILL ...
    "CAP_NET_RAW" in capabilities.of(pid).permitted
    capabilities.keep("CAP_NET_BIND_SERVICE")   # no others, in no set, for good
    capabilities.drop("CAP_SYS_ADMIN")

A thread's capabilities are its own: what it starts inherits them, other threads of the process do not. For a
program that is started there are `capabilities=` and `ambient_caps=` of spawn().
"""

from __future__ import annotations

from pysys.arguments import capabilities as words
from pysys.arguments import iterables
from pysys.calls import capget, capset, prctl
from pysys.structures.records import Capabilities, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

__all__ = ["CapabilitySet", "ThreadCapabilities", "change", "drop", "keep", "known", "of"]

_SETPCAP = 8  # CAP_SETPCAP
_IN_STATUS = {"bounding": "CapBnd", "ambient": "CapAmb"}


class CapabilitySet(frozenset[int]):
    """A frozenset of capabilities, as numbers, that takes names as well and shows them.

    caps: numbers (flags.Capability) or names, with or without CAP_, in any case.

    `CapabilitySet()` is empty; `"CAP_KILL" in found` works; `|`, `&`, `-` and `^` with any set of numbers
    make another one. str() is the names with spaces between them, and bits the mask of the kernel.

    Raises TypeError, ValueError and OverflowError for what is not a capability.
    """

    __slots__ = ()

    def __new__(cls, caps: Iterable[int | str] = ()) -> CapabilitySet:
        return cls.from_bits(words.mask("CapabilitySet: caps", caps))

    @classmethod
    def from_bits(cls, bits: int) -> CapabilitySet:
        """The set of a mask, in which bit n is capability n.

        bits: the mask, from 0 to 2**64 - 1.

        Returns the set. Raises ValueError for bits that no set of the kernel has.
        """
        if not 0 <= bits < 1 << words.MOST:
            raise ValueError(f"CapabilitySet: bits: {bits} is not from 0 to {(1 << words.MOST) - 1:#x}")
        return super().__new__(cls, (bit for bit in range(words.MOST) if bits >> bit & 1))

    @property
    def bits(self) -> int:
        """The mask: bit n is capability n."""
        return sum(1 << one for one in self)

    def __contains__(self, capability: object) -> bool:
        if isinstance(capability, str):
            capability = words.number("CapabilitySet: a capability", capability)
        return super().__contains__(capability)

    def __and__(self, other: AbstractSet[object]) -> CapabilitySet:
        return CapabilitySet(frozenset.__and__(self, other))

    def __or__(self, other: AbstractSet[int]) -> CapabilitySet:  # type: ignore[override]  # numbers alone
        return CapabilitySet(frozenset.__or__(self, other))

    def __sub__(self, other: AbstractSet[object]) -> CapabilitySet:
        return CapabilitySet(frozenset.__sub__(self, other))

    def __xor__(self, other: AbstractSet[int]) -> CapabilitySet:  # type: ignore[override]  # numbers alone
        return CapabilitySet(frozenset.__xor__(self, other))

    def __str__(self) -> str:
        return " ".join(words.names(self.bits))

    def __repr__(self) -> str:
        shown = [words.name(one) if one < len(words.NAMES) else one for one in sorted(self)]
        return f"CapabilitySet({shown!r})" if shown else "CapabilitySet()"

    def __reduce__(self) -> tuple[type[CapabilitySet], tuple[list[int]]]:
        return CapabilitySet, (sorted(self),)


class ThreadCapabilities(Record):
    """The five sets of a thread, each a CapabilitySet.

    effective: what the kernel looks at. permitted: what can be made effective. inheritable: what execve keeps
    where the program's file has it too. bounding: what no execve can go beyond. ambient: what execve keeps
    of a program without capabilities of its own.
    """

    __slots__ = ("effective", "permitted", "inheritable", "bounding", "ambient")  # noqa: RUF023

    effective: CapabilitySet
    permitted: CapabilitySet
    inheritable: CapabilitySet
    bounding: CapabilitySet
    ambient: CapabilitySet


def known() -> CapabilitySet:
    """prctl(2) with PR_CAPBSET_READ: all capabilities that this kernel has.

    Takes no arguments. Returns a CapabilitySet. Raises errors.EPERM under a filter. Since Linux 2.6.25.
    """
    return CapabilitySet(
        number for number in range(words.MOST) if _answer(words.BOUNDING_READ, number, 0) is not None
    )


def of(pid: int = 0) -> ThreadCapabilities:
    """capget(2), and prctl(2) or /proc/PID/status: the capabilities of a thread.

    pid: its id, that of a process for its first thread; 0 for this thread.

    Returns ThreadCapabilities.

    Raises errors.ESRCH if there is no such thread; OSError where /proc does not show that of another one.
    Since Linux 4.3, which has ambient ones; before, none are shown.
    """
    found = capget(pid)
    if pid:
        with open(f"/proc/{pid}/status") as file:
            lines = dict(line.split(":", 1) for line in file)
        more = [CapabilitySet.from_bits(int(lines.get(name, "0"), 16)) for name in _IN_STATUS.values()]
    else:
        numbers = range(words.MOST)
        more = [
            CapabilitySet(one for one in numbers if _answer(words.BOUNDING_READ, one, 0)),
            CapabilitySet(one for one in numbers if _answer(words.AMBIENT, words.AMBIENT_IS_SET, one)),
        ]
    own = (CapabilitySet(getattr(found, name)) for name in Capabilities.__slots__)
    return ThreadCapabilities(*own, *more)


def _answer(option: int, second: int, third: int) -> int | None:
    """What prctl says; None for a capability, or an option, that this kernel does not have."""
    try:
        result: int = prctl(option, second, third, 0, 0)
    except OSError as error:
        if error.errno == 22:  # EINVAL
            return None
        raise
    return result


def change(
    *,
    effective: Iterable[int | str] | None = None,
    permitted: Iterable[int | str] | None = None,
    inheritable: Iterable[int | str] | None = None,
    bounding: Iterable[int | str] | None = None,
    ambient: Iterable[int | str] | None = None,
) -> None:
    """capset(2) and prctl(2): set those of this thread's sets that are stated; the others stay.

    effective: without it, what was effective and is still permitted.
    permitted: nothing can be added.
    inheritable: without it, what was inheritable, and what becomes ambient.
    bounding: nothing can be added; less takes CAP_SETPCAP, which is made effective for that if it is
        permitted.
    ambient: of what is permitted and inheritable; the kernel takes away what no longer is.

    The bounding set comes first: if that is refused, nothing has been changed.

    Returns None.

    Raises ValueError for an ambient or effective capability that is not permitted then, and for one that
    would come back to the bounding set; errors.EPERM for what this thread may not do. Since Linux 4.3.
    """
    now = of()
    wanted = {
        name: None if caps is None else words.mask(f"capabilities: {name}", caps)
        for name, caps in (
            ("effective", effective), ("permitted", permitted), ("inheritable", inheritable),
            ("bounding", bounding), ("ambient", ambient),
        )
    }  # fmt: skip
    new_permitted = now.permitted.bits if wanted["permitted"] is None else wanted["permitted"]
    new_effective = now.effective.bits & new_permitted
    if wanted["effective"] is not None:
        new_effective = wanted["effective"]
        _lies_within("effective", new_effective, "permitted", new_permitted)
    new_inheritable = now.inheritable.bits | (wanted["ambient"] or 0)
    if wanted["inheritable"] is not None:
        new_inheritable = wanted["inheritable"]
    if wanted["ambient"] is not None:
        _lies_within("ambient", wanted["ambient"], "permitted", new_permitted)
        _lies_within("ambient", wanted["ambient"], "inheritable", new_inheritable)
    if wanted["bounding"] is not None:
        _lies_within("bounding", wanted["bounding"], "the bounding set", now.bounding.bits)
        _drop_from_bounding(now, now.bounding.bits & ~wanted["bounding"])
    sets = (CapabilitySet.from_bits(bits) for bits in (new_effective, new_permitted, new_inheritable))
    capset(Capabilities(*sets))
    if wanted["ambient"] is not None and wanted["ambient"] != now.ambient.bits:
        prctl(words.AMBIENT, words.AMBIENT_CLEAR, 0, 0, 0)
        for one in CapabilitySet.from_bits(wanted["ambient"]):
            prctl(words.AMBIENT, words.AMBIENT_RAISE, one, 0, 0)


def _lies_within(name: str, bits: int, other: str, within: int) -> None:
    if rest := bits & ~within:
        raise ValueError(f"capabilities: {name} has {', '.join(words.names(rest))}, which {other} lacks")


def _drop_from_bounding(now: ThreadCapabilities, gone: int) -> None:
    if not gone:
        return
    raised = _SETPCAP in now.permitted and _SETPCAP not in now.effective
    if raised:
        capset(Capabilities(now.effective | {_SETPCAP}, now.permitted, now.inheritable))
    try:
        for one in CapabilitySet.from_bits(gone):
            prctl(words.BOUNDING_DROP, one, 0, 0, 0)
    finally:
        if raised:
            capset(Capabilities(now.effective, now.permitted, now.inheritable))


def keep(*caps: int | str, bounding: bool = True) -> None:
    """capset(2) and prctl(2): give up all capabilities of this thread but these, in every set, for good.

    caps: numbers or names; none: nothing is left.
    bounding: whether no program can bring the others back, which takes CAP_SETPCAP. Without it, programs with
        set-user-ID or capabilities of their file still can, unless no_new_privs is set.

    Those kept are as effective, ambient and so on as they were.

    Returns None.

    Raises errors.EPERM if the bounding set is to shrink and this thread lacks CAP_SETPCAP: nothing has been
    changed then. Since Linux 4.3.
    """
    _reduce(words.mask("capabilities: caps", iterables.items("capabilities: caps", caps)), bounding)


def drop(*caps: int | str, bounding: bool = True) -> None:
    """capset(2) and prctl(2): give up these capabilities of this thread, in every set, for good.

    caps: numbers or names.
    bounding: as for keep().

    Returns None.

    Raises errors.EPERM as keep() does. Since Linux 4.3.
    """
    _reduce(~words.mask("capabilities: caps", iterables.items("capabilities: caps", caps)), bounding)


def _reduce(kept: int, bounding: bool) -> None:
    now = of()
    names = [name for name in ThreadCapabilities.__slots__ if bounding or name != "bounding"]
    change(**{name: CapabilitySet.from_bits(getattr(now, name).bits & kept) for name in names})


# The public name, also for pickles.
for _kind in (CapabilitySet, ThreadCapabilities):
    _kind.__module__ = __name__


def __dir__() -> list[str]:
    return __all__
