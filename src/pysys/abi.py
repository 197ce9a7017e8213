"""The 32 ABIs of Linux 7.2: what a program compiled for one of them must know to make system calls.

An ABI is a way to call the kernel: its numbers, and how arguments are passed. An architecture may have
several (x86: x86_64, x32, i386). This module is data: it imports nothing, so that the build can load
it alone. Sources: the kernel's Kconfig files, ``kernel/fork.c``, ``syscall_get_arch()`` of each
architecture and ``<linux/audit.h>``.

ABIS has each ABI by its name, ALIASES the name that an alias stands for.
"""

from __future__ import annotations

__all__ = [
    "ABI",
    "ABIS",
    "ALIASES",
    "NOT_IMPLEMENTED",
    "current",
    "get",
]


class ABI:
    """One ABI. The instances are shared: do not change them.

    - name: as in ``ABIS``; architecture: the kernel's folder for it below ``arch/``.
    - bits: width of a C ``long`` (x32 and mips_n32: 32); register_bits: width of an argument register.
    - endian: "little", "big", or "either" if the kernel supports both.
    - runs: the names of the ABIs of processes that a kernel with this native ABI can run, itself first.
    - clone_order: the names of the raw clone's arguments, in order; empty if there is no clone.
    - pairs: how a 64-bit argument is passed in registers: None (in one), "any" (in the next two),
      "aligned" (in the next two of which the first is even; a register may stay unused).
    - has_fork, has_vfork, has_clone3: whether the kernel implements the call under its own number.
    - audit_arch, audit_arch_big: the value of audit and seccomp for it (AUDIT_ARCH_*), little- and
      big-endian; equal if the kernel does not distinguish them, 0 if it has none.
    - errno_table: which errno values apply, see ``pysys.tables.errnos``.
    - compiler: a preprocessor condition that is true only when compiling for it; "" if there is none.
    """

    __slots__ = (
        "architecture",
        "audit_arch",
        "audit_arch_big",
        "bits",
        "clone_order",
        "compiler",
        "endian",
        "errno_table",
        "has_clone3",
        "has_fork",
        "has_vfork",
        "name",
        "pairs",
        "register_bits",
        "runs",
    )

    def __init__(
        self,
        name: str,
        architecture: str,
        bits: int,
        endian: str,
        *,
        audit: int | tuple[int, int],
        compiler: str,
        clone: tuple[str, ...],
        fork: bool = True,
        vfork: bool = True,
        clone3: bool = True,
        pairs: str | None = None,
        register_bits: int = 0,
        runs: tuple[str, ...] = (),
        errno_table: str = "generic",
    ) -> None:
        self.name: str = name
        self.architecture: str = architecture
        self.bits: int = bits
        self.register_bits: int = register_bits or bits
        self.endian: str = endian
        self.runs: tuple[str, ...] = (name, *runs)
        self.clone_order: tuple[str, ...] = clone
        self.pairs: str | None = pairs
        self.has_fork: bool = fork
        self.has_vfork: bool = vfork
        self.has_clone3: bool = clone3
        self.audit_arch: int
        self.audit_arch_big: int
        self.audit_arch, self.audit_arch_big = audit if isinstance(audit, tuple) else (audit, audit)
        self.errno_table: str = errno_table
        self.compiler: str = compiler

    def __repr__(self) -> str:
        return f"<ABI {self.name}: {self.architecture}, {self.bits} bits, {self.endian} endian>"


# Entry points that only answer ENOSYS, on whatever ABI; sparc has two.
NOT_IMPLEMENTED = frozenset({"sys_ni_syscall", "sys_nis_syscall"})

# Orders of clone's arguments, named after the kernel's Kconfig options.
_DEFAULT = ("flags", "stack", "parent_tid", "child_tid", "tls")
_BACKWARDS = ("flags", "stack", "parent_tid", "tls", "child_tid")
_BACKWARDS2 = ("stack", "flags", "parent_tid", "child_tid", "tls")
# The kernel does not read stack_size, but it takes a register.
_BACKWARDS3 = ("flags", "stack", "stack_size", "parent_tid", "child_tid", "tls")

# An audit value is the machine number of ELF and some of these bits.
_64 = 0x80000000
_LE = 0x40000000
_N32 = 0x20000000

