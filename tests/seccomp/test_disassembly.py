"""What a filter's instructions say."""

from __future__ import annotations

import struct

import pytest

from pysys import abi, flags, numbers, seccomp, structures
from pysys.flags import AuditArchitecture
from pysys.seccomp import disassembly
from pysys.seccomp import instructions as codes

pytestmark = pytest.mark.portable
X86_64 = abi.get("x86_64").audit_arch
EQUAL, MASK = 0x15, 0x54
PROGRAM = [
    (0x20, 0, 0, 4),
    (EQUAL, 2, 0, X86_64),
    (EQUAL, 6, 0, abi.get("i386").audit_arch),
    (0x06, 0, 0, 0x80000000),
    (0x20, 0, 0, 0),
    (0x35, 2, 0, 0x40000000),
    (EQUAL, 4, 0, 56),
    (0x06, 0, 0, 0x7FFF0000),
    (0x06, 0, 0, 0x50026),
    (0x20, 0, 0, 0),
    (EQUAL, 4, 0, 11),
    (0x20, 0, 0, 16),
    (MASK, 0, 0, 0x7E020000),
    (EQUAL, 0, 1, 0),
    (0x06, 0, 0, 0x7FFF0000),
    (0x06, 0, 0, 0x50001),
]
SHOWN = """\
 0: A = arch
 1: if arch == AUDIT_ARCH_X86_64: 4, else 2
 2: if arch == AUDIT_ARCH_I386: 9, else 3
 3: return KILL_PROCESS
 4: A = nr
 5: if nr >= 0x40000000: 8, else 6
 6: if nr == clone (56): 11, else 7
 7: return ALLOW
 8: return ERRNO(ENOSYS)
 9: A = nr
10: if nr == execve (11): 15, else 11
11: A = args[0].low
12: A = A & 0x7e020000
13: if (args[0].low & 0x7e020000) == 0: 14, else 15
14: return ALLOW
15: return ERRNO(EPERM)"""


def test_a_program_for_two_abis() -> None:
    """Numbers have the names of the ABI that the program has asked for on the way to them."""
    found = seccomp.disassemble(PROGRAM, "x86_64")
    assert str(found) == SHOWN
    assert found[6] == (6, (EQUAL, 4, 0, 56), "if nr == clone (56): 11, else 7")
    assert seccomp.disassemble(PROGRAM, "aarch64")[6].text == found[6].text  # arch was compared


def test_every_form_of_a_program() -> None:
    """Tuples, structures and bytes."""
    raw = b"".join(struct.pack("=HBBI", *one) for one in PROGRAM)
    made = [structures.sock_filter(code=code, jt=jt, jf=jf, k=k) for code, jt, jf, k in PROGRAM]
    assert seccomp.parse(raw) == seccomp.parse(PROGRAM) == seccomp.parse(made)
    assert seccomp.disassemble(raw, "x86_64") == seccomp.disassemble(PROGRAM, "x86_64")
    with pytest.raises(seccomp.ProgramError, match="7 bytes"):
        seccomp.parse(raw[:7])
    with pytest.raises(TypeError, match="instruction 1 must be"):
        seccomp.parse([(6, 0, 0, 0), 5])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(TypeError, match="instruction 0: k must be an int"):
        seccomp.parse([(6, 0, 0, "0")])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(seccomp.ProgramError, match=r"jt is 256.* 8 bits") as caught:
        seccomp.parse([(6, 0, 0, 0), (EQUAL, 256, 0, 0)])
    assert caught.value.index == 1


def test_numbers_without_arch() -> None:
    """They are those of the ABI that is named; of two whose names differ only the number is shown."""
    program = [(0x20, 0, 0, 0), (EQUAL, 0, 0, 1), (0x06, 0, 0, 0)]
    assert seccomp.disassemble(program, "x86_64")[1].text == "if nr == write (1): 2, else 2"
    assert seccomp.disassemble(program, "i386")[1].text == "if nr == exit (1): 2, else 2"
    assert seccomp.disassemble(program, "aarch64")[1].text == "if nr == io_destroy (1): 2, else 2"
    two = [
        (0x20, 0, 0, 4),
        (EQUAL, 1, 0, X86_64),
        (EQUAL, 0, 2, abi.get("i386").audit_arch),
        *program[:2],
        (0x06, 0, 0, 0),
    ]
    assert seccomp.disassemble(two)[4].text == "if nr == 1: 5, else 5"
    x32 = [
        (0x20, 0, 0, 4),
        (EQUAL, 0, 2, X86_64),
        (0x20, 0, 0, 0),
        (EQUAL, 0, 0, numbers.number("writev", "x32")),
        (0x06, 0, 0, 0),
    ]
    assert seccomp.disassemble(x32)[3].text == "if nr == writev (0x40000204): 4, else 4"


