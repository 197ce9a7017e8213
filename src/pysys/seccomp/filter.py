"""A filter made of rules in words."""

from __future__ import annotations

from pysys import abi as abis
from pysys import numbers
from pysys.loading import hint, load
from pysys.metadata.light import Record
from pysys.metadata.load import version_key
from pysys.seccomp import compilation, conditions, grouping, installation
from pysys.seccomp.actions import ALLOW, KILL_PROCESS, Action, as_action, errno
from pysys.seccomp.conditions import FilterCondition, native
from pysys.seccomp.disassembly import audit_architecture, errno_name
from pysys.seccomp.instructions import X32, packed
from pysys.seccomp.simulation import registers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Literal

    from pysys.abi import ABI
    from pysys.seccomp.instructions import Instruction
    from pysys.seccomp.listener import Listener

    _Missing = Literal["error", "each", "skip"]

_TOPIC = "topic:"
_NO_CALL = 0xFFFFFFFF  # what a tracer writes in place of a number, so that no call is made
_OWN_CALLS = 0x8000  # above the first number of an ABI: behind these, there are only calls of a processor


class FilterRule(Record):
    """A rule of a filter.

    action: what is done. words: the calls as they were named. conditions: all of them must hold.
    priority: the highest is tried first. calls: the names of the calls.
    """

    action: Action
    words: tuple[str, ...]
    conditions: tuple[FilterCondition, ...]
    priority: int
    calls: tuple[str, ...]

    def __str__(self) -> str:
        when = f" when {' and '.join(map(str, self.conditions))}" if self.conditions else ""
        return f"{self.action} {', '.join(self.words)}{when}"


class FilterVerdict(Record):
    """What a filter decides about a call, and why.

    action: what is done. rule: the position in Filter.rules of the rule that decides; None for the default.
    text: in words.
    """

    action: Action
    rule: int | None
    text: str

    def __str__(self) -> str:
        return self.text