_ALL = (
    ABI(
        "x86_64",
        "x86",
        64,
        "little",
        audit=62 | _64 | _LE,
        clone=_DEFAULT,
        runs=("x32", "i386"),
        compiler="defined(__x86_64__) && !defined(__ILP32__)",
    ),
    ABI(
        "x32",
        "x86",
        32,
        "little",
        register_bits=64,
        # Audit and seccomp see an x32 process as x86_64, with __X32_SYSCALL_BIT in the number.
        audit=62 | _64 | _LE,
        clone=_DEFAULT,
        compiler="defined(__x86_64__) && defined(__ILP32__)",
    ),
    ABI(
        "i386",
        "x86",
        32,
        "little",
        audit=3 | _LE,
        clone=_BACKWARDS,
        pairs="any",
        compiler="defined(__i386__)",
    ),
    ABI(
        "aarch64",
        "arm64",
        64,
        "either",
        audit=183 | _64 | _LE,
        clone=_BACKWARDS,
        fork=False,
        vfork=False,
        runs=("aarch64_compat32",),
        compiler="defined(__aarch64__) && !defined(__ILP32__)",
    ),
    # The kernel's table for 32-bit ARM programs on a 64-bit kernel: they were compiled for "arm".
    ABI(
        "aarch64_compat32",
        "arm64",
        32,
        "either",
        audit=40 | _LE,
        clone=_BACKWARDS,
        pairs="aligned",
        compiler="",
    ),
    ABI(
        "arm",
        "arm",
        32,
        "either",
        audit=40 | _LE,
        clone=_BACKWARDS,
        pairs="aligned",
        runs=("armoabi",),
        compiler="defined(__arm__) && defined(__ARM_EABI__)",
    ),
    ABI(
        "armoabi",
        "arm",
        32,
        "either",
        audit=40 | _LE,
        clone=_BACKWARDS,
        pairs="any",
        compiler="defined(__arm__) && !defined(__ARM_EABI__)",
    ),
    ABI(
        "riscv64",
        "riscv",
        64,
        "little",
        audit=243 | _64 | _LE,
        clone=_BACKWARDS,
        fork=False,
        vfork=False,
        runs=("riscv32",),
        compiler="defined(__riscv) && __riscv_xlen == 64",
    ),
    ABI(
        "riscv32",
        "riscv",
        32,
        "little",
        audit=243 | _LE,
        clone=_BACKWARDS,
        fork=False,
        vfork=False,
        pairs="any",
        compiler="defined(__riscv) && __riscv_xlen == 32",
    ),
    ABI(
        "loongarch64",
        "loongarch",
        64,
        "little",
        audit=258 | _64 | _LE,
        clone=_DEFAULT,
        fork=False,
        vfork=False,
        compiler="defined(__loongarch__) && __loongarch_grlen == 64",
    ),
    ABI(
        "loongarch32",
        "loongarch",
        32,
        "little",
        audit=258 | _LE,
        clone=_DEFAULT,
        fork=False,
        vfork=False,
        pairs="any",
        compiler="defined(__loongarch__) && __loongarch_grlen == 32",
    ),
    ABI(
        "ppc64",
        "powerpc",
        64,
        "either",
        audit=(21 | _64 | _LE, 21 | _64),
        clone=_BACKWARDS,
        runs=("ppc",),
        errno_table="powerpc",
        compiler="defined(__powerpc64__)",
    ),
    ABI(
        "ppc",
        "powerpc",
        32,
        "big",
        audit=20,
        clone=_BACKWARDS,
        pairs="aligned",
        errno_table="powerpc",
        compiler="defined(__powerpc__) && !defined(__powerpc64__)",
    ),
    # Calls which a program on a Cell processor's SPU asks the main processor to make for it.
    ABI(
        "ppc_spu",
        "powerpc",
        64,
        "big",
        audit=0,
        clone=(),
        fork=False,
        vfork=False,
        clone3=False,
        errno_table="powerpc",
        compiler="",
    ),
    ABI(
        "s390x",
        "s390",
        64,
        "big",
        audit=22 | _64,
        clone=_BACKWARDS2,
        compiler="defined(__s390x__)",
    ),
    ABI(
        "mips_o32",
        "mips",
        32,
        "either",
        audit=(8 | _LE, 8),
        clone=_BACKWARDS,
        vfork=False,
        pairs="aligned",
        errno_table="mips",
        compiler="defined(__mips__) && _MIPS_SIM == _ABIO32",
    ),
    ABI(
        "mips_n64",
        "mips",
        64,
        "either",
        audit=(8 | _64 | _LE, 8 | _64),
        clone=_BACKWARDS,
        vfork=False,
        runs=("mips_n32", "mips_o32"),
        errno_table="mips",
        compiler="defined(__mips__) && _MIPS_SIM == _ABI64",
    ),
    ABI(
        "mips_n32",
        "mips",
        32,
        "either",
        register_bits=64,
        audit=(8 | _64 | _LE | _N32, 8 | _64 | _N32),
        clone=_BACKWARDS,
        vfork=False,
        errno_table="mips",
        compiler="defined(__mips__) && _MIPS_SIM == _ABIN32",
    ),
    ABI(
        "sparc64",
        "sparc",
        64,
        "big",
        audit=43 | _64,
        clone=_BACKWARDS,
        runs=("sparc",),
        errno_table="sparc",
        compiler="defined(__sparc__) && defined(__arch64__)",
    ),
    ABI(
        "sparc",
        "sparc",
        32,
        "big",
        audit=2,
        clone=_BACKWARDS,
        pairs="any",
        errno_table="sparc",
        compiler="defined(__sparc__) && !defined(__arch64__)",
    ),
    ABI(
        "parisc64",
        "parisc",
        64,
        "big",
        audit=15 | _64,
        clone=_BACKWARDS,
        runs=("parisc",),
        errno_table="parisc",
        compiler="defined(__hppa__) && defined(__LP64__)",
    ),
    ABI(
        "parisc",
        "parisc",
        32,
        "big",
        audit=15,
        clone=_BACKWARDS,
        pairs="any",
        errno_table="parisc",
        compiler="defined(__hppa__) && !defined(__LP64__)",
    ),
    ABI(
        "sh",
        "sh",
        32,
        "either",
        audit=(42 | _LE, 42),
        clone=_DEFAULT,
        clone3=False,
        pairs="any",
        compiler="defined(__sh__)",
    ),
    ABI(
        "m68k",
        "m68k",
        32,
        "big",
        audit=4,
        clone=_DEFAULT,
        pairs="any",
        compiler="defined(__m68k__)",
    ),
    ABI(
        "alpha",
        "alpha",
        64,
        "little",
        audit=0x9026 | _64 | _LE,
        clone=_DEFAULT,
        errno_table="alpha",
        compiler="defined(__alpha__)",
    ),
    ABI(
        "xtensa",
        "xtensa",
        32,
        "either",
        audit=94,
        clone=_BACKWARDS,
        fork=False,
        vfork=False,
        pairs="aligned",
        compiler="defined(__xtensa__)",
    ),
    ABI(
        "microblaze",
        "microblaze",
        32,
        "either",
        audit=189,
        clone=_BACKWARDS3,
        pairs="any",
        compiler="defined(__MICROBLAZE__)",
    ),
    # The value of ARCv2; the older ARCompact has machine number 93 instead of 195.
    ABI(
        "arc",
        "arc",
        32,
        "either",
        audit=(195 | _LE, 195),
        clone=_BACKWARDS,
        fork=False,
        vfork=False,
        pairs="any",
        compiler="defined(__arc__)",
    ),
    # Compilers speak C-SKY's ABI v2 today; v1 wanted aligned pairs.
    ABI(
        "csky",
        "csky",
        32,
        "little",
        audit=252 | _LE,
        clone=_DEFAULT,
        fork=False,
        vfork=False,
        pairs="any",
        compiler="defined(__csky__)",
    ),
    # Hexagon's table has clone3, but its kernel answers ENOSYS (__ARCH_BROKEN_SYS_CLONE3).
    ABI(
        "hexagon",
        "hexagon",
        32,
        "little",
        audit=164,
        clone=_DEFAULT,
        fork=False,
        vfork=False,
        clone3=False,
        pairs="aligned",
        compiler="defined(__hexagon__)",
    ),
    ABI(
        "nios2",
        "nios2",
        32,
        "little",
        audit=113 | _LE,
        clone=_DEFAULT,
        fork=False,
        vfork=False,
        pairs="any",
        compiler="defined(__nios2__)",
    ),
    ABI(
        "openrisc",
        "openrisc",
        32,
        "big",
        audit=92,
        clone=_DEFAULT,
        fork=False,
        vfork=False,
        pairs="any",
        compiler="defined(__or1k__)",
    ),
)

