"""How each ABI makes a call: the instruction and its registers, as the page of syscall(2) has them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.abi import ABI

# Instruction; register of the number; those of the arguments; that of the result, and what shows an error.
_OF = """\
x86_64 | syscall | rax | rdi, rsi, rdx, r10, r8, r9 | rax
x32 | syscall | rax, with bit 0x40000000 | rdi, rsi, rdx, r10, r8, r9 | rax
i386 | int $0x80 | eax | ebx, ecx, edx, esi, edi, ebp | eax
aarch64 | svc #0 | x8 | x0 to x5 | x0
arm | svc #0 | r7 | r0 to r6 | r0
aarch64_compat32 | svc #0 | r7 | r0 to r6 | r0
armoabi | svc | in the instruction, with 0x900000 | r0 to r6 | r0
riscv64 | ecall | a7 | a0 to a5 | a0
riscv32 | ecall | a7 | a0 to a5 | a0
loongarch64 | syscall 0 | a7 | a0 to a6 | a0
loongarch32 | syscall 0 | a7 | a0 to a6 | a0
ppc64 | sc, or scv 0 | r0 | r3 to r8 | r3, after sc with an error flag in cr0
ppc | sc | r0 | r3 to r8 | r3, with bit SO of cr0 as the error flag
s390x | svc | r1, or in the instruction | r2 to r7 | r2
mips_o32 | syscall | v0 | a0 to a3, then the stack | v0, with a3 as the error flag
mips_n32 | syscall | v0 | a0 to a5 | v0, with a3 as the error flag
mips_n64 | syscall | v0 | a0 to a5 | v0, with a3 as the error flag
sparc | trap 0x10 | g1 | o0 to o5 | o0, with the carry bit as the error flag
sparc64 | trap 0x6d | g1 | o0 to o5 | o0, with the carry bit as the error flag
parisc | a branch to the gateway page | r20 | r26 down to r21 | r28
parisc64 | a branch to the gateway page | r20 | r26 down to r21 | r28
sh | trapa | r3 | r4 to r7, r0, r1 | r0
m68k | trap #0 | d0 | d1 to d5, a0 | d0
alpha | callsys | v0 | a0 to a5 | v0, with a3 as the error flag
xtensa | syscall | a2 | a6, a3, a4, a5, a8, a9 | a2
microblaze | brki | r12 | r5 to r10 | r3
arc | trap_s | r8 | r0 to r5 | r0
csky | trap 0 | r7 | r0 to r5 | r0
hexagon | trap0(#1) | r6 | r0 to r5 | r0
nios2 | trap | r2 | r4 to r9 | r2, with r7 as the error flag
openrisc | l.sys 1 | r11 | r3 to r8 | r11
"""
COLUMNS = ("instruction", "number in", "arguments in", "result in")
_ROWS = {
    name.strip(): tuple(cell.strip() for cell in cells)
    for name, *cells in (line.split("|") for line in _OF.splitlines())
}


def in_words(abi: ABI) -> str:
    """The same in a sentence; empty where no program makes calls."""
    instruction, number, arguments, result = registers(abi)
    if instruction == "-":
        return ""
    return f"{instruction}: number in {number}, arguments in {arguments}, result in {result}."


def registers(abi: ABI) -> tuple[str, ...]:
    """The instruction and the registers, a cell for each of COLUMNS; dashes where no program makes calls."""
    return _ROWS.get(abi.name, ("-",) * len(COLUMNS))
