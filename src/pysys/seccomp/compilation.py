"""Rules made into a program: small and fast, with jumps of any length.

A program is first a graph of comparisons without circles, in which equal ones are one (`Graph`): the number
is found by a binary search, and what arguments decide is shared between calls, rules and ABIs. Then it is
written from its end, so that each jump knows how far its target is.
"""

from __future__ import annotations

from itertools import product

from pysys.metadata.light import Record
from pysys.seccomp import instructions as codes
from pysys.seccomp.instructions import Instruction, ProgramError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pysys.seccomp.conditions import Test

_CODES = {operator: code for code, (operator, is_x) in codes.COMPARISONS.items() if not is_x}
# How many states of the arguments of a call are looked at, before rules are only tried one after the other.
_MOST_STATES = 400
_PEELED = 7  # ranges that are not divided further, if single numbers can be taken out of them


class Atom(Record):
    """A comparison that a program can make: of the word at offset, masked unless mask is None.

    operator: "==" or ">=" with value; "&" if the word has any bit of value.
    """

    offset: int
    mask: int | None
    operator: str
    value: int


# Whether an atom has to hold, or must not.
Literal = tuple[Atom, bool]
# All literals, and what the filter returns then; the last rule of a call has no literals.
Rules = tuple[tuple[tuple[Literal, ...], int], ...]


class Node(Record):
    """A comparison, and the nodes that follow; or, without an atom, a result."""

    atom: Atom | None
    true: int
    false: int


# ---- tests as comparisons of words ----


def rules_of(decided: Iterable[tuple[Sequence[Test], int]], otherwise: int) -> Rules:
    """The rules about a call, with their tests as comparisons of words."""
    found: list[tuple[tuple[Literal, ...], int]] = []
    for tests, value in decided:
        for ways in product(*(_ways(test) for test in tests)):
            literals = tuple(dict.fromkeys(one for way in ways for one in way))
            found.append((literals, value))
        if not tests:
            return _shortened(found)
    return _shortened([*found, ((), otherwise)])


def _shortened(rules: list[tuple[tuple[Literal, ...], int]]) -> Rules:
    """Without the rules at the end that decide what the last does."""
    while len(rules) > 1 and rules[-2][1] == rules[-1][1]:
        del rules[-2]
    return tuple(rules)


def _ways(test: Test) -> list[list[Literal]]:
    """The ways in which a test of 64 bits can hold: each a list of comparisons of words."""
    high = (test.high, test.mask >> 32, test.value >> 32)
    low = (test.low, test.mask & codes.WORD, test.value & codes.WORD)
    if test.operator == "==":
        ways = [[("==", high), ("==", low)]]
    elif test.operator == "!=":
        ways = [[("!=", high)], [("!=", low)]]
    else:
        strict = test.operator[0]
        ways = [[(strict, high)], [("==", high), (test.operator, low)]]
    found = []
    for way in ways:
        made = [_word(operator, *half) for operator, half in way]
        if False not in made:
            found.append([one for one in made if not isinstance(one, bool)])
    return [[]] if [] in found else found


def _word(operator: str, offset: int | None, mask: int, value: int) -> Literal | bool:
    """A comparison of a word; a bool if it always, or never, holds."""
    if operator in ("!=", "<"):
        made = _word("==" if operator == "!=" else ">=", offset, mask, value)
        return not made if isinstance(made, bool) else (made[0], not made[1])
    if operator in (">", "<="):
        made = _word(">=", offset, mask, value + 1)
        if operator == ">":
            return made
        return not made if isinstance(made, bool) else (made[0], not made[1])
    if operator == ">=":
        if value == 0:
            return True
        if offset is None or value > mask:
            return False
        return Atom(offset, None if mask == codes.WORD else mask, ">=", value), True
    if offset is None or mask == 0:
        return value == 0
    if value & ~mask:
        return False
    if mask == codes.WORD:
        return Atom(offset, None, "==", value), True
    if value == 0 or (value == mask and mask & (mask - 1) == 0):
        return Atom(offset, None, "&", mask), value != 0
    return Atom(offset, mask, "==", value), True


# ---- a graph of comparisons ----


class _TooManyError(Exception):
    """The states of a call's arguments are too many."""