ABIS: dict[str, ABI] = {one.name: one for one in _ALL}

# What people type instead: names of distributions, of uname and of other projects.
ALIASES: dict[str, str] = {
    "amd64": "x86_64",
    "x64": "x86_64",
    "x86-64": "x86_64",
    "x86_x32": "x32",
    "x86": "i386",
    "ia32": "i386",
    "i486": "i386",
    "i586": "i386",
    "i686": "i386",
    "arm64": "aarch64",
    "armv8": "aarch64",
    "armv8l": "aarch64_compat32",
    "armv5l": "arm",
    "armv5tel": "arm",
    "armv6l": "arm",
    "armv7": "arm",
    "armv7l": "arm",
    "armel": "arm",
    "armhf": "arm",
    "eabi": "arm",
    "oabi": "armoabi",
    "rv64": "riscv64",
    "rv32": "riscv32",
    "loong64": "loongarch64",
    "loong32": "loongarch32",
    "ppc64le": "ppc64",
    "ppc64el": "ppc64",
    "powerpc64": "ppc64",
    "powerpc64le": "ppc64",
    "powerpc": "ppc",
    "ppc32": "ppc",
    "spu": "ppc_spu",
    "s390": "s390x",
    "o32": "mips_o32",
    "n32": "mips_n32",
    "n64": "mips_n64",
    "mips": "mips_o32",
    "mipsel": "mips_o32",
    "mips32": "mips_o32",
    "mipso32": "mips_o32",
    "mipsn32": "mips_n32",
    "mips64n32": "mips_n32",
    "mips64": "mips_n64",
    "mips64el": "mips_n64",
    "mips64le": "mips_n64",
    "sparc32": "sparc",
    "sparcv9": "sparc64",
    "hppa": "parisc",
    "hppa64": "parisc64",
    "sh4": "sh",
    "superh": "sh",
    "68k": "m68k",
    "or1k": "openrisc",
    "arcv2": "arc",
}