class Filter:
    """A filter of system calls, made of rules.

    f = Filter(default=errno("EPERM"))
    f.allow("@basic-io", "@process", "exit_group")
    f.allow("socket", when=arg.family == AF_UNIX)
    f.load()

    default: what is done with a call that no rule is about.
    abis: the ABIs whose calls it is about, by name: None for that of this process; abi.current().runs for all
        that this kernel runs.
    foreign: what is done with calls of other ABIs.
    missing: what if none of the ABIs has a call of a rule: "error", or "skip" to omit it; "each" is an error
        if any of the ABIs lacks it. Groups and topics have calls of all ABIs: it is not about these.
    kernel: a version, "6.1": calls that came later are missing. None for all, which does no harm: to a kernel
        without the call it is a number without one.
    newer: what is done with calls behind the last that this package knows on an ABI; None for the default.

    rules has the rules, in the order in which they are tried; program the instructions, bytes(filter) the
    same as bytes.
    """

    def __init__(
        self,
        default: Action,
        *,
        abis: str | ABI | Iterable[str | ABI] | None = None,
        foreign: Action = KILL_PROCESS,
        missing: _Missing = "error",
        kernel: str | None = None,
        newer: Action | None = None,
    ) -> None:
        self.default: Action = as_action("default", default)
        self.foreign: Action = as_action("foreign", foreign)
        self.newer: Action | None = None if newer is None else as_action("newer", newer)
        if missing not in ("error", "each", "skip"):
            raise ValueError(f'missing must be "error", "each" or "skip", not {missing!r}')
        self.missing: _Missing = missing
        self.kernel = kernel
        self._late = frozenset() if kernel is None else _later_than(kernel)
        self.abis: tuple[ABI, ...] = _chosen(abis)
        self._rules: list[FilterRule] = []
        self._program: tuple[Instruction, ...] | None = None

    # ---- rules ----

    def allow(
        self, *calls: str, when: FilterCondition | Iterable[FilterCondition] = (), priority: int = 0
    ) -> None:
        """Let calls through. For the arguments, see add()."""
        self.add(ALLOW, *calls, when=when, priority=priority)

    def refuse(
        self,
        *calls: str,
        error: str | int = "EPERM",
        when: FilterCondition | Iterable[FilterCondition] = (),
        priority: int = 0,
    ) -> None:
        """Have calls fail. error: the errno, by symbol or number. For the other arguments, see add()."""
        self.add(errno(error), *calls, when=when, priority=priority)

    def kill(
        self, *calls: str, when: FilterCondition | Iterable[FilterCondition] = (), priority: int = 0
    ) -> None:
        """Have calls end the process by SIGSYS. For the arguments, see add()."""
        self.add(KILL_PROCESS, *calls, when=when, priority=priority)

    def add(
        self,
        action: Action,
        *calls: str,
        when: FilterCondition | Iterable[FilterCondition] = (),
        priority: int = 0,
    ) -> None:
        """Add a rule. The first rule that is about a call, and whose conditions hold, decides.

        action: what is done with the calls.
        calls: names, "openat"; groups, "@clock", see seccomp.groups(); topics of the reference, "topic:time".
        when: conditions on the arguments, made of `arg`; all of them must hold.
        priority: rules with a higher one are tried earlier; among equal ones the order is that of adding.

        Raises numbers.UnknownCallError for a name that no call has, numbers.NoNumberError as `missing` of the
        filter says, LookupError for an unknown group, topic or parameter, ValueError for a number that a
        parameter cannot be compared with, and for a rule without effect: a call that it names, or all of
        its calls, meet an earlier rule without conditions.
        """
        as_action("action", action)
        if not calls:
            raise TypeError("a rule needs a call, a group or a topic")
        conditions = (when,) if isinstance(when, FilterCondition) else tuple(when)
        for one in conditions:
            if not isinstance(one, FilterCondition):
                raise TypeError(f"when must be made of conditions, as arg.flags == 0, not {one!r}")
        names = tuple(dict.fromkeys(name for word in calls for name in self._named(word)))
        rule = FilterRule(action, calls, conditions, priority, names)
        for where in self.abis:  # what a parameter cannot be is an error here
            action.value(where)
            for _ in _tests(rule, where):
                pass
        position = sum(one.priority >= priority for one in self._rules)
        self._check_effect(rule, self._rules[:position])
        self._rules.insert(position, rule)
        self._program = None

    def _check_effect(self, rule: FilterRule, earlier: list[FilterRule]) -> None:
        """That a rule can decide about what it names: not that it does so about each call of a group."""
        decided: dict[str, int] = {}
        for position, one in enumerate(earlier):
            if not one.conditions and (rule.conditions or one.action != rule.action):
                for name in one.calls:
                    decided.setdefault(name, position)
        lost = [name for name in rule.calls if name in decided]
        if named := [name for name in lost if name in rule.words] or (lost == [*rule.calls] and lost):
            raise ValueError(
                f"{rule}: rule {decided[named[0]]} ({earlier[decided[named[0]]]}) already decides about "
                f"{named[0]}; add this rule before it, or with a higher priority"
            )

    def _named(self, word: str) -> Iterator[str]:
        """The calls that a word names, of those that one of the ABIs has."""
        if not isinstance(word, str):
            raise TypeError(f"a call is named by a str, not {type(word).__name__}")
        if word.startswith("@"):
            yield from self._existing(grouping.members(word))
        elif word.startswith(_TOPIC):
            yield from self._existing(_of_topic(word.removeprefix(_TOPIC)))
        elif word not in numbers.calls():
            raise numbers.UnknownCallError(word)
        else:
            lacking = [one for one in self.abis if word in self._late or word not in numbers.table(one)]
            if (self.missing == "each" and lacking) or (self.missing == "error" and lacking == [*self.abis]):
                if word in self._late:
                    raise LookupError(f"Linux {self.kernel} does not have {word}")
                numbers.number(word, lacking[0])  # raises what says where it exists
            if lacking != [*self.abis]:
                yield word

    def _existing(self, names: Iterable[str]) -> list[str]:
        known = [numbers.table(one) for one in self.abis]
        return [name for name in names if name not in self._late and any(name in one for one in known)]

    @property
    def rules(self) -> tuple[FilterRule, ...]:
        """The rules, in the order in which they are tried."""
        return tuple(self._rules)

    # ---- the program ----

    @property
    def program(self) -> list[Instruction]:
        """The instructions, for this machine's byte order where an ABI has both.

        Raises ProgramError if they are more than a filter can have; ValueError if two of the ABIs, which the
        kernel does not distinguish, would have one number for calls with different rules.
        """
        if self._program is None:
            self._program = tuple(self._compiled())
        return list(self._program)

    def __bytes__(self) -> bytes:
        return packed(self.program)

    def __len__(self) -> int:
        return len(self.program)

    def _compiled(self) -> list[Instruction]:
        here = self.abis[0]
        found = []
        for value in dict.fromkeys(audit_architecture(one) for one in self.abis):
            same = [one for one in self.abis if audit_architecture(one) == value]
            found.append(compilation.Architecture(value, self._ranges(same)))
        return compilation.compiled(found, self.foreign.value(here))

    def _ranges(self, same: list[ABI]) -> tuple[tuple[int, compilation.Rules], ...]:
        """What is decided about each number of ABIs that have one value of arch."""
        decided: dict[int, compilation.Rules] = {}
        spans: list[tuple[int, int, compilation.Rules]] = []
        for where in same:
            default = self.default.value(where)
            for number, rules in _by_number(self._rules, where).items():
                made = compilation.rules_of(rules, default)
                if decided.setdefault(number, made) != made:
                    raise ValueError(
                        f"{where.name} shares arch and number {number} with another ABI of the filter, and "
                        "the rules about it differ"
                    )
            if self.newer is not None:
                first, last = _behind(where)
                spans.append((first, last, compilation.rules_of((), self.newer.value(where))))
        foreign = compilation.rules_of((), self.foreign.value(same[0]))
        names = {one.name for one in same}
        if "x86_64" in names and "x32" not in names:
            spans.append((X32, _NO_CALL - 1, foreign))
        elif "x32" in names and "x86_64" not in names:
            spans.append((0, X32 - 1, foreign))
        otherwise = compilation.rules_of((), self.default.value(same[0]))
        starts = {0}
        for first, last, _ in (*spans, *((one, one, ()) for one in decided)):
            starts |= {first, last + 1}
        return tuple(
            (
                start,
                decided.get(start)
                or next((rules for first, last, rules in spans if first <= start <= last), otherwise),
            )
            for start in sorted(starts)
            if start <= _NO_CALL
        )

    # ---- what it decides ----

    def explain(
        self, call: str | int, args: Sequence[int] = (), abi: str | ABI | None = None
    ) -> FilterVerdict:
        """What the rules decide about a call, and why. The program is not needed for it: see simulate().

        call: a name, or a number. args: at most six integers; missing ones are 0.
        abi: of the caller; None: the first of the filter's.

        Returns a FilterVerdict: action, rule, and str() with the reason. Raises LookupError for an ABI that
        is unknown, numbers.UnknownCallError and numbers.NoNumberError for a name without a number there.
        """
        where = self.abis[0] if abi is None else abis.get(abi)
        number = call if isinstance(call, int) else numbers.number(call, where)
        if where.name in ("x86_64", "x32") and number != _NO_CALL:  # which only the number shows
            where = abis.get("x32" if number >= X32 else "x86_64")
        names = numbers.names(number, where)
        name = call if isinstance(call, str) else names[0] if names else f"call {number}"
        if where not in self.abis:
            kinds = " and ".join(one.name for one in self.abis)
            text = f"{name} {_done(self.foreign, where)}: {where.name} is not {kinds}, the filter's"
            return FilterVerdict(self.foreign, None, text)
        words = _words(args, where)
        unmet = []
        for position, rule in enumerate(self._rules):
            for own in (one for one in names if one in rule.calls):
                failed = [
                    condition
                    for condition in rule.conditions
                    if not conditions.lowered(condition, own, where).holds(words)
                ]
                if not failed:
                    text = f"{own} {_done(rule.action, where)} by rule {position}: {rule}"
                    return FilterVerdict(rule.action, position, text)
                unmet.append(f"rule {position} wants {failed[0]}")
        if self.newer is not None and not unmet and _behind(where)[0] <= number <= _behind(where)[1]:
            text = f"{name} {_done(self.newer, where)}: it is newer than this package"
            return FilterVerdict(self.newer, None, text)
        why = "; ".join(unmet) or "no rule is about it"
        return FilterVerdict(self.default, None, f"{name} {_done(self.default, where)}, the default: {why}")

    def load(
        self,
        *,
        no_new_privs: bool = True,
        all_threads: bool = False,
        log: bool = False,
        spec_allow: bool = False,
        listener: bool = False,
        wait_killable: bool = False,
    ) -> Listener | None:
        """Load it into this thread, for good: see seccomp.load()."""
        return installation.load(
            self,
            no_new_privs=no_new_privs,
            all_threads=all_threads,
            log=log,
            spec_allow=spec_allow,
            listener=listener,
            wait_killable=wait_killable,
        )

    def __repr__(self) -> str:
        names = ", ".join(one.name for one in self.abis)
        return f"<Filter for {names}: {len(self._rules)} rules, default {self.default}>"


