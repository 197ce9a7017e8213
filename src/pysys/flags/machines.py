"""Flag types of architectures: what the kernel calls the one that a system call was made for.

Values are those of ``linux/audit.h``: the ELF machine's number, a bit for 64-bit and one for
little-endian.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum


class AuditArchitecture(DocumentedEnum):
    """The architecture of a system call: arch of seccomp_data, si_arch of a siginfo.

    It is also in the ABI of each, see pysys.abi. Since Linux 2.6.18 or earlier, unless a member
    says otherwise.
    """

    AUDIT_ARCH_SPARC = 2, "SPARC, 32 bits."
    AUDIT_ARCH_M68K = 4, "Motorola 68000."
    AUDIT_ARCH_MIPS = 8, "MIPS o32, big-endian."
    AUDIT_ARCH_PARISC = 0xF, "PA-RISC, 32 bits."
    AUDIT_ARCH_PPC = 0x14, "PowerPC, 32 bits."
    AUDIT_ARCH_S390 = 0x16, "S/390, 31 bits."
    AUDIT_ARCH_ARMEB = 0x28, "ARM, 32 bits, big-endian."
    AUDIT_ARCH_SH = 0x2A, "SuperH, big-endian."
    AUDIT_ARCH_H8300 = 0x2E, "Renesas H8/300. Linux 7.2 no longer runs on it."
    AUDIT_ARCH_M32R = 0x58, "Renesas M32R. Linux 7.2 no longer runs on it."
    AUDIT_ARCH_OPENRISC = 0x5C, "OpenRISC. Since Linux 3.12 or earlier."
    AUDIT_ARCH_ARCOMPACTBE = 0x5D, "ARC 600 and 700, big-endian. Since Linux 5.2."
    AUDIT_ARCH_XTENSA = 0x5E, "Xtensa. Since Linux 5.0."
    AUDIT_ARCH_C6XBE = 0x8C, "TI C6000, big-endian. Linux 7.2 no longer runs on it. Since Linux 5.2."
    AUDIT_ARCH_HEXAGON = 0xA4, "Qualcomm Hexagon. Since Linux 5.2."
    AUDIT_ARCH_NDS32BE = 0xA7, "Andes, big-endian. Linux 7.2 no longer runs on it. Since Linux 5.2."
    AUDIT_ARCH_MICROBLAZE = 0xBD, "MicroBlaze. Since Linux 3.18 or earlier."
    AUDIT_ARCH_ARCV2BE = 0xC3, "ARC HS, big-endian. Since Linux 5.2."
    AUDIT_ARCH_FRV = 0x5441, "Fujitsu FR-V. Linux 7.2 no longer runs on it."
    AUDIT_ARCH_I386 = 0x40000003, "x86, 32 bits."
    AUDIT_ARCH_MIPSEL = 0x40000008, "MIPS o32, little-endian."
    AUDIT_ARCH_ARM = 0x40000028, "ARM, 32 bits, little-endian."
    AUDIT_ARCH_SHEL = 0x4000002A, "SuperH, little-endian."
    AUDIT_ARCH_CRIS = 0x4000004C, "Axis CRIS. Linux 7.2 no longer runs on it."
    AUDIT_ARCH_ARCOMPACT = 0x4000005D, "ARC 600 and 700. Since Linux 5.2."
    AUDIT_ARCH_UNICORE = 0x4000006E, "UniCore. Linux 7.2 no longer runs on it. Since Linux 5.2."
    AUDIT_ARCH_NIOS2 = 0x40000071, "Nios II. Since Linux 5.2."
    AUDIT_ARCH_C6X = 0x4000008C, "TI C6000. Linux 7.2 no longer runs on it. Since Linux 5.2."
    AUDIT_ARCH_NDS32 = 0x400000A7, "Andes. Linux 7.2 no longer runs on it. Since Linux 5.2."
    AUDIT_ARCH_TILEPRO = 0x400000BC, "TILEPro. Linux 7.2 no longer runs on it. Since Linux 4.4 or earlier."
    AUDIT_ARCH_TILEGX32 = (
        0x400000BF,
        "TILE-Gx, 32 bits. Linux 7.2 no longer runs on it. Since Linux 4.4 or earlier.",
    )
    AUDIT_ARCH_ARCV2 = 0x400000C3, "ARC HS. Since Linux 5.2."
    AUDIT_ARCH_RISCV32 = 0x400000F3, "RISC-V, 32 bits. Since Linux 5.0."
    AUDIT_ARCH_CSKY = 0x400000FC, "C-SKY. Since Linux 5.0."
    AUDIT_ARCH_LOONGARCH32 = 0x40000102, "LoongArch, 32 bits. Since Linux 5.19."
    AUDIT_ARCH_MIPS64 = 0x80000008, "MIPS n64, big-endian."
    AUDIT_ARCH_PARISC64 = 0x8000000F, "PA-RISC, 64 bits."
    AUDIT_ARCH_PPC64 = 0x80000015, "PowerPC, 64 bits, big-endian."
    AUDIT_ARCH_S390X = 0x80000016, "z/Architecture."
    AUDIT_ARCH_SH64 = 0x8000002A, "SuperH, 64 bits. Linux 7.2 no longer runs on it."
    AUDIT_ARCH_SPARC64 = 0x8000002B, "SPARC, 64 bits."
    AUDIT_ARCH_MIPS64N32 = 0xA0000008, "MIPS n32, big-endian. Since Linux 3.16 or earlier."
    AUDIT_ARCH_MIPSEL64 = 0xC0000008, "MIPS n64, little-endian."
    AUDIT_ARCH_PPC64LE = 0xC0000015, "PowerPC, 64 bits, little-endian. Since Linux 3.18 or earlier."
    AUDIT_ARCH_SHEL64 = 0xC000002A, "SuperH, 64 bits, little-endian. Linux 7.2 no longer runs on it."
    AUDIT_ARCH_IA64 = 0xC0000032, "Itanium. Linux 7.2 no longer runs on it."
    AUDIT_ARCH_X86_64 = 0xC000003E, "x86, 64 bits; also x32, whose numbers have bit 30."
    AUDIT_ARCH_AARCH64 = 0xC00000B7, "ARM, 64 bits. Since Linux 3.18 or earlier."
    AUDIT_ARCH_TILEGX = 0xC00000BF, "TILE-Gx. Linux 7.2 no longer runs on it. Since Linux 4.4 or earlier."
    AUDIT_ARCH_RISCV64 = 0xC00000F3, "RISC-V, 64 bits. Since Linux 5.0."
    AUDIT_ARCH_LOONGARCH64 = 0xC0000102, "LoongArch, 64 bits. Since Linux 5.19."
    AUDIT_ARCH_ALPHA = 0xC0009026, "Alpha."
    AUDIT_ARCH_MIPSEL64N32 = 0xE0000008, "MIPS n32, little-endian. Since Linux 3.16 or earlier."
