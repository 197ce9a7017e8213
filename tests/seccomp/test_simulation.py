"""Filters that run here decide what the kernel decides, and those that it would refuse are refused."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import pytest

from pysys import abi, calls, errors, flags, numbers, seccomp
from pysys._native import lib
from pysys.seccomp import instructions as codes

ALLOW, ERRNO = flags.SECCOMP_RET_ALLOW, flags.SECCOMP_RET_ERRNO
NO_NEW_PRIVS = 38
Plain = tuple[int, int, int, int]
# What Python may need between two calls of a test, so that the filters below let it through.
NEEDED = """
    brk clock_gettime clock_gettime64 close exit exit_group futex futex_time64 getrandom madvise
    mmap mmap2 mprotect mremap munmap rt_sigaction rt_sigprocmask rt_sigreturn sigreturn write
""".split()
# Words of registers: the ends of both halves, and what sign extension changes.
WORDS = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x7FFFFFFFFFFFFFFF, 1 << 63, (1 << 64) - 1)


def load(k: int) -> Plain:
    return codes.LOAD, 0, 0, k


def compare(operator: str, k: int, jt: int, jf: int) -> Plain:
    code = next(code for code, form in codes.COMPARISONS.items() if form == (operator, False))
    return code, jt, jf, k


def answer(value: int) -> Plain:
    return codes.RETURN, 0, 0, value


def install(program: list[Plain]) -> None:
    """Load a filter into this process; a skip where the kernel has none."""
    calls.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    try:
        calls.seccomp_set_mode_filter(program)
    except errors.ENOSYS:
        pytest.skip("this kernel has no seccomp")


def make(number: int, words: list[int]) -> int:
    """The errno of a call, 0 or less if it has none."""
    bits = abi.current().register_bits
    words = [*words, *[0] * (6 - len(words))]
    signed = [(word & ((1 << bits) - 1)) - ((word >> (bits - 1) & 1) << bits) for word in words]
    return -lib.pysys_syscall6(number, *signed)


def low_and_high(index: int) -> tuple[int, int]:
    """The offsets of the halves of an argument."""
    start = 16 + 8 * index
    big = sys.byteorder == "big"
    return (start + 4, start) if big else (start, start + 4)


# ---- what the kernel accepts ----


def any_instruction(choose: random.Random, count: int) -> Plain:
    """One that is often right, and sometimes wrong in one of the ways that the kernel looks for."""
    code = choose.choice([*sorted(codes.CODES)] * 20 + [0x28, 0x30, 0x40, 0x94, 0x0E, 0xB1, 0x7F, 0x100])
    k = choose.choice([0, 1, 2, 4, 8, 15, 16, 31, 32, 60, 63, 64, 0xFFFFFFFF, choose.randrange(16)])
    if choose.random() < 0.7:
        k = choose.randrange(3)
    return code, choose.randrange(count + 1) // 2, choose.randrange(count + 1) // 2, k


@pytest.mark.isolated
@pytest.mark.parametrize("seed", range(3))
def test_the_kernel_accepts_what_check_accepts(seed: int) -> None:
    """Random programs: EINVAL where check() raises. They stand behind a return, and so change nothing."""
    choose = random.Random(seed)
    install([answer(ALLOW)])
    verdicts = set()
    for _ in range(400):
        count = choose.randrange(1, 5)
        program = [any_instruction(choose, count) for _ in range(count)]
        if choose.random() < 0.9:
            program.append((choose.choice([codes.RETURN, codes.RETURN_A]), 0, 0, ALLOW))
        program.insert(0, answer(ALLOW))
        why = None
        try:
            seccomp.check(program)
        except seccomp.ProgramError as error:
            why = error
        try:
            calls.seccomp_set_mode_filter(program)
        except errors.EINVAL:
            assert why, program
        else:
            assert not why, (program, why)
        verdicts.add(str(why).partition(": ")[2].partition(" ")[0] if why else "accepted")
    assert {"accepted", "a", "M[1]", "there"} <= verdicts, verdicts


@pytest.mark.isolated
def test_the_longest_program() -> None:
    """4096 instructions, and not one more; and none at all is refused."""
    install([answer(ALLOW)])
    for count in (0, codes.BPF_MAXINSNS + 1):
        with pytest.raises(seccomp.ProgramError, match=f"not {count}"):
            seccomp.check([answer(ALLOW)] * count)
        with pytest.raises(errors.EINVAL):
            calls.seccomp_set_mode_filter([answer(ALLOW)] * count)
    assert len(seccomp.check([answer(ALLOW)] * codes.BPF_MAXINSNS)) == codes.BPF_MAXINSNS
    calls.seccomp_set_mode_filter([answer(ALLOW)] * codes.BPF_MAXINSNS)


# ---- what the kernel decides ----


def valid_programs(choose: random.Random) -> Iterator[list[Plain]]:
    """Programs about one call; all others go through. Each way ends in ERRNO, with what A was or a number."""
    number = numbers.number("getppid")
    # A shift by X depends on the processor; instruction_pointer, at 8 and 12, is the caller's.
    shifts = {
        code for code, (operator, is_x) in codes.ARITHMETIC.items() if is_x and operator in ("<<", ">>")
    }
    usual = sorted(codes.CODES - shifts)
    while True:
        body: list[Plain] = [load(choose.choice([*range(16, 64, 4), 0, 4]))]
        count = choose.randrange(2, 25)
        for left in range(count, 0, -1):
            code = choose.choice(usual)
            k = choose.choice([choose.getrandbits(32), choose.randrange(40), 0xFFFFFFFF, 1, 0x80000000])
            jt, jf = choose.randrange(min(left, 4)), choose.randrange(min(left, 4))
            if code == codes.LOAD:
                k = choose.choice([*range(16, 64, 4), 0, 4])
            elif code == codes.JUMP:
                k = choose.randrange(left)
            elif code in (codes.RETURN, codes.RETURN_A):
                if choose.random() < 0.8:
                    continue
                code, k = codes.RETURN, ERRNO | choose.randrange(1, 5000)
            elif code in (codes.LOAD_MEMORY, codes.LOAD_MEMORY_X, codes.STORE, codes.STORE_X):
                k = choose.randrange(4)
            elif code in codes.SHIFTS:
                k = choose.randrange(32)
            body.append((code, jt, jf, k))
        mask = next(code for code, form in codes.ARITHMETIC.items() if form == ("&", False))
        add = next(code for code, form in codes.ARITHMETIC.items() if form == ("|", False))
        body += [(mask, 0, 0, 0xFFF), (add, 0, 0, ERRNO), (codes.RETURN_A, 0, 0, 0)]
        program = [load(0), compare("==", number, 1, 0), answer(ALLOW), *body]
        try:
            seccomp.check(program)
        except seccomp.ProgramError:
            continue
        # What divides by 0 ends the process, here and there.
        yield program


@pytest.mark.isolated
@pytest.mark.parametrize("seed", range(4))
def test_random_programs_decide_the_same(seed: int) -> None:
    """The errno that the kernel answers with is the one here: of filters with one action the last counts."""
    choose = random.Random(seed)
    number = numbers.number("getppid")
    tried: set[tuple[Plain, ...]] = set()
    answers: set[int] = set()
    programs = valid_programs(choose)
    while len(tried) < 60:
        program = next(programs)
        questions = [[choose.choice(WORDS) for _ in range(6)] for _ in range(8)]
        expected = [seccomp.simulate(program, number, words) for words in questions]
        if any(one.action != "ERRNO" for one in expected):
            continue
        install(program)
        for words, one in zip(questions, expected, strict=True):
            assert make(number, words) == one.data, (program, words, one.explain())
            answers.add(one.data)
        tried.add(tuple(program))
    assert len(answers) > 10


@pytest.mark.isolated
def test_every_number_and_the_ends_of_arguments() -> None:
    """A filter that compares numbers and both halves of arguments: each call of this ABI, each word."""
    here = abi.current()
    bits = here.register_bits
    low, high = low_and_high(1)
    table = numbers.table()
    needed = [table[name] for name in NEEDED if name in table]
    program = [load(0)]
    for number in needed:
        program += [compare("==", number, 0, 1), answer(ALLOW)]
    program += [
        compare(">", table["getpid"], 0, 1),
        answer(ERRNO | 1001),
        load(high),
        compare("==", 0, 5, 0),
        compare("&", 0x80000000, 0, 1),
        answer(ERRNO | 1002),
        compare(">=", 0x7FFFFFFF, 0, 1),
        answer(ERRNO | 1003),
        answer(ERRNO | 1004),
        load(low),
        compare(">=", 0x80000000, 0, 1),
        answer(ERRNO | 1005),
        compare(">", 1, 0, 1),
        answer(ERRNO | 1006),
        answer(ERRNO | 1007),
    ]
    install(program)
    # syscall on mips makes another call; from Linux 6.14 on the others pass every filter.
    spared = ("syscall", "uprobe", "uretprobe")
    others = {number for name, number in table.items() if number not in needed and name not in spared}
    seen = set()
    for number in sorted(number for number in others if number & 0xF0000 != 0xF0000):  # arm's own
        for word in WORDS if number == table["close"] + 1 or number < 8 else WORDS[:3]:
            found = make(number, [7, word])
            assert found == seccomp.simulate(program, number, [7, word]).data, (number, word)
            seen.add(found)
    for word in WORDS:
        seen.add(make(min(others), [7, word]))
        assert make(min(others), [7, word]) == seccomp.simulate(program, min(others), [7, word]).data
    assert seen == {1001, 1005, 1006, 1007} | ({1002, 1003, 1004} if bits == 64 else set())


# ---- other ABIs, and what is shown ----

ARM64 = [
    load(4),
    compare("==", abi.get("aarch64").audit_arch, 1, 0),
    answer(flags.SECCOMP_RET_KILL_PROCESS),
    load(0),
    compare("==", numbers.number("openat", "aarch64"), 0, 2),
    load(32),
    compare("&", 1, 1, 0),
    answer(ALLOW),
    answer(ERRNO | 13),
]


@pytest.mark.portable
def test_another_abi() -> None:
    """Names, architecture and byte order are those of the ABI that is named."""
    assert seccomp.simulate(ARM64, "openat", [0, 0, 1], "arm64").action == "ERRNO"
    assert seccomp.simulate(ARM64, "openat", [0, 0, 2], "arm64").action == "ALLOW"
    assert seccomp.simulate(ARM64, "openat", [0, 0, 1], "riscv64").action == "KILL_PROCESS"
    s390 = [load(20), compare("==", 7, 0, 1), answer(ERRNO | 1), answer(ALLOW)]
    assert seccomp.simulate(s390, "read", [7], "s390x").action == "ERRNO"  # the low half comes second
    assert seccomp.simulate(s390, "read", [7], "x86_64").action == "ALLOW"
    assert seccomp.simulate(s390, "read", [-1], "i386").value == ALLOW  # its registers have 32 bits
    with pytest.raises(numbers.NoNumberError):
        seccomp.simulate(ARM64, "open", [], "aarch64")
    with pytest.raises(TypeError, match="at most 6"):
        seccomp.simulate(ARM64, 1, [0] * 7, "aarch64")


@pytest.mark.portable
def test_what_decided() -> None:
    """The comparisons on the way, with what was compared, and the result."""
    found = seccomp.simulate(ARM64, "openat", [0, 0, 1], "aarch64")
    assert found.taken == (0, 1, 3, 4, 5, 6, 8)
    assert found.explain() == (
        "1: arch == AUDIT_ARCH_AARCH64: yes, A is 0xc00000b7\n"
        "4: nr == openat (56): yes, A is 0x38\n"
        "6: args[2].low & 1: yes, A is 0x1\n"
        "8: ERRNO(EACCES)"
    )
    assert [one.result for one in found.steps][:2] == ["A is 0xc00000b7, X is 0x0", "yes, A is 0xc00000b7"]
    assert (str(found), found.data) == ("ERRNO(EACCES)", 13)
    assert repr(found) == "<Simulation ERRNO(EACCES), 7 instructions of 9>"


@pytest.mark.portable
@pytest.mark.parametrize(
    ("value", "name", "data"),
    [
        (0, "KILL_THREAD", 0),
        (0x80000000, "KILL_PROCESS", 0),
        (ERRNO | 0xFFFF, "ERRNO", 4095),
        (flags.SECCOMP_RET_TRACE | 7, "TRACE", 7),
        (0x12340000, "KILL_PROCESS", 0),
        (flags.SECCOMP_RET_USER_NOTIF, "USER_NOTIF", 0),
    ],
)
def test_actions(value: int, name: str, data: int) -> None:
    """What the kernel makes of a number, also of one that it does not know."""
    assert seccomp.action(value) == (name, data)


@pytest.mark.portable
def test_a_division_by_zero_ends_the_thread() -> None:
    """A program that divides by an X of 0 has returned 0."""
    divide = next(code for code, form in codes.ARITHMETIC.items() if form == ("/", True))
    found = seccomp.simulate([(divide, 0, 0, 0), answer(ALLOW)], "read")
    assert (found.action, found.taken) == ("KILL_THREAD", (0,))