def _chosen(names: str | ABI | Iterable[str | ABI] | None) -> tuple[ABI, ...]:
    """The ABIs of a filter, each once."""
    listed = (
        [native(names)] if names is None or isinstance(names, (str, abis.ABI)) else [*map(abis.get, names)]
    )
    if not listed:
        raise ValueError("a filter needs an ABI")
    for one in listed:
        if not audit_architecture(one):
            raise ValueError(f"calls of {one.name} do not go through filters")
    return tuple(dict.fromkeys(listed))


def _later_than(kernel: str) -> frozenset[str]:
    """The calls that came after a version."""
    known = load("pysys.metadata")
    return frozenset(
        page.name
        for page in known.since(kernel)
        if page.since and version_key(page.since) > version_key(kernel)
    )


def _of_topic(topic: str) -> list[str]:
    pages = load("pysys.metadata").pages.values()
    found = [page.name for page in pages if topic in page.topics and page.name in numbers.calls()]
    if not found:
        every = sorted({one for page in pages for one in page.topics})
        raise LookupError(f"no topic {topic!r} has calls{hint(topic, every)}")
    return found


def _tests(rule: FilterRule, where: ABI) -> Iterator[tuple[str, int, list[conditions.Test]]]:
    """The calls of a rule that an ABI has: name, number, and the conditions there."""
    table = numbers.table(where)
    for name in rule.calls:
        number = table.get(name)
        if number is not None:
            yield name, number, [conditions.lowered(one, name, where) for one in rule.conditions]


