"""Filters decide what libseccomp's of the same rules decide: both programs are run on the same calls."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import random
import struct
from collections.abc import Sequence

import pytest
from filter_rules import Plain, RuleOf, boundaries, edges, expected, outcome, run

from pysys import abi, numbers, seccomp
from pysys.seccomp import ALLOW, KILL_PROCESS, KILL_THREAD, LOG, Action, Filter, arg, errno, trap

pytestmark = pytest.mark.portable
OPERATORS = {"!=": 1, "<": 2, "<=": 3, "==": 4, ">=": 5, ">": 6}
MASKED = 7
OPTIMIZE = 8  # the attribute; 2 is its binary tree
TOKENS = {"x32": 0x4000003E}  # where libseccomp's is not the kernel's value


class Compared(ctypes.Structure):
    _fields_ = (
        ("index", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


@pytest.fixture(scope="module")
def library() -> ctypes.CDLL:
    try:
        found = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed: apt install libseccomp2")
    found.seccomp_init.restype = ctypes.c_void_p
    for name in ("seccomp_arch_add", "seccomp_arch_remove", "seccomp_rule_add_array", "seccomp_export_bpf",
                 "seccomp_attr_set", "seccomp_release"):  # fmt: skip
        getattr(found, name).argtypes = {
            "seccomp_arch_add": [ctypes.c_void_p, ctypes.c_uint32],
            "seccomp_arch_remove": [ctypes.c_void_p, ctypes.c_uint32],
            "seccomp_rule_add_array": [
                ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p,
            ],
            "seccomp_export_bpf": [ctypes.c_void_p, ctypes.c_int],
            "seccomp_attr_set": [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32],
            "seccomp_release": [ctypes.c_void_p],
        }[name]  # fmt: skip
    return found


def token(on: str) -> int:
    where = abi.get(on)
    return TOKENS.get(on, where.audit_arch_big if where.endian == "big" else where.audit_arch)


def program_of(
    library: ctypes.CDLL, rules: list[RuleOf], default: Action, abis: Sequence[str], tree: bool
) -> list[seccomp.Instruction] | None:
    """What libseccomp makes of rules; None if it refuses one of them, or an ABI."""
    context = library.seccomp_init(default.value(abi.get(abis[0])))
    memory = os.memfd_create("filter")
    try:
        native = token(abi.current().name)
        if abi.current().name not in abis:  # first: it does not mix byte orders
            library.seccomp_arch_remove(context, native)
        for on in abis:
            if token(on) != native and library.seccomp_arch_add(context, token(on)):
                return None
        if tree and library.seccomp_attr_set(context, OPTIMIZE, 2):
            return None
        for action, name, conditions in rules:
            items = [
                Compared(index, OPERATORS[operator], value & (1 << 64) - 1, 0)
                if mask is None
                else Compared(index, MASKED, mask, value)
                for index, mask, operator, value in conditions
            ]
            number = library.seccomp_syscall_resolve_name(name.encode())
            if number == -1:
                return None
            array = (Compared * len(items))(*items)
            value = action.value(abi.get(abis[0]))
            failed = library.seccomp_rule_add_array(context, value, number, len(items), array)
            if failed:
                return None
        assert library.seccomp_export_bpf(context, memory) == 0
        raw = os.pread(memory, 1 << 20, 0)
    finally:
        library.seccomp_release(context)
        os.close(memory)
    order = ">" if abi.get(abis[0]).endian == "big" else "<"
    return [seccomp.Instruction(*one) for one in struct.iter_unpack(f"{order}HBBI", raw)]


def our_filter(rules: list[RuleOf], default: Action, abis: Sequence[str]) -> Filter:
    found = Filter(default, abis=abis, foreign=KILL_THREAD, missing="skip")
    # To libseccomp a rule without conditions is for all of the call, wherever it is.
    for action, name, conditions in sorted(rules, key=lambda rule: bool(rule[2])):
        when = [
            (arg[index] if mask is None else arg[index] & mask)._compared(operator, value)
            for index, mask, operator, value in conditions
        ]
        try:
            found.add(action, name, when=when)
        except ValueError as error:
            assert "already decides" in str(error)
    return found


def _resolved(library: ctypes.CDLL, name: str, on: str) -> int:
    """The number that libseccomp has; -1 if it has none, or one of its own."""
    found: int = library.seccomp_syscall_resolve_name_arch(ctypes.c_uint32(token(on)), name.encode())
    return max(found, -1)


def random_rules(library: ctypes.CDLL, choose: random.Random, abis: Sequence[str]) -> list[RuleOf]:
    """Rules that libseccomp can express: a call has one action, a rule one condition on an argument.

    A call has one rule: of several libseccomp 2.5.4 and 2.6.0 make programs that do not decide what the rules
    say.
    """
    table = {
        name
        for name in numbers.table("x86_64")
        if all(_resolved(library, name, on) == numbers.table(on).get(name, -1) for on in ("x86_64", *abis))
    }
    names = choose.sample(sorted(table), choose.randrange(1, 30))
    narrow = "i386" in abis
    values = [0, 1, 2, 7, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
    if not narrow:
        values += [1 << 32, (1 << 32) + 1, 0x1234_00000000, 1 << 63, (1 << 64) - 1]
    found: list[RuleOf] = []
    for name in names:
        action = choose.choice([errno(7), errno(1), KILL_PROCESS, LOG, trap()])
        conditions: list[Plain] = []
        for index in choose.sample(range(6), choose.choice([0, 1, 1, 2, 3])):
            if choose.random() < 0.3:
                masks = [0xFF, 0xFFFFFFFF, 0xF0F0] if narrow else [0xFF, 1 << 40, 0xFFFFFFFF << 16]
                mask = choose.choice(masks)
                conditions.append((index, mask, "==", choose.choice(values) & mask))
            else:
                conditions.append((index, None, choose.choice([*OPERATORS]), choose.choice(values)))
        found.append((action, name, conditions))
    return found


@pytest.mark.parametrize("tree", [False, True], ids=["in a row", "binary tree"])
@pytest.mark.parametrize("abis", [("x86_64",), ("x86_64", "i386"), ("x86_64", "x32", "i386"), ("aarch64",)])
def test_the_same_verdicts(library: ctypes.CDLL, abis: tuple[str, ...], tree: bool) -> None:
    """Each number, and the ends of each condition."""
    choose = random.Random(f"{abis} {tree}")
    compared = differing = verdicts = 0
    for seed in range(10):
        rules = random_rules(library, choose, abis)
        theirs = program_of(library, rules, ALLOW, abis, tree)
        if theirs is None:
            continue
        ours = our_filter(rules, ALLOW, abis).program
        compared += 1
        for on in abis:
            named = {
                number: name
                for name, number in numbers.table(on).items()
                if name in {one[1] for one in rules}
            }
            for number in edges([on]) if seed == 0 else sorted(named):
                name = named.get(number)
                words = boundaries(rules, name, on, choose) if name else [[0, 1, 2, 3, 4, 5]]
                for one in words:
                    if on == "x32":  # whose registers have 64 bits; libseccomp looks at 32 of them
                        one = [word & 0xFFFFFFFF for word in one]
                    case = on, number, name, one, rules
                    decided = run(ours, number, one, on)
                    if decided != run(theirs, number, one, on):
                        assert decided == outcome(expected(rules, ALLOW, name or "", one, on), on), case
                        differing += 1
                    verdicts += 1
    # Few programs of libseccomp 2.5.4 and 2.6.0 do not decide what their rules say.
    assert compared > 7 and differing < verdicts / 100, (differing, verdicts)


@pytest.mark.parametrize("tree", [False, True], ids=["in a row", "binary tree"])
@pytest.mark.parametrize("abis", [("x86_64",), ("x86_64", "x32", "i386")])
def test_smaller_and_faster(library: ctypes.CDLL, abis: tuple[str, ...], tree: bool) -> None:
    """A usual list takes less than a quarter of the instructions, and fewer for each call."""
    ours = Filter(errno("EPERM"), abis=abis)
    ours.allow("@system-service")
    names = [
        name for name in ours.rules[0].calls if library.seccomp_syscall_resolve_name(name.encode()) != -1
    ]
    theirs = program_of(library, [(ALLOW, name, []) for name in names], ours.default, abis, tree)
    assert theirs is not None
    assert len(ours) < len(theirs) / 4
    assert _longest(ours.program) < _longest(theirs)


def _longest(program: list[seccomp.Instruction]) -> int:
    """The instructions that a call takes at most."""
    return max(
        len(seccomp.simulate(program, number, [], "x86_64").taken)
        for number in numbers.table("x86_64").values()
    )