def get(name: str | ABI) -> ABI:
    """Look up an ABI.

    name: its name or an alias, in upper or lower case; or an ABI.

    Returns the ABI; one that was passed, unchanged. Raises LookupError, which names the nearest ABIs.
    """
    if isinstance(name, ABI):
        return name
    if not isinstance(name, str):
        raise TypeError(f"abi must be a name or a pysys.abi.ABI, not {type(name).__name__}")
    key = name.lower()
    found = ABIS.get(ALIASES.get(key, key))
    if found is not None:
        return found
    from pysys.loading import near, offer

    found_near = near(key, [*ABIS, *ALIASES])
    hint = offer(found_near) if found_near else f"; there are {', '.join(ABIS)}"
    raise LookupError(f"no ABI named {name!r}{hint}")


def current() -> ABI:
    """The ABI that this Python was compiled for, according to the compiler of the extension.

    It is not the machine's: a 32-bit Python on an x86_64 kernel has i386. If the extension cannot be loaded,
    the ELF header of the running program decides.

    Returns the ABI. Raises ImportError if neither the extension can be loaded nor the header be read.
    """
    global _current
    from pysys.loading import load

    if _current is None:
        try:
            name = load("pysys._native").ABI_NAME
        except ImportError:  # it was not built, or this is an isolated subinterpreter
            name = _of_program()
            if name is None:
                raise
        _current = ABIS[name]
    return _current


_current: ABI | None = None

# e_machine in a program's ELF header (the kernel's <linux/elf-em.h>, and the ABI documents of the
# processors), and the 32-bit and 64-bit ABIs that it stands for.
_ELF = {
    2: ("sparc", ""),
    3: ("i386", ""),
    4: ("m68k", ""),
    8: ("mips_o32", "mips_n64"),
    15: ("parisc", "parisc64"),
    18: ("sparc", ""),  # version 8+, still 32 bits
    20: ("ppc", ""),
    21: ("", "ppc64"),
    22: ("", "s390x"),
    40: ("arm", ""),
    42: ("sh", ""),
    43: ("", "sparc64"),
    62: ("x32", "x86_64"),
    92: ("openrisc", ""),
    93: ("arc", ""),
    94: ("xtensa", ""),
    113: ("nios2", ""),
    164: ("hexagon", ""),
    183: ("", "aarch64"),
    189: ("microblaze", ""),
    195: ("arc", ""),  # its second version
    243: ("riscv32", "riscv64"),
    252: ("csky", ""),
    258: ("loongarch32", "loongarch64"),
    0x9026: ("", "alpha"),
}
_ARM_EABI = 0xFF000000  # in e_flags: the version of the EABI, 0 for the old ABI
_MIPS_N32 = 0x20


def _of_program(path: str = "/proc/self/exe") -> str | None:
    """The name of a program's ABI by its ELF header, by default of the running one; None if it is unknown."""
    try:
        with open(path, "rb") as file:
            header = file.read(52)
    except OSError:
        return None
    if len(header) < 52 or header[:4] != b"\x7fELF":
        return None
    wide, big = header[4] == 2, header[5] == 2
    machine = int.from_bytes(header[18:20], "big" if big else "little")
    flags = int.from_bytes(header[48:52] if wide else header[36:40], "big" if big else "little")
    name = _ELF.get(machine, ("", ""))[wide]
    if name == "arm" and not flags & _ARM_EABI:
        name = "armoabi"
    if name == "mips_o32" and flags & _MIPS_N32:
        name = "mips_n32"
    return name or None


def __dir__() -> list[str]:
    return __all__