class Graph:
    """Comparisons and results, each once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Node, int] = {}
        self._decided: dict[Rules, int] = {}

    def _add(self, node: Node) -> int:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = len(self.nodes)
            self.nodes.append(node)
        return found

    def result(self, value: int) -> int:
        """The node that returns a value."""
        return self._add(Node(None, value, 0))

    def choice(self, atom: Atom, true: int, false: int) -> int:
        """The node that goes to one of two."""
        return true if true == false else self._add(Node(atom, true, false))

    def decision(self, rules: Rules) -> int:
        """The node that tries rules, the first that holds decides."""
        found = self._decided.get(rules)
        if found is None:
            try:
                found = self._decide(rules, {})
            except _TooManyError:
                found = self._in_order(rules)
            self._decided[rules] = found
        return found

    def _in_order(self, rules: Rules) -> int:
        """One rule after the other."""
        following = self.result(rules[-1][1])
        for literals, value in reversed(rules[:-1]):
            node = self.result(value)
            for atom, wanted in reversed(literals):
                node = self.choice(atom, node, following) if wanted else self.choice(atom, following, node)
            following = node
        return following

    def _decide(self, rules: Rules, states: dict[Rules, int]) -> int:
        """What is known of a word is not asked again: each answer leaves fewer rules."""
        literals, value = rules[0]
        if not literals:
            return self.result(value)
        found = states.get(rules)
        if found is not None:
            return found
        if len(states) > _MOST_STATES:
            raise _TooManyError
        states[rules] = 0  # counted before those that follow; none of them leads back
        atom = literals[0][0]
        if atom.operator == "&":
            true, false = (self._decide(_left(rules, {atom: known}), states) for known in (True, False))
            found = self.choice(atom, true, false)
        else:
            found = self._by_word(atom, rules, states)
        states[rules] = found
        return found

    def _by_word(self, atom: Atom, rules: Rules, states: dict[Rules, int]) -> int:
        """A search for a word in the ranges that the rules make of it."""
        about = [
            one
            for literals, _ in rules
            for one, _ in literals
            if (one.offset, one.mask) == (atom.offset, atom.mask) and one.operator != "&"
        ]
        starts = {0, *(one.value for one in about)}
        starts |= {one.value + 1 for one in about if one.operator == "==" and one.value < codes.WORD}
        ranges = []
        for start in sorted(starts):
            known = {one: start == one.value if one.operator == "==" else start >= one.value for one in about}
            ranges.append((start, self._decide(_left(rules, known), states)))
        return self.search(atom.offset, atom.mask, ranges)

    def search(self, offset: int, mask: int | None, ranges: Iterable[tuple[int, int]]) -> int:
        """The node that finds which range a word is in.

        ranges: (first value, node), in order, from 0 on.
        """
        return _Search(self, offset, mask).node(_merged(ranges))


def _left(rules: Rules, known: Mapping[Atom, bool]) -> Rules:
    """What remains of rules when it is known whether some comparisons hold."""
    found = []
    for literals, value in rules:
        if any(known.get(atom, wanted) != wanted for atom, wanted in literals):
            continue
        rest = tuple(one for one in literals if one[0] not in known)
        found.append((rest, value))
        if not rest:
            break
    return _shortened(found)


Ranges = tuple[tuple[int, int], ...]


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Neighbours with the same node as one range."""
    found: list[tuple[int, int]] = []
    for start, node in ranges:
        if not found or found[-1][1] != node:
            found.append((start, node))
    return tuple(found)


class _Search:
    """A binary search for a word; single numbers among equal neighbours are compared for equality."""

    def __init__(self, graph: Graph, offset: int, mask: int | None) -> None:
        self._graph = graph
        self._offset, self._mask = offset, mask
        self._plans: dict[Ranges, tuple[int, int, int]] = {}

    def node(self, ranges: Ranges) -> int:
        if len(ranges) == 1:
            return ranges[0][1]
        _, _, at = self._plan(ranges)
        if at < 0:
            start, found = ranges[-at]
            atom = Atom(self._offset, self._mask, "==", start)
            return self._graph.choice(atom, found, self.node(_without(ranges, -at)))
        atom = Atom(self._offset, self._mask, ">=", ranges[at][0])
        return self._graph.choice(atom, self.node(ranges[at:]), self.node(ranges[:at]))

    def _plan(self, ranges: Ranges) -> tuple[int, int, int]:
        """How many comparisons, and at most for a word; where to divide, or minus what to take out."""
        if len(ranges) == 1:
            return 0, 0, 0
        found = self._plans.get(ranges)
        if found is None:
            found = self._plans[ranges] = min(self._possible(ranges))
        return found

    def _possible(self, ranges: Ranges) -> list[tuple[int, int, int]]:
        middle, count = len(ranges) // 2, len(ranges)
        near = range(1, count) if count <= _PEELED else range(middle - 1, middle + 2)
        found = []
        for at in near:
            if not 0 < at < count:
                continue
            left, right = self._plan(ranges[:at]), self._plan(ranges[at:])
            found.append((left[0] + right[0] + 1, max(left[1], right[1]) + 1, at))
        if count <= _PEELED:
            for at in range(1, count - 1):
                single = ranges[at + 1][0] == ranges[at][0] + 1
                if single and ranges[at - 1][1] == ranges[at + 1][1]:
                    rest = self._plan(_without(ranges, at))
                    found.append((rest[0] + 1, rest[1] + 1, -at))
        return found