@pytest.mark.parametrize(("name", "first"), [("x86_64", "low"), ("s390x", "high"), ("i386", "low")])
def test_the_halves_of_arguments(name: str, first: str) -> None:
    """Which comes first depends on the byte order."""
    which = abi.get(name)
    assert disassembly.field(16, which) == f"args[0].{first}"
    assert {disassembly.field(56, which), disassembly.field(60, which)} == {"args[5].low", "args[5].high"}
    assert disassembly.field(8, which) == f"instruction_pointer.{first}"
    fields = structures.describe("seccomp_data")
    assert [disassembly.field(one.offset, which).partition(".")[0].partition("[")[0] for one in fields] == [
        one.name for one in fields
    ]


def test_every_code_has_a_text() -> None:
    """Each that the kernel accepts reads differently; the kernel's constants make the same codes."""
    shown = [seccomp.disassemble([(code, 1, 2, 5)])[0].text for code in sorted(codes.CODES)]
    assert len(set(shown)) == len(shown) == len(codes.CODES)
    assert not [text for text in shown if text.startswith("code")]
    assert seccomp.disassemble([(0x28, 1, 2, 5)])[0].text == "code 0x28, jt 1, jf 2, k 5"
    plus = flags.BPF_ALU | flags.BPF_ADD | flags.BPF_X
    assert codes.ARITHMETIC[plus] == ("+", True)
    for name, operator in {"ADD": "+", "SUB": "-", "MUL": "*", "DIV": "/", "OR": "|", "AND": "&"}.items():
        assert codes.ARITHMETIC[flags.BPF_ALU | getattr(flags, f"BPF_{name}")] == (operator, False)
    for name, operator in {"LSH": "<<", "RSH": ">>", "XOR": "^"}.items():
        assert codes.ARITHMETIC[flags.BPF_ALU | getattr(flags, f"BPF_{name}")] == (operator, False)
    for name, operator in {"JEQ": "==", "JGT": ">", "JGE": ">=", "JSET": "&"}.items():
        assert codes.COMPARISONS[flags.BPF_JMP | getattr(flags, f"BPF_{name}") | flags.BPF_X] == (
            operator,
            True,
        )
    assert codes.LOAD == flags.BPF_LD | flags.BPF_W | flags.BPF_ABS
    assert codes.LOAD_MEMORY_X == flags.BPF_LDX | flags.BPF_MEM
    assert codes.LOAD_SIZE == flags.BPF_LD | flags.BPF_W | flags.BPF_LEN
    assert codes.RETURN_A == flags.BPF_RET | flags.BPF_A
    assert codes.FROM_X == flags.BPF_MISC | flags.BPF_TXA
    assert codes.NEGATE == flags.BPF_ALU | flags.BPF_NEG
    assert codes.JUMP == flags.BPF_JMP | flags.BPF_JA


def test_every_architecture_and_action_has_its_name() -> None:
    """Those of the kernel's headers."""
    for one in AuditArchitecture:
        found = seccomp.disassemble([(0x20, 0, 0, 4), (EQUAL, 0, 0, one)])[1].text
        assert found.startswith(f"if arch == {one.name}:")
    kernel = {
        one: one.name.removeprefix("SECCOMP_RET_")
        for one in flags.SeccompAction
        if one.name.removeprefix("SECCOMP_RET_") not in ("KILL", "ACTION", "ACTION_FULL", "DATA")
    }
    assert kernel == disassembly.ACTIONS
    assert seccomp.disassemble([(6, 0, 0, 0x12340005)])[0].text == (
        "return 0x12340005 (unknown, so KILL_PROCESS)"
    )
    assert seccomp.disassemble([(6, 0, 0, 0x50000 | 4000)])[0].text == "return ERRNO(4000)"
    assert seccomp.disassemble([(6, 0, 0, 0x7FF00007)])[0].text == "return TRACE(7)"
    alpha = abi.get("alpha")
    assert disassembly.returned(0x50000 | 35, alpha) == "ERRNO(EAGAIN)"
