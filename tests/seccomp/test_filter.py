"""Filters made of rules decide what the rules say: about every number, at the ends of every condition."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pytest
from filter_rules import RuleOf, boundaries, edges, expected, outcome, run
from hypothesis import given, settings
from hypothesis import strategies as st

from pysys import abi, numbers, seccomp
from pysys.seccomp import (
    ALLOW,
    KILL_PROCESS,
    KILL_THREAD,
    LOG,
    NOTIFY,
    Action,
    Filter,
    arg,
    compilation,
    errno,
    grouping,
    simulation,
    trace,
    trap,
)
from pysys.seccomp import instructions as codes
from pysys.seccomp.compilation import Atom

SAMPLE = (
    "x86_64",
    "x32",
    "i386",
    "aarch64",
    "s390x",
    "ppc",
    "mips_o32",
    "mips_n32",
    "arm",
    "riscv32",
    "alpha",
)


def made(rules: list[RuleOf], default: Action, abis: Sequence[str]) -> Filter:
    found = Filter(default, abis=abis, missing="skip")
    for action, name, conditions in rules:
        when = []
        for index, mask, operator, value in conditions:
            first = arg[index] if mask is None else arg[index] & mask
            when.append(first._compared(operator, value))
        try:
            found.add(action, name, when=when)
        except ValueError as error:
            assert "already decides" in str(error)  # the rule changes nothing
    return found


def check_all(rules: list[RuleOf], default: Action, abis: Sequence[str], seed: int = 0) -> Filter:
    """Compare the program with the rules: each number of each ABI, each end of each condition."""
    choose = random.Random(seed)
    found = made(rules, default, abis)
    program = seccomp.check(found.program)
    named = {name for _, name, _ in rules}
    for on in abi.ABIS:
        where = abi.get(on)
        if not where.audit_arch:
            continue
        if on not in abis:
            if where.audit_arch not in {abi.get(one).audit_arch for one in abis}:
                result = run(program, numbers.number("read", on), [0] * 6, on)
                assert result == outcome(KILL_PROCESS, abis[0]), on
            continue
        by_number = {number: name for name, number in numbers.table(on).items() if name in named}
        for number in edges([on]):
            name = by_number.get(number)
            if name:
                continue
            is_x32 = where.architecture == "x86" and 0x40000000 <= number < 0xFFFFFFFF
            other = {"x86_64": "x32", "x32": "x86_64"}.get(on)
            if other and is_x32 != (on == "x32") and number != 0xFFFFFFFF:
                if other in abis:
                    continue
                action = KILL_PROCESS
            else:
                action = default
            assert run(program, number, [1, 2, 3, 4, 5, 6], on) == outcome(action, on), (on, number)
        for number, name in by_number.items():
            for words in boundaries(rules, name, on, choose):
                wanted = outcome(expected(rules, default, name, words, on), on)
                assert run(program, number, words, on) == wanted, (on, name, words, rules)
                assert outcome(found.explain(number, words, on).action, on) == wanted, (on, name, words)
    return found


# ---- rules of a kind ----

KINDS: dict[str, tuple[list[RuleOf], Action]] = {
    "one call": ([(ALLOW, "read", [])], errno("EPERM")),
    "each operator": (
        [
            (errno(index + 1), name, [(1, None, operator, value)])
            for index, (name, operator, value) in enumerate(
                [
                    ("read", "==", 0x1_0000_0000),
                    ("write", "!=", 5),
                    ("close", "<", 0x2_0000_0001),
                    ("dup", "<=", 0xFFFFFFFF),
                    ("openat", ">", 0xFFFFFFFF),
                    ("mmap2", ">=", 0x1_0000_0000),
                    ("ioctl", "<", 0),
                    ("fcntl", ">=", 0),
                    ("getpid", "<=", (1 << 64) - 1),
                    ("mprotect", "==", -1),
                    ("kill", "!=", -1),
                    ("munmap", ">", (1 << 64) - 1),
                ]
            )
        ],
        ALLOW,
    ),
    "masks": (
        [
            (ALLOW, "openat", [(2, 0x3, "==", 0), (2, 0x40, "==", 0)]),
            (ALLOW, "clone", [(0, 0x7E020000, "==", 0)]),
            (ALLOW, "read", [(0, 0xFF00FF00_FF00FF00, "==", 0x12003400_00000100)]),
            (ALLOW, "write", [(0, 0x80000000_00000000, "!=", 0)]),
            (ALLOW, "mprotect", [(2, 4, "==", 4)]),
            (ALLOW, "close", [(0, 0xF0F0, ">=", 0x1000), (1, ~0xFF, "==", 0)]),
            (ALLOW, "dup", [(0, 0, "==", 0)]),
            (ALLOW, "munmap", [(0, 0x3C, "==", 0x30), (0, 0xF0, "==", 0xB0)]),
        ],
        errno("EPERM"),
    ),
    "several rules of a call": (
        [
            (errno(1), "read", [(0, None, "==", 3), (1, None, "==", 4)]),
            (errno(2), "read", [(0, None, "==", 3)]),
            (LOG, "read", [(0, None, "<", 10), (2, None, ">", 1 << 33)]),
            (trap(7), "read", [(2, None, ">", 5)]),
            (NOTIFY, "read", [(1, None, "!=", 0)]),
            (trace(9), "read", []),
        ],
        KILL_THREAD,
    ),
    "values of one argument": (
        [(ALLOW, "ioctl", [(1, None, "==", 0x5400 + 3 * index)]) for index in range(60)],
        errno("ENOTTY"),
    ),
    "every second call": (
        [(ALLOW, name, []) for name in sorted(numbers.calls())[::2]],
        errno("ENOSYS"),
    ),
}


@pytest.mark.portable
@pytest.mark.parametrize(
    "abis", [*((one,) for one in SAMPLE), ("x86_64", "x32", "i386"), ("aarch64", "aarch64_compat32")]
)
@pytest.mark.parametrize("kind", KINDS)
def test_every_number_and_every_end(kind: str, abis: tuple[str, ...]) -> None:
    """The simulated program decides as the rules, on each ABI and byte order."""
    check_all(*KINDS[kind], abis)


NAMES = ("read", "write", "openat", "ioctl", "mprotect")
CONDITIONS = st.tuples(
    st.integers(0, 2),
    st.none() | st.sampled_from([0xFF, 1 << 40, 0xFFFFFFFF, 0xFFFFFFFF << 32, 0x0F0F0F0F_F0F0F0F0]),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.sampled_from([0, 1, 2, 3, 0xFF, 0xFFFFFFFF, 1 << 32, (1 << 32) + 1, 0xFFFFFFFF << 32, (1 << 64) - 1]),
).filter(lambda one: one[2] != "==" or one[1] is None or not one[3] & ~one[1])
ACTIONS = st.sampled_from(
    [ALLOW, KILL_PROCESS, KILL_THREAD, LOG, NOTIFY, errno(5), errno("EPERM"), trap(3), trace(1)]
)
RULES = st.lists(st.tuples(ACTIONS, st.sampled_from(NAMES), st.lists(CONDITIONS, max_size=3)), max_size=8)


@pytest.mark.portable
@settings(max_examples=60, deadline=None)
@given(rules=RULES, default=ACTIONS, on=st.sampled_from(["x86_64", "i386", "s390x", "mips_n32"]))
def test_random_rules(rules: list[RuleOf], default: Action, on: str) -> None:
    """Whatever the rules are."""
    check_all(rules, default, [on])


@pytest.mark.portable
def test_jumps_of_any_length() -> None:
    """Programs of thousands of instructions, with comparisons that lead far; and one too many."""
    choose = random.Random(4)
    rules: list[RuleOf] = []
    for index, name in enumerate(sorted(numbers.table("x86_64"))[:330]):
        rules.append(
            (errno(index + 1), name, [(index % 6, None, "==", choose.getrandbits(64)), (1, None, ">", index)])
        )
    rules += [
        (trap(index), "read", [(0, None, "==", index * 3), (5, None, "==", index)]) for index in range(9)
    ]
    found = check_all(rules, ALLOW, ["x86_64"])
    assert 2000 < len(found) <= codes.BPF_MAXINSNS
    assert any(one.code == codes.JUMP for one in found.program)
    for index in range(900):
        found.add(trap(index), "write", when=[arg[0] == index << 30 | index, arg[1] == index])
    with pytest.raises(seccomp.ProgramError, match="at most 4096"):
        found.program  # noqa: B018  # it raises


@pytest.mark.portable
@pytest.mark.parametrize("length", range(235, 265))
def test_two_targets_at_the_end_of_a_jump(length: int) -> None:
    """A jump that is inserted for one target moves the other farther away."""
    graph = compilation.Graph()
    far = graph.choice(Atom(24, None, "==", 7), graph.result(1), graph.result(2))
    near = graph.choice(Atom(32, None, "==", 7), graph.result(3), far)
    chain = near
    for value in range(length):
        chain = graph.choice(Atom(40, None, "==", value), graph.result(3), chain)
    both = graph.choice(Atom(16, None, "==", 7), near, far)
    root = graph.choice(Atom(0, None, "==", 7), chain, both)
    program = seccomp.check(compilation._Writer(graph, root).program())
    where = abi.get("x86_64")
    for number, first, second, third in product((7, 8), repeat=4):
        wanted = 3 if (number == 7 or first == 7) and third == 7 else 1 if second == 7 else 2
        data = simulation._data(number, [first, second, third, 500], where, 0)
        assert simulation._Run(data, where).run(program)[0] == wanted


@pytest.mark.portable
def test_a_register_of_32_bits_has_one_half() -> None:
    """What a 64-bit kernel shows above it may be a copy of the sign."""
    for on, high in (("mips_o32", 20 if sys.byteorder == "little" else 16), ("i386", 20)):
        f = Filter(ALLOW, abis=on)
        f.refuse("close", when=arg[0] == 0x80000000)
        f.refuse("dup", when=arg.fildes < 3)
        for name, word in (("close", 0x80000000), ("dup", 1)):
            data = bytearray(simulation._data(numbers.number(name, on), [word], abi.get(on), 0))
            data[high : high + 4] = b"\xff" * 4
            found = simulation._Run(bytes(data), abi.get(on)).run(tuple(f.program))[0]
            assert seccomp.action(found).name == "ERRNO", (on, name)


@pytest.mark.portable
def test_many_states_are_tried_in_order() -> None:
    """Rules on independent arguments, of whose combinations not each can have code of its own."""
    choose = random.Random(1)
    rules: list[RuleOf] = [
        (
            errno(index + 1),
            "read",
            [(one, None, "==", choose.randrange(9)) for one in choose.sample(range(6), 3)],
        )
        for index in range(60)
    ]
    found = made(rules, ALLOW, ["x86_64"])
    assert len(found) < 1500
    program = found.program
    number = numbers.number("read", "x86_64")
    for _ in range(3000):
        words = [choose.randrange(9) for _ in range(6)]
        assert run(program, number, words, "x86_64") == outcome(
            expected(rules, ALLOW, "read", words, "x86_64"), "x86_64"
        )


@pytest.mark.portable
def test_small_and_fast() -> None:
    """Neighbours are one range, a number takes few comparisons, equal conditions have their code once."""
    table = numbers.table("x86_64")
    some = [name for name, number in table.items() if number < 100]
    f = Filter(errno("EPERM"), abis="x86_64")
    f.allow(*some)
    assert len(f) <= 9
    f = Filter(errno("EPERM"), abis="x86_64")
    f.allow(*sorted(table)[::2])
    program = f.program
    most = max(len(seccomp.simulate(program, number, [], "x86_64").taken) for number in table.values())
    assert most <= 14 and len(program) <= 260
    f = Filter(ALLOW, abis=["x86_64", "x32"])
    f.refuse("openat", "mkdirat", "unlinkat", "fchmodat", "read", "setuid", when=arg[0] == 5)
    loads = [one for one in f.program if one.code == codes.LOAD and one.k >= 16]
    assert len(loads) == 2


@pytest.mark.portable
def test_the_order_of_rules() -> None:
    """The first rule decides; a higher priority comes first; a rule that can never decide is refused."""
    f = Filter(KILL_PROCESS, abis="x86_64")
    f.allow("personality", when=arg.personality == 0)
    f.refuse("personality")
    f.add(LOG, "personality", when=arg.personality == 0, priority=1)
    assert [str(one) for one in f.rules] == [
        "LOG personality when personality == 0",
        "ALLOW personality when personality == 0",
        "ERRNO(EPERM) personality",
    ]
    assert seccomp.simulate(f.program, "personality", [0], "x86_64").action == "LOG"
    with pytest.raises(ValueError, match=r"rule 2 .* already decides about personality"):
        f.allow("personality")
    f.refuse("personality")  # what is decided already
    f.allow("@clock")
    with pytest.raises(ValueError, match="already decides"):
        f.refuse("@clock")
    f.refuse("@privileged")  # not all of these are decided


# ---- words ----


@pytest.mark.portable
def test_parameters_by_name() -> None:
    """Of an int the lower half counts, of 64 bits both, which are two registers on an ABI of 32 bits."""
    where = ("x86_64", "i386", "arm", "mips_o32", "s390x", "ppc", "x32")
    for on in where:
        f = Filter(ALLOW, abis=on)
        f.refuse("socket", when=arg.family == -1)
        assert run(f.program, numbers.number("socket", on), [0xFFFFFFFF], on).name == "ERRNO"
        assert run(f.program, numbers.number("socket", on), [(1 << 64) - 1], on).name == "ERRNO"
        assert run(f.program, numbers.number("socket", on), [0x12_FFFFFFFF], on).name == "ERRNO"
        assert run(f.program, numbers.number("socket", on), [0xFFFF], on).name == "ALLOW"
        f.refuse("pread64", when=arg.pos == 0x3_0000_0005)
        number = numbers.number("pread64", on)
        registers = {"i386": [3, 4], "arm": [4, 5], "mips_o32": [4, 5], "ppc": [4, 5]}.get(on)
        for value, wanted in (
            (0x3_0000_0005, "ERRNO"),
            (5, "ALLOW"),
            (0x5_0000_0003, "ALLOW"),
            (3 << 32, "ALLOW"),
        ):
            words = [0] * 6
            if registers:
                halves = [value & 0xFFFFFFFF, value >> 32]
                big = abi.get(on).endian == "big" or (
                    abi.get(on).endian == "either" and sys.byteorder == "big"
                )
                for register, half in zip(registers, halves[::-1] if big else halves, strict=True):
                    words[register] = half
            else:
                words[3] = value
            assert run(f.program, number, words, on).name == wanted, (on, hex(value))
    f = Filter(ALLOW, abis="x86_64")
    f.refuse("chmod", when=arg.mode == 0o4755)
    assert (
        run(f.program, numbers.number("chmod", "x86_64"), [0, 0xABC0000 | 0o4755], "x86_64").name == "ERRNO"
    )


@pytest.mark.portable
def test_what_a_condition_cannot_be() -> None:
    """Mistakes are found when the rule is made."""
    f = Filter(errno("EPERM"), abis="x86_64")
    with pytest.raises(LookupError, match=r"socket has no parameter 'famly': did you mean family\?"):
        f.allow("socket", when=arg.famly == 1)
    with pytest.raises(LookupError, match="getpid has no parameters"):
        f.allow("getpid", when=arg.x == 1)
    with pytest.raises(ValueError, match="the kernel takes 32 bits"):
        f.allow("socket", when=arg.family == 1 << 40)
    with pytest.raises(ValueError, match="without a sign"):
        f.allow("socket", when=arg.family < -1)
    with pytest.raises(ValueError, match="never holds"):
        f.allow("socket", when=(arg.type & 3) == 4)
    with pytest.raises(TypeError, match="not known here"):
        f.allow("socket", when=0 < arg.family < 3)
    with pytest.raises(TypeError, match="not known here"):
        f.allow("socket", when=arg.family == 1 and arg.type == 2)
    with pytest.raises(TypeError, match="made of conditions"):
        f.allow("socket", when=[True])  # type: ignore[list-item]  # on purpose
    with pytest.raises(TypeError, match="compared with an int"):
        arg.family == "1"  # noqa: B015  # it raises
    with pytest.raises(IndexError):
        arg[6]
    assert not f.rules
    assert repr(arg.flags & 3) == "<FilterArgument arg.flags & 3>"
    assert str((arg[1] & 0xF0 & 0x3F) != -3) == "arg[1] & 0x30 != -3"


@pytest.mark.portable
def test_names_that_are_missing() -> None:
    """An unknown name is an error; one that an ABI lacks is what the filter says."""
    f = Filter(errno("EPERM"), abis=["x86_64", "aarch64"])
    with pytest.raises(numbers.UnknownCallError, match="openat"):
        f.allow("opneat")
    with pytest.raises(LookupError, match=r"did you mean @clock"):
        f.allow("@clocks")
    with pytest.raises(LookupError, match=r"did you mean network"):
        f.allow("topic:netwrok")
    with pytest.raises(TypeError, match="needs a call"):
        f.allow()
    f.allow("open")  # x86_64 has it
    with pytest.raises(numbers.NoNumberError, match="s390_sthyi"):
        f.allow("s390_sthyi")
    each = Filter(errno("EPERM"), abis=["x86_64", "aarch64"], missing="each")
    with pytest.raises(numbers.NoNumberError, match="aarch64 has no number for 'open'"):
        each.allow("open")
    omitted = Filter(errno("EPERM"), abis="aarch64", missing="skip")
    omitted.allow("open", "openat")
    assert omitted.rules[0].calls == ("openat",)
    old = Filter(errno("EPERM"), abis="x86_64", kernel="5.5")
    with pytest.raises(LookupError, match=r"Linux 5.5 does not have openat2"):
        old.allow("openat2")
    old.allow("topic:files")
    assert {"openat"} <= {*old.rules[0].calls} and "openat2" not in old.rules[0].calls
    with pytest.raises(ValueError, match="missing must be"):
        Filter(ALLOW, missing="no")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ValueError, match="do not go through filters"):
        Filter(ALLOW, abis="ppc_spu")
    with pytest.raises(LookupError, match="EPREM"):
        errno("EPREM")
    with pytest.raises(ValueError, match="not from 0 to 4095"):
        errno(4096)
    with pytest.raises(TypeError, match=r"seccomp\.Action"):
        Filter(5)  # type: ignore[arg-type]  # on purpose


@pytest.mark.portable
def test_calls_of_later_kernels() -> None:
    """What is behind the tables can have an action of its own; the processor's own calls are not behind."""
    for on in SAMPLE:
        f = Filter(errno("EPERM"), abis=on, newer=errno("ENOSYS"))
        f.allow("read")
        known = numbers.table(on)
        last = max(number for number in known.values() if number < min(known.values()) + 0x8000)
        assert run(f.program, last, [], on) == outcome(errno("EPERM"), on)
        assert run(f.program, last + 1, [], on) == outcome(errno("ENOSYS"), on)
        assert run(f.program, last + 1000, [], on) == outcome(errno("ENOSYS"), on)
        if on == "arm":  # its cacheflush
            assert run(f.program, 0xF0002, [], on) == outcome(errno("EPERM"), on)
        assert f.explain(last + 1).action == errno("ENOSYS")