def _without(ranges: Ranges, at: int) -> Ranges:
    return (*ranges[:at], *ranges[at + 2 :])


# ---- a graph as a program ----

# Where a node is entered: with nothing useful in A, with the word before its mask, with what is compared.
_LOADING, _MASKING, _COMPARING = range(3)
_State = tuple[int, "int | None"]  # what A holds: the word at an offset, and its mask


class _Writer:
    """Writes a program from its end."""

    def __init__(self, graph: Graph, root: int) -> None:
        self._nodes = graph.nodes
        self._order = _children_first(graph.nodes, root)
        self._entries: dict[int, set[int]] = {one: set() for one in self._order}
        self._entries[root].add(_LOADING)
        for one in self._order:
            node = self._nodes[one]
            if node.atom:
                for target in (node.true, node.false):
                    self._entries[target].add(self._entry(target, _state(node.atom)))
        self._written: list[Instruction] = []
        self._at: dict[tuple[int, int], int] = {}

    def program(self) -> list[Instruction]:
        for one in self._order:
            self._write(one)
        return self._written[::-1]

    def _entry(self, target: int, state: _State) -> int:
        atom = self._nodes[target].atom
        if atom is None or state == _state(atom):
            return _COMPARING
        return _MASKING if state == (atom.offset, None) else _LOADING

    def _put(self, code: int, k: int, jt: int = 0, jf: int = 0) -> int:
        self._written.append(Instruction(code, jt, jf, k))
        return len(self._written) - 1

    def _write(self, one: int) -> None:
        node, entries = self._nodes[one], self._entries[one]
        if node.atom is None:
            self._at[one, _COMPARING] = self._at[one, _LOADING] = self._put(codes.RETURN, node.true)
            return
        atom = node.atom
        state = _state(atom)
        true, false = ((target, self._entry(target, state)) for target in (node.true, node.false))
        self._bring_near(true, 1)
        self._bring_near(false, 0)
        here = len(self._written)
        self._at[one, _COMPARING] = self._put(
            _CODES[atom.operator], atom.value, here - self._at[true] - 1, here - self._at[false] - 1
        )
        if atom.mask is not None and entries & {_LOADING, _MASKING}:
            self._at[one, _MASKING] = self._put(codes.MASK, atom.mask)
        if _LOADING in entries:
            self._at[one, _LOADING] = self._put(codes.LOAD, atom.offset)

    def _bring_near(self, target: tuple[int, int], more: int) -> None:
        """A target that is too far away gets a jump to it nearby, or, if it is a result, a copy."""
        away = len(self._written) - self._at[target] - 1
        if away + more <= codes.FARTHEST:
            return
        node = self._nodes[target[0]]
        self._at[target] = (
            self._put(codes.RETURN, node.true) if node.atom is None else self._put(codes.JUMP, away)
        )


def _state(atom: Atom) -> _State:
    return atom.offset, atom.mask


def _children_first(nodes: list[Node], root: int) -> list[int]:
    """The nodes that can be reached, each after those that it leads to."""
    found: dict[int, None] = {}
    waiting = [(root, False)]
    while waiting:
        one, is_done = waiting.pop()
        if is_done:
            found[one] = None
        elif one not in found:
            node = nodes[one]
            waiting.append((one, True))
            if node.atom:
                waiting += [(node.false, False), (node.true, False)]
    return list(found)


# ---- all of it ----


class Architecture(Record):
    """What is decided for one value of arch.

    value: AUDIT_ARCH_*. ranges: the first numbers of ranges, from 0 on, and the rules about the numbers.
    """

    value: int
    ranges: tuple[tuple[int, Rules], ...]


def compiled(architectures: Sequence[Architecture], foreign: int) -> list[Instruction]:
    """The program of rules. foreign: what it returns for other architectures.

    Raises ProgramError if it is longer than a filter can be.
    """
    graph = Graph()
    root = graph.result(foreign)
    for one in reversed(architectures):
        ranges = [(start, graph.decision(rules)) for start, rules in one.ranges]
        numbers = graph.search(codes.NUMBER, None, ranges)
        root = graph.choice(Atom(codes.ARCH, None, "==", one.value), numbers, root)
    program = _Writer(graph, root).program()
    if len(program) > codes.BPF_MAXINSNS:
        raise ProgramError(
            f"the rules need {len(program)} instructions, and a filter has at most {codes.BPF_MAXINSNS}"
        )
    return program