def _by_number(rules: Iterable[FilterRule], where: ABI) -> dict[int, list[tuple[list[conditions.Test], int]]]:
    found: dict[int, list[tuple[list[conditions.Test], int]]] = {}
    for rule in rules:
        for _, number, tests in _tests(rule, where):
            found.setdefault(number, []).append((tests, rule.action.value(where)))
    return found


def _behind(where: ABI) -> tuple[int, int]:
    """The numbers that calls of later kernels will have."""
    known = numbers.table(where).values()
    end = min(known) + _OWN_CALLS
    return max(one for one in known if one < end) + 1, end - 1


def _words(args: Sequence[int], where: ABI) -> list[int]:
    """struct seccomp_data in words of 32 bits; number and arch are not needed."""
    found = [0] * 16
    for index, value in enumerate(registers("explain", args)):
        low, high = conditions.halves(index, where)
        found[low // 4] = value & 0xFFFFFFFF
        if high is not None:
            found[high // 4] = value >> 32 & 0xFFFFFFFF
    return found


def _done(action: Action, where: ABI) -> str:
    """What is done with a call, as the rest of a sentence."""
    error = errno_name(action.data, where) if isinstance(action.data, int) else action.data
    return {
        "ALLOW": "is allowed",
        "LOG": "is allowed and logged",
        "ERRNO": f"is refused with {error}" if action.data else "is not made and returns 0",
        "TRAP": "ends in SIGSYS",
        "TRACE": "is shown to a tracer",
        "USER_NOTIF": "is shown to a supervisor",
        "KILL_THREAD": "kills the thread",
        "KILL_PROCESS": "kills the process",
    }[action.name]