@pytest.mark.portable
def test_an_errno_has_the_number_of_its_abi() -> None:
    """ENOSYS is 38, and 89 on mips."""
    for on, number in (("x86_64", 38), ("mips_n64", 89)):
        f = Filter(errno("ENOSYS"), abis=on)
        assert run(f.program, 1, [], on).data == number


@pytest.mark.portable
def test_the_reason() -> None:
    """explain() names the rule, or what no rule allowed."""
    f = Filter(errno("EPERM"), abis="x86_64")
    f.allow("read", "write")
    f.kill("@mount")
    f.allow("socket", when=[arg.family == 1, arg.protocol == 0])
    found = f.explain("mount")
    assert (found.action, found.rule) == (KILL_PROCESS, 1)
    assert str(found) == "mount kills the process by rule 1: KILL_PROCESS @mount"
    assert str(f.explain("read")) == "read is allowed by rule 0: ALLOW read, write"
    assert str(f.explain("getpid")) == "getpid is refused with EPERM, the default: no rule is about it"
    assert (
        str(f.explain("socket", [2])) == "socket is refused with EPERM, the default: rule 2 wants family == 1"
    )
    assert str(f.explain("socket", [1])) == (
        "socket is allowed by rule 2: ALLOW socket when family == 1 and protocol == 0"
    )
    assert str(f.explain("read", abi="i386")) == "read kills the process: i386 is not x86_64, the filter's"
    assert str(f.explain(5000)) == "call 5000 is refused with EPERM, the default: no rule is about it"
    x32 = f.explain(0x40000000, abi="x86_64")
    assert str(x32) == "read kills the process: x32 is not x86_64, the filter's"
    assert f.explain(0xFFFFFFFF).action == errno("EPERM")  # what a tracer writes for no call
    assert repr(f) == "<Filter for x86_64: 3 rules, default ERRNO(EPERM)>"


@pytest.mark.portable
def test_bytes_and_structures() -> None:
    """program, bytes() and what parse() makes of them are the same."""
    f = Filter(ALLOW)
    f.refuse("mount")
    assert list(seccomp.parse(bytes(f))) == f.program
    assert len(f) == len(f.program) == len(bytes(f)) // 8
    f.program.clear()
    assert f.program
    count = len(f)
    f.refuse("umount2", error="EACCES")
    assert len(f) > count  # it is made again


@pytest.mark.portable
def test_each_call_is_in_a_group() -> None:
    """Each call of the tables has a purpose, or is named as one of its own."""
    found = seccomp.groups()
    own = {
        name for group, names in found.items() if group not in ("@known", "@system-service") for name in names
    }
    assert own | grouping.ALONE == numbers.calls()
    assert not own & grouping.ALONE
    assert {*found["@known"]} == numbers.calls()
    assert "clock_settime64" in found["@clock"] and "@clock" not in found["@privileged"]
    assert {*found["@clock"]} < {*found["@privileged"]}


@pytest.mark.portable
def test_arguments_are_registers() -> None:
    """A filter sees numbers, and no text that they point to."""
    f = Filter(ALLOW, abis=["x86_64"])
    f.refuse("mkdir", when=arg.mode == 0o700)
    functions: list[tuple[Callable[[list[Any]], Any], str]] = [
        (lambda args: f.explain("mkdir", args, "x86_64").action.name, "explain"),
        (lambda args: seccomp.simulate(f.program, "mkdir", args, "x86_64").action, "simulate"),
    ]
    for function, name in functions:
        with pytest.raises(
            TypeError, match=rf"{name}: args\[0\] must be an int, as the filter sees it, not str"
        ):
            function(["/a", 0o700])
        with pytest.raises(TypeError, match="at most 6 arguments, not 7"):
            function([0] * 7)
        assert function([4096, 0o700]) == "ERRNO"
